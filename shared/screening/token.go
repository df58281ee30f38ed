package screening

import (
	"unicode"
	"unicode/utf8"
)

type kind uint8

const (
	word  kind = iota // letters
	num               // digits
	sign              // one ASCII sign, in ch
	emoji             // one picture or foreign sign
)

// token is a piece of a text with its disguise off. start and end are byte
// offsets into the body as it was sent, so that a match can be hidden there.
type token struct {
	text       string // folded: lower-case ASCII, digits, or the sign
	start, end int
	kind       kind
	ch         byte
	space      bool // white space before it
	line       bool // first on its line
	caps       bool // written with a capital first letter
	upper      bool // written in capitals
	odd        bool // had something to take off: a look-alike, a hidden joint
}

// tokenise folds and splits a body. Runs of the same class become one token;
// signs stay alone. Hidden joints vanish, so "5\u200b5" is one number.
func tokenise(body string) []token { return newSlab(1, len(body)).tokenise(body) }

func (s *slab) tokenise(body string) []token {
	if len(body) > MaxBody {
		body = body[:MaxBody]
		for len(body) > 0 && !utf8.RuneStart(body[len(body)-1]) {
			body = body[:len(body)-1]
		}
		if len(body) > 0 && body[len(body)-1] >= utf8.RuneSelf {
			body = body[:len(body)-1]
		}
	}
	buf := s.bytes[:0]
	toks := rest(&s.toks)
	marks := s.starts[:0] // where each token's text starts in buf
	space, line, joined := false, true, false
	for i := 0; i < len(body); {
		r, n := utf8.DecodeRuneInString(body[i:])
		c, f := fold(r)
		at := i
		i += n
		switch c {
		case classSkip:
			if r >= 0x1F3FB && r <= 0x1F3FF || r >= 0xFE00 && r <= 0xFE0F || r == 0x20E3 || r == 0x200D {
				if k := len(toks) - 1; k >= 0 && !space && toks[k].end == at {
					toks[k].end = i
				}
				continue
			}
			joined = true
			continue
		case classSpace:
			space = true
			continue
		case classNewline:
			space, line = true, true
			continue
		}
		last := len(toks) - 1
		odd := n > 1
		if l := moneyLetter(r); l != 0 && last >= 0 && !space && toks[last].kind == word {
			if r2, _ := utf8.DecodeRuneInString(body[i:]); unicode.IsLetter(r2) {
				c, f = classLetter, l // "v€nmo"
			}
		}
		switch c {
		case classLetter:
			if 0x1F1E6 <= r && r <= 0x1F1FF {
				// Two together are a flag; alone it is a letter in a box.
				if r2, n2 := utf8.DecodeRuneInString(body[i:]); 0x1F1E6 <= r2 && r2 <= 0x1F1FF {
					i += n2
					marks = append(marks, int32(len(buf)))
					toks = append(toks, token{kind: emoji, start: at, end: i, space: space, line: line, odd: true})
					space, line, joined = false, false, false
					continue
				}
			}
			up := 'A' <= r && r <= 'Z' || n > 1 && f < 0x80 && isUpper(r)
			if last >= 0 && !space && toks[last].kind == word {
				t := &toks[last]
				t.end, t.odd, t.upper = i, t.odd || odd || joined, t.upper && up
				buf = utf8.AppendRune(buf, f)
			} else {
				marks = append(marks, int32(len(buf)))
				toks = append(toks, token{kind: word, start: at, end: i, space: space, line: line, caps: up, upper: up, odd: odd})
				buf = utf8.AppendRune(buf, f)
			}
		case classDigit:
			if last >= 0 && !space && toks[last].kind == num {
				t := &toks[last]
				t.end, t.odd = i, t.odd || odd || joined
			} else {
				marks = append(marks, int32(len(buf)))
				toks = append(toks, token{kind: num, start: at, end: i, space: space, line: line, odd: odd})
			}
			if f > 9 {
				buf = append(buf, '0'+byte(f/10))
			}
			buf = append(buf, '0'+byte(f%10))
		case classPunct:
			if f == '\'' && last >= 0 && !space && toks[last].kind == word {
				// "don't" is one word, and so is "Rex's".
				if r2, _ := utf8.DecodeRuneInString(body[i:]); r2 != utf8.RuneError {
					if c2, _ := fold(r2); c2 == classLetter {
						continue
					}
				}
			}
			marks = append(marks, int32(len(buf)))
			toks = append(toks, token{kind: sign, ch: byte(f), start: at, end: i, space: space, line: line, odd: odd})
			buf = append(buf, byte(f))
		case classEmoji:
			marks = append(marks, int32(len(buf)))
			toks = append(toks, token{kind: emoji, start: at, end: i, space: space, line: line})
			buf = append(buf, emojiWord(f)...)
		}
		space, line, joined = false, false, false
	}
	text := string(buf)
	for k := range toks {
		from, to := int(marks[k]), len(text)
		if k+1 < len(toks) {
			to = int(marks[k+1])
		}
		toks[k].text = text[from:to]
	}
	s.bytes, s.starts = buf, marks // room for the next text
	return kept(&s.toks, toks)
}

// moneyLetter is the letter that a currency's sign is drawn over.
func moneyLetter(r rune) rune {
	switch r {
	case '€':
		return 'e'
	case '£':
		return 'l'
	case '¥':
		return 'y'
	case '¢':
		return 'c'
	}
	return 0
}

// isUpper is about folded look-alikes only: precise enough to tell a shout.
func isUpper(r rune) bool {
	return 0xFF21 <= r && r <= 0xFF3A || 0x1F130 <= r && r <= 0x1F189 || 0x410 <= r && r <= 0x42F
}

// emojiWord is the word that stands for a picture in the rules.
func emojiWord(r rune) string {
	switch r {
	case '📞', '☎', '📱', '📲', '🤙', '📳':
		return "emo_phone"
	case '😉', '😜', '😏':
		return "emo_wink"
	case '🤫', '🤐', '🙊':
		return "emo_shush"
	case '👀':
		return "emo_look"
	case '📧', '✉', '📨', '📩', '💌':
		return "emo_mail"
	case '🔗', '🌐':
		return "emo_link"
	case '👻':
		return "emo_ghost"
	case '🚨', '🆘', '🚑':
		return "emo_sos"
	}
	return ""
}
