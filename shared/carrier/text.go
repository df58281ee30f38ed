package carrier

import (
	"strings"
	"unicode/utf8"
)

// wellFormed answers s as text that JSON and DynamoDB can hold. The carrier
// sends UTF-8; a gateway of another network now and then lets bytes of
// Windows-1252 through, or cuts a character in half. Such a byte is read as
// the Windows-1252 character that it is ("caf\xe9" is café), and the remains of
// a cut character as U+FFFD. The second result says whether anything had to be
// changed; the caller then keeps the bytes as they came, so nothing is lost.
// NUL and other control characters are text and stay.
func wellFormed(s string) (string, bool) {
	if utf8.ValidString(s) {
		return s, false
	}
	var out strings.Builder
	out.Grow(len(s) + 8)
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r != utf8.RuneError || size > 1 {
			out.WriteString(s[i : i+size])
			i += size
			continue
		}
		if n := cutCharacter(s[i:]); n > 0 {
			out.WriteRune(utf8.RuneError)
			i += n
			continue
		}
		out.WriteRune(windows1252(s[i]))
		i++
	}
	return out.String(), true
}

// cutCharacter answers how many bytes at the start of s are the beginning of a
// UTF-8 character of three or four bytes that was cut short, or 0. Two bytes
// at least must agree; a single high byte is taken for Windows-1252.
func cutCharacter(s string) int {
	var want int
	switch {
	case s[0] >= 0xE0 && s[0] <= 0xEF:
		want = 3
	case s[0] >= 0xF0 && s[0] <= 0xF4:
		want = 4
	default:
		return 0
	}
	n := 1
	for n < want && n < len(s) && s[n]&0xC0 == 0x80 {
		n++
	}
	if n < 2 {
		return 0
	}
	return n
}

// windows1252 maps a high byte; the five bytes without a meaning stay control
// characters, as browsers read them.
func windows1252(b byte) rune {
	const high = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ"
	if b < 0x80 || b > 0x9F {
		return rune(b)
	}
	n := int(b - 0x80)
	for _, r := range high {
		if n == 0 {
			return r
		}
		n--
	}
	return utf8.RuneError // not reached: the table has 32 characters
}
