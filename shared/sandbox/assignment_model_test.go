package sandbox_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	diff "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"snout/shared/flags"
	"snout/shared/lambdaio"
	"snout/shared/office"
	"snout/shared/relay"
	"snout/shared/routing"
	"snout/shared/sandbox"
	"snout/shared/sandbox/dynamo"
	"snout/shared/sandbox/ssm"
	"snout/shared/sandbox/template"
	"snout/shared/store"
)

// Histories of bookings are played into the real table engine, their stream records are
// given to the real assignment handler, once as they come and once with everything that
// can happen to a stream, and what stands in the table is compared with a plain model of
// domain.md's assignments table. SNOUT_HISTORIES=n plays n histories instead of
// sixteen, SNOUT_HISTORY=k only the k-th.

// ward is the engine, the parameters and the handler, without the rest of a world.
type ward struct {
	t      testing.TB
	ctx    context.Context
	engine *dynamo.Engine
	params *ssm.Store
	now    time.Time
	serial int
	handle lambda.Handler
	office *office.Office
	relay  *relay.Relay
	table  *store.Table
	name   string
	stream string
	read   string     // of the stream
	calls  sync.Mutex // calls come side by side
	cut    int        // calls until the process dies; 0: it lives
	log    bytes.Buffer
	who    routing.Principal
}

// RoundTrip is the way of every AWS client to the engines, without a socket.
func (w *ward) RoundTrip(r *http.Request) (res *http.Response, err error) {
	parameters := strings.HasPrefix(r.Header.Get("X-Amz-Target"), "AmazonSSM.")
	// Flags stay readable: unreadable ones are off, and then another row of the table holds.
	if !parameters && w.dies() {
		return nil, errDied
	}
	defer func() {
		if x := recover(); x != nil {
			if x != http.ErrAbortHandler {
				panic(x)
			}
			res, err = nil, io.ErrUnexpectedEOF
		}
	}()
	rec := httptest.NewRecorder()
	if parameters {
		w.params.ServeHTTP(rec, r)
	} else {
		w.engine.ServeHTTP(rec, r)
	}
	return rec.Result(), nil
}

// live gives the process so many calls until it dies; 0: it lives.
func (w *ward) live(calls int) {
	w.calls.Lock()
	defer w.calls.Unlock()
	w.cut = calls
}

// dies counts a call and tells whether the process is dead by then.
func (w *ward) dies() bool {
	w.calls.Lock()
	defer w.calls.Unlock()
	if w.cut > 0 {
		if w.cut--; w.cut == 0 {
			w.cut = -1
		}
	}
	return w.cut < 0
}

var errDied = errors.New("the process has died")

// timed makes ward a clock for the parameters.
func (w *ward) Now() time.Time { return w.now }

func newWard(t testing.TB, tmpl *template.Template) *ward {
	t.Helper()
	w := &ward{t: t, ctx: t.Context(), now: noon, name: tmpl.Table.Name, who: routing.Principal{Role: routing.RoleOwner, Org: "paws", Subject: "owner-1"}}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var err error
	w.engine, err = dynamo.Open(dynamo.Config{Now: w.Now})
	must(err)
	t.Cleanup(func() { must(w.engine.Close()) })
	w.params = ssm.New(w, "us-east-1", "000000000000")
	w.flags(true)
	cfg := aws.Config{Region: "us-east-1", BaseEndpoint: aws.String("http://engine.invalid"), HTTPClient: &http.Client{Transport: w},
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) {
				o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
			})
		}}
	db := dynamodb.NewFromConfig(cfg)
	made, err := db.CreateTable(w.ctx, sandbox.CreateTable(tmpl.Table))
	must(err)
	w.stream = aws.ToString(made.TableDescription.LatestStreamArn)
	w.table = store.New(db, w.name)
	// Ids are the order in which they are made: the same history makes the same ones.
	random := func(n int) string {
		if n == 1 {
			return "a" // jitter, which is asked for whenever flags are read
		}
		w.serial++
		s := strconv.FormatInt(int64(w.serial), 36)
		return strings.Repeat("0", max(n-len(s), 0)) + s
	}
	env := map[string]string{"STAGE": "test", "TABLE_NAME": w.name, "FLAGS_PATH": "/snout/test/flags/", "SECRETS_PATH": "/snout/test/secrets/", "PUBLIC_BASE_URL": "https://snout.invalid",
		"MEDIA_BUCKET": "pictures", "CARRIER_BASE_URL": "https://carrier.invalid"}
	host := lambdaio.Host{Env: func(n string) string { return env[n] }, AWS: func(context.Context) (aws.Config, error) { return cfg, nil }, Clock: w.Now, Random: random, Log: &w.log, Transport: w}
	w.handle, err = lambdaio.Assignment(w.ctx, host)
	must(err)
	w.office = office.New(w.table, w.Now, func() string { return random(12) })
	w.relay = &relay.Relay{Table: w.table, Clock: w.Now, Random: random, Flags: fixed{}}
	return w
}

// fixed are flags for opening a conversation by hand, which the flags do not matter to.
type fixed struct{}

func (fixed) Flags(context.Context) routing.Flags { return routing.Flags{Messaging: true} }

func (w *ward) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *ward) flags(proactive bool) {
	p := map[string]string{}
	for _, n := range flags.Names {
		p["/snout/test/flags/"+n] = "true"
	}
	p["/snout/test/flags/"+flags.Proactive] = strconv.FormatBool(proactive)
	w.must(w.params.Set(p))
}

// call asks the engine in its own protocol.
func (w *ward) call(target string, in, out any) {
	w.t.Helper()
	b, err := json.Marshal(in)
	w.must(err)
	r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(b))
	r.Header.Set("X-Amz-Target", target)
	rec := httptest.NewRecorder()
	w.engine.ServeHTTP(rec, r)
	if rec.Code != http.StatusOK {
		w.t.Fatalf("%s: %d %s", target, rec.Code, rec.Body)
	}
	w.must(json.Unmarshal(rec.Body.Bytes(), out))
}

// fresh are the records of bookings since it was last asked, as Lambda gets them.
func (w *ward) fresh() []json.RawMessage {
	w.t.Helper()
	const service = "DynamoDBStreams_20120810."
	var d struct {
		StreamDescription struct{ Shards []struct{ ShardId string } }
	}
	w.call(service+"DescribeStream", map[string]any{"StreamArn": w.stream}, &d)
	var i struct{ ShardIterator string }
	w.call(service+"GetShardIterator", map[string]any{"StreamArn": w.stream, "ShardId": d.StreamDescription.Shards[0].ShardId, "ShardIteratorType": "TRIM_HORIZON"}, &i)
	var out []json.RawMessage
	for {
		var got struct {
			Records           []json.RawMessage
			NextShardIterator string
		}
		w.call(service+"GetRecords", map[string]any{"ShardIterator": i.ShardIterator}, &got)
		i.ShardIterator = got.NextShardIterator
		for _, r := range got.Records {
			var at struct {
				Change struct{ SequenceNumber string } `json:"dynamodb"`
			}
			w.must(json.Unmarshal(r, &at))
			if at.Change.SequenceNumber <= w.read { // all are as long
				continue
			}
			w.read = at.Change.SequenceNumber
			if bytes.Contains(r, []byte(`"kind":{"S":"booking"}`)) {
				out = append(out, r)
			}
		}
		if len(got.Records) == 0 {
			return out
		}
	}
}

// deliver gives a batch to the handler and tells how many records it says are done.
func (w *ward) deliver(rs []json.RawMessage) int {
	w.t.Helper()
	payload, err := json.Marshal(map[string]any{"Records": rs})
	w.must(err)
	out, err := w.handle.Invoke(w.ctx, payload)
	w.must(err)
	var res events.DynamoDBEventResponse
	w.must(json.Unmarshal(out, &res))
	if len(res.BatchItemFailures) == 0 {
		return len(rs)
	}
	for i, r := range rs {
		if strings.Contains(string(r), `"SequenceNumber":"`+res.BatchItemFailures[0].ItemIdentifier+`"`) {
			return i
		}
	}
	w.t.Fatalf("the handler names a record that was not in the batch")
	return 0
}

// through delivers a batch until all of it is done, as the stream does.
func (w *ward) through(rs []json.RawMessage) {
	w.t.Helper()
	for tries := 0; len(rs) > 0; tries++ {
		n := w.deliver(rs)
		if rs = rs[n:]; tries > 50 {
			w.t.Fatalf("a record cannot be done: %s\n%s", rs[0], w.log.String())
		}
	}
}

// items are everything in the table, by key.
func (w *ward) items() map[string]map[string]any {
	w.t.Helper()
	all := map[string]map[string]any{}
	in := map[string]any{"TableName": w.name}
	for {
		var got struct {
			Items            []map[string]any
			LastEvaluatedKey map[string]any
		}
		w.call("DynamoDB_20120810.Scan", in, &got)
		for _, it := range got.Items {
			all[textOf(it, "PK")+" "+textOf(it, "SK")] = it
		}
		if got.LastEvaluatedKey == nil {
			return all
		}
		in["ExclusiveStartKey"] = got.LastEvaluatedKey
	}
}

func textOf(it map[string]any, name string) string {
	v, _ := it[name].(map[string]any)
	for _, kind := range [...]string{"S", "N"} {
		if s, ok := v[kind].(string); ok {
			return s
		}
	}
	return ""
}

// dump is the table's content as bytes.
func (w *ward) dump() string {
	w.t.Helper()
	all := w.items()
	var b strings.Builder
	keys := make([]string, 0, len(all))
	for k := range all {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		j, err := json.Marshal(all[k])
		w.must(err)
		fmt.Fprintf(&b, "%s %s\n", k, j)
	}
	return b.String()
}

// The plain model. Its names are domain.md's.

type modelThread struct {
	client  routing.ClientID
	number  routing.NumberID
	sitter  routing.SitterID // whose number it is; empty: a pool number
	windows []routing.Window
	last    routing.SitterID // of the window that ends last
	used    time.Time
	order   int
}

type modelBooking struct {
	version   int64
	client    routing.ClientID
	sitter    routing.SitterID
	thread    *modelThread
	windows   []routing.Window
	suggested bool
	waits     bool // for a pool number
	told      routing.SitterID
	queued    bool // that message has not gone out
}

type modelText struct {
	Client  routing.ClientID
	Number  routing.NumberID
	Booking routing.BookingID
	Sitter  routing.SitterID
	Gone    bool
}

type model struct {
	own       map[routing.SitterID]routing.NumberID
	pool      []routing.NumberID // in the order of their ids
	recurring map[routing.ClientID]bool
	bookings  map[routing.BookingID]*modelBooking
	threads   []*modelThread
	texts     []modelText
}

func (th *modelThread) serves(s routing.SitterID, at time.Time) bool {
	if th.sitter != "" {
		return th.sitter == s
	}
	return th.last == s || slices.ContainsFunc(th.windows, func(w routing.Window) bool { return w.Sitter == s && !w.Ended(at) })
}

func (th *modelThread) remove(b routing.BookingID) {
	th.windows = slices.DeleteFunc(th.windows, func(w routing.Window) bool { return w.Booking == b })
	th.add(nil)
}

// add puts windows there, and remembers whose is the last of all.
func (th *modelThread) add(ws []routing.Window) {
	th.windows = append(th.windows, ws...)
	byEnd := slices.Clone(th.windows)
	routing.SortWindows(byEnd)
	slices.SortStableFunc(byEnd, func(a, b routing.Window) int { return a.End.Compare(b.End) })
	if n := len(byEnd); n > 0 {
		th.last = byEnd[n-1].Sitter
	}
}

// apply is the assignments table for one version of a booking; open is the owner's
// first message.
func (m *model) apply(b routing.Booking, at time.Time, proactive, open bool) {
	was := m.bookings[b.ID]
	if was == nil {
		was = &modelBooking{client: b.Client}
		m.bookings[b.ID] = was
	}
	if b.Version < was.version || b.Version == was.version && !(open && was.suggested) {
		return
	}
	old := *was
	was.version = b.Version
	unsay := func() {
		if was.queued {
			m.texts = slices.DeleteFunc(m.texts, func(x modelText) bool { return x.Booking == b.ID && !x.Gone })
			was.told, was.queued = "", false
		}
	}
	was.sitter = b.Sitter
	if b.Status == "cancelled" || b.Status == "completed" || b.MeetAndGreet == "pending" {
		was.sitter = ""
	}
	was.suggested, was.waits = false, false
	if was.sitter == "" {
		unsay()
		was.windows = nil
		if old.thread != nil {
			old.thread.remove(b.ID)
			if b.Status == "cancelled" || b.Status == "completed" {
				last := at.Add(-time.Millisecond)
				for _, w := range old.windows {
					if !w.Start.After(last) {
						w.End = minTime(w.End, last)
						was.windows = append(was.windows, w)
					}
				}
				old.thread.add(was.windows)
			}
		}
		return
	}
	minutes := time.Hour
	if b.Service == "Housesitting" {
		minutes = 2 * time.Hour
	}
	was.windows = nil
	for _, v := range b.Visits {
		was.windows = append(was.windows, routing.Window{Booking: b.ID, Visit: v.ID, Sitter: was.sitter, Start: v.Start.Add(-minutes), End: v.End.Add(minutes)})
	}
	recurring := m.recurring[b.Client] || b.Recurrence != ""
	open = open || recurring && proactive
	th := m.choose(was, old, recurring, open, at)
	if old.thread != nil {
		old.thread.remove(b.ID)
	}
	if th == nil {
		unsay()
		was.thread, was.suggested, was.waits = nil, true, open
		return
	}
	moved := th != old.thread
	was.thread = th
	th.add(was.windows)
	if moved || old.sitter != was.sitter || !sameWindows(old.windows, was.windows) {
		unsay()
	}
	if old.sitter != was.sitter && (moved || !sameWindows(old.windows, was.windows)) {
		th.used = at
	}
	over := !slices.ContainsFunc(was.windows, func(w routing.Window) bool { return !w.Ended(at) })
	if was.told != was.sitter && !over {
		was.told, was.queued = was.sitter, true
		m.texts = append(m.texts, modelText{b.Client, th.number, b.ID, was.sitter, false})
	}
}

func minTime(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func sameWindows(a, b []routing.Window) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	routing.SortWindows(a)
	routing.SortWindows(b)
	return slices.Equal(a, b)
}

// choose finds the thread by the class rules, makes it where it may, or answers nil.
func (m *model) choose(b *modelBooking, old modelBooking, recurring, open bool, at time.Time) *modelThread {
	if old.thread != nil && old.sitter == b.sitter {
		return old.thread
	}
	var theirs []*modelThread
	for _, th := range m.threads {
		if th.client == b.client {
			theirs = append(theirs, th)
		}
	}
	// Lately used first, then as they were made.
	slices.SortStableFunc(theirs, func(a, b *modelThread) int { return cmp.Or(b.used.Compare(a.used), a.order-b.order) })
	for _, th := range theirs {
		if th.sitter == b.sitter {
			return th
		}
	}
	for _, th := range theirs {
		if th.serves(b.sitter, at) {
			return th
		}
	}
	make := func(n routing.NumberID, sitter routing.SitterID) *modelThread {
		if !open {
			return nil
		}
		th := &modelThread{client: b.client, number: n, sitter: sitter, used: at, order: len(m.threads)}
		m.threads = append(m.threads, th)
		return th
	}
	if own := m.own[b.sitter]; own != "" && recurring {
		return make(own, b.sitter)
	}
	if old.thread != nil && old.thread.sitter == "" {
		return old.thread
	}
	if !recurring {
		for _, th := range theirs {
			if th.sitter == "" {
				return th
			}
		}
	}
	for _, n := range m.pool {
		if !slices.ContainsFunc(theirs, func(th *modelThread) bool { return th.number == n }) {
			return make(n, "")
		}
	}
	return nil
}

// What both are compared by.

type stands struct {
	Client  routing.ClientID
	Number  routing.NumberID
	Booking routing.BookingID
	Visit   routing.VisitID
	Sitter  routing.SitterID
	Start   int64
	End     int64
}

type bookingState struct {
	Version   int64
	Sitter    routing.SitterID
	Number    routing.NumberID // where it stands or stood last
	Suggested bool
	Waits     bool
	Told      routing.SitterID
}

type picture struct {
	Windows  []stands
	Threads  []string
	Bookings map[routing.BookingID]bookingState
	Texts    []modelText
	Due      []string // client and booking, of the ledgers
}

func (p *picture) sort() {
	slices.SortFunc(p.Windows, func(a, b stands) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	slices.Sort(p.Threads)
	slices.SortFunc(p.Texts, func(a, b modelText) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	slices.Sort(p.Due)
}

func (m *model) picture() picture {
	p := picture{Bookings: map[routing.BookingID]bookingState{}, Texts: slices.Clone(m.texts)}
	for _, th := range m.threads {
		p.Threads = append(p.Threads, string(th.client)+" "+string(th.number))
		for _, w := range th.windows {
			p.Windows = append(p.Windows, stands{th.client, th.number, w.Booking, w.Visit, w.Sitter, w.Start.UnixMilli(), w.End.UnixMilli()})
		}
	}
	for id, b := range m.bookings {
		s := bookingState{Version: b.version, Sitter: b.sitter, Suggested: b.suggested, Waits: b.waits, Told: b.told}
		if b.thread != nil {
			s.Number = b.thread.number
		}
		p.Bookings[id] = s
		if b.suggested {
			p.Due = append(p.Due, string(b.client)+" "+string(id))
		}
	}
	p.sort()
	return p
}

// picture of the table, read from its rows as they are.
func (w *ward) picture() picture {
	w.t.Helper()
	p := picture{Bookings: map[routing.BookingID]bookingState{}}
	threads := map[routing.ThreadID]*routing.Thread{}
	windows := map[routing.ThreadID][]routing.Window{}
	var texts []routing.Event
	var assigned []map[string]any
	for _, it := range w.items() {
		im := imageOf(it)
		switch textOf(it, "kind") {
		case "thread":
			th, err := store.ThreadOf(im)
			w.must(err)
			threads[th.ID] = th
			p.Threads = append(p.Threads, string(th.Client)+" "+string(th.NumID))
		case "window":
			th, x, err := store.WindowOf(im)
			w.must(err)
			windows[th] = append(windows[th], x)
		case "event":
			e, err := store.EventOf(im)
			w.must(err)
			texts = append(texts, e)
		case "assignment":
			assigned = append(assigned, it)
		case "parked":
			w.t.Fatalf("a record was given up: %v", it)
		}
	}
	for _, it := range assigned {
		version, err := strconv.ParseInt(textOf(it, "v"), 10, 64)
		w.must(err)
		_, suggested := it["sug"]
		_, waits := it["nonum"]
		s := bookingState{Version: version, Sitter: routing.SitterID(textOf(it, "sitter")), Suggested: suggested, Waits: waits, Told: routing.SitterID(textOf(it, "told"))}
		if th := threads[routing.ThreadID(textOf(it, "thread"))]; th != nil {
			s.Number = th.NumID
		}
		p.Bookings[routing.BookingID(textOf(it, "bk"))] = s
	}
	for _, c := range modelClients {
		_, ledger, err := w.table.ClientFile(w.ctx, "paws", c)
		w.must(err)
		for _, d := range ledger.Due {
			p.Due = append(p.Due, string(c)+" "+string(d.Booking))
		}
	}
	for id, ws := range windows {
		th := threads[id]
		for _, x := range ws {
			p.Windows = append(p.Windows, stands{th.Client, th.NumID, x.Booking, x.Visit, x.Sitter, x.Start.UnixMilli(), x.End.UnixMilli()})
		}
	}
	for _, th := range threads {
		w.carries(th, windows[th.ID])
	}
	for _, e := range texts {
		if !strings.Contains(e.Text, "named "+string(e.Window.Sitter)) {
			w.t.Fatalf("a text about %s says %q", e.Window.Sitter, e.Text)
		}
		th := threads[e.ID.Thread()]
		p.Texts = append(p.Texts, modelText{th.Client, th.NumID, e.Booking, e.Window.Sitter, e.Status != routing.Queued})
	}
	p.sort()
	return p
}

// carries checks that a thread's row and its routes agree, and hold what is on or to
// come of the windows that stand, as far as they say they do.
func (w *ward) carries(th *routing.Thread, all []routing.Window) {
	w.t.Helper()
	open := slices.DeleteFunc(slices.Clone(all), func(x routing.Window) bool { return x.Ended(w.now) })
	routing.SortWindows(open)
	row := slices.DeleteFunc(slices.Clone(th.Windows), func(x routing.Window) bool { return x.Ended(w.now) })
	if len(row) > len(open) || !slices.Equal(row, open[:len(row)]) || !th.More && len(row) != len(open) {
		w.t.Fatalf("thread %s carries %v (more: %v), but %v stand", th.ID, row, th.More, open)
	}
	rs, err := w.table.Routes(w.ctx, th.Number, th.Phones)
	w.must(err)
	for _, p := range th.Phones {
		if r := rs[p]; r == nil || r.Thread != th.ID || r.Rev != th.Rev || !slices.Equal(r.Windows, th.Windows) || r.More != th.More || !r.Until.Equal(th.Until) {
			w.t.Fatalf("route of thread %s differs from its row: %+v, %+v", th.ID, r, th)
		}
	}
}

// A history, played twice from the same seed.

var (
	modelSitters = []routing.SitterID{"s1", "s2", "s3", "s4"} // s1 has a number
	modelClients = []routing.ClientID{"c1", "c2", "c3"}       // c1 has a weekly plan
)

const (
	plain   = iota // each record once
	redeliv        // with everything that a stream may do
	broken         // that, and the table and the process failing
)

type history struct {
	*ward
	m    *model
	rng  *rand.Rand // what happens: the same in each way of playing it
	bad  *rand.Rand // what goes wrong
	how  int
	all  []json.RawMessage
	ids  []routing.BookingID
	next int
	pro  bool
}

func play(t testing.TB, tmpl *template.Template, seed uint64, how int) *history {
	w := newWard(t, tmpl)
	h := &history{ward: w, how: how, rng: rand.New(rand.NewPCG(seed, 1)), bad: rand.New(rand.NewPCG(seed, 2)), pro: true,
		m: &model{own: map[routing.SitterID]routing.NumberID{}, recurring: map[routing.ClientID]bool{"c1": true}, bookings: map[routing.BookingID]*modelBooking{}}}
	h.found()
	for range 6 + h.rng.IntN(8) {
		h.step()
	}
	h.compare()
	// The whole stream, from its start.
	before := w.dump()
	for rs := h.all; len(rs) > 0; {
		n := min(25, len(rs))
		w.through(rs[:n])
		rs = rs[n:]
	}
	if after := w.dump(); after != before {
		t.Fatalf("seed %d: replaying the stream from its start has changed the table:\n%s", seed, diff.Diff(before, after))
	}
	return h
}

func (h *history) compare() {
	h.t.Helper()
	if d := diff.Diff(h.m.picture(), h.picture(), cmpopts.EquateEmpty()); d != "" {
		h.t.Fatalf("played %s, the model and the table differ (-model +table):\n%s", [...]string{"well", "badly", "broken"}[h.how], d)
	}
}

func (h *history) found() {
	h.t.Helper()
	o := h.office
	_, _, err := o.Found(h.ctx, h.who, office.Founding{ID: "paws", Name: "Paws", Zone: "America/Los_Angeles", FrontDesk: "+15555550100"})
	h.must(err)
	for _, s := range modelSitters {
		_, err := o.CreateSitter(h.ctx, h.who, office.SitterInput{ID: office.Is(string(s)), Name: office.Is("named " + string(s))})
		h.must(err)
	}
	n, _, err := o.AddNumber(h.ctx, h.who, office.NumberInput{E164: "+15555550101", NumberClass: "sitter", SitterID: office.Is("s1")})
	h.must(err)
	h.m.own["s1"] = n.ID
	for i := range 1 + h.rng.IntN(2) {
		n, _, err := o.AddNumber(h.ctx, h.who, office.NumberInput{E164: fmt.Sprintf("+1555555011%d", i), NumberClass: "pool"})
		h.must(err)
		h.m.pool = append(h.m.pool, n.ID)
	}
	slices.Sort(h.m.pool)
	for i, c := range modelClients {
		in := office.ClientInput{ID: office.Is(string(c)), Name: office.Is("Client " + string(c)), Phones: office.Is([]string{fmt.Sprintf("+1555555012%d", i), fmt.Sprintf("+1555555013%d", i)})}
		if c == "c1" {
			in.Plan = office.Is("weekly")
		}
		_, err := o.CreateClient(h.ctx, h.who, in)
		h.must(err)
	}
	h.fresh()
}

func (h *history) step() {
	h.t.Helper()
	h.now = h.now.Add(time.Duration(1+h.rng.IntN(40*60)) * time.Minute)
	if h.rng.IntN(4) == 0 {
		h.pro = !h.pro
		h.ward.flags(h.pro)
	}
	for range 1 + h.rng.IntN(4) {
		h.change()
	}
	if h.rng.IntN(3) == 0 {
		h.sent()
	}
	rs := h.fresh()
	h.all = append(h.all, rs...)
	for _, r := range rs {
		h.m.apply(bookingIn(h.t, r), h.now, h.pro, false)
	}
	h.give(rs)
	if h.rng.IntN(3) == 0 {
		h.open()
	}
	if h.how == plain || os.Getenv("SNOUT_HISTORY") != "" {
		h.compare()
	}
	if h.how != plain && h.bad.IntN(3) == 0 {
		before := h.dump()
		from := h.bad.IntN(len(h.all) + 1)
		h.through(h.all[from:min(len(h.all), from+25)])
		if after := h.dump(); after != before {
			h.t.Fatalf("records of before have changed the table:\n%s", diff.Diff(before, after))
		}
	}
}

// give delivers records in batches, as well or as badly as is asked for.
func (h *history) give(rs []json.RawMessage) {
	h.t.Helper()
	if h.how == plain {
		h.through(rs)
		return
	}
	for len(rs) > 0 {
		n := 1 + h.bad.IntN(len(rs))
		batch := slices.Clone(rs[:n])
		rs = rs[n:]
		for i := 0; i < len(batch); i++ { // the same record twice
			if h.bad.IntN(4) == 0 {
				batch = slices.Insert(batch, i, batch[i])
				i++
			}
		}
		if h.bad.IntN(2) == 0 { // cut short: some were done, and nobody heard of it
			h.through(batch[:h.bad.IntN(len(batch)+1)])
		}
		if h.how == broken {
			switch h.bad.IntN(3) {
			case 0: // the process dies between any two calls
				h.live(1 + h.bad.IntN(4*len(batch)))
				h.deliver(batch)
				h.live(0)
			case 1:
				var faults []string
				for range 1 + h.bad.IntN(3) {
					faults = append(faults, []string{"throttle", "conflict", "timeout-after-commit"}[h.bad.IntN(3)])
				}
				h.must(h.engine.Inject(faults...))
			}
		}
		h.through(batch)
		h.must(h.engine.Inject())
		if h.bad.IntN(3) == 0 {
			h.through(batch)
		}
	}
}

func bookingIn(t testing.TB, r json.RawMessage) routing.Booking {
	t.Helper()
	var e struct {
		Change struct{ NewImage map[string]any } `json:"dynamodb"`
	}
	if err := json.Unmarshal(r, &e); err != nil {
		t.Fatal(err)
	}
	_, b, err := store.BookingOf(imageOf(e.Change.NewImage))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// imageOf reads an item as the protocol has it.
func imageOf(it map[string]any) store.Image {
	im := store.Image{}
	for n, v := range it {
		im[n] = valueIn(v)
	}
	return im
}

func valueIn(v any) types.AttributeValue {
	for kind, x := range v.(map[string]any) {
		switch kind {
		case "S":
			return &types.AttributeValueMemberS{Value: x.(string)}
		case "N":
			return &types.AttributeValueMemberN{Value: x.(string)}
		case "BOOL":
			return &types.AttributeValueMemberBOOL{Value: x.(bool)}
		case "L":
			l := &types.AttributeValueMemberL{}
			for _, y := range x.([]any) {
				l.Value = append(l.Value, valueIn(y))
			}
			return l
		case "M":
			return &types.AttributeValueMemberM{Value: imageOf(x.(map[string]any))}
		}
	}
	return &types.AttributeValueMemberNULL{Value: true}
}

func (h *history) visits() office.Field[[]office.VisitInput] {
	var vs []office.VisitInput
	start := h.now.Truncate(time.Minute).Add(time.Duration(h.rng.IntN(8*24*2)-24) * 30 * time.Minute)
	for i := range 1 + h.rng.IntN(3) {
		length := time.Duration(1+h.rng.IntN(20)) * 30 * time.Minute
		vs = append(vs, office.VisitInput{ID: fmt.Sprintf("v%d", i+h.rng.IntN(2)*3), StartAt: start.Format(time.RFC3339), EndAt: start.Add(length).Format(time.RFC3339)})
		start = start.Add(length + time.Duration(h.rng.IntN(48))*time.Hour)
	}
	seen := map[string]bool{}
	vs = slices.DeleteFunc(vs, func(v office.VisitInput) bool { twice := seen[v.ID]; seen[v.ID] = true; return twice })
	return office.Is(vs)
}

func (h *history) sitter() office.Field[string] {
	if i := h.rng.IntN(len(modelSitters) + 1); i < len(modelSitters) {
		return office.Is(string(modelSitters[i]))
	}
	return office.Null[string]()
}

// change is something an owner does.
func (h *history) change() {
	h.t.Helper()
	o := h.office
	if len(h.ids) == 0 || h.rng.IntN(4) == 0 {
		h.next++
		in := office.BookingInput{ID: office.Is(fmt.Sprintf("b%d", h.next)), ClientID: office.Is(string(modelClients[h.rng.IntN(len(modelClients))])), SitterID: h.sitter(),
			Service: office.Is([]string{"Drop-ins", "Housesitting"}[h.rng.IntN(2)]), Visits: h.visits()}
		if h.rng.IntN(3) == 0 {
			in.Recurrence = office.Is("weekly")
		}
		if h.rng.IntN(8) == 0 {
			in.MeetAndGreet = office.Is("pending")
		}
		b, _, err := o.CreateBooking(h.ctx, h.who, in)
		h.must(err)
		h.ids = append(h.ids, b.ID)
		return
	}
	if h.rng.IntN(12) == 0 {
		c := modelClients[1+h.rng.IntN(len(modelClients)-1)]
		h.m.recurring[c] = !h.m.recurring[c]
		_, err := o.PatchClient(h.ctx, h.who, string(c), 0, office.ClientInput{Recurring: office.Is(h.m.recurring[c])})
		h.must(err)
		return
	}
	id := h.ids[h.rng.IntN(len(h.ids))]
	var in office.BookingInput
	switch h.rng.IntN(10) {
	case 0, 1, 2, 3:
		in.SitterID = h.sitter()
	case 4, 5:
		in.Visits = h.visits()
	case 6:
		in.Service = office.Is([]string{"Drop-ins", "Housesitting"}[h.rng.IntN(2)])
	case 7:
		in.Status = office.Is([]string{"cancelled", "completed", "confirmed", "confirmed"}[h.rng.IntN(4)])
	case 8:
		in.SitterID, in.Visits = h.sitter(), h.visits()
	case 9:
		in.MeetAndGreet = office.Is([]string{"pending", "approved"}[h.rng.IntN(2)])
	}
	_, _, err := o.PatchBooking(h.ctx, h.who, string(id), 0, in)
	var no *routing.Refusal
	if !errors.As(err, &no) { // a cancelled booking stays as it is
		h.must(err)
	}
}

// open is an owner's first message about a suggested conversation.
func (h *history) open() {
	h.t.Helper()
	id := h.ids[h.rng.IntN(len(h.ids))]
	_, err := h.relay.OpenBooking(h.ctx, "paws", id)
	h.must(err)
	b, err := h.table.Booking(h.ctx, "paws", id)
	h.must(err)
	h.m.apply(b, h.now, h.pro, true)
}

// sent lets what is queued go out, as far as assignments can see.
func (h *history) sent() {
	h.t.Helper()
	for _, it := range h.items() {
		if textOf(it, "kind") == "event" && textOf(it, "st") == "queued" {
			it["st"] = map[string]any{"S": "sent"}
			h.call("DynamoDB_20120810.PutItem", map[string]any{"TableName": h.name, "Item": it}, &struct{}{})
		}
	}
	for i := range h.m.texts {
		h.m.texts[i].Gone = true
	}
	for _, b := range h.m.bookings {
		b.queued = false
	}
}

func loadTemplate(t testing.TB) *template.Template {
	t.Helper()
	tmpl, err := template.Load(filepath.Join("..", "..", "template.yaml"), map[string]string{
		"Stage": "test", "PublicBaseUrl": "", "Issuer": "https://issuer.invalid", "IssuerClientId": "web", "IssuerMachineClientId": "machine", "Version": "test",
	}, template.Pseudo{Region: "us-east-1", AccountID: "000000000000", StackName: "snout-test", QueueEndpoint: "http://127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	return tmpl
}

func TestAssignmentsAreWhatTheModelSays(t *testing.T) {
	t.Parallel()
	tmpl := loadTemplate(t)
	first, n := uint64(0), uint64(16)
	if s := os.Getenv("SNOUT_HISTORIES"); s != "" {
		v, err := strconv.ParseUint(s, 10, 32)
		if err != nil {
			t.Fatal(err)
		}
		n = v
	}
	if s := os.Getenv("SNOUT_HISTORY"); s != "" {
		v, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		first, n = v, 1
	}
	records, waits, texts := 0, 0, 0
	for seed := first; seed < first+n; seed++ {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			once := play(t, tmpl, seed, plain)
			again := play(t, tmpl, seed, redeliv)
			if a, b := once.dump(), again.dump(); a != b {
				t.Fatalf("delivered badly, the table is another (-well +badly):\n%s", diff.Diff(strings.Split(a, "\n"), strings.Split(b, "\n")))
			}
			play(t, tmpl, seed, broken)
			records += len(once.all)
			texts += len(once.m.texts)
			for _, b := range once.m.bookings {
				if b.waits {
					waits++
				}
			}
		})
	}
	t.Logf("%d histories of %d records, each played three ways; %d texts about who is coming, %d bookings that wait for a number", n, records, texts, waits)
	if !t.Failed() && n > 10 && (waits == 0 || texts == 0) {
		t.Error("the histories leave something out: no booking waits for a number, or nobody is told")
	}
}

// BenchmarkAssignment is booking records through the real handler on the local engine,
// in batches as the stream makes them, each record another client's: with a thread made,
// into the client's thread, and once more after they were applied. trips/record are
// calls of the table, of which two run side by side.
func BenchmarkAssignment(b *testing.B) {
	tmpl := loadTemplate(b)
	const batch = 25
	for _, row := range []struct {
		name  string
		which int // of the records of each client
	}{{"made", 0}, {"into", 1}, {"again", 2}} {
		b.Run(row.name, func(b *testing.B) {
			w := newWard(b, tmpl)
			h := &history{ward: w, m: &model{own: map[routing.SitterID]routing.NumberID{}}, rng: rand.New(rand.NewPCG(1, 1))}
			h.found()
			clients := 0
			var next []json.RawMessage
			fill := func() { // the records of so many new clients
				var one, two []json.RawMessage
				for range batch {
					clients++
					c := fmt.Sprintf("k%d", clients)
					_, err := w.office.CreateClient(w.ctx, w.who, office.ClientInput{ID: office.Is(c), Name: office.Is("Client"), Phones: office.Is([]string{fmt.Sprintf("+1555%07d", clients)}), Recurring: office.Is(true)})
					w.must(err)
					for visit := range 2 {
						at := w.now.Add(time.Duration(24+visit) * time.Hour).Format(time.RFC3339)
						_, _, err = w.office.CreateBooking(w.ctx, w.who, office.BookingInput{ClientID: office.Is(c), SitterID: office.Is("s1"), Service: office.Is("Drop-ins"),
							StartAt: office.Is(at), EndAt: office.Is(w.now.Add(time.Duration(25+visit) * time.Hour).Format(time.RFC3339))})
						w.must(err)
					}
				}
				for i, r := range w.fresh() {
					if i%2 == 0 {
						one = append(one, r)
					} else {
						two = append(two, r)
					}
				}
				switch row.which {
				case 0:
					next = one
				case 1:
					w.through(one)
					next = two
				case 2:
					w.through(one)
					next = one
				}
			}
			calls := func() (n int) {
				for _, k := range w.engine.Metrics().Operations {
					n += k
				}
				return n
			}
			records, trips := 0, 0
			for b.Loop() {
				b.StopTimer()
				fill()
				before := calls()
				b.StartTimer()
				w.through(next)
				b.StopTimer()
				trips += calls() - before
				records += len(next)
				b.StartTimer()
			}
			b.ReportMetric(float64(records)/b.Elapsed().Seconds(), "records/s")
			b.ReportMetric(float64(trips)/float64(records), "trips/record")
			b.ReportMetric(0, "ns/op")
		})
	}
}
