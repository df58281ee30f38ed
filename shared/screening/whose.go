package screening

import "strings"

// The third model judges a stretch of digits that may be a phone: is it one,
// and is it the writer's own? It sees the form, what the rules say around it,
// and the words on either side. It overrules the rules only where it is sure.
const (
	phoneBits  = 13
	phoneScale = 24  // as weightScale, for the third model
	phoneSure  = 50  // above it a phone that the rules let pass is one
	phoneNot   = -60 // below it not even a sitter's plain one is
	phoneDoubt = -60 // below it what the rules took for the writer's phone is not
)

type phoneVector [1 << phoneBits / 64]uint64

func (v *phoneVector) set(h uint32) {
	h ^= h >> 15
	h *= 0x2c1b3c6d
	h ^= h >> 12
	h &= 1<<phoneBits - 1
	v[h/64] |= 1 << (h % 64)
}

func (v *phoneVector) score(weights string) int {
	sum := 0
	for i, x := range v {
		for ; x != 0; x &= x - 1 {
			sum += int(int8(weights[i*64+int(low(x))]))
		}
	}
	return sum
}

// movesTo tells whether a client sends the sitter to the private phone of
// somebody of their own, with what the business arranges: "sort it out with him",
// "for bookings from now on". Helpers, and whom to call in need, are not meant.
func (r *reading) movesTo(c *candidate, ctx setting) bool {
	if !r.has[mThird] || r.has[mUrgent] || !r.evidence(c.from, c.to, ctx).thirds {
		return false
	}
	own, moves := false, false
	for i := range r.toks {
		r.steps++
		next := r.tok(i + 1).text
		switch r.toks[i].text {
		case "husband", "husbands", "wife", "wifes", "hubby", "partner", "partners", "spouse", "fiance", "fiancee", "boyfriend", "girlfriend", "mom", "moms", "mum", "mums", "dad", "dads", "sister", "sisters", "brother", "brothers", "daughter", "daughters", "son", "sons", "roommate", "roommates", "assistant", "secretary", "esposo", "esposa", "marido", "mujer", "novio", "novia", "hermana", "hermano":
			own = true
		case "emergency", "emergencies", "backup", "emergencia", "case", "unless", "if":
			return false
		case "booking", "bookings", "reservas":
			moves = true
		case "sort", "arrange", "settle", "agree", "book", "organise", "organize", "plan":
			moves = moves || r.meansThem(i+1)
		case "not", "skip", "without", "avoid", "avoiding", "skipping":
			moves = moves || (next == "the" || next == "this") && r.business(i+2)
		case "over":
			moves = moves || next == "the" && r.business(i+2) && r.anyOf("prefers prefer rather better likes")
		case "instead":
			moves = moves || next == "of" && (r.business(i+3) || r.tok(i+2).text == "here")
		}
	}
	return own && moves
}

// tellsOf tells whether a phone is only told of: the business's line that somebody
// called, or what a sign, a voicemail or a display gives. Who speaks of himself, or
// of more than that, gives it all the same.
func (r *reading) tellsOf(c *candidate, ctx setting) bool {
	if w := r.tok(c.from - 1).text; r.author == Client && (w == "whos" || w == "whose") && r.tok(c.to).ch == '?' {
		return true
	}
	if c.odd || !r.has[mOffice] && !r.has[mRead] || r.has[mBypass] || r.has[mHint] || r.has[mReverse] || r.aboutSelf() {
		return false
	}
	e := r.evidence(c.from, c.to, ctx)
	return e.d[mReach] >= 20 && (e.d[mOffice] < 8 || e.d[mRead] < 10 && e.d[mNumber] == far && !r.leftSomething())
}

// aboutSelf tells whether a text speaks of its writer's things.
func (r *reading) aboutSelf() bool { return r.anyOf("my mine me us our ours mi mis") }

// leftSomething tells whether somebody wrote or put up what is read.
func (r *reading) leftSomething() bool { return r.anyOf("left leave wrote put stuck taped pinned use") }

// meansThem tells whether what begins at token i is to be done with him, her or them.
func (r *reading) meansThem(i int) bool {
	for k := i; k < i+4; k++ {
		if r.tok(k).text == "with" {
			w := r.tok(k + 1).text
			return w == "him" || w == "her" || w == "them"
		}
	}
	return false
}

// business tells whether token i is a word for the business or its thread.
func (r *reading) business(i int) bool {
	switch r.tok(i).text {
	case "office", "app", "agency", "company", "business", "thread", "chat", "site", "system":
		return true
	}
	return false
}

// whose fills v with what is to be known about candidate c.
func (r *reading) whose(b *book, c *candidate, ctx setting, v *phoneVector) {
	*v = phoneVector{}
	v.set(1)
	flag := func(n uint32, on bool) {
		if on {
			v.set(0x100 + n)
		}
	}
	e := r.evidence(c.from, c.to, ctx)
	sitter := r.author == Sitter
	flag(1, sitter)
	flag(2, ctx.emergency)
	flag(3, ctx.emergency && sitter)
	flag(4, e.cue)
	flag(5, e.weak)
	flag(6, e.coded)
	flag(7, e.serial)
	flag(8, e.thirds)
	flag(9, e.mine)
	flag(10, c.list)
	flag(11, ctx.third)
	flag(12, ctx.code)
	flag(13, ctx.serial)
	flag(14, ctx.number)
	flag(15, e.thirds && !sitter)
	flag(16, e.thirds && sitter)
	flag(17, r.bareText(c.from, c.to))
	flag(18, !sitter && r.introduced(c.from) && r.named(c.from, &e))
	flag(19, e.thirds && ctx.emergency)
	v.set(0x200 + uint32(c.strength))
	v.set(0x700 + uint32(c.how))
	if c.how >= byStride {
		// Much of what is said anywhere in the text bears on a phone in pieces.
		dressed, amounts, n, rows := 0, 0, 0, 0
		for k := range r.atoms {
			a := &r.atoms[k]
			r.steps++
			if a.from < c.from || a.to > c.to {
				continue
			}
			n++
			if a.gap > 0 {
				rows++
			}
			switch a.dress {
			case bare:
			case amount:
				amounts++
			default:
				dressed++
			}
		}
		by := uint32(c.how) << 8
		v.set(0x10000 + by + uint32(min(dressed, 5)))
		v.set(0x10010 + by + uint32(min(amounts, 5)))
		v.set(0x10020 + by + uint32(min(n, 14)))
		v.set(0x10030 + by + uint32(min(rows, 14)))
		for _, m := range [...]mark{mHint, mPart, mReach, mNumber, mCall, mSum, mReverse, mCode, mSerial, mThird, mUnits, mAsk, mKeypad} {
			if r.has[m] {
				v.set(0x10040 + by + uint32(m))
				v.set(0x20040 + uint32(m))
			}
		}
		if core := strings.TrimPrefix(c.digits, "1"); len(core) == 10 && core[0] >= '2' && core[3] >= '2' {
			v.set(0x10080 + by)
		}
	}
	v.set(0x210 + uint32(min(len(c.digits), 20)))
	if f := strings.IndexByte("psd", c.family[0]); f >= 0 {
		v.set(0x240 + uint32(f)*8 + uint32(c.strength))
	}
	// How it is grouped, and with what between.
	h := uint32(17)
	for i := c.from; i < c.to && i < c.from+12; i++ {
		t := &r.toks[i]
		switch t.kind {
		case num:
			h = h*31 + uint32(len(t.text))
		case sign:
			h = h*31 + uint32(t.ch)
		default:
			h = h*31 + 7
		}
		if t.space && i > c.from {
			h = h*31 + 3
		}
	}
	v.set(h)
	for k, d := range e.d {
		if d >= far {
			continue
		}
		near := uint32(4)
		for n, most := range [...]int{1, 4, 9, 19} {
			if d <= most {
				near = uint32(n)
				break
			}
		}
		v.set(0x1000 + uint32(k)*8 + near)
		v.set(0x2000 + uint32(k)*16 + near*2 + map[bool]uint32{true: 1}[sitter])
	}
	side := func(base uint32, k, n int) {
		w := &r.words[k]
		hash := hashWord(r.toks[w.tok].text)
		if w.isNum {
			hash = 0x2002
		} else if w.isName {
			hash = 0x3003
		}
		v.set(base*77 + hash)
		if n < 3 {
			v.set(base*131 + uint32(n)*17 + hash)
		}
		if w.lex != 0 {
			for x := b.classes[w.lex]; x != 0; x &= x - 1 {
				v.set(base*0x999 + low(x))
				if n < 3 {
					v.set(base*0x777 + low(x)*4 + uint32(n))
				}
			}
		}
	}
	p, q := int(r.wordAt[c.from]), int(r.wordAt[c.to])
	for n, k := 0, p-1; k >= 0 && n < 10; n, k = n+1, k-1 {
		r.steps++
		side(0x51, k, n)
	}
	for n, k := 0, q; k < len(r.words) && n < 7; n, k = n+1, k+1 {
		r.steps++
		side(0x67, k, n)
	}
	flag(30, p == 0)
	flag(31, q == len(r.words))
	if c.from > 0 {
		if t := &r.toks[c.from-1]; t.kind == sign {
			v.set(0x400 + uint32(t.ch))
		}
	}
}

// presents tells whether a client names somebody and gives the phone right after:
// "he's Gus, 909 …", "Wyatt, 816 …, he's picking up". Whoever speaks of himself in
// the same text, or of how he is to be reached, presents nobody.
func (r *reading) presents(c *candidate, ctx setting) bool {
	if r.author != Client || c.family != PlainPhone || c.odd || ctx.number || r.has[mNumber] || r.has[mReach] || r.has[mHint] || r.has[mBypass] || r.has[mReverse] || r.aboutSelf() {
		return false
	}
	p := int(r.wordAt[c.from])
	if p == 0 || !r.words[p-1].isName && !(p > 1 && r.toks[r.words[p-1].tok].caps) || r.words[p-1].sentence != r.words[min(int(r.wordAt[c.to]), len(r.words))-1].sentence {
		return false
	}
	if ctx.emergency && r.words[p-1].isName {
		return true // "BluePearl 602 …, tell them what he ate"
	}
	for k := p - 2; k >= 0 && k >= p-4; k-- {
		switch r.toks[r.words[k].tok].text {
		case "hes", "shes", "theyre", "names", "named", "called":
			return true
		}
	}
	q := int(r.wordAt[c.to])
	if q >= len(r.words) {
		return false
	}
	switch r.toks[r.words[q].tok].text {
	case "hes", "shes", "theyre", "hell", "shell", "theyll", "he", "she", "they":
		return true
	}
	return false
}
