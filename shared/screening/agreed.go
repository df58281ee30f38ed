package screening

import "strings"

// agreementWords is how long a text may be that only agrees: what is longer says more, and that speaks for itself.
const agreementWords = 12

// agreed finds the text that says yes to going past the business. The words are
// harmless and the text before it is not: together they are the deal, and the owner
// must hear of both halves.
func (r *reading) agreed(p *past, b *book, out []finding) []finding {
	if len(out) > 0 || len(p.last) == 0 || len(r.toks) == 0 || len(r.words) > agreementWords {
		return out
	}
	last := len(p.last) - 1
	t := p.last[last]
	if f, ok := r.whereItIs(t, p); ok {
		return append(out, f)
	}
	if f, ok := r.afterSign(p); ok {
		return append(out, f)
	}
	if f, ok := r.onService(p); ok {
		return append(out, f)
	}
	for _, find := range [...]func(*past) (finding, bool){r.confirmsMail, r.endsAddress, r.leftBehind} {
		if f, ok := find(p); ok {
			return append(out, f)
		}
	}
	if f, ok := r.takesNumber(p); ok {
		return append(out, f)
	}
	if t.author == r.author || !r.agrees() && !r.quotes(t) {
		return out
	}
	family := p.proposal(t, b)
	if family == "" && last > 0 && len(t.words) <= 6 && !t.takesBack() && (len(t.words) <= 2 || !t.asks()) {
		family = p.proposal(p.last[last-1], b) // and what is between only went along
	}
	if family == "" {
		return out
	}
	return append(out, finding{Span: r.span(0, len(r.toks), family), confidence: 0.6})
}

// proposal is the family of what an earlier text proposes by its words; "" if nothing.
func (p *past) proposal(t *reading, b *book) (family Family) {
	var room [8]stretch
	for _, f := range t.talk(t.stretches(b, room[:0]), nil) {
		if f.confidence >= 0.55 {
			family = f.Family
		}
	}
	p.steps += t.steps
	t.steps = 0
	if t.hasOnly(mAsk) {
		return ""
	}
	return family
}

// afterSign finds the name whose sign stands alone in an earlier text of its writer:
// "$", "mabel", "minds".
func (r *reading) afterSign(p *past) (finding, bool) {
	if len(r.words) == 0 || len(r.words) > 5 || r.asks() || r.words[0].isNum {
		return finding{}, false
	}
	for _, t := range p.last {
		if t.author != r.author {
			continue
		}
		family := Family("")
		switch strings.Trim(strings.ToLower(t.body), " .:") {
		case "$", "dollar", "dollar sign", "dollarsign", "cashtag":
			family = Payment
		case "@", "at sign", "the at sign", "underscore":
			family = Handle
		default:
			continue
		}
		return finding{Span: r.span(0, len(r.toks), family), confidence: 0.7}, true
	}
	return finding{}, false
}

// onService finds the short text that goes over to a service of which the last few
// texts spoke, "see you on there", "found you, just said hi", or asks for the name on
// it, "under what name?", or tells the picture to look for.
func (r *reading) onService(p *past) (finding, bool) {
	family, invited := Family(""), false
	for _, t := range p.last {
		invited = invited || t.has[mPlatform] || t.has[mHandle] || t.has[mPay] || t.has[mAsk] || t.asks() && (t.has[mAnyPlatform] || t.has[mAnyPay])
		if t.has[mThird] && len(t.words) > 2 || t.has[mHandle] && len(t.words) <= 2 && !t.anyOf("username handle") {
			continue // "name?" may ask for anybody's
		}
		switch {
		case t.anyOf("request requests") && t.anyOf("accepted sent") && r.anyOf("writing messaging messaged dm"), t.asksWhosePage():
			family, invited = Handle, true
		case t.has[mNoPlatform] || t.anyOf("companys agencys portal") || t.has[mNoPay] || t.has[mNoBypass] || t.has[mCode]:
			return finding{}, false
		case t.has[mPlatform] || t.has[mAnyPlatform] || t.has[mHandle]:
			family = Handle
		case family == "" && (t.has[mPay] || t.has[mAnyPay]):
			family = Payment
		}
	}
	q := p.last[len(p.last)-1]
	if family != "" && invited && q.author != r.author && r.answersThere(q) {
		return finding{Span: r.span(0, len(r.toks), family), confidence: 0.6}, true
	}
	if family == "" || r.takesBack() || q.takesBack() && !q.anyOf("same") && !q.has[mPlatform] && !q.has[mPay] && !q.has[mHandle] && !q.asksWhosePage() {
		return finding{}, false
	}
	writes := r.anyOf("moving messaging message messaged writing write wrote adding added sending sent switch switching talk see hi found following followed")
	name := r.anyOf("name username handle tag user nick nickname") && r.anyOf("what whats which wats cual")
	picture := r.anyOf("pic picture profile avatar jacket")
	goes := writes && invited && (r.anyOf("there") || r.says("on", "it") || r.says("that", "one") || r.has[mReach] || len(r.words) <= 4 && r.firstOf(0, len(r.toks)-1, "adding added found following followed") == r.firstOf(1, len(r.toks), "you u ya")-1)
	goes = goes || invited && len(r.words) <= 8 && (r.anyOf("dm dms inbox requests") && r.anyOf("there check answer accept followed following sent") || r.anyOf("hello hi wave request") && r.anyOf("sent got arrive arrived"))
	goes = goes || invited && family == Payment && len(r.words) <= 4 && r.anyOf("sent paid transferred")
	goes = goes || invited && family == Payment && r.says("sent", "you")
	goes = goes || invited && len(r.words) <= 5 && r.gives()
	name = name || invited && len(r.words) <= 3 && (r.anyOf("username handle tag") || r.asks() && r.anyOf("which what whats") && q.anyOf("name names under tag"))
	tells := picture && family == Handle && q.author != r.author && (q.asks() || q.has[mPlatform]) && len(q.words) <= 8
	if !goes && !((name || invited && r.asks() && len(r.words) <= 2 && r.anyOf("name username handle under nickname")) && len(r.words) <= 4) && !tells {
		return finding{}, false
	}
	return finding{Span: r.span(0, len(r.toks), family), confidence: 0.6}, true
}

// takesNumber finds the text that lets the other one give a number of their own, of
// which an earlier text spoke: "I don't have your number" "I can give it" "please do".
func (r *reading) takesNumber(p *past) (finding, bool) {
	n := len(p.last)
	if n < 2 || p.last[n-1].author == r.author || r.has[mNoBypass] || r.has[mThird] || !r.agrees() && (!r.gives() || r.saysNo()) {
		return finding{}, false
	}
	offer, said := p.last[n-1], false
	if len(offer.words) > 8 || !offer.gives() || offer.takesBack() {
		return finding{}, false
	}
	for _, t := range p.last[:n-1] {
		if t.has[mThird] || t.has[mCode] || t.has[mSerial] || t.aboutThings() {
			return finding{}, false
		}
		said = said || t.ownNumber()
	}
	if !said || offer.has[mThird] || offer.has[mCode] || offer.aboutThings() {
		return finding{}, false
	}
	return finding{Span: r.span(0, len(r.toks), Bypass), confidence: 0.6}, true
}

// saysNo tells whether a text says no, or to send it another way.
func (r *reading) saysNo() bool {
	return r.anyOf("no not dont cant wont never nope office app through company agency policy")
}

// gives tells whether a text speaks of giving or sending it.
func (r *reading) gives() bool {
	for i := range r.toks {
		if listed("give send share drop text type", r.toks[i].text) && r.firstOf(i+1, i+4, "it mine yours") >= 0 {
			return true
		}
	}
	return false
}

// ownNumber tells whether a text speaks of its writer's number, or of the other's.
func (r *reading) ownNumber() bool {
	for i := range r.toks {
		if listed("my your ur", r.toks[i].text) && r.firstOf(i+1, i+4, "number cell mobile digits phone") >= 0 && r.firstOf(i+1, i+4, "house flat plate room unit order account policy card member street door apartment registration licence license") < 0 {
			return true
		}
	}
	return false
}

// asksWhosePage tells whether a text asks if a page somewhere is the other's:
// "you're the Dani with the husky account?"
func (r *reading) asksWhosePage() bool {
	return r.asks() && len(r.words) <= 14 && r.anyOf("account page profile feed") && r.anyOf("you youre yours that thats this") && !r.anyOf("app office portal company booking website site password login card set up bank bill")
}

// answersThere tells whether a short text answers the question under which name, or
// whether, somebody is found on a service that was spoken of: "what do I search?",
// "tuesday tails"; "Signal?", "sure, same name as here".
func (r *reading) answersThere(q *reading) bool {
	n := len(r.words)
	if n == 0 || n > 9 || r.asks() || r.has[mNoPlatform] || r.has[mNoPay] {
		return false
	}
	if r.says("same", "name") || r.says("same", "handle") || r.says("same", "username") || r.anyOf("under") && r.anyOf("name names") {
		return true
	}
	if r.takesBack() || len(q.words) > 9 || !q.asks() && !q.anyOf("what which") {
		return false
	}
	if q.anyOf("sent") && q.has[mAnyPay] && n <= 5 && r.anyOf("did got came arrived received yes yep yup") {
		return true
	}
	named := q.anyOf("name username handle under search tag $") && !q.has[mThird] || q.anyOf("which") && q.says("is", "you")
	alone := len(q.words) <= 3 && (q.has[mAnyPlatform] || q.has[mAnyPay]) && saysYes(r.toks[0].text)
	alone = alone || len(q.words) <= 4 && q.asks() && q.anyOf("it that") && n <= 3 && saysYes(r.toks[0].text)
	return named && n <= 6 || alone
}

// confirmsMail finds the yes to the guess where the name is an address that was given
// before: "orchardcats", "gmail?", "yep".
func (r *reading) confirmsMail(p *past) (finding, bool) {
	n := len(p.last)
	if n < 2 || len(r.words) > 4 || !saysYes(r.toks[0].text) || r.takesBack() {
		return finding{}, false
	}
	guess, name := p.last[n-1], p.last[n-2]
	if guess.author == r.author || name.author != r.author || !guess.asks() || len(guess.words) > 4 || len(name.words) > 4 || name.has[mThird] {
		return finding{}, false
	}
	for i := range guess.toks {
		if isProvider(guess.toks[i].text) {
			return finding{Span: r.span(0, len(r.toks), DisguisedEmail), confidence: 0.6}, true
		}
	}
	return finding{}, false
}

// endsAddress finds the end of an address whose beginning its writer sent before: "is.gd",
// "/tails"; "www", "tails", "com"; "tails in perth", "hotmail".
func (r *reading) endsAddress(p *past) (finding, bool) {
	n := len(p.last)
	if len(r.words) == 0 || len(r.words) > 5 || r.asks() || r.saysNo() {
		return finding{}, false
	}
	for _, t := range p.last {
		if t.author != r.author || len(t.words) > 4 {
			continue
		}
		if isShortHost(strings.Trim(strings.ToLower(t.body), " /")) || len(t.words) == 1 && t.anyOf("www") {
			return finding{Span: r.span(0, len(r.toks), Link), confidence: 0.7}, true
		}
	}
	if before := p.last[n-1]; len(r.words) == 1 && isProvider(r.toks[0].text) && before.author == r.author && len(before.words) <= 4 && !before.has[mThird] {
		return finding{Span: r.span(0, len(r.toks), DisguisedEmail), confidence: 0.6}, true
	}
	return finding{}, false
}

// leftBehind finds the answer that what was left somewhere is the writer's own: "what's
// there?", "my details".
func (r *reading) leftBehind(p *past) (finding, bool) {
	q := p.last[len(p.last)-1]
	if r.author != Sitter || q.author == r.author || !q.asks() && !q.anyOf("what whats") || len(q.words) > 5 || len(r.words) > 8 || r.takesBack() {
		return finding{}, false
	}
	for i := range r.toks {
		if r.toks[i].text == "my" && r.firstOf(i+1, i+2, "details number contact contacts digits email card") >= 0 && q.anyOf("what whats") && q.anyOf("there that it") {
			return finding{Span: r.span(0, len(r.toks), Bypass), confidence: 0.6}, true
		}
	}
	if len(r.words) <= 2 && r.anyOf("mine") && q.anyOf("number phone email") && !q.anyOf("chip order tag") {
		return finding{Span: r.span(0, len(r.toks), Bypass), confidence: 0.6}, true
	}
	return finding{}, false
}

// says tells whether two words stand next to each other.
func (r *reading) says(a, z string) bool {
	for i := 0; i+1 < len(r.toks); i++ {
		if r.toks[i].text == a && r.toks[i+1].text == z {
			return true
		}
	}
	return false
}

// hasOnly tells whether all that speaks for a swap in a text is mark m: who says
// yes to "what's your number?" has given nothing yet.
func (r *reading) hasOnly(m mark) bool {
	return r.has[m] && !r.has[mBypass] && !r.has[mPlatform] && !r.has[mPay] && !r.has[mHandle] && !r.has[mLean]
}

// whereItIs finds the service that is all a text says, where t asked which: "on which app?", "vnmo".
func (r *reading) whereItIs(t *reading, p *past) (finding, bool) {
	if f, ok := r.placesName(t, p); ok {
		return f, true
	}
	if t.author == r.author || len(r.words) > 2 || !r.has[mAnyPay] && !r.has[mAnyPlatform] || r.asks() || !t.asks() || t.has[mNoPay] || t.has[mNoPlatform] {
		return finding{}, false
	}
	if !t.anyOf("which where on what how") {
		return finding{}, false
	}
	f := Platform
	if r.has[mAnyPay] {
		f = Payment
	}
	return finding{Span: r.span(0, len(r.toks), f), confidence: 0.6}, true
}

// placesName finds the short text that says where the name is one that its writer
// gave before: "my tag is …", "on what?", "that cash one".
func (r *reading) placesName(t *reading, p *past) (finding, bool) {
	if t.author == r.author || len(t.words) > 4 || len(r.words) > 6 || !t.anyOf("what which where") || r.asks() || r.takesBack() {
		return finding{}, false
	}
	for _, g := range p.last {
		if g.author == r.author && (g.has[mHandle] || g.has[mAnyPay]) && !g.has[mNoPay] && !g.has[mNoPlatform] && !g.has[mThird] {
			f := Handle
			if g.has[mAnyPay] {
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
	amount := false
	for i := range r.toks {
		if w := &r.toks[i]; w.kind == num {
			amount = len(w.text) < 4
		}
	}
	return amount && t.anyOf("much charge rate price cost cuanto cobras") && !r.anyOf("app office not through")
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
			if t.kind == emoji {
				switch []rune(r.body[t.start:t.end])[0] {
				case '👍', '🤝', '👌', '✅', '💯', '🙌':
					yes = true
				}
			}
			continue
		}
		switch t.text {
		case "yes", "yeah", "yep", "yup", "ya", "yea", "ok", "okay", "okey", "k", "sure", "deal", "perfect", "done", "fine", "absolutely", "definitely", "agreed", "si", "claro", "dale", "vale", "listo", "trato", "oui", "ja", "klar", "works", "down", "gladly", "happy", "totally", "bet", "certainly", "great", "lovely", "love", "aye", "amazing", "brilliant", "cool", "awesome", "course":
			yes = yes || i < 6
		case "in":
			yes = yes || r.tok(i-1).text == "im" || r.tok(i-1).text == "were" || r.tok(i-1).text == "us" && r.tok(i-2).text == "count"
		case "is":
			yes = yes || r.tok(i-1).text == "it" && len(r.words) <= 6 && (i+1 == len(r.toks) || r.toks[i+1].kind != word) // "thirty it is"
		case "do":
			yes = yes || r.tok(i-1).text == "please" || r.tok(i-1).text == "will"
		case "ahead":
			yes = yes || r.tok(i-1).text == "go"
		case "good", "plan":
			yes = yes || r.tok(i-1).text == "sounds" || r.tok(i-1).text == "a" && r.tok(i-2).text == "like"
		case "dont":
			if !yes {
				return false // "yes, don't put it in" agrees
			}
		default:
			if takenBack(t.text) {
				return false
			}
		}
	}
	return yes
}

// takesBack tells whether a text declines, or brings in the business.
func (r *reading) takesBack() bool {
	for i := range r.toks {
		if t := &r.toks[i]; t.kind == word && takenBack(t.text) {
			return true
		}
	}
	return false
}

// takenBack are the words after which a yes is none.
func takenBack(w string) bool {
	switch w {
	case "no", "not", "cant", "wont", "never", "nope", "but", "sorry", "only", "app", "apps", "office", "policy", "rules", "allowed", "through", "unfortunately", "heres", "phew", "banned", "rather", "company", "agency", "here", "though", "wait", "joking", "kidding", "nah", "first", "website", "portal", "system", "companys", "agencys", "offices", "booking":
		return true
	}
	return false
}
