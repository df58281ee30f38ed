package storetest

import (
	"fmt"
	"time"

	"snout/shared/routing"
	"snout/shared/store"
)

func inventory(b *bench) {
	b.open()
	want := &store.Roster{Org: business,
		Numbers: []routing.Number{number(0, routing.FrontDesk, ""), number(1, routing.SitterNum, ana), number(2, routing.Pool, ""), number(3, routing.Pool, "")},
		Sitters: []routing.Sitter{{ID: ana, Name: "Ana Ruiz", Active: true, Number: "n1", Version: 1}, {ID: ben, Name: "Ben Ode", Active: true, Phone: phone(90), Notify: true, Version: 1}},
	}
	for _, strong := range [...]bool{true, false} {
		got, err := b.table.Roster(b.ctx, org, strong)
		b.must(err)
		b.same("the roster", want, got)
	}
	one, err := b.table.Org(b.ctx, org)
	b.must(err)
	b.same("the org", want.Org, one)
	s, err := b.table.Sitter(b.ctx, org, ben)
	b.must(err)
	b.same("the sitter", want.Sitters[1], s)
	truth, err := b.table.TruthOf(b.ctx, phone(1), phone(77))
	b.must(err)
	b.same("the numbers by themselves", map[routing.Phone]routing.Number{phone(1): want.Numbers[1]}, truth)

	_, err = b.table.Roster(b.ctx, other, true)
	b.is("another org's roster", err, store.ErrNotFound)
	_, err = b.table.Org(b.ctx, other)
	b.is("another org", err, store.ErrNotFound)
	_, err = b.table.Sitter(b.ctx, other, ana)
	b.is("another org's sitter of the same id", err, store.ErrNotFound)

	// One number goes to a sitter, with what an imported one led to before.
	next, benNext := want.Numbers[2], want.Sitters[1]
	next.Class, next.Sitter, benNext.Number, benNext.Locked = routing.SitterNum, ben, "n2", true
	hooks := store.Hooks{Number: "n2", Sid: "PN2", Was: "https://before.example"}
	b.must(b.table.CommitInventory(b.ctx, store.InventoryCommit{Org: business, Numbers: []store.NumberWrite{{Next: next, Was: &want.Numbers[2]}},
		Sitters: []store.SitterWrite{{Next: benNext, Was: &want.Sitters[1]}}, Hooks: &hooks}))
	next.Version, benNext.Version = 2, 2
	benNext.Locked = false // the lock is nobody's to write here
	got, err := b.table.Roster(b.ctx, org, true)
	b.must(err)
	b.same("the roster after", &store.Roster{Org: business, Numbers: []routing.Number{want.Numbers[0], want.Numbers[1], next, want.Numbers[3]}, Sitters: []routing.Sitter{want.Sitters[0], benNext}}, got)
	truth, err = b.table.TruthOf(b.ctx, phone(2))
	b.must(err)
	b.same("the number by itself", map[routing.Phone]routing.Number{phone(2): next}, truth)
	hs, err := b.table.HooksOf(b.ctx, org)
	b.must(err)
	b.same("its hooks", []store.Hooks{hooks}, hs)
	b.must(b.table.CommitInventory(b.ctx, store.InventoryCommit{Org: business, Unhook: "n2"}))
	hs, err = b.table.HooksOf(b.ctx, org)
	b.must(err)
	b.same("hooks taken away", []store.Hooks(nil), hs)
}

func inventoryRefused(b *bench) {
	b.open()
	o := business
	o.Version = 0
	b.refused("founding it again", b.table.CommitInventory(b.ctx, store.InventoryCommit{Org: o, OrgNext: &o, Found: true}), "found")

	renamed := business
	renamed.Name = "Pawsome Two"
	stale := business
	stale.Version = 7
	b.refused("settings read before a change", b.table.CommitInventory(b.ctx, store.InventoryCommit{Org: stale, OrgNext: &renamed}), "org")
	b.refused("a number beside settings that changed", b.table.CommitInventory(b.ctx, store.InventoryCommit{Org: stale, Numbers: b.numbers(number(4, routing.Pool, ""))}), "org")
	b.refused("a second front desk", b.table.CommitInventory(b.ctx, store.InventoryCommit{Org: business, Desk: &store.DeskMove{To: "n4"}}), "desk")
	b.refused("a front desk moved from where it is not", b.table.CommitInventory(b.ctx, store.InventoryCommit{Org: business, Desk: &store.DeskMove{From: "n3", To: "n4"}}), "desk")
	b.refused("a number that is rented already", b.table.CommitInventory(b.ctx, store.InventoryCommit{Org: business, Numbers: b.numbers(number(2, routing.Pool, ""))}), "number")
	old := number(2, routing.Pool, "")
	old.Version = 9
	b.refused("a number that has changed", b.table.CommitInventory(b.ctx, store.InventoryCommit{Org: business, Numbers: []store.NumberWrite{{Next: old, Was: &old}}}), "number", "listed")
	b.refused("a sitter's id taken", b.table.CommitInventory(b.ctx, store.InventoryCommit{Org: business, Sitters: []store.SitterWrite{{Next: routing.Sitter{ID: ana}}}}), "sitter")
	b.refused("a sitter who has changed", b.table.CommitInventory(b.ctx, store.InventoryCommit{Org: business, Sitters: []store.SitterWrite{{Next: routing.Sitter{ID: ana}, Was: &routing.Sitter{ID: ana, Version: 3}}}}), "sitter")

	b.must(b.table.CommitInventory(b.ctx, store.InventoryCommit{Org: business, OrgNext: &renamed, Desk: &store.DeskMove{From: "n0", To: "n3"}}))
	r, err := b.table.Org(b.ctx, org)
	b.must(err)
	renamed.Version = 2
	b.same("the org", renamed, r)
}

func numberTaken(b *bench) {
	b.open()
	given, was := number(2, routing.Pool, ""), number(2, routing.Pool, "")
	given.Status = routing.NumberInactive
	b.must(b.table.CommitInventory(b.ctx, store.InventoryCommit{Org: business, Numbers: []store.NumberWrite{{Next: given, Was: &was}}}))
	given.Version = 2

	o := routing.Org{ID: other, Name: "Barkside", Zone: "UTC"}
	b.must(b.table.CommitInventory(b.ctx, store.InventoryCommit{Org: o, OrgNext: &o, Found: true}))
	o.Version = 1
	mine := number(2, routing.FrontDesk, "")
	mine.Org, mine.OrgName, mine.ID = other, "Barkside", "m1"
	take := store.InventoryCommit{Org: o, Desk: &store.DeskMove{To: "m1"}, Numbers: []store.NumberWrite{{Next: mine, Taken: &given}}}
	b.must(b.table.CommitInventory(b.ctx, take))
	mine.Version = 3
	n, _, _, err := b.table.InboundFacts(b.ctx, phone(2), phone(50), "")
	b.must(err)
	b.same("the number by itself", &mine, n)
	b.refused("taking it a second time", b.table.CommitInventory(b.ctx, take), "desk", "number")
}

func clients(b *bench) {
	b.open()
	c := client1(cleo, 20, 21)
	b.add(c)
	got, ledger, err := b.table.ClientFile(b.ctx, org, cleo)
	b.must(err)
	b.same("the client", c, got)
	b.same("their ledger", routing.Ledger{Client: cleo}, ledger)
	id, told, err := b.table.SenderFacts(b.ctx, org, phone(21))
	b.must(err)
	b.same("whose phone it is", store.Claim{Client: cleo, Name: c.Name, Pets: c.Pets, Phones: c.Phones, Version: 1}, id)
	b.same("what they told us", routing.Consent{}, told)
	owned, err := b.table.PhoneOwners(b.ctx, org, phone(20), phone(22))
	b.must(err)
	b.same("whose phones they are", store.Owned{Client: map[routing.Phone]routing.ClientID{phone(20): cleo}, OptedOut: map[routing.Phone]bool{}}, owned)
	id, _, err = b.table.SenderFacts(b.ctx, other, phone(21))
	b.must(err)
	b.same("whose phone it is in another org", store.Claim{}, id)
	_, _, err = b.table.ClientFile(b.ctx, other, cleo)
	b.is("another org's client of the same id", err, store.ErrNotFound)
	names, err := b.table.ClientNames(b.ctx, org, []routing.ClientID{cleo, dora})
	b.must(err)
	b.same("names", map[routing.ClientID]string{cleo: "Cleo Park"}, names)
	byID, err := b.table.ClientsByID(b.ctx, org, []routing.ClientID{cleo, dora})
	b.must(err)
	b.same("clients by id", map[routing.ClientID]routing.Client{cleo: c}, byID)

	// A phone goes, another comes, in one step.
	next := c
	next.Phones, next.Plan, next.Recurring = []routing.Phone{phone(22), phone(20)}, "", false
	b.must(b.table.CommitClient(b.ctx, store.ClientCommit{Org: org, Next: next, Was: &c, Claim: []routing.Phone{phone(22)}, Yield: []routing.Phone{phone(21)}}))
	next.Version = 2
	got, _, err = b.table.ClientFile(b.ctx, org, cleo)
	b.must(err)
	b.same("the client after", next, got)
	owned, err = b.table.PhoneOwners(b.ctx, org, phone(20), phone(21), phone(22))
	b.must(err)
	id, _, err = b.table.SenderFacts(b.ctx, org, phone(20))
	b.must(err)
	b.same("what the phone that stayed says of its client", store.Claim{Client: cleo, Name: next.Name, Pets: next.Pets, Phones: next.Phones, Version: 2}, id)
	b.same("whose phones they are after", store.Owned{Client: map[routing.Phone]routing.ClientID{phone(20): cleo, phone(22): cleo}, OptedOut: map[routing.Phone]bool{}}, owned)
}

func clientRefused(b *bench) {
	b.open()
	c, d := client1(cleo, 20), client1(dora, 30)
	b.add(c)
	b.add(d)
	b.refused("an id that is taken", b.table.CommitClient(b.ctx, store.ClientCommit{Org: org, Next: c}), "client")
	both := d
	both.Phones = []routing.Phone{phone(30), phone(20)}
	b.refused("a phone that is another's", b.table.CommitClient(b.ctx, store.ClientCommit{Org: org, Next: both, Was: &d, Claim: []routing.Phone{phone(20)}}), "phone")
	b.refused("a phone kept that is not theirs", b.table.CommitClient(b.ctx, store.ClientCommit{Org: org, Next: both, Was: &d}), "phone")
	b.refused("a phone given up that is not theirs", b.table.CommitClient(b.ctx, store.ClientCommit{Org: org, Next: d, Was: &d, Yield: []routing.Phone{phone(20)}}), "phone")
	old := d
	old.Version = 5
	b.refused("a client who has changed", b.table.CommitClient(b.ctx, store.ClientCommit{Org: org, Next: d, Was: &old}), "client")
	b.refused("a ledger that is there by now", b.table.CommitClient(b.ctx, store.ClientCommit{Org: org, Next: d, Was: &d, Ledger: &routing.Ledger{Client: dora, Rev: 4}}), "ledger")

	th := service("t1", 1, cleo, nil, 20)
	b.must(b.table.CommitAssign(b.ctx, assigned("b1", th)))
	b.refused("a ledger that came meanwhile", b.table.CommitClient(b.ctx, store.ClientCommit{Org: org, Next: c, Was: &c, Ledger: &routing.Ledger{Client: cleo}}), "ledger")
	stale := *th
	stale.Rev = 8
	b.refused("a thread that has changed", b.table.CommitClient(b.ctx, store.ClientCommit{Org: org, Next: c, Was: &c, Threads: []store.ThreadWrite{{Next: th, Was: &stale}}}), "thread")
	r := route(th, phone(20))
	r.Rev = 8
	b.refused("a route that has changed", b.table.CommitClient(b.ctx, store.ClientCommit{Org: org, Next: c, Was: &c, Routes: []store.RouteWrite{{Next: r, Was: &r}}}), "route")
	b.refused("a route taken away that has changed", b.table.CommitClient(b.ctx, store.ClientCommit{Org: org, Next: c, Was: &c, Routes: []store.RouteWrite{{Was: &r, Gone: true}}}), "route")

	// What a pair itself has stays when its route goes.
	b.must(b.table.Block(b.ctx, phone(1), phone(20), true))
	r.Rev, r.Blocked = 1, true
	b.must(b.table.CommitClient(b.ctx, store.ClientCommit{Org: org, Next: c, Was: &c, Routes: []store.RouteWrite{{Was: &r, Gone: true}}}))
	_, left, _, err := b.table.InboundFacts(b.ctx, phone(1), phone(20), "")
	b.must(err)
	b.same("what is left of the route", &routing.Route{Number: phone(1), Phone: phone(20), Org: org, Blocked: true}, left)
}

func booking(id string, start, end int, s routing.SitterID) routing.Booking {
	return routing.Booking{ID: routing.BookingID(id), Client: cleo, Sitter: s, Service: "Drop-in", Start: at(start), End: at(end), Recurrence: "weekly", Status: "confirmed", Pets: []string{"Rex"},
		MeetAndGreet: "approved", Version: 1, By: "owner olga", Reason: "asked for", Visits: []routing.Visit{{ID: "v1", Start: at(start), End: at(end)}, {ID: "v2", Start: at(start + 5), End: at(end)}}}
}

func bookings(b *bench) {
	b.open()
	one, two, three := booking("b1", 60, 120, ana), booking("b2", 10, 300, ana), booking("b3", 30, 90, ben)
	three.Status = "cancelled"
	b.must(b.table.CommitBookings(b.ctx, org, []store.BookingWrite{{Next: one, Sitter: true}, {Next: two}, {Next: three}}, store.Audit{Order: order(1), At: at(0), By: "owner olga", What: "booking.create", On: "b1"}))
	got, err := b.table.Booking(b.ctx, org, "b1")
	b.must(err)
	b.same("a booking", one, got)
	_, err = b.table.Booking(b.ctx, other, "b1")
	b.is("another org's booking of the same id", err, store.ErrNotFound)
	list, cursor, err := b.table.Bookings(b.ctx, org, time.Time{}, time.Time{}, "", 0)
	b.must(err)
	b.same("all by start", []routing.Booking{two, three, one}, list)
	b.same("the cursor", "", cursor)
	list, _, err = b.table.Bookings(b.ctx, org, at(30), at(59), "", 0)
	b.must(err)
	b.same("those of a time", []routing.Booking{three}, list)
	list, err = b.table.SitterBookings(b.ctx, org, ana, at(121))
	b.must(err)
	b.same("a sitter's that end at an instant or later", []routing.Booking{two}, list)
	list, err = b.table.SitterBookings(b.ctx, org, ben, time.Time{})
	b.must(err)
	b.same("a cancelled one is no sitter's", []routing.Booking(nil), list)
	byID, err := b.table.BookingsByID(b.ctx, org, []routing.BookingID{"b1", "b9"})
	b.must(err)
	b.same("bookings by id", map[routing.BookingID]routing.Booking{"b1": one}, byID)

	next := one
	next.Start, next.Sitter, next.Recurrence, next.Visits = at(5), "", "", one.Visits[:1]
	b.must(b.table.CommitBookings(b.ctx, org, []store.BookingWrite{{Next: next, Was: &one}}))
	next.Version = 2
	list, _, err = b.table.Bookings(b.ctx, org, time.Time{}, time.Time{}, "", 2)
	b.must(err)
	b.same("the list after a change", []routing.Booking{next, two}, list)
	list, err = b.table.SitterBookings(b.ctx, org, ana, time.Time{})
	b.must(err)
	b.same("the sitter's after a change", []routing.Booking{two}, list)
}

func bookingRefused(b *bench) {
	b.open()
	one, two := booking("b1", 60, 120, ana), booking("b2", 60, 120, "nobody")
	b.must(b.table.CommitBookings(b.ctx, org, []store.BookingWrite{{Next: one}}))
	n := b.count()
	b.refused("an id that is taken", b.table.CommitBookings(b.ctx, org, []store.BookingWrite{{Next: two}, {Next: one}}), "booking")
	old := one
	old.Version = 4
	b.refused("a booking that has changed", b.table.CommitBookings(b.ctx, org, []store.BookingWrite{{Next: one, Was: &old}}), "booking")
	b.refused("a sitter who does not exist", b.table.CommitBookings(b.ctx, org, []store.BookingWrite{{Next: two, Sitter: true}}), "sitter")
	s := routing.Sitter{ID: ana, Name: "Ana Ruiz", Active: true, Number: "n1", Version: 1}
	gone := s
	gone.Active = false
	b.must(b.table.CommitInventory(b.ctx, store.InventoryCommit{Org: business, Sitters: []store.SitterWrite{{Next: gone, Was: &s}}}))
	b.refused("a sitter who has left", b.table.CommitBookings(b.ctx, org, []store.BookingWrite{{Next: one, Was: &one, Sitter: true}}), "sitter")
	b.same("nothing of it is in the table", n, b.count())
}

func audits(b *bench) {
	var want []store.Audit
	for i := 3; i > 0; i-- {
		want = append(want, store.Audit{Order: order(i), At: at(i), By: "owner olga", What: "release", On: fmt.Sprintf("e%d", i), Reason: "fine", Detail: "x"})
	}
	for _, o := range [...]routing.OrgID{org, ""} { // "" is the stage's
		for _, a := range want {
			b.must(b.table.AddAudit(b.ctx, o, a))
		}
		got, err := b.table.Audits(b.ctx, o, 2)
		b.must(err)
		b.same("the newest two", want[:2], got)
	}
	changed := want[0]
	changed.Reason = "not so fine"
	b.is("a line in place of another", b.table.AddAudit(b.ctx, org, changed), store.ErrExists)
	got, err := b.table.Audits(b.ctx, org, 1)
	b.must(err)
	b.same("the line", want[:1], got)
}

func parked(b *bench) {
	var want []store.Parked
	for i := range 3 {
		p := store.Parked{Order: order(i), Source: "outbox", Cause: "unreadable", Record: `{"a":1}`, At: at(i)}
		want = append(want, p)
		b.must(b.table.Park(b.ctx, p.Order, p.Source, p.Cause, p.Record, p.At))
	}
	got, err := b.table.ParkedRecords(b.ctx, 2)
	b.must(err)
	b.same("the oldest two", want[:2], got)
	b.must(b.table.Unpark(b.ctx, want[0].Order))
	b.must(b.table.Unpark(b.ctx, want[0].Order))
	b.must(b.table.KeepReport(b.ctx, order(1), "SM1", "e-pawsome-t1-x", "delivered", 0))
	got, err = b.table.ParkedRecords(b.ctx, 9)
	b.must(err)
	b.same("what is left", want[1:], got)
}

func search(b *bench) {
	b.open()
	b.add(client1(cleo, 20))
	d := client1(dora, 30)
	d.Name, d.Pets = "Dora Lane", []string{"Whiskers"}
	b.add(d)
	b.must(b.table.CommitAssign(b.ctx, assigned("b1", service("t1", 1, cleo, nil, 20))))
	b.must(b.table.CommitAssign(b.ctx, assigned("b2", service("t2", 2, dora, nil, 30))))
	guest := &routing.Thread{ID: thread("t3"), Org: org, Kind: routing.Guest, Number: phone(0), NumID: "n0", Phones: []routing.Phone{phone(40)}, Rev: 1, CreatedAt: at(0)}
	b.must(b.table.MakeThread(b.ctx, store.ThreadCommit{Thread: guest, Order: order(1), Routes: []store.RouteChange{{Route: route(guest, phone(40))}}}))
	for _, row := range [...]struct {
		says, text string
		want       []routing.ThreadID
	}{
		{"by the client's name", "dora", []routing.ThreadID{thread("t2")}},
		{"by a pet", "whisk", []routing.ThreadID{thread("t2")}},
		{"by a piece of the phone", "0120", []routing.ThreadID{thread("t1")}},
		{"by a stranger's whole phone", e164(40), []routing.ThreadID{thread("t3")}},
		{"by what nobody has", "zebra", nil},
		{"by nothing", "", nil},
	} {
		got, err := b.table.SearchThreads(b.ctx, org, row.text)
		b.must(err)
		b.same(row.says, row.want, got)
	}
}

func notifyMe(b *bench) {
	b.open()
	line := store.Audit{Order: order(2), At: at(3), By: "sitter sub-ben", What: "sitter.notify", On: string(ben), Reason: "off"}
	b.must(b.table.SetNotify(b.ctx, org, ben, false, line))
	s, err := b.table.Sitter(b.ctx, org, ben)
	b.must(err)
	b.same("who has enough", routing.Sitter{ID: ben, Name: "Ben Ode", Active: true, Phone: phone(90), Version: 2}, s)
	lines, err := b.table.Audits(b.ctx, org, 9)
	b.must(err)
	b.same("the line", []store.Audit{line}, lines)
	line.Order = order(3)
	b.must(b.table.SetNotify(b.ctx, org, ben, true, line))
	s, err = b.table.Sitter(b.ctx, org, ben)
	b.must(err)
	b.same("who asks again", routing.Sitter{ID: ben, Name: "Ben Ode", Active: true, Phone: phone(90), Notify: true, Version: 3}, s)
	line.Order = order(4)
	b.refused("on a phone that nobody knows", b.table.SetNotify(b.ctx, org, ana, true, line), "sitter")
	b.must(b.table.SetNotify(b.ctx, org, ana, false, line))
	line.Order = order(5)
	b.refused("somebody who is no sitter here", b.table.SetNotify(b.ctx, other, ben, false, line), "sitter")
}
