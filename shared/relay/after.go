package relay

import (
	"context"

	"snout/shared/routing"
)

// taken does what follows from an inbound text once it is committed, out of the
// webhook's way. Each part may be repeated, and a part that fails is repeated with
// all of them.
func (r *Relay) taken(ctx context.Context, e routing.Event) error {
	if err := r.mayMean(ctx, e); err != nil {
		return err
	}
	return r.Gather(ctx, e)
}
