package rollout_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"snout/shared/rollout"
	"snout/shared/sandbox"
	"snout/shared/sandbox/issuer"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// silent is a reporter that keeps nothing.
type silent struct{ t *testing.T }

func (s silent) Say(format string, args ...any) { s.t.Logf(format, args...) }
func (s silent) Write(w rollout.Write)          { s.t.Logf("write %s: %s", w.Where, w.Text) }
func (s silent) Check(r rollout.Result)         { s.t.Logf("%s %s: %s", r.Outcome, r.ID, r.Said) }
func (silent) Watch(rollout.Progress)           {}

const (
	clientPhone   = "+15555550141"
	secondPhone   = "+15555550142"
	strangerPhone = "+15555550143"
)

// signingKey is one for all worlds of these tests: see issuer.Config.
var signingKey = sync.OnceValues(issuer.NewKey)

// world starts a whole system with the flags of a step.
func world(t *testing.T, flags map[string]string) *sandbox.World {
	t.Helper()
	noon := time.Date(2026, 6, 3, 19, 0, 0, 0, time.UTC) // noon where the demo business is
	began := time.Now()
	w, err := sandbox.Start(t.Context(), sandbox.Options{Addr: "127.0.0.1:0", Seed: "demo", FlagsOff: true, SigningKey: signingKey, Base: func() time.Time { return noon.Add(time.Since(began)) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := w.SetFlags(flags); err != nil {
		t.Fatal(err)
	}
	return w
}

// before are the flags that a step finds.
func before(step int) map[string]string {
	on := func(b bool) string { return fmt.Sprint(b) }
	return map[string]string{"ENABLE_MESSAGING_V1": on(step > 1), "ENABLE_PROACTIVE_THREAD_CREATION": on(step > 3), "ENABLE_SITTER_MESSAGES_V1": "false", "SITTER_MESSAGES_ALLOWLIST": "none"}
}

// runner is a rollout of a target that is, or stands before, a local world.
func runner(t *testing.T, target string) *rollout.Runner {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	client := &http.Client{Transport: transport}
	local := &rollout.Local{Base: target, HTTP: client, Fast: true}
	path := filepath.Join(t.TempDir(), "state.json")
	state, err := rollout.ReadState(path, target, "local", "demo")
	if err != nil {
		t.Fatal(err)
	}
	return &rollout.Runner{
		Config: rollout.Config{
			Target: target, Stage: "local", Org: "demo", Local: true, Sitter: "sitter-1", Client: clientPhone, Second: secondPhone, Stranger: strangerPhone,
			Watch: 45 * time.Minute, Every: 15 * time.Minute,
		},
		API: &rollout.API{Base: target, HTTP: client, People: map[rollout.Person]rollout.Credential{
			rollout.Owner: local.Token("owner-1"), rollout.TestSitter: local.Token("sitter-1"), rollout.OtherSitter: local.Token("sitter-2"),
		}},
		Switches: local, Phones: local, Time: local, Logs: local, Out: silent{t}, State: state, Save: rollout.SaveTo(path),
		Random: func() string { return strings.Map(letter, rand.Text())[:10] },
	}
}

// letter makes letters of digits, which the screening would look at twice.
func letter(r rune) rune {
	if r < 'A' {
		return 'z'
	}
	return r - 'A' + 'a'
}

// exchange is one request through the bent front and its answer.
type exchange struct {
	Method, Path string
	Query        url.Values
	Who          string // the subject of the token
	In           map[string]any

	Status int
	Out    map[string]any // nil where the answer is no JSON object
}

// bend is a way in which a system is broken, seen from outside.
type bend struct {
	world *sandbox.World
	mu    sync.Mutex
	seen  map[string]int // whatever a bend wants to count
	word  string         // and to remember

	// instead answers a request itself, if it answers anything but 0; the system never
	// sees it.
	instead func(b *bend, x *exchange) (status int, out map[string]any)
	after   func(b *bend, x *exchange)
}

func (b *bend) count(what string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.seen == nil {
		b.seen = map[string]int{}
	}
	b.seen[what]++
	return b.seen[what]
}

func (b *bend) set(what string, n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.seen == nil {
		b.seen = map[string]int{}
	}
	b.seen[what] = n
}

func (b *bend) get(what string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.seen[what]
}

type exchangeKey struct{}

// front stands before a world and alters what goes through it.
func front(t *testing.T, w *sandbox.World, b *bend) string {
	t.Helper()
	b.world = w
	to, err := url.Parse(w.URL)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{MaxIdleConnsPerHost: 16}
	proxy := &httputil.ReverseProxy{
		Transport: transport,
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(to) },
		ModifyResponse: func(res *http.Response) error {
			x, _ := res.Request.Context().Value(exchangeKey{}).(*exchange)
			raw, err := io.ReadAll(res.Body)
			res.Body.Close()
			if err != nil {
				return err
			}
			x.Status = res.StatusCode
			if json.Unmarshal(raw, &x.Out) == nil && x.Out != nil && b.after != nil {
				b.after(b, x)
				if raw, err = json.Marshal(x.Out); err != nil {
					return err
				}
				res.StatusCode = x.Status
			}
			res.Body = io.NopCloser(bytes.NewReader(raw))
			res.ContentLength = int64(len(raw))
			res.Header.Set("Content-Length", fmt.Sprint(len(raw)))
			return nil
		},
	}
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		x := &exchange{Method: r.Method, Path: r.URL.Path, Query: r.URL.Query(), Who: subject(r.Header.Get("Authorization"))}
		raw, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(rw, err.Error(), http.StatusBadRequest)
			return
		}
		_ = json.Unmarshal(raw, &x.In)
		if b.instead != nil {
			if status, out := b.instead(b, x); status != 0 {
				rw.Header().Set("Content-Type", "application/json")
				rw.Header().Set("Apigw-Requestid", "bent")
				rw.WriteHeader(status)
				_ = json.NewEncoder(rw).Encode(out)
				return
			}
		}
		r.Body = io.NopCloser(bytes.NewReader(raw))
		proxy.ServeHTTP(rw, r.WithContext(context.WithValue(r.Context(), exchangeKey{}, x)))
	}))
	s.Listener.Close()
	if s.Listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() {
		s.Close()
		transport.CloseIdleConnections()
	})
	return s.URL
}

func subject(authorization string) string {
	parts := strings.Split(strings.TrimPrefix(authorization, "Bearer "), ".")
	if len(parts) != 3 {
		return ""
	}
	var c struct {
		Sub string `json:"sub"`
	}
	b, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil || json.Unmarshal(b, &c) != nil {
		return ""
	}
	return c.Sub
}

// The parts of answers that bends reach for.

func rows(m map[string]any, field string) []map[string]any {
	var out []map[string]any
	l, _ := m[field].([]any)
	for _, v := range l {
		if o, ok := v.(map[string]any); ok {
			out = append(out, o)
		}
	}
	return out
}

func put(m map[string]any, field string, rs []map[string]any) {
	l := []any{}
	for _, r := range rs {
		l = append(l, r)
	}
	m[field] = l
}

func object(m map[string]any, field string) map[string]any {
	o, _ := m[field].(map[string]any)
	if o == nil {
		o = map[string]any{}
		m[field] = o
	}
	return o
}

func (x *exchange) diagnostics() bool {
	return x.Path == "/api/messages/diagnostics" && x.Status == 200
}

// quarter tells whether a watch has let a quarter of an hour go by.
func (x *exchange) quarter() bool { return x.Path == "/local/clock" && x.In["advance"] == "15m0s" }
func (x *exchange) list(who, box string) bool {
	return x.Method == "GET" && x.Path == "/api/messages/threads" && x.Who == who && (box == "" || x.Query.Get("box") == box) && x.Status == 200
}
func (x *exchange) thread(who string) bool {
	return x.Method == "GET" && strings.HasPrefix(x.Path, "/api/messages/threads/") && x.Who == who && x.Status == 200
}
func (x *exchange) sitterSend() bool { return x.Path == "/api/messages/send" && x.Who == "sitter-1" }

// frozen keeps a figure of diagnostics at what it was the first time.
func frozen(figure string) func(*bend, *exchange) {
	return func(b *bend, x *exchange) {
		if x.diagnostics() {
			s := object(x.Out, "summary")
			now, _ := s[figure].(float64)
			if b.count("calls") == 1 {
				b.set("first", int(now))
			}
			s[figure] = b.get("first")
		}
	}
}

// decisions alters the routing decisions of diagnostics.
func decisions(alter func(map[string]any)) func(*bend, *exchange) {
	return func(_ *bend, x *exchange) {
		if x.diagnostics() {
			ds := object(x.Out, "routingDecisions")
			rs := rows(ds, "decisions")
			for _, d := range rs {
				alter(d)
			}
			put(ds, "decisions", rs)
		}
	}
}

// header alters the window line of conversations as somebody sees them, in one state.
func header(who, state, text string) func(*bend, *exchange) {
	return func(_ *bend, x *exchange) {
		if x.thread(who) {
			if w := object(x.Out, "window"); w["state"] == state {
				w["text"] = text
			}
		}
	}
}

// unread loses or alters a flag's flip: the parameter store says one thing, and the
// functions go by another.
func dropped(name string) *bend {
	return &bend{
		instead: func(b *bend, x *exchange) (int, map[string]any) {
			if x.Path == "/local/flags" && x.Method == "PUT" && x.In[name] != nil {
				b.count("dropped")
				return 200, map[string]any{}
			}
			return 0, nil
		},
		after: func(b *bend, x *exchange) {
			if x.Path == "/local/flags" && b.get("dropped") > 0 {
				x.Out[name] = []string{"false", "true"}[b.get("dropped")%2]
			}
		},
	}
}

// shown makes every reader of the flags see a value, whatever is in force.
func shown(x *exchange, name, value string) {
	if x.Path == "/local/flags" && x.Out[name] != nil {
		x.Out[name] = value
	}
	if x.diagnostics() {
		object(x.Out, "featureFlags")[name] = value
	}
}

type variant struct {
	name  string
	check string // the one check that must fail
	bend  *bend
}

// doorOpen answers a sitter's list whatever the flags say.
func doorOpen(_ *bend, x *exchange) (int, map[string]any) {
	if x.Path == "/api/messages/threads" && x.Who == "sitter-1" {
		return 200, map[string]any{"threads": []any{}, "suggested": []any{}, "cursor": nil}
	}
	return 0, nil
}

// variants are systems that are broken in one place each.
func variants() []variant {
	return []variant{
		{"a flip of messaging reaches no function", "1.flags", dropped("ENABLE_MESSAGING_V1")},
		{"the sitter's list is open although its flag is off", "1.flags", &bend{instead: doorOpen}},
		{"the owner's message is accepted and never leaves", "1.owner-sends", &bend{instead: func(_ *bend, x *exchange) (int, map[string]any) {
			if x.Path == "/api/messages/threads" && x.Method == "POST" {
				return 202, map[string]any{"eventId": "e-demo-x", "threadId": "t-demo-x", "status": "queued"}
			}
			return 0, nil
		}}},
		{"a message leaves from another number than the thread's", "1.owner-sends", &bend{after: func(_ *bend, x *exchange) {
			if strings.HasPrefix(x.Path, "/local/phones/") && x.Method == "GET" {
				ts := rows(x.Out, "texts")
				for _, t := range ts {
					t["from"] = "+12135550161" // the sitter's own
				}
				put(x.Out, "texts", ts)
			}
		}}},
		{"the webhook loses what comes in", "1.owner-receives", &bend{instead: func(_ *bend, x *exchange) (int, map[string]any) {
			if strings.HasPrefix(x.Path, "/local/phones/") && x.Method == "POST" {
				return 200, map[string]any{"sid": "SM0", "status": 200, "twiml": ""}
			}
			return 0, nil
		}}},
		{"the list forgets the front desk's conversations", "1.thread-list", &bend{after: func(_ *bend, x *exchange) {
			if x.list("owner-1", "conversations") {
				put(x.Out, "threads", slices.DeleteFunc(rows(x.Out, "threads"), func(t map[string]any) bool { return t["kind"] == "front_desk" }))
			}
		}}},
		{"the conversation shows nothing that came in", "1.thread-detail", &bend{after: func(_ *bend, x *exchange) {
			if x.thread("owner-1") {
				put(x.Out, "events", slices.DeleteFunc(rows(x.Out, "events"), func(e map[string]any) bool { return e["direction"] == "inbound" }))
			}
		}}},
		{"delivery reports are never taken in", "1.thread-detail", &bend{after: func(_ *bend, x *exchange) {
			if x.thread("owner-1") {
				es := rows(x.Out, "events")
				for _, e := range es {
					if e["status"] == "delivered" {
						e["status"] = "sent"
					}
				}
				put(x.Out, "events", es)
			}
		}}},
		{"diagnostics lack the operational counter", "1.diagnostics", &bend{after: func(_ *bend, x *exchange) {
			if x.diagnostics() {
				delete(object(x.Out, "summary"), "ownerInboxRoutedOperational")
			}
		}}},
		{"diagnostics show a whole number", "1.diagnostics", &bend{after: decisions(func(d map[string]any) { d["sender"] = clientPhone })}},
		{"diagnostics leave out a class that counts zero", "1.diagnostics", &bend{after: func(_ *bend, x *exchange) {
			if x.diagnostics() {
				s := object(x.Out, "summary")
				put(s, "threadsByNumberClass", slices.DeleteFunc(rows(s, "threadsByNumberClass"), func(c map[string]any) bool { return c["count"] == 0.0 }))
			}
		}}},
		{"a counter that only ever grows goes down", "1.watch-diagnostics", &bend{after: func(b *bend, x *exchange) {
			if x.quarter() {
				b.count("quarters")
			}
			if x.diagnostics() && b.get("quarters") >= 2 {
				object(x.Out, "summary")["ownerInboxRouted"] = -1
			}
		}}},
		{"texts stay held although messaging is on", "1.watch-diagnostics", &bend{after: func(b *bend, x *exchange) {
			if x.diagnostics() {
				object(x.Out, "summary")["held"] = 3
			}
		}}},
		{"a function ends in a fault", "1.watch-errors", &bend{after: logged(`{"function":"inbound","outcome":"fault","error":"put: throttled"}`)}},
		{"a function times out", "1.watch-errors", &bend{after: logged("2026-06-03T19:00:00Z 8c7 Task timed out after 10.00 seconds")}},
		{"a log line holds a whole number", "1.watch-redaction", &bend{after: logged(`{"function":"inbound","outcome":"ok","from":"` + clientPhone + `"}`)}},
		{"a log line holds a number without its plus", "1.watch-redaction", &bend{after: logged(`{"function":"inbound","outcome":"ok","from":"5555550141"}`)}},

		{"the sitter's list opens a day after step 1", "2.flags", &bend{instead: doorOpen}},
		{"a new booking is shown to nobody", "2.1.thread-appears", &bend{after: func(_ *bend, x *exchange) {
			if x.list("owner-1", "conversations") {
				x.Out["suggested"] = []any{}
			}
		}}},
		{"the suggestion names another client", "2.1.client-and-booking", &bend{after: func(_ *bend, x *exchange) {
			if x.list("owner-1", "conversations") {
				ss := rows(x.Out, "suggested")
				for _, s := range ss {
					s["clientId"], s["clientName"] = "client-3", "Priya Nair"
				}
				put(x.Out, "suggested", ss)
			}
		}}},
		{"the proactive flag does not gate", "2.1.proactive-gated", &bend{
			instead: func(b *bend, x *exchange) (int, map[string]any) {
				if x.Path == "/api/bookings" && x.Method == "POST" {
					_ = b.world.SetFlags(map[string]string{"ENABLE_PROACTIVE_THREAD_CREATION": "true"})
					b.world.Clock.Advance(10 * time.Second) // past every function's cache
				}
				return 0, nil
			},
			after: func(_ *bend, x *exchange) { shown(x, "ENABLE_PROACTIVE_THREAD_CREATION", "false") },
		}},
		{"the owner may not open the suggested conversation", "2.1.owner-sends", &bend{instead: func(_ *bend, x *exchange) (int, map[string]any) {
			if x.Path == "/api/messages/threads" && x.Method == "POST" && x.In["bookingId"] != nil {
				return 409, map[string]any{"code": "POOL_EXHAUSTED", "detail": "No number is free."}
			}
			return 0, nil
		}}},
		{"the header knows no window", "2.1.window-in-header", &bend{after: header("owner-1", "upcoming", "No active window – messaging disabled")}},
		{"the owner's message about the booking is never delivered", "2.1.routes-correctly", &bend{after: func(_ *bend, x *exchange) {
			if x.thread("owner-1") && x.Out["kind"] == "service" {
				es := rows(x.Out, "events")
				for _, e := range es {
					if e["direction"] == "outbound" {
						e["status"] = "queued"
					}
				}
				put(x.Out, "events", es)
			}
		}}},
		{"the window is ignored for what comes in", "2.2.owner-inbox", &bend{after: func(_ *bend, x *exchange) {
			if x.thread("owner-1") && x.Out["kind"] == "service" {
				es := rows(x.Out, "events")
				for _, e := range es {
					if e["direction"] == "inbound" {
						e["visibility"], e["routing"] = "all", map[string]any{"routingTarget": "sitter", "routingReason": "Active assignment window", "rule": 12}
					}
				}
				put(x.Out, "events", es)
			}
		}}},
		{"what was routed to the owner is visible to the sitter", "2.2.owner-inbox", &bend{after: func(_ *bend, x *exchange) {
			if x.thread("owner-1") {
				es := rows(x.Out, "events")
				for _, e := range es {
					e["visibility"] = "all"
				}
				put(x.Out, "events", es)
			}
		}}},
		{"the owner inbox stays empty", "2.2.inbox-shows", &bend{after: func(_ *bend, x *exchange) {
			if x.list("owner-1", "owner_inbox") {
				x.Out["threads"] = []any{}
			}
		}}},
		{"the operational counter does not move", "2.2.counter", &bend{after: frozen("ownerInboxRoutedOperational")}},
		{"the decision gives another reason", "2.2.decision", &bend{after: decisions(func(d map[string]any) {
			if d["rule"] == 9.0 {
				d["routingReason"] = "Sitter messaging is disabled"
			}
		})}},
		{"a stranger's text is not shown to the owner", "2.3.owner-inbox", &bend{after: func(_ *bend, x *exchange) {
			if x.list("owner-1", "owner_inbox") {
				put(x.Out, "threads", slices.DeleteFunc(rows(x.Out, "threads"), func(t map[string]any) bool { return t["kind"] == "guest" }))
			}
		}}},
		{"a stranger's text is put into the client's conversation", "2.3.owner-inbox", &bend{
			instead: func(b *bend, x *exchange) (int, map[string]any) {
				return 0, nil
			},
			after: func(b *bend, x *exchange) {
				if x.thread("owner-1") && x.Out["numberClass"] == "pool" && x.Out["kind"] == "service" && b.get("stranger") > 0 {
					put(x.Out, "events", append(rows(x.Out, "events"), map[string]any{"id": "e-demo-x", "direction": "inbound", "text": b.said()}))
				}
				if strings.HasPrefix(x.Path, "/local/phones/"+strangerPhone) && x.Method == "POST" {
					b.say(x.In["body"])
					b.count("stranger")
				}
			},
		}},
		{"nobody answers the stranger", "2.3.auto-response", &bend{after: func(_ *bend, x *exchange) {
			if strings.HasPrefix(x.Path, "/local/phones/"+strangerPhone) && x.Method == "GET" {
				x.Out["texts"] = []any{}
			}
		}}},
		{"the operational counter does not count a mismatch", "2.3.counter", &bend{after: func(b *bend, x *exchange) {
			if x.diagnostics() {
				s := object(x.Out, "summary")
				if n, _ := s["ownerInboxRoutedOperational"].(float64); n > 1 {
					s["ownerInboxRoutedOperational"] = 1
				}
			}
		}}},
		{"the mismatch is called an unknown sender", "2.3.decision", &bend{after: decisions(func(d map[string]any) {
			if d["rule"] == 6.0 {
				d["routingReason"] = "Unknown sender"
			}
		})}},
		{"a decision is listed twice", "2.4.counts", &bend{after: func(_ *bend, x *exchange) {
			if x.diagnostics() {
				ds := object(x.Out, "routingDecisions")
				rs := rows(ds, "decisions")
				if len(rs) > 0 && rs[0]["rule"] == 6.0 {
					rs = append(rs[:1:1], rs...)
				}
				put(ds, "decisions", rs)
				ds["count"] = len(rs)
			}
		}}},
		{"reasons carry what is not theirs", "2.4.reasons", &bend{after: decisions(func(d map[string]any) {
			if d["rule"] == 9.0 {
				d["routingReason"] = "Unknown sender: No active assignment window"
			}
		})}},
		{"the flags change while step 2 is watched", "2.watch", &bend{after: func(b *bend, x *exchange) {
			if x.quarter() {
				b.count("quarters")
			}
			if b.get("quarters") >= 2 && x.diagnostics() && b.get("bookings") > 0 {
				object(x.Out, "featureFlags")["ENABLE_PROACTIVE_THREAD_CREATION"] = "true"
			}
			if x.Path == "/api/bookings" {
				b.count("bookings")
			}
		}}},

		{"the sitter's list opens with proactive threads", "3.flags", &bend{instead: doorOpen}},
		{"a flip of the proactive flag reaches only diagnostics", "3.thread-created", &bend{
			instead: func(b *bend, x *exchange) (int, map[string]any) {
				if x.Path == "/local/flags" && x.Method == "PUT" {
					b.set("on", 0)
					if x.In["ENABLE_PROACTIVE_THREAD_CREATION"] == "true" {
						b.set("on", 1)
					}
					return 200, map[string]any{}
				}
				return 0, nil
			},
			after: func(b *bend, x *exchange) {
				shown(x, "ENABLE_PROACTIVE_THREAD_CREATION", []string{"false", "true"}[b.get("on")])
			},
		}},
		{"a sitter cannot be assigned", "3.assign", &bend{instead: func(_ *bend, x *exchange) (int, map[string]any) {
			if x.Method == "PATCH" && x.In["sitterId"] != nil {
				return 400, map[string]any{"code": "INVALID_REQUEST", "detail": "There is no such sitter."}
			}
			return 0, nil
		}}},
		{"the window's buffers are forgotten", "3.window", &bend{after: windows(func(w map[string]any) {
			if at, err := time.Parse(time.RFC3339Nano, fmt.Sprint(w["startAt"])); err == nil {
				w["startAt"] = at.Add(time.Hour).Format(time.RFC3339Nano)
			}
		})}},
		{"the window is that of another sitter", "3.window", &bend{after: windows(func(w map[string]any) { w["sitterId"] = "sitter-2" })}},
		{"assigning twice makes two threads", "3.no-duplicate", &bend{after: func(b *bend, x *exchange) {
			if x.Method == "PATCH" && strings.HasPrefix(x.Path, "/api/bookings/") {
				b.count("assigned")
			}
			if x.list("owner-1", "conversations") && b.get("assigned") == 2 {
				twice(x, "+12135550104")
			}
		}}},
		{"the list's header has the wrong status", "3.window-status", &bend{after: func(b *bend, x *exchange) {
			header("owner-1", "upcoming", "Active Window: 9:00 AM – 10:00 AM")(b, x)
		}}},
		{"the count of threads does not move", "3.counts", &bend{after: func(b *bend, x *exchange) {
			if x.diagnostics() {
				s := object(x.Out, "summary")
				put(s, "threadsByNumberClass", []map[string]any{{"numberClass": "front_desk", "count": 0}, {"numberClass": "sitter", "count": 0}, {"numberClass": "pool", "count": 0}})
			}
		}}},
		{"the count of windows does not move", "3.counts", &bend{after: func(b *bend, x *exchange) {
			if x.diagnostics() {
				object(x.Out, "summary")["assignmentWindows"] = map[string]any{"active": 0, "upcoming": 1}
			}
		}}},
		{"threads are lost while watching", "3.watch-counts", &bend{after: func(b *bend, x *exchange) {
			if x.quarter() {
				b.count("quarters")
			}
			if x.diagnostics() && b.get("quarters") >= 1 && b.get("bookings") > 0 {
				put(object(x.Out, "summary"), "threadsByNumberClass", []map[string]any{{"numberClass": "front_desk", "count": 0}, {"numberClass": "sitter", "count": 0}, {"numberClass": "pool", "count": 0}})
			}
			if x.Path == "/api/bookings" {
				b.count("bookings")
			}
		}}},
		{"a client gets a second thread while watching", "3.watch-duplicates", &bend{after: func(b *bend, x *exchange) {
			if x.quarter() {
				b.count("quarters")
			}
			if x.list("owner-1", "conversations") && b.get("quarters") >= 1 && b.get("bookings") > 0 {
				twice(x, "")
			}
			if x.Path == "/api/bookings" {
				b.count("bookings")
			}
		}}},
		{"a window is gone while watching", "3.watch-windows", &bend{after: func(b *bend, x *exchange) {
			if x.quarter() {
				b.count("quarters")
			}
			if x.thread("owner-1") && b.get("quarters") >= 1 && b.get("bookings") > 0 {
				x.Out["windows"] = []any{}
			}
			if x.Path == "/api/bookings" {
				b.count("bookings")
			}
		}}},
		{"nothing resolves messages of unknown outcome", "3.watch", &bend{after: func(b *bend, x *exchange) {
			if x.quarter() {
				b.count("quarters")
			}
			if x.diagnostics() && b.get("quarters") >= 1 {
				object(object(x.Out, "summary"), "outbound")["unknown"] = 4
			}
		}}},

		{"the list of allowed sitters is ignored", "4.flags", &bend{instead: func(_ *bend, x *exchange) (int, map[string]any) {
			if x.Path == "/api/messages/threads" && x.Who == "sitter-2" {
				return 200, map[string]any{"threads": []any{}, "suggested": []any{}, "cursor": nil}
			}
			return 0, nil
		}}},
		{"the sitter is told that messaging is off", "4.sign-in", &bend{after: func(_ *bend, x *exchange) {
			if x.Path == "/api/messages/me" && x.Who == "sitter-1" {
				x.Out["sitterMessagesEnabled"] = false
			}
		}}},
		{"the sitter has an owner inbox", "4.tabs", &bend{instead: func(_ *bend, x *exchange) (int, map[string]any) {
			if x.Path == "/api/messages/threads" && x.Who == "sitter-1" && x.Query.Get("box") == "owner_inbox" {
				return 200, map[string]any{"threads": []any{}, "suggested": []any{}, "cursor": nil}
			}
			return 0, nil
		}}},
		{"the sitter's list shows another sitter's conversation", "4.list", &bend{after: windows(func(w map[string]any) { w["sitterId"] = "sitter-2" })}},
		{"the sitter's list keeps what is over", "4.list", &bend{after: func(_ *bend, x *exchange) {
			if x.list("sitter-1", "") {
				ts := rows(x.Out, "threads")
				for _, t := range ts {
					object(t, "window")["state"] = "none"
				}
				put(x.Out, "threads", ts)
			}
		}}},
		{"the sitter sees what was routed to the owner", "4.no-owner-inbox", &bend{after: func(b *bend, x *exchange) {
			if x.thread("owner-1") {
				es := rows(x.Out, "events")
				for _, e := range es {
					if e["direction"] == "outbound" {
						e["visibility"] = "owner" // the owner's alone, and the sitter is given it all the same
					}
				}
				put(x.Out, "events", es)
			}
			if x.thread("sitter-1") {
				put(x.Out, "events", append(rows(x.Out, "events"), rowsOf(b, x)...))
			}
		}}},
		{"the sitter sees billing", "4.no-billing", &bend{instead: func(_ *bend, x *exchange) (int, map[string]any) {
			if x.Path == "/api/messages/threads" && x.Who == "sitter-1" && x.Query.Get("box") == "billing" {
				return 200, map[string]any{"threads": []any{}, "suggested": []any{}, "cursor": nil}
			}
			return 0, nil
		}}},
		{"the sitter may open a billing conversation by its id", "4.no-billing", &bend{
			after: func(b *bend, x *exchange) {
				if x.Path == "/api/messages/threads" && x.Method == "POST" && x.In["kind"] == "billing" {
					b.say(x.Out["threadId"])
				}
				if b.said() != "" && strings.HasSuffix(x.Path, b.said()) && x.Who == "sitter-1" {
					x.Status = 200
				}
			}}},
		{"a client's number is in what the sitter gets", "4.no-numbers", &bend{after: func(_ *bend, x *exchange) {
			if x.thread("sitter-1") {
				x.Out["clientPhone"] = clientPhone
			}
		}}},
		{"a business number stands in a sitter's list without its plus", "4.no-numbers", &bend{after: func(_ *bend, x *exchange) {
			if x.list("sitter-1", "") {
				ts := rows(x.Out, "threads")
				for _, t := range ts {
					t["lastMessage"] = "Text us at 2135550100"
				}
				put(x.Out, "threads", ts)
			}
		}}},
		{"the sitter's header does not name the next window", "4.header-next", &bend{after: header("sitter-1", "upcoming", "Upcoming")}},
		{"the window is ignored for what a sitter writes", "4.outside", &bend{instead: func(b *bend, x *exchange) (int, map[string]any) {
			if x.sitterSend() {
				return 202, map[string]any{"eventId": "e-demo-x", "threadId": "t-demo-x", "status": "queued"}
			}
			return 0, nil
		}}},
		{"the refusal does not name the next window", "4.outside", &bend{after: func(_ *bend, x *exchange) {
			if x.sitterSend() && x.Status == 403 {
				x.Out["nextWindow"] = nil
			}
		}}},
		{"the sitter's header says a window that is on wrongly", "4.header-active", &bend{after: header("sitter-1", "active", "Active now")}},
		{"the figure of sitters without a window counts those whose window is on", "4.no-window-count", &bend{after: func(_ *bend, x *exchange) {
			if x.diagnostics() {
				s := object(x.Out, "summary")
				w := object(s, "assignmentWindows")
				none, _ := s["sitterNoActiveWindow"].(float64)
				on, _ := w["active"].(float64)
				s["sitterNoActiveWindow"] = none + on
			}
		}}},
		{"the sitter may not write within their window", "4.inside", &bend{after: func(b *bend, x *exchange) {
			if x.sitterSend() && x.Status == 202 {
				x.Status = 403
				x.Out = map[string]any{"code": "NO_ACTIVE_WINDOW", "detail": "You can write here while your booking is on.", "nextWindow": nil}
			}
		}}},
		{"the sitter's message reaches nobody", "4.inside", &bend{after: func(_ *bend, x *exchange) {
			if strings.HasPrefix(x.Path, "/local/phones/"+clientPhone) && x.Method == "GET" {
				put(x.Out, "texts", slices.DeleteFunc(rows(x.Out, "texts"), func(t map[string]any) bool { return strings.Contains(fmt.Sprint(t["body"]), "within their window") }))
			}
		}}},
		{"a contact swap is let through", "4.anti-poaching", &bend{instead: func(_ *bend, x *exchange) (int, map[string]any) {
			if x.sitterSend() && strings.Contains(fmt.Sprint(x.In["text"]), "555") {
				return 202, map[string]any{"eventId": "e-demo-x", "threadId": "t-demo-x", "status": "queued"}
			}
			return 0, nil
		}}},
		{"stopped messages are not counted", "4.anti-poaching", &bend{after: frozen("antiPoachingBlocked")}},
		{"the warning tells what was matched", "4.friendly-warning", &bend{after: func(_ *bend, x *exchange) {
			if x.sitterSend() && x.Out["code"] == "ANTI_POACHING_BLOCKED" {
				x.Out["detail"] = "Stopped because of the phone number 555-555-0123."
			}
		}}},
		{"the warning carries a field of details", "4.friendly-warning", &bend{after: func(_ *bend, x *exchange) {
			if x.sitterSend() && x.Out["code"] == "ANTI_POACHING_BLOCKED" {
				x.Out["families"] = []string{"phone"}
			}
		}}},
		{"the sitter's header does not say that nothing is on", "4.header-none", &bend{after: header("sitter-1", "none", "")}},
		{"the sitter's list shows more while watching", "4.watch-assigned", &bend{after: func(b *bend, x *exchange) {
			if x.sitterSend() && x.Out["code"] == "ANTI_POACHING_BLOCKED" {
				b.count("late")
			}
			if x.list("sitter-1", "") && b.get("late") > 0 {
				put(x.Out, "threads", append(rows(x.Out, "threads"), map[string]any{"id": "t-demo-x", "kind": "service", "window": map[string]any{"state": "none"}}))
			}
		}}},
		{"the window is ignored for what a sitter writes after it", "4.watch-gating", &bend{after: func(b *bend, x *exchange) {
			if x.sitterSend() && b.get("late") > 0 {
				x.Status = 202
			}
			if x.sitterSend() && x.Out["code"] == "ANTI_POACHING_BLOCKED" {
				b.count("late")
			}
		}}},
		{"most messages fail while step 4 is watched", "4.watch", &bend{after: func(b *bend, x *exchange) {
			if x.diagnostics() && b.get("late") > 1 {
				object(object(x.Out, "summary"), "outbound")["failed"] = 40
			}
			if x.sitterSend() && (x.Out["code"] == "ANTI_POACHING_BLOCKED" || b.get("late") > 0) {
				b.count("late")
			}
		}}},
	}
}

// said and say keep one word of a bend's.
func (b *bend) say(v any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.word, _ = v.(string)
}

func (b *bend) said() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.word
}

func logged(line string) func(*bend, *exchange) {
	return func(b *bend, x *exchange) {
		if x.Path == "/local/logs" && b.count("reads") > 1 {
			l, _ := x.Out["lines"].([]any)
			x.Out["lines"] = append(l, line)
		}
	}
}

// windows alters those of the test's second client's conversation.
func windows(alter func(map[string]any)) func(*bend, *exchange) {
	return func(_ *bend, x *exchange) {
		if x.thread("owner-1") {
			ws := rows(x.Out, "windows")
			for _, w := range ws {
				alter(w)
			}
			put(x.Out, "windows", ws)
		}
	}
}

// twice lists every service thread a second time, under another id.
func twice(x *exchange, number string) {
	ts := rows(x.Out, "threads")
	for _, t := range ts {
		if t["kind"] != "service" {
			continue
		}
		again := map[string]any{}
		for k, v := range t {
			again[k] = v
		}
		again["id"] = fmt.Sprint(t["id"]) + "2"
		if number != "" {
			again["number"] = number
		}
		ts = append(ts, again)
	}
	put(x.Out, "threads", ts)
}

// rowsOf are all events of the conversation being read, as the table has them.
func rowsOf(b *bend, x *exchange) []map[string]any {
	req, err := http.NewRequest("GET", b.world.URL+x.Path, nil)
	if err != nil {
		return nil
	}
	token, err := b.world.Issuer.Mint("owner-1")
	if err != nil {
		return nil
	}
	req.Header.Set("Authorization", "Bearer "+token)
	tr := &http.Transport{DisableKeepAlives: true}
	res, err := (&http.Client{Transport: tr}).Do(req)
	if err != nil {
		return nil
	}
	defer res.Body.Close()
	var d map[string]any
	if json.NewDecoder(res.Body).Decode(&d) != nil {
		return nil
	}
	return rows(d, "events")
}

func TestEachBrokenSystemFailsItsOneCheckAndIsTakenBack(t *testing.T) {
	for _, v := range variants() {
		t.Run(v.check+": "+v.name, func(t *testing.T) {
			t.Parallel()
			step := int(v.check[0] - '0')
			w := world(t, before(step))
			b := v.bend
			r := runner(t, front(t, w, b))
			accepted(r)
			err := r.Run(t.Context(), []int{step}, "")
			var got *rollout.Failed
			if !errors.As(err, &got) {
				t.Fatalf("the run ended with %v", err)
			}
			if got.Result.ID != v.check {
				t.Fatalf("%s failed (%s), want %s", got.Result.ID, got.Result.Said, v.check)
			}
			var broken []string
			for _, res := range r.State.Step(step).Results {
				if res.Outcome == rollout.Broken {
					broken = append(broken, res.ID)
				}
			}
			if diff := cmp.Diff([]string{v.check}, broken); diff != "" {
				t.Errorf("checks that failed (-want +got):\n%s", diff)
			}
			flag := rollout.Steps()[step-1].Reverse
			if got.Rollback == nil || got.Rollback.Flag != flag {
				t.Fatalf("the rollback is %+v, want one of %s", got.Rollback, flag)
			}
			if v.name == lies {
				return
			}
			if now := w.Flags()[flag]; now != "false" {
				t.Errorf("%s is %s after the rollback (%s)", flag, now, got.Rollback.Said)
			}
			if r.State.Step(step).Status != rollout.StepBack {
				t.Errorf("the step is %q, want rolled back", r.State.Step(step).Status)
			}
		})
	}
}

// lies is the variant whose flips never reach the parameter store.
const lies = "a flip of the proactive flag reaches only diagnostics"

// accepted gives a runner the report after step 2 that lets step 3 begin.
func accepted(r *rollout.Runner) {
	r.State.Report = &rollout.Step2Report{Ready: true, Verdict: "Ready for step 3", Accepted: &rollout.Acceptance{Name: "Olivia Park"}}
}

func TestEveryBoxHasABrokenSystem(t *testing.T) {
	has := map[string]bool{}
	for _, v := range variants() {
		has[v.check] = true
	}
	without := map[string]string{
		"2.4.all-passed": "says that the boxes before it have passed, and a run ends at the first that has not",
		"2.4.issues":     "only a person can answer it",
	}
	for _, b := range rollout.Boxes() {
		if !has[b.ID] && without[b.ID] == "" {
			t.Errorf("%s can pass on every broken system there is", b.ID)
		}
	}
}
