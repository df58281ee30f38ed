package screening_test

import (
	"strings"
	"testing"

	"snout/shared/screening"
)

// Twice the text may take twice the work and a little more, never four times.
func TestWorkGrowsWithTheTextAndNoFaster(t *testing.T) {
	for _, piece := range []string{
		"5", "5 ", "five ", "five-", "to too for ", "(", ".", "@", "a@", "a.", "a_", "$a", "www.", "at gmail dot ", "http://", "🐾5", "5\u200b", "7:30 ", "+1 ", "a b c d ",
		"skip the office and book me directly ", "call me my number is ", "w h a t s a p p ", "x1", "dot com ", "my my my my ", "pay me ", "don't ", "venmo ", "visiting mom 5 ", "text me a pic 555 ", "five-one-two-KITTENS ", "fivr oen ", "KLondike 5-0142 ", "ends 0144, starts 310 ", "V I ", "quatre-vingt-dix ", "nam bay ", "nam bay nam bay nam bay x ", "4+2, ", "4+2, 3 ", "✌️1 ", "A=1 ", "A is one ", "5a0b", "5a0b ", "pair of ", "fave hive ", "to fave ", "five by three ", "or 0145 ",
	} {
		const size = 4000
		small := strings.Repeat(piece, size/len(piece))
		one := screening.Steps(message(small))
		two := screening.Steps(message(small + small))
		if two > 2*one+one/2+500 {
			t.Errorf("%q: %d steps for %d bytes, %d for twice that", piece, one, len(small), two)
		}
	}
}

func TestOnlyTheNewestTextsOfTheThreadAreRead(t *testing.T) {
	m := message("0123")
	for i := 0; i < 500; i++ {
		m.Context = append(m.Context, screening.Text{Author: screening.Client, Body: "he ate 2 cups at 7:30"})
	}
	many := screening.Steps(m)
	m.Context = m.Context[len(m.Context)-screening.MaxContext:]
	if few := screening.Steps(m); many != few {
		t.Errorf("%d steps with 500 texts before, %d with the newest %d", many, few, screening.MaxContext)
	}
}
