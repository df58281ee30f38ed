package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/spf13/cobra"
	"gopkg.in/yaml.v3"

	"snout/shared/carrier"
	"snout/shared/rollout"
	"snout/shared/routing"
	"snout/shared/store"
)

// file is the YAML that tells the operator's tools about a stage.
type file struct {
	Target     string   `yaml:"target"`
	Stage      string   `yaml:"stage"`
	Production *bool    `yaml:"production"` // left out: a stage whose name begins with prod
	Org        string   `yaml:"org"`
	Owner      sign     `yaml:"owner"`
	Sitter     signedBy `yaml:"sitter"`
	Other      signedBy `yaml:"otherSitter"`
	Ops        sign     `yaml:"ops"`
	Phones     struct {
		Client   string `yaml:"client"`
		Second   string `yaml:"second"`
		Stranger string `yaml:"stranger"`
	} `yaml:"phones"`
	Service string `yaml:"service"`
	Shards  int    `yaml:"tableShards"` // as the functions have it; left out: one
	Flags   string `yaml:"flags"`       // ssm, or local
	AWS     struct {
		Region   string `yaml:"region"`
		Profile  string `yaml:"profile"`
		Endpoint string `yaml:"endpoint"`
		// MediaBucket holds the pictures: the stack's bucket, whose name has the account in it.
		MediaBucket string `yaml:"mediaBucket"`
	} `yaml:"aws"`
	Carrier struct {
		AccountSid       string `yaml:"accountSid"`
		TokenEnv         string `yaml:"tokenEnv"` // the environment variable that holds the auth token
		BaseURL          string `yaml:"baseURL"`
		MessagingBaseURL string `yaml:"messagingBaseURL"`
		MessagingService string `yaml:"messagingService"` // MG…, whose campaign the numbers send under
	} `yaml:"carrier"`
	Logs struct {
		File    string `yaml:"file"`
		Command string `yaml:"command"`
	} `yaml:"logs"`
}

// sign says where a person's token comes from.
type sign struct {
	Token        string `yaml:"token"`
	TokenEnv     string `yaml:"tokenEnv"`
	TokenFile    string `yaml:"tokenFile"`
	TokenCommand string `yaml:"tokenCommand"`
	Local        string `yaml:"local"` // a subject of a local world's issuer
}

type signedBy struct {
	ID   string `yaml:"id"`
	sign `yaml:",inline"`
}

// options are the flags that every operator's tool takes.
type options struct {
	config, target, stage, org string
	json                       bool
}

func (o *options) add(c *cobra.Command) {
	f := c.PersistentFlags()
	f.StringVarP(&o.config, "config", "c", "", "YAML file about the stage (default: none, for a local world)")
	f.StringVar(&o.target, "target", "", "address of the stage, such as https://messages.example.com or http://127.0.0.1:8787")
	f.StringVar(&o.stage, "stage", "", "the stage that is meant; the target must say the same")
	f.StringVar(&o.org, "org", "", "the org that is meant")
	f.BoolVar(&o.json, "json", false, "write JSON for machines")
}

// stage is one deployment, with every way to it.
type stage struct {
	file
	local    *rollout.Local // nil: not a local world
	world    rollout.LocalWorld
	api      *rollout.API
	switches rollout.Switches
	phones   rollout.Phones
	logs     rollout.Logs
	http     *http.Client
}

func input(format string, args ...any) error {
	return &rollout.BadInput{Sentence: fmt.Sprintf(format, args...)}
}

// reach reads the configuration and finds out whether the target is a local world.
func (o *options) reach(ctx context.Context) (*stage, error) {
	s := &stage{http: &http.Client{Timeout: 60 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	if o.config != "" {
		b, err := os.ReadFile(o.config)
		if err != nil {
			return nil, input("The configuration cannot be read: %v.", err)
		}
		d := yaml.NewDecoder(bytes.NewReader(b))
		d.KnownFields(true)
		if err := d.Decode(&s.file); err != nil {
			return nil, input("The configuration %s is malformed: %s.", o.config, strings.Join(strings.Fields(err.Error()), " "))
		}
	}
	for _, x := range []struct {
		to  *string
		own string
	}{{&s.Target, o.target}, {&s.Stage, o.stage}, {&s.Org, o.org}} {
		if x.own != "" {
			*x.to = x.own
		}
	}
	if s.Target == "" {
		return nil, input("Name the target: --target URL, or target in the configuration.")
	}
	u, err := url.Parse(s.Target)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, input("The target %q is no address such as https://messages.example.com.", s.Target)
	}
	s.Target = strings.TrimSuffix(s.Target, "/")
	s.api = &rollout.API{Base: s.Target, HTTP: s.http, People: map[rollout.Person]rollout.Credential{}}
	if loopback(u.Hostname()) {
		l := &rollout.Local{Base: s.Target, HTTP: s.http}
		switch w, err := l.World(ctx); {
		case err == nil:
			s.local, s.world = l, w
		case errors.Is(err, rollout.ErrUnreachable):
			return nil, input("%s: %v.", s.Target, err)
		}
	}
	s.people()
	if s.local != nil {
		s.asLocal()
	} else if s.Stage == "" {
		r := &rollout.Runner{Config: rollout.Config{Target: s.Target}, API: s.api}
		return nil, r.Identify(ctx)
	}
	return s, s.outside()
}

func loopback(host string) bool {
	return host == "localhost" || strings.HasPrefix(host, "127.") || host == "::1"
}

func (s *stage) people() {
	for p, sg := range map[rollout.Person]sign{rollout.Owner: s.Owner, rollout.TestSitter: s.Sitter.sign, rollout.OtherSitter: s.Other.sign, rollout.Ops: s.Ops} {
		if c := s.credential(sg); c != nil {
			s.api.People[p] = c
		}
	}
}

// credential is how a token is fetched; nil where nothing was said.
func (s *stage) credential(g sign) rollout.Credential {
	switch {
	case g.Local != "" && s.local != nil:
		return s.local.Token(g.Local)
	case g.TokenCommand != "":
		return func(ctx context.Context) (string, error) {
			var faults bytes.Buffer
			c := exec.CommandContext(ctx, "sh", "-c", g.TokenCommand)
			c.Stderr = &faults
			out, err := c.Output()
			if err != nil {
				return "", fmt.Errorf("the token command failed (%w): %s", err, strings.TrimSpace(faults.String()))
			}
			return strings.TrimSpace(string(out)), nil
		}
	case g.TokenFile != "":
		return func(context.Context) (string, error) {
			b, err := os.ReadFile(g.TokenFile)
			return strings.TrimSpace(string(b)), err
		}
	case g.TokenEnv != "":
		return func(context.Context) (string, error) {
			if v := os.Getenv(g.TokenEnv); v != "" {
				return v, nil
			}
			return "", fmt.Errorf("the environment variable %s is empty", g.TokenEnv)
		}
	case g.Token != "":
		return func(context.Context) (string, error) { return g.Token, nil }
	}
	return nil
}

// asLocal fills in what a local world says about itself.
func (s *stage) asLocal() {
	if s.Stage == "" {
		s.Stage = "local"
	}
	person := func(p rollout.Person, sub string) {
		if s.api.People[p] == nil && sub != "" {
			s.api.People[p] = s.local.Token(sub)
		}
	}
	if len(s.world.Owners) > 0 {
		person(rollout.Owner, s.world.Owners[0].Sub)
	}
	person(rollout.Ops, "ops-1")
	for _, x := range s.world.Sitters {
		switch {
		case s.Sitter.ID == "" || s.Sitter.ID == x.ID:
			if s.api.People[rollout.TestSitter] == nil {
				s.Sitter.ID = x.ID
				person(rollout.TestSitter, x.Sub)
			}
		case s.api.People[rollout.OtherSitter] == nil:
			person(rollout.OtherSitter, x.Sub)
		}
	}
	if s.Org == "" && s.world.Org != nil {
		s.Org = s.world.Org.ID
	}
	for _, x := range []struct {
		to  *string
		own string
	}{{&s.Phones.Client, "+15555550141"}, {&s.Phones.Second, "+15555550142"}, {&s.Phones.Stranger, "+15555550143"}} {
		if *x.to == "" {
			*x.to = x.own
		}
	}
	if s.AWS.Endpoint == "" {
		s.AWS.Endpoint = s.Target
	}
	if s.AWS.Region == "" {
		s.AWS.Region = "us-east-1"
	}
}

// outside makes the ways to the flags, the phones and the logs.
func (s *stage) outside() error {
	if s.local != nil {
		s.switches, s.phones, s.logs = s.local, s.local, s.local
		if s.Flags == "ssm" {
			s.switches = &parameters{stage: s}
		}
	} else {
		if s.Flags == "local" {
			return input("The flags of %s cannot be set through /local: it is no local world.", s.Target)
		}
		s.switches = &parameters{stage: s}
		s.phones = &accountPhones{s}
	}
	switch {
	case s.Logs.File != "":
		s.logs = &logFile{path: s.Logs.File, at: -1}
	case s.Logs.Command != "":
		s.logs = &logCommand{command: s.Logs.Command}
	}
	return nil
}

func (s *stage) production() bool {
	if s.Production != nil {
		return *s.Production
	}
	return strings.HasPrefix(strings.ToLower(s.Stage), "prod")
}

// aws is the SDK's configuration for the stage.
func (s *stage) aws(ctx context.Context) (aws.Config, error) {
	var opts []func(*config.LoadOptions) error
	if s.AWS.Region != "" {
		opts = append(opts, config.WithRegion(s.AWS.Region))
	}
	if s.AWS.Profile != "" {
		opts = append(opts, config.WithSharedConfigProfile(s.AWS.Profile))
	}
	if s.AWS.Endpoint != "" {
		opts = append(opts, config.WithBaseEndpoint(s.AWS.Endpoint))
	}
	if s.local != nil {
		opts = append(opts, config.WithCredentialsProvider(credentials.NewStaticCredentialsProvider("local", "local", "")))
	}
	return account(ctx, opts...)
}

// account is the SDK's configuration of an account that can be asked: without somebody
// to ask as, the SDK would tell with the first call, and at length.
func account(ctx context.Context, opts ...func(*config.LoadOptions) error) (aws.Config, error) {
	cfg, err := config.LoadDefaultConfig(ctx, opts...)
	if err != nil {
		return cfg, fmt.Errorf("AWS configuration: %w", err)
	}
	if cfg.Region == "" && cfg.BaseEndpoint == nil {
		return cfg, input("No AWS region is set: name one in the configuration (aws: region), in AWS_REGION or in your profile.")
	}
	if _, err := cfg.Credentials.Retrieve(ctx); err != nil {
		if ctx.Err() != nil {
			return cfg, ctx.Err()
		}
		return cfg, input("No AWS credentials were found, or they have expired: sign in (`aws sso login`, or `aws configure`), or name a profile (AWS_PROFILE).")
	}
	return cfg, nil
}

func (s *stage) table(ctx context.Context) (*store.Table, error) {
	cfg, err := s.aws(ctx)
	if err != nil {
		return nil, err
	}
	return store.New(dynamodb.NewFromConfig(cfg), s.tableName()).Sharded(max(s.Shards, 1)), nil
}

func (s *stage) tableName() string { return "snout-" + s.Stage }

func (s *stage) params(ctx context.Context) (*ssm.Client, error) {
	cfg, err := s.aws(ctx)
	if err != nil {
		return nil, err
	}
	return ssm.NewFromConfig(cfg), nil
}

func (s *stage) flagsPath() string { return "/snout/" + s.Stage + "/flags/" }

// carrier is the carrier's client with the account's credentials.
func (s *stage) carrier() (*carrier.Client, error) {
	account, secret, base := s.Carrier.AccountSid, os.Getenv(s.Carrier.TokenEnv), s.Carrier.BaseURL
	if s.local != nil && account == "" {
		account, secret, base = s.world.Carrier.AccountSid, s.world.Carrier.AuthToken, s.Target
	}
	if account == "" || secret == "" {
		return nil, errors.New("there are no credentials for the carrier: set carrier.accountSid, and carrier.tokenEnv to the environment variable that holds the auth token")
	}
	return carrier.NewClient(carrier.ClientConfig{Credentials: carrier.StaticCredentials(carrier.Credentials{AccountSid: account, Secret: secret}), BaseURL: base})
}

// accountPhones are test phones that are further numbers of the account: they text
// in, and what they receive is read back from the carrier's list.
type accountPhones struct{ s *stage }

func (p *accountPhones) Text(ctx context.Context, from, to, body string) (string, error) {
	c, err := p.s.carrier()
	if err != nil {
		return "", err
	}
	f, ferr := routing.ParsePhone(from)
	t, terr := routing.ParsePhone(to)
	if err := errors.Join(ferr, terr); err != nil {
		return "", err
	}
	made, err := c.Create(ctx, carrier.Message{From: f, To: t, Body: body})
	return made.Sid, err
}

func (p *accountPhones) Received(ctx context.Context, phone string, since time.Time) ([]rollout.Text, error) {
	c, err := p.s.carrier()
	if err != nil {
		return nil, err
	}
	to, err := routing.ParsePhone(phone)
	if err != nil {
		return nil, err
	}
	all, err := c.List(ctx, carrier.Query{To: to, Since: since})
	if err != nil {
		return nil, err
	}
	var ts []rollout.Text
	for i := len(all) - 1; i >= 0; i-- { // the carrier lists the newest first
		if m := all[i]; !m.CreatedAt.Before(since.Truncate(time.Second)) && m.Inbound {
			ts = append(ts, rollout.Text{From: reveal(m.From), Body: m.Body, Sid: m.Sid, At: m.CreatedAt})
		}
	}
	return ts, nil
}

// reveal is a number of the account's own, whole, to be compared with another.
func reveal(p routing.Phone) string { return p.E164() }

// logFile reads a log file from where it ended when the run began.
type logFile struct {
	path string
	at   int64
}

func (l *logFile) Since(context.Context) ([]string, error) {
	b, err := os.ReadFile(l.path)
	if err != nil {
		return nil, err
	}
	if l.at < 0 || l.at > int64(len(b)) {
		l.at = int64(len(b))
		return nil, nil
	}
	end := int64(bytes.LastIndexByte(b, '\n') + 1)
	if end <= l.at {
		return nil, nil
	}
	lines := strings.Split(strings.TrimSuffix(string(b[l.at:end]), "\n"), "\n")
	l.at = end
	return lines, nil
}

// logCommand runs a command that prints the log lines written since SNOUT_SINCE, such
// as the cloud's own command-line tool.
type logCommand struct {
	command string
	since   time.Time
}

func (l *logCommand) Since(ctx context.Context) ([]string, error) {
	now := time.Now()
	if l.since.IsZero() {
		l.since = now
		return nil, nil
	}
	c := exec.CommandContext(ctx, "sh", "-c", l.command)
	c.Env = append(os.Environ(), "SNOUT_SINCE="+l.since.UTC().Format(time.RFC3339))
	out, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("the log command failed: %w", err)
	}
	l.since = now
	if len(bytes.TrimSpace(out)) == 0 {
		return nil, nil
	}
	return strings.Split(strings.TrimRight(string(out), "\n"), "\n"), nil
}

// word is a short word of letters that nobody else uses: digits would look like a
// contact swap to the screening.
func word() string {
	b := make([]byte, 8)
	_, _ = rand.Read(b) // never fails
	for i := range b {
		b[i] = "bcdfghjklmnpqrstvwxz"[int(b[i])%20]
	}
	return string(b)
}
