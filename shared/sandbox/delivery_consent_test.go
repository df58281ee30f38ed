package sandbox_test

import (
	"strings"
	"testing"
	"time"
)

// alerts are the open ones of a kind.
func (s *stage) alerts(kind string) (out []doc) {
	s.Helper()
	for _, a := range s.owner.get("/api/messages/threads?box=owner_inbox").is(200).list("alerts") {
		if a.str("kind") == kind {
			out = append(out, a)
		}
	}
	return out
}

func (s *stage) closes(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.resolved[s.owner.sub] += n
}

func (s *stage) clientID(name string) string {
	s.Helper()
	for _, c := range s.request("GET", "/local/world", "", nil).is(200).list("clients") {
		if strings.HasPrefix(c.str("name"), name) {
			return c.str("id")
		}
	}
	s.Fatalf("no client %s", name)
	return ""
}

func TestAWishInOnesOwnWordsIsSuggestedToTheOwner(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.dana.texts(s.frontDesk, "Please stop by at five, and bring the keys")
	s.settle()
	equal(s, "suggestions about a visit", len(s.alerts("consent_wish")), 0)
	s.dana.texts(s.frontDesk, "Honestly: please stop texting me.")
	s.settle()
	found := s.alerts("consent_wish")
	equal(s, "suggestions", len(found), 1)
	th := s.thread(s.dana, s.frontDesk).str("id")
	equal(s, "the thread it is about", found[0].str("threadId"), th)
	s.owner.sends(th, "Before it is recorded, texts still go").is(202)

	a := s.owner.post("/api/messages/alerts/"+found[0].str("id")+"/accept", fields{}).is(200)
	equal(s, "open", a.yes("open"), false)
	s.owner.post("/api/messages/alerts/"+found[0].str("id")+"/accept", fields{}).is(200)
	s.closes(1)
	s.owner.sends(th, "After it, nothing does").refused(409, "RECIPIENT_OPTED_OUT")
	equal(s, "shown on the thread", s.owner.opens(th).yes("optedOut"), true)
	equal(s, "shown on the thread on another number", s.owner.opens(s.service(s.dana).str("id")).yes("optedOut"), true)
	s.dana.texts(s.samsNumber, "START")
	s.settle()
	s.owner.sends(th, "They came back by themselves").is(202)
	equal(s, "shown after START", s.owner.opens(th).yes("optedOut"), false)

	// A refusal leaves no empty conversation behind.
	none := s.phone("+13105550176")
	for _, p := range []phone{none, s.ben} {
		p.texts(s.pools[0], "STOP")
	}
	s.settle()
	held := len(s.owner.get("/api/messages/threads?box=billing").is(200).list("threads"))
	s.owner.starts(fields{"clientId": s.clientID("Ben"), "kind": "billing", "text": "Your invoice"}).refused(409, "RECIPIENT_OPTED_OUT")
	equal(s, "billing conversations", len(s.owner.get("/api/messages/threads?box=billing").is(200).list("threads")), held)
	s.owner.starts(fields{"phone": none.e164, "text": "Hello?"}).refused(409, "RECIPIENT_OPTED_OUT")

	s.sam.post("/api/messages/alerts/"+found[0].str("id")+"/accept", fields{}).is(404) // sitters are off at step 3
	s.owner.post("/api/messages/alerts/a-demo-nothing/accept", fields{}).refused(404, "NOT_FOUND")
	(&person{s, "owner-2"}).post("/api/messages/alerts/"+found[0].str("id")+"/accept", fields{}).refused(404, "NOT_FOUND")
}

func TestTheHistoryOfConsentIsKeptAndExported(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.dana.texts(s.frontDesk, "no more messages, thank you")
	s.advance(time.Minute)
	s.dana.texts(s.samsNumber, "Stop")
	s.advance(time.Minute)
	s.dana.texts(s.frontDesk, "help")
	s.advance(time.Minute)
	s.dana.texts(s.frontDesk, "UNSTOP")
	s.settle()
	id := s.clientID("Dana")
	e := s.owner.get("/api/clients/" + id + "/consent").is(200)
	equal(s, "client", e.str("clientId"), id)
	p := e.get("phones.0")
	equal(s, "phone", p.str("phone"), s.dana.e164)
	equal(s, "opted out", p.yes("optedOut"), false)
	var got []string
	for _, l := range p.list("history") {
		got = append(got, l.str("what")+" "+l.str("word")+" "+l.str("number")+" "+l.str("by"))
	}
	want := "wish  " + s.frontDesk + " client | opted_out STOP " + s.samsNumber + " client | help HELP " + s.frontDesk + " client | opted_in UNSTOP " + s.frontDesk + " client"
	equal(s, "history", strings.Join(got, " | "), want)
	s.sam.get("/api/clients/"+id+"/consent").refused(403, "FORBIDDEN")
	s.owner.get("/api/clients/nobody/consent").refused(404, "NOT_FOUND")
	(&person{s, "owner-2"}).get("/api/clients/"+id+"/consent").refused(404, "NOT_FOUND")
}

// A text that is taken in late (held, or found in the carrier's list) says nothing about
// what its sender told us after it.
func TestWhatWasSaidLastStands(t *testing.T) {
	t.Parallel()
	s := open(t)
	back := s.phone("+13105550171") // YES while messaging is off, then STOP, which is done at once
	s.flags(messaging, "false")
	back.texts(s.frontDesk, "YES")
	s.advance(time.Second)
	back.texts(s.frontDesk, "STOP")
	s.flags(messaging, "true")
	s.advance(2 * time.Minute)
	s.settle()
	th := s.thread(back, s.frontDesk).str("id")
	s.owner.sends(th, "A YES of before is no answer to this").refused(409, "RECIPIENT_OPTED_OUT")
	equal(s, "the rule of the YES", s.owner.mustSee(th, "YES").num("routing.rule"), 7)

	lost := s.phone("+13105550172") // STOP, a START that never arrives, STOP again
	lost.texts(s.frontDesk, "STOP")
	s.advance(time.Second)
	lost.missed(s.frontDesk, "START")
	s.advance(5 * time.Second)
	lost.texts(s.frontDesk, "stop")
	s.advance(10 * time.Minute)
	s.settle()
	th = s.thread(lost, s.frontDesk).str("id")
	s.owner.mustSee(th, "START")
	s.owner.sends(th, "A START of before is no answer to this").refused(409, "RECIPIENT_OPTED_OUT")

	came := s.phone("+13105550173") // STOP, a CANCEL that never arrives, START
	came.texts(s.frontDesk, "STOP")
	s.advance(5 * time.Second)
	came.missed(s.frontDesk, "CANCEL")
	s.advance(5 * time.Second)
	came.texts(s.frontDesk, "START")
	s.advance(10 * time.Minute)
	s.settle()
	th = s.thread(came, s.frontDesk).str("id")
	s.owner.mustSee(th, "CANCEL")
	s.owner.sends(th, "They are back, whatever comes late").is(202)

	late := s.phone("+13105550174") // a STOP that never arrives, and nothing after it
	late.missed(s.frontDesk, "STOP")
	s.advance(10 * time.Minute)
	s.settle()
	s.owner.sends(s.thread(late, s.frontDesk).str("id"), "What comes late is done all the same").refused(409, "RECIPIENT_OPTED_OUT")
}

// The carrier may have been taught words of the business's own, and says so.
func TestAWordThatTheCarrierTookForAStop(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.dana.texts(s.frontDesk, "Hello, a question")
	for i, c := range []struct {
		body, told string
		send       int
	}{{"Detener", "STOP", 409}, {"Ayuda", "HELP", 409}, {"Empezar", "START", 202}} {
		v := sms(s.dana.e164, s.frontDesk, c.body, sid(700+i))
		v.Set("OptOutType", c.told)
		code, answer := s.form(webhook, v, s.secret())
		equal(s, c.body, code, 200)
		if strings.Contains(answer, "Message") {
			t.Errorf("answered twice: %s", answer)
		}
		s.received[sid(700+i)]++
		s.settle()
		th := s.thread(s.dana, s.frontDesk).str("id")
		equal(s, c.body+": target", s.owner.mustSee(th, c.body).str("routing.routingTarget"), "consent")
		s.owner.sends(th, "After "+c.body).is(c.send)
	}
}

// A word that the carrier does not take for one is a wish, not nothing.
func TestAStopWithAFullStop(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.dana.texts(s.frontDesk, "Stop.")
	s.settle()
	found := s.alerts("consent_wish")
	equal(s, "suggestions", len(found), 1)
	s.owner.post("/api/messages/alerts/"+found[0].str("id")+"/resolve", fields{"note": "she meant the music"}).is(200)
	s.closes(1)
	s.owner.post("/api/messages/alerts/"+found[0].str("id")+"/accept", fields{}).refused(409, "CONFLICT")
	th := s.thread(s.dana, s.frontDesk).str("id")
	s.owner.sends(th, "Dismissed, so texts still go").is(202)
}

func TestCancelMayHaveMeantTheVisit(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.set(s.now().Add(0))
	today := s.now()
	s.booked(fields{"clientId": s.clientID("Hannah"), "sitterId": "sitter-1", "service": "Drop-ins", "startAt": today.Add(3 * time.Hour).Format(time.RFC3339), "endAt": today.Add(4 * time.Hour).Format(time.RFC3339),
		"recurrence": "weekly"})
	s.hannah.texts(s.samsNumber, "CANCEL")
	s.settle()
	found := s.alerts("cancel_word")
	equal(s, "explained", len(found), 1)
	if !strings.Contains(found[0].str("text"), "CANCEL") || !strings.Contains(found[0].str("text"), "visit") {
		t.Errorf("the owner reads: %s", found[0].str("text"))
	}
	// Nobody comes yet; over since an hour; only tomorrow.
	for _, c := range []struct {
		name     string
		from     phone
		starts   time.Duration
		sitter   any
		explains int
	}{{"Alicia", s.phone("+13105550115"), 2 * time.Hour, nil, 1}, {"Priya", s.phone("+13105550113"), -4 * time.Hour, "sitter-2", 1}, {"Ben", s.ben, 24 * time.Hour, "sitter-2", 0}} {
		before := len(s.alerts("cancel_word"))
		s.booked(fields{"clientId": s.clientID(c.name), "sitterId": c.sitter, "service": "Drop-ins", "startAt": today.Add(c.starts).Format(time.RFC3339), "endAt": today.Add(c.starts + time.Hour).Format(time.RFC3339)})
		c.from.texts(s.frontDesk, "End")
		s.settle()
		equal(s, c.name+"'s END", len(s.alerts("cancel_word"))-before, c.explains)
	}
	stranger := s.phone("+13105550178")
	stranger.texts(s.frontDesk, "CANCEL")
	s.hannah.texts(s.samsNumber, "STOP")
	s.settle()
	equal(s, "of a stranger's CANCEL and a plain STOP", len(s.alerts("cancel_word")), 3)
}

func TestTheCarriersOwnBlockIsLearntAndExplained(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.dana.texts(s.frontDesk, "Hello, are you open on Sunday?")
	s.settle()
	th := s.thread(s.dana, s.frontDesk).str("id")
	equal(s, "blocked before", s.owner.opens(th).yes("carrierBlocked"), false)
	s.faults(fields{"carrier": fields{"next": []string{"21610"}}})
	s.owner.sends(th, "We are, from ten o'clock on").is(202)
	s.settle()
	equal(s, "blocked", s.owner.opens(th).yes("carrierBlocked"), true)
	equal(s, "opted out of everything", s.owner.opens(th).yes("optedOut"), false)
	e := s.owner.mustSee(th, "We are, from ten o'clock on")
	equal(s, "status", e.str("status"), "failed")
	if !strings.Contains(e.str("statusText"), "START") {
		t.Errorf("not explained: %s", e.str("statusText"))
	}
	s.dana.texts(s.frontDesk, "START")
	s.settle()
	equal(s, "blocked after START", s.owner.opens(th).yes("carrierBlocked"), false)
}

func (s *stage) now() time.Time { return s.w.Clock.Now() }
