package sandbox_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"snout/shared/sandbox"
	"snout/shared/sandbox/issuer"
)

// The scenarios talk to the whole local system as a stranger with api.md would: by
// HTTP, through its one address. What every one of them must leave behind is checked
// at its end by invariants (in invariants_test.go).

// noon is a Wednesday, ten in the morning of the demo business (Los Angeles). The
// clock stands there until a scenario moves it.
var noon = time.Date(2026, 6, 10, 17, 0, 0, 0, time.UTC)

// stage is one running world and those who act in it.
type stage struct {
	*testing.T
	w    *sandbox.World
	http *http.Client
	log  *logged

	owner, sam, ivy, rosa, ops *person
	// The demo's clients by their phones.
	dana, marcus, priya, jonas, alicia, ben, hannah, theo phone
	frontDesk, samsNumber, ivysNumber                     string
	pools                                                 [3]string

	mu       sync.Mutex
	tokens   map[string]string
	bodies   map[string]bool // what was written, to be found in no log line
	phones   map[string]bool
	received map[string]int // MessageSid of each text → times sent
	dropped  map[string]bool
	again    map[string]int // owner's retries by text: the only licence to send twice
	sitters  []seenBySitter
	ranks    map[string]rank
	orgs     []*person // an owner of each org
	resolved map[string]int
	blocked  map[string]int
	closed   bool
	refusals bool // the scenario asks for what roles refuse
	broken   bool // the scenario breaks what invariants rely on, and says so
}

type seenBySitter struct{ who, route, body string }

type rank struct {
	attempt, rank int
	status        string
}

// logged keeps every line the functions write.
type logged struct {
	mu   sync.Mutex
	b    bytes.Buffer
	more chan struct{} // closed by the next write, where somebody waits for it
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.more != nil {
		close(l.more)
		l.more = nil
	}
	return l.b.Write(p)
}

// grows is closed once more has been written.
func (l *logged) grows() <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.more == nil {
		l.more = make(chan struct{})
	}
	return l.more
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// lines are the log lines after a place, decoded.
func (l *logged) lines() []doc {
	var out []doc
	for s := range strings.SplitSeq(strings.TrimSpace(l.String()), "\n") {
		var m map[string]any
		if json.Unmarshal([]byte(s), &m) == nil {
			out = append(out, doc{m})
		}
	}
	return out
}

// signingKey is one for all worlds of these tests: see issuer.Config.
var signingKey = sync.OnceValues(issuer.NewKey)

// open starts a world of the demo business with the clock in hand.
func open(t *testing.T, change ...func(*sandbox.Options)) *stage {
	t.Helper()
	s := &stage{
		T: t, log: &logged{}, tokens: map[string]string{}, bodies: map[string]bool{}, phones: map[string]bool{}, received: map[string]int{}, dropped: map[string]bool{},
		again: map[string]int{}, ranks: map[string]rank{}, resolved: map[string]int{}, blocked: map[string]int{},
	}
	o := sandbox.Options{Addr: "127.0.0.1:0", Log: s.log, SigningKey: signingKey, Base: func() time.Time { return noon }, People: []issuer.Person{
		{Sub: "owner-2", Name: "Otto Other", Org: "second", Role: "owner"},
		{Sub: "sitter-9", Name: "Zoe Elsewhere", Org: "second", Role: "sitter", SitterID: "sitter-9"},
		{Sub: "owner-0", Name: "Nobody", Org: "nowhere", Role: "owner"},
	}}
	for _, c := range change {
		c(&o)
	}
	if dir := os.Getenv("SNOUT_BINARIES"); dir != "" && o.Binaries == "" {
		o.Binaries = dir // built with the world's clock: by .ci's ring of binaries
	}
	w, err := sandbox.Start(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	s.w, s.http = w, &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 8}}
	t.Cleanup(func() {
		if !t.Failed() && !s.broken {
			s.invariants()
		}
		s.http.CloseIdleConnections()
		if err := s.close(); err != nil {
			t.Errorf("close: %v", err)
		}
		if t.Failed() && testing.Verbose() {
			t.Log(s.log.String())
		}
	})
	s.owner, s.ops = &person{s, "owner-1"}, &person{s, "ops-1"}
	s.sam, s.ivy, s.rosa = &person{s, "sitter-1"}, &person{s, "sitter-2"}, &person{s, "sitter-3"}
	s.orgs = []*person{s.owner}
	for i, p := range []*phone{&s.dana, &s.marcus, &s.priya, &s.jonas, &s.alicia, &s.ben, &s.hannah, &s.theo} {
		*p = s.phone(fmt.Sprintf("+1310555011%d", i+1))
	}
	s.frontDesk, s.samsNumber, s.ivysNumber = "+12135550100", "+12135550101", "+12135550102"
	s.pools = [3]string{"+12135550103", "+12135550104", "+12135550105"}
	return s
}

// close ends the world, once.
func (s *stage) close() error {
	if s.closed {
		return nil
	}
	s.closed = true
	if !s.refusals {
		needed.add(s.T, s.w)
	}
	return s.w.Close()
}

// request is one call from outside.
func (s *stage) request(method, path, token string, body any, header ...string) answer {
	s.Helper()
	var r io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		r = strings.NewReader(b)
	default:
		j, err := json.Marshal(b)
		if err != nil {
			s.Fatal(err)
		}
		r = bytes.NewReader(j)
	}
	q, err := http.NewRequest(method, s.w.URL+path, r)
	if err != nil {
		s.Fatal(err)
	}
	if body != nil {
		q.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		q.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(header); i += 2 {
		q.Header.Set(header[i], header[i+1])
	}
	res, err := s.http.Do(q)
	if err != nil {
		s.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		s.Fatal(err)
	}
	a := answer{Status: res.StatusCode, Header: res.Header, Raw: string(raw), what: method + " " + path, s: s}
	var v any
	if json.Unmarshal(raw, &v) == nil {
		a.doc = doc{v}
	}
	if strings.Contains(a.Raw, "goroutine ") || strings.Contains(a.Raw, ".go:") {
		s.Errorf("%s answers a stack trace: %.300s", a.what, a.Raw)
	}
	return a
}

// answer is what came back.
type answer struct {
	doc
	Status int
	Header http.Header
	Raw    string
	what   string
	s      *stage
}

// is checks the status.
func (a answer) is(status int) answer {
	a.s.Helper()
	if a.Status != status {
		a.s.Fatalf("%s: status %d, want %d: %.600s", a.what, a.Status, status, a.Raw)
	}
	return a
}

// refused checks a problem: its status and code, and that it is one.
func (a answer) refused(status int, code string) answer {
	a.s.Helper()
	a.is(status)
	if got := a.Header.Get("Content-Type"); !strings.HasPrefix(got, "application/problem+json") {
		a.s.Errorf("%s: a problem of type %q", a.what, got)
	}
	if a.str("code") != code {
		a.s.Fatalf("%s: code %q, want %q: %s", a.what, a.str("code"), code, a.Raw)
	}
	return a
}

// doc is a piece of JSON.
type doc struct{ v any }

// get goes down a path such as "window.state" or "events.0.text".
func (d doc) get(path string) doc {
	v := d.v
	if path == "" {
		return d
	}
	for part := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[part]
		case []any:
			var n int
			if _, err := fmt.Sscan(part, &n); err != nil || n >= len(x) {
				return doc{}
			}
			v = x[n]
		default:
			return doc{}
		}
	}
	return doc{v}
}

func (d doc) str(path string) string {
	s, _ := d.get(path).v.(string)
	return s
}

func (d doc) num(path string) int {
	n, _ := d.get(path).v.(float64)
	return int(n)
}

func (d doc) yes(path string) bool {
	b, _ := d.get(path).v.(bool)
	return b
}

func (d doc) list(path string) []doc {
	l, _ := d.get(path).v.([]any)
	out := make([]doc, len(l))
	for i, v := range l {
		out[i] = doc{v}
	}
	return out
}

func (d doc) has(path string) bool {
	i := strings.LastIndex(path, ".")
	parent, name := d, path
	if i >= 0 {
		parent, name = d.get(path[:i]), path[i+1:]
	}
	m, ok := parent.v.(map[string]any)
	if !ok {
		return false
	}
	_, ok = m[name]
	return ok
}

func (d doc) String() string {
	b, _ := json.MarshalIndent(d.v, "", " ")
	return string(b)
}

// find is the first of a list whose field has a value.
func find(ds []doc, field, value string) (doc, bool) {
	for _, d := range ds {
		if d.str(field) == value {
			return d, true
		}
	}
	return doc{}, false
}

// person is somebody who signs in.
type person struct {
	s   *stage
	sub string
}

func (p *person) token() string {
	p.s.Helper()
	p.s.mu.Lock()
	t := p.s.tokens[p.sub]
	p.s.mu.Unlock()
	if t == "" {
		t = p.s.request("POST", "/local/token", "", map[string]string{"sub": p.sub}).is(200).str("token")
		p.s.mu.Lock()
		p.s.tokens[p.sub] = t
		p.s.mu.Unlock()
	}
	return t
}

func (p *person) do(method, path string, body any, header ...string) answer {
	p.s.Helper()
	a := p.s.request(method, path, p.token(), body, header...)
	if a.Status >= 500 {
		p.s.Errorf("%s: %d: %.300s", a.what, a.Status, a.Raw)
	}
	if strings.HasPrefix(p.sub, "sitter-") {
		p.s.mu.Lock()
		p.s.sitters = append(p.s.sitters, seenBySitter{p.sub, a.what, a.Raw})
		p.s.mu.Unlock()
	}
	return a
}

func (p *person) get(path string) answer { p.s.Helper(); return p.do("GET", path, nil) }
func (p *person) post(path string, body any, header ...string) answer {
	p.s.Helper()
	return p.do("POST", path, body, header...)
}
func (p *person) patch(path string, body any, header ...string) answer {
	p.s.Helper()
	return p.do("PATCH", path, body, header...)
}

type fields = map[string]any

// sends writes in a thread with a key of its own.
func (p *person) sends(thread, text string) answer {
	p.s.Helper()
	return p.sendsAs(thread, text, p.s.key(), nil)
}

func (p *person) sendsAs(thread, text, key string, more fields) answer {
	p.s.Helper()
	p.s.wrote(text)
	b := fields{"threadId": thread, "text": text}
	for n, v := range more {
		b[n] = v
	}
	return p.post("/api/messages/send", b, "Idempotency-Key", key)
}

// starts begins a conversation.
func (p *person) starts(b fields) answer {
	p.s.Helper()
	text, _ := b["text"].(string)
	p.s.wrote(text)
	return p.post("/api/messages/threads", b, "Idempotency-Key", p.s.key())
}

// list is a list of threads, all pages.
func (p *person) list(query string) []doc {
	p.s.Helper()
	var out []doc
	cursor := ""
	for range 50 {
		q := "/api/messages/threads?" + query
		if cursor != "" {
			q += "&cursor=" + url.QueryEscape(cursor)
		}
		a := p.get(q).is(200)
		out = append(out, a.list("threads")...)
		if cursor = a.str("cursor"); cursor == "" {
			return out
		}
	}
	p.s.Fatal("a list without an end")
	return nil
}

// alerts are the open alerts of the owner inbox, all pages.
func (p *person) alerts() []doc {
	p.s.Helper()
	var out []doc
	cursor := ""
	for range 50 {
		a := p.get("/api/messages/threads?box=owner_inbox&limit=100&cursor=" + url.QueryEscape(cursor)).is(200)
		out = append(out, a.list("alerts")...)
		if cursor = a.str("cursor"); cursor == "" {
			return out
		}
	}
	p.s.Fatal("a list without an end")
	return nil
}

// opens reads a thread, all its events, newest first.
func (p *person) opens(thread string) answer {
	p.s.Helper()
	a := p.get("/api/messages/threads/" + thread)
	if a.Status != 200 {
		return a
	}
	m := a.v.(map[string]any)
	all, _ := m["events"].([]any)
	for cursor := a.str("cursor"); cursor != ""; {
		more := p.get("/api/messages/threads/" + thread + "?cursor=" + url.QueryEscape(cursor)).is(200)
		es, _ := more.get("events").v.([]any)
		all = append(all, es...)
		cursor = more.str("cursor")
	}
	m["events"] = all
	return a
}

// event finds an event of a thread by its text.
func (p *person) event(thread, text string) (doc, bool) {
	p.s.Helper()
	return find(p.opens(thread).is(200).list("events"), "text", text)
}

// must finds it, or fails.
func (p *person) mustSee(thread, text string) doc {
	p.s.Helper()
	e, ok := p.event(thread, text)
	if !ok {
		p.s.Fatalf("%s does not see %q in %s", p.sub, text, thread)
	}
	return e
}

func (p *person) mustNotSee(thread, text string) {
	p.s.Helper()
	if _, ok := p.event(thread, text); ok {
		p.s.Fatalf("%s sees %q in %s", p.sub, text, thread)
	}
}

// phone is somebody's phone.
type phone struct {
	s    *stage
	e164 string
}

func (s *stage) phone(e164 string) phone {
	s.mu.Lock()
	s.phones[e164] = true
	s.mu.Unlock()
	return phone{s, e164}
}

// texts sends a text to a number; the webhook must answer 200.
func (p phone) texts(to, body string, media ...string) answer {
	p.s.Helper()
	a := p.tries(to, body, "", media...)
	if a.num("status") != 200 {
		p.s.Fatalf("a text was answered %d: %s", a.num("status"), a.Raw)
	}
	return a
}

// tries texts, whatever the answer.
func (p phone) tries(to, body, sid string, media ...string) answer {
	p.s.Helper()
	p.s.wrote(body)
	b := fields{"to": to, "body": body}
	if sid != "" {
		b["sid"] = sid
	}
	if len(media) > 0 {
		b["media"] = media
	}
	a := p.s.request("POST", "/local/phones/"+p.e164+"/texts", "", b).is(200)
	p.s.mu.Lock()
	p.s.phones[to] = true
	if a.num("status") == 200 {
		p.s.received[a.str("sid")]++
	}
	p.s.mu.Unlock()
	return a
}

// got is what a phone has received.
func (p phone) got() []doc {
	p.s.Helper()
	return p.s.request("GET", "/local/phones/"+p.e164+"/texts", "", nil).is(200).list("texts")
}

// last is the newest text on a phone.
func (p phone) last() doc {
	p.s.Helper()
	g := p.got()
	if len(g) == 0 {
		p.s.Fatalf("nothing on the phone")
	}
	return g[len(g)-1]
}

func (p phone) count(body string) (n int) {
	p.s.Helper()
	for _, g := range p.got() {
		if g.str("body") == body {
			n++
		}
	}
	return n
}

func (s *stage) wrote(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(text) >= 12 {
		s.bodies[text] = true
	}
}

var keys struct {
	sync.Mutex
	n int
}

func (s *stage) key() string {
	keys.Lock()
	defer keys.Unlock()
	keys.n++
	return fmt.Sprintf("key-%d", keys.n)
}

func (s *stage) settle() {
	s.Helper()
	s.request("POST", "/local/settle", "", fields{}).is(200)
}

// flags flips flags and waits as long as a flip may take.
func (s *stage) flags(values ...string) {
	s.Helper()
	b := map[string]string{}
	for i := 0; i+1 < len(values); i += 2 {
		b[values[i]] = values[i+1]
	}
	s.request("PUT", "/local/flags", "", b).is(200)
	s.advance(10 * time.Second)
}

const (
	messaging = "ENABLE_MESSAGING_V1"
	proactive = "ENABLE_PROACTIVE_THREAD_CREATION"
	sitting   = "ENABLE_SITTER_MESSAGES_V1"
	allowlist = "SITTER_MESSAGES_ALLOWLIST"
)

func (s *stage) advance(d time.Duration) {
	s.Helper()
	s.request("POST", "/local/clock", "", fields{"advance": d.String()}).is(200)
	s.forgetTokens()
}

func (s *stage) set(at time.Time) {
	s.Helper()
	s.request("POST", "/local/clock", "", fields{"set": at.UTC().Format(time.RFC3339Nano)}).is(200)
	s.forgetTokens()
}

func (s *stage) forgetTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens = map[string]string{}
}

func (s *stage) faults(b fields) {
	s.Helper()
	s.request("POST", "/local/faults", "", b).is(200)
}

func (s *stage) metrics() doc {
	s.Helper()
	return s.request("GET", "/local/metrics", "", nil).is(200).doc
}

func (s *stage) diagnostics() doc {
	s.Helper()
	return s.owner.get("/api/messages/diagnostics").is(200).doc
}

// decision is the newest routing decision of diagnostics.
func (s *stage) decision() doc {
	s.Helper()
	return s.diagnostics().get("routingDecisions.decisions.0")
}

// thread is the owner's row of the thread that a client's phone has on a number.
func (s *stage) thread(p phone, number string) doc {
	s.Helper()
	d, ok := s.threadOf(p, number)
	if !ok {
		s.Fatalf("no thread of %s on %s", p.e164, number)
	}
	return d
}

func (s *stage) threadOf(p phone, number string) (doc, bool) {
	s.Helper()
	for _, d := range s.owner.list("box=conversations&limit=100") {
		if d.str("clientPhone") == p.e164 && d.str("number") == number {
			return d, true
		}
	}
	return doc{}, false
}

// service is the owner's row of a client's service thread, when there is one.
func (s *stage) service(p phone) doc {
	s.Helper()
	for _, d := range s.owner.list("box=conversations&limit=100") {
		if d.str("clientPhone") == p.e164 && d.str("kind") == "service" {
			return d
		}
	}
	s.Fatalf("no service thread of %s", p.e164)
	return doc{}
}

// expect checks the decision about the newest text.
func (s *stage) expect(rule int, target, reason string) doc {
	s.Helper()
	s.settle()
	d := s.decision()
	if d.num("rule") != rule || d.str("routingTarget") != target || !strings.HasPrefix(d.str("routingReason"), reason) {
		s.Fatalf("decided rule %d, %s, %q; want rule %d, %s, %q", d.num("rule"), d.str("routingTarget"), d.str("routingReason"), rule, target, reason)
	}
	return d
}

// equal compares and says what.
func equal[T comparable](s *stage, what string, got, want T) {
	s.Helper()
	if got != want {
		s.Errorf("%s: %v, want %v", what, got, want)
	}
}

// booked makes a booking as the owner.
func (s *stage) booked(b fields) doc {
	s.Helper()
	d := s.owner.post("/api/bookings", b).is(201).doc
	s.settle()
	return d
}

func contains(list []string, v string) bool { return slices.Contains(list, v) }
