package lambdaio

import (
	"context"
	"encoding/json"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"snout/shared/store"
)

// Line is the one log line of an invocation, written at its end. It holds names,
// codes, counts and ids; never a body, a path, or a whole phone number.
type Line struct {
	mu      sync.Mutex
	fields  map[string]any
	metrics map[string]float64
}

type lineKey struct{}

// lineOf is the line of the invocation under way.
func lineOf(ctx context.Context) *Line {
	if l, ok := ctx.Value(lineKey{}).(*Line); ok {
		return l
	}
	return &Line{fields: map[string]any{}, metrics: map[string]float64{}}
}

// Set adds a field. Empty text is left out.
func (l *Line) Set(name string, value any) {
	if s, ok := value.(string); ok && s == "" {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fields[name] = value
}

// Count adds to a metric, which leaves in the CloudWatch embedded format of the
// same line.
func (l *Line) Count(metric string, n float64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.metrics[metric] += n
}

// logger writes the lines of one function.
type logger struct {
	function, stage string
	out             io.Writer
	clock           func() time.Time
	warm            atomic.Bool
}

func (g *logger) begin(ctx context.Context) (context.Context, func(outcome string, err error)) {
	l := &Line{fields: map[string]any{}, metrics: map[string]float64{}}
	ctx, meter := store.WithMeter(context.WithValue(ctx, lineKey{}, l))
	start := time.Now() // a duration is of the machine's time, whatever the clock says
	cold := !g.warm.Swap(true)
	return ctx, func(outcome string, err error) {
		l.Set("function", g.function)
		if lc, ok := lambdacontext.FromContext(ctx); ok {
			l.Set("requestId", lc.AwsRequestID)
		}
		l.Set("traceId", traceOf(ctx))
		l.Set("time", g.clock().UTC().Format(time.RFC3339Nano))
		l.Set("outcome", outcome)
		if err != nil {
			l.Set("error", redactError(err))
		}
		l.Set("durationMs", float64(time.Since(start).Microseconds())/1000)
		if cold {
			l.Set("cold", true)
		}
		if s := meter.Spent(); s.Trips > 0 {
			l.Set("trips", s.Trips)
			l.Set("rru", s.RRU)
			l.Set("wru", s.WRU)
		}
		g.write(l)
	}
}

// traceOf is the trace that AWS has put the invocation into: the root of the header
// that Lambda hands on, and that the SDK's clients pass on with every call.
func traceOf(ctx context.Context) string {
	header, _ := ctx.Value("x-amzn-trace-id").(string)
	for part := range strings.SplitSeq(header, ";") {
		if root, ok := strings.CutPrefix(part, "Root="); ok {
			return root
		}
	}
	return ""
}

func (g *logger) write(l *Line) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.metrics) > 0 {
		type metric struct{ Name, Unit string }
		var ms []metric
		for n, v := range l.metrics {
			ms = append(ms, metric{n, "Count"})
			l.fields[n] = v
		}
		l.fields["Stage"] = g.stage
		l.fields["_aws"] = map[string]any{
			"Timestamp": g.clock().UnixMilli(),
			"CloudWatchMetrics": []any{map[string]any{
				"Namespace": "Snout", "Dimensions": [][]string{{"Stage"}}, "Metrics": ms,
			}},
		}
	}
	b, err := json.Marshal(l.fields)
	if err != nil {
		b = []byte(`{"function":"` + g.function + `","error":"log line could not be written"}`)
	}
	_, _ = g.out.Write(append(b, '\n'))
}
