package carrier

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

// MediaFetcher gets pictures that were texted to us from the carrier, and from
// nowhere else: the address comes from outside, and a fetcher that went
// wherever it is told would read our own network for a stranger.
type MediaFetcher struct {
	HTTP        *http.Client // its transport is used; its redirects and cookies are not
	Credentials func(context.Context) (Credentials, error)
	BaseURL     string // empty: DefaultBaseURL
	MaxBytes    int64  // 0: 5 MiB, the most the carrier takes in
}

// FetchedMedia is one picture, whole.
type FetchedMedia struct {
	Type string // without parameters, one of those that may be shown
	Data []byte
}

// ErrMediaRefused says that an address, a type or a size is not one we take. It
// will not become better by trying again; every other error of Fetch may.
var ErrMediaRefused = errors.New("media refused")

const (
	defaultMediaBytes = 5 << 20
	maxMediaHops      = 3
)

// Fetch reads one picture. Credentials go with the first request only, which
// goes to the API; that redirects to a short-lived address at one of the
// carrier's stores, and nowhere else is followed.
func (f MediaFetcher) Fetch(ctx context.Context, address string) (FetchedMedia, error) {
	base, err := apiBase(f.BaseURL)
	if err != nil {
		return FetchedMedia{}, fmt.Errorf("carrier: fetch media: %w", err)
	}
	u, err := url.Parse(address)
	if err != nil || !sameOrigin(u, base) || u.User != nil || !strings.HasPrefix(u.Path, base.Path+"/2010-04-01/Accounts/") {
		return FetchedMedia{}, fmt.Errorf("carrier: fetch media: %w: not an address of the carrier's API", ErrMediaRefused)
	}
	creds, err := f.Credentials(ctx)
	if err != nil {
		return FetchedMedia{}, fmt.Errorf("carrier: fetch media: credentials: %w", err)
	}
	client := &http.Client{CheckRedirect: noRedirect}
	if f.HTTP != nil {
		client.Transport, client.Timeout = f.HTTP.Transport, f.HTTP.Timeout
	}
	for hop := range maxMediaHops {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
		if err != nil {
			return FetchedMedia{}, fmt.Errorf("carrier: fetch media: %w: no valid address", ErrMediaRefused)
		}
		req.Header.Set("User-Agent", userAgent)
		if hop == 0 {
			req.SetBasicAuth(creds.user(), creds.Secret)
		}
		res, err := client.Do(req)
		if err != nil {
			return FetchedMedia{}, fmt.Errorf("carrier: fetch media: %w", withoutURL(err))
		}
		if next := res.Header.Get("Location"); res.StatusCode >= 300 && res.StatusCode <= 399 && next != "" {
			_ = res.Body.Close()
			if u, err = u.Parse(next); err != nil || !isMediaStore(u, base) {
				return FetchedMedia{}, fmt.Errorf("carrier: fetch media: %w: redirected to a strange host", ErrMediaRefused)
			}
			continue
		}
		return f.read(res)
	}
	return FetchedMedia{}, fmt.Errorf("carrier: fetch media: %w: redirected too often", ErrMediaRefused)
}

func (f MediaFetcher) read(res *http.Response) (FetchedMedia, error) {
	defer res.Body.Close()
	switch res.StatusCode {
	case http.StatusOK:
	case http.StatusNotFound, http.StatusGone:
		return FetchedMedia{}, fmt.Errorf("carrier: fetch media: %w: status %d", ErrMediaRefused, res.StatusCode)
	default:
		return FetchedMedia{}, fmt.Errorf("carrier: fetch media: status %d", res.StatusCode)
	}
	kind, _, err := mime.ParseMediaType(res.Header.Get("Content-Type"))
	if err != nil || !mayShow(kind) {
		return FetchedMedia{}, fmt.Errorf("carrier: fetch media: %w: type", ErrMediaRefused)
	}
	limit := f.MaxBytes
	if limit <= 0 {
		limit = defaultMediaBytes
	}
	if res.ContentLength > limit {
		return FetchedMedia{}, fmt.Errorf("carrier: fetch media: %w: %d bytes, more than %d", ErrMediaRefused, res.ContentLength, limit)
	}
	var data bytes.Buffer
	n, err := io.Copy(&data, io.LimitReader(res.Body, limit+1))
	if err != nil {
		return FetchedMedia{}, fmt.Errorf("carrier: fetch media: %w", withoutURL(err))
	}
	if n > limit {
		return FetchedMedia{}, fmt.Errorf("carrier: fetch media: %w: more than %d bytes", ErrMediaRefused, limit)
	}
	return FetchedMedia{Type: kind, Data: data.Bytes()}, nil
}

// mayShow lists the types that phones send. Anything a browser would run in our
// page (HTML, SVG, XML) is not among them.
func mayShow(kind string) bool {
	switch kind {
	case "image/jpeg", "image/jpg", "image/png", "image/gif", "image/webp", "image/heic", "image/heif", "image/bmp", "image/tiff",
		"video/mp4", "video/mpeg", "video/quicktime", "video/webm", "video/3gpp", "video/3gpp2", "video/3gpp-tt", "video/h261", "video/h263", "video/h263-1998", "video/h263-2000", "video/h264",
		"audio/basic", "audio/mp4", "audio/mpeg", "audio/ogg", "audio/vorbis", "audio/3gpp", "audio/3gpp2", "audio/ac3", "audio/webm", "audio/amr", "audio/amr-nb", "audio/aac",
		"text/vcard", "text/x-vcard", "text/calendar", "application/pdf", "application/vcard":
		return true
	}
	return false
}

func sameOrigin(a, b *url.URL) bool { return a.Scheme == b.Scheme && a.Host == b.Host }

// isMediaStore tells whether a redirect leads to where the carrier keeps media:
// its API, its own store (pictures behind a password), or its folder at a store
// it rents (older ones).
func isMediaStore(u, base *url.URL) bool {
	if u.User != nil {
		return false
	}
	if sameOrigin(u, base) {
		return true
	}
	if u.Scheme != "https" || u.Port() != "" {
		return false
	}
	switch u.Hostname() {
	case "mms.twiliocdn.com", "media.twiliocdn.com":
		return true
	case "s3-external-1.amazonaws.com":
		return strings.HasPrefix(u.Path, "/media.twiliocdn.com/") && !strings.Contains(u.Path, "/..")
	}
	return false
}
