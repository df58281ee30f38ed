package screening

import (
	"math/bits"
	"slices"
	"sort"
	"strings"
)

// The trained part: linear models over the words of a text, what they mean
// roughly, the classes they belong to and the pairs they make. They judge what
// the rules cannot list: invitations to go round the business that are put in
// words of their own, and emergencies.
//
// Weights come from `go test ./shared/screening -run TestTrain -train`, which
// reads the development part of the open set, never the test part, and training/.
const (
	featureBits = 17
	alarmBits   = 15 // the second model makes do with a quarter: four features share a weight
	netWeight   = 10 // of one of the net's logits beside a twelfth of a linear model's
	weightScale = 12 // a weight is a signed byte in this fraction of one: finer ones see no more and zip worse

	// trainedThreshold is where the trained part speaks up alone. The doubts are
	// where it overrules a rule: one that found words without a detail, several
	// that agree, several that go by different words, and one that found a link.
	// TestLeaveOneSetOut tells what other figures would do.
	trainedThreshold = 32
	trainedDoubt     = 6
	severalDoubt     = 1
	certainDoubt     = -24
	linkDoubt        = -52
	neverDoubt       = -9999

	// alarmThreshold is where the second model alone calls a text an emergency
	// that is happening; alarmDoubt, where it does so for a text that would be
	// held back otherwise; alarmAfter, the same right after a text that told of one.
	alarmThreshold = -8
	alarmDoubt     = -28
	alarmAfter     = -64
	alarmHeld      = -35 // above it a swap is delivered with the detail hidden, not held
	alarmCalm      = -46 // below it nothing is flagged for a rule's sake alone
)

// featureClasses are the classes of words the model sees, in a fixed order
// since their places are hashed into the features.
const featureClasses = "%biz %fees %skip %directly %hire %we %me %you %your %my %i %kin %vet %trade %codew %paysure %sure %numeral %phone %callv %payverb %spot %fsecret %fprice %fown %fneg %ftime %fcome %fget %faway %fthem %fclient %fbook %fpet %fmedium %farrange %fmoney %frefuse %fdone %ffood %fthing %fwork %fwould %fapp %fcard %fhealth %fpass %fread %fend %fname %furge %fanimal %fbody %fplace %fhurt"

// classesOf gives, for each lexeme, the classes it belongs to as bits.
func (b *book) buildClasses() {
	b.classes = make([]uint64, len(b.words)+1)
	for k, name := range strings.Fields(featureClasses) {
		x := b.groups[name]
		for id := range b.classes {
			if x.bits[id/64]&(1<<(id%64)) != 0 {
				b.classes[id] |= 1 << k
			}
		}
	}
}

// vector is the features of a stretch of words: set by hash, and listed in the order they came.
type vector struct {
	is [1 << featureBits / 64]uint64
	on []int32
}

func (v *vector) set(h uint32) {
	h ^= h >> 15
	h *= 0x2c1b3c6d
	h ^= h >> 12
	h &= 1<<featureBits - 1
	if bit := uint64(1) << (h % 64); v.is[h/64]&bit == 0 {
		v.is[h/64] |= bit
		v.on = append(v.on, int32(h))
	}
}

// clear leaves the room for the next stretch.
func (v *vector) clear() {
	for _, k := range v.on {
		v.is[k/64] = 0
	}
	v.on = v.on[:0]
}

func hashWord(s string) uint32 {
	// Common endings off, so that booking and booked are one.
	if n := len(s); n > 5 && s[n-3:] == "ing" {
		s = s[:n-3]
	} else if n > 4 && s[n-2:] == "ed" {
		s = s[:n-2]
	} else if n > 3 && s[n-1] == 's' {
		s = s[:n-1]
	}
	if n := len(s); n > 3 && s[n-1] == 'e' {
		s = s[:n-1]
	}
	h := uint32(2166136261)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return h
}

const pairReach = 5 // words between the two of a pair: a bound on the work

// priorWords is how many words a text may have to be read as an answer: what is longer speaks for itself.
const priorWords = 18

// features fills v from words [from, to).
func (r *reading) features(b *book, from, to int, v *vector) {
	v.clear()
	v.set(0x1001) // the bias
	type seen struct {
		hash  uint32
		field uint32
		class uint64
	}
	var last [pairReach]seen
	var every uint64
	n := 0
	for i := from; i < to; i++ {
		w := &r.words[i]
		r.steps++
		t := &r.toks[w.tok]
		s := seen{hash: hashWord(t.text)}
		if w.isNum {
			s.hash = 0x2002
		}
		if w.lex != 0 {
			s.class = b.classes[w.lex]
		} else if w.isName {
			s.hash = 0x3003
		}
		every |= s.class
		v.set(s.hash)
		s.field = s.hash
		if !w.isNum && !w.isName {
			if k := clusterOf(r.stem(i)); k != 0 {
				s.field = 0x80001 + uint32(fieldOf[k-1])
				v.set(0x60000 + k)
				v.set(s.field)
			}
		}
		for c := s.class; c != 0; c &= c - 1 {
			v.set(0x5000 + low(c))
		}
		for k := 1; k <= pairReach && k <= n; k++ {
			p := &last[(n-k)%pairReach]
			r.steps++
			switch {
			case k == 1:
				v.set(p.hash*31 + s.hash)
			case k <= 3:
				v.set(p.hash*43 + s.hash + 0x333)
			}
			if k <= 3 {
				d := uint32(min(k, 2)) * 0x1111
				v.set(p.field*47 + s.field + d)
				v.set(p.field*53 + s.hash + d)
				v.set(p.hash*59 + s.field + d)
			}
			for c := s.class; c != 0; c &= c - 1 {
				if k <= 2 {
					v.set(p.hash*37 + 0x9000 + low(c))
				}
				for d := p.class; d != 0; d &= d - 1 {
					v.set(0x10000 + low(d)<<8 + low(c))
				}
			}
			if k <= 2 {
				for d := p.class; d != 0; d &= d - 1 {
					v.set((0x7000+low(d))*41 + s.hash)
				}
			}
		}
		last[n%pairReach] = s
		n++
	}
	// What kinds of things are spoken of at all, two by two, however far apart.
	for c := every; c != 0; c &= c - 1 {
		for d := c & (c - 1); d != 0; d &= d - 1 {
			v.set(0x70000 + low(c)<<8 + low(d))
		}
	}
	r.prior(b, from, to, v)
	for k := sort.Search(len(r.marks), func(k int) bool { return r.marks[k].from >= from }); k < len(r.marks) && r.marks[k].from < to; k++ {
		r.steps++
		if m := &r.marks[k]; m.to <= to {
			v.set(0x20000 + uint32(m.mark)<<2 + uint32(min(m.weight, 100)/34))
			v.set(b.rules[m.rule].hash)
		}
	}
}

// prior adds what the text before says to the features of a short text: "let's
// do that" is guilty or innocent by what it answers.
func (r *reading) prior(b *book, from, to int, v *vector) {
	p := r.before
	if p == nil || len(r.words) > priorWords {
		return
	}
	side := uint32(0x40001)
	if p.author == r.author {
		side = 0x50003
	}
	v.set(side)
	var then, now uint64
	for i := max(0, len(p.words)-chunkWords); i < len(p.words); i++ {
		w := &p.words[i]
		r.steps++
		h := hashWord(p.toks[w.tok].text)
		if w.isNum {
			h = 0x2002
		}
		if w.lex != 0 {
			then |= b.classes[w.lex]
		} else if w.isName {
			h = 0x3003
		}
		v.set(h*61 + side)
		if k := clusterOf(p.stem(i)); k != 0 {
			v.set((0x60000+k)*61 + side)
			v.set((0x80001+uint32(fieldOf[k-1]))*67 + side)
		}
	}
	for i := from; i < to; i++ {
		if w := &r.words[i]; w.lex != 0 {
			now |= b.classes[w.lex]
		}
	}
	for c := then; c != 0; c &= c - 1 {
		v.set(side*7 + low(c))
		for d := now; d != 0; d &= d - 1 {
			v.set(side*11 + low(c)<<8 + low(d))
		}
	}
	for k := range p.marks {
		m := &p.marks[k]
		r.steps++
		v.set(side*13 + uint32(m.mark)<<2 + uint32(min(m.weight, 100)/34))
		v.set(b.rules[m.rule].hash*17 + side)
	}
}

// low is the index of the lowest bit.
func low(x uint64) uint32 { return uint32(bits.TrailingZeros64(x)) }

// chunk bounds what is judged as one thing, so that a long text is not guilty by its length.
const chunkWords = 36

// chunks calls f for stretches of whole sentences, up to chunkWords words each.
func (r *reading) chunks(f func(from, to int)) {
	for from := 0; from < len(r.words); {
		to := from
		for to < len(r.words) && to-from < chunkWords {
			next := to
			for next < len(r.words) && r.words[next].sentence == r.words[to].sentence {
				next++
			}
			if next-from > chunkWords && to > from {
				break
			}
			to = next
			if to-from > chunkWords {
				to = from + chunkWords
			}
		}
		f(from, to)
		from = to
	}
}

// score is what two models say of a stretch: weights are one signed byte for each feature.
func (v *vector) score(first, second string) (a, b int) {
	first, second = first[:1<<featureBits], second[:1<<alarmBits]
	for _, k := range v.on {
		a += int(int8(first[k]))
		b += int(int8(second[k&(1<<alarmBits-1)]))
	}
	return a, b
}

// excusedByRule tells whether a rule already says that what speaks of going
// elsewhere in words [from, to) is harmless: the model has not seen why.
func (r *reading) excusedByRule(from, to int) bool {
	first := sort.Search(len(r.marks), func(k int) bool { return r.marks[k].from >= from })
	for k := first; k < len(r.marks) && r.marks[k].from < to; k++ {
		m := &r.marks[k]
		r.steps++
		if (m.mark == mNoPlatform || m.mark == mNoBypass || m.mark == mNoPay) && m.weight >= 100 && m.to <= to {
			return true
		}
	}
	return false
}

// namesOwn tells whether words [from, to) name one of the business's own pages:
// to book or to pay there is what it wants.
func (r *reading) namesOwn(from, to int) bool {
	return slices.ContainsFunc(r.own, func(t int) bool { return r.words[from].tok <= t && t <= r.words[to-1].tok })
}

// stretch is some words of a text and what the models say of them.
type stretch struct {
	from, to    int
	swap, alarm int
	asked       bool // whether the net was, too
}

// stretches judges whole sentences, and as many of them together as belong to
// one chunk: what one sentence leaves open the next may say.
func (r *reading) stretches(b *book, out []stretch) []stretch {
	v := vector{on: make([]int32, 0, 2048)}
	add := func(from, to int) {
		r.features(b, from, to, &v)
		s := stretch{from: from, to: to}
		s.swap, s.alarm = v.score(b.trained.swap, b.trained.alarm)
		out = append(out, s)
	}
	r.chunks(func(from, to int) {
		add(from, to)
		if r.words[from].sentence == r.words[to-1].sentence {
			return
		}
		for a := from; a < to; {
			z := a + 1
			for z < to && r.words[z].sentence == r.words[a].sentence {
				z++
			}
			add(a, z)
			a = z
		}
	})
	r.askNet(b, out)
	return out
}

// askNet adds the net's opinion of the stretches that the linear models find
// worst, as many as its budget allows, and of the most alarming one.
func (r *reading) askNet(b *book, all []stretch) {
	words, marks := make([]netWord, 0, chunkWords), make([]uint8, 0, 2*chunkWords)
	view := netView{net: b.trained.net}
	view.begin(r.netBefore(b, words, marks))
	ask := func(s *stretch) {
		swap, alarm := view.judge(r.netWordsOf(b, s.from, s.to, words[:0]), r.netMarksOf(s.from, s.to, marks[:0]))
		s.swap += int(swap * netWeight)
		s.alarm += int(alarm * netWeight)
		s.asked = true
	}
	for left := netBudget; left > 0; {
		var worst *stretch
		for k := range all {
			r.steps++
			if s := &all[k]; !s.asked && s.to-s.from <= left && (worst == nil || s.swap > worst.swap) {
				worst = s
			}
		}
		if worst == nil {
			return
		}
		ask(worst)
		left -= worst.to - worst.from
	}
	var worst *stretch
	for k := range all {
		if s := &all[k]; !s.asked && (worst == nil || s.alarm > worst.alarm) {
			worst = s
		}
	}
	if worst != nil {
		ask(worst)
	}
}

// innocent tells whether the model takes every stretch for harmless.
func innocent(all []stretch, doubt int) bool {
	for _, s := range all {
		if s.swap > doubt {
			return false
		}
	}
	return len(all) > 0
}

// doubtful tells whether the model takes everything around word at for harmless.
func doubtful(all []stretch, at, doubt int) bool {
	for _, s := range all {
		if s.from <= at && at < s.to && s.swap > doubt {
			return false
		}
	}
	return true
}

// suspicious finds the stretch that the model is surest about.
func (r *reading) suspicious(all []stretch, threshold int) (finding, bool) {
	best := -1
	for k, s := range all {
		if s.swap > threshold && (best < 0 || s.swap > all[best].swap) && (s.swap > 2*threshold || !r.excusedByRule(s.from, s.to) && !r.namesOwn(s.from, s.to)) {
			best = k
		}
	}
	if best < 0 {
		return finding{}, false
	}
	s := all[best]
	return finding{Span: r.span(r.words[s.from].tok, r.words[s.to-1].tok+1, Bypass), confidence: 0.55}, true
}

// alarming tells whether the model takes a stretch for an emergency that is happening.
func alarming(all []stretch, threshold int) bool {
	for _, s := range all {
		if s.alarm > threshold {
			return true
		}
	}
	return false
}

// vocabularyBits is the size of the filter of ordinary words.
const vocabularyBits = 16

// ordinary tells whether a folded word is one that people use when they talk:
// it was seen in innocent texts when the models were trained. What is not is a
// name, or somebody's name for himself. One word in a hundred is taken for
// ordinary by mistake.
func ordinary(w string) bool { return inVocabulary(w, vocabulary) }

func inVocabulary(w, filter string) bool {
	for _, h := range placesOf(w) {
		if filter[h/8]&(1<<(h%8)) == 0 {
			return false
		}
	}
	return true
}

// placesOf are a word's three places in the filter.
func placesOf(w string) [3]uint32 {
	h := hashWord(w)
	const mask = 1<<vocabularyBits - 1
	a, b := h*0x9E3779B1, h*0x85EBCA6B^h>>15
	return [3]uint32{a >> (32 - vocabularyBits), b & mask, (a>>7 ^ b>>9) & mask}
}
