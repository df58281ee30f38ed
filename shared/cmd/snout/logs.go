package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// shown are the fields of a line that have a place of their own; the others follow as
// name=value. The metrics' envelope says nothing that the fields do not.
var shown = []string{"time", "function", "outcome", "durationMs", "route", "error", "requestId", "_aws", "Stage"}

func logsCommand() *cobra.Command {
	var only, trace string
	c := &cobra.Command{
		Use: "logs", Short: "Make the functions' log lines on standard input readable", Args: cobra.NoArgs,
		Example: "  aws logs tail /aws/lambda/snout-prod-inbound --format short | snout logs\n  snout local --log 2>&1 | snout logs --only refused",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return logs(cmd.InOrStdin(), cmd.OutOrStdout(), only, trace)
		},
	}
	c.Flags().StringVar(&only, "only", "", "an outcome (ok, refused, retry, fault) to show alone")
	c.Flags().StringVar(&trace, "trace", "", "a traceId or requestId to show alone")
	return c
}

// logs passes on what it cannot read as it is: a crash's stack trace must not vanish.
func logs(in io.Reader, out io.Writer, only, trace string) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		raw := lines.Text()
		brace := strings.IndexByte(raw, '{')
		var line map[string]any
		if brace < 0 || json.Unmarshal([]byte(raw[brace:]), &line) != nil || line["function"] == nil {
			if only == "" && trace == "" {
				fmt.Fprintln(out, raw)
			}
			continue
		}
		if only != "" && line["outcome"] != only || trace != "" && line["traceId"] != trace && line["requestId"] != trace {
			continue
		}
		fmt.Fprintln(out, readable(line))
	}
	return lines.Err()
}

func readable(line map[string]any) string {
	text := func(name string) string {
		if v, ok := line[name]; ok {
			return fmt.Sprint(v)
		}
		return ""
	}
	at := text("time")
	if t, err := time.Parse(time.RFC3339Nano, at); err == nil {
		at = t.UTC().Format("2006-01-02 15:04:05.000")
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %-11s %-8s", at, text("function"), text("outcome"))
	if d, ok := line["durationMs"].(float64); ok {
		fmt.Fprintf(&b, " %7.1f ms", d)
	}
	if r := text("route"); r != "" {
		fmt.Fprintf(&b, "  %s", r)
	}
	for _, n := range slices.Sorted(maps.Keys(line)) {
		if !slices.Contains(shown, n) {
			fmt.Fprintf(&b, "  %s=%v", n, line[n])
		}
	}
	if id := text("requestId"); id != "" {
		fmt.Fprintf(&b, "  request=%s", id)
	}
	if e := text("error"); e != "" {
		fmt.Fprintf(&b, "\n    %s", e)
	}
	if f := text("failed"); f != "" {
		fmt.Fprintf(&b, "\n    %s", f)
	}
	return b.String()
}
