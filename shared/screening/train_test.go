package screening

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"hash/fnv"
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

// example is a text as the models see it.
type example struct {
	v           vector
	swap, alarm bool
	skip        bool // a swap by its form: nothing for the words to learn from
	made        bool // one of many from a template
	id          uint32
	text        Text
	fam, round  string
	past        []Text
}

func (e *example) read(b *book) *reading {
	r := e.reading(b)
	r.features(b, 0, min(len(r.words), 2*chunkWords), &e.v)
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
			e := example{swap: c.Swap, alarm: c.Emergency, id: h.Sum32(), text: Text{Author(last.Author), last.Text}, fam: c.Family, round: c.Round}
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
	const size = 1 << phoneBits
	w, g := make([]float64, size), make([]float64, size)
	for i := range g {
		g[i] = 1
	}
	every := func(v *phoneVector, f func(int)) {
		for i, bits := range v {
			for ; bits != 0; bits &= bits - 1 {
				f(i*64 + int(low(bits)))
			}
		}
	}
	rng := rand.New(rand.NewPCG(1, 2))
	order := rng.Perm(len(set))
	for range 40 {
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, k := range order {
			e := &set[k]
			sum, y := 0.0, 0.0
			every(&e.v, func(i int) { sum += w[i] })
			if e.yes {
				y = 1
			}
			d := 1/(1+math.Exp(-sum)) - y
			if e.made {
				d *= madeCost
			}
			if math.Abs(d) < 0.002 {
				continue
			}
			every(&e.v, func(i int) {
				grad := d + 0.0002*w[i]
				g[i] += grad * grad
				w[i] -= 0.15 * grad / math.Sqrt(g[i])
			})
		}
	}
	return quantise(w)
}

// fit is logistic regression by AdaGrad with a fixed seed, so that the same
// data gives the same weights.
func fit(set []example, label func(*example) (yes, use bool)) []float64 {
	const size = 1 << featureBits
	w := make([]float64, size)
	g := make([]float64, size)
	for i := range g {
		g[i] = 1
	}
	rng := rand.New(rand.NewPCG(1, 2))
	order := rng.Perm(len(set))
	for epoch := 0; epoch < 40; epoch++ {
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, k := range order {
			e := &set[k]
			yes, use := label(e)
			if !use {
				continue
			}
			sum := 0.0
			each(&e.v, func(i int) { sum += w[i] })
			p := 1 / (1 + math.Exp(-sum))
			y, cost := 0.0, 1.0
			if yes {
				y = 1
			}
			if e.made {
				cost = madeCost
			}
			d := (p - y) * cost
			if math.Abs(d) < 0.002 {
				continue
			}
			each(&e.v, func(i int) {
				grad := d + 0.0001*w[i]
				g[i] += grad * grad
				w[i] -= 0.15 * grad / math.Sqrt(g[i])
			})
		}
	}
	return w
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

func each(v *vector, f func(int)) {
	for i, bits := range v {
		for ; bits != 0; bits &= bits - 1 {
			f(i*64 + int(low(bits)))
		}
	}
}

func quantise(w []float64) string {
	out := make([]byte, len(w))
	for i, x := range w {
		out[i] = byte(int8(max(-127, min(127, math.Round(x*weightScale)))))
	}
	return string(out)
}

func aboutSwaps(e *example) (bool, bool)       { return e.swap, !e.skip }
func aboutEmergencies(e *example) (bool, bool) { return e.alarm, true }

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
			e.past = []Text{{by, before[rng.IntN(len(before))]}}
			e.read(b)
			out = append(out, e)
		}
	}
	return out
}

// TestLeaveOneSetOut trains without one fresh writer's set at a time and judges
// that set: what a writer nobody has read would see of the words alone. The
// rules have learned from all of them, so it says which threshold and which
// features hold up, not what the whole screen will do.
func TestLeaveOneSetOut(t *testing.T) {
	if !*leave {
		t.Skip("only with -leave")
	}
	b := rulebook()
	dev, made := examples(t, b), templates(t, b)
	rounds := []string{}
	for _, e := range dev {
		if e.round >= "t" && !slices.Contains(rounds, e.round) {
			rounds = append(rounds, e.round)
		}
	}
	type result struct {
		swap, alarm, rule bool
		best, alert       int
	}
	var results []result
	for _, out := range rounds {
		in := append([]example(nil), made...)
		for _, e := range dev {
			if e.round != out {
				in = append(in, e)
			}
		}
		in = append(in, amid(in[len(made):], b)...)
		swap, alarm := quantise(fit(in, aboutSwaps)), quantise(fit(in, aboutEmergencies))
		from := len(results)
		for i := range dev {
			e := &dev[i]
			if e.round != out || e.skip {
				continue
			}
			x := result{swap: e.swap, alarm: e.alarm, best: -999, alert: -999}
			r := e.reading(b)
			x.rule = len(r.words) > 0 && len(r.talk([]stretch{{to: len(r.words), swap: trainedThreshold}}, nil)) > 0
			for _, s := range r.stretches(b, nil, swap, alarm) {
				x.best, x.alert = max(x.best, s.swap), max(x.alert, s.alarm)
			}
			results = append(results, x)
			if (x.rule && x.best > trainedDoubt || x.best > trainedThreshold) != e.swap {
				t.Logf("%s swap=%v rule=%v %d %s: %s", out, e.swap, x.rule, x.best, e.fam, e.text.Body)
			}
			if e.alarm != (x.alert > alarmThreshold) {
				t.Logf("%s alarm %v %d: %s", out, e.alarm, x.alert, e.text.Body)
			}
		}
		var n, hit [4]int
		for _, x := range results[from:] {
			count := func(k int, yes bool) {
				n[k]++
				if yes {
					hit[k]++
				}
			}
			k := 1
			if x.swap {
				k = 0
			}
			count(k, x.rule && x.best > trainedDoubt || x.best > trainedThreshold)
			k = 3
			if x.alarm {
				k = 2
			}
			count(k, x.alert > alarmThreshold)
		}
		t.Logf("without %s: swaps by words %d/%d, innocent %d/%d; emergencies %d/%d, others %d/%d", out, hit[0], n[0], hit[1], n[1], hit[2], n[2], hit[3], n[3])
	}
	table := func(name string, label, found func(result) bool) {
		var n, hit [2]int
		for _, x := range results {
			k := 1
			if label(x) {
				k = 0
			}
			n[k]++
			if found(x) {
				hit[k]++
			}
		}
		t.Logf("%s: %d/%d %.1f%%, others %d/%d %.2f%%", name, hit[0], n[0], 100*float64(hit[0])/float64(n[0]), hit[1], n[1], 100*float64(hit[1])/float64(n[1]))
	}
	for _, doubt := range [...]int{-999, -60, -34, -20, 0, 20} {
		for _, th := range [...]int{40, 64, 80, 100, 999} {
			table(fmt.Sprintf("swaps, doubt %d, threshold %d", doubt, th), func(x result) bool { return x.swap }, func(x result) bool { return x.rule && x.best > doubt || x.best > th })
		}
	}
	for th := -84; th <= 60; th += 12 {
		table(fmt.Sprintf("emergencies, threshold %d", th), func(x result) bool { return x.alarm }, func(x result) bool { return x.alert > th })
	}
}

func TestTrain(t *testing.T) {
	if !*train {
		t.Skip("only with -train")
	}
	b := rulebook()
	dev, made := examples(t, b), templates(t, b)
	t.Logf("%d texts of the development part, %d from templates", len(dev), len(made))

	all := append(append([]example(nil), made...), dev...)
	all = append(all, amid(dev, b)...)
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
	write("swapWeights", "going round the business", quantise(fit(all, aboutSwaps)))
	write("alarmWeights", "an emergency that is happening", quantise(fit(all, aboutEmergencies)))
	if err := os.WriteFile("weights.go", []byte(out.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

const generated = "// Code generated by go test -run TestTrain -train; DO NOT EDIT.\n\npackage screening\n"

func writeWeights(out *strings.Builder, name, about, w string) {
	fmt.Fprintf(out, "\n// %s says for each feature, in a signed byte, how much it speaks for %s.\nconst %s = \"\" +\n", name, about, name)
	for i := 0; i < len(w); i += 128 {
		out.WriteString("\t\"")
		for _, x := range []byte(w[i : i+128]) {
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
	dev := examples(t, b)
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
