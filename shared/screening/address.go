package screening

import "strings"

// addresses finds e-mail addresses, links, names and payment tags by their
// form. It claims the tokens it takes, so that figures in them are no phone.
func (r *reading) addresses(m *Message, asked bool, out []finding) []finding {
	out = r.mails(m, out)
	out = r.links(m, out)
	out = r.accounts(m, out)
	out = r.tags(out)
	out = r.names(asked, out)
	return out
}

// take marks tokens as used up.
//
//go:noinline
func (r *reading) take(from, to int) {
	for i := from; i < to; i++ {
		r.taken[i] = true
	}
}

// add adds a finding. Not inlined, for the size of the binary.
//
//go:noinline
func (r *reading) add(out []finding, from, to int, f Family, confidence float64) []finding {
	return append(out, finding{Span: r.span(from, to, f), confidence: confidence})
}

// isProvider knows the houses that give people an address, as they are misspelt too.
//
//go:noinline
func isProvider(w string) bool {
	if s, ok := strings.CutSuffix(w, "com"); ok {
		w = strings.TrimSuffix(s, "dot")
	}
	switch w {
	case "gmail", "gmial", "gmal", "geemail", "gemail", "googlemail", "gmaill", "jeemail", "jmail", "gmai", "gamil", "gmil", "gmall", "yahoo", "yaho", "yahooo", "ymail", "hotmail", "hotmial", "hotmale", "outlook", "outlok", "icloud", "aol", "protonmail", "proton", "msn", "comcast", "gmx", "zoho", "yahu", "jotmail", "hotmeil", "gemeil", "jimeil", "fastmail", "rocketmail", "tutanota", "yandex", "liamg", "oohay", "liamtoh":
		return true
	}
	return false
}

// isTLD knows the ends of hosts. It is asked in twenty places: its list stands
// in the binary once, which is 35 KB less than everywhere.
//
//go:noinline
func isTLD(w string) bool {
	switch w {
	case "com", "net", "org", "info", "biz", "io", "app", "co", "ly", "edu", "dev", "shop", "online", "store", "xyz", "page", "website", "club", "blog", "uk", "ca", "de", "fr", "es", "mx", "au", "eu", "tv", "cc", "gg", "gl", "gle", "ee", "ai", "nl", "br", "ar", "ch", "nz", "ie", "example", "test", "pets", "dog", "vet", "services", "coop", "gd", "cm", "con", "social", "bio", "gov", "kom", "pet", "cat", "mobi", "work", "family", "pro", "fyi", "blogspot", "wordpress", "wixsite", "weebly", "carrd", "squarespace", "tumblr", "substack":
		return true
	}
	return false
}

// isWordyTLD are endings that are words too: "she went out.it was fine".
//
//go:noinline
func isWordyTLD(w string) bool {
	switch w {
	case "me", "us", "in", "is", "it", "to", "at", "so", "no", "am", "my", "be", "pet", "care", "live", "life", "link", "site", "dog", "cat", "vet", "page", "work", "pro", "family", "blog", "shop", "store", "online", "social", "test", "es", "de", "tv", "club", "app", "bio", "ai", "ca", "con", "pets", "services", "website", "info", "co", "ch", "eu", "uk", "fr":
		return true
	}
	return false
}

func glue(t *token) bool { return !t.space }

// partOf tells whether a token can stand inside an address's name.
func partOf(t *token, signs string) bool {
	return t.kind == word || t.kind == num || t.kind == sign && strings.IndexByte(signs, t.ch) >= 0
}

// textOf puts tokens together as they are read.
func (r *reading) textOf(from, to int) string {
	var b strings.Builder
	for i := from; i < to && b.Len() < 256; i++ {
		b.WriteString(r.toks[i].text)
	}
	return b.String()
}

// atWord and dotWord are what people call the two signs of an address.
func atWord(w string) bool {
	switch w {
	case "at", "arroba", "aat", "att", "chez", "arobase", "arob", "klammeraffe", "atsign", "chiocciola", "arobas", "kukac":
		return true
	}
	return false
}

func dotWord(w string) bool {
	switch w {
	case "dot", "punto", "punkt", "ponto", "point", "period", "dott", "dawt", "piste":
		return true
	}
	return false
}

// isAt and isDot find the two signs of an address in all their spellings; n is how many tokens they take.
func (r *reading) isAt(i int) int {
	t := r.tok(i)
	switch {
	case t.kind == sign && t.ch == '@':
		return 1
	case t.kind == word && atWord(t.text):
		if next := r.tok(i + 1).text; next == "symbol" || next == "sign" {
			return 2
		}
		return 1
	case t.kind == word && (t.text == "squiggly" || t.text == "curly" || t.text == "swirly" || t.text == "snail" || t.text == "strudel") && r.tok(i+1).kind == word && (r.tok(i+1).text == "a" || r.tok(i+1).text == "at"):
		return 2
	case t.kind == emoji && t.text == "emo_mail" && !t.space && i+1 < len(r.toks) && !r.toks[i+1].space:
		return 1
	case t.kind == sign && strings.IndexByte("([{<*_~-|/\\+", t.ch) >= 0 && r.tok(i+1).kind == word && (atWord(r.tok(i+1).text) || r.tok(i+1).text == "a" && strings.IndexByte("([{<*", t.ch) >= 0) && r.tok(i+2).kind == sign && strings.IndexByte(")]}>*_~-|/\\+", r.tok(i+2).ch) >= 0:
		return 3
	case t.kind == sign && strings.IndexByte("([{<", t.ch) >= 0 && r.tok(i+1).ch == '@' && r.tok(i+2).kind == sign:
		return 3
	case t.kind == sign && t.ch == '&':
		return 1
	}
	return 0
}

func (r *reading) isDot(i int) int {
	t := r.tok(i)
	switch {
	case t.kind == sign && (t.ch == '.' || t.ch == ','):
		return 1
	case t.kind == emoji && !t.space && i+1 < len(r.toks) && !r.toks[i+1].space && (r.toks[i+1].text == "com" || r.toks[i+1].text == "net" || r.toks[i+1].text == "org"):
		return 1
	case t.kind == word && dotWord(t.text):
		return 1
	case t.kind == word && t.text == "full" && r.tok(i+1).text == "stop":
		return 2
	case t.kind == sign && strings.IndexByte("([{<*_~-|/\\+", t.ch) >= 0 && (dotWord(r.tok(i+1).text) || r.tok(i+1).text == ".") && r.tok(i+2).kind == sign:
		return 3
	}
	return 0
}

// mails finds e-mail addresses, as they are and in words.
func (r *reading) mails(m *Message, out []finding) []finding {
	for i := 0; i < len(r.toks); i++ {
		t := &r.toks[i]
		if t.kind == sign && t.ch == '@' && r.joinsMail(i) {
			var to int
			if out, to = r.plainMail(i, m, out); to > 0 {
				i = to - 1
			}
			continue
		}
		if t.kind != word || r.taken[i] {
			continue
		}
		if len(t.text) > 10 && swallowed(t.text) {
			out = r.claim(out, i, i+1, DisguisedEmail, 0.95)
			continue
		}
		if k := r.nameThenProvider(i); k > 0 {
			out = r.claim(out, i, k+1, DisguisedEmail, 0.85)
			continue
		}
		if k := r.announcedMail(i); k > 0 && !r.theirs(k, k+1, m) {
			out = r.claim(out, i, k+1, DisguisedEmail, 0.85)
			continue
		}
		if e := r.mailEnd(i); e.to > 0 {
			var to int
			if out, to = r.spokenMail(i, e, m, out); to > 0 {
				i = to - 1
			}
		}
	}
	return out
}

// claim adds a finding and uses its tokens up.
//
//go:noinline
func (r *reading) claim(out []finding, from, to int, f Family, confidence float64) []finding {
	r.take(from, to)
	return r.add(out, from, to, f, confidence)
}

// joinsMail tells whether the @ at token i stands between two words without a space.
func (r *reading) joinsMail(i int) bool {
	if i == 0 || i+1 >= len(r.toks) {
		return false
	}
	next := &r.toks[i+1]
	return glue(&r.toks[i]) && glue(next) && partOf(&r.toks[i-1], "_-+.") && next.kind != sign && next.kind != emoji
}

// plainMail finds the address whose @ is token i, and tells where it ends.
func (r *reading) plainMail(i int, m *Message, out []finding) ([]finding, int) {
	from := i
	for from > 0 && i-from < 24 && partOf(&r.toks[from-1], "._-+'") && !r.taken[from-1] {
		from--
		if r.toks[from].space {
			break
		}
	}
	to := i + 1
	dot, letters := false, false
	for to < len(r.toks) && to-i < 24 && glue(&r.toks[to]) && partOf(&r.toks[to], ".-") {
		t := &r.toks[to]
		if t.kind == sign && t.ch == '.' && (to+1 >= len(r.toks) || r.toks[to+1].space || r.toks[to+1].kind == sign) {
			break
		}
		dot = dot || t.ch == '.' && t.kind == sign
		letters = letters || t.kind == word
		to++
	}
	r.steps += to - from
	host := r.textOf(i+1, to)
	family, sure := Email, dot && letters && r.toks[to-1].kind == word
	if !sure && from < i-1 && r.tok(from+1).ch == '.' && r.tok(from+1).kind == sign && listed("moc ten gro ku ofni oi xm ac", r.toks[from].text) {
		sure, family = true, DisguisedEmail // read from the right
	}
	if !sure && (isProvider(r.toks[i+1].text) || letters && (r.has[mMail] && r.toks[i+1].kind == word && len(r.toks[i+1].text) > 2)) {
		sure, family = true, DisguisedEmail
		// "jane@gmail com", "jane@gmail dot com"
		if n := r.isDot(to); n > 0 && isTLD(r.tok(to+n).text) {
			to += n + 1
		} else if isTLD(r.tok(to).text) {
			to++
		}
	}
	if !sure && listed("ybl okaxis okicici okhdfcbank oksbi upi apl axl ibl paytm waicici", host) {
		sure, family = true, Payment // an account in India
	}
	if !sure {
		return out, 0
	}
	for k := from; k < to; k++ {
		if r.toks[k].odd && family == Email {
			family = DisguisedEmail
		}
	}
	r.take(from, to)
	if !r.isOwn(host, m.Own.Links, from) && !r.theirs(from, to, m) && !isFile(r.toks[to-1].text) && !isCareHost(host) && !(r.secret(from) && !isProvider(r.toks[i+1].text)) {
		out = r.add(out, from, to, family, 0.99)
	}
	return out, to
}

// nameThenProvider finds the name in "my email's danawalks, it's a gmail".
func (r *reading) nameThenProvider(i int) int {
	if !listed("email emails gmail correo gmails", r.toks[i].text) || r.tok(i-1).text != "my" && r.tok(i-1).text != "mi" {
		return 0
	}
	k := i + 1
	for r.tok(k).text == "is" || r.tok(k).text == "es" || r.tok(k).ch == ':' || r.tok(k).ch == '=' || r.tok(k).text == "address" {
		k++
	}
	provided := false
	for j := k + 1; j < len(r.toks) && j < k+10; j++ {
		provided = provided || isProvider(r.toks[j].text)
	}
	if provided && k < len(r.toks) && r.toks[k].kind == word && r.words[r.wordAt[k]].lex == 0 && r.tok(k+1).ch != '@' && r.isAt(k+1) == 0 && (r.isDot(k+1) == 0 || r.tok(k+1).ch == ',') {
		return k
	}
	return 0
}

// mailEnd is the far end of an address in words: tokens [from, to).
type mailEnd struct {
	from, to int
	provider bool // a house that gives addresses, and not only an ending
	dotted   bool
}

// mailEnd finds the far end of an address that token i is in: a provider, or a
// spoken "dot com"; to is 0 if there is none.
func (r *reading) mailEnd(i int) mailEnd {
	e := mailEnd{from: i, to: i + 1}
	if e.from = r.provider(i); e.from >= 0 {
		e.provider = true
		if n := r.isDot(e.to); n > 0 && isTLD(r.tok(e.to+n).text) && e.to+n < len(r.toks) {
			e.to += n + 1
		} else if e.to < len(r.toks) && (r.toks[e.to].text == "com" || r.toks[e.to].text == "con" || r.toks[e.to].text == "kom") {
			e.to++
		}
		e.dotted = e.to > i+1
		return e
	}
	n := r.isDot(i + 1)
	last := r.tok(i + 1 + n)
	e.from, e.dotted = i, true
	switch {
	case n > 0 && last.kind == word && last != &nowhere && len(last.text) < 8 && r.toks[i+1].ch != ',' && r.bracketedAt(i) && !r.fullStop(i+1):
		e.to = i + 2 + n
	case r.bracketedAt(i) && r.tok(i+1).kind == sign && i+2 < len(r.toks) && isTLD(r.toks[i+2].text):
		e.to = i + 3 // the dot is whatever sign stands there
	case n > 0 && isTLD(last.text) && (r.toks[i+1].kind == word || n == 3 || r.toks[i+1].ch == '.' && last.text == "com"):
		e.to = i + 2 + n
	default:
		e.to = 0
	}
	return e
}

// provider tells where the name of a house that gives addresses begins whose last
// word is token i: "gmail", "g-mail", "hot male"; -1 if it is none.
func (r *reading) provider(i int) int {
	w := r.toks[i].text
	if isProvider(w) {
		return i
	}
	if r.byNickname(i) {
		return i - 1
	}
	if w != "mail" && w != "male" || i == 0 {
		return -1
	}
	k := i - 1
	if r.toks[k].kind == sign && r.toks[k].ch == '-' && k > 0 {
		k--
		if w := r.toks[k].text; w != "g" && w != "hot" {
			return -1
		}
		return k
	}
	if listed("g gee hot google googles apples microsofts", r.toks[k].text) {
		return k
	}
	return -1
}

// byNickname tells whether tokens i-1 and i are what people call a house that gives
// addresses, "the google one", where an address or its sign is spoken of.
func (r *reading) byNickname(i int) bool {
	if i < 2 || !listed("one thing place account inbox", r.toks[i].text) || !listed("g gee google googles hot apple microsoft yahoo", r.toks[i-1].text) || !listed("the at usual with its a", r.toks[i-2].text) {
		return false
	}
	return r.has[mMail] || r.mailAsked || r.speaksOfAt()
}

// speaksOfAt tells whether a text speaks of the sign in an address by what stands
// before or after it: "before the at it's …".
func (r *reading) speaksOfAt() bool {
	for i := 2; i < len(r.toks); i++ {
		if r.isAt(i) > 0 && (r.toks[i-1].text == "the" && listed("before after then bit", r.toks[i-2].text) || r.toks[i-1].text == "then" || r.toks[i-1].text == "swirly") {
			return true
		}
		if r.toks[i].text == "at" && r.tok(i+1).text == "the" && (r.strange(i-1, 5) || r.toks[i-1].kind == num || r.toks[i-2].ch == '.') {
			return true // "… at the google one"
		}
	}
	return false
}

// atBefore finds the sign that stands before the far end of an address, and how
// many tokens it takes; -1 if there is none.
func (r *reading) atBefore(e mailEnd) (at, n int) {
	start, end := e.from, e.to
	for k := start - 1; k >= 0 && k >= start-4 && !r.toks[k+1].line; k-- {
		r.steps++
		if n := r.isAt(k); n > 0 && k+n <= start {
			if k > 0 && r.isAt(k-1) == 3 {
				return k - 1, 3
			}
			return k, n
		}
	}
	if !e.provider || start < 2 {
		return -1, 0
	}
	if p, named := &r.toks[start-1], r.toks[start-2].kind == num; (p.text == "on" || p.text == "en") && (named || r.words[r.wordAt[start-2]].lex == 0) ||
		p.kind == sign && strings.IndexByte("*~|/>=+-:", p.ch) >= 0 && end < len(r.toks) && (named || r.strange(start-2, 5)) && (r.toks[end].kind == sign && r.tok(end+1).text == "com" || dottedEnd(r, end)) {
		return start - 1, 1
	}
	return -1, 0
}

// spokenMail finds the address in words that ends in e, and tells where it ends.
func (r *reading) spokenMail(i int, e mailEnd, m *Message, out []finding) ([]finding, int) {
	at, n := r.atBefore(e)
	if at < 0 && !(e.provider && (e.dotted || listed("liamg oohay liamtoh", r.toks[i].text))) {
		if e.provider {
			if from, to := r.mailWithoutAt(e, m); to > 0 {
				out = r.claim(out, from, to, DisguisedEmail, 0.85)
			}
		}
		return out, 0
	}
	from := e.from
	if at >= 0 {
		from = r.mailName(at)
		wordy := r.toks[at].kind == word
		switch {
		case wordy && !e.dotted && (!e.provider || from == at && !r.has[mMail]),
			r.toks[at].ch == '&' && !e.dotted,
			!e.provider && r.toks[i+1].kind == sign && wordy && !r.has[mMail]: // "look at chewy.com" is a link
			return out, 0
		}
	}
	host := r.textOf(max(at+n, e.from), e.to)
	if h, ok := strings.CutSuffix(host, "dotcom"); ok {
		host = h + ".com"
	}
	r.take(from, e.to)
	if !r.isOwn(host, m.Own.Links, from) && !r.theirs(from, e.to, m) {
		out = r.add(out, from, e.to, DisguisedEmail, 0.95)
	}
	return out, e.to
}

// mailName tells where the name before the sign at token at begins: a word or two,
// with dots, figures and underscores spoken or not.
func (r *reading) mailName(at int) int {
	from := at
	for k := 0; k < 10 && from > 0; k++ {
		p := &r.toks[from-1]
		if r.toks[from].line || p.kind == emoji || p.kind == sign && strings.IndexByte("._-+", p.ch) < 0 {
			break
		}
		if p.kind == word && k > 0 && r.toks[from].kind == word && r.isDot(from) == 0 && r.isDot(from-1) == 0 && r.toks[from].text != "underscore" && p.text != "underscore" {
			break
		}
		if p.kind == word && listed("is es me email mail correo to", p.text) {
			break
		}
		from--
	}
	return from
}

// mailWithoutAt finds the name that goes with a provider where no sign stands between
// them: tokens [from, to); to is 0 if there is none.
func (r *reading) mailWithoutAt(e mailEnd, m *Message) (from, to int) {
	start, end := e.from, e.to
	if len(r.words) <= 8 {
		if k := r.lone(start); k >= 0 && !r.theirs(k, end, m) {
			return min(k, start), max(k+1, end)
		}
	}
	if k := r.nameBefore(start); k >= 0 && !r.theirs(k, end, m) {
		return k, end
	}
	if k := r.strangeNear(start-10, end+8); k >= 0 && !r.theirs(k, k+1, m) {
		return k, k + 1
	}
	if k := r.spokenName(start-8, start); k >= 0 && r.has[mMail] && !r.theirs(k, start, m) {
		return k, end
	}
	if from, to := r.nameNear(start, end); to > from && !r.theirs(from, to, m) {
		return min(from, start), max(to, end)
	}
	if r.mailAsked && len(r.words) <= 8 && r.byNickname(end-1) {
		return start, end // the name came before
	}
	// "my gmail is jane doe 22", "gmail: jane": the provider announces the name.
	next := r.tok(end)
	if !r.has[mMail] && r.byNickname(end-1) {
		return 0, 0
	}
	mine := r.tok(start-1).text == "my" || r.tok(start-1).text == "mi" || r.tok(start-2).text == "my"
	if !(mine && (next.text == "is" || next.text == "es" || next.ch == ',' || next.ch == ':' || next.ch == '=' || next.kind == word && !ordinary(next.text)) || next.kind == sign && (next.ch == ':' || next.ch == '=') || next.text == "me" || mine && end >= len(r.toks)) {
		return 0, 0
	}
	to = min(len(r.toks), end+6)
	for k := end; k < to; k++ {
		if r.toks[k].line || r.toks[k].kind == sign && (r.toks[k].ch == '!' || r.toks[k].ch == '?') {
			to = k
		}
	}
	if to == end || r.theirs(start, to, m) || r.has[mNoPay] {
		return 0, 0
	}
	return start, to
}

// announcedMail finds the name in "my email is bigcocodad and then the google one".
func (r *reading) announcedMail(i int) int {
	switch r.toks[i].text {
	case "email", "mail", "emails", "correo", "inbox", "gmail", "yahoo", "hotmail", "outlook", "icloud":
	default:
		return 0
	}
	k, led := i+1, r.toks[i].text == "emails"
	for k < len(r.toks) && k < i+5 {
		t := &r.toks[k]
		if t.text == "is" || t.text == "es" || t.text == "its" || t.text == "name" || t.text == "user" || t.text == "username" || t.kind == sign && (t.ch == ':' || t.ch == '=') {
			led = true
		} else if t.text != "address" && t.text != "just" && !(t.kind == sign && t.ch == ',') {
			break
		}
		k++
	}
	if !led || k >= len(r.toks) || r.taken[k] || !r.strange(k, 6) {
		return 0
	}
	if n := r.tok(k + 1); n.ch == '@' && n.kind == sign || r.isAt(k+1) > 0 && n.text != "at" {
		return 0
	}
	return k
}

// bracketedAt tells whether right before word i stands a sign that can only be
// an address's: an @ by itself, or "at" in brackets or between slashes.
func (r *reading) bracketedAt(i int) bool {
	if i >= 2 && r.toks[i-1].kind == sign && r.toks[i-1].ch == '@' && r.toks[i-1].space && r.toks[i].space {
		return r.toks[i-2].kind == word || r.toks[i-2].kind == num
	}
	if i >= 4 && r.isAt(i-3) == 3 {
		return true
	}
	return i >= 3 && r.isAt(i-2) == 2
}

// fullStop tells whether token i ends a sentence: it sticks to the word before it, and no
// ending of an address follows. "He's @ home. Busy dog."
func (r *reading) fullStop(i int) bool {
	t := &r.toks[i]
	return t.kind == sign && t.ch == '.' && !t.space && i+1 < len(r.toks) && r.toks[i+1].space && !isTLD(r.toks[i+1].text)
}

// dottedEnd tells whether the ending of an address stands before token end.
func dottedEnd(r *reading, end int) bool { return isTLD(r.tok(end - 1).text) }

// lone finds the one name of a short text, "pettigrewfamily, the gmail one".
func (r *reading) lone(provider int) int {
	for i := range r.toks {
		if i != provider && !r.taken[i] && r.strange(i, 8) {
			return i
		}
	}
	return -1
}

// nameBefore finds the name in "mail goes to jonahk, it's with hotmail": a word
// no rule knows, led up to and not written like a person's.
func (r *reading) nameBefore(start int) int {
	switch r.tok(start - 1).text {
	case "with", "at", "on", "a", "by", "via", "its":
	default:
		return -1
	}
	for i := start - 2; i > 0 && i >= start-6; i-- {
		t := &r.toks[i]
		if t.kind != word || t.caps || len(t.text) < 5 || r.words[r.wordAt[i]].lex != 0 || r.taken[i] {
			continue
		}
		if n := r.tok(i + 1); n.kind != sign || n.ch != ',' && n.ch != '.' {
			continue
		}
		switch r.toks[i-1].text {
		case "to", "is", "me", "name", "address", "email", "mail", "for":
			return i
		}
	}
	return -1
}

// strange tells whether token i looks like the name somebody gave himself: small
// letters that are no word anybody uses, longer than most people's names.
func (r *reading) strange(i, least int) bool {
	t := r.tok(i)
	return t.kind == word && !t.caps && len(t.text) >= least && len(t.text) < 30 && r.words[r.wordAt[i]].lex == 0 && !ordinary(t.text)
}

// composed tells whether a word is put together of others, as names that people
// give themselves are and rare words are not: of two that are known, or with an
// animal or what is done for one in it.
func composed(w string) bool {
	if strings.HasSuffix(w, "ly") && !strings.HasSuffix(w, "family") {
		return false // "spectacularly"
	}
	for _, stem := range [...]string{"dog", "cat", "paw", "pup", "pet", "tail", "wag", "walk", "sit", "hound", "kitt", "mom", "mum", "dad", "mama", "papa", "fur", "vet", "perr", "gat", "bark", "meow", "love", "and"} {
		if at := strings.Index(w, stem); at == 0 || at > 2 && at+len(stem) == len(w) || at > 2 && stem == "and" || at > 0 && w[at+len(stem)-1] == 's' {
			return true
		}
	}
	for i := 3; i+3 <= len(w); i++ {
		if ordinary(w[:i]) && ordinary(w[i:]) {
			return true
		}
	}
	return false
}

// strangeNear finds such a name among tokens [from, to), led up to by a sign or
// a word that says what it is.
func (r *reading) strangeNear(from, to int) int {
	for i := max(1, from); i < min(to, len(r.toks)); i++ {
		if r.taken[i] || !r.toks[i].space || !r.strange(i, 7) {
			continue
		}
		r.steps++
		switch p := &r.toks[i-1]; p.named() {
		case ",", "-", "then", "by", "and", "with", "(":
			if composed(r.toks[i].text) {
				return i // these lead up to any rare word
			}
		case "is", "its", "es", "name", ":", "=", "as", "im", "mines", "mine", "user", "username", "handle", "under", "me", "called", ">", "just", "simply", "at", "cest", "soy", "bin", "unter", "sono", "sou", "como", "pon", "busca", "sous":
			return i
		}
	}
	return -1
}

// isCareHost tells whether a host says by its name that it is a practice's,
// a hospital's or a laboratory's, which is nobody's to be reached privately.
func isCareHost(host string) bool {
	for _, w := range [...]string{"petwatch", "petlink", "homeagain", "akcreunite", "freepetchip", "microchip", "vets", "vetclinic", "vethosp", "veterinary", "animalhosp", "animalclinic", "petclinic", "pethosp", "animaler", "emergencyvet", "vetemergency", "animalmed", "vetmed", "ridgevet", "vetcare"} {
		if strings.Contains(host, w) {
			return true
		}
	}
	name, _, _ := strings.Cut(host, ".")
	return len(name) > 5 && strings.HasSuffix(name, "vet")
}

// secret tells whether what begins at token i is said to be a password or a network.
func (r *reading) secret(i int) bool {
	at := int(r.wordAt[i])
	for k := range r.marks {
		m := &r.marks[k]
		r.steps++
		if m.from >= at {
			break
		}
		if m.mark == mCode && at-m.to <= 4 && m.sentence == r.words[min(at, len(r.words)-1)].sentence {
			return true
		}
	}
	return false
}

// minesBefore tells whether the words right before token i say that it is the writer's: "I'm on …", "email me: …".
func (r *reading) minesBefore(i int) bool {
	for k := i - 1; k >= 0 && k >= i-4; k-- {
		switch r.toks[k].text {
		case "my", "mi":
			return !r.thirdAfter(k) // "my vet's email is …"
		case "im", "me", "mine", "yo":
			return true
		case ".", "!", "?", ",":
			return false
		}
	}
	return false
}

// thirdAfter tells whether the one or two words after token k name somebody else.
func (r *reading) thirdAfter(k int) bool {
	at := int(r.wordAt[k])
	for n := range r.marks {
		m := &r.marks[n]
		r.steps++
		if m.mark == mThird && (m.from == at+1 || m.from == at+2) {
			return true
		}
		if m.from > at+2 {
			break
		}
	}
	return false
}

// yourMail tells whether the sentence of token i speaks of the other's own address.
func (r *reading) yourMail(i int) bool {
	for k := i - 1; k > 0; k-- {
		r.steps++
		if t := &r.toks[k]; t.kind == sign && (t.ch == '!' || t.ch == '?') || r.toks[k].line {
			return false
		}
		switch r.toks[k-1].text {
		case "your", "ur", "tu", "yr":
			switch r.toks[k].text {
			case "mail", "email", "address", "addy", "inbox", "correo":
				return true
			}
		}
	}
	return false
}

// spokenName finds "harts dot family" among tokens [from, to).
func (r *reading) spokenName(from, to int) int {
	for i := max(1, from); i+1 < to; i++ {
		if t := &r.toks[i]; t.kind == word && (t.text == "dot" || t.text == "punto" || t.text == "underscore") && r.toks[i-1].kind == word && r.toks[i+1].kind == word {
			return i - 1
		}
	}
	return -1
}

// nameNear finds a name with a dot, an underscore or figures in it within a few
// words of a provider of mail: "it's a gmail, jane.doe before the at".
func (r *reading) nameNear(start, end int) (from, to int) {
	for i := max(0, start-8); i+2 < len(r.toks) && i < end+8; i++ {
		if i >= start && i < end || r.taken[i] || r.toks[i].kind != word || len(r.toks[i].text) < 3 || i > 0 && !r.toks[i].space {
			continue
		}
		to := i + 1
		for to < len(r.toks) && !r.toks[to].space && to-i < 8 && (r.toks[to].kind != sign || strings.IndexByte("._", r.toks[to].ch) >= 0 && to+1 < len(r.toks) && !r.toks[to+1].space && r.toks[to+1].kind != sign) && r.toks[to].kind != emoji {
			r.steps++
			to++
		}
		if to > i+1 && (r.words[r.wordAt[i]].lex == 0 || r.toks[i+1].ch == '_') && !(r.toks[to-1].kind == word && r.toks[to-2].kind == sign && isTLD(r.toks[to-1].text) && !isWordyTLD(r.toks[to-1].text)) && !isFile(r.toks[to-1].text) {
			return i, to
		}
	}
	return 0, 0
}

// swallowed tells whether a word holds a whole address: danawalksatgmaildotcom.
func swallowed(w string) bool {
	for _, p := range [...]string{"atgmail", "atyahoo", "athotmail", "atoutlook", "aticloud", "arrobagmail", "arrobayahoo", "arrobahotmail"} {
		if strings.Contains(w, p) {
			return true
		}
	}
	return false
}

// theirs tells whether an address belongs to somebody else, as only a client may pass on.
func (r *reading) theirs(from, to int, m *Message) bool {
	if r.author != Client || r.minesBefore(from) || r.yourMail(from) {
		return false
	}
	if b := r.before; b != nil && b.has[mThird] && (b.has[mMail] || b.has[mSite]) && !b.has[mAsk] && !r.anyOf("my mine me mi im") {
		return true // asked about, or announced, in the text before
	}
	d := r.nearby(int(r.wordAt[from]), int(r.wordAt[to]))
	// Whom it belongs to comes before it, or is said of it: "… is our vet's". In
	// "email jane@… the vet bill" the vet is not who reads there.
	before := false
	for k := range r.marks {
		m := &r.marks[k]
		r.steps++
		if m.from >= int(r.wordAt[from]) {
			break
		}
		before = before || m.mark == mThird
	}
	if next := r.tok(to); !before && next.kind != sign && next.text != "is" && next.text != "es" && next.text != "for" {
		return false
	}
	return d[mThird] < 12 && d[mThird] < min(d[mNumber], d[mReach])
}
