package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"snout/shared/sandbox"
)

func TestClientExportWritesWhatIsKeptIntoAFileOfItsOwner(t *testing.T) {
	w, err := sandbox.Start(t.Context(), sandbox.Options{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	const ben, frontDesk, words = "+13105550116", "+12135550100", "Do you do cats?"
	if _, err := w.Carrier.Text(t.Context(), ben, frontDesk, words, nil, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Carrier.Text(t.Context(), ben, frontDesk, "Stop", nil, ""); err != nil {
		t.Fatal(err)
	}
	if err := w.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "ben.json")
	run := func(args ...string) (string, error) {
		c := root()
		var out strings.Builder
		c.SetOut(&out)
		c.SetErr(&out)
		c.SetArgs(append([]string{"client", "export", "--target", w.URL, "--org", "demo"}, args...))
		err := c.ExecuteContext(t.Context())
		return out.String(), err
	}
	out, err := run("client-6", "--out", path)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out, words) || strings.Contains(out, ben) {
		t.Errorf("the terminal shows what belongs into the file: %s", out)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the file may be read by others: %v", info.Mode())
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var got kept
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	found := false
	for _, c := range got.Conversations {
		for _, e := range c.Events {
			found = found || e.Text == words && e.From == ben && e.To == frontDesk
		}
	}
	if !found || got.Name != "Ben Okafor" || len(got.Phones) != 1 || got.Phones[0] != ben {
		t.Errorf("exported %s", b)
	}
	if len(got.Consents) != 1 || got.Consents[0].What != "opted_out" || got.Consents[0].Word != "STOP" || got.Consents[0].Phone != ben || len(got.OptedOut) != 1 {
		t.Errorf("what they told us about texts: %v, %v", got.Consents, got.OptedOut)
	}
	for name, args := range map[string][]string{
		"a file that is there": {"client-6", "--out", path}, "no file": {"client-6"}, "a client there is not": {"client-99", "--out", path + "2"},
	} {
		if out, err := run(args...); err == nil {
			t.Errorf("%s: %s", name, out)
		}
	}
}
