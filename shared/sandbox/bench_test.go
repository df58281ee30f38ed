package sandbox

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"snout/shared/lambdaio"
	"snout/shared/office/demo"
)

// texting starts a world with the demo business for a benchmark.
func texting(b testing.TB) *World {
	b.Helper()
	w, err := Start(b.Context(), Options{Addr: "127.0.0.1:0"})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = w.Close() })
	return w
}

// BenchmarkInboundText is one text of a known pair from the phone to the webhook's
// answer: the carrier's signed form over HTTP, the gateway, the inbound function, one
// read and one transaction on the local engine.
func BenchmarkInboundText(b *testing.B) {
	w := texting(b)
	if _, err := w.Carrier.Text(b.Context(), "+13105550116", demo.FrontDesk, "the first makes the conversation", nil, ""); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		got, err := w.Carrier.Text(b.Context(), "+13105550116", demo.FrontDesk, fmt.Sprintf("text %d", i), nil, "")
		if err != nil || got.Status != 200 {
			b.Fatalf("status %d, %v", got.Status, err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "texts/s")
}

// BenchmarkTextsEndToEnd is texts from eight phones at once until everything they set
// off (stream, counters) has been dealt with.
func BenchmarkTextsEndToEnd(b *testing.B) {
	w := texting(b)
	b.ReportAllocs()
	b.SetParallelism(4)
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			from := fmt.Sprintf("+1310555011%d", 1+i%8)
			if got, err := w.Carrier.Text(b.Context(), from, demo.FrontDesk, fmt.Sprintf("text %d", i), nil, ""); err != nil || got.Status != 200 {
				b.Errorf("status %d, %v", got.Status, err)
			}
		}
	})
	if err := w.Settle(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "texts/s")
}

// inboundFunction is the inbound function of its own, as its main builds it, on the
// world's table and parameters.
func inboundFunction(b testing.TB, w *World) lambda.Handler {
	b.Helper()
	for _, f := range w.template.Functions {
		if filepath.Base(f.CodeDir) != "inbound" {
			continue
		}
		host := w.Host
		host.Env, host.Log = w.env(f), io.Discard
		h, err := lambdaio.Inbound(b.Context(), host)
		if err != nil {
			b.Fatal(err)
		}
		return h
	}
	b.Fatal("template.yaml has no inbound function")
	return nil
}

// webhookEvent is what API Gateway hands to the function for one signed text: the form in
// base64, as HTTP APIs deliver it.
func webhookEvent(b testing.TB, w *World, from, to, text, sid string) []byte {
	b.Helper()
	const path = "/api/messages/webhook/twilio"
	form := url.Values{"AccountSid": {carrierAccount}, "Body": {text}, "From": {from}, "MessageSid": {sid}, "NumMedia": {"0"}, "To": {to}}
	mac := hmac.New(sha1.New, []byte(carrierToken))
	io.WriteString(mac, w.URL+path)
	for _, name := range []string{"AccountSid", "Body", "From", "MessageSid", "NumMedia", "To"} {
		io.WriteString(mac, name+form.Get(name))
	}
	e := events.APIGatewayV2HTTPRequest{
		Version: "2.0", RouteKey: "POST " + path, RawPath: path, IsBase64Encoded: true, Body: base64.StdEncoding.EncodeToString([]byte(form.Encode())),
		Headers: map[string]string{"content-type": "application/x-www-form-urlencoded", "x-twilio-signature": base64.StdEncoding.EncodeToString(mac.Sum(nil))},
	}
	e.RequestContext.RequestID, e.RequestContext.HTTP.Method, e.RequestContext.HTTP.Path = sid, http.MethodPost, path
	payload, err := json.Marshal(e)
	if err != nil {
		b.Fatal(err)
	}
	return payload
}

// BenchmarkInboundHandler is the inbound function by itself, from API Gateway's event to
// its response: no gateway and no carrier around it, but the real client of the table over
// loopback. What is refused at the door and the repeat show what the rest of it costs.
func BenchmarkInboundHandler(b *testing.B) {
	w := texting(b)
	h := inboundFunction(b, w)
	const from = "+13105550116"
	answers := func(b *testing.B, payload []byte, want int) {
		out, err := h.Invoke(b.Context(), payload)
		var res events.APIGatewayV2HTTPResponse
		if err != nil || json.Unmarshal(out, &res) != nil || res.StatusCode != want {
			b.Fatalf("answered %s, %v", out, err)
		}
	}
	answers(b, webhookEvent(b, w, from, demo.FrontDesk, "the first makes the conversation", "SMfirst"), http.StatusOK)
	if err := w.Settle(b.Context()); err != nil {
		b.Fatal(err)
	}
	w.stop() // the stream's readers: what follows a text is not its handler's
	n := 0
	for _, c := range []struct {
		name string
		next func(b *testing.B) ([]byte, int)
	}{
		{"a text of a known pair", func(b *testing.B) ([]byte, int) {
			n++
			return webhookEvent(b, w, from, demo.FrontDesk, "is all well with the cat?", fmt.Sprintf("SM%032d", n)), http.StatusOK
		}},
		{"a repeat of a MessageSid", func(b *testing.B) ([]byte, int) {
			return webhookEvent(b, w, from, demo.FrontDesk, "the first makes the conversation", "SMfirst"), http.StatusOK
		}},
		{"a wrong signature", func(b *testing.B) ([]byte, int) {
			return forged(b, w), http.StatusForbidden
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				payload, want := c.next(b)
				b.StartTimer()
				answers(b, payload, want)
			}
		})
	}
}

// forged is a text with somebody else's signature.
func forged(b testing.TB, w *World) []byte {
	b.Helper()
	var e events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal(webhookEvent(b, w, "+13105550116", demo.FrontDesk, "forged", "SMforged"), &e); err != nil {
		b.Fatal(err)
	}
	e.Headers["x-twilio-signature"] = "AAAAAAAAAAAAAAAAAAAAAAAAAAA="
	payload, err := json.Marshal(e)
	if err != nil {
		b.Fatal(err)
	}
	return payload
}

// What anybody on the internet can make the inbound function do costs no more than this,
// from the event's JSON to the answer's and the log line, with the race detector or
// without. (What a text of a known pair costs is counted in calls and units, in budget_test:
// around it stand the table's client and, here, its engine.)
func TestAForgedWebhookIsRefusedWithFewAllocations(t *testing.T) {
	w := texting(t)
	h := inboundFunction(t, w)
	w.stop()
	payload := forged(t, w)
	var out []byte
	n := testing.AllocsPerRun(100, func() { out, _ = h.Invoke(t.Context(), payload) })
	var res events.APIGatewayV2HTTPResponse
	if err := json.Unmarshal(out, &res); err != nil || res.StatusCode != http.StatusForbidden {
		t.Fatalf("answered %s, %v", out, err)
	}
	if most := 175.0; n > most {
		t.Errorf("%v allocations, at most %v", n, most)
	}
}
