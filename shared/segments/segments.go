// Package segments counts what a text costs to send: carriers split a long text
// into parts and bill each one. The page counts the same way while somebody
// types; testdata/segments.json holds both to the same answers.
//
// It only counts. It never changes a text: what is counted is what is sent.
package segments

import "unicode/utf16"

// Encoding is how a carrier writes a text on the air.
type Encoding string

const (
	GSM7 Encoding = "GSM-7" // 7-bit letters: 160 in one part, 153 in each of several
	UCS2 Encoding = "UCS-2" // anything else: 70 UTF-16 units in one part, 67 in each of several
)

const (
	// basic is the default alphabet of 3GPP TS 23.038, section 6.2.1, without the escape.
	basic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	// extended is its extension table: each of these takes an escape and a letter.
	extended = "\f^{}\\[~]|€"
)

// Count says how a text would be written, how many units that takes (septets or
// UTF-16 units) and in how many billed parts. An empty text is no part at all.
func Count(text string) (encoding Encoding, units, parts int) {
	encoding, single, several := GSM7, 160, 153
	width := gsmWidth
	for _, r := range text {
		if gsmWidth(r) == 0 {
			encoding, single, several = UCS2, 70, 67
			width = utf16.RuneLen
			break
		}
	}
	// A letter of two units is never torn over two parts, so the parts have to
	// be filled one by one: dividing would come out one short now and then.
	fill := 0
	for _, r := range text {
		w := max(width(r), 1) // a broken UTF-8 byte is sent as one replacement letter
		units += w
		if fill+w > several || parts == 0 {
			parts, fill = parts+1, 0
		}
		fill += w
	}
	if units > 0 && units <= single {
		parts = 1
	}
	return encoding, units, parts
}

func gsmWidth(r rune) int {
	for _, b := range basic {
		if b == r {
			return 1
		}
	}
	for _, e := range extended {
		if e == r {
			return 2
		}
	}
	return 0
}
