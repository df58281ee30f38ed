package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/spf13/cobra"

	"snout/shared/flags"
	"snout/shared/rollout"
	"snout/shared/routing"
)

// parameters are the stage's flags in SSM.
type parameters struct{ stage *stage }

func (p *parameters) Where() string { return "SSM " + p.stage.flagsPath() }

func (p *parameters) Read(ctx context.Context) (map[string]string, error) {
	c, err := p.stage.params(ctx)
	if err != nil {
		return nil, err
	}
	return flags.New(c, p.stage.flagsPath(), time.Now, func() float64 { return 0 }).Read(ctx)
}

func (p *parameters) Set(ctx context.Context, name, value string) error {
	c, err := p.stage.params(ctx)
	if err != nil {
		return err
	}
	return flags.New(c, p.stage.flagsPath(), time.Now, func() float64 { return 0 }).Set(ctx, map[string]string{name: value})
}

func flagsCommand() *cobra.Command {
	o := &options{}
	c := &cobra.Command{
		Use: "flags", Short: "Show, set and create the stage's flags, and tell who set them when",
		Example: "  snout flags show --config staging.yaml\n  snout flags set --config staging.yaml ENABLE_MESSAGING_V1=true\n  snout flags history --config staging.yaml\n  snout flags init --stage staging",
	}
	o.add(c)
	c.AddCommand(flagsShow(o), flagsSet(o), flagsHistory(o), flagsInit(o))
	return c
}

type flagRow struct {
	Name     string `json:"name"`
	Value    string `json:"value"`              // empty: missing
	InEffect string `json:"inEffect,omitempty"` // what the target goes by, where it could be asked
}

func flagsShow(o *options) *cobra.Command {
	return &cobra.Command{Use: "show", Short: "Show each flag, and what the target goes by", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		s, err := o.reach(cmd.Context())
		if err != nil {
			return err
		}
		now, err := s.switches.Read(cmd.Context())
		if err != nil {
			return input("The flags cannot be read from %s: %v.", s.switches.Where(), err)
		}
		f := &rollout.Figures{}
		if s.api.Can(rollout.Owner) {
			f, _, err = s.api.Figures(cmd.Context())
			if err != nil {
				fmt.Fprintln(cmd.ErrOrStderr(), "what is in effect cannot be asked:", err)
			}
		}
		var rows []flagRow
		for _, n := range flags.Names {
			rows = append(rows, flagRow{n, now[n], f.FeatureFlags[n]})
		}
		if o.json {
			return printJSON(cmd.OutOrStdout(), rows)
		}
		for _, r := range rows {
			note := ""
			if r.InEffect != "" && r.InEffect != r.Value {
				note = "  (in effect: " + r.InEffect + ")"
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%-34s %s%s\n", r.Name, cmp.Or(r.Value, "missing: off"), note)
		}
		return nil
	}}
}

func flagsSet(o *options) *cobra.Command {
	var confirm string
	var dry bool
	c := &cobra.Command{
		Use: "set NAME=VALUE...", Short: "Set flags; they take effect within ten seconds", Args: cobra.MinimumNArgs(1),
		Example: "  snout flags set --config staging.yaml ENABLE_SITTER_MESSAGES_V1=true SITTER_MESSAGES_ALLOWLIST=sitter-1,sitter-2",
		RunE: func(cmd *cobra.Command, args []string) error {
			type pair struct{ name, value string }
			var set []pair
			for _, a := range args {
				n, v, ok := strings.Cut(a, "=")
				if !ok || !slices.Contains(flags.Names[:], n) {
					return input("%q is no NAME=VALUE of a flag. The flags are %s.", a, strings.Join(flags.Names[:], ", "))
				}
				if err := flagValue(n, v); err != nil {
					return err
				}
				set = append(set, pair{n, cmp.Or(v, "none")})
			}
			s, err := o.reach(cmd.Context())
			if err != nil {
				return err
			}
			if s.production() && confirm != s.Stage {
				return input("The stage %s is production: say so with --confirm %s.", s.Stage, s.Stage)
			}
			was, err := s.switches.Read(cmd.Context())
			if err != nil {
				return input("The flags cannot be read from %s: %v.", s.switches.Where(), err)
			}
			for _, p := range set {
				fmt.Fprintf(cmd.OutOrStdout(), "%s: %s → %s\n", p.name, cmp.Or(was[p.name], "missing"), p.value)
				if dry || was[p.name] == p.value {
					continue
				}
				if err := s.switches.Set(cmd.Context(), p.name, p.value); err != nil {
					return err
				}
			}
			return nil
		},
	}
	c.Flags().StringVar(&confirm, "confirm", "", "the stage's name again, which production needs")
	c.Flags().BoolVar(&dry, "dry-run", false, "say what would be set and set nothing")
	return c
}

func flagValue(name, v string) error {
	if name != flags.Allowlist {
		if v != "true" && v != "false" {
			return input("%s is true or false, not %q.", name, v)
		}
		return nil
	}
	if v == "" || v == "*" || v == "none" {
		return nil
	}
	for id := range strings.SplitSeq(v, ",") {
		if _, err := routing.ParseSitterID(id); err != nil {
			return input("%s is *, none, or sitter ids separated by commas; %q is none of these.", name, id)
		}
	}
	return nil
}

type flagChange struct {
	Name  string    `json:"name"`
	Value string    `json:"value"`
	At    time.Time `json:"at"`
	By    string    `json:"by"`
}

func flagsHistory(o *options) *cobra.Command {
	return &cobra.Command{Use: "history [NAME...]", Short: "Tell who set which flag when", RunE: func(cmd *cobra.Command, args []string) error {
		names := flags.Names[:]
		if len(args) > 0 {
			for _, a := range args {
				if !slices.Contains(names, a) {
					return input("There is no flag %s.", a)
				}
			}
			names = args
		}
		s, err := o.reach(cmd.Context())
		if err != nil {
			return err
		}
		c, err := s.params(cmd.Context())
		if err != nil {
			return err
		}
		rows := []flagChange{}
		for _, n := range names {
			pages := ssm.NewGetParameterHistoryPaginator(c, &ssm.GetParameterHistoryInput{Name: aws.String(s.flagsPath() + n)})
			for pages.HasMorePages() {
				page, err := pages.NextPage(cmd.Context())
				var none *types.ParameterNotFound
				if errors.As(err, &none) {
					break
				}
				if err != nil {
					return fmt.Errorf("history of %s: %w", n, err)
				}
				for _, h := range page.Parameters {
					rows = append(rows, flagChange{n, aws.ToString(h.Value), aws.ToTime(h.LastModifiedDate).UTC(), aws.ToString(h.LastModifiedUser)})
				}
			}
		}
		slices.SortStableFunc(rows, func(a, b flagChange) int { return a.At.Compare(b.At) })
		if o.json {
			return printJSON(cmd.OutOrStdout(), rows)
		}
		for _, r := range rows {
			fmt.Fprintf(cmd.OutOrStdout(), "%s  %-34s %-12s %s\n", r.At.Format(time.RFC3339), r.Name, r.Value, r.By)
		}
		return nil
	}}
}

// flagsInit creates what is missing, off, and touches nothing that is there.
func flagsInit(o *options) *cobra.Command {
	var dry bool
	c := &cobra.Command{
		Use: "init", Short: "Create the flags that are missing, off; never overwrites one", Args: cobra.NoArgs,
		Example: "  snout flags init --stage staging",
		RunE: func(cmd *cobra.Command, _ []string) error {
			s := &stage{}
			if o.config != "" || o.target != "" {
				var err error
				if s, err = o.reach(cmd.Context()); err != nil {
					return err
				}
			} else {
				s.Stage = o.stage // a new stage has no address yet
			}
			if s.Stage == "" {
				return input("Name the stage: --stage NAME.")
			}
			client, err := s.params(cmd.Context())
			if err != nil {
				return err
			}
			for _, n := range flags.Names {
				value := "false"
				if n == flags.Allowlist {
					value = "none"
				}
				name := s.flagsPath() + n
				if dry {
					_, err = client.GetParameter(cmd.Context(), &ssm.GetParameterInput{Name: &name})
					var none *types.ParameterNotFound
					switch {
					case errors.As(err, &none):
						fmt.Fprintf(cmd.OutOrStdout(), "%s would be created: %s\n", name, value)
					case err != nil:
						return err
					default:
						fmt.Fprintf(cmd.OutOrStdout(), "%s is there\n", name)
					}
					continue
				}
				_, err := client.PutParameter(cmd.Context(), &ssm.PutParameterInput{Name: &name, Value: &value, Type: types.ParameterTypeString, Overwrite: aws.Bool(false)})
				var there *types.ParameterAlreadyExists
				switch {
				case errors.As(err, &there):
					fmt.Fprintf(cmd.OutOrStdout(), "%s is there, left as it is\n", name)
				case err != nil:
					return fmt.Errorf("create %s: %w", name, err)
				default:
					fmt.Fprintf(cmd.OutOrStdout(), "%s created: %s\n", name, value)
				}
			}
			return nil
		},
	}
	c.Flags().BoolVar(&dry, "dry-run", false, "say what would be created and create nothing")
	return c
}
