package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// asked is one request as the identity service got it.
type asked struct {
	Operation string
	Body      map[string]any
}

// identity is the identity service's side of the wire: what it is asked, and the
// answer for each operation.
func identity(t *testing.T, answers map[string]string) (endpoint string, heard func() []asked) {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", "test")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "test")
	var mu sync.Mutex
	var all []asked
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		var body map[string]any
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			t.Error(err)
		}
		mu.Lock()
		all = append(all, asked{operation, body})
		mu.Unlock()
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		answer := answers[operation]
		if kind, ok := strings.CutPrefix(answer, "!"); ok {
			w.WriteHeader(http.StatusBadRequest)
			answer = `{"__type":"` + kind + `"}`
		}
		if answer == "" {
			answer = "{}"
		}
		_, _ = w.Write([]byte(answer))
	}))
	t.Cleanup(server.Close)
	return server.URL, func() []asked { mu.Lock(); defer mu.Unlock(); return all }
}

func users(t *testing.T, endpoint string, args ...string) (string, error) {
	t.Helper()
	c := root()
	var out strings.Builder
	c.SetOut(&out)
	c.SetErr(&out)
	c.SetArgs(append(append([]string{"users"}, args...), "--pool", "us-east-1_abc", "--region", "us-east-1", "--endpoint", endpoint))
	err := c.ExecuteContext(t.Context())
	return out.String(), err
}

func TestUsersAddWritesTheClaimsThatTheAPIGoesBy(t *testing.T) {
	claim := func(name, value string) any { return map[string]any{"Name": name, "Value": value} }
	for _, row := range []struct {
		name string
		args []string
		want []any
	}{
		{"an owner", []string{"--role", "owner", "--org", "paws", "--email", "o@example.com", "--name", "Olivia"},
			[]any{claim("email", "o@example.com"), claim("email_verified", "true"), claim("name", "Olivia"), claim("custom:org", "paws"), claim("custom:role", "owner")}},
		{"a sitter", []string{"--role", "sitter", "--org", "paws", "--sitter", "sitter-1", "--email", "s@example.com"},
			[]any{claim("email", "s@example.com"), claim("email_verified", "true"), claim("custom:org", "paws"), claim("custom:role", "sitter"), claim("custom:sitter", "sitter-1")}},
		{"an operator", []string{"--role", "ops", "--email", "p@example.com"},
			[]any{claim("email", "p@example.com"), claim("email_verified", "true"), claim("custom:ops", "true")}},
	} {
		t.Run(row.name, func(t *testing.T) {
			endpoint, heard := identity(t, nil)
			if _, err := users(t, endpoint, append([]string{"add"}, row.args...)...); err != nil {
				t.Fatal(err)
			}
			got := heard()
			if len(got) != 1 || got[0].Operation != "AdminCreateUser" || got[0].Body["UserPoolId"] != "us-east-1_abc" {
				t.Fatalf("asked %v", got)
			}
			if diff := cmp.Diff(row.want, got[0].Body["UserAttributes"]); diff != "" {
				t.Errorf("attributes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestUsersAddRefusesWhatWouldLetInTheWrongPersonOrNobody(t *testing.T) {
	endpoint, heard := identity(t, nil)
	for name, args := range map[string]string{
		"an owner of no business":  "--role owner --email o@example.com",
		"a sitter without an id":   "--role sitter --org paws --email s@example.com",
		"an owner with a sitter":   "--role owner --org paws --sitter sitter-1 --email o@example.com",
		"ops of a business":        "--role ops --org paws --email p@example.com",
		"a role there is not":      "--role admin --org paws --email a@example.com",
		"an address that is none":  "--role owner --org paws --email olivia",
		"an address with a name":   "--role owner --org paws --email Olivia<o@example.com>",
		"nobody":                   "--role owner --org paws",
		"an org that is no org id": "--role owner --org a/b#c --email o@example.com",
	} {
		if out, err := users(t, endpoint, append([]string{"add"}, strings.Fields(args)...)...); err == nil {
			t.Errorf("%s: %s", name, out)
		}
	}
	if got := heard(); len(got) != 0 {
		t.Errorf("asked all the same: %v", got)
	}
	endpoint, _ = identity(t, map[string]string{"AdminCreateUser": "!UsernameExistsException"})
	if _, err := users(t, endpoint, "add", "--role", "owner", "--org", "paws", "--email", "o@example.com"); err == nil || !strings.Contains(err.Error(), "can sign in already") {
		t.Errorf("somebody who is there already: %v", err)
	}
}

func TestUsersListShowsOneBusinessAndRemoveEndsSessionsFirst(t *testing.T) {
	endpoint, heard := identity(t, map[string]string{"ListUsers": `{"Users":[
		{"Username":"1","Enabled":true,"UserStatus":"CONFIRMED","Attributes":[{"Name":"email","Value":"o@example.com"},{"Name":"custom:org","Value":"paws"},{"Name":"custom:role","Value":"owner"}]},
		{"Username":"2","Enabled":false,"UserStatus":"CONFIRMED","Attributes":[{"Name":"email","Value":"x@example.com"},{"Name":"custom:org","Value":"other"},{"Name":"custom:role","Value":"owner"}]}]}`})
	out, err := users(t, endpoint, "list", "--org", "paws")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("E-MAIL         ROLE   ORG   SITTER  STATE\no@example.com  owner  paws          CONFIRMED\n", out); diff != "" {
		t.Errorf("list (-want +got):\n%s", diff)
	}
	if _, err := users(t, endpoint, "remove", "--email", "o@example.com"); err != nil {
		t.Fatal(err)
	}
	var operations []string
	for _, a := range heard() {
		operations = append(operations, a.Operation)
	}
	if diff := cmp.Diff([]string{"ListUsers", "AdminUserGlobalSignOut", "AdminDeleteUser"}, operations); diff != "" {
		t.Errorf("operations (-want +got):\n%s", diff)
	}
}

// What is missing on the machine is said in a sentence, not as all that the SDK has tried.
func TestNobodyIsSignedInToAWS(t *testing.T) {
	none := filepath.Join(t.TempDir(), "none")
	for k, v := range map[string]string{
		"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_SESSION_TOKEN": "", "AWS_PROFILE": "", "AWS_REGION": "", "AWS_DEFAULT_REGION": "", "AWS_WEB_IDENTITY_TOKEN_FILE": "",
		"AWS_CONTAINER_CREDENTIALS_FULL_URI": "", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "", "AWS_CONFIG_FILE": none, "AWS_SHARED_CREDENTIALS_FILE": none, "AWS_EC2_METADATA_DISABLED": "true",
	} {
		t.Setenv(k, v)
	}
	for _, row := range []struct{ name, region, says string }{
		{"no region", "", "No AWS region is set"},
		{"no credentials", "us-east-1", "No AWS credentials were found"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Setenv("AWS_REGION", row.region)
			for _, args := range [][]string{{"users", "list", "--pool", "us-east-1_abc"}, {"flags", "init", "--stage", "dev"}} {
				c := root()
				c.SetArgs(args)
				c.SetOut(io.Discard)
				err := c.ExecuteContext(t.Context())
				if err == nil || !strings.Contains(err.Error(), row.says) || len(err.Error()) > 200 {
					t.Errorf("%s: %v", args, err)
				}
			}
		})
	}
}
