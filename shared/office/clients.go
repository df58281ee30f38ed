package office

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"snout/shared/routing"
	"snout/shared/store"
)

const maxPhones = 8

// ClientInput is a client as they are asked for, whole or in part.
type ClientInput struct {
	ID        Field[string]   `json:"id"`
	Name      Field[string]   `json:"name"`
	Phones    Field[[]string] `json:"phones"`
	Recurring Field[bool]     `json:"recurring"`
	Plan      Field[string]   `json:"plan"`
	Pets      Field[[]string] `json:"pets"`
	TimeZone  Field[string]   `json:"timeZone"`
}

// Clients lists an org's clients.
func (o *Office) Clients(ctx context.Context, org routing.OrgID, cursor string, limit int) ([]routing.Client, string, error) {
	cs, next, err := o.table.Clients(ctx, org, cursor, limit)
	return cs, next, badCursor(err)
}

// Client reads one.
func (o *Office) Client(ctx context.Context, org routing.OrgID, id string) (routing.Client, error) {
	c, _, err := o.clientFile(ctx, org, id)
	return c, err
}

func (o *Office) clientFile(ctx context.Context, org routing.OrgID, id string) (routing.Client, routing.Ledger, error) {
	const none = "There is no such client."
	cid, err := routing.ParseClientID(id)
	if err != nil {
		return routing.Client{}, routing.Ledger{}, routing.Refuse(routing.CodeNotFound, none)
	}
	c, l, err := o.table.ClientFile(ctx, org, cid)
	return c, l, missing(err, none)
}

func (in *ClientInput) apply(was routing.Client) (routing.Client, error) {
	c := was
	fresh := was.ID == ""
	if fresh && !in.Name.Set {
		return c, routing.Invalid("name", "A client needs a name.")
	}
	if err := text(in.Name, "name", &c.Name, 80, false); err != nil {
		return c, err
	}
	if fresh && len(in.Phones.Value) == 0 {
		return c, routing.Invalid("phones", "A client needs a phone.")
	}
	if in.Phones.Set {
		if len(in.Phones.Value) > maxPhones {
			return c, routing.Invalid("phones", fmt.Sprintf("At most %d phones.", maxPhones))
		}
		c.Phones = nil
		for i, s := range in.Phones.Value {
			field := fmt.Sprintf("phones[%d]", i)
			p, err := phoneOf(field, s)
			if err != nil {
				return c, err
			}
			if slices.Contains(c.Phones, p) {
				return c, routing.Invalid(field, "This phone stands there twice.")
			}
			c.Phones = append(c.Phones, p)
		}
	}
	if in.Recurring.Set {
		if in.Recurring.Null {
			return c, routing.Invalid("recurring", "This must not be null.")
		}
		c.Recurring = in.Recurring.Value
	}
	if err := optional(in.Plan, "plan", &c.Plan, 40); err != nil {
		return c, err
	}
	if err := list(in.Pets, "pets", &c.Pets, maxPets, 60); err != nil {
		return c, err
	}
	if in.TimeZone.Set {
		c.Zone = ""
		if !in.TimeZone.Null && in.TimeZone.Value != "" {
			if _, err := zone("timeZone", in.TimeZone.Value); err != nil {
				return c, err
			}
			c.Zone = in.TimeZone.Value
		}
	}
	return c, nil
}

// CreateClient makes one, and takes over what their phones have written so far.
func (o *Office) CreateClient(ctx context.Context, who routing.Principal, in ClientInput) (routing.Client, error) {
	c, err := in.apply(routing.Client{})
	if err != nil {
		return c, err
	}
	if c.ID, err = given(o, in.ID, "c", routing.ParseClientID); err != nil {
		return c, err
	}
	err = again(ctx, func() error {
		var err error
		c, err = o.keepClient(ctx, who, nil, c, routing.Ledger{Client: c.ID}, "client.create")
		if store.RefusedBy(err, "client") {
			return conflictOn("id", "There is a client with this id already.")
		}
		return err
	})
	if err != nil {
		return c, err
	}
	return o.settle(ctx, who, c, c.Phones)
}

// PatchClient changes one: their phones' claims, routes and conversations move in the
// same step.
func (o *Office) PatchClient(ctx context.Context, who routing.Principal, id string, ifMatch int64, in ClientInput) (routing.Client, error) {
	var next routing.Client
	var gained []routing.Phone
	err := again(ctx, func() error {
		was, ledger, err := o.clientFile(ctx, who.Org, id)
		if err != nil {
			return err
		}
		if err := matches(ifMatch, was.Version); err != nil {
			return err
		}
		if in.ID.Set && in.ID.Value != string(was.ID) {
			return routing.Invalid("id", "A client's id cannot change.")
		}
		if next, err = in.apply(was); err != nil {
			return err
		}
		gained = without(next.Phones, was.Phones)
		if same(was, next) {
			return nil
		}
		next, err = o.keepClient(ctx, who, &was, next, ledger, "client.change")
		if ifMatch != 0 && store.RefusedBy(err, "client") {
			return matches(ifMatch, 0)
		}
		return err
	})
	if err != nil || len(gained) == 0 {
		return next, err
	}
	return o.settle(ctx, who, next, gained)
}

func same(a, b routing.Client) bool {
	return a.Name == b.Name && slices.Equal(a.Phones, b.Phones) && a.Recurring == b.Recurring && a.Plan == b.Plan && slices.Equal(a.Pets, b.Pets) && a.Zone == b.Zone
}

func without(a, b []routing.Phone) []routing.Phone {
	return slices.DeleteFunc(slices.Clone(a), func(p routing.Phone) bool { return slices.Contains(b, p) })
}

// keepClient reads what hangs on a client's name and phones, and writes it all.
func (o *Office) keepClient(ctx context.Context, who routing.Principal, was *routing.Client, next routing.Client, ledger routing.Ledger, what string) (routing.Client, error) {
	c := store.ClientCommit{Org: who.Org, Next: next, Was: was}
	var old []routing.Phone
	version, told := int64(1), ""
	if was != nil {
		old, version = was.Phones, was.Version+1
		if was.Name != next.Name {
			told = "name"
		}
	}
	c.Claim, c.Yield = without(next.Phones, old), without(old, next.Phones)
	if n := len(c.Claim); n > 0 {
		told = joined(told, fmt.Sprintf("phones added: %d", n))
	}
	if n := len(c.Yield); n > 0 {
		told = joined(told, fmt.Sprintf("phones removed: %d", n))
	}
	c.Audit = []store.Audit{o.line(who, what, string(next.ID), "", told)}
	if len(c.Claim)+len(c.Yield) > 0 {
		owned, err := o.table.PhoneOwners(ctx, who.Org, next.Phones...)
		if err != nil {
			return next, err
		}
		truth, err := o.table.TruthOf(ctx, c.Claim...)
		if err != nil {
			return next, err
		}
		next.OptedOut = false
		for i, p := range next.Phones {
			next.OptedOut = next.OptedOut || owned.OptedOut[p]
			if !slices.Contains(c.Claim, p) {
				continue
			}
			field := fmt.Sprintf("phones[%d]", i)
			if n, rented := truth[p]; rented && n.Org == who.Org && n.Status != routing.NumberInactive {
				return next, routing.Invalid(field, "This is one of the business's own numbers.")
			}
			if id := owned.Client[p]; id != "" && id != next.ID {
				return next, o.taken(ctx, who.Org, field, id)
			}
		}
		c.Next = next
	}
	if was == nil || len(c.Claim)+len(c.Yield) > 0 || was.Name != next.Name || !slices.Equal(was.Pets, next.Pets) || !slices.Equal(was.Phones, next.Phones) {
		if err := o.carry(ctx, &c, ledger, c.Claim); err != nil {
			return next, err
		}
	}
	err := o.table.CommitClient(ctx, c)
	next.Version = version
	return next, err
}

func joined(a, b string) string {
	if a == "" {
		return b
	}
	return a + ", " + b
}

func (o *Office) taken(ctx context.Context, org routing.OrgID, field string, by routing.ClientID) error {
	cs, err := o.table.ClientsByID(ctx, org, []routing.ClientID{by})
	if err != nil {
		return err
	}
	return conflictOn(field, "This phone is "+cs[by].Name+"'s ("+string(by)+"). Take it from them first, if it is somebody else's by now.")
}

// settle looks once more for conversations of phones that a client has gained: a text
// of a stranger that was being decided on while the claim was written has made its
// thread without knowing of the client.
func (o *Office) settle(ctx context.Context, who routing.Principal, was routing.Client, gained []routing.Phone) (routing.Client, error) {
	err := again(ctx, func() error {
		now, ledger, err := o.table.ClientFile(ctx, who.Org, was.ID)
		if err != nil {
			return err
		}
		theirs := slices.DeleteFunc(slices.Clone(gained), func(p routing.Phone) bool { return !slices.Contains(now.Phones, p) })
		c := store.ClientCommit{Org: who.Org, Next: now, Was: &now, Audit: []store.Audit{o.line(who, "client.settle", string(was.ID), "", "")}}
		if err := o.carry(ctx, &c, ledger, theirs); err != nil {
			return err
		}
		if len(c.Threads)+len(c.Routes) == 0 {
			return nil
		}
		err = o.table.CommitClient(ctx, c)
		if err == nil && now.Version == was.Version {
			was.Version++
		}
		return err
	})
	return was, err
}

// carry works out what a client's name, pets and phones change in conversations: the
// threads of the ledger, the routes of the phones they have lost, and what the phones
// they gain have written as strangers.
func (o *Office) carry(ctx context.Context, c *store.ClientCommit, ledger routing.Ledger, gained []routing.Phone) error {
	roster, err := o.table.Roster(ctx, c.Org, true)
	if err != nil {
		return missing(err, noOrg)
	}
	var was []routing.Phone
	if c.Was != nil {
		was = c.Was.Phones
	}
	all := append(slices.Clone(was), without(c.Next.Phones, was)...)
	var pairs []store.Pair
	add := func(n, p routing.Phone) {
		if x := (store.Pair{Number: n, Phone: p}); !slices.Contains(pairs, x) {
			pairs = append(pairs, x)
		}
	}
	for _, n := range roster.Numbers {
		if n.Status == routing.NumberInactive {
			continue
		}
		for _, p := range all {
			add(n.Phone, p)
		}
	}
	var threads []routing.ThreadID
	for _, h := range ledger.Threads {
		threads = append(threads, h.Thread)
		for _, p := range all {
			add(h.Number, p)
		}
	}
	m := &move{o: o, c: c, roster: roster, ledger: ledger, gained: gained, now: map[routing.ThreadID]*routing.Thread{}}
	if m.routes, m.was, err = o.table.Conversations(ctx, pairs, threads); err != nil {
		return err
	}
	m.run()
	return nil
}

// move is the working state of carry: what was read, and what it is to become.
type move struct {
	o      *Office
	c      *store.ClientCommit
	roster *store.Roster
	ledger routing.Ledger
	gained []routing.Phone
	routes map[store.Pair]routing.Route // as read
	was    map[routing.ThreadID]*routing.Thread
	now    map[routing.ThreadID]*routing.Thread // threads that change
	lead   map[store.Pair]routing.ThreadID      // routes that are to lead elsewhere; "" for gone
	held   bool                                 // the ledger's list has changed
}

// open is a thread of the client's, to be changed.
func (m *move) open(id routing.ThreadID) *routing.Thread {
	if th := m.now[id]; th != nil {
		return th
	}
	th := *m.was[id]
	th.Phones, th.Links = slices.Clone(th.Phones), slices.Clone(th.Links)
	m.now[id] = &th
	return &th
}

// seen is a thread as it is so far.
func (m *move) seen(id routing.ThreadID) *routing.Thread {
	if th := m.now[id]; th != nil {
		return th
	}
	return m.was[id]
}

func (m *move) leads(p store.Pair) routing.ThreadID {
	if id, moved := m.lead[p]; moved {
		return id
	}
	return m.routes[p].Thread
}

func (m *move) hold(th *routing.Thread) {
	for i, h := range m.ledger.Threads {
		if h.Thread == th.ID {
			if h.Kind != th.Kind {
				m.ledger.Threads[i].Kind, m.held = th.Kind, true
			}
			return
		}
	}
	m.ledger.Threads = append(slices.Clone(m.ledger.Threads), routing.Held{Thread: th.ID, Kind: th.Kind, Number: th.Number, NumID: th.NumID})
	m.held = true
}

func (m *move) run() {
	m.lead = map[store.Pair]routing.ThreadID{}
	m.ledger.Threads = slices.Clone(m.ledger.Threads)
	next := m.c.Next
	for _, id := range m.theirs() {
		th := m.was[id]
		if th.Name != next.Name || !slices.Equal(th.Pets, next.Pets) {
			th := m.open(id)
			th.Name, th.Pets = next.Name, next.Pets
		}
		for _, p := range m.c.Yield {
			if slices.Contains(th.Phones, p) || th.ReplyTo == p {
				th := m.open(id)
				th.Phones = without(th.Phones, []routing.Phone{p})
				if th.ReplyTo == p {
					th.ReplyTo = routing.Phone{}
				}
			}
			if pair := (store.Pair{Number: th.Number, Phone: p}); m.routes[pair].Thread == id {
				m.open(id)
				m.lead[pair] = ""
			}
		}
	}
	for _, n := range m.roster.Numbers {
		for _, p := range m.gained {
			m.adopt(n, store.Pair{Number: n.Phone, Phone: p})
		}
	}
	for _, h := range m.ledger.Threads {
		m.share(h)
	}
	m.write()
}

// theirs are the threads that carry the client: those of the ledger, and the guest
// threads that their phones lead to.
func (m *move) theirs() []routing.ThreadID {
	var ids []routing.ThreadID
	for id, th := range m.was {
		if th.Client == m.c.Next.ID {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// closed tells whether a pool thread's rest is over: it takes no text any more, so it
// gets no new phone either.
func (m *move) closed(th *routing.Thread) bool {
	return !th.Until.IsZero() && m.o.now().After(th.Until)
}

// adopt gives a stranger's thread to the client whose phone it turns out to be.
func (m *move) adopt(n routing.Number, pair store.Pair) {
	r, there := m.routes[pair]
	if !there || r.Thread == "" || r.Kind != routing.Guest || m.was[r.Thread] == nil || m.seen(r.Thread).Kind != routing.Guest {
		return
	}
	next := m.c.Next
	home := m.home(n)
	if n.Class == routing.FrontDesk && !m.talks(n) {
		home = "" // a billing thread is no place for what a stranger asked
	}
	if g := m.seen(r.Thread); home == "" && n.Class != routing.FrontDesk && g.Client == next.ID && r.Client == next.ID {
		return // done before
	}
	g := m.open(r.Thread)
	g.Client, g.Name, g.Pets = next.ID, next.Name, next.Pets
	switch {
	case home != "":
		// The client has their conversation there: the stranger's stays as history.
		t := m.open(home)
		t.Links, g.Links = link(t.Links, g.ID), link(g.Links, t.ID)
		m.lead[pair] = home
	case n.Class == routing.FrontDesk:
		g.Kind = routing.FrontDeskTalk
	}
	m.hold(g)
}

// talks tells whether the client has a front desk thread on a number.
func (m *move) talks(n routing.Number) bool {
	return slices.ContainsFunc(m.ledger.Threads, func(h routing.Held) bool { return h.Number == n.Phone && h.Kind == routing.FrontDeskTalk })
}

func link(ls []routing.ThreadID, id routing.ThreadID) []routing.ThreadID {
	if slices.Contains(ls, id) {
		return ls
	}
	return append(ls, id)
}

// home is the thread on a number that a phone of the client's leads to if it has none
// yet: on a front desk number the one that their other phones lead to, else the one
// with the newest activity; elsewhere the open service thread.
func (m *move) home(n routing.Number) routing.ThreadID {
	var best *routing.Thread
	for _, h := range m.ledger.Threads {
		th := m.seen(h.Thread)
		if h.Number != n.Phone || th == nil || th.Kind == routing.Guest || m.closed(th) {
			continue
		}
		for _, p := range m.c.Next.Phones {
			if m.leads(store.Pair{Number: n.Phone, Phone: p}) == th.ID {
				return th.ID
			}
		}
		if best == nil || th.LastAt.After(best.LastAt) {
			best = th
		}
	}
	if best == nil {
		return ""
	}
	return best.ID
}

// share gives every open thread of the client's all of their phones, and each phone
// its way there.
func (m *move) share(h routing.Held) {
	th := m.seen(h.Thread)
	if th == nil || th.Kind == routing.Guest || m.closed(th) {
		return
	}
	n, known := m.roster.ByPhone(h.Number)
	if !known || n.Status == routing.NumberInactive {
		return
	}
	before := m.was[h.Thread].Phones
	if m.was[h.Thread].Kind == routing.Guest {
		before = nil
	}
	if !slices.Equal(th.Phones, m.c.Next.Phones) {
		th = m.open(h.Thread)
		th.Phones = slices.Clone(m.c.Next.Phones)
	}
	for _, p := range m.c.Next.Phones {
		pair := store.Pair{Number: h.Number, Phone: p}
		if slices.Contains(before, p) && !slices.Contains(m.gained, p) {
			continue
		}
		if to := m.leads(pair); to != "" {
			if other := m.seen(to); other == nil || other.Kind != routing.Guest || to == th.ID {
				continue
			}
		}
		home := m.home(n)
		m.open(home)
		m.lead[pair] = home
	}
}

// write turns what has been worked out into the commit. Every thread that changes, and
// every route that leads to one, gets the next revision: a text that is being decided
// on by what was read before is refused and decided anew.
func (m *move) write() {
	for id := range m.now {
		was, next := m.was[id], m.now[id]
		next.Rev = was.Rev + 1
		m.c.Threads = append(m.c.Threads, store.ThreadWrite{Next: next, Was: was})
	}
	slices.SortFunc(m.c.Threads, func(a, b store.ThreadWrite) int { return cmp.Compare(a.Next.ID, b.Next.ID) })
	pairs := map[store.Pair]bool{}
	for p := range m.routes {
		pairs[p] = true
	}
	for p := range m.lead {
		pairs[p] = true
	}
	for p := range pairs {
		r, there := m.routes[p]
		var was *routing.Route
		if there {
			was = &r
		}
		to := m.leads(p)
		if to == "" {
			if there && r.Thread != "" {
				m.c.Routes = append(m.c.Routes, store.RouteWrite{Was: was, Gone: true})
			}
			continue
		}
		th := m.now[to]
		if th == nil {
			continue
		}
		next := r
		next.Number, next.Phone, next.Org, next.Thread, next.Kind, next.Client = p.Number, p.Phone, m.c.Org, th.ID, th.Kind, th.Client
		next.Until, next.Windows, next.More, next.Rev = th.Until, th.Windows, th.More, th.Rev
		m.c.Routes = append(m.c.Routes, store.RouteWrite{Next: next, Was: was})
	}
	slices.SortFunc(m.c.Routes, func(a, b store.RouteWrite) int { return cmp.Compare(at(a), at(b)) })
	if m.held || len(m.c.Threads) > 0 || m.c.Was != nil && len(m.c.Claim)+len(m.c.Yield) > 0 {
		// Whoever makes a thread for this client meanwhile is refused by the ledger's
		// revision, and reads the phones anew.
		m.c.Ledger = &m.ledger
	}
}

func at(w store.RouteWrite) string {
	r := w.Next
	if w.Gone {
		r = *w.Was
	}
	return r.Number.E164() + " " + r.Phone.E164()
}
