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

const (
	maxBuffer = 24 * time.Hour
	maxText   = 480 // three parts of a text message
)

// BufferInput widens a service's visits.
type BufferInput struct {
	BeforeMinutes int `json:"beforeMinutes"`
	AfterMinutes  int `json:"afterMinutes"`
}

// ClockInput is a span of the wall clock.
type ClockInput struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// TextsInput are the texts that the system sends in the business's name.
type TextsInput struct {
	Mismatch   Field[string] `json:"mismatch"`   // to a stranger on a pool number; {org}
	Coming     Field[string] `json:"coming"`     // who's coming; {client} {sitter} {pets} {when} {org}
	Handoff    Field[string] `json:"handoff"`    // at a handoff; also {from} {to}
	AfterHours Field[string] `json:"afterHours"` // outside office hours; {org}; null: none
}

// SettingsInput is what of an org's settings is to change. null is the default again.
type SettingsInput struct {
	Name            Field[string]                 `json:"name"`
	TimeZone        Field[string]                 `json:"timeZone"`
	Buffers         Field[map[string]BufferInput] `json:"buffers"` // the org's own, by service; the rest is domain.md's table
	CooldownDays    Field[int]                    `json:"cooldownDays"`
	QuarantineDays  Field[int]                    `json:"quarantineDays"`
	QuietHours      Field[ClockInput]             `json:"quietHours"`
	OfficeHours     Field[ClockInput]             `json:"officeHours"`
	Texts           Field[TextsInput]             `json:"texts"`
	HoldClientSwaps Field[bool]                   `json:"holdClientSwaps"`
	EscalateMinutes Field[int]                    `json:"escalateMinutes"`
	OwnLinks        Field[[]string]               `json:"ownLinks"`   // hosts that no contact swap is seen in
	OwnNumbers      Field[[]string]               `json:"ownNumbers"` // phones of the business that it does not rent here
	Canned          Field[[]string]               `json:"canned"`     // answers ready to send
	OwnerPhone      Field[string]                 `json:"ownerPhone"`
}

// Org reads an org with its settings.
func (o *Office) Org(ctx context.Context, org routing.OrgID) (routing.Org, error) {
	r, err := o.table.Org(ctx, org)
	return r, missing(err, noOrg)
}

// Own reads an org, and the phones that are its own.
func (o *Office) Own(ctx context.Context, org routing.OrgID) (routing.Org, []string, error) {
	r, err := o.table.Roster(ctx, org, true)
	if err != nil {
		return routing.Org{}, nil, missing(err, noOrg)
	}
	return r.Org, r.OwnNumbers(), nil
}

func (in *SettingsInput) apply(was routing.Org) (routing.Org, error) {
	n := was
	s := &n.Settings
	if err := text(in.Name, "name", &n.Name, 60, false); err != nil {
		return n, err
	}
	if in.TimeZone.Set {
		if _, err := zone("timeZone", in.TimeZone.Value); err != nil {
			return n, err
		}
		n.Zone = in.TimeZone.Value
	}
	if in.Buffers.Set {
		if len(in.Buffers.Value) > 40 {
			return n, routing.Invalid("buffers", "These are too many.")
		}
		s.Buffers = nil
		seen := map[string]bool{}
		for service, b := range in.Buffers.Value {
			name, err := words("buffers", service, maxService, false)
			if err != nil {
				return n, err
			}
			if seen[strings.ToLower(name)] {
				return n, routing.Invalid("buffers."+name, "This service stands there twice.")
			}
			seen[strings.ToLower(name)] = true
			before, after := time.Duration(b.BeforeMinutes)*time.Minute, time.Duration(b.AfterMinutes)*time.Minute
			if before < 0 || after < 0 || before > maxBuffer || after > maxBuffer {
				return n, routing.Invalid("buffers."+name, "A buffer has 0 to 1440 minutes before and after.")
			}
			if s.Buffers == nil {
				s.Buffers = map[string]routing.Buffer{}
			}
			s.Buffers[name] = routing.Buffer{Before: before, After: after}
		}
	}
	for _, f := range []struct {
		f        Field[int]
		name     string
		into     *int
		from, to int
	}{
		{in.CooldownDays, "cooldownDays", &s.CooldownDays, 1, 365},
		{in.QuarantineDays, "quarantineDays", &s.QuarantineDays, 1, 730},
		{in.EscalateMinutes, "escalateMinutes", &s.EscalateMinutes, 1, 1440},
	} {
		switch {
		case !f.f.Set:
		case f.f.Null:
			*f.into = 0
		case f.f.Value < f.from || f.f.Value > f.to:
			return n, routing.Invalid(f.name, fmt.Sprintf("This must be a number from %d to %d.", f.from, f.to))
		default:
			*f.into = f.f.Value
		}
	}
	if err := clocks(in.QuietHours, "quietHours", &s.QuietFrom, &s.QuietTo); err != nil {
		return n, err
	}
	if err := clocks(in.OfficeHours, "officeHours", &s.OfficeFrom, &s.OfficeTo); err != nil {
		return n, err
	}
	if in.Texts.Set {
		if in.Texts.Null {
			s.MismatchText, s.ComingText, s.HandoffText, s.AfterHoursText = "", "", "", ""
		}
		t := in.Texts.Value
		coming := []string{"client", "sitter", "pets", "when", "org"}
		for _, f := range []struct {
			f    Field[string]
			name string
			into *string
			may  []string
		}{
			{t.Mismatch, "texts.mismatch", &s.MismatchText, []string{"org"}},
			{t.Coming, "texts.coming", &s.ComingText, coming},
			{t.Handoff, "texts.handoff", &s.HandoffText, append(slices.Clone(coming), "from", "to")},
			{t.AfterHours, "texts.afterHours", &s.AfterHoursText, []string{"org"}},
		} {
			if err := optional(f.f, f.name, f.into, maxText); err != nil {
				return n, err
			}
			if err := blanks(f.name, *f.into, f.may); err != nil {
				return n, err
			}
		}
	}
	if in.HoldClientSwaps.Set {
		s.HoldClientSwaps = in.HoldClientSwaps.Value
	}
	if in.OwnLinks.Set {
		if err := list(in.OwnLinks, "ownLinks", &s.OwnLinks, 20, 100); err != nil {
			return n, err
		}
		for i, h := range s.OwnLinks {
			h = strings.ToLower(h)
			if strings.ContainsFunc(h, func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '.') }) || !strings.Contains(strings.Trim(h, "."), ".") {
				return n, routing.Invalid("ownLinks", "This must be hosts, such as pay.example.com.")
			}
			s.OwnLinks[i] = h
		}
	}
	if in.OwnNumbers.Set {
		if err := list(in.OwnNumbers, "ownNumbers", &s.OwnNumbers, 20, 30); err != nil {
			return n, err
		}
		for i, number := range s.OwnNumbers {
			p, err := phoneOf("ownNumbers", number)
			if err != nil {
				return n, err
			}
			s.OwnNumbers[i] = p.E164()
		}
	}
	if err := list(in.Canned, "canned", &s.Canned, 50, maxText); err != nil {
		return n, err
	}
	if in.OwnerPhone.Set {
		s.OwnerPhone = ""
		if !in.OwnerPhone.Null && in.OwnerPhone.Value != "" {
			p, err := phoneOf("ownerPhone", in.OwnerPhone.Value)
			if err != nil {
				return n, err
			}
			s.OwnerPhone = p.E164()
		}
	}
	return n, nil
}

// clocks reads two readings of the wall clock that are not the same.
func clocks(f Field[ClockInput], field string, from, to *string) error {
	if !f.Set {
		return nil
	}
	if f.Null {
		*from, *to = "", ""
		return nil
	}
	for _, c := range [...]struct{ v, name string }{{f.Value.From, ".from"}, {f.Value.To, ".to"}} {
		if t, err := time.Parse("15:04", c.v); err != nil || t.Format("15:04") != c.v {
			return routing.Invalid(field+c.name, "This must be a time of day such as 21:00.")
		}
	}
	if f.Value.From == f.Value.To {
		return routing.Invalid(field, "These begin when they end.")
	}
	*from, *to = f.Value.From, f.Value.To
	return nil
}

// blanks checks that a text's blanks are those that will be filled in.
func blanks(field, s string, may []string) error {
	for rest := s; ; {
		i := strings.IndexAny(rest, "{}")
		if i < 0 {
			return nil
		}
		end := strings.IndexByte(rest[i:], '}')
		if rest[i] == '}' || end < 0 || !slices.Contains(may, rest[i+1:i+end]) {
			return routing.Invalid(field, "The blanks that can be filled in here are {"+strings.Join(may, "}, {")+"}.")
		}
		rest = rest[i+end+1:]
	}
}

// PatchSettings changes an org's settings. Numbers carry copies of some of them, since
// the org of a text is unknown until its number is read; they are written in the same
// transaction, or, for more numbers than one can take, right after it in further ones.
// Asking again for the same settings completes what such a one has left.
func (o *Office) PatchSettings(ctx context.Context, who routing.Principal, ifMatch int64, in SettingsInput) (routing.Org, error) {
	var next routing.Org
	err := o.changeSitter(ctx, who, func(r *store.Roster) (store.InventoryCommit, error) {
		c := store.InventoryCommit{}
		if err := matches(ifMatch, r.Org.Version); err != nil {
			return c, err
		}
		var err error
		if next, err = in.apply(r.Org); err != nil {
			return c, err
		}
		if p := next.Settings.OwnerPhone; p != r.Org.Settings.OwnerPhone && p != "" {
			phone, err := phoneOf("ownerPhone", p)
			if err != nil {
				return c, err
			}
			if err := o.ownPhone(ctx, who.Org, "ownerPhone", phone); err != nil {
				return c, err
			}
		}
		c.Numbers = stale(r, next)
		if !reflect.DeepEqual(next, r.Org) {
			c.OrgNext = &next
			c.Audit = []store.Audit{o.line(who, "settings.change", string(who.Org), "", "")}
			next.Version = r.Org.Version + 1
		}
		return c, nil
	})
	if err != nil {
		return next, err
	}
	// The numbers that did not fit.
	for more := true; more && err == nil; {
		err = o.changeSitter(ctx, who, func(r *store.Roster) (store.InventoryCommit, error) {
			c := store.InventoryCommit{Numbers: stale(r, r.Org)}
			more = len(c.Numbers) == store.MaxNumbers
			return c, nil
		})
	}
	return next, err
}

// stale are the numbers whose copies differ from an org, as many as one commit takes.
func stale(r *store.Roster, org routing.Org) []store.NumberWrite {
	var ws []store.NumberWrite
	for _, n := range r.Numbers {
		next := n
		copies(&next, org)
		if next != n && n.Status != routing.NumberInactive && len(ws) < store.MaxNumbers {
			ws = append(ws, store.NumberWrite{Next: next, Was: &n})
		}
	}
	return ws
}

// Founding is a business that begins.
type Founding struct {
	ID        string
	Name      string
	Zone      string
	FrontDesk string // its front desk number, e164
	Settings  SettingsInput
}

// Found makes an org with its front desk number, in one transaction: there is never
// an org without one.
func (o *Office) Found(ctx context.Context, by routing.Principal, f Founding) (routing.Org, routing.Number, error) {
	var n routing.Number
	id, err := routing.ParseOrgID(f.ID)
	if err != nil {
		return routing.Org{}, n, routing.Invalid("id", "This must be 1 to 24 lower-case letters and digits.")
	}
	in := f.Settings
	in.Name, in.TimeZone = Is(f.Name), Is(f.Zone)
	org, err := in.apply(routing.Org{ID: id})
	if err != nil {
		return org, n, err
	}
	p, err := phoneOf("frontDesk", f.FrontDesk)
	if err != nil {
		return org, n, err
	}
	switch was, err := o.table.Org(ctx, id); {
	case err == nil:
		return was, n, conflictOn("id", "There is a business with this id already.")
	case !errors.Is(err, store.ErrNotFound):
		return org, n, err
	}
	truth, err := o.table.TruthOf(ctx, p)
	if err != nil {
		return org, n, err
	}
	n = routing.Number{ID: routing.NumberID("n-" + o.id()), Org: id, Phone: p, Class: routing.FrontDesk, Status: routing.NumberActive, Since: o.now().Truncate(time.Millisecond)}
	copies(&n, org)
	w := store.NumberWrite{Next: n}
	if was, there := truth[p]; there {
		if was.Status != routing.NumberInactive {
			return org, n, conflictOn("frontDesk", "This number is in use by another business.")
		}
		rs, err := o.table.RoutesOf(ctx, p)
		if err != nil {
			return org, n, err
		}
		if err := o.table.DropRoutes(ctx, rs); err != nil {
			return org, n, err
		}
		w.Taken = &was
	}
	err = o.table.CommitInventory(ctx, store.InventoryCommit{
		Org: routing.Org{ID: id}, OrgNext: &org, Found: true, Desk: &store.DeskMove{To: n.ID}, Numbers: []store.NumberWrite{w},
		Audit: []store.Audit{o.line(by, "org.found", string(id), "", "")},
	})
	org.Version, n.Version = 1, 1
	switch {
	case store.RefusedBy(err, "found"):
		return org, n, conflictOn("id", "There is a business with this id already.")
	case store.RefusedBy(err, "number"):
		return org, n, conflictOn("frontDesk", "This number is in use by another business.")
	}
	return org, n, err
}
