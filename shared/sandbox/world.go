// Package sandbox is everything outside us, in one process, with the clock in hand:
// the table with its stream, parameters, queues, the HTTP API with its authorizer, a
// sign-in issuer, and a carrier with phones. The functions run in it as they run in
// the cloud: from the events that template.yaml says, with the environment it gives
// them, through the real clients over HTTP. Nothing deployed may import it.
package sandbox

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"snout/shared/lambdaio"
	"snout/shared/sandbox/clock"
	"snout/shared/sandbox/dynamo"
	"snout/shared/sandbox/events"
	"snout/shared/sandbox/gateway"
	"snout/shared/sandbox/issuer"
	"snout/shared/sandbox/runtime"
	"snout/shared/sandbox/s3"
	sandboxsqs "snout/shared/sandbox/sqs"
	"snout/shared/sandbox/ssm"
	"snout/shared/sandbox/template"
	"snout/shared/sandbox/twilio"
)

// Options say how to start a world.
type Options struct {
	Addr     string    // to listen on; port 0 picks one
	Data     string    // a folder that keeps the table; empty: memory
	Seed     string    // demo or none
	FlagsOff bool      // all flags off instead of the checklist's step 3
	Log      io.Writer // the functions' log lines
	Template string    // path of template.yaml; empty: found upwards from here
	Base     func() time.Time
	Random   func(n int) string
	// PlainForms delivers form bodies plain instead of base64-encoded.
	PlainForms bool
	// Binaries is a folder of compiled functions (see Build), to be run as processes of
	// their own behind the Runtime API; empty: they run in this process.
	Binaries string
	// People can sign in besides the seed's: those of other orgs.
	People []issuer.Person
	// SigningKey is the issuer's; nil: one of its own.
	SigningKey func() (*rsa.PrivateKey, error)
	// Spawn starts what the carrier does by itself; see twilio.Config.
	Spawn func(work func())
}

// World is a running one.
type World struct {
	URL   string
	Clock *clock.Clock

	Engine  *dynamo.Engine
	Params  *ssm.Store
	Queues  *sandboxsqs.Service
	Bucket  *s3.Store // of pictures
	Carrier *twilio.Carrier
	Issuer  *issuer.Issuer
	DB      *dynamodb.Client
	Host    lambdaio.Host // as a function would find it, for tools that need the table

	o         Options
	template  *template.Template
	functions functions
	processes *runtime.Processes // nil unless they are processes
	permits   *permits
	pumps     []*events.StreamPump
	queues    []*events.QueuePump
	schedules *events.Schedules
	gateway   *gateway.Gateway
	server    *http.Server
	listener  net.Listener
	seeded    seeded
	rented    rented
	logs      *kept

	stop    context.CancelFunc
	running sync.WaitGroup
	clients *http.Transport          // to the carrier
	aws     *awshttp.BuildableClient // to the table and its kin; made once, so that its connections are shared
}

const (
	region  = "us-east-1"
	account = "000000000000"
	// The carrier's account of a local world. Not secrets: they open nothing but it.
	carrierAccount = "AC00000000000000000000000000000000"
	carrierToken   = "0123456789abcdef0123456789abcdef"
	accessKey      = "local"
	secretKey      = "local"
	webClient      = "local-web"
	machineClient  = "local-ops"
)

// Start builds a world and returns once all of it answers.
func Start(ctx context.Context, o Options) (*World, error) {
	if o.Base == nil {
		o.Base = time.Now
	}
	if o.Log == nil {
		o.Log = io.Discard
	}
	if o.Random == nil {
		o.Random = lambdaio.Cloud().Random
	}
	if o.Template == "" {
		path, err := findTemplate()
		if err != nil {
			return nil, err
		}
		o.Template = path
	}
	listener, err := net.Listen("tcp", o.Addr)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	if host := listener.Addr().(*net.TCPAddr).IP; !host.IsLoopback() {
		listener.Close()
		return nil, errors.New("snout local only listens on a loopback address: whoever reaches it can be anybody")
	}
	logs := &kept{out: o.Log}
	o.Log = logs
	w := &World{o: o, logs: logs, URL: "http://" + listener.Addr().String(), listener: listener, Clock: clock.New(o.Base)}
	run, stop := context.WithCancel(context.Background())
	w.stop = stop
	if err := w.build(ctx, run); err != nil {
		w.Close()
		return nil, err
	}
	return w, nil
}

func findTemplate() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		path := filepath.Join(dir, "template.yaml")
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("template.yaml not found here or in any folder above: run this from inside the project")
		}
		dir = up
	}
}

// Functions are all functions of the system by the folder of their main.
var Functions = map[string]lambdaio.Function{
	"inbound":     lambdaio.Inbound,
	"status":      lambdaio.Status,
	"fallback":    lambdaio.Fallback,
	"send":        lambdaio.Send,
	"messages":    lambdaio.Messages,
	"diagnostics": lambdaio.Diagnostics,
	"bookings":    lambdaio.Bookings,
	"assignment":  lambdaio.Assignment,
	"outbox":      lambdaio.Outbox,
	"reconcile":   lambdaio.Reconcile,
	"web":         lambdaio.Web,
}

// ordered makes a clock whose readings never repeat: what happens while the clock is
// held still has an order.
func ordered(now func() time.Time) func() time.Time {
	var mu sync.Mutex
	var last time.Time
	return func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		t := now().Truncate(time.Microsecond)
		if !t.After(last) && last.Sub(t) < 100*time.Millisecond {
			t = last.Add(time.Microsecond)
		}
		last = t
		return t
	}
}

func (w *World) build(ctx, run context.Context) error {
	var err error
	w.template, err = template.Load(w.o.Template, map[string]string{
		"Stage": "local", "PublicBaseUrl": "", "Issuer": "https://issuer.invalid", "IssuerClientId": webClient, "IssuerMachineClientId": machineClient,
		"Version": "local",
	}, template.Pseudo{Region: region, AccountID: account, StackName: "snout-local", QueueEndpoint: w.URL})
	if err != nil {
		return fmt.Errorf("template: %w", err)
	}
	if w.permits, err = newPermits(w.template); err != nil {
		return err
	}
	wake := make(chan struct{}, 1)
	tableDir, queueDir, bucketDir := "", "", ""
	if w.o.Data != "" {
		tableDir, queueDir = filepath.Join(w.o.Data, "table"), filepath.Join(w.o.Data, "queues")
		bucketDir = filepath.Join(w.o.Data, "pictures")
		for _, d := range []string{tableDir, queueDir, filepath.Join(w.o.Data, "checkpoints")} {
			if err := os.MkdirAll(d, 0o700); err != nil {
				return err
			}
		}
	}
	w.Engine, err = dynamo.Open(dynamo.Config{Now: w.Clock.Now, Dir: tableDir, OnStream: func() {
		select {
		case wake <- struct{}{}:
		default:
		}
	}, Logf: func(f string, a ...any) { fmt.Fprintf(w.o.Log, f+"\n", a...) }})
	if err != nil {
		return err
	}
	w.Params = ssm.New(w.Clock, region, account)
	var qs []sandboxsqs.Queue
	for _, q := range w.template.Queues {
		one := sandboxsqs.Queue{Name: q.Name, Visibility: q.VisibilityTimeout, Retention: q.Retention, MaxReceive: q.MaxReceives}
		if q.DeadLetterARN != "" {
			one.DeadLetter = q.DeadLetterARN[strings.LastIndex(q.DeadLetterARN, ":")+1:]
		}
		qs = append(qs, one)
	}
	if w.Queues, err = sandboxsqs.New(sandboxsqs.Options{Clock: w.Clock, Region: region, Account: account, Dir: queueDir, Queues: qs}); err != nil {
		return err
	}
	var buckets []string
	for _, b := range w.template.Buckets {
		buckets = append(buckets, b.Name)
	}
	if w.Bucket, err = s3.New(s3.Options{Region: region, AccessKeyID: accessKey, SecretKey: secretKey, Now: w.Clock.Now, Buckets: buckets, Dir: bucketDir}); err != nil {
		return err
	}
	w.Issuer, err = issuer.New(issuer.Config{
		Now: w.Clock.Now, IssuerURL: w.URL + "/issuer", ClientID: webClient, RedirectURIs: []string{w.URL + "/auth/callback"},
		LogoutURIs: []string{w.URL + "/messages", w.URL + "/local/"}, People: append(people(), w.o.People...), Machines: []issuer.Machine{{ID: machineClient, Secret: "local"}}, Key: w.o.SigningKey,
	})
	if err != nil {
		return err
	}
	w.Carrier = twilio.New(twilio.Config{
		AccountSid: carrierAccount, AuthToken: carrierToken, PublicBaseURL: w.URL, APIBaseURL: w.URL, Now: w.Clock.Now, Spawn: w.o.Spawn,
		DefaultSMSURL: w.URL + "/api/messages/webhook/twilio#rc=2&rp=all", DefaultFallbackURL: w.URL + "/api/messages/webhook/twilio/fallback",
	})
	if err := w.params(); err != nil {
		return err
	}
	w.clients = &http.Transport{MaxIdleConnsPerHost: 64}
	w.aws = awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) { t.MaxIdleConnsPerHost = 64 })
	now := ordered(w.Clock.Now)
	w.Host = lambdaio.Host{AWS: w.awsConfig, Clock: now, Random: w.o.Random, Log: w.o.Log, Transport: w.clients}
	if err := w.prepareFunctions(); err != nil {
		return err
	}
	if err := w.openGateway(); err != nil {
		return err
	}
	w.server = &http.Server{Handler: w.permits.guard(w.mux()), ReadHeaderTimeout: 10 * time.Second}
	w.running.Go(func() {
		if err := w.server.Serve(w.listener); err != nil && !errors.Is(err, http.ErrServerClosed) {
			fmt.Fprintln(w.o.Log, "server:", err)
		}
	})
	cfg, err := w.awsConfig(ctx)
	if err != nil {
		return err
	}
	w.DB = dynamodb.NewFromConfig(cfg)
	stream, err := w.createTable(ctx)
	if err != nil {
		return err
	}
	if err := w.seed(ctx); err != nil {
		return fmt.Errorf("seed: %w", err)
	}
	return w.startSources(run, cfg, stream, wake)
}

// awsConfig is what LoadDefaultConfig finds with AWS_ENDPOINT_URL set: the same
// clients, another address.
func (w *World) awsConfig(ctx context.Context) (aws.Config, error) {
	return config.LoadDefaultConfig(ctx, config.WithRegion(region), config.WithBaseEndpoint(w.URL),
		config.WithCredentialsProvider(credentials.NewStaticCredentialsProvider(accessKey, secretKey, "")),
		config.WithHTTPClient(w.aws),
		// The client repeats as often as in the cloud, and without waiting: a fault of
		// this world takes no real time.
		config.WithRetryer(func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) {
				o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
			})
		}))
}

func (w *World) prepareFunctions() error {
	if w.o.Binaries != "" {
		return w.startProcesses(w.o.Binaries)
	}
	var handlers []runtime.Handler
	for _, f := range w.template.Functions {
		name := filepath.Base(strings.TrimSuffix(f.CodeDir, "/"))
		build := Functions[name]
		if build == nil {
			return fmt.Errorf("template.yaml has a function in %s that nobody has written", f.CodeDir)
		}
		h := w.Host
		h.Env = w.env(f)
		h.AWS = func(ctx context.Context) (aws.Config, error) {
			cfg, err := w.awsConfig(ctx)
			cfg.AppID = f.LogicalID
			return cfg, err
		}
		handlers = append(handlers, runtime.Handler{
			Name: f.LogicalID, ARN: runtime.ARN(region, account, f.Name), Timeout: f.Timeout,
			New: func() (lambda.Handler, error) { return build(context.Background(), h) },
			Log: func(function, id, line string) {
				fmt.Fprintf(w.o.Log, "{\"function\":%q,\"requestId\":%q,\"failed\":%q}\n", function, id, line)
			},
		})
	}
	p, err := runtime.NewInProcess(handlers...)
	if err != nil {
		return err
	}
	w.functions = inProcess{p}
	return nil
}

// own are the settings that only this world knows.
func (w *World) own() map[string]string {
	return map[string]string{"PUBLIC_BASE_URL": w.URL, "CARRIER_BASE_URL": w.URL, "OIDC_ISSUER": w.URL + "/issuer", "OIDC_CLIENT_ID": webClient}
}

// env is a function's environment as template.yaml gives it, with the addresses that
// only this world knows.
func (w *World) env(f template.Function) func(string) string {
	own := w.own()
	return func(n string) string {
		if v, ok := own[n]; ok {
			return v
		}
		return f.Environment[n]
	}
}

func (w *World) openGateway() error {
	var routes []gateway.Route
	for _, f := range w.template.Functions {
		for _, r := range f.Routes {
			routes = append(routes, gateway.Route{Method: r.Method, Path: r.Path, Function: f.LogicalID, Authorized: r.Authorized})
		}
	}
	var err error
	w.gateway, err = gateway.New(gateway.Config{
		Routes: routes, Invoke: w.functions.Invoke, Authorize: gateway.JWT(w.URL+"/issuer", []string{webClient, machineClient}, w.Clock.Now), Now: w.Clock.Now,
		PublicHost: strings.TrimPrefix(w.URL, "http://"), PlainForms: w.o.PlainForms,
	})
	return err
}

func (w *World) startSources(run context.Context, cfg aws.Config, stream string, wake <-chan struct{}) error {
	streams := dynamodbstreams.NewFromConfig(cfg)
	parker := events.QueueParker{Client: sqs.NewFromConfig(cfg)}
	var checkpoints events.Checkpoints
	if w.o.Data != "" {
		dir, err := events.OpenDir(filepath.Join(w.o.Data, "checkpoints"))
		if err != nil {
			return err
		}
		checkpoints = dir
	}
	var schedules []events.Schedule
	for _, f := range w.template.Functions {
		arn := runtime.ARN(region, account, f.Name)
		for _, s := range f.Streams {
			p, err := events.NewStreamPump(events.StreamMapping{
				Name: f.LogicalID + s.Event, Function: f.LogicalID, FunctionARN: arn, StreamARN: stream, BatchSize: s.BatchSize, ReportFailures: s.PartialBatch,
				Bisect: s.Bisect, MaxRetries: s.Retries, MaxAge: s.MaxRecordAge, OnFailure: s.FailureDestination,
				Match: func(record []byte) bool {
					ok, err := template.MatchAny(s.Filters, record)
					return err == nil && ok
				},
			}, events.StreamOptions{Client: streams, Region: region, Clock: w.Clock, Invoker: w.functions, Parker: parker, Checkpoints: checkpoints})
			if err != nil {
				return err
			}
			w.pumps = append(w.pumps, p)
		}
		for _, q := range f.QueueSources {
			p, err := events.NewQueuePump(events.QueueMapping{Name: f.LogicalID + q.Event, Function: f.LogicalID, QueueARN: q.QueueARN, BatchSize: q.BatchSize, ReportFailures: q.PartialBatch},
				events.QueueOptions{Client: sqs.NewFromConfig(cfg), Region: region, Clock: w.Clock, Invoker: w.functions, NextVisible: w.Queues.NextVisible})
			if err != nil {
				return err
			}
			w.queues = append(w.queues, p)
		}
		for _, s := range f.Schedules {
			if s.Enabled {
				schedules = append(schedules, events.Schedule{Name: f.LogicalID + s.Event, Function: f.LogicalID, Expression: rate(s.Every)})
			}
		}
	}
	var err error
	w.schedules, err = events.NewSchedules(events.ScheduleOptions{Clock: w.Clock, Region: region, Account: account, Invoker: w.functions, Parker: parker}, schedules...)
	if err != nil {
		return err
	}
	w.Queues.OnArrival(func(string) {
		for _, q := range w.queues {
			q.Notify()
		}
	})
	failed := func(err error) {
		if run.Err() == nil {
			fmt.Fprintln(w.o.Log, "event source:", err)
		}
	}
	for _, p := range w.pumps {
		w.running.Go(func() { p.Run(run, failed) })
		p.Notify() // what the seed wrote
	}
	for _, q := range w.queues {
		w.running.Go(func() { q.Run(run, failed) })
	}
	w.running.Go(func() { w.schedules.Run(run, failed) })
	w.running.Go(func() {
		for {
			select {
			case <-run.Done():
				return
			case <-wake:
				for _, p := range w.pumps {
					p.Notify()
				}
			}
		}
	})
	return w.Settle(context.Background())
}

func rate(d time.Duration) string {
	switch {
	case d%time.Hour == 0 && d > time.Hour:
		return fmt.Sprintf("rate(%d hours)", d/time.Hour)
	case d == time.Minute:
		return "rate(1 minute)"
	}
	return fmt.Sprintf("rate(%d minutes)", d/time.Minute)
}

// Settle returns once every stream record, queue message, outbox entry and report
// that is due has been dealt with, and whatever that set off.
func (w *World) Settle(ctx context.Context) error {
	sources := []events.Settler{w.schedules}
	for _, p := range w.pumps {
		sources = append(sources, p)
	}
	for _, q := range w.queues {
		sources = append(sources, q)
	}
	for {
		before := handled(sources)
		if err := events.Settle(ctx, sources...); err != nil {
			return err
		}
		if err := w.Carrier.Settle(ctx); err != nil {
			return err
		}
		if err := w.sweep(ctx); err != nil {
			return err
		}
		if err := events.Settle(ctx, sources...); err != nil {
			return err
		}
		if handled(sources) == before {
			return w.Carrier.Settle(ctx)
		}
	}
}

func handled(sources []events.Settler) (n uint64) {
	for _, s := range sources {
		n += s.Handled()
	}
	return n
}

// sweep runs the outbox's scheduled job once, out of turn: what is due now is due,
// wherever in the minute the clock stands.
func (w *World) sweep(ctx context.Context) error {
	event := fmt.Sprintf(`{"version":"0","source":"aws.events","detail-type":"Scheduled Event","time":%q,"detail":{}}`, w.Clock.Now().Format(time.RFC3339))
	for _, f := range w.template.Functions {
		if strings.TrimSuffix(f.CodeDir, "/") == "functions/outbox" {
			_, err := w.functions.Invoke(ctx, f.LogicalID, []byte(event))
			return err
		}
	}
	return nil
}

// Close ends everything and waits for it.
func (w *World) Close() error {
	var errs []error
	w.stop()
	if w.server != nil {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if w.server.Shutdown(ctx) != nil {
			errs = append(errs, w.server.Close())
		}
	} else {
		w.listener.Close()
	}
	if w.Carrier != nil {
		w.Carrier.Close()
	}
	w.running.Wait()
	if w.functions != nil {
		errs = append(errs, w.functions.Close())
	}
	if w.clients != nil {
		w.clients.CloseIdleConnections()
		w.aws.GetTransport().CloseIdleConnections()
	}
	if w.Queues != nil {
		errs = append(errs, w.Queues.Close())
	}
	if w.Engine != nil {
		errs = append(errs, w.Engine.Close())
	}
	return errors.Join(errs...)
}
