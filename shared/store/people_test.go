package store_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"snout/shared/office/officetest"
	"snout/shared/routing"
	"snout/shared/store"
)

// TestOneFrontDeskWhateverWasRead: the rule holds by the org's row alone, even for
// writers whose view of the numbers is old or wrong.
func TestOneFrontDeskWhateverWasRead(t *testing.T) {
	ctx := t.Context()
	table := officetest.Table(t)
	org := routing.Org{ID: "paws", Name: "Happy Paws", Zone: "America/Los_Angeles"}
	if err := table.CommitInventory(ctx, store.InventoryCommit{Org: org, OrgNext: &org, Found: true}); err != nil {
		t.Fatal(err)
	}
	org.Version = 1
	add := func(i int, from routing.NumberID) error {
		p, err := routing.ParsePhone(fmt.Sprintf("+1555555010%d", i))
		if err != nil {
			return err
		}
		id := routing.NumberID(fmt.Sprintf("n%d", i))
		return table.CommitInventory(ctx, store.InventoryCommit{Org: org, Desk: &store.DeskMove{From: from, To: id}, Numbers: []store.NumberWrite{{
			Next: routing.Number{ID: id, Org: "paws", Phone: p, Class: routing.FrontDesk, Status: routing.NumberActive},
		}}})
	}
	var wg sync.WaitGroup
	made := make(chan int, 8)
	for i := range 8 {
		wg.Go(func() {
			switch err := add(i, ""); {
			case err == nil:
				made <- i
			case !errors.Is(err, store.ErrConflict):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	close(made)
	if len(made) != 1 {
		t.Fatalf("%d front desks were made", len(made))
	}
	first := routing.NumberID(fmt.Sprintf("n%d", <-made))
	if err := add(8, "n9"); !store.RefusedBy(err, "desk") {
		t.Errorf("taking the place of a number that is no front desk answered %v", err)
	}
	if err := add(8, first); err != nil {
		t.Errorf("taking the front desk's place answered %v", err)
	}
	if err := add(9, first); !store.RefusedBy(err, "desk") {
		t.Errorf("taking a place that was taken answered %v", err)
	}
	r, err := table.Roster(ctx, "paws", true)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Numbers) != 2 {
		t.Errorf("%d numbers, want the two whose writes were not refused", len(r.Numbers))
	}
}

// TestTheOfficesTrips: what the office's steps cost, so that a step that begins to
// read more than it needs is seen.
func TestTheOfficesTrips(t *testing.T) {
	ctx := t.Context()
	table := officetest.Table(t)
	b := routing.Booking{ID: "b1", Client: "c1", Sitter: "s1", Service: "Drop-ins", Status: "confirmed", Visits: []routing.Visit{{ID: "v1"}}}
	metered, m := store.WithMeter(ctx)
	if err := table.CommitBookings(metered, "paws", []store.BookingWrite{{Next: b}}, store.Audit{Order: "1"}); err != nil {
		t.Fatal(err)
	}
	// The row and its two index entries, and the audit's line, each doubled by the
	// transaction where the table is written.
	if s := m.Spent(); s.Trips != 1 || s.WRU > 8 {
		t.Errorf("a booking took %+v", s)
	}
	metered, m = store.WithMeter(ctx)
	if _, err := table.SitterBookings(metered, "paws", "s1", b.End); err != nil {
		t.Fatal(err)
	}
	if s := m.Spent(); s.Trips != 1 || s.RRU > 0.5 {
		t.Errorf("a sitter's bookings took %+v", s)
	}
}
