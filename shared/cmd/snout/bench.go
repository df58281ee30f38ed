package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"snout/shared/sandbox"
	"snout/shared/sandbox/measure"
)

// What the README shows of the last measurement stands between these.
const (
	benchBegin = "<!-- snout bench: begin -->"
	benchEnd   = "<!-- snout bench: end -->"
)

func benchCommand() *cobra.Command {
	var quick, asJSON bool
	var write, deployed, here string
	var times int
	sizes, shares := []int{1000, 100_000, 1_000_000}, []int{512, 1024, 1769}
	c := &cobra.Command{
		Use: "bench", Short: "Measure what the system costs, and write the table that the README shows", Args: cobra.NoArgs,
		Long: "Measures calls and units of the table for each operation, how they grow with what is stored, sizes, starts and memory of the compiled functions with\n" +
			"the processor share that their memory buys, and dollars a million messages. Counts are the same on every machine and are held by a test; times are\n" +
			"this machine's, so let nothing else run. A million stored events take some 3 GB of memory for a minute.",
		Example: "  snout bench --write README.md\n  snout bench --quick",
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			if write != "" { // before the minutes of measuring, not after
				if _, _, err := around(write); err != nil {
					return err
				}
			}
			r := measure.Result{At: time.Now(), Machine: machine(), Prices: "prices of " + measure.PricesOf}
			say := func(format string, args ...any) { fmt.Fprintf(cmd.ErrOrStderr(), format+"\n", args...) }
			var err error
			say("operations …")
			if r.Costs, err = measure.Operations(ctx); err != nil {
				return err
			}
			if quick && !cmd.Flags().Changed("events") {
				sizes = []int{1000, 20_000}
			}
			say("growth to %d events …", sizes[len(sizes)-1])
			if r.Grown, err = measure.Growth(ctx, sizes...); err != nil {
				return err
			}
			if !quick {
				scratch, err := os.MkdirTemp("", "snout-bench-")
				if err != nil {
					return err
				}
				defer func() { _ = os.RemoveAll(scratch) }()
				if err := compiled(ctx, &deployed, filepath.Join(scratch, "arm64"), "arm64", say); err != nil {
					return err
				}
				if err := compiled(ctx, &here, filepath.Join(scratch, "here"), runtime.GOARCH, say); err != nil {
					return err
				}
				if r.Sizes, err = measure.Sizes(deployed); err != nil {
					return err
				}
				say("starts …")
				if r.Starts, r.How, err = measure.Starts(ctx, here, times, shares...); err != nil {
					return err
				}
				if r.Memory, err = sandbox.MemoryMB(); err != nil {
					return err
				}
				if r.Bills, err = measure.Bills(r.Costs, r.Starts, r.Memory); err != nil {
					return err
				}
			}
			switch {
			case write != "":
				return rewrite(write, r.Markdown())
			case asJSON:
				return printJSON(cmd.OutOrStdout(), r)
			}
			_, err = fmt.Fprint(cmd.OutOrStdout(), r.Markdown())
			return err
		},
	}
	f := c.Flags()
	f.BoolVar(&quick, "quick", false, "counts alone, and growth to 20,000 events: no compiling, no times")
	f.BoolVar(&asJSON, "json", false, "write JSON for machines")
	f.StringVar(&write, "write", "", "put the table into this file, between its two marks")
	f.StringVar(&deployed, "deployed", "", "folder of functions compiled for arm64, as `snout build` leaves it (default: compiles them)")
	f.StringVar(&here, "here", "", "folder of functions compiled for this machine (default: compiles them)")
	f.IntVar(&times, "times", 9, "starts of each function with each share")
	f.IntSliceVar(&sizes, "events", sizes, "stored events to grow to, rising")
	f.IntSliceVar(&shares, "memory", shares, "memory sizes in MB whose processor shares are given")
	c.AddCommand(benchSizes())
	return c
}

func compiled(ctx context.Context, dir *string, into, arch string, say func(string, ...any)) error {
	if *dir != "" {
		return nil
	}
	say("compiling for %s …", arch)
	*dir = into
	return sandbox.Build(ctx, sandbox.BuildOptions{Dir: into, Arch: arch})
}

func machine() string {
	load := ""
	if b, err := os.ReadFile("/proc/loadavg"); err == nil {
		load = ", load " + strings.Fields(string(b))[0] + " at the start"
	}
	return fmt.Sprintf("%s, %s/%s, %d processors%s", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), load)
}

// around is what stands in a file before and after the table.
func around(path string) (before, after string, err error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return "", "", input("%v", err)
	}
	before, rest, ok := strings.Cut(string(b), benchBegin)
	_, after, more := strings.Cut(rest, benchEnd)
	if !ok || !more {
		return "", "", input("%s has no place for the table: put %s and %s on lines of their own.", path, benchBegin, benchEnd)
	}
	return before, after, nil
}

func rewrite(path, table string) error {
	before, after, err := around(path)
	if err != nil {
		return err
	}
	return os.WriteFile(path, []byte(before+benchBegin+"\n\n"+table+"\n"+benchEnd+after), 0o644)
}

// benchSizes compares what was compiled with what is on record, so that a dependency
// that makes every function a third larger is noticed on the day it comes in.
func benchSizes() *cobra.Command {
	var record string
	var update bool
	c := &cobra.Command{
		Use: "sizes DIR", Short: "Compare the sizes of functions compiled for arm64 with those on record", Args: cobra.ExactArgs(1),
		Example: "  snout bench sizes .build\n  snout bench sizes .build --update",
		RunE: func(cmd *cobra.Command, args []string) error {
			now, err := measure.Sizes(args[0])
			if err != nil {
				return err
			}
			if update {
				b, err := json.MarshalIndent(now, "", "\t")
				if err != nil {
					return err
				}
				return os.WriteFile(record, append(b, '\n'), 0o644)
			}
			b, err := os.ReadFile(record)
			if err != nil {
				return err
			}
			var before []measure.Size
			if err := json.Unmarshal(b, &before); err != nil {
				return err
			}
			var faults []error
			for _, s := range now {
				fmt.Fprintf(cmd.OutOrStdout(), "%-12s %9d bytes, %9d zipped\n", s.Function, s.Bytes, s.Zips)
				faults = append(faults, s.Above(before))
			}
			return errors.Join(faults...)
		},
	}
	c.Flags().StringVar(&record, "record", filepath.Join("shared", "sandbox", "measure", "testdata", "sizes.json"), "the file that holds the sizes on record")
	c.Flags().BoolVar(&update, "update", false, "write the record anew")
	return c
}
