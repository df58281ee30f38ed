package web

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"
)

// issuer is a small OIDC issuer over real HTTP. What it answers next can be bent.
type issuer struct {
	*httptest.Server
	t   *testing.T
	key *rsa.PrivateKey
	now time.Time

	role      string
	challenge string // of the last authorization, which the code exchange must answer
	nonce     string
	refresh   string // the one that is valid
	rotate    string // the next one, if it rotates
	fail      int    // status of the token endpoint
	bend      func(jwt.MapClaims)
	revoked   []string
	exchanges []url.Values
}

// issuerKey is made once: it takes longer than all else that an issuer does.
var issuerKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

func newIssuer(t *testing.T, now time.Time) *issuer {
	key, err := issuerKey()
	if err != nil {
		t.Fatal(err)
	}
	is := &issuer{t: t, key: key, now: now, role: "owner", refresh: "refresh-1"}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, r *http.Request) {
		json.NewEncoder(w).Encode(map[string]any{
			"issuer": is.URL, "authorization_endpoint": is.URL + "/authorize", "token_endpoint": is.URL + "/token", "jwks_uri": is.URL + "/keys",
			"revocation_endpoint": is.URL + "/revoke", "end_session_endpoint": is.URL + "/logout", "id_token_signing_alg_values_supported": []string{"RS256"},
		})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, r *http.Request) {
		b := func(n *big.Int) string { return base64.RawURLEncoding.EncodeToString(n.Bytes()) }
		json.NewEncoder(w).Encode(map[string]any{"keys": []any{map[string]string{"kty": "RSA", "kid": "k", "alg": "RS256", "use": "sig", "n": b(key.N), "e": b(big.NewInt(int64(key.E)))}}})
	})
	mux.HandleFunc("GET /authorize", func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		is.challenge, is.nonce = q.Get("code_challenge"), q.Get("nonce")
		back, _ := url.Parse(q.Get("redirect_uri"))
		back.RawQuery = url.Values{"code": {"code-1"}, "state": {q.Get("state")}}.Encode()
		http.Redirect(w, r, back.String(), http.StatusFound)
	})
	mux.HandleFunc("POST /token", is.token)
	mux.HandleFunc("POST /revoke", func(w http.ResponseWriter, r *http.Request) {
		is.revoked = append(is.revoked, r.PostFormValue("token"))
	})
	is.Server = httptest.NewServer(mux)
	t.Cleanup(is.Close)
	return is
}

func (is *issuer) token(w http.ResponseWriter, r *http.Request) {
	r.ParseForm()
	is.exchanges = append(is.exchanges, r.PostForm)
	deny := func(status int, code string) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		json.NewEncoder(w).Encode(map[string]string{"error": code})
	}
	if is.fail != 0 {
		deny(is.fail, "server_error")
		return
	}
	answer := map[string]any{"access_token": "a", "token_type": "Bearer", "expires_in": 300}
	claims := jwt.MapClaims{"iss": is.URL, "aud": "page", "sub": "p", "iat": is.now.Unix(), "exp": is.now.Add(5 * time.Minute).Unix(), "custom:role": is.role, "custom:org": "demo"}
	switch r.PostFormValue("grant_type") {
	case "authorization_code":
		sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
		if r.PostFormValue("code") != "code-1" || base64.RawURLEncoding.EncodeToString(sum[:]) != is.challenge || r.PostFormValue("client_secret") != "" {
			deny(http.StatusBadRequest, "invalid_grant")
			return
		}
		claims["nonce"] = is.nonce
		answer["refresh_token"] = is.refresh
	case "refresh_token":
		if r.PostFormValue("refresh_token") != is.refresh {
			deny(http.StatusBadRequest, "invalid_grant")
			return
		}
		if is.rotate != "" {
			is.refresh, is.rotate = is.rotate, ""
			answer["refresh_token"] = is.refresh
		}
	}
	if is.bend != nil {
		is.bend(claims)
	}
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
	token.Header["kid"] = "k"
	signed, err := token.SignedString(is.key)
	if err != nil {
		is.t.Error(err)
	}
	answer["id_token"] = signed
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(answer)
}

// world is a browser, the page and the issuer, all over real HTTP.
type world struct {
	t       *testing.T
	issuer  *issuer
	page    *httptest.Server
	browser *http.Client
}

func newWorld(t *testing.T) *world {
	c := config()
	is := newIssuer(t, c.Now())
	var handler http.Handler
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(page.Close)
	c.Issuer, c.PublicBaseURL, c.HTTP = is.URL, page.URL, is.Client()
	handler = site(t, c)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &world{t: t, issuer: is, page: page, browser: &http.Client{Jar: jar}}
}

func (w *world) get(path string) *http.Response {
	w.t.Helper()
	res, err := w.browser.Get(w.page.URL + path)
	if err != nil {
		w.t.Fatal(err)
	}
	res.Body.Close()
	return res
}

// post is what the page's own script would send.
func (w *world) post(path string, header ...string) (*http.Response, map[string]any) {
	w.t.Helper()
	req, err := http.NewRequest(http.MethodPost, w.page.URL+path, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	if len(header) == 0 {
		header = []string{"Origin", w.page.URL, "Sec-Fetch-Site", "same-origin"}
	}
	for i := 0; i+1 < len(header); i += 2 {
		if header[i+1] != "" {
			req.Header.Set(header[i], header[i+1])
		}
	}
	res, err := w.browser.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	var body map[string]any
	json.NewDecoder(res.Body).Decode(&body)
	return res, body
}

func TestSigningInAndStayingSignedIn(t *testing.T) {
	w := newWorld(t)
	res := w.get("/auth/login?return=" + url.QueryEscape("/messages/t/abc?box=billing"))
	if got, want := res.Request.URL.String(), w.page.URL+"/messages/t/abc?box=billing"; res.StatusCode != 200 || got != want {
		t.Fatalf("signed in at %s with %d, not at %s", got, res.StatusCode, want)
	}
	res, body := w.post("/auth/token")
	if res.StatusCode != 200 || body["role"] != "owner" || body["expiresAt"] != "2025-01-07T17:05:00Z" {
		t.Fatalf("token: %d %v", res.StatusCode, body)
	}
	if c := strings.Count(body["token"].(string), "."); c != 2 {
		t.Errorf("the token is not an ID token: %v", body["token"])
	}
	if strings.Contains(body["token"].(string), "refresh-1") || body["refresh_token"] != nil {
		t.Error("the refresh token reached the script")
	}
	// Another one, after the issuer has given a new refresh token and a new role.
	w.issuer.rotate, w.issuer.role = "refresh-2", "sitter"
	if _, body = w.post("/auth/token"); body["role"] != "sitter" {
		t.Fatalf("the role did not follow: %v", body)
	}
	if _, body = w.post("/auth/token"); body["role"] != "sitter" {
		t.Fatalf("the new refresh token was not kept: %v", body)
	}
}

func TestTheSessionCookieCannotBeReadOrPlanted(t *testing.T) {
	c := config()
	is := newIssuer(t, c.Now())
	c.Issuer, c.HTTP = is.URL, is.Client()
	s := site(t, c)
	begin := get(s, "/auth/login?return=/messages")
	loginCookies := begin.Result().Cookies()
	to, err := url.Parse(begin.Header().Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	q := to.Query()
	if q.Get("code_challenge_method") != "S256" || q.Get("response_type") != "code" || q.Get("redirect_uri") != "https://snout.example/auth/callback" || q.Get("client_id") != "page" {
		t.Errorf("asked the issuer for %v", q)
	}
	is.challenge, is.nonce = q.Get("code_challenge"), q.Get("nonce")
	done := get(s, "/auth/callback?code=code-1&state="+q.Get("state"), "Cookie", loginCookies[0].Name+"="+loginCookies[0].Value)
	if done.Code != http.StatusFound || done.Header().Get("Location") != "/messages" {
		t.Fatalf("callback: %d to %q", done.Code, done.Header().Get("Location"))
	}
	var session *http.Cookie
	for _, c := range done.Result().Cookies() {
		if c.Value != "" {
			session = c
		}
	}
	want := &http.Cookie{Name: "__Host-snout-session", Value: "owner.refresh-1", Path: "/", HttpOnly: true, Secure: true, SameSite: http.SameSiteStrictMode, MaxAge: 30 * 24 * 3600}
	session.Raw = ""
	if diff := cmp.Diff(want, session); diff != "" {
		t.Errorf("session cookie (-want +got):\n%s", diff)
	}
	if l := loginCookies[0]; len(loginCookies) != 1 || !strings.HasPrefix(l.Name, "__Host-snout-login-") || !l.HttpOnly || !l.Secure || l.SameSite != http.SameSiteLaxMode || l.MaxAge != 600 {
		t.Errorf("login cookies: %v", loginCookies)
	}
}

func TestATokenIsOnlyForThePageItself(t *testing.T) {
	w := newWorld(t)
	w.get("/auth/login")
	for name, header := range map[string][]string{
		"another site":                            {"Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"},
		"a neighbour of ours":                     {"Origin", "https://other.snout.example", "Sec-Fetch-Site", "same-site"},
		"somebody typing the address":             {"Sec-Fetch-Site", "none"},
		"another site in a browser without it":    {"Origin", "https://evil.example"},
		"an origin that is hidden":                {"Origin", "null", "Sec-Fetch-Site", "same-origin"},
		"no page at all":                          {"Accept", "*/*"},
		"the same host on another port or scheme": {"Origin", "http://127.0.0.1:1", "Sec-Fetch-Site", "same-origin"},
	} {
		for _, path := range []string{"/auth/token", "/auth/logout"} {
			if res, body := w.post(path, header...); res.StatusCode != http.StatusForbidden || body["code"] != "FORBIDDEN" || body["token"] != nil {
				t.Errorf("%s: %s answers %d %v", name, path, res.StatusCode, body)
			}
		}
	}
	if res, _ := w.post("/auth/token", "Origin", w.page.URL); res.StatusCode != 200 {
		t.Errorf("our own page in an older browser gets %d", res.StatusCode)
	}
	if res := w.get("/auth/token"); res.StatusCode/100 == 2 {
		t.Errorf("GET answers %d", res.StatusCode)
	}
}

func TestEndingASession(t *testing.T) {
	w := newWorld(t)
	w.get("/auth/login")
	res, body := w.post("/auth/logout")
	next, err := url.Parse(body["next"].(string))
	if err != nil || res.StatusCode != 200 {
		t.Fatalf("%d %v", res.StatusCode, body)
	}
	want := url.Values{"client_id": {"page"}, "logout_uri": {w.page.URL + "/messages"}, "post_logout_redirect_uri": {w.page.URL + "/messages"}}
	if diff := cmp.Diff(want, next.Query()); diff != "" || !strings.HasPrefix(next.String(), w.issuer.URL+"/logout?") {
		t.Errorf("next %s (-want +got):\n%s", next, diff)
	}
	if diff := cmp.Diff([]string{"refresh-1"}, w.issuer.revoked); diff != "" {
		t.Errorf("revoked (-want +got):\n%s", diff)
	}
	if res, body := w.post("/auth/token"); res.StatusCode != 401 || body["code"] != "SIGNED_OUT" {
		t.Errorf("afterwards: %d %v", res.StatusCode, body)
	}
	if res, body := w.post("/auth/logout"); res.StatusCode != 200 || body["next"] != "/messages" {
		t.Errorf("twice: %d %v", res.StatusCode, body)
	}
}

func TestWhatTheIssuerSaysWhenATokenIsAskedFor(t *testing.T) {
	for name, row := range map[string]struct {
		bend   func(*issuer)
		status int
		code   string
		after  int // once the issuer is well again
	}{
		"the session is over":           {func(is *issuer) { is.refresh = "other" }, 401, "SIGNED_OUT", 401},
		"the issuer is down":            {func(is *issuer) { is.fail = 500 }, 503, "SIGN_IN_UNAVAILABLE", 200},
		"the issuer has too much to do": {func(is *issuer) { is.fail = 429 }, 503, "SIGN_IN_UNAVAILABLE", 200},
		"a token for somebody else's client": {func(is *issuer) {
			is.bend = func(c jwt.MapClaims) { c["aud"] = "other" }
		}, 503, "SIGN_IN_UNAVAILABLE", 200},
		"a token that has ended": {func(is *issuer) {
			is.bend = func(c jwt.MapClaims) { c["exp"] = is.now.Add(-time.Minute).Unix() }
		}, 503, "SIGN_IN_UNAVAILABLE", 200},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.get("/auth/login")
			row.bend(w.issuer)
			if res, body := w.post("/auth/token"); res.StatusCode != row.status || body["code"] != row.code || body["token"] != nil {
				t.Errorf("%d %v", res.StatusCode, body)
			}
			w.issuer.refresh, w.issuer.fail, w.issuer.bend = "refresh-1", 0, nil
			if res, _ := w.post("/auth/token"); res.StatusCode != row.after {
				t.Errorf("afterwards %d, not %d", res.StatusCode, row.after)
			}
		})
	}
}

func TestACallbackThatIsNotOurs(t *testing.T) {
	for name, row := range map[string]struct {
		bend   func(*issuer)
		path   string
		status int
	}{
		"an address without a state":             {nil, "/auth/callback?code=code-1", 400},
		"a state this browser never had":         {nil, "/auth/callback?code=code-1&state=AAAAAAAAAAAAAAAAAAAAAAAAAA", 400},
		"a refusal of the issuer for no sign-in": {nil, "/auth/callback?error=access_denied&state=AAAAAAAAAAAA", 400},
		"a code that the issuer does not know":   {func(is *issuer) { is.fail = 400 }, "/auth/login", 502},
		"a token of another sign-in": {func(is *issuer) {
			is.bend = func(c jwt.MapClaims) { c["nonce"] = "other" }
		}, "/auth/login", 502},
		"a token of another issuer": {func(is *issuer) {
			is.bend = func(c jwt.MapClaims) { c["iss"] = "https://evil.example" }
		}, "/auth/login", 502},
		"no refresh token": {func(is *issuer) { is.refresh = "" }, "/auth/login", 502},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			if row.bend != nil {
				row.bend(w.issuer)
			}
			if res := w.get(row.path); res.StatusCode != row.status {
				t.Errorf("%d, not %d", res.StatusCode, row.status)
			}
			if res, _ := w.post("/auth/token"); res.StatusCode != 401 {
				t.Errorf("somebody is signed in: %d", res.StatusCode)
			}
		})
	}
}

// The cookie's name carries the first letters of the state; the rest must fit too.
func TestAStateIsComparedWhole(t *testing.T) {
	c := config()
	is := newIssuer(t, c.Now())
	c.Issuer, c.HTTP = is.URL, is.Client()
	s := site(t, c)
	begin := get(s, "/auth/login")
	to, err := url.Parse(begin.Header().Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	cookie, state := begin.Result().Cookies()[0], to.Query().Get("state")
	if w := get(s, "/auth/callback?code=code-1&state="+state[:8]+"AAAAAAAAAAAAAAAAAA", "Cookie", cookie.Name+"="+cookie.Value); w.Code != http.StatusBadRequest || len(is.exchanges) != 0 {
		t.Errorf("another state with the same beginning: %d, %d exchanges", w.Code, len(is.exchanges))
	}
}

func TestASignInIsUsedOnce(t *testing.T) {
	w := newWorld(t)
	var callback string
	w.browser.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if r.URL.Path == "/auth/callback" {
			callback = r.URL.RequestURI()
		}
		return nil
	}
	w.get("/auth/login")
	n := len(w.issuer.exchanges)
	if res := w.get(callback); res.StatusCode != 400 || len(w.issuer.exchanges) != n {
		t.Errorf("the same callback again: %d, %d exchanges", res.StatusCode, len(w.issuer.exchanges)-n)
	}
}

func TestTheWayBackStaysInThePage(t *testing.T) {
	for path, want := range map[string]string{
		"":                              "/messages",
		"/messages":                     "/messages",
		"/messages/t/a?box=billing&q=ü": "/messages/t/a?box=billing&q=ü",
		"/messages?f=unread":            "/messages?f=unread",
		"/messagesx":                    "/messages",
		"//evil.example/messages":       "/messages",
		"https://evil.example/messages": "/messages",
		"/\\evil.example":               "/messages",
		"/messages/\\\\evil.example":    "/messages",
		"javascript:alert(1)":           "/messages",
		"/messages/../auth/logout":      "/messages",
		"/messages/%2e%2e/auth/logout":  "/messages",
		"/auth/logout":                  "/messages",
		"/messages\r\nSet-Cookie: a=b":  "/messages",
	} {
		if got := ownPath(path); got != want {
			t.Errorf("back to %q, not %q, for %q", got, want, path)
		}
	}
}
