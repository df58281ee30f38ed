package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	goruntime "runtime"
	"strings"

	"snout/shared/sandbox/runtime"
	"snout/shared/sandbox/template"
)

// functions is what runs them: in this process, or each in processes of its own.
type functions interface {
	Invoke(ctx context.Context, function string, payload []byte) ([]byte, error)
	Close() error
}

// inProcess closes without an error to report.
type inProcess struct{ *runtime.InProcess }

func (p inProcess) Close() error {
	p.InProcess.Close()
	return nil
}

// BuildOptions say how to compile the functions.
type BuildOptions struct {
	Root string   // of the project; empty: found upwards from here
	Dir  string   // gets <function>/bootstrap
	Arch string   // empty: this machine's, to run here
	Only []string // folders of functions; empty: all
	// WorldClock replaces one line of the deployed code, where it asks the machine for
	// the time: the binaries then ask the world that runs them (SNOUT_WORLD), whose
	// clock can be held and moved. Without it they are byte for byte what is deployed.
	WorldClock bool
}

// Build compiles the functions with the flags that the README deploys them with.
func Build(ctx context.Context, o BuildOptions) error {
	if o.Root == "" {
		path, err := findTemplate()
		if err != nil {
			return err
		}
		o.Root = filepath.Dir(path)
	}
	if o.Arch == "" {
		o.Arch = goruntime.GOARCH
	}
	if len(o.Only) == 0 {
		all, err := filepath.Glob(filepath.Join(o.Root, "functions", "*", "main.go"))
		if err != nil || len(all) == 0 {
			return fmt.Errorf("no functions below %s: %w", o.Root, err)
		}
		for _, main := range all {
			o.Only = append(o.Only, filepath.Base(filepath.Dir(main)))
		}
	}
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return err
	}
	args := []string{"build", "-buildvcs=false"}
	if o.WorldClock {
		overlay, err := worldClock(o.Root, dir)
		if err != nil {
			return err
		}
		args = append(args, "-overlay="+overlay)
	}
	for _, name := range o.Only {
		build := exec.CommandContext(ctx, "go", append(args[:len(args):len(args)], "-o", filepath.Join(dir, name, "bootstrap"), "./functions/"+name)...)
		build.Dir = o.Root
		// -trimpath only where the bytes count: it shares no cache with `go run`.
		flags := "-tags=lambda.norpc -trimpath -ldflags=-s"
		if o.WorldClock {
			flags = "-tags=lambda.norpc -ldflags=-s"
		}
		build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+goruntime.GOOS, "GOARCH="+o.Arch, "GOFLAGS="+flags)
		if out, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("build %s: %w\n%s", name, err, out)
		}
	}
	return nil
}

// The one line of the deployed code that a world replaces, and what it puts there.
const (
	machineClock = "Clock: time.Now,"
	askedClock   = `package lambdaio

import (
	"io"
	"net/http"
	"os"
	"time"
)

// worldClock asks the world for the time; there is no instant it could make up.
func worldClock() time.Time {
	res, err := http.Get(os.Getenv("SNOUT_WORLD") + "/local/instant")
	if err != nil {
		panic("lambdaio: no clock: " + err.Error())
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		panic("lambdaio: no clock: " + err.Error())
	}
	t, err := time.Parse(time.RFC3339Nano, string(b))
	if err != nil {
		panic("lambdaio: no clock: " + err.Error())
	}
	return t
}
`
)

// worldClock writes the overlay for go build. It fails if the line is not there once:
// a build that quietly kept the machine's clock would run the world on two clocks.
func worldClock(root, dir string) (overlay string, err error) {
	host := filepath.Join(root, "shared", "lambdaio", "host.go")
	b, err := os.ReadFile(host)
	if err != nil {
		return "", err
	}
	if n := strings.Count(string(b), machineClock); n != 1 {
		return "", fmt.Errorf("%q stands %d times in lambdaio/host.go, want once", machineClock, n)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	changed, added := filepath.Join(dir, "host.go.overlay"), filepath.Join(dir, "worldclock.go.overlay")
	replaced, err := json.Marshal(map[string]map[string]string{"Replace": {host: changed, filepath.Join(root, "shared", "lambdaio", "worldclock.go"): added}})
	if err != nil {
		return "", err
	}
	overlay = filepath.Join(dir, "overlay.json")
	return overlay, errors.Join(
		os.WriteFile(changed, []byte(strings.Replace(string(b), machineClock, "Clock: worldClock,", 1)), 0o644),
		os.WriteFile(added, []byte(askedClock), 0o644),
		os.WriteFile(overlay, replaced, 0o644))
}

// processEnv is what a compiled function gets besides what Lambda itself sets: the
// environment of template.yaml, and the addresses and keys that the cloud gives it in
// other ways.
func (w *World) processEnv(f template.Function) map[string]string {
	env := map[string]string{}
	maps.Copy(env, f.Environment)
	maps.Copy(env, w.own())
	maps.Copy(env, map[string]string{
		"AWS_ENDPOINT_URL": w.URL, "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_SDK_UA_APP_ID": f.LogicalID,
		"AWS_EC2_METADATA_DISABLED": "true", "SNOUT_WORLD": w.URL,
	})
	return env
}

// startProcesses prepares the compiled functions below a folder.
func (w *World) startProcesses(dir string) error {
	programs, err := w.Programs(dir)
	if err != nil {
		return err
	}
	p, err := runtime.StartProcesses(runtime.ProcessOptions{Region: region, Log: func(_, _, line string) { fmt.Fprintln(w.o.Log, line) }}, programs...)
	if err != nil {
		return err
	}
	w.functions, w.processes = p, p
	return nil
}

// Programs are the compiled functions below a folder, as this world would run them.
func (w *World) Programs(dir string) ([]runtime.Program, error) {
	var programs []runtime.Program
	for _, f := range w.template.Functions {
		path := filepath.Join(dir, filepath.Base(strings.TrimSuffix(f.CodeDir, "/")), "bootstrap")
		if _, err := os.Stat(path); err != nil {
			return nil, fmt.Errorf("%s has not been built: %w", f.LogicalID, err)
		}
		programs = append(programs, runtime.Program{
			Name: f.LogicalID, ARN: runtime.ARN(region, account, f.Name), Path: path, Env: w.processEnv(f), Timeout: f.Timeout, MemoryMB: f.MemoryMB,
		})
	}
	return programs, nil
}

// MemoryMB is the memory that template.yaml gives each function, by its folder.
func MemoryMB() (map[string]int, error) {
	path, err := findTemplate()
	if err != nil {
		return nil, err
	}
	t, err := template.Load(path, map[string]string{"Stage": "local"}, template.Pseudo{Region: region, AccountID: account, StackName: "snout-local"})
	if err != nil {
		return nil, err
	}
	m := map[string]int{}
	for _, f := range t.Functions {
		m[filepath.Base(strings.TrimSuffix(f.CodeDir, "/"))] = f.MemoryMB
	}
	return m, nil
}

// Processes are the compiled functions at work; nil if they run in this process.
func (w *World) Processes() *runtime.Processes { return w.processes }

// Invoke runs a function by its logical id with an event, as `sam local invoke` does.
func (w *World) Invoke(ctx context.Context, function string, event []byte) ([]byte, error) {
	return w.functions.Invoke(ctx, function, event)
}
