package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"snout/shared/rollout"
)

const exitCodes = `
Exit status:
  0  everything asked for is done and green
  1  the program itself could not go on
  2  something it was given is wrong; nothing was changed
  3  a check or the watch failed, and the step was rolled back
  4  a check failed and the rollback did not take effect
  5  the report after step 2 waits for somebody to accept it, or says that fixes are needed
  6  stopped; the same command goes on where it was
  7  doctor found something that needs a remedy`

type rolloutFlags struct {
	options
	step, accept, confirm, state, report string
	sitters                              []string
	watch, every                         time.Duration
	fast, dry, fromStart                 bool
}

func rolloutCommand() *cobra.Command {
	o := &rolloutFlags{}
	c := &cobra.Command{
		Use: "rollout", Short: "Run the staging rollout checklist against a deployment", Args: cobra.NoArgs,
		Long: `Runs the staging rollout checklist: sets a step's flags, makes every check that a machine can make, watches
for a day, and takes the step back when a check fails. Each box of the checklist is one named check with its
evidence in the report. After step 2 the run ends with the checklist's own report, and step 3 starts only once
somebody has accepted it.
` + exitCodes,
		Example: `  # Everything against the system on this machine, four days in a minute
  snout rollout --target http://127.0.0.1:8787 --step all --fast --accept "Olivia Park"

  # A staging stack: see what would be written, then run the first two steps
  snout rollout --config staging.yaml --step all --dry-run
  snout rollout --config staging.yaml --step all

  # Read the report, accept it, go on
  snout rollout --config staging.yaml --step all --accept "Olivia Park"

  # Production pilot
  snout rollout --config prod.yaml --step 1 --confirm prod

  # Take step 3 back
  snout rollout rollback --config staging.yaml --step 3`,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd) },
	}
	o.add(c)
	p := c.PersistentFlags()
	p.StringVar(&o.confirm, "confirm", "", "the stage's name again, which production needs")
	p.StringVar(&o.state, "state", "", "state file, which makes a stopped run go on (default rollout-STAGE-ORG.json)")
	p.BoolVar(&o.dry, "dry-run", false, "say each write and make none")
	f := c.Flags()
	f.StringVar(&o.step, "step", "all", "1, 2, 3, 4 or all")
	f.StringVar(&o.accept, "accept", "", "name of who accepts the report after step 2")
	f.StringVar(&o.report, "report", "", "where the report goes, without its ending (default: beside the state file); .md and .html are written")
	f.StringSliceVar(&o.sitters, "sitters", nil, "sitters with whom step 4 begins (default: the test sitter)")
	f.DurationVar(&o.watch, "watch", 24*time.Hour, "how long each step is watched")
	f.DurationVar(&o.every, "every", 15*time.Minute, "how often the watch looks")
	f.BoolVar(&o.fast, "fast", false, "let the local world's clock run ahead instead of waiting")
	f.BoolVar(&o.fromStart, "from-start", false, "let a stage that is further on go back to an earlier step")
	c.AddCommand(o.rollback(), o.widen())
	return c
}

// runner puts everything together.
func (o *rolloutFlags) runner(cmd *cobra.Command) (*rollout.Runner, string, error) {
	s, err := o.reach(cmd.Context())
	if err != nil {
		return nil, "", err
	}
	if o.fast && s.local == nil {
		return nil, "", input("--fast moves the clock, which only a local world has, and %s is none.", s.Target)
	}
	path := o.state
	if path == "" {
		path = "rollout-" + s.Stage
		if s.Org != "" {
			path += "-" + s.Org
		}
		path += ".json"
	}
	state, err := rollout.ReadState(path, s.Target, s.Stage, s.Org)
	if err != nil {
		return nil, "", err
	}
	r := &rollout.Runner{
		Config: rollout.Config{
			Target: s.Target, Stage: s.Stage, Org: s.Org, Production: s.production(), Confirm: o.confirm, Local: s.local != nil, FromStart: o.fromStart, DryRun: o.dry,
			Sitter: s.Sitter.ID, Sitters: o.sitters, Service: s.Service, Client: s.Phones.Client, Second: s.Phones.Second, Stranger: s.Phones.Stranger,
			Watch: o.watch, Every: o.every,
		},
		API: s.api, Switches: s.switches, Phones: s.phones, Time: rollout.RealTime{}, Logs: s.logs, State: state, Save: rollout.SaveTo(path), Random: word,
		Out: newReporter(cmd.OutOrStdout(), o.json),
	}
	if s.local != nil {
		s.local.Fast = o.fast
		r.Time = s.local
	}
	return r, path, nil
}

func (o *rolloutFlags) run(cmd *cobra.Command) error {
	steps := []int{1, 2, 3, 4}
	if o.step != "all" {
		n, err := strconv.Atoi(o.step)
		if err != nil || n < 1 || n > 4 {
			return input("--step is %q: 1, 2, 3, 4 or all.", o.step)
		}
		steps = []int{n}
	}
	r, path, err := o.runner(cmd)
	if err != nil {
		return err
	}
	err = r.Run(cmd.Context(), steps, o.accept)
	var in *rollout.BadInput
	if o.dry || errors.As(err, &in) {
		return err
	}
	base := o.report
	if base == "" {
		base = strings.TrimSuffix(path, ".json")
	}
	if werr := writeReports(base, r.State); werr != nil {
		return errors.Join(err, werr)
	}
	if o.json {
		return errors.Join(err, printJSON(cmd.OutOrStdout(), r.State))
	}
	fmt.Fprintf(cmd.OutOrStdout(), "report: %s.md, %s.html\n", base, base)
	return err
}

func writeReports(base string, s *rollout.State) error {
	html, err := reportHTML(s)
	if err != nil {
		return err
	}
	return errors.Join(os.WriteFile(base+".md", []byte(s.Markdown()), 0o600), os.WriteFile(base+".html", html, 0o600))
}

func (o *rolloutFlags) rollback() *cobra.Command {
	var step int
	var why string
	c := &cobra.Command{
		Use: "rollback", Short: "Turn off the flag that a step enabled, and see that it took effect", Args: cobra.NoArgs,
		Example: "  snout rollout rollback --config staging.yaml --step 4 --reason 'a sitter saw too much'",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if step < 1 || step > 4 {
				return input("--step is %d: 1, 2, 3 or 4.", step)
			}
			r, _, err := o.runner(cmd)
			if err != nil {
				return err
			}
			rb, err := r.RollBackOnly(cmd.Context(), step, why)
			if o.json && rb.Flag != "" {
				return errors.Join(err, printJSON(cmd.OutOrStdout(), rb))
			}
			return err
		},
	}
	c.Flags().IntVar(&step, "step", 0, "1, 2, 3 or 4")
	c.Flags().StringVar(&why, "reason", "asked for by an operator", "why, for the record")
	return c
}

func (o *rolloutFlags) widen() *cobra.Command {
	var everyone bool
	c := &cobra.Command{
		Use: "widen [sitter...]", Short: "Let these sitters, or everyone, use sitter messages once step 4 is on",
		Example: "  snout rollout widen --config staging.yaml sitter-1 sitter-2\n  snout rollout widen --config staging.yaml --everyone",
		RunE: func(cmd *cobra.Command, args []string) error {
			if everyone == (len(args) > 0) {
				return input("Name the sitters, or say --everyone.")
			}
			if everyone {
				args = []string{"*"}
			}
			r, _, err := o.runner(cmd)
			if err != nil {
				return err
			}
			return r.Widen(cmd.Context(), args)
		},
	}
	c.Flags().BoolVar(&everyone, "everyone", false, "every sitter")
	return c
}

func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// reporter shows a run to people: colour and a moving line only on a terminal.
type reporter struct {
	out      io.Writer
	quiet    bool // JSON is coming: only that goes out
	terminal bool
	color    bool
	line     bool // the progress line stands there
	looks    int
}

func newReporter(out io.Writer, quiet bool) *reporter {
	t := isTerminal(out)
	return &reporter{out: out, quiet: quiet, terminal: t, color: t && os.Getenv("NO_COLOR") == ""}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	i, err := f.Stat()
	return err == nil && i.Mode()&os.ModeCharDevice != 0 && os.Getenv("TERM") != "dumb"
}

func (r *reporter) print(s string) {
	if r.quiet {
		return
	}
	if r.line {
		fmt.Fprint(r.out, "\r\x1b[K")
		r.line = false
	}
	fmt.Fprintln(r.out, s)
}

func (r *reporter) paint(code, s string) string {
	if !r.color {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (r *reporter) Say(format string, args ...any) { r.print(fmt.Sprintf(format, args...)) }

func (r *reporter) Write(w rollout.Write) {
	r.print(r.paint("36", "  write") + "  " + w.Where + ": " + w.Text)
}

func (r *reporter) Check(res rollout.Result) {
	switch res.Outcome {
	case rollout.Passed:
		r.print(r.paint("32", "  ok    ") + res.ID + "  " + res.Text)
	case rollout.ForEyes:
		r.print(r.paint("33", "  look  ") + res.ID + "  " + res.Said)
	default:
		r.print(r.paint("31", "  FAILED ") + res.ID + "  " + res.Text + "\n         " + res.Said)
		for _, f := range res.Evidence {
			r.print("         " + f.Name + ": " + f.Value)
		}
	}
}

// Watch shows where the watch stands. Where nobody looks on it is a line every
// eighth look, so that a day in a build's log is twelve lines.
func (r *reporter) Watch(p rollout.Progress) {
	if r.quiet {
		return
	}
	r.looks++
	total, gone := p.Until.Sub(p.From), p.Now.Sub(p.From)
	const width = 20
	full := width
	if total > 0 {
		full = int(min(float64(width)*float64(gone)/float64(total), width))
	}
	s := fmt.Sprintf("  watch  step %d  %s%s  %s of %s, %s left, next look %s  threads %d, operational %d, held %d, failed %d", p.Step, strings.Repeat("▮", full), strings.Repeat("▯", width-full),
		gone.Round(time.Minute), total.Round(time.Minute), max(p.Until.Sub(p.Now), 0).Round(time.Minute), p.NextLook.Local().Format("15:04"), p.Sample.Threads, p.Sample.Operational, p.Sample.Held, p.Sample.Failed)
	if r.terminal {
		fmt.Fprint(r.out, "\r\x1b[K"+s)
		r.line = true
		return
	}
	if r.looks%8 == 1 || !p.Now.Before(p.Until) {
		r.print(s)
	}
}
