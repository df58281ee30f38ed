package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"snout/shared/routing"
	"snout/shared/sandbox"
	"snout/shared/store"
)

// erasing is a world with a client in it, and the command over it.
type erasing struct {
	*testing.T
	w *sandbox.World
}

func startErasing(t *testing.T) erasing {
	t.Helper()
	w, err := sandbox.Start(t.Context(), sandbox.Options{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return erasing{t, w}
}

func (e erasing) texts(from, to, body string, media ...string) {
	e.Helper()
	if got, err := e.w.Carrier.Text(e.Context(), from, to, body, media, ""); err != nil || got.Status != 200 {
		e.Fatalf("text: %d, %v", got.Status, err)
	}
}

func (e erasing) settle() {
	e.Helper()
	if err := e.w.Settle(e.Context()); err != nil {
		e.Fatal(err)
	}
}

func (e erasing) run(args ...string) (string, error) {
	c := root()
	var out strings.Builder
	c.SetOut(&out)
	c.SetErr(&out)
	c.SetArgs(append([]string{"client", "erase", "--target", e.w.URL, "--org", "demo"}, args...))
	err := c.ExecuteContext(e.Context())
	return out.String(), err
}

// cancels cancels bookings as the owner does.
func (e erasing) cancels(bookings ...string) {
	e.Helper()
	token, err := e.w.Issuer.Mint("owner-1")
	if err != nil {
		e.Fatal(err)
	}
	for _, b := range bookings {
		r, err := http.NewRequestWithContext(e.Context(), "PATCH", e.w.URL+"/api/bookings/"+b, strings.NewReader(`{"status":"cancelled"}`))
		if err != nil {
			e.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			e.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != 200 {
			e.Fatalf("cancel %s: %d", b, res.StatusCode)
		}
	}
	e.settle()
}

// rows are the keys of all items in which a word stands.
func (e erasing) rows(words ...string) []string {
	e.Helper()
	var found []string
	name := "snout-local"
	p := dynamodb.NewScanPaginator(e.w.DB, &dynamodb.ScanInput{TableName: &name})
	for p.HasMorePages() {
		out, err := p.NextPage(e.Context())
		if err != nil {
			e.Fatal(err)
		}
		for _, it := range out.Items {
			b, err := json.Marshal(it)
			if err != nil {
				e.Fatal(err)
			}
			if slices.ContainsFunc(words, func(w string) bool { return strings.Contains(string(b), w) }) {
				found = append(found, store.Image(it).Text("PK")+" "+store.Image(it).Text("SK"))
			}
		}
	}
	return found
}

// atCarrier is how many messages the carrier's log has with a phone.
func (e erasing) atCarrier(phone string) (n int) {
	e.Helper()
	for _, side := range []string{"To", "From"} {
		r, err := http.NewRequestWithContext(e.Context(), "GET", e.w.URL+"/2010-04-01/Accounts/AC00000000000000000000000000000000/Messages.json?"+side+"=%2B"+phone[1:], nil)
		if err != nil {
			e.Fatal(err)
		}
		r.SetBasicAuth("AC00000000000000000000000000000000", "0123456789abcdef0123456789abcdef")
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			e.Fatal(err)
		}
		defer res.Body.Close()
		var list struct{ Messages []json.RawMessage }
		if err := json.NewDecoder(res.Body).Decode(&list); err != nil || res.StatusCode != 200 {
			e.Fatalf("status %d, %v", res.StatusCode, err)
		}
		n += len(list.Messages)
	}
	return n
}

func TestClientEraseTakesAClientAwayHereAndAtTheCarrierAndNobodyElse(t *testing.T) {
	e := startErasing(t)
	const ben, hannah, frontDesk = "+13105550116", "+13105550117", "+12135550100"
	e.texts(ben, frontDesk, "Do you do cats on Sundays?", "https://example.com/cat.jpg")
	e.texts(hannah, frontDesk, "Do you do dogs on Mondays?")
	e.settle()
	e.texts(ben, frontDesk, "STOP")
	e.cancels("booking-7")
	if n := e.atCarrier(ben); n == 0 {
		t.Fatal("the carrier has no message of Ben's to begin with")
	}
	pictures := e.w.Bucket.Metrics()["PUT"]
	if pictures == 0 {
		t.Fatal("no picture was kept")
	}

	out, err := e.run("client-6")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out, "Nothing has been changed") || !strings.Contains(out, "last 35 days") || !strings.Contains(out, "the wish of 1 phone(s)") || strings.Contains(out, ben) {
		t.Errorf("looking first says: %s", out)
	}
	if len(e.rows("Ben Okafor")) == 0 {
		t.Fatal("looking has erased")
	}
	others := e.rows(hannah)

	if out, err = e.run("client-6", "--yes"); err == nil {
		t.Fatalf("erased without a reason: %s", out)
	}
	if out, err = e.run("client-6", "--reason", "asked by phone", "--yes"); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	e.settle()
	for _, k := range e.rows(ben, "Ben Okafor", "cats on Sundays") {
		// The wish to get no texts, with the phone alone, is all that may be left.
		if !strings.HasPrefix(k, "O#demo#P#"+ben+" CONSENT") && !strings.HasPrefix(k, "O#demo#P#"+ben+" LINE#") {
			t.Errorf("still in the table: %s", k)
		}
	}
	if n := e.atCarrier(ben); n != 0 {
		t.Errorf("the carrier still has %d messages", n)
	}
	if n := e.w.Bucket.Metrics()["DELETE"]; n != pictures {
		t.Errorf("%d of %d pictures are deleted", n, pictures)
	}
	if left := e.rows(hannah); len(left) != len(others) {
		t.Errorf("the other client had %v and has %v", others, left)
	}
	if e.atCarrier(hannah) == 0 {
		t.Error("the carrier has nothing of the other client any more")
	}
	lines, err := e.w.Table().Audits(t.Context(), "demo", 10)
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, l := range lines {
		if l.What == "client.erase" {
			said = append(said, l.On+" "+l.Reason+" "+strings.SplitN(l.Detail, ":", 2)[0])
		}
	}
	if want := []string{"client-6 asked by phone done", "client-6 asked by phone begun"}; !slices.Equal(want, said) {
		t.Errorf("the audit says %q, want %q", said, want)
	}

	if _, err = e.run("client-6"); err == nil || !strings.Contains(err.Error(), "no client client-6") {
		t.Errorf("again: %v", err)
	}
	// The phone is a stranger's now, and still opted out.
	e.texts(ben, frontDesk, "It is me again")
	e.settle()
	p, err := routing.ParsePhone(ben)
	if err != nil {
		t.Fatal(err)
	}
	if told, err := e.w.Table().Consent(t.Context(), "demo", p); err != nil || !told.OptedOut {
		t.Errorf("the wish to get no texts is gone: %v", err)
	}
	if len(e.rows("Ben Okafor")) != 0 {
		t.Error("the name is back")
	}
	if len(e.rows("It is me again")) == 0 {
		t.Error("the stranger's text is nowhere")
	}
}

func TestClientEraseTakesAServiceThreadWithItsWindowsAndItsBookingsAway(t *testing.T) {
	e := startErasing(t)
	const dana = "+13105550111"
	e.texts(dana, "+12135550101", "Is Biscuit well?")
	e.settle()
	out, err := e.run("client-1", "--reason", "asked", "--yes")
	if err == nil || !strings.Contains(err.Error(), "not over: booking-") {
		t.Fatalf("a client whose sitter is about to come: %v %s", err, out)
	}
	e.cancels("booking-1", "booking-2")
	if out, err = e.run("client-1", "--reason", "asked", "--yes"); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	e.settle()
	if left := e.rows(dana, "Dana Whitfield", "Biscuit", `"client-1"`); slices.ContainsFunc(left, func(k string) bool { return !strings.HasPrefix(k, "O#demo#AUDIT") }) {
		t.Errorf("still in the table: %v", left)
	}
	if e.atCarrier(dana) != 0 {
		t.Error("the carrier still has messages")
	}
}

// It dies after every few steps: nothing that leads to what is left is gone, so the next
// run goes on.
func TestClientEraseThatDiesIsFinishedByTheNext(t *testing.T) {
	e := startErasing(t)
	const ben, frontDesk = "+13105550116", "+12135550100"
	e.texts(ben, frontDesk, "Do you do cats on Sundays?")
	e.texts(ben, frontDesk, "Or on Mondays, perhaps?")
	e.cancels("booking-7")
	world, err := url.Parse(e.w.URL)
	if err != nil {
		t.Fatal(err)
	}
	var left atomic.Int32 // steps until it dies
	through := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(world); r.Out.Host = r.In.Host }}
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		if r.Method == http.MethodDelete || strings.Contains(operation, "Write") || strings.HasPrefix(operation, "Delete") || strings.HasPrefix(operation, "Put") {
			if left.Add(-1) < 0 {
				w.WriteHeader(http.StatusForbidden)
				return
			}
		}
		through.ServeHTTP(w, r)
	}))
	t.Cleanup(proxy.Close)
	died := 0
	for {
		left.Store(2) // the line of the audit, and one step
		c := root()
		c.SetOut(&strings.Builder{})
		c.SetArgs([]string{"client", "erase", "client-6", "--reason", "asked", "--yes", "--org", "demo", "--target", proxy.URL})
		if err := c.ExecuteContext(t.Context()); err == nil {
			break
		}
		if died++; died > 50 {
			t.Fatal("it never ends")
		}
	}
	if died < 3 {
		t.Errorf("it died %d times only", died)
	}
	e.settle()
	if left := e.rows(ben, "Ben Okafor", "cats on Sundays", "on Mondays, perhaps"); len(left) != 0 {
		t.Errorf("still in the table: %v", left)
	}
	if e.atCarrier(ben) != 0 {
		t.Error("the carrier still has messages")
	}
}

func TestClientExportIsOnRecord(t *testing.T) {
	e := startErasing(t)
	c := root()
	c.SetOut(&strings.Builder{})
	c.SetArgs([]string{"client", "export", "--target", e.w.URL, "client-6", "--out", filepath.Join(t.TempDir(), "x.json")})
	if err := c.ExecuteContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	lines, err := e.w.Table().Audits(t.Context(), "demo", 1)
	if err != nil || len(lines) != 1 || lines[0].What != "client.export" || lines[0].On != "client-6" || !strings.HasPrefix(lines[0].By, "ops:") {
		t.Errorf("the audit says %+v, %v", lines, err)
	}
}
