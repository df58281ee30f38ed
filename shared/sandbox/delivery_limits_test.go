package sandbox_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestNobodyWritesFasterThanTheCarrierBears(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.dana.texts(s.frontDesk, "How are things over there?")
	s.settle()
	th := s.thread(s.dana, s.frontDesk).str("id")
	key := ""
	for i := range 30 {
		key = s.key()
		s.owner.sendsAs(th, fmt.Sprintf("One of a great many messages: %d", i), key, nil).is(202)
	}
	s.owner.sends(th, "One too many for one person").refused(429, "RATE_LIMITED")
	s.owner.sendsAs(th, "One of a great many messages: 29", key, nil).is(202) // a repeat is no new message
	s.advance(31 * time.Second)
	s.owner.sends(th, "Half a minute later it goes again").is(202)
	s.settle()
	equal(s, "on the phone", s.dana.count("One too many for one person"), 0)
	equal(s, "on the phone later", s.dana.count("Half a minute later it goes again"), 1)
}

func TestASitterWhoSendsByTheHundred(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.flags(sitting, "true")
	var threads []string
	now := s.now()
	for name, p := range map[string]phone{"Hannah": s.hannah, "Theo": s.theo, "Dana": s.dana} {
		s.booked(fields{"clientId": s.clientID(name), "sitterId": "sitter-1", "service": "Drop-ins", "startAt": now.Add(-30 * time.Minute).Format(time.RFC3339), "endAt": now.Add(time.Hour).Format(time.RFC3339), "recurrence": "weekly"})
		p.texts(s.samsNumber, "Are you there already, "+name+" asks?")
		s.settle()
		threads = append(threads, s.thread(p, s.samsNumber).str("id"))
	}
	s.set(now.Truncate(time.Minute).Add(time.Minute))
	for i := range 60 {
		s.sam.sends(threads[i/30], "All is well here, number "+strings.Repeat("i", i+1)).is(202)
	}
	s.settle()
	s.sam.sends(threads[2], "The message beyond the limit").refused(429, "RATE_LIMITED")
	s.owner.sends(threads[2], "The owner is not held up by it").is(202)
	s.advance(time.Minute)
	s.sam.sends(threads[2], "A minute later it goes on").is(202)
}

// The business as a whole has a rate, too: whoever writes.
func TestABusinessThatSendsByTheThousand(t *testing.T) {
	t.Parallel()
	s := open(t)
	th := s.visit()
	s.set(s.now().Truncate(time.Minute).Add(time.Minute))
	minute := s.now().Truncate(time.Minute)
	for range 600 {
		if err := s.w.Table().CountSent(t.Context(), "demo", "", minute); err != nil {
			t.Fatal(err)
		}
	}
	for name, p := range map[string]*person{"owner": s.owner, "sitter": s.sam} {
		a := p.sends(th, "One of thousands, by the "+name)
		a.refused(429, "RATE_LIMITED")
		if !strings.Contains(a.str("detail"), "too many messages") {
			t.Errorf("not clear to a person: %s", a.str("detail"))
		}
	}
	s.advance(time.Minute)
	s.sam.sends(th, "A minute later it goes on").is(202)
}
