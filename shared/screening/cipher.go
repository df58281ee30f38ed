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

// passesFor is the figure that a letter is written in place of; 0 for none. Some
// letters do so only as capitals.
func passesFor(c byte) byte {
	switch c {
	case 'o', 'O', 'Q', 'D':
		return '0'
	case 'i', 'I', 'l', 'L':
		return '1'
	case 'z', 'Z':
		return '2'
	case 'E':
		return '3'
	case 'A':
		return '4'
	case 's', 'S':
		return '5'
	case 'G':
		return '6'
	case 'T':
		return '7'
	case 'B':
		return '8'
	case 'g', 'q':
		return '9'
	}
	return 0
}

// lettered reads the group of figures and letters in their place, nothing between
// them, that token i begins: its digits, how many of them are letters, and its end.
func (r *reading) lettered(i int, d []byte) (out []byte, letters, to int) {
	n := len(d)
	for to = i; to < len(r.toks) && (to == i || !r.toks[to].space); to++ {
		t := &r.toks[to]
		r.steps++
		if t.kind != num && t.kind != word {
			break
		}
		if len(d)+len(t.text) > cap(d) || r.taken[to] {
			return nil, 0, i
		}
		for k := 0; k < len(t.text); k++ {
			c := t.text[k]
			if t.kind == word {
				if t.end-t.start == len(t.text) {
					c = r.body[t.start+k]
				} else if c == 'b' {
					c = 'B'
				}
				if c = passesFor(c); c == 0 {
					return nil, 0, i
				}
				letters++
			}
			d = append(d, c)
		}
	}
	if to == i || letters == len(d)-n && (letters < 3 || letters > 4) {
		return nil, 0, i
	}
	return d, letters, to
}

// inLetters finds a phone in whose groups letters stand for figures, whatever the
// country: "9l6 S55 OlB4", "O4I2 34S 67B".
func (r *reading) inLetters(ctx setting, used []bool, out []candidate) []candidate {
	for i := 0; i < len(r.toks); {
		start := i
		if t := &r.toks[i]; t.kind != num && t.kind != word || i > 0 && !t.space && r.toks[i-1].kind != sign {
			i++
			continue
		}
		var room [12]byte
		var sizes [4]byte
		d := room[:0]
		groups, letters, mixed, to := 0, 0, 0, i
		for k := i; k < len(r.toks) && groups < len(sizes); {
			more, n, end := r.lettered(k, d)
			if end == k {
				break
			}
			size := len(more) - len(d)
			if n > 0 && n < size {
				mixed++
			}
			sizes[groups] = '0' + byte(min(size, 10))
			d, letters, to, groups = more, letters+n, end, groups+1
			if k = end; r.tok(k).kind == sign && strings.IndexByte("-.()/", r.tok(k).ch) >= 0 {
				k++
			}
		}
		if letters < 2 || len(d) == letters || mixed == 0 || len(d) < 10 {
			i++
			continue
		}
		if c, ok := r.lettersSpell(start, to, string(sizes[:groups]), string(d), letters, mixed, ctx); ok {
			for k := range r.atoms {
				used[k] = used[k] || r.atoms[k].from >= start && r.atoms[k].to <= to
			}
			out = append(out, c)
			i = to
			continue
		}
		i++
	}
	return out
}

// lettersSpell judges what inLetters read in tokens [from, to).
func (r *reading) lettersSpell(from, to int, groups, d string, letters, mixed int, ctx setting) (candidate, bool) {
	nanp := len(d) == 10 && d[0] >= '2' && d[3] >= '2'
	form := false // nothing else is grouped so
	switch groups {
	case "334", "64", "37":
		form = nanp
	case "433", "533", "56", "55", ":":
		form = d[0] == '0' && d[1] != '0' && mixed > 1
	default:
		if groups != "1334" {
			return candidate{}, false
		}
	}
	e := r.evidence(from, to, ctx)
	if !form && !e.weak || len(d)-letters < 3 && !e.cue || (e.coded || e.serial) && !e.cue {
		return candidate{}, false
	}
	return candidate{from: from, to: to, digits: d, family: DisguisedPhone, strength: 3, odd: true}, true
}
