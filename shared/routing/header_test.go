package routing_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	. "snout/shared/routing"
)

func TestHeaders(t *testing.T) {
	at := func(s string) time.Time {
		i, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return i.UTC()
	}
	w := func(from, to string) Window {
		return Window{Booking: "b1", Visit: "v1", Sitter: "ann", Start: at(from), End: at(to)}
	}
	const ms = time.Millisecond
	for _, c := range []struct {
		name, zone string
		at         time.Time
		ws         []Window
		want       Header
	}{
		{"active, by the org's clock", "America/New_York", at("2025-01-07T15:00:00Z"), []Window{w("2025-01-07T14:00:00Z", "2025-01-07T17:30:00Z")},
			Header{WindowActive, at("2025-01-07T14:00:00Z"), at("2025-01-07T17:30:00Z"), "Active Window: 9:00 AM – 12:30 PM", at("2025-01-07T17:30:00Z").Add(ms)}},
		{"active at its last millisecond", "UTC", at("2025-01-07T17:30:00Z"), []Window{w("2025-01-07T14:00:00Z", "2025-01-07T17:30:00Z")},
			Header{WindowActive, at("2025-01-07T14:00:00Z"), at("2025-01-07T17:30:00Z"), "Active Window: 2:00 PM – 5:30 PM", at("2025-01-07T17:30:00Z").Add(ms)}},
		{"over one millisecond later", "UTC", at("2025-01-07T17:30:00Z").Add(ms), []Window{w("2025-01-07T14:00:00Z", "2025-01-07T17:30:00Z")},
			Header{State: WindowNone, Text: "No active window – messaging disabled"}},
		{"the next one, with its date", "America/New_York", at("2025-01-07T15:00:00Z"), []Window{w("2025-01-09T13:00:00Z", "2025-01-09T15:00:00Z"), w("2025-01-10T13:00:00Z", "2025-01-10T15:00:00Z"), w("2025-01-06T13:00:00Z", "2025-01-06T15:00:00Z")},
			Header{WindowUpcoming, at("2025-01-09T13:00:00Z"), at("2025-01-09T15:00:00Z"), "Next window: Thu, Jan 9 – 8:00 AM", at("2025-01-09T13:00:00Z")}},
		{"the next one's date is the org's, not UTC's", "Pacific/Auckland", at("2025-01-07T15:00:00Z"), []Window{w("2025-01-08T19:00:00Z", "2025-01-08T21:00:00Z")},
			Header{WindowUpcoming, at("2025-01-08T19:00:00Z"), at("2025-01-08T21:00:00Z"), "Next window: Thu, Jan 9 – 8:00 AM", at("2025-01-08T19:00:00Z")}},
		{"none", "UTC", at("2025-01-07T15:00:00Z"), nil,
			Header{State: WindowNone, Text: "No active window – messaging disabled"}},
		{"several days, each end with its day", "America/New_York", at("2025-01-07T15:00:00Z"), []Window{w("2025-01-06T22:00:00Z", "2025-01-09T14:00:00Z")},
			Header{WindowActive, at("2025-01-06T22:00:00Z"), at("2025-01-09T14:00:00Z"), "Active Window: Mon, Jan 6 5:00 PM – Thu, Jan 9 9:00 AM", at("2025-01-09T14:00:00Z").Add(ms)}},
		{"over the new year", "UTC", at("2025-01-01T01:00:00Z"), []Window{w("2024-12-31T22:00:00Z", "2025-01-01T02:00:00Z")},
			Header{WindowActive, at("2024-12-31T22:00:00Z"), at("2025-01-01T02:00:00Z"), "Active Window: Tue, Dec 31 10:00 PM – Wed, Jan 1 2:00 AM", at("2025-01-01T02:00:00Z").Add(ms)}},
		{"a whole year to the day", "UTC", at("2025-06-01T00:00:00Z"), []Window{w("2025-01-01T10:00:00Z", "2026-01-01T10:00:00Z")},
			Header{WindowActive, at("2025-01-01T10:00:00Z"), at("2026-01-01T10:00:00Z"), "Active Window: Wed, Jan 1 10:00 AM – Thu, Jan 1 10:00 AM", at("2026-01-01T10:00:00Z").Add(ms)}},
		{"two that overlap are shown as one, and change at the nearest edge", "UTC", at("2025-01-07T12:00:00Z"), []Window{w("2025-01-07T11:00:00Z", "2025-01-07T14:00:00Z"), w("2025-01-07T10:00:00Z", "2025-01-07T13:00:00Z")},
			Header{WindowActive, at("2025-01-07T10:00:00Z"), at("2025-01-07T14:00:00Z"), "Active Window: 10:00 AM – 2:00 PM", at("2025-01-07T13:00:00Z").Add(ms)}},
		{"active, and the next begins before it ends", "UTC", at("2025-01-07T12:00:00Z"), []Window{w("2025-01-07T12:30:00Z", "2025-01-07T14:00:00Z"), w("2025-01-07T10:00:00Z", "2025-01-07T13:00:00Z")},
			Header{WindowActive, at("2025-01-07T10:00:00Z"), at("2025-01-07T13:00:00Z"), "Active Window: 10:00 AM – 1:00 PM", at("2025-01-07T12:30:00Z")}},
		{"midnight and noon", "UTC", at("2025-01-07T05:00:00Z"), []Window{w("2025-01-07T00:00:00Z", "2025-01-07T12:00:00Z")},
			Header{WindowActive, at("2025-01-07T00:00:00Z"), at("2025-01-07T12:00:00Z"), "Active Window: 12:00 AM – 12:00 PM", at("2025-01-07T12:00:00Z").Add(ms)}},
		{"in the hour that comes twice the zone tells which", "America/New_York", at("2025-11-02T05:00:00Z"), []Window{w("2025-11-02T04:30:00Z", "2025-11-02T06:30:00Z")},
			Header{WindowActive, at("2025-11-02T04:30:00Z"), at("2025-11-02T06:30:00Z"), "Active Window: 12:30 AM – 1:30 AM EST", at("2025-11-02T06:30:00Z").Add(ms)}},
		{"the first of the two", "America/New_York", at("2025-11-01T05:00:00Z"), []Window{w("2025-11-02T05:30:00Z", "2025-11-02T09:30:00Z")},
			Header{WindowUpcoming, at("2025-11-02T05:30:00Z"), at("2025-11-02T09:30:00Z"), "Next window: Sun, Nov 2 – 1:30 AM EDT", at("2025-11-02T05:30:00Z")}},
		{"the half hour that comes twice on Lord Howe", "Australia/Lord_Howe", at("2025-04-05T10:00:00Z"), []Window{w("2025-04-05T14:45:00Z", "2025-04-05T20:00:00Z")},
			Header{WindowUpcoming, at("2025-04-05T14:45:00Z"), at("2025-04-05T20:00:00Z"), "Next window: Sun, Apr 6 – 1:45 AM +11", at("2025-04-05T14:45:00Z")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, ws := range permutations(c.ws) {
				if d := cmp.Diff(c.want, HeaderOf(ws, c.at, zone(t, c.zone))); d != "" {
					t.Errorf("%v (-want +got):\n%s", ws, d)
				}
			}
		})
	}
}

func TestWallTimeNamesTheZoneOnlyInARepeatedHour(t *testing.T) {
	for _, c := range []struct{ zone, at, want string }{
		{"America/New_York", "2025-11-02T04:59:00Z", "12:59 AM"},
		{"America/New_York", "2025-11-02T05:00:00Z", "1:00 AM EDT"},
		{"America/New_York", "2025-11-02T06:59:00Z", "1:59 AM EST"},
		{"America/New_York", "2025-11-02T07:00:00Z", "2:00 AM"},
		{"America/New_York", "2025-03-09T06:59:00Z", "1:59 AM"}, // before the missing hour
		{"America/New_York", "2025-03-09T07:00:00Z", "3:00 AM"}, // after it
		{"Antarctica/Troll", "2025-10-25T23:30:00Z", "1:30 AM +02"},
		{"Antarctica/Troll", "2025-10-26T02:59:00Z", "2:59 AM +00"},
		{"Antarctica/Troll", "2025-10-26T03:00:00Z", "3:00 AM"},
		{"UTC", "2025-11-02T05:30:00Z", "5:30 AM"},
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := WallTime(at, zone(t, c.zone)); got != c.want {
			t.Errorf("%s in %s: %q, want %q", c.at, c.zone, got, c.want)
		}
	}
}

// A page that looks again at NextChangeAt, and not before, never shows a stale line.
func TestHeadersHoldUntilNextChangeAt(t *testing.T) {
	often(t, func(t *rapid.T) {
		ws := rapid.SliceOfN(rapid.Custom(anyWindow), 0, 4).Draw(t, "windows")
		at := instant(t, "at")
		h := HeaderOf(ws, at, time.UTC)
		until := h.NextChangeAt
		if until.IsZero() {
			until = at.Add(100 * time.Hour)
		} else if !until.After(at) {
			t.Fatalf("changes at %v, and it is %v", until, at)
		}
		for _, between := range []time.Time{until.Add(-1), at.Add(until.Sub(at) / 2)} {
			if d := cmp.Diff(h, HeaderOf(ws, between, time.UTC)); d != "" {
				t.Fatalf("changed before %v, at %v:\n%s", until, between, d)
			}
		}
		// The state is that of the windows.
		state := WindowNone
		for _, w := range ws {
			if w.Active(at) {
				state = WindowActive
			} else if w.Upcoming(at) && state == WindowNone {
				state = WindowUpcoming
			}
		}
		if h.State != state || h.Start.IsZero() != (state == WindowNone) {
			t.Fatalf("%+v, want %s", h, state)
		}
	})
}
