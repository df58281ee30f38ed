package relay

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
	"unicode/utf8"

	"snout/shared/routing"
	"snout/shared/screening"
	"snout/shared/store"
)

func notFound(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return errNoThread
	}
	return err
}

// thread reads a thread of the caller's org.
func (r *Relay) thread(ctx context.Context, who routing.Principal, id routing.ThreadID) (*routing.Thread, error) {
	if id.Org() != who.Org {
		return nil, errNoThread
	}
	th, err := r.Table.Thread(ctx, id)
	if err != nil {
		return th, notFound(err)
	}
	return th, r.Table.Fresh(ctx, th, r.Clock())
}

func (r *Relay) event(ctx context.Context, who routing.Principal, id routing.EventID) (routing.Event, error) {
	if id.Org() != who.Org || id.Thread().Notices() {
		return routing.Event{}, routing.Refuse(routing.CodeNotFound, "There is no such message.")
	}
	e, err := r.Table.Event(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return e, routing.Refuse(routing.CodeNotFound, "There is no such message.")
	}
	return e, err
}

// Visible checks that somebody may see a thread.
func (r *Relay) Visible(ctx context.Context, who routing.Principal, id routing.ThreadID) (*routing.Thread, []routing.Window, error) {
	if who.Role != routing.RoleSitter {
		th, err := r.thread(ctx, who, id)
		if err != nil {
			return nil, nil, err
		}
		return th, th.Windows, nil
	}
	if id.Org() != who.Org {
		return nil, nil, errNoThread
	}
	// A row carries what is on or to come; to read, a sitter has what ended within the
	// day as well.
	type windows struct {
		ws  []routing.Window
		err error
	}
	read := make(chan windows, 1)
	go func() {
		ws, err := r.Table.ThreadWindows(ctx, id, r.Clock().Add(-SightAfter))
		read <- windows{ws, err}
	}()
	th, err := r.Table.Thread(ctx, id)
	got := <-read
	if err := errors.Join(err, got.err); err != nil {
		return nil, nil, notFound(err)
	}
	mine, err := SitterSight(who, th, got.ws)
	return th, mine, err
}

// SitterSight is by which windows a sitter may see a thread, given those that ended within
// SightAfter or are still to end.
func SitterSight(who routing.Principal, th *routing.Thread, ws []routing.Window) ([]routing.Window, error) {
	mine := slices.DeleteFunc(slices.Clone(ws), func(w routing.Window) bool { return w.Sitter != who.Sitter })
	if th.Org != who.Org || th.Kind != routing.Service || len(mine) == 0 {
		return nil, errNoThread
	}
	return mine, nil
}

// Read marks a thread as read, for the owners together or for the sitter.
func (r *Relay) Read(ctx context.Context, who routing.Principal, id routing.ThreadID) error {
	if err := r.mayMark(ctx, who, id); err != nil {
		return err
	}
	if who.Role == routing.RoleSitter {
		if err := r.Table.NoticesRead(ctx, routing.NoticesThread(who.Org, string(who.Sitter)), r.Clock()); err != nil {
			return err
		}
	}
	return notFound(r.Table.MarkThread(ctx, id, store.ThreadMark{Read: who.Role == routing.RoleOwner, SitterRead: who.Role == routing.RoleSitter}))
}

// Unread makes a conversation stand out again, for somebody who wants to come back to
// it: for all owners, or for the sitter who asks.
func (r *Relay) Unread(ctx context.Context, who routing.Principal, id routing.ThreadID) error {
	if err := r.mayMark(ctx, who, id); err != nil {
		return err
	}
	return notFound(r.Table.MarkThread(ctx, id, store.ThreadMark{Unread: who.Role == routing.RoleOwner, SitterUnread: who.Role == routing.RoleSitter}))
}

func (r *Relay) mayMark(ctx context.Context, who routing.Principal, id routing.ThreadID) error {
	if _, err := r.Open(ctx, who); err != nil {
		return err
	}
	_, _, err := r.Visible(ctx, who, id)
	return err
}

// Done closes what was routed to the owner, or opens the conversation again.
func (r *Relay) Done(ctx context.Context, who routing.Principal, id routing.ThreadID, done bool) error {
	if _, err := r.Open(ctx, who); err != nil {
		return err
	}
	if _, err := r.thread(ctx, who, id); err != nil {
		return err
	}
	return notFound(r.Table.MarkThread(ctx, id, store.ThreadMark{Done: &done}))
}

// Note adds a line for the team. It is no message: nothing leads from it to the
// carrier.
func (r *Relay) Note(ctx context.Context, who routing.Principal, id routing.ThreadID, text string) (routing.Event, error) {
	if _, err := r.Open(ctx, who); err != nil {
		return routing.Event{}, err
	}
	if err := CheckText("text", text, false); err != nil {
		return routing.Event{}, err
	}
	th, err := r.thread(ctx, who, id)
	if err != nil {
		return routing.Event{}, err
	}
	now := r.Clock()
	e := routing.Event{
		ID: r.newEvent(id, now), Dir: routing.Note, Author: routing.Author{Role: who.Role, ID: who.Subject, Name: who.Name}, Text: text, At: now, Visibility: routing.VisibleOwner,
	}
	// A note in a thread where a sitter has asked the office answers them.
	if on := routing.Current(th.Windows, now); th.Kind == routing.Service && len(on) > 0 && th.Asked != "" {
		e.Visibility, e.Booking, e.ForwardTo = routing.VisibleAll, on[0].Booking, []routing.SitterID{th.Asked}
	} else if th.Kind == routing.Service && th.Asked != "" {
		e.ForwardTo = []routing.SitterID{th.Asked}
	}
	q := store.Question{Answers: th.Asked != ""}
	if th.Question != "" {
		switch a, err := r.Table.Alert(ctx, th.Question); {
		case errors.Is(err, store.ErrNotFound):
		case err != nil:
			return routing.Event{}, err
		case a.Open:
			a.Open, a.Resolved = false, who.Who()+" answered"
			q.Alert = &a
		}
	}
	return e, notFound(r.Table.AddNote(ctx, e, q))
}

// Ask brings a sitter's question to the office: a note in the thread and an alert,
// never a text to the client.
func (r *Relay) Ask(ctx context.Context, who routing.Principal, id routing.ThreadID, text string) (routing.Event, error) {
	if _, err := r.Open(ctx, who); err != nil {
		return routing.Event{}, err
	}
	if err := CheckText("text", text, false); err != nil {
		return routing.Event{}, err
	}
	th, mine, err := r.Visible(ctx, who, id)
	if err != nil {
		return routing.Event{}, err
	}
	sitter, err := r.Table.Sitter(ctx, who.Org, who.Sitter)
	if err != nil {
		return routing.Event{}, notFound(err)
	}
	now := r.Clock()
	e := routing.Event{
		ID: r.newEvent(id, now), Dir: routing.Note, Author: routing.Author{Role: routing.RoleSitter, ID: string(who.Sitter), Name: sitter.Name}, Text: text, At: now,
		Visibility: routing.VisibleAll, ForwardTo: []routing.SitterID{who.Sitter},
	}
	if len(mine) > 0 {
		e.Booking = mine[0].Booking
	}
	a := r.alert(who.Org, now, routing.Alert{Kind: "sitter_asks", Severity: "high", Thread: id, Event: e.ID, Sitter: who.Sitter, Text: sitter.Name + " asks about " + th.Name + ": " + store.Preview(text)})
	return e, notFound(r.Table.AddNote(ctx, e, store.Question{Asks: who.Sitter, Alert: &a}))
}

// AssignThread changes the booking behind a thread; the stream does the rest.
func (r *Relay) AssignThread(ctx context.Context, who routing.Principal, id routing.ThreadID, sitter routing.SitterID, booking routing.BookingID, reason string) (routing.Booking, error) {
	if _, err := r.Open(ctx, who); err != nil {
		return routing.Booking{}, err
	}
	th, err := r.thread(ctx, who, id)
	if err != nil {
		return routing.Booking{}, err
	}
	if booking == "" {
		now := r.Clock()
		var open []routing.BookingID
		for _, w := range th.Windows {
			if !w.Ended(now) && !slices.Contains(open, w.Booking) {
				open = append(open, w.Booking)
			}
		}
		if len(open) != 1 {
			return routing.Booking{}, routing.Invalid("bookingId", fmt.Sprintf("This conversation has %d open bookings: name one.", len(open)))
		}
		booking = open[0]
	}
	if sitter != "" {
		s, err := r.Table.Sitter(ctx, who.Org, sitter)
		if errors.Is(err, store.ErrNotFound) {
			return routing.Booking{}, routing.Invalid("sitterId", "There is no such sitter.")
		}
		if err != nil {
			return routing.Booking{}, err
		}
		if !s.Active {
			return routing.Booking{}, routing.Invalid("sitterId", "This sitter is not active.")
		}
	}
	return again(ctx, func(ctx context.Context) (routing.Booking, error) {
		b, err := r.Table.Booking(ctx, who.Org, booking)
		if errors.Is(err, store.ErrNotFound) || err == nil && b.Client != th.Client {
			return b, routing.Invalid("bookingId", "There is no such booking of this client.")
		}
		if err != nil {
			return b, err
		}
		if b.Status == "cancelled" || b.Status == "completed" {
			return b, routing.Refuse(routing.CodeConflict, "This booking is over.")
		}
		if b.Sitter == sitter {
			return b, nil
		}
		was := b
		b.Sitter, b.By, b.Reason = sitter, who.Who(), reason
		err = r.Table.CommitBookings(ctx, who.Org, []store.BookingWrite{{Next: b, Was: &was, Sitter: true}})
		b.Version++
		if store.RefusedBy(err, "sitter") {
			return b, routing.Invalid("sitterId", "This sitter is not active.") // by now
		}
		return b, err
	})
}

// Extend makes the active window of a thread longer.
func (r *Relay) Extend(ctx context.Context, who routing.Principal, id routing.ThreadID, minutes int, reason string) (routing.Window, error) {
	if _, err := r.Open(ctx, who); err != nil {
		return routing.Window{}, err
	}
	if minutes < 1 || minutes > 24*60 {
		return routing.Window{}, routing.Invalid("minutes", "This must be a number from 1 to 1440.")
	}
	if reason == "" {
		return routing.Window{}, routing.Invalid("reason", "A reason is needed.")
	}
	return again(ctx, func(ctx context.Context) (routing.Window, error) {
		th, err := r.thread(ctx, who, id)
		if err != nil {
			return routing.Window{}, err
		}
		now := r.Clock()
		on := routing.Current(th.Windows, now)
		if len(on) == 0 {
			return routing.Window{}, routing.Refuse(routing.CodeConflict, "No window is active in this conversation.")
		}
		routing.SortWindows(on)
		w := on[0]
		b, err := r.Table.Booking(ctx, who.Org, w.Booking)
		if err != nil {
			return w, err
		}
		f, err := r.Table.AssignFacts(ctx, who.Org, b.ID, b.Client)
		if err != nil {
			return w, err
		}
		longer := w
		longer.End = w.End.Add(time.Duration(minutes) * time.Minute)
		a := &assigning{Relay: r, org: who.Org, booking: b}
		next := f.Was
		next.Extended = maps.Clone(f.Was.Extended)
		if next.Extended == nil {
			next.Extended = map[routing.VisitID]time.Duration{}
		}
		next.Extended[w.Visit] += time.Duration(minutes) * time.Minute
		next.Windows = slices.Clone(f.Was.Windows)
		at := slices.IndexFunc(next.Windows, func(x routing.Window) bool {
			return x.Visit == w.Visit && x.Sitter == w.Sitter && x.Start.UnixMilli() == w.Start.UnixMilli() && x.End.UnixMilli() == w.End.UnixMilli()
		})
		if at < 0 {
			return w, store.ErrConflict // it was closed or moved since the thread was read
		}
		next.Windows[at] = longer
		i := slices.IndexFunc(f.Threads, func(t *routing.Thread) bool { return t.ID == id })
		if i < 0 {
			return w, store.ErrConflict
		}
		ch, err := a.change(ctx, f, f.Threads[i], []routing.Window{w}, []routing.Window{longer}, now)
		if err != nil {
			return w, err
		}
		return longer, r.Table.CommitAssign(ctx, store.AssignCommit{Org: who.Org, Was: f.Was, Next: next, Changes: []store.ThreadChange{ch},
			Audit: []store.Audit{{Order: r.order(now), At: now, By: who.Who(), What: "extend", On: string(b.ID), Reason: reason, Detail: fmt.Sprintf("%d minutes", minutes)}}})
	})
}

// Forward lets a sitter see one text that was routed to the owner (rules 9, 10, 11).
// In an overlap the owner thereby chooses the sitter.
func (r *Relay) Forward(ctx context.Context, who routing.Principal, id routing.EventID, sitter routing.SitterID) error {
	if _, err := r.Open(ctx, who); err != nil {
		return err
	}
	e, err := r.event(ctx, who, id)
	if err != nil {
		return err
	}
	held := e.Dir == routing.Inbound && e.Status == routing.Blocked // the sitter is shown it without what was matched
	if e.Routing == nil || !held && (e.Routing.Rule < 9 || e.Routing.Rule > 11) {
		return routing.Refuse(routing.CodeConflict, "Only a text that was routed to you, or held, in a sitter's conversation can be forwarded.")
	}
	th, err := r.thread(ctx, who, id.Thread())
	if err != nil {
		return err
	}
	now := r.Clock()
	w, err := r.windowFor(ctx, th, sitter, now)
	if err != nil {
		return err
	}
	if !slices.Contains(e.ForwardTo, w.Sitter) {
		e.ForwardTo = append(e.ForwardTo, w.Sitter)
	}
	if err := r.Table.EditEvent(ctx, e, store.EventEdit{Event: id, Forward: e.ForwardTo, Close: true, Booking: w.Booking}, th); err != nil {
		if errors.Is(err, store.ErrConflict) {
			return routing.Refuse(routing.CodeConflict, "This was changed meanwhile. Please look again.")
		}
		return err
	}
	return r.Table.AddAudit(ctx, who.Org, store.Audit{Order: r.order(now), At: now, By: who.Who(), What: "forward", On: string(id), Detail: "to " + string(w.Sitter)})
}

// windowFor is the window by which a sitter may be shown something in a thread: the
// active one, else the next, else the last while they may still read.
func (r *Relay) windowFor(ctx context.Context, th *routing.Thread, sitter routing.SitterID, now time.Time) (routing.Window, error) {
	ws, err := r.Table.ThreadWindows(ctx, th.ID, now.Add(-SightAfter))
	if err != nil {
		return routing.Window{}, err
	}
	if sitter == "" {
		sitter = routing.SitterOf(ws, now)
		if on := routing.Current(ws, now); len(on) > 1 {
			for _, w := range on {
				if w.Sitter != on[0].Sitter {
					return routing.Window{}, routing.Invalid("sitterId", "Two sitters are on: choose one.")
				}
			}
		}
	}
	ws = slices.DeleteFunc(ws, func(w routing.Window) bool { return w.Sitter != sitter })
	if on := routing.Current(ws, now); len(on) > 0 {
		return on[0], nil
	}
	if w, ok := routing.Next(ws, now); ok {
		return w, nil
	}
	if n := len(ws); n > 0 {
		return ws[n-1], nil // in order of their starts: the last
	}
	return routing.Window{}, routing.Invalid("sitterId", "This sitter cannot see this conversation: they have no window here that is on, to come, or over for less than a day.")
}

// maxExceptions is how much an owner may allow in one conversation.
const maxExceptions = 20

// Except lets something be said in one conversation that screening would stop or hide
// there, a vet's number or the name of a client's own camera, or takes that back. It says
// what is allowed there now.
func (r *Relay) Except(ctx context.Context, who routing.Principal, id routing.ThreadID, text string, allowed bool, reason string) ([]string, error) {
	if _, err := r.Open(ctx, who); err != nil {
		return nil, err
	}
	if reason == "" {
		return nil, routing.Invalid("reason", "A reason is needed.")
	}
	said := screening.Normalise(text)
	if n := utf8.RuneCountInString(said); n < 3 || n > 100 {
		return nil, routing.Invalid("text", "This must be what may be said, such as a phone number or an address: 3 to 100 letters and figures.")
	}
	return again(ctx, func(ctx context.Context) ([]string, error) {
		th, err := r.thread(ctx, who, id)
		if err != nil {
			return nil, err
		}
		if slices.Contains(th.Exceptions, said) == allowed {
			return th.Exceptions, nil
		}
		next, what := append(slices.Clone(th.Exceptions), said), "exception.allow"
		if !allowed {
			next, what = slices.DeleteFunc(slices.Clone(th.Exceptions), func(e string) bool { return e == said }), "exception.end"
		}
		if len(next) > maxExceptions {
			return nil, routing.Invalid("text", fmt.Sprintf("At most %d things can be allowed in one conversation.", maxExceptions))
		}
		now := r.Clock()
		err = r.Table.SetExceptions(ctx, id, th.Exceptions, next, store.Audit{Order: r.order(now), At: now, By: who.Who(), What: what, On: string(id), Reason: reason})
		return next, err
	})
}

// NotifyMe starts or ends what a sitter is told on their own phone: that somebody wrote,
// never what. Which phone that is the office says.
func (r *Relay) NotifyMe(ctx context.Context, who routing.Principal, on bool) error {
	if _, err := r.Open(ctx, who); err != nil {
		return err
	}
	what := "off"
	if on {
		what = "on"
	}
	now := r.Clock()
	err := r.Table.SetNotify(ctx, who.Org, who.Sitter, on, store.Audit{Order: r.order(now), At: now, By: who.Who(), What: "sitter.notify", On: string(who.Sitter), Reason: what})
	if store.RefusedBy(err, "sitter") {
		return routing.Invalid("notify", "The office knows no phone of yours yet. Ask them to add it.")
	}
	return err
}

// ReleaseStopped sends a stopped outbound message after all.
func (r *Relay) ReleaseStopped(ctx context.Context, who routing.Principal, id routing.EventID, reason string) (SendAnswer, error) {
	if _, err := r.Open(ctx, who); err != nil {
		return SendAnswer{}, err
	}
	if reason == "" {
		return SendAnswer{}, routing.Invalid("reason", "A reason is needed.")
	}
	e, err := r.event(ctx, who, id)
	if err != nil {
		return SendAnswer{}, err
	}
	if e.Dir != routing.Outbound || e.Status != routing.Blocked {
		return SendAnswer{}, routing.Refuse(routing.CodeConflict, "Only a stopped message of ours can be released.")
	}
	if err := r.stillTheirs(ctx, who, e); err != nil {
		return SendAnswer{}, err
	}
	if told, err := r.Table.Consent(ctx, who.Org, e.To); err != nil {
		return SendAnswer{}, err
	} else if told.OptedOut {
		return SendAnswer{}, errOptedOut
	}
	now := r.Clock()
	sitter := routing.SitterID(e.Author.ID)
	if e.Author.Role != routing.RoleSitter || now.Sub(e.At) > store.AttemptKept {
		sitter = "" // no attempt of theirs counts, or it has been forgotten
	}
	if err := r.Table.Release(ctx, e, sitter, store.Audit{Order: r.order(now), At: now, By: who.Who(), What: "release", On: string(id), Reason: reason}); err != nil {
		if store.RefusedBy(err, "event") {
			return SendAnswer{}, routing.Refuse(routing.CodeConflict, "It has been released already.")
		}
		return SendAnswer{}, err
	}
	return SendAnswer{Event: id, Status: routing.Queued, Thread: id.Thread()}, nil
}

// stillTheirs refuses to send a message of before to a phone that has been taken away
// from its conversation: it may be somebody else's by now.
func (r *Relay) stillTheirs(ctx context.Context, who routing.Principal, e routing.Event) error {
	th, err := r.thread(ctx, who, e.ID.Thread())
	if err != nil {
		return err
	}
	if !slices.Contains(th.Phones, e.To) {
		return errLostPhone
	}
	return nil
}

// Retry sends a message again that failed, or of which nobody can tell.
func (r *Relay) Retry(ctx context.Context, who routing.Principal, id routing.EventID) (SendAnswer, error) {
	if _, err := r.Open(ctx, who); err != nil {
		return SendAnswer{}, err
	}
	e, err := r.event(ctx, who, id)
	if err != nil {
		return SendAnswer{}, err
	}
	switch e.Status {
	case routing.Failed, routing.Undelivered, routing.Unknown:
	default:
		return SendAnswer{}, routing.Refuse(routing.CodeConflict, "Only a message that was not delivered can be sent again.")
	}
	if err := r.stillTheirs(ctx, who, e); err != nil {
		return SendAnswer{}, err
	}
	if told, err := r.Table.Consent(ctx, who.Org, e.To); err != nil {
		return SendAnswer{}, err
	} else if told.OptedOut {
		return SendAnswer{}, errOptedOut
	}
	now := r.Clock()
	if err := r.Table.Again(ctx, e, now, store.Audit{Order: r.order(now), At: now, By: who.Who(), What: "retry", On: string(id)}); err != nil {
		if store.RefusedBy(err, "event") {
			return SendAnswer{}, routing.Refuse(routing.CodeConflict, "It is being sent already.")
		}
		return SendAnswer{}, err
	}
	return SendAnswer{Event: id, Status: routing.Queued, Thread: id.Thread()}, nil
}

// Resolve closes an alert.
func (r *Relay) Resolve(ctx context.Context, who routing.Principal, id routing.AlertID, note string) (routing.Alert, error) {
	if id.Org() != who.Org {
		return routing.Alert{}, routing.Refuse(routing.CodeNotFound, "There is no such alert.")
	}
	a, err := r.Table.Alert(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return a, routing.Refuse(routing.CodeNotFound, "There is no such alert.")
	}
	if err != nil || !a.Open {
		return a, err
	}
	a.Open, a.Resolved = false, who.Who()+" "+note
	return a, r.Table.PutAlert(ctx, a)
}
