package sandbox_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

const stoppedText = "my cell is 415-555-0191 any time"

// severities are those of the alerts about stopped messages, newest first.
func (s *stage) severities() string {
	var out []string
	for _, a := range s.alerts("contact_swap") {
		out = append(out, a.str("severity"))
	}
	return strings.Join(out, " ")
}

// An attempt counts for thirty days and no longer; a lock stays until the owner lifts it.
func TestAnAttemptCountsForThirtyDays(t *testing.T) {
	t.Parallel()
	s, id := inDanasWindow(t)
	first := s.now()
	for _, day := range []string{"2026-07-10", "2026-07-11"} {
		s.booked(fields{"clientId": "client-1", "sitterId": "sitter-1", "service": "Drop-ins", "startAt": day + "T12:00:00", "endAt": day + "T12:30:00"})
	}
	s.settle()
	try := func() {
		t.Helper()
		s.sam.sends(id, stoppedText).refused(403, "ANTI_POACHING_BLOCKED")
		s.settle()
	}
	try()
	equal(s, "the first", s.severities(), "info")
	equal(s, "what it tells", s.alerts("contact_swap")[0].str("text"), "Stopped a message from Sam Patel to Dana Whitfield. The text gives a phone number. It says: my cell is +1415****0191 any time")
	s.set(first.Add(30*24*time.Hour - time.Minute))
	try()
	equal(s, "a second within thirty days", s.severities(), "high info")
	s.set(first.Add(30*24*time.Hour + time.Minute))
	try()
	equal(s, "a third, when the first is thirty days past", s.severities(), "high high info")
	s.sam.sends(id, "I may still write to you, Dana").is(202)
	try()
	equal(s, "the third of these thirty days", s.severities(), "critical high high info")
	s.set(first.Add(31 * 24 * time.Hour))
	s.sam.sends(id, "A day later it is locked still").refused(403, "SITTER_LOCKED")
	equal(s, "shown as locked", s.owner.get("/api/sitters").list("sitters")[0].yes("locked"), true)
	s.owner.post("/api/sitters/sitter-1/unlock", fields{}).refused(400, "INVALID_REQUEST")
	s.owner.post("/api/sitters/sitter-0/unlock", fields{"reason": "nobody"}).is(404)
	s.owner.post("/api/sitters/sitter-1/unlock", fields{"reason": "we talked"}).is(200)
	s.sam.sends(id, "Thank you for letting me write").is(202)
	equal(s, "ever stopped", s.diagnostics().num("summary.antiPoachingBlocked"), 4)
}

// Three at one moment are a first, a second and a third.
func TestAttemptsAtOneMomentAreCountedOneByOne(t *testing.T) {
	t.Parallel()
	s, id := inDanasWindow(t)
	s.sam.token()
	answers := make([]answer, 3)
	var wg sync.WaitGroup
	for i := range answers {
		wg.Go(func() { answers[i] = s.sam.sendsAs(id, stoppedText, fmt.Sprint("at once ", i), nil) })
	}
	wg.Wait()
	for _, a := range answers {
		a.refused(403, "ANTI_POACHING_BLOCKED")
	}
	s.settle()
	all := strings.Fields(s.severities())
	slices.Sort(all)
	equal(s, "severities", strings.Join(all, " "), "critical high info")
	s.sam.sends(id, "Hello, may I still write here?").refused(403, "SITTER_LOCKED")
}

// Whatever the trick, the sitter is answered with the same words after the same work.
func TestNoFamilyOfContactSwapsIsTreatedUnlikeAnother(t *testing.T) {
	t.Parallel()
	s, id := inDanasWindow(t)
	goes := func(text string) { // and its line is in the log
		since := len(s.log.lines())
		s.sam.sends(id, text).is(202)
		s.spent("send", since)
	}
	goes("four one five")
	goes("and then 555")
	type work struct {
		body, headers string
		trips         int
		rru, wru      float64
	}
	var first work
	seen := map[string]bool{}
	for n, text := range []string{
		"01 91 and that was all of it", stoppedText, "four one five, five five five, oh one nine one", "４１５ ５５５ ０１９１ call me", "write to sam.patel@example.com",
		"mail me: sam dot patel at gmail dot com", "my insta is sam.walks", "let's talk on whatsapp", "you can venmo me @sam-walks", "book at samwalks.com",
		"next time just book me directly and skip the office",
	} {
		s.settle()
		since := len(s.log.lines())
		a := s.sam.sends(id, text).refused(403, "ANTI_POACHING_BLOCKED")
		got := work{body: a.Raw}
		for k, v := range a.Header {
			if k != "Date" && !strings.Contains(strings.ToLower(k), "id") {
				got.headers += fmt.Sprintln(k, v)
			}
		}
		lines := strings.Split(got.headers, "\n")
		slices.Sort(lines)
		got.headers = strings.Join(lines, "\n")
		got.trips, got.rru, got.wru = s.spent("send", since)
		if n == 0 {
			first = got
		}
		equal(s, text, got, first)
		for _, m := range s.owner.mustSee(id, text).list("matches") {
			seen[m.str("family")] = true
		}
		s.owner.post("/api/sitters/sitter-1/unlock", fields{"reason": "a test of every trick"}).is(200)
		goes("That was that, see you soon Dana") // nothing of the last trick is left over
	}
	for _, f := range []string{"plain_phone", "spelled_phone", "disguised_phone", "split_phone", "email", "disguised_email", "handle", "platform", "payment", "link", "bypass"} {
		if !seen[f] {
			t.Errorf("no text was stopped as %s", f)
		}
	}
	// Nor does what the sitter reads afterwards tell one from another.
	if raw := s.sam.opens(id).Raw; strings.Contains(raw, "blocked") || strings.Contains(raw, "0191") || strings.Contains(raw, "samwalks") {
		t.Errorf("the sitter's page tells of what was stopped: %s", raw)
	}
}

// What the owner allows in one conversation is allowed to both there, and nowhere else.
func TestAnExceptionHoldsInOneConversation(t *testing.T) {
	t.Parallel()
	s, id := inDanasWindow(t)
	path := "/api/messages/threads/" + id + "/exceptions"
	text := "save my number, it's 415-555-0133"
	s.sam.sends(id, text).refused(403, "ANTI_POACHING_BLOCKED")
	s.dana.texts(s.samsNumber, "ok, and mine is 415 555 0133 too, call me there")
	s.settle()
	equal(s, "hidden from the sitter", strings.Contains(s.sam.opens(id).Raw, "0133"), false)

	for _, bad := range []struct {
		body  fields
		field string
	}{
		{fields{"text": "415 555 0133"}, "reason"}, {fields{"text": "415 555 0133", "reason": " "}, "reason"}, {fields{"reason": "why"}, "text"},
		{fields{"text": "..", "reason": "why"}, "text"}, {fields{"text": strings.Repeat("x", 101), "reason": "why"}, "text"}, {fields{"text": "415 555 0133", "reason": "why", "allowed": "yes"}, "allowed"},
	} {
		equal(s, fmt.Sprint(bad.body), s.owner.post(path, bad.body).refused(400, "INVALID_REQUEST").str("field"), bad.field)
	}
	ok := fields{"text": "(415) 555-0133", "reason": "the camera's helpline"}
	s.sam.post(path, ok).refused(403, "FORBIDDEN")
	s.owner.post("/api/messages/threads/t-demo-000000000000/exceptions", ok).refused(404, "THREAD_NOT_FOUND")
	tag := s.owner.get("/api/messages/threads/" + id).Header.Get("ETag")
	for range 2 { // the same twice is once
		equal(s, "allowed", fmt.Sprint(s.owner.post(path, ok).is(200).list("exceptions")), `["4155550133"]`)
	}
	page := s.owner.do("GET", "/api/messages/threads/"+id, nil, "If-None-Match", tag).is(200)
	equal(s, "shown", fmt.Sprint(page.list("exceptions")), `["4155550133"]`)
	equal(s, "not to the sitter", strings.Contains(s.sam.opens(id).Raw, "exceptions"), false)

	s.sam.sends(id, text).is(202)
	s.sam.sends(id, "my number again: 415.555.0133").is(202)
	s.sam.sends(id, "or the other one, 415-555-0134, call me").refused(403, "ANTI_POACHING_BLOCKED")
	s.dana.texts(s.samsNumber, "thanks, so my cell is 415 555 0133 as said")
	s.settle()
	s.sam.mustSee(id, "thanks, so my cell is 415 555 0133 as said")
	// Elsewhere it is what it was.
	s.flags(allowlist, "*")
	s.set(time.Date(2026, 6, 11, 19, 0, 0, 0, time.UTC))
	for _, th := range s.rosa.list("") {
		if th.str("window.state") == "active" {
			s.rosa.sends(th.str("id"), text).refused(403, "ANTI_POACHING_BLOCKED")
		}
	}
	// And here again, once the owner ends it.
	s.set(noon.Add(48*time.Hour + 2*time.Hour))
	end := fields{"text": "415 555 0133", "allowed": false, "reason": "the camera is gone"}
	for range 2 {
		equal(s, "ended", len(s.owner.post(path, end).is(200).list("exceptions")), 0)
	}
	s.sam.sends(id, text).refused(403, "ANTI_POACHING_BLOCKED")
	for i := range 20 {
		s.owner.post(path, fields{"text": fmt.Sprintf("415 555 01%02d", i), "reason": "many"}).is(200)
	}
	equal(s, "too many", s.owner.post(path, ok).refused(400, "INVALID_REQUEST").str("field"), "text")
}

// The numbers that the business rents are its own, and those that its settings name.
func TestTheBusinessesOwnNumbersAreNoContactSwap(t *testing.T) {
	t.Parallel()
	s, id := inDanasWindow(t)
	// With slashes, which the search for numbers of ours in a sitter's answers does not look
	// for: what people write themselves is theirs to read.
	for _, n := range []string{s.frontDesk, s.ivysNumber, s.pools[1]} {
		text := "you can call me at " + n[2:5] + "/" + n[5:8] + "/" + n[8:]
		s.sam.sends(id, text).is(202)
	}
	text := "you can reach me at 415-555-0140 too"
	s.sam.sends(id, text).refused(403, "ANTI_POACHING_BLOCKED")
	equal(s, "field", s.owner.patch("/api/settings", fields{"ownNumbers": []string{"12"}}).refused(400, "INVALID_REQUEST").str("field"), "ownNumbers")
	equal(s, "kept", fmt.Sprint(s.owner.patch("/api/settings", fields{"ownNumbers": []string{"+14155550140"}}).is(200).list("ownNumbers")), `["+14155550140"]`)
	s.sam.sends(id, text).is(202)
	equal(s, "the dry run", s.owner.post("/api/screening/try", fields{"text": text}).is(200).str("action"), "delivered")
	s.dana.texts(s.samsNumber, "so I call the office at 415-555-0140, text me there")
	s.settle()
	s.sam.mustSee(id, "so I call the office at 415-555-0140, text me there")
	s.owner.patch("/api/settings", fields{"ownNumbers": nil}).is(200)
	s.sam.sends(id, text).refused(403, "ANTI_POACHING_BLOCKED")
}

// A client's text that was held: nothing of it for the sitter, all of it for the owner, who
// may show it, without what was matched; the dry run says beforehand what happens.
func TestAHeldTextMayBeShownToTheSitter(t *testing.T) {
	t.Parallel()
	s, id := inDanasWindow(t)
	text := "please text me on 415-555-0133 instead, Biscuit eats at six"
	action := func() string {
		return s.owner.post("/api/screening/try", fields{"text": text, "author": "client"}).is(200).str("action")
	}
	equal(s, "before", action(), "delivered_flagged")
	s.owner.patch("/api/settings", fields{"holdClientSwaps": true}).is(200)
	equal(s, "after", action(), "held")
	s.dana.texts(s.samsNumber, text)
	s.settle()
	held := s.owner.mustSee(id, text)
	equal(s, "held", held.yes("blocked"), true)
	equal(s, "counted", s.diagnostics().num("summary.antiPoachingBlocked"), 1)
	equal(s, "no attempt of a sitter's", s.severities(), "")
	s.sam.mustNotSee(id, "eats at six")
	s.owner.post("/api/messages/events/"+held.str("id")+"/release", fields{"reason": "fine"}).is(409)
	s.owner.post("/api/messages/events/"+held.str("id")+"/forward", fields{}).is(200)
	raw := s.sam.opens(id).Raw
	if !strings.Contains(raw, "eats at six") || strings.Contains(raw, "0133") || strings.Contains(raw, "blocked") {
		t.Errorf("the sitter sees %s", raw)
	}
	equal(s, "done", s.owner.mustSee(id, text).yes("open"), false)
	equal(s, "still counted", s.diagnostics().num("summary.antiPoachingBlocked"), 1)
	equal(s, "texts out", s.dana.count(text), 0)
}

// An emergency goes through whoever writes it and whatever the business asked for: without
// the writer's own number, with the emergency's.
func TestAnEmergencyIsNeverHeld(t *testing.T) {
	t.Parallel()
	s, id := inDanasWindow(t)
	s.owner.patch("/api/settings", fields{"holdClientSwaps": true}).is(200)
	for _, c := range []struct{ text, gone, stays string }{
		{"Biscuit is choking, help! my own cell is 415-555-0191", "0191", "choking"},
		{"Biscuit collapsed, rushing him to the emergency vet now, their number is 415-555-0133", "nothing of it", "0133"},
	} {
		s.sam.sends(id, c.text).is(202)
		s.settle()
		got := s.dana.got()
		if body := got[len(got)-1].str("body"); strings.Contains(body, c.gone) || !strings.Contains(body, c.stays) {
			t.Errorf("%q reaches the client as %q", c.text, body)
		}
		s.dana.texts(s.samsNumber, "From me too: "+c.text)
		s.settle()
		raw := s.sam.opens(id).Raw
		if !strings.Contains(raw, "From me too") || !strings.Contains(raw, c.stays) {
			t.Errorf("%q does not reach the sitter: %s", c.text, raw)
		}
	}
	equal(s, "nothing was stopped", s.diagnostics().num("summary.antiPoachingBlocked"), 0)
	equal(s, "flagged", s.owner.mustSee(id, "Biscuit is choking, help! my own cell is 415-555-0191").yes("flagged"), true)
	for _, a := range s.alerts("contact_swap_emergency") {
		equal(s, "severity", a.str("severity"), "high")
		if strings.Contains(a.str("text"), "0191") {
			t.Errorf("the alert says %s", a.str("text"))
		}
	}
	equal(s, "alerts", len(s.alerts("contact_swap_emergency")), 1)
	for _, a := range s.alerts("contact_swap_client") {
		equal(s, "a client's emergency", a.str("severity"), "high")
	}
	// The next sitter of that booking reads it as the client did.
	s.owner.patch("/api/bookings/booking-1", fields{"sitterId": "sitter-3"}).is(http.StatusOK)
	s.settle()
	var raw string
	for _, th := range s.rosa.list("") {
		raw += s.rosa.opens(th.str("id")).Raw
	}
	if !strings.Contains(raw, "choking") || strings.Contains(raw, "0191") {
		t.Errorf("the next sitter reads %s", raw)
	}
}
