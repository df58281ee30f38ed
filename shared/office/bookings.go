package office

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"snout/shared/routing"
	"snout/shared/store"
)

// The bounds of a booking. A series arrives as visits, so there are many of them.
const (
	maxVisits  = 366
	maxPets    = 20
	maxStay    = 180 * 24 * time.Hour // of one visit
	maxService = 60
)

// VisitInput is one visit as it is asked for.
type VisitInput struct {
	ID      string `json:"id"`
	StartAt string `json:"startAt"`
	EndAt   string `json:"endAt"`
}

// BookingInput is a booking as it is asked for, whole or in part.
type BookingInput struct {
	ID           Field[string]       `json:"id"`
	ClientID     Field[string]       `json:"clientId"`
	SitterID     Field[string]       `json:"sitterId"`
	Service      Field[string]       `json:"service"`
	StartAt      Field[string]       `json:"startAt"`
	EndAt        Field[string]       `json:"endAt"`
	Visits       Field[[]VisitInput] `json:"visits"`
	Recurrence   Field[string]       `json:"recurrence"`
	Status       Field[string]       `json:"status"`
	Pets         Field[[]string]     `json:"pets"`
	MeetAndGreet Field[string]       `json:"meetAndGreet"`
	Reason       Field[string]       `json:"reason"` // of the change, for the assignment's history
}

// Warning is something the owner should know of a change that was made all the same.
type Warning struct {
	Kind    string
	Booking routing.BookingID
	Text    string
}

// Booking reads one.
func (o *Office) Booking(ctx context.Context, org routing.OrgID, id string) (routing.Booking, error) {
	b, err := routing.ParseBookingID(id)
	if err != nil {
		return routing.Booking{}, routing.Refuse(routing.CodeNotFound, noBooking)
	}
	booking, err := o.table.Booking(ctx, org, b)
	return booking, missing(err, noBooking)
}

const noBooking = "There is no such booking."

// Bookings lists an org's bookings by their start.
func (o *Office) Bookings(ctx context.Context, org routing.OrgID, from, to, cursor string, limit int) ([]routing.Booking, string, error) {
	var span [2]time.Time
	if from+to != "" {
		r, err := o.table.Org(ctx, org)
		if err != nil {
			return nil, "", missing(err, noOrg)
		}
		l, err := zone("timeZone", r.Zone)
		if err != nil {
			return nil, "", err
		}
		for i, s := range [...]string{from, to} {
			if s == "" {
				continue
			}
			if span[i], err = when([...]string{"from", "to"}[i], s, l); err != nil {
				return nil, "", err
			}
		}
	}
	bs, next, err := o.table.Bookings(ctx, org, span[0], span[1], cursor, limit)
	return bs, next, badCursor(err)
}

const noOrg = "There is no such business."

func badCursor(err error) error {
	if errors.Is(err, store.ErrCursor) {
		return routing.Invalid("cursor", "This is not a cursor of this list.")
	}
	return err
}

// people is what a booking is checked against.
type people struct {
	org     routing.Org
	zone    *time.Location
	clients map[routing.ClientID]routing.Client
	sitters map[routing.SitterID]routing.Sitter
}

// lookup reads those whom a booking names; what is not there is not in the answer.
func (o *Office) lookup(ctx context.Context, org routing.OrgID, clients []routing.ClientID, sitters []routing.SitterID) (people, error) {
	p := people{sitters: map[routing.SitterID]routing.Sitter{}}
	var err error
	if p.org, err = o.table.Org(ctx, org); err != nil {
		return p, missing(err, noOrg)
	}
	if p.zone, err = zone("timeZone", p.org.Zone); err != nil {
		return p, err
	}
	if len(clients) > 0 {
		if p.clients, err = o.table.ClientsByID(ctx, org, clients); err != nil {
			return p, err
		}
	}
	for _, id := range sitters {
		if _, have := p.sitters[id]; have {
			continue
		}
		s, err := o.table.Sitter(ctx, org, id)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return p, err
		}
		p.sitters[id] = s
	}
	return p, nil
}

// named are the ids that a booking's input names, as far as they can be ids at all.
func (in *BookingInput) named() (cs []routing.ClientID, ss []routing.SitterID) {
	if id, err := routing.ParseClientID(in.ClientID.Value); err == nil {
		cs = append(cs, id)
	}
	if id, err := routing.ParseSitterID(in.SitterID.Value); err == nil {
		ss = append(ss, id)
	}
	return cs, ss
}

// apply makes of a booking (zero for a new one) the booking that is asked for.
func (in *BookingInput) apply(was routing.Booking, p people) (routing.Booking, error) {
	b := was
	fresh := was.ID == ""
	if fresh || in.ClientID.Set {
		if !in.ClientID.Set || in.ClientID.Null {
			return b, routing.Invalid("clientId", "A booking needs a client.")
		}
		c, known := p.clients[routing.ClientID(in.ClientID.Value)]
		switch {
		case !fresh && routing.ClientID(in.ClientID.Value) != was.Client:
			return b, routing.Invalid("clientId", "A booking's client cannot change. Cancel it, and make one for the other client.")
		case fresh && !known:
			return b, routing.Invalid("clientId", "There is no such client.")
		}
		if fresh {
			b.Client, b.Pets = c.ID, c.Pets
		}
	}
	if in.SitterID.Set {
		if in.SitterID.Null || in.SitterID.Value == "" {
			b.Sitter = ""
		} else {
			s, known := p.sitters[routing.SitterID(in.SitterID.Value)]
			if !known {
				return b, routing.Invalid("sitterId", "There is no such sitter.")
			}
			if !s.Active && s.ID != was.Sitter {
				return b, routing.Invalid("sitterId", "This sitter no longer works here.")
			}
			b.Sitter = s.ID
		}
	}
	if fresh && !in.Service.Set {
		return b, routing.Invalid("service", "A booking needs a service.")
	}
	if err := text(in.Service, "service", &b.Service, maxService, false); err != nil {
		return b, err
	}
	if err := in.times(&b, fresh, p.zone); err != nil {
		return b, err
	}
	if err := optional(in.Recurrence, "recurrence", &b.Recurrence, 40); err != nil {
		return b, err
	}
	if err := list(in.Pets, "pets", &b.Pets, maxPets, 60); err != nil {
		return b, err
	}
	if fresh {
		b.Status = "confirmed"
	}
	if in.Status.Set {
		switch s := in.Status.Value; {
		case fresh && (s == "pending" || s == "confirmed"), !fresh && slices.Contains([]string{"pending", "confirmed", "completed", "cancelled"}, s):
			b.Status = s
		case fresh:
			return b, routing.Invalid("status", "A new booking is pending or confirmed.")
		default:
			return b, routing.Invalid("status", "This must be pending, confirmed, completed or cancelled.")
		}
	}
	if in.MeetAndGreet.Set {
		switch s := in.MeetAndGreet.Value; {
		case in.MeetAndGreet.Null:
			b.MeetAndGreet = ""
		case s == "pending", s == "approved":
			b.MeetAndGreet = s
		default:
			return b, routing.Invalid("meetAndGreet", "This must be pending, approved or null.")
		}
	}
	return b, nil
}

// times settles start, end and visits: given, changed, or as they were.
func (in *BookingInput) times(b *routing.Booking, fresh bool, zone *time.Location) error {
	read := func(f Field[string], field string, into *time.Time) error {
		if !f.Set {
			return nil
		}
		if f.Null {
			return routing.Invalid(field, "This must not be null.")
		}
		t, err := when(field, f.Value, zone)
		*into = t
		return err
	}
	given := in.Visits.Set && len(in.Visits.Value) > 0
	moved := in.StartAt.Set || in.EndAt.Set
	if err := read(in.StartAt, "startAt", &b.Start); err != nil {
		return err
	}
	if err := read(in.EndAt, "endAt", &b.End); err != nil {
		return err
	}
	if given {
		if len(in.Visits.Value) > maxVisits {
			return routing.Invalid("visits", fmt.Sprintf("At most %d visits.", maxVisits))
		}
		var visits []routing.Visit
		seen := map[routing.VisitID]bool{}
		for i, v := range in.Visits.Value {
			field := fmt.Sprintf("visits[%d]", i)
			id := routing.VisitID(fmt.Sprintf("v%d", i+1))
			if v.ID != "" {
				var err error
				if id, err = routing.ParseVisitID(v.ID); err != nil {
					return routing.Invalid(field+".id", "This must be letters, digits, dots, hyphens and underscores.")
				}
			}
			if seen[id] {
				return routing.Invalid(field+".id", "Two visits have this id.")
			}
			seen[id] = true
			start, err := when(field+".startAt", v.StartAt, zone)
			if err != nil {
				return err
			}
			end, err := when(field+".endAt", v.EndAt, zone)
			if err != nil {
				return err
			}
			if err := span(field+".endAt", start, end); err != nil {
				return err
			}
			visits = append(visits, routing.Visit{ID: id, Start: start, End: end})
		}
		slices.SortStableFunc(visits, func(a, b routing.Visit) int { return a.Start.Compare(b.Start) })
		first, last := visits[0].Start, visits[0].End
		for _, v := range visits {
			if v.End.After(last) {
				last = v.End
			}
		}
		if in.StartAt.Set && first.Before(b.Start) || in.EndAt.Set && last.After(b.End) {
			return routing.Invalid("visits", "A visit lies outside of startAt and endAt.")
		}
		b.Visits, b.Start, b.End = visits, first, last
		return nil
	}
	switch {
	case fresh && !in.StartAt.Set:
		return routing.Invalid("startAt", "A booking needs startAt and endAt, or visits.")
	case fresh && !in.EndAt.Set:
		return routing.Invalid("endAt", "A booking needs startAt and endAt, or visits.")
	case !fresh && moved && len(b.Visits) > 1 && !in.Visits.Set:
		return routing.Invalid("visits", "This booking has several visits: say when each of them is.")
	case !fresh && !moved && !in.Visits.Set:
		return nil
	}
	field := "endAt"
	if in.StartAt.Set && !in.EndAt.Set {
		field = "startAt"
	}
	if err := span(field, b.Start, b.End); err != nil {
		return err
	}
	id := routing.VisitID("v1")
	if len(b.Visits) == 1 {
		id = b.Visits[0].ID
	}
	b.Visits = []routing.Visit{{ID: id, Start: b.Start, End: b.End}}
	return nil
}

func span(field string, start, end time.Time) error {
	switch {
	case !end.After(start):
		return routing.Invalid(field, "The end must lie after the start.")
	case end.Sub(start) > maxStay:
		return routing.Invalid(field, "One visit cannot be that long.")
	}
	return nil
}

func (in *BookingInput) why() (string, error) {
	var s string
	err := optional(in.Reason, "reason", &s, 300)
	return s, err
}

// CreateBooking makes one. The id is made here unless the booking system's own is
// given.
func (o *Office) CreateBooking(ctx context.Context, who routing.Principal, in BookingInput) (routing.Booking, []Warning, error) {
	cs, ss := in.named()
	p, err := o.lookup(ctx, who.Org, cs, ss)
	if err != nil {
		return routing.Booking{}, nil, err
	}
	b, err := in.apply(routing.Booking{}, p)
	if err != nil {
		return b, nil, err
	}
	if b.ID, err = given(o, in.ID, "b", routing.ParseBookingID); err != nil {
		return b, nil, err
	}
	if b.Reason, err = in.why(); err != nil {
		return b, nil, err
	}
	b.By = who.Who()
	err = o.table.CommitBookings(ctx, who.Org, []store.BookingWrite{{Next: b, Sitter: true}}, o.line(who, "booking.create", string(b.ID), b.Reason, ""))
	switch {
	case store.RefusedBy(err, "booking"):
		return b, nil, conflictOn("id", "There is a booking with this id already.")
	case store.RefusedBy(err, "sitter"):
		return b, nil, routing.Invalid("sitterId", "This sitter no longer works here.")
	case err != nil:
		return b, nil, err
	}
	b.Version = 1
	ws, err := o.overlaps(ctx, who.Org, b, p.zone)
	return b, ws, err
}

// given is the id asked for, or a new one.
func given[T ~string](o *Office, f Field[string], letter string, parse func(string) (T, error)) (T, error) {
	if !f.Set || f.Null || f.Value == "" {
		return T(letter + "-" + o.id()), nil
	}
	id, err := parse(f.Value)
	if err != nil {
		return "", routing.Invalid("id", "This must be 1 to 64 letters, digits, dots, hyphens and underscores.")
	}
	return id, nil
}

// PatchBooking changes one. A cancelled or completed booking stays as it is, unless
// the same request opens it again; asking for what is already so changes nothing.
func (o *Office) PatchBooking(ctx context.Context, who routing.Principal, id string, ifMatch int64, in BookingInput) (routing.Booking, []Warning, error) {
	var next routing.Booking
	var ws []Warning
	err := again(ctx, func() error {
		was, err := o.Booking(ctx, who.Org, id)
		if err != nil {
			return err
		}
		if err := matches(ifMatch, was.Version); err != nil {
			return err
		}
		if in.ID.Set && in.ID.Value != string(was.ID) {
			return routing.Invalid("id", "A booking's id cannot change.")
		}
		_, ss := in.named()
		p, err := o.lookup(ctx, who.Org, nil, ss)
		if err != nil {
			return err
		}
		if next, err = in.apply(was, p); err != nil {
			return err
		}
		if reflect.DeepEqual(next, was) {
			return nil
		}
		if over := was.Status == "cancelled" || was.Status == "completed"; over && (next.Status == was.Status || next.Status == "cancelled" || next.Status == "completed") {
			return conflict("This booking is " + was.Status + ". Set its status to confirmed to open it again.")
		}
		reason, err := in.why()
		if err != nil {
			return err
		}
		next.By, next.Reason = who.Who(), reason
		err = o.table.CommitBookings(ctx, who.Org, []store.BookingWrite{{Next: next, Was: &was, Sitter: next.Sitter != was.Sitter}},
			o.line(who, "booking.change", string(was.ID), reason, changes(was, next)))
		if store.RefusedBy(err, "sitter") {
			return routing.Invalid("sitterId", "This sitter no longer works here.")
		}
		if err != nil {
			if ifMatch != 0 && errors.Is(err, store.ErrConflict) {
				return matches(ifMatch, 0)
			}
			return err
		}
		next.Version = was.Version + 1
		ws, err = o.overlaps(ctx, who.Org, next, p.zone)
		return err
	})
	return next, ws, err
}

// changes names the fields that a change touched, for the audit.
func changes(a, b routing.Booking) string {
	var out []string
	for _, f := range []struct {
		name    string
		differs bool
	}{
		{"sitter", a.Sitter != b.Sitter}, {"service", a.Service != b.Service}, {"times", !reflect.DeepEqual(a.Visits, b.Visits)}, {"recurrence", a.Recurrence != b.Recurrence},
		{"status", a.Status != b.Status}, {"pets", !slices.Equal(a.Pets, b.Pets)}, {"meetAndGreet", a.MeetAndGreet != b.MeetAndGreet},
	} {
		if f.differs {
			out = append(out, f.name)
		}
	}
	return strings.Join(out, ", ")
}

// overlaps warns of other bookings of the same sitter at the same time. They are
// allowed: a sitter may take two dogs on one walk.
func (o *Office) overlaps(ctx context.Context, org routing.OrgID, b routing.Booking, zone *time.Location) ([]Warning, error) {
	if b.Sitter == "" || !b.Live() {
		return nil, nil
	}
	others, err := o.table.SitterBookings(ctx, org, b.Sitter, b.Start)
	if err != nil {
		return nil, err
	}
	var ws []Warning
	for _, other := range others {
		if other.ID == b.ID || !other.Start.Before(b.End) {
			continue
		}
		if at, meet := meeting(b.Visits, other.Visits); meet {
			ws = append(ws, Warning{"overlapping_bookings", other.ID,
				"The sitter has another visit at that time, " + at.In(zone).Format("Mon Jan 2, 3:04 PM") + "."})
		}
	}
	slices.SortFunc(ws, func(a, b Warning) int { return strings.Compare(string(a.Booking), string(b.Booking)) })
	return ws, nil
}

// meeting is the first instant at which a visit of one booking meets one of another.
func meeting(a, b []routing.Visit) (time.Time, bool) {
	var first time.Time
	for _, x := range a {
		for _, y := range b {
			if x.Start.Before(y.End) && y.Start.Before(x.End) {
				at := x.Start
				if y.Start.After(at) {
					at = y.Start
				}
				if first.IsZero() || at.Before(first) {
					first = at
				}
			}
		}
	}
	return first, !first.IsZero()
}
