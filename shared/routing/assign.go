package routing

import (
	"cmp"
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
	// Open makes the thread whatever the flag says: the owner writes first, the client
	// does to the sitter's own number, a backfill asks for it, or a number is free now.
	// It may be asked for the version that has been applied, but for none before it.
	Open     bool
	Buffer   Buffer
	Holdings []Holding
	Numbers  []NumberChoice
	// ToldQueued is whether Was.ToldEvent has not gone out yet, so that it can still
	// be withdrawn or replaced.
	ToldQueued bool
	// NoPhone is whether the client has no phone at all. There is nobody to talk with
	// then: no thread is made, and nothing is told, until they have one.
	NoPhone bool
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

	// Tell asks for "who's coming" in the thread, whose event becomes Next.ToldEvent;
	// Untell withdraws the one still queued (Was.ToldEvent).
	Tell   bool
	Untell bool
	// Linked asks to link the thread the booking stood in last (Next.Before) and the
	// one it stands in now, for the owner.
	Linked bool
	// Handed is the line to add to the assignment history.
	Handed bool
}

// PlanAssignment decides what a booking's change does: the assignments table of
// domain.md.
func PlanAssignment(f AssignFacts) AssignPlan {
	was, b := f.Was, f.Booking
	if b.Version < was.Version || b.Version == was.Version && !f.Open {
		// A record behind what has been applied tells nothing new, and opening a thread
		// by it would bring back what has been changed since.
		return AssignPlan{Stale: true, Next: was}
	}
	next := Assignment{
		Booking: b.ID, Client: b.Client, Version: b.Version, Service: b.Service,
		Extended: was.Extended, Told: was.Told, ToldEvent: was.ToldEvent, History: was.History,
	}
	p := AssignPlan{}
	if was.Thread != "" {
		p.Shut = was.Windows
	}
	next.Sitter = b.Sitter
	if !b.Live() {
		next.Sitter = ""
	}
	handed := was.Sitter != next.Sitter
	if handed {
		p.Handed = true
		next.Extended = nil
	}
	// before is the thread that the booking stood in last. It is kept in mind through
	// everything between, so that the next one is linked to it.
	before := cmp.Or(was.Thread, was.Before)
	if next.Sitter == "" {
		// Clearing says nothing, but what has not gone out yet would now be wrong. The
		// same sitter set again, or another on a pool number, goes on in the thread.
		f.withdraw(&p, &next)
		next.Thread, next.Before = was.Thread, was.Before
		if was.Thread != "" && (b.Status == "completed" || b.Status == "cancelled") {
			// What was on is over now, and what is over stays on record: its sitter may
			// read for another day. (Unassigning takes the sight away at once.)
			next.Windows = ended(was.Windows, f.At)
			p.Shut, p.Stand = subtract(was.Windows, next.Windows), subtract(next.Windows, was.Windows)
		}
		p.Next = next
		return p
	}
	if was.Told == "" && b.Knows == next.Sitter {
		next.Told = next.Sitter
	}
	next.Windows = WindowsOf(b.ID, next.Sitter, b.Visits, f.Buffer)
	for i, w := range next.Windows {
		next.Windows[i].End = w.End.Add(next.Extended[w.Visit])
	}
	SortWindows(next.Windows)

	choice := f.choose(next.Sitter)
	open := !f.NoPhone && (f.Open || f.Recurring && f.Proactive)
	switch {
	case choice.Thread != "":
		next.Thread = choice.Thread
	case open && !choice.Exhausted:
		p.Make = &choice.Number
	default:
		// No thread: what is queued in the old one must not be sent from there.
		f.withdraw(&p, &next)
		next.Suggested, next.NoNumber = true, open
		next.Before = before
		p.Next = next
		return p
	}
	p.Stand = next.Windows
	if was.Thread != "" && next.Thread == was.Thread {
		// In place: only what differs is touched.
		p.Shut, p.Stand = subtract(was.Windows, next.Windows), subtract(next.Windows, was.Windows)
	}
	if p.Linked = before != "" && next.Thread != before; p.Linked {
		next.Before = before
	} else if was.Before != next.Thread {
		next.Before = was.Before
	}
	// One not yet sent is replaced by the newer: it names a time or a sitter that no
	// longer hold, or waits in a thread that the booking has left.
	if handed || len(p.Shut)+len(p.Stand) > 0 {
		f.withdraw(&p, &next)
	}
	if next.Told != next.Sitter && !over(next.Windows, f.At) && !f.NoPhone {
		p.Tell = true
		next.Told, next.ToldEvent = next.Sitter, ""
	}
	p.Next = next
	return p
}

// PlanRefit decides what a change of an org's buffers does to a booking: its windows that
// are not over get their new times where they stand, or are due with them. A window that
// is over stays as it was, since longer buffers must not open it again. Nothing else of
// the booking is decided anew: its thread, its number and what was told stay.
func PlanRefit(f AssignFacts) AssignPlan {
	was, b := f.Was, f.Booking
	p := AssignPlan{Next: was}
	if b.Version != was.Version || was.Sitter == "" {
		p.Stale = true // the booking's own record, still to come, goes by the new buffers
		return p
	}
	p.Next.Windows = WindowsOf(b.ID, was.Sitter, b.Visits, f.Buffer)
	for i, w := range p.Next.Windows {
		p.Next.Windows[i].End = w.End.Add(was.Extended[w.Visit])
		for _, old := range was.Windows {
			if old.Visit == w.Visit && old.Ended(f.At) {
				p.Next.Windows[i] = old
			}
		}
	}
	SortWindows(p.Next.Windows)
	p.Shut, p.Stand = subtract(was.Windows, p.Next.Windows), subtract(p.Next.Windows, was.Windows)
	p.Stale = len(p.Shut)+len(p.Stand) == 0
	if was.Thread == "" {
		p.Shut, p.Stand = nil, nil // due, and standing nowhere
	}
	return p
}

// withdraw takes back a message that has not gone out: the client was not told.
func (f *AssignFacts) withdraw(p *AssignPlan, next *Assignment) {
	if f.ToldQueued && f.Was.ToldEvent != "" {
		p.Untell = true
		next.Told, next.ToldEvent = "", ""
	}
}

func (f *AssignFacts) choose(sitter SitterID) Choice {
	was := f.Was
	if was.Thread != "" && was.Sitter == sitter {
		for _, h := range f.Holdings {
			if h.Thread == was.Thread && h.usable(f.At) {
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
