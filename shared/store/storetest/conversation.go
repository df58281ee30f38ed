package storetest

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"snout/shared/routing"
	"snout/shared/store"
)

// facts reads what a text of a pair is decided on.
func (b *bench) facts(n, p int) *routing.Route {
	b.Helper()
	_, r, _, err := b.table.InboundFacts(b.ctx, phone(n), phone(p), "")
	b.must(err)
	return r
}

func (b *bench) thread(id routing.ThreadID) *routing.Thread {
	b.Helper()
	th, err := b.table.Thread(b.ctx, id)
	b.must(err)
	return th
}

// steady is what every route of a thread must be: of its revision, with its windows.
// A route behind its thread would refuse every text of its pair for ever.
func (b *bench) steady(th *routing.Thread) {
	b.Helper()
	for _, p := range th.Phones {
		_, r, _, err := b.table.InboundFacts(b.ctx, th.Number, p, "")
		b.must(err)
		if r == nil || r.Thread != th.ID {
			continue
		}
		if r.Rev != th.Rev {
			b.Errorf("%s is of revision %d, its route of %d", th.ID, th.Rev, r.Rev)
		}
		b.same("the windows that a route carries", th.Windows, r.Windows)
	}
}

func assignment(b *bench) {
	b.open()
	b.add(client1(cleo, 20, 21))
	ws := []routing.Window{window("b1", 1, ana, 0, 60), window("b1", 2, ana, 120, 180)}
	th := service("t1", 1, cleo, ws, 20, 21)
	coming := message(th.ID, 2, 1, 20, "Ana is coming")
	coming.Status, coming.Attempt, coming.Lease, coming.Purpose, coming.Window = routing.Queued, 0, at(0).Add(-at(0).Sub(at(0))), "coming", ws[0]
	coming.Lease = routing.Event{}.Lease
	c := assigned("b1", th)
	c.Coming, c.Next.ToldEvent = &coming, coming.ID
	c.Alerts = []routing.Alert{{ID: routing.NewAlertID(org, "pool1"), Kind: "pool_exhausted", Severity: "critical", Text: "none free", Booking: "b1", At: at(0), Open: true}}
	c.Audit = []store.Audit{{Order: order(3), At: at(0), By: "system", What: "assign", On: "b1"}}
	b.must(b.table.CommitAssign(b.ctx, c))

	b.same("the thread", th, b.thread(th.ID))
	b.steady(th)
	r := route(th, phone(21))
	b.same("a route", &r, b.facts(1, 21))
	got, err := b.table.ThreadWindows(b.ctx, th.ID, at(0))
	b.must(err)
	b.same("the windows", ws, got)
	got, err = b.table.ThreadWindows(b.ctx, th.ID, at(61))
	b.must(err)
	b.same("the windows not over", ws[1:], got)
	mine, err := b.table.SitterWindows(b.ctx, org, ana, at(61))
	b.must(err)
	b.same("the sitter's windows not over", []store.SitterWindow{{Thread: th.ID, Window: ws[1]}}, mine)
	e, err := b.table.Event(b.ctx, coming.ID)
	b.must(err)
	b.same("who's coming", coming, e)
	alert, err := b.table.Alert(b.ctx, c.Alerts[0].ID)
	b.must(err)
	b.same("the alert", c.Alerts[0], alert)

	f, err := b.table.AssignFacts(b.ctx, org, "b1", cleo)
	b.must(err)
	was := c.Next
	was.Rev = 1
	roster, err := b.table.Roster(b.ctx, org, true)
	b.must(err)
	b.same("the facts for the next change", &store.AssignFacts{Was: was, Client: client1(cleo, 20, 21), Roster: roster, Threads: []*routing.Thread{th}, Told: &coming,
		Ledger: routing.Ledger{Client: cleo, Rev: 1, Threads: []routing.Held{{Thread: th.ID, Kind: routing.Service, Number: phone(1), NumID: "n1"}}}}, f)

	// Cancelled: the windows go, the queued message is withdrawn, the booking is suggested.
	next := was
	next.Version, next.Sitter, next.Windows, next.Told, next.ToldEvent, next.Suggested = 2, "", nil, "", "", true
	b.must(b.table.CommitAssign(b.ctx, store.AssignCommit{Org: org, Was: was, Next: next, Untell: coming.ID, Resolve: c.Alerts,
		Changes: []store.ThreadChange{{Thread: th, Shut: ws, LastEnd: ws[1].End, LastSit: ana, Until: at(999), Rise: at(5), Order: order(9)}}}))
	after := *th
	after.Windows, after.Until, after.LastAt, after.Rev = nil, at(999), at(5), 2
	b.same("the thread after", &after, b.thread(th.ID))
	b.steady(&after)
	got, err = b.table.ThreadWindows(b.ctx, th.ID, at(0))
	b.must(err)
	b.same("no windows", []routing.Window(nil), got)
	_, err = b.table.Event(b.ctx, coming.ID)
	b.is("the withdrawn message", err, store.ErrNotFound)
	next.Rev = 2
	suggested, err := b.table.Suggested(b.ctx, org, 10)
	b.must(err)
	b.same("what is suggested", []routing.Assignment{next}, suggested)
	suggested, err = b.table.AllSuggested(b.ctx, org)
	b.must(err)
	b.same("all that is suggested", []routing.Assignment{next}, suggested)
	many, err := b.table.Assignments(b.ctx, org, []routing.BookingID{"b1", "b2"})
	b.must(err)
	b.same("assignments", []routing.Assignment{next}, many)
	none, err := b.table.Assignment(b.ctx, org, "b2")
	b.must(err)
	b.same("of a booking never seen", routing.Assignment{Booking: "b2"}, none)
}

func windowsInPlace(b *bench) {
	b.open()
	b.add(client1(cleo, 20))
	ws := []routing.Window{window("b1", 1, ana, 0, 60)}
	th := service("t1", 2, cleo, ws, 20)
	b.must(b.table.CommitAssign(b.ctx, assigned("b1", th)))
	was, err := b.table.Assignment(b.ctx, org, "b1")
	b.must(err)

	// Another sitter, and an earlier start; the end is the same, and so is the row's key.
	moved := []routing.Window{window("b1", 1, ben, -30, 60)}
	next := was
	next.Version, next.Sitter, next.Windows = 2, ben, moved
	b.must(b.table.CommitAssign(b.ctx, store.AssignCommit{Org: org, Was: was, Next: next,
		Changes: []store.ThreadChange{{Thread: th, Shut: ws, Stand: moved, Windows: moved, LastEnd: at(60), LastSit: ben}}}))
	got, err := b.table.ThreadWindows(b.ctx, th.ID, at(0))
	b.must(err)
	b.same("the windows", moved, got)
	for s, want := range map[routing.SitterID][]store.SitterWindow{ana: nil, ben: {{Thread: th.ID, Window: moved[0]}}} {
		mine, err := b.table.SitterWindows(b.ctx, org, s, at(0))
		b.must(err)
		b.same(string(s)+"'s windows", want, mine)
	}
	b.steady(b.thread(th.ID))
}

// series is a booking of many visits.
func series(n int, s routing.SitterID, from int) []routing.Window {
	var ws []routing.Window
	for i := range n {
		ws = append(ws, window("b1", i, s, from+i*1440, from+i*1440+60))
	}
	return ws
}

func longSeries(b *bench) {
	b.open()
	b.add(client1(cleo, 20))
	ws := series(130, ana, 0)
	th := service("t1", 1, cleo, ws[:6], 20)
	th.More = true
	c := assigned("b1", th)
	c.Next.Windows, c.Changes[0].Stand, c.Changes[0].More = ws, ws, true
	b.must(b.table.CommitAssign(b.ctx, c))
	got, err := b.table.ThreadWindows(b.ctx, th.ID, at(0))
	b.must(err)
	b.same("the windows", ws, got)
	was, err := b.table.Assignment(b.ctx, org, "b1")
	b.must(err)
	b.same("the assignment's windows", ws, was.Windows)

	// All of it moves to another thread.
	to := service("t2", 2, cleo, series(130, ben, 0)[:6], 20)
	to.More = true
	moved := series(130, ben, 0)
	next := was
	next.Version, next.Sitter, next.Thread, next.Windows = 2, ben, to.ID, moved
	_, ledger, err := b.table.ClientFile(b.ctx, org, cleo)
	b.must(err)
	b.must(b.table.CommitAssign(b.ctx, store.AssignCommit{Org: org, Was: was, Next: next, Ledger: &ledger, WasRoutes: []store.RouteChange{{Route: route(to, phone(20))}},
		Changes: []store.ThreadChange{{Thread: th, Shut: ws, LastEnd: at(0), LastSit: ana}, {Thread: to, Make: true, Order: order(1), Stand: moved, Windows: to.Windows, More: true, LastEnd: to.LastEnd, LastSit: ben}}}))
	got, err = b.table.ThreadWindows(b.ctx, th.ID, at(0))
	b.must(err)
	b.same("the old thread's windows", []routing.Window(nil), got)
	got, err = b.table.ThreadWindows(b.ctx, to.ID, at(0))
	b.must(err)
	b.same("the new thread's windows", moved, got)
	b.steady(b.thread(th.ID))
	b.steady(b.thread(to.ID))
}

func longSeriesOvertaken(b *bench) {
	b.open()
	b.add(client1(cleo, 20))
	th := service("t1", 1, cleo, []routing.Window{window("b1", 0, ana, 0, 60)}, 20)
	c := assigned("b1", th)
	b.must(b.table.CommitAssign(b.ctx, c))
	was, err := b.table.Assignment(b.ctx, org, "b1")
	b.must(err)

	// Somebody else's change goes through first.
	next := was
	next.Version, next.Sitter, next.Windows = 3, "", nil
	b.must(b.table.CommitAssign(b.ctx, store.AssignCommit{Org: org, Was: was, Next: next, Changes: []store.ThreadChange{{Thread: th, Shut: th.Windows, LastEnd: th.LastEnd, LastSit: ana}}}))
	ws := series(130, ben, 0)
	late := was
	late.Version, late.Windows = 2, ws
	err = b.table.CommitAssign(b.ctx, store.AssignCommit{Org: org, Was: was, Next: late, Changes: []store.ThreadChange{{Thread: th, Shut: th.Windows, Stand: ws, Windows: ws[:6], More: true, LastEnd: ws[129].End, LastSit: ben}}})
	b.is("the change that came late", err, store.ErrConflict)
	got, err := b.table.ThreadWindows(b.ctx, th.ID, at(0))
	b.must(err)
	b.same("windows left behind", []routing.Window(nil), got)
	mine, err := b.table.SitterWindows(b.ctx, org, ben, at(0))
	b.must(err)
	b.same("rights left behind", []store.SitterWindow(nil), mine)
}

func longSeriesDied(b *bench) {
	b.open()
	b.add(client1(cleo, 20))
	th := service("t1", 1, cleo, nil, 20)
	b.must(b.table.CommitAssign(b.ctx, assigned("b1", th)))
	was, err := b.table.Assignment(b.ctx, org, "b1")
	b.must(err)

	// The thread changes between the windows and the rows that say so, as if the
	// process had died there.
	stale := *th
	stale.Rev = 7
	ws := series(130, ana, 0)
	next := was
	next.Version, next.Windows = 2, ws
	err = b.table.CommitAssign(b.ctx, store.AssignCommit{Org: org, Was: was, Next: next, Changes: []store.ThreadChange{{Thread: &stale, Stand: ws, Windows: ws[:6], More: true, LastEnd: ws[129].End, LastSit: ana}}})
	b.refused("the change", err, "thread")

	was, err = b.table.Assignment(b.ctx, org, "b1")
	b.must(err)
	few := series(3, ben, 5)
	next = was
	next.Version, next.Sitter, next.Windows = 3, ben, few
	b.must(b.table.CommitAssign(b.ctx, store.AssignCommit{Org: org, Was: was, Next: next, Changes: []store.ThreadChange{{Thread: th, Stand: few, Windows: few, LastEnd: few[2].End, LastSit: ben}}}))
	got, err := b.table.ThreadWindows(b.ctx, th.ID, at(0))
	b.must(err)
	b.same("the windows", few, got)
	mine, err := b.table.SitterWindows(b.ctx, org, ana, at(0))
	b.must(err)
	b.same("rights left behind", []store.SitterWindow(nil), mine)
	was, err = b.table.Assignment(b.ctx, org, "b1")
	b.must(err)
	next.Rev, next.Loose = was.Rev, nil
	b.same("the assignment", next, was)
}

func routeMovedOn(b *bench) {
	b.open()
	b.add(client1(cleo, 20, 21))
	ws := []routing.Window{window("b1", 1, ana, 0, 60)}
	th := service("t1", 2, cleo, ws, 20, 21)
	th.Until = at(100)
	c := assigned("b1", th)
	c.Changes[0].Until = th.Until
	b.must(b.table.CommitAssign(b.ctx, c))

	// After the number's rest the client writes again: a guest thread takes the route.
	was := b.facts(2, 20)
	guest := &routing.Thread{ID: thread("g1"), Org: org, Kind: routing.Guest, Number: phone(2), NumID: "n2", Client: cleo, Phones: []routing.Phone{phone(20)}, Rev: 1, CreatedAt: at(200)}
	e := text(guest.ID, 1, 20, 2, "anybody there?")
	b.must(b.table.CommitInbound(b.ctx, store.InboundCommit{Sid: "SM1", Seen: store.Seen{Rule: 6}, SeenT: at(999), Event: &e, Thread: guest.ID, Make: guest, Routes: []store.RouteChange{{Route: route(guest, phone(20)), Was: was}}}))

	// The old booking is marked as completed.
	a, err := b.table.Assignment(b.ctx, org, "b1")
	b.must(err)
	next := a
	next.Version, next.Sitter, next.Windows = 2, "", nil
	b.must(b.table.CommitAssign(b.ctx, store.AssignCommit{Org: org, Was: a, Next: next, Changes: []store.ThreadChange{{Thread: th, Shut: ws, LastEnd: th.LastEnd, LastSit: ana, Until: th.Until}}}))
	b.same("the route that has moved on", guest.ID, b.facts(2, 20).Thread)
	b.steady(b.thread(th.ID))
	b.steady(b.thread(guest.ID))
}

func assignmentRefused(b *bench) {
	b.open()
	b.add(client1(cleo, 20))
	ws := []routing.Window{window("b1", 1, ana, 0, 60)}
	th := service("t1", 1, cleo, ws, 20)
	c := assigned("b1", th)
	b.must(b.table.CommitAssign(b.ctx, c))
	n := b.count()
	b.refused("the same again", b.table.CommitAssign(b.ctx, c), "thread", "route", "ledger", "assignment")
	was, err := b.table.Assignment(b.ctx, org, "b1")
	b.must(err)
	next := was
	next.Version = 2
	old := was
	old.Rev = 9
	b.refused("an assignment that has changed", b.table.CommitAssign(b.ctx, store.AssignCommit{Org: org, Was: old, Next: next}), "assignment")
	stale := *th
	stale.Rev = 9
	b.refused("a thread that has changed", b.table.CommitAssign(b.ctx, store.AssignCommit{Org: org, Was: was, Next: next, Changes: []store.ThreadChange{{Thread: &stale, Windows: ws}}}), "thread")
	b.refused("a ledger that has changed", b.table.CommitAssign(b.ctx, store.AssignCommit{Org: org, Was: was, Next: next, Ledger: &routing.Ledger{Client: cleo, Rev: 5}}), "ledger")
	sent := message(th.ID, 2, 1, 20, "Ana is coming")
	b.must(b.table.CommitSend(b.ctx, store.SendCommit{Event: sent, Touch: store.Touch{Event: sent}, Rev: 1}))
	b.refused("a message withdrawn that is being sent", b.table.CommitAssign(b.ctx, store.AssignCommit{Org: org, Was: was, Next: next, Untell: sent.ID}), "told")
	b.same("nothing of it is in the table", n+1, b.count())
}

// talk makes the usual thread: t1 on Ana's number with one window.
func (b *bench) talk() *routing.Thread {
	b.Helper()
	b.open()
	b.add(client1(cleo, 20))
	th := service("t1", 1, cleo, []routing.Window{window("b1", 1, ana, 0, 60)}, 20)
	b.must(b.table.CommitAssign(b.ctx, assigned("b1", th)))
	return th
}

func kept(th *routing.Thread, e routing.Event) store.InboundCommit {
	yes := true
	return store.InboundCommit{Sid: "SM" + e.ID.Order(), Seen: store.Seen{Rule: 12, Target: routing.ToSitter, Reason: routing.ReasonActive, Thread: th.ID, Event: e.ID}, SeenT: at(20000), Event: &e,
		Touch: store.Touch{Event: e, Unread: 1, SitterUnread: 1, ReplyTo: e.From, NeedsReply: &yes}, Thread: th.ID, Rev: th.Rev}
}

func inbound(b *bench) {
	th := b.talk()
	e := text(th.ID, 1, 20, 1, "Rex is hungry, my number is 1")
	e.Media = []routing.Media{{URL: "https://media.example/1", Type: "image/jpeg"}}
	e.Flags = []routing.Flagged{{Family: "phone", Start: 3, End: 9}}
	e.Hidden, e.Late = "Rex is hungry, (contact details removed)", true
	c := kept(th, e)
	b.must(b.table.CommitInbound(b.ctx, c))
	got, err := b.table.Event(b.ctx, e.ID)
	b.must(err)
	b.same("the text", e, got)
	_, _, seen, err := b.table.InboundFacts(b.ctx, phone(1), phone(20), c.Sid)
	b.must(err)
	b.same("what was done with it", &c.Seen, seen)
	after := *th
	after.LastAt, after.LastText, after.LastDir, after.LastRole, after.LastAllText, after.LastAllAt, after.LastAllBk = e.At, e.Text, e.Dir, routing.RoleClient, e.Hidden, e.At, "b1"
	after.Unread, after.SitterUnread, after.ReplyTo, after.NeedsReply = 1, 1, phone(20), true
	b.same("the thread's row", &after, b.thread(th.ID))

	// One that the owner is asked about, with an alert.
	q := text(th.ID, 2, 20, 1, "who is coming?")
	q.Visibility, q.Open, q.Booking, q.Routing = routing.VisibleOwner, true, "", &routing.Routed{Rule: 10, Target: routing.ToOwnerInbox, Reason: routing.ReasonOverlap, Class: routing.SitterNum}
	c = kept(th, q)
	c.Touch.SitterUnread, c.Touch.Opens, c.Touch.Choices, c.Touch.Flagged = 0, q.Routing, []routing.SitterID{ana, ben}, true
	c.Alerts = []routing.Alert{{ID: routing.NewAlertID(org, order(2)), Kind: "contact_swap_client", Severity: "info", Text: "look", Thread: th.ID, Event: q.ID, At: q.At, Open: true}}
	b.must(b.table.CommitInbound(b.ctx, c))
	after.LastAt, after.LastText, after.Unread, after.Open, after.OpenReason, after.OpenRule, after.OpenSince = q.At, q.Text, 2, 1, routing.ReasonOverlap, 10, q.At
	after.Choices, after.Flagged = []routing.SitterID{ana, ben}, true
	b.same("the thread's row after", &after, b.thread(th.ID))
	events, cursor, err := b.table.Events(b.ctx, th.ID, "", 10)
	b.must(err)
	b.same("the events, newest first", []routing.Event{q, e}, events)
	b.same("their cursor", "", cursor)
}

func inboundRefused(b *bench) {
	th := b.talk()
	e := text(th.ID, 1, 20, 1, "hello")
	c := kept(th, e)
	b.must(b.table.CommitInbound(b.ctx, c))
	n := b.count()
	b.refused("the same text again", b.table.CommitInbound(b.ctx, c), "seen", "event")
	other := kept(th, text(th.ID, 2, 20, 1, "hello"))
	other.Rev = 4
	b.refused("a thread that has changed", b.table.CommitInbound(b.ctx, other), "thread")
	fresh := kept(th, text(thread("t9"), 2, 20, 1, "hello"))
	fresh.Thread, fresh.Make = thread("t9"), &routing.Thread{ID: thread("t9"), Org: org, Kind: routing.Guest, Client: cleo, Number: phone(1), NumID: "n1", Rev: 1}
	r := route(fresh.Make, phone(20))
	fresh.Routes = []store.RouteChange{{Route: r}}
	b.refused("a route that is there by now", b.table.CommitInbound(b.ctx, fresh), "route")
	was := route(th, phone(20))
	was.Rev = 5
	fresh.Routes = []store.RouteChange{{Route: r, Was: &was}}
	b.refused("a route that has changed", b.table.CommitInbound(b.ctx, fresh), "route")
	fresh.Routes, fresh.Make = nil, th
	b.refused("a thread that is there by now", b.table.CommitInbound(b.ctx, fresh), "thread")
	fresh.Make = &routing.Thread{ID: thread("t9"), Org: org, Kind: routing.FrontDeskTalk, Client: cleo, Number: phone(0), NumID: "n0", Rev: 1}
	fresh.Holds, fresh.Claim = &routing.Held{Thread: thread("t9"), Kind: routing.FrontDeskTalk, Number: phone(0), NumID: "n0"}, &store.Claim{Client: cleo, Version: 7}
	b.refused("a client who has changed", b.table.CommitInbound(b.ctx, fresh), "claim")
	fresh.Claim = &store.Claim{Client: dora, Version: 1}
	b.refused("a phone that is another's by now", b.table.CommitInbound(b.ctx, fresh), "claim")
	stranger := kept(&routing.Thread{ID: thread("t8")}, text(thread("t8"), 3, 20, 0, "hello"))
	stranger.Make = &routing.Thread{ID: thread("t8"), Org: org, Kind: routing.Guest, Number: phone(0), NumID: "n0", Rev: 1}
	b.refused("a stranger who is a client by now", b.table.CommitInbound(b.ctx, stranger), "claim")
	b.same("nothing of it is in the table", n, b.count())
}

// firstOfClient is a client's first text to the front desk: their ledger gains the thread
// without having been read, and whoever has read it sees that.
func firstOfClient(b *bench) {
	b.open()
	b.add(client1(cleo, 20, 21))
	made := func(local string, n int) store.InboundCommit {
		th := &routing.Thread{ID: thread(local), Org: org, Kind: routing.FrontDeskTalk, Client: cleo, Number: phone(0), NumID: "n0", Phones: []routing.Phone{phone(20), phone(21)}, Rev: 1}
		c := kept(th, text(th.ID, n, 20, 0, "hello"))
		c.Make, c.Routes = th, []store.RouteChange{{Route: route(th, phone(20))}, {Route: route(th, phone(21))}}
		c.Holds, c.Claim = &routing.Held{Thread: th.ID, Kind: th.Kind, Number: th.Number, NumID: th.NumID}, &store.Claim{Client: cleo, Version: 1}
		return c
	}
	c := made("d1", 1)
	b.must(b.table.CommitInbound(b.ctx, c))
	_, ledger, err := b.table.ClientFile(b.ctx, org, cleo)
	b.must(err)
	b.same("their ledger", routing.Ledger{Client: cleo, Rev: 1, Threads: []routing.Held{*c.Holds}}, ledger)
	b.refused("the household's other phone at the same moment", b.table.CommitInbound(b.ctx, made("d2", 2)), "route", "route")
	again := made("d3", 3)
	again.Routes = nil
	b.must(b.table.CommitInbound(b.ctx, again))
	_, ledger, err = b.table.ClientFile(b.ctx, org, cleo)
	b.must(err)
	b.same("their ledger with another", routing.Ledger{Client: cleo, Rev: 2, Threads: []routing.Held{*c.Holds, *again.Holds}}, ledger)
}

func answering(th *routing.Thread, n int, day int) store.InboundCommit {
	c := kept(th, text(th.ID, n, 20, 1, "hello"))
	auto := message(th.ID, n+1, 1, 20, "call us")
	auto.Status, auto.Attempt, auto.Lease, auto.Purpose = routing.Queued, 0, routing.Event{}.Lease, "auto"
	c.Auto, c.AutoTo, c.AutoOn, c.AutoAt = &auto, phone(20), phone(1), at(day*1440)
	return c
}

func autoOnce(b *bench) {
	th := b.talk()
	b.must(b.table.CommitInbound(b.ctx, answering(th, 1, 0)))
	second := answering(th, 10, 0)
	second.AutoAt = at(1439)
	b.refused("another within the day", b.table.CommitInbound(b.ctx, second), "auto")
	b.must(b.table.CommitInbound(b.ctx, answering(th, 20, 1)))
	_, r, _, err := b.table.InboundFacts(b.ctx, phone(1), phone(20), "SMx")
	b.must(err)
	b.same("when, and where the route leads", [2]string{at(1440).String(), string(th.ID)}, [2]string{r.Answered.String(), string(r.Thread)})
	// The first text of a pair: the route that it makes carries the answer.
	g := &routing.Thread{ID: thread("g5"), Org: org, Kind: routing.Guest, Number: phone(1), NumID: "n1", Phones: []routing.Phone{phone(50)}, Rev: 1}
	first := kept(g, text(g.ID, 31, 50, 1, "hello"))
	answer := message(g.ID, 32, 1, 50, "call us")
	made := route(g, phone(50))
	made.Answered = at(0)
	first.Make, first.Routes = g, []store.RouteChange{{Route: made}}
	first.Auto, first.AutoTo, first.AutoOn, first.AutoAt = &answer, phone(50), phone(1), at(0)
	b.must(b.table.CommitInbound(b.ctx, first))
	daily := message(g.ID, 33, 1, 50, "we are closed")
	daily.At = at(1439)
	b.refused("an automatic answer of another sort within the day", b.table.QueueOnce(b.ctx, daily, true), "auto")
	daily.At = at(1440)
	b.must(b.table.QueueOnce(b.ctx, daily, true))
	// A thread that takes another's place: the answer of its first text, and not twice.
	after, was := made, made
	after.Thread, after.Answered, was.Answered = thread("g6"), at(2000), at(1440)
	second = kept(&routing.Thread{ID: thread("g6")}, text(thread("g6"), 34, 50, 1, "hello"))
	second.Make, second.Routes = &routing.Thread{ID: thread("g6"), Org: org, Kind: routing.Guest, Client: cleo, Number: phone(1), NumID: "n1", Rev: 1}, []store.RouteChange{{Route: after, Was: &was}}
	answer = message(thread("g6"), 35, 1, 50, "call us")
	second.Auto, second.AutoTo, second.AutoOn, second.AutoAt = &answer, phone(50), phone(1), at(2000)
	b.refused("an answer with a new route within the day", b.table.CommitInbound(b.ctx, second), "route")
	second.Routes[0].Route.Answered, second.AutoAt = at(2*1440), at(2*1440)
	b.must(b.table.CommitInbound(b.ctx, second))
}

func consent(b *bench) {
	th := b.talk()
	stop := kept(th, text(th.ID, 1, 20, 1, "STOP"))
	stop.Consent, stop.Person, stop.Client = &routing.Consent{OptedOut: true, At: at(1), Word: "stop"}, phone(20), cleo
	b.must(b.table.CommitInbound(b.ctx, stop))
	got, err := b.table.Consent(b.ctx, org, phone(20))
	b.must(err)
	b.same("what they told us", *stop.Consent, got)
	c, _, err := b.table.ClientFile(b.ctx, org, cleo)
	b.must(err)
	b.same("the client's mark", true, c.OptedOut)
	elsewhere, err := b.table.Consent(b.ctx, other, phone(20))
	b.must(err)
	b.same("what another org was told", routing.Consent{}, elsewhere)
	e := message(th.ID, 2, 1, 20, "hi")
	b.refused("a message to them", b.table.CommitSend(b.ctx, store.SendCommit{Event: e, Touch: store.Touch{Event: e}, Rev: 1}), "consent")
	b.refused("an automatic answer to them", b.table.CommitInbound(b.ctx, answering(th, 5, 0)), "consent")
	stopped := message(th.ID, 3, 1, 20, "hi")
	stopped.Status = routing.Blocked
	b.must(b.table.CommitSend(b.ctx, store.SendCommit{Event: stopped, Touch: store.Touch{Event: stopped, Quiet: true}, Rev: 1}))

	start := kept(th, text(th.ID, 4, 20, 1, "START"))
	start.Consent, start.Person, start.Client = &routing.Consent{At: at(2), Word: "start"}, phone(20), cleo
	b.must(b.table.CommitInbound(b.ctx, start))
	b.must(b.table.CommitSend(b.ctx, store.SendCommit{Event: e, Touch: store.Touch{Event: e}, Rev: 1}))
	c, _, err = b.table.ClientFile(b.ctx, org, cleo)
	b.must(err)
	b.same("the client's mark after", false, c.OptedOut)
}

func holding(n int) store.InboundCommit {
	sid := fmt.Sprintf("SM%d", n)
	return store.InboundCommit{Sid: sid, Seen: store.Seen{Rule: 4, Target: routing.ToHeld, Reason: routing.ReasonDisabled}, SeenT: at(20000), Held: &store.HeldText{
		Org: org, Number: phone(1), Phone: phone(20), Order: order(n), Class: routing.SitterNum, Text: store.Text{Sid: sid, To: e164(1), From: e164(20), Body: "é\x00\n😀", At: at(n), Media: []routing.Media{{URL: "u"}}}}}
}

func held(b *bench) {
	th := b.talk()
	one, two := holding(1), holding(2)
	b.must(b.table.CommitInbound(b.ctx, two))
	b.must(b.table.CommitInbound(b.ctx, one))
	b.refused("the same again", b.table.CommitInbound(b.ctx, one), "seen", "held")
	b.same("how many wait", 2, b.facts(1, 20).Held)
	want := []store.HeldText{*one.Held, *two.Held}
	all, err := b.table.HeldTexts(b.ctx, 10)
	b.must(err)
	b.same("what waits", want, all)
	pair, err := b.table.HeldOf(b.ctx, phone(1), phone(20))
	b.must(err)
	b.same("what waits of the pair", want, pair)
	pair, err = b.table.HeldOf(b.ctx, phone(1), phone(2))
	b.must(err)
	b.same("what waits of another pair", []store.HeldText(nil), pair)

	// The first is released into the thread.
	c := kept(th, text(th.ID, 1, 20, 1, "é😀"))
	c.Sid, c.Released = one.Sid, one.Held
	b.must(b.table.CommitInbound(b.ctx, c))
	r := route(th, phone(20))
	r.Held = 1
	b.same("the route", &r, b.facts(1, 20))
	_, _, seen, err := b.table.InboundFacts(b.ctx, phone(1), phone(20), one.Sid)
	b.must(err)
	b.same("what was done with it now", &c.Seen, seen)
	twice := kept(th, text(th.ID, 2, 20, 1, "é😀"))
	twice.Sid, twice.Released = one.Sid, one.Held
	b.refused("releasing it again", b.table.CommitInbound(b.ctx, twice), "held")

	// The second is released into a new thread, whose route stands in the same row.
	guest := &routing.Thread{ID: thread("g1"), Org: org, Kind: routing.Guest, Client: cleo, Number: phone(1), NumID: "n1", Phones: []routing.Phone{phone(20)}, Rev: 1}
	e := text(guest.ID, 3, 20, 1, "é😀")
	b.must(b.table.CommitInbound(b.ctx, store.InboundCommit{Sid: two.Sid, Seen: c.Seen, SeenT: at(1), Released: two.Held, Event: &e, Thread: guest.ID, Make: guest,
		Routes: []store.RouteChange{{Route: route(guest, phone(20)), Was: &r}}}))
	r = route(guest, phone(20))
	b.same("the route after", &r, b.facts(1, 20))
	all, err = b.table.HeldTexts(b.ctx, 10)
	b.must(err)
	b.same("what waits after", []store.HeldText(nil), all)
}

func nowhere(b *bench) {
	in := store.Text{Sid: "SM1", To: e164(99), From: e164(20), Body: "hello?", At: at(0)}
	c := store.InboundCommit{Sid: in.Sid, Seen: store.Seen{Rule: 2, Target: routing.ToUnroutable, Reason: routing.ReasonUnknownNumber}, SeenT: at(1), Nowhere: &in, Order: order(1)}
	b.must(b.table.CommitInbound(b.ctx, c))
	n, r, seen, err := b.table.InboundFacts(b.ctx, phone(99), phone(20), "SM1")
	b.must(err)
	if n != nil || r != nil {
		b.Errorf("a number of no org has %v and %v", n, r)
	}
	b.same("what was done with it", &c.Seen, seen)
	b.refused("the same again", b.table.CommitInbound(b.ctx, c), "seen", "unroutable")
}

func kinds(b *bench) {
	th := b.talk()
	b.must(b.table.CommitInbound(b.ctx, holding(1)))
	b.must(b.table.CommitInbound(b.ctx, answering(th, 3, 0)))
	stop := kept(th, text(th.ID, 6, 20, 1, "STOP"))
	stop.Consent, stop.Person = &routing.Consent{OptedOut: true}, phone(20)
	b.must(b.table.CommitInbound(b.ctx, stop))
	b.must(b.table.CommitBookings(b.ctx, org, []store.BookingWrite{{Next: booking("b1", 0, 60, ana)}}))
	e := message(th.ID, 8, 1, 20, "hi")
	e.Status = routing.Blocked
	b.must(b.table.CommitSend(b.ctx, store.SendCommit{Idem: "k", Event: e, Touch: store.Touch{Event: e}, Rev: 1, Sitter: ana, Lock: true, Attempt: &store.Attempt{Sitter: ana, Event: e.ID, At: e.At}}))
	b.must(b.table.LeaveBehind(b.ctx, e.ID, at(5)))
	b.must(b.table.Park(b.ctx, order(1), "outbox", "x", "{}", at(0)))
	b.must(b.table.KeepReport(b.ctx, order(1), "SM1", "e", "sent", 0))
	b.must(b.table.AddAudit(b.ctx, org, store.Audit{Order: order(1), At: at(0)}))
	b.must(b.table.CommitFold(b.ctx, store.Fold{PK: "T#x", Org: org, Seq: "1", Add: map[string]int64{"inbox": 1}, Decisions: []store.DecisionRow{{Order: order(1), At: at(0)}}}))

	// Routes that were made by a held text, and by nothing but a key.
	b.must(b.table.SettleWindow(b.ctx, th.ID, th.Windows[0]))
	seen := map[string]bool{}
	p := dynamodb.NewScanPaginator(b.db, &dynamodb.ScanInput{TableName: &b.stand.Name, ConsistentRead: aws.Bool(true)})
	for p.HasMorePages() {
		out, err := p.NextPage(b.ctx)
		b.must(err)
		for _, it := range out.Items {
			k, ok := it["kind"].(*types.AttributeValueMemberS)
			pk := it["PK"].(*types.AttributeValueMemberS).Value
			if pk == "O#"+string(org)+"#W" {
				if len(it) != 2 {
					b.Errorf("a compact window has more than its key: %v", it)
				}
				continue // the one kind without a kind: nobody follows it, and it is read by the hundred
			}
			if !ok || k.Value == "" {
				b.Errorf("an item of %s has no kind", pk)
				continue
			}
			seen[k.Value] = true
		}
	}
	for _, k := range [...]string{"org", "number", "sitter", "client", "phone", "ledger", "booking", "assignment", "thread", "route", "window", "event", "seen", "held", "consent", "idem", "attempt", "due",
		"parked", "report", "audit", "fold", "count", "decision"} {
		if !seen[k] {
			b.Errorf("no item is of kind %s", k)
		}
	}
}
