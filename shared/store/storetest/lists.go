package storetest

import (
	"encoding/base64"
	"fmt"
	"slices"
	"time"

	"snout/shared/routing"
	"snout/shared/store"
)

func pages(b *bench) {
	th := b.talk()
	var events []routing.EventID
	var threads []routing.ThreadID
	var people []routing.ClientID
	var books []routing.BookingID
	for i := range 11 {
		e := text(th.ID, i+1, 20, 1, "hello")
		b.must(b.table.CommitInbound(b.ctx, kept(th, e)))
		events = append(events, e.ID)
		id := fmt.Sprintf("p%02d", i)
		guest := &routing.Thread{ID: thread(id), Org: org, Kind: routing.Guest, Number: phone(0), NumID: "n0", Phones: []routing.Phone{phone(40 + i)}, Rev: 1}
		b.must(b.table.MakeThread(b.ctx, store.ThreadCommit{Thread: guest, Order: order(100 + i%4)})) // some at the same instant
		threads = append(threads, guest.ID)
		c := client1(routing.ClientID(id), 40+i)
		b.add(c)
		people = append(people, c.ID)
		k := booking(id, 60*(i%3), 600, ana)
		b.must(b.table.CommitBookings(b.ctx, org, []store.BookingWrite{{Next: k}}))
		books = append(books, k.ID)
	}
	billing := &routing.Thread{ID: thread("bill"), Org: org, Kind: routing.Billing, Number: phone(0), NumID: "n0", Rev: 1}
	b.must(b.table.MakeThread(b.ctx, store.ThreadCommit{Thread: billing, Order: order(500)}))
	slices.Reverse(events)
	threads = append(threads, th.ID)
	people = append([]routing.ClientID{cleo}, people...)

	for _, size := range [...]int{1, 3, 11, 50} {
		var es []routing.EventID
		for cursor := ""; ; {
			got, next, err := b.table.Events(b.ctx, th.ID, cursor, size)
			b.must(err)
			for _, e := range got {
				es = append(es, e.ID)
			}
			if cursor = next; next == "" {
				break
			}
		}
		b.same(fmt.Sprintf("events by %d", size), events, es)

		var ts []routing.ThreadID
		var last string
		for cursor := ""; ; {
			got, next, err := b.table.Threads(b.ctx, org, false, cursor, size)
			b.must(err)
			for _, x := range got {
				ts = append(ts, x.ID)
			}
			if cursor = next; next == "" {
				break
			}
			if last != "" && next[:11] > last[:11] {
				b.Errorf("threads by %d: %s comes after %s", size, next, last)
			}
			last = next
		}
		slices.Sort(ts)
		b.same(fmt.Sprintf("threads by %d", size), threads, ts)

		var cs []routing.ClientID
		for cursor := ""; ; {
			got, next, err := b.table.Clients(b.ctx, org, cursor, size)
			b.must(err)
			for _, x := range got {
				cs = append(cs, x.ID)
			}
			if cursor = next; next == "" {
				break
			}
		}
		b.same(fmt.Sprintf("clients by %d", size), people, cs)

		var bs []routing.BookingID
		var before time.Time
		for cursor := ""; ; {
			got, next, err := b.table.Bookings(b.ctx, org, time.Time{}, time.Time{}, cursor, size)
			b.must(err)
			for _, x := range got {
				if x.Start.Before(before) {
					b.Errorf("bookings by %d: %s comes too late", size, x.ID)
				}
				before = x.Start
				bs = append(bs, x.ID)
			}
			if cursor = next; next == "" {
				break
			}
		}
		slices.Sort(bs)
		b.same(fmt.Sprintf("bookings by %d", size), books, bs)
	}
	bills, _, err := b.table.Threads(b.ctx, org, true, "", 10)
	b.must(err)
	b.same("the billing list", []*routing.Thread{billing}, bills)
	none, _, err := b.table.Threads(b.ctx, other, false, "", 10)
	b.must(err)
	b.same("another org's list", []*routing.Thread(nil), none)
	o, mine, err := b.table.OrgAndThreads(b.ctx, org, []routing.ThreadID{billing.ID, thread("gone")})
	b.must(err)
	b.same("the org", org, o.ID)
	b.same("threads with their org", []*routing.Thread{billing}, mine)
	_, _, err = b.table.OrgAndThreads(b.ctx, "nowhere", []routing.ThreadID{billing.ID})
	b.is("an org that is not there", err, store.ErrNotFound)
	some, err := b.table.ThreadsByID(b.ctx, []routing.ThreadID{billing.ID, thread("gone")})
	b.must(err)
	b.same("threads by id", []*routing.Thread{billing}, some)
}

func cursors(b *bench) {
	b.talk()
	for _, c := range [...]string{".t1", "x", "!!", "....", "UPPER.t1", "a b.t1", "%00.t1", "01ab.", "01ab.t1.", "01ab.T1", string(make([]byte, 3000)), "E#.t1", "~~.t1"} {
		if _, _, err := b.table.Threads(b.ctx, org, false, c, 10); err == nil {
			b.Errorf("threads take the cursor %.20q", c)
		} else {
			b.is("threads' cursor", err, store.ErrCursor)
		}
		if c != "x" { // which could be a place in a thread
			_, _, err := b.table.Events(b.ctx, thread("t1"), c, 10)
			b.is("events' cursor", err, store.ErrCursor)
		}
		_, _, err := b.table.Clients(b.ctx, org, c, 10)
		b.is("clients' cursor", err, store.ErrCursor)
		_, _, err = b.table.Bookings(b.ctx, org, time.Time{}, time.Time{}, c, 10)
		b.is("bookings' cursor", err, store.ErrCursor)
	}
}

func ownerInbox(b *bench) {
	th := b.talk()
	q := text(th.ID, 5, 20, 1, "who?")
	q.Open, q.Routing = true, &routing.Routed{Rule: 9, Target: routing.ToOwnerInbox, Reason: routing.ReasonNoWindow}
	c := kept(th, q)
	c.Touch.Opens = q.Routing
	b.must(b.table.CommitInbound(b.ctx, c))
	var as []routing.Alert
	for _, n := range [...]int{7, 3} {
		a := routing.Alert{ID: routing.NewAlertID(org, order(n)), Kind: "sitter_asks", Severity: "high", Text: "?", At: at(n), Open: true}
		b.must(b.table.PutAlert(b.ctx, a))
		as = append(as, a)
	}
	ths, alerts, next, err := b.table.OwnerInbox(b.ctx, org, "", 50)
	b.must(err)
	b.same("threads", []*routing.Thread{b.thread(th.ID)}, ths)
	b.same("alerts, newest first", as, alerts)
	b.same("a list that ends with its page has no cursor", "", next)
	// One at a time: alerts and threads of one order, without gap or repeat.
	var one [3]string
	for i, cursor := 0, ""; i < 3; i++ {
		ths, alerts, cursor, err = b.table.OwnerInbox(b.ctx, org, cursor, 1)
		b.must(err)
		b.same("how many", 1, len(ths)+len(alerts))
		b.same("whether there is more", i < 2, cursor != "")
		for _, th := range ths {
			one[i] = string(th.ID)
		}
		for _, a := range alerts {
			one[i] = string(a.ID)
		}
	}
	b.same("page by page", [3]string{string(as[0].ID), string(th.ID), string(as[1].ID)}, one)
	for _, wrong := range []string{"x", "AAAA", base64.RawURLEncoding.EncodeToString([]byte("a#b")), base64.RawURLEncoding.EncodeToString([]byte("a.b#c"))} {
		_, _, _, err = b.table.OwnerInbox(b.ctx, org, wrong, 1)
		b.is("a cursor that this table did not give: "+wrong, err, store.ErrCursor)
	}
	as[0].Open, as[0].Resolved = false, "owner olga: called"
	b.must(b.table.PutAlert(b.ctx, as[0]))
	done := true
	b.must(b.table.MarkThread(b.ctx, th.ID, store.ThreadMark{Done: &done}))
	ths, alerts, _, err = b.table.OwnerInbox(b.ctx, org, "", 50)
	b.must(err)
	b.same("threads after", []*routing.Thread(nil), ths)
	b.same("alerts after", as[1:], alerts)
	ths, alerts, _, err = b.table.OwnerInbox(b.ctx, other, "", 50)
	b.must(err)
	b.same("another org's", 0, len(ths)+len(alerts))
}

func marks(b *bench) {
	th := b.talk()
	b.must(b.table.CommitInbound(b.ctx, kept(th, text(th.ID, 1, 20, 1, "hello"))))
	no := false
	b.must(b.table.MarkThread(b.ctx, th.ID, store.ThreadMark{Read: true}))
	got := b.thread(th.ID)
	b.same("unread for owner, sitter", [2]int{0, 1}, [2]int{got.Unread, got.SitterUnread})
	b.must(b.table.MarkThread(b.ctx, th.ID, store.ThreadMark{SitterRead: true, Done: &no}))
	got = b.thread(th.ID)
	b.same("unread for owner, sitter", [2]int{0, 0}, [2]int{got.Unread, got.SitterUnread})
	b.is("a thread that is not there", b.table.MarkThread(b.ctx, thread("t9"), store.ThreadMark{Read: true}), store.ErrNotFound)

	note := routing.Event{ID: routing.NewEventID(th.ID, order(2)), Dir: routing.Note, Author: routing.Author{Role: routing.RoleSitter, ID: string(ana), Name: "Ana Ruiz"}, Text: "the key?", At: at(2),
		Visibility: routing.VisibleAll, ForwardTo: []routing.SitterID{ana}}
	a := routing.Alert{ID: routing.NewAlertID(org, order(2)), Kind: "sitter_asks", Severity: "high", Text: "the key?", Thread: th.ID, At: at(2), Open: true}
	b.must(b.table.AddNote(b.ctx, note, store.Question{Asks: ana, Alert: &a}))
	b.same("the note", note, b.event(note.ID))
	b.same("who asked, and how the owner knows", [2]string{string(ana), string(a.ID)}, [2]string{string(b.thread(th.ID).Asked), string(b.thread(th.ID).Question)})
	a.Open = false
	answer := note
	answer.ID, answer.Text = routing.NewEventID(th.ID, order(3)), "under the mat"
	b.must(b.table.AddNote(b.ctx, answer, store.Question{Answers: true, Alert: &a}))
	b.same("who asks once it is answered", [2]string{}, [2]string{string(b.thread(th.ID).Asked), string(b.thread(th.ID).Question)})
	note.ID = routing.NewEventID(thread("t9"), order(2))
	b.is("a note in a thread that is not there", b.table.AddNote(b.ctx, note, store.Question{}), store.ErrNotFound)

	// Front desk and billing know of each other, and of what they knew before.
	desk := &routing.Thread{ID: thread("d1"), Org: org, Kind: routing.FrontDeskTalk, Number: phone(0), NumID: "n0", Client: cleo, Phones: []routing.Phone{phone(20)}, Links: []routing.ThreadID{thread("g1")}, Rev: 1}
	bill := &routing.Thread{ID: thread("d2"), Org: org, Kind: routing.Billing, Number: phone(0), NumID: "n0", Client: cleo, Links: []routing.ThreadID{desk.ID}, Rev: 1}
	b.must(b.table.MakeThread(b.ctx, store.ThreadCommit{Thread: desk, Order: order(3), Routes: []store.RouteChange{{Route: route(desk, phone(20))}}}))
	b.must(b.table.MakeThread(b.ctx, store.ThreadCommit{Thread: bill, Order: order(4), Sibling: desk.ID}))
	b.same("the front desk's links", []routing.ThreadID{thread("g1"), bill.ID}, b.thread(desk.ID).Links)
	b.refused("the same again", b.table.MakeThread(b.ctx, store.ThreadCommit{Thread: desk, Order: order(3), Routes: []store.RouteChange{{Route: route(desk, phone(20))}}}), "thread", "route")
	rs, ths, err := b.table.Conversations(b.ctx, []store.Pair{{Number: phone(0), Phone: phone(20)}, {Number: phone(0), Phone: phone(21)}}, []routing.ThreadID{bill.ID, thread("no")})
	b.must(err)
	b.same("routes", map[store.Pair]routing.Route{{Number: phone(0), Phone: phone(20)}: route(desk, phone(20))}, rs)
	b.same("threads", map[routing.ThreadID]*routing.Thread{desk.ID: b.thread(desk.ID), bill.ID: bill}, ths)

	// What the business wrote last in leads the client's next text there.
	e := message(bill.ID, 9, 0, 20, "your invoice")
	to := route(bill, phone(20))
	b.must(b.table.CommitSend(b.ctx, store.SendCommit{Event: e, Touch: store.Touch{Event: e}, Rev: 1, Route: &to}))
	b.same("the route", &to, b.facts(0, 20))

	// A number that becomes a pool number rests for the client.
	after := b.thread(th.ID)
	after.Until = at(5000)
	all, err := b.table.RoutesOf(b.ctx, phone(1))
	b.must(err)
	b.same("the number's routes", []routing.Route{route(th, phone(20))}, all)
	b.must(b.table.Rest(b.ctx, after, all))
	b.steady(b.thread(th.ID))
	b.same("the route's end", at(5000), b.facts(1, 20).Until)
	b.refused("rest by an old reading", b.table.Rest(b.ctx, after, all), "thread")
	b.must(b.table.DropRoutes(b.ctx, all))
	by, err := b.table.Routes(b.ctx, phone(1), []routing.Phone{phone(20)})
	b.must(err)
	b.same("routes taken away", map[routing.Phone]*routing.Route{}, by)
}

func editEvent(b *bench) {
	th := b.talk()
	var es []routing.Event
	for n := range 2 {
		q := text(th.ID, n+1, 20, 1, "who?")
		q.Open, q.Visibility, q.Booking, q.Routing = true, routing.VisibleOwner, "", &routing.Routed{Rule: 10, Target: routing.ToOwnerInbox, Reason: routing.ReasonOverlap}
		c := kept(th, q)
		c.Touch.Opens, c.Touch.Choices = q.Routing, []routing.SitterID{ana, ben}
		b.must(b.table.CommitInbound(b.ctx, c))
		es = append(es, q)
	}
	now := b.thread(th.ID)
	b.same("open", 2, now.Open)
	edit := store.EventEdit{Event: es[0].ID, Forward: []routing.SitterID{ben}, Close: true, Booking: "b7"}
	b.must(b.table.EditEvent(b.ctx, es[0], edit, now))
	b.refused("the same on an old reading", b.table.EditEvent(b.ctx, es[0], edit, now), "thread", "event")
	es[0].ForwardTo, es[0].Open, es[0].Booking = []routing.SitterID{ben}, false, "b7"
	b.same("the text", es[0], b.event(es[0].ID))
	now = b.thread(th.ID)
	b.same("open after one", [2]any{1, routing.ReasonOverlap}, [2]any{now.Open, now.OpenReason})
	b.must(b.table.EditEvent(b.ctx, es[1], store.EventEdit{Event: es[1].ID, Close: true, Visibility: routing.VisibleAll}, now))
	now = b.thread(th.ID)
	b.same("open after both", [4]any{0, "", 0, 0}, [4]any{now.Open, now.OpenReason, now.OpenRule, len(now.Choices)})
	ths, _, _, err := b.table.OwnerInbox(b.ctx, org, "", 100)
	b.must(err)
	b.same("the owner inbox", []*routing.Thread(nil), ths)
	b.must(b.table.EditEvent(b.ctx, es[0], store.EventEdit{Event: es[0].ID}, now)) // nothing asked, nothing done
}

// opened is what somebody sees who opens a thread: each page without gap or repeat, and the
// windows since an instant, however many stand before the row.
func opened(b *bench) {
	b.open()
	b.add(client1(cleo, 20))
	for _, n := range [...]int{0, 1, 3, 9, 40} {
		var ws []routing.Window
		for i := range n {
			ws = append(ws, window("b1", i, ana, i*60, i*60+30))
		}
		th := service(fmt.Sprintf("p%d", n), 1, cleo, nil, 20)
		var want []routing.Event
		b.must(b.table.MakeThread(b.ctx, store.ThreadCommit{Thread: th, Order: order(0)}))
		c := assigned(fmt.Sprintf("b%d", n), th)
		c.Ledger, c.WasRoutes, c.Next.Windows = nil, nil, nil
		th.Phones = nil
		c.Changes = []store.ThreadChange{{Thread: th, Stand: ws, Windows: ws[:min(n, 6)], LastEnd: at(0), LastSit: ana, History: []routing.HandedOver{{Booking: "b1", Handed: routing.Handed{At: at(1), To: ana, By: "owner:o", Reason: "because, as we said"}}}, Older: at(2)}}
		b.must(b.table.CommitAssign(b.ctx, c))
		for i := range 13 {
			e := message(th.ID, 100+i, 1, 20, "hello")
			b.must(b.table.CommitSend(b.ctx, store.SendCommit{Event: e, Touch: store.Touch{Event: e, Look: i == 3}, Rev: 2}))
			want = append([]routing.Event{e}, want...)
		}
		row := b.thread(th.ID)
		b.same("the history on the row", c.Changes[0].History, row.History)
		b.same("since when there is more, and the mark", [2]any{at(2), true}, [2]any{row.Older, row.Look})
		for _, limit := range [...]int{0, 1, 12, 13, 14, 50} {
			says := fmt.Sprintf("%d windows, a page of %d: ", n, limit)
			p, err := b.table.Page(b.ctx, th.ID, at(0), limit)
			b.must(err)
			b.same(says+"the row", row, p.Thread)
			b.same(says+"the windows", ws, p.Windows)
			var none []routing.Event
			b.same(says+"the events", append(none, want[:min(limit, 13)]...), append(none, p.Events...))
			b.same(says+"whether there are older ones", limit > 0 && limit < 13, p.Next != "")
			if p.Next != "" {
				older, _, err := b.table.Events(b.ctx, th.ID, p.Next, 50)
				b.must(err)
				b.same(says+"the older ones", want[limit:], older)
			}
		}
		if n == 9 {
			p, err := b.table.Page(b.ctx, th.ID, ws[4].End, 5)
			b.must(err)
			b.same("the windows since one's end", ws[4:], p.Windows)
			p, err = b.table.Page(b.ctx, th.ID, ws[4].End.Add(time.Millisecond), 5)
			b.must(err)
			b.same("the windows after one's end", ws[5:], p.Windows)
		}
	}
	_, err := b.table.Page(b.ctx, thread("none"), at(0), 50)
	b.is("a thread that is not there", err, store.ErrNotFound)
}
