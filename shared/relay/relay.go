// Package relay is what happens: a text is received, a message sent, a report
// taken in, a booking's change applied, a decision explained. Each goes the same
// way: read every fact in one round trip, decide in shared/routing, commit the
// outcome conditionally in one more, only then touch the carrier, then record what
// it said. It must never touch the carrier before the commit, never decide
// anything that shared/routing could decide, and never put a body or a whole
// number into an error.
package relay

import (
	"context"
	"errors"
	"time"

	"snout/shared/routing"
	"snout/shared/screening"
	"snout/shared/store"
)

// Clock tells the time; one for everything.
type Clock func() time.Time

// Flags reads the stage's switches. What cannot be read is off.
type Flags interface {
	Flags(ctx context.Context) routing.Flags
}

// Carrier takes messages to phones.
type Carrier interface {
	// Hand gives the carrier one message, once. It never tries again by itself.
	Hand(ctx context.Context, m Outgoing) Handed
	// Find looks an attempt up in the carrier's own list: the sid and status of the
	// message with this sender, recipient and text handed over since an instant.
	Find(ctx context.Context, m Outgoing, since time.Time) (Handed, bool, error)
	// Arrived lists the texts that came to one of our numbers since an instant, as the
	// carrier's own list has them; Attached are the pictures of one of them.
	Arrived(ctx context.Context, number routing.Phone, since time.Time) ([]store.Text, error)
	Attached(ctx context.Context, t store.Text) ([]routing.Media, error)
}

// Outgoing is one message as the carrier gets it.
type Outgoing struct {
	From, To routing.Phone
	Text     string
	Media    []string
	Event    routing.EventID // goes into the status callback, so that any report names it
	Others   map[string]bool // when it is looked up: sids known to be other messages
}

// Verdict is what is known after handing a message over.
type Verdict int

const (
	Taken   Verdict = iota // the carrier has it
	Refused                // it certainly has not, and will not
	Later                  // it certainly has not; the same may be tried again
	Nobody                 // nobody can tell
)

// Handed is the carrier's answer.
type Handed struct {
	Verdict  Verdict
	Sid      string
	Status   routing.Status // as found in its list
	Code     int
	Sentence string // for the owner
	OptedOut bool   // its error 21610
}

// Screen looks for attempts to swap contact details.
type Screen func(screening.Message) screening.Verdict

// Relay carries the parts.
type Relay struct {
	Table    *store.Table
	Flags    Flags
	Carrier  Carrier
	Pictures Pictures
	Screen   Screen
	Clock    Clock
	Random   func(n int) string // n lower-case letters and digits
	Sentence func(code int) string
	OurFault func(code int) bool // whether a code of the carrier's lies with our account
	Page     string              // scheme and host of the page, for links to it
}

// order makes the time-ordered part of an id.
func (r *Relay) order(at time.Time) string { return routing.Order(at.UnixMicro(), r.Random(8)) }

func (r *Relay) newEvent(th routing.ThreadID, at time.Time) routing.EventID {
	return routing.NewEventID(th, r.order(at))
}

func (r *Relay) newThread(org routing.OrgID) routing.ThreadID {
	return routing.NewThreadID(org, r.Random(12))
}

func (r *Relay) alert(org routing.OrgID, at time.Time, a routing.Alert) routing.Alert {
	a.ID, a.At, a.Open = routing.NewAlertID(org, r.order(at)), at, true
	return a
}

// tries bounds how often facts are read again after a conflict. Each try sees what
// beat it, so more than a few means a fault.
const tries = 8

// errContended is returned when every try met a conflict.
var errContended = errors.New("gave up: changed by others at every try")

// again runs one read-decide-commit until it is not beaten by another.
func again[T any](ctx context.Context, work func(context.Context) (T, error)) (T, error) {
	var zero T
	for range tries {
		v, err := work(ctx)
		if err == nil {
			return v, nil
		}
		if !errors.Is(err, store.ErrConflict) {
			return zero, err
		}
		if ctx.Err() != nil {
			return zero, ctx.Err()
		}
	}
	return zero, errContended
}

func zone(name string) *time.Location {
	if l, err := time.LoadLocation(name); err == nil {
		return l
	}
	return time.UTC
}
