package relay

import (
	"context"
	"errors"
	"slices"

	"snout/shared/routing"
	"snout/shared/store"
)

// StartRequest is an owner's first message in a conversation that may not exist
// yet: about a booking, to a client, or to a phone.
type StartRequest struct {
	Booking routing.BookingID
	Client  routing.ClientID
	Kind    routing.Kind // front_desk or billing, with Client
	Phone   routing.Phone
	Text    string
	Key     string
}

// Start finds or makes the thread, then sends as Send does. The same key with the
// same request gets the same answer, and makes nothing twice.
func (r *Relay) Start(ctx context.Context, who routing.Principal, q StartRequest) (SendAnswer, error) {
	if _, err := r.Open(ctx, who); err != nil {
		return SendAnswer{}, err
	}
	if err := CheckText("text", q.Text, false); err != nil {
		return SendAnswer{}, err
	}
	if q.Key == "" || len(q.Key) > 200 {
		return SendAnswer{}, routing.Invalid("Idempotency-Key", "This header is needed, with at most 200 characters.")
	}
	body := digest(struct {
		B routing.BookingID
		C routing.ClientID
		K routing.Kind
		P string
		T string
	}{q.Booking, q.Client, q.Kind, q.Phone.E164(), q.Text})
	idem := store.IdemHash(who.Who(), q.Key)
	used, err := r.Table.Idem(ctx, who.Org, idem)
	if err != nil {
		return SendAnswer{}, err
	}
	if used != nil {
		return repeat(used, body)
	}
	thread, err := again(ctx, func(ctx context.Context) (routing.ThreadID, error) { return r.find(ctx, who.Org, q) })
	if err != nil {
		return SendAnswer{}, err
	}
	s := &sending{Relay: r, who: who, q: SendRequest{Thread: thread, Text: q.Text, Key: q.Key}, idem: idem, body: body}
	return again(ctx, s.once)
}

func (r *Relay) find(ctx context.Context, org routing.OrgID, q StartRequest) (routing.ThreadID, error) {
	switch {
	case q.Booking != "":
		return r.ofBooking(ctx, org, q.Booking)
	case q.Client != "":
		return r.ofClient(ctx, org, q.Client, q.Kind)
	case !q.Phone.IsZero():
		return r.ofPhone(ctx, org, q.Phone)
	}
	return "", routing.Invalid("body", "Name a bookingId, a clientId or a phone.")
}

func (r *Relay) ofBooking(ctx context.Context, org routing.OrgID, id routing.BookingID) (routing.ThreadID, error) {
	was, err := r.Table.Assignment(ctx, org, id)
	if err != nil {
		return "", err
	}
	if was.Thread != "" && !was.Suggested {
		return was.Thread, nil
	}
	got, err := r.OpenBooking(ctx, org, id)
	if errors.Is(err, store.ErrNotFound) {
		return "", routing.Refuse(routing.CodeNotFound, "There is no such booking.")
	}
	if err != nil {
		return "", err
	}
	if got.Thread != "" {
		return got.Thread, nil
	}
	b, err := r.Table.Booking(ctx, org, id)
	if err != nil {
		return "", err
	}
	if b.Sitter == "" || !b.Live() {
		return "", routing.Invalid("bookingId", "This booking has no sitter yet, or is over. Write to the client from the front desk instead.")
	}
	if c, _, err := r.Table.ClientFile(ctx, org, b.Client); err != nil {
		return "", err
	} else if len(c.Phones) == 0 {
		return "", routing.Invalid("bookingId", "This booking's client has no phone.")
	}
	return "", routing.Refuse(routing.CodePoolExhausted, "No pool number is free for this client right now. Write from the front desk instead, or add a number.")
}

func (r *Relay) ofClient(ctx context.Context, org routing.OrgID, id routing.ClientID, kind routing.Kind) (routing.ThreadID, error) {
	client, ledger, err := r.Table.ClientFile(ctx, org, id)
	if errors.Is(err, store.ErrNotFound) {
		return "", routing.Refuse(routing.CodeNotFound, "There is no such client.")
	}
	if err != nil {
		return "", err
	}
	if kind == "" {
		open, err := r.onlyBooking(ctx, ledger)
		if err != nil {
			return "", err
		}
		if open != "" {
			return r.ofBooking(ctx, org, open)
		}
		kind = routing.FrontDeskTalk
	}
	return r.frontDesk(ctx, org, kind, client, ledger, routing.Phone{})
}

// onlyBooking is the client's open booking with a sitter, if there is exactly one.
func (r *Relay) onlyBooking(ctx context.Context, l routing.Ledger) (routing.BookingID, error) {
	var open []routing.BookingID
	add := func(b routing.BookingID) {
		if !slices.Contains(open, b) {
			open = append(open, b)
		}
	}
	for _, d := range l.Due {
		add(d.Booking)
	}
	var ids []routing.ThreadID
	for _, h := range l.Threads {
		if h.Kind == routing.Service {
			ids = append(ids, h.Thread)
		}
	}
	if len(ids) > 0 {
		threads, err := r.Table.ThreadsByID(ctx, ids)
		if err != nil {
			return "", err
		}
		now := r.Clock()
		for _, th := range threads {
			if err := r.Table.Fresh(ctx, th, now); err != nil {
				return "", err
			}
			for _, w := range th.Windows {
				if !w.Ended(now) {
					add(w.Booking)
				}
			}
		}
	}
	if len(open) == 1 {
		return open[0], nil
	}
	return "", nil
}

// frontDesk finds or makes a client's front desk or billing thread.
func (r *Relay) frontDesk(ctx context.Context, org routing.OrgID, kind routing.Kind, client routing.Client, l routing.Ledger, to routing.Phone) (routing.ThreadID, error) {
	var sibling routing.ThreadID
	for _, h := range l.Threads {
		switch h.Kind {
		case kind:
			return h.Thread, nil
		case routing.FrontDeskTalk, routing.Billing:
			sibling = h.Thread
		}
	}
	if len(client.Phones) == 0 {
		return "", routing.Invalid("clientId", "This client has no phone.")
	}
	// Asked here as well as when it is sent: a refusal leaves no empty conversation behind.
	if told, err := r.Table.Consent(ctx, org, client.Phones[0]); err != nil {
		return "", err
	} else if told.OptedOut {
		return "", errOptedOut
	}
	number, err := r.frontDeskNumber(ctx, org)
	if err != nil {
		return "", err
	}
	now := r.Clock()
	th := &routing.Thread{
		ID: r.newThread(org), Org: org, Kind: kind, Number: number.Phone, NumID: number.ID, Client: client.ID, Name: client.Name, Pets: client.Pets,
		Phones: client.Phones, Rev: 1, CreatedAt: now, LastAt: now,
	}
	if sibling != "" {
		th.Links = []routing.ThreadID{sibling}
	}
	was, err := r.Table.Routes(ctx, number.Phone, th.Phones)
	if err != nil {
		return "", err
	}
	c := store.ThreadCommit{Thread: th, Order: r.order(now), Sibling: sibling}
	for _, p := range th.Phones {
		if sibling != "" && was[p] != nil {
			continue // it leads to the sibling until the business writes here
		}
		c.Routes = append(c.Routes, store.RouteChange{
			Route: routing.Route{Number: number.Phone, Phone: p, Org: org, Thread: th.ID, Kind: kind, Client: client.ID, Rev: th.Rev}, Was: was[p]})
	}
	l.Threads = append(slices.Clone(l.Threads), routing.Held{Thread: th.ID, Kind: kind, Number: th.Number, NumID: th.NumID})
	c.Ledger = &l
	return th.ID, r.Table.MakeThread(ctx, c)
}

func (r *Relay) frontDeskNumber(ctx context.Context, org routing.OrgID) (routing.Number, error) {
	roster, err := r.Table.Roster(ctx, org, false)
	if err != nil {
		return routing.Number{}, err
	}
	n, ok := roster.FrontDesk()
	if !ok {
		return n, routing.Refuse(routing.CodeConflict, "There is no active front desk number.")
	}
	return n, nil
}

func (r *Relay) ofPhone(ctx context.Context, org routing.OrgID, p routing.Phone) (routing.ThreadID, error) {
	claim, told, err := r.Table.SenderFacts(ctx, org, p)
	if err != nil {
		return "", err
	}
	if told.OptedOut {
		return "", errOptedOut
	}
	if claim.Client != "" {
		client, ledger, err := r.Table.ClientFile(ctx, org, claim.Client)
		if err != nil {
			return "", err
		}
		return r.frontDesk(ctx, org, routing.FrontDeskTalk, client, ledger, p)
	}
	number, err := r.frontDeskNumber(ctx, org)
	if err != nil {
		return "", err
	}
	was, err := r.Table.Routes(ctx, number.Phone, []routing.Phone{p})
	if err != nil {
		return "", err
	}
	if rt := was[p]; rt != nil && rt.Thread != "" {
		return rt.Thread, nil
	}
	now := r.Clock()
	th := &routing.Thread{ID: r.newThread(org), Org: org, Kind: routing.Guest, Number: number.Phone, NumID: number.ID, Phones: []routing.Phone{p}, Rev: 1, CreatedAt: now, LastAt: now}
	c := store.ThreadCommit{Thread: th, Order: r.order(now), Routes: []store.RouteChange{{
		Route: routing.Route{Number: number.Phone, Phone: p, Org: org, Thread: th.ID, Kind: routing.Guest, Rev: 1}, Was: was[p]}}}
	return th.ID, r.Table.MakeThread(ctx, c)
}
