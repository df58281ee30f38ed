package relay

import (
	"context"
	"time"

	"snout/shared/routing"
)

// ExplainRequest asks where a text would go. Org empty: any (for ops).
type ExplainRequest struct {
	Org      routing.OrgID
	From, To routing.Phone
	At       time.Time      // zero: now
	Body     string         // for keywords; empty: an ordinary text
	Flags    *routing.Flags // nil: as they are
	// Held: the text asked about is one of those that are held, so that they do not
	// hold it. Without this every held text would wait for itself.
	Held bool
}

// Explained is the decision that would be made, with every rule looked at.
type Explained struct {
	routing.Decision
	Thread routing.ThreadID
	Trace  []routing.Step
}

// Explain makes the decision that Receive would make, by the same function, and
// writes nothing.
func (r *Relay) Explain(ctx context.Context, q ExplainRequest) (Explained, error) {
	number, route, _, err := r.Table.InboundFacts(ctx, q.To, q.From, "")
	if err != nil {
		return Explained{}, err
	}
	if number != nil && q.Org != "" && number.Org != q.Org {
		number, route = nil, nil // another org's number is nobody's to this caller
	}
	f := routing.Facts{At: q.At, Number: number.Facts(), Word: routing.KeywordOf(q.Body), Thread: route.Facts()}
	if f.At.IsZero() {
		f.At = r.Clock()
	}
	if q.Flags != nil {
		f.Flags = *q.Flags
	} else {
		f.Flags = r.Flags.Flags(ctx)
	}
	if number != nil {
		f.Waiting = route != nil && route.Held > 0 && !q.Held
		if route != nil {
			f.Client, f.Windows = route.Client, route.Windows
		}
		claim, consent, err := r.Table.SenderFacts(ctx, number.Org, q.From)
		if err != nil {
			return Explained{}, err
		}
		f.OptedOut = consent.OptedOut
		if f.Client == "" {
			f.Client = claim.Client
		}
		switch {
		case f.Thread != nil && route.Kind == routing.Service:
			// Asked about another time, the soonest windows are not enough.
			if f.Windows, err = r.Table.ThreadWindows(ctx, route.Thread, f.At); err != nil {
				return Explained{}, err
			}
		case f.Thread == nil && f.Client != "" && number.Class == routing.SitterNum:
			// What the first text would open.
			_, ledger, err := r.Table.ClientFile(ctx, number.Org, f.Client)
			if err != nil {
				return Explained{}, err
			}
			for _, d := range ledger.Due {
				if d.Sitter == number.Sitter {
					f.Windows = append(f.Windows, d.Windows...)
				}
			}
		}
	}
	d, steps := routing.Explain(f)
	out := Explained{Decision: d, Trace: steps}
	if number != nil {
		out.Reason = reason(d, zone(number.Zone))
	}
	if d.Place == routing.InThread && route != nil {
		out.Thread = route.Thread
	}
	return out, nil
}
