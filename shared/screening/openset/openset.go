// Package openset is the open test set of contact swaps and of ordinary
// pet-care talk, with the way to measure a screen on it. It is for tests and
// for `snout screen --report`; it must never be linked into a deployed
// function, and nothing in it may ever be a real person's text or number.
//
// GUIDE.md beside this file says how the texts were written and labelled.
package openset

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io/fs"
	"math"
	"sort"

	"snout/shared/screening"
)

//go:embed testdata/*.jsonl
var files embed.FS

// Case is one labelled thread. The label is about its last text, given the ones before.
type Case struct {
	ID        string `json:"id"`
	Family    string `json:"family"`
	Swap      bool   `json:"swap"`
	Emergency bool   `json:"emergency,omitempty"`
	Round     string `json:"round"`          // which writing round it is from; see GUIDE.md
	Made      string `json:"made,omitempty"` // "generated" where a template made it
	Note      string `json:"note,omitempty"` // the writer's, or why a label was corrected
	Texts     []struct {
		Author string `json:"author"`
		Text   string `json:"text"`
	} `json:"texts"`
	Own *struct {
		Numbers []string `json:"numbers,omitempty"`
		Links   []string `json:"links,omitempty"`
	} `json:"own,omitempty"`
}

// Part is one of the two parts of the set.
type Part string

// Rules are changed with an eye on Dev only; Test is what the goals are held on.
const (
	Dev  Part = "dev"
	Test Part = "test"
)

// Part tells which part a case belongs to: fixed by a hash of its texts, so
// that nobody chooses, and so that a text stays where it is when others come.
func (c Case) Part() Part {
	h := fnv.New32a()
	for _, t := range c.Texts {
		fmt.Fprintf(h, "%s\x00%s\x00", t.Author, t.Text)
	}
	if h.Sum32()%10 < 3 {
		return Test
	}
	return Dev
}

// Fresh tells whether a case was written by somebody who had not seen the
// rules: rounds t and later. Only these say what the screen does with texts
// nobody has tuned it for.
func (c Case) Fresh() bool { return c.Round >= "t" }

// Message is the case as the screen takes it.
func (c Case) Message() screening.Message {
	var m screening.Message
	for _, t := range c.Texts {
		m.Context = append(m.Context, screening.Text{Author: screening.Author(t.Author), Body: t.Text})
	}
	last := len(m.Context) - 1
	m.Text, m.Context = m.Context[last], m.Context[:last]
	if c.Own != nil {
		m.Own = screening.Own{Numbers: c.Own.Numbers, Links: c.Own.Links}
	}
	return m
}

// All reads the whole set, in a fixed order.
func All() ([]Case, error) {
	names, err := fs.Glob(files, "testdata/*.jsonl")
	if err != nil {
		return nil, fmt.Errorf("listing the open set: %w", err)
	}
	var all []Case
	for _, name := range names {
		raw, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("reading the open set: %w", err)
		}
		for n, l := range bytes.Split(bytes.TrimSpace(raw), []byte("\n")) {
			var c Case
			d := json.NewDecoder(bytes.NewReader(l))
			d.DisallowUnknownFields()
			if err := d.Decode(&c); err != nil {
				return nil, fmt.Errorf("%s line %d: %w", name, n+1, err)
			}
			if len(c.Texts) == 0 {
				return nil, fmt.Errorf("%s line %d: no texts", name, n+1)
			}
			all = append(all, c)
		}
	}
	return all, nil
}

// Figure counts how often the screen agreed with the label.
type Figure struct {
	Name         string
	Right, Total int
}

// Rate is Right of Total, with the 95 % Wilson interval.
func (f Figure) Rate() (rate, low, high float64) {
	if f.Total == 0 {
		return 0, 0, 1
	}
	const z = 1.959964
	n := float64(f.Total)
	p := float64(f.Right) / n
	mid := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return p, max(0, mid-half), min(1, mid+half)
}

// Figures is a screen's whole result.
type Figures struct {
	Recall      Figure   // swaps seen, of all swaps
	Families    []Figure // the same by family of the label
	FalseAlarms Figure   // innocent texts stopped, of all innocent texts
	Innocent    []Figure // innocent texts let pass, by family of the label
	Held        Figure   // emergencies that would be stopped, of all emergencies
	Flagged     Figure   // emergencies that were recognised as such
	Mistakes    []Case
}

// Measure screens every case.
func Measure(cases []Case, screen func(screening.Message) screening.Verdict) Figures {
	f := Figures{Recall: Figure{Name: "all swaps"}, FalseAlarms: Figure{Name: "false alarms"}, Held: Figure{Name: "emergencies held"}, Flagged: Figure{Name: "emergencies flagged"}}
	families := map[bool]map[string]*Figure{true: {}, false: {}}
	for _, c := range cases {
		v := screen(c.Message())
		g := families[c.Swap][c.Family]
		if g == nil {
			g = &Figure{Name: c.Family}
			families[c.Swap][c.Family] = g
		}
		g.Total++
		if v.Swap == c.Swap {
			g.Right++
		} else {
			f.Mistakes = append(f.Mistakes, c)
		}
		if c.Swap {
			f.Recall.Total++
			if v.Swap {
				f.Recall.Right++
			}
		} else {
			f.FalseAlarms.Total++
			if v.Swap {
				f.FalseAlarms.Right++
			}
		}
		if c.Emergency {
			f.Held.Total++
			f.Flagged.Total++
			if v.Swap && !v.Emergency {
				f.Held.Right++
			}
			if v.Emergency {
				f.Flagged.Right++
			}
		}
	}
	f.Families, f.Innocent = sorted(families[true]), sorted(families[false])
	return f
}

func sorted(m map[string]*Figure) []Figure {
	var out []Figure
	for _, f := range m {
		out = append(out, *f)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out
}
