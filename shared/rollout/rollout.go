// Package rollout is the staging rollout checklist as a program: it sets a step's
// flags, performs every verification that a machine can do, watches for a day,
// writes down what it saw, and takes the step back when a check fails. It knows the
// system from outside only, through the public API, the carrier and the flags, so
// that it proves what a business would see. It must never go on past a failed
// check, never write without saying what, and never put a whole phone number into
// what it prints or keeps.
package rollout

import (
	"context"
	"errors"
	"fmt"
	"time"

	"snout/shared/flags"
)

// Switches are the stage's flags. Set says nothing of when a flip takes effect.
type Switches interface {
	Read(ctx context.Context) (map[string]string, error) // what is missing is not in it
	Set(ctx context.Context, name, value string) error
	Where() string // for people: "SSM /snout/staging/flags/"
}

// Phones are the test clients' phones at the carrier.
type Phones interface {
	Text(ctx context.Context, from, to, body string) (sid string, err error)
	Received(ctx context.Context, phone string, since time.Time) ([]Text, error)
}

// Text is one text that a phone has received.
type Text struct {
	From, Body, Sid string
	At              time.Time
}

// Time is how the rollout waits: real time, or the local world's clock.
type Time interface {
	// Pass returns once d has gone by.
	Pass(ctx context.Context, d time.Duration) error
	// Settle returns once what was set off has come to rest, where anybody can tell.
	Settle(ctx context.Context) error
}

// Logs are the functions' log lines. Nil where there is no access.
type Logs interface {
	// Since returns the lines written since the last call (at first: since now).
	Since(ctx context.Context) ([]string, error)
}

// Reporter shows what goes on.
type Reporter interface {
	Say(format string, args ...any)
	Write(w Write)
	Check(r Result)
	Watch(p Progress)
}

// Config is what a rollout needs to know.
type Config struct {
	Target     string
	Stage      string // as the target must say it
	Org        string // as the owner's token must say it; empty: not compared
	Production bool
	Confirm    string // the stage's name again, where it is production
	Local      bool   // the target is a local world: its clock and phones are ours
	FromStart  bool   // let a stage that is further on go back to an earlier step
	DryRun     bool

	Sitter      string   // the test sitter's id
	Sitters     []string // whom step 4 begins with; empty: the test sitter
	OtherSitter bool     // there are credentials of a sitter who is not the test sitter
	Service     string   // of the test bookings; empty: Dog Walking
	Client      string   // phones of two test clients and a stranger
	Second      string
	Stranger    string

	Watch time.Duration
	Every time.Duration
}

// Runner runs the checklist against one target.
type Runner struct {
	Config   Config
	API      *API
	Switches Switches
	Phones   Phones
	Time     Time
	Logs     Logs
	Out      Reporter
	State    *State
	Save     func(*State) error
	Random   func() string // a short word of letters that nobody else uses

	step  int
	watch *watching
}

// Step is what one step of the checklist sets.
type Step struct {
	Number  int
	Title   string
	Flag    string // the flag that it enables; step 2 enables none
	Flags   [3]bool
	Reverse string // the flag that a rollback turns off
}

// Steps are the checklist's, in its order.
func Steps() []Step {
	return []Step{
		{1, "Enable Core Messaging", flags.Messaging, [3]bool{true, false, false}, flags.Messaging},
		{2, "Run Three Manual Checks", "", [3]bool{true, false, false}, flags.Messaging},
		{3, "Enable Proactive Threads", flags.Proactive, [3]bool{true, true, false}, flags.Proactive},
		{4, "Enable Sitter Messages (Test Sitter Only)", flags.SitterMessages, [3]bool{true, true, true}, flags.SitterMessages},
	}
}

func stepOf(n int) Step { return Steps()[n-1] }

// switched are the three flags in the order of Step.Flags.
var switched = [3]string{flags.Messaging, flags.Proactive, flags.SitterMessages}

// The statuses with which the command ends.
const (
	ExitGreen    = 0 // everything asked for is done and green
	ExitFault    = 1 // the program itself could not go on
	ExitInput    = 2 // something it was given is wrong; nothing was changed
	ExitFailed   = 3 // a check or the watch failed, and the step was rolled back
	ExitNotBack  = 4 // a check failed and the rollback did not take effect
	ExitGate     = 5 // the report after step 2 waits for a person, or says that fixes are needed
	ExitStopped  = 6 // stopped; the same command goes on where it was
	ExitFindings = 7 // doctor found something that needs a remedy
)

// BadInput says what is wrong with what the program was given. Nothing was changed.
type BadInput struct{ Sentence string }

func (e *BadInput) Error() string { return e.Sentence + " Nothing was changed." }

func bad(format string, args ...any) error {
	return &BadInput{redact(fmt.Sprintf(format, args...))}
}

// Gate says why step 3 does not start.
type Gate struct{ Sentence string }

func (e *Gate) Error() string { return e.Sentence }

// Failed is a failed check with what was done about it.
type Failed struct {
	Result   Result
	Rollback *Rollback // nil in a dry run
	Next     string
}

func (e *Failed) Error() string {
	s := fmt.Sprintf("step %d failed at %s: %s", e.Result.Step, e.Result.ID, e.Result.Said)
	if e.Rollback != nil {
		s += " " + e.Rollback.Said
	}
	return s + " Next: " + e.Next
}

// ExitCode is the status that an error ends the command with.
func ExitCode(err error) int {
	var in *BadInput
	var gate *Gate
	var failed *Failed
	switch {
	case err == nil:
		return ExitGreen
	case errors.As(err, &failed):
		if failed.Rollback != nil && !failed.Rollback.Done {
			return ExitNotBack
		}
		return ExitFailed
	case errors.As(err, &in):
		return ExitInput
	case errors.As(err, &gate):
		return ExitGate
	case errors.Is(err, context.Canceled):
		return ExitStopped
	}
	return ExitFault
}

// Run executes steps in their order. Those that the state file says are done are
// passed over where all were asked for.
func (r *Runner) Run(ctx context.Context, steps []int, accept string) error {
	all := len(steps) > 1
	world, err := r.preflight(ctx, steps)
	if err != nil {
		return err
	}
	if accept != "" {
		if err := r.accept(accept); err != nil {
			return err
		}
	}
	for _, n := range steps {
		rec := r.State.Step(n)
		if all && rec.Status == StepDone && !r.Config.DryRun {
			r.Out.Say("step %d is done (%s)", n, rec.EndedAt.Format(time.RFC3339))
			continue
		}
		if n >= 3 && !r.Config.DryRun {
			if err := r.State.Gate(); err != nil {
				return err
			}
		}
		if err := r.one(ctx, stepOf(n), world); err != nil {
			return err
		}
		if n == 2 && !r.Config.DryRun {
			if err := r.closeStep2(accept, all); err != nil {
				return err
			}
		}
	}
	return nil
}

// one runs one step: flags, checks, a day of watching.
func (r *Runner) one(ctx context.Context, s Step, w *world) error {
	r.step = s.Number
	rec := r.State.Step(s.Number)
	resume := rec.Status == StepWatching && !r.Config.DryRun
	r.Out.Say("step %d: %s", s.Number, s.Title)
	if !resume {
		*rec = StepRecord{Number: s.Number, Status: StepVerifying, StartedAt: r.now()}
		if err := r.save(); err != nil {
			return err
		}
	}
	f := w.forStep(r, s)
	var err error
	if !resume {
		err = r.verify(ctx, s, f)
	}
	if err == nil {
		err = r.watchStep(ctx, s, f, rec)
	}
	if err == nil && ctx.Err() == nil {
		f.cleanUp(ctx)
		if r.Config.DryRun {
			return nil
		}
		rec.Status, rec.EndedAt = StepDone, r.now()
		return r.save()
	}
	if ctx.Err() != nil {
		// Stopped, not failed: the state file tells where to go on.
		_ = r.save()
		return fmt.Errorf("stopped during step %d; run the same command to go on: %w", s.Number, context.Canceled)
	}
	var no *notHeld
	if !errors.As(err, &no) {
		rec.Status = StepVerifying
		_ = r.save()
		return err
	}
	return r.fail(ctx, s, f, no)
}

func (r *Runner) verify(ctx context.Context, s Step, f *stepRun) error {
	if err := r.setFlags(ctx, s); err != nil {
		return err
	}
	if err := f.flagsInEffect(ctx, s); err != nil {
		return err
	}
	if s.Number >= 2 {
		// The test clients that step 1 made; a step run by itself makes them.
		if err := f.people(ctx); err != nil {
			return err
		}
	}
	switch s.Number {
	case 1:
		return f.step1(ctx)
	case 2:
		return f.step2(ctx)
	case 3:
		return f.step3(ctx)
	}
	return f.step4(ctx)
}

// setFlags writes what differs, what is to be off first.
func (r *Runner) setFlags(ctx context.Context, s Step) error {
	was, err := r.Switches.Read(ctx)
	if err != nil {
		return fmt.Errorf("read the flags: %w", err)
	}
	if s.Number == 4 {
		list := r.Config.Sitters
		if len(list) == 0 {
			list = []string{r.Config.Sitter}
		}
		if err := r.setFlag(ctx, flags.Allowlist, join(list), was[flags.Allowlist]); err != nil {
			return err
		}
	}
	for _, on := range []bool{false, true} {
		for i, name := range switched {
			if s.Flags[i] != on {
				continue
			}
			if err := r.setFlag(ctx, name, fmt.Sprint(on), was[name]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *Runner) setFlag(ctx context.Context, name, value, was string) error {
	if was == value {
		return nil
	}
	w := Write{What: "flag", Where: r.Switches.Where(), Text: fmt.Sprintf("%s: %s → %s", name, orMissing(was), value)}
	return r.write(ctx, w, func() error { return r.Switches.Set(ctx, name, value) })
}

func orMissing(s string) string {
	if s == "" {
		return "missing"
	}
	return s
}

// Write is one change that the program makes, said before it is made.
type Write struct {
	At    time.Time `json:"at"`
	Step  int       `json:"step"`
	What  string    `json:"what"` // flag, api, text
	Where string    `json:"where"`
	Text  string    `json:"text"`
}

// write says what is about to be written, then writes it; a dry run only says it.
func (r *Runner) write(ctx context.Context, w Write, do func() error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	w.At, w.Step, w.Text = r.now(), r.step, redact(w.Text)
	r.Out.Write(w)
	if r.Config.DryRun {
		return nil
	}
	r.State.Writes = append(r.State.Writes, w)
	if err := do(); err != nil {
		return fmt.Errorf("%s: %w", w.Text, err)
	}
	return nil
}

func (r *Runner) save() error {
	if r.Config.DryRun || r.Save == nil {
		return nil
	}
	return r.Save(r.State)
}

// now is the target's time, as its last answer had it.
func (r *Runner) now() time.Time { return r.API.Now() }

// eventually looks until what is expected is there, or the time is up.
func (r *Runner) eventually(ctx context.Context, within time.Duration, look func() (string, error)) error {
	// Soon at first, since most of it is there at once; then less and less often.
	pause := time.Second
	for waited := time.Duration(0); ; waited, pause = waited+pause, min(2*pause, max(within-waited-pause, time.Second)) {
		if err := r.Time.Settle(ctx); err != nil {
			return err
		}
		missing, err := look()
		if err != nil {
			return err
		}
		if missing == "" {
			return nil
		}
		if waited >= within {
			return failed("%s (waited %s)", missing, within)
		}
		if err := r.Time.Pass(ctx, pause); err != nil {
			return err
		}
	}
}
