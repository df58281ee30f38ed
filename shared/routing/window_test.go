package routing_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	. "snout/shared/routing"
)

func zone(t interface {
	Helper()
	Fatal(...any)
}, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestWindowEdgesAreInclusiveToTheMillisecond(t *testing.T) {
	w := window("ann", "b1", 10, 14)
	for _, c := range []struct {
		name string
		at   time.Time
		want string
	}{
		{"a millisecond before the start", hour(10).Add(-time.Millisecond), "upcoming"},
		{"a nanosecond before the start", hour(10).Add(-1), "upcoming"},
		{"the start", hour(10), "active"},
		{"the end", hour(14), "active"},
		{"the last nanosecond of the end's millisecond", hour(14).Add(time.Millisecond - 1), "active"},
		{"the next millisecond", hour(14).Add(time.Millisecond), "ended"},
		{"the start in another zone", hour(10).In(time.FixedZone("", 3600)), "active"},
	} {
		got := ""
		for name, is := range map[string]bool{"upcoming": w.Upcoming(c.at), "active": w.Active(c.at), "ended": w.Ended(c.at)} {
			if is {
				got += name
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestWindowsOfABooking(t *testing.T) {
	housesit := DefaultBuffer("Housesitting")
	visits := []Visit{
		{ID: "v2", Start: hour(18).In(zone(t, "America/Chicago")), End: hour(19)},
		{ID: "v1", Start: hour(8), End: hour(9)},
	}
	want := []Window{
		{Booking: "b1", Visit: "v1", Sitter: "ann", Start: hour(6), End: hour(11)},
		{Booking: "b1", Visit: "v2", Sitter: "ann", Start: hour(16), End: hour(21)},
	}
	got := WindowsOf("b1", "ann", visits, housesit)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	for _, w := range got {
		if w.Start.Location() != time.UTC || w.End.Location() != time.UTC {
			t.Errorf("a window is not in UTC: %v", w)
		}
	}
	if visits[0].ID != "v2" {
		t.Error("the visits were reordered")
	}
}

func TestBuffers(t *testing.T) {
	m := func(before, after int) Buffer {
		return Buffer{time.Duration(before) * time.Minute, time.Duration(after) * time.Minute}
	}
	own := map[string]Buffer{"Dog Walking": m(15, 20), "CAT SITTING": m(5, 5), "cat sitting": m(6, 6), "Pet Taxi": m(0, 0)}
	for _, c := range []struct {
		name, service string
		own           map[string]Buffer
		want          Buffer
	}{
		{"drop-ins", "Drop-ins", nil, m(60, 60)},
		{"dog walking", "Dog Walking", nil, m(60, 60)},
		{"pet taxi", "Pet Taxi", nil, m(60, 60)},
		{"anything unlisted", "Goldfish whispering", nil, m(60, 60)},
		{"no service", "", nil, m(60, 60)},
		{"housesitting", "Housesitting", nil, m(120, 120)},
		{"24/7 care", "24/7 Care", nil, m(120, 120)},
		{"in any case and with spaces around", " hOUSESITTING ", nil, m(120, 120)},
		{"the org's own comes first", "dog walking", own, m(15, 20)},
		{"an own buffer of nothing is a buffer", "Pet Taxi", own, m(0, 0)},
		{"what the org does not list has the default", "Housesitting", own, m(120, 120)},
		{"the exact spelling of two", "cat sitting", own, m(6, 6)},
		{"of two other spellings always the same", "Cat Sitting", own, m(5, 5)},
	} {
		for range 20 { // a map's order differs from run to run
			if got := BufferFor(c.own, c.service); got != c.want {
				t.Errorf("%s: %v, want %v", c.name, got, c.want)
				break
			}
		}
	}
}

func TestLocalTime(t *testing.T) {
	for _, c := range []struct {
		name, zone, local, want string
	}{
		{"an ordinary time", "America/New_York", "2025-01-07 10:00", "2025-01-07T15:00:00Z"},
		{"the missing hour moves forward by the gap", "America/New_York", "2025-03-09 02:30", "2025-03-09T07:30:00Z"},
		{"its first minute", "America/New_York", "2025-03-09 02:00", "2025-03-09T07:00:00Z"},
		{"the minute before it", "America/New_York", "2025-03-09 01:59", "2025-03-09T06:59:00Z"},
		{"the first minute after it", "America/New_York", "2025-03-09 03:00", "2025-03-09T07:00:00Z"},
		{"the repeated hour is the first", "America/New_York", "2025-11-02 01:30", "2025-11-02T05:30:00Z"},
		{"its first minute", "America/New_York", "2025-11-02 01:00", "2025-11-02T05:00:00Z"},
		{"its last minute", "America/New_York", "2025-11-02 01:59", "2025-11-02T05:59:00Z"},
		{"the minute after it", "America/New_York", "2025-11-02 02:00", "2025-11-02T07:00:00Z"},
		{"the evening before a change", "America/New_York", "2025-11-01 20:00", "2025-11-02T00:00:00Z"},
		{"missing in Berlin", "Europe/Berlin", "2025-03-30 02:30", "2025-03-30T01:30:00Z"},
		{"repeated in Berlin", "Europe/Berlin", "2025-10-26 02:30", "2025-10-26T00:30:00Z"},
		{"missing in Dublin, whose summer time is its standard", "Europe/Dublin", "2025-03-30 01:30", "2025-03-30T01:30:00Z"},
		{"repeated in Dublin", "Europe/Dublin", "2025-10-26 01:30", "2025-10-26T00:30:00Z"},
		{"the missing half hour of Lord Howe", "Australia/Lord_Howe", "2025-10-05 02:15", "2025-10-04T15:45:00Z"},
		{"just after it", "Australia/Lord_Howe", "2025-10-05 02:30", "2025-10-04T15:30:00Z"},
		{"the repeated half hour of Lord Howe", "Australia/Lord_Howe", "2025-04-06 01:45", "2025-04-05T14:45:00Z"},
		{"just before it", "Australia/Lord_Howe", "2025-04-06 01:15", "2025-04-05T14:15:00Z"},
		{"the two missing hours of Troll", "Antarctica/Troll", "2025-03-30 02:30", "2025-03-30T02:30:00Z"},
		{"midnight that does not exist in Santiago", "America/Santiago", "2025-09-07 00:30", "2025-09-07T04:30:00Z"},
		{"midnight that does not exist in Beirut", "Asia/Beirut", "2025-03-30 00:00", "2025-03-29T22:00:00Z"},
		{"the day Samoa left out moves forward by the day", "Pacific/Apia", "2011-12-30 12:00", "2011-12-30T22:00:00Z"},
		{"its first instant", "Pacific/Apia", "2011-12-30 00:00", "2011-12-30T10:00:00Z"},
		{"the day after it", "Pacific/Apia", "2011-12-31 12:00", "2011-12-30T22:00:00Z"},
		{"the day before it", "Pacific/Apia", "2011-12-29 23:59", "2011-12-30T09:59:00Z"},
		{"a zone without changes", "Asia/Kolkata", "2025-03-09 02:30", "2025-03-08T21:00:00Z"},
		{"UTC", "UTC", "2025-03-09 02:30", "2025-03-09T02:30:00Z"},
	} {
		l, err := time.Parse("2006-01-02 15:04", c.local)
		if err != nil {
			t.Fatal(err)
		}
		z := zone(t, c.zone)
		got := LocalTime(l.Year(), l.Month(), l.Day(), l.Hour(), l.Minute(), 0, 0, z)
		if s := got.UTC().Format(time.RFC3339); s != c.want || got.Location() != z {
			t.Errorf("%s (%s, %s): %s in %s, want %s", c.name, c.local, c.zone, s, got.Location(), c.want)
		}
	}
}

// A day past the month's end is one of the next month, as time.Date has it: quiet
// hours end "tomorrow".
func TestLocalTimePastTheMonthsEnd(t *testing.T) {
	ny := zone(t, "America/New_York")
	for _, c := range []struct {
		name      string
		got, want time.Time
	}{
		{"32 January", LocalTime(2025, 1, 32, 8, 0, 0, 0, ny), time.Date(2025, 2, 1, 13, 0, 0, 0, time.UTC)},
		{"37 February, the night that lost an hour", LocalTime(2025, 2, 28+9, 2, 30, 0, 0, ny), time.Date(2025, 3, 9, 7, 30, 0, 0, time.UTC)},
		{"25 o'clock", LocalTime(2025, 11, 1, 24+1, 30, 0, 0, ny), time.Date(2025, 11, 2, 5, 30, 0, 0, time.UTC)},
	} {
		if !c.got.Equal(c.want) {
			t.Errorf("%s: %v, want %v", c.name, c.got.UTC(), c.want)
		}
	}
}

// LocalTime is held against a search: all instants of the days around are looked at,
// and the first that shows the reading is the answer; where none does, the reading
// moves forward by as much as the clock did.
func TestLocalTimeAgainstASearch(t *testing.T) {
	zones := []string{
		"America/New_York", "America/St_Johns", "America/Santiago", "America/Havana", "Europe/London", "Europe/Dublin", "Africa/Casablanca",
		"Africa/Cairo", "Asia/Beirut", "Asia/Gaza", "Asia/Pyongyang", "Australia/Lord_Howe", "Antarctica/Troll", "Pacific/Apia", "Pacific/Kwajalein", "Pacific/Chatham", "America/Caracas",
	}
	changes := map[string][]time.Time{}
	for _, name := range zones {
		at := time.Date(1990, 1, 1, 0, 0, 0, 0, zone(t, name))
		for {
			_, end := at.ZoneBounds()
			if end.IsZero() || end.Year() > 2037 {
				break
			}
			changes[name] = append(changes[name], end)
			at = end
		}
		if len(changes[name]) == 0 {
			t.Fatalf("%s has no changes: the zone data is not there", name)
		}
	}
	const reading = "2006-01-02 15:04:05"
	often(t, func(t *rapid.T) {
		name := rapid.SampledFrom(zones).Draw(t, "zone")
		z, change := zone(t, name), rapid.SampledFrom(changes[name]).Draw(t, "change")
		minutes := rapid.IntRange(-30*4, 30*4).Draw(t, "quarters of an hour away") * 15
		// Any reading of a clock near the change, be it one that exists or not.
		want := change.UTC().Add(time.Duration(minutes)*time.Minute + 14*time.Hour*time.Duration(rapid.IntRange(-1, 1).Draw(t, "side")))
		got := LocalTime(want.Year(), want.Month(), want.Day(), want.Hour(), want.Minute(), want.Second(), 0, z)
		var first time.Time
		for at := want.Add(-48 * time.Hour); at.Before(want.Add(48 * time.Hour)); at = at.Add(15 * time.Minute) {
			if at.In(z).Format(reading) == want.Format(reading) {
				first = at
				break
			}
		}
		if first.IsZero() {
			// The instant just before whose reading lies before the wanted one and after
			// which it lies behind it is the change that left it out.
			at := want.Add(-48 * time.Hour)
			for at.Add(15*time.Minute).In(z).Format(reading) < want.Format(reading) {
				at = at.Add(15 * time.Minute)
			}
			_, offset := at.In(z).Zone()
			first = want.Add(-time.Duration(offset) * time.Second)
		}
		if !got.Equal(first) {
			t.Fatalf("%s in %s is %s, want %s", want.Format(reading), name, got.UTC().Format(time.RFC3339), first.UTC().Format(time.RFC3339))
		}
	})
}

// A booking that spans a change is as long as its instants say, not as its clock does.
func TestABookingAcrossTheChange(t *testing.T) {
	ny := zone(t, "America/New_York")
	night := Visit{ID: "v1", Start: LocalTime(2025, 3, 8, 20, 0, 0, 0, ny), End: LocalTime(2025, 3, 9, 8, 0, 0, 0, ny)}
	if got := night.End.Sub(night.Start); got != 11*time.Hour {
		t.Errorf("the short night is %v", got)
	}
	w := WindowsOf("b1", "ann", []Visit{night}, DefaultBuffer("Housesitting"))[0]
	if got := w.Start.In(ny).Format("15:04") + "–" + w.End.In(ny).Format("15:04"); got != "18:00–10:00" {
		t.Errorf("its window is %s", got)
	}
	// Two hours before half past two in the morning are counted in instants.
	early := Visit{ID: "v1", Start: LocalTime(2025, 3, 9, 3, 30, 0, 0, ny), End: LocalTime(2025, 3, 9, 4, 0, 0, 0, ny)}
	w = WindowsOf("b1", "ann", []Visit{early}, Buffer{2 * time.Hour, time.Hour})[0]
	if got := w.Start.In(ny).Format("15:04 MST"); got != "00:30 EST" {
		t.Errorf("the window opens at %s", got)
	}
}

func TestSitterOfAThread(t *testing.T) {
	for _, c := range []struct {
		name string
		ws   []Window
		want SitterID
	}{
		{"of the active window", []Window{window("cleo", "b3", 13, 14), window("ann", "b1", 11, 13), window("bob", "b2", 9, 10)}, "ann"},
		{"else of the next", []Window{window("cleo", "b4", 18, 19), window("ann", "b1", 15, 16), window("bob", "b2", 9, 10)}, "ann"},
		{"else of the last", []Window{window("bob", "b2", 7, 8), window("ann", "b1", 9, 10), window("bob", "b3", 5, 6)}, "ann"},
		{"of two active the one that began first", []Window{window("bob", "b2", 12, 13), window("ann", "b1", 11, 13)}, "ann"},
		{"nobody's", nil, ""},
	} {
		for _, ws := range permutations(c.ws) {
			if got := SitterOf(ws, noon); got != c.want {
				t.Errorf("%s: %s", c.name, got)
			}
		}
	}
}

func permutations[T any](s []T) [][]T {
	if len(s) < 2 {
		return [][]T{s}
	}
	var all [][]T
	for i := range s {
		rest := slices.Concat(s[:i], s[i+1:])
		for _, p := range permutations(rest) {
			all = append(all, append([]T{s[i]}, p...))
		}
	}
	return all
}

func TestServes(t *testing.T) {
	ws := []Window{window("dan", "b4", 18, 19), window("ann", "b1", 11, 13), window("bob", "b2", 9, 10), window("ann", "b3", 15, 16)}
	if d := cmp.Diff([]SitterID{"ann", "dan"}, Serves(ws, noon)); d != "" {
		t.Errorf("at noon (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]SitterID{"dan"}, Serves(ws, hour(20))); d != "" {
		t.Errorf("when all is over, the last one's (-want +got):\n%s", d)
	}
	if got := Serves(nil, noon); got != nil {
		t.Errorf("without windows: %v", got)
	}
}

func TestCarry(t *testing.T) {
	var ws []Window
	for h := 20; h > 8; h-- {
		ws = append(ws, window("ann", BookingID(fmt.Sprint("b", h)), h, h+1))
	}
	kept, more := Carry(ws, hour(10))
	want := []Window{window("ann", "b9", 9, 10), window("ann", "b10", 10, 11), window("ann", "b11", 11, 12), window("ann", "b12", 12, 13), window("ann", "b13", 13, 14), window("ann", "b14", 14, 15)}
	if d := cmp.Diff(want, kept); d != "" || !more {
		t.Errorf("more: %t (-want +got):\n%s", more, d)
	}
	if kept, more = Carry(ws, hour(15).Add(time.Millisecond)); len(kept) != Compact || more {
		t.Errorf("exactly as many as fit: %d, more: %t", len(kept), more)
	}
	if kept, more = Carry(ws, hour(23)); kept != nil || more {
		t.Errorf("when all are over: %v, more: %t", kept, more)
	}
	if ws[0].Booking != "b20" {
		t.Error("the windows were reordered")
	}
	// A caller that adds to what was kept must not write into the rest.
	kept, _ = Carry(ws, hour(10))
	if cap(kept) != Compact {
		t.Errorf("room for %d", cap(kept))
	}
}

func TestSortWindowsIsOneOrderForOneSet(t *testing.T) {
	rapid.Check(quiet{t}, func(t *rapid.T) {
		ws := rapid.SliceOfN(rapid.Custom(anyWindow), 1, 6).Draw(t, "windows")
		a, b := slices.Clone(ws), slices.Clone(rapid.Permutation(ws).Draw(t, "order"))
		SortWindows(a)
		SortWindows(b)
		if d := cmp.Diff(a, b); d != "" {
			t.Fatal(d)
		}
		for i := range a {
			if i > 0 && a[i].Start.Before(a[i-1].Start) {
				t.Fatal("not by start")
			}
		}
	})
}
