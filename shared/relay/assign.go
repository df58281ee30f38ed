package relay

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"snout/shared/routing"
	"snout/shared/store"
)

// Assigned is what a booking's change did.
type Assigned struct {
	Stale  bool // its version had been applied
	Thread routing.ThreadID
	Made   bool
	Told   bool
}

// Assign applies one version of a booking: windows, thread, who's coming. Applying
// it again, or an older one, changes nothing.
func (r *Relay) Assign(ctx context.Context, org routing.OrgID, b routing.Booking) (Assigned, error) {
	a := &assigning{Relay: r, org: org, booking: b}
	got, err := again(ctx, a.once)
	if err != nil {
		return got, fmt.Errorf("assign: %w", err)
	}
	return got, nil
}

// OpenBooking makes the thread of a suggested conversation, with its windows, as
// the owner's first message or the client's first text to a sitter's number does.
func (r *Relay) OpenBooking(ctx context.Context, org routing.OrgID, id routing.BookingID) (Assigned, error) {
	b, err := r.Table.Booking(ctx, org, id)
	if err != nil {
		return Assigned{}, err
	}
	a := &assigning{Relay: r, org: org, booking: b, open: true}
	got, err := again(ctx, a.once)
	if err != nil {
		return got, fmt.Errorf("open booking: %w", err)
	}
	return got, nil
}

// openDue opens what is due to a client on a sitter's own number.
func (x *inbound) openDue(ctx context.Context, number *routing.Number, client routing.ClientID) (bool, error) {
	_, ledger, err := x.Table.ClientFile(ctx, number.Org, client)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	opened := false
	for _, due := range ledger.Due {
		if due.Sitter != number.Sitter {
			continue
		}
		b, err := x.Table.Booking(ctx, number.Org, due.Booking)
		if err != nil {
			return opened, err
		}
		a := &assigning{Relay: x.Relay, org: number.Org, booking: b, open: true, on: number}
		if _, err := again(ctx, a.once); err != nil {
			return opened, err
		}
		opened = true
	}
	return opened, nil
}

// poolAgain is how often a booking that found no pool number looks for one: a number
// comes free by the inventory or by the clock, and both are covered by looking.
const poolAgain = time.Minute

// lookForNumber opens a booking's thread if a pool number has come free, and tells
// whether it still waits.
func (r *Relay) lookForNumber(ctx context.Context, org routing.OrgID, id routing.BookingID) (waits bool, err error) {
	b, err := r.Table.Booking(ctx, org, id)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	was, err := r.Table.Assignment(ctx, org, id)
	if err != nil || !was.NoNumber {
		return false, err
	}
	a := &assigning{Relay: r, org: org, booking: b, open: true, waiting: true}
	if _, err := again(ctx, a.once); err != nil {
		return false, fmt.Errorf("look for a number: %w", err)
	}
	was, err = r.Table.Assignment(ctx, org, id)
	return was.NoNumber, err
}

type assigning struct {
	*Relay
	org     routing.OrgID
	booking routing.Booking
	open    bool
	on      *routing.Number // the sitter's number that the client texted
	waiting bool            // looks again for a pool number
	routed  bool            // a phone of the client's had a route on the number chosen: read them
	// refit puts the windows of the version applied right by these settings.
	refit *routing.Settings
}

func (a *assigning) once(ctx context.Context) (Assigned, error) {
	b := a.booking
	f, err := a.Table.AssignFacts(ctx, a.org, b.ID, b.Client)
	if err != nil {
		return Assigned{}, err
	}
	if a.refit != nil {
		now := a.Clock()
		p := routing.PlanRefit(refitFacts(b, f.Was, *a.refit, now))
		if p.Stale {
			return Assigned{Stale: true, Thread: f.Was.Thread}, nil
		}
		f.Roster.Org.Settings = *a.refit
		return a.apply(ctx, f, p, now)
	}
	if b.Version <= f.Was.Version && !(a.open && f.Was.Suggested) {
		return Assigned{Stale: true, Thread: f.Was.Thread}, nil
	}
	now := a.Clock()
	facts := a.facts(ctx, f, now)
	p := routing.PlanAssignment(facts)
	if p.Stale {
		return Assigned{Stale: true, Thread: f.Was.Thread}, nil
	}
	if a.waiting && p.Next.NoNumber && f.Was.NoNumber && b.Version == f.Was.Version {
		return Assigned{Stale: true}, nil // still none: nothing to say twice
	}
	return a.apply(ctx, f, p, now)
}

// facts are what was read, as the decision sees it.
func (a *assigning) facts(ctx context.Context, f *store.AssignFacts, now time.Time) routing.AssignFacts {
	b := a.booking
	settings := f.Roster.Org.Settings
	numbers := choices(f.Roster, f.Ledger, f.Threads)
	facts := routing.AssignFacts{
		At: now, Booking: b, Was: f.Was, Recurring: routing.Recurring(b.Recurrence, f.Client.Plan, f.Client.Recurring),
		Proactive: a.Flags.Flags(ctx).Proactive, Open: a.open, Buffer: routing.BufferFor(settings.Buffers, b.Service),
		Holdings: holdings(f, numbers, now), Numbers: numbers,
		ToldQueued: f.Told != nil && f.Told.Status == routing.Queued,
		NoPhone:    len(f.Client.Phones) == 0,
	}
	if a.on != nil {
		// The client has chosen the number by texting it.
		facts.Recurring = true
		facts.Numbers = slices.DeleteFunc(facts.Numbers, func(n routing.NumberChoice) bool { return n.ID != a.on.ID })
	}
	return facts
}

// choices are the org's numbers as a choice sees them, with when this client last
// used each.
func choices(r *store.Roster, l routing.Ledger, threads []*routing.Thread) []routing.NumberChoice {
	used := map[routing.NumberID]time.Time{}
	for _, th := range threads {
		for _, t := range [...]time.Time{th.LastEnd, th.LastAt, th.CreatedAt} {
			if t.After(used[th.NumID]) {
				used[th.NumID] = t
			}
		}
	}
	var cs []routing.NumberChoice
	for _, n := range r.Numbers {
		cs = append(cs, routing.NumberChoice{ID: n.ID, Phone: n.Phone, Class: n.Class, Active: n.Status == routing.NumberActive, Sitter: n.Sitter, LastUsed: used[n.ID]})
	}
	return cs
}

func holdings(f *store.AssignFacts, numbers []routing.NumberChoice, now time.Time) []routing.Holding {
	var hs []routing.Holding
	for _, th := range f.Threads {
		h := routing.Holding{Thread: th.ID, OpenUntil: th.Until, LastUsed: th.LastAt}
		for _, n := range numbers {
			if n.ID == th.NumID {
				h.Number = n
			}
		}
		if th.LastSit != "" {
			h.Serves = append(h.Serves, th.LastSit)
		}
		for _, w := range th.Windows {
			if !w.Ended(now) && !slices.Contains(h.Serves, w.Sitter) {
				h.Serves = append(h.Serves, w.Sitter)
			}
		}
		hs = append(hs, h)
	}
	return hs
}

func (a *assigning) apply(ctx context.Context, f *store.AssignFacts, p routing.AssignPlan, now time.Time) (Assigned, error) {
	b := a.booking
	c := store.AssignCommit{Org: a.org, Was: f.Was, Next: p.Next}
	done := Assigned{Thread: p.Next.Thread}
	byID := map[routing.ThreadID]*routing.Thread{}
	for _, th := range f.Threads {
		byID[th.ID] = th
	}
	change := func(th *routing.Thread, shut, stand []routing.Window, rise bool) error {
		ch, err := a.change(ctx, f, th, shut, stand, now)
		if err != nil {
			return err
		}
		if rise {
			ch.Rise, ch.Order = now, a.order(now)
		}
		c.Changes = append(c.Changes, ch)
		return nil
	}
	moved := p.Next.Thread != f.Was.Thread || p.Make != nil
	if old := byID[f.Was.Thread]; old != nil && moved && len(p.Shut) > 0 {
		if err := change(old, p.Shut, nil, false); err != nil {
			return done, err
		}
	}
	var thread *routing.Thread
	switch {
	case p.Make != nil:
		th, err := a.make(ctx, f, *p.Make, &c, now)
		if err != nil {
			return done, err
		}
		thread, done.Made = th, true
		c.Next.Thread, done.Thread = th.ID, th.ID
		ch, err := a.change(ctx, f, th, nil, p.Stand, now)
		if err != nil {
			return done, err
		}
		ch.Make, ch.Order = true, a.order(now)
		c.Changes = append(c.Changes, ch)
	case byID[p.Next.Thread] != nil:
		thread = byID[p.Next.Thread]
		shut := p.Shut
		if moved {
			shut = nil
		}
		if len(shut) > 0 || len(p.Stand) > 0 || p.Handed {
			if err := change(thread, shut, p.Stand, p.Handed && len(p.Stand) > 0); err != nil {
				return done, err
			}
		}
	}
	if p.Linked && thread != nil {
		before := cmp.Or(f.Was.Thread, f.Was.Before)
		if old := byID[before]; old != nil && !slices.ContainsFunc(c.Changes, func(ch store.ThreadChange) bool { return ch.Thread.ID == before }) {
			if err := change(old, nil, nil, false); err != nil {
				return done, err
			}
		}
		for i := range c.Changes {
			ch := &c.Changes[i]
			ch.Link = before
			if ch.Thread.ID == before {
				ch.Link = thread.ID
			}
			if ch.Make {
				ch.Thread.Links = append(ch.Thread.Links, before)
			}
		}
	}
	if p.Handed {
		c.Next.History = append(slices.Clone(f.Was.History), routing.Handed{At: now, From: f.Was.Sitter, To: p.Next.Sitter, By: b.By, Reason: b.Reason})
		if n := len(c.Next.History); n > 20 {
			c.Next.History = c.Next.History[n-20:] // the audit rows keep all
		}
		if f.Was.Sitter != "" {
			c.Audit = append(c.Audit, store.Audit{Order: a.order(now), At: now, By: orSystem(b.By), What: "assign", On: string(b.ID), Reason: b.Reason,
				Detail: fmt.Sprintf("sitter %s to %s", orNobody(f.Was.Sitter), orNobody(p.Next.Sitter))})
		}
	}
	if p.Untell {
		c.Untell = f.Was.ToldEvent
	}
	if p.Tell && thread != nil {
		e := a.coming(f, thread, p.Next, now)
		c.Coming, c.Next.ToldEvent = &e, e.ID
		done.Told = true
	}
	a.due(f, p, &c)
	// By a refit nothing about numbers and phones is new.
	if a.refit == nil && len(f.Client.Phones) == 0 && p.Next.Suggested {
		c.Alerts = append(c.Alerts, a.noPhone(f, now))
	}
	if a.refit == nil && (p.Next.NoNumber || f.Was.NoNumber) {
		none := a.alert(a.org, now, routing.Alert{Kind: "pool_exhausted", Severity: "critical", Booking: b.ID,
			Text: "No pool number is free for " + f.Client.Name + "'s booking. The conversation opens by itself once one is."})
		none.ID = routing.NewAlertID(a.org, "pool"+hashID(string(b.ID)))
		if p.Next.NoNumber {
			c.Alerts, c.WaitUntil = append(c.Alerts, none), now.Add(poolAgain)
		} else {
			none.Resolved = "settled by itself"
			c.Resolve = append(c.Resolve, none)
		}
	}
	for i := range c.Changes {
		ch := &c.Changes[i]
		ch.History, ch.Older = routing.CarryHistory(ch.Thread.History, ch.Thread.Older, b.ID, c.Next.History, now)
	}
	err := a.Table.CommitAssign(ctx, c)
	a.routed = a.routed || store.RefusedBy(err, "route")
	return done, err
}

// noPhone tells the owner of a booking whose client cannot be reached: the same alert,
// however often its record comes.
func (a *assigning) noPhone(f *store.AssignFacts, now time.Time) routing.Alert {
	none := a.alert(a.org, now, routing.Alert{Kind: "client_without_phone", Severity: "high", Booking: a.booking.ID,
		Text: f.Client.Name + " has a booking and no phone. Add one, then write to them: the conversation opens with your first message."})
	none.ID = routing.NewAlertID(a.org, "nophone"+hashID(string(a.booking.ID)))
	return none
}

// hashID makes an id's tail of lower-case letters and digits that is the same each
// time, so that telling twice is telling once.
func hashID(s string) string {
	return strings.ToLower(strings.NewReplacer("-", "x", "_", "y").Replace(digest(s)))
}

func orSystem(by string) string {
	if by == "" {
		return "system"
	}
	return by
}

func orNobody(s routing.SitterID) string {
	if s == "" {
		return "nobody"
	}
	return string(s)
}

// due keeps the ledger's list of suggested conversations.
func (a *assigning) due(f *store.AssignFacts, p routing.AssignPlan, c *store.AssignCommit) {
	ledger := f.Ledger
	if c.Ledger != nil {
		ledger = *c.Ledger
	}
	kept := slices.DeleteFunc(slices.Clone(ledger.Due), func(d routing.Due) bool { return d.Booking == a.booking.ID })
	changed := len(kept) != len(ledger.Due)
	if p.Next.Suggested {
		ws, _ := routing.Carry(p.Next.Windows, time.Time{})
		kept = append(kept, routing.Due{Booking: a.booking.ID, Sitter: p.Next.Sitter, Windows: ws})
		changed = true
	}
	if changed {
		ledger.Due = kept
		c.Ledger = &ledger
	}
}

// change works out what a thread's row and routes carry once windows go and come.
func (a *assigning) change(ctx context.Context, f *store.AssignFacts, th *routing.Thread, shut, stand []routing.Window, now time.Time) (store.ThreadChange, error) {
	ch := store.ThreadChange{Thread: th, Shut: shut, Stand: stand}
	all := th.Windows
	goesLast := slices.ContainsFunc(shut, func(w routing.Window) bool { return w.End.Equal(th.LastEnd) })
	from := now
	if goesLast {
		from = time.Time{} // the rest of a pool number counts from another window now
	}
	if th.More || goesLast {
		var err error
		if all, err = a.Table.ThreadWindows(ctx, th.ID, from); err != nil {
			return ch, err
		}
	}
	after := slices.DeleteFunc(slices.Clone(all), func(w routing.Window) bool {
		return slices.ContainsFunc(shut, func(s routing.Window) bool { return s.Booking == w.Booking && s.Visit == w.Visit && s.End.Equal(w.End) })
	})
	after = append(after, stand...)
	ch.LastEnd = th.LastEnd
	if goesLast {
		ch.LastEnd = time.Time{}
		for _, w := range shut {
			if !w.Start.After(now) { // it was used until now
				ch.LastEnd = latest(ch.LastEnd, earliest(w.End, now))
			}
		}
	}
	for _, w := range after {
		ch.LastEnd = latest(ch.LastEnd, w.End)
	}
	ch.Windows, ch.More = routing.Carry(after, now)
	// Whose the window that ends last is: what the thread shows, and whom it serves, once
	// all of them are over. What the row carries by then is as old as its last change.
	ch.LastSit = th.LastSit
	if last, ok := routing.Last(after); ok && (goesLast || !last.End.Before(th.LastEnd)) {
		ch.LastSit = last.Sitter
	}
	number, _ := f.Roster.Number(th.NumID)
	if number.Class == routing.Pool {
		ch.Until = latest(ch.LastEnd, th.CreatedAt).Add(f.Roster.Org.Settings.Cooldown())
	}
	return ch, nil
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func earliest(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// make prepares a service thread with its routes and the ledger's line.
func (a *assigning) make(ctx context.Context, f *store.AssignFacts, n routing.NumberChoice, c *store.AssignCommit, now time.Time) (*routing.Thread, error) {
	th := &routing.Thread{
		ID: a.newThread(a.org), Org: a.org, Kind: routing.Service, Number: n.Phone, NumID: n.ID, Client: f.Client.ID, Name: f.Client.Name, Pets: f.Client.Pets,
		Phones: f.Client.Phones, Rev: 1, CreatedAt: now, LastAt: now,
	}
	// A client without a conversation on that number has hardly ever a route there either,
	// and the commit says so if they have: only then are the routes read.
	was := map[routing.Phone]*routing.Route{}
	if a.routed || slices.ContainsFunc(f.Ledger.Threads, func(h routing.Held) bool { return h.NumID == n.ID }) {
		var err error
		if was, err = a.Table.Routes(ctx, n.Phone, th.Phones); err != nil {
			return nil, err
		}
	}
	// What the routes carry is worked out with the thread's row, in apply; here they
	// get the same windows.
	settings := f.Roster.Org.Settings
	windows, more := routing.Carry(c.Next.Windows, now)
	until := time.Time{}
	if n.Class == routing.Pool {
		until = now
		for _, w := range c.Next.Windows {
			until = latest(until, w.End)
		}
		until = until.Add(settings.Cooldown())
	}
	for _, p := range th.Phones {
		rt := routing.Route{Number: n.Phone, Phone: p, Org: a.org, Thread: th.ID, Kind: th.Kind, Client: th.Client, Windows: windows, More: more, Until: until, Rev: th.Rev}
		c.WasRoutes = append(c.WasRoutes, store.RouteChange{Route: rt, Was: was[p]})
	}
	ledger := f.Ledger
	ledger.Threads = append(slices.Clone(ledger.Threads), routing.Held{Thread: th.ID, Kind: th.Kind, Number: th.Number, NumID: th.NumID, Sitter: n.Sitter})
	c.Ledger = &ledger
	return th, nil
}

// coming is the message that tells the client who is coming, queued.
func (a *assigning) coming(f *store.AssignFacts, th *routing.Thread, next routing.Assignment, now time.Time) routing.Event {
	org := f.Roster.Org
	z := zone(org.Zone)
	sitter := nameOf(f.Roster, next.Sitter)
	visits, first := a.booking.Visits, nextVisit(a.booking, now)
	values := map[string]string{
		"{client}": firstName(f.Client.Name), "{sitter}": sitter, "{pets}": list(a.booking.Pets, f.Client.Pets), "{org}": org.Name,
		"{when}": routing.WallDate(first.Start, z) + " at " + routing.WallTime(first.Start, z),
	}
	if len(visits) > 1 {
		values["{when}"] += fmt.Sprintf(" (first of %d visits)", len(visits))
	}
	template := org.Settings.ComingText
	if template == "" {
		template = "Hi {client}, {sitter} will be looking after {pets} on {when}. You can reply to this number during the visit. - {org}"
	}
	if from, to, ok := handoff(f.Threads, next, now); ok {
		values["{from}"], values["{to}"] = nameOf(f.Roster, from), nameOf(f.Roster, to)
		template = org.Settings.HandoffText
		if template == "" {
			template = "Hi {client}, {from} will hand over to {to} around {when} to look after {pets}. You can reply to this number. - {org}"
		}
	}
	body := template
	for k, v := range values {
		body = strings.ReplaceAll(body, k, v)
	}
	e := routing.Event{
		ID: a.newEvent(th.ID, now.Add(time.Microsecond)), Dir: routing.Outbound, Author: routing.Author{Role: routing.RoleSystem, Name: "Snout"}, Text: plain(body), Booking: a.booking.ID,
		Visibility: routing.VisibleAll, At: now, From: th.Number, To: th.To(), Number: th.NumID, Status: routing.Queued, Purpose: "coming",
	}
	if len(next.Windows) > 0 {
		e.Window = next.Windows[0]
	}
	clientZone := z
	if f.Client.Zone != "" {
		clientZone = zone(f.Client.Zone)
	}
	if until, quiet := quietUntil(org.Settings, now, clientZone); quiet && first.Start.After(until.Add(time.Hour)) {
		e.DueAt = until
	}
	return e
}

// nextVisit is the first of a booking's visits that is not over, or the first of all.
func nextVisit(b routing.Booking, now time.Time) routing.Visit {
	for _, v := range b.Visits {
		if v.End.After(now) {
			return v
		}
	}
	return b.Visits[0]
}

func nameOf(r *store.Roster, id routing.SitterID) string {
	if s, ok := r.Sitter(id); ok {
		return s.Name
	}
	return "our sitter"
}

func list(own, all []string) string {
	if len(own) == 0 {
		own = all
	}
	switch len(own) {
	case 0:
		return "your pets"
	case 1:
		return own[0]
	}
	return strings.Join(own[:len(own)-1], ", ") + " and " + own[len(own)-1]
}

// handoff tells whether a booking's windows overlap those of another sitter with
// the same client: who hands over to whom.
func handoff(threads []*routing.Thread, next routing.Assignment, now time.Time) (from, to routing.SitterID, ok bool) {
	for _, th := range threads {
		for _, o := range th.Windows {
			if o.Booking == next.Booking || o.Sitter == next.Sitter || o.Ended(now) {
				continue
			}
			for _, w := range next.Windows {
				if w.Start.Before(o.End) && o.Start.Before(w.End) {
					if o.Start.Before(w.Start) {
						return o.Sitter, w.Sitter, true
					}
					return w.Sitter, o.Sitter, true
				}
			}
		}
	}
	return "", "", false
}

// quietUntil tells whether an instant lies in quiet hours, and when they end.
func quietUntil(s routing.Settings, at time.Time, z *time.Location) (time.Time, bool) {
	from, to := clockTime(s.QuietFrom, 21*60), clockTime(s.QuietTo, 8*60)
	l := at.In(z)
	m := l.Hour()*60 + l.Minute()
	end := func(days int) time.Time {
		return routing.LocalTime(l.Year(), l.Month(), l.Day()+days, to/60, to%60, 0, 0, z)
	}
	switch {
	case from == to:
		return time.Time{}, false
	case from < to && m >= from && m < to:
		return end(0), true
	case from > to && m >= from:
		return end(1), true
	case from > to && m < to:
		return end(0), true
	}
	return time.Time{}, false
}

func clockTime(s string, otherwise int) int {
	var h, m int
	if _, err := fmt.Sscanf(s, "%d:%d", &h, &m); err != nil {
		return otherwise
	}
	return h*60 + m
}
