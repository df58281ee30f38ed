package sandbox_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

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
