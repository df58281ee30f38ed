// Package awsjson is the wire of the local SSM and SQS: AWS JSON 1.0 and 1.1 as the real SDKs and the AWS CLI speak it, with
// one-call faults and counters.
//
// It must never pretend: an operation or a field that the sandbox does not carry out is refused by name, because an option that
// is silently ignored here would first be noticed in the deployed system.
package awsjson

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
	"sync"
	"time"
)

// MaxRequest is the largest request body read, in bytes; SQS's 1 MiB of messages plus what JSON and base64 add.
const MaxRequest = 4 << 20

// Error is an error answer of the service.
type Error struct {
	Code    string // the shape's name, without a namespace
	Message string // may be empty, as some of SSM's are
	Query   string // the code of the old query protocol where it differs, as in "AWS.SimpleQueueService.NonExistentQueue"
	Status  int    // HTTP; 0 is 400
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

// Fail is an *Error with status 400.
func Fail(code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Operation is one operation of a service, as Op makes it.
type Operation func(ctx context.Context, r *http.Request, body []byte) (any, error)

// Op turns a typed function into an Operation. A field of the request that In does not have is refused.
func Op[In, Out any](do func(context.Context, *http.Request, In) (Out, error)) Operation {
	return func(ctx context.Context, r *http.Request, body []byte) (any, error) {
		var in In
		d := json.NewDecoder(bytes.NewReader(body))
		d.DisallowUnknownFields()
		if err := d.Decode(&in); err != nil {
			var wrong *json.UnmarshalTypeError
			switch {
			case errors.As(err, &wrong): // without the value: it may be a message
				return nil, Fail("SerializationException", "field %s has the wrong type", wrong.Field)
			case strings.HasPrefix(err.Error(), "json: unknown field"):
				return nil, Fail("ValidationException", "the sandbox does not carry out this option: %s", strings.TrimPrefix(err.Error(), "json: "))
			default:
				return nil, Fail("SerializationException", "the request is not JSON")
			}
		}
		return do(ctx, r, in)
	}
}

// Service answers the operations of one AWS service.
type Service struct {
	target, contentType string
	operations          map[string]Operation

	mu      sync.Mutex
	faults  []string
	count   map[string]int64
	answers map[string][]byte // by invocation id and operation: see replay
	recent  []string
}

// New serves operations under an X-Amz-Target prefix such as "AmazonSSM", in version "1.0" or "1.1".
func New(target, version string, operations map[string]Operation) *Service {
	return &Service{
		target: target, contentType: "application/x-amz-json-" + version, operations: operations,
		count: map[string]int64{}, answers: map[string][]byte{},
	}
}

// Inject appends faults, used up one call each: "throttle" (400 ThrottlingException) and "down" (500 InternalServerError).
// Without arguments it clears what is left. The SDK's own retries are calls too.
func (s *Service) Inject(faults ...string) error {
	for _, f := range faults {
		if f != "throttle" && f != "down" {
			return fmt.Errorf("inject into %s: no fault %q; there are throttle and down", s.target, f)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(faults) == 0 {
		s.faults = nil
	}
	s.faults = append(s.faults, faults...)
	return nil
}

// Metrics counts, since start, calls by operation ("GetParameter"), error answers by code ("error ParameterNotFound"), faults by
// kind ("fault throttle") and answers given again ("replay").
func (s *Service) Metrics() map[string]int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.count)
}

func (s *Service) add(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count[name]++
}

func (s *Service) fault() *Error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.faults) == 0 {
		return nil
	}
	f := s.faults[0]
	s.faults = s.faults[1:]
	s.count["fault "+f]++
	if f == "throttle" {
		return &Error{Code: "ThrottlingException", Message: "Rate exceeded"}
	}
	return &Error{Code: "InternalServerError", Message: "injected fault", Status: http.StatusInternalServerError}
}

// remembered is how many answers replay keeps.
const remembered = 128

// replay returns the answer an earlier attempt of the same SDK call was given. The SDK loses some answers of a fast loopback
// server and repeats the call; SendMessage and PutParameter are not idempotent, so without this a test would see a message twice
// once in some thousand runs. Real repeats are simulated on purpose, by faults, and not by chance.
func (s *Service) replay(key string) ([]byte, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, ok := s.answers[key]
	if ok {
		s.count["replay"]++
	}
	return a, ok
}

func (s *Service) remember(key string, answer []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.recent) == remembered {
		delete(s.answers, s.recent[0])
		s.recent = s.recent[1:]
	}
	s.answers[key] = answer
	s.recent = append(s.recent, key)
}

// ServeHTTP answers one call.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", s.contentType)
	w.Header().Set("X-Amzn-Requestid", rand.Text())
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxRequest)) // all of it: an unread body costs the client its answer
	if err != nil {
		s.refuse(w, Fail("SerializationException", "the request body cannot be read"))
		return
	}
	prefix, name, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	do, ok := s.operations[name]
	if r.Method != http.MethodPost || prefix != s.target || !ok {
		s.refuse(w, Fail("UnknownOperationException", "the sandbox's %s does not carry out %q", s.target, r.Header.Get("X-Amz-Target")))
		return
	}
	key := ""
	if id := r.Header.Get("Amz-Sdk-Invocation-Id"); id != "" {
		key = id + " " + name
		if answer, ok := s.replay(key); ok {
			w.Write(answer)
			return
		}
	}
	s.add(name)
	if f := s.fault(); f != nil {
		s.refuse(w, f)
		return
	}
	out, err := do(r.Context(), r, body)
	if err != nil {
		var e *Error
		if !errors.As(err, &e) {
			e = &Error{Code: "InternalServerError", Message: err.Error(), Status: http.StatusInternalServerError}
		}
		s.refuse(w, e)
		return
	}
	answer, err := json.Marshal(out)
	if err != nil {
		s.refuse(w, &Error{Code: "InternalServerError", Message: "the answer cannot be written", Status: http.StatusInternalServerError})
		return
	}
	if key != "" {
		s.remember(key, answer)
	}
	w.Write(answer)
}

func (s *Service) refuse(w http.ResponseWriter, e *Error) {
	s.add("error " + e.Code)
	if e.Query != "" {
		w.Header().Set("X-Amzn-Query-Error", e.Query+";Sender")
	}
	body := map[string]string{"__type": e.Code}
	if e.Message != "" {
		body["message"] = e.Message
	}
	answer, _ := json.Marshal(body) // strings always marshal
	w.WriteHeader(max(e.Status, http.StatusBadRequest))
	w.Write(answer)
}

// Epoch writes a time as AWS JSON does: seconds since 1970 with milliseconds.
type Epoch time.Time

// MarshalJSON writes the number.
func (e Epoch) MarshalJSON() ([]byte, error) {
	ms := time.Time(e).UnixMilli()
	return fmt.Appendf(nil, "%d.%03d", ms/1000, ms%1000), nil
}
