// Package clock is the one clock of the local world: everything that asks for the time, waits for it or expires by it asks
// here, so that a test or an operator can move a day in no time at all.
//
// It must never sleep and never start a goroutine: whoever waits, waits in its own goroutine and is woken by the move itself.
// A second clock beside it (a time.Now in a handler, a ticker in a pump) would stay behind when this one jumps, and rules that
// agree with each other in production would disagree here.
package clock

import (
	"container/heap"
	"context"
	"sync"
	"time"
)

// Clock is virtual time: the base's time plus an offset, or one instant while it is held.
type Clock struct {
	base func() time.Time

	mu     sync.Mutex
	offset time.Duration // what to add to base while running
	held   bool
	at     time.Time // the time shown while held
	timers timerHeap
	order  uint64
	alarm  *time.Timer // the one real timer, for the earliest virtual one; nil while held or without timers
	jumps  map[*Jumps]struct{}
}

// New builds a running clock that shows what base shows until it is moved. base is time.Now outside tests; it must not go
// backwards while the clock runs.
func New(base func() time.Time) *Clock {
	return &Clock{base: base, jumps: map[*Jumps]struct{}{}}
}

// Now is the virtual time, in UTC and without a monotonic reading, so that it can be compared, stored and printed alike.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *Clock) now() time.Time {
	if c.held {
		return c.at
	}
	return c.base().Add(c.offset).Round(0).UTC()
}

// Advance moves the clock by d (backwards when negative), fires what has become due, and tells the subscribers.
func (c *Clock) Advance(d time.Duration) { c.move(func(now time.Time) time.Time { return now.Add(d) }) }

// Set moves the clock to t, which may lie in the past. Timers that have fired stay fired; the others wait for their instant.
func (c *Clock) Set(t time.Time) { c.move(func(time.Time) time.Time { return t }) }

func (c *Clock) move(to func(time.Time) time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	from := c.now()
	c.show(to(from).Round(0).UTC())
	c.fire()
	for s := range c.jumps {
		s.tell(Jump{From: from, To: c.now()})
	}
}

// show makes t the time of this instant, running or held.
func (c *Clock) show(t time.Time) {
	if c.held {
		c.at = t
		return
	}
	c.offset = t.Sub(c.base().Round(0))
}

// Hold stops the clock where it is, or lets it run on from there. Advance and Set move a held clock and leave it held.
func (c *Clock) Hold(on bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if on == c.held {
		return
	}
	now := c.now()
	c.held = on
	c.show(now)
	c.fire()
}

// Held tells whether the clock stands.
func (c *Clock) Held() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.held
}

// Timer fires once, when virtual time has reached its instant.
type Timer struct {
	C     <-chan time.Time // receives the virtual time of the firing; buffered, so nobody blocks the clock
	clock *Clock
	send  chan time.Time
	due   time.Time
	order uint64
	index int // place in the heap; -1 when fired or stopped
}

// At makes a timer for an instant. One that has passed fires at once.
func (c *Clock) At(due time.Time) *Timer {
	c.mu.Lock()
	defer c.mu.Unlock()
	send := make(chan time.Time, 1)
	c.order++
	t := &Timer{C: send, clock: c, send: send, due: due, order: c.order}
	heap.Push(&c.timers, t)
	c.fire()
	return t
}

// After makes a timer for d from now.
func (c *Clock) After(d time.Duration) *Timer { return c.At(c.Now().Add(d)) }

// Stop takes the timer back; false means it has fired or was stopped before.
func (t *Timer) Stop() bool {
	c := t.clock
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.index < 0 {
		return false
	}
	heap.Remove(&c.timers, t.index)
	c.fire()
	return true
}

// Wait returns nil once virtual time has reached until, or ctx's error if that ends first.
func (c *Clock) Wait(ctx context.Context, until time.Time) error {
	t := c.At(until)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// fire sends to every timer that is due, earliest first, and sets the real alarm for the next. Callers hold mu.
func (c *Clock) fire() {
	now := c.now()
	for len(c.timers) > 0 && !c.timers[0].due.After(now) {
		t := heap.Pop(&c.timers).(*Timer)
		t.send <- now
	}
	if c.alarm != nil {
		c.alarm.Stop()
		c.alarm = nil
	}
	if c.held || len(c.timers) == 0 {
		return
	}
	// A base that stands still (a test's) would make a zero wait spin; a millisecond is finer than anything that waits here.
	wait := max(c.timers[0].due.Sub(now), time.Millisecond)
	c.alarm = time.AfterFunc(wait, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.fire()
	})
}

// Waiting is the number of timers that have not fired: what a test looks at to know that somebody waits.
func (c *Clock) Waiting() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.timers)
}

// Jump is one move of the clock by hand. Several that nobody has read yet become one, from the first's start to the last's end.
type Jump struct{ From, To time.Time }

// Jumps is a subscription to moves by hand; the passing of time is no jump.
type Jumps struct {
	C     <-chan Jump
	send  chan Jump
	clock *Clock
}

// Subscribe tells of every jump from now on. Call Close when done.
func (c *Clock) Subscribe() *Jumps {
	c.mu.Lock()
	defer c.mu.Unlock()
	send := make(chan Jump, 1)
	s := &Jumps{C: send, send: send, clock: c}
	c.jumps[s] = struct{}{}
	return s
}

// tell never blocks: only the clock sends, under its lock, so room made here is room kept.
func (s *Jumps) tell(j Jump) {
	select {
	case unread := <-s.send:
		j.From = unread.From
	default:
	}
	s.send <- j
}

// Close ends the subscription. C is not closed, so a late receive blocks rather than reading a jump that never was.
func (s *Jumps) Close() {
	s.clock.mu.Lock()
	defer s.clock.mu.Unlock()
	delete(s.clock.jumps, s)
}

type timerHeap []*Timer

func (h timerHeap) Len() int { return len(h) }
func (h timerHeap) Less(i, j int) bool {
	if !h[i].due.Equal(h[j].due) {
		return h[i].due.Before(h[j].due)
	}
	return h[i].order < h[j].order
}
func (h timerHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}
func (h *timerHeap) Push(x any) {
	t := x.(*Timer)
	t.index = len(*h)
	*h = append(*h, t)
}
func (h *timerHeap) Pop() any {
	old := *h
	t := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	t.index = -1
	return t
}
