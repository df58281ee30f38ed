package runtime

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambda/messages"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

// Handler is one function to be run in this process.
type Handler struct {
	Name        string
	ARN         string
	Timeout     time.Duration // 0 is Lambda's 3 seconds
	Concurrency int           // most invocations at once; 0 is 64
	// New makes one instance, called for the first time when it is needed. An instance runs one invocation at a time, as in the
	// cloud: aws-lambda-go's NewHandler answers out of a buffer that its next answer overwrites, so that one value shared by two
	// invocations mixes up their answers.
	New func() (lambda.Handler, error)
	// Log is told of each failed invocation, with the function's own words; nil tells nobody.
	Log func(function, requestID, line string)
}

// InProcess runs handlers in this process.
type InProcess struct {
	functions map[string]*hosted
	running   sync.WaitGroup
}

type hosted struct {
	Handler
	slots slots

	mu    sync.Mutex
	idle  []lambda.Handler
	stats Stats
}

// NewInProcess prepares the functions; their instances are made on demand.
func NewInProcess(functions ...Handler) (*InProcess, error) {
	p := &InProcess{functions: map[string]*hosted{}}
	for _, f := range functions {
		if f.Name == "" || f.New == nil || p.functions[f.Name] != nil {
			return nil, fmt.Errorf("function %q: want a name of its own and a way to make it", f.Name)
		}
		if f.Timeout == 0 {
			f.Timeout = 3 * time.Second
		}
		if f.Concurrency == 0 {
			f.Concurrency = 64
		}
		p.functions[f.Name] = &hosted{Handler: f, slots: newSlots(f.Concurrency)}
	}
	return p, nil
}

// Invoke runs a function and returns its answer, or a *FunctionError as Lambda would report it. A function that overruns its
// deadline is answered for at the deadline; it cannot be killed here, so its instance is given up and Close waits for it.
func (p *InProcess) Invoke(ctx context.Context, function string, payload []byte) ([]byte, error) {
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
	began := time.Now()
	instance, cold, err := f.instance()
	if err != nil {
		f.slots.free()
		return nil, f.failed("", &FunctionError{Function: function, Type: "Runtime.InitError", Message: err.Error()})
	}
	in := newInvocation(f.ARN, f.Timeout)
	type outcome struct {
		answer []byte
		err    *FunctionError
	}
	ended := make(chan outcome, 1)
	// The function's context ends with its deadline, not with the caller: Lambda runs on when a caller hangs up.
	run, cancel := context.WithDeadline(context.WithoutCancel(ctx), in.deadline)
	p.running.Go(func() {
		defer f.slots.free()
		defer cancel()
		answer, failure := call(run, f, instance, in, payload)
		answer = bytes.Clone(answer) // before the instance may answer anew into the same buffer
		if failure == nil && len(answer) > maxPayload {
			answer, failure = nil, tooLarge(function, "Response", len(answer))
		}
		f.done(instance, failure, time.Since(began), cold, time.Now().After(in.deadline))
		ended <- outcome{answer, failure}
	})
	var o outcome
	select {
	case o = <-ended:
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-run.Done():
		select {
		case o = <-ended: // an answer that is there by now still counts
		default:
			o.err = timedOut(function, in.requestID, f.Timeout)
		}
	}
	if o.err == nil {
		return o.answer, nil
	}
	if errors.Is(run.Err(), context.DeadlineExceeded) { // whatever it said in its last moment, Lambda would not have waited for it
		o.err = timedOut(function, in.requestID, f.Timeout)
	}
	return nil, f.failed(in.requestID, o.err)
}

func (f *hosted) failed(requestID string, e *FunctionError) error {
	if f.Log != nil {
		f.Log(f.Name, requestID, string(e.Payload()))
	}
	return e
}

func (f *hosted) instance() (h lambda.Handler, cold bool, err error) {
	f.mu.Lock()
	if n := len(f.idle); n > 0 {
		h, f.idle = f.idle[n-1], f.idle[:n-1]
		f.mu.Unlock()
		return h, false, nil
	}
	f.stats.Started++
	f.mu.Unlock()
	h, err = f.New()
	return h, true, err
}

// done gives an instance back, unless Lambda would have ended it: after a panic, and past the deadline.
func (f *hosted) done(h lambda.Handler, failure *FunctionError, took time.Duration, cold, late bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stats.add(took, cold)
	if !late && (failure == nil || len(failure.StackTrace) == 0) {
		f.idle = append(f.idle, h)
	}
}

// Stats of a function.
func (p *InProcess) Stats(function string) Stats {
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

// Close waits for invocations that their callers have given up.
func (p *InProcess) Close() { p.running.Wait() }

// call runs the handler as aws-lambda-go's own loop does.
func call(ctx context.Context, f *hosted, h lambda.Handler, in invocation, payload []byte) (answer []byte, failure *FunctionError) {
	defer func() {
		if v := recover(); v != nil {
			failure = &FunctionError{Function: f.Name, Type: typeName(v), Message: fmt.Sprint(v), StackTrace: stack()}
			if e, ok := v.(messages.InvokeResponse_Error); ok {
				failure.Type, failure.Message = e.Type, e.Message
			}
		}
	}()
	ctx = lambdacontext.NewContext(ctx, &lambdacontext.LambdaContext{AwsRequestID: in.requestID, InvokedFunctionArn: in.arn})
	//lint:ignore SA1029 it is the key that aws-lambda-go itself uses, and so what functions look for
	ctx = context.WithValue(ctx, "x-amzn-trace-id", in.traceID)
	answer, err := h.Invoke(ctx, bytes.Clone(payload))
	if err == nil {
		return answer, nil
	}
	var own messages.InvokeResponse_Error
	if errors.As(err, &own) {
		return nil, &FunctionError{Function: f.Name, Type: own.Type, Message: own.Message}
	}
	return nil, &FunctionError{Function: f.Name, Type: typeName(err), Message: err.Error()}
}

func typeName(v any) string {
	t := reflect.TypeOf(v)
	if t.Kind() == reflect.Pointer {
		return t.Elem().Name()
	}
	return t.Name()
}

// stack is the panic's stack in aws-lambda-go's form: package path and file, and the function's name without the package.
func stack() []Frame {
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(4, pcs)]) // past Callers, stack, the deferred function and the panic
	all := []Frame{}
	for {
		frame, more := frames.Next()
		dirs := strings.Split(frame.File, "/")
		label := frame.Function[strings.LastIndexByte(frame.Function, '/')+1:]
		keep := min(len(dirs), strings.Count(frame.Function, "/")+2)
		_, name, _ := strings.Cut(label, ".")
		all = append(all, Frame{Path: strings.Join(dirs[len(dirs)-keep:], "/"), Line: int32(frame.Line), Label: name})
		if !more {
			return slices.Clip(all)
		}
	}
}
