package screening

import (
	"strconv"
	"strings"
)

// atom is a figure or a numeral in words: a piece that gives digits.
type atom struct {
	value    string // its digits; empty when a neighbour took it over
	at       int    // where its digits start among all
	from, to int    // tokens
	gap      int    // words between it and the atom before that are no filler
	seps     sep    // signs between it and the atom before
	sure     int8
	kind     digitKind
	inWords  bool
	odd      bool
	dress    dress
}

// dress is what ordinary thing a figure looks like.
type dress uint8

const (
	bare    dress = iota
	clock         // 7:30, 7 pm, at 7
	price         // $45, 45 dollars
	date          // 3/14, March 14, 14th
	amount        // 5 mg, 2 cups, 12.5
	address       // 1842 Oak St, apt 4
)

type sep uint16

const (
	sepSpace sep = 1 << iota
	sepDash
	sepDot
	sepParen
	sepSlash
	sepComma
	sepColon
	sepPicture
	sepOdd
	sepLine
	sepFiller
	sepSum
	sepDollar
)

const single = "0123456789"

const pairs = "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899"

// isFiller tells the words people put between digits and that say nothing.
//
//go:noinline
func isFiller(w string) bool {
	switch w {
	case "puis", "ensuite", "dann", "poi", "depois", "dopo", "phir", "tapos", "entonces", "seguido", "suivi", "dash", "hyphen", "dot", "period", "space", "then", "and", "y", "luego", "followed", "by", "guion", "punto", "area", "code", "slash", "comma", "um", "uh", "er", "next", "pause", "again", "point", "coma", "und", "et", "e", "raya", "espacio", "dsh", "parentheses", "paren", "open", "close", "bracket", "underscore", "that's", "thats", "its", "number", "digit", "like", "lol", "haha", "also", "despues", "menos", "final", "times", "veces", "middle", "middles", "ends", "finally", "lastly":
		return true
	}
	return false
}

// listAtoms finds every figure and numeral and what stands between them.
func (r *reading) listAtoms(b *book, again bool) {
	prev := -1 // token after the last atom
	gap, seps := 0, sep(0)
	romanFrom, romanTo := 0, 0
	var row tongue
	var sums figuring
	binary := false
	for i := 0; i < len(r.toks); i++ {
		t := &r.toks[i]
		if t.space {
			seps |= sepSpace
		}
		if t.line && i > 0 {
			seps |= sepLine
		}
		a := atom{from: i, to: i + 1, sure: 3, odd: t.odd}
		if t.kind == num && i >= sums.to && (i == 0 || r.toks[i-1].kind != num && (t.space || r.toks[i-1].kind == sign)) {
			if sums = r.sumRow(i); sums.to == 0 {
				sums = figuring{i, i + 1}
			}
		}
		binary = binary || t.text == "binary" || t.text == "binario"
		if binary && t.kind == num && len(t.text) <= 4 && strings.Trim(t.text, "01") == "" {
			n, _ := strconv.ParseUint(t.text, 2, 8)
			a.value, a.odd, a.gap, a.seps = pairs[2*n+1:2*n+2], true, gap, seps
			if n > 9 {
				a.value = pairs[2*n : 2*n+2]
			}
			r.atoms = append(r.atoms, a)
			prev, gap, seps = i+1, 0, 0
			continue
		}
		if v, to := r.reckoned(b, i, sums); to > i {
			a.value, a.to, a.odd, a.inWords = v, to, true, t.kind == word
			a.gap, a.seps = gap, seps
			if prev < 0 {
				a.gap, a.seps = 0, 0
			}
			r.atoms = append(r.atoms, a)
			prev, gap, seps = to, 0, 0
			i = to - 1
			continue
		}
		if i >= romanTo {
			romanFrom, romanTo = r.romans(i)
		}
		switch t.kind {
		case num:
			if len(t.text) == 1 && t.text != "0" && (i > 0 && tellsHowMany(r.toks[i-1].text) && !r.inDashes(i) || r.tellsPieces(i)) {
				seps |= sepFiller
				continue
			}
			if n := r.tok(i + 1); n.kind == word && !n.space && len(n.text) == 2 && (n.text == "st" || n.text == "nd" || n.text == "rd" || n.text == "th") && namesPart(r.tok(i+2).text) {
				seps |= sepFiller
				i++
				continue // "2nd part"
			}
			a.value = t.text
			if n := len(r.atoms); len(t.text) == 1 && r.tok(i+1).text == "s" && !r.tok(i+1).space && (r.tok(i+2).kind != num || r.tok(i+2).space) && n > 0 && gap == 0 && r.atoms[n-1].inWords {
				a.kind, a.to = plural, i+2 // "three 5s"
				i++
			}
		case word:
			if romanFrom <= i && i < romanTo {
				if a.value = roman(t.text); a.value == "" {
					a.value = "0"
				}
				a.odd = true
				break
			}
			numeral := b.shapes.holds(t.text)
			if i >= row.to && numeral {
				row = r.foreign(b, i)
			}
			if i < row.to {
				if v := row.digit(b, t.text); v != "" {
					a.value, a.inWords = v, true
					break
				}
			}
			if v := hangul(t.text); v != "" {
				a.value, a.inWords = v, true
				break
			}
			if r.blurred != nil && r.blurred[i] > inSyllable && i+1 < len(r.toks) && r.blurred[i+1] == inSyllable {
				a.value, a.sure, a.inWords, a.odd = single[r.blurred[i]-'0':r.blurred[i]-'0'+1], 2, true, true
				for a.to < len(r.toks) && r.blurred[a.to] == inSyllable {
					a.to++
				}
				i = a.to - 1
				break
			}
			var d digitWord
			ok := false
			if numeral {
				d, ok = b.digits[t.text]
			}
			if t.text == "once" && prev == i && gap == 0 && spanish(r.toks[i-1].text) {
				d, ok = digitWord{value: "11", sure: 3, kind: teen}, true
			}
			if n := len(r.atoms); t.text == "v" && n > 0 && gap == 0 && r.atoms[n-1].kind == repeat {
				d, ok = digitWord{value: "5", sure: 2}, true // "triple-V"
			}
			if ok && (i > 0 && d.value != "0" && tellsHowMany(r.toks[i-1].text) || d.kind == unit && (r.tellsOwnLength(i, d.value) || r.tellsPieces(i))) {
				seps |= sepFiller // "the last four": how many digits, not one of them
				continue
			}
			if !ok {
				d, ok = b.stretched(t.text)
			}
			if !ok && r.blurred != nil && r.blurred[i] > inRow {
				a.value, a.sure, a.inWords, a.odd = single[r.blurred[i]-'0':r.blurred[i]-'0'+1], 2, true, true
				break
			}
			if n := howOften(t.text); n > 0 && len(r.atoms) > 1 && prev == i && gap == 0 {
				if p := &r.atoms[len(r.atoms)-1]; len(p.value) == 1 && p.gap == 0 {
					p.value, p.to, p.sure = strings.Repeat(p.value, n), i+1, 3 // "five thrice"
					prev = i + 1
					continue
				}
			}
			if beside := i > 0 && !t.space && r.toks[i-1].kind == num || i+1 < len(r.toks) && !r.toks[i+1].space && r.toks[i+1].kind == num; beside && (!ok || len(t.text) == 1) {
				if v := r.lookAlike(i); v != "" {
					a.value, a.odd = v, true
					break
				}
			}
			if ok {
				a.value, a.sure, a.kind, a.inWords = d.value, d.sure, d.kind, true
				if r.blurred != nil && r.blurred[i] == inRow {
					a.sure = max(a.sure, 2)
				}
				break
			}
			if v := b.glued(t.text); v != "" {
				a.value, a.inWords = v, true
				break
			}
			if v := r.lookAlike(i); v != "" {
				a.value, a.odd = v, true
				break
			}
			if isFiller(t.text) || t.text == "once" && gap == 0 && r.oneDigit(b, i+1) || (t.text == "a" || t.text == "an" || t.text == "another") && (namesSign(r.tok(i+1).text) || gap == 0 && r.oneDigit(b, i+1)) {
				seps |= sepFiller
			} else {
				gap++
			}
			continue
		case emoji:
			if v := r.hand(i); v != 0 && r.byHand(i) {
				a.value, a.odd = single[v-'0':v-'0'+1], true
				break
			}
			seps |= sepPicture
			continue
		case sign:
			switch t.ch {
			case '-':
				seps |= sepDash
			case '.':
				seps |= sepDot
			case '(', ')', '[', ']':
				seps |= sepParen
				if n := len(r.atoms); t.ch == '(' && n > 0 && gap == 0 && r.atoms[n-1].inWords {
					i = r.remark(i) // "hive hive hive (rhymes with it)"
				}
			case '/':
				seps |= sepSlash
			case ',':
				seps |= sepComma
			case ':':
				seps |= sepColon
			case '*':
				if t.space || i+1 < len(r.toks) && r.toks[i+1].space {
					seps |= sepSum
				} else {
					seps |= sepOdd
				}
			case '+', '=':
				seps |= sepSum
			case '$':
				seps |= sepDollar
			case '!':
				if !t.space && i > 0 && i+1 < len(r.toks) && !r.toks[i+1].space && r.toks[i-1].kind == num && (r.toks[i+1].kind == num || r.toks[i+1].kind == word && len(r.toks[i+1].text) == 1) && len(r.atoms) > 0 {
					a.value, a.odd, a.gap, a.seps = "1", true, gap, seps
					r.atoms = append(r.atoms, a)
					prev, gap, seps = i+1, 0, 0
				}
			case '"', '\'', '?', ';':
			default:
				seps |= sepOdd
			}
			continue
		}
		a.gap, a.seps = gap, seps
		if prev < 0 {
			a.gap, a.seps = 0, 0
		}
		r.atoms = append(r.atoms, a)
		prev, gap, seps = i+1, 0, 0
	}
	if !again && r.blur(b) {
		r.atoms = r.atoms[:0]
		r.listAtoms(b, true)
		return
	}
	r.compose()
	var room [64]byte
	all := room[:0]
	for k := range r.atoms {
		r.atoms[k].at = len(all)
		all = append(all, r.atoms[k].value...)
	}
	r.digits = string(all)
	for k := range r.atoms {
		r.atoms[k].dress = r.dressOf(&r.atoms[k])
	}
}

// reckoned reads what has to be worked out or counted at token i, and where it ends.
func (r *reading) reckoned(b *book, i int, sums figuring) (string, int) {
	if sums.from <= i && i < sums.to && sums.to > sums.from+1 && r.toks[i].kind == num {
		return r.item(i)
	}
	if v, to := r.sum(i); to > i {
		return v, to
	}
	if v, to := r.calculation(i); to > i {
		return v, to
	}
	if r.toks[i].kind == word {
		return r.counted(b, i)
	}
	return "", i
}

// oneDigit tells whether token i is a single figure or a numeral for one, and no
// age or amount: "a 6, a nine".
func (r *reading) oneDigit(b *book, i int) bool {
	t := r.tok(i)
	if t.kind == num {
		n := r.tok(i + 1)
		return len(t.text) == 1 && (n.kind != word || isFiller(n.text) || b.digits[n.text].sure > 0)
	}
	d := b.digits[t.text]
	return t.kind == word && d.sure >= 2 && d.kind == unit
}

// remark is the token that closes the brackets token i opens, if there are but a
// few words in them and no figure; i where there are none such.
func (r *reading) remark(i int) int {
	for k := i + 1; k < len(r.toks) && k < i+8; k++ {
		switch t := &r.toks[k]; {
		case t.kind == num:
			return i
		case t.kind == sign && t.ch == ')':
			return k
		}
	}
	return i
}

// spanish tells whether w is a Spanish numeral that is no word of English.
func spanish(w string) bool {
	switch w {
	case "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "y", "luego":
		return true
	}
	return false
}

// howOften is how many times a word says the figure before it comes.
func howOften(w string) int {
	switch w {
	case "twice":
		return 2
	case "thrice":
		return 3
	}
	return 0
}

func namesPart(w string) bool {
	switch w {
	case "part", "bit", "piece", "chunk", "group", "half", "set", "three", "four", "two", "number", "digit", "digits", "numbers", "block", "section", "third":
		return true
	}
	return false
}

// inRow stands in blurred for a token that needs no blur to be a numeral, but is
// surer for the company it is in.
const inRow = 1

// inSyllable stands in blurred for what belongs to the numeral that began before it: "sev-en".
const inSyllable = 2

// blur finds the words that are numerals but for a slip of the finger or of the
// ear, and tells whether there are any. They count only in a row of words that
// are all numerals, as many as a phone has: in no other place is "oen" a one.
func (r *reading) blur(b *book) bool {
	unknown := len(r.atoms)
	for k := range r.words {
		if r.words[k].lex == 0 {
			unknown++
		}
	}
	if unknown < 7 {
		return false
	}
	found := false
	next := 0 // atom
	for i := 0; i < len(r.toks); {
		// A row: numerals, words that may be some, signs and fillers.
		var room [24]struct {
			tok, to int
			digit   byte
		}
		maybe := room[:0]
		n, sure, j, last := 0, 0, i, unit
		figures, loose := 0, false
		lead, trail := 0, 0 // words like "to" and "for" at either end, which may be talk
		for ; j < len(r.toks) && j-i < 48; j++ {
			t := &r.toks[j]
			r.steps++
			for next < len(r.atoms) && r.atoms[next].to <= j {
				next++
			}
			if d, to := r.syllables(b, j); d != 0 && len(maybe) < len(room) {
				maybe = append(maybe, struct {
					tok, to int
					digit   byte
				}{j, to, d})
				n, trail, last = n+1, 0, unit
				j = to - 1
				continue
			}
			if next < len(r.atoms) && r.atoms[next].from <= j {
				a := &r.atoms[next]
				if !a.inWords {
					figures += len(a.value)
				}
				if last == hundred && (a.kind == ten || a.kind == teen) || last == ten && a.kind == unit {
					// takes the place of noughts that were counted
				} else if a.kind == unit {
					n += len(a.value)
				} else if a.kind == repeat {
					n += int(a.value[0]-'0') - 1
				} else {
					n += 2
				}
				last = a.kind
				if a.sure >= 2 {
					sure++
					trail = 0
				} else if trail += len(a.value); trail == n {
					lead = n
				}
				j = a.to - 1
				continue
			}
			if t.kind == emoji || t.kind == sign && t.ch != '?' || t.kind == word && isFiller(t.text) {
				if t.kind == sign && t.ch == '(' && n == 10 {
					break // what follows explains
				}
				if t.kind == sign && t.ch == '(' && n > 0 {
					j = r.remark(j)
				}
				continue
			}
			if t.kind != word || len(maybe) == len(room) {
				break
			}
			d := looseDigit(t.text)
			if d != 0 {
				loose = true
			}
			if d == 0 && (n >= 5 || !ordinary(t.text)) {
				d = blurredDigit(t.text)
			}
			if d == 0 {
				break
			}
			maybe = append(maybe, struct {
				tok, to int
				digit   byte
			}{j, j + 1, d})
			n, trail = n+1, 0
		}
		if len(maybe) > 0 && !(loose && figures > 6) && (n == 7 && sure >= 4 || n >= 10 && n-lead-trail <= 11) {
			if r.blurred == nil {
				r.blurred = make([]byte, len(r.toks))
			}
			if n <= 10 {
				for k := i; k < j; k++ {
					r.blurred[k] = inRow
				}
			}
			for _, m := range maybe {
				for k := m.tok + 1; k < m.to; k++ {
					r.blurred[k] = inSyllable
				}
				r.blurred[m.tok] = m.digit
			}
			found = true
		}
		i = max(j, i) + 1
	}
	return found
}

// syllables reads a numeral with a hyphen in it, "sev-en", "sea-van", and where
// it ends. Neither half is one by itself, or only the first, and that by chance.
func (r *reading) syllables(b *book, i int) (byte, int) {
	if i+2 >= len(r.toks) {
		return 0, i
	}
	x, dash, y := &r.toks[i], &r.toks[i+1], &r.toks[i+2]
	if x.kind != word || dash.kind != sign || dash.ch != '-' || y.kind != word || dash.space || y.space || len(x.text)+len(y.text) > 8 || len(y.text) < 2 {
		return 0, i
	}
	if b.digits[y.text].sure > 0 || b.digits[x.text].sure > 1 {
		return 0, i
	}
	var room [8]byte
	w := append(append(room[:0], x.text...), y.text...)
	if d := b.digits[string(w)]; d.sure >= 2 && d.kind == unit && len(d.value) == 1 {
		return d.value[0], i + 3
	}
	if d := blurredDigit(string(w)); d != 0 {
		return d, i + 3
	}
	return looseDigit(string(w)), i + 3
}

// blurredDigit is the numeral that one letter more, less, other or swapped makes of w; 0 if none.
func blurredDigit(w string) byte {
	if len(w) < 2 || len(w) > 7 {
		return 0
	}
	for _, u := range [...]struct {
		word  string
		digit byte
	}{
		{"zero", '0'}, {"one", '1'}, {"two", '2'}, {"three", '3'}, {"four", '4'}, {"five", '5'}, {"six", '6'}, {"seven", '7'}, {"eight", '8'}, {"nine", '9'},
		{"cero", '0'}, {"uno", '1'}, {"dos", '2'}, {"tres", '3'}, {"cuatro", '4'}, {"cinco", '5'}, {"seis", '6'}, {"siete", '7'}, {"ocho", '8'}, {"nueve", '9'},
		{"sebben", '7'}, {"eigth", '8'}, {"foe", '4'},
	} {
		if oneOff(w, u.word) {
			return u.digit
		}
	}
	return 0
}

// oneOff tells whether one letter more, less, other or swapped makes a of b.
func oneOff(a, b string) bool {
	if len(a) < len(b) {
		a, b = b, a
	}
	if len(a)-len(b) > 1 {
		return false
	}
	i := 0
	for i < len(b) && a[i] == b[i] {
		i++
	}
	if len(a) > len(b) {
		return a[i+1:] == b[i:]
	}
	if i == len(b) {
		return true
	}
	return a[i+1:] == b[i+1:] || i+2 <= len(b) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}

// sum reads a small calculation in brackets, "(6-5)", and gives what comes out.
func (r *reading) sum(i int) (string, int) {
	if v, to := r.spokenSum(i); to > i {
		return v, to
	}
	if r.toks[i].kind != sign || r.toks[i].ch != '(' || r.tok(i+1).kind != num {
		return "", i
	}
	x := r.tok(i + 1)
	if len(x.text) > 3 {
		return "", i
	}
	v, k := number(x.text), i+2
	for ; k+1 < len(r.toks) && k < i+6 && v >= 0; k += 2 {
		op, y := &r.toks[k], &r.toks[k+1]
		if y.kind != num || len(y.text) > 3 {
			break
		}
		b := number(y.text)
		switch {
		case op.kind == sign && op.ch == '+':
			v += b
		case op.kind == sign && op.ch == '-':
			v -= b
		case op.kind == sign && op.ch == '*', op.kind == word && op.text == "x":
			v *= b
		case op.kind == sign && op.ch == '/' && b > 0 && v%b == 0:
			v /= b
		default:
			return "", i
		}
	}
	if t := r.tok(k); k == i+2 || t.kind != sign || t.ch != ')' || v < 0 || v > 9999 {
		return "", i
	}
	return strconv.Itoa(v), k + 1
}

// spokenSum reads "500 minus 88" and "0100 plus 38": a figure that is a little
// more or less than a rounder one. As many digits come out as went in.
func (r *reading) spokenSum(i int) (string, int) {
	if i+2 >= len(r.toks) {
		return "", i
	}
	x, op, y := &r.toks[i], &r.toks[i+1], &r.toks[i+2]
	if x.kind != num || y.kind != num || len(x.text) < 2 || len(x.text) > 4 || len(y.text) > len(x.text) || len(y.text) > 3 {
		return "", i
	}
	a, b := number(x.text), number(y.text)
	switch {
	case op.kind == word && (op.text == "minus" || op.text == "less" || op.text == "menos"):
		a -= b
	case len(y.text) < len(x.text) && (op.kind == word && (op.text == "plus" || op.text == "mas") || op.kind == sign && op.ch == '+'):
		a += b
	default:
		return "", i
	}
	if a < 0 {
		return "", i
	}
	v := strconv.Itoa(a)
	for len(v) < len(x.text) {
		v = "0" + v
	}
	if len(v) > len(x.text) {
		return "", i
	}
	return v, i + 3
}

// number is the value of digits. Not inlined, for the size of the binary.
//
//go:noinline
func number(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// roman gives the figure a word of capitals stands for, one to nine.
func roman(w string) string {
	switch w {
	case "i":
		return "1"
	case "ii":
		return "2"
	case "iii":
		return "3"
	case "iv", "iiii":
		return "4"
	case "v":
		return "5"
	case "vi":
		return "6"
	case "vii":
		return "7"
	case "viii":
		return "8"
	case "ix":
		return "9"
	case "o":
		return "0"
	}
	return ""
}

// romans finds a row of seven or more Roman figures and digits that starts at
// token i: no ordinary text has one. It returns where the row is.
func (r *reading) romans(i int) (from, to int) {
	n, latin, varied := 0, 0, false
	j := i
	for j < len(r.toks) && j-i < 48 {
		t := &r.toks[j]
		r.steps++
		switch {
		case t.kind == word && roman(t.text) != "":
			n, latin = n+1, latin+1
			varied = varied || len(t.text) > 1
		case t.kind == word && n > 0 && (t.text == "zero" || t.text == "nada" || t.text == "oh" || t.text == "nil" || t.text == "nulla" || t.text == "cero" || t.text == "nothing"):
			n++
		case t.kind == num && len(t.text) == 1 && n > 0:
			n++
		case t.kind == sign && n > 0 && t.ch != '?' && t.ch != '!', t.kind == word && n > 0 && t.text == "then":
		default:
			if n >= 7 && latin >= 4 && varied {
				return i, j
			}
			return max(j, i+1), max(j, i+1) // nothing in between begins one either
		}
		j++
	}
	if n >= 7 && latin >= 4 && varied {
		return i, j
	}
	return j, j
}

// stretched reads a numeral with a letter held too long: fiiive.
func (b *book) stretched(w string) (digitWord, bool) {
	if len(w) < 4 || len(w) > 24 {
		return digitWord{}, false
	}
	var buf [24]byte
	s := buf[:0]
	for i := 0; i < len(w); i++ {
		if n := len(s); n == 0 || s[n-1] != w[i] {
			s = append(s, w[i])
		}
	}
	if len(s) == len(w) {
		return digitWord{}, false
	}
	if d, ok := b.digits[string(s)]; ok && d.sure == 3 {
		return d, true
	}
	if string(s) == "thre" {
		return digitWord{value: "3", sure: 3}, true
	}
	return digitWord{}, false
}

// inDashes tells whether token i begins single figures with a dash between: "next 5-5-5".
func (r *reading) inDashes(i int) bool {
	a, b := r.tok(i+1), r.tok(i+2)
	return a.kind == sign && strings.IndexByte("-.", a.ch) >= 0 && !a.space && b.kind == num && !b.space && len(b.text) == 1
}

// tellsPieces tells whether token i only says in how many pieces something comes:
// "in two goes".
func (r *reading) tellsPieces(i int) bool {
	switch r.tok(i + 1).text {
	case "goes", "parts", "pieces", "bits", "halves", "chunks", "texts", "messages", "msgs", "installments", "lots", "partes", "trozos":
		w := r.tok(i - 1).text
		return w == "in" || w == "en" || w == "over" || w == "these"
	case "message", "msg", "text", "part", "piece", "bit", "mensaje", "parte":
		return i == 0 && (r.tok(i+2).ch == ':' || r.tok(i+2).ch == '-') // "2 message: 555"
	}
	return false
}

// tellsOwnLength tells whether token i only says how long the figure after it
// is: "the second three are 555".
func (r *reading) tellsOwnLength(i int, value string) bool {
	if value != "3" && value != "4" {
		return false
	}
	j := i + 1
	for ; j < i+4 && j < len(r.toks); j++ {
		switch t := &r.toks[j]; {
		case t.kind == sign && (t.ch == ':' || t.ch == '=' || t.ch == '-' && t.space):
		case t.kind == word && (t.text == "is" || t.text == "are" || t.text == "digits" || t.text == "numbers" || t.text == "son"):
		default:
			j += 100
		}
		if j > i+3 {
			j -= 100
			break
		}
	}
	t := r.tok(j)
	return t.kind == num && len(t.text) == int(value[0]-'0') && (j > i+1 || r.tok(i-1).text == "second" || r.tok(i-1).text == "third" || r.tok(i-1).text == "front" || r.tok(i-1).text == "back")
}

func tellsHowMany(w string) bool {
	switch w {
	case "part", "pt", "piece", "chunk", "first", "last", "final", "next", "other", "middle", "remaining", "primeros", "primeras", "ultimos", "ultimas", "siguientes", "rest":
		return true
	}
	return false
}

// compose puts compound numerals together: fifty-five, two hundred two, double five, three fives.
func (r *reading) compose() {
	r.composeEach()
	for k := 1; k < len(r.atoms); k++ {
		r.zeroInFront(k)
	}
}

// zeroInFront gives a nought to the figure that it is said to stand before: "a
// hundred and nineteen with a zero in front".
func (r *reading) zeroInFront(k int) {
	a := &r.atoms[k]
	if a.value != "0" || !r.aheadOf(a.to) {
		return
	}
	for i := r.atoms[k-1].to; i < a.from; i++ {
		switch r.toks[i].text {
		case "with", "and", "a", "plus", "add", "put", "", "con", "un":
		default:
			return
		}
	}
	n := k - 1
	for n > 0 && r.atoms[n].value == "" && r.atoms[n].gap == 0 {
		n-- // what was put together stands in the first of its parts
	}
	if n > 1 && r.atoms[n-1].kind == hundred && r.atoms[n-1].value == "" && r.atoms[n].gap == 0 {
		n -= 2 // one | hundred | and eighteen
	} else if n > 0 && r.atoms[n-1].kind == hundred && len(r.atoms[n-1].value) == 1 && r.atoms[n].gap == 0 {
		n-- // a hundred | and nineteen
	}
	p := &r.atoms[n]
	if len(p.value) > 3 || p.value == "" {
		return
	}
	p.value, a.value, a.gap = "0"+p.value, "", 0
}

// aheadOf tells whether token i says that what was named stands before the rest.
func (r *reading) aheadOf(i int) bool {
	switch r.tok(i).text {
	case "in", "at", "on":
		w := r.tok(i + 1).text
		if w == "the" {
			w = r.tok(i + 2).text
		}
		return w == "front" || w == "start" || w == "beginning"
	case "before", "ahead", "delante":
		return true
	}
	return false
}

func (r *reading) composeEach() {
	for k := range r.atoms {
		a := &r.atoms[k]
		var next *atom
		if k+1 < len(r.atoms) && r.atoms[k+1].gap == 0 && r.atoms[k+1].seps&^(sepSpace|sepDash|sepFiller) == 0 {
			next = &r.atoms[k+1]
		}
		if n := r.timesAfter(k); n > 0 {
			a.value, r.atoms[k+1].value, a.sure = strings.Repeat(a.value, n), "", 3
			continue
		}
		if n := r.timesOther(k); n > 0 {
			a.value, r.atoms[k+1].value, r.atoms[k+1].gap, a.sure = strings.Repeat(r.atoms[k+1].value, n), "", 0, 3
			continue
		}
		if n := r.timesBefore(k); n > 0 {
			r.atoms[k+1].value, r.atoms[k+1].sure, a.value = strings.Repeat(r.atoms[k+1].value, n), 3, ""
			continue
		}
		if a.kind == unit && a.value == "4" && next != nil && next.kind == ten && next.value == "2" && r.tok(a.from).text == "quatre" {
			a.value, a.kind, a.sure = "", unit, 3 // quatre-vingt
			next.value = "8"
			continue
		}
		switch a.kind {
		case ten:
			tens := int(a.value[0]-'0') * 10
			joined := next != nil && (next.seps&sepFiller == 0 || joins(r.tok(next.from-1).text))
			if joined && next.inWords && next.kind == teen && (a.value == "6" || a.value == "8") && next.value < "17" && len(next.value) == 2 { // soixante-douze, quatre-vingt-dix
				n := tens + int(next.value[1]-'0') + 10
				if next.value == "10" && k+2 < len(r.atoms) && r.atoms[k+2].gap == 0 && r.atoms[k+2].kind == unit && r.atoms[k+2].value >= "7" && r.atoms[k+2].seps&^(sepSpace|sepDash) == 0 {
					n += int(r.atoms[k+2].value[0] - '0')
					r.atoms[k+2].value = ""
				}
				a.value, next.value, next.kind = pairs[2*n:2*n+2], "", unit
				break
			}
			if joined && (next.inWords || next.seps == 0 && next.from == a.to) && next.kind == unit && next.sure >= 2 && next.value != "0" && len(next.value) == 1 {
				n := tens + int(next.value[0]-'0')
				a.value, next.value = pairs[2*n:2*n+2], ""
			} else {
				a.value = pairs[2*tens : 2*tens+2]
			}
		case hundred:
			if len(a.value) == 1 { // quinientos cincuenta y cinco
				a.value += "00"
				if next != nil && next.inWords {
					switch {
					case next.kind == ten && k+2 < len(r.atoms) && r.atoms[k+2].gap == 0 && r.atoms[k+2].inWords && r.atoms[k+2].kind == unit && r.atoms[k+2].sure >= 2 && r.atoms[k+2].seps&sepFiller != 0 && len(r.atoms[k+2].value) == 1:
						a.value = a.value[:1] + next.value + r.atoms[k+2].value
						next.value, next.kind, r.atoms[k+2].value = "", unit, ""
					case next.kind == ten:
						a.value = a.value[:1] + next.value + "0"
						next.value, next.kind = "", unit
					case next.kind == teen:
						a.value = a.value[:1] + next.value
						next.value, next.kind = "", unit
					}
				}
				a.sure = 3
				break
			}
			switch {
			case next != nil && next.inWords && (next.kind == ten || next.kind == teen) && a.value == "00" && r.tok(a.from-1).text == "a":
				a.value, a.sure, a.gap = "1", 3, max(0, a.gap-1) // a hundred and nineteen
			case k == 0 || a.gap > 0:
				a.sure = 1
			case next != nil && next.inWords && (next.kind == ten || next.kind == teen):
				a.value = a.value[2:]
			case next != nil && next.inWords && next.kind == unit && next.sure >= 2:
				a.value = a.value[1:]
			}
		case repeat:
			if next != nil && len(next.value) == 1 && next.kind == unit {
				a.value, a.sure = strings.Repeat(next.value, int(a.value[0]-'1')), 3
			} else if k+1 < len(r.atoms) && r.countsDigits(k) {
				n := &r.atoms[k+1]
				a.value, a.sure, n.value, n.gap = strings.Repeat(n.value, int(a.value[0]-'0')), 3, "", 0
			} else {
				a.value = ""
			}
		case plural:
			if k > 0 && a.gap == 0 {
				p := &r.atoms[k-1]
				if len(p.value) == 1 && p.value[0] >= '2' && p.value[0] <= '4' && p.kind == unit {
					a.value, p.value, a.sure = strings.Repeat(a.value, int(p.value[0]-'0')), "", 3
					break
				}
			}
			if a.inWords {
				a.sure = 1
			}
		}
	}
}

// countsDigits tells whether atom k says how often the digit after it comes, with
// words between that say so: "triple digits of five".
func (r *reading) countsDigits(k int) bool {
	a, n := &r.atoms[k], &r.atoms[k+1]
	if len(n.value) != 1 || n.kind != unit || n.from-a.to > 3 {
		return false
	}
	for i := a.to; i < n.from; i++ {
		if !listed("digit digits of the number numbers a", r.toks[i].text) {
			return false
		}
	}
	return n.sure >= 2 || !n.inWords
}

// joins tells the words between tens and units: treinta y dos, trente et un.
func joins(w string) bool { return w == "y" || w == "et" || w == "e" }

// timesAfter reads "five (x3)", "5 x 3" and "five three times" in a row of other
// figures: how often atom k is said by the one after it.
func (r *reading) timesAfter(k int) int {
	if k+1 >= len(r.atoms) || !r.inRow(k) {
		return 0
	}
	a, n := &r.atoms[k], &r.atoms[k+1]
	if len(a.value) != 1 || a.kind != unit && a.kind != plural || a.sure < 2 || len(n.value) != 1 || n.value < "2" || n.value > "4" || n.from-a.to > 3 || n.kind != unit {
		return 0
	}
	x := r.tok(n.from - 1)
	after := r.tok(n.to).text
	if x.text == "x" || (x.text == "times" || x.text == "by") && a.value > "4" || x.kind == sign && x.ch == '*' || n.gap == 0 && n.seps&sepComma == 0 && (after == "times" || after == "veces") {
		n.gap = 0
		return int(n.value[0] - '0')
	}
	return 0
}

// timesOther reads "3x5" in a row of figures as three fives.
func (r *reading) timesOther(k int) int {
	if k == 0 || k+1 >= len(r.atoms) || !r.inRow(k) {
		return 0
	}
	a, n := &r.atoms[k], &r.atoms[k+1]
	if a.inWords || n.inWords || len(a.value) != 1 || a.value < "2" || a.value > "4" || len(n.value) != 1 || n.value < "5" || n.from != a.to+1 || len(r.atoms[k-1].value) < 2 {
		return 0
	}
	if x := r.tok(a.to); x.text == "x" || x.kind == sign && x.ch == '*' {
		return int(a.value[0] - '0')
	}
	return 0
}

// timesBefore reads "three times five".
func (r *reading) timesBefore(k int) int {
	if k+1 >= len(r.atoms) || !r.inRow(k) {
		return 0
	}
	n, a := &r.atoms[k], &r.atoms[k+1]
	if len(a.value) != 1 || a.kind != unit || len(n.value) != 1 || n.value < "2" || n.value > "4" || n.kind != unit || a.from != n.to+1 && !(a.from == n.to+2 && listed("the a el la un number digit", r.tok(n.to+1).text)) {
		return 0
	}
	if w := r.tok(n.to).text; w == "times" || w == "veces" {
		a.gap = 0
		return int(n.value[0] - '0')
	}
	return 0
}

// inRow tells whether three or more digits stand right beside atoms k and k+1.
func (r *reading) inRow(k int) bool {
	digits := 0
	for i := k - 1; i >= 0 && i >= k-3 && r.atoms[i+1].gap == 0; i-- {
		digits += len(r.atoms[i].value)
	}
	for i := k + 2; i < len(r.atoms) && i < k+5 && r.atoms[i].gap <= 1; i++ {
		digits += len(r.atoms[i].value)
	}
	return digits >= 3
}

// glued reads a long word that is made of numerals only, or of numerals and
// what sounds like some: "fiveoneto", "fivfivfiv".
func (b *book) glued(w string) string {
	if len(w) < 6 || len(w) > 80 {
		return ""
	}
	if v := gluedExactly(w); v != "" || len(w) > 32 {
		return v
	}
	return b.gluedByEar(w)
}

// heard is the numeral that a piece of a word is, and what it costs to think so;
// 0 for none.
func (b *book) heard(w string) (digit byte, cost int8) {
	if b.shapes.holds(w) {
		if d := b.digits[w]; d.kind == unit && len(d.value) == 1 {
			if d.sure < 2 {
				return d.value[0], 4
			}
			return d.value[0], 1
		}
	}
	if len(w) < 3 || ordinary(w) {
		return 0, 0
	}
	return looseDigit(w), 5
}

func gluedExactly(w string) string {
	var b strings.Builder
	for len(w) > 0 {
		if d, n := leadingTen(w); n > 0 {
			b.WriteByte(d)
			w = w[n:]
			if u, m := leading(w); m > 0 && u != '0' {
				b.WriteByte(u)
				w = w[m:]
			} else {
				b.WriteByte('0')
			}
			continue
		}
		d, n := leading(w)
		if n == 0 {
			return ""
		}
		b.WriteByte(d)
		w = w[n:]
	}
	if b.Len() < 2 {
		return ""
	}
	return b.String()
}

// gluedByEar cuts a word into numerals and their misspellings, so that as few of
// them as can be are words like "to" and "ate"; at most half may be.
func (b *book) gluedByEar(w string) string {
	begins := false // as few words do
	for n := 2; n <= 6 && !begins; n++ {
		begins = b.shapes.holds(w[:n]) && b.digits[w[:n]].sure > 0
	}
	if !begins {
		return ""
	}
	const never = 99
	var cost, length [33]int8 // of the cheapest way from there to the end
	var digit [33]byte
	for i := len(w) - 1; i >= 0; i-- {
		cost[i] = never
		for n := 2; n <= 6 && i+n <= len(w); n++ {
			piece := w[i : i+n]
			if cost[i+n] == never {
				continue
			}
			v, c := b.heard(piece)
			if v != 0 && cost[i+n]+c < cost[i] {
				cost[i], length[i], digit[i] = cost[i+n]+c, int8(n), v
			}
		}
	}
	if cost[0] == never {
		return ""
	}
	var room [17]byte
	d, weak := room[:0], 0
	for i := 0; i < len(w); i += int(length[i]) {
		d = append(d, digit[i])
		if _, c := b.heard(w[i : i+int(length[i])]); c > 1 {
			weak++
		}
	}
	if len(d) < 2 || weak*2 > len(d) || len(d) == 2 && weak > 0 {
		return ""
	}
	return string(d)
}

// leading reads the numeral a word begins with. Where two fit, the longer one is right.
func leading(w string) (digit byte, n int) {
	if w == "" {
		return 0, 0
	}
	first := w[0]
	if strings.IndexByte("zcfnotuds", first) < 0 && first != 'e' {
		return 0, 0 // as most words
	}
	for _, u := range [...]struct {
		word  string
		digit byte
	}{
		{"three", '3'}, {"seven", '7'}, {"eight", '8'}, {"siete", '7'}, {"nueve", '9'}, {"cuatro", '4'}, {"cinco", '5'},
		{"zero", '0'}, {"cero", '0'}, {"four", '4'}, {"five", '5'}, {"nine", '9'}, {"tres", '3'}, {"seis", '6'}, {"ocho", '8'},
		{"one", '1'}, {"two", '2'}, {"six", '6'}, {"uno", '1'}, {"dos", '2'}, {"oh", '0'}, {"o", '0'},
	} {
		if u.word[0] == first && strings.HasPrefix(w, u.word) {
			return u.digit, len(u.word)
		}
	}
	return 0, 0
}

// leadingTen reads the tens a word begins with: sixtytwo.
func leadingTen(w string) (digit byte, n int) {
	if len(w) < 5 || strings.IndexByte("tfsen", w[0]) < 0 {
		return 0, 0
	}
	for _, u := range [...]struct {
		word  string
		digit byte
	}{{"twenty", '2'}, {"thirty", '3'}, {"forty", '4'}, {"fourty", '4'}, {"fifty", '5'}, {"sixty", '6'}, {"seventy", '7'}, {"eighty", '8'}, {"ninety", '9'}} {
		if u.word[0] == w[0] && u.word[1] == w[1] && strings.HasPrefix(w, u.word) {
			return u.digit, len(u.word)
		}
	}
	return 0, 0
}

// namesSign tells the words for what is written between the groups of a phone.
func namesSign(w string) bool {
	switch w {
	case "puis", "ensuite", "dann", "poi", "depois", "dopo", "phir", "tapos", "entonces", "seguido", "suivi", "dash", "hyphen", "dot", "period", "space", "slash":
		return true
	}
	return false
}

// lookAlike reads a word of letters that pass for digits, where it stands
// between figures: 2O2, 555-OI23.
func (r *reading) lookAlike(i int) string {
	t := &r.toks[i]
	if len(t.text) > 4 {
		return ""
	}
	for k := 0; k < len(t.text); k++ {
		if strings.IndexByte("oilszb", t.text[k]) < 0 || t.text[k] == 'b' && !t.upper {
			return ""
		}
	}
	before := i > 0 && !t.space && r.toks[i-1].kind == num
	if p := r.tok(i - 2); before && len(t.text) == 1 && !r.toks[i-1].space && p.kind == word && len(p.text) == 1 && strings.IndexByte("oilszb", p.text[0]) < 0 {
		return "" // one letter after each figure: a5b0c3
	}
	after := i+1 < len(r.toks) && !r.toks[i+1].space && r.toks[i+1].kind == num
	dashed := i > 1 && !t.space && !r.toks[i-1].space && r.toks[i-1].kind == sign && strings.IndexByte("-.", r.toks[i-1].ch) >= 0 && r.toks[i-2].kind == num
	dashes := i+2 < len(r.toks) && !r.toks[i+1].space && !r.toks[i+2].space && r.toks[i+1].kind == sign && strings.IndexByte("-.", r.toks[i+1].ch) >= 0 &&
		(r.toks[i+2].kind == num || i+3 < len(r.toks) && r.toks[i+3].kind == num && !r.toks[i+3].space && len(r.toks[i+2].text) < 4 && strings.Trim(r.toks[i+2].text, "oilszb") == "")
	onlyO := strings.Trim(t.text, "o") == ""
	if r.completesRow(i) || r.inGroups(i) {
		// "3O5 555 Ol l7": four more after six
	} else if (before || after) && r.amongFigures(i) {
		// "4l5 55S Ol37": groups of a phone's length beside each other
	} else if !(before && after || onlyO && (before || after) || dashed && (after || dashes) || after && onlyO || before && dashes) {
		return ""
	}
	var buf [4]byte
	for k := 0; k < len(t.text); k++ {
		switch t.text[k] {
		case 'o':
			buf[k] = '0'
		case 'i', 'l':
			buf[k] = '1'
		case 's':
			buf[k] = '5'
		case 'z':
			buf[k] = '2'
		case 'b':
			buf[k] = '8'
		}
	}
	return string(buf[:len(t.text)])
}

// completesRow tells whether token i is among look-alikes and figures that make
// four after two groups of three.
func (r *reading) completesRow(i int) bool {
	size := func(k int) int {
		t := r.tok(k)
		if k < 0 || k >= len(r.toks) || t.kind != num && (t.kind != word || len(t.text) > 4 || strings.Trim(t.text, "oilsz") != "") {
			return 0
		}
		return len(t.text)
	}
	from, after, real := i, 0, false
	for k := i; k < len(r.toks) && k < i+4 && size(k) > 0; k++ {
		after += size(k)
		real = real || r.toks[k].kind == num
	}
	for from > 0 && i-from < 8 && size(from-1) > 0 {
		from--
	}
	before := 0
	for k := from; k < i; k++ {
		before += size(k)
		real = real || r.toks[k].kind == num && len(r.toks[k].text) == 3
	}
	return real && (before == 6 && after == 4 || before > 6 && before+after == 10) && before >= 6
}

// inGroups tells whether token i is in a row of three groups of three, three and
// four figures and look-alikes, two of them with a figure: "9l7 SSS 0I2B".
func (r *reading) inGroups(i int) bool {
	fits := func(k int) bool {
		if k < 0 || k >= len(r.toks) {
			return false
		}
		t := &r.toks[k]
		return t.kind == num && len(t.text) <= 4 || t.kind == word && len(t.text) <= 4 && strings.Trim(t.text, "oilszb") == ""
	}
	from := i
	for from > 0 && i-from < 12 && (fits(from-1) || r.toks[from-1].kind == sign && strings.IndexByte("-.()", r.toks[from-1].ch) >= 0 && fits(from-2)) {
		from--
	}
	var sizes, figures [4]int
	n := -1
	for k := from; k < len(r.toks) && k-from < 16; k++ {
		t := &r.toks[k]
		if t.kind == sign && strings.IndexByte("-.()", t.ch) >= 0 && fits(k+1) {
			continue
		}
		if !fits(k) {
			break
		}
		if n < 0 || t.space || r.toks[k-1].kind == sign {
			if n++; n == len(sizes) {
				return false
			}
		}
		sizes[n] += len(t.text)
		if t.kind == num {
			figures[n] = 1
		}
	}
	return n == 2 && sizes[0] == 3 && sizes[1] == 3 && sizes[2] == 4 && figures[0]+figures[1]+figures[2] >= 1
}

// amongFigures tells whether token i is part of a group of three or four
// figures and look-alikes that has another such group beside it. A unit glued
// to an amount ("10l", "5s") makes no such pair.
func (r *reading) amongFigures(i int) bool {
	from, to, n, ok := r.group(i)
	if !ok || n != 3 && n != 4 {
		return false
	}
	for _, k := range [...]int{from - 1, to} {
		if t := r.tok(k); t.kind == sign && strings.IndexByte("-./)(", t.ch) >= 0 {
			if k < from {
				k--
			} else {
				k++
			}
		}
		if _, _, m, ok := r.group(k); (ok || r.tok(k).upper && m == 3) && (m == 3 || m == 4) {
			return true
		}
	}
	return false
}

// group is the run of figures and look-alikes, nothing between them, that token i stands in.
func (r *reading) group(i int) (from, to, n int, ok bool) {
	fits := func(k int) bool {
		t := r.tok(k)
		return t.kind == num && len(t.text) <= 4 || t.kind == word && len(t.text) <= 3 && strings.Trim(t.text, "oilsz") == ""
	}
	if !fits(i) {
		return i, i, 0, false
	}
	from, to = i, i+1
	for from > 0 && i-from < 4 && !r.toks[from].space && fits(from-1) {
		from--
	}
	for to < len(r.toks) && to-i < 4 && !r.toks[to].space && fits(to) {
		to++
	}
	figures := false
	for k := from; k < to; k++ {
		n += len(r.toks[k].text)
		figures = figures || r.toks[k].kind == num
	}
	if t := r.tok(to); !figures || to < len(r.toks) && t.kind == word && !t.space {
		return from, to, n, false
	}
	return from, to, n, true
}

// nowhere stands for the tokens before the first and after the last; it is only read.
var nowhere = token{kind: emoji}

// tok is a token by index, a blank one outside the text.
func (r *reading) tok(i int) *token {
	if i < 0 || i >= len(r.toks) {
		return &nowhere
	}
	return &r.toks[i]
}

// dressOf tells what ordinary thing a short figure is.
func (r *reading) dressOf(a *atom) dress {
	if a.inWords || len(a.value) > 5 {
		return bare
	}
	prev, next := r.tok(a.from-1), r.tok(a.to)
	after := r.tok(a.to + 1)
	if prev.kind == word && next.kind == word && a.from > 0 && !r.toks[a.from].space && !next.space {
		return bare // a letter on either side is no unit
	}
	if next.kind == word && !next.space && r.amongFigures(a.to) {
		return bare // "55S" is no street to the south
	}
	switch {
	case prev.kind == sign && prev.ch == '$':
		return price
	case next.kind == sign && next.ch == '%':
		return amount
	case next.kind == sign && next.ch == ':' && after.kind == num && !next.space && !after.space && len(after.text) == 2,
		prev.kind == sign && prev.ch == ':' && r.tok(a.from-2).kind == num && !prev.space && !r.toks[a.from].space && len(a.value) == 2:
		return clock
	case next.kind == sign && next.ch == '/' && after.kind == num && !after.space && len(a.value) <= 2 && len(after.text) <= 2,
		prev.kind == sign && prev.ch == '/' && r.tok(a.from-2).kind == num && !r.toks[a.from].space && len(r.tok(a.from-2).text) <= 2:
		return date
	case next.kind == sign && next.ch == '.' && after.kind == num && !next.space && !after.space && (len(after.text) <= 2 && len(a.value) <= 3 || len(after.text) >= 4) && r.tok(a.to+2).ch != '.' && (prev.ch != '.' || prev.space),
		prev.kind == sign && prev.ch == '.' && r.tok(a.from-2).kind == num && !prev.space && !r.toks[a.from].space && r.tok(a.from-3).ch != '.' && next.ch != '.' && len(r.tok(a.from-2).text) <= 3 && (len(a.value) <= 2 || len(a.value) > 4):
		if p := r.tok(a.from - 3); p.kind == sign && p.ch == '$' {
			return price
		}
		return amount
	}
	if next.kind == word {
		switch next.text {
		case "am", "pm", "a", "p", "oclock", "h", "hrs", "hr", "hour", "hours", "min", "mins", "minute", "minutes", "m", "sec", "seconds", "noon", "horas", "hora", "minutos", "ish", "uhr":
			return clock
		case "dollars", "dollar", "bucks", "usd", "buck", "euros", "pesos", "dolares", "eur", "k", "cents":
			return price
		case "st", "nd", "rd", "th", "jan", "january", "feb", "february", "march", "april", "may", "june", "july", "august", "aug", "september", "october", "oct", "november", "nov", "december", "dec", "de":
			return date
		case "mg", "ml", "mcg", "cc", "kg", "g", "lb", "lbs", "oz", "cup", "cups", "scoop", "scoops", "tsp", "tbsp", "pill", "pills", "tablet", "tablets", "drops", "units", "iu", "percent", "degrees", "f", "c", "x", "times", "days", "day", "weeks", "week", "months", "month", "years", "year", "yrs", "yo", "y", "walks", "walk", "visits", "visit", "dogs", "cats", "dog", "cat", "miles", "mile", "mi", "km", "feet", "ft", "blocks", "nights", "night", "treats", "treat", "cans", "can", "people", "puppies", "kittens", "bags", "bag", "bowls", "bowl", "inches", "inch", "kibbles", "pieces", "tabs", "capsules", "pounds", "ounces", "grams", "bpm", "dias", "tazas", "taza", "pastillas", "veces", "perros", "gatos":
			return amount
		case "street", "ave", "avenue", "road", "drive", "dr", "blvd", "lane", "ln", "court", "ct", "circle", "place", "pl", "way", "north", "south", "east", "west", "n", "s", "e", "w":
			return address
		}
		if a.from+2 < len(r.toks) && after.kind == word && (next.caps || len(a.value) >= 3) {
			switch after.text {
			case "street", "st", "ave", "avenue", "road", "rd", "drive", "dr", "blvd", "boulevard", "lane", "ln", "court", "ct", "circle", "cir", "place", "pl", "way", "terrace", "trail", "pkwy", "parkway":
				return address
			}
		}
	}
	if r.hour(a) {
		return clock
	}
	if prev.kind == word {
		switch prev.text {
		case "jan", "january", "feb", "february", "march", "april", "may", "june", "july", "august", "aug", "september", "october", "oct", "november", "nov", "december", "dec", "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto":
			if len(a.value) <= 2 {
				return date
			}
		case "apt", "apartment", "unit", "suite", "ste", "floor", "room", "rm", "zip", "zipcode", "hwy", "highway", "route", "exit", "gate", "terminal", "bldg", "building", "flight", "iphone", "channel", "row", "seat", "platform", "ps", "bus":
			return address
		case "at", "by", "around", "until", "till", "til", "from", "between", "before", "after", "about", "las", "la":
			if len(a.value) <= 2 && r.tok(a.from-2).text != "followed" && (next.kind != sign || next.space || strings.IndexByte(",.!?;", next.ch) >= 0) {
				return clock
			}
		}
	}
	return bare
}

// hour tells whether a figure without a sign in it is a time by what leads up to
// it: "till 345", "between 3 and 330", "4 to 430".
func (r *reading) hour(a *atom) bool {
	v := a.value
	if a.inWords || len(v) < 3 || len(v) > 4 || v[len(v)-2] > '5' || v[len(v)-1] != '0' && v[len(v)-1] != '5' || number(v) > 2400 || r.tok(a.to).kind == num || r.tok(a.to).kind == sign && r.tok(a.to+1).kind == num {
		return false
	}
	p := r.tok(a.from - 1)
	switch p.text {
	case "till", "until", "til":
		return true
	case "to", "and":
		x := r.tok(a.from - 2)
		if x.kind != num || len(x.text) > 2 && r.tok(a.from-3).kind == num {
			return false
		}
		return p.text == "to" && len(x.text) <= 2 || r.tok(a.from-3).text == "between"
	}
	return false
}
