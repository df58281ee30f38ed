// Command mutants breaks the product on purpose, one line at a time, and expects the
// simulation to notice. Each mutant is a named bug that somebody might write; the
// mutated sources are compiled in an overlay, all into one test binary, so that nothing of
// it touches the tree or what is deployed. A mutant that nobody notices is a hole in the proof, and a mutant
// whose line is no longer there is a hole too: both fail the run.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"
)

const pkg = "./shared/sandbox/simulation"

func main() {
	only := flag.String("only", "", "run the mutants whose name contains this")
	histories := flag.Int("histories", 400, "generated histories that each mutant has to survive once its own scenario has not noticed it")
	jobs := flag.Int("jobs", 2, "mutants at a time")
	every := flag.Bool("all", false, "let each mutant that is left survive every strike of every scenario as well")
	list := flag.Bool("list", false, "list the mutants")
	check := flag.Bool("check", false, "only look whether every mutant's lines are there, once each")
	record := flag.Bool("record", false, "write down what has killed each mutant, where that has changed")
	flag.Parse()
	dir, err := os.MkdirTemp("", "mutants")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	known, err := readRecord()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	began := time.Now()
	ms := mutants()
	overlay, broken, err := all(ms, dir)
	bin := filepath.Join(dir, "simulation.test")
	if err == nil && !*list && !*check {
		err = compile(overlay, bin)
		fmt.Printf("compiled in %.0f s\n", time.Since(began).Seconds())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	var mu sync.Mutex
	ran, killed, anew := 0, 0, 0
	var running sync.WaitGroup
	turn := make(chan struct{}, *jobs)
	for i, m := range ms {
		if !strings.Contains(m.name, *only) {
			continue
		}
		ran++
		if *list {
			fmt.Printf("%2d  %s (%s)\n", i+1, m.name, m.edits[0].file)
			continue
		}
		running.Go(func() {
			turn <- struct{}{}
			defer func() { <-turn }()
			began := time.Now()
			mu.Lock()
			was := known[m.name]
			mu.Unlock()
			verdict, how, err := "", "", broken[i]
			if err == nil && !*check {
				verdict, how, err = m.run(i, bin, was, *histories, *every)
			}
			mu.Lock()
			defer mu.Unlock()
			if verdict != "" && how != was {
				known[m.name] = how
				anew++
				if *record {
					err = errors.Join(err, writeRecord(known)) // at once: the whole takes long
				}
			}
			switch {
			case err != nil:
				fmt.Printf("BROKEN   %-60s %v\n", m.name, err)
			case *check:
				killed++
			case verdict == "":
				fmt.Printf("SURVIVED %-60s %.0fs\n", m.name, time.Since(began).Seconds())
			default:
				killed++
				fmt.Printf("killed   %-60s %.0fs  %s\n", m.name, time.Since(began).Seconds(), verdict)
			}
		})
	}
	running.Wait()
	_ = os.RemoveAll(dir) // the run is over: what is left of it is the machine's to sweep
	if *list {
		return
	}
	if !*check {
		fmt.Printf("mutants %d, killed %d, survived %d, in %.0f s\n", ran, killed, ran-killed, time.Since(began).Seconds())
		if anew > 0 && !*record {
			fmt.Printf("%d were killed by something else than is written down: go run ./shared/sandbox/simulation/mutants -record\n", anew)
		}
	}
	if killed < ran {
		os.Exit(1)
	}
}

// mutant is one deliberate bug. by is the beginning of the scenario that should notice it,
// with what strikes each of its effects; where nothing is known to notice it, everything is
// tried, that first.
type mutant struct {
	name  string
	by    string // the scenario; empty: generated histories
	kinds string // empty: crash,lost,conflict
	edits []edit
}

// edit replaces one place of one file; the place must be there exactly once.
type edit struct{ file, old, new string }

// written is where it is written down what kills each mutant: a strike of a scenario, a
// history, a register. The same seed is the same story, so that each is looked for once
// only. What a change of the product has made another story is looked for again, which
// costs time and nothing else.
const written = pkg + "/mutants/testdata/killed.json"

func readRecord() (map[string]string, error) {
	known := map[string]string{}
	b, err := os.ReadFile(written)
	if os.IsNotExist(err) {
		return known, nil
	}
	if err != nil {
		return nil, err
	}
	return known, json.Unmarshal(b, &known)
}

func writeRecord(known map[string]string) error {
	b, err := json.MarshalIndent(known, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(written, append(b, '\n'), 0o600)
}

func compile(overlay, bin string) error {
	if out, err := exec.Command("go", "test", "-vet=off", "-ldflags=-s -w", "-overlay", overlay, "-c", "-o", bin, pkg).CombinedOutput(); err != nil {
		return fmt.Errorf("the mutants do not compile: %s", out)
	}
	return nil
}

// shown is where a failure says how to see it again.
var shown = regexp.MustCompile(`(?m)replay: go test \S+ -run (.*)$`)

// run answers what the simulation said of the mutant, nothing if it saw nothing, and how to
// see it again.
func (m mutant) run(number int, bin, known string, histories int, all bool) (said, how string, err error) {
	abs, err := filepath.Abs(pkg)
	if err != nil {
		return "", "", err
	}
	const every = "crash,lost,conflict"
	kinds := m.kinds
	if kinds == "" {
		kinds = every
	}
	const strikes = "^TestScenariosSurviveEveryStrike$"
	var attempts [][]string
	if known != "" {
		attempts = append(attempts, strings.Split(known, " "))
	}
	if m.by != "" {
		scenario := strikes + "/^" + strings.NewReplacer(" ", "_", "'", ".").Replace(m.by)
		attempts = append(attempts, []string{scenario, "-every", "1000000"}, []string{scenario, "-every", "1", "-kinds", kinds})
	}
	attempts = append(attempts, []string{"^TestAnAttemptIsClaimedByOne$|^TestATextIsDecidedOnce$"}, []string{"^TestHistories$", "-histories", fmt.Sprint(histories)})
	if all {
		attempts = append(attempts, []string{strikes, "-every", "1", "-kinds", every})
	}
	for _, args := range attempts {
		cmd := exec.Command(bin, append(append([]string{"-test.run"}, args...), "-stop", "-test.timeout", "20m")...)
		cmd.Dir = abs
		cmd.Env = append(os.Environ(), "GOMAXPROCS=1", fmt.Sprintf("%s=%d", chosen, number))
		out, err := cmd.CombinedOutput()
		if err == nil {
			continue
		}
		for line := range strings.SplitSeq(string(out), "\n") {
			_, said, ok := strings.Cut(line, "_test.go:")
			if !ok || !strings.Contains(said, "[") {
				continue
			}
			_, said, _ = strings.Cut(said, ": ")
			how := strings.Join(args, " ")
			if again := shown.FindSubmatch(out); again != nil {
				how = strings.ReplaceAll(string(again[1]), "'", "")
			}
			return fmt.Sprintf("%.180s", said), how, nil
		}
		return "", "", fmt.Errorf("failed in another way: %.300s", out)
	}
	return "", "", nil
}
