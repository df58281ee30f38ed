package screening

import "strings"

// named is a token's word without the "'s" that tells what it is or has: "Telegram's better", "my handle's …".
func (t *token) named() string {
	if n := len(t.text) - 1; n > 1 && t.kind == word && t.text[n] == 's' && t.end-t.start > len(t.text) && !t.odd {
		return t.text[:n]
	}
	return t.text
}

// strangeAlone finds such a name where nothing leads up to it but commas set it
// apart: "strava is where I live, runwithrhubarb, say hello".
func (r *reading) strangeAlone() int {
	for i := range r.toks {
		if r.taken[i] || !r.strange(i, 9) {
			continue
		}
		r.steps++
		before := i == 0 || r.toks[i].line || r.toks[i-1].kind == sign && strings.IndexByte(",;.!?", r.toks[i-1].ch) >= 0
		after := i+1 == len(r.toks) || r.toks[i+1].kind == sign && strings.IndexByte(",;.!?", r.toks[i+1].ch) >= 0
		if before && after {
			return i
		}
	}
	return -1
}

// announcedName finds a name after a word that leads up to one: "search paws_by_dana", "user: milosmom22", "hmu hartdogs99".
func (r *reading) announcedName(out []finding) []finding {
	if r.has[mCode] || r.has[mSerial] || r.has[mNoPlatform] {
		return out
	}
	for i := 1; i < len(r.toks); i++ {
		if r.taken[i] || r.toks[i].kind != word || r.toks[i].caps && !r.toks[i].upper || !r.toks[i].space {
			continue
		}
		p := i - 1
		for p > 0 && r.toks[p].kind == sign && (r.toks[p].ch == ':' || r.toks[p].ch == '=' || r.toks[p].ch == '"') {
			p--
		}
		switch r.toks[p].named() {
		case "user", "username", "search", "google", "googling", "bing", "type", "follow", "hmu", "handle", "under", "as", "up", "find", "add", "name", "tag", "id", "dm", "is", "its", "como":
		default:
			continue
		}
		r.steps++
		weak := r.toks[p].text == "is" || r.toks[p].text == "its" || r.toks[p].text == "up" || r.toks[p].text == "as" || r.toks[p].text == "find" || r.toks[p].text == "add" || r.toks[p].text == "name" || r.toks[p].text == "como" || r.toks[p].text == "under"
		to, figures, hyphens := i+1, false, 0
		for to < len(r.toks) && !r.toks[to].space && to-i < 8 && partOf(&r.toks[to], "_.-") && (r.toks[to].kind != sign || to+1 < len(r.toks) && !r.toks[to+1].space && r.toks[to+1].kind != sign) {
			figures = figures || r.toks[to].kind == num || r.toks[to].ch == '_'
			hyphens += strings.Count(r.toks[to].text, "-")
			to++
		}
		letters := len(r.toks[i].text)
		strange := r.strange(i, 7) || hyphens > 1 && (r.has[mAnyPlatform] || r.has[mPlatform]) || to > i+1 && figures && letters >= 4 && r.words[r.wordAt[i]].lex == 0 && !ordinary(r.toks[i].text)
		if strange && r.ofDevice() {
			return out
		}
		if !strange || isFile(r.toks[to-1].text) || weak && !(r.has[mPlatform] || r.has[mHandle] || r.has[mAnyPlatform] || len(r.toks[i].text) >= 9 && !r.toks[i].caps && p > 0 && r.toks[p-1].text == "look") {
			continue
		}
		out = r.claim(out, i, to, Handle, 0.8)
		return out
	}
	return out
}

// ofDevice tells whether a name is one to log in with, to what the household has: a
// camera, a feeder; no service is named.
func (r *reading) ofDevice() bool {
	return !r.has[mAnyPlatform] && !r.has[mPlatform] && !r.has[mAnyPay] && r.anyOf("camera cameras cam feeder ring nest wyze blink furbo petkit router login netflix alexa thermostat doorbell tablet hulu")
}

// isPlaceOrTime are the words people write a sloppy @ before.
func isPlaceOrTime(w string) bool {
	switch w {
	case "home", "noon", "night", "work", "school", "the", "my", "your", "park", "vet", "vets", "door", "gate", "least", "all", "lunch", "dinner", "midnight", "this", "that", "her", "his", "our", "first", "front", "back", "house", "store", "gym", "airport", "office", "bedtime", "breakfast", "groomer", "groomers", "beach", "clinic", "petco", "petsmart", "target", "starbucks", "dawn", "dusk", "sunset", "sunrise", "am", "pm", "daycare", "kennel", "church", "costco", "moms", "dads", "once", "times", "any", "about", "around", "nite", "morning", "evening", "tonight", "dog", "dogs", "lake", "mall", "pool", "corner", "end", "their", "main", "walmart", "library", "hospital", "station", "hotel", "apt", "a", "an", "some", "trail", "yard", "casa", "las", "la", "el", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "half", "quarter", "chewy", "kroger", "safeway", "cvs", "walgreens", "ikea":
		return true
	}
	return false
}

// names finds @names, and names given for a service that is named.
func (r *reading) names(asked bool, out []finding) []finding {
	if r.secretTalk() {
		return out
	}
	out = r.atNames(asked, out)
	for k := range r.marks {
		switch r.marks[k].mark {
		case mAnyPlatform, mAnyPay, mHandle:
			out = r.nameAfter(&r.marks[k], out)
		case mService:
			if r.toks[r.words[r.marks[k].from].tok].text == "emo_ghost" {
				out = r.nameAfter(&r.marks[k], out)
			}
		}
	}
	out = r.nameOnService(out)
	out = r.nameByForm(asked, out)
	out = r.payName(asked, out)
	out = r.mixedID(out)
	out = r.nobodysName(asked, out)
	out = r.spelledOut(asked, out)
	out = r.announcedName(out)
	out = r.answeredName(asked, out)
	out = r.numberedName(out)
	return r.underscored(asked, out)
}

// atNames finds @names; people write an @ before places and times too.
func (r *reading) atNames(asked bool, out []finding) []finding {
	if r.has[mNoPlatform] && !r.has[mPlatform] && !r.has[mHandle] {
		return out // somebody else's page
	}
	cued := r.has[mHandle] || r.has[mAnyPlatform] || r.has[mAnyPay] || asked || r.has[mPlatform]
	for i := 0; i+1 < len(r.toks); i++ {
		t := &r.toks[i]
		if r.taken[i] || t.kind != sign || t.ch != '@' || !(i == 0 || t.space || r.toks[i-1].kind == sign || r.toks[i-1].kind == emoji) {
			continue
		}
		n := &r.toks[i+1]
		if n.kind == sign && n.ch == '_' && i+2 < len(r.toks) {
			n = &r.toks[i+2]
		}
		if n.kind != word || len(n.text) < 2 {
			continue
		}
		to, busy := r.nameEnd(i+2, 14)
		busy = busy || n != &r.toks[i+1]
		switch {
		case n.space && !cued && !(busy && strings.Contains(r.textOf(i+1, to), "_")):
			continue
		case isPlaceOrTime(n.text) && !busy:
			continue
		case !busy && !cued && i > 0 && beingSomewhere(r.toks[i-1].text) && (n.space || len(n.text) < 10 || r.words[r.wordAt[i+1]].lex != 0):
			continue
		}
		f := Handle
		if r.has[mAnyPay] && !r.has[mAnyPlatform] {
			f = Payment
		}
		out = r.claim(out, i, to, f, 0.93)
		i = to - 1
	}
	return out
}

// nameEnd tells where a name ends that goes on at token i, at most so many tokens
// further, and whether it has a figure or a sign in it.
func (r *reading) nameEnd(i, most int) (to int, busy bool) {
	for to = i; to < len(r.toks) && !r.toks[to].space && to-i < most; to++ {
		t := &r.toks[to]
		if !partOf(t, "_-") && !(t.ch == '.' && to+1 < len(r.toks) && !r.toks[to+1].space) {
			break
		}
		busy = busy || t.kind == num || t.kind == sign
	}
	r.steps += to - i
	return to, busy
}

// nameAfter finds the name after a service or what announces one: "insta: jane.doe_22",
// "snap is janed", "ig janesits22".
func (r *reading) nameAfter(mk *found, out []finding) []finding {
	last := r.words[mk.to-1].tok
	if listed("one word together lowercase lower case space spaces espacios junto una palabra", r.toks[last].text) {
		return out // how a name is written is said after it
	}
	i, announced := r.pastAnnouncement(last+1, mk.mark == mHandle)
	if i >= len(r.toks) || r.taken[i] || r.toks[i].kind != word || r.toks[i].line || len(r.toks[i].text) < 2 {
		return out
	}
	to, _ := r.nameEnd(i+1, 15)
	busy := false
	for k := i + 1; k < to; k++ {
		busy = busy || r.toks[k].kind == num || r.toks[k].kind == sign && r.toks[k].ch != '-'
	}
	anyones := r.has[mNoPlatform] || r.has[mNoPay]
	bare := (mk.mark == mAnyPay || mk.mark == mService || r.toks[last].odd) && r.strange(min(last+1, len(r.toks)-1), 7) // "venmo rufuswalks"
	name := r.textOf(i, to)
	switch {
	case busy && (announced || strings.IndexByte(name, '_') >= 0 || strings.IndexByte(name, '.') > 0 && !r.has[mNoPlatform] || r.toks[to-1].kind == num):
	case (bare || announced && r.led(i) && r.strange(i, 6)) && !anyones && !r.has[mCode]:
	case announced && r.words[r.wordAt[i]].lex == 0 && !anyones && mk.mark == mHandle:
	default:
		return out
	}
	f := Handle
	if mk.mark == mAnyPay {
		f = Payment
	}
	return r.claim(out, i, to, f, 0.9)
}

// pastAnnouncement goes over what stands between a service and the name on it, from
// token i: "is", "name:", "handle is @", and tells whether that announces one.
func (r *reading) pastAnnouncement(i int, announced bool) (int, bool) {
	for end := i + 5; i < len(r.toks) && i < end; i++ {
		t := &r.toks[i]
		r.steps++
		if t.kind == sign && (t.ch == ':' || t.ch == '=' || t.ch == '-' && (t.space || r.tok(i+1).space) || t.ch == '/' && !t.space && !r.tok(i+1).space) {
			announced = true
			continue
		}
		if t.kind == word && listed("is es as under at cest ist hai", t.text) {
			announced = true
			continue
		}
		if t.kind == word && listed("handle name username user tag id account me usuario", t.text) {
			continue
		}
		announced = announced || t.kind == emoji && t.text == ""
		if t.text == "live" && r.tok(i+1).ch == ':' || t.text == "still" {
			continue // a service's own prefix, "live:jane.d"
		}
		if t.kind != emoji && !(t.kind == sign && strings.IndexByte("\"()$@>", t.ch) >= 0) {
			break
		}
	}
	return i, announced
}

// nobodysName finds a name of nobody's where a service, or a way to be found, is spoken of.
func (r *reading) nobodysName(asked bool, out []finding) []finding {
	if r.has[mPlatform] || r.has[mHandle] || r.has[mPay] || r.has[mAnyPlatform] && !r.has[mNoPlatform] || r.has[mAnyPay] && !r.has[mNoPay] || asked && len(r.words) <= 12 {
		k := r.strangeNear(1, len(r.toks))
		if k < 0 && !r.has[mNoPlatform] && !r.has[mNoPay] && (r.has[mAnyPlatform] || r.has[mPlatform] || asked && len(r.words) <= 4) {
			k = r.strangeAlone()
		}
		if k >= 0 && !r.has[mCode] && !r.has[mSerial] {
			f := Handle
			if (r.has[mPay] || r.has[mAnyPay]) && !r.has[mPlatform] && !r.has[mHandle] && !r.has[mAnyPlatform] {
				f = Payment
			}
			out = r.claim(out, k, k+1, f, 0.8)
		}
	}
	if asked && (len(r.words) <= 2 && len(r.toks) <= 4 && r.strange(0, 5) || len(r.words) <= 8 && r.strange(0, 9) && r.tok(1).kind == sign && !r.has[mCode]) && !r.taken[0] {
		out = r.claim(out, 0, 1, Handle, 0.75)
	}
	return out
}

// answeredName finds the name that answers the question for one.
func (r *reading) answeredName(asked bool, out []finding) []finding {
	if !asked || len(r.words) > agreementWords {
		return out
	}
	for i := range r.toks {
		if r.taken[i] || r.toks[i].kind != word || len(r.toks[i].text) < 3 {
			continue
		}
		to, busy := i+1, false
		for to < len(r.toks) && !r.toks[to].space && partOf(&r.toks[to], "_-.#") {
			busy = busy || r.toks[to].kind == num || r.toks[to].ch == '_' || r.toks[to].kind == word && r.toks[to-1].ch == '.'
			to++
		}
		if busy {
			out = r.claim(out, i, to, Handle, 0.85)
		}
	}
	return out
}

// numberedName finds "jane#1234" where a service is named.
func (r *reading) numberedName(out []finding) []finding {
	for i := 1; i+1 < len(r.toks) && r.has[mAnyPlatform]; i++ {
		if t := &r.toks[i]; t.kind == sign && t.ch == '#' && !t.space && r.toks[i-1].kind == word && r.toks[i+1].kind == num && !r.toks[i+1].space && len(r.toks[i+1].text) == 4 && !r.taken[i] {
			out = r.claim(out, i-1, i+2, Handle, 0.85)
		}
	}
	return out
}

// underscored finds what an underscore makes a name; a code or a file has one too.
func (r *reading) underscored(asked bool, out []finding) []finding {
	if r.has[mCode] || r.has[mSerial] {
		return out
	}
	for i := 1; i+1 < len(r.toks); i++ {
		t := &r.toks[i]
		if r.taken[i] || !(t.kind == sign && t.ch == '_' && !t.space && !r.toks[i+1].space && r.toks[i+1].kind != sign && r.toks[i-1].kind == word || t.kind == word && t.text == "underscore") {
			continue
		}
		from, to := i-1, i+2
		for from > 0 && !r.toks[from].space && i-from < 12 && partOf(&r.toks[from-1], "_-.") {
			from--
		}
		for to < len(r.toks) && !r.toks[to].space && to-i < 12 && partOf(&r.toks[to], "_-.") {
			to++
		}
		if isFile(r.toks[to-1].text) || listed("img dsc vid", r.toks[from].text) {
			continue
		}
		if strings.Count(r.textOf(from, to), "_") > 1 || asked || r.has[mAnyPlatform] || r.has[mHandle] || r.has[mPlatform] || t.kind == word || r.has[mReach] || len(r.words) <= 4 {
			out = r.claim(out, from, to, Handle, 0.85)
		}
	}
	return out
}

// led tells whether a sign or an arrow stands right before token i, and nothing else.
func (r *reading) led(i int) bool {
	p := r.tok(i - 1)
	return p.kind == emoji && p.text == "" || p.kind == sign && strings.IndexByte(":=->@\"/", p.ch) >= 0
}

// secretTalk tells whether what looks like a name is a password's or a network's:
// this text speaks of one, or answers a question for one, and no service is named.
func (r *reading) secretTalk() bool {
	if r.has[mAnyPlatform] || r.has[mAnyPay] || r.has[mPlatform] {
		return false
	}
	if r.has[mCode] {
		return true
	}
	b := r.before
	if b == nil || b.author == r.author || b.has[mAnyPlatform] {
		return false
	}
	return (b.has[mCode] || b.has[mSerial] && !b.has[mAsk] && !b.has[mHandle]) && (b.asks() || b.anyOf("wants want asks asking needs need what whats which password pw passcode clave")) || b.asks() && len(b.words) <= 5 && b.anyOf("pass pw pwd key")
}

// nameOnService finds "toriandtails on threads": a name nobody has, and where it is one.
func (r *reading) nameOnService(out []finding) []finding {
	if !r.has[mService] && !r.has[mAnyPlatform] || r.has[mNoPlatform] || r.has[mCode] || r.has[mSerial] {
		return out
	}
	for k := range r.marks {
		if m := r.marks[k].mark; m != mService && m != mAnyPlatform {
			continue
		}
		on := r.words[r.marks[k].from].tok - 1
		if on > 0 && (r.toks[on].text == "the" || r.toks[on].text == "my") {
			on--
		}
		switch r.tok(on).text {
		case "on", "en", "over", "via", "at", "in", "through":
		default:
			continue
		}
		for i := on - 1; i >= 0 && i >= on-3; i-- {
			if r.taken[i] || !r.strange(i, 6) && !(r.toks[i].kind == word && r.camel(i)) {
				continue
			}
			from, to := i, i+1
			for from > 0 && !r.toks[from].space && i-from < 8 && partOf(&r.toks[from-1], "_.-@") {
				from--
			}
			for to < on && !r.toks[to].space && partOf(&r.toks[to], "_.-") {
				to++
			}
			return r.claim(out, from, to, Handle, 0.85)
		}
	}
	// "on etsy I'm PawsOfKent": it is led up to instead.
	for i := range r.toks {
		if !r.taken[i] && r.toks[i].kind == word && (r.camel(i) || r.strange(i, 8)) && r.leadsToName(i) {
			return r.claim(out, i, i+1, Handle, 0.8)
		}
	}
	return out
}

// nameByForm finds a name that its form gives away where one is spoken of: three
// words or more with dots between and no space, "p0lly.and.the.pups"; letters
// spelled one by one; two words with a spoken dot, "kittenish dot otter".
func (r *reading) nameByForm(asked bool, out []finding) []finding {
	cued := asked || r.has[mAnyPlatform] || r.has[mAnyPay] || r.has[mHandle] || r.has[mPlatform] || r.has[mPay] || r.has[mService] || r.has[mMail]
	if r.has[mSerial] || r.has[mNoPlatform] || r.has[mNoPay] {
		return out
	}
	family := Handle
	if (r.has[mAnyPay] || r.has[mPay]) && !r.has[mAnyPlatform] && !r.has[mPlatform] {
		family = Payment
	}
	for i := 0; i < len(r.toks); i++ {
		t := &r.toks[i]
		if r.taken[i] || t.kind != word || i > 0 && !t.space && r.toks[i-1].kind != sign {
			continue
		}
		to, parts := i+1, 1
		for to+1 < len(r.toks) && to-i < 16 && r.toks[to].kind == sign && strings.IndexByte("._-", r.toks[to].ch) >= 0 && !r.toks[to].space && !r.toks[to+1].space && r.toks[to+1].kind != sign && r.toks[to+1].kind != emoji {
			parts, to = parts+1, to+2
			for to < len(r.toks) && !r.toks[to].space && (r.toks[to].kind == num || r.toks[to].kind == word) {
				to++
			}
		}
		r.steps += to - i
		led := cued || r.leadsToName(i) || i == 0 && to == len(r.toks) || i > 0 && r.toks[i-1].kind == emoji
		if r.has[mCode] && !(parts >= 3 && r.leadsToName(i) && !r.secret(i)) {
			continue // the code is what they speak of
		}
		switch {
		case t.text == "live" && r.tok(i+1).ch == ':' && !r.tok(i+1).space && r.tok(i+2).kind == word && !r.tok(i+2).space && family == Handle && cued:
			for to = i + 3; to < len(r.toks) && !r.toks[to].space && partOf(&r.toks[to], "._-"); {
				to++
			}
		case parts >= 3 && led && len(t.text) > 1 && !isFile(r.toks[to-1].text) && strings.IndexByte("._", r.toks[i+1].ch) >= 0:
		case parts == 2 && cued && !r.has[mMail] && r.leadsToName(i) && r.toks[i+1].ch != '-' && len(t.text) > 1 && !isTLD(r.toks[to-1].text) && !isFile(r.toks[to-1].text) && r.words[r.wordAt[i]].lex == 0:
		case parts == 1 && t.odd && t.end-t.start >= 2*len(t.text)-1 && led && r.strange(i, 5):
		case parts == 1 && cued && r.tok(i+1).kind == word && (r.tok(i+1).text == "dot" || r.tok(i+1).text == "underscore" || r.tok(i+1).text == "dash" || r.tok(i+1).text == "hyphen") && r.tok(i+2).kind == word && len(t.text) > 2 && len(r.tok(i+2).text) > 2 && !isTLD(r.tok(i+2).text):
			to = i + 3
		default:
			continue
		}
		out = r.claim(out, i, to, family, 0.8)
		i = to - 1
	}
	return out
}

// mixedID finds letters and figures mixed, led up to by "id" where a service is
// named, and a name that ends in an underscore.
func (r *reading) mixedID(out []finding) []finding {
	if !r.has[mAnyPlatform] && !r.has[mPlatform] && !r.has[mHandle] || r.has[mCode] || r.has[mSerial] || r.has[mNoPlatform] {
		return out
	}
	for i := 1; i < len(r.toks); i++ {
		t := &r.toks[i]
		if r.taken[i] || !t.space || t.kind != word && t.kind != num {
			continue
		}
		to, letters, figures := i, 0, 0
		for to < len(r.toks) && to-i < 12 && (to == i || !r.toks[to].space) && r.toks[to].kind != emoji && (r.toks[to].kind != sign || strings.IndexByte("-._", r.toks[to].ch) >= 0 && to+1 < len(r.toks) && !r.toks[to+1].space && r.toks[to+1].kind != sign) {
			if r.toks[to].kind == num {
				figures += len(r.toks[to].text)
			} else if r.toks[to].kind == word {
				letters += len(r.toks[to].text)
			}
			to++
		}
		r.steps += to - i
		tail := to == i+1 && r.tok(to).ch == '_' && !r.tok(to).space && len(t.text) > 4
		if !tail && !(r.leadsToName(i) && letters > 1 && figures > 1 && letters+figures >= 6) {
			continue
		}
		return r.claim(out, i, to, Handle, 0.8)
	}
	return out
}

// spelledOut finds a name by what is said of its letters: "barkandbeyond with two
// d's", "rosie and remi sitters, all one word".
func (r *reading) spelledOut(asked bool, out []finding) []finding {
	if r.has[mCode] || r.has[mSerial] && !r.has[mAnyPlatform] {
		return out
	}
	cued := asked || r.has[mAnyPlatform] || r.has[mService] || r.has[mAnyPay] || r.has[mPlatform] || r.has[mPay]
	for i := range r.toks {
		if r.taken[i] || !r.strange(i, 8) || !r.lettersTold(i+1) {
			continue
		}
		return r.claim(out, i, i+1, Handle, 0.8)
	}
	if !cued {
		return out
	}
	for i := 1; i < len(r.toks); i++ {
		if !r.joined(i) {
			continue
		}
		// From the word that leads up to it.
		for k := i - 1; k > 0 && k > i-9; k-- {
			r.steps++
			switch r.toks[k-1].text {
			case "at", "is", "its", "as", "under", "search", "name", ":", "find", "user", "username", "add":
				if k < i-1 || r.strange(k, 5) {
					return r.claim(out, k, i, Handle, 0.8)
				}
			}
		}
	}
	return out
}

// lettersTold tells whether within a few tokens from i a letter is spoken of: "with
// two d's", "with a k", "double n".
func (r *reading) lettersTold(i int) bool {
	for k := i; k+1 < len(r.toks) && k < i+5; k++ {
		switch r.toks[k].text {
		case "two", "double", "three", "a", "one", "an", "no", "2", "3":
		default:
			continue
		}
		w := r.toks[k+1].text
		if r.toks[k+1].kind == word && r.tok(k-1).text == "with" && (len(w) == 1 || len(w) == 2 && w[1] == 's' && w != "is" && w != "as" && w != "us") {
			return true
		}
	}
	return false
}

// joined tells whether "all one word", "no spaces" or the like begins at token i.
func (r *reading) joined(i int) bool {
	a, z := r.toks[i].text, r.tok(i+1).text
	switch a {
	case "all":
		return (z == "one" || z == "1") && r.tok(i+2).text == "word" || z == "together" || z == "lowercase"
	case "one", "single":
		return z == "word"
	case "no", "without":
		return z == "space" || z == "spaces"
	case "todo":
		return z == "junto"
	}
	return false
}

// leadsToName tells whether the word before token i announces somebody's name on a service.
func (r *reading) leadsToName(i int) bool {
	k := i - 1
	for k > 0 && (r.toks[k].kind == sign && strings.IndexByte(":=(\"", r.toks[k].ch) >= 0 || r.toks[k].text == "is" || r.toks[k].text == "for" || r.toks[k].text == "me" || r.toks[k].text == "as" || r.toks[k].text == "part") {
		k--
	}
	switch r.tok(k).named() {
	case "user", "username", "handle", "name", "id", "search", "find", "add", "follow", "look", "nick", "usuario", "alias", "tag", "dm", "under", "ig", "spelled", "spelt", "como", "im", "were", "@":
		return true
	}
	return false
}

// isFile tells an ending of a file.
//
//go:noinline
func isFile(w string) bool {
	switch w {
	case "pdf", "jpg", "jpeg", "png", "doc", "docx", "mp4", "mov", "heic", "txt", "xls", "xlsx", "csv", "gif", "zip":
		return true
	}
	return false
}

func beingSomewhere(w string) bool {
	switch w {
	case "meet", "be", "are", "is", "im", "waiting", "here", "walk", "dropped", "pick", "pickup", "currently", "stay", "am", "was", "were", "still", "up", "him", "her", "them", "off", "playing", "play", "park", "ready", "there", "us", "out", "later", "tomorrow", "today", "lunch", "dinner", "starts", "appointment", "appt", "class", "walking", "visit", "and", "just", "dog", "start", "it":
		return true
	}
	return false
}
