package screening_test

import (
	"math/rand/v2"
	"testing"

	"snout/shared/screening"
	"snout/shared/screening/openset"
)

// TestAnyThread puts texts of the open set and pieces of phones into threads that
// nobody had, by either party in any order: whatever was said before, a text is
// read to its end and its spans lie within it. Pieces come often, since what joins
// them looks at several texts at once.
func TestAnyThread(t *testing.T) {
	cases, err := openset.All()
	if err != nil {
		t.Fatal(err)
	}
	var bodies []string
	for _, c := range cases {
		for _, x := range c.Texts {
			if len(x.Text) < 120 {
				bodies = append(bodies, x.Text)
			}
		}
	}
	pieces := []string{
		"202", "555", "0123", "202 555", "555 0123", "202-555-01", "23", "012", "3", "0132", "two oh two", "and the rest?", "yes", "yep, call me there", "no", "ok", "what's the end?",
		"and the front 202 555?", "is it 0123 or 0132 at the end?", "the second", "my cell is", "starts with 202", "ends in 23", "call me", "that's my number", "202 555 0123", "0123 is the door code",
		"dana", "@", "gmail", "dot com", "$", "venmo?", "insta?", "same name as here", "dana.walks", "where?", "the first three", "5 5 5", "",
	}
	rng := rand.New(rand.NewPCG(21, 22))
	text := func() screening.Text {
		x := screening.Text{Author: screening.Sitter, Body: pieces[rng.IntN(len(pieces))]}
		if rng.IntN(4) == 0 {
			x.Body = bodies[rng.IntN(len(bodies))]
		}
		if rng.IntN(2) == 0 {
			x.Author = screening.Client
		}
		return x
	}
	for range 20000 {
		m := screening.Message{Text: text()}
		for range rng.IntN(7) {
			m.Context = append(m.Context, text())
		}
		func() {
			defer func() {
				if e := recover(); e != nil {
					t.Fatalf("%v: %+v", e, m)
				}
			}()
			for _, s := range screening.Screen(m).Spans {
				if s.Start < 0 || s.End <= s.Start || s.End > len(m.Text.Body) {
					t.Fatalf("span %v of %+v", s, m)
				}
			}
		}()
	}
}
