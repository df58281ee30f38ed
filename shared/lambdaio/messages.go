package lambdaio

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"snout/shared/inbox"
	"snout/shared/relay"
	"snout/shared/routing"
	"snout/shared/store"
)

// people are who may use the messaging routes.
var errUnknownOrg = routing.Refuse(routing.CodeForbidden, "Your account belongs to no business here.")

// Messages is the function behind reading and the owner's actions.
func Messages(ctx context.Context, h Host) (lambda.Handler, error) {
	p, err := build(ctx, h)
	if err != nil {
		return nil, err
	}
	p.warm(ctx)
	owner, both := p.owner, p.person
	return p.api("messages", map[string]Endpoint{
		"GET /api/messages/me":                       p.me,
		"PATCH /api/messages/me":                     p.sitter(p.patchMe),
		"GET /api/messages/threads":                  both(p.listThreads),
		"GET /api/messages/threads/{id}":             both(p.openThread),
		"POST /api/messages/threads/{id}/read":       both(p.readThread),
		"POST /api/messages/threads/{id}/assign":     owner(p.assignThread),
		"POST /api/messages/threads/{id}/done":       owner(p.doneThread),
		"POST /api/messages/threads/{id}/extend":     owner(p.extendThread),
		"POST /api/messages/threads/{id}/notes":      owner(p.noteThread),
		"POST /api/messages/threads/{id}/exceptions": owner(p.exceptThread),
		"POST /api/messages/threads/{id}/ask":        p.sitter(p.askOffice),
		"POST /api/messages/events/{id}/forward":     owner(p.forwardEvent),
		"POST /api/messages/events/{id}/release":     owner(p.releaseEvent),
		"POST /api/messages/events/{id}/retry":       owner(p.retryEvent),
		"POST /api/messages/alerts/{id}/resolve":     owner(p.resolveAlert),
		"POST /api/messages/alerts/{id}/accept":      owner(p.acceptAlert),
		"POST /api/messages/explain":                 p.explain,
	}), nil
}

// Send is the function behind sending.
func Send(ctx context.Context, h Host) (lambda.Handler, error) {
	p, err := build(ctx, h)
	if err != nil {
		return nil, err
	}
	p.warmToScreen(ctx)
	return p.api("send", map[string]Endpoint{
		"POST /api/messages/send":    p.person(p.send),
		"POST /api/messages/media":   p.person(p.upload),
		"POST /api/messages/threads": p.owner(p.startThread),
	}), nil
}

// Diagnostics is the function behind the figures.
func Diagnostics(ctx context.Context, h Host) (lambda.Handler, error) {
	p, err := build(ctx, h)
	if err != nil {
		return nil, err
	}
	p.warm(ctx)
	return p.api("diagnostics", map[string]Endpoint{"GET /api/messages/diagnostics": p.diagnostics}), nil
}

// person lets owners and sitters in, while messaging is on for them.
func (p *parts) person(next Endpoint) Endpoint {
	return func(ctx context.Context, r *Request) (Response, error) {
		if err := r.Only(routing.RoleOwner, routing.RoleSitter); err != nil {
			return Response{}, err
		}
		if _, err := p.relay.Open(ctx, r.Who); err != nil {
			return Response{}, err
		}
		return next(ctx, r)
	}
}

func (p *parts) only(role routing.Role, next Endpoint) Endpoint {
	return p.person(func(ctx context.Context, r *Request) (Response, error) {
		if r.Who.Role != role {
			return Response{}, routing.Refuse(routing.CodeForbidden, "This is not open to you.")
		}
		return next(ctx, r)
	})
}

func (p *parts) owner(next Endpoint) Endpoint  { return p.only(routing.RoleOwner, next) }
func (p *parts) sitter(next Endpoint) Endpoint { return p.only(routing.RoleSitter, next) }

type meAnswer struct {
	Role                  routing.Role `json:"role"`
	SitterID              *string      `json:"sitterId"`
	Name                  string       `json:"name"`
	OrgName               string       `json:"orgName"`
	TimeZone              string       `json:"timeZone"`
	MessagingEnabled      bool         `json:"messagingEnabled"`
	SitterMessagesEnabled bool         `json:"sitterMessagesEnabled"`
	Ops                   bool         `json:"ops"`
	Canned                []string     `json:"canned,omitempty"`
	Notify                *bool        `json:"notify,omitempty"` // a sitter's whose phone the office knows: whether it is told
}

func (p *parts) me(ctx context.Context, r *Request) (Response, error) {
	who := r.Who
	if who.Role == "" {
		return Response{}, errUnknownOrg
	}
	f := p.flags.Flags(ctx)
	a := meAnswer{Role: who.Role, Name: who.Name, MessagingEnabled: f.Messaging, Ops: who.Ops, SitterMessagesEnabled: f.Messaging && f.SitterMessages}
	if who.Role == routing.RoleSitter {
		id := string(who.Sitter)
		a.SitterID = &id
		a.SitterMessagesEnabled = f.Messaging && f.SitterMay(who.Sitter)
		s, err := p.table.Sitter(ctx, who.Org, who.Sitter)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return Response{}, err
		}
		if !s.Phone.IsZero() {
			a.Notify = &s.Notify
		}
	}
	if who.Org != "" {
		org, err := p.table.Org(ctx, who.Org)
		if errors.Is(err, store.ErrNotFound) {
			return Response{}, errUnknownOrg
		}
		if err != nil {
			return Response{}, err
		}
		a.OrgName, a.TimeZone = org.Name, org.Zone
		if who.Role == routing.RoleOwner {
			a.Canned = org.Settings.Canned
		}
	}
	return OK(a)
}

// patchMe is how a sitter asks to be told on their own phone that somebody wrote.
func (p *parts) patchMe(ctx context.Context, r *Request) (Response, error) {
	q, err := Decode[struct {
		Notify *bool `json:"notify"`
	}](r)
	if err != nil {
		return Response{}, err
	}
	if q.Notify == nil {
		return Response{}, routing.Invalid("notify", "This must be true or false.")
	}
	if err := p.relay.NotifyMe(ctx, r.Who, *q.Notify); err != nil {
		return Response{}, err
	}
	return p.me(ctx, r)
}

func (p *parts) listThreads(ctx context.Context, r *Request) (Response, error) {
	q := inbox.ListRequest{Box: r.Query.Get("box"), Search: r.Query.Get("search"), Cursor: r.Query.Get("cursor")}
	if q.Box == "" {
		q.Box = inbox.Conversations
	}
	if q.Box != inbox.Conversations && q.Box != inbox.OwnerInbox && q.Box != inbox.BillingBox {
		return Response{}, routing.Invalid("box", "This must be conversations, owner_inbox or billing.")
	}
	if len([]rune(q.Search)) > 100 {
		return Response{}, routing.Invalid("search", "At most 100 characters.")
	}
	var err error
	if q.Limit, err = r.Limit(); err != nil {
		return Response{}, err
	}
	if q.Unread, err = parseBool("unread", r.Query.Get("unread")); err != nil {
		return Response{}, err
	}
	if r.Who.Role == routing.RoleSitter {
		if q.Box != inbox.Conversations {
			return Response{}, routing.Refuse(routing.CodeNotFound, "There is no such list.")
		}
		list, err := p.inbox.SitterThreads(ctx, r.Who, q)
		if err != nil {
			return Response{}, err
		}
		return tagged(r, list)
	}
	list, err := p.inbox.OwnerThreads(ctx, r.Who, q)
	if err != nil {
		return Response{}, err
	}
	return tagged(r, list)
}

func (r *Request) thread() (routing.ThreadID, error) {
	id, err := routing.ParseThreadID(r.Path["id"])
	if err != nil {
		return "", routing.Refuse(routing.CodeThreadNotFound, "There is no such conversation.")
	}
	return id, nil
}

func (r *Request) event() (routing.EventID, error) {
	id, err := routing.ParseEventID(r.Path["id"])
	if err != nil {
		return "", routing.Refuse(routing.CodeNotFound, "There is no such message.")
	}
	return id, nil
}

func (p *parts) openThread(ctx context.Context, r *Request) (Response, error) {
	id, err := r.thread()
	if err != nil {
		return Response{}, err
	}
	limit, err := r.Limit()
	if err != nil {
		return Response{}, err
	}
	cursor := r.Query.Get("cursor")
	if cursor != "" {
		if _, err := routing.ParseEventID(string(routing.NewEventID(id, cursor))); err != nil {
			return Response{}, routing.Invalid("cursor", "This cursor is not of this conversation.")
		}
	}
	lineOf(ctx).Set("thread", string(id))
	if r.Who.Role == routing.RoleSitter {
		t, err := p.inbox.SitterThread(ctx, r.Who, id, cursor, limit)
		if err != nil {
			return Response{}, err
		}
		return tagged(r, t)
	}
	t, err := p.inbox.OwnerThread(ctx, r.Who, id, cursor, limit)
	if err != nil {
		return Response{}, err
	}
	return tagged(r, t)
}

// nothing is what an action answers that has nothing to tell.
func nothing(err error) (Response, error) {
	if err != nil {
		return Response{}, err
	}
	return Response{Status: 200, Body: map[string]bool{"ok": true}}, nil
}

func (p *parts) readThread(ctx context.Context, r *Request) (Response, error) {
	id, err := r.thread()
	if err != nil {
		return Response{}, err
	}
	q := struct {
		Read *bool `json:"read"`
	}{}
	if len(bytes.TrimSpace(r.Body)) > 0 {
		if q, err = Decode[struct {
			Read *bool `json:"read"`
		}](r); err != nil {
			return Response{}, err
		}
	}
	if q.Read != nil && !*q.Read {
		return nothing(p.relay.Unread(ctx, r.Who, id))
	}
	return nothing(p.relay.Read(ctx, r.Who, id))
}

// maxReason bounds what people give as a reason or a note on a button.
const maxReason = 500

func checkReason(field, s string, needed bool) error {
	switch n := len([]rune(s)); {
	case needed && strings.TrimSpace(s) == "":
		return routing.Invalid(field, "A reason is needed.")
	case n > maxReason:
		return routing.Invalid(field, "At most 500 characters.")
	}
	return nil
}

func (p *parts) assignThread(ctx context.Context, r *Request) (Response, error) {
	id, err := r.thread()
	if err != nil {
		return Response{}, err
	}
	q, err := Decode[struct {
		SitterID  json.RawMessage `json:"sitterId"`
		BookingID *string         `json:"bookingId"`
		Reason    string          `json:"reason"`
	}](r)
	if err != nil {
		return Response{}, err
	}
	if err := checkReason("reason", q.Reason, false); err != nil {
		return Response{}, err
	}
	// null takes the sitter away, which nobody should do by forgetting a field.
	if q.SitterID == nil {
		return Response{}, routing.Invalid("sitterId", "This is needed: a sitter's id, or null for nobody.")
	}
	var named *string
	if err := json.Unmarshal(q.SitterID, &named); err != nil {
		return Response{}, routing.Invalid("sitterId", "This must be a string or null.")
	}
	var sitter routing.SitterID
	if named != nil {
		if sitter, err = routing.ParseSitterID(*named); err != nil {
			return Response{}, routing.Invalid("sitterId", "There is no such sitter.")
		}
	}
	var booking routing.BookingID
	if q.BookingID != nil {
		if booking, err = routing.ParseBookingID(*q.BookingID); err != nil {
			return Response{}, routing.Invalid("bookingId", "There is no such booking.")
		}
	}
	b, err := p.relay.AssignThread(ctx, r.Who, id, sitter, booking, q.Reason)
	if err != nil {
		return Response{}, err
	}
	return OK(map[string]any{"bookingId": b.ID, "sitterId": orNull(string(b.Sitter)), "version": b.Version})
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func (p *parts) doneThread(ctx context.Context, r *Request) (Response, error) {
	id, err := r.thread()
	if err != nil {
		return Response{}, err
	}
	q, err := Decode[struct {
		Done *bool `json:"done"`
	}](r)
	if err != nil {
		return Response{}, err
	}
	if q.Done == nil {
		return Response{}, routing.Invalid("done", "This is needed: true or false.")
	}
	return nothing(p.relay.Done(ctx, r.Who, id, *q.Done))
}

func (p *parts) extendThread(ctx context.Context, r *Request) (Response, error) {
	id, err := r.thread()
	if err != nil {
		return Response{}, err
	}
	q, err := Decode[struct {
		Minutes int    `json:"minutes"`
		Reason  string `json:"reason"`
	}](r)
	if err != nil {
		return Response{}, err
	}
	if err := checkReason("reason", q.Reason, true); err != nil {
		return Response{}, err
	}
	w, err := p.relay.Extend(ctx, r.Who, id, q.Minutes, q.Reason)
	if err != nil {
		return Response{}, err
	}
	return OK(map[string]any{"bookingId": w.Booking, "startAt": routing.Stamp(w.Start), "endAt": routing.Stamp(w.End)})
}

func (p *parts) exceptThread(ctx context.Context, r *Request) (Response, error) {
	id, err := r.thread()
	if err != nil {
		return Response{}, err
	}
	q, err := Decode[struct {
		Text    string `json:"text"`
		Allowed *bool  `json:"allowed"`
		Reason  string `json:"reason"`
	}](r)
	if err != nil {
		return Response{}, err
	}
	if err := checkReason("reason", q.Reason, true); err != nil {
		return Response{}, err
	}
	if err := relay.CheckText("text", q.Text, false); err != nil {
		return Response{}, err
	}
	now, err := p.relay.Except(ctx, r.Who, id, q.Text, q.Allowed == nil || *q.Allowed, q.Reason)
	if err != nil {
		return Response{}, err
	}
	return OK(map[string]any{"exceptions": orEmpty(now)})
}

type textBody struct {
	Text string `json:"text"`
}

func (p *parts) noteThread(ctx context.Context, r *Request) (Response, error) {
	id, err := r.thread()
	if err != nil {
		return Response{}, err
	}
	q, err := Decode[textBody](r)
	if err != nil {
		return Response{}, err
	}
	e, err := p.relay.Note(ctx, r.Who, id, q.Text)
	if err != nil {
		return Response{}, err
	}
	return Response{Status: 201, Body: map[string]any{"eventId": e.ID, "at": routing.Stamp(e.At)}}, nil
}

func (p *parts) askOffice(ctx context.Context, r *Request) (Response, error) {
	id, err := r.thread()
	if err != nil {
		return Response{}, err
	}
	q, err := Decode[textBody](r)
	if err != nil {
		return Response{}, err
	}
	e, err := p.relay.Ask(ctx, r.Who, id, q.Text)
	if err != nil {
		return Response{}, err
	}
	return Response{Status: 201, Body: map[string]any{"eventId": e.ID, "at": routing.Stamp(e.At)}}, nil
}

func (p *parts) forwardEvent(ctx context.Context, r *Request) (Response, error) {
	id, err := r.event()
	if err != nil {
		return Response{}, err
	}
	q, err := Decode[struct {
		SitterID *string `json:"sitterId"`
	}](r)
	if err != nil {
		return Response{}, err
	}
	var sitter routing.SitterID
	if q.SitterID != nil {
		if sitter, err = routing.ParseSitterID(*q.SitterID); err != nil {
			return Response{}, routing.Invalid("sitterId", "There is no such sitter.")
		}
	}
	return nothing(p.relay.Forward(ctx, r.Who, id, sitter))
}

type sendAnswer struct {
	EventID  routing.EventID  `json:"eventId"`
	Status   routing.Status   `json:"status"`
	ThreadID routing.ThreadID `json:"threadId"`
}

func sent(a relay.SendAnswer, err error) (Response, error) {
	if err != nil {
		return Response{}, err
	}
	return Response{Status: 202, Body: sendAnswer{a.Event, a.Status, a.Thread}}, nil
}

func (p *parts) releaseEvent(ctx context.Context, r *Request) (Response, error) {
	id, err := r.event()
	if err != nil {
		return Response{}, err
	}
	q, err := Decode[struct {
		Reason string `json:"reason"`
	}](r)
	if err != nil {
		return Response{}, err
	}
	if err := checkReason("reason", q.Reason, true); err != nil {
		return Response{}, err
	}
	return sent(p.relay.ReleaseStopped(ctx, r.Who, id, q.Reason))
}

func (p *parts) retryEvent(ctx context.Context, r *Request) (Response, error) {
	id, err := r.event()
	if err != nil {
		return Response{}, err
	}
	return sent(p.relay.Retry(ctx, r.Who, id))
}

func (p *parts) resolveAlert(ctx context.Context, r *Request) (Response, error) {
	id, err := routing.ParseAlertID(r.Path["id"])
	if err != nil {
		return Response{}, routing.Refuse(routing.CodeNotFound, "There is no such alert.")
	}
	var q struct {
		Note string `json:"note"`
	}
	if len(r.Body) > 0 {
		if q, err = Decode[struct {
			Note string `json:"note"`
		}](r); err != nil {
			return Response{}, err
		}
	}
	if err := checkReason("note", q.Note, false); err != nil {
		return Response{}, err
	}
	a, err := p.relay.Resolve(ctx, r.Who, id, q.Note)
	if err != nil {
		return Response{}, err
	}
	return OK(inbox.AlertOf(a))
}

func (p *parts) acceptAlert(ctx context.Context, r *Request) (Response, error) {
	id, err := routing.ParseAlertID(r.Path["id"])
	if err != nil {
		return Response{}, routing.Refuse(routing.CodeNotFound, "There is no such alert.")
	}
	a, err := p.relay.Accept(ctx, r.Who, id)
	if err != nil {
		return Response{}, err
	}
	return OK(inbox.AlertOf(a))
}

func (p *parts) send(ctx context.Context, r *Request) (Response, error) {
	q, err := Decode[struct {
		ThreadID   string   `json:"threadId"`
		Text       string   `json:"text"`
		Media      []string `json:"media"`
		Visibility string   `json:"visibility"`
	}](r)
	if err != nil {
		return Response{}, err
	}
	if q.ThreadID == "" {
		return Response{}, routing.Invalid("threadId", "This is needed.")
	}
	id, err := routing.ParseThreadID(q.ThreadID)
	if err != nil {
		return Response{}, routing.Refuse(routing.CodeThreadNotFound, "There is no such conversation.")
	}
	lineOf(ctx).Set("thread", string(id))
	got, err := p.relay.Send(ctx, r.Who, relay.SendRequest{Thread: id, Text: q.Text, Media: q.Media, Visibility: routing.Visibility(q.Visibility), Key: r.Header("Idempotency-Key")})
	noteSent(ctx, err)
	return sent(got, err)
}

func noteSent(ctx context.Context, err error) {
	var no *routing.Refusal
	switch {
	case err == nil:
		lineOf(ctx).Count("OutboundTexts", 1)
	case errors.As(err, &no) && no.Code == routing.CodeAntiPoaching:
		lineOf(ctx).Count("AntiPoachingBlocked", 1)
	}
}

func (p *parts) startThread(ctx context.Context, r *Request) (Response, error) {
	q, err := Decode[struct {
		BookingID string `json:"bookingId"`
		ClientID  string `json:"clientId"`
		Kind      string `json:"kind"`
		Phone     string `json:"phone"`
		Text      string `json:"text"`
	}](r)
	if err != nil {
		return Response{}, err
	}
	s := relay.StartRequest{Text: q.Text, Key: r.Header("Idempotency-Key")}
	named := 0
	if q.BookingID != "" {
		named++
		if s.Booking, err = routing.ParseBookingID(q.BookingID); err != nil {
			return Response{}, routing.Refuse(routing.CodeNotFound, "There is no such booking.")
		}
	}
	if q.ClientID != "" {
		named++
		if s.Client, err = routing.ParseClientID(q.ClientID); err != nil {
			return Response{}, routing.Refuse(routing.CodeNotFound, "There is no such client.")
		}
	}
	if q.Phone != "" {
		named++
		if s.Phone, err = routing.ParsePhone(q.Phone); err != nil || q.Phone[0] != '+' {
			return Response{}, routing.Invalid("phone", "This must be a phone number such as +15555550123.")
		}
	}
	if named != 1 {
		return Response{}, routing.Invalid("body", "Name exactly one of bookingId, clientId and phone.")
	}
	switch s.Kind = routing.Kind(q.Kind); {
	case s.Kind == "":
	case s.Client == "" || s.Kind != routing.FrontDeskTalk && s.Kind != routing.Billing:
		return Response{}, routing.Invalid("kind", "With a clientId this may be front_desk or billing.")
	}
	got, err := p.relay.Start(ctx, r.Who, s)
	noteSent(ctx, err)
	return sent(got, err)
}

func (p *parts) diagnostics(ctx context.Context, r *Request) (Response, error) {
	org, ops, err := p.orgFor(r)
	if err != nil {
		return Response{}, err
	}
	d, err := p.inbox.Diagnostics(ctx, org, ops)
	if err != nil {
		return Response{}, err
	}
	d.Stage, d.Version = p.stage, p.version
	d.FeatureFlags, _ = p.flags.Read(ctx) // unreadable flags show as what they are taken for
	d.FeatureFlags = shownFlags(d.FeatureFlags)
	// The one figure that nothing that happens counts: it changes with the clock.
	lineOf(ctx).Count("SitterNoActiveWindow", float64(d.Summary.SitterNoActiveWindow))
	return OK(d)
}

// orgFor is whose figures are asked for: an owner's own org; for ops the one named.
func (p *parts) orgFor(r *Request) (routing.OrgID, bool, error) {
	if err := r.Only(routing.RoleOwner, routing.RoleOps); err != nil {
		return "", false, err
	}
	asked := r.Query.Get("org")
	if r.Who.Ops && asked != "" {
		org, err := routing.ParseOrgID(asked)
		if err != nil {
			return "", false, routing.Refuse(routing.CodeNotFound, "There is no such org.")
		}
		return org, true, nil
	}
	if r.Who.Org == "" {
		return "", false, routing.Invalid("org", "Name an org: ?org=.")
	}
	if asked != "" && asked != string(r.Who.Org) {
		return "", false, routing.Refuse(routing.CodeNotFound, "There is no such org.")
	}
	return r.Who.Org, r.Who.Ops, nil
}

func (p *parts) explain(ctx context.Context, r *Request) (Response, error) {
	if err := r.Only(routing.RoleOwner, routing.RoleOps); err != nil {
		return Response{}, err
	}
	q, err := Decode[struct {
		From  string            `json:"from"`
		To    string            `json:"to"`
		At    string            `json:"at"`
		Text  string            `json:"text"`
		Held  bool              `json:"held"`
		Flags map[string]string `json:"flags"`
	}](r)
	if err != nil {
		return Response{}, err
	}
	x := relay.ExplainRequest{Body: q.Text, Held: q.Held}
	if !r.Who.Ops {
		x.Org = r.Who.Org
	}
	if x.From, err = routing.ParsePhone(q.From); err != nil {
		return Response{}, routing.Invalid("from", "This must be a phone number such as +15555550123.")
	}
	if x.To, err = routing.ParsePhone(q.To); err != nil {
		return Response{}, routing.Invalid("to", "This must be a phone number such as +15555550123.")
	}
	if q.At != "" {
		if x.At, err = time.Parse(time.RFC3339Nano, q.At); err != nil {
			return Response{}, routing.Invalid("at", "This must be an instant such as 2026-03-08T09:00:00Z.")
		}
	}
	if q.Flags != nil {
		f, err := askedFlags(p.flags.Flags(ctx), q.Flags)
		if err != nil {
			return Response{}, err
		}
		x.Flags = &f
	}
	e, err := p.relay.Explain(ctx, x)
	if err != nil {
		return Response{}, err
	}
	return OK(map[string]any{
		"routingTarget": e.Target, "routingReason": e.Reason, "rule": e.Rule, "threadId": orNull(string(e.Thread)), "trace": e.Trace,
	})
}
