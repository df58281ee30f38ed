package screening

import "strings"

// digitWord is a figure in words. sure is 3 for a numeral, 2 for a spelling
// nobody uses for anything else, 1 for a word that is mostly something else
// ("to", "for", "ate"): those count only between surer ones.
type digitWord struct {
	value string
	sure  int8
	kind  digitKind
}

type digitKind uint8

const (
	unit    digitKind = iota // 0 to 9
	teen                     // 10 to 19
	ten                      // 20, 30, … which the next unit completes
	hundred                  // completes the unit before it
	repeat                   // double, triple: repeats the next unit
	plural                   // fives, zeros: repeats itself as often as the figure before says
)

// numerals lists value, sureness and words, by language: English, Spanish,
// Portuguese, Italian, French, German; then how people misspell and mishear them.
const numerals = `
0 3 zero cero zeros zeroes
0 2 null zeerow zeero zerro zer0 ziro siro sero cerro zro naught nought ohh zeroh zilch zippo noughty noughts nuthin
0 1 oh o owe ou aught ought goose zip nada nil nowt cipher cypher
1 3 one uno
1 2 isa wun oune onne uan wuan unno ein eins une hum uhno
1 1 won un una um wan wun i l juan on
2 3 two dos
2 2 dalawa twoo tew tuu twwo deux zwei zwo dois duas twu toow tuh doss doz
2 1 to too tu due tue tutu deuce
3 3 three tres
3 2 tatlo thre threee trois drei thrree tris trez treis treh thr33 tress thri fhree
3 1 tree tre free thee
4 3 four cuatro
4 2 kwatro apat foor fower quatro quattro quatre vier cuatr kuatro foar fourr qatro cuattro phour phor faw cwatro
4 1 for fore fo fur foe foh
5 3 five cinco
5 2 sinko singko fiv fve fyve fife faiv fiiv cinq cinque funf fuenf sinco zinco phive fivve fibe fahve fyv phyve faive
5 1 lima fie fi nickel
6 3 six seis
6 2 anim siks sicks sixx sechs sais seiz syx ceis siex sixe siqs seex siz zix sics
6 1 meia sex sei sis sick sax
7 3 seven siete
7 2 pito sevn svven sebn sevin seben svn sieben sette septt sete ciete siette sevan sevven sevun zeven cevin
7 1 sept
8 3 eight ocho
8 2 walo eigt eigth ayt eit acht otto huit oito hocho eihgt aight eyt ayte otcho eyght eiht oche ocio aite
8 1 ate ait hate
9 3 nine nueve
9 2 siyam nien nyne niner neun neuf nove nuebe nuve nein noin ninne nueb nyn nayn nueeve
9 1 nin nain nun
`

// more lists the bigger numerals: kind, value, words.
const more = `
teen 10 ten diez zehn dix dez
teen 11 eleven
teen 12 twelve doce douze
teen 11 onze
teen 13 treize
teen 14 quatorze
teen 15 quinze
teen 16 seize
teen 13 thirteen trece
teen 14 fourteen catorce
teen 15 fifteen quince
teen 16 sixteen dieciseis
teen 17 seventeen diecisiete
teen 18 eighteen dieciocho
teen 19 nineteen diecinueve
teen 21 veintiuno veintiun
teen 22 veintidos
teen 23 veintitres
teen 24 veinticuatro
teen 25 veinticinco
teen 26 veintiseis
teen 27 veintisiete
teen 28 veintiocho
teen 29 veintinueve
ten 2 twenty veinte twenny vingt vinte
ten 3 thirty thurty treinta trente
ten 4 forty fourty cuarenta quarante quarenta
ten 5 fifty fity fitty cincuenta cinquante cinquenta
ten 6 sixty sesenta soixante sessenta
ten 7 seventy sebenty setenta
ten 8 eighty ochenta
ten 9 ninety ninedy noventa
hundred 00 hundred cien ciento cientos hundreds hundo
hundred 000 thousand mil
hundred 2 doscientos
hundred 3 trescientos
hundred 4 cuatrocientos
hundred 5 quinientos
hundred 6 seiscientos
hundred 7 setecientos
hundred 8 ochocientos
hundred 9 novecientos
repeat 2 twice double dbl dubl doble doppel twin duble dubble
repeat 3 thrice triple treble trip tripple trpl tripl trebel triplo tripel
repeat 4 quadruple quad
plural 0 zeros zeroes ohs ceros os
plural 1 ones unos
plural 2 twos doses
plural 3 threes treses
plural 4 fours cuatros
plural 5 fives cincos
plural 6 sixes
plural 7 sevens sietes
plural 8 eights ochos
plural 9 nines nueves
`

func digitWords() map[string]digitWord {
	m := make(map[string]digitWord, 400)
	for _, l := range strings.Split(strings.TrimSpace(numerals), "\n") {
		f := strings.Fields(l)
		for _, w := range f[2:] {
			if _, ok := m[w]; !ok {
				m[w] = digitWord{value: f[0], sure: int8(f[1][0] - '0')}
			}
		}
	}
	kinds := map[string]digitKind{"teen": teen, "ten": ten, "hundred": hundred, "repeat": repeat, "plural": plural}
	for _, l := range strings.Split(strings.TrimSpace(more), "\n") {
		f := strings.Fields(l)
		for _, w := range f[2:] {
			m[w] = digitWord{value: f[1], sure: 3, kind: kinds[f[0]]}
		}
	}
	// These have a life of their own in plain talk.
	for _, w := range []string{"ones", "quad", "trip", "twin", "double", "twice", "thrice", "triple", "ten", "os", "dix", "doses", "mil"} {
		d := m[w]
		d.sure = 1
		m[w] = d
	}
	return m
}

// shapes holds what words look like from afar, by their first and last byte and
// their length: most words of a text look like no numeral, and to see that is
// much cheaper than to look them up.
type shapes [32 * 32 * 8 / 64]uint64

func (s *shapes) of(w string) int {
	return int(w[0]&31)<<8 | int(w[len(w)-1]&31)<<3 | len(w)&7
}

func (s *shapes) add(w string) {
	at := s.of(w)
	s[at/64] |= 1 << (at % 64)
}

func (s *shapes) holds(w string) bool {
	if w == "" {
		return false
	}
	at := s.of(w)
	return s[at/64]&(1<<(at%64)) != 0
}
