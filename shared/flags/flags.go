// Package flags reads the stage's switches from SSM into an immutable snapshot,
// and writes them for operators. A flag that is missing, unreadable or anything
// but "true" is off. It must never serve a value older than it may be: a function
// that was frozen for hours reads again before it answers.
package flags

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"snout/shared/routing"
)

// The flags, by the last part of their parameter's name.
const (
	Messaging      = "ENABLE_MESSAGING_V1"
	Proactive      = "ENABLE_PROACTIVE_THREAD_CREATION"
	SitterMessages = "ENABLE_SITTER_MESSAGES_V1"
	Allowlist      = "SITTER_MESSAGES_ALLOWLIST"
)

// Names are all of them, in the order in which they are shown.
var Names = [...]string{Messaging, Proactive, SitterMessages, Allowlist}

const (
	// fresh is how long a value is used without asking. With the jitter of up to a
	// half more it stays below the ten seconds within which a flip must take effect.
	fresh = 5 * time.Second
	// kept is how long the last value known stands in when SSM cannot be read.
	kept = time.Minute
)

// SSM is what this package needs of the client.
type SSM interface {
	GetParameters(ctx context.Context, in *ssm.GetParametersInput, opts ...func(*ssm.Options)) (*ssm.GetParametersOutput, error)
	PutParameter(ctx context.Context, in *ssm.PutParameterInput, opts ...func(*ssm.Options)) (*ssm.PutParameterOutput, error)
}

// Reader reads the flags under one path, such as /snout/prod/flags/.
type Reader struct {
	ssm    SSM
	path   string
	clock  func() time.Time
	jitter func() float64 // 0 to 1

	mu    sync.Mutex
	at    time.Time // when values were read
	until time.Time // until when they are used without asking
	value map[string]string
	// A read that failed is not tried again at once: each try costs its caller the
	// client's own repeats, and SSM the calls that it has just refused.
	failed  time.Time
	failure error
}

// breather is how long after a failed read the next one waits.
const breather = time.Second

// New makes a reader. jitter spreads the reads of many functions, so that they do
// not all ask in the same moment; it answers between 0 and 1.
func New(client SSM, path string, clock func() time.Time, jitter func() float64) *Reader {
	return &Reader{ssm: client, path: path, clock: clock, jitter: jitter}
}

// Flags is the snapshot to go by now. What cannot be read for longer than a minute
// is off: texts are stored, nothing is sent.
func (r *Reader) Flags(ctx context.Context) routing.Flags {
	v, _ := r.Read(ctx)
	return Of(v)
}

// Of is the snapshot that values by name stand for: exactly "true" turns on.
func Of(v map[string]string) routing.Flags {
	return routing.Flags{
		Messaging: v[Messaging] == "true", Proactive: v[Proactive] == "true", SitterMessages: v[SitterMessages] == "true", Allowlist: v[Allowlist],
	}
}

// Read answers the values as they stand in SSM, by name; missing ones are not in
// it. The error says why it may be empty; the values are right to go by even so.
func (r *Reader) Read(ctx context.Context) (map[string]string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.clock()
	// A clock that was set back makes nothing fresh.
	if r.value != nil && !now.Before(r.at) && now.Before(r.until) {
		return maps.Clone(r.value), nil
	}
	var v map[string]string
	err := r.failure
	if err == nil || now.Before(r.failed) || now.Sub(r.failed) >= breather {
		v, err = r.read(ctx, r.value != nil)
		r.failed, r.failure = now, err
	}
	if err != nil {
		if r.value != nil && !now.Before(r.at) && now.Sub(r.at) < kept {
			return maps.Clone(r.value), err
		}
		return map[string]string{}, err
	}
	r.value, r.at = v, now
	r.until = now.Add(fresh + time.Duration(r.jitter()*float64(fresh)/2))
	return maps.Clone(v), nil
}

// read asks SSM: once where a last value can stand in, so that nobody waits for the
// client's repeats, and as often as the client does where there is none.
func (r *Reader) read(ctx context.Context, once bool) (map[string]string, error) {
	in := &ssm.GetParametersInput{}
	for _, n := range Names {
		in.Names = append(in.Names, r.path+n)
	}
	out, err := r.ssm.GetParameters(ctx, in, func(o *ssm.Options) {
		if once {
			o.RetryMaxAttempts = 1
		}
	})
	if err != nil {
		return nil, fmt.Errorf("read flags: %w", err)
	}
	v := map[string]string{}
	for _, p := range out.Parameters {
		v[strings.TrimPrefix(aws.ToString(p.Name), r.path)] = aws.ToString(p.Value)
	}
	return v, nil
}

// Set writes values by name and makes this process see them at once; others see
// them within ten seconds.
func (r *Reader) Set(ctx context.Context, values map[string]string) error {
	for _, n := range slices.Sorted(maps.Keys(values)) {
		_, err := r.ssm.PutParameter(ctx, &ssm.PutParameterInput{Name: aws.String(r.path + n), Value: aws.String(values[n]), Type: types.ParameterTypeString, Overwrite: aws.Bool(true)})
		if err != nil {
			return fmt.Errorf("set flag %s: %w", n, err)
		}
	}
	r.mu.Lock()
	r.until, r.failure = time.Time{}, nil
	r.mu.Unlock()
	return nil
}
