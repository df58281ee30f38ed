// Package web serves the page people live in, /messages, and signs them in: the
// same bytes in the cloud and on one machine. It holds no conversation. What the page
// shows first it asks the API for as the person who is signed in, and passes it on
// unread; for the rest the page asks with the short-lived token it gets here.
//
// It must never put a refresh token where a script can read it, never send a
// person anywhere but to the issuer it was configured with or back to its own
// pages, and never serve an owner's screens to somebody it knows to be a sitter.
package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

// Config is what one deployment of the page is told.
type Config struct {
	Issuer        string           // the OIDC issuer whose tokens the API trusts
	ClientID      string           // the page's public client there: it has no secret and proves itself by PKCE
	PublicBaseURL string           // scheme and host that browsers use; the sign-in comes back here
	Now           func() time.Time // the clock that tokens expire by
	HTTP          *http.Client     // to the issuer and the API; its timeout is the longest a sign-in may hang
	API           string           // where the API answers, for what a document brings along; empty: documents go without
	Waits         time.Duration    // the longest that a document waits for that; then the page asks for itself, as it does for everything later
	OpenAPI       []byte           // the API's own description, served as it is
	Pictures      string           // the origin that pictures are shown from, besides the page's own; may be empty
	Version       string
	Stage         string
}

// Site is the page's handler.
type Site struct {
	config Config
	base   *url.URL
	mux    *http.ServeMux

	owner, sitter, nobody, about *document

	mu       sync.Mutex
	provider *oidc.Provider // asked for when it is first needed: a process that starts need not wait for it
	resting  time.Time      // until then documents go without what they could bring along
}

// New builds the handler, or names every fault of the configuration at once.
func New(config Config) (*Site, error) {
	var faults []error
	base, err := url.Parse(config.PublicBaseURL)
	switch {
	case err != nil || base.Host == "" || strings.Trim(base.Path, "/") != "":
		faults = append(faults, errors.New("web: PublicBaseURL is not a scheme and a host"))
	case base.Scheme != "https" && !(base.Scheme == "http" && loopback(base.Hostname())):
		faults = append(faults, errors.New("web: PublicBaseURL must be https: only a loopback host may go without"))
	}
	if config.Issuer == "" || config.ClientID == "" {
		faults = append(faults, errors.New("web: Issuer and ClientID are needed to sign anybody in"))
	}
	if config.Now == nil || config.HTTP == nil {
		faults = append(faults, errors.New("web: Now and HTTP are needed"))
	}
	if len(config.OpenAPI) == 0 || !json.Valid(config.OpenAPI) {
		faults = append(faults, errors.New("web: OpenAPI is not JSON"))
	}
	// It is written into the policy, where a blank or a semicolon would open it.
	if p, err := url.Parse(config.Pictures); config.Pictures != "" && (err != nil || p.Scheme != "https" || p.Host == "" || p.Scheme+"://"+p.Host != config.Pictures || strings.ContainsAny(config.Pictures, " ;,'\"")) {
		faults = append(faults, errors.New("web: Pictures is not an https origin"))
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	base.Path = ""
	s := &Site{
		config: config,
		base:   base,
		mux:    http.NewServeMux(),
		owner:  page("Messages", ownerJS, false, config),
		sitter: page("Messages", sitterJS, false, config),
		nobody: page("Messages", sitterJS, true, config),
		about:  newDocument("How messaging works", aboutHTML, appCSS, "", ""),
	}
	s.mux.HandleFunc("GET /messages", s.messages)
	s.mux.HandleFunc("GET /messages/{rest...}", s.messages)
	s.mux.HandleFunc("GET /messages/about", func(w http.ResponseWriter, r *http.Request) { s.about.serve(w, r, nil) })
	s.mux.HandleFunc("GET /assets/{name}", asset)
	s.mux.HandleFunc("GET /auth/login", s.login)
	s.mux.HandleFunc("GET /auth/callback", s.callback)
	s.mux.HandleFunc("POST /auth/token", s.sameOrigin(s.token))
	s.mux.HandleFunc("POST /auth/logout", s.sameOrigin(s.logout))
	s.mux.HandleFunc("GET /api/openapi.json", s.openAPI)
	s.mux.HandleFunc("GET /healthz", s.health)
	s.mux.HandleFunc("/", notFound)
	return s, nil
}

func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	guard(w.Header())
	s.mux.ServeHTTP(w, r)
}

// guard sets what every answer carries. A document adds its own policy, which
// lets in its own script and style; all else may do nothing at all.
func guard(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
	h.Set("Cache-Control", "no-store")
}

// messages serves the owner's page only to a browser whose session is an owner's
// (or an operator's): a sitter's page has no word of the other screens in it.
// The session's role is a hint, not a right: rights are the API's to check.
func (s *Site) messages(w http.ResponseWriter, r *http.Request) {
	// A strict cookie is held back on the way from elsewhere, as from the issuer: then
	// its absence says nothing.
	from := r.Header.Get("Sec-Fetch-Site")
	session, ok := s.session(r)
	var data []byte
	if ok {
		var err error
		if session.role, data, err = s.firstOf(w, r, session); err != nil {
			s.nobody.serve(w, r, nil)
			return
		}
	}
	switch {
	case !ok && (from == "none" || from == "same-origin"):
		s.nobody.serve(w, r, nil)
	case ok && session.role == roleOwner:
		s.owner.serve(w, r, data)
	default:
		s.sitter.serve(w, r, data)
	}
}

func (s *Site) openAPI(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Write(s.config.OpenAPI)
}

func (s *Site) health(w http.ResponseWriter, r *http.Request) {
	answer(w, http.StatusOK, map[string]string{"status": "ok", "stage": s.config.Stage, "version": s.config.Version})
}

func notFound(w http.ResponseWriter, r *http.Request) {
	problem(w, http.StatusNotFound, "NOT_FOUND", "There is nothing here.")
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body)
}

// problem answers with RFC 9457. Detail is for a person and never quotes what
// the request or the issuer said.
func problem(w http.ResponseWriter, status int, code, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(map[string]any{
		"type": "about:blank", "title": http.StatusText(status), "status": status, "code": code, "detail": detail,
	})
}

// sameOrigin lets in only what the page itself asked for. Every browser that can
// run the page says so in Sec-Fetch-Site or, for a POST, in Origin; a request
// that carries neither comes from no page of ours.
func (s *Site) sameOrigin(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		site, origin := r.Header.Get("Sec-Fetch-Site"), r.Header.Get("Origin")
		ours := site == "same-origin" || site == "" && origin != ""
		if origin != "" && origin != fmt.Sprintf("%s://%s", s.base.Scheme, s.base.Host) {
			ours = false
		}
		if !ours {
			problem(w, http.StatusForbidden, "FORBIDDEN", "Only the page itself may ask for this.")
			return
		}
		next(w, r)
	}
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
