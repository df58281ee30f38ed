package routing_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	. "snout/shared/routing"
)

func use(client ClientID, from, until int) PoolUse {
	return PoolUse{Client: client, From: noon.Add(time.Duration(from) * day), Until: noon.Add(time.Duration(until) * day)}
}

func TestPoolSize(t *testing.T) {
	on := func(d int) time.Time { return noon.Add(time.Duration(d) * day) }
	for _, c := range []struct {
		name string
		uses []PoolUse
		want PoolNeed
	}{
		{"nothing needs no number", nil, PoolNeed{}},
		{"one thread needs one", []PoolUse{use("a", 1, 5)}, PoolNeed{1, on(1), "a"}},
		{"two clients share a number", []PoolUse{use("b", 2, 5), use("a", 3, 5)}, PoolNeed{1, on(2), "b"}},
		{"two threads of one client do not", []PoolUse{use("a", 1, 5), use("a", 3, 9)}, PoolNeed{2, on(3), "a"}},
		{"unless one is over before the other begins", []PoolUse{use("a", 1, 5), use("a", 6, 9)}, PoolNeed{1, on(1), "a"}},
		{"two that touch do overlap", []PoolUse{use("a", 1, 5), use("a", 5, 9)}, PoolNeed{2, on(5), "a"}},
		{"the largest of all clients, not their sum", []PoolUse{use("a", 1, 5), use("a", 2, 5), use("b", 1, 5), use("b", 1, 5), use("b", 4, 5)}, PoolNeed{3, on(4), "b"}},
		{"the first instant at which so many are needed", []PoolUse{use("b", 1, 9), use("b", 2, 9), use("a", 1, 9), use("a", 4, 9)}, PoolNeed{2, on(2), "b"}},
		{"what ends before it begins is no use", []PoolUse{use("a", 5, 1), use("a", 2, 3)}, PoolNeed{1, on(2), "a"}},
	} {
		for _, uses := range permutations(c.uses) {
			if d := cmp.Diff(c.want, PoolSize(uses)); d != "" {
				t.Errorf("%s (-want +got):\n%s", c.name, d)
				break
			}
		}
	}
}

func anyUses(t *rapid.T) []PoolUse {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) PoolUse {
		from := rapid.IntRange(0, 12).Draw(t, "from")
		return use(rapid.SampledFrom([]ClientID{"a", "b"}).Draw(t, "client"), from, from+rapid.IntRange(0, 6).Draw(t, "days"))
	}), 0, 8).Draw(t, "uses")
}

func overlap(a, b PoolUse) bool {
	return a.Client == b.Client && !a.From.After(b.Until) && !b.From.After(a.Until)
}

// With as many numbers as PoolSize says, no two threads of a client ever share one,
// though each is given a number by Choose when it begins and without knowledge of
// what comes. With one fewer every way to give them out has two that share: all ways
// are tried.
func TestThePoolCannotCollide(t *testing.T) {
	tight := 0
	often(t, func(t *rapid.T) {
		uses := anyUses(t)
		need := PoolSize(uses)
		slices.SortStableFunc(uses, func(a, b PoolUse) int { return a.From.Compare(b.From) })

		given := give(uses, need.Size)
		for i := range uses {
			if given[i] == "" {
				t.Fatalf("%d numbers are not enough for %v", need.Size, uses)
			}
			for j := range i {
				if given[i] == given[j] && overlap(uses[i], uses[j]) {
					t.Fatalf("%v and %v share %s", uses[i], uses[j], given[i])
				}
			}
		}
		if need.Size == 0 {
			return
		}
		// The client who needs so many really holds so many at that instant.
		at := 0
		for _, u := range uses {
			if u.Client == need.Client && !u.From.After(need.At) && !need.At.After(u.Until) {
				at++
			}
		}
		if at != need.Size {
			t.Fatalf("%s holds %d threads at %v, not %d", need.Client, at, need.At, need.Size)
		}
		if slices.Contains(give(uses, need.Size-1), "") == false {
			t.Fatal("one number fewer, and nobody went without")
		}
		if colours(uses, need.Size-1) {
			t.Fatalf("%d numbers would do for %v", need.Size-1, uses)
		}
		if need.Size > 2 {
			tight++
		}
	})
	if tight == 0 {
		t.Error("no history needed more than two numbers")
	}
}

// give plays the history: each thread in the order of their beginnings asks Choose
// for a number of its own among so many. Empty where there was none.
func give(uses []PoolUse, numbers int) []NumberID {
	given := make([]NumberID, len(uses))
	for i, u := range uses {
		var inventory []NumberChoice
		for n := range numbers {
			inventory = append(inventory, pool(NumberID("p"+strconv.Itoa(n)), time.Time{}))
		}
		var holdings []Holding
		for j := range i {
			if uses[j].Client != u.Client || given[j] == "" {
				continue
			}
			n := slices.IndexFunc(inventory, func(n NumberChoice) bool { return n.ID == given[j] })
			inventory[n].LastUsed = uses[j].From
			holdings = append(holdings, Holding{Thread: ThreadID("t-o-" + strconv.Itoa(j)), Number: inventory[n], Serves: []SitterID{SitterID(strconv.Itoa(j))}, OpenUntil: uses[j].Until})
		}
		// A sitter of its own each, without a number: every one asks for a new thread.
		given[i] = Choose(SitterID(strconv.Itoa(i)), true, holdings, inventory, "", u.From).Number.ID
	}
	return given
}

// colours tells whether any way at all to give out so many numbers keeps every two
// overlapping threads of a client apart.
func colours(uses []PoolUse, numbers int) bool {
	given := make([]int, len(uses))
	var try func(i int) bool
	try = func(i int) bool {
		if i == len(uses) {
			return true
		}
		for n := range numbers {
			given[i] = n
			free := true
			for j := range i {
				free = free && !(given[j] == n && overlap(uses[i], uses[j]))
			}
			if free && try(i+1) {
				return true
			}
		}
		return false
	}
	return try(0)
}

func TestPoolUses(t *testing.T) {
	w := func(sitter SitterID, fromDay, toDay int) Window {
		return Window{Booking: "b", Visit: "v1", Sitter: sitter, Start: noon.Add(time.Duration(fromDay) * day), End: noon.Add(time.Duration(toDay) * day)}
	}
	b := func(client ClientID, sitter SitterID, recurring, own bool, made int, ws ...Window) PoolBooking {
		return PoolBooking{Client: client, Sitter: sitter, Recurring: recurring, OwnNumber: own, Made: noon.Add(time.Duration(made) * day), Windows: ws}
	}
	for _, c := range []struct {
		name     string
		bookings []PoolBooking
		want     []PoolUse
	}{
		{"no booking", nil, nil},
		{"a recurring client of a sitter with a number", []PoolBooking{b("a", "ann", true, true, 0, w("ann", 1, 2))}, nil},
		{"nor does a one-time booking that joins their thread", []PoolBooking{b("a", "ann", true, true, 0, w("ann", 1, 2)), b("a", "ann", false, true, 1, w("ann", 3, 4))}, nil},
		{"of a sitter without", []PoolBooking{b("a", "dan", true, false, 0, w("dan", 1, 2))}, []PoolUse{use("a", 0, 32)}},
		{"a one-time client, whatever the sitter has", []PoolBooking{b("a", "ann", false, true, 1, w("ann", 1, 2))}, []PoolUse{use("a", 1, 32)}},
		{"two bookings share a thread: once, to the end of both", []PoolBooking{b("a", "ann", false, true, 1, w("ann", 1, 2)), b("a", "bob", false, true, 20, w("bob", 30, 31))}, []PoolUse{use("a", 1, 61)}},
		{"after the cool-down it is another thread", []PoolBooking{b("a", "ann", false, true, 1, w("ann", 1, 2)), b("a", "bob", false, true, 33, w("bob", 40, 41))}, []PoolUse{use("a", 1, 32), use("a", 33, 71)}},
		{"a recurring client's two sitters without numbers are two threads", []PoolBooking{b("a", "dan", true, false, 0, w("dan", 1, 2)), b("a", "eve", true, false, 0, w("eve", 2, 3))}, []PoolUse{use("a", 0, 32), use("a", 0, 33)}},
		{"made at the latest when its first window begins", []PoolBooking{b("a", "dan", true, false, 9, w("dan", 3, 4), w("dan", 1, 2))}, []PoolUse{use("a", 1, 34)}},
		{"a booking without windows", []PoolBooking{b("a", "dan", true, false, 0)}, nil},
		{"clients do not share threads", []PoolBooking{b("b", "dan", false, false, 0, w("dan", 1, 2)), b("a", "dan", false, false, 0, w("dan", 1, 2))}, []PoolUse{use("a", 0, 32), use("b", 0, 32)}},
	} {
		for _, bookings := range permutations(c.bookings) {
			if d := cmp.Diff(c.want, PoolUses(bookings, cooldown)); d != "" {
				t.Errorf("%s (-want +got):\n%s", c.name, d)
				break
			}
		}
	}
}

// The plan holds for the system itself: bookings given to PlanAssignment one after
// the other, with as many pool numbers as PoolSize finds for what PoolUses makes of
// them, never run out of numbers, and with one fewer somebody does.
func TestThePlannedPoolIsEnoughForAssignments(t *testing.T) {
	tight := 0
	rapid.Check(quiet{t}, func(t *rapid.T) {
		type event struct {
			at time.Time
			b  Booking
		}
		var events []event
		var plan []PoolBooking
		at := noon
		for i := range rapid.IntRange(1, 8).Draw(t, "bookings") {
			at = at.Add(time.Duration(rapid.IntRange(1, 30).Draw(t, "days later"))*day + time.Duration(i))
			from := at.Add(time.Duration(rapid.IntRange(1, 60).Draw(t, "days ahead")) * day)
			b := Booking{
				ID: BookingID("b" + strconv.Itoa(i)), Client: "carla", Version: 1, Status: "confirmed", Service: "Dog Walking",
				Sitter:     rapid.SampledFrom([]SitterID{"ann", "dan", "eve", "fay", "gus"}).Draw(t, "sitter"),
				Recurrence: rapid.SampledFrom([]string{"", "weekly", "weekly"}).Draw(t, "recurrence"),
				Visits:     []Visit{{ID: "v1", Start: from, End: from.Add(time.Hour)}},
			}
			events = append(events, event{at, b})
			plan = append(plan, PoolBooking{
				Client: b.Client, Sitter: b.Sitter, Recurring: b.Recurrence != "", OwnNumber: b.Sitter == "ann", Made: at,
				Windows: WindowsOf(b.ID, b.Sitter, b.Visits, DefaultBuffer(b.Service)),
			})
		}
		need := PoolSize(PoolUses(plan, cooldown))
		if need.Size > 2 {
			tight++
		}
		for _, c := range []struct {
			numbers int
			enough  bool
		}{{need.Size, true}, {need.Size - 1, false}} {
			if c.numbers < 0 {
				continue
			}
			o := newOffice(annsNumber)
			o.marked = false
			for n := range c.numbers {
				o.numbers = append(o.numbers, pool(NumberID("p"+strconv.Itoa(n)), time.Time{}))
			}
			enough := true
			for _, e := range events {
				o.now = e.at
				if p := o.open(e.b); p.Next.NoNumber {
					enough = false
				}
				o.check(t)
			}
			if enough != c.enough {
				t.Fatalf("%d numbers are enough: %t; %d are needed", c.numbers, enough, need.Size)
			}
		}
	})
	if tight == 0 {
		t.Error("no history needed more than two numbers")
	}
}

// At every instant the last need told is what PoolSize says of the threads open then.
func TestPoolTimesTellTheNeedAtEveryInstant(t *testing.T) {
	often(t, func(t *rapid.T) {
		uses := anyUses(t)
		times := PoolTimes(uses)
		for hour := -12; hour < 20*24; hour += 12 {
			at := noon.Add(time.Duration(hour) * time.Hour)
			var open []PoolUse
			for _, u := range uses {
				if !u.From.After(at) && !at.After(u.Until) {
					open = append(open, u)
				}
			}
			told := PoolNeed{}
			for _, n := range times {
				if !n.At.After(at) {
					told = n
				}
			}
			if want := PoolSize(open).Size; told.Size != want {
				t.Fatalf("at %v %d numbers are told, %d are needed: %v of %v", at, told.Size, want, times, uses)
			}
		}
		peak := PoolNeed{}
		for _, n := range times {
			if n.Size > peak.Size {
				peak = n
			}
		}
		if d := cmp.Diff(PoolSize(uses).Size, peak.Size); d != "" {
			t.Fatalf("the peak of %v (-size +told):\n%s", uses, d)
		}
	})
}
