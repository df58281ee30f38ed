package routing

import (
	"slices"
	"strings"
	"time"
)

// Holding is one open service thread of a client, with what choosing a number asks of it.
type Holding struct {
	Thread ThreadID
	Number NumberChoice
	// Serves are the sitters with a window in it that is not over, and the sitter of
	// its last one.
	Serves    []SitterID
	OpenUntil time.Time
	LastUsed  time.Time
}

// usable tells whether the thread can take windows: its number is in use and its
// cool-down is not over.
func (h Holding) usable(at time.Time) bool {
	return h.Number.Active && (h.OpenUntil.IsZero() || at.UnixMilli() <= h.OpenUntil.UnixMilli())
}

// NumberChoice is a number that may carry a service thread.
type NumberChoice struct {
	ID     NumberID
	Phone  Phone
	Class  Class
	Active bool
	Sitter SitterID
	// LastUsed is when this client last held a thread on it; zero if never.
	LastUsed time.Time
}

// Choice is where a service conversation goes.
type Choice struct {
	Thread    ThreadID     // an existing thread, or
	Number    NumberChoice // the number for a new one, or neither:
	Exhausted bool         // no pool number is free for this client
}

// Choose picks the thread or number for a client's talk with a sitter: the client's
// existing thread that serves this sitter; for a one-time client a pool number; the
// sitter's own active number; else a pool number. A booking that already stands in a
// pool thread (stay) and goes to a pool stays in that thread, whoever the sitter; a
// one-time client's goes into whatever pool thread is open. The order of holdings and
// of numbers does not matter.
func Choose(sitter SitterID, recurring bool, holdings []Holding, numbers []NumberChoice, stay ThreadID, now time.Time) Choice {
	open := slices.DeleteFunc(slices.Clone(holdings), func(h Holding) bool { return !h.usable(now) })
	slices.SortFunc(open, func(a, b Holding) int {
		// The sitter's own number first, then what was used last; the id decides ties,
		// so that the same facts choose the same thread whenever they are read.
		if x, y := a.Number.Sitter == sitter, b.Number.Sitter == sitter; x != y {
			if x {
				return -1
			}
			return 1
		}
		if c := b.LastUsed.Compare(a.LastUsed); c != 0 {
			return c
		}
		return strings.Compare(string(a.Thread), string(b.Thread))
	})
	for _, h := range open {
		if h.Number.Class == SitterNum && h.Number.Sitter == sitter || h.Number.Class == Pool && slices.Contains(h.Serves, sitter) {
			return Choice{Thread: h.Thread}
		}
	}
	if recurring {
		var own *NumberChoice
		for i := range numbers {
			n := &numbers[i]
			if n.Class == SitterNum && n.Active && n.Sitter == sitter && sitter != "" && (own == nil || n.ID < own.ID) {
				own = n
			}
		}
		if own != nil {
			return Choice{Number: *own}
		}
	}
	// Staying comes before what was used last: a booking must not wander between two
	// pool threads of its client.
	for _, h := range open {
		if h.Number.Class == Pool && h.Thread == stay && stay != "" {
			return Choice{Thread: h.Thread}
		}
	}
	for _, h := range open {
		if h.Number.Class == Pool && !recurring {
			return Choice{Thread: h.Thread}
		}
	}
	return leastRecentlyUsed(open, numbers)
}

func leastRecentlyUsed(open []Holding, numbers []NumberChoice) Choice {
	var best *NumberChoice
	for i := range numbers {
		n := &numbers[i]
		if n.Class != Pool || !n.Active || slices.ContainsFunc(open, func(h Holding) bool { return h.Number.ID == n.ID }) {
			continue
		}
		if best == nil || n.LastUsed.Before(best.LastUsed) || n.LastUsed.Equal(best.LastUsed) && n.ID < best.ID {
			best = n
		}
	}
	if best == nil {
		return Choice{Exhausted: true}
	}
	return Choice{Number: *best}
}
