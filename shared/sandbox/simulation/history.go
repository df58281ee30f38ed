package simulation

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"snout/shared/flags"
	"snout/shared/office"
	"snout/shared/routing"
	"snout/shared/sandbox"
)

// The world's people and numbers.
const (
	org       = "paws"
	frontDesk = "+12025550100"
	samNumber = "+12025550101" // sitter-1's own
	poolOne   = "+12025550102"
	poolTwo   = "+12025550103"
	stranger  = "+13105550119"
	samsOwn   = "+12135550161" // the sitters' own phones, and the owner's
	ivysOwn   = "+12135550162"
	ownersOwn = "+12135550163"
)

var (
	ourNumbers = []string{frontDesk, samNumber, poolOne, poolTwo}
	// phones are those that text; the first four are clients' (the last two of one
	// household).
	phones     = []string{"+13105550111", "+13105550112", "+13105550113", "+13105550123", stranger}
	realPhones = append([]string{samsOwn, ivysOwn, ownersOwn}, phones...)
	sitters    = []string{"sitter-1", "sitter-2"}
)

// Step is one thing that somebody does. A and B choose among what there is.
type Step struct {
	Do   string `json:"do"`
	A    int    `json:"a,omitempty"`
	B    int    `json:"b,omitempty"`
	Runs int    `json:"runs,omitempty"` // turns given before the next step
}

// History is what happens, with the seed of whose turn it is and what goes wrong.
type History struct {
	Seed     uint64 `json:"seed"`
	Standing bool   `json:"standing,omitempty"` // the bookings it begins with have been applied before
	Steps    []Step `json:"steps"`
	Why      string `json:"why,omitempty"` // in the regression corpus: what it once showed
}

// deeds are the kinds of steps, by how often they come.
var deeds = []string{
	"text", "text", "text", "text", "text", "text", "send", "send", "send", "send", "start", "start", "assign", "assign", "move", "cancel", "book", "flag", "flag", "on",
	"wait", "wait", "wait", "wait", "retry", "release", "done", "forward", "read", "chaos", "chaos", "extend", "client", "seen", "own", "picture",
}

// Deeds are the kinds of steps there are.
func Deeds() []string {
	all := slices.Clone(deeds)
	slices.Sort(all)
	return slices.Compact(all)
}

// Generate makes a history from its seed.
func Generate(seed uint64) *History {
	rng := rand.New(rand.NewPCG(seed, 7))
	h := &History{Seed: seed, Standing: seed%4 != 0} // else each would be told half of the same story
	for range 5 + rng.IntN(12) {
		h.Steps = append(h.Steps, Step{Do: deeds[rng.IntN(len(deeds))], A: rng.IntN(1000), B: rng.IntN(1000), Runs: rng.IntN(24)})
	}
	if rng.IntN(4) > 0 {
		h.Steps = slices.Insert(h.Steps, 0, Step{Do: "chaos", A: rng.IntN(1000)})
	}
	return h
}

// sentText is a text that a phone sent.
type sentText struct {
	sid, from, to, body string
	began, ended        int // by the scheduler's count of effects
	accepted, fallback  bool
	media               int
	at                  time.Time
	behind              bool // kept, perhaps, by a clock that shows an earlier instant than it has shown before
}

// asked is a message that somebody asked to send.
type asked struct {
	body, key string
	event     string // as answered
}

// found makes the business, and answers where its table's stream is.
func (s *Sim) found(bookings []int) (string, error) {
	ctx := context.Background()
	out, err := s.db.CreateTable(ctx, sandbox.CreateTable(s.template.Table))
	if err != nil {
		return "", err
	}
	_, err = s.db.UpdateTimeToLive(ctx, &dynamodb.UpdateTimeToLiveInput{TableName: aws.String(s.template.Table.Name), TimeToLiveSpecification: ttl(s.template.Table.TTLAttribute)})
	if err != nil {
		return "", err
	}
	o := office.New(s.table(), s.now, func() string { return s.random(12) })
	who := routing.Principal{Role: routing.RoleOwner, Org: org, Subject: "owner-1", Name: "Olivia Park"}
	if _, _, err := o.Found(ctx, who, office.Founding{ID: org, Name: "Happy Paws", Zone: "America/Los_Angeles", FrontDesk: frontDesk}); err != nil {
		return "", err
	}
	// The owner wants critical alerts as texts, and clients who write in the evening to be told.
	settings := office.SettingsInput{OwnerPhone: office.Is(ownersOwn), OfficeHours: office.Is(office.ClockInput{From: "09:00", To: "17:00"}), Texts: office.Is(office.TextsInput{AfterHours: office.Is("We are back at nine. - {org}")})}
	if _, err := o.PatchSettings(ctx, who, 0, settings); err != nil {
		return "", err
	}
	for i, id := range sitters {
		if _, err := o.CreateSitter(ctx, who, office.SitterInput{ID: office.Is(id), Name: office.Is([]string{"Sam Patel", "Ivy Chen"}[i]), Phone: office.Is(realPhones[i]), Notify: office.Is(true)}); err != nil {
			return "", err
		}
	}
	for _, n := range []office.NumberInput{{E164: samNumber, NumberClass: "sitter", SitterID: office.Is("sitter-1")}, {E164: poolOne, NumberClass: "pool"}, {E164: poolTwo, NumberClass: "pool"}} {
		if _, _, err := o.AddNumber(ctx, who, n); err != nil {
			return "", err
		}
	}
	for i, ps := range [][]string{{phones[0]}, {phones[1]}, {phones[2], phones[3]}} {
		in := office.ClientInput{ID: office.Is(clientID(i)), Name: office.Is([]string{"Dana Whitfield", "Priya Nair", "Jonas Weber"}[i]), Phones: office.Is(ps), Pets: office.Is([]string{[]string{"Biscuit", "Luna", "Miso"}[i]})}
		if i == 0 {
			in.Plan = office.Is("weekly")
		}
		if _, err := o.CreateClient(ctx, who, in); err != nil {
			return "", err
		}
	}
	for i, b := range []struct {
		client, sitter int
		from, to       time.Duration
	}{{0, 0, 30 * time.Minute, 90 * time.Minute}, {1, 1, 0, time.Hour}, {2, 1, 24 * time.Hour, 25 * time.Hour}} {
		if !slices.Contains(bookings, i) {
			continue
		}
		in := office.BookingInput{ID: office.Is(bookingID(i)), ClientID: office.Is(clientID(b.client)), SitterID: office.Is(sitters[b.sitter]), Service: office.Is("Drop-ins"), Status: office.Is("confirmed"),
			StartAt: office.Is(morning.Add(b.from).Format(time.RFC3339)), EndAt: office.Is(morning.Add(b.to).Format(time.RFC3339))}
		if i == 2 {
			in.Recurrence = office.Is("weekly")
		}
		if _, _, err := o.CreateBooking(ctx, who, in); err != nil {
			return "", err
		}
	}
	return aws.ToString(out.TableDescription.LatestStreamArn), nil
}

func clientID(i int) string  { return fmt.Sprintf("client-%d", i+1) }
func bookingID(i int) string { return fmt.Sprintf("booking-%d", i+1) }

const flagsPath = "/snout/local/flags/"

func (s *Sim) setFlags(values map[string]string) {
	put := map[string]string{}
	for n, v := range values {
		put[flagsPath+n] = v
	}
	if err := s.params.Set(put); err != nil {
		panic(err) // ours: the flags' own names and words
	}
	switch s.params.All()[flagsPath+flags.Messaging] {
	case "true":
		s.mirror.offSince = time.Time{}
	default:
		if s.mirror.offSince.IsZero() {
			s.mirror.offSince = s.clock.Now()
		}
	}
}

// Run lives through a history, heals the world, lets it come to rest and checks it.
func Run(o *Origin, h *History, trace io.Writer) (Figures, []string, error) {
	s, err := New(o, h.Seed, trace, h.Standing, 0, 1, 2)
	if err != nil {
		return Figures{}, nil, err
	}
	defer s.close()
	s.history = h
	s.live(h.Steps)
	s.rest()
	s.figures.Histories = 1
	return s.figures, s.faults, nil
}

// Shrink leaves out of a history that fails what it fails without, and answers what is
// left. It runs the history at most so many times.
func Shrink(o *Origin, h *History, runs int) *History {
	fails := func(h *History) bool {
		runs--
		_, faults, err := Run(o, h, nil)
		return err == nil && len(faults) > 0
	}
	best := *h
	for cut := len(best.Steps) / 2; cut > 0; cut /= 2 {
		for i := 0; i+cut <= len(best.Steps) && runs > 0; {
			less := best
			less.Steps = slices.Concat(best.Steps[:i], best.Steps[i+cut:])
			if fails(&less) {
				best = less
				continue
			}
			i++
		}
	}
	return &best
}

func (s *Sim) live(steps []Step) {
	for i, st := range steps {
		s.figures.Steps++
		s.tracef("%d. %s %d %d", i+1, st.Do, st.A, st.B)
		s.do(i, st)
		for range st.Runs {
			if !s.step() {
				break
			}
		}
	}
}

var waits = []time.Duration{time.Second, 5 * time.Second, 8 * time.Second, 20 * time.Second, 45 * time.Second, time.Minute, 2 * time.Minute, 6 * time.Minute, 16 * time.Minute, 40 * time.Minute, 70 * time.Minute, 3 * time.Hour, 11 * time.Hour, -30 * time.Second}

// weathers are how the world may be; the first is fair.
var weathers = []chaos{
	{},
	{Table: 60, Redeliver: 100},
	{Carrier: 400},
	{Crash: 80},
	{Params: 1000},
	{Table: 60, Carrier: 200, Crash: 30, Queue: 100, Redeliver: 100, Stale: 200, Params: 50},
	{Table: 500},
	{Stale: 500, Redeliver: 400},
	{Crash: 300, Carrier: 100},
}

func pick[T any](list []T, i int) (T, bool) {
	var zero T
	if len(list) == 0 {
		return zero, false
	}
	return list[i%len(list)], true
}

// words of texts; the number in each makes it the only one of its kind.
func (s *Sim) body(i, b int) string {
	switch b % 17 {
	case 0:
		return fmt.Sprintf("m%dq my number is 415 555 0%03d, text me there", i, 100+i%100)
	case 2:
		return fmt.Sprintf("m%dq please stop texting me", i)
	case 3:
		return fmt.Sprintf("m%dq %s", i, machine)
	case 1:
		return fmt.Sprintf("m%dq my dog is choking, call me at 415 555 0%03d", i, 100+i%100)
	}
	return fmt.Sprintf("m%dq see you soon", i)
}

// machine is what a phone says by itself.
const machine = "I'm driving right now, this is an automatic reply"

var keywords = []string{"STOP", "START", "HELP", "STOP", "yes", "START"}

func (s *Sim) do(i int, st Step) {
	a, b := st.A, st.B
	switch st.Do {
	case "chaos":
		s.chaos = weathers[a%len(weathers)]
	case "text":
		from := phones[a%len(phones)]
		to := ourNumbers[b%len(ourNumbers)]
		body := s.body(i, b/7)
		if a%11 == 0 {
			body = keywords[b%len(keywords)]
		}
		s.text(from, to, body, fmt.Sprintf("SM%032x", i+1), a%5)
	case "picture":
		s.text(phones[a%len(phones)], ourNumbers[b%len(ourNumbers)], s.body(i, 5), fmt.Sprintf("MM%032x", i+1), a%5, pictures[b%len(pictures)])
	case "own": // the sitters and the owner have phones of their own, and rights of their own
		s.text([]string{samsOwn, ivysOwn, ownersOwn}[a%3], frontDesk, []string{"STOP", "START"}[b%2], fmt.Sprintf("SM%032x", i+1), a%5)
	case "seen":
		who := sitters[b%2]
		if id, ok := pick(s.threads(), a); ok {
			s.reading[who] = s.clock.Now()
			s.ask(who, http.MethodPost, "/api/messages/threads/"+id+"/read", map[string]any{}, -1).hushed = true
		}
	case "send":
		who, _ := pick([]string{"owner", "owner", "sitter-1", "sitter-2"}, b)
		if id, ok := pick(s.threads(), a); ok {
			s.ask(who, http.MethodPost, "/api/messages/send", map[string]any{"threadId": id, "text": s.body(i, b/5)}, i)
		}
	case "start":
		body := map[string]any{"text": s.body(i, 3)}
		switch b % 4 {
		case 0, 1:
			body["bookingId"] = bookingID(a % 4)
		case 2:
			body["clientId"] = clientID(a % 3)
			if a%2 == 0 {
				body["kind"] = "billing"
			}
		case 3:
			body["phone"] = phones[a%len(phones)]
		}
		s.ask("owner", http.MethodPost, "/api/messages/threads", body, i)
	case "assign":
		change := map[string]any{"sitterId": nil, "reason": "swap"}
		if b%4 > 0 {
			change["sitterId"] = sitters[b%len(sitters)]
		}
		s.office(http.MethodPatch, "/api/bookings/"+bookingID(a%4), change)
	case "move":
		at := s.clock.Now().Add(time.Duration(b%12-2) * 20 * time.Minute).Truncate(time.Minute)
		s.office(http.MethodPatch, "/api/bookings/"+bookingID(a%4), map[string]any{"startAt": at.Format(time.RFC3339), "endAt": at.Add(time.Hour).Format(time.RFC3339)})
	case "cancel":
		s.office(http.MethodPatch, "/api/bookings/"+bookingID(a%4), map[string]any{"status": []string{"cancelled", "completed"}[b%2]})
	case "book":
		at := s.clock.Now().Add(time.Duration(b%9) * 25 * time.Minute).Truncate(time.Minute)
		in := map[string]any{"id": fmt.Sprintf("booking-%d", 4+i), "clientId": clientID(a % 3), "sitterId": sitters[b%2], "service": "Dog Walking", "startAt": at.Format(time.RFC3339), "endAt": at.Add(time.Hour).Format(time.RFC3339), "status": "confirmed"}
		if i%4 == 0 {
			in["id"] = bookingID(3)
		}
		s.office(http.MethodPost, "/api/bookings", in)
	case "client":
		s.office(http.MethodPost, "/api/clients", map[string]any{"id": "client-9", "name": "New Person", "phones": []string{stranger}, "pets": []string{"Ziggy"}})
	case "flag":
		name := []string{flags.Messaging, flags.Messaging, flags.Proactive, flags.SitterMessages}[a%4]
		s.setFlags(map[string]string{name: []string{"true", "false"}[b%2]})
	case "on":
		s.setFlags(map[string]string{flags.Messaging: "true"})
	case "wait":
		s.jump(waits[a%len(waits)])
	case "retry":
		if id, ok := pick(s.events("failed", "undelivered", "unknown"), a); ok {
			s.licence[id]++
			s.ask("owner", http.MethodPost, "/api/messages/events/"+id+"/retry", nil, -1)
		}
	case "release":
		if id, ok := pick(s.events("blocked"), a); ok {
			s.released[id] = true
			s.ask("owner", http.MethodPost, "/api/messages/events/"+id+"/release", map[string]any{"reason": "a vet's number"}, -1)
		}
	case "done":
		if id, ok := pick(s.threads(), a); ok {
			s.ask("owner", http.MethodPost, "/api/messages/threads/"+id+"/done", map[string]any{"done": b%3 > 0}, -1)
		}
	case "extend":
		if id, ok := pick(s.threads(), a); ok {
			s.ask("owner", http.MethodPost, "/api/messages/threads/"+id+"/extend", map[string]any{"minutes": 1 + b%90, "reason": "late"}, -1)
		}
	case "forward":
		if id, ok := pick(s.routed(), a); ok {
			s.ask("owner", http.MethodPost, "/api/messages/events/"+id+"/forward", map[string]any{"sitterId": sitters[b%2]}, -1)
		}
	case "read":
		s.reads()
	default:
		panic("simulation: no such deed: " + st.Do)
	}
}

// jump moves the clock. Where it goes back, what has not been kept yet may be kept by an
// instant that lies before what was kept already.
func (s *Sim) jump(d time.Duration) {
	if d < 0 {
		s.fault("the clock goes back")
		if now := s.clock.Now(); now.After(s.latest) {
			s.latest = now
		}
		for _, t := range s.texts {
			t.behind = t.behind || s.mirror.kept[t.body] == 0
		}
	}
	s.clock.Advance(d)
}

// pictures are what phones attach: a JPEG that tells where it was taken, a page that
// says it is one, a video's beginning.
var pictures = []string{
	"data:image/jpeg;base64," + base64.StdEncoding.EncodeToString([]byte("\xff\xd8\xff\xe1\x00\x10Exif\x00\x00"+taken+"\xff\xda\x00\x02x\xff\xd9")),
	"data:image/jpeg;base64," + base64.StdEncoding.EncodeToString([]byte("<html>")),
	"https://phones.example.com/cat.png",
}

// taken is where the JPEG was taken.
const taken = "34.0522N"

// text lets a phone text one of our numbers.
func (s *Sim) text(from, to, body, sid string, manner int, media ...string) {
	one := &sentText{sid: sid, from: from, to: to, body: body, began: s.writes, media: len(media), at: s.clock.Now(), behind: s.clock.Now().Before(s.latest)}
	s.texts, s.textsBySid[sid] = append(s.texts, one), one
	s.figures.Texts++
	if s.chaos.Carrier > 0 {
		switch manner {
		case 1:
			s.fault("webhook twice")
			_ = s.carrier.Inject("webhook-twice")
		case 2:
			s.fault("webhook's answer too late")
			_ = s.carrier.Inject("webhook-timeout")
		case 3:
			s.fault("a report lost")
			_ = s.carrier.Inject("report-lost", "reports-reordered")
		case 4:
			s.fault("a report twice, all of another lost")
			_ = s.carrier.Inject("report-twice", "reports-lost")
		}
	}
	s.spawn("text "+body, func() {
		got, err := s.carrier.Text(context.Background(), from, to, body, media, sid)
		if err != nil {
			s.violate("text: %v", err)
			return
		}
		one.ended = s.writes
		one.accepted, one.fallback = got.Status >= 200 && got.Status < 300, got.Fallback
		s.mirror.catchUp()
		s.check(!one.accepted || one.fallback || s.mirror.items[key{"M#" + sid, "META"}] != nil, "text %q was answered %d, and nobody has decided about it", body, got.Status)
		s.tracef("  text %q answered %d after %d requests, fallback %v", body, got.Status, got.Attempts, got.Fallback)
	})
}

// ask makes a request as the page does: the same again, with the same key, while the
// answer is a fault of ours.
func (s *Sim) ask(who, method, path string, body map[string]any, i int) *task {
	key := ""
	var one *asked
	if i >= 0 {
		key = fmt.Sprintf("key-%d", i)
		one = &asked{body: body["text"].(string), key: key}
		s.sends = append(s.sends, one)
		s.figures.Sends++
	}
	return s.spawn(who+" "+method+" "+path, func() {
		for range 4 {
			status, answer := s.request(who, method, path, body, key)
			s.tracef("  %s %s: %d %.200s", who, path, status, answer)
			if status >= 500 || status == http.StatusTooManyRequests {
				s.pause("before asking again")
				continue
			}
			if one != nil && status == http.StatusAccepted {
				var a struct{ EventID string }
				if json.Unmarshal(answer, &a) == nil {
					one.event = a.EventID
				}
			}
			return
		}
	})
}

func (s *Sim) office(method, path string, body map[string]any) {
	s.ask("owner", method, path, body, -1)
}

func (s *Sim) request(who, method, path string, body map[string]any, key string) (int, []byte) {
	var in io.Reader = http.NoBody
	if body != nil {
		b, _ := json.Marshal(body)
		in = bytes.NewReader(b)
	}
	r, err := http.NewRequest(method, base+path, in)
	if err != nil {
		panic(err)
	}
	r.Header.Set("Authorization", "Bearer "+who)
	r.Header.Set("Content-Type", "application/json")
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	res, err := serve(s.gateway, r)
	if err != nil {
		return 599, nil
	}
	out, _ := io.ReadAll(res.Body)
	if strings.HasPrefix(who, "sitter") {
		s.noNumbers(who+" "+path, string(out))
	}
	return res.StatusCode, out
}

func (s *Sim) noNumbers(where, text string) {
	s.figures.Checks++
	d := text
	for _, p := range append(slices.Clone(realPhones), ourNumbers...) {
		if strings.Contains(d, p) || strings.Contains(d, p[2:]) {
			s.violate("%s shows a real number", where)
		}
	}
}

func (s *Sim) threads() []string {
	var ids []string
	for k := range s.mirror.items {
		if strings.HasPrefix(k.pk, "T#") && k.sk == "META" {
			ids = append(ids, strings.TrimPrefix(k.pk, "T#"))
		}
	}
	slices.Sort(ids)
	return ids
}

func (s *Sim) events(statuses ...string) []string {
	var ids []string
	for k, e := range s.mirror.items {
		if strings.HasPrefix(k.sk, "E#") && e.text("dir") == "outbound" && slices.Contains(statuses, e.text("st")) {
			ids = append(ids, eventID(k.pk, k.sk))
		}
	}
	slices.Sort(ids)
	return ids
}

func (s *Sim) routed() []string {
	var ids []string
	for k, e := range s.mirror.items {
		if strings.HasPrefix(k.sk, "E#") && e.num("rule") >= 9 && e.num("rule") <= 11 {
			ids = append(ids, eventID(k.pk, k.sk))
		}
	}
	slices.Sort(ids)
	return ids
}

// reads looks at everything the sitters can see.
func (s *Sim) reads() {
	for _, who := range sitters {
		s.quietly(func() {
			s.request(who, http.MethodGet, "/api/messages/threads", nil, "")
			for _, id := range s.threads() {
				s.request(who, http.MethodGet, "/api/messages/threads/"+id, nil, "")
			}
		})
	}
}

func (s *Sim) isText(body string) bool {
	return slices.ContainsFunc(s.texts, func(t *sentText) bool { return t.body == body && strings.HasPrefix(body, "m") })
}

// isAsked tells a text that somebody asked to send, once: there is no other like it.
func (s *Sim) isAsked(body string) bool {
	return slices.ContainsFunc(s.sends, func(a *asked) bool { return a.body == body })
}

func (s *Sim) nameOf(sid string) string {
	if t := s.textsBySid[sid]; t != nil {
		return fmt.Sprintf("%q", t.body)
	}
	return sid
}
