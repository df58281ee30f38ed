package routing_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	. "snout/shared/routing"
)

// Every pair of statuses: x where a report moves the first to the second.
func TestAdvance(t *testing.T) {
	all := []Status{"", Queued, Sending, Unknown, Sent, Delivered, Failed, Undelivered, Blocked, Received, "gone"}
	want := map[Status]string{
		"":          " queued sending unknown sent delivered failed undelivered",
		Queued:      " sending unknown sent delivered failed undelivered",
		Sending:     " unknown sent delivered failed undelivered",
		Unknown:     " sent delivered failed undelivered",
		Sent:        " delivered failed undelivered",
		Delivered:   "",
		Failed:      "",
		Undelivered: "",
		Blocked:     "",
		Received:    "",
		"gone":      " queued sending unknown sent delivered failed undelivered",
	}
	got := map[Status]string{}
	for _, from := range all {
		var b strings.Builder
		for _, to := range all {
			now, moved := from.Advance(to)
			switch {
			case moved && now != to, !moved && now != from:
				t.Errorf("%q on a report of %q is %q, moved: %t", from, to, now, moved)
			case moved:
				b.WriteString(" " + string(to))
			}
			if moved != (from.Rank() < to.Rank() && to.Rank() <= Delivered.Rank()) {
				t.Errorf("a condition by rank says otherwise for %q to %q", from, to)
			}
		}
		got[from] = b.String()
		if from.Final() != (b.Len() == 0) {
			t.Errorf("%q is final: %t, and can become%s", from, from.Final(), b.String())
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// Reports come late, twice and in any order: the status never goes back, and once
// an end is reached it stays.
func TestStatusesOnlyMoveForward(t *testing.T) {
	rapid.Check(quiet{t}, func(t *rapid.T) {
		s, end := Queued, Status("")
		for _, to := range rapid.SliceOf(rapid.SampledFrom([]Status{Queued, Sending, Unknown, Sent, Delivered, Failed, Undelivered, "", "x"})).Draw(t, "reports") {
			next, _ := s.Advance(to)
			if next.Rank() < s.Rank() || end != "" && next != end {
				t.Fatalf("%s went to %s", s, next)
			}
			if s = next; s.Final() {
				end = s
			}
		}
	})
}
