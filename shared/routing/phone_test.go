package routing_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	. "snout/shared/routing"
)

func mustPhone(t interface{ Fatal(...any) }, s string) Phone {
	p, err := ParsePhone(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestParsePhone(t *testing.T) {
	for _, c := range []struct {
		name, in string
		ok       bool
	}{
		{"a North American number", "+15555550123", true},
		{"seven digits, the shortest", "+4655501", true},
		{"fifteen digits, the longest", "+491555555501234", true},
		{"a short code of three", "311", true},
		{"a short code of six", "555012", true},
		{"a short code may begin with 0", "012345", true},
		{"six digits with a plus", "+555012", false},
		{"sixteen digits", "+4915555555012345", false},
		{"a country code of 0", "+05555550123", false},
		{"no plus", "15555550123", false},
		{"seven digits, no plus", "5550123", false},
		{"two digits", "55", false},
		{"spaces", "+1 555 555 0123", false},
		{"punctuation", "+1-555-555-0123", false},
		{"letters", "+1555555CATS", false},
		{"a letter among a short code", "55a01", false},
		{"a sender that is a name", "SNOUT", false},
		{"digits of another script", "+1555555٠١٢٣", false},
		{"full-width digits", "+1５５５5550123", false},
		{"a channel's address", "whatsapp:+15555550123", false},
		{"a line end after it", "+15555550123\n", false},
		{"a separator of keys", "+1555555#0123", false},
		{"two pluses", "++15555550123", false},
		{"only a plus", "+", false},
		{"nothing", "", false},
	} {
		p, err := ParsePhone(c.in)
		if c.ok && (err != nil || p.E164() != c.in || p.IsZero()) {
			t.Errorf("%s: %v, %v", c.name, p, err)
		}
		if !c.ok && (!errors.Is(err, ErrPhone) || !p.IsZero()) {
			t.Errorf("%s: %v, %v", c.name, p, err)
		}
		if err != nil && c.in != "" && len(c.in) > 2 && strings.Contains(err.Error(), c.in) {
			t.Errorf("%s: the error quotes it: %v", c.name, err)
		}
	}
}

func TestRedact(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"as domain.md has it", "+15551233456", "+1555****3456"},
		{"North America", "+15555550123", "+1555****0123"},
		{"a country code of two digits", "+442071838750", "+44207****8750"},
		{"a country code of three", "+353861234567", "+353861****4567"},
		{"Russia and Kazakhstan", "+79261234567", "+7926****4567"},
		{"a shorter one shows less of the middle", "+4681234567", "+4681****4567"},
		{"just enough to hide two digits", "+46123456", "+46****3456"},
		{"too short to hide anything", "+4612345", "[REDACTED]"},
		{"a short code", "55501", "[REDACTED]"},
		{"no plus", "15551233456", "[REDACTED]"},
		{"not a number", "hello", "[REDACTED]"},
		{"a number with words", "+15551233456 x", "[REDACTED]"},
		{"missing", "", "[REDACTED]"},
		{"a plus", "+", "[REDACTED]"},
	} {
		if got := Redact(c.in); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// However a Phone is printed, alone or inside what carries it, it is masked.
func TestPhonePrintsMaskedEverywhere(t *testing.T) {
	p := mustPhone(t, "+15555550123")
	type inside struct {
		Shown  Phone
		hidden Phone // fmt prints unexported fields without asking their methods
		list   []Phone
		byName map[string]Phone
	}
	x := inside{p, p, []Phone{p}, map[string]Phone{"a": p}}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "p", p, "x", x, "q", &p)
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "p", p, "x", x, "q", &p)
	js, err := json.Marshal(map[string]any{"p": p, "x": x, "m": map[Phone]int{p: 1}, "q": &p})
	if err != nil {
		t.Fatal(err)
	}
	printed := []string{
		log.String(), string(js), fmt.Sprint(p), fmt.Sprint(&p), fmt.Errorf("%w: %v", ErrPhone, p).Error(), p.String(), p.GoString(), cmp.Diff(p, mustPhone(t, "+15555550199")),
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%o", "%b", "%c", "%U", "%p", "%t", "%z", "%20s", "%-30q"} {
		printed = append(printed, fmt.Sprintf(verb, p), fmt.Sprintf(verb, x), fmt.Sprintf(verb, &x), fmt.Sprintf(verb, []Phone{p}), fmt.Sprintf(verb, struct{ p *Phone }{&p}))
	}
	for _, s := range printed {
		for _, whole := range []string{"5555550123", "555555", "3535353535", "2b31353535"} { // also in hexadecimal
			if strings.Contains(strings.ToLower(s), whole) {
				t.Errorf("reveals the number: %s", s)
			}
		}
	}
	if got := fmt.Sprintf("%v|%s|%q|%x", p, p, p, p); got != strings.Repeat("+1555****0123|", 4)[:4*14-1] {
		t.Errorf("printed as %s", got)
	}
	if got := fmt.Sprint(Phone{}); got != "[REDACTED]" {
		t.Errorf("the zero value prints as %s", got)
	}
}

func TestPhonesCompare(t *testing.T) {
	p, q, r := mustPhone(t, "+15555550123"), mustPhone(t, strings.Join([]string{"+1555555", "0123"}, "")), mustPhone(t, "+15555550124")
	if p != q || !p.Equal(q) || p == r || p.Equal(r) {
		t.Error("equal numbers are equal, others are not")
	}
	if m := (map[Phone]int{p: 1}); m[q] != 1 || m[r] != 0 {
		t.Error("a key of a map")
	}
	if cmp.Diff(p, q) != "" || cmp.Diff(p, r) == "" {
		t.Error("a diff sees the same")
	}
	var zero Phone
	if !zero.IsZero() || zero.E164() != "" || p.IsZero() || zero == p {
		t.Error("the zero value is no number")
	}
}

func TestRedactText(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"the carrier's words", "The 'To' number +15555550123 is not a valid phone number.", "The 'To' number +1555****0123 is not a valid phone number."},
		{"two numbers", "from +15555550123, to +442071838750", "from +1555****0123, to +44207****8750"},
		{"as people write them", "call (555) 555-0123 or 555.555.0124", "call (+1555****0123 or +1555****0124"},
		{"with a country code", "+1 (555) 555-0123", "+1555****0123"},
		{"with strokes, underscores and tabs", "555/555/0123, 555_555_0124, 555\t555\t0125", "+1555****0123, +1555****0124, +1555****0125"},
		{"without a plus", "To=15555550123&From=1", "To=+1555****0123&From=1"},
		{"escaped in an address", "?To=%2B15555550123", "?To=%2B+1555****0123"},
		{"a local number", "555-0123", "[REDACTED]"},
		{"an error's code and status stay", "HTTP 400, code 21211: see /errors/21211", "HTTP 400, code 21211: see /errors/21211"},
		{"pluses without digits stay", "1 + 1 = 2 +", "1 + 1 = 2 +"},
		{"what is masked stays as it is", "+1555****0123", "+1555****0123"},
		{"words", "no number here", "no number here"},
		{"nothing", "", ""},
	} {
		if got := RedactText(c.in); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

func FuzzParsePhone(f *testing.F) {
	for _, s := range []string{"+15555550123", "311", "+1", "", "+0123456789", "15555550123", "+1555555٠١٢٣", "\x00", "+1555#5550123", "555012"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := ParsePhone(s)
		if err != nil {
			if !p.IsZero() {
				t.Fatal("refused, and yet a number")
			}
			return
		}
		if p.E164() != s {
			t.Fatalf("%q became %q", s, p.E164())
		}
		if d := digitsOf(s); "+"+d != s && d != s || strings.Contains(s, "#") || len(s) > 16 || len(s) < 3 {
			t.Fatalf("accepted %q", s)
		}
		if strings.Contains(fmt.Sprintf("%v %#v %+v", p, p, struct{ p Phone }{p}), s) {
			t.Fatalf("%q is shown whole", s)
		}
	})
}

// However little is hidden, at least two digits are, and the answer is a mask or
// nothing at all.
func FuzzRedact(f *testing.F) {
	for _, s := range []string{"+15555550123", "+442071838750", "+1", "", "+46123456", "+123456789012345678901234567890", "hello", "+1555****0123"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Redact(s)
		if got == "[REDACTED]" {
			return
		}
		head, tail, ok := strings.Cut(got, "****")
		if !ok || len(tail) != 4 || !strings.HasPrefix(s, head) || !strings.HasSuffix(s, tail) {
			t.Fatalf("%q became %q", s, got)
		}
		if len(digitsOf(s))-len(digitsOf(got)) < 2 || len(head) > 1+3+3 {
			t.Fatalf("%q became %q, which shows too much", s, got)
		}
	})
}

// Whatever surrounds a number and however its digits are spaced, it does not
// survive; and redacting again changes nothing.
func FuzzRedactText(f *testing.F) {
	f.Add("The 'To' number ", "+15555550123", " is not valid", uint8(0))
	f.Add("+", "15555550123", "+15555550124", uint8(1))
	f.Add("12 ", "+442071838750", " 5550123", uint8(2))
	f.Add("", "+79261234567", "", uint8(3))
	f.Add("1-800-", "+15555550123", "x5550123", uint8(6))
	f.Fuzz(func(t *testing.T, before, number, after string, gap uint8) {
		const gaps = " .-()/_\t"
		p, err := ParsePhone(number)
		if err != nil || !strings.HasPrefix(number, "+") {
			return
		}
		spaced := number
		if sep := string(gaps[int(gap)%len(gaps)]); gap%2 == 1 {
			spaced = strings.Join([]string{number[:3], number[3:6], number[6:]}, sep)
		}
		for _, s := range []string{spaced, strings.TrimPrefix(spaced, "+")} {
			text := before + s + after
			got := RedactText(text)
			// No run of seven digits, spaced or not, is left anywhere.
			run := 0
			for i := range len(got) {
				switch c := got[i]; {
				case c >= '0' && c <= '9':
					run++
				case !strings.ContainsRune(gaps, rune(c)):
					run = 0
				}
				if run >= 7 && !strings.Contains(got[:i+1], "****") {
					t.Fatalf("%q became %q", text, got)
				}
			}
			if strings.Contains(got, digitsOf(p.E164())) {
				t.Fatalf("%q became %q", text, got)
			}
			if again := RedactText(got); strings.Contains(again, digitsOf(p.E164())) {
				t.Fatalf("%q became %q", got, again)
			}
		}
	})
}
