package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"snout/shared/routing"
)

type orgItem struct {
	ID       string `dynamodbav:"id"`
	Name     string `dynamodbav:"name"`
	Zone     string `dynamodbav:"zone"`
	Settings string `dynamodbav:"set,omitempty"` // JSON
	Version  int64  `dynamodbav:"v"`
}

func orgIn(it item) (routing.Org, error) {
	o, err := parse[orgItem](it)
	org := routing.Org{ID: routing.OrgID(o.ID), Name: o.Name, Zone: o.Zone, Version: o.Version}
	if err == nil && o.Settings != "" {
		err = json.Unmarshal([]byte(o.Settings), &org.Settings)
	}
	return org, err
}

// Org reads an org's row.
func (t *Table) Org(ctx context.Context, id routing.OrgID) (routing.Org, error) {
	it, err := t.get(ctx, orgKey(id))
	if err != nil {
		return routing.Org{}, fmt.Errorf("org: %w", err)
	}
	return orgIn(it)
}

// Sitter reads a sitter's row.
func (t *Table) Sitter(ctx context.Context, org routing.OrgID, s routing.SitterID) (routing.Sitter, error) {
	it, err := t.get(ctx, sitterKey(org, s))
	if err != nil {
		return routing.Sitter{}, fmt.Errorf("sitter: %w", err)
	}
	return sitterIn(it)
}

// Booking reads a booking.
func (t *Table) Booking(ctx context.Context, org routing.OrgID, b routing.BookingID) (routing.Booking, error) {
	it, err := t.get(ctx, bookingKey(org, b))
	if err != nil {
		return routing.Booking{}, fmt.Errorf("booking: %w", err)
	}
	_, booking, err := bookingIn(it)
	return booking, err
}

// BookingOf reads a booking from an item of the stream.
func BookingOf(im Image) (routing.OrgID, routing.Booking, error) { return bookingIn(item(im)) }

// OrgOf reads an org from an item of the stream.
func OrgOf(im Image) (routing.Org, error) { return orgIn(item(im)) }

// EventOf, ThreadOf and WindowOf read theirs from an item of the stream.
func EventOf(im Image) (routing.Event, error)    { return eventIn(item(im)) }
func ThreadOf(im Image) (*routing.Thread, error) { return threadIn(item(im)) }
func WindowOf(im Image) (routing.ThreadID, routing.Window, error) {
	w, err := windowItemIn(item(im))
	return routing.ThreadID(im.Text("PK")[len("T#"):]), w, err
}

// Threads lists an org's threads of one list (conversations, or billing), newest
// activity first, with a cursor.
func (t *Table) Threads(ctx context.Context, org routing.OrgID, billing bool, cursor string, limit int) ([]*routing.Thread, string, error) {
	kind := routing.Service
	if billing {
		kind = routing.Billing
	}
	pk := listPK(org, kind)
	q := query{index: "GSI1", pk: pk, desc: true, limit: int32(limit)}
	if cursor != "" {
		th, order, err := readCursor(org, cursor)
		if err != nil {
			return nil, "", err
		}
		q.start = threadKey(th).item()
		for n, v := range index(1, pk, order) {
			q.start[n] = v
		}
	}
	items, next, err := t.query(ctx, q)
	if err != nil {
		return nil, "", fmt.Errorf("threads: %w", err)
	}
	ths, err := threadsIn(items)
	if err != nil || next == nil {
		return ths, "", err
	}
	return ths, str(next, "GSI1SK") + "." + routing.ThreadID(str(next, "PK")[len("T#"):]).Local(), nil
}

// ErrCursor is returned for a cursor that this table did not give.
var ErrCursor = errors.New("not a cursor of this list")

func readCursor(org routing.OrgID, cursor string) (routing.ThreadID, string, error) {
	for i := range len(cursor) {
		if cursor[i] == '.' {
			th, err := routing.ParseThreadID(string(routing.NewThreadID(org, cursor[i+1:])))
			if err != nil || !place(cursor[:i]) {
				return "", "", ErrCursor
			}
			return th, cursor[:i], nil
		}
	}
	return "", "", ErrCursor
}

// place tells whether text can be the order of something that happened. What cannot
// would be refused by the table, and look like a fault of ours.
func place(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return s != "" && len(s) <= 64
}

func threadsIn(items []item) ([]*routing.Thread, error) {
	ths := make([]*routing.Thread, 0, len(items))
	for _, it := range items {
		th, err := threadIn(it)
		if err != nil {
			return nil, err
		}
		ths = append(ths, th)
	}
	return ths, nil
}

// OwnerInbox lists what was routed to the owner and is not done, and the open alerts,
// newest first, with a cursor: threads and alerts together are at most so many. All of
// it would one day be more than a function may answer, and whoever floods the front
// desk would choose the day.
func (t *Table) OwnerInbox(ctx context.Context, org routing.OrgID, cursor string, limit int) ([]*routing.Thread, []routing.Alert, string, error) {
	q := query{index: "GSI2", pk: inboxPK(org), desc: true, limit: oneMore(limit)}
	if cursor != "" {
		at, err := unpackCursor(cursor)
		if err != nil {
			return nil, nil, "", err
		}
		order, local, _ := strings.Cut(at, ".")
		k := key{orgPK(org) + "#A", order}
		if local != "" {
			th, err := routing.ParseThreadID(string(routing.NewThreadID(org, local)))
			if err != nil {
				return nil, nil, "", ErrCursor
			}
			k = threadKey(th)
		}
		if !place(order) {
			return nil, nil, "", ErrCursor
		}
		q.start = k.item()
		for n, v := range index(2, inboxPK(org), order) {
			q.start[n] = v
		}
	}
	items, next, err := t.query(ctx, q)
	if err != nil {
		return nil, nil, "", fmt.Errorf("owner inbox: %w", err)
	}
	if limit > 0 && len(items) > limit {
		items = items[:limit]
		next = items[limit-1]
	}
	var ths []*routing.Thread
	var as []routing.Alert
	for _, it := range items {
		if str(it, "kind") == "alert" {
			a, err := alertIn(it)
			if err != nil {
				return nil, nil, "", err
			}
			as = append(as, a)
			continue
		}
		th, err := threadIn(it)
		if err != nil {
			return nil, nil, "", err
		}
		ths = append(ths, th)
	}
	if next == nil {
		return ths, as, "", nil
	}
	at := str(next, "GSI2SK")
	if pk := str(next, "PK"); strings.HasPrefix(pk, "T#") {
		at += "." + routing.ThreadID(pk[len("T#"):]).Local()
	}
	return ths, as, packCursor(at), nil
}

// ThreadsByID reads threads by their ids, in the order asked for; what is missing is
// left out.
func (t *Table) ThreadsByID(ctx context.Context, ids []routing.ThreadID) ([]*routing.Thread, error) {
	keys := make([]key, 0, len(ids))
	for _, id := range ids {
		keys = append(keys, threadKey(id))
	}
	found, err := t.batch(ctx, false, keys...)
	if err != nil {
		return nil, fmt.Errorf("threads by id: %w", err)
	}
	var ths []*routing.Thread
	for _, k := range keys {
		if it, ok := found[k]; ok {
			th, err := threadIn(it)
			if err != nil {
				return nil, err
			}
			ths = append(ths, th)
			delete(found, k)
		}
	}
	return ths, nil
}

// OrgAndThreads reads an org's row and threads by their ids in one call; what is missing
// of the threads is left out.
func (t *Table) OrgAndThreads(ctx context.Context, org routing.OrgID, ids []routing.ThreadID) (routing.Org, []*routing.Thread, error) {
	keys := []key{orgKey(org)}
	for _, id := range ids {
		keys = append(keys, threadKey(id))
	}
	found, err := t.batch(ctx, false, keys...)
	if err != nil {
		return routing.Org{}, nil, fmt.Errorf("org and threads: %w", err)
	}
	it, ok := found[orgKey(org)]
	if !ok {
		return routing.Org{}, nil, fmt.Errorf("org and threads: %w", ErrNotFound)
	}
	o, err := orgIn(it)
	if err != nil {
		return o, nil, err
	}
	var ths []*routing.Thread
	for _, id := range ids {
		if it, ok := found[threadKey(id)]; ok {
			th, err := threadIn(it)
			if err != nil {
				return o, nil, err
			}
			ths = append(ths, th)
		}
	}
	return o, ths, nil
}

// SitterWindow is a window with the thread it stands in.
type SitterWindow struct {
	Thread routing.ThreadID
	routing.Window
}

// SitterWindows lists a sitter's windows that end at an instant or later.
func (t *Table) SitterWindows(ctx context.Context, org routing.OrgID, s routing.SitterID, from time.Time) ([]SitterWindow, error) {
	items, err := t.queryAll(ctx, query{index: "GSI1", pk: sitterWindowsPK(org, s), from: stamp(from)})
	if err != nil {
		return nil, fmt.Errorf("sitter's windows: %w", err)
	}
	var ws []SitterWindow
	for _, it := range items {
		th, w, err := WindowOf(Image(it))
		if err != nil {
			return nil, err
		}
		ws = append(ws, SitterWindow{th, w})
	}
	return ws, nil
}

// PutAlert adds or rewrites an alert.
func (t *Table) PutAlert(ctx context.Context, a routing.Alert) error {
	return t.put(ctx, alertOut(a))
}

// Alert reads one.
func (t *Table) Alert(ctx context.Context, id routing.AlertID) (routing.Alert, error) {
	it, err := t.get(ctx, alertKey(id))
	if err != nil {
		return routing.Alert{}, fmt.Errorf("alert: %w", err)
	}
	return alertIn(it)
}

// TouchThread changes a thread's row outside a message: read marks, done.
type ThreadMark struct {
	Read         bool // the owners have read it
	SitterRead   bool
	Unread       bool // somebody wants to come back to it: for the owners
	SitterUnread bool // the same, for the sitter
	Done         *bool
	Look         bool // somebody of it may have opted out, or be refused by the carrier
}

// MarkThread writes marks on a thread that exists.
func (t *Table) MarkThread(ctx context.Context, th routing.ThreadID, m ThreadMark) error {
	c := update(threadKey(th)).Exists()
	if m.Read {
		c.Remove("un")
	}
	if m.SitterRead {
		c.Remove("sun")
	}
	if m.Look {
		c.Set("look", true)
	}
	// What came in since counts as more than a mark, so it is never overwritten.
	if m.Unread {
		c.SetOnce("un", 1)
	}
	if m.SitterUnread {
		c.SetOnce("sun", 1)
	}
	if m.Done != nil {
		if *m.Done {
			c.Remove("nr", "open", "owhy", "orule", "osince", "ch", "GSI2PK", "GSI2SK")
		} else {
			c.Set("nr", true)
		}
	}
	err := t.write(ctx, c)
	if errors.Is(err, ErrConflict) {
		return fmt.Errorf("mark thread: %w", ErrNotFound)
	}
	return err
}

// Park keeps a stream record that could not be handled, where an operator sees it.
func (t *Table) Park(ctx context.Context, order, source, cause, recordJSON string, at time.Time) error {
	return t.put(ctx, record(parkedKey(order), "parked", struct {
		Source string `dynamodbav:"source"`
		Cause  string `dynamodbav:"cause"`
		Record string `dynamodbav:"record"`
		At     int64  `dynamodbav:"at"`
	}{source, cause, recordJSON, micros(at)}))
}

// Parked is a stream record that could not be handled.
type Parked struct {
	Order, Source, Cause, Record string
	At                           time.Time
}

// ParkedRecords lists what was parked, oldest first.
func (t *Table) ParkedRecords(ctx context.Context, limit int) ([]Parked, error) {
	items, _, err := t.query(ctx, query{pk: opsPK, prefix: "PARK#", limit: int32(limit)})
	if err != nil {
		return nil, fmt.Errorf("parked records: %w", err)
	}
	var ps []Parked
	for _, it := range items {
		p, err := parse[struct {
			Source string `dynamodbav:"source"`
			Cause  string `dynamodbav:"cause"`
			Record string `dynamodbav:"record"`
			At     int64  `dynamodbav:"at"`
		}](it)
		if err != nil {
			return nil, err
		}
		ps = append(ps, Parked{str(it, "SK")[len("PARK#"):], p.Source, p.Cause, p.Record, moment(p.At)})
	}
	return ps, nil
}

// Unpark takes a parked record away once it has been replayed.
func (t *Table) Unpark(ctx context.Context, order string) error {
	return t.delete(ctx, parkedKey(order))
}

// KeepReport keeps a status report of a message that we do not know.
func (t *Table) KeepReport(ctx context.Context, order, sid, event, status string, code int) error {
	return t.put(ctx, record(reportKey(order), "report", struct {
		Sid    string `dynamodbav:"sid"`
		Event  string `dynamodbav:"event,omitempty"`
		Status string `dynamodbav:"st"`
		Code   int    `dynamodbav:"code,omitempty"`
	}{sid, event, status, code}))
}

// SearchThreads finds the threads of clients whose name, pets or phones contain
// the text given (in lower case), and those of an unknown phone given whole.
func (t *Table) SearchThreads(ctx context.Context, org routing.OrgID, text string) ([]routing.ThreadID, error) {
	if text == "" {
		return nil, nil
	}
	items, err := t.queryAll(ctx, query{pk: clientsPK(org), filter: "contains(#s, :s)", names: map[string]string{"#s": "search"},
		values: item{":s": &types.AttributeValueMemberS{Value: text}}})
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	var keys []key
	for _, it := range items {
		keys = append(keys, ledgerKey(org, routing.ClientID(str(it, "id"))))
	}
	if p, err := routing.ParsePhone(text); err == nil {
		roster, err := t.Roster(ctx, org, false)
		if err != nil {
			return nil, err
		}
		for _, n := range roster.Numbers {
			keys = append(keys, routeKey(n.Phone, p))
		}
	}
	found, err := t.batch(ctx, false, keys...)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	var ids []routing.ThreadID
	seen := map[routing.ThreadID]bool{}
	add := func(id routing.ThreadID) {
		if id != "" && !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	for _, k := range keys {
		it, ok := found[k]
		if !ok {
			continue
		}
		if str(it, "kind") == "route" {
			add(routing.ThreadID(str(it, "thread")))
			continue
		}
		l, err := ledgerIn(it)
		if err != nil {
			return nil, err
		}
		for _, h := range l.Threads {
			add(h.Thread)
		}
	}
	return ids, nil
}

// ClientNames reads the names of clients.
func (t *Table) ClientNames(ctx context.Context, org routing.OrgID, ids []routing.ClientID) (map[routing.ClientID]string, error) {
	var keys []key
	for _, id := range ids {
		keys = append(keys, clientKey(org, id))
	}
	found, err := t.batch(ctx, false, keys...)
	if err != nil {
		return nil, fmt.Errorf("client names: %w", err)
	}
	names := map[routing.ClientID]string{}
	for _, it := range found {
		names[routing.ClientID(str(it, "id"))] = str(it, "name")
	}
	return names, nil
}

// Assignments reads what has been applied of several bookings.
func (t *Table) Assignments(ctx context.Context, org routing.OrgID, ids []routing.BookingID) ([]routing.Assignment, error) {
	var keys []key
	for _, id := range ids {
		keys = append(keys, assignKey(org, id))
	}
	found, err := t.batch(ctx, false, keys...)
	if err != nil {
		return nil, fmt.Errorf("assignments: %w", err)
	}
	var as []routing.Assignment
	for _, k := range keys {
		if it, ok := found[k]; ok {
			a, err := assignIn(it)
			if err != nil {
				return nil, err
			}
			as = append(as, a)
		}
	}
	return as, nil
}
