package screening

import (
	"strings"
	"unicode/utf8"
)

// hidden stands in place of each match for the other side.
const hidden = "(contact details removed)"

// Hide puts a fixed phrase in place of each span: it is what the other side
// sees of a text that is delivered. Spans that do not fit the body are ignored.
func Hide(body string, spans []Span) string {
	return replace(body, spans, func(Span) string { return hidden })
}

// Preview is the body as the owner may see it in an alert: each match masked,
// so that the alert can be judged and the detail cannot be used from it.
func (v Verdict) Preview(body string) string {
	return replace(body, v.Spans, func(s Span) string { return mask(body[s.Start:s.End], s.Family) })
}

func replace(body string, spans []Span, with func(Span) string) string {
	var b strings.Builder
	at := 0
	for _, s := range spans {
		if s.Start < at || s.End <= s.Start || s.End > len(body) {
			continue
		}
		b.WriteString(body[at:s.Start])
		b.WriteString(with(s))
		at = s.End
	}
	b.WriteString(body[at:])
	return b.String()
}

// mask shows enough of a match to recognise the kind and not enough to use it.
func mask(match string, f Family) string {
	switch f {
	case PlainPhone, SpelledPhone, DisguisedPhone, SplitPhone:
		return maskDigits(readDigits(match))
	case Bypass, Platform:
		return match // words without a detail: the owner has to read them to judge
	case Email, DisguisedEmail:
		if name, host, ok := strings.Cut(match, "@"); ok {
			return first(name) + "***@" + first(strings.TrimSpace(host)) + "***"
		}
	}
	return first(match) + "***"
}

// maskDigits follows the redaction rule of the whole system: country code, area
// code, four stars, last four.
func maskDigits(d string) string {
	switch {
	case len(d) == 10:
		return "+1" + d[:3] + "****" + d[6:]
	case len(d) == 11 && d[0] == '1':
		return "+1" + d[1:4] + "****" + d[7:]
	case len(d) > 10:
		return "+" + d[:3] + "****" + d[len(d)-4:]
	}
	return "[REDACTED]"
}

func first(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	return s[:n]
}
