package office

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"snout/shared/routing"
	"snout/shared/store"
)

// Webhooks is where a carrier turns to when a number is texted.
type Webhooks struct {
	URL            string
	Method         string
	FallbackURL    string
	FallbackMethod string
	ApplicationSid string
	// StatusCallback is the number's own: texts carry one with them.
	StatusCallback       string
	StatusCallbackMethod string
}

// Rented is a number that the business rents from its carrier.
type Rented struct {
	Sid      string
	Phone    routing.Phone
	SMS      bool // whether it can be texted at all
	Webhooks Webhooks
}

// Carrier is what importing numbers needs of whoever rents them out.
type Carrier interface {
	// Rented lists every number that the business rents.
	Rented(ctx context.Context) ([]Rented, error)
	// Point leads a number's webhooks somewhere. Repeating is harmless.
	Point(ctx context.Context, sid string, to Webhooks) error
}

// ImportNumber is one rented number to take into use.
type ImportNumber struct {
	E164        string        `json:"e164"`
	NumberClass string        `json:"numberClass"`
	SitterID    Field[string] `json:"sitterId"`
}

// ImportedNumber is what was done with one of them: taken into use, or why not.
type ImportedNumber struct {
	E164    string
	Number  routing.Number
	Refused *routing.Refusal
}

// ImportNumbers takes numbers that the business rents already into the inventory and
// points their webhooks at this system. What was there before is written down with
// the number, before anything is pointed, so that UndoImport can bring it back. It may
// be asked for again, and then finishes what is left.
func (o *Office) ImportNumbers(ctx context.Context, who routing.Principal, c Carrier, to Webhooks, ins []ImportNumber) ([]ImportedNumber, error) {
	rented, err := c.Rented(ctx)
	if err != nil {
		return nil, fmt.Errorf("import numbers: %w", err)
	}
	by := make(map[routing.Phone]Rented, len(rented))
	for _, r := range rented {
		by[r.Phone] = r
	}
	out := make([]ImportedNumber, 0, len(ins))
	for _, in := range ins {
		n, err := o.importNumber(ctx, who, c, to, in, by)
		line := ImportedNumber{E164: in.E164, Number: n}
		if err != nil && !errors.As(err, &line.Refused) {
			return out, fmt.Errorf("import number: %w", err)
		}
		out = append(out, line)
	}
	return out, nil
}

func (o *Office) importNumber(ctx context.Context, who routing.Principal, c Carrier, to Webhooks, in ImportNumber, by map[routing.Phone]Rented) (routing.Number, error) {
	p, err := phoneOf("e164", in.E164)
	if err != nil {
		return routing.Number{}, err
	}
	rented, there := by[p]
	switch {
	case !there:
		return routing.Number{}, routing.Invalid("e164", "The carrier does not rent this number to the business.")
	case !rented.SMS:
		return routing.Number{}, routing.Invalid("e164", "This number cannot be texted.")
	}
	r, err := o.Numbers(ctx, who.Org)
	if err != nil {
		return routing.Number{}, err
	}
	n, known := r.ByPhone(p)
	if known && n.Status != routing.NumberInactive {
		kept, err := o.table.HooksOf(ctx, who.Org)
		if err != nil {
			return n, err
		}
		for _, h := range kept {
			if h.Number == n.ID {
				return n, c.Point(ctx, h.Sid, to) // an import that was cut short
			}
		}
		return n, conflictOn("e164", "This number is in the inventory already.")
	}
	was, err := json.Marshal(rented.Webhooks)
	if err != nil {
		return n, err
	}
	n, _, err = o.addNumber(ctx, who, NumberInput{E164: in.E164, NumberClass: in.NumberClass, SitterID: in.SitterID}, &store.Hooks{Sid: rented.Sid, Was: string(was)})
	if err != nil {
		return n, err
	}
	return n, c.Point(ctx, rented.Sid, to)
}

// UndoImport releases the imported numbers named (none: all of them) and points their
// webhooks back at what they led to before. A number that may not be released stays
// as it is, and the answer says why.
func (o *Office) UndoImport(ctx context.Context, who routing.Principal, c Carrier, ids []string, reason string) ([]ImportedNumber, error) {
	reason, err := why(reason)
	if err != nil {
		return nil, err
	}
	kept, err := o.table.HooksOf(ctx, who.Org)
	if err != nil {
		return nil, err
	}
	wanted := map[string]bool{}
	for _, id := range ids {
		wanted[id] = true
	}
	var out []ImportedNumber
	for _, h := range kept {
		if len(ids) > 0 && !wanted[string(h.Number)] {
			continue
		}
		delete(wanted, string(h.Number))
		n, _, err := o.Release(ctx, who, string(h.Number), reason)
		line := ImportedNumber{E164: n.Phone.E164(), Number: n}
		if err != nil {
			if !errors.As(err, &line.Refused) {
				return out, fmt.Errorf("undo import: %w", err)
			}
			out = append(out, line)
			continue
		}
		var was Webhooks
		if err := json.Unmarshal([]byte(h.Was), &was); err != nil {
			return out, fmt.Errorf("undo import: %w", err)
		}
		if err := c.Point(ctx, h.Sid, was); err != nil {
			return out, fmt.Errorf("undo import: %w", err)
		}
		err = o.changeSitter(ctx, who, func(*store.Roster) (store.InventoryCommit, error) {
			return store.InventoryCommit{Unhook: h.Number, Audit: []store.Audit{o.line(who, "number.unimport", string(h.Number), reason, "")}}, nil
		})
		if err != nil {
			return out, err
		}
		out = append(out, line)
	}
	for _, id := range ids {
		if wanted[id] {
			out = append(out, ImportedNumber{Number: routing.Number{ID: routing.NumberID(id)}, Refused: routing.Refuse(routing.CodeNotFound, "No import of this number is known.")})
		}
	}
	return out, nil
}
