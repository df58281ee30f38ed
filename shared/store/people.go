package store

import (
	"context"
	"fmt"

	"snout/shared/routing"
)

// NumberWrite is a number as it is to be. It stands in two places, its own row and
// the org's list, and both are always written in one transaction: routing reads the
// first, the inventory the second, and a difference between them would be a number
// that is quarantined in the list and still delivers.
type NumberWrite struct {
	Next routing.Number // its version is set by the write
	// Was is the number as read; nil for one that the org takes on. Taken is the
	// inactive row of another org that gave the number up, if there is one.
	Was   *routing.Number
	Taken *routing.Number
}

// SitterWrite is a sitter as they are to be; Was is nil for a new one. The lock is
// not part of it: a third stopped message sets it while an office edits the name.
type SitterWrite struct {
	Next   routing.Sitter
	Was    *routing.Sitter
	Unlock bool
}

// DeskMove hands the role of the one active front desk from a number to another.
// Either may be empty: the first front desk, or none any more.
type DeskMove struct{ From, To routing.NumberID }

// InventoryCommit changes an org, its numbers and its sitters together.
//
// Exactly one front desk number is active because the org's row names it in one
// attribute, which every change of the front desk moves under a condition on its
// old value. A condition on the row's version would do as well, but only for writers
// that remember to raise it; the attribute says the rule itself, and two requests
// that both found no front desk cannot both be the first to write its name.
type InventoryCommit struct {
	Org     routing.Org  // as read; its version is a condition, since numbers carry copies of it
	OrgNext *routing.Org // nil: not changed
	Found   bool         // the org is new
	Desk    *DeskMove
	Numbers []NumberWrite
	Sitters []SitterWrite
	Hooks   *Hooks // to be kept with an imported number, unless they are already
	Unhook  routing.NumberID
	Audit   []Audit
}

// MaxNumbers is how many numbers one commit can write beside the rest of it.
const MaxNumbers = 45

// CommitInventory is refused by "org" (settings changed meanwhile, or the org exists
// already), "desk" (another number is or became the front desk), "number" (changed
// meanwhile, or used by another org), "sitter".
func (t *Table) CommitInventory(ctx context.Context, c InventoryCommit) error {
	x := &tx{}
	org := c.Org.ID
	o := update(orgKey(org))
	what := "org"
	switch {
	case c.Found:
		what = "found"
		o.When("attribute_not_exists(%n)", []string{"PK"}).Set("kind", "org").Set("id", string(org))
	default:
		o.Equals("v", c.Org.Version)
	}
	if n := c.OrgNext; n != nil {
		o.Set("name", n.Name).Set("zone", n.Zone).Set("set", jsonOut(n.Settings)).Set("v", c.Org.Version+1)
	}
	if d := c.Desk; d != nil {
		if !c.Found {
			what = "desk"
			if d.From == "" {
				o.When("attribute_not_exists(%n)", []string{"desk"})
			} else {
				o.Equals("desk", string(d.From))
			}
		}
		o.SetOrRemove("desk", string(d.To), d.To == "")
	}
	if c.OrgNext == nil && c.Desk == nil {
		x.check(what, t.name, o)
	} else {
		x.update(what, t.name, o)
	}
	for _, w := range c.Numbers {
		n := w.Next
		n.Version = 1
		var truth []any // condition of the truth row
		switch {
		case w.Was != nil:
			n.Version = w.Was.Version + 1
			truth = []any{string(n.Org), w.Was.Version}
		case w.Taken != nil:
			n.Version = w.Taken.Version + 1
			truth = []any{string(w.Taken.Org), w.Taken.Version}
		}
		own := record(numberKey(n.Phone), "number", numberOut(n), comparedIndex(n))
		listed := record(orgNumberKey(n.Org, n.ID), "number", numberOut(n))
		if truth == nil {
			x.put("number", t.name, own, absent)
		} else {
			x.update("number", t.name, whole(numberKey(n.Phone), own, numberFields).When("%n = %v AND %n = %v", []string{"org", "v"}, truth...))
		}
		if w.Was == nil {
			x.put("listed", t.name, listed, "")
		} else {
			x.update("listed", t.name, whole(orgNumberKey(n.Org, n.ID), listed, numberFields).Equals("v", w.Was.Version))
		}
	}
	for _, w := range c.Sitters {
		s := w.Next
		s.Version = 1
		if w.Was != nil {
			s.Version = w.Was.Version + 1
		}
		it := sitterOut(org, s)
		if w.Was == nil {
			x.put("sitter", t.name, it, absent)
			continue
		}
		u := whole(sitterKey(org, s.ID), it, []string{"name", "active", "ph", "notify", "nid", "v"}).Equals("v", w.Was.Version)
		if w.Unlock {
			u.Remove("locked")
		}
		x.update("sitter", t.name, u)
	}
	if h := c.Hooks; h != nil {
		x.put("hooks", t.name, hooksOut(org, *h), "")
	}
	if c.Unhook != "" {
		x.delete("hooks", t.name, update(hookKey(org, c.Unhook)))
	}
	for _, a := range c.Audit {
		x.put("audit", t.name, auditOut(org, a), absent)
	}
	if err := t.transact(ctx, x); err != nil {
		return fmt.Errorf("commit inventory: %w", err)
	}
	return nil
}

// numberFields are the attributes of a number's rows that change; the number's own
// row also stands in the list of those that are compared with the carrier's.
var numberFields = []string{"id", "org", "num", "class", "status", "sitter", "reason", "until", "since", "orgName", "zone", "mismatch", "hold", "v", "GSI1PK", "GSI1SK"}

// whole sets every field named to what an item has, and removes those it has not.
func whole(k key, it item, fields []string) *change {
	u := update(k)
	for _, n := range fields {
		if v, ok := it[n]; ok {
			u.Set(n, v)
		} else {
			u.Remove(n)
		}
	}
	return u
}

// TruthOf reads the rows of phones that may be rented numbers, of whatever org, by
// phone; those that nobody ever rented are not in it.
func (t *Table) TruthOf(ctx context.Context, phones ...routing.Phone) (map[routing.Phone]routing.Number, error) {
	keys := make([]key, 0, len(phones))
	for _, p := range phones {
		keys = append(keys, numberKey(p))
	}
	found, err := t.batch(ctx, true, keys...)
	if err != nil {
		return nil, fmt.Errorf("numbers: %w", err)
	}
	out := make(map[routing.Phone]routing.Number, len(found))
	for _, p := range phones {
		if it, ok := found[numberKey(p)]; ok {
			n, err := numberIn(it)
			if err != nil {
				return nil, err
			}
			out[p] = *n
		}
	}
	return out, nil
}

// RoutesOf lists the routes of one number: every phone that has a conversation on it.
func (t *Table) RoutesOf(ctx context.Context, n routing.Phone) ([]routing.Route, error) {
	items, err := t.queryAll(ctx, query{pk: numberKey(n).PK, prefix: "P#", strong: true})
	if err != nil {
		return nil, fmt.Errorf("routes of a number: %w", err)
	}
	rs := make([]routing.Route, 0, len(items))
	for _, it := range items {
		r, err := routeIn(it)
		if err != nil {
			return nil, err
		}
		rs = append(rs, *r)
	}
	return rs, nil
}

// DropRoutes takes the routes of a number away that lead into another org's
// conversations, before the number serves a new one.
func (t *Table) DropRoutes(ctx context.Context, rs []routing.Route) error {
	for _, r := range rs {
		if err := t.delete(ctx, routeKey(r.Number, r.Phone)); err != nil {
			return fmt.Errorf("drop route: %w", err)
		}
	}
	return nil
}

// Rest sets until when a thread on a number that becomes a pool number stays open,
// on the thread and on its routes.
func (t *Table) Rest(ctx context.Context, th *routing.Thread, routes []routing.Route) error {
	x := &tx{}
	x.update("thread", t.name, update(threadKey(th.ID)).Equals("rev", th.Rev).Set("rev", th.Rev+1).SetOrRemove("until", millis(th.Until), th.Until.IsZero()))
	for _, r := range routes {
		x.update("route", t.name, update(routeKey(r.Number, r.Phone)).Equals("thread", string(th.ID)).Set("rev", th.Rev+1).
			SetOrRemove("until", millis(th.Until), th.Until.IsZero()))
	}
	if err := t.transact(ctx, x); err != nil {
		return fmt.Errorf("rest: %w", err)
	}
	return nil
}

// Hooks is where an imported number's webhooks led before they were pointed at this
// system.
type Hooks struct {
	Number routing.NumberID
	Sid    string // the carrier's name of the number
	Was    string // as the caller encodes it
}

type hooksItem struct {
	Number string `dynamodbav:"id"`
	Sid    string `dynamodbav:"sid"`
	Was    string `dynamodbav:"was"`
}

func hooksOut(org routing.OrgID, h Hooks) item {
	return record(hookKey(org, h.Number), "hooks", hooksItem{string(h.Number), h.Sid, h.Was})
}

// HooksOf lists what imported numbers led to before.
func (t *Table) HooksOf(ctx context.Context, org routing.OrgID) ([]Hooks, error) {
	items, err := t.queryAll(ctx, query{pk: hooksPK(org), strong: true})
	if err != nil {
		return nil, fmt.Errorf("hooks: %w", err)
	}
	hs := make([]Hooks, 0, len(items))
	for _, it := range items {
		h, err := parse[hooksItem](it)
		if err != nil {
			return nil, err
		}
		hs = append(hs, Hooks{Number: routing.NumberID(h.Number), Sid: h.Sid, Was: h.Was})
	}
	return hs, nil
}

// SetNotify records whether a sitter wants to be told on their own phone that somebody
// wrote, with its line in the audit. It is refused by "sitter" where there is none, or
// where no phone of theirs is known to be told on.
func (t *Table) SetNotify(ctx context.Context, org routing.OrgID, s routing.SitterID, on bool, a Audit) error {
	c := update(sitterKey(org, s)).Exists().SetOrRemove("notify", true, !on).Add("v", 1)
	if on {
		c.When("attribute_exists(%n)", []string{"ph"})
	}
	x := &tx{}
	x.update("sitter", t.name, c)
	x.put("audit", t.name, auditOut(org, a), absent)
	if err := t.transact(ctx, x); err != nil {
		return fmt.Errorf("set notify: %w", err)
	}
	return nil
}
