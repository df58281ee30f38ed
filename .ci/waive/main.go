// Command waive holds what gosec found against the findings that somebody has looked at:
//
//	waive WAIVERS FINDINGS.json
//
// A line of WAIVERS is a rule, a file or a folder ending in a slash, and the reason. A
// finding without a waiver fails, and so does a waiver without a finding: a reason must
// not outlive what it was for.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

type waiver struct {
	rule, path string
	used       bool
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "waive:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("usage: waive WAIVERS FINDINGS.json")
	}
	text, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	var waivers []*waiver
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Fields(line)
		if len(f) < 4 {
			return fmt.Errorf("%q: a waiver is a rule, a path and a reason", line)
		}
		waivers = append(waivers, &waiver{rule: f[0], path: f[1]})
	}
	b, err := os.ReadFile(args[1])
	if err != nil {
		return err
	}
	var found struct {
		Issues []struct {
			Rule    string `json:"rule_id"`
			File    string `json:"file"`
			Line    string `json:"line"`
			Details string `json:"details"`
		}
		Stats struct {
			Files int `json:"files"`
		}
		GolangErrors map[string]any `json:"Golang errors"`
	}
	if err := json.Unmarshal(b, &found); err != nil {
		return err
	}
	if found.Stats.Files == 0 || len(found.GolangErrors) > 0 {
		return fmt.Errorf("nothing was looked at: %d files, %v", found.Stats.Files, found.GolangErrors)
	}
	root, err := os.Getwd()
	if err != nil {
		return err
	}
	left := 0
	for _, issue := range found.Issues {
		file, err := filepath.Rel(root, issue.File)
		if err != nil {
			return err
		}
		waived := false
		for _, w := range waivers {
			if w.rule == issue.Rule && (w.path == file || strings.HasSuffix(w.path, "/") && strings.HasPrefix(file, w.path)) {
				w.used, waived = true, true
			}
		}
		if !waived {
			fmt.Printf("%s:%s: %s %s\n", file, issue.Line, issue.Rule, issue.Details)
			left++
		}
	}
	for _, w := range waivers {
		if !w.used {
			fmt.Printf("waiver without a finding: %s %s\n", w.rule, w.path)
			left++
		}
	}
	if left > 0 {
		return fmt.Errorf("%d to be looked at: mend it, or say why not in %s", left, args[0])
	}
	fmt.Printf("%d files, %d findings, each with its reason\n", found.Stats.Files, len(found.Issues))
	return nil
}
