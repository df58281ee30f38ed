package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"snout/shared/sandbox/template"
)

// contract is the API's own document, ready to be held against answers.
type contract struct {
	doc   map[string]any
	paths map[string]map[string]any // by path, then lower-case method

	mu      sync.Mutex
	schemas map[string]*jsonschema.Schema
	c       *jsonschema.Compiler
}

func readContract(t testing.TB) *contract {
	t.Helper()
	path, err := findTemplate()
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(filepath.Dir(path), "shared", "lambdaio", "openapi.json"))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	k := &contract{doc: doc.(map[string]any), paths: map[string]map[string]any{}, schemas: map[string]*jsonschema.Schema{}, c: jsonschema.NewCompiler()}
	k.c.AssertFormat()
	if err := k.c.AddResource("openapi.json", doc); err != nil {
		t.Fatal(err)
	}
	for p, v := range k.doc["paths"].(map[string]any) {
		k.paths[p] = v.(map[string]any)
	}
	return k
}

// operation finds the path of the document that a request's path means.
func (k *contract) operation(method, path string) (string, map[string]any) {
	best := ""
	for p := range k.paths {
		if matches(p, path) && (best == "" || strings.Count(p, "{") < strings.Count(best, "{")) && k.paths[p][strings.ToLower(method)] != nil {
			best = p
		}
	}
	if best == "" {
		return "", nil
	}
	return best, k.paths[best][strings.ToLower(method)].(map[string]any)
}

func matches(pattern, path string) bool {
	a, b := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(a) != len(b) && !strings.HasSuffix(pattern, "{proxy}") || len(a) > len(b) {
		return false
	}
	for i := range a {
		if !strings.HasPrefix(a[i], "{") && a[i] != b[i] {
			return false
		}
	}
	return true
}

// check holds one answer against the document: status, content type, body.
func (k *contract) check(method, path string, status int, contentType string, body []byte) error {
	p, op := k.operation(method, path)
	if op == nil {
		return nil // no route of the document: the gateway's own 404
	}
	responses := op["responses"].(map[string]any)
	key := fmt.Sprint(status)
	if responses[key] == nil {
		key = "default"
		if status >= 500 || status < 400 || responses[key] == nil {
			return fmt.Errorf("%s %s answered %d, which the document does not know", method, p, status)
		}
	}
	content, _ := responses[key].(map[string]any)["content"].(map[string]any)
	kind, _, _ := strings.Cut(contentType, ";")
	if content == nil || content["*/*"] != nil {
		return nil
	}
	if content[kind] == nil {
		return fmt.Errorf("%s %s answered %d as %q; the document knows %v", method, p, status, kind, content)
	}
	if !strings.HasSuffix(kind, "json") {
		return nil
	}
	schema, err := k.schema(p, strings.ToLower(method), key, kind)
	if err != nil {
		return err
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, p, err)
	}
	if err := schema.Validate(v); err != nil {
		return fmt.Errorf("%s %s answered %d: %w", method, p, status, err)
	}
	return nil
}

func (k *contract) schema(path, method, status, kind string) (*jsonschema.Schema, error) {
	escape := strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D")
	at := "openapi.json#/paths/" + escape.Replace(path) + "/" + method + "/responses/" + status + "/content/" + escape.Replace(kind) + "/schema"
	k.mu.Lock()
	defer k.mu.Unlock()
	if s := k.schemas[at]; s != nil {
		return s, nil
	}
	s, err := k.c.Compile(at)
	if err == nil {
		k.schemas[at] = s
	}
	return s, err
}

func TestTheDocumentAndTheTemplateNameTheSameRoutes(t *testing.T) {
	k := readContract(t)
	path, err := findTemplate()
	if err != nil {
		t.Fatal(err)
	}
	tpl, err := template.Load(path, map[string]string{"Stage": "test"}, template.Pseudo{Region: region, AccountID: account, StackName: "test"})
	if err != nil {
		t.Fatal(err)
	}
	var there, told []string
	open := map[string]bool{}
	for _, f := range tpl.Functions {
		for _, r := range f.Routes {
			name := r.Method + " " + strings.ReplaceAll(r.Path, "{proxy+}", "{proxy}")
			there = append(there, name)
			open[name] = !r.Authorized
		}
	}
	for p, ops := range k.paths {
		for m, op := range ops {
			name := strings.ToUpper(m) + " " + p
			told = append(told, name)
			security, has := op.(map[string]any)["security"].([]any)
			if isOpen := has && len(security) == 0; isOpen != open[name] {
				t.Errorf("%s: the document says open is %t, the template %t", name, isOpen, open[name])
			}
		}
	}
	slices.Sort(there)
	slices.Sort(told)
	if diff := cmp.Diff(there, told); diff != "" {
		t.Errorf("routes (-template +document):\n%s", diff)
	}
}

// conforming is a client that holds every answer against the document.
type conforming struct {
	k    *contract
	base http.RoundTripper
	t    testing.TB
}

func (c conforming) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := c.base.RoundTrip(r)
	if err != nil {
		return res, err
	}
	body, err := io.ReadAll(res.Body)
	res.Body.Close()
	if err != nil {
		return res, err
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	if err := c.k.check(r.Method, r.URL.Path, res.StatusCode, res.Header.Get("Content-Type"), body); err != nil {
		c.t.Errorf("%v\n%s", err, body)
	}
	return res, nil
}

func TestEveryReadingRouteAnswersEveryRoleAsTheDocumentSays(t *testing.T) {
	w, err := Start(t.Context(), Options{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	k := readContract(t)
	client := &http.Client{Transport: conforming{k, &http.Transport{DisableKeepAlives: true}, t}}
	if err := w.SetFlags(map[string]string{"ENABLE_SITTER_MESSAGES_V1": "true"}); err != nil {
		t.Fatal(err)
	}
	threads := map[string]string{}
	for _, who := range []string{"owner-1", "sitter-1", "ops-1", ""} {
		token := ""
		if who != "" {
			if token, err = w.Issuer.Mint(who); err != nil {
				t.Fatal(err)
			}
		}
		get := func(path string) []byte {
			r, err := http.NewRequestWithContext(t.Context(), "GET", w.URL+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			if token != "" {
				r.Header.Set("Authorization", "Bearer "+token)
			}
			res, err := client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			b, err := io.ReadAll(res.Body)
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
		for p, ops := range k.paths {
			if ops["get"] == nil || strings.HasPrefix(p, "/auth/") {
				continue
			}
			switch {
			case !strings.Contains(p, "{id}"):
				get(strings.ReplaceAll(p, "{proxy}", "about"))
			case strings.HasPrefix(p, "/api/bookings"):
				get("/api/bookings/booking-1")
				get("/api/bookings/nothing")
			}
		}
		for _, box := range []string{"conversations", "owner_inbox", "billing", "attic"} {
			var list struct {
				Threads []struct{ ID string }
			}
			if b := get("/api/messages/threads?box=" + box); json.Unmarshal(b, &list) == nil {
				for _, th := range list.Threads {
					threads[th.ID] = who
				}
			}
		}
		for id := range threads {
			get("/api/messages/threads/" + id)
		}
		get("/api/messages/diagnostics?org=demo")
	}
	if len(threads) == 0 {
		t.Error("no conversation was looked at")
	}
}
