package sandbox_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

// inDanasWindow is a stage with sitters on, at noon of Dana's window (11:00 – 14:00).
func inDanasWindow(t *testing.T) (*stage, string) {
	t.Helper()
	s := open(t)
	s.flags(sitting, "true")
	s.set(noon.Add(2 * time.Hour))
	return s, s.service(s.dana).str("id")
}

func TestIdempotency(t *testing.T) {
	t.Parallel()
	s, id := inDanasWindow(t)
	one := s.sam.sendsAs(id, "Once and only once, please", "k1", nil).is(202)
	for range 3 {
		two := s.sam.sendsAs(id, "Once and only once, please", "k1", nil).is(202)
		equal(s, "answer", two.Raw, one.Raw)
	}
	s.sam.sendsAs(id, "Another body with the same key", "k1", nil).refused(409, "IDEMPOTENCY_KEY_REUSED")
	s.owner.sendsAs(id, "The owner's key is another key", "k1", nil).is(202)
	s.sam.post("/api/messages/send", fields{"threadId": id, "text": "no key at all here"}).refused(400, "INVALID_REQUEST")
	// At the same moment.
	var wg sync.WaitGroup
	answers := make([]answer, 8)
	for i := range answers {
		s.owner.token()
		wg.Go(func() { answers[i] = s.owner.sendsAs(id, "All of us at the same moment", "k2", nil) })
	}
	wg.Wait()
	for _, a := range answers {
		a.is(202)
		equal(s, "answer", a.str("eventId"), answers[0].str("eventId"))
	}
	s.settle()
	for _, text := range []string{"Once and only once, please", "The owner's key is another key", "All of us at the same moment"} {
		equal(s, text, s.dana.count(text), 1)
	}
	equal(s, "reused", s.dana.count("Another body with the same key"), 0)
	// Starting a conversation, too.
	b := fields{"clientId": "client-6", "kind": "front_desk", "text": "Hello Ben, from the front desk"}
	x := s.owner.post("/api/messages/threads", b, "Idempotency-Key", "k3").is(202)
	equal(s, "start", s.owner.post("/api/messages/threads", b, "Idempotency-Key", "k3").is(202).Raw, x.Raw)
	b["text"] = "Hello Ben, another text of it"
	s.owner.post("/api/messages/threads", b, "Idempotency-Key", "k3").refused(409, "IDEMPOTENCY_KEY_REUSED")
	s.settle()
	equal(s, "started once", s.ben.count("Hello Ben, from the front desk"), 1)
	// A stopped message's key, too.
	s.sam.sendsAs(id, "my number is 415 555 0177, call", "k4", nil).refused(403, "ANTI_POACHING_BLOCKED")
	s.sam.sendsAs(id, "my number is 415 555 0177, call", "k4", nil).refused(403, "ANTI_POACHING_BLOCKED")
	s.settle()
	equal(s, "attempts", s.diagnostics().num("summary.antiPoachingBlocked"), 1)
	// Bounds.
	s.owner.sendsAs(id, strings.Repeat("x", 1601), "k5", nil).refused(400, "INVALID_REQUEST")
	equal(s, "field", s.owner.post("/api/messages/send", fields{"text": "to nobody"}, "Idempotency-Key", "k9").refused(400, "INVALID_REQUEST").str("field"), "threadId")
	s.owner.sendsAs("t-demo-000000000000", "to no conversation", "k9", nil).refused(404, "THREAD_NOT_FOUND")
	s.owner.sendsAs(id, " \n ", "k6", nil).refused(400, "INVALID_REQUEST")
	s.owner.sendsAs(id, "an owner's choice of visibility", "k7", fields{"visibility": "everybody"}).refused(400, "INVALID_REQUEST")
	s.sam.sendsAs(id, "a sitter's choice of visibility", "k8", fields{"visibility": "owner"}).refused(400, "INVALID_REQUEST")
}

// Checked in this order: flag, sight, lock, window, consent, screening.
func TestOrderOfChecks(t *testing.T) {
	t.Parallel()
	s, id := inDanasWindow(t)
	bad := "call me on 415 555 0177 please"
	s.dana.texts(s.samsNumber, "STOP")
	s.settle()
	// Consent before screening.
	s.sam.sends(id, bad).refused(409, "RECIPIENT_OPTED_OUT")
	equal(s, "attempts", s.diagnostics().num("summary.antiPoachingBlocked"), 0)
	s.dana.texts(s.samsNumber, "START")
	s.settle()
	for range 3 {
		s.sam.sends(id, bad).refused(403, "ANTI_POACHING_BLOCKED")
	}
	s.dana.texts(s.samsNumber, "STOP")
	// The window is over; the lock comes before it, sight before the lock, the flag before all.
	s.set(noon.Add(4*time.Hour + time.Millisecond))
	s.sam.sends(id, bad).refused(403, "SITTER_LOCKED")
	s.rosa.sends(id, bad).refused(404, "THREAD_NOT_FOUND")
	s.flags(allowlist, "sitter-2")
	s.sam.sends(id, bad).refused(404, "SITTER_MESSAGES_DISABLED")
	s.flags(messaging, "false")
	s.sam.sends(id, bad).refused(404, "MESSAGING_DISABLED")
	s.flags(messaging, "true", allowlist, "*")
	s.owner.post("/api/sitters/sitter-1/unlock", fields{"reason": "we talked"}).is(200)
	s.sam.sends(id, bad).refused(403, "NO_ACTIVE_WINDOW")
	s.set(noon.Add(48*time.Hour + 2*time.Hour))
	s.sam.sends(id, bad).refused(409, "RECIPIENT_OPTED_OUT")
}

func TestWindowEdgesOfSending(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.flags(sitting, "true")
	id := s.service(s.dana).str("id")
	start, end := time.Date(2026, 6, 10, 18, 0, 0, 0, time.UTC), time.Date(2026, 6, 10, 21, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		at   time.Time
		in   bool
		next string
	}{
		{start.Add(-time.Millisecond), false, "2026-06-10T18:00:00Z"}, {start, true, ""}, {end, true, ""},
		{end.Add(time.Millisecond), false, "2026-06-12T18:00:00Z"},
	} {
		s.set(c.at)
		a := s.sam.sends(id, "At the edge, "+c.at.Format("15:04:05.000"))
		if c.in {
			a.is(202)
			continue
		}
		a.refused(403, "NO_ACTIVE_WINDOW")
		equal(s, "next", a.str("nextWindow.startAt"), c.next)
	}
	s.settle()
	equal(s, "sent", s.dana.count("At the edge, 18:00:00.000")+s.dana.count("At the edge, 21:00:00.000"), 2)
	// Extended by the owner.
	s.owner.post("/api/messages/threads/"+id+"/extend", fields{"minutes": 30, "reason": "traffic"}).refused(409, "CONFLICT")
	s.set(time.Date(2026, 6, 12, 21, 0, 0, 0, time.UTC))
	s.owner.post("/api/messages/threads/"+id+"/extend", fields{"minutes": 30}).refused(400, "INVALID_REQUEST")
	s.owner.post("/api/messages/threads/"+id+"/extend", fields{"minutes": 0, "reason": "traffic"}).refused(400, "INVALID_REQUEST")
	equal(s, "extended", s.owner.post("/api/messages/threads/"+id+"/extend", fields{"minutes": 30, "reason": "traffic"}).is(200).str("endAt"), "2026-06-12T21:30:00Z")
	s.set(time.Date(2026, 6, 12, 21, 30, 0, 0, time.UTC))
	s.sam.sends(id, "Traffic was bad, here now").is(202)
	s.dana.texts(s.samsNumber, "No worries at all, thank you")
	s.expect(12, "sitter", "Active assignment window")
	s.set(time.Date(2026, 6, 12, 21, 30, 0, 1e6, time.UTC))
	s.sam.sends(id, "One last thing from today").refused(403, "NO_ACTIVE_WINDOW")
}

func TestContactSwaps(t *testing.T) {
	t.Parallel()
	s, id := inDanasWindow(t)
	alerts := func() []doc { return s.owner.get("/api/messages/threads?box=owner_inbox").is(200).list("alerts") }
	severity := func() map[string]int {
		m := map[string]int{}
		for _, a := range alerts() {
			m[a.str("severity")]++
		}
		return m
	}
	texts := []string{"ring me: 415-555-0191, thanks", "mail me at sam.patel@example.com", "or text 415.555.0192 to reach me"}
	n := len(s.dana.got())
	s.sam.sends(id, texts[0]).refused(403, "ANTI_POACHING_BLOCKED")
	s.settle()
	equal(s, "first", fmt.Sprint(severity()), "map[info:1]")
	s.advance(time.Minute)
	s.sam.sends(id, texts[1]).refused(403, "ANTI_POACHING_BLOCKED")
	s.settle()
	equal(s, "second", fmt.Sprint(severity()), "map[high:1 info:1]")
	// A released attempt no longer counts.
	e := s.owner.mustSee(id, texts[1])
	equal(s, "blocked", e.yes("blocked"), true)
	s.owner.post("/api/messages/events/"+e.str("id")+"/release", fields{}).refused(400, "INVALID_REQUEST")
	s.sam.post("/api/messages/events/"+e.str("id")+"/release", fields{"reason": "let me"}).refused(403, "FORBIDDEN")
	s.owner.post("/api/messages/events/"+e.str("id")+"/release", fields{"reason": "this is for the vet"}).is(202)
	s.owner.post("/api/messages/events/"+e.str("id")+"/release", fields{"reason": "this is for the vet"}).is(409)
	s.settle()
	equal(s, "released", s.dana.count(texts[1]), 1)
	equal(s, "status", s.owner.mustSee(id, texts[1]).str("status"), "delivered")
	equal(s, "ever stopped", s.diagnostics().num("summary.antiPoachingBlocked"), 2)
	s.advance(time.Minute)
	s.sam.sends(id, texts[2]).refused(403, "ANTI_POACHING_BLOCKED")
	s.sam.sends(id, "Still allowed to say hello there").is(202)
	s.sam.sends(id, texts[2]).refused(403, "ANTI_POACHING_BLOCKED")
	s.sam.sends(id, "And now nothing goes any more").refused(403, "SITTER_LOCKED")
	s.settle()
	equal(s, "sent", len(s.dana.got()), n+2)
	s.ivy.post("/api/sitters/sitter-1/unlock", fields{"reason": "be kind"}).refused(403, "FORBIDDEN")
	s.owner.post("/api/sitters/sitter-1/unlock", fields{"reason": "we talked about it"}).is(200)
	s.sam.sends(id, "Thank you for letting me back").is(202)
	s.settle()
	// The client's own: delivered, flagged, hidden from the sitter.
	s.dana.texts(s.samsNumber, "Just write me on 310-555-0111 ok?")
	s.expect(12, "sitter", "Active assignment window")
	own := s.owner.mustSee(id, "Just write me on 310-555-0111 ok?")
	equal(s, "flagged", own.yes("flagged"), true)
	s.sam.mustNotSee(id, "Just write me on 310-555-0111 ok?")
	hidden := false
	for _, e := range s.sam.opens(id).list("events") {
		hidden = hidden || strings.Contains(e.str("text"), "(contact details removed)")
	}
	equal(s, "hidden", hidden, true)
	if l := s.sam.list(""); strings.Contains(l[0].str("lastMessage"), "555") {
		t.Errorf("the list shows %q", l[0].str("lastMessage"))
	}
	// Held where the org asks for it; an emergency never.
	s.owner.patch("/api/settings", fields{"holdClientSwaps": true}).is(200)
	s.settle()
	s.dana.texts(s.samsNumber, "Really, 310-555-0111 is better")
	s.settle()
	held := s.owner.mustSee(id, "Really, 310-555-0111 is better")
	equal(s, "held", held.yes("blocked"), true)
	if strings.Contains(s.sam.opens(id).Raw, "is better") {
		t.Error("the sitter sees a held text")
	}
	s.owner.post("/api/messages/events/"+held.str("id")+"/release", fields{"reason": "fine"}).is(409)
	if _, ok := find(s.owner.list("box=owner_inbox"), "id", id); !ok {
		t.Error("a held text is not in the owner inbox")
	}
	s.dana.texts(s.samsNumber, "EMERGENCY Biscuit is not breathing call the vet and me 310-555-0111")
	s.settle()
	if !strings.Contains(s.sam.opens(id).Raw, "EMERGENCY Biscuit is not breathing") {
		t.Error("an emergency was held from the sitter")
	}
	// Thirty days later attempts no longer count.
	blocked := s.diagnostics().num("summary.antiPoachingBlocked")
	equal(s, "ever stopped or held", blocked, 5)
}

// Who sees what.
func TestVisibility(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.flags(sitting, "true")
	id := s.service(s.dana).str("id")
	s.dana.texts(s.samsNumber, "First text, before the window")
	s.settle()
	s.owner.sends(id, "An answer between us two only").is(202) // no window: owner
	s.dana.texts(s.samsNumber, "Second text, before the window")
	s.settle()
	s.set(noon.Add(2 * time.Hour))
	s.sam.mustNotSee(id, "First text, before the window")
	s.sam.mustNotSee(id, "An answer between us two only")
	// A window is on, but something routed to the owner is still open.
	s.owner.sendsAs(id, "Owner's text while one is open", s.key(), nil).is(202)
	s.settle()
	equal(s, "visibility", s.owner.mustSee(id, "Owner's text while one is open").str("visibility"), "owner")
	s.sam.mustNotSee(id, "Owner's text while one is open")
	if _, ok := find(s.owner.list("box=owner_inbox"), "id", id); ok {
		t.Error("an answer does not close what was routed")
	}
	s.owner.sends(id, "Owner's text to the both of you").is(202)
	s.owner.sendsAs(id, "Owner's secret by her own choice", s.key(), fields{"visibility": "owner"}).is(202)
	s.settle()
	s.sam.mustSee(id, "Owner's text to the both of you")
	s.sam.mustNotSee(id, "Owner's secret by her own choice")
	e, _ := find(s.sam.opens(id).list("events"), "text", "Owner's text to the both of you")
	equal(s, "author", e.str("author.name"), "Office")
	for _, f := range []string{"routing", "visibility", "matches", "bookingId"} {
		if e.has(f) {
			t.Errorf("a sitter's event has %s", f)
		}
	}
	// Forwarding one event, and only that one; an older one leaves a newer in the inbox.
	s.set(noon.Add(5 * time.Hour)) // after the window, 15:00
	s.dana.texts(s.samsNumber, "Third text, after the window")
	s.settle()
	old := s.owner.mustSee(id, "First text, before the window")
	s.owner.post("/api/messages/events/"+old.str("id")+"/forward", fields{}).is(200)
	if _, ok := find(s.owner.list("box=owner_inbox"), "id", id); !ok {
		t.Error("forwarding an answered text took another one out of the owner inbox")
	}
	s.sam.mustSee(id, "First text, before the window")
	s.sam.mustNotSee(id, "Second text, before the window")
	s.sam.mustNotSee(id, "Third text, after the window")
	// Done, and not done.
	s.owner.post("/api/messages/threads/"+id+"/done", fields{"done": true}).is(200)
	if _, ok := find(s.owner.list("box=owner_inbox"), "id", id); ok {
		t.Error("done, and still in the owner inbox")
	}
	s.sam.post("/api/messages/threads/"+id+"/done", fields{"done": true}).refused(403, "FORBIDDEN")
	// Notes and questions never go to the client.
	n := len(s.dana.got())
	s.owner.post("/api/messages/threads/"+id+"/notes", fields{"text": "She pays in cash, remember that"}).is(201)
	s.wrote("She pays in cash, remember that")
	s.sam.mustNotSee(id, "She pays in cash, remember that")
	s.set(noon.Add(48*time.Hour + 2*time.Hour)) // booking-2's window
	s.wrote("Where is the key to the gate?")
	s.sam.post("/api/messages/threads/"+id+"/ask", fields{"text": "Where is the key to the gate?"}).is(201)
	s.owner.post("/api/messages/threads/"+id+"/ask", fields{"text": "Where is the key to the gate?"}).refused(403, "FORBIDDEN")
	s.settle()
	asked := false
	for _, a := range s.owner.get("/api/messages/threads?box=owner_inbox").list("alerts") {
		asked = asked || a.str("kind") == "sitter_asks" && a.str("threadId") == id
	}
	equal(s, "asked", asked, true)
	s.wrote("Under the mat by the back door")
	s.owner.post("/api/messages/threads/"+id+"/notes", fields{"text": "Under the mat by the back door"}).is(201)
	s.sam.mustSee(id, "Under the mat by the back door")
	s.sam.mustSee(id, "Where is the key to the gate?")
	// The note has answered the question: nothing waits for the owner any more, and the
	// next note is the team's alone.
	for _, a := range s.owner.get("/api/messages/threads?box=owner_inbox").list("alerts") {
		if a.str("kind") == "sitter_asks" {
			t.Errorf("answered, and still open: %v", a)
		}
	}
	s.resolved[s.owner.sub]++ // by the note
	s.wrote("He never finds anything by himself")
	s.owner.post("/api/messages/threads/"+id+"/notes", fields{"text": "He never finds anything by himself"}).is(201)
	s.sam.mustNotSee(id, "He never finds anything by himself")
	s.settle()
	equal(s, "texts to the client", len(s.dana.got()), n)
	// Twenty-four hours of reading after the last window, then nothing.
	end := time.Date(2026, 6, 12, 21, 0, 0, 0, time.UTC)
	s.sam.sends(id, "Bye bye Biscuit, until next time").is(202)
	s.settle()
	s.set(end.Add(24*time.Hour - time.Millisecond))
	th := s.sam.opens(id).is(200)
	equal(s, "header", th.str("window.text"), "No active window – messaging disabled")
	s.sam.mustSee(id, "Bye bye Biscuit, until next time")
	equal(s, "listed", len(s.sam.list("")), 0)
	s.sam.sends(id, "Can I still write to you now?").refused(403, "NO_ACTIVE_WINDOW")
	// Who may still read may be shown what came after.
	s.dana.texts(s.samsNumber, "A text for who was here last")
	s.settle()
	late := s.owner.mustSee(id, "A text for who was here last")
	s.owner.post("/api/messages/events/"+late.str("id")+"/forward", fields{}).is(200)
	s.sam.mustSee(id, "A text for who was here last")
	s.owner.post("/api/messages/events/"+late.str("id")+"/forward", fields{"sitterId": "sitter-2"}).refused(400, "INVALID_REQUEST")
	s.set(end.Add(24*time.Hour + time.Millisecond))
	s.owner.post("/api/messages/events/"+late.str("id")+"/forward", fields{}).refused(400, "INVALID_REQUEST")
	s.sam.get("/api/messages/threads/"+id).refused(404, "THREAD_NOT_FOUND")
	s.sam.sends(id, "Can I still write to you now?").refused(404, "THREAD_NOT_FOUND")
	s.sam.post("/api/messages/threads/"+id+"/read", fields{}).refused(404, "THREAD_NOT_FOUND")
	s.sam.post("/api/messages/threads/"+id+"/ask", fields{"text": "hello out there?"}).refused(404, "THREAD_NOT_FOUND")
}

// ETag, unread, search, paging.
func TestLists(t *testing.T) {
	t.Parallel()
	s := open(t)
	for i := range 7 {
		s.phone(fmt.Sprintf("+1555555017%d", i)).texts(s.frontDesk, fmt.Sprintf("Stranger number %d says hello", i))
		s.advance(time.Second)
	}
	s.ben.texts(s.frontDesk, "Ben says hello as the last one")
	s.settle()
	all := s.owner.list("limit=100")
	paged := s.owner.list("limit=3")
	equal(s, "pages", len(paged), len(all))
	seen := map[string]bool{}
	for i, th := range paged {
		if seen[th.str("id")] {
			t.Errorf("listed twice: %s", th.str("id"))
		}
		seen[th.str("id")] = true
		equal(s, "order", th.str("id"), all[i].str("id"))
	}
	equal(s, "newest first", all[0].str("clientName"), "Ben Okafor")
	equal(s, "unread", len(s.owner.list("unread=true")), 8)
	id := all[0].str("id")
	s.owner.post("/api/messages/threads/"+id+"/read", fields{}).is(200)
	equal(s, "unread after reading", len(s.owner.list("unread=true")), 7)
	for q, want := range map[string]int{"okafor": 1, "pepper": 1, "0116": 1, "nobody-like-this": 0} {
		equal(s, "search "+q, len(s.owner.list("search="+q)), want)
	}
	a := s.owner.get("/api/messages/threads/" + id).is(200)
	tag := a.Header.Get("ETag")
	if tag == "" {
		t.Fatal("no ETag")
	}
	s.owner.do("GET", "/api/messages/threads/"+id, nil, "If-None-Match", tag).is(304)
	s.ben.texts(s.frontDesk, "Ben says something new after all")
	s.settle()
	s.owner.do("GET", "/api/messages/threads/"+id, nil, "If-None-Match", tag).is(200)
	for i := range 12 {
		s.ben.texts(s.frontDesk, fmt.Sprintf("One of many texts of Ben: %02d", i))
	}
	s.settle()
	first := s.owner.get("/api/messages/threads/" + id + "?limit=5").is(200)
	equal(s, "page", len(first.list("events")), 5)
	n, cursor := 0, ""
	for {
		p := s.owner.get("/api/messages/threads/" + id + "?limit=5&cursor=" + cursor).is(200)
		n += len(p.list("events"))
		if cursor = p.str("cursor"); cursor == "" {
			break
		}
	}
	equal(s, "events over pages", n, 14)
	for _, q := range []string{"limit=0", "limit=101", "limit=x", "cursor=rubbish", "box=elsewhere", "unread=maybe"} {
		s.owner.get("/api/messages/threads?"+q).refused(400, "INVALID_REQUEST")
	}
	s.owner.get("/api/messages/threads/"+id+"?cursor=rubbish!").refused(400, "INVALID_REQUEST")
}

// Whatever the trick, the sitter is answered with the same words and no detail; an
// emergency goes out with the detail hidden; the business's own page is no swap.
func TestEveryContactSwapIsAnsweredAlike(t *testing.T) {
	t.Parallel()
	s, id := inDanasWindow(t)
	var first string
	for n, text := range []string{
		"my cell is 415-555-0191 any time", "four one five, five five five, oh one nine one", "write to sam.patel@example.com",
		"I'm @sam.walks on insta, add me", "you can venmo me @sam-walks", "book at samwalks.com", "next time just book me directly and skip the office",
	} {
		raw := s.sam.sends(id, text).refused(403, "ANTI_POACHING_BLOCKED").Raw
		if n == 0 {
			first = raw
		}
		equal(s, text, raw, first)
		s.owner.post("/api/sitters/sitter-1/unlock", fields{"reason": "a test of every trick"})
	}
	sent := len(s.dana.got())
	s.sam.sends(id, "Biscuit is bleeding badly! my cell is 415-555-0191").is(202)
	s.settle()
	got := s.dana.got()
	equal(s, "sent", len(got), sent+1)
	if body := fmt.Sprint(got[len(got)-1]); strings.Contains(body, "0191") || !strings.Contains(body, "bleeding badly") {
		t.Errorf("an emergency went out as %q", body)
	}
	equal(s, "flagged", s.owner.mustSee(id, "Biscuit is bleeding badly! my cell is 415-555-0191").yes("flagged"), true)
	page := "the form is on www.happypaws.example/forms"
	s.sam.sends(id, page).refused(403, "ANTI_POACHING_BLOCKED")
	s.owner.post("/api/sitters/sitter-1/unlock", fields{"reason": "a test of every trick"}).is(200)
	s.owner.patch("/api/settings", fields{"ownLinks": []string{"happypaws.example"}}).is(200)
	s.sam.sends(id, page).is(202)
}
