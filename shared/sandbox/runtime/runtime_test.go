package runtime_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambda/messages"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.uber.org/goleak"

	"snout/shared/sandbox/events"
	"snout/shared/sandbox/runtime"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Both runners are what pumps, schedules and the gateway invoke.
var (
	_ events.Invoker = (*runtime.Processes)(nil)
	_ events.Invoker = (*runtime.InProcess)(nil)
)

// bootstrap builds the probe as a function is built.
func bootstrap(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bootstrap")
	build := exec.Command("go", "build", "-tags", "lambda.norpc", "-o", path, "./testdata/probe")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the probe: %v\n%s", err, out)
	}
	return path
}

type logged struct {
	mu    sync.Mutex
	lines []string
	of    map[string]string // request id by line
}

func (l *logged) tell(function, requestID, line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, function+": "+line)
	if l.of == nil {
		l.of = map[string]string{}
	}
	l.of[line] = requestID
}

func processes(t *testing.T, log *logged, programs ...runtime.Program) *runtime.Processes {
	t.Helper()
	o := runtime.ProcessOptions{Region: "us-east-1"}
	if log != nil {
		o.Log = log.tell
	}
	p, err := runtime.StartProcesses(o, programs...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

type answer struct {
	RequestID, ARN, Trace, Function, Memory, Given string
	Environment                                    []string
	Deadline                                       time.Duration
	Pid                                            int
}

func ask(t *testing.T, p *runtime.Processes, function, do string) (a answer, failure *runtime.FunctionError) {
	t.Helper()
	raw, err := p.Invoke(t.Context(), function, fmt.Appendf(nil, `{"do":%q}`, do))
	if errors.As(err, &failure) {
		return a, failure
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &a); err != nil {
		t.Fatal(err)
	}
	return a, nil
}

var (
	isRequestID = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	isTraceID   = regexp.MustCompile(`^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$`)
)

func TestCompiledFunctions(t *testing.T) {
	t.Setenv("SECRET_OF_OURS", "x")
	path := bootstrap(t)
	arn := runtime.ARN("us-east-1", "000000000000", "probe")

	t.Run("see what Lambda shows them and nothing of ours", func(t *testing.T) {
		p := processes(t, nil, runtime.Program{Name: "probe", ARN: arn, Path: path, Timeout: 20 * time.Second, MemoryMB: 512, Env: map[string]string{"GIVEN": "yes"}})
		a, failure := ask(t, p, "probe", "tell")
		if failure != nil {
			t.Fatal(failure)
		}
		if !isRequestID.MatchString(a.RequestID) || !isTraceID.MatchString(a.Trace) || a.Deadline <= 0 || a.Deadline > 20*time.Second {
			t.Errorf("request id %q, trace id %q, deadline in %v", a.RequestID, a.Trace, a.Deadline)
		}
		slices.Sort(a.Environment)
		want := answer{
			ARN: arn, Function: "probe", Memory: "512", Given: "yes",
			Environment: []string{
				"AWS_DEFAULT_REGION", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE",
				"AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_RUNTIME_API", "AWS_REGION", "GIVEN", "LAMBDA_TASK_ROOT", "LANG", "PATH", "TZ",
				"_HANDLER", "_X_AMZN_TRACE_ID", // the last set by aws-lambda-go itself
			},
		}
		if diff := cmp.Diff(want, a, cmpopts.IgnoreFields(answer{}, "RequestID", "Trace", "Deadline", "Pid")); diff != "" {
			t.Errorf("what the function saw (-want +got):\n%s", diff)
		}
	})

	t.Run("stay warm, and several run when several are wanted at once", func(t *testing.T) {
		p := processes(t, nil, runtime.Program{Name: "probe", Path: path, Timeout: time.Minute, Concurrency: 2})
		first, _ := ask(t, p, "probe", "tell")
		second, _ := ask(t, p, "probe", "tell")
		if first.Pid != second.Pid || first.RequestID == second.RequestID {
			t.Errorf("processes %d and %d, requests %s and %s", first.Pid, second.Pid, first.RequestID, second.RequestID)
		}
		arrived, open := make(chan struct{}), make(chan struct{})
		meeting := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { arrived <- struct{}{}; <-open }))
		defer meeting.Close()
		results := make(chan error, 3)
		for range 3 {
			go func() {
				_, err := p.Invoke(t.Context(), "probe", fmt.Appendf(nil, `{"do":"meet","url":%q}`, meeting.URL))
				results <- err
			}()
		}
		<-arrived
		<-arrived // two are inside at once, in two processes
		if n := len(p.Processes()); n != 2 {
			t.Errorf("%d processes", n)
		}
		close(open)
		<-arrived // the third had to wait for one of them
		for range 3 {
			if err := <-results; err != nil {
				t.Error(err)
			}
		}
		s := p.Stats("probe")
		if diff := cmp.Diff(runtime.Stats{Started: 2, Idle: 2, Invocations: 5}, s, cmpopts.IgnoreFields(runtime.Stats{}, "Cold", "Warm")); diff != "" {
			t.Errorf("stats (-want +got):\n%s", diff)
		}
		if len(s.Cold) != 2 || len(s.Warm) != 3 || slices.Min(append(s.Cold, s.Warm...)) <= 0 {
			t.Errorf("measured %v cold and %v warm", s.Cold, s.Warm)
		}
		t.Logf("process start to first answer %v, warm %v", s.Cold, s.Warm)
	})

	t.Run("fail as Lambda says it", func(t *testing.T) {
		log := &logged{}
		p := processes(t, log, runtime.Program{Name: "probe", Path: path, Timeout: time.Minute}, runtime.Program{Name: "short", Path: path, Timeout: 300 * time.Millisecond},
			runtime.Program{Name: "init", Path: path, Env: map[string]string{"PROBE_INIT": "report"}}, runtime.Program{Name: "early", Path: path, Env: map[string]string{"PROBE_INIT": "exit"}},
			runtime.Program{Name: "none", Path: filepath.Join(t.TempDir(), "missing")})
		before, _ := ask(t, p, "probe", "tell")
		for _, row := range []struct {
			name, function, do string
			want               runtime.FunctionError
		}{
			{"an error", "probe", "fail", runtime.FunctionError{Function: "probe", Type: "errorString", Message: "as asked"}},
			{"a panic", "probe", "panic", runtime.FunctionError{Function: "probe", Type: "string", Message: "as asked"}},
			{"a process that ends", "probe", "exit", runtime.FunctionError{Function: "probe", Type: "Runtime.ExitError", Message: "RequestId: … Error: Runtime exited with error: exit status 3"}},
			{"an answer over 6 MB", "probe", "big", runtime.FunctionError{Function: "probe", Type: "Function.ResponseSizeTooLarge", Message: "Response payload size (6291457 bytes) exceeded maximum allowed payload size (6291456 bytes)."}},
			{"a function that overruns its time", "short", "hang", runtime.FunctionError{Function: "short", Type: "Sandbox.Timedout", Message: "RequestId: … Error: Task timed out after 0.30 seconds"}},
			{"a start that is reported as failed", "init", "tell", runtime.FunctionError{Function: "init", Type: "ConfigError", Message: "no table"}},
			{"a start that ends without a word", "early", "tell", runtime.FunctionError{Function: "early", Type: "Runtime.ExitError", Message: "RequestId:  Error: Runtime exited with error: exit status 2"}},
		} {
			_, got := ask(t, p, row.function, row.do)
			if got == nil {
				t.Fatalf("%s: no failure", row.name)
			}
			if panicked := len(got.StackTrace) > 0; panicked != (row.do == "panic") {
				t.Errorf("%s: a stack trace of %d frames", row.name, len(got.StackTrace))
			}
			got.Message = regexp.MustCompile(`[0-9a-f-]{36}`).ReplaceAllString(got.Message, "…")
			if diff := cmp.Diff(&row.want, got, cmpopts.IgnoreFields(runtime.FunctionError{}, "StackTrace")); diff != "" {
				t.Errorf("%s (-want +got):\n%s", row.name, diff)
			}
			if strings.Contains(got.Error(), "as asked") {
				t.Errorf("%s: the function's words are in the error: %v", row.name, got)
			}
		}
		if _, got := ask(t, p, "none", "tell"); got == nil || got.Type != "Runtime.InvalidEntrypoint" {
			t.Errorf("a bootstrap that is not there: %v", got)
		}
		after, failure := ask(t, p, "probe", "tell")
		if failure != nil || after.Pid == before.Pid {
			t.Errorf("after a process had ended: pid %d as before, %v", after.Pid, failure)
		}
		if _, err := p.Invoke(t.Context(), "nobody", nil); err == nil {
			t.Error("a function that is not there was invoked")
		}
	})

	t.Run("are heard line by line", func(t *testing.T) {
		log := &logged{}
		p := processes(t, log, runtime.Program{Name: "probe", Path: path, Timeout: time.Minute})
		a, _ := ask(t, p, "probe", "log")
		p.Close()
		slices.Sort(log.lines)
		if diff := cmp.Diff([]string{"probe: and one without its end", "probe: another", "probe: one line"}, log.lines); diff != "" {
			t.Errorf("lines (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(a.RequestID, log.of["one line"]); diff != "" {
			t.Errorf("request of the line (-want +got):\n%s", diff)
		}
	})

	t.Run("run on when their caller hangs up, and end with Close", func(t *testing.T) {
		p := processes(t, nil, runtime.Program{Name: "probe", Path: path, Timeout: time.Minute, Concurrency: 1})
		arrived, open := make(chan struct{}), make(chan struct{})
		meeting := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { arrived <- struct{}{}; <-open }))
		defer meeting.Close()
		ctx, cancel := context.WithCancel(t.Context())
		result := make(chan error, 1)
		go func() {
			_, err := p.Invoke(ctx, "probe", fmt.Appendf(nil, `{"do":"meet","url":%q}`, meeting.URL))
			result <- err
		}()
		<-arrived
		cancel()
		if err := <-result; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		close(open)
		if _, failure := ask(t, p, "probe", "tell"); failure != nil { // has to wait for the first to be done
			t.Error(failure)
		}
		if s := p.Stats("probe"); s.Started != 1 || s.Invocations != 2 {
			t.Errorf("%d processes, %d invocations", s.Started, s.Invocations)
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
		if n := len(p.Processes()); n != 0 {
			t.Errorf("%d processes outlived Close", n)
		}
		if _, err := p.Invoke(t.Context(), "probe", []byte("{}")); err == nil {
			t.Error("invoked after Close")
		}
	})
}

func inProcess(t *testing.T, log *logged, h runtime.Handler) *runtime.InProcess {
	t.Helper()
	h.Name, h.ARN = "probe", runtime.ARN("us-east-1", "000000000000", "probe")
	if log != nil {
		h.Log = log.tell
	}
	p, err := runtime.NewInProcess(h)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// each makes an instance of aws-lambda-go's own from a handler function.
func each(handler any) func() (lambda.Handler, error) {
	return func() (lambda.Handler, error) { return lambda.NewHandler(handler), nil }
}

func TestHandlersInProcessSeeWhatLambdaShowsThem(t *testing.T) {
	type seen struct {
		RequestID, ARN, Trace string
		Deadline              bool
		In                    string
	}
	p := inProcess(t, nil, runtime.Handler{Timeout: time.Hour, New: each(func(ctx context.Context, in string) (seen, error) {
		lc, _ := lambdacontext.FromContext(ctx)
		deadline, ok := ctx.Deadline()
		trace, _ := ctx.Value("x-amzn-trace-id").(string)
		return seen{lc.AwsRequestID, lc.InvokedFunctionArn, trace, ok && time.Until(deadline) > 0 && time.Until(deadline) <= time.Hour, in}, nil
	})})
	raw, err := p.Invoke(t.Context(), "probe", []byte(`"hello"`))
	if err != nil {
		t.Fatal(err)
	}
	var got seen
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	if !isRequestID.MatchString(got.RequestID) || !isTraceID.MatchString(got.Trace) {
		t.Errorf("request id %q, trace id %q", got.RequestID, got.Trace)
	}
	want := seen{got.RequestID, "arn:aws:lambda:us-east-1:000000000000:function:probe", got.Trace, true, "hello"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("seen (-want +got):\n%s", diff)
	}
	if _, err := p.Invoke(t.Context(), "nobody", nil); err == nil {
		t.Error("a function that is not there was invoked")
	}
}

type ownError struct{}

func (*ownError) Error() string { return "as asked" }

func TestHandlersInProcessFailAsLambdaSaysIt(t *testing.T) {
	log := &logged{}
	made := 0
	p := inProcess(t, log, runtime.Handler{Timeout: time.Hour, New: func() (lambda.Handler, error) {
		made++
		return lambda.NewHandler(func(do string) (string, error) {
			switch do {
			case "error":
				return "", &ownError{}
			case "wrapped":
				return "", fmt.Errorf("again: %w", &ownError{})
			case "chosen":
				return "", messages.InvokeResponse_Error{Type: "Chosen", Message: "by the function"}
			case "panic":
				panic("as asked")
			case "index":
				return []string{}[len(do)], nil
			case "big":
				return strings.Repeat("x", 6<<20), nil
			}
			return do, nil
		}), nil
	}})
	for _, row := range []struct {
		do, kind, message string
		frame             string // in the first frame's label, of a panic
		made              int    // instances made by then: a panic costs its own
	}{
		{"error", "ownError", "as asked", "", 1},
		{"wrapped", "wrapError", "again: as asked", "", 1},
		{"chosen", "Chosen", "by the function", "", 1},
		{"panic", "string", "as asked", "TestHandlersInProcessFailAsLambdaSaysIt", 1},
		{"index", "boundsError", "runtime error: index out of range [5] with length 0", "", 2},
		{"big", "Function.ResponseSizeTooLarge", "Response payload size (6291458 bytes) exceeded maximum allowed payload size (6291456 bytes).", "", 3},
	} {
		t.Run(row.do, func(t *testing.T) {
			_, err := p.Invoke(t.Context(), "probe", fmt.Appendf(nil, "%q", row.do))
			var got *runtime.FunctionError
			if !errors.As(err, &got) {
				t.Fatalf("got %v", err)
			}
			want := &runtime.FunctionError{Function: "probe", Type: row.kind, Message: row.message}
			if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(runtime.FunctionError{}, "StackTrace")); diff != "" {
				t.Errorf("failure (-want +got):\n%s", diff)
			}
			if row.frame != "" && (len(got.StackTrace) == 0 || !strings.Contains(got.StackTrace[0].Label, row.frame) || !strings.HasSuffix(got.StackTrace[0].Path, "shared/sandbox/runtime/runtime_test.go")) {
				t.Errorf("stack trace %+v", got.StackTrace)
			}
			if made != row.made {
				t.Errorf("%d instances made, want %d", made, row.made)
			}
		})
	}
	if len(log.lines) != 6 || !strings.Contains(log.lines[0], `{"errorMessage":"as asked","errorType":"ownError"}`) {
		t.Errorf("logged %v", log.lines)
	}
	if answer, err := p.Invoke(t.Context(), "probe", []byte(`"fine"`)); err != nil || string(answer) != `"fine"` {
		t.Errorf("afterwards: %s, %v", answer, err)
	}
}

func TestAHandlerThatOverrunsItsDeadline(t *testing.T) {
	open := make(chan struct{})
	for name, handler := range map[string]func(context.Context) error{
		"and heeds it is said to have timed out": func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
		"and does not heed it is not waited for": func(context.Context) error { <-open; return nil },
	} {
		t.Run(name, func(t *testing.T) {
			p, err := runtime.NewInProcess(runtime.Handler{Name: "probe", Timeout: 50 * time.Millisecond, New: each(handler)})
			if err != nil {
				t.Fatal(err)
			}
			_, err = p.Invoke(t.Context(), "probe", []byte("{}"))
			var got *runtime.FunctionError
			if !errors.As(err, &got) {
				t.Fatalf("got %v", err)
			}
			got.Message = regexp.MustCompile(`[0-9a-f-]{36}`).ReplaceAllString(got.Message, "…")
			want := &runtime.FunctionError{Function: "probe", Type: "Sandbox.Timedout", Message: "RequestId: … Error: Task timed out after 0.05 seconds"}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("failure (-want +got):\n%s", diff)
			}
			if strings.Contains(name, "not waited") {
				close(open)
			}
			p.Close()
			if s := p.Stats("probe"); s.Idle != 0 || s.Invocations != 1 {
				t.Errorf("its instance is used again: %+v", s)
			}
		})
	}
}

func TestAnswersOfParallelInvocationsAreNotMixedUp(t *testing.T) {
	p := inProcess(t, nil, runtime.Handler{Concurrency: 8, Timeout: time.Minute, New: each(func(in string) (string, error) { return strings.Repeat(in, 1000), nil })})
	var all sync.WaitGroup
	for n := range 16 {
		all.Go(func() {
			in := string(rune('a' + n))
			for range 200 {
				got, err := p.Invoke(t.Context(), "probe", []byte(`"`+in+`"`))
				if err != nil || string(got) != `"`+strings.Repeat(in, 1000)+`"` {
					t.Errorf("asked for %s, answered %.20s…, %v", in, got, err)
					return
				}
			}
		})
	}
	all.Wait()
	if s := p.Stats("probe"); s.Started > 8 || s.Invocations != 3200 {
		t.Errorf("%d instances for 8 at once, %d invocations", s.Started, s.Invocations)
	}
}

func TestAHandlerThatCannotBeMadeIsAFailedStart(t *testing.T) {
	p := inProcess(t, nil, runtime.Handler{New: func() (lambda.Handler, error) { return nil, errors.New("TABLE is not set") }})
	_, err := p.Invoke(t.Context(), "probe", []byte("{}"))
	var got *runtime.FunctionError
	if !errors.As(err, &got) {
		t.Fatalf("got %v", err)
	}
	if diff := cmp.Diff(&runtime.FunctionError{Function: "probe", Type: "Runtime.InitError", Message: "TABLE is not set"}, got); diff != "" {
		t.Errorf("failure (-want +got):\n%s", diff)
	}
}
