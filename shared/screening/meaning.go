package screening

// What a word means, roughly: words that are used alike share a cluster, and
// clusters that are used alike share a field. So a text is judged by words that
// no training text had, if others like them were in some. The table is made by
// `go test ./shared/screening -run TestClusters -vectors FILE` of word vectors
// (see openset/GUIDE.md), and looked up without the words themselves.
const (
	clusterCount = 800
	fieldCount   = 150
	clusterBits  = 10 // of an entry; the rest tells a word in the table from one that is not
)

// cluster is the word's cluster from 1, or 0 for a word the table does not know.
// One unknown word in 64 is given some cluster by mistake.
func cluster(hash uint32) uint32 {
	const slots = uint32(len(clusterTable) / 2 / 3)
	a, b, c, print := clusterPlaces(hash, slots, clusterSeed)
	e := entry(a) ^ entry(b) ^ entry(c)
	if k := e & (1<<clusterBits - 1); e>>clusterBits == print && k < clusterCount {
		return k + 1
	}
	return 0
}

func entry(i uint32) uint32 {
	return uint32(clusterTable[2*i]) | uint32(clusterTable[2*i+1])<<8
}

// clusterPlaces are the three entries whose exclusive or is the word's value and
// print, one in each third of the table.
func clusterPlaces(hash, slots, seed uint32) (a, b, c, print uint32) {
	h := uint64(hash+seed) * 0x9E3779B97F4A7C15
	h ^= h >> 29
	h *= 0xBF58476D1CE4E5B9
	h ^= h >> 32
	reduce := func(x uint64) uint32 { return uint32(x * uint64(slots) >> 16) }
	return reduce(h & 0xffff), slots + reduce(h>>16&0xffff), 2*slots + reduce(h>>32&0xffff), uint32(h>>48) & (1<<(16-clusterBits) - 1)
}
