package gateway

import (
	"context"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// What the authorizer says in WWW-Authenticate. None of them repeats anything of the token.
var (
	errNotAToken = errors.New("the token is malformed")
	errSignature = errors.New("signing method or signature not valid")
	errIssuer    = errors.New("the token does not have a valid issuer")
	errAudience  = errors.New("the token does not have a valid audience")
	errClaims    = errors.New("the token lacks a required claim")
	errExpired   = errors.New("the token has expired")
	errTooEarly  = errors.New("the token is not valid yet")
	errDiscovery = errors.New("OIDC discovery endpoint communication error")
)

// JWT is the HTTP API's JWT authorizer as a Config.Authorize: keys from the issuer's discovery document, RS256 only, iss equal, aud (or client_id where there
// is no aud, as in Cognito's access tokens) among audiences, exp required and after now, nbf and iat not after now, no leeway. Claims come out as text in the
// service's own form; scopes are those of the claim scope. Keys are kept two hours, as the service keeps them.
func JWT(issuerURL string, audiences []string, now func() time.Time) func(ctx context.Context, token string) (claims map[string]string, scopes []string, err error) {
	keys := &keySet{
		issuer: issuerURL,
		now:    now,
		// No idle connections: the few requests it makes are two hours apart.
		client: &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}},
	}
	parser := jwt.NewParser(jwt.WithValidMethods([]string{"RS256"}), jwt.WithIssuer(issuerURL), jwt.WithExpirationRequired(), jwt.WithIssuedAt(),
		jwt.WithTimeFunc(now), jwt.WithJSONNumber(), jwt.WithStrictDecoding())
	return func(ctx context.Context, token string) (map[string]string, []string, error) {
		claims := jwt.MapClaims{}
		_, err := parser.ParseWithClaims(token, claims, func(t *jwt.Token) (any, error) {
			kid, _ := t.Header["kid"].(string)
			return keys.find(ctx, kid)
		})
		if err != nil {
			return nil, nil, refusal(err)
		}
		if !audienceOf(claims, audiences) {
			return nil, nil, errAudience
		}
		out := map[string]string{}
		for name, v := range claims {
			if text, ok := claimText(v); ok {
				out[name] = text
			}
		}
		return out, strings.Fields(out["scope"]), nil
	}
}

func refusal(err error) error {
	for _, pair := range []struct{ is, say error }{
		{errDiscovery, errDiscovery},
		{jwt.ErrTokenMalformed, errNotAToken},
		{jwt.ErrTokenUnverifiable, errSignature},
		{jwt.ErrTokenSignatureInvalid, errSignature},
		{jwt.ErrTokenExpired, errExpired},
		{jwt.ErrTokenRequiredClaimMissing, errClaims},
		{jwt.ErrTokenNotValidYet, errTooEarly},
		{jwt.ErrTokenUsedBeforeIssued, errTooEarly},
		{jwt.ErrTokenInvalidIssuer, errIssuer},
	} {
		if errors.Is(err, pair.is) {
			return pair.say
		}
	}
	return errNotAToken
}

// audienceOf compares client_id only where there is no aud.
func audienceOf(claims jwt.MapClaims, audiences []string) bool {
	if _, given := claims["aud"]; !given {
		id, _ := claims["client_id"].(string)
		return id != "" && slices.Contains(audiences, id)
	}
	got, err := claims.GetAudience()
	return err == nil && slices.ContainsFunc(got, func(a string) bool { return slices.Contains(audiences, a) })
}

// claimText is a claim as the service hands it to functions, measured there: numbers and booleans as text, a list as [a b], an object as JSON, null left out.
func claimText(v any) (string, bool) {
	switch v := v.(type) {
	case nil:
		return "", false
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return fmt.Sprint(v), true
	case []any:
		var parts []string
		for _, e := range v {
			if text, ok := claimText(e); ok {
				parts = append(parts, text)
			}
		}
		return "[" + strings.Join(parts, " ") + "]", true
	}
	text, err := json.Marshal(v)
	return string(text), err == nil
}

// keySet holds the issuer's public keys.
type keySet struct {
	issuer string
	now    func() time.Time
	client *http.Client

	mu      sync.Mutex
	keys    map[string]*rsa.PublicKey
	fetched time.Time
}

const (
	keysKept   = 2 * time.Hour
	keysFresh  = time.Minute // an unknown kid asks the issuer again, but not for each forged token
	keysAnswer = 1 << 20
)

func (k *keySet) find(ctx context.Context, kid string) (*rsa.PublicKey, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	age := k.now().Sub(k.fetched).Abs() // the clock may be set back
	if key := k.keys[kid]; key != nil && age < keysKept {
		return key, nil
	}
	if k.keys == nil || age >= keysFresh {
		keys, err := k.fetch(ctx)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errDiscovery, err)
		}
		k.keys, k.fetched = keys, k.now()
	}
	if key := k.keys[kid]; key != nil {
		return key, nil
	}
	return nil, errors.New("no such key")
}

func (k *keySet) fetch(ctx context.Context) (map[string]*rsa.PublicKey, error) {
	var discovery struct {
		Issuer  string `json:"issuer"`
		JWKSURI string `json:"jwks_uri"`
	}
	if err := k.get(ctx, strings.TrimSuffix(k.issuer, "/")+"/.well-known/openid-configuration", &discovery); err != nil {
		return nil, err
	}
	if discovery.Issuer != k.issuer {
		return nil, errors.New("discovery document names another issuer")
	}
	var set struct {
		Keys []struct{ Kty, Kid, Alg, Use, N, E string }
	}
	if err := k.get(ctx, discovery.JWKSURI, &set); err != nil {
		return nil, err
	}
	keys := map[string]*rsa.PublicKey{}
	for _, j := range set.Keys {
		n, err1 := base64.RawURLEncoding.DecodeString(j.N)
		e, err2 := base64.RawURLEncoding.DecodeString(j.E)
		if j.Kty != "RSA" || j.Kid == "" || (j.Use != "" && j.Use != "sig") || err1 != nil || err2 != nil || len(e) == 0 || len(e) > 4 {
			continue
		}
		keys[j.Kid] = &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(e).Int64())}
	}
	return keys, nil
}

func (k *keySet) get(ctx context.Context, url string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	res, err := k.client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("answered %d", res.StatusCode)
	}
	return json.NewDecoder(io.LimitReader(res.Body, keysAnswer)).Decode(into)
}
