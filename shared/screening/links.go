package screening

import "strings"

// isKnownPage are pages that cannot lead to the writer.
func isKnownPage(host string) bool {
	if strings.HasSuffix(host, ".gov") || strings.HasSuffix(host, ".edu") || strings.HasSuffix(host, ".gov.uk") || strings.HasSuffix(host, ".mil") {
		return true // nobody has one for himself
	}
	for _, h := range [...]string{"amazon.com", "chewy.com", "petco.com", "petsmart.com", "target.com", "walmart.com", "costco.com", "youtube.com", "youtu.be", "maps.google.com", "maps.app.goo.gl", "maps.apple.com", "google.com", "weather.com", "weather.gov", "akc.org", "aspca.org", "wikipedia.org", "ups.com", "usps.com", "fedex.com", "delta.com", "united.com", "vcahospitals.com", "petmd.com", "flightaware.com", "airbnb.com", "petfinder.com", "rei.com", "etsy.com", "ebay.com", "avma.org", "cdc.gov", "uber.com", "walgreens.com", "cvs.com", "riteaid.com", "homedepot.com", "lowes.com", "kroger.com", "safeway.com", "instacart.com", "doordash.com", "petplan.com", "trupanion.com", "lemonade.com", "tractorsupply.com", "wayfair.com", "bestbuy.com", "barkbox.com", "farmersdog.com", "thefarmersdog.com", "booking.com", "vrbo.com", "expedia.com", "apple.com", "lyft.com", "netflix.com", "spotify.com", "kong.com", "purina.com", "royalcanin.com", "hillspet.com", "bluebuffalo.com", "nytimes.com", "southwest.com", "alaskaair.com", "aa.com", "tsa.gov", "nws.noaa.gov", "accuweather.com", "windy.com", "tripadvisor.com", "wikihow.com", "merckvetmanual.com", "petpoisonhelpline.com"} {
		if host == h || strings.HasPrefix(host, "www.") && host[4:] == h {
			return true
		}
	}
	return false
}

// isOwn is isOwnHost, and remembers that token at speaks of the business.
func (r *reading) isOwn(host string, own []string, at int) bool {
	if !isOwnHost(host, own) {
		return false
	}
	r.own = append(r.own, at)
	return true
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
		if t.text == "tiny" && r.tok(i+1).text == "url" && (r.tok(i+2).text == "slash" || r.tok(i+2).ch == '/') || t.text == "bit" && r.tok(i+1).text == "ly" || t.text == "tinyurl" && r.strange(i+1, 4) {
			to := min(i+3, len(r.toks))
			if w := r.tok(i + 2).text; w == "slash" || w == "/" {
				to = min(i+4, len(r.toks))
			}
			out = r.link(m, i, i, to, out)
			i = to - 1
			continue
		}
		if t.kind == word && isShortener(t.text) && (r.tok(i+1).text == "com" || r.tok(i+1).text == "dot" || r.tok(i+1).text == "ly" || r.tok(i+1).text == "ee" || r.tok(i+1).text == "gd" || r.tok(i+1).text == "slash" || r.tok(i+1).ch == '/' && t.odd) && !r.taken[i] {
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
		if t.kind == word && (t.text == "www" || t.text == "https" || t.text == "http") {
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
			case len(last) == 2 && isTLD(last) && !tld.caps && r.strange(from, 7) && r.hostAlone(from, to):
				ok = true // a country's ending
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
		if n := r.isDot(i); n > 0 && t.kind == word && i > 0 && (notAHost(r.toks[i-1].text) && !r.has[mSite] && !isShortHost(r.toks[i-1].text+"."+r.tok(i+n).text) || r.tok(i+n+1).ch == '-' && !r.tok(i+n+1).space && !r.tok(i+n+2).space) {
			if k := r.hostApart(i + n); k >= 0 {
				out = r.link(m, k, k, k+1, out)
			}
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
		if n := r.isDot(i); n > 0 && (t.kind == word || t.kind == emoji || n == 3) && i > 0 && i+n < len(r.toks) && isTLD(r.toks[i+n].text) && r.toks[i-1].kind != emoji && !(isWordyTLD(r.toks[i+n].text) && !r.has[mSite] && !r.countrySaid(i, n) && !(t.kind == word && t.text == "dot" && (len(r.toks[i-1].text) > 5 && r.words[r.wordAt[i-1]].lex == 0 || i > 1 && r.toks[i-1].kind == num && !r.toks[i-1].space && r.toks[i-2].kind == word))) {
			from := i - 1
			if from > 0 && r.toks[from].kind == sign {
				from--
			}
			out = r.link(m, from, from, i+n+1, out)
			i += n
			continue
		}
		if n := r.isDot(i); n > 0 && t.kind == word && i == 0 {
			if k := r.hostApart(n); k >= 0 {
				out = r.link(m, k, k, k+1, out)
				continue
			}
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

// hostAlone tells whether what looks like a host, tokens [from, to), is one by where it
// stands or what it is put together of: a full stop whose space was forgotten
// is followed by the rest of its sentence.
func (r *reading) hostAlone(from, to int) bool {
	if next := r.tok(to); to == len(r.toks) || next.kind == sign || listed("pour para fur for to is es ist est if when", next.text) {
		return true
	}
	return from == 0 || composed(r.toks[from].text) || listed("on sur en auf at via site is es page voir visit visite", r.tok(from-1).text)
}

// hostApart finds the name whose ending is said apart from it, as token i: "it's a dot
// org: tailsandtea", "dot com after tailsandtea". -1 if there is none.
func (r *reading) hostApart(i int) int {
	if !listed("com net org", r.tok(i).text) || len(r.words) > 12 {
		return -1
	}
	for k := range r.toks {
		if !r.taken[k] && r.strange(k, 8) && composed(r.toks[k].text) {
			return k
		}
	}
	return -1
}

// countrySaid tells whether "point fr" or the like, token i and n more, ends a host: a name
// of nobody's stands before it and nothing after it.
func (r *reading) countrySaid(i, n int) bool {
	t := &r.toks[i]
	return t.kind == word && r.strange(i-1, 7) && (i+n+1 == len(r.toks) || r.toks[i+n+1].kind == sign)
}

// isShortHost are the hosts that only lead on to others; nobody's own page is there,
// and nobody tells where they lead.
func isShortHost(host string) bool {
	return listed("is.gd v.gd da.gd bit.ly ow.ly t.ly rb.gy t.co s.id u.to n9.cl tiny.cc tinyurl.com cutt.ly shorturl.at buff.ly qr.ae kutt.it lnk.bio lnk.to linktr.ee beacons.ai bio.link bl.ink rebrand.ly short.io tiny.one shorter.me urlz.fr acortar.link goo.su clck.ru msha.ke taplink.cc hoo.be campsite.bio forms.gle", host)
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
	for _, w := range [...]string{"/parks/", "/trail/", "/trails/", "/map/", "/maps/", "/products/", "/product/", "/dp/", "/item/", "/recipe", "/article", "/watch?", "/news/", "/wiki/", "/support", "/manual", "/help", "/faq", "/recall", "/instructions", "/warranty"} {
		if strings.Contains(path, w) {
			return true
		}
	}
	return false
}

// thingFrom tells whether a link, tokens [i, to), is said to be where a thing comes from
// or is explained: "his harness is from …", "the manual is on …". What is the
// writer's own is said to be.
func (r *reading) thingFrom(i, to int) bool {
	if r.firstOf(to, to+5, "my mine me mi") >= 0 {
		return false
	}
	thing := i > 0 && r.toks[i-1].text == "from"
	for k := i - 1; k >= 0 && k > i-13; k-- {
		r.steps++
		switch r.toks[k].text {
		case "my", "mine", "me", "i", "im", "our", "mi", "ive", "weve", "we", "book", "booking", "hire", "rates", "dates", "reserve", "schedule":
			return false
		case "manual", "instructions", "recall", "recipe", "tutorial", "warranty", "refill", "refills":
			thing = true
		case "shop", "shops", "store", "stores", "brand":
			thing = thing || k > 0 && (r.toks[k-1].text == "the" || r.toks[k-1].text == "that")
		case ".", "!", "?":
			return thing
		}
	}
	return thing
}

// faultOf tells whether a client says of a link, tokens [from, to), that it fails: what he
// cannot open he was sent to, and nobody advertises what is down.
func (r *reading) faultOf(from, to int) bool {
	if r.firstOf(from-6, from, "my mine our instead me im") >= 0 {
		return false
	}
	fails := r.firstOf(to, to+8, "down wont loading spinning spins crashes crashed crashing frozen broken 404 error timed")
	return fails >= 0 && r.firstOf(to, fails, "my mine me instead") < 0
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
	case "tinyurl", "bitly", "linktr", "linktree", "goo", "googl", "isgd", "rebrandly", "cuttly", "beacons", "carrd", "lnk", "lnkd", "tiny", "shorturl", "calendly", "acuity", "setmore":
		return true
	}
	return false
}

// certainLink is the confidence of a link that only somebody's own page hides behind.
const certainLink = 0.98

// spokenHost is the host that tokens [from, to) make, its dots spoken or not.
func (r *reading) spokenHost(from, to int) string {
	var b strings.Builder
	for i := from; i < to && b.Len() < 256; i++ {
		if t := &r.toks[i]; t.kind == word && dotWord(t.text) && i > from {
			b.WriteByte('.')
		} else {
			b.WriteString(t.text)
		}
	}
	return b.String()
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
	host := r.spokenHost(h, end)
	if host == "goo.gl" && r.tok(end+1).text == "maps" {
		host = "maps.google.com"
	}
	r.take(from, to)
	if r.isOwn(strings.TrimPrefix(host, "www."), m.Own.Links, from) || isKnownPage(host) || r.theirs(from, to, m) || end == to && r.secret(from) || goods(r.textOf(end, to)) && !r.has[mPay] && !r.has[mReach] || isCareHost(host) && r.author == Client {
		return out
	}
	if r.thingFrom(from, to) && (r.author == Client || r.tok(from-2).text != "order") && !r.has[mPay] && !r.has[mReach] {
		return out
	}
	if b := r.before; b != nil && r.author == Client && b.author == Sitter && b.anyOf("where wheres which what whats") && b.anyOf("food from brand buy bought order ordered bed harness leash litter treats vet groomer trainer daycare") {
		return out // where a thing or a helper is found, as asked
	}
	if r.author == Client && r.faultOf(from, to) {
		return out
	}
	family := Link
	switch strings.TrimPrefix(host, "www.") {
	case "paypal.me", "venmo.com", "cash.app", "paypal.com", "account.venmo.com", "revolut.me", "buymeacoffee.com", "ko-fi.com", "zellepay.com":
		family = Payment
	case "wa.me", "t.me", "m.me", "telegram.me", "chat.whatsapp.com", "api.whatsapp.com", "signal.me", "discord.gg", "snapchat.com":
		family = Platform
	}
	confidence := 0.97
	if end < to && isShortHost(host) || r.author == Sitter && to-from == len(r.toks) || strings.IndexByte(r.textOf(h, end), '.') > 0 && !r.has[mThird] && r.firstOf(from-6, to+6, "my mine me mi moi mich conmigo reserver reservar buchen") >= 0 {
		confidence = certainLink
	}
	return r.add(out, from, to, family, confidence)
}
