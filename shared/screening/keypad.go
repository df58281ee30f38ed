package screening

import "strings"

// onKeypad finds a phone with letters of the keys in any of its groups: "415 JKL
// 01 PA", "303-KLJ-01WE", "(FUN) LLL-0126".
func (r *reading) onKeypad(ctx setting, used []bool, out []candidate) []candidate {
	at := 0 // the first atom at or after token i
	for i := 0; i < len(r.toks); i++ {
		t := &r.toks[i]
		for at < len(r.atoms) && r.atoms[at].from < i {
			at++
		}
		if r.taken[i] || i > 0 && !t.space && r.toks[i-1].kind != sign {
			continue
		}
		var room [16]byte
		d := room[:0]
		letters, to, cut, tight, k := 0, i, 0, true, i
		switch {
		case t.kind == num && len(t.text) == 3, t.kind == word && t.upper && len(t.text) == 3 && r.tok(i-1).ch == '(' && r.tok(i-1).kind == sign:
		case t.kind == num && len(t.text) == 1 && r.apart(i): // 5-1-2-LUV-DOGS
			d = append(append(append(d, t.text...), r.toks[i+2].text...), r.toks[i+4].text...)
			cut, to, k = 1, i+5, i+5
		case t.kind == num && len(t.text) < 3: // 4O4
			for ; k < len(r.toks) && k < i+3 && (k == i || !r.toks[k].space) && len(d) < 3; k++ {
				if v := figuresOf(&r.toks[k]); v != "" {
					d = append(d, v...)
				} else {
					break
				}
			}
			if len(d) != 3 || k < len(r.toks) && !r.toks[k].space && r.toks[k].kind != sign {
				continue
			}
			cut, to = 1, k
		case t.kind == word && at < len(r.atoms) && r.atoms[at].from == i && r.atoms[at].inWords && r.atoms[at].kind == unit && len(r.atoms[at].value) == 1: // five-one-two-KITTENS
			a := at
			if a > 0 && r.atoms[a].gap == 0 {
				continue
			}
			for ; a < len(r.atoms) && len(d) < 3 && (len(d) == 0 || r.atoms[a].gap == 0) && r.atoms[a].sure >= 2; a++ {
				d = append(d, r.atoms[a].value...)
				k = r.atoms[a].to
			}
			if len(d) != 3 {
				continue
			}
			cut, to = 1, k
			for k < to+3 && (r.tok(k).kind == sign && strings.IndexByte("-,.", r.tok(k).ch) >= 0 || r.tok(k).kind == word && isFiller(r.tok(k).text) && !r.tok(k).upper) {
				k++
			}
			if !r.tok(k).upper && !(r.has[mKeypad] && spokenDigit(r.tok(k).text) != "") {
				continue
			}
		case t.kind == word && exchange(r.body, t) && (r.tok(i+1).kind == num && len(r.tok(i+1).text) == 5 || r.tok(i+1).kind == num && len(r.tok(i+1).text) == 1 && r.tok(i+2).ch == '-' && len(r.tok(i+3).text) == 4):
			n := i + 2
			if len(r.tok(i+1).text) == 1 {
				n = i + 4
			}
			if e := r.evidence(i, n, ctx); !e.coded && !e.serial { // KLondike 5-0142
				for k := at; k < len(r.atoms) && r.atoms[k].to <= n; k++ {
					used[k] = true
				}
				out = append(out, candidate{from: i, to: n, digits: r.textOf(i+1, n), family: DisguisedPhone, strength: 3})
			}
			continue
		default:
			continue
		}
		most := k + 9
		if r.has[mKeypad] {
			most = i + 24
		}
	row:
		for ; k < len(r.toks) && k < most && len(d) < 10; k++ {
			x := &r.toks[k]
			r.steps++
			switch {
			case x.kind == sign && strings.IndexByte("-.()", x.ch) >= 0, x.kind == sign && x.ch == ',' && r.has[mKeypad]:
				continue
			case x.kind == num && len(x.text) <= 4:
				d = append(d, x.text...)
			case x.kind == word && (isFiller(x.text) || listed("the letters for spell spells spelling", x.text) && r.has[mKeypad]):
				tight = false
				continue
			case x.kind == word && r.has[mKeypad] && spokenDigit(x.text) != "":
				d = append(d, spokenDigit(x.text)...)
			case x.kind == word && len(x.text) <= 7 && (x.upper && !r.shouted || !x.space || r.has[mKeypad]):
				if len(d)+len(x.text) > 10 {
					break row
				}
				for n := 0; n < len(x.text); n++ {
					if c := x.text[n]; c >= 'a' && c <= 'z' {
						d = append(d, "22233344455566677778889999"[c-'a'])
					}
				}
				letters += len(x.text)
			default:
				break row
			}
			tight = tight && (to == i || !x.space || r.toks[k-1].kind == sign && r.toks[k-1].ch == ')')
			if len(d) == 3 || len(d) == 6 {
				cut++
			}
			to = k + 1
		}
		if len(d) != 10 || letters < 2 || cut < 2 && letters != 7 && !r.has[mKeypad] && !(letters > 2 && cut > 0 && (tight && r.evidence(i, to, ctx).weak || letters > 4 && r.evidence(i, to, ctx).cue)) || d[0] < '2' || d[3] < '2' || r.tok(to).kind == num && !r.tok(to).space {
			continue
		}
		e := r.evidence(i, to, ctx)
		if !(r.has[mKeypad] || e.cue || e.weak && cut == 2 && letters >= 3 || tight && !e.coded) || e.serial && !e.cue || e.coded && !e.cue && !r.has[mKeypad] {
			continue
		}
		for k := at; k < len(r.atoms) && r.atoms[k].to <= to; k++ {
			used[k] = true
		}
		out = append(out, candidate{from: i, to: to, digits: string(d), family: DisguisedPhone, strength: 3})
		i = to
	}
	return out
}

// spokenDigit is the figure a word says that is nothing else.
func spokenDigit(w string) string {
	if d := rulebook().digits[w]; d.sure == 3 && d.kind == unit {
		return d.value
	}
	return ""
}

// apart tells whether token i begins three single figures with a sign between
// them, and no more figures after that.
func (r *reading) apart(i int) bool {
	for k := i; k <= i+4; k += 2 {
		if t := r.tok(k); t.kind != num || len(t.text) != 1 {
			return false
		}
	}
	a, b := r.tok(i+1), r.tok(i+3)
	return a.kind == sign && b.kind == sign && a.ch == b.ch && strings.IndexByte("-.,", a.ch) >= 0 && (i == 0 || r.toks[i-1].kind != sign || r.toks[i].space) && r.tok(i+6).kind != num
}

// figuresOf reads a token as figures, look-alikes among them; "" if it is none.
func figuresOf(t *token) string {
	if t.kind == num {
		return t.text
	}
	switch {
	case t.kind != word || len(t.text) != 1:
	case t.text == "o":
		return "0"
	case t.text == "l" || t.text == "i":
		return "1"
	}
	return ""
}

// exchange tells whether a word is written as the names of telephone exchanges were: KLondike.
func exchange(body string, t *token) bool {
	if !t.caps || t.upper || len(t.text) < 6 || t.end-t.start != len(t.text) {
		return false
	}
	second, third := body[t.start+1], body[t.start+2]
	return 'A' <= second && second <= 'Z' && 'a' <= third && third <= 'z'
}

// vanity finds numbers that end in letters: 1-800-DOG-WALK, 555-PETS.
func (r *reading) vanity(ctx setting, used []bool, out []candidate) []candidate {
	for a := range r.atoms {
		x := &r.atoms[a]
		if used[a] || x.inWords || len(x.value) < 3 || a > 0 && r.atoms[a-1].to+1 == x.from && len(r.atoms[a-1].value) == 3 && !used[a-1] && r.atoms[a-1].gap == 0 {
			continue
		}
		digits, letters, to := 0, 0, x.from
		var d strings.Builder
		joined := true
		for i := x.from; i < len(r.toks) && i < x.from+10; i++ {
			t := &r.toks[i]
			r.steps++
			if t.kind == num {
				digits += len(t.text)
				d.WriteString(t.text)
				to = i + 1
				continue
			}
			if t.kind == sign && strings.IndexByte("-.()", t.ch) >= 0 {
				continue
			}
			if t.kind == word && (t.upper || !t.space) && len(t.text) >= 2 && len(t.text) <= 9 && digits >= 3 && (t.upper && len(t.text) > 2 || r.tok(i-1).kind == sign && !t.space) {
				if t.space && i > 0 && !t.upper {
					break
				}
				letters += len(t.text)
				for k := 0; k < len(t.text); k++ {
					if c := t.text[k]; c >= 'a' && c <= 'z' {
						d.WriteByte("22233344455566677778889999"[c-'a'])
					}
				}
				to = i + 1
				continue
			}
			joined = false
			break
		}
		_ = joined
		n := digits + letters
		if letters < 3 || letters > 10 || !(n == 7 && digits == 3 || n == 10 && (digits == 3 || digits == 6 || digits == 7 && letters == 3 && r.tok(x.to).ch == '-') || n >= 11 && n <= 14 && strings.HasPrefix(d.String(), "18") || n == 11 && (digits == 4 || digits == 7)) {
			continue
		}
		e := r.evidence(x.from, to, ctx)
		upper := false
		for i := x.from; i < to; i++ {
			upper = upper || r.toks[i].kind == word && r.toks[i].upper
		}
		if e.serial && !e.cue || n == 7 && !e.weak || !upper && !e.weak || x.dress != bare && !e.weak || e.coded && !e.weak {
			continue
		}
		for k := range r.atoms {
			used[k] = used[k] || r.atoms[k].from >= x.from && r.atoms[k].to <= to
		}
		out = append(out, candidate{from: x.from, to: to, digits: d.String(), family: DisguisedPhone, strength: 3})
	}
	return out
}
