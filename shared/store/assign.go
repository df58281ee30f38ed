package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"snout/shared/routing"
)

// Roster is what an org has few of, read together in one Query: its own row, its
// numbers, its sitters and its counters.
type Roster struct {
	Org     routing.Org
	Numbers []routing.Number
	Sitters []routing.Sitter
	Counts  Counts
}

// Number finds a number by its id.
func (r *Roster) Number(id routing.NumberID) (routing.Number, bool) {
	for _, n := range r.Numbers {
		if n.ID == id {
			return n, true
		}
	}
	return routing.Number{}, false
}

// ByPhone finds a number by itself.
func (r *Roster) ByPhone(p routing.Phone) (routing.Number, bool) {
	for _, n := range r.Numbers {
		if n.Phone == p {
			return n, true
		}
	}
	return routing.Number{}, false
}

// Sitter finds a sitter.
func (r *Roster) Sitter(id routing.SitterID) (routing.Sitter, bool) {
	for _, s := range r.Sitters {
		if s.ID == id {
			return s, true
		}
	}
	return routing.Sitter{}, false
}

// FrontDesk is the org's active front desk number.
func (r *Roster) FrontDesk() (routing.Number, bool) {
	for _, n := range r.Numbers {
		if n.Class == routing.FrontDesk && n.Status == routing.NumberActive {
			return n, true
		}
	}
	return routing.Number{}, false
}

// OwnNumbers are the business's phones: those it rents, in whatever state, but for those
// given back, which may be anybody's by now; and those that its settings name.
func (r *Roster) OwnNumbers() []string {
	var own []string
	for _, n := range r.Numbers {
		if n.Status != routing.NumberInactive {
			own = append(own, n.Phone.E164())
		}
	}
	return append(own, r.Org.Settings.OwnNumbers...)
}

// Roster reads an org's row, numbers, sitters and counters.
func (t *Table) Roster(ctx context.Context, org routing.OrgID, strong bool) (*Roster, error) {
	items, err := t.queryAll(ctx, query{pk: orgPK(org), strong: strong})
	if err != nil {
		return nil, fmt.Errorf("roster: %w", err)
	}
	r := &Roster{Org: routing.Org{ID: org}}
	found := false
	for _, it := range items {
		switch str(it, "kind") {
		case "org":
			found = true
			if r.Org, err = orgIn(it); err != nil {
				return nil, err
			}
		case "number":
			n, err := numberIn(it)
			if err != nil {
				return nil, err
			}
			r.Numbers = append(r.Numbers, *n)
		case "sitter":
			s, err := sitterIn(it)
			if err != nil {
				return nil, err
			}
			r.Sitters = append(r.Sitters, s)
		case "count":
			r.Counts.add(it)
		}
	}
	if !found {
		return nil, fmt.Errorf("roster: %w", ErrNotFound)
	}
	return r, nil
}

// AssignFacts is what a booking's change is decided on.
type AssignFacts struct {
	Was     routing.Assignment
	Client  routing.Client
	Ledger  routing.Ledger
	Roster  *Roster
	Threads []*routing.Thread // the client's service threads, and the one the booking stands in
	Told    *routing.Event    // the message of Was.ToldEvent, nil once gone
}

// AssignFacts reads them in two round trips, of which the first is two calls side
// by side; a client without threads needs only the first.
func (t *Table) AssignFacts(ctx context.Context, org routing.OrgID, b routing.BookingID, c routing.ClientID) (*AssignFacts, error) {
	type rosterAnswer struct {
		r   *Roster
		err error
	}
	roster := make(chan rosterAnswer, 1)
	go func() {
		r, err := t.Roster(ctx, org, false)
		roster <- rosterAnswer{r, err}
	}()
	found, err := t.batch(ctx, true, assignKey(org, b), clientKey(org, c), ledgerKey(org, c))
	ra := <-roster
	if err != nil {
		return nil, fmt.Errorf("assign facts: %w", err)
	}
	if ra.err != nil {
		return nil, fmt.Errorf("assign facts: %w", ra.err)
	}
	f := &AssignFacts{Roster: ra.r, Ledger: routing.Ledger{Client: c}}
	if it, ok := found[assignKey(org, b)]; ok {
		if f.Was, err = assignIn(it); err != nil {
			return nil, err
		}
	}
	it, ok := found[clientKey(org, c)]
	if !ok {
		return nil, fmt.Errorf("assign facts: client: %w", ErrNotFound)
	}
	if f.Client, err = clientIn(it); err != nil {
		return nil, err
	}
	if it, ok := found[ledgerKey(org, c)]; ok {
		if f.Ledger, err = ledgerIn(it); err != nil {
			return nil, err
		}
	}
	var keys []key
	for _, h := range f.Ledger.Threads {
		if h.Kind == routing.Service {
			keys = append(keys, threadKey(h.Thread))
		}
	}
	if f.Was.ToldEvent != "" {
		keys = append(keys, eventKey(f.Was.ToldEvent))
	}
	if len(keys) == 0 {
		return f, nil
	}
	if found, err = t.batch(ctx, true, keys...); err != nil {
		return nil, fmt.Errorf("assign facts: %w", err)
	}
	for _, h := range f.Ledger.Threads {
		if it, ok := found[threadKey(h.Thread)]; ok {
			th, err := threadIn(it)
			if err != nil {
				return nil, err
			}
			f.Threads = append(f.Threads, th)
		}
	}
	if f.Was.ToldEvent != "" {
		if it, ok := found[eventKey(f.Was.ToldEvent)]; ok {
			e, err := eventIn(it)
			if err != nil {
				return nil, err
			}
			f.Told = &e
		}
	}
	return f, nil
}

// ThreadChange is how an assignment changes one thread: which windows go and come,
// and what the row carries afterwards.
type ThreadChange struct {
	Thread *routing.Thread // as read; its Rev is the condition
	Make   bool
	Shut   []routing.Window
	Stand  []routing.Window
	// After: what the row and its routes carry.
	Windows []routing.Window
	More    bool
	LastEnd time.Time
	LastSit routing.SitterID
	Until   time.Time
	Link    routing.ThreadID
	// Rise puts the thread at the top of the owner's list, at this instant and order.
	Rise  time.Time
	Order string
	// History is what the row tells of who was assigned; nil: as it was.
	History []routing.HandedOver
	Older   time.Time
}

// AssignCommit is everything one booking's change writes.
type AssignCommit struct {
	Org    routing.OrgID
	Was    routing.Assignment
	Next   routing.Assignment
	Ledger *routing.Ledger // nil: not changed, and then not written
	// Changes are of at most two threads: the one the windows leave and the one they
	// come to.
	Changes   []ThreadChange
	Coming    *routing.Event
	Untell    routing.EventID
	Alerts    []routing.Alert
	Resolve   []routing.Alert // alerts that this settles
	WaitUntil time.Time       // when to look again for a pool number; zero: none is waited for
	Audit     []Audit
	WasRoutes []RouteChange // routes of a thread that is made
}

// maxActions is DynamoDB's bound on one transaction.
const maxActions = 100

// CommitAssign writes it in one transaction. It is refused where anything has changed
// since it was read: by "assignment", "thread", "route", "ledger" or "told" (a message to
// be withdrawn is being sent).
//
// A booking with more visits than one transaction takes is written in several. The first
// takes the assignment's revision, so that nobody else's change gets in between, and
// notes which windows will be touched; then the windows go and come; the last writes the
// rows that say so. Where it ends half-way, the version has not been applied and is
// applied again, and the note tells that change which windows to put right.
func (t *Table) CommitAssign(ctx context.Context, c AssignCommit) error {
	windows := t.windowWrites(c)
	x := t.assignWrites(c, nil)
	if len(windows.items)+len(x.items)+1 > maxActions {
		var err error
		if c.Was, err = t.beginAssign(ctx, c); err != nil {
			return fmt.Errorf("commit assignment: %w", err)
		}
		for len(windows.items) > 0 {
			n := min(len(windows.items), maxActions-1)
			part := &tx{windows.items[:n:n], windows.what[:n:n]}
			part.check("assignment", t.name, update(assignKey(c.Org, c.Next.Booking)).Equals("rev", c.Was.Rev))
			if err := t.transact(ctx, part); err != nil {
				return fmt.Errorf("commit assignment's windows: %w", err)
			}
			windows.items, windows.what = windows.items[n:], windows.what[n:]
		}
	}
	x = &tx{}
	x.join(windows, t.assignWrites(c, nil), t.assignmentWrite(c))
	err := t.transact(ctx, x)
	if RefusedBy(err, "route") {
		// A phone of the thread leads elsewhere on this number by now: the thread's rest is
		// over, and the client has written again. That route is not this thread's to change.
		gone, rerr := t.routesElsewhere(ctx, c)
		if rerr != nil {
			return fmt.Errorf("commit assignment: %w", rerr)
		}
		if len(gone) > 0 {
			x = &tx{}
			x.join(windows, t.assignWrites(c, gone), t.assignmentWrite(c))
			err = t.transact(ctx, x)
		}
	}
	if err != nil {
		return fmt.Errorf("commit assignment: %w", err)
	}
	return nil
}

// windowWrites are the rows of windows that go and come. One whose end is the same
// stands in the same row, and the same row may not be written twice in a transaction.
func (t *Table) windowWrites(c AssignCommit) *tx {
	var goes, comes tx
	done := map[key]bool{}
	stand := func(th routing.ThreadID, w routing.Window) {
		if k := windowKey(th, w); !done[k] {
			done[k] = true
			comes.put("window", t.name, windowItemOut(th, w), "")
		}
	}
	shut := func(th routing.ThreadID, w routing.Window) {
		if k := windowKey(th, w); !done[k] {
			done[k] = true
			goes.delete("window", t.name, update(k))
		}
	}
	for _, ch := range c.Changes {
		for _, w := range ch.Stand {
			stand(ch.Thread.ID, w)
		}
	}
	// What an unfinished change may have touched becomes what the assignment says.
	for _, l := range c.Was.Loose {
		if l.Thread == c.Next.Thread {
			for _, w := range c.Next.Windows {
				for _, touched := range l.Windows {
					if windowKey(l.Thread, w) == windowKey(l.Thread, touched) {
						stand(l.Thread, w)
					}
				}
			}
		}
	}
	for _, l := range c.Was.Loose {
		for _, w := range l.Windows {
			shut(l.Thread, w)
		}
	}
	for _, ch := range c.Changes {
		for _, w := range ch.Shut {
			shut(ch.Thread.ID, w)
		}
	}
	x := &tx{}
	x.join(&goes, &comes)
	return x
}

// beginAssign takes the assignment's next revision and notes the windows to be touched.
func (t *Table) beginAssign(ctx context.Context, c AssignCommit) (routing.Assignment, error) {
	now := c.Was
	now.Booking, now.Client, now.Loose = c.Next.Booking, c.Next.Client, slices.Clone(c.Was.Loose)
	for _, ch := range c.Changes {
		now.Loose = append(now.Loose, routing.Loose{Thread: ch.Thread.ID, Windows: append(slices.Clone(ch.Shut), ch.Stand...)})
	}
	now.Rev = c.Was.Rev + 1
	it := assignOut(c.Org, now)
	x := &tx{}
	if c.Was.Rev == 0 {
		x.put("assignment", t.name, it, absent)
	} else {
		x.update("assignment", t.name, update(assignKey(c.Org, now.Booking)).Equals("rev", c.Was.Rev).Set("rev", now.Rev).Set("loose", it["loose"]))
	}
	return now, t.transact(ctx, x)
}

// routesElsewhere are the routes of the changed threads' phones that lead to another
// thread, or nowhere.
func (t *Table) routesElsewhere(ctx context.Context, c AssignCommit) (map[key]bool, error) {
	gone := map[key]bool{}
	for _, ch := range c.Changes {
		if ch.Make {
			continue
		}
		rs, err := t.Routes(ctx, ch.Thread.Number, ch.Thread.Phones)
		if err != nil {
			return nil, err
		}
		for _, p := range ch.Thread.Phones {
			if r := rs[p]; r == nil || r.Thread != ch.Thread.ID {
				gone[routeKey(ch.Thread.Number, p)] = true
			}
		}
	}
	return gone, nil
}

// assignWrites are the threads, routes, messages and lines, without the windows and the
// assignment itself, and without the routes that lead elsewhere.
func (t *Table) assignWrites(c AssignCommit, elsewhere map[key]bool) *tx {
	x := &tx{}
	for _, ch := range c.Changes {
		th := ch.Thread
		after := *th
		after.Windows, after.More, after.LastEnd, after.LastSit, after.Until, after.Rev = ch.Windows, ch.More, ch.LastEnd, ch.LastSit, ch.Until, th.Rev+1
		if ch.History != nil {
			after.History, after.Older = ch.History, ch.Older
		}
		if ch.Make {
			after.Rev = th.Rev
			x.put("thread", t.name, threadItemOut(after, ch.Order), absent)
			continue
		}
		m := update(threadKey(th.ID)).Equals("rev", th.Rev).Set("rev", after.Rev).
			SetOrRemove("w", windowsOut(after.Windows), len(after.Windows) == 0).SetOrRemove("more", true, !after.More).
			SetOrRemove("lend", millis(after.LastEnd), after.LastEnd.IsZero()).SetOrRemove("lsit", string(after.LastSit), after.LastSit == "").
			SetOrRemove("until", millis(after.Until), after.Until.IsZero())
		if ch.History != nil {
			m.SetOrRemove("h", historyOut(after.History), len(after.History) == 0).SetOrRemove("ho", micros(after.Older), after.Older.IsZero())
		}
		if ch.Link != "" && !slices.Contains(th.Links, ch.Link) {
			m.Append("links", []string{string(ch.Link)})
		}
		if !ch.Rise.IsZero() {
			m.Set("at", micros(ch.Rise)).Set("GSI1SK", ch.Order)
		}
		x.update("thread", t.name, m)
		for _, p := range th.Phones {
			k := routeKey(th.Number, p)
			if elsewhere[k] {
				continue
			}
			x.update("route", t.name, update(k).Equals("thread", string(th.ID)).Set("rev", after.Rev).
				SetOrRemove("w", windowsOut(after.Windows), len(after.Windows) == 0).SetOrRemove("more", true, !after.More).
				SetOrRemove("until", millis(after.Until), after.Until.IsZero()))
		}
	}
	for _, rc := range c.WasRoutes {
		t.routeChange(x, rc)
	}
	if c.Ledger != nil {
		t.ledgerChange(x, c.Org, *c.Ledger)
	}
	if c.Untell != "" {
		x.delete("told", t.name, update(eventKey(c.Untell)).Equals("st", string(routing.Queued)))
	}
	if c.Coming != nil {
		x.put("event", t.name, eventRecord(*c.Coming), absent)
	}
	if !c.WaitUntil.IsZero() {
		x.put("due", t.name, waitingOut(waitingKey(0, c.WaitUntil, c.Org, c.Next.Booking), c.Org, c.Next.Booking), "")
	}
	for _, a := range c.Alerts {
		x.put("alert", t.name, alertOut(a), "")
	}
	for _, a := range c.Resolve {
		a.Open = false
		x.put("alert", t.name, alertOut(a), "")
	}
	for _, a := range c.Audit {
		x.put("audit", t.name, auditOut(c.Org, a), absent)
	}
	return x
}

// assignmentWrite is the row that says that the booking's version has been applied.
func (t *Table) assignmentWrite(c AssignCommit) *tx {
	x := &tx{}
	next := c.Next
	next.Rev, next.Loose = c.Was.Rev+1, nil
	it := assignOut(c.Org, next)
	if c.Was.Rev == 0 {
		x.put("assignment", t.name, it, absent)
		return x
	}
	x.update("assignment", t.name, whole(assignKey(c.Org, next.Booking), it, []string{"client", "v", "rev", "sitter", "thread", "before", "w", "ext", "told", "toldEv", "sug", "nonum", "service", "hist", "loose",
		"GSI2PK", "GSI2SK"}).Equals("rev", c.Was.Rev))
	return x
}

// Assignment reads what has been applied of a booking.
func (t *Table) Assignment(ctx context.Context, org routing.OrgID, b routing.BookingID) (routing.Assignment, error) {
	it, err := t.get(ctx, assignKey(org, b))
	if errors.Is(err, ErrNotFound) {
		return routing.Assignment{Booking: b}, nil
	}
	if err != nil {
		return routing.Assignment{}, fmt.Errorf("assignment: %w", err)
	}
	return assignIn(it)
}

// Suggested lists an org's suggested conversations by the time of their first
// window.
func (t *Table) Suggested(ctx context.Context, org routing.OrgID, limit int) ([]routing.Assignment, error) {
	items, _, err := t.query(ctx, query{index: "GSI2", pk: suggestedPK(org), limit: int32(limit)})
	return assignmentsIn(items, err)
}

// AllSuggested lists every one of them, whatever they are: for whoever goes through all.
func (t *Table) AllSuggested(ctx context.Context, org routing.OrgID) ([]routing.Assignment, error) {
	return assignmentsIn(t.queryAll(ctx, query{index: "GSI2", pk: suggestedPK(org)}))
}

func assignmentsIn(items []item, err error) ([]routing.Assignment, error) {
	if err != nil {
		return nil, fmt.Errorf("suggested: %w", err)
	}
	var as []routing.Assignment
	for _, it := range items {
		a, err := assignIn(it)
		if err != nil {
			return nil, err
		}
		as = append(as, a)
	}
	return as, nil
}

// Audit is one line of what somebody did and why. Rows are only ever added.
type Audit struct {
	Order  string
	At     time.Time
	By     string // role and id
	What   string
	On     string // the id it was done to
	Reason string
	Detail string
}

type auditItem struct {
	At     int64  `dynamodbav:"at"`
	By     string `dynamodbav:"by"`
	What   string `dynamodbav:"what"`
	On     string `dynamodbav:"on,omitempty"`
	Reason string `dynamodbav:"why,omitempty"`
	Detail string `dynamodbav:"detail,omitempty"`
}

func auditOut(org routing.OrgID, a Audit) item {
	return record(auditKey(org, a.Order), "audit", auditItem{micros(a.At), a.By, a.What, a.On, a.Reason, a.Detail})
}

// AddAudit adds one line; with no org it is the stage's.
func (t *Table) AddAudit(ctx context.Context, org routing.OrgID, a Audit) error {
	return t.create(ctx, auditOut(org, a))
}

// Audits lists the newest lines; with no org the stage's.
func (t *Table) Audits(ctx context.Context, org routing.OrgID, limit int) ([]Audit, error) {
	items, _, err := t.query(ctx, query{pk: auditPK(org), desc: true, limit: int32(limit)})
	if err != nil {
		return nil, fmt.Errorf("audits: %w", err)
	}
	var as []Audit
	for _, it := range items {
		a, err := parse[auditItem](it)
		if err != nil {
			return nil, err
		}
		as = append(as, Audit{str(it, "SK"), moment(a.At), a.By, a.What, a.On, a.Reason, a.Detail})
	}
	return as, nil
}
