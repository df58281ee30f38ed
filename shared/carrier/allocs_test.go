package carrier

import (
	"net/url"
	"testing"
)

// Every text passes here before anything of it is known, wrong signatures too: reading a
// form costs no more than this, with the race detector or without.
func TestAWebhookIsReadWithFewAllocations(t *testing.T) {
	v := verifier(t, "https://snout.example", "12345", "67890")
	form, err := url.ParseQuery(typicalForm)
	if err != nil {
		t.Fatal(err)
	}
	w := Webhook{Path: "/api/messages/webhook/twilio", Body: []byte(typicalForm), Signature: reference("12345", "https://snout.example/api/messages/webhook/twilio", form)}
	forged := w
	forged.Signature = "AAAAAAAAAAAAAAAAAAAAAAAAAAA="
	for _, c := range []struct {
		name string
		most float64
		do   func() error
		ok   bool
	}{
		{"a right signature", 34, func() error { return v.Verify(t.Context(), w) }, true},
		{"a wrong signature", 34, func() error { return v.Verify(t.Context(), forged) }, false},
		{"the form read", 8, func() error { _, err := ParseInbound(w.Body); return err }, true},
	} {
		if err := c.do(); (err == nil) != c.ok {
			t.Fatalf("%s: %v", c.name, err)
		}
		if n := testing.AllocsPerRun(100, func() { _ = c.do() }); n > c.most {
			t.Errorf("%s: %v allocations, at most %v", c.name, n, c.most)
		}
	}
}
