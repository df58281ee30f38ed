// Package localpage is what the browser shows of one machine's own world: every
// person's phone beside the inbox, and a book of every state of the screens.
//
// It must never be linked into what is deployed: it signs in as anybody.
package localpage

import (
	_ "embed" // the pages are compiled in, like the page itself
	"net/http"

	"snout/shared/web"
)

var (
	//go:embed dist/local.js
	localJS string
	//go:embed dist/stories.js
	storiesJS string
	//go:embed dist/local.css
	localCSS string
)

// Handler serves GET /local/ and GET /local/stories. The sandbox keeps strangers
// away from both.
func Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /local/{$}", web.Document("This machine", `<div id="local"></div>`, localCSS, localJS))
	mux.Handle("GET /local/stories", web.Document("Stories", `<div id="app"></div>`, "", storiesJS))
	return mux
}
