package lambdaio

import (
	"context"

	"snout/shared/carrier"
	"snout/shared/office"
)

// Renter is the carrier's account as the office needs it, to take numbers into use that
// the business rents already. Only an operator's command uses it: no deployed function
// may change where a number leads.
type Renter struct{ *carrier.Client }

// Rented lists every number that the account rents.
func (r Renter) Rented(ctx context.Context) ([]office.Rented, error) {
	ns, err := r.Numbers(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]office.Rented, 0, len(ns))
	for _, n := range ns {
		out = append(out, office.Rented{Sid: n.Sid, Phone: n.Phone, SMS: n.SMS, Webhooks: office.Webhooks(n.Webhooks)})
	}
	return out, nil
}

// Point leads a number's webhooks somewhere.
func (r Renter) Point(ctx context.Context, sid string, to office.Webhooks) error {
	_, err := r.SetWebhooks(ctx, sid, carrier.Webhooks(to))
	return err
}
