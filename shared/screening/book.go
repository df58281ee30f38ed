package screening

import (
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// mark is what a rule says about the words it matched.
type mark uint8

const (
	mNone        mark = iota
	mReach            // invites to call or text the writer
	mNumber           // announces the writer's own number
	mCall             // a word of calling or of phones, no more
	mThird            // names somebody else whose phone it may be
	mCode             // announces a code, a password, an address
	mSerial           // announces a serial, tracking or order number
	mPart             // announces a part of a number: "last four", "then"
	mHint             // asks to read figures as something else
	mReverse          // asks to read backwards
	mSum              // asks to calculate
	mAsk              // asks for the other's phone or address on a service
	mMail             // speaks of e-mail
	mBypass           // goes round the business
	mNoBypass         // what makes a bypass mark harmless
	mPlatform         // invites to another service
	mNoPlatform       // what makes a platform mark harmless
	mPay              // pays past the business
	mNoPay            // what makes a payment mark harmless
	mHandle           // announces a name on another service
	mUrgent           // an emergency that happens now
	mNotNow           // an emergency that is only imagined or long past
	mSite             // announces a page on the web
	mAnyPlatform      // names another service, no more
	mAnyPay           // names a payment service, no more
	mGiven            // announces a number, whoever's
	mPlace            // a place by name, which in an emergency is where help is
	mNoThird          // somebody else is only mentioned
	mLean             // speaks for going round the business, together with others
	mUnits            // ordinary talk of amounts
	mKeypad           // speaks of the letters on a phone's keys
	mNoReach          // calls or texts, but not to a number: "text me a pic"
	mService          // names a place on the web where people have a name, no more
	mTally            // counts, scores or measures: the figures beside it are as many results
	mRead             // a sign, a voicemail, a display: what it says is read off it
	mOffice           // the business's own line, told of
	mCount
)

var markNames = [mCount]string{"", "reach", "number", "call", "third", "code", "serial", "part", "hint", "reverse", "sum", "ask", "mail", "bypass", "nobypass", "platform", "noplatform", "pay", "nopay", "handle", "urgent", "notnow", "site", "anyplatform", "anypay", "given", "place", "nothird", "lean", "units", "keypad", "noreach", "service", "tally", "read", "office"}

// lexeme numbers a word that some rule mentions; 0 is every other word.
type lexeme uint16

// set is a set of lexemes, and of the shapes that stand for many words.
type set struct {
	few   []lexeme // at most maxFew of them
	bits  []uint64 // or, where there are more, a bit for each
	isNum bool     // any figure
	isAny bool     // any word
	name  bool     // a capitalised word that no rule mentions
	sieve uint64   // see sifted
}

type elem struct {
	set      set
	optional bool
	gap      int // how many words may stand before it
}

type rule struct {
	mark   mark
	weight int
	elems  []elem
	start  bool   // only at the start of a sentence
	hash   uint32 // of its words, as the trained part knows it
	need   uint64 // of the words after the first, the rarest that it cannot do without, as a sieve
}

// book is the rules compiled: built once, never written again.
type book struct {
	words   map[string]lexeme
	digits  map[string]digitWord
	foreign map[string]string // numerals that are some only in a row of them
	rules   []rule
	first   [][]int32 // by lexeme of the first element
	onNum   []int32   // rules that begin with a figure
	groups  map[string]set
	shapes  shapes            // what numerals look like from afar
	starts  [26 * 26]bool     // the two letters that names of services start with
	bones   map[string]lexeme // by skeleton, names of services that people misspell
	classes []uint64          // by lexeme, the classes the trained part sees
	trained trained
}

// trained is the weights of the three linear models, and the net.
type trained struct {
	swap, alarm, phone string
	net                *net
}

// maxFew is how many words are looked through one by one rather than by their bits:
// sets of all words are large, and the first text of a process waits for them.
const maxFew = 8

// maxReach is the longest stretch of words one rule can cover; a rule's work is bounded by it.
const maxReach = 24

// rulebook compiles the rules when the first text is screened. A fault in them
// is a fault of the source, found by every test, so it panics.
var rulebook = sync.OnceValue(compile)

func compile() *book {
	b := &book{words: make(map[string]lexeme, 8192), digits: digitWords(), foreign: foreignWords(), groups: map[string]set{}, trained: trained{swapWeights, alarmWeights, phoneWeights, unpack(netPacked)}}
	for w := range b.digits {
		b.shapes.add(w)
	}
	for w := range b.foreign {
		b.shapes.add(w)
	}
	classes := map[string][]string{}
	type source struct {
		mark   mark
		weight int
		fields []string
	}
	var sources []source
	n := -1
	for l := range strings.SplitSeq(rules, "\n") {
		n++
		l = foldRule(strings.TrimSpace(l))
		if l == "" || strings.HasPrefix(l, "//") {
			continue
		}
		if name, rest, ok := strings.Cut(l, " = "); ok && strings.HasPrefix(name, "%") {
			for _, w := range strings.Fields(rest) {
				if strings.HasPrefix(w, "%") {
					if classes[w] == nil {
						panic(fmt.Sprintf("rules line %d: class %s comes later", n+1, w))
					}
					classes[name] = append(classes[name], classes[w]...)
					continue
				}
				classes[name] = append(classes[name], forms(w)...)
			}
			continue
		}
		head, rest, ok := strings.Cut(l, ": ")
		if !ok {
			panic(fmt.Sprintf("rules line %d: no colon", n+1))
		}
		kind, number, weighed := strings.Cut(head, " ")
		weight := 100
		if weighed {
			var err error
			if weight, err = strconv.Atoi(number); err != nil {
				panic(fmt.Sprintf("rules line %d: %v", n+1, err))
			}
		}
		m := mark(slices.Index(markNames[1:], kind) + 1)
		if m == mNone {
			panic(fmt.Sprintf("rules line %d: no mark %q", n+1, kind))
		}
		sources = append(sources, source{m, weight, strings.Fields(rest)})
	}
	intern := func(w string) lexeme {
		id, ok := b.words[w]
		if !ok {
			id = lexeme(len(b.words) + 1)
			b.words[w] = id
		}
		return id
	}
	// parts calls f for each alternative of an element: a word, or a class as a whole.
	parts := func(element string, word func(string), class func(string)) {
		for w := range strings.SplitSeq(element, "|") {
			switch {
			case w == "":
			case len(w) > 1 && w[0] == '%':
				if classes[w] == nil {
					panic("rules: no class " + w)
				}
				class(w)
			case w[len(w)-1] != '+':
				word(w)
			default:
				for _, x := range forms(w) {
					word(x)
				}
			}
		}
	}
	for _, s := range sources {
		for _, f := range s.fields {
			f, _ := element(f)
			parts(f, func(w string) {
				if !strings.HasPrefix(w, "<") && !(len(w) == 2 && w[0] == '.') && w != "*" && w != "^" {
					intern(w)
				}
			}, func(string) {})
		}
	}
	for _, c := range classes {
		for _, w := range c {
			intern(w)
		}
	}
	// "Insta's down", "Venmo's easier" speak of the service too.
	for _, list := range [...][]string{classes["%sure"], classes["%paysure"], {"ig", "fb"}} {
		for _, w := range list {
			if w[len(w)-1] != 's' {
				b.words[w+"s"] = b.words[w]
			}
		}
	}
	words := len(b.words)/64 + 1
	b.first = make([][]int32, len(b.words)+1)
	put := func(x *set, w string) {
		switch w {
		case "<n>":
			x.isNum = true
		case "*":
			x.isAny = true
		case "<N>":
			x.name = true
		default:
			id := b.words[w]
			if slices.Contains(x.few, id) {
				return
			}
			if x.bits == nil && len(x.few) < maxFew {
				x.few = append(x.few, id)
				return
			}
			x.spread(words)
			x.bits[id/64] |= 1 << (id % 64)
		}
	}
	for name, c := range classes {
		var x set
		x.spread(words)
		for _, w := range c {
			put(&x, w)
		}
		b.groups[name] = x
	}
	// Most elements stand in several rules, and many are a class and nothing else:
	// each set is made once, since the first text of a process waits for this.
	built := make(map[string]set, len(sources))
	build := func(element string) set {
		if x, ok := b.groups[element]; ok {
			if x.sieve == 0 {
				x = x.sifted()
				b.groups[element] = x
			}
			return x
		}
		if x, ok := built[element]; ok {
			return x
		}
		var x set
		parts(element, func(w string) { put(&x, w) }, func(name string) {
			x.spread(words)
			for i, g := range b.groups[name].bits {
				x.bits[i] |= g
			}
		})
		x = x.sifted()
		built[element] = x
		return x
	}
	fields := 0
	for _, s := range sources {
		fields += len(s.fields)
	}
	elems := make([]elem, 0, fields) // of all rules, one after another
	b.rules = make([]rule, 0, len(sources))
	for _, s := range sources {
		r := rule{mark: s.mark, weight: s.weight, hash: 2166136261}
		start := len(elems)
		for _, f := range s.fields {
			for i := 0; i < len(f); i++ {
				r.hash = (r.hash ^ uint32(f[i])) * 16777619
			}
		}
		gap := 0
		for _, f := range s.fields {
			if f == "^" {
				r.start = true
				continue
			}
			if len(f) == 2 && f[0] == '.' {
				gap = int(f[1] - '0')
				continue
			}
			f, optional := element(f)
			e := elem{gap: gap, optional: optional}
			e.set = build(f)
			gap = 0
			if optional && len(elems) == start {
				continue // says what usually stands there, and decides nothing
			}
			elems = append(elems, e)
		}
		r.elems = elems[start:len(elems):len(elems)]
		r.need = r.needs()
		k := int32(len(b.rules))
		b.rules = append(b.rules, r)
		for _, id := range r.elems[0].set.few {
			b.first[id] = append(b.first[id], k)
		}
		for i, x := range r.elems[0].set.bits {
			for ; x != 0; x &= x - 1 {
				id := i*64 + bits.TrailingZeros64(x)
				b.first[id] = append(b.first[id], k)
			}
		}
		if r.elems[0].set.isNum {
			b.onNum = append(b.onNum, k)
		}
	}
	for _, list := range [...][]string{classes["%sure"], classes["%paysure"], {"gmail", "hotmail", "yahoo", "signal"}} {
		for _, w := range list {
			if a, z := w[0], w[1]; a >= 'a' && a <= 'z' && z >= 'a' && z <= 'z' {
				b.starts[int(a-'a')*26+int(z-'a')] = true
			}
		}
	}
	b.bones = make(map[string]lexeme, 16)
	for _, name := range [...]string{"whatsapp", "instagram", "telegram", "snapchat", "facebook", "messenger", "viber", "facetime", "imessage"} {
		b.bones[string(skeleton(name, nil))] = b.words[name]
	}
	b.buildClasses()
	return b
}

// foldRule writes the words of a rule in other scripts as the folding of a text leaves them.
func foldRule(l string) string {
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf {
			return r
		}
		switch c, f := fold(r); c {
		case classLetter:
			return f
		case classSkip:
			return -1
		}
		return r
	}, l)
}

// element takes the brackets off an element and tells whether it is optional. A
// question mark that stands for itself is an alternative of its own.
func element(f string) (string, bool) {
	optional := len(f) > 1 && strings.HasSuffix(f, "?") && !strings.HasSuffix(f, "|?")
	if optional {
		f = strings.TrimSuffix(f, "?")
	}
	return strings.TrimSuffix(strings.TrimPrefix(f, "("), ")"), optional
}

// forms gives a word's inflections when it ends in "+": book+ is book, books, booked, booking.
func forms(w string) []string {
	base, ok := strings.CutSuffix(w, "+")
	if !ok || base == "" {
		return []string{w}
	}
	stem := strings.TrimSuffix(base, "e")
	out := []string{base, base + "s", stem + "ed", stem + "ing", stem + "in"}
	if n := len(base); n > 2 && strings.IndexByte("bdgmnprt", base[n-1]) >= 0 && strings.IndexByte("aeiou", base[n-2]) >= 0 && strings.IndexByte("aeiou", base[n-3]) < 0 {
		out = append(out, base+base[n-1:]+"ed", base+base[n-1:]+"ing")
	}
	if s, ok := strings.CutSuffix(base, "y"); ok {
		out = append(out, s+"ies", s+"ied")
	}
	return out
}

// spread makes room for any of so many words of lexemes.
func (x *set) spread(words int) {
	if x.bits != nil {
		return
	}
	x.bits = make([]uint64, words)
	for _, id := range x.few {
		x.bits[id/64] |= 1 << (id % 64)
	}
	x.few = nil
}

// sifted gives the set with its sieve: a bit for each of its words by its number's
// last six bits. A sentence whose words share none of them has none of the set.
func (x set) sifted() set {
	if x.isNum || x.isAny || x.name {
		x.sieve = ^uint64(0)
	}
	for _, id := range x.few {
		x.sieve |= 1 << (id % 64)
	}
	for _, b := range x.bits {
		x.sieve |= b
	}
	return x
}

// needs is the sieve of the rule's rarest element after the first that must be there.
func (r *rule) needs() uint64 {
	need := ^uint64(0)
	for n := 1; n < len(r.elems); n++ {
		if e := &r.elems[n]; !e.optional && bits.OnesCount64(e.set.sieve) < bits.OnesCount64(need) {
			need = e.set.sieve
		}
	}
	return need
}

func (x *set) has(w *wordRef) bool {
	if w.lex != 0 {
		if x.bits != nil {
			if x.bits[w.lex/64]&(1<<(w.lex%64)) != 0 {
				return true
			}
		} else if slices.Contains(x.few, w.lex) {
			return true
		}
	}
	return x.isAny || x.isNum && w.isNum || x.name && w.isName
}

// wordRef is one word as the rules see it.
type wordRef struct {
	tok      int
	lex      lexeme
	sentence int
	first    bool // first of its sentence
	isNum    bool
	isName   bool
	stem     int32 // its stem's place from 1, -1 for none, 0 before it was looked up
}

// found is one rule that matched: words [from, to).
type found struct {
	mark     mark
	rule     int32
	weight   int
	from, to int // word indexes
	sentence int
	void     bool // another mark takes its meaning away
}

// match runs every rule over the words of one text. A rule never leaves its
// sentence and never reaches further than maxReach words, so the work is linear.
func (b *book) match(words []wordRef, out []found, steps *int) []found {
	end := 0 // of the sentence word i stands in
	var sieve uint64
	for i := range words {
		w := &words[i]
		if end <= i {
			sieve = 0
		}
		for end <= i || end < len(words) && words[end].sentence == w.sentence {
			sieve |= 1 << (words[end].lex % 64)
			end++
		}
		reach := min(end, i+maxReach)
		lists := [2][]int32{b.first[w.lex], nil}
		if w.lex == 0 {
			lists[0] = nil
		}
		if w.isNum {
			lists[1] = b.onNum
		}
		for _, list := range lists {
			for _, k := range list {
				r := &b.rules[k]
				if r.start && !w.first || r.need&sieve == 0 {
					continue
				}
				*steps++
				if to := r.at(words[:reach], i, steps); to > 0 {
					out = append(out, found{mark: r.mark, rule: k, weight: r.weight, from: i, to: to, sentence: w.sentence})
				}
			}
		}
	}
	return out
}

// at tells where the rule ends when it starts at word i, whose word its first
// element has; 0 if it does not match. The words end where a rule may reach. Instead of backtracking it
// carries the set of words each element may end on, as bits counted from i.
func (r *rule) at(words []wordRef, i int, steps *int) int {
	ends := uint64(2) // offsets one past the words taken so far
	all := uint64(1)<<(len(words)-i) - 1
	for n := 1; n < len(r.elems); n++ {
		e := &r.elems[n]
		var may uint64
		for g := 0; g <= e.gap; g++ {
			may |= ends << g
		}
		var next uint64
		for may &= all; may != 0; may &= may - 1 {
			*steps++
			if o := bits.TrailingZeros64(may); e.set.has(&words[i+o]) {
				next |= 2 << o
			}
		}
		if e.optional {
			next |= ends
		}
		if next == 0 {
			return 0
		}
		ends = next
	}
	return i + bits.TrailingZeros64(ends) // the shortest end keeps spans tight
}
