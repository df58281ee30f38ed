package store

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"snout/shared/routing"
)

// Idem is what an Idempotency-Key was used for.
type Idem struct {
	Body   string          `json:"b"` // a digest of the request
	Event  routing.EventID `json:"e,omitempty"`
	Answer json.RawMessage `json:"a,omitempty"` // the answer given; absent while the work is under way
}

// IdemHash is the key of an idempotency row: one caller's keys never meet another's.
func IdemHash(caller, idempotencyKey string) string {
	h := sha256.Sum256([]byte(caller + "\x00" + idempotencyKey))
	return base64.RawURLEncoding.EncodeToString(h[:18])
}

// SendFacts reads what sending in a thread needs, in one call: the thread, what the
// Idempotency-Key was used for, for a sitter their own row, and how many messages the
// whole org, and the sitter, have sent in a minute.
func (t *Table) SendFacts(ctx context.Context, th routing.ThreadID, idem string, s routing.SitterID, minute time.Time) (*routing.Thread, *Idem, *routing.Sitter, Sent, error) {
	var sent Sent
	org := th.Org()
	all, own := rateKey(org, rateOf(""), minute), rateKey(org, rateOf(s), minute)
	keys := []key{threadKey(th), all}
	if idem != "" {
		keys = append(keys, idemKey(org, idem))
	}
	if s != "" {
		keys = append(keys, sitterKey(org, s), own)
	}
	found, err := t.batch(ctx, true, keys...)
	if err != nil {
		return nil, nil, nil, sent, fmt.Errorf("send facts: %w", err)
	}
	var thread *routing.Thread
	var used *Idem
	var sitter *routing.Sitter
	if it, ok := found[threadKey(th)]; ok {
		if thread, err = threadIn(it); err != nil {
			return nil, nil, nil, sent, err
		}
	}
	if it, ok := found[idemKey(org, idem)]; ok && idem != "" {
		used = &Idem{}
		if err := json.Unmarshal([]byte(str(it, "use")), used); err != nil {
			return nil, nil, nil, sent, fmt.Errorf("send facts: %w", err)
		}
	}
	if it, ok := found[sitterKey(org, s)]; ok && s != "" {
		x, err := sitterIn(it)
		if err != nil {
			return nil, nil, nil, sent, err
		}
		sitter = &x
	}
	n, err := parse[minuteItem](found[all])
	if err != nil {
		return nil, nil, nil, sent, err
	}
	mine, err := parse[minuteItem](found[own])
	sent.Org = n.N
	if s != "" {
		sent.Sitter = mine.N
	}
	return thread, used, sitter, sent, err
}

// Sent is how many messages people have sent in a minute.
type Sent struct{ Org, Sitter int }

type minuteItem struct {
	N int `dynamodbav:"n"`
}

// rateOf names whose messages are counted together: a sitter's, or everybody's.
func rateOf(s routing.SitterID) string {
	if s == "" {
		return "org"
	}
	return "s-" + string(s)
}

// CountSent adds a message to the minute in which it was sent, for the org and for a
// sitter who wrote it. A repeat counts it again: what hangs on it is a limit, not a bill.
func (t *Table) CountSent(ctx context.Context, org routing.OrgID, s routing.SitterID, minute time.Time) error {
	who := []routing.SitterID{""}
	if s != "" {
		who = append(who, s)
	}
	for _, w := range who {
		if err := t.write(ctx, update(rateKey(org, rateOf(w), minute)).Set("kind", "rate").Set("ttl", minute.Add(time.Hour).Unix()).Add("n", 1)); err != nil {
			return fmt.Errorf("count sent: %w", err)
		}
	}
	return nil
}

// Idem reads what an idempotency key was used for, nil if it was not.
func (t *Table) Idem(ctx context.Context, org routing.OrgID, hash string) (*Idem, error) {
	it, err := t.get(ctx, idemKey(org, hash))
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	used := &Idem{}
	return used, json.Unmarshal([]byte(str(it, "use")), used)
}

// SendCommit is what one message sent by a person writes, in one transaction.
type SendCommit struct {
	Idem  string
	Use   Idem
	Until time.Time // when the key is forgotten
	Event routing.Event
	Rev   int64 // of the thread, as the decision saw it
	Touch Touch
	Route *routing.Route // front desk: where the client's next text goes
	// A stopped message: the attempt, after so many that the sitter's row told of, their
	// lock at the third, the alert.
	Attempt *Attempt
	Stopped int64
	Lock    bool
	Alerts  []routing.Alert
	Sitter  routing.SitterID
}

// Attempt is one stopped message that tried to swap contact details.
type Attempt struct {
	Sitter   routing.SitterID
	Event    routing.EventID
	Families []string
	At       time.Time
	Released bool
}

// AttemptKept is how long an attempt is remembered.
const AttemptKept = 400 * 24 * time.Hour

type attemptItem struct {
	Event    string   `dynamodbav:"event"`
	Families []string `dynamodbav:"fam,omitempty"`
	At       int64    `dynamodbav:"at"`
	Released bool     `dynamodbav:"rel,omitempty"`
	TTL      int64    `dynamodbav:"ttl"`
}

// CommitSend is refused by "idem" where the key was used meanwhile, by "thread" where its
// windows or its people have changed since the decision, by "sitter" where another message
// of theirs was stopped meanwhile, and by "consent" where the person has opted out: the check is part of the transaction, so that a STOP that arrives
// in between stops this message too.
func (t *Table) CommitSend(ctx context.Context, c SendCommit) error {
	x := &tx{}
	e := c.Event
	org := e.ID.Org()
	th := e.ID.Thread()
	if c.Idem != "" {
		x.put("idem", t.name, record(idemKey(org, c.Idem), "idem", struct {
			Use string `dynamodbav:"use"`
			TTL int64  `dynamodbav:"ttl"`
		}{jsonOut(c.Use), c.Until.Unix()}), absent)
	}
	x.put("event", t.name, eventRecord(e), absent)
	x.update("thread", t.name, touch(update(threadKey(th)).Equals("rev", c.Rev), th, c.Touch))
	if e.Dir == routing.Outbound && e.Status != routing.Blocked {
		x.check("consent", t.name, notOptedOut(org, e.To))
	}
	if r := c.Route; r != nil {
		x.update("route", t.name, update(routeKey(r.Number, r.Phone)).Set("kind", "route").Set("org", string(org)).
			Set("thread", string(r.Thread)).Set("tk", string(r.Kind)).SetOrRemove("client", string(r.Client), r.Client == "").Set("rev", r.Rev))
	}
	if a := c.Attempt; a != nil {
		x.put("attempt", t.name, record(attemptKey(org, a.Sitter, e.ID.Order()), "attempt",
			attemptItem{string(a.Event), a.Families, micros(a.At), a.Released, a.At.Add(AttemptKept).Unix()}), absent)
		// Two at one moment are counted one after the other, or three of them would all be
		// somebody's first.
		s := update(sitterKey(org, a.Sitter)).Exists().Set("stop", c.Stopped+1)
		if c.Stopped == 0 {
			s.When("attribute_not_exists(%n)", []string{"stop"})
		} else {
			s.Equals("stop", c.Stopped)
		}
		if c.Lock {
			s.Set("locked", true)
		}
		x.update("sitter", t.name, s)
	}
	for _, a := range c.Alerts {
		x.put("alert", t.name, alertOut(a), absent)
	}
	if err := t.transact(ctx, x); err != nil {
		return fmt.Errorf("commit send: %w", err)
	}
	return nil
}

func notOptedOut(org routing.OrgID, p routing.Phone) *change {
	return update(consentKey(org, p)).When("(attribute_not_exists(%n) OR %n = %v)", []string{"out", "out"}, false)
}

// Attempts lists a sitter's stopped messages since an instant, newest first.
func (t *Table) Attempts(ctx context.Context, org routing.OrgID, s routing.SitterID, since time.Time) ([]Attempt, error) {
	items, err := t.queryAll(ctx, query{pk: attemptsPK(org, s), from: "ATT#" + routing.Order(since.UnixMicro(), ""), to: "ATT#~", desc: true, strong: true})
	if err != nil {
		return nil, fmt.Errorf("attempts: %w", err)
	}
	var as []Attempt
	for _, it := range items {
		a, err := parse[attemptItem](it)
		if err != nil {
			return nil, err
		}
		as = append(as, Attempt{Sitter: s, Event: routing.EventID(a.Event), Families: a.Families, At: moment(a.At), Released: a.Released})
	}
	return as, nil
}

// Event reads one event.
func (t *Table) Event(ctx context.Context, id routing.EventID) (routing.Event, error) {
	it, err := t.get(ctx, eventKey(id))
	if err != nil {
		return routing.Event{}, fmt.Errorf("event: %w", err)
	}
	return eventIn(it)
}

// Thread reads one thread.
func (t *Table) Thread(ctx context.Context, id routing.ThreadID) (*routing.Thread, error) {
	it, err := t.get(ctx, threadKey(id))
	if err != nil {
		return nil, fmt.Errorf("thread: %w", err)
	}
	return threadIn(it)
}

// Claim takes a queued event that is due for one attempt. It answers the event as
// claimed, or ErrConflict where somebody else has it or it is done. With a phone it is
// also refused by "consent" where that person has opted out: a STOP that arrives while
// an attempt is being prepared stops it.
//
// A transaction that met another is neither: then the error is no ErrConflict, since
// taking it for somebody else's claim would leave the message to nobody. As every
// transaction it carries a token of its own, so that a claim whose answer was lost is
// ours when it is repeated; otherwise nobody would hand the message over, and the owner
// would be asked about a message that no carrier ever saw.
func (t *Table) Claim(ctx context.Context, id routing.EventID, to routing.Phone, now, lease time.Time) (routing.Event, error) {
	x := &tx{}
	x.update("event", t.name, update(eventKey(id)).Set("st", string(routing.Sending)).Set("rank", routing.Sending.Rank()).Set("lease", millis(lease)).Add("try", 1).
		Remove("due").
		When("%n = %v AND (attribute_not_exists(%n) OR %n <= %v)", []string{"st", "due", "due"}, string(routing.Queued), millis(now)))
	if !to.IsZero() {
		x.check("consent", t.name, notOptedOut(id.Org(), to))
	}
	err := t.transact(ctx, x)
	if errors.Is(err, ErrConflict) && !RefusedBy(err, "event") && !RefusedBy(err, "consent") {
		return routing.Event{}, errors.New("claim: the table was busy with this message")
	}
	if err != nil {
		return routing.Event{}, fmt.Errorf("claim: %w", err)
	}
	e, err := t.Event(ctx, id)
	if err == nil && (e.Status != routing.Sending || e.Lease.UnixMilli() != lease.UnixMilli()) {
		// What was claimed is over by now, and what stands here is somebody else's.
		return routing.Event{}, fmt.Errorf("claim: %w", ErrConflict)
	}
	return e, err
}

// Outcome is what is known of an attempt after the carrier was asked or has
// reported.
type Outcome struct {
	Status  routing.Status
	Sid     string
	Code    int
	Error   string
	DueAt   time.Time // with Queued: when to try again
	Retries int
}

// Record writes what the carrier answered to an attempt. It only moves forward: a
// report that came first stands, and then the answer is ErrConflict. Queued is the one
// way back, and only from the sending of that very attempt. What the table says already
// is recorded.
func (t *Table) Record(ctx context.Context, id routing.EventID, attempt int, o Outcome) error {
	c := update(eventKey(id)).Remove("lease", "claim")
	if o.Sid != "" {
		c.Set("sid", o.Sid)
	}
	// What the carrier said of an earlier attempt does not stand for this one.
	c.SetOrRemove("code", o.Code, o.Code == 0)
	if o.Error != "" {
		c.Set("err", o.Error)
	} else {
		c.Remove("err")
	}
	switch {
	case o.Status == routing.Queued:
		c.Set("st", string(o.Status)).Set("rank", o.Status.Rank()).SetOrRemove("due", millis(o.DueAt), o.DueAt.IsZero()).Set("retries", o.Retries).
			When("%n = %v AND %n = %v", []string{"st", "try"}, string(routing.Sending), attempt)
	default:
		c.Set("st", string(o.Status)).Set("rank", o.Status.Rank()).
			When("%n = %v AND %n < %v", []string{"try", "rank"}, attempt, o.Status.Rank())
	}
	_, err := t.writeOr(ctx, c, func(stands item) bool {
		e, err := eventIn(stands)
		return err == nil && e.Attempt == attempt && e.Lease.IsZero() && e.Status == o.Status && e.Sid == o.Sid && e.Code == o.Code && e.Error == o.Error &&
			(o.Status != routing.Queued || e.DueAt.UnixMilli() == o.DueAt.UnixMilli() && e.Retries == o.Retries)
	})
	if errors.Is(err, ErrConflict) && o.Sid != "" {
		// A report came before the answer: keep what it said, and add the sid. The answer
		// to an attempt that another has followed adds nothing: its sid would turn the
		// later attempt's own reports away.
		return t.write(ctx, update(eventKey(id)).Set("sid", o.Sid).Remove("lease", "claim").
			When("%n = %v AND (attribute_not_exists(%n) OR %n = %v)", []string{"try", "sid", "sid"}, attempt, o.Sid))
	}
	return err
}

// Report moves an event forward by a status report of the carrier's. It answers
// ErrConflict where the report comes too late to change anything, or speaks of an attempt
// that another has followed. The same report once more is applied.
func (t *Table) Report(ctx context.Context, id routing.EventID, o Outcome) error {
	c := update(eventKey(id)).Set("st", string(o.Status)).Set("rank", o.Status.Rank()).Remove("lease", "claim", "due").
		When("%n = %v AND %n < %v", []string{"dir", "rank"}, string(routing.Outbound), o.Status.Rank())
	if o.Sid != "" {
		c.Set("sid", o.Sid).When("(attribute_not_exists(%n) OR %n = %v) AND NOT contains(%n, %v)", []string{"sid", "sid", "sids"}, o.Sid, o.Sid)
	}
	if o.Code != 0 {
		c.Set("code", o.Code)
	}
	if o.Error != "" {
		c.Set("err", o.Error)
	}
	_, err := t.writeOr(ctx, c, func(stands item) bool {
		e, err := eventIn(stands)
		return err == nil && e.Dir == routing.Outbound && e.Status == o.Status && (o.Sid == "" || e.Sid == o.Sid) && e.Code == o.Code && e.Error == o.Error
	})
	return err
}

// requeue starts a new attempt. The last one's sid is remembered, so that a late report
// of it does not pass for the new one's.
func requeue(e routing.Event) *change {
	c := update(eventKey(e.ID)).Set("st", string(routing.Queued)).Set("rank", routing.Queued.Rank()).Remove("lease", "claim", "err", "code", "sid", "retries", "waited").
		When("%n = %v AND %n = %v", []string{"st", "dir"}, string(e.Status), string(routing.Outbound))
	if e.Sid != "" {
		c.Include("sids", e.Sid)
	}
	return c
}

// Release lets a stopped message out after all, with its line in the audit; the attempt
// of the sitter named no longer counts. (No sitter: there is no attempt, or it has been
// forgotten.) It is refused by "event" where it has been released already.
func (t *Table) Release(ctx context.Context, e routing.Event, s routing.SitterID, a Audit) error {
	org := e.ID.Org()
	x := &tx{}
	x.update("event", t.name, requeue(e).Remove("due").Set("relBy", a.By).Set("relWhy", a.Reason))
	if s != "" {
		x.update("attempt", t.name, update(attemptKey(org, s, e.ID.Order())).Exists().Set("rel", true))
	}
	x.put("audit", t.name, auditOut(org, a), absent)
	if err := t.transact(ctx, x); err != nil {
		return fmt.Errorf("release: %w", err)
	}
	return nil
}

// SetExceptions writes what an owner allows to be said in a thread, with its line in the
// audit. It is refused by "thread" where somebody has changed it meanwhile.
func (t *Table) SetExceptions(ctx context.Context, th routing.ThreadID, was, next []string, a Audit) error {
	c := update(threadKey(th)).Exists().SetOrRemove("exc", next, len(next) == 0)
	if len(was) == 0 {
		c.When("attribute_not_exists(%n)", []string{"exc"})
	} else {
		c.Equals("exc", was)
	}
	x := &tx{}
	x.update("thread", t.name, c)
	x.put("audit", t.name, auditOut(th.Org(), a), absent)
	if err := t.transact(ctx, x); err != nil {
		return fmt.Errorf("set exceptions: %w", err)
	}
	return nil
}

// Again starts a new attempt at a message that did not arrive, from now, with its line
// in the audit. It is refused by "event" where somebody has done so already.
func (t *Table) Again(ctx context.Context, e routing.Event, now time.Time, a Audit) error {
	x := &tx{}
	x.update("event", t.name, requeue(e).Set("due", millis(now)).Equals("try", e.Attempt))
	x.put("audit", t.name, auditOut(e.ID.Org(), a), absent)
	if err := t.transact(ctx, x); err != nil {
		return fmt.Errorf("again: %w", err)
	}
	return nil
}

// Block remembers that the carrier refuses texts on a pair (its error 21610), or
// that it no longer does.
func (t *Table) Block(ctx context.Context, number, p routing.Phone, blocked bool) error {
	err := t.write(ctx, update(routeKey(number, p)).Exists().SetOrRemove("blocked", true, !blocked))
	if errors.Is(err, ErrConflict) {
		return nil // no route: nothing to remember it by
	}
	return err
}

// Consent reads what a person told the org.
func (t *Table) Consent(ctx context.Context, org routing.OrgID, p routing.Phone) (routing.Consent, error) {
	it, err := t.get(ctx, consentKey(org, p))
	if errors.Is(err, ErrNotFound) {
		return routing.Consent{}, nil
	}
	if err != nil {
		return routing.Consent{}, fmt.Errorf("consent: %w", err)
	}
	return consentIn(it)
}

// Waited marks a queued event that could not go out because messaging was off.
func (t *Table) Waited(ctx context.Context, id routing.EventID) error {
	err := t.write(ctx, update(eventKey(id)).Set("waited", true).Equals("st", string(routing.Queued)))
	if errors.Is(err, ErrConflict) {
		return nil // it is queued no more
	}
	return err
}

// PutOff makes a queued event wait until an instant.
func (t *Table) PutOff(ctx context.Context, id routing.EventID, until time.Time) error {
	err := t.write(ctx, update(eventKey(id)).Set("due", millis(until)).Equals("st", string(routing.Queued)))
	if errors.Is(err, ErrConflict) {
		return nil // it is queued no more
	}
	return err
}

// sidsLooked bounds how many of a thread's newest events are asked for their sids: as
// many as the carrier's own list could confuse within the time that it is asked about.
const sidsLooked = 200

// OtherSids are the carrier's ids that belong to other messages of a thread than the one
// given, or to earlier attempts at it: whatever the carrier lists under them, it is not
// this attempt.
func (t *Table) OtherSids(ctx context.Context, th routing.ThreadID, than routing.EventID) (map[string]bool, error) {
	items, _, err := t.query(ctx, query{pk: threadPK(th), from: "E#", to: "E#~", desc: true, limit: sidsLooked, strong: true})
	if err != nil {
		return nil, fmt.Errorf("other sids: %w", err)
	}
	sids := map[string]bool{}
	for _, it := range items {
		if sid := str(it, "sid"); sid != "" && keyOf(it) != eventKey(than) {
			sids[sid] = true
		}
		if old, ok := it["sids"].(*types.AttributeValueMemberSS); ok {
			for _, sid := range old.Value {
				sids[sid] = true
			}
		}
	}
	return sids, nil
}

// LeaveBehind notes that an event is still to be sent (or looked after) at an
// instant; Due finds it; Forget takes the note away.
func (t *Table) LeaveBehind(ctx context.Context, e routing.EventID, at time.Time) error {
	return t.put(ctx, record(dueKey(t.shard(string(e)), at, e), "due", struct {
		Event string `dynamodbav:"event"`
	}{string(e)}))
}

// Left is an outbox entry left behind: an event, or a booking that waits for a pool
// number.
type Left struct {
	Event   routing.EventID
	Org     routing.OrgID
	Booking routing.BookingID
	At      time.Time
	key     key
}

func waitingOut(k key, org routing.OrgID, b routing.BookingID) item {
	return record(k, "due", struct {
		Org     string `dynamodbav:"org"`
		Booking string `dynamodbav:"bk"`
	}{string(org), string(b)})
}

// LeaveWaiting notes that a booking still waits for a pool number, and when to look
// again.
func (t *Table) LeaveWaiting(ctx context.Context, org routing.OrgID, b routing.BookingID, at time.Time) error {
	return t.put(ctx, waitingOut(waitingKey(0, at, org, b), org, b))
}

// Due lists entries whose instant has come, soonest first.
func (t *Table) Due(ctx context.Context, now time.Time, limit int) ([]Left, error) {
	return t.left(ctx, stamp(now)+"~", limit)
}

func (t *Table) left(ctx context.Context, to string, limit int) ([]Left, error) {
	var ls []Left
	for i := range t.shards {
		items, _, err := t.query(ctx, query{pk: duePK(i), to: to, limit: int32(limit), strong: true})
		if err != nil {
			return nil, fmt.Errorf("left behind: %w", err)
		}
		for _, it := range items {
			k := keyOf(it)
			ls = append(ls, Left{Event: routing.EventID(str(it, "event")), Org: routing.OrgID(str(it, "org")), Booking: routing.BookingID(str(it, "bk")), At: unstamp(k.SK[:9]), key: k})
		}
	}
	slices.SortFunc(ls, func(a, b Left) int { return strings.Compare(a.key.SK, b.key.SK) })
	return ls[:min(len(ls), limit)], nil
}

// NextDue is the instant of the next entry left behind, zero if there is none.
func (t *Table) NextDue(ctx context.Context) (time.Time, error) {
	ls, err := t.left(ctx, "", 1)
	if err != nil || len(ls) == 0 {
		return time.Time{}, err
	}
	return ls[0].At, nil
}

// Forget takes an entry away.
func (t *Table) Forget(ctx context.Context, l Left) error { return t.delete(ctx, l.key) }

// Page is what somebody who opens a thread sees first.
type Page struct {
	Thread  *routing.Thread
	Windows []routing.Window // that end at the instant asked for, or later
	Events  []routing.Event  // the newest, newest first
	Next    string           // the cursor of older ones, empty if there are none
}

// pageLead is how many items stand before a page's events: the row, what was counted of
// the partition, and windows. Where there are more windows the events take another call.
const pageLead = 6

// Page reads a thread, its windows since an instant and its newest events, in one call.
func (t *Table) Page(ctx context.Context, th routing.ThreadID, since time.Time, limit int) (Page, error) {
	var p Page
	q := query{pk: threadPK(th), from: eventPrefix, to: windowsSince(since), desc: true, limit: int32(limit + pageLead)}
	for p.Thread == nil || len(p.Events) < limit {
		items, next, err := t.query(ctx, q)
		if err != nil {
			return Page{}, fmt.Errorf("page: %w", err)
		}
		for _, it := range items {
			switch str(it, "kind") {
			case "window":
				w, err := windowItemIn(it)
				if err != nil {
					return Page{}, err
				}
				p.Windows = append(p.Windows, w)
			case "thread":
				if p.Thread, err = threadIn(it); err != nil {
					return Page{}, err
				}
			case "event":
				e, err := eventIn(it)
				if err != nil {
					return Page{}, err
				}
				p.Events = append(p.Events, e)
			}
		}
		if q.start = next; next == nil {
			break
		}
	}
	if p.Thread == nil {
		return Page{}, fmt.Errorf("page: %w", ErrNotFound)
	}
	routing.SortWindows(p.Windows)
	more := q.start != nil
	if len(p.Events) > limit {
		p.Events, more = p.Events[:limit:limit], true
	}
	if more && len(p.Events) > 0 {
		p.Next = p.Events[len(p.Events)-1].ID.Order()
	}
	return p, nil
}

// Events lists a thread's events, newest first, with a cursor for older ones.
func (t *Table) Events(ctx context.Context, th routing.ThreadID, before string, limit int) ([]routing.Event, string, error) {
	q := query{pk: threadPK(th), from: "E#", to: "E#~", desc: true, limit: int32(limit)}
	if before != "" {
		if !place(before) {
			return nil, "", ErrCursor
		}
		q.start = key{threadPK(th), "E#" + before}.item()
	}
	items, next, err := t.query(ctx, q)
	if err != nil {
		return nil, "", fmt.Errorf("events: %w", err)
	}
	var es []routing.Event
	for _, it := range items {
		e, err := eventIn(it)
		if err != nil {
			return nil, "", err
		}
		es = append(es, e)
	}
	cursor := ""
	if next != nil {
		cursor = str(next, "SK")[len("E#"):]
	}
	return es, cursor, nil
}

// KeepMedia writes where an event's pictures are kept by now, and how often they were
// asked for.
func (t *Table) KeepMedia(ctx context.Context, id routing.EventID, media []routing.Media, tries int) error {
	var items []mediaItem
	for _, m := range media {
		items = append(items, mediaItem(m))
	}
	return t.write(ctx, update(eventKey(id)).Exists().Set("media", items).Set("retries", tries))
}

// EventEdit is an owner's decision about one routed event.
type EventEdit struct {
	Event      routing.EventID
	Forward    []routing.SitterID // who may now see it
	Close      bool               // no longer open for the owner
	Visibility routing.Visibility
	Booking    routing.BookingID
}

// EditEvent applies an owner's decision about one routed event: the event and its
// thread's count of open ones together.
func (t *Table) EditEvent(ctx context.Context, was routing.Event, ed EventEdit, thread *routing.Thread) error {
	x := &tx{}
	c := update(eventKey(ed.Event)).Exists()
	touched := false
	if len(ed.Forward) > 0 {
		c.Set("fwd", words(ed.Forward))
		touched = true
	}
	if ed.Booking != "" {
		c.Set("bk", string(ed.Booking))
		touched = true
	}
	if ed.Visibility != "" {
		c.Set("vis", string(ed.Visibility))
		touched = true
	}
	if ed.Close && was.Open {
		c.Remove("open").Equals("open", true)
		touched = true
		// An answer of the owner's may have closed the thread's whole count before, and
		// what has been routed since must not be closed by an older event's end.
		switch m := update(threadKey(thread.ID)).Exists(); {
		case was.At.Before(thread.OpenSince):
		case thread.Open == 1:
			x.update("thread", t.name, m.Remove("open", "owhy", "orule", "osince", "ch", "GSI2PK", "GSI2SK").Equals("open", 1))
		case thread.Open > 1:
			x.update("thread", t.name, m.Add("open", -1).Equals("open", thread.Open))
		}
	}
	if !touched {
		return nil
	}
	x.update("event", t.name, c)
	if err := t.transact(ctx, x); err != nil {
		return fmt.Errorf("edit event: %w", err)
	}
	return nil
}

// FailThread marks a thread that a message of it failed, and tells the owner: once for
// each alert's id, however often it is asked.
func (t *Table) FailThread(ctx context.Context, th routing.ThreadID, a routing.Alert) error {
	x := &tx{}
	x.update("thread", t.name, update(threadKey(th)).Exists().Add("fail", 1))
	x.put("alert", t.name, alertOut(a), absent)
	if err := t.transact(ctx, x); err != nil && !RefusedBy(err, "alert") {
		return fmt.Errorf("fail thread: %w", err)
	}
	return nil
}

// ThreadCommit is a thread that an owner's first message makes.
type ThreadCommit struct {
	Thread  *routing.Thread
	Order   string
	Routes  []RouteChange
	Ledger  *routing.Ledger
	Sibling routing.ThreadID // the other of front desk and billing: the two know of each other
}

// MakeThread creates it, or is refused where any of it was made meanwhile.
func (t *Table) MakeThread(ctx context.Context, c ThreadCommit) error {
	x := &tx{}
	x.put("thread", t.name, threadItemOut(*c.Thread, c.Order), absent)
	for _, rc := range c.Routes {
		t.routeChange(x, rc)
	}
	if c.Ledger != nil {
		t.ledgerChange(x, c.Thread.Org, *c.Ledger)
	}
	if c.Sibling != "" {
		x.update("sibling", t.name, update(threadKey(c.Sibling)).Exists().Append("links", []string{string(c.Thread.ID)}))
	}
	if err := t.transact(ctx, x); err != nil {
		return fmt.Errorf("make thread: %w", err)
	}
	return nil
}

// Question is what a note has to do with a sitter's question to the office: it asks one
// (the alert is new), or it answers the one that is open (the alert is open no more, nil
// where it has been forgotten).
type Question struct {
	Asks    routing.SitterID
	Answers bool
	Alert   *routing.Alert
}

// AddNote adds a line for the team. One note answers one question: the next one is the
// team's alone again.
func (t *Table) AddNote(ctx context.Context, e routing.Event, q Question) error {
	x := &tx{}
	x.put("event", t.name, eventRecord(e), absent)
	m := update(threadKey(e.ID.Thread())).Exists().Set("note", micros(e.At))
	cond := ""
	switch {
	case q.Asks != "":
		m.Set("asked", string(q.Asks)).Set("q", string(q.Alert.ID))
		cond = absent
	case q.Answers:
		m.Remove("asked", "q")
	}
	x.update("thread", t.name, m)
	if q.Alert != nil {
		x.put("alert", t.name, alertOut(*q.Alert), cond)
	}
	if err := t.transact(ctx, x); err != nil {
		if RefusedBy(err, "thread") {
			return ErrNotFound
		}
		return fmt.Errorf("add note: %w", err)
	}
	return nil
}
