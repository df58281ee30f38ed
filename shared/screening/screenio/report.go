package screenio

import (
	"fmt"
	"io"

	"snout/shared/screening"
	"snout/shared/screening/openset"
)

// Report prints the figures on the open test set: recall by family and the
// false-alarm rate, with 95 % confidence intervals. The test part comes first,
// then what is fresh in it: texts by writers who had not seen the rules, the
// only ones that say what to expect of texts from elsewhere. The development
// part, which the rules were written on, comes last.
func Report(out io.Writer) error {
	all, err := openset.All()
	if err != nil {
		return err
	}
	for _, part := range [...]struct {
		title string
		has   func(openset.Case) bool
	}{
		{"test part", func(c openset.Case) bool { return c.Part() == openset.Test }},
		{"test part, rounds written with the rules in mind", func(c openset.Case) bool { return c.Part() == openset.Test && !c.Fresh() }},
		{"test part, fresh rounds", func(c openset.Case) bool { return c.Part() == openset.Test && c.Fresh() }},
		{"dev part", func(c openset.Case) bool { return c.Part() == openset.Dev }},
	} {
		var cases []openset.Case
		for _, c := range all {
			if part.has(c) {
				cases = append(cases, c)
			}
		}
		if err := Print(out, part.title, openset.Measure(cases, screening.Screen)); err != nil {
			return err
		}
	}
	return nil
}

// Print writes figures as a table. An error is the writer's own.
func Print(out io.Writer, title string, f openset.Figures) error {
	p := &printer{out: out}
	p.line("%s: %d swaps, %d innocent texts\n", title, f.Recall.Total, f.FalseAlarms.Total)
	p.line("%-18s %9s %9s   %s\n", "swaps", "seen", "recall", "95 % interval")
	for _, g := range f.Families {
		p.figure(g)
	}
	p.figure(f.Recall)
	p.line("%-18s %9s %9s   %s\n", "innocent", "passed", "rate", "95 % interval")
	for _, g := range f.Innocent {
		p.figure(g)
	}
	p.figure(f.FalseAlarms)
	p.line("%-18s %9s %9s   %s\n", "emergencies", "", "rate", "95 % interval")
	p.figure(f.Held)
	p.figure(f.Flagged)
	p.line("\n")
	return p.err
}

type printer struct {
	out io.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.out, format, args...)
	}
}

func (p *printer) figure(f openset.Figure) {
	rate, low, high := f.Rate()
	p.line("  %-20s %4d/%-4d %6.1f %%   %.1f–%.1f %%\n", f.Name, f.Right, f.Total, 100*rate, 100*low, 100*high)
}
