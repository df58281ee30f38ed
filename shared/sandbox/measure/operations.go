package measure

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

// Cost is what one operation makes of the table.
type Cost struct {
	Name     string
	Function string
	Trips    int     // calls, those made side by side each for itself
	RRU, WRU float64 // units, those of the indexes included
	// What the operation sets off through the stream: counters, the outbox, windows.
	// One at a time; a busy stage folds many into one.
	AfterTrips         int
	AfterRRU, AfterWRU float64
	Calls              map[string]int // invocations in all, by function
	LogBytes           int            `json:"-"` // of the functions' lines in all; a digit more or less of a time changes it
}

type operation struct {
	name, function string
	do             func() error
}

// Operations costs every operation on the demo business. Each runs alone, and what it
// sets off is let run out before the next.
func Operations(ctx context.Context) (costs []Cost, err error) {
	b, err := start(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.w.Close()) }()
	service, _, err := b.thread(dana, "service")
	if err != nil {
		return nil, err
	}
	_, pool, err := b.thread(theo, "service")
	if err != nil {
		return nil, err
	}
	sid := "SM" + fmt.Sprintf("%032x", 77)
	ops := []operation{
		{"text in, known pair", "inbound", func() error { return b.text(dana, samsOwn, "A text of a known pair", sid) }},
		{"text in, right after another", "inbound", func() error { return b.text(dana, samsOwn, "One more text of a known pair", "") }},
		{"text in, the same MessageSid again", "inbound", func() error { return b.text(dana, samsOwn, "A text of a known pair", sid) }},
		{"text in, a stranger's first", "inbound", func() error { return b.text(stranger, frontDesk, "The first text of a stranger", "") }},
		{"text in, a client's first to the front desk", "inbound", func() error { return b.text(ben, frontDesk, "The first text of a client", "") }},
		{"text in, a stranger on a pool number", "inbound", func() error { return b.text(stranger, pool, "A stranger on a pool number", "") }},
		{"text in, STOP", "inbound", func() error { return b.text(marcus, ivysOwn, "STOP", "") }},
		{"text out, owner's, to the carrier's answer", "send", b.send("owner-1", service, "An owner's message to Dana")},
		{"text out, sitter's, to the carrier's answer", "send", b.send("sitter-1", service, "A sitter's message to Dana")},
		{"text out, stopped for a contact swap", "send", func() error {
			_, err := b.call("sitter-1", http.MethodPost, "/api/messages/send", map[string]any{"threadId": service, "text": "Call me on 310 555 0199"}, http.StatusForbidden)
			return err
		}},
		{"list of conversations", "messages", b.get("owner-1", "/api/messages/threads")},
		{"list, owner inbox", "messages", b.get("owner-1", "/api/messages/threads?box=owner_inbox")},
		{"list, sitter's", "messages", b.get("sitter-1", "/api/messages/threads")},
		{"a conversation, owner's", "messages", b.get("owner-1", "/api/messages/threads/"+service)},
		{"a conversation, sitter's", "messages", b.get("sitter-1", "/api/messages/threads/"+service)},
		{"diagnostics", "diagnostics", b.get("owner-1", "/api/messages/diagnostics")},
		{"explain", "messages", func() error {
			_, err := b.call("owner-1", http.MethodPost, "/api/messages/explain", map[string]any{"from": dana, "to": samsOwn}, http.StatusOK)
			return err
		}},
		{"booking assigned, its conversation made", "assignment", func() error {
			_, err := b.call("owner-1", http.MethodPatch, "/api/bookings/booking-5", map[string]any{"sitterId": "sitter-1"}, http.StatusOK)
			return err
		}},
		{"booking assigned, into its conversation", "assignment", func() error {
			_, err := b.call("owner-1", http.MethodPost, "/api/bookings", map[string]any{"clientId": "client-1", "sitterId": "sitter-1", "service": "Drop-ins",
				"startAt": "2026-06-11T12:00:00", "endAt": "2026-06-11T12:30:00"}, http.StatusCreated)
			return err
		}},
	}
	for _, o := range ops {
		c, err := b.cost(o)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", o.name, err)
		}
		costs = append(costs, c)
	}
	return costs, nil
}

func (b *bench) send(who, thread, text string) func() error {
	return func() error {
		_, err := b.call(who, http.MethodPost, "/api/messages/send", map[string]any{"threadId": thread, "text": text}, http.StatusAccepted)
		return err
	}
}

// cost runs one operation and reads what it cost from the functions' own lines.
func (b *bench) cost(o operation) (Cost, error) {
	c := Cost{Name: o.name, Function: o.function, Calls: map[string]int{}}
	if err := b.settle(); err != nil {
		return c, err
	}
	b.log.take()
	b.gate.Lock()
	err := o.do()
	b.gate.Unlock()
	if err != nil {
		return c, err
	}
	if err := b.settle(); err != nil {
		return c, err
	}
	found := false
	for _, l := range b.log.take() {
		if l.Looked != nil {
			continue // the minute's sweep runs whether anything happens or not
		}
		if l.Outcome == "fault" || l.Outcome == "retry" {
			return c, fmt.Errorf("%s: %s: %s", l.Function, l.Outcome, l.Error)
		}
		c.Calls[l.Function]++
		c.LogBytes += l.bytes
		// The last invocation of its function that touched the table: what came before
		// it is of the same operation only where it is retried, which nothing here is.
		if l.Function == o.function && !found && l.Trips > 0 {
			c.Trips, c.RRU, c.WRU, found = l.Trips, l.RRU, l.WRU, true
			continue
		}
		c.AfterTrips, c.AfterRRU, c.AfterWRU = c.AfterTrips+l.Trips, c.AfterRRU+l.RRU, c.AfterWRU+l.WRU
	}
	if !found {
		return c, fmt.Errorf("no line of %s", o.function)
	}
	return c, nil
}
