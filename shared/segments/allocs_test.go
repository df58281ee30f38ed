package segments_test

import (
	"strings"
	"testing"

	"snout/shared/segments"
)

// What is counted for every text that is typed or tried allocates nothing, however long.
func TestCountingAllocatesNothing(t *testing.T) {
	for _, text := range []string{"See you at nine, {Biscuit} is fed", "¿Cómo está? 🐶", strings.Repeat("a long text ", 130)} {
		if n := testing.AllocsPerRun(100, func() { segments.Count(text) }); n != 0 {
			t.Errorf("%.20q: %v allocations", text, n)
		}
	}
}
