package routing

import (
	"slices"
	"strings"
	"time"
)

// Window is the time in which one sitter may talk with one client about one
// visit. Both ends are inclusive, to the millisecond.
type Window struct {
	Booking BookingID
	Visit   VisitID
	Sitter  SitterID
	Start   time.Time
	End     time.Time
}

// Active tells whether the window is on at an instant. Instants are compared by
// the millisecond, so an end at 18:30 still holds for 18:30:00.000999.
func (w Window) Active(at time.Time) bool {
	ms := at.UnixMilli()
	return w.Start.UnixMilli() <= ms && ms <= w.End.UnixMilli()
}

// Upcoming tells whether the window has yet to begin.
func (w Window) Upcoming(at time.Time) bool { return at.UnixMilli() < w.Start.UnixMilli() }

// Ended tells whether the window is over.
func (w Window) Ended(at time.Time) bool { return w.End.UnixMilli() < at.UnixMilli() }

// SortWindows orders by start, then end, sitter, booking and visit: one order for
// one set, whatever way it was read.
func SortWindows(ws []Window) {
	slices.SortFunc(ws, func(a, b Window) int {
		if c := a.Start.Compare(b.Start); c != 0 {
			return c
		}
		if c := a.End.Compare(b.End); c != 0 {
			return c
		}
		if c := strings.Compare(string(a.Sitter), string(b.Sitter)); c != 0 {
			return c
		}
		if c := strings.Compare(string(a.Booking), string(b.Booking)); c != 0 {
			return c
		}
		return strings.Compare(string(a.Visit), string(b.Visit))
	})
}

// Current picks the active windows at an instant.
func Current(ws []Window, at time.Time) []Window {
	var on []Window
	for _, w := range ws {
		if w.Active(at) {
			on = append(on, w)
		}
	}
	return on
}

// Next is the window that begins soonest after an instant.
func Next(ws []Window, at time.Time) (Window, bool) {
	var best Window
	found := false
	for _, w := range ws {
		if w.Upcoming(at) && (!found || w.Start.Before(best.Start)) {
			best, found = w, true
		}
	}
	return best, found
}

// SitterOf is the sitter that a thread shows: the one of its active, else next,
// else last window. Rights never come from it.
func SitterOf(ws []Window, at time.Time) SitterID {
	if on := Current(ws, at); len(on) > 0 {
		SortWindows(on)
		return on[0].Sitter
	}
	if w, ok := Next(ws, at); ok {
		return w.Sitter
	}
	var last Window
	for _, w := range ws {
		if last.End.IsZero() || w.End.After(last.End) {
			last = w
		}
	}
	return last.Sitter
}

// Buffer widens a visit to its window.
type Buffer struct {
	Before time.Duration
	After  time.Duration
}

// DefaultBuffer is the table of domain.md; an org's settings come before it.
func DefaultBuffer(service string) Buffer {
	switch strings.ToLower(strings.TrimSpace(service)) {
	case "housesitting", "24/7 care":
		return Buffer{120 * time.Minute, 120 * time.Minute}
	}
	return Buffer{60 * time.Minute, 60 * time.Minute}
}

// BufferFor looks a service up in the org's own buffers (keys in any case), then
// in the default table.
func BufferFor(own map[string]Buffer, service string) Buffer {
	for name, b := range own {
		if strings.EqualFold(strings.TrimSpace(name), strings.TrimSpace(service)) {
			return b
		}
	}
	return DefaultBuffer(service)
}

// Visit is one stay of a booking, as instants.
type Visit struct {
	ID    VisitID
	Start time.Time
	End   time.Time
}

// WindowsOf computes the windows of a booking's visits.
func WindowsOf(b BookingID, s SitterID, visits []Visit, buf Buffer) []Window {
	ws := make([]Window, 0, len(visits))
	for _, v := range visits {
		ws = append(ws, Window{Booking: b, Visit: v.ID, Sitter: s, Start: v.Start.Add(-buf.Before).UTC(), End: v.End.Add(buf.After).UTC()})
	}
	SortWindows(ws)
	return ws
}

// LocalTime resolves a wall clock reading in a zone. A time that does not exist
// moves forward by the gap; one that comes twice is the first.
func LocalTime(year int, month time.Month, day, hour, min, sec, nsec int, zone *time.Location) time.Time {
	t := time.Date(year, month, day, hour, min, sec, nsec, zone)
	// time.Date promises neither answer in these two cases, so both offsets around
	// the instant are tried: the earlier offset (the one before a change) is the
	// first of a repeated hour, and carries a missing one forward by the gap.
	_, before := t.Add(-24 * time.Hour).Zone()
	_, after := t.Add(24 * time.Hour).Zone()
	if before == after {
		return t
	}
	return time.Date(year, month, day, hour, min, sec, nsec, time.FixedZone("", before)).In(zone).
		Add(offsetFix(year, month, day, hour, min, sec, nsec, before, after, zone))
}

// offsetFix is zero where the reading taken at the offset before the change is
// right or does not exist, else the step that takes it to the offset after.
func offsetFix(year int, month time.Month, day, hour, min, sec, nsec, before, after int, zone *time.Location) time.Duration {
	a := time.Date(year, month, day, hour, min, sec, nsec, time.FixedZone("", before)).In(zone)
	if a.Hour() == hour && a.Minute() == min && a.Day() == day {
		return 0 // right, and the first of the two if it comes twice
	}
	b := time.Date(year, month, day, hour, min, sec, nsec, time.FixedZone("", after)).In(zone)
	if b.Hour() == hour && b.Minute() == min && b.Day() == day {
		return b.Sub(a)
	}
	return 0 // does not exist: the reading at the old offset lies forward by the gap
}
