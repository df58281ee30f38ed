package sandbox_test

import (
	"fmt"
	"testing"
	"time"
)

// spent is what the newest invocation of a function cost, as its log line says. A
// function that is a process of its own may be heard after its answer.
func (s *stage) spent(function string, since int) (trips int, rru, wru float64) {
	s.Helper()
	patience := time.After(time.Minute)
	for waiting := true; waiting; {
		more := s.log.grows()
		lines := s.log.lines()
		for i := len(lines) - 1; i >= since; i-- {
			l := lines[i]
			if l.str("function") == function && l.has("trips") {
				r, _ := l.get("rru").v.(float64)
				w, _ := l.get("wru").v.(float64)
				return l.num("trips"), r, w
			}
		}
		select {
		case <-more:
		case <-patience:
			waiting = false
		}
	}
	s.Fatalf("no line of %s", function)
	return 0, 0, 0
}

// The budgets of the house, each as low as it is met today, so that none gets worse unseen;
// where one is above the house's own figure, why. Round trips count calls that run side by
// side each for itself.
func TestBudgets(t *testing.T) {
	s := open(t)
	s.flags(sitting, "true")
	s.settle()
	dana := s.service(s.dana).str("id")
	stranger := s.phone("+15555550170")
	rows := []struct {
		name     string
		function string
		trips    int
		rru, wru float64
		do       func()
	}{
		{"an inbound text of a known pair", "inbound", 2, 3, 9, func() { s.dana.texts(s.samsNumber, "A text of a known pair") }},
		{"the repeat of a MessageSid", "inbound", 1, 3, 0, func() { s.dana.tries(s.samsNumber, "A text of a known pair", s.lastSid()) }},
		{"the first text of a stranger on the front desk", "inbound", 3, 5, 12, func() { stranger.texts(s.frontDesk, "The first text of a stranger") }},
		{"the first text of a client to the front desk", "inbound", 3, 5, 13, func() { s.ben.texts(s.frontDesk, "The first text of a client") }},
		// Two units for every further phone of a household: each has a route of its own.
		{"the first text of a client with two phones", "inbound", 3, 5, 15, func() { s.jonas.texts(s.frontDesk, "The first text of a household") }},
		{"a stranger on a pool number, with the automatic answer", "inbound", 3, 5, 14, func() { stranger.texts(s.service(s.theo).str("number"), "A stranger on a pool number") }},
		{"a STOP word", "inbound", 3, 5, 14, func() { s.marcus.texts(s.ivysNumber, "STOP") }},
		// With two reports 14, where the house says 11: the check of consent is a part of
		// the transaction, so that a STOP in between stops the message, and the
		// Idempotency-Key another, so that a repeat finds its answer; two units each. The
		// twelfth is the thread's leaving the owner inbox, which this message answers.
		{"an owner's message, to the carrier's answer", "send", 3, 3, 12, func() { s.owner.sends(dana, "An owner's message to Dana").is(202) }},
		{"an owner's next message, to the carrier's answer", "send", 3, 3, 11, func() { s.owner.sends(dana, "An owner's next message to Dana").is(202) }},
		{"a status report", "status", 1, 0, 1, func() {}},
		// One round trip, its three calls side by side; where a conversation is suggested
		// another, for the clients' names.
		{"the list of threads", "messages", 4, 3, 0, func() { s.owner.get("/api/messages/threads").is(200) }},
		{"the owner inbox", "messages", 2, 1, 0, func() { s.owner.get("/api/messages/threads?box=owner_inbox").is(200) }},
		{"a sitter's list", "messages", 2, 1.5, 0, func() { s.sam.get("/api/messages/threads").is(200) }},
		// Two side by side.
		{"a thread, for the owner", "messages", 2, 1, 0, func() { s.owner.get("/api/messages/threads/" + dana).is(200) }},
		{"a thread, for its sitter", "messages", 2, 1.5, 0, func() { s.sam.get("/api/messages/threads/" + dana).is(200) }},
		{"diagnostics", "diagnostics", 3, 1.5, 0, func() { s.owner.get("/api/messages/diagnostics").is(200) }},
		// The first two calls of an assignment run side by side; a client who holds a
		// conversation already costs another, after them: which, their ledger tells.
		{"a weekly booking assigned, its thread made", "assignment", 3, 3.5, 14, func() {
			s.owner.post("/api/bookings", fields{"clientId": "client-6", "sitterId": "sitter-1", "service": "Dog Walking", "recurrence": "weekly", "startAt": "2026-06-12T12:00:00", "endAt": "2026-06-12T12:30:00"}).is(201)
		}},
		// Two units for the household's second phone, which has a route of its own.
		{"the same for a client with two phones", "assignment", 3, 3.5, 16, func() { s.owner.patch("/api/bookings/booking-5", fields{"sitterId": "sitter-1"}).is(200) }},
		{"a weekly booking assigned, into its thread", "assignment", 4, 4.5, 13, func() {
			s.owner.post("/api/bookings", fields{"clientId": "client-1", "sitterId": "sitter-1", "service": "Drop-ins", "startAt": "2026-06-11T12:00:00", "endAt": "2026-06-11T12:30:00"}).is(201)
		}},
	}
	for _, row := range rows {
		s.settle()
		since := len(s.log.lines())
		if row.function == "status" {
			since = 0
		}
		row.do()
		s.settle()
		trips, rru, wru := s.spent(row.function, since)
		if trips > row.trips || rru > row.rru || wru > row.wru {
			t.Errorf("%s: %d trips, %.1f RRU, %.1f WRU; the budget is %d, %.1f, %.1f", row.name, trips, rru, wru, row.trips, row.rru, row.wru)
		} else {
			t.Logf("%s: %d trips, %.1f RRU, %.1f WRU (budget %d, %.1f, %.1f)", row.name, trips, rru, wru, row.trips, row.rru, row.wru)
		}
	}
}

// The lists and diagnostics cost no more once there is much.
func TestBudgetsDoNotGrow(t *testing.T) {
	s := open(t)
	s.flags(sitting, "true")
	s.set(noon.Add(2 * time.Hour))
	dana := s.service(s.dana).str("id")
	for i := range 60 {
		s.phone(fmt.Sprintf("+155555501%02d", i)).texts(s.frontDesk, fmt.Sprintf("A stranger's only text, number %d", i))
		s.dana.texts(s.samsNumber, fmt.Sprintf("One of a great many texts: %02d", i))
	}
	s.settle()
	for _, row := range []struct {
		name, function, path string
		trips                int
		rru                  float64
	}{
		{"the list of 50 threads", "messages", "/api/messages/threads", 4, 5},
		{"a thread with 50 events", "messages", "/api/messages/threads/" + dana, 2, 4},
		{"diagnostics with 120 events", "diagnostics", "/api/messages/diagnostics", 3, 2},
	} {
		since := len(s.log.lines())
		s.owner.get(row.path).is(200)
		trips, rru, _ := s.spent(row.function, since)
		if trips > row.trips || rru > row.rru {
			t.Errorf("%s: %d trips, %.1f RRU; the budget is %d, %.1f", row.name, trips, rru, row.trips, row.rru)
		} else {
			t.Logf("%s: %d trips, %.1f RRU (budget %d, %.1f)", row.name, trips, rru, row.trips, row.rru)
		}
	}
}

func (s *stage) lastSid() string {
	s.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for sid := range s.received {
		return sid
	}
	s.Fatal("no text yet")
	return ""
}
