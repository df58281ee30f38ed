package office

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"snout/shared/routing"
	"snout/shared/store"
)

const (
	// bulk is how many bookings are written together: with the sitters they name and
	// the audit's line they fit into one transaction.
	bulk = 40
	// maxLine bounds one line of an import; a booking with a year of visits fits.
	maxLine = 256 << 10
)

// LineFault is a line of an import that was not taken.
type LineFault struct {
	Line  int
	ID    string
	Field string
	Text  string
}

// ImportedBookings is what an import has done.
type ImportedBookings struct {
	Lines   int
	Created int
	Present int // there already, and left as they are: they may have been changed since
	Faults  []LineFault
}

type bulkLine struct {
	number int
	id     routing.BookingID
	in     BookingInput
}

// ImportBookings reads bookings as JSON lines, each as POST /api/bookings takes it and
// with its id, and makes those that are not there. Running it again makes nothing
// twice and changes nothing; a line at fault is reported and the rest goes on.
// progress, if there is one, is told how many lines are done.
func (o *Office) ImportBookings(ctx context.Context, who routing.Principal, r io.Reader, progress func(lines int)) (ImportedBookings, error) {
	var done ImportedBookings
	roster, err := o.Sitters(ctx, who.Org)
	if err != nil {
		return done, err
	}
	zone, err := zone("timeZone", roster.Org.Zone)
	if err != nil {
		return done, err
	}
	seen := map[routing.BookingID]int{}
	var batch []bulkLine
	flush := func() error {
		if len(batch) > 0 {
			if err := o.importBatch(ctx, who, batch, zone, &done); err != nil {
				return fmt.Errorf("import bookings before line %d: %w", done.Lines+1, err)
			}
			batch = batch[:0]
		}
		if progress != nil {
			progress(done.Lines)
		}
		return nil
	}
	s := bufio.NewScanner(r)
	s.Buffer(make([]byte, 0, 64<<10), maxLine)
	for s.Scan() {
		done.Lines++
		if len(bytes.TrimSpace(s.Bytes())) == 0 {
			continue
		}
		fault := func(id, field, text string) {
			done.Faults = append(done.Faults, LineFault{done.Lines, id, field, text})
		}
		l := bulkLine{number: done.Lines}
		d := json.NewDecoder(bytes.NewReader(s.Bytes()))
		d.DisallowUnknownFields()
		if err := d.Decode(&l.in); err != nil {
			fault("", "", "This line is no booking: "+badLine(err))
			continue
		}
		id, err := routing.ParseBookingID(l.in.ID.Value)
		if err != nil {
			fault("", "id", "An imported booking needs its id: 1 to 64 letters, digits, dots, hyphens and underscores.")
			continue
		}
		if first := seen[id]; first != 0 {
			fault(string(id), "id", fmt.Sprintf("Line %d has this id already.", first))
			continue
		}
		seen[id], l.id = done.Lines, id
		if batch = append(batch, l); len(batch) == bulk {
			if err := flush(); err != nil {
				return done, err
			}
		}
	}
	if err := s.Err(); err != nil {
		return done, fmt.Errorf("import bookings: line %d: %w", done.Lines+1, err)
	}
	return done, flush()
}

// badLine says what is wrong with a line without repeating what stands in it.
func badLine(err error) string {
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrong):
		return "the field " + wrong.Field + " is of a wrong type."
	case strings.HasPrefix(err.Error(), "json: unknown field "):
		return "there is no field " + strings.TrimPrefix(err.Error(), "json: unknown field ") + "."
	}
	return "it is not valid JSON."
}

func (o *Office) importBatch(ctx context.Context, who routing.Principal, batch []bulkLine, zone *time.Location, done *ImportedBookings) error {
	ids := make([]routing.BookingID, 0, len(batch))
	var clients []routing.ClientID
	for _, l := range batch {
		ids = append(ids, l.id)
		cs, _ := l.in.named()
		clients = append(clients, cs...)
	}
	slices.Sort(clients)
	return again(ctx, func() error {
		there, err := o.table.BookingsByID(ctx, who.Org, ids)
		if err != nil {
			return err
		}
		p := people{zone: zone, sitters: map[routing.SitterID]routing.Sitter{}}
		if p.clients, err = o.table.ClientsByID(ctx, who.Org, slices.Compact(clients)); err != nil {
			return err
		}
		roster, err := o.table.Roster(ctx, who.Org, true)
		if err != nil {
			return err
		}
		for _, s := range roster.Sitters {
			p.sitters[s.ID] = s
		}
		var ws []store.BookingWrite
		var faults []LineFault
		for _, l := range batch {
			if _, have := there[l.id]; have {
				continue
			}
			b, err := l.in.apply(routing.Booking{}, p)
			if err == nil {
				b.Reason, err = l.in.why()
			}
			var no *routing.Refusal
			if errors.As(err, &no) {
				faults = append(faults, LineFault{l.number, string(l.id), no.Field, no.Sentence})
				continue
			}
			if err != nil {
				return err
			}
			b.ID, b.By = l.id, who.Who()
			ws = append(ws, store.BookingWrite{Next: b, Sitter: true})
		}
		if len(ws) > 0 {
			if err := o.table.CommitBookings(ctx, who.Org, ws, o.line(who, "booking.import", string(ws[0].Next.ID), "", fmt.Sprintf("%d bookings", len(ws)))); err != nil {
				return err
			}
		}
		done.Created += len(ws)
		done.Present += len(there)
		done.Faults = append(done.Faults, faults...)
		return nil
	})
}

// PoolBookings are an org's live bookings that are not over, as the size of its pool
// is worked out from them.
func (o *Office) PoolBookings(ctx context.Context, org routing.OrgID) ([]routing.PoolBooking, error) {
	roster, err := o.Sitters(ctx, org)
	if err != nil {
		return nil, err
	}
	own := map[routing.SitterID]bool{}
	for _, n := range roster.Numbers {
		if n.Class == routing.SitterNum && n.Status == routing.NumberActive && n.Sitter != "" {
			own[n.Sitter] = true
		}
	}
	var out []routing.PoolBooking
	now := o.now()
	for cursor, more := "", true; more; more = cursor != "" {
		var bs []routing.Booking
		if bs, cursor, err = o.table.Bookings(ctx, org, time.Time{}, time.Time{}, cursor, 100); err != nil {
			return nil, err
		}
		var ids []routing.ClientID
		for _, b := range bs {
			ids = append(ids, b.Client)
		}
		slices.Sort(ids)
		clients, err := o.table.ClientsByID(ctx, org, slices.Compact(ids))
		if err != nil {
			return nil, err
		}
		for _, b := range bs {
			if b.Sitter == "" || !b.Live() || b.End.Before(now.Add(-roster.Org.Settings.Cooldown()-stillOpen)) {
				continue
			}
			c := clients[b.Client]
			out = append(out, routing.PoolBooking{
				Client: b.Client, Sitter: b.Sitter, Recurring: routing.Recurring(b.Recurrence, c.Plan, c.Recurring), OwnNumber: own[b.Sitter],
				Windows: routing.WindowsOf(b.ID, b.Sitter, b.Visits, routing.BufferFor(roster.Org.Settings.Buffers, b.Service)),
			})
		}
	}
	return out, nil
}
