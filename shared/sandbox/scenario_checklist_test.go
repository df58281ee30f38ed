package sandbox_test

import (
	"strings"
	"testing"
	"time"

	"snout/shared/sandbox"
)

func off(o *sandbox.Options) { o.FlagsOff = true }

// Step 1 of the checklist: core messaging, from all flags off.
func TestChecklistStep1(t *testing.T) {
	t.Parallel()
	s := open(t, off)
	s.owner.get("/api/messages/threads").refused(404, "MESSAGING_DISABLED")
	s.flags(messaging, "true", proactive, "false", sitting, "false")

	s.dana.texts(s.frontDesk, "Do you have room for Biscuit on Friday?")
	s.settle()
	row := s.thread(s.dana, s.frontDesk)
	equal(s, "kind", row.str("kind"), "front_desk")
	equal(s, "name", row.str("clientName"), "Dana Whitfield")
	equal(s, "last message", row.str("lastMessage"), "Do you have room for Biscuit on Friday?")
	equal(s, "unread", row.num("unread"), 1)
	s.owner.mustSee(row.str("id"), "Do you have room for Biscuit on Friday?")

	a := s.owner.sends(row.str("id"), "We do. See you at noon on Friday!").is(202)
	if a.str("eventId") == "" || a.str("status") == "" {
		t.Errorf("the answer to a send says %s", a.Raw)
	}
	s.settle()
	got := s.dana.last()
	equal(s, "text on the phone", got.str("body"), "We do. See you at noon on Friday!")
	equal(s, "from", got.str("from"), s.frontDesk)
	equal(s, "status", s.owner.mustSee(row.str("id"), "We do. See you at noon on Friday!").str("status"), "delivered")

	d := s.diagnostics()
	for _, f := range []string{"summary.threadsByNumberClass", "summary.antiPoachingBlocked", "summary.ownerInboxRouted", "summary.ownerInboxRoutedOperational",
		"summary.sitterNoActiveWindow", "summary.assignmentWindows.active", "summary.assignmentWindows.upcoming", "summary.outbound.queued", "summary.outbound.sent",
		"summary.outbound.delivered", "summary.outbound.failed", "summary.outbound.unknown", "summary.held", "routingDecisions.count", "routingDecisions.decisions",
		"featureFlags." + messaging, "featureFlags." + proactive, "featureFlags." + sitting, "featureFlags." + allowlist, "generatedAt", "stage", "version"} {
		if !d.has(f) {
			t.Errorf("diagnostics has no %s", f)
		}
	}
	var classes []string
	for _, c := range d.list("summary.threadsByNumberClass") {
		classes = append(classes, c.str("numberClass"))
	}
	equal(s, "classes", strings.Join(classes, " "), "front_desk sitter pool")
	one := d.get("routingDecisions.decisions.0")
	equal(s, "sender", one.str("sender"), "+1310****0111")
	equal(s, "recipient", one.str("recipient"), "+1213****0100")
	equal(s, "target", one.str("routingTarget"), "owner")
	equal(s, "reason", one.str("routingReason"), "Front desk conversation")
	equal(s, "class", one.str("numberClass"), "front_desk")
	equal(s, "thread", one.str("threadId"), row.str("id"))
	if !strings.Contains(s.log.String(), `"function":"inbound"`) {
		t.Error("no log line of the inbound function")
	}
}

// Step 2, check 1: a weekly booking is assigned while the proactive flag is off.
func TestChecklistStep2Check1(t *testing.T) {
	t.Parallel()
	s := open(t, off)
	s.flags(messaging, "true")
	// booking-5 is weekly, Jonas's, without a sitter.
	s.owner.patch("/api/bookings/booking-5", fields{"sitterId": "sitter-1"}).is(200)
	s.settle()
	l := s.owner.get("/api/messages/threads").is(200)
	sug, ok := find(l.list("suggested"), "bookingId", "booking-5")
	if !ok {
		t.Fatalf("the conversation does not appear: %s", l.Raw)
	}
	equal(s, "client", sug.str("clientName"), "Jonas Weber")
	equal(s, "sitter", sug.str("sitterName"), "Sam Patel")
	equal(s, "told", sug.yes("clientTold"), false)
	if sug.str("startAt") == "" || sug.str("endAt") == "" || sug.str("service") != "Dog Walking" {
		t.Errorf("suggested: %s", sug)
	}
	a := s.owner.starts(fields{"bookingId": "booking-5", "text": "Hello Jonas, all set for Saturday."}).is(202)
	s.settle()
	th := s.owner.opens(a.str("threadId")).is(200)
	equal(s, "number", th.str("number"), s.samsNumber)
	equal(s, "window", th.str("window.state"), "upcoming")
	if !strings.HasPrefix(th.str("window.text"), "Next window: ") {
		t.Errorf("header: %q", th.str("window.text"))
	}
	equal(s, "booking", th.str("bookingIds.0"), "booking-5")
	equal(s, "delivered", s.owner.mustSee(th.str("id"), "Hello Jonas, all set for Saturday.").str("status"), "delivered")
	equal(s, "on the phone once", s.jonas.count("Hello Jonas, all set for Saturday."), 1)
	l = s.owner.get("/api/messages/threads").is(200)
	if _, ok := find(l.list("suggested"), "bookingId", "booking-5"); ok {
		t.Error("the suggestion stays beside its thread")
	}
	equal(s, "top of the list", l.str("threads.0.id"), th.str("id"))
}

// Step 2, check 2: outside the window a client's text goes to the owner.
func TestChecklistStep2Check2(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.flags(proactive, "false")
	th := s.thread(s.dana, s.samsNumber)
	equal(s, "window", th.str("window.state"), "upcoming") // 11:00 to 14:00, and it is 10:00
	before := s.diagnostics()
	s.dana.texts(s.samsNumber, "Is Sam there yet by any chance?")
	d := s.expect(9, "owner_inbox", "No active assignment window")
	equal(s, "thread", d.str("threadId"), th.str("id"))
	after := s.diagnostics()
	equal(s, "operational", after.num("summary.ownerInboxRoutedOperational"), before.num("summary.ownerInboxRoutedOperational")+1)
	equal(s, "routed", after.num("summary.ownerInboxRouted"), before.num("summary.ownerInboxRouted")+1)
	box := s.owner.list("box=owner_inbox")
	if row, ok := find(box, "id", th.str("id")); !ok || row.str("lastMessage") != "Is Sam there yet by any chance?" {
		t.Fatalf("owner inbox: %v", box)
	}
	// Not to the sitter, neither now nor when the window opens.
	s.flags(sitting, "true")
	s.sam.mustNotSee(th.str("id"), "Is Sam there yet by any chance?")
	s.advance(2 * time.Hour)
	s.sam.mustNotSee(th.str("id"), "Is Sam there yet by any chance?")
}

// Step 2, check 3: a stranger on a pool number.
func TestChecklistStep2Check3(t *testing.T) {
	t.Parallel()
	s := open(t)
	pool := s.service(s.theo).str("number")
	before := s.diagnostics()
	stranger := s.phone("+15555550142")
	stranger.texts(pool, "Hello, who is this number please?")
	s.expect(6, "owner_inbox", "Pool number mismatch")
	equal(s, "operational", s.diagnostics().num("summary.ownerInboxRoutedOperational"), before.num("summary.ownerInboxRoutedOperational")+1)
	if g := stranger.got(); len(g) != 1 || g[0].str("from") != pool {
		t.Fatalf("automatic answer: %v", g)
	}
	row := s.thread(stranger, pool)
	equal(s, "kind", row.str("kind"), "guest")
	if _, ok := find(s.owner.list("box=owner_inbox"), "id", row.str("id")); !ok {
		t.Error("not in the owner inbox")
	}
	// Not attached to Theo's thread, and no second answer within a day.
	theirs := s.thread(s.theo, pool)
	s.owner.mustNotSee(theirs.str("id"), "Hello, who is this number please?")
	stranger.texts(pool, "Hello? Is anybody reading this?")
	s.advance(24*time.Hour - time.Second)
	stranger.texts(pool, "Still nobody? It has been a day.")
	s.settle()
	equal(s, "answers within a day", len(stranger.got()), 1)
	s.advance(2 * time.Second)
	stranger.texts(pool, "And now it has been more than a day.")
	s.settle()
	equal(s, "answers after a day", len(stranger.got()), 2)
}

// Step 3: proactive threads.
func TestChecklistStep3(t *testing.T) {
	t.Parallel()
	s := open(t)
	before := s.diagnostics()
	s.owner.patch("/api/bookings/booking-5", fields{"sitterId": "sitter-2"}).is(200)
	s.settle()
	th := s.thread(s.jonas, s.ivysNumber)
	equal(s, "window", th.str("window.state"), "upcoming")
	full := s.owner.opens(th.str("id")).is(200)
	// Saturday 08:00 to 09:00 with an hour on each side, Los Angeles.
	equal(s, "start", full.str("windows.0.startAt"), "2026-06-13T14:00:00Z")
	equal(s, "end", full.str("windows.0.endAt"), "2026-06-13T17:00:00Z")
	coming := 0
	for _, g := range s.jonas.got() {
		if strings.Contains(g.str("body"), "Ivy Chen") {
			coming++
		}
	}
	equal(s, "who's coming", coming, 1)
	after := s.diagnostics()
	equal(s, "sitter threads", after.num("summary.threadsByNumberClass.1.count"), before.num("summary.threadsByNumberClass.1.count")+1)
	equal(s, "windows", after.num("summary.assignmentWindows.upcoming"), before.num("summary.assignmentWindows.upcoming")+1)
	// Run twice: nothing new.
	s.owner.patch("/api/bookings/booking-5", fields{"sitterId": "sitter-2"}).is(200)
	s.settle()
	again := s.diagnostics()
	equal(s, "threads again", again.get("summary.threadsByNumberClass").String(), after.get("summary.threadsByNumberClass").String())
	equal(s, "windows again", again.get("summary.assignmentWindows").String(), after.get("summary.assignmentWindows").String())
	equal(s, "texts again", len(s.jonas.got()), coming)
}

// Step 4: sitter messages.
func TestChecklistStep4(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.sam.get("/api/messages/threads").refused(404, "SITTER_MESSAGES_DISABLED")
	s.flags(sitting, "true", allowlist, "sitter-1")
	me := s.sam.get("/api/messages/me").is(200)
	equal(s, "me", me.yes("sitterMessagesEnabled"), true)
	s.ivy.get("/api/messages/threads").refused(404, "SITTER_MESSAGES_DISABLED")
	equal(s, "ivy", s.ivy.get("/api/messages/me").is(200).yes("sitterMessagesEnabled"), false)
	s.sam.get("/api/messages/threads?box=owner_inbox").is(404)
	s.sam.get("/api/messages/threads?box=billing").is(404)

	// Something for the owner and a bill, which no sitter may see.
	s.dana.texts(s.frontDesk, "A question about my last invoice")
	bill := s.owner.starts(fields{"clientId": "client-1", "kind": "billing", "text": "Here is your bill for May."}).is(202).str("threadId")
	s.settle()
	l := s.sam.list("")
	if len(l) != 1 || l[0].str("clientName") != "Dana W." {
		t.Fatalf("Sam's list: %v", l)
	}
	id := l[0].str("id")
	s.sam.get("/api/messages/threads/"+bill).refused(404, "THREAD_NOT_FOUND")
	s.sam.get("/api/messages/threads/"+s.thread(s.dana, s.frontDesk).str("id")).refused(404, "THREAD_NOT_FOUND")
	s.sam.get("/api/messages/threads/"+s.service(s.theo).str("id")).refused(404, "THREAD_NOT_FOUND")

	// Next only: 10:00, the window is 11:00 – 14:00.
	th := s.sam.opens(id).is(200)
	equal(s, "state", th.str("window.state"), "upcoming")
	if h := th.str("window.text"); !strings.HasPrefix(h, "Next window: ") || !strings.Contains(h, " – ") {
		t.Errorf("header: %q", h)
	}
	no := s.sam.sends(id, "I will be there in a minute").refused(403, "NO_ACTIVE_WINDOW")
	equal(s, "next window", no.str("nextWindow.startAt"), "2026-06-10T18:00:00Z")
	equal(s, "next window", no.str("nextWindow.endAt"), "2026-06-10T21:00:00Z")
	s.owner.mustNotSee(id, "I will be there in a minute")

	// Inside.
	s.set(time.Date(2026, 6, 10, 19, 0, 0, 0, time.UTC))
	th = s.sam.opens(id).is(200)
	equal(s, "state", th.str("window.state"), "active")
	if h := th.str("window.text"); !strings.HasPrefix(h, "Active Window: ") || !strings.Contains(h, " – ") {
		t.Errorf("header: %q", h)
	}
	s.sam.sends(id, "Biscuit and I are at the park").is(202)
	s.settle()
	got := s.dana.last()
	equal(s, "text", got.str("body"), "Biscuit and I are at the park")
	equal(s, "from", got.str("from"), s.samsNumber)
	equal(s, "status", s.sam.mustSee(id, "Biscuit and I are at the park").str("status"), "delivered")
	s.dana.texts(s.samsNumber, "Thank you, have fun you two!")
	s.expect(12, "sitter", "Active assignment window")
	s.sam.mustSee(id, "Thank you, have fun you two!")
	s.owner.mustSee(id, "Thank you, have fun you two!")

	// Anti-poaching.
	n := len(s.dana.got())
	stop := s.sam.sends(id, "Just call me directly at 415-555-0199").refused(403, "ANTI_POACHING_BLOCKED")
	if strings.Contains(stop.Raw, "0199") || strings.Contains(stop.Raw, "plain_phone") || strings.Contains(stop.Raw, "Dana") {
		t.Errorf("the warning says too much: %s", stop.Raw)
	}
	s.settle()
	equal(s, "texts on the phone", len(s.dana.got()), n)
	equal(s, "blocked", s.diagnostics().num("summary.antiPoachingBlocked"), 1)
	e := s.owner.mustSee(id, "Just call me directly at 415-555-0199")
	equal(s, "status", e.str("status"), "blocked")
	if len(e.list("matches")) == 0 {
		t.Error("the owner does not see what was matched")
	}
	s.sam.mustNotSee(id, "Just call me directly at 415-555-0199")

	// None.
	s.set(time.Date(2026, 6, 10, 21, 0, 0, 0, time.UTC).Add(time.Millisecond))
	s.sam.sends(id, "On my way home, see you soon").refused(403, "NO_ACTIVE_WINDOW")
	s.set(time.Date(2026, 6, 12, 21, 0, 0, 0, time.UTC).Add(time.Millisecond)) // after booking-2 too
	th = s.sam.opens(id).is(200)
	equal(s, "state", th.str("window.state"), "none")
	equal(s, "header", th.str("window.text"), "No active window – messaging disabled")
	no = s.sam.sends(id, "Is there a next time for us?").refused(403, "NO_ACTIVE_WINDOW")
	if !no.has("nextWindow") || no.get("nextWindow").v != nil {
		t.Errorf("nextWindow is not null: %s", no.Raw)
	}
	if l := s.sam.list(""); len(l) != 0 {
		t.Errorf("an ended window is listed: %v", l)
	}
}

// Rollback: each flag alone, off again.
func TestChecklistRollback(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.flags(sitting, "true")
	s.set(noon.Add(2 * time.Hour))
	id := s.sam.list("")[0].str("id")
	s.sam.sends(id, "We are on our way out").is(202)

	s.flags(sitting, "false")
	s.sam.get("/api/messages/threads").refused(404, "SITTER_MESSAGES_DISABLED")
	s.sam.get("/api/messages/threads/"+id).refused(404, "SITTER_MESSAGES_DISABLED")
	s.sam.sends(id, "Can you still hear me there?").refused(404, "SITTER_MESSAGES_DISABLED")
	s.dana.texts(s.samsNumber, "Sam, are you still reading?")
	s.expect(11, "owner_inbox", "Sitter messaging is disabled")

	s.flags(proactive, "false")
	n := s.diagnostics().get("summary.threadsByNumberClass").String()
	s.owner.patch("/api/bookings/booking-5", fields{"sitterId": "sitter-2"}).is(200)
	s.settle()
	equal(s, "threads", s.diagnostics().get("summary.threadsByNumberClass").String(), n)

	s.flags(messaging, "false")
	for _, p := range []*person{s.owner} {
		p.get("/api/messages/threads").refused(404, "MESSAGING_DISABLED")
		p.sends(id, "Is anything still going out?").refused(404, "MESSAGING_DISABLED")
		equal(s, "me", p.get("/api/messages/me").is(200).yes("messagingEnabled"), false)
	}
	s.owner.get("/api/bookings").is(200)
	s.owner.get("/api/clients").is(200)
	s.owner.get("/api/sitters").is(200)
	s.owner.get("/api/numbers").is(200)
	s.owner.get("/api/settings").is(200)
	before := len(s.dana.got())
	s.dana.texts(s.samsNumber, "Hello, is this thing on?")
	s.settle()
	equal(s, "held", s.diagnostics().num("summary.held"), 1)
	equal(s, "nothing sent", len(s.dana.got()), before)
	s.flags(messaging, "true")
	s.settle()
	equal(s, "held", s.diagnostics().num("summary.held"), 0)
	e := s.owner.mustSee(id, "Hello, is this thing on?")
	equal(s, "late", e.yes("late"), true)
}
