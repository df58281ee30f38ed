package carrier

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"

	twilio "github.com/twilio/twilio-go/client"
	"pgregory.net/rapid"
)

// reference signs by the carrier's published rule, written with other means
// than the code under test: maps of values instead of sorted pairs.
func reference(token, address string, form url.Values) string {
	signed := address
	names := make([]string, 0, len(form))
	for name := range form {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		distinct := map[string]bool{}
		for _, v := range form[name] {
			distinct[v] = true
		}
		values := make([]string, 0, len(distinct))
		for v := range distinct {
			values = append(values, v)
		}
		slices.Sort(values)
		for _, v := range values {
			signed += name + v
		}
	}
	mac := hmac.New(sha1.New, []byte(token))
	mac.Write([]byte(signed))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func verifier(t testing.TB, base string, tokens ...string) *Verifier {
	t.Helper()
	v, err := NewVerifier(base, StaticTokens(tokens...))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// The vectors are facts published in the tests and documentation of Twilio's
// libraries for Go, Java, Node, PHP, Python and Ruby, all with token 12345.
func TestVerifyAcceptsAndRefusesWhatTheCarriersOwnLibrariesDo(t *testing.T) {
	const (
		call     = "CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212"
		call310  = "CallSid=CA1234567890ABCDE&Caller=%2B14158675310&Digits=1234&From=%2B14158675310&To=%2B18005551212"
		reason   = "Digits=1234&CallSid=CA1234567890ABCDE&To=%2B18005551212&Caller=%2B14158675309&From=%2B14158675309&ReasonConferenceEnded=test&Reason=Participant"
		json     = `{"property": "value", "boolean": true}`
		jsonHash = "bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
		secure   = "https://mycompany.com"
		foobar   = "foo=1&bar=2"
	)
	tests := []struct {
		name, base, query, body, signature string
		want                               error
	}{
		{"a form", secure, foobar, call, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", nil},
		{"a form, from the documentation", "https://example.com", foobar, call310, "L/OH5YylLD5NRKLltdqwSvS0BnU=", nil},
		{"a form from another caller", secure, foobar, call310, "GvWf1cFY/Q7PnoempGyD5oXAezc=", nil},
		{"parameters in another order", secure, foobar, "To=%2B18005551212&From=%2B14158675309&Digits=1234&Caller=%2B14158675309&CallSid=CA1234567890ABCDE", "RSOYDt4T1cUTdK1PDd93/VVr8B8=", nil},
		{"a name that begins another", secure, foobar, reason, "vOEb5UThFn24KEfnOFLQY2AE5FY=", nil},
		{"a name that begins another, sorted wrongly", secure, foobar, reason, "95+Bu0JVPi0r/SsESZCVf0dWAjw=", ErrSignature},
		{"a form of two", secure, foobar, "property=value&boolean=true", "NBdBDr/T/lgjI+tlgpXjKZQZs/k=", nil},
		{"values that repeat", secure, foobar, "Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234&Digits=1234", "IK+Dwps556ElfBT0I3Rgjkr1wJU=", nil},
		{"values that repeat, in another order", secure, foobar, "Digits=1234&Sid=CA123&Digits=1234&SidAccount=AC123&Digits=5678", "IK+Dwps556ElfBT0I3Rgjkr1wJU=", nil},
		{"an array", secure, foobar, "MessagingBinding.Address=%2B1325xxxxxxx&MessagingBinding.Address=%2B1415xxxxxxx", "83O6e2vORAoJHUNzJjDWN1jz+BA=", nil},
		{"an array the other way round", secure, foobar, "MessagingBinding.Address=%2B1415xxxxxxx&MessagingBinding.Address=%2B1325xxxxxxx", "83O6e2vORAoJHUNzJjDWN1jz+BA=", nil},
		{"https, our port is spelled out and theirs is not", "https://mycompany.com:1234", foobar, call, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", nil},
		{"https, theirs is spelled out and ours is not", secure, foobar, call, "kvajT1Ptam85bY51eRf/AJRuM3w=", nil},
		{"https, both spelled out", "https://mycompany.com:443", foobar, call, "kvajT1Ptam85bY51eRf/AJRuM3w=", nil},
		{"http, port 80 added", "http://mycompany.com", foobar, call, "0ZXoZLH/DfblKGATFgpif+LLRf4=", nil},
		{"http with a port of its own", "http://mycompany.com:1234", foobar, call, "Zmvh+3yNM1Phv2jhDCwEM3q5ebU=", nil},
		{"user and password in the address", "https://user:pass@mycompany.com", foobar, call, "CukzLTc1tT5dXEDIHm/tKBanW10=", nil},
		{"user and password, port added", "https://user:pass@mycompany.com", foobar, call, "ZQFR1PTIZXF2MXB8ZnKCvnnA+rI=", nil},
		{"a user alone", "https://user@mycompany.com", foobar, call, "2YRLlVAflCqxaNicjMpJcSTgzSs=", nil},
		{"user and password dropped before signing", "https://user:pass@mycompany.com", foobar, call, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", nil},
		{"an apostrophe in the query", secure, foobar + "&Body=It's+amazing", call, "dsq4Ehbj6cs+KdTkpF5sSSplOWw=", nil},
		{"an apostrophe in the query, signed escaped", secure, foobar + "&Body=It's+amazing", call, "TfZzewPq8wqrGlMfyAud8+/IvJ0=", nil},
		{"a JSON body", secure, foobar + "&" + jsonHash, json, "a9nBmqA0ju/hNViExpshrM61xv4=", nil},
		{"a JSON body and no other query", secure, jsonHash, json, "y77kIzt2vzLz71DgmJGsen2scGs=", nil},
		{"an empty JSON object", secure, foobar + "&bodySHA256=44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a", "{}", "Ldidvp12m26NI7eqEvxnEpkd9Hc=", nil},
		{"a JSON body changed after it was signed", secure, foobar + "&" + jsonHash, json + " ", "a9nBmqA0ju/hNViExpshrM61xv4=", ErrSignature},
		{"a JSON body without its hash", secure, foobar, json, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", ErrSignature},
		{"a wrong signature", secure, foobar, call, "NOTRSOYDt4T1cUTdK1PDd93/VVr8B8=", ErrSignature},
		{"no signature", secure, foobar, call, "", ErrSignature},
		{"a parameter added", secure, foobar, call + "&Admin=1", "RSOYDt4T1cUTdK1PDd93/VVr8B8=", ErrSignature},
		{"an empty parameter added", secure, foobar, call + "&Admin=", "RSOYDt4T1cUTdK1PDd93/VVr8B8=", ErrSignature},
		{"a query decoded", secure, "foo=%31&bar=2", call, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", ErrSignature},
		{"a query reordered", secure, "bar=2&foo=1", call, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", ErrSignature},
		{"another scheme", "http://mycompany.com", foobar, call, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", ErrSignature},
		{"another host", "https://example.org", foobar, call, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", ErrSignature},
		{"a stage in the path", "https://mycompany.com/prod", foobar, call, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", ErrSignature},
		{"a body that is no form", secure, foobar, "a=%zz", "RSOYDt4T1cUTdK1PDd93/VVr8B8=", ErrSignature},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := verifier(t, tt.base, "12345").Verify(t.Context(), Webhook{Path: "/myapp.php", RawQuery: tt.query, Body: []byte(tt.body), Signature: tt.signature})
			if !errors.Is(err, tt.want) || tt.want == nil && err != nil {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

// Shapes of real deliveries, signed by the reference.
func TestVerifyReadsTheRequestAsItCame(t *testing.T) {
	const path = "/api/messages/webhook/twilio"
	form := url.Values{
		"Body": {"  Grüße & co; 100% +1 🐕 \x00\xe9"}, "FromCity": {""}, "From": {"+15555550123"}, "To": {"+15555550100"},
		"NumMedia": {"0"}, "MessageSid": {"SM5ab7891328b440f04b7c83b459fc85fd"},
	}
	signed := Webhook{Path: path, RawQuery: "event=ev%2F1", Body: []byte(form.Encode()), Signature: reference("t0", "https://snout.example"+path+"?event=ev%2F1", form)}
	with := func(change func(*Webhook)) Webhook {
		w := signed
		w.Body = slices.Clone(signed.Body)
		change(&w)
		return w
	}
	tests := []struct {
		name string
		base string
		w    Webhook
		want error
	}{
		{"every odd character and an empty parameter", "https://snout.example", signed, nil},
		{"a slash at the end of the configured address", "https://snout.example/", signed, nil},
		{"an address with a path in front", "https://snout.example/api", with(func(w *Webhook) { w.Path = "/messages/webhook/twilio" }), nil},
		{"a raw semicolon in the body", "https://snout.example", with(func(w *Webhook) { w.Body = []byte(strings.Replace(string(w.Body), "%3B", ";", 1)) }), nil},
		{"spaces as %20 and not as plus", "https://snout.example", with(func(w *Webhook) { w.Body = []byte(strings.ReplaceAll(string(w.Body), "+", "%20")) }), nil},
		{"a body trimmed", "https://snout.example", with(func(w *Webhook) { w.Body = []byte(strings.Replace(string(w.Body), "Body=++", "Body=", 1)) }), ErrSignature},
		{"the empty parameter dropped", "https://snout.example", with(func(w *Webhook) { w.Body = []byte(strings.Replace(string(w.Body), "&FromCity=", "", 1)) }), ErrSignature},
		{"a body still in base64", "https://snout.example", with(func(w *Webhook) { w.Body = []byte(base64.StdEncoding.EncodeToString(w.Body)) }), ErrSignature},
		{"a slash more in the path", "https://snout.example", with(func(w *Webhook) { w.Path += "/" }), ErrSignature},
		{"the query decoded", "https://snout.example", with(func(w *Webhook) { w.RawQuery = "event=ev/1" }), ErrSignature},
		{"another event in the query", "https://snout.example", with(func(w *Webhook) { w.RawQuery = "event=ev%2F2" }), ErrSignature},
		{"the query left out", "https://snout.example", with(func(w *Webhook) { w.RawQuery = "" }), ErrSignature},
		{"the text changed", "https://snout.example", with(func(w *Webhook) { w.Body = []byte(strings.Replace(string(w.Body), "100", "101", 1)) }), ErrSignature},
		{"a form too large to be real", "https://snout.example", with(func(w *Webhook) { w.Body = append(w.Body, make([]byte, maxForm)...) }), ErrSignature},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := verifier(t, tt.base, "t0").Verify(t.Context(), tt.w)
			if !errors.Is(err, tt.want) || tt.want == nil && err != nil {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

func TestVerifyAcceptsBothTokensOfARotationAndNoThird(t *testing.T) {
	form := url.Values{"Body": {"hello"}}
	w := func(token string) Webhook {
		return Webhook{Path: "/hook", Body: []byte(form.Encode()), Signature: reference(token, "https://snout.example/hook", form)}
	}
	v := verifier(t, "https://snout.example", "current", "next")
	for token, want := range map[string]error{"current": nil, "next": nil, "former": ErrSignature, "": ErrSignature} {
		if err := v.Verify(t.Context(), w(token)); !errors.Is(err, want) || want == nil && err != nil {
			t.Errorf("signed with %q: got %v, want %v", token, err, want)
		}
	}
}

// A missing token is our fault, not the sender's: it must not look like a bad
// signature, because that is answered 403 and the text would be lost. And an
// empty token must never be a key, because everybody has that one.
func TestVerifyIsOursToBlameWhenThereIsNoGoodToken(t *testing.T) {
	down := errors.New("parameter store is down")
	signedWithNothing := Webhook{Path: "/hook", Signature: reference("", "https://snout.example/hook", nil)}
	tests := map[string]func(context.Context) ([]string, error){
		"the tokens cannot be read":  func(context.Context) ([]string, error) { return nil, down },
		"there is none":              StaticTokens(),
		"one is empty":               StaticTokens("current", ""),
		"there are more than two":    StaticTokens("a", "b", "c"),
		"the only one is empty":      StaticTokens(""),
		"the empty one comes first":  StaticTokens("", "current"),
		"both of them are empty too": StaticTokens("", ""),
	}
	for name, tokens := range tests {
		t.Run(name, func(t *testing.T) {
			v, err := NewVerifier("https://snout.example", tokens)
			if err != nil {
				t.Fatal(err)
			}
			if err := v.Verify(t.Context(), signedWithNothing); err == nil || errors.Is(err, ErrSignature) {
				t.Errorf("got %v, want an error that is not ErrSignature", err)
			}
		})
	}
}

func TestVerifierRefusesAddressesThatCannotBeSigned(t *testing.T) {
	for _, base := range []string{"", "snout.example", "ftp://snout.example", "https://", "https://snout.example?x=1", "https://snout.example#rc=2", "https://a b", "https://:443"} {
		if _, err := NewVerifier(base, StaticTokens("t")); err == nil {
			t.Errorf("%q was accepted", base)
		}
	}
	if _, err := NewVerifier("https://snout.example", nil); err == nil {
		t.Error("a verifier without tokens was accepted")
	}
}

// The SDK's own validator is a second oracle wherever it can read the form at
// all: it knows one value for each name.
func TestVerifyAgreesWithTheSDKOnFormsWithoutRepeats(t *testing.T) {
	v := verifier(t, "https://snout.example", "12345")
	sdk := twilio.NewRequestValidator("12345")
	rapid.Check(t, func(t *rapid.T) {
		form := url.Values{}
		for name, value := range rapid.MapOf(rapid.StringN(1, 8, -1), rapid.String()).Draw(t, "form") {
			form.Set(name, value)
		}
		address := "https://snout.example/hook?event=1"
		w := Webhook{Path: "/hook", RawQuery: "event=1", Body: []byte(form.Encode()), Signature: reference("12345", address, form)}
		theirs := sdk.ValidateBody(address, w.Body, w.Signature)
		if err := v.Verify(context.Background(), w); (err == nil) != theirs {
			t.Fatalf("we say %v, the SDK says %v", err, theirs)
		}
	})
}

func FuzzVerify(f *testing.F) {
	f.Add("Body=hi&From=%2B15555550123", "event=1", "t", 0)
	f.Add("Digits=1&Digits=2&Digits=1&=&&a=%00%e9", "", "12345", 7)
	f.Add("a=b;c=d&e=%", "bodySHA256=", "x", 3)
	f.Fuzz(func(t *testing.T, body, query, token string, flip int) {
		if token == "" || strings.ContainsAny(query, "'#") || strings.Contains(query, "bodySHA256") {
			return
		}
		pairs, err := parsePairs(body)
		v := verifier(t, "https://snout.example", token)
		w := Webhook{Path: "/hook", RawQuery: query, Body: []byte(body)}
		if err != nil {
			w.Signature = "AAAAAAAAAAAAAAAAAAAAAAAAAAA="
			if err := v.Verify(t.Context(), w); !errors.Is(err, ErrSignature) {
				t.Fatalf("a body that is no form: %v", err)
			}
			return
		}
		form := url.Values{}
		for _, p := range pairs {
			form.Add(p.name, p.value)
		}
		// Wherever net/url can read the form too, both must read the same.
		if std, err := url.ParseQuery(body); err == nil && std.Encode() != form.Encode() {
			t.Fatalf("parsed %q as %q, net/url as %q", body, form.Encode(), std.Encode())
		}
		address := "https://snout.example/hook"
		if query != "" {
			address += "?" + query
		}
		w.Signature = reference(token, address, form)
		if err := v.Verify(t.Context(), w); err != nil {
			t.Fatalf("a right signature was refused: %v", err)
		}
		bad := []byte(w.Signature)
		bad[((flip%28)+28)%28] ^= 1
		w.Signature = string(bad)
		if err := v.Verify(t.Context(), w); !errors.Is(err, ErrSignature) {
			t.Fatalf("a wrong signature was accepted: %v", err)
		}
	})
}

const typicalForm = "ToCountry=US&ToState=CA&SmsMessageSid=SM5ab7891328b440f04b7c83b459fc85fd&NumMedia=0&ToCity=SAN+FRANCISCO&FromZip=30512&SmsSid=SM5ab7891328b440f04b7c83b459fc85fd&FromState=GA&SmsStatus=received&FromCity=BLAIRSVILLE&Body=Hello%2C+are+you+coming+at+nine%3F&FromCountry=US&To=%2B15555550100&ToZip=94105&NumSegments=1&MessageSid=SM5ab7891328b440f04b7c83b459fc85fd&AccountSid=ACe24e29bdbc2e7664b315d7629ed3b9d9&From=%2B15555550123&ApiVersion=2010-04-01"

func BenchmarkVerify(b *testing.B) {
	v := verifier(b, "https://snout.example", "12345", "67890")
	form, err := url.ParseQuery(typicalForm)
	if err != nil {
		b.Fatal(err)
	}
	w := Webhook{Path: "/api/messages/webhook/twilio", Body: []byte(typicalForm), Signature: reference("12345", "https://snout.example/api/messages/webhook/twilio", form)}
	b.ReportAllocs()
	for b.Loop() {
		if err := v.Verify(b.Context(), w); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseInbound(b *testing.B) {
	form := []byte(typicalForm)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseInbound(form); err != nil {
			b.Fatal(err)
		}
	}
}
