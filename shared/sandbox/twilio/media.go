package twilio

import (
	"bytes"
	"encoding/base64"
	"hash/fnv"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"mime"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
)

// keepMedia notes what is attached to a message; the lock must be held.
func (c *Carrier) keepMedia(parent string, sources []string) []*mediaItem {
	var out []*mediaItem
	for _, source := range sources {
		item := &mediaItem{sid: c.sid("ME"), parent: parent, contentType: typeOf(source), source: source, created: c.now()}
		c.media[item.sid] = item
		out = append(out, item)
	}
	return out
}

// typeOf tells the type of a picture from its address: that of a data URL, or
// by the name's ending, or JPEG, which is what phones take.
func typeOf(source string) string {
	if kind, _, ok := dataURL(source); ok {
		return kind
	}
	if u, err := url.Parse(source); err == nil {
		if kind, _, err := mime.ParseMediaType(mime.TypeByExtension(path.Ext(u.Path))); err == nil && kind != "text/html" {
			return kind
		}
	}
	return "image/jpeg"
}

func dataURL(source string) (kind string, data []byte, ok bool) {
	rest, ok := strings.CutPrefix(source, "data:")
	if !ok {
		return "", nil, false
	}
	head, payload, ok := strings.Cut(rest, ",")
	if !ok {
		return "", nil, false
	}
	kind, coded := strings.CutSuffix(head, ";base64")
	if coded {
		data, err := base64.StdEncoding.DecodeString(payload)
		return kind, data, err == nil
	}
	text, err := url.PathUnescape(payload)
	return kind, []byte(text), err == nil
}

// content is the picture itself. A data URL holds its own; any other address is
// in a network this machine must not enter, so the phone is taken to have sent
// a plain square whose colour follows from the address.
func (m *mediaItem) content() []byte {
	if _, data, ok := dataURL(m.source); ok {
		return data
	}
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(m.source))
	n := sum.Sum32()
	square := image.NewPaletted(image.Rect(0, 0, 64, 64), color.Palette{color.RGBA{byte(n), byte(n >> 8), byte(n >> 16), 255}})
	var out bytes.Buffer
	switch m.contentType {
	case "image/png":
		_ = png.Encode(&out, square)
	case "image/gif":
		_ = gif.Encode(&out, square, nil)
	case "image/jpeg":
		_ = jpeg.Encode(&out, square, nil)
	default:
		return []byte(m.source)
	}
	return out.Bytes()
}

func (c *Carrier) mediaURI(m *mediaItem) string {
	return c.path("Messages/%s/Media/%s.json", m.parent, m.sid)
}

func (c *Carrier) mediaJSON(m *mediaItem) map[string]any {
	return map[string]any{
		"account_sid": c.cfg.AccountSid, "sid": m.sid, "parent_sid": m.parent, "content_type": m.contentType,
		"date_created": rfc2822(m.created), "date_updated": rfc2822(m.created), "uri": c.mediaURI(m),
	}
}

func (c *Carrier) listMedia(w http.ResponseWriter, r *http.Request, parent string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	m, ok := c.bySid[parent]
	if !ok || m.deleted {
		c.answerFault(w, notFound(r))
		return
	}
	var sids []string
	var items []any
	for _, item := range m.media {
		if !item.deleted {
			sids, items = append(sids, item.sid), append(items, c.mediaJSON(item))
		}
	}
	c.method(w, r, map[string]http.HandlerFunc{http.MethodGet: func(w http.ResponseWriter, r *http.Request) {
		c.answerPage(w, r, "media_list", sids, items)
	}})
}

// mediaResource describes a picture (.json), leads to it (no ending) or deletes
// it.
func (c *Carrier) mediaResource(w http.ResponseWriter, r *http.Request, parent, name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	sid, described := strings.CutSuffix(name, ".json")
	item, ok := c.media[sid]
	if !ok || item.deleted || item.parent != parent {
		c.answerFault(w, notFound(r))
		return
	}
	c.method(w, r, map[string]http.HandlerFunc{
		http.MethodGet: func(w http.ResponseWriter, r *http.Request) {
			if described {
				c.answerJSON(w, http.StatusOK, c.mediaJSON(item))
				return
			}
			ticket := c.sid("")
			c.store[ticket] = item
			http.Redirect(w, r, "/2010-04-01/MediaStore/"+ticket, http.StatusTemporaryRedirect)
		},
		http.MethodDelete: func(w http.ResponseWriter, _ *http.Request) {
			item.deleted = true
			if m := c.bySid[parent]; m != nil {
				m.media = slices.DeleteFunc(slices.Clone(m.media), func(i *mediaItem) bool { return i == item })
			}
			w.WriteHeader(http.StatusNoContent)
		},
	})
}

// serveStored is the store to which the API redirects. Like the real one it
// refuses a request that brings credentials along: they are not for it.
func (c *Carrier) serveStored(w http.ResponseWriter, r *http.Request, ticket string) {
	if r.Header.Get("Authorization") != "" {
		http.Error(w, "Only one auth mechanism allowed", http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	item, ok := c.store[ticket]
	gone := ok && item.deleted
	c.mu.Unlock()
	if !ok || gone {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", item.contentType)
	_, _ = w.Write(item.content())
}
