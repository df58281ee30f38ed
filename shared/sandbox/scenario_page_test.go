package sandbox_test

import (
	"testing"
	"time"
)

// Somebody who wants to come back to a conversation makes it stand out again: for the
// owners together, or for the sitter who asks.
func TestAConversationIsReadAndUnreadAgain(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.flags("ENABLE_SITTER_MESSAGES_V1", "true")
	s.dana.texts(s.samsNumber, "Are you there?")
	s.settle()
	th := s.service(s.dana).str("id")
	unread := func(p *person) int { return p.opens(th).doc.num("unread") }
	for _, who := range []*person{s.owner, s.sam} {
		equal(s, who.sub+" at first", unread(who), map[*person]int{s.owner: 1, s.sam: 0}[who])
		who.post("/api/messages/threads/"+th+"/read", nil).is(200)
		equal(s, who.sub+" has read it", unread(who), 0)
		who.post("/api/messages/threads/"+th+"/read", fields{"read": false}).is(200)
		who.post("/api/messages/threads/"+th+"/read", fields{"read": false}).is(200)
	}
	equal(s, "unread for the owner", unread(s.owner), 1)
	s.owner.post("/api/messages/threads/"+th+"/read", fields{"read": true}).is(200)
	equal(s, "read again", unread(s.owner), 0)
	s.owner.post("/api/messages/threads/"+th+"/read", fields{"read": "no"}).refused(400, "INVALID_REQUEST")
	s.owner.post("/api/messages/threads/"+th+"/read", fields{"unread": true}).refused(400, "INVALID_REQUEST")
	s.rosa.post("/api/messages/threads/"+th+"/read", fields{"read": false}).refused(404, "THREAD_NOT_FOUND")
}

// Diagnostics tells how its figures moved in the last day, and whether what works
// behind it keeps up.
func TestTheFiguresHaveADayBehindThem(t *testing.T) {
	t.Parallel()
	s := open(t)
	last := func(name string, hours int) []int {
		l := s.diagnostics().get("trends").list(name)
		if len(l) != 24 {
			t.Fatalf("%s has %d hours", name, len(l))
		}
		var ns []int
		for _, d := range l[24-hours:] {
			ns = append(ns, d.num(""))
		}
		return ns
	}
	s.marcus.texts(s.ivysNumber, "It is before the window")
	s.settle()
	s.advance(2 * time.Hour)
	s.marcus.texts(s.ivysNumber, "And still")
	s.marcus.texts(s.ivysNumber, "And once more")
	s.settle()
	for name, want := range map[string][3]int{"ownerInboxRoutedOperational": {1, 0, 2}, "outboundFailed": {0, 0, 0}, "held": {0, 0, 0}} {
		equal(s, name, [3]int(last(name, 3)), want)
	}
	d := s.diagnostics()
	equal(s, "what the figures hold", d.str("health.stream.countedUpTo")[:16], d.str("generatedAt")[:16])
	equal(s, "what waits", d.num("health.outbox.waiting"), 0)
	equal(s, "what the carrier lost", d.num("health.carrier.failures7d"), 0)
	s.advance(24 * time.Hour)
	for _, n := range last("ownerInboxRoutedOperational", 24)[1:] {
		equal(s, "a day later", n, 0)
	}
}
