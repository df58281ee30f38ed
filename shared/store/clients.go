package store

import (
	"context"
	"fmt"
	"slices"

	"snout/shared/routing"
)

// Clients lists an org's clients by their ids, with a cursor.
func (t *Table) Clients(ctx context.Context, org routing.OrgID, cursor string, limit int) ([]routing.Client, string, error) {
	q := query{pk: clientsPK(org), limit: oneMore(limit)}
	if cursor != "" {
		sk, err := unpackCursor(cursor)
		if err != nil {
			return nil, "", err
		}
		id, err := routing.ParseClientID(sk)
		if err != nil {
			return nil, "", ErrCursor
		}
		q.start = clientKey(org, id).item()
	}
	items, next, err := t.query(ctx, q)
	if err != nil {
		return nil, "", fmt.Errorf("clients: %w", err)
	}
	items, cursor = page(items, next, limit, "SK")
	cs := make([]routing.Client, 0, len(items))
	for _, it := range items {
		c, err := clientIn(it)
		if err != nil {
			return nil, "", err
		}
		cs = append(cs, c)
	}
	return cs, cursor, nil
}

// ClientsByID reads clients by their ids; those that do not exist are not in it.
func (t *Table) ClientsByID(ctx context.Context, org routing.OrgID, ids []routing.ClientID) (map[routing.ClientID]routing.Client, error) {
	keys := make([]key, 0, len(ids))
	for _, id := range ids {
		keys = append(keys, clientKey(org, id))
	}
	found, err := t.batch(ctx, true, keys...)
	if err != nil {
		return nil, fmt.Errorf("clients by id: %w", err)
	}
	out := make(map[routing.ClientID]routing.Client, len(found))
	for _, it := range found {
		c, err := clientIn(it)
		if err != nil {
			return nil, err
		}
		out[c.ID] = c
	}
	return out, nil
}

// Owned is what is known of some phones within an org: whose they are, and whether
// their person has opted out.
type Owned struct {
	Client   map[routing.Phone]routing.ClientID
	OptedOut map[routing.Phone]bool
}

// PhoneOwners reads whose the phones are, in one call.
func (t *Table) PhoneOwners(ctx context.Context, org routing.OrgID, phones ...routing.Phone) (Owned, error) {
	o := Owned{Client: map[routing.Phone]routing.ClientID{}, OptedOut: map[routing.Phone]bool{}}
	keys := make([]key, 0, 2*len(phones))
	for _, p := range phones {
		keys = append(keys, phoneKey(org, p), consentKey(org, p))
	}
	found, err := t.batch(ctx, true, keys...)
	if err != nil {
		return o, fmt.Errorf("phone owners: %w", err)
	}
	for _, p := range phones {
		if it, ok := found[phoneKey(org, p)]; ok {
			o.Client[p] = routing.ClientID(str(it, "client"))
		}
		if it, ok := found[consentKey(org, p)]; ok {
			c, err := consentIn(it)
			if err != nil {
				return o, err
			}
			o.OptedOut[p] = c.OptedOut
		}
	}
	return o, nil
}

// Pair is a number and a phone: what a route is found by.
type Pair struct{ Number, Phone routing.Phone }

// Conversations reads routes by their pairs, and the threads that they lead to and
// those named, in two calls. What is missing is not in it.
func (t *Table) Conversations(ctx context.Context, pairs []Pair, threads []routing.ThreadID) (map[Pair]routing.Route, map[routing.ThreadID]*routing.Thread, error) {
	routes := map[Pair]routing.Route{}
	ths := map[routing.ThreadID]*routing.Thread{}
	keys := make([]key, 0, len(pairs))
	for _, p := range pairs {
		keys = append(keys, routeKey(p.Number, p.Phone))
	}
	found, err := t.batch(ctx, true, keys...)
	if err != nil {
		return nil, nil, fmt.Errorf("conversations: %w", err)
	}
	want := make([]key, 0, len(threads)+len(found))
	for _, id := range threads {
		want = append(want, threadKey(id))
	}
	for _, it := range found {
		r, err := routeIn(it)
		if err != nil {
			return nil, nil, err
		}
		routes[Pair{r.Number, r.Phone}] = *r
		if r.Thread != "" {
			want = append(want, threadKey(r.Thread))
		}
	}
	if found, err = t.batch(ctx, true, want...); err != nil {
		return nil, nil, fmt.Errorf("conversations: %w", err)
	}
	for _, it := range found {
		th, err := threadIn(it)
		if err != nil {
			return nil, nil, err
		}
		ths[th.ID] = th
	}
	return routes, ths, nil
}

// ThreadWrite is a thread whose person has changed: kind, client, name, pets, phones,
// reply and links are written, and its revision is raised; nothing else of it is.
type ThreadWrite struct{ Next, Was *routing.Thread }

// RouteWrite is a route of such a thread. Was is nil for a route that was not there;
// Gone takes the route away, but leaves what the pair itself has: texts that are
// still held, and the carrier's block.
type RouteWrite struct {
	Next routing.Route
	Was  *routing.Route
	Gone bool
}

// ClientCommit is a client as they are to be, with everything that carries them.
type ClientCommit struct {
	Org     routing.OrgID
	Next    routing.Client
	Was     *routing.Client // nil: new
	Claim   []routing.Phone
	Yield   []routing.Phone
	Ledger  *routing.Ledger // as it is to be, of the revision read; nil: not touched
	Threads []ThreadWrite
	Routes  []RouteWrite
	Audit   []Audit
}

// CommitClient writes it in one transaction. It is refused by "phone" where a phone
// is another client's by now, by "client" (changed, or exists already), and by
// "ledger", "thread" or "route" where a conversation has changed or come since it
// was read.
//
// A client with more conversations than one transaction takes is written in several,
// the client and the claims of the phones first: until the last of them is made, some
// conversations still show the person as they were, and making the change again
// completes it.
func (t *Table) CommitClient(ctx context.Context, c ClientCommit) error {
	x := &tx{}
	next := c.Next
	next.Version = 1
	if c.Was != nil {
		next.Version = c.Was.Version + 1
	}
	it := clientOut(c.Org, next)
	if c.Was == nil {
		x.put("client", t.name, it, absent)
	} else {
		x.update("client", t.name, whole(clientKey(c.Org, next.ID), it, clientFields(c)).Equals("v", c.Was.Version))
	}
	for _, p := range next.Phones {
		row := claimOut(c.Org, p, next)
		if slices.Contains(c.Claim, p) {
			x.put("phone", t.name, row, absent)
		} else {
			x.update("phone", t.name, whole(phoneKey(c.Org, p), row, claimFields).Equals("client", string(next.ID)))
		}
	}
	for _, p := range c.Yield {
		x.delete("phone", t.name, update(phoneKey(c.Org, p)).Equals("client", string(next.ID)))
	}
	if c.Ledger != nil {
		t.ledgerChange(x, c.Org, *c.Ledger)
	}
	for _, a := range c.Audit {
		x.put("audit", t.name, auditOut(c.Org, a), absent)
	}
	var rest tx
	for _, w := range c.Threads {
		n := w.Next
		rest.update("thread", t.name, whole(threadKey(n.ID), threadItemOut(*n, ""), []string{"tk", "client", "name", "pets", "ph", "to", "links"}).
			Equals("rev", w.Was.Rev).Set("rev", w.Was.Rev+1))
	}
	for _, w := range c.Routes {
		if !w.Gone {
			t.routeChange(&rest, RouteChange{Route: w.Next, Was: w.Was})
			continue
		}
		k := routeKey(w.Was.Number, w.Was.Phone)
		if w.Was.Held > 0 || w.Was.Blocked {
			rest.update("route", t.name, update(k).Remove("thread", "tk", "client", "until", "w", "more", "rev").
				When("%n = %v AND %n = %v", []string{"thread", "rev"}, string(w.Was.Thread), w.Was.Rev))
			continue
		}
		rest.delete("route", t.name, update(k).When("%n = %v AND %n = %v", []string{"thread", "rev"}, string(w.Was.Thread), w.Was.Rev).
			When("(attribute_not_exists(%n) OR %n = %v) AND attribute_not_exists(%n)", []string{"held", "held", "blocked"}, 0))
	}
	first := true
	for first || len(rest.items) > 0 {
		n := min(len(rest.items), maxActions-len(x.items))
		x.items, x.what = append(x.items, rest.items[:n]...), append(x.what, rest.what[:n]...)
		rest.items, rest.what = rest.items[n:], rest.what[n:]
		if err := t.transact(ctx, x); err != nil {
			return fmt.Errorf("commit client: %w", err)
		}
		x, first = &tx{}, false
	}
	return nil
}

// clientFields leaves the opted-out mark alone while the phones are the same: a STOP
// that arrives in between writes it.
func clientFields(c ClientCommit) []string {
	f := []string{"name", "ph", "rec", "plan", "pets", "zone", "search", "v"}
	if len(c.Claim)+len(c.Yield) > 0 {
		f = append(f, "out")
	}
	return f
}
