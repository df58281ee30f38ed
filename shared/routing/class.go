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
// sitter's own active number; else a pool number. A one-time client with an open
// pool thread stays in it, whoever the sitter; so does a booking that already
// stands in a pool thread (stay) and is only handed to another sitter without a
// number.
func Choose(sitter SitterID, recurring bool, holdings []Holding, numbers []NumberChoice, stay ThreadID, now time.Time) Choice {
	open := slices.DeleteFunc(slices.Clone(holdings), func(h Holding) bool {
		return !h.Number.Active || !h.OpenUntil.IsZero() && now.After(h.OpenUntil)
	})
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
		for _, n := range numbers {
			if n.Class == SitterNum && n.Active && n.Sitter == sitter && sitter != "" {
				return Choice{Number: n}
			}
		}
	}
	for _, h := range open {
		if h.Number.Class == Pool && (!recurring || h.Thread == stay) {
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
