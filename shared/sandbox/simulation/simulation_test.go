package simulation_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"snout/shared/sandbox/simulation"
)

var (
	count = flag.Int("histories", 40, "how many generated histories to run")
	first = flag.Uint64("first", 1, "seed of the first history")
	stop  = flag.Bool("stop", false, "end at the first history or scenario that fails")
	seed  = flag.Uint64("seed", 0, "run this one history, with its trace")
	twice = flag.Int("twice", 12, "how many histories to run twice, to see that they are the same")
)

// TestMain keeps the collector from running all the time over many small worlds, and
// looks for goroutines that outlive theirs.
func TestMain(m *testing.M) {
	debug.SetGCPercent(1500)
	debug.SetMemoryLimit(2 << 30)
	_ = flag.Set("rapid.checks", "20") // of the plain run; -rapid.checks asks for more
	goleak.VerifyTestMain(m)
}

func load(t testing.TB) *simulation.Origin {
	t.Helper()
	tm, err := simulation.Load("../../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return tm
}

// across runs n pieces of work on all processors and adds up their figures.
func across(t *testing.T, n int, work func(i int) simulation.Figures) simulation.Figures {
	t.Helper()
	var all simulation.Figures
	var mu sync.Mutex
	var next atomic.Int64
	var running sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		running.Go(func() {
			synctest.Test(t, func(*testing.T) {
				for {
					i := int(next.Add(1)) - 1
					if i >= n || *stop && t.Failed() {
						return
					}
					f := work(i)
					mu.Lock()
					all = all.Add(f)
					mu.Unlock()
				}
			})
		})
	}
	running.Wait()
	return all
}

func TestHistories(t *testing.T) {
	o := load(t)
	if *seed != 0 {
		h := simulation.Generate(*seed)
		b, _ := json.Marshal(h)
		fmt.Println(string(b))
		synctest.Test(t, func(t *testing.T) {
			_, faults, err := simulation.Run(o, h, os.Stdout)
			if err != nil || len(faults) > 0 {
				t.Error(err, faults)
			}
		})
		return
	}
	began := time.Now()
	all := across(t, *count, func(i int) simulation.Figures {
		h := simulation.Generate(*first + uint64(i))
		f, faults, err := simulation.Run(o, h, nil)
		if err != nil {
			t.Error(err)
		}
		if len(faults) > 0 {
			failed(t, o, h, faults, fmt.Sprintf("go test ./shared/sandbox/simulation -run TestHistories -seed %d", h.Seed))
		}
		return f
	})
	t.Logf("%v, in %.0f s on %d cores", all, time.Since(began).Seconds(), runtime.GOMAXPROCS(0))
}

// failed says what a history shows, how to see it again, and the shortest of it that shows
// anything: a file for testdata/regressions.
func failed(t testing.TB, o *simulation.Origin, h *simulation.History, faults []string, replay string) {
	if *stop {
		t.Errorf("seed %d: %v\nreplay: %s", h.Seed, faults, replay)
		return
	}
	b, _ := json.Marshal(simulation.Shrink(o, h, 80))
	t.Errorf("seed %d: %v\nreplay: %s\nenough of it: %s", h.Seed, faults, replay, b)
}

// The same with histories that rapid makes up: it tries what people do in other mixes
// than ours, and makes what fails short by itself.
func TestHistoriesOfAnyMix(whole *testing.T) {
	o := load(whole)
	deeds := rapid.SampledFrom(simulation.Deeds())
	step := rapid.Custom(func(t *rapid.T) simulation.Step {
		return simulation.Step{Do: deeds.Draw(t, "do"), A: rapid.IntRange(0, 999).Draw(t, "a"), B: rapid.IntRange(0, 999).Draw(t, "b"), Runs: rapid.IntRange(0, 24).Draw(t, "runs")}
	})
	rapid.Check(whole, func(t *rapid.T) {
		h := &simulation.History{Seed: rapid.Uint64Range(1, 1<<20).Draw(t, "seed"), Standing: rapid.Bool().Draw(t, "standing")}
		h.Steps = append([]simulation.Step{{Do: "chaos", A: rapid.IntRange(0, 8).Draw(t, "weather")}}, rapid.SliceOfN(step, 1, 20).Draw(t, "steps")...)
		var faults []string
		var err error
		synctest.Test(whole, func(*testing.T) { _, faults, err = simulation.Run(o, h, nil) })
		if err != nil || len(faults) > 0 {
			b, _ := json.Marshal(h)
			t.Fatalf("%v %v\n%s", err, faults, b)
		}
	})
}

// A seed decides everything: else a failure could not be seen again, and a run that found
// nothing could have found something.
func TestASeedIsOneStory(t *testing.T) {
	o := load(t)
	across(t, *twice, func(i int) simulation.Figures {
		var told [2]strings.Builder
		var figures [2]simulation.Figures
		h := simulation.Generate(*first + uint64(i))
		if i%2 == 0 { // old answers to reads are where it has been two stories before
			h.Steps = append([]simulation.Step{{Do: "chaos", A: 7}}, slices.DeleteFunc(h.Steps, func(s simulation.Step) bool { return s.Do == "chaos" })...)
		}
		for k := range told {
			var err error
			if figures[k], _, err = simulation.Run(o, h, &told[k]); err != nil {
				t.Error(err)
			}
		}
		if diff := cmp.Diff(figures[0], figures[1]); diff != "" {
			t.Errorf("seed %d: %s", h.Seed, diff)
		}
		a, b := strings.Split(told[0].String(), "\n"), strings.Split(told[1].String(), "\n")
		for n := range min(len(a), len(b)) {
			if a[n] != b[n] {
				t.Errorf("seed %d is two stories from line %d on:\n%s\n%s", h.Seed, n+1, a[n], b[n])
				break
			}
		}
		return simulation.Figures{}
	})
}

// Histories that once failed are kept: testdata/regressions, one file each.
func TestWhatOnceFailed(t *testing.T) {
	o := load(t)
	files, err := filepath.Glob("testdata/regressions/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("the regression corpus is empty", err)
	}
	across(t, len(files), func(i int) simulation.Figures {
		name := files[i]
		b, err := os.ReadFile(name)
		var h simulation.History
		if err = errors.Join(err, json.Unmarshal(b, &h)); err != nil {
			t.Error(name, err)
			return simulation.Figures{}
		}
		for extra := range uint64(5) { // other turns of the same story
			one := h
			one.Seed += extra
			if _, faults, err := simulation.Run(o, &one, nil); err != nil || len(faults) > 0 {
				t.Errorf("%s (%s): %v %v", name, h.Why, err, faults)
			}
		}
		return simulation.Figures{}
	})
}
