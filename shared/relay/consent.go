package relay

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"snout/shared/routing"
	"snout/shared/store"
)

// consents adds to an inbound commit what a text says about consent: the line of the
// history, and for a wish in words of the sender's own the suggestion to the owner.
func (x *inbound) consents(d routing.Decision, f routing.Facts, c *store.InboundCommit, e routing.Event, now time.Time) {
	line := store.ConsentLine{At: x.in.At, Number: x.to, By: "client", Event: e.ID, Order: e.ID.Order()}
	switch {
	case d.Target == routing.ToConsent:
		line.Word = store.Preview(strings.ToUpper(strings.TrimSpace(x.in.Body)))
		switch f.Word {
		case routing.KeyStop:
			line.What = "opted_out"
		case routing.KeyStart:
			line.What = "opted_in"
		default:
			line.What = "help"
		}
	case routing.StopWish(x.in.Body):
		line.What = "wish"
		a := x.alert(e.ID.Org(), now, routing.Alert{Kind: "consent_wish", Severity: "high", Thread: e.ID.Thread(), Event: e.ID,
			Text: "This may ask for no more texts: “" + store.Preview(x.in.Body) + "”. If it does, record it: nothing goes out to this phone any more, from any number, until they text START."})
		c.Alerts = append(c.Alerts, a)
	default:
		return
	}
	c.Line = &line
}

// recorded ends the line of an alert whose suggestion was accepted.
const recorded = " recorded that they want no more texts"

// Accept does what an alert suggests. One suggests something today: that the writer
// of a text wants no more of them.
func (r *Relay) Accept(ctx context.Context, who routing.Principal, id routing.AlertID) (routing.Alert, error) {
	none := routing.Refuse(routing.CodeNotFound, "There is no such alert.")
	if id.Org() != who.Org {
		return routing.Alert{}, none
	}
	a, err := r.Table.Alert(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return a, none
	}
	if err != nil {
		return a, err
	}
	if a.Kind != "consent_wish" {
		return a, routing.Refuse(routing.CodeConflict, "This alert suggests nothing that could be done for you.")
	}
	if !a.Open && strings.HasSuffix(a.Resolved, recorded) {
		return a, nil
	}
	if !a.Open {
		return a, routing.Refuse(routing.CodeConflict, "This alert was closed without recording it, so texts still go to this person.")
	}
	e, err := r.Table.Event(ctx, a.Event)
	if err != nil {
		return a, err
	}
	// First, since it does no harm where the rest is not done, and would be missed.
	if err := r.look(ctx, who.Org, e.From, routing.ClientID(e.Author.ID)); err != nil {
		return a, err
	}
	now := r.Clock()
	a.Open, a.Resolved = false, who.Who()+recorded
	order := r.order(now)
	err = r.Table.CommitWish(ctx, a, e.From, routing.ClientID(e.Author.ID),
		store.ConsentLine{At: now, What: "opted_out", Word: "wish", Number: e.To, By: who.Who(), Event: e.ID, Order: order},
		store.Audit{Order: order, At: now, By: who.Who(), What: "consent.wish", On: string(e.ID)})
	if store.RefusedBy(err, "alert") {
		err = nil // somebody else was quicker
	}
	return a, err
}

// look marks the conversations of a person, on whatever number, as ones in which the
// truth about their consent must be looked up to be shown.
func (r *Relay) look(ctx context.Context, org routing.OrgID, p routing.Phone, client routing.ClientID) error {
	roster, err := r.Table.Roster(ctx, org, false)
	if err != nil {
		return err
	}
	var pairs []store.Pair
	for _, n := range roster.Numbers {
		pairs = append(pairs, store.Pair{Number: n.Phone, Phone: p})
	}
	var named []routing.ThreadID
	if client != "" {
		_, ledger, err := r.Table.ClientFile(ctx, org, client)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		for _, h := range ledger.Threads {
			named = append(named, h.Thread)
		}
	}
	_, threads, err := r.Table.Conversations(ctx, pairs, named)
	if err != nil {
		return err
	}
	for id, th := range threads {
		if th.Look || !slices.Contains(th.Phones, p) {
			continue
		}
		if err := r.Table.MarkThread(ctx, id, store.ThreadMark{Look: true}); err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	return nil
}

// Joined looks at a conversation that is new or has gained a phone: what its people told
// us before must be shown in it, too.
func (r *Relay) Joined(ctx context.Context, c Change) error {
	th, err := store.ThreadOf(c.New)
	if err != nil || th.Look {
		return err
	}
	phones := th.Phones
	if c.Old != nil {
		was, err := store.ThreadOf(c.Old)
		if err != nil {
			return err
		}
		phones = slices.DeleteFunc(slices.Clone(phones), func(p routing.Phone) bool { return slices.Contains(was.Phones, p) })
	}
	if len(phones) == 0 {
		return nil
	}
	owned, err := r.Table.PhoneOwners(ctx, th.Org, phones...)
	if err != nil || len(owned.OptedOut) == 0 {
		return err
	}
	err = r.Table.MarkThread(ctx, th.ID, store.ThreadMark{Look: true})
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

// mayMean tells the owner of a CANCEL or END from a client who has a visit today: to
// the carrier it is a STOP, and they may have meant the visit.
func (r *Relay) mayMean(ctx context.Context, e routing.Event) error {
	word := strings.ToUpper(strings.TrimSpace(e.Text))
	client := routing.ClientID(e.Author.ID)
	if e.Routing == nil || e.Routing.Target != routing.ToConsent || word != "CANCEL" && word != "END" || client == "" {
		return nil
	}
	if told, err := r.Table.Consent(ctx, e.ID.Org(), e.From); err != nil || !told.OptedOut {
		return err // it came late, and they are back
	}
	org, err := r.Table.Org(ctx, e.ID.Org())
	if err != nil {
		return err
	}
	file, ledger, err := r.Table.ClientFile(ctx, org.ID, client)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	var all []routing.Window
	for _, h := range ledger.Threads {
		ws, err := r.Table.ThreadWindows(ctx, h.Thread, e.At)
		if err != nil {
			return err
		}
		all = append(all, ws...)
	}
	for _, d := range ledger.Due {
		all = append(all, d.Windows...)
	}
	z := zone(org.Zone)
	day := e.At.In(z)
	begins := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, z)
	over := begins.AddDate(0, 0, 1)
	a := routing.Alert{ID: routing.NewAlertID(org.ID, "cxl"+e.ID.Order()), Kind: "cancel_word", Severity: "high", Thread: e.ID.Thread(), Event: e.ID, At: r.Clock(), Open: true,
		Text: file.Name + " texted " + word + " and has a visit today. They may have meant the visit; to the carrier it is a STOP, so no text reaches them until they text START. Please call them."}
	routing.SortWindows(all)
	for _, w := range all {
		if !w.Ended(e.At) && w.Start.Before(over) {
			a.Booking, a.Sitter = w.Booking, w.Sitter
			return r.Table.CreateAlert(ctx, a)
		}
	}
	// Nobody has a window for a booking without a sitter, for a meet-and-greet, or for what
	// ended an hour ago.
	b, err := r.visitBetween(ctx, org.ID, client, begins, over)
	if err != nil || b.ID == "" {
		return err
	}
	a.Booking, a.Sitter = b.ID, b.Sitter
	return r.Table.CreateAlert(ctx, a)
}

// longStay is how long before a day a booking of that day may have begun.
const longStay = 31 * 24 * time.Hour

// visitBetween finds a client's booking with a visit in a span of time, sitter or none.
func (r *Relay) visitBetween(ctx context.Context, org routing.OrgID, client routing.ClientID, from, to time.Time) (routing.Booking, error) {
	cursor := ""
	for {
		bs, next, err := r.Table.Bookings(ctx, org, from.Add(-longStay), to, cursor, 500)
		if err != nil {
			return routing.Booking{}, err
		}
		for _, b := range bs {
			if b.Client == client && b.Status != "cancelled" && slices.ContainsFunc(b.Visits, func(v routing.Visit) bool { return v.End.After(from) && v.Start.Before(to) }) {
				return b, nil
			}
		}
		if cursor = next; cursor == "" {
			return routing.Booking{}, nil
		}
	}
}
