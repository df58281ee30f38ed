package simulation

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"snout/shared/flags"
)

func ttl(attribute string) *types.TimeToLiveSpecification {
	return &types.TimeToLiveSpecification{AttributeName: aws.String(attribute), Enabled: aws.Bool(true)}
}

// turns bounds how long one instant may keep the world busy.
const turns = 20000

// rest heals the world and waits until nothing is left to be done, then checks it.
func (s *Sim) rest() {
	s.chaos = chaos{}
	_ = s.carrier.Inject()
	s.setFlags(map[string]string{flags.Messaging: "true"})
	s.tracef("healthy from here")
	s.settle(turns)
	// The comparison with the carrier's list runs every five minutes, and leaves a text two
	// for its webhook.
	for range 2 {
		s.clock.Advance(6 * time.Minute)
		s.settle(turns)
	}
	for range 90 {
		s.clock.Advance(max(s.untilDue(), 61*time.Second))
		s.settle(turns)
		if s.untilDue() < 0 && s.waiting() == 0 {
			break
		}
	}
	s.reads()
	s.atRest()
}

// untilDue is how long it is until the outbox has something to look after; negative
// if nothing is left behind.
func (s *Sim) untilDue() time.Duration {
	next := time.Duration(-1)
	for k := range s.mirror.items {
		if !strings.HasPrefix(k.pk, "X#") || len(k.sk) < 9 {
			continue
		}
		if d := unstamp(k.sk[:9]).Sub(s.clock.Now()); next < 0 || d < next {
			next = max(d, 0)
		}
	}
	return next
}

// waiting counts what is not over.
func (s *Sim) waiting() (n int) {
	for k, it := range s.mirror.items {
		switch {
		case strings.HasPrefix(k.sk, "H#"):
			n++
		case strings.HasPrefix(k.sk, "E#") && it.text("dir") == "outbound" && (it.text("st") == "queued" || it.text("st") == "sending"):
			n++
		}
	}
	for _, q := range s.sources {
		if q.queue != "" {
			v, h := s.queues.Depth(q.queue)
			n += v + h
		}
	}
	return n
}

// unstamp reads the instants in the table's keys: base 36, milliseconds.
func unstamp(t string) time.Time {
	var ms int64
	for _, c := range t {
		d := int64(c - '0')
		if c >= 'a' {
			d = int64(c-'a') + 10
		}
		ms = ms*36 + d
	}
	return time.UnixMilli(ms).UTC()
}

// atRest checks what must hold once the world has been healthy for long enough.
func (s *Sim) atRest() {
	s.everyTextOnce()
	s.heldOrder()
	s.everyMessageOnce()
	s.counters()
	s.pictures()
	s.escalations()
	s.alarms()
	s.notices()
	s.wishes()
	s.windows()
	s.bookings()
	s.oneThreadEach()
	s.logIsClean()
}

func (s *Sim) check(ok bool, format string, args ...any) {
	s.figures.Checks++
	if !ok {
		s.violate(format, args...)
	}
}

// everyTextOnce: a text that was accepted has exactly one outcome.
func (s *Sim) everyTextOnce() {
	keywords, nowhere := map[string]int{}, map[string]int{}
	for k, it := range s.mirror.items {
		switch {
		case strings.HasPrefix(k.sk, "E#") && it.text("dir") == "inbound":
			keywords[it.text("txt")]++
		case strings.HasPrefix(k.sk, "U#"):
			nowhere[it.text("text")]++
		case strings.HasPrefix(k.sk, "H#"):
			s.check(false, "a text is still held: %s", it.text("text"))
		case strings.HasPrefix(k.sk, "PARK#"):
			s.check(false, "a stream record was parked: %s", it.text("cause"))
		}
	}
	wanted := map[string]int{}
	for _, t := range s.texts {
		if t.accepted {
			wanted[t.body]++
		}
		row := s.mirror.items[key{"M#" + t.sid, "META"}]
		s.check(!t.accepted || row != nil, "text %q was accepted and is nowhere", t.body)
		s.check(row != nil, "text %q never reached us and is in the carrier's list, and nobody has looked", t.body)
		if row == nil || !s.isText(t.body) {
			continue
		}
		n := s.mirror.kept[t.body]
		for text, k := range nowhere {
			if strings.Contains(text, t.body) {
				n += k
			}
		}
		s.check(n == 1, "text %q has %d outcomes", t.body, n)
	}
	for body, n := range wanted {
		if !strings.HasPrefix(body, "m") {
			s.check(keywords[body] >= n, "of %d texts %q, %d were taken in", n, body, keywords[body])
		}
	}
}

// heldOrder: texts of one phone to one number stay in order, where the one was
// answered before the other was sent, and no clock that had gone back kept the other.
func (s *Sim) heldOrder() {
	order := map[string]string{}
	for k, it := range s.mirror.items {
		if strings.HasPrefix(k.sk, "E#") && it.text("dir") == "inbound" {
			order[it.text("txt")] = strings.TrimPrefix(k.sk, "E#")
		}
	}
	for i, a := range s.texts {
		for _, b := range s.texts[i+1:] {
			if a.from != b.from || a.to != b.to || !a.accepted || !b.accepted || a.ended == 0 || b.began < a.ended || b.behind || !s.isText(a.body) || !s.isText(b.body) || a.fallback || b.fallback {
				continue
			}
			x, y := order[a.body], order[b.body]
			s.check(x == "" || y == "" || x < y, "text %q came before %q and stands after it", a.body, b.body)
		}
	}
}

// everyMessageOnce: nothing waits, nothing is unknown that could be known, nothing is
// called sent that was not, and what was accepted is there.
func (s *Sim) everyMessageOnce() {
	byBody := map[string]int{}
	alerts := map[string]bool{}
	for k, it := range s.mirror.items {
		if strings.HasPrefix(k.pk, "O#") && it.text("kind") == "alert" {
			alerts[it.text("event")+" "+it.text("ak")] = true
		}
		if !strings.HasPrefix(k.sk, "E#") || it.text("dir") != "outbound" {
			continue
		}
		id := eventID(k.pk, k.sk)
		if it.text("for") == "" {
			byBody[it.text("txt")]++
		}
		n := s.handed[id]
		if n == 1 && s.licence[id] == 0 {
			over := slices.Contains([]string{"delivered", "failed", "undelivered"}, it.text("st"))
			for _, r := range s.reported[id] {
				s.check(over || !slices.Contains([]string{"delivered", "failed", "undelivered"}, r), "message %s is %s, though the carrier has reported it %s", id, it.text("st"), r)
			}
		}
		// What the phone itself has, whatever anybody believes.
		if text := cmp.Or(it.text("hid"), it.text("txt")); s.isAsked(it.text("txt")) {
			there := 0
			for _, x := range s.carrier.Received(it.text("to")) {
				if x.Body == text {
					there++
				}
			}
			s.check(there <= 1+s.licence[id], "message %s is on its phone %d times", id, there)
			if st := it.text("st"); (st == "failed" || st == "undelivered") && s.licence[id] == 0 {
				s.check(there == 0, "message %s is called %s, and its phone has it", id, st)
			}
			if it.text("st") == "delivered" {
				s.check(there > 0, "message %s is called delivered, and its phone has never had it", id)
			}
		}
		switch st := it.text("st"); st {
		case "queued", "sending":
			s.check(false, "message %s is still %s", id, st)
		case "unknown":
			s.check(n == 0, "message %s was taken by the carrier and is still unknown", id)
		case "sent", "delivered":
			s.check(n > 0, "message %s is called %s and was never taken", id, st)
		}
	}
	for k, it := range s.mirror.items {
		if !strings.HasPrefix(k.sk, "E#") || it.text("dir") != "outbound" {
			continue
		}
		id := eventID(k.pk, k.sk)
		if unseen(it) {
			over := it.text("st") != "unknown" && it.text("st") != "failed" && it.text("st") != "undelivered"
			s.check(over || s.mirror.items[key{"O#" + org + "#A", "ntf" + strings.TrimPrefix(k.sk, "E#")}] != nil, "nobody told the owner that notification %s did not arrive", id)
			continue
		}
		switch it.text("st") {
		case "unknown":
			s.check(alerts[id+" unknown_outcome"], "nobody told the owner that message %s may or may not have been taken", id)
		case "failed", "undelivered":
			s.check(alerts[id+" not_delivered"], "nobody told the owner that message %s was not delivered", id)
		}
	}
	for _, a := range s.sends {
		s.check(byBody[a.body] <= 1, "what was asked once, %q, became %d messages", a.body, byBody[a.body])
		s.check(a.event == "" || s.mirror.items[eventKey(a.event)] != nil, "message %q was accepted and is nowhere", a.body)
	}
}

// pictures: what was attached to a text that was taken in is kept, without the place where
// it was taken, or is known never to be.
func (s *Sim) pictures() {
	with := map[string]int{}
	for _, t := range s.texts {
		if t.media > 0 {
			with[t.body] = t.media
		}
	}
	for k, it := range s.mirror.items {
		if !strings.HasPrefix(k.sk, "E#") || it.text("dir") != "inbound" {
			continue
		}
		list, _ := it["media"].([]any)
		s.check(len(list) == with[it.text("txt")], "text %q has %d pictures, and came with %d", it.text("txt"), len(list), with[it.text("txt")])
		for _, x := range list {
			m, _ := x.(map[string]any)
			one := image(m)
			s.check(one.text("k") != "" || one.is("x"), "a picture of text %q is neither kept nor given up", it.text("txt"))
			s.check(one.text("u") == "", "the carrier's address of a picture of %q is still kept", it.text("txt"))
			if one.text("k") == "" {
				continue
			}
			body, ok := s.bucket.Object(s.buckets[0], one.text("k"))
			s.check(ok, "a picture of text %q is called kept and is not there", it.text("txt"))
			s.check(!strings.Contains(string(body), taken), "a picture of text %q tells where it was taken", it.text("txt"))
		}
	}
}

// escalations: whoever waits for a sitter's answer longer than the office allows is an
// alert to the owner, one for each wait, and nobody else is.
func (s *Sim) escalations() {
	type at struct {
		order string
		e     image
	}
	events, waits := map[string][]at{}, map[string]image{}
	for k, it := range s.mirror.items {
		switch {
		case strings.HasPrefix(k.pk, "T#") && strings.HasPrefix(k.sk, "E#"):
			id := strings.TrimPrefix(k.pk, "T#")
			events[id] = append(events[id], at{strings.TrimPrefix(k.sk, "E#"), it})
		case it.text("kind") == "alert" && it.text("ak") == "client_waiting":
			s.check(waits[it.text("event")] == nil, "two alerts tell of one wait, %s", it.text("event"))
			waits[it.text("event")] = it
			e := s.mirror.items[eventKey(it.text("event"))]
			s.check(e.text("tgt") == "sitter", "an alert tells of a wait for a sitter that is none: %s", it.text("event"))
			s.check(it.num("at")-e.num("at") >= (10*time.Minute-time.Millisecond).Microseconds(), "an alert came before its ten minutes were over: %s", it.text("event"))
		}
	}
	for id, es := range events {
		slices.SortFunc(es, func(a, b at) int { return strings.Compare(a.order, b.order) })
		first := ""
		for _, x := range es {
			e := "e-" + strings.TrimPrefix(id, "t-") + "-" + x.order
			s.check(waits[e] == nil || first == "" || !s.latest.IsZero(), "an alert tells of %s, in the middle of a wait that had begun before", e)
			switch {
			case x.e.text("dir") == "outbound" && (x.e.text("role") == "owner" || x.e.text("role") == "sitter") && x.e.text("st") != "blocked":
				first = ""
			case strings.HasSuffix(x.e.text("txt"), machine): // nobody waits for an answer to a machine
			case x.e.text("tgt") == "sitter" && x.e.text("st") != "blocked" && first == "":
				first = x.order
			}
		}
		if first == "" || !s.mirror.items[key{"T#" + id, "META"}].is("nr") {
			continue
		}
		e := "e-" + strings.TrimPrefix(id, "t-") + "-" + first
		s.check(waits[e] != nil, "nobody told the owner that the sender of %s has waited for a sitter", e)
	}
}

// alarms: every critical alert has been texted to the owner's own phone, or waits for no
// more than the morning, unless they want no texts.
func (s *Sim) alarms() {
	queued := map[string]int{}
	for k, it := range s.mirror.items {
		if strings.HasPrefix(k.sk, "E#") && it.text("for") == "alert" {
			queued[strings.TrimPrefix(k.sk, "E#")]++
		}
	}
	for k, it := range s.mirror.items {
		if it.text("kind") != "alert" || it.text("sev") != "critical" {
			continue
		}
		n := queued[k.sk]
		s.check(n == 1 || n == 0 && s.mirror.everOut[ownersOwn], "critical alert %s was texted %d times", k.sk, n)
	}
}

// notices: who is taken to have been told has been told. (Else nobody would tell them of
// the next text either, until they happen to read.)
func (s *Sim) notices() {
	told := map[string]bool{}
	for k, it := range s.mirror.items {
		if it.text("for") == "notify" && (it.text("st") == "sent" || it.text("st") == "delivered" || it.text("st") == "unknown") {
			told[k.pk+" "+strings.TrimPrefix(k.sk, "E#")] = true
		}
	}
	for k, it := range s.mirror.items {
		if it.text("kind") == "notices" && it.is("open") {
			s.check(told[k.pk+" "+it.text("last")], "a sitter counts as told by notification %s, which never went", it.text("last"))
		}
	}
}

// wishes: who asks in words of their own for no more texts is shown to the owner, once.
func (s *Sim) wishes() {
	told := map[string]int{}
	for _, it := range s.mirror.items {
		if it.text("kind") == "alert" && it.text("ak") == "consent_wish" {
			told[it.text("event")]++
		}
	}
	for k, it := range s.mirror.items {
		if strings.HasPrefix(k.sk, "E#") && it.text("dir") == "inbound" {
			want := 0
			if strings.HasSuffix(it.text("txt"), "please stop texting me") {
				want = 1
			}
			s.check(told[eventID(k.pk, k.sk)] == want, "%q was shown to the owner as a wish %d times", it.text("txt"), told[eventID(k.pk, k.sk)])
		}
	}
}

// unseen tells whether a message is one to somebody's own phone: it stands in nobody's
// conversation and in nobody's figures.
func unseen(e image) bool { return e.text("for") == "notify" || e.text("for") == "alert" }

// counters equal a recount.
func (s *Sim) counters() {
	want, have := map[string]int64{}, map[string]int64{}
	for k, it := range s.mirror.items {
		switch it.text("kind") {
		case "event":
			if it.text("tgt") == "owner_inbox" {
				want["inbox"]++
			}
			if r := it.num("rule"); r == 6 || r == 9 || r == 10 {
				want["oper"]++
			}
			if it.text("st") == "blocked" || it.text("relBy") != "" {
				want["blocked"]++
			}
			if it.text("dir") == "outbound" && it.text("st") != "blocked" && !unseen(it) {
				want["o:"+it.text("st")]++
			}
		case "thread":
			want["t:"+it.text("nid")]++
			if it.text("tk") == "service" && it.text("lsit") != "" {
				want["sit"]++
			}
		case "alert":
			want["inbox"]++
		case "held":
			want["held"]++
		case "unroutable":
			want["unroutable"]++
		case "count":
			for n, v := range it {
				if i, ok := v.(int64); ok && !strings.HasPrefix(n, "used:") && !strings.HasPrefix(n, "fail:") {
					have[n] += i
				}
			}
		}
		_ = k
	}
	for n := range want {
		s.check(have[n] == want[n], "counter %s is %d, a recount has %d", n, have[n], want[n])
	}
	for n, v := range have {
		s.check(want[n] == v, "counter %s is %d, a recount has %d", n, v, want[n])
	}
}

// windows: a thread's row, its window items and the compact rows that diagnostics
// counts are of one mind, as far as windows are not over.
func (s *Sim) windows() {
	now := stampOf(s.clock.Now())
	items, compact := map[string][]string{}, map[string]int{}
	for k, it := range s.mirror.items {
		switch {
		case strings.HasPrefix(k.pk, "T#") && strings.HasPrefix(k.sk, "W#"):
			end := stampOf(time.UnixMilli(it.num("end")))
			if end < now {
				continue
			}
			th := strings.TrimPrefix(k.pk, "T#")
			items[th] = append(items[th], fmt.Sprintf("%s,%s,%s,%s,%s", it.text("bk"), it.text("vi"), it.text("sitter"), stampOf(time.UnixMilli(it.num("start"))), end))
			compact[end+stampOf(time.UnixMilli(it.num("start")))+th[strings.LastIndexByte(th, '-')+1:]]++
		case k.pk == "O#"+org+"#W" && k.sk[:9] >= now:
			id, _, _ := strings.Cut(k.sk, "#")
			compact[id]--
		}
	}
	for id, n := range compact {
		s.check(n == 0, "window %s: %d more items than compact rows", id, n)
	}
	for _, id := range s.threads() {
		th := s.mirror.items[key{"T#" + id, "META"}]
		if th.is("more") {
			continue
		}
		var want []string
		for w := range strings.SplitSeq(th.text("w"), ";") {
			if f := strings.Split(w, ","); len(f) == 5 && f[4] >= now {
				want = append(want, w)
			}
		}
		slices.Sort(want)
		have := slices.Clone(items[id])
		slices.Sort(have)
		s.check(slices.Equal(want, have), "thread %s carries windows %v, and has %v", id, want, have)
	}
}

func stampOf(t time.Time) string {
	const digits = "0123456789abcdefghijklmnopqrstuvwxyz"
	ms := t.UnixMilli()
	var b [9]byte
	for i := len(b) - 1; i >= 0; i-- {
		b[i] = digits[ms%36]
		ms /= 36
	}
	return string(b[:])
}

// bookings: every change has been applied, and only live bookings hold windows.
func (s *Sim) bookings() {
	live := map[string]string{}
	for k, b := range s.mirror.items {
		if b.text("kind") != "booking" {
			continue
		}
		as := s.mirror.items[key{k.pk, "ASSIGN"}]
		s.check(as.num("v") == b.num("v"), "booking %s is of version %d, applied is %d", b.text("id"), b.num("v"), as.num("v"))
		if st := b.text("status"); (st == "pending" || st == "confirmed") && b.text("sitter") != "" {
			live[b.text("id")] = b.text("sitter")
		}
	}
	for k, w := range s.mirror.items {
		if !strings.HasPrefix(k.pk, "T#") || !strings.HasPrefix(k.sk, "W#") || w.num("end") < s.clock.Now().UnixMilli() {
			continue
		}
		s.check(live[w.text("bk")] == w.text("sitter"), "booking %s is %q's, its window is of %q", w.text("bk"), live[w.text("bk")], w.text("sitter"))
	}
}

// oneThreadEach: a client holds one open thread of each kind on a number, and a route
// of each of their phones leads to one of them.
func (s *Sim) oneThreadEach() {
	now := s.clock.Now().UnixMilli()
	seen := map[string]string{}
	for _, id := range s.threads() {
		th := s.mirror.items[key{"T#" + id, "META"}]
		if th.text("client") == "" || th.text("tk") == "guest" || th.num("until") != 0 && th.num("until") < now {
			continue
		}
		k := th.text("num") + " " + th.text("client") + " " + th.text("tk")
		s.check(seen[k] == "", "client %s holds two open threads on one number: %s and %s", th.text("client"), seen[k], id)
		seen[k] = id
	}
}

func (s *Sim) logIsClean() {
	log := s.log.buf.String()
	for _, p := range append(slices.Clone(realPhones), ourNumbers...) {
		s.check(!strings.Contains(log, p), "the log shows a whole number")
	}
	s.check(!strings.Contains(log, "see you soon"), "the log shows a text")
}
