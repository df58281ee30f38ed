package clock_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"snout/shared/sandbox/clock"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 3, 8, 12, 0, 0, 0, time.UTC)

// standing is a base that only moves when the test says so.
type standing struct {
	mu sync.Mutex
	t  time.Time
}

func (s *standing) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.t
}

func (s *standing) pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.t = s.t.Add(d)
}

func TestTheTimeShown(t *testing.T) {
	type step func(*clock.Clock, *standing)
	pass := func(d time.Duration) step { return func(_ *clock.Clock, b *standing) { b.pass(d) } }
	advance := func(d time.Duration) step { return func(c *clock.Clock, _ *standing) { c.Advance(d) } }
	set := func(at time.Time) step { return func(c *clock.Clock, _ *standing) { c.Set(at) } }
	hold := func(on bool) step { return func(c *clock.Clock, _ *standing) { c.Hold(on) } }
	for name, row := range map[string]struct {
		steps []step
		want  time.Time
	}{
		"an untouched clock shows its base's time":         {nil, noon},
		"the clock runs with its base":                     {[]step{pass(time.Minute)}, noon.Add(time.Minute)},
		"an advance adds to what has passed":               {[]step{pass(time.Minute), advance(time.Hour)}, noon.Add(61 * time.Minute)},
		"the clock runs on after an advance":               {[]step{advance(time.Hour), pass(time.Minute)}, noon.Add(61 * time.Minute)},
		"the clock runs on after a set":                    {[]step{set(noon.AddDate(1, 0, 0)), pass(time.Minute)}, noon.AddDate(1, 0, 0).Add(time.Minute)},
		"a set may go back":                                {[]step{set(noon.AddDate(-1, 0, 0))}, noon.AddDate(-1, 0, 0)},
		"a set in another zone shows the same instant":     {[]step{set(noon.In(time.FixedZone("east", 3600)))}, noon},
		"a held clock stands":                              {[]step{hold(true), pass(time.Hour)}, noon},
		"a held clock moves when advanced and then stands": {[]step{hold(true), advance(time.Minute), pass(time.Hour)}, noon.Add(time.Minute)},
		"a released clock goes on from where it stood":     {[]step{hold(true), pass(time.Hour), hold(false), pass(time.Second)}, noon.Add(time.Second)},
		"holding twice is holding once":                    {[]step{hold(true), hold(true), pass(time.Hour), hold(false)}, noon},
	} {
		t.Run(name, func(t *testing.T) {
			base := &standing{t: noon}
			c := clock.New(base.now)
			for _, s := range row.steps {
				s(c, base)
			}
			if diff := cmp.Diff(row.want, c.Now()); diff != "" {
				t.Errorf("time shown (-want +got):\n%s", diff)
			}
		})
	}
}

func fired(t *clock.Timer) bool {
	select {
	case <-t.C:
		return true
	default:
		return false
	}
}

func TestTimersFireWhenVirtualTimeHasPassed(t *testing.T) {
	c := clock.New((&standing{t: noon}).now)
	c.Hold(true)
	early, late, passed := c.After(time.Minute), c.After(time.Hour), c.At(noon)
	if fired(early) || fired(late) || !fired(passed) {
		t.Fatal("only the timer of an instant that has come may have fired")
	}
	c.Advance(time.Minute)
	if !fired(early) || fired(late) {
		t.Fatal("a minute on, only the minute's timer may have fired")
	}
	c.Set(noon.Add(-time.Hour))
	c.Advance(time.Hour)
	if fired(late) || c.Waiting() != 1 {
		t.Fatal("a timer waits for its instant even when the clock went back")
	}
	if !late.Stop() || late.Stop() || early.Stop() {
		t.Fatal("stop is true once, and only for a timer that has not fired")
	}
	c.Advance(24 * time.Hour)
	if fired(late) || c.Waiting() != 0 {
		t.Fatal("a stopped timer fired")
	}
}

func TestTimersOfARunningClockFireByThemselves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // the bubble's time stands in for the machine's
		c := clock.New(time.Now)
		c.Advance(100 * time.Hour)
		began := c.Now()
		if err := c.Wait(t.Context(), began.Add(5*time.Minute)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(5*time.Minute, c.Now().Sub(began)); diff != "" {
			t.Errorf("waited (-want +got):\n%s", diff)
		}
		c.Hold(true)
		waiting := c.After(time.Minute)
		time.Sleep(time.Hour) // of the bubble: takes no time
		if fired(waiting) {
			t.Error("a held clock fired a timer")
		}
		c.Hold(false)
		<-waiting.C
	})
}

func TestAWaitEndsWithItsContextAndLeavesNoTimer(t *testing.T) {
	c := clock.New((&standing{t: noon}).now)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.Wait(ctx, noon.Add(time.Hour)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's error", err)
	}
	if c.Waiting() != 0 {
		t.Error("a timer stayed behind")
	}
}

func TestSubscribersHearOfJumps(t *testing.T) {
	c := clock.New((&standing{t: noon}).now)
	s := c.Subscribe()
	c.Hold(true)
	c.Advance(time.Hour)
	c.Advance(time.Hour)
	if diff := cmp.Diff(clock.Jump{From: noon, To: noon.Add(2 * time.Hour)}, <-s.C); diff != "" {
		t.Errorf("two unread jumps are one (-want +got):\n%s", diff)
	}
	c.Set(noon)
	if diff := cmp.Diff(clock.Jump{From: noon.Add(2 * time.Hour), To: noon}, <-s.C); diff != "" {
		t.Errorf("jump back (-want +got):\n%s", diff)
	}
	s.Close()
	c.Advance(time.Hour)
	select {
	case j := <-s.C:
		t.Errorf("a closed subscription heard %v", j)
	default:
	}
}

func TestManyHandsOnOneClock(t *testing.T) {
	c := clock.New(time.Now)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			s := c.Subscribe()
			defer s.Close()
			for range 200 {
				timer := c.After(30 * time.Minute)
				c.Advance(time.Hour)
				<-timer.C
				c.Hold(true)
				_ = c.Now()
				c.Hold(false)
			}
		})
	}
	all.Wait()
	if c.Waiting() != 0 {
		t.Errorf("%d timers left", c.Waiting())
	}
}
