// Package twilio is a carrier that behaves like Twilio, on one machine and with
// the clock in hand: its REST API as twilio-go calls it, the phones at the
// other end, signed webhooks and status reports, and its misbehaviour on
// request.
//
// It must never be part of anything that is deployed, never reach beyond the
// HTTP client it is given, and never be kinder than Twilio: what Twilio refuses,
// it refuses with the same code. It shares no code with the adapter it checks,
// so that a mistake there cannot hide by being made twice.
package twilio

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Config says who the carrier's customer is and how the world is reached.
type Config struct {
	AccountSid    string // AC and 32 hexadecimal digits
	AuthToken     string // signs webhooks and opens the REST API
	PublicBaseURL string // the customer's public address; status callbacks there are let through even on loopback
	APIBaseURL    string // where this carrier can be reached, for the addresses of pictures; empty: https://api.twilio.com
	// DefaultSMSURL and DefaultFallbackURL serve numbers that were never added,
	// as if each were rented and forgotten. Empty: texting such a number is an
	// error.
	DefaultSMSURL      string
	DefaultFallbackURL string
	AdvancedOptOut     bool             // adds OptOutType to webhooks of keywords, as Advanced Opt-Out does
	HTTP               *http.Client     // posts the webhooks; nil: one that cannot leave this machine
	Now                func() time.Time // nil: time.Now
	// Spawn starts what the carrier does by itself (reports, texts between numbers of
	// the customer's own); nil: a goroutine for each. A scheduler of one's own decides
	// when. It is called under the carrier's lock and must not run the work at once.
	Spawn func(work func())
	Sid   func(prefix string) string // makes an identifier; nil: random
}

// Text is one message that a phone has received.
type Text struct {
	From  string
	Body  string
	At    time.Time
	Sid   string
	Media []string
}

// TextResult is what became of a text from a phone.
type TextResult struct {
	Sid      string
	Status   int    // HTTP status of the last answer; 0: nobody answered
	TwiML    string // body of that answer
	Attempts int    // requests made, repeats and fallback included
	Fallback bool   // the answer came from the fallback URL
}

// Metrics counts what has happened since New.
type Metrics struct {
	MessagesCreated  int `json:"messagesCreated"`  // through the REST API
	MessagesRefused  int `json:"messagesRefused"`  // validation, opt-out, 429 and other faults that created nothing
	AnswersLost      int `json:"answersLost"`      // created, and the customer was not told so
	RepliesSent      int `json:"repliesSent"`      // by TwiML
	RepliesBlocked   int `json:"repliesBlocked"`   // by TwiML, to somebody who opted out
	KeywordReplies   int `json:"keywordReplies"`   // the carrier's own answers to STOP, START, HELP
	TextsReceived    int `json:"textsReceived"`    // from phones
	WebhooksPosted   int `json:"webhooksPosted"`   // requests, repeats included
	WebhooksRepeated int `json:"webhooksRepeated"` // of these, repeats
	WebhooksLost     int `json:"webhooksLost"`
	Fallbacks        int `json:"fallbacks"`
	ReportsPosted    int `json:"reportsPosted"` // requests, repeats included
	ReportsLost      int `json:"reportsLost"`
	ReportsFailed    int `json:"reportsFailed"` // given up after all repeats
	FaultsUsed       int `json:"faultsUsed"`
}

// Carrier is the simulator. It is an http.Handler for /2010-04-01/… and safe
// for concurrent use.
type Carrier struct {
	cfg       Config
	stop      context.Context
	cancel    context.CancelFunc
	wg        sync.WaitGroup
	reporters chan struct{} // bounds the reports under way

	mu      sync.Mutex
	closed  bool
	numbers []*number // in the order they were rented
	log     []*message
	bySid   map[string]*message
	media   map[string]*mediaItem // by sid
	store   map[string]*mediaItem // by the short-lived name under which they can be fetched
	inbox   map[string][]Text
	blocked map[pairKey]bool
	faults  []string
	pending int
	idle    chan struct{} // closed while nothing is pending
	counts  Metrics
}

// pairKey is one of our numbers and a phone.
type pairKey struct{ number, phone string }

type number struct {
	sid, phone, name            string
	smsURL, smsMethod           string
	fallbackURL, fallbackMethod string
	applicationSid              string
	statusURL, statusMethod     string // of calls; a text has its own
	created, updated            time.Time
	sms, mms, voice             bool
}

type message struct {
	sid, from, to, body     string
	direction, status       string
	callback                string
	errorCode               int
	media                   []*mediaItem
	created, updated, dated time.Time // dated is date_sent; zero while it waits
	deleted                 bool
}

type mediaItem struct {
	sid, parent, contentType, source string
	created                          time.Time
	deleted                          bool
}

// New makes a carrier. Close ends its goroutines.
func New(cfg Config) *Carrier {
	if cfg.HTTP == nil {
		cfg.HTTP = &http.Client{Transport: Loopback()}
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Spawn == nil {
		cfg.Spawn = func(work func()) { go work() }
	}
	if cfg.Sid == nil {
		cfg.Sid = newSid
	}
	if cfg.APIBaseURL == "" {
		cfg.APIBaseURL = "https://api.twilio.com"
	}
	stop, cancel := context.WithCancel(context.Background())
	c := &Carrier{
		cfg: cfg, stop: stop, cancel: cancel,
		reporters: make(chan struct{}, 16),
		bySid:     map[string]*message{},
		media:     map[string]*mediaItem{},
		store:     map[string]*mediaItem{},
		inbox:     map[string][]Text{},
		blocked:   map[pairKey]bool{},
		idle:      make(chan struct{}),
	}
	close(c.idle)
	return c
}

// Close stops what is under way and waits for it. The log stays readable.
func (c *Carrier) Close() {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.cancel()
	c.wg.Wait()
}

// AddNumber rents a number for the customer, or changes the addresses of one
// that is rented already.
func (c *Carrier) AddNumber(e164, smsURL, fallbackURL string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := c.rented(e164)
	if n == nil {
		n = &number{sid: c.sid("PN"), phone: e164, name: e164, created: c.now(), sms: true, mms: true, voice: true}
		c.numbers = append(c.numbers, n)
	}
	n.smsURL, n.smsMethod = smsURL, "POST"
	n.fallbackURL, n.fallbackMethod = fallbackURL, "POST"
	n.updated = c.now()
}

// RemoveNumber gives a number back: nothing can be sent from it any more.
func (c *Carrier) RemoveNumber(e164 string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.numbers = slices.DeleteFunc(c.numbers, func(n *number) bool { return n.phone == e164 })
}

// Received lists what a phone has got, oldest first.
func (c *Carrier) Received(e164 string) []Text {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := slices.Clone(c.inbox[e164])
	for i := range out {
		out[i].Media = slices.Clone(out[i].Media)
	}
	return out
}

// OptedOut tells whether the carrier blocks this pair.
func (c *Carrier) OptedOut(number, phone string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.blocked[pairKey{number, phone}]
}

// Metrics answers the counters so far.
func (c *Carrier) Metrics() Metrics {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.counts
}

// faultNames lists the faults that can be injected, with the kind of call that
// uses each up. Any five-digit code of the carrier is one too: refused at once,
// or, where the carrier says it only in a status report, after it was taken.
func faultNames() map[string]faultKind {
	return map[string]faultKind{
		"timeout-before-accept": onCreate, // the connection drops, nothing was created
		"timeout-after-accept":  onCreate, // created and delivered, and the connection drops
		"500":                   onCreate, // nothing was created
		"503":                   onCreate,
		"500-after-accept":      onCreate, // created and delivered all the same
		"garbage-after-accept":  onCreate, // created; the 201 holds no JSON
		"429":                   onCreate,
		"list-500":              onRead, // the next call that is not a create
		"list-429":              onRead,
		"list-timeout":          onRead,
		"report-lost":           onReport, // the next report is not posted
		"report-twice":          onReport,
		"reports-lost":          onSending, // none of the next message's reports is posted
		"reports-reordered":     onSending, // the next message's reports come last first
		"webhook-lost":          onWebhook, // the next text is in the log, and nobody is told
		"webhook-twice":         onWebhook, // posted once more after it was answered
		"webhook-timeout":       onWebhook, // the next answer comes too late to count
	}
}

type faultKind int

const (
	onCreate  faultKind = iota // used up by a call that creates a message
	onRead                     // by any other call
	onReport                   // by one report
	onSending                  // by the reports of one message
	onWebhook                  // by one text from a phone
)

func kindOf(fault string) (faultKind, bool) {
	if kind, ok := faultNames()[fault]; ok {
		return kind, true
	}
	if code, err := strconv.Atoi(fault); err == nil && code >= 10000 && code <= 99999 {
		return onCreate, true
	}
	return 0, false
}

// Inject appends faults; each is used up by the next call of its kind, in
// order. No argument clears the list. An unknown name is refused, and then
// nothing of the call is taken.
func (c *Carrier) Inject(faults ...string) error {
	for _, f := range faults {
		if _, ok := kindOf(f); !ok {
			known := slices.Sorted(maps.Keys(faultNames()))
			return fmt.Errorf("unknown carrier fault %q; there are %v and every five-digit code", f, known)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(faults) == 0 {
		c.faults = nil
	}
	c.faults = append(c.faults, faults...)
	return nil
}

// takeFault uses up the first waiting fault of a kind. The lock must be held.
func (c *Carrier) takeFault(kind faultKind) string {
	for i, f := range c.faults {
		if k, _ := kindOf(f); k == kind {
			c.faults = slices.Delete(c.faults, i, i+1)
			c.counts.FaultsUsed++
			return f
		}
	}
	return ""
}

// Settle returns once every report and repeat that is due has been posted and
// answered, and what these answers set off too. Nothing waits for the clock:
// the carrier's queues are empty, so all that it owes is due at once.
func (c *Carrier) Settle(ctx context.Context) error {
	for {
		c.mu.Lock()
		idle, pending := c.idle, c.pending
		c.mu.Unlock()
		if pending == 0 {
			return nil
		}
		select {
		case <-idle:
		case <-ctx.Done():
			return fmt.Errorf("carrier still has %d things to do: %w", pending, ctx.Err())
		}
	}
}

var errClosed = errors.New("the carrier is closed")

// begin notes that something is under way; false if the carrier is closed. The
// lock must be held.
func (c *Carrier) begin() bool {
	if c.closed {
		return false
	}
	if c.pending == 0 {
		c.idle = make(chan struct{})
	}
	c.pending++
	c.wg.Add(1)
	return true
}

func (c *Carrier) end() {
	c.mu.Lock()
	c.pending--
	if c.pending == 0 {
		close(c.idle)
	}
	c.mu.Unlock()
	c.wg.Done()
}

func (c *Carrier) now() time.Time { return c.cfg.Now().UTC() }

// rented finds a number; the lock must be held.
func (c *Carrier) rented(e164 string) *number {
	for _, n := range c.numbers {
		if n.phone == e164 {
			return n
		}
	}
	return nil
}

func (c *Carrier) sid(prefix string) string { return c.cfg.Sid(prefix) }

// newSid makes an identifier. They are random and not counted, because a table
// that outlives this process remembers the sids of an earlier one.
func newSid(prefix string) string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return prefix + hex.EncodeToString(b[:])
}

func newToken() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// isE164 is the carrier's own idea of a phone: a plus and 8 to 15 digits, and in
// North America ten after the country code.
func isE164(s string) bool {
	if len(s) < 9 || len(s) > 16 || s[0] != '+' || s[1] == '0' {
		return false
	}
	for _, c := range s[1:] {
		if c < '0' || c > '9' {
			return false
		}
	}
	return s[1] != '1' || len(s) == 12 && s[2] >= '2'
}

func isShortCode(s string) bool {
	if len(s) < 3 || len(s) > 6 {
		return false
	}
	for _, c := range s {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

func isWebURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != ""
}

// Loopback is a transport that cannot leave this machine: whatever address it is
// given, it connects to loopback or not at all.
func Loopback() *http.Transport {
	return &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			host, _, err := net.SplitHostPort(address)
			if err != nil {
				return nil, err
			}
			if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
				return nil, &net.OpError{Op: "dial", Net: network, Err: errors.New("this transport stays on this machine")}
			}
			var dialer net.Dialer
			return dialer.DialContext(ctx, network, address)
		},
		MaxIdleConnsPerHost: 16,
	}
}
