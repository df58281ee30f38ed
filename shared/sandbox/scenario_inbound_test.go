package sandbox_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"snout/shared/routing"
	"snout/shared/sandbox"

	"snout/shared/office"
)

// form posts a webhook as the carrier would, signed with a token.
func (s *stage) form(path string, v url.Values, token string) (int, string) {
	s.Helper()
	names := make([]string, 0, len(v))
	for n := range v {
		names = append(names, n)
	}
	slices.Sort(names)
	signed := s.w.URL + path
	for _, n := range names {
		vs := slices.Clone(v[n])
		slices.Sort(vs)
		for _, one := range slices.Compact(vs) {
			signed += n + one
		}
	}
	m := hmac.New(sha1.New, []byte(token))
	m.Write([]byte(signed))
	return s.raw(path, v.Encode(), base64.StdEncoding.EncodeToString(m.Sum(nil)))
}

func (s *stage) raw(path, body, signature string) (int, string) {
	s.Helper()
	r, err := http.NewRequest("POST", s.w.URL+path, strings.NewReader(body))
	if err != nil {
		s.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if signature != "" {
		r.Header.Set("X-Twilio-Signature", signature)
	}
	res, err := s.http.Do(r)
	if err != nil {
		s.Fatal(err)
	}
	defer res.Body.Close()
	b, _ := io.ReadAll(res.Body)
	return res.StatusCode, string(b)
}

const webhook = "/api/messages/webhook/twilio"

// secret is the carrier's token, as the world tells it.
func (s *stage) secret() string {
	s.Helper()
	return s.request("GET", "/local/world", "", nil).is(200).str("carrier.authToken")
}

func sms(from, to, body, sid string) url.Values {
	return url.Values{"From": {from}, "To": {to}, "Body": {body}, "MessageSid": {sid}, "SmsSid": {sid}, "AccountSid": {"AC00000000000000000000000000000000"}, "NumMedia": {"0"}, "NumSegments": {"1"},
		"SmsStatus": {"received"}, "ApiVersion": {"2010-04-01"}, "FromCity": {""}, "ToState": {"CA"}}
}

func sid(n int) string { return fmt.Sprintf("SM%032d", n) }

// Rule 0 and what no text can lack.
func TestUnsignedAndBrokenWebhooks(t *testing.T) {
	t.Parallel()
	for _, plain := range []bool{false, true} {
		t.Run(fmt.Sprintf("plain %t", plain), func(t *testing.T) {
			s := open(t, func(o *sandbox.Options) { o.PlainForms = plain })
			rows := func() float64 { return s.metrics().get("table.operations.TransactWriteItems").v.(float64) }
			before := rows()
			v := sms(s.dana.e164, s.frontDesk, "An unsigned hello to everybody", sid(1))
			for what, code := range map[string]int{
				"no signature": first(s.raw(webhook, v.Encode(), "")), "rubbish": first(s.raw(webhook, v.Encode(), "rubbish")),
				"another token": first(s.form(webhook, v, "ffffffffffffffffffffffffffffffff")), "status unsigned": first(s.raw(webhook+"/status?event=x", "MessageSid=SM1", "")),
				"fallback unsigned": first(s.raw(webhook+"/fallback", v.Encode(), "")),
			} {
				equal(s, what, code, 403)
			}
			for _, missing := range []string{"From", "To", "MessageSid"} {
				v := sms(s.dana.e164, s.frontDesk, "A hello that lacks something", sid(2))
				v.Del(missing)
				code, body := s.form(webhook, v, s.secret())
				if code != 400 || !strings.Contains(body, missing) {
					t.Errorf("without %s: %d %s", missing, code, body)
				}
				v.Set(missing, "")
				equal(s, "empty "+missing, first(s.form(webhook, v, s.secret())), 400)
			}
			s.settle()
			equal(s, "writes", rows(), before)
			if !strings.Contains(s.log.String(), `"SignatureFailures":1`) {
				t.Error("signature failures are not counted")
			}
			code, body := s.form(webhook, v, s.secret())
			equal(s, "signed", code, 200)
			if !strings.Contains(body, "<Response") {
				t.Errorf("TwiML: %s", body)
			}
			s.received[sid(1)]++
		})
	}
}

func first(code int, _ string) int { return code }

// Rule 1: the same MessageSid gets the first outcome, and nothing happens twice.
func TestRepeatedMessageSid(t *testing.T) {
	t.Parallel()
	s := open(t)
	stranger := s.phone("+15555550143")
	pool := s.service(s.theo).str("number")
	for range 3 {
		stranger.tries(pool, "The same text, over and over", sid(7))
		s.settle()
	}
	equal(s, "answers", len(stranger.got()), 1)
	id := s.thread(stranger, pool).str("id")
	n := 0
	for _, e := range s.owner.opens(id).list("events") {
		if e.str("direction") == "inbound" {
			n++
		}
	}
	equal(s, "events", n, 1)
	equal(s, "unread", s.thread(stranger, pool).num("unread"), 1)
	// Even when everything has changed meanwhile.
	s.flags(messaging, "false")
	stranger.tries(pool, "The same text, over and over", sid(7))
	s.settle()
	equal(s, "held", s.diagnostics().num("summary.held"), 0)
	s.flags(messaging, "true")
}

// Rule 2.
func TestNumberOfNobody(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.dana.texts("+15555550188", "Is there anybody at this number?")
	s.settle()
	a := s.ops.get("/api/messages/diagnostics?org=demo").is(200)
	equal(s, "unroutable", a.num("summary.unroutable"), 1)
	if s.diagnostics().has("summary.unroutable") {
		t.Error("an owner sees what belongs to no org")
	}
	// A number that was given back is nobody's, too.
	var pool doc
	for _, n := range s.owner.get("/api/numbers").is(200).list("numbers") {
		if n.str("numberClass") == "pool" && n.num("threads") == 0 {
			pool = n
		}
	}
	s.owner.post("/api/numbers/"+pool.str("id")+"/release", fields{"reason": "not needed any more"}).is(200)
	s.dana.texts(pool.str("e164"), "And is anybody at that one?")
	s.dana.texts(pool.str("e164"), "STOP")
	s.settle()
	equal(s, "unroutable", s.ops.get("/api/messages/diagnostics?org=demo").num("summary.unroutable"), 3)
	x := s.owner.post("/api/messages/explain", fields{"from": s.dana.e164, "to": "+15555550188"}).is(200)
	equal(s, "explain", x.str("routingReason"), "Unknown destination number")
	equal(s, "rule", x.num("rule"), 2)
}

// Rule 3.
func TestConsentWords(t *testing.T) {
	t.Parallel()
	s := open(t)
	id := s.service(s.dana).str("id")
	s.dana.texts(s.samsNumber, "YES")
	s.expect(9, "owner_inbox", "No active assignment window") // nobody had opted out
	s.dana.texts(s.samsNumber, " stop ")
	s.expect(3, "consent", "Opt-out keyword")
	s.owner.mustSee(id, " stop ")
	n := len(s.dana.got())
	s.owner.sends(id, "Are you sure about that, Dana?").refused(409, "RECIPIENT_OPTED_OUT")
	// From any number of the org, by any way of beginning.
	s.owner.starts(fields{"clientId": "client-1", "kind": "front_desk", "text": "Trying it from the front desk"}).refused(409, "RECIPIENT_OPTED_OUT")
	equal(s, "client", optedOut(s, "client-1"), true)
	equal(s, "thread", s.owner.opens(id).yes("optedOut"), true)
	// A conversation that they begin since shows it, too.
	s.dana.texts(s.frontDesk, "Is this a better place to write to?")
	s.settle()
	equal(s, "the thread begun since", s.owner.opens(s.thread(s.dana, s.frontDesk).str("id")).yes("optedOut"), true)
	s.dana.texts(s.samsNumber, "Stop please")
	s.expect(9, "owner_inbox", "No active assignment window")
	s.dana.texts(s.samsNumber, "HELP")
	s.expect(3, "consent", "Help keyword")
	s.dana.texts(s.samsNumber, "Info")
	s.expect(3, "consent", "Help keyword")
	s.owner.sends(id, "Still not allowed, is it now?").refused(409, "RECIPIENT_OPTED_OUT")
	s.dana.texts(s.samsNumber, "Start")
	s.expect(3, "consent", "Opt-in keyword")
	equal(s, "client", optedOut(s, "client-1"), false)
	s.owner.sends(id, "Welcome back to us, Dana!").is(202)
	s.settle()
	for _, g := range s.dana.got()[n:] {
		if strings.Contains(g.str("body"), "sure about that") || strings.Contains(g.str("body"), "front desk") {
			t.Errorf("sent to somebody who opted out: %s", g)
		}
	}
	equal(s, "after START", s.dana.count("Welcome back to us, Dana!"), 1)
	// While messaging is off a STOP counts at once.
	s.flags(messaging, "false")
	s.marcus.texts(s.ivysNumber, "STOP")
	s.settle()
	equal(s, "held", s.diagnostics().num("summary.held"), 0)
	equal(s, "marcus", optedOut(s, "client-2"), true)
	s.flags(messaging, "true")
	s.owner.sends(s.service(s.marcus).str("id"), "Hello Marcus, are you there?").refused(409, "RECIPIENT_OPTED_OUT")
	// A stranger's too, and the automatic answer spares them.
	stranger := s.phone("+15555550144")
	stranger.texts(s.service(s.theo).str("number"), "STOPALL")
	s.expect(3, "consent", "Opt-out keyword")
	k := len(stranger.got())
	stranger.texts(s.service(s.theo).str("number"), "I want to say something though")
	s.expect(6, "owner_inbox", "Pool number mismatch")
	equal(s, "automatic answers", len(stranger.got()), k)
}

func optedOut(s *stage, client string) bool {
	s.Helper()
	c, ok := find(s.owner.get("/api/clients?limit=100").is(200).list("clients"), "id", client)
	if !ok {
		s.Fatalf("no client %s", client)
	}
	return c.yes("optedOut")
}

// Rule 4: held texts, let through in order, with a new one waiting behind.
func TestHeldTexts(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.flags(sitting, "true")
	s.set(noon.Add(2 * time.Hour)) // Dana's window is 11:00 – 14:00; it is 12:00
	id := s.service(s.dana).str("id")
	s.flags(messaging, "false")
	for i := range 3 {
		s.dana.texts(s.samsNumber, fmt.Sprintf("Held text, the number of it is %d", i))
		s.advance(time.Second)
	}
	s.service2(id)
	stranger := s.phone("+15555550145")
	stranger.texts(s.pools[1], "A stranger's text while all is off")
	s.settle()
	equal(s, "held", s.diagnostics().num("summary.held"), 4)
	equal(s, "reason", s.decision().str("routingReason"), "Messaging is disabled")
	equal(s, "target", s.decision().str("routingTarget"), "held")
	// On again: the new one comes before any sweep, and waits.
	s.request("PUT", "/local/flags", "", map[string]string{messaging: "true"}).is(200)
	s.request("POST", "/local/clock", "", fields{"advance": "8s"}).is(200)
	s.forgetTokens()
	s.dana.texts(s.samsNumber, "A new text after it is on again")
	s.advance(time.Minute)
	s.settle()
	equal(s, "held", s.diagnostics().num("summary.held"), 0)
	var order []string
	for _, e := range s.owner.opens(id).list("events") {
		if e.str("direction") == "inbound" {
			order = append(order, e.str("text"))
			if e.str("routing.routingTarget") != "sitter" {
				t.Errorf("%q went to %s", e.str("text"), e.str("routing.routingTarget"))
			}
			if strings.HasPrefix(e.str("text"), "Held text") && !e.yes("late") {
				t.Errorf("not marked late: %s", e)
			}
		}
	}
	slices.Reverse(order)
	equal(s, "order", strings.Join(order, "|"), "Held text, the number of it is 0|Held text, the number of it is 1|Held text, the number of it is 2|A new text after it is on again")
	equal(s, "no automatic answer", len(stranger.got()), 0)
	s.sam.mustSee(id, "Held text, the number of it is 1")

	// A window that closes while its text is held gives no right any more.
	s.flags(messaging, "false")
	s.dana.texts(s.samsNumber, "Held over the end of the window")
	s.set(time.Date(2026, 6, 10, 22, 0, 0, 0, time.UTC))
	s.flags(messaging, "true")
	s.settle()
	e := s.owner.mustSee(id, "Held over the end of the window")
	equal(s, "target", e.str("routing.routingTarget"), "owner_inbox")
	equal(s, "rule", e.num("routing.rule"), 9)
	s.sam.mustNotSee(id, "Held over the end of the window")
}

// service2 checks that nothing of a thread can be read while messaging is off.
func (s *stage) service2(id string) {
	s.Helper()
	s.owner.get("/api/messages/threads/"+id).refused(404, "MESSAGING_DISABLED")
}

// Rules 5, 6, 7: quarantined, pool, strangers; and a stranger who becomes a client.
func TestQuarantinePoolAndStrangers(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.flags(sitting, "true")
	theos := s.service(s.theo)
	pool := theos.str("number")
	// Being a client does not help on a pool number.
	s.dana.texts(pool, "Dana here, on a number not mine")
	s.expect(6, "owner_inbox", "Pool number mismatch")
	guest := s.thread(s.dana, pool)
	equal(s, "kind", guest.str("kind"), "guest")
	equal(s, "it carries the client", guest.str("clientName"), "Dana Whitfield")
	s.rosa.mustNotSee(theos.str("id"), "Dana here, on a number not mine")
	s.rosa.get("/api/messages/threads/"+guest.str("id")).refused(404, "THREAD_NOT_FOUND")

	// Unknown on the front desk and on a sitter's number.
	stranger := s.phone("+15555550146")
	stranger.texts(s.samsNumber, "Hi, do you also walk parrots?")
	s.expect(7, "owner_inbox", "Unknown sender")
	stranger.texts(s.frontDesk, "Hi again, about those parrots")
	s.expect(7, "owner_inbox", "Unknown sender")
	stranger.texts(s.frontDesk, "Anyone there about my parrots?")
	s.expect(7, "owner_inbox", "Unknown sender")
	equal(s, "no automatic answer", len(stranger.got()), 0)
	other := s.phone("+15555550147")
	other.texts(s.frontDesk, "I am yet another stranger to you")
	s.settle()
	if s.thread(stranger, s.frontDesk).str("id") == s.thread(other, s.frontDesk).str("id") {
		t.Error("two strangers share a thread")
	}
	before := s.diagnostics()
	equal(s, "operational", before.num("summary.ownerInboxRoutedOperational"), 1)
	// Added as a client: the next text is a client's.
	s.owner.post("/api/clients", fields{"name": "Polly Parrot", "phones": []string{stranger.e164}}).is(201)
	s.settle()
	stranger.texts(s.frontDesk, "Thanks for adding me as a client")
	s.expect(8, "owner", "Front desk conversation")
	equal(s, "name", s.thread(stranger, s.frontDesk).str("clientName"), "Polly Parrot")
	s.owner.mustSee(s.thread(stranger, s.frontDesk).str("id"), "Thanks for adding me as a client")
	// A stranger on a pool number stays a mismatch, client or not.
	other.texts(pool, "And what about this number then?")
	s.expect(6, "owner_inbox", "Pool number mismatch")
	s.owner.post("/api/clients", fields{"name": "Other Person", "phones": []string{other.e164}}).is(201)
	s.settle()
	other.texts(pool, "I am a client now, am I not?")
	s.expect(6, "owner_inbox", "Pool number mismatch")

	// Quarantined: the old thread.
	id := s.numberID(s.samsNumber)
	danas := s.thread(s.dana, s.samsNumber)
	s.owner.post("/api/numbers/"+id+"/quarantine", fields{}).refused(400, "INVALID_REQUEST")
	s.owner.post("/api/numbers/"+id+"/quarantine", fields{"reason": "too many complaints"}).is(200)
	s.dana.texts(s.samsNumber, "Writing to a quarantined number")
	d := s.expect(5, "owner_inbox", "Number is quarantined")
	equal(s, "thread", d.str("threadId"), danas.str("id"))
	s.owner.sends(danas.str("id"), "We are looking into it, Dana").is(202)
	s.settle()
	equal(s, "answered from it", s.dana.last().str("from"), s.samsNumber)
	s.owner.post("/api/numbers/"+s.numberID(s.frontDesk)+"/quarantine", fields{"reason": "because I can"}).is(409)
}

func (s *stage) numberID(e164 string) string {
	s.Helper()
	n, ok := find(s.owner.get("/api/numbers").is(200).list("numbers"), "e164", e164)
	if !ok {
		s.Fatalf("no number %s", e164)
	}
	return n.str("id")
}

// Rule 8: front desk and billing threads, and which of them a client's text reaches.
func TestFrontDeskAndBilling(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.ben.texts(s.frontDesk, "Hello, Ben here about next week")
	s.expect(8, "owner", "Front desk conversation")
	desk := s.thread(s.ben, s.frontDesk).str("id")
	bill := s.owner.starts(fields{"clientId": "client-6", "kind": "billing", "text": "Your bill: https://pay.example/b/17"}).is(202).str("threadId")
	if bill == desk {
		t.Fatal("billing and front desk are one")
	}
	s.settle()
	equal(s, "from", s.ben.last().str("from"), s.frontDesk)
	s.ben.texts(s.frontDesk, "I have just paid that bill")
	d := s.expect(8, "owner", "Front desk conversation")
	equal(s, "follows the last word", d.str("threadId"), bill)
	if _, ok := find(s.owner.list("box=billing"), "id", bill); !ok {
		t.Error("not among billing")
	}
	if _, ok := find(s.owner.list("box=conversations"), "id", bill); ok {
		t.Error("billing among conversations")
	}
	s.owner.sends(desk, "And about next week: all good").is(202)
	s.settle()
	s.ben.texts(s.frontDesk, "Great, thank you for that then")
	equal(s, "back", s.expect(8, "owner", "Front desk conversation").str("threadId"), desk)
	equal(s, "not operational", s.diagnostics().num("summary.ownerInboxRouted"), 0)
	// To a client without naming a kind: the one open booking's service thread, else the front desk.
	equal(s, "front desk", s.owner.starts(fields{"clientId": "client-6", "text": "Just one more thing, Ben"}).is(202).str("threadId"), desk)
	// A client's second phone shares the thread; the answer goes to the one that wrote last.
	second := s.phone("+13105550124")
	s.jonas.texts(s.frontDesk, "Jonas here, from my first phone")
	second.texts(s.frontDesk, "And now from the second phone")
	s.settle()
	jd := s.thread(second, s.frontDesk).str("id")
	s.owner.mustSee(jd, "Jonas here, from my first phone")
	s.owner.sends(jd, "Answering to the second phone").is(202)
	s.settle()
	equal(s, "second", second.count("Answering to the second phone"), 1)
	equal(s, "first", s.jonas.count("Answering to the second phone"), 0)
}

// A known client's first text to a sitter's number, rules 9 to 12, overlap and the
// owner's choice.
func TestSitterNumberAndWindows(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.flags(proactive, "false", sitting, "true")
	// Suggested while the flag is off; the client writes first.
	s.booked(fields{"id": "bk-a", "clientId": "client-8", "sitterId": "sitter-1", "service": "Dog Walking", "startAt": "2026-06-10T12:00:00", "endAt": "2026-06-10T13:00:00"})
	if _, ok := s.threadOf(s.theo, s.samsNumber); ok {
		t.Fatal("a thread although the flag is off")
	}
	x := s.owner.post("/api/messages/explain", fields{"from": s.theo.e164, "to": s.samsNumber, "at": "2026-06-10T19:30:00Z"}).is(200)
	equal(s, "explain", x.str("routingReason"), "Active assignment window")
	s.set(time.Date(2026, 6, 10, 19, 30, 0, 0, time.UTC))
	s.theo.texts(s.samsNumber, "Theo's first text to Sam's number")
	s.expect(12, "sitter", "Active assignment window")
	id := s.thread(s.theo, s.samsNumber).str("id")
	s.sam.mustSee(id, "Theo's first text to Sam's number")
	equal(s, "window", s.thread(s.theo, s.samsNumber).str("window.state"), "active")
	if _, ok := find(s.owner.get("/api/messages/threads").list("suggested"), "bookingId", "bk-a"); ok {
		t.Error("still suggested")
	}
	// A client without any booking there: the thread, and rule 9.
	s.ben.texts(s.samsNumber, "Ben has nothing with Sam at all")
	s.expect(9, "owner_inbox", "No active assignment window")

	// The edges are inclusive, to the millisecond: Friday 11:00 to 14:00 in Los Angeles.
	s.booked(fields{"id": "bk-e", "clientId": "client-8", "sitterId": "sitter-1", "service": "Dog Walking", "startAt": "2026-06-12T12:00:00", "endAt": "2026-06-12T13:00:00"})
	start, end := time.Date(2026, 6, 12, 18, 0, 0, 0, time.UTC), time.Date(2026, 6, 12, 21, 0, 0, 0, time.UTC)
	edge := func(at time.Time, rule int) {
		t.Helper()
		x := s.owner.post("/api/messages/explain", fields{"from": s.theo.e164, "to": s.samsNumber, "at": at.Format(time.RFC3339Nano)}).is(200)
		equal(s, "explain at "+at.Format(time.RFC3339Nano), x.num("rule"), rule)
		s.set(at)
		s.theo.texts(s.samsNumber, "At the edge: "+at.Format("15:04:05.000"))
		s.settle()
		d := s.decision()
		if !strings.HasPrefix(d.str("timestamp"), at.Format("2006-01-02T15:04:05")) || d.num("rule") != rule {
			t.Errorf("at %s: %s", at, d)
		}
	}
	edge(start.Add(-time.Millisecond), 9)
	edge(start, 12)

	// Sitter off: not on the allow-list.
	s.flags(allowlist, "sitter-2,sitter-3")
	s.theo.texts(s.samsNumber, "Sam is not on the list any more")
	s.expect(11, "owner_inbox", "Sitter messaging is disabled")
	s.flags(allowlist, "sitter-2, sitter-1")
	s.theo.texts(s.samsNumber, "Sam is on the list again, good")
	s.expect(12, "sitter", "Active assignment window")
	s.flags(allowlist, "none")
	s.theo.texts(s.samsNumber, "Nobody is on the list by now")
	s.expect(11, "owner_inbox", "Sitter messaging is disabled")
	s.flags(allowlist, "*")
	edge(end, 12)
	edge(end.Add(time.Millisecond), 9)
}

func TestOverlapAndForward(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.flags(sitting, "true")
	// Rosa has Theo all day in a pool thread; Ivy joins as cover on the pool number.
	id := s.service(s.theo).str("id")
	s.booked(fields{"id": "bk-2", "clientId": "client-8", "sitterId": "sitter-3", "service": "Drop-ins", "startAt": "2026-06-10T11:00:00", "endAt": "2026-06-10T12:00:00"})
	s.owner.patch("/api/bookings/bk-2", fields{"sitterId": "sitter-1"}).is(200)
	s.settle()
	row := s.service(s.theo)
	// Sam has a number of his own and Theo is recurring, so his booking moves there; an
	// overlap needs both in one thread.
	if len(s.owner.opens(id).list("windows")) != 1 || row.str("id") == "" {
		t.Errorf("the booking did not move: %s", s.owner.opens(id))
	}
	// Two sitters on one pool number: a one-time client.
	s.booked(fields{"id": "bk-3", "clientId": "client-6", "sitterId": "sitter-1", "service": "Dog Walking", "startAt": "2026-06-10T12:00:00", "endAt": "2026-06-10T13:00:00"})
	a := s.owner.starts(fields{"bookingId": "bk-3", "text": "Hello Ben, Sam is coming at noon"}).is(202)
	s.booked(fields{"id": "bk-4", "clientId": "client-6", "sitterId": "sitter-2", "service": "Dog Walking", "startAt": "2026-06-10T12:30:00", "endAt": "2026-06-10T13:30:00"})
	bens := s.owner.opens(a.str("threadId")).is(200)
	equal(s, "windows", len(bens.list("windows")), 2)
	s.set(time.Date(2026, 6, 10, 19, 0, 0, 0, time.UTC))
	s.ben.texts(bens.str("number"), "Who of the two of you has the key?")
	s.expect(10, "owner_inbox", "Overlapping assignment windows")
	bid := bens.str("id")
	row, _ = find(s.owner.list("box=owner_inbox"), "id", bid)
	equal(s, "choices", len(row.list("choices")), 2)
	s.sam.mustNotSee(bid, "Who of the two of you has the key?")
	s.ivy.mustNotSee(bid, "Who of the two of you has the key?")
	e := s.owner.mustSee(bid, "Who of the two of you has the key?")
	s.owner.post("/api/messages/events/"+e.str("id")+"/forward", fields{}).refused(400, "INVALID_REQUEST")
	s.owner.post("/api/messages/events/"+e.str("id")+"/forward", fields{"sitterId": "sitter-3"}).refused(400, "INVALID_REQUEST")
	s.sam.post("/api/messages/events/"+e.str("id")+"/forward", fields{}).refused(403, "FORBIDDEN")
	s.owner.post("/api/messages/events/"+e.str("id")+"/forward", fields{"sitterId": "sitter-2"}).is(200)
	s.ivy.mustSee(bid, "Who of the two of you has the key?")
	s.sam.mustNotSee(bid, "Who of the two of you has the key?")
	if _, ok := find(s.owner.list("box=owner_inbox"), "id", bid); ok {
		t.Error("still in the owner inbox")
	}
	// Only this one event.
	s.ben.texts(bens.str("number"), "And who has the leash of the dog?")
	s.settle()
	s.ivy.mustNotSee(bid, "And who has the leash of the dog?")
}

// What arrives is stored faithfully, whatever it is.
func TestStrangeTexts(t *testing.T) {
	t.Parallel()
	s := open(t)
	long := strings.Repeat("Biscuit is a very good dog. ", 70) // 1,960 characters
	for i, c := range []struct{ sent, kept string }{
		{long, long}, {"An emoji 🐕 and a family 👨‍👩‍👧 too", "An emoji 🐕 and a family 👨‍👩‍👧 too"}, {"a NUL \x00 in the middle", "a NUL \x00 in the middle"},
		{"not UTF-8: \xff\xfe and on", "not UTF-8: ÿþ and on"}, {"", ""}, {"<script>alert('x')</script> & \"quotes\"", "<script>alert('x')</script> & \"quotes\""},
		{"line one\r\nline two\ttab", "line one\r\nline two\ttab"},
	} {
		s.wrote(c.sent)
		code, _ := s.form(webhook, sms(s.dana.e164, s.frontDesk, c.sent, sid(100+i)), s.secret())
		equal(s, fmt.Sprintf("%.20q", c.sent), code, 200)
		s.received[sid(100+i)]++
		s.settle()
		id := s.thread(s.dana, s.frontDesk).str("id")
		got := s.owner.opens(id).get("events.0.text").v
		if got != c.kept {
			t.Errorf("kept %.80q of %.80q", got, c.sent)
		}
	}
	v := sms(s.dana.e164, s.frontDesk, "Ten pictures of the dog", "MM"+sid(200)[2:])
	v.Set("NumMedia", "10")
	for i := range 10 {
		v.Set(fmt.Sprintf("MediaUrl%d", i), fmt.Sprintf("https://api.twilio.com/2010-04-01/Accounts/AC00000000000000000000000000000000/Messages/MM1/Media/ME%d", i))
		v.Set(fmt.Sprintf("MediaContentType%d", i), "image/jpeg")
	}
	code, _ := s.form(webhook, v, s.secret())
	equal(s, "ten media", code, 200)
	s.received["MM"]++
	s.settle()
	e := s.owner.mustSee(s.thread(s.dana, s.frontDesk).str("id"), "Ten pictures of the dog")
	equal(s, "media", len(e.list("media")), 10)
	// A sender that is no long number, an unknown parameter, a repeated one.
	v = sms("22395", s.frontDesk, "Your code is not for you", sid(201))
	v["NewParameter"] = []string{"b", "a", "b"}
	code, _ = s.form(webhook, v, s.secret())
	equal(s, "short code", code, 200)
	s.received[sid(201)]++
	s.settle()
	s.expect(7, "owner_inbox", "Unknown sender")
}

// The same phone is a client of two businesses: never mixed.
func TestTwoBusinesses(t *testing.T) {
	t.Parallel()
	s := open(t)
	second, desk := s.second()
	second.post("/api/clients", fields{"id": "client-1", "name": "D. Whitfield", "phones": []string{s.dana.e164}}).is(201)
	s.dana.texts(s.frontDesk, "This one is for Happy Paws only")
	s.dana.texts(desk, "This one is for the other business")
	s.settle()
	mine, theirs := s.thread(s.dana, s.frontDesk).str("id"), ""
	for _, th := range second.list("") {
		theirs = th.str("id")
		equal(s, "name", th.str("clientName"), "D. Whitfield")
	}
	second.mustSee(theirs, "This one is for the other business")
	second.get("/api/messages/threads/"+mine).refused(404, "THREAD_NOT_FOUND")
	s.owner.get("/api/messages/threads/"+theirs).refused(404, "THREAD_NOT_FOUND")
	second.sends(mine, "Hello from somewhere else").refused(404, "THREAD_NOT_FOUND")
	e := s.owner.mustSee(mine, "This one is for Happy Paws only").str("id")
	for _, p := range []string{"/api/messages/threads/" + mine + "/read", "/api/messages/threads/" + mine + "/done", "/api/messages/threads/" + mine + "/notes", "/api/messages/threads/" + mine + "/extend",
		"/api/messages/threads/" + mine + "/assign", "/api/messages/events/" + e + "/forward", "/api/messages/events/" + e + "/release", "/api/messages/events/" + e + "/retry"} {
		second.post(p, fieldsFor(p)).is(404)
	}
	for _, p := range []string{"/api/bookings/booking-1", "/api/clients/client-2", "/api/sitters/sitter-1"} {
		second.patch(p, fields{}).is(404)
	}
	second.get("/api/bookings/booking-1").is(404)
	second.get("/api/messages/diagnostics?org=demo").is(404)
	equal(s, "explain", second.post("/api/messages/explain", fields{"from": s.dana.e164, "to": s.frontDesk}).is(200).num("rule"), 2)
	// STOP to one is none to the other.
	s.dana.texts(desk, "STOP")
	s.settle()
	second.sends(theirs, "Are you there, Ms Whitfield?").refused(409, "RECIPIENT_OPTED_OUT")
	s.owner.sends(mine, "We may still write to you here").is(202)
	s.settle()
	equal(s, "still", s.dana.count("We may still write to you here"), 1)
	// A number of another org cannot be taken.
	second.post("/api/numbers", fields{"e164": s.samsNumber, "numberClass": "pool"}).is(409)
}

// fieldsFor is a body that a route would take.
func fieldsFor(path string) fields {
	switch path[strings.LastIndex(path, "/")+1:] {
	case "done":
		return fields{"done": true}
	case "notes", "ask":
		return fields{"text": "a note for the team"}
	case "extend":
		return fields{"minutes": 10, "reason": "running late"}
	case "assign":
		return fields{"sitterId": "sitter-2", "reason": "swap"}
	case "release", "quarantine", "restore", "unlock", "offboard":
		return fields{"reason": "a good reason"}
	}
	return fields{}
}

// second founds another business, with its owner.
func (s *stage) second() (*person, string) {
	s.Helper()
	desk := "+12025550110"
	_, _, err := s.w.Office().Found(context.Background(), routing.Principal{Role: routing.RoleOwner, Org: "second", Subject: "owner-2"},
		office.Founding{ID: "second", Name: "Second Nature", Zone: "America/New_York", FrontDesk: desk})
	if err != nil {
		s.Fatal(err)
	}
	s.w.Carrier.AddNumber(desk, s.w.URL+webhook, s.w.URL+webhook+"/fallback")
	p := &person{s, "owner-2"}
	s.orgs = append(s.orgs, p)
	s.settle()
	return p, desk
}
