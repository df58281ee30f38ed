package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"snout/shared/rollout"
)

// A staging stack has no /local: its flags are set by the AWS SDK, its tokens come from commands and files, and its test phones are
// further numbers of the carrier's account. Only the waiting is shortened here, by the world's clock.
func TestAStagingStackIsRolledOutWithoutAnythingLocal(t *testing.T) {
	w := start(t, true)
	to, err := url.Parse(w.URL)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	proxy := &httputil.ReverseProxy{Transport: transport, Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to) }}
	stack := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/local") {
			http.NotFound(rw, r)
			return
		}
		proxy.ServeHTTP(rw, r)
	}))
	t.Cleanup(stack.Close)

	dir := t.TempDir()
	// renew signs everybody in again: a token lives for an hour.
	renew := func() {
		for _, sub := range []string{"owner-1", "sitter-1", "sitter-2"} {
			token, err := w.Issuer.Mint(sub)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, sub), []byte(token+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			if sub == "sitter-1" {
				t.Setenv("SNOUT_TEST_SITTER_TOKEN", token)
			}
		}
	}
	for _, phone := range []string{"+15555550141", "+15555550142", "+15555550143"} {
		w.Carrier.AddNumber(phone, "", "")
	}
	t.Setenv("AWS_ACCESS_KEY_ID", "staging")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "staging")
	t.Setenv("SNOUT_TEST_CARRIER_TOKEN", "0123456789abcdef0123456789abcdef")
	config := filepath.Join(dir, "staging.yaml")
	if err := os.WriteFile(config, fmt.Appendf(nil, `
target: %s
stage: local
org: demo
owner: {tokenCommand: "cat %s"}
sitter: {id: sitter-1, tokenEnv: SNOUT_TEST_SITTER_TOKEN}
otherSitter: {id: sitter-2, tokenFile: %s}
phones: {client: "+15555550141", second: "+15555550142", stranger: "+15555550143"}
aws: {region: us-east-1, endpoint: %s}
carrier: {accountSid: %s, tokenEnv: SNOUT_TEST_CARRIER_TOKEN, baseURL: %s}
`, stack.URL, filepath.Join(dir, "owner-1"), filepath.Join(dir, "sitter-2"), w.URL, "AC00000000000000000000000000000000", w.URL), 0o600); err != nil {
		t.Fatal(err)
	}

	var out strings.Builder
	c := &cobra.Command{}
	c.SetContext(t.Context())
	c.SetOut(&out)
	o := &rolloutFlags{options: options{config: config}, state: filepath.Join(dir, "state.json"), watch: 30 * time.Minute, every: 15 * time.Minute}
	r, _, err := o.runner(c)
	if err != nil {
		t.Fatal(err)
	}
	if r.Config.Local || r.Logs != nil {
		t.Fatal("the stack was taken for a local world")
	}
	client := &http.Client{Transport: transport}
	r.Time = &rollout.Local{Base: w.URL, HTTP: client, Fast: true}
	for _, step := range []struct {
		number int
		accept string
	}{{1, ""}, {2, ""}, {3, "Olivia Park"}, {4, ""}} {
		renew()
		if err := r.Run(t.Context(), []int{step.number}, step.accept); err != nil {
			t.Fatalf("step %d ended with %v\n%s", step.number, err, out.String())
		}
	}
	if n := wholeNumber.FindString(out.String()); n != "" {
		t.Errorf("the output holds the whole number %s", n)
	}
	for name, want := range map[string]string{"ENABLE_MESSAGING_V1": "true", "ENABLE_PROACTIVE_THREAD_CREATION": "true", "ENABLE_SITTER_MESSAGES_V1": "true", "SITTER_MESSAGES_ALLOWLIST": "sitter-1"} {
		if got := w.Flags()[name]; got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}
