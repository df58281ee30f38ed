package relay

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"snout/shared/routing"
	"snout/shared/screening"
	"snout/shared/store"
)

// Received is what was done with an inbound text.
type Received struct {
	store.Seen
	Repeat bool // the MessageSid had been seen: the first outcome again
}

// seenFor is how long a MessageSid is remembered: longer than any retry of the
// carrier's and than the reconciling job looks back.
const seenFor = 14 * 24 * time.Hour

// Receive decides about one inbound text, commits the outcome once, and says what
// it was. The same MessageSid gets the first outcome again. Nothing is lost on an
// error: the carrier asks again, and the commit is all or nothing.
func (r *Relay) Receive(ctx context.Context, in store.Text) (Received, error) {
	return r.receive(ctx, in, nil)
}

// Release takes one held text up again: windows as at its receipt, flags as now.
func (r *Relay) Release(ctx context.Context, h store.HeldText) (Received, error) {
	return r.receive(ctx, h.Text, &h)
}

func (r *Relay) receive(ctx context.Context, in store.Text, held *store.HeldText) (Received, error) {
	to, err := routing.ParsePhone(in.To)
	if err != nil {
		return Received{}, routing.Invalid("To", "This is no phone number.")
	}
	from, err := routing.ParsePhone(in.From)
	if err != nil {
		return Received{}, routing.Invalid("From", "This is no phone number.")
	}
	if in.Sid == "" {
		return Received{}, routing.Invalid("MessageSid", "This is missing.")
	}
	x := &inbound{Relay: r, in: in, to: to, from: from, held: held}
	got, err := again(ctx, x.once)
	if err != nil {
		return got, fmt.Errorf("receive: %w", err)
	}
	return got, nil
}

// inbound is one text on its way, over as many tries as it takes.
type inbound struct {
	*Relay
	in       store.Text
	to, from routing.Phone
	held     *store.HeldText
	noAuto   bool // the sender has had today's automatic answer, or wants none
	opened   bool // what was due on a sitter's number has been opened
	routed   bool // another phone of the household's may have a route on the number: read them
	newer    bool // the sender has told us about texts since this one was written
}

// late tells whether a text is taken in after others that may have been written later.
func (x *inbound) late() bool { return x.in.Late || x.held != nil }

// wordOf is the consent word that a text is: by itself, or because the carrier, which may
// know words of the business's own, has acted on it.
func wordOf(in store.Text) routing.Keyword {
	if w := routing.KeywordOf(in.Body); w != routing.NoKeyword {
		return w
	}
	switch in.Told {
	case "STOP":
		return routing.KeyStop
	case "START":
		return routing.KeyStart
	case "HELP":
		return routing.KeyHelp
	}
	return routing.NoKeyword
}

func (x *inbound) once(ctx context.Context) (Received, error) {
	sid := x.in.Sid
	if x.held != nil {
		sid = ""
	}
	number, route, seen, err := x.Table.InboundFacts(ctx, x.to, x.from, sid)
	if err != nil {
		return Received{}, err
	}
	if seen != nil {
		return Received{Seen: *seen, Repeat: true}, nil
	}
	if x.held != nil && number != nil && number.Org != x.held.Org {
		number, route = nil, nil // the number has gone to another business, which must not get this
	}
	now := x.Clock()
	f := routing.Facts{At: x.in.At, Flags: x.Flags.Flags(ctx), Number: number.Facts(), Word: wordOf(x.in)}
	if number == nil || number.Status == routing.NumberInactive {
		return x.nowhere(ctx, routing.Decide(f), now)
	}
	if x.held != nil {
		f.Released = now
	}
	f.Waiting = x.held == nil && route != nil && route.Held > 0
	f.Thread = route.Facts()
	if route != nil {
		f.Client, f.Windows = route.Client, route.Windows
	}
	var claim store.Claim
	if f.Thread == nil || f.Word != routing.NoKeyword {
		var consent routing.Consent
		if claim, consent, err = x.Table.SenderFacts(ctx, number.Org, x.from); err != nil {
			return Received{}, err
		}
		// What comes late says nothing about what its sender told us after it.
		f.OptedOut = consent.OptedOut && !(x.late() && consent.At.After(x.in.At))
		x.newer = x.late() && consent.At.After(x.in.At.Add(store.LateStop))
		if f.Client == "" {
			f.Client = claim.Client
		}
	}
	if route != nil && route.More && len(route.Windows) > 0 && !f.At.Before(route.Windows[len(route.Windows)-1].Start) {
		// The row carries the soonest windows; those beyond may be on by now.
		if f.Windows, err = x.Table.ThreadWindows(ctx, route.Thread, f.At); err != nil {
			return Received{}, err
		}
	}
	d := routing.Decide(f)
	if d.Place == routing.InHeld {
		return x.hold(ctx, number, d, now)
	}
	if d.Place == routing.InNew && d.NewKind == routing.Service && !x.opened {
		// The client's first text to a sitter's own number opens what is due to them
		// there; then the text goes the ordinary way.
		x.opened = true
		opened, err := x.openDue(ctx, number, f.Client)
		if err != nil {
			return Received{}, err
		}
		if opened {
			return x.once(ctx)
		}
	}
	return x.keep(ctx, number, route, claim, f, d, now)
}

func (x *inbound) seen(d routing.Decision) store.Seen {
	return store.Seen{Rule: d.Rule, Target: d.Target, Reason: d.Reason}
}

func (x *inbound) nowhere(ctx context.Context, d routing.Decision, now time.Time) (Received, error) {
	c := store.InboundCommit{Sid: x.in.Sid, Seen: x.seen(d), SeenT: now.Add(seenFor), Order: x.order(now), Released: x.held}
	text := x.in
	c.Nowhere = &text
	return Received{Seen: c.Seen}, x.Table.CommitInbound(ctx, c)
}

func (x *inbound) hold(ctx context.Context, number *routing.Number, d routing.Decision, now time.Time) (Received, error) {
	if x.held != nil {
		return Received{}, ErrStillOff
	}
	c := store.InboundCommit{Sid: x.in.Sid, Seen: x.seen(d), SeenT: now.Add(seenFor),
		Held: &store.HeldText{Org: number.Org, Number: x.to, Phone: x.from, Order: x.order(x.in.At), Class: number.Class, Text: x.in}}
	return Received{Seen: c.Seen}, x.Table.CommitInbound(ctx, c)
}

// ErrStillOff is returned for a held text that cannot be released yet.
var ErrStillOff = routing.Refuse(routing.CodeMessagingDisabled, "Messaging is off.")

func (x *inbound) keep(ctx context.Context, number *routing.Number, route *routing.Route, claim store.Claim, f routing.Facts, d routing.Decision, now time.Time) (Received, error) {
	late := x.late()
	c := store.InboundCommit{Sid: x.in.Sid, SeenT: now.Add(seenFor), Released: x.held}
	routed := &routing.Routed{Rule: d.Rule, Target: d.Target, Reason: reason(d, zone(number.Zone)), Class: number.Class, Facts: f.Keep()}
	e := routing.Event{
		Dir: routing.Inbound, Author: routing.Author{Role: routing.RoleClient, ID: string(f.Client)}, Text: text(x.in.Body), Media: x.in.Media, Booking: d.Booking,
		Visibility: d.Visibility(), At: x.in.At, From: x.from, To: x.to, Number: number.ID, Late: late, Routing: routed, Status: routing.Received, Open: d.OwnerInbox(),
	}
	yes := true
	touch := store.Touch{Unread: 1, ReplyTo: x.from}
	if d.Target != routing.ToConsent {
		touch.NeedsReply = &yes
	}
	if d.OwnerInbox() {
		touch.Opens, touch.Choices = routed, d.Choices
	}
	if d.Target == routing.ToSitter {
		touch.SitterUnread = 1
	}

	thread := routing.ThreadID("")
	if d.Place == routing.InThread {
		thread, c.Rev = route.Thread, route.Rev
	} else {
		made, err := x.make(ctx, number, route, claim, f.Client, d, &c, now)
		if err != nil {
			return Received{}, err
		}
		thread = made.ID
	}
	c.Thread = thread
	// The event's place is the instant at which it is kept; a released text is thereby
	// not put in front of what was said since.
	e.ID = x.newEvent(thread, now)
	if d.Target != routing.ToConsent && (d.Place == routing.InThread && route.Kind == routing.Service || d.NewKind == routing.Service) {
		if err := x.screen(ctx, number, thread, &e, &touch, &c, now); err != nil {
			return Received{}, err
		}
	}
	touch.Event, touch.Author = e, ""
	c.Event, c.Touch = &e, touch
	if c.Make != nil {
		x.firstOf(c.Make, e, touch)
		c.Make.Look = f.OptedOut || f.Word == routing.KeyStop || route != nil && route.Blocked
	}
	if d.Target == routing.ToConsent && f.Word != routing.KeyHelp && !x.newer {
		c.ConsentLate = late
		c.Consent = &routing.Consent{OptedOut: f.Word == routing.KeyStop, At: x.in.At, Word: string(f.Word)}
		c.Person, c.Client = x.from, f.Client
		c.Touch.Look = c.Consent.OptedOut
	}
	// A START lifts the carrier's own block on the pair, whether or not it had opted out.
	c.Unblock = f.Word == routing.KeyStart && d.Place == routing.InThread && route.Blocked && x.held == nil
	x.consents(d, f, &c, e, now)
	if route != nil && now.Before(route.Answered.Add(24*time.Hour)) {
		x.noAuto = true
	}
	if d.AutoAnswer && !late && !x.noAuto && !x.from.Short() && !routing.Automatic(x.in.Body) {
		answer := routing.Event{
			ID: x.newEvent(thread, now.Add(time.Microsecond)), Dir: routing.Outbound, Author: routing.Author{Role: routing.RoleSystem, Name: "Snout"}, Text: plain(mismatchText(number)),
			Visibility: routing.VisibleOwner, At: now.Add(time.Microsecond), From: x.to, To: x.from, Number: number.ID, Status: routing.Queued, Purpose: "auto",
		}
		c.Auto, c.AutoTo, c.AutoOn, c.AutoAt = &answer, x.from, x.to, now
		for i := range c.Routes {
			if c.Routes[i].Route.Phone == x.from {
				c.Routes[i].Route.Answered = now
			}
		}
	}
	c.Seen = x.seen(d)
	c.Seen.Reason, c.Seen.Thread, c.Seen.Event = routed.Reason, thread, e.ID
	err := x.Table.CommitInbound(ctx, c)
	x.routed = x.routed || store.RefusedBy(err, "route")
	if x.held != nil && store.RefusedBy(err, "held") {
		return Received{Seen: c.Seen, Repeat: true}, nil // another release had it
	}
	if store.RefusedBy(err, "auto") || store.RefusedBy(err, "consent") {
		x.noAuto = true
	}
	return Received{Seen: c.Seen}, err
}

// reason adds to a reason what helps the owner: the next window, the sitters to
// choose between.
func reason(d routing.Decision, zone *time.Location) string {
	if d.Rule == 9 {
		if d.Next.Start.IsZero() {
			return d.Reason
		}
		return d.Reason + ": next window " + routing.WallDate(d.Next.Start, zone) + " – " + routing.WallTime(d.Next.Start, zone)
	}
	return d.Reason
}

// text keeps a body as it came. What is no UTF-8 was marked when the form was read.
func text(body string) string { return strings.ToValidUTF8(body, "\uFFFD") }

func mismatchText(n *routing.Number) string {
	if n.MismatchText != "" {
		return strings.ReplaceAll(n.MismatchText, "{org}", n.OrgName)
	}
	return "Thanks for your message. This number is only for current bookings, so we passed it to our office. They will get back to you. - " + n.OrgName
}

// make prepares the thread that a text opens, with its routes and the client's
// ledger.
func (x *inbound) make(ctx context.Context, number *routing.Number, route *routing.Route, claim store.Claim, client routing.ClientID, d routing.Decision, c *store.InboundCommit, now time.Time) (*routing.Thread, error) {
	th := &routing.Thread{
		ID: x.newThread(number.Org), Org: number.Org, Kind: d.NewKind, Number: number.Phone, NumID: number.ID, Client: client,
		Phones: []routing.Phone{x.from}, Rev: 1, CreatedAt: now,
	}
	if client != "" {
		if claim.Client != client || claim.Version == 0 {
			// The route names the client, or the phone's row is from before it carried a copy.
			file, _, err := x.Table.ClientFile(ctx, number.Org, client)
			if err != nil {
				return nil, err
			}
			claim = store.Claim{Client: client, Name: file.Name, Pets: file.Pets, Phones: file.Phones}
		}
		th.Name, th.Pets = claim.Name, claim.Pets
		if d.NewKind != routing.Guest {
			th.Phones = phonesWith(claim.Phones, x.from)
			held := routing.Held{Thread: th.ID, Kind: th.Kind, Number: th.Number, NumID: th.NumID}
			if number.Class == routing.SitterNum {
				held.Sitter = number.Sitter
			}
			c.Holds, c.Claim = &held, &claim
		}
	}
	was := map[routing.Phone]*routing.Route{}
	if len(th.Phones) > 1 && x.routed {
		// A household's other phones have hardly ever a route where this one has none, and
		// the commit says so if they have.
		var err error
		if was, err = x.Table.Routes(ctx, number.Phone, th.Phones); err != nil {
			return nil, err
		}
	}
	// The decision was made on the sender's route as it was read before: a thread that
	// the household's other phone has opened since must be seen as the change it is.
	was[x.from] = route
	for _, p := range th.Phones {
		c.Routes = append(c.Routes, store.RouteChange{
			Route: routing.Route{Number: number.Phone, Phone: p, Org: number.Org, Thread: th.ID, Kind: th.Kind, Client: client, Rev: th.Rev},
			Was:   was[p],
		})
	}
	c.Make = th
	return th, nil
}

// phonesWith are a client's phones with the one that wrote among them.
func phonesWith(ps []routing.Phone, p routing.Phone) []routing.Phone {
	for _, x := range ps {
		if x == p {
			return ps
		}
	}
	return append([]routing.Phone{p}, ps...)
}

// firstOf fills a new thread's row from its first event.
func (x *inbound) firstOf(th *routing.Thread, e routing.Event, t store.Touch) {
	th.LastAt, th.LastText, th.LastDir, th.LastRole = e.At, store.Preview(e.Text), e.Dir, e.Author.Role
	if e.Visibility == routing.VisibleAll {
		th.LastAllText, th.LastAllAt, th.LastAllBk = store.Preview(e.Text), e.At, e.Booking
		if e.Hidden != "" {
			th.LastAllText = store.Preview(e.Hidden)
		}
	}
	th.Unread, th.SitterUnread, th.ReplyTo, th.Flagged = t.Unread, t.SitterUnread, t.ReplyTo, t.Flagged
	th.NeedsReply = t.NeedsReply != nil && *t.NeedsReply
	if t.Opens != nil {
		th.Open, th.OpenReason, th.OpenRule, th.OpenSince, th.Choices = 1, t.Opens.Reason, t.Opens.Rule, e.At, t.Choices
	}
}

// contextTexts is how many of a thread's last texts screening looks at.
const contextTexts = 12

// screen looks at a client's text in a service thread. It is delivered, flagged and
// the owner told, with what was matched hidden from the sitter; or held, where the
// org asks for that. Emergencies are never held.
func (x *inbound) screen(ctx context.Context, number *routing.Number, th routing.ThreadID, e *routing.Event, t *store.Touch, c *store.InboundCommit, now time.Time) error {
	m := screening.Message{Text: screening.Text{Author: screening.Client, Body: e.Text}, Own: screening.Own{Numbers: []string{number.Phone.E164()}}}
	if c.Make == nil && fragment(e.Text) {
		var err error
		if m.Context, err = x.lastTexts(ctx, th); err != nil {
			return err
		}
	}
	v := x.Screen(m)
	theirs := numberIn(e.Text, x.from)
	if !v.Swap && len(theirs) == 0 {
		return nil
	}
	// What belongs to the business, and what the owner allowed here, is read only for a
	// text like this one.
	var err error
	if m.Own, err = x.own(ctx, number.Org, number.Phone); err != nil {
		return err
	}
	if c.Make == nil {
		known, err := x.Table.Thread(ctx, th)
		if err != nil {
			return err
		}
		m.Exceptions = known.Exceptions
	}
	v = x.Screen(m)
	// The writer's own number is hidden whatever the words around it make of it: a
	// screen that takes it for a vet's would show it to the sitter.
	for _, own := range theirs {
		if slices.Contains(m.Exceptions, screening.Normalise(e.Text[own.Start:own.End])) || slices.ContainsFunc(v.Spans, func(s screening.Span) bool { return s.Start < own.End && own.Start < s.End }) {
			continue
		}
		v.Swap, v.Spans = true, append(v.Spans, own)
		if v.Explanation == "" {
			v.Explanation = "It holds the client's own number."
		}
	}
	slices.SortFunc(v.Spans, func(a, b screening.Span) int { return a.Start - b.Start })
	if !v.Swap {
		return nil
	}
	for _, s := range v.Spans {
		e.Flags = append(e.Flags, routing.Flagged{Family: string(s.Family), Start: s.Start, End: s.End})
	}
	if len(e.Flags) == 0 {
		e.Flags = []routing.Flagged{{Family: families(v)}}
	}
	e.Hidden = screening.Hide(e.Text, v.Spans)
	t.Flagged = true
	a := routing.Alert{Kind: "contact_swap_client", Severity: "info", Thread: th, Text: "A client's message may share contact details: " + v.Explanation}
	if v.Emergency {
		a.Severity = "high" // for what is happening, not for the detail
	}
	if number.HoldSwaps && !v.Emergency && e.Visibility == routing.VisibleAll {
		e.Visibility, e.Status, e.Open = routing.VisibleOwner, routing.Blocked, true
		t.SitterUnread, t.Opens = 0, &routing.Routed{Rule: e.Routing.Rule, Reason: "Held: possible contact swap"}
		a.Severity, a.Text = "high", "A client's message was held back from the sitter: "+v.Explanation
	}
	a = x.alert(number.Org, now, a)
	a.Event = e.ID
	c.Alerts = append(c.Alerts, a)
	return nil
}

// numberIn finds a phone in a text, however its digits are set apart, with or
// without its country code.
func numberIn(text string, p routing.Phone) []screening.Span {
	want := strings.TrimPrefix(p.E164(), "+")
	if len(want) > 10 {
		want = want[len(want)-10:]
	}
	if len(want) < 7 {
		return nil
	}
	var digits []byte
	var at []int
	var found []screening.Span
	apart := 0 // characters since the last digit
	for i, c := range text {
		switch {
		case c >= '0' && c <= '9':
			digits, at, apart = append(digits, byte(c)), append(at, i), 0
		case unicode.IsLetter(c) || apart >= 3:
			digits, at = digits[:0], at[:0]
			continue
		default:
			apart++
			continue
		}
		if n := len(digits) - len(want); n >= 0 && string(digits[n:]) == want {
			found = append(found, screening.Span{Start: at[n], End: i + 1, Family: screening.PlainPhone})
			digits, at = digits[:0], at[:0]
		}
	}
	return found
}

func families(v screening.Verdict) string {
	var fs []string
	for _, f := range v.Families {
		fs = append(fs, string(f))
	}
	return strings.Join(fs, ",")
}

// fragment tells whether a text could be a part of something that is complete only
// with the texts around it. Most texts could not, and spare a read.
func fragment(s string) bool {
	digits := 0
	for _, c := range s {
		if unicode.IsNumber(c) || c == '@' {
			digits++
		}
	}
	if digits > 0 {
		return true
	}
	low := strings.ToLower(s)
	for _, w := range [...]string{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "dot", "com", "gmail", "number", "digits"} {
		if strings.Contains(low, w) {
			return true
		}
	}
	return false
}

// lastTexts are a thread's last texts by either party, oldest first.
func (r *Relay) lastTexts(ctx context.Context, th routing.ThreadID) ([]screening.Text, error) {
	es, _, err := r.Table.Events(ctx, th, "", contextTexts)
	if err != nil {
		return nil, err
	}
	var ts []screening.Text
	for i := len(es) - 1; i >= 0; i-- {
		e := es[i]
		switch {
		case e.Dir == routing.Inbound:
			ts = append(ts, screening.Text{Author: screening.Client, Body: e.Text})
		case e.Dir == routing.Outbound && e.Author.Role == routing.RoleSitter:
			ts = append(ts, screening.Text{Author: screening.Sitter, Body: e.Text})
		}
	}
	return ts, nil
}
