package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"snout/shared/carrier"
	"snout/shared/lambdaio"
	"snout/shared/office"
	"snout/shared/routing"
	"snout/shared/store"
)

func numbersCommand() *cobra.Command {
	o := &options{}
	c := &cobra.Command{
		Use: "numbers", Short: "Take numbers into use that the business rents already, and give them back as they were",
		Example: `  snout numbers list --target http://127.0.0.1:8787
  snout numbers import --target http://127.0.0.1:8787 +12135550121=pool +12135550122=sitter:sitter-3
  snout numbers restore --target http://127.0.0.1:8787 --reason "trial is over"`,
	}
	o.add(c)
	c.AddCommand(numbersList(o), numbersImport(o), numbersRestore(o))
	return c
}

// rentedRow is one number of the carrier's account. Numbers are shown redacted, as
// everywhere outside the owner's own pages; the sid tells them apart.
type rentedRow struct {
	Sid         string           `json:"sid"`
	Number      string           `json:"number"` // redacted
	Texts       bool             `json:"texts"`  // whether it can be texted
	ID          *string          `json:"id"`     // in the inventory; null if it is not there
	NumberClass *string          `json:"numberClass"`
	Status      *string          `json:"status"`
	Here        bool             `json:"here"` // its webhook leads to this deployment
	Webhooks    carrier.Webhooks `json:"webhooks"`
}

// hooks are where a number of this deployment's turns to.
func (s *stage) hooks() carrier.Webhooks {
	base := s.Target + "/api/messages/webhook/twilio"
	w := carrier.WebhooksFor(base, base+"/fallback")
	// The status of each text comes by the address that goes with the text; the number's
	// own is the carrier's for calls. It leads here too, so that nothing of an imported
	// number is left with the system it came from.
	w.StatusCallback, w.StatusCallbackMethod = base+"/status", "POST"
	return w
}

func numbersList(o *options) *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "Show what the carrier rents to the account, and what of it is in use here", Args: cobra.NoArgs,
		Example: "  snout numbers list --config staging.yaml --org paws",
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			s, org, err := o.reachOrg(ctx)
			if err != nil {
				return err
			}
			c, err := s.carrier()
			if err != nil {
				return input("%v.", err)
			}
			desk, err := s.office(ctx)
			if err != nil {
				return err
			}
			roster, err := desk.Numbers(ctx, org)
			if err != nil {
				return refused(err)
			}
			rented, err := c.Numbers(ctx)
			if err != nil {
				return err
			}
			rows := []rentedRow{}
			for _, r := range rented {
				row := rentedRow{Sid: r.Sid, Number: r.Phone.String(), Texts: r.SMS, Webhooks: r.Webhooks, Here: plainURL(r.Webhooks.URL) == plainURL(s.hooks().URL)}
				if n, there := roster.ByPhone(r.Phone); there {
					row.ID, row.NumberClass, row.Status = text(n.ID), text(n.Class), text(n.Status)
				}
				rows = append(rows, row)
			}
			if o.json {
				return printJSON(cmd.OutOrStdout(), rows)
			}
			for _, r := range rows {
				use := "not in the inventory"
				if r.ID != nil {
					use = fmt.Sprintf("%s, %s %s", *r.ID, *r.Status, *r.NumberClass)
				}
				where := "leads here"
				if !r.Here {
					where = "leads to " + shownURL(r.Webhooks.URL)
				}
				fmt.Fprintf(cmd.OutOrStdout(), "%s  %-14s %-38s %s\n", r.Sid, r.Number, use, where)
			}
			return nil
		},
	}
}

func text[T ~string](v T) *string { s := string(v); return &s }

func shownURL(s string) string {
	if s == "" {
		return "nowhere"
	}
	return s
}

// movedRow is one number that was taken into use, or given back, or why not.
type movedRow struct {
	Number string           `json:"number"` // redacted
	ID     string           `json:"id,omitempty"`
	Was    *office.Webhooks `json:"was,omitempty"` // where it led before
	Now    *office.Webhooks `json:"now,omitempty"`
	No     string           `json:"refused,omitempty"`
	Field  string           `json:"field,omitempty"`
}

func numbersImport(o *options) *cobra.Command {
	var confirm string
	var dry bool
	c := &cobra.Command{
		Use: "import NUMBER=CLASS...", Short: "Take rented numbers into use and lead their webhooks here", Args: cobra.MinimumNArgs(1),
		Long: `For each number that the carrier rents to the account: enters it into the inventory in its class (pool, front_desk,
sitter, or sitter:ID for that sitter's own) and leads its webhooks to this deployment: the address for texts, repeated
on failure; the fallback address; the status callback. What was there before is written down first, so that
` + "`snout numbers restore`" + ` brings it back. An import that was cut short is run again and goes on.

It needs the carrier's credentials (carrier.accountSid and carrier.tokenEnv in the configuration) and AWS credentials.
` + bookingExits + `
  3  some numbers were not taken; they are listed, and the rest is done`,
		Example: `  snout numbers import --target http://127.0.0.1:8787 +12135550121=pool +12135550122=sitter:sitter-3
  snout numbers import --config staging.yaml --org paws --dry-run +15555550123=pool`,
		RunE: func(cmd *cobra.Command, args []string) error {
			var ins []office.ImportNumber
			for _, a := range args {
				e164, class, ok := strings.Cut(a, "=")
				p, err := routing.ParsePhone(e164)
				if !ok || err != nil || p.Short() {
					return input("%q is no NUMBER=CLASS: the whole number with its +, then =pool or another class.", routing.Redact(a))
				}
				in := office.ImportNumber{E164: e164}
				var sitter string
				if in.NumberClass, sitter, ok = strings.Cut(class, ":"); ok {
					in.SitterID = office.Is(sitter)
				}
				if _, known := routing.ParseClass(in.NumberClass); !known {
					return input("The class %q is none of front_desk, pool, sitter and sitter:ID.", class)
				}
				ins = append(ins, in)
			}
			return o.moveNumbers(cmd, confirm, dry, func(s *stage, desk *office.Office, c office.Carrier, org routing.OrgID) ([]movedRow, error) {
				ctx := cmd.Context()
				rented, err := c.Rented(ctx)
				if err != nil {
					return nil, err
				}
				was := func(e164 string) *office.Webhooks {
					for _, r := range rented {
						if reveal(r.Phone) == e164 {
							w := r.Webhooks
							return &w
						}
					}
					return nil
				}
				to := office.Webhooks(s.hooks())
				if dry {
					var rows []movedRow
					for _, in := range ins {
						row := movedRow{Number: routing.Redact(in.E164), Was: was(in.E164)}
						if row.Was == nil {
							row.No, row.Field = "The carrier does not rent this number to the business.", "e164"
						} else {
							row.Now = &to
						}
						rows = append(rows, row)
					}
					return rows, nil
				}
				got, err := desk.ImportNumbers(ctx, byTool(org), c, to, ins)
				var rows []movedRow
				for _, g := range got {
					row := movedRow{Number: routing.Redact(g.E164), ID: string(g.Number.ID)}
					if g.Refused != nil {
						row.ID, row.No, row.Field = "", g.Refused.Sentence, g.Refused.Field
					} else {
						row.Was, row.Now = was(g.E164), &to
					}
					rows = append(rows, row)
				}
				return rows, err
			})
		},
	}
	c.Flags().StringVar(&confirm, "confirm", "", "the stage's name again, which production needs")
	c.Flags().BoolVar(&dry, "dry-run", false, "show where each number leads now and would lead, and do nothing")
	return c
}

func numbersRestore(o *options) *cobra.Command {
	var confirm, reason string
	var dry bool
	c := &cobra.Command{
		Use: "restore [ID...]", Short: "Undo imports: release the numbers here and lead their webhooks to where they led before", Args: cobra.ArbitraryArgs,
		Long: `Releases the imported numbers named by their ids in the inventory (none: all that were imported) and gives the
carrier back the webhooks that were written down when they were imported. A number with visits to come, and the last
front desk number, stay as they are and are listed.
` + bookingExits + `
  3  some numbers stay as they are; they are listed, and the rest is done`,
		Example: `  snout numbers restore --target http://127.0.0.1:8787 --reason "trial is over"
  snout numbers restore --config staging.yaml --org paws --reason "back to the old provider" n-4f47sm5pfuie`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if strings.TrimSpace(reason) == "" && !dry {
				return input("A reason is needed: --reason.")
			}
			for _, a := range args {
				if _, err := routing.ParseNumberID(a); err != nil {
					return input("%q is no number's id, such as `snout numbers list` shows.", routing.Redact(a))
				}
			}
			return o.moveNumbers(cmd, confirm, dry, func(s *stage, desk *office.Office, c office.Carrier, org routing.OrgID) ([]movedRow, error) {
				ctx := cmd.Context()
				table, err := s.table(ctx)
				if err != nil {
					return nil, err
				}
				kept, err := table.HooksOf(ctx, org)
				if err != nil {
					return nil, err
				}
				before := map[routing.NumberID]*office.Webhooks{}
				for _, h := range kept {
					before[h.Number] = written(h)
				}
				if dry {
					roster, err := desk.Numbers(ctx, org)
					if err != nil {
						return nil, err
					}
					var rows []movedRow
					for _, h := range kept {
						if n, there := roster.Number(h.Number); there && (len(args) == 0 || slices.Contains(args, string(h.Number))) {
							rows = append(rows, movedRow{Number: n.Phone.String(), ID: string(n.ID), Now: before[n.ID]})
						}
					}
					return rows, nil
				}
				got, err := desk.UndoImport(ctx, byTool(org), c, args, reason)
				var rows []movedRow
				for _, g := range got {
					row := movedRow{Number: routing.Redact(g.E164), ID: string(g.Number.ID)}
					if g.Refused != nil {
						row.No, row.Field = g.Refused.Sentence, g.Refused.Field
					} else {
						row.Now = before[g.Number.ID]
					}
					rows = append(rows, row)
				}
				return rows, err
			})
		},
	}
	c.Flags().StringVar(&confirm, "confirm", "", "the stage's name again, which production needs")
	c.Flags().StringVar(&reason, "reason", "", "why, for the audit")
	c.Flags().BoolVar(&dry, "dry-run", false, "show which numbers would go where, and do nothing")
	return c
}

// written are the webhooks that were written down when a number was imported.
func written(h store.Hooks) *office.Webhooks {
	var w office.Webhooks
	if json.Unmarshal([]byte(h.Was), &w) != nil {
		return nil
	}
	return &w
}

// moveNumbers reaches the stage, lets the work be done, and shows what came of it.
func (o *options) moveNumbers(cmd *cobra.Command, confirm string, dry bool, work func(*stage, *office.Office, office.Carrier, routing.OrgID) ([]movedRow, error)) error {
	ctx := cmd.Context()
	s, org, err := o.reachOrg(ctx)
	if err != nil {
		return err
	}
	if !dry {
		if err := s.sure(confirm); err != nil {
			return err
		}
	}
	c, err := s.carrier()
	if err != nil {
		return input("%v.", err)
	}
	desk, err := s.office(ctx)
	if err != nil {
		return err
	}
	if _, err := desk.Org(ctx, org); err != nil {
		return refused(err)
	}
	rows, err := work(s, desk, lambdaio.Renter{Client: c}, org)
	not := 0
	for _, r := range rows {
		if r.No != "" {
			not++
		}
	}
	if o.json {
		if rows == nil {
			rows = []movedRow{}
		}
		if perr := printJSON(cmd.OutOrStdout(), rows); perr != nil {
			return errors.Join(err, perr)
		}
	} else {
		printMoved(cmd.OutOrStdout(), rows, dry)
	}
	var fault *carrier.Error
	switch {
	case errors.As(err, &fault):
		return fmt.Errorf("it was cut short; run it again and it goes on: %w", err)
	case err != nil:
		return refused(err)
	case not > 0:
		return exit(3)
	}
	return nil
}

func printMoved(w io.Writer, rows []movedRow, dry bool) {
	for _, r := range rows {
		if r.No != "" {
			fmt.Fprintf(w, "%-14s %-16s stays as it is: %s\n", r.Number, r.ID, r.No)
			continue
		}
		verb := "leads"
		if dry {
			verb = "would lead"
		}
		fmt.Fprintf(w, "%-14s %s\n", r.Number, r.ID)
		for _, x := range []struct {
			name string
			of   func(*office.Webhooks) string
		}{
			{"texts", func(h *office.Webhooks) string { return h.URL }},
			{"fallback", func(h *office.Webhooks) string { return h.FallbackURL }},
			{"status callback", func(h *office.Webhooks) string { return h.StatusCallback }},
			{"application", func(h *office.Webhooks) string { return h.ApplicationSid }},
		} {
			if r.Now == nil || x.of(r.Now) == "" && (r.Was == nil || x.of(r.Was) == "") {
				continue
			}
			was := ""
			if r.Was != nil {
				was = "; before: " + shownURL(x.of(r.Was))
			}
			fmt.Fprintf(w, "  %-16s %s to %s%s\n", x.name, verb, shownURL(x.of(r.Now)), was)
		}
	}
	fmt.Fprintf(w, "%d numbers\n", len(rows))
}
