package routing_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	. "snout/shared/routing"
)

const day = 24 * time.Hour

var (
	annsNumber = NumberChoice{ID: "n-ann", Class: SitterNum, Active: true, Sitter: "ann"}
	bobsNumber = NumberChoice{ID: "n-bob", Class: SitterNum, Active: true, Sitter: "bob"}
)

func pool(id NumberID, lastUsed time.Time) NumberChoice {
	return NumberChoice{ID: id, Class: Pool, Active: true, LastUsed: lastUsed}
}

func resting(n NumberChoice) NumberChoice { n.Active = false; return n }

func TestChoose(t *testing.T) {
	onAnns := Holding{Thread: "t-o-ann", Number: annsNumber, Serves: []SitterID{"ann"}, LastUsed: noon.Add(-day)}
	onP1 := Holding{Thread: "t-o-p1", Number: pool("p1", noon.Add(-day)), Serves: []SitterID{"bob"}, OpenUntil: noon.Add(day), LastUsed: noon.Add(-day)}
	onP2 := Holding{Thread: "t-o-p2", Number: pool("p2", noon.Add(-2*day)), Serves: []SitterID{"cleo"}, OpenUntil: noon.Add(day), LastUsed: noon.Add(-2 * day)}
	change := func(h Holding, f func(*Holding)) Holding { f(&h); return h }
	over := func(h *Holding) { h.OpenUntil = noon.Add(-1) }
	numbers := []NumberChoice{annsNumber, pool("p1", noon.Add(-day)), pool("p2", noon.Add(-2*day)), pool("p3", noon.Add(-3*day))}
	for _, c := range []struct {
		name      string
		sitter    SitterID
		recurring bool
		holdings  []Holding
		numbers   []NumberChoice
		stay      ThreadID
		want      Choice
	}{
		{"a recurring client gets their sitter's number", "ann", true, nil, numbers, "", Choice{Number: annsNumber}},
		{"a one-time client gets a pool number", "ann", false, nil, numbers, "", Choice{Number: pool("p3", noon.Add(-3*day))}},
		{"a recurring client whose sitter has none gets a pool number", "bob", true, nil, numbers, "", Choice{Number: pool("p3", noon.Add(-3*day))}},
		{"a sitter's number that rests is none", "ann", true, nil, []NumberChoice{resting(annsNumber), pool("p1", noon)}, "", Choice{Number: pool("p1", noon)}},
		{"of two numbers of one sitter always the same", "ann", true, nil, []NumberChoice{{ID: "n-ann2", Class: SitterNum, Active: true, Sitter: "ann"}, annsNumber}, "", Choice{Number: annsNumber}},

		{"the existing thread on the sitter's number comes first", "ann", true, []Holding{onAnns, onP1}, numbers, "", Choice{Thread: "t-o-ann"}},
		{"also for a one-time booking", "ann", false, []Holding{onP1, onAnns}, numbers, "", Choice{Thread: "t-o-ann"}},
		{"also if the last window in it was a cover's", "ann", true, []Holding{change(onAnns, func(h *Holding) { h.Serves = []SitterID{"bob"} })}, numbers, "", Choice{Thread: "t-o-ann"}},
		{"the existing pool thread that serves the sitter comes before the sitter's number", "bob", true, []Holding{onP1}, []NumberChoice{bobsNumber, pool("p2", noon)}, "", Choice{Thread: "t-o-p1"}},
		{"the sitter's own number comes before a pool thread that serves them", "ann", true, []Holding{change(onP1, func(h *Holding) { h.Serves, h.LastUsed = []SitterID{"ann"}, noon }), onAnns}, numbers, "", Choice{Thread: "t-o-ann"}},
		{"a thread whose number rests serves nobody", "ann", true, []Holding{change(onAnns, func(h *Holding) { h.Number.Active = false })}, []NumberChoice{resting(annsNumber), pool("p2", noon)}, "", Choice{Number: pool("p2", noon)}},
		{"a closed thread serves nobody, and its number may come again", "bob", true, []Holding{change(onP1, over)}, []NumberChoice{pool("p1", noon.Add(-day))}, "", Choice{Number: pool("p1", noon.Add(-day))}},
		{"a thread is open at its last instant", "bob", true, []Holding{change(onP1, func(h *Holding) { h.OpenUntil = noon })}, numbers, "", Choice{Thread: "t-o-p1"}},
		{"another sitter's thread does not serve this one", "bob", true, []Holding{onAnns}, []NumberChoice{bobsNumber}, "", Choice{Number: bobsNumber}},

		{"a one-time client stays in their open pool thread, whoever the sitter", "ann", false, []Holding{onP1}, numbers, "", Choice{Thread: "t-o-p1"}},
		{"of several the one used last", "ann", false, []Holding{onP2, onP1}, numbers, "", Choice{Thread: "t-o-p1"}},
		{"of several the one used last, whatever its name", "ann", false, []Holding{onP1, change(onP2, func(h *Holding) { h.LastUsed = noon })}, numbers, "", Choice{Thread: "t-o-p2"}},
		{"but a booking does not wander between two", "ann", false, []Holding{onP2, onP1}, numbers, "t-o-p2", Choice{Thread: "t-o-p2"}},
		{"unless the other one serves the sitter", "bob", false, []Holding{onP2, onP1}, numbers, "t-o-p2", Choice{Thread: "t-o-p1"}},
		{"a one-time client does not stay in a closed one", "ann", false, []Holding{change(onP1, over)}, numbers, "t-o-p1", Choice{Number: pool("p3", noon.Add(-3*day))}},
		{"a one-time client does not move into another sitter's thread", "bob", false, []Holding{onAnns}, numbers, "t-o-ann", Choice{Number: pool("p3", noon.Add(-3*day))}},
		{"a recurring client's booking stays on its pool number when handed to a sitter without one", "dan", true, []Holding{onP1}, numbers, "t-o-p1", Choice{Thread: "t-o-p1"}},
		{"but goes to the number of a sitter who has one", "ann", true, []Holding{onP1}, numbers, "t-o-p1", Choice{Number: annsNumber}},
		{"a recurring client's other booking does not join it", "dan", true, []Holding{onP1}, numbers, "", Choice{Number: pool("p3", noon.Add(-3*day))}},

		{"the number this client used longest ago", "x", false, nil, []NumberChoice{pool("p1", noon.Add(-5*day)), pool("p2", noon.Add(-9*day)), pool("p3", noon.Add(-7*day))}, "", Choice{Number: pool("p2", noon.Add(-9*day))}},
		{"or never", "x", false, nil, []NumberChoice{pool("p1", noon.Add(-5*day)), pool("p2", time.Time{})}, "", Choice{Number: pool("p2", time.Time{})}},
		{"of several never used the least id", "x", false, nil, []NumberChoice{pool("p3", time.Time{}), pool("p2", time.Time{})}, "", Choice{Number: pool("p2", time.Time{})}},
		{"never one on which the client holds a thread", "x", true, []Holding{onP1, onP2}, []NumberChoice{pool("p1", time.Time{}), pool("p2", time.Time{}), pool("p3", noon)}, "", Choice{Number: pool("p3", noon)}},
		{"never one that rests", "x", false, nil, []NumberChoice{resting(pool("p1", time.Time{})), pool("p3", noon)}, "", Choice{Number: pool("p3", noon)}},
		{"never the front desk's", "x", false, nil, []NumberChoice{{ID: "f", Class: FrontDesk, Active: true}}, "", Choice{Exhausted: true}},
		{"never another sitter's", "x", true, nil, []NumberChoice{annsNumber}, "", Choice{Exhausted: true}},
		{"exhausted when every number is held", "x", true, []Holding{onP1, onP2}, numbers[:3], "", Choice{Exhausted: true}},
		{"exhausted when there is none", "x", false, nil, nil, "", Choice{Exhausted: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, holdings := range permutations(c.holdings) {
				for _, numbers := range permutations(c.numbers) {
					if d := cmp.Diff(c.want, Choose(c.sitter, c.recurring, holdings, numbers, c.stay, noon)); d != "" {
						t.Fatalf("(-want +got):\n%s", d)
					}
				}
			}
		})
	}
}

// Choices do not depend on the order in which facts were read, leave them as they
// were, and never put two threads of a client on one number.
func TestChoiceDependsOnFactsAlone(t *testing.T) {
	often(t, func(t *rapid.T) {
		sitters := []SitterID{"ann", "bob", "cleo"}
		at := func(label string) time.Time {
			return noon.Add(time.Duration(rapid.IntRange(-3, 3).Draw(t, label)) * day)
		}
		var numbers []NumberChoice
		var holdings []Holding
		for i := range rapid.IntRange(0, 6).Draw(t, "numbers") {
			n := NumberChoice{ID: NumberID("n" + strconv.Itoa(i)), Class: rapid.SampledFrom(Classes[:]).Draw(t, "class"), Active: rapid.IntRange(0, 3).Draw(t, "rests") > 0, LastUsed: at("used")}
			if n.Class == SitterNum {
				n.Sitter = rapid.SampledFrom(sitters).Draw(t, "whose")
			}
			numbers = append(numbers, n)
			if n.Class != FrontDesk && rapid.Bool().Draw(t, "held") {
				h := Holding{Thread: ThreadID("t-o-" + strconv.Itoa(i)), Number: n, Serves: []SitterID{rapid.SampledFrom(sitters).Draw(t, "serves")}, LastUsed: n.LastUsed}
				if n.Class == Pool {
					h.OpenUntil = at("until")
				}
				holdings = append(holdings, h)
			}
		}
		sitter, recurring := rapid.SampledFrom(sitters).Draw(t, "sitter"), rapid.Bool().Draw(t, "recurring")
		stay := rapid.SampledFrom([]ThreadID{"", "t-o-0", "t-o-1"}).Draw(t, "stay")
		before := slices.Clone(holdings)
		c := Choose(sitter, recurring, holdings, numbers, stay, noon)
		if d := cmp.Diff(before, holdings); d != "" {
			t.Fatalf("the holdings were changed:\n%s", d)
		}
		if d := cmp.Diff(c, Choose(sitter, recurring, rapid.Permutation(slices.Clone(holdings)).Draw(t, "holdings"), rapid.Permutation(slices.Clone(numbers)).Draw(t, "order"), stay, noon)); d != "" {
			t.Fatalf("another order chooses otherwise:\n%s", d)
		}
		answers := 0
		for _, is := range []bool{c.Thread != "", c.Number.ID != "", c.Exhausted} {
			if is {
				answers++
			}
		}
		if answers != 1 {
			t.Fatalf("not one answer: %+v", c)
		}
		open := func(h Holding) bool { return h.Number.Active && (h.OpenUntil.IsZero() || !h.OpenUntil.Before(noon)) }
		for _, h := range holdings {
			switch {
			case h.Thread == c.Thread && !open(h):
				t.Fatal("a thread that is closed or whose number rests")
			case h.Thread == c.Thread && h.Number.Class == SitterNum && h.Number.Sitter != sitter:
				t.Fatal("another sitter's number")
			case h.Number.ID == c.Number.ID && open(h):
				if h.Number.Class == Pool {
					t.Fatal("a second thread on a pool number")
				}
				if h.Number.Sitter == sitter {
					t.Fatal("a second thread on the sitter's number")
				}
			}
		}
		if c.Number.ID != "" {
			if !c.Number.Active || c.Number.Class == FrontDesk || c.Number.Class == SitterNum && (!recurring || c.Number.Sitter != sitter) {
				t.Fatalf("the wrong number: %+v", c.Number)
			}
		}
		if c.Exhausted {
			for _, n := range numbers {
				if n.Class == Pool && n.Active && !slices.ContainsFunc(holdings, func(h Holding) bool { return h.Number.ID == n.ID && open(h) }) {
					t.Fatalf("exhausted, though %s is free", n.ID)
				}
			}
		}
	})
}
