package screening

// concept is a set of meanings a word can have.
type concept uint64

type digitWord struct {
	value string
	sure  int8
}

const (
	cPhone concept = 1 << iota
)

func emojiMeans(r rune) concept {
	switch r {
	case '📞', '☎', '📱', '📲', '🤙':
		return cPhone
	}
	return 0
}
