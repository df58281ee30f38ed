package rollout_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"snout/shared/rollout"
)

var wholeNumber = regexp.MustCompile(`\+\d{8,15}\b`)

// all are the four steps.
var all = []int{1, 2, 3, 4}

func TestTheWholeChecklistIsGreenAndStopsAtTheGate(t *testing.T) {
	t.Parallel()
	w := world(t, before(1))
	r := runner(t, w.URL)
	r.Config.Local = false // as on a stage: nobody can accept what they have not read
	r.Config.Watch = 24 * time.Hour
	path := filepath.Join(t.TempDir(), "rollout.json")
	r.Save = rollout.SaveTo(path)
	began := w.Clock.Now()

	err := r.Run(t.Context(), all, "")
	var gate *rollout.Gate
	if !errors.As(err, &gate) || rollout.ExitCode(err) != rollout.ExitGate {
		t.Fatalf("after step 2 the run ended with %v, want it to wait for a person", err)
	}
	if rep := r.State.Report; rep == nil || !rep.Ready || rep.Verdict != "Ready for step 3" || rep.Accepted != nil {
		t.Fatalf("the report after step 2 is %+v", rep)
	}
	if now := w.Flags()["ENABLE_PROACTIVE_THREAD_CREATION"]; now != "false" {
		t.Errorf("proactive threads are %s before anybody has accepted the report", now)
	}

	// Another process reads the state file and goes on.
	again := runner(t, w.URL)
	again.Config = r.Config
	if again.State, err = rollout.ReadState(path, w.URL, "local", "demo"); err != nil {
		t.Fatal(err)
	}
	again.Save = rollout.SaveTo(path)
	if err := again.Run(t.Context(), all, "Olivia Park"); err != nil {
		t.Fatal(err)
	}
	if a := again.State.Report.Accepted; a == nil || a.Name != "Olivia Park" || a.Beforehand {
		t.Errorf("the acceptance is kept as %+v", a)
	}

	outcomes := map[string]rollout.Outcome{}
	for _, rec := range again.State.Steps {
		if rec.Status != rollout.StepDone {
			t.Errorf("step %d is %q, want done", rec.Number, rec.Status)
		}
		if got := len(rec.Samples); got < 96 || got > 98 {
			t.Errorf("step %d was looked at %d times in a day, want every quarter of an hour", rec.Number, got)
		}
		for _, res := range rec.Results {
			outcomes[res.ID] = res.Outcome
			if res.Outcome == rollout.Passed && len(res.Evidence) == 0 {
				t.Errorf("%s has no evidence", res.ID)
			}
		}
	}
	want := map[string]rollout.Outcome{}
	for _, b := range rollout.Boxes() {
		want[b.ID] = rollout.Passed
	}
	want["2.4.issues"] = rollout.ForEyes
	if diff := cmp.Diff(want, outcomes); diff != "" {
		t.Errorf("boxes (-want +got):\n%s", diff)
	}
	if passed := w.Clock.Now().Sub(began); passed < 4*24*time.Hour {
		t.Errorf("%s have passed, want four days", passed)
	}
	flags := map[string]string{"ENABLE_MESSAGING_V1": "true", "ENABLE_PROACTIVE_THREAD_CREATION": "true", "ENABLE_SITTER_MESSAGES_V1": "true", "SITTER_MESSAGES_ALLOWLIST": "sitter-1"}
	if diff := cmp.Diff(flags, w.Flags()); diff != "" {
		t.Errorf("flags at the end (-want +got):\n%s", diff)
	}

	kept, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"state file": string(kept), "report": again.State.Markdown()} {
		if n := wholeNumber.FindString(text); n != "" {
			t.Errorf("the %s holds the whole number %s", name, n)
		}
		if strings.Contains(text, "Rollout check ") {
			t.Errorf("the %s holds what somebody wrote", name)
		}
	}

	// On the same day the stranger has had the automatic answer.
	r2 := runner(t, w.URL)
	if err := r2.Run(t.Context(), []int{2}, ""); err != nil {
		t.Fatal(err)
	}
	if err := r2.Run(t.Context(), []int{2}, ""); err != nil {
		t.Fatalf("step 2 for the second time on a day: %v", err)
	}
	if !slices.ContainsFunc(r2.State.Step(2).Results, func(res rollout.Result) bool {
		return res.ID == "2.3.auto-response" && slices.ContainsFunc(res.Evidence, func(f rollout.Fact) bool { return f.Name == "answered today" })
	}) {
		t.Error("the second run of the day does not say that the answer was given today")
	}
}

func TestADryRunSaysEachWriteAndMakesNone(t *testing.T) {
	t.Parallel()
	for _, step := range all {
		t.Run(fmt.Sprintf("step %d", step), func(t *testing.T) {
			t.Parallel()
			w := world(t, before(step))
			made := func(r *rollout.Runner) []string {
				out := &writes{silent: silent{t}}
				r.Out = out
				accepted(r)
				if err := r.Run(t.Context(), []int{step}, ""); err != nil {
					t.Fatal(err)
				}
				return out.said
			}
			dry := runner(t, w.URL)
			dry.Config.DryRun = true
			dry.Save = func(*rollout.State) error { t.Error("a dry run has saved a state"); return nil }
			flags, metrics := w.Flags(), w.Engine.Metrics().Write
			said := made(dry)
			if diff := cmp.Diff(flags, w.Flags()); diff != "" {
				t.Errorf("flags after a dry run (-before +after):\n%s", diff)
			}
			if diff := cmp.Diff(metrics, w.Engine.Metrics().Write); diff != "" {
				t.Errorf("units written to the table by a dry run (-before +after):\n%s", diff)
			}
			done := made(runner(t, w.URL))
			// Ids and numbers that only exist once they are made differ, and so does what the
			// end of a step tidies up.
			if diff := cmp.Diff(kinds(said), kinds(done)); diff != "" {
				t.Errorf("writes (-said in a dry run +made):\n%s", diff)
			}
		})
	}
}

type writes struct {
	silent
	said []string
}

func (w *writes) Write(x rollout.Write) { w.said = append(w.said, x.Where+": "+x.Text) }

func kinds(said []string) []string {
	moved := regexp.MustCompile(`\d{4}-\d\d-\d\dT[0-9:]+Z|texts .*$`)
	var out []string
	for _, s := range said {
		if !strings.Contains(s, "cancel the test booking") {
			out = append(out, moved.ReplaceAllString(s, "…"))
		}
	}
	return out
}

func TestAStoppedWatchGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	w := world(t, before(1))
	r := runner(t, w.URL)
	r.Config.Watch = 6 * time.Hour
	path := filepath.Join(t.TempDir(), "rollout.json")
	r.Save = rollout.SaveTo(path)
	ctx, stop := context.WithCancel(t.Context())
	r.Out = stopper{silent{t}, 5, stop}
	err := r.Run(ctx, []int{1}, "")
	if rollout.ExitCode(err) != rollout.ExitStopped {
		t.Fatalf("a stopped run ended with %v", err)
	}
	if w.Flags()["ENABLE_MESSAGING_V1"] != "true" {
		t.Error("a stopped run has taken the step back")
	}
	again := runner(t, w.URL)
	again.Config, again.Save = r.Config, rollout.SaveTo(path)
	if again.State, err = rollout.ReadState(path, w.URL, "local", "demo"); err != nil {
		t.Fatal(err)
	}
	from, checks := again.State.Step(1).WatchFrom, len(again.State.Step(1).Results)
	if err := again.Run(t.Context(), []int{1}, ""); err != nil {
		t.Fatal(err)
	}
	rec := again.State.Step(1)
	if !rec.WatchFrom.Equal(from) || len(rec.Results) != checks+3 {
		t.Errorf("the watch began at %s with %d results, want it to go on from %s with %d", rec.WatchFrom, len(rec.Results), from, checks+3)
	}
	if got := len(rec.Samples); got < 25 || got > 27 {
		t.Errorf("%d looks in six hours", got)
	}
}

// stopper stops a run after so many looks.
type stopper struct {
	silent
	looks int
	stop  context.CancelFunc
}

func (s stopper) Watch(p rollout.Progress) {
	if p.Looks == s.looks {
		s.stop()
	}
}

func TestWhatIsWrongIsSaidAndNothingIsChanged(t *testing.T) {
	w := world(t, before(1))
	w.Clock.Hold(true) // or the world would do its own work meanwhile
	for _, row := range []struct {
		name string
		step int
		bend func(*rollout.Runner)
		want string // a part of the sentence
	}{
		{"nobody answers at the target", 1, func(r *rollout.Runner) { r.API.Base = "http://127.0.0.1:1" }, "cannot be reached"},
		{"the stage is another", 1, func(r *rollout.Runner) { r.Config.Stage = "staging" }, `stage "local", and "staging" was meant`},
		{"the owner's token has expired", 1, func(r *rollout.Runner) {
			token, err := w.Issuer.Mint("owner-1")
			w.Clock.Advance(2 * time.Hour)
			r.API.People[rollout.Owner] = func(context.Context) (string, error) { return token, err }
		}, "refused: it expired at"},
		{"the owner's token is rubbish", 1, func(r *rollout.Runner) {
			r.API.People[rollout.Owner] = func(context.Context) (string, error) { return "rubbish", nil }
		}, "refused. Fetch a new one."},
		{"the owner's token command fails", 1, func(r *rollout.Runner) {
			r.API.People[rollout.Owner] = func(context.Context) (string, error) { return "", errors.New("no such vault") }
		}, "no such vault"},
		{"the owner's token is a sitter's", 1, func(r *rollout.Runner) { r.API.People[rollout.Owner] = r.API.People[rollout.TestSitter] }, `role "sitter"`},
		{"the sitter's token is another sitter's", 4, func(r *rollout.Runner) { r.API.People[rollout.TestSitter] = r.API.People[rollout.OtherSitter] }, "is that of sitter-2, and sitter-1 was meant"},
		{"the owner is of another org", 1, func(r *rollout.Runner) { r.Config.Org = "other" }, "of the org demo, and other was meant"},
		{"there is no such sitter", 1, func(r *rollout.Runner) { r.Config.Sitter = "sitter-9"; delete(r.API.People, rollout.TestSitter) }, "no active sitter sitter-9"},
		{"the stranger is a client", 2, func(r *rollout.Runner) { r.Config.Stranger = "+13105550111" }, "belongs to the client client-1"},
		{"two test phones are the same", 1, func(r *rollout.Runner) { r.Config.Second = r.Config.Client }, "are the same"},
		{"a test phone is one of the org's numbers", 1, func(r *rollout.Runner) { r.Config.Client = "+12135550101" }, "one of the org's own numbers"},
		{"a test phone is no number", 1, func(r *rollout.Runner) { r.Config.Client = "555" }, "must be a number"},
		{"production is not confirmed", 1, func(r *rollout.Runner) { r.Config.Production = true }, "--confirm local"},
		{"the stage is further on", 1, func(r *rollout.Runner) {
			r.Config.Local = false
			r.Switches = fixed{"ENABLE_MESSAGING_V1": "true", "ENABLE_PROACTIVE_THREAD_CREATION": "true", "ENABLE_SITTER_MESSAGES_V1": "false", "SITTER_MESSAGES_ALLOWLIST": "none"}
		}, "not those that the target reads"},
		{"a flag is missing", 1, func(r *rollout.Runner) {
			r.Switches = fixed{"ENABLE_MESSAGING_V1": "false", "ENABLE_PROACTIVE_THREAD_CREATION": "false", "ENABLE_SITTER_MESSAGES_V1": "false"}
		}, "half set: SITTER_MESSAGES_ALLOWLIST is missing"},
		{"a flag is neither true nor false", 1, func(r *rollout.Runner) {
			r.Switches = fixed{"ENABLE_MESSAGING_V1": "True", "ENABLE_PROACTIVE_THREAD_CREATION": "false", "ENABLE_SITTER_MESSAGES_V1": "false", "SITTER_MESSAGES_ALLOWLIST": "none"}
		}, `half set: ENABLE_MESSAGING_V1 is "True"`},
		{"the flags are those of no step", 1, func(r *rollout.Runner) {
			r.Switches = fixed{"ENABLE_MESSAGING_V1": "false", "ENABLE_PROACTIVE_THREAD_CREATION": "true", "ENABLE_SITTER_MESSAGES_V1": "false", "SITTER_MESSAGES_ALLOWLIST": "none"}
		}, "half set: ENABLE_MESSAGING_V1=false ENABLE_PROACTIVE_THREAD_CREATION=true"},
		{"the flags cannot be read", 1, func(r *rollout.Runner) { r.Switches = unreadable{} }, "cannot be read"},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := runner(t, w.URL)
			out := &writes{silent: silent{t}}
			r.Out = out
			r.Save = func(*rollout.State) error { t.Error("the state was saved"); return nil }
			row.bend(r)
			if err := w.Settle(t.Context()); err != nil {
				t.Fatal(err)
			}
			flags, written := w.Flags(), w.Engine.Metrics().Write
			err := r.Run(t.Context(), []int{row.step}, "")
			if rollout.ExitCode(err) != rollout.ExitInput || !strings.Contains(err.Error(), row.want) || !strings.Contains(err.Error(), "Nothing was changed.") {
				t.Errorf("the run ended with %v (status %d), want it to say %q", err, rollout.ExitCode(err), row.want)
			}
			if len(out.said) > 0 {
				t.Errorf("it has written: %v", out.said)
			}
			if diff := cmp.Diff(flags, w.Flags()); diff != "" {
				t.Errorf("flags (-before +after):\n%s", diff)
			}
			if diff := cmp.Diff(written, w.Engine.Metrics().Write); diff != "" {
				t.Errorf("units written to the table (-before +after):\n%s", diff)
			}
			if wholeNumber.MatchString(err.Error()) {
				t.Errorf("the sentence holds a whole number: %v", err)
			}
		})
	}
}

// fixed are flags as they might stand in a parameter store.
type fixed map[string]string

func (f fixed) Read(context.Context) (map[string]string, error) { return f, nil }
func (f fixed) Set(context.Context, string, string) error       { return errors.New("not to be written") }
func (f fixed) Where() string                                   { return "SSM /snout/local/flags/" }

type unreadable struct{ fixed }

func (unreadable) Read(context.Context) (map[string]string, error) {
	return nil, errors.New("access denied")
}

func TestStep3StartsOnlyFromAReportThatSomebodyHasAccepted(t *testing.T) {
	w := world(t, before(3))
	for _, row := range []struct {
		name   string
		report *rollout.Step2Report
		accept string
		want   string
	}{
		{"there is no report", nil, "", "there is none"},
		{"the report says that fixes are needed", &rollout.Step2Report{Verdict: "Need fixes"}, "", "Need fixes"},
		{"the report says that fixes are needed, and somebody accepts it", &rollout.Step2Report{Verdict: "Need fixes"}, "Olivia Park", "Need fixes"},
		{"nobody has accepted it", &rollout.Step2Report{Ready: true, Verdict: "Ready for step 3"}, "", "Nobody has accepted it yet"},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := runner(t, w.URL)
			r.Config.Local = false
			r.State.Report = row.report
			flags := w.Flags()
			err := r.Run(t.Context(), []int{3}, row.accept)
			if rollout.ExitCode(err) != rollout.ExitGate || !strings.Contains(err.Error(), row.want) {
				t.Errorf("the run ended with %v, want it to stop at the gate and say %q", err, row.want)
			}
			if diff := cmp.Diff(flags, w.Flags()); diff != "" {
				t.Errorf("flags (-before +after):\n%s", diff)
			}
		})
	}
}

func TestARollbackFlipsTheFlagThatWasLastEnabled(t *testing.T) {
	t.Parallel()
	want := map[int]string{1: "ENABLE_MESSAGING_V1", 2: "ENABLE_MESSAGING_V1", 3: "ENABLE_PROACTIVE_THREAD_CREATION", 4: "ENABLE_SITTER_MESSAGES_V1"}
	for step, flag := range want {
		t.Run(fmt.Sprintf("step %d", step), func(t *testing.T) {
			t.Parallel()
			now := before(step)
			now[flag] = "true"
			w := world(t, now)
			r := runner(t, w.URL)
			rb, err := r.RollBackOnly(t.Context(), step, "a test")
			if err != nil || !rb.Done || rb.Flag != flag {
				t.Fatalf("%+v, %v", rb, err)
			}
			now[flag] = "false"
			if diff := cmp.Diff(now, w.Flags()); diff != "" {
				t.Errorf("flags (-want +got):\n%s", diff)
			}
		})
	}
}

func TestARollbackThatHasNoEffectIsNoRollback(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name string
		step int
		bend *bend
	}{
		{"the flip never reaches the parameter store", 1, &bend{instead: func(_ *bend, x *exchange) (int, map[string]any) {
			if x.Path == "/local/flags" && x.Method == "PUT" {
				return 200, map[string]any{}
			}
			return 0, nil
		}}},
		{"the owner's list stays open", 1, &bend{instead: func(_ *bend, x *exchange) (int, map[string]any) {
			if x.Path == "/api/messages/threads" && x.Who == "owner-1" {
				return 200, map[string]any{"threads": []any{}, "suggested": []any{}, "cursor": nil}
			}
			return 0, nil
		}}},
		{"sitters can still write", 4, &bend{instead: func(_ *bend, x *exchange) (int, map[string]any) {
			if x.sitterSend() {
				return 404, map[string]any{"code": "THREAD_NOT_FOUND", "detail": "There is no such conversation."}
			}
			return 0, nil
		}}},
		{"threads are lost by it", 3, &bend{after: func(b *bend, x *exchange) {
			if x.Path == "/local/flags" && x.Method == "PUT" {
				b.count("flipped")
			}
			if x.diagnostics() && b.get("flipped") > 0 {
				put(object(x.Out, "summary"), "threadsByNumberClass", []map[string]any{{"numberClass": "front_desk", "count": -1}})
			}
		}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			now := before(row.step)
			now[rollout.Steps()[row.step-1].Reverse] = "true"
			w := world(t, now)
			r := runner(t, front(t, w, row.bend))
			rb, err := r.RollBackOnly(t.Context(), row.step, "a test")
			if rb.Done || rollout.ExitCode(err) != rollout.ExitNotBack {
				t.Errorf("%+v, %v", rb, err)
			}
		})
	}
}

// A flag that reads as off and still opens conversations is what a look at flags alone would miss.
func TestTheRollbackOfProactiveThreadsIsTriedWithAFreshBooking(t *testing.T) {
	t.Parallel()
	const flag = "ENABLE_PROACTIVE_THREAD_CREATION"
	duplicate := func(b *bend, x *exchange) {
		if x.list("owner-1", "conversations") && b.get("flipped") == 0 && b.get("patched") > 1 {
			var twins []map[string]any
			for _, row := range rows(x.Out, "threads") {
				twin := map[string]any{}
				for k, v := range row {
					twin[k] = v
				}
				twin["id"] = fmt.Sprint(row["id"], "-twin")
				twins = append(twins, row, twin)
			}
			put(x.Out, "threads", twins)
		}
		if x.Method == "PATCH" && x.Path != "" && x.In["sitterId"] != nil {
			b.count("patched")
		}
	}
	for _, row := range []struct {
		name  string
		works bool // the flip reaches more than what is shown
		done  bool
		fact  string
	}{
		{"off, and the booking is only suggested", true, true, "is suggested, and opened nothing"},
		{"shown as off, and a conversation opens by itself", false, false, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			w := world(t, before(3))
			r := runner(t, front(t, w, &bend{
				instead: func(b *bend, x *exchange) (int, map[string]any) {
					if x.Path == "/local/flags" && x.Method == "PUT" && x.In[flag] == "false" {
						b.count("flipped")
						if !row.works {
							return 200, map[string]any{}
						}
					}
					return 0, nil
				},
				after: func(b *bend, x *exchange) {
					duplicate(b, x)
					if b.get("flipped") > 0 {
						shown(x, flag, "false")
					}
				},
			}))
			accepted(r)
			var got *rollout.Failed
			if err := r.Run(t.Context(), []int{3}, ""); !errors.As(err, &got) || got.Result.ID != "3.no-duplicate" || got.Rollback == nil {
				t.Fatalf("the run ended with %v", err)
			}
			facts := fmt.Sprint(got.Rollback.Evidence)
			if got.Rollback.Done != row.done || !strings.Contains(facts, row.fact) {
				t.Errorf("the rollback is done: %v (%s), with %s", got.Rollback.Done, got.Rollback.Said, facts)
			}
			if !row.done && !strings.Contains(got.Rollback.Said, "opened by itself") {
				t.Errorf("the rollback says %q", got.Rollback.Said)
			}
		})
	}
}

func TestSittersAreLetInOneAListOrAll(t *testing.T) {
	t.Parallel()
	on := before(4)
	on["ENABLE_SITTER_MESSAGES_V1"], on["SITTER_MESSAGES_ALLOWLIST"] = "true", "sitter-1"
	w := world(t, on)
	for _, row := range []struct {
		sitters []string
		want    string
		refused bool
	}{
		{[]string{"sitter-1", "sitter-2"}, "sitter-1,sitter-2", false},
		{[]string{"sitter-9"}, "sitter-1,sitter-2", true},
		{[]string{"*"}, "*", false},
	} {
		err := runner(t, w.URL).Widen(t.Context(), row.sitters)
		if (rollout.ExitCode(err) == rollout.ExitInput) != row.refused {
			t.Errorf("%v: %v", row.sitters, err)
		}
		if got := w.Flags()["SITTER_MESSAGES_ALLOWLIST"]; got != row.want {
			t.Errorf("%v: the list is %q, want %q", row.sitters, got, row.want)
		}
	}
}

func TestAStateFileOfAnotherTargetIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rollout.json")
	if err := rollout.SaveTo(path)(&rollout.State{Target: "https://staging.example.com", Stage: "staging", Org: "demo"}); err != nil {
		t.Fatal(err)
	}
	for _, row := range [][3]string{{"https://messages.example.com", "prod", "demo"}, {"https://staging.example.com", "prod", "demo"}, {"https://staging.example.com", "staging", "other"}} {
		if _, err := rollout.ReadState(path, row[0], row[1], row[2]); rollout.ExitCode(err) != rollout.ExitInput {
			t.Errorf("%v: %v", row, err)
		}
	}
	if _, err := rollout.ReadState(path, "https://staging.example.com", "staging", "demo"); err != nil {
		t.Error(err)
	}
}
