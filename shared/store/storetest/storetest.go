// Package storetest is the conformance suite of shared/store: what every table engine
// must do for the store, and what the store must do on every engine. Each test names an
// access pattern, a condition that refuses, a cursor, a race or a budget, and compares
// whole values.
//
// Every test but the budgets runs twice: as it is, and with the first answer to every
// call lost on its way back, so that the SDK's own retry meets a table in which the
// write has been made already. A write whose outcome the second run sees differently
// is not safe to repeat.
//
// It must never know which engine it runs on: a difference between engines is a bug of
// one of them.
package storetest

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"snout/shared/store"
)

// Stand is where a test stands: an empty table of template.yaml's shape.
type Stand struct {
	Endpoint string // of the engine
	Name     string // of the table
	Unpriced bool   // the engine's word on what a call costs is not AWS's
}

// Run runs the suite. Open makes an empty table, taken away when the test ends.
func Run(t *testing.T, open func(testing.TB) Stand) {
	for _, mode := range [...]struct {
		name string
		lose bool
	}{{"with every answer heard", false}, {"with the first answer to every call lost", true}} {
		t.Run(mode.name, func(t *testing.T) {
			for _, c := range cases() {
				t.Run(c.says, func(t *testing.T) {
					if mode.lose && c.once {
						t.Skip("counts calls, and a lost answer makes more of them")
					}
					stand := open(t)
					if c.once && stand.Unpriced {
						t.Skip("this engine does not price as AWS does")
					}
					c.test(newBench(t, stand, mode.lose))
				})
			}
		})
	}
}

type conformance struct {
	says string
	test func(*bench)
	once bool // the first way only
}

// bench is a test with its table.
type bench struct {
	*testing.T
	ctx   context.Context
	table *store.Table
	db    *dynamodb.Client // past the store, to look at what lies in the table
	stand Stand
}

func newBench(t *testing.T, s Stand, lose bool) *bench {
	transport := &http.Transport{MaxIdleConnsPerHost: 32}
	t.Cleanup(transport.CloseIdleConnections)
	var through http.RoundTripper = transport
	if lose {
		through = &losing{under: transport, heard: map[string]bool{}}
	}
	return &bench{T: t, ctx: t.Context(), table: store.New(client(s, through), s.Name), db: client(s, transport), stand: s}
}

func client(s Stand, through http.RoundTripper) *dynamodb.Client {
	return dynamodb.New(dynamodb.Options{
		Region: "us-east-1", BaseEndpoint: &s.Endpoint, HTTPClient: &http.Client{Transport: through},
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
		Retryer: retry.NewStandard(func(o *retry.StandardOptions) {
			o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
			o.RateLimiter = ratelimit.None
			o.MaxAttempts = 4
		}),
	})
}

// losing passes every call on, and loses the first answer to it. The SDK names a call,
// over all its attempts, by one invocation id.
type losing struct {
	under http.RoundTripper
	mu    sync.Mutex
	heard map[string]bool
}

var errLost = errors.New("storetest: the answer was lost")

func (l *losing) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := l.under.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	id := r.Header.Get("Amz-Sdk-Invocation-Id")
	l.mu.Lock()
	again := l.heard[id]
	l.heard[id] = true
	l.mu.Unlock()
	if again || id == "" {
		return res, nil
	}
	_, _ = io.Copy(io.Discard, res.Body)
	_ = res.Body.Close()
	return nil, lost{errLost}
}

// lost is an error of the connection, which the SDK tries again after.
type lost struct{ error }

func (lost) ConnectionError() bool { return true }
func (lost) Temporary() bool       { return true }
func (lost) Timeout() bool         { return false }

// must ends the test where a step that has to work did not.
func (b *bench) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// same compares whole values.
func (b *bench) same(what string, want, got any) {
	b.Helper()
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		b.Errorf("%s differs (-want +got):\n%s", what, d)
	}
}

// refused wants a refusal by exactly these parts.
func (b *bench) refused(what string, err error, parts ...string) {
	b.Helper()
	var r *store.Refused
	if !errors.As(err, &r) {
		b.Errorf("%s: %v, want a refusal by %v", what, err, parts)
		return
	}
	if !errors.Is(err, store.ErrConflict) {
		b.Errorf("%s: a refusal is no ErrConflict", what)
	}
	if d := cmp.Diff(parts, r.Parts); d != "" {
		b.Errorf("%s is refused by other parts (-want +got):\n%s", what, d)
	}
}

// is wants one of the store's errors.
func (b *bench) is(what string, err, want error) {
	b.Helper()
	if !errors.Is(err, want) {
		b.Errorf("%s: %v, want %v", what, err, want)
	}
}

// count is how many items lie in the table.
func (b *bench) count() int {
	b.Helper()
	n := 0
	p := dynamodb.NewScanPaginator(b.db, &dynamodb.ScanInput{TableName: &b.stand.Name, ConsistentRead: aws.Bool(true)})
	for p.HasMorePages() {
		out, err := p.NextPage(b.ctx)
		b.must(err)
		n += len(out.Items)
	}
	return n
}
