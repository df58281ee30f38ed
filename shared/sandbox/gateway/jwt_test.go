package gateway_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"snout/shared/sandbox/gateway"
)

// keyServer is an issuer of nothing but a discovery document and keys, so that tests sign what no real issuer would.
type keyServer struct {
	*httptest.Server
	mu      sync.Mutex
	keys    map[string]*rsa.PrivateKey
	fetches int
	down    bool
}

func newKeyServer(t *testing.T) *keyServer {
	t.Helper()
	s := &keyServer{keys: map[string]*rsa.PrivateKey{"k1": newKey(t)}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.down {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		if r.URL.Path == "/.well-known/openid-configuration" {
			s.fetches++
			_ = json.NewEncoder(w).Encode(map[string]string{"issuer": s.URL, "jwks_uri": s.URL + "/keys"})
			return
		}
		var keys []map[string]string
		for kid, k := range s.keys {
			keys = append(keys, map[string]string{"kty": "RSA", "kid": kid, "use": "sig", "alg": "RS256",
				"n": base64.RawURLEncoding.EncodeToString(k.N.Bytes()), "e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(k.E)).Bytes())})
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"keys": keys})
	}))
	t.Cleanup(s.Close)
	return s
}

func newKey(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func signed(t *testing.T, method jwt.SigningMethod, kid string, key any, claims jwt.MapClaims) string {
	t.Helper()
	token := jwt.NewWithClaims(method, claims)
	token.Header["kid"] = kid
	s, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTheAuthorizerTakesWhatTheServiceTakesAndNothingElse(t *testing.T) {
	s := newKeyServer(t)
	key, other := s.keys["k1"], newKey(t)
	now := noon().Unix()
	claims := func(change jwt.MapClaims) jwt.MapClaims {
		c := jwt.MapClaims{"iss": s.URL, "aud": "web", "sub": "owner-1", "iat": now, "exp": now + 60}
		for k, v := range change {
			if v == nil {
				delete(c, k)
				continue
			}
			c[k] = v
		}
		return c
	}
	good := func(change jwt.MapClaims) string { return signed(t, jwt.SigningMethodRS256, "k1", key, claims(change)) }
	valid := good(nil)
	parts := strings.Split(valid, ".")
	public, _ := json.Marshal(key.PublicKey)
	rows := map[string]struct{ token, want string }{
		"a good token":                             {valid, ""},
		"one of several audiences":                 {good(jwt.MapClaims{"aud": []string{"x", "web"}}), ""},
		"client_id where there is no audience":     {good(jwt.MapClaims{"aud": nil, "client_id": "machine"}), ""},
		"client_id does not help a wrong audience": {good(jwt.MapClaims{"aud": "x", "client_id": "machine"}), "the token does not have a valid audience"},
		"an unknown client_id":                     {good(jwt.MapClaims{"aud": nil, "client_id": "x"}), "the token does not have a valid audience"},
		"neither audience nor client_id":           {good(jwt.MapClaims{"aud": nil}), "the token does not have a valid audience"},
		"another audience":                         {good(jwt.MapClaims{"aud": "x"}), "the token does not have a valid audience"},
		"an empty list of audiences":               {good(jwt.MapClaims{"aud": []string{}}), "the token does not have a valid audience"},
		"another issuer":                           {good(jwt.MapClaims{"iss": "https://id.example.com"}), "the token does not have a valid issuer"},
		"the issuer with a slash at its end":       {good(jwt.MapClaims{"iss": s.URL + "/"}), "the token does not have a valid issuer"},
		"no issuer":                                {good(jwt.MapClaims{"iss": nil}), "the token lacks a required claim"},
		"expired this second":                      {good(jwt.MapClaims{"exp": now}), "the token has expired"},
		"no expiry":                                {good(jwt.MapClaims{"exp": nil}), "the token lacks a required claim"},
		"an expiry that is no number":              {good(jwt.MapClaims{"exp": "never"}), "the token is malformed"},
		"not valid yet":                            {good(jwt.MapClaims{"nbf": now + 5}), "the token is not valid yet"},
		"issued in the future":                     {good(jwt.MapClaims{"iat": now + 5}), "the token is not valid yet"},
		"alg none":                                 {signed(t, jwt.SigningMethodNone, "k1", jwt.UnsafeAllowNoneSignatureType, claims(nil)), "signing method or signature not valid"},
		"HS256 with the public key as its secret":  {signed(t, jwt.SigningMethodHS256, "k1", public, claims(nil)), "signing method or signature not valid"},
		"RS512 with the right key":                 {signed(t, jwt.SigningMethodRS512, "k1", key, claims(nil)), "signing method or signature not valid"},
		"somebody else's key under the known kid":  {signed(t, jwt.SigningMethodRS256, "k1", other, claims(nil)), "signing method or signature not valid"},
		"an unknown kid":                           {signed(t, jwt.SigningMethodRS256, "k9", key, claims(nil)), "signing method or signature not valid"},
		"no signature":                             {parts[0] + "." + parts[1] + ".", "signing method or signature not valid"},
		"a changed claim":                          {parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"iss":"x"}`)) + "." + parts[2], "signing method or signature not valid"},
		"no token at all":                          {"hello", "the token is malformed"},
	}
	authorize := gateway.JWT(s.URL, []string{"web", "machine"}, noon)
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			_, _, err := authorize(context.Background(), row.token)
			got := ""
			if err != nil {
				got = err.Error()
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("refusal (-want +got):\n%s", diff)
			}
		})
	}
}

func TestClaimsArriveAsTextInTheServicesOwnForm(t *testing.T) {
	s := newKeyServer(t)
	now := noon().Unix()
	token := signed(t, jwt.SigningMethodRS256, "k1", s.keys["k1"], jwt.MapClaims{"iss": s.URL, "aud": "web", "exp": now + 60, "email_verified": true, "nothing": nil,
		"cognito:groups": []string{"admin", "poweruser"}, "scope": "openid snout/ops", "identity": map[string]any{"a": 1}, "custom:org": "o1"})
	claims, scopes, err := gateway.JWT(s.URL, []string{"web"}, noon)(context.Background(), token)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"iss": s.URL, "aud": "web", "exp": "1772971260", "email_verified": "true", "cognito:groups": "[admin poweruser]", "scope": "openid snout/ops",
		"identity": `{"a":1}`, "custom:org": "o1"}
	if diff := cmp.Diff(want, claims); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"openid", "snout/ops"}, scopes); diff != "" {
		t.Errorf("scopes (-want +got):\n%s", diff)
	}
}

func TestKeysAreKeptForTwoHoursAndAForgedKidAsksOnceAMinute(t *testing.T) {
	s := newKeyServer(t)
	clock := noon()
	authorize := gateway.JWT(s.URL, []string{"web"}, func() time.Time { return clock })
	token := func(kid string) string {
		s.mu.Lock()
		key := s.keys[kid]
		s.mu.Unlock()
		if key == nil {
			key = s.keys["k1"]
		}
		return signed(t, jwt.SigningMethodRS256, kid, key, jwt.MapClaims{"iss": s.URL, "aud": "web", "exp": clock.Unix() + 60})
	}
	steps := []struct {
		name    string
		before  func()
		kid     string
		ok      bool
		fetches int
	}{
		{"the first token fetches the keys", func() {}, "k1", true, 1},
		{"the second does not", func() {}, "k1", true, 1},
		{"a forged kid at once does not", func() {}, "k9", false, 1},
		{"a forged kid a minute later does", func() { clock = clock.Add(time.Minute) }, "k9", false, 2},
		{"the next one does not", func() {}, "k8", false, 2},
		{"a rotated key is found once a minute has passed", func() {
			clock = clock.Add(time.Minute)
			s.mu.Lock()
			s.keys["k2"] = newKey(t)
			s.mu.Unlock()
		}, "k2", true, 3},
		{"after two hours they are fetched again", func() { clock = clock.Add(2 * time.Hour) }, "k1", true, 4},
		{"also when the clock was set back", func() { clock = clock.Add(-5 * time.Hour) }, "k1", true, 5},
		{"with the issuer down, the kept keys still do", func() { s.mu.Lock(); s.down = true; s.mu.Unlock() }, "k1", true, 5},
		{"but not after two hours", func() { clock = clock.Add(2 * time.Hour) }, "k1", false, 5},
	}
	for _, step := range steps {
		step.before()
		_, _, err := authorize(context.Background(), token(step.kid))
		s.mu.Lock()
		fetches := s.fetches
		s.mu.Unlock()
		if (err == nil) != step.ok || fetches != step.fetches {
			t.Errorf("%s: error %v, %d fetches, want %v, %d", step.name, err, fetches, step.ok, step.fetches)
		}
	}
}

func TestARefusalNeverRepeatsTheToken(t *testing.T) {
	s := newKeyServer(t)
	f := &function{answer: `{"statusCode":200}`}
	g := build(t, f, func(c *gateway.Config) { c.Authorize = gateway.JWT(s.URL, []string{"web"}, noon) }, gateway.Route{Method: "GET", Path: "/", Function: "F", Authorized: true})
	for _, token := range []string{"secret", "secret.secret.secret", signed(t, jwt.SigningMethodRS256, "secret", s.keys["k1"], jwt.MapClaims{"iss": "secret"})} {
		res := do(g, "GET", "/", "", http.Header{"Authorization": {"Bearer " + token}})
		if res.StatusCode != http.StatusUnauthorized || strings.Contains(res.Header.Get("Www-Authenticate"), "secret") || f.calls != 0 {
			t.Errorf("answered %d, %q, %d calls", res.StatusCode, res.Header.Get("Www-Authenticate"), f.calls)
		}
	}
}
