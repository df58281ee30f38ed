package screening

import "strings"

// agreementWords is how long a text may be that only agrees: what is longer says more, and that speaks for itself.
const agreementWords = 12

// agreed finds the text that says yes to going past the business. The words are
// harmless and the text before it is not: together they are the deal, and the owner
// must hear of both halves.
func (r *reading) agreed(p *past, b *book, out []finding) []finding {
	if len(out) > 0 || len(p.last) == 0 || len(r.words) == 0 || len(r.words) > agreementWords {
		return out
	}
	t := p.last[len(p.last)-1]
	if f, ok := r.whereItIs(t); ok {
		return append(out, f)
	}
	if t.author == r.author || !r.agrees() && !r.quotes(t) {
		return out
	}
	var room [8]stretch
	family := Family("")
	for _, f := range t.talk(t.stretches(b, room[:0]), nil) {
		if f.confidence >= 0.55 {
			family = f.Family
		}
	}
	p.steps += t.steps
	t.steps = 0
	if family == "" || t.hasOnly(mAsk) {
		return out
	}
	return append(out, finding{Span: r.span(0, len(r.toks), family), confidence: 0.6})
}

// hasOnly tells whether all that speaks for a swap in a text is mark m: who says
// yes to "what's your number?" has given nothing yet.
func (r *reading) hasOnly(m mark) bool {
	return r.has[m] && !r.has[mBypass] && !r.has[mPlatform] && !r.has[mPay] && !r.has[mHandle] && !r.has[mLean]
}

// whereItIs finds the service that is all a text says, where t asked which: "on which app?", "vnmo".
func (r *reading) whereItIs(t *reading) (finding, bool) {
	if t.author == r.author || len(r.words) > 2 || !r.has[mAnyPay] && !r.has[mAnyPlatform] || r.asks() || !t.asks() || t.has[mNoPay] || t.has[mNoPlatform] {
		return finding{}, false
	}
	for i := range t.toks {
		switch t.toks[i].text {
		case "which", "where", "on", "what", "how":
			f := Platform
			if r.has[mAnyPay] {
				f = Payment
			}
			return finding{Span: r.span(0, len(r.toks), f), confidence: 0.6}, true
		}
	}
	return finding{}, false
}

// quotes tells whether a text names its price and t asked for it.
func (r *reading) quotes(t *reading) bool {
	if len(r.words) > 6 || !t.asks() && !strings.Contains(t.body, "how much") {
		return false
	}
	priced := false
	for i := range t.toks {
		switch t.toks[i].text {
		case "much", "charge", "rate", "price", "cost", "cuanto", "cobras":
			priced = true
		}
	}
	amount := false
	for i := range r.toks {
		switch w := &r.toks[i]; {
		case w.kind == num:
			amount = len(w.text) < 4
		case w.text == "app" || w.text == "office" || w.text == "not" || w.text == "through":
			return false
		}
	}
	return priced && amount
}

// agrees tells whether a text says yes and takes nothing of it back.
func (r *reading) agrees() bool {
	yes := false
	for i := range r.toks {
		t := &r.toks[i]
		if t.kind == sign && t.ch == '?' {
			return false
		}
		if t.kind != word {
			yes = yes || t.kind == emoji && (r.body[t.start:t.end] == "👍" || r.body[t.start:t.end] == "🤝")
			continue
		}
		switch t.text {
		case "yes", "yeah", "yep", "yup", "ya", "yea", "ok", "okay", "okey", "k", "sure", "deal", "perfect", "done", "fine", "absolutely", "definitely", "agreed", "si", "claro", "dale", "vale", "listo", "trato", "oui", "ja", "klar", "works", "down", "gladly", "happy", "totally", "bet", "certainly", "great", "lovely", "love", "aye":
			yes = yes || i < 6
		case "in":
			yes = yes || r.tok(i-1).text == "im"
		case "good", "plan":
			yes = yes || r.tok(i-1).text == "sounds" || r.tok(i-1).text == "a" && r.tok(i-2).text == "like"
		case "dont":
			if !yes {
				return false // "yes, don't put it in" agrees
			}
		case "no", "not", "cant", "wont", "never", "nope", "but", "sorry", "only", "app", "apps", "office", "policy", "rules", "allowed", "through", "unfortunately", "heres", "phew", "banned", "rather", "company", "agency", "here", "though", "wait", "joking", "kidding", "nah", "first", "website", "portal", "system":
			return false
		}
	}
	return yes
}
