package screening

import "unicode"

// class is what a character counts as once its disguise is off.
type class uint8

const (
	classSkip    class = iota // joins its neighbours: zero-width, combining, variation selector
	classSpace                // white space on a line
	classNewline              // end of a line
	classLetter               // lower case, Latin where a Latin twin exists
	classDigit                // value in the rune, 0 to 99
	classPunct                // an ASCII sign
	classEmoji                // anything else that can be seen
)

// latin holds the plain letters of U+00C0 to U+017F, in order; '*' where there is none.
const latin = "aaaaaaaceeeeiiiidnooooo*ouuuuyts" + "aaaaaaaceeeeiiiidnooooo*ouuuuyty" +
	"aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllllllln" +
	"nnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"

// smallCaps holds U+1D00 to U+1D22.
const smallCaps = "aaabcddeeijklmnoooooooooprrtuuumvwz"

// raised holds U+1D2C to U+1D5B, the letters that stand above the line; lowered,
// U+2090 to U+209C, those below it.
const (
	raised  = "aabbdeeghijklmnnooprtuwaaaabdeeeegikmnooooptuumv"
	lowered = "aeoxehklmnpst"
)

// fold takes the disguise off one character. Every look-alike that Unicode
// offers for a Latin letter or a digit must end as that letter or digit here:
// the rest of the package knows only ASCII.
func fold(r rune) (class, rune) {
	if r < 0x80 {
		switch {
		case 'a' <= r && r <= 'z':
			return classLetter, r
		case 'A' <= r && r <= 'Z':
			return classLetter, r + 32
		case '0' <= r && r <= '9':
			return classDigit, r - '0'
		case r == '\n' || r == '\r':
			return classNewline, ' '
		case r <= ' ' || r == 0x7f:
			return classSpace, ' '
		}
		return classPunct, r
	}
	switch {
	case 0xC0 <= r && r <= 0x17F:
		if l := latin[r-0xC0]; l != '*' {
			return classLetter, rune(l)
		}
		if r == 0xD7 {
			return classPunct, '*'
		}
		return classPunct, '/'
	case 0x300 <= r && r <= 0x36F, 0x1AB0 <= r && r <= 0x1AFF, 0x20D0 <= r && r <= 0x20FF,
		0xFE00 <= r && r <= 0xFE0F, 0xE0000 <= r && r <= 0xE01EF,
		0x200B <= r && r <= 0x200F, 0x202A <= r && r <= 0x202E, 0x2060 <= r && r <= 0x206F,
		r == 0xAD, r == 0x34F, r == 0x61C, r == 0x180E, r == 0xFEFF, r == 0x115F, r == 0x1160, r == 0x3164, r == 0xFFA0,
		0x1F3FB <= r && r <= 0x1F3FF:
		return classSkip, 0
	case 0xFF01 <= r && r <= 0xFF5E:
		return fold(r - 0xFEE0)
	case 0x1D400 <= r && r <= 0x1D6A3:
		return classLetter, 'a' + (r-0x1D400)%26
	case 0x1D7CE <= r && r <= 0x1D7FF:
		return classDigit, (r - 0x1D7CE) % 10
	case 0x1D360 <= r && r <= 0x1D368:
		return classDigit, r - 0x1D35F
	case 0x1E00 <= r && r <= 0x1EFF:
		return foldVietnamese(r)
	case 0x1D00 <= r && r <= 0x1D22:
		return classLetter, rune(smallCaps[r-0x1D00])
	case 0x1D2C <= r && r <= 0x1D5B:
		return classLetter, rune(raised[r-0x1D2C])
	case 0x2090 <= r && r <= 0x209C:
		return classLetter, rune(lowered[r-0x2090])
	case 0x249C <= r && r <= 0x24B5:
		return classLetter, 'a' + r - 0x249C
	case 0x24B6 <= r && r <= 0x24E9:
		return classLetter, 'a' + (r-0x24B6)%26
	case 0x1F110 <= r && r <= 0x1F129:
		return classLetter, 'a' + r - 0x1F110
	case 0x1F130 <= r && r <= 0x1F149:
		return classLetter, 'a' + r - 0x1F130
	case 0x1F150 <= r && r <= 0x1F169:
		return classLetter, 'a' + r - 0x1F150
	case 0x1F170 <= r && r <= 0x1F189:
		return classLetter, 'a' + r - 0x1F170
	case 0x1F1E6 <= r && r <= 0x1F1FF:
		return classLetter, 'a' + r - 0x1F1E6
	}
	if v, ok := foldNumber(r); ok {
		return classDigit, v
	}
	if l := foldTwin(r); l != 0 {
		return classLetter, l
	}
	if l := foldFar(r); l != 0 {
		return classLetter, l
	}
	if p := foldSign(r); p != 0 {
		return classPunct, p
	}
	switch {
	case r == 0x2028 || r == 0x2029 || r == 0x85:
		return classNewline, ' '
	case unicode.IsSpace(r):
		return classSpace, ' '
	case unicode.IsLetter(r):
		return classLetter, unicode.ToLower(r)
	case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Mc, r): // vowels of India's scripts among them
		return classSkip, 0
	}
	return classEmoji, r
}

// foldNumber gives the value of every other digit, circled number, numeral or
// picture of a number.
func foldNumber(r rune) (rune, bool) {
	switch r {
	case 0xB2, 0xB3:
		return r - 0xB0, true
	case 0xB9:
		return 1, true
	case 0x2070, 0x24EA, 0x24FF, 0x1F100, 0x1F10B, 0x1F10C, '〇', '零':
		return 0, true
	case '一', '壹':
		return 1, true
	case '二', '贰', '两':
		return 2, true
	case '三', '叁':
		return 3, true
	case '四', '肆':
		return 4, true
	case '五', '伍':
		return 5, true
	case '六', '陆':
		return 6, true
	case '七', '柒':
		return 7, true
	case '八', '捌':
		return 8, true
	case '九', '玖':
		return 9, true
	case 'Ƨ', 'ᒿ', 'ƻ':
		return 2, true
	case 'Ʒ', 'Ӡ', 'З', 'з', 'ʒ':
		return 3, true
	case 'Ꮞ':
		return 4, true
	case 'Ƽ', 'ƽ':
		return 5, true
	case 'Ϭ', 'б':
		return 6, true
	case 0x1F51F: // keycap ten
		return 10, true
	}
	for _, b := range [...]struct{ first, last, value rune }{
		{0x2074, 0x2079, 4}, {0x2080, 0x2089, 0}, {0x2160, 0x216B, 1}, {0x2170, 0x217B, 1},
		{0x2460, 0x2473, 1}, {0x2474, 0x2487, 1}, {0x2488, 0x249B, 1}, {0x24EB, 0x24F4, 11}, {0x24F5, 0x24FE, 1},
		{0x2680, 0x2685, 1}, {0x2776, 0x277F, 1}, {0x2780, 0x2789, 1}, {0x278A, 0x2793, 1},
		{0x3021, 0x3029, 1}, {0x3220, 0x3229, 1}, {0x3251, 0x325F, 21}, {0x3280, 0x3289, 1}, {0x32B1, 0x32BF, 36},
		{0x1F101, 0x1F10A, 0}, {0x1F550, 0x1F55B, 1},
	} {
		if b.first <= r && r <= b.last {
			return r - b.first + b.value, true
		}
	}
	if !unicode.IsDigit(r) {
		return 0, false
	}
	// Decimal digits come in blocks of ten that start at zero; unicode.Nd
	// lists neighbouring blocks as one range.
	for _, t := range unicode.Nd.R16 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return (r - rune(t.Lo)) % 10, true
		}
	}
	for _, t := range unicode.Nd.R32 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return (r - rune(t.Lo)) % 10, true
		}
	}
	return 0, false
}

// foldTwin gives the Latin twin of a Cyrillic, Greek, Armenian or phonetic letter.
func foldTwin(r rune) rune {
	switch r {
	case 'а', 'А', 'α', 'Α', 'ɑ', 'ª', 'ά':
		return 'a'
	case 'в', 'В', 'β', 'Β', 'Ь', 'ь', 'ʙ', 'ƀ':
		return 'b'
	case 'с', 'С', 'ϲ', 'Ϲ', 'ℂ', 'ℭ', 'ƈ':
		return 'c'
	case 'ԁ', 'Ԁ', 'ɗ', 'ⅾ':
		return 'd'
	case 'е', 'Е', 'ё', 'Ё', 'ε', 'Ε', 'є', 'ə', 'ℯ', 'ℰ', 'ɛ', 'έ':
		return 'e'
	case 'ғ', 'ℱ', 'ƒ', 'ꜰ':
		return 'f'
	case 'ɡ', 'ց', 'ℊ', 'ɢ':
		return 'g'
	case 'н', 'Н', 'Η', 'һ', 'Һ', 'ℎ', 'ℋ', 'ℌ', 'ℍ', 'հ', 'ʜ':
		return 'h'
	case 'і', 'І', 'ι', 'Ι', 'ı', 'ɩ', 'ї', 'ℐ', 'ℑ', 'ɪ', 'ί':
		return 'i'
	case 'ј', 'Ј', 'ϳ', 'ʝ':
		return 'j'
	case 'к', 'К', 'κ', 'Κ', 'ĸ', 'қ':
		return 'k'
	case 'ӏ', 'Ӏ', 'ℓ', 'ℒ', 'ʟ', 'ɭ':
		return 'l'
	case 'м', 'М', 'Μ', 'ℳ', 'ʍ':
		return 'm'
	case 'ո', 'η', 'Ν', 'ℕ', 'п', 'ɴ', 'ɲ', 'ή':
		return 'n'
	case 'о', 'О', 'ο', 'Ο', 'օ', 'Օ', 'σ', 'ℴ', 'ө', 'º', 'ό', 'ჿ', '๐':
		return 'o'
	case 'р', 'Р', 'ρ', 'Ρ', 'ℙ', 'ƥ':
		return 'p'
	case 'ԛ', 'ℚ', 'գ':
		return 'q'
	case 'г', 'ℛ', 'ℜ', 'ℝ', 'ʀ', 'я':
		return 'r'
	case 'ѕ', 'Ѕ', 'ꜱ', 'ʂ':
		return 's'
	case 'т', 'Т', 'τ', 'Τ', 'ƭ':
		return 't'
	case 'υ', 'ս', 'ц', 'ύ':
		return 'u'
	case 'ν', 'ѵ', 'Ѵ':
		return 'v'
	case 'ԝ', 'Ԝ', 'ω', 'ш', 'ա', 'ώ':
		return 'w'
	case 'х', 'Х', 'χ', 'Χ':
		return 'x'
	case 'у', 'У', 'Υ', 'ү', 'γ', 'ʏ':
		return 'y'
	case 'Ζ', 'ℤ', 'ℨ', 'ʐ':
		return 'z'
	}
	return 0
}

// foldFar gives the Latin twin of a letter of a script that nobody here writes in,
// and that what makes fancy letters takes for one: Cherokee, Canadian syllables,
// letters turned round or raised one by one.
func foldFar(r rune) rune {
	if 0xAB70 <= r && r <= 0xABBF {
		r += 0x13A0 - 0xAB70 // small Cherokee letters look like the capitals
	}
	switch r {
	case 'Ꭺ', 'ᗩ', 'ɐ':
		return 'a'
	case 'Ᏼ', 'Ꮟ', 'ᗷ', 'ɓ':
		return 'b'
	case 'Ꮯ', 'ᑕ', 'ɔ', 'ᶜ':
		return 'c'
	case 'Ꭰ', 'Ꮷ', 'ᗪ', 'ɖ':
		return 'd'
	case 'Ꭼ', 'ᗴ', 'ᕮ', 'ǝ', 'ɘ':
		return 'e'
	case 'ᖴ', 'ɟ', 'ᶠ':
		return 'f'
	case 'Ꮐ', 'ᘜ', 'ƃ', 'ɠ':
		return 'g'
	case 'Ꮋ', 'Ꮒ', 'ᕼ', 'ɥ', 'ɦ', 'ʰ':
		return 'h'
	case 'Ꭵ', 'ⁱ', 'ɨ':
		return 'i'
	case 'Ꭻ', 'ᒍ', 'ʲ':
		return 'j'
	case 'Ꮶ', 'ʞ':
		return 'k'
	case 'Ꮮ', 'ᒪ', 'ˡ':
		return 'l'
	case 'Ꮇ', 'ᗰ', 'ɯ', 'ɱ':
		return 'm'
	case 'ᑎ', 'ⁿ', 'ɳ':
		return 'n'
	case 'Ꮎ', 'ᝪ':
		return 'o'
	case 'Ꮲ', 'ᑭ':
		return 'p'
	case 'ᑫ':
		return 'q'
	case 'Ꮢ', 'ᖇ', 'ɹ', 'ʳ':
		return 'r'
	case 'Ꮪ', 'Ꮥ', 'ᔕ', 'ˢ':
		return 's'
	case 'Ꭲ', 'ʇ':
		return 't'
	case 'Ꮜ', 'ᑌ', 'ʋ':
		return 'u'
	case 'Ꮩ', 'ᐯ', 'ʌ':
		return 'v'
	case 'Ꮃ', 'Ꮤ', 'ᗯ', 'ʷ':
		return 'w'
	case '᙭', 'ˣ':
		return 'x'
	case 'Ꭹ', 'Ꮍ', 'ʎ', 'ʸ':
		return 'y'
	case 'Ꮓ', 'ᘔ', 'ᶻ':
		return 'z'
	}
	return 0
}

func foldVietnamese(r rune) (class, rune) {
	switch {
	case 0x1EA0 <= r && r <= 0x1EB7:
		return classLetter, 'a'
	case 0x1EB8 <= r && r <= 0x1EC7:
		return classLetter, 'e'
	case 0x1EC8 <= r && r <= 0x1ECB:
		return classLetter, 'i'
	case 0x1ECC <= r && r <= 0x1EE3:
		return classLetter, 'o'
	case 0x1EE4 <= r && r <= 0x1EF1:
		return classLetter, 'u'
	case 0x1EF2 <= r && r <= 0x1EF9:
		return classLetter, 'y'
	}
	return classLetter, unicode.ToLower(r)
}

// foldSign gives the ASCII twin of a sign.
func foldSign(r rune) rune {
	switch r {
	case '‐', '‑', '‒', '–', '—', '―', '−', '﹘', '﹣', '➖', '⁃', 'ー', '～', '〜':
		return '-'
	case '․', '。', '·', '•', '∙', '⋅', '・', '●', '‧', '…':
		return '.'
	case '‘', '’', '‚', '‛', '′', 'ʼ', '`':
		return '\''
	case '“', '”', '„', '‟', '«', '»', '″':
		return '"'
	case '⁄', '∕':
		return '/'
	case '﹫':
		return '@'
	case '➕', '⊕':
		return '+'
	case '✖', '×', '✕', '∗':
		return '*'
	case '💲', '﹩':
		return '$'
	case '、', '，':
		return ','
	case '：':
		return ':'
	case '¿':
		return '?'
	case '¡':
		return '!'
	case '（', '【', '「', '⟨':
		return '('
	case '）', '】', '」', '⟩':
		return ')'
	case '¦', '｜', '│', '∣':
		return '|'
	}
	return 0
}
