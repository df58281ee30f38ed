package simulation

import (
	"bytes"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"

	"snout/shared/sandbox/dynamo"
	"snout/shared/sandbox/template"
)

// record is one change of the table.
type record struct {
	seq      string
	pk, sk   string
	old, new image
	raw      dynamo.StreamRecord
}

// json is the record as a function gets it.
func (r *record) json(arn string) []byte {
	b := append(bytes.TrimSuffix(r.raw.JSON(), []byte("}")), `,"eventSourceARN":"`...)
	return append(append(b, arn...), `"}`...)
}

// wants tells whether a mapping's filters let a record through. They look at nothing
// but the kinds of the images (New refuses to run where they do), so each combination
// is asked once.
func (m *mirror) wants(src *source, r *record) bool {
	name := "MODIFY"
	switch {
	case r.old == nil:
		name = "INSERT"
	case r.new == nil:
		name = "REMOVE"
	}
	k := [4]string{src.fn, name, r.old.text("kind"), r.new.text("kind")}
	o := m.s.origin
	o.filtering.Lock()
	defer o.filtering.Unlock()
	yes, known := o.filtered[k]
	if !known {
		yes, _ = template.MatchAny(src.stream.Filters, r.json(m.arn))
		o.filtered[k] = yes
	}
	return yes
}

// onlyKinds tells whether a filter's pattern looks at nothing but kinds.
func onlyKinds(pattern string) bool {
	var v any
	if json.Unmarshal([]byte(pattern), &v) != nil {
		return false
	}
	var walk func(v any) bool
	walk = func(v any) bool {
		m, ok := v.(map[string]any)
		for n, x := range m {
			if !slices.Contains([]string{"eventName", "dynamodb", "NewImage", "OldImage", "kind", "S"}, n) || !walk(x) {
				return false
			}
		}
		_, leaf := v.([]any)
		return ok || leaf
	}
	return walk(v)
}

// image is an item: strings, numbers as int64, booleans, lists and maps.
type image map[string]any

func (im image) text(n string) string { s, _ := im[n].(string); return s }
func (im image) num(n string) int64   { i, _ := im[n].(int64); return i }
func (im image) is(n string) bool     { b, _ := im[n].(bool); return b }
func (im image) list(n string) []string {
	var out []string
	l, _ := im[n].([]any)
	for _, x := range l {
		if s, ok := x.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

type key struct{ pk, sk string }

// mirror is the table as its own stream of changes tells it, and what is checked at
// each change.
type mirror struct {
	s      *Sim
	fresh  bool
	arn    string
	place  uint64 // in the stream
	shards [shards][]*record
	items  map[key]image

	claimedAt  map[string]time.Time
	everOut    map[string]bool      // phones whose people opted out at some time
	last       map[string]notice    // by sitter: the last notification that was taken
	claimedOut map[string]bool      // events claimed although their person had opted out
	born       map[string]image     // outbound events as first written
	kept       map[string]int       // by body: inbound events ever written with it
	seen       map[string]string    // sid: the outcome's row
	answered   map[string]time.Time // automatic answers, by pair
	offSince   time.Time            // messaging has been off since, in SSM
}

func newMirror(s *Sim, arn string) *mirror {
	return &mirror{s: s, arn: arn, items: map[key]image{}, claimedAt: map[string]time.Time{}, everOut: map[string]bool{}, last: map[string]notice{}, claimedOut: map[string]bool{}, born: map[string]image{}, kept: map[string]int{}, seen: map[string]string{}, answered: map[string]time.Time{}}
}

// catchUp reads what has changed and checks it, in the order in which it happened.
func (m *mirror) catchUp() {
	if !m.fresh {
		return
	}
	m.fresh = false
	raw, place := m.s.engine.After(m.arn, m.place)
	m.place = place
	fresh := make([]*record, len(raw))
	for i, r := range raw {
		one := &record{seq: r.Sequence, pk: image(r.Keys).text("PK"), sk: image(r.Keys).text("SK"), old: r.Old, new: r.New, raw: r}
		m.shards[r.Shard] = append(m.shards[r.Shard], one)
		fresh[i] = one
	}
	for _, r := range fresh {
		if r.new == nil {
			delete(m.items, key{r.pk, r.sk})
		} else {
			m.items[key{r.pk, r.sk}] = r.new
		}
		m.watch(r)
	}
	m.consistent(fresh)
}

// forward is what may follow what, by domain.md: a retry is a new attempt, and only
// where nothing was taken, or somebody asked for it.
var forward = map[string][]string{
	"queued":  {"queued", "sending", "sent", "delivered", "failed", "undelivered"},
	"sending": {"sending", "queued", "sent", "delivered", "failed", "undelivered", "unknown"},
	"unknown": {"unknown", "sent", "delivered", "failed", "undelivered"},
	"sent":    {"sent", "delivered", "failed", "undelivered"},
}

// watch checks one change.
func (m *mirror) watch(r *record) {
	s := m.s
	s.figures.Checks++
	kind := r.new.text("kind")
	if r.new == nil {
		kind = r.old.text("kind")
	}
	switch kind {
	case "event":
		m.watchEvent(r)
	case "seen":
		sid := strings.TrimPrefix(r.pk, "M#")
		if r.old != nil && !strings.Contains(r.old.text("out"), `"t":"held"`) {
			s.violate("the outcome of text %s was decided twice", s.nameOf(sid))
		}
	case "consent":
		if r.new.is("out") {
			m.everOut[strings.TrimPrefix(r.pk, "O#"+org+"#P#")] = true
		}
	case "alert":
		if r.new == nil {
			s.violate("an alert was taken away")
		}
	}
}

func eventID(pk, sk string) string {
	return "e-" + strings.TrimPrefix(pk, "T#t-") + "-" + strings.TrimPrefix(sk, "E#")
}

func eventKey(id string) key {
	i := strings.LastIndexByte(id, '-')
	if i < 2 {
		return key{}
	}
	return key{"T#t-" + id[2:i], "E#" + id[i+1:]}
}

func (m *mirror) watchEvent(r *record) {
	s := m.s
	id := eventID(r.pk, r.sk)
	if r.new == nil {
		if r.old.text("dir") != "outbound" || r.old.text("st") != "queued" || s.handed[id] > 0 {
			s.violate("event %s was taken away while %s", id, r.old.text("st"))
		}
		return
	}
	if r.old == nil {
		if r.new.text("dir") == "inbound" {
			m.kept[r.new.text("txt")]++
			if n := m.kept[r.new.text("txt")]; n > 1 && s.isText(r.new.text("txt")) {
				s.violate("text %q was taken in %d times", r.new.text("txt"), n)
			}
			return
		}
		if r.new.text("dir") == "outbound" {
			m.born[id] = r.new
			if r.new.text("st") == "sending" {
				m.claimed(id, r.new)
			}
			if p := r.new.text("for"); p == "auto" || p == "after_hours" {
				pair := r.new.text("from") + " " + r.new.text("to")
				at := time.UnixMicro(r.new.num("at"))
				s.check(at.Sub(m.answered[pair]) >= 24*time.Hour, "somebody was answered by a machine twice within a day")
				m.answered[pair] = at
				s.check(slices.ContainsFunc(s.texts, func(t *sentText) bool {
					return t.from == r.new.text("to") && t.to == r.new.text("from") && !strings.Contains(t.body, machine)
				}), "a machine was answered by a machine")
			}
			switch r.new.text("st") {
			case "queued", "sending", "blocked":
			default:
				s.violate("event %s was born %s", id, r.new.text("st"))
			}
		}
		return
	}
	for _, n := range []string{"dir", "txt", "from", "to", "at"} {
		if r.old[n] != r.new[n] {
			s.violate("%s of event %s was changed", n, id)
		}
	}
	if r.new.text("dir") != "outbound" {
		return
	}
	was, is := r.old.text("st"), r.new.text("st")
	if r.new.num("try") < r.old.num("try") {
		s.violate("event %s went back to attempt %d", id, r.new.num("try"))
	}
	switch {
	case slices.Contains(forward[was], is):
	case is == "queued" && (was == "failed" || was == "undelivered" || was == "unknown") && s.licence[id] > 0:
	case is == "queued" && was == "blocked" && s.released[id]:
	case was == is:
	default:
		s.violate("event %s went from %s to %s", id, was, is)
	}
	// Without a lease it is no claim: a late report of an attempt whose answer was lost, which
	// an owner's retry has followed.
	if is == "sending" && was != "sending" && r.new.num("lease") != 0 {
		if r.new.num("try") != r.old.num("try")+1 {
			s.violate("event %s is sent without a new attempt", id)
		}
		m.claimed(id, r.new)
	}
	if is == "sending" && was == "sending" && r.new.num("try") != r.old.num("try") {
		s.violate("event %s was claimed twice", id)
	}
}

func (m *mirror) claimed(id string, e image) {
	m.claimedAt[id] = m.s.clock.Now()
	delete(m.claimedOut, id)
	if m.items[key{"O#" + org + "#P#" + e.text("to"), "CONSENT"}].is("out") {
		m.claimedOut[id] = true
	}
}

// consistent checks what must hold between items after every change: where a route
// leads, the thread agrees.
func (m *mirror) consistent(fresh []*record) {
	threads := map[string]bool{}
	for _, r := range fresh {
		switch {
		case strings.HasPrefix(r.pk, "T#") && r.sk == "META":
			threads[strings.TrimPrefix(r.pk, "T#")] = true
		case strings.HasPrefix(r.pk, "N#") && strings.HasPrefix(r.sk, "P#") && r.new != nil:
			if th := r.new.text("thread"); th != "" {
				threads[th] = true
			}
		}
	}
	for id := range threads {
		m.s.figures.Checks++
		th := m.items[key{"T#" + id, "META"}]
		if th == nil {
			m.s.violate("a route leads to thread %s, which is not there", id)
			continue
		}
		for _, p := range th.list("ph") {
			rt := m.items[key{"N#" + th.text("num"), "P#" + p}]
			if rt == nil || rt.text("thread") != id {
				continue // leads to the sibling, or to the thread that came after
			}
			if rt.num("rev") != th.num("rev") {
				m.s.violate("thread %s is of revision %d, its route of %d", id, th.num("rev"), rt.num("rev"))
			}
			if rt.text("w") != th.text("w") || rt.is("more") != th.is("more") {
				m.s.violate("thread %s and its route disagree about its windows", id)
			}
			if rt.num("until") != th.num("until") && th.text("tk") == "service" {
				m.s.violate("thread %s and its route disagree about its end", id)
			}
		}
	}
}

// took notes that the carrier took a message of ours, and checks that it might.
func (s *Sim) took(form string) {
	s.figures.Handed++
	s.figures.Checks++
	f, err := url.ParseQuery(form)
	if err != nil {
		s.violate("a message whose form cannot be read")
		return
	}
	cb, err := url.Parse(f.Get("StatusCallback"))
	if err != nil {
		s.violate("a message without a status callback")
		return
	}
	id := cb.Query().Get("event")
	s.mirror.catchUp()
	e := s.mirror.items[eventKey(id)]
	s.handed[id]++
	s.tracef("  → %s to %s: %q", id, f.Get("To"), f.Get("Body"))
	switch {
	case e == nil:
		s.violate("message %s was sent before it was kept", id)
		return
	case e.text("st") != "sending":
		s.violate("message %s was handed over while %s", id, e.text("st"))
	}
	text := e.text("txt")
	if h := e.text("hid"); h != "" {
		text = h
	}
	if f.Get("Body") != text || f.Get("From") != e.text("from") || f.Get("To") != e.text("to") {
		s.violate("message %s was handed over with another text or other numbers", id)
	}
	if !slices.Contains(ourNumbers, f.Get("From")) || slices.Contains(ourNumbers, f.Get("To")) {
		s.violate("message %s goes from %s to %s", id, f.Get("From"), f.Get("To"))
	}
	for _, p := range realPhones {
		if strings.Contains(digits(f.Get("Body")), digits(p)[1:]) {
			s.violate("a real number is in the text of message %s", id)
		}
	}
	s.unbidden(id, e)
	if s.mirror.claimedOut[id] {
		s.violate("message %s went to somebody who had opted out before the attempt began", id)
	}
	if n := s.handed[id]; n > 1+s.licence[id] {
		s.violate("message %s reached its phone %d times", id, n)
	}
	if off := s.mirror.offSince; !off.IsZero() && s.clock.Now().Sub(off) > 130*time.Second {
		s.violate("message %s was handed over %s after messaging went off", id, s.clock.Now().Sub(off))
	}
}

// notice is a notification that somebody's own phone has had.
type notice struct {
	event string
	at    time.Time
}

// unbidden checks what nobody asked to send: a notification says who and never what, comes
// once until it is read and once in five minutes, and nothing of the kind comes at night.
func (s *Sim) unbidden(id string, e image) {
	purpose := e.text("for")
	if purpose == "notify" || purpose == "alert" {
		for _, t := range s.texts {
			s.check(!strings.HasPrefix(t.body, "m") || !strings.Contains(e.text("txt"), t.body), "notification %s says what was written", id)
		}
	}
	if purpose == "notify" {
		whom := map[string]string{samsOwn: "sitter-1", ivysOwn: "sitter-2"}[e.text("to")]
		s.check(whom != "", "notification %s goes to no sitter's own phone", id)
		s.check(e.text("from") == frontDesk, "notification %s does not come from the front desk", id)
		if was := s.mirror.last[whom]; was.event != "" && was.event != id {
			s.check(s.clock.Now().Sub(was.at) >= 5*time.Minute, "%s was told twice within five minutes: %s and %s", whom, was.event, id)
			s.check(!s.reading[whom].Before(was.at), "%s was told again before they read: %s and %s", whom, was.event, id)
		}
		s.mirror.last[whom] = notice{id, s.clock.Now()}
	}
	if purpose != "notify" && purpose != "alert" && purpose != "coming" {
		return
	}
	// A minute's grace: what was decided just before nine may be handed over just after.
	at := s.mirror.claimedAt[id].In(angeles)
	night := time.Date(at.Year(), at.Month(), at.Day(), 21, 1, 0, 0, angeles)
	dawn := time.Date(at.Year(), at.Month(), at.Day(), 8, 0, 0, 0, angeles)
	switch {
	case at.Before(dawn.Add(-time.Minute)):
	case at.After(night):
		dawn = dawn.AddDate(0, 0, 1)
	default:
		return
	}
	if purpose == "coming" {
		b := s.mirror.items[key{"O#" + org + "#B#" + e.text("bk"), "BOOKING"}]
		if start := b.num("start"); b == nil || start == 0 || !time.UnixMilli(start).After(dawn.Add(time.Hour)) {
			return
		}
	}
	s.violate("message %s (%s) was sent at night", id, purpose)
}

// angeles is where the business is.
var angeles = func() *time.Location {
	l, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		panic(err) // the world's own zone
	}
	return l
}()

func digits(t string) string {
	var b strings.Builder
	for _, c := range t {
		if c >= '0' && c <= '9' {
			b.WriteRune(c)
		}
	}
	return b.String()
}

// describe names a call to the table by the items it is about, for traces.
func describe(op string, body []byte) string {
	var v any
	if json.Unmarshal(body, &v) != nil {
		return op
	}
	var names []string
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, x := range v {
				walk(x)
			}
		case map[string]any:
			if _, ok := v["PK"]; ok {
				names = append(names, member(v["PK"])+"/"+member(v["SK"]))
				return
			}
			for _, x := range v {
				walk(x)
			}
		}
	}
	walk(v)
	slices.Sort(names)
	return op + " " + strings.Join(names, " ")
}

func member(v any) string {
	m, _ := v.(map[string]any)
	t, _ := m["S"].(string)
	return t
}
