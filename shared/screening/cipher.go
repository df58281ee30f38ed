package screening

import "strings"

// cipher finds a phone in letters that the text itself gives the meaning of:
// "D=4 A=1 E=5. DAE EEE 0A9F where F is 6", "C-A-B … A is one".
func (r *reading) cipher(used []bool, out []candidate) []candidate {
	var key [26]byte
	defined := r.alphabet(&key)
	if defined == 0 {
		return out
	}
	if defined == 1 && key[0] == '1' {
		for c := 1; c < 9; c++ {
			key[c] = byte('1' + c) // A is one, and so on
		}
		key['j'-'a'], key['o'-'a'] = '0', '0'
	}
	for i := 0; i < len(r.toks); {
		d, letters, to := r.decipher(&key, i)
		if len(d) == 10 && letters >= 1 && d[0] >= '2' && d[3] >= '2' {
			for k := range r.atoms {
				used[k] = used[k] || r.atoms[k].from >= i && r.atoms[k].to <= to
			}
			out = append(out, candidate{from: i, to: to, digits: d, family: DisguisedPhone, strength: 3, odd: true})
		}
		i = max(to, i+1)
	}
	return out
}

// alphabet collects what single letters are said to stand for, and how many are.
func (r *reading) alphabet(key *[26]byte) int {
	n := 0
	for i := 0; i+2 < len(r.toks); i++ {
		t, eq := &r.toks[i], &r.toks[i+1]
		r.steps++
		if t.kind != word || len(t.text) != 1 || !t.upper || !(eq.ch == '=' && eq.kind == sign || eq.text == "is" || eq.text == "means" || eq.text == "equals") {
			continue
		}
		v := r.tok(i + 2)
		if v.text == "a" || v.text == "an" {
			v = r.tok(i + 3)
		}
		c := t.text[0] - 'a'
		if c > 25 || key[c] != 0 {
			continue
		}
		if v.kind == num && len(v.text) == 1 {
			key[c] = v.text[0]
			n++
		} else if d, ok := rulebook().digits[v.text]; ok && v.kind == word && d.sure == 3 && len(d.value) == 1 && d.kind == unit {
			key[c] = d.value[0]
			n++
		}
	}
	return n
}

// decipher reads the row of figures and letters that token i begins.
func (r *reading) decipher(key *[26]byte, i int) (d string, letters, to int) {
	var room [16]byte
	out := room[:0]
	to = i
	for k := i; k < len(r.toks) && k-i < 32; k++ {
		t := &r.toks[k]
		r.steps++
		if len(out) == 10 && (t.kind != num || t.space) {
			break
		}
		switch {
		case t.kind == num && len(out)+len(t.text) <= 11:
			out, to = append(out, t.text...), k+1
		case t.kind == sign && k > i && strings.IndexByte("-.()/,", t.ch) >= 0 && !(t.ch == '.' && r.tok(k+1).space):
		case t.kind == word && len(t.text) <= 4 && t.upper && r.tok(k+1).ch != '=':
			for c := 0; c < len(t.text); c++ {
				v := byte(0)
				if x := t.text[c]; x >= 'a' && x <= 'z' {
					v = key[x-'a']
				}
				if v == 0 {
					v = unfigure(t.text[c])
				}
				if v == 0 || len(out) > 10 {
					return string(out), letters, max(to, k+1)
				}
				out = append(out, v)
				letters++
			}
			to = k + 1
		case t.kind == word && k > i && letters > 0 && len(out) < 10 && (isFiller(t.text) || t.text == "in" || t.text == "numbers" || t.text == "letters"):
		default:
			return string(out), letters, to
		}
	}
	return string(out), letters, to
}

// unfigure is the figure a letter looks like.
func unfigure(c byte) byte {
	switch c {
	case 'o':
		return '0'
	case 'i', 'l':
		return '1'
	}
	return 0
}

// studded finds a phone whose figures each have a letter or two glued between
// them: "9a1b7c5d5e5f0g1h7i6 every other one", "s3i1x2 5w5o5r 0d1s83".
func (r *reading) studded(ctx setting, used []bool, out []candidate) []candidate {
	if !r.has[mHint] && !r.has[mCall] && !r.has[mReach] && !r.has[mNumber] && !ctx.number {
		return out
	}
	for i := 0; i < len(r.toks); {
		var room [16]byte
		d := room[:0]
		glued, j := 0, i
		for ; j < len(r.toks) && j-i < 48 && len(d) < 12; j++ {
			t := &r.toks[j]
			r.steps++
			if t.kind == num && len(t.text) <= 3 {
				d = append(d, t.text...)
				if n := r.tok(j + 1); n.kind == word && !n.space {
					glued++
				}
				continue
			}
			if t.kind == word && len(t.text) <= 2 && j+1 < len(r.toks) && (!t.space || r.toks[j+1].kind == num && !r.toks[j+1].space) {
				continue
			}
			break
		}
		if glued >= 5 && (len(d) == 10 && d[0] >= '2' && d[3] >= '2' || len(d) == 7 && r.has[mHint]) {
			e := r.evidence(i, j, ctx)
			if !(e.coded || e.serial) || r.hint() >= 100 {
				for k := range r.atoms {
					used[k] = used[k] || r.atoms[k].from >= i && r.atoms[k].to <= j
				}
				out = append(out, candidate{from: i, to: j, digits: string(d), family: DisguisedPhone, strength: 3, odd: true})
			}
		}
		i = max(j, i+1)
	}
	return out
}
