document.title = "local";
