package simulation_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"testing"

	"snout/shared/sandbox/simulation"
	"snout/shared/sandbox/template"
)

var (
	count = flag.Int("histories", 300, "how many generated histories to run")
	seed  = flag.Uint64("seed", 0, "run this one history, with its trace")
)

func load(t testing.TB) *template.Template {
	t.Helper()
	tm, err := simulation.LoadTemplate("../../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return tm
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
	var all simulation.Figures
	for i := range *count {
		h := simulation.Generate(uint64(i + 1))
		f, faults, err := simulation.Run(tm, h, nil)
		if err != nil {
			t.Fatal(err)
		}
		all = all.Add(f)
		if len(faults) > 0 {
			t.Errorf("seed %d: %v\nreplay: go test ./shared/sandbox/simulation -run TestHistories -seed %d", h.Seed, faults, h.Seed)
		}
	}
	t.Log(all)
}
