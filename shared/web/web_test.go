package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func config() Config {
	return Config{
		Issuer: "https://issuer.example", ClientID: "page", PublicBaseURL: "https://snout.example",
		Now: func() time.Time { return time.Date(2025, 1, 7, 17, 0, 0, 0, time.UTC) }, HTTP: http.DefaultClient,
		OpenAPI: []byte(`{"openapi":"3.1.0"}`), Version: "1.2.3", Stage: "staging",
	}
}

func site(t *testing.T, c Config) *Site {
	t.Helper()
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func get(h http.Handler, path string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	s := site(t, config())
	want := map[string]string{
		"Strict-Transport-Security":    "max-age=63072000; includeSubDomains",
		"X-Content-Type-Options":       "nosniff",
		"X-Frame-Options":              "DENY",
		"Referrer-Policy":              "same-origin",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Permissions-Policy":           "camera=(), geolocation=(), microphone=(), payment=()",
		"Cache-Control":                "no-store",
	}
	for _, path := range []string{"/messages", "/messages/t/x", "/messages/about", "/messages/diagnostics", "/healthz", "/api/openapi.json", "/auth/callback", "/nowhere"} {
		w := get(s, path)
		got := map[string]string{}
		for name := range want {
			got[name] = w.Header().Get(name)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
		if csp := w.Header().Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'; ") || !strings.Contains(csp, "frame-ancestors 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: policy %q", path, csp)
		}
	}
}

// The policy lets in exactly the script and the style that are in the document.
func TestThePolicyNamesWhatIsInlined(t *testing.T) {
	s := site(t, config())
	for _, path := range []string{"/messages", "/messages/about"} {
		w := get(s, path)
		policy, body := w.Header().Get("Content-Security-Policy"), w.Body.String()
		for element, directive := range map[string]string{"script": "script-src", "style": "style-src"} {
			var sources []string
			for _, m := range regexp.MustCompile(`(?s)<`+element+`>(.*?)</`+element+`>`).FindAllStringSubmatch(body, -1) {
				sum := sha256.Sum256([]byte(m[1]))
				sources = append(sources, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'")
			}
			var got []string
			for d := range strings.SplitSeq(policy, "; ") {
				if name, list, _ := strings.Cut(d, " "); name == directive {
					got = strings.Fields(list)
				}
			}
			if diff := cmp.Diff(sources, got); diff != "" {
				t.Errorf("%s %s (-in the document +in the policy):\n%s", path, directive, diff)
			}
		}
		for _, d := range []string{"require-trusted-types-for 'script'", "trusted-types 'none'", "base-uri 'none'", "form-action 'none'"} {
			if !strings.Contains(policy, d) {
				t.Errorf("%s: no %s in %q", path, d, policy)
			}
		}
		if m := regexp.MustCompile(`(?i)<(script|link|img|iframe|object|embed)\b[^>]*\b(src|href)="(?:https?:)?//`).FindString(body); m != "" {
			t.Errorf("%s loads something from elsewhere: %s", path, m)
		}
		if m := regexp.MustCompile(`<[^>]* (style|on[a-z]+)=`).FindString(strings.Split(body, "<script>")[0]); m != "" {
			t.Errorf("%s has an attribute that its policy stops: %s", path, m)
		}
	}
}

func TestTheDocumentIsOneSmallRequest(t *testing.T) {
	s := site(t, config())
	for role, cookie := range map[string]string{"owner": "__Host-snout-session=owner.r", "sitter": ""} {
		plain := get(s, "/messages", "Cookie", cookie)
		packed := get(s, "/messages", "Cookie", cookie, "Accept-Encoding", "br;q=1, gzip;q=0.8")
		if packed.Header().Get("Content-Encoding") != "gzip" || plain.Header().Get("Content-Encoding") != "" {
			t.Fatalf("%s: encodings %q and %q", role, packed.Header().Get("Content-Encoding"), plain.Header().Get("Content-Encoding"))
		}
		if n := packed.Body.Len(); n > 60<<10 {
			t.Errorf("%s: %d bytes, the budget is 60 KB", role, n)
		}
		z, err := gzip.NewReader(bytes.NewReader(packed.Body.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		unpacked, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(unpacked, plain.Body.Bytes()) {
			t.Errorf("%s: the packed document is another one", role)
		}
		if refused := get(s, "/messages", "Accept-Encoding", "gzip;q=0"); refused.Header().Get("Content-Encoding") != "" {
			t.Errorf("%s: gzip for somebody who refuses it", role)
		}
	}
}

// A sitter's document must not even name what is not theirs.
func TestASittersDocumentKnowsNothingOfTheOwners(t *testing.T) {
	s := site(t, config())
	owner := get(s, "/messages", "Cookie", "__Host-snout-session=owner.r").Body.String()
	for who, cookie := range map[string]string{"a sitter": "__Host-snout-session=sitter.r", "nobody yet": "", "an empty session": "__Host-snout-session=owner."} {
		body := strings.ToLower(get(s, "/messages", "Cookie", cookie).Body.String())
		for _, word := range []string{"owner inbox", "owner_inbox", "billing", "diagnostics", "quarantine", "pool number", "clientphone", "/api/numbers", "/api/clients", "/api/flags"} {
			if strings.Contains(body, word) {
				t.Errorf("the document for %s has %q in it", who, word)
			}
			if word != "owner_inbox" && word != "clientphone" && !strings.Contains(strings.ToLower(owner), word) && word != "pool number" {
				t.Errorf("the owner's document does not have %q, so that this test sees nothing", word)
			}
		}
	}
}

// Who has no session is sent to sign in without asking for a token first, which would
// only be refused, loudly.
func TestThePageKnowsWhetherThereIsASession(t *testing.T) {
	s := site(t, config())
	for _, row := range []struct {
		says, cookie, from string
		want               bool
	}{
		{"an address typed in, signed out", "", "none", true},
		{"a link of the page itself, signed out", "other=1", "same-origin", true},
		{"the way back from the issuer, which brings no strict cookie", "", "cross-site", false},
		{"a browser that does not tell", "", "", false},
		{"an owner", "__Host-snout-session=owner.r", "none", false},
		{"a sitter", "__Host-snout-session=sitter.r", "none", false},
	} {
		body := get(s, "/messages", "Cookie", row.cookie, "Sec-Fetch-Site", row.from).Body.String()
		if got := strings.Contains(body, `<div id="app" data-session="none" `); got != row.want {
			t.Errorf("%s: told that there is no session: %v", row.says, got)
		}
	}
}

func TestPicturesAreShownFromOneMorePlaceAlone(t *testing.T) {
	c := config()
	c.Pictures = "https://pictures.example"
	policy := get(site(t, c), "/messages").Header().Get("Content-Security-Policy")
	if !strings.Contains(policy, "; img-src 'self' data: https://pictures.example; ") {
		t.Errorf("policy %q", policy)
	}
	for _, bad := range []string{"http://pictures.example", "https://pictures.example/path", "https://a; script-src *", "pictures.example", "https://pictures.example *"} {
		c.Pictures = bad
		if _, err := New(c); err == nil {
			t.Errorf("%q taken as a place for pictures", bad)
		}
	}
}

func TestTheSmallRoutes(t *testing.T) {
	s := site(t, config())
	type row struct {
		Status int
		Type   string
		Body   string
	}
	for path, want := range map[string]row{
		"/healthz":          {200, "application/json", `{"stage":"staging","status":"ok","version":"1.2.3"}` + "\n"},
		"/api/openapi.json": {200, "application/json", `{"openapi":"3.1.0"}`},
		"/assets/nothing":   {404, "application/problem+json", `{"code":"NOT_FOUND","detail":"There is nothing here.","status":404,"title":"Not Found","type":"about:blank"}` + "\n"},
		"/messagesx":        {404, "application/problem+json", `{"code":"NOT_FOUND","detail":"There is nothing here.","status":404,"title":"Not Found","type":"about:blank"}` + "\n"},
	} {
		w := get(s, path)
		if diff := cmp.Diff(want, row{w.Code, w.Header().Get("Content-Type"), w.Body.String()}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
	if w := get(s, "/assets/licences.txt"); !strings.Contains(w.Body.String(), "MIT License") {
		t.Error("the licence of what is bundled is not served")
	}
	about := get(s, "/messages/about").Body.String()
	for _, sentence := range []string{"Clients will always text Snout, not a sitter’s personal number.", "we always tell them who’s coming"} {
		if !strings.Contains(about, sentence) {
			t.Errorf("the explanation lacks %q", sentence)
		}
	}
}

func TestNewNamesEveryFaultAtOnce(t *testing.T) {
	_, err := New(Config{PublicBaseURL: "http://snout.example", OpenAPI: []byte("no")})
	if err == nil {
		t.Fatal("taken")
	}
	want := "web: PublicBaseURL must be https: only a loopback host may go without\nweb: Issuer and ClientID are needed to sign anybody in\nweb: Now and HTTP are needed\nweb: OpenAPI is not JSON"
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
	for _, base := range []string{"", "snout.example", "https://", "https://snout.example/path", "ftp://127.0.0.1"} {
		c := config()
		c.PublicBaseURL = base
		if _, err := New(c); err == nil {
			t.Errorf("%q taken as a base", base)
		}
	}
}
