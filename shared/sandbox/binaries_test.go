package sandbox_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"snout/shared/sandbox"
	"snout/shared/sandbox/template"
)

// files are the events that the README runs with `sam local invoke`, with the status
// that each must be answered with; 0 for those that are no API call.
var files = []struct {
	function, file string
	status         int
}{
	{"inbound", "event.json", 200},
	{"status", "event.json", 204},
	{"fallback", "event.json", 200},
	{"send", "event.json", 202},
	{"messages", "event.json", 200},
	{"diagnostics", "event.json", 200},
	{"diagnostics", "event-ops.json", 200},
	{"bookings", "event.json", 200},
	{"web", "event.json", 200},
	{"assignment", "event.json", 0},
	{"outbox", "event.json", 0},
	{"reconcile", "event.json", 0},
}

const samBase = "http://host.docker.internal:8787"

// eventFile reads an event and, if the carrier signed it, signs it anew for this world,
// whose address the file cannot know.
func (s *stage) eventFile(function, file string) []byte {
	s.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "functions", function, file))
	if err != nil {
		s.Fatal(err)
	}
	var e map[string]any
	if err := json.Unmarshal(b, &e); err != nil {
		s.Fatalf("%s/%s: %v", function, file, err)
	}
	d := doc{e}
	if sent := d.str("headers.x-twilio-signature"); sent != "" {
		form, err := base64.StdEncoding.DecodeString(d.str("body"))
		if err != nil {
			s.Fatal(err)
		}
		path := d.str("rawPath")
		if q := d.str("rawQueryString"); q != "" {
			path += "?" + q
		}
		if want := signed(s.secret(), samBase+path, string(form)); want != sent {
			s.Errorf("%s/%s: its signature is not the one over %s", function, file, samBase+path)
		}
		e["headers"].(map[string]any)["x-twilio-signature"] = signed(s.secret(), s.w.URL+path, string(form))
	}
	b, err = json.Marshal(e)
	if err != nil {
		s.Fatal(err)
	}
	return b
}

// signed is the carrier's signature: written out here, apart from the code it checks.
func signed(token, address, form string) string {
	v, _ := url.ParseQuery(form)
	var names []string
	for n := range v {
		names = append(names, n)
	}
	slices.Sort(names)
	mac := hmac.New(sha1.New, []byte(token))
	mac.Write([]byte(address))
	for _, n := range names {
		mac.Write([]byte(n + v.Get(n)))
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// everyEvent runs every event file and tells what was answered.
func (s *stage) everyEvent() {
	s.Helper()
	for _, f := range files {
		id := strings.ToUpper(f.function[:1]) + f.function[1:] + "Function"
		out, err := s.w.Invoke(s.Context(), id, s.eventFile(f.function, f.file))
		if err != nil {
			s.Errorf("%s/%s: %v", f.function, f.file, err)
			continue
		}
		var v any
		if len(out) > 0 {
			if err := json.Unmarshal(out, &v); err != nil {
				s.Errorf("%s/%s answered what is no JSON: %.200s", f.function, f.file, out)
				continue
			}
		}
		got := doc{v}
		if got.num("statusCode") != f.status {
			s.Errorf("%s/%s: status %d, want %d: %.400s", f.function, f.file, got.num("statusCode"), f.status, out)
		}
		if failed := got.list("batchItemFailures"); len(failed) > 0 {
			s.Errorf("%s/%s: batch failures %v", f.function, f.file, failed)
		}
	}
}

func TestEveryFunctionAnswersItsEventFile(t *testing.T) {
	s := open(t)
	s.broken = true // the files' text comes from a phone that the scenario does not follow
	s.everyEvent()
	s.settle()
	if _, ok := find(s.owner.list("box=owner_inbox"), "clientName", "Ben Okafor"); !ok {
		if _, ok = find(s.owner.list(""), "clientName", "Ben Okafor"); !ok {
			t.Error("the text of inbound/event.json is in no list")
		}
	}
}

func TestEveryFunctionHasAnEventFileAndTheEnvironmentFileNamesWhatTheTemplateDeclares(t *testing.T) {
	loaded, err := template.Load("../../template.yaml", map[string]string{"Stage": "local"}, template.Pseudo{Region: "us-east-1", AccountID: "000000000000", StackName: "snout-local", QueueEndpoint: samBase})
	if err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	for _, f := range files {
		have[f.function] = true
	}
	b, err := os.ReadFile("../../functions/env.json")
	if err != nil {
		t.Fatal(err)
	}
	var env struct{ Parameters map[string]string }
	if err := json.Unmarshal(b, &env); err != nil {
		t.Fatal(err)
	}
	for _, f := range loaded.Functions {
		if !have[filepath.Base(f.CodeDir)] {
			t.Errorf("%s has no event file", f.LogicalID)
		}
		// sam local hands on only what the template declares.
		for n := range env.Parameters {
			if _, ok := f.Environment[n]; !ok && n != "CARRIER_BASE_URL" {
				t.Errorf("env.json sets %s, which template.yaml does not declare for %s", n, f.LogicalID)
			}
		}
		for _, n := range []string{"TABLE_NAME", "FLAGS_PATH", "SECRETS_PATH", "FALLBACK_QUEUE_URL", "MEDIA_BUCKET", "STAGE"} {
			if diff := cmp.Diff(f.Environment[n], env.Parameters[n]); diff != "" {
				t.Errorf("%s of %s (-template +env.json):\n%s", n, f.LogicalID, diff)
			}
		}
	}
}

// TestTheBinariesAsDeployed builds every function with the deployment's flags and runs
// them behind the Runtime API. It takes minutes of compiling, so .ci's ring of binaries
// asks for it by name.
func TestTheBinariesAsDeployed(t *testing.T) {
	dir := os.Getenv("SNOUT_DEPLOYED")
	if dir == "" {
		t.Skip("SNOUT_DEPLOYED names no folder to build in")
	}
	if err := sandbox.Build(t.Context(), sandbox.BuildOptions{Dir: dir}); err != nil {
		t.Fatal(err)
	}
	// On the machine's clock: as deployed, a function knows no other.
	s := open(t, func(o *sandbox.Options) { o.Binaries, o.Base = dir, time.Now })
	s.broken = true
	s.everyEvent()
	s.settle()
	for range 10 {
		s.everyEvent()
	}
	s.ben.texts(s.frontDesk, "And dogs?")
	th := s.thread(s.ben, s.frontDesk)
	s.owner.sends(th.str("id"), "Dogs as well.").is(202)
	s.settle()
	if s.ben.count("Dogs as well.") != 1 {
		t.Errorf("the answer came %d times", s.ben.count("Dogs as well."))
	}
	peak := map[string]int{}
	for _, pid := range s.w.Processes().Processes() {
		name, kilobytes := memory(t, pid)
		peak[name] = max(peak[name], kilobytes)
	}
	t.Logf("%-12s %12s %10s %10s %10s", "function", "bytes", "first", "warm", "peak")
	for _, f := range files {
		if f.file != "event.json" {
			continue
		}
		id := strings.ToUpper(f.function[:1]) + f.function[1:] + "Function"
		stats := s.w.Processes().Stats(id)
		i, err := os.Stat(filepath.Join(dir, f.function, "bootstrap"))
		if err != nil {
			t.Fatal(err)
		}
		if len(stats.Cold) == 0 || len(stats.Warm) == 0 {
			t.Errorf("%s: %d cold and %d warm answers", f.function, len(stats.Cold), len(stats.Warm))
			continue
		}
		t.Logf("%-12s %12d %10s %10s %7d kB", f.function, i.Size(), slices.Min(stats.Cold).Round(100*time.Microsecond), median(stats.Warm).Round(100*time.Microsecond), peak[f.function])
	}
}

func median(d []time.Duration) time.Duration {
	d = slices.Sorted(slices.Values(d))
	return d[len(d)/2]
}

// memory is what a process held at most, by the folder of its bootstrap.
func memory(t *testing.T, pid int) (function string, kilobytes int) {
	t.Helper()
	exe, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid))
	if err != nil {
		return "", 0 // it has ended, or this is no Linux
	}
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	for line := range strings.SplitSeq(string(status), "\n") {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			_, _ = fmt.Sscan(rest, &kilobytes)
		}
	}
	return filepath.Base(filepath.Dir(exe)), kilobytes
}
