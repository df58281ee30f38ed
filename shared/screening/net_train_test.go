package screening

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"os"
	"sync"
	"testing"
)

// How the net is trained: Adam (Kingma and Ba, 2015) over batches, with dropout
// of words, of their vectors' numbers, of what the filters found and of marks, so
// that no single one is relied on. Every random choice has a fixed seed and the
// workers' shares are added in their order, so the same data gives the same net.
const (
	netWords     = 2 * chunkWords // of a text, at most
	netEpochs    = 6
	netBatch     = 64
	netWorkers   = 2
	netRate      = 2e-3
	netRowRate   = netRate / 2
	netDecay     = 4e-5
	netAlarmCost = 0.7 // of an emergency beside a swap
	netMadeCost  = 0.3 // of a text from a template, or of a stretch of another
	dropWord     = 0.06
	dropNumber   = 0.15
	dropFound    = 0.3
	netVectors   = 2.0 / vectorScale
)

// netInput is a stretch as the net sees it.
type netInput struct {
	words, prior  []netWord
	marks, before []uint8 // mark and weight
	turn          int
}

// netInputOf is what the net sees of words [from, to).
func (r *reading) netInputOf(b *book, from, to int) (in netInput) {
	in.turn, in.prior, in.before = r.netBefore(b, nil, nil)
	in.words = r.netWordsOf(b, from, to, nil)
	in.marks = r.netMarksOf(from, to, nil)
	return in
}

// learner is a net whose rows can be learned, or what is to be added to one.
type learner struct {
	net
	words []float32 // netDim for each row
}

func newLearner() *learner {
	l := &learner{words: make([]float32, (stemCount+rowStems)*netDim)}
	l.layers(func(layer *[]float32, size int) { *layer = make([]float32, size) })
	return l
}

// begin sets what a net knows before it learns: the words' vectors, and noise.
func (l *learner) begin(t *testing.T, rng *rand.Rand) {
	vectors, err := os.ReadFile("training/vectors.bin")
	if err != nil || len(vectors) != stemCount*netDim {
		t.Fatalf("training/vectors.bin: %d bytes, %v: go test ./shared/screening -run TestStems -vectors FILE makes it", len(vectors), err)
	}
	for i, x := range vectors {
		l.words[rowStems*netDim+i] = netVectors * float32(int8(x))
	}
	noise := func(layer []float32, in int) {
		for i := range layer {
			layer[i] = float32(rng.NormFloat64() / math.Sqrt(float64(in)))
		}
	}
	for k, f := range netFilters {
		noise(l.filters[k].weights, f.reach*netDim)
	}
	noise(l.hidden, netPooled)
	noise(l.out, netHidden)
}

// pack writes the net as unpack reads it.
func (l *learner) pack() string {
	var out []byte
	put := func(layer []float32, widest float64) {
		by := float32(widest / 127)
		out = binary.LittleEndian.AppendUint32(out, math.Float32bits(by))
		for _, x := range layer {
			out = append(out, byte(int8(max(-127, min(127, math.Round(float64(x/by)))))))
		}
	}
	l.layers(func(layer *[]float32, _ int) {
		widest := 1e-9
		for _, x := range *layer {
			widest = max(widest, math.Abs(float64(x)))
		}
		put(*layer, widest)
	})
	square := 0.0
	for _, x := range l.words {
		square += float64(x) * float64(x)
	}
	put(l.words, 5*math.Sqrt(square/float64(len(l.words)))) // the few wider ones are cut
	return string(out)
}

// netWorker learns from some examples of a batch.
type netWorker struct {
	grad    *learner
	touched []int32 // rows with something to add
	is      []bool
	here    netSide
	before  netSide
	loss    float64
}

// netSide is the words of a stretch, or of the text before, on their way in and back.
type netSide struct {
	words []netWord
	laid  [(netWords + 2) * netDim]float32
	keep  [(netWords + 2) * netDim]float32
	back  [(netWords + 2) * netDim]float32
}

// lay is net.lay with dropout.
func (s *netSide) lay(l *learner, words []netWord, rng *rand.Rand) {
	s.words = append(s.words[:0], words...)
	size := (len(words) + 2) * netDim
	clear(s.laid[:size])
	clear(s.back[:size])
	for i := range s.words {
		w := &s.words[i]
		if rng.Float32() < dropWord {
			w.row = rowUnknown
		}
		v, keep := s.laid[(i+1)*netDim:][:netDim], s.keep[(i+1)*netDim:][:netDim]
		copy(v, l.words[int(w.row)*netDim:])
		for c := w.class; c != 0; c &= c - 1 {
			for d, x := range l.classes[int(low(c))*netDim:][:netDim] {
				v[d] += x
			}
		}
		dropout(keep, dropNumber, rng)
		for d := range v {
			v[d] *= keep[d]
		}
	}
}

// dropout sets what each of some numbers is to be multiplied with: nothing, or a little more than one.
func dropout(keep []float32, rate float32, rng *rand.Rand) {
	for i := range keep {
		keep[i] = 0
		if rng.Float32() >= rate {
			keep[i] = 1 / (1 - rate)
		}
	}
}

// strongest is filter.strongest, telling where the match is.
func (s *netSide) strongest(f *filter, reach int, pooled []float32, at []int) {
	size, first := reach*netDim, netDim
	if reach == 3 {
		first = 0
	}
	clear(pooled)
	for i := range s.words {
		x := s.laid[first+i*netDim:][:size]
		for k := range pooled {
			if z := f.bias[k] + dot(f.weights[k*size:][:size], x); z > pooled[k] {
				pooled[k], at[k] = z, first+i*netDim
			}
		}
	}
}

// carry takes what is to be changed in what the filters found back to their weights and the words.
func (s *netSide) carry(f, grad *filter, reach int, pooled, change []float32, at []int) {
	size := reach * netDim
	for k := range pooled {
		if pooled[k] <= 0 || change[k] == 0 {
			continue
		}
		grad.bias[k] += change[k]
		x, back := s.laid[at[k]:][:size], s.back[at[k]:][:size]
		w, g := f.weights[k*size:][:size], grad.weights[k*size:][:size]
		for d := range x {
			g[d] += change[k] * x[d]
			back[d] += change[k] * w[d]
		}
	}
}

// back takes what is to be changed in the words' vectors to their rows and classes.
func (w *netWorker) back(s *netSide) {
	for i := range s.words {
		x := &s.words[i]
		v, keep := s.back[(i+1)*netDim:][:netDim], s.keep[(i+1)*netDim:][:netDim]
		for d := range v {
			v[d] *= keep[d]
		}
		if !w.is[x.row] {
			w.is[x.row] = true
			w.touched = append(w.touched, x.row)
		}
		for d, g := range w.grad.words[int(x.row)*netDim:][:netDim] {
			w.grad.words[int(x.row)*netDim+d] = g + v[d]
		}
		for c := x.class; c != 0; c &= c - 1 {
			g := w.grad.classes[int(low(c))*netDim:][:netDim]
			for d := range v {
				g[d] += v[d]
			}
		}
	}
}

// learn adds to grad what one example has to say.
func (w *netWorker) learn(l *learner, e *example, swapCost, alarmCost float32, rng *rand.Rand) {
	w.here.lay(l, e.in.words, rng)
	w.before.lay(l, e.in.prior, rng)
	var pooled, change, keep [netPooled]float32
	var at [netPooled]int
	sideOf := func(k int) *netSide {
		if k < netOfStretch {
			return &w.here
		}
		return &w.before
	}
	for k, from := 0, 0; k < len(netFilters); k++ {
		to := from + netFilters[k].count
		sideOf(k).strongest(&l.filters[k], netFilters[k].reach, pooled[from:to], at[from:to])
		from = to
	}
	dropout(keep[:], dropFound, rng)
	var found [netPooled]float32
	for i := range pooled {
		found[i] = pooled[i] * keep[i]
	}
	var hidden [netHidden]float32
	copy(hidden[:], l.bias)
	var adds, grads [][]float32
	adds, grads = append(adds, l.turns[e.in.turn*netHidden:][:netHidden]), append(grads, w.grad.turns[e.in.turn*netHidden:][:netHidden])
	for k, marks := range [...][]uint8{e.in.marks, e.in.before} {
		of, grad := l.marks, w.grad.marks
		if k == 1 {
			of, grad = l.before, w.grad.before
		}
		var seen [netMarks]bool
		for _, m := range marks {
			if seen[m] || rng.Float32() < dropFound {
				continue
			}
			seen[m] = true
			adds, grads = append(adds, of[int(m)*netHidden:][:netHidden]), append(grads, grad[int(m)*netHidden:][:netHidden])
		}
	}
	swap, alarm := l.outBias[0], l.outBias[1]
	for h := range hidden {
		for _, a := range adds {
			hidden[h] += a[h]
		}
		hidden[h] += dot(l.hidden[h*netPooled:][:netPooled], found[:])
		if hidden[h] > 0 {
			swap += hidden[h] * l.out[h]
			alarm += hidden[h] * l.out[netHidden+h]
		}
	}
	dSwap, lossSwap := wrong(swap, e.swap)
	dAlarm, lossAlarm := wrong(alarm, e.alarm)
	dSwap, dAlarm = dSwap*swapCost, dAlarm*alarmCost
	w.loss += float64(lossSwap*swapCost + lossAlarm*alarmCost)

	g := w.grad
	g.outBias[0] += dSwap
	g.outBias[1] += dAlarm
	for h, z := range hidden {
		if z <= 0 {
			continue
		}
		g.out[h] += dSwap * z
		g.out[netHidden+h] += dAlarm * z
		d := dSwap*l.out[h] + dAlarm*l.out[netHidden+h]
		g.bias[h] += d
		for _, a := range grads {
			a[h] += d
		}
		weights, grad := l.net.hidden[h*netPooled:][:netPooled], g.net.hidden[h*netPooled:][:netPooled]
		for i := range grad {
			grad[i] += d * found[i]
			change[i] += d * weights[i]
		}
	}
	for i := range change {
		change[i] *= keep[i]
	}
	for k, from := 0, 0; k < len(netFilters); k++ {
		to := from + netFilters[k].count
		sideOf(k).carry(&l.filters[k], &g.filters[k], netFilters[k].reach, pooled[from:to], change[from:to], at[from:to])
		from = to
	}
	w.back(&w.here)
	w.back(&w.before)
}

// wrong is how wrong a logit is, and which way it should go.
func wrong(z float32, yes bool) (change, loss float32) {
	s := float32(sigmoid(float64(z)))
	if yes {
		return s - 1, -float32(math.Log(float64(max(s, 1e-9))))
	}
	return s, -float32(math.Log(float64(max(1-s, 1e-9))))
}

// costs are what an example counts for, as a swap and as an emergency.
func (e *example) costs() (swap, alarm float32) {
	swap, alarm = 1, netAlarmCost
	if e.made || e.part || e.amid {
		swap, alarm = swap*netMadeCost, alarm*netMadeCost
	}
	if e.skip {
		swap = 0
	}
	if e.part {
		alarm = 0
	}
	return swap, alarm
}

// fitNet trains a net.
func fitNet(t *testing.T, set []example) string {
	t.Helper()
	rng := rand.New(rand.NewPCG(11, 12))
	l, first, second := newLearner(), newLearner(), newLearner()
	l.begin(t, rng)
	workers := make([]*netWorker, netWorkers)
	for k := range workers {
		workers[k] = &netWorker{grad: newLearner(), is: make([]bool, stemCount+rowStems)}
	}
	var order []int
	for i := range set {
		if swap, alarm := set[i].costs(); swap > 0 || alarm > 0 {
			order = append(order, i)
		}
	}
	steps := netEpochs * (len(order) / netBatch)
	n := 0
	for epoch := range netEpochs {
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for from := 0; from+netBatch <= len(order); from += netBatch {
			n++
			batch := order[from : from+netBatch]
			var wait sync.WaitGroup
			for k, w := range workers {
				wait.Go(func() {
					for j := k; j < len(batch); j += netWorkers {
						e := &set[batch[j]]
						swap, alarm := e.costs()
						w.learn(l, e, swap/netBatch, alarm/netBatch, rand.New(rand.NewPCG(uint64(epoch), uint64(batch[j]))))
					}
				})
			}
			wait.Wait()
			for _, w := range workers[1:] {
				workers[0].take(w)
			}
			rate := float32(1-float64(n)/float64(steps)) + 0.005
			l.adam(workers[0], first, second, rate, n)
		}
		t.Logf("epoch %d: loss %.4f", epoch+1, workers[0].loss/float64(len(order)/netBatch))
		workers[0].loss = 0
	}
	return l.pack()
}

// take adds another worker's part to w's and empties it.
func (w *netWorker) take(o *netWorker) {
	var to [][]float32
	w.grad.layers(func(layer *[]float32, _ int) { to = append(to, *layer) })
	k := 0
	o.grad.layers(func(layer *[]float32, _ int) {
		for i, x := range *layer {
			to[k][i] += x
		}
		clear(*layer)
		k++
	})
	for _, row := range o.touched {
		o.is[row] = false
		if !w.is[row] {
			w.is[row] = true
			w.touched = append(w.touched, row)
		}
		from := o.grad.words[int(row)*netDim:][:netDim]
		for d, x := range from {
			w.grad.words[int(row)*netDim+d] += x
		}
		clear(from)
	}
	o.touched = o.touched[:0]
	w.loss += o.loss
	o.loss = 0
}

// adam changes the net by what the worker has gathered, and empties it.
func (l *learner) adam(w *netWorker, first, second *learner, rate float32, n int) {
	fix1, fix2 := 1-math.Pow(.9, float64(n)), 1-math.Pow(.999, float64(n))
	change := func(at, grad, m, v []float32, rate, decay float32) {
		for i, g := range grad {
			g += decay * at[i]
			m[i] += .1 * (g - m[i])
			v[i] += .001 * (g*g - v[i])
			at[i] -= rate * (m[i] / float32(fix1)) / (float32(math.Sqrt(float64(v[i])/fix2)) + 1e-8)
		}
		clear(grad)
	}
	var all [4][][]float32
	for k, x := range [...]*learner{l, w.grad, first, second} {
		x.layers(func(layer *[]float32, _ int) { all[k] = append(all[k], *layer) })
	}
	for k := range all[0] {
		change(all[0][k], all[1][k], all[2][k], all[3][k], rate*netRate, netDecay)
	}
	for _, row := range w.touched {
		w.is[row] = false
		at := func(x *learner) []float32 { return x.words[int(row)*netDim:][:netDim] }
		change(at(l), at(w.grad), at(first), at(second), rate*netRowRate, 0)
	}
	w.touched = w.touched[:0]
}
