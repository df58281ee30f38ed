package office

import (
	"context"
	"time"

	"snout/shared/routing"
	"snout/shared/store"
)

// SitterInput is a sitter as they are asked for, whole or in part.
type SitterInput struct {
	ID     Field[string] `json:"id"`
	Name   Field[string] `json:"name"`
	Phone  Field[string] `json:"phone"`  // their own, for notifications without content
	Notify Field[bool]   `json:"notify"` // whether they asked for those
	Active Field[bool]   `json:"active"`
}

const noSitter = "There is no such sitter."

// Sitters are an org's sitters with its numbers, in one read.
func (o *Office) Sitters(ctx context.Context, org routing.OrgID) (*store.Roster, error) {
	r, err := o.table.Roster(ctx, org, true)
	return r, missing(err, noOrg)
}

func (in *SitterInput) apply(was routing.Sitter) (routing.Sitter, error) {
	s := was
	fresh := was.ID == ""
	if fresh && !in.Name.Set {
		return s, routing.Invalid("name", "A sitter needs a name.")
	}
	if err := text(in.Name, "name", &s.Name, 80, false); err != nil {
		return s, err
	}
	if in.Phone.Set {
		s.Phone = routing.Phone{}
		if !in.Phone.Null && in.Phone.Value != "" {
			var err error
			if s.Phone, err = phoneOf("phone", in.Phone.Value); err != nil {
				return s, err
			}
		}
	}
	if in.Notify.Set {
		s.Notify = in.Notify.Value
	}
	if s.Notify && s.Phone.IsZero() {
		return s, routing.Invalid("notify", "Notifications need the sitter's own phone.")
	}
	if fresh {
		s.Active = true
	}
	switch {
	case in.Active.Set && in.Active.Null:
		return s, routing.Invalid("active", "This must not be null.")
	case in.Active.Set && !in.Active.Value && s.Active:
		return s, routing.Invalid("active", "A sitter leaves by being offboarded: their number must rest and their visits go back to the office.")
	case in.Active.Set:
		s.Active = in.Active.Value
	}
	return s, nil
}

// CreateSitter makes one.
func (o *Office) CreateSitter(ctx context.Context, who routing.Principal, in SitterInput) (routing.Sitter, error) {
	s, err := in.apply(routing.Sitter{})
	if err != nil {
		return s, err
	}
	if s.ID, err = given(o, in.ID, "s", routing.ParseSitterID); err != nil {
		return s, err
	}
	err = o.changeSitter(ctx, who, func(r *store.Roster) (store.InventoryCommit, error) {
		if _, there := r.Sitter(s.ID); there {
			return store.InventoryCommit{}, conflictOn("id", "There is a sitter with this id already.")
		}
		if err := o.ownPhone(ctx, who.Org, "phone", s.Phone); err != nil {
			return store.InventoryCommit{}, err
		}
		return store.InventoryCommit{Sitters: []store.SitterWrite{{Next: s}}, Audit: []store.Audit{o.line(who, "sitter.create", string(s.ID), "", "")}}, nil
	})
	s.Version = 1
	return s, err
}

// ownPhone refuses a person's phone that is a number of the business's.
func (o *Office) ownPhone(ctx context.Context, org routing.OrgID, field string, p routing.Phone) error {
	if p.IsZero() {
		return nil
	}
	truth, err := o.table.TruthOf(ctx, p)
	if err != nil {
		return err
	}
	if n, rented := truth[p]; rented && n.Org == org && n.Status != routing.NumberInactive {
		return routing.Invalid(field, "This is one of the business's own numbers.")
	}
	return nil
}

// changeSitter reads the roster, decides and writes, until nobody comes in between.
func (o *Office) changeSitter(ctx context.Context, who routing.Principal, decide func(*store.Roster) (store.InventoryCommit, error)) error {
	return again(ctx, func() error {
		r, err := o.Sitters(ctx, who.Org)
		if err != nil {
			return err
		}
		c, err := decide(r)
		if err != nil {
			return err
		}
		if len(c.Numbers)+len(c.Sitters) == 0 && c.OrgNext == nil && c.Desk == nil && len(c.Audit) == 0 {
			return nil
		}
		c.Org = r.Org
		return o.table.CommitInventory(ctx, c)
	})
}

func sitterIn(r *store.Roster, id string) (routing.Sitter, error) {
	sid, err := routing.ParseSitterID(id)
	if err == nil {
		if s, there := r.Sitter(sid); there {
			return s, nil
		}
	}
	return routing.Sitter{}, routing.Refuse(routing.CodeNotFound, noSitter)
}

// PatchSitter changes one. Somebody who left may come back; their old number does not.
func (o *Office) PatchSitter(ctx context.Context, who routing.Principal, id string, ifMatch int64, in SitterInput) (routing.Sitter, *store.Roster, error) {
	var next routing.Sitter
	var roster *store.Roster
	err := o.changeSitter(ctx, who, func(r *store.Roster) (store.InventoryCommit, error) {
		roster = r
		c := store.InventoryCommit{}
		was, err := sitterIn(r, id)
		if err != nil {
			return c, err
		}
		if err := matches(ifMatch, was.Version); err != nil {
			return c, err
		}
		if in.ID.Set && in.ID.Value != string(was.ID) {
			return c, routing.Invalid("id", "A sitter's id cannot change.")
		}
		if next, err = in.apply(was); err != nil || next == was {
			return c, err
		}
		if next.Phone != was.Phone {
			if err := o.ownPhone(ctx, who.Org, "phone", next.Phone); err != nil {
				return c, err
			}
		}
		c.Sitters = []store.SitterWrite{{Next: next, Was: &was}}
		c.Audit = []store.Audit{o.line(who, "sitter.change", string(was.ID), "", "")}
		next.Version = was.Version + 1
		return c, nil
	})
	return next, roster, err
}

// Unlock lets a sitter write again who was locked by stopped messages.
func (o *Office) Unlock(ctx context.Context, who routing.Principal, id, reason string) (routing.Sitter, *store.Roster, error) {
	var next routing.Sitter
	var roster *store.Roster
	reason, err := why(reason)
	if err != nil {
		return next, nil, err
	}
	err = o.changeSitter(ctx, who, func(r *store.Roster) (store.InventoryCommit, error) {
		roster = r
		c := store.InventoryCommit{}
		was, err := sitterIn(r, id)
		if err != nil {
			return c, err
		}
		next = was
		if !was.Locked {
			return c, nil
		}
		next.Locked = false
		c.Sitters = []store.SitterWrite{{Next: next, Was: &was, Unlock: true}}
		c.Audit = []store.Audit{o.line(who, "sitter.unlock", string(was.ID), reason, "")}
		next.Version = was.Version + 1
		return c, nil
	})
	return next, roster, err
}

// Offboarded is what a sitter's leaving has done.
type Offboarded struct {
	Sitter    routing.Sitter
	Number    *routing.Number     // that now rests, if they had one
	Cleared   []routing.BookingID // bookings to come, now without a sitter
	Completed []routing.BookingID // bookings just over, whose windows were still open
}

// stillOpen is how long after its end a booking's window may be open at most: the
// longest buffer an org may set, and a day of extensions.
const stillOpen = maxBuffer + 24*time.Hour

// Offboard ends a sitter's work: they are inactive and their number is quarantined in
// one transaction, so nothing new becomes theirs; then every booking they still hold is
// given back by an ordinary change of the booking, from which the stream closes the
// windows and the history tells who did it and why. It may be asked for again, and
// then finishes what is left.
func (o *Office) Offboard(ctx context.Context, who routing.Principal, id, reason string) (Offboarded, error) {
	var done Offboarded
	reason, err := why(reason)
	if err != nil {
		return done, err
	}
	err = o.changeSitter(ctx, who, func(r *store.Roster) (store.InventoryCommit, error) {
		c := store.InventoryCommit{}
		was, err := sitterIn(r, id)
		if err != nil {
			return c, err
		}
		done = Offboarded{Sitter: was}
		for _, n := range r.Numbers {
			if n.Class != routing.SitterNum || n.Sitter != was.ID || n.Status == routing.NumberInactive || !n.Until.IsZero() {
				continue
			}
			n := n
			next := n
			next.Status, next.Reason, next.Until = routing.NumberQuarantined, "The sitter has left: "+reason, o.now().Add(r.Org.Settings.Quarantine()).Truncate(time.Millisecond)
			c.Numbers = append(c.Numbers, store.NumberWrite{Next: next, Was: &n})
			c.Audit = append(c.Audit, o.line(who, "number.quarantine", string(n.ID), next.Reason, ""))
			if done.Number == nil || n.ID == was.Number {
				rests := next
				rests.Version++
				done.Number = &rests
			}
		}
		if was.Active || was.Number != "" {
			next := was
			next.Active, next.Number = false, ""
			c.Sitters = []store.SitterWrite{{Next: next, Was: &was}}
			done.Sitter = next
			done.Sitter.Version++
		}
		if len(c.Sitters)+len(c.Numbers) > 0 {
			c.Audit = append(c.Audit, o.line(who, "sitter.offboard", string(was.ID), reason, ""))
		}
		return c, nil
	})
	if err != nil {
		return done, err
	}
	held, err := o.table.SitterBookings(ctx, who.Org, done.Sitter.ID, o.now().Add(-stillOpen))
	if err != nil {
		return done, err
	}
	for _, b := range held {
		var cleared, completed bool
		err := again(ctx, func() error {
			cleared, completed = false, false
			was, err := o.table.Booking(ctx, who.Org, b.ID)
			if err != nil {
				return err
			}
			if was.Sitter != done.Sitter.ID || !was.Live() {
				return nil
			}
			next := was
			if completed = was.End.Before(o.now()); completed {
				next.Status = "completed" // they did it: who it was stays
			} else {
				cleared, next.Sitter = true, ""
			}
			next.By, next.Reason = who.Who(), "The sitter has left: "+reason
			return o.table.CommitBookings(ctx, who.Org, []store.BookingWrite{{Next: next, Was: &was}},
				o.line(who, "booking.change", string(was.ID), next.Reason, changes(was, next)))
		})
		if err != nil {
			return done, err
		}
		if cleared {
			done.Cleared = append(done.Cleared, b.ID)
		}
		if completed {
			done.Completed = append(done.Completed, b.ID)
		}
	}
	return done, nil
}
