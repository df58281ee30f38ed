package storetest

import (
	"fmt"
	"time"

	"snout/shared/routing"
	"snout/shared/store"
)

// spent runs work with a meter.
func (b *bench) spent(work func(*bench)) store.Spent {
	ctx, m := store.WithMeter(b.ctx)
	in := *b
	in.ctx = ctx
	work(&in)
	return m.Spent()
}

// within holds what an operation costs against its budget. Costs above are a broken
// promise; the figure itself is logged, for the table in the package comment.
func (b *bench) within(what string, budget store.Spent, work func(*bench)) {
	b.Helper()
	got := b.spent(work)
	b.Logf("%-55s %d trips, %4.1f RRU, %4.1f WRU (budget %d, %.0f, %.0f)", what, got.Trips, got.RRU, got.WRU, budget.Trips, budget.RRU, budget.WRU)
	if got.Trips > budget.Trips || got.RRU > budget.RRU || got.WRU > budget.WRU {
		b.Errorf("%s costs %+v, its budget is %+v", what, got, budget)
	}
	if got.Trips == 0 {
		b.Errorf("%s is not metered", what)
	}
}

// budgets holds the store's part of the house's table of budgets.
func budgets(b *bench) {
	th := b.talk()
	n := 0
	next := func() int { n++; return n }
	b.must(b.table.CommitInbound(b.ctx, kept(th, text(th.ID, next(), 20, 1, "hello")))) // the inbox and the list have it

	b.within("inbound text of a known pair", store.Spent{Trips: 2, RRU: 3, WRU: 10}, func(b *bench) {
		e := text(th.ID, next(), 20, 1, "hello again, is all well with Rex?")
		_, _, _, err := b.table.InboundFacts(b.ctx, phone(1), phone(20), "SMx")
		b.must(err)
		b.must(b.table.CommitInbound(b.ctx, kept(th, e)))
	})
	b.within("first text of a pair", store.Spent{Trips: 3, RRU: 6, WRU: 14}, func(b *bench) {
		_, _, _, err := b.table.InboundFacts(b.ctx, phone(0), phone(60), "SMf")
		b.must(err)
		_, _, err = b.table.SenderFacts(b.ctx, org, phone(60))
		b.must(err)
		g := &routing.Thread{ID: thread("gx"), Org: org, Kind: routing.Guest, Number: phone(0), NumID: "n0", Phones: []routing.Phone{phone(60)}, Rev: 1, Open: 1, OpenReason: routing.ReasonUnknownSender, LastText: "hello"}
		e := text(g.ID, next(), 60, 0, "hello, do you have time for a cat?")
		b.must(b.table.CommitInbound(b.ctx, store.InboundCommit{Sid: "SMf", SeenT: at(1), Event: &e, Thread: g.ID, Make: g, Routes: []store.RouteChange{{Route: route(g, phone(60))}}}))
	})
	b.within("keyword of a known pair", store.Spent{Trips: 3, RRU: 6, WRU: 14}, func(b *bench) {
		e := text(th.ID, next(), 20, 1, "START")
		_, _, _, err := b.table.InboundFacts(b.ctx, phone(1), phone(20), "SMk")
		b.must(err)
		_, _, err = b.table.SenderFacts(b.ctx, org, phone(20))
		b.must(err)
		c := kept(th, e)
		c.Consent, c.Person, c.Client = &routing.Consent{At: at(1), Word: "start"}, phone(20), cleo
		b.must(b.table.CommitInbound(b.ctx, c))
	})
	b.within("inbound repeat of a known MessageSid", store.Spent{Trips: 1, RRU: 3}, func(b *bench) {
		_, _, seen, err := b.table.InboundFacts(b.ctx, phone(1), phone(20), "SMf")
		b.must(err)
		if seen == nil {
			b.Error("not seen")
		}
	})
	// The house says 11. The consent that is checked in the same transaction and the
	// idempotency key are two units each, and neither can go: a STOP in between must stop
	// the message, and a repeat must find its answer. (A report that tells nothing new is
	// refused, which the table bills with one more and does not report.)
	b.within("send, with two status reports", store.Spent{Trips: 5, RRU: 3, WRU: 12}, func(b *bench) {
		_, _, _, _, err := b.table.SendFacts(b.ctx, th.ID, "key", "", at(0))
		b.must(err)
		e := message(th.ID, next(), 1, 20, "all is well, Rex had his walk")
		b.must(b.table.CommitSend(b.ctx, store.SendCommit{Idem: "key", Use: store.Idem{Body: "digest", Event: e.ID}, Until: at(1), Event: e, Touch: store.Touch{Event: e}, Rev: 1}))
		b.must(b.table.Record(b.ctx, e.ID, 1, store.Outcome{Status: routing.Sent, Sid: "SM1"}))
		b.must(b.table.Report(b.ctx, e.ID, store.Outcome{Status: routing.Sent, Sid: "SM1"})) // nothing new: refused, and not metered
		b.must(b.table.Report(b.ctx, e.ID, store.Outcome{Status: routing.Delivered, Sid: "SM1"}))
	})
	b.within("booking with one visit assigned in a thread that is there", store.Spent{Trips: 4, RRU: 5, WRU: 14}, func(b *bench) {
		f, err := b.table.AssignFacts(b.ctx, org, "b2", cleo)
		b.must(err)
		w := window("b2", 1, ana, 300, 360)
		coming := queued(th, next())
		b.must(b.table.CommitAssign(b.ctx, store.AssignCommit{Org: org, Next: routing.Assignment{Booking: "b2", Client: cleo, Version: 1, Sitter: ana, Thread: th.ID, Windows: []routing.Window{w}, Told: ana, ToldEvent: coming.ID},
			Coming: &coming, Changes: []store.ThreadChange{{Thread: f.Threads[0], Stand: []routing.Window{w}, Windows: append(f.Threads[0].Windows, w), LastEnd: w.End, LastSit: ana, Rise: at(3), Order: order(next())}}}))
	})

	for i := range 60 {
		local := fmt.Sprintf("l%02d", i)
		g := service(local, 1, cleo, []routing.Window{window("b1", 1, ana, 0, 60)}, 20)
		g.LastText, g.Name, g.ID = "hello, is all well with Rex and Tom?", "Cleo Park", thread(local)
		b.must(b.table.MakeThread(b.ctx, store.ThreadCommit{Thread: g, Order: order(200 + i)}))
		e := text(th.ID, 300+i, 20, 1, "hello, is all well with Rex and Tom?")
		c := kept(th, e)
		c.Rev = 2
		b.must(b.table.CommitInbound(b.ctx, c))
	}
	b.within("list of 50 threads", store.Spent{Trips: 1, RRU: 7}, func(b *bench) {
		ths, _, err := b.table.Threads(b.ctx, org, false, "", 50)
		b.must(err)
		b.same("how many", 50, len(ths))
	})
	b.within("thread with 50 events", store.Spent{Trips: 2, RRU: 4}, func(b *bench) {
		p, err := b.table.Page(b.ctx, th.ID, at(0), 50)
		b.must(err)
		b.same("how many", 50, len(p.Events))
		_, err = b.table.Roster(b.ctx, org, false)
		b.must(err)
	})

	add := map[string]int64{}
	for _, name := range [...]string{"inbox", "oper", "blocked", "held", "sit", "o:queued", "o:sent", "o:delivered", "o:failed", "o:unknown", "t:n0", "t:n1", "t:n2", "t:n3"} {
		add[name] = 1_000_000
	}
	var ds []store.DecisionRow
	for i := range 50 {
		ds = append(ds, store.DecisionRow{Order: order(i) + "#t1", Thread: th.ID, Class: routing.SitterNum, Target: routing.ToOwnerInbox, Reason: routing.ReasonNoWindow + ": next window Mon, Mar 2 – 3:00 PM", Rule: 9, Sender: phone(20), Recip: phone(1), At: at(i)})
	}
	b.must(b.table.CommitFold(b.ctx, store.Fold{PK: "T#x", Org: org, Seq: "1", Add: add, Decisions: ds}))
	for hour := range 26 { // a day in which something happened in every hour
		b.must(b.table.CommitFold(b.ctx, store.Fold{PK: "T#y", Org: org, Seq: fmt.Sprint(hour + 1), Add: map[string]int64{"oper": 1_000_000, "held": 0}, At: at(0).Add(time.Duration(hour-25) * time.Hour)}))
	}
	var ws []routing.Window
	for i := range 400 {
		ws = append(ws, window("b400", i, ana, i%300, i%300+60))
	}
	many := service("w0123456789", 2, dora, ws, 30)
	many.Windows, many.More = ws[:6], true
	c := assigned("b400", many)
	c.Changes[0].Stand, c.Next.Windows = ws, nil
	b.must(b.table.CommitAssign(b.ctx, c))
	for _, w := range ws {
		b.must(b.table.SettleWindow(b.ctx, many.ID, w))
	}
	diagnostics := func(b *bench) {
		r, err := b.table.Roster(b.ctx, org, false)
		b.must(err)
		b.same("a count", int64(1_000_000), r.Counts["inbox"])
		_, err = b.table.CountWindows(b.ctx, org, at(0))
		b.must(err)
		ds, ts, err := b.table.Newest(b.ctx, org, 50, at(0))
		b.must(err)
		b.same("how many decisions", 50, len(ds))
		b.same("an hour of the trends", int64(1_000_000), ts["oper"][0])
	}
	b.within("diagnostics, 400 windows and a million events counted", store.Spent{Trips: 3, RRU: 6}, diagnostics)

	// What was counted may grow as it likes.
	before := b.spent(diagnostics)
	for name := range add {
		add[name] = 4_000_000_000
	}
	b.must(b.table.CommitFold(b.ctx, store.Fold{PK: "T#x", Org: org, Seq: "2", Add: add, Decisions: nil}))
	after := b.spent(func(b *bench) {
		_, err := b.table.Roster(b.ctx, org, false)
		b.must(err)
		_, err = b.table.CountWindows(b.ctx, org, at(0))
		b.must(err)
		_, _, err = b.table.Newest(b.ctx, org, 50, at(0))
		b.must(err)
	})
	b.same("what diagnostics costs with four thousand times as many events", before, after)
	b.lists()
}

// lists are what the other pages cost.
func (b *bench) lists() {
	b.within("the owner inbox", store.Spent{Trips: 1, RRU: 4}, func(b *bench) {
		_, _, _, err := b.table.OwnerInbox(b.ctx, org, "", 50)
		b.must(err)
	})
	b.within("a sitter's windows", store.Spent{Trips: 1, RRU: 1}, func(b *bench) {
		_, err := b.table.SitterWindows(b.ctx, org, ben, at(0))
		b.must(err)
	})
	b.within("what is due", store.Spent{Trips: 1, RRU: 1}, func(b *bench) {
		_, err := b.table.Due(b.ctx, at(0), 200)
		b.must(err)
	})
	b.within("one list of bookings", store.Spent{Trips: 1, RRU: 1}, func(b *bench) {
		_, _, err := b.table.Bookings(b.ctx, org, time.Time{}, time.Time{}, "", 50)
		b.must(err)
	})
}
