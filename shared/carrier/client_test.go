package carrier

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	testAccount = "AC0123456789abcdef0123456789abcdef"
	testSid     = "SM5ab7891328b440f04b7c83b459fc85fd"
)

// homebound is a transport that cannot leave this machine.
func homebound(t testing.TB) *http.Transport {
	transport := &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		host, _, err := net.SplitHostPort(address)
		if err != nil || !isLoopback(host) {
			return nil, fmt.Errorf("a test must not leave this machine: %s", address)
		}
		return (&net.Dialer{}).DialContext(ctx, network, address)
	}}
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

func clientAt(t testing.TB, base string, change ...func(*ClientConfig)) *Client {
	t.Helper()
	cfg := ClientConfig{
		Credentials: StaticCredentials(Credentials{AccountSid: testAccount, Secret: "secret-token"}),
		BaseURL:     base,
		Transport:   homebound(t),
		Now:         func() time.Time { return time.Date(2026, 3, 8, 9, 0, 0, 0, time.UTC) },
	}
	for _, c := range change {
		c(&cfg)
	}
	client, err := NewClient(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// heard is one request as the carrier saw it.
type heard struct {
	Method, Target, Body string
	Header               map[string]string
}

// ear answers every request alike and remembers all of them.
type ear struct {
	*httptest.Server
	mu  sync.Mutex
	all []heard
}

func listen(t testing.TB, answer http.HandlerFunc) *ear {
	e := &ear{}
	e.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		h := heard{Method: r.Method, Target: r.RequestURI, Body: string(body), Header: map[string]string{}}
		for name, values := range r.Header {
			h.Header[name] = strings.Join(values, ", ")
		}
		e.mu.Lock()
		e.all = append(e.all, h)
		e.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(e.Close)
	return e
}

func (e *ear) heard() []heard {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]heard(nil), e.all...)
}

func answering(status int, header map[string]string, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for name, value := range header {
			w.Header().Set(name, value)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func sameError() cmp.Option { return cmpopts.IgnoreUnexported(Error{}) }

func basic(user, secret string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+secret))
}

// Message and the carrier's answer → the exact request and the outcome.
func TestCreateSendsExactlyThisAndKnowsWhatCameOfIt(t *testing.T) {
	from, to := mustPhone(t, "+15555550100"), mustPhone(t, "+15555550123")
	hello := Message{From: from, To: to, Body: "hello"}
	const helloForm = "Body=hello&From=%2B15555550100&To=%2B15555550123"
	created := answering(201, nil, `{"sid":"`+testSid+`","status":"queued","error_code":null}`)
	refused := func(status, code int, message string) http.HandlerFunc {
		return answering(status, nil, fmt.Sprintf(`{"code":%d,"message":%q,"more_info":"https://www.twilio.com/docs/errors/%d","status":%d}`, code, message, code, status))
	}
	gone := Created{Sid: testSid, Status: "queued"}
	tests := []struct {
		name    string
		message Message
		answer  http.HandlerFunc
		form    string
		want    Created
		err     *Error
	}{
		{"a text is created", hello, created, helloForm, gone, nil},
		{
			"everything a message can say",
			Message{From: from, To: to, Body: "Grüße & 🐕 +1", MediaURLs: []string{"https://media.example/a?x=1", "https://media.example/b"}, StatusCallback: StatusCallback("https://snout.example/status", "ev/1"), ValidityPeriod: 10 * time.Minute},
			created,
			"Body=Gr%C3%BC%C3%9Fe+%26+%F0%9F%90%95+%2B1&From=%2B15555550100&MediaUrl=https%3A%2F%2Fmedia.example%2Fa%3Fx%3D1&MediaUrl=https%3A%2F%2Fmedia.example%2Fb&StatusCallback=https%3A%2F%2Fsnout.example%2Fstatus%3Fevent%3Dev%252F1%23rc%3D2%26rp%3Dall&To=%2B15555550123&ValidityPeriod=600",
			gone, nil,
		},
		{"a picture without words", Message{From: from, To: to, MediaURLs: []string{"https://media.example/a"}}, created, "From=%2B15555550100&MediaUrl=https%3A%2F%2Fmedia.example%2Fa&To=%2B15555550123", gone, nil},
		{"a picture message is created", hello, answering(201, nil, `{"sid":"MM`+testSid[2:]+`","status":"accepted"}`), helloForm, Created{Sid: "MM" + testSid[2:], Status: "accepted"}, nil},
		{"200 is as good as 201", hello, answering(200, nil, `{"sid":"`+testSid+`"}`), helloForm, Created{Sid: testSid}, nil},

		{"opted out", hello, refused(400, 21610, "Attempt to send to unsubscribed recipient"), helloForm, Created{}, &Error{Op: "create message", Outcome: OutcomeNotCreated, Class: OptedOut, Code: 21610, HTTPStatus: 400, Detail: "Attempt to send to unsubscribed recipient"}},
		{"a number that cannot be", hello, refused(400, 21211, "The 'To' number +15555550123 is not a valid phone number."), helloForm, Created{}, &Error{Op: "create message", Outcome: OutcomeNotCreated, Class: Permanent, Code: 21211, HTTPStatus: 400, Detail: "The 'To' number +1555****0123 is not a valid phone number."}},
		{"an address in the carrier's words is cut to its host", hello, refused(400, 21620, "Invalid media URL(s): https://u:p@media.example/a?X-Amz-Signature=abc"), helloForm, Created{}, &Error{Op: "create message", Outcome: OutcomeNotCreated, Class: Permanent, Code: 21620, HTTPStatus: 400, Detail: "Invalid media URL(s): https://media.example/…"}},
		{"the account is locked out", hello, refused(401, 20003, "Authenticate"), helloForm, Created{}, &Error{Op: "create message", Outcome: OutcomeNotCreated, Class: Account, Code: 20003, HTTPStatus: 401, Detail: "Authenticate"}},
		{"a refusal of access with an unheard code is the account's", hello, refused(403, 29999, "No"), helloForm, Created{}, &Error{Op: "create message", Outcome: OutcomeNotCreated, Class: Account, Code: 29999, HTTPStatus: 403, Detail: "No"}},
		{"an unheard code is not tried again", hello, refused(400, 29999, "No"), helloForm, Created{}, &Error{Op: "create message", Outcome: OutcomeNotCreated, Class: Permanent, Code: 29999, HTTPStatus: 400, Detail: "No"}},
		{"quiet hours at the carrier", hello, refused(400, 30610, "Quiet"), helloForm, Created{}, &Error{Op: "create message", Outcome: OutcomeNotCreated, Class: Retry, Code: 30610, HTTPStatus: 400, Detail: "Quiet"}},
		{"too many requests", hello, answering(429, map[string]string{"Retry-After": "7"}, `{"code":20429,"message":"Too Many Requests"}`), helloForm, Created{}, &Error{Op: "create message", Outcome: OutcomeNotCreated, Class: Retry, Code: 20429, HTTPStatus: 429, RetryAfter: 7 * time.Second, Detail: "Too Many Requests"}},
		{"too many requests, without a word but with a date", hello, answering(429, map[string]string{"Retry-After": "Sun, 08 Mar 2026 09:01:30 GMT"}, ``), helloForm, Created{}, &Error{Op: "create message", Outcome: OutcomeNotCreated, Class: Retry, HTTPStatus: 429, RetryAfter: 90 * time.Second}},

		{"a server error proves nothing", hello, refused(500, 20500, "Internal Server Error"), helloForm, Created{}, &Error{Op: "create message", Outcome: OutcomeUnknown, Code: 20500, HTTPStatus: 500, Detail: "Internal Server Error"}},
		{"a server error with a code of a refusal proves nothing", hello, refused(503, 21610, "?"), helloForm, Created{}, &Error{Op: "create message", Outcome: OutcomeUnknown, Code: 21610, HTTPStatus: 503, Detail: "?"}},
		{"a gateway's page", hello, answering(502, nil, "<html>bad gateway</html>"), helloForm, Created{}, &Error{Op: "create message", Outcome: OutcomeUnknown, HTTPStatus: 502}},
		{"a 4xx without a code is not the carrier speaking", hello, answering(404, nil, "<html>no</html>"), helloForm, Created{}, &Error{Op: "create message", Outcome: OutcomeUnknown, HTTPStatus: 404}},
		{"a 4xx with another JSON", hello, answering(400, nil, `{"error":"no"}`), helloForm, Created{}, &Error{Op: "create message", Outcome: OutcomeUnknown, HTTPStatus: 400}},
		{"created, with no JSON", hello, answering(201, nil, "<html>ok</html>"), helloForm, Created{}, &Error{Op: "create message", Outcome: OutcomeUnknown, HTTPStatus: 201}},
		{"created, with an empty answer", hello, answering(201, nil, ""), helloForm, Created{}, &Error{Op: "create message", Outcome: OutcomeUnknown, HTTPStatus: 201}},
		{"created, with a sid that is none", hello, answering(201, nil, `{"sid":"SM1"}`), helloForm, Created{}, &Error{Op: "create message", Outcome: OutcomeUnknown, HTTPStatus: 201}},
		{"a redirect is not followed", hello, answering(302, map[string]string{"Location": "/elsewhere"}, ""), helloForm, Created{}, &Error{Op: "create message", Outcome: OutcomeUnknown, HTTPStatus: 302}},
		{"a redirect that keeps the method is not followed", hello, answering(307, map[string]string{"Location": "/elsewhere"}, ""), helloForm, Created{}, &Error{Op: "create message", Outcome: OutcomeUnknown, HTTPStatus: 307}},
		{"an answer without end", hello, answering(400, nil, `{"code":21610,"message":"`+strings.Repeat("a", maxAnswer)+`"}`), helloForm, Created{}, &Error{Op: "create message", Outcome: OutcomeUnknown}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := listen(t, tt.answer)
			got, err := clientAt(t, e.URL).Create(t.Context(), tt.message)
			var ours *Error
			errors.As(err, &ours)
			if diff := cmp.Diff(tt.err, ours, sameError()); diff != "" || (err == nil) != (tt.err == nil) {
				t.Errorf("error %v\n%s", err, diff)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			want := []heard{{Method: "POST", Target: "/2010-04-01/Accounts/" + testAccount + "/Messages.json", Body: tt.form, Header: map[string]string{
				"Authorization": basic(testAccount, "secret-token"), "Content-Type": "application/x-www-form-urlencoded",
				"Content-Length": fmt.Sprint(len(tt.form)), "Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": userAgent,
			}}}
			if diff := cmp.Diff(want, e.heard()); diff != "" {
				t.Error("requests:", diff)
			}
		})
	}
}

// The carrier's answer is cut off at every point where it can be, and the
// request is never repeated.
func TestCreateKnowsNothingOnceTheCarrierMayHaveHeard(t *testing.T) {
	msg := Message{From: mustPhone(t, "+15555550100"), To: mustPhone(t, "+15555550123"), Body: "hello"}
	hijack := func(say string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				panic(err)
			}
			_, _ = io.WriteString(conn, say)
			_ = conn.Close()
		}
	}
	tests := map[string]http.HandlerFunc{
		"dropped before a word":        hijack(""),
		"dropped in the status line":   hijack("HTTP/1.1 20"),
		"dropped in the headers":       hijack("HTTP/1.1 201 Created\r\nContent-"),
		"dropped in the body":          hijack("HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{\"sid\":\"" + testSid + "\""),
		"dropped in a refusal's body":  hijack("HTTP/1.1 400 Bad Request\r\nContent-Length: 100\r\n\r\n{\"code\":21610}"),
		"what comes is no HTTP at all": hijack("SMTP ready\r\n\r\n"),
	}
	for name, answer := range tests {
		t.Run(name, func(t *testing.T) {
			e := listen(t, answer)
			client := clientAt(t, e.URL)
			for range 2 {
				if _, err := client.Create(t.Context(), msg); OutcomeOf(err) != OutcomeUnknown {
					t.Errorf("outcome %v: %v", OutcomeOf(err), err)
				}
			}
			if n := len(e.heard()); n != 2 {
				t.Errorf("2 calls became %d requests", n)
			}
		})
	}
}

// A connection that the carrier has closed while it was idle is where net/http
// repeats requests by itself; a POST must not be among them.
func TestCreateIsNotRepeatedOnAReusedConnectionThatBreaks(t *testing.T) {
	msg := Message{From: mustPhone(t, "+15555550100"), To: mustPhone(t, "+15555550123"), Body: "hello"}
	var calls atomic.Int32
	e := listen(t, func(w http.ResponseWriter, r *http.Request) {
		if calls.Add(1) == 1 {
			answering(201, nil, `{"sid":"`+testSid+`","status":"queued"}`)(w, r)
			return
		}
		panic(http.ErrAbortHandler)
	})
	client := clientAt(t, e.URL)
	_, first := client.Create(t.Context(), msg)
	_, second := client.Create(t.Context(), msg)
	if OutcomeOf(first) != OutcomeCreated || OutcomeOf(second) != OutcomeUnknown || calls.Load() != 2 {
		t.Errorf("outcomes %v and %v after %d requests", OutcomeOf(first), OutcomeOf(second), calls.Load())
	}
}

func TestCreateDidNothingIfTheCarrierWasNeverReached(t *testing.T) {
	msg := Message{From: mustPhone(t, "+15555550100"), To: mustPhone(t, "+15555550123"), Body: "hello"}
	closed := httptest.NewServer(nil)
	closed.Close()
	over, cancel := context.WithCancel(t.Context())
	cancel()
	e := listen(t, answering(201, nil, `{"sid":"`+testSid+`"}`))
	strange := httptest.NewUnstartedServer(nil) // its certificate is nobody's
	strange.Config.ErrorLog = log.New(io.Discard, "", 0)
	strange.StartTLS()
	t.Cleanup(strange.Close)
	noCredentials := func(c *ClientConfig) {
		c.Credentials = func(context.Context) (Credentials, error) {
			return Credentials{}, errors.New("parameter store is down")
		}
	}
	emptyCredentials := func(c *ClientConfig) { c.Credentials = StaticCredentials(Credentials{AccountSid: testAccount}) }
	oddAccount := func(c *ClientConfig) {
		c.Credentials = StaticCredentials(Credentials{AccountSid: "AC/../../x", Secret: "s"})
	}
	tests := map[string]struct {
		ctx    context.Context
		client *Client
	}{
		"nobody listens":               {t.Context(), clientAt(t, closed.URL)},
		"the context was over":         {over, clientAt(t, e.URL)},
		"the certificate is not right": {t.Context(), clientAt(t, strange.URL)},
		"no credentials to be had":     {t.Context(), clientAt(t, e.URL, noCredentials)},
		"the secret is empty":          {t.Context(), clientAt(t, e.URL, emptyCredentials)},
		"the account is no account":    {t.Context(), clientAt(t, e.URL, oddAccount)},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := tt.client.Create(tt.ctx, msg)
			var ours *Error
			if !errors.As(err, &ours) {
				t.Fatalf("got %v", err)
			}
			if diff := cmp.Diff(&Error{Op: "create message", Outcome: OutcomeNotCreated, Class: Retry}, ours, sameError()); diff != "" {
				t.Errorf("%v\n%s", err, diff)
			}
		})
	}
	if n := len(e.heard()); n != 0 {
		t.Errorf("%d requests were made all the same", n)
	}
}

func TestCreateEndsWithItsContextAndWithItsTimeLimit(t *testing.T) {
	msg := Message{From: mustPhone(t, "+15555550100"), To: mustPhone(t, "+15555550123"), Body: "hello"}
	arrived, release := make(chan struct{}, 2), make(chan struct{})
	e := listen(t, func(http.ResponseWriter, *http.Request) {
		arrived <- struct{}{}
		<-release
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-arrived; cancel() }()
	_, err := clientAt(t, e.URL).Create(ctx, msg)
	if OutcomeOf(err) != OutcomeUnknown || !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled while the carrier was thinking: %v", err)
	}
	// The limit must be long enough to be reached by the request and short
	// enough to wait for; whichever comes first, the call must end by it.
	_, err = clientAt(t, e.URL, func(c *ClientConfig) { c.Timeout = 200 * time.Millisecond }).Create(t.Context(), msg)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the time limit did not end the call: %v", err)
	}
	close(release)
}

// Answers, good or bad, are read and closed, so that connections are used again
// and none leaks. The library by itself leaks one for each error.
func TestConnectionsAreUsedAgainAfterErrors(t *testing.T) {
	msg := Message{From: mustPhone(t, "+15555550100"), To: mustPhone(t, "+15555550123"), Body: "hello"}
	var opened atomic.Int32
	server := httptest.NewUnstartedServer(answering(400, nil, `{"code":21610,"message":"no"}`+strings.Repeat(" ", 8<<10)+"x"))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	client := clientAt(t, server.URL)
	for range 20 {
		_, _ = client.Create(t.Context(), msg)
	}
	if n := opened.Load(); n != 1 {
		t.Errorf("20 refusals took %d connections", n)
	}
}

func TestEveryAnswersBodyIsClosed(t *testing.T) {
	msg := Message{From: mustPhone(t, "+15555550100"), To: mustPhone(t, "+15555550123"), Body: "hello"}
	for _, tt := range []struct {
		status int
		body   string
	}{{201, `{"sid":"` + testSid + `"}`}, {201, ""}, {302, ""}, {400, `{"code":21610}`}, {500, "x"}, {201, strings.Repeat("x", maxAnswer+1)}} {
		body := &watched{Reader: strings.NewReader(tt.body)}
		client := clientAt(t, "", func(c *ClientConfig) {
			c.Transport = roundTrip(func(*http.Request) *http.Response {
				return &http.Response{StatusCode: tt.status, Header: http.Header{}, Body: body, ContentLength: -1}
			})
		})
		_, _ = client.Create(t.Context(), msg)
		if !body.closed {
			t.Errorf("after a %d of %d bytes the body stayed open", tt.status, len(tt.body))
		}
	}
}

type watched struct {
	io.Reader
	closed bool
}

func (w *watched) Close() error { w.closed = true; return nil }

// The number, the text, the credentials and the addresses of a failed call are
// in none of its words.
func TestErrorsNameNobody(t *testing.T) {
	msg := Message{From: mustPhone(t, "+15555550100"), To: mustPhone(t, "+15555550123"), Body: "the key is under the mat", MediaURLs: []string{"https://media.example/signed"}}
	answers := map[string]http.HandlerFunc{
		"refused with the request quoted": func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(400)
			_, _ = fmt.Fprintf(w, `{"code":21211,"message":"To %%2B15555550123, (555) 555-0123, 1-555-555-0100 https://media.example/signed"}`)
		},
		"dropped": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"garbage": answering(201, nil, `{"sid": 15555550123}`),
	}
	for name, answer := range answers {
		t.Run(name, func(t *testing.T) {
			client := clientAt(t, listen(t, answer).URL)
			_, err := client.Create(t.Context(), msg)
			_, listErr := client.List(t.Context(), Query{To: msg.To})
			for _, words := range []string{fmt.Sprintf("%v %+v %#v", err, err, err), fmt.Sprintf("%v", listErr)} {
				for _, secret := range []string{"5555550123", "5555550100", "555-0123", "555-0100", "mat", "secret-token", "signed"} {
					if strings.Contains(words, secret) {
						t.Errorf("%q is in: %s", secret, words)
					}
				}
			}
		})
	}
}

func TestAnAPIKeySignsInForTheAccount(t *testing.T) {
	e := listen(t, answering(201, nil, `{"sid":"`+testSid+`"}`))
	client := clientAt(t, e.URL+"/twilio/", func(c *ClientConfig) {
		c.Credentials = StaticCredentials(Credentials{AccountSid: testAccount, KeySid: "SKkey", Secret: "s"})
	})
	if _, err := client.Create(t.Context(), Message{From: mustPhone(t, "+15555550100"), To: mustPhone(t, "+15555550123"), Body: "x"}); err != nil {
		t.Fatal(err)
	}
	got := e.heard()[0]
	if got.Header["Authorization"] != basic("SKkey", "s") || got.Target != "/twilio/2010-04-01/Accounts/"+testAccount+"/Messages.json" {
		t.Errorf("got %+v", got)
	}
}

func TestCredentialsNeverGoInTheClearBeyondThisMachine(t *testing.T) {
	creds := StaticCredentials(Credentials{AccountSid: testAccount, Secret: "s"})
	for base, good := range map[string]bool{
		"": true, "https://api.twilio.com": true, "http://127.0.0.1:8787": true, "http://[::1]:1": true, "http://localhost:1/": true,
		"http://api.twilio.com": false, "http://10.0.0.1": false, "ftp://127.0.0.1": false, "api.twilio.com": false, "https://u:p@api.twilio.com": false, "https://api.twilio.com?x": false,
	} {
		if _, err := NewClient(ClientConfig{Credentials: creds, BaseURL: base}); (err == nil) != good {
			t.Errorf("%q: %v", base, err)
		}
	}
	if _, err := NewClient(ClientConfig{}); err == nil {
		t.Error("a client without credentials was made")
	}
}

// The library reads two environment variables that change the host.
func TestTheEnvironmentDoesNotMoveTheCarrier(t *testing.T) {
	t.Setenv("TWILIO_EDGE", "dublin")
	t.Setenv("TWILIO_REGION", "ie1")
	e := listen(t, answering(201, nil, `{"sid":"`+testSid+`"}`))
	if _, err := clientAt(t, e.URL).Create(t.Context(), Message{From: mustPhone(t, "+15555550100"), To: mustPhone(t, "+15555550123"), Body: "x"}); err != nil {
		t.Fatal(err)
	}
}

// A list whose next page points at another host is followed at ours.
func TestListFollowsPagesOnlyAtTheConfiguredHost(t *testing.T) {
	page := func(next, sid string) string {
		return `{"messages":[{"sid":"` + sid + `","from":"+15555550123","to":"+15555550100","body":"hi","status":"received","direction":"inbound","num_media":"2","date_created":"Sun, 08 Mar 2026 08:00:00 +0000","date_sent":"Sun, 08 Mar 2026 08:00:01 +0000"}],"next_page_uri":` + next + `}`
	}
	e := listen(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("PageToken") == "" {
			_, _ = io.WriteString(w, page(`"https://evil.example/x?PageToken=PA2&Page=1"`, "SM1"))
			return
		}
		_, _ = io.WriteString(w, page("null", "SM2"))
	})
	got, err := clientAt(t, e.URL).List(t.Context(), Query{To: mustPhone(t, "+15555550100"), Since: time.Date(2026, 3, 8, 7, 0, 0, 999, time.FixedZone("", 3600))})
	if err != nil {
		t.Fatal(err)
	}
	one := func(sid string) Listed {
		return Listed{Sid: sid, From: mustPhone(t, "+15555550123"), To: mustPhone(t, "+15555550100"), Body: "hi", Status: "received", Inbound: true, NumMedia: 2,
			CreatedAt: time.Date(2026, 3, 8, 8, 0, 0, 0, time.UTC), SentAt: time.Date(2026, 3, 8, 8, 0, 1, 0, time.UTC)}
	}
	if diff := cmp.Diff([]Listed{one("SM1"), one("SM2")}, got, phones()); diff != "" {
		t.Error(diff)
	}
	var targets []string
	for _, h := range e.heard() {
		targets = append(targets, h.Target)
	}
	const path = "/2010-04-01/Accounts/" + testAccount + "/Messages.json?"
	if diff := cmp.Diff([]string{
		path + "DateSent%3E=2026-03-08T06%3A00%3A00Z&PageSize=200&To=%2B15555550100",
		path + "DateSent%3E=2026-03-08T06%3A00%3A00Z&Page=1&PageSize=200&PageToken=PA2&To=%2B15555550100",
	}, targets); diff != "" {
		t.Error(diff)
	}
}

func TestAListWithoutEndIsCutAndSaysSo(t *testing.T) {
	e := listen(t, answering(200, nil, `{"messages":[],"next_page_uri":"/x?PageToken=PA1&Page=1"}`))
	client := clientAt(t, e.URL)
	if _, err := client.List(t.Context(), Query{To: mustPhone(t, "+15555550100")}); !errors.Is(err, ErrListTruncated) {
		t.Errorf("got %v", err)
	}
	if n := len(e.heard()); n != listPages {
		t.Errorf("%d pages were read", n)
	}
	if _, err := client.List(t.Context(), Query{}); err == nil {
		t.Error("a list of everybody's messages was read")
	}
}

func TestStatusCallbackAndRetriesAreAskedForInTheAddress(t *testing.T) {
	for got, want := range map[string]string{
		StatusCallback("https://snout.example/status", "ev_1"):   "https://snout.example/status?event=ev_1#rc=2&rp=all",
		StatusCallback("https://snout.example/s?a=1#x", "e&v/ü"): "https://snout.example/s?a=1&event=e%26v%2F%C3%BC#rc=2&rp=all",
		Retrying("https://snout.example/hook"):                   "https://snout.example/hook#rc=2&rp=all",
		Retrying(Retrying("https://snout.example/hook")):         "https://snout.example/hook#rc=2&rp=all",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestMediaComesOnlyFromTheCarrierAndWithoutPasswordsOnTheWay(t *testing.T) {
	const first = "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1"
	png := func(body string) func(*http.Request) *http.Response {
		return func(*http.Request) *http.Response { return respond(200, "image/png", body, "") }
	}
	to := func(location string) func(*http.Request) *http.Response {
		return func(*http.Request) *http.Response { return respond(307, "", "", location) }
	}
	type world map[string]func(*http.Request) *http.Response
	tests := []struct {
		name, address string
		world         world
		want          FetchedMedia
		refused       bool
		asked         []string
	}{
		{"straight from the API", first, world{first: png("picture")}, FetchedMedia{"image/png", []byte("picture")}, false, []string{first + " auth"}},
		{"by way of the carrier's store", first, world{first: to("https://mms.twiliocdn.com/AC1/x?sig=1"), "https://mms.twiliocdn.com/AC1/x?sig=1": png("picture")}, FetchedMedia{"image/png", []byte("picture")}, false, []string{first + " auth", "https://mms.twiliocdn.com/AC1/x?sig=1"}},
		{"by way of the rented store", first, world{first: to("https://s3-external-1.amazonaws.com/media.twiliocdn.com/AC1/x"), "https://s3-external-1.amazonaws.com/media.twiliocdn.com/AC1/x": png("picture")}, FetchedMedia{"image/png", []byte("picture")}, false, []string{first + " auth", "https://s3-external-1.amazonaws.com/media.twiliocdn.com/AC1/x"}},
		{"back to the API, and no password the second time", first, world{first: to("/2010-04-01/other"), "https://api.twilio.com/2010-04-01/other": png("picture")}, FetchedMedia{"image/png", []byte("picture")}, false, []string{first + " auth", "https://api.twilio.com/2010-04-01/other"}},
		{"a strange bucket in the rented store", first, world{first: to("https://s3-external-1.amazonaws.com/evil/x")}, FetchedMedia{}, true, []string{first + " auth"}},
		{"out of the rented folder", first, world{first: to("https://s3-external-1.amazonaws.com/media.twiliocdn.com/%2e%2e/evil/x")}, FetchedMedia{}, true, []string{first + " auth"}},
		{"to this machine's own network", first, world{first: to("http://169.254.169.254/latest/meta-data")}, FetchedMedia{}, true, []string{first + " auth"}},
		{"to the store without encryption", first, world{first: to("http://mms.twiliocdn.com/x")}, FetchedMedia{}, true, []string{first + " auth"}},
		{"to a host that only ends like the store", first, world{first: to("https://mms.twiliocdn.com.evil.example/x")}, FetchedMedia{}, true, []string{first + " auth"}},
		{"round in circles", first, world{first: to(first)}, FetchedMedia{}, true, []string{first + " auth", first, first}},
		{"another host to begin with", "https://evil.example/2010-04-01/Accounts/AC1/x", nil, FetchedMedia{}, true, nil},
		{"the API without encryption", strings.Replace(first, "https", "http", 1), nil, FetchedMedia{}, true, nil},
		{"another part of the API", "https://api.twilio.com/other", nil, FetchedMedia{}, true, nil},
		{"a user in the address", strings.Replace(first, "https://", "https://x@", 1), nil, FetchedMedia{}, true, nil},
		{"no address", "::", nil, FetchedMedia{}, true, nil},
		{"a page instead of a picture", first, world{first: func(*http.Request) *http.Response { return respond(200, "text/html", "<script>", "") }}, FetchedMedia{}, true, []string{first + " auth"}},
		{"a drawing that can run scripts", first, world{first: func(*http.Request) *http.Response { return respond(200, "image/svg+xml", "<svg>", "") }}, FetchedMedia{}, true, []string{first + " auth"}},
		{"no type", first, world{first: func(*http.Request) *http.Response { return respond(200, "", "x", "") }}, FetchedMedia{}, true, []string{first + " auth"}},
		{"a type in capitals with a parameter", first, world{first: func(*http.Request) *http.Response { return respond(200, "Image/JPEG; q=1", "x", "") }}, FetchedMedia{"image/jpeg", []byte("x")}, false, []string{first + " auth"}},
		{"exactly as large as may be", first, world{first: png(strings.Repeat("x", 64))}, FetchedMedia{"image/png", []byte(strings.Repeat("x", 64))}, false, []string{first + " auth"}},
		{"one byte too large", first, world{first: png(strings.Repeat("x", 65))}, FetchedMedia{}, true, []string{first + " auth"}},
		{"deleted at the carrier", first, world{first: func(*http.Request) *http.Response { return respond(404, "", "", "") }}, FetchedMedia{}, true, []string{first + " auth"}},
		{"the carrier is down", first, world{first: func(*http.Request) *http.Response { return respond(503, "", "", "") }}, FetchedMedia{}, false, []string{first + " auth"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var asked []string
			fetcher := MediaFetcher{
				HTTP: &http.Client{Transport: roundTrip(func(r *http.Request) *http.Response {
					line := r.URL.String()
					if r.Header.Get("Authorization") != "" {
						line += " auth"
					}
					asked = append(asked, line)
					return tt.world[r.URL.String()](r)
				})},
				Credentials: StaticCredentials(Credentials{AccountSid: testAccount, Secret: "s"}),
				MaxBytes:    64,
			}
			got, err := fetcher.Fetch(t.Context(), tt.address)
			if errors.Is(err, ErrMediaRefused) != tt.refused || (err == nil) != (tt.want.Data != nil) {
				t.Errorf("error %v", err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tt.asked, asked); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A body may say less about its length than it holds.
func TestMediaOfUndeclaredLengthIsCutOff(t *testing.T) {
	fetcher := MediaFetcher{
		HTTP: &http.Client{Transport: roundTrip(func(*http.Request) *http.Response {
			r := respond(200, "image/png", strings.Repeat("x", 65), "")
			r.ContentLength = -1
			return r
		})},
		Credentials: StaticCredentials(Credentials{AccountSid: testAccount, Secret: "s"}), MaxBytes: 64,
	}
	if _, err := fetcher.Fetch(t.Context(), DefaultBaseURL+"/2010-04-01/Accounts/AC1/x"); !errors.Is(err, ErrMediaRefused) {
		t.Errorf("got %v", err)
	}
}

// roundTrip is a world of one function: none of these addresses may be asked
// for real.
type roundTrip func(*http.Request) *http.Response

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r), nil }

func respond(status int, kind, body, location string) *http.Response {
	h := http.Header{}
	if kind != "" {
		h.Set("Content-Type", kind)
	}
	if location != "" {
		h.Set("Location", location)
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body))}
}

// Every code that the carrier's facts name has a class that fits its legend,
// and words an owner understands.
func TestEveryCodeIsClassifiedAndExplained(t *testing.T) {
	want := map[Class][]int{
		Account:   {20003, 20404, 21212, 21408, 21601, 21606, 21603, 21608, 21609, 21659, 21660, 21661, 21701, 21703, 21704, 21705, 21712, 30002, 30018, 30024, 30032, 30034, 30454, 30532, 30533},
		Permanent: {21211, 21602, 21604, 21612, 21614, 21617, 21620, 21623, 21635, 30004, 30005, 30006, 30007, 30011, 30019, 30036, 30640},
		Retry:     {20429, 21611, 30001, 30003, 30008, 30017, 30022, 30023, 30027, 30035, 30410, 30450, 30453, 30610, 30615, 63017, 63018, 63038},
		OptedOut:  {21610},
	}
	for class, codes := range want {
		for _, code := range codes {
			e := Explain(code)
			if e.Class != class || !e.Known || !strings.HasSuffix(e.Sentence, ".") {
				t.Errorf("%d is %+v, want class %s", code, e, class)
			}
		}
	}
	if e := Explain(39999); e.Known || e.Class != Permanent || e.Sentence == "" {
		t.Errorf("an unheard code is %+v", e)
	}
}

func TestOutcomeOfAnErrorThatIsNotOursIsUnknown(t *testing.T) {
	for want, err := range map[Outcome]error{
		OutcomeCreated:    nil,
		OutcomeUnknown:    io.ErrUnexpectedEOF,
		OutcomeNotCreated: fmt.Errorf("send: %w", &Error{Outcome: OutcomeNotCreated}),
	} {
		if got := OutcomeOf(err); got != want {
			t.Errorf("%v is %v, want %v", err, got, want)
		}
	}
}

func TestDeleteTellsWhatIsGoneFromWhatIsUnderWayAndWhatFailed(t *testing.T) {
	for _, row := range []struct {
		name, sid, body string
		status          int
		want            error
		fails, called   bool
	}{
		{"a message", testSid, "", 204, nil, false, true},
		{"a picture message", "MM" + testSid[2:], "", 204, nil, false, true},
		{"one that is gone already", testSid, `{"code":20404,"message":"not found"}`, 404, nil, false, true},
		{"one that is being delivered", testSid, `{"code":20009,"message":"Cannot delete message because delivery has not been completed."}`, 409, ErrUnderWay, true, true},
		{"a carrier that is busy", testSid, `{"code":20429}`, 429, nil, true, true},
		{"credentials that are refused", testSid, `{"code":20003}`, 401, nil, true, true},
		{"no sid", "../../Calls", "", 204, nil, true, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			var asked []string
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked = append(asked, r.Method+" "+r.URL.Path)
				w.WriteHeader(row.status)
				_, _ = io.WriteString(w, row.body)
			}))
			defer server.Close()
			err := clientAt(t, server.URL).Delete(t.Context(), row.sid)
			if (err != nil) != row.fails || row.want != nil && !errors.Is(err, row.want) {
				t.Errorf("answered %v", err)
			}
			var want []string
			if row.called {
				want = []string{"DELETE /2010-04-01/Accounts/" + testAccount + "/Messages/" + row.sid + ".json"}
			}
			if diff := cmp.Diff(want, asked); diff != "" {
				t.Errorf("asked (-want +got):\n%s", diff)
			}
		})
	}
}
