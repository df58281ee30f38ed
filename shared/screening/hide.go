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
// so that the alert can be judged and the detail cannot be used from it. Words without a
// detail are shown, and a number may stand among them or beside them; so whatever has the
// length of one is masked at the end wherever it stands.
func (v Verdict) Preview(body string) string {
	if !v.Swap {
		return body
	}
	return maskRuns(replace(body, v.Spans, func(s Span) string { return mask(body[s.Start:s.End], s.Family) }))
}

// maskRuns leaves the last four of seven or more figures, whatever sets them apart.
func maskRuns(s string) string {
	var b strings.Builder
	from, last, figures := -1, 0, 0 // of the run: its begin, the end of its last figure, how many
	at := 0
	end := func() {
		if figures >= 7 {
			b.WriteString(s[at:from])
			b.WriteString("****")
			b.WriteString(lastFour(s[from:last]))
			at = last
		}
		from, figures = -1, 0
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case '0' <= c && c <= '9':
			if from < 0 {
				from = i
			}
			last, figures = i+1, figures+1
		case from >= 0 && i-last < 3 && strings.IndexByte(" .-()/+_", c) >= 0:
		default:
			end()
		}
	}
	end()
	b.WriteString(s[at:])
	return b.String()
}

func lastFour(run string) string {
	d := onlyDigits(run)
	return d[len(d)-4:]
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
