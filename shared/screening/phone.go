package screening

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// candidate is a stretch of a text that may be a phone number.
type candidate struct {
	from, to int // tokens
	digits   string
	family   Family
	// strength: 3 is a phone unless it is somebody else's, 2 unless something
	// says it is a code, 1 only if something says it is a phone.
	strength int
	list     bool // commas between: may be a list of amounts
	how      how
	odd      bool // in look-alikes, which nobody takes for somebody else's number or a code
	score    int  // what the model says of it
}

// how is which detector found a candidate.
type how uint8

const (
	byFigures how = iota
	byWords
	byKeys
	byVanity
	byStride
	byHeap
	byOrder
	byCuts
)

// verdictOn collects what the detectors found in one text.
type finding struct {
	Span
	digits     string
	confidence float64
}

// setting is what the texts around say about a figure in this one.
type setting struct {
	third, code, serial, number, ask bool
	question                         bool // this text answers a question with figures in it
	emergency                        bool
}

// of is the setting as it counts for c.
func (s setting) of(c *candidate) setting {
	if c.odd {
		s.third, s.code, s.serial = false, false, false
	}
	return s
}

// owner tells whose phone a stretch of words [p, q) is and whether it is one.
type evidence struct {
	d                    [mCount]int
	cue, weak, coded     bool
	serial, thirds, mine bool
}

func (r *reading) evidence(from, to int, ctx setting) evidence {
	p, q := int(r.wordAt[from]), int(r.wordAt[to])
	d := r.nearby(p, q)
	var e evidence
	e.d = d
	if d[mSerial] <= d[mGiven]+2 {
		e.d[mGiven] = far // "the claim number is"
	}
	e.cue = d[mNumber] < 14 || d[mReach] < 10 || e.d[mGiven] < 8
	e.weak = e.cue || d[mCall] < 10
	e.mine = min(d[mNumber], d[mReach]) < 30
	e.coded = d[mCode] < 12 && d[mCode] <= d[mNumber]
	e.serial = d[mSerial] < 14 && d[mSerial] <= d[mNumber] || d[mTally] < 14 && d[mTally] <= d[mNumber] && !r.has[mHint] && !r.has[mKeypad] && !r.speaksOfCalls()
	e.thirds = d[mThird] < 30 && d[mThird] <= min(d[mNumber], d[mReach])
	if d[mNoThird] < 30 && d[mReach] < 20 {
		e.thirds = false
	}
	if !e.mine && !e.thirds {
		if ctx.third {
			e.thirds = true
		}
		if !e.cue && (!e.weak || !r.speaksOfCalls()) {
			e.coded = e.coded || ctx.code
			e.serial = e.serial || ctx.serial
		}
		if ctx.number && !ctx.third && !ctx.code && !ctx.serial {
			e.cue, e.weak = true, true
		}
	}
	return e
}

// named tells whether the sentence leads up to a number by naming something
// else: "captain Stan 949-…", "roadside assistance: 877-…". It does so when
// nothing in it speaks of the writer or of calling, and what stands right
// before the number is no word of that kind either.
func (r *reading) named(from int, e *evidence) bool {
	if e.d[mNumber] < 30 || e.d[mReach] < 30 || e.d[mHint] < 30 || from == 0 {
		return false
	}
	p := int(r.wordAt[from])
	for p > 0 {
		if t := &r.toks[r.words[p-1].tok]; t.kind != sign && t.text != "is" && t.text != "at" {
			break
		}
		p--
	}
	if p == 0 {
		return false
	}
	here, n := r.words[p-1].sentence, 0
	if q := int(r.wordAt[from]); q < len(r.words) && r.words[q].sentence != here {
		return false
	}
	for k := p - 1; k >= 0 && r.words[k].sentence == here && n < 24; k-- {
		r.steps++
		t := &r.toks[r.words[k].tok]
		switch t.text {
		case "if", "when", "whenever", "unless", "should", "course", "sure", "i", "im", "ill", "id", "ive", "me", "my", "mine", "us", "yo", "mi", "mon", "ma", "moi", "mein", "meine", "mich", "meu", "minha", "mio", "yours", "call", "text", "txt", "ring", "phone", "cell", "number", "reach", "try", "use", "message", "dial", "contact", "send", "this", "here", "heres", "its", "it", "same", "new", "line", "landline", "mobile", "direct", "app", "anytime", "code", "lol", "btw", "better", "best", "or", "ok", "okay", "yes", "no", "thanks", "please", "instead", "leave", "voicemail", "vm", "give", "shoot", "drop", "hit", "find", "get", "catch", "digits", "home", "work", "day", "night", "tonight", "tomorrow", "today":
			return false
		}
		if t.kind == word {
			n++
		}
	}
	before := &r.toks[r.words[p-1].tok]
	return n >= 2 && before.kind == word && len(before.text) > 1 && !before.odd
}

// introduced tells whether something leads up to a number the way people give
// somebody else's: a name, or a sign or link word after what it belongs to. A
// sentence that just ends in a number ("if the cats act up 480…") gives the writer's.
func (r *reading) introduced(from int) bool {
	t := r.tok(from - 1)
	if t.kind == sign && t.ch == '(' || t.kind == sign && t.ch == '+' {
		t = r.tok(from - 2)
	}
	if t.kind == sign {
		return true
	}
	switch t.text {
	case "is", "at", "on", "es", "al":
		return true
	case "up", "down", "out", "off", "back", "over", "in", "then", "so", "and", "again", "away", "wrong", "when", "if":
		return false
	}
	return t.kind == word
}

// phones finds every phone number in a text.
func (r *reading) phones(b *book, ctx setting, out []candidate) []candidate {
	used := make([]bool, len(r.atoms))
	for k := range r.atoms {
		for t := r.atoms[k].from; t < r.atoms[k].to; t++ {
			used[k] = used[k] || r.taken[t]
		}
	}
	r.coordinates(used)
	out = r.inFigures(b, ctx, used, out)
	found := func(by how, more []candidate) {
		for k := len(out); k < len(more); k++ {
			more[k].how = by
		}
		out = more
	}
	found(byKeys, r.cipher(used, out))
	found(byKeys, r.inLetters(ctx, used, out))
	found(byStride, r.studded(ctx, used, out))
	found(byWords, r.inWords(ctx, used, out))
	found(byKeys, r.onKeypad(ctx, used, out))
	out = r.declared(ctx, used, out)
	found(byVanity, r.vanity(ctx, used, out))
	found(byStride, r.interleaved(ctx, used, out))
	found(byHeap, r.inDisguise(ctx, used, out))
	found(byOrder, r.ordered(ctx, used, out))
	found(byCuts, r.cuts(ctx, used, 0, out))
	return out
}

// ordered finds a phone whose pieces are named by where they go and do not stand
// in that order: "ends 0144, starts 310 555", "555 0142, area 303".
func (r *reading) ordered(ctx setting, used []bool, out []candidate) []candidate {
	if !r.has[mPart] || len(r.atoms) < 2 {
		return out
	}
	type piece struct{ from, to, role int }
	var room [8]piece
	all := room[:0]
	named, turned, highest := 0, false, -1
	for a := 0; a < len(r.atoms); {
		x := &r.atoms[a]
		if used[a] || x.value == "" || x.dress != bare && x.dress != amount && x.dress != address {
			a++
			continue
		}
		b := a + 1
		for b < len(r.atoms) && r.atoms[b].gap == 0 && !used[b] && r.atoms[b].seps&sepLine == 0 && !r.stops(r.atoms[b-1].to, r.atoms[b].from) {
			b++
		}
		if x.inWords && b == a+1 && x.kind == unit && (x.sure < 2 || len(x.value) == 1) {
			a = b // "which one", "two boxes"
			continue
		}
		if len(all) == len(room) {
			return out
		}
		role := r.roleOf(x.from, r.atoms[b-1].to)
		if role != 1 {
			named++
		}
		turned = turned || role < highest
		highest = max(highest, role)
		all = append(all, piece{a, b, role})
		a = b
	}
	if named == 0 || !turned || len(all) < 2 || len(all) > 5 {
		return out
	}
	var buf [16]byte
	d := buf[:0]
	cut := false
	for role := -1; role <= 2; role++ {
		for _, p := range all {
			if p.role == role {
				v := r.digitsOf(p.from, p.to)
				if len(d)+len(v) > 11 {
					return out
				}
				d = append(d, v...)
				cut = cut || len(d) == 3 || len(d) == 6
			}
		}
	}
	if len(d) == 11 && d[0] == '1' {
		d = d[1:]
	}
	if len(d) != 10 || d[0] < '2' || d[3] < '2' || !cut {
		return out
	}
	first, last := all[0].from, all[len(all)-1].to
	e := r.evidence(r.atoms[first].from, r.atoms[last-1].to, ctx)
	if (e.coded || e.serial) && !e.cue {
		return out
	}
	for k := first; k < last; k++ {
		used[k] = true
	}
	return append(out, candidate{from: r.atoms[first].from, to: r.atoms[last-1].to, digits: string(d), family: DisguisedPhone, strength: 3})
}

// stops tells whether a sentence ends, or a comma stands, between tokens [from, to).
func (r *reading) stops(from, to int) bool {
	for i := from; i < to; i++ {
		if t := &r.toks[i]; t.kind == sign && (t.ch == ',' || t.ch == '.' && (i+1 < len(r.toks) && r.toks[i+1].space)) {
			return true
		}
	}
	return false
}

// roleOf tells where a piece in tokens [from, to) goes: 0 first, 2 last, 1 where
// it stands, and -1 before what is said to be first: "start at 5550144 and stick
// 773 in front".
func (r *reading) roleOf(from, to int) int {
	if r.aheadOf(to) && r.tok(to).text == "in" {
		return -1
	}
	for i := from - 1; i >= 0 && i >= from-4; i-- {
		t := &r.toks[i]
		if t.kind == num || t.kind == sign && t.ch != ':' && t.ch != '=' && t.ch != '\'' {
			break
		}
		switch t.text {
		case "by":
			if w := r.tok(i - 1).text; w == "preceded" || w == "prefixed" {
				return 0
			}
		case "area", "lada", "ladA", "indicatif", "vorwahl", "ddd", "start", "starts", "starting", "begins", "begin", "beginning", "front", "prefix", "first", "empieza", "comienza":
			return 0
		case "end", "ends", "ending", "last", "final", "finishes", "tail", "termina", "ultimos":
			return 2
		}
	}
	for i := to; i < len(r.toks) && i < to+6; i++ {
		t := &r.toks[i]
		if t.kind == num || t.kind == sign && (t.ch == ',' || t.ch == '.') {
			break
		}
		switch t.text {
		case "front", "first", "before", "beginning", "start", "area":
			return 0
		case "end", "last", "tail":
			return 2
		}
	}
	return 1
}

// coordinates puts aside the figures of a place on the map: two numbers with
// four or more decimals, of a latitude's and a longitude's size.
func (r *reading) coordinates(used []bool) {
	decimal := func(k int, most string) bool {
		if k+1 >= len(r.atoms) {
			return false
		}
		a, b := &r.atoms[k], &r.atoms[k+1]
		return len(a.value) <= len(most) && (len(a.value) < len(most) || a.value <= most) && len(b.value) >= 4 && len(b.value) <= 8 && b.gap == 0 && b.seps == sepDot && b.from == a.to+1 && !r.toks[b.from].space && !r.toks[b.from-1].space
	}
	for k := 0; k+3 < len(r.atoms); k++ {
		r.steps++
		if decimal(k, "90") && decimal(k+2, "180") && r.atoms[k+2].gap <= 2 && r.atoms[k+2].seps&^(sepSpace|sepComma|sepDash) == 0 {
			for i := k; i < k+4; i++ {
				used[i] = true
			}
		}
	}
}

// digitsOf is the digits of atoms [a, b), put together.
func (r *reading) digitsOf(a, b int) string {
	return r.digits[r.atoms[a].at : r.atoms[b-1].at+len(r.atoms[b-1].value)]
}

const window = 16 // atoms a number in figures may be written with: the bound on the search

// inFigures finds numbers written in figures, whatever the grouping.
func (r *reading) inFigures(b *book, ctx setting, used []bool, out []candidate) []candidate {
	var v phoneVector
	return r.figures(used, out, func(c *candidate, from, to int) bool {
		c.odd = c.odd || r.altered(c.to)
		ctx := ctx.of(c)
		if r.answersForThing(c, ctx) {
			return false
		}
		r.whose(b, c, ctx, &v)
		c.score = v.score(b.trained.phone)
		if r.accept(c, from, to, ctx) {
			return c.score >= phoneDoubt || c.strength == 3 || r.hint() > 100
		}
		e := r.evidence(c.from, c.to, ctx)
		return c.score >= phoneSure && (e.cue && !c.list || !e.coded && !e.serial) && !r.schedule(from, to) && !r.within(from, to)
	})
}

// figures finds every stretch of figures with a phone's form that accept takes.
func (r *reading) figures(used []bool, out []candidate, accept func(c *candidate, from, to int) bool) []candidate {
	runStart, runEnd := 0, 0
	best := candidate{} // one for all of them: accept lets it escape
	for a := 0; a < len(r.atoms); a++ {
		if used[a] || r.atoms[a].inWords || r.atoms[a].value == "" {
			continue
		}
		if a >= runEnd {
			runStart, runEnd = a, a+1
			for runEnd < len(r.atoms) && !r.atoms[runEnd].inWords && r.atoms[runEnd].gap == 0 {
				runEnd++
			}
		}
		// In the middle of a long row of single digits nobody could find a number either.
		if runEnd-runStart > 2*window && a > runStart+2 && a < runEnd-window && len(r.atoms[a].value) == 1 && len(r.atoms[a+1].value) == 1 {
			continue
		}
		best = candidate{}
		bestEnd := 0
		total := 0
		for b := a + 1; b <= len(r.atoms) && b-a <= window; b++ {
			x := &r.atoms[b-1]
			if x.inWords || used[b-1] || b-1 > a && x.gap > 0 {
				break
			}
			total += len(x.value)
			if total > 17 {
				break
			}
			r.steps++
			if total < 7 {
				continue
			}
			if b < len(r.atoms) && r.atoms[b].gap == 0 && r.atoms[b].seps == 0 && r.atoms[b].from == r.atoms[b-1].to {
				continue // cuts a figure
			}
			c := r.shape(a, b)
			if c.strength >= best.strength && c.strength > 0 {
				if c.strength > best.strength || b > bestEnd {
					best, bestEnd = c, b
				}
			}
		}
		if best.strength == 0 {
			continue
		}
		if !accept(&best, a, bestEnd) {
			continue
		}
		for k := a; k < bestEnd; k++ {
			used[k] = true
		}
		out = append(out, best)
		a = bestEnd - 1
	}
	return out
}

// altered tells whether the figures before token i are to be changed before they
// are a phone: "… and add 31 to it", "… but every digit goes up by one", "… the
// last is one too high". Nobody passes somebody else's phone on like that.
func (r *reading) altered(i int) bool {
	for k := i; k < len(r.toks) && k < i+10; k++ {
		r.steps++
		t, next := &r.toks[k], r.tok(k+1)
		switch t.text {
		case "add", "subtract", "plus", "minus":
			n := r.tok(k + 2)
			if k < i+4 && (next.kind == num || spokenDigit(next.text) != "") && (n.kind != word || listed("to from and then on in at", n.text)) && !listed("bill invoice fee", r.tok(k+4).text) {
				return true
			}
		case "every", "each":
			if next.text == "digit" || next.text == "single" && r.tok(k+2).text == "digit" {
				return true
			}
		case "too":
			if listed("high low big small many few", next.text) && (r.tok(k-1).kind == num || spokenDigit(r.tok(k-1).text) != "") {
				return true
			}
		}
	}
	return false
}

// accept weighs a candidate in figures against what stands around it.
func (r *reading) accept(c *candidate, a, b int, ctx setting) bool {
	e := r.evidence(c.from, c.to, ctx)
	s := c.strength
	if s == 1 && (e.cue || r.bareText(c.from, c.to) && len(c.digits) >= 9 && !c.list) {
		s = 2
	}
	if s == 1 && r.dialCode() {
		s = 2
	}
	if s == 1 && e.weak && !e.coded && !e.serial && len(c.digits) >= 8 {
		s = 2
	}
	denied := r.has[mHint] && r.hint() > 100 // "it isn't a zip"
	if s == 1 && denied && len(c.digits) >= 10 {
		s = 2
	}
	if s == 2 && (e.coded || e.serial) && !r.has[mReverse] && !denied {
		return false
	}
	if s < 3 && r.schedule(a, b) {
		return false
	}
	if s == 1 || s == 2 && e.d[mNumber] > 13 && e.d[mReach] > 9 && r.within(a, b) {
		return false
	}
	if s == 3 && r.labelled(c.from, e.d[mSerial], e.d[mCode]) && !e.weak && r.tok(c.from).kind == num && !r.has[mReverse] && !denied {
		return false // "order 541-…", "password 503-…": named right before it
	}
	for k := a; k < b; k++ {
		if d := r.atoms[k].dress; s < 3 && d != bare && !e.cue && !denied && len(r.atoms[k].value) > 1 {
			return false
		}
	}
	return true
}

// dialCode tells whether a country's code stands alone in the text: "912 555 014, +351".
func (r *reading) dialCode() bool {
	for i := 0; i+1 < len(r.toks); i++ {
		if t, n := &r.toks[i], &r.toks[i+1]; t.kind == sign && t.ch == '+' && n.kind == num && !n.space && len(n.text) <= 3 && (i == 0 || t.space) {
			return true
		}
	}
	return false
}

// answersForThing tells whether a client's figure answers the sitter's question for a
// code, a password or a number of something: whatever it looks like, that is what it is.
func (r *reading) answersForThing(c *candidate, ctx setting) bool {
	q := r.before
	if !ctx.code && !ctx.serial || c.family != PlainPhone || r.author != Client || q.author != Sitter || r.has[mHint] || r.has[mNumber] || r.has[mReach] || r.wordAt[c.from] > 1 {
		return false
	}
	return q.asks() && (q.has[mCode] || q.has[mSerial]) && !q.area() && !q.has[mNumber] && !q.has[mReach] && !q.has[mAsk]
}

// labelled tells whether a code's or a serial's word stands right before a figure.
func (r *reading) labelled(from, serial, code int) bool {
	d := min(serial, code)
	return d == 0 && r.tok(from-1).ch != ',' || d == 1 && r.tok(from-1).text == "is"
}

// bareText tells whether a text is little more than the tokens [from, to).
func (r *reading) bareText(from, to int) bool {
	return int(r.wordAt[from])+len(r.words)-int(r.wordAt[to]) <= 2
}

// shape judges the grouping of figures [a, b).
func (r *reading) shape(a, b int) candidate {
	c := candidate{from: r.atoms[a].from, to: r.atoms[b-1].to, digits: r.digitsOf(a, b), family: PlainPhone}
	d := c.digits
	n := b - a
	var g [window]int
	var lengths [window]byte // the same as figures, so that "334" says how it is grouped
	var seps sep
	singles, odd, masked, pictured := true, false, false, true
	for k := a; k < b; k++ {
		x := &r.atoms[k]
		g[k-a], lengths[k-a] = len(x.value), '0'+byte(min(len(x.value), 10))
		singles = singles && len(x.value) == 1
		odd = odd || x.odd
		masked = masked || r.masked(x)
		if k > a {
			pictured = pictured && x.seps&sepPicture != 0
			seps |= x.seps
		}
	}
	is := func(groups string) bool { return string(lengths[:n]) == groups }
	before, after := r.tok(c.from-1), r.tok(c.to)
	plus := before.kind == sign && before.ch == '+' && !r.toks[c.from].space && r.tok(c.from-2).kind != num
	if plus && r.tok(c.from-1).ch == '+' {
		c.from--
	}
	if before.kind == sign && before.ch == '(' && c.from > 0 && !plus {
		if r.tok(c.from-2).ch == '+' {
			plus = true
		}
	}
	// What is glued to it makes it something else: a serial, a price, a decimal.
	if !plus && c.from > 0 && !r.toks[c.from].space {
		if before.kind == word && len(before.text) <= 3 && !isFiller(before.text) && before.text != "tel" && before.text != "ph" || before.kind == sign && before.ch == '$' && n == 1 || before.kind == num {
			return c
		}
		if before.kind == sign && strings.IndexByte("-./", before.ch) >= 0 && !before.space && (r.tok(c.from-2).kind == num || r.tok(c.from-2).kind == word && r.tok(c.from-2).upper && len(r.tok(c.from-2).text) < 5) {
			return c
		}
	}
	if before.kind == sign && before.ch == ':' && !before.space && !r.toks[c.from].space && r.tok(c.from-2).kind == num {
		return c // "7:05" is cut by no phone
	}
	if after.kind == word && !after.space && c.to < len(r.toks) && len(after.text) <= 2 {
		return c
	}
	if after.kind == sign && !after.space && strings.IndexByte("-./", after.ch) >= 0 && r.tok(c.to+1).kind == num && !r.tok(c.to+1).space && n < window {
		return c // the figure goes on
	}
	if n >= 5 && (r.counts(a, b) || r.readings(a, b) || r.days(a, b) || r.tapers(a, b)) || n >= 3 && (r.hours(a, b) || r.rounded(a, b)) || n >= 6 && r.decimals(a, b) {
		return c
	}
	if strings.Count(d, d[:1]) == len(d) || strings.Contains("01234567890123456789", d) && len(d) >= 7 && !singles {
		c.strength = 1
		return c
	}
	c.list = seps&sepComma != 0
	rising := singles && consecutive(d)
	weird := seps&(sepPicture|sepOdd|sepColon|sepComma|sepSum|sepDollar|sepLine|sepFiller) != 0
	sums := seps&(sepSum) != 0 || seps&sepDollar != 0
	core := d
	if len(d) == 11 && d[0] == '1' {
		core = d[1:]
	}
	nanp := len(core) == 10 && core[0] >= '2' && core[3] >= '2'
	signs := seps&(sepDash|sepDot|sepParen|sepSlash) != 0
	switch {
	case plus && len(d) >= 8 && len(d) <= 15 && !sums:
		c.strength = 3
	case strings.HasPrefix(d, "00") && len(d) >= 11 && len(d) <= 16 && d[2] != '0' && !weird:
		c.strength = 2
	case len(core) == 10:
		switch {
		case is("334") || is("1334"):
			c.strength = 2
			if nanp {
				c.strength = 3
			} else if !signs || weird {
				c.strength = 1
			}
			if sums || seps&sepComma != 0 && !nanp {
				c.strength = 1
			} else if seps&sepComma != 0 && seps&sepFiller != 0 {
				c.strength = min(c.strength, 2) // "415, 555 and 0133" may be three things
			}
		case n == 1:
			c.strength = 1
			if nanp || d[0] == '0' && d[1] != '0' {
				c.strength = 2
			}
		case singles:
			c.strength = 2
			if rising || seps&(sepComma|sepColon) != 0 && !nanp {
				c.strength = 1
			}
		case is("22222"):
			c.strength = 1
			if d[0] == '0' && seps&(sepComma|sepColon) == 0 {
				c.strength = 2
			} else if nanp && seps&(sepComma|sepColon) == 0 {
				c.strength = 2
			}
		case is("244") || is("55") || is("433") || is("46") || is("37") || is("64") || is("28") || is("3223") || is("19") || is("3322") || is("4222"):
			c.strength = 1
			if nanp || d[0] == '0' && d[1] != '0' || is("244") && signs {
				c.strength = 2
			}
			if seps&(sepComma|sepColon) != 0 || is("64") && seps == sepSpace|sepDash {
				c.strength = 1
			}
		default:
			c.strength = 1
			if nanp && seps&(sepComma|sepColon|sepSum|sepDollar|sepLine) == 0 {
				c.strength = 2
			}
		}
	case len(d) == 11 && d[0] == '0' && d[1] != '0' && seps&sepComma == 0:
		c.strength = 2
	case len(d) == 11 && (is("344") || is("254") || is("245")) && !weird:
		c.strength = 2
	case len(d) == 12 && n >= 3 && g[0] <= 3 && !weird && !is("444") && !is("3333"):
		c.strength = 2
	case len(d) == 11 && n >= 2 || len(d) == 12 && n != 3 || len(d) == 13 && n > 1:
		if !is("4441") {
			c.strength = 1
		}
	case len(d) == 11 || len(d) == 12:
		c.strength = 1
	case len(d) == 7:
		switch {
		case is("34"):
			c.strength = 1
			if seps&^(sepSpace|sepDash|sepDot|sepOdd|sepPicture) == 0 && seps != sepSpace && !(seps == sepDot) && d[0] >= '2' {
				c.strength = 2
			}
		case singles && !rising:
			c.strength = 1
			if seps&(sepComma|sepLine|sepSum) == 0 && seps != sepSpace && d[0] >= '2' && odd {
				c.strength = 2
			}
		case n == 1 || is("322"):
			c.strength = 1
		}
	case len(d) == 9 && (is("333") || is("3222") || n == 1 || is("234") || is("36") || singles && !rising || is("144") || is("12222") || is("2322")):
		c.strength = 1
	case len(d) == 8 && (is("44") || is("2222") || is("233") || singles && !rising || n == 1):
		c.strength = 1
	}
	if c.strength == 2 && before.kind == word && before.upper && !r.shouted && (len(before.text) == 2 || len(before.text) == 3) && n > 1 && !is("334") && !isFiller(before.text) && r.toks[c.from].space && before.text != "tel" && before.text != "ph" && before.text != "my" && before.text != "me" {
		c.strength = 1 // "SR 71355501/28"
	}
	if c.strength == 1 && n >= 4 && len(core) != 10 && d[0] != '0' && !signs {
		// Four or more groups of no phone's length: readings, one after the other.
		short := true
		for k := 0; k < n; k++ {
			short = short && (g[k] == 2 || g[k] == 3)
		}
		if short {
			c.strength = 0
		}
	}
	c.odd = masked || n >= 3 && pictured
	if weird || odd || singles && n > 5 {
		c.family = DisguisedPhone
	}
	return c
}

// masked tells whether a figure is written so that it is not known for one: in
// letters, on keys, in circles. The digits of another script are no mask.
func (r *reading) masked(x *atom) bool {
	odd := x.odd
	for i := x.from; i < x.to; i++ {
		t := &r.toks[i]
		if t.end-t.start == len(t.text) {
			continue
		}
		for _, c := range r.body[t.start:t.end] {
			if c < utf8.RuneSelf {
				continue
			}
			if odd = !unicode.Is(unicode.Han, c) && (!unicode.Is(unicode.Nd, c) || c >= 0x1D000 || c >= 0xFF00 && !r.eastern()); odd {
				return true
			}
		}
	}
	return odd
}

// eastern tells whether a text is written in Chinese or Japanese, where wide digits are plain ones.
func (r *reading) eastern() bool {
	for i := range r.toks {
		if t := &r.toks[i]; t.kind == word && t.text[0] >= 0xE3 && t.text[0] <= 0xE9 {
			return true
		}
	}
	return false
}

// counts tells whether atoms [a, b) count up or down: 10 9 8 7.
func (r *reading) counts(a, b int) bool {
	up, down := true, true
	for k := a + 1; k < b; k++ {
		x, y := r.atoms[k-1].value, r.atoms[k].value
		if len(x) > 3 || len(y) > 3 {
			return false
		}
		up, down = up && number(y) == number(x)+1, down && number(x) == number(y)+1
	}
	return up || down
}

// readings tells whether atoms [a, b) are five or more amounts of two digits that
// differ by little, as a breath or a pulse taken again and again does: 22 24 21.
func (r *reading) readings(a, b int) bool {
	least, most := 99, 0
	for k := a; k < b; k++ {
		v := r.atoms[k].value
		if len(v) != 2 || v[0] == '0' {
			return false
		}
		least, most = min(least, number(v)), max(most, number(v))
	}
	return most-least <= 12
}

// days tells whether atoms [a, b) are days of one month, each later than the one
// before: 3 4 5 10 11 12.
func (r *reading) days(a, b int) bool {
	for k := a; k < b; k++ {
		v := r.atoms[k].value
		if v == "" || len(v) > 2 || v[0] == '0' || number(v) > 31 || k > a && number(v) <= number(r.atoms[k-1].value) {
			return false
		}
	}
	return len(r.atoms[b-1].value) == 2
}

// rounded tells whether atoms [a, b) are round amounts and come to no phone: 100 100 200.
func (r *reading) rounded(a, b int) bool {
	n := 0
	for k := a; k < b; k++ {
		v := r.atoms[k].value
		if len(v) < 2 || len(v) > 3 || v[0] == '0' || v[len(v)-1] != '0' {
			return false
		}
		n += len(v)
	}
	return n < 10
}

// decimals tells whether atoms [a, b) are readings with a decimal, one after the
// other: 4.1 4.3 4.4. A point stands within each and a space or comma between two.
func (r *reading) decimals(a, b int) bool {
	if (b-a)%2 != 0 {
		return false
	}
	for k := a; k < b; k += 2 {
		x, y := &r.atoms[k], &r.atoms[k+1]
		if len(x.value) > 2 || len(y.value) != 1 || y.seps != sepDot || k > a && (x.seps&sepSpace == 0 || x.seps&sepDot != 0) {
			return false
		}
	}
	return true
}

// tapers tells whether atoms [a, b) are amounts that get less and less, down to
// none, as a dose does: 20 20 15 15 10 5 0.
func (r *reading) tapers(a, b int) bool {
	for k := a; k < b; k++ {
		v := r.atoms[k].value
		if v == "0" && k == b-1 {
			break
		}
		if v == "" || len(v) > 2 || v[0] == '0' || k > a && number(v) > number(r.atoms[k-1].value) {
			return false
		}
	}
	return b-a >= 6 && len(r.atoms[a].value) == 2
}

// hours tells whether atoms [a, b) are times of one day, one after the other, as
// soldiers and nurses write them: 0615 1330 2145.
func (r *reading) hours(a, b int) bool {
	for k := a; k < b; k++ {
		v := r.atoms[k].value
		if len(v) != 4 || v >= "2400" || v[2] > '5' || k > a && v <= r.atoms[k-1].value {
			return false
		}
	}
	return true
}

// consecutive tells whether the digits count up or down.
func consecutive(d string) bool {
	up, down := true, true
	for i := 1; i < len(d); i++ {
		up = up && d[i] == d[i-1]+1
		down = down && d[i]+1 == d[i-1]
	}
	return up || down
}

// inWords finds numbers with digits in words, in whole or in part.
func (r *reading) inWords(ctx setting, used []bool, out []candidate) []candidate {
	for a := 0; a < len(r.atoms); {
		b := a + 1
		for b < len(r.atoms) && r.atoms[b].gap == 0 && b-a < 40 && !r.beginsAnew(b) {
			b++
		}
		lo, hi := a, b
		a = b
		for lo < hi && (used[lo] || r.atoms[lo].value == "" && r.atoms[lo].kind != ten && r.atoms[lo].kind != repeat) {
			lo++
		}
		for hi > lo && used[hi-1] {
			hi--
		}
		if hi-lo < 2 && (hi == lo || len(r.atoms[lo].value) < 7 || !r.atoms[lo].inWords) {
			continue
		}
		if c, l, h, ok := r.spelled(lo, hi, ctx); ok {
			for k := l; k < h; k++ {
				used[k] = true
			}
			out = append(out, c)
		}
	}
	return out
}

// beginsAnew tells whether atom k, in words after figures, begins a sentence in
// which it counts something: "7, 11. Five visits".
func (r *reading) beginsAnew(k int) bool {
	a := &r.atoms[k]
	if !a.inWords || r.atoms[k-1].inWords || a.seps&sepDot == 0 || !r.toks[a.from].caps || a.to >= len(r.toks) {
		return false
	}
	n := &r.toks[a.to]
	return n.kind == word && !isFiller(n.text) && !smallTalk(n.text) && (k+1 == len(r.atoms) || r.atoms[k+1].from > a.to)
}

func (r *reading) spelled(lo, hi int, ctx setting) (candidate, int, int, bool) {
	e := r.evidence(r.atoms[lo].from, r.atoms[hi-1].to, ctx)
	count := func(lo, hi int) (digits, sure, weak, tens, inWords, sureWords, variety, dressed int) {
		seen := 0
		for k := lo; k < hi; k++ {
			x := &r.atoms[k]
			r.steps++
			digits += len(x.value)
			if x.dress != bare {
				dressed++
			}
			if x.value == "" {
				continue
			}
			if x.sure >= 2 {
				sure++
				if x.inWords && x.kind == unit {
					sure += len(x.value) - 1 // several numerals written as one word
				}
			} else {
				weak++
			}
			if x.inWords {
				inWords++
				if x.sure >= 2 || x.value == "0" {
					sureWords++
				}
				if x.kind == ten || x.kind == teen {
					tens++
				}
			}
			for i := 0; i < len(x.value); i++ {
				seen |= 1 << (x.value[i] - '0')
			}
		}
		for ; seen > 0; seen &= seen - 1 {
			variety++
		}
		return
	}
	whole, hours := r.asOneWord(lo, hi), r.hoursSaid(lo, hi)
	try := func(lo, hi int) bool {
		digits, sure, weak, tens, inWords, sureWords, variety, dressed := count(lo, hi)
		if inWords == 0 || digits < 7 || digits > 26 || sureWords == 0 && inWords < hi-lo {
			return false
		}
		d := r.digitsOf(lo, hi)
		exact := digits == 7 || digits == 10 || digits == 11 && (d[0] == '1' || d[0] == '0')
		if b := r.tok(r.atoms[lo].from - 1); b.kind == sign && b.ch == '+' && digits >= 9 && digits <= 13 && variety > 3 {
			return true // +33 six, trente-neuf …
		}
		if digits > 16 && inWords*2 < hi-lo {
			return false // a serial after "oh"
		}
		if x := &r.atoms[hi-1]; inWords == 1 && x.inWords && len(x.value) == 1 && x.seps&sepComma != 0 && !e.cue {
			return false // "10 10 10 5 5 5 0, one a day"
		}
		if x := &r.atoms[hi-1]; inWords == 1 && x.odd && x.seps&sepDot != 0 && r.toks[x.from].space && !e.cue {
			return false // "10 5 5 0 1 4 2... no wait": a word that only sounds like a digit
		}
		if x := &r.atoms[lo]; inWords == 1 && x.inWords && r.tok(x.to).text == "times" && r.tok(x.to+1).ch == ',' && !e.cue {
			return false // "counted three times, 24 26 24"
		}
		if digits <= 16 && hi-lo >= 5 && consecutive(d) {
			return e.d[mNumber] < 6
		}
		if (hours || hi-lo >= 5 && r.days(lo, hi)) && !e.cue && !ctx.number {
			return false
		}
		if digits < 10 && !e.cue && (strings.HasPrefix(d, "12345") || r.spans(lo, hi)) {
			return false // a counting rhyme, hours
		}
		if dressed*3 > hi-lo && !e.cue || digits == 7 && r.clocked(lo, hi) {
			return false
		}
		if variety < 2 && tens == 0 && !e.cue {
			return false
		}
		switch {
		case (e.coded || e.serial) && digits < 9 && !e.cue:
			return false
		case e.serial && (digits > 11 || min(e.d[mSerial], e.d[mTally]) < 4) && !e.cue && r.hint() == 0 && !r.has[mReverse] && e.d[mReach] == far:
			return false // "claim oh two oh …", as said as any phone
		case hi-lo >= 4 && digits == 10 && sure >= 2 && r.inThrees(lo, hi):
			return true
		case tens > 0 && !e.weak && !ctx.number && !whole:
			return digits >= 10 && exact && sure >= weak*2 && r.zeros(lo, hi)
		case sure >= 6 && sure >= 2*weak && (exact || digits >= 9 || e.weak):
			return true
		case exact && sure >= 4 && sure >= weak && (digits > 7 || e.weak || weak <= 2):
			return true
		case hi-lo >= 9 && (digits == 10 || digits == 11) && sure >= 2:
			return true
		case hi-lo >= 9 && digits == 10 && sure >= 1 && inWords == hi-lo && r.inThrees(lo, hi):
			return true // all by ear, cut where a phone is
		case e.cue && sure >= 3 && sure*2 >= weak:
			return true
		case min(e.d[mNumber], e.d[mGiven]) < 5 && hi-lo >= 6 && sure >= 1 && weak <= 9:
			return true
		case e.weak && exact && sure >= 3:
			return true
		case e.weak && tens > 0 && digits >= 7 && sure >= 3 && digits <= 12:
			return exact
		}
		return false
	}
	family := SpelledPhone
	figures := 0
	for k := lo; k < hi; k++ {
		if !r.atoms[k].inWords {
			figures++
		}
	}
	done := func(lo, hi int) (candidate, int, int, bool) {
		return candidate{from: r.atoms[lo].from, to: r.atoms[hi-1].to, digits: r.digitsOf(lo, hi), family: family, strength: 3, odd: whole}, lo, hi, true
	}
	// What stands at either end may be talk: "the two of us: five five five …".
	best := false
	bl, bh := 0, 0
	for l := lo; l < hi && l < lo+4; l++ {
		for h := hi; h > l && h > hi-4; h-- {
			if !try(l, h) {
				continue
			}
			n := len(r.digitsOf(l, h))
			good := n == 10 || n == 7
			if !best || good && len(r.digitsOf(bl, bh)) != 10 && n > len(r.digitsOf(bl, bh))-5 && (n == 10) {
				best, bl, bh = true, l, h
			}
		}
	}
	if best {
		return done(bl, bh)
	}
	return candidate{}, 0, 0, false
}

// clocked tells whether a time with a colon stands among atoms [lo, hi).
func (r *reading) clocked(lo, hi int) bool {
	for k := lo + 1; k < hi; k++ {
		if x := &r.atoms[k]; x.dress == clock && x.seps&sepColon != 0 {
			return true
		}
	}
	return false
}

// spans tells whether atoms [lo, hi) are two or more spans of time: "ten to one,
// two to five".
func (r *reading) spans(lo, hi int) bool {
	n := 0
	for k := lo + 1; k+1 < hi; k++ {
		if x := &r.atoms[k]; x.value == "2" && r.toks[x.from].text == "to" && r.atoms[k-1].inWords && r.atoms[k+1].inWords && (k+2 == hi || r.atoms[k+2].seps&sepComma != 0) {
			n++
		}
	}
	return n >= 2
}

// hoursSaid tells whether atoms [lo, hi) are four or more times of day, with commas
// between, as they are said: "seven oh five, twelve fifty, five fifty five, ten".
func (r *reading) hoursSaid(lo, hi int) bool {
	times := 0
	for a := lo; a < hi; times++ {
		b := a + 1
		for b < hi && r.atoms[b].seps&sepComma == 0 && !r.and(r.atoms[b].from-1) {
			b++
		}
		if r.atoms[a].value == "" || !r.atoms[a].inWords || r.atoms[a].value[0] == '0' || number(r.atoms[a].value) > 12 || len(r.digitsOf(a, b)) > 4 {
			return false
		}
		d := r.digitsOf(a, b)[len(r.atoms[a].value):]
		if d != "" && (len(d) != 2 || d > "59" || b-a == 3 && d[0] != '0' && r.atoms[a+1].kind == unit) {
			return false
		}
		a = b
	}
	return times >= 4
}

// speaksOfCalls tells whether a text speaks of phones or of calling, and not only of numbers.
func (r *reading) speaksOfCalls() bool {
	for k := range r.marks {
		if m := &r.marks[k]; m.mark == mCall {
			switch r.toks[r.words[m.from].tok].text {
			case "number", "numbers", "num", "#", "digits", "numero", "numeros":
			default:
				return true
			}
		}
	}
	return false
}

// asOneWord tells whether atoms [lo, hi) hold numerals written as one word, which
// nobody does with an amount: fivefivefive.
func (r *reading) asOneWord(lo, hi int) bool {
	for k := lo; k < hi; k++ {
		if x := &r.atoms[k]; x.inWords && x.kind == unit && len(x.value) >= 3 && x.to == x.from+1 {
			return true
		}
	}
	return false
}

// inThrees tells whether atoms [lo, hi) are ten digits, with a sign or a change
// between words and figures after the third and after the sixth of them.
func (r *reading) inThrees(lo, hi int) bool {
	d := r.digitsOf(lo, hi)
	if d[0] < '2' || d[3] < '2' {
		return false
	}
	n, cuts := 0, 0
	for k := lo; k < hi; k++ {
		x := &r.atoms[k]
		if (n == 3 || n == 6) && x.value != "" && (x.seps&^(sepSpace|sepFiller) != 0 || x.inWords != r.atoms[k-1].inWords || len(r.atoms[k-1].value) == 3) {
			cuts++
		}
		n += len(x.value)
	}
	return cuts == 2
}

// zeros tells whether a spoken zero stands among the numerals, which times and amounts never have.
func (r *reading) zeros(lo, hi int) bool {
	for k := lo; k < hi; k++ {
		if r.atoms[k].value == "0" {
			return true
		}
	}
	return false
}

// inDisguise finds digits that are dressed as something else, turned round, or to
// be calculated: everything that is left is judged as one heap, in order.
func (r *reading) inDisguise(ctx setting, used []bool, out []candidate) []candidate {
	first, last, n, total, dressed, undressed := -1, -1, 0, 0, 0, 0
	amounts, years := 0, 0
	for k := range r.atoms {
		x := &r.atoms[k]
		if used[k] || x.value == "" || x.sure < 3 || x.dress == address || r.longZIP(k) {
			continue
		}
		if x.inWords && x.kind == unit && x.value == "1" {
			continue
		}
		if first < 0 {
			first = k
		}
		last = k
		n++
		total += len(x.value)
		if x.dress == bare {
			undressed++
		} else {
			dressed++
		}
		if x.dress == amount && r.tok(x.to).kind == word {
			amounts++
		}
		if len(x.value) == 4 && (x.value[:2] == "19" || x.value[:2] == "20") {
			years++
		}
	}
	if n == 0 || total < 7 || total > 40 || years == n {
		return out
	}
	lo, hi := r.atoms[first].from, r.atoms[last].to
	e := r.evidence(lo, hi, ctx)
	var d string
	{
		var buf [64]byte
		s := buf[:0]
		for k := first; k <= last; k++ {
			if x := &r.atoms[k]; !used[k] && x.sure >= 3 && x.dress != address && !r.longZIP(k) && !(x.inWords && x.kind == unit && x.value == "1") && len(s) < 48 {
				s = append(s, x.value...)
			}
		}
		d = string(s)
	}
	nanp := len(d) == 10 && d[0] >= '2' && d[3] >= '2' || len(d) == 11 && d[0] == '1' && d[1] >= '2'
	exact := nanp || len(d) == 7
	announced := e.d[mNumber] < 8 || e.d[mGiven] < 5 && !e.thirds || r.has[mSum] && amounts == 0 && len(d) >= 10 && r.saysPhone(hi)
	secret := ctx.code && r.has[mCode] && r.hint() < 110 // how a password is written is said of it too
	hinted := !secret && r.has[mHint] && e.d[mHint] < 60 && (r.hint() >= 80 || e.weak || announced)
	choice := r.alternatives(first, last)
	hit := false
	switch {
	case r.has[mReverse] && (len(d) >= 7 && len(d) <= 13) && (r.longest(used) >= 7 || e.weak || r.has[mHint]) && amounts == 0:
		hit = true
	case r.has[mReverse] && len(d) == 10 && dressed == 0 && d[9] >= '2' && d[6] >= '2' && (!nanp && !e.serial || r.turned()):
		hit = true // a phone once it is turned round
	case e.coded && !hinted && !announced, e.serial && !announced && !hinted:
	case !choice && r.sums() && (e.weak || e.cue || announced) && total >= 7 && (r.has[mSum] || r.signedSums() >= 1) && amounts == 0 && (announced || e.d[mReach] < 12 || r.has[mHint] || r.signedSums() >= 2):
		hit = true
	case r.signedSums() >= 2 && total >= 9 && r.solves(used):
		hit = true
	case hinted && nanp && amounts*2 <= n && r.hint() >= 100:
		hit = true
	case hinted && exact && amounts*2 <= n && (dressed > 0 || e.weak || r.strongHint()):
		hit = true
	case hinted && announced && total >= 7 && total <= 14 && amounts*2 <= n:
		hit = true
	case announced && exact && n >= 2 && amounts == 0 && !choice && !(e.d[mNumber] > 4 && dressed > 0 && dressed == n):
		hit = true
	case announced && total >= 7 && total <= 13 && undressed >= 2 && dressed == 0 && !choice && e.d[mNumber] < 4:
		hit = true
	case hinted && r.impossible(used) && total >= 7 && total <= 13:
		hit = true
	case r.has[mPart] && e.cue && total >= 7 && total <= 13 && dressed == 0 && amounts == 0:
		hit = true
	case dressed == n && n >= 3 && exact && r.impossible(used) && (nanp || e.weak):
		hit = true
	}
	if hit {
		out = append(out, candidate{from: lo, to: hi, digits: d, family: DisguisedPhone, strength: 3})
		for k := range used {
			used[k] = true
		}
	}
	return out
}

// longZIP tells whether atom k is half of a ZIP+4 that ends an address: a street's
// word stands a little before it, and nothing says to read it as something else.
func (r *reading) longZIP(k int) bool {
	if len(r.atoms[k].value) == 4 && k > 0 {
		k--
	}
	if k+1 >= len(r.atoms) || r.has[mHint] || r.has[mReach] || r.has[mReverse] {
		return false
	}
	x, y := &r.atoms[k], &r.atoms[k+1]
	if len(x.value) != 5 || len(y.value) != 4 || y.gap > 0 || y.seps != sepDash {
		return false
	}
	for i := x.from - 1; i >= 0 && i > x.from-9; i-- {
		switch r.toks[i].text {
		case "street", "st", "ave", "avenue", "road", "rd", "drive", "dr", "blvd", "boulevard", "lane", "ln", "court", "ct", "circle", "cir", "place", "pl", "way", "terrace", "ter", "trail", "pkwy", "parkway", "hwy", "highway":
			return true
		}
	}
	return false
}

// turned tells whether the figures stand in the groups of a phone that is read
// from its end: "2710 555 808".
func (r *reading) turned() bool {
	for k := 0; k+2 < len(r.atoms); k++ {
		a, b, c := &r.atoms[k], &r.atoms[k+1], &r.atoms[k+2]
		if len(a.value) == 4 && len(b.value) == 3 && len(c.value) == 3 && b.gap == 0 && c.gap == 0 {
			return true
		}
	}
	return false
}

// alternatives tells whether "or" stands between two of atoms [a, b]: then they
// are two things and no parts of one.
func (r *reading) alternatives(a, b int) bool {
	for i := r.atoms[a].to; i < r.atoms[b].from; i++ {
		if w := r.toks[i].text; w == "or" || w == "o" && r.toks[i].kind == word && r.toks[i].space && r.tok(i+1).space && r.tok(i+1).kind == num && len(r.tok(i+1).text) > 2 {
			return true
		}
	}
	return false
}

// schedule tells whether atoms [a, b) are nothing but times or dates that there are.
func (r *reading) schedule(a, b int) bool {
	for k := a; k < b; k++ {
		x := &r.atoms[k]
		if x.dress != clock && x.dress != date {
			return false
		}
		if k > a && x.dress == clock && x.seps&sepColon != 0 && (x.value >= "60" && len(x.value) == 2 || len(r.atoms[k-1].value) == 2 && r.atoms[k-1].value > "23") {
			return false
		}
	}
	return !r.has[mHint] && !r.has[mReverse]
}

// within tells whether figures [a, b) are a piece of a longer row of figures, as
// a membership number or a parcel's is.
func (r *reading) within(a, b int) bool {
	lo, hi, n := a, b, 0
	for lo > 0 && a-lo < 8 && r.atoms[lo].gap == 0 && r.atoms[lo].seps == sepSpace && !r.atoms[lo-1].inWords && r.atoms[lo-1].dress == bare {
		lo--
	}
	for hi < len(r.atoms) && hi-b < 8 && r.atoms[hi].gap == 0 && r.atoms[hi].seps == sepSpace && !r.atoms[hi].inWords && r.atoms[hi].dress == bare {
		hi++
	}
	for k := lo; k < hi; k++ {
		n += len(r.atoms[k].value)
	}
	if b == a+1 && (lo < a && r.atoms[a-1].value == r.atoms[a].value || hi > b && r.atoms[b].value == r.atoms[a].value) {
		return false // the same said twice, to be sure
	}
	return (lo < a || hi > b) && n >= 15
}

// hint is how clearly the text asks to read its figures as something else.
func (r *reading) hint() int {
	best := 0
	for k := range r.marks {
		if r.marks[k].mark == mHint {
			best = max(best, r.marks[k].weight)
		}
	}
	return best
}

// unmasked tells whether the text itself says that digits of a phone's form are
// not what they are called: "the order rings". No other reading of what stands
// around them counts against that, unless they are somebody else's.
func (r *reading) unmasked(c *candidate, ctx setting) bool {
	d := strings.TrimPrefix(c.digits, "1")
	if n := len(c.digits); r.has[mReverse] && c.how == byHeap && n == 10 && c.digits[9] >= '2' && c.digits[6] >= '2' {
		e := r.evidence(c.from, c.to, ctx)
		return !e.thirds && !e.coded && (!e.serial || r.turned())
	}
	if len(d) != 10 || d[0] < '2' || d[3] < '2' || !r.has[mHint] || r.hint() < 110 {
		return false
	}
	return !r.evidence(c.from, c.to, ctx).thirds
}

func (r *reading) strongHint() bool { return r.has[mCall] }

func (r *reading) longest(used []bool) int {
	n := 0
	for k := range r.atoms {
		if !used[k] {
			n = max(n, len(r.atoms[k].value))
		}
	}
	return n
}

// sums tells whether the text asks to calculate with its figures.
func (r *reading) sums() bool { return r.has[mSum] || r.signedSums() > 0 }

func (r *reading) signedSums() int {
	n := 0
	for i := 1; i+1 < len(r.toks); i++ {
		t := &r.toks[i]
		if t.kind == sign && strings.IndexByte("+*-/", t.ch) >= 0 && r.toks[i-1].kind == num && r.toks[i+1].kind == num {
			if t.ch == '+' || t.ch == '*' || t.space && r.toks[i+1].space {
				n++
			}
		}
	}
	return n
}

// solves adds and takes away where the signs say so, and tells whether three
// groups like a phone's come out.
func (r *reading) solves(used []bool) bool {
	groups, value, open := 0, 0, false
	good := true
	flush := func() {
		if open {
			groups++
			if groups <= 2 && (value < 200 || value > 999) {
				good = false
			}
		}
		open = false
	}
	for k := range r.atoms {
		x := &r.atoms[k]
		if len(x.value) > 4 || x.value == "" {
			return false
		}
		v := 0
		for i := 0; i < len(x.value); i++ {
			v = v*10 + int(x.value[i]-'0')
		}
		op := byte(0)
		if k > 0 && x.gap == 0 {
			for i := r.atoms[k-1].to; i < x.from; i++ {
				if c := r.toks[i].ch; r.toks[i].kind == sign && (c == '+' || c == '-' && r.toks[i].space) {
					op = c
				} else if r.toks[i].kind == sign && (c == ')' || c == ',' || c == '(') {
					op = 0
					break
				}
			}
		}
		switch {
		case op == '+' && open:
			value += v
		case op == '-' && open:
			value -= v
		default:
			flush()
			value, open = v, true
		}
	}
	flush()
	return good && groups == 3
}

// impossible tells whether a clock time among the figures cannot be one.
func (r *reading) impossible(used []bool) bool {
	for k := 1; k < len(r.atoms); k++ {
		a, b := &r.atoms[k-1], &r.atoms[k]
		if a.dress != clock || b.dress != clock || b.seps&sepColon == 0 {
			continue
		}
		if b.value >= "60" && len(b.value) == 2 || len(a.value) == 2 && a.value > "23" {
			return true
		}
	}
	return false
}

// tightly tells whether no space stands between atoms [lo, hi).
func (r *reading) tightly(lo, hi int) bool {
	for i := r.atoms[lo].to; i < r.atoms[hi-1].to; i++ {
		if r.toks[i].space {
			return false
		}
	}
	return true
}

// refrain tells whether the same word, or a word in brackets, stands between
// all of atoms [lo, hi), which are more than amounts of one thing.
func (r *reading) refrain(lo, hi int) bool {
	said, bracketed, cut := "", true, false
	n := 0
	for k := lo; k < hi; k++ {
		x := &r.atoms[k]
		if k > lo {
			from, to := r.atoms[k-1].to, x.from
			w := ""
			for i := from; i < to; i++ {
				if t := &r.toks[i]; t.kind == word {
					if w != "" {
						return false
					}
					w = t.text
				}
			}
			if w == "" {
				return false
			}
			bracketed = bracketed && r.toks[from].ch == '('
			if said != "" && said != w && !bracketed {
				return false
			}
			said = w
		}
		n += len(x.value)
		cut = cut || n == 6
	}
	return cut && n == 10 && said != "x" && said != "by" && said != "to"
}

// interleaved finds single digits with the same stride of words between them.
func (r *reading) interleaved(ctx setting, used []bool, out []candidate) []candidate {
	for a := 0; a < len(r.atoms); {
		// A chain of short figures, each a few words after the one before.
		b := a
		total, single, unitsN, zero := 0, 0, 0, 0
		strides := [6]int{}
		weak := 0        // words like "for" and "to", which count as words here
		members := 0     // figures in the chain
		var buf [16]byte // the digits of the chain
		ds := buf[:0]
		for b < len(r.atoms) && b-a < 60 {
			x := &r.atoms[b]
			if x.value == "" && b > a {
				weak += x.gap // its neighbour took it over
				b++
				continue
			}
			spoken := x.value == "0" && x.gap > 0 && b+1 < len(r.atoms) && r.atoms[b+1].gap == x.gap // "two bark oh bark five"
			if x.sure < 2 && x.inWords && b > a && !used[b] && !spoken {
				weak += x.gap + 1
				if weak > 4 {
					break
				}
				b++
				continue
			}
			if used[b] || x.sure < 2 && !spoken || len(x.value) == 0 || len(x.value) > 4 || x.dress == clock || x.dress == price || x.dress == date || x.dress == address {
				break
			}
			if b > a {
				g := x.gap + weak
				if g > 4 {
					break
				}
				strides[g]++
			}
			weak = 0
			r.steps++
			members++
			total += len(x.value)
			if total > 15 {
				break
			}
			ds = append(ds, x.value...)
			if len(x.value) == 1 {
				single++
			}
			if x.value[0] == '0' {
				zero++
			}
			if x.dress == amount {
				unitsN++
			}
			b++
		}
		n := members
		lo := a
		a = max(b, a+1)
		for b > lo && r.atoms[b-1].sure < 2 {
			b--
		}
		if n < 3 || total < 7 || total > 15 {
			continue
		}
		d := string(ds)
		e := r.evidence(r.atoms[lo].from, r.atoms[b-1].to, ctx)
		most := 0
		for _, s := range strides {
			most = max(most, s)
		}
		even := most*10 >= (n-1)*7
		nanp := len(d) == 10 && d[0] >= '2' && d[3] >= '2'
		if (e.coded || e.serial) && !e.cue {
			continue
		}
		if strides[0] == n-1 && r.atoms[lo].inWords == r.atoms[b-1].inWords && !e.cue {
			continue // no words between: others judged it
		}
		hit := false
		switch {
		case consecutive(d):
		case nanp && n == 3 && len(r.atoms[lo].value) == 3 && len(r.atoms[b-1].value) == 4 && r.tightly(lo, b) && (r.has[mHint] || r.has[mCall] || r.has[mReach] || r.has[mNumber]):
			hit = true // 385dog555cat0164
		case nanp && n >= 4 && n == b-lo && r.refrain(lo, b):
			hit = true // 6-cat-1-cat-9-cat-555, (so) 917 (it) 555 (is) 0163
		case nanp && n == 4 && e.weak && unitsN == 0 && strides[1] == n-1 && n == b-lo && len(r.atoms[lo].value) == 3 && len(r.atoms[lo+1].value) == 3 && len(r.atoms[lo+2].value) == 2:
			hit = true // call 385 woof 555 bark 01 purr 64
		case nanp && n == 4 && unitsN == 0 && r.atoms[lo+1].kind == repeat && strides[0] == 1 && strides[1]+strides[2] == 2 && len(r.atoms[lo].value) == 3 && len(r.atoms[b-1].value) == 4 && !r.codesWithin(lo, b):
			hit = true // front bit 385, middle bit triple five, tail bit 0164
		case n >= 9 && single == n && nanp && (even || zero > 0):
			hit = true
		case n >= 9 && single >= n-1 && even && (total == 10 || total == 11) && (zero > 0 || e.weak):
			hit = true
		case total == 7 && single == n && even && (e.cue || r.has[mHint]):
			hit = true
		case nanp && n <= 5 && n >= 3 && e.cue && unitsN == 0:
			hit = true
		case nanp && n == 3 && unitsN == 0 && strides[0] == 0 && even && !r.codesWithin(lo, b) && r.atoms[lo].value == d[:3] && r.atoms[b-1].value == d[6:]:
			hit = true // 385 woof 555 woof 0164
		case total >= 7 && single == n && even && e.cue && unitsN*2 < n:
			hit = true
		case total >= 7 && e.d[mNumber] < 6 && unitsN*3 < n && !e.coded:
			hit = true
		case nanp && r.has[mHint] && unitsN*2 <= n, total == 7 && r.has[mHint] && e.weak:
			hit = true
		}
		if hit {
			for k := lo; k < b; k++ {
				used[k] = true
			}
			out = append(out, candidate{from: r.atoms[lo].from, to: r.atoms[b-1].to, digits: d, family: DisguisedPhone, strength: 3})
		}
	}
	return out
}
