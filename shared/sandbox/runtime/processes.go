package runtime

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// initTimeout is Lambda's limit for a process to start and ask for its first invocation.
const initTimeout = 10 * time.Second

// Program is one function whose compiled bootstrap is run.
type Program struct {
	Name        string
	ARN         string
	Path        string            // of the bootstrap
	Env         map[string]string // all the function gets, besides what Lambda itself sets
	Timeout     time.Duration     // 0 is Lambda's 3 seconds
	MemoryMB    int               // told to the function; 0 is Lambda's 128
	Concurrency int               // most processes at once; 0 is 8
}

// ProcessOptions is what Processes work with.
type ProcessOptions struct {
	Region string
	// Log is told each line a process writes, with the request it was working on, if any; it is called from several goroutines. nil
	// throws the lines away.
	Log func(function, requestID, line string)
	// Start starts a process that is ready to run; nil is the command's own Start. Whoever
	// measures gives it a share of the processor here.
	Start func(*exec.Cmd) error
}

// Processes runs compiled functions as child processes, each serving one invocation at a time, more of them on demand. One
// listener on loopback serves the Runtime API to all, each under a path prefix of its own.
type Processes struct {
	o         ProcessOptions
	listener  net.Listener
	server    *http.Server
	served    chan struct{}
	functions map[string]*program
	running   sync.WaitGroup // processes, and invocations whose callers may have gone
	stop      context.Context
	cancel    context.CancelFunc

	mu        sync.Mutex
	closed    bool
	instances map[string]*instance // by id
	last      int
}

type program struct {
	Program
	slots slots

	mu    sync.Mutex
	idle  []*instance
	stats Stats
}

// instance is one child process. Its Runtime API lives under /<function>/<id>.
type instance struct {
	id       string
	program  *program
	began    time.Time
	process  *exec.Cmd
	work     chan *job     // taken by the process's GET next
	ready    chan struct{} // closed at its first GET next
	exited   chan struct{} // closed when the process is gone
	exit     error         // of the process; read after exited
	answered bool          // has given an answer before; of the goroutine that holds the instance

	mu      sync.Mutex
	asked   bool
	current *job
	label   string         // request id of the current or, between invocations, the last job: its lines may come after its answer
	failure *FunctionError // reported to init/error
}

// job is one invocation on its way through a process.
type job struct {
	invocation
	payload []byte
	result  chan result // buffered: the Runtime API never waits for the caller
}

type result struct {
	answer []byte
	err    *FunctionError
}

// StartProcesses opens the Runtime API. No process is started before it is needed.
func StartProcesses(o ProcessOptions, programs ...Program) (*Processes, error) {
	p := &Processes{o: o, functions: map[string]*program{}, instances: map[string]*instance{}, served: make(chan struct{})}
	for _, f := range programs {
		if f.Name == "" || strings.Contains(f.Name, "/") || f.Path == "" || p.functions[f.Name] != nil {
			return nil, fmt.Errorf("function %q: want a name of its own without a slash, and the path of its bootstrap", f.Name)
		}
		if f.Timeout == 0 {
			f.Timeout = 3 * time.Second
		}
		if f.MemoryMB == 0 {
			f.MemoryMB = 128
		}
		if f.Concurrency == 0 {
			f.Concurrency = 8
		}
		p.functions[f.Name] = &program{Program: f, slots: newSlots(f.Concurrency)}
	}
	var err error
	if p.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return nil, fmt.Errorf("serve the runtime API: %w", err)
	}
	p.stop, p.cancel = context.WithCancel(context.Background())
	p.server = &http.Server{Handler: p.api(), ReadHeaderTimeout: 5 * time.Second}
	go func() {
		defer close(p.served)
		p.server.Serve(p.listener) // ends with Close
	}()
	return p, nil
}

// Invoke runs a function and returns its answer, or a *FunctionError. If ctx ends first the function runs on, as in Lambda.
func (p *Processes) Invoke(ctx context.Context, function string, payload []byte) ([]byte, error) {
	f := p.functions[function]
	if f == nil {
		return nil, unknownFunction(function)
	}
	if len(payload) > maxPayload {
		return nil, tooLarge(function, "Request", len(payload))
	}
	if err := f.slots.take(ctx); err != nil {
		return nil, err
	}
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		f.slots.free()
		return nil, fmt.Errorf("invoke %s: closed", function)
	}
	ended := make(chan result, 1)
	p.running.Go(func() {
		defer f.slots.free()
		ended <- p.run(f, payload)
	})
	p.mu.Unlock()
	select {
	case r := <-ended:
		if r.err != nil {
			return nil, r.err
		}
		return r.answer, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// run finds or starts a process, hands it the invocation and waits for what becomes of it.
func (p *Processes) run(f *program, payload []byte) result {
	for {
		called := time.Now()
		i := f.take()
		if i == nil {
			var err error
			if i, err = p.start(f); err != nil {
				return result{err: &FunctionError{Function: f.Name, Type: "Runtime.InvalidEntrypoint", Message: err.Error()}}
			}
			called = i.began
			if r, ok := p.initialize(i); !ok {
				return r
			}
		}
		j := &job{invocation: newInvocation(f.ARN, f.Timeout), payload: payload, result: make(chan result, 1)}
		deadline := time.NewTimer(f.Timeout)
		select {
		case i.work <- j:
		case <-i.exited: // after it had become idle, as a panicking function's process does: it has not seen this job
			deadline.Stop()
			continue
		case <-deadline.C:
			return p.kill(i, timedOut(f.Name, j.requestID, f.Timeout))
		}
		select {
		case r := <-j.result:
			deadline.Stop()
			f.give(i, time.Since(called))
			return r
		case <-i.exited:
			deadline.Stop()
			select {
			case r := <-j.result: // it answered and then went
				return r
			default:
			}
			return result{err: i.exitError(j.requestID)}
		case <-deadline.C:
			return p.kill(i, timedOut(f.Name, j.requestID, f.Timeout))
		}
	}
}

func (f *program) take() *instance {
	f.mu.Lock()
	defer f.mu.Unlock()
	for len(f.idle) > 0 {
		i := f.idle[len(f.idle)-1]
		f.idle = f.idle[:len(f.idle)-1]
		select {
		case <-i.exited:
		default:
			return i
		}
	}
	return nil
}

func (f *program) give(i *instance, took time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stats.add(took, !i.answered)
	i.answered = true
	f.idle = append(f.idle, i)
}

// start runs a new process of the function.
func (p *Processes) start(f *program) (*instance, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, errors.New("closed")
	}
	p.last++
	i := &instance{
		id: strconv.Itoa(p.last), program: f, work: make(chan *job), ready: make(chan struct{}), exited: make(chan struct{}),
	}
	path, err := filepath.Abs(f.Path)
	if err != nil {
		return nil, err
	}
	i.process = exec.Command(path)
	i.process.Dir = filepath.Dir(path)
	i.process.Env = p.environment(i, filepath.Dir(path))
	out, errs := &lines{instance: i, log: p.o.Log}, &lines{instance: i, log: p.o.Log}
	i.process.Stdout, i.process.Stderr = out, errs
	p.instances[i.id] = i // before it starts: it calls at once
	i.began = time.Now()
	start := (*exec.Cmd).Start
	if p.o.Start != nil {
		start = p.o.Start
	}
	if err := start(i.process); err != nil {
		delete(p.instances, i.id)
		return nil, fmt.Errorf("start %s: %w", f.Name, err)
	}
	f.mu.Lock()
	f.stats.Started++
	f.mu.Unlock()
	p.running.Go(func() {
		i.exit = i.process.Wait()
		out.flush()
		errs.flush()
		p.mu.Lock()
		delete(p.instances, i.id)
		p.mu.Unlock()
		close(i.exited)
	})
	return i, nil
}

// environment is the function's own and Lambda's, and nothing of this process's: a secret or a proxy of ours that a function came
// to rely on would not be there in the cloud.
func (p *Processes) environment(i *instance, dir string) []string {
	f := i.program
	env := []string{
		"AWS_LAMBDA_RUNTIME_API=" + p.listener.Addr().String() + "/" + f.Name + "/" + i.id,
		"AWS_LAMBDA_FUNCTION_NAME=" + f.Name,
		"AWS_LAMBDA_FUNCTION_VERSION=$LATEST",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE=" + strconv.Itoa(f.MemoryMB),
		"AWS_LAMBDA_LOG_GROUP_NAME=/aws/lambda/" + f.Name,
		"AWS_LAMBDA_LOG_STREAM_NAME=local/[$LATEST]" + i.id,
		"AWS_LAMBDA_INITIALIZATION_TYPE=on-demand",
		"AWS_REGION=" + p.o.Region,
		"AWS_DEFAULT_REGION=" + p.o.Region,
		"LAMBDA_TASK_ROOT=" + dir,
		"_HANDLER=bootstrap",
		"LANG=en_US.UTF-8",
		"TZ=:UTC",
		"PATH=/usr/local/bin:/usr/bin:/bin",
	}
	for name, value := range f.Env {
		env = append(env, name+"="+value)
	}
	return env
}

// initialize waits until a new process asks for work; ok is false with what went wrong instead.
func (p *Processes) initialize(i *instance) (r result, ok bool) {
	limit := time.NewTimer(initTimeout)
	defer limit.Stop()
	select {
	case <-i.ready:
		return result{}, true
	case <-i.exited:
		return result{err: i.exitError("")}, false
	case <-limit.C:
		return p.kill(i, timedOut(i.program.Name, "", initTimeout)), false
	}
}

// kill ends a process by its id and waits until it is gone.
func (p *Processes) kill(i *instance, why *FunctionError) result {
	i.process.Process.Kill() // an error means that it is gone already
	<-i.exited
	return result{err: why}
}

// exitError is how Lambda reports a process that went without an answer.
func (i *instance) exitError(requestID string) *FunctionError {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.failure != nil {
		return i.failure
	}
	status := "exit status 0"
	if i.exit != nil {
		status = i.exit.Error()
	}
	return &FunctionError{Function: i.program.Name, Type: "Runtime.ExitError", Message: fmt.Sprintf("RequestId: %s Error: Runtime exited with error: %s", requestID, status)}
}

// api is the Runtime API.
func (p *Processes) api() http.Handler {
	const root = "/{function}/{instance}/2018-06-01/runtime/"
	mux := http.NewServeMux()
	handle := func(pattern string, do func(http.ResponseWriter, *http.Request, *instance)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			p.mu.Lock()
			i := p.instances[r.PathValue("instance")]
			p.mu.Unlock()
			if i == nil || i.program.Name != r.PathValue("function") {
				refuse(w, http.StatusForbidden, "Forbidden")
				return
			}
			do(w, r, i)
		})
	}
	handle("GET "+root+"invocation/next", p.next)
	handle("POST "+root+"invocation/{request}/response", p.response)
	handle("POST "+root+"invocation/{request}/error", p.failure)
	handle("POST "+root+"init/error", p.initFailure)
	return mux
}

func refuse(w http.ResponseWriter, status int, kind string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"errorMessage":%q,"errorType":%q}`, kind, kind)
}

func (p *Processes) next(w http.ResponseWriter, r *http.Request, i *instance) {
	i.mu.Lock()
	if !i.asked {
		i.asked = true
		close(i.ready)
	}
	i.current = nil
	i.mu.Unlock()
	select {
	case j := <-i.work:
		i.mu.Lock()
		i.current, i.label = j, j.requestID
		i.mu.Unlock()
		h := w.Header()
		h.Set("Content-Type", "application/json")
		h.Set("Lambda-Runtime-Aws-Request-Id", j.requestID)
		h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(j.deadline.UnixMilli(), 10))
		h.Set("Lambda-Runtime-Invoked-Function-Arn", j.arn)
		h.Set("Lambda-Runtime-Trace-Id", j.traceID)
		w.Write(j.payload)
	case <-r.Context().Done(): // the process is gone
	case <-p.stop.Done():
		refuse(w, http.StatusServiceUnavailable, "Closing")
	}
}

// settle gives the current invocation its result, once.
func (i *instance) settle(w http.ResponseWriter, requestID string, r result) {
	i.mu.Lock()
	j := i.current
	if j == nil || j.requestID != requestID {
		i.mu.Unlock()
		refuse(w, http.StatusBadRequest, "InvalidRequestID")
		return
	}
	i.current = nil
	i.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusAccepted)
	io.WriteString(w, `{"status":"OK"}`)
	j.result <- r
}

// body reads what a process posts, one byte over the limit at most.
func body(r *http.Request) ([]byte, error) {
	return io.ReadAll(io.LimitReader(r.Body, maxPayload+1))
}

func (p *Processes) response(w http.ResponseWriter, r *http.Request, i *instance) {
	answer, err := body(r)
	switch kind := r.Trailer.Get("Lambda-Runtime-Function-Error-Type"); {
	case err != nil:
		refuse(w, http.StatusBadRequest, "TruncatedBody")
	case len(answer) > maxPayload:
		io.Copy(io.Discard, r.Body)
		i.settle(w, r.PathValue("request"), result{err: tooLarge(i.program.Name, "Response", len(answer))})
	case kind != "": // the function's answer was a reader that broke
		i.settle(w, r.PathValue("request"), result{err: &FunctionError{Function: i.program.Name, Type: kind}})
	default:
		i.settle(w, r.PathValue("request"), result{answer: answer})
	}
}

func (p *Processes) failure(w http.ResponseWriter, r *http.Request, i *instance) {
	report, err := body(r)
	if err != nil {
		refuse(w, http.StatusBadRequest, "TruncatedBody")
		return
	}
	i.settle(w, r.PathValue("request"), result{err: reported(i.program.Name, report)})
}

func (p *Processes) initFailure(w http.ResponseWriter, r *http.Request, i *instance) {
	report, err := body(r)
	if err != nil {
		refuse(w, http.StatusBadRequest, "TruncatedBody")
		return
	}
	i.mu.Lock()
	i.failure = reported(i.program.Name, report)
	i.mu.Unlock()
	w.WriteHeader(http.StatusAccepted)
	io.WriteString(w, `{"status":"OK"}`)
}

// Stats of a function.
func (p *Processes) Stats(function string) Stats {
	f := p.functions[function]
	if f == nil {
		return Stats{}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.stats.clone()
	s.Idle = len(f.idle)
	return s
}

// Processes are the ids of the processes that run now.
func (p *Processes) Processes() []int {
	p.mu.Lock()
	defer p.mu.Unlock()
	ids := make([]int, 0, len(p.instances))
	for _, i := range p.instances {
		ids = append(ids, i.process.Process.Pid)
	}
	return ids
}

// Close kills every process, each by its own id, waits for them and for the invocations under way, and closes the Runtime API.
func (p *Processes) Close() error {
	p.mu.Lock()
	p.closed = true
	for _, i := range p.instances {
		i.process.Process.Kill()
	}
	p.mu.Unlock()
	p.cancel()
	p.running.Wait()
	err := p.server.Close()
	<-p.served
	return err
}

// lines cuts what a process writes into lines and passes them on.
type lines struct {
	instance *instance
	log      func(function, requestID, line string)
	rest     []byte
}

// longestLine is where a line without an end is cut, in bytes.
const longestLine = 256 << 10

func (l *lines) Write(b []byte) (int, error) {
	l.rest = append(l.rest, b...)
	for {
		end := bytes.IndexByte(l.rest, '\n')
		if end < 0 {
			if len(l.rest) > longestLine {
				l.flush()
			}
			return len(b), nil
		}
		l.tell(l.rest[:end])
		l.rest = l.rest[end+1:]
	}
}

func (l *lines) flush() {
	if len(l.rest) > 0 {
		l.tell(l.rest)
		l.rest = nil
	}
}

func (l *lines) tell(line []byte) {
	if l.log == nil {
		return
	}
	l.instance.mu.Lock()
	requestID := l.instance.label
	l.instance.mu.Unlock()
	l.log(l.instance.program.Name, requestID, strings.TrimSuffix(string(line), "\r"))
}
