package relay

import (
	"context"
	"errors"
	"fmt"
	"time"

	"snout/shared/routing"
	"snout/shared/store"
)

// refitPage is how many bookings are looked at together: as many as one read takes.
const refitPage = 100

// refitSpare is what is left of a function's time when a refit stops, to be gone on with.
const refitSpare = 4 * time.Second

// errRefit tells that a refit is not done yet. What it has done stays done, and is found
// to be done when it is asked for again.
var errRefit = errors.New("the windows of some bookings are still to be put right")

// Refit puts the windows of an org's bookings right after its buffers have changed, by
// the buffers as they are now: asking again, or for a change that another has followed,
// changes nothing. It tells how many bookings it has changed.
func (r *Relay) Refit(ctx context.Context, id routing.OrgID) (int, error) {
	org, err := r.Table.Org(ctx, id)
	if err != nil {
		return 0, fmt.Errorf("refit: %w", err)
	}
	changed := 0
	for cursor, more := "", true; more; more = cursor != "" {
		var bs []routing.Booking
		if bs, cursor, err = r.Table.Bookings(ctx, id, time.Time{}, time.Time{}, cursor, refitPage); err != nil {
			return changed, fmt.Errorf("refit: %w", err)
		}
		var ids []routing.BookingID
		of := map[routing.BookingID]routing.Booking{}
		now := r.Clock()
		for _, b := range bs {
			if b.Sitter != "" && b.Live() && b.End.After(now.Add(-2*24*time.Hour)) { // the longest buffer, and extensions
				ids, of[b.ID] = append(ids, b.ID), b
			}
		}
		if len(ids) == 0 {
			continue
		}
		as, err := r.Table.Assignments(ctx, id, ids)
		if err != nil {
			return changed, fmt.Errorf("refit: %w", err)
		}
		for _, was := range as {
			b := of[was.Booking]
			if was.Version == b.Version && routing.PlanRefit(refitFacts(b, was, org.Settings, now)).Stale {
				continue
			}
			if end, limited := ctx.Deadline(); limited && time.Until(end) < refitSpare {
				return changed, errRefit
			}
			a := &assigning{Relay: r, org: id, booking: b, refit: &org.Settings}
			got, err := again(ctx, a.once)
			if errors.Is(err, store.ErrNotFound) {
				continue // its client has been erased meanwhile
			}
			if err != nil {
				return changed, fmt.Errorf("refit: %w", err)
			}
			if !got.Stale {
				changed++
			}
		}
	}
	return changed, nil
}

func refitFacts(b routing.Booking, was routing.Assignment, s routing.Settings, now time.Time) routing.AssignFacts {
	return routing.AssignFacts{At: now, Booking: b, Was: was, Buffer: routing.BufferFor(s.Buffers, b.Service)}
}
