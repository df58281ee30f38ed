package lambdaio

import (
	"context"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"snout/shared/flags"
	"snout/shared/office"
	"snout/shared/office/officetest"
	"snout/shared/routing"
	"snout/shared/store"
)

// switches are flags in memory, as SSM keeps them.
type switches map[string]string

func (s switches) Read(context.Context) (map[string]string, error) { return maps.Clone(s), nil }
func (s switches) Set(_ context.Context, v map[string]string) error {
	maps.Copy(s, v)
	return nil
}

// bureau is the office's routes as API Gateway reaches them.
type bureau struct {
	t      *testing.T
	routes map[string]Endpoint
	table  *store.Table
	flags  switches
}

func bureauOf(t *testing.T) *bureau {
	t.Helper()
	at := time.Date(2026, 3, 4, 20, 0, 0, 0, time.UTC)
	b := &bureau{t: t, table: officetest.Table(t), flags: switches{flags.Messaging: "true"}}
	o := office.New(b.table, func() time.Time { return at }, officetest.IDs())
	b.routes = officeRoutes(o, b.flags, tried)
	for org, desk := range map[string]string{"paws": "+15555550100", "zen": "+15555550190"} {
		who := routing.Principal{Role: routing.RoleOwner, Org: routing.OrgID(org), Subject: "owner-1"}
		if _, _, err := o.Found(t.Context(), who, office.Founding{ID: org, Name: "Happy Paws", Zone: "America/Los_Angeles", FrontDesk: desk}); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

// claims of those who call.
func ownerOf(org string) map[string]string {
	return map[string]string{"sub": "owner-1", "custom:org": org, "custom:role": "owner"}
}

func sitterClaims() map[string]string {
	return map[string]string{"sub": "s1", "custom:org": "paws", "custom:role": "sitter", "custom:sitter": "s1"}
}

func opsClaims() map[string]string {
	return map[string]string{"client_id": "ops-1", "scope": OpsScope}
}

type reply struct {
	Status int
	Body   any
	Tag    string
}

// call makes a request as who, to "METHOD /path?query", and reads the answer.
func (b *bureau) call(who map[string]string, route, body string, header ...string) reply {
	b.t.Helper()
	method, target, _ := strings.Cut(route, " ")
	path, query, _ := strings.Cut(target, "?")
	key, params := "", map[string]string{}
	for k := range b.routes {
		m, pattern, _ := strings.Cut(k, " ")
		if p, fits := fit(pattern, path); m == method && fits {
			key, params = k, p
		}
	}
	if key == "" {
		b.t.Fatalf("no route %s", route)
	}
	e := events.APIGatewayV2HTTPRequest{RouteKey: key, RawPath: path, RawQueryString: query, PathParameters: params, Body: body, Headers: map[string]string{}}
	for i := 0; i+1 < len(header); i += 2 {
		e.Headers[strings.ToLower(header[i])] = header[i+1]
	}
	e.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{JWT: &events.APIGatewayV2HTTPRequestContextAuthorizerJWTDescription{Claims: who}}
	res, outcome, err := answer(b.t.Context(), &e, b.routes)
	if err != nil {
		b.t.Fatalf("%s: %s: %v", route, outcome, err)
	}
	r := reply{Status: res.StatusCode, Tag: res.Headers["etag"]}
	if err := json.Unmarshal([]byte(res.Body), &r.Body); err != nil {
		b.t.Fatalf("%s answered no JSON: %v", route, err)
	}
	return r
}

func fit(pattern, path string) (map[string]string, bool) {
	ps, xs := strings.Split(pattern, "/"), strings.Split(path, "/")
	params := map[string]string{}
	if len(ps) != len(xs) {
		return nil, false
	}
	for i, p := range ps {
		if name, ok := strings.CutPrefix(p, "{"); ok {
			v, err := url.PathUnescape(xs[i])
			if err != nil {
				return nil, false
			}
			params[strings.TrimSuffix(name, "}")] = v
		} else if p != xs[i] {
			return nil, false
		}
	}
	return params, true
}

// is compares an answer with JSON.
func (b *bureau) is(what string, got reply, status int, want string) {
	b.t.Helper()
	var w any
	if err := json.Unmarshal([]byte(want), &w); err != nil {
		b.t.Fatal(err)
	}
	if d := cmp.Diff(reply{status, w, ""}, reply{got.Status, got.Body, ""}); d != "" {
		b.t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

// no checks a problem's status, code and field.
func (b *bureau) no(what string, got reply, status int, code, field string) {
	b.t.Helper()
	p, _ := got.Body.(map[string]any)
	f, _ := p["field"].(string)
	if got.Status != status || p["code"] != code || f != field {
		b.t.Errorf("%s: answer %d %v, want %d %s of field %q", what, got.Status, got.Body, status, code, field)
	}
}

func TestOfficeShapesAreTheContracts(t *testing.T) {
	b := bureauOf(t)
	me := ownerOf("paws")
	b.is("a new client", b.call(me, "POST /api/clients", `{"id":"c1","name":"Dana Whitfield","phones":["+15555550121"],"pets":["Biscuit"]}`), 201,
		`{"id":"c1","name":"Dana Whitfield","phones":["+15555550121"],"recurring":false,"plan":null,"pets":["Biscuit"],"timeZone":null,"optedOut":false,"version":1}`)
	b.is("a new sitter", b.call(me, "POST /api/sitters", `{"id":"s1","name":"Riley Chen"}`), 201,
		`{"id":"s1","name":"Riley Chen","active":true,"number":null,"phone":null,"notify":false,"locked":false,"version":1}`)
	n := b.call(me, "POST /api/numbers", `{"e164":"+15555550111","numberClass":"sitter","sitterId":"s1"}`)
	id := n.Body.(map[string]any)["id"].(string)
	b.is("a new number", n, 201, `{"id":"`+id+`","e164":"+15555550111","numberClass":"sitter","status":"active","sitterId":"s1","health":{"failures7d":0},
		"lastUsedAt":null,"threads":0,"reason":null,"until":null}`)
	if strings.Contains(id, "5555550111") {
		t.Errorf("the number's id %s tells the number", id)
	}
	b.is("a new booking", b.call(me, "POST /api/bookings", `{"id":"b1","clientId":"c1","sitterId":"s1","service":"Dog Walking","startAt":"2026-03-05T10:00","endAt":"2026-03-05T10:30"}`), 201,
		`{"id":"b1","clientId":"c1","sitterId":"s1","service":"Dog Walking","startAt":"2026-03-05T18:00:00Z","endAt":"2026-03-05T18:30:00Z",
		"visits":[{"id":"v1","startAt":"2026-03-05T18:00:00Z","endAt":"2026-03-05T18:30:00Z"}],"recurrence":null,"status":"confirmed","pets":["Biscuit"],"meetAndGreet":null,"version":1}`)
	got := b.call(me, "POST /api/bookings", `{"id":"b2","clientId":"c1","sitterId":"s1","service":"Drop-ins","startAt":"2026-03-05T10:15","endAt":"2026-03-05T10:45","recurrence":"weekly"}`)
	b.is("the warnings of a sitter booked twice", reply{got.Status, got.Body.(map[string]any)["warnings"], ""}, 201,
		`[{"kind":"overlapping_bookings","bookingId":"b1","text":"The sitter has another visit at that time, Thu Mar 5, 10:15 AM."}]`)
	b.is("a booking without its sitter", b.call(me, "PATCH /api/bookings/b1", `{"sitterId":null}`, "If-Match", `"1"`), 200,
		`{"id":"b1","clientId":"c1","sitterId":null,"service":"Dog Walking","startAt":"2026-03-05T18:00:00Z","endAt":"2026-03-05T18:30:00Z",
		"visits":[{"id":"v1","startAt":"2026-03-05T18:00:00Z","endAt":"2026-03-05T18:30:00Z"}],"recurrence":null,"status":"confirmed","pets":["Biscuit"],"meetAndGreet":null,"version":2}`)
	if tag := b.call(me, "GET /api/bookings/b1", "").Tag; tag != `"2"` {
		t.Errorf("the ETag is %s", tag)
	}
	b.is("sitters", b.call(me, "GET /api/sitters", ""), 200,
		`{"sitters":[{"id":"s1","name":"Riley Chen","active":true,"number":"+15555550111","phone":null,"notify":false,"locked":false,"version":2}],"cursor":null}`)
	b.is("what quarantining would touch", b.call(me, "POST /api/numbers/"+id+"/quarantine?preview=true", ""), 200,
		`{"preview":true,"number":{"id":"`+id+`","e164":"+15555550111","numberClass":"sitter","status":"active","sitterId":"s1","health":{"failures7d":0},"lastUsedAt":null,"threads":0,
		"reason":null,"until":null},"impact":{"threads":0,"clients":0,"open":0,"activeWindows":0,"upcomingWindows":0,"sitterId":"s1"}}`)
	b.is("settings", b.call(me, "GET /api/settings", ""), 200, `{"name":"Happy Paws","timeZone":"America/Los_Angeles",
		"buffers":{"Drop-ins":{"beforeMinutes":60,"afterMinutes":60},"Dog Walking":{"beforeMinutes":60,"afterMinutes":60},"Pet Taxi":{"beforeMinutes":60,"afterMinutes":60},
			"Housesitting":{"beforeMinutes":120,"afterMinutes":120},"24/7 Care":{"beforeMinutes":120,"afterMinutes":120}},
		"cooldownDays":30,"quarantineDays":90,"quietHours":{"from":"21:00","to":"08:00"},"officeHours":null,
		"texts":{"mismatch":null,"coming":null,"handoff":null,"afterHours":null},"holdClientSwaps":false,"escalateMinutes":10,"ownLinks":[],"ownNumbers":[],"canned":[],"ownerPhone":null,"version":1}`)
	got = b.call(me, "PATCH /api/settings", `{"buffers":{"Dog Walking":{"beforeMinutes":15,"afterMinutes":30}},"texts":{"mismatch":"Hello from {org}"},"quietHours":{"from":"22:00","to":"07:00"}}`)
	s := got.Body.(map[string]any)
	b.is("changed settings", reply{got.Status, []any{s["buffers"].(map[string]any)["Dog Walking"], s["texts"], s["quietHours"], s["version"]}, ""}, 200,
		`[{"beforeMinutes":15,"afterMinutes":30},{"mismatch":"Hello from {org}","coming":null,"handoff":null,"afterHours":null},{"from":"22:00","to":"07:00"},2]`)
	b.is("offboarding", b.call(me, "POST /api/sitters/s1/offboard", `{"reason":"moved away"}`), 200,
		`{"sitter":{"id":"s1","name":"Riley Chen","active":false,"number":null,"phone":null,"notify":false,"locked":false,"version":3},
		"number":{"id":"`+id+`","e164":"+15555550111","numberClass":"sitter","status":"quarantined","sitterId":"s1","health":{"failures7d":0},"lastUsedAt":null,"threads":0,
			"reason":"The sitter has left: moved away","until":"2026-06-02T20:00:00Z"},
		"clearedBookings":["b2"],"completedBookings":[]}`)
	b.is("bookings in a page of one", b.call(me, "GET /api/bookings?limit=1&from=2026-03-05T18:10:00Z", ""), 200,
		`{"bookings":[{"id":"b2","clientId":"c1","sitterId":null,"service":"Drop-ins","startAt":"2026-03-05T18:15:00Z","endAt":"2026-03-05T18:45:00Z",
		"visits":[{"id":"v1","startAt":"2026-03-05T18:15:00Z","endAt":"2026-03-05T18:45:00Z"}],"recurrence":"weekly","status":"confirmed","pets":["Biscuit"],"meetAndGreet":null,"version":2}],"cursor":null}`)
}

func TestOfficeListsComeInPages(t *testing.T) {
	b := bureauOf(t)
	me := ownerOf("paws")
	for _, x := range []string{"1", "2", "3", "4", "5"} {
		b.call(me, "POST /api/clients", `{"id":"c`+x+`","name":"X","phones":["+1555555012`+x+`"]}`)
		b.call(me, "POST /api/sitters", `{"id":"s`+x+`","name":"X"}`)
		b.call(me, "POST /api/numbers", `{"e164":"+1555555013`+x+`","numberClass":"pool"}`)
	}
	for kind, want := range map[string]int{"clients": 5, "sitters": 5, "numbers": 6} {
		seen := map[string]bool{}
		next, pages := "", 0
		for {
			got := b.call(me, "GET /api/"+kind+"?limit=2&cursor="+url.QueryEscape(next), "")
			body := got.Body.(map[string]any)
			for _, x := range body[kind].([]any) {
				seen[x.(map[string]any)["id"].(string)] = true
			}
			pages++
			if body["cursor"] == nil {
				break
			}
			next = body["cursor"].(string)
		}
		if len(seen) != want || pages != 3 {
			t.Errorf("%s: %d in %d pages, want %d in 3", kind, len(seen), pages, want)
		}
		b.no(kind+" with a cursor of nowhere", b.call(me, "GET /api/"+kind+"?cursor=*", ""), 400, "INVALID_REQUEST", "cursor")
		b.no(kind+" with a cursor of another sort", b.call(me, "GET /api/"+kind+"?cursor=zzz", ""), 400, "INVALID_REQUEST", "cursor")
		b.no(kind+" with a limit of 101", b.call(me, "GET /api/"+kind+"?limit=101", ""), 400, "INVALID_REQUEST", "limit")
	}
}

func TestTheOfficeIsForOwnersOfTheirOwnOrg(t *testing.T) {
	b := bureauOf(t)
	me := ownerOf("paws")
	b.call(me, "POST /api/clients", `{"id":"c1","name":"Dana","phones":["+15555550121"]}`)
	b.call(me, "POST /api/sitters", `{"id":"s1","name":"Riley"}`)
	b.call(me, "POST /api/bookings", `{"id":"b1","clientId":"c1","service":"Drop-ins","startAt":"2026-03-05T10:00","endAt":"2026-03-05T10:30"}`)
	number := b.call(me, "GET /api/numbers", "").Body.(map[string]any)["numbers"].([]any)[0].(map[string]any)["id"].(string)
	target := func(route string) string {
		method, path, _ := strings.Cut(route, " ")
		id := map[bool]string{true: number, false: "b1"}[strings.Contains(path, "numbers")]
		if strings.Contains(path, "clients") {
			id = "c1"
		}
		if strings.Contains(path, "sitters") {
			id = "s1"
		}
		return method + " " + strings.ReplaceAll(path, "{id}", id)
	}
	body := map[string]string{
		"PATCH /api/bookings/{id}": `{"service":"X"}`, "PATCH /api/clients/{id}": `{"name":"X"}`, "PATCH /api/sitters/{id}": `{"name":"X"}`,
		"POST /api/numbers/{id}/assign": `{"sitterId":"s1","reason":"x"}`,
	}
	for _, route := range slices.Sorted(maps.Keys(b.routes)) {
		t.Run(route, func(t *testing.T) {
			b.t = t
			with := body[route]
			if with == "" {
				with = `{"reason":"x"}`
			}
			b.no("a sitter", b.call(sitterClaims(), target(route), with), 403, "FORBIDDEN", "")
			b.no("nobody", b.call(nil, target(route), with), 403, "FORBIDDEN", "")
			if !strings.HasSuffix(route, "/api/flags") {
				b.no("an operator who is no owner", b.call(opsClaims(), target(route), with), 403, "FORBIDDEN", "")
			}
			if strings.Contains(route, "{id}") {
				b.no("another org's owner", b.call(ownerOf("zen"), target(route), with), 404, "NOT_FOUND", "")
				b.no("an id that is none", b.call(me, strings.ReplaceAll(route, "{id}", "a%23b"), with), 404, "NOT_FOUND", "")
			}
		})
	}
	b.t = t
}

func TestOfficeBodiesAreReadStrictly(t *testing.T) {
	b := bureauOf(t)
	me := ownerOf("paws")
	for _, c := range []struct{ name, route, body, field string }{
		{"nothing at all", "POST /api/bookings", ``, "body"},
		{"null", "POST /api/bookings", ` null `, "body"},
		{"no JSON", "POST /api/bookings", `{`, "body"},
		{"two objects", "POST /api/clients", `{"name":"a","phones":["+15555550121"]}{}`, "body"},
		{"an unknown field", "POST /api/bookings", `{"clientId":"c1","colour":"red"}`, "colour"},
		{"an unknown field of a visit", "POST /api/bookings", `{"visits":[{"start":"x"}]}`, "start"},
		{"a number for a name", "POST /api/clients", `{"name":7}`, "name"},
		{"a text for a mark", "PATCH /api/clients/c1", `{"recurring":"yes"}`, "recurring"},
		{"a text for a list", "PATCH /api/clients/c1", `{"phones":"+15555550121"}`, "phones"},
		{"a client without a phone", "POST /api/clients", `{"name":"Dana"}`, "phones"},
		{"a phone twice", "POST /api/clients", `{"name":"Dana","phones":["+15555550121","+15555550121"]}`, "phones[1]"},
		{"a phone without its country", "POST /api/clients", `{"name":"Dana","phones":["555-0121"]}`, "phones[0]"},
		{"an unknown zone", "POST /api/clients", `{"name":"Dana","phones":["+15555550121"],"timeZone":"Mars/Olympus"}`, "timeZone"},
		{"a name of a thousand letters", "POST /api/sitters", `{"name":"` + strings.Repeat("x", 1000) + `"}`, "name"},
		{"a name with a line end of a terminal", "POST /api/sitters", `{"name":"a\u001b[31m"}`, "name"},
		{"null for a name", "POST /api/sitters", `{"name":null}`, "name"},
		{"a half hour of a buffer", "PATCH /api/settings", `{"buffers":{"Drop-ins":{"beforeMinutes":1.5}}}`, "buffers.beforeMinutes"},
		{"a text to try by nobody who is screened", "POST /api/screening/try", `{"text":"hi","author":"owner"}`, "author"},
		{"an earlier text by nobody who is screened", "POST /api/screening/try", `{"text":"hi","context":[{"author":"client","text":"hi"},{"author":"x","text":"hi"}]}`, "context[1].author"},
		{"an earlier text beyond the carriers' length", "POST /api/screening/try", `{"text":"hi","context":[{"author":"client","text":"` + strings.Repeat("x", 1601) + `"}]}`, "context[0].text"},
		{"more earlier texts than are read", "POST /api/screening/try", `{"text":"hi","context":[` + strings.Repeat(`{"author":"client","text":"hi"},`, 20) + `{"author":"client","text":"hi"}]}`, "context"},
		{"an empty text to try", "POST /api/screening/try", `{"text":" "}`, "text"},
		{"a text to try beyond the carriers' length", "POST /api/screening/try", `{"text":"` + strings.Repeat("x", 1601) + `"}`, "text"},
		{"nobody to assign to", "POST /api/numbers/n-000001/assign", `{"reason":"x"}`, "sitterId"},
		{"no reason", "POST /api/numbers/n-000001/quarantine", `{}`, "reason"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b.t = t
			b.no(c.route, b.call(me, c.route, c.body), 400, "INVALID_REQUEST", c.field)
		})
	}
	b.t = t
	b.no("an If-Match of an older version", b.call(me, "PATCH /api/settings", `{"name":"X"}`, "If-Match", `"7"`), 412, "PRECONDITION_FAILED", "")
	b.no("an If-Match of no version", b.call(me, "PATCH /api/settings", `{"name":"X"}`, "If-Match", `"abc"`), 412, "PRECONDITION_FAILED", "")
	if got := b.call(me, "PATCH /api/settings", `{"name":"X"}`, "If-Match", `W/"1"`); got.Status != 200 || got.Tag != `"2"` {
		t.Errorf("an If-Match of the version answered %d, ETag %s", got.Status, got.Tag)
	}
}

func TestFlagsAreFlippedByOperatorsAndAccountedFor(t *testing.T) {
	b := bureauOf(t)
	b.is("as an owner sees them", b.call(ownerOf("paws"), "GET /api/flags", ""), 200,
		`{"ENABLE_MESSAGING_V1":"true","ENABLE_PROACTIVE_THREAD_CREATION":"false","ENABLE_SITTER_MESSAGES_V1":"false","SITTER_MESSAGES_ALLOWLIST":"none"}`)
	b.no("an owner who flips one", b.call(ownerOf("paws"), "PUT /api/flags", `{"ENABLE_MESSAGING_V1":"false"}`), 403, "FORBIDDEN", "")
	for _, c := range []struct{ name, body, field string }{
		{"an unknown flag", `{"ENABLE_EVERYTHING":"true"}`, "ENABLE_EVERYTHING"},
		{"a flag that is no text", `{"ENABLE_MESSAGING_V1":true}`, "ENABLE_MESSAGING_V1"},
		{"a flag that is neither", `{"ENABLE_MESSAGING_V1":"TRUE"}`, "ENABLE_MESSAGING_V1"},
		{"one good and one bad", `{"ENABLE_MESSAGING_V1":"false","SITTER_MESSAGES_ALLOWLIST":"s1 s2"}`, "SITTER_MESSAGES_ALLOWLIST"},
		{"none", `{}`, "body"},
	} {
		b.no(c.name, b.call(opsClaims(), "PUT /api/flags", c.body), 400, "INVALID_REQUEST", c.field)
	}
	if d := cmp.Diff(switches{flags.Messaging: "true"}, b.flags); d != "" {
		t.Errorf("flags after requests that were refused (-want +got):\n%s", d)
	}
	b.is("flipped", b.call(opsClaims(), "PUT /api/flags", `{"ENABLE_SITTER_MESSAGES_V1":"true","SITTER_MESSAGES_ALLOWLIST":" s1, s2 "}`), 200,
		`{"ENABLE_MESSAGING_V1":"true","ENABLE_PROACTIVE_THREAD_CREATION":"false","ENABLE_SITTER_MESSAGES_V1":"true","SITTER_MESSAGES_ALLOWLIST":"s1,s2"}`)
	as, err := b.table.Audits(t.Context(), "", 10)
	if err != nil {
		t.Fatal(err)
	}
	if len(as) != 1 || as[0].By != "ops:ops-1" || as[0].What != "flags.set" ||
		as[0].Detail != "ENABLE_SITTER_MESSAGES_V1: missing → true; SITTER_MESSAGES_ALLOWLIST: missing → s1,s2" {
		t.Errorf("the stage's audit is %+v", as)
	}
}

func TestATextIsTriedWithTheOrgsOwnPagesAndTheTextsBeforeIt(t *testing.T) {
	b := bureauOf(t)
	me := ownerOf("paws")
	action := func(body string) any {
		t.Helper()
		got := b.call(me, "POST /api/screening/try", body)
		if got.Status != 200 {
			t.Fatalf("%s: %d %v", body, got.Status, got.Body)
		}
		return got.Body.(map[string]any)["action"]
	}
	page := `{"text":"book at www.happypaws.example please"}`
	if a := action(page); a != "stopped" {
		t.Errorf("an unknown page is %v", a)
	}
	if got := b.call(me, "PATCH /api/settings", `{"ownLinks":["happypaws.example"]}`); got.Status != 200 {
		t.Fatalf("settings: %d %v", got.Status, got.Body)
	}
	if a := action(page); a != "delivered" {
		t.Errorf("the org's own page is %v", a)
	}
	if a := action(`{"text":"0123"}`); a != "delivered" {
		t.Errorf("four figures alone are %v", a)
	}
	if a := action(`{"text":"0123","context":[{"author":"sitter","text":"202"},{"author":"client","text":"ok"},{"author":"sitter","text":"555"}]}`); a != "stopped" {
		t.Errorf("the end of a number is %v", a)
	}
	if a := action(`{"text":"my cell is 202-555-0123","author":"client"}`); a != "delivered_flagged" {
		t.Errorf("a client's number is %v", a)
	}
	if got := b.call(me, "PATCH /api/settings", `{"holdClientSwaps":true,"ownNumbers":["+12025550140"]}`); got.Status != 200 {
		t.Fatalf("settings: %d %v", got.Status, got.Body)
	}
	if a := action(`{"text":"my cell is 202-555-0123","author":"client"}`); a != "held" {
		t.Errorf("a client's number is %v where it is to be held", a)
	}
	if a := action(`{"text":"Biscuit is bleeding badly, call my cell 202-555-0123","author":"client"}`); a != "delivered_flagged" {
		t.Errorf("an emergency is %v where contact swaps are to be held", a)
	}
	if a := action(`{"text":"my cell is 202-555-0123"}`); a != "stopped" {
		t.Errorf("a sitter's number is %v", a)
	}
	if a := action(`{"text":"call me at 202 555 0140, ok?"}`); a != "delivered" {
		t.Errorf("a phone of the business is %v", a)
	}
}
