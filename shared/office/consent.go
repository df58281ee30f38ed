package office

import (
	"context"
	"slices"

	"snout/shared/routing"
	"snout/shared/store"
)

// Told is what one phone told the business about texts: what holds now, and every
// line of how it came about.
type Told struct {
	Phone   routing.Phone
	Now     routing.Consent
	History []store.ConsentLine
}

// Consent is the record of a client's consent, phone by phone. Who takes it out is
// audited: it is what a court or the carrier would be shown.
func (o *Office) Consent(ctx context.Context, who routing.Principal, id string) (routing.Client, []Told, error) {
	c, err := o.Client(ctx, who.Org, id)
	if err != nil {
		return c, nil, err
	}
	var all []Told
	for _, p := range c.Phones {
		now, history, err := o.table.ConsentHistory(ctx, who.Org, p)
		if err != nil {
			return c, nil, err
		}
		// What came late stands where it was said.
		slices.SortStableFunc(history, func(a, b store.ConsentLine) int { return a.At.Compare(b.At) })
		all = append(all, Told{p, now, history})
	}
	return c, all, o.table.AddAudit(ctx, who.Org, o.line(who, "consent.export", string(c.ID), "", ""))
}
