// Package runtime runs functions as Lambda does: Processes starts the compiled bootstrap files and serves them the Runtime API,
// InProcess calls handlers in this process. Both have one method, Invoke, so that whoever causes invocations need not know which.
//
// It must never be a third way to run a function: a handler sees the context, the deadline, the one-at-a-time rule and the error
// shapes that it will see in the cloud, and a function's environment is what it is given and nothing of ours.
package runtime

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"time"
)

// maxPayload is Lambda's limit of a synchronous request and of its answer, in bytes.
const maxPayload = 6 << 20

// FunctionError is an invocation that failed in the function or with it. Message is the function's own words and so not part of
// Error: a panic may quote what it was working on.
type FunctionError struct {
	Function   string
	Type       string  // such as "errorString", "Runtime.ExitError", "Sandbox.Timedout"
	Message    string  // the function's
	StackTrace []Frame // of a panic
}

// Frame is one line of a stack trace, as aws-lambda-go reports it.
type Frame struct {
	Path  string `json:"path"`
	Line  int32  `json:"line"`
	Label string `json:"label"`
}

func (e *FunctionError) Error() string { return "function " + e.Function + " failed: " + e.Type }

// Payload is what Lambda answers to the caller of a function that failed.
func (e *FunctionError) Payload() []byte {
	raw, _ := json.Marshal(struct { // strings and numbers always marshal
		Message    string  `json:"errorMessage"`
		Type       string  `json:"errorType"`
		StackTrace []Frame `json:"stackTrace,omitempty"`
	}{e.Message, e.Type, e.StackTrace})
	return raw
}

// reported reads the error a function reported through the Runtime API.
func reported(function string, body []byte) *FunctionError {
	var e struct {
		Message    string  `json:"errorMessage"`
		Type       string  `json:"errorType"`
		StackTrace []Frame `json:"stackTrace"`
	}
	if json.Unmarshal(body, &e) != nil || e.Type == "" {
		e.Type = "Runtime.UnknownReason"
	}
	return &FunctionError{function, e.Type, e.Message, e.StackTrace}
}

func timedOut(function, requestID string, after time.Duration) *FunctionError {
	return &FunctionError{Function: function, Type: "Sandbox.Timedout", Message: fmt.Sprintf("RequestId: %s Error: Task timed out after %.2f seconds", requestID, after.Seconds())}
}

func tooLarge(function, what string, n int) *FunctionError {
	return &FunctionError{Function: function, Type: "Function." + what + "SizeTooLarge", Message: fmt.Sprintf("%s payload size (%d bytes) exceeded maximum allowed payload size (%d bytes).", what, n, maxPayload)}
}

// invocation is what both runners give a function besides its payload.
type invocation struct {
	requestID, traceID, arn string
	deadline                time.Time // of the machine's clock: contexts and other processes know no other
}

func newInvocation(arn string, timeout time.Duration) invocation {
	now := time.Now()
	var b [28]byte
	rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return invocation{
		requestID: fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:16]),
		traceID:   fmt.Sprintf("Root=1-%08x-%x;Parent=%x;Sampled=0", now.Unix(), b[16:28], b[:8]),
		arn:       arn, deadline: now.Add(timeout),
	}
}

// ARN is a function's ARN in the local account.
func ARN(region, account, function string) string {
	return fmt.Sprintf("arn:aws:lambda:%s:%s:function:%s", region, account, function)
}

// unknownFunction is the refusal of an invocation that names no function.
func unknownFunction(name string) error { return fmt.Errorf("invoke %q: no such function", name) }

// slots bounds how many invocations of a function run at once; the others wait their turn, where Lambda would throttle them and
// its callers come again.
type slots chan struct{}

func newSlots(n int) slots { return make(slots, n) }

func (s slots) take(ctx context.Context) error {
	select {
	case s <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s slots) free() { <-s }
