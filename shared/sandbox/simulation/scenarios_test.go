package simulation_test

import (
	"flag"
	"os"
	"strings"
	"testing"
	"testing/synctest"

	"snout/shared/sandbox/simulation"
)

var (
	kinds = flag.String("kinds", "crash", "what strikes every effect of every scenario: crash,lost,throttle,conflict,500")
	every = flag.Int("every", 15, "strike every so manieth effect; 1 in CI")
	at    = flag.Int("at", -1, "strike this effect alone, and show the trace (with -run and -kinds)")
)

// Every effect of every scenario is the last thing some function lives to do.
func TestScenariosSurviveEveryStrike(t *testing.T) {
	tm := load(t)
	var all simulation.Figures
	for _, sc := range simulation.Scenarios() {
		if *stop && t.Failed() {
			return
		}
		t.Run(sc.Name, func(t *testing.T) {
			if *at >= 0 {
				for kind := range strings.SplitSeq(*kinds, ",") {
					synctest.Test(t, func(t *testing.T) {
						if _, faults, err := simulation.Tell(tm, sc, &simulation.Strike{At: *at, Kind: kind}, os.Stdout); err != nil || len(faults) > 0 {
							t.Error(kind, err, faults)
						}
					})
				}
				return
			}
			var whole simulation.Figures
			var faults []string
			var err error
			synctest.Test(t, func(*testing.T) { whole, faults, err = simulation.Tell(tm, sc, nil, nil) })
			if err != nil {
				t.Fatal(err)
			}
			if len(faults) > 0 {
				t.Fatalf("without any fault: %v", faults)
			}
			all = all.Add(whole)
			for kind := range strings.SplitSeq(*kinds, ",") {
				all = all.Add(across(t, (whole.Effects+*every-1) / *every, func(i int) simulation.Figures {
					i *= *every
					strike := &simulation.Strike{At: i, Kind: kind}
					f, faults, err := simulation.Tell(tm, sc, strike, nil)
					if err != nil {
						t.Error(err)
					}
					if len(faults) > 0 {
						t.Errorf("%s at effect %d (%s): %v\nreplay: go test ./shared/sandbox/simulation -run '%s' -kinds %s -at %d", kind, i, strike.What, faults, replayable(t.Name()), kind, i)
					}
					return f
				}))
			}
		})
	}
	t.Log(all)
}

func replayable(name string) string { return "^" + strings.ReplaceAll(name, "/", "$/^") + "$" }
