package lambdaio

import (
	"bytes"
	"context"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"snout/shared/media"
	"snout/shared/web"
)

// Web is the function behind the page and the sign-in.
func Web(_ context.Context, h Host) (lambda.Handler, error) {
	site, err := web.New(web.Config{
		Issuer: h.Env("OIDC_ISSUER"), ClientID: h.Env("OIDC_CLIENT_ID"), PublicBaseURL: h.Env("PUBLIC_BASE_URL"), API: h.Env("PUBLIC_BASE_URL"), Waits: 1500 * time.Millisecond, Now: h.Clock,
		HTTP: &http.Client{Timeout: 5 * time.Second}, OpenAPI: openAPI, Version: h.Env("VERSION"), Stage: h.Env("STAGE"),
		Pictures: picturesFrom(h),
	})
	if err != nil {
		return nil, err
	}
	g := &logger{function: "web", stage: h.Env("STAGE"), out: h.Log, clock: h.Clock}
	return lambda.NewHandler(func(ctx context.Context, e events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		ctx, end := g.begin(ctx)
		lineOf(ctx).Set("route", e.RouteKey)
		res := serve(ctx, site, &e)
		lineOf(ctx).Set("status", res.StatusCode)
		end("ok", nil)
		return res, nil
	}), nil
}

// picturesFrom is where the links to pictures lead; empty on one machine, where that is
// the page's own origin.
func picturesFrom(h Host) string {
	name, region := h.Env("MEDIA_BUCKET"), h.Env("AWS_REGION")
	if name == "" || region == "" || h.Env("AWS_ENDPOINT_URL") != "" || h.Env("AWS_ENDPOINT_URL_S3") != "" {
		return ""
	}
	return media.Origin(name, region, "")
}

// serve runs an http.Handler on an HTTP API event.
func serve(ctx context.Context, h http.Handler, e *events.APIGatewayV2HTTPRequest) events.APIGatewayV2HTTPResponse {
	body := []byte(e.Body)
	if e.IsBase64Encoded {
		b, err := base64.StdEncoding.DecodeString(e.Body)
		if err != nil {
			r, _ := problemOf(err)
			return respond(r)
		}
		body = b
	}
	r, err := http.NewRequestWithContext(ctx, e.RequestContext.HTTP.Method, (&url.URL{Path: e.RawPath, RawQuery: e.RawQueryString}).String(), bytes.NewReader(body))
	if err != nil {
		p, _ := problemOf(err)
		return respond(p)
	}
	for n, v := range e.Headers {
		r.Header.Set(n, v)
	}
	r.Host = e.Headers["host"]
	if len(e.Cookies) > 0 {
		r.Header.Set("Cookie", strings.Join(e.Cookies, "; "))
	}
	w := &recorder{header: http.Header{}}
	h.ServeHTTP(w, r)
	res := events.APIGatewayV2HTTPResponse{StatusCode: w.code(), Headers: map[string]string{}, Cookies: w.header.Values("Set-Cookie")}
	for n, vs := range w.header {
		if n != "Set-Cookie" {
			res.Headers[strings.ToLower(n)] = strings.Join(vs, ",")
		}
	}
	if b := w.body.Bytes(); utf8.Valid(b) && w.header.Get("Content-Encoding") == "" {
		res.Body = string(b)
	} else {
		res.Body, res.IsBase64Encoded = base64.StdEncoding.EncodeToString(b), true
	}
	return res
}

type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *recorder) Header() http.Header { return w.header }
func (w *recorder) WriteHeader(s int) {
	if w.status == 0 {
		w.status = s
	}
}
func (w *recorder) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(b)
}
func (w *recorder) code() int {
	if w.status == 0 {
		return http.StatusOK
	}
	return w.status
}
