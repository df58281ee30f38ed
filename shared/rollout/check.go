package rollout

import (
	"context"
	"errors"
	"fmt"
)

// notHeld is what a check found to be otherwise than the checklist says.
type notHeld struct {
	Said   string
	result *Result
}

func (e *notHeld) Error() string { return e.Said }

// failed says that something is not as the checklist wants it.
func failed(format string, args ...any) error {
	return &notHeld{Said: redact(fmt.Sprintf(format, args...))}
}

// evidence collects what a check rests on.
type evidence struct{ facts []Fact }

func (e *evidence) add(name, format string, args ...any) {
	e.facts = append(e.facts, Fact{name, redact(fmt.Sprintf(format, args...))})
}

// check makes one check and records it. What it could not find out (the target is
// gone, a token refused) fails it too while the flags are ours: a step that cannot be
// verified is not verified.
func (r *Runner) check(ctx context.Context, id string, look func(*evidence) error) error {
	if r.Config.DryRun {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	e := &evidence{}
	r.API.Trail()
	err := look(e)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return r.conclude(id, e, err)
}

func (r *Runner) conclude(id string, e *evidence, err error) error {
	res := Result{Box: boxOf(id), Outcome: Passed, At: r.now()}
	for _, line := range r.API.Trail() {
		e.add("request", "%s", line)
	}
	res.Evidence = e.facts
	res.Said = "as the checklist says"
	if err != nil {
		var no *notHeld
		if !errors.As(err, &no) {
			no = &notHeld{Said: redact(err.Error())}
		}
		res.Outcome, res.Said = Broken, no.Said
		r.record(res)
		return &notHeld{Said: res.Said, result: &res}
	}
	if res.Person != "" {
		res.Said = "as the checklist says, as far as a program can see; for a person: " + res.Person
	}
	r.record(res)
	return nil
}

// eyes records a box that only a person can answer.
func (r *Runner) eyes(id, what string) {
	if r.Config.DryRun {
		return
	}
	b := boxOf(id)
	if what == "" {
		what = b.Person
	}
	b.Person = what
	r.record(Result{Box: b, Outcome: ForEyes, Said: what, At: r.now()})
}

func (r *Runner) record(res Result) {
	rec := r.State.Step(res.Step)
	rec.Results = append(rec.Results, res)
	r.Out.Check(res)
	_ = r.save() // the run goes on: what counts is what the target shows
}
