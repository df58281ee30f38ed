package storetest

import (
	"fmt"
	"time"

	"snout/shared/routing"
	"snout/shared/store"
)

// The business that the tests are about.
const (
	org   = routing.OrgID("pawsome")
	other = routing.OrgID("barkside")
	ana   = routing.SitterID("ana")
	ben   = routing.SitterID("ben")
	cleo  = routing.ClientID("cleo")
	dora  = routing.ClientID("dora")
)

// phone is one of the reserved numbers.
func phone(n int) routing.Phone {
	p, err := routing.ParsePhone(fmt.Sprintf("+155555501%02d", n))
	if err != nil {
		panic(err)
	}
	return p
}

func e164(n int) string { return fmt.Sprintf("+155555501%02d", n) }

// at is an instant of the tests' day.
func at(minutes int) time.Time {
	return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC).Add(time.Duration(minutes) * time.Minute)
}

// order is the place of the nth thing that happened.
func order(n int) string {
	return routing.Order(at(0).Add(time.Duration(n)*time.Second).UnixMicro(), fmt.Sprintf("r%07d", n))
}

func thread(local string) routing.ThreadID { return routing.NewThreadID(org, local) }

func number(n int, class routing.Class, sitter routing.SitterID) routing.Number {
	return routing.Number{ID: routing.NumberID(fmt.Sprintf("n%d", n)), Org: org, Phone: phone(n), Class: class, Status: routing.NumberActive, Sitter: sitter,
		Since: at(-1000), OrgName: "Pawsome", Zone: "America/Denver", MismatchText: "Please call us.", HoldSwaps: true, Version: 1}
}

func (b *bench) numbers(ns ...routing.Number) []store.NumberWrite {
	var ws []store.NumberWrite
	for _, n := range ns {
		ws = append(ws, store.NumberWrite{Next: n})
	}
	return ws
}

var business = routing.Org{ID: org, Name: "Pawsome", Zone: "America/Denver", Version: 1, Settings: routing.Settings{
	Buffers: map[string]routing.Buffer{"Boarding": {Before: 30 * time.Minute, After: 45 * time.Minute}}, CooldownDays: 14, QuietFrom: "20:00", OwnLinks: []string{"pawsome.example"},
}}

// open founds the business: front desk 0, Ana's number 1, pool numbers 2 and 3.
func (b *bench) open() {
	b.Helper()
	o := business
	o.Version = 0
	b.must(b.table.CommitInventory(b.ctx, store.InventoryCommit{Org: o, OrgNext: &o, Found: true, Desk: &store.DeskMove{To: "n0"},
		Numbers: b.numbers(number(0, routing.FrontDesk, ""), number(1, routing.SitterNum, ana), number(2, routing.Pool, ""), number(3, routing.Pool, "")),
		Sitters: []store.SitterWrite{{Next: routing.Sitter{ID: ana, Name: "Ana Ruiz", Active: true, Number: "n1"}}, {Next: routing.Sitter{ID: ben, Name: "Ben Ode", Active: true, Phone: phone(90), Notify: true}}},
	}))
}

// client is one as the office keeps them; their phones are 10n and 10n+1.
func client1(id routing.ClientID, phones ...int) routing.Client {
	c := routing.Client{ID: id, Name: "Cleo Park", Pets: []string{"Rex", "Tom"}, Plan: "weekly", Recurring: true, Zone: "America/Boise", Version: 1}
	for _, n := range phones {
		c.Phones = append(c.Phones, phone(n))
	}
	return c
}

func (b *bench) add(c routing.Client) {
	b.Helper()
	b.must(b.table.CommitClient(b.ctx, store.ClientCommit{Org: org, Next: c, Claim: c.Phones}))
}

// service is a thread of a client's on a number, as an assignment makes it.
func service(local string, n int, c routing.ClientID, ws []routing.Window, phones ...int) *routing.Thread {
	th := &routing.Thread{ID: thread(local), Org: org, Kind: routing.Service, Number: phone(n), NumID: routing.NumberID(fmt.Sprintf("n%d", n)), Client: c, Name: "Cleo Park",
		Pets: []string{"Rex", "Tom"}, Windows: ws, Rev: 1, CreatedAt: at(0), LastAt: at(0)}
	for _, p := range phones {
		th.Phones = append(th.Phones, phone(p))
	}
	if len(ws) > 0 {
		th.LastEnd, th.LastSit = ws[len(ws)-1].End, ws[len(ws)-1].Sitter
	}
	return th
}

func window(booking string, visit int, s routing.SitterID, from, to int) routing.Window {
	return routing.Window{Booking: routing.BookingID(booking), Visit: routing.VisitID(fmt.Sprintf("v%d", visit)), Sitter: s, Start: at(from), End: at(to)}
}

func route(th *routing.Thread, p routing.Phone) routing.Route {
	return routing.Route{Number: th.Number, Phone: p, Org: org, Thread: th.ID, Kind: th.Kind, Client: th.Client, Until: th.Until, Windows: th.Windows, More: th.More, Rev: th.Rev}
}

// assigned is what makes a service thread with its windows and routes.
func assigned(booking string, th *routing.Thread) store.AssignCommit {
	next := routing.Assignment{Booking: routing.BookingID(booking), Client: th.Client, Version: 1, Sitter: th.LastSit, Thread: th.ID, Windows: th.Windows, Service: "Drop-in", Told: th.LastSit}
	c := store.AssignCommit{Org: org, Next: next, Ledger: &routing.Ledger{Client: th.Client, Threads: []routing.Held{{Thread: th.ID, Kind: th.Kind, Number: th.Number, NumID: th.NumID}}},
		Changes: []store.ThreadChange{{Thread: th, Make: true, Order: order(0), Stand: th.Windows, Windows: th.Windows, LastEnd: th.LastEnd, LastSit: th.LastSit}}}
	for _, p := range th.Phones {
		c.WasRoutes = append(c.WasRoutes, store.RouteChange{Route: route(th, p)})
	}
	return c
}

// text is an inbound event.
func text(th routing.ThreadID, n int, from, to int, body string) routing.Event {
	return routing.Event{ID: routing.NewEventID(th, order(n)), Dir: routing.Inbound, Author: routing.Author{Role: routing.RoleClient, ID: string(cleo)}, Text: body,
		Visibility: routing.VisibleAll, At: at(0).Add(time.Duration(n) * time.Second), From: phone(from), To: phone(to), Number: routing.NumberID(fmt.Sprintf("n%d", to)),
		Routing: &routing.Routed{Rule: 12, Target: routing.ToSitter, Reason: routing.ReasonActive, Class: routing.SitterNum, Facts: "kept"}, Status: routing.Received, Booking: "b1"}
}

// message is an outbound event of the owner's, being sent.
func message(th routing.ThreadID, n int, from, to int, body string) routing.Event {
	return routing.Event{ID: routing.NewEventID(th, order(n)), Dir: routing.Outbound, Author: routing.Author{Role: routing.RoleOwner, ID: "olga", Name: "Olga Owner"}, Text: body,
		Visibility: routing.VisibleAll, At: at(0).Add(time.Duration(n) * time.Second), From: phone(from), To: phone(to), Number: routing.NumberID(fmt.Sprintf("n%d", from)),
		Status: routing.Sending, Attempt: 1, Lease: at(1)}
}
