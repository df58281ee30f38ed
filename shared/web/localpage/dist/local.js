"use strict";(()=>{document.title="local";})();
