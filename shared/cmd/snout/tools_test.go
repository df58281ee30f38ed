package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"

	"snout/shared/lambdaio"
	"snout/shared/rollout"
	"snout/shared/sandbox"
)

var wholeNumber = regexp.MustCompile(`\+\d{8,15}\b`)

// run is the command as a shell runs it.
func run(t *testing.T, args ...string) (out string, status int) {
	t.Helper()
	var b bytes.Buffer
	c := root()
	c.SetOut(&b)
	c.SetErr(&b)
	c.SetArgs(args)
	err := c.ExecuteContext(t.Context())
	if err != nil {
		fmt.Fprintln(&b, err)
		status = exitCode(err)
	}
	return b.String(), status
}

func start(t *testing.T, off bool) *sandbox.World {
	t.Helper()
	w, err := sandbox.Start(t.Context(), sandbox.Options{Addr: "127.0.0.1:0", Seed: "demo", FlagsOff: off})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

func TestARolloutLeavesAStateAndTwoReports(t *testing.T) {
	w := start(t, true)
	dir := t.TempDir()
	state := filepath.Join(dir, "state.json")
	common := []string{"rollout", "--target", w.URL, "--fast", "--watch", "1h", "--state", state}
	out, status := run(t, append(common, "--step", "all")...)
	if status != rollout.ExitGate || !strings.Contains(out, "Nobody has accepted it yet") {
		t.Fatalf("status %d:\n%s", status, out)
	}
	out, status = run(t, append(common, "--step", "all", "--accept", "Olivia Park")...)
	if status != rollout.ExitGreen {
		t.Fatalf("status %d:\n%s", status, out)
	}
	if wholeNumber.MatchString(out) {
		t.Errorf("the output holds a whole number:\n%s", out)
	}
	if strings.Contains(out, "\x1b") {
		t.Error("there are colours where there is no terminal")
	}
	for ending, parts := range map[string][]string{
		".md":   {"## Step 4: Enable Sitter Messages (Test Sitter Only)", "**Ready for step 3**", "Accepted by Olivia Park at ", "- [x] `2.3.auto-response` Auto-response sent to sender"},
		".html": {"<!doctype html>", "<svg", "<polyline points=\"0.0,", "Ready for step 3", "Accepted by Olivia Park", "2.2.decision"},
	} {
		b, err := os.ReadFile(filepath.Join(dir, "state"+ending))
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range parts {
			if !strings.Contains(string(b), part) {
				t.Errorf("the report %s does not hold %q", ending, part)
			}
		}
		if n := wholeNumber.FindString(string(b)); n != "" {
			t.Errorf("the report %s holds the whole number %s", ending, n)
		}
	}
	out, status = run(t, append(common[:1:1], "rollback", "--target", w.URL, "--state", state, "--step", "4")...)
	if status != 0 || w.Flags()["ENABLE_SITTER_MESSAGES_V1"] != "false" {
		t.Errorf("status %d, flags %v:\n%s", status, w.Flags(), out)
	}
}

func TestWhatTheCommandIsGivenWrong(t *testing.T) {
	w := start(t, true)
	other := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { fmt.Fprintln(rw, "hello") }))
	t.Cleanup(other.Close)
	dir := t.TempDir()
	malformed := filepath.Join(dir, "malformed.yaml")
	if err := os.WriteFile(malformed, []byte("target: x\nflavour: vanilla\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	flags := w.Flags()
	for _, row := range []struct {
		name string
		args []string
		want string
	}{
		{"no target", nil, "Name the target"},
		{"no address", []string{"--target", "staging"}, "is no address"},
		{"nobody there", []string{"--target", "http://127.0.0.1:1"}, "cannot be reached"},
		{"not Snout", []string{"--target", other.URL}, "but it is not Snout"},
		{"not Snout, stage named", []string{"--target", other.URL, "--stage", "staging"}, "but it is not Snout"},
		{"another stage", []string{"--target", w.URL, "--stage", "staging"}, `"staging" was meant`},
		{"no such step", []string{"--target", w.URL, "--step", "5"}, "1, 2, 3, 4 or all"},
		{"no configuration", []string{"--config", filepath.Join(dir, "none.yaml")}, "cannot be read"},
		{"a word in the configuration that means nothing", []string{"--config", malformed}, "flavour"},
	} {
		t.Run(row.name, func(t *testing.T) {
			out, status := run(t, append([]string{"rollout", "--state", filepath.Join(dir, "state.json")}, row.args...)...)
			if status != rollout.ExitInput || !strings.Contains(out, row.want) || !strings.Contains(out, "Nothing was changed.") {
				t.Errorf("status %d, want %d and %q:\n%s", status, rollout.ExitInput, row.want, out)
			}
			if strings.Count(strings.TrimSpace(out), "\n") > 0 {
				t.Errorf("it takes more than one line to say it:\n%s", out)
			}
		})
	}
	if diff := cmp.Diff(flags, w.Flags()); diff != "" {
		t.Errorf("flags (-before +after):\n%s", diff)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "state*")); len(left) > 0 {
		t.Errorf("files are left behind: %v", left)
	}
}

func TestFlagsAreShownSetCreatedAndTheirHistoryTold(t *testing.T) {
	w := start(t, true)
	if out, status := run(t, "flags", "set", "--target", w.URL, "ENABLE_MESSAGING_V1=true", "SITTER_MESSAGES_ALLOWLIST=sitter-1,sitter-2"); status != 0 {
		t.Fatalf("status %d: %s", status, out)
	}
	out, _ := run(t, "flags", "show", "--target", w.URL, "--json")
	var rows []struct{ Name, Value string }
	if err := json.Unmarshal([]byte(out), &rows); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, r := range rows {
		got[r.Name] = r.Value
	}
	want := map[string]string{"ENABLE_MESSAGING_V1": "true", "ENABLE_PROACTIVE_THREAD_CREATION": "false", "ENABLE_SITTER_MESSAGES_V1": "false", "SITTER_MESSAGES_ALLOWLIST": "sitter-1,sitter-2"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("flags shown (-want +got):\n%s", diff)
	}
	for _, wrong := range []string{"ENABLE_MESSAGING_V1=yes", "NOT_A_FLAG=true", "ENABLE_MESSAGING_V1", "SITTER_MESSAGES_ALLOWLIST=a b"} {
		if out, status := run(t, "flags", "set", "--target", w.URL, wrong); status != rollout.ExitInput {
			t.Errorf("%s: status %d: %s", wrong, status, out)
		}
	}
	out, _ = run(t, "flags", "history", "--target", w.URL, "--json", "ENABLE_MESSAGING_V1")
	var history []flagChange
	if err := json.Unmarshal([]byte(out), &history); err != nil || len(history) != 2 || history[0].Value != "false" || history[1].Value != "true" || history[1].By == "" || history[1].At.IsZero() {
		t.Errorf("history %s, %v", out, err)
	}
	// What is there is never overwritten; a new stage gets all of them, off.
	if out, status := run(t, "flags", "init", "--target", w.URL); status != 0 || strings.Count(out, "left as it is") != 4 || w.Flags()["ENABLE_MESSAGING_V1"] != "true" {
		t.Errorf("status %d, flags %v: %s", status, w.Flags(), out)
	}
	config := filepath.Join(t.TempDir(), "new.yaml")
	if err := os.WriteFile(config, fmt.Appendf(nil, "target: %s\nstage: newstage\n", w.URL), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, status := run(t, "flags", "init", "--config", config); status != 0 || strings.Count(out, " created: ") != 4 {
		t.Errorf("status %d: %s", status, out)
	}
	if all := w.Params.All(); all["/snout/newstage/flags/ENABLE_MESSAGING_V1"] != "false" || all["/snout/newstage/flags/SITTER_MESSAGES_ALLOWLIST"] != "none" {
		t.Errorf("the new stage's flags are %v", all)
	}
}

func texted(t *testing.T, w *sandbox.World, from, to, body string) {
	t.Helper()
	if _, err := w.Carrier.Text(t.Context(), from, to, body, nil, ""); err != nil {
		t.Fatal(err)
	}
	if err := w.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestShadowModeThenReplayOfHeldTexts(t *testing.T) {
	w := start(t, true)
	texted(t, w, "+13105550111", "+12135550101", "Is Sam coming today?")
	texted(t, w, "+15555550177", "+12135550103", "Who is this?")
	texted(t, w, "+13105550113", "+12135550100", "A question about my bill")
	out, status := run(t, "explain", "--target", w.URL, "--shadow", "--json")
	if status != 0 {
		t.Fatal(out)
	}
	var es []explained
	if err := json.Unmarshal([]byte(out), &es); err != nil {
		t.Fatal(err)
	}
	type row struct {
		From, Target string
		Rule         int
	}
	var got []row
	for _, e := range es {
		got = append(got, row{e.From, e.Target, e.Rule})
	}
	// The demo's weekly visit may be on or not; either way it is not held.
	if len(got) != 3 || got[0].Target == "held" || got[0].Rule < 9 {
		t.Fatalf("%+v", got)
	}
	if diff := cmp.Diff([]row{{"+1555****0177", "owner_inbox", 6}, {"+1310****0113", "owner", 8}}, got[1:]); diff != "" {
		t.Errorf("what would have been done (-want +got):\n%s", diff)
	}
	if wholeNumber.MatchString(out) || strings.Contains(out, "bill") {
		t.Errorf("the answer holds a whole number or a text:\n%s", out)
	}
	if out, status := run(t, "replay", "held", "--target", w.URL); status != rollout.ExitInput || !strings.Contains(out, "Messaging is off") {
		t.Errorf("status %d: %s", status, out)
	}
	if err := w.SetFlags(map[string]string{"ENABLE_MESSAGING_V1": "true"}); err != nil {
		t.Fatal(err)
	}
	if out, status := run(t, "replay", "held", "--target", w.URL); status != 0 || strings.Count(out, "  done  ") != 3 {
		t.Errorf("status %d: %s", status, out)
	}
	if out, _ := run(t, "replay", "held", "--target", w.URL, "--dry-run"); !strings.Contains(out, "0 in all") {
		t.Error(out)
	}
}

func TestParkedRecordsAndStoredWebhooksAreDoneAgain(t *testing.T) {
	w := start(t, false)
	// A record that nobody can handle, and one that only was beyond a function that is
	// mended by now.
	table := w.Table()
	park := func(order, record string) {
		t.Helper()
		if err := table.Park(t.Context(), order, "assignment", "booking record: no client", record, w.Clock.Now()); err != nil {
			t.Fatal(err)
		}
	}
	park("000000000000000000001", `{"eventID":"1","dynamodb":{"SequenceNumber":"1","NewImage":{"PK":{"S":"O#demo#B#b-x"},"SK":{"S":"BOOKING"},"kind":{"S":"booking"}}}}`)
	park("000000000000000000002", `{"eventID":"2","dynamodb":{"SequenceNumber":"2","NewImage":{"PK":{"S":"O#demo#C"},"SK":{"S":"client-1"},"kind":{"S":"client"}}}}`)
	out, status := run(t, "replay", "parked", "--target", w.URL)
	if status != rollout.ExitFault || strings.Count(out, "  left  ") != 1 || strings.Count(out, "  done  ") != 1 || !strings.Contains(out, "1 could not be done") ||
		!strings.Contains(out, "assignment, record 1: booking record: no client") {
		t.Errorf("status %d: %s", status, out)
	}
	left, err := table.ParkedRecords(t.Context(), 10)
	if err != nil || len(left) != 1 || left[0].Order != "000000000000000000001" {
		t.Errorf("left: %+v, %v", left, err)
	}
	cfg, err := w.Host.AWS(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	queues := sqs.NewFromConfig(cfg)
	dead, err := queues.GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{QueueName: aws.String("snout-local-fallback-dead")})
	if err != nil {
		t.Fatal(err)
	}
	form := "MessageSid=SM00000000000000000000000000000077&AccountSid=AC00000000000000000000000000000000&From=%2B15555550177&To=%2B12135550103&Body=hello&NumMedia=0"
	for _, f := range []string{form, "From=nobody"} {
		body, err := json.Marshal(lambdaio.Stored{Form: []byte(f), At: w.Clock.Now()})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := queues.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: dead.QueueUrl, MessageBody: aws.String(string(body))}); err != nil {
			t.Fatal(err)
		}
	}
	if out, status := run(t, "replay", "fallback", "--target", w.URL); status != rollout.ExitFault || strings.Count(out, "  done  ") != 1 || strings.Count(out, "  left  ") != 1 {
		t.Errorf("status %d: %s", status, out)
	}
	if err := w.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if ds, err := table.Decisions(t.Context(), "demo", 1); err != nil || len(ds) != 1 || ds[0].Rule != 6 {
		t.Errorf("the stored webhook led to %+v, %v", ds, err)
	}
	if out, status := run(t, "doctor", "--target", w.URL); status != rollout.ExitFindings || !strings.Contains(out, "1 stream records could not be handled") {
		t.Errorf("status %d: %s", status, out)
	}
}

func TestTheStoryOfAConversation(t *testing.T) {
	w := start(t, false)
	texted(t, w, "+13105550112", "+12135550102", "See you at nine")
	sees, err := http.NewRequest("GET", w.URL+"/api/messages/threads", nil)
	if err != nil {
		t.Fatal(err)
	}
	token, err := w.Issuer.Mint("owner-1")
	if err != nil {
		t.Fatal(err)
	}
	sees.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(sees)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var l struct {
		Threads []struct{ ID, ClientID string }
	}
	if err := json.NewDecoder(res.Body).Decode(&l); err != nil {
		t.Fatal(err)
	}
	id := ""
	for _, th := range l.Threads {
		if th.ClientID == "client-2" {
			id = th.ID
		}
	}
	out, status := run(t, "thread", "--target", w.URL, id)
	for _, part := range []string{"service, sitter number +1213****0102, client client-2", "window", "assignment", "inbound by client", "rule "} {
		if !strings.Contains(out, part) {
			t.Errorf("the story does not hold %q", part)
		}
	}
	if status != 0 || wholeNumber.MatchString(out) || strings.Contains(out, "See you at nine") {
		t.Errorf("status %d, or it holds a number or a text that nobody asked for:\n%s", status, out)
	}
	if out, _ = run(t, "thread", "--target", w.URL, "--texts", id); !strings.Contains(out, "See you at nine") {
		t.Error("--texts shows no text")
	}
	if out, status = run(t, "thread", "--target", w.URL, "t-demo-nowhere"); status != rollout.ExitInput {
		t.Errorf("status %d: %s", status, out)
	}
}

func TestExplainNamesEveryRuleWithItsFact(t *testing.T) {
	w := start(t, false)
	out, status := run(t, "explain", "--target", w.URL, "--from", "+15555550177", "--to", "+12135550103")
	if status != 0 || !strings.Contains(out, `+1555****0177 to +1213****0103: owner_inbox, because of "Pool number mismatch" (rule 6)`) || strings.Count(out, "\n  rule ") != 5 {
		t.Errorf("status %d:\n%s", status, out)
	}
	out, status = run(t, "explain", "--target", w.URL, "--from", "+15555550177", "--to", "+12135550103", "--flag", "ENABLE_MESSAGING_V1=false")
	if status != 0 || !strings.Contains(out, "(rule 4)") {
		t.Errorf("status %d:\n%s", status, out)
	}
	if out, status = run(t, "explain", "--target", w.URL, "--from", "x", "--to", "y"); status != rollout.ExitInput {
		t.Errorf("status %d:\n%s", status, out)
	}
}

func TestTheDoctorNamesARemedyForEachFinding(t *testing.T) {
	w := start(t, false)
	if out, status := run(t, "doctor", "--target", w.URL); status != 0 || strings.Contains(out, "WRONG") {
		t.Fatalf("a world in order: status %d:\n%s", status, out)
	} else if !strings.Contains(out, "SSM throughput: standard, 40 calls a second") {
		t.Errorf("nothing of the limit that the account came with:\n%s", out)
	}
	highThroughput(t, w)
	if out, _ := run(t, "doctor", "--target", w.URL); !strings.Contains(out, "SSM throughput: high") {
		t.Errorf("nothing of the limit that was raised:\n%s", out)
	}
	campaign := `{"compliance":[{"us_app_to_person_usecase":"PROXY","campaign_status":"VERIFIED"}]}`
	under := []string{"+12135550100", "+12135550101", "+12135550102", "+12135550103", "+12135550104", "+12135550105"}
	registry := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if _, token, _ := r.BasicAuth(); token != "0123456789abcdef0123456789abcdef" {
			rw.WriteHeader(http.StatusUnauthorized)
			return
		}
		if strings.Contains(r.URL.Path, "Usa2p") {
			_, _ = io.WriteString(rw, campaign)
			return
		}
		var rows []map[string]string
		for _, n := range under {
			rows = append(rows, map[string]string{"phone_number": n})
		}
		_ = json.NewEncoder(rw).Encode(map[string]any{"phone_numbers": rows, "meta": map[string]any{"next_page_url": nil}})
	}))
	t.Cleanup(registry.Close)
	t.Setenv("SNOUT_TEST_CARRIER_TOKEN", "0123456789abcdef0123456789abcdef")
	config := filepath.Join(t.TempDir(), "local.yaml")
	write := func(more string) {
		t.Helper()
		text := fmt.Sprintf("target: %s\ncarrier: {accountSid: AC00000000000000000000000000000000, tokenEnv: SNOUT_TEST_CARRIER_TOKEN, baseURL: %q, messagingBaseURL: %q%s}\n", w.URL, w.URL, registry.URL, more)
		if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const service = ", messagingService: MG00000000000000000000000000000000"
	for _, row := range []struct {
		name   string
		spoil  func()
		mend   func()
		want   string // of the finding; empty: none
		config string
	}{
		{"all in order", func() {}, func() {}, "", service},
		{"no messaging service", func() {}, func() {}, "no messaging service is named", ""},
		{"a campaign of another kind", func() { campaign = strings.ReplaceAll(campaign, "PROXY", "MARKETING") }, func() { campaign = strings.ReplaceAll(campaign, "MARKETING", "PROXY") }, "of the kind MARKETING", service},
		{"a campaign not yet approved", func() { campaign = strings.ReplaceAll(campaign, "VERIFIED", "PENDING") }, func() { campaign = strings.ReplaceAll(campaign, "PENDING", "VERIFIED") }, "the campaign is PENDING", service},
		{"a number outside the campaign", func() { under = under[1:] }, func() { under = append(under, "+12135550100") }, "1 of 6 numbers are missing", service},
		{"a webhook that leads elsewhere", func() { w.Carrier.AddNumber("+12135550104", "https://elsewhere.example.com/sms", "") }, func() {}, "its webhook leads to", service},
		{"a number that is not rented", func() { w.Carrier.RemoveNumber("+12135550105") }, func() {}, "+1213****0105 is not rented", service},
		{"a flag that is missing", func() { dropFlag(t, w, "ENABLE_SITTER_MESSAGES_V1") }, func() {}, "missing, which counts as off", service},
	} {
		t.Run(row.name, func(t *testing.T) {
			row.spoil()
			defer row.mend()
			write(row.config)
			out, status := run(t, "doctor", "--config", config)
			if row.want == "" {
				if status != 0 {
					t.Errorf("status %d:\n%s", status, out)
				}
				return
			}
			if status != rollout.ExitFindings || !strings.Contains(out, row.want) || !strings.Contains(out, "remedy: ") {
				t.Errorf("status %d, want %q with a remedy:\n%s", status, row.want, out)
			}
			if wholeNumber.MatchString(out) {
				t.Errorf("it shows a whole number:\n%s", out)
			}
		})
	}
}

func dropFlag(t *testing.T, w *sandbox.World, name string) {
	t.Helper()
	asksSSM(t, w, "DeleteParameter", fmt.Sprintf(`{"Name":"/snout/local/flags/%s"}`, name))
}

func highThroughput(t *testing.T, w *sandbox.World) {
	t.Helper()
	asksSSM(t, w, "UpdateServiceSetting", `{"SettingId":"/ssm/parameter-store/high-throughput-enabled","SettingValue":"true"}`)
}

func asksSSM(t *testing.T, w *sandbox.World, operation, body string) {
	t.Helper()
	req, err := http.NewRequest("POST", w.URL, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Amz-Target", "AmazonSSM."+operation)
	req.Header.Set("Content-Type", "application/x-amz-json-1.1")
	req.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/ssm/aws4_request, SignedHeaders=host, Signature=0")
	req.Header.Set("X-Amz-Date", time.Now().UTC().Format("20060102T150405Z"))
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != 200 {
		b, _ := io.ReadAll(res.Body)
		t.Fatalf("%d: %s", res.StatusCode, b)
	}
}

func TestEveryToolHasHelpWithExamples(t *testing.T) {
	for _, name := range []string{"local", "rollout", "flags", "explain", "thread", "replay", "doctor", "screen"} {
		out, status := run(t, name, "--help")
		if status != 0 || !strings.Contains(out, "Examples:") {
			t.Errorf("%s --help (status %d) has no examples", name, status)
		}
	}
	if out, _ := run(t, "rollout", "--help"); !strings.Contains(out, "Exit status:") {
		t.Error("the exit statuses are not told")
	}
}

func TestExitStatusesAreThoseInTheHelp(t *testing.T) {
	for _, row := range []struct {
		err  error
		want int
	}{
		{nil, 0}, {errors.New("x"), 1}, {&rollout.BadInput{Sentence: "x"}, 2}, {&rollout.Failed{Rollback: &rollout.Rollback{Done: true}}, 3}, {&rollout.Failed{Rollback: &rollout.Rollback{}}, 4},
		{&rollout.Gate{Sentence: "x"}, 5}, {fmt.Errorf("x: %w", t.Context().Err()), 1}, {exit(7), 7},
	} {
		if got := exitCode(row.err); got != row.want {
			t.Errorf("%v: %d, want %d", row.err, got, row.want)
		}
	}
}
