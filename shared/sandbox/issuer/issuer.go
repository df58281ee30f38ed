// Package issuer is an OpenID Connect issuer in this process, in the place of the Cognito user pool: the page signs people in with it by authorization code
// and PKCE, machines get access tokens by client credentials, and the tokens have the claims that the pool's have, so that functions and authorizer cannot
// tell the difference. It must never be in a deployed function: whoever reaches it becomes whom they please, without a password. Whoever mounts it lets
// only this machine in.
package issuer

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"math/big"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	idTokenLife  = time.Hour // as WebClient in template.yaml
	machineLife  = time.Hour // as MachineClient in template.yaml
	refreshLife  = 30 * 24 * time.Hour
	codeLife     = 5 * time.Minute
	opsScope     = "snout/ops"
	keyBits      = 2048
	maxFormBytes = 64 << 10
)

// Person is somebody who can sign in.
type Person struct {
	Sub      string // e.g. owner-1
	Name     string
	Org      string // empty for operators of the stage
	Role     string // owner or sitter; empty for operators
	SitterID string // of sitters
	Ops      bool
}

// Machine is a client of the client-credentials flow.
type Machine struct{ ID, Secret string }

// Config is what an issuer needs.
type Config struct {
	Now       func() time.Time
	IssuerURL string // without a slash at its end; the handler serves the paths below it
	ClientID  string // of the page
	// RedirectURIs are where codes may be sent, compared exactly, as the pool does.
	RedirectURIs []string
	// LogoutURIs are where /logout may send the browser.
	LogoutURIs []string
	People     []Person
	Machines   []Machine
	// Key makes the key that signs tokens, when it is first needed; nil: a new one for each issuer. Tests that start many worlds
	// share one, since making it costs more than the rest of a start.
	Key func() (*rsa.PrivateKey, error)
}

// NewKey makes a key for an issuer.
func NewKey() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, keyBits) }

// Issuer is the http.Handler. The signing key is made when it is first needed: that takes a good part of a second and must not delay the start.
type Issuer struct {
	config Config
	base   string // path part of IssuerURL
	page   *template.Template
	key    func() (*rsa.PrivateKey, error)

	mu      sync.Mutex
	codes   map[string]grant
	refresh map[string]grant
}

// grant is what a code or a refresh token stands for.
type grant struct {
	person      Person
	redirectURI string
	challenge   string
	nonce       string
	authTime    time.Time
	expires     time.Time
	origin      string // origin_jti of the tokens
}

// New checks the configuration, naming every fault.
func New(config Config) (*Issuer, error) {
	var faults []error
	u, err := url.Parse(config.IssuerURL)
	if err != nil || u.Host == "" || strings.HasSuffix(config.IssuerURL, "/") || u.RawQuery != "" {
		faults = append(faults, errors.New("issuer URL must be absolute and end without a slash"))
	}
	if config.Now == nil || config.ClientID == "" {
		faults = append(faults, errors.New("a clock and a client id are needed"))
	}
	seen := map[string]bool{}
	for _, p := range config.People {
		if p.Sub == "" || seen[p.Sub] {
			faults = append(faults, fmt.Errorf("person %q: sub must be given, and once", p.Sub))
		}
		seen[p.Sub] = true
	}
	for _, m := range config.Machines {
		if m.ID == "" || m.Secret == "" || m.ID == config.ClientID {
			faults = append(faults, fmt.Errorf("machine %q needs an id of its own and a secret", m.ID))
		}
	}
	signIn, err := template.New("sign-in").Parse(page)
	if err != nil {
		faults = append(faults, err)
	}
	if len(faults) > 0 {
		return nil, fmt.Errorf("build issuer: %w", errors.Join(faults...))
	}
	if config.Key == nil {
		config.Key = sync.OnceValues(NewKey)
	}
	return &Issuer{
		config: config, page: signIn, base: strings.TrimSuffix(u.Path, "/"), codes: map[string]grant{}, refresh: map[string]grant{},
		key: config.Key,
	}, nil
}

// Mint returns an ID token of the person with that sub, as if they had just signed in. An unknown sub is an error.
func (i *Issuer) Mint(sub string) (string, error) {
	p, ok := i.person(sub)
	if !ok {
		return "", fmt.Errorf("mint: nobody has the sub %q", sub)
	}
	now := i.config.Now()
	return i.idToken(grant{person: p, authTime: now, origin: newID()})
}

func (i *Issuer) person(sub string) (Person, bool) {
	n := slices.IndexFunc(i.config.People, func(p Person) bool { return p.Sub == sub })
	if n < 0 {
		return Person{}, false
	}
	return i.config.People[n], true
}

// ServeHTTP serves everything below IssuerURL.
func (i *Issuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path, ok := strings.CutPrefix(r.URL.Path, i.base)
	if !ok {
		http.NotFound(w, r)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxFormBytes)
	switch r.Method + " " + path {
	case "GET /.well-known/openid-configuration":
		i.discovery(w)
	case "GET /.well-known/jwks.json":
		i.jwks(w)
	case "GET /authorize":
		i.authorize(w, r)
	case "POST /authorize":
		i.signedIn(w, r)
	case "POST /token":
		i.token(w, r)
	case "POST /revoke":
		i.revoke(w, r)
	case "GET /logout":
		i.logout(w, r)
	default:
		http.NotFound(w, r)
	}
}

func (i *Issuer) discovery(w http.ResponseWriter) {
	answer(w, http.StatusOK, map[string]any{
		"issuer":                                i.config.IssuerURL,
		"authorization_endpoint":                i.config.IssuerURL + "/authorize",
		"token_endpoint":                        i.config.IssuerURL + "/token",
		"revocation_endpoint":                   i.config.IssuerURL + "/revoke",
		"end_session_endpoint":                  i.config.IssuerURL + "/logout",
		"jwks_uri":                              i.config.IssuerURL + "/.well-known/jwks.json",
		"response_types_supported":              []string{"code"},
		"grant_types_supported":                 []string{"authorization_code", "refresh_token", "client_credentials"},
		"code_challenge_methods_supported":      []string{"S256"},
		"id_token_signing_alg_values_supported": []string{"RS256"},
		"subject_types_supported":               []string{"public"},
		"scopes_supported":                      []string{"openid", "email", "profile"},
		"token_endpoint_auth_methods_supported": []string{"none", "client_secret_basic", "client_secret_post"},
	})
}

func (i *Issuer) jwks(w http.ResponseWriter) {
	key, err := i.key()
	if err != nil {
		answer(w, http.StatusInternalServerError, map[string]string{"error": "server_error"})
		return
	}
	answer(w, http.StatusOK, map[string]any{"keys": []map[string]string{{
		"kty": "RSA", "alg": "RS256", "use": "sig", "kid": keyID(&key.PublicKey),
		"n": base64.RawURLEncoding.EncodeToString(key.N.Bytes()),
		"e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(key.E)).Bytes()),
	}}})
}

// keyID is derived from the key, so that two issuers in one test cannot be taken for each other.
func keyID(k *rsa.PublicKey) string {
	sum := sha256.Sum256(k.N.Bytes())
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

// page lists the people. It has no script and may not be framed; the answer is a form post, so that a link alone signs nobody in.
const page = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Sign in</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:4rem auto;padding:0 1rem}button{display:block;width:100%;text-align:left;padding:.75rem 1rem;margin:.5rem 0;
font:inherit;border:1px solid #8885;border-radius:.5rem;background:#fff;color:#111;cursor:pointer}button:hover,button:focus-visible{border-color:#06c}small{color:#555}</style></head>
<body><main><h1>Sign in as</h1><p>This sign-in exists on this machine only.</p>
<form method="post" action="{{.Action}}">{{range $name, $value := .Hidden}}<input type="hidden" name="{{$name}}" value="{{$value}}">{{end}}
{{range .People}}<button name="sub" value="{{.Sub}}">{{.Name}} <small>{{.Sub}}</small></button>
{{end}}</form></main></body></html>
`

// request is a checked authorization request.
type request struct{ clientID, redirectURI, state, challenge, nonce string }

// check reads an authorization request. An error in the client or redirect URI is shown and never redirected, because the address is not to be trusted then;
// any other is sent back to the client by code.
func (i *Issuer) check(form url.Values) (req request, code string, err error) {
	req = request{form.Get("client_id"), form.Get("redirect_uri"), form.Get("state"), form.Get("code_challenge"), form.Get("nonce")}
	switch {
	case req.clientID != i.config.ClientID:
		return req, "", errors.New("client_id is unknown")
	case !slices.Contains(i.config.RedirectURIs, req.redirectURI):
		return req, "", errors.New("redirect_uri is not registered")
	case form.Get("response_type") != "code":
		return req, "unsupported_response_type", nil
	case !slices.Contains(strings.Fields(form.Get("scope")), "openid"):
		return req, "invalid_scope", nil
	case form.Get("code_challenge_method") != "S256" || len(req.challenge) != 43:
		return req, "invalid_request", nil
	}
	return req, "", nil
}

func (i *Issuer) authorize(w http.ResponseWriter, r *http.Request) {
	form := r.URL.Query()
	req, code, err := i.check(form)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if code != "" {
		back(w, r, req, url.Values{"error": {code}})
		return
	}
	hidden := map[string]string{}
	for _, name := range []string{"client_id", "redirect_uri", "state", "code_challenge", "code_challenge_method", "nonce", "scope", "response_type"} {
		hidden[name] = form.Get(name)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
	w.Header().Set("Referrer-Policy", "no-referrer")
	_ = i.page.Execute(w, map[string]any{"Action": i.config.IssuerURL + "/authorize", "Hidden": hidden, "People": i.config.People})
}

// signedIn is the click on a name.
func (i *Issuer) signedIn(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, "malformed form", http.StatusBadRequest)
		return
	}
	req, code, err := i.check(r.PostForm)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if code != "" {
		back(w, r, req, url.Values{"error": {code}})
		return
	}
	p, ok := i.person(r.PostForm.Get("sub"))
	if !ok {
		back(w, r, req, url.Values{"error": {"access_denied"}})
		return
	}
	now := i.config.Now()
	id := newSecret()
	i.mu.Lock()
	sweep(i.codes, now)
	sweep(i.refresh, now)
	i.codes[id] = grant{person: p, redirectURI: req.redirectURI, challenge: req.challenge, nonce: req.nonce, authTime: now, expires: now.Add(codeLife), origin: newID()}
	i.mu.Unlock()
	back(w, r, req, url.Values{"code": {id}})
}

// sweep forgets what has expired, so that a long session does not grow.
func sweep(grants map[string]grant, now time.Time) {
	for id, g := range grants {
		if !now.Before(g.expires) {
			delete(grants, id)
		}
	}
}

func back(w http.ResponseWriter, r *http.Request, req request, with url.Values) {
	u, err := url.Parse(req.redirectURI)
	if err != nil {
		http.Error(w, "redirect_uri is malformed", http.StatusBadRequest)
		return
	}
	q := u.Query()
	for name, values := range with {
		q[name] = values
	}
	if req.state != "" {
		q.Set("state", req.state)
	}
	u.RawQuery = q.Encode()
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, u.String(), http.StatusFound)
}

func (i *Issuer) token(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	if err := r.ParseForm(); err != nil {
		answer(w, http.StatusBadRequest, map[string]string{"error": "invalid_request"})
		return
	}
	var out map[string]any
	var refused string
	var err error
	switch r.PostForm.Get("grant_type") {
	case "authorization_code":
		out, refused, err = i.redeem(r.PostForm)
	case "refresh_token":
		out, refused, err = i.renew(r.PostForm)
	case "client_credentials":
		out, refused, err = i.machine(r)
	default:
		refused = "unsupported_grant_type"
	}
	switch {
	case err != nil:
		answer(w, http.StatusInternalServerError, map[string]string{"error": "server_error"})
	case refused == "invalid_client":
		answer(w, http.StatusUnauthorized, map[string]string{"error": refused})
	case refused != "":
		answer(w, http.StatusBadRequest, map[string]string{"error": refused})
	default:
		answer(w, http.StatusOK, out)
	}
}

func (i *Issuer) redeem(form url.Values) (map[string]any, string, error) {
	if form.Get("client_id") != i.config.ClientID {
		return nil, "invalid_client", nil
	}
	now := i.config.Now()
	i.mu.Lock()
	id := form.Get("code")
	g, ok := i.codes[id]
	delete(i.codes, id) // a code is used once, whether or not the rest fits
	i.mu.Unlock()
	sum := sha256.Sum256([]byte(form.Get("code_verifier")))
	proof := base64.RawURLEncoding.EncodeToString(sum[:])
	if !ok || !now.Before(g.expires) || form.Get("redirect_uri") != g.redirectURI || subtle.ConstantTimeCompare([]byte(proof), []byte(g.challenge)) != 1 {
		return nil, "invalid_grant", nil
	}
	out, err := i.tokens(g)
	if err != nil {
		return nil, "", err
	}
	refresh := newSecret()
	g.expires, g.nonce = now.Add(refreshLife), ""
	i.mu.Lock()
	i.refresh[refresh] = g
	i.mu.Unlock()
	out["refresh_token"] = refresh
	return out, "", nil
}

// renew does not change the refresh token, as the pool does not unless it is told to rotate.
func (i *Issuer) renew(form url.Values) (map[string]any, string, error) {
	if form.Get("client_id") != i.config.ClientID {
		return nil, "invalid_client", nil
	}
	i.mu.Lock()
	g, ok := i.refresh[form.Get("refresh_token")]
	i.mu.Unlock()
	if !ok || !i.config.Now().Before(g.expires) {
		return nil, "invalid_grant", nil
	}
	out, err := i.tokens(g)
	return out, "", err
}

func (i *Issuer) machine(r *http.Request) (map[string]any, string, error) {
	id, secret, basic := r.BasicAuth()
	if !basic {
		id, secret = r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	}
	known := slices.ContainsFunc(i.config.Machines, func(m Machine) bool {
		return m.ID == id && subtle.ConstantTimeCompare([]byte(m.Secret), []byte(secret)) == 1
	})
	if !known {
		return nil, "invalid_client", nil
	}
	if scope := r.PostForm.Get("scope"); scope != "" && scope != opsScope {
		return nil, "invalid_scope", nil
	}
	token, err := i.accessToken(id, id, opsScope, machineLife, newID(), i.config.Now())
	return map[string]any{"access_token": token, "token_type": "Bearer", "expires_in": int(machineLife.Seconds())}, "", err
}

func (i *Issuer) tokens(g grant) (map[string]any, error) {
	id, err := i.idToken(g)
	if err != nil {
		return nil, err
	}
	access, err := i.accessToken(g.person.Sub, i.config.ClientID, "openid email profile", idTokenLife, g.origin, g.authTime)
	return map[string]any{"id_token": id, "access_token": access, "token_type": "Bearer", "expires_in": int(idTokenLife.Seconds())}, err
}

// idToken has the claims of the pool's ID tokens. Attributes that a person does not have are absent, not empty.
func (i *Issuer) idToken(g grant) (string, error) {
	now := i.config.Now()
	p := g.person
	claims := jwt.MapClaims{
		"iss": i.config.IssuerURL, "aud": i.config.ClientID, "sub": p.Sub, "token_use": "id", "cognito:username": p.Sub, "name": p.Name,
		"email": p.Sub + "@example.com", "email_verified": true, "auth_time": g.authTime.Unix(), "iat": now.Unix(), "exp": now.Add(idTokenLife).Unix(),
		"jti": newID(), "origin_jti": g.origin, "event_id": newID(),
	}
	for name, value := range map[string]string{"custom:org": p.Org, "custom:role": p.Role, "custom:sitter": p.SitterID, "nonce": g.nonce} {
		if value != "" {
			claims[name] = value
		}
	}
	if p.Ops {
		claims["custom:ops"] = "true" // attributes of the pool are text
	}
	return i.sign(claims)
}

func (i *Issuer) accessToken(sub, clientID, scope string, life time.Duration, origin string, authTime time.Time) (string, error) {
	now := i.config.Now()
	return i.sign(jwt.MapClaims{"iss": i.config.IssuerURL, "sub": sub, "client_id": clientID, "token_use": "access", "scope": scope, "version": 2,
		"auth_time": authTime.Unix(), "iat": now.Unix(), "exp": now.Add(life).Unix(), "jti": newID(), "origin_jti": origin})
}

func (i *Issuer) sign(claims jwt.MapClaims) (string, error) {
	key, err := i.key()
	if err != nil {
		return "", fmt.Errorf("make signing key: %w", err)
	}
	t := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
	t.Header["kid"] = keyID(&key.PublicKey)
	return t.SignedString(key)
}

// revoke forgets a refresh token. An unknown one is answered the same way, as RFC 7009 asks.
func (i *Issuer) revoke(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil || r.PostForm.Get("client_id") != i.config.ClientID {
		answer(w, http.StatusBadRequest, map[string]string{"error": "invalid_request"})
		return
	}
	i.mu.Lock()
	delete(i.refresh, r.PostForm.Get("token"))
	i.mu.Unlock()
	w.WriteHeader(http.StatusOK)
}

// logout has nothing to end here, since each sign-in asks who it is; it sends the browser back where the page may be left.
func (i *Issuer) logout(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("client_id") != i.config.ClientID || !slices.Contains(i.config.LogoutURIs, q.Get("logout_uri")) {
		http.Error(w, "client_id or logout_uri is not registered", http.StatusBadRequest)
		return
	}
	http.Redirect(w, r, q.Get("logout_uri"), http.StatusFound)
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

// newSecret is unguessable: a code or a refresh token.
func newSecret() string { return rand.Text() + rand.Text() }

func newID() string { return strings.ToLower(rand.Text()) }
