package routing

import (
	"cmp"
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
func SortWindows(ws []Window) { slices.SortFunc(ws, compareWindows) }

func compareWindows(a, b Window) int {
	return cmp.Or(
		a.Start.Compare(b.Start),
		a.End.Compare(b.End),
		strings.Compare(string(a.Sitter), string(b.Sitter)),
		strings.Compare(string(a.Booking), string(b.Booking)),
		strings.Compare(string(a.Visit), string(b.Visit)),
	)
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

// Next is the window that begins soonest after an instant; the order of windows
// decides between those that begin together.
func Next(ws []Window, at time.Time) (Window, bool) {
	var best Window
	found := false
	for _, w := range ws {
		if w.Upcoming(at) && (!found || compareWindows(w, best) < 0) {
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
	last, _ := Last(ws)
	return last.Sitter
}

// Last is the window that ends last; the order of windows decides between those that
// end together.
func Last(ws []Window) (Window, bool) {
	var last Window
	for i, w := range ws {
		if i == 0 || w.End.After(last.End) || w.End.Equal(last.End) && compareWindows(last, w) < 0 {
			last = w
		}
	}
	return last, len(ws) > 0
}

// Serves are the sitters whom a thread serves: those with a window in it that is not
// over, in the order of windows, and the sitter of its last one.
func Serves(ws []Window, at time.Time) []SitterID {
	ws = slices.Clone(ws)
	SortWindows(ws)
	var on []SitterID
	var last Window
	for _, w := range ws {
		if !w.Ended(at) && !slices.Contains(on, w.Sitter) {
			on = append(on, w.Sitter)
		}
		if !w.End.Before(last.End) {
			last = w
		}
	}
	if len(ws) > 0 && !slices.Contains(on, last.Sitter) {
		on = append(on, last.Sitter)
	}
	return on
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
	if b, ok := own[service]; ok {
		return b
	}
	found := ""
	for name := range own {
		// The least of several spellings, since a map has no order.
		if strings.EqualFold(strings.TrimSpace(name), strings.TrimSpace(service)) && (found == "" || name < found) {
			found = name
		}
	}
	if found != "" {
		return own[found]
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
	// time.Date answers by the offset of one side of a change and does not promise
	// which. Between the two readings that the clock shows at a change lies the gap,
	// or the hour that comes twice: the offset from before the change is the first of
	// the two, and carries a missing reading forward by the gap.
	t := time.Date(year, month, day, hour, min, sec, nsec, zone)
	wall := time.Date(year, month, day, hour, min, sec, nsec, time.UTC)
	start, end := t.ZoneBounds()
	for _, change := range [...]time.Time{start, end} {
		if change.IsZero() {
			continue
		}
		before, after := offsetsAt(change)
		lo, hi := change.UTC().Add(before), change.UTC().Add(after)
		if hi.Before(lo) {
			lo, hi = hi, lo
		}
		if !wall.Before(lo) && wall.Before(hi) {
			return wall.Add(-before).In(zone)
		}
	}
	return t
}

// offsetsAt are the zone's offsets just before and from a change.
func offsetsAt(change time.Time) (before, after time.Duration) {
	_, b := change.Add(-time.Nanosecond).Zone()
	_, a := change.Zone()
	return time.Duration(b) * time.Second, time.Duration(a) * time.Second
}

// comesTwice tells whether the reading of a clock at an instant comes twice that day.
func comesTwice(l time.Time) bool {
	start, end := l.ZoneBounds()
	if !start.IsZero() {
		if before, after := offsetsAt(start); l.Before(start.Add(before - after)) {
			return true
		}
	}
	if !end.IsZero() {
		if before, after := offsetsAt(end); !l.Before(end.Add(after - before)) {
			return true
		}
	}
	return false
}
