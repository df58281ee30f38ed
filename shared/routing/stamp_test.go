package routing_test

import (
	"testing"
	"time"

	. "snout/shared/routing"
)

func TestStamp(t *testing.T) {
	for _, c := range []struct {
		name string
		at   time.Time
		want string
	}{
		{"whole seconds", noon, "2025-01-07T12:00:00Z"},
		{"milliseconds", noon.Add(90 * time.Millisecond), "2025-01-07T12:00:00.090Z"},
		{"what is finer is left out", noon.Add(999 * time.Microsecond), "2025-01-07T12:00:00Z"},
		{"another zone", noon.In(time.FixedZone("", -5*3600)), "2025-01-07T12:00:00Z"},
		{"no instant", time.Time{}, ""},
	} {
		if got := Stamp(c.at); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestTraceOfWhatIsNoFacts(t *testing.T) {
	for _, kept := range []string{"", "{", "[]", "null trailing"} {
		if got := Trace(kept, noon); got != nil {
			t.Errorf("%q: %v", kept, got)
		}
	}
}
