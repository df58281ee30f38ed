// Package simulation proves delivery: the real functions, the real store on the local
// table engine, the simulated carrier, SSM and queues, all in one thread of control
// with a virtual clock, so that a seed decides everything that happens: whose turn it
// is, which call fails and how, when a function dies, when a report arrives.
//
// Every effect on the world (a write to the table, a call to the carrier, a message to
// a queue, a stream's checkpoint, an answer on its way back) is a numbered point at
// which a function may die. What must hold is checked after each of them, from the
// table's own stream of changes and from what the carrier took, never from what our
// code says of itself.
//
// It must never wait for real time, never open a socket, and never know how the code
// under test works: it sees events, table items and texts on phones.
package simulation

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/smithy-go/middleware"

	"snout/shared/flags"
	"snout/shared/lambdaio"
	"snout/shared/sandbox"
	"snout/shared/sandbox/clock"
	"snout/shared/sandbox/dynamo"
	"snout/shared/sandbox/gateway"
	"snout/shared/sandbox/s3"
	sandboxsqs "snout/shared/sandbox/sqs"
	sandboxssm "snout/shared/sandbox/ssm"
	"snout/shared/sandbox/template"
	"snout/shared/sandbox/twilio"
	"snout/shared/store"
)

const (
	region         = "us-east-1"
	account        = "000000000000"
	carrierAccount = "AC00000000000000000000000000000000" // opens nothing but this carrier
	carrierToken   = "0123456789abcdef0123456789abcdef"
	keyID          = "local" // opens nothing but this bucket
	keySecret      = "local"
	base           = "http://127.0.0.1:1" // an address nobody ever connects to
	shards         = 3
)

// morning is a Wednesday, ten o'clock in Los Angeles.
var morning = time.Date(2026, 6, 10, 17, 0, 0, 0, time.UTC)

// Origin is what any number of worlds begin from, in parallel: template.yaml, which they
// only read, and for each set of bookings the table of a business that has just been
// founded, of which each world gets a copy.
type Origin struct {
	template *template.Template

	founding sync.Mutex
	founded  map[string]founded

	filtering sync.Mutex
	filtered  map[[4]string]bool // what the streams' filters let through, by kinds
}

type founded struct {
	engine *dynamo.Engine
	arn    string
	// What was sent while its bookings were applied.
	handed   map[string]int
	reported map[string][]string
}

// Load reads template.yaml.
func Load(path string) (*Origin, error) {
	t, err := template.Load(path, map[string]string{
		"Stage": "local", "PublicBaseUrl": "", "Issuer": "https://issuer.invalid", "IssuerClientId": "web", "IssuerMachineClientId": "ops", "Version": "simulation",
	}, template.Pseudo{Region: region, AccountID: account, StackName: "snout-simulation", QueueEndpoint: base})
	return &Origin{template: t, founded: map[string]founded{}, filtered: map[[4]string]bool{}}, err
}

// table is the business's table, founded once for each set of bookings: just entered, or
// standing, which is to say that their clients have been told and nothing is left to do.
func (o *Origin) table(standing bool, bookings []int) (founded, error) {
	o.founding.Lock()
	defer o.founding.Unlock()
	f, err := o.enter(bookings)
	if err != nil || !standing {
		return f, err
	}
	name := fmt.Sprint("standing", bookings)
	if was, ok := o.founded[name]; ok {
		return was, nil
	}
	s, err := begin(o, f, foundingSeed, nil, morning.Add(-time.Minute))
	if err != nil {
		return founded{}, err
	}
	defer s.close()
	if s.settle(turns); len(s.faults) > 0 {
		return founded{}, fmt.Errorf("founding: %v", s.faults)
	}
	f = founded{s.engine, f.arn, s.handed, s.reported}
	o.founded[name] = f
	return f, nil
}

// foundingSeed is nobody else's: what it names must not be named again.
const foundingSeed = 1 << 50

func (o *Origin) enter(bookings []int) (founded, error) {
	name := fmt.Sprint(bookings)
	if f, ok := o.founded[name]; ok {
		return f, nil
	}
	s := blank(o, foundingSeed+1, nil, morning.Add(-time.Hour)) // clocks go back, and what came before a number was ours is not ours
	var err error
	if s.engine, err = dynamo.Open(dynamo.Config{Now: s.clock.Now, Shards: shards}); err != nil {
		return founded{}, err
	}
	arn, err := s.found(bookings)
	if err != nil {
		return founded{}, err
	}
	f := founded{engine: s.engine, arn: arn}
	o.founded[name] = f
	return f, nil
}

// Figures count what simulations did.
type Figures struct {
	Histories, Steps, Effects, CrashPoints, Crashes, Faults, Checks, Texts, Sends, Handed, Reports, Violations int
}

// Add sums two.
func (f Figures) Add(g Figures) Figures {
	return Figures{f.Histories + g.Histories, f.Steps + g.Steps, f.Effects + g.Effects, f.CrashPoints + g.CrashPoints, f.Crashes + g.Crashes, f.Faults + g.Faults, f.Checks + g.Checks,
		f.Texts + g.Texts, f.Sends + g.Sends, f.Handed + g.Handed, f.Reports + g.Reports, f.Violations + g.Violations}
}

func (f Figures) String() string {
	return fmt.Sprintf("histories run %d, steps %d, effects %d, crash points enumerated %d, crashes %d, faults injected %d, invariant checks %d, texts in %d, sends asked %d, messages taken by the carrier %d, violations %d",
		f.Histories, f.Steps, f.Effects, f.CrashPoints, f.Crashes, f.Faults, f.Checks, f.Texts, f.Sends, f.Handed, f.Violations)
}

// Sim is one world with its scheduler.
type Sim struct {
	origin   *Origin
	template *template.Template
	rng      *rand.Rand
	sids     *rand.Rand // for what the carrier names, which decides nothing
	clock    *clock.Clock
	engine   *dynamo.Engine
	params   *sandboxssm.Store
	queues   *sandboxsqs.Service
	carrier  *twilio.Carrier
	bucket   *s3.Store
	buckets  []string
	gateway  *gateway.Gateway
	db       *dynamodb.Client
	cfg      aws.Config

	functions map[string]*function

	// The scheduler.
	current    *task
	closing    bool
	tasks      []*task
	idle       []*worker
	hired      []*worker
	yielded    chan struct{}
	serial     int
	parked     []func()  // the carrier's own work, not yet begun
	reports    int       // of it, under way
	mute       bool      // none of it begins now
	twice      bool      // every schedule comes twice
	noPictures bool      // the carrier has none to give now
	held       *task     // has no turn for now
	latest     time.Time // that the clock had shown before it went back

	chaos  chaos
	strike *Strike // the one fault of an enumeration
	writes int     // effects so far: the numbering of crash points

	sources   []*source
	schedules []*schedule

	mirror  *mirror
	figures Figures
	faults  []string // violations
	trace   io.Writer
	cache   map[string]cached
	log     logSink

	history    *History
	textsBySid map[string]*sentText
	texts      []*sentText
	sends      []*asked
	handed     map[string]int // by event: messages the carrier took
	licence    map[string]int // by event: retries the owner asked for
	released   map[string]bool
	reported   map[string][]string  // by event: what the carrier reported, and was told 2xx
	reading    map[string]time.Time // by sitter: when they last began to read a conversation
}

// chaos says how often what goes wrong, in thousandths.
type chaos struct {
	Table, Carrier, Params, Queue, Crash, Redeliver, Stale int
}

// Strike is one fault at one numbered effect.
type Strike struct {
	At   int
	Kind string // crash, lost, throttle, conflict, 500
	Hit  bool
	What string // the effect it struck
}

type function struct {
	template.Function
	build lambdaio.Function
	idle  []lambda.Handler
}

// blank is a world without anything in it.
func blank(o *Origin, seed uint64, trace io.Writer, at time.Time) *Sim {
	s := &Sim{
		origin: o, template: o.template, rng: rand.New(rand.NewPCG(seed, seed^0x9e3779b97f4a7c15)), sids: rand.New(rand.NewPCG(seed, 3)), clock: clock.New(func() time.Time { return at }), yielded: make(chan struct{}),
		functions: map[string]*function{}, trace: trace, cache: map[string]cached{}, textsBySid: map[string]*sentText{}, handed: map[string]int{}, licence: map[string]int{}, released: map[string]bool{}, reading: map[string]time.Time{}, reported: map[string][]string{},
	}
	s.clock.Hold(true)
	// The table, SSM and SQS here check no signatures, so the clients need not compute any:
	// that they sign, and how, is shown elsewhere.
	unsigned := func(stack *middleware.Stack) error {
		_, _ = stack.Finalize.Remove("Signing")
		_, _ = stack.Finalize.Remove("ComputePayloadHash")
		return nil
	}
	s.cfg = aws.Config{
		Region: region, BaseEndpoint: aws.String(base), Credentials: credentials.NewStaticCredentialsProvider(keyID, keySecret, ""), HTTPClient: doer{s},
		APIOptions: []func(*middleware.Stack) error{unsigned},
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) {
				o.Backoff, o.RateLimiter = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil }), ratelimit.None
			})
		},
	}
	s.db = dynamodb.NewFromConfig(s.cfg)
	return s
}

// New builds a world with these bookings (0, 1, 2), which have just been entered or stand
// already. Nothing happens in it until it is run.
func New(o *Origin, seed uint64, trace io.Writer, standing bool, bookings ...int) (*Sim, error) {
	f, err := o.table(standing, bookings)
	if err != nil {
		return nil, err
	}
	return begin(o, f, seed, trace, morning)
}

func begin(o *Origin, f founded, seed uint64, trace io.Writer, at time.Time) (*Sim, error) {
	var err error
	s := blank(o, seed, trace, at)
	s.mirror = newMirror(s, f.arn)
	maps.Copy(s.handed, f.handed)
	for id, words := range f.reported {
		s.reported[id] = slices.Clone(words)
	}
	s.engine = f.engine.Copy(dynamo.Config{Now: s.clock.Now, Shards: shards, OnStream: func() { s.mirror.fresh = true }})
	s.params = sandboxssm.New(s.clock, region, account)
	var qs []sandboxsqs.Queue
	for _, q := range s.template.Queues {
		one := sandboxsqs.Queue{Name: q.Name, Visibility: q.VisibilityTimeout, Retention: q.Retention}
		qs = append(qs, one)
	}
	if s.queues, err = sandboxsqs.New(sandboxsqs.Options{Clock: s.clock, Region: region, Account: account, Queues: qs}); err != nil {
		return nil, err
	}
	for _, b := range s.template.Buckets {
		s.buckets = append(s.buckets, b.Name)
	}
	if s.bucket, err = s3.New(s3.Options{Region: region, AccessKeyID: keyID, SecretKey: keySecret, Now: s.clock.Now, Buckets: s.buckets}); err != nil {
		return nil, err
	}
	s.carrier = twilio.New(twilio.Config{
		AccountSid: carrierAccount, AuthToken: carrierToken, PublicBaseURL: base, APIBaseURL: base, Now: s.clock.Now,
		HTTP: &http.Client{Transport: wire(s.toUs)}, Spawn: func(work func()) { s.parked = append(s.parked, work) }, Sid: s.sid,
		DefaultSMSURL: base + "/api/messages/webhook/twilio#rc=2&rp=all", DefaultFallbackURL: base + "/api/messages/webhook/twilio/fallback",
	})
	for _, n := range ourNumbers {
		s.carrier.AddNumber(n, base+"/api/messages/webhook/twilio#rc=2&rp=all", base+"/api/messages/webhook/twilio/fallback")
	}
	s.setFlags(map[string]string{flags.Messaging: "true", flags.Proactive: "true", flags.SitterMessages: "true", flags.Allowlist: "*"})
	if err := s.secrets(context.Background()); err != nil {
		return nil, err
	}
	if err := s.prepare(); err != nil {
		return nil, err
	}
	s.mirror.fresh = true
	s.mirror.catchUp()
	if f.handed != nil {
		for _, src := range s.sources {
			if src.queue == "" {
				src.at = len(s.mirror.shards[src.shard])
			}
		}
	}
	s.figures = Figures{}
	return s, s.openGateway()
}

// now is the functions' clock: no two readings are alike, so that what happens while
// the clock stands still has an order.
func (s *Sim) now() time.Time {
	s.clock.Advance(time.Microsecond)
	return s.clock.Now()
}

// sid is an identifier of the carrier's.
func (s *Sim) sid(prefix string) string {
	return fmt.Sprintf("%s%016x%016x", prefix, s.sids.Uint64(), s.sids.Uint64())
}

func (s *Sim) random(n int) string {
	const alphabet = "0123456789abcdefghijklmnopqrstuvwxyz"
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[s.rng.IntN(len(alphabet))]
	}
	return string(b)
}

func (s *Sim) host(f template.Function) lambdaio.Host {
	own := map[string]string{"PUBLIC_BASE_URL": base, "CARRIER_BASE_URL": base, "OIDC_ISSUER": base + "/issuer", "OIDC_CLIENT_ID": "web"}
	return lambdaio.Host{
		Env: func(n string) string {
			if v, ok := own[n]; ok {
				return v
			}
			return f.Environment[n]
		},
		AWS:   func(context.Context) (aws.Config, error) { return s.cfg, nil },
		Clock: s.now, Random: s.random, Log: &s.log, Transport: wire(s.toOutside),
	}
}

func (s *Sim) prepare() error {
	for _, f := range s.template.Functions {
		name := filepath.Base(strings.TrimSuffix(f.CodeDir, "/"))
		s.functions[f.LogicalID] = &function{Function: f, build: sandbox.Functions[name]}
		for _, st := range f.Streams {
			for _, fl := range st.Filters {
				if !onlyKinds(fl.Pattern) {
					return fmt.Errorf("the filters of %s look at more than kinds: mirror.wants must not remember them", f.LogicalID)
				}
			}
			for i := range shards {
				s.sources = append(s.sources, &source{fn: f.LogicalID, stream: st, shard: i})
			}
		}
		for _, q := range f.QueueSources {
			s.sources = append(s.sources, &source{fn: f.LogicalID, queue: q.QueueARN[strings.LastIndex(q.QueueARN, ":")+1:], batch: q.BatchSize})
		}
		for _, sc := range f.Schedules {
			if sc.Enabled {
				s.schedules = append(s.schedules, &schedule{fn: f.LogicalID, every: sc.Every, next: s.clock.Now().Add(sc.Every)})
			}
		}
	}
	return nil
}

func (s *Sim) openGateway() (err error) {
	var routes []gateway.Route
	for _, f := range s.template.Functions {
		for _, r := range f.Routes {
			routes = append(routes, gateway.Route{Method: r.Method, Path: r.Path, Function: f.LogicalID, Authorized: r.Authorized})
		}
	}
	s.gateway, err = gateway.New(gateway.Config{Routes: routes, Invoke: s.invoke, Now: s.clock.Now, PublicHost: strings.TrimPrefix(base, "http://"),
		Authorize: func(_ context.Context, token string) (map[string]string, []string, error) {
			return claims(token), nil, nil
		}})
	return err
}

// claims are those of the seed's people: the token is who they say they are.
func claims(token string) map[string]string {
	switch {
	case token == "owner":
		return map[string]string{"sub": "owner-1", "name": "Olivia Park", "custom:org": org, "custom:role": "owner"}
	case token == "ops":
		return map[string]string{"sub": "ops-1", "name": "Operator", "custom:ops": "true"}
	}
	return map[string]string{"sub": token, "name": token, "custom:org": org, "custom:role": "sitter", "custom:sitter": token}
}

func (s *Sim) tracef(format string, args ...any) {
	if s.trace != nil {
		fmt.Fprintf(s.trace, "%s "+format+"\n", append([]any{s.clock.Now().Format("15:04:05.000000")}, args...)...)
	}
}

// violate notes what must never be.
func (s *Sim) violate(format string, args ...any) {
	v := fmt.Sprintf(format, args...)
	if !slices.Contains(s.faults, v) {
		s.faults = append(s.faults, v)
		s.figures.Violations++
		s.tracef("VIOLATION %s", v)
	}
}

var errDead = errors.New("the function has died")

// invocation is one run of a function. Once it is dead nothing it does reaches
// anybody.
type invocation struct {
	fn      string
	dead    bool
	quiet   bool // it only reads, perhaps in parallel: nobody's turn comes in between
	ends    time.Time
	cancel  context.CancelFunc
	crashed string
}

func (s *Sim) invoke(ctx context.Context, name string, payload []byte) ([]byte, error) {
	f := s.functions[name]
	t := s.current
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	in := &invocation{fn: name, ends: s.clock.Now().Add(f.Timeout), cancel: cancel, quiet: t != nil && t.quiet}
	if t != nil {
		was := t.in
		t.in = in
		defer func() { t.in = was }()
	}
	var h lambda.Handler
	if n := len(f.idle); n > 0 && s.rng.IntN(8) != 0 {
		h, f.idle = f.idle[n-1], f.idle[:n-1]
	} else {
		var err error
		if h, err = f.build(ctx, s.host(f.Function)); err != nil {
			return nil, fmt.Errorf("init %s: %w", name, err)
		}
	}
	s.serial++
	ctx = lambdacontext.NewContext(ctx, &lambdacontext.LambdaContext{AwsRequestID: fmt.Sprint(s.serial)})
	out, err := h.Invoke(ctx, payload)
	out = slices.Clone(out)
	if !in.dead && !in.quiet {
		_, _ = s.effect("answer of "+name, true, func() (*http.Response, error) { return nil, nil })
	}
	if in.dead {
		return nil, errDead
	}
	f.idle = append(f.idle, h)
	return out, err
}

// table is the store as tools see it, outside of any invocation.
func (s *Sim) table() *store.Table { return store.New(s.db, s.template.Table.Name) }

func (s *Sim) secrets(ctx context.Context) error {
	client := ssm.NewFromConfig(s.cfg)
	for n, v := range map[string]string{lambdaio.SecretAccount: carrierAccount, lambdaio.SecretToken: carrierToken} {
		if _, err := client.PutParameter(ctx, &ssm.PutParameterInput{Name: aws.String("/snout/local/secrets/" + n), Value: aws.String(v), Type: "SecureString", Overwrite: aws.Bool(true)}); err != nil {
			return err
		}
	}
	return nil
}
