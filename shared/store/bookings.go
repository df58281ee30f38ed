package store

import (
	"context"
	"encoding/base64"
	"fmt"
	"time"

	"snout/shared/routing"
)

// BookingWrite is a booking as it is to be; Was is nil for a new one. Sitter asks
// that the booking's sitter is active at that very moment: without it a booking made
// while somebody is offboarded would be theirs for ever.
type BookingWrite struct {
	Next   routing.Booking
	Was    *routing.Booking
	Sitter bool
}

// CommitBookings writes bookings, each new or in place of the version read, with the
// lines of the audit, or none of them. It is refused by "booking" where one exists
// already or has changed, and by "sitter" where a sitter is no longer active.
func (t *Table) CommitBookings(ctx context.Context, org routing.OrgID, ws []BookingWrite, audit ...Audit) error {
	x := &tx{}
	checked := map[routing.SitterID]bool{}
	for _, w := range ws {
		b := w.Next
		b.Version = 1
		if w.Was != nil {
			b.Version = w.Was.Version + 1
		}
		it := bookingOut(org, b)
		if w.Was == nil {
			x.put("booking", t.name, it, absent)
		} else {
			x.update("booking", t.name, whole(bookingKey(org, b.ID), it, bookingFields).Equals("v", w.Was.Version))
		}
		if w.Sitter && b.Sitter != "" && !checked[b.Sitter] {
			checked[b.Sitter] = true
			x.check("sitter", t.name, update(sitterKey(org, b.Sitter)).Equals("active", true))
		}
	}
	for _, a := range audit {
		x.put("audit", t.name, auditOut(org, a), absent)
	}
	if err := t.transact(ctx, x); err != nil {
		return fmt.Errorf("commit bookings: %w", err)
	}
	return nil
}

var bookingFields = []string{
	"id", "org", "client", "sitter", "service", "start", "end", "visits", "rec", "status", "pets", "meet", "knows", "v", "by", "why", "GSI1PK", "GSI1SK", "GSI2PK", "GSI2SK",
}

// Bookings lists an org's bookings by their start, from an instant (zero: from the
// first) to another (zero: to the last), with a cursor.
func (t *Table) Bookings(ctx context.Context, org routing.OrgID, from, to time.Time, cursor string, limit int) ([]routing.Booking, string, error) {
	pk := bookingsPK(org)
	q := query{index: "GSI1", pk: pk, limit: oneMore(limit)}
	if !from.IsZero() {
		q.from = stamp(from)
	}
	if !to.IsZero() {
		q.to = stamp(to) + "~"
	}
	if cursor != "" {
		sk, err := unpackCursor(cursor)
		if err != nil || len(sk) < 11 || sk[9] != '#' {
			return nil, "", ErrCursor
		}
		id, err := routing.ParseBookingID(sk[10:])
		if err != nil {
			return nil, "", ErrCursor
		}
		q.start = bookingKey(org, id).item()
		for n, v := range index(1, pk, sk) {
			q.start[n] = v
		}
	}
	items, next, err := t.query(ctx, q)
	if err != nil {
		return nil, "", fmt.Errorf("bookings: %w", err)
	}
	items, cursor = page(items, next, limit, "GSI1SK")
	bs, err := bookingsIn(items)
	return bs, cursor, err
}

// SitterBookings lists a sitter's live bookings that end at an instant or later.
func (t *Table) SitterBookings(ctx context.Context, org routing.OrgID, s routing.SitterID, from time.Time) ([]routing.Booking, error) {
	items, err := t.queryAll(ctx, query{index: "GSI2", pk: sitterBookingsPK(org, s), from: stamp(from)})
	if err != nil {
		return nil, fmt.Errorf("sitter's bookings: %w", err)
	}
	return bookingsIn(items)
}

// BookingsByID reads bookings by their ids; those that do not exist are not in it.
func (t *Table) BookingsByID(ctx context.Context, org routing.OrgID, ids []routing.BookingID) (map[routing.BookingID]routing.Booking, error) {
	keys := make([]key, 0, len(ids))
	for _, id := range ids {
		keys = append(keys, bookingKey(org, id))
	}
	found, err := t.batch(ctx, true, keys...)
	if err != nil {
		return nil, fmt.Errorf("bookings by id: %w", err)
	}
	out := make(map[routing.BookingID]routing.Booking, len(found))
	for _, it := range found {
		_, b, err := bookingIn(it)
		if err != nil {
			return nil, err
		}
		out[b.ID] = b
	}
	return out, nil
}

func bookingsIn(items []item) ([]routing.Booking, error) {
	bs := make([]routing.Booking, 0, len(items))
	for _, it := range items {
		_, b, err := bookingIn(it)
		if err != nil {
			return nil, err
		}
		bs = append(bs, b)
	}
	return bs, nil
}

// oneMore than the page shows whether another follows it; 0 is whatever one read gives.
func oneMore(limit int) int32 {
	if limit <= 0 {
		return 0
	}
	return int32(limit) + 1
}

// page cuts what was read, one more than was asked for, to the page, and tells where
// the next begins: a list that ends with its page has no cursor that leads nowhere.
func page(items []item, next item, limit int, sk string) ([]item, string) {
	switch {
	case limit > 0 && len(items) > limit:
		items = items[:limit]
		return items, packCursor(str(items[limit-1], sk))
	case next != nil:
		return items, packCursor(str(next, sk))
	}
	return items, ""
}

// packCursor makes a place in a list opaque: what is inside may change, and nobody
// should build one.
func packCursor(sk string) string { return base64.RawURLEncoding.EncodeToString([]byte(sk)) }

func unpackCursor(cursor string) (string, error) {
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(b) == 0 || len(b) > 200 {
		return "", ErrCursor
	}
	return string(b), nil
}
