package measure

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"slices"
	"strings"

	"snout/shared/routing"
)

// Grown is what operations cost with so many events stored.
type Grown struct {
	Events int
	Items  int // in the table, of all kinds
	Costs  []Cost
}

// perThread is how many events stand in each conversation that is filled in; one more
// conversation, Dana's own, holds a tenth of all.
const perThread = 10

// Growth costs what people do again and again, at each number of stored events, which
// must rise. What is filled in are copies of what the functions themselves wrote for a
// real text: the event, its routing decision, and for each conversation its row, its
// route and its place in the owner's list and inbox.
func Growth(ctx context.Context, sizes ...int) (grown []Grown, err error) {
	b, err := start(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.w.Close()) }()
	service, _, err := b.thread(dana, "service")
	if err != nil {
		return nil, err
	}
	// What one text leaves behind, as the table has it.
	if err := errors.Join(b.text(stranger, frontDesk, "A stranger's text to be copied", ""), b.text(dana, samsOwn, "A client's text to be copied", ""), b.settle()); err != nil {
		return nil, err
	}
	rows, err := b.rows()
	if err != nil {
		return nil, err
	}
	m, err := newMould(rows, service)
	if err != nil {
		return nil, err
	}
	stored, items := 2, len(rows)
	for _, size := range sizes {
		n, err := b.w.Engine.Import("snout-local", m.fill(stored, size))
		if err != nil {
			return nil, err
		}
		stored, items = size, items+n
		g := Grown{Events: size, Items: items}
		for i, o := range []operation{
			{"text in, right after another", "inbound", func() error { return b.text(dana, samsOwn, fmt.Sprintf("A text at %d", size), "") }},
			{"text out, to the carrier's answer", "send", b.send("owner-1", service, fmt.Sprintf("An answer at %d", size))},
			{"list of 50 conversations", "messages", b.get("owner-1", "/api/messages/threads")},
			{"owner inbox, 50", "messages", b.get("owner-1", "/api/messages/threads?box=owner_inbox")},
			{"list, sitter's", "messages", b.get("sitter-1", "/api/messages/threads")},
			{"the fullest conversation, 50 events", "messages", b.get("owner-1", "/api/messages/threads/"+service)},
			{"diagnostics", "diagnostics", b.get("owner-1", "/api/messages/diagnostics")},
		} {
			c, err := b.cost(o)
			if err != nil {
				return nil, fmt.Errorf("%s with %d events: %w", o.name, size, err)
			}
			if i < 2 {
				items += 2 // what it wrote itself
			}
			g.Costs = append(g.Costs, c)
		}
		grown = append(grown, g)
	}
	return grown, nil
}

// rows are all items of the table, as the table's own JSON.
func (b *bench) rows() ([]json.RawMessage, error) {
	q, err := http.NewRequestWithContext(b.ctx, http.MethodPost, b.w.URL+"/", strings.NewReader(`{"TableName":"snout-local"}`))
	if err != nil {
		return nil, err
	}
	q.Header.Set("X-Amz-Target", "DynamoDB_20120810.Scan")
	q.Header.Set("Content-Type", "application/x-amz-json-1.0")
	q.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=local/20260610/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0")
	res, err := http.DefaultClient.Do(q)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	var out struct{ Items []json.RawMessage }
	if err := json.Unmarshal(raw, &out); err != nil || res.StatusCode != http.StatusOK || len(out.Items) == 0 {
		return nil, fmt.Errorf("the table cannot be read: status %d, %d items, %v", res.StatusCode, len(out.Items), err)
	}
	return out.Items, nil
}

// mould is what a text left behind, cut where copies differ.
type mould struct {
	thread, route, event, decision []byte // of the stranger
	own, ownDecision               []byte // event and decision in Dana's conversation
	id, order, ownOrder            string
}

// field is a string attribute of an item.
func field(raw json.RawMessage, name string) string {
	var it map[string]struct{ S string }
	if json.Unmarshal(raw, &it) != nil {
		var one map[string]json.RawMessage // lists and maps beside it do not fit
		if json.Unmarshal(raw, &one) != nil {
			return ""
		}
		var v struct{ S string }
		_ = json.Unmarshal(one[name], &v)
		return v.S
	}
	return it[name].S
}

func newMould(rows []json.RawMessage, service string) (*mould, error) {
	m := &mould{}
	for _, r := range rows {
		pk, sk, kind := field(r, "PK"), field(r, "SK"), field(r, "kind")
		switch {
		case kind == "event" && bytes.Contains(r, []byte("A stranger's text to be copied")):
			m.event, m.id, m.order = r, strings.TrimPrefix(pk, "T#"), strings.TrimPrefix(sk, "E#")
		case kind == "event" && bytes.Contains(r, []byte("A client's text to be copied")):
			m.own, m.ownOrder = r, strings.TrimPrefix(sk, "E#")
		}
	}
	for _, r := range rows {
		switch pk, sk := field(r, "PK"), field(r, "SK"); {
		case pk == "T#"+m.id && sk == "META":
			m.thread = r
		case sk == "P#"+stranger:
			m.route = r
		case strings.HasSuffix(pk, "#DEC") && field(r, "t") == m.id:
			m.decision = r
		case strings.HasSuffix(pk, "#DEC") && field(r, "t") == service:
			m.ownDecision = r
		}
	}
	for what, r := range map[string][]byte{"the conversation": m.thread, "its route": m.route, "its event": m.event, "its decision": m.decision, "a client's event": m.own, "a client's decision": m.ownDecision} {
		if r == nil {
			return nil, fmt.Errorf("a text has not left %s behind", what)
		}
	}
	return m, nil
}

// fill makes the items of the events after the first so many. Times lie before noon,
// one second apart, so that the newest are those of the highest number.
func (m *mould) fill(from, to int) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for i := from; i < to; i++ {
			order := routing.Order(noon.UnixMicro()-int64(10_000_000-i)*1_000_000, fmt.Sprintf("c%07d", i))
			if i%10 == 0 { // in Dana's own conversation
				if !yield(replaced(m.own, m.ownOrder, order)) || !yield(replaced(m.ownDecision, m.ownOrder, order)) {
					return
				}
				continue
			}
			n := i / perThread
			local := routing.NewThreadID("demo", fmt.Sprintf("copy%08d", n))
			phone := fmt.Sprintf("+1555555%04d", 1000+n%9000) // reserved exchange; several conversations may share one
			if i%perThread == 1 || i == from {
				if !yield(replaced(m.thread, m.id, string(local), m.order, order, stranger, phone)) || !yield(replaced(m.route, m.id, string(local), stranger, phone)) {
					return
				}
			}
			if !yield(replaced(m.event, m.id, string(local), m.order, order, stranger, phone)) || !yield(replaced(m.decision, m.id, string(local), m.order, order)) {
				return
			}
		}
	}
}

func replaced(raw []byte, pairs ...string) []byte {
	out := slices.Clone(raw)
	for i := 0; i < len(pairs); i += 2 {
		out = bytes.ReplaceAll(out, []byte(pairs[i]), []byte(pairs[i+1]))
	}
	return out
}
