package measure

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the record of counts anew")

const record = "testdata/counts.json"

// counted is what is on record of an operation. What the stream sets off may be folded
// together or not, as the machine's load has it, so that stands there as a bound.
type counted struct {
	Name          string
	Trips         int
	RRU, WRU      float64
	AfterRRUUpTo  float64
	AfterWRUUpTo  float64
	InvokedAtMost int
}

func measured(cs []Cost) []counted {
	var out []counted
	for _, c := range cs {
		calls := 0
		for _, n := range c.Calls {
			calls += n
		}
		out = append(out, counted{c.Name, c.Trips, c.RRU, c.WRU, c.AfterRRU, c.AfterWRU, calls})
	}
	return out
}

// An operation that costs more than it did is a regression until somebody has said, with
// -update, that it is meant. One that costs less is said too, so that the record follows.
func TestNoOperationCostsMoreThanItDid(t *testing.T) {
	costs, err := Operations(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	now := measured(costs)
	if *update {
		for i := range now { // room for what a quieter machine does not fold together
			now[i].AfterRRUUpTo, now[i].AfterWRUUpTo, now[i].InvokedAtMost = 2*now[i].AfterRRUUpTo+2, 2*now[i].AfterWRUUpTo+4, 2*now[i].InvokedAtMost+1
		}
		b, err := json.MarshalIndent(now, "", "\t")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(record, append(b, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	b, err := os.ReadFile(record)
	if err != nil {
		t.Fatal(err)
	}
	var before []counted
	if err := json.Unmarshal(b, &before); err != nil {
		t.Fatal(err)
	}
	for _, n := range now {
		i := slices.IndexFunc(before, func(c counted) bool { return c.Name == n.Name })
		if i < 0 {
			t.Errorf("%q is not on record: go test ./shared/sandbox/measure -update", n.Name)
			continue
		}
		was := before[i]
		if n.Trips > was.Trips || n.RRU > was.RRU || n.WRU > was.WRU || n.AfterRRU() > was.AfterRRUUpTo || n.AfterWRU() > was.AfterWRUUpTo || n.InvokedAtMost > was.InvokedAtMost {
			t.Errorf("%q costs more than it did:\n now %+v\n was %+v", n.Name, n, was)
		} else if n.Trips < was.Trips || n.RRU < was.RRU || n.WRU < was.WRU {
			t.Logf("%q costs less than it did; put it on record with -update:\n now %+v\n was %+v", n.Name, n, was)
		}
	}
	if len(now) != len(before) {
		t.Errorf("%d operations, %d on record", len(now), len(before))
	}
}

func (c counted) AfterRRU() float64 { return c.AfterRRUUpTo }
func (c counted) AfterWRU() float64 { return c.AfterWRUUpTo }

// Lists, diagnostics and texts cost the same with twenty times as much stored.
// (`snout bench` goes to a million.)
func TestNothingGrowsWithWhatIsStored(t *testing.T) {
	grown, err := Growth(t.Context(), 1000, 20_000)
	if err != nil {
		t.Fatal(err)
	}
	own := func(g Grown) (out []counted) {
		for _, c := range measured(g.Costs) {
			c.AfterRRUUpTo, c.AfterWRUUpTo, c.InvokedAtMost = 0, 0, 0
			out = append(out, c)
		}
		return out
	}
	if diff := cmp.Diff(own(grown[0]), own(grown[1])); diff != "" {
		t.Errorf("with %d events and with %d (-few +many):\n%s", grown[0].Events, grown[1].Events, diff)
	}
	if grown[1].Items < 30_000 {
		t.Errorf("only %d items are in the table", grown[1].Items)
	}
}

// What the README shows of the counts is what is on record.
func TestTheReadmeShowsTheCountsOnRecord(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join("..", "..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(record)
	if err != nil {
		t.Fatal(err)
	}
	var before []counted
	if err := json.Unmarshal(b, &before); err != nil {
		t.Fatal(err)
	}
	for _, c := range before {
		row := strings.Join([]string{"| " + c.Name, units(float64(c.Trips)), units(c.RRU), units(c.WRU), ""}, " | ")
		if !strings.Contains(string(readme), strings.TrimRight(row, " ")) {
			t.Errorf("the README does not say %q: go run ./shared/cmd/snout bench --write README.md", row)
		}
	}
}

func TestABillAddsUpFromCallsUnitsAndTimes(t *testing.T) {
	costs := []Cost{
		{Name: "text in, known pair", RRU: 3, WRU: 8, AfterRRU: 1, AfterWRU: 2, LogBytes: 600, Calls: map[string]int{"inbound": 1, "outbox": 1}},
		{Name: "text out, sitter's, to the carrier's answer", RRU: 4, WRU: 10, LogBytes: 200, Calls: map[string]int{"send": 1, "status": 2}},
	}
	started := []Started{
		{Function: "inbound", MemoryMB: 512, Warm: 90 * time.Millisecond}, {Function: "inbound", MemoryMB: 1024, Warm: 5 * time.Millisecond},
		{Function: "outbox", MemoryMB: 1024, Warm: 2500 * time.Microsecond}, {Function: "send", MemoryMB: 1024, Warm: 40 * time.Millisecond}, {Function: "status", MemoryMB: 512, Warm: time.Millisecond},
	}
	bills, err := Bills(costs, started, map[string]int{"inbound": 1024, "outbox": 1024, "send": 1024, "status": 512})
	if err != nil {
		t.Fatal(err)
	}
	near := func(what string, got, want float64) {
		t.Helper()
		if got < want*0.999 || got > want*1.001 {
			t.Errorf("%s: %f, want %f", what, got, want)
		}
	}
	near("table of a text in", bills[0].Table, 10*0.625+4*0.125)
	near("Lambda of a text in", bills[0].Lambda, 2*0.20+(0.005+0.003)*13.3334)
	near("gateway of a text in", bills[0].Gateway, 1)
	near("logs of a text in", bills[0].Logs, 1000*0.0005)
	near("gateway of a text out: the request and two reports", bills[1].Gateway, 3)
	near("Lambda of a text out", bills[1].Lambda, 3*0.20+0.040*13.3334+2*0.001*0.5*13.3334)
	near("the carrier", bills[0].Carrier, 11300)
	if _, err := Bills(costs[:1], started, nil); err == nil {
		t.Error("a bill for what was not measured")
	}
}

func TestAFunctionThatGrowsIsNoticed(t *testing.T) {
	on := []Size{{"inbound", 1_000_000, 400_000}}
	for name, row := range map[string]struct {
		size  Size
		fails bool
	}{
		"as it was":        {Size{"inbound", 1_000_000, 400_000}, false},
		"a little larger":  {Size{"inbound", 1_020_000, 410_000}, false},
		"a dependency":     {Size{"inbound", 1_200_000, 480_000}, true},
		"not on record":    {Size{"new", 10, 10}, true},
		"beyond the limit": {Size{"inbound", 13 << 20, 4 << 20}, true},
	} {
		if err := row.size.Above(on); (err != nil) != row.fails {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestASharedProcessorIsSharedOrSaidNotToBe(t *testing.T) {
	s, err := newShare(512)
	if err != nil {
		t.Fatal(err)
	}
	if s.how == "" || s.start == nil {
		t.Errorf("a share says nothing: %+v", s)
	}
	if err := s.close(); err != nil {
		t.Error(err)
	}
}
