package sandbox_test

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

// The owner reads why, and when it is tried again; three tries at 1, 5 and 15 minutes,
// then an alert.
func TestWhatTheCarrierDidNotTakeIsTriedThreeTimes(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.dana.texts(s.frontDesk, "When do you open tomorrow?")
	s.settle()
	th := s.thread(s.dana, s.frontDesk).str("id")
	s.faults(fields{"carrier": fields{"next": []string{"429", "21611", "20429", "429"}}})
	s.owner.sends(th, "At nine, as on every day").is(202)
	for i, step := range []struct {
		wait    time.Duration
		status  string
		attempt int
	}{{0, "queued", 1}, {50 * time.Second, "queued", 1}, {10 * time.Second, "queued", 2}, {4*time.Minute + 50*time.Second, "queued", 2}, {10 * time.Second, "queued", 3},
		{14*time.Minute + 50*time.Second, "queued", 3}, {10 * time.Second, "failed", 4}} {
		s.advance(step.wait)
		s.settle()
		e := s.owner.mustSee(th, "At nine, as on every day")
		if e.str("status") != step.status || e.num("attempt") != step.attempt {
			t.Fatalf("step %d: %s, attempt %d; want %s, %d", i, e.str("status"), e.num("attempt"), step.status, step.attempt)
		}
	}
	e := s.owner.mustSee(th, "At nine, as on every day")
	if text := e.str("statusText"); !strings.HasPrefix(text, "Not delivered. ") || strings.ContainsAny(text, "0123456789") {
		t.Errorf("not a sentence for an owner: %s", text)
	}
	equal(s, "alerts", len(s.alerts("not_delivered")), 1)
	equal(s, "on the phone", s.dana.count("At nine, as on every day"), 0)
	s.owner.post("/api/messages/events/"+e.str("id")+"/retry", fields{}).is(202)
	s.settle()
	equal(s, "on the phone, by the owner's hand", s.dana.count("At nine, as on every day"), 1)
}

// What fails for our account's sake will fail for everybody: the owner is told of that by
// itself, once a day, wherever the carrier says it.
func TestAFaultOfTheAccountIsToldByItself(t *testing.T) {
	t.Parallel()
	s := open(t)
	own := s.phone("+13105550139")
	s.owner.patch("/api/settings", fields{"ownerPhone": own.e164}).is(200)
	s.dana.texts(s.frontDesk, "Are you there on Monday?")
	s.settle()
	th := s.thread(s.dana, s.frontDesk).str("id")
	s.faults(fields{"carrier": fields{"next": []string{"30034", "30034"}}})
	s.owner.sends(th, "We are, from nine o'clock").is(202)
	s.owner.sends(th, "Until five in the afternoon").is(202)
	s.settle()
	found := s.alerts("carrier_account")
	equal(s, "alerts", len(found), 1)
	equal(s, "severity", found[0].str("severity"), "critical")
	if !strings.Contains(found[0].str("text"), "not registered") {
		t.Errorf("the owner reads: %s", found[0].str("text"))
	}
	equal(s, "on the owner's phone", own.count("Snout: the carrier refuses texts for a reason that lies with the account. See "+s.w.URL+"/messages"), 1)
	equal(s, "of each message", len(s.alerts("not_delivered")), 2)
	s.faults(fields{"carrier": fields{"next": []string{"30005"}}})
	s.owner.sends(th, "This one's phone is gone").is(202)
	s.settle()
	equal(s, "of a fault of the phone's", len(s.alerts("carrier_account")), 1)
	s.advance(24 * time.Hour)
	s.faults(fields{"carrier": fields{"next": []string{"20003"}}})
	s.owner.sends(th, "And the next day again").is(202)
	s.settle()
	equal(s, "the next day, for another reason", len(s.alerts("carrier_account")), 2)
}

func TestAReportOfAMessageThatNobodyKnowsIsKept(t *testing.T) {
	t.Parallel()
	s := open(t)
	writes := func() float64 { v, _ := s.metrics().get("table.operations.PutItem").v.(float64); return v }
	before := writes()
	v := url.Values{"MessageSid": {sid(991)}, "SmsSid": {sid(991)}, "MessageStatus": {"delivered"}, "AccountSid": {"AC00000000000000000000000000000000"}, "From": {s.frontDesk}, "To": {s.dana.e164}}
	code, _ := s.form(webhook+"/status?event=e-demo-aaaaaaaaaaaa-01jabcdefghxyz", v, s.secret())
	equal(s, "answer", code, 204)
	equal(s, "kept", writes(), before+1)
	if !strings.Contains(s.log.String(), `"report":"unknown message"`) {
		t.Error("nobody is told")
	}
	v.Set("MessageStatus", "partially_delivered") // a word of another year
	code, _ = s.form(webhook+"/status?event=e-demo-aaaaaaaaaaaa-01jabcdefghxyz", v, s.secret())
	equal(s, "answer to a word that we do not know", code, 204)
	equal(s, "kept", writes(), before+2)
}

// Texts held while messaging was off come back by themselves with the next sweep, in
// order, and a new one stays behind them.
func TestHeldTextsComeBackSoonAndInOrder(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.flags(messaging, "false")
	for _, text := range []string{"Held: the first of three", "Held: the second of three", "Held: the third of three"} {
		s.dana.texts(s.frontDesk, text)
		s.advance(time.Second)
	}
	s.settle()
	s.request("PUT", "/local/flags", "", fields{messaging: "true"}).is(200)
	s.advance(10 * time.Second)
	s.dana.texts(s.frontDesk, "And a new one behind them")
	s.advance(time.Minute)
	s.settle()
	var got []string
	for _, e := range s.owner.opens(s.thread(s.dana, s.frontDesk).str("id")).list("events") {
		got = append([]string{e.str("text")}, got...)
	}
	equal(s, "in order", strings.Join(got, " | "), "Held: the first of three | Held: the second of three | Held: the third of three | And a new one behind them")
}

func TestWhatATextCosts(t *testing.T) {
	t.Parallel()
	s := open(t)
	for text, want := range map[string]string{"See you at nine": "GSM-7 15 1", "See you at nine 👋": "UCS-2 18 1", strings.Repeat("a", 161): "GSM-7 161 2"} {
		a := s.owner.post("/api/screening/try", fields{"text": text}).is(200)
		equal(s, text, strings.Join([]string{a.str("segments.encoding"), a.get("segments.units").String(), a.get("segments.parts").String()}, " "), want)
	}
}

// A transaction that is on the same item at the same moment is no change by somebody
// else: what is asked meanwhile is done, and nobody is told that it cannot be.
func TestABusyTableIsNoChangeBySomebodyElse(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.dana.texts(s.frontDesk, "Do you also do rabbits?")
	s.settle()
	th := s.thread(s.dana, s.frontDesk).str("id")
	busy := fields{"table": fields{"next": []string{"conflict"}}}
	s.faults(busy)
	s.owner.post("/api/messages/threads/"+th+"/read", fields{}).is(200)
	s.faults(busy)
	s.owner.post("/api/messages/threads/"+th+"/done", fields{"done": true}).is(200)
	equal(s, "done", s.owner.opens(th).yes("unread"), false)
	s.faults(fields{"carrier": fields{"next": []string{"reports-lost"}}})
	s.faults(busy)
	s.owner.sends(th, "We do, and guinea pigs").is(202)
	s.settle()
	equal(s, "on the phone", s.dana.count("We do, and guinea pigs"), 1)
	equal(s, "its status", s.owner.mustSee(th, "We do, and guinea pigs").str("status"), "sent")
}
