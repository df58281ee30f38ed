package relay

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"snout/shared/routing"
	"snout/shared/store"
)

const (
	// at most one notification in this time, read or not
	noticeEvery = 5 * time.Minute
	// who has just read something has the page before them: they are told only if they
	// have not read this either by then
	noticePresent = 2 * time.Minute
	// an answer about office hours to a text that is older says something of another day
	afterHoursWithin = time.Hour
)

// taken does what follows from an inbound text once it is committed, out of the
// webhook's way. Each part may be repeated, and a part that fails is repeated with
// all of them.
func (r *Relay) taken(ctx context.Context, e routing.Event) error {
	if err := r.mayMean(ctx, e); err != nil {
		return err
	}
	switch {
	case e.Routing == nil:
	case e.Routing.Target == routing.ToConsent && e.Routing.Reason == routing.ReasonOptOut:
		if err := r.look(ctx, e.ID.Org(), e.From, routing.ClientID(e.Author.ID)); err != nil {
			return err
		}
	case e.Routing.Target == routing.ToSitter && e.Status != routing.Blocked:
		if err := r.toSitter(ctx, e); err != nil {
			return err
		}
	case e.Routing.Rule == 8:
		if err := r.afterHours(ctx, e); err != nil {
			return err
		}
	}
	return r.Gather(ctx, e)
}

// toSitter sees to it that a text which went to a sitter does not go unseen: the
// sitter's own phone is told, and after a while the owner.
func (r *Relay) toSitter(ctx context.Context, e routing.Event) error {
	roster, err := r.Table.Roster(ctx, e.ID.Org(), false)
	if err != nil {
		return err
	}
	if err := r.Table.LeaveBehind(ctx, e.ID, waited(roster.Org, e)); err != nil {
		return err
	}
	th, err := r.Table.Thread(ctx, e.ID.Thread())
	if err != nil {
		return err
	}
	sitter, ok := roster.Sitter(sitterOf(th, e))
	if !ok || !sitter.Active || !sitter.Notify || sitter.Phone.IsZero() {
		return nil
	}
	front, ok := roster.FrontDesk()
	if !ok {
		return nil
	}
	_, err = again(ctx, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, r.tell(ctx, roster.Org, front, sitter, th, e)
	})
	return err
}

// waited is when a client has waited too long for an answer to a text.
func waited(org routing.Org, e routing.Event) time.Time {
	n := org.Settings.EscalateMinutes
	if n <= 0 {
		n = 10
	}
	kept := e.At
	if e.Late {
		// A text that came late has waited long already; its reader has not.
		kept = routing.MomentOf(e.ID.Order())
	}
	// To the millisecond, as what is left behind is due: who looks right then must not find
	// it a microsecond too early, and forget it.
	return kept.Add(time.Duration(n) * time.Minute).Truncate(time.Millisecond)
}

// sitterOf is whom a text went to: whose window it fell into.
func sitterOf(th *routing.Thread, e routing.Event) routing.SitterID {
	for _, w := range th.Windows {
		if w.Booking == e.Booking && w.Active(e.At) {
			return w.Sitter
		}
	}
	for _, w := range th.Windows {
		if w.Booking == e.Booking {
			return w.Sitter
		}
	}
	return th.LastSit
}

// tell queues a notification to a sitter's own phone: who wrote and which pet, never
// what; at most one until they have read, and one in five minutes.
func (r *Relay) tell(ctx context.Context, org routing.Org, front routing.Number, s routing.Sitter, th *routing.Thread, e routing.Event) error {
	place := routing.NoticesThread(org.ID, string(s.ID))
	was, err := r.Table.Notices(ctx, place)
	if err != nil || was.Open {
		return err
	}
	now := r.Clock()
	due := now
	if !was.Read.IsZero() {
		due = latest(due, was.Read.Add(noticePresent))
	}
	if !was.At.IsZero() {
		due = latest(due, was.At.Add(noticeEvery))
	}
	if until, quiet := quietUntil(org.Settings, due, zone(org.Zone)); quiet {
		due = until
	}
	n := r.notice(place, e.ID.Order(), front, s.Phone, "notify", now, due,
		"New message from "+shortName(th.Name)+aboutPets(th.Pets)+". Read and answer: "+r.Page+"/messages/t/"+string(th.ID))
	err = r.Table.Notify(ctx, n, was, due)
	if store.RefusedBy(err, "event") || store.RefusedBy(err, "consent") {
		return nil
	}
	return err
}

func (r *Relay) notice(place routing.ThreadID, order string, front routing.Number, to routing.Phone, purpose string, now, due time.Time, text string) routing.Event {
	e := routing.Event{ID: routing.NewEventID(place, order), Dir: routing.Outbound, Author: routing.Author{Role: routing.RoleSystem, Name: "Snout"}, Text: plain(text),
		Visibility: routing.VisibleOwner, At: now, From: front.Phone, To: to, Number: front.ID, Status: routing.Queued, Purpose: purpose}
	if due.After(now) {
		e.DueAt = due
	}
	return e
}

// shortName is a client's first name and last initial, as their sitter knows them.
func shortName(name string) string {
	parts := strings.Fields(name)
	switch len(parts) {
	case 0:
		return "a client"
	case 1:
		return parts[0]
	}
	return parts[0] + " " + string([]rune(parts[len(parts)-1])[:1]) + "."
}

func aboutPets(pets []string) string {
	if len(pets) == 0 {
		return ""
	}
	return " (" + strings.Join(pets, ", ") + ")"
}

// unread tells whether a notification is still to be sent: its reader has not read since
// it was queued, and is not told of a later text instead.
func (r *Relay) unread(ctx context.Context, e routing.Event) (bool, error) {
	if e.Purpose != "notify" {
		return true, nil
	}
	n, err := r.Table.Notices(ctx, e.ID.Thread())
	return n.Open && (n.Last == "" || n.Last == e.ID.Order()), err // a row of before says nothing of which
}

// escalate tells the owner of a client who has waited too long for a sitter's answer:
// once for each wait, by its first text.
func (r *Relay) escalate(ctx context.Context, e routing.Event) error {
	if e.Routing == nil || e.Routing.Target != routing.ToSitter || routing.Automatic(e.Text) {
		return nil // a machine waits for nothing
	}
	roster, err := r.Table.Roster(ctx, e.ID.Org(), false)
	if err != nil {
		return err
	}
	now := r.Clock()
	if waited(roster.Org, e).After(now) {
		return nil // left behind for something else of it
	}
	th, err := r.Table.Thread(ctx, e.ID.Thread())
	if err != nil || !th.NeedsReply {
		return err
	}
	es, _, err := r.Table.Events(ctx, th.ID, "", 50)
	if err != nil {
		return err
	}
	first := e.ID
	for _, x := range es {
		if answers(x) {
			break
		}
		if x.Dir == routing.Inbound && x.Routing != nil && x.Routing.Target == routing.ToSitter && !routing.Automatic(x.Text) {
			first = x.ID
		}
	}
	if first != e.ID {
		return nil // the wait is an earlier text's, or was over in between
	}
	who := "the sitter"
	sitter := sitterOf(th, e)
	if s, ok := roster.Sitter(sitter); ok {
		who = s.Name
	}
	return r.Table.CreateAlert(ctx, routing.Alert{
		ID: routing.NewAlertID(e.ID.Org(), "wait"+e.ID.Order()), Kind: "client_waiting", Severity: "high", Thread: th.ID, Event: e.ID, Booking: e.Booking, Sitter: sitter, At: now, Open: true,
		Text: th.Name + " has waited " + minutes(now.Sub(e.At)) + " for an answer from " + who + ".",
	})
}

func minutes(d time.Duration) string {
	n := int(d / time.Minute)
	if n >= 120 {
		return strconv.Itoa(n/60) + " hours"
	}
	return strconv.Itoa(n) + " minutes"
}

// answers tells whether an event is somebody's answer to the client.
func answers(e routing.Event) bool {
	return e.Dir == routing.Outbound && (e.Author.Role == routing.RoleOwner || e.Author.Role == routing.RoleSitter) &&
		!slices.Contains([]routing.Status{routing.Blocked, routing.Failed, routing.Undelivered}, e.Status)
}

// Alarm texts a critical alert to the owner's own phone, if they gave one.
func (r *Relay) Alarm(ctx context.Context, c Change) error {
	if c.Kind != "alert" || c.Old != nil || c.New == nil {
		return nil
	}
	a, err := store.AlertOf(c.New)
	if err != nil || a.Severity != "critical" || !a.Open {
		return err
	}
	roster, err := r.Table.Roster(ctx, a.ID.Org(), false)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	to, err := routing.ParsePhone(roster.Org.Settings.OwnerPhone)
	front, ok := roster.FrontDesk()
	if err != nil || !ok {
		return nil // nobody to tell, or nothing to tell them from
	}
	now := r.Clock()
	due := now
	if until, quiet := quietUntil(roster.Org.Settings, now, zone(roster.Org.Zone)); quiet {
		due = until
	}
	err = r.Table.QueueOnce(ctx, r.notice(routing.NoticesThread(a.ID.Org(), "owner"), a.ID.Order(), front, to, "alert", now, due,
		headline(a.Kind)+" See "+r.Page+"/messages"), false)
	if store.RefusedBy(err, "event") || store.RefusedBy(err, "consent") {
		return nil
	}
	return err
}

// headline says what a critical alert is about without a word of any message.
func headline(kind string) string {
	switch kind {
	case "contact_swap":
		return "Snout: a sitter's writing was locked after repeated attempts to swap contact details."
	case "carrier_account":
		return "Snout: the carrier refuses texts for a reason that lies with the account."
	case "pool_exhausted":
		return "Snout: no pool number is free for a booking."
	}
	return "Snout: something needs you now."
}

// afterHours answers a client who writes to the front desk outside office hours, if
// the business wants it: plainly, once in a day, and never a machine.
func (r *Relay) afterHours(ctx context.Context, e routing.Event) error {
	if e.Late || routing.Automatic(e.Text) || e.From.Short() {
		return nil
	}
	now := r.Clock()
	if now.Sub(e.At) > afterHoursWithin {
		return nil
	}
	org, err := r.Table.Org(ctx, e.ID.Org())
	if err != nil {
		return err
	}
	s := org.Settings
	if s.AfterHoursText == "" || s.OfficeFrom == "" || s.OfficeTo == "" || inOffice(s, e.At.In(zone(org.Zone))) {
		return nil
	}
	err = r.Table.QueueOnce(ctx, routing.Event{
		ID: r.newEvent(e.ID.Thread(), now), Dir: routing.Outbound, Author: routing.Author{Role: routing.RoleSystem, Name: "Snout"},
		Text: plain(strings.ReplaceAll(s.AfterHoursText, "{org}", org.Name)), Visibility: routing.VisibleOwner, At: now, From: e.To, To: e.From, Number: e.Number,
		Status: routing.Queued, Purpose: "after_hours",
	}, true)
	if store.RefusedBy(err, "auto") || store.RefusedBy(err, "consent") {
		return nil
	}
	return err
}

// inOffice tells whether a reading of the org's clock is within its office hours,
// which may go over midnight.
func inOffice(s routing.Settings, at time.Time) bool {
	from, to, m := clockTime(s.OfficeFrom, 0), clockTime(s.OfficeTo, 0), at.Hour()*60+at.Minute()
	if from < to {
		return m >= from && m < to
	}
	return m >= from || m < to
}
