package screening

import (
	"slices"
	"sort"
	"strings"
)

// Screen decides about one text of a thread. It is safe for concurrent use.
// Every detector runs on every text, whatever another one found.
func Screen(m Message) Verdict {
	v, _ := rulebook().screen(m)
	return v
}

// screen is Screen with the number of steps it took.
func (b *book) screen(m Message) (Verdict, int) {
	s := slabFor(m)
	r := s.read(m.Text, b, true)
	past := readPast(m.Context, b, s)
	ctx := past.setting(r)
	if n := len(past.last); n > 0 {
		r.before = past.last[n-1]
		for _, t := range past.last {
			r.mailAsked = r.mailAsked || t.has[mMail]
		}
	}
	var room [24]stretch
	all := r.stretches(b, room[:0])
	// What would be held back is looked at with more care than what is only flagged.
	told, sure := r.emergency()
	certain := sure || told && alarming(all, alarmCalm) || alarming(all, alarmThreshold)
	before := past.alarmed(b)
	answered := before && past.answered(r)
	emergency := told || certain || answered || alarming(all, alarmDoubt) || before && alarming(all, alarmAfter)

	var found []finding
	found = r.addresses(&m, ctx.ask, found)
	if innocent(all, linkDoubt) {
		found = slices.DeleteFunc(found, func(f finding) bool { return f.Family == Link && f.confidence < certainLink })
	}
	var phones []candidate
	ctx.emergency = emergency
	phones = r.phones(b, ctx, phones)
	for i := range phones {
		c := &phones[i]
		if r.public(c, &m) {
			continue
		}
		if c.score == 0 {
			var v phoneVector
			r.whose(b, c, ctx, &v)
			c.score = v.score(b.trained.phone)
		}
		if r.tellsOf(c, ctx) {
			continue
		}
		if r.unmasked(c, ctx) {
			found = append(found, finding{Span: r.span(c.from, c.to, DisguisedPhone), digits: c.digits, confidence: 0.9})
			continue
		}
		if c.score < phoneNot && r.author == Sitter && !c.odd {
			continue // read off something, or asked about
		}
		if c.how >= byStride && c.score < phoneDoubt {
			continue // figures that only look like a phone in pieces
		}
		moved := r.author == Client && !emergency && r.movesTo(c, ctx.of(c))
		if excused := r.excused(c, ctx.of(c), emergency); moved {
			// however much the phone is another's
		} else if excused && c.score < r.sureOf(c, ctx) || !excused && !c.odd && c.score < phoneDoubt && (r.author == Client || emergency) {
			continue
		}
		found = append(found, finding{Span: r.span(c.from, c.to, c.family), digits: c.digits, confidence: 0.6 + 0.13*float64(c.strength)})
	}
	c, ok := r.split(past, phones, &m, ctx)
	if !ok && len(phones) == 0 {
		if c, ok = r.seam(past, &m); ok && (r.public(&c, &m) || r.author == Client && past.asksForAnother(r)) {
			ok = false
		}
		if !ok {
			c, ok = r.relative(past, ctx)
		}
		if !ok {
			c, ok = r.confirms(past, &m, ctx)
		}
		if !ok {
			c, ok = r.settles(past, &m, ctx)
		}
		if !ok {
			c, ok = r.owns(past, &m, ctx)
		}
	}
	helper := emergency && ctx.third && !past.mine(r) // whose phone it is was said before it
	if ok && !helper {
		found = append(found, finding{Span: r.span(c.from, c.to, SplitPhone), digits: c.digits, confidence: 0.85})
	}
	if f, ok := r.joint(&m, ctx, b, s, found, &r.steps); ok && !(f.Family == SplitPhone && helper) {
		found = append(found, f)
	}
	details := len(found)
	found = r.spoken(all, found)
	found = r.agreed(past, b, found)
	found = r.suspected(all, found)
	if len(found) > details && r.declines() {
		found = found[:details]
	}
	found = allow(found, m)

	var v Verdict
	v.Spans, v.Confidence = merge(found)
	v.Swap = len(v.Spans) > 0
	v.Emergency = certain || answered || v.Swap && (emergency || alarming(all, alarmHeld)) || before && emergency
	for _, f := range Families() {
		for _, s := range v.Spans {
			if s.Family == f {
				v.Families = append(v.Families, f)
				break
			}
		}
	}
	v.Explanation = explain(v)
	return v, r.steps + past.steps
}

// slabFor makes room for everything that is read of m.
func slabFor(m Message) *slab {
	texts, size := 1, len(m.Text.Body)
	context := m.Context
	if len(context) > MaxContext {
		context = context[len(context)-MaxContext:]
	}
	for i, t := range context {
		if recent := i >= len(context)-fullTexts; recent || len(t.Body) <= shortText {
			texts, size = texts+1, size+min(len(t.Body), pastMaxText)
		}
	}
	if len(context) > 0 && len(m.Text.Body) <= jointBytes {
		texts, size = texts+1, size+jointBytes
	}
	return newSlab(texts, size)
}

// public tells whether a phone is the org's own or a helpline's.
func (r *reading) public(c *candidate, m *Message) bool {
	d := c.digits
	if len(d) == 11 && d[0] == '1' {
		d = d[1:]
	}
	switch d {
	case "8675309":
		return !r.has[mNumber] && !r.has[mPart] // a song, unless somebody says it is his
	case "8884264435", "8557647661", "8002221222", "8002738255": // poison and crisis lines anyone may pass on
		return true
	}
	for _, n := range m.Own.Numbers {
		own := onlyDigits(n)
		if own != "" && (own == c.digits || (len(r.digits) == 11 || len(r.digits) == 10) && len(own) >= 10 && strings.Contains(r.digits, own[len(own)-10:]) || own == d || len(own) == 11 && own[0] == '1' && own[1:] == d || len(d) >= 9 && strings.HasSuffix(own, strings.TrimLeft(d, "0"))) {
			return true
		}
	}
	return false
}

// excused tells whether a phone is nobody's business: somebody else's that a
// client passes on, or the emergency's.
func (r *reading) excused(c *candidate, ctx setting, emergency bool) bool {
	e := r.evidence(c.from, c.to, ctx)
	if emergency && e.d[mPlace] < 8 && e.d[mNumber] == far && e.d[mReach] == far {
		return true // "rushing to Lakeview, …"
	}
	if r.author == Client && c.family == PlainPhone && !c.odd && !ctx.number && r.introduced(c.from) && r.named(c.from, &e) {
		return true
	}
	if r.presents(c, ctx) {
		return true
	}
	if r.author == Client && c.family == PlainPhone && tollFree(c.digits) && e.d[mNumber] == far && e.d[mReach] == far && !ctx.number {
		return true // a company's line
	}
	return e.thirds && (r.author == Client && !c.odd || emergency)
}

// tollFree tells whether a phone is of those that the one who is called pays for, as no private one is.
func tollFree(d string) bool {
	d = strings.TrimPrefix(d, "1")
	if strings.HasPrefix(d, "0800") || strings.HasPrefix(d, "0808") {
		return true
	}
	return len(d) == 10 && d[0] == '8' && d[1] == d[2] && (d[1] == '0' || d[1] >= '3')
}

// helper tells whether a text names a vet, or somebody else whose trade it is to be called.
func (r *reading) helper() bool {
	b := rulebook()
	for k := range r.words {
		if id := r.words[k].lex; id != 0 && (b.groupHas("%vet", id) || b.groupHas("%trade", id)) {
			return true
		}
	}
	return false
}

// sureOf is what the model must say of a phone that the rules let pass before it is
// taken for the writer's: more where nothing in the text speaks of the writer.
func (r *reading) sureOf(c *candidate, ctx setting) int {
	if r.presents(c, ctx) {
		return 4 * phoneSure
	}
	if ctx.emergency && c.family == PlainPhone && r.helper() && !r.has[mReach] && !r.has[mHint] && !r.aboutSelf() && r.evidence(c.from, c.to, ctx).d[mThird] <= 2 {
		return 3 * phoneSure // "we're at the clinic on 213 …"
	}
	if c.family == PlainPhone && r.has[mThird] && r.helper() && !r.has[mNumber] && !r.has[mReach] && !r.has[mHint] && !r.aboutSelf() {
		return 3 * phoneSure
	}
	return phoneSure
}

func onlyDigits(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if '0' <= s[i] && s[i] <= '9' {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// sentenceScore adds what speaks for a meaning in a sentence and takes away what speaks against it.
func (r *reading) score(at int, yes, no mark) (score, from, to int) {
	best, more, against := 0, 0, 0
	from, to = -1, -1
	for k := at; k < len(r.marks) && r.marks[k].sentence == r.marks[at].sentence; k++ {
		m := &r.marks[k]
		switch m.mark {
		case yes:
			if m.weight > best {
				best, from, to = m.weight, m.from, m.to
			} else {
				more += m.weight / 8
			}
		case no:
			against = max(against, m.weight)
		}
	}
	if best == 0 {
		return 0, from, to
	}
	return best + min(more, 40) - against, from, to
}

// talk finds the families that need no detail: words alone, by rule or by the model.
func (r *reading) talk(all []stretch, out []finding) []finding {
	return r.suspected(all, r.spoken(all, out))
}

// suspected adds what only the model sees.
func (r *reading) suspected(all []stretch, out []finding) []finding {
	if f, ok := r.suspicious(all, trainedThreshold); ok && !overlaps(out, f) {
		out = append(out, f) // what is known more exactly needs no more to be hidden
	}
	return out
}

// spoken finds what rules see in the words.
func (r *reading) spoken(all []stretch, out []finding) []finding {
	for k := 0; k < len(r.marks); {
		next := k
		for next < len(r.marks) && r.marks[next].sentence == r.marks[k].sentence {
			next++
		}
		r.steps += next - k
		for _, f := range [...]struct {
			yes, no mark
			family  Family
		}{
			{mBypass, mNoBypass, Bypass},
			{mAsk, mNoBypass, Bypass},
			{mPlatform, mNoPlatform, Platform},
			{mPay, mNoPay, Payment},
			{mHandle, mNoPlatform, Handle},
		} {
			if f.yes == mHandle && r.has[mHandle] && r.secretTalk() {
				continue // how a password, or what stands on a tag, is written
			}
			if score, from, to := r.score(k, f.yes, f.no); score >= 75 && !doubtful(all, from, r.agreement(k, f.yes)) {
				out = append(out, finding{Span: r.span(r.words[from].tok, r.words[to-1].tok+1, f.family), confidence: min(0.95, float64(score)/125)})
			}
		}
		k = next
	}
	if f, at, ok := r.leaning(); ok && !doubtful(all, at, trainedDoubt) {
		out = append(out, f)
	}
	return out
}

// agreement is how far the model may doubt what rules of one kind say of the
// sentence of mark at: the less, the more of them there are, and least
// where two go by different words.
func (r *reading) agreement(at int, yes mark) int {
	doubt, first := trainedDoubt, -1
	for k := at; k < len(r.marks) && r.marks[k].sentence == r.marks[at].sentence; k++ {
		m := &r.marks[k]
		r.steps++
		switch {
		case m.mark == yes && r.disguised(m.from, m.to):
			return neverDoubt
		case m.mark == yes && m.weight == outright:
			doubt = min(doubt, 3*linkDoubt)
		case m.mark != yes || m.weight < 90:
		case first < 0:
			first = k
		case m.from >= r.marks[first].to:
			return min(doubt, certainDoubt)
		case m.rule != r.marks[first].rule:
			doubt = min(doubt, severalDoubt)
		}
	}
	return doubt
}

// disguised tells whether a word in [from, to) has figures for letters: who
// writes "sk1p the 0ffice" knows why.
func (r *reading) disguised(from, to int) bool {
	for k := from; k < to; k++ {
		t := &r.toks[r.words[k].tok]
		r.steps++
		if t.odd && strings.ContainsAny(r.body[t.start:t.end], "0123456789") {
			return true
		}
	}
	return false
}

func overlaps(found []finding, f finding) bool {
	for _, g := range found {
		if g.Start < f.End && f.Start < g.End {
			return true
		}
	}
	return false
}

// leaning finds the text in which several things that are harmless alone speak
// together for going round the business.
func (r *reading) leaning() (f finding, at int, ok bool) {
	sum, from, to := 0, -1, -1
	seen := [8]int{}
	n := 0
	for k := range r.marks {
		m := &r.marks[k]
		r.steps++
		if m.mark == mNoBypass {
			return finding{}, 0, false
		}
		if m.mark != mLean || n == len(seen) {
			continue
		}
		twice := false
		for _, id := range seen[:n] {
			twice = twice || id == int(m.rule)
		}
		if twice {
			continue
		}
		seen[n] = int(m.rule)
		n++
		sum += m.weight
		if from < 0 {
			from = m.from
		}
		to = max(to, m.to)
	}
	if sum < 100 {
		return finding{}, 0, false
	}
	return finding{Span: r.span(r.words[from].tok, r.words[to-1].tok+1, Bypass), confidence: 0.6}, from, true
}

// outright is the weight of the rules that need nobody's agreement: of emergencies,
// and of words for a swap that mean little else, which the model hardly doubts.
const outright = 150

// emergency tells whether the text reports one that is happening. Several
// signs of it in one sentence outweigh a word that speaks against it: to miss
// one is worse than to flag one too many. It is sure where somebody is told to
// act this minute: the model knows what emergencies are about, and not all are.
func (r *reading) emergency() (told, sure bool) {
	for k := 0; k < len(r.marks); {
		here := r.marks[k].sentence
		best, signs, against := 0, 0, 0
		for ; k < len(r.marks) && r.marks[k].sentence == here; k++ {
			switch m := &r.marks[k]; m.mark {
			case mUrgent:
				best = max(best, m.weight)
				signs++
			case mNotNow:
				against = max(against, m.weight)
			}
		}
		if signs > 0 && best+30*min(signs-1, 3)-against >= 55 {
			told, sure = true, sure || best >= outright
		}
	}
	return told, sure
}

// allow drops what the owner allowed in this thread.
func allow(found []finding, m Message) []finding {
	if len(m.Exceptions) == 0 {
		return found
	}
	kept := found[:0]
	for _, f := range found {
		n := Normalise(m.Text.Body[f.Start:f.End])
		ok := false
		for _, e := range m.Exceptions {
			ok = ok || e != "" && (e == n || f.digits != "" && Normalise(f.digits) == e)
		}
		if !ok {
			kept = append(kept, f)
		}
	}
	return kept
}

// Normalise is the form in which exceptions are stored and compared: a phone by
// its last ten digits, everything else by its letters, figures and @ . $ _ in
// lower case.
func Normalise(s string) string {
	var digits, all strings.Builder
	letters := false
	for _, t := range tokenise(s) {
		switch t.kind {
		case num:
			digits.WriteString(t.text)
			all.WriteString(t.text)
		case word:
			letters = true
			all.WriteString(t.text)
		case sign:
			if strings.IndexByte("@.$_", t.ch) >= 0 {
				all.WriteByte(t.ch)
			}
		}
	}
	if d := digits.String(); !letters && len(d) >= 7 {
		return d[max(0, len(d)-10):]
	}
	return strings.Trim(all.String(), ".")
}

// merge orders the findings and joins those that overlap; the surer one names the family.
func merge(found []finding) ([]Span, float64) {
	sort.SliceStable(found, func(i, j int) bool { return found[i].Start < found[j].Start })
	var out []finding
	confidence := 0.0
	for _, f := range found {
		confidence = max(confidence, f.confidence)
		if n := len(out); n > 0 && f.Start < out[n-1].End {
			last := &out[n-1]
			last.End = max(last.End, f.End)
			if f.confidence > last.confidence {
				last.Family, last.confidence = f.Family, f.confidence
			}
			continue
		}
		out = append(out, f)
	}
	var spans []Span
	for _, f := range out {
		spans = append(spans, f.Span)
	}
	return spans, confidence
}

func explain(v Verdict) string {
	if !v.Swap {
		if v.Emergency {
			return "An emergency seems to be happening; nothing in the text swaps contact details."
		}
		return ""
	}
	var parts []string
	for _, f := range v.Families {
		parts = append(parts, describe(f))
	}
	s := "The text " + strings.Join(parts, "; it ") + "."
	if v.Emergency {
		s += " It also reports an emergency, so it is delivered, with this hidden."
	}
	return s
}

func describe(f Family) string {
	switch f {
	case PlainPhone:
		return "gives a phone number"
	case SpelledPhone:
		return "gives a phone number in words"
	case DisguisedPhone:
		return "gives a phone number in disguise"
	case SplitPhone:
		return "completes a phone number begun in earlier texts"
	case Email:
		return "gives an e-mail address"
	case DisguisedEmail:
		return "gives an e-mail address in disguise"
	case Handle:
		return "gives a name on another service"
	case Platform:
		return "invites to another service"
	case Payment:
		return "offers or asks for a payment past the business"
	case Link:
		return "gives a web address that is not the business's"
	}
	return "suggests going round the business"
}

// readDigits gives the digits that a match holds, for its mask.
func readDigits(s string) string {
	r := read(Text{Body: s}, rulebook(), false)
	return r.digits
}
