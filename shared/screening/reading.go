package screening

import (
	"sort"
	"strings"
)

// reading is one text with everything the detectors share: its tokens, its
// words, what the rules say about them, and its figures. It is made once for
// each text and only read after that.
type reading struct {
	body      string
	author    Author
	toks      []token
	words     []wordRef
	wordAt    []int32 // for each token, the first word at or after it
	marks     []found // ordered by from
	atoms     []atom
	digits    string // of all atoms, in order
	has       [mCount]bool
	own       []int    // tokens at which the business's own pages and addresses begin
	blurred   []byte   // the numeral a token is but for a slip; nil where there is none
	shouted   bool     // written in capitals only
	before    *reading // the text before this one, if there is any
	mailAsked bool     // one of the last few speaks of e-mail
	taken     []bool   // tokens that belong to an address or a link, so that their figures are no phone
	steps     int      // work done, for the test that holds it linear
}

// anyOf tells whether a text has one of these words; spaces stand between them.
func (r *reading) anyOf(words string) bool { return r.firstOf(0, len(r.toks), words) >= 0 }

// firstOf is the first token of [from, to) that is one of these words; -1 if none is.
// The list is one string because that is a third of the bytes of a switch.
//
//go:noinline
func (r *reading) firstOf(from, to int, words string) int {
	for i := max(from, 0); i < min(to, len(r.toks)); i++ {
		r.steps++
		if listed(words, r.toks[i].text) {
			return i
		}
	}
	return -1
}

// listed tells whether w is one of the words.
func listed(words, w string) bool {
	for w != "" {
		at := strings.Index(words, w)
		if at < 0 {
			return false
		}
		end := at + len(w)
		if (at == 0 || words[at-1] == ' ') && (end == len(words) || words[end] == ' ') {
			return true
		}
		words = words[end:]
		if words != "" && words[0] != ' ' {
			// What is left begins inside a word.
			_, words, _ = strings.Cut(words, " ")
		}
	}
	return false
}

// read takes a text apart. Of an old text (not whole) only its figures matter.
func read(t Text, b *book, whole bool) *reading {
	return newSlab(1, len(t.Body)).read(t, b, whole)
}

func (s *slab) read(t Text, b *book, whole bool) *reading {
	r := &sized(&s.readings, 1)[0]
	r.body, r.author = t.Body, t.Author
	r.toks = b.undress(s.tokenise(t.Body))
	r.calm()
	r.steps += len(r.toks)
	r.taken = sized(&s.taken, len(r.toks))
	r.listWords(b, s)
	r.atoms = rest(&s.atoms)
	r.listAtoms(b, false)
	r.atoms = kept(&s.atoms, r.atoms)
	if !whole && len(r.atoms) == 0 {
		return r // an old text without a figure has nothing to say
	}
	r.marks = kept(&s.marks, b.match(r.words, rest(&s.marks), &r.steps))
	r.void()
	if r.author == Client {
		r.petParents()
	}
	for _, m := range r.marks {
		if !(m.void && m.mark == mThird) {
			r.has[m.mark] = true
		}
	}
	return r
}

// void marks what only seems to name somebody's phone or to ask for a call.
func (r *reading) void() {
	for k := range r.marks {
		n := &r.marks[k]
		if n.mark != mNoThird && n.mark != mNoReach {
			continue
		}
		for i := k; i >= 0 && r.marks[i].from == n.from; i-- {
			r.steps++
			r.annul(n, i)
		}
		for i := k + 1; i < len(r.marks) && r.marks[i].from < n.to; i++ {
			r.steps++
			r.annul(n, i)
		}
	}
}

// petParents voids those who only tell whose people the writer is: "hey, it's
// Biscuit's mom", "im the dad of Pepper". "This is my mom" is somebody else.
func (r *reading) petParents() {
	for k := range r.marks {
		m := &r.marks[k]
		if m.mark != mThird || m.to-m.from != 1 || m.from == 0 {
			continue
		}
		at := r.words[m.from].tok
		if listed("mom mum mommy mama dad daddy papa mother father parent parents owner human", r.toks[at].text) &&
			!listed("my our his her their your wifes husbands", r.toks[r.words[m.from-1].tok].text) &&
			r.firstOf(at-4, at, "its im am is i hi hey hello") >= 0 && r.firstOf(at-4, at, "he she he's hes shes my our") < 0 {
			m.void = true
		}
	}
}

// annul voids mark i if n says so. "If you can't reach me" invites nobody to,
// not even in its own sentence: that mark is gone.
func (r *reading) annul(n *found, i int) {
	m := &r.marks[i]
	if n.mark == mNoReach && n.weight > 100 && (m.mark == mReach || m.mark == mNumber) && m.to <= n.to {
		m.mark = mNone
		return
	}
	m.void = m.void || n.covers(m)
}

// covers tells whether n is what makes m mean nothing.
func (n *found) covers(m *found) bool {
	return n.mark == mNoThird && m.mark == mThird && m.to <= n.to || n.mark == mNoReach && m.mark == mReach
}

// calm takes the capitals off a text that is written in nothing else: there
// they are no names.
func (r *reading) calm() {
	n := 0
	for i := range r.toks {
		if t := &r.toks[i]; t.kind == word && len(t.text) > 1 {
			if !t.upper && !t.odd {
				return
			}
			n++
		}
	}
	if n < 3 {
		return
	}
	r.shouted = true
	for i := range r.toks {
		r.toks[i].caps = false
	}
}

// undress puts back together what was pulled apart: letters with spaces or
// signs between them, and words with figures for letters; then what of that are
// halves, since either half may have been in disguise.
func (b *book) undress(toks []token) []token {
	return b.joinHalves(b.undressWords(toks))
}

func (b *book) undressWords(toks []token) []token {
	out := toks[:0]
	for i := 0; i < len(toks); {
		if j := spaced(toks, i); j > i {
			t := toks[i]
			var s strings.Builder
			for k := i; k < j; k++ {
				if toks[k].kind == word {
					s.WriteString(toks[k].text)
				}
			}
			t.text, t.end, t.odd = s.String(), toks[j-1].end, true
			out = append(out, t)
			i = j
			continue
		}
		if n := len(out); n > 0 && out[n-1].odd && i+1 < len(toks) && toks[i].kind == word && !toks[i+1].space {
			// "b00k m3": in that company a short one is one too.
			if a := toks[i].text + toks[i+1].text; a == "m3" || a == "w3" {
				t := toks[i]
				t.text, t.end, t.odd = a[:1]+"e", toks[i+1].end, true
				out = append(out, t)
				i += 2
				continue
			}
		}
		if j, w := b.leet(toks, i); j > i {
			t := toks[i]
			t.kind, t.text, t.end, t.odd = word, w, toks[j-1].end, true
			out = append(out, t)
			i = j
			continue
		}
		t := toks[i]
		if t.kind == word {
			t.text = inFull(t.text)
		}
		out = append(out, t)
		i++
	}
	return out
}

// inFull is the word that people leave letters out of when they type in a hurry:
// what the rules and the models know by its full form they need not know twice.
func inFull(w string) string {
	if len(w) > 6 {
		return w
	}
	switch w {
	case "wts", "wtz", "watz":
		return "whats"
	case "sgnal", "signol", "signel", "singal", "siganl", "signl":
		return "signal"
	case "dnt":
		return "dont"
	case "dosnt", "dusnt", "doesn":
		return "doesnt"
	case "jus", "jst":
		return "just"
	case "nxt", "nex":
		return "next"
	case "da", "teh":
		return "the"
	case "dem":
		return "them"
	case "dey":
		return "they"
	case "wit", "wid":
		return "with"
	case "abt", "bout":
		return "about"
	case "ppl", "peeps":
		return "people"
	case "tmrw", "tmw", "tmr", "tomoz":
		return "tomorrow"
	case "wknd":
		return "weekend"
	case "wk":
		return "week"
	case "bcuz", "cuz", "coz", "bcoz":
		return "because"
	case "gud":
		return "good"
	case "shud":
		return "should"
	case "wud":
		return "would"
	case "cud":
		return "could"
	case "ofis", "offis":
		return "office"
	case "cmpny", "compny":
		return "company"
	case "agncy":
		return "agency"
	case "pymt", "paymnt":
		return "payment"
	case "prvt", "priv":
		return "private"
	case "drct":
		return "direct"
	case "urself", "yrself":
		return "yourself"
	}
	return w
}

func (b *book) joinHalves(toks []token) []token {
	out := toks[:0]
	for i := 0; i < len(toks); {
		if j, w := b.halves(toks, i); j > i {
			t := toks[i]
			t.text, t.end = w, toks[j-1].end
			out = append(out, t)
			i = j
			continue
		}
		out = append(out, toks[i])
		i++
	}
	return out
}

// halves finds the name of a service that was cut in two: "ven mo", "tele-gram".
func (b *book) halves(toks []token, i int) (int, string) {
	j := i + 1
	if toks[i].kind != word || j >= len(toks) {
		return i, ""
	}
	if toks[j].kind == sign && strings.IndexByte("-._*/", toks[j].ch) >= 0 {
		j++
	}
	if j >= len(toks) || toks[j].kind != word || toks[j].line {
		return i, ""
	}
	if toks[j].text == "app" && j+2 < len(toks) && toks[j+1].kind == sign && !toks[j+1].space && (toks[j+1].ch == '-' || toks[j+1].ch == '\'') && toks[j+2].kind == word && !toks[j+2].space {
		return i, "" // "what's app-ening", "what's app-ropriate"
	}
	if toks[i].text == "what" && toks[j].text == "app" && j+1 < len(toks) {
		switch toks[j+1].text {
		case "do", "does", "did", "is", "are", "was", "should", "would", "can", "for", "to", "the", "you", "has", "with":
			return i, "" // a question about an app
		}
	}
	if toks[i].text == "w" && toks[j].text == "o" && j == i+2 && !toks[j].space {
		return j + 1, "without"
	}
	if len(toks[i].text) == 1 {
		return initials(toks, i, j)
	}
	if a := toks[i].text; len(a) < 2 || a[0] < 'a' || a[0] > 'z' || a[1] < 'a' || a[1] > 'z' || !b.starts[int(a[0]-'a')*26+int(a[1]-'a')] {
		return i, ""
	}
	if end, w := b.thirds(toks, i); end > i {
		return end, w
	}
	n := len(toks[i].text) + len(toks[j].text)
	if n < 5 || j == i+1 && (toks[i].text == "we" || toks[i].text == "face") || n > 12 || len(toks[j].text) < 2 {
		return i, ""
	}
	var buf [12]byte
	w := append(append(buf[:0], toks[i].text...), toks[j].text...)
	id, ok := b.words[string(w)]
	if !ok && j > i+1 {
		id = b.lookup(string(w)) // "ven-moe"
		ok = id != 0
	}
	if !ok || !b.groupHas("%sure", id) && !b.groupHas("%paysure", id) && !listed("gmail hotmail yahoo signal", string(w)) {
		return i, ""
	}
	return j + 1, string(w)
}

// thirds finds such a name in three pieces, of which one is a letter: "ven m o".
func (b *book) thirds(toks []token, i int) (int, string) {
	if i+2 >= len(toks) || toks[i+1].kind != word || toks[i+2].kind != word || len(toks[i+1].text) > 1 && len(toks[i+2].text) > 1 {
		return i, ""
	}
	var buf [12]byte
	if n := len(toks[i].text) + len(toks[i+1].text) + len(toks[i+2].text); n < 5 || n > len(buf) {
		return i, ""
	}
	w := append(append(append(buf[:0], toks[i].text...), toks[i+1].text...), toks[i+2].text...)
	if id, ok := b.words[string(w)]; ok && (b.groupHas("%sure", id) || b.groupHas("%paysure", id)) {
		return i + 3, string(w)
	}
	return i, ""
}

// initials finds what is written letter by letter and is too short to be told by
// that alone: "i.g.", "i G is", "e-mail".
func initials(toks []token, i, j int) (int, string) {
	a, z, tight := toks[i].text, toks[j].text, j == i+2 && !toks[j].space && !toks[i+1].space
	if a == "e" && (z == "mail" || z == "mails" || z == "mailed" || z == "mailing") {
		return j + 1, "email"
	}
	switch {
	case a == "i" && z == "cloud":
		return j + 1, "icloud"
	case a == "w" && (z == "app" || z == "apps") && j == i+2: // "w.app", "w/app"
		return j + 1, "whatsapp"
	case a == "w" && z == "a" && tight && !toks[i+1].odd: // "W.A. me", "on W/A"
		if end := j + 1; toks[i+1].ch == '.' && end < len(toks) && toks[end].ch == '.' && !toks[end].space {
			return end + 1, "wa"
		}
		return j + 1, "wa"
	}
	if a != "i" && a != "f" || z != "g" && z != "b" || (a == "i") != (z == "g") {
		return i, ""
	}
	end := j + 1
	if tight && end < len(toks) && toks[end].ch == '.' && !toks[end].space {
		end++
	}
	if !tight {
		if j != i+1 || end >= len(toks) {
			return i, ""
		}
		if n := &toks[end]; n.text != "is" && !(n.text == "me" && i == 0) && n.ch != ':' && n.ch != '=' && n.ch != '@' {
			return i, ""
		}
	}
	return end, a + z
}

// spaced finds four or more single letters in a row with the same thing
// between them, and returns where they end.
func spaced(toks []token, i int) int {
	if toks[i].kind != word || len(toks[i].text) != 1 {
		return i
	}
	n, j := 1, i+1
	apart := i > 0 && wide(toks, i) // words with more between them than their letters
	for j < len(toks) {
		k := j
		if wide(toks, j) {
			apart = true
			break
		}
		if toks[k].kind == sign && toks[k].space && k+1 < len(toks) && toks[k+1].space && !(k > 1 && toks[k-2].kind == sign) && n > 2 && !(toks[k].ch == '.' && len(toks[k+1].text) == 1) {
			break // another word begins
		}
		if toks[k].kind == sign && strings.IndexByte(".-_*,~|/+", toks[k].ch) >= 0 && k+1 < len(toks) {
			k++
		}
		if toks[k].kind != word || len(toks[k].text) != 1 || k == j && !toks[k].space {
			break
		}
		n, j = n+1, k+1
	}
	if n < 4 && !(n == 3 && apart) {
		return i
	}
	return j
}

// wide tells whether more than one space stands before token i.
func wide(toks []token, i int) bool {
	return toks[i].space && !toks[i].line && toks[i].start-toks[i-1].end > 1
}

// leet reads a piece made of letters and figures as the word it imitates, if the rules know that word.
func (b *book) leet(toks []token, i int) (int, string) {
	letters, figures, n, j := false, false, 0, i
	for ; j < len(toks) && (j == i || !toks[j].space); j++ {
		t := &toks[j]
		switch {
		case t.kind == word:
			letters = true
		case t.kind == num:
			figures = true
		case t.kind == sign && (t.ch == '$' || t.ch == '@' || t.ch == '!') && j > i && j+1 < len(toks) && !toks[j+1].space && toks[j+1].kind == word:
			figures = true
		default:
			goto done
		}
		n += len(t.text)
		if n > 16 {
			return i, ""
		}
	}
done:
	if letters && figures && n == 2 && j < len(toks) && toks[j].kind == sign && (toks[j].ch == ':' || toks[j].ch == '=') && toks[i].text == "1" && toks[j-1].text == "g" {
		return j, "ig"
	}
	if !letters || !figures || n < 3 || j-i < 2 {
		return i, ""
	}
	var buf [16]byte
	for _, one := range [...]byte{'i', 'l'} {
		w := buf[:0]
		for k := i; k < j; k++ {
			for m := 0; m < len(toks[k].text); m++ {
				w = append(w, unleet(toks[k].text[m], one))
			}
		}
		if toks[i].kind == num && len(toks[i].text) > 1 {
			continue
		}
		if d, ok := b.digits[string(w)]; ok && d.sure == 3 && d.kind != plural {
			return j, string(w)
		}
		if id, ok := b.words[string(w)]; ok && (b.groupHas("%sure", id) || b.groupHas("%paysure", id) || b.groupHas("%phone", id) || b.groupHas("%callv", id)) && len(w) > 3 {
			return j, string(w)
		}
		if (i == 0 || toks[i].space || string(w) == "com" && toks[i-1].ch == '.') && b.meant(toks[i:j], string(w)) {
			return j, string(w)
		}
	}
	return i, ""
}

// meant tells whether a piece with figures for letters can only be read as word w:
// the figures stand inside it, or a nought before it, and w is one that the rules
// or an address know. "5am" and "2nd" have theirs outside.
func (b *book) meant(toks []token, w string) bool {
	if isProvider(w) || w == "dot" || w == "com" {
		return true
	}
	first, last := &toks[0], &toks[len(toks)-1]
	if len(w) < 3 || last.kind == num && len(w) < 4 || first.kind == num && first.text != "0" {
		return false
	}
	if last.kind == num && (len(last.text) > 1 || len(toks) < 3 && last.text != "0" && last.text != "3") {
		return false
	}
	_, ok := b.words[w]
	return ok && (first.kind == num || len(toks) > 2 || last.kind == num)
}

func unleet(c, one byte) byte {
	switch c {
	case '0':
		return 'o'
	case '1', '!':
		return one
	case '3':
		return 'e'
	case '4', '@':
		return 'a'
	case '5', '$':
		return 's'
	case '7':
		return 't'
	case '8':
		return 'b'
	case '9':
		return 'g'
	}
	return c
}

func (b *book) groupHas(name string, id lexeme) bool {
	return b.groups[name].bits[id/64]&(1<<(id%64)) != 0
}

// listWords numbers the words and sentences.
func (r *reading) listWords(b *book, s *slab) {
	r.words = rest(&s.words)
	r.wordAt = sized(&s.places, len(r.toks)+1)
	sentence, first := 0, true
	for i := range r.toks {
		t := &r.toks[i]
		if t.line && i > 0 && !first {
			sentence, first = sentence+1, true
		}
		r.wordAt[i] = int32(len(r.words))
		w := wordRef{tok: i, sentence: sentence, first: first}
		switch t.kind {
		case word:
			w.lex = b.lookup(t.text)
			w.isName = w.lex == 0 && t.caps && len(t.text) > 1
			if w.isName && t.text[len(t.text)-1] == 's' && strings.ContainsAny(r.body[t.start:t.end], "'’") {
				w.lex = b.words["names_own"] // "Ivy's cell" is Ivy's
			}
		case num:
			w.isNum = true
			w.lex = b.words[t.text]
		case emoji:
			if t.text == "" {
				continue
			}
			w.lex = b.words[t.text]
		case sign:
			switch t.ch {
			case '.', '!', ';':
				// A full stop inside an address or a figure ends nothing.
				if i+1 < len(r.toks) && !r.toks[i+1].space || t.ch == '.' && i > 0 && (r.toks[i-1].kind == sign || isAbbreviation(r.toks[i-1].text)) {
					continue
				}
				if !first {
					sentence, first = sentence+1, true
				}
				continue
			case '?':
				w.lex = b.words["?"]
				r.words = append(r.words, w)
				sentence, first = sentence+1, true
				continue
			case '$':
				if i+1 < len(r.toks) && !r.toks[i+1].space {
					continue
				}
				w.lex = b.words["$"]
			case '@', '#', '%', '&', '=', '+':
				w.lex = b.words[t.text]
			case ':':
				if i+1 < len(r.toks) && !r.toks[i+1].space {
					continue
				}
				w.lex = b.words[t.text]
			default:
				continue
			}
		}
		r.words = append(r.words, w)
		first = false
	}
	r.wordAt[len(r.toks)] = int32(len(r.words))
	r.words = kept(&s.words, r.words)
}

func isAbbreviation(w string) bool {
	switch w {
	case "dr", "mr", "mrs", "ms", "dra", "sra", "sr", "st", "ave", "apt", "no", "tel", "ph", "ext", "approx", "vs", "num", "blvd", "rd":
		return true
	}
	return false
}

// lookup finds a word's lexeme, also when a letter is stretched, and names of
// services also when a letter is wrong.
func (b *book) lookup(w string) lexeme {
	if id, ok := b.words[w]; ok {
		return id
	}
	if len(w) < 3 {
		return 0
	}
	if w[0] >= 0xE3 && w[0] <= 0xED {
		return b.eastern(w)
	}
	if len(w) > 24 {
		return 0
	}
	var buf [24]byte
	for _, keep := range [...]int{2, 1} {
		s, stretched := buf[:0], false
		for i := 0; i < len(w); i++ {
			n := len(s)
			if n >= keep && s[n-1] == w[i] && (keep == 1 || s[n-2] == w[i]) {
				stretched = true
				continue
			}
			s = append(s, w[i])
		}
		if stretched {
			if id, ok := b.words[string(s)]; ok && len(s) > 2 {
				return id
			}
		}
	}
	if len(w) >= 5 && len(w) <= 12 {
		for _, name := range [...]string{"whatsapp", "instagram", "telegram", "facebook", "snapchat", "venmo", "cashapp", "zelle", "paypal", "messenger", "linkedin", "gmail", "hotmail", "discord", "username", "threema", "wechat"} {
			if w[0] == name[0] && near(w, name) {
				return b.words[name]
			}
		}
	}
	if len(w) >= 5 && len(w) <= 11 && !ordinary(w) {
		for _, name := range [...]string{"office", "agency", "company", "direct", "directly", "private", "privately", "bypass", "personal", "invoice", "booking", "without", "platform", "between", "cancel", "middleman", "reception", "instead"} {
			if w[0] == name[0] && near(w, name) {
				return b.words[name]
			}
		}
	}
	// "the super's", "our vet's": whose it is, said of somebody the rules know.
	if base := w[:len(w)-1]; w[len(w)-1] == 's' {
		if id, ok := b.words[base]; ok && (b.groupHas("%vet", id) || b.groupHas("%kin", id) || b.groupHas("%trade", id)) {
			return id
		}
	}
	if len(w) >= 4 && len(w) <= 14 {
		var bones [14]byte
		if id, ok := b.bones[string(skeleton(w, bones[:0]))]; ok {
			return id
		}
	}
	return 0
}

// eastern finds what a row of Chinese, Japanese or Korean signs begins with, since
// no space ends a word there: "the vet's number is" is one of them.
func (b *book) eastern(w string) lexeme {
	for n := min(len(w)-3, 21); n >= 6; n -= 3 {
		if id, ok := b.words[w[:n]]; ok {
			return id
		}
	}
	return 0
}

// skeleton is what is left of a word's sound when one letter stands for
// another: "wattsup" and "whatsapp" have the same.
func skeleton(w string, s []byte) []byte {
	for i := 0; i < len(w); i++ {
		c := w[i]
		switch c {
		case 'a', 'e', 'i', 'o', 'u', 'y':
			if i > 0 {
				continue
			}
		case 'h':
			if i > 0 && w[i-1] != 'c' {
				continue
			}
		case 'z':
			c = 's'
		case 'k', 'q':
			c = 'c'
		case 'j':
			c = 'g'
		case 'r':
			if i > 0 && w[i-1] == 'e' && i+1 < len(w) && i > 2 {
				continue // "instergram"
			}
		}
		if n := len(s); n > 0 && s[n-1] == c {
			continue
		}
		s = append(s, c)
	}
	return s
}

// near is oneOff for words long enough that a letter does not make another of them.
func near(a, b string) bool { return min(len(a), len(b)) >= 5 && oneOff(a, b) }

// span turns tokens [from, to) into offsets of the body.
func (r *reading) span(from, to int, f Family) Span {
	return Span{r.toks[from].start, r.toks[to-1].end, f}
}

// far is the distance of a mark that is not there.
const far = 1000

// nearby tells, for every mark, how far it is from the words [p, q): first what
// stands before in the sentence, then after it, then the sentences around.
func (r *reading) nearby(p, q int) (d [mCount]int) {
	for k := range d {
		d[k] = far
	}
	here := 0
	if p < len(r.words) {
		here = r.words[p].sentence
	} else if len(r.words) > 0 {
		here = r.words[len(r.words)-1].sentence
	}
	at := sort.Search(len(r.marks), func(k int) bool { return r.marks[k].from >= p })
	mentioned := func(m *found) bool { // "visiting mom"; "text me a pic" in another sentence
		return m.void && (m.mark == mThird || m.sentence != here)
	}
	pure := true // nothing but figures: then what leads up to them may have taken the first
	for k := p; k < q && pure; k++ {
		pure = r.words[k].isNum || r.toks[r.words[k].tok].ch == '+'
	}
	in := p
	if pure {
		in = p + 1
		if p < q && !r.words[p].isNum {
			in++ // a plus before it
		}
	}
	const look = 48 // marks on either side: a bound on the work, far above what one sentence holds
	for k := at - 1; k >= 0 && k >= at-look; k-- {
		m := &r.marks[k]
		r.steps++
		if m.to > in && m.from < q || mentioned(m) {
			continue // part of the thing itself
		}
		if x := max(0, p-m.to) + 12*(here-m.sentence); x < d[m.mark] && here-m.sentence <= 3 {
			d[m.mark] = x
		}
	}
	for k := at; k < len(r.marks) && k < at+look; k++ {
		m := &r.marks[k]
		r.steps++
		if m.from < q || mentioned(m) {
			continue
		}
		if x := max(0, m.from-q) + 2 + 10*(m.sentence-here); x < d[m.mark] && m.sentence-here <= 1 {
			d[m.mark] = x
		}
	}
	return d
}
