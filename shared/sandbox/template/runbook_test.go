package template_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

var namedRunbook = regexp.MustCompile(`Runbook: README, Alarms, ([a-z-]+)\.$`)

// An alarm wakes somebody who has not read the code: its entry must be there, by the
// name that the alarm gives.
func TestEveryAlarmHasItsEntryInTheRunbookAndEveryEntryItsAlarm(t *testing.T) {
	b, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(b), "\n## Alarms\n")
	if !found {
		t.Fatal("the README has no section Alarms")
	}
	section, _, _ := strings.Cut(rest, "\n## ")
	entries := map[string]bool{}
	for _, m := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\|").FindAllStringSubmatch(section, -1) {
		entries[m[1]] = false
	}
	loaded := load(t)
	names := map[string]bool{}
	for _, f := range loaded.Functions {
		names[f.Name] = true
	}
	for id, r := range loaded.Resources {
		if r.Type != "AWS::CloudWatch::Alarm" {
			continue
		}
		name, _ := r.Properties["AlarmName"].(string)
		short := strings.TrimPrefix(name, "snout-prod-")
		entry := short
		if function, ok := strings.CutSuffix(short, "-errors"); ok && names["snout-prod-"+function] {
			entry = "<function>-errors"
		}
		if _, ok := entries[entry]; !ok {
			t.Errorf("alarm %s (%s) has no entry in the README's Alarms", id, entry)
		}
		entries[entry] = true
		description, _ := r.Properties["AlarmDescription"].(string)
		m := namedRunbook.FindStringSubmatch(description)
		if m == nil || m[1] != strings.TrimPrefix(entry, "<function>-") {
			t.Errorf("alarm %s names the runbook entry as %q, want %s", id, description, strings.TrimPrefix(entry, "<function>-"))
		}
	}
	for entry, used := range entries {
		if !used {
			t.Errorf("the README's Alarms has an entry %s that no alarm of template.yaml is called", entry)
		}
	}
}
