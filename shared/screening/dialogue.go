package screening

import "strings"

// What two people say to each other about a number: one asks and the other
// answers, so that no text holds enough of it by itself.

// settles tells whether this short text says which of the other's guesses is
// right, puts one right, or gives the part that was asked for.
func (r *reading) settles(p *past, m *Message, ctx setting) (candidate, bool) {
	n := len(p.last)
	if n == 0 || len(r.words) == 0 || len(r.words) > 12 {
		return candidate{}, false
	}
	q := p.last[n-1]
	if q.author == r.author || !q.asks() && !q.guesses() && !q.lacks() || r.author == Client && ctx.third || p.asksForAnother(r) {
		return candidate{}, false
	}
	for _, found := range [...]func(*past, *reading, *Message) bool{r.chooses, r.corrects, r.continues, r.tellsPart, r.fillsIn, r.goesOn} {
		if found(p, q, m) {
			return candidate{from: 0, to: len(r.toks), digits: r.digits, family: SplitPhone}, true
		}
	}
	return candidate{}, false
}

// guesses tells whether a text asks without a question mark: "is this you …".
func (r *reading) guesses() bool {
	if w := r.tok(0).text; (w == "what" || w == "whats" || w == "which") && r.asksForPart() {
		return true
	}
	if n := len(r.words); n > 0 && n <= 6 && r.digits != "" {
		if listed("what and then y que huh", r.toks[r.words[n-1].tok].text) {
			return true // "0 1 what"
		}
	}
	for i := 0; i+1 < len(r.toks) && i < 4; i++ {
		if w := r.toks[i].text; w == "is" || w == "are" || w == "r" || w == "was" || w == "were" || w == "es" || w == "era" {
			return listed("this that u you ur it your yours tu el este tuyo", r.toks[i+1].text)
		}
	}
	return false
}

// owns tells whether this text says of the digits in the text before it that they
// are the writer's, "that's my line, keep it", or that they will be used: "saved you".
func (r *reading) owns(p *past, m *Message, ctx setting) (candidate, bool) {
	n := len(p.last)
	if n == 0 || len(r.words) == 0 || len(r.words) > 10 || len(r.digits) > 1 || r.has[mThird] || r.asks() || r.saysNo() || ctx.third {
		return candidate{}, false
	}
	q := p.last[n-1]
	if q.aboutThings() || q.asks() || p.things(r, 0, n) || !q.phoneLike() && !(n > 1 && p.last[n-2].author == q.author && len(p.last[n-2].digits) == 3 && len(q.digits) == 4) && len(q.digits) < 10 {
		return candidate{}, false
	}
	if d := onlyDigits(q.body); len(d) >= 7 {
		for _, own := range m.Own.Numbers {
			if strings.HasSuffix(onlyDigits(own), d) {
				return candidate{}, false
			}
		}
	}
	mine := q.author == r.author && r.saysPhone(0)
	used := q.author != r.author && q.has[mNumber] && r.anyOf("saved added texting calling messaging ringing") && r.anyOf("you u ya there")
	return candidate{from: 0, to: len(r.toks), family: SplitPhone}, mine || used
}

// lacks tells whether a text says that a part of a number is missing.
func (r *reading) lacks() bool {
	if len(r.digits) < 6 {
		return false
	}
	if d := r.open(); len(d) >= 7 && len(d) <= 9 && r.has[mNumber] && r.firstOf(0, len(r.toks), "last final rest") >= 0 {
		return true // "555-01 and the last two are your door's"
	}
	return r.anyOf("missing short incomplete off only smudged wet smeared faded rest what faltan falta blurry unreadable torn")
}

// open is the longest row of figures of a text that is no whole phone: "702-555-01 of yours".
func (r *reading) open() string {
	best := ""
	for a := 0; a < len(r.atoms); {
		b := a + 1
		for b < len(r.atoms) && r.atoms[b].gap == 0 && r.atoms[b].dress == bare {
			b++
		}
		if r.atoms[a].dress != bare {
			a = b
			continue
		}
		if d := r.digitsOf(a, b); len(d) > len(best) {
			best = d
		}
		a = b
	}
	return best
}

// fillsIn tells whether this text is the digits that q says it lacks: "I only have
// 702-555-01, the note got wet" "38".
func (r *reading) fillsIn(_ *past, q *reading, _ *Message) bool {
	d := q.open()
	if len(d) < 6 || len(d) > 9 || q.aboutThings() || len(r.words) > 12 || !q.lacks() && !q.asksForPart() {
		return false
	}
	n := 0
	for k := range r.atoms {
		if a := &r.atoms[k]; a.dress == bare && a.sure > 1 {
			n += len(a.value)
		}
	}
	return n > 0 && len(d)+n == 10 && (areaAndExchange(d) || q.has[mNumber] || q.has[mAsk] || q.asksWhoseNumber())
}

// goesOn tells whether this text gives what comes after the digits that q only
// says again: "415 555 01" "01 what?" "33".
func (r *reading) goesOn(p *past, q *reading, m *Message) bool {
	f, ok := r.fragment()
	if !ok || len(f.digits) > 4 || len(q.words) > 6 || q.aboutThings() || p.things(r, 0, len(p.last)) || q.digits == "" {
		return false
	}
	for k := len(p.fragments) - 1; k >= 0 && k >= len(p.fragments)-3; k-- {
		g := &p.fragments[k]
		if g.author != r.author || !strings.HasSuffix(g.digits, q.digits) {
			continue
		}
		d := g.digits + f.digits
		for j := k - 1; j >= 0 && p.fragments[j].author == r.author && len(d) < 10; j-- {
			d = p.fragments[j].digits + d
		}
		return len(d) == 10 && areaAndExchange(d) || len(d) == 7 && d[0] >= '2' && len(g.digits) >= 3
	}
	return false
}

// aboutThings tells whether a question is about a code, a serial or somebody
// else's phone, or about the business's own.
func (r *reading) aboutThings() bool {
	if (r.has[mCode] && !r.area()) || r.has[mSerial] || r.has[mThird] {
		return true
	}
	return r.anyOf("office company agency business hotline support vet")
}

// area tells whether the code a text speaks of is an area's.
func (r *reading) area() bool {
	for i := 1; i < len(r.toks); i++ {
		if r.toks[i].text == "code" && r.toks[i-1].text == "area" {
			return true
		}
	}
	return false
}

// chooses tells whether this text picks one of the endings that q offers:
// "0133 or 0134?" "0134".
func (r *reading) chooses(_ *past, q *reading, _ *Message) bool {
	if len(r.words) <= 4 && (q.has[mPart] || q.has[mNumber] || r.has[mReach] || q.phoneLike()) && !q.aboutThings() && q.offers() && q.twoEndings() && r.saysWhich() {
		return true
	}
	if len(r.digits) < 2 || len(r.digits) > 4 || len(r.words) > 6 || len(q.digits) < 8 || q.aboutThings() || !q.offers() {
		return false
	}
	begun := false
	for k := range q.atoms {
		a := &q.atoms[k]
		if a.value == r.digits && a.dress == bare {
			return begun || q.has[mNumber] || q.has[mPart]
		}
		begun = begun || len(a.value) == 3 && a.value[0] >= '2' || len(a.value) >= 6
	}
	return false
}

// twoEndings tells whether a text names two pieces of four digits.
func (r *reading) twoEndings() bool {
	n := 0
	for k := range r.atoms {
		if len(r.atoms[k].value) == 4 && r.atoms[k].dress == bare {
			n++
		}
	}
	return n == 2
}

// saysWhich tells whether a text picks by place: "the second one".
func (r *reading) saysWhich() bool {
	return r.anyOf("second first former latter 1st 2nd segundo primero segunda primera ultima ultimo deuxieme premier zweite erste")
}

func (r *reading) offers() bool {
	return r.anyOf("or o u oder ou")
}

// corrects tells whether this text says yes to the whole phone that q asks
// about, or says which digit of it is wrong.
func (r *reading) corrects(p *past, q *reading, m *Message) bool {
	whole := q.longest(make([]bool, len(q.atoms))) >= 9 || q.phoneLike() && len(q.digits) >= 10
	guess := !whole && len(q.digits) >= 2 && len(q.digits) <= 4 && len(r.digits) == len(q.digits) && p.guessed(q.digits) && !p.things(r, 0, len(p.last))
	if !whole && !guess || len(q.digits) > 14 || q.aboutThings() {
		return false
	}
	for _, own := range m.Own.Numbers {
		if strings.HasSuffix(onlyDigits(own), q.digits) {
			return false
		}
	}
	yes, no, near := false, false, false
	for i := range r.toks {
		switch w := r.toks[i].text; {
		case saysYes(w), w == "works", w == "mine", w == "still", w == "same":
			yes = true
		case w == "no" || w == "not" || w == "nope" || w == "old" || w == "never" || w == "wrong":
			no = true
		case w == "close" || w == "almost" || w == "nearly" || w == "last" || w == "ends" || w == "instead" || w == "but" || w == "except" || w == "casi" || w == "termina" || w == "end" || w == "ending" || w == "nah":
			near = true
		}
	}
	if (near || no) && len(r.digits) > 0 && len(r.digits) <= 4 {
		return true
	}
	return yes && !no && (q.asksWhoseNumber() || r.has[mReach] && r.anyOf("me us there") || len(q.words) <= 5)
}

// asksWhoseNumber tells whether a question about a phone is about the other's own.
func (r *reading) asksWhoseNumber() bool {
	return r.has[mNumber] || r.has[mReach] || r.anyOf("yours your ur you u tu tuyo suyo")
}

// saysYes tells whether a word agrees, however long its last letter is held.
func saysYes(w string) bool {
	for n := len(w); n > 1 && w[n-1] == w[n-2]; n = len(w) {
		w = w[:n-1]
	}
	switch w {
	case "yes", "yep", "yup", "yeah", "ya", "si", "corect", "correct", "right", "bingo", "exactly", "exacto", "thats", "perfect", "oui", "that", "yeh", "yea", "yas", "yess", "ja", "sim", "sip":
		return true
	}
	return false
}

// continues tells whether this text gives the part of a number that q asks for
// after an earlier part: "ends in 0184" "and begins?" "270".
func (r *reading) continues(p *past, q *reading, _ *Message) bool {
	f, ok := r.fragment()
	if !ok || len(q.words) > 6 || q.aboutThings() || !q.asksForPart() || p.things(r, 0, len(p.last)) {
		return false
	}
	for k := len(p.fragments) - 1; k >= 0 && k >= len(p.fragments)-3; k-- {
		g := &p.fragments[k]
		if g.author != r.author || g.third && !g.mine {
			continue
		}
		if n := len(strings.TrimPrefix(g.digits, "+")) + len(f.digits); (g.part || f.part) && n >= 7 && n <= 13 {
			return true
		}
	}
	return false
}

// tellsPart tells whether this text is little but the digits of the other's
// number that q asks for: "the last four of your cell?" "0156", "what comes after
// the 555?" "0171".
func (r *reading) tellsPart(_ *past, q *reading, _ *Message) bool {
	f, ok := r.fragment()
	if !ok || len(f.digits) < 2 || len(f.digits) > 7 || len(q.words) > 16 || q.aboutThings() {
		return false
	}
	if q.has[mAsk] && q.has[mPart] && len(f.digits) > 2 || len(f.digits) == 3 && q.area() && q.anyOf("your ur yours you") {
		return true
	}
	if q.has[mNumber] || q.has[mAsk] || q.asksWhoseNumber() {
		for k := range q.atoms {
			if x := &q.atoms[k]; len(x.value) == 4 && x.dress == bare && len(f.digits) == 6 && r.speaksOfFront() && areaAndExchange(f.digits) {
				return true // "still the 0184 one?" "with 602 555 in front"
			}
		}
	}
	g, ok := q.fragment()
	switch {
	case !ok:
		return false
	case len(g.digits) >= 6 && len(g.digits)+len(f.digits) == 10:
		return areaAndExchange(g.digits) // "415-555-01 something?" "fifty-one"
	}
	return q.asksForPart() && len(f.digits) == 4 && len(g.digits) == 3 && g.digits[0] >= '2'
}

// areaAndExchange tells whether digits may begin a phone.
func areaAndExchange(d string) bool { return len(d) >= 6 && d[0] >= '2' && d[3] >= '2' }

// asksForPart tells whether a question is about what comes before or after something.
func (r *reading) asksForPart() bool {
	for i := range r.toks {
		switch r.toks[i].text {
		case "begins", "begin", "start", "starts", "beginning", "first", "front", "before", "rest", "after", "next", "last", "end", "ends", "then", "luego", "despues", "sigue", "resto", "empieza", "termina", "area", "middle", "more", "weiter", "dann", "ensuite", "apres":
			return true
		case "and":
			if len(r.words) <= 3 {
				return true
			}
		}
	}
	return false
}

// guessed tells whether a guess, which somebody just said yes to, ends what an
// earlier text began, with other guesses between.
func (p *past) guessed(guess string) bool {
	for _, list := range [...][]fragment{p.fragments, p.tails} {
		for k := range list {
			d := strings.TrimPrefix(list[k].digits, "+")
			if n := len(d); (n == 6 || n == 3 || n == 7 && d[0] <= '1') && len(d)+len(guess) >= 10 && len(d)+len(guess) <= 11 && (d[0] != '0' || n == 7) {
				return true
			}
		}
	}
	return false
}
