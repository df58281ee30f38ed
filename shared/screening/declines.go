package screening

import "slices"

// declines tells whether all that a text says of going past the business is said
// to turn it down, to tell of somebody who tried, or to ask what the rules are. Every
// idea of it in the text must be covered: "no WhatsApp please" is, "no WhatsApp, I
// have Telegram" is not.
func (r *reading) declines() bool {
	var room [8]idea
	ideas, ok := r.ideas(room[:0])
	if !ok {
		return false
	}
	if len(ideas) == 0 {
		return r.prefersNot() || r.saidNo() && !r.takesItBack(0)
	}
	first, last := ideas[0].from, ideas[0].to
	for k := range ideas {
		first, last = min(first, ideas[k].from), max(last, ideas[k].to)
	}
	if r.closesWithNo(last) {
		return true
	}
	if r.takesItBack(last) {
		return false
	}
	if r.saidNo() || r.elsewhosWish(first) || r.rulesSay(first) || r.longAgo(last) {
		return true
	}
	for k := range ideas {
		if !r.denied(&ideas[k]) {
			return false
		}
	}
	return true
}

// idea is where a text names a way past the business, tokens [from, to).
type idea struct{ from, to int }

// ideas lists the ways past the business that a text names; not ok if they are too many to look at.
func (r *reading) ideas(out []idea) ([]idea, bool) {
	for i := range r.toks {
		t := &r.toks[i]
		r.steps++
		if t.kind != word {
			continue
		}
		to := 0
		switch t.text {
		case "fuera", "aparte", "directo", "directamente", "privado", "private", "privately", "direct", "directly", "outside", "cash", "poach", "poached", "poaching", "independently", "unofficially", "efectivo":
			to = i + 1
		case "books", "record":
			if r.tok(i-1).text == "the" && r.tok(i-2).text == "off" {
				to = i + 1
			}
		case "side":
			switch r.tok(i + 1).text {
			case "job", "jobs", "work", "gig", "gigs", "deal", "deals", "hustle":
				to = i + 2
			default:
				if r.tok(i-1).text == "the" && r.tok(i-2).text == "on" {
					to = i + 1
				}
			}
		case "skip", "cut", "ditch", "bypass", "around", "behind", "without", "leave", "drop", "off", "leaving":
			if k := r.pastThe(i + 1); r.business(k) || r.tok(k).text == "them" || r.tok(k).text == "you" && t.text == "around" {
				to = k + 1
			}
		case "number", "numbers", "phone", "cell", "mobile", "digits":
			switch r.tok(i - 1).text {
			case "your", "my", "own", "personal", "ur", "swap", "exchange", "our":
				to = i + 1
			}
		case "myself":
			if w := r.tok(i - 2).text; w == "pay" || w == "paying" {
				to = i + 1
			}
		}
		if to == 0 {
			continue
		}
		if len(out) == cap(out) {
			return out, false
		}
		out = append(out, idea{i, to})
	}
	services := [...]func(m mark) bool{
		func(m mark) bool { return m == mAnyPlatform || m == mAnyPay },
		func(m mark) bool { return m == mPay || m == mPlatform || m == mHandle }, // and what means one without its name
	}
	for _, is := range services {
		for k := range r.marks {
			m := &r.marks[k]
			r.steps++
			if !is(m.mark) {
				continue
			}
			from, to := r.words[m.from].tok, r.words[m.to-1].tok+1
			if slices.ContainsFunc(out, func(d idea) bool { return d.from < to && from < d.to }) {
				continue
			}
			if len(out) == cap(out) {
				return out, false
			}
			out = append(out, idea{from, to})
		}
	}
	return out, true
}

// pastThe is the place after an article at i, or i.
func (r *reading) pastThe(i int) int {
	switch r.tok(i).text {
	case "the", "your", "our", "my", "this", "their":
		return i + 1
	}
	return i
}

// denied tells whether a no in the idea's own clause turns it down: before it with
// nothing between that makes a yes of it, or after it.
func (r *reading) denied(d *idea) bool {
	for i, n := d.from-1, 0; i >= 0 && n < 9; i, n = i-1, n+1 {
		t := &r.toks[i]
		r.steps++
		if t.kind == sign && t.ch != '\'' && t.ch != '-' || t.kind == emoji || i+1 < d.from && r.toks[i+1].line {
			break
		}
		if isNo(t.text) || t.text == "against" || t.text == "declining" || t.text == "decline" || t.text == "refuse" || t.text == "avoid" {
			return !r.asksWhyNot(i) && !r.deniedTwice(i)
		}
		if makesYes(t.text) && !(t.text == "need" && r.tok(d.to-1).text != "cash" && r.tok(d.from-1).text == "your") || r.business(i) {
			break
		}
	}
	for i, n := d.to, 0; i < len(r.toks) && n < 6; i, n = i+1, n+1 {
		t := &r.toks[i]
		r.steps++
		if t.kind == sign && t.ch != '\'' && t.ch != '-' || t.kind == emoji || t.line {
			break
		}
		switch t.text {
		case "against", "banned", "forbidden", "prohibited":
			return true
		case "isnt", "arent", "not", "never":
			switch r.tok(i + 1).text {
			case "allowed", "permitted", "ok", "okay", "for", "possible", "something", "happening", "a":
				return true
			}
		case "but", "and", "so", "if":
			return false
		}
	}
	return false
}

// isNo are the words that turn down what comes after them.
func isNo(w string) bool {
	switch w {
	case "not", "dont", "wont", "cant", "cannot", "couldnt", "wouldnt", "never", "no", "doesnt", "didnt", "shouldnt", "isnt", "arent", "nunca", "neither", "nor":
		return true
	}
	return false
}

// makesYes are words between a no and what it seems to turn down that say it does not.
func makesYes(w string) bool {
	switch w {
	case "problem", "need", "needs", "reason", "harm", "fee", "fees", "mind", "one", "wait", "worries", "worry", "issue", "only", "saying", "say", "know", "knows", "tell", "matter", "sure", "if", "why", "commission", "middleman", "just", "opposed", "against", "hurt", "illegal", "wrong", "bad", "forbidden", "hard", "forget", "lose", "delete", "have", "but", "so", "because", "lets", "when", "unless", "find", "better", "easier", "cheaper", "check", "use", "get", "see", "answer", "read", "works", "work", "stop", "hesitate", "care", "then", "and", "here", "i", "we", "you're", "understand", "think", "believe", "afford", "until", "refuse", "que", "digas", "diga", "quiero", "pero":
		return true
	}
	return false
}

// asksWhyNot tells whether the no at token i is a question's: "why don't we", "can't you".
func (r *reading) asksWhyNot(i int) bool {
	switch r.tok(i + 1).text {
	case "we", "you", "i", "u":
		return true
	}
	w := r.tok(i - 1).text
	return w == "why" || w == "if" || r.tok(i-2).text == "if"
}

// deniedTwice tells whether another no stands before the one at token i: "wouldn't say no to cash".
func (r *reading) deniedTwice(i int) bool {
	for k := i - 1; k >= 0 && k >= i-10 && r.toks[k].kind == word; k-- {
		if w := r.toks[k].text; isNo(w) && w != "no" {
			return true
		}
	}
	return false
}

// takesItBack tells whether something after token i opens again what was turned down.
func (r *reading) takesItBack(i int) bool {
	for ; i < len(r.toks); i++ {
		r.steps++
		t := &r.toks[i]
		if t.kind == emoji {
			if r.body[t.start:t.end] == "😉" || r.body[t.start:t.end] == "🤫" || r.body[t.start:t.end] == "🤐" {
				return true
			}
		}
		if t.kind == sign && t.ch == ';' && r.tok(i+1).ch == ')' {
			return true
		}
		switch t.text {
		case "but":
			switch r.tok(i + 1).text {
			case "yes", "thanks", "thank", "notes", "no", "it", "its":
				continue
			}
			return true
		case "anyway":
			if !isNo(r.tok(i - 1).text) {
				return true
			}
		case "unless", "however", "except", "exception", "technically", "officially", "secret", "between", "instead", "until", "yet", "btw", "nobody", "noone", "counting", "interested", "shh", "psst", "still", "ourselves", "cheaper", "wink", "winks", "pero":
			return true
		}
	}
	return false
}

// saidNo tells whether the writer tells of a no: "I told her no", "the answer's no", "I'm declining".
func (r *reading) saidNo() bool {
	for i := range r.toks {
		r.steps++
		switch r.toks[i].text {
		case "no":
			switch r.tok(i - 1).text {
			case "is", "say", "said", "answers", "says", "saying":
				if n := r.tok(i + 1); n.kind != word || n.text == "to" || n.text == "thanks" || n.text == "and" || n.text == "so" {
					return !r.deniedTwice(i)
				}
			case "her", "him", "them":
				if w := r.tok(i - 2).text; w == "told" || w == "tell" {
					return true
				}
			}
		case "declining", "declined", "refused", "refusing":
			switch r.tok(i - 1).text {
			case "i", "im", "we", "were", "ive", "weve", "and":
				return r.tok(i+1).text != "the"
			}
		}
	}
	return false
}

// closesWithNo tells whether a text ends what it said up to token i with a no of its
// own: "… directly. I can't, sorry", "… without them. I won't be doing that".
func (r *reading) closesWithNo(i int) bool {
	for ; i < len(r.toks); i++ {
		r.steps++
		w, n := r.tok(i-1).text, r.tok(i+1)
		switch r.toks[i].text {
		case "cant", "wont", "couldnt", "wouldnt":
			if w == "i" || w == "we" {
				return n.kind != word && n.ch != ')' || n.text == "be" || n.text == "do" && (r.tok(i+2).text == "that" || r.tok(i+2).text == "it")
			}
		case "no":
			if (w == "but" || w == "so" || w == "is" || w == "also") && n.kind != word {
				return true
			}
		case "not":
			if w == "id" && r.tok(i-1).text == "rather" {
				return true
			}
		}
	}
	return false
}

// longAgo tells whether a text tells, before token last, how things once were, and proposes nothing now.
func (r *reading) longAgo(last int) bool {
	for i := range r.toks {
		r.steps++
		if i > last {
			break
		}
		w := r.tok(i + 1).text
		switch r.toks[i].text {
		case "used":
			if w == "to" && (r.tok(i-1).text == "i" || r.tok(i-1).text == "people") {
				return !r.proposes(0) && !r.takesItBack(0)
			}
		case "before":
			if w == "i" && (r.tok(i+2).text == "joined" || r.tok(i+2).text == "started" || r.tok(i+2).text == "worked") {
				return !r.proposes(0) && !r.takesItBack(0)
			}
		case "days", "back":
			if r.toks[i].text == "back" && w == "when" || r.toks[i].text == "days" && (r.tok(i-2).text == "my" || r.tok(i-1).text == "old" || r.tok(i-1).text == "my") {
				return !r.proposes(0) && !r.takesItBack(0)
			}
		}
	}
	return false
}

// elsewhosWish tells whether what stands at token at is what somebody else asked
// for or may ask for: "what if a client wants to pay me direct?"
func (r *reading) elsewhosWish(at int) bool {
	who := false
	for i := 0; i < at; i++ {
		r.steps++
		switch r.toks[i].text {
		case "client", "clients", "somebody", "someone", "customer", "customers", "sitter", "sitters", "walker", "anyone", "anybody", "people", "guy", "woman", "stranger":
			who = who || r.tok(i-1).text != "your" || r.tok(i-2).text != "be" // "I'd be your client"
		case "asks", "ask", "asking", "asked", "offers", "offer", "offered", "offering", "wants", "wanted", "tries", "tried", "insists", "insisted", "suggests", "suggested", "gives", "demands", "pushes", "adds", "messages", "follows", "finds", "found", "requests", "added":
			if who {
				return !r.proposes(i)
			}
		case "lets", "wanna":
			return false
		}
	}
	return false
}

// rulesSay tells whether a text says or asks what the rules are about what stands at token at.
func (r *reading) rulesSay(at int) bool {
	for i := 0; i < at; i++ {
		r.steps++
		switch r.toks[i].text {
		case "contract", "terms", "policy", "policies", "rule", "rules", "handbook", "agreement", "company", "agency", "office":
			switch w := r.tok(i + 1).text; w {
			case "say", "says", "said", "allow", "allows", "forbid", "forbids", "ban", "bans", "about", "against", "state", "states", "mention", "mentions", "on", "mean", "have", "has":
				return !r.proposes(i) && !r.takesItBack(i)
			}
		case "allowed", "permitted":
			if w := r.tok(i - 1).text; r.asks() && w != "you" && w != "u" {
				return !r.proposes(i) && !r.takesItBack(i)
			}
		}
	}
	return false
}

// proposes tells whether anything after token i is proposed to the other one.
func (r *reading) proposes(i int) bool {
	for ; i < len(r.toks); i++ {
		r.steps++
		switch r.toks[i].text {
		case "lets", "wanna", "should", "could", "maybe", "interested", "happy", "love", "prefer", "rather", "cheaper", "easier", "better", "text", "call", "dm", "find":
			return r.toks[i].text != "should" || r.tok(i+1).text != "i" // "what should I say?"
		case "would", "can", "will", "are", "do", "if":
			if w := r.tok(i + 1).text; w == "you" || w == "u" || w == "we" && r.toks[i].text != "if" {
				return true
			}
		case "knowing", "knows", "finds", "between":
			return true
		case "you", "u":
			if n := r.tok(i + 1).text; n == "can" || n == "could" {
				return true
			}
			if w := r.tok(i - 1).text; w == "pay" || w == "hire" || w == "book" || w == "want" || w == "with" || w == "for" {
				return true
			}
		}
	}
	return false
}

// prefersNot tells whether a text that names no way past the business says no to one.
func (r *reading) prefersNot() bool {
	if r.before == nil || r.before.author == r.author || r.has[mReach] || r.has[mNumber] || r.has[mBypass] || r.takesItBack(0) {
		return false
	}
	for i := 0; i < len(r.toks) && i < 6; i++ {
		if r.toks[i].text != "not" && r.toks[i].text != "cant" && r.toks[i].text != "no" {
			continue
		}
		switch w, n := r.tok(i-1).text, r.tok(i+1).text; {
		case r.toks[i].text == "not" && (w == "prefer" || w == "rather"):
			return true
		case r.toks[i].text == "cant" && n == "do" && r.tok(i+2).text == "that":
			return true
		case r.toks[i].text == "no" && (n == "thanks" || n == "thank"):
			return true
		}
	}
	return false
}
