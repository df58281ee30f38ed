// Command mutants breaks the product on purpose, one line at a time, and expects the
// simulation to notice. Each mutant is a named bug that somebody might write; the
// mutated source is compiled in an overlay, so that nothing of it touches the tree or
// what is deployed. A mutant that nobody notices is a hole in the proof, and a mutant
// whose line is no longer there is a hole too: both fail the run.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

const pkg = "./shared/sandbox/simulation"

func main() {
	only := flag.String("only", "", "run the mutants whose name contains this")
	histories := flag.Int("histories", 300, "generated histories that each mutant has to survive, besides every strike of every scenario")
	list := flag.Bool("list", false, "list the mutants")
	check := flag.Bool("check", false, "only look whether every mutant's lines are there, once each")
	part, parts := flag.Int("part", 0, "with -parts: which of them to run"), flag.Int("parts", 1, "share the mutants out")
	flag.Parse()
	dir, err := os.MkdirTemp("", "mutants")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	defer os.RemoveAll(dir)
	ran, lost := 0, 0
	for i, m := range mutants() {
		if !strings.Contains(m.name, *only) || i%*parts != *part {
			continue
		}
		ran++
		if *list {
			fmt.Printf("%2d  %s (%s)\n", i+1, m.name, m.edits[0].file)
			continue
		}
		began := time.Now()
		overlay, err := m.write(filepath.Join(dir, fmt.Sprint(i)))
		verdict := ""
		if err == nil && !*check {
			verdict, err = m.run(filepath.Join(dir, fmt.Sprint(i)), overlay, *histories)
		}
		switch {
		case err != nil:
			lost++
			fmt.Printf("BROKEN   %-60s %v\n", m.name, err)
		case *check:
		case verdict == "":
			lost++
			fmt.Printf("SURVIVED %-60s %.0fs\n", m.name, time.Since(began).Seconds())
		default:
			fmt.Printf("killed   %-60s %.0fs  %s\n", m.name, time.Since(began).Seconds(), verdict)
		}
	}
	if !*list && !*check {
		fmt.Printf("%d mutants, %d killed\n", ran, ran-lost)
	}
	if lost > 0 {
		os.Exit(1)
	}
}

// mutant is one deliberate bug. by is the beginning of the scenario that it most likely
// stumbles over, which is tried first; a wrong guess only costs time.
type mutant struct {
	name  string
	by    string
	edits []edit
}

// edit replaces one place of one file; the place must be there exactly once.
type edit struct{ file, old, new string }

func (m mutant) write(dir string) (overlay string, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	replace := map[string]string{}
	sources := map[string]string{}
	for _, e := range m.edits {
		abs, err := filepath.Abs(e.file)
		if err != nil {
			return "", err
		}
		src, ok := sources[abs]
		if !ok {
			b, err := os.ReadFile(abs)
			if err != nil {
				return "", err
			}
			src = string(b)
		}
		if n := strings.Count(src, e.old); n != 1 {
			return "", fmt.Errorf("%s has its line %d times: %.70q", e.file, n, e.old)
		}
		sources[abs] = strings.Replace(src, e.old, e.new, 1)
	}
	for abs, src := range sources {
		to := filepath.Join(dir, fmt.Sprintf("%d-%s", len(replace), filepath.Base(abs)))
		if err := os.WriteFile(to, []byte(src), 0o600); err != nil {
			return "", err
		}
		replace[abs] = to
	}
	b, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	overlay = filepath.Join(dir, "overlay.json")
	return overlay, os.WriteFile(overlay, b, 0o600)
}

// run answers what the simulation said of the mutant, nothing if it saw nothing.
func (m mutant) run(dir, overlay string, histories int) (string, error) {
	bin := filepath.Join(dir, "simulation.test")
	if out, err := exec.Command("go", "test", "-overlay", overlay, "-c", "-o", bin, pkg).CombinedOutput(); err != nil {
		return "", fmt.Errorf("does not compile: %s", out)
	}
	defer os.Remove(bin)
	abs, err := filepath.Abs(pkg)
	if err != nil {
		return "", err
	}
	attempts := [][]string{
		{"-test.run", "^TestScenariosSurviveEveryStrike$/^" + strings.ReplaceAll(m.by, " ", "_"), "-every", "1", "-kinds", "crash,lost,conflict"},
		{"-test.run", "^TestHistories$", "-histories", fmt.Sprint(histories)},
		{"-test.run", "^TestScenariosSurviveEveryStrike$", "-every", "1", "-kinds", "crash,lost,conflict"},
	}
	for i, args := range attempts {
		if i == 0 && m.by == "" {
			continue
		}
		cmd := exec.Command(bin, append(args, "-stop", "-test.timeout", "20m")...)
		cmd.Dir = abs
		out, err := cmd.CombinedOutput()
		if err == nil {
			continue
		}
		for line := range strings.SplitSeq(string(out), "\n") {
			_, said, ok := strings.Cut(line, "_test.go:")
			if ok && strings.Contains(said, "[") {
				_, said, _ = strings.Cut(said, ": ")
				return fmt.Sprintf("%.150s", said), nil
			}
		}
		return "", fmt.Errorf("failed in another way: %.300s", out)
	}
	return "", nil
}
