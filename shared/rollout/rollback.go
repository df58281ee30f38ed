package rollout

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"snout/shared/flags"
)

// fail takes a step back after a check that did not hold.
func (r *Runner) fail(ctx context.Context, s Step, f *stepRun, no *notHeld) error {
	res := Result{Box: Box{ID: fmt.Sprintf("%d.set-up", s.Number), Step: s.Number, Text: s.Title}, Outcome: Broken, Said: no.Said, At: r.now()}
	if no.result != nil {
		res = *no.result
	}
	out := &Failed{Result: res, Next: fmt.Sprintf("fix it, then `snout rollout --target %s --step %d`", r.Config.Target, s.Number)}
	rec := r.State.Step(s.Number)
	rec.EndedAt = r.now()
	if s.Number <= 2 {
		r.State.Report = &Step2Report{At: r.now(), Verdict: "Need fixes", Expected: []Fact{{res.ID, res.Said}}}
	}
	rb := r.RollBack(ctx, s.Number, res.ID+": "+res.Said, f)
	out.Rollback, rec.Rollback, rec.Status = &rb, &rb, StepBack
	f.step = 4 // nothing of what was made is needed again
	f.cleanUp(ctx)
	if !rb.Done {
		out.Next = fmt.Sprintf("turn %s off yourself (`snout flags set %s=false`), then find out why it had no effect", rb.Flag, rb.Flag)
	}
	return errors.Join(out, r.save())
}

// RollBack turns off the flag that a step enabled, and makes sure that this took
// effect within ten seconds and that nothing was lost. f is nil where only the flag
// is to be turned off.
func (r *Runner) RollBack(ctx context.Context, step int, why string, f *stepRun) Rollback {
	r.step = step
	s := stepOf(step)
	rb := Rollback{At: r.now(), Step: step, Flag: s.Reverse, Why: why}
	e := &evidence{}
	r.API.Trail()
	err := r.rollBack(ctx, s, f, e)
	for _, line := range r.API.Trail() {
		e.add("request", "%s", line)
	}
	rb.Evidence = e.facts
	if rb.Done = err == nil; rb.Done {
		rb.Said = fmt.Sprintf("Rolled back: %s is off, in effect, and nothing was lost.", s.Reverse)
		if r.Config.DryRun {
			rb.Said = fmt.Sprintf("%s would be turned off.", s.Reverse)
		}
	} else {
		rb.Said = redact(fmt.Sprintf("The rollback of %s is not sure: %v.", s.Reverse, err))
	}
	if !r.Config.DryRun {
		r.State.Rollbacks = append(r.State.Rollbacks, rb)
	}
	r.Out.Say("%s", rb.Said)
	return rb
}

func (r *Runner) rollBack(ctx context.Context, s Step, f *stepRun, e *evidence) error {
	was, err := r.Switches.Read(ctx)
	if err != nil {
		return fmt.Errorf("the flags cannot be read: %w", err)
	}
	// What cannot be read now (that may be why the step failed) is not compared.
	before, _, ferr := r.API.Figures(ctx)
	if err := r.setFlag(ctx, s.Reverse, "false", was[s.Reverse]); err != nil {
		return err
	}
	if r.Config.DryRun {
		return nil
	}
	if err := r.eventually(ctx, immediately, func() (string, error) { return r.closed(ctx, s.Reverse) }); err != nil {
		return err
	}
	e.add("in effect", "%s is off for every function asked, within %s", s.Reverse, immediately)
	if s.Reverse == flags.Messaging && f != nil {
		if err := f.held(ctx, e); err != nil {
			return err
		}
	}
	if s.Reverse == flags.Proactive && f != nil {
		if err := f.opensNothing(ctx, e); err != nil {
			return err
		}
	}
	after, _, err := r.API.Figures(ctx)
	if ferr != nil || err != nil {
		e.add("not compared", "diagnostics could not be read")
		return nil
	}
	for _, c := range []struct {
		name    string
		was, is int
	}{
		{"threads", before.Threads(), after.Threads()},
		{"ownerInboxRouted", num(before.Summary.OwnerInboxRouted), num(after.Summary.OwnerInboxRouted)},
		{"antiPoachingBlocked", num(before.Summary.AntiPoachingBlocked), num(after.Summary.AntiPoachingBlocked)},
	} {
		if c.is < c.was {
			return failed("%s fell from %d to %d", c.name, c.was, c.is)
		}
		e.add(c.name, "%d → %d", c.was, c.is)
	}
	if f == nil || s.Reverse == flags.Messaging {
		return nil
	}
	for _, id := range []string{f.fx.Thread, f.fx.ThreadSecond} {
		if id == "" {
			continue
		}
		if _, err := f.open(ctx, id); err != nil {
			return failed("conversation %s is no longer there: %v", id, err)
		}
		e.add("still there", "thread %s", id)
	}
	return nil
}

// closed tells whether what a flag opens is shut: by the figures, and at the doors.
func (r *Runner) closed(ctx context.Context, flag string) (string, error) {
	now, err := r.Switches.Read(ctx)
	if err != nil {
		return "", err
	}
	if now[flag] != "false" {
		return fmt.Sprintf("%s is still %s in %s", flag, now[flag], r.Switches.Where()), nil
	}
	fig, _, err := r.API.Figures(ctx)
	if err == nil && fig.FeatureFlags[flag] != "false" {
		return fmt.Sprintf("diagnostics still show %s=%s", flag, fig.FeatureFlags[flag]), nil
	}
	doors := []struct {
		who                Person
		method, path, code string
		in                 any
	}{}
	add := func(p Person, code string) {
		// A thread that is not there: with the flag still on the answer is another, and
		// nothing is sent either way.
		nowhere := map[string]any{"threadId": "t-nowhere-000000000000", "text": "."}
		doors = append(doors, []struct {
			who                Person
			method, path, code string
			in                 any
		}{{p, "GET", "/api/messages/threads", code, nil}, {p, "POST", "/api/messages/send", code, nowhere}}...)
	}
	switch flag {
	case flags.Messaging:
		add(Owner, "MESSAGING_DISABLED")
	case flags.SitterMessages:
		if r.API.Can(TestSitter) {
			add(TestSitter, "SITTER_MESSAGES_DISABLED")
		}
	}
	for _, d := range doors {
		ans, err := r.API.Call(ctx, d.who, d.method, d.path, d.in, nil, "Idempotency-Key", "rollout-"+r.Random()+r.Random())
		if err != nil {
			return "", err
		}
		if ans.Status != 404 || ans.Code != d.code {
			return fmt.Sprintf("%s %s still answers the %s %d%s", d.method, d.path, d.who, ans.Status, spaced(ans.Code)), nil
		}
	}
	return "", nil
}

// opensNothing: with proactive threads off a booking that would have opened a
// conversation is only suggested. What the flag reads as says nothing of what it does,
// and no request of an owner's depends on it: only a booking shows it.
func (f *stepRun) opensNothing(ctx context.Context, e *evidence) error {
	// The function behind the stream answers nobody who asks for its flags, so it is given
	// the ten seconds that a flip may take, and then held to them.
	if err := f.Time.Pass(ctx, immediately); err != nil {
		return err
	}
	had, err := f.conversations(ctx)
	if err != nil {
		return err
	}
	sitters, err := list[sitterJSON](ctx, f.API, Owner, "/api/sitters?limit=100", "sitters")
	if err != nil {
		return err
	}
	for _, client := range []string{f.fx.Second, f.fx.Client} {
		for _, s := range sitters {
			if client == "" || !s.Active || slices.ContainsFunc(had, func(t threadJSON) bool { return str(t.ClientID) == client && str(t.SitterID) == s.ID }) {
				continue
			}
			booking, err := f.book(ctx, client, "weekly", f.tomorrow())
			if err != nil {
				return err
			}
			if err := f.patch(ctx, booking, "assign "+s.ID+" to a fresh weekly booking, which must open nothing", map[string]any{"sitterId": s.ID}); err != nil {
				return err
			}
			return f.onlySuggested(ctx, e, booking, had)
		}
	}
	e.add("not tried", "whether a booking opens a conversation: the test clients have one with every sitter")
	return nil
}

func (f *stepRun) onlySuggested(ctx context.Context, e *evidence, booking string, had []threadJSON) error {
	return f.eventually(ctx, immediately, func() (string, error) {
		ss, err := f.suggestions(ctx)
		if err != nil {
			return "", err
		}
		if slices.ContainsFunc(ss, func(s suggestionJSON) bool { return s.BookingID == booking }) {
			e.add("fresh booking", "%s is suggested, and opened nothing", booking)
			return "", nil
		}
		now, err := f.conversations(ctx)
		if err != nil {
			return "", err
		}
		for _, t := range now {
			switch {
			case !slices.Contains(t.BookingIDs, booking):
			case slices.ContainsFunc(had, func(h threadJSON) bool { return h.ID == t.ID }):
				e.add("not tried", "whether a booking opens a conversation: %s goes on in thread %s, which was there", booking, t.ID)
				return "", nil
			default:
				return "", failed("thread %s opened by itself for a fresh booking", t.ID)
			}
		}
		return "a fresh booking is neither suggested nor in any conversation", nil
	})
}

// held: with messaging off a text that comes in is kept for later.
func (f *stepRun) held(ctx context.Context, e *evidence) error {
	fig, _, err := f.API.Figures(ctx)
	if err != nil {
		e.add("not tried", "whether a text is held: diagnostics cannot be read")
		return nil
	}
	sid, err := f.text(ctx, f.Config.Client, f.desk, f.body("a text while messaging is off, to be kept for later"))
	if err != nil {
		return err
	}
	return f.eventually(ctx, time.Minute, func() (string, error) {
		now, _, err := f.API.Figures(ctx)
		if err != nil {
			return "", err
		}
		if now.Summary.Held <= fig.Summary.Held {
			return fmt.Sprintf("a text that came in after the rollback is not held (%d before, %d after)", fig.Summary.Held, now.Summary.Held), nil
		}
		e.add("held", "%d → %d with %s", fig.Summary.Held, now.Summary.Held, sid)
		return "", nil
	})
}

// RollBackOnly is `snout rollout rollback`: it flips a step's flag back, and no more.
func (r *Runner) RollBackOnly(ctx context.Context, step int, why string) (Rollback, error) {
	if err := r.Identify(ctx); err != nil {
		return Rollback{}, err
	}
	if r.Config.Production && r.Config.Confirm != r.Config.Stage {
		return Rollback{}, bad("The stage %s is production: say so with --confirm %s.", r.Config.Stage, r.Config.Stage)
	}
	// Taking back must work on a stage in disorder, so the rest of the preflight is left out.
	rb := r.RollBack(ctx, step, why, nil)
	rec := r.State.Step(step)
	if !r.Config.DryRun && rb.Done {
		rec.Status, rec.Rollback, rec.EndedAt = StepBack, &rb, r.now()
		if step <= 2 {
			r.State.Report = nil
		}
	}
	if err := r.save(); err != nil {
		return rb, err
	}
	if !rb.Done {
		return rb, &Failed{Result: Result{Box: Box{ID: fmt.Sprintf("%d.rollback", step), Step: step}, Said: rb.Said}, Rollback: &rb,
			Next: fmt.Sprintf("turn %s off yourself (`snout flags set %s=false`)", rb.Flag, rb.Flag)}
	}
	return rb, nil
}

// Widen lets more sitters write: a list, or everyone.
func (r *Runner) Widen(ctx context.Context, sitters []string) error {
	r.step = 4
	if err := r.Identify(ctx); err != nil {
		return err
	}
	if r.Config.Production && r.Config.Confirm != r.Config.Stage {
		return bad("The stage %s is production: say so with --confirm %s.", r.Config.Stage, r.Config.Stage)
	}
	now, err := r.flagsWhole(ctx)
	if err != nil {
		return err
	}
	if furthest(now) != 4 {
		return bad("Sitters are let in once step 4 is on, and it is not.")
	}
	known, err := list[sitterJSON](ctx, r.API, Owner, "/api/sitters?limit=100", "sitters")
	if err != nil {
		return bad("The sitters cannot be read: %v.", err)
	}
	for _, id := range sitters {
		if id != "*" && !slices.ContainsFunc(known, func(s sitterJSON) bool { return s.ID == id && s.Active }) {
			return bad("There is no active sitter %s.", id)
		}
	}
	if err := r.setFlag(ctx, flags.Allowlist, join(sitters), now[flags.Allowlist]); err != nil {
		return err
	}
	if r.Config.DryRun {
		return nil
	}
	if err := r.eventually(ctx, immediately, func() (string, error) {
		f, _, err := r.API.Figures(ctx)
		if err == nil && f.FeatureFlags[flags.Allowlist] != join(sitters) {
			return "the list is not in effect", nil
		}
		return "", err
	}); err != nil {
		return err
	}
	return r.save()
}
