package carrier

import (
	"errors"
	"strings"
)

// maxForm bounds what an unsigned request can make us sort and hash. The
// largest real form (ten pictures and every documented parameter) is under
// 16 KiB; AddOns may add some more.
const maxForm = 1 << 20

var (
	errFormTooLarge = errors.New("form is larger than 1 MiB")
	errFormEscape   = errors.New("form has a broken percent escape")
)

// pair is one form parameter, decoded to the bytes that were meant.
type pair struct{ name, value string }

// parsePairs splits a form. net/url's parser is not used because it refuses a
// raw ';', forgets the order, and would turn one odd parameter into a webhook
// that can never be accepted.
func parsePairs(form string) ([]pair, error) {
	if len(form) > maxForm {
		return nil, errFormTooLarge
	}
	if form == "" {
		return nil, nil
	}
	pairs := make([]pair, 0, strings.Count(form, "&")+1)
	for form != "" {
		var piece string
		piece, form, _ = strings.Cut(form, "&")
		if piece == "" {
			continue
		}
		rawName, rawValue, _ := strings.Cut(piece, "=")
		name, err := unescape(rawName)
		if err != nil {
			return nil, err
		}
		value, err := unescape(rawValue)
		if err != nil {
			return nil, err
		}
		pairs = append(pairs, pair{name, value})
	}
	return pairs, nil
}

// unescape decodes one name or value of a form. It returns its argument when
// there is nothing to decode, which is most of the time.
func unescape(s string) (string, error) {
	first := strings.IndexAny(s, "%+")
	if first < 0 {
		return s, nil
	}
	out := make([]byte, 0, len(s))
	out = append(out, s[:first]...)
	for i := first; i < len(s); i++ {
		switch s[i] {
		case '+':
			out = append(out, ' ')
		case '%':
			if i+2 >= len(s) {
				return "", errFormEscape
			}
			high, low := unhex(s[i+1]), unhex(s[i+2])
			if high < 0 || low < 0 {
				return "", errFormEscape
			}
			out = append(out, byte(high<<4|low))
			i += 2
		default:
			out = append(out, s[i])
		}
	}
	return string(out), nil
}

func unhex(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// first answers the first value of a name; the carrier never repeats one that
// we read.
func first(pairs []pair, name string) (string, bool) {
	for _, p := range pairs {
		if p.name == name {
			return p.value, true
		}
	}
	return "", false
}
