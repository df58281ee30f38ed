package relay

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"snout/shared/routing"
	"snout/shared/store"
)

const (
	// grace leaves a text to its webhook, the webhook's repeats and the fallback, before
	// it counts as missed.
	grace = 2 * time.Minute
	// overlap is how far each comparison looks back beyond the last one, since the
	// carrier's list may show a text later than it came.
	overlap = 15 * time.Minute
	// longest bounds every comparison: a MessageSid is remembered for longer, so that
	// nothing is taken in twice.
	longest = seenFor - 24*time.Hour
	// lookBack is as far as the first comparison of a number goes of which nobody knows
	// since when it is ours.
	lookBack = 24 * time.Hour
)

// Compared is what one comparison with the carrier's list found.
type Compared struct {
	Numbers int // looked at
	Missed  int // texts that had never reached us, and are taken in now
}

// Compare takes in what the carrier's list has of each of our numbers and we have
// never seen, in the order in which it came, as late. Numbers that were compared
// longest ago come first, so that a run which ends early is carried on by the next.
func (r *Relay) Compare(ctx context.Context) (Compared, error) {
	var done Compared
	numbers, err := r.Table.ComparedNumbers(ctx)
	if err != nil {
		return done, err
	}
	slices.SortStableFunc(numbers, func(a, b store.Compared) int { return cmp.Compare(a.Mark.UnixMicro(), b.Mark.UnixMicro()) })
	var faults []error
	for _, n := range numbers {
		if end, ok := ctx.Deadline(); ok && time.Until(end) < 5*time.Second {
			break // of the machine's time: the next run begins here
		}
		missed, err := r.compare(ctx, n)
		done.Missed += missed
		if err != nil {
			faults = append(faults, err)
			continue
		}
		done.Numbers++
	}
	return done, errors.Join(faults...)
}

func (r *Relay) compare(ctx context.Context, n store.Compared) (int, error) {
	now := r.Clock()
	since := n.Mark.Add(-overlap)
	switch {
	case !n.Mark.IsZero():
	case !n.Since.IsZero():
		// No comparison has ever come to its end, however long that has been so: a text of
		// the number's first day must not be beyond reach by the time one does.
		since = n.Since
	default:
		since = now.Add(-lookBack)
	}
	// What came before the number was ours is not ours.
	since = latest(latest(since, n.Since), now.Add(-longest)).Truncate(time.Second) // the list has no fractions
	texts, err := r.Carrier.Arrived(ctx, n.Phone, since)
	if err != nil {
		return 0, fmt.Errorf("compare number %s: %w", n.ID, err)
	}
	texts = slices.DeleteFunc(texts, func(t store.Text) bool { return t.At.Before(since) || t.At.After(now.Add(-grace)) })
	slices.SortStableFunc(texts, func(a, b store.Text) int { return a.At.Compare(b.At) })
	sids := make([]string, 0, len(texts))
	for _, t := range texts {
		sids = append(sids, t.Sid)
	}
	seen, err := r.Table.SeenSids(ctx, sids)
	if err != nil {
		return 0, err
	}
	missed := 0
	for _, t := range texts {
		if seen[t.Sid] {
			continue
		}
		if t.Media, err = r.Carrier.Attached(ctx, t); err != nil {
			return missed, fmt.Errorf("compare number %s: %w", n.ID, err)
		}
		t.Late = true
		got, err := r.Receive(ctx, t)
		var no *routing.Refusal
		if errors.As(err, &no) && no.Code == routing.CodeInvalid {
			continue // what our own rules cannot take would stop the number's texts for good
		}
		if err != nil {
			return missed, fmt.Errorf("compare number %s: %w", n.ID, err)
		}
		if !got.Repeat {
			missed++
		}
	}
	return missed, r.Table.MarkCompared(ctx, n.Phone, now)
}
