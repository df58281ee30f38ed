package screening

// slab is room for what the texts of one message are taken apart into: one
// piece of memory of each kind for all of them. Without it a thread of twenty
// short texts costs hundreds of small allocations. It is made for one call of
// Screen and belongs to nobody after it.
type slab struct {
	readings []reading
	toks     []token
	words    []wordRef
	places   []int32
	atoms    []atom
	taken    []bool
	marks    []found
	bytes    []byte
	starts   []int32
}

// newSlab makes room for texts of so many bytes in all. It is a guess: what
// does not fit is allocated by itself.
func newSlab(texts, bytes int) *slab {
	bytes = min(bytes, 4*MaxBody)
	return &slab{
		readings: make([]reading, 0, texts),
		toks:     make([]token, 0, bytes/4+8*texts),
		words:    make([]wordRef, 0, bytes/4+8*texts),
		places:   make([]int32, 0, bytes/4+9*texts),
		atoms:    make([]atom, 0, bytes/16+4*texts),
		taken:    make([]bool, 0, bytes/4+8*texts),
		marks:    make([]found, 0, bytes/6+8*texts),
		bytes:    make([]byte, 0, bytes/texts+64),
		starts:   make([]int32, 0, bytes/(4*texts)+16),
	}
}

// rest is what is left of a kind, to append to; kept ends that.
func rest[T any](s *[]T) []T { return (*s)[len(*s):] }

// kept takes what was appended to rest off the room, if it fitted, and closes it
// so that nobody can append into the next one's.
func kept[T any](s *[]T, used []T) []T {
	if left := cap(*s) - len(*s); cap(used) == left {
		*s = (*s)[:len(*s)+len(used)]
	}
	return used[:len(used):len(used)]
}

// sized gives a zeroed piece of n.
func sized[T any](s *[]T, n int) []T {
	if cap(*s)-len(*s) < n {
		return make([]T, n)
	}
	from := len(*s)
	*s = (*s)[:from+n]
	return (*s)[from : from+n : from+n]
}
