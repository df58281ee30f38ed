package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"snout/shared/carrier"
	"snout/shared/office"
	"snout/shared/routing"
	"snout/shared/sandbox"
)

func lines(t *testing.T, bookings ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bookings.jsonl")
	if err := os.WriteFile(path, []byte(strings.Join(bookings, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func settle(t *testing.T, w *sandbox.World) {
	t.Helper()
	if err := w.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// A pool is planned, bookings are taken in twice, the flag comes on, the backfill opens
// what it has shown, and finds nothing more to do.
func TestBookingsAreTakenInAndTheirConversationsMade(t *testing.T) {
	noon := time.Date(2026, 6, 10, 17, 0, 0, 0, time.UTC)
	w, err := sandbox.Start(t.Context(), sandbox.Options{Addr: "127.0.0.1:0", Base: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := w.SetFlags(map[string]string{"ENABLE_PROACTIVE_THREAD_CREATION": "false"}); err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(10 * time.Second)
	settle(t, w)
	const jonas, theo = "+13105550114", "+13105550118"
	told := func(phone string) int { return len(w.Carrier.Received(phone)) }
	before := told(jonas)
	file := lines(t,
		`{"id":"new-1","clientId":"client-4","sitterId":"sitter-1","service":"Drop-ins","recurrence":"weekly","startAt":"2026-06-12T09:00","endAt":"2026-06-12T09:30"}`,
		`{"id":"new-2","clientId":"client-8","sitterId":"sitter-1","service":"Drop-ins","startAt":"2026-06-12T09:00","endAt":"2026-06-12T09:30"}`,
		`{"id":"new-3","clientId":"client-4","sitterId":"sitter-3","service":"Drop-ins","recurrence":"weekly","startAt":"2026-06-13T09:00","endAt":"2026-06-13T09:30"}`,
		`{"id":"new-4","clientId":"client-3","sitterId":"sitter-1","service":"Drop-ins","startAt":"2026-06-13T09:00","endAt":"2026-06-13T09:30"}`,
		`{"id":"new-5","clientId":"client-1","sitterId":"sitter-1","service":"Drop-ins","startAt":"2026-06-01T09:00","endAt":"2026-06-01T09:30"}`,
		`{"id":"new-6","clientId":"nobody","service":"Drop-ins","startAt":"2026-06-01T09:00","endAt":"2026-06-01T09:30"}`)
	at := []string{"--target", w.URL, "--json"}
	var p planned
	ask := func(into any, want int, args ...string) string {
		t.Helper()
		out, status := run(t, append(args, at...)...)
		if status != want {
			t.Fatalf("%v: status %d, want %d:\n%s", args, status, want, out)
		}
		if i := strings.IndexAny(out, "{["); i < 0 || json.NewDecoder(strings.NewReader(out[i:])).Decode(into) != nil {
			t.Fatalf("%v: this is no JSON:\n%s", args, out)
		}
		if wholeNumber.MatchString(out) {
			t.Errorf("%v: a whole number is shown:\n%s", args, out)
		}
		return out
	}
	ask(&p, 0, "plan", "--file", file)
	active := 3
	// Theo has a conversation with Rosa on a pool number, and Jonas will have one.
	if p.Needed != 1 || *p.Active != active || len(p.Faults) != 1 || p.Faults[0].Line != 6 {
		t.Errorf("planned: %+v", p)
	}

	var in imported
	bad := []lineFault{{6, "nobody", "clientId", "There is no such client."}}
	bad[0].ID = "new-6"
	ask(&in, 3, "bookings", "import", file)
	if d := cmp.Diff(imported{6, 5, 0, bad}, in); d != "" {
		t.Errorf("the first import (-want +got):\n%s", d)
	}
	settle(t, w)
	ask(&in, 3, "bookings", "import", file)
	if d := cmp.Diff(imported{6, 0, 5, bad}, in); d != "" {
		t.Errorf("the second import (-want +got):\n%s", d)
	}
	settle(t, w)
	if n := told(jonas); n != before {
		t.Errorf("%d texts while nothing is made ahead", n-before)
	}

	if out, status := run(t, "backfill", "--target", w.URL); status != 2 || !strings.Contains(out, "is off") {
		t.Errorf("with the flag off: status %d\n%s", status, out)
	}
	if err := w.SetFlags(map[string]string{"ENABLE_PROACTIVE_THREAD_CREATION": "true"}); err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(10 * time.Second)
	type answer struct {
		Done     bool
		Opens    int
		Bookings []backfilled
	}
	how := func(a answer) map[string]string {
		m := map[string]string{}
		for _, b := range a.Bookings {
			m[b.BookingID] = b.How
		}
		return m
	}
	// new-2 stands in Theo's conversation with Sam, once that is there; new-5 is over.
	foreseen := map[string]string{"booking-4": "one_time", "booking-6": "one_time", "booking-8": "one_time", "new-1": "sitter", "new-2": "sitter", "new-3": "pool", "new-4": "one_time"}
	var a answer
	ask(&a, 0, "backfill")
	if d := cmp.Diff(foreseen, how(a)); d != "" || a.Done || a.Opens != 3 {
		t.Errorf("shown (-want +got), %d open, done %v:\n%s", a.Opens, a.Done, d)
	}
	if n := told(jonas); n != before {
		t.Errorf("looking has sent %d texts", n-before)
	}
	a = answer{}
	ask(&a, 0, "backfill", "--yes")
	if d := cmp.Diff(foreseen, how(a)); d != "" || !a.Done || a.Opens != 3 {
		t.Errorf("done (-want +got), %d opened, done %v:\n%s", a.Opens, a.Done, d)
	}
	threads := map[string]bool{}
	for _, b := range a.Bookings {
		if b.ThreadID != "" {
			threads[b.ThreadID] = true
		}
	}
	settle(t, w)
	if n := told(jonas) - before; n != 2 || len(threads) != 3 {
		t.Errorf("Jonas got %d texts about two bookings; %d conversations", n, len(threads))
	}
	a = answer{}
	ask(&a, 0, "backfill", "--yes")
	if a.Done || a.Opens != 0 || len(a.Bookings) != 4 {
		t.Errorf("once more: %+v", a)
	}
	settle(t, w)
	if n := told(jonas) - before; n != 2 {
		t.Errorf("once more has sent %d texts", n-2)
	}

	// Where the clients know who is coming nobody is texted, unless somebody else comes.
	known := lines(t, `{"id":"old-1","clientId":"client-8","sitterId":"sitter-3","service":"Drop-ins","recurrence":"weekly","startAt":"2026-06-15T09:00","endAt":"2026-06-15T09:30"}`)
	was := told(theo)
	ask(&in, 0, "bookings", "import", "--known", known)
	settle(t, w)
	if n := told(theo) - was; n != 0 {
		t.Errorf("a client who knows got %d texts", n)
	}
	owner := routing.Principal{Role: routing.RoleOwner, Org: "demo", Subject: "owner-1"}
	for i, sitter := range []string{"sitter-1", "sitter-3"} {
		if _, _, err := w.Office().PatchBooking(t.Context(), owner, "old-1", 0, office.BookingInput{SitterID: office.Is(sitter)}); err != nil {
			t.Fatal(err)
		}
		settle(t, w)
		if n := told(theo) - was; n != i+1 {
			t.Errorf("%d texts after change %d", n, i+1)
		}
	}
}

func TestAPlanOfAFileAlone(t *testing.T) {
	file := lines(t,
		`{"id":"a","clientId":"c","sitterId":"s1","service":"Drop-ins","recurrence":"weekly","startAt":"2026-03-02T09:00","endAt":"2026-03-02T10:00"}`,
		`{"id":"b","clientId":"c","sitterId":"s2","service":"Drop-ins","recurrence":"weekly","startAt":"2026-03-05T09:00","endAt":"2026-03-05T10:00"}`,
		`{"id":"c","clientId":"c","sitterId":"s3","service":"Drop-ins","recurrence":"weekly","startAt":"2026-03-05T09:00","endAt":"2026-03-05T10:00"}`,
		`{"id":"d","clientId":"d","sitterId":"s1","service":"Drop-ins","startAt":"2026-03-05T09:00","endAt":"2026-03-05T10:00"}`,
		`{"id":"e","clientId":"d","sitterId":"s2","service":"Drop-ins","startAt":"2026-03-05T09:00","endAt":"2026-03-05T10:00"}`)
	// Client c has three sitters of whom one has a number; d is one-time, and has one conversation.
	out, status := run(t, "plan", "--file", file, "--own", "s3", "--cooldown", "1", "--zone", "America/New_York")
	want := `5 bookings hold a conversation open or will, with 1 days of rest for a number
pool numbers needed: 1, first at 2026-03-02T13:00:00Z (client c)
  from 2026-03-02T13:00:00Z       1  client c
  from 2026-03-03T16:00:00.001Z   0
  from 2026-03-05T13:00:00Z       1  client c
  from 2026-03-06T16:00:00.001Z   0
`
	if status != 0 || out != want {
		t.Errorf("status %d:\n%s", status, cmp.Diff(want, out))
	}
	out, _ = run(t, "plan", "--file", file, "--cooldown", "10", "--zone", "America/New_York")
	if !strings.Contains(out, "pool numbers needed: 3, first at 2026-03-05T13:00:00Z (client c)") {
		t.Errorf("with ten days of rest:\n%s", out)
	}
}

func TestRentedNumbersAreImportedAndRestored(t *testing.T) {
	w := start(t, false)
	client, err := carrier.NewClient(carrier.ClientConfig{BaseURL: w.URL, Credentials: carrier.StaticCredentials(carrier.Credentials{
		AccountSid: "AC00000000000000000000000000000000", Secret: "0123456789abcdef0123456789abcdef"})})
	if err != nil {
		t.Fatal(err)
	}
	hooks := func() map[string]carrier.Webhooks {
		ns, err := client.Numbers(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]carrier.Webhooks{}
		for _, n := range ns {
			out[n.Phone.E164()] = n.Webhooks
		}
		return out
	}
	const one, two = "+12135550121", "+12135550122"
	for _, n := range []string{one, two} {
		ns, err := client.Numbers(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(ns, func(r carrier.Number) bool { return r.Phone.E164() == n })
		old := ns[i].Webhooks
		old.StatusCallback, old.StatusCallbackMethod = "http://127.0.0.1:9/the-system-before/calls", "GET"
		if _, err := client.SetWebhooks(t.Context(), ns[i].Sid, old); err != nil {
			t.Fatal(err)
		}
	}
	before := hooks()
	both := []string{"numbers", "import", "--target", w.URL, one + "=pool", two + "=sitter:sitter-3"}
	if out, status := run(t, append(both, "--dry-run")...); status != 0 || !strings.Contains(out, "would lead to "+w.URL) || wholeNumber.MatchString(out) {
		t.Errorf("status %d:\n%s", status, out)
	}
	if d := cmp.Diff(before, hooks()); d != "" {
		t.Errorf("a dry run (-before +after):\n%s", d)
	}
	for range 2 { // the second finds it done
		if out, status := run(t, both...); status != 0 || wholeNumber.MatchString(out) {
			t.Errorf("status %d:\n%s", status, out)
		}
	}
	base := w.URL + "/api/messages/webhook/twilio"
	ours := carrier.Webhooks{URL: base + "#rc=2&rp=all", Method: "POST", FallbackURL: base + "/fallback#rc=2&rp=all", FallbackMethod: "POST", StatusCallback: base + "/status", StatusCallbackMethod: "POST"}
	want := hooks()
	want[one], want[two] = ours, ours
	if d := cmp.Diff(want, hooks()); d != "" {
		t.Errorf("imported (-want +got):\n%s", d)
	}
	// A text to it is routed.
	if got, err := w.Carrier.Text(t.Context(), "+15555550123", one, "Is this still the old number?", nil, ""); err != nil || got.Status != 200 {
		t.Errorf("a text to an imported number: %+v, %v", got, err)
	}
	for _, row := range []struct {
		name   string
		args   []string
		status int
		want   string
	}{
		{"a number that is not rented", []string{"import", "+15555550177=pool"}, 3, "does not rent this number"},
		{"one that is in use", []string{"import", "+12135550103=pool"}, 3, "in the inventory already"},
		{"a class of no kind", []string{"import", one + "=desk"}, 2, "none of front_desk"},
		{"no number", []string{"import", "pool"}, 2, "is no NUMBER=CLASS"},
		{"no reason", []string{"restore"}, 2, "A reason is needed"},
		{"a number that was never imported", []string{"restore", "--reason", "why not", "n-nothing"}, 3, "No import of this number is known"},
	} {
		t.Run(row.name, func(t *testing.T) {
			out, status := run(t, append(append([]string{"numbers"}, row.args...), "--target", w.URL)...)
			if status != row.status || !strings.Contains(out, row.want) || wholeNumber.MatchString(out) {
				t.Errorf("status %d, want %d and %q:\n%s", status, row.status, row.want, out)
			}
		})
	}
	if out, status := run(t, "numbers", "restore", "--target", w.URL, "--reason", "trial is over"); status != 0 || !strings.Contains(out, "2 numbers") || wholeNumber.MatchString(out) {
		t.Errorf("status %d:\n%s", status, out)
	}
	if d := cmp.Diff(before, hooks()); d != "" {
		t.Errorf("restored (-before +after):\n%s", d)
	}
}

func TestWhatTheBookingCommandsAreGivenWrong(t *testing.T) {
	w := start(t, false)
	file := lines(t, `{"id":"x"}`)
	for _, row := range []struct {
		name string
		args []string
		want string
	}{
		{"no file and no target", []string{"plan"}, "Name a deployment"},
		{"no such file", []string{"plan", "--file", file + "x"}, "cannot be read"},
		{"no such zone", []string{"plan", "--file", file, "--zone", "Mars/Olympus"}, "is no time zone"},
		{"a deployment's own zone", []string{"plan", "--file", file, "--zone", "UTC", "--target", w.URL}, "knows its own"},
		{"nobody there", []string{"bookings", "import", file, "--target", "http://127.0.0.1:1"}, "cannot be reached"},
		{"no such org", []string{"bookings", "import", file, "--target", w.URL, "--org", "nobody"}, "There is no such business"},
		{"no such org", []string{"backfill", "--target", w.URL, "--org", "nobody"}, "There is no org nobody"},
		{"no such org", []string{"numbers", "list", "--target", w.URL, "--org", "nobody"}, "There is no such business"},
		{"no org", []string{"backfill", "--target", w.URL, "--org", "No Body"}, "Name the org"},
	} {
		t.Run(fmt.Sprint(row.name, " ", row.args[0]), func(t *testing.T) {
			out, status := run(t, row.args...)
			if status != 2 || !strings.Contains(out, row.want) {
				t.Errorf("status %d, want 2 and %q:\n%s", status, row.want, out)
			}
		})
	}
}
