package runtime

import (
	"slices"
	"time"
)

// Stats is what was measured of one function since start.
type Stats struct {
	Started     int             // instances: processes, or handlers made
	Idle        int             // instances waiting for work
	Invocations int             // answered, well or not
	Cold        []time.Duration // from the start of each instance to its first answer, the latest 256
	Warm        []time.Duration // from the call to the answer on an instance that had answered before, the latest 256
}

const kept = 256

func (s *Stats) add(took time.Duration, cold bool) {
	s.Invocations++
	to := &s.Warm
	if cold {
		to = &s.Cold
	}
	if len(*to) == kept {
		*to = (*to)[1:]
	}
	*to = append(*to, took)
}

func (s Stats) clone() Stats {
	s.Cold, s.Warm = slices.Clone(s.Cold), slices.Clone(s.Warm)
	return s
}
