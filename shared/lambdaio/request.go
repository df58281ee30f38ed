package lambdaio

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"snout/shared/routing"
)

// Request is one API call, freed of how it arrived.
type Request struct {
	ID       string
	Route    string // as in template.yaml: "POST /api/messages/send"
	Path     map[string]string
	Query    url.Values
	RawQuery string
	RawPath  string
	Header   func(string) string
	Body     []byte
	Who      routing.Principal
	Scopes   []string
}

// Response is its answer: JSON unless Type says otherwise.
type Response struct {
	Status int
	Body   any // marshalled; nil for none; []byte with Type as it is
	Type   string
	Header map[string]string
}

// Endpoint answers one route. An error that is a *routing.Refusal becomes a
// problem; any other is a fault of ours: 500, with the cause in the log only.
type Endpoint func(context.Context, *Request) (Response, error)

// OK answers 200 with a body.
func OK(body any) (Response, error) { return Response{Status: http.StatusOK, Body: body}, nil }

// readRequest takes an HTTP API event (payload format 2.0) apart. Form bodies
// normally arrive base64-encoded, so the flag decides, never the content type.
func readRequest(e *events.APIGatewayV2HTTPRequest) (*Request, error) {
	r := &Request{
		ID: e.RequestContext.RequestID, Route: e.RouteKey, Path: e.PathParameters, RawQuery: e.RawQueryString, RawPath: e.RawPath,
		Header: func(n string) string { return e.Headers[strings.ToLower(n)] },
	}
	r.Body = []byte(e.Body)
	if e.IsBase64Encoded {
		b, err := base64.StdEncoding.DecodeString(e.Body)
		if err != nil {
			return r, routing.Invalid("body", "The request's body is not what its encoding says.")
		}
		r.Body = b
	}
	var err error
	if r.Query, err = url.ParseQuery(e.RawQueryString); err != nil {
		return r, routing.Invalid("query", "The query cannot be read.")
	}
	if a := e.RequestContext.Authorizer; a != nil && a.JWT != nil {
		r.Who, r.Scopes = principal(a.JWT.Claims, a.JWT.Scopes)
	}
	return r, nil
}

// OpsScope is the scope of machines that operate the stage.
const OpsScope = "snout/ops"

// principal reads who asks from the claims that the authorizer has checked, and
// from nothing else.
func principal(claims map[string]string, scopes []string) (routing.Principal, []string) {
	if len(scopes) == 0 {
		scopes = strings.Fields(claims["scope"])
	}
	p := routing.Principal{Subject: claims["sub"], Name: claims["name"], Ops: claims["custom:ops"] == "true"}
	if org, err := routing.ParseOrgID(claims["custom:org"]); err == nil {
		p.Org = org
	}
	switch claims["custom:role"] {
	case "owner":
		if p.Org != "" {
			p.Role = routing.RoleOwner
		}
	case "sitter":
		if id, err := routing.ParseSitterID(claims["custom:sitter"]); err == nil && p.Org != "" {
			p.Role, p.Sitter = routing.RoleSitter, id
		}
	}
	for _, s := range scopes {
		if s == OpsScope {
			p.Ops = true
			if p.Subject == "" {
				p.Subject = claims["client_id"]
			}
		}
	}
	if p.Role == "" && p.Ops {
		p.Role = routing.RoleOps
	}
	return p, scopes
}

// Only refuses callers of other roles.
func (r *Request) Only(roles ...routing.Role) error {
	for _, role := range roles {
		if r.Who.Role == role || role == routing.RoleOps && r.Who.Ops {
			return nil
		}
	}
	return routing.Refuse(routing.CodeForbidden, "This is not open to you.")
}

// maxBody bounds what is decoded: the largest honest request is a few kilobytes.
const maxBody = 256 << 10

// Decode reads a JSON body strictly: one object, known fields only, right types,
// no text beyond its bound. Every fault names the field.
func Decode[T any](r *Request) (T, error) { return decode[T](r, maxBody) }

func decode[T any](r *Request, most int) (T, error) {
	var v T
	if len(r.Body) > most {
		return v, routing.Invalid("body", "The request is too large.")
	}
	// null would decode into anything without a word, and then be an empty request.
	if b := bytes.TrimSpace(r.Body); len(b) == 0 || bytes.Equal(b, []byte("null")) {
		return v, routing.Invalid("body", "A JSON object is needed.")
	}
	d := json.NewDecoder(bytes.NewReader(r.Body))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		return v, decodeFault(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return v, routing.Invalid("body", "Only one JSON object may be sent.")
	}
	return v, nil
}

func decodeFault(err error) error {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		field := wrong.Field
		if field == "" {
			field = "body"
		}
		return routing.Invalid(field, fmt.Sprintf("This must be %s.", jsonName(wrong.Type)))
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		field, uerr := strconv.Unquote(name)
		if uerr != nil {
			field = "body"
		}
		return routing.Invalid(field, "There is no such field.")
	}
	var refusal *routing.Refusal
	if errors.As(err, &refusal) {
		return refusal
	}
	return routing.Invalid("body", "The body is not valid JSON.")
}

func jsonName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.Struct, reflect.Map, reflect.Pointer:
		return "an object"
	}
	return "a number"
}

// Limit reads ?limit=: 50 if absent, at most 100.
func (r *Request) Limit() (int, error) {
	s := r.Query.Get("limit")
	if s == "" {
		return 50, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 100 {
		return 0, routing.Invalid("limit", "This must be a number from 1 to 100.")
	}
	return n, nil
}

// problem is RFC 9457's body.
type problem struct {
	Type       string          `json:"type"`
	Title      string          `json:"title"`
	Status     int             `json:"status"`
	Code       string          `json:"code"`
	Detail     string          `json:"detail"`
	Field      string          `json:"field,omitempty"`
	NextWindow json.RawMessage `json:"nextWindow,omitempty"`
}

// statusOf is the one table from refusals to HTTP.
var statusOf = map[routing.Code]int{
	routing.CodeMessagingDisabled: 404,
	routing.CodeSitterDisabled:    404,
	routing.CodeThreadNotFound:    404,
	routing.CodeNotFound:          404,
	routing.CodeNoActiveWindow:    403,
	routing.CodeAntiPoaching:      403,
	routing.CodeSitterLocked:      403,
	routing.CodeForbidden:         403,
	routing.CodeOptedOut:          409,
	routing.CodeKeyReused:         409,
	routing.CodePoolExhausted:     409,
	routing.CodeConflict:          409,
	routing.CodeInvalid:           400,
	routing.CodeSignature:         403,
	routing.CodePrecondition:      412,
	routing.CodeTooMany:           429,
	routing.CodeUnavailable:       503,
}

func problemOf(err error) (Response, bool) {
	var r *routing.Refusal
	ours := false
	if !errors.As(err, &r) {
		ours = true
		r = routing.Refuse("INTERNAL", "Something went wrong on our side. Nothing was lost; please try again.")
	}
	status := statusOf[r.Code]
	if status == 0 {
		status = http.StatusInternalServerError
	}
	p := problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: string(r.Code), Detail: r.Sentence, Field: r.Field}
	if r.HasNext {
		p.NextWindow = json.RawMessage("null")
		if r.Next != nil {
			p.NextWindow, _ = json.Marshal(map[string]string{"startAt": routing.Stamp(r.Next.Start), "endAt": routing.Stamp(r.Next.End)})
		}
	}
	return Response{Status: status, Body: p, Type: "application/problem+json"}, ours
}
