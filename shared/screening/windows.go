package screening

// cuts finds the ten digits of a phone cut where people cut them, after three
// and after six, wherever in the text the pieces stand: "room 415, floor 555,
// unit 0142, ignore the words". Its form alone proves nothing, so what is said
// around it is added up. Only a window whose first atom is before token `join`
// and whose last is at or after it counts, where join is not zero: that is how
// earlier texts and this one are read together.
func (r *reading) cuts(ctx setting, used []bool, join int, out []candidate) []candidate {
	said := r.cutSaid(ctx)
	if said == 0 {
		return out // its form alone is never enough
	}
	best, bestA, bestB := 0, 0, 0
	for a := range r.atoms {
		if used[a] || r.atoms[a].value == "" || r.atoms[a].sure < 2 || join > 0 && r.atoms[a].from >= join {
			continue
		}
		total, three, six, words, n := 0, false, false, 0, 0
		for b := a; b < len(r.atoms) && b-a < 24; b++ {
			x := &r.atoms[b]
			r.steps++
			if b > a && r.aside(b) {
				words += x.gap
				continue
			}
			if b > a {
				if words += x.gap; words > 40 || x.gap > 16 {
					break
				}
			}
			if used[b] {
				break
			}
			n++
			total += len(x.value)
			if total > 11 {
				break
			}
			lead := 0
			if r.atoms[a].value == "1" || total == 11 && r.digits[r.atoms[a].at] == '1' {
				lead = 1
			}
			three = three || total-lead == 3 || n == 1+lead && len(x.value) == 6
			six = six || total-lead == 6 || total-lead == 10 && len(x.value) == 7
			if total-lead != 10 || n < 2 || join > 0 && x.from < join {
				continue
			}
			if s := r.cutScore(a, b+1, n, three && six, lead, said, ctx); s > best {
				best, bestA, bestB = s, a, b+1
			}
		}
	}
	if best < 100 {
		return out
	}
	for k := bestA; k < bestB; k++ {
		used[k] = true
	}
	return append(out, candidate{from: r.atoms[bestA].from, to: r.atoms[bestB-1].to, digits: r.digitsOf(bestA, bestB), family: DisguisedPhone, strength: 3})
}

// aside tells whether atom k is no figure here: taken over by its neighbour, a
// word that is mostly something else, or "one" among figures.
func (r *reading) aside(k int) bool {
	one := func(k int) bool {
		x := &r.atoms[k]
		return x.value == "" || x.sure < 2 || x.inWords && x.value == "1" && x.kind == unit
	}
	x := &r.atoms[k]
	if !one(k) || x.value == "" || x.sure < 2 {
		return x.value == "" || x.sure < 2
	}
	before := k - 1
	for before > 0 && before > k-4 && one(before) {
		before--
	}
	return !r.atoms[before].inWords
}

// cutSaid adds up what a text says that lets its figures be a phone in pieces:
// that they are something else than they seem, that they are parts, that somebody is to call.
func (r *reading) cutSaid(ctx setting) int {
	s := 0
	hints, parts, cues := 0, 0, 0
	seen := [3]int32{-1, -1, -1}
	for k := range r.marks {
		m := &r.marks[k]
		r.steps++
		switch m.mark {
		case mHint:
			if hints < 2 && m.rule != seen[0] {
				seen[0] = m.rule
				hints++
				s += m.weight * 45 / 100
			}
		case mPart:
			if parts < 3 && m.rule != seen[1] {
				seen[1] = m.rule
				parts++
				s += 20
			}
		case mNumber, mReach, mGiven:
			if cues < 2 && m.rule != seen[2] && !m.void {
				seen[2] = m.rule
				cues++
				s += 25
			}
		}
	}
	if cues == 0 && r.has[mCall] {
		s += 12
	}
	if ctx.number || ctx.question {
		s += 25
	}
	for k := range r.atoms {
		if r.atoms[k].dress != bare && s == 0 {
			s = 1 // may be a time or a date that cannot be
		}
	}
	return s
}

// cutScore adds up what speaks for atoms [a, b) being a phone in pieces; 100 is enough.
func (r *reading) cutScore(a, b, n int, cut bool, lead, said int, ctx setting) int {
	var buf [16]byte
	d := buf[:0]
	singles, dressed, amounts, impossible, weak, gaps, rows := true, 0, 0, 0, 0, 0, 0
	var last *atom
	for k := a; k < b; k++ {
		x := &r.atoms[k]
		r.steps++
		if k > a && r.aside(k) {
			continue
		}
		d = append(d, x.value...)
		singles = singles && len(x.value) == 1
		if k > a {
			gaps += x.gap
		}
		if k == a || x.gap > 0 || !x.inWords || !last.inWords {
			rows++
		}
		switch x.dress {
		case bare:
		case amount:
			amounts++
			if x.value[0] == '0' && len(x.value) > 2 {
				impossible++
			}
		case price:
			dressed++
			if x.value[0] == '0' && len(x.value) > 2 {
				impossible++
			}
		case clock:
			dressed++
			if last != nil && last.dress == clock && x.seps&sepColon != 0 && (len(x.value) == 2 && x.value >= "60" || len(last.value) == 2 && last.value > "23") {
				impossible++
			}
		case date:
			dressed++
			if last != nil && last.dress == date && x.seps&sepSlash != 0 && len(x.value) <= 2 && (x.value > "31" && len(x.value) == 2) {
				impossible++
			}
		default:
			dressed++
		}
		if x.sure < 3 {
			weak++
		}
		last = x
	}
	if len(d) < 10 || d[lead] < '2' || d[lead+3] < '2' || consecutive(string(d)) {
		return 0
	}
	e := r.evidence(r.atoms[a].from, r.atoms[b-1].to, ctx)
	s := 0
	switch {
	case cut && min(n, rows) <= 4:
		s += 70
	case cut:
		s += 55
	case singles:
		s += 40
	default:
		s += 15
	}
	if n == 3+lead && cut {
		s += 10
	}
	s += said
	hints, parts := r.has[mHint], r.has[mPart]
	s += 30 * min(impossible, 2)
	if r.hint() >= 100 && cut && n == 3+lead {
		amounts = 0 // the text says itself that they are none
	}
	s -= 30*min(amounts, 3) + 10*weak
	if dressed > 0 && !hints {
		s -= 40
	}
	if e.coded && !hints {
		s -= 45
	}
	if e.serial && !hints {
		s -= 45
	}
	if !e.coded && !hints && r.codesWithin(a, b) {
		s -= 45
	}
	if e.thirds && !parts && !hints {
		s -= 45
	}
	s -= max(0, gaps-3*n) * 3
	return s
}

// codesWithin tells whether what stands between atoms [a, b) says what they open or are the numbers of.
func (r *reading) codesWithin(a, b int) bool {
	from, to := int(r.wordAt[r.atoms[a].from]), int(r.wordAt[r.atoms[b-1].to])
	for k := range r.marks {
		r.steps++
		if m := &r.marks[k]; (m.mark == mCode || m.mark == mSerial) && m.from >= from && m.from < to {
			return true
		}
	}
	return false
}
