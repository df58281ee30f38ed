package screening

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var train = flag.Bool("train", false, "train the models again on the development part of the open set and on training/, and write weights.go")

// example is a text as the models see it.
type example struct {
	v           vector
	swap, alarm bool
	skip        bool // a swap by its form: nothing for the words to learn from
	made        bool // from a template of training/
	id          uint32
	text        Text
	fam         string
}

func (e *example) read(b *book) *reading {
	r := read(e.text, b, true)
	r.features(b, 0, min(len(r.words), 2*chunkWords), &e.v)
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
				Family          string
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
			e := example{swap: c.Swap, alarm: c.Emergency, id: h.Sum32(), text: Text{Author(last.Author), last.Text}, fam: c.Family}
			switch {
			case !c.Swap, c.Family == string(Bypass), c.Family == string(Platform), c.Family == string(Payment):
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
	raw, err := os.ReadFile("training/talk.txt")
	if err != nil {
		t.Fatal(err)
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
			t.Fatalf("training/talk.txt line %d: %q", n+1, kind)
		}
		most := 40
		if !strings.ContainsAny(text, "{") {
			most = 1
		}
		seen := map[string]bool{}
		for range most {
			s := choose(text, lists, rng, 0)
			s = strings.Join(strings.Fields(s), " ")
			s = strings.NewReplacer(" ,", ",", " .", ".", " ?", "?", " !", "!", " '", "'").Replace(s)
			if seen[s] {
				continue
			}
			seen[s] = true
			e := example{swap: kind == "+", alarm: kind == "!", made: true, text: Text{Sitter, s}}
			if rng.IntN(2) == 0 {
				e.text.Author = Client
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
	for epoch := 0; epoch < 14; epoch++ {
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
				grad := d + 0.0003*w[i]
				g[i] += grad * grad
				w[i] -= 0.15 * grad / math.Sqrt(g[i])
			})
		}
	}
	return w
}

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

func TestTrain(t *testing.T) {
	if !*train {
		t.Skip("only with -train")
	}
	b := rulebook()
	dev, made := examples(t, b), templates(t, b)
	t.Logf("%d texts of the development part, %d from templates", len(dev), len(made))

	// Cross-validation on the development part chooses the thresholds.
	type result struct {
		fam                string
		swap, alarm        bool
		best, worst, alert int
		text               string
	}
	var results []result
	for fold := uint32(0); fold < 5; fold++ {
		in := append([]example(nil), made...)
		for _, e := range dev {
			if e.id/16%5 != fold {
				in = append(in, e)
			}
		}
		swap, alarm := quantise(fit(in, aboutSwaps)), quantise(fit(in, aboutEmergencies))
		for i := range dev {
			e := &dev[i]
			if e.id/16%5 != fold {
				continue
			}
			x := result{fam: e.fam, swap: e.swap, alarm: e.alarm, best: -999, alert: -999, text: e.text.Body}
			if e.skip {
				x.fam = ""
			}
			for _, s := range read(e.text, b, true).stretches(b, nil, swap, alarm) {
				x.best, x.alert = max(x.best, s.swap), max(x.alert, s.alarm)
			}
			results = append(results, x)
			if !e.swap && x.best > trainedThreshold {
				t.Logf("innocent %d: %s", x.best, e.text.Body)
			}
			if e.swap && !e.skip && x.best < trainedDoubt {
				t.Logf("doubted %d: %s", x.best, e.text.Body)
			}
			if e.alarm != (x.alert > alarmThreshold) {
				t.Logf("alarm %v %d: %s", e.alarm, x.alert, e.text.Body)
			}
		}
	}
	for th := -96; th <= 120; th += 12 {
		var n, hit [4]int
		for _, x := range results {
			count := func(k, score int) {
				n[k]++
				if score > th {
					hit[k]++
				}
			}
			switch {
			case !x.swap:
				count(1, x.best)
			case x.fam != "":
				count(0, x.best)
			}
			if x.alarm {
				count(2, x.alert)
			} else {
				count(3, x.alert)
			}
		}
		t.Logf("threshold %4d: swaps by words %d/%d %.1f%%, innocent %d/%d %.2f%%; emergencies %d/%d %.1f%%, others %d/%d %.2f%%", th,
			hit[0], n[0], 100*float64(hit[0])/float64(n[0]), hit[1], n[1], 100*float64(hit[1])/float64(n[1]),
			hit[2], n[2], 100*float64(hit[2])/float64(n[2]), hit[3], n[3], 100*float64(hit[3])/float64(n[3]))
	}
	all := append(append([]example(nil), made...), dev...)
	var out strings.Builder
	out.WriteString("// Code generated by go test -run TestTrain -train; DO NOT EDIT.\n\npackage screening\n")
	write := func(name, about, w string) {
		fmt.Fprintf(&out, "\n// %s says for each feature, in a signed byte, how much it speaks for %s.\nconst %s = \"\" +\n", name, about, name)
		for i := 0; i < len(w); i += 128 {
			out.WriteString("\t\"")
			for _, x := range []byte(w[i : i+128]) {
				fmt.Fprintf(&out, "\\%03o", x)
			}
			out.WriteString("\"")
			if i+128 < len(w) {
				out.WriteString(" +")
			}
			out.WriteString("\n")
		}
	}
	write("swapWeights", "going round the business", quantise(fit(all, aboutSwaps)))
	write("alarmWeights", "an emergency that is happening", quantise(fit(all, aboutEmergencies)))
	if err := os.WriteFile("weights.go", []byte(out.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
