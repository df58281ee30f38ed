package simulation

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strings"
	"time"
)

// wire is a transport without a wire.
type wire func(*http.Request) (*http.Response, error)

func (w wire) RoundTrip(r *http.Request) (*http.Response, error) { return w(r) }

// doer is the AWS clients' HTTP client.
type doer struct{ s *Sim }

func (d doer) Do(r *http.Request) (*http.Response, error) { return d.s.toAWS(r) }

// answer collects a handler's response.
type answer struct {
	status int
	header http.Header
	body   bytes.Buffer
}

func (a *answer) Header() http.Header { return a.header }
func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}
func (a *answer) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(b)
}

// serve lets a handler answer, or drop the connection by the panic that net/http
// provides for.
func serve(h http.Handler, r *http.Request) (res *http.Response, err error) {
	a := &answer{header: http.Header{}}
	in := r.WithContext(context.WithoutCancel(r.Context()))
	in.RequestURI, in.RemoteAddr, in.Host = r.URL.RequestURI(), "127.0.0.1:1", r.URL.Host
	if in.Body == nil {
		in.Body = http.NoBody
	}
	defer func() {
		if x := recover(); x != nil {
			if x != http.ErrAbortHandler {
				panic(x)
			}
			res, err = nil, io.ErrUnexpectedEOF
		}
	}()
	h.ServeHTTP(a, in)
	a.WriteHeader(http.StatusOK)
	return &http.Response{
		StatusCode: a.status, Status: fmt.Sprintf("%d %s", a.status, http.StatusText(a.status)), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: a.header, Body: io.NopCloser(bytes.NewReader(a.body.Bytes())), ContentLength: int64(a.body.Len()), Request: r,
	}, nil
}

// effect is one call that leaves a function: it waits for its turn, may meet the end
// of its function, and is then made. A call that changes the world has a number.
func (s *Sim) effect(what string, changes bool, do func() (*http.Response, error)) (*http.Response, error) {
	t := s.current
	if t == nil { // the seed, and checks
		return do()
	}
	in := t.in
	if in != nil && in.dead || s.closing {
		return nil, errDead
	}
	if in == nil || !in.quiet {
		s.pause(what)
	}
	if in != nil && !in.dead && s.clock.Now().After(in.ends) {
		s.kill(in, "timed out before "+what)
	}
	if in != nil && in.dead {
		return nil, errDead
	}
	if !changes || in != nil && in.quiet {
		return do()
	}
	n := s.writes
	s.writes++
	s.figures.Effects++
	if st := s.strike; st != nil && st.At == n && st.Kind == "crash" {
		st.Hit, st.What = true, what
		if in != nil {
			s.kill(in, "crash before "+what)
			return nil, errDead
		}
		s.figures.Crashes++
		return nil, errDead
	}
	if in != nil && s.chance(s.chaos.Crash) {
		s.kill(in, "crash before "+what)
		return nil, errDead
	}
	s.tracef("  #%d %s", n, what)
	return do()
}

func (s *Sim) kill(in *invocation, why string) {
	in.dead, in.crashed = true, why
	in.cancel()
	s.figures.Crashes++
	s.tracef("  † %s: %s", in.fn, why)
}

func (s *Sim) chance(perMille int) bool { return perMille > 0 && s.rng.IntN(1000) < perMille }

// struck answers the enumeration's fault for the effect about to be made.
func (s *Sim) struck(kinds ...string) string {
	st := s.strike
	if st == nil || s.current == nil || st.At != s.writes-1 || st.Hit {
		return ""
	}
	for _, k := range kinds {
		if st.Kind == k {
			st.Hit = true
			return k
		}
	}
	return ""
}

type cached struct {
	at     time.Time
	status int
	header http.Header
	body   []byte
}

// toAWS carries a call to the table, SSM or SQS.
func (s *Sim) toAWS(r *http.Request) (*http.Response, error) {
	target := r.Header.Get("X-Amz-Target")
	service, op, _ := strings.Cut(target, ".")
	switch {
	case strings.HasPrefix(service, "DynamoDB_"):
		return s.toTable(r, op)
	case service == "AmazonSSM":
		return s.effectless(r, "ssm "+op, s.params, s.chaos.Params, func() { _ = s.params.Inject("down") })
	case service == "AmazonSQS":
		return s.effect("sqs "+op, op != "ReceiveMessage", func() (*http.Response, error) {
			if s.current != nil && s.chance(s.chaos.Queue) {
				s.fault("queue down")
				_ = s.queues.Inject("down")
			}
			return serve(s.queues, r)
		})
	}
	return nil, fmt.Errorf("nobody answers %s", target)
}

func (s *Sim) effectless(r *http.Request, what string, h http.Handler, perMille int, inject func()) (*http.Response, error) {
	if t := s.current; t != nil {
		if t.in != nil && t.in.dead {
			return nil, errDead
		}
		if s.chance(perMille) {
			s.fault(what + " fails")
			inject()
		}
	}
	return serve(h, r)
}

func (s *Sim) fault(what string) {
	s.figures.Faults++
	s.tracef("  ! %s", what)
}

func (s *Sim) toTable(r *http.Request, op string) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	do := func() (*http.Response, error) { return serve(s.engine, r) }
	if s.current == nil {
		return do()
	}
	changes := false
	switch op {
	case "PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem":
		changes = true
	case "Query":
		if !s.current.hushed && !bytes.Contains(body, []byte(`"ConsistentRead":true`)) {
			return s.eventual(r, body, do)
		}
	case "BatchGetItem":
		// One read of this kind runs beside another of the same function: whichever of
		// them is first must not be anybody's choice.
		if bytes.Contains(body, []byte(`"ASSIGN"`)) {
			return s.dying(do)
		}
	}
	if s.current.hushed && !changes {
		return s.dying(do)
	}
	what := op
	if s.trace != nil || changes && s.strike != nil {
		what = describe(op, body)
	}
	return s.effect(what, changes, func() (*http.Response, error) {
		kind := ""
		if changes {
			kind = s.struck("lost", "throttle", "conflict", "500")
			if kind != "" {
				s.strike.What = what
			}
		}
		if kind == "" && s.chance(s.chaos.Table) {
			kinds := []string{"throttle", "500"}
			if changes {
				kinds = []string{"throttle", "500", "lost", "lost", "conflict"}
			}
			kind = kinds[s.rng.IntN(len(kinds))]
		}
		if kind == "" {
			return do()
		}
		s.fault(kind + " at " + what)
		if kind == "lost" {
			kind = "timeout-after-commit"
		}
		if err := s.engine.Inject(kind + ":" + op); err != nil {
			return do() // BatchWriteItem knows no conflict
		}
		return do()
	})
}

func (s *Sim) dying(do func() (*http.Response, error)) (*http.Response, error) {
	if in := s.current.in; in != nil && in.dead {
		return nil, errDead
	}
	return do()
}

// eventual answers an eventually consistent read, sometimes with what was there a
// moment ago.
func (s *Sim) eventual(r *http.Request, body []byte, do func() (*http.Response, error)) (*http.Response, error) {
	if s.chaos.Stale == 0 || s.current.quiet {
		return s.dying(do)
	}
	key := plain(body)
	if c, ok := s.cache[key]; ok && s.clock.Now().Sub(c.at) < 2*time.Second && s.chance(s.chaos.Stale) {
		s.fault("stale read")
		return &http.Response{StatusCode: c.status, Status: "200 OK", Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: c.header.Clone(), Body: io.NopCloser(bytes.NewReader(c.body)), ContentLength: int64(len(c.body)), Request: r}, nil
	}
	res, err := s.dying(do)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	res.Body = io.NopCloser(bytes.NewReader(b))
	s.cache[key] = cached{s.clock.Now(), res.StatusCode, res.Header.Clone(), b}
	return res, nil
}

// plain is a request with its members in one order: as the AWS clients write it, it is a
// map's.
func plain(body []byte) string {
	var v any
	if json.Unmarshal(body, &v) != nil {
		return string(body)
	}
	b, err := json.Marshal(v)
	if err != nil {
		return string(body)
	}
	return string(b)
}

// toOutside carries a call that is no AWS client's: to the carrier, or to the bucket.
func (s *Sim) toOutside(r *http.Request) (*http.Response, error) {
	name, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if !slices.Contains(s.buckets, name) {
		return s.toCarrier(r)
	}
	changes := r.Method == http.MethodPut
	return s.effect("bucket "+r.Method, changes, func() (*http.Response, error) {
		if !changes {
			return serve(s.bucket, r)
		}
		kind := s.struck("lost", "500", "throttle", "conflict")
		if kind != "" {
			s.strike.What = "bucket " + r.Method
		} else if s.chance(s.chaos.Queue) {
			kind = []string{"lost", "500"}[s.rng.IntN(2)]
		}
		switch kind {
		case "":
			return serve(s.bucket, r)
		case "lost":
			s.fault("bucket: answer lost")
			if _, err := serve(s.bucket, r); err != nil {
				return nil, err
			}
			return nil, io.ErrUnexpectedEOF
		}
		s.fault("bucket: 503")
		return &http.Response{StatusCode: 503, Status: "503 Slow Down", Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
	})
}

// toCarrier carries a call of ours to the carrier.
func (s *Sim) toCarrier(r *http.Request) (*http.Response, error) {
	what, changes := "carrier "+r.Method, r.Method == http.MethodPost
	var form []byte
	if r.Body != nil {
		form, _ = io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(form))
	}
	return s.effect(what, changes, func() (*http.Response, error) {
		if trace := httptrace.ContextClientTrace(r.Context()); trace != nil && trace.GotConn != nil {
			trace.GotConn(httptrace.GotConnInfo{})
		}
		if picture := !changes && strings.Contains(r.URL.Path, "/Media/"); picture && s.current != nil && (s.noPictures || s.chance(s.chaos.Carrier)) {
			s.fault("carrier: no picture now")
			return &http.Response{StatusCode: 503, Status: "503 Service Unavailable", Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
		}
		kind := ""
		if changes {
			switch s.struck("lost", "throttle", "500", "conflict") {
			case "lost":
				kind = "timeout-after-accept"
			case "throttle":
				kind = "429"
			case "500":
				kind = "500"
			case "conflict":
				kind = "timeout-before-accept"
			}
			if kind != "" {
				s.strike.What = what
			}
		}
		if s.current != nil && kind == "" && s.chance(s.chaos.Carrier) {
			kinds := []string{"list-500", "list-429", "list-timeout"}
			if changes {
				kinds = []string{"timeout-before-accept", "timeout-after-accept", "500", "503", "500-after-accept", "garbage-after-accept", "429", "30003", "21610", "21211"}
			}
			kind = kinds[s.rng.IntN(len(kinds))]
		}
		if kind != "" {
			s.fault("carrier: " + kind)
			if err := s.carrier.Inject(kind); err != nil {
				panic(err) // ours: the list above
			}
		}
		before := s.carrier.Metrics().MessagesCreated
		res, err := serve(s.carrier, r)
		if changes && s.carrier.Metrics().MessagesCreated > before {
			s.took(string(form))
		}
		return res, err
	})
}

// toUs carries a call of the carrier's to our gateway.
func (s *Sim) toUs(r *http.Request) (*http.Response, error) {
	var form []byte
	report := strings.HasSuffix(r.URL.Path, "/status")
	if report && r.Body != nil {
		form, _ = io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(form))
	}
	res, err := serve(s.gateway, r)
	if report && err == nil && res.StatusCode < 300 {
		if f, err := url.ParseQuery(string(form)); err == nil {
			id := r.URL.Query().Get("event")
			s.reported[id] = append(s.reported[id], f.Get("MessageStatus"))
		}
	}
	return res, err
}

// logSink keeps what the functions log, for the check that it holds nobody's number.
type logSink struct {
	buf bytes.Buffer
}

func (l *logSink) Write(p []byte) (int, error) { return l.buf.Write(p) }
