package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"snout/shared/rollout"
	"snout/shared/sandbox"
	"snout/shared/screening/screenio"
)

func local() *cobra.Command {
	o := sandbox.Options{}
	var switched string
	var verbose, binaries bool
	c := &cobra.Command{
		Use: "local", Short: "Run the whole system on this machine", Args: cobra.NoArgs,
		Example: "  snout local\n  snout local --addr 127.0.0.1:0 --data ./world --seed none --flags off",
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch switched {
			case "step3":
			case "off":
				o.FlagsOff = true
			default:
				return fmt.Errorf("--flags is %q: step3 or off", switched)
			}
			o.Log = io.Discard
			if verbose {
				o.Log = os.Stderr
			}
			if binaries {
				dir, err := os.MkdirTemp("", "snout-binaries-")
				if err != nil {
					return err
				}
				defer os.RemoveAll(dir)
				fmt.Fprintln(cmd.OutOrStdout(), "building every function; they will ask this world for the time, and are otherwise as deployed")
				if err := sandbox.Build(cmd.Context(), sandbox.BuildOptions{Dir: dir, WorldClock: true}); err != nil {
					return err
				}
				o.Binaries = dir
			}
			w, err := sandbox.Start(cmd.Context(), o)
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			fmt.Fprintf(out, "phones, clock, flags  %s/local/\n", w.URL)
			fmt.Fprintf(out, "the inbox             %s/messages   (sign in as owner-1, sitter-1, sitter-2 or sitter-3)\n", w.URL)
			fmt.Fprintf(out, "the figures           curl -H \"Authorization: Bearer $(curl -s -d '{\"sub\":\"owner-1\"}' %s/local/token | sed 's/.*\"token\":\"\\([^\"]*\\).*/\\1/')\" %s/api/messages/diagnostics\n", w.URL, w.URL)
			fmt.Fprintf(out, "ready %s\n", w.URL)
			<-cmd.Context().Done()
			return w.Close()
		},
	}
	f := c.Flags()
	f.StringVar(&o.Addr, "addr", "127.0.0.1:8787", "loopback address to listen on; port 0 picks one")
	f.StringVar(&o.Data, "data", "", "folder that keeps the table between runs (default: memory)")
	f.StringVar(&o.Seed, "seed", "demo", "what to begin with: demo or none")
	f.StringVar(&switched, "flags", "step3", "how the flags begin: step3 (of the checklist) or off")
	f.BoolVar(&binaries, "binaries", false, "compile every function and run each as processes of its own, as Lambda does")
	f.BoolVar(&verbose, "log", false, "print the functions' log lines on standard error")
	return c
}

// exit carries an exit status.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

func exitCode(err error) int {
	var e exit
	if errors.As(err, &e) {
		return int(e)
	}
	return rollout.ExitCode(err)
}

func screen() *cobra.Command {
	var report bool
	c := &cobra.Command{
		Use: "screen", Short: "Look for contact swaps in JSON lines on standard input", Args: cobra.NoArgs,
		Example: "  snout screen < texts.jsonl\n  snout screen --report",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if report {
				return screenio.Report(cmd.OutOrStdout())
			}
			if code := screenio.Run(cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr()); code != 0 {
				return exit(code)
			}
			return nil
		},
	}
	c.Flags().BoolVar(&report, "report", false, "measure the committed test set: recall by family, false alarms")
	return c
}
