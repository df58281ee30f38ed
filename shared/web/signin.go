package web

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

const (
	// The __Host- prefix makes browsers refuse the cookie unless it is Secure,
	// of this host alone and of path /: a neighbour subdomain cannot plant one.
	sessionCookie = "__Host-snout-session"
	loginCookie   = "__Host-snout-login-" // and the first letters of the state, so that two tabs can sign in at once

	sessionAge = 30 * 24 * time.Hour
	loginAge   = 10 * time.Minute
	stateShown = 8
)

const (
	roleOwner  = "owner" // also ops, whose screens are among the owner's
	roleSitter = "sitter"
)

// session is what the cookie holds. The role only chooses which page is served.
type session struct {
	role    string
	refresh string
}

// claims are the ones of an ID token that matter here.
type claims struct {
	Role  string `json:"custom:role"`
	Ops   string `json:"custom:ops"`
	Nonce string `json:"nonce"`
}

func (c claims) role() string {
	if c.Role == roleOwner || c.Ops == "true" {
		return roleOwner
	}
	return roleSitter
}

// attempt is one sign-in under way. It lives in a cookie of the browser that
// began it, which is what binds the answer to that browser.
type attempt struct {
	State    string `json:"s"`
	Verifier string `json:"v"`
	Nonce    string `json:"n"`
	Return   string `json:"r"`
}

// login sends the browser to the issuer.
func (s *Site) login(w http.ResponseWriter, r *http.Request) {
	provider, err := s.issuer(r.Context())
	if err != nil {
		s.sorry(w, r, http.StatusServiceUnavailable, "Signing in is not possible right now. Please try again in a minute.")
		return
	}
	a := attempt{State: rand.Text(), Verifier: oauth2.GenerateVerifier(), Nonce: rand.Text(), Return: ownPath(r.URL.Query().Get("return"))}
	raw, err := json.Marshal(a)
	if err != nil {
		s.sorry(w, r, http.StatusInternalServerError, "Signing in is not possible right now.")
		return
	}
	s.setCookie(w, loginCookie+a.State[:stateShown], base64.RawURLEncoding.EncodeToString(raw), loginAge, http.SameSiteLaxMode)
	http.Redirect(w, r, s.oauth(provider).AuthCodeURL(a.State, oidc.Nonce(a.Nonce), oauth2.S256ChallengeOption(a.Verifier)), http.StatusFound)
}

// callback is where the issuer sends the browser back to. Every refusal here
// ends in a page that offers to begin again, and says nothing of the cause: the
// address is the issuer's or an attacker's to write.
func (s *Site) callback(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	state := q.Get("state")
	if len(state) < stateShown {
		s.sorry(w, r, http.StatusBadRequest, "This sign-in link is not complete.")
		return
	}
	name := loginCookie + state[:stateShown]
	a, ok := s.attempt(r, name)
	if !ok || a.State != state {
		s.sorry(w, r, http.StatusBadRequest, "This sign-in was not begun in this browser, or more than ten minutes ago.")
		return
	}
	s.setCookie(w, name, "", -1, http.SameSiteLaxMode)
	if q.Get("error") != "" || q.Get("code") == "" {
		s.sorry(w, r, http.StatusForbidden, "You were not signed in.")
		return
	}
	provider, err := s.issuer(r.Context())
	if err != nil {
		s.sorry(w, r, http.StatusServiceUnavailable, "Signing in is not possible right now. Please try again in a minute.")
		return
	}
	token, err := s.oauth(provider).Exchange(s.outward(r.Context()), q.Get("code"), oauth2.VerifierOption(a.Verifier))
	if err != nil {
		s.sorry(w, r, http.StatusBadGateway, "The sign-in could not be completed.")
		return
	}
	c, err := s.verify(r.Context(), provider, token)
	if err != nil || c.Nonce != a.Nonce || token.RefreshToken == "" {
		s.sorry(w, r, http.StatusBadGateway, "The sign-in could not be completed.")
		return
	}
	s.keep(w, session{role: c.role(), refresh: token.RefreshToken})
	http.Redirect(w, r, a.Return, http.StatusFound)
}

// token hands the page a short-lived token for the session in the cookie.
func (s *Site) token(w http.ResponseWriter, r *http.Request) {
	was, ok := s.session(r)
	if !ok {
		problem(w, http.StatusUnauthorized, "SIGNED_OUT", "Please sign in.")
		return
	}
	fresh, err := s.renew(w, r, was)
	switch {
	case errors.Is(err, errNoSession):
		problem(w, http.StatusUnauthorized, "SIGNED_OUT", "Please sign in.")
	case errors.Is(err, errNotTrusted):
		problem(w, http.StatusServiceUnavailable, "SIGN_IN_UNAVAILABLE", "The sign-in service gave an answer that cannot be trusted.")
	case err != nil:
		problem(w, http.StatusServiceUnavailable, "SIGN_IN_UNAVAILABLE", "The sign-in service does not answer. Please try again.")
	default:
		answer(w, http.StatusOK, map[string]string{"token": fresh.token, "expiresAt": fresh.expires.UTC().Format(time.RFC3339), "role": fresh.role})
	}
}

// renewed is what the issuer gives for a session.
type renewed struct {
	token   string
	role    string
	expires time.Time
	rotated bool // the refresh token is another one now
}

var errNotTrusted = errors.New("web: the issuer's answer cannot be trusted")

// renew asks the issuer for a token of a session, and keeps the session as it is then.
func (s *Site) renew(w http.ResponseWriter, r *http.Request, was session) (renewed, error) {
	provider, err := s.issuer(r.Context())
	if err != nil {
		return renewed{}, err
	}
	fresh, err := s.oauth(provider).TokenSource(s.outward(r.Context()), &oauth2.Token{RefreshToken: was.refresh}).Token()
	if refused := (*oauth2.RetrieveError)(nil); errors.As(err, &refused) && refused.Response.StatusCode/100 == 4 && refused.Response.StatusCode != http.StatusTooManyRequests {
		s.forget(w) // the issuer no longer knows the session; anything else may pass, and must not sign anybody out
		return renewed{}, errNoSession
	}
	if err != nil {
		return renewed{}, err
	}
	c, err := s.verify(r.Context(), provider, fresh)
	if err != nil {
		return renewed{}, errNotTrusted
	}
	now := session{role: c.role(), refresh: fresh.RefreshToken}
	if now.refresh == "" {
		now.refresh = was.refresh // issuers that do not rotate leave it out
	}
	if now != was {
		s.keep(w, now)
	}
	id, _ := fresh.Extra("id_token").(string)
	return renewed{token: id, role: now.role, expires: c.expires, rotated: now.refresh != was.refresh}, nil
}

// logout ends the session here and at the issuer, and names where the browser
// should go to end the issuer's own.
func (s *Site) logout(w http.ResponseWriter, r *http.Request) {
	was, ok := s.session(r)
	s.forget(w)
	next := "/messages"
	if provider, err := s.issuer(r.Context()); err == nil && ok {
		var ends struct {
			Revoke string `json:"revocation_endpoint"`
			End    string `json:"end_session_endpoint"`
		}
		if provider.Claims(&ends) == nil {
			if ends.Revoke != "" {
				s.revoke(r.Context(), ends.Revoke, was.refresh)
			}
			if end, err := url.Parse(ends.End); err == nil && ends.End != "" {
				q := end.Query()
				q.Set("client_id", s.config.ClientID)
				q.Set("logout_uri", s.at("/messages"))               // Cognito's word
				q.Set("post_logout_redirect_uri", s.at("/messages")) // everybody else's
				end.RawQuery = q.Encode()
				next = end.String()
			}
		}
	}
	answer(w, http.StatusOK, map[string]string{"next": next})
}

// revoke is an attempt: the cookie is gone either way, and the token dies of age.
func (s *Site) revoke(ctx context.Context, endpoint, refresh string) {
	form := url.Values{"token": {refresh}, "client_id": {s.config.ClientID}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint, strings.NewReader(form.Encode()))
	if err != nil {
		return
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if res, err := s.config.HTTP.Do(req); err == nil {
		res.Body.Close()
	}
}

type verified struct {
	claims
	expires time.Time
}

func (s *Site) verify(ctx context.Context, provider *oidc.Provider, token *oauth2.Token) (verified, error) {
	raw, _ := token.Extra("id_token").(string)
	id, err := provider.Verifier(&oidc.Config{ClientID: s.config.ClientID, Now: s.config.Now}).Verify(s.outward(ctx), raw)
	if err != nil {
		return verified{}, err
	}
	v := verified{expires: id.Expiry}
	return v, id.Claims(&v.claims)
}

// issuer asks the issuer once where its endpoints are. A failure is not kept, so
// the next sign-in asks again.
func (s *Site) issuer(ctx context.Context) (*oidc.Provider, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.provider != nil {
		return s.provider, nil
	}
	// The provider keeps this context for fetching keys later, so it must not end with the request.
	provider, err := oidc.NewProvider(s.outward(context.WithoutCancel(ctx)), s.config.Issuer)
	if err == nil {
		s.provider = provider
	}
	return provider, err
}

func (s *Site) outward(ctx context.Context) context.Context {
	return oidc.ClientContext(ctx, s.config.HTTP)
}

func (s *Site) oauth(provider *oidc.Provider) *oauth2.Config {
	endpoint := provider.Endpoint()
	endpoint.AuthStyle = oauth2.AuthStyleInParams // a public client: it has an id and no secret
	return &oauth2.Config{ClientID: s.config.ClientID, Endpoint: endpoint, RedirectURL: s.at("/auth/callback"), Scopes: []string{oidc.ScopeOpenID}}
}

func (s *Site) at(path string) string { return s.base.String() + path }

// sorry is the page of a sign-in that went wrong.
func (s *Site) sorry(w http.ResponseWriter, r *http.Request, status int, why string) {
	d := newDocument("Sign in", `<main class="plain"><h1>Sign in</h1><p>`+why+`</p><p><a class="button" href="/auth/login">Sign in again</a></p></main>`, appCSS, "", "")
	w.Header().Set("Content-Security-Policy", d.policy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	w.Write([]byte(d.before + d.after))
}

// ownPath keeps a return address inside the page: anything else would let a link
// to our sign-in send people anywhere.
func ownPath(path string) string {
	u, err := url.Parse(path)
	if err != nil || u.Scheme != "" || u.Host != "" || u.Opaque != "" || strings.ContainsAny(path, "\\\r\n\t") || strings.Contains(u.Path, "/.") ||
		u.Path != "/messages" && !strings.HasPrefix(u.Path, "/messages/") {
		return "/messages"
	}
	return u.String()
}

func (s *Site) session(r *http.Request) (session, bool) {
	role, refresh, ok := strings.Cut(s.cookie(r, sessionCookie), ".")
	return session{role: role, refresh: refresh}, ok && refresh != ""
}

func (s *Site) keep(w http.ResponseWriter, now session) {
	s.setCookie(w, sessionCookie, now.role+"."+now.refresh, sessionAge, http.SameSiteStrictMode)
}

func (s *Site) forget(w http.ResponseWriter) {
	s.setCookie(w, sessionCookie, "", -1, http.SameSiteStrictMode)
}

func (s *Site) attempt(r *http.Request, name string) (attempt, bool) {
	raw, err := base64.RawURLEncoding.DecodeString(s.cookie(r, name))
	if err != nil || len(raw) == 0 {
		return attempt{}, false
	}
	var a attempt
	return a, json.Unmarshal(raw, &a) == nil
}

// twins are the names a cookie goes by. Chromium and Firefox take a Secure
// cookie from plain http on a loopback host; Safari drops it, so there, and only
// there, the same cookie is also set under a plain name.
func (s *Site) twins(name string) []string {
	if s.base.Scheme == "https" {
		return []string{name}
	}
	return []string{name, strings.TrimPrefix(name, "__Host-")}
}

func (s *Site) cookie(r *http.Request, name string) string {
	for _, n := range s.twins(name) {
		if c, err := r.Cookie(n); err == nil && c.Value != "" {
			return c.Value
		}
	}
	return ""
}

func (s *Site) setCookie(w http.ResponseWriter, name, value string, age time.Duration, site http.SameSite) {
	for _, n := range s.twins(name) {
		c := &http.Cookie{Name: n, Value: value, Path: "/", HttpOnly: true, Secure: strings.HasPrefix(n, "__Host-"), SameSite: site, MaxAge: int(age / time.Second)}
		if age < 0 {
			c.MaxAge = -1
		}
		http.SetCookie(w, c)
	}
}
