package web

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// longestAnswer bounds one answer that goes into a document.
const longestAnswer = 1 << 20

// errNoSession is a session that the issuer no longer knows.
var errNoSession = errors.New("web: the session has ended")

// first is what the page would ask for first, so that something is seen without a
// second request. The answers are the API's own, asked for as the person themselves:
// whoever may not see something has it here no more than there.
type first struct {
	Now     string                 `json:"now"` // the API's clock, as it said itself
	Role    string                 `json:"role"`
	Answers map[string]firstAnswer `json:"answers"` // by the path the page would ask
}

type firstAnswer struct {
	ETag string          `json:"etag"`
	Data json.RawMessage `json:"data"`
}

// firstOf asks for it. Without an answer in time there is none: nothing here may keep
// a page from being shown, but the knowledge that its session has ended.
func (s *Site) firstOf(w http.ResponseWriter, r *http.Request, was session) (string, []byte, error) {
	if s.config.API == "" || !s.may() {
		return was.role, nil, nil
	}
	began := time.Now()
	// The renewal is not cut short: an issuer that changes the refresh token with it
	// would have forgotten the old one by then.
	fresh, err := s.renew(w, r, was)
	if errors.Is(err, errNoSession) {
		return "", nil, err
	}
	if err != nil || fresh.rotated || time.Since(began) > s.config.Waits {
		s.rest() // slow, down, or with secrets that a broken load would lose: not at every load
		if err != nil {
			return was.role, nil, nil
		}
		return fresh.role, nil, nil
	}
	ctx, cancel := context.WithTimeout(r.Context(), s.config.Waits-time.Since(began))
	defer cancel()
	f := first{Role: fresh.role, Answers: map[string]firstAnswer{}}
	var mu sync.Mutex
	var all sync.WaitGroup
	for _, path := range firstPaths(fresh.role, r.URL) {
		all.Go(func() {
			a, now, err := s.ask(ctx, path, fresh.token)
			if err != nil {
				return
			}
			mu.Lock()
			defer mu.Unlock()
			f.Answers[path], f.Now = a, now
		})
	}
	all.Wait()
	if len(f.Answers) == 0 {
		return fresh.role, nil, nil
	}
	return fresh.role, f.fitting(s.room(fresh.role)), nil
}

// largest is what a first load may take, compressed.
const largest = 60 << 10

// room is what a role's document leaves of that.
func (s *Site) room(role string) int {
	d := s.sitter
	if role == roleOwner {
		d = s.owner
	}
	return largest - len(d.gzipOf(framed(nil)))
}

// fitting is as much of it as fits: all, or without a conversation that is too long, or
// nothing.
func (f *first) fitting(room int) []byte {
	for {
		raw, err := json.Marshal(f) // writes < and its kin as escapes: no text can end the element
		if err != nil {
			return nil
		}
		if len(deflated(string(raw), false)) <= room {
			return raw
		}
		thread := ""
		for path := range f.Answers {
			if strings.HasPrefix(path, threadPath) {
				thread = path
			}
		}
		if thread == "" {
			return nil
		}
		delete(f.Answers, thread)
	}
}

const threadPath = "/api/messages/threads/"

// firstPaths are what the page asks for at an address before it can show anything.
func firstPaths(role string, at *url.URL) []string {
	paths := []string{"/api/messages/me"}
	rest, under := strings.CutPrefix(at.Path, "/messages")
	thread, ofThread := strings.CutPrefix(rest, "/t/")
	switch box := at.Query().Get("box"); {
	case role != roleOwner:
		paths = append(paths, "/api/messages/threads")
	case rest == "/inbox", (ofThread || strings.HasPrefix(rest, "/b/")) && box == "owner_inbox":
		paths = append(paths, "/api/messages/threads?box=owner_inbox")
	case rest == "/billing", (ofThread || strings.HasPrefix(rest, "/b/")) && box == "billing":
		paths = append(paths, "/api/messages/threads?box=billing")
	case rest == "" || ofThread || strings.HasPrefix(rest, "/b/"):
		paths = append(paths, "/api/messages/threads?box=conversations")
	case rest == "/diagnostics":
		paths = append(paths, "/api/messages/diagnostics")
	}
	if under && ofThread && thread != "" && !strings.ContainsAny(thread, "/?#%") && thread != "." && thread != ".." {
		paths = append(paths, threadPath+url.PathEscape(thread))
	}
	return paths
}

// ask is one request to the API, as the person.
func (s *Site) ask(ctx context.Context, path, token string) (firstAnswer, string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.config.API+path, nil)
	if err != nil {
		return firstAnswer{}, "", err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Accept", "application/json")
	res, err := s.config.HTTP.Do(req)
	if err != nil {
		return firstAnswer{}, "", err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(res.Body, longestAnswer+1))
	switch {
	case err != nil:
		return firstAnswer{}, "", err
	case res.StatusCode != http.StatusOK, len(raw) > longestAnswer, !json.Valid(raw):
		return firstAnswer{}, "", errors.New("web: no answer to bring along")
	}
	return firstAnswer{ETag: res.Header.Get("ETag"), Data: raw}, res.Header.Get("Snout-Now"), nil
}

// restFor is how long documents go without after an issuer that was slow or down.
const restFor = time.Minute

func (s *Site) may() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.config.Now().Before(s.resting)
}

func (s *Site) rest() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.resting = s.config.Now().Add(restFor)
}
