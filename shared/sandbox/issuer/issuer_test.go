package issuer_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"snout/shared/sandbox/gateway"
	"snout/shared/sandbox/issuer"
)

const (
	callback = "http://127.0.0.1:8787/auth/callback"
	verifier = "a-verifier-that-is-long-enough-for-the-standard"
)

// clock is the one clock, in hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

type world struct {
	t      *testing.T
	clock  *clock
	url    string
	issuer *issuer.Issuer
	client *http.Client
}

func start(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, clock: &clock{now: time.Date(2026, 3, 8, 12, 0, 0, 0, time.UTC)}}
	var handler http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { handler.ServeHTTP(rw, r) }))
	t.Cleanup(server.Close)
	w.url = server.URL + "/local/issuer"
	var err error
	w.issuer, err = issuer.New(issuer.Config{Now: w.clock.Now, IssuerURL: w.url, ClientID: "web", RedirectURIs: []string{callback}, LogoutURIs: []string{"http://127.0.0.1:8787/messages"},
		People: []issuer.Person{
			{Sub: "owner-1", Name: "Olga <Owner>", Org: "o1", Role: "owner"},
			{Sub: "sitter-1", Name: "Sam Sitter", Org: "o1", Role: "sitter", SitterID: "s1"},
			{Sub: "ops-1", Name: "Operator", Ops: true},
		},
		Machines: []issuer.Machine{{ID: "machine", Secret: "local"}}})
	if err != nil {
		t.Fatal(err)
	}
	handler = w.issuer
	w.client = server.Client()
	w.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return w
}

func challenge() string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// request is a good authorization request, with changes; an empty value takes a parameter out.
func request(changes ...string) url.Values {
	q := url.Values{"client_id": {"web"}, "redirect_uri": {callback}, "response_type": {"code"}, "scope": {"openid email"}, "state": {"st"}, "nonce": {"no"},
		"code_challenge": {challenge()}, "code_challenge_method": {"S256"}}
	for i := 0; i < len(changes); i += 2 {
		q.Set(changes[i], changes[i+1])
		if changes[i+1] == "" {
			q.Del(changes[i])
		}
	}
	return q
}

func (w *world) do(req *http.Request) (int, http.Header, string) {
	w.t.Helper()
	res, err := w.client.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return res.StatusCode, res.Header, string(body)
}

func (w *world) get(path string) (int, http.Header, string) {
	w.t.Helper()
	req, err := http.NewRequest(http.MethodGet, w.url+path, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.do(req)
}

func (w *world) post(path string, form url.Values) (int, http.Header, string) {
	w.t.Helper()
	req, err := http.NewRequest(http.MethodPost, w.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return w.do(req)
}

// code signs somebody in by the page's form.
func (w *world) code(sub string, changes ...string) string {
	w.t.Helper()
	form := request(changes...)
	form.Set("sub", sub)
	status, header, body := w.post("/authorize", form)
	to, err := url.Parse(header.Get("Location"))
	if status != http.StatusFound || err != nil || to.Query().Get("code") == "" || to.Query().Get("state") != "st" {
		w.t.Fatalf("sign-in answered %d, %q, %s", status, header.Get("Location"), body)
	}
	return to.Query().Get("code")
}

// claims are a token's, with what is random checked and taken out. The signature is the authorizer's matter, which has it tested below.
func claims(t *testing.T, token string) map[string]any {
	t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("%q is no token", token)
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	var c map[string]any
	if err := json.Unmarshal(raw, &c); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"jti", "origin_jti", "event_id"} {
		if v, there := c[name]; there && !regexp.MustCompile(`^[a-z2-7]{26}$`).MatchString(v.(string)) {
			t.Errorf("%s is %q", name, v)
		}
		delete(c, name)
	}
	return c
}

func TestMintedTokensHaveTheClaimsOfThePoolAndPassTheAuthorizer(t *testing.T) {
	w := start(t)
	authorize := gateway.JWT(w.url, []string{"web", "machine"}, w.clock.Now)
	base := func(sub, name string, more map[string]any) map[string]any {
		c := map[string]any{"iss": w.url, "aud": "web", "sub": sub, "token_use": "id", "cognito:username": sub, "name": name, "email": sub + "@example.com", "email_verified": true,
			"auth_time": 1772971200.0, "iat": 1772971200.0, "exp": 1772974800.0}
		for k, v := range more {
			c[k] = v
		}
		return c
	}
	rows := map[string]struct {
		sub  string
		want map[string]any
	}{
		"an owner":                      {"owner-1", base("owner-1", "Olga <Owner>", map[string]any{"custom:org": "o1", "custom:role": "owner"})},
		"a sitter":                      {"sitter-1", base("sitter-1", "Sam Sitter", map[string]any{"custom:org": "o1", "custom:role": "sitter", "custom:sitter": "s1"})},
		"an operator, who is of no org": {"ops-1", base("ops-1", "Operator", map[string]any{"custom:ops": "true"})},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			token, err := w.issuer.Mint(row.sub)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(row.want, claims(t, token)); diff != "" {
				t.Errorf("claims (-want +got):\n%s", diff)
			}
			got, _, err := authorize(context.Background(), token)
			if err != nil || got["sub"] != row.sub {
				t.Errorf("the authorizer says %v about %q", err, got["sub"])
			}
		})
	}
	if token, err := w.issuer.Mint("nobody"); err == nil {
		t.Errorf("nobody got %q", token)
	}
}

func TestATokenEndsByTheClockInHand(t *testing.T) {
	w := start(t)
	authorize := gateway.JWT(w.url, []string{"web"}, w.clock.Now)
	token, err := w.issuer.Mint("owner-1")
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		name    string
		advance time.Duration
		ok      bool
	}{{"at once", 0, true}, {"a second before its end", time.Hour - time.Second, true}, {"at its end", time.Second, false}, {"before it was issued", -2 * time.Hour, false}} {
		w.clock.advance(step.advance)
		if _, _, err := authorize(context.Background(), token); (err == nil) != step.ok {
			t.Errorf("%s: %v", step.name, err)
		}
	}
}

func TestAnotherIssuersTokenIsRefused(t *testing.T) {
	w, other := start(t), start(t)
	token, err := other.issuer.Mint("owner-1")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := gateway.JWT(w.url, []string{"web"}, w.clock.Now)(context.Background(), token); err == nil {
		t.Error("it was taken")
	}
}

func TestThePageSignsInByCodeAndProofAsAStandardClientDoes(t *testing.T) {
	w := start(t)
	ctx := context.WithValue(context.Background(), oauth2.HTTPClient, w.client)
	var discovery struct {
		Authorization string `json:"authorization_endpoint"`
		Token         string `json:"token_endpoint"`
		Issuer        string `json:"issuer"`
	}
	_, _, body := w.get("/.well-known/openid-configuration")
	if err := json.Unmarshal([]byte(body), &discovery); err != nil {
		t.Fatal(err)
	}
	client := oauth2.Config{ClientID: "web", RedirectURL: callback, Scopes: []string{"openid"}, Endpoint: oauth2.Endpoint{AuthURL: discovery.Authorization, TokenURL: discovery.Token}}
	proof := oauth2.GenerateVerifier()
	link, err := url.Parse(client.AuthCodeURL("st", oauth2.S256ChallengeOption(proof), oauth2.SetAuthURLParam("nonce", "no")))
	if err != nil {
		t.Fatal(err)
	}
	status, header, page := w.get(strings.TrimPrefix(link.String(), w.url))
	if status != http.StatusOK || !strings.Contains(header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
		t.Fatalf("page answered %d with %q", status, header.Get("Content-Security-Policy"))
	}
	// What a browser would post: the hidden fields and the button of a person.
	form := url.Values{}
	for _, m := range regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`).FindAllStringSubmatch(page, -1) {
		form.Set(m[1], m[2])
	}
	var offered []string
	for _, m := range regexp.MustCompile(`<button name="sub" value="([^"]*)">([^<]*) <small>`).FindAllStringSubmatch(page, -1) {
		offered = append(offered, m[1]+" "+m[2])
	}
	if diff := cmp.Diff([]string{"owner-1 Olga &lt;Owner&gt;", "sitter-1 Sam Sitter", "ops-1 Operator"}, offered); diff != "" {
		t.Errorf("people on the page (-want +got):\n%s", diff)
	}
	form.Set("sub", "sitter-1")
	_, header, _ = w.post("/authorize", form)
	back, err := url.Parse(header.Get("Location"))
	if err != nil || !strings.HasPrefix(back.String(), callback+"?") || back.Query().Get("state") != "st" {
		t.Fatalf("sent back to %q", header.Get("Location"))
	}
	token, err := client.Exchange(ctx, back.Query().Get("code"), oauth2.VerifierOption(proof))
	if err != nil {
		t.Fatal(err)
	}
	id, _ := token.Extra("id_token").(string)
	got := claims(t, id)
	if got["nonce"] != "no" || got["custom:sitter"] != "s1" {
		t.Errorf("ID token says nonce %v, sitter %v", got["nonce"], got["custom:sitter"])
	}
	access := claims(t, token.AccessToken)
	if diff := cmp.Diff(map[string]any{"iss": w.url, "sub": "sitter-1", "client_id": "web", "token_use": "access", "scope": "openid email profile", "version": 2.0,
		"auth_time": 1772971200.0, "iat": 1772971200.0, "exp": 1772974800.0}, access); diff != "" {
		t.Errorf("access token (-want +got):\n%s", diff)
	}
	if token.RefreshToken == "" {
		t.Error("no refresh token")
	}
}

func TestAuthorizationRequestsThatAreRefused(t *testing.T) {
	w := start(t)
	rows := map[string]struct {
		changes  []string
		status   int
		location string
	}{
		"an unknown client is never redirected":     {[]string{"client_id", "x"}, http.StatusBadRequest, ""},
		"an address that is not registered neither": {[]string{"redirect_uri", callback + "/x"}, http.StatusBadRequest, ""},
		"an implicit flow":                          {[]string{"response_type", "token"}, http.StatusFound, callback + "?error=unsupported_response_type&state=st"},
		"no openid":                                 {[]string{"scope", "email"}, http.StatusFound, callback + "?error=invalid_scope&state=st"},
		"no challenge":                              {[]string{"code_challenge", ""}, http.StatusFound, callback + "?error=invalid_request&state=st"},
		"a plain challenge":                         {[]string{"code_challenge_method", "plain"}, http.StatusFound, callback + "?error=invalid_request&state=st"},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			form := request(row.changes...)
			status, header, _ := w.get("/authorize?" + form.Encode())
			form.Set("sub", "owner-1")
			posted, postedHeader, _ := w.post("/authorize", form)
			want := []any{row.status, row.location, row.status, row.location}
			if diff := cmp.Diff(want, []any{status, header.Get("Location"), posted, postedHeader.Get("Location")}); diff != "" {
				t.Errorf("page, then form (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("somebody who is not on the list", func(t *testing.T) {
		form := request()
		form.Set("sub", "nobody")
		_, header, _ := w.post("/authorize", form)
		if diff := cmp.Diff(callback+"?error=access_denied&state=st", header.Get("Location")); diff != "" {
			t.Errorf("location (-want +got):\n%s", diff)
		}
	})
}

func TestACodeIsGoodOnceForItsClientItsAddressItsProofAndFiveMinutes(t *testing.T) {
	const good = ""
	rows := map[string]struct {
		later   time.Duration
		changes map[string]string
		status  int
		refusal string
	}{
		"all as it should be":  {0, nil, http.StatusOK, good},
		"just before its end":  {5*time.Minute - time.Second, nil, http.StatusOK, good},
		"at its end":           {5 * time.Minute, nil, http.StatusBadRequest, "invalid_grant"},
		"the wrong proof":      {0, map[string]string{"code_verifier": "x"}, http.StatusBadRequest, "invalid_grant"},
		"no proof":             {0, map[string]string{"code_verifier": ""}, http.StatusBadRequest, "invalid_grant"},
		"another address":      {0, map[string]string{"redirect_uri": "http://127.0.0.1:1/"}, http.StatusBadRequest, "invalid_grant"},
		"another client":       {0, map[string]string{"client_id": "machine"}, http.StatusUnauthorized, "invalid_client"},
		"another code":         {0, map[string]string{"code": "x"}, http.StatusBadRequest, "invalid_grant"},
		"a grant nobody knows": {0, map[string]string{"grant_type": "password"}, http.StatusBadRequest, "unsupported_grant_type"},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			w := start(t)
			form := url.Values{"grant_type": {"authorization_code"}, "client_id": {"web"}, "code": {w.code("owner-1")}, "redirect_uri": {callback}, "code_verifier": {verifier}}
			w.clock.advance(row.later)
			for k, v := range row.changes {
				form.Set(k, v)
			}
			status, header, body := w.post("/token", form)
			var refusal struct{ Error string }
			if err := json.Unmarshal([]byte(body), &refusal); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]any{row.status, row.refusal, "no-store"}, []any{status, refusal.Error, header.Get("Cache-Control")}); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
			if status != http.StatusOK {
				return
			}
			if status, _, body := w.post("/token", form); status != http.StatusBadRequest {
				t.Errorf("the code was good twice: %d %s", status, body)
			}
		})
	}
}

func TestARefreshTokenLastsThirtyDaysUntilItIsRevoked(t *testing.T) {
	w := start(t)
	_, _, body := w.post("/token", url.Values{"grant_type": {"authorization_code"}, "client_id": {"web"}, "code": {w.code("owner-1")}, "redirect_uri": {callback}, "code_verifier": {verifier}})
	var first struct {
		Refresh string `json:"refresh_token"`
	}
	if err := json.Unmarshal([]byte(body), &first); err != nil || first.Refresh == "" {
		t.Fatalf("%v: %s", err, body)
	}
	renew := url.Values{"grant_type": {"refresh_token"}, "client_id": {"web"}, "refresh_token": {first.Refresh}}
	w.clock.advance(29 * 24 * time.Hour)
	_, _, body = w.post("/token", renew)
	var second map[string]any
	if err := json.Unmarshal([]byte(body), &second); err != nil {
		t.Fatal(err)
	}
	id, _ := second["id_token"].(string)
	got := claims(t, id)
	// Still who signed in and when, newly issued, without the nonce of the sign-in, and without a new refresh token.
	want := map[string]any{"iss": w.url, "aud": "web", "sub": "owner-1", "token_use": "id", "cognito:username": "owner-1", "name": "Olga <Owner>", "email": "owner-1@example.com",
		"email_verified": true, "auth_time": 1772971200.0, "iat": 1772971200.0 + 29*86400, "exp": 1772974800.0 + 29*86400, "custom:org": "o1", "custom:role": "owner"}
	if diff := cmp.Diff(want, got); diff != "" || second["refresh_token"] != nil {
		t.Errorf("renewed ID token (-want +got), refresh token %v:\n%s", second["refresh_token"], diff)
	}
	steps := []struct {
		name   string
		do     func()
		status int
	}{
		{"somebody else's client", func() { renew.Set("client_id", "x") }, http.StatusUnauthorized},
		{"the right client again", func() { renew.Set("client_id", "web") }, http.StatusOK},
		{"after it was revoked", func() { w.post("/revoke", url.Values{"client_id": {"web"}, "token": {first.Refresh}}) }, http.StatusBadRequest},
	}
	for _, s := range steps {
		s.do()
		if status, _, body := w.post("/token", renew); status != s.status {
			t.Errorf("%s: %d %s, want %d", s.name, status, body, s.status)
		}
	}
}

func TestARefreshTokenEndsAfterThirtyDays(t *testing.T) {
	w := start(t)
	_, _, body := w.post("/token", url.Values{"grant_type": {"authorization_code"}, "client_id": {"web"}, "code": {w.code("owner-1")}, "redirect_uri": {callback}, "code_verifier": {verifier}})
	var first struct {
		Refresh string `json:"refresh_token"`
	}
	if err := json.Unmarshal([]byte(body), &first); err != nil {
		t.Fatal(err)
	}
	w.clock.advance(30 * 24 * time.Hour)
	if status, _, body := w.post("/token", url.Values{"grant_type": {"refresh_token"}, "client_id": {"web"}, "refresh_token": {first.Refresh}}); status != http.StatusBadRequest {
		t.Errorf("%d %s", status, body)
	}
}

func TestMachinesGetAccessTokensWithTheOpsScope(t *testing.T) {
	w := start(t)
	ctx := context.WithValue(context.Background(), oauth2.HTTPClient, w.client)
	authorize := gateway.JWT(w.url, []string{"web", "machine"}, w.clock.Now)
	for name, style := range map[string]oauth2.AuthStyle{"secret in the header": oauth2.AuthStyleInHeader, "secret in the form": oauth2.AuthStyleInParams} {
		t.Run(name, func(t *testing.T) {
			token, err := (&clientcredentials.Config{ClientID: "machine", ClientSecret: "local", TokenURL: w.url + "/token", Scopes: []string{"snout/ops"}, AuthStyle: style}).Token(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(map[string]any{"iss": w.url, "sub": "machine", "client_id": "machine", "token_use": "access", "scope": "snout/ops", "version": 2.0,
				"auth_time": 1772971200.0, "iat": 1772971200.0, "exp": 1772974800.0}, claims(t, token.AccessToken)); diff != "" {
				t.Errorf("claims (-want +got):\n%s", diff)
			}
			if _, scopes, err := authorize(ctx, token.AccessToken); err != nil || len(scopes) != 1 || scopes[0] != "snout/ops" {
				t.Errorf("the authorizer says %v, scopes %q", err, scopes)
			}
		})
	}
	for name, row := range map[string]struct {
		form   url.Values
		status int
	}{
		"a wrong secret":      {url.Values{"client_id": {"machine"}, "client_secret": {"x"}}, http.StatusUnauthorized},
		"no secret":           {url.Values{"client_id": {"machine"}}, http.StatusUnauthorized},
		"the page's client":   {url.Values{"client_id": {"web"}, "client_secret": {""}}, http.StatusUnauthorized},
		"a scope nobody gave": {url.Values{"client_id": {"machine"}, "client_secret": {"local"}, "scope": {"snout/all"}}, http.StatusBadRequest},
	} {
		t.Run(name, func(t *testing.T) {
			row.form.Set("grant_type", "client_credentials")
			if status, _, body := w.post("/token", row.form); status != row.status {
				t.Errorf("%d %s, want %d", status, body, row.status)
			}
		})
	}
}

func TestSigningOutSendsTheBrowserOnlyWhereItMayGo(t *testing.T) {
	w := start(t)
	rows := map[string]struct {
		query, location string
		status          int
	}{
		"to the page":       {"client_id=web&logout_uri=" + url.QueryEscape("http://127.0.0.1:8787/messages"), "http://127.0.0.1:8787/messages", http.StatusFound},
		"to somewhere else": {"client_id=web&logout_uri=" + url.QueryEscape("https://example.com/"), "", http.StatusBadRequest},
		"of another client": {"client_id=x&logout_uri=" + url.QueryEscape("http://127.0.0.1:8787/messages"), "", http.StatusBadRequest},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			status, header, _ := w.get("/logout?" + row.query)
			if diff := cmp.Diff([]any{row.status, row.location}, []any{status, header.Get("Location")}); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPathsOutsideTheIssuerAreNotFound(t *testing.T) {
	w := start(t)
	for _, path := range []string{"/", "/keys", "/token", "/../token"} { // /token is a POST
		if status, _, _ := w.get(path); status != http.StatusNotFound {
			t.Errorf("%s answered %d", path, status)
		}
	}
}

func TestNewNamesEveryFault(t *testing.T) {
	_, err := issuer.New(issuer.Config{IssuerURL: "http://127.0.0.1/", People: []issuer.Person{{Sub: "a"}, {Sub: "a"}}, Machines: []issuer.Machine{{ID: "m"}}})
	if err == nil {
		t.Fatal("it was built")
	}
	for _, want := range []string{"without a slash", "a clock and a client id", `person "a"`, `machine "m"`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not name %q", err, want)
		}
	}
}

func BenchmarkFirstTokenWithItsKey(b *testing.B) {
	for b.Loop() {
		i, err := issuer.New(issuer.Config{Now: time.Now, IssuerURL: "http://127.0.0.1/i", ClientID: "web", People: []issuer.Person{{Sub: "a"}}})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := i.Mint("a"); err != nil {
			b.Fatal(err)
		}
	}
}
