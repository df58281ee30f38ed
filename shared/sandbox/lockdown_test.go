package sandbox_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func TestEveryAnswerTellsABrowserToRunAndFrameNothing(t *testing.T) {
	s := open(t)
	for name, a := range map[string]answer{
		"an answer of the API": s.owner.get("/api/messages/me").is(200),
		"a refusal":            s.sam.get("/api/bookings").is(403),
		"a webhook's refusal":  s.request("POST", "/api/messages/webhook/twilio", "", "Body=x").is(403),
		"the page":             s.request("GET", "/messages", "", nil).is(200),
		"health":               s.request("GET", "/healthz", "", nil).is(200),
	} {
		if got := a.Header.Get("Content-Security-Policy"); !strings.Contains(got, "default-src 'none'") || !strings.Contains(got, "frame-ancestors 'none'") {
			t.Errorf("%s: content security policy %q", name, got)
		}
		if got := a.Header.Get("X-Content-Type-Options"); got != "nosniff" {
			t.Errorf("%s: content type options %q", name, got)
		}
		if got := a.Header.Get("Strict-Transport-Security"); !strings.HasPrefix(got, "max-age=63072000") {
			t.Errorf("%s: transport security %q", name, got)
		}
	}
}

func TestABodyBeyondItsBoundIsRefusedOnEveryRouteThatTakesOne(t *testing.T) {
	s := open(t)
	huge := `{"text":"` + strings.Repeat("x", 300<<10) + `"}`
	for _, path := range []string{"/api/messages/send", "/api/messages/threads", "/api/messages/explain", "/api/bookings", "/api/clients", "/api/sitters", "/api/numbers", "/api/screening/try"} {
		a := s.owner.post(path, huge, "Idempotency-Key", s.key())
		a.refused(400, "INVALID_REQUEST")
	}
	s.owner.do("PATCH", "/api/settings", huge).refused(400, "INVALID_REQUEST")
	s.ops.do("PUT", "/api/flags", huge).refused(400, "INVALID_REQUEST")
}

// Whoever can make this system call an address of theirs sees what is behind its walls.
func TestNoAddressThatSomebodyNamedIsEverCalled(t *testing.T) {
	s := open(t)
	s.broken = true // a picture that cannot be had is a text without one
	var called atomic.Int32
	trap := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called.Add(1) }))
	t.Cleanup(trap.Close)
	address := trap.URL + "/latest/meta-data/"
	v := sms(s.ben.e164, s.frontDesk, "Look: "+address, sid(1))
	v.Set("NumMedia", "1")
	v.Set("MediaUrl0", address)
	v.Set("MediaContentType0", "image/jpeg")
	s.form("/api/messages/webhook/twilio", v, s.secret())
	s.form("/api/messages/webhook/twilio/fallback", func() map[string][]string {
		w := sms(s.ben.e164, s.frontDesk, address, sid(2))
		w.Set("ErrorUrl", address)
		return w
	}(), s.secret())
	s.settle()
	if th, ok := s.threadOf(s.ben, s.frontDesk); ok {
		s.owner.post("/api/messages/send", fields{"threadId": th.str("id"), "text": address, "media": []string{address}}, "Idempotency-Key", s.key())
		s.owner.sends(th.str("id"), "See "+address)
	}
	s.owner.post("/api/screening/try", fields{"text": address})
	s.settle()
	if n := called.Load(); n != 0 {
		t.Errorf("an address that a caller named was called %d times", n)
	}
}

func TestAFunctionCannotChangeWhatHasBeenAudited(t *testing.T) {
	s := open(t)
	s.broken = true
	cfg, err := config.LoadDefaultConfig(t.Context(), config.WithRegion("us-east-1"), config.WithBaseEndpoint(s.w.URL), config.WithAppID("MessagesFunction"),
		config.WithCredentialsProvider(credentials.NewStaticCredentialsProvider("local", "local", "")))
	if err != nil {
		t.Fatal(err)
	}
	db := dynamodb.NewFromConfig(cfg)
	for pk, allowed := range map[string]bool{"O#demo#AUDIT": false, "OPS#AUDIT": false, "OPS": true, "O#demo#NOTE": true} {
		key := map[string]types.AttributeValue{"PK": &types.AttributeValueMemberS{Value: pk}, "SK": &types.AttributeValueMemberS{Value: "none"}}
		ways := map[string]func(context.Context) error{
			"DeleteItem": func(ctx context.Context) error {
				_, err := db.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: aws.String("snout-local"), Key: key})
				return err
			},
			"a transaction": func(ctx context.Context) error {
				_, err := db.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{{Delete: &types.Delete{TableName: aws.String("snout-local"), Key: key}}}})
				return err
			},
		}
		for name, do := range ways {
			if err := do(t.Context()); (err == nil) != allowed {
				t.Errorf("%s on %s: %v", name, pk, err)
			}
		}
	}
	s.refusals = true
}

// Every route again, with ids that exist: somebody of another business finds nothing
// behind them, and the owner whose they are is never told that they may not.
func TestEveryRouteIsOfOneBusiness(t *testing.T) {
	s := open(t)
	s.broken = true // the owner's turn goes through every route with whatever body fits
	s.flags(sitting, "true")
	s.set(noon.Add(2 * time.Hour))
	s.dana.texts(s.samsNumber, "Is all well with Biscuit?")
	s.phone("+15555550149").texts(s.frontDesk, "Do you do cats at all?")
	s.settle()
	other, _ := s.second()
	thread := s.service(s.dana).str("id")
	known := map[string]string{
		"/api/messages/threads/": thread, "/api/messages/events/": s.owner.mustSee(thread, "Is all well with Biscuit?").str("id"), "/api/messages/alerts/": "a-demo-0",
		"/api/bookings/": "booking-1", "/api/clients/": "client-1", "/api/sitters/": "sitter-1", "/api/numbers/": s.request("GET", "/local/world", "", nil).is(200).str("numbers.1.id"),
	}
	bodies := map[string]fields{
		"POST /api/messages/send":    {"threadId": thread, "text": "A text from outside"},
		"POST /api/messages/threads": {"clientId": "client-1", "text": "A text from outside"},
		"POST /api/bookings":         {"clientId": "client-1", "service": "Drop-ins", "startAt": "2026-06-20T12:00:00", "endAt": "2026-06-20T12:30:00"},
	}
	words := append(forms(s.dana.e164), s.dana.e164, s.samsNumber, "Dana Whitfield", "Biscuit", "Is all well")
	elsewhere := &person{s, "sitter-9"}
	for _, route := range guarded(t) {
		method, pattern, _ := strings.Cut(route, " ")
		path := pattern
		for prefix, id := range known {
			if strings.HasPrefix(pattern, prefix) {
				path = strings.ReplaceAll(pattern, "{id}", id)
			}
		}
		body := bodyFor(method, pattern)
		if b, ok := bodies[route]; ok {
			body = b
		}
		for _, p := range []*person{other, elsewhere} {
			a := p.do(method, path, body, "Idempotency-Key", s.key())
			if path != pattern && a.Status != 404 && a.Status != 403 && a.Status != 400 {
				t.Errorf("%s on another business's by %s: %d %.200s", route, p.sub, a.Status, a.Raw)
			}
			if _, named := bodies[route]; named && a.Status < 400 {
				t.Errorf("%s with another business's ids by %s: %d %.200s", route, p.sub, a.Status, a.Raw)
			}
			for _, w := range words {
				if strings.Contains(a.Raw, w) {
					t.Errorf("%s tells %s of %q: %.200s", route, p.sub, w, a.Raw)
				}
			}
		}
		a := s.owner.do(method, path, body, "Idempotency-Key", s.key())
		switch {
		case route == "PUT /api/flags" || route == "PATCH /api/messages/me" || strings.HasSuffix(pattern, "/ask"):
			if a.Status != 403 { // of ops, and of sitters
				t.Errorf("%s by the owner: %d %.200s", route, a.Status, a.Raw)
			}
		case a.Status == 401 || a.Status == 403 || a.Status >= 500:
			t.Errorf("%s by the owner whose it is: %d %.200s", route, a.Status, a.Raw)
		}
	}
}

// While the carrier's token is rotated both are good, and the old one is not for longer
// than secrets are kept.
func TestAWebhookMayBeSignedWithTheCurrentTokenOrTheNext(t *testing.T) {
	s := open(t)
	const next = "00112233445566778899aabbccddeeff"
	put := func(name, value string) {
		t.Helper()
		body := fields{"Name": "/snout/local/secrets/" + name, "Value": value, "Type": "SecureString", "Overwrite": true}
		if value == "" {
			body = fields{"Name": "/snout/local/secrets/" + name}
		}
		operation := "AmazonSSM.PutParameter"
		if value == "" {
			operation = "AmazonSSM.DeleteParameter"
		}
		s.request("POST", "/", "", body, "X-Amz-Target", operation, "Content-Type", "application/x-amz-json-1.1",
			"Authorization", "AWS4-HMAC-SHA256 Credential=local/20260610/us-east-1/ssm/aws4_request, SignedHeaders=host, Signature=0").is(200)
	}
	n := 0
	posts := func(when, token string, want int) {
		t.Helper()
		n++
		s.wrote("A text while the token changes")
		if got, body := s.form("/api/messages/webhook/twilio", sms(s.ben.e164, s.frontDesk, "A text while the token changes", sid(9000+n)), token); got != want {
			t.Errorf("%s: %d, want %d: %s", when, got, want, body)
		}
	}
	s.broken = true // texts by hand, which the scenario's count does not follow
	old := s.secret()
	posts("before: the old one", old, 200)
	posts("before: the next one", next, 403)
	put("twilio_auth_token_next", next)
	s.advance(5*time.Minute + time.Second)
	posts("during: the old one", old, 200)
	posts("during: the next one", next, 200)
	put("twilio_auth_token", next)
	put("twilio_auth_token_next", "")
	s.advance(5*time.Minute + time.Second)
	posts("afterwards: the next one", next, 200)
	posts("afterwards: the old one", old, 403)
	posts("none at all", "", 403)
}

// Every line names the trace that the invocation belongs to, one of its own each.
func TestEveryLineNamesItsTrace(t *testing.T) {
	s := open(t)
	s.ben.texts(s.frontDesk, "A text that leaves a trace")
	s.settle()
	seen := map[string]bool{}
	for _, l := range s.log.lines() {
		if l.str("function") == "" || !l.has("outcome") {
			continue
		}
		trace := l.str("traceId")
		if !strings.HasPrefix(trace, "1-") || len(trace) != 35 || seen[trace+l.str("requestId")] {
			t.Errorf("a line of %s with the trace %q", l.str("function"), trace)
		}
		seen[trace+l.str("requestId")] = true
	}
	if len(seen) < 2 {
		t.Errorf("only %d lines", len(seen))
	}
}
