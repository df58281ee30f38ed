package carrier

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"snout/shared/routing"
)

// phones compares numbers by what they are; their text is masked.
func phones() cmp.Option { return cmp.AllowUnexported(routing.Phone{}) }

func mustPhone(t testing.TB, s string) routing.Phone {
	t.Helper()
	p, err := routing.ParsePhone(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestInboundFormsAreReadAsTheyWereMeant(t *testing.T) {
	const (
		sid     = "SM5ab7891328b440f04b7c83b459fc85fd"
		minimal = "MessageSid=" + sid + "&From=%2B15555550123&To=%2B15555550100"
	)
	client, business := mustPhone(t, "+15555550123"), mustPhone(t, "+15555550100")
	plain := func(body string) Inbound {
		return Inbound{MessageSid: sid, From: client, To: business, Body: body}
	}
	tenPictures := "&NumMedia=10"
	var pictures []Media
	for _, n := range []string{"3", "1", "0", "9", "2", "8", "4", "7", "5", "6"} {
		tenPictures += "&MediaContentType" + n + "=image%2Fpng&MediaUrl" + n + "=https%3A%2F%2Fapi.twilio.com%2FME" + n
	}
	for _, n := range []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"} {
		pictures = append(pictures, Media{"https://api.twilio.com/ME" + n, "image/png"})
	}
	long := strings.Repeat("woof ", 700)
	tests := []struct {
		name, form string
		want       Inbound
		err        *FieldError
	}{
		{name: "a whole text as the carrier sends it", form: typicalForm, want: Inbound{
			MessageSid: sid, AccountSid: "ACe24e29bdbc2e7664b315d7629ed3b9d9", From: client, To: business,
			Body: "Hello, are you coming at nine?", NumSegments: 1,
		}},
		{name: "a picture in a messaging service", form: "MediaContentType0=image%2Fjpeg&NumMedia=1&Body=&MessagingServiceSid=MG0ab821fa95eeecea1eadd2f9d2414997&MediaUrl0=https%3A%2F%2Fapi.twilio.com%2FME1&" + minimal, want: Inbound{
			MessageSid: sid, MessagingServiceSid: "MG0ab821fa95eeecea1eadd2f9d2414997", From: client, To: business,
			NumMedia: 1, Media: []Media{{"https://api.twilio.com/ME1", "image/jpeg"}},
		}},
		{name: "ten pictures, in the order of their numbers", form: minimal + tenPictures, want: Inbound{MessageSid: sid, From: client, To: business, NumMedia: 10, Media: pictures}},
		{name: "pictures that the count forgot", form: minimal + "&MediaUrl1=b&MediaUrl0=a", want: Inbound{MessageSid: sid, From: client, To: business, Media: []Media{{URL: "a"}, {URL: "b"}}}},
		{name: "a count of pictures that never came", form: minimal + "&NumMedia=2000000000", want: Inbound{MessageSid: sid, From: client, To: business, NumMedia: 2000000000}},
		{name: "a count that is no number", form: minimal + "&NumMedia=many", want: plain("")},
		{name: "names that only look like pictures", form: minimal + "&MediaUrl=a&MediaUrl-1=b&MediaUrl100=c&MediaUrl+1=d&MediaUrlx=e", want: plain("")},
		{name: "emoji, one of them of several characters", form: minimal + "&Body=%F0%9F%91%A9%E2%80%8D%F0%9F%91%A7%F0%9F%90%95", want: plain("👩‍👧🐕")},
		{name: "spaces and line breaks at both ends", form: minimal + "&Body=+%0D%0Ahi%09+", want: plain(" \r\nhi\t ")},
		{name: "a NUL", form: minimal + "&Body=a%00b", want: plain("a\x00b")},
		{name: "more than 1600 characters", form: minimal + "&Body=" + url.QueryEscape(long), want: plain(long)},
		{name: "a raw semicolon", form: minimal + "&Body=a;b", want: plain("a;b")},
		{name: "an opt-out the carrier has answered", form: minimal + "&Body=stop&OptOutType=STOP", want: Inbound{MessageSid: sid, From: client, To: business, Body: "stop", OptOutType: "STOP"}},
		{name: "a request to the fallback", form: minimal + "&ErrorCode=11200&ErrorUrl=https%3A%2F%2Fsnout.example%2Fhook", want: Inbound{MessageSid: sid, From: client, To: business, ErrorCode: 11200, ErrorURL: "https://snout.example/hook"}},
		{name: "a short code texts", form: "MessageSid=" + sid + "&From=22395&To=%2B15555550100&Body=code", want: Inbound{MessageSid: sid, From: mustPhone(t, "22395"), To: business, Body: "code"}},
		{name: "parameters nobody has heard of", form: minimal + "&NewThing=1&NewThing=2&=&&AddOns=%7B%7D", want: plain("")},
		{name: "Latin letters of Windows-1252", form: minimal + "&Body=caf%E9+%80+5", want: Inbound{MessageSid: sid, From: client, To: business, Body: "café € 5", RawBody: []byte("caf\xe9 \x80 5")}},
		{name: "an emoji cut in half", form: minimal + "&Body=woof%F0%9F%90", want: Inbound{MessageSid: sid, From: client, To: business, Body: "woof\uFFFD", RawBody: []byte("woof\xf0\x9f\x90")}},

		{name: "a euro sign cut after two of its three bytes", form: minimal + "&Body=%E2%82+5", want: Inbound{MessageSid: sid, From: client, To: business, Body: "\uFFFD 5", RawBody: []byte("\xe2\x82 5")}},

		{name: "no From", form: "MessageSid=" + sid + "&To=%2B15555550100", err: &FieldError{"From", "missing"}},
		{name: "an empty From", form: "From=&MessageSid=" + sid + "&To=%2B15555550100", err: &FieldError{"From", "missing"}},
		{name: "a From that is no phone", form: "From=whatsapp%3A%2B15555550123&MessageSid=" + sid + "&To=%2B15555550100", err: &FieldError{"From", "malformed"}},
		{name: "no To", form: "MessageSid=" + sid + "&From=%2B15555550123", err: &FieldError{"To", "missing"}},
		{name: "a To that is no phone", form: "To=front+desk&MessageSid=" + sid + "&From=%2B15555550123", err: &FieldError{"To", "malformed"}},
		{name: "no MessageSid", form: "From=%2B15555550123&To=%2B15555550100", err: &FieldError{"MessageSid", "missing"}},
		{name: "a MessageSid that would break a key", form: "MessageSid=SM%23x&From=%2B15555550123&To=%2B15555550100", err: &FieldError{"MessageSid", "malformed"}},
		{name: "a MessageSid without end", form: "MessageSid=" + strings.Repeat("a", 65) + "&From=%2B15555550123&To=%2B15555550100", err: &FieldError{"MessageSid", "malformed"}},
		{name: "nothing at all", form: "", err: &FieldError{"MessageSid", "missing"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ParseInbound([]byte(tt.form))
			var field *FieldError
			errors.As(err, &field)
			if diff := cmp.Diff(tt.err, field); diff != "" || (err == nil) != (tt.err == nil) {
				t.Fatalf("error %v\n%s", err, diff)
			}
			if diff := cmp.Diff(tt.want, got, phones()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAFormThatCannotBeDecodedIsAnError(t *testing.T) {
	for _, form := range []string{"From=%", "From=%2", "From=%zz", "%=1", strings.Repeat("a", maxForm+1)} {
		if _, err := ParseInbound([]byte(form)); err == nil {
			t.Errorf("%.20q was accepted", form)
		}
		if _, err := ParseReport("event=1", []byte(form)); err == nil {
			t.Errorf("%.20q was accepted as a report", form)
		}
	}
	if _, err := ParseReport("event=%", []byte("MessageSid=SM1&MessageStatus=sent")); err == nil {
		t.Error("a broken query was accepted")
	}
}

// Whatever bytes arrive: the text survives JSON (and so a DynamoDB string)
// unchanged, and the bytes can be had back exactly.
func TestNoByteOfABodyIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.SliceOf(rapid.Byte()).Draw(t, "raw")
		form := url.Values{"MessageSid": {"SM1"}, "From": {"+15555550123"}, "To": {"+15555550100"}, "Body": {string(raw)}}
		in, err := ParseInbound([]byte(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		if !utf8.ValidString(in.Body) {
			t.Fatalf("%q is not valid UTF-8", in.Body)
		}
		stored, err := json.Marshal(in.Body)
		if err != nil {
			t.Fatal(err)
		}
		var back string
		if err := json.Unmarshal(stored, &back); err != nil || back != in.Body {
			t.Fatalf("%q came back from JSON as %q (%v)", in.Body, back, err)
		}
		exact := []byte(in.Body)
		if in.RawBody != nil {
			exact = in.RawBody
		}
		if string(exact) != string(raw) {
			t.Fatalf("%q became %q", raw, exact)
		}
	})
}

func TestWindows1252CoversEveryHighByte(t *testing.T) {
	seen := map[rune]bool{}
	for b := 0x80; b <= 0xFF; b++ {
		seen[windows1252(byte(b))] = true
	}
	if len(seen) != 128 || seen[utf8.RuneError] {
		t.Errorf("128 bytes became %d characters", len(seen))
	}
	for b, want := range map[byte]rune{0x80: '€', 0x92: '’', 0x96: '–', 0x9F: 'Ÿ', 0xA0: '\u00a0', 0xE9: 'é', 0xFF: 'ÿ'} {
		if got := windows1252(b); got != want {
			t.Errorf("%#x is %q, want %q", b, got, want)
		}
	}
}

func TestReportsAreReadAndUnknownWordsKept(t *testing.T) {
	const sid = "SM7ac2b2ffc5b24b0e9a1d3f8c6e5a4b3c"
	business, client := mustPhone(t, "+15555550100"), mustPhone(t, "+15555550123")
	tests := []struct {
		name, query, form string
		want              Report
		err               *FieldError
	}{
		{
			name: "delivered", query: "event=ev_01", form: "SmsSid=" + sid + "&SmsStatus=delivered&MessageStatus=delivered&To=%2B15555550123&MessageSid=" + sid + "&AccountSid=AC1&From=%2B15555550100&ApiVersion=2010-04-01&RawDlrDoneDate=2611221234",
			want: Report{MessageSid: sid, Status: "delivered", From: business, To: client, EventID: "ev_01"},
		},
		{
			name: "undelivered with its reason", query: "event=ev%2F01&other=1", form: "MessageStatus=undelivered&ErrorCode=30003&To=%2B15555550123&MessageSid=" + sid + "&From=%2B15555550100",
			want: Report{MessageSid: sid, Status: "undelivered", ErrorCode: 30003, From: business, To: client, EventID: "ev/01"},
		},
		{name: "a word of tomorrow", query: "event=e", form: "MessageStatus=teleported&MessageSid=" + sid, want: Report{MessageSid: sid, Status: "teleported", EventID: "e"}},
		{name: "a callback without our event", form: "MessageStatus=sent&MessageSid=" + sid + "&From=Snout", want: Report{MessageSid: sid, Status: "sent"}},
		{name: "an event in the form is not ours", form: "event=forged&MessageStatus=sent&MessageSid=" + sid, want: Report{MessageSid: sid, Status: "sent"}},
		{name: "a reason that is no number", form: "MessageStatus=failed&ErrorCode=none&MessageSid=" + sid, want: Report{MessageSid: sid, Status: "failed"}},
		{name: "no sid", form: "MessageStatus=sent", err: &FieldError{"MessageSid", "missing"}},
		{name: "no status", form: "MessageSid=" + sid, err: &FieldError{"MessageStatus", "missing"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ParseReport(tt.query, []byte(tt.form))
			var field *FieldError
			errors.As(err, &field)
			if diff := cmp.Diff(tt.err, field); diff != "" || (err == nil) != (tt.err == nil) {
				t.Fatalf("error %v\n%s", err, diff)
			}
			if diff := cmp.Diff(tt.want, got, phones()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Every word of the carrier's published enumeration, and what it means to us.
func TestStatusMapsEveryWordOfTheCarrier(t *testing.T) {
	want := map[string]routing.Status{
		"accepted": routing.Queued, "scheduled": routing.Queued, "queued": routing.Queued, "sending": routing.Sending,
		"sent": routing.Sent, "delivered": routing.Delivered, "read": routing.Delivered,
		"undelivered": routing.Undelivered, "failed": routing.Failed, "canceled": routing.Failed,
		"receiving": "", "received": "", "partially_delivered": "", "teleported": "", "": "", "Delivered": "",
	}
	for word, status := range want {
		got, known := Status(word)
		if got != status || known != (status != "") {
			t.Errorf("%q is %q (%v), want %q", word, got, known, status)
		}
	}
}

func FuzzParseInbound(f *testing.F) {
	f.Add([]byte(typicalForm))
	f.Add([]byte("MessageSid=SM1&From=%2B15555550123&To=22395&Body=%E9%00&MediaUrl99=x&NumMedia=-1"))
	encoded, err := base64.StdEncoding.DecodeString("TWVzc2FnZVNpZD1TTTE=")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(encoded)
	f.Fuzz(func(t *testing.T, form []byte) {
		in, err := ParseInbound(form)
		if err != nil {
			return
		}
		if in.MessageSid == "" || in.From.IsZero() || in.To.IsZero() {
			t.Fatalf("accepted without the three that matter: %+v", in)
		}
		if !utf8.ValidString(in.Body) || len(in.Media) > maxMedia {
			t.Fatalf("unfit for storing: %+v", in)
		}
	})
}
