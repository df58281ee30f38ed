package screening_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"snout/shared/screening"
	"snout/shared/screening/openset"
)

// What does not change the meaning must not change the verdict: how a number's
// digits are written, what harmless things stand before and after, in how many
// texts it comes, capitals. These tests need no new texts: they turn the ones of
// the development part and count how often the verdict stays. A floor is a
// little below what is reached; raise it when it is.

// asTyped are the ways to write the ten digits of d.
func asTyped() map[string]func(d string) string {
	english := strings.Fields("zero one two three four five six seven eight nine")
	spanish := strings.Fields("cero uno dos tres cuatro cinco seis siete ocho nueve")
	heard := strings.Fields("oh won too thre fore fife siks sevn ate nien")
	slipped := strings.Fields("zeor oen twoo thre fuor fivr siz sevem eihgt nin")
	words := func(names []string, between string) func(string) string {
		return func(d string) string {
			var all []string
			for _, c := range d {
				all = append(all, names[c-'0'])
			}
			return strings.Join(all, between)
		}
	}
	from := func(zero rune) func(string) string {
		return func(d string) string {
			return strings.Map(func(c rune) rune { return zero + c - '0' }, d)
		}
	}
	each := func(between string) func(string) string {
		return func(d string) string { return strings.Join(strings.Split(d, ""), between) }
	}
	groups := func(format string) func(string) string {
		return func(d string) string { return fmt.Sprintf(format, d[:3], d[3:6], d[6:]) }
	}
	mixed := func(a, b func(string) string) func(string) string {
		return func(d string) string {
			var all []string
			for i := range d {
				f := a
				if i%2 == 1 {
					f = b
				}
				all = append(all, f(d[i:i+1]))
			}
			return strings.Join(all, " ")
		}
	}
	doubled := func(d string) string {
		var all []string
		for i := 0; i < len(d); {
			n := 1
			for n < 3 && i+n < len(d) && d[i+n] == d[i] {
				n++
			}
			if n > 1 {
				all = append(all, []string{"double", "triple"}[n-2])
			}
			all = append(all, english[d[i]-'0'])
			i += n
		}
		return strings.Join(all, " ")
	}
	plain := func(d string) string { return d }
	return map[string]func(string) string{
		"together": plain, "dashes": groups("%s-%s-%s"), "dots": groups("%s.%s.%s"), "spaces": groups("%s %s %s"), "brackets": groups("(%s) %s-%s"),
		"slashes": groups("%s/%s/%s"), "long dashes": groups("%s–%s–%s"), "colons": groups("%s:%s:%s"), "lines": groups("%s\n%s\n%s"), "the word dash": groups("%s dash %s dash %s"),
		"with the country": func(d string) string { return "+1" + d }, "one by one": each(" "), "one by one with dashes": each("-"), "one by one with commas": each(", "),
		"with stars": each("*"), "with pictures": each("🐾"), "with hidden joints": each("\u200b"), "with underscores": each("_"),
		"English": words(english, " "), "English in one word": words(english, ""), "English with dashes": words(english, "-"), "Spanish": words(spanish, " "),
		"as heard": words(heard, " "), "with slips": words(slipped, " "), "doubled": doubled, "capitals": func(d string) string { return strings.ToUpper(words(english, " ")(d)) },
		"English and figures": mixed(words(english, " "), plain), "English and Spanish": mixed(words(english, " "), words(spanish, " ")),
		"full width": from('０'), "mathematical": from('𝟎'), "Arabic": from('٠'), "Devanagari": from('०'), "subscript": from('₀'),
		"circled":    func(d string) string { return strings.ReplaceAll(from('①'-1)(d), "\u245f", "⓪") },
		"keycaps":    func(d string) string { return each("\ufe0f\u20e3")(d) + "\ufe0f\u20e3" },
		"look-alike": func(d string) string { return strings.NewReplacer("0", "O", "1", "l").Replace(groups("%s %s %s")(d)) },
	}
}

var tenDigits = regexp.MustCompile(`(?:\+?1[ .-]?)?\(?\b(\d{3})\)?[ .–-]{0,2}(\d{3})[ .–-]?(\d{4})\b`)

// known gives the cases of the development part whose verdict is right as they are.
func known(t *testing.T, every int) (swaps, innocent []openset.Case) {
	t.Helper()
	all, err := openset.All()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, c := range all {
		if c.Part() != openset.Dev {
			continue
		}
		if n++; n%every != 0 || screening.Screen(c.Message()).Swap != c.Swap {
			continue
		}
		if c.Swap {
			swaps = append(swaps, c)
		} else {
			innocent = append(innocent, c)
		}
	}
	return swaps, innocent
}

// kept holds how often a verdict stayed.
type kept map[string]*openset.Figure

func (k kept) count(name string, m screening.Message, swap bool) {
	f := k[name]
	if f == nil {
		f = &openset.Figure{Name: name}
		k[name] = f
	}
	f.Total++
	if screening.Screen(m).Swap == swap {
		f.Right++
	}
}

func (k kept) atLeast(t *testing.T, floor map[string]float64, other float64) {
	t.Helper()
	for name, f := range k {
		least, ok := floor[name]
		if !ok {
			least = other
		}
		rate, _, _ := f.Rate()
		t.Logf("%-40s %d of %d, %.1f %%", name, f.Right, f.Total, 100*rate)
		if rate < least {
			t.Errorf("%s: the verdict stays in %d of %d (%.1f %%), at least %.1f %% is due", name, f.Right, f.Total, 100*rate, 100*least)
		}
	}
	if len(k) == 0 {
		t.Error("nothing was tried")
	}
}

func TestHowANumberIsWrittenDoesNotChangeTheVerdict(t *testing.T) {
	swaps, _ := known(t, 2)
	k := kept{}
	for _, c := range swaps {
		m := c.Message()
		at := tenDigits.FindStringSubmatchIndex(m.Text.Body)
		if at == nil || len(m.Context) > 0 || strings.Contains(strings.ToLower(m.Text.Body), "back") {
			continue
		}
		body := m.Text.Body
		d := body[at[2]:at[3]] + body[at[4]:at[5]] + body[at[6]:at[7]]
		for name, typed := range asTyped() {
			m.Text.Body = body[:at[0]] + typed(d) + body[at[1]:]
			k.count(name, m, true)
		}
		// In two texts, and with a word of the other one between.
		other := screening.Client
		if m.Text.Author == screening.Client {
			other = screening.Sitter
		}
		first := screening.Text{Author: m.Text.Author, Body: body[:at[0]] + d[:3] + " " + d[3:6]}
		m.Text.Body = d[6:] + body[at[1]:]
		m.Context = []screening.Text{first}
		k.count("in two texts", m, true)
		m.Context = []screening.Text{first, {Author: other, Body: "ok"}}
		k.count("in two texts, and an ok between", m, true)
	}
	k.atLeast(t, map[string]float64{"in two texts": 0.94, "in two texts, and an ok between": 0.92, "with stars": 0.94}, 0.97)
}

func TestWhatStandsAroundDoesNotChangeTheVerdict(t *testing.T) {
	swaps, innocent := known(t, 3)
	around := []string{
		"He ate all his breakfast and napped on the couch.", "The weather was lovely so we did the long loop.", "She had 2 cups at 7:30 and her pill.",
		"Door was locked when I left.", "Thanks so much!", "Both cats are fine and the litter is clean.", "See you tomorrow at 8.", "He peed twice and pooped once.",
		"The wifi has been slow today.", "I refilled the water bowl.", "good boy 🐶", "The office said the dates are ok.",
	}
	k := kept{}
	for _, list := range [][]openset.Case{swaps, innocent} {
		for i, c := range list {
			m := c.Message()
			body := m.Text.Body
			end := ""
			if !strings.ContainsAny(body[len(body)-1:], ".!?") {
				end = "."
			}
			what := "swap, "
			if !c.Swap {
				what = "innocent, "
			}
			try := func(name, s string) {
				m.Text.Body = s
				k.count(what+name, m, c.Swap)
			}
			a, b := around[i%len(around)], around[(i/len(around))%len(around)]
			try("a sentence after", body+end+" "+a)
			try("a sentence before", a+" "+body)
			try("sentences before and after", a+" "+body+end+" "+b)
			try("capitals", strings.ToUpper(body))
			try("small letters", strings.ToLower(body))
			try("no apostrophes", strings.NewReplacer("'", "", "’", "").Replace(body))
			m.Text.Body = body
			if len(m.Context) == 0 && !c.Emergency {
				x, y := innocent[(i*7)%len(innocent)].Message(), innocent[(i*13+5)%len(innocent)].Message()
				m.Context = []screening.Text{x.Text, y.Text}
				k.count(what+"after a thread about other things", m, c.Swap)
			}
			if y := innocent[(i*17+3)%len(innocent)]; !c.Swap && !c.Emergency && !y.Emergency && y.Own == nil && len(y.Texts) == 1 && screening.Author(y.Texts[0].Author) == m.Text.Author {
				m.Context = c.Message().Context
				try("and another innocent text", body+end+" "+y.Texts[0].Text)
			}
		}
	}
	k.atLeast(t, map[string]float64{
		"swap, a sentence after": 0.965, "swap, a sentence before": 0.96, "swap, sentences before and after": 0.935, "swap, after a thread about other things": 0.96,
		"swap, capitals": 0.985, "swap, small letters": 0.985, "swap, no apostrophes": 0.985,
		"innocent, after a thread about other things": 0.99, "innocent, and another innocent text": 0.985,
	}, 0.995)
}
