package relay

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"snout/shared/routing"
	"snout/shared/screening"
	"snout/shared/store"
)

// SendRequest is a message that a person asks to send.
type SendRequest struct {
	Thread     routing.ThreadID
	Text       string
	Media      []string
	Visibility routing.Visibility // an owner's choice; empty: by the rule
	Key        string             // Idempotency-Key
}

// SendAnswer is what they are told. The same key gets the same answer again.
type SendAnswer struct {
	Event  routing.EventID
	Status routing.Status
	Thread routing.ThreadID
}

// maxText is the carrier's bound, in characters.
const maxText = 1600

// lease is how long one attempt may take before others look after the message.
const lease = 40 * time.Second

var (
	errMessagingOff = routing.Refuse(routing.CodeMessagingDisabled, "Messaging is switched off.")
	errSitterOff    = routing.Refuse(routing.CodeSitterDisabled, "Messaging for sitters is switched off.")
	errNoThread     = routing.Refuse(routing.CodeThreadNotFound, "There is no such conversation.")
	errStopped      = routing.Refuse(routing.CodeAntiPoaching, "We couldn't send that. To keep everyone safe, please leave out phone numbers, emails, links and other ways to reach each other. You can keep chatting here.")
	errLocked       = routing.Refuse(routing.CodeSitterLocked, "Sending is paused for your account. Please contact the office.")
	errNobody       = routing.Refuse(routing.CodeConflict, "No phone leads to this conversation any more: its client has none, or another by now. Give the client a phone, or write to them elsewhere.")
	errLostPhone    = routing.Refuse(routing.CodeConflict, "The phone it was written to is not this client's any more. Write a new message instead.")
	errOptedOut     = routing.Refuse(routing.CodeOptedOut, "This person has opted out of texts, so nothing can be sent to them until they text START.")
	errKeyReused    = routing.Refuse(routing.CodeKeyReused, "This Idempotency-Key was used for another request.")
)

// Open tells whether somebody may use messaging at all.
func (r *Relay) Open(ctx context.Context, who routing.Principal) (routing.Flags, error) {
	f := r.Flags.Flags(ctx)
	if !f.Messaging {
		return f, errMessagingOff
	}
	if who.Role == routing.RoleSitter && !f.SitterMay(who.Sitter) {
		return f, errSitterOff
	}
	return f, nil
}

// CheckText refuses what no text can be.
func CheckText(field, s string, empty bool) error {
	if !empty && strings.TrimSpace(s) == "" {
		return routing.Invalid(field, "There is nothing to send.")
	}
	if n := utf8.RuneCountInString(s); n > maxText {
		return routing.Invalid(field, fmt.Sprintf("A text has at most %d characters; this one has %d.", maxText, n))
	}
	return nil
}

// Send checks a message (flag, sight of the thread, lock, window, consent,
// screening), commits it as being sent, hands it to the carrier and records what
// the carrier said. What the carrier did not certainly take is looked after by the
// outbox.
func (r *Relay) Send(ctx context.Context, who routing.Principal, q SendRequest) (SendAnswer, error) {
	if _, err := r.Open(ctx, who); err != nil {
		return SendAnswer{}, err
	}
	if err := CheckText("text", q.Text, len(q.Media) > 0); err != nil {
		return SendAnswer{}, err
	}
	if q.Key == "" || len(q.Key) > 200 {
		return SendAnswer{}, routing.Invalid("Idempotency-Key", "This header is needed, with at most 200 characters.")
	}
	if len(q.Media) > 10 {
		return SendAnswer{}, routing.Invalid("media", "At most ten pictures can be sent at once.")
	}
	if q.Visibility != "" && (who.Role != routing.RoleOwner || q.Visibility != routing.VisibleAll && q.Visibility != routing.VisibleOwner) {
		return SendAnswer{}, routing.Invalid("visibility", "An owner may choose all or owner here.")
	}
	if q.Thread.Org() != who.Org {
		return SendAnswer{}, errNoThread
	}
	s := &sending{Relay: r, who: who, q: q, idem: store.IdemHash(who.Who(), q.Key), body: digest(q)}
	return again(ctx, s.once)
}

func digest(q any) string {
	b, err := json.Marshal(q)
	if err != nil {
		panic("relay: " + err.Error()) // our own plain structs
	}
	h := sha256.Sum256(b)
	return base64.RawURLEncoding.EncodeToString(h[:12])
}

type sending struct {
	*Relay
	who  routing.Principal
	q    SendRequest
	idem string
	body string
	// tried is what the last try committed, or was told that it had not.
	tried routing.Event
}

// answer is what is kept under an idempotency key.
type answer struct {
	Status routing.Status `json:"s,omitempty"`
	Code   routing.Code   `json:"c,omitempty"`
}

func repeat(used *store.Idem, body string) (SendAnswer, error) {
	if used.Body != body {
		return SendAnswer{}, errKeyReused
	}
	var a answer
	if err := json.Unmarshal(used.Answer, &a); err != nil {
		return SendAnswer{}, fmt.Errorf("repeat: %w", err)
	}
	if a.Code == routing.CodeAntiPoaching {
		return SendAnswer{}, errStopped
	}
	return SendAnswer{Event: used.Event, Status: a.Status, Thread: used.Event.Thread()}, nil
}

const (
	// The carrier fails what goes between the same two numbers faster than that, to
	// break loops (its code 14107), so that such a message is better not accepted.
	maxBurst  = 30
	burstSpan = 30 * time.Second
	// Messages in a minute. They are counted from the stream, a moment after they were
	// sent: what they keep out is a stuck key or a program, not the one message too many.
	maxSitter = 60
	maxOrg    = 600
)

var (
	errBurst = routing.Refuse(routing.CodeTooMany, "That is too many messages to one person at once. Please wait half a minute.")
	errRate  = routing.Refuse(routing.CodeTooMany, "That is too many messages in a minute. Please wait a moment.")
)

func (s *sending) once(ctx context.Context) (SendAnswer, error) {
	now := s.Clock()
	thread, used, sitter, lately, err := s.Table.SendFacts(ctx, s.q.Thread, s.idem, s.who.Sitter, now.Truncate(time.Minute))
	if err != nil {
		return SendAnswer{}, err
	}
	if used != nil {
		if used.Event == s.tried.ID && s.tried.Status == routing.Sending {
			// The answer to our own commit was lost, and its repeat met a conflict: the
			// message is ours to hand over, and nobody else will.
			s.deliver(ctx, s.tried)
		}
		return repeat(used, s.body)
	}
	if thread == nil {
		return SendAnswer{}, errNoThread
	}
	burst := thread.Burst.Next(now, burstSpan)
	switch {
	case burst.N > maxBurst:
		return SendAnswer{}, errBurst
	case lately.Sitter >= maxSitter, lately.Org >= maxOrg:
		return SendAnswer{}, errRate
	}
	if s.who.Role == routing.RoleOwner {
		if err := s.Table.Fresh(ctx, thread, now); err != nil {
			return SendAnswer{}, err
		}
	}
	e := routing.Event{
		ID: s.newEvent(thread.ID, now), Dir: routing.Outbound, Author: routing.Author{Role: s.who.Role, ID: s.who.Subject, Name: s.who.Name},
		Text: s.q.Text, At: now, From: thread.Number, To: thread.To(), Number: thread.NumID, Status: routing.Sending, Attempt: 1, Lease: now.Add(lease),
	}
	if e.Media, err = attached(s.who, s.q.Media); err != nil {
		return SendAnswer{}, err
	}
	no := false
	c := store.SendCommit{Idem: s.idem, Until: now.Add(48 * time.Hour), Rev: thread.Rev, Touch: store.Touch{NeedsReply: &no, Burst: burst}, Sitter: s.who.Sitter}
	if s.who.Role == routing.RoleSitter {
		if stopped, err := s.sitter(ctx, thread, sitter, &e, &c, now); err != nil {
			return SendAnswer{}, err
		} else if stopped {
			return s.stop(ctx, thread, e, c)
		}
	} else {
		s.owner(thread, &e, &c, now)
	}
	if e.To.IsZero() {
		return SendAnswer{}, errNobody
	}
	c.Event, c.Touch.Event, c.Touch.Author = e, e, firstName(e.Author.Name)
	// The answer given is the one that a repeat will get, so it says no more than is
	// true of both: the message is committed and on its way.
	a := answer{Status: routing.Queued}
	c.Use = store.Idem{Body: s.body, Event: e.ID, Answer: raw(a)}
	s.tried = e
	if err := s.Table.CommitSend(ctx, c); err != nil {
		if store.RefusedBy(err, "consent") {
			return SendAnswer{}, errOptedOut
		}
		return SendAnswer{}, err
	}
	s.deliver(ctx, e)
	return SendAnswer{Event: e.ID, Status: a.Status, Thread: thread.ID}, nil
}

func raw(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic("relay: " + err.Error())
	}
	return b
}

func firstName(n string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(n), " ")
	return first
}

// owner fills in who may see an owner's message: everybody if a window is active
// and nothing routed to the owner is still open, else the owner; they may choose.
func (s *sending) owner(th *routing.Thread, e *routing.Event, c *store.SendCommit, now time.Time) {
	on := routing.Current(th.Windows, now)
	e.Visibility = routing.VisibleOwner
	if th.Kind == routing.Service && (s.q.Visibility == routing.VisibleAll || s.q.Visibility == "" && len(on) > 0 && th.Open == 0) {
		e.Visibility = routing.VisibleAll
	}
	if len(on) > 0 {
		routing.SortWindows(on)
		e.Booking = on[0].Booking
	} else if w, ok := routing.Next(th.Windows, now); ok && e.Visibility == routing.VisibleAll {
		e.Booking = w.Booking
	}
	if e.Visibility == routing.VisibleAll {
		c.Touch.SitterUnread = 1
	}
	c.Touch.Closes = th.Open > 0
	// On the front desk number the client's next text follows the business's last.
	if th.Kind == routing.Billing || th.Kind == routing.FrontDeskTalk && len(th.Links) > 0 {
		c.Route = &routing.Route{Number: th.Number, Phone: e.To, Org: th.Org, Thread: th.ID, Kind: th.Kind, Client: th.Client, Rev: th.Rev}
	}
}

// sitter checks what a sitter may: their window, their lock, and what they wrote.
func (s *sending) sitter(ctx context.Context, th *routing.Thread, me *routing.Sitter, e *routing.Event, c *store.SendCommit, now time.Time) (stopped bool, err error) {
	mine, sight, err := s.sight(ctx, th, s.who.Sitter, now)
	if err != nil {
		return false, err
	}
	if !sight || me == nil || !me.Active {
		return false, errNoThread
	}
	if me.Locked {
		return false, errLocked
	}
	on := routing.Current(mine, now)
	if len(on) == 0 {
		no := routing.Refuse(routing.CodeNoActiveWindow, "You can write here while your booking is on.")
		no.HasNext = true
		if w, ok := routing.Next(mine, now); ok {
			no.Next = &w
		}
		return false, no
	}
	routing.SortWindows(on)
	e.Booking, e.Visibility = on[0].Booking, routing.VisibleAll
	e.Author.ID, e.Author.Name = string(me.ID), me.Name
	c.Touch.Unread = 0
	before, err := s.lastTexts(ctx, th.ID)
	if err != nil {
		return false, err
	}
	m := screening.Message{
		Text: screening.Text{Author: screening.Sitter, Body: e.Text}, Context: before, Own: screening.Own{Numbers: []string{th.Number.E164()}}, Exceptions: th.Exceptions,
	}
	v := s.Screen(m)
	if v.Swap { // for every kind alike: the time it takes tells nothing
		if m.Own, err = s.own(ctx, th.Org, th.Number); err != nil {
			return false, err
		}
		v = s.Screen(m)
	}
	if !v.Swap {
		return false, nil // consent is checked by the commit itself
	}
	// Consent comes before screening, whichever would stop the message.
	if told, err := s.Table.Consent(ctx, th.Org, e.To); err != nil {
		return false, err
	} else if told.OptedOut {
		return false, errOptedOut
	}
	for _, sp := range v.Spans {
		e.Flags = append(e.Flags, routing.Flagged{Family: string(sp.Family), Start: sp.Start, End: sp.End})
	}
	if len(e.Flags) == 0 {
		e.Flags = []routing.Flagged{{Family: families(v)}}
	}
	c.Touch.Flagged = true
	if v.Emergency {
		// Never held: it goes out, with what was matched hidden from the client.
		e.Hidden = screening.Hide(e.Text, v.Spans)
		a := s.alert(th.Org, now, routing.Alert{Kind: "contact_swap_emergency", Severity: "high", Thread: th.ID, Event: e.ID, Sitter: me.ID,
			Text: me.Name + " sent what looks like an emergency with contact details in it: " + v.Explanation})
		c.Alerts = append(c.Alerts, a)
		return false, nil
	}
	return true, s.attempt(ctx, th, me, e, v, c, now)
}

// own is what belongs to the business and so is no contact swap: the numbers it rents, and
// the pages and phones that its settings name. It is read only for a text that looks like
// a swap, which is then screened once more.
func (r *Relay) own(ctx context.Context, id routing.OrgID, number routing.Phone) (screening.Own, error) {
	own := screening.Own{Numbers: []string{number.E164()}}
	roster, err := r.Table.Roster(ctx, id, true)
	if errors.Is(err, store.ErrNotFound) {
		return own, nil
	}
	if err != nil {
		return own, err
	}
	own.Numbers = append(own.Numbers, roster.OwnNumbers()...)
	own.Links = roster.Org.Settings.OwnLinks
	return own, nil
}

// SightAfter is how long after their last window a sitter may still read.
const SightAfter = 24 * time.Hour

// sight tells which windows a sitter goes by in a thread, and whether they may see
// it at all: a window active or upcoming, or over for less than a day.
func (r *Relay) sight(ctx context.Context, th *routing.Thread, id routing.SitterID, now time.Time) ([]routing.Window, bool, error) {
	if th.Kind != routing.Service {
		return nil, false, nil
	}
	own := func(ws []routing.Window) []routing.Window {
		return slices.DeleteFunc(slices.Clone(ws), func(w routing.Window) bool { return w.Sitter != id })
	}
	mine := own(th.Windows)
	live := slices.ContainsFunc(mine, func(w routing.Window) bool { return !w.Ended(now) })
	if live && !th.More {
		return mine, true, nil
	}
	all, err := r.Table.ThreadWindows(ctx, th.ID, now.Add(-SightAfter))
	if err != nil {
		return nil, false, err
	}
	mine = own(all)
	return mine, len(mine) > 0, nil
}

// swapWindow is how long an attempt counts.
const swapWindow = 30 * 24 * time.Hour

func (s *sending) attempt(ctx context.Context, th *routing.Thread, me *routing.Sitter, e *routing.Event, v screening.Verdict, c *store.SendCommit, now time.Time) error {
	before, err := s.Table.Attempts(ctx, th.Org, me.ID, now.Add(-swapWindow))
	if err != nil {
		return err
	}
	n := 1
	for _, a := range before {
		if !a.Released {
			n++
		}
	}
	e.Status, e.Attempt, e.Lease, e.Visibility = routing.Blocked, 0, time.Time{}, routing.VisibleOwner
	var fs []string
	for _, f := range v.Families {
		fs = append(fs, string(f))
	}
	c.Attempt, c.Stopped = &store.Attempt{Sitter: me.ID, Event: e.ID, Families: fs, At: now}, me.Stopped
	a := routing.Alert{Kind: "contact_swap", Severity: "info", Thread: th.ID, Event: e.ID, Sitter: me.ID,
		Text: fmt.Sprintf("Stopped a message from %s to %s. %s It says: %s", me.Name, th.Name, v.Explanation, v.Preview(e.Text))}
	switch {
	case n == 2:
		a.Severity = "high"
		a.Text += " (second time within 30 days)"
	case n >= 3:
		a.Severity = "critical"
		a.Text += fmt.Sprintf(" (%d times within 30 days: their writing is locked until you lift it)", n)
		c.Lock = true
	}
	c.Alerts = append(c.Alerts, s.alert(th.Org, now, a))
	return nil
}

func (s *sending) stop(ctx context.Context, th *routing.Thread, e routing.Event, c store.SendCommit) (SendAnswer, error) {
	c.Event, c.Touch.Event = e, e
	c.Touch.Quiet, c.Touch.NeedsReply = true, nil
	c.Use = store.Idem{Body: s.body, Event: e.ID, Answer: raw(answer{Code: routing.CodeAntiPoaching})}
	if err := s.Table.CommitSend(ctx, c); err != nil {
		return SendAnswer{}, err
	}
	return SendAnswer{}, errStopped
}

// deliver hands a claimed message to the carrier and records what it said. It
// returns nothing: the message is committed, and whatever happened is the outbox's
// to look after.
func (r *Relay) deliver(ctx context.Context, e routing.Event) {
	m := Outgoing{From: e.From, To: e.To, Text: e.Text, Event: e.ID}
	if e.Hidden != "" {
		m.Text = e.Hidden
	}
	media, err := r.addresses(ctx, e)
	if err != nil {
		r.record(ctx, e, Handed{Verdict: Later, Sentence: "A picture could not be reached."})
		return
	}
	m.Media = media
	r.record(ctx, e, r.Carrier.Hand(ctx, m))
}

// backoff is when a message that the carrier certainly did not take is tried again.
var backoff = [...]time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute}

func (r *Relay) record(ctx context.Context, e routing.Event, h Handed) {
	now := r.Clock()
	o := store.Outcome{Sid: h.Sid, Code: h.Code, Error: h.Sentence, Retries: e.Retries}
	failed := false
	switch h.Verdict {
	case Taken:
		o.Status, o.Error = routing.Sent, ""
		if h.Status.Rank() > routing.Sent.Rank() {
			o.Status = h.Status
		}
	case Later:
		if e.Retries < len(backoff) {
			o.Status, o.DueAt, o.Retries = routing.Queued, now.Add(backoff[e.Retries]), e.Retries+1
			break
		}
		fallthrough
	case Refused:
		o.Status, failed = routing.Failed, true
	default:
		o.Status, o.Error = routing.Unknown, "It is not known whether the carrier took this message. We are finding out."
	}
	err := r.Table.Record(ctx, e.ID, e.Attempt, o)
	if err != nil && !errors.Is(err, store.ErrConflict) {
		return // the lease runs out, and the outbox finds out what became of it
	}
	if h.OptedOut {
		r.blocked(ctx, e)
	}
	if failed && err == nil {
		_ = r.failed(ctx, e, o.Code, o.Error) // the stream tells the owner where this does not
	}
}

// notTold tells the owner that a text to somebody's own phone did not go. It is no
// critical alert, or it would be texted to that very phone.
func (r *Relay) notTold(ctx context.Context, e routing.Event, why string) error {
	a := routing.Alert{ID: routing.NewAlertID(e.ID.Org(), "ntf"+e.ID.Order()), Kind: "notice_failed", Severity: "info", At: r.Clock(), Open: true,
		Text: "A notification to a sitter's own phone was not delivered. " + why}
	if e.Purpose == "alert" {
		a.Severity, a.Text = "high", "A critical alert could not be texted to your phone. "+why
	}
	if e.Purpose == "notify" {
		if err := r.Table.NoticeGone(ctx, e.ID); err != nil {
			return err
		}
	}
	return r.Table.CreateAlert(ctx, a)
}

// blocked remembers that the carrier refuses texts on a pair (its error 21610). Only
// an explanation and a line of the history hang on it, so that a fault here is no
// reason to do anything again.
func (r *Relay) blocked(ctx context.Context, e routing.Event) {
	now := r.Clock()
	_ = r.Table.Block(ctx, e.From, e.To, true)
	if !e.ID.Thread().Notices() {
		_ = r.Table.MarkThread(ctx, e.ID.Thread(), store.ThreadMark{Look: true})
	}
	_ = r.Table.AddConsentLine(ctx, e.ID.Org(), e.To, store.ConsentLine{At: now, What: "carrier_block", Number: e.From, By: "carrier", Event: e.ID, Order: r.order(now)})
}

// failed tells the owner of a message that did not go, once for each attempt: whoever
// sees the failure calls it, and the stream's reader always does.
func (r *Relay) failed(ctx context.Context, e routing.Event, code int, sentence string) error {
	if r.OurFault(code) {
		if err := r.ourFault(ctx, e.ID.Org(), code, sentence); err != nil {
			return err
		}
	}
	if e.ID.Thread().Notices() {
		return r.notTold(ctx, e, sentence)
	}
	a := r.alert(e.ID.Org(), r.Clock(), routing.Alert{Kind: "not_delivered", Severity: "high", Thread: e.ID.Thread(), Event: e.ID,
		Text: "A message was not delivered. " + sentence})
	a.ID = alertOf(e, "f")
	return r.Table.FailThread(ctx, e.ID.Thread(), a)
}

// ourFault tells the owner, once a day for each code, that the carrier refuses texts for
// a reason that lies with the account or its numbers: the next ones will fail as well.
func (r *Relay) ourFault(ctx context.Context, org routing.OrgID, code int, sentence string) error {
	now := r.Clock()
	return r.Table.CreateAlert(ctx, routing.Alert{
		ID: routing.NewAlertID(org, routing.Order(now.Truncate(24*time.Hour).UnixMicro(), fmt.Sprintf("acc%05d", code))), Kind: "carrier_account", Severity: "critical", At: now, Open: true,
		Text: "Texts fail for a reason that lies with the account at the carrier, and will until it is repaired. " + sentence,
	})
}

// alertOf is the id of what is told of one attempt: the same whoever tells it, and in
// its place among the alerts by time.
func alertOf(e routing.Event, what string) routing.AlertID {
	return routing.NewAlertID(e.ID.Org(), e.ID.Order()+what+strconv.Itoa(e.Attempt))
}
