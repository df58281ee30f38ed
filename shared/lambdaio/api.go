package lambdaio

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"snout/shared/routing"
)

// api makes the handler of a function that answers HTTP routes.
func (p *parts) api(name string, routes map[string]Endpoint) lambda.Handler {
	g := &logger{function: name, stage: p.stage, out: p.host.Log, clock: p.host.Clock}
	return lambda.NewHandler(func(ctx context.Context, e events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		ctx, end := g.begin(ctx)
		res, outcome, err := answer(ctx, &e, routes)
		// The page goes by this clock: a phone's may be wrong.
		res.Headers["snout-now"] = routing.Stamp(p.host.Clock())
		end(outcome, err)
		return res, nil
	})
}

// answer finds the endpoint and turns what it says into a response. A fault of ours
// is 500 with no detail; a panic is one too, so that one bad request does not kill
// the process under others.
func answer(ctx context.Context, e *events.APIGatewayV2HTTPRequest, routes map[string]Endpoint) (res events.APIGatewayV2HTTPResponse, outcome string, err error) {
	line := lineOf(ctx)
	line.Set("route", e.RouteKey)
	defer func() {
		if x := recover(); x != nil {
			err = fmt.Errorf("panic: %v", x)
			r, _ := problemOf(err)
			res, outcome = respond(r), "fault"
		}
	}()
	r, err := readRequest(e)
	var out Response
	if err == nil {
		endpoint := routes[e.RouteKey]
		if endpoint == nil {
			err = routing.Refuse(routing.CodeNotFound, "There is no such route.")
		} else {
			line.Set("org", string(r.Who.Org))
			line.Set("role", string(r.Who.Role))
			out, err = endpoint(ctx, r)
		}
	}
	if err != nil {
		problem, ours := problemOf(err)
		if ours {
			return respond(problem), "fault", err
		}
		line.Set("refused", string(problem.Body.(problemBody).Code))
		return respond(problem), "refused", nil
	}
	return respond(out), "ok", nil
}

type problemBody = problem

func respond(r Response) events.APIGatewayV2HTTPResponse {
	res := events.APIGatewayV2HTTPResponse{StatusCode: r.Status, Headers: map[string]string{
		"cache-control": "no-store", "x-content-type-options": "nosniff", "referrer-policy": "no-referrer",
		// An answer is data: a browser that is led to one must run nothing of it and show it in nobody's frame.
		"content-security-policy":   "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
		"strict-transport-security": "max-age=63072000; includeSubDomains", "cross-origin-resource-policy": "same-origin",
	}}
	for n, v := range r.Header {
		res.Headers[strings.ToLower(n)] = v
	}
	switch body := r.Body.(type) {
	case nil:
		if r.Type != "" {
			res.Headers["content-type"] = r.Type
		}
	case []byte:
		res.Headers["content-type"] = r.Type
		res.Body, res.IsBase64Encoded = base64.StdEncoding.EncodeToString(body), true
	case string:
		res.Headers["content-type"] = r.Type
		res.Body = body
	default:
		b, err := json.Marshal(body)
		if err != nil {
			panic("lambdaio: an answer that cannot be marshalled: " + err.Error())
		}
		res.Headers["content-type"] = r.Type
		if r.Type == "" {
			res.Headers["content-type"] = "application/json"
		}
		res.Body = string(b)
	}
	return res
}

// tagged answers with an ETag of the body, or 304 where the caller has it already.
func tagged(r *Request, body any) (Response, error) {
	b, err := json.Marshal(body)
	if err != nil {
		return Response{}, err
	}
	sum := sha256.Sum256(b)
	tag := `"` + hex.EncodeToString(sum[:10]) + `"`
	head := map[string]string{"etag": tag, "cache-control": "no-cache"}
	for t := range strings.SplitSeq(r.Header("If-None-Match"), ",") {
		if strings.TrimPrefix(strings.TrimSpace(t), "W/") == tag {
			return Response{Status: 304, Header: head}, nil
		}
	}
	return Response{Status: 200, Body: json.RawMessage(b), Header: head}, nil
}

func parseBool(field, s string) (bool, error) {
	if s == "" {
		return false, nil
	}
	b, err := strconv.ParseBool(s)
	if err != nil {
		return false, routing.Invalid(field, "This must be true or false.")
	}
	return b, nil
}
