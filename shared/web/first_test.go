package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"
)

// office is an issuer, an API and the page between them.
type office struct {
	issuer *issuer
	site   *Site
	answer http.HandlerFunc
	now    time.Time

	mu     sync.Mutex
	asked  []string
	bearer []string
}

func newOffice(t *testing.T, waits time.Duration) *office {
	c := config()
	o := &office{now: c.Now()}
	o.issuer = newIssuer(t, c.Now())
	o.answer = func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Snout-Now", "2025-01-07T17:00:00Z")
		w.Header().Set("ETag", `"1"`)
		fmt.Fprintf(w, `{"of":%q}`, r.URL.RequestURI())
	}
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o.mu.Lock()
		o.asked, o.bearer = append(o.asked, r.URL.RequestURI()), append(o.bearer, r.Header.Get("Authorization"))
		answer := o.answer
		o.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(api.Close)
	c.Issuer, c.HTTP, c.API, c.Waits, c.Now = o.issuer.URL, o.issuer.Client(), api.URL, waits, func() time.Time { return o.now }
	o.site = site(t, c)
	return o
}

var firstElement = regexp.MustCompile(`<script type="application/json" id="first">(.*?)</script>`)

// open is the document for a session, and what it brought along.
func (o *office) open(t *testing.T, path, role string) (*httptest.ResponseRecorder, *first) {
	t.Helper()
	w := get(o.site, path, "Cookie", sessionCookie+"="+role+".refresh-1", "Sec-Fetch-Site", "none")
	m := firstElement.FindStringSubmatch(w.Body.String())
	if m == nil {
		return w, nil
	}
	var f first
	if err := json.Unmarshal([]byte(m[1]), &f); err != nil {
		t.Fatal(err)
	}
	return w, &f
}

func TestADocumentBringsWhatIsSeenFirst(t *testing.T) {
	for _, row := range []struct {
		says, role, path string
		want             []string
	}{
		{"an owner's list", "owner", "/messages", []string{"/api/messages/threads?box=conversations"}},
		{"a filtered list", "owner", "/messages?f=unread&q=dana", []string{"/api/messages/threads?box=conversations"}},
		{"the Owner Inbox", "owner", "/messages/inbox", []string{"/api/messages/threads?box=owner_inbox"}},
		{"Billing", "owner", "/messages/billing", []string{"/api/messages/threads?box=billing"}},
		{"a conversation, and the list beside it", "owner", "/messages/t/t1?box=owner_inbox", []string{"/api/messages/threads/t1", "/api/messages/threads?box=owner_inbox"}},
		{"a suggested one", "owner", "/messages/b/b1", []string{"/api/messages/threads?box=conversations"}},
		{"the diagnostics", "owner", "/messages/diagnostics", []string{"/api/messages/diagnostics"}},
		{"a screen of its own", "owner", "/messages/numbers", nil},
		{"a sitter's list", "sitter", "/messages", []string{"/api/messages/threads"}},
		{"a sitter's conversation", "sitter", "/messages/t/t1", []string{"/api/messages/threads", "/api/messages/threads/t1"}},
		{"a sitter at an owner's address", "sitter", "/messages/inbox?box=billing", []string{"/api/messages/threads"}},
		{"an address that would lead elsewhere", "sitter", "/messages/t/..%2F..%2Fbookings", []string{"/api/messages/threads"}},
		{"two dots", "sitter", "/messages/t/%2e%2e", []string{"/api/messages/threads"}},
	} {
		t.Run(row.says, func(t *testing.T) {
			o := newOffice(t, time.Hour)
			o.issuer.role = row.role
			want := append([]string{"/api/messages/me"}, row.want...)
			slices.Sort(want)
			w, f := o.open(t, row.path, row.role)
			if w.Code/100 == 3 {
				if len(o.asked) > 0 {
					t.Errorf("asked for %q", o.asked)
				}
				return // the path was not clean: the browser is sent to the one that is
			}
			slices.Sort(o.asked)
			if diff := cmp.Diff(want, o.asked); diff != "" {
				t.Errorf("asked for (-want +got):\n%s", diff)
			}
			if slices.ContainsFunc(o.bearer, func(b string) bool { return !strings.HasPrefix(b, "Bearer ey") }) {
				t.Errorf("asked as %q", o.bearer)
			}
			if f == nil {
				t.Fatal("the document brought nothing")
			}
			expect := first{Now: "2025-01-07T17:00:00Z", Role: row.role, Answers: map[string]firstAnswer{}}
			for _, p := range want {
				expect.Answers[p] = firstAnswer{ETag: `"1"`, Data: json.RawMessage(fmt.Sprintf(`{"of":%q}`, p))}
			}
			if diff := cmp.Diff(expect, *f); diff != "" {
				t.Errorf("brought (-want +got):\n%s", diff)
			}
			if strings.Contains(w.Body.String(), strings.TrimPrefix(o.bearer[0], "Bearer ")) {
				t.Error("the token is in the document")
			}
		})
	}
}

// Whatever is in an answer, it ends no element and runs nothing.
func TestWhatADocumentBringsIsOnlyData(t *testing.T) {
	o := newOffice(t, time.Hour)
	hostile := `</script><script>alert(1)</script><!--<script>` + "\u2028 &amp; “ \U0001F415"
	o.answer = func(w http.ResponseWriter, r *http.Request) {
		json.NewEncoder(w).Encode(map[string]string{"name": hostile})
	}
	w, f := o.open(t, "/messages", "owner")
	body := w.Body.String()
	if n := strings.Count(body, "<script"); n != 2 { // the data and the page's own
		t.Errorf("%d script elements", n)
	}
	var got struct{ Name string }
	if err := json.Unmarshal(f.Answers["/api/messages/me"].Data, &got); err != nil || got.Name != hostile {
		t.Errorf("%v: %q", err, got.Name)
	}
	if policy := w.Header().Get("Content-Security-Policy"); policy != get(o.site, "/messages", "Cookie", sessionCookie+"=owner.").Header().Get("Content-Security-Policy") && strings.Count(policy, "sha256-") != 2 {
		t.Errorf("the policy lets more in: %s", policy)
	}
}

// The compressed document is put together from parts: it must be the plain one, and small.
func TestADocumentWithItsFirstListIsStillOneSmallRequest(t *testing.T) {
	o := newOffice(t, time.Hour)
	o.answer = func(w http.ResponseWriter, r *http.Request) {
		var rows []map[string]string
		for i := range 50 { // as long as rows get, and no two alike
			rows = append(rows, map[string]string{"id": fmt.Sprintf("t%032d", i*7919), "clientName": fmt.Sprintf("Client %d of the Long Names", i), "lastMessage": strings.Repeat(fmt.Sprintf("word%d ", i*i), 12), "lastMessageAt": fmt.Sprintf("2025-01-07T17:%02d:00Z", i)})
		}
		json.NewEncoder(w).Encode(map[string]any{"threads": rows})
	}
	cookie := sessionCookie + "=owner.refresh-1"
	plain := get(o.site, "/messages", "Cookie", cookie)
	packed := get(o.site, "/messages", "Cookie", cookie, "Accept-Encoding", "gzip")
	t.Logf("%d bytes, compressed %d", plain.Body.Len(), packed.Body.Len())
	if packed.Body.Len() > 60<<10 {
		t.Errorf("%d bytes, the budget is 60 KB", packed.Body.Len())
	}
	z, err := gzip.NewReader(bytes.NewReader(packed.Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	unpacked, err := io.ReadAll(z) // checks sum and length too
	if err != nil {
		t.Fatal(err)
	}
	// Both were asked for by themselves, side by side: the order of the parts is the same.
	if !bytes.Equal(unpacked, plain.Body.Bytes()) {
		t.Error("the compressed document is another one")
	}
	if !firstElement.Match(unpacked) {
		t.Error("it brought nothing")
	}
}

// However much there is, a first load stays as small as promised: a conversation that is
// too long is left out before the list is.
func TestADocumentLeavesOutWhatWouldMakeItLarge(t *testing.T) {
	long := func(n int) string { // so that it cannot be compressed much
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "%x", sha256.Sum256([]byte{byte(i), byte(i >> 8)}))
		}
		return b.String()
	}
	for _, row := range []struct {
		says         string
		list, thread int // of 32 incompressible bytes each
		want         []string
	}{
		{"both fit", 10, 10, []string{"/api/messages/me", "/api/messages/threads/t1", "/api/messages/threads?box=conversations"}},
		{"a conversation that does not", 10, 1000, []string{"/api/messages/me", "/api/messages/threads?box=conversations"}},
		{"a list that does not", 1000, 10, nil},
	} {
		t.Run(row.says, func(t *testing.T) {
			o := newOffice(t, time.Hour)
			o.answer = func(w http.ResponseWriter, r *http.Request) {
				n := 1
				if strings.HasPrefix(r.URL.Path, threadPath) {
					n = row.thread
				} else if strings.HasSuffix(r.URL.Path, "/threads") {
					n = row.list
				}
				json.NewEncoder(w).Encode(map[string]string{"text": long(n)})
			}
			_, f := o.open(t, "/messages/t/t1", "owner")
			var got []string
			if f != nil {
				got = slices.Sorted(maps.Keys(f.Answers))
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("brought (-want +got):\n%s", diff)
			}
			packed := get(o.site, "/messages/t/t1", "Cookie", sessionCookie+"=owner.refresh-1", "Accept-Encoding", "gzip")
			if n := packed.Body.Len(); n > largest {
				t.Errorf("%d bytes", n)
			}
		})
	}
}

func TestADocumentGoesWithoutWhatDoesNotCome(t *testing.T) {
	for _, row := range []struct {
		says  string
		waits time.Duration
		bend  func(*office)
		asks  bool // whether the next document tries again
	}{
		{"an API that is down", time.Hour, func(o *office) { o.answer = func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(503) } }, true},
		{"messaging that is off", time.Hour, func(o *office) { o.answer = func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(404) } }, true},
		{"an answer that is no JSON", time.Hour, func(o *office) {
			o.answer = func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "<html>") }
		}, true},
		{"an issuer that is down", time.Hour, func(o *office) { o.issuer.fail = 500 }, false},
		{"an issuer that cannot be trusted", time.Hour, func(o *office) { o.issuer.bend = func(c jwt.MapClaims) { c["aud"] = "other" } }, false},
		{"an issuer that takes its time", 0, func(o *office) {}, false},
	} {
		t.Run(row.says, func(t *testing.T) {
			o := newOffice(t, row.waits)
			row.bend(o)
			w, f := o.open(t, "/messages", "owner")
			if w.Code != 200 || f != nil || !strings.Contains(w.Body.String(), `id="app" data-pictures`) {
				t.Errorf("%d, brought %v", w.Code, f)
			}
			if !strings.Contains(w.Body.String(), ownerJS) {
				t.Error("not the owner's page")
			}
			if c := w.Header().Get("Set-Cookie"); c != "" {
				t.Errorf("the session was touched: %s", c)
			}
			before := len(o.issuer.exchanges)
			o.open(t, "/messages", "owner")
			if again := len(o.issuer.exchanges) > before; again != row.asks {
				t.Errorf("the issuer was asked again at the next document: %v", again)
			}
			o.now = o.now.Add(restFor)
			before = len(o.issuer.exchanges)
			o.open(t, "/messages", "owner")
			if len(o.issuer.exchanges) == before {
				t.Error("the issuer was not asked again after the rest")
			}
		})
	}
}

// One that hangs is left alone when the time is up.
func TestADocumentDoesNotWaitForAnAnswerThatHangs(t *testing.T) {
	o := newOffice(t, 250*time.Millisecond)
	free := make(chan struct{})
	t.Cleanup(func() { close(free) })
	o.answer = func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-free:
		}
	}
	if w, f := o.open(t, "/messages", "owner"); w.Code != 200 || f != nil {
		t.Errorf("%d, brought %v", w.Code, f)
	}
}

func TestADocumentKnowsThatTheSessionHasEnded(t *testing.T) {
	o := newOffice(t, time.Hour)
	o.issuer.refresh = "another"
	w, f := o.open(t, "/messages", "owner")
	if f != nil || !strings.Contains(w.Body.String(), `data-session="none"`) || strings.Contains(w.Body.String(), ownerJS) {
		t.Error("not the page of somebody who must sign in")
	}
	if c := w.Header().Get("Set-Cookie"); !strings.Contains(c, "Max-Age=0") {
		t.Errorf("the session is kept: %q", c)
	}
}

// A load that is broken off would lose the new secret: where they change, documents
// leave the renewing to the page.
func TestAnIssuerThatRotatesIsNotAskedAtEveryLoad(t *testing.T) {
	o := newOffice(t, time.Hour)
	o.issuer.rotate = "refresh-2"
	w, f := o.open(t, "/messages", "owner")
	if c := w.Header().Get("Set-Cookie"); f != nil || !strings.Contains(c, "owner.refresh-2") {
		t.Errorf("brought %v, cookie %q", f, c)
	}
	before := len(o.issuer.exchanges)
	if get(o.site, "/messages", "Cookie", sessionCookie+"=owner.refresh-2"); len(o.issuer.exchanges) != before {
		t.Error("asked again")
	}
}

// Who is another one by now gets the page of who they are.
func TestTheFreshRoleChoosesThePage(t *testing.T) {
	o := newOffice(t, time.Hour)
	o.issuer.role = "sitter"
	w, f := o.open(t, "/messages", "owner")
	if f == nil || f.Role != "sitter" || strings.Contains(w.Body.String(), ownerJS) || !strings.Contains(w.Body.String(), sitterJS) {
		t.Error("not the sitter's page")
	}
}
