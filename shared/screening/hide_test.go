package screening_test

import (
	"testing"

	"snout/shared/screening"
)

// Whatever a text was stopped for, its preview holds no number that could be dialled.
func TestAPreviewHoldsNoWholeNumber(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"my cell is 415-555-0191 any time", "my cell is +1415****0191 any time"},
		{"do u have iMessage? add me 7025550115 so the videos dont get squished", "do u have iMessage? add me +1702****0115 so the videos dont get squished"},
		{"wa.me/12065550142", "wa.me/****0142"},
		{"whatsapp me (702) 555 - 0115 ok", "whatsapp me (+1702****0115 ok"},
		{"skip the office and book me directly, gate code is 4411", "skip the office and book me directly, gate code is 4411"},
	} {
		v := screening.Screen(screening.Message{Text: screening.Text{Author: screening.Sitter, Body: c.text}})
		if got := v.Preview(c.text); !v.Swap || got != c.want {
			t.Errorf("%q (swap: %v) is previewed as %q, want %q", c.text, v.Swap, got, c.want)
		}
	}
}
