package routing

import "time"

// WindowState is what a thread's header says about its windows.
type WindowState string

const (
	WindowActive   WindowState = "active"
	WindowUpcoming WindowState = "upcoming"
	WindowNone     WindowState = "none"
)

// Header is a thread's window line: the words of the checklist, the instants
// behind them, and when the words will change by the clock alone.
type Header struct {
	State        WindowState
	Start, End   time.Time // of the active or next window; zero if none
	Text         string
	NextChangeAt time.Time // zero: the clock alone will not change it
}

// HeaderOf words the windows that a viewer goes by (all of a thread's for an
// owner, their own for a sitter), in the org's zone.
func HeaderOf(ws []Window, at time.Time, zone *time.Location) Header {
	h := Header{State: WindowNone, Text: "No active window – messaging disabled"}
	for _, w := range ws {
		// Edges are whole milliseconds, and the end is inclusive: it changes just after.
		for _, edge := range [...]int64{w.Start.UnixMilli(), w.End.UnixMilli() + 1} {
			if edge > at.UnixMilli() && (h.NextChangeAt.IsZero() || edge < h.NextChangeAt.UnixMilli()) {
				h.NextChangeAt = time.UnixMilli(edge).UTC()
			}
		}
	}
	if on := Current(ws, at); len(on) > 0 {
		h.State, h.Start, h.End = WindowActive, on[0].Start, on[0].End
		for _, w := range on[1:] {
			if w.Start.Before(h.Start) {
				h.Start = w.Start
			}
			if w.End.After(h.End) {
				h.End = w.End
			}
		}
		h.Text = "Active Window: " + span(h.Start.In(zone), h.End.In(zone))
		return h
	}
	if w, ok := Next(ws, at); ok {
		h.State, h.Start, h.End = WindowUpcoming, w.Start, w.End
		h.Text = "Next window: " + WallDate(w.Start, zone) + " – " + WallTime(w.Start, zone)
	}
	return h
}

// span names the day only where a window leaves the day it began on.
func span(a, b time.Time) string {
	zone := a.Location()
	if a.YearDay() == b.YearDay() && a.Year() == b.Year() {
		return WallTime(a, zone) + " – " + WallTime(b, zone)
	}
	return WallDate(a, zone) + " " + WallTime(a, zone) + " – " + WallDate(b, zone) + " " + WallTime(b, zone)
}

// WallDate is a day as headers name it: Tue, Jan 7.
func WallDate(t time.Time, zone *time.Location) string { return t.In(zone).Format("Mon, Jan 2") }

// WallTime is a time of day as headers name it: 8:00 AM. In the night in which an
// hour comes twice the zone's abbreviation tells which of the two is meant.
func WallTime(t time.Time, zone *time.Location) string {
	l := t.In(zone)
	if comesTwice(l) {
		return l.Format("3:04 PM MST")
	}
	return l.Format("3:04 PM")
}
