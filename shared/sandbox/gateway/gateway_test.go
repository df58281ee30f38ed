package gateway_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"snout/shared/sandbox/gateway"
)

func noon() time.Time { return time.Date(2026, 3, 8, 12, 0, 0, 638e6, time.UTC) }

// function records what it was invoked with and answers what it is told.
type function struct {
	answer  string
	err     error
	name    string
	payload []byte
	calls   int
}

func (f *function) invoke(_ context.Context, name string, payload []byte) ([]byte, error) {
	f.name, f.payload = name, payload
	f.calls++
	return []byte(f.answer), f.err
}

func anybody(context.Context, string) (map[string]string, []string, error) {
	return map[string]string{"sub": "owner-1", "custom:org": "o1", "exp": "1772974800"}, []string{"openid", "snout/ops"}, nil
}

func build(t *testing.T, f *function, change func(*gateway.Config), routes ...gateway.Route) *gateway.Gateway {
	t.Helper()
	config := gateway.Config{Routes: routes, Invoke: f.invoke, Authorize: anybody, Now: noon, PublicHost: "messages.example.com"}
	if change != nil {
		change(&config)
	}
	g, err := gateway.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func open(method, path string) gateway.Route {
	return gateway.Route{Method: method, Path: path, Function: "F"}
}

func do(g http.Handler, method, target, body string, header http.Header) *http.Response {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	for name, values := range header {
		r.Header[name] = values
	}
	w := httptest.NewRecorder()
	g.ServeHTTP(w, r)
	return w.Result()
}

func text(t *testing.T, r *http.Response) string {
	t.Helper()
	var b strings.Builder
	if _, err := fmt.Fprint(&b, r.StatusCode, " "); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 1<<20)
	n, _ := r.Body.Read(buf)
	return b.String() + string(buf[:n])
}

// decoded is an event as JSON, with what is random taken out once its form has been checked.
func decoded(t *testing.T, payload []byte) map[string]any {
	t.Helper()
	var e map[string]any
	if err := json.Unmarshal(payload, &e); err != nil {
		t.Fatal(err)
	}
	headers, requestContext := e["headers"].(map[string]any), e["requestContext"].(map[string]any)
	for _, check := range []struct {
		in         map[string]any
		key, shape string
	}{{headers, "x-amzn-trace-id", `^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$`}, {requestContext, "requestId", `^[A-Za-z0-9+/]{15}=$`}} {
		if got, _ := check.in[check.key].(string); !regexp.MustCompile(check.shape).MatchString(got) {
			t.Errorf("%s is %q, want the form %s", check.key, got, check.shape)
		}
		delete(check.in, check.key)
	}
	return e
}

func TestARequestBecomesTheEventThatTheServiceSends(t *testing.T) {
	rows := map[string]struct {
		route  gateway.Route
		method string
		target string
		body   string
		header http.Header
		plain  bool
		stage  string
		want   string
	}{
		"a page with cookies, doubled headers and a doubled query name": {
			route: open("GET", "/messages/{proxy+}"), method: "GET", target: "/messages/a/b?parameter1=value1&parameter1=value2&parameter2=a%20b%2Bc+d&empty=",
			header: http.Header{"Cookie": {"cookie1=1; cookie2=2"}, "Header1": {"value1", "value2"}, "User-Agent": {"agent"}, "Connection": {"close"}, "X-Forwarded-For": {"203.0.113.9"}},
			want: `{"version":"2.0","routeKey":"GET /messages/{proxy+}","rawPath":"/messages/a/b",
				"rawQueryString":"parameter1=value1&parameter1=value2&parameter2=a%20b%2Bc+d&empty=","cookies":["cookie1=1","cookie2=2"],
				"headers":{"header1":"value1,value2","user-agent":"agent","host":"messages.example.com","content-length":"0","x-forwarded-for":"203.0.113.9, 192.0.2.1",
					"x-forwarded-proto":"http","x-forwarded-port":"80"},
				"queryStringParameters":{"parameter1":"value1,value2","parameter2":"a b+c d","empty":""},
				"requestContext":{"accountId":"123456789012","apiId":"local","domainName":"messages.example.com","domainPrefix":"messages",
					"http":{"method":"GET","path":"/messages/a/b","protocol":"HTTP/1.1","sourceIp":"192.0.2.1","userAgent":"agent"},
					"routeKey":"GET /messages/{proxy+}","stage":"$default","time":"08/Mar/2026:12:00:00 +0000","timeEpoch":1772971200638},
				"pathParameters":{"proxy":"a/b"},"isBase64Encoded":false}`},
		"a form of the carrier, base64-encoded as HTTP APIs deliver it": {
			route: open("POST", "/hook"), method: "POST", target: "/hook?event=e%2F1", body: "From=%2B15555550123&Body=hi+there",
			header: http.Header{"Content-Type": {"application/x-www-form-urlencoded; charset=utf-8"}, "X-Twilio-Signature": {"abc="}},
			want: `{"version":"2.0","routeKey":"POST /hook","rawPath":"/hook","rawQueryString":"event=e%2F1",
				"headers":{"content-type":"application/x-www-form-urlencoded; charset=utf-8","x-twilio-signature":"abc=","host":"messages.example.com","content-length":"33",
					"x-forwarded-for":"192.0.2.1","x-forwarded-proto":"http","x-forwarded-port":"80"},
				"queryStringParameters":{"event":"e/1"},
				"requestContext":{"accountId":"123456789012","apiId":"local","domainName":"messages.example.com","domainPrefix":"messages",
					"http":{"method":"POST","path":"/hook","protocol":"HTTP/1.1","sourceIp":"192.0.2.1","userAgent":""},
					"routeKey":"POST /hook","stage":"$default","time":"08/Mar/2026:12:00:00 +0000","timeEpoch":1772971200638},
				"body":"RnJvbT0lMkIxNTU1NTU1MDEyMyZCb2R5PWhpK3RoZXJl","isBase64Encoded":true}`},
		"the same form, plain": {
			route: open("POST", "/hook"), method: "POST", target: "/hook", body: "From=%2B15555550123", plain: true,
			header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}},
			want: `{"version":"2.0","routeKey":"POST /hook","rawPath":"/hook","rawQueryString":"",
				"headers":{"content-type":"application/x-www-form-urlencoded","host":"messages.example.com","content-length":"19",
					"x-forwarded-for":"192.0.2.1","x-forwarded-proto":"http","x-forwarded-port":"80"},
				"requestContext":{"accountId":"123456789012","apiId":"local","domainName":"messages.example.com","domainPrefix":"messages",
					"http":{"method":"POST","path":"/hook","protocol":"HTTP/1.1","sourceIp":"192.0.2.1","userAgent":""},
					"routeKey":"POST /hook","stage":"$default","time":"08/Mar/2026:12:00:00 +0000","timeEpoch":1772971200638},
				"body":"From=%2B15555550123","isBase64Encoded":false}`},
		"a JSON body behind the authorizer, scopes null because the route names none": {
			route: gateway.Route{Method: "POST", Path: "/api/threads/{id}/read", Function: "F", Authorized: true}, method: "POST", target: "/api/threads/t%201/read", body: `{"a":"é"}`,
			header: http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer abc"}},
			want: `{"version":"2.0","routeKey":"POST /api/threads/{id}/read","rawPath":"/api/threads/t 1/read","rawQueryString":"",
				"headers":{"content-type":"application/json","authorization":"Bearer abc","host":"messages.example.com","content-length":"10",
					"x-forwarded-for":"192.0.2.1","x-forwarded-proto":"http","x-forwarded-port":"80"},
				"requestContext":{"accountId":"123456789012","apiId":"local","domainName":"messages.example.com","domainPrefix":"messages",
					"authorizer":{"jwt":{"claims":{"sub":"owner-1","custom:org":"o1","exp":"1772974800"},"scopes":null}},
					"http":{"method":"POST","path":"/api/threads/t 1/read","protocol":"HTTP/1.1","sourceIp":"192.0.2.1","userAgent":""},
					"routeKey":"POST /api/threads/{id}/read","stage":"$default","time":"08/Mar/2026:12:00:00 +0000","timeEpoch":1772971200638},
				"pathParameters":{"id":"t 1"},"body":"{\"a\":\"é\"}","isBase64Encoded":false}`},
		"a body without a type on a named stage, whose name stays in the path": {
			route: open("POST", "/hook"), method: "POST", target: "/prod/hook", body: "x", stage: "prod",
			want: `{"version":"2.0","routeKey":"POST /hook","rawPath":"/prod/hook","rawQueryString":"",
				"headers":{"host":"messages.example.com","content-length":"1","x-forwarded-for":"192.0.2.1","x-forwarded-proto":"http","x-forwarded-port":"80"},
				"requestContext":{"accountId":"123456789012","apiId":"local","domainName":"messages.example.com","domainPrefix":"messages",
					"http":{"method":"POST","path":"/prod/hook","protocol":"HTTP/1.1","sourceIp":"192.0.2.1","userAgent":""},
					"routeKey":"POST /hook","stage":"prod","time":"08/Mar/2026:12:00:00 +0000","timeEpoch":1772971200638},
				"body":"eA==","isBase64Encoded":true}`},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			f := &function{answer: `{"statusCode":204}`}
			g := build(t, f, func(c *gateway.Config) { c.PlainForms, c.Stage = row.plain, row.stage }, row.route)
			if res := do(g, row.method, row.target, row.body, row.header); res.StatusCode != http.StatusNoContent {
				t.Fatalf("answered %s", text(t, res))
			}
			var want map[string]any
			if err := json.Unmarshal([]byte(row.want), &want); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, decoded(t, f.payload)); diff != "" {
				t.Errorf("event (-want +got):\n%s", diff)
			}
			// The handlers' own type holds all of it: nothing is in the event that it does not know, and nothing it would need is called otherwise.
			var typed events.APIGatewayV2HTTPRequest
			strict := json.NewDecoder(strings.NewReader(string(f.payload)))
			strict.DisallowUnknownFields()
			if err := strict.Decode(&typed); err != nil {
				t.Errorf("aws-lambda-go does not know all of the event: %v", err)
			}
			if typed.RouteKey != row.route.Method+" "+row.route.Path || typed.RequestContext.HTTP.Method != row.method {
				t.Errorf("aws-lambda-go reads %q, %q", typed.RouteKey, typed.RequestContext.HTTP.Method)
			}
		})
	}
}

func TestTheMostSpecificRouteTakesARequest(t *testing.T) {
	routes := []gateway.Route{
		{Method: "GET", Path: "/pets/{proxy+}", Function: "greedy"},
		{Method: "ANY", Path: "/{proxy+}", Function: "any"},
		{Method: "GET", Path: "/pets/dog/{id}", Function: "variable"},
		{Method: "GET", Path: "/pets/dog/1", Function: "exact"},
		{Method: "GET", Path: "/pets/{kind}/{id}", Function: "two variables"},
		{Method: "POST", Path: "/pets/dog/{id}", Function: "post"},
		{Method: "ANY", Path: "/pets/dog/{other}", Function: "any dog"},
	}
	rows := map[string]struct{ method, path, want string }{
		"an exact path before a variable":                      {"GET", "/pets/dog/1", "exact"},
		"a variable before a greedy one":                       {"GET", "/pets/dog/2", "variable"},
		"an early literal before an early variable":            {"GET", "/pets/cat/2", "two variables"},
		"a greedy path where segments are too many":            {"GET", "/pets/cat/2/3", "greedy"},
		"the greedy path of another method does not count":     {"PUT", "/pets/cat/2/3", "any"},
		"a named method before ANY":                            {"POST", "/pets/dog/1", "post"},
		"ANY on a specific path before ANY on all":             {"PUT", "/pets/dog/1", "any dog"},
		"an encoded slash is a slash, since paths are decoded": {"GET", "/pets%2Fdog%2F1", "exact"},
		"a decoded question mark ends the path":                {"GET", "/pets/dog/1%3Fx", "exact"},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			f := &function{answer: `{"statusCode":200}`}
			do(build(t, f, nil, routes...), row.method, row.path, "", nil)
			if diff := cmp.Diff(row.want, f.name); diff != "" {
				t.Errorf("function (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRoutesThatDifferInALiteralOrAMethodStandSideBySide(t *testing.T) {
	var routes []gateway.Route
	for _, key := range []string{"GET /a", "GET /b", "POST /a", "GET /a/{id}", "GET /b/{id}", "GET /a/{id}/x", "GET /a/{id}/y", "GET /a/{rest+}", "GET /b/{rest+}"} {
		method, path, _ := strings.Cut(key, " ")
		routes = append(routes, gateway.Route{Method: method, Path: path, Function: key})
	}
	for request, want := range map[string]string{"GET /a": "GET /a", "GET /b": "GET /b", "POST /a": "POST /a", "GET /a/1": "GET /a/{id}", "GET /b/1": "GET /b/{id}",
		"GET /a/1/x": "GET /a/{id}/x", "GET /a/1/y": "GET /a/{id}/y", "GET /a/1/z": "GET /a/{rest+}", "GET /b/1/z": "GET /b/{rest+}"} {
		f := &function{answer: `{"statusCode":200}`}
		method, path, _ := strings.Cut(request, " ")
		do(build(t, f, nil, routes...), method, path, "", nil)
		if diff := cmp.Diff(want, f.name); diff != "" {
			t.Errorf("%s reached (-want +got):\n%s", request, diff)
		}
	}
}

func TestWhatNoRouteTakesIsNotFoundAndReachesNoFunction(t *testing.T) {
	rows := map[string]struct{ method, path string }{
		"another path":                        {"GET", "/other"},
		"another method":                      {"PUT", "/messages"},
		"HEAD, which is not GET here":         {"HEAD", "/messages"},
		"a slash at the end":                  {"GET", "/messages/"},
		"a variable without a value":          {"GET", "/api//read"},
		"a longer path":                       {"GET", "/api/1/read/2"},
		"another case":                        {"GET", "/Messages"},
		"a preflight, since there is no CORS": {"OPTIONS", "/messages"},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			f := &function{answer: `{"statusCode":200}`}
			res := do(build(t, f, nil, open("GET", "/messages"), open("GET", "/messages/{proxy+}"), open("GET", "/api/{id}/read")), row.method, row.path, "", nil)
			if diff := cmp.Diff(`404 {"message":"Not Found"}`, text(t, res)); diff != "" || f.calls != 0 {
				t.Errorf("%d calls, answer (-want +got):\n%s", f.calls, diff)
			}
		})
	}
}

func TestAFunctionsAnswerBecomesTheResponse(t *testing.T) {
	type response struct {
		Status  int
		Type    string
		Cookies []string
		Extra   string
		Body    string
	}
	rows := map[string]struct {
		answer string
		want   response
	}{
		"status, headers, cookies and body": {`{"statusCode":201,"headers":{"content-type":"application/json","x-extra":"1"},"cookies":["a=1; HttpOnly","b=2"],"body":"{}"}`,
			response{201, "application/json", []string{"a=1; HttpOnly", "b=2"}, "1", "{}"}},
		"a base64 body":                         {`{"statusCode":200,"headers":{"Content-Type":"image/png"},"body":"iVBORw==","isBase64Encoded":true}`, response{200, "image/png", nil, "", "\x89PNG"}},
		"no content type is plain text":         {`{"statusCode":200,"body":"hi"}`, response{200, "text/plain;charset=utf-8", nil, "", "hi"}},
		"multiValueHeaders are ignored":         {`{"statusCode":200,"multiValueHeaders":{"x-extra":["1"]},"body":""}`, response{200, "text/plain;charset=utf-8", nil, "", ""}},
		"null for headers and cookies":          {`{"statusCode":200,"headers":null,"multiValueHeaders":null,"body":"x","cookies":null}`, response{200, "text/plain;charset=utf-8", nil, "", "x"}},
		"no status: the object is the body":     {`{"hello":"world","headers":{"x-extra":"1"}}`, response{200, "application/json", nil, "", `{"hello":"world","headers":{"x-extra":"1"}}`}},
		"a text is the body without its quotes": {`"Hello from Lambda!"`, response{200, "application/json", nil, "", "Hello from Lambda!"}},
		"a list is the body":                    {`[1,2]`, response{200, "application/json", nil, "", "[1,2]"}},
		"no JSON is the function's fault":       {`<html>`, response{500, "application/json", nil, "", `{"message":"Internal Server Error"}`}},
		"nothing is the function's fault":       {``, response{500, "application/json", nil, "", `{"message":"Internal Server Error"}`}},
		"a body that is no text is its fault":   {`{"statusCode":200,"body":{"a":1}}`, response{500, "application/json", nil, "", `{"message":"Internal Server Error"}`}},
		"a broken base64 body is its fault":     {`{"statusCode":200,"body":"***","isBase64Encoded":true}`, response{500, "application/json", nil, "", `{"message":"Internal Server Error"}`}},
		"a status that does not exist":          {`{"statusCode":42}`, response{500, "application/json", nil, "", `{"message":"Internal Server Error"}`}},
		"a status of null":                      {`{"statusCode":null,"body":"x"}`, response{500, "application/json", nil, "", `{"message":"Internal Server Error"}`}},
		"a not-modified answer has no body":     {`{"statusCode":304,"body":"x"}`, response{304, "", nil, "", ""}},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			f := &function{answer: row.answer}
			server := httptest.NewServer(build(t, f, nil, open("GET", "/")))
			defer server.Close()
			res, err := server.Client().Get(server.URL + "/")
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = res.Body.Close() }()
			buf := make([]byte, 1024)
			n, _ := res.Body.Read(buf)
			got := response{res.StatusCode, res.Header.Get("Content-Type"), res.Header["Set-Cookie"], res.Header.Get("X-Extra"), string(buf[:n])}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("response (-want +got):\n%s", diff)
			}
			if res.Header.Get("Apigw-Requestid") == "" {
				t.Error("no request id")
			}
		})
	}
}

func TestFailuresAndLimitsAnswerAsTheServiceDoes(t *testing.T) {
	big := strings.Repeat("x", 10<<20+1)
	rows := map[string]struct {
		body   string
		header http.Header
		answer string
		err    error
		want   string
		called bool
	}{
		"the function failed":                      {err: errors.New("crashed with +15555550123"), want: `500 {"message":"Internal Server Error"}`, called: true},
		"the function was throttled":               {err: fmt.Errorf("run: %w", gateway.ErrThrottled), want: `503 {"message":"Service Unavailable"}`, called: true},
		"the function took longer than 30 seconds": {err: fmt.Errorf("run: %w", gateway.ErrTimeout), want: `503 {"message":"Service Unavailable"}`, called: true},
		"an answer over 6 MB":                      {answer: `"` + big[:7<<20] + `"`, want: `500 {"message":"Internal Server Error"}`, called: true},
		"a body over 10 MB":                        {body: big, want: `413 {"message":"Request Entity Too Large"}`},
		"a binary body that base64 takes over what a function can be given": {body: big[:5<<20], want: `413 {"message":"Request Entity Too Large"}`},
		"a binary body that fits": {body: big[:4<<20], answer: `{"statusCode":200,"body":"ok"}`, want: `200 ok`, called: true},
		"headers over 10 KB":      {header: http.Header{"X": {big[:10240]}}, want: `431 {"message":"Request Header Fields Too Large"}`},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			f := &function{answer: row.answer, err: row.err}
			res := do(build(t, f, nil, open("POST", "/")), "POST", "/", row.body, row.header)
			if diff := cmp.Diff(row.want, text(t, res)); diff != "" || (f.calls == 1) != row.called {
				t.Errorf("%d calls, answer (-want +got):\n%s", f.calls, diff)
			}
		})
	}
}

func TestTheAuthorizerStandsBeforeTheFunction(t *testing.T) {
	refusing := func(context.Context, string) (map[string]string, []string, error) {
		return nil, nil, errors.New("the token has expired")
	}
	rows := map[string]struct {
		authorization string
		authorize     func(context.Context, string) (map[string]string, []string, error)
		scopes        []string
		want, say     string
		scopesInEvent any
	}{
		"no token":                       {want: `401 {"message":"Unauthorized"}`, say: "Bearer"},
		"an empty token":                 {authorization: "Bearer ", want: `401 {"message":"Unauthorized"}`, say: "Bearer"},
		"a refused token":                {authorization: "Bearer x", authorize: refusing, want: `401 {"message":"Unauthorized"}`, say: `Bearer scope="" error="invalid_token" error_description="the token has expired"`},
		"a good token":                   {authorization: "Bearer x", want: "200 ok"},
		"a good token without Bearer":    {authorization: "x", want: "200 ok"},
		"bearer in lower case":           {authorization: "bearer x", want: "200 ok"},
		"a token with the route's scope": {authorization: "Bearer x", scopes: []string{"a", "snout/ops"}, want: "200 ok", scopesInEvent: []any{"snout/ops"}},
		"a token without the scope":      {authorization: "Bearer x", scopes: []string{"a"}, want: `403 {"message":"Forbidden"}`, say: `Bearer scope="a" error="insufficient_scope"`},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			f := &function{answer: `{"statusCode":200,"body":"ok"}`}
			g := build(t, f, func(c *gateway.Config) {
				if row.authorize != nil {
					c.Authorize = row.authorize
				}
			}, gateway.Route{Method: "GET", Path: "/", Function: "F", Authorized: true, Scopes: row.scopes})
			header := http.Header{}
			if row.authorization != "" {
				header.Set("Authorization", row.authorization)
			}
			res := do(g, "GET", "/", "", header)
			if diff := cmp.Diff([]string{row.want, row.say}, []string{text(t, res), res.Header.Get("Www-Authenticate")}); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
			if !strings.HasPrefix(row.want, "200") {
				if f.calls != 0 {
					t.Error("the function ran")
				}
				return
			}
			got := decoded(t, f.payload)["requestContext"].(map[string]any)["authorizer"].(map[string]any)["jwt"].(map[string]any)["scopes"]
			if diff := cmp.Diff(row.scopesInEvent, got); diff != "" {
				t.Errorf("scopes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnOpenRouteNeverAsksTheAuthorizerAndCarriesNoClaims(t *testing.T) {
	f := &function{answer: `{"statusCode":200}`}
	g := build(t, f, func(c *gateway.Config) {
		c.Authorize = func(context.Context, string) (map[string]string, []string, error) {
			t.Error("the authorizer was asked")
			return map[string]string{"custom:role": "owner"}, nil, nil
		}
	}, open("POST", "/hook"))
	do(g, "POST", "/hook", "", http.Header{"Authorization": {"Bearer x"}})
	if got, ok := decoded(t, f.payload)["requestContext"].(map[string]any)["authorizer"]; ok {
		t.Errorf("the event has an authorizer: %v", got)
	}
}

func TestNewRefusesRoutesThatTheCloudRefuses(t *testing.T) {
	rows := map[string]struct {
		routes []gateway.Route
		want   string
	}{
		"the same route twice":                    {[]gateway.Route{open("GET", "/a"), open("GET", "/a")}, "are the same"},
		"two that differ in a variable's name":    {[]gateway.Route{open("GET", "/a/{id}"), open("GET", "/a/{other}")}, "are the same"},
		"a path without its slash":                {[]gateway.Route{open("GET", "a")}, "begins with a slash"},
		"a method in lower case":                  {[]gateway.Route{open("get", "/a")}, "upper-case method"},
		"a variable that fills half a segment":    {[]gateway.Route{open("GET", "/a-{id}")}, "whole segment"},
		"a greedy variable in the middle":         {[]gateway.Route{open("GET", "/{a+}/b")}, "malformed variable"},
		"the same variable twice":                 {[]gateway.Route{open("GET", "/{a}/{a}")}, "malformed variable"},
		"a variable that is not closed":           {[]gateway.Route{open("GET", "/{a")}, "malformed variable"},
		"a protected route without an authorizer": {[]gateway.Route{{Method: "GET", Path: "/", Authorized: true}}, "there is none"},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			_, err := gateway.New(gateway.Config{Routes: row.routes, Invoke: (&function{}).invoke, Now: noon})
			if err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("error %v, want one with %q", err, row.want)
			}
		})
	}
}
