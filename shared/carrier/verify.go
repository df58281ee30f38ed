package carrier

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// ErrSignature says that a request does not prove that it comes from the
// carrier: no signature, a wrong one, or a body that cannot have been signed.
// The answer is 403 and nothing is stored. Every other error of Verify is ours
// (a token that cannot be read), and must be answered 5xx so that the carrier
// comes back.
var ErrSignature = errors.New("carrier signature is missing or wrong")

// Webhook is what is checked: the request as it reached us, undecoded. Where
// the front door delivers base64, the caller has decoded Body, and nothing
// else was done to it.
type Webhook struct {
	Path      string // as it was asked for, percent-encoding untouched; without a stage's name
	RawQuery  string // without the '?', verbatim
	Body      []byte // empty for a GET
	Signature string // header X-Twilio-Signature
}

// Verifier checks X-Twilio-Signature. The public address is configuration and
// never taken from the request: behind API Gateway it cannot be recovered from
// the event, and Host headers belong to whoever sends them.
type Verifier struct {
	tokens func(context.Context) ([]string, error)
	bases  []string // every spelling of the public address that may have been signed
}

// NewVerifier makes a Verifier for the public address under which the carrier
// knows us, such as https://snout.example or https://api.example/snout. tokens
// gives one auth token, or during a rotation two.
func NewVerifier(baseURL string, tokens func(context.Context) ([]string, error)) (*Verifier, error) {
	if tokens == nil {
		return nil, errors.New("carrier verifier: no source of auth tokens")
	}
	bases, err := spellings(baseURL)
	if err != nil {
		return nil, fmt.Errorf("carrier verifier: public base URL: %w", err)
	}
	return &Verifier{tokens: tokens, bases: bases}, nil
}

// spellings lists the ways in which the carrier may have written an address.
// Its back end is not consistent about a default port, and by its own
// documentation it drops user information that its own libraries keep.
func spellings(baseURL string) ([]string, error) {
	u, err := url.Parse(baseURL)
	if err != nil {
		return nil, errors.New("is not a URL")
	}
	var port string
	switch u.Scheme {
	case "https":
		port = ":443"
	case "http":
		port = ":80"
	default:
		return nil, errors.New("needs the scheme https, or http on one machine")
	}
	if u.Host == "" || u.Hostname() == "" {
		return nil, errors.New("has no host")
	}
	if u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return nil, errors.New("must not carry a query or a fragment")
	}
	host := u.Host
	if p := u.Port(); p != "" {
		port = ":" + p
		host = strings.TrimSuffix(host, port)
	} else {
		host = strings.TrimSuffix(host, ":")
	}
	path := strings.TrimSuffix(u.EscapedPath(), "/")
	users := []string{""}
	if u.User != nil {
		users = append(users, u.User.String()+"@")
	}
	var bases []string
	for _, user := range users {
		for _, p := range []string{"", port} {
			bases = append(bases, u.Scheme+"://"+user+host+p+path)
		}
	}
	return bases, nil
}

// Verify answers nil if one of the tokens signed exactly this request, and
// ErrSignature if none did.
func (v *Verifier) Verify(ctx context.Context, w Webhook) error {
	if w.Signature == "" {
		return ErrSignature
	}
	tails, err := signedTails(w)
	if err != nil {
		return ErrSignature
	}
	tokens, err := v.tokens(ctx)
	if err != nil {
		return fmt.Errorf("carrier verifier: read auth tokens: %w", err)
	}
	if len(tokens) < 1 || len(tokens) > 2 || slices.Contains(tokens, "") {
		// An empty token would let anybody sign: HMAC takes an empty key.
		return fmt.Errorf("carrier verifier: need one or two auth tokens, none of them empty; have %d", len(tokens))
	}
	// Every candidate is computed and compared, so that the time taken says
	// nothing about which came close.
	given := []byte(w.Signature)
	var want [28]byte // base64 of 20 bytes
	var sum [sha1.Size]byte
	match := 0
	for _, token := range tokens {
		mac := hmac.New(sha1.New, []byte(token))
		for _, base := range v.bases {
			for _, tail := range tails {
				mac.Reset()
				mac.Write([]byte(base))
				mac.Write(tail)
				base64.StdEncoding.Encode(want[:], mac.Sum(sum[:0]))
				match |= subtle.ConstantTimeCompare(want[:], given)
			}
		}
	}
	if match != 1 {
		return ErrSignature
	}
	return nil
}

// signedTails builds what follows the public address in the signed string:
// path, query and, for a form, every parameter as name and value, sorted by
// bytes, equal pairs once. There is a second spelling only where the query
// holds an apostrophe, which the carrier has been seen to sign escaped.
func signedTails(w Webhook) ([][]byte, error) {
	query := ""
	if w.RawQuery != "" {
		query = "?" + w.RawQuery
	}
	var params []pair
	hash, hashed, err := bodyHash(w.RawQuery)
	if err != nil {
		return nil, err
	}
	if hashed {
		// Not a form: the URL alone is signed, and carries the body's hash.
		sum := sha256.Sum256(w.Body)
		if subtle.ConstantTimeCompare([]byte(hex.EncodeToString(sum[:])), []byte(hash)) != 1 {
			return nil, ErrSignature
		}
	} else {
		if params, err = parsePairs(string(w.Body)); err != nil {
			return nil, err
		}
		slices.SortFunc(params, func(a, b pair) int {
			if c := strings.Compare(a.name, b.name); c != 0 {
				return c
			}
			return strings.Compare(a.value, b.value)
		})
		params = slices.Compact(params)
	}
	tails := [][]byte{tail(w.Path, query, params)}
	if strings.Contains(query, "'") {
		tails = append(tails, tail(w.Path, strings.ReplaceAll(query, "'", "%27"), params))
	}
	return tails, nil
}

func tail(path, query string, params []pair) []byte {
	size := len(path) + len(query)
	for _, p := range params {
		size += len(p.name) + len(p.value)
	}
	out := make([]byte, 0, size)
	out = append(out, path...)
	out = append(out, query...)
	for _, p := range params {
		out = append(out, p.name...)
		out = append(out, p.value...)
	}
	return out
}

// bodyHash finds the parameter that the carrier adds to a URL when the body is
// not a form.
func bodyHash(rawQuery string) (hash string, present bool, err error) {
	if !strings.Contains(rawQuery, "bodySHA256") {
		return "", false, nil
	}
	pairs, err := parsePairs(rawQuery)
	if err != nil {
		return "", false, err
	}
	hash, present = first(pairs, "bodySHA256")
	return hash, present, nil
}
