package screening

import "sort"

// What a word means, roughly: words that are used alike share a cluster, and
// clusters that are used alike share a field. So a text is judged by words that
// no training text had, if others like them were in some. The table is made by
// `go test ./shared/screening -run TestStems -vectors FILE` of word vectors
// (see openset/GUIDE.md), and looked up without the words themselves.
const (
	clusterCount = 800
	fieldCount   = 150
	rowBits      = 14 // of an entry; the rest tells a stem in the table from one that is not
	entryBits    = 24
)

// stem is the place of a word's stem in the table, or -1 for one that the table
// does not know. Stems are ordered by cluster. One unknown word in 1,024 is
// given some place by mistake.
func stem(hash uint32) int {
	const slots = uint32(len(stemTable) / 3 / 3)
	a, b, c, print := stemPlaces(hash, slots, stemSeed)
	e := stemEntry(a) ^ stemEntry(b) ^ stemEntry(c)
	if k := e & (1<<rowBits - 1); e>>rowBits == print && k < stemCount {
		return int(k)
	}
	return -1
}

// stem is the stem of word i, looked up once.
func (r *reading) stem(i int) int {
	w := &r.words[i]
	if w.stem == 0 {
		if w.stem = -1; !w.isNum {
			if k := stem(hashWord(r.toks[w.tok].text)); k >= 0 {
				w.stem = int32(k + 1)
			}
		}
	}
	return max(int(w.stem)-1, -1)
}

// clusterOf is the cluster of a stem, from 1; 0 for no stem.
func clusterOf(stem int) uint32 {
	if stem < 0 {
		return 0
	}
	return uint32(sort.Search(clusterCount, func(k int) bool { return int(clusterFrom[k]) > stem }))
}

func stemEntry(i uint32) uint32 {
	return uint32(stemTable[3*i]) | uint32(stemTable[3*i+1])<<8 | uint32(stemTable[3*i+2])<<16
}

// stemPlaces are the three entries whose exclusive or is the stem's place and
// print, one in each third of the table.
func stemPlaces(hash, slots, seed uint32) (a, b, c, print uint32) {
	h := uint64(hash+seed) * 0x9E3779B97F4A7C15
	h ^= h >> 29
	h *= 0xBF58476D1CE4E5B9
	h ^= h >> 32
	reduce := func(x uint64) uint32 { return uint32(x * uint64(slots) >> 16) }
	return reduce(h & 0xffff), slots + reduce(h>>16&0xffff), 2*slots + reduce(h>>32&0xffff), uint32(h>>48) & (1<<(entryBits-rowBits) - 1)
}
