package screening

import "strings"

// declared finds the phone that all of a text's figures make, whatever they are
// dressed as, where the text itself says so: "323 mg, 555 mg, 0172 mg. Read that
// as my phone". To be called is enough where the figures are none of what they seem.
func (r *reading) declared(ctx setting, used []bool, out []candidate) []candidate {
	if !r.has[mNumber] && !r.has[mReach] && !r.has[mHint] && !r.has[mCall] {
		return out
	}
	first, last := -1, -1
	var room [16]byte
	d := room[:0]
	var h heap
	spoken := r.mostlyWords()
	for k := range r.atoms {
		x := &r.atoms[k]
		r.steps++
		if x.value == "" || x.sure < 2 && x.kind != plural || x.inWords && x.kind == unit && !spoken {
			continue // "for two", "my lucky one"
		}
		v := x.value
		if x.kind == plural && len(v) == 1 || k > 0 && r.atoms[k-1].kind == repeat && r.atoms[k-1].value == "" && len(v) == 1 && x.gap > 0 && x.gap < 3 {
			v = strings.Repeat(v, 3) // "the middle is all fives", "triple digits of five"
		}
		if used[k] || len(d)+len(v) > 11 {
			return out
		}
		if first < 0 {
			first = k
		}
		last = k
		h.add(r, x, len(d))
		d = append(d, v...)
	}
	if len(d) == 11 && d[0] == '1' {
		d = d[1:]
		h.cut <<= 1
	}
	if first < 0 || h.n < 3 || !h.phone(d) {
		return out
	}
	from, to := r.atoms[first].from, r.atoms[last].to
	e := r.evidence(from, to, ctx)
	says, asks := r.saysPhone(to), r.asksToCall(to)
	says = says || asks && e.d[mHint] < 30 && !e.thirds
	switch {
	case says:
	case !asks && !e.cue, r.has[mCode] || r.has[mSerial], e.thirds:
		return out
	case h.singles && (h.n < 10 || h.noughts == 0):
		return out
	case !h.singles && h.dressed > 0 && h.noughts == 0:
		return out // walks, meals and then "call me"
	}
	by := byCuts
	if says {
		by = byKeys
	}
	for k := first; k <= last; k++ {
		used[k] = true
	}
	return append(out, candidate{from: from, to: to, digits: string(d), family: DisguisedPhone, strength: 3, how: by, odd: says})
}

// mostlyWords tells whether more of a text's figures are words than not.
func (r *reading) mostlyWords() bool {
	words := 0
	for k := range r.atoms {
		if x := &r.atoms[k]; x.sure >= 2 && x.inWords {
			words++
		} else if x.sure >= 2 {
			words--
		}
	}
	return words > 0
}

// heap is what is to be known of a text's figures taken together.
type heap struct {
	n, dressed, noughts int
	cut                 uint // after how many digits a figure ended
	singles             bool
}

func (h *heap) add(r *reading, x *atom, at int) {
	h.singles = (h.n == 0 || h.singles) && len(x.value) == 1
	h.n++
	h.cut |= 1 << at
	if x.dress != bare {
		h.dressed++
	}
	if x.value[0] == '0' && (len(x.value) == 1 || x.dress != date) {
		h.noughts++ // few amounts and times begin with one
	}
}

// phone tells whether digits are cut as a phone is, or one by one.
func (h *heap) phone(d []byte) bool {
	if consecutive(string(d)) {
		return false
	}
	if len(d) != 10 {
		return h.singles && len(d) >= 7
	}
	return d[0] >= '2' && d[3] >= '2' && h.cut&(1<<3) != 0 && h.cut&(1<<6) != 0
}

// saysPhone tells whether what follows token i says that it was a phone: "that's
// my cell", "those look like a phone", "read that as my number", "it's me".
func (r *reading) saysPhone(i int) bool {
	for k := i; k < len(r.toks) && k < i+24; k++ {
		r.steps++
		if !listed("that thats those these its it theyre they this read are spells equals gives", r.toks[k].text) {
			continue
		}
		for j := k + 1; j < k+7; j++ {
			w := r.tok(j).text
			if listed("me mine phone cell mobile number digits line", w) {
				return !listed("one", r.tok(j+1).text)
			}
			if !listed("is are was were a an as like look looks be being my our the really actually secretly in fact of course how where what to you u can do no not when out that thats it its call ring reach text dial makes make", w) && r.tok(j).kind != sign {
				break
			}
		}
	}
	return false
}

// asksToCall tells whether what follows token i asks to dial what was said.
func (r *reading) asksToCall(i int) bool {
	for k := i; k < len(r.toks) && k < i+24; k++ {
		r.steps++
		if listed("ring call text dial", r.toks[k].text) && k > i && k+1 >= len(r.toks)-1 && r.tok(k+1).kind != word {
			return true
		}
		if listed("hit call ring dial text phone txt buzz appelle appelez llama llame marca", r.toks[k].text) && listed("me it that those them us this ring these moi aunty up now away", r.tok(k+1).text) {
			return true
		}
	}
	return false
}
