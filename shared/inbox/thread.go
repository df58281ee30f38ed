package inbox

import (
	"context"
	"errors"
	"slices"
	"time"

	"snout/shared/routing"
	"snout/shared/store"
)

// Author as answers show one.
type Author struct {
	Role routing.Role `json:"role"`
	Name string       `json:"name"`
}

// Media as answers show it: a link that soon stops working, never the carrier's own
// address. Until a picture has been fetched it has no link.
type Media struct {
	URL  string `json:"url,omitempty"`
	Type string `json:"type"`
	Gone bool   `json:"gone,omitempty"` // it was not to be had, or is of a kind that is not kept
}

func (x *Inbox) media(ctx context.Context, e routing.Event) ([]Media, error) {
	out := []Media{}
	for _, m := range e.Media {
		one := Media{Type: m.Type, Gone: m.Gone}
		switch {
		case m.Key != "":
			var err error
			if one.URL, err = x.Link(ctx, m.Key); err != nil {
				return nil, err
			}
		case e.Dir == routing.Outbound:
			one.URL = m.URL // an address that one of us gave
		}
		out = append(out, one)
	}
	return out, nil
}

// OwnerEvent is an event as an owner sees it: all of it.
type OwnerEvent struct {
	ID         routing.EventID    `json:"id"`
	Kind       string             `json:"kind"` // text, note, ask
	Direction  routing.Direction  `json:"direction"`
	Author     Author             `json:"author"`
	Text       string             `json:"text"`
	Media      []Media            `json:"media"`
	At         string             `json:"at"`
	Status     routing.Status     `json:"status"`
	StatusText string             `json:"statusText"`
	Visibility routing.Visibility `json:"visibility"`
	BookingID  *string            `json:"bookingId"`
	Late       bool               `json:"late,omitempty"`
	Routing    *Routing           `json:"routing,omitempty"`
	Blocked    bool               `json:"blocked"`
	Flagged    bool               `json:"flagged"`
	Matches    []Match            `json:"matches,omitempty"`
	Hidden     string             `json:"seenBySitter,omitempty"` // what the sitter sees where that differs
	Forwarded  []routing.SitterID `json:"forwardedTo,omitempty"`
	Open       bool               `json:"open,omitempty"`
	Purpose    string             `json:"purpose,omitempty"`
	Released   string             `json:"releasedBecause,omitempty"`
	Attempt    int                `json:"attempt,omitempty"`
}

// Match is one thing that screening saw, in bytes of the text.
type Match struct {
	Family string `json:"family"`
	Start  int    `json:"start"`
	End    int    `json:"end"`
}

// Routing is a decision as an owner sees it.
type Routing struct {
	Target routing.Target `json:"routingTarget"`
	Reason string         `json:"routingReason"`
	Rule   int            `json:"rule"`
	Trace  []routing.Step `json:"trace"`
}

// OwnerThread is a conversation as an owner sees it.
type OwnerThread struct {
	OwnerRow
	Windows           []OwnerWindow      `json:"windows"`
	AssignmentHistory []Handed           `json:"assignmentHistory"`
	LinkedThreads     []routing.ThreadID `json:"linkedThreads"`
	ClientPhones      []string           `json:"clientPhones"`
	OptedOut          bool               `json:"optedOut"`
	Exceptions        []string           `json:"exceptions"`     // what the owner allows to be said here
	CarrierBlocked    bool               `json:"carrierBlocked"` // the carrier refuses texts on this number and phone: they texted STOP to it
	Events            []OwnerEvent       `json:"events"`
	Cursor            *string            `json:"cursor"`
}

// OwnerWindow is one window of a thread.
type OwnerWindow struct {
	BookingID  routing.BookingID   `json:"bookingId"`
	VisitID    routing.VisitID     `json:"visitId"`
	SitterID   routing.SitterID    `json:"sitterId"`
	SitterName string              `json:"sitterName"`
	StartAt    string              `json:"startAt"`
	EndAt      string              `json:"endAt"`
	State      routing.WindowState `json:"state"`
	Text       string              `json:"text"`
}

// Handed is a line of the assignment history.
type Handed struct {
	At        string            `json:"at"`
	BookingID routing.BookingID `json:"bookingId"`
	From      *string           `json:"from"` // a sitter's id, or nobody
	To        *string           `json:"to"`
	FromName  *string           `json:"fromName"`
	ToName    *string           `json:"toName"`
	By        string            `json:"by"`
	Reason    string            `json:"reason"`
}

func ownerEvent(e routing.Event, now time.Time) OwnerEvent {
	o := OwnerEvent{
		ID: e.ID, Kind: kindOf(e), Direction: e.Dir, Author: Author{e.Author.Role, e.Author.Name}, Text: e.Text, Media: []Media{}, At: routing.Stamp(e.At), Status: e.Status, StatusText: StatusText(e),
		Visibility: e.Visibility, BookingID: orNil(string(e.Booking)), Late: e.Late, Blocked: e.Status == routing.Blocked, Flagged: len(e.Flags) > 0, Hidden: e.Hidden, Forwarded: e.ForwardTo,
		Open: e.Open, Purpose: e.Purpose, Released: e.ReleaseOf, Attempt: e.Attempt,
	}
	if r := e.Routing; r != nil {
		o.Routing = &Routing{r.Target, r.Reason, r.Rule, nonNil(routing.Trace(r.Facts, e.At))}
	}
	for _, f := range e.Flags {
		o.Matches = append(o.Matches, Match{f.Family, f.Start, f.End})
	}
	return o
}

// kindOf tells a message from what only the team reads.
func kindOf(e routing.Event) string {
	switch {
	case e.Dir != routing.Note:
		return "text"
	case e.Author.Role == routing.RoleSitter:
		return "ask"
	}
	return "note"
}

// StatusText words a status as people read it.
func StatusText(e routing.Event) string {
	switch e.Status {
	case routing.Received, "":
		return ""
	case routing.Queued:
		if e.Retries > 0 {
			return "Will be tried again"
		}
		return "Waiting to be sent"
	case routing.Sending:
		return "Sending…"
	case routing.Sent:
		return "Sent"
	case routing.Delivered:
		return "Delivered"
	case routing.Blocked:
		return "Stopped: possible contact exchange"
	case routing.Unknown:
		return "Not known whether it was delivered"
	}
	if e.Error != "" {
		return "Not delivered. " + e.Error
	}
	return "Not delivered"
}

// OwnerThread opens a conversation for an owner.
func (x *Inbox) OwnerThread(ctx context.Context, who routing.Principal, id routing.ThreadID, cursor string, limit int) (OwnerThread, error) {
	if id.Org() != who.Org {
		return OwnerThread{}, errNoThread
	}
	now := x.Clock()
	roster := parallel(func() (*store.Roster, error) { return x.Table.Roster(ctx, who.Org, false) })
	p, err := x.first(ctx, id, now.Add(-windowsShown), cursor, limit)
	r, rerr := roster()
	if err := errors.Join(err, rerr); err != nil {
		return OwnerThread{}, err
	}
	t, ws := p.Thread, p.Windows
	// What the row does not carry is read only where there is any of it.
	var assignments func() ([]routing.Assignment, error)
	if !t.Older.IsZero() && now.Sub(t.Older) <= routing.HistoryShown {
		assignments = parallel(func() ([]routing.Assignment, error) { return x.Table.Assignments(ctx, who.Org, bookingsOf(p)) })
	}
	d := &desk{r, now, Zone(r.Org.Zone)}
	out := OwnerThread{OwnerRow: d.row(t), Windows: []OwnerWindow{}, AssignmentHistory: []Handed{}, LinkedThreads: nonNil(t.Links), Exceptions: nonNil(t.Exceptions), Events: []OwnerEvent{}, Cursor: orNil(p.Next), ClientPhones: []string{}}
	out.Window = windowOf(ws, now, d.zone)
	for _, ph := range t.Phones {
		out.ClientPhones = append(out.ClientPhones, ph.E164())
	}
	for _, w := range ws {
		state := routing.WindowUpcoming
		switch {
		case w.Active(now):
			state = routing.WindowActive
		case w.Ended(now):
			state = routing.WindowNone
		}
		out.Windows = append(out.Windows, OwnerWindow{w.Booking, w.Visit, w.Sitter, d.sitter(w.Sitter), routing.Stamp(w.Start), routing.Stamp(w.End), state,
			routing.WallDate(w.Start, d.zone) + ", " + routing.WallTime(w.Start, d.zone) + " – " + routing.WallTime(w.End, d.zone)})
	}
	for _, e := range p.Events {
		if e.Dir == routing.Inbound && e.Author.Name == "" {
			e.Author.Name = t.Name
		}
		shown := ownerEvent(e, now)
		if shown.Media, err = x.media(ctx, e); err != nil {
			return OwnerThread{}, err
		}
		out.Events = append(out.Events, shown)
	}
	history := t.History
	if assignments != nil {
		assigned, err := assignments()
		if err != nil {
			return OwnerThread{}, err
		}
		history = nil
		for _, a := range assigned {
			for _, h := range a.History {
				history = append(history, routing.HandedOver{Booking: a.Booking, Handed: h})
			}
		}
		slices.SortStableFunc(history, func(a, b routing.HandedOver) int { return a.At.Compare(b.At) })
	}
	for _, h := range history {
		out.AssignmentHistory = append(out.AssignmentHistory, Handed{routing.Stamp(h.At), h.Booking, orNil(string(h.From)), orNil(string(h.To)), d.named(h.From), d.named(h.To), h.By, h.Reason})
	}
	if to := t.To(); t.Look && !to.IsZero() {
		c, blocked, err := x.Table.Reach(ctx, who.Org, t.Number, to)
		if err != nil {
			return OwnerThread{}, err
		}
		out.OptedOut, out.CarrierBlocked = c.OptedOut, blocked
	}
	return out, nil
}

var errNoThread = routing.Refuse(routing.CodeThreadNotFound, "There is no such conversation.")

// windowsShown is how long an owner still sees a window that is over.
const windowsShown = 7 * 24 * time.Hour

// first reads a thread with its windows since an instant and a page of its events: the
// newest in one call, older ones beside it.
func (x *Inbox) first(ctx context.Context, id routing.ThreadID, since time.Time, cursor string, limit int) (store.Page, error) {
	older := func() (store.Page, error) { return store.Page{}, nil }
	newest := limit
	if cursor != "" {
		newest = 0
		older = parallel(func() (store.Page, error) {
			es, next, err := x.Table.Events(ctx, id, cursor, limit)
			return store.Page{Events: es, Next: next}, err
		})
	}
	p, err := x.Table.Page(ctx, id, since, newest)
	o, oerr := older()
	if errors.Is(err, store.ErrNotFound) {
		return p, errNoThread
	}
	if err := errors.Join(err, oerr); err != nil {
		return p, err
	}
	if cursor != "" {
		p.Events, p.Next = o.Events, o.Next
	}
	return p, nil
}

// bookingsOf are the bookings that a page speaks of.
func bookingsOf(p store.Page) []routing.BookingID {
	var bs []routing.BookingID
	add := func(b routing.BookingID) {
		if b != "" && !slices.Contains(bs, b) && len(bs) < 20 {
			bs = append(bs, b)
		}
	}
	for _, w := range p.Windows {
		add(w.Booking)
	}
	for _, h := range p.Thread.History {
		add(h.Booking)
	}
	for _, e := range p.Events {
		add(e.Booking)
	}
	return bs
}
