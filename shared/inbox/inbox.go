// Package inbox is what people see: an owner's lists and conversations, a sitter's,
// and the diagnostics. It only reads. Owner and sitter answers are different types,
// so that a field which a sitter may not see cannot stray into a sitter's answer;
// it must never build one from the other.
package inbox

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"snout/shared/routing"
	"snout/shared/store"
)

// Inbox reads the table for people.
type Inbox struct {
	Table *store.Table
	Clock func() time.Time
	// Sight tells by which of a thread's windows a sitter may see it: those that ended
	// within Seen, or are still to end.
	Sight func(who routing.Principal, th *routing.Thread, ws []routing.Window) ([]routing.Window, error)
	Seen  time.Duration
	// Link makes an address under which a kept picture can be seen for a while.
	Link func(ctx context.Context, key string) (string, error)
}

var errNoOrg = routing.Refuse(routing.CodeForbidden, "Your account belongs to no business here.")

// Window is a thread's window line.
type Window struct {
	State        routing.WindowState `json:"state"`
	StartAt      *string             `json:"startAt"`
	EndAt        *string             `json:"endAt"`
	Text         string              `json:"text"`
	NextChangeAt *string             `json:"nextChangeAt"`
}

func stamped(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	s := routing.Stamp(t)
	return &s
}

func windowOf(ws []routing.Window, now time.Time, zone *time.Location) Window {
	h := routing.HeaderOf(ws, now, zone)
	return Window{State: h.State, StartAt: stamped(h.Start), EndAt: stamped(h.End), Text: h.Text, NextChangeAt: stamped(h.NextChangeAt)}
}

// Zone loads an org's time zone; UTC where it is unknown.
func Zone(name string) *time.Location {
	if l, err := time.LoadLocation(name); err == nil {
		return l
	}
	return time.UTC
}

// OwnerRow is a thread in an owner's list.
type OwnerRow struct {
	ID            routing.ThreadID    `json:"id"`
	Kind          routing.Kind        `json:"kind"`
	ClientID      *string             `json:"clientId"`
	ClientName    string              `json:"clientName"`
	ClientPhone   string              `json:"clientPhone"`
	NumberClass   routing.Class       `json:"numberClass"`
	Number        string              `json:"number"`
	NumberID      routing.NumberID    `json:"numberId"`
	SitterID      *string             `json:"sitterId"`
	SitterName    *string             `json:"sitterName"`
	BookingIDs    []routing.BookingID `json:"bookingIds"`
	Pets          []string            `json:"pets"`
	LastMessage   string              `json:"lastMessage"`
	LastDirection routing.Direction   `json:"lastDirection"`
	LastAuthor    string              `json:"lastAuthor"`
	LastFrom      string              `json:"lastFrom"` // client, owner, sitter, system; empty before the first message
	LastMessageAt *string             `json:"lastMessageAt"`
	Unread        int                 `json:"unread"`
	Flagged       bool                `json:"flagged"`
	Failed        int                 `json:"failed"`
	NeedsReply    bool                `json:"needsReply"`
	Done          bool                `json:"done"` // nothing waits for the owner here
	Open          int                 `json:"open"`
	OpenReason    string              `json:"openReason,omitempty"`
	OpenRule      int                 `json:"openRule,omitempty"`
	Choices       []Choice            `json:"choices,omitempty"`
	Window        Window              `json:"window"`
	WindowsToCome bool                `json:"moreWindows,omitempty"`
}

// Choice is one sitter whom the owner may pick in an overlap.
type Choice struct {
	SitterID   routing.SitterID `json:"sitterId"`
	SitterName string           `json:"sitterName"`
}

// Suggestion is a booking with a sitter whose client has no thread for it yet.
type Suggestion struct {
	BookingID  routing.BookingID `json:"bookingId"`
	ClientID   routing.ClientID  `json:"clientId"`
	ClientName string            `json:"clientName"`
	SitterID   routing.SitterID  `json:"sitterId"`
	SitterName string            `json:"sitterName"`
	Service    string            `json:"service"`
	StartAt    string            `json:"startAt"`
	EndAt      string            `json:"endAt"`
	ClientTold bool              `json:"clientTold"`
	NoNumber   bool              `json:"noNumber"`
	Text       string            `json:"text"`
}

// Alert as the owner's list shows it.
type Alert struct {
	ID       routing.AlertID `json:"id"`
	Kind     string          `json:"kind"`
	Severity string          `json:"severity"`
	Text     string          `json:"text"`
	ThreadID *string         `json:"threadId"`
	EventID  *string         `json:"eventId"`
	At       string          `json:"at"`
	Open     bool            `json:"open"`
}

// AlertOf words an alert.
func AlertOf(a routing.Alert) Alert {
	return Alert{ID: a.ID, Kind: a.Kind, Severity: a.Severity, Text: a.Text, ThreadID: orNil(string(a.Thread)), EventID: orNil(string(a.Event)), At: routing.Stamp(a.At), Open: a.Open}
}

func orNil(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// OwnerList is an owner's list.
type OwnerList struct {
	Threads   []OwnerRow   `json:"threads"`
	Suggested []Suggestion `json:"suggested"`
	Alerts    []Alert      `json:"alerts"`
	Cursor    *string      `json:"cursor"`
}

// ListRequest asks for a list.
type ListRequest struct {
	Box    string // conversations, owner_inbox, billing
	Search string
	Unread bool
	Cursor string
	Limit  int
}

// Box names.
const (
	Conversations = "conversations"
	OwnerInbox    = "owner_inbox"
	BillingBox    = "billing"
)

// desk is what every owner's answer needs beside its threads.
type desk struct {
	roster *store.Roster
	now    time.Time
	zone   *time.Location
}

func (d *desk) row(t *routing.Thread) OwnerRow {
	r := OwnerRow{
		ID: t.ID, Kind: t.Kind, ClientID: orNil(string(t.Client)), ClientName: t.Name, ClientPhone: t.To().E164(), Number: t.Number.E164(), NumberID: t.NumID,
		Pets: nonNil(t.Pets), LastMessage: t.LastText, LastDirection: t.LastDir, LastAuthor: t.LastAuthor, LastFrom: string(t.LastRole), Done: !t.NeedsReply && t.Open == 0, LastMessageAt: stamped(t.LastAt), Unread: t.Unread, Flagged: t.Flagged,
		Failed: t.Failed, NeedsReply: t.NeedsReply, Open: t.Open, OpenReason: t.OpenReason, OpenRule: t.OpenRule, Window: windowOf(t.Windows, d.now, d.zone),
		WindowsToCome: t.More, BookingIDs: []routing.BookingID{},
	}
	if n, ok := d.roster.Number(t.NumID); ok {
		r.NumberClass = n.Class // from the number itself, so that it cannot drift
	}
	if r.ClientName == "" {
		r.ClientName = r.ClientPhone
	}
	for _, w := range t.Windows {
		if !w.Ended(d.now) && !slices.Contains(r.BookingIDs, w.Booking) {
			r.BookingIDs = append(r.BookingIDs, w.Booking)
		}
	}
	if s := sitterOf(t, d.now); s != "" {
		r.SitterID, r.SitterName = orNil(string(s)), orNil(d.sitter(s))
	}
	for _, s := range t.Choices {
		r.Choices = append(r.Choices, Choice{s, d.sitter(s)})
	}
	return r
}

func (d *desk) sitter(id routing.SitterID) string {
	if s, ok := d.roster.Sitter(id); ok {
		return s.Name
	}
	return string(id)
}

// named is a sitter's name, where there is a sitter.
func (d *desk) named(id routing.SitterID) *string {
	if id == "" {
		return nil
	}
	return orNil(d.sitter(id))
}

// sitterOf is the sitter of the active, else next, else last window.
func sitterOf(t *routing.Thread, now time.Time) routing.SitterID {
	for _, w := range t.Windows {
		if !w.Ended(now) {
			return routing.SitterOf(t.Windows, now)
		}
	}
	return t.LastSit
}

func nonNil[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// OwnerThreads lists threads for an owner: one round trip, its calls side by side.
func (x *Inbox) OwnerThreads(ctx context.Context, who routing.Principal, q ListRequest) (OwnerList, error) {
	org := who.Org
	roster := parallel(func() (*store.Roster, error) { return x.Table.Roster(ctx, org, false) })
	suggested := parallel(func() ([]routing.Assignment, error) {
		if q.Box != Conversations || q.Cursor != "" || q.Unread || q.Search != "" {
			return nil, nil
		}
		return x.Table.Suggested(ctx, org, 50)
	})
	var threads []*routing.Thread
	var alerts []routing.Alert
	var cursor string
	var err error
	switch {
	case q.Search != "":
		threads, cursor, err = x.search(ctx, org, q)
	case q.Box == OwnerInbox:
		threads, alerts, cursor, err = x.Table.OwnerInbox(ctx, org, q.Cursor, q.Limit)
	default:
		threads, cursor, err = x.page(ctx, org, q)
	}
	r, rerr := roster()
	as, serr := suggested()
	if errors.Is(rerr, store.ErrNotFound) {
		return OwnerList{}, errNoOrg
	}
	if err = errors.Join(err, rerr, serr); err != nil {
		if errors.Is(err, store.ErrCursor) {
			return OwnerList{}, routing.Invalid("cursor", "This cursor is not of this list.")
		}
		return OwnerList{}, err
	}
	d := &desk{r, x.Clock(), Zone(r.Org.Zone)}
	if err := x.fresh(ctx, threads, d.now); err != nil {
		return OwnerList{}, err
	}
	out := OwnerList{Threads: []OwnerRow{}, Suggested: []Suggestion{}, Alerts: []Alert{}, Cursor: orNil(cursor)}
	for _, t := range threads {
		if q.Unread && t.Unread == 0 {
			continue
		}
		out.Threads = append(out.Threads, d.row(t))
	}
	for _, a := range alerts {
		out.Alerts = append(out.Alerts, AlertOf(a))
	}
	if len(as) > 0 {
		if out.Suggested, err = x.suggestions(ctx, d, as); err != nil {
			return OwnerList{}, err
		}
	}
	return out, nil
}

// fresh makes every row's windows current, side by side. Only rows of a long series
// ever need it.
func (x *Inbox) fresh(ctx context.Context, threads []*routing.Thread, now time.Time) error {
	var waits []func() (struct{}, error)
	for _, t := range threads {
		if t.More {
			waits = append(waits, parallel(func() (struct{}, error) { return struct{}{}, x.Table.Fresh(ctx, t, now) }))
		}
	}
	var faults []error
	for _, wait := range waits {
		_, err := wait()
		faults = append(faults, err)
	}
	return errors.Join(faults...)
}

// unreadPages bounds how far a filtered page is read on: the rest comes with the
// cursor.
const unreadPages = 4

func (x *Inbox) page(ctx context.Context, org routing.OrgID, q ListRequest) ([]*routing.Thread, string, error) {
	threads, cursor, err := x.Table.Threads(ctx, org, q.Box == BillingBox, q.Cursor, q.Limit)
	if err != nil || !q.Unread {
		return threads, cursor, err
	}
	var unread []*routing.Thread
	for n := 1; ; n++ {
		for _, t := range threads {
			if t.Unread > 0 {
				unread = append(unread, t)
			}
		}
		if cursor == "" || len(unread) > 0 && n >= unreadPages || len(unread) >= q.Limit {
			return unread, cursor, nil
		}
		if threads, cursor, err = x.Table.Threads(ctx, org, q.Box == BillingBox, cursor, q.Limit); err != nil {
			return nil, "", err
		}
	}
}

func (x *Inbox) search(ctx context.Context, org routing.OrgID, q ListRequest) ([]*routing.Thread, string, error) {
	ids, err := x.Table.SearchThreads(ctx, org, strings.ToLower(strings.TrimSpace(q.Search)))
	if err != nil {
		return nil, "", err
	}
	threads, err := x.Table.ThreadsByID(ctx, ids)
	if err != nil {
		return nil, "", err
	}
	kept := threads[:0]
	for _, t := range threads {
		switch {
		case q.Box == BillingBox && t.Kind != routing.Billing, q.Box == Conversations && t.Kind == routing.Billing, q.Box == OwnerInbox && t.Open == 0:
		default:
			kept = append(kept, t)
		}
	}
	slices.SortFunc(kept, func(a, b *routing.Thread) int { return b.LastAt.Compare(a.LastAt) })
	if len(kept) > q.Limit {
		kept = kept[:q.Limit]
	}
	return kept, "", nil
}

func (x *Inbox) suggestions(ctx context.Context, d *desk, as []routing.Assignment) ([]Suggestion, error) {
	var ids []routing.ClientID
	for _, a := range as {
		if !slices.Contains(ids, a.Client) {
			ids = append(ids, a.Client)
		}
	}
	names, err := x.Table.ClientNames(ctx, d.roster.Org.ID, ids)
	if err != nil {
		return nil, err
	}
	out := []Suggestion{}
	for _, a := range as {
		s := Suggestion{BookingID: a.Booking, ClientID: a.Client, ClientName: names[a.Client], SitterID: a.Sitter, SitterName: d.sitter(a.Sitter), Service: a.Service,
			ClientTold: a.Told == a.Sitter, NoNumber: a.NoNumber}
		if len(a.Windows) > 0 {
			buf := routing.BufferFor(d.roster.Org.Settings.Buffers, a.Service)
			w := a.Windows[0]
			s.StartAt, s.EndAt = routing.Stamp(w.Start.Add(buf.Before)), routing.Stamp(w.End.Add(-buf.After))
			s.Text = routing.WallDate(w.Start.Add(buf.Before), d.zone) + ", " + routing.WallTime(w.Start.Add(buf.Before), d.zone)
		}
		out = append(out, s)
	}
	return out, nil
}

// parallel starts a read and returns where its answer is had.
func parallel[T any](read func() (T, error)) func() (T, error) {
	type answer struct {
		v   T
		err error
	}
	ch := make(chan answer, 1)
	go func() {
		v, err := read()
		ch <- answer{v, err}
	}()
	return func() (T, error) {
		a := <-ch
		return a.v, a.err
	}
}
