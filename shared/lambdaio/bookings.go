package lambdaio

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"snout/shared/flags"
	"snout/shared/office"
	"snout/shared/routing"
	"snout/shared/screening"
	"snout/shared/store"
)

// flagSwitch reads and flips the stage's flags.
type flagSwitch interface {
	Read(context.Context) (map[string]string, error)
	Set(context.Context, map[string]string) error
}

// officeRoutes are the records the owner keeps. try says what screening would do with
// a text; its answer is shown as it is.
func officeRoutes(o *office.Office, fs flagSwitch, try func(m screening.Message, hold bool) any) map[string]Endpoint {
	e := officeEnd{o}
	return map[string]Endpoint{
		"GET /api/bookings":                 owner(e.bookings),
		"POST /api/bookings":                owner(e.createBooking),
		"GET /api/bookings/{id}":            owner(e.booking),
		"PATCH /api/bookings/{id}":          owner(e.patchBooking),
		"GET /api/clients":                  owner(e.clients),
		"POST /api/clients":                 owner(e.createClient),
		"PATCH /api/clients/{id}":           owner(e.patchClient),
		"GET /api/clients/{id}/consent":     owner(e.consent),
		"GET /api/threads/{id}/consent":     owner(e.threadConsent),
		"GET /api/sitters":                  owner(e.sitters),
		"POST /api/sitters":                 owner(e.createSitter),
		"PATCH /api/sitters/{id}":           owner(e.patchSitter),
		"POST /api/sitters/{id}/unlock":     owner(e.unlock),
		"POST /api/sitters/{id}/offboard":   owner(e.offboard),
		"GET /api/numbers":                  owner(e.numbers),
		"POST /api/numbers":                 owner(e.addNumber),
		"POST /api/numbers/{id}/quarantine": owner(e.step(o.Quarantine)),
		"POST /api/numbers/{id}/restore":    owner(e.step(o.Restore)),
		"POST /api/numbers/{id}/assign":     owner(e.assign),
		"POST /api/numbers/{id}/release":    owner(e.step(o.Release)),
		"GET /api/settings":                 owner(e.settings),
		"PATCH /api/settings":               owner(e.patchSettings),
		"POST /api/screening/try":           owner(e.tryText(try)),
		"GET /api/flags":                    readFlags(fs),
		"PUT /api/flags":                    setFlags(o, fs),
	}
}

// owner opens an endpoint to owners alone.
func owner(next Endpoint) Endpoint {
	return func(ctx context.Context, r *Request) (Response, error) {
		if err := r.Only(routing.RoleOwner); err != nil {
			return Response{}, err
		}
		return next(ctx, r)
	}
}

type officeEnd struct{ o *office.Office }

// The shapes of api.md.
type (
	visitJSON struct {
		ID      routing.VisitID `json:"id"`
		StartAt string          `json:"startAt"`
		EndAt   string          `json:"endAt"`
	}
	warningJSON struct {
		Kind      string            `json:"kind"`
		BookingID routing.BookingID `json:"bookingId"`
		Text      string            `json:"text"`
	}
	bookingJSON struct {
		ID           routing.BookingID `json:"id"`
		ClientID     routing.ClientID  `json:"clientId"`
		SitterID     *routing.SitterID `json:"sitterId"`
		Service      string            `json:"service"`
		StartAt      string            `json:"startAt"`
		EndAt        string            `json:"endAt"`
		Visits       []visitJSON       `json:"visits"`
		Recurrence   *string           `json:"recurrence"`
		Status       string            `json:"status"`
		Pets         []string          `json:"pets"`
		MeetAndGreet *string           `json:"meetAndGreet"`
		Version      int64             `json:"version"`
		Warnings     []warningJSON     `json:"warnings,omitempty"`
	}
	clientJSON struct {
		ID        routing.ClientID `json:"id"`
		Name      string           `json:"name"`
		Phones    []string         `json:"phones"`
		Recurring bool             `json:"recurring"`
		Plan      *string          `json:"plan"`
		Pets      []string         `json:"pets"`
		TimeZone  *string          `json:"timeZone"`
		OptedOut  bool             `json:"optedOut"`
		Version   int64            `json:"version"`
	}
	sitterJSON struct {
		ID      routing.SitterID `json:"id"`
		Name    string           `json:"name"`
		Active  bool             `json:"active"`
		Number  *string          `json:"number"`
		Phone   *string          `json:"phone"`
		Notify  bool             `json:"notify"`
		Locked  bool             `json:"locked"`
		Version int64            `json:"version"`
	}
	healthJSON struct {
		Failures7d int64 `json:"failures7d"`
	}
	numberJSON struct {
		ID          routing.NumberID     `json:"id"`
		E164        string               `json:"e164"`
		NumberClass routing.Class        `json:"numberClass"`
		Status      routing.NumberStatus `json:"status"`
		SitterID    *routing.SitterID    `json:"sitterId"`
		Health      healthJSON           `json:"health"`
		LastUsedAt  *string              `json:"lastUsedAt"`
		Threads     int64                `json:"threads"`
		Reason      *string              `json:"reason"` // of the quarantine or release
		Until       *string              `json:"until"`  // the earliest return of a number whose sitter left
	}
	impactJSON struct {
		Threads         int               `json:"threads"`
		Clients         int               `json:"clients"`
		Open            int               `json:"open"`
		ActiveWindows   int               `json:"activeWindows"`
		UpcomingWindows int               `json:"upcomingWindows"`
		SitterID        *routing.SitterID `json:"sitterId"` // who would be without a number
	}
	spanJSON struct {
		From string `json:"from"`
		To   string `json:"to"`
	}
	textsJSON struct {
		Mismatch   *string `json:"mismatch"`
		Coming     *string `json:"coming"`
		Handoff    *string `json:"handoff"`
		AfterHours *string `json:"afterHours"`
	}
	// settingsJSON is what GET and PATCH /api/settings answer: the values in force. A
	// text that is null is the system's own, or (afterHours) none. PATCH takes the
	// same fields but version; null brings the default back. buffers in a PATCH are the
	// org's own ones, and replace those it had; services not named have the default.
	settingsJSON struct {
		Name            string                        `json:"name"`
		TimeZone        string                        `json:"timeZone"`
		Buffers         map[string]office.BufferInput `json:"buffers"`
		CooldownDays    int                           `json:"cooldownDays"`
		QuarantineDays  int                           `json:"quarantineDays"`
		QuietHours      spanJSON                      `json:"quietHours"`
		OfficeHours     *spanJSON                     `json:"officeHours"`
		Texts           textsJSON                     `json:"texts"`
		HoldClientSwaps bool                          `json:"holdClientSwaps"`
		EscalateMinutes int                           `json:"escalateMinutes"`
		OwnLinks        []string                      `json:"ownLinks"`
		OwnNumbers      []string                      `json:"ownNumbers"`
		Canned          []string                      `json:"canned"`
		OwnerPhone      *string                       `json:"ownerPhone"`
		Version         int64                         `json:"version"`
	}
)

// nullable is nil for the zero value.
func nullable[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// orEmpty is never null in JSON.
func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func bookingOf(b routing.Booking, ws []office.Warning) bookingJSON {
	j := bookingJSON{
		ID: b.ID, ClientID: b.Client, SitterID: nullable(b.Sitter), Service: b.Service, StartAt: routing.Stamp(b.Start), EndAt: routing.Stamp(b.End), Visits: []visitJSON{},
		Recurrence: nullable(b.Recurrence), Status: b.Status, Pets: orEmpty(b.Pets), MeetAndGreet: nullable(b.MeetAndGreet), Version: b.Version,
	}
	for _, v := range b.Visits {
		j.Visits = append(j.Visits, visitJSON{v.ID, routing.Stamp(v.Start), routing.Stamp(v.End)})
	}
	for _, w := range ws {
		j.Warnings = append(j.Warnings, warningJSON{w.Kind, w.Booking, w.Text})
	}
	return j
}

func clientOf(c routing.Client) clientJSON {
	j := clientJSON{
		ID: c.ID, Name: c.Name, Phones: []string{}, Recurring: c.Recurring, Plan: nullable(c.Plan), Pets: orEmpty(c.Pets), TimeZone: nullable(c.Zone), OptedOut: c.OptedOut, Version: c.Version,
	}
	for _, p := range c.Phones {
		j.Phones = append(j.Phones, p.E164())
	}
	return j
}

func sitterOf(s routing.Sitter, r *store.Roster) sitterJSON {
	j := sitterJSON{ID: s.ID, Name: s.Name, Active: s.Active, Phone: nullable(s.Phone.E164()), Notify: s.Notify, Locked: s.Locked, Version: s.Version}
	if r != nil {
		if n, there := r.Number(s.Number); there && s.Number != "" {
			j.Number = nullable(n.Phone.E164())
		}
	}
	return j
}

func (e officeEnd) numberOf(n routing.Number, r *store.Roster) numberJSON {
	h := e.o.HealthOf(r, n.ID)
	return numberJSON{
		ID: n.ID, E164: n.Phone.E164(), NumberClass: n.Class, Status: n.Status, SitterID: nullable(n.Sitter), Health: healthJSON{h.Failures}, LastUsedAt: nullable(routing.Stamp(h.LastUsed)),
		Threads: h.Threads, Reason: nullable(n.Reason), Until: nullable(routing.Stamp(n.Until)),
	}
}

func settingsOf(org routing.Org) settingsJSON {
	s := org.Settings
	j := settingsJSON{
		Name: org.Name, TimeZone: org.Zone, Buffers: map[string]office.BufferInput{}, CooldownDays: int(s.Cooldown() / (24 * time.Hour)), QuarantineDays: int(s.Quarantine() / (24 * time.Hour)),
		QuietHours:      spanJSON{cmp.Or(s.QuietFrom, "21:00"), cmp.Or(s.QuietTo, "08:00")},
		Texts:           textsJSON{nullable(s.MismatchText), nullable(s.ComingText), nullable(s.HandoffText), nullable(s.AfterHoursText)},
		HoldClientSwaps: s.HoldClientSwaps, EscalateMinutes: cmp.Or(s.EscalateMinutes, 10), OwnLinks: orEmpty(s.OwnLinks), OwnNumbers: orEmpty(s.OwnNumbers), Canned: orEmpty(s.Canned), OwnerPhone: nullable(s.OwnerPhone),
		Version: org.Version,
	}
	if s.OfficeFrom != "" {
		j.OfficeHours = &spanJSON{s.OfficeFrom, s.OfficeTo}
	}
	for _, service := range [...]string{"Drop-ins", "Dog Walking", "Pet Taxi", "Housesitting", "24/7 Care"} {
		j.Buffers[service] = bufferOf(routing.BufferFor(s.Buffers, service))
	}
	for service, b := range s.Buffers {
		j.Buffers[service] = bufferOf(b)
	}
	return j
}

func bufferOf(b routing.Buffer) office.BufferInput {
	return office.BufferInput{BeforeMinutes: int(b.Before / time.Minute), AfterMinutes: int(b.After / time.Minute)}
}

// ifMatch reads the version that a change is meant for; 0 is none.
func (r *Request) ifMatch() (int64, error) {
	s := strings.TrimSpace(r.Header("If-Match"))
	if s == "" || s == "*" {
		return 0, nil
	}
	v, err := strconv.ParseInt(strings.Trim(strings.TrimPrefix(s, "W/"), `"`), 10, 64)
	if err != nil || v < 1 {
		return 0, routing.Refuse(routing.CodePrecondition, "If-Match names no version of this.")
	}
	return v, nil
}

// versioned answers with an object whose version is its ETag.
func versioned(status int, body any, version int64) (Response, error) {
	return Response{Status: status, Body: body, Header: map[string]string{"ETag": fmt.Sprintf(`"%d"`, version)}}, nil
}

// cursorJSON is null at the end of a list.
func cursorJSON(s string) *string { return nullable(s) }

func (e officeEnd) bookings(ctx context.Context, r *Request) (Response, error) {
	limit, err := r.Limit()
	if err != nil {
		return Response{}, err
	}
	bs, next, err := e.o.Bookings(ctx, r.Who.Org, r.Query.Get("from"), r.Query.Get("to"), r.Query.Get("cursor"), limit)
	if err != nil {
		return Response{}, err
	}
	out := []bookingJSON{}
	for _, b := range bs {
		out = append(out, bookingOf(b, nil))
	}
	return OK(map[string]any{"bookings": out, "cursor": cursorJSON(next)})
}

func (e officeEnd) booking(ctx context.Context, r *Request) (Response, error) {
	b, err := e.o.Booking(ctx, r.Who.Org, r.Path["id"])
	if err != nil {
		return Response{}, err
	}
	return versioned(http.StatusOK, bookingOf(b, nil), b.Version)
}

func (e officeEnd) createBooking(ctx context.Context, r *Request) (Response, error) {
	in, err := Decode[office.BookingInput](r)
	if err != nil {
		return Response{}, err
	}
	b, ws, err := e.o.CreateBooking(ctx, r.Who, in)
	if err != nil {
		return Response{}, err
	}
	return versioned(http.StatusCreated, bookingOf(b, ws), b.Version)
}

func (e officeEnd) patchBooking(ctx context.Context, r *Request) (Response, error) {
	in, err := Decode[office.BookingInput](r)
	if err != nil {
		return Response{}, err
	}
	v, err := r.ifMatch()
	if err != nil {
		return Response{}, err
	}
	b, ws, err := e.o.PatchBooking(ctx, r.Who, r.Path["id"], v, in)
	if err != nil {
		return Response{}, err
	}
	return versioned(http.StatusOK, bookingOf(b, ws), b.Version)
}

func (e officeEnd) clients(ctx context.Context, r *Request) (Response, error) {
	limit, err := r.Limit()
	if err != nil {
		return Response{}, err
	}
	cs, next, err := e.o.Clients(ctx, r.Who.Org, r.Query.Get("cursor"), limit)
	if err != nil {
		return Response{}, err
	}
	out := []clientJSON{}
	for _, c := range cs {
		out = append(out, clientOf(c))
	}
	return OK(map[string]any{"clients": out, "cursor": cursorJSON(next)})
}

func (e officeEnd) createClient(ctx context.Context, r *Request) (Response, error) {
	in, err := Decode[office.ClientInput](r)
	if err != nil {
		return Response{}, err
	}
	c, err := e.o.CreateClient(ctx, r.Who, in)
	if err != nil {
		return Response{}, err
	}
	return versioned(http.StatusCreated, clientOf(c), c.Version)
}

type consentLineJSON struct {
	At     string `json:"at"`
	What   string `json:"what"`
	Word   string `json:"word"`
	Number string `json:"number"`
	By     string `json:"by"`
}

type consentJSON struct {
	Phone    string            `json:"phone"`
	OptedOut bool              `json:"optedOut"`
	Since    *string           `json:"since"`
	History  []consentLineJSON `json:"history"`
}

// consent is the export of what a client's phones told the business.
func (e officeEnd) consent(ctx context.Context, r *Request) (Response, error) {
	c, told, err := e.o.Consent(ctx, r.Who, r.Path["id"])
	if err != nil {
		return Response{}, err
	}
	return consentExport(string(c.ID), told)
}

// threadConsent is the same of a conversation's phones: most who want no texts are
// nobody's client.
func (e officeEnd) threadConsent(ctx context.Context, r *Request) (Response, error) {
	th, told, err := e.o.ThreadConsent(ctx, r.Who, r.Path["id"])
	if err != nil {
		return Response{}, err
	}
	return consentExport(string(th.Client), told)
}

func consentExport(client string, told []office.Told) (Response, error) {
	phones := []consentJSON{}
	for _, t := range told {
		p := consentJSON{Phone: t.Phone.E164(), OptedOut: t.Now.OptedOut, History: []consentLineJSON{}}
		if !t.Now.At.IsZero() {
			at := routing.Stamp(t.Now.At)
			p.Since = &at
		}
		for _, l := range t.History {
			p.History = append(p.History, consentLineJSON{routing.Stamp(l.At), l.What, l.Word, l.Number.E164(), l.By})
		}
		phones = append(phones, p)
	}
	var id *string
	if client != "" {
		id = &client
	}
	return OK(map[string]any{"clientId": id, "phones": phones})
}

func (e officeEnd) patchClient(ctx context.Context, r *Request) (Response, error) {
	in, err := Decode[office.ClientInput](r)
	if err != nil {
		return Response{}, err
	}
	v, err := r.ifMatch()
	if err != nil {
		return Response{}, err
	}
	c, err := e.o.PatchClient(ctx, r.Who, r.Path["id"], v, in)
	if err != nil {
		return Response{}, err
	}
	return versioned(http.StatusOK, clientOf(c), c.Version)
}

// page cuts a page out of a list that was read whole, in the order of its ids.
func page[T any, K ~string](r *Request, all []T, id func(T) K) ([]T, *string, error) {
	limit, err := r.Limit()
	if err != nil {
		return nil, nil, err
	}
	slices.SortFunc(all, func(a, b T) int { return strings.Compare(string(id(a)), string(id(b))) })
	if c := r.Query.Get("cursor"); c != "" {
		after, err := base64.RawURLEncoding.DecodeString(c)
		// Almost any letters decode to some bytes, and what is no id would quietly be the
		// end of the list.
		if _, bad := routing.ParseSitterID(string(after)); err != nil || bad != nil {
			return nil, nil, routing.Invalid("cursor", "This is not a cursor of this list.")
		}
		all = slices.DeleteFunc(all, func(v T) bool { return string(id(v)) <= string(after) })
	}
	if len(all) <= limit {
		return all, nil, nil
	}
	next := base64.RawURLEncoding.EncodeToString([]byte(id(all[limit-1])))
	return all[:limit], &next, nil
}

func (e officeEnd) sitters(ctx context.Context, r *Request) (Response, error) {
	roster, err := e.o.Sitters(ctx, r.Who.Org)
	if err != nil {
		return Response{}, err
	}
	ss, next, err := page(r, roster.Sitters, func(s routing.Sitter) routing.SitterID { return s.ID })
	if err != nil {
		return Response{}, err
	}
	out := []sitterJSON{}
	for _, s := range ss {
		out = append(out, sitterOf(s, roster))
	}
	return OK(map[string]any{"sitters": out, "cursor": next})
}

func (e officeEnd) createSitter(ctx context.Context, r *Request) (Response, error) {
	in, err := Decode[office.SitterInput](r)
	if err != nil {
		return Response{}, err
	}
	s, err := e.o.CreateSitter(ctx, r.Who, in)
	if err != nil {
		return Response{}, err
	}
	return versioned(http.StatusCreated, sitterOf(s, nil), s.Version)
}

func (e officeEnd) patchSitter(ctx context.Context, r *Request) (Response, error) {
	in, err := Decode[office.SitterInput](r)
	if err != nil {
		return Response{}, err
	}
	v, err := r.ifMatch()
	if err != nil {
		return Response{}, err
	}
	s, roster, err := e.o.PatchSitter(ctx, r.Who, r.Path["id"], v, in)
	if err != nil {
		return Response{}, err
	}
	return versioned(http.StatusOK, sitterOf(s, roster), s.Version)
}

// stepBody is the body of a step on a sitter or a number.
type stepBody struct {
	Reason string `json:"reason"`
}

func (e officeEnd) unlock(ctx context.Context, r *Request) (Response, error) {
	in, err := Decode[stepBody](r)
	if err != nil {
		return Response{}, err
	}
	s, roster, err := e.o.Unlock(ctx, r.Who, r.Path["id"], in.Reason)
	if err != nil {
		return Response{}, err
	}
	return versioned(http.StatusOK, sitterOf(s, roster), s.Version)
}

func (e officeEnd) offboard(ctx context.Context, r *Request) (Response, error) {
	in, err := Decode[stepBody](r)
	if err != nil {
		return Response{}, err
	}
	done, err := e.o.Offboard(ctx, r.Who, r.Path["id"], in.Reason)
	if err != nil {
		return Response{}, err
	}
	var number *numberJSON
	if done.Number != nil {
		roster, err := e.o.Numbers(ctx, r.Who.Org)
		if err != nil {
			return Response{}, err
		}
		number = nullable(e.numberOf(*done.Number, roster))
	}
	return OK(map[string]any{
		"sitter": sitterOf(done.Sitter, nil), "number": number, "clearedBookings": orEmpty(done.Cleared), "completedBookings": orEmpty(done.Completed),
	})
}

func (e officeEnd) numbers(ctx context.Context, r *Request) (Response, error) {
	roster, err := e.o.Numbers(ctx, r.Who.Org)
	if err != nil {
		return Response{}, err
	}
	ns, next, err := page(r, slices.Clone(roster.Numbers), func(n routing.Number) routing.NumberID { return n.ID })
	if err != nil {
		return Response{}, err
	}
	out := []numberJSON{}
	for _, n := range ns {
		out = append(out, e.numberOf(n, roster))
	}
	return OK(map[string]any{"numbers": out, "cursor": next})
}

func (e officeEnd) addNumber(ctx context.Context, r *Request) (Response, error) {
	in, err := Decode[office.NumberInput](r)
	if err != nil {
		return Response{}, err
	}
	n, roster, err := e.o.AddNumber(ctx, r.Who, in)
	if err != nil {
		return Response{}, err
	}
	return versioned(http.StatusCreated, e.numberOf(n, roster), n.Version)
}

// step is one of the steps that need no more than a reason. With ?preview=true it says
// what it would touch and does nothing.
func (e officeEnd) step(do func(context.Context, routing.Principal, string, string) (routing.Number, *store.Roster, error)) Endpoint {
	return func(ctx context.Context, r *Request) (Response, error) {
		switch r.Query.Get("preview") {
		case "", "false":
		case "true":
			n, i, roster, err := e.o.Preview(ctx, r.Who.Org, r.Path["id"])
			if err != nil {
				return Response{}, err
			}
			return OK(map[string]any{"preview": true, "number": e.numberOf(n, roster),
				"impact": impactJSON{i.Threads, i.Clients, i.Open, i.Active, i.Upcoming, nullable(i.Sitter)}})
		default:
			return Response{}, routing.Invalid("preview", "This must be true or false.")
		}
		in, err := Decode[stepBody](r)
		if err != nil {
			return Response{}, err
		}
		n, roster, err := do(ctx, r.Who, r.Path["id"], in.Reason)
		if err != nil {
			return Response{}, err
		}
		return versioned(http.StatusOK, e.numberOf(n, roster), n.Version)
	}
}

func (e officeEnd) assign(ctx context.Context, r *Request) (Response, error) {
	in, err := Decode[struct {
		SitterID string `json:"sitterId"`
		Reason   string `json:"reason"`
	}](r)
	if err != nil {
		return Response{}, err
	}
	if in.SitterID == "" {
		return Response{}, routing.Invalid("sitterId", "The sitter who is to have the number is needed.")
	}
	n, roster, err := e.o.Assign(ctx, r.Who, r.Path["id"], in.SitterID, in.Reason)
	if err != nil {
		return Response{}, err
	}
	return versioned(http.StatusOK, e.numberOf(n, roster), n.Version)
}

func (e officeEnd) settings(ctx context.Context, r *Request) (Response, error) {
	org, err := e.o.Org(ctx, r.Who.Org)
	if err != nil {
		return Response{}, err
	}
	return versioned(http.StatusOK, settingsOf(org), org.Version)
}

func (e officeEnd) patchSettings(ctx context.Context, r *Request) (Response, error) {
	in, err := Decode[office.SettingsInput](r)
	if err != nil {
		return Response{}, err
	}
	v, err := r.ifMatch()
	if err != nil {
		return Response{}, err
	}
	org, err := e.o.PatchSettings(ctx, r.Who, v, in)
	if err != nil {
		return Response{}, err
	}
	return versioned(http.StatusOK, settingsOf(org), org.Version)
}

// maxTry is the longest text that the carriers take.
const maxTry = 1600

// tryText tells what would be done with a text, written by a sitter unless author
// says client, after the texts of context.
func (e officeEnd) tryText(try func(m screening.Message, hold bool) any) Endpoint {
	type said struct {
		Author string `json:"author"`
		Text   string `json:"text"`
	}
	return func(ctx context.Context, r *Request) (Response, error) {
		in, err := Decode[struct {
			Text    string `json:"text"`
			Author  string `json:"author"`
			Context []said `json:"context"`
		}](r)
		if err != nil {
			return Response{}, err
		}
		m := screening.Message{Text: screening.Text{Author: screening.Author(in.Author), Body: in.Text}}
		if in.Author == "" {
			m.Text.Author = screening.Sitter
		}
		switch {
		case strings.TrimSpace(in.Text) == "":
			return Response{}, routing.Invalid("text", "This must not be empty.")
		case len([]rune(in.Text)) > maxTry:
			return Response{}, routing.Invalid("text", "This is too long.")
		case m.Text.Author != screening.Sitter && m.Text.Author != screening.Client:
			return Response{}, routing.Invalid("author", "This must be sitter or client.")
		case len(in.Context) > screening.MaxContext:
			return Response{}, routing.Invalid("context", "These are too many.")
		}
		for n, t := range in.Context {
			field := fmt.Sprintf("context[%d]", n)
			a := screening.Author(t.Author)
			if a != screening.Sitter && a != screening.Client {
				return Response{}, routing.Invalid(field+".author", "This must be sitter or client.")
			}
			if len([]rune(t.Text)) > maxTry {
				return Response{}, routing.Invalid(field+".text", "This is too long.")
			}
			m.Context = append(m.Context, screening.Text{Author: a, Body: t.Text})
		}
		org, numbers, err := e.o.Own(ctx, r.Who.Org)
		if err != nil {
			return Response{}, err
		}
		m.Own = screening.Own{Numbers: numbers, Links: org.Settings.OwnLinks}
		return OK(try(m, org.Settings.HoldClientSwaps))
	}
}

func readFlags(fs flagSwitch) Endpoint {
	return func(ctx context.Context, r *Request) (Response, error) {
		if err := r.Only(routing.RoleOwner, routing.RoleOps); err != nil {
			return Response{}, err
		}
		v, err := fs.Read(ctx)
		if err != nil && len(v) == 0 {
			return Response{}, unreadable()
		}
		return OK(shownFlags(v))
	}
}

func unreadable() error {
	return routing.Refuse(routing.CodeUnavailable, "The flags cannot be read just now. Please try again.")
}

func setFlags(o *office.Office, fs flagSwitch) Endpoint {
	return func(ctx context.Context, r *Request) (Response, error) {
		if err := r.Only(routing.RoleOps); err != nil {
			return Response{}, err
		}
		in, err := Decode[map[string]any](r)
		if err != nil {
			return Response{}, err
		}
		if len(in) == 0 {
			return Response{}, routing.Invalid("body", "Name the flags to set.")
		}
		was, err := fs.Read(ctx)
		if err != nil {
			return Response{}, unreadable()
		}
		set := map[string]string{}
		var told []string
		for _, n := range slices.Sorted(maps.Keys(in)) {
			v, isText := in[n].(string)
			switch {
			case !slices.Contains(flags.Names[:], n):
				return Response{}, routing.Invalid(n, "There is no such flag.")
			case !isText:
				return Response{}, routing.Invalid(n, `This must be a string, such as "true".`)
			}
			if n == flags.Allowlist {
				if v, err = allowlist(n, v); err != nil {
					return Response{}, err
				}
			} else if v != "true" && v != "false" {
				return Response{}, routing.Invalid(n, `This must be "true" or "false".`)
			}
			set[n] = v
			told = append(told, fmt.Sprintf("%s: %s → %s", n, cmp.Or(was[n], "missing"), v))
		}
		// The line comes first: a flip that nobody can account for is worse than a line
		// about one that failed.
		if err := o.NoteFlags(ctx, r.Who, "flags.set", strings.Join(told, "; ")); err != nil {
			return Response{}, err
		}
		if err := fs.Set(ctx, set); err != nil {
			if nerr := o.NoteFlags(ctx, r.Who, "flags.failed", strings.Join(told, "; ")); nerr != nil {
				return Response{}, nerr
			}
			return Response{}, err
		}
		now, err := fs.Read(ctx)
		if err != nil {
			return Response{}, unreadable()
		}
		return OK(shownFlags(now))
	}
}

// allowlist checks a list of sitters. A parameter cannot be empty, so nobody is "none".
func allowlist(field, s string) (string, error) {
	switch s = strings.TrimSpace(s); s {
	case "", "none":
		return "none", nil
	case "*":
		return s, nil
	}
	var ids []string
	for id := range strings.SplitSeq(s, ",") {
		id = strings.TrimSpace(id)
		if _, err := routing.ParseSitterID(id); err != nil {
			return "", routing.Invalid(field, `This must be "*", "none", or sitter ids separated by commas.`)
		}
		ids = append(ids, id)
	}
	s = strings.Join(ids, ",")
	if len(s) > 4096 {
		return "", routing.Invalid(field, "This is too long.")
	}
	return s, nil
}
