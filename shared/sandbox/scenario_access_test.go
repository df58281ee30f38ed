package sandbox_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"snout/shared/sandbox/template"
)

// guarded are all routes of template.yaml that the authorizer guards, as they are
// called: nothing can be forgotten here that is there.
func guarded(t *testing.T) []string {
	t.Helper()
	tmpl, err := template.Load(filepath.Join("..", "..", "template.yaml"), map[string]string{"Stage": "local", "Issuer": "https://issuer.invalid", "IssuerClientId": "web", "IssuerMachineClientId": "ops", "Version": "test"},
		template.Pseudo{Region: "us-east-1", AccountID: "000000000000", StackName: "snout-local", QueueEndpoint: "http://127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	var routes []string
	for _, f := range tmpl.Functions {
		for _, r := range f.Routes {
			if r.Authorized {
				routes = append(routes, r.Method+" "+r.Path)
			} else if strings.HasPrefix(r.Path, "/api/") && !strings.Contains(r.Path, "/webhook/") && r.Path != "/api/openapi.json" {
				t.Errorf("%s %s is open to everybody", r.Method, r.Path)
			}
		}
	}
	if len(routes) < 25 {
		t.Fatalf("only %d routes found in template.yaml", len(routes))
	}
	slices.Sort(routes)
	return routes
}

// Every route, with every kind of caller who has no business there.
func TestEveryRouteAsksWhoIsThere(t *testing.T) {
	t.Parallel()
	s := open(t)
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	good := s.owner.token()
	parts := strings.Split(good, ".")
	var header struct{ Kid string }
	h, _ := base64.RawURLEncoding.DecodeString(parts[0])
	_ = json.Unmarshal(h, &header)
	var claims jwt.MapClaims
	c, _ := base64.RawURLEncoding.DecodeString(parts[1])
	if err := json.Unmarshal(c, &claims); err != nil {
		t.Fatal(err)
	}
	signed := func(change func(jwt.MapClaims), method jwt.SigningMethod, with any) string {
		m := maps.Clone(claims)
		change(m)
		tok := jwt.NewWithClaims(method, m)
		tok.Header["kid"] = header.Kid
		out, err := tok.SignedString(with)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	same := func(jwt.MapClaims) {}
	changed := base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(string(c), "owner", "0wner", 1)))
	tokens := map[string]string{
		"none":              "",
		"rubbish":           "rubbish",
		"another key":       signed(same, jwt.SigningMethodRS256, key),
		"alg none":          signed(same, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType),
		"the key as secret": signed(same, jwt.SigningMethodHS256, []byte(header.Kid)),
		"changed claims":    parts[0] + "." + changed + "." + parts[2],
		"wrong issuer":      signed(func(m jwt.MapClaims) { m["iss"] = "https://issuer.example" }, jwt.SigningMethodRS256, key),
		"cut off":           parts[0] + "." + parts[1] + ".",
	}
	s.advance(25 * time.Hour)
	tokens["expired"] = good
	routes := guarded(t)
	for _, route := range routes {
		method, path, _ := strings.Cut(route, " ")
		path = strings.ReplaceAll(path, "{id}", "x-1")
		for kind, token := range tokens {
			a := s.request(method, path, token, bodyFor(method, path))
			if a.Status != 401 {
				t.Errorf("%s with token %s: %d", route, kind, a.Status)
			}
		}
	}
	// Who belongs to no business there is, and each role where it may not.
	nobody := &person{s, "owner-0"}
	for _, route := range routes {
		method, path, _ := strings.Cut(route, " ")
		path = strings.ReplaceAll(path, "{id}", "x-1")
		a := nobody.do(method, path, bodyFor(method, path), "Idempotency-Key", s.key())
		if a.Status >= 500 {
			t.Errorf("%s by somebody of no business: %d %s", route, a.Status, a.Raw)
		}
		owners := func(r string) bool {
			for _, open := range []string{"GET /api/messages/me", "PATCH /api/messages/me", "GET /api/messages/threads", "GET /api/messages/threads/{id}", "POST /api/messages/threads/{id}/read", "POST /api/messages/send", "POST /api/messages/threads/{id}/ask"} {
				if r == open {
					return false
				}
			}
			return true
		}
		if owners(route) {
			a := s.sam.do(method, path, bodyFor(method, path), "Idempotency-Key", s.key())
			if a.Status != 403 && a.Status != 404 {
				t.Errorf("%s by a sitter: %d %s", route, a.Status, a.Raw)
			}
		}
		a = s.ops.do(method, path, bodyFor(method, path), "Idempotency-Key", s.key())
		if opsMay := contains([]string{"GET /api/messages/me", "GET /api/messages/diagnostics", "POST /api/messages/explain", "GET /api/flags", "PUT /api/flags"}, route); !opsMay && a.Status != 403 && a.Status != 404 {
			t.Errorf("%s by ops: %d %s", route, a.Status, a.Raw)
		}
	}
	s.owner.do("PUT", "/api/flags", fields{messaging: "false"}).refused(403, "FORBIDDEN")
	s.sam.get("/api/flags").refused(403, "FORBIDDEN")
	s.sam.get("/api/messages/diagnostics").refused(403, "FORBIDDEN")
	s.sam.post("/api/messages/explain", fields{"from": "+15555550101", "to": "+15555550102"}).refused(403, "FORBIDDEN")
	s.ops.get("/api/messages/diagnostics").refused(400, "INVALID_REQUEST")
	s.ops.get("/api/messages/diagnostics?org=demo").is(200)
	s.ops.get("/api/messages/diagnostics?org=nobody").is(404)
	a := s.ops.do("PUT", "/api/flags", fields{sitting: "true"}).is(200)
	equal(s, "flag", a.str(sitting), "true")
	s.ops.do("PUT", "/api/flags", fields{"ENABLE_EVERYTHING": "true"}).refused(400, "INVALID_REQUEST")
	s.ops.do("PUT", "/api/flags", fields{sitting: true}).refused(400, "INVALID_REQUEST")
	s.request("GET", "/healthz", "", nil).is(200)
	s.request("GET", "/api/openapi.json", "", nil).is(200)
	// Nobody's host, and no page of another site.
	s.request("GET", "/local/world", "", nil, "Origin", "https://evil.example").is(403)
}

func bodyFor(method, path string) any {
	if method == "GET" {
		return nil
	}
	return fieldsFor(path)
}

// Whatever is sent, the answer is a problem that names the field, never a fault.
func TestBadRequests(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, route := range guarded(t) {
		method, path, _ := strings.Cut(route, " ")
		if method == "GET" || path == "/api/flags" {
			continue
		}
		path = strings.ReplaceAll(path, "{id}", "x-1")
		for what, body := range map[string]string{
			"no JSON": "{", "a list": "[]", "a number": "17", "two objects": "{}{}", "an unknown field": `{"surprise":1}`, "empty": "", "not UTF-8": "{\"text\":\"\xff\"}",
			"deep": strings.Repeat("[", 5000), "large": `{"text":"` + strings.Repeat("x", 300<<10) + `"}`, "wrong types": `{"text":1,"reason":2,"sitterId":3,"threadId":4,"name":5,"e164":6,"minutes":"x","done":"y","from":7,"clientId":8}`,
		} {
			a := s.owner.do(method, path, body, "Idempotency-Key", s.key())
			switch {
			case a.Status >= 200 && a.Status < 300 && contains([]string{"no JSON", "a list", "a number", "two objects", "an unknown field", "deep", "large", "wrong types"}, what) && !strings.HasSuffix(path, "/read"):
				t.Errorf("%s with %s: %d", route, what, a.Status)
			case a.Status >= 400:
				if !strings.HasPrefix(a.Header.Get("Content-Type"), "application/problem+json") || a.str("code") == "" || a.num("status") != a.Status || a.str("title") == "" {
					t.Errorf("%s with %s: no problem: %d %s", route, what, a.Status, a.Raw)
				}
				if a.Status == 400 && a.str("field") == "" {
					t.Errorf("%s with %s: names no field: %s", route, what, a.Raw)
				}
			}
		}
	}
	for _, id := range []string{"x", "t-demo-nothere", "t-second-abcdefgh", "t-demo-../../etc", "%00", "t-demo-%23", strings.Repeat("a", 3000)} {
		a := s.owner.get("/api/messages/threads/" + id)
		if a.Status != 404 && a.Status != 400 && a.Status != 414 {
			t.Errorf("thread %.30q: %d", id, a.Status)
		}
	}
	s.owner.get("/api/nothing").is(404)
	s.owner.post("/api/messages/send", fields{"threadId": s.service(s.dana).str("id"), "text": 1}, "Idempotency-Key", "a").refused(400, "INVALID_REQUEST")
	equal(s, "field", s.owner.post("/api/messages/send", fields{"threadId": "t", "texts": "1"}, "Idempotency-Key", "a").str("field"), "texts")
	s.owner.post("/api/messages/threads", fields{"text": "to nobody at all"}, "Idempotency-Key", "b").refused(400, "INVALID_REQUEST")
	s.owner.post("/api/messages/threads", fields{"clientId": "nobody", "text": "to nobody at all"}, "Idempotency-Key", "b").is(404)
	s.owner.post("/api/messages/threads", fields{"bookingId": "nothing", "text": "to nobody at all"}, "Idempotency-Key", "b").is(404)
	s.owner.post("/api/messages/threads", fields{"phone": "12", "text": "to nobody at all"}, "Idempotency-Key", "b").refused(400, "INVALID_REQUEST")
	// A stranger may be written to.
	stranger := s.phone("+15555550149")
	a := s.owner.starts(fields{"phone": stranger.e164, "text": "Hello, you called us earlier"}).is(202)
	s.settle()
	equal(s, "sent", stranger.count("Hello, you called us earlier"), 1)
	stranger.texts(s.frontDesk, "Yes, that was me who called")
	equal(s, "the same thread", s.expect(7, "owner_inbox", "Unknown sender").str("threadId"), a.str("threadId"))
}

// What explain says is what then happens.
func TestExplainIsWhatHappens(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.flags(sitting, "true")
	stranger := s.phone("+15555550148")
	n := 0
	pool := s.service(s.theo).str("number")
	for _, at := range []time.Duration{0, 2 * time.Hour, 5 * time.Hour} {
		s.set(noon.Add(at))
		for _, from := range []phone{s.dana, s.marcus, s.theo, s.ben, stranger} {
			for _, to := range []string{s.frontDesk, s.samsNumber, s.ivysNumber, pool, "+12135550199"} {
				n++
				x := s.owner.post("/api/messages/explain", fields{"from": from.e164, "to": to}).is(200)
				if len(x.list("trace")) == 0 || x.num("rule") == 0 {
					t.Fatalf("no trace: %s", x.Raw)
				}
				from.texts(to, "What explain foretells of me")
				if to == "+12135550199" {
					equal(s, "unroutable", x.num("rule"), 2)
					continue
				}
				s.settle()
				d := s.decision()
				if d.num("rule") != x.num("rule") || d.str("routingTarget") != x.str("routingTarget") || d.str("routingReason") != x.str("routingReason") {
					t.Errorf("explain says %d %s, and what happens is %d %s", x.num("rule"), x.str("routingReason"), d.num("rule"), d.str("routingReason"))
				}
				if id := x.str("threadId"); id != "" && id != d.str("threadId") {
					t.Errorf("explain says thread %s, and it is %s", id, d.str("threadId"))
				}
			}
		}
	}
	if l := s.diagnostics().list("routingDecisions.decisions"); len(l) != 50 {
		t.Errorf("%d decisions are shown", len(l))
	}
	// With flags as asked, and a word.
	x := s.owner.post("/api/messages/explain", fields{"from": s.dana.e164, "to": s.samsNumber, "flags": fields{messaging: "false"}}).is(200)
	equal(s, "with the flag off", x.num("rule"), 4)
	x = s.owner.post("/api/messages/explain", fields{"from": s.dana.e164, "to": s.samsNumber, "text": "stop"}).is(200)
	equal(s, "a STOP", x.num("rule"), 3)
	equal(s, "nothing written", optedOut(s, "client-1"), false)
}
