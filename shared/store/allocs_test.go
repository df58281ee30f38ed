package store

import (
	"testing"
	"time"

	"snout/shared/routing"
)

// What is made of rows, and rows of it, for every text: keys and items cost no more than
// this, with the race detector or without.
func TestRowsAreReadAndMadeWithFewAllocations(t *testing.T) {
	parse := func(s string) routing.Phone {
		p, err := routing.ParsePhone(s)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	number, person := parse("+15555550100"), parse("+15555550123")
	at := time.Date(2026, 6, 10, 19, 0, 0, 0, time.UTC)
	id := routing.NewThreadID("paws", "abcdefghijkl")
	event := routing.NewEventID(id, routing.Order(at.UnixMicro(), "abcdefgh"))
	ws := []routing.Window{{Booking: "b1", Visit: "v1", Sitter: "ana", Start: at.Add(-time.Hour), End: at.Add(time.Hour)}, {Booking: "b2", Visit: "v1", Sitter: "ana", Start: at.Add(47 * time.Hour), End: at.Add(49 * time.Hour)}}
	e := routing.Event{ID: event, Dir: routing.Inbound, Author: routing.Author{Role: routing.RoleClient, ID: "cleo"}, Text: "Is all well with Rex?", At: at, From: person, To: number, Number: "n1",
		Booking: "b1", Visibility: routing.VisibleAll, Status: routing.Received, Routing: &routing.Routed{Target: routing.ToSitter, Reason: routing.ReasonActive, Rule: 12}}
	th := routing.Thread{ID: id, Org: "paws", Kind: routing.Service, Number: number, NumID: "n1", Client: "cleo", Name: "Cleo Diaz", Pets: []string{"Rex"}, Phones: []routing.Phone{person}, Windows: ws, LastSit: "ana", Rev: 3, LastAt: at, LastText: "Hello"}
	r := routing.Route{Number: number, Phone: person, Org: "paws", Thread: id, Kind: routing.Service, Client: "cleo", Windows: ws, Rev: 3}
	n := routing.Number{ID: "n1", Org: "paws", Phone: number, Class: routing.SitterNum, Status: routing.NumberActive, Sitter: "ana", OrgName: "Pawsome", Zone: "America/Denver", Version: 1}

	eventRow := eventRecord(e)
	threadRow, routeRow, numberRow := record(threadKey(id), "thread", threadOut(th)), record(routeKey(number, person), "route", routeOut(r)), record(numberKey(number), "number", numberOut(n))
	var made [3]key // kept, or the compiler would make none
	sid := string([]byte("SM5ab7891328b440f04b7c83b459fc85fd"))
	for _, c := range []struct {
		name string
		most float64
		do   func()
	}{
		{"the keys of a text", 4, func() { made = [...]key{numberKey(number), routeKey(number, person), seenKey(sid)} }},
		{"the keys of an event and its thread", 4, func() { made = [...]key{eventKey(event), threadKey(id), {}} }},
		{"an event made", 33, func() { eventRecord(e) }},
		{"an event read", 7, func() { _, _ = eventIn(eventRow) }},
		{"a thread read", 15, func() { _, _ = threadIn(threadRow) }},
		{"a route read", 9, func() { _, _ = routeIn(routeRow) }},
		{"a number read", 5, func() { _, _ = numberIn(numberRow) }},
	} {
		if n := testing.AllocsPerRun(100, c.do); n > c.most {
			t.Errorf("%s: %v allocations, at most %v", c.name, n, c.most)
		}
	}
	if made[0] != eventKey(event) {
		t.Errorf("made %v", made)
	}
}
