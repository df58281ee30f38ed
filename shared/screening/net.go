package screening

import (
	_ "embed"
	"encoding/binary"
	"math"
	"sort"
	"sync/atomic"
)

// The net is the second opinion of the trained part: a small convolutional
// network over the words of a stretch in their order (after Kim, "Convolutional
// neural networks for sentence classification", 2014), where the linear models
// know only pairs. What it says is added to what they said, of as many words as
// its budget allows, in a long text of the stretches that they find worst.
//
// A word comes in as a vector: its stem's, which began as a public word vector and
// was trained on, and those of the classes it belongs to. Filters look at one,
// two and three words at a time, other filters at the text before; each gives its
// strongest match. These, the marks of the rules and the turn (who spoke before)
// go through one hidden layer to two logits: a swap, an emergency.
//
// Weights come from `go test ./shared/screening -run TestTrain -train`.
const (
	netDim    = 32
	netHidden = 32
	netMarks  = 64 * 4         // room for as many kinds of marks, so that a new kind leaves the packed net as it is
	netTurns  = 3              // nothing before, the other before, the same before
	netPrior  = 24             // words of the text before
	netBudget = 3 * chunkWords // words that it is asked about in one text: a bound on the work

	// The first rows are no stems.
	rowUnknown, rowNumber, rowName, rowStems = 0, 1, 2, 3
)

// netFilters are the filters' numbers and reach in words: over the stretch, then over the text before.
var netFilters = [...]struct{ count, reach int }{{16, 1}, {32, 2}, {32, 3}, {16, 1}, {16, 2}}

const (
	netPooledHere = 16 + 32 + 32
	netPooled     = netPooledHere + 16 + 16
	netWideHere   = 16 + 2*32 + 3*32
	netWide       = netWideHere + 16 + 2*16
	netOfStretch  = 3 // of the filters
)

// net is the trained numbers. The rows of the words stay as they are packed, a
// signed byte for each number: a text needs few of them.
type net struct {
	rows  string
	scale float32

	filters [len(netFilters)]filter
	classes []float32 // netDim for each class
	turns   []float32 // netHidden for each turn
	marks   []float32 // netHidden for each mark and weight
	before  []float32 // the same, of the text before
	hidden  []float32 // netPooled for each of netHidden
	bias    []float32
	out     []float32 // netHidden for each of the two
	outBias []float32

	// What the filters make of a row or a class alone never changes, so it is worked
	// out once in a process, when it is first met; two that meet it at once work out the same.
	ofRow   []atomic.Pointer[projection]
	ofClass [64]atomic.Pointer[projection]
}

// projection is what every filter makes of a word's vector in each of the places
// that it looks at: filter by filter, place by place.
type projection [netWide]float32

// filter is some filters of one reach: each a weight for every number of the words it looks at.
type filter struct{ weights, bias []float32 }

// layers are the net's numbers but for the rows, in the order they are packed in.
func (n *net) layers(f func(layer *[]float32, size int)) {
	for k, x := range netFilters {
		f(&n.filters[k].weights, x.count*x.reach*netDim)
		f(&n.filters[k].bias, x.count)
	}
	f(&n.classes, 64*netDim)
	f(&n.turns, netTurns*netHidden)
	f(&n.marks, netMarks*netHidden)
	f(&n.before, netMarks*netHidden)
	f(&n.hidden, netPooled*netHidden)
	f(&n.bias, netHidden)
	f(&n.out, 2*netHidden)
	f(&n.outBias, 2)
}

//go:embed net.bin
var netPacked string

// unpack reads what pack wrote: for each layer what a whole byte stands for, as a
// float32, then a signed byte for each number; last the rows.
func unpack(packed string) *net {
	n := &net{}
	size := 4
	n.layers(func(_ *[]float32, of int) { size += 4 + of })
	if len(packed) != size+(stemCount+rowStems)*netDim {
		panic("screening: net.bin is of another shape: go test ./shared/screening -run TestTrain -train")
	}
	step := func() float32 {
		bits := binary.LittleEndian.Uint32([]byte(packed[:4]))
		packed = packed[4:]
		return math.Float32frombits(bits)
	}
	n.layers(func(layer *[]float32, size int) {
		by := step()
		*layer = make([]float32, size)
		for i := range *layer {
			(*layer)[i] = by * float32(int8(packed[i]))
		}
		packed = packed[size:]
	})
	n.scale, n.rows = step(), packed
	n.ofRow = make([]atomic.Pointer[projection], len(n.rows)/netDim)
	return n
}

// netWord is a word as the net sees it.
type netWord struct {
	row   int32
	class uint64
}

// netWordsOf appends the words [from, to).
func (r *reading) netWordsOf(b *book, from, to int, out []netWord) []netWord {
	for i := from; i < to; i++ {
		w := &r.words[i]
		r.steps++
		x := netWord{row: rowUnknown}
		if w.lex != 0 {
			x.class = b.classes[w.lex]
		}
		switch {
		case w.isNum:
			x.row = rowNumber
		case w.lex == 0 && w.isName:
			x.row = rowName
		default:
			x.row = int32(r.stem(i) + rowStems)
			if x.row < rowStems {
				x.row = rowUnknown
			}
		}
		out = append(out, x)
	}
	return out
}

func markCode(m *found) uint8 { return uint8(m.mark)<<2 + uint8(min(m.weight, 100)/34) }

// netMarksOf appends the marks of words [from, to).
func (r *reading) netMarksOf(from, to int, out []uint8) []uint8 {
	for k := sort.Search(len(r.marks), func(k int) bool { return r.marks[k].from >= from }); k < len(r.marks) && r.marks[k].from < to; k++ {
		r.steps++
		if m := &r.marks[k]; m.to <= to {
			out = append(out, markCode(m))
		}
	}
	return out
}

// netBefore gives the turn and appends the words and the marks of the text before, as prior does for the linear models.
func (r *reading) netBefore(b *book, words []netWord, marks []uint8) (int, []netWord, []uint8) {
	p := r.before
	if p == nil || len(r.words) > priorWords {
		return 0, words, marks
	}
	words = p.netWordsOf(b, max(0, len(p.words)-netPrior), len(p.words), words)
	for k := range p.marks {
		r.steps++
		marks = append(marks, markCode(&p.marks[k]))
	}
	if p.author == r.author {
		return 2, words, marks
	}
	return 1, words, marks
}

// project works out a projection.
func (n *net) project(v *[netDim]float32) *projection {
	p, at := &projection{}, 0
	for k, x := range netFilters {
		for place := range x.reach {
			for f := range x.count {
				p[at] = dot(n.filters[k].weights[(f*x.reach+place)*netDim:][:netDim], v[:])
				at++
			}
		}
	}
	return p
}

func (n *net) row(row int32) *projection {
	if p := n.ofRow[row].Load(); p != nil {
		return p
	}
	var v [netDim]float32
	for d, x := range []byte(n.rows[int(row)*netDim:][:netDim]) {
		v[d] = n.scale * float32(int8(x))
	}
	p := n.project(&v)
	n.ofRow[row].Store(p)
	return p
}

func (n *net) class(class uint32) *projection {
	if p := n.ofClass[class].Load(); p != nil {
		return p
	}
	p := n.project((*[netDim]float32)(n.classes[class*netDim:]))
	n.ofClass[class].Store(p)
	return p
}

// lay writes the words' projections, of the numbers [from, to) of each.
func (n *net) lay(words []netWord, from, to int, out []float32) {
	for _, w := range words {
		v := out[:to-from]
		copy(v, n.row(w.row)[from:to])
		for c := w.class; c != 0; c &= c - 1 {
			for d, x := range n.class(low(c))[from:to] {
				v[d] += x
			}
		}
		out = out[to-from:]
	}
}

// match is what each of the filters [from, to) finds at a word that is laid out,
// given the ones before and after it, nil where there is none. A filter of two
// looks at a word and the next, one of three at the one before, too.
func (n *net) match(from, to int, before, here, after, found []float32) {
	for k := from; k < to; k++ {
		x := &netFilters[k]
		out, bias := found[:x.count], n.filters[k].bias[:x.count]
		wide := x.count * x.reach
		mid := here[:wide]
		if x.reach == 3 {
			mid = mid[x.count:]
		}
		mid = mid[:x.count]
		for f := range out {
			out[f] = mid[f] + bias[f]
		}
		if x.reach == 3 && before != nil {
			for f, y := range before[:x.count] {
				out[f] += y
			}
		}
		if x.reach > 1 && after != nil {
			for f, y := range after[wide-x.count : wide] {
				out[f] += y
			}
		}
		if before != nil {
			before = before[wide:]
		}
		if after != nil {
			after = after[wide:]
		}
		here, found = here[wide:], found[x.count:]
	}
}

// pool gives the strongest match of each of the filters [from, to) among words
// that are laid out, none below zero.
func (n *net) pool(from, to int, laid []float32, wide int, pooled []float32) {
	var found [netPooledHere]float32
	var before, after []float32
	for i := 0; i < len(laid); i += wide {
		after = nil
		if i+wide < len(laid) {
			after = laid[i+wide:][:wide]
		}
		n.match(from, to, before, laid[i:], after, found[:])
		for f, z := range found[:len(pooled)] {
			if z > pooled[f] {
				pooled[f] = z
			}
		}
		before = laid[i:][:wide]
	}
}

// netView is a text as the net works on it, one stretch after the other.
type netView struct {
	net    *net
	laid   [chunkWords * netWideHere]float32 // what the filters make of each word of the stretch
	hidden [netHidden]float32                // before the words' part: the bias, the turn, the text before
}

// begin sets what all stretches of a text have in common.
func (v *netView) begin(turn int, prior []netWord, before []uint8) {
	const wide = netWide - netWideHere
	n := v.net
	var laid [netPrior * wide]float32
	n.lay(prior, netWideHere, netWide, laid[:])
	var pooled [netPooled - netPooledHere]float32
	n.pool(netOfStretch, len(netFilters), laid[:len(prior)*wide], wide, pooled[:])
	copy(v.hidden[:], n.bias)
	v.add(&v.hidden, n.turns, turn)
	v.marks(&v.hidden, n.before, before)
	for h := range v.hidden {
		v.hidden[h] += dot(n.hidden[h*netPooled+netPooledHere:][:len(pooled)], pooled[:])
	}
}

func (v *netView) add(hidden *[netHidden]float32, of []float32, k int) {
	for h, x := range of[k*netHidden:][:netHidden] {
		hidden[h] += x
	}
}

// marks adds what each of some marks says, once.
func (v *netView) marks(hidden *[netHidden]float32, of []float32, marks []uint8) {
	var seen [(netMarks + 63) / 64]uint64
	for _, m := range marks {
		if bit := uint64(1) << (m % 64); seen[m/64]&bit == 0 {
			seen[m/64] |= bit
			v.add(hidden, of, int(m))
		}
	}
}

// judge is what the net says of some words, as two logits.
func (v *netView) judge(words []netWord, marks []uint8) (swap, alarm float32) {
	n := v.net
	n.lay(words, 0, netWideHere, v.laid[:])
	var pooled [netPooledHere]float32
	n.pool(0, netOfStretch, v.laid[:len(words)*netWideHere], netWideHere, pooled[:])
	hidden := v.hidden
	v.marks(&hidden, n.marks, marks)
	swap, alarm = n.outBias[0], n.outBias[1]
	for h, z := range hidden {
		if z += dot(n.hidden[h*netPooled:][:netPooledHere], pooled[:]); z > 0 {
			swap += z * n.out[h]
			alarm += z * n.out[netHidden+h]
		}
	}
	return swap, alarm
}

// dot is the sum of the products; len(a) is a multiple of eight.
func dot(a, b []float32) float32 {
	var s, t, u, v float32
	for len(a) >= 8 && len(b) >= 8 {
		x, y := (*[8]float32)(a), (*[8]float32)(b)
		s += x[0]*y[0] + x[4]*y[4]
		t += x[1]*y[1] + x[5]*y[5]
		u += x[2]*y[2] + x[6]*y[6]
		v += x[3]*y[3] + x[7]*y[7]
		a, b = a[8:], b[8:]
	}
	return s + t + (u + v)
}
