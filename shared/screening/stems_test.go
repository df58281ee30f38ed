package screening

import (
	"bufio"
	"flag"
	"fmt"
	"go/format"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"
)

var vectors = flag.String("vectors", "", "make the table of stems again from this file of word vectors: a word and its numbers on each line, commonest words first")

// wordVector is a word of the file, with the sum of the vectors of all words that hash alike.
type wordVector struct {
	hash uint32
	v    []float32
}

// mostCommon is how many words of the file are taken whatever the open set says;
// those after it only if they occur in it.
const mostCommon = 11000

// TestStems makes stems.go and training/vectors.bin.
func TestStems(t *testing.T) {
	if *vectors == "" {
		t.Skip("only with -vectors")
	}
	used := map[string]bool{}
	note := func(body string) {
		for _, k := range tokenise(body) {
			if k.kind == word {
				used[k.text] = true
			}
		}
	}
	b := rulebook()
	for _, e := range examples(t, b) {
		note(e.text.Body)
	}
	for _, e := range written(t, b) {
		note(e.text.Body)
	}
	for _, e := range templates(t, b) {
		note(e.text.Body)
	}
	words := readVectors(t, *vectors, used)
	t.Logf("%d stems", len(words))
	var points [][]float32
	for _, w := range words {
		points = append(points, w.v)
	}
	rng := rand.New(rand.NewPCG(9, 10))
	centres, of := kmeans(points, clusterCount, rng)
	_, field := kmeans(centres, fieldCount, rng)

	// By cluster, so that where each begins says which a stem belongs to.
	order := rng.Perm(len(words))
	slices.SortStableFunc(order, func(i, j int) int { return of[i] - of[j] })
	var out strings.Builder
	out.WriteString(strings.Replace(generated, "-run TestTrain -train", "-run TestStems -vectors FILE", 1))
	values := make([]uint32, len(words))
	from := make([]int, clusterCount)
	for place, i := range order {
		values[i] = uint32(place)
	}
	for k := range from {
		from[k] = sort.Search(len(order), func(p int) bool { return of[order[p]] >= k })
	}
	seed, table := perfect(t, words, values)
	fmt.Fprintf(&out, "\nconst (\n\tstemCount = %d\n\tstemSeed  = %d\n)\n", len(words), seed)
	writeWeights(&out, "stemTable", "a stem's place, three entries of three bytes together,", table)
	out.WriteString("\n// clusterFrom is the first stem of each cluster.\nvar clusterFrom = [clusterCount]uint16{")
	for k, p := range from {
		if k%20 == 0 {
			out.WriteString("\n\t")
		}
		fmt.Fprintf(&out, "%d, ", p)
	}
	out.WriteString("\n}\n")
	fields := make([]byte, clusterCount)
	for i, f := range field {
		fields[i] = byte(f)
	}
	writeWeights(&out, "fieldOf", "a cluster's field,", string(fields))
	source, err := format.Source([]byte(out.String()))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("stems.go", source, 0o644); err != nil {
		t.Fatal(err)
	}
	short := principal(points, netDim, rng)
	packed := make([]byte, 0, len(words)*netDim)
	for _, i := range order {
		for _, x := range short[i] {
			packed = append(packed, byte(int8(max(-127, min(127, math.Round(float64(x)*vectorScale))))))
		}
	}
	if err := os.WriteFile("training/vectors.bin", packed, 0o644); err != nil {
		t.Fatal(err)
	}
}

// vectorScale is how much of a byte one is in training/vectors.bin.
const vectorScale = 127

// principal gives the points in the dim directions in which they differ most, by
// orthogonal iteration on their covariance.
func principal(points [][]float32, dim int, rng *rand.Rand) [][]float32 {
	wide := len(points[0])
	mean := make([]float64, wide)
	for _, p := range points {
		for i, x := range p {
			mean[i] += float64(x) / float64(len(points))
		}
	}
	cov := make([]float64, wide*wide)
	for _, p := range points {
		for i := range p {
			x := float64(p[i]) - mean[i]
			for j := range p {
				cov[i*wide+j] += x * (float64(p[j]) - mean[j])
			}
		}
	}
	axes := make([][]float64, dim)
	for k := range axes {
		axes[k] = make([]float64, wide)
		for i := range axes[k] {
			axes[k][i] = rng.NormFloat64()
		}
	}
	for range 200 {
		for k, a := range axes {
			next := make([]float64, wide)
			for i := range next {
				for j, x := range a {
					next[i] += cov[i*wide+j] * x
				}
			}
			for _, b := range axes[:k] {
				along := 0.0
				for i := range b {
					along += next[i] * b[i]
				}
				for i := range b {
					next[i] -= along * b[i]
				}
			}
			length := 0.0
			for _, x := range next {
				length += x * x
			}
			for i := range next {
				next[i] /= math.Sqrt(length)
			}
			axes[k] = next
		}
	}
	out := make([][]float32, len(points))
	for n, p := range points {
		out[n] = make([]float32, dim)
		for k, a := range axes {
			for i, x := range p {
				out[n][k] += float32((float64(x) - mean[i]) * a[i])
			}
		}
	}
	return out
}

func readVectors(t *testing.T, name string, used map[string]bool) (words []wordVector) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<20)
	at := map[uint32]int{}
	for n := 0; s.Scan(); n++ {
		w, rest, _ := strings.Cut(s.Text(), " ")
		if strings.Trim(w, "abcdefghijklmnopqrstuvwxyz") != "" || n >= mostCommon && !used[w] {
			continue
		}
		var v []float32
		length := 0.0
		for x := range strings.FieldsSeq(rest) {
			y, err := strconv.ParseFloat(x, 32)
			if err != nil {
				t.Fatalf("line %d: %v", n+1, err)
			}
			v = append(v, float32(y))
			length += y * y
		}
		for i := range v {
			v[i] /= float32(math.Sqrt(length) + 1e-9)
		}
		h := hashWord(w)
		if k, ok := at[h]; ok {
			for i := range v {
				words[k].v[i] += v[i] / 2 // a rarer form of a word that was there
			}
			continue
		}
		at[h] = len(words)
		words = append(words, wordVector{h, v})
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	return words
}

// kmeans groups points by direction, and gives the centres and the group of each point.
func kmeans(points [][]float32, k int, rng *rand.Rand) (centres [][]float32, of []int) {
	unit := func(v []float32) []float32 {
		sum := 0.0
		for _, x := range v {
			sum += float64(x) * float64(x)
		}
		out := make([]float32, len(v))
		for i, x := range v {
			out[i] = x / float32(math.Sqrt(sum)+1e-9)
		}
		return out
	}
	all := make([][]float32, len(points))
	for i, p := range points {
		all[i] = unit(p)
	}
	for _, i := range rng.Perm(len(all))[:k] {
		centres = append(centres, slices.Clone(all[i]))
	}
	of = make([]int, len(all))
	for range 25 {
		sums := make([][]float32, k)
		for j := range sums {
			sums[j] = make([]float32, len(all[0]))
		}
		for i, p := range all {
			best := float32(-2)
			for j, c := range centres {
				dot := float32(0)
				for d, x := range p {
					dot += x * c[d]
				}
				if dot > best {
					best, of[i] = dot, j
				}
			}
			for d, x := range p {
				sums[of[i]][d] += x
			}
		}
		for j := range centres {
			centres[j] = unit(sums[j])
		}
	}
	return centres, of
}

// perfect lays the values out so that three entries give each word's, by taking
// off, again and again, a word that alone uses an entry.
func perfect(t *testing.T, words []wordVector, values []uint32) (uint32, string) {
	t.Helper()
	slots := uint32(len(words)*125/300 + 32)
	for seed := uint32(1); seed < 200; seed++ {
		uses := make([][]int, 3*slots)
		place := func(i int) []uint32 {
			a, b, c, print := stemPlaces(words[i].hash, slots, seed)
			return []uint32{a, b, c, print}
		}
		for i := range words {
			for _, p := range place(i)[:3] {
				uses[p] = append(uses[p], i)
			}
		}
		type step struct {
			word int
			at   uint32
		}
		var order []step
		var queue []uint32
		for p := range uses {
			if len(uses[p]) == 1 {
				queue = append(queue, uint32(p))
			}
		}
		for len(queue) > 0 {
			p := queue[0]
			queue = queue[1:]
			if len(uses[p]) != 1 {
				continue
			}
			i := uses[p][0]
			order = append(order, step{i, p})
			for _, q := range place(i)[:3] {
				uses[q] = slices.DeleteFunc(uses[q], func(x int) bool { return x == i })
				if len(uses[q]) == 1 {
					queue = append(queue, q)
				}
			}
		}
		if len(order) < len(words) {
			continue
		}
		table := make([]uint32, 3*slots)
		slices.Reverse(order)
		for _, s := range order {
			p := place(s.word)
			want := values[s.word] | p[3]<<rowBits
			for _, q := range p[:3] {
				if q != s.at {
					want ^= table[q]
				}
			}
			table[s.at] = want
		}
		out := make([]byte, 0, 3*len(table))
		for _, e := range table {
			out = append(out, byte(e), byte(e>>8), byte(e>>16))
		}
		return seed, string(out)
	}
	t.Fatal("no seed lays the table out")
	return 0, ""
}
