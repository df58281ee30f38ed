package routing

import (
	"errors"
	"fmt"
	"strings"
	"unique"
)

// Phone is one telephone number in E.164 form. It has one constructor, so a
// Phone is either the zero value or a number that can exist, and it prints
// itself masked: a Phone that strays into a log line, an error or a JSON answer
// shows +1555****3456. The whole number leaves through E164 alone, whose callers
// a test lists.
//
// It holds a handle and not the text, because fmt prints unexported fields without
// asking their methods: a struct with a Phone inside would show it whole.
type Phone struct{ e164 unique.Handle[string] }

// ErrPhone is returned for text that is no E.164 number. It shows no example: errors
// are logged, and a log with any whole number in it would have to be explained.
var ErrPhone = errors.New("not a phone number in E.164 form (a plus sign, the country code and the rest, digits only)")

// ParsePhone reads a number in E.164 form: a plus sign, then 7 to 15 digits of
// which the first is not 0. Nothing is guessed: "555-0123" has no country.
// Short codes (3 to 6 digits, no plus) are senders too, and are kept as they are.
func ParsePhone(s string) (Phone, error) {
	digits, plus := strings.CutPrefix(s, "+")
	switch {
	case plus && (len(digits) < 7 || len(digits) > 15), !plus && (len(digits) < 3 || len(digits) > 6):
		return Phone{}, ErrPhone
	}
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' {
			return Phone{}, ErrPhone
		}
	}
	if digits[0] == '0' && plus {
		return Phone{}, ErrPhone
	}
	return Phone{unique.Make(s)}, nil
}

// E164 is the whole number. Call it only to store it, to hand it to the carrier
// or to show it to the owner whose client it is.
func (p Phone) E164() string {
	if p.IsZero() {
		return ""
	}
	return p.e164.Value()
}

// Equal lets a test's diff compare two numbers without looking inside.
func (p Phone) Equal(q Phone) bool { return p == q }

// masked is the number as everybody but E164's callers sees it.
func (p Phone) masked() string { return Redact(p.E164()) }

// IsZero tells whether there is no number.
func (p Phone) IsZero() bool { return p == Phone{} }

// Short tells a company's or a network's short code from a phone: nobody is behind it
// who could read an answer.
func (p Phone) Short() bool { return len(p.E164()) <= 7 }

// String is the number redacted, as domain.md words it.
func (p Phone) String() string { return p.masked() }

// GoString is String, so that %#v does not reveal what %v hides.
func (p Phone) GoString() string { return "Phone(" + p.masked() + ")" }

// Format masks under every verb, %x and %q included.
func (p Phone) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(p.masked())) }

// MarshalText masks: a Phone that reaches an encoder by accident stays hidden.
func (p Phone) MarshalText() ([]byte, error) { return []byte(p.masked()), nil }

// Redact hides the middle of a number: +15551233456 becomes +1555****3456.
// North American numbers show country code, area code and the last four; others
// show the country code, up to three digits and the last four. What is too short
// to hide anything, or is no number, becomes [REDACTED].
func Redact(s string) string {
	digits, plus := strings.CutPrefix(s, "+")
	if !plus || !allDigits(digits) {
		return "[REDACTED]"
	}
	cc := countryCodeLen(digits)
	// At least two digits must really be hidden, else the mask is a pretence.
	shown := min(3, len(digits)-cc-4-2)
	if shown < 0 {
		return "[REDACTED]"
	}
	return "+" + digits[:cc+shown] + "****" + digits[len(digits)-4:]
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// twoDigitCodes are the country codes of two digits (ITU-T E.164); 1 and 7 have
// one digit, all others three.
const twoDigitCodes = " 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98 "

func countryCodeLen(digits string) int {
	switch {
	case digits == "":
		return 0
	case digits[0] == '1' || digits[0] == '7':
		return 1
	case len(digits) >= 2 && strings.Contains(twoDigitCodes, " "+digits[:2]+" "):
		return 2
	}
	return min(3, len(digits))
}

// RedactText masks every run of seven digits or more in a text that may quote
// phone numbers, such as a carrier's error message. Separators that people write
// inside numbers (space, dot, hyphen, parentheses, stroke, underscore) do not end a run.
func RedactText(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		if s[i] != '+' && (s[i] < '0' || s[i] > '9') {
			b.WriteByte(s[i])
			i++
			continue
		}
		j, digits := i, []byte(nil)
		end := i
		for ; j < len(s); j++ {
			c := s[j]
			if c >= '0' && c <= '9' {
				digits = append(digits, c)
				end = j + 1
				continue
			}
			if c == '+' && j == i || strings.IndexByte(" .-()/_\t", c) >= 0 {
				continue
			}
			break
		}
		if len(digits) < 7 {
			if end == i {
				end = i + 1
			}
			b.WriteString(s[i:end])
		} else {
			if len(digits) == 10 && s[i] != '+' {
				digits = append([]byte("1"), digits...) // as people in North America write it
			}
			b.WriteString(Redact("+" + string(digits)))
		}
		i = end
	}
	return b.String()
}
