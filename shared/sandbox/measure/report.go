package measure

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Result is everything that was measured.
type Result struct {
	At      time.Time
	Machine string // processors, and what else may explain a time
	How     string // where processor shares came from
	Costs   []Cost
	Sizes   []Size
	Starts  []Started
	Bills   []Bill
	Grown   []Grown
	Memory  map[string]int // MB that each function is deployed with
	Prices  string
}

// Markdown is the result as the README shows it.
func (r Result) Markdown() string {
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	p("Calls and units of the table, from the consumed capacity that every answer tells; side by side calls count each. *Then* is what the stream sets off")
	p("(counters, outbox, reports, windows), one message at a time; a busy stage folds many into one.\n")
	p("| Operation | Calls | RRU | WRU | then RRU | then WRU |\n|---|---|---|---|---|---|")
	for _, c := range r.Costs {
		p("| %s | %d | %s | %s | %s | %s |", c.Name, c.Trips, units(c.RRU), units(c.WRU), units(c.AfterRRU), units(c.AfterWRU))
	}
	if len(r.Grown) > 0 {
		p("\nThe same with more and more stored: calls / RRU / WRU of the operation itself.\n")
		head, rule := "| Events stored |", "|---|"
		for _, g := range r.Grown {
			head += " " + thousands(g.Events) + " |"
			rule += "---|"
		}
		p("%s\n%s", head, rule)
		for i := range r.Grown[0].Costs {
			row := "| " + r.Grown[0].Costs[i].Name + " |"
			for _, g := range r.Grown {
				c := g.Costs[i]
				row += fmt.Sprintf(" %d / %s / %s |", c.Trips, units(c.RRU), units(c.WRU))
			}
			p("%s", row)
		}
		p("\n```\n%s```", r.plot())
	}
	if len(r.Sizes) > 0 {
		p("\nSizes as deployed (arm64; limits 12 MB and 4.5 MB zipped); milliseconds that a processor works until the first answer; milliseconds from the start of")
		p("the process to its first answer, median and best of %d, and to a later answer, with %s; the most memory held.\n", r.Starts[0].Starts, r.How)
		var shares []int
		for _, s := range r.Starts {
			if !slices.Contains(shares, s.MemoryMB) {
				shares = append(shares, s.MemoryMB)
			}
		}
		head, rule := "| Function | MB | zipped | work |", "|---|---|---|---|"
		for _, mb := range shares {
			head += fmt.Sprintf(" first, %s MB | later |", thousands(mb))
			rule += "---|---|"
		}
		p("%s peak | runs with |\n%s---|---|", head, rule)
		for _, s := range r.Sizes {
			row := fmt.Sprintf("| %s | %.1f | %.1f |", s.Function, mega(s.Bytes), mega(s.Zips))
			for _, t := range r.Starts { // of the largest share, which waits least
				if t.Function == s.Function && t.MemoryMB == shares[len(shares)-1] {
					row += " " + ms(t.Work) + " |"
				}
			}
			kb := 0
			for _, mb := range shares {
				for _, t := range r.Starts {
					if t.Function == s.Function && t.MemoryMB == mb {
						row += fmt.Sprintf(" %s (%s) | %s |", ms(t.First), ms(t.Best), ms(t.Warm))
						kb = max(kb, t.PeakKB)
					}
				}
			}
			p("%s %d MB | %d MB |", row, kb/1024, r.Memory[s.Function])
		}
	}
	if len(r.Bills) > 0 {
		p("\nDollars for a million, computed from the above (%s; no free tier, no folding):\n", r.Prices)
		p("| | table | Lambda | gateway | logs | ours | the carrier's | ours in the whole |\n|---|---|---|---|---|---|---|---|")
		for _, x := range r.Bills {
			p("| %s | %.2f | %.2f | %.2f | %.2f | **%.2f** | %.0f | %.2f%% |", x.Name, x.Table, x.Lambda, x.Gateway, x.Logs, x.OurPart, x.Carrier, 100*x.OwnShare)
		}
		p("\nThe carrier's is a segment at $%.4f and about $%.3f of network fees. Besides that a stage costs by the month, texts or none: alarms ($0.10 each), metrics ($0.30), the dashboard ($3).", segment, networksFee)
	}
	p("\n%s, %s.", r.Machine, r.At.UTC().Format("2 January 2006"))
	return b.String()
}

// plot draws the read units of each operation over what is stored: lines that stay flat.
func (r Result) plot() string {
	most := 0.0
	for _, g := range r.Grown {
		for _, c := range g.Costs {
			most = max(most, c.RRU)
		}
	}
	const wide = 44
	var b strings.Builder
	fmt.Fprintf(&b, "read units, 0 to %s\n", units(most))
	for i := range r.Grown[0].Costs {
		for n, g := range r.Grown {
			name := ""
			if n == 0 {
				name = g.Costs[i].Name
			}
			v := g.Costs[i].RRU
			fmt.Fprintf(&b, "%-36s %9s %s %s\n", name, thousands(g.Events), strings.Repeat("#", max(int(v/most*wide+0.5), 1)), units(v))
		}
	}
	return b.String()
}

func units(u float64) string {
	return strings.TrimSuffix(fmt.Sprintf("%.1f", u), ".0")
}

func mega(n int64) float64 { return float64(n) / (1 << 20) }

func ms(d time.Duration) string { return fmt.Sprintf("%.1f", float64(d.Microseconds())/1000) }

func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
