package sandbox_test

import (
	"flag"
	"fmt"
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
var needed = &needs{calls: map[sandbox.Call]bool{}}

type needs struct {
	mu    sync.Mutex
	calls map[sandbox.Call]bool
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
		n.calls[c] = true
	}
}

// What a role needs that its function never calls itself: the service does, which
// runs the function's sources with the function's role.
func bySources(f template.Function) []string {
	actions := []string{"logs:CreateLogStream", "logs:PutLogEvents"}
	if len(f.Streams) > 0 {
		actions = append(actions, "dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams", "sqs:SendMessage")
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

// superfluous names each action of each statement that no call has needed. Reading
// one item is no further right beside reading a hundred, so GetItem goes with
// BatchGetItem.
func superfluous() ([]string, error) {
	t, err := template.Load("../../template.yaml", map[string]string{"Stage": "local"}, template.Pseudo{Region: "us-east-1", AccountID: "000000000000", StackName: "snout-local"})
	if err != nil {
		return nil, err
	}
	var idle []string
	for _, f := range t.Functions {
		used := append(bySources(f), "dynamodb:GetItem", "dynamodb:BatchGetItem")
		role := t.Resources[strings.TrimSuffix(f.LogicalID, "Function")+"Role"]
		for _, p := range role.Properties["Policies"].([]any) {
			for _, one := range p.(map[string]any)["PolicyDocument"].(map[string]any)["Statement"].([]any) {
				s := one.(map[string]any)
				if s["Effect"] == "Deny" {
					continue
				}
				for _, action := range list(s["Action"]) {
					if slices.Contains(used, action) || rare[f.LogicalID+" "+action] != "" {
						continue
					}
					if !slices.ContainsFunc(list(s["Resource"]), func(r string) bool { return isNeeded(f.LogicalID, action, r) }) {
						idle = append(idle, fmt.Sprintf("%s %v %s", f.LogicalID, s["Sid"], action))
					}
				}
			}
		}
	}
	slices.Sort(idle)
	return idle, nil
}

func isNeeded(function, action, resource string) bool {
	stem, open := strings.CutSuffix(resource, "*")
	for c := range needed.calls {
		if c.Function == function && c.Action == action && (c.Resource == resource || open && strings.HasPrefix(c.Resource, stem)) {
			return true
		}
	}
	return false
}

// rare are permissions that no scenario needs, each with its reason.
var rare = map[string]string{
	"InboundFunction dynamodb:DeleteItem":   "opening what is due to a client may take a window's old key, and a \"who's coming\" not yet sent, away",
	"ReconcileFunction dynamodb:DeleteItem": "as inbound: it takes in the same texts",
	"OutboxFunction s3:GetObject":           "the carrier fetches a picture by a link that this role has signed",
	"SendFunction s3:GetObject":             "as outbox",
	"OutboxFunction s3:PutObject":           "the bucket's client signs by itself and names no function, so the world cannot tell whose call it is",
	"SendFunction s3:PutObject":             "as outbox",
	"MessagesFunction s3:GetObject":         "a browser fetches a picture by a link that this role has signed",
}

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
