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

// SitterRow is a thread in a sitter's list. There is no number in it, of any person
// or of the business, and no full name of a client.
type SitterRow struct {
	ID            routing.ThreadID    `json:"id"`
	Kind          routing.Kind        `json:"kind"`
	ClientName    string              `json:"clientName"`
	BookingIDs    []routing.BookingID `json:"bookingIds"`
	Pets          []string            `json:"pets"`
	LastMessage   string              `json:"lastMessage"`
	LastMessageAt *string             `json:"lastMessageAt"`
	LastFrom      routing.Role        `json:"lastFrom"`   // client, owner, sitter, system; empty where it is not known
	LastAuthor    string              `json:"lastAuthor"` // as it stands over the message
	Unread        int                 `json:"unread"`
	Window        Window              `json:"window"`
}

// SitterList is a sitter's list.
type SitterList struct {
	Threads   []SitterRow `json:"threads"`
	Suggested []struct{}  `json:"suggested"` // none, ever; there for the shape
	Cursor    *string     `json:"cursor"`
}

// SitterEvent is an event as a sitter sees it.
type SitterEvent struct {
	ID         routing.EventID   `json:"id"`
	Kind       string            `json:"kind"` // text, note, ask
	Direction  routing.Direction `json:"direction"`
	Author     Author            `json:"author"`
	Text       string            `json:"text"`
	Media      []Media           `json:"media"`
	At         string            `json:"at"`
	Status     routing.Status    `json:"status"`
	StatusText string            `json:"statusText"`
}

// SitterThread is a conversation as a sitter sees it.
type SitterThread struct {
	SitterRow
	Events []SitterEvent `json:"events"`
	Cursor *string       `json:"cursor"`
}

// ShortName is a client's first name and last initial.
func ShortName(name string) string {
	parts := strings.Fields(name)
	switch len(parts) {
	case 0:
		return "Client"
	case 1:
		return parts[0]
	}
	last := []rune(parts[len(parts)-1])
	return parts[0] + " " + string(last[:1]) + "."
}

func sitterRow(t *routing.Thread, mine []routing.Window, now time.Time, zone *time.Location) SitterRow {
	r := SitterRow{ID: t.ID, Kind: t.Kind, ClientName: ShortName(t.Name), BookingIDs: []routing.BookingID{}, Pets: nonNil(t.Pets), Window: windowOf(mine, now, zone), Unread: t.SitterUnread}
	for _, w := range mine {
		if !slices.Contains(r.BookingIDs, w.Booking) {
			r.BookingIDs = append(r.BookingIDs, w.Booking)
		}
	}
	if t.LastAllBk != "" && slices.Contains(r.BookingIDs, t.LastAllBk) {
		r.LastMessage, r.LastMessageAt = t.LastAllText, stamped(t.LastAllAt)
		// The row keeps who wrote its newest message of all: as long as nothing that only
		// the office sees came after, that is this one.
		if r.LastMessage != "" && t.LastAt.Equal(t.LastAllAt) {
			r.LastFrom, r.LastAuthor = t.LastRole, sitterName(t.LastRole, t.LastAuthor, t)
		}
	}
	if r.LastMessage == "" {
		r.Unread = 0
	}
	return r
}

// SitterThreads lists the service threads in which a sitter holds an active or
// upcoming window: their windows, then the threads.
func (x *Inbox) SitterThreads(ctx context.Context, who routing.Principal, q ListRequest) (SitterList, error) {
	now := x.Clock()
	ws, err := x.Table.SitterWindows(ctx, who.Org, who.Sitter, now)
	if err != nil {
		return SitterList{}, err
	}
	mine := map[routing.ThreadID][]routing.Window{}
	var ids []routing.ThreadID
	for _, w := range ws {
		if w.Ended(now) {
			continue
		}
		if mine[w.Thread] == nil {
			ids = append(ids, w.Thread)
		}
		mine[w.Thread] = append(mine[w.Thread], w.Window)
	}
	org, threads, err := x.Table.OrgAndThreads(ctx, who.Org, ids)
	if errors.Is(err, store.ErrNotFound) {
		return SitterList{}, errNoOrg
	}
	if err != nil {
		return SitterList{}, err
	}
	zone := Zone(org.Zone)
	out := SitterList{Threads: []SitterRow{}, Suggested: []struct{}{}}
	search := strings.ToLower(strings.TrimSpace(q.Search))
	for _, t := range threads {
		if t.Kind != routing.Service {
			continue
		}
		r := sitterRow(t, mine[t.ID], now, zone)
		if q.Unread && r.Unread == 0 || search != "" && !strings.Contains(strings.ToLower(r.ClientName+"\n"+strings.Join(r.Pets, "\n")), search) {
			continue
		}
		out.Threads = append(out.Threads, r)
	}
	// What is on now comes first, then what begins soonest; within it the newest word.
	slices.SortStableFunc(out.Threads, func(a, b SitterRow) int {
		if a.Window.State != b.Window.State {
			if a.Window.State == routing.WindowActive {
				return -1
			}
			return 1
		}
		at, bt := "", ""
		if a.LastMessageAt != nil {
			at = *a.LastMessageAt
		}
		if b.LastMessageAt != nil {
			bt = *b.LastMessageAt
		}
		return strings.Compare(bt, at)
	})
	from := 0
	if q.Cursor != "" {
		from = slices.IndexFunc(out.Threads, func(r SitterRow) bool { return string(r.ID) == q.Cursor }) + 1
		if from == 0 {
			return SitterList{}, routing.Invalid("cursor", "This cursor is not of this list.")
		}
	}
	out.Threads = out.Threads[from:]
	if len(out.Threads) > q.Limit {
		out.Threads = out.Threads[:q.Limit]
		out.Cursor = orNil(string(out.Threads[len(out.Threads)-1].ID))
	}
	return out, nil
}

// SitterThread opens a conversation for a sitter: the events of the bookings they
// hold, also those said in a linked thread before a booking became theirs, and what
// was forwarded to them. Nothing of other bookings.
func (x *Inbox) SitterThread(ctx context.Context, who routing.Principal, id routing.ThreadID, cursor string, limit int) (SitterThread, error) {
	if id.Org() != who.Org {
		return SitterThread{}, errNoThread
	}
	org := parallel(func() (routing.Org, error) { return x.Table.Org(ctx, who.Org) })
	first, err := x.first(ctx, id, x.Clock().Add(-x.Seen), cursor, max(limit, 50))
	o, oerr := org()
	if err := errors.Join(err, oerr); err != nil {
		return SitterThread{}, err
	}
	t, zone := first.Thread, Zone(o.Zone)
	mine, err := x.Sight(who, t, first.Windows)
	if err != nil {
		return SitterThread{}, err
	}
	now := x.Clock()
	var bookings []routing.BookingID
	for _, w := range mine {
		if !slices.Contains(bookings, w.Booking) {
			bookings = append(bookings, w.Booking)
		}
	}
	may := func(e routing.Event) bool {
		if slices.Contains(e.ForwardTo, who.Sitter) {
			return true
		}
		return e.Visibility == routing.VisibleAll && e.Booking != "" && slices.Contains(bookings, e.Booking) && e.Status != routing.Blocked
	}
	out := SitterThread{SitterRow: sitterRow(t, mine, now, zone), Events: []SitterEvent{}}
	seen, next, err := x.filtered(ctx, id, &first, cursor, limit, may)
	if err != nil {
		return SitterThread{}, err
	}
	out.Cursor = orNil(next)
	if cursor == "" && next == "" {
		for _, l := range t.Links {
			if l.Org() != who.Org {
				continue
			}
			more, _, err := x.filtered(ctx, l, nil, "", limit-min(limit, len(seen)), func(e routing.Event) bool {
				return e.Visibility == routing.VisibleAll && e.Booking != "" && slices.Contains(bookings, e.Booking) && e.Status != routing.Blocked
			})
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return SitterThread{}, err
			}
			seen = append(seen, more...)
		}
		slices.SortStableFunc(seen, func(a, b routing.Event) int { return strings.Compare(b.ID.Order(), a.ID.Order()) })
	}
	for _, e := range seen {
		shown := sitterEvent(e, t, who.Sitter)
		if shown.Media, err = x.media(ctx, e); err != nil {
			return SitterThread{}, err
		}
		out.Events = append(out.Events, shown)
	}
	return out, nil
}

// sitterName is by what name a sitter knows an author.
func sitterName(role routing.Role, name string, t *routing.Thread) string {
	switch role {
	case routing.RoleClient:
		return ShortName(t.Name)
	case routing.RoleOwner:
		return "Office"
	}
	return name
}

func sitterEvent(e routing.Event, t *routing.Thread, reader routing.SitterID) SitterEvent {
	s := SitterEvent{ID: e.ID, Kind: kindOf(e), Direction: e.Dir, Author: Author{Role: e.Author.Role, Name: sitterName(e.Author.Role, e.Author.Name, t)}, Text: e.Text, Media: []Media{}, At: routing.Stamp(e.At), Status: e.Status}
	// Another sitter's detail is hidden from this one as it was from the client.
	if e.Hidden != "" && !(e.Author.Role == routing.RoleSitter && e.Author.ID == string(reader)) {
		s.Text = e.Hidden
	}
	if e.Dir == routing.Inbound {
		s.Status = routing.Received // that it was held is between the client and the owner
	}
	switch e.Status {
	case routing.Sent, routing.Delivered, routing.Queued, routing.Sending:
		s.StatusText = StatusText(routing.Event{Status: e.Status, Retries: e.Retries})
	case routing.Failed, routing.Undelivered, routing.Unknown:
		s.StatusText = "Not delivered. The office has been told."
	}
	return s
}

// filterPages bounds how many pages one answer reads to fill itself.
const filterPages = 6

// filtered reads events that may be seen, from those that have been read already, if any,
// or from a cursor on.
func (x *Inbox) filtered(ctx context.Context, id routing.ThreadID, first *store.Page, cursor string, limit int, keep func(routing.Event) bool) ([]routing.Event, string, error) {
	var kept []routing.Event
	for range filterPages {
		if len(kept) >= limit {
			break
		}
		var es []routing.Event
		var next string
		if first != nil {
			es, next, first = first.Events, first.Next, nil
		} else {
			var err error
			if es, next, err = x.Table.Events(ctx, id, cursor, max(limit, 50)); err != nil {
				return nil, "", err
			}
		}
		for _, e := range es {
			if !keep(e) {
				continue
			}
			kept = append(kept, e)
			if len(kept) == limit {
				if e.ID != es[len(es)-1].ID || next != "" {
					return kept, e.ID.Order(), nil
				}
				return kept, "", nil
			}
		}
		if cursor = next; cursor == "" {
			break
		}
	}
	return kept, cursor, nil
}
