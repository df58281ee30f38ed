package relay

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"snout/shared/routing"
	"snout/shared/store"
)

// Opening is what Backfill would do about one booking, or has done.
type Opening string

// What becomes of a suggested conversation.
const (
	OpensOnSitters Opening = "sitter"   // a thread on the sitter's own number
	OpensOnPool    Opening = "pool"     // a thread on a pool number
	OpensInto      Opening = "existing" // the client's thread that serves this sitter
	OpensNot       Opening = "no_number"
	OpensNoPhone   Opening = "no_phone"
	OpensOneTime   Opening = "one_time" // stays suggested: the owner's first message opens it
	OpensWaiting   Opening = "waiting"  // looks for a pool number by itself already
)

// Makes tells whether there would be, or is now, a thread.
func (o Opening) Makes() bool { return o == OpensOnSitters || o == OpensOnPool || o == OpensInto }

// Backfilled is one suggested conversation with what is to be done about it.
type Backfilled struct {
	Booking routing.BookingID
	Client  routing.ClientID
	Name    string // the client's
	Sitter  routing.SitterID
	First   routing.Window // the first that is not over
	How     Opening
	Thread  routing.ThreadID // where it is now, or will be if there is one already
}

// Backfill goes through the suggested conversations of bookings to come, which a flip
// of the proactive flag has left alone, soonest first, and says what it would do about
// each; with do it does that. A conversation that was opened is suggested no longer, so
// running it again goes on where it ended. Two bookings of a client that need one
// number are both foreseen to get it, since nothing is taken before it is done.
func (r *Relay) Backfill(ctx context.Context, org routing.OrgID, do bool, each func(Backfilled)) error {
	as, err := r.Table.AllSuggested(ctx, org)
	if err != nil {
		return err
	}
	now := r.Clock()
	as = slices.DeleteFunc(as, func(a routing.Assignment) bool {
		return !slices.ContainsFunc(a.Windows, func(w routing.Window) bool { return !w.Ended(now) })
	})
	for _, a := range as {
		b, err := r.backfill(ctx, org, a, do, now)
		if err != nil {
			return fmt.Errorf("backfill %s: %w", a.Booking, err)
		}
		if b.Booking != "" {
			each(b)
		}
	}
	return nil
}

func (r *Relay) backfill(ctx context.Context, org routing.OrgID, was routing.Assignment, do bool, now time.Time) (Backfilled, error) {
	b, err := r.Table.Booking(ctx, org, was.Booking)
	if errors.Is(err, store.ErrNotFound) {
		return Backfilled{}, nil
	}
	if err != nil {
		return Backfilled{}, err
	}
	f, err := r.Table.AssignFacts(ctx, org, b.ID, b.Client)
	if err != nil {
		return Backfilled{}, err
	}
	if !f.Was.Suggested || b.Version != f.Was.Version {
		return Backfilled{}, nil // opened meanwhile, or the stream has more to say first
	}
	out := Backfilled{Booking: b.ID, Client: b.Client, Name: f.Client.Name, Sitter: f.Was.Sitter}
	for _, w := range f.Was.Windows {
		if !w.Ended(now) && (out.First.Booking == "" || w.Start.Before(out.First.Start)) {
			out.First = w
		}
	}
	a := &assigning{Relay: r, org: org, booking: b, open: true}
	facts := a.facts(ctx, f, now)
	p := routing.PlanAssignment(facts)
	switch {
	case !facts.Recurring:
		out.How = OpensOneTime
	case facts.NoPhone:
		out.How = OpensNoPhone
	case f.Was.NoNumber:
		out.How = OpensWaiting
	case p.Next.NoNumber:
		out.How = OpensNot
	case p.Make == nil:
		out.How, out.Thread = OpensInto, p.Next.Thread
	case p.Make.Class == routing.SitterNum:
		out.How = OpensOnSitters
	default:
		out.How = OpensOnPool
	}
	if !do || !out.How.Makes() && out.How != OpensNot {
		return out, nil
	}
	got, err := again(ctx, a.once)
	if err != nil {
		return out, err
	}
	if out.Thread = got.Thread; got.Thread == "" {
		out.How = OpensNot // another of the client's has taken the number
	}
	return out, nil
}

// Foreseen words an opening for people.
func (b Backfilled) Foreseen(done bool) string {
	verb := strings.NewReplacer("opens", "opened", "joins", "joined")
	s := map[Opening]string{
		OpensOnSitters: "opens on the sitter's number", OpensOnPool: "opens on a pool number", OpensInto: "joins the client's conversation with this sitter",
		OpensNot: "no pool number is free: it opens by itself once one is", OpensNoPhone: "the client has no phone: it stays suggested",
		OpensOneTime: "one-time client: it stays suggested until the owner writes", OpensWaiting: "waits for a pool number already, and opens by itself",
	}[b.How]
	if done {
		s = verb.Replace(s)
	}
	return s
}
