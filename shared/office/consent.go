package office

import (
	"context"
	"errors"
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
	all, err := o.told(ctx, who.Org, c.Phones)
	if err != nil {
		return c, nil, err
	}
	return c, all, o.table.AddAudit(ctx, who.Org, o.line(who, "consent.export", string(c.ID), "", ""))
}

// ThreadConsent is the same of the phones of a conversation, whoever they are.
func (o *Office) ThreadConsent(ctx context.Context, who routing.Principal, id string) (*routing.Thread, []Told, error) {
	none := routing.Refuse(routing.CodeNotFound, "There is no such conversation.")
	at, err := routing.ParseThreadID(id)
	if err != nil || at.Org() != who.Org || at.Notices() {
		return nil, nil, none
	}
	th, err := o.table.Thread(ctx, at)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil, none
	}
	if err != nil {
		return nil, nil, err
	}
	all, err := o.told(ctx, who.Org, th.Phones)
	if err != nil {
		return nil, nil, err
	}
	return th, all, o.table.AddAudit(ctx, who.Org, o.line(who, "consent.export", string(th.ID), "", ""))
}

func (o *Office) told(ctx context.Context, org routing.OrgID, phones []routing.Phone) ([]Told, error) {
	var all []Told
	for _, p := range phones {
		now, history, err := o.table.ConsentHistory(ctx, org, p)
		if err != nil {
			return nil, err
		}
		// What came late stands where it was said.
		slices.SortStableFunc(history, func(a, b store.ConsentLine) int { return a.At.Compare(b.At) })
		all = append(all, Told{p, now, history})
	}
	return all, nil
}
