package routing

import (
	"slices"
	"time"
)

// AssignFacts is everything needed to decide what a booking's change does.
type AssignFacts struct {
	At      time.Time
	Booking Booking
	Was     Assignment // what has been applied so far; zero if nothing
	// Recurring is of the client and the booking together.
	Recurring bool
	Proactive bool // ENABLE_PROACTIVE_THREAD_CREATION
	// Open makes the thread whatever the flag says: the owner writes first, or the
	// client does to the sitter's own number.
	Open     bool
	Buffer   Buffer
	Holdings []Holding
	Numbers  []NumberChoice
	// ToldQueued is whether Was.ToldEvent has not gone out yet, so that it can still
	// be withdrawn or replaced.
	ToldQueued bool
}

// AssignPlan is what a booking's change does. It is a difference between what
// stands and what should: applying it twice changes nothing the second time.
type AssignPlan struct {
	// Stale is a version that has been applied already: nothing is done.
	Stale bool
	Next  Assignment

	// Shut are the windows that go from Was.Thread; Stand those that are to stand in
	// Next.Thread (or in the thread to be made on Make).
	Shut  []Window
	Stand []Window
	Make  *NumberChoice // the number on which to make the thread

	// Tell asks for "who's coming" in the thread; Untell withdraws the one still
	// queued (of Was.ToldEvent).
	Tell   bool
	Untell bool
	// Linked are the old and the new thread where the windows moved between two.
	Linked bool
	// Handed is the line to add to the assignment history.
	Handed bool
}

// PlanAssignment decides what a booking's change does: the assignments table of
// domain.md.
func PlanAssignment(f AssignFacts) AssignPlan {
	was, b := f.Was, f.Booking
	if b.Version <= was.Version && !f.Open {
		return AssignPlan{Stale: true, Next: was}
	}
	next := Assignment{
		Booking: b.ID, Client: b.Client, Version: max(b.Version, was.Version), Service: b.Service,
		Extended: was.Extended, Told: was.Told, ToldEvent: was.ToldEvent, History: was.History,
	}
	p := AssignPlan{}
	if was.Thread != "" {
		p.Shut = was.Windows
	}
	sitter := b.Sitter
	if !b.Live() {
		sitter = ""
	}
	next.Sitter = sitter
	if was.Sitter != sitter {
		p.Handed = true
		next.Extended = nil
	}
	if sitter == "" {
		// Clearing says nothing, but what has not gone out yet would now be wrong.
		f.withdraw(&p, &next)
		// The thread is kept in mind, so that the same sitter set again, or another on
		// a pool number, goes on in it.
		next.Thread = was.Thread
		if was.Thread != "" && (b.Status == "completed" || b.Status == "cancelled") {
			// What was on is over now, and what is over stays on record: its sitter may
			// read for another day. (Unassigning takes the sight away at once.)
			next.Windows = ended(was.Windows, f.At)
			p.Shut, p.Stand = subtract(was.Windows, next.Windows), subtract(next.Windows, was.Windows)
		}
		p.Next = next
		return p
	}
	next.Windows = WindowsOf(b.ID, sitter, b.Visits, f.Buffer)
	for i, w := range next.Windows {
		next.Windows[i].End = w.End.Add(next.Extended[w.Visit])
	}

	choice := f.choose(was, sitter)
	switch {
	case choice.Thread != "":
		next.Thread = choice.Thread
	case choice.Exhausted && (f.Open || f.Recurring && f.Proactive):
		next.Suggested, next.NoNumber = true, true
	case choice.Exhausted, !f.Open && !(f.Recurring && f.Proactive):
		next.Suggested = true
	default:
		p.Make = &choice.Number
	}
	if next.Suggested {
		if was.Sitter != sitter {
			f.withdraw(&p, &next)
		}
		p.Next = next
		return p
	}
	p.Stand = next.Windows
	if was.Thread != "" && next.Thread == was.Thread {
		// In place: only what differs is touched.
		p.Shut, p.Stand = subtract(was.Windows, next.Windows), subtract(next.Windows, was.Windows)
	}
	p.Linked = was.Thread != "" && next.Thread != was.Thread
	if next.Told != sitter && !over(next.Windows, f.At) {
		f.withdraw(&p, &next)
		p.Tell = true
		next.Told = sitter
	}
	p.Next = next
	return p
}

// withdraw takes back a message that has not gone out: the client was not told.
func (f *AssignFacts) withdraw(p *AssignPlan, next *Assignment) {
	if f.ToldQueued && f.Was.ToldEvent != "" {
		p.Untell = true
		next.Told, next.ToldEvent = "", ""
	}
}

func (f *AssignFacts) choose(was Assignment, sitter SitterID) Choice {
	if was.Thread != "" && was.Sitter == sitter {
		for _, h := range f.Holdings {
			if h.Thread == was.Thread && h.Number.Active && (h.OpenUntil.IsZero() || !f.At.After(h.OpenUntil)) {
				return Choice{Thread: was.Thread} // times or service changed: recomputed in place
			}
		}
	}
	return Choose(sitter, f.Recurring, f.Holdings, f.Numbers, was.Thread, f.At)
}

// ended keeps the windows that have begun, none of them longer than until now.
func ended(ws []Window, at time.Time) []Window {
	var out []Window
	last := at.Add(-time.Millisecond).Truncate(time.Millisecond)
	for _, w := range ws {
		if w.Start.After(last) {
			continue
		}
		if w.End.After(last) {
			w.End = last
		}
		out = append(out, w)
	}
	return out
}

// subtract is what is in a and not in b.
func subtract(a, b []Window) []Window {
	var out []Window
	for _, w := range a {
		if !slices.ContainsFunc(b, func(x Window) bool {
			return x.Booking == w.Booking && x.Visit == w.Visit && x.Sitter == w.Sitter && x.Start.Equal(w.Start) && x.End.Equal(w.End)
		}) {
			out = append(out, w)
		}
	}
	return out
}

func over(ws []Window, at time.Time) bool {
	for _, w := range ws {
		if !w.Ended(at) {
			return false
		}
	}
	return true
}

// Compact is how many windows a route and a thread carry with them.
const Compact = 6

// Carry picks the windows that a row carries: those not over, soonest first, and
// whether there are more than that.
func Carry(ws []Window, at time.Time) (kept []Window, more bool) {
	for _, w := range ws {
		if !w.Ended(at) {
			kept = append(kept, w)
		}
	}
	SortWindows(kept)
	if len(kept) > Compact {
		return kept[:Compact:Compact], true
	}
	return kept, false
}
