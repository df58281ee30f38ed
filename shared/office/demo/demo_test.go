package demo_test

import (
	"testing"
	"time"

	"snout/shared/office"
	"snout/shared/office/demo"
	"snout/shared/office/officetest"
	"snout/shared/routing"
)

func TestTheDemoBusinessHasSomebodyOfEveryKind(t *testing.T) {
	// At noon, in the middle of the night, and on the days the clocks change.
	for _, now := range []string{"2026-06-03T19:00:00Z", "2026-06-03T09:17:00Z", "2026-03-08T10:30:00Z", "2026-11-01T08:30:00Z"} {
		t.Run(now, func(t *testing.T) {
			at, err := time.Parse(time.RFC3339, now)
			if err != nil {
				t.Fatal(err)
			}
			ctx := t.Context()
			o := office.New(officetest.Table(t), func() time.Time { return at }, officetest.IDs())
			if err := demo.Seed(ctx, o, at); err != nil {
				t.Fatal(err)
			}
			r, err := o.Numbers(ctx, demo.Org)
			if err != nil {
				t.Fatal(err)
			}
			cs, _, err := o.Clients(ctx, demo.Org, "", 100)
			if err != nil {
				t.Fatal(err)
			}
			bs, _, err := o.Bookings(ctx, demo.Org, "", "", "", 100)
			if err != nil {
				t.Fatal(err)
			}
			classes := map[routing.Class]int{}
			for _, n := range r.Numbers {
				classes[n.Class]++
			}
			type figures struct{ sitters, clients, desks, own, pool int }
			got := figures{len(r.Sitters), len(cs), classes[routing.FrontDesk], classes[routing.SitterNum], classes[routing.Pool]}
			if want := (figures{3, 8, 1, 2, 3}); got != want {
				t.Errorf("the demo has %+v, want %+v", got, want)
			}
			if len(bs) < 8 {
				t.Errorf("%d bookings, want eight at least", len(bs))
			}
			for _, b := range bs {
				if d := b.Start.Sub(at).Abs(); d > 8*24*time.Hour {
					t.Errorf("%s lies %s away from now", b.ID, d)
				}
			}
		})
	}
}
