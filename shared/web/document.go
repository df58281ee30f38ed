package web

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	_ "embed" // the page is compiled in, so that no deployment can serve half of it
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"html"
	"io"
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
// the policy names them by their hashes, so that nothing else can ever run. Between its
// two halves goes what one person's page is to show at once.
type document struct {
	before, after string
	policy        string
	packed        func() [2][]byte // compressed at first use: most processes serve one of the documents only
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
		d.serve(w, r, nil)
	})
}

func newDocument(title, body, style, script, pictures string) *document {
	before := `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>` + title + ` – Snout</title>` +
		`<meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover,interactive-widget=resizes-content">` +
		`<meta name="color-scheme" content="light dark"><meta name="theme-color" content="#0f6b5c">` +
		`<link rel="icon" href="data:image/svg+xml;base64,` + base64.StdEncoding.EncodeToString([]byte(iconSVG)) + `">` +
		`<style>` + style + `</style></head><body>` + body
	after := `</body></html>`
	policy := "default-src 'none'; style-src " + source(style) + "; img-src 'self' data:"
	if pictures != "" {
		policy += " " + pictures
	}
	if script != "" {
		after = `<script>` + script + `</script>` + after
		policy += "; script-src " + source(script) + "; connect-src 'self'"
	}
	policy += "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
	return &document{before: before, after: after, policy: policy, packed: sync.OnceValue(func() [2][]byte {
		return [2][]byte{deflated(before, false), deflated(after, true)}
	})}
}

// deflated is a stretch of a deflate stream. It ends on a whole byte and knows nothing
// of what came before it, so that stretches can be put one after the other.
func deflated(text string, last bool) []byte {
	var b bytes.Buffer
	z, _ := flate.NewWriter(&b, flate.BestCompression) // the level is a constant that exists
	io.WriteString(z, text)
	if last {
		z.Close()
	} else {
		z.Flush()
	}
	return b.Bytes()
}

// gzipHeader is that of a file without name or time, made by nobody in particular.
const gzipHeader = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"

// gzipOf puts the halves, compressed once, around what is one person's own.
func (d *document) gzipOf(own string) []byte {
	halves := d.packed()
	out := append([]byte(gzipHeader), halves[0]...)
	if own != "" {
		out = append(out, deflated(own, false)...)
	}
	out = append(out, halves[1]...)
	sum, n := crc32.NewIEEE(), 0
	for _, part := range []string{d.before, own, d.after} {
		io.WriteString(sum, part)
		n += len(part)
	}
	out = binary.LittleEndian.AppendUint32(out, sum.Sum32())
	return binary.LittleEndian.AppendUint32(out, uint32(n)) // the format keeps it modulo 2^32
}

// source is how a policy names an inlined text.
func source(inlined string) string {
	sum := sha256.Sum256([]byte(inlined))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// serve writes the document; data, if there is any, is JSON for its script to begin with.
// Its element runs nothing, whatever it holds: the policy has no word for it.
func (d *document) serve(w http.ResponseWriter, r *http.Request, data []byte) {
	h := w.Header()
	h.Set("Content-Security-Policy", d.policy)
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Vary", "Accept-Encoding, Cookie, Sec-Fetch-Site")
	own := ""
	if len(data) > 0 {
		own = framed(data)
	}
	var body []byte
	if gzipped(r.Header.Get("Accept-Encoding")) {
		h.Set("Content-Encoding", "gzip")
		body = d.gzipOf(own)
	} else {
		body = []byte(d.before + own + d.after)
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.Write(body)
}

// framed is data as an element for the page's script to read.
func framed(data []byte) string {
	return `<script type="application/json" id="first">` + string(data) + `</script>`
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
