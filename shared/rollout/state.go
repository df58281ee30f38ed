package rollout

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Outcome of a check.
type Outcome string

const (
	Passed  Outcome = "passed"
	Broken  Outcome = "failed"
	ForEyes Outcome = "person" // only a person can see it
)

// Fact is one piece of evidence.
type Fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Result is a check that was made.
type Result struct {
	Box
	Outcome  Outcome   `json:"outcome"`
	Said     string    `json:"said"`
	Evidence []Fact    `json:"evidence,omitempty"`
	At       time.Time `json:"at"`
}

// The states of a step.
const (
	StepNew       = ""
	StepVerifying = "verifying"
	StepWatching  = "watching"
	StepDone      = "done"
	StepBack      = "rolled back"
)

// Sample is one look while watching.
type Sample struct {
	At          time.Time `json:"at"`
	Threads     int       `json:"threads"`
	Operational int       `json:"operational"`
	Inbox       int       `json:"inbox"`
	Blocked     int       `json:"blocked"`
	Held        int       `json:"held"`
	Queued      int       `json:"queued"`
	Failed      int       `json:"failed"`
	Unknown     int       `json:"unknown"`
	Delivered   int       `json:"delivered"`
	NoWindow    int       `json:"noWindow"`
	Windows     int       `json:"windows"`
	LogLines    int       `json:"logLines"`
}

// Fixture is what the checks have made, by id, so that a later step and a resumed run
// go on with it.
type Fixture struct {
	Client, Second  string
	Weekly          string // the first client's weekly booking
	Thread          string // their service thread
	WeeklySecond    string
	ThreadSecond    string
	PoolBooking     string
	Desk, Billing   string   // the first client's front desk and billing threads
	Guest           string   // the stranger's
	Bookings        []string // to be cancelled at the end of a step
	OperationalFrom int      // counters and the hour before step 2's three checks
	DecisionsFrom   time.Time
	NoWindowSince   time.Time
}

// StepRecord is what is kept of a step.
type StepRecord struct {
	Number     int       `json:"number"`
	Status     string    `json:"status"`
	StartedAt  time.Time `json:"startedAt"`
	WatchFrom  time.Time `json:"watchFrom,omitzero"`
	WatchUntil time.Time `json:"watchUntil,omitzero"`
	EndedAt    time.Time `json:"endedAt,omitzero"`
	Results    []Result  `json:"results,omitempty"`
	Samples    []Sample  `json:"samples,omitempty"`
	Rollback   *Rollback `json:"rollback,omitempty"`
}

// Rollback is a flag turned off again, and what it took.
type Rollback struct {
	At       time.Time `json:"at"`
	Step     int       `json:"step"`
	Flag     string    `json:"flag"`
	Why      string    `json:"why"`
	Done     bool      `json:"done"` // in effect, and nothing lost
	Said     string    `json:"said"`
	Evidence []Fact    `json:"evidence,omitempty"`
}

// Acceptance is a person's yes to the report after step 2.
type Acceptance struct {
	Name       string    `json:"name"`
	At         time.Time `json:"at"`
	Beforehand bool      `json:"beforehand,omitempty"` // given before the report was there, as a local run may
}

// Step2Report is the checklist's own report.
type Step2Report struct {
	At       time.Time   `json:"at"`
	Ready    bool        `json:"ready"`
	Verdict  string      `json:"verdict"` // Ready for step 3, or Need fixes
	Expected []Fact      `json:"expected,omitempty"`
	Accepted *Acceptance `json:"accepted,omitempty"`
}

// State is everything that a run leaves behind, so that another can go on.
type State struct {
	Target    string        `json:"target"`
	Stage     string        `json:"stage"`
	Org       string        `json:"org,omitempty"`
	Steps     []*StepRecord `json:"steps"`
	Fixture   Fixture       `json:"fixture"`
	Report    *Step2Report  `json:"reportAfterStep2,omitempty"`
	Rollbacks []Rollback    `json:"rollbacks,omitempty"`
	Writes    []Write       `json:"writes,omitempty"`
}

// Step is the record of a step, made if need be.
func (s *State) Step(n int) *StepRecord {
	for _, r := range s.Steps {
		if r.Number == n {
			return r
		}
	}
	r := &StepRecord{Number: n}
	s.Steps = append(s.Steps, r)
	return r
}

// Gate tells why step 3 may not start, if it may not.
func (s *State) Gate() error {
	switch {
	case s.Report == nil:
		return &Gate{"Step 3 starts only from a saved report after step 2, and there is none in the state file. Run --step 2 first."}
	case !s.Report.Ready:
		return &Gate{"The report after step 2 says: Need fixes. Fix them and run --step 2 again."}
	case s.Report.Accepted == nil:
		return &Gate{"The report after step 2 says: Ready for step 3. Nobody has accepted it yet: read it, then run again with --accept NAME."}
	}
	return nil
}

// ReadState reads a state file; one that is not there is a new state. One of another
// target is refused, so that a staging report never opens production.
func ReadState(path, target, stage, org string) (*State, error) {
	s := &State{Target: target, Stage: stage, Org: org}
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, err
	}
	var kept State
	if err := json.Unmarshal(b, &kept); err != nil {
		return nil, bad("The state file %s cannot be read: %v.", path, err)
	}
	if kept.Target != target || kept.Stage != stage || kept.Org != org {
		return nil, bad("The state file %s is of %s, stage %s, org %s, not of %s, stage %s, org %s. Name another with --state.", path, kept.Target, kept.Stage, orNone(kept.Org), target, stage, orNone(org))
	}
	return &kept, nil
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// SaveTo returns what writes the state to a file, whole or not at all.
func SaveTo(path string) func(*State) error {
	return func(s *State) error {
		b, err := json.MarshalIndent(s, "", " ")
		if err != nil {
			return err
		}
		tmp, err := os.CreateTemp(filepath.Dir(path), ".rollout-*")
		if err != nil {
			return fmt.Errorf("save state: %w", err)
		}
		_, werr := tmp.Write(append(b, '\n'))
		if err := errors.Join(werr, tmp.Sync(), tmp.Close(), os.Chmod(tmp.Name(), 0o600)); err != nil {
			os.Remove(tmp.Name())
			return fmt.Errorf("save state: %w", err)
		}
		return os.Rename(tmp.Name(), path)
	}
}

func join(list []string) string { return strings.Join(list, ",") }
