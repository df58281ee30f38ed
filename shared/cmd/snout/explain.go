package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"snout/shared/flags"
	"snout/shared/rollout"
	"snout/shared/routing"
)

// explained is what POST /api/messages/explain answers.
type explained struct {
	From     string         `json:"from"` // redacted
	To       string         `json:"to"`
	At       string         `json:"at,omitempty"`
	Target   string         `json:"routingTarget"`
	Reason   string         `json:"routingReason"`
	Rule     int            `json:"rule"`
	ThreadID *string        `json:"threadId"`
	Trace    []routing.Step `json:"trace"`
}

func explainCommand() *cobra.Command {
	o := &options{}
	var from, to, at, text string
	var set []string
	var shadow bool
	var limit int
	c := &cobra.Command{
		Use: "explain", Short: "Where would a text go, and why: every rule with its facts; nothing is written", Args: cobra.NoArgs,
		Long: `Asks the target where a text would go, by the very function that decides about real ones.

With --shadow it asks that about every text that is held while messaging is off, as if messaging were on, so that a
business can look before it leaps. That reads the table, for which AWS credentials are needed.`,
		Example: `  snout explain --target http://127.0.0.1:8787 --from +13105550111 --to +12135550101
  snout explain --config staging.yaml --from +13105550111 --to +12135550101 --at 2026-03-08T18:00:00Z --flag ENABLE_SITTER_MESSAGES_V1=true
  snout explain --config staging.yaml --shadow`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			asked := map[string]string{}
			for _, f := range set {
				n, v, ok := strings.Cut(f, "=")
				if !ok {
					return input("--flag is %q: NAME=VALUE.", f)
				}
				if err := flagValue(n, v); err != nil {
					return err
				}
				asked[n] = v
			}
			if shadow == (from != "" || to != "") {
				return input("Give --from and --to, or --shadow.")
			}
			s, err := o.reach(cmd.Context())
			if err != nil {
				return err
			}
			if !shadow {
				e, err := s.explain(cmd, from, to, at, text, false, asked)
				if err != nil {
					return err
				}
				if o.json {
					return printJSON(cmd.OutOrStdout(), e)
				}
				printExplained(cmd.OutOrStdout(), e, true)
				return nil
			}
			return s.shadow(cmd, o.json, asked, limit)
		},
	}
	o.add(c)
	f := c.Flags()
	f.StringVar(&from, "from", "", "phone that texts")
	f.StringVar(&to, "to", "", "number that is texted")
	f.StringVar(&at, "at", "", "instant, such as 2026-03-08T09:00:00Z (default: now)")
	f.StringVar(&text, "text", "", "what the text says, which only matters for keywords such as STOP")
	f.StringArrayVar(&set, "flag", nil, "NAME=VALUE: with this flag so, whatever it is")
	f.BoolVar(&shadow, "shadow", false, "ask about every held text, as if messaging were on")
	f.IntVar(&limit, "limit", 1000, "with --shadow: at most so many texts")
	return c
}

// teller is who may ask: ops of any org, the owner of their own.
func (s *stage) teller() rollout.Person {
	if s.api.Can(rollout.Ops) {
		return rollout.Ops
	}
	return rollout.Owner
}

func (s *stage) explain(cmd *cobra.Command, from, to, at, text string, held bool, asked map[string]string) (explained, error) {
	in := map[string]any{"from": from, "to": to}
	if held {
		in["held"] = true // or it would wait behind itself
	}
	for n, v := range map[string]string{"at": at, "text": text} {
		if v != "" {
			in[n] = v
		}
	}
	if len(asked) > 0 {
		in["flags"] = asked
	}
	var e explained
	ans, err := s.api.Call(cmd.Context(), s.teller(), "POST", "/api/messages/explain", in, &e)
	if err != nil {
		return e, err
	}
	if ans.Status != 200 {
		return e, input("The target refuses the question: %d %s %s", ans.Status, ans.Code, ans.Detail)
	}
	e.From, e.To, e.At = routing.Redact(from), routing.Redact(to), at
	return e, nil
}

func printExplained(w io.Writer, e explained, steps bool) {
	fmt.Fprintf(w, "%s to %s: %s, because of %q (rule %d)", e.From, e.To, e.Target, e.Reason, e.Rule)
	if e.ThreadID != nil {
		fmt.Fprintf(w, ", thread %s", *e.ThreadID)
	}
	fmt.Fprintln(w)
	if !steps {
		return
	}
	for _, st := range e.Trace {
		fmt.Fprintf(w, "  rule %2d  %-60s %s\n", st.Rule, st.Fact, st.Result)
	}
}

// shadow says what would have been done with each held text.
func (s *stage) shadow(cmd *cobra.Command, asJSON bool, asked map[string]string, limit int) error {
	table, err := s.table(cmd.Context())
	if err != nil {
		return err
	}
	held, err := table.HeldTexts(cmd.Context(), limit)
	if err != nil {
		return err
	}
	if _, named := asked[flags.Messaging]; !named {
		asked[flags.Messaging] = "true"
	}
	out := []explained{}
	counts := map[string]int{}
	for _, h := range held {
		if s.Org != "" && string(h.Org) != s.Org {
			continue
		}
		e, err := s.explain(cmd, h.Text.From, h.Text.To, h.Text.At.UTC().Format(time.RFC3339Nano), h.Text.Body, true, asked)
		if err != nil {
			return err
		}
		out = append(out, e)
		counts[e.Target]++
	}
	if asJSON {
		return printJSON(cmd.OutOrStdout(), out)
	}
	for _, e := range out {
		fmt.Fprint(cmd.OutOrStdout(), e.At, "  ")
		printExplained(cmd.OutOrStdout(), e, false)
	}
	fmt.Fprintf(cmd.OutOrStdout(), "%d texts are held", len(out))
	for _, t := range []string{"sitter", "owner", "owner_inbox", "consent", "held", "unroutable"} {
		if counts[t] > 0 {
			fmt.Fprintf(cmd.OutOrStdout(), "; %d would go to %s", counts[t], t)
		}
	}
	fmt.Fprintln(cmd.OutOrStdout())
	return nil
}
