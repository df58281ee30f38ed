package routing

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// PoolUse is one pool thread of one client: from its being made to the end of its
// cool-down, both inclusive. All that time the thread holds its number for that
// client, so the client's other threads need other numbers.
type PoolUse struct {
	Client ClientID
	From   time.Time
	Until  time.Time
}

// PoolNeed is how many pool numbers are needed, and the first instant and client
// that need so many. The zero value needs none.
type PoolNeed struct {
	Size   int
	At     time.Time
	Client ClientID
}

// PoolSize is the smallest pool that serves all uses: the largest number of threads
// that any one client holds at one instant. Clients do not compete with each other;
// a number serves as many of them as write to it.
//
// One fewer cannot do, since at that instant two threads of that client would stand
// on one number. So many can, even though threads are made without knowledge of
// what comes: when a client needs a new thread, the others they hold open then are
// fewer than the size, so a number is left over.
func PoolSize(uses []PoolUse) PoolNeed {
	type edge struct {
		client ClientID
		at     time.Time
		step   int
	}
	edges := make([]edge, 0, 2*len(uses))
	for _, u := range uses {
		if u.Until.Before(u.From) {
			continue
		}
		edges = append(edges, edge{u.Client, u.From, 1}, edge{u.Client, u.Until, -1})
	}
	slices.SortFunc(edges, func(a, b edge) int {
		// Beginnings before ends: both are inclusive, so two that touch do overlap.
		return cmp.Or(strings.Compare(string(a.client), string(b.client)), a.at.Compare(b.at), b.step-a.step)
	})
	var need PoolNeed
	open := 0 // every client's edges add up to nothing, so it starts anew by itself
	for _, e := range edges {
		open += e.step
		if open > need.Size || open == need.Size && open > 0 && e.step > 0 && e.at.Before(need.At) {
			need = PoolNeed{Size: open, At: e.at, Client: e.client}
		}
	}
	return need
}

// PoolTimes are the instants at which another pool is needed than before, soonest
// first, each with the client who then holds the most threads; the last needs none.
func PoolTimes(uses []PoolUse) []PoolNeed {
	type edge struct {
		at     time.Time
		client ClientID
		step   int
	}
	var edges []edge
	for _, u := range uses {
		if u.Until.Before(u.From) {
			continue
		}
		// An end is inclusive, to the millisecond that windows are kept in.
		edges = append(edges, edge{u.From, u.Client, 1}, edge{u.Until.Add(time.Millisecond), u.Client, -1})
	}
	slices.SortFunc(edges, func(a, b edge) int {
		return cmp.Or(a.at.Compare(b.at), strings.Compare(string(a.client), string(b.client)), b.step-a.step)
	})
	held := map[ClientID]int{}
	holders := []int{0} // how many clients hold so many threads
	top := 0
	var needs []PoolNeed
	for i, e := range edges {
		before := held[e.client]
		held[e.client] += e.step
		for len(holders) <= held[e.client] {
			holders = append(holders, 0)
		}
		holders[before]--
		holders[held[e.client]]++
		top = max(top, held[e.client])
		for top > 0 && holders[top] == 0 {
			top--
		}
		if i+1 < len(edges) && edges[i+1].at.Equal(e.at) {
			continue // only what holds once all of an instant is done
		}
		if n := len(needs); n == 0 && top > 0 || n > 0 && needs[n-1].Size != top {
			need := PoolNeed{Size: top, At: e.at}
			for c, k := range held {
				if k == top && top > 0 && (need.Client == "" || c < need.Client) {
					need.Client = c
				}
			}
			needs = append(needs, need)
		}
	}
	return needs
}

// PoolBooking is what the size of a pool asks of one booking.
type PoolBooking struct {
	Client ClientID
	Sitter SitterID
	// Recurring is of the client and the booking together; OwnNumber is whether the
	// sitter has an active number.
	Recurring bool
	OwnNumber bool
	// Made is when the conversation begins: when its thread is (or will be) made, at
	// the latest when the first window begins.
	Made    time.Time
	Windows []Window
}

// PoolUses are the pool threads that bookings make, by the same choice that makes
// them: bookings that share a thread are one use, from the making of the thread to
// its last window's end and the cool-down after it.
func PoolUses(bookings []PoolBooking, cooldown time.Duration) []PoolUse {
	sorted := slices.Clone(bookings)
	slices.SortFunc(sorted, func(a, b PoolBooking) int {
		return cmp.Or(strings.Compare(string(a.Client), string(b.Client)), a.made().Compare(b.made()), strings.Compare(string(a.Sitter), string(b.Sitter)),
			a.end().Compare(b.end()))
	})
	var uses []PoolUse
	type talk struct {
		Holding
		windows []Window
		use     int // its index in uses; -1 for one on a sitter's number, which is no use of the pool
	}
	var talks []talk // of the client at hand
	for i, b := range sorted {
		if i == 0 || sorted[i-1].Client != b.Client {
			talks = nil
		}
		if len(b.Windows) == 0 {
			continue
		}
		at, until := b.made(), b.end().Add(cooldown)
		// An endless pool: there is always one number more than there are threads.
		next := strconv.Itoa(len(talks))
		numbers := []NumberChoice{{ID: NumberID(next), Class: Pool, Active: true}}
		if b.OwnNumber {
			numbers = append(numbers, NumberChoice{ID: "own", Class: SitterNum, Active: true, Sitter: b.Sitter})
		}
		var holdings []Holding
		for k := range talks {
			talks[k].Serves = Serves(talks[k].windows, at)
			holdings = append(holdings, talks[k].Holding)
		}
		c := Choose(b.Sitter, b.Recurring, holdings, numbers, "", at)
		k := slices.IndexFunc(talks, func(t talk) bool { return t.Thread == c.Thread })
		if k < 0 {
			k = len(talks)
			talks = append(talks, talk{Holding: Holding{Thread: ThreadID(next), Number: c.Number}, use: -1})
			if c.Number.Class == Pool {
				talks[k].use = len(uses)
				uses = append(uses, PoolUse{Client: b.Client, From: at})
			}
		}
		t := &talks[k]
		t.LastUsed, t.windows = at, append(t.windows, b.Windows...)
		if t.use >= 0 && until.After(t.OpenUntil) {
			t.OpenUntil, uses[t.use].Until = until, until
		}
	}
	return uses
}

func (b *PoolBooking) made() time.Time {
	at := b.Made
	for _, w := range b.Windows {
		if at.IsZero() || w.Start.Before(at) {
			at = w.Start
		}
	}
	return at
}

func (b *PoolBooking) end() time.Time {
	var end time.Time
	for _, w := range b.Windows {
		if w.End.After(end) {
			end = w.End
		}
	}
	return end
}
