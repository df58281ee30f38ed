package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	_ "embed" // the page is compiled in, so that no deployment can serve half of it
	"encoding/base64"
	"html"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// The bundle is built from app/ and committed; bundle_test.go rebuilds it and compares.
var (
	//go:embed dist/owner.js
	ownerJS string
	//go:embed dist/sitter.js
	sitterJS string
	//go:embed dist/app.css
	appCSS string
	//go:embed about.html
	aboutHTML string
	//go:embed icon.svg
	iconSVG string
	//go:embed third_party/preact/LICENSE
	preactLicence string
)

// document is one whole page in one answer: style and script are inlined, and
// the policy names them by their hashes, so that nothing else can ever run.
type document struct {
	body   string
	policy string
	packed func() []byte // gzipped at first use: most processes serve one of the documents only
}

// page is a document of the page. Nobody is somebody who has no session: their page
// need not ask to learn that.
func page(title, script string, nobody bool, config Config) *document {
	session := ""
	if nobody {
		session = `data-session="none" `
	}
	body := `<div id="app" ` + session + `data-pictures="` + html.EscapeString(config.Pictures) + `" data-stage="` + html.EscapeString(config.Stage) + `" data-version="` + html.EscapeString(config.Version) + `"></div>` +
		`<noscript><p>This page needs JavaScript. <a href="/messages/about">How messaging works</a></p></noscript>`
	return newDocument(title, body, appCSS, script, config.Pictures)
}

// Document is one more page of the same make, for the pages of one machine: its
// style is added to the page's own.
func Document(title, body, style, script string) http.Handler {
	d := newDocument(title, body, appCSS+style, script, "")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		guard(w.Header())
		d.serve(w, r)
	})
}

func newDocument(title, body, style, script, pictures string) *document {
	var b strings.Builder
	b.WriteString(`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>` + title + ` – Snout</title>` +
		`<meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover,interactive-widget=resizes-content">` +
		`<meta name="color-scheme" content="light dark"><meta name="theme-color" content="#0f6b5c">` +
		`<link rel="icon" href="data:image/svg+xml;base64,` + base64.StdEncoding.EncodeToString([]byte(iconSVG)) + `">` +
		`<style>` + style + `</style></head><body>` + body)
	policy := "default-src 'none'; style-src " + source(style) + "; img-src 'self' data:"
	if pictures != "" {
		policy += " " + pictures
	}
	if script != "" {
		b.WriteString(`<script>` + script + `</script>`)
		policy += "; script-src " + source(script) + "; connect-src 'self'"
	}
	b.WriteString(`</body></html>`)
	policy += "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
	d := &document{body: b.String(), policy: policy}
	d.packed = sync.OnceValue(func() []byte {
		var packed bytes.Buffer
		z, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression) // the level is a constant that exists
		z.Write([]byte(d.body))
		z.Close()
		return packed.Bytes()
	})
	return d
}

// source is how a policy names an inlined text.
func source(inlined string) string {
	sum := sha256.Sum256([]byte(inlined))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func (d *document) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", d.policy)
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Vary", "Accept-Encoding, Cookie, Sec-Fetch-Site")
	body := []byte(d.body)
	if gzipped(r.Header.Get("Accept-Encoding")) {
		h.Set("Content-Encoding", "gzip")
		body = d.packed()
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.Write(body)
}

// gzipped reads Accept-Encoding as far as a browser or a checker writes it.
func gzipped(accept string) bool {
	for offer := range strings.SplitSeq(accept, ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(offer), ";")
		if name == "gzip" && strings.ReplaceAll(weight, " ", "") != "q=0" {
			return true
		}
	}
	return false
}

// asset serves the few files beside the documents. The page needs none of them
// to start.
func asset(w http.ResponseWriter, r *http.Request) {
	var kind, body string
	switch r.PathValue("name") {
	case "icon.svg":
		kind, body = "image/svg+xml", iconSVG
	case "licences.txt":
		kind, body = "text/plain; charset=utf-8", "Preact, https://preactjs.com\n\n"+preactLicence
	default:
		notFound(w, r)
		return
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "public, max-age=86400")
	w.Write([]byte(body))
}
