package screening

import "strings"

// Texts that only together say something are read as one: the newest few short
// ones, up to jointBytes in all.
const (
	jointTexts = 6
	jointBytes = 480
)

// joint reads this text together with the ones before it and finds what only
// both together give: digits, an address, a name cut in two. A text that holds
// neither a figure nor a sign of an address can complete nothing.
func (r *reading) joint(m *Message, ctx setting, b *book, room *slab, found []finding, steps *int) (finding, bool) {
	if len(m.Context) == 0 || !r.mayComplete() || m.Context[len(m.Context)-1].Author != m.Text.Author && asksForPlace(m.Context[len(m.Context)-1].Body) || len(m.Text.Body) > jointBytes {
		return finding{}, false
	}
	from, size := len(m.Context), 0
	for from > 0 && len(m.Context)-from < jointTexts {
		n := len(m.Context[from-1].Body)
		if n > shortText || size+n > jointBytes {
			break
		}
		size += n + 1
		from--
	}
	if from == len(m.Context) {
		return finding{}, false
	}
	var s strings.Builder
	s.Grow(size + len(m.Text.Body))
	for _, t := range m.Context[from:] {
		s.WriteString(t.Body)
		s.WriteByte(' ')
	}
	off := s.Len()
	s.WriteString(m.Text.Body)
	j := room.read(Text{Author: m.Text.Author, Body: s.String()}, b, true)
	defer func() { *steps += j.steps }()
	at := len(j.toks)
	for k := range j.toks {
		if j.toks[k].start >= off {
			at = k
			break
		}
	}
	here := func(f finding) (finding, bool) {
		f.Start, f.End = max(f.Start-off, 0), min(f.End-off, len(m.Text.Body))
		for _, g := range found {
			if f.Start < g.End && g.Start < f.End {
				return finding{}, false // it stands by itself
			}
		}
		return f, f.Start < f.End
	}
	for _, f := range j.addresses(m, false, nil) {
		if f.Start < off && f.End > off {
			if f, ok := here(f); ok {
				return f, true
			}
		}
	}
	used := make([]bool, len(j.atoms))
	for k := range j.atoms {
		used[k] = j.taken[j.atoms[k].from]
	}
	var all []candidate
	last := m.Context[len(m.Context)-1]
	question := last.Author != m.Text.Author && strings.Contains(last.Body, "?") && onlyDigits(last.Body) != ""
	cued := question || j.has[mNumber] || j.has[mPart] || j.has[mReach] || j.has[mGiven] || j.has[mHint] || ctx.number
	if cued {
		all = j.inFigures(b, setting{}, append([]bool(nil), used...), all)
	}
	all = j.inWords(setting{}, append([]bool(nil), used...), all)
	if cued {
		all = j.cuts(setting{question: question}, used, at, all)
	}
	for k := range all {
		c := &all[k]
		if c.from >= at || c.to <= at || len(c.digits) < 9 || j.public(c, m) || j.excused(c, setting{third: ctx.third}, false) {
			continue
		}
		if (ctx.code || ctx.serial) && !question && !j.has[mNumber] && !j.has[mReach] && !j.has[mHint] && !r.has[mCall] {
			continue // a code in pieces
		}
		if !j.cutAt(c, at) && !j.has[mNumber] && !j.has[mPart] && !question {
			continue
		}
		if f, ok := here(finding{Span: j.span(c.from, c.to, SplitPhone), digits: c.digits, confidence: 0.8}); ok {
			return f, true
		}
	}
	return finding{}, false
}

// mayComplete tells whether a text holds anything that could end what another began.
func (r *reading) mayComplete() bool {
	if len(r.atoms) > 0 {
		return true
	}
	for i := range r.toks {
		t := &r.toks[i]
		if t.kind == sign && (t.ch == '@' || t.ch == '.' && i+1 < len(r.toks) && !r.toks[i+1].space) || t.kind == word && (t.text == "dot" || t.text == "at" || t.text == "punto" || t.text == "arroba" || isProvider(t.text)) {
			return true
		}
	}
	return false
}

// cutAt tells whether the texts' boundary, token at, is where people cut a
// phone: after the area, or before the last four.
func (r *reading) cutAt(c *candidate, at int) bool {
	before := 0
	for k := range r.atoms {
		if a := &r.atoms[k]; a.from >= c.from && a.to <= at {
			before += len(a.value)
		}
	}
	if len(c.digits) == 11 {
		before--
	}
	return before == 3 || before == 6
}
