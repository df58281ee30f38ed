package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"snout/shared/flags"
	"snout/shared/lambdaio"
	"snout/shared/office"
	"snout/shared/relay"
	"snout/shared/routing"
)

// reachOrg is reach for what is about one business, which a local world names by itself.
func (o *options) reachOrg(ctx context.Context) (*stage, routing.OrgID, error) {
	s, err := o.reach(ctx)
	if err != nil {
		return nil, "", err
	}
	org, err := routing.ParseOrgID(s.Org)
	if err != nil {
		return nil, "", input("Name the org: --org ID.")
	}
	return s, org, nil
}

// clock is the target's: a local world has one of its own.
func (s *stage) clock(ctx context.Context) (func() time.Time, error) {
	if s.local == nil {
		return time.Now, nil
	}
	there, err := s.local.Now(ctx)
	here := time.Now()
	return func() time.Time { return there.Add(time.Since(here)) }, err
}

// office keeps the target's records from here, with the caller's AWS credentials.
func (s *stage) office(ctx context.Context) (*office.Office, error) {
	t, err := s.table(ctx)
	if err != nil {
		return nil, err
	}
	now, err := s.clock(ctx)
	if err != nil {
		return nil, err
	}
	return office.New(t, now, func() string { return lambdaio.Cloud().Random(12) }), nil
}

// byTool is who does what a command does, for the audit.
func byTool(org routing.OrgID) routing.Principal {
	return routing.Principal{Role: routing.RoleOps, Org: org, Subject: "snout", Name: "Operator", Ops: true}
}

// sure refuses to change a production stage that was not named twice.
func (s *stage) sure(confirm string) error {
	if s.production() && confirm != s.Stage {
		return input("The stage %s is production: say so with --confirm %s.", s.Stage, s.Stage)
	}
	return nil
}

func bookingsCommand() *cobra.Command {
	o := &options{}
	c := &cobra.Command{
		Use: "bookings", Short: "Take bookings in from elsewhere",
		Example: "  snout bookings import --target http://127.0.0.1:8787 bookings.jsonl",
	}
	o.add(c)
	c.AddCommand(bookingsImport(o))
	return c
}

type imported struct {
	Lines   int         `json:"lines"`
	Created int         `json:"created"`
	Present int         `json:"present"` // there already, and left as they are
	Faults  []lineFault `json:"faults"`
}

func bookingsImport(o *options) *cobra.Command {
	var confirm string
	var known bool
	c := &cobra.Command{
		Use: "import FILE", Short: "Make the bookings of a file of JSON lines; run it again as often as you like", Args: cobra.ExactArgs(1),
		Long: `Reads bookings, one JSON object on each line as POST /api/bookings takes it and with its own id, and makes those that
are not there yet. Each lot of forty is written whole or not at all. A booking that is there already is left as it
is, whatever the line says: it may have been changed since. So an import that was cut short is simply run again.
A line at fault is told at the end with its number and field, and the others go on.

It writes the table, for which AWS credentials are needed; conversations follow by the table's stream, as for any
other booking. A client whose booking gets a conversation is texted who is coming, once for each booking; where the
system before has told them, say --known and nobody is texted.
` + bookingExits + `
  3  some lines were not taken; they are listed, and the rest is done
  6  stopped; the same command goes on where it was`,
		Example: `  snout bookings import --target http://127.0.0.1:8787 bookings.jsonl
  snout bookings import --config staging.yaml --org paws bookings.jsonl --json > done.json
  export-from-elsewhere | snout bookings import --config staging.yaml --org paws -

  # a line of the file
  {"id":"b-1001","clientId":"client-1","sitterId":"sitter-1","service":"Drop-ins","startAt":"2026-03-08T09:00","endAt":"2026-03-08T09:30","recurrence":"weekly"}`,
		RunE: func(cmd *cobra.Command, args []string) error {
			var text []byte
			var err error
			if args[0] == "-" {
				text, err = io.ReadAll(cmd.InOrStdin())
			} else {
				text, err = os.ReadFile(args[0])
			}
			if err != nil {
				return input("The file cannot be read: %v.", err)
			}
			ctx := cmd.Context()
			s, org, err := o.reachOrg(ctx)
			if err != nil {
				return err
			}
			if err := s.sure(confirm); err != nil {
				return err
			}
			desk, err := s.office(ctx)
			if err != nil {
				return err
			}
			if _, err := desk.Org(ctx, org); err != nil {
				return refused(err)
			}
			bar := &progress{out: cmd.ErrOrStderr(), total: bytes.Count(bytes.TrimRight(text, "\n"), []byte("\n")) + 1, what: "bookings"}
			got, err := desk.ImportBookings(ctx, byTool(org), bytes.NewReader(text), known, bar.at)
			bar.end()
			done := imported{got.Lines, got.Created, got.Present, faultLines(got.Faults)}
			if o.json {
				if perr := printJSON(cmd.OutOrStdout(), done); perr != nil {
					return errors.Join(err, perr)
				}
			} else {
				fmt.Fprintf(cmd.OutOrStdout(), "%d lines: %d bookings made, %d there already, %d not taken\n", done.Lines, done.Created, done.Present, len(done.Faults))
				for _, f := range done.Faults {
					fmt.Fprintln(cmd.OutOrStdout(), " ", f)
				}
			}
			if err != nil {
				return fmt.Errorf("the import was cut short; run it again and it goes on: %w", err)
			}
			if len(done.Faults) > 0 {
				return exit(3)
			}
			return nil
		},
	}
	c.Flags().BoolVar(&known, "known", false, "the clients know who is coming to these bookings: do not text them about it")
	c.Flags().StringVar(&confirm, "confirm", "", "the stage's name again, which production needs")
	return c
}

// progress is a bar on a terminal, and a line at each tenth elsewhere.
type progress struct {
	out   io.Writer
	total int
	what  string
	tenth int
	drawn bool
}

const barWidth = 40

func (p *progress) at(n int) {
	n = min(n, p.total)
	if isTerminal(p.out) {
		full := barWidth * n / p.total
		fmt.Fprintf(p.out, "\r[%s%s] %d of %d %s", strings.Repeat("#", full), strings.Repeat(".", barWidth-full), n, p.total, p.what)
		p.drawn = true
		return
	}
	if t := 10 * n / p.total; t > p.tenth {
		p.tenth = t
		fmt.Fprintf(p.out, "%3d%%  %d of %d %s\n", t*10, n, p.total, p.what)
	}
}

func (p *progress) end() {
	if p.drawn {
		fmt.Fprintln(p.out)
	}
}

type backfilled struct {
	BookingID string `json:"bookingId"`
	ClientID  string `json:"clientId"`
	Client    string `json:"clientName"`
	SitterID  string `json:"sitterId"`
	From      string `json:"from"` // of the first window that is not over
	How       string `json:"how"`  // sitter, pool, existing, no_number, no_phone, one_time, waiting
	ThreadID  string `json:"threadId,omitempty"`
}

func backfillCommand() *cobra.Command {
	o := &options{}
	var yes bool
	var confirm string
	c := &cobra.Command{
		Use: "backfill", Short: "Make the conversations of bookings to come, after the proactive flag came on", Args: cobra.NoArgs,
		Long: `A flip of ENABLE_PROACTIVE_THREAD_CREATION does nothing to the past: bookings that recurring clients had before it
stay suggested conversations. This goes through them, soonest first, and shows what it would do with each; with --yes
it then does it: conversation, windows, and "who's coming" to the client. A one-time client's stays suggested, as the
rules have it. What was opened is not looked at again, so it can be run again at any time.

It reads and writes the table, for which AWS credentials are needed.
` + bookingExits + `
  3  for some no pool number is free; they wait for one and then open by themselves`,
		Example: `  snout backfill --target http://127.0.0.1:8787
  snout backfill --target http://127.0.0.1:8787 --yes
  snout backfill --config staging.yaml --org paws --json`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			s, org, err := o.reachOrg(ctx)
			if err != nil {
				return err
			}
			if yes {
				if err := s.sure(confirm); err != nil {
					return err
				}
			}
			r, err := s.relay(ctx)
			if err != nil {
				return err
			}
			if _, err := r.Table.Org(ctx, org); err != nil {
				return input("There is no org %s.", org)
			}
			now, err := s.switches.Read(ctx)
			if err != nil {
				return input("The flags cannot be read from %s: %v.", s.switches.Where(), err)
			}
			if now[flags.Proactive] != "true" {
				return input("%s is off, so conversations are not made ahead of the first message. Turn it on first.", flags.Proactive)
			}
			rows := []backfilled{}
			count := map[relay.Opening]int{}
			look := func(do bool) error {
				rows, count = rows[:0], map[relay.Opening]int{}
				return r.Backfill(ctx, org, do, func(b relay.Backfilled) {
					count[b.How]++
					rows = append(rows, backfilled{string(b.Booking), string(b.Client), b.Name, string(b.Sitter), routing.Stamp(b.First.Start), string(b.How), string(b.Thread)})
					if !o.json {
						fmt.Fprintf(cmd.OutOrStdout(), "%s  %-12s %-20s with %-12s %s\n", routing.Stamp(b.First.Start), b.Booking, b.Name, b.Sitter, b.Foreseen(do))
					}
				})
			}
			if err := look(false); err != nil {
				return err
			}
			makes := count[relay.OpensOnSitters] + count[relay.OpensOnPool] + count[relay.OpensInto]
			if !o.json {
				fmt.Fprintf(cmd.OutOrStdout(), "%d suggested conversations; %d would open\n", len(rows), makes)
			}
			did := false
			if yes && makes+count[relay.OpensNot] > 0 {
				if err := look(true); err != nil {
					return fmt.Errorf("the backfill was cut short; run it again and it goes on: %w", err)
				}
				did = true
				makes = count[relay.OpensOnSitters] + count[relay.OpensOnPool] + count[relay.OpensInto]
			}
			if o.json {
				if err := printJSON(cmd.OutOrStdout(), map[string]any{"done": did, "opens": makes, "bookings": rows}); err != nil {
					return err
				}
			} else if did {
				fmt.Fprintf(cmd.OutOrStdout(), "%d opened\n", makes)
			} else if makes > 0 {
				fmt.Fprintln(cmd.OutOrStdout(), "Nothing was done. To do it, say --yes.")
			}
			if count[relay.OpensNot] > 0 {
				return exit(3)
			}
			return nil
		},
	}
	o.add(c)
	c.Flags().BoolVar(&yes, "yes", false, "do it, after showing it")
	c.Flags().StringVar(&confirm, "confirm", "", "the stage's name again, which production needs")
	return c
}

// relay does from here what follows from a booking. It has no carrier: what is queued
// goes out by the deployment's own outbox.
func (s *stage) relay(ctx context.Context) (*relay.Relay, error) {
	t, err := s.table(ctx)
	if err != nil {
		return nil, err
	}
	now, err := s.clock(ctx)
	if err != nil {
		return nil, err
	}
	p, err := s.params(ctx)
	if err != nil {
		return nil, err
	}
	return &relay.Relay{Table: t, Clock: now, Random: lambdaio.Cloud().Random, Flags: flags.New(p, s.flagsPath(), now, func() float64 { return 0 })}, nil
}
