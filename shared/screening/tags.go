package screening

import "strings"

// tags finds payment tags: $janesits. $45 is a price.
func (r *reading) tags(out []finding) []finding {
	for i := 0; i+1 < len(r.toks); i++ {
		t := &r.toks[i]
		password := r.has[mCode] && !r.has[mPay] && (!r.has[mAnyPay] || r.passwordSign())
		if k := r.spokenTag(i); k > 0 && !password {
			out = r.claim(out, i, k, Payment, 0.9)
			i = k - 1
			continue
		}
		if !r.isTagSign(t) || r.taken[i] || i > 0 && !t.space && (r.toks[i-1].kind == word || r.toks[i-1].kind == num) {
			continue
		}
		if password {
			continue // a password's sign
		}
		n := &r.toks[i+1]
		if n.kind != word || len(n.text) < 3 && !((r.tok(i+2).kind == num || r.tok(i+2).ch == '_') && !r.tok(i+2).space) || n.space && !r.has[mAnyPay] {
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
		out = r.claim(out, i, to, Payment, 0.96)
		i = to - 1
	}
	return out
}

// passwordSign tells whether a password is told and nothing in the text is a payment
// service, but for the name of the sign the password is written with.
func (r *reading) passwordSign() bool {
	for k := range r.marks {
		if m := &r.marks[k]; m.mark == mAnyPay {
			if w := r.toks[r.words[m.from].tok].text; w != "dollar" && w != "$" {
				return false
			}
		}
	}
	return r.anyOf("wifi wi-fi password passwords pw pwd passcode network")
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
	case t.text == "dollarsign" || t.text == "cashsign":
		k = i + 1
	case t.text == "dollar" && i+1 < len(r.toks) && r.toks[i+1].kind == word && r.camel(i+1):
		k = i + 1
	case (t.text == "dollar" || t.text == "dollars" || t.text == "cash" || t.text == "money") && (r.tok(i+1).text == "sign" || r.tok(i+1).text == "symbol"):
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
		if to == 0 {
			to = r.bankNumber(i)
		}
		if to == 0 || r.theirs(i, to, m) || r.secretTalk() {
			continue
		}
		out = r.claim(out, i, to, Payment, 0.95)
	}
	return out
}

// bankNumber tells where the number of an account ends that is said to be one at token i:
// "routing 0110…", "la CLABE 000 180 …"; 0 if there is none. The bill has others.
func (r *reading) bankNumber(i int) int {
	switch r.toks[i].text {
	case "routing", "clabe", "cbu", "cvu", "bsb", "rib":
	default:
		return 0
	}
	k := i + 1
	for k < len(r.toks) && k < i+4 && r.toks[k].kind != num {
		k++
	}
	figures, to := 0, 0
	for ; k < len(r.toks) && k < i+16 && (r.toks[k].kind == num || r.toks[k].kind == sign && r.toks[k].ch == '-'); k++ {
		r.steps++
		if r.toks[k].kind == num {
			figures, to = figures+len(r.toks[k].text), k+1
		}
	}
	if figures < 6 || r.has[mNoPay] {
		return 0
	}
	return to
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
		if !(parts > 1 && (caps || strange && (asked || r.has[mPay]) || asked && parts > 2 && (r.toks[to-1].kind == num || len(r.words) <= 4 && !r.phrase(i, to))) && len(t.text) > 1 && len(t.text)+len(r.toks[to-1].text) > 6) && !r.camel(i) {
			continue
		}
		return r.claim(out, i, to, Payment, 0.8)
	}
	return out
}

// phrase tells whether words with hyphens between, tokens [from, to), are a turn of
// speech: "day-to-day", "two-in-one".
func (r *reading) phrase(from, to int) bool {
	for i := from; i < to; i++ {
		switch r.toks[i].text {
		case "to", "in", "of", "the", "on", "and", "by", "go", "a", "it", "for", "up", "with", "n", "or", "at", "as", "i", "you":
			return true
		}
	}
	return false
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
