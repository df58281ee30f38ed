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

func (r *reading) take(from, to int) {
	for i := from; i < to; i++ {
		r.taken[i] = true
	}
}

func (r *reading) add(out []finding, from, to int, f Family, confidence float64) []finding {
	return append(out, finding{Span: r.span(from, to, f), confidence: confidence})
}

func isProvider(w string) bool {
	if s, ok := strings.CutSuffix(w, "com"); ok {
		w = strings.TrimSuffix(s, "dot")
	}
	switch w {
	case "gmail", "gmial", "gmal", "geemail", "gemail", "googlemail", "gmaill", "jeemail", "jmail", "gmai", "gamil", "gmil", "gmall", "yahoo", "yaho", "yahooo", "ymail", "hotmail", "hotmial", "hotmale", "outlook", "outlok", "icloud", "aol", "protonmail", "proton", "msn", "comcast", "gmx", "zoho", "fastmail", "rocketmail", "tutanota", "yandex", "liamg", "oohay", "liamtoh":
		return true
	}
	return false
}

func isTLD(w string) bool {
	switch w {
	case "com", "net", "org", "info", "biz", "io", "app", "co", "ly", "edu", "dev", "shop", "online", "store", "xyz", "page", "website", "club", "blog", "uk", "ca", "de", "fr", "es", "mx", "au", "eu", "tv", "cc", "gg", "gl", "gle", "ee", "ai", "nl", "br", "ar", "ch", "nz", "ie", "example", "test", "pets", "dog", "vet", "services", "coop", "gd", "cm", "con", "social", "bio", "gov", "kom", "pet", "cat", "mobi", "work", "family", "pro", "fyi":
		return true
	}
	return false
}

// isWordyTLD are endings that are words too: "she went out.it was fine".
func isWordyTLD(w string) bool {
	switch w {
	case "me", "us", "in", "is", "it", "to", "at", "so", "no", "am", "my", "be", "pet", "care", "live", "life", "link", "site", "dog", "cat", "vet", "page", "work", "pro", "family", "blog", "shop", "store", "online", "social", "test", "es", "de", "tv", "club", "app", "bio", "ai", "ca", "con", "pets", "services", "website", "info", "co", "ch", "eu", "uk", "fr":
		return true
	}
	return false
}

// isKnownPage are pages that cannot lead to the writer.
func isKnownPage(host string) bool {
	for _, h := range [...]string{"amazon.com", "chewy.com", "petco.com", "petsmart.com", "target.com", "walmart.com", "costco.com", "youtube.com", "youtu.be", "maps.google.com", "goo.gl", "maps.app.goo.gl", "maps.apple.com", "google.com", "weather.com", "weather.gov", "akc.org", "aspca.org", "wikipedia.org", "ups.com", "usps.com", "fedex.com", "delta.com", "united.com", "vcahospitals.com", "petmd.com", "flightaware.com", "airbnb.com", "petfinder.com", "rei.com", "etsy.com", "ebay.com", "avma.org", "cdc.gov", "uber.com", "walgreens.com", "cvs.com", "riteaid.com", "homedepot.com", "lowes.com", "kroger.com", "safeway.com", "instacart.com", "doordash.com", "petplan.com", "trupanion.com", "lemonade.com", "tractorsupply.com", "wayfair.com", "bestbuy.com", "barkbox.com", "farmersdog.com", "thefarmersdog.com", "booking.com", "vrbo.com", "expedia.com", "apple.com", "lyft.com", "netflix.com", "spotify.com", "kong.com", "purina.com", "royalcanin.com", "hillspet.com", "bluebuffalo.com", "nytimes.com", "southwest.com", "alaskaair.com", "aa.com", "tsa.gov", "nws.noaa.gov", "accuweather.com", "windy.com"} {
		if host == h || strings.HasPrefix(host, "www.") && host[4:] == h {
			return true
		}
	}
	return false
}

// isOwnHost tells whether a host is one of the business's or below one.
func isOwnHost(host string, own []string) bool {
	for _, o := range own {
		o = strings.ToLower(strings.TrimSpace(o))
		if k := strings.Index(o, "://"); k >= 0 {
			o = o[k+3:]
		}
		o, _, _ = strings.Cut(o, "/")
		o = strings.TrimPrefix(o, "www.")
		if o == "" {
			continue
		}
		if host == o || strings.HasSuffix(host, "."+o) {
			return true
		}
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
	case t.kind == sign && strings.IndexByte("([{<*_~-|/\\", t.ch) >= 0 && r.tok(i+1).kind == word && (atWord(r.tok(i+1).text) || r.tok(i+1).text == "a" && strings.IndexByte("([{<*", t.ch) >= 0) && r.tok(i+2).kind == sign && strings.IndexByte(")]}>*_~-|/\\", r.tok(i+2).ch) >= 0:
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
	case t.kind == sign && strings.IndexByte("([{<*_~-|/\\", t.ch) >= 0 && (dotWord(r.tok(i+1).text) || r.tok(i+1).text == ".") && r.tok(i+2).kind == sign:
		return 3
	}
	return 0
}

func (r *reading) mails(m *Message, out []finding) []finding {
	for i := 0; i < len(r.toks); i++ {
		t := &r.toks[i]
		// As it is: name@host.tld
		if t.kind == sign && t.ch == '@' && i > 0 && glue(t) && i+1 < len(r.toks) && glue(&r.toks[i+1]) && partOf(&r.toks[i-1], "_-+.") && r.toks[i+1].kind != sign && r.toks[i+1].kind != emoji {
			from := i
			for from > 0 && i-from < 24 && partOf(&r.toks[from-1], "._-+'") && !r.taken[from-1] {
				from--
				if r.toks[from].space {
					break
				}
			}
			to := i + 1
			dot := false
			for to < len(r.toks) && to-i < 24 && glue(&r.toks[to]) && partOf(&r.toks[to], ".-") {
				if r.toks[to].kind == sign && r.toks[to].ch == '.' && (to+1 >= len(r.toks) || r.toks[to+1].space || r.toks[to+1].kind == sign) {
					break
				}
				dot = dot || r.toks[to].ch == '.' && r.toks[to].kind == sign
				to++
			}
			r.steps += to - from
			host := r.textOf(i+1, to)
			letters := false
			for k := i + 1; k < to; k++ {
				letters = letters || r.toks[k].kind == word
			}
			family, sure := Email, dot && letters && r.toks[to-1].kind == word
			if !sure && from < i-1 && r.tok(from+1).ch == '.' && r.tok(from+1).kind == sign {
				switch r.toks[from].text {
				case "moc", "ten", "gro", "ku", "ofni", "oi", "xm", "ac":
					sure, family = true, DisguisedEmail // read from the right
				}
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
			if sure {
				for k := from; k < to; k++ {
					if r.toks[k].odd {
						family = DisguisedEmail
					}
				}
				r.take(from, to)
				if !isOwnHost(host, m.Own.Links) && !r.theirs(from, to, m) && !isFile(r.toks[to-1].text) && !isCareHost(host) && !(r.secret(from) && !isProvider(r.toks[i+1].text)) {
					out = r.add(out, from, to, family, 0.99)
				}
				i = to - 1
			}
			continue
		}
		if t.kind != word || r.taken[i] {
			continue
		}
		if len(t.text) > 10 && swallowed(t.text) {
			r.take(i, i+1)
			out = r.add(out, i, i+1, DisguisedEmail, 0.95)
			continue
		}
		if (t.text == "email" || t.text == "emails" || t.text == "gmail" || t.text == "correo" || t.text == "gmails") && (r.tok(i-1).text == "my" || r.tok(i-1).text == "mi") {
			// "my email's danawalks, it's a gmail"
			k := i + 1
			for r.tok(k).text == "is" || r.tok(k).text == "es" || r.tok(k).ch == ':' || r.tok(k).ch == '=' || r.tok(k).text == "address" {
				k++
			}
			provided := false
			for j := k + 1; j < len(r.toks) && j < k+10; j++ {
				provided = provided || isProvider(r.toks[j].text)
			}
			if k < len(r.toks) && r.toks[k].kind == word && r.words[r.wordAt[k]].lex == 0 && provided && r.tok(k+1).ch != '@' && r.isAt(k+1) == 0 && (r.isDot(k+1) == 0 || r.tok(k+1).ch == ',') {
				r.take(i, k+1)
				out = r.add(out, i, k+1, DisguisedEmail, 0.85)
				continue
			}
		}
		if k := r.announcedMail(i); k > 0 && !r.theirs(k, k+1, m) {
			r.take(i, k+1)
			out = r.add(out, i, k+1, DisguisedEmail, 0.85)
			continue
		}
		// In words, found by its far end: a provider, or a spoken "dot com".
		end, provider := 0, false
		if isProvider(t.text) {
			provider, end = true, i+1
		} else if (t.text == "mail" || t.text == "male") && i > 0 && (r.toks[i-1].text == "g" || r.toks[i-1].text == "gee" || r.toks[i-1].text == "hot" || r.toks[i-1].text == "google" || i > 1 && r.toks[i-1].ch == '-' && (r.toks[i-2].text == "g" || r.toks[i-2].text == "hot")) {
			provider, end = true, i+1
		}
		start := i
		if provider {
			if t.text == "mail" || t.text == "male" {
				start--
				if r.toks[start].kind == sign {
					start--
				}
			}
			if n := r.isDot(end); n > 0 && isTLD(r.tok(end+n).text) && (end+n < len(r.toks)) {
				end += n + 1
			} else if end < len(r.toks) && (r.toks[end].text == "com" || r.toks[end].text == "con" || r.toks[end].text == "kom") {
				end++
			}
		} else if n := r.isDot(i + 1); n > 0 && i+1+n < len(r.toks) && r.toks[i+1+n].kind == word && len(r.toks[i+1+n].text) < 8 && r.toks[i+1].ch != ',' && r.bracketedAt(i) {
			end = i + 2 + n
		} else if r.bracketedAt(i) && r.tok(i+1).kind == sign && i+2 < len(r.toks) && isTLD(r.toks[i+2].text) {
			end = i + 3 // the dot is whatever sign stands there
		} else if n := r.isDot(i + 1); n > 0 && i+1+n < len(r.toks) && isTLD(r.toks[i+1+n].text) && (r.toks[i+1].kind == word || n == 3 || r.toks[i+1].ch == '.' && r.toks[i+1+n].text == "com") {
			end = i + 2 + n
		} else {
			continue
		}
		at, nAt := -1, 0
		if provider && start > 1 && r.toks[start-1].kind == sign && strings.IndexByte("*~|/>=+-:", r.toks[start-1].ch) >= 0 && end < len(r.toks) && (r.strange(start-2, 5) || r.toks[start-2].kind == num) && (r.toks[end].kind == sign && r.tok(end+1).text == "com" || dottedEnd(r, end)) {
			at, nAt = start-1, 1
		}
		if provider && start > 1 && (r.toks[start-1].text == "on" || r.toks[start-1].text == "en") && (r.toks[start-2].kind == num || r.words[r.wordAt[start-2]].lex == 0) {
			at, nAt = start-1, 1
		}
		for k := start - 1; k >= 0 && k >= start-4 && !r.toks[k+1].line; k-- {
			r.steps++
			if n := r.isAt(k); n > 0 && k+n <= start {
				at, nAt = k, n
				if k > 0 && r.isAt(k-1) == 3 {
					at, nAt = k-1, 3
				}
				break
			}
		}
		dotted := end > i+1
		reversed := t.text == "liamg" || t.text == "oohay" || t.text == "liamtoh"
		if at < 0 && !(provider && (dotted || reversed)) {
			if !provider {
				continue
			}
			if len(r.words) <= 8 {
				if k := r.lone(start); k >= 0 && !r.theirs(k, end, m) {
					r.take(k, end)
					out = r.add(out, min(k, start), max(k+1, end), DisguisedEmail, 0.8)
					continue
				}
			}
			if k := r.nameBefore(start); k >= 0 && !r.theirs(k, end, m) {
				r.take(k, end)
				out = r.add(out, k, end, DisguisedEmail, 0.8)
				continue
			}
			if k := r.strangeNear(start-10, end+8); k >= 0 && !r.theirs(k, k+1, m) {
				r.take(k, k+1)
				out = r.add(out, k, k+1, DisguisedEmail, 0.8)
				continue
			}
			if k := r.spokenName(start-8, start); k >= 0 && r.has[mMail] && !r.theirs(k, start, m) {
				r.take(k, end)
				out = r.add(out, k, end, DisguisedEmail, 0.85)
				continue
			}
			if from, to := r.nameNear(start, end); to > from && !r.theirs(from, to, m) {
				from, to = min(from, start), max(to, end)
				r.take(from, to)
				out = r.add(out, from, to, DisguisedEmail, 0.85)
				continue
			}
			// "my gmail is jane doe 22", "gmail: jane": the provider announces the name.
			next := r.tok(end)
			mine := r.tok(start-1).text == "my" || r.tok(start-1).text == "mi" || r.tok(start-2).text == "my"
			if mine && (next.text == "is" || next.text == "es" || next.ch == ',' || next.ch == ':' || next.ch == '=' || next.kind == word && !ordinary(next.text)) || next.kind == sign && (next.ch == ':' || next.ch == '=') || next.text == "me" || mine && end >= len(r.toks) {
				to := min(len(r.toks), end+6)
				for k := end; k < to; k++ {
					if r.toks[k].line || r.toks[k].kind == sign && (r.toks[k].ch == '!' || r.toks[k].ch == '?') {
						to = k
					}
				}
				if to > end && !r.theirs(start, to, m) && !r.has[mNoPay] {
					r.take(start, to)
					out = r.add(out, start, to, DisguisedEmail, 0.85)
				}
			}
			continue
		}
		from := start
		if at >= 0 {
			from = at
			_ = nAt
			// The name before it: a word or two, with dots, figures and underscores spoken or not.
			for k := 0; k < 10 && from > 0; k++ {
				p := &r.toks[from-1]
				if r.toks[from].line || p.kind == emoji || p.kind == sign && strings.IndexByte("._-+", p.ch) < 0 {
					break
				}
				if p.kind == word && k > 0 && r.toks[from].kind == word && r.isDot(from) == 0 && r.isDot(from-1) == 0 && r.toks[from].text != "underscore" && p.text != "underscore" {
					break
				}
				if p.kind == word && (p.text == "is" || p.text == "es" || p.text == "me" || p.text == "email" || p.text == "mail" || p.text == "correo" || p.text == "to") {
					break
				}
				from--
			}
		}
		if at >= 0 && r.toks[at].kind == word && !dotted && (!provider || from == at && !r.has[mMail]) {
			continue
		}
		host := r.textOf(max(at+nAt, start), end)
		if strings.HasSuffix(host, "dotcom") {
			host = strings.TrimSuffix(host, "dotcom") + ".com"
		}
		if at >= 0 && r.toks[at].ch == '&' && !dotted {
			continue
		}
		if at >= 0 && !provider && r.toks[i+1].kind == sign && r.toks[at].kind == word && !r.has[mMail] {
			continue // "look at chewy.com" is a link
		}
		r.take(from, end)
		if !isOwnHost(host, m.Own.Links) && !r.theirs(from, end, m) {
			out = r.add(out, from, end, DisguisedEmail, 0.95)
		}
		i = end - 1
	}
	return out
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

// strangeNear finds such a name among tokens [from, to), led up to by a sign or
// a word that says what it is.
func (r *reading) strangeNear(from, to int) int {
	for i := max(1, from); i < min(to, len(r.toks)); i++ {
		if r.taken[i] || !r.toks[i].space || !r.strange(i, 7) {
			continue
		}
		r.steps++
		switch p := &r.toks[i-1]; p.text {
		case "is", "its", "es", "name", ":", ",", "=", "-", "as", "im", "mines", "mine", "user", "username", "handle", "under", "me", "then", "by", "called", "and", "with", "(", ">", "just", "simply", "at":
			return i
		}
	}
	return -1
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
		switch r.toks[p].text {
		case "user", "username", "search", "type", "follow", "hmu", "handle", "under", "as", "up", "find", "add", "name", "tag", "id", "dm", "is", "its", "como":
		default:
			continue
		}
		r.steps++
		weak := r.toks[p].text == "is" || r.toks[p].text == "its" || r.toks[p].text == "up" || r.toks[p].text == "as" || r.toks[p].text == "find" || r.toks[p].text == "add" || r.toks[p].text == "name" || r.toks[p].text == "como"
		to, figures, hyphens := i+1, false, 0
		for to < len(r.toks) && !r.toks[to].space && to-i < 8 && partOf(&r.toks[to], "_.-") && (r.toks[to].kind != sign || to+1 < len(r.toks) && !r.toks[to+1].space && r.toks[to+1].kind != sign) {
			figures = figures || r.toks[to].kind == num || r.toks[to].ch == '_'
			hyphens += strings.Count(r.toks[to].text, "-")
			to++
		}
		letters := len(r.toks[i].text)
		strange := r.strange(i, 7) || hyphens > 1 && (r.has[mAnyPlatform] || r.has[mPlatform]) || to > i+1 && figures && letters >= 4 && r.words[r.wordAt[i]].lex == 0 && !ordinary(r.toks[i].text)
		if !strange || isFile(r.toks[to-1].text) || weak && !(r.has[mPlatform] || r.has[mHandle] || r.has[mAnyPlatform] || len(r.toks[i].text) >= 9 && !r.toks[i].caps && p > 0 && r.toks[p-1].text == "look") {
			continue
		}
		r.take(i, to)
		out = r.add(out, i, to, Handle, 0.8)
		return out
	}
	return out
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
		if to > i+1 && r.words[r.wordAt[i]].lex == 0 && !(r.toks[to-1].kind == word && r.toks[to-2].kind == sign && isTLD(r.toks[to-1].text) && !isWordyTLD(r.toks[to-1].text)) && !isFile(r.toks[to-1].text) {
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

func (r *reading) links(m *Message, out []finding) []finding {
	for i := 0; i < len(r.toks); i++ {
		t := &r.toks[i]
		if r.taken[i] {
			continue
		}
		// With a scheme.
		if t.kind == word && (t.text == "http" || t.text == "https" || t.text == "hxxp" || t.text == "hxxps" || t.text == "htp" || t.text == "ttps") && r.tok(i+1).ch == ':' {
			from := i
			h := i + 2
			for h < len(r.toks) && r.toks[h].kind == sign && (r.toks[h].ch == '/' || r.toks[h].ch == '\\') {
				h++
			}
			to := h
			for to < len(r.toks) && (to == h || !r.toks[to].space) {
				to++
			}
			r.steps += to - from
			out = r.link(m, from, h, min(to, len(r.toks)), out)
			i = to - 1
			continue
		}
		if t.kind == word && (t.text == "www" || t.text == "wwww") && r.tok(i+1).ch == '.' {
			to := i + 2
			for to < len(r.toks) && (!r.toks[to].space || to == i+2) {
				to++
			}
			out = r.link(m, i, i, to, out)
			i = to - 1
			continue
		}
		if t.kind == word && isShortener(t.text) && (r.tok(i+1).text == "com" || r.tok(i+1).text == "dot" || r.tok(i+1).text == "ly" || r.tok(i+1).text == "ee" || r.tok(i+1).text == "gd" || r.tok(i+1).text == "slash") && !r.taken[i] {
			to := i + 2
			for k := 0; k < 5 && to+1 < len(r.toks) && (r.toks[to].ch == '/' || r.toks[to].text == "slash" || r.toks[to].text == "com" || r.toks[to].text == "ee" || r.toks[to].text == "ly" || !r.toks[to].space); k++ {
				to++
				if r.toks[to-1].text == "slash" || r.toks[to-1].ch == '/' {
					to++
					break
				}
			}
			out = r.link(m, i, i, min(to, len(r.toks)), out)
			i = to - 1
			continue
		}
		if t.kind == word && t.odd && len(t.text) > 7 && (strings.HasSuffix(t.text, "com") || strings.HasSuffix(t.text, "dotnet") || strings.HasSuffix(t.text, "net")) && t.end-t.start > 2*len(t.text)-3 {
			out = r.link(m, i, i, i+1, out) // t h e o w a l k s . c o m
			continue
		}
		if t.kind == word && t.text == "www" {
			for k := i + 1; k < len(r.toks) && k < i+7 && !r.toks[k].line; k++ {
				if r.toks[k].kind == word && isTLD(r.toks[k].text) {
					out = r.link(m, i, i+1, k+1, out)
					break
				}
			}
			continue
		}
		if t.kind == sign && t.ch == ',' && !t.space && i > 0 && i+1 < len(r.toks) && !r.toks[i+1].space && (r.toks[i+1].text == "com" || r.toks[i+1].text == "net" || r.toks[i+1].text == "org") && r.toks[i-1].kind == word {
			out = r.link(m, i-1, i-1, i+2, out)
			continue
		}
		// host.tld
		if t.kind == sign && t.ch == '.' && i > 0 && i+1 < len(r.toks) && r.toks[i+1].kind == word && partOf(&r.toks[i-1], "") && !r.taken[i-1] {
			tld := &r.toks[i+1]
			tight := !t.space && !tld.space
			from := i - 1
			for from > 0 && !r.toks[from].space && i-from < 16 && partOf(&r.toks[from-1], ".-") {
				from--
			}
			to := i + 2
			for to+1 < len(r.toks) && r.toks[to].ch == '.' && r.toks[to].kind == sign && !r.toks[to].space && !r.toks[to+1].space && r.toks[to+1].kind == word && to-i < 8 {
				to += 2
			}
			path := to < len(r.toks) && r.toks[to].kind == sign && r.toks[to].ch == '/' && !r.toks[to].space
			last := r.toks[to-1].text
			r.steps += to - from
			ok, apart := false, 0
			switch {
			case !tight:
				// "jane sits . com" and "janesits .com"
				ok = last == "com" && (t.space || r.has[mSite] || r.has[mMail])
				if apart = r.spacedHost(i); apart > 0 {
					ok, to = true, apart
				}
			case isTLD(last) && !isWordyTLD(last):
				ok = true
			case (isTLD(last) || isWordyTLD(last)) && len(last) > 2 && !tld.caps && r.strange(from, 6):
				ok = true // nobody's word before it
			case path && r.tok(to+1).kind != num && last != "and" && last != "or" && (r.tok(to+1).ch == '#' || r.tok(to+1).ch == '+' || r.strange(to+1, 4) || strings.IndexByte(r.textOf(to+1, min(to+4, len(r.toks))), '/') > 0) && len(r.toks[i-1].text) > 1:
				ok = true // no sentence goes on like that
			case path && len(last) == 2 && to+1 < len(r.toks) && !r.toks[to+1].space && r.words[r.wordAt[i-1]].lex == 0 && len(r.toks[i-1].text) > 1:
				ok = true // shorteners live in every country
			case (isTLD(last) || isWordyTLD(last)) && (path || r.has[mSite] && r.nearby(int(r.wordAt[from]), int(r.wordAt[to]))[mSite] < 8):
				ok = true
			case last == "app" || last == "co" || last == "info" || last == "uk" || last == "pet" || last == "pets" || last == "dog" || last == "website" || last == "me":
				// Written together and not a sentence that lost its space.
				ok = to >= len(r.toks) || last == "co" && len(r.toks[i-1].text) > 3 || r.toks[to].kind == sign && r.toks[to].ch != '\''
				if last == "me" || last == "dog" || last == "pet" || last == "pets" || last == "info" {
					ok = ok && len(r.toks[from].text) > 7
				}
			}
			if len(r.toks[i-1].text) == 1 && len(tld.text) <= 2 && !path && apart == 0 {
				ok = false // p.m, e.g
			}
			if tld.caps && !tld.upper && !path {
				ok = ok && !isWordyTLD(last)
			}
			if !ok || r.toks[i-1].kind == num && tld.kind == word && !path && len(last) < 3 {
				continue
			}
			for to < len(r.toks) && path && !r.toks[to].space {
				to++
			}
			if from > 0 && r.toks[from-1].kind == sign && r.toks[from-1].ch == '@' && !r.toks[from].space {
				from--
			}
			out = r.link(m, from, from, to, out)
			i = to - 1
			continue
		}
		// Spoken: janesits dot com
		if n := r.isDot(i); n > 0 && i > 0 && r.toks[i-1].kind == word && r.tok(i+n).text == "c" && r.tok(i+n+1).text == "o" && r.tok(i+n+2).text == "m" {
			out = r.link(m, i-1, i-1, i+n+3, out)
			i += n + 2
			continue
		}
		if n := r.isDot(i); n > 0 && t.kind == word && i > 0 && (notAHost(r.toks[i-1].text) && !r.has[mSite] || r.tok(i+n+1).ch == '-' && !r.tok(i+n+1).space && !r.tok(i+n+2).space) {
			continue // "the dot com bubble", "dot com-pletely"
		}
		if n := r.isDot(i); n > 0 && t.kind == word && i > 0 && r.toks[i-1].kind == word && r.tok(i+n).kind == word && (r.tok(i+n+1).text == "slash" || r.isDot(i+n+1) > 0 && r.tok(i+n+1).kind == word && r.tok(i+n+2).kind == word && isTLD(r.tok(i+n+2).text) || r.isDot(i+n+1) > 0 && r.tok(i+n+1).kind == word && isWordyTLD(r.tok(i+n+2).text)) {
			to := i + n + 3
			for to+1 < len(r.toks) && to-i < 16 && (r.toks[to].text == "slash" || r.toks[to-1].text == "slash") {
				to++
			}
			out = r.link(m, i-1, i-1, min(to, len(r.toks)), out)
			i = to - 1
			continue
		}
		if n := r.isDot(i); n > 0 && (t.kind == word || t.kind == emoji || n == 3) && i > 0 && i+n < len(r.toks) && isTLD(r.toks[i+n].text) && r.toks[i-1].kind != emoji && !(isWordyTLD(r.toks[i+n].text) && !r.has[mSite] && !(t.kind == word && t.text == "dot" && (len(r.toks[i-1].text) > 5 && r.words[r.wordAt[i-1]].lex == 0 || i > 1 && r.toks[i-1].kind == num && !r.toks[i-1].space && r.toks[i-2].kind == word))) {
			from := i - 1
			if from > 0 && r.toks[from].kind == sign {
				from--
			}
			out = r.link(m, from, from, i+n+1, out)
			i += n
			continue
		}
		// The other half came before: ".com", "then dot co", "slash jane-walks".
		if n := r.isDot(i); n > 0 && t.kind == word && i == 1 && leadsOn(r.toks[0].text) && isTLD(r.tok(i+n).text) && i+n+1 == len(r.toks) {
			out = r.link(m, i, i, i+n+1, out)
			i += n
			continue
		}
		if (t.text == "slash" || t.kind == sign && t.ch == '/') && (i == 0 || i == 1 && leadsOn(r.toks[0].text)) && i+1 < len(r.toks) && (r.strange(i+1, 5) || r.tok(i+2).ch == '-' && !r.tok(i+2).space) && len(r.toks) < 12 && !r.has[mCode] {
			out = r.link(m, i, i, i+2, out)
			i++
			continue
		}
		if t.kind == sign && (t.ch == '.' || r.isDot(i) > 0) && i == 0 && i+1 < len(r.toks) && (r.toks[i+1].text == "com" || r.toks[i+1].text == "net" || r.toks[i+1].text == "org") && len(r.toks) < 8 {
			out = r.link(m, 0, 0, i+2, out)
		}
	}
	return out
}

// leadsOn are the words that what comes next is led up to by.
func leadsOn(w string) bool {
	switch w {
	case "then", "and", "followed", "plus", "next", "luego", "y", "finally", "now":
		return true
	}
	return false
}

// spacedHost tells where a host ends that has a space on either side of the dot,
// token i: "jane . co . uk", "t . me / jane", "rabbits . club slash hops". 0 if it is
// none: a full stop may stand like that, and then no ending with more behind it follows.
func (r *reading) spacedHost(i int) int {
	if !r.toks[i].space || i+1 >= len(r.toks) || !r.toks[i+1].space || r.toks[i+1].caps {
		return 0
	}
	w, next := r.toks[i+1].text, r.tok(i+2)
	if !isTLD(w) && !isWordyTLD(w) {
		return 0
	}
	switch {
	case next.kind == sign && next.ch == '.' && next.space && isTLD(r.tok(i+3).text) && len(r.tok(i+3).text) < 4:
		return min(i+4, len(r.toks))
	case next.text == "slash" || next.kind == sign && next.ch == '/':
		return min(i+4, len(r.toks))
	case isTLD(w) && !isWordyTLD(w) && r.strange(i-1, 6):
		return i + 2
	}
	return 0
}

// goods tells whether a path leads to a thing on sale or to something to read.
func goods(path string) bool {
	for _, w := range [...]string{"/products/", "/product/", "/dp/", "/item/", "/recipe", "/article", "/watch?", "/news/", "/wiki/"} {
		if strings.Contains(path, w) {
			return true
		}
	}
	return false
}

// notAHost are words no host's name ends in.
func notAHost(w string) bool {
	switch w {
	case "the", "a", "this", "that", "and", "at", "in", "is", "of", "whole", "old", "early":
		return true
	}
	return false
}

// isShortener are services that make short addresses, by the word they are known by.
func isShortener(w string) bool {
	switch w {
	case "tinyurl", "bitly", "linktr", "linktree", "goo", "rebrandly", "cuttly", "beacons", "carrd", "lnk", "lnkd", "tiny", "shorturl":
		return true
	}
	return false
}

// link judges a found link: tokens [from, to), with its host starting at h.
func (r *reading) link(m *Message, from, h, to int, out []finding) []finding {
	for to > h && r.toks[to-1].kind == sign && strings.IndexByte(".,!?;:)'\"", r.toks[to-1].ch) >= 0 {
		to--
	}
	if to <= h {
		return out
	}
	end := h
	for end < to && !(r.toks[end].kind == sign && strings.IndexByte("/?:#", r.toks[end].ch) >= 0) {
		end++
	}
	host := r.textOf(h, end)
	r.take(from, to)
	if isOwnHost(strings.TrimPrefix(host, "www."), m.Own.Links) || isKnownPage(host) || r.theirs(from, to, m) || end == to && r.secret(from) || goods(r.textOf(end, to)) && !r.has[mPay] && !r.has[mReach] || isCareHost(host) && r.author == Client {
		return out
	}
	family := Link
	switch strings.TrimPrefix(host, "www.") {
	case "paypal.me", "venmo.com", "cash.app", "paypal.com", "account.venmo.com", "revolut.me", "buymeacoffee.com", "ko-fi.com", "zellepay.com":
		family = Payment
	case "wa.me", "t.me", "m.me", "telegram.me", "chat.whatsapp.com", "api.whatsapp.com", "signal.me", "discord.gg", "snapchat.com":
		family = Platform
	}
	return r.add(out, from, to, family, 0.97)
}

// tags finds payment tags: $janesits. $45 is a price.
func (r *reading) tags(out []finding) []finding {
	for i := 0; i+1 < len(r.toks); i++ {
		t := &r.toks[i]
		if k := r.spokenTag(i); k > 0 {
			r.take(i, k)
			out = r.add(out, i, k, Payment, 0.9)
			i = k - 1
			continue
		}
		if !r.isTagSign(t) || r.taken[i] || i > 0 && !t.space && (r.toks[i-1].kind == word || r.toks[i-1].kind == num) {
			continue
		}
		if r.has[mCode] && !r.has[mAnyPay] && !r.has[mPay] {
			continue // a password's sign
		}
		n := &r.toks[i+1]
		if n.kind != word || len(n.text) < 3 && !(r.tok(i+2).kind == num && !r.tok(i+2).space) || n.space && !r.has[mAnyPay] {
			continue
		}
		whole := i+2 >= len(r.toks) || r.toks[i+2].space || !partOf(&r.toks[i+2], "_-")
		switch n.text {
		case "usd", "cad", "aud", "mxn", "ave", "amount", "sign", "signs", "bill", "bills", "for", "per", "and", "the", "tbd", "each", "hundred", "five", "ten", "twenty", "thirty", "forty", "fifty":
			if whole {
				continue
			}
		}
		to := i + 2
		for to < len(r.toks) && !r.toks[to].space && to-i < 12 && (partOf(&r.toks[to], "_-") || r.toks[to].ch == '.' && r.tok(to+1).kind == word && !r.tok(to+1).space) {
			to++
		}
		r.take(i, to)
		out = r.add(out, i, to, Payment, 0.96)
		i = to - 1
	}
	return out
}

// isTagSign tells whether a token is a sign that payment tags begin with.
func (r *reading) isTagSign(t *token) bool {
	if t.kind == sign {
		return t.ch == '$'
	}
	return t.kind == emoji && (r.body[t.start:t.end] == "£" || r.body[t.start:t.end] == "€")
}

// spokenTag finds "dollar sign then puddles then 08": a tag with its sign in words
// or by itself, and the parts led up to one by one. It returns where the tag ends.
func (r *reading) spokenTag(i int) int {
	if r.taken[i] || r.has[mCode] && !r.has[mAnyPay] {
		return 0
	}
	k := i
	switch t := &r.toks[i]; {
	case t.kind == sign && t.ch == '$' && i+1 < len(r.toks) && r.toks[i+1].space:
		k = i + 1
	case (t.text == "dollar" || t.text == "dollars" || t.text == "cash") && (r.tok(i+1).text == "sign" || r.tok(i+1).text == "symbol"):
		k = i + 2
	default:
		return 0
	}
	then := false
	for k < len(r.toks) && (r.toks[k].text == "then" || r.toks[k].text == "followed" || r.toks[k].text == "by" || r.toks[k].text == "and" || r.toks[k].text == "plus" || r.toks[k].kind == sign && r.toks[k].ch == ',') {
		then = then || r.toks[k].text == "then" || r.toks[k].text == "by"
		k++
	}
	if k >= len(r.toks) || r.toks[k].kind != word || len(r.toks[k].text) < 3 || !then && r.words[r.wordAt[k]].lex != 0 || !then && ordinary(r.toks[k].text) && !r.has[mAnyPay] && !r.has[mPay] {
		return 0
	}
	for k++; k+1 < len(r.toks) && k-i < 12 && (r.toks[k].text == "then" || !r.toks[k].space && r.toks[k].kind != sign); k++ {
		if r.toks[k].text == "then" {
			k++
		}
	}
	return k
}

// ibanLength is how long an account's international number is, by country; 0 for no country.
func ibanLength(country string) int {
	switch country {
	case "no":
		return 15
	case "be":
		return 16
	case "dk", "fi", "nl":
		return 18
	case "at", "lu", "ee", "lt":
		return 20
	case "ch", "lv", "hr":
		return 21
	case "de", "gb", "ie", "bg":
		return 22
	case "es", "se", "ro", "sk", "cz":
		return 24
	case "pt":
		return 25
	case "is":
		return 26
	case "fr", "it", "gr":
		return 27
	case "pl", "hu", "cy":
		return 28
	}
	return 0
}

// accounts finds an account by its form alone: an international bank account's
// number, or the address of a wallet.
func (r *reading) accounts(m *Message, out []finding) []finding {
	for i := range r.toks {
		t := &r.toks[i]
		if r.taken[i] || t.kind == sign || t.kind == emoji || i > 0 && !t.space && r.toks[i-1].kind != sign {
			continue
		}
		to := 0
		if t.kind == word && len(t.text) == 2 && r.tok(i+1).kind == num && !r.tok(i+1).space {
			if n := ibanLength(t.text); n > 0 {
				to = r.run(i, n)
			}
		}
		if to == 0 {
			to = r.wallet(i)
		}
		if to == 0 || r.theirs(i, to, m) {
			continue
		}
		r.take(i, to)
		out = r.add(out, i, to, Payment, 0.95)
	}
	return out
}

// run tells where exactly n letters and figures end that start at token i, in one
// piece or in pieces of four; 0 if they do not.
func (r *reading) run(i, n int) int {
	size, piece, figures := 0, 0, 0
	for k := i; k < len(r.toks) && k < i+24; k++ {
		t := &r.toks[k]
		r.steps++
		if t.kind == sign || t.kind == emoji {
			return 0
		}
		if t.space && k > i {
			if piece%4 != 0 {
				return 0
			}
			piece = 0
		}
		size, piece = size+len(t.text), piece+len(t.text)
		if t.kind == num {
			figures += len(t.text)
		}
		if size == n && (k+1 == len(r.toks) || r.toks[k+1].space || r.toks[k+1].kind == sign) && figures >= 10 {
			return k + 1
		}
		if size >= n {
			return 0
		}
	}
	return 0
}

// wallet tells where a wallet's address that starts at token i ends; 0 if there is
// none: letters and figures in one piece, longer than anything else people send.
func (r *reading) wallet(i int) int {
	size, figures, k := 0, 0, i
	for ; k < len(r.toks) && k < i+48 && (k == i || !r.toks[k].space) && r.toks[k].kind != sign && r.toks[k].kind != emoji; k++ {
		r.steps++
		size += len(r.toks[k].text)
		if r.toks[k].kind == num {
			figures += len(r.toks[k].text)
		}
	}
	known := r.toks[i].text == "bc" && strings.HasPrefix(r.tok(i+1).text, "1") || r.toks[i].text == "0" && strings.HasPrefix(r.tok(i+1).text, "x")
	if known && size >= 14 && k > i+1 || size >= 26 && figures > 2 && figures < size-8 && r.has[mAnyPay] && k > i+3 {
		return k
	}
	return 0
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
	for i := 0; i < len(r.toks); i++ {
		t := &r.toks[i]
		if r.taken[i] {
			continue
		}
		if t.kind == sign && t.ch == '@' && i+1 < len(r.toks) && (i == 0 || t.space || r.toks[i-1].kind == sign || r.toks[i-1].kind == emoji) {
			n := &r.toks[i+1]
			if n.kind == sign && n.ch == '_' && i+2 < len(r.toks) {
				n = &r.toks[i+2]
			}
			if n.kind != word || len(n.text) < 2 {
				continue
			}
			to, busy := i+2, false
			for to < len(r.toks) && !r.toks[to].space && to-i < 16 && (partOf(&r.toks[to], "_-") || r.toks[to].ch == '.' && to+1 < len(r.toks) && !r.toks[to+1].space) {
				busy = busy || r.toks[to].kind == num || r.toks[to].kind == sign
				to++
			}
			cued := r.has[mHandle] || r.has[mAnyPlatform] || r.has[mAnyPay] || asked || r.has[mPlatform]
			if r.has[mNoPlatform] && !r.has[mPlatform] && !r.has[mHandle] {
				continue // somebody else's page
			}
			switch {
			case n.space && !cued && !(busy && strings.Contains(r.textOf(i+1, to), "_")):
				continue
			case isPlaceOrTime(n.text) && !busy, isPlaceOrTime(n.text) && n.space && !busy:
				continue
			case !busy && !cued && i > 0 && beingSomewhere(r.toks[i-1].text) && (n.space || len(n.text) < 10 || r.words[r.wordAt[i+1]].lex != 0):
				continue
			}
			f := Handle
			if r.has[mAnyPay] && !r.has[mAnyPlatform] {
				f = Payment
			}
			r.take(i, to)
			out = r.add(out, i, to, f, 0.93)
			i = to - 1
			continue
		}
	}
	// "insta: jane.doe_22", "snap is janed", "ig janesits22"
	for k := range r.marks {
		mk := &r.marks[k]
		if mk.mark != mAnyPlatform && mk.mark != mAnyPay && mk.mark != mHandle {
			continue
		}
		last := r.words[mk.to-1].tok
		i := last + 1
		announced := mk.mark == mHandle
		for i < len(r.toks) && i < last+6 {
			t := &r.toks[i]
			r.steps++
			if t.kind == sign && (t.ch == ':' || t.ch == '=' || t.ch == '-' && (t.space || r.tok(i+1).space)) {
				announced = true
				i++
				continue
			}
			if t.kind == word && (t.text == "is" || t.text == "es" || t.text == "handle" || t.text == "name" || t.text == "username" || t.text == "user" || t.text == "as" || t.text == "tag" || t.text == "id" || t.text == "under" || t.text == "account" || t.text == "me" || t.text == "at" || t.text == "usuario") {
				announced = announced || t.text == "is" || t.text == "es" || t.text == "as" || t.text == "under" || t.text == "at"
				i++
				continue
			}
			announced = announced || t.kind == emoji && t.text == ""
			if t.kind == emoji || t.kind == sign && (t.ch == '"' || t.ch == '(' || t.ch == '$' || t.ch == '@') {
				i++
				continue
			}
			break
		}
		if i >= len(r.toks) || r.taken[i] || r.toks[i].kind != word && r.toks[i].kind != num || r.toks[i].line {
			continue
		}
		to, busy := i+1, false
		for to < len(r.toks) && !r.toks[to].space && to-i < 16 && (partOf(&r.toks[to], "_-") || r.toks[to].ch == '.' && to+1 < len(r.toks) && !r.toks[to+1].space) {
			busy = busy || r.toks[to].kind == num || r.toks[to].kind == sign && r.toks[to].ch != '-'
			to++
		}
		if r.toks[i].kind == num || len(r.toks[i].text) < 2 {
			continue
		}
		w := &r.words[r.wordAt[i]]
		plain := w.lex != 0 || !announced
		if busy && (announced || strings.IndexByte(r.textOf(i, to), '_') >= 0 || strings.IndexByte(r.textOf(i, to), '.') > 0 && !r.has[mNoPlatform] || r.toks[to-1].kind == num) || announced && r.led(i) && r.strange(i, 6) && !r.has[mNoPlatform] && !r.has[mNoPay] && !r.has[mCode] || !plain && announced && !r.has[mNoPlatform] && !r.has[mNoPay] && mk.mark == mHandle {
			f := Handle
			if mk.mark == mAnyPay {
				f = Payment
			}
			r.take(i, to)
			out = r.add(out, i, to, f, 0.9)
		}
	}
	out = r.nameOnService(out)
	out = r.nameByForm(asked, out)
	out = r.payName(asked, out)
	out = r.mixedID(out)
	// A name of nobody's where a service, or a way to be found, is spoken of.
	if r.has[mPlatform] || r.has[mHandle] || r.has[mPay] || r.has[mAnyPlatform] && !r.has[mNoPlatform] || asked && len(r.words) <= 12 {
		k := r.strangeNear(1, len(r.toks))
		if k < 0 && !r.has[mNoPlatform] && !r.has[mNoPay] && (r.has[mAnyPlatform] || r.has[mPlatform]) {
			k = r.strangeAlone()
		}
		if k >= 0 && !r.has[mCode] && !r.has[mSerial] {
			f := Handle
			if r.has[mPay] && !r.has[mPlatform] && !r.has[mHandle] {
				f = Payment
			}
			r.take(k, k+1)
			out = r.add(out, k, k+1, f, 0.8)
		}
	}
	if asked && (len(r.words) <= 2 && len(r.toks) <= 4 && r.strange(0, 5) || len(r.words) <= 8 && r.strange(0, 9) && r.tok(1).kind == sign && !r.has[mCode]) && !r.taken[0] {
		r.take(0, 1)
		out = r.add(out, 0, 1, Handle, 0.75)
	}
	out = r.spelledOut(asked, out)
	out = r.announcedName(out)
	// An answer to the question for one.
	if asked && len(r.words) <= 8 {
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
				r.take(i, to)
				out = r.add(out, i, to, Handle, 0.85)
			}
		}
	}
	for i := 1; i+1 < len(r.toks); i++ {
		if t := &r.toks[i]; t.kind == sign && t.ch == '#' && !t.space && r.toks[i-1].kind == word && r.toks[i+1].kind == num && !r.toks[i+1].space && len(r.toks[i+1].text) == 4 && r.has[mAnyPlatform] && !r.taken[i] {
			r.take(i-1, i+2)
			out = r.add(out, i-1, i+2, Handle, 0.85)
		}
	}
	// An underscore makes a name; a code or a file has one too.
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
		if r.has[mCode] || r.has[mSerial] || isFile(r.toks[to-1].text) || r.toks[from].text == "img" || r.toks[from].text == "dsc" || r.toks[from].text == "vid" {
			continue
		}
		if strings.Count(r.textOf(from, to), "_") > 1 || asked || r.has[mAnyPlatform] || r.has[mHandle] || r.has[mPlatform] || t.kind == word || r.has[mReach] || len(r.words) <= 4 {
			r.take(from, to)
			out = r.add(out, from, to, Handle, 0.85)
		}
	}
	return out
}

// led tells whether a sign or an arrow stands right before token i, and nothing else.
func (r *reading) led(i int) bool {
	p := r.tok(i - 1)
	return p.kind == emoji && p.text == "" || p.kind == sign && strings.IndexByte(":=->@\"", p.ch) >= 0
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
	return r.before != nil && r.before.author != r.author && r.before.has[mCode] && !r.before.has[mAnyPlatform] && r.before.asks()
}

// nameOnService finds "toriandtails on threads": a name nobody has, and where it is one.
func (r *reading) nameOnService(out []finding) []finding {
	if !r.has[mService] || r.has[mNoPlatform] || r.has[mCode] || r.has[mSerial] {
		return out
	}
	for k := range r.marks {
		if r.marks[k].mark != mService {
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
			r.take(from, to)
			return r.add(out, from, to, Handle, 0.85)
		}
	}
	return out
}

// nameByForm finds a name that its form gives away where one is spoken of: three
// words or more with dots between and no space, "p0lly.and.the.pups"; letters
// spelled one by one; two words with a spoken dot, "kittenish dot otter".
func (r *reading) nameByForm(asked bool, out []finding) []finding {
	cued := asked || r.has[mAnyPlatform] || r.has[mAnyPay] || r.has[mHandle] || r.has[mPlatform] || r.has[mPay] || r.has[mService] || r.has[mMail]
	if r.has[mCode] || r.has[mSerial] || r.has[mNoPlatform] || r.has[mNoPay] {
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
		led := cued || r.leadsToName(i)
		switch {
		case parts >= 3 && led && len(t.text) > 1 && !isFile(r.toks[to-1].text) && strings.IndexByte("._", r.toks[i+1].ch) >= 0:
		case parts == 1 && t.odd && t.end-t.start >= 2*len(t.text)-1 && led && r.strange(i, 5):
		case parts == 1 && cued && r.tok(i+1).kind == word && (r.tok(i+1).text == "dot" || r.tok(i+1).text == "underscore" || r.tok(i+1).text == "dash" || r.tok(i+1).text == "hyphen") && r.tok(i+2).kind == word && len(t.text) > 2 && len(r.tok(i+2).text) > 2 && !isTLD(r.tok(i+2).text):
			to = i + 3
		default:
			continue
		}
		r.take(i, to)
		out = r.add(out, i, to, family, 0.8)
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
		r.take(i, to)
		return r.add(out, i, to, Handle, 0.8)
	}
	return out
}

// spelledOut finds a name by what is said of its letters: "barkandbeyond with two
// d's", "rosie and remi sitters, all one word".
func (r *reading) spelledOut(asked bool, out []finding) []finding {
	if r.has[mCode] || r.has[mSerial] {
		return out
	}
	cued := asked || r.has[mAnyPlatform] || r.has[mService] || r.has[mAnyPay] || r.has[mPlatform] || r.has[mPay]
	for i := range r.toks {
		if r.taken[i] || !r.strange(i, 8) || !r.lettersTold(i+1) {
			continue
		}
		r.take(i, i+1)
		return r.add(out, i, i+1, Handle, 0.8)
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
					r.take(k, i)
					return r.add(out, k, i, Handle, 0.8)
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
	switch r.tok(k).text {
	case "user", "username", "handle", "id", "search", "find", "add", "follow", "look", "nick", "usuario", "alias", "tag", "dm", "under", "ig", "spelled", "spelt", "como", "im", "were", "@":
		return true
	}
	return false
}

// payName finds the name somebody is paid under, where paying is spoken of or was
// asked about: two names with a hyphen, or two that share a word, "RubyRoams".
func (r *reading) payName(asked bool, out []finding) []finding {
	if !(r.has[mPay] || r.has[mAnyPay] || asked && len(r.words) <= 8) || r.has[mNoPay] || r.has[mCode] || r.has[mSerial] {
		return out
	}
	for i := range r.toks {
		t := &r.toks[i]
		if r.taken[i] || t.kind != word || i > 0 && !t.space && r.toks[i-1].kind != sign {
			continue
		}
		to, parts, caps, strange := i+1, 1, t.caps && !t.upper, r.strange(i, 4)
		for to+1 < len(r.toks) && r.toks[to].ch == '-' && r.toks[to].kind == sign && !r.toks[to].space && !r.toks[to+1].space && (r.toks[to+1].kind == word || r.toks[to+1].kind == num) {
			caps = caps && (r.toks[to+1].caps || r.toks[to+1].kind == num)
			strange = strange || r.strange(to+1, 4)
			parts, to = parts+1, to+2
		}
		if !(parts > 1 && (caps || strange && (asked || r.has[mPay])) && len(t.text) > 1 && len(t.text)+len(r.toks[to-1].text) > 6) && !r.camel(i) {
			continue
		}
		r.take(i, to)
		return r.add(out, i, to, Payment, 0.8)
	}
	return out
}

// camel tells whether token i is two names in one word, each with its capital.
func (r *reading) camel(i int) bool {
	t := &r.toks[i]
	if !t.caps || t.upper || t.odd || len(t.text) < 7 || t.end-t.start != len(t.text) || r.words[r.wordAt[i]].lex != 0 || ordinary(t.text) {
		return false
	}
	for k := t.start + 3; k < t.end-2; k++ {
		if c := r.body[k]; 'A' <= c && c <= 'Z' {
			return true
		}
	}
	return false
}

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
