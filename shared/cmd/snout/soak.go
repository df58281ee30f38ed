package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"snout/shared/sandbox"
)

// The bounds of a soak: it is for one machine, and it must end.
const (
	soakLongest  = time.Hour
	soakFastest  = 500     // events a second
	soakMost     = 100_000 // events in all
	soakAtOnce   = 64
	soakSettling = 2 * time.Minute
)

type soakPlan struct {
	url      string
	duration time.Duration
	rate     float64
	count    int
	seed     uint64
	faults   bool
}

func soak() *cobra.Command {
	p := soakPlan{}
	c := &cobra.Command{
		Use: "soak", Short: "Put a local system under load, and check that nothing was lost or doubled", Args: cobra.NoArgs,
		Long: "Texts from phones, messages from the owner and looks into the inbox, at a steady rate, against a local system: one of its own, or one that runs already.\n" +
			"At the end it waits until everything is delivered and compares what was accepted with what is in the threads and on the phones.",
		Example: "  snout soak --duration 1m --rate 50\n  snout soak --url http://127.0.0.1:8787 --duration 10s --rate 5",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := p.check(); err != nil {
				return err
			}
			if p.url == "" {
				w, err := sandbox.Start(cmd.Context(), sandbox.Options{Addr: "127.0.0.1:0", Seed: "demo"})
				if err != nil {
					return err
				}
				defer w.Close()
				p.url = w.URL
			}
			report, err := p.run(cmd.Context(), cmd.OutOrStdout())
			if err != nil {
				return err
			}
			fmt.Fprint(cmd.OutOrStdout(), report)
			if report.wrong() {
				return exit(1)
			}
			return nil
		},
	}
	f := c.Flags()
	f.DurationVar(&p.duration, "duration", 30*time.Second, "how long, at most "+soakLongest.String())
	f.Float64Var(&p.rate, "rate", 20, fmt.Sprintf("events a second, at most %d", soakFastest))
	f.IntVar(&p.count, "count", soakMost, fmt.Sprintf("events in all, at most %d", soakMost))
	f.StringVar(&p.url, "url", "", "a local system that runs already (default: one of its own)")
	f.Uint64Var(&p.seed, "seed", 1, "of who does what")
	f.BoolVar(&p.faults, "faults", false, "let table and carrier fail now and then")
	return c
}

func (p soakPlan) check() error {
	switch {
	case p.duration <= 0 || p.duration > soakLongest:
		return fmt.Errorf("--duration must be more than nothing and at most %s", soakLongest)
	case !(p.rate > 0) || p.rate > soakFastest:
		return fmt.Errorf("--rate must be more than nothing and at most %d", soakFastest)
	case p.count < 1 || p.count > soakMost:
		return fmt.Errorf("--count must be 1 to %d", soakMost)
	case p.url == "":
		return nil
	}
	u, err := url.Parse(p.url)
	if err != nil || u.Scheme != "http" || net.ParseIP(u.Hostname()) == nil || !net.ParseIP(u.Hostname()).IsLoopback() {
		return errors.New("--url must be http on a loopback address: a soak is for the local system alone")
	}
	return nil
}

// soakReport is what a soak found.
type soakReport struct {
	elapsed                                    time.Duration
	begun, texts, accepted, sends, sent, looks int
	late, refused, faults                      int
	took                                       []time.Duration
	missing, doubled, unsettled, twice         []string
	threads, events                            int
}

func (r *soakReport) wrong() bool {
	return len(r.missing)+len(r.doubled)+len(r.unsettled)+len(r.twice) > 0
}

func (r *soakReport) String() string {
	slices.Sort(r.took)
	at := func(q float64) time.Duration {
		if len(r.took) == 0 {
			return 0
		}
		return r.took[min(len(r.took)-1, int(q*float64(len(r.took))))].Round(100 * time.Microsecond)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n%d events in %s (%.1f a second): %d texts (%d accepted), %d messages (%d accepted), %d looks; %d refused, %d faults, %d begun late\n",
		r.begun, r.elapsed.Round(time.Millisecond), float64(r.begun)/r.elapsed.Seconds(), r.texts, r.accepted, r.sends, r.sent, r.looks, r.refused, r.faults, r.late)
	fmt.Fprintf(&b, "answers: half within %s, 95%% within %s, 99%% within %s, the slowest %s\n", at(.5), at(.95), at(.99), at(1))
	fmt.Fprintf(&b, "afterwards %d threads with %d events: %d lost, %d taken in twice, %d on a phone twice, %d unfinished\n", r.threads, r.events, len(r.missing), len(r.doubled), len(r.twice), len(r.unsettled))
	for _, l := range []struct {
		what string
		list []string
	}{{"lost", r.missing}, {"taken in twice", r.doubled}, {"on a phone twice", r.twice}, {"unfinished", r.unsettled}} {
		for _, x := range l.list[:min(5, len(l.list))] {
			fmt.Fprintf(&b, "  %s: %s\n", l.what, x)
		}
	}
	return b.String()
}

// soaking is one soak under way.
type soaking struct {
	soakPlan
	client *http.Client
	token  string
	run    string // makes the bodies of this run its own

	mu       sync.Mutex
	report   soakReport
	accepted []string // bodies of texts
	sent     []string // bodies of messages
	threads  []string
}

var soakPhones = [...]string{"+13105550111", "+13105550112", "+13105550113", "+13105550114", "+13105550115", "+13105550116", "+13105550191", "+13105550192"}
var soakNumbers = [...]string{"+12135550100", "+12135550101", "+12135550102", "+12135550103", "+12135550104"}

func (p soakPlan) run(ctx context.Context, out io.Writer) (*soakReport, error) {
	s := &soaking{soakPlan: p, run: fmt.Sprintf("%x", time.Now().UnixNano()), client: &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: soakAtOnce}}}
	defer s.client.CloseIdleConnections()
	var tok struct{ Token string }
	if _, err := s.call(ctx, http.MethodPost, "/local/token", map[string]string{"sub": "owner-1"}, &tok, ""); err != nil {
		return nil, fmt.Errorf("no local system answers at %s: %w", p.url, err)
	}
	s.token = tok.Token
	rng := rand.New(rand.NewPCG(p.seed, 1))
	began := time.Now()
	ticker := time.NewTicker(time.Duration(float64(time.Second) / p.rate))
	defer ticker.Stop()
	progress := time.NewTicker(time.Second)
	defer progress.Stop()
	end := time.NewTimer(p.duration)
	defer end.Stop()
	var under sync.WaitGroup
	slots := make(chan struct{}, soakAtOnce)
	n := 0
loop:
	for n < p.count {
		select {
		case <-ctx.Done():
			break loop
		case <-end.C:
			break loop
		case <-progress.C:
			s.progress(out, n, time.Since(began))
		case <-ticker.C:
			n++
			i, a, b, c := n, rng.IntN(100), rng.IntN(1000), rng.IntN(1000)
			if p.faults && i%17 == 0 {
				s.trouble(ctx, b)
			}
			select {
			case slots <- struct{}{}:
			default:
				s.mu.Lock()
				s.report.late++
				s.mu.Unlock()
				slots <- struct{}{}
			}
			under.Go(func() {
				defer func() { <-slots }()
				s.one(ctx, i, a, b, c)
			})
		}
	}
	under.Wait()
	s.report.begun, s.report.elapsed = n, time.Since(began)
	s.progress(out, n, s.report.elapsed)
	if ctx.Err() != nil {
		// Interrupted: what has been done so far is still checked.
		ctx = context.WithoutCancel(ctx)
	}
	ctx, cancel := context.WithTimeout(ctx, soakSettling)
	defer cancel()
	return &s.report, s.verify(ctx)
}

func (s *soaking) progress(out io.Writer, n int, elapsed time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprintf(out, "\r%6s  %d events, %d texts and %d messages accepted, %d refused, %d faults   ", elapsed.Round(time.Second), n, len(s.accepted), len(s.sent), s.report.refused, s.report.faults)
}

// trouble makes the next call of some kind fail.
func (s *soaking) trouble(ctx context.Context, n int) {
	fs := []map[string]any{
		{"table": map[string]any{"next": []string{"throttle"}}}, {"table": map[string]any{"next": []string{"timeout-after-commit"}}}, {"table": map[string]any{"next": []string{"conflict"}}},
		{"carrier": map[string]any{"next": []string{"429"}}}, {"carrier": map[string]any{"next": []string{"report-twice", "reports-reordered"}}}, {"carrier": map[string]any{"next": []string{"timeout-after-accept"}}},
		{"carrier": map[string]any{"next": []string{"webhook-twice"}}},
	}
	_, _ = s.call(ctx, http.MethodPost, "/local/faults", fs[n%len(fs)], nil, "")
}

// one does one thing: mostly a text from a phone, else a message or a look.
func (s *soaking) one(ctx context.Context, i, a, b, c int) {
	began := time.Now()
	body := fmt.Sprintf("soak %s number %d, see you soon", s.run, i)
	var status int
	var err error
	s.mu.Lock()
	threads := s.threads
	s.mu.Unlock()
	switch {
	case a < 70 || len(threads) == 0 && a < 90:
		var got struct{ Status int }
		status, err = s.call(ctx, http.MethodPost, "/local/phones/"+soakPhones[b%len(soakPhones)]+"/texts", map[string]string{"to": soakNumbers[c%len(soakNumbers)], "body": body}, &got, "")
		s.mu.Lock()
		s.report.texts++
		if err == nil && got.Status >= 200 && got.Status < 300 {
			s.report.accepted++
			s.accepted = append(s.accepted, body)
		}
		s.mu.Unlock()
	case a < 90:
		for range 3 { // as the page does: the same key until there is an answer
			status, err = s.call(ctx, http.MethodPost, "/api/messages/send", map[string]string{"threadId": threads[b%len(threads)], "text": body}, nil, fmt.Sprintf("%s-%d", s.run, i))
			if status < 500 && status != 0 {
				break
			}
		}
		s.mu.Lock()
		s.report.sends++
		if status == http.StatusAccepted {
			s.report.sent++
			s.sent = append(s.sent, body)
		}
		s.mu.Unlock()
	default:
		var list struct {
			Threads []struct{ ID string }
		}
		status, err = s.call(ctx, http.MethodGet, "/api/messages/threads?box=conversations&limit=50", nil, &list, "")
		s.mu.Lock()
		s.report.looks++
		if status == http.StatusOK {
			s.threads = nil
			for _, th := range list.Threads {
				s.threads = append(s.threads, th.ID)
			}
		}
		s.mu.Unlock()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.report.took = append(s.report.took, time.Since(began))
	switch {
	case err != nil || status >= 500:
		s.report.faults++
	case status >= 400:
		s.report.refused++
	}
}

func (s *soaking) call(ctx context.Context, method, path string, in, out any, key string) (int, error) {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return 0, err
		}
		body = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(ctx, method, s.url+path, body)
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", "application/json")
	if strings.HasPrefix(path, "/api/") {
		r.Header.Set("Authorization", "Bearer "+s.token)
	}
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	res, err := s.client.Do(r)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return res.StatusCode, err
	}
	if out != nil && res.StatusCode < 300 {
		return res.StatusCode, json.Unmarshal(b, out)
	}
	return res.StatusCode, nil
}

// must makes a call without which there is nothing to verify.
func (s *soaking) must(ctx context.Context, method, path string, in, out any) error {
	status, err := s.call(ctx, method, path, in, out, "")
	if err == nil && status >= 300 {
		err = fmt.Errorf("the answer is %d", status)
	}
	route, _, _ := strings.Cut(path, "?")
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, route, err)
	}
	return nil
}

// verify waits for rest and compares what was accepted with what there is.
func (s *soaking) verify(ctx context.Context) error {
	// No argument clears what faults are left, so that the end is a healthy one.
	none := map[string]any{"next": []string{}}
	if err := s.must(ctx, http.MethodPost, "/local/faults", map[string]any{"table": none, "carrier": none}, nil); err != nil {
		return err
	}
	// A text that was tried again later, or of which nobody could tell, takes the
	// outbox its minutes: the local clock is moved on for them.
	for range 20 {
		if err := s.must(ctx, http.MethodPost, "/local/settle", nil, nil); err != nil {
			return err
		}
		if !s.faults {
			break
		}
		if err := s.must(ctx, http.MethodPost, "/local/clock", map[string]string{"advance": "61s"}, nil); err != nil {
			return err
		}
	}
	in, sent, phones, err := s.found(ctx)
	if err != nil {
		return err
	}
	for _, body := range s.accepted {
		switch n := in[body]; {
		case n == 0:
			s.report.missing = append(s.report.missing, body)
		case n > 1:
			s.report.doubled = append(s.report.doubled, body)
		}
	}
	for _, body := range s.sent {
		switch st := sent[body]; {
		case len(st) == 0:
			s.report.missing = append(s.report.missing, body)
		case len(st) > 1:
			s.report.doubled = append(s.report.doubled, body)
		case st[0] == "queued" || st[0] == "sending":
			s.report.unsettled = append(s.report.unsettled, body+" is "+st[0])
		}
	}
	for body, n := range phones {
		if n > 1 {
			s.report.twice = append(s.report.twice, body)
		}
	}
	return nil
}

// found counts this run's texts in the threads and its messages on the phones.
func (s *soaking) found(ctx context.Context) (in map[string]int, sent map[string][]string, phones map[string]int, err error) {
	in, sent, phones = map[string]int{}, map[string][]string{}, map[string]int{}
	mark := "soak " + s.run
	var threads []string
	for cursor := ""; ; {
		var list struct {
			Threads []struct{ ID string }
			Cursor  *string
		}
		err := s.must(ctx, http.MethodGet, "/api/messages/threads?box=conversations&limit=100&cursor="+url.QueryEscape(cursor), nil, &list)
		if err != nil {
			return nil, nil, nil, err
		}
		for _, th := range list.Threads {
			threads = append(threads, th.ID)
		}
		if list.Cursor == nil {
			break
		}
		cursor = *list.Cursor
	}
	s.report.threads = len(threads)
	for _, id := range threads {
		for cursor := ""; ; {
			var th struct {
				Events []struct{ Direction, Text, Status string }
				Cursor *string
			}
			err := s.must(ctx, http.MethodGet, "/api/messages/threads/"+id+"?limit=100&cursor="+url.QueryEscape(cursor), nil, &th)
			if err != nil {
				return nil, nil, nil, err
			}
			for _, e := range th.Events {
				s.report.events++
				switch {
				case !strings.HasPrefix(e.Text, mark):
				case e.Direction == "inbound":
					in[e.Text]++
				case e.Direction == "outbound":
					sent[e.Text] = append(sent[e.Text], e.Status)
				}
			}
			if th.Cursor == nil {
				break
			}
			cursor = *th.Cursor
		}
	}
	for _, p := range soakPhones {
		var got struct{ Texts []struct{ Body string } }
		if err := s.must(ctx, http.MethodGet, "/local/phones/"+p+"/texts", nil, &got); err != nil {
			return nil, nil, nil, err
		}
		for _, t := range got.Texts {
			if strings.HasPrefix(t.Body, mark) {
				phones[t.Body]++
			}
		}
	}
	return in, sent, phones, nil
}
