package screening

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestNetJudgesAsItLearned holds the quick way, sums of what was worked out for
// each word alone, against the plain one that training takes.
func TestNetJudgesAsItLearned(t *testing.T) {
	n := rulebook().trained.net
	rng := rand.New(rand.NewPCG(31, 32))
	some := func(most int) (words []netWord) {
		for range rng.IntN(most + 1) {
			w := netWord{row: rng.Int32N(stemCount + rowStems)}
			for range rng.IntN(4) {
				w.class |= 1 << rng.IntN(57)
			}
			words = append(words, w)
		}
		return words
	}
	codes := func() (marks []uint8) {
		for range rng.IntN(6) {
			marks = append(marks, uint8(rng.IntN(int(mCount)*4)))
		}
		return marks
	}
	for range 200 {
		words, prior, turn, marks, before := some(chunkWords), some(netPrior), rng.IntN(netTurns), codes(), codes()
		view := netView{net: n}
		view.begin(turn, prior, before)
		swap, alarm := view.judge(words, marks)
		wantSwap, wantAlarm := n.plainly(words, prior, turn, marks, before)
		if off := max(math.Abs(float64(swap-wantSwap)), math.Abs(float64(alarm-wantAlarm))); off > 1e-3 {
			t.Fatalf("%d words after %d: %v and %v, plainly %v and %v", len(words), len(prior), swap, alarm, wantSwap, wantAlarm)
		}
	}
}

// plainly is judge word by word and filter by filter.
func (n *net) plainly(words, prior []netWord, turn int, marks, before []uint8) (swap, alarm float32) {
	var pooled [netPooled]float32
	var at [netPooled]int
	from := 0
	for k, f := range netFilters {
		s := &netSide{words: words}
		if k >= netOfStretch {
			s.words = prior
		}
		for i, w := range s.words {
			for d := range netDim {
				v := n.scale * float32(int8(n.rows[int(w.row)*netDim+d]))
				for c := range 64 {
					if w.class>>c&1 != 0 {
						v += n.classes[c*netDim+d]
					}
				}
				s.laid[(i+1)*netDim+d] = v
			}
		}
		s.strongest(&n.filters[k], f.reach, pooled[from:from+f.count], at[from:])
		from += f.count
	}
	swap, alarm = n.outBias[0], n.outBias[1]
	for h := range netHidden {
		z := n.bias[h] + n.turns[turn*netHidden+h]
		for k, all := range [...][]uint8{marks, before} {
			seen := map[uint8]bool{}
			for _, m := range all {
				if !seen[m] {
					seen[m] = true
					z += [...][]float32{n.marks, n.before}[k][int(m)*netHidden+h]
				}
			}
		}
		for i, x := range pooled {
			z += x * n.hidden[h*netPooled+i]
		}
		if z > 0 {
			swap += z * n.out[h]
			alarm += z * n.out[netHidden+h]
		}
	}
	return swap, alarm
}
