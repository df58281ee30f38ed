package screening

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Rows: numerals that are none by themselves and are, where seven or more of
// them stand in a row and nothing else does. "Nam", "fave" and "4-2" mean what
// they mean until ten such things follow one another.

// tongues lists zero to nine in languages whose numerals are words of English,
// of names or of nothing the screen knows. Alternatives are joined by a stroke.
// They are folded as a text is, so that any script may stand here.
const tongues = `
null|nul een twee drie vier vijf zes zeven acht negen
null eins|ein zwei|zwo drei vier fünf|fuenf sechs sieben acht neun
zero un deux trois quatre cinq six sept huit neuf
zero um|hum|uma dois|duas tres quatro cinco seis|meia sete oito nove
zero uno due tre quattro cinque sei sette otto nove
cero un dos tres cuatro cinco seis siete ocho nueve
zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć
null|nul|noll en|ett|et|én två|to|tva tre fyra|fire fem sex|seks sju|syv åtta|åtte|otte nio|ni
nolla yksi kaksi kolme neljä viisi kuusi seitsemän kahdeksan yhdeksän
sıfır bir iki üç dört beş altı yedi sekiz dokuz
nol|kosong satu dua tiga empat lima enam tujuh delapan sembilan
sero isa dalawa tatlo apat lima anim pito walo siyam
shunya|zero ek do teen|tin char|chaar paanch|panch|paach chhe|che|chhah|chai saat|sat aath|ath nau
zero|rei|maru ichi ni san yon|shi go roku nana|shichi hachi kyu|kyuu|ku
ling yi|yao er san si wu liu qi ba jiu
gong|young|yeong il i sam sa o yuk|ryuk chil pal gu
không|khong một|mốt|mot hai ba bốn|tư|bon năm|lăm|nam sáu|sau bảy|bay tám|tam chín|chin
zero unu doi|două trei patru cinci șase|sase șapte|sapte opt nouă|noua
nulla egy kettő|két három négy öt hat hét nyolc kilenc
nula jeden|jedna|jedan dva|dvě tři|tri čtyři|četiri|styri pět|pet šest|sest sedm|sedam|sedem osm|osam|osem devět|devet
sifuri moja mbili tatu nne tano sita saba nane tisa
zewo en|youn de twa kat senk sis sèt uit nèf
nulla|nihil unus|una duo|duae tres|tria quattuor quinque sex septem octo novem
ноль|нуль один|одна два|две|дві три четыре|чотири пять|п'ять шесть|шість семь|сім восемь|вісім девять
nol|nul odin|adin dva tri chetyre|chetire pyat|piat shest|shyest sem|syem vosem devyat
μηδέν ένα|ένας δύο|δυο τρία|τρεις τέσσερα πέντε έξι επτά|εφτά οκτώ|οχτώ εννέα|εννιά
صفر واحد اثنان|اثنين ثلاثة|تلاتة أربعة|اربعة خمسة ستة سبعة ثمانية|تمانية تسعة
शून्य|ज़ीरो|जीरो एक दो तीन चार पाँच|पांच छह|छः|छे|छै सात आठ नौ
শূন্য|শুন্য এক দুই তিন চার পাঁচ ছয় সাত আট নয়
பூஜ்ஜியம்|பூஜ்யம் ஒன்று|ஒண்ணு இரண்டு|ரெண்டு மூன்று|மூணு நான்கு|நாலு ஐந்து|அஞ்சு ஆறு ஏழு எட்டு ஒன்பது
صفر ایک|یک دو تین|سه چار|چهار پانچ|پنج چھ|شش سات|هفت آٹھ|هشت نو|نه
ศูนย์ หนึ่ง สอง|โท สาม สี่ ห้า หก เจ็ด แปด เก้า
אפס אחת|אחד שתיים|שניים שלוש|שלושה ארבע חמש שש שבע שמונה תשע
`

// foreignWords gives for each word the digits it may be: pairs of language and digit.
func foreignWords() map[string]string {
	m := make(map[string]string, 320)
	for lang, l := range strings.Split(strings.TrimSpace(tongues), "\n") {
		for digit, words := range strings.Fields(l) {
			for w := range strings.SplitSeq(words, "|") {
				if t := tokenise(w); len(t) == 1 {
					w = t[0].text
				}
				m[w] += string([]byte{byte(lang), '0' + byte(digit)})
			}
		}
	}
	return m
}

// tongue is a row of one language's numerals: tokens [from, to).
type tongue struct {
	from, to int
	lang     byte
}

// foreign finds the row of numerals of one language that token i begins.
func (r *reading) foreign(b *book, i int) tongue {
	first := b.foreign[r.toks[i].text]
	if first == "" {
		return tongue{}
	}
	alive, n, distinct, last := langsOf(first), 0, 0, ""
	to, was := i, ""
	j := i
	for ; j < len(r.toks) && j-i < 48; j++ {
		t := &r.toks[j]
		r.steps++
		if t.kind == sign && t.ch != '?' && t.ch != '!' || t.kind == emoji {
			continue
		}
		if t.kind == num && len(t.text) == 1 {
			n++
			to = j + 1
			continue
		}
		v := ""
		if t.kind == word {
			v = b.foreign[t.text]
		}
		if both := alive & langsOf(v); both != 0 {
			alive, to = both, j+1
			n++
			if t.text != last && t.text != was {
				distinct++
			}
			was, last = last, t.text
		} else if t.kind != word || !isFiller(t.text) {
			break
		}
	}
	if n < 7 || n > 16 || distinct < 3 {
		return tongue{}
	}
	lang := byte(0)
	for alive&1 == 0 {
		alive >>= 1
		lang++
	}
	return tongue{i, to, lang}
}

func langsOf(v string) uint64 {
	m := uint64(0)
	for k := 0; k < len(v); k += 2 {
		m |= 1 << v[k]
	}
	return m
}

// digit is what w stands for in the row's language; "" for nothing.
func (t tongue) digit(b *book, w string) string {
	v := b.foreign[w]
	for k := 0; k < len(v); k += 2 {
		if v[k] == t.lang {
			return v[k+1 : k+2]
		}
	}
	return ""
}

// hangul reads a word that begins with two or more of the Korean syllables that
// digits are read aloud by: 이공육.
func hangul(w string) string {
	if len(w) < 6 || w[0] < 0xEA || w[0] > 0xED {
		return ""
	}
	var room [16]byte
	d := room[:0]
	for _, c := range w {
		v := byte(0)
		switch c {
		case '공', '영':
			v = '0'
		case '일':
			v = '1'
		case '이':
			v = '2'
		case '삼':
			v = '3'
		case '사':
			v = '4'
		case '오':
			v = '5'
		case '육', '륙':
			v = '6'
		case '칠':
			v = '7'
		case '팔':
			v = '8'
		case '구':
			v = '9'
		}
		if v == 0 || len(d) == len(room) {
			break
		}
		d = append(d, v)
	}
	if len(d) < 2 {
		return ""
	}
	return string(d)
}

// looseDigit is the numeral a word sounds or looks like from afar: its
// consonants alone, or a word that rhymes with it. In a row of ten that is
// enough, and nowhere else.
func looseDigit(w string) byte {
	switch w {
	case "zr", "zro", "zer", "zo", "sero", "hero", "nero", "zeeroh", "zeroh", "xero", "nil":
		return '0'
	case "n", "wn", "ace", "wan", "nun", "bun", "sun", "un", "won", "gun":
		return '1'
	case "tw", "twu", "toe", "tea", "shoe", "chew", "tow", "tuh", "poo":
		return '2'
	case "thr", "tree", "free", "bee", "tee", "knee", "thee", "three", "tr", "tri", "sree":
		return '3'
	case "fr", "door", "more", "pour", "fir", "fur", "foor", "fower", "bore", "sore", "ford", "shore":
		return '4'
	case "fv", "ffv", "fve", "fiv", "hive", "dive", "jive", "fave", "live", "alive", "drive", "vive", "fife", "fav", "vife", "thrive":
		return '5'
	case "sx", "sks", "sick", "sicks", "pick", "picks", "stick", "sticks", "mix", "fix", "tix", "sics", "chicks", "ticks", "kicks", "licks", "bricks", "stix", "nix", "siks":
		return '6'
	case "svn", "sv", "sevn", "svin", "heaven", "leaven", "kevin", "evan", "seben", "sven", "devon", "sebum", "eleven":
		return '7'
	case "ght", "et", "egt", "ait", "gate", "late", "hate", "plate", "bait", "mate", "fate", "great", "aight", "eit", "wait":
		return '8'
	case "nn", "nne", "nin", "wine", "mine", "fine", "line", "pine", "dine", "shine", "nein", "noine", "nian", "vine", "spine", "nyn":
		return '9'
	}
	return boneDigit(w)
}

// boneDigit is the numeral a longer word has the consonants of, v and f being one.
func boneDigit(w string) byte {
	if len(w) < 4 || len(w) > 7 {
		return 0
	}
	var room [8]byte
	s := skeleton(w, room[:0])
	n := 0
	for _, c := range s {
		if c == 'v' {
			c = 'f'
		}
		if n > 0 && s[n-1] == c {
			continue
		}
		s[n] = c
		n++
	}
	switch string(s[:n]) {
	case "f":
		return '5'
	case "sfn":
		return '7'
	case "sr":
		return '0'
	case "tr":
		return '3'
	case "scs", "sx", "cs":
		return '6'
	case "egt", "at", "et":
		return '8'
	case "fr":
		return '4'
	case "wn":
		return '1'
	case "tw":
		return '2'
	}
	return 0
}

// counted reads figures told by how many there are of them: "a pair of nines",
// "a trio of 5s", "one more five", "a hat trick of fives", "goose egg".
func (r *reading) counted(b *book, i int) (string, int) {
	j := i
	if w := r.toks[j].text; w == "a" || w == "an" || w == "the" || w == "another" {
		j++
	}
	t := r.tok(j)
	if t.kind != word {
		return "", i
	}
	n := 0
	switch t.text {
	case "pair", "couple", "duo", "brace", "twosome", "par":
		n = 2
	case "trio", "threesome", "triplet", "triplets", "trifecta", "terna":
		n = 3
	case "hat":
		if r.tok(j+1).text != "trick" {
			return "", i
		}
		n = 3
		j++
	case "hattrick":
		n = 3
	case "quartet", "foursome", "quadruplet", "quadruplets", "cuarteto":
		n = 4
	case "goose", "duck":
		if r.tok(j+1).text == "egg" || r.tok(j+1).text == "eggs" {
			return "0", j + 2
		}
		return "", i
	case "one", "once":
		if d, ok := b.digits[r.tok(j+2).text]; t.text == "one" && r.tok(j+1).text == "more" && ok && d.sure >= 2 && d.kind == unit {
			return d.value, j + 3
		}
		return "", i
	case "dozen":
		return r.dozen(b, j)
	default:
		return "", i
	}
	j++
	if w := r.tok(j).text; w == "of" || w == "de" {
		j++
	}
	v, to := r.kindOf(b, j)
	if v == "" {
		return "", i
	}
	return strings.Repeat(v, n), to
}

// kindOf reads a figure in the plural at token j: "fives", "5s", "5's".
func (r *reading) kindOf(b *book, j int) (string, int) {
	t := r.tok(j)
	if t.kind == num && len(t.text) == 1 {
		if n := r.tok(j + 1); n.text == "s" && !n.space {
			return t.text, j + 2
		} else if n.ch == '\'' && r.tok(j+2).text == "s" {
			return t.text, j + 3
		}
		return "", j
	}
	if d, ok := b.digits[t.text]; ok && d.kind == plural {
		return d.value, j + 1
	}
	return "", j
}

// dozen reads "a dozen" and "a dozen minus four".
func (r *reading) dozen(b *book, j int) (string, int) {
	op := r.tok(j + 1).text
	d, ok := b.digits[r.tok(j+2).text]
	v := d.value
	if t := r.tok(j + 2); t.kind == num {
		v, ok = t.text, true
	}
	if !ok || len(v) != 1 || op != "minus" && op != "less" && op != "plus" {
		return "", j
	}
	n := 12 - int(v[0]-'0')
	if op == "plus" {
		n = 12 + int(v[0]-'0')
	}
	return strconv.Itoa(n), j + 3
}

// calculation reads one group that is to be worked out: "5x111", "111 times 5",
// "half of 128", "9 squared". What multiplies is a row of ones, or else it is a dose.
func (r *reading) calculation(i int) (string, int) {
	t := &r.toks[i]
	if t.kind == word && t.text == "half" {
		j := i + 1
		if r.tok(j).text == "of" {
			j++
		}
		if n := r.tok(j); j == i+2 && n.kind == num && len(n.text) >= 2 && len(n.text) <= 4 && number(n.text)%2 == 0 {
			return strconv.Itoa(number(n.text) / 2), j + 1
		}
		return "", i
	}
	if t.kind != num || len(t.text) > 4 {
		return "", i
	}
	if w := r.tok(i + 1).text; w == "squared" && len(t.text) <= 2 {
		return strconv.Itoa(number(t.text) * number(t.text)), i + 2
	}
	x, y := r.tok(i+1), r.tok(i+2)
	if y.kind != num || len(y.text) > 4 || !(x.kind == word && (x.text == "x" || x.text == "times") || x.kind == sign && x.ch == '*') {
		return "", i
	}
	a, o := t.text, y.text
	if len(a) > len(o) {
		a, o = o, a
	}
	if len(a) != 1 || len(o) < 2 || strings.Trim(o, "1") != "" {
		return "", i
	}
	return strings.Repeat(a, len(o)), i + 3
}

// figuring is a row of small sums, tokens [from, to): "4+2, 1-1, 2x1, 10/2".
type figuring struct{ from, to int }

// sumRow finds the row of small sums, and single figures between them, that token i begins.
func (r *reading) sumRow(i int) figuring {
	ops, others, digits, j := 0, 0, 0, i
	for j < len(r.toks) && j-i < 64 {
		r.steps++
		v, to := r.item(j)
		if v == "" {
			break
		}
		if to > j+1 {
			ops++
			if r.toks[j+1].ch != '-' {
				others++ // with nothing but dashes they are scores
			}
		}
		digits += len(v)
		j = to
		for j < len(r.toks) && (r.toks[j].kind == sign && strings.IndexByte(",;|", r.toks[j].ch) >= 0 || r.toks[j].kind == word && (r.toks[j].text == "then" || r.toks[j].text == "and")) {
			j++
		}
	}
	if ops < 3 || others == 0 || digits != 7 && digits != 10 && digits != 11 {
		return figuring{}
	}
	return figuring{i, j}
}

// item reads a figure or a sum of two at token j and where it ends.
func (r *reading) item(j int) (string, int) {
	x, op, y := r.tok(j), r.tok(j+1), r.tok(j+2)
	if x.kind != num || len(x.text) > 3 {
		return "", j
	}
	a := number(x.text)
	if y.kind == num && len(y.text) <= 3 {
		b, ok := number(y.text), true
		switch {
		case op.ch == '+' || op.text == "plus":
			a += b
		case op.ch == '-' || op.text == "minus":
			a -= b
		case op.ch == '*' || op.text == "x" || op.text == "times":
			a *= b
		case op.ch == '/' && b > 0 && a%b == 0:
			a /= b
		default:
			ok = false
		}
		if ok && a >= 0 && a < 1000 {
			return strconv.Itoa(a), j + 3
		}
		if ok {
			return "", j
		}
	}
	return x.text, j + 1
}

// hand is the figure a hand shows, as a picture; 0 for none.
func (r *reading) hand(i int) byte {
	t := &r.toks[i]
	if t.kind != emoji {
		return 0
	}
	switch c, _ := utf8.DecodeRuneInString(r.body[t.start:]); c {
	case '☝', '👆':
		return '1'
	case '✌':
		return '2'
	case '🖐', '✋':
		return '5'
	case '✊', '👌':
		return '0'
	}
	return 0
}

// byHand tells whether token i is a hand in a row of hands and figures as long as a phone.
func (r *reading) byHand(i int) bool {
	part := func(k int) int {
		if k < 0 || k >= len(r.toks) {
			return 0
		}
		if t := &r.toks[k]; t.kind == num && len(t.text) <= 4 {
			return len(t.text)
		}
		if r.hand(k) != 0 {
			return 1
		}
		return 0
	}
	n := part(i)
	for k := i - 1; k > i-14 && part(k) > 0; k-- {
		n += part(k)
	}
	for k := i + 1; k < i+14 && part(k) > 0; k++ {
		n += part(k)
	}
	return n == 7 || n == 10 || n == 11
}
