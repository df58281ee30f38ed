package carrier

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	twilio "github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"

	"snout/shared/routing"
)

// ClientConfig says how to reach the carrier. Only Credentials is required.
type ClientConfig struct {
	// Credentials are fetched at each call, so that a cold start does not wait
	// for them and a rotation needs no restart; caching is the function's work.
	Credentials func(context.Context) (Credentials, error)
	BaseURL     string            // empty: DefaultBaseURL; plain http only on loopback
	Transport   http.RoundTripper // nil: one of our own
	Timeout     time.Duration     // for one whole call; 0: 10 s. The context's deadline bites too
	Now         func() time.Time  // nil: time.Now; only reads a Retry-After that is a date
}

const (
	defaultTimeout = 10 * time.Second
	// maxAnswer bounds what is read of one answer. A page of 200 messages of
	// the greatest length is below 2 MiB.
	maxAnswer = 4 << 20
	userAgent = "snout (twilio-go " + twilio.LibraryVersion + ")"
)

// Client calls the carrier through twilio-go, adding what that lacks: the
// context and its deadline, a base address, bodies that are bounded and closed,
// and an answer to the one question that matters after a failure: was the
// message created? It is safe for concurrent use.
type Client struct {
	http    *http.Client
	base    *url.URL
	creds   func(context.Context) (Credentials, error)
	timeout time.Duration
	now     func() time.Time
}

// NewClient checks the configuration; it calls nobody.
func NewClient(cfg ClientConfig) (*Client, error) {
	if cfg.Credentials == nil {
		return nil, errors.New("carrier client: no source of credentials")
	}
	base, err := apiBase(cfg.BaseURL)
	if err != nil {
		return nil, fmt.Errorf("carrier client: %w", err)
	}
	transport := cfg.Transport
	if transport == nil {
		transport = &http.Transport{
			Proxy:               http.ProxyFromEnvironment,
			DialContext:         (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
			TLSHandshakeTimeout: 5 * time.Second,
			ForceAttemptHTTP2:   true,
			MaxIdleConnsPerHost: 16,
			IdleConnTimeout:     90 * time.Second,
		}
	}
	c := &Client{
		http:    &http.Client{Transport: transport, CheckRedirect: noRedirect},
		base:    base,
		creds:   cfg.Credentials,
		timeout: cfg.Timeout,
		now:     cfg.Now,
	}
	if c.timeout <= 0 {
		c.timeout = defaultTimeout
	}
	if c.now == nil {
		c.now = time.Now
	}
	return c, nil
}

// noRedirect: a redirected POST arrives as a GET, or with credentials at a host
// we never chose.
func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// apiBase reads the address of the REST API. Credentials go there with every
// call, so anything but https must be this machine itself.
func apiBase(raw string) (*url.URL, error) {
	if raw == "" {
		raw = DefaultBaseURL
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("base URL needs a scheme and a host, and no user, query or fragment")
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())) {
		return nil, errors.New("base URL must be https, or http on loopback")
	}
	u.Path = strings.TrimSuffix(u.Path, "/")
	return u, nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// call is one request to the carrier, and what became of it. It is the
// twilio-go client of that one request: the library knows no context, loses
// status and headers of failures, and leaves their bodies open.
type call struct {
	ctx     context.Context
	client  *Client
	creds   Credentials
	reached atomic.Bool // a connection was had: from here on the carrier may have heard us
	status  int         // of the answer; 0: none
	header  http.Header
	body    []byte
	err     error // why there is no answer, or no whole one
}

var _ twilio.BaseClient = (*call)(nil)

// begin fetches the credentials and sets the time limit. Without an error, the
// returned function must be called when the call is over.
func (c *Client) begin(ctx context.Context, op string) (*call, *api.ApiService, context.CancelFunc, *Error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	creds, err := c.creds(ctx)
	if err == nil && (!isSid(creds.AccountSid, "AC") || creds.Secret == "") {
		err = errors.New("account sid or secret is empty or malformed")
	}
	if err != nil {
		cancel()
		return nil, nil, nil, &Error{Op: op, Outcome: OutcomeNotCreated, Class: Retry, cause: fmt.Errorf("credentials: %w", err)}
	}
	k := &call{ctx: ctx, client: c, creds: creds}
	// Not NewRequestHandler: that lets two environment variables change the host.
	return k, api.NewApiService(&twilio.RequestHandler{Client: k}), cancel, nil
}

// AccountSid is the account in the path of every request.
func (k *call) AccountSid() string { return k.creds.AccountSid }

// SetTimeout does nothing: the time limit is the context's.
func (k *call) SetTimeout(time.Duration) {}

// SetOauth does nothing: only Basic authentication is used.
func (k *call) SetOauth(twilio.OAuth) {}

// OAuth is always nil.
func (k *call) OAuth() twilio.OAuth { return nil }

// errAnswered ends the library's work on an answer that is not a success; what
// the carrier said is in the call.
var errAnswered = errors.New("the carrier answered with an error")

// SendRequest sends one request, once. It never sets a header named
// Idempotency-Key: the carrier ignores it, but net/http would take it as leave
// to repeat the POST by itself. The headers of the library are not used, its
// content type apart.
func (k *call) SendRequest(method, rawURL string, data url.Values, _ map[string]any, _ ...byte) (*http.Response, error) {
	asked, err := url.Parse(rawURL)
	if err != nil {
		k.err = errors.New("the library made no valid URL")
		return nil, k.err
	}
	// The library's host is a constant of its own; only path and query count.
	target := *k.client.base
	target.Path += asked.Path
	target.RawQuery = asked.RawQuery
	var body io.Reader
	switch {
	case method == http.MethodPost:
		body = strings.NewReader(data.Encode())
	case len(data) > 0:
		target.RawQuery = data.Encode()
	}
	ctx := httptrace.WithClientTrace(k.ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { k.reached.Store(true) },
	})
	req, err := http.NewRequestWithContext(ctx, method, target.String(), body)
	if err != nil {
		k.err = errors.New("no valid request")
		return nil, k.err
	}
	req.SetBasicAuth(k.creds.user(), k.creds.Secret)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", userAgent)
	if body != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := k.client.http.Do(req)
	if err != nil {
		k.err = withoutURL(err)
		return nil, k.err
	}
	defer res.Body.Close()
	k.body, err = io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err == nil && len(k.body) > maxAnswer {
		err = errors.New("answer is too long")
	}
	if err != nil {
		k.err = withoutURL(err)
		return nil, k.err
	}
	k.status, k.header = res.StatusCode, res.Header
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return nil, errAnswered
	}
	return &http.Response{StatusCode: res.StatusCode, Header: res.Header, Body: io.NopCloser(bytes.NewReader(k.body))}, nil
}

// withoutURL drops the URL that net/http puts into its errors: a list's query
// holds phone numbers.
func withoutURL(err error) error {
	var wrapped *url.Error
	for errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	return err
}

// failure says what a call that did not succeed means, by one rule: the carrier
// certainly did nothing if it was never reached, if it said so in its own words
// (a 4xx with a code), or if it was too busy to look (429). Everything else may
// have been done.
func (k *call) failure(op string) *Error {
	e := &Error{Op: op, Outcome: OutcomeUnknown, HTTPStatus: k.status, cause: k.err}
	if k.status == 0 {
		if !k.reached.Load() {
			e.Outcome, e.Class = OutcomeNotCreated, Retry
		}
		return e
	}
	var said struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	}
	if json.Unmarshal(k.body, &said) == nil {
		e.Code = said.Code
		e.Detail = safeDetail(said.Message)
	}
	e.RetryAfter = retryAfter(k.header.Get("Retry-After"), k.client.now())
	switch {
	case k.status < 300:
		e.cause = errors.New("the answer cannot be read")
	case k.status == http.StatusTooManyRequests:
		e.Outcome, e.Class = OutcomeNotCreated, Retry
	case k.status >= 400 && k.status <= 499 && e.Code > 0:
		e.Outcome, e.Class = OutcomeNotCreated, Explain(e.Code).Class
		if (k.status == 401 || k.status == 403) && !Explain(e.Code).Known {
			e.Class = Account
		}
	}
	return e
}

// retryAfter reads the header as seconds or as a date; 0 where it says nothing.
func retryAfter(value string, now time.Time) time.Duration {
	if seconds, err := strconv.Atoi(value); err == nil {
		return max(0, min(time.Duration(seconds), 24*60*60)) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, min(at.Sub(now), 24*time.Hour))
	}
	return 0
}

// maxDetail keeps a carrier that answers a whole page out of our log line.
const maxDetail = 300

// safeDetail makes the carrier's own words fit for a log line: phone numbers
// masked, addresses cut to their host (ours are signed and would open a
// picture), one line, not too long.
func safeDetail(s string) string {
	s, _ = wellFormed(s)
	words := strings.Fields(s)
	for i, w := range words {
		at := strings.Index(w, "://")
		if at < 0 {
			continue
		}
		host := w[at+3:]
		if end := strings.IndexAny(host, "/?#"); end >= 0 {
			host = host[:end] + "/…"
		}
		if user := strings.LastIndexByte(host, '@'); user >= 0 {
			host = host[user+1:]
		}
		words[i] = w[:at+3] + host
	}
	s = routing.RedactText(strings.Join(words, " "))
	if runes := []rune(s); len(runes) > maxDetail {
		s = string(runes[:maxDetail]) + "…"
	}
	return s
}

// isSid tells whether s is an identifier of the carrier with one of the given
// two-letter prefixes.
func isSid(s string, prefixes ...string) bool {
	if len(s) != 34 {
		return false
	}
	for i := 2; i < len(s); i++ {
		if unhex(s[i]) < 0 {
			return false
		}
	}
	for _, p := range prefixes {
		if s[:2] == p {
			return true
		}
	}
	return false
}
