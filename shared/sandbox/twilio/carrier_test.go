package twilio

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"snout/shared/carrier"
	"snout/shared/routing"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	account  = "AC0123456789abcdef0123456789abcdef"
	token    = "0123456789abcdef0123456789abcdef"
	frontEnd = "+15555550100"
	second   = "+15555550101"
	client   = "+15555550123"
)

// clock is the one clock of a test.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.at }
func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// world is the carrier at one end and a business at the other, which verifies
// and reads everything with the real adapter.
type world struct {
	*Carrier
	clock   *clock
	adapter *carrier.Client
	apiURL  string
	hooks   string // the business's public address

	mu      sync.Mutex
	heard   []string // "path status-or-body" of each verified request, in order
	tokens  []string
	answers map[string]func(http.ResponseWriter, *http.Request, int) // by path; the int counts the requests
	counts  map[string]int
}

func newWorld(t *testing.T, change ...func(*Config)) *world {
	t.Helper()
	w := &world{
		clock:   &clock{at: time.Date(2026, 3, 8, 9, 0, 0, 0, time.UTC)},
		answers: map[string]func(http.ResponseWriter, *http.Request, int){},
		counts:  map[string]int{},
	}
	var verify *carrier.Verifier
	business := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		if err := verify.Verify(r.Context(), carrier.Webhook{Path: r.URL.EscapedPath(), RawQuery: r.URL.RawQuery, Body: body, Signature: r.Header.Get("X-Twilio-Signature")}); err != nil {
			t.Errorf("%s %s: %v", r.Method, r.URL.Path, err)
			rw.WriteHeader(http.StatusForbidden)
			return
		}
		line := r.URL.Path
		if strings.HasSuffix(r.URL.Path, "/status") {
			report, err := carrier.ParseReport(r.URL.RawQuery, body)
			if err != nil {
				t.Error(err)
			}
			line += " " + report.EventID + " " + report.Status
			if report.ErrorCode != 0 {
				line += " " + strconv.Itoa(report.ErrorCode)
			}
		} else {
			in, err := carrier.ParseInbound(body)
			if err != nil {
				t.Error(err)
			}
			line += " " + in.From.E164() + ": " + in.Body
			if in.OptOutType != "" {
				line += " [" + in.OptOutType + "]"
			}
			if in.ErrorCode != 0 {
				line += " after " + strconv.Itoa(in.ErrorCode) + " at " + strings.TrimPrefix(in.ErrorURL, w.hooks)
			}
		}
		w.mu.Lock()
		w.heard = append(w.heard, line)
		w.tokens = append(w.tokens, r.Header.Get("I-Twilio-Idempotency-Token"))
		w.counts[r.URL.Path]++
		n, answer := w.counts[r.URL.Path], w.answers[r.URL.Path]
		w.mu.Unlock()
		if answer != nil {
			answer(rw, r, n)
			return
		}
		rw.Header().Set("Content-Type", carrier.TwiMLType)
		_, _ = io.WriteString(rw, carrier.EmptyTwiML)
	}))
	t.Cleanup(business.Close)
	w.hooks = business.URL
	var err error
	if verify, err = carrier.NewVerifier(business.URL, carrier.StaticTokens(token)); err != nil {
		t.Fatal(err)
	}
	outbound := Loopback()
	t.Cleanup(outbound.CloseIdleConnections)
	cfg := Config{AccountSid: account, AuthToken: token, PublicBaseURL: business.URL, HTTP: &http.Client{Transport: outbound}, Now: w.clock.Now}
	api := httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { w.Carrier.ServeHTTP(rw, r) }))
	cfg.APIBaseURL = "http://" + api.Listener.Addr().String()
	for _, c := range change {
		c(&cfg)
	}
	w.Carrier = New(cfg)
	api.Start()
	t.Cleanup(api.Close)
	t.Cleanup(w.Close)
	w.apiURL = api.URL
	w.AddNumber(frontEnd, carrier.Retrying(business.URL+"/hook"), business.URL+"/fallback")
	w.AddNumber(second, business.URL+"/hook", "")
	transport := Loopback()
	t.Cleanup(transport.CloseIdleConnections)
	if w.adapter, err = carrier.NewClient(carrier.ClientConfig{
		Credentials: carrier.StaticCredentials(carrier.Credentials{AccountSid: account, Secret: token}),
		BaseURL:     api.URL, Transport: transport, Now: w.clock.Now,
	}); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) answer(path string, f func(http.ResponseWriter, *http.Request, int)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.answers[path] = f
}

// said lists what the business was told since the last call.
func (w *world) said(t *testing.T) []string {
	t.Helper()
	w.settle(t)
	w.mu.Lock()
	defer w.mu.Unlock()
	out := w.heard
	w.heard = nil
	return out
}

func (w *world) settle(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := w.Settle(ctx); err != nil {
		t.Fatal(err)
	}
}

func phone(t testing.TB, s string) routing.Phone {
	t.Helper()
	p, err := routing.ParsePhone(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (w *world) send(t *testing.T, body, event string) (carrier.Created, error) {
	t.Helper()
	return w.adapter.Create(t.Context(), carrier.Message{From: phone(t, frontEnd), To: phone(t, client), Body: body, StatusCallback: carrier.StatusCallback(w.hooks+"/status", event)})
}

func (w *world) inject(t *testing.T, faults ...string) {
	t.Helper()
	if err := w.Inject(faults...); err != nil {
		t.Fatal(err)
	}
}

// bodies are the texts on the client's phone.
func (w *world) bodies() []string {
	var out []string
	for _, text := range w.Received(client) {
		out = append(out, text.From+": "+text.Body)
	}
	return out
}

func wantLines(t *testing.T, want, got []string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAMessageReachesThePhoneAndIsReportedStepByStep(t *testing.T) {
	w := newWorld(t)
	created, err := w.send(t, "Grüße 🐕", "ev/1")
	if err != nil {
		t.Fatal(err)
	}
	if created.Status != "queued" {
		t.Errorf("created as %q", created.Status)
	}
	wantLines(t, []string{"/status ev/1 sending", "/status ev/1 sent", "/status ev/1 delivered"}, w.said(t))
	if diff := cmp.Diff([]Text{{From: frontEnd, Body: "Grüße 🐕", At: w.clock.Now(), Sid: created.Sid}}, w.Received(client)); diff != "" {
		t.Error(diff)
	}
	got, found, err := w.adapter.Fetch(t.Context(), created.Sid)
	if err != nil || !found {
		t.Fatal(found, err)
	}
	want := carrier.Listed{Sid: created.Sid, From: phone(t, frontEnd), To: phone(t, client), Body: "Grüße 🐕", Status: "delivered", CreatedAt: w.clock.Now(), SentAt: w.clock.Now()}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(routing.Phone{})); diff != "" {
		t.Error(diff)
	}
}

// What the carrier refuses it refuses with Twilio's codes, and it leaves no
// trace in the log or on the phone.
func TestCreateRefusesWhatTwilioRefuses(t *testing.T) {
	w := newWorld(t)
	base := func() url.Values {
		return url.Values{"From": {frontEnd}, "To": {client}, "Body": {"hello"}}
	}
	with := func(name string, values ...string) url.Values {
		f := base()
		f[name] = values
		return f
	}
	tests := []struct {
		name   string
		form   url.Values
		status int
		code   int
	}{
		{"no To", with("To"), 400, 21604},
		{"no From", with("From"), 400, 21603},
		{"a To that is no number", with("To", "5550123"), 400, 21211},
		{"a To that North America does not have", with("To", "+11555555012"), 400, 21211},
		{"a From that is no number", with("From", "+1"), 400, 21212},
		{"To is From", with("To", frontEnd), 400, 21266},
		{"a From that is not ours", with("From", "+15555550199"), 400, 21660},
		{"no words and no picture", with("Body", ""), 400, 21602},
		{"1601 characters", with("Body", strings.Repeat("é", 1601)), 400, 21617},
		{"eleven pictures", with("MediaUrl", slices.Repeat([]string{"https://media.example/a"}, 11)...), 400, 21623},
		{"a picture at no address", with("MediaUrl", "picture.png"), 400, 21620},
		{"a callback that is no address", with("StatusCallback", "snout.example/status"), 400, 21609},
		{"a callback with an underscore in its host", with("StatusCallback", "https://a_b.example/status"), 400, 21609},
		{"a callback on the carrier's own machine", with("StatusCallback", "http://localhost/status"), 400, 21609},
		{"a time limit of nothing", with("ValidityPeriod", "0"), 400, 21624},
		{"a time limit beyond ten hours", with("ValidityPeriod", "36001"), 400, 21624},
		{"1600 characters", with("Body", strings.Repeat("é", 1600)), 201, 0},
		{"ten pictures", with("MediaUrl", slices.Repeat([]string{"https://media.example/a.png"}, 10)...), 201, 0},
		{"a time limit of ten hours", with("ValidityPeriod", "36000"), 201, 0},
		{"a parameter nobody knows", with("Whatever", "1"), 201, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := len(w.Received(client))
			status, body := w.call(t, "POST", "/2010-04-01/Accounts/"+account+"/Messages.json", tt.form, account, token)
			var said struct {
				Code     int    `json:"code"`
				Status   int    `json:"status"`
				Message  string `json:"message"`
				MoreInfo string `json:"more_info"`
			}
			if tt.code != 0 {
				if err := json.Unmarshal(body, &said); err != nil {
					t.Fatalf("%v in %s", err, body)
				}
				if said.Status != status || said.Message == "" || said.MoreInfo != fmt.Sprintf("https://www.twilio.com/docs/errors/%d", tt.code) {
					t.Errorf("error shape %+v", said)
				}
			}
			if status != tt.status || said.Code != tt.code {
				t.Errorf("status %d, code %d: %s", status, said.Code, body)
			}
			if got := len(w.Received(client)) - before; got != map[bool]int{true: 1}[tt.status == 201] {
				t.Errorf("%d texts reached the phone", got)
			}
		})
	}
}

// call makes one raw request to the carrier's API.
func (w *world) call(t *testing.T, method, path string, form url.Values, user, password string) (int, []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, w.apiURL+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if user != "" {
		req.SetBasicAuth(user, password)
	}
	transport := Loopback()
	defer transport.CloseIdleConnections()
	res, err := transport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, body
}

func TestOnlyTheAccountItselfIsLetIn(t *testing.T) {
	w := newWorld(t)
	const path = "/2010-04-01/Accounts/" + account + "/Messages.json"
	tests := []struct {
		name, method, path, user, password string
		status                             int
		code                               string
	}{
		{"no password", "GET", path, "", "", 401, `"code":20003`},
		{"a wrong password", "GET", path, account, "wrong", 401, `"code":20003`},
		{"another account", "GET", strings.Replace(path, account, "ACffffffffffffffffffffffffffffffff", 1), account, token, 404, `"code":20404`},
		{"a place that is not there", "GET", "/2010-04-01/Accounts/" + account + "/Nothing.json", account, token, 404, `"code":20404`},
		{"a method that is not there", "PUT", path, account, token, 405, `"code":20004`},
		{"the account", "GET", path, account, token, 200, `"messages":[]`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			status, body := w.call(t, tt.method, tt.path, nil, tt.user, tt.password)
			if status != tt.status || !strings.Contains(string(body), tt.code) {
				t.Errorf("%d %s", status, body)
			}
		})
	}
}

// The whole resource, field by field, as Twilio's description lists it.
func TestTheMessageResourceIsWhole(t *testing.T) {
	w := newWorld(t)
	_, body := w.call(t, "POST", "/2010-04-01/Accounts/"+account+"/Messages.json", url.Values{"From": {frontEnd}, "To": {client}, "Body": {strings.Repeat("a", 161)}, "MediaUrl": {"https://media.example/a.png"}}, account, token)
	var got map[string]any
	if err := json.Unmarshal(body, &got); err != nil {
		t.Fatal(err)
	}
	sid, _ := got["sid"].(string)
	path := "/2010-04-01/Accounts/" + account + "/Messages/" + sid
	want := map[string]any{
		"account_sid": account, "api_version": "2010-04-01", "body": strings.Repeat("a", 161), "date_created": "Sun, 08 Mar 2026 09:00:00 +0000",
		"date_sent": nil, "date_updated": "Sun, 08 Mar 2026 09:00:00 +0000", "direction": "outbound-api", "error_code": nil, "error_message": nil,
		"from": frontEnd, "messaging_service_sid": nil, "num_media": "1", "num_segments": "2", "price": nil, "price_unit": "USD",
		"sid": sid, "status": "queued", "subresource_uris": map[string]any{"media": path + "/Media.json"}, "to": client, "uri": path + ".json",
	}
	if diff := cmp.Diff(want, got); diff != "" || len(sid) != 34 || !strings.HasPrefix(sid, "MM") {
		t.Error(sid, diff)
	}
}

// The published figures of Twilio's own segment calculator.
func TestSegmentsAreCountedAsBilled(t *testing.T) {
	for body, want := range map[string]int{
		strings.Repeat("a", 160): 1, strings.Repeat("a", 161): 2, strings.Repeat("a", 306): 2, strings.Repeat("a", 307): 3, strings.Repeat("a", 1600): 11,
		strings.Repeat("€", 80): 1, strings.Repeat("€", 81): 2, strings.Repeat("й", 70): 1, strings.Repeat("й", 71): 2, strings.Repeat("й", 134): 2,
		strings.Repeat("й", 135): 3, strings.Repeat("й", 1600): 24, strings.Repeat("👋", 35): 1, strings.Repeat("👋", 36): 2, "It’s": 1, "": 1,
	} {
		if got := segments(body); got != want {
			t.Errorf("%.10q…: %d segments, want %d", body, got, want)
		}
	}
}

func TestFaultsOfCreate(t *testing.T) {
	tests := []struct {
		fault   string
		outcome carrier.Outcome
		class   carrier.Class
		code    int
		arrives bool
		reports []string
	}{
		{"timeout-after-accept", carrier.OutcomeUnknown, "", 0, true, []string{"/status e sending", "/status e sent", "/status e delivered"}},
		{"timeout-before-accept", carrier.OutcomeUnknown, "", 0, false, nil},
		{"500", carrier.OutcomeUnknown, "", 20500, false, nil},
		{"503", carrier.OutcomeUnknown, "", 20503, false, nil},
		{"500-after-accept", carrier.OutcomeUnknown, "", 20500, true, []string{"/status e sending", "/status e sent", "/status e delivered"}},
		{"garbage-after-accept", carrier.OutcomeUnknown, "", 0, true, []string{"/status e sending", "/status e sent", "/status e delivered"}},
		{"429", carrier.OutcomeNotCreated, carrier.Retry, 20429, false, nil},
		{"20003", carrier.OutcomeNotCreated, carrier.Account, 20003, false, nil},
		{"20500", carrier.OutcomeUnknown, "", 20500, false, nil},
		{"21610", carrier.OutcomeNotCreated, carrier.OptedOut, 21610, false, nil},
		{"21614", carrier.OutcomeNotCreated, carrier.Permanent, 21614, false, nil},
		{"30610", carrier.OutcomeNotCreated, carrier.Retry, 30610, false, nil},
		{"30003", carrier.OutcomeCreated, "", 0, false, []string{"/status e sending", "/status e sent", "/status e undelivered 30003"}},
		{"30034", carrier.OutcomeCreated, "", 0, false, []string{"/status e sending", "/status e failed 30034"}},
		{"report-lost", carrier.OutcomeCreated, "", 0, true, []string{"/status e sent", "/status e delivered"}},
		{"report-twice", carrier.OutcomeCreated, "", 0, true, []string{"/status e sending", "/status e sending", "/status e sent", "/status e delivered"}},
		{"reports-lost", carrier.OutcomeCreated, "", 0, true, nil},
		{"reports-reordered", carrier.OutcomeCreated, "", 0, true, []string{"/status e delivered", "/status e sent", "/status e sending"}},
	}
	for _, tt := range tests {
		t.Run(tt.fault, func(t *testing.T) {
			w := newWorld(t)
			w.inject(t, tt.fault)
			_, err := w.send(t, "hello", "e")
			var ours *carrier.Error
			errors.As(err, &ours)
			if carrier.OutcomeOf(err) != tt.outcome || ours != nil && (ours.Class != tt.class || ours.Code != tt.code) {
				t.Errorf("outcome %v: %v", carrier.OutcomeOf(err), err)
			}
			wantLines(t, tt.reports, w.said(t))
			if got := len(w.bodies()) == 1; got != tt.arrives {
				t.Errorf("on the phone: %v", w.bodies())
			}
			// A fault is used up: the next message goes as if nothing had been.
			if _, err := w.send(t, "again", "e"); err != nil {
				t.Error(err)
			}
			wantLines(t, []string{"/status e sending", "/status e sent", "/status e delivered"}, w.said(t))
			if got := w.Metrics().FaultsUsed; got != 1 {
				t.Errorf("%d faults used", got)
			}
		})
	}
}

// What a lost answer leaves behind can be found in the list, and what was never
// taken cannot.
func TestAnUnknownOutcomeIsSettledByTheList(t *testing.T) {
	w := newWorld(t)
	start := w.clock.Now()
	w.inject(t, "timeout-after-accept", "reports-lost", "timeout-before-accept")
	_, _ = w.send(t, "taken", "e1")
	_, _ = w.send(t, "never taken", "e2")
	w.settle(t)
	got, err := w.adapter.List(t.Context(), carrier.Query{From: phone(t, frontEnd), To: phone(t, client), Since: start})
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || got[0].Body != "taken" || got[0].Status != "delivered" {
		t.Errorf("%+v", got)
	}
}

func TestFaultsAreTakenInOrderEachByItsOwnKindOfCall(t *testing.T) {
	w := newWorld(t)
	w.inject(t, "webhook-lost", "429", "list-500")
	w.inject(t, "21610")
	if err := w.Inject("429", "no-such-fault"); err == nil {
		t.Error("an unknown fault was taken")
	}
	for _, want := range []int{20429, 21610, 0} {
		_, err := w.send(t, "x", "e")
		var ours *carrier.Error
		errors.As(err, &ours)
		if got := ours; (got == nil) != (want == 0) || got != nil && got.Code != want {
			t.Errorf("got %v, want code %d", err, want)
		}
	}
	if _, err := w.adapter.Numbers(t.Context()); carrier.OutcomeOf(err) != carrier.OutcomeUnknown {
		t.Errorf("list-500: %v", err)
	}
	// net/http itself repeats a GET once if a connection used before breaks.
	w.inject(t, "list-429", "list-timeout", "list-timeout")
	for range 2 {
		if _, err := w.adapter.List(t.Context(), carrier.Query{To: phone(t, frontEnd)}); err == nil {
			t.Error("a list came in spite of the fault")
		}
	}
	w.inject(t, "429")
	w.inject(t)
	if _, err := w.send(t, "x", "e"); err != nil {
		t.Errorf("after clearing: %v", err)
	}
}

func TestATextIsPostedAsTwilioPostsIt(t *testing.T) {
	w := newWorld(t)
	var form, headers string
	w.answer("/hook", func(rw http.ResponseWriter, r *http.Request, _ int) {
		for _, name := range []string{"Accept", "Content-Type", "User-Agent", "X-Home-Region"} {
			headers += name + ": " + r.Header.Get(name) + "\n"
		}
	})
	catch := &capture{RoundTripper: w.cfg.HTTP.Transport}
	w.cfg.HTTP = &http.Client{Transport: catch}
	got, err := w.Text(t.Context(), client, frontEnd, "Hi & bye", []string{"data:image/gif;base64,R0lGODlh"}, "MM0123456789abcdef0123456789abcdef")
	if err != nil {
		t.Fatal(err)
	}
	form = catch.body
	if diff := cmp.Diff(TextResult{Sid: "MM0123456789abcdef0123456789abcdef", Status: 200, Attempts: 1}, got); diff != "" {
		t.Error(diff)
	}
	mediaURL := url.QueryEscape(w.apiURL + "/2010-04-01/Accounts/" + account + "/Messages/" + got.Sid + "/Media/" + w.log[0].media[0].sid)
	want := "ToCountry=US&MediaContentType0=image%2Fgif&ToState=&SmsMessageSid=" + got.Sid + "&NumMedia=1&ToCity=&FromZip=&SmsSid=" + got.Sid +
		"&FromState=&SmsStatus=received&FromCity=&Body=Hi+%26+bye&FromCountry=US&To=%2B15555550100&ToZip=&NumSegments=1&MessageSid=" + got.Sid +
		"&AccountSid=" + account + "&From=%2B15555550123&MediaUrl0=" + mediaURL + "&ApiVersion=2010-04-01"
	if diff := cmp.Diff(want, form); diff != "" {
		t.Error(diff)
	}
	if want := "Accept: */*\nContent-Type: application/x-www-form-urlencoded; charset=utf-8\nUser-Agent: TwilioProxy/1.1\nX-Home-Region: us1\n"; headers != want {
		t.Errorf("headers\n%s", headers)
	}
	if len(w.tokens) != 1 || len(w.tokens[0]) != 36 {
		t.Errorf("idempotency tokens %q", w.tokens)
	}
}

// capture notes the body of what passes.
type capture struct {
	http.RoundTripper
	body string
}

func (c *capture) RoundTrip(r *http.Request) (*http.Response, error) {
	b, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	c.body = string(b)
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(strings.NewReader(c.body))
	return c.RoundTripper.RoundTrip(r)
}

// Answers of the webhook, and what the carrier makes of each: repeats by the
// address's own wish, then the fallback.
func TestWhatAFailingWebhookSetsOff(t *testing.T) {
	status := func(codes ...int) func(http.ResponseWriter, *http.Request, int) {
		return func(rw http.ResponseWriter, _ *http.Request, n int) {
			rw.Header().Set("Content-Type", "text/xml")
			rw.WriteHeader(codes[min(n, len(codes))-1])
			_, _ = io.WriteString(rw, "<Response/>")
		}
	}
	say := func(kind, body string) func(http.ResponseWriter, *http.Request, int) {
		return func(rw http.ResponseWriter, _ *http.Request, _ int) {
			rw.Header().Set("Content-Type", kind)
			_, _ = io.WriteString(rw, body)
		}
	}
	const hook, again = "/hook " + client + ": hi", "/fallback " + client + ": hi after "
	tests := []struct {
		name     string
		fragment string
		answer   func(http.ResponseWriter, *http.Request, int)
		faults   []string
		heard    []string
		want     TextResult
	}{
		{"a server error is repeated where that is asked for", "#rc=2&rp=all", status(500, 500, 200), nil, []string{hook, hook, hook}, TextResult{Status: 200, TwiML: "<Response/>", Attempts: 3}},
		{"by itself the carrier repeats no server error", "", status(500, 200), nil, []string{hook, again + "11200 at /hook"}, TextResult{Status: 200, TwiML: carrier.EmptyTwiML, Attempts: 2, Fallback: true}},
		{"after the repeats comes the fallback", "#rc=1&rp=5xx", status(503), nil, []string{hook, hook, again + "11200 at /hook"}, TextResult{Status: 200, TwiML: carrier.EmptyTwiML, Attempts: 3, Fallback: true}},
		{"a refusal is not repeated where only server errors are", "#rc=2&rp=5xx", status(403, 200), nil, []string{hook, again + "11200 at /hook"}, TextResult{Status: 200, TwiML: carrier.EmptyTwiML, Attempts: 2, Fallback: true}},
		{"a refusal is repeated where it is asked for", "#rc=2&rp=5xx,4xx", status(403, 200), nil, []string{hook, hook}, TextResult{Status: 200, TwiML: "<Response/>", Attempts: 2}},
		{"no more than five repeats can be asked for", "#rc=6&rp=all", status(500, 500, 200), nil, []string{hook, hook, again + "11200 at /hook"}, TextResult{Status: 200, TwiML: carrier.EmptyTwiML, Attempts: 3, Fallback: true}},
		{"a dropped connection is a timeout and not repeated by itself", "", func(http.ResponseWriter, *http.Request, int) { panic(http.ErrAbortHandler) }, nil, []string{hook, again + "11200 at /hook"}, TextResult{Status: 200, TwiML: carrier.EmptyTwiML, Attempts: 2, Fallback: true}},
		{"an answer that comes too late is repeated where that is asked for", "#rc=1&rp=rt", status(200), []string{"webhook-timeout"}, []string{hook, hook}, TextResult{Status: 200, TwiML: "<Response/>", Attempts: 2}},
		{"an answer that comes too late leads to the fallback", "", status(200), []string{"webhook-timeout"}, []string{hook, again + "11200 at /hook"}, TextResult{Status: 200, TwiML: carrier.EmptyTwiML, Attempts: 2, Fallback: true}},
		{"a type that is not TwiML", "", say("application/json", "{}"), nil, []string{hook, again + "12300 at /hook"}, TextResult{Status: 200, TwiML: carrier.EmptyTwiML, Attempts: 2, Fallback: true}},
		{"TwiML that cannot be read", "", say("text/xml", "<Response>"), nil, []string{hook, again + "12100 at /hook"}, TextResult{Status: 200, TwiML: carrier.EmptyTwiML, Attempts: 2, Fallback: true}},
		{"XML that is not TwiML", "", say("text/xml", "<html/>"), nil, []string{hook, again + "12100 at /hook"}, TextResult{Status: 200, TwiML: carrier.EmptyTwiML, Attempts: 2, Fallback: true}},
		{"nothing at all is an answer", "", say("", ""), nil, []string{hook}, TextResult{Status: 200, Attempts: 1}},
		{"a lost webhook tells nobody", "", status(200), []string{"webhook-lost"}, nil, TextResult{}},
		{"a doubled webhook", "", status(200), []string{"webhook-twice"}, []string{hook, hook}, TextResult{Status: 200, TwiML: "<Response/>", Attempts: 2}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			w.AddNumber(frontEnd, w.hooks+"/hook"+tt.fragment, w.hooks+"/fallback")
			w.answer("/hook", tt.answer)
			if len(tt.faults) > 0 {
				w.inject(t, tt.faults...)
			}
			got, err := w.Text(t.Context(), client, frontEnd, "hi", nil, "")
			if err != nil {
				t.Fatal(err)
			}
			tt.want.Sid = got.Sid
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			wantLines(t, tt.heard, w.said(t))
			// Whatever became of the webhook, the log has the text, once.
			list, err := w.adapter.List(t.Context(), carrier.Query{To: phone(t, frontEnd)})
			if err != nil || len(list) != 1 || list[0].Sid != got.Sid || !list[0].Inbound {
				t.Errorf("log %+v, %v", list, err)
			}
		})
	}
}

func TestRepeatsOfOneWebhookShareTheirTokenAndOthersDoNot(t *testing.T) {
	w := newWorld(t)
	w.answer("/hook", func(rw http.ResponseWriter, _ *http.Request, n int) {
		if n == 1 {
			rw.WriteHeader(500)
		}
	})
	for range 2 {
		if _, err := w.Text(t.Context(), client, frontEnd, "hi", nil, ""); err != nil {
			t.Fatal(err)
		}
	}
	if len(w.tokens) != 3 || w.tokens[0] != w.tokens[1] || w.tokens[1] == w.tokens[2] {
		t.Errorf("tokens %q", w.tokens)
	}
}

func TestNobodyListensAtTheWebhook(t *testing.T) {
	w := newWorld(t)
	closed := httptest.NewServer(nil)
	closed.Close()
	w.AddNumber(frontEnd, closed.URL+"/hook", w.hooks+"/fallback")
	got, err := w.Text(t.Context(), client, frontEnd, "hi", nil, "")
	if err != nil {
		t.Fatal(err)
	}
	// One repeat by itself, because no connection could be made; then the fallback.
	if diff := cmp.Diff(TextResult{Sid: got.Sid, Status: 200, TwiML: carrier.EmptyTwiML, Attempts: 3, Fallback: true}, got); diff != "" {
		t.Error(diff)
	}
	wantLines(t, []string{"/fallback " + client + ": hi after 11205 at " + closed.URL + "/hook"}, w.said(t))
}

func TestTwiMLAnswersReachThePhone(t *testing.T) {
	w := newWorld(t)
	w.answer("/hook", func(rw http.ResponseWriter, _ *http.Request, _ int) {
		rw.Header().Set("Content-Type", carrier.TwiMLType)
		_, _ = io.WriteString(rw, carrier.MessageTwiML("We'll be <there> & 🐕"))
	})
	got, err := w.Text(t.Context(), client, frontEnd, "hi", nil, "")
	if err != nil || got.TwiML != carrier.MessageTwiML("We'll be <there> & 🐕") {
		t.Fatal(got, err)
	}
	w.settle(t)
	wantLines(t, []string{frontEnd + ": We'll be <there> & 🐕"}, w.bodies())
	w.answer("/hook", func(rw http.ResponseWriter, _ *http.Request, _ int) {
		rw.Header().Set("Content-Type", "application/xml")
		_, _ = io.WriteString(rw, `<Response><Message from="`+second+`" action="`+w.hooks+`/status"><Body>one</Body><Media>https://media.example/a.png</Media></Message><Message>two</Message><Message to="`+frontEnd+`">to itself</Message></Response>`)
	})
	if _, err := w.Text(t.Context(), client, frontEnd, "hi", nil, ""); err != nil {
		t.Fatal(err)
	}
	w.said(t)
	wantLines(t, []string{frontEnd + ": We'll be <there> & 🐕", second + ": one", frontEnd + ": two"}, w.bodies())
	if m := w.Metrics(); m.RepliesSent != 3 || m.RepliesBlocked != 1 || m.MessagesCreated != 0 {
		t.Errorf("%+v", m)
	}
}

func TestTheCarrierItselfMindsStopStartAndHelp(t *testing.T) {
	const (
		bye     = "You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START to resubscribe."
		welcome = "You have successfully been re-subscribed to messages from this number. Reply HELP for help. Reply STOP to unsubscribe. Msg&Data Rates May Apply."
		help    = "Reply STOP to unsubscribe. Msg&Data Rates May Apply."
	)
	w := newWorld(t, func(c *Config) { c.AdvancedOptOut = true })
	text := func(body string) {
		t.Helper()
		if _, err := w.Text(t.Context(), client, frontEnd, body, nil, ""); err != nil {
			t.Fatal(err)
		}
	}
	code := func() int {
		t.Helper()
		_, err := w.send(t, "hello", "e")
		var ours *carrier.Error
		errors.As(err, &ours)
		w.said(t)
		if ours == nil {
			return 0
		}
		return ours.Code
	}
	text("YES") // nobody was opted out: a word like any other
	text("stop please")
	if got := code(); got != 0 {
		t.Errorf("not opted out, and got %d", got)
	}
	text(" Stop\n")
	text("STOP")
	if got := code(); got != 21610 {
		t.Errorf("opted out, and got code %d", got)
	}
	if _, err := w.adapter.Create(t.Context(), carrier.Message{From: phone(t, second), To: phone(t, client), Body: "from the other number"}); err != nil {
		t.Errorf("the block is for one number: %v", err)
	}
	text("help")
	text("unstop")
	if got := code(); got != 0 {
		t.Errorf("opted in again, and got %d", got)
	}
	wantLines(t, []string{
		frontEnd + ": hello", frontEnd + ": " + bye, second + ": from the other number", frontEnd + ": " + help, frontEnd + ": " + welcome, frontEnd + ": hello",
	}, w.bodies())
	w.said(t)
	text("OPTOUT")
	text("info")
	text("start")
	text("start")
	wantLines(t, []string{
		"/hook " + client + ": OPTOUT [STOP]", "/hook " + client + ": info [HELP]", "/hook " + client + ": start [START]", "/hook " + client + ": start",
	}, w.said(t))
	if m := w.Metrics(); m.KeywordReplies != 6 {
		t.Errorf("%+v", m)
	}
}

func TestAnAnswerToSomebodyOptedOutIsBlocked(t *testing.T) {
	w := newWorld(t)
	w.answer("/hook", func(rw http.ResponseWriter, _ *http.Request, _ int) {
		rw.Header().Set("Content-Type", carrier.TwiMLType)
		_, _ = io.WriteString(rw, carrier.MessageTwiML("You are unsubscribed."))
	})
	if _, err := w.Text(t.Context(), client, frontEnd, "STOP", nil, ""); err != nil {
		t.Fatal(err)
	}
	w.settle(t)
	if got := w.bodies(); len(got) != 1 || !w.OptedOut(frontEnd, client) || w.OptedOut(second, client) || w.Metrics().RepliesBlocked != 1 {
		t.Errorf("on the phone: %q", got)
	}
}

func TestTheSameSidIsTheSameMessageOnceMore(t *testing.T) {
	w := newWorld(t)
	const sid = "SM0123456789abcdef0123456789abcdef"
	for range 2 {
		got, err := w.Text(t.Context(), client, frontEnd, "STOP", nil, sid)
		if err != nil || got.Sid != sid || got.Status != 200 {
			t.Fatal(got, err)
		}
	}
	wantLines(t, []string{"/hook " + client + ": STOP", "/hook " + client + ": STOP"}, w.said(t))
	list, err := w.adapter.List(t.Context(), carrier.Query{To: phone(t, frontEnd)})
	if err != nil || len(list) != 1 || len(w.bodies()) != 1 {
		t.Errorf("log %+v, phone %q, %v", list, w.bodies(), err)
	}
	created, err := w.adapter.Create(t.Context(), carrier.Message{From: phone(t, second), To: phone(t, client), Body: "x"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Text(t.Context(), client, frontEnd, "x", nil, created.Sid); err == nil {
		t.Error("a text took the sid of one of the customer's messages")
	}
}

func TestATextToANumberNobodyRents(t *testing.T) {
	w := newWorld(t)
	if _, err := w.Text(t.Context(), client, "+15555550199", "hi", nil, ""); !errors.Is(err, ErrUnknownNumber) {
		t.Errorf("got %v", err)
	}
	w.cfg.DefaultSMSURL = w.hooks + "/hook"
	if got, err := w.Text(t.Context(), client, "+15555550199", "hi", nil, ""); err != nil || got.Status != 200 {
		t.Errorf("got %+v, %v", got, err)
	}
	w.RemoveNumber(frontEnd)
	if _, err := w.send(t, "hi", "e"); err == nil {
		t.Error("a number given back still sends")
	}
	if _, err := w.Text(t.Context(), "somebody", second, "hi", nil, ""); err == nil {
		t.Error("a phone without a number texted")
	}
	if _, err := w.Text(t.Context(), "22395", second, "hi", nil, ""); err != nil {
		t.Errorf("a short code: %v", err)
	}
	if _, err := w.Text(t.Context(), client, second, "hi", slices.Repeat([]string{"data:,x"}, 11), ""); err == nil {
		t.Error("eleven pictures were texted")
	}
}

// One number of the business texting another is a text to its webhook.
func TestANumberOfTheBusinessCanBeTextedByAnother(t *testing.T) {
	w := newWorld(t)
	if _, err := w.adapter.Create(t.Context(), carrier.Message{From: phone(t, second), To: phone(t, frontEnd), Body: "hi"}); err != nil {
		t.Fatal(err)
	}
	wantLines(t, []string{"/hook " + second + ": hi"}, w.said(t))
}

func TestReportsAreRepeatedAsTheCallbackAsks(t *testing.T) {
	w := newWorld(t)
	w.answer("/status", func(rw http.ResponseWriter, _ *http.Request, n int) {
		if n == 1 || n >= 4 {
			rw.WriteHeader(500)
		}
	})
	if _, err := w.send(t, "hello", "e"); err != nil {
		t.Fatal(err)
	}
	wantLines(t, []string{"/status e sending", "/status e sending", "/status e sent", "/status e delivered", "/status e delivered", "/status e delivered"}, w.said(t))
	if m := w.Metrics(); m.ReportsPosted != 6 || m.ReportsFailed != 1 {
		t.Errorf("%+v", m)
	}
}

// The list through the adapter, page by page, by every filter, while the log
// grows.
func TestTheListPagesAndFilters(t *testing.T) {
	w := newWorld(t)
	for i := range 450 {
		from := client
		if i%2 == 1 {
			from = "+15555550124"
		}
		if i == 225 {
			w.clock.advance(time.Hour)
		}
		if _, err := w.Text(t.Context(), from, second, strconv.Itoa(i), nil, ""); err != nil {
			t.Fatal(err)
		}
	}
	half := w.clock.Now()
	tests := []struct {
		name  string
		query carrier.Query
		want  int
		first string
	}{
		{"everything to one number", carrier.Query{To: phone(t, second)}, 450, "449"},
		{"from one phone", carrier.Query{To: phone(t, second), From: phone(t, client)}, 225, "448"},
		{"since the second half", carrier.Query{To: phone(t, second), Since: half}, 225, "449"},
		{"since an instant after all", carrier.Query{To: phone(t, second), Since: half.Add(time.Second)}, 0, ""},
		{"to a number that nobody texted", carrier.Query{To: phone(t, frontEnd)}, 0, ""},
		{"from the business, which sent nothing", carrier.Query{From: phone(t, second)}, 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := w.adapter.List(t.Context(), tt.query)
			if err != nil {
				t.Fatal(err)
			}
			seen := map[string]bool{}
			for _, m := range got {
				seen[m.Sid] = true
			}
			if len(got) != tt.want || len(seen) != tt.want || tt.want > 0 && got[0].Body != tt.first {
				t.Errorf("%d messages, %d different", len(got), len(seen))
			}
		})
	}
	_, body := w.call(t, "GET", "/2010-04-01/Accounts/"+account+"/Messages.json?PageSize=2&DateSent=2026-03-08&To=%2B15555550101", nil, account, token)
	var page struct {
		Messages []struct{ Body string }
		Next     string `json:"next_page_uri"`
		Size     int    `json:"page_size"`
	}
	if err := json.Unmarshal(body, &page); err != nil || len(page.Messages) != 2 || page.Size != 2 || page.Messages[1].Body != "448" {
		t.Fatalf("%v in %s", err, body)
	}
	// A text that comes between two pages shifts nothing.
	if _, err := w.Text(t.Context(), client, second, "new", nil, ""); err != nil {
		t.Fatal(err)
	}
	_, body = w.call(t, "GET", page.Next, nil, account, token)
	if err := json.Unmarshal(body, &page); err != nil || len(page.Messages) != 2 || page.Messages[0].Body != "447" {
		t.Fatalf("%v in %s", err, body)
	}
}

// A message that still waits has no sent date; the list must show it all the
// same to somebody who asks what became of a send.
func TestAMessageThatStillWaitsIsFound(t *testing.T) {
	w := newWorld(t)
	w.clock.advance(700 * time.Millisecond) // the log knows whole seconds only
	start := w.clock.Now()
	release := make(chan struct{})
	w.answer("/status", func(http.ResponseWriter, *http.Request, int) { <-release })
	created, err := w.send(t, "waiting", "e")
	if err != nil {
		t.Fatal(err)
	}
	got, err := w.adapter.List(t.Context(), carrier.Query{From: phone(t, frontEnd), To: phone(t, client), Since: start})
	if err != nil || len(got) != 1 || got[0].Sid != created.Sid || !got[0].SentAt.IsZero() {
		t.Errorf("%+v, %v", got, err)
	}
	close(release)
	w.settle(t)
}

func TestNumbersAreReadChangedAndPutBack(t *testing.T) {
	w := newWorld(t)
	numbers, err := w.adapter.Numbers(t.Context())
	if err != nil || len(numbers) != 2 {
		t.Fatal(numbers, err)
	}
	before := carrier.Webhooks{URL: w.hooks + "/hook#rc=2&rp=all", Method: "POST", FallbackURL: w.hooks + "/fallback", FallbackMethod: "POST"}
	want := carrier.Number{Sid: numbers[0].Sid, Phone: phone(t, frontEnd), Name: frontEnd, SMS: true, MMS: true, Webhooks: before}
	if diff := cmp.Diff(want, numbers[0], cmp.AllowUnexported(routing.Phone{})); diff != "" {
		t.Error(diff)
	}
	ours := carrier.WebhooksFor("https://snout.example/hook", "https://snout.example/fallback")
	was, err := w.adapter.SetWebhooks(t.Context(), want.Sid, ours)
	if err != nil || was != before {
		t.Errorf("before: %+v, %v", was, err)
	}
	now, err := w.adapter.Number(t.Context(), want.Sid)
	if err != nil || now.Webhooks != (carrier.Webhooks{URL: "https://snout.example/hook#rc=2&rp=all", Method: "POST", FallbackURL: "https://snout.example/fallback#rc=2&rp=all", FallbackMethod: "POST"}) {
		t.Errorf("%+v, %v", now, err)
	}
	if _, err := w.adapter.SetWebhooks(t.Context(), want.Sid, was); err != nil {
		t.Error(err)
	}
	if back, err := w.adapter.Number(t.Context(), want.Sid); err != nil || back.Webhooks != before {
		t.Errorf("put back: %+v, %v", back, err)
	}
	// An application in place would make the carrier ignore every address; ours
	// take over, and putting back brings it back too.
	applied := carrier.Webhooks{URL: before.URL, Method: "GET", ApplicationSid: "AP0123456789abcdef0123456789abcdef"}
	if _, err := w.adapter.SetWebhooks(t.Context(), want.Sid, applied); err != nil {
		t.Error(err)
	}
	if _, err := w.adapter.SetWebhooks(t.Context(), want.Sid, before); err != nil {
		t.Error(err)
	}
	if back, err := w.adapter.Number(t.Context(), want.Sid); err != nil || back.Webhooks != before {
		t.Errorf("over an application: %+v, %v", back, err)
	}
	// An address the carrier refuses changes nothing, and what was before is known.
	was, err = w.adapter.SetWebhooks(t.Context(), want.Sid, carrier.Webhooks{URL: "nowhere"})
	if carrier.OutcomeOf(err) != carrier.OutcomeNotCreated || was != before {
		t.Errorf("%+v, %v", was, err)
	}
	for _, sid := range []string{"PNffffffffffffffffffffffffffffffff", "PN/../x", ""} {
		if _, err := w.adapter.Number(t.Context(), sid); err == nil {
			t.Errorf("number %q was found", sid)
		}
	}
}

func TestPicturesCanBeFetchedWithThePasswordAndOnlySo(t *testing.T) {
	w := newWorld(t)
	var media []carrier.Media
	w.answer("/hook", func(_ http.ResponseWriter, r *http.Request, _ int) {})
	catch := &capture{RoundTripper: w.cfg.HTTP.Transport}
	w.cfg.HTTP = &http.Client{Transport: catch}
	sent, err := w.Text(t.Context(), client, frontEnd, "", []string{"data:text/vcard,BEGIN:VCARD", "https://photos.example/dog.png", "https://photos.example/dog"}, "")
	if err != nil {
		t.Fatal(err)
	}
	in, err := carrier.ParseInbound([]byte(catch.body))
	if err != nil {
		t.Fatal(err)
	}
	media = in.Media
	fetcher := carrier.MediaFetcher{HTTP: &http.Client{Transport: catchless(t)}, Credentials: carrier.StaticCredentials(carrier.Credentials{AccountSid: account, Secret: token}), BaseURL: w.apiURL}
	var got []string
	for _, m := range media {
		f, err := fetcher.Fetch(t.Context(), m.URL)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, f.Type+" "+http.DetectContentType(f.Data))
	}
	wantLines(t, []string{"text/vcard text/plain; charset=utf-8", "image/png image/png", "image/jpeg image/jpeg"}, got)
	listed, err := w.adapter.Media(t.Context(), sent.Sid)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(media, listed); diff != "" {
		t.Error("the list of pictures differs from the webhook's:", diff)
	}
	wrong := fetcher
	wrong.Credentials = carrier.StaticCredentials(carrier.Credentials{AccountSid: account, Secret: "wrong"})
	if _, err := wrong.Fetch(t.Context(), media[0].URL); err == nil {
		t.Error("a picture came without the password")
	}
	path := strings.TrimPrefix(media[0].URL, w.apiURL)
	if status, _ := w.call(t, "DELETE", path, nil, account, token); status != 204 {
		t.Errorf("deleting answered %d", status)
	}
	if _, err := fetcher.Fetch(t.Context(), media[0].URL); !errors.Is(err, carrier.ErrMediaRefused) {
		t.Errorf("a deleted picture: %v", err)
	}
}

func catchless(t *testing.T) *http.Transport {
	transport := Loopback()
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

func TestAMessageCanBeDeletedOnceItIsDone(t *testing.T) {
	w := newWorld(t)
	created, err := w.send(t, "x", "e")
	if err != nil {
		t.Fatal(err)
	}
	w.settle(t)
	path := "/2010-04-01/Accounts/" + account + "/Messages/" + created.Sid + ".json"
	for _, want := range []int{204, 404} {
		if status, _ := w.call(t, "DELETE", path, nil, account, token); status != want {
			t.Errorf("deleting answered %d, want %d", status, want)
		}
	}
	if _, found, err := w.adapter.Fetch(t.Context(), created.Sid); found || err != nil {
		t.Errorf("found %v, %v", found, err)
	}
}

func TestLoopbackCannotLeaveThisMachine(t *testing.T) {
	transport := Loopback()
	defer transport.CloseIdleConnections()
	for _, address := range []string{"http://192.0.2.1/", "http://example.com/", "http://[2001:db8::1]/", "https://api.twilio.com/"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := transport.RoundTrip(req)
		if err == nil {
			_ = res.Body.Close()
		}
		if err == nil || !strings.Contains(err.Error(), "stays on this machine") {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestCloseEndsEverythingAndLeavesTheLog(t *testing.T) {
	w := newWorld(t)
	entered := make(chan struct{})
	w.answer("/status", func(_ http.ResponseWriter, r *http.Request, _ int) {
		close(entered)
		<-r.Context().Done() // the business hangs until the carrier gives up
	})
	if _, err := w.send(t, "x", "e"); err != nil {
		t.Fatal(err)
	}
	select {
	case <-entered:
	case <-time.After(time.Minute): // only a broken carrier comes this far
		t.Fatal("no report was posted")
	}
	w.Close()
	if got := w.bodies(); len(got) != 1 {
		t.Errorf("on the phone: %q", got)
	}
	if _, err := w.Text(t.Context(), client, frontEnd, "x", nil, ""); err == nil {
		t.Error("a closed carrier took a text")
	}
	if _, err := w.send(t, "x", "e"); err == nil {
		t.Error("a closed carrier took a message")
	}
}

func TestSettleGivesUpWithItsContext(t *testing.T) {
	w := newWorld(t)
	release := make(chan struct{})
	w.answer("/status", func(http.ResponseWriter, *http.Request, int) { <-release })
	if _, err := w.send(t, "x", "e"); err != nil {
		t.Fatal(err)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.Settle(over); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	close(release)
	w.settle(t)
}

// Many phones and many messages at once, with faults in between: every message
// that was created is on the phone once, and reported to the end.
func TestManyAtOnce(t *testing.T) {
	w := newWorld(t)
	for range 20 {
		w.inject(t, "timeout-after-accept", "429", "report-twice", "500-after-accept")
	}
	var wg sync.WaitGroup
	for i := range 120 {
		wg.Go(func() {
			_, _ = w.adapter.Create(t.Context(), carrier.Message{From: phone(t, frontEnd), To: phone(t, client), Body: strconv.Itoa(i), StatusCallback: carrier.StatusCallback(w.hooks+"/status", strconv.Itoa(i))})
			_, _ = w.Text(t.Context(), client, second, strconv.Itoa(i), nil, "")
		})
	}
	wg.Wait()
	delivered := map[string]bool{}
	for _, line := range w.said(t) {
		if event, ok := strings.CutSuffix(line, " delivered"); ok {
			delivered[event] = true
		}
	}
	seen := map[string]int{}
	for _, text := range w.Received(client) {
		seen[text.Body]++
	}
	m := w.Metrics()
	if len(seen) != 100 || len(w.Received(client)) != 100 || len(delivered) != 100 || m.MessagesCreated != 100 || m.MessagesRefused != 20 || m.AnswersLost != 40 || m.TextsReceived != 120 {
		t.Errorf("%d bodies, %d delivered, %+v", len(seen), len(delivered), m)
	}
}
