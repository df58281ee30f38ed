package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"snout/shared/flags"
)

// mux is everything that answers at the world's one address.
func (w *World) mux() http.Handler {
	local := http.NewServeMux()
	local.HandleFunc("POST /local/token", w.token)
	local.HandleFunc("GET /local/world", w.world)
	local.HandleFunc("POST /local/phones/{e164}/texts", w.text)
	local.HandleFunc("GET /local/phones/{e164}/texts", w.received)
	local.HandleFunc("GET /local/flags", w.getFlags)
	local.HandleFunc("PUT /local/flags", w.putFlags)
	local.HandleFunc("GET /local/clock", w.getClock)
	local.HandleFunc("POST /local/clock", w.setClock)
	local.HandleFunc("GET /local/instant", w.instant)
	local.HandleFunc("POST /local/settle", w.settle)
	local.HandleFunc("GET /local/metrics", w.metrics)
	local.HandleFunc("GET /local/logs", w.logLines)
	local.HandleFunc("POST /local/faults", w.faults)
	local.Handle("GET /local/", localPage())
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/local" || strings.HasPrefix(r.URL.Path, "/local/"):
			if !onlyThisMachine(r) {
				http.Error(rw, "this is only for the machine itself", http.StatusForbidden)
				return
			}
			local.ServeHTTP(rw, r)
		case strings.HasPrefix(r.URL.Path, "/2010-04-01/"):
			w.Carrier.ServeHTTP(rw, r)
		case r.URL.Path == "/issuer" || strings.HasPrefix(r.URL.Path, "/issuer/"):
			w.Issuer.ServeHTTP(rw, r)
		case r.Method == http.MethodPost && strings.HasPrefix(r.Header.Get("X-Amz-Target"), "DynamoDB"):
			w.Engine.ServeHTTP(rw, r)
		case r.Method == http.MethodPost && strings.HasPrefix(r.Header.Get("X-Amz-Target"), "AmazonSSM."):
			w.Params.ServeHTTP(rw, r)
		case r.Method == http.MethodPost && strings.HasPrefix(r.Header.Get("X-Amz-Target"), "AmazonSQS."):
			w.Queues.ServeHTTP(rw, r)
		case w.inBucket(r.URL.Path):
			w.Bucket.ServeHTTP(rw, r)
		case r.URL.Path == "/" && r.Method == http.MethodGet:
			http.Redirect(rw, r, "/local/", http.StatusFound)
		default:
			w.gateway.ServeHTTP(rw, r)
			if r.Method == http.MethodPost && strings.HasPrefix(r.URL.Path, "/api/numbers") {
				// In the cloud a number is rented from the carrier before it is entered
				// here; in this world entering it rents it.
				_ = w.rent(r.Context())
			}
		}
	})
}

// inBucket tells a path that leads to a kept picture.
func (w *World) inBucket(path string) bool {
	for _, b := range w.template.Buckets {
		if strings.HasPrefix(path, "/"+b.Name+"/") {
			return true
		}
	}
	return false
}

// onlyThisMachine refuses callers from elsewhere, and pages of other sites that have
// talked a browser on this machine into calling (their Host or Origin gives them away).
func onlyThisMachine(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil || !net.ParseIP(host).IsLoopback() {
		return false
	}
	if !loopbackHost(r.Host) {
		return false
	}
	if o := r.Header.Get("Origin"); o != "" {
		u, err := url.Parse(o)
		if err != nil || !loopbackHost(u.Host) {
			return false
		}
	}
	return true
}

func loopbackHost(h string) bool {
	if name, _, err := net.SplitHostPort(h); err == nil {
		h = name
	}
	h = strings.Trim(h, "[]")
	ip := net.ParseIP(h)
	return strings.EqualFold(h, "localhost") || ip != nil && ip.IsLoopback()
}

func reply(rw http.ResponseWriter, status int, v any) {
	rw.Header().Set("Content-Type", "application/json")
	rw.Header().Set("Cache-Control", "no-store")
	rw.WriteHeader(status)
	e := json.NewEncoder(rw)
	e.SetEscapeHTML(false)
	_ = e.Encode(v)
}

func fault(rw http.ResponseWriter, status int, sentence string) {
	reply(rw, status, map[string]string{"error": sentence})
}

// maxBody has room for a text with pictures of the size that phones take, as data URLs.
const maxBody = 32 << 20

// body reads a JSON body; an empty one leaves the zero value.
func body[T any](rw http.ResponseWriter, r *http.Request) (T, bool) {
	var v T
	d := json.NewDecoder(http.MaxBytesReader(rw, r.Body, maxBody))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil && !errors.Is(err, io.EOF) {
		fault(rw, http.StatusBadRequest, "the body is not what this route takes: "+err.Error())
		return v, false
	}
	return v, true
}

func (w *World) token(rw http.ResponseWriter, r *http.Request) {
	q, ok := body[struct {
		Sub string `json:"sub"`
	}](rw, r)
	if !ok {
		return
	}
	t, err := w.Issuer.Mint(q.Sub)
	if err != nil {
		fault(rw, http.StatusNotFound, "nobody here is called "+q.Sub)
		return
	}
	reply(rw, http.StatusOK, map[string]string{"token": t, "access_token": t, "id_token": t, "token_type": "Bearer"})
}

func (w *World) text(rw http.ResponseWriter, r *http.Request) {
	q, ok := body[struct {
		To    string   `json:"to"`
		Body  string   `json:"body"`
		Media []string `json:"media"`
		Sid   string   `json:"sid"`
	}](rw, r)
	if !ok {
		return
	}
	got, err := w.Carrier.Text(r.Context(), r.PathValue("e164"), q.To, q.Body, q.Media, q.Sid)
	if err != nil {
		fault(rw, http.StatusBadRequest, err.Error())
		return
	}
	reply(rw, http.StatusOK, map[string]any{"sid": got.Sid, "status": got.Status, "twiml": got.TwiML})
}

type phoneText struct {
	From  string   `json:"from"`
	Body  string   `json:"body"`
	At    string   `json:"at"`
	Sid   string   `json:"sid"`
	Media []string `json:"media,omitempty"`
}

func (w *World) received(rw http.ResponseWriter, r *http.Request) {
	texts := []phoneText{}
	for _, t := range w.Carrier.Received(r.PathValue("e164")) {
		texts = append(texts, phoneText{t.From, t.Body, t.At.UTC().Format(time.RFC3339Nano), t.Sid, t.Media})
	}
	reply(rw, http.StatusOK, map[string]any{"texts": texts})
}

const flagsPath = "/snout/local/flags/"

// Flags are the stage's flags as they stand in SSM.
func (w *World) Flags() map[string]string {
	all := w.Params.All()
	out := map[string]string{}
	for _, n := range flags.Names {
		if v, ok := all[flagsPath+n]; ok {
			out[n] = v
		}
	}
	return out
}

// SetFlags writes flags; the others stay as they are. A value that SSM cannot hold
// (the empty one) is written as none.
func (w *World) SetFlags(values map[string]string) error {
	put := map[string]string{}
	for n, v := range values {
		known := false
		for _, k := range flags.Names {
			known = known || k == n
		}
		if !known {
			return errors.New("there is no flag " + n)
		}
		if v == "" {
			v = "none"
		}
		put[flagsPath+n] = v
	}
	return w.Params.Set(put)
}

func (w *World) getFlags(rw http.ResponseWriter, r *http.Request) {
	reply(rw, http.StatusOK, w.Flags())
}

func (w *World) putFlags(rw http.ResponseWriter, r *http.Request) {
	q, ok := body[map[string]string](rw, r)
	if !ok {
		return
	}
	if err := w.SetFlags(q); err != nil {
		fault(rw, http.StatusBadRequest, err.Error())
		return
	}
	reply(rw, http.StatusOK, w.Flags())
}

func (w *World) getClock(rw http.ResponseWriter, r *http.Request) {
	reply(rw, http.StatusOK, map[string]any{"now": w.Clock.Now().Format(time.RFC3339Nano), "hold": w.Clock.Held()})
}

// instant is one reading of the functions' clock, for those in processes of their own.
// Each reading is later than the one before, as it is in this process.
func (w *World) instant(rw http.ResponseWriter, _ *http.Request) {
	_, _ = io.WriteString(rw, w.Host.Clock().Format(time.RFC3339Nano))
}

func (w *World) setClock(rw http.ResponseWriter, r *http.Request) {
	q, ok := body[struct {
		Advance string `json:"advance"`
		Set     string `json:"set"`
		Hold    *bool  `json:"hold"`
	}](rw, r)
	if !ok {
		return
	}
	var by time.Duration
	var to time.Time
	var err error
	if q.Advance != "" {
		if by, err = time.ParseDuration(q.Advance); err != nil {
			fault(rw, http.StatusBadRequest, "advance must be a duration such as 90m")
			return
		}
	}
	if q.Set != "" {
		if to, err = time.Parse(time.RFC3339Nano, q.Set); err != nil {
			fault(rw, http.StatusBadRequest, "set must be an instant such as 2026-03-08T09:00:00Z")
			return
		}
	}
	// What is in the stream belongs to the time before: a jump of a day would make it
	// too old to be handled, which in the cloud takes a day.
	if err := w.Settle(r.Context()); err != nil {
		fault(rw, http.StatusInternalServerError, err.Error())
		return
	}
	if !to.IsZero() {
		w.Clock.Set(to)
	}
	if by != 0 {
		w.Clock.Advance(by)
	}
	if q.Hold != nil {
		w.Clock.Hold(*q.Hold)
	}
	w.getClock(rw, r)
}

func (w *World) settle(rw http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 60*time.Second)
	defer cancel()
	if err := w.Settle(ctx); err != nil {
		fault(rw, http.StatusInternalServerError, err.Error())
		return
	}
	reply(rw, http.StatusOK, map[string]bool{"settled": true})
}

func (w *World) metrics(rw http.ResponseWriter, r *http.Request) {
	m := w.Engine.Metrics()
	reply(rw, http.StatusOK, map[string]any{
		"table":   map[string]any{"operations": m.Operations, "failures": m.Failures, "readUnits": m.Read, "writeUnits": m.Write},
		"carrier": w.Carrier.Metrics(), "ssm": w.Params.Metrics(), "sqs": w.Queues.Metrics(), "s3": w.Bucket.Metrics(),
	})
}

func (w *World) faults(rw http.ResponseWriter, r *http.Request) {
	type next struct {
		Next []string `json:"next"`
	}
	q, ok := body[struct {
		Carrier *next `json:"carrier"`
		SSM     *next `json:"ssm"`
		Table   *next `json:"table"`
		SQS     *next `json:"sqs"`
	}](rw, r)
	if !ok {
		return
	}
	for _, f := range []struct {
		list   *next
		inject func(...string) error
	}{{q.Carrier, w.Carrier.Inject}, {q.SSM, w.Params.Inject}, {q.Table, w.Engine.Inject}, {q.SQS, w.Queues.Inject}} {
		if f.list == nil {
			continue
		}
		if err := f.inject(f.list.Next...); err != nil {
			fault(rw, http.StatusBadRequest, err.Error())
			return
		}
	}
	reply(rw, http.StatusOK, map[string]bool{"ok": true})
}
