package events

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"snout/shared/sandbox/clock"
)

// Schedule is one scheduled event of a function, as template.yaml describes it.
type Schedule struct {
	Name       string // of the rule
	Expression string // rate(…) or cron(…)
	Function   string
	Input      json.RawMessage // instead of the event; nil for the event
	DeadLetter string          // ARN of the queue for events whose invocation kept failing; "" drops them
}

// ScheduleOptions is what Schedules work with.
type ScheduleOptions struct {
	Clock           *clock.Clock
	Region, Account string
	Invoker         Invoker
	Parker          Parker // needed where a schedule has a DeadLetter
}

// Schedules fire by the local clock. A jump over several firings of one schedule fires it once, for the last of them: the function
// reads the same clock and would find the same to do each time, and a jump of a month would else be 43,200 runs.
type Schedules struct {
	o       ScheduleOptions
	pumping chan struct{} // holds one token
	all     []*scheduled
	handled atomic.Uint64

	mu    sync.Mutex
	count map[string]int64
}

type scheduled struct {
	Schedule
	plan plan
	next time.Time // zero: never again
}

// asyncRetries is how often Lambda repeats a failed asynchronous invocation.
const asyncRetries = 2

// NewSchedules starts counting at the clock's time. It reports every fault at once.
func NewSchedules(o ScheduleOptions, all ...Schedule) (*Schedules, error) {
	now := o.Clock.Now()
	s := &Schedules{o: o, pumping: make(chan struct{}, 1), count: map[string]int64{}}
	s.pumping <- struct{}{}
	var faults []error
	for _, one := range all {
		p, err := parsePlan(one.Expression, now)
		switch {
		case err != nil:
			faults = append(faults, fmt.Errorf("schedule %s: %w", one.Name, err))
			continue
		case one.DeadLetter != "" && o.Parker == nil:
			faults = append(faults, fmt.Errorf("schedule %s: nobody to park with", one.Name))
			continue
		}
		next, _ := p.after(now)
		s.all = append(s.all, &scheduled{one, p, next})
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return s, nil
}

// Next is the earliest firing to come.
func (s *Schedules) Next(ctx context.Context) (time.Time, bool) {
	select {
	case <-s.pumping:
		defer func() { s.pumping <- struct{}{} }()
	case <-ctx.Done():
		return time.Time{}, false
	}
	return s.earliest()
}

func (s *Schedules) earliest() (at time.Time, ok bool) {
	for _, one := range s.all {
		if !one.next.IsZero() && (at.IsZero() || one.next.Before(at)) {
			at = one.next
		}
	}
	return at, !at.IsZero()
}

// Run fires what comes due until ctx ends; failed, if not nil, hears of invocations given up.
func (s *Schedules) Run(ctx context.Context, failed func(error)) {
	jumps := s.o.Clock.Subscribe()
	defer jumps.Close()
	for {
		if err := s.Settle(ctx); err != nil && ctx.Err() == nil && failed != nil {
			failed(err)
		}
		var due <-chan time.Time
		stop := func() bool { return false }
		if at, ok := s.Next(ctx); ok {
			timer := s.o.Clock.At(at)
			due, stop = timer.C, timer.Stop
		}
		select {
		case <-ctx.Done():
			stop()
			return
		case <-jumps.C: // may have gone back, which makes the next firing earlier
		case <-due:
		}
		stop()
	}
}

// Settle fires what is due. An invocation that keeps failing is given up, which is an error only if it cannot be parked.
func (s *Schedules) Settle(ctx context.Context) error {
	select {
	case <-s.pumping:
		defer func() { s.pumping <- struct{}{} }()
	case <-ctx.Done():
		return ctx.Err()
	}
	now := s.o.Clock.Now()
	for _, one := range s.all {
		if one.next.IsZero() {
			continue
		}
		following, ok := one.plan.after(now)
		if !ok {
			following = time.Time{}
		}
		if one.next.After(now) {
			if ok && following.Before(one.next) { // the clock was set back
				one.next = following
			}
			continue
		}
		if err := s.fire(ctx, one, last(one.plan, one.next, now)); err != nil {
			return err
		}
		one.next = following
	}
	return nil
}

// last is the last firing in [from, now]; from is one.
func last(p plan, from, now time.Time) time.Time {
	if r, ok := p.(rate); ok {
		return from.Add(now.Sub(from) / r.every * r.every)
	}
	// A cron's firings are at least a minute apart. Looking back in growing steps finds the last without counting them all.
	for back := time.Minute; now.Add(-back).After(from); back *= 2 {
		at, ok := p.after(now.Add(-back))
		if !ok || at.After(now) {
			continue
		}
		for {
			next, ok := p.after(at)
			if !ok || next.After(now) {
				return at
			}
			at = next
		}
	}
	for {
		next, ok := p.after(from)
		if !ok || next.After(now) {
			return from
		}
		from = next
	}
}

// Handled counts firings.
func (s *Schedules) Handled() uint64 { return s.handled.Load() }

// Metrics counts since start: "fired", "failures" of invocations, "parked", "dropped".
func (s *Schedules) Metrics() map[string]int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.count)
}

func (s *Schedules) add(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count[name]++
}

func (s *Schedules) fire(ctx context.Context, one *scheduled, at time.Time) error {
	payload := []byte(one.Input)
	if one.Input == nil {
		var err error
		payload, err = json.Marshal(map[string]any{
			"version": "0", "id": newID(), "detail-type": "Scheduled Event", "source": "aws.events", "account": s.o.Account,
			"time": stamp(at, toSeconds), "region": s.o.Region,
			"resources": []string{fmt.Sprintf("arn:aws:events:%s:%s:rule/%s", s.o.Region, s.o.Account, one.Name)}, "detail": struct{}{},
		})
		if err != nil {
			return err
		}
	}
	s.add("fired")
	s.handled.Add(1)
	for range 1 + asyncRetries {
		_, err := s.o.Invoker.Invoke(ctx, one.Function, payload)
		if err == nil {
			return nil
		}
		if stopped := ctx.Err(); stopped != nil {
			return stopped
		}
		s.add("failures")
	}
	if one.DeadLetter == "" {
		s.add("dropped")
		return nil
	}
	if err := s.o.Parker.Park(ctx, one.DeadLetter, payload); err != nil {
		return fmt.Errorf("schedule %s: park: %w", one.Name, err)
	}
	s.add("parked")
	return nil
}
