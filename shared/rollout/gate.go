package rollout

import (
	"fmt"
	"strings"
	"time"
)

// accept records a person's yes to the report after step 2, or remembers one that
// was given beforehand on a local world, where the four days are play.
func (r *Runner) accept(name string) error {
	name = strings.TrimSpace(name)
	rep := r.State.Report
	switch {
	case name == "":
		return bad("--accept needs the name of who accepts.")
	case r.Config.DryRun:
		return nil
	case rep == nil && r.Config.Local:
		return nil // closeStep2 records it
	case rep == nil:
		return bad("There is no report after step 2 to accept yet: it is accepted once somebody has read it.")
	case !rep.Ready && r.Config.Local:
		return nil
	case !rep.Ready:
		return &Gate{"The report after step 2 says: Need fixes. It cannot be accepted."}
	case rep.Accepted != nil:
		return nil
	}
	rep.Accepted = &Acceptance{Name: name, At: r.now()}
	r.Out.Say("%s has accepted the report after step 2", name)
	return r.save()
}

// closeStep2 writes the checklist's own report, and ends the run where nobody has
// accepted it.
func (r *Runner) closeStep2(accept string, more bool) error {
	rep := &Step2Report{At: r.now(), Ready: true, Verdict: "Ready for step 3"}
	n := 0
	for _, res := range r.State.Step(2).Results {
		if res.Outcome == Broken {
			rep.Ready = false
		}
		if !res.Extra && res.Outcome == Passed {
			n++
		}
		if res.ID == "2.4.counts" {
			rep.Expected = res.Evidence
		}
	}
	if n == 0 {
		rep.Ready = false
	}
	if !rep.Ready {
		rep.Verdict = "Need fixes"
	}
	if rep.Ready && accept != "" && r.Config.Local {
		rep.Accepted = &Acceptance{Name: accept, At: r.now(), Beforehand: true}
	}
	r.State.Report = rep
	if err := r.save(); err != nil {
		return err
	}
	r.Out.Say("report after step 2: %s", rep.Verdict)
	if more {
		return r.State.Gate()
	}
	return nil
}

// Markdown is the whole report for people.
func (s *State) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Rollout of %s\n\nStage %s, org %s.\n", s.Target, s.Stage, orNone(s.Org))
	for n := 1; n <= 4; n++ {
		rec := s.Step(n)
		if rec.Status == StepNew {
			continue
		}
		fmt.Fprintf(&b, "\n## Step %d: %s\n\n%s", n, stepOf(n).Title, strings.ToUpper(rec.Status[:1])+rec.Status[1:])
		if !rec.WatchFrom.IsZero() {
			fmt.Fprintf(&b, ", watched from %s to %s, %d looks", stamp(rec.WatchFrom), stamp(lastLook(rec)), len(rec.Samples))
		}
		b.WriteString(".\n\n")
		for _, res := range rec.Ordered() {
			mark := map[Outcome]string{Passed: "[x]", Broken: "[ ] **failed**", ForEyes: "[ ] *for a person*"}[res.Outcome]
			fmt.Fprintf(&b, "- %s `%s` %s\n", mark, res.ID, res.Text)
			if res.Outcome != Passed || res.Person != "" {
				fmt.Fprintf(&b, "  - %s\n", res.Said)
			}
			for _, f := range res.Evidence {
				fmt.Fprintf(&b, "  - %s: %s\n", f.Name, f.Value)
			}
		}
		if rb := rec.Rollback; rb != nil {
			fmt.Fprintf(&b, "\n**Rollback** at %s because of %s\n\n%s\n\n", stamp(rb.At), rb.Why, rb.Said)
			for _, f := range rb.Evidence {
				fmt.Fprintf(&b, "- %s: %s\n", f.Name, f.Value)
			}
		}
		if n == 2 && s.Report != nil {
			b.WriteString(s.step2())
		}
	}
	if len(s.Writes) > 0 {
		b.WriteString("\n## What was written\n\n")
		for _, w := range s.Writes {
			fmt.Fprintf(&b, "- %s step %d, %s: %s\n", stamp(w.At), w.Step, w.Where, w.Text)
		}
	}
	return b.String()
}

func (s *State) step2() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n### Report After Step 2\n\n**%s** (%s)\n\n", s.Report.Verdict, stamp(s.Report.At))
	for _, f := range s.Report.Expected {
		fmt.Fprintf(&b, "- %s: %s\n", f.Name, f.Value)
	}
	switch a := s.Report.Accepted; {
	case a == nil:
		b.WriteString("\nAccepted by nobody yet.\n")
	case a.Beforehand:
		fmt.Fprintf(&b, "\nAccepted by %s, given beforehand.\n", a.Name)
	default:
		fmt.Fprintf(&b, "\nAccepted by %s at %s.\n", a.Name, stamp(a.At))
	}
	return b.String()
}

// Ordered are a step's results in the checklist's order.
func (rec *StepRecord) Ordered() []Result {
	var out []Result
	for _, box := range Boxes() {
		for _, res := range rec.Results {
			if res.ID == box.ID {
				out = append(out, res)
			}
		}
	}
	return out
}

func lastLook(rec *StepRecord) (at time.Time) {
	if n := len(rec.Samples); n > 0 {
		return rec.Samples[n-1].At
	}
	return rec.WatchFrom
}
