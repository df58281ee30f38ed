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
// known says that the clients know who is coming, so that none of them is told of it.
// progress, if there is one, is told how many lines are done.
func (o *Office) ImportBookings(ctx context.Context, who routing.Principal, r io.Reader, known bool, progress func(lines int)) (ImportedBookings, error) {
	var done ImportedBookings
	roster, err := o.Sitters(ctx, who.Org)
	if err != nil {
		return done, err
	}
	zone, err := zone("timeZone", roster.Org.Zone)
	if err != nil {
		return done, err
	}
	var batch []bulkLine
	flush := func(line int) error {
		if len(batch) > 0 {
			if err := o.importBatch(ctx, who, batch, zone, known, &done); err != nil {
				return fmt.Errorf("import bookings before line %d: %w", line+1, err)
			}
			batch = batch[:0]
		}
		if progress != nil {
			progress(line)
		}
		return nil
	}
	done.Lines, err = bookingLines(r, func(l bulkLine) error {
		if batch = append(batch, l); len(batch) < bulk {
			return nil
		}
		return flush(l.number)
	}, func(f LineFault) { done.Faults = append(done.Faults, f) })
	if err == nil {
		err = flush(done.Lines)
	}
	slices.SortFunc(done.Faults, func(a, b LineFault) int { return a.Line - b.Line })
	return done, err
}

// bookingLines reads bookings, one JSON object on each line, and hands on those that
// can be read. A refusal of one is that line's fault, and the rest goes on.
func bookingLines(r io.Reader, take func(bulkLine) error, fault func(LineFault)) (lines int, err error) {
	seen := map[routing.BookingID]int{}
	s := bufio.NewScanner(r)
	s.Buffer(make([]byte, 0, 64<<10), maxLine)
	for s.Scan() {
		lines++
		if len(bytes.TrimSpace(s.Bytes())) == 0 {
			continue
		}
		l := bulkLine{number: lines}
		d := json.NewDecoder(bytes.NewReader(s.Bytes()))
		d.DisallowUnknownFields()
		if err := d.Decode(&l.in); err != nil {
			fault(LineFault{lines, "", "", "This line is no booking: " + badLine(err)})
			continue
		}
		id, err := routing.ParseBookingID(l.in.ID.Value)
		if err != nil {
			fault(LineFault{lines, "", "id", "An imported booking needs its id: 1 to 64 letters, digits, dots, hyphens and underscores."})
			continue
		}
		if first := seen[id]; first != 0 {
			fault(LineFault{lines, string(id), "id", fmt.Sprintf("Line %d has this id already.", first)})
			continue
		}
		seen[id], l.id = lines, id
		var no *routing.Refusal
		switch err := take(l); {
		case errors.As(err, &no):
			fault(LineFault{lines, string(id), no.Field, no.Sentence})
		case err != nil:
			return lines, err
		}
	}
	if err := s.Err(); err != nil {
		return lines, fmt.Errorf("read bookings: line %d: %w", lines+1, err)
	}
	return lines, nil
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

func (o *Office) importBatch(ctx context.Context, who routing.Principal, batch []bulkLine, zone *time.Location, known bool, done *ImportedBookings) error {
	ids := make([]routing.BookingID, 0, len(batch))
	var clients []routing.ClientID
	for _, l := range batch {
		ids = append(ids, l.id)
		cs, _ := l.in.named()
		clients = append(clients, cs...)
	}
	slices.Sort(clients)
	clients = slices.Compact(clients)
	return again(ctx, func() error {
		there, err := o.table.BookingsByID(ctx, who.Org, ids)
		if err != nil {
			return err
		}
		p := people{zone: zone, sitters: map[routing.SitterID]routing.Sitter{}}
		if p.clients, err = o.table.ClientsByID(ctx, who.Org, clients); err != nil {
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
			if known {
				b.Knows = b.Sitter
			}
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

// PoolBookings are an org's bookings that hold, or will hold, a conversation open: the
// live ones, and those just done, whose pool numbers still rest. The size of its pool
// is worked out from them.
func (o *Office) PoolBookings(ctx context.Context, org routing.OrgID) ([]routing.PoolBooking, error) {
	roster, err := o.Sitters(ctx, org)
	if err != nil {
		return nil, err
	}
	own := ownNumbers(roster)
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
			if b.End.Before(now.Add(-roster.Org.Settings.Cooldown() - stillOpen)) {
				continue
			}
			if p, holds := poolBooking(b, clients[b.Client], own, roster.Org.Settings.Buffers); holds {
				out = append(out, p)
			}
		}
	}
	return out, nil
}

// ownNumbers are the sitters with an active number of their own.
func ownNumbers(r *store.Roster) map[routing.SitterID]bool {
	own := map[routing.SitterID]bool{}
	for _, n := range r.Numbers {
		if n.Class == routing.SitterNum && n.Status == routing.NumberActive && n.Sitter != "" {
			own[n.Sitter] = true
		}
	}
	return own
}

func poolBooking(b routing.Booking, c routing.Client, own map[routing.SitterID]bool, buffers map[string]routing.Buffer) (routing.PoolBooking, bool) {
	if b.Sitter == "" || !b.Live() && b.Status != "completed" {
		return routing.PoolBooking{}, false
	}
	return routing.PoolBooking{
		Client: b.Client, Sitter: b.Sitter, Recurring: routing.Recurring(b.Recurrence, c.Plan, c.Recurring), OwnNumber: own[b.Sitter],
		Windows: routing.WindowsOf(b.ID, b.Sitter, b.Visits, routing.BufferFor(buffers, b.Service)),
	}, true
}

// PlannedBookings reads bookings as JSON lines, as an import takes them, for the size
// of a pool: nothing is kept. With no org they are of a business that does not exist
// yet, in a zone, whose sitters named in own have numbers of their own.
func (o *Office) PlannedBookings(ctx context.Context, org routing.OrgID, r io.Reader, l *time.Location, own map[routing.SitterID]bool) ([]routing.PoolBooking, []LineFault, error) {
	var buffers map[string]routing.Buffer
	p := people{zone: l, clients: map[routing.ClientID]routing.Client{}, sitters: map[routing.SitterID]routing.Sitter{}}
	if org != "" {
		roster, err := o.Sitters(ctx, org)
		if err != nil {
			return nil, nil, err
		}
		if p.zone, err = zone("timeZone", roster.Org.Zone); err != nil {
			return nil, nil, err
		}
		own, buffers = ownNumbers(roster), roster.Org.Settings.Buffers
		for _, s := range roster.Sitters {
			p.sitters[s.ID] = s
		}
		for cursor, more := "", true; more; more = cursor != "" {
			var cs []routing.Client
			if cs, cursor, err = o.table.Clients(ctx, org, cursor, 100); err != nil {
				return nil, nil, err
			}
			for _, c := range cs {
				p.clients[c.ID] = c
			}
		}
	}
	var out []routing.PoolBooking
	var faults []LineFault
	_, err := bookingLines(r, func(line bulkLine) error {
		cs, ss := line.in.named()
		if org == "" {
			for _, id := range cs {
				p.clients[id] = routing.Client{ID: id}
			}
			for _, id := range ss {
				p.sitters[id] = routing.Sitter{ID: id, Active: true}
			}
		}
		b, err := line.in.apply(routing.Booking{}, p)
		if err != nil {
			return err
		}
		b.ID = line.id
		if one, holds := poolBooking(b, p.clients[b.Client], own, buffers); holds {
			out = append(out, one)
		}
		return nil
	}, func(f LineFault) { faults = append(faults, f) })
	return out, faults, err
}
