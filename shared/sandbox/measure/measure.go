// Package measure finds out what the system costs: calls and units of the table for
// each operation, the size of what is deployed, how long a function takes to its first
// answer with the processor share that its memory buys, dollars a million messages, and
// how all of it grows with what is stored.
//
// What is counted is the same on every machine and is held by a test; what is timed is
// told as what it is, a figure of this machine, and never makes a test fail.
package measure

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"snout/shared/sandbox"
)

// The demo business, as the world is seeded.
const (
	dana      = "+13105550111"
	marcus    = "+13105550112"
	theo      = "+13105550118"
	ben       = "+13105550116"
	stranger  = "+15555550170"
	frontDesk = "+12135550100"
	samsOwn   = "+12135550101"
	ivysOwn   = "+12135550102"
	sitting   = "ENABLE_SITTER_MESSAGES_V1"
)

// noon is when the demo's windows of the day are on: a Wednesday, at the business's noon.
var noon = time.Date(2026, 6, 10, 19, 0, 0, 0, time.UTC)

// bench is a world with the clock in hand, and its log.
type bench struct {
	ctx    context.Context
	w      *sandbox.World
	log    lines
	tokens map[string]string
	n      int // of keys
	// gate is shut while an operation is measured: a report of the carrier's that comes
	// before the send has written down its answer spares it a write, on a busy machine.
	gate sync.RWMutex
}

// lines keeps the functions' log lines.
type lines struct {
	mu  sync.Mutex
	raw bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.raw.Write(p)
}

// line is what a function's log line says of its costs.
type line struct {
	Function   string
	Outcome    string
	DurationMs float64
	Trips      int
	RRU, WRU   float64
	Looked     *int // of a scheduled sweep
	Error      string
	bytes      int
}

// take answers the lines since it was last asked.
func (l *lines) take() []line {
	l.mu.Lock()
	raw := l.raw.String()
	l.raw.Reset()
	l.mu.Unlock()
	var out []line
	for s := range strings.SplitSeq(raw, "\n") {
		var one line
		if json.Unmarshal([]byte(s), &one) == nil && one.Function != "" {
			one.bytes = len(s) + 1
			out = append(out, one)
		}
	}
	return out
}

// start starts a world at noon, with sitters let in.
func start(ctx context.Context, change ...func(*sandbox.Options)) (*bench, error) {
	b := &bench{ctx: ctx, tokens: map[string]string{}}
	o := sandbox.Options{Addr: "127.0.0.1:0", Log: &b.log, Base: func() time.Time { return noon }, Spawn: func(work func()) {
		go func() {
			b.gate.RLock()
			defer b.gate.RUnlock()
			work()
		}()
	}}
	for _, c := range change {
		c(&o)
	}
	var err error
	if b.w, err = sandbox.Start(ctx, o); err != nil {
		return nil, err
	}
	if err := b.w.SetFlags(map[string]string{sitting: "true"}); err != nil {
		return nil, errors.Join(err, b.w.Close())
	}
	b.w.Clock.Advance(10 * time.Second)
	return b, b.settle()
}

func (b *bench) settle() error { return b.w.Settle(b.ctx) }

// call makes one request as somebody, and wants the status.
func (b *bench) call(who, method, path string, body any, want int) (map[string]any, error) {
	var r io.Reader
	if body != nil {
		j, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		r = bytes.NewReader(j)
	}
	q, err := http.NewRequestWithContext(b.ctx, method, b.w.URL+path, r)
	if err != nil {
		return nil, err
	}
	if b.tokens[who] == "" {
		if b.tokens[who], err = b.w.Issuer.Mint(who); err != nil {
			return nil, err
		}
	}
	q.Header.Set("Authorization", "Bearer "+b.tokens[who])
	if method == http.MethodPost {
		b.n++
		q.Header.Set("Idempotency-Key", fmt.Sprintf("measure-%d", b.n))
	}
	res, err := http.DefaultClient.Do(q)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	var out map[string]any
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s %s: %w", method, path, err)
	}
	if res.StatusCode != want {
		return out, fmt.Errorf("%s %s: status %d, want %d: %v", method, path, res.StatusCode, want, out)
	}
	return out, nil
}

func (b *bench) get(who, path string) func() error {
	return func() error {
		_, err := b.call(who, http.MethodGet, path, nil, http.StatusOK)
		return err
	}
}

func (b *bench) text(from, to, body, sid string) error {
	got, err := b.w.Carrier.Text(b.ctx, from, to, body, nil, sid)
	if err == nil && got.Status != http.StatusOK {
		err = fmt.Errorf("a text was answered %d", got.Status)
	}
	return err
}

// thread finds the owner's row of a phone's conversation on a number, or of the kind.
func (b *bench) thread(phone, kind string) (id, number string, err error) {
	list, err := b.call("owner-1", http.MethodGet, "/api/messages/threads?limit=100", nil, http.StatusOK)
	if err != nil {
		return "", "", err
	}
	threads, _ := list["threads"].([]any)
	for _, v := range threads {
		th, _ := v.(map[string]any)
		if th["clientPhone"] == phone && th["kind"] == kind {
			id, _ := th["id"].(string)
			number, _ := th["number"].(string)
			return id, number, nil
		}
	}
	return "", "", fmt.Errorf("%s has no conversation of the kind %s", phone[:5], kind)
}
