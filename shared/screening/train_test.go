package screening

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"hash/fnv"
	"maps"
	"math"
	"math/bits"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var train = flag.Bool("train", false, "train the models again on the development part of the open set and on training/, and write weights.go")
var leave = flag.Bool("leave", false, "print what the models see of each fresh set when they have not learned from it")
var models = flag.String("models", "", "with -leave: keep the models of every part in this folder, and use those that are there")

// example is a text as the models see it.
type example struct {
	on          []int32 // its features
	swap, alarm bool
	skip        bool // a swap by its form: nothing for the words to learn from
	made        bool // one of many from a template
	part        bool // a sentence of an innocent text: whether it tells of an emergency is not known
	amid        bool // the same text once more, after another
	in          netInput
	id          uint32
	text        Text
	fam, round  string
	past        []Text
	own         Own
}

func (e *example) read(b *book) *reading {
	r := e.reading(b)
	var v vector
	r.features(b, 0, min(len(r.words), 2*chunkWords), &v)
	e.on = v.on
	e.in = r.netInputOf(b, 0, min(len(r.words), netWords))
	return r
}

// reading is the text as the screen reads it, with the one before it.
func (e *example) reading(b *book) *reading {
	r := read(e.text, b, true)
	if p := readPast(e.past, b, &slab{}).last; len(p) > 0 {
		r.before = p[len(p)-1]
	}
	return r
}

// examples reads the development part of the open set from its files; importing
// the package that embeds it would be a cycle.
func examples(t *testing.T, b *book) (dev []example) {
	t.Helper()
	names, err := filepath.Glob("openset/testdata/*.jsonl")
	if err != nil || len(names) == 0 {
		t.Fatalf("open set: %v, %v", names, err)
	}
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		s := bufio.NewScanner(f)
		s.Buffer(nil, 1<<20)
		for s.Scan() {
			var c struct {
				Family, Round   string
				Swap, Emergency bool
				Texts           []struct{ Author, Text string }
				Own             Own
			}
			if err := json.Unmarshal(s.Bytes(), &c); err != nil {
				t.Fatal(err)
			}
			h := fnv.New32a()
			for _, x := range c.Texts {
				fmt.Fprintf(h, "%s\x00%s\x00", x.Author, x.Text)
			}
			if h.Sum32()%10 < 3 {
				continue // the test part is never learned from
			}
			last := c.Texts[len(c.Texts)-1]
			e := example{swap: c.Swap, alarm: c.Emergency, id: h.Sum32(), text: Text{Author(last.Author), last.Text}, fam: c.Family, round: c.Round, own: c.Own}
			for _, x := range c.Texts[:len(c.Texts)-1] {
				e.past = append(e.past, Text{Author(x.Author), x.Text})
			}
			switch {
			case !c.Swap, c.Family == string(Bypass), c.Family == string(Platform), c.Family == string(Payment), c.Family == string(Handle), c.Family == string(DisguisedEmail), c.Family == string(Link), c.Family == string(Email):
			default:
				e.skip = true
			}
			e.read(b)
			dev = append(dev, e)
		}
		f.Close()
	}
	return dev
}

// written reads training/written, whole sets by writers who knew nothing of the rules. A line is
// a label, "-" or the families of the swap joined by "+", with "!" for an emergency; then the
// texts of the thread, "s: " the sitter's and "c: " the client's, the last one judged.
func written(t *testing.T, b *book) (all []example) {
	t.Helper()
	names, err := filepath.Glob("training/written/*.txt")
	if err != nil || len(names) == 0 {
		t.Fatalf("written sets: %v, %v", names, err)
	}
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		round := "by-" + strings.TrimSuffix(filepath.Base(name), ".txt")
		for l := range strings.Lines(string(raw)) {
			parts := strings.Split(strings.TrimSpace(l), "||")
			label, alarm := strings.CutSuffix(strings.TrimSpace(parts[0]), "!")
			e := example{swap: label != "-", alarm: alarm, fam: label, round: round}
			if label == "phone" {
				e.skip, e.fam = true, string(PlainPhone)
			}
			h := fnv.New32a()
			for _, p := range parts[1:] {
				who, body, ok := strings.Cut(strings.TrimSpace(p), ": ")
				if who == "own" {
					for x := range strings.FieldsSeq(body) {
						if x[0] == '+' {
							e.own.Numbers = append(e.own.Numbers, x)
						} else {
							e.own.Links = append(e.own.Links, x)
						}
					}
					continue
				}
				author, known := map[string]Author{"s": Sitter, "c": Client}[who]
				if !ok || !known {
					t.Fatalf("%s: %q", name, l)
				}
				if e.text.Body != "" {
					e.past = append(e.past, e.text)
				}
				e.text = Text{author, body}
				fmt.Fprintf(h, "%s\x00%s\x00", author, body)
			}
			e.id = h.Sum32()
			e.read(b)
			all = append(all, e)
		}
	}
	return all
}

// templates makes texts of the lines of training/: so many of each, at random
// with a fixed seed. A line begins with + (goes round the business), - (ordinary
// talk) or ! (an emergency that is happening); {a|b} is a choice.
func templates(t *testing.T, b *book) (made []example) {
	t.Helper()
	var raw []byte
	for _, name := range [...]string{"training/talk.txt", "training/lines.txt", "training/threads.txt", "training/twins.txt"} {
		one, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		raw = append(raw, one...)
	}
	lists := map[string]string{}
	rng := rand.New(rand.NewPCG(3, 4))
	for n, l := range strings.Split(string(raw), "\n") {
		l = strings.TrimRight(l, "\r")
		if name, list, ok := strings.Cut(l, " = "); ok && strings.ToUpper(name) == name && !strings.ContainsAny(name[:1], "+-!#") {
			lists[name] = list
			continue
		}
		kind, text, ok := strings.Cut(l, " ")
		if !ok || kind == "#" {
			continue
		}
		if kind != "+" && kind != "-" && kind != "!" {
			t.Fatalf("training, line %d: %q", n+1, kind)
		}
		most := 40
		if !strings.ContainsAny(text, "{") {
			most = 1
		}
		seen := map[string]bool{}
		for range most {
			s := choose(text, lists, rng, 0)
			for strings.Contains(s, "NUM") {
				s = strings.Replace(s, "NUM", fmt.Sprintf("%d 555 0%d", 201+rng.IntN(780), 100+rng.IntN(100)), 1)
			}
			s = strings.Join(strings.Fields(s), " ")
			s = strings.NewReplacer(" ,", ",", " .", ".", " ?", "?", " !", "!", " '", "'").Replace(s)
			if seen[s] {
				continue
			}
			seen[s] = true
			e := example{swap: kind == "+", alarm: kind == "!", made: most > 1, text: Text{Sitter, s}}
			other := Client
			if rng.IntN(2) == 0 {
				e.text.Author, other = Client, Sitter
			}
			if before, now, ok := strings.Cut(s, " >> "); ok {
				if own, ok := strings.CutPrefix(before, "= "); ok {
					before, other = own, e.text.Author
				}
				e.text.Body, e.past = now, []Text{{other, before}}
			}
			e.read(b)
			made = append(made, e)
		}
	}
	return made
}

// choose takes one alternative of every bracket, and of every name of a list.
func choose(s string, lists map[string]string, rng *rand.Rand, deep int) string {
	if list, ok := lists[strings.TrimSpace(s)]; ok && deep > 0 {
		s = pick(list, rng)
	}
	for {
		open := strings.IndexByte(s, '{')
		if open < 0 || deep > 8 {
			return s
		}
		depth, end := 0, -1
		for i := open; i < len(s); i++ {
			if s[i] == '{' {
				depth++
			} else if s[i] == '}' {
				if depth--; depth == 0 {
					end = i
					break
				}
			}
		}
		if end < 0 {
			panic("training: no closing bracket in " + s)
		}
		s = s[:open] + choose(pick(s[open+1:end], rng), lists, rng, deep+1) + s[end+1:]
	}
}

// pick takes one of the alternatives at the top level of s.
func pick(s string, rng *rand.Rand) string {
	var all []string
	depth, at := 0, 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '{':
			depth++
		case '}':
			depth--
		case '|':
			if depth == 0 {
				all = append(all, s[at:i])
				at = i + 1
			}
		}
	}
	all = append(all, s[at:])
	return all[rng.IntN(len(all))]
}

// number is a stretch of digits as the third model sees it.
type figure struct {
	v    phoneVector
	yes  bool
	made bool
	id   uint32
	text string
	what string
}

// numbersOf gives every candidate of a text, whatever the rules make of it.
func numbersOf(b *book, m Message, yes, emergency bool) (out []figure) {
	r := read(m.Text, b, true)
	ctx := readPast(m.Context, b, newSlab(1, 0)).setting(r)
	ctx.emergency = emergency
	r.addresses(&m, false, nil)
	used := make([]bool, len(r.atoms))
	for k := range r.atoms {
		for t := r.atoms[k].from; t < r.atoms[k].to; t++ {
			used[k] = used[k] || r.taken[t]
		}
	}
	all := r.figures(used, nil, func(*candidate, int, int) bool { return true })
	all = r.inWords(ctx, used, all)
	all = r.vanity(ctx, used, all)
	covered := func(c *candidate) bool {
		for i := range all {
			if all[i].from <= c.from && c.to <= all[i].to {
				return true
			}
		}
		return false
	}
	for _, c := range r.phones(b, ctx, nil) {
		if c.how >= byKeys && !covered(&c) {
			all = append(all, c)
		}
	}
	for i := range all {
		if r.public(&all[i], &m) {
			continue
		}
		n := figure{yes: yes, text: m.Text.Body, what: m.Text.Body[r.toks[all[i].from].start:r.toks[all[i].to-1].end]}
		r.whose(b, &all[i], ctx, &n.v)
		out = append(out, n)
	}
	return out
}

// numbers gives the candidates of the development part and of training/numbers.txt.
func numbers(t *testing.T, b *book, dev []example) (out []figure) {
	t.Helper()
	for i := range dev {
		e := &dev[i]
		switch e.fam {
		case string(PlainPhone), string(SpelledPhone), string(DisguisedPhone), "emergency_swap":
		default:
			if e.swap {
				continue
			}
		}
		for _, n := range numbersOf(b, Message{Text: e.text, Context: e.past}, e.swap, e.alarm) {
			n.id = e.id
			out = append(out, n)
		}
	}
	// Two innocent texts together are innocent, and a swap stays one beside them.
	rng := rand.New(rand.NewPCG(5, 6))
	var plain []*example
	for i := range dev {
		if e := &dev[i]; !e.swap && len(e.past) == 0 {
			plain = append(plain, e)
		}
	}
	for i := range dev {
		e := &dev[i]
		switch e.fam {
		case string(PlainPhone), string(SpelledPhone), string(DisguisedPhone), "emergency_swap":
		default:
			if e.swap {
				continue
			}
		}
		for range 2 {
			o := plain[rng.IntN(len(plain))]
			if o.text.Author != e.text.Author && !e.swap || o.alarm || len(o.text.Body) > 160 {
				continue
			}
			t := Text{e.text.Author, e.text.Body + ". " + o.text.Body}
			if rng.IntN(2) == 0 {
				t.Body = o.text.Body + ". " + e.text.Body
			}
			for _, n := range numbersOf(b, Message{Text: t, Context: e.past}, e.swap, e.alarm) {
				if e.swap && !strings.Contains(e.text.Body, n.what) {
					continue // not the swap's
				}
				n.id, n.made = e.id, true
				out = append(out, n)
			}
		}
	}
	raw, err := os.ReadFile("training/numbers.txt")
	if err != nil {
		t.Fatal(err)
	}
	lists := map[string]string{}
	figures := func(n int) string {
		var s strings.Builder
		for range n {
			s.WriteByte('0' + byte(rng.IntN(10)))
		}
		return s.String()
	}
	phone := func() string {
		area, last := 201+rng.IntN(780), 100+rng.IntN(100)
		return fmt.Sprintf([...]string{"%d-555-0%d", "(%d) 555-0%d", "%d.555.0%d", "%d 555 0%d", "%d5550%d", "+1%d5550%d", "+1 %d 555 0%d", "1-%d-555-0%d", "(%d)555-0%d", "%d-5550%d"}[rng.IntN(10)], area, last)
	}
	long := func() string {
		return [...]string{figures(9), figures(10), figures(12), figures(15), figures(4) + " " + figures(4) + " " + figures(4), figures(3) + "-" + figures(7), figures(4) + "-" + figures(6), figures(3) + "-" + figures(3) + "-" + figures(4), figures(8), figures(4) + " " + figures(4) + " " + figures(2), "1Z" + figures(9)}[rng.IntN(11)]
	}
	for n, l := range strings.Split(string(raw), "\n") {
		if name, list, ok := strings.Cut(l, " = "); ok && strings.ToUpper(name) == name && len(name) > 1 {
			lists[name] = list
			continue
		}
		kind, text, ok := strings.Cut(l, " ")
		if !ok || kind == "#" {
			continue
		}
		if len(kind) != 2 || !strings.ContainsAny(kind[:1], "cseb") || !strings.ContainsAny(kind[1:], "+-") {
			t.Fatalf("training/numbers.txt line %d: %q", n+1, kind)
		}
		for range 30 {
			s := strings.Join(strings.Fields(choose(text, lists, rng, 0)), " ")
			for strings.Contains(s, "NUM") {
				s = strings.Replace(s, "NUM", phone(), 1)
			}
			s = strings.ReplaceAll(strings.ReplaceAll(s, "LONG", long()), "CODE", figures(4+rng.IntN(5)))
			s = strings.NewReplacer("END", "", " ,", ",", " '", "'").Replace(s)
			m := Message{Text: Text{Sitter, s}}
			if kind[0] == 'c' || kind[0] == 'b' && rng.IntN(2) == 0 {
				m.Text.Author = Client
			}
			for _, n := range numbersOf(b, m, kind[1] == '+', kind[0] == 'e') {
				n.made = true
				out = append(out, n)
			}
		}
	}
	return out
}

// fitNumbers is fit for the third model.
func fitNumbers(set []figure) string {
	var cases []labelled
	for i := range set {
		c := labelled{yes: set[i].yes, cost: 1}
		if set[i].made {
			c.cost = madeCost
		}
		c.on = on(set[i].v[:])
		cases = append(cases, c)
	}
	return quantise(logistic(1<<phoneBits, cases), phoneScale)
}

// fit is a model of words: what label says of the examples it may be used of.
func fit(set []example, bits int, label func(*example) (yes, use bool)) string {
	var cases []labelled
	for i := range set {
		yes, use := label(&set[i])
		if !use {
			continue
		}
		c := labelled{on: set[i].on, yes: yes, cost: 1}
		if bits < featureBits {
			c.on = folded(c.on, bits)
		}
		if set[i].made {
			c.cost = madeCost
		}
		cases = append(cases, c)
	}
	return quantise(logistic(1<<bits, cases), weightScale)
}

// folded are the features as a model with fewer weights knows them.
func folded(on []int32, bits int) []int32 {
	out := make([]int32, len(on))
	for i, k := range on {
		out[i] = k & (1<<bits - 1)
	}
	return out
}

// labelled is what logistic learns from: the features that are on.
type labelled struct {
	on   []int32
	yes  bool
	cost float64
}

// looseness is how much one example may weigh against the weights being small.
const looseness = 0.3

// logistic is regression with a penalty on the squares of the weights, by dual
// coordinate descent (Yu, Huang and Lin, 2011): each example's share of the weights is
// settled in turn with the others held. A fixed seed, so the same data gives the same weights.
func logistic(size int, cases []labelled) []float64 {
	w := make([]float64, size)
	share := make([]float64, len(cases)) // as the logit of its part of the cost, so that it stays inside
	for i := range share {
		share[i] = -6
		pull(w, &cases[i], looseness*cases[i].cost*sigmoid(-6))
	}
	rng := rand.New(rand.NewPCG(1, 2))
	order := rng.Perm(len(cases))
	for range 25 {
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, k := range order {
			c := &cases[k]
			cost, square := looseness*c.cost, float64(len(c.on))
			margin := 0.0
			for _, i := range c.on {
				margin += w[i]
			}
			if !c.yes {
				margin = -margin
			}
			was := cost * sigmoid(share[k])
			t := share[k]
			low, high := -math.Abs(margin)-square*cost-1, math.Abs(margin)+square*cost+1
			for range 30 { // the root of a rising function, by Newton's steps inside a bracket
				s := sigmoid(t)
				h := square*(cost*s-was) + margin + t
				if math.Abs(h) < 1e-4 {
					break
				}
				if h > 0 {
					high = t
				} else {
					low = t
				}
				if t -= h / (square*cost*s*(1-s) + 1); t <= low || t >= high {
					t = (low + high) / 2
				}
			}
			share[k] = t
			pull(w, c, cost*sigmoid(t)-was)
		}
	}
	return w
}

func sigmoid(t float64) float64 { return 1 / (1 + math.Exp(-t)) }

func pull(w []float64, c *labelled, by float64) {
	if !c.yes {
		by = -by
	}
	for _, i := range c.on {
		w[i] += by
	}
}

// on lists the places of the bits that are set.
func on(v []uint64) (all []int32) {
	for i, x := range v {
		for ; x != 0; x &= x - 1 {
			all = append(all, int32(i*64)+int32(low(x)))
		}
	}
	return all
}

// commonWords are everyday words that the innocent texts happen to lack.
const commonWords = `absolutely definitely probably especially everything anything something nothing everyone anyone someone everybody
anybody somebody everywhere anywhere somewhere whenever wherever whatever whichever although because however therefore otherwise
instead together himself herself themselves yourself myself ourselves already always never sometimes usually often rarely almost
perfectly completely totally exactly actually basically literally honestly seriously obviously apparently hopefully luckily
thankfully unfortunately sadly gladly quickly slowly quietly loudly gently carefully easily nearly hardly barely different
important beautiful wonderful amazing awesome fantastic excellent terrible horrible adorable precious gorgeous favorite favourite
january february march april may june july august september october november december monday tuesday wednesday thursday friday
saturday sunday morning afternoon evening night midnight tomorrow yesterday tonight today weekend weekday minute minutes second
seconds answer answers question questions problem problems trouble remember remembers forget forgot forgotten understand
understood believe believed imagine suppose wonder wondering decide decided promise promised explain explained mention mentioned
notice noticed realize realized recognize expect expected prefer preferred require required suggest suggested recommend
recommended continue continued finish finished started starting stopped stopping happened happening remain remained becomes
became appear appeared include included provide provided receive received return returned follow followed allow allowed carry
carried offer offered consider considered serve served create created support supported produce moment moments thought thoughts
example reason reasons chance choice course detail details effort experience family families friend friends future general
ground history husband interest language letter library machine manager market matter measure medicine member memory message
middle mother mountain music nature notice number object office opinion order parent parents partner party pattern people period
person picture pictures piece place plant player pleasure police position power practice present president pressure price
process program project property purpose quality quarter reason record report result results river school science season section
service shoulder sister society soldier son sound south space special spring square stage standard station stomach storage
street structure student subject success summer surface surprise system table teacher theory thing things thousand title
tomorrow tongue touch tradition traffic travel treatment tree trip truth uncle union university value variety vegetable vehicle
village visit visitor voice volume water weather wedding weight welcome western window winter without woman wonder world worry
writer yellow young absent accept accident account across action active activity address advance advice afraid against agency
agree agreed airport alone along aloud amount ancient animal another anyway apart apartment appointment area argue around arrange
arrival arrive article artist asleep attack attempt attend attention aunt available average avoid awake aware awful backyard
balance balcony barking basement basket bathroom battery beach because bedroom before begin behave behavior behind belong below
beside better between beyond bicycle biscuit bitter blanket blood board borrow bother bottle bottom bowl brave bread breakfast
breath breathe bridge bright bring broken brother brown brush bucket build building business busy butter button cabinet camera
cancel candle capital captain careful carpet carrot ceiling center century certain chair challenge change charge cheap check
cheese chicken child children chocolate choose church circle citizen classic clean clear clever climb clock close closet clothes
cloud coast coat coffee collar collect college color comfort comfortable command common company compare complain complete
computer concern condition confirm confused connect contact contain content control conversation cook cookie corner correct
cottage couch cough count country couple cover cousin crazy cream creature credit cross crowd curious curtain cushion customer
damage dance danger dangerous daughter dead deal dear decision deep delay delicious deliver demand depend describe desert design
desk destroy develop device dinner direction director dirty disappear discover discuss disease dish distance divide doctor
dollar double doubt downstairs dozen drag drama drawer dream dress drink drive driver driveway drop dry during dust eager early
earth east eastern easy edge effect either elbow electric elephant elevator emergency empty encourage energy engine enjoy enough
enter entire entrance environment equal escape evening event evidence exact exam excellent except exchange excited exciting
excuse exercise exist expensive expert extra extreme fabric face fact factory fail fair faith fall false famous fancy farm farmer
fashion fast father fault fear feather feed feel fellow fence fever field fight figure fill film final find fine finger fire
first fish fit fix flag flat flavor flight floor flour flow flower fold food fool foot force foreign forest forgive fork form
formal former forward found frame free freedom freeze freezer fresh fridge front fruit full fun funny fur furniture garage garden
garlic gas gate gather gentle gift girl give glad glass glove goal gold good goodbye government grade grain grandmother grass
gray great green greet groomer group grow guard guess guest guide habit hair half hall hammer hand handle hang happen happy hard
harness hate head health healthy hear heart heat heavy height hello help hero hide high highway hill hire hold hole holiday home
honest honey hope horse hospital hotel hour house huge human hungry hunt hurry hurt ice idea ill illness image immediate`

// madeCost is how much a text from a template counts beside a written one.
const madeCost = 0.4

func quantise(w []float64, scale float64) string {
	out := make([]byte, len(w))
	for i, x := range w {
		out[i] = byte(int8(max(-127, min(127, math.Round(x*scale)))))
	}
	return string(out)
}

func aboutSwaps(e *example) (bool, bool)       { return e.swap, !e.skip }
func aboutEmergencies(e *example) (bool, bool) { return e.alarm, !e.part }

// parts gives every stretch of the innocent texts, as the screen will judge it: what is innocent
// as a whole is so in every sentence. Of a swap nobody said which sentence it is in.
func parts(dev []example, b *book) (out []example) {
	for _, e := range dev {
		if e.swap {
			continue
		}
		r := e.reading(b)
		whole := 0
		for _, s := range r.stretches(b, nil) {
			if s.from == 0 && s.to == len(r.words) {
				whole++
				continue
			}
			e.made, e.part = true, true
			var v vector
			r.features(b, s.from, s.to, &v)
			e.on = v.on
			e.in = r.netInputOf(b, s.from, s.to)
			out = append(out, e)
		}
	}
	return out
}

// amid gives every text that stood alone twice more, after some innocent one of either party, so
// that the models learn that most of what was said before says nothing.
func amid(dev []example, b *book) (out []example) {
	rng := rand.New(rand.NewPCG(7, 8))
	var before []string
	for i := range dev {
		if !dev[i].swap && !dev[i].alarm && len(dev[i].text.Body) < 160 {
			before = append(before, dev[i].text.Body)
		}
	}
	for _, e := range dev {
		if len(e.past) > 0 || e.skip {
			continue
		}
		for _, by := range [...]Author{Sitter, Client} {
			e.past, e.amid = []Text{{by, before[rng.IntN(len(before))]}}, true
			e.read(b)
			out = append(out, e)
		}
	}
	return out
}

// joined gives every short text once more in one breath with an innocent one, before or after it,
// so that the models learn that nothing said beside a swap makes it innocent.
func joined(dev []example, b *book) (out []example) {
	rng := rand.New(rand.NewPCG(17, 18))
	var beside []string
	for i := range dev {
		if !dev[i].swap && !dev[i].alarm && len(dev[i].past) == 0 && len(dev[i].text.Body) < 70 {
			beside = append(beside, strings.TrimRight(dev[i].text.Body, ".!? "))
		}
	}
	for _, e := range dev {
		if e.skip || len(e.text.Body) > 110 {
			continue
		}
		first, second := strings.TrimRight(e.text.Body, ".!? "), beside[rng.IntN(len(beside))]
		if rng.IntN(2) == 0 {
			first, second = second, first
		}
		e.text.Body = first + [...]string{", ", ", and ", " and ", " - ", " btw ", ", also "}[rng.IntN(6)] + second
		e.made = true
		e.read(b)
		out = append(out, e)
	}
	return out
}

// leftOut is how many parts the sets are dealt into, each in its turn not learned from.
const leftOut = 5

// TestLeaveOneSetOut trains without a fifth of the fresh sets at a time and judges those with the
// whole screen. The rules may have learned from a set, the models have not: so it says which
// thresholds and features hold up, and nearly what a writer nobody has read would see.
func TestLeaveOneSetOut(t *testing.T) {
	if !*leave {
		t.Skip("only with -leave")
	}
	b := rulebook()
	dev, made := append(examples(t, b), written(t, b)...), templates(t, b)
	part := map[string]int{}
	for _, e := range dev {
		if _, ok := part[e.round]; !ok && (e.round >= "t" || strings.HasPrefix(e.round, "by-")) {
			part[e.round] = len(part) % leftOut
		}
	}
	kept := func(model string, out int, fit func() string) string {
		name := filepath.Join(*models, fmt.Sprintf("%s-%d", model, out))
		if *models != "" {
			if w, err := os.ReadFile(name); err == nil {
				return string(w)
			}
		}
		w := fit()
		if *models != "" {
			if err := os.WriteFile(name, []byte(w), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		return w
	}
	var total tally
	sets := map[string]*tally{}
	for out := range leftOut {
		in := append([]example(nil), made...)
		for _, e := range dev {
			if p, ok := part[e.round]; !ok || p != out {
				in = append(in, e)
			}
		}
		fresh := in[len(made):]
		in = slices.Concat(in, amid(fresh, b), parts(fresh, b), joined(fresh, b))
		with := *b
		swap := kept("swap", out, func() string { return fit(in, featureBits, aboutSwaps) })
		alarm := kept("alarm", out, func() string { return fit(in, alarmBits, aboutEmergencies) })
		with.trained.swap, with.trained.alarm = swap, alarm
		with.trained.net = unpack(kept("net", out, func() string { return fitNet(t, in) }))
		for i := range dev {
			e := &dev[i]
			if p, ok := part[e.round]; !ok || p != out {
				continue
			}
			v, _ := with.screen(Message{Text: e.text, Context: e.past, Own: e.own})
			if sets[e.round] == nil {
				sets[e.round] = &tally{}
			}
			for _, y := range [...]*tally{&total, sets[e.round]} {
				y.add(e, v)
			}
			if v.Swap != e.swap || e.alarm && !v.Emergency {
				t.Logf("%s: %s %v%v, seen as %v %v: %s", e.round, e.fam, e.swap, e.alarm, v.Families, v.Emergency, e.text.Body)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(sets)) {
		t.Logf("%-6s %v", name, *sets[name])
	}
	t.Logf("%-6s %v", "all", total)
}

// tally counts what a screen makes of texts.
type tally struct{ swaps, seen, innocent, stopped, alarms, heard, calm, raised int }

func (y *tally) add(e *example, v Verdict) {
	count := func(n, hit *int, yes bool) {
		*n++
		if yes {
			*hit++
		}
	}
	if e.swap {
		count(&y.swaps, &y.seen, v.Swap)
	} else {
		count(&y.innocent, &y.stopped, v.Swap)
	}
	if e.alarm {
		count(&y.alarms, &y.heard, v.Emergency)
	} else {
		count(&y.calm, &y.raised, v.Emergency)
	}
}

func (y tally) String() string {
	share := func(n, of int) float64 { return 100 * float64(n) / max(1, float64(of)) }
	return fmt.Sprintf("recall %d/%d %.1f %%, false alarms %d/%d %.1f %%, emergencies %d/%d, others taken for one %d/%d", y.seen, y.swaps, share(y.seen, y.swaps), y.stopped, y.innocent, share(y.stopped, y.innocent), y.heard, y.alarms, y.raised, y.calm)
}

func TestTrain(t *testing.T) {
	if !*train {
		t.Skip("only with -train")
	}
	b := rulebook()
	dev, made := append(examples(t, b), written(t, b)...), templates(t, b)
	t.Logf("%d texts of the development part and of writers, %d from templates", len(dev), len(made))

	all := append(append([]example(nil), made...), dev...)
	all = slices.Concat(all, amid(dev, b), parts(dev, b), joined(dev, b))
	var out strings.Builder
	out.WriteString(generated)
	write := func(name, about, w string) { writeWeights(&out, name, about, w) }
	var filter [1 << vocabularyBits / 8]byte
	words := map[string]bool{}
	learn := func(body string) {
		for _, k := range tokenise(body) {
			if k.kind == word && !words[k.text] && !k.odd && len(k.text) < 16 {
				words[k.text] = true
				for _, h := range placesOf(k.text) {
					filter[h/8] |= 1 << (h % 8)
				}
			}
		}
	}
	for i := range dev {
		if !dev[i].swap {
			learn(dev[i].text.Body)
		}
	}
	for i := range made {
		learn(made[i].text.Body)
	}
	for w := range strings.FieldsSeq(commonWords) {
		learn(w)
	}
	ones := 0
	for _, x := range filter {
		ones += bits.OnesCount8(x)
	}
	t.Logf("%d ordinary words, %.1f %% of the filter set", len(words), 100*float64(ones)/float64(8*len(filter)))
	write("vocabulary", "a place in the filter of ordinary words; here a bit stands for a place,", string(filter[:]))
	write("swapWeights", "going round the business", fit(all, featureBits, aboutSwaps))
	write("alarmWeights", "an emergency that is happening", fit(all, alarmBits, aboutEmergencies))
	if err := os.WriteFile("weights.go", []byte(out.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("net.bin", []byte(fitNet(t, all)), 0o644); err != nil {
		t.Fatal(err)
	}
}

const generated = "// Code generated by go test -run TestTrain -train; DO NOT EDIT.\n\npackage screening\n"

func writeWeights(out *strings.Builder, name, about, w string) {
	fmt.Fprintf(out, "\n// %s says for each feature, in a signed byte, how much it speaks for %s.\nconst %s = \"\" +\n", name, about, name)
	for i := 0; i < len(w); i += 128 {
		out.WriteString("\t\"")
		for _, x := range []byte(w[i:min(i+128, len(w))]) {
			fmt.Fprintf(out, "\\%03o", x)
		}
		out.WriteString("\"")
		if i+128 < len(w) {
			out.WriteString(" +")
		}
		out.WriteString("\n")
	}
}

// TestTrainNumbers trains the third model alone: whose a number is.
func TestTrainNumbers(t *testing.T) {
	if !*train {
		t.Skip("only with -train")
	}
	b := rulebook()
	dev := append(examples(t, b), written(t, b)...)
	phones := numbers(t, b, dev)
	var ns [2][]int
	for fold := uint32(0); fold < 5; fold++ {
		var in, out []figure
		for _, n := range phones {
			if n.id != 0 && n.id/16%5 == fold {
				if !n.made {
					out = append(out, n)
				}
			} else {
				in = append(in, n)
			}
		}
		w := fitNumbers(in)
		for i := range out {
			s := out[i].v.score(w)
			k := 1
			if out[i].yes {
				k = 0
			}
			ns[k] = append(ns[k], s)
			if out[i].yes && s < 0 || !out[i].yes && s > 0 {
				t.Logf("number %v %d: %q in %s", out[i].yes, s, out[i].what, out[i].text)
			}
		}
	}
	for th := -100; th <= 100; th += 20 {
		var hit [2]int
		for k := range ns {
			for _, s := range ns[k] {
				if s > th {
					hit[k]++
				}
			}
		}
		t.Logf("numbers above %d: %d/%d of swaps, %d/%d of others", th, hit[0], len(ns[0]), hit[1], len(ns[1]))
	}
	own := fitNumbers(phones)
	var out strings.Builder
	out.WriteString(generated)
	writeWeights(&out, "phoneWeights", "digits being the writer's own phone", own)
	if err := os.WriteFile("weights_numbers.go", []byte(out.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
