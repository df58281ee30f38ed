package simulation_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"

	"snout/shared/sandbox/simulation"
)

var (
	count = flag.Int("histories", 40, "how many generated histories to run")
	first = flag.Uint64("first", 1, "seed of the first history")
	stop  = flag.Bool("stop", false, "end at the first history or scenario that fails")
	seed  = flag.Uint64("seed", 0, "run this one history, with its trace")
)

// TestMain keeps the collector from running all the time over many small worlds, and
// looks for goroutines that outlive theirs.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
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
	}
	running.Wait()
	return all
}

func TestHistories(t *testing.T) {
	tm := load(t)
	if *seed != 0 {
		h := simulation.Generate(*seed)
		b, _ := json.Marshal(h)
		fmt.Println(string(b))
		_, faults, err := simulation.Run(tm, h, os.Stdout)
		if err != nil || len(faults) > 0 {
			t.Fatal(err, faults)
		}
		return
	}
	all := across(t, *count, func(i int) simulation.Figures {
		h := simulation.Generate(*first + uint64(i))
		f, faults, err := simulation.Run(tm, h, nil)
		if err != nil {
			t.Error(err)
		}
		if len(faults) > 0 {
			t.Errorf("seed %d: %v\nreplay: go test ./shared/sandbox/simulation -run TestHistories -seed %d", h.Seed, faults, h.Seed)
		}
		return f
	})
	t.Log(all)
}

// Histories that once failed are kept: testdata/regressions, one file each.
func TestWhatOnceFailed(t *testing.T) {
	tm := load(t)
	files, err := filepath.Glob("testdata/regressions/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("the regression corpus is empty", err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var h simulation.History
		if err := json.Unmarshal(b, &h); err != nil {
			t.Fatal(name, err)
		}
		for extra := range uint64(5) { // other turns of the same story
			one := h
			one.Seed += extra
			if _, faults, err := simulation.Run(tm, &one, nil); err != nil || len(faults) > 0 {
				t.Errorf("%s (%s): %v %v", name, h.Why, err, faults)
			}
		}
	}
}
