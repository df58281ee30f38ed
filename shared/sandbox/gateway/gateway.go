// Package gateway is an API Gateway HTTP API in this process: it matches routes, asks the authorizer, turns a request into an event of payload format 2.0
// for the function behind the route, and the function's answer into a response, as the cloud does. It must never be kinder than the cloud: what is refused,
// lower-cased, decoded, base64-encoded or dropped there is so here, and where AWS documents nothing the stricter reading was taken. It is part of the
// sandbox and in no deployed function.
//
// Sources: the API Gateway developer guide (http-api-develop-routes, http-api-develop-integrations-lambda, http-api-jwt-authorizer, http-api-quotas), and
// captures of real events where the guide is silent: form bodies arrive base64-encoded, rawPath arrives decoded and ends at a decoded question mark,
// rawQueryString arrives untouched, jwt.scopes is null on a route without scopes.
package gateway

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ErrThrottled and ErrTimeout are what Invoke returns when the function did not run because of its concurrency, or did not end within the integration's
// time. Both become 503. Any other error stands for a function that failed or crashed, and becomes 500.
var (
	ErrThrottled = errors.New("invoke: throttled")
	ErrTimeout   = errors.New("invoke: integration timed out")
)

const (
	maxRequestBytes    = 10 << 20  // HTTP API quota: payload size
	maxInvocationBytes = 6_291_556 // Lambda quota: request and response of a synchronous invocation, about 6 MB after base64 encoding
	maxHeaderBytes     = 10_240    // HTTP API quota: request line and header values together
	integrationTimeout = 30 * time.Second
)

// Route is one route and the function behind it.
type Route struct {
	Method     string   // upper case, or ANY
	Path       string   // segments may be {name}, the last one {name+}
	Function   string   // handed to Invoke
	Authorized bool     // the authorizer stands before it
	Scopes     []string // one of these must be in the token; none: any valid token
}

// Config is what a gateway needs.
type Config struct {
	Routes []Route
	// Invoke runs a function with an event and returns its answer. The context carries the integration's time limit.
	Invoke func(ctx context.Context, functionName string, payload []byte) ([]byte, error)
	// Authorize checks a token. The error's text goes into the WWW-Authenticate header, so it must not repeat the token.
	Authorize func(ctx context.Context, token string) (claims map[string]string, scopes []string, err error)
	Now       func() time.Time
	Stage     string // empty: $default, which does not appear in paths
	// PublicHost is the host under which the API is known, with its port if it has one; empty: the request's own.
	PublicHost string
	// PlainForms delivers form bodies as text instead of base64, as some gateways and test tools do. Functions must take both.
	PlainForms bool
	AccountID  string // empty: 123456789012
}

// Gateway is the HTTP API.
type Gateway struct {
	config Config
	routes []compiled
}

type compiled struct {
	Route
	segments []segment
}

type segment struct {
	kind kind
	text string // the literal, or the parameter's name
}

// kind is ordered by how specific a segment is.
type kind int

const (
	literal kind = iota
	variable
	greedy
)

// New builds the handler. It fails, naming every fault, on routes that the cloud would refuse too: malformed paths, and two of the same shape.
func New(config Config) (*Gateway, error) {
	if config.Stage == "" {
		config.Stage = "$default"
	}
	if config.AccountID == "" {
		config.AccountID = "123456789012"
	}
	var faults []error
	if config.Invoke == nil || config.Now == nil {
		faults = append(faults, errors.New("a clock and something to invoke are needed"))
	}
	g := &Gateway{config: config}
	shapes := map[string]string{}
	for _, r := range config.Routes {
		c, err := compile(r)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		if r.Authorized && config.Authorize == nil {
			faults = append(faults, fmt.Errorf("route %s %s wants an authorizer and there is none", r.Method, r.Path))
		}
		key := r.Method + " " + c.shape()
		if other, taken := shapes[key]; taken {
			faults = append(faults, fmt.Errorf("routes %s %s and %s are the same", r.Method, other, r.Path))
		}
		shapes[key] = r.Path
		g.routes = append(g.routes, c)
	}
	if len(faults) > 0 {
		return nil, fmt.Errorf("build gateway: %w", errors.Join(faults...))
	}
	return g, nil
}

func compile(r Route) (compiled, error) {
	c := compiled{Route: r}
	if !strings.HasPrefix(r.Path, "/") || r.Method == "" || r.Method != strings.ToUpper(r.Method) {
		return c, fmt.Errorf("route %q %q: want an upper-case method and a path that begins with a slash", r.Method, r.Path)
	}
	names := map[string]bool{}
	parts := strings.Split(r.Path[1:], "/")
	for i, part := range parts {
		inner, braced := strings.CutPrefix(part, "{")
		if !braced {
			if strings.ContainsAny(part, "{}") {
				return c, fmt.Errorf("route %s %s: a variable fills its whole segment", r.Method, r.Path)
			}
			c.segments = append(c.segments, segment{literal, part})
			continue
		}
		name, closed := strings.CutSuffix(inner, "}")
		name, plus := strings.CutSuffix(name, "+")
		s := segment{variable, name}
		if plus {
			s.kind = greedy
		}
		if !closed || name == "" || names[name] || strings.ContainsAny(name, "{}+") || (plus && i != len(parts)-1) {
			return c, fmt.Errorf("route %s %s: malformed variable %q", r.Method, r.Path, part)
		}
		names[name] = true
		c.segments = append(c.segments, s)
	}
	return c, nil
}

// shape is the path without the variables' names: two routes of one shape would match the same requests.
func (c compiled) shape() string {
	var b strings.Builder
	for _, s := range c.segments {
		switch s.kind {
		case literal:
			b.WriteString("/" + s.text)
		case variable:
			b.WriteString("/{}")
		case greedy:
			b.WriteString("/{+}")
		}
	}
	return b.String()
}

// key is the route key, e.g. GET /api/messages/threads/{id}.
func (c compiled) key() string { return c.Method + " " + c.Path }

func (c compiled) match(method string, parts []string) (map[string]string, bool) {
	if c.Method != method && c.Method != "ANY" {
		return nil, false
	}
	parameters := map[string]string{}
	for i, s := range c.segments {
		switch {
		case i >= len(parts):
			return nil, false
		case s.kind == greedy:
			rest := strings.Join(parts[i:], "/")
			parameters[s.text] = rest
			return parameters, rest != ""
		case s.kind == variable:
			if parts[i] == "" {
				return nil, false
			}
			parameters[s.text] = parts[i]
		case s.text != parts[i]:
			return nil, false
		}
	}
	return parameters, len(parts) == len(c.segments)
}

// before tells whether c is the more specific of two routes that both match: segment by segment a literal before a variable before a greedy one, then a
// named method before ANY.
func (c compiled) before(other compiled) bool {
	for i := range min(len(c.segments), len(other.segments)) {
		if a, b := c.segments[i].kind, other.segments[i].kind; a != b {
			return a < b
		}
	}
	return c.Method != "ANY" && other.Method == "ANY"
}

func (g *Gateway) find(method, path string) (compiled, map[string]string, bool) {
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	var best compiled
	var parameters map[string]string
	found := false
	for _, r := range g.routes {
		p, ok := r.match(method, parts)
		if ok && (!found || r.before(best)) {
			best, parameters, found = r, p, true
		}
	}
	return best, parameters, found
}

// event is payload format 2.0. Fields that are empty are absent, but for scopes, which are null.
type event struct {
	Version         string            `json:"version"`
	RouteKey        string            `json:"routeKey"`
	RawPath         string            `json:"rawPath"`
	RawQueryString  string            `json:"rawQueryString"`
	Cookies         []string          `json:"cookies,omitempty"`
	Headers         map[string]string `json:"headers"`
	Query           map[string]string `json:"queryStringParameters,omitempty"`
	RequestContext  requestContext    `json:"requestContext"`
	PathParameters  map[string]string `json:"pathParameters,omitempty"`
	Body            *string           `json:"body,omitempty"`
	IsBase64Encoded bool              `json:"isBase64Encoded"`
}

type requestContext struct {
	AccountID    string      `json:"accountId"`
	APIID        string      `json:"apiId"`
	Authorizer   *authorizer `json:"authorizer,omitempty"`
	DomainName   string      `json:"domainName"`
	DomainPrefix string      `json:"domainPrefix"`
	HTTP         httpContext `json:"http"`
	RequestID    string      `json:"requestId"`
	RouteKey     string      `json:"routeKey"`
	Stage        string      `json:"stage"`
	Time         string      `json:"time"`
	TimeEpoch    int64       `json:"timeEpoch"`
}

type authorizer struct {
	JWT jwtContext `json:"jwt"`
}

type jwtContext struct {
	Claims map[string]string `json:"claims"`
	Scopes []string          `json:"scopes"`
}

type httpContext struct {
	Method    string `json:"method"`
	Path      string `json:"path"`
	Protocol  string `json:"protocol"`
	SourceIP  string `json:"sourceIp"`
	UserAgent string `json:"userAgent"`
}

const apiID = "local"

// ServeHTTP answers one request.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	requestID := newRequestID()
	w.Header().Set("Apigw-Requestid", requestID)
	if headerBytes(r) > maxHeaderBytes {
		refuse(w, http.StatusRequestHeaderFieldsTooLarge, "Request Header Fields Too Large")
		return
	}
	// The path arrives decoded, and a decoded question mark ends it.
	path, _, _ := strings.Cut(r.URL.Path, "?")
	rawPath := path
	if g.config.Stage != "$default" {
		rest, ok := strings.CutPrefix(path, "/"+g.config.Stage)
		if !ok || (rest != "" && rest[0] != '/') {
			refuse(w, http.StatusNotFound, "Not Found")
			return
		}
		path = rest
	}
	route, parameters, ok := g.find(r.Method, path)
	if !ok {
		refuse(w, http.StatusNotFound, "Not Found")
		return
	}
	e := event{Version: "2.0", RouteKey: route.key(), RawPath: rawPath, RawQueryString: r.URL.RawQuery, Query: query(r.URL.RawQuery), PathParameters: parameters}
	if route.Authorized {
		var refused bool
		if e.RequestContext.Authorizer, refused = g.authorize(w, r, route); refused {
			return
		}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequestBytes))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		refuse(w, http.StatusRequestEntityTooLarge, "Request Entity Too Large")
		return
	case err != nil:
		refuse(w, http.StatusBadRequest, "Bad Request")
		return
	}
	g.describe(&e, r, requestID, body)
	payload, err := json.Marshal(e)
	if err != nil {
		refuse(w, http.StatusInternalServerError, "Internal Server Error")
		return
	}
	if len(payload) > maxInvocationBytes {
		refuse(w, http.StatusRequestEntityTooLarge, "Request Entity Too Large")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), integrationTimeout)
	defer cancel()
	answer, err := g.config.Invoke(ctx, route.Function, payload)
	switch {
	case errors.Is(err, ErrThrottled), errors.Is(err, ErrTimeout), errors.Is(err, context.DeadlineExceeded):
		refuse(w, http.StatusServiceUnavailable, "Service Unavailable")
		return
	case err != nil, len(answer) > maxInvocationBytes:
		refuse(w, http.StatusInternalServerError, "Internal Server Error")
		return
	}
	respond(w, answer)
}

// authorize asks the authorizer about the Authorization header, whose Bearer prefix is optional there, and answers the request itself if it says no.
func (g *Gateway) authorize(w http.ResponseWriter, r *http.Request, route compiled) (*authorizer, bool) {
	token := r.Header.Get("Authorization")
	if scheme, rest, ok := strings.Cut(token, " "); ok && strings.EqualFold(scheme, "Bearer") {
		token = strings.TrimSpace(rest)
	}
	if token == "" {
		w.Header().Set("Www-Authenticate", "Bearer")
		refuse(w, http.StatusUnauthorized, "Unauthorized")
		return nil, true
	}
	claims, scopes, err := g.config.Authorize(r.Context(), token)
	if err != nil {
		w.Header().Set("Www-Authenticate", fmt.Sprintf(`Bearer scope="%s" error="invalid_token" error_description=%q`, strings.Join(route.Scopes, " "), err.Error()))
		refuse(w, http.StatusUnauthorized, "Unauthorized")
		return nil, true
	}
	// Null unless the route names scopes: who needs a token's scope on other routes must read the claim.
	var granted []string
	for _, s := range route.Scopes {
		if slices.Contains(scopes, s) {
			granted = append(granted, s)
		}
	}
	if len(route.Scopes) > 0 && granted == nil {
		w.Header().Set("Www-Authenticate", fmt.Sprintf(`Bearer scope="%s" error="insufficient_scope"`, strings.Join(route.Scopes, " ")))
		refuse(w, http.StatusForbidden, "Forbidden")
		return nil, true
	}
	return &authorizer{JWT: jwtContext{Claims: claims, Scopes: granted}}, false
}

// describe fills in what does not depend on the route.
func (g *Gateway) describe(e *event, r *http.Request, requestID string, body []byte) {
	host := g.config.PublicHost
	if host == "" {
		host = r.Host
	}
	domain := host
	if name, _, err := net.SplitHostPort(host); err == nil {
		domain = name
	}
	prefix, _, _ := strings.Cut(domain, ".")
	source, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		source = r.RemoteAddr
	}
	e.Headers = map[string]string{}
	for name, values := range r.Header {
		switch name {
		case "Cookie":
			for _, v := range values {
				for c := range strings.SplitSeq(v, ";") {
					if c = strings.TrimSpace(c); c != "" {
						e.Cookies = append(e.Cookies, c)
					}
				}
			}
		case "Connection", "Keep-Alive", "Te", "Trailer", "Transfer-Encoding", "Upgrade", "Proxy-Connection", "X-Forwarded-For", "X-Forwarded-Port", "X-Forwarded-Proto":
		default:
			e.Headers[strings.ToLower(name)] = strings.Join(values, ",")
		}
	}
	e.Headers["host"] = host
	e.Headers["content-length"] = strconv.Itoa(len(body))
	e.Headers["x-forwarded-for"] = strings.Join(append(slices.Clone(r.Header["X-Forwarded-For"]), source), ", ")
	e.Headers["x-forwarded-proto"], e.Headers["x-forwarded-port"] = "http", "80"
	if r.TLS != nil {
		e.Headers["x-forwarded-proto"], e.Headers["x-forwarded-port"] = "https", "443"
	}
	if _, port, err := net.SplitHostPort(host); err == nil {
		e.Headers["x-forwarded-port"] = port
	}
	now := g.config.Now().UTC()
	if _, given := e.Headers["x-amzn-trace-id"]; !given {
		e.Headers["x-amzn-trace-id"] = fmt.Sprintf("Root=1-%08x-%024x", uint32(now.Unix()), randomBytes(12))
	}
	if len(body) > 0 {
		text := string(body)
		if e.IsBase64Encoded = !g.isText(r.Header.Get("Content-Type")); e.IsBase64Encoded {
			text = base64.StdEncoding.EncodeToString(body)
		}
		e.Body = &text
	}
	e.RequestContext.AccountID, e.RequestContext.APIID = g.config.AccountID, apiID
	e.RequestContext.DomainName, e.RequestContext.DomainPrefix = domain, prefix
	e.RequestContext.HTTP = httpContext{Method: r.Method, Path: e.RawPath, Protocol: r.Proto, SourceIP: source, UserAgent: r.UserAgent()}
	e.RequestContext.RequestID, e.RequestContext.RouteKey, e.RequestContext.Stage = requestID, e.RouteKey, g.config.Stage
	e.RequestContext.Time, e.RequestContext.TimeEpoch = now.Format("02/Jan/2006:15:04:05 -0700"), now.UnixMilli()
}

// isText tells whether a body travels as text. Measured on the real service: text/*, JSON, XML and JavaScript do; everything else, forms and bodies without
// a type included, is base64-encoded.
func (g *Gateway) isText(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil && kind == "" {
		return false
	}
	switch kind {
	case "application/json", "application/xml", "application/javascript":
		return true
	case "application/x-www-form-urlencoded":
		return g.config.PlainForms
	}
	return strings.HasPrefix(kind, "text/")
}

// query decodes the query for queryStringParameters; values of one name are joined with commas.
func query(raw string) map[string]string {
	out := map[string]string{}
	for pair := range strings.SplitSeq(raw, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		name, value = unescaped(name), unescaped(value)
		if before, ok := out[name]; ok {
			value = before + "," + value
		}
		out[name] = value
	}
	return out
}

func unescaped(s string) string {
	if u, err := url.QueryUnescape(s); err == nil {
		return u
	}
	return s
}

func headerBytes(r *http.Request) int {
	n := len(r.Method) + len(r.URL.RequestURI()) + len(r.Proto) + len(r.Host)
	for name, values := range r.Header {
		for _, v := range values {
			n += len(name) + len(v)
		}
	}
	return n
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the process instead
	return b
}

// newRequestID looks like the service's own: 15 characters and an equals sign.
func newRequestID() string { return base64.StdEncoding.EncodeToString(randomBytes(11)) }

// refuse is an answer of the gateway itself.
func refuse(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `{"message":%q}`, message)
}

// response is a function's answer in payload format 2.0. There is no multiValueHeaders in it: the service ignores that field, so it is ignored here.
type response struct {
	StatusCode      *int              `json:"statusCode"`
	Headers         map[string]string `json:"headers"`
	Cookies         []string          `json:"cookies"`
	Body            string            `json:"body"`
	IsBase64Encoded bool              `json:"isBase64Encoded"`
}

// respond turns a function's answer into the response. An answer that is valid JSON without a statusCode is taken for the body of a 200; one that is no
// JSON, or has fields of the wrong type, is the function's fault: 500.
func respond(w http.ResponseWriter, answer []byte) {
	var fields map[string]json.RawMessage
	if !json.Valid(answer) {
		refuse(w, http.StatusInternalServerError, "Internal Server Error")
		return
	}
	if json.Unmarshal(answer, &fields) != nil || fields["statusCode"] == nil {
		body := answer
		var text string
		if json.Unmarshal(answer, &text) == nil && answer[0] == '"' {
			body = []byte(text) // a JSON string is delivered without its quotes
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(body)
		return
	}
	var out response
	err := json.Unmarshal(answer, &out)
	body := []byte(out.Body)
	if err == nil && out.IsBase64Encoded {
		body, err = base64.StdEncoding.DecodeString(out.Body)
	}
	if err != nil || out.StatusCode == nil || *out.StatusCode < 200 || *out.StatusCode > 599 {
		refuse(w, http.StatusInternalServerError, "Internal Server Error")
		return
	}
	w.Header().Set("Content-Type", "text/plain;charset=utf-8")
	for name, value := range out.Headers {
		switch http.CanonicalHeaderKey(name) {
		case "Connection", "Keep-Alive", "Transfer-Encoding", "Content-Length", "Trailer", "Upgrade", "Apigw-Requestid":
		default:
			w.Header().Set(name, value)
		}
	}
	for _, c := range out.Cookies {
		w.Header().Add("Set-Cookie", c)
	}
	w.WriteHeader(*out.StatusCode)
	if *out.StatusCode != http.StatusNoContent && *out.StatusCode != http.StatusNotModified {
		_, _ = w.Write(body)
	}
}
