//go:build e2e

package webtest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"snout/shared/sandbox"
)

// The demo business is in Los Angeles. Its world begins on a Wednesday at 8:00 AM;
// Sam (sitter-1) walks Dana's dog from 12:00 to 1:00 PM, so that the window is 11:00 AM – 2:00 PM.
var (
	eight    = time.Date(2026, 1, 7, 16, 0, 0, 0, time.UTC)
	inWindow = eight.Add(4 * time.Hour)
	closes   = eight.Add(6 * time.Hour)
)

const (
	dana      = "+13105550111" // Biscuit's
	frontDesk = "+12135550100"
	samsDesk  = "+12135550101" // the number that Sam and his clients talk through
)

// world is the whole system in this process, with everybody's phones.
type world struct {
	*sandbox.World
	t *testing.T
}

func begin(t *testing.T) *world {
	t.Helper()
	browser.Do(launch)
	if browser.err != nil { // before anything costly is started
		if os.Getenv("E2E") == "require" {
			t.Fatal(browser.err)
		}
		t.Skip(browser.err)
	}
	began := time.Now()
	w, err := sandbox.Start(t.Context(), sandbox.Options{Addr: "127.0.0.1:0", Seed: "demo", Base: func() time.Time { return eight.Add(time.Since(began)) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	return &world{World: w, t: t}
}

// call asks the world for something; as names who, or nobody.
func (w *world) call(as, method, path string, body, into any) {
	w.t.Helper()
	var raw []byte
	if body != nil {
		var err error
		if raw, err = json.Marshal(body); err != nil {
			w.t.Fatal(err)
		}
	}
	req, err := http.NewRequestWithContext(w.t.Context(), method, w.URL+path, bytes.NewReader(raw))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if as != "" {
		var t struct {
			Token string `json:"token"`
		}
		w.call("", http.MethodPost, "/local/token", map[string]string{"sub": as}, &t)
		req.Header.Set("Authorization", "Bearer "+t.Token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	var answer bytes.Buffer
	answer.ReadFrom(res.Body)
	if res.StatusCode/100 != 2 {
		w.t.Fatalf("%s %s: %d %s", method, path, res.StatusCode, answer.String())
	}
	if into != nil {
		if err := json.Unmarshal(answer.Bytes(), into); err != nil {
			w.t.Fatal(err)
		}
	}
}

func (w *world) text(from, to, body string) {
	w.t.Helper()
	w.call("", http.MethodPost, "/local/phones/"+url.PathEscape(from)+"/texts", map[string]string{"to": to, "body": body}, nil)
	w.settle()
}

func (w *world) settle() {
	w.t.Helper()
	w.call("", http.MethodPost, "/local/settle", nil, nil)
}

// got is what a phone has received.
func (w *world) got(phone string) []string {
	w.t.Helper()
	w.settle()
	var a struct {
		Texts []struct{ Body string }
	}
	w.call("", http.MethodGet, "/local/phones/"+url.PathEscape(phone)+"/texts", nil, &a)
	bodies := []string{}
	for _, t := range a.Texts {
		bodies = append(bodies, t.Body)
	}
	return bodies
}

// times counts how often a phone got a text.
func (w *world) times(phone, body string) int {
	w.t.Helper()
	n := 0
	for _, b := range w.got(phone) {
		if b == body {
			n++
		}
	}
	return n
}

func (w *world) clock(at time.Time) {
	w.t.Helper()
	w.call("", http.MethodPost, "/local/clock", map[string]string{"set": at.Format(time.RFC3339)}, nil)
	w.settle()
}

func (w *world) flags(f map[string]string) {
	w.t.Helper()
	w.call("", http.MethodPut, "/local/flags", f, nil)
	w.call("", http.MethodPost, "/local/clock", map[string]string{"advance": "11s"}, nil) // the longest that a function may believe an old value
}

func (w *world) sittersOn() {
	w.t.Helper()
	w.flags(map[string]string{"ENABLE_SITTER_MESSAGES_V1": "true"})
}

// thread is the id of a client's conversation in the owner's list.
func (w *world) thread(client string) string {
	w.t.Helper()
	var l struct {
		Threads []struct{ ID, ClientName string }
	}
	w.call("owner-1", http.MethodGet, "/api/messages/threads", nil, &l)
	for _, t := range l.Threads {
		if t.ClientName == client {
			return t.ID
		}
	}
	w.t.Fatalf("%s has no conversation: %v", client, l.Threads)
	return ""
}

// signIn opens an address of the page and goes through the real sign-in.
func (w *world) signIn(b *tab, sub, path string) {
	w.t.Helper()
	b.do(chromedp.Navigate(w.URL + path))
	b.until("the issuer's page", `location.pathname.startsWith("/issuer/") && !!document.querySelector("button[value='`+sub+`']")`)
	b.do(press("button[value='" + sub + "']"))
	b.until("the page", `location.pathname.startsWith("/messages") && !!document.querySelector(".app .fresh")`)
	b.until("an answer", `!document.querySelector(".skeleton") && /Updated/.test(document.querySelector(".fresh").textContent)`)
}

// says waits until a text is on screen.
func (b *tab) says(text string) {
	b.t.Helper()
	b.until("“"+text+"”", `document.body.innerText.includes(`+quote(text)+`)`)
}

func quote(s string) string {
	raw, _ := json.Marshal(s)
	return string(raw)
}

// write puts a text into the composer with the keyboard.
func (b *tab) write(text string) {
	b.t.Helper()
	b.until("a composer to write in", `!document.querySelector(".composer textarea").disabled`)
	b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector(".composer textarea").focus()`), keys(text))
}

func (b *tab) send() {
	b.t.Helper()
	b.do(press(".composer .send"))
}

// taken waits until the server has a message and the page shows it as such.
func (b *tab) taken(text string) {
	b.t.Helper()
	b.until("“"+text+"” to be taken", `[...document.querySelectorAll(".bubble.out:not(.pending) .words")].some(p => p.textContent === `+quote(text)+`)`)
}

// bubbles counts the messages on screen with exactly this text.
func (b *tab) bubbles(text string) int {
	b.t.Helper()
	return eval[int](b, `[...document.querySelectorAll(".log .bubble .words")].filter(p => p.textContent === `+quote(text)+`).length`)
}
