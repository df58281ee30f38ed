package screening_test

import (
	"strings"
	"testing"

	"snout/shared/screening"
)

// Time cannot be tested on a machine that does other things; what is allocated
// can. It grows with the number of texts and not with their length.
func TestFewAllocations(t *testing.T) {
	full := message(longText())
	for range screening.MaxContext {
		full.Context = append(full.Context, screening.Text{Author: screening.Client, Body: "ok, 202 then 555 it is, he ate at 7:30"})
	}
	long := message(longText())
	for range screening.MaxContext {
		long.Context = append(long.Context, screening.Text{Author: screening.Client, Body: longText()})
	}
	for _, tt := range []struct {
		name string
		m    screening.Message
		most float64
	}{
		{"a short text", message("he ate at 7:30, all good, see you tomorrow"), 24},
		{"a short text with a phone", message("call me on 202-555-0123 tonight"), 40},
		{"1600 characters after 20 short texts", full, 115},
		{"1600 characters after 20 of 1600", long, 70},
		{"1600 digits", message(strings.Repeat("5", 1600)), 26},
		{"800 single digits", message(strings.Repeat("5 ", 800)), 40},
	} {
		screening.Screen(tt.m) // compiles the rules
		if n := testing.AllocsPerRun(20, func() { screening.Screen(tt.m) }); n > tt.most {
			t.Errorf("%s: %v allocations, at most %v may be", tt.name, n, tt.most)
		}
	}
}
