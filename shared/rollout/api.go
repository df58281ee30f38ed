package rollout

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"snout/shared/routing"
)

// Person is one of those whose eyes the program uses.
type Person string

// The people a rollout signs in as.
const (
	Owner       Person = "owner"
	TestSitter  Person = "sitter"
	OtherSitter Person = "another sitter"
	Ops         Person = "ops"
	Nobody      Person = ""
)

// Credential fetches a person's token; it is asked again when one is refused.
type Credential func(ctx context.Context) (string, error)

// API is the target's public API.
type API struct {
	Base   string
	HTTP   *http.Client
	People map[Person]Credential

	mu     sync.Mutex
	tokens map[Person]string
	at     time.Time // the target's clock at its last answer
	seen   time.Time
	trail  []string // requests since the trail was last taken
}

// Answer is what the API said.
type Answer struct {
	Status  int
	Request string // its request id
	Code    string // of a problem
	Detail  string
	Next    json.RawMessage
	Raw     []byte
}

// ErrUnreachable and ErrToken are what a caller words for people.
var (
	ErrUnreachable = errors.New("the target cannot be reached")
	ErrToken       = errors.New("the token was refused")
)

// Now is the target's clock: that of its last answer, moved on by ours.
func (a *API) Now() time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.at.IsZero() {
		return time.Now().UTC()
	}
	return a.at.Add(time.Since(a.seen)).UTC()
}

// Trail takes the requests made since it was last taken, as evidence.
func (a *API) Trail() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	t := a.trail
	a.trail = nil
	return t
}

// Can tells whether there are credentials for a person.
func (a *API) Can(p Person) bool { return a.People[p] != nil }

// Token is a person's token; fresh asks for a new one.
func (a *API) Token(ctx context.Context, p Person, fresh bool) (string, error) {
	if p == Nobody {
		return "", nil
	}
	get := a.People[p]
	if get == nil {
		return "", fmt.Errorf("there are no credentials for the %s", p)
	}
	a.mu.Lock()
	t := a.tokens[p]
	a.mu.Unlock()
	if t != "" && !fresh {
		return t, nil
	}
	t, err := get(ctx)
	if err != nil {
		return "", fmt.Errorf("token of the %s: %w", p, err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.tokens == nil {
		a.tokens = map[Person]string{}
	}
	a.tokens[p] = strings.TrimSpace(t)
	return a.tokens[p], nil
}

// Claims are those of a token that matter here, unverified: the target verifies.
type Claims struct {
	Exp    int64  `json:"exp"`
	Org    string `json:"custom:org"`
	Role   string `json:"custom:role"`
	Sitter string `json:"custom:sitter"`
}

// ClaimsOf reads a token's claims.
func ClaimsOf(token string) (Claims, error) {
	var c Claims
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return c, errors.New("this is no JWT")
	}
	b, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return c, errors.New("this is no JWT")
	}
	return c, json.Unmarshal(b, &c)
}

// Call makes one request. Only a target that cannot be reached, a refused token and
// an answer of 5xx are errors; a refusal is an answer.
func (a *API) Call(ctx context.Context, p Person, method, path string, in, out any, headers ...string) (Answer, error) {
	ans, err := a.once(ctx, p, method, path, in, false, headers)
	if err == nil && ans.Status == http.StatusUnauthorized && p != Nobody {
		// Tokens live for an hour and a watch for a day.
		if ans, err = a.once(ctx, p, method, path, in, true, headers); err == nil && ans.Status == http.StatusUnauthorized {
			return ans, fmt.Errorf("%w: that of the %s at %s", ErrToken, p, shortPath(path))
		}
	}
	if err != nil {
		return ans, err
	}
	if out != nil && ans.Status < 300 {
		if err := json.Unmarshal(ans.Raw, out); err != nil {
			return ans, failed("%s %s answered %d with what cannot be read: %v", method, shortPath(path), ans.Status, err)
		}
	}
	return ans, nil
}

func (a *API) once(ctx context.Context, p Person, method, path string, in any, fresh bool, headers []string) (Answer, error) {
	token, err := a.Token(ctx, p, fresh)
	if err != nil {
		return Answer{}, err
	}
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return Answer{}, err
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, a.Base+path, body)
	if err != nil {
		return Answer{}, err
	}
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := a.HTTP.Do(req)
	if err != nil {
		if ctx.Err() != nil {
			return Answer{}, ctx.Err()
		}
		return Answer{}, fmt.Errorf("%w: %s", ErrUnreachable, plainNetError(err))
	}
	defer res.Body.Close()
	ans := Answer{Status: res.StatusCode, Request: res.Header.Get("Apigw-Requestid")}
	if ans.Raw, err = io.ReadAll(io.LimitReader(res.Body, 8<<20)); err != nil {
		return ans, fmt.Errorf("%w: %s", ErrUnreachable, plainNetError(err))
	}
	var no struct {
		Code   string          `json:"code"`
		Detail string          `json:"detail"`
		Next   json.RawMessage `json:"nextWindow"`
	}
	if ans.Status >= 400 {
		_ = json.Unmarshal(ans.Raw, &no)
		ans.Code, ans.Detail, ans.Next = no.Code, no.Detail, no.Next
	}
	a.note(res.Header, fmt.Sprintf("%s %s → %d%s [%s]", method, shortPath(path), ans.Status, spaced(ans.Code), ans.Request))
	return ans, nil
}

func spaced(s string) string {
	if s == "" {
		return ""
	}
	return " " + s
}

func (a *API) note(h http.Header, line string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if t, err := time.Parse(time.RFC3339Nano, h.Get("Snout-Now")); err == nil {
		a.at, a.seen = t, time.Now()
	}
	if len(a.trail) < 40 {
		a.trail = append(a.trail, line)
	}
}

// shortPath leaves out the query, which may hold a search.
func shortPath(p string) string {
	path, _, _ := strings.Cut(p, "?")
	return path
}

// plainNetError is the cause without the address, which people have given.
func plainNetError(err error) string {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	return err.Error()
}

var wholeNumber = regexp.MustCompile(`\+\d{8,15}\b`)

// redact masks every whole number in what is shown or kept.
func redact(s string) string {
	return wholeNumber.ReplaceAllStringFunc(s, routing.Redact)
}

// The parts of the API's answers that the checks read.
type (
	windowJSON struct {
		State   string  `json:"state"`
		StartAt *string `json:"startAt"`
		EndAt   *string `json:"endAt"`
		Text    string  `json:"text"`
	}
	threadJSON struct {
		ID          string     `json:"id"`
		Kind        string     `json:"kind"`
		ClientID    *string    `json:"clientId"`
		ClientName  string     `json:"clientName"`
		NumberClass string     `json:"numberClass"`
		Number      string     `json:"number"`
		SitterID    *string    `json:"sitterId"`
		BookingIDs  []string   `json:"bookingIds"`
		LastMessage string     `json:"lastMessage"`
		Open        int        `json:"open"`
		Window      windowJSON `json:"window"`
	}
	suggestionJSON struct {
		BookingID  string `json:"bookingId"`
		ClientID   string `json:"clientId"`
		ClientName string `json:"clientName"`
		SitterID   string `json:"sitterId"`
	}
	listJSON struct {
		Threads   []threadJSON     `json:"threads"`
		Suggested []suggestionJSON `json:"suggested"`
		Cursor    *string          `json:"cursor"`
	}
	eventJSON struct {
		ID         string `json:"id"`
		Kind       string `json:"kind"`
		Direction  string `json:"direction"`
		Text       string `json:"text"`
		At         string `json:"at"`
		Status     string `json:"status"`
		Visibility string `json:"visibility"`
		Purpose    string `json:"purpose"`
		Author     struct {
			Role string `json:"role"`
		} `json:"author"`
		Routing *struct {
			Target string `json:"routingTarget"`
			Reason string `json:"routingReason"`
			Rule   int    `json:"rule"`
		} `json:"routing"`
	}
	detailJSON struct {
		threadJSON
		Windows []struct {
			BookingID string `json:"bookingId"`
			SitterID  string `json:"sitterId"`
			StartAt   string `json:"startAt"`
			EndAt     string `json:"endAt"`
			State     string `json:"state"`
		} `json:"windows"`
		Events []eventJSON `json:"events"`
	}
	decisionJSON struct {
		Timestamp     string  `json:"timestamp"`
		ThreadID      *string `json:"threadId"`
		NumberClass   string  `json:"numberClass"`
		RoutingTarget string  `json:"routingTarget"`
		RoutingReason string  `json:"routingReason"`
		Rule          int     `json:"rule"`
		Sender        string  `json:"sender"`
		Recipient     string  `json:"recipient"`
	}
	// Figures are what diagnostics answer.
	Figures struct {
		Summary struct {
			ThreadsByNumberClass []struct {
				NumberClass string `json:"numberClass"`
				Count       int    `json:"count"`
			} `json:"threadsByNumberClass"`
			AntiPoachingBlocked         *int `json:"antiPoachingBlocked"`
			OwnerInboxRouted            *int `json:"ownerInboxRouted"`
			OwnerInboxRoutedOperational *int `json:"ownerInboxRoutedOperational"`
			SitterNoActiveWindow        *int `json:"sitterNoActiveWindow"`
			AssignmentWindows           struct {
				Active   int `json:"active"`
				Upcoming int `json:"upcoming"`
			} `json:"assignmentWindows"`
			Outbound struct {
				Queued    int `json:"queued"`
				Sent      int `json:"sent"`
				Delivered int `json:"delivered"`
				Failed    int `json:"failed"`
				Unknown   int `json:"unknown"`
			} `json:"outbound"`
			Held int `json:"held"`
		} `json:"summary"`
		RoutingDecisions struct {
			Count     int            `json:"count"`
			Decisions []decisionJSON `json:"decisions"`
		} `json:"routingDecisions"`
		FeatureFlags map[string]string `json:"featureFlags"`
		GeneratedAt  string            `json:"generatedAt"`
		Stage        string            `json:"stage"`
		Version      string            `json:"version"`
	}
	bookingJSON struct {
		ID       string  `json:"id"`
		ClientID string  `json:"clientId"`
		SitterID *string `json:"sitterId"`
		Service  string  `json:"service"`
		StartAt  string  `json:"startAt"`
		EndAt    string  `json:"endAt"`
		Status   string  `json:"status"`
		Version  int64   `json:"version"`
	}
	clientJSON struct {
		ID       string   `json:"id"`
		Name     string   `json:"name"`
		Phones   []string `json:"phones"`
		OptedOut bool     `json:"optedOut"`
	}
	sitterJSON struct {
		ID     string `json:"id"`
		Name   string `json:"name"`
		Active bool   `json:"active"`
		Locked bool   `json:"locked"`
	}
	numberJSON struct {
		ID          string `json:"id"`
		E164        string `json:"e164"`
		NumberClass string `json:"numberClass"`
		Status      string `json:"status"`
		Threads     int    `json:"threads"`
	}
	settingsJSON struct {
		TimeZone string `json:"timeZone"`
		Buffers  map[string]struct {
			Before int `json:"beforeMinutes"`
			After  int `json:"afterMinutes"`
		} `json:"buffers"`
	}
	meJSON struct {
		Role                  string  `json:"role"`
		SitterID              *string `json:"sitterId"`
		MessagingEnabled      bool    `json:"messagingEnabled"`
		SitterMessagesEnabled bool    `json:"sitterMessagesEnabled"`
	}
)

func num(p *int) int {
	if p == nil {
		return -1
	}
	return *p
}

func str(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}

// Threads is the number of threads of all classes.
func (f *Figures) Threads() int {
	n := 0
	for _, c := range f.Summary.ThreadsByNumberClass {
		n += c.Count
	}
	return n
}

func (f *Figures) class(name string) int {
	for _, c := range f.Summary.ThreadsByNumberClass {
		if c.NumberClass == name {
			return c.Count
		}
	}
	return -1
}

// Figures reads the diagnostics.
func (a *API) Figures(ctx context.Context) (*Figures, Answer, error) {
	f := &Figures{}
	ans, err := a.Call(ctx, Owner, "GET", "/api/messages/diagnostics", nil, f)
	if err == nil && ans.Status >= 500 {
		return f, ans, fmt.Errorf("diagnostics answer %d", ans.Status) // it may pass: a watch looks again
	}
	if err == nil && ans.Status != 200 {
		return f, ans, failed("diagnostics answer %d%s", ans.Status, spaced(ans.Code))
	}
	return f, ans, err
}

// list reads every page of a list at a path that may carry a query.
func list[T any](ctx context.Context, a *API, p Person, path, field string) ([]T, error) {
	var out []T
	cursor := ""
	for {
		at := path
		if cursor != "" {
			join := "?"
			if strings.Contains(path, "?") {
				join = "&"
			}
			at += join + "cursor=" + url.QueryEscape(cursor)
		}
		var page map[string]json.RawMessage
		ans, err := a.Call(ctx, p, "GET", at, nil, &page)
		if err != nil {
			return nil, err
		}
		if ans.Status != 200 {
			return nil, failed("GET %s answers %d%s", shortPath(path), ans.Status, spaced(ans.Code))
		}
		var some []T
		if err := json.Unmarshal(page[field], &some); err != nil {
			return nil, failed("GET %s has no %s in its answer", shortPath(path), field)
		}
		out = append(out, some...)
		var next *string
		_ = json.Unmarshal(page["cursor"], &next)
		if cursor = str(next); cursor == "" {
			return out, nil
		}
	}
}
