package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"snout/shared/routing"
)

// Erased counts the rows that were taken away, by what they were.
type Erased map[string]int

// drop deletes rows that nothing is conditional on. It may be made as often as one likes.
func (t *Table) drop(ctx context.Context, ks []key) error {
	for part := range slices.Chunk(ks, 25) {
		ask := make([]types.WriteRequest, 0, len(part))
		for _, k := range part {
			ask = append(ask, types.WriteRequest{DeleteRequest: &types.DeleteRequest{Key: k.item()}})
		}
		for len(ask) > 0 {
			out, err := t.db.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{
				RequestItems: map[string][]types.WriteRequest{t.name: ask}, ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
			})
			if err != nil {
				return fmt.Errorf("drop: %w", err)
			}
			t.spend(ctx, false, out.ConsumedCapacity...)
			ask = out.UnprocessedItems[t.name]
		}
	}
	return nil
}

// EraseThread takes a conversation away: its row first, since nothing is ever written
// into a thread that has none, then everything in it. Its routes go afterwards
// (EraseRoute): by them whoever died in between finds the rest. The sequence mark
// stays: it says nothing of anybody, and what is still in the stream is counted by it.
func (t *Table) EraseThread(ctx context.Context, id routing.ThreadID) (Erased, error) {
	gone := Erased{}
	items, err := t.queryAll(ctx, query{pk: threadPK(id), from: meta, to: meta, strong: true})
	if err != nil {
		return nil, fmt.Errorf("erase thread: %w", err)
	}
	if len(items) > 0 {
		if err := t.delete(ctx, threadKey(id)); err != nil {
			return nil, fmt.Errorf("erase thread: %w", err)
		}
		gone["conversations"]++
	}
	if items, err = t.queryAll(ctx, query{pk: threadPK(id), strong: true}); err != nil {
		return nil, fmt.Errorf("erase thread: %w", err)
	}
	var ks []key
	for _, it := range items {
		k := keyOf(it)
		switch {
		case k == foldKey(k.PK):
			continue
		case strings.HasPrefix(k.SK, "E#"):
			gone["messages and notes"]++
		case strings.HasPrefix(k.SK, "W#"):
			gone["windows"]++
		}
		ks = append(ks, k)
	}
	return gone, t.drop(ctx, ks)
}

// EraseRoute takes the way from a phone to a conversation away, as it was read, with
// the texts that are held on it. One that leads elsewhere by now stays: ErrConflict.
func (t *Table) EraseRoute(ctx context.Context, r routing.Route) (Erased, error) {
	it, err := t.get(ctx, routeKey(r.Number, r.Phone))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, fmt.Errorf("erase route: %w", err)
	}
	if str(it, "org") != string(r.Org) || str(it, "thread") != string(r.Thread) {
		return nil, fmt.Errorf("erase route: %w", ErrConflict)
	}
	held, err := t.queryAll(ctx, query{pk: numberKey(r.Number).PK, prefix: heldPrefix(r.Phone), strong: true})
	if err != nil {
		return nil, fmt.Errorf("erase held texts: %w", err)
	}
	ks := make([]key, 0, len(held))
	for _, it := range held {
		ks = append(ks, keyOf(it))
	}
	if err := t.drop(ctx, ks); err != nil {
		return nil, fmt.Errorf("erase held texts: %w", err)
	}
	// A number may have changed hands: the route of another org is none of ours.
	d := update(routeKey(r.Number, r.Phone)).Equals("org", string(r.Org))
	if r.Thread == "" {
		d.When("attribute_not_exists(%n)", []string{"thread"})
	} else {
		d.Equals("thread", string(r.Thread))
	}
	x := &tx{}
	x.delete("route", t.name, d)
	if err := t.transact(ctx, x); err != nil {
		return nil, fmt.Errorf("erase route: %w", err)
	}
	return Erased{"held texts": len(held), "ways to a conversation": 1}, nil
}

// EraseAbout takes away what an org keeps of people beside their conversations:
// alerts and routing decisions of the threads, the bookings with their assignments, and
// what is known of the phones, save the consent of those that have opted out: the wish
// to get no texts has to outlive everything else.
func (t *Table) EraseAbout(ctx context.Context, org routing.OrgID, threads []routing.ThreadID, bookings []routing.BookingID, phones []routing.Phone) (Erased, error) {
	gone := Erased{}
	var ks []key
	alerts, err := t.queryAll(ctx, query{pk: orgPK(org) + "#A", strong: true})
	if err != nil {
		return nil, fmt.Errorf("erase alerts: %w", err)
	}
	for _, it := range alerts {
		if str(it, "kind") != "alert" {
			continue
		}
		a, err := alertIn(it)
		if err != nil {
			return nil, err
		}
		if slices.Contains(threads, a.Thread) || slices.Contains(bookings, a.Booking) {
			ks, gone["alerts"] = append(ks, keyOf(it)), gone["alerts"]+1
		}
	}
	decisions, err := t.queryAll(ctx, query{pk: decisionsPK(org), from: "0", strong: true})
	if err != nil {
		return nil, fmt.Errorf("erase decisions: %w", err)
	}
	for _, it := range decisions {
		if th := str(it, "t"); th != "" && slices.Contains(threads, routing.ThreadID(th)) {
			ks, gone["routing decisions"] = append(ks, keyOf(it)), gone["routing decisions"]+1
		}
	}
	for _, b := range bookings {
		ks, gone["bookings"] = append(ks, bookingKey(org, b), assignKey(org, b)), gone["bookings"]+1
	}
	for _, p := range phones {
		items, err := t.queryAll(ctx, query{pk: phonePK(org, p), strong: true})
		if err != nil {
			return nil, fmt.Errorf("erase phone: %w", err)
		}
		told, err := t.Consent(ctx, org, p)
		if err != nil {
			return nil, err
		}
		for _, it := range items {
			k := keyOf(it)
			switch {
			case k == phoneKey(org, p): // the claim goes with the client, last
			case told.OptedOut && (k == consentKey(org, p) || strings.HasPrefix(k.SK, "LINE#")):
			default:
				ks, gone["lines about the phones"] = append(ks, k), gone["lines about the phones"]+1
			}
		}
	}
	return gone, t.drop(ctx, ks)
}

// EraseClient takes the client's own row away, their ledger and the claims of their
// phones, with a line of the audit: the last step, since everything else is found from
// here. It is refused by "client" or "ledger" where either has changed since it was
// read: then something has come that is not erased yet.
func (t *Table) EraseClient(ctx context.Context, org routing.OrgID, was routing.Client, ledger routing.Ledger, line Audit) error {
	x := &tx{}
	x.delete("client", t.name, update(clientKey(org, was.ID)).Equals("v", was.Version))
	l := update(ledgerKey(org, was.ID))
	if ledger.Rev == 0 {
		l.When("attribute_not_exists(%n)", []string{"PK"})
	} else {
		l.Equals("rev", ledger.Rev)
	}
	x.delete("ledger", t.name, l)
	for _, p := range was.Phones {
		x.delete("phone", t.name, update(phoneKey(org, p)).Equals("client", string(was.ID)))
	}
	x.put("audit", t.name, auditOut(org, line), absent)
	if err := t.transact(ctx, x); err != nil {
		return fmt.Errorf("erase client: %w", err)
	}
	return nil
}

// RoutesOfPhones finds the routes of some phones on all numbers that an org has or
// had: every conversation that they lead to.
func (t *Table) RoutesOfPhones(ctx context.Context, org routing.OrgID, numbers, phones []routing.Phone) ([]routing.Route, error) {
	var keys []key
	for _, n := range numbers {
		for _, p := range phones {
			keys = append(keys, routeKey(n, p))
		}
	}
	found, err := t.batch(ctx, true, keys...)
	if err != nil {
		return nil, fmt.Errorf("routes of phones: %w", err)
	}
	var rs []routing.Route
	for _, k := range keys {
		it, ok := found[k]
		if !ok {
			continue
		}
		r, err := routeIn(it)
		if err != nil {
			return nil, err
		}
		if r.Org == org {
			rs = append(rs, *r)
		}
	}
	return rs, nil
}
