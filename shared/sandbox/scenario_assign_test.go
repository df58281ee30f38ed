package sandbox_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// coming are the texts on a phone that name who is coming.
func (p phone) coming(name string) (n int) {
	p.s.Helper()
	for _, g := range p.got() {
		if strings.Contains(g.str("body"), name) {
			n++
		}
	}
	return n
}

func (s *stage) suggested(booking string) (doc, bool) {
	s.Helper()
	return find(s.owner.get("/api/messages/threads").is(200).list("suggested"), "bookingId", booking)
}

func (s *stage) patched(booking string, b fields) {
	s.Helper()
	s.owner.patch("/api/bookings/"+booking, b).is(200)
	s.settle()
}

// Sitter changed, A → B → A: windows move, sights change at once, the threads are
// linked, the client is told three things.
func TestReassignment(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.flags(sitting, "true")
	s.booked(fields{"id": "bk", "clientId": "client-4", "sitterId": "sitter-1", "service": "Dog Walking", "recurrence": "weekly", "startAt": "2026-06-10T12:00:00", "endAt": "2026-06-10T13:00:00"})
	sams := s.thread(s.jonas, s.samsNumber).str("id")
	equal(s, "told of Sam", s.jonas.coming("Sam Patel"), 1)
	s.set(noon.Add(2 * time.Hour))
	s.jonas.texts(s.samsNumber, "Please use the back door today")
	s.settle()
	s.sam.sends(sams, "Will do, on my way to you").is(202)
	s.settle()
	for _, b := range []fields{{"reason": "who?"}, {"sitterId": 2, "reason": "who?"}, {"sitterId": "sitter-99", "reason": "who?"}} {
		equal(s, "field", s.owner.post("/api/messages/threads/"+sams+"/assign", b).refused(400, "INVALID_REQUEST").str("field"), "sitterId")
	}
	s.owner.post("/api/messages/threads/"+sams+"/assign", fields{"sitterId": "sitter-2", "reason": "Sam is ill"}).is(200)
	s.settle()
	// The old sitter loses sight at once.
	s.sam.get("/api/messages/threads/"+sams).refused(404, "THREAD_NOT_FOUND")
	s.sam.sends(sams, "Am I still allowed in here?").refused(404, "THREAD_NOT_FOUND")
	equal(s, "Sam's other thread", len(s.sam.list("")), 1) // Dana's
	ivys := s.thread(s.jonas, s.ivysNumber).str("id")
	if ivys == sams {
		t.Fatal("one thread on two numbers")
	}
	equal(s, "told of Ivy", s.jonas.coming("Ivy Chen"), 1)
	// The new one reads what was said about that booking, in the linked thread, too.
	s.ivy.mustSee(ivys, "Please use the back door today")
	s.ivy.mustSee(ivys, "Will do, on my way to you")
	s.ivy.get("/api/messages/threads/"+sams).refused(404, "THREAD_NOT_FOUND")
	th := s.owner.opens(ivys).is(200)
	equal(s, "linked", th.str("linkedThreads.0"), sams)
	equal(s, "linked back", s.owner.opens(sams).str("linkedThreads.0"), ivys)
	h := th.list("assignmentHistory")
	if len(h) != 2 || h[1].str("from") != "sitter-1" || h[1].str("to") != "sitter-2" || h[1].str("reason") != "Sam is ill" {
		t.Errorf("history: %v", h)
	}
	s.jonas.texts(s.ivysNumber, "Hello Ivy, the key is with Ms Lee")
	s.expect(12, "sitter", "Active assignment window")
	s.jonas.texts(s.samsNumber, "A text to the number of before")
	s.expect(9, "owner_inbox", "No active assignment window")
	s.ivy.mustNotSee(ivys, "A text to the number of before")
	// And back.
	s.patched("bk", fields{"sitterId": "sitter-1", "reason": "Sam is well"})
	equal(s, "told of Sam again", s.jonas.coming("Sam Patel"), 2)
	equal(s, "the old thread", s.thread(s.jonas, s.samsNumber).str("id"), sams)
	s.ivy.get("/api/messages/threads/"+ivys).refused(404, "THREAD_NOT_FOUND")
	s.sam.mustSee(sams, "Hello Ivy, the key is with Ms Lee")
	s.sam.mustNotSee(sams, "A text to the number of before")
	// However much there is to tell, all of it is told.
	for i := range 8 {
		s.patched("bk", fields{"sitterId": fmt.Sprintf("sitter-%d", 2-i%2), "reason": fmt.Sprintf("change %d: %s", i, strings.Repeat("x", 90))})
	}
	for _, id := range []string{sams, ivys} {
		if h := s.owner.opens(id).list("assignmentHistory"); len(h) != 11 || !strings.HasPrefix(h[10].str("reason"), "change 7: ") || h[0].str("to") != "sitter-1" {
			t.Errorf("history of %s: %v", id, h)
		}
	}
	// Setting the same sitter says nothing new.
	told := s.jonas.coming("Sam Patel")
	s.patched("bk", fields{"sitterId": "sitter-1"})
	equal(s, "nothing new", s.jonas.coming("Sam Patel"), told)
	// Cleared: nothing is said, the thread stays with the owner.
	n := len(s.jonas.got())
	s.patched("bk", fields{"sitterId": nil})
	equal(s, "clearing says nothing", len(s.jonas.got()), n)
	s.sam.get("/api/messages/threads/"+sams).refused(404, "THREAD_NOT_FOUND")
	s.owner.opens(sams).is(200)
	equal(s, "state", s.thread(s.jonas, s.samsNumber).str("window.state"), "none")
	s.jonas.texts(s.samsNumber, "Is anybody coming at all now?")
	s.expect(9, "owner_inbox", "No active assignment window")
}

// The rest of the assignments table.
func TestAssignmentsTable(t *testing.T) {
	t.Parallel()
	s := open(t)
	// Recurring, with the thread that the rules choose, flag off: windows there, told, rises.
	s.flags(proactive, "false", sitting, "true")
	id := s.service(s.dana).str("id")
	n := s.dana.coming("Sam Patel")
	s.advance(time.Minute)
	s.booked(fields{"id": "bk-x", "clientId": "client-1", "sitterId": "sitter-1", "service": "Drop-ins", "startAt": "2026-06-11T12:00:00", "endAt": "2026-06-11T12:30:00"})
	equal(s, "told", s.dana.coming("Sam Patel"), n+1)
	equal(s, "rises", s.owner.list("")[0].str("id"), id)
	equal(s, "windows", len(s.owner.opens(id).list("windows")), 3)
	if _, ok := s.suggested("bk-x"); ok {
		t.Error("suggested although it has its thread")
	}
	// Times changed: recomputed in place, and extended no more than asked.
	s.patched("bk-x", fields{"startAt": "2026-06-11T15:00:00", "endAt": "2026-06-11T16:00:00"})
	w, _ := find(s.owner.opens(id).list("windows"), "bookingId", "bk-x")
	equal(s, "moved start", w.str("startAt"), "2026-06-11T21:00:00Z")
	equal(s, "moved end", w.str("endAt"), "2026-06-12T00:00:00Z")
	equal(s, "not told twice of the same sitter", s.dana.coming("Sam Patel"), n+1)
	// Service changed: another buffer.
	s.patched("bk-x", fields{"service": "Housesitting"})
	w, _ = find(s.owner.opens(id).list("windows"), "bookingId", "bk-x")
	equal(s, "two hours before", w.str("startAt"), "2026-06-11T20:00:00Z")
	// Several visits, one removed.
	s.patched("bk-x", fields{"visits": []fields{{"id": "a", "startAt": "2026-06-15T12:00:00", "endAt": "2026-06-15T13:00:00"}, {"id": "b", "startAt": "2026-06-16T12:00:00", "endAt": "2026-06-16T13:00:00"}}})
	equal(s, "windows", len(s.owner.opens(id).list("windows")), 4)
	s.patched("bk-x", fields{"visits": []fields{{"id": "b", "startAt": "2026-06-16T12:00:00", "endAt": "2026-06-16T13:00:00"}}})
	equal(s, "windows", len(s.owner.opens(id).list("windows")), 3)
	// Cancelled, completed.
	s.patched("bk-x", fields{"status": "cancelled"})
	equal(s, "windows", len(s.owner.opens(id).list("windows")), 2)
	s.owner.patch("/api/bookings/bk-x", fields{"service": "Drop-ins"}).refused(409, "CONFLICT")
	s.set(noon.Add(2 * time.Hour))
	s.sam.sends(id, "Done with Biscuit for today").is(202)
	s.patched("booking-1", fields{"status": "completed"})
	s.sam.sends(id, "One more word about Biscuit").refused(403, "NO_ACTIVE_WINDOW")
	s.sam.mustSee(id, "Done with Biscuit for today") // to read for another day

	// One-time client: suggested, whatever the flag; with a pool thread open, there.
	s.flags(proactive, "true")
	if d, ok := s.suggested("booking-4"); !ok || d.str("clientName") != "Priya Nair" {
		t.Fatalf("Priya's booking is not suggested: %v", d)
	}
	a := s.owner.starts(fields{"bookingId": "booking-4", "text": "Hello Priya, about tomorrow"}).is(202)
	s.settle()
	pid := a.str("threadId")
	equal(s, "pool", s.owner.opens(pid).str("numberClass"), "pool")
	equal(s, "window", s.owner.opens(pid).str("window.state"), "upcoming")
	s.booked(fields{"id": "bk-p", "clientId": "client-3", "sitterId": "sitter-2", "service": "Drop-ins", "startAt": "2026-06-13T12:00:00", "endAt": "2026-06-13T12:30:00"})
	equal(s, "there", len(s.owner.opens(pid).list("windows")), 2)
	// Another sitter on a pool number: the same thread.
	s.patched("booking-4", fields{"sitterId": "sitter-3"})
	w, _ = find(s.owner.opens(pid).list("windows"), "bookingId", "booking-4")
	equal(s, "the same thread", w.str("sitterId"), "sitter-3")
	s.sam.get("/api/messages/threads/"+pid).refused(404, "THREAD_NOT_FOUND")
	s.rosa.opens(pid).is(200)
	// A conversation by client: the one open booking's, if there is exactly one.
	equal(s, "front desk, since there are two", s.owner.opens(s.owner.starts(fields{"clientId": "client-3", "text": "Which booking do I mean?"}).is(202).str("threadId")).str("kind"), "front_desk")
	equal(s, "the booking's", s.owner.opens(s.owner.starts(fields{"clientId": "client-2", "text": "Hello Marcus, about tomorrow"}).is(202).str("threadId")).str("number"), s.ivysNumber)
}

// Running a change twice, and a replay of the stream, change nothing.
func TestNoDuplicates(t *testing.T) {
	t.Parallel()
	s := open(t)
	shape := func() string {
		var b strings.Builder
		for _, th := range s.owner.list("limit=100") {
			o := s.owner.opens(th.str("id"))
			fmt.Fprintf(&b, "%s %s %d %d\n", th.str("id"), th.str("number"), len(o.list("windows")), len(o.list("events")))
		}
		return b.String()
	}
	s.patched("booking-5", fields{"sitterId": "sitter-1"})
	before, texts := shape(), len(s.jonas.got())
	v := s.owner.get("/api/bookings/booking-5").is(200).num("version")
	for range 3 {
		s.patched("booking-5", fields{"sitterId": "sitter-1"})
	}
	equal(s, "version", s.owner.get("/api/bookings/booking-5").num("version"), v)
	equal(s, "shape", shape(), before)
	equal(s, "texts", len(s.jonas.got()), texts)
	// Stale If-Match.
	s.owner.patch("/api/bookings/booking-5", fields{"service": "Drop-ins"}, "If-Match", `"1"`).is(412)
}

// A series of sixty visits: more windows than a row carries.
func TestSeries(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.flags(sitting, "true")
	var visits []fields
	for d := range 60 {
		at := time.Date(2026, 6, 11+d, 12, 0, 0, 0, time.UTC).Format("2006-01-02")
		visits = append(visits, fields{"startAt": at + "T18:00:00", "endAt": at + "T18:30:00"})
	}
	s.booked(fields{"id": "series", "clientId": "client-8", "sitterId": "sitter-2", "service": "Drop-ins", "recurrence": "daily", "visits": visits})
	id := s.thread(s.theo, s.ivysNumber).str("id")
	equal(s, "windows", len(s.owner.opens(id).list("windows")), 60)
	equal(s, "told once", s.theo.coming("Ivy Chen"), 1)
	for _, day := range []int{0, 7, 30, 59} {
		at := time.Date(2026, 6, 11+day, 25, 15, 0, 0, time.UTC) // 18:15 in Los Angeles
		s.set(at)
		s.theo.texts(s.ivysNumber, fmt.Sprintf("Is it day %02d of the series now?", day))
		s.expect(12, "sitter", "Active assignment window")
		s.ivy.mustSee(id, fmt.Sprintf("Is it day %02d of the series now?", day))
		s.ivy.sends(id, fmt.Sprintf("Yes, it is day %02d of the series", day)).is(202)
		th := s.ivy.opens(id)
		equal(s, "state", th.str("window.state"), "active")
		equal(s, "owner's header", s.owner.opens(id).str("window.state"), "active")
		if row := s.thread(s.theo, s.ivysNumber); row.str("window.state") != "active" {
			t.Errorf("the owner's list on day %d: %s", day, row.get("window"))
		}
		if l := s.ivy.list(""); len(l) == 0 {
			t.Errorf("not listed on day %d", day)
		}
	}
	s.set(time.Date(2026, 6, 20, 22, 0, 0, 0, time.UTC).AddDate(0, 1, 0))
	s.patched("series", fields{"sitterId": "sitter-1"})
	s.ivy.get("/api/messages/threads/" + id).is(404)
	moved := s.thread(s.theo, s.samsNumber).str("id")
	equal(s, "state", s.owner.opens(moved).str("window.state"), "upcoming")
}

// No pool number is free, then one is.
func TestPoolExhausted(t *testing.T) {
	t.Parallel()
	s := open(t)
	// Rosa, Sam and Ivy's one-time client takes pool threads only where collisions ask
	// for them; Theo is recurring with Rosa, who has no number.
	free := []string{}
	for _, n := range s.owner.get("/api/numbers").is(200).list("numbers") {
		if n.str("numberClass") == "pool" {
			s.owner.post("/api/numbers/"+n.str("id")+"/quarantine", fields{"reason": "cleaning up"}).is(200)
			free = append(free, n.str("id"))
		}
	}
	s.settle()
	s.owner.starts(fields{"bookingId": "booking-4", "text": "Hello Priya, see you tomorrow"}).refused(409, "POOL_EXHAUSTED")
	s.booked(fields{"id": "bk-n", "clientId": "client-4", "sitterId": "sitter-3", "service": "Drop-ins", "recurrence": "weekly", "startAt": "2026-06-12T12:00:00", "endAt": "2026-06-12T12:30:00"})
	d, ok := s.suggested("bk-n")
	if !ok {
		t.Fatal("not suggested")
	}
	equal(s, "told", d.yes("clientTold"), false)
	var waiting []string
	critical := false
	for _, a := range s.owner.get("/api/messages/threads?box=owner_inbox").list("alerts") {
		critical = critical || a.str("kind") == "pool_exhausted" && a.str("severity") == "critical"
	}
	equal(s, "critical alert", critical, true)
	equal(s, "nothing sent", s.jonas.coming("Rosa"), 0)
	// A number comes free: the thread by itself.
	s.owner.post("/api/numbers", fields{"e164": "+12135550109", "numberClass": "pool"}).is(201)
	s.settle()
	s.advance(2 * time.Minute)
	s.settle()
	if _, ok := s.suggested("bk-n"); ok {
		t.Error("still suggested after a number came free")
	}
	for _, a := range s.owner.get("/api/messages/threads?box=owner_inbox").list("alerts") {
		if a.str("kind") == "pool_exhausted" {
			waiting = append(waiting, a.str("text"))
		}
	}
	equal(s, "alerts that stay", strings.Join(waiting, ""), "")
	s.resolved[s.owner.sub] += 2 // Priya's, too, since the owner has tried to write to her
	equal(s, "told", s.jonas.coming("Rosa"), 1)
	s.owner.starts(fields{"bookingId": "booking-4", "text": "Hello Priya, now it does work"}).is(202)
	s.settle()
	equal(s, "sent", s.priya.count("Hello Priya, now it does work"), 1)
	// Restored.
	s.owner.post("/api/numbers/"+free[0]+"/restore", fields{"reason": "clean again"}).is(200)
}

// Thirty days of cool-down, and a return on the thirty-first.
func TestReturnAfterCooldown(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.flags(sitting, "true")
	a := s.owner.starts(fields{"bookingId": "booking-4", "text": "Hello Priya, Sam comes tomorrow"}).is(202)
	s.settle()
	id := a.str("threadId")
	number := s.owner.opens(id).str("number")
	end := time.Date(2026, 6, 12, 0, 0, 0, 0, time.UTC) // 17:00, one hour after 16:00
	s.set(end.Add(30 * 24 * time.Hour))
	s.priya.texts(number, "A late text, on the last day")
	d := s.expect(9, "owner_inbox", "No active assignment window")
	equal(s, "thread", d.str("threadId"), id)
	s.set(end.Add(30*24*time.Hour + time.Millisecond))
	s.priya.texts(number, "A text too late by a bit")
	d = s.expect(6, "owner_inbox", "Pool number mismatch")
	if d.str("threadId") == id {
		t.Error("a closed thread was reached")
	}
	// Another booking: another number, used longest ago or never.
	s.booked(fields{"id": "bk-again", "clientId": "client-3", "sitterId": "sitter-3", "service": "Drop-ins", "startAt": "2026-07-20T12:00:00", "endAt": "2026-07-20T12:30:00"})
	b := s.owner.starts(fields{"bookingId": "bk-again", "text": "Welcome back to us, Priya"}).is(202)
	s.settle()
	th := s.owner.opens(b.str("threadId"))
	if th.str("number") == number {
		t.Error("the number used last was chosen")
	}
	s.priya.texts(th.str("number"), "Nice to be back with you all")
	s.expect(9, "owner_inbox", "No active assignment window")
}

// A household's second phone, claimed by the owner.
func TestHouseholdAndRecycledPhones(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.flags(sitting, "true")
	id := s.service(s.dana).str("id")
	wife := s.phone("+13105550131")
	wife.texts(s.samsNumber, "This is Dana's wife, hello Sam")
	s.expect(7, "owner_inbox", "Unknown sender")
	s.owner.patch("/api/clients/client-1", fields{"phones": []string{s.dana.e164, wife.e164}}).is(200)
	s.settle()
	s.set(noon.Add(2 * time.Hour))
	wife.texts(s.samsNumber, "Now I am one of the household")
	d := s.expect(12, "sitter", "Active assignment window")
	equal(s, "the household's thread", d.str("threadId"), id)
	s.sam.mustSee(id, "Now I am one of the household")
	s.sam.sends(id, "Hello, nice to meet you too").is(202)
	s.settle()
	equal(s, "to the phone that wrote last", wife.count("Hello, nice to meet you too"), 1)
	equal(s, "and not the other", s.dana.count("Hello, nice to meet you too"), 0)
	// A phone cannot be two clients' at once.
	s.owner.post("/api/clients", fields{"name": "Somebody Else", "phones": []string{wife.e164}}).is(409)
	// The number now belongs to somebody else.
	s.owner.patch("/api/clients/client-1", fields{"phones": []string{s.dana.e164}}).is(200)
	s.owner.post("/api/clients", fields{"name": "Somebody Else", "phones": []string{wife.e164}}).is(201)
	s.settle()
	wife.texts(s.samsNumber, "I got this number only last week")
	s.settle()
	s.sam.mustNotSee(id, "I got this number only last week")
	s.owner.mustNotSee(id, "I got this number only last week")
	s.owner.sends(id, "Hello Dana, this is for you").is(202)
	s.settle()
	equal(s, "not to the new owner of the phone", wife.count("Hello Dana, this is for you"), 0)
	equal(s, "to Dana", s.dana.count("Hello Dana, this is for you"), 1)
}

// A house-sit handoff: both named, the overlap is the owner's.
func TestHandoff(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.flags(sitting, "true")
	s.booked(fields{"id": "hs-1", "clientId": "client-6", "sitterId": "sitter-1", "service": "Housesitting", "startAt": "2026-06-11T09:00:00", "endAt": "2026-06-12T09:00:00"})
	id := s.owner.starts(fields{"bookingId": "hs-1", "text": "Hello Ben, Sam will stay over"}).is(202).str("threadId")
	s.settle()
	s.booked(fields{"id": "hs-2", "clientId": "client-6", "sitterId": "sitter-2", "service": "Housesitting", "startAt": "2026-06-12T09:00:00", "endAt": "2026-06-13T09:00:00"})
	both := 0
	for _, g := range s.ben.got() {
		if strings.Contains(g.str("body"), "Sam Patel") && strings.Contains(g.str("body"), "Ivy Chen") {
			both++
		}
	}
	equal(s, "one text names both", both, 1)
	number := s.owner.opens(id).str("number")
	s.set(time.Date(2026, 6, 12, 16, 30, 0, 0, time.UTC)) // 09:30, both are on
	s.ben.texts(number, "Have you two met at the house?")
	s.expect(10, "owner_inbox", "Overlapping assignment windows")
	// Each may write; nobody reads the other's booking.
	s.sam.sends(id, "I have left the key on the table").is(202)
	s.ivy.sends(id, "I have found the key, thank you").is(202)
	s.settle()
	s.set(time.Date(2026, 6, 12, 18, 0, 0, 1e6, time.UTC)) // 11:00 and a bit: Sam's is over
	s.ben.texts(number, "All well with the two of you now?")
	s.expect(12, "sitter", "Active assignment window")
	s.ivy.mustSee(id, "All well with the two of you now?")
	s.sam.mustNotSee(id, "All well with the two of you now?")
	s.ivy.mustNotSee(id, "I have left the key on the table")
}

// Daylight saving, in both directions.
func TestDaylightSaving(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, c := range []struct{ name, start, end, at, until string }{
		{"an hour that does not exist", "2027-03-14T02:30:00", "2027-03-14T04:00:00", "2027-03-14T10:30:00Z", "2027-03-14T11:00:00Z"},
		{"spans the change", "2027-03-13T22:00:00", "2027-03-14T08:00:00", "2027-03-14T06:00:00Z", "2027-03-14T15:00:00Z"},
		{"an hour that comes twice", "2026-11-01T01:30:00", "2026-11-01T03:00:00", "2026-11-01T08:30:00Z", "2026-11-01T11:00:00Z"},
		{"with a zone of its own", "2026-11-01T01:30:00-08:00", "2026-11-01T03:00:00-08:00", "2026-11-01T09:30:00Z", "2026-11-01T11:00:00Z"},
	} {
		b := s.owner.post("/api/bookings", fields{"clientId": "client-1", "sitterId": "sitter-1", "service": "Dog Walking", "recurrence": "weekly", "startAt": c.start, "endAt": c.end}).is(201)
		equal(s, c.name, b.str("startAt")+" "+b.str("endAt"), c.at+" "+c.until)
		s.settle()
		ws := s.owner.opens(s.service(s.dana).str("id")).list("windows")
		at, _ := time.Parse(time.RFC3339, c.at)
		if !slices.ContainsFunc(ws, func(w doc) bool { return w.str("startAt") == at.Add(-time.Hour).Format(time.RFC3339) }) {
			t.Errorf("%s: no window begins an hour before %s", c.name, c.at)
		}
	}
	for what, b := range map[string]fields{
		"end before start": {"clientId": "client-1", "service": "Drop-ins", "startAt": "2026-06-12T12:00:00", "endAt": "2026-06-12T11:00:00"},
		"foreign sitter":   {"clientId": "client-1", "sitterId": "nobody", "service": "Drop-ins", "startAt": "2026-06-12T12:00:00", "endAt": "2026-06-12T13:00:00"},
		"no client":        {"service": "Drop-ins", "startAt": "2026-06-12T12:00:00", "endAt": "2026-06-12T13:00:00"},
		"rubbish time":     {"clientId": "client-1", "service": "Drop-ins", "startAt": "noon", "endAt": "2026-06-12T13:00:00"},
		"unknown field":    {"clientId": "client-1", "service": "Drop-ins", "startAt": "2026-06-12T12:00:00", "endAt": "2026-06-12T13:00:00", "extra": 1},
	} {
		a := s.owner.post("/api/bookings", b).refused(400, "INVALID_REQUEST")
		if a.str("field") == "" {
			t.Errorf("%s names no field: %s", what, a.Raw)
		}
	}
}

// Quiet hours hold back who's coming; A → B before it went out tells the last only.
func TestQuietHours(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.set(time.Date(2026, 6, 11, 6, 0, 0, 0, time.UTC)) // 23:00
	s.patched("booking-5", fields{"sitterId": "sitter-1"})
	s.patched("booking-5", fields{"sitterId": "sitter-2"})
	equal(s, "nothing at night", len(s.jonas.got()), 0)
	s.set(time.Date(2026, 6, 11, 14, 59, 59, 0, time.UTC))
	s.settle()
	equal(s, "nothing before eight", len(s.jonas.got()), 0)
	s.set(time.Date(2026, 6, 11, 15, 0, 1, 0, time.UTC))
	s.settle()
	equal(s, "texts", len(s.jonas.got()), 1)
	equal(s, "of the last sitter", s.jonas.coming("Ivy Chen"), 1)
	equal(s, "from her number", s.jonas.last().str("from"), s.ivysNumber)
}

// Quiet hours are asked about at every attempt: what was queued in the evening and not
// taken waits for the morning.
func TestQuietHoursAtTheSecondTry(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.set(time.Date(2026, 6, 11, 3, 58, 0, 0, time.UTC)) // 20:58
	s.faults(fields{"carrier": fields{"next": []string{"429"}}})
	s.patched("booking-5", fields{"sitterId": "sitter-2"})
	s.settle()
	for range 4 {
		s.advance(10 * time.Minute)
		s.settle()
	}
	equal(s, "after nine", s.jonas.coming("Ivy Chen"), 0)
	s.set(time.Date(2026, 6, 11, 15, 0, 1, 0, time.UTC))
	s.settle()
	equal(s, "in the morning", s.jonas.coming("Ivy Chen"), 1)
}

// A sitter leaves.
func TestOffboarding(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.flags(sitting, "true")
	s.set(noon.Add(2 * time.Hour))
	id := s.service(s.dana).str("id")
	s.sam.sends(id, "My last day with you, Biscuit").is(202)
	s.owner.post("/api/sitters/sitter-1/offboard", fields{}).refused(400, "INVALID_REQUEST")
	s.owner.post("/api/sitters/sitter-1/offboard", fields{"reason": "moved to another city"}).is(200)
	s.settle()
	s.sam.get("/api/messages/threads/" + id).is(404)
	s.sam.sends(id, "Can I still say something?").is(404)
	s.dana.texts(s.samsNumber, "Sam, are you still around?")
	d := s.expect(5, "owner_inbox", "Number is quarantined")
	equal(s, "the old thread", d.str("threadId"), id)
	s.owner.sends(id, "Sam has left us, we will call").is(202)
	s.settle()
	equal(s, "from the old number", s.dana.last().str("from"), s.samsNumber)
	nid := s.numberID(s.samsNumber)
	s.owner.post("/api/numbers/"+nid+"/assign", fields{"sitterId": "sitter-3", "reason": "reuse"}).is(409)
	s.owner.patch("/api/bookings/booking-2", fields{"sitterId": "sitter-1"}).refused(400, "INVALID_REQUEST")
}

// The business changes its buffers: windows to come move where they stand, those that
// are over stay over, and nobody is told anything.
func TestBuffersMoveWindows(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.flags(sitting, "true")
	id := s.service(s.dana).str("id")
	texts := len(s.dana.got())
	windows := func(booking string) string {
		w, _ := find(s.owner.opens(id).list("windows"), "bookingId", booking)
		return w.str("startAt") + " " + w.str("endAt")
	}
	equal(s, "before", windows("booking-1"), "2026-06-10T18:00:00Z 2026-06-10T21:00:00Z")
	buffers := func(minutes int) {
		b := fields{"beforeMinutes": minutes, "afterMinutes": minutes}
		s.owner.patch("/api/settings", fields{"buffers": fields{"dog walking": b, "Pet Taxi": b}}).is(200)
		s.settle()
	}
	buffers(15)
	if h := s.owner.opens(id).list("assignmentHistory"); len(h) != 2 {
		t.Errorf("the history of two bookings after a change of buffers: %v", h)
	}
	equal(s, "shorter", windows("booking-1"), "2026-06-10T18:45:00Z 2026-06-10T20:15:00Z")
	equal(s, "and the next", windows("booking-2"), "2026-06-12T18:45:00Z 2026-06-12T20:15:00Z")
	// Routing goes by it, to the millisecond.
	s.set(time.Date(2026, 6, 10, 20, 15, 0, 1e6, time.UTC))
	s.dana.texts(s.samsNumber, "Is Sam still with Biscuit now?")
	s.expect(9, "owner_inbox", "No active assignment window")
	// What is over does not open again.
	buffers(120)
	equal(s, "over", windows("booking-1"), "2026-06-10T18:45:00Z 2026-06-10T20:15:00Z")
	equal(s, "longer", windows("booking-2"), "2026-06-12T17:00:00Z 2026-06-12T22:00:00Z")
	s.dana.texts(s.samsNumber, "And is Sam there by now?")
	s.expect(9, "owner_inbox", "No active assignment window")
	// What was only suggested is opened with them.
	a := s.owner.starts(fields{"bookingId": "booking-4", "text": "Hello Priya, Sam drives tomorrow"}).is(202)
	w := s.owner.opens(a.str("threadId")).list("windows")[0]
	equal(s, "of a suggested one", w.str("startAt")+" "+w.str("endAt"), "2026-06-11T20:00:00Z 2026-06-12T01:00:00Z")
	equal(s, "nobody is told", len(s.dana.got()), texts)
	// Another service keeps its own.
	other, _ := find(s.owner.opens(s.service(s.theo).str("id")).list("windows"), "bookingId", "booking-9")
	equal(s, "another service", other.str("startAt"), "2026-06-10T13:00:00Z")
}

// Clients whose phones were taken away: nothing is lost, nothing goes to a phone that
// may be somebody else's, and what waits goes on once there is a phone.
func TestClientsWithoutPhones(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.flags(sitting, "true")
	id := s.service(s.dana).str("id")
	s.faults(fields{"carrier": fields{"next": []string{"21612"}}})
	s.owner.sends(id, "A message that the carrier refuses").is(202)
	s.settle()
	failed := s.owner.mustSee(id, "A message that the carrier refuses").str("id")
	s.owner.patch("/api/clients/client-1", fields{"phones": []string{}}).is(200)
	s.owner.patch("/api/clients/client-4", fields{"phones": []string{}}).is(200)
	s.settle()
	s.set(noon.Add(2 * time.Hour))
	s.owner.sends(id, "Nobody is there to read this").refused(409, "CONFLICT")
	s.sam.sends(id, "Nobody is there to read that").refused(409, "CONFLICT")
	s.owner.post("/api/messages/events/"+failed+"/retry", nil).refused(409, "CONFLICT")
	s.owner.opens(id).is(200)
	equal(s, "in the list", s.owner.list("")[0].has("clientPhone"), true)
	// A change of sitter is applied all the same, and nobody is told.
	s.patched("booking-2", fields{"sitterId": "sitter-2"})
	d, ok := s.suggested("booking-2")
	equal(s, "suggested", ok, true)
	equal(s, "told", d.yes("clientTold"), false)
	// A weekly booking makes no conversation; the owner is told why, once.
	s.booked(fields{"id": "bk-np", "clientId": "client-4", "sitterId": "sitter-1", "service": "Drop-ins", "recurrence": "weekly", "startAt": "2026-06-12T12:00:00", "endAt": "2026-06-12T12:30:00"})
	s.patched("bk-np", fields{"service": "Dog Walking"})
	if _, ok := s.suggested("bk-np"); !ok {
		t.Error("not suggested")
	}
	n := 0
	for _, a := range s.owner.get("/api/messages/threads?box=owner_inbox").list("alerts") {
		if a.str("kind") == "client_without_phone" {
			n++
		}
	}
	equal(s, "alerts", n, 2)
	equal(s, "field", s.owner.starts(fields{"bookingId": "bk-np", "text": "Hello, is anybody there?"}).refused(400, "INVALID_REQUEST").str("field"), "bookingId")
	s.dana.texts(s.samsNumber, "My phone is nobody's any more")
	s.expect(7, "owner_inbox", "Unknown sender")
	// A phone again.
	s.owner.patch("/api/clients/client-4", fields{"phones": []string{s.jonas.e164}}).is(200)
	s.owner.starts(fields{"bookingId": "bk-np", "text": "Hello Jonas, about your new phone"}).is(202)
	s.settle()
	equal(s, "sent", s.jonas.count("Hello Jonas, about your new phone"), 1)
	s.owner.patch("/api/clients/client-1", fields{"phones": []string{s.dana.e164}}).is(200)
	s.owner.sends(id, "Hello Dana, there you are again").is(202)
	s.settle()
	equal(s, "sent to the old phone", s.dana.count("Hello Dana, there you are again"), 1)
	equal(s, "never sent", s.dana.count("A message that the carrier refuses"), 0)
	// Who's coming waits for the morning, and finds that the phone has gone meanwhile.
	s.set(time.Date(2026, 6, 11, 6, 0, 0, 0, time.UTC)) // 23:00
	s.patched("bk-np", fields{"sitterId": "sitter-2"})
	s.owner.patch("/api/clients/client-4", fields{"phones": []string{"+13105550150"}}).is(200)
	s.phone("+13105550150")
	before := len(s.jonas.got())
	s.set(time.Date(2026, 6, 11, 15, 0, 1, 0, time.UTC)) // 08:00
	s.settle()
	equal(s, "to the phone of before", len(s.jonas.got()), before)
	failed = ""
	for _, e := range s.owner.opens(s.thread(phone{s, "+13105550150"}, s.ivysNumber).str("id")).list("events") {
		if e.str("status") == "failed" {
			failed = e.str("statusText")
		}
	}
	if !strings.Contains(failed, "not this client's any more") {
		t.Errorf("the owner is told %q", failed)
	}
}
