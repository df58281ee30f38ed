package office

import (
	"context"
	"fmt"
	"strings"
	"time"

	"snout/shared/routing"
	"snout/shared/store"
)

// NumberInput is a number that the business takes on.
type NumberInput struct {
	E164        string        `json:"e164"`
	NumberClass string        `json:"numberClass"`
	SitterID    Field[string] `json:"sitterId"`
	// Replace makes a front desk number take the place of the one that is; that one is
	// quarantined in the same step. It needs a reason.
	Replace bool   `json:"replace"`
	Reason  string `json:"reason"`
}

const noNumber = "There is no such number."

// Numbers are an org's numbers with its sitters and counters, in one read.
func (o *Office) Numbers(ctx context.Context, org routing.OrgID) (*store.Roster, error) {
	return o.Sitters(ctx, org)
}

// Health is how a number has done lately.
type Health struct {
	Failures int64 // messages that failed on it in the last seven days, today included
	Threads  int64
	LastUsed time.Time
}

// HealthOf reads a number's figures from its org's counters.
func (o *Office) HealthOf(r *store.Roster, n routing.NumberID) Health {
	h := Health{Threads: r.Counts["t:"+string(n)], Failures: r.Counts.Failures(n, o.now())}
	if ms := r.Counts["used:"+string(n)]; ms > 0 {
		h.LastUsed = time.UnixMilli(ms).UTC()
	}
	return h
}

func numberIn(r *store.Roster, id string) (routing.Number, error) {
	nid, err := routing.ParseNumberID(id)
	if err == nil {
		if n, there := r.Number(nid); there {
			return n, nil
		}
	}
	return routing.Number{}, routing.Refuse(routing.CodeNotFound, noNumber)
}

// copies gives a number what routing needs to know of its org.
func copies(n *routing.Number, org routing.Org) {
	n.OrgName, n.Zone, n.MismatchText, n.HoldSwaps = org.Name, org.Zone, org.Settings.MismatchText, org.Settings.HoldClientSwaps
}

// AddNumber takes a number on. No number serves two orgs, and none two purposes.
func (o *Office) AddNumber(ctx context.Context, who routing.Principal, in NumberInput) (routing.Number, *store.Roster, error) {
	return o.addNumber(ctx, who, in, nil)
}

func (o *Office) addNumber(ctx context.Context, who routing.Principal, in NumberInput, hooks *store.Hooks) (routing.Number, *store.Roster, error) {
	var next routing.Number
	var roster *store.Roster
	p, err := phoneOf("e164", in.E164)
	if err != nil {
		return next, nil, err
	}
	class, ok := routing.ParseClass(in.NumberClass)
	if !ok {
		return next, nil, routing.Invalid("numberClass", "This must be front_desk, sitter or pool.")
	}
	if in.SitterID.Set && !in.SitterID.Null && class != routing.SitterNum {
		return next, nil, routing.Invalid("sitterId", "Only a sitter's number belongs to a sitter.")
	}
	reason, err := words("reason", in.Reason, 300, !in.Replace)
	if err != nil {
		return next, nil, err
	}
	id := routing.NumberID("n-" + o.id())
	err = o.changeSitter(ctx, who, func(r *store.Roster) (store.InventoryCommit, error) {
		roster = r
		c := store.InventoryCommit{}
		owned, err := o.table.PhoneOwners(ctx, who.Org, p)
		if err != nil {
			return c, err
		}
		if owned.Client[p] != "" {
			return c, routing.Invalid("e164", "This is a client's phone.")
		}
		truth, err := o.table.TruthOf(ctx, p)
		if err != nil {
			return c, err
		}
		w := store.NumberWrite{}
		if was, there := truth[p]; there {
			switch {
			case was.Org == who.Org && was.Status != routing.NumberInactive:
				return c, conflictOn("e164", "This number is in the inventory already.")
			case was.Status != routing.NumberInactive:
				return c, conflictOn("e164", "This number is in use by another business.")
			case was.Org != who.Org:
				// What led into the other org's conversations must be gone before the first
				// text to the number is ours.
				rs, err := o.table.RoutesOf(ctx, p)
				if err != nil {
					return c, err
				}
				if err := o.table.DropRoutes(ctx, rs); err != nil {
					return c, err
				}
				w.Taken = &was
			default:
				if err := o.comesBack(ctx, &was, class); err != nil {
					return c, err
				}
				w.Was, id = &was, was.ID
			}
		}
		next = routing.Number{ID: id, Org: who.Org, Phone: p, Class: class, Status: routing.NumberActive, Since: o.now().Truncate(time.Millisecond)}
		copies(&next, r.Org)
		c.Audit = []store.Audit{o.line(who, "number.add", string(id), reason, string(class))}
		switch class {
		case routing.FrontDesk:
			c.Desk = &store.DeskMove{To: id}
			if was, there := r.FrontDesk(); there {
				if !in.Replace {
					return c, conflictOn("numberClass", "The business has an active front desk number already. To put this one in its place, ask for it with replace and a reason.")
				}
				old := was
				old.Status, old.Reason = routing.NumberQuarantined, reason
				c.Desk.From = was.ID
				c.Numbers = append(c.Numbers, store.NumberWrite{Next: old, Was: &was})
				c.Audit = append(c.Audit, o.line(who, "number.quarantine", string(was.ID), reason, "replaced as front desk"))
			}
		case routing.SitterNum:
			if in.SitterID.Set && !in.SitterID.Null {
				s, err := free(r, in.SitterID.Value)
				if err != nil {
					return c, err
				}
				next.Sitter = s.ID
				given := s
				given.Number = id
				c.Sitters = []store.SitterWrite{{Next: given, Was: &s}}
			}
		}
		w.Next = next
		c.Numbers = append(c.Numbers, w)
		c.Hooks = hooks
		if hooks != nil {
			c.Hooks.Number = id
		}
		next.Version = 1
		if w.Was != nil {
			next.Version = w.Was.Version + 1
		} else if w.Taken != nil {
			next.Version = w.Taken.Version + 1
		}
		return c, nil
	})
	return next, roster, err
}

// free is a sitter who works and has no number.
func free(r *store.Roster, id string) (routing.Sitter, error) {
	s, there := r.Sitter(routing.SitterID(id))
	switch {
	case !there:
		return s, routing.Invalid("sitterId", noSitter)
	case !s.Active:
		return s, routing.Invalid("sitterId", "This sitter no longer works here.")
	case s.Number != "":
		return s, conflictOn("sitterId", "This sitter has a number already.")
	}
	return s, nil
}

// comesBack checks that a number which the org gave up, or which rests, may serve in a
// class, and makes its old conversations fit: a pool number's close some time after
// the client's last visit, a sitter's never do.
func (o *Office) comesBack(ctx context.Context, n *routing.Number, class routing.Class) error {
	if !n.Until.IsZero() {
		if class != routing.Pool {
			return conflict("This number was a sitter's who has left. It can only come back as a pool number.")
		}
		if o.now().Before(n.Until) {
			return conflict("This number was a sitter's who has left. It rests until " + routing.Stamp(n.Until) + ".")
		}
	}
	if n.Class == class {
		return nil
	}
	rs, err := o.table.RoutesOf(ctx, n.Phone)
	if err != nil {
		return err
	}
	if class == routing.Pool {
		return o.rest(ctx, n.Org, rs)
	}
	if k := o.standing(rs); k > 0 {
		return conflict(fmt.Sprintf("%d clients still have their conversation on this number.", k))
	}
	return nil
}

// standing counts the client conversations on a number that a text would still reach.
func (o *Office) standing(rs []routing.Route) int {
	open := map[routing.ThreadID]bool{}
	for _, r := range rs {
		if r.Thread != "" && r.Kind != routing.Guest && (r.Until.IsZero() || !o.now().After(r.Until)) {
			open[r.Thread] = true
		}
	}
	return len(open)
}

// rest gives the service threads of a number that becomes a pool number the end that
// pool threads have.
func (o *Office) rest(ctx context.Context, org routing.OrgID, rs []routing.Route) error {
	r, err := o.table.Org(ctx, org)
	if err != nil {
		return err
	}
	of := map[routing.ThreadID][]routing.Route{}
	var order []routing.ThreadID
	for _, x := range rs {
		if x.Thread == "" || x.Kind != routing.Service || !x.Until.IsZero() {
			continue
		}
		if of[x.Thread] == nil {
			order = append(order, x.Thread)
		}
		of[x.Thread] = append(of[x.Thread], x)
	}
	ths, err := o.table.ThreadsByID(ctx, order)
	if err != nil {
		return err
	}
	for _, th := range ths {
		last := th.LastEnd
		if last.IsZero() {
			last = th.CreatedAt
		}
		th.Until = last.Add(r.Settings.Cooldown()).Truncate(time.Millisecond)
		if err := o.table.Rest(ctx, th, of[th.ID]); err != nil {
			return err
		}
	}
	return nil
}

// Impact is what a step with a number would touch.
type Impact struct {
	Threads  int // conversations on the number that a text still reaches
	Clients  int
	Open     int // of those, with something waiting for the owner
	Active   int // windows on now
	Upcoming int
	Sitter   routing.SitterID // who would be without a number
}

// Preview tells what quarantining (or releasing) a number would touch.
func (o *Office) Preview(ctx context.Context, org routing.OrgID, id string) (routing.Number, Impact, *store.Roster, error) {
	r, err := o.Numbers(ctx, org)
	if err != nil {
		return routing.Number{}, Impact{}, nil, err
	}
	n, err := numberIn(r, id)
	if err != nil {
		return n, Impact{}, r, err
	}
	i, err := o.impact(ctx, n)
	return n, i, r, err
}

func (o *Office) impact(ctx context.Context, n routing.Number) (Impact, error) {
	var i Impact
	rs, err := o.table.RoutesOf(ctx, n.Phone)
	if err != nil {
		return i, err
	}
	now := o.now()
	var ids []routing.ThreadID
	seen := map[routing.ThreadID]bool{}
	for _, r := range rs {
		if r.Org == n.Org && r.Thread != "" && (r.Until.IsZero() || !now.After(r.Until)) && !seen[r.Thread] {
			seen[r.Thread] = true
			ids = append(ids, r.Thread)
		}
	}
	ths, err := o.table.ThreadsByID(ctx, ids)
	if err != nil {
		return i, err
	}
	clients := map[routing.ClientID]bool{}
	for _, th := range ths {
		i.Threads++
		if th.Client != "" {
			clients[th.Client] = true
		}
		if th.Open > 0 {
			i.Open++
		}
		ws := th.Windows
		if th.More {
			if ws, err = o.table.ThreadWindows(ctx, th.ID, now); err != nil {
				return i, err
			}
		}
		for _, w := range ws {
			switch {
			case w.Active(now):
				i.Active++
			case w.Upcoming(now):
				i.Upcoming++
			}
		}
	}
	i.Clients = len(clients)
	if n.Status == routing.NumberActive {
		i.Sitter = n.Sitter
	}
	return i, nil
}

// changeNumber changes one number, and its sitter where both change.
func (o *Office) changeNumber(ctx context.Context, who routing.Principal, id, what, reason string, decide func(*store.Roster, *routing.Number) (*store.SitterWrite, error)) (routing.Number, *store.Roster, error) {
	var next routing.Number
	var roster *store.Roster
	// What takes a number out of use, and what ends that, is asked about later.
	reason, err := words("reason", reason, 300, what == "number.assign" || what == "number.release")
	if err != nil {
		return next, nil, err
	}
	err = o.changeSitter(ctx, who, func(r *store.Roster) (store.InventoryCommit, error) {
		roster = r
		c := store.InventoryCommit{}
		was, err := numberIn(r, id)
		if err != nil {
			return c, err
		}
		next = was
		s, err := decide(r, &next)
		if err != nil || next == was {
			return c, err
		}
		copies(&next, r.Org)
		c.Numbers = []store.NumberWrite{{Next: next, Was: &was}}
		if s != nil {
			c.Sitters = []store.SitterWrite{*s}
		}
		c.Audit = []store.Audit{o.line(who, what, string(was.ID), reason, string(was.Class)+" → "+string(next.Class))}
		next.Version = was.Version + 1
		return c, nil
	})
	return next, roster, err
}

// loses is the sitter's side of a number's going out of use.
func loses(r *store.Roster, n routing.Number) *store.SitterWrite {
	s, there := r.Sitter(n.Sitter)
	if !there || s.Number != n.ID {
		return nil
	}
	next := s
	next.Number = ""
	return &store.SitterWrite{Next: next, Was: &s}
}

// Quarantine takes a number out of use: what is texted to it reaches the owner.
func (o *Office) Quarantine(ctx context.Context, who routing.Principal, id, reason string) (routing.Number, *store.Roster, error) {
	return o.changeNumber(ctx, who, id, "number.quarantine", reason, func(r *store.Roster, n *routing.Number) (*store.SitterWrite, error) {
		switch {
		case n.Status == routing.NumberQuarantined:
			return nil, nil
		case n.Status == routing.NumberInactive:
			return nil, conflict("This number is not in use.")
		case n.Class == routing.FrontDesk:
			return nil, conflict("This is the only active front desk number. Put another in its place first.")
		}
		n.Status, n.Reason = routing.NumberQuarantined, strings.TrimSpace(reason)
		return loses(r, *n), nil
	})
}

// Restore brings a quarantined number back: a sitter's to its sitter, if they work
// here and have no other by now, else to the pool.
func (o *Office) Restore(ctx context.Context, who routing.Principal, id, reason string) (routing.Number, *store.Roster, error) {
	return o.changeNumber(ctx, who, id, "number.restore", reason, func(r *store.Roster, n *routing.Number) (*store.SitterWrite, error) {
		switch {
		case n.Status == routing.NumberActive:
			return nil, nil
		case n.Status == routing.NumberInactive:
			return nil, conflict("This number was released. Add it again.")
		case n.Class == routing.FrontDesk:
			return nil, conflict("Another number is the front desk by now, and a front desk's conversations fit no other use.")
		}
		was := *n
		n.Status, n.Reason = routing.NumberActive, ""
		if n.Class == routing.SitterNum {
			s, there := r.Sitter(n.Sitter)
			if n.Until.IsZero() && (n.Sitter == "" || there && s.Active && s.Number == "") {
				if !there {
					return nil, nil
				}
				next := s
				next.Number = n.ID
				return &store.SitterWrite{Next: next, Was: &s}, nil
			}
			if err := o.comesBack(ctx, &was, routing.Pool); err != nil {
				return nil, err
			}
			n.Class, n.Sitter, n.Until = routing.Pool, "", time.Time{}
		}
		return nil, nil
	})
}

// Assign makes a number a sitter's own. A pool number on which clients still have
// their conversation cannot be: they would find themselves talking on somebody
// else's number.
func (o *Office) Assign(ctx context.Context, who routing.Principal, id, sitter, reason string) (routing.Number, *store.Roster, error) {
	return o.changeNumber(ctx, who, id, "number.assign", reason, func(r *store.Roster, n *routing.Number) (*store.SitterWrite, error) {
		switch {
		case n.Sitter != "" && string(n.Sitter) == sitter && n.Status == routing.NumberActive:
			return nil, nil
		case n.Status != routing.NumberActive:
			return nil, conflict("This number is " + string(n.Status) + ".")
		case n.Class == routing.FrontDesk:
			return nil, conflict("This is the front desk number.")
		case n.Sitter != "":
			return nil, conflict("This is another sitter's number. It is theirs for as long as they work here.")
		}
		s, err := free(r, sitter)
		if err != nil {
			return nil, err
		}
		if err := o.comesBack(ctx, n, routing.SitterNum); err != nil {
			return nil, err
		}
		n.Class, n.Sitter = routing.SitterNum, s.ID
		next := s
		next.Number = n.ID
		return &store.SitterWrite{Next: next, Was: &s}, nil
	})
}

// Release gives a number up. It must have no visits to come: their clients would text
// into nothing.
func (o *Office) Release(ctx context.Context, who routing.Principal, id, reason string) (routing.Number, *store.Roster, error) {
	return o.changeNumber(ctx, who, id, "number.release", reason, func(r *store.Roster, n *routing.Number) (*store.SitterWrite, error) {
		switch {
		case n.Status == routing.NumberInactive:
			return nil, nil
		case n.Status == routing.NumberActive && n.Class == routing.FrontDesk:
			return nil, conflict("This is the only active front desk number. Put another in its place first.")
		}
		i, err := o.impact(ctx, *n)
		if err != nil {
			return nil, err
		}
		if k := i.Active + i.Upcoming; k > 0 {
			return nil, conflict(fmt.Sprintf("%d visits on this number are still to come. Quarantine it until they are over.", k))
		}
		s := loses(r, *n)
		n.Status, n.Reason = routing.NumberInactive, strings.TrimSpace(reason)
		return s, nil
	})
}
