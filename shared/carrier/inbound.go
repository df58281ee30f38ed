package carrier

import (
	"fmt"
	"strconv"
	"strings"

	"snout/shared/routing"
)

// FieldError says which parameter of a webhook is missing or makes no sense.
// It never holds the value, which may be a phone number.
type FieldError struct {
	Field   string // the carrier's name for it, such as From
	Problem string // "missing" or "malformed"
}

func (e *FieldError) Error() string {
	return fmt.Sprintf("carrier webhook: parameter %s is %s", e.Field, e.Problem)
}

// Media is one picture, clip or card of a message.
type Media struct {
	URL  string // at the carrier; it needs credentials and names our account, so it goes to no browser
	Type string // MIME type as the carrier says it
}

// Inbound is a text that reached one of our numbers.
type Inbound struct {
	MessageSid          string
	AccountSid          string
	MessagingServiceSid string        // empty unless the number is in a messaging service
	From                routing.Phone // a phone, or the short code of a company or a network
	To                  routing.Phone
	Body                string // always valid UTF-8; see RawBody
	RawBody             []byte // the bytes as they came, only where Body could not hold them; else nil
	NumMedia            int    // as the carrier counted; Media holds those that it also described
	Media               []Media
	NumSegments         int
	OptOutType          string // STOP, START or HELP where the carrier has answered already, else empty
	ErrorCode           int    // on the fallback URL: what went wrong with the first one
	ErrorURL            string // on the fallback URL: the one that failed
}

// ParseInbound reads the form of an inbound text from its raw bytes. Unknown
// parameters are ignored: the carrier adds some without notice. A *FieldError
// names From, To or MessageSid when it is missing or is not what it should be.
func ParseInbound(form []byte) (Inbound, error) {
	pairs, err := parsePairs(string(form))
	if err != nil {
		return Inbound{}, fmt.Errorf("carrier webhook: %w", err)
	}
	var in Inbound
	if in.MessageSid, err = sidOf(pairs, "MessageSid"); err != nil {
		return Inbound{}, err
	}
	if in.From, err = phone(pairs, "From"); err != nil {
		return Inbound{}, err
	}
	if in.To, err = phone(pairs, "To"); err != nil {
		return Inbound{}, err
	}
	in.AccountSid = text(pairs, "AccountSid")
	in.MessagingServiceSid = text(pairs, "MessagingServiceSid")
	in.OptOutType = text(pairs, "OptOutType")
	in.NumSegments = count(pairs, "NumSegments")
	in.NumMedia = count(pairs, "NumMedia")
	in.ErrorCode = count(pairs, "ErrorCode")
	in.ErrorURL = text(pairs, "ErrorUrl")
	raw, _ := first(pairs, "Body")
	var changed bool
	if in.Body, changed = wellFormed(raw); changed {
		in.RawBody = []byte(raw)
	}
	in.Media = media(pairs)
	return in, nil
}

// maxMedia is ten times what the carrier allows in one message.
const maxMedia = 100

// media collects MediaUrl{N} in the order of N. It goes by what is there, not
// by NumMedia, so that a wrong count loses no picture and costs no time.
func media(pairs []pair) []Media {
	var urls, types [maxMedia]string
	last := -1
	for _, p := range pairs {
		if n, ok := index(p.name, "MediaUrl"); ok {
			urls[n], _ = wellFormed(p.value)
			last = max(last, n)
		} else if n, ok := index(p.name, "MediaContentType"); ok {
			types[n], _ = wellFormed(p.value)
		}
	}
	var out []Media
	for n := range last + 1 {
		if urls[n] != "" {
			out = append(out, Media{URL: urls[n], Type: types[n]})
		}
	}
	return out
}

func index(name, prefix string) (int, bool) {
	digits, ok := strings.CutPrefix(name, prefix)
	if !ok || digits == "" || len(digits) > 2 {
		return 0, false
	}
	n, err := strconv.Atoi(digits)
	return n, err == nil && n >= 0 && n < maxMedia
}

func text(pairs []pair, name string) string {
	value, _ := first(pairs, name)
	value, _ = wellFormed(value)
	return value
}

func count(pairs []pair, name string) int {
	value, _ := first(pairs, name)
	n, err := strconv.Atoi(value)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// sidOf reads an identifier that becomes part of a storage key, so it is kept
// to what an identifier can look like.
func sidOf(pairs []pair, name string) (string, error) {
	value, _ := first(pairs, name)
	if value == "" {
		return "", &FieldError{name, "missing"}
	}
	if len(value) > 64 {
		return "", &FieldError{name, "malformed"}
	}
	for i := range len(value) {
		if c := value[i]; !isAlphanumeric(c) && c != '-' && c != '_' {
			return "", &FieldError{name, "malformed"}
		}
	}
	return value, nil
}

func phone(pairs []pair, name string) (routing.Phone, error) {
	value, _ := first(pairs, name)
	if value == "" {
		return routing.Phone{}, &FieldError{name, "missing"}
	}
	p, err := routing.ParsePhone(value)
	if err != nil {
		return routing.Phone{}, &FieldError{name, "malformed"}
	}
	return p, nil
}

func isAlphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
