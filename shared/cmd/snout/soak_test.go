package main

import (
	"io"
	"testing"
	"time"
)

func TestASoakIsBoundedAndStaysOnThisMachine(t *testing.T) {
	good := soakPlan{duration: time.Minute, rate: 10, count: 100, url: "http://127.0.0.1:8787"}
	for _, c := range []struct {
		name   string
		change func(*soakPlan)
		ok     bool
	}{
		{"as it is", func(*soakPlan) {}, true},
		{"of its own system", func(p *soakPlan) { p.url = "" }, true},
		{"the IPv6 loopback", func(p *soakPlan) { p.url = "http://[::1]:8787" }, true},
		{"no time", func(p *soakPlan) { p.duration = 0 }, false},
		{"all day", func(p *soakPlan) { p.duration = 24 * time.Hour }, false},
		{"no rate", func(p *soakPlan) { p.rate = 0 }, false},
		{"a flood", func(p *soakPlan) { p.rate = 10_000 }, false},
		{"no events", func(p *soakPlan) { p.count = 0 }, false},
		{"a million events", func(p *soakPlan) { p.count = 1_000_000 }, false},
		{"somebody else's machine", func(p *soakPlan) { p.url = "http://192.0.2.1:8787" }, false},
		{"a name", func(p *soakPlan) { p.url = "http://messages.example.com" }, false},
		{"a name that begins like loopback", func(p *soakPlan) { p.url = "http://127.0.0.1.example.com" }, false},
		{"https", func(p *soakPlan) { p.url = "https://127.0.0.1:8787" }, false},
	} {
		p := good
		c.change(&p)
		if err := p.check(); (err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// Few events through a real system, with faults: nothing is lost, and the report says so.
func TestASoakFindsNothingWrong(t *testing.T) {
	c := soak()
	c.SetArgs([]string{"--duration", "30s", "--rate", "100", "--count", "40", "--faults"})
	c.SetOut(io.Discard)
	if err := c.ExecuteContext(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestAReportIsWrongWhereAnythingIs(t *testing.T) {
	for _, c := range []struct {
		name string
		r    soakReport
		want bool
	}{
		{"nothing", soakReport{begun: 3, refused: 1, faults: 1, late: 1}, false},
		{"lost", soakReport{missing: []string{"x"}}, true},
		{"taken in twice", soakReport{doubled: []string{"x"}}, true},
		{"unfinished", soakReport{unsettled: []string{"x"}}, true},
		{"on a phone twice", soakReport{twice: []string{"x"}}, true},
	} {
		if got := c.r.wrong(); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
