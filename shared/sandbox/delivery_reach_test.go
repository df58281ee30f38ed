package sandbox_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"
)

// visit books Hannah's weekly visit of Sam's around now and answers its thread.
func (s *stage) visit() string {
	s.Helper()
	s.flags(sitting, "true")
	now := s.now()
	s.booked(fields{"clientId": s.clientID("Hannah"), "sitterId": "sitter-1", "service": "Drop-ins", "startAt": now.Add(-30 * time.Minute).Format(time.RFC3339), "endAt": now.Add(4 * time.Hour).Format(time.RFC3339), "recurrence": "weekly"})
	s.hannah.texts(s.samsNumber, "Good morning, are you there yet?")
	s.settle()
	return s.service(s.hannah).str("id")
}

const samsPhone = "+13105550131"

func (s *stage) notify(on bool) phone {
	s.Helper()
	s.owner.patch("/api/sitters/sitter-1", fields{"phone": samsPhone, "notify": on}).is(200)
	return s.phone(samsPhone)
}

// It is the sitter who asks to be told; the office only says which phone is theirs.
func TestASitterAsksToBeTold(t *testing.T) {
	t.Parallel()
	s := open(t)
	me := func() answer { return s.sam.get("/api/messages/me").is(200) }
	put := func(on any) answer { return s.sam.patch("/api/messages/me", fields{"notify": on}) }
	s.owner.patch("/api/sitters/sitter-1", fields{"notify": false, "phone": nil}).is(200)
	th := s.visit()
	equal(s, "who has no phone on file", strings.Contains(me().Raw, "notify"), false)
	equal(s, "asks all the same", put(true).refused(400, "INVALID_REQUEST").str("field"), "notify")
	own := s.notify(false)
	equal(s, "has not asked", me().yes("notify"), false)
	s.hannah.texts(s.samsNumber, "Shall I leave the window open?")
	s.settle()
	equal(s, "told without asking", len(own.got()), 0)
	for range 2 {
		equal(s, "has asked", put(true).is(200).yes("notify"), true)
	}
	equal(s, "has asked", me().yes("notify"), true)
	s.sam.post("/api/messages/threads/"+th+"/read", fields{}).is(200)
	s.advance(6 * time.Minute)
	s.hannah.texts(s.samsNumber, "Is the cat in, by the way?")
	s.settle()
	equal(s, "told", len(own.got()), 1)
	equal(s, "has had enough", put(false).is(200).yes("notify"), false)
	s.sam.post("/api/messages/threads/"+th+"/read", fields{}).is(200)
	s.advance(6 * time.Minute)
	s.hannah.texts(s.samsNumber, "And the other one, is she in as well?")
	s.settle()
	equal(s, "told still", len(own.got()), 1)
	for _, bad := range []any{nil, "yes", 1} {
		equal(s, fmt.Sprint(bad), put(bad).refused(400, "INVALID_REQUEST").str("field"), "notify")
	}
	s.owner.patch("/api/messages/me", fields{"notify": true}).refused(403, "FORBIDDEN")
}

func TestASittersOwnPhoneIsToldThatSomebodyWrote(t *testing.T) {
	t.Parallel()
	s := open(t)
	own := s.notify(true)
	th := s.visit()
	equal(s, "told", len(own.got()), 1)
	n := own.last()
	equal(s, "from", n.str("from"), s.frontDesk)
	text := n.str("body")
	if strings.Contains(text, "Good morning") || !strings.Contains(text, "Hannah") || !strings.Contains(text, s.w.URL+"/messages/t/"+th) {
		t.Errorf("the notification says: %s", text)
	}
	if pets := s.owner.opens(th).list("pets"); len(pets) > 0 && !strings.Contains(text, pets[0].v.(string)) {
		t.Errorf("no pet in: %s", text)
	}
	s.advance(6 * time.Minute)
	s.hannah.texts(s.samsNumber, "Still nobody at the door, I think")
	s.settle()
	equal(s, "told again before it was read", len(own.got()), 1)

	s.sam.post("/api/messages/threads/"+th+"/read", fields{}).is(200)
	s.hannah.texts(s.samsNumber, "Ah, there you are, wonderful")
	s.settle()
	equal(s, "told while the page is open", len(own.got()), 1)
	s.advance(3 * time.Minute)
	s.settle()
	equal(s, "told of what stayed unread", len(own.got()), 2)

	s.sam.post("/api/messages/threads/"+th+"/read", fields{}).is(200)
	s.hannah.texts(s.samsNumber, "One more thing about the cat")
	s.settle()
	s.sam.post("/api/messages/threads/"+th+"/read", fields{}).is(200)
	s.advance(10 * time.Minute)
	s.settle()
	equal(s, "told of what was read in time", len(own.got()), 2)

	// Nowhere but on their own phone.
	for _, e := range s.owner.opens(th).list("events") {
		if strings.HasPrefix(e.str("text"), "New message from") {
			t.Errorf("a notification stands in the client's conversation: %s", e)
		}
	}
	for _, g := range s.hannah.got() {
		if strings.HasPrefix(g.str("body"), "New message from") {
			t.Errorf("a notification went to the client")
		}
	}
}

func TestWhoIsNotTold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		set  func(s *stage)
	}{
		{"who did not ask for it", func(s *stage) { s.notify(false) }},
		{"who has texted STOP to the front desk", func(s *stage) { s.notify(true).texts(s.frontDesk, "STOP") }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			own := s.phone(samsPhone)
			c.set(s)
			s.visit()
			s.advance(10 * time.Minute)
			s.settle()
			for _, g := range own.got() { // the carrier's own answer to STOP is there
				if strings.HasPrefix(g.str("body"), "New message") {
					t.Errorf("told: %s", g.str("body"))
				}
			}
		})
	}
}

func TestAtNightNobodyIsTold(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.set(noon.Add(13 * time.Hour)) // eleven at night of the business
	own := s.notify(true)
	s.visit()
	equal(s, "told at night", len(own.got()), 0)
	s.set(time.Date(2026, 6, 11, 15, 2, 0, 0, time.UTC)) // two past eight
	s.settle()
	equal(s, "told in the morning", len(own.got()), 1)
}

func TestAClientWhoWaitsForAnAnswer(t *testing.T) {
	t.Parallel()
	s := open(t)
	th := s.visit()
	s.advance(5 * time.Minute)
	s.hannah.texts(s.samsNumber, "Is everything all right over there?")
	s.settle()
	equal(s, "waiting, after five minutes", len(s.alerts("client_waiting")), 0)
	s.advance(5*time.Minute + 30*time.Second)
	s.settle()
	found := s.alerts("client_waiting")
	equal(s, "waiting, after ten", len(found), 1)
	equal(s, "where", found[0].str("threadId"), th)
	if !strings.Contains(found[0].str("text"), "10 minutes") || !strings.Contains(found[0].str("text"), "Hannah") {
		t.Errorf("the owner reads: %s", found[0].str("text"))
	}
	s.advance(10 * time.Minute)
	s.settle()
	equal(s, "once for each wait", len(s.alerts("client_waiting")), 1)

	s.sam.sends(th, "All good, both cats are fed").is(202)
	s.hannah.texts(s.samsNumber, "Thank you so much!")
	s.settle()
	s.sam.sends(th, "Any time, see you tomorrow").is(202)
	s.advance(11 * time.Minute)
	s.settle()
	equal(s, "after an answer", len(s.alerts("client_waiting")), 1)

	s.hannah.texts(s.samsNumber, "Auto-reply: I am driving and will answer later")
	s.advance(11 * time.Minute)
	s.settle()
	equal(s, "after a machine's text", len(s.alerts("client_waiting")), 1)

	s.owner.patch("/api/settings", fields{"escalateMinutes": 2}).is(200)
	s.hannah.texts(s.samsNumber, "And who comes on Friday?")
	s.settle()
	s.advance(3 * time.Minute)
	s.settle()
	equal(s, "another wait, with two minutes set", len(s.alerts("client_waiting")), 2)
}

func TestACriticalAlertIsTextedToTheOwner(t *testing.T) {
	t.Parallel()
	s := open(t)
	own := s.phone("+13105550139")
	s.owner.patch("/api/settings", fields{"ownerPhone": own.e164}).is(200)
	th := s.visit()
	for _, text := range []string{"Call me at 310-555-0131 please", "My number is 310 555 0131", "Text me on 3105550131 instead"} {
		s.sam.sends(th, text).refused(403, "ANTI_POACHING_BLOCKED")
	}
	s.settle()
	equal(s, "texts to the owner", len(own.got()), 1)
	text := own.last().str("body")
	if strings.Contains(text, "0131") || !strings.Contains(text, "locked") || !strings.Contains(text, s.w.URL) {
		t.Errorf("the owner's phone shows: %s", text)
	}
	equal(s, "from", own.last().str("from"), s.frontDesk)
	s.advance(time.Hour)
	s.settle()
	equal(s, "once", len(own.got()), 1)
}

func TestAnAnswerOutsideOfficeHours(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.owner.patch("/api/settings", fields{"officeHours": fields{"from": "09:00", "to": "17:00"}, "texts": fields{"afterHours": "{org} is closed until nine – we’ll answer then."}}).is(200)
	answers := func(p phone) (n int) {
		for _, g := range p.got() {
			if strings.Contains(g.str("body"), "closed until nine") {
				n++
			}
		}
		return n
	}
	s.dana.texts(s.frontDesk, "A question within office hours")
	s.settle()
	equal(s, "within office hours", answers(s.dana), 0)
	s.set(noon.Add(10 * time.Hour)) // eight in the evening
	s.dana.texts(s.frontDesk, "A question in the evening")
	s.dana.texts(s.frontDesk, "And another question in the evening")
	s.settle()
	equal(s, "in the evening, to two texts", answers(s.dana), 1)
	if text := s.dana.last().str("body"); strings.ContainsAny(text, "–’") {
		t.Errorf("it costs more than it need: %s", text)
	}
	s.marcus.texts(s.frontDesk, "Auto-reply: I am driving and will answer later")
	s.phone("+13105550179").texts(s.frontDesk, "I am nobody's client")
	s.settle()
	equal(s, "to a machine", answers(s.marcus), 0)
	equal(s, "to a stranger", answers(s.phone("+13105550179")), 0)
	e, ok := s.owner.event(s.thread(s.dana, s.frontDesk).str("id"), s.dana.last().str("body"))
	if !ok || e.str("purpose") != "after_hours" {
		t.Errorf("the owner does not see what was answered")
	}
	s.advance(25 * time.Hour)
	s.dana.texts(s.frontDesk, "The next evening, another question")
	s.settle()
	equal(s, "the next day", answers(s.dana), 2)
}

func TestANotificationThatFailsStandsInNoConversation(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.notify(true)
	s.flags(sitting, "true")
	s.faults(fields{"carrier": fields{"next": []string{"21614", "21614"}}})
	th := s.visit()
	equal(s, "the owner is told", len(s.alerts("notice_failed")) > 0, true)
	for _, a := range s.alerts("notice_failed") {
		equal(s, "of no conversation", a.str("threadId"), "")
	}
	list := s.owner.get("/api/messages/threads?limit=100&search=" + url.QueryEscape(samsPhone)).is(200)
	equal(s, "found by the phone", len(list.list("threads")), 0)
	_ = th
}
