package dynamo

import "strings"

type tokenKind uint8

const (
	tokenEnd tokenKind = iota
	tokenWord
	tokenName  // #name
	tokenValue // :value
	tokenIndex // digits
	tokenPunct
	tokenWrong // a character that begins nothing
)

type token struct {
	kind       tokenKind
	start, end int
	text       string
}

func lex(s string) []token {
	tokens := make([]token, 0, len(s)/3+2)
	for i := 0; i < len(s); {
		c := s[i]
		start := i
		kind := tokenPunct
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i++
			continue
		case isLetter(c) || c == '_':
			kind = tokenWord
			i = wordEnd(s, i)
		case c == '#' || c == ':':
			kind = tokenName
			if c == ':' {
				kind = tokenValue
			}
			if i = wordEnd(s, i+1); i == start+1 {
				kind = tokenWrong
			}
		case isDigit(c):
			kind = tokenIndex
			for i < len(s) && isDigit(s[i]) {
				i++
			}
		case strings.HasPrefix(s[i:], "<=") || strings.HasPrefix(s[i:], ">=") || strings.HasPrefix(s[i:], "<>"):
			i += 2
		case strings.IndexByte("()[],.=<>+-", c) >= 0:
			i++
		default:
			kind = tokenWrong
			for i++; i < len(s) && s[i]&0xC0 == 0x80; i++ { // the rest of a UTF-8 character
			}
		}
		tokens = append(tokens, token{kind: kind, start: start, end: i, text: s[start:i]})
	}
	return append(tokens, token{kind: tokenEnd, start: len(s), end: len(s), text: "<EOF>"})
}

func wordEnd(s string, i int) int {
	for i < len(s) && (isLetter(s[i]) || isDigit(s[i]) || s[i] == '_') {
		i++
	}
	return i
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
