package screening

import "strings"

// fragment is the digits that one earlier text left open.
type fragment struct {
	digits string
	part   bool // says that it is a part, or that a number is meant
	pure   bool // nothing but digits
	author Author
	at     int
	first  int // tokens of its digits
	last   int
	third  bool // names somebody else
	mine   bool // speaks of reaching the writer
	sigh   bool // a lone "oh", which is a digit or is none
}

// past is what the thread's last texts say about this one.
type past struct {
	last      []*reading // the newest few, read in full; oldest first
	fragments []fragment // oldest first
	tails     []fragment // what texts end in, where that is the first half of a phone; oldest first
	steps     int
}

// Earlier texts matter for two things: what the last few talk about, and short
// texts with digits in them. Everything longer and older is left unread, which
// bounds the work.
const (
	fullTexts   = 3
	shortText   = 160 // bytes
	pastMaxText = 512 // bytes of a recent text, from its end
)

func readPast(context []Text, b *book, s *slab) *past {
	p := &past{last: make([]*reading, 0, fullTexts)}
	if len(context) > MaxContext {
		context = context[len(context)-MaxContext:]
	}
	for i, t := range context {
		recent := i >= len(context)-fullTexts
		if !recent && len(t.Body) > shortText {
			continue
		}
		if len(t.Body) > pastMaxText {
			t.Body = strings.ToValidUTF8(t.Body[len(t.Body)-pastMaxText:], "")
		}
		r := s.read(t, b, recent)
		p.steps += r.steps
		if recent {
			p.last = append(p.last, r)
		}
		if f, ok := r.tail(); ok {
			f.at = i
			p.tails = append(p.tails, f)
		}
		if f, ok := r.fragment(); ok {
			f.at = i
			if i > 0 && !f.part && answers(context[i-1], t) && !(p.goesOn(&f) && !asksForPlace(context[i-1].Body)) {
				continue
			}
			p.fragments = append(p.fragments, f)
		}
	}
	return p
}

// goesOn tells whether f is three bare figures after three by the same author:
// "714" "what's that?" "555" answers nothing.
func (p *past) goesOn(f *fragment) bool {
	n := len(p.fragments)
	if n == 0 || !f.pure || len(f.digits) != 3 {
		return false
	}
	g := &p.fragments[n-1]
	return g.author == f.author && g.pure && len(g.digits) == 3 && g.digits[0] >= '2'
}

// answers tells whether a short figure only answers the question before it.
func answers(before, t Text) bool {
	if before.Author != t.Author && asksForPlace(before.Body) {
		return true
	}
	if len(before.Body) < 24 && (onlyDigits(before.Body) != "" || len(before.Body) < 9) {
		return false // "555?" asks for the rest
	}
	if d := onlyDigits(before.Body); len(d) == 6 && areaAndExchange(d) && len(before.Body) < 48 && !asksForPlace(before.Body) {
		return false // "I say 718 555 and you say?"
	}
	return before.Author != t.Author && strings.HasSuffix(strings.TrimSpace(before.Body), "?") && !asksForNumber(before.Body) && len(strings.Fields(before.Body)) > 2
}

func asksForNumber(s string) bool {
	s = strings.ToLower(s)
	for _, w := range [...]string{"number", "phone", "cell", "digits", "reach you", "call you", "text you", "numero", "número", "next", "rest", "then", "and", "last", "first", "go on", "more"} {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// setting sums up the last few texts for the figures of r.
func (p *past) setting(r *reading) setting {
	var s setting
	for k, t := range p.last {
		newest := k == len(p.last)-1
		if newest {
			// What one's own last text announced and also gave is not announced any more.
			served := t.author == r.author && !t.asks()
			s.third = s.third || t.has[mThird] && (t.author == r.author || t.asks() || t.has[mCall] || t.beginsToAsk()) && !(served && t.phoneLike())
			s.code = s.code || t.has[mCode] && !t.area() && !(served && len(t.digits) >= 4)
			s.serial = s.serial || t.has[mSerial] && (!(served && len(t.digits) >= 4) || r.has[mPart] && !r.has[mNumber])
			s.number = s.number || t.has[mNumber] || t.has[mAsk] || t.has[mReach]
		} else if len(p.last)-k == 2 && t.author != r.author {
			s.third = s.third || t.has[mThird] && (t.asks() || t.has[mCall])
			s.code = s.code || t.has[mCode]
			s.serial = s.serial || t.has[mSerial]
		}
		if ask := p.last[len(p.last)-1]; len(p.last)-k == 2 && t.author == r.author && ask.author != r.author && (ask.asks() || ask.tok(0).text == "from" || ask.tok(0).text == "which") && len(t.digits) < 4 && !ask.has[mNumber] && !ask.has[mAsk] && !ask.has[mReach] {
			s.code = s.code || t.has[mCode] // "a parcel came" "from whom?"
			s.serial = s.serial || t.has[mSerial]
		}
		if len(p.last)-k == 3 && t.author != r.author && p.last[1].author == r.author && p.last[2].author == r.author {
			s.code = s.code || t.has[mCode] // "ready for the chip number", and then it in pieces
			s.serial = s.serial || t.has[mSerial]
		}
		if t.has[mAnyPay] || t.has[mAsk] || t.has[mPlatform] || t.has[mAnyPlatform] || t.has[mPay] || t.has[mHandle] {
			s.ask = true
		}
		if newest && t.has[mMail] && t.author != r.author && (t.asks() || strings.Contains(t.body, "what ") || strings.Contains(t.body, "which ")) {
			s.ask = true
		}
	}
	s.third = s.third || p.asksForAnother(r) || p.offersAnother(r)
	return s
}

// asksForAnother tells whether r, by a client, answers a sitter who asks for
// somebody else's phone: somebody was named, and nobody spoke of the client's own.
func (p *past) asksForAnother(r *reading) bool {
	if r.author != Client {
		return false
	}
	named := false
	for _, t := range p.last {
		if t.has[mNumber] || t.has[mReach] || t.has[mAsk] && !t.pointsAway() {
			return false
		}
		named = named || t.has[mThird]
	}
	if !named {
		return false
	}
	k := len(p.last) - 1
	for k > 0 && p.last[k].author == Client && len(p.last[k].words) <= 4 {
		k-- // the answer began in an earlier text
	}
	q := p.last[k]
	if q.author != Sitter || len(q.words) > 12 || q.has[mCode] || q.has[mSerial] {
		return false
	}
	please := len(q.words) <= 4 && q.has[mCall] && q.anyOf("please pls plz") // "number please"
	return please || q.has[mThird] && q.has[mCall] || (q.asks() || q.beginsToAsk()) && (q.has[mThird] || q.has[mCall] || q.pointsAway() || q.pointsAt())
}

// offersAnother tells whether r, by a client, gives what the client asked leave to
// give in the text before the sitter's: "can I leave my sister's number?" "sure".
func (p *past) offersAnother(r *reading) bool {
	n := len(p.last)
	if n < 2 || r.author != Client || r.has[mNumber] || r.has[mReach] {
		return false
	}
	yes, offer := p.last[n-1], p.last[n-2]
	return yes.author == Sitter && len(yes.words) <= 6 && !yes.has[mNumber] && !yes.has[mAsk] && offer.author == Client && offer.has[mThird] && offer.asks() && !offer.has[mReach]
}

// beginsToAsk tells whether a text begins as a question does, sign or none.
func (r *reading) beginsToAsk() bool {
	switch r.tok(0).text {
	case "which", "what", "whats", "who", "whos", "wheres", "where", "quel", "quelle", "cual", "welche", "welcher":
		return true
	}
	return false
}

// pointsAt tells whether a short question asks for a thing that was just spoken of.
func (r *reading) pointsAt() bool {
	if len(r.words) > 7 {
		return false
	}
	return r.anyOf("it one that new current other")
}

// pointsAway tells whether a text speaks of him, her or them.
func (r *reading) pointsAway() bool {
	return r.anyOf("him her them his their theirs hers they")
}

// asks tells whether a text asks something.
func (r *reading) asks() bool {
	for k := range r.toks {
		if r.toks[k].kind == sign && r.toks[k].ch == '?' {
			return true
		}
	}
	return false
}

// fragment gives the digits of a text, or of one sentence in it, that is little
// more than a part of a number, or that says it is one.
func (r *reading) fragment() (fragment, bool) {
	if f, ok := r.fragmentOf(0, len(r.atoms), true); ok || len(r.atoms) == 0 {
		return f, ok
	}
	// What is said in other sentences does not make the digits in this one less.
	for a := 0; a < len(r.atoms); {
		b := a + 1
		for b < len(r.atoms) && r.sentenceOf(b) == r.sentenceOf(a) {
			b++
		}
		if a > 0 || b < len(r.atoms) || len(r.words) > 0 && r.words[len(r.words)-1].sentence > 0 {
			if f, ok := r.fragmentOf(a, b, false); ok && (f.part || r.alone(a, b)) {
				return f, true
			}
		}
		a = b
	}
	return fragment{}, false
}

// sentenceOf is the sentence atom k stands in.
func (r *reading) sentenceOf(k int) int {
	if at := int(r.wordAt[r.atoms[k].from]); at < len(r.words) {
		return r.words[at].sentence
	}
	return 0
}

// alone tells whether the sentence of atoms [a, b) holds nothing but them and
// small talk: "0151." or "and oh one six six".
func (r *reading) alone(a, b int) bool {
	here := r.sentenceOf(a)
	for k := int(r.wordAt[r.atoms[a].from]); k > 0 && r.words[k-1].sentence == here; k-- {
		if t := &r.toks[r.words[k-1].tok]; t.kind == word && !smallTalk(t.text) {
			return false
		}
	}
	for k := int(r.wordAt[r.atoms[b-1].to]); k < len(r.words) && r.words[k].sentence == here; k++ {
		if t := &r.toks[r.words[k].tok]; t.kind == word && !smallTalk(t.text) {
			return false
		}
	}
	return true
}

// fragmentOf is fragment for atoms [from, to): all of them, or one sentence's.
func (r *reading) fragmentOf(from, to int, whole bool) (fragment, bool) {
	f := fragment{author: r.author, first: -1}
	var room [16]byte
	d := room[:0]
	plus := false
	dressed := 0
	n := 0
	for k := from; k < to; k++ {
		a := &r.atoms[k]
		if a.value == "" || a.sure < 2 && len(r.words) > 4+2*k && !r.has[mPart] && !(a.value == "0" && r.sureBeside(k)) {
			continue
		}
		if a.sure < 2 && (!r.sureBeside(k) || r.leadsOn(k)) {
			continue
		}
		if a.dress != bare && !(a.dress == amount && a.inWords) {
			dressed++
			continue
		}
		if a.inWords && a.kind == unit && a.value == "1" && (k == 0 || a.gap > 0) && (k+1 == len(r.atoms) || r.atoms[k+1].gap > 0 || r.atoms[k+1].seps&sepComma != 0) && len(r.atoms) > 1 {
			continue // "the other one"
		}
		if len(a.value) > 11 || len(d)+len(a.value) > 12 {
			return f, false
		}
		if p := r.tok(a.from - 1); p.text == "the" && !a.inWords && !r.has[mNumber] && !r.has[mPart] {
			return f, false // "the 415": one of several things
		}
		if n == 0 && r.tok(a.from-1).ch == '+' && r.tok(a.from-1).kind == sign {
			plus = true
		}
		if f.first < 0 {
			f.first = a.from
		}
		f.sigh = a.value == "0" && a.inWords && a.sure < 3
		f.last = a.to
		d = append(d, a.value...)
		n++
	}
	if n == 0 {
		return f, false
	}
	f.sigh = f.sigh && n == 1
	if f.sigh && len(r.words) > 1 && !r.has[mPart] && !r.has[mNumber] {
		return f, false // "ohh ok"
	}
	if !r.has[mNumber] && !r.has[mReach] && r.hoursAndMinutes(from, to) {
		return f, false
	}
	others, words := 0, len(r.words)
	lo, hi := 0, len(r.toks)
	if !whole {
		here := r.sentenceOf(from)
		p, q := int(r.wordAt[r.atoms[from].from]), int(r.wordAt[r.atoms[to-1].to])
		for p > 0 && r.words[p-1].sentence == here {
			p--
		}
		for q < len(r.words) && r.words[q].sentence == here {
			q++
		}
		lo, hi, words = r.words[p].tok, r.words[q-1].tok+1, q-p
	}
	for i := lo; i < hi; i++ {
		if r.toks[i].kind == word && !smallTalk(r.toks[i].text) {
			others++
		}
	}
	for k := from; k < to; k++ {
		if r.atoms[k].inWords || r.atoms[k].odd {
			others -= r.atoms[k].to - r.atoms[k].from
		}
	}
	f.digits = string(d)
	if plus {
		f.digits = "+" + f.digits
	}
	f.pure = words == n || whole && r.apartFrom(f.first, f.last, n)
	f.part = r.has[mPart] || r.has[mNumber] || plus
	f.third, f.mine = r.has[mThird], r.has[mReach] || r.has[mNumber] && !r.has[mThird]
	if r.has[mCode] && !r.has[mPart] || r.has[mSerial] {
		return f, false
	}
	if dressed > 0 && !f.part {
		return f, false
	}
	if others > 3 && !r.has[mPart] && !(r.has[mNumber] && others <= 8) {
		return f, false
	}
	return f, true
}

// apartFrom tells whether the n figures in tokens [from, to) are a sentence of
// their own, the last: "I'll send it in bits. 77355".
func (r *reading) apartFrom(from, to, n int) bool {
	p, q := int(r.wordAt[from]), int(r.wordAt[to-1])
	return p > 0 && q == len(r.words)-1 && q-p+1 == n && r.words[p-1].sentence != r.words[p].sentence
}

// heads is the figures a text begins with, where a comma or the end of a sentence
// parts them from what it goes on about: "0177, you'll see what it is for".
func (r *reading) heads() (fragment, bool) {
	b := 0
	for b < len(r.atoms) && b < 8 && r.atoms[b].gap == 0 && r.atoms[b].dress == bare && r.atoms[b].sure >= 2 {
		b++
	}
	if b == 0 || r.atoms[0].from > 0 {
		return fragment{}, false
	}
	f := fragment{author: r.author, digits: r.digitsOf(0, b), first: 0, last: r.atoms[b-1].to, pure: true, mine: r.has[mReach]}
	t := r.tok(f.last)
	return f, len(f.digits) <= 7 && t.kind == sign && (t.ch == ',' || t.ch == '.' || t.ch == '!' || t.ch == '-' && t.space) && !t.space && !r.has[mCode] && !r.has[mSerial]
}

// hoursAndMinutes tells whether atoms [from, to) are times written without a sign,
// two or more or one where days are spoken of: "8 15 and 5 50".
func (r *reading) hoursAndMinutes(from, to int) bool {
	if (to-from)%2 != 0 {
		return false
	}
	for k := from; k+1 < to; k += 2 {
		h, m := r.atoms[k].value, r.atoms[k+1].value
		if r.atoms[k+1].gap > 0 || r.atoms[k+1].seps&^sepSpace != 0 || len(h) == 0 || len(h) > 2 || h[0] == '0' || number(h) > 23 || len(m) != 2 || m > "55" || m[1] != '0' && m[1] != '5' {
			return false
		}
		if k > from && r.atoms[k].gap == 0 && r.atoms[k].seps&^(sepSpace|sepFiller) == 0 && !r.and(r.atoms[k].from-1) {
			return false
		}
	}
	return to-from > 2 || r.speaksOfDays()
}

func (r *reading) and(i int) bool {
	switch r.tok(i).text {
	case "and", "then", "y", "et", "und", "or", "to":
		return true
	}
	return false
}

// speaksOfDays tells whether a text names a part of a day or of a week.
func (r *reading) speaksOfDays() bool {
	return r.anyOf("morning afternoon evening night tonight tomorrow today monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thurs fri sat sun noon daily weekend")
}

// tail gives the three or six digits a text breaks off with, as a phone does
// that goes on in the next one: "… and I'm at 415 555".
func (r *reading) tail() (fragment, bool) {
	k := len(r.atoms)
	if k == 0 {
		return fragment{}, false
	}
	for i := r.atoms[k-1].to; i < len(r.toks); i++ {
		switch t := &r.toks[i]; {
		case t.kind == sign || t.kind == emoji:
		case t.kind == word && (t.text == "something" || t.text == "and" || t.text == "then" || t.text == "blank" || t.text == "y" || t.text == "what" || t.text == "whatever"):
		default:
			return fragment{}, false
		}
	}
	n, a := 0, k
	for a > 0 && n < 6 && (a == k || r.atoms[a].gap == 0 && r.atoms[a].seps&^(sepSpace|sepDash|sepDot|sepParen|sepComma|sepOdd|sepPicture|sepFiller) == 0) {
		x := &r.atoms[a-1]
		if x.value == "" || x.sure < 2 || x.dress != bare {
			break
		}
		n += len(x.value)
		a--
	}
	if n != 3 && n != 6 {
		return fragment{}, false
	}
	f := fragment{digits: r.digitsOf(a, k), author: r.author, first: r.atoms[a].from, last: r.atoms[k-1].to}
	e := r.evidence(f.first, f.last, setting{})
	f.third = e.d[mThird] <= 1 && e.d[mThird] < min(e.d[mNumber], e.d[mReach])
	return f, f.digits[0] >= '2' && (n == 3 || f.digits[3] >= '2') && !(e.coded || e.serial)
}

// seam tells whether this text begins with the digits that end a phone which an
// earlier text broke off with, whatever else either says.
func (r *reading) seam(p *past, m *Message) (candidate, bool) {
	if len(p.tails) == 0 || len(r.atoms) == 0 {
		return candidate{}, false
	}
	t := &p.tails[len(p.tails)-1]
	n := min(len(m.Context), MaxContext)
	if t.at >= n || n-t.at > 3 { // the tail may be this text's own, when an earlier text is looked at again
		return candidate{}, false
	}
	for _, between := range m.Context[len(m.Context)-n+t.at+1:] {
		if len(between.Body) > 40 || onlyDigits(between.Body) != "" {
			return candidate{}, false
		}
	}
	need := 10 - len(t.digits)
	for a := 0; a < len(r.atoms); a++ {
		x := &r.atoms[a]
		if a > 0 && x.gap == 0 || x.value == "" || !r.leads(x.from) {
			continue
		}
		total := 0
		for b := a; b < len(r.atoms) && total < need; b++ {
			r.steps++
			y := &r.atoms[b]
			if b > a && y.gap > 0 || y.dress != bare || y.sure < 2 && y.value != "0" {
				break
			}
			if total += len(y.value); total != need || b+1 < len(r.atoms) && r.atoms[b+1].gap == 0 && r.atoms[b+1].seps&(sepComma|sepLine) == 0 && !(r.atoms[b+1].sure < 2 && r.leadsOn(b+1)) {
				continue
			}
			d := t.digits + r.digitsOf(a, b+1)
			e := r.evidence(x.from, y.to, setting{})
			if d[3] < '2' || e.coded && e.d[mCode] < 3 || e.serial || p.things(r, t.at, n) || (e.thirds || t.third) && r.author == Client {
				return candidate{}, false
			}
			return candidate{from: x.from, to: y.to, digits: d, family: SplitPhone}, true
		}
	}
	return candidate{}, false
}

// leads tells whether nothing but small talk stands before token i in its sentence.
func (r *reading) leads(i int) bool {
	at := int(r.wordAt[i])
	for k := at - 1; k >= 0 && at < len(r.words) && r.words[k].sentence == r.words[at].sentence; k-- {
		if t := &r.toks[r.words[k].tok]; t.kind == num || t.kind == word && !smallTalk(t.text) {
			return false
		}
	}
	return true
}

// leadsOn tells whether atom k is a word like "for" that ends a row of figures
// and has a word after it: "0150 for next time".
func (r *reading) leadsOn(k int) bool {
	a := &r.atoms[k]
	n := r.tok(a.to)
	return k > 0 && n.kind == word && (k+1 == len(r.atoms) || r.atoms[k+1].gap > 0) && !smallTalk(n.text)
}

func (r *reading) sureBeside(k int) bool {
	return k > 0 && r.atoms[k].gap == 0 && r.atoms[k-1].sure >= 2 || k+1 < len(r.atoms) && r.atoms[k+1].gap == 0 && r.atoms[k+1].sure >= 2 || len(r.words) == len(r.atoms)
}

// smallTalk are words that may stand beside the digits of a fragment.
func smallTalk(w string) bool {
	switch w {
	case "ok", "okay", "k", "lol", "haha", "hehe", "yes", "yeah", "yep", "si", "and", "then", "its", "it", "is", "the", "so", "rest", "last", "first", "next", "digits", "digit", "number", "numbers", "my", "mine", "area", "code", "starts", "ends", "with", "in", "a", "finally", "now", "part", "half", "two", "second", "here", "there", "that", "thats", "all", "cell", "phone", "got", "of", "to", "be", "continued", "plus", "y", "luego", "los", "el", "mi", "numero", "ultimos", "four", "three", "oh", "wait", "more", "one", "for", "me", "shh", "done", "end", "dash", "cont", "call", "text", "at", "on", "begins", "prefix", "middle", "final", "followed", "by", "get", "ready", "note", "this", "down", "hint", "btw", "also", "as", "in case", "after", "just", "add", "correct", "right", "yup", "write", "u", "you", "i", "we", "have", "are", "primeros", "son", "es", "termina", "empieza", "con", "en", "what", "comes", "good", "great", "cool", "bye", "thx", "thanks", "continues", "remember", "begin", "start":
		return true
	}
	return false
}

// split tells whether this text completes a number begun earlier.
func (r *reading) split(p *past, phones []candidate, m *Message, ctx setting) (candidate, bool) {
	if len(phones) > 0 || len(p.fragments) == 0 {
		return candidate{}, false
	}
	f, ok := r.fragment()
	if !ok && p.begun(r.author) {
		f, ok = r.heads() // what it goes on about does not matter after two pieces
	}
	if !ok {
		return candidate{}, false
	}
	if n := len(m.Context); n > 0 && !f.part && answers(m.Context[min(n, len(m.Context))-1], m.Text) && !(f.pure && p.begun(r.author)) {
		return candidate{}, false
	}
	from, to := -1, -1
	for k := range r.atoms {
		if r.atoms[k].value == "" {
			continue
		}
		if from < 0 {
			from = r.atoms[k].from
		}
		to = r.atoms[k].to
	}
	digits, part, pure := f.digits, f.part, f.pure || r.has[mReach]
	turned := f.digits // the pieces the other way round, where somebody says what comes first
	front := r.speaksOfFront()
	for _, t := range p.last {
		front = front || t.speaksOfFront()
	}
	pieces := []int{len(f.digits)}
	n := len(m.Context)
	if n > MaxContext {
		n = MaxContext
	}
	lastAt := n
	for k := len(p.fragments) - 1; k >= 0; k-- {
		g := p.fragments[k]
		if lastAt-g.at > 7 {
			break
		}
		if g.sigh && g.author != r.author {
			continue // "480" "oh?" "555"
		}
		lastAt = g.at
		digits = g.digits + digits
		turned += g.digits
		part = part || g.part
		pure = pure && g.pure
		pieces = append(pieces, len(g.digits))
		plain := strings.TrimPrefix(digits, "+")
		if strings.Contains(plain, "+") || len(plain) > 15 {
			break
		}
		ok := completes(digits, plain, pieces, part || ctx.number, pure)
		if !ok && front && len(turned) == 10 && turned[0] >= '2' && turned[3] >= '2' {
			ok, plain = true, turned
		}
		if ok && len(f.digits) >= 5 && (g.digits == f.digits || r.before != nil && r.before.digits == f.digits) {
			return candidate{}, false // read back to make sure of it: "2 at 5 and 2 at 10", "so 2-5-2-10"
		}
		if ok {
			c := candidate{from: from, to: to, digits: plain, family: SplitPhone}
			e := r.evidence(from, to, setting{})
			if r.author == Client && (e.thirds || ctx.third && (!part || !p.mine(r))) {
				return candidate{}, false
			}
			if g.at > 0 && !p.mine(r) && asksAmount(m.Context[len(m.Context)-n+g.at-1], r.author) {
				return candidate{}, false
			}
			if p.things(r, g.at, n) || r.author == Client && p.others(k, r) {
				return candidate{}, false
			}
			for _, own := range m.Own.Numbers {
				if strings.HasSuffix(onlyDigits(own), plain) {
					return candidate{}, false
				}
			}
			return c, true
		}
	}
	return candidate{}, false
}

// asksAmount tells whether a text of the other one asks how much or how many of
// something: the figures that follow answer it, in however many texts.
func asksAmount(t Text, a Author) bool {
	if t.Author == a || len(t.Body) > 160 {
		return false
	}
	s := strings.ToLower(t.Body)
	for _, w := range [...]string{"how many", "how much", "how long", "how far", "how heavy", "weigh", "what temp", "reading", "score", "steps", "cuant", "cuánt", "a que hora", "what time", "which box", "which bag", "display", "thermometer", "the scale", "the meter", "does it say", "does it show", "does it read"} {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// mine tells whether this text or one of the last speaks of the writer's own number.
func (p *past) mine(r *reading) bool {
	mine := r.has[mNumber] || r.has[mReach]
	for _, t := range p.last {
		mine = mine || t.has[mNumber] || t.has[mReach] || t.has[mAsk]
	}
	return mine
}

// things tells whether the texts since the one at place `at` of n, or the one
// before it, are about a chip, a parcel or a code, and none about a phone.
func (p *past) things(r *reading, at, n int) bool {
	if p.mine(r) || r.has[mCall] {
		return false
	}
	things := false
	from := at - 1 - (n - len(p.last))
	for from > 0 && from < len(p.last) && p.last[from].author == r.author && len(p.last[from].digits) > 0 {
		from-- // a piece that was taken for an answer
	}
	for k, t := range p.last {
		if k < from {
			continue
		}
		if t.has[mCall] && t.speaksOfCalls() || t.has[mHint] && (t.author == r.author || !t.has[mSerial]) {
			return false
		}
		things = things || t.has[mSerial] || t.has[mCode] || t.has[mTally]
	}
	return things || r.has[mSerial] || r.has[mCode]
}

// others tells whether what the writer said when he began, in fragment k or since,
// names somebody else and not himself.
func (p *past) others(k int, r *reading) bool {
	third, mine := r.has[mThird], r.has[mReach]
	for _, g := range p.fragments[k:] {
		if g.author == r.author {
			third, mine = third || g.third, mine || g.mine
		}
	}
	return third && !mine
}

// confirms tells whether this text says yes to the other's guess of the end of a number.
func (r *reading) confirms(p *past, m *Message, ctx setting) (candidate, bool) {
	n := min(len(m.Context), MaxContext)
	if len(r.words) == 0 || len(r.words) > 12 || len(p.fragments) < 2 || len(p.last) == 0 {
		return candidate{}, false
	}
	yes := false
	for i := range r.toks {
		yes = yes || saysYes(r.toks[i].text)
	}
	guess := p.last[len(p.last)-1]
	f := p.fragments[len(p.fragments)-1]
	if !yes || r.anyOf("no not nope") || guess.author == r.author || !guess.asks() || f.at != n-1 {
		return candidate{}, false
	}
	before := &past{fragments: p.fragments[:len(p.fragments)-1], last: p.last[:len(p.last)-1], tails: p.tails}
	g := Message{Text: m.Context[len(m.Context)-1], Context: m.Context[:len(m.Context)-1], Own: m.Own}
	_, ok := guess.split(before, nil, &g, ctx)
	if !ok {
		_, ok = guess.seam(before, &g)
	}
	ok = ok || len(f.digits) == 4 && before.guessed(f.digits) && !p.things(r, 0, n)
	return candidate{from: 0, to: len(r.toks), family: SplitPhone}, ok
}

// relative tells whether this text gives a number as another one with other
// digits at its end: "mine's the same with 0182 at the end", and where.
func (r *reading) relative(p *past, ctx setting) (candidate, bool) {
	same := r.firstOf(0, len(r.toks), "same identical like mismo igual similar")
	if same < 0 {
		same = r.firstOf(0, len(r.toks), "new now changed instead updated nuevo ahora")
		if same < 0 || !r.has[mPart] || r.has[mThird] || r.has[mCode] || r.has[mSerial] {
			return candidate{}, false
		}
	}
	known := (r.has[mNumber] || ctx.number) && r.has[mPart] || r.namesThisLine()
	for _, t := range p.last {
		known = known || len(t.digits) >= 7 && len(t.digits) <= 16 && (t.longest(make([]bool, len(t.atoms))) >= 7 || t.phoneLike())
	}
	if !known {
		return candidate{}, false
	}
	for k := range r.atoms {
		a := &r.atoms[k]
		if n := len(a.value); n < 1 || n > 4 || a.dress != bare || a.from < same-8 || a.from > same+16 {
			continue
		}
		if (len(a.value) >= 2 || r.has[mNumber]) && r.firstOf(a.from-5, a.to+6, "end ends ending last instead final finish but except termina pero") >= 0 {
			return candidate{from: a.from, to: a.to, digits: a.value, family: SplitPhone}, true
		}
	}
	return candidate{}, false
}

// namesThisLine tells whether a text speaks of the number that it is sent to, or
// of the business's, which both know.
func (r *reading) namesThisLine() bool {
	return r.anyOf("number line phone digits") && r.anyOf("texting office business company agency")
}

// phoneLike tells whether a text holds ten digits in three groups, or seven in two.
func (r *reading) phoneLike() bool {
	for k := 0; k+1 < len(r.atoms); k++ {
		a, b := &r.atoms[k], &r.atoms[k+1]
		if len(a.value) == 3 && b.gap == 0 && (len(b.value) == 4 || k+2 < len(r.atoms) && len(b.value) == 3 && len(r.atoms[k+2].value) == 4 && r.atoms[k+2].gap == 0) {
			return true
		}
	}
	return false
}

// speaksOfFront tells whether a text says that something comes first.
func (r *reading) speaksOfFront() bool {
	return r.anyOf("front before prefix area first start starts begins beginning delante antes primero")
}

// begun tells whether an author has sent two texts of nothing but digits: a
// question in between does not make the third one an answer.
func (p *past) begun(a Author) bool {
	n := 0
	for _, f := range p.fragments {
		if f.author == a && f.pure {
			n++
		}
	}
	return n >= 2
}

// completes tells whether pieces (newest first) make a phone number.
func completes(digits, plain string, pieces []int, part, pure bool) bool {
	core := plain
	if len(core) == 11 && core[0] == '1' {
		core = core[1:]
	}
	nanp := len(core) == 10 && core[0] >= '2' && core[3] >= '2'
	switch {
	case strings.HasPrefix(digits, "+") && len(plain) >= 9:
		return len(plain) == 11 || len(plain) >= 11 && plain[0] != '1'
	case len(core) == 10 && part:
		return true
	case nanp:
		// Ends of the pieces, counted from the front: a phone is cut after 3 or 6.
		at := 0
		cut := false
		small := true
		for k := len(pieces) - 1; k > 0; k-- {
			at += pieces[k]
			cut = cut || at == 3 || at == 6 || at == 4 && plain[0] == '1' || at == 7 && plain[0] == '1'
			small = small && pieces[k] <= 3
		}
		return cut || pure && len(pieces) >= 3 || small && len(pieces) >= 4 || len(pieces) == 2
	case len(plain) == 10 && plain[0] == '0' && plain[1] != '0':
		return part || pure && len(pieces) <= 5 // 0491 570 157, 06 39 98 42 17
	case len(plain) == 11 && plain[0] == '0':
		return part || len(pieces) == 2 || pure && plain[1] != '0'
	case len(plain) == 12 && plain[0] == '0' && plain[1] != '0', len(plain) == 9 && plain[0] >= '5' && len(pieces) <= 3:
		return part
	case len(plain) == 7 && part:
		return true
	case len(plain) == 7:
		first := pieces[len(pieces)-1]
		return len(pieces) == 2 && first == 3 && plain[0] >= '2' || pure && len(pieces) < 5 && (first == 3 || first == 5) && plain[0] >= '2' && !strings.HasSuffix(plain, "0")
	}
	return false
}

// alarmed tells whether one of the last texts told of an emergency. The model is
// asked only about the newest, and only where no rule saw one.
func (p *past) alarmed(b *book) bool {
	for _, t := range p.last {
		if told, _ := t.emergency(); told {
			return true
		}
	}
	if len(p.last) == 0 {
		return false
	}
	t := p.last[len(p.last)-1]
	var room [8]stretch
	found := alarming(t.stretches(b, room[:0]), alarmThreshold)
	p.steps += t.steps
	t.steps = 0
	return found
}

// answered tells whether the text right before this one told of an emergency
// and r, by the other one, is about what to do: a place, a phone, "go", "yes, call".
func (p *past) answered(r *reading) bool {
	if len(p.last) == 0 || len(r.words) > 16 {
		return false
	}
	if p.last[len(p.last)-1].author == r.author {
		if len(r.words) <= 3 && len(r.digits) >= 3 && p.urgentOther(r.author) {
			return true // the rest of where help is
		}
		return r.hurries() // still on it: "call Dr Yoo 818", "555 0177 hurry"
	}
	if r.has[mUrgent] || r.has[mThird] || r.has[mCall] || len(r.digits) >= 7 {
		return true
	}
	return r.anyOf("go now hurry omg coming way take ya vaya corre corran ve vamos run drive rush quick immediately urgent ahorita rapido leave out break hold stay press pour flush calm asap allez vite")
}

// urgentOther tells whether one of the other one's last texts told of an emergency.
func (p *past) urgentOther(a Author) bool {
	for _, t := range p.last {
		if told, _ := t.emergency(); told && t.author != a {
			return true
		}
	}
	return false
}

// hurries tells whether a text says to be quick.
func (r *reading) hurries() bool {
	return r.anyOf("hurry asap quick immediately rapido vite corre")
}

// asksForPlace tells whether a text asks for a figure that is no phone's: a flat, a code, a time.
func asksForPlace(s string) bool {
	if len(s) > 120 {
		return false
	}
	s = strings.ToLower(s)
	if strings.Contains(s, "area code") || strings.Contains(s, "phone") {
		return false
	}
	for _, w := range [...]string{"unit", "building", "apt", "apartment", "floor", "gate", "door", "code", "room", "suite", "zip", "street", "house number", "wifi", "password", "what time", "how many", "how much", "address", "lot ", "flat", "asking for", "asks for", "locker", "the pass?", "keypad"} {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}
