package lambdaio

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // the Lambda image may have no zones of its own, and then every org would be in UTC

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"snout/shared/carrier"
	"snout/shared/flags"
	"snout/shared/inbox"
	"snout/shared/media"
	"snout/shared/relay"
	"snout/shared/routing"
	"snout/shared/screening"
	"snout/shared/store"
)

// Host is what a function finds around it. In the cloud it is the process; on one
// machine many functions share one, each with the environment that template.yaml
// gives it.
type Host struct {
	Env       func(string) string
	AWS       func(context.Context) (aws.Config, error)
	Clock     func() time.Time
	Random    func(n int) string
	Log       io.Writer
	Transport http.RoundTripper // to the carrier; nil: the carrier package's own
}

// Cloud is the host of a deployed function.
func Cloud() Host {
	return Host{
		Env:   os.Getenv,
		AWS:   func(context.Context) (aws.Config, error) { return functionAWS(os.Getenv) },
		Clock: time.Now, Random: random, Log: os.Stdout,
	}
}

// random answers n lower-case letters and digits from the system's source.
func random(n int) string {
	const alphabet = "0123456789abcdefghijklmnopqrstuvwxyz"
	b := make([]byte, n)
	for i := range b {
		k, err := rand.Int(rand.Reader, big.NewInt(int64(len(alphabet))))
		if err != nil {
			panic("lambdaio: no randomness: " + err.Error())
		}
		b[i] = alphabet[k.Int64()]
	}
	return string(b)
}

// Function builds a function's handler from its host.
type Function func(context.Context, Host) (lambda.Handler, error)

// Main runs a function in the cloud. If building it fails it prints all faults and
// ends, so that Lambda reports an init error instead of serving half a function.
func Main(build Function) {
	h, err := build(context.Background(), Cloud())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	lambda.Start(h)
}

// parts is everything wired once per process, in this one place.
type parts struct {
	host    Host
	stage   string
	version string
	aws     aws.Config
	table   *store.Table
	flags   *flags.Reader
	secrets *secrets
	carrier *carrier.Client
	relay   *relay.Relay
	inbox   *inbox.Inbox
}

func build(ctx context.Context, h Host) (*parts, error) {
	p := &parts{host: h, stage: h.Env("STAGE"), version: h.Env("VERSION")}
	var faults []error
	need := func(name string) string {
		v := h.Env(name)
		if v == "" {
			faults = append(faults, fmt.Errorf("environment variable %s is missing", name))
		}
		return v
	}
	tableName, flagsPath, secretsPath, base := need("TABLE_NAME"), need("FLAGS_PATH"), need("SECRETS_PATH"), need("PUBLIC_BASE_URL")
	bucketName := need("MEDIA_BUCKET")
	cfg, err := h.AWS(ctx)
	if err != nil {
		faults = append(faults, fmt.Errorf("AWS configuration: %w", err))
	}
	p.aws = cfg
	params := ssm.NewFromConfig(cfg)
	p.secrets = &secrets{ssm: params, path: secretsPath, clock: h.Clock}
	shards := 1
	if s := h.Env("TABLE_SHARDS"); s != "" {
		if shards, err = strconv.Atoi(s); err != nil || shards < 1 {
			faults = append(faults, errors.New("environment variable TABLE_SHARDS is no number from 1 up"))
		}
	}
	p.table = store.New(dynamodb.NewFromConfig(cfg), tableName).Sharded(shards)
	p.flags = flags.New(params, flagsPath, h.Clock, jitter(h))
	p.carrier, err = carrier.NewClient(carrier.ClientConfig{Credentials: p.secrets.credentials, BaseURL: h.Env("CARRIER_BASE_URL"), Transport: h.Transport, Now: h.Clock})
	if err != nil {
		faults = append(faults, err)
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	bucket, err := media.New(media.Config{Name: bucketName, Region: cfg.Region, Endpoint: endpoint(h, cfg), Credentials: cfg.Credentials, Transport: h.Transport, Clock: h.Clock})
	if err != nil {
		return nil, err
	}
	pictures := &pictures{bucket: bucket, fetcher: carrier.MediaFetcher{HTTP: &http.Client{Transport: h.Transport}, Credentials: p.secrets.credentials, BaseURL: h.Env("CARRIER_BASE_URL")}}
	p.relay = &relay.Relay{
		Pictures: pictures, Page: strings.TrimSuffix(base, "/"),
		Table: p.table, Flags: watchedFlags{p.flags}, Clock: h.Clock, Random: h.Random, Screen: screening.Screen,
		Carrier:  &dialect{client: p.carrier, status: strings.TrimSuffix(base, "/") + "/api/messages/webhook/twilio/status"},
		Sentence: func(code int) string { return carrier.Explain(code).Sentence },
		OurFault: func(code int) bool { return carrier.Explain(code).Class == carrier.Account },
	}
	p.inbox = &inbox.Inbox{Table: p.table, Clock: h.Clock, Sight: relay.SitterSight, Seen: relay.SightAfter, Link: pictures.seen}
	return p, nil
}

// watchedFlags counts when flags cannot be read any more: from then on texts are
// stored and nothing is sent, and somebody must be woken.
type watchedFlags struct{ reader *flags.Reader }

func (w watchedFlags) Flags(ctx context.Context) routing.Flags {
	v, err := w.reader.Read(ctx)
	if err != nil {
		lineOf(ctx).Set("flags", redactError(err))
		if len(v) == 0 {
			lineOf(ctx).Count("FlagsUnreadable", 1)
		}
	}
	return flags.Of(v)
}

func jitter(h Host) func() float64 {
	return func() float64 {
		s := h.Random(1)
		return float64(s[0]%32) / 32
	}
}

// warm makes the first call to the table while the function is still starting,
// where time costs nothing: the connection is there when the first event comes.
func (p *parts) warm(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	_, _ = p.table.OpsCounts(ctx) // only the connection matters
}

// warmToScreen is warm for those whose first event is a text: the rules are compiled
// meanwhile, which is half of all the work until a first answer. The others compile
// them if ever they need them.
func (p *parts) warmToScreen(ctx context.Context) {
	compiled := make(chan struct{})
	go func() {
		defer close(compiled)
		p.relay.Screen(screening.Message{})
	}()
	p.warm(ctx)
	<-compiled
}

// secrets reads the carrier's credentials from SSM SecureStrings and keeps them for
// a bounded time, so that a rotation takes effect without a deployment.
type secrets struct {
	ssm   *ssm.Client
	path  string
	clock func() time.Time

	mu    sync.Mutex
	at    time.Time
	value map[string]string
}

const secretsKept = 5 * time.Minute

// The names of the secrets under the stage's path.
const (
	SecretAccount   = "twilio_account_sid"
	SecretToken     = "twilio_auth_token"
	SecretNextToken = "twilio_auth_token_next" // during a rotation
)

func (s *secrets) read(ctx context.Context) (map[string]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock()
	if s.value != nil && !now.Before(s.at) && now.Sub(s.at) < secretsKept {
		return s.value, nil
	}
	out, err := s.ssm.GetParametersByPath(ctx, &ssm.GetParametersByPathInput{Path: aws.String(strings.TrimSuffix(s.path, "/")), WithDecryption: aws.Bool(true)}, func(o *ssm.Options) {
		if s.value != nil {
			o.RetryMaxAttempts = 1 // the old ones stand in; nobody waits for repeats
		}
	})
	if err != nil {
		if s.value != nil {
			return s.value, nil // old secrets are better than none
		}
		return nil, fmt.Errorf("read secrets: %w", err)
	}
	s.value, s.at = values(out.Parameters, s.path), now
	return s.value, nil
}

func values(ps []types.Parameter, path string) map[string]string {
	v := map[string]string{}
	for _, p := range ps {
		v[strings.TrimPrefix(aws.ToString(p.Name), path)] = aws.ToString(p.Value)
	}
	return v
}

func (s *secrets) credentials(ctx context.Context) (carrier.Credentials, error) {
	v, err := s.read(ctx)
	return carrier.Credentials{AccountSid: v[SecretAccount], Secret: v[SecretToken]}, err
}

func (s *secrets) tokens(ctx context.Context) ([]string, error) {
	v, err := s.read(ctx)
	if err != nil {
		return nil, err
	}
	ts := []string{v[SecretToken]}
	if n := v[SecretNextToken]; n != "" {
		ts = append(ts, n)
	}
	return ts, nil
}

// dialect hands the relay's messages to the carrier.
type dialect struct {
	client *carrier.Client
	status string
}

func (d *dialect) Hand(ctx context.Context, m relay.Outgoing) relay.Handed {
	c, err := d.client.Create(ctx, carrier.Message{From: m.From, To: m.To, Body: m.Text, MediaURLs: m.Media, StatusCallback: carrier.StatusCallback(d.status, string(m.Event)), ValidityPeriod: relay.ValidFor})
	if err == nil {
		s, _ := carrier.Status(c.Status)
		return relay.Handed{Verdict: relay.Taken, Sid: c.Sid, Status: s}
	}
	var e *carrier.Error
	if !errors.As(err, &e) || e.Outcome != carrier.OutcomeNotCreated {
		return relay.Handed{Verdict: relay.Nobody}
	}
	h := relay.Handed{Verdict: relay.Refused, Code: e.Code, Sentence: carrier.Explain(e.Code).Sentence}
	switch e.Class {
	case carrier.Retry:
		h.Verdict = relay.Later
	case carrier.OptedOut:
		h.OptedOut = true
	}
	return h
}

func (d *dialect) Find(ctx context.Context, m relay.Outgoing, since time.Time) (relay.Handed, bool, error) {
	list, err := d.client.List(ctx, carrier.Query{From: m.From, To: m.To, Since: since})
	if err != nil {
		return relay.Handed{}, false, err
	}
	for _, l := range list {
		if l.Inbound || l.Body != m.Text || m.Others[l.Sid] {
			continue
		}
		s, known := carrier.Status(l.Status)
		if !known {
			s = routing.Sent
		}
		h := relay.Handed{Verdict: relay.Taken, Sid: l.Sid, Status: s, Code: l.ErrorCode}
		if l.ErrorCode != 0 {
			h.Sentence = carrier.Explain(l.ErrorCode).Sentence
		}
		return h, true, nil
	}
	return relay.Handed{}, false, nil
}
