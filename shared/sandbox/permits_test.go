package sandbox_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"snout/shared/sandbox"
	"snout/shared/sandbox/template"
)

// needed gathers what all scenarios together have needed of their roles; the one
// variable of this package that changes, since only the whole run can say what nobody
// ever needs.
var needed = &needs{calls: map[string]bool{}}

type needs struct {
	mu    sync.Mutex
	calls map[string]bool // function action kind-of-resource
}

// add fails the scenario for what a role refused, and remembers the rest.
func (n *needs) add(t *testing.T, w *sandbox.World) {
	t.Helper()
	granted, refused := w.Calls()
	for _, c := range refused {
		t.Errorf("the role of %s in template.yaml lacks %s on %s", c.Function, c.Action, c.Resource)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, c := range granted {
		n.calls[c.Function+" "+c.Action] = true
	}
}

// What a role needs that its function never calls itself: the service does, which
// runs the function's sources with the function's role.
func bySources(f template.Function) []string {
	actions := []string{"logs:CreateLogStream", "logs:PutLogEvents"}
	if len(f.Streams) > 0 {
		actions = append(actions, "dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "sqs:SendMessage")
	}
	if len(f.QueueSources) > 0 {
		actions = append(actions, "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
	}
	if len(f.Schedules) > 0 {
		actions = append(actions, "sqs:SendMessage")
	}
	return actions
}

// TestMain says after a run of every test which permission no scenario has needed.
// That nothing is missing, each scenario shows by itself.
func TestMain(m *testing.M) {
	flag.Parse()
	code := m.Run()
	whole := flag.Lookup("test.run").Value.String() == "" && flag.Lookup("test.skip").Value.String() == "" && !testing.Short()
	if code == 0 && whole {
		if idle, err := superfluous(); err != nil || len(idle) > 0 {
			fmt.Fprintf(os.Stderr, "template.yaml grants what no scenario needs (%v):\n  %s\n", err, strings.Join(idle, "\n  "))
			code = 1
		}
	}
	os.Exit(code)
}

func superfluous() ([]string, error) {
	t, err := template.Load("../../template.yaml", map[string]string{"Stage": "local"}, template.Pseudo{Region: "us-east-1", AccountID: "000000000000", StackName: "snout-local"})
	if err != nil {
		return nil, err
	}
	idle := map[string]bool{}
	for _, f := range t.Functions {
		used := bySources(f)
		role := t.Resources[strings.TrimSuffix(f.LogicalID, "Function")+"Role"]
		for _, p := range role.Properties["Policies"].([]any) {
			for _, s := range p.(map[string]any)["PolicyDocument"].(map[string]any)["Statement"].([]any) {
				for _, action := range list(s.(map[string]any)["Action"]) {
					key := f.LogicalID + " " + action
					if !needed.calls[key] && !slices.Contains(used, action) && !slices.Contains(rare[f.LogicalID], action) {
						idle[key] = true
					}
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(idle)), nil
}

// rare are permissions that only a failure or a colleague's screen needs which no
// scenario brings about; each with its reason.
var rare = map[string][]string{}

func list(v any) []string {
	if s, ok := v.(string); ok {
		return []string{s}
	}
	var out []string
	for _, one := range v.([]any) {
		out = append(out, one.(string))
	}
	return out
}
