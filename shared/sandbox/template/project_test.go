package template_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snout/shared/sandbox/template"
)

const projectRoot = "../../.."

// load reads the project's own template as a stage of production would be deployed.
func load(t *testing.T) *template.Template {
	t.Helper()
	got, err := template.Load(filepath.Join(projectRoot, "template.yaml"), map[string]string{
		"Stage": "prod", "DomainName": "messages.example.com", "CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/x", "AlarmEmail": "ops@example.com"}, here())
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestTheTemplateLoadsUnderEveryCombinationOfItsConditions(t *testing.T) {
	for name, params := range map[string]map[string]string{
		"nothing but a stage":    {"Stage": "dev"},
		"a domain":               {"Stage": "dev", "DomainName": "messages.example.com"},
		"the generated address":  {"Stage": "dev", "PublicBaseUrl": "https://abc.execute-api.us-east-1.amazonaws.com"},
		"another issuer":         {"Stage": "dev", "Issuer": "https://id.example.com", "IssuerClientId": "web", "IssuerMachineClientId": "machine"},
		"another carrier edge":   {"Stage": "dev", "CarrierBaseUrl": "http://127.0.0.1:1"},
		"a subscriber to alarms": {"Stage": "dev", "AlarmEmail": "ops@example.com"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := template.Load(filepath.Join(projectRoot, "template.yaml"), params, here()); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestEveryFolderOfFunctionsIsAFunctionAndTheOtherWayRound(t *testing.T) {
	entries, err := os.ReadDir(filepath.Join(projectRoot, "functions"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	var folders []string
	for _, e := range entries {
		if e.IsDir() {
			folders = append(folders, "functions/"+e.Name()+"/")
		}
	}
	if len(folders) == 0 {
		t.Skip("no function has been written yet")
	}
	var declared []string
	for _, f := range load(t).Functions {
		declared = append(declared, f.CodeDir)
	}
	slices.Sort(declared)
	if diff := cmp.Diff(declared, folders); diff != "" {
		t.Errorf("folders (-template +functions/):\n%s", diff)
	}
}

func TestEveryFunctionIsBuiltAndRunTheSameWay(t *testing.T) {
	type way struct{ handler, runtime, architecture, build string }
	got, want := map[string]way{}, map[string]way{}
	for _, f := range load(t).Functions {
		want[f.LogicalID] = way{"bootstrap", "provided.al2023", "arm64", "go1.x"}
		got[f.LogicalID] = way{f.Handler, f.Runtime, f.Architecture, f.BuildMethod}
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(way{})); diff != "" {
		t.Errorf("functions (-want +got):\n%s", diff)
	}
}

func TestOnlyTheNamedRoutesGoWithoutAToken(t *testing.T) {
	want := []string{
		"GET /api/openapi.json", "GET /assets/{proxy+}", "GET /auth/{proxy+}", "GET /healthz", "GET /messages", "GET /messages/{proxy+}",
		"POST /api/messages/webhook/twilio", "POST /api/messages/webhook/twilio/fallback", "POST /api/messages/webhook/twilio/status", "POST /auth/{proxy+}",
	}
	var open []string
	seen := map[string]string{}
	for _, f := range load(t).Functions {
		for _, r := range f.Routes {
			key := r.Method + " " + r.Path
			if other := seen[key]; other != "" {
				t.Errorf("%s is a route of %s and of %s", key, other, f.LogicalID)
			}
			seen[key] = f.LogicalID
			if !r.Authorized {
				open = append(open, key)
			}
			if strings.Contains(r.Path, "$default") || r.Method == "ANY" || r.Path == "/{proxy+}" {
				t.Errorf("%s catches everything; routes are named one by one", key)
			}
		}
	}
	slices.Sort(open)
	if diff := cmp.Diff(want, open); diff != "" {
		t.Errorf("routes without authorizer (-want +got):\n%s", diff)
	}
}

func TestTheApiRefusesWithoutATokenUnlessARouteSaysOtherwise(t *testing.T) {
	api := load(t).Resources["Api"].Properties
	auth, _ := api["Auth"].(map[string]any)
	want := map[string]any{
		"DefaultAuthorizer": "Jwt",
		"Authorizers": map[string]any{"Jwt": map[string]any{
			"IdentitySource": "$request.header.Authorization",
			"JwtConfiguration": map[string]any{
				"issuer":   "https://cognito-idp.us-east-1.amazonaws.com/UserPool",
				"audience": []any{"WebClient", "MachineClient"},
			},
		}},
	}
	if diff := cmp.Diff(want, auth); diff != "" {
		t.Errorf("auth of the API (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff("true", fmt.Sprint(api["DisableExecuteApiEndpoint"])); diff != "" {
		t.Errorf("the generated address beside a domain (-want +got):\n%s", diff)
	}
}

func TestTheTableIsProtectedRecoverableAndStreamed(t *testing.T) {
	got := load(t)
	want := template.Table{LogicalID: "Table", Name: "snout-prod", ARN: "arn:aws:dynamodb:us-east-1:123456789012:table/snout-prod",
		StreamARN: "arn:aws:dynamodb:us-east-1:123456789012:table/snout-prod/stream/local", StreamView: "NEW_AND_OLD_IMAGES", Keys: template.Keys{Hash: "PK", Range: "SK"},
		Indexes: []template.Index{
			{Name: "GSI1", Keys: template.Keys{Hash: "GSI1PK", Range: "GSI1SK"}, Projection: "ALL"},
			{Name: "GSI2", Keys: template.Keys{Hash: "GSI2PK", Range: "GSI2SK"}, Projection: "ALL"}},
		AttributeTypes: map[string]string{"PK": "S", "SK": "S", "GSI1PK": "S", "GSI1SK": "S", "GSI2PK": "S", "GSI2SK": "S"},
		TTLAttribute:   "ttl", PointInTime: true, Encrypted: true, DeletionProtection: true, BillingMode: "PAY_PER_REQUEST"}
	if diff := cmp.Diff(want, got.Table); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
	for _, id := range []string{"Table", "MediaBucket", "UserPool", "FallbackDeadLetters", "StreamFailures"} {
		r := got.Resources[id]
		if diff := cmp.Diff([]string{"Retain", "Retain"}, []string{r.DeletionPolicy, r.UpdateReplacePolicy}); diff != "" {
			t.Errorf("%s outlives the stack (-want +got):\n%s", id, diff)
		}
	}
}

func TestAtMostTwoMappingsReadTheStreamAndBothSurviveAPoisonRecord(t *testing.T) {
	got := load(t)
	failures := got.Resources["StreamFailures"]
	if failures.Type != "AWS::SQS::Queue" {
		t.Fatalf("StreamFailures is a %q", failures.Type)
	}
	mappings := map[string]template.Stream{}
	for _, f := range got.Functions {
		for _, s := range f.Streams {
			mappings[f.LogicalID] = s
		}
		if len(f.Streams) > 1 {
			t.Errorf("%s reads the stream more than once", f.LogicalID)
		}
	}
	if diff := cmp.Diff([]string{"AssignmentFunction", "OutboxFunction"}, slices.Sorted(maps.Keys(mappings))); diff != "" {
		t.Errorf("readers of the stream (-want +got):\n%s", diff)
	}
	for id, s := range mappings {
		if s.StreamARN != got.Table.StreamARN || !s.Bisect || !s.PartialBatch || s.Retries < 1 || s.Retries > 20 || s.MaxRecordAge <= 0 || s.MaxRecordAge.Hours() >= 24 ||
			s.StartingPosition != "TRIM_HORIZON" || !strings.HasSuffix(s.FailureDestination, ":snout-prod-stream-failures") {
			t.Errorf("%s: a poison record would be lost or hold the shard: %+v", id, s)
		}
	}
}

func TestEachKindOfRecordReachesTheFunctionThatIsMeantAndNoOther(t *testing.T) {
	got := load(t)
	rows := map[string][]string{
		"booking":    {"AssignmentFunction"},
		"event":      {"OutboxFunction"},
		"thread":     {"OutboxFunction"},
		"alert":      {"OutboxFunction"},
		"held":       {"OutboxFunction"},
		"unroutable": {"OutboxFunction"},
		"window":     {"OutboxFunction"},
		"assignment": nil,
		"route":      nil,
	}
	for kind, want := range rows {
		for name, record := range map[string]string{
			"written": `{"eventName":"INSERT","dynamodb":{"Keys":{"PK":{"S":"O#1"},"SK":{"S":"x"}},"NewImage":{"kind":{"S":%q}}}}`,
			"changed": `{"eventName":"MODIFY","dynamodb":{"Keys":{"PK":{"S":"O#1"},"SK":{"S":"x"}},"NewImage":{"kind":{"S":%[1]q}},"OldImage":{"kind":{"S":%[1]q}}}}`,
			"removed": `{"eventName":"REMOVE","dynamodb":{"Keys":{"PK":{"S":"O#1"},"SK":{"S":"x"}},"OldImage":{"kind":{"S":%q}}}}`,
		} {
			t.Run("a "+kind+" is "+name, func(t *testing.T) {
				var reached []string
				for _, f := range got.Functions {
					for _, s := range f.Streams {
						ok, err := template.MatchAny(s.Filters, fmt.Appendf(nil, record, kind))
						if err != nil {
							t.Fatal(err)
						}
						if ok {
							reached = append(reached, f.LogicalID)
						}
					}
				}
				if diff := cmp.Diff(want, reached); diff != "" {
					t.Errorf("reached (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// statements flattens the policies of a role.
func statements(t *testing.T, role template.Resource) []map[string]any {
	t.Helper()
	var out []map[string]any
	policies, _ := role.Properties["Policies"].([]any)
	for _, p := range policies {
		document := p.(map[string]any)["PolicyDocument"].(map[string]any)
		for _, s := range document["Statement"].([]any) {
			out = append(out, s.(map[string]any))
		}
	}
	return out
}

func words(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var out []string
		for _, s := range v {
			out = append(out, s.(string))
		}
		return out
	}
	return nil
}

func TestEveryFunctionHasARoleOfItsOwnWithNamedActionsOnNamedThings(t *testing.T) {
	got := load(t)
	owner := map[string]string{}
	for _, f := range got.Functions {
		if other := owner[f.Role]; other != "" {
			t.Errorf("%s shares the role of %s", f.LogicalID, other)
		}
		owner[f.Role] = f.LogicalID
		role := got.Resources[strings.TrimSuffix(f.LogicalID, "Function")+"Role"]
		if role.Type != "AWS::IAM::Role" {
			t.Errorf("%s has no role written out", f.LogicalID)
			continue
		}
		if managed := role.Properties["ManagedPolicyArns"]; managed != nil {
			t.Errorf("%s: managed policies have stars in them: %v", f.LogicalID, managed)
		}
		all := statements(t, role)
		if len(all) == 0 {
			t.Errorf("%s may do nothing, not even log", f.LogicalID)
		}
		for _, s := range all {
			actions, resources := words(s["Action"]), words(s["Resource"])
			if len(actions) == 0 || len(resources) == 0 || s["NotAction"] != nil || s["NotResource"] != nil {
				t.Errorf("%s: statement %v names no action or no resource", f.LogicalID, s["Sid"])
			}
			for _, a := range actions {
				if strings.Contains(a, "*") || a == "dynamodb:Scan" || strings.HasPrefix(a, "iam:") {
					t.Errorf("%s may do %s", f.LogicalID, a)
				}
			}
			for _, r := range resources {
				// A star may only end a path below something named: the log streams of one group, the parameters of one path, the objects of one bucket.
				body := strings.TrimSuffix(strings.TrimSuffix(r, "/*"), ":*")
				if strings.Contains(body, "*") || !strings.Contains(body, "prod") || !strings.HasPrefix(r, "arn:aws:") {
					t.Errorf("%s: %v reaches %s", f.LogicalID, actions, r)
				}
			}
		}
	}
}

// TestWhoMayDoWhat pins the whole of what functions may touch: a new permission is a change of this table that somebody reads.
func TestWhoMayDoWhat(t *testing.T) {
	const read, write, remove = "BatchGetItem GetItem Query", " ConditionCheckItem PutItem UpdateItem", " DeleteItem"
	want := map[string]map[string]string{
		"InboundFunction":     {"table": read + write + remove, "flags": "GetParameters", "secrets": "GetParametersByPath"},
		"StatusFunction":      {"table": "BatchGetItem GetItem PutItem UpdateItem", "secrets": "GetParametersByPath"},
		"FallbackFunction":    {"secrets": "GetParametersByPath", "snout-prod-fallback": "SendMessage"},
		"SendFunction":        {"table": read + write, "flags": "GetParameters", "secrets": "GetParametersByPath", "media": "GetObject PutObject"},
		"MessagesFunction":    {"table": read + write + remove, "flags": "GetParameters", "media": "GetObject"},
		"DiagnosticsFunction": {"table": read, "flags": "GetParameters"},
		"BookingsFunction":    {"table": read + write + remove, "flags": "GetParameters PutParameter"},
		"AssignmentFunction": {"table": read + write + remove, "flags": "GetParameters", "stream": "DescribeStream GetRecords GetShardIterator ListStreams",
			"snout-prod-stream-failures": "SendMessage"},
		"OutboxFunction": {"table": read + write + remove, "flags": "GetParameters", "secrets": "GetParametersByPath",
			"stream": "DescribeStream GetRecords GetShardIterator ListStreams", "snout-prod-stream-failures": "SendMessage", "snout-prod-schedule-failures": "SendMessage", "media": "GetObject PutObject"},
		"ReconcileFunction": {"table": read + write + remove, "flags": "GetParameters", "secrets": "GetParametersByPath",
			"snout-prod-fallback": "DeleteMessage GetQueueAttributes ReceiveMessage", "snout-prod-schedule-failures": "SendMessage"},
		"WebFunction": {},
	}
	loaded := load(t)
	got := map[string]map[string]string{}
	for _, f := range loaded.Functions {
		got[f.LogicalID] = map[string]string{}
		granted := map[string][]string{}
		for _, s := range statements(t, loaded.Resources[strings.TrimSuffix(f.LogicalID, "Function")+"Role"]) {
			if s["Effect"] == "Deny" {
				continue // takes away; TestNobodyMayChangeWhatHasBeenAudited holds them
			}
			for _, r := range words(s["Resource"]) {
				thing := r[strings.LastIndex(r, ":")+1:]
				switch {
				case strings.Contains(r, ":log-group:"):
					if !strings.Contains(r, ":"+"/aws/lambda/"+f.Name+":") {
						t.Errorf("%s logs into %s", f.LogicalID, r)
					}
					continue
				case strings.Contains(thing, "/stream/"):
					thing = "stream"
				case strings.HasPrefix(thing, "table/"):
					thing = "table"
				case strings.HasPrefix(thing, "parameter/snout/prod/flags"):
					thing = "flags"
				case strings.HasPrefix(thing, "parameter/snout/prod/secrets"):
					thing = "secrets"
				case strings.HasPrefix(thing, "snout-prod-media-"):
					thing = "media"
				}
				for _, a := range words(s["Action"]) {
					_, verb, _ := strings.Cut(a, ":")
					granted[thing] = append(granted[thing], verb)
				}
			}
		}
		for thing, verbs := range granted {
			slices.Sort(verbs)
			got[f.LogicalID][thing] = strings.Join(slices.Compact(verbs), " ")
		}
	}
	for _, things := range want {
		for thing, verbs := range things {
			list := strings.Fields(verbs)
			slices.Sort(list)
			things[thing] = strings.Join(list, " ")
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("permissions (-want +got):\n%s", diff)
	}
}

func TestEveryLogIsKeptForTheDaysOfTheParameterAndEveryFunctionWritesIntoOne(t *testing.T) {
	got := load(t)
	groups := map[string]bool{}
	for id, r := range got.Resources {
		if r.Type == "AWS::Logs::LogGroup" {
			if diff := cmp.Diff("30", r.Properties["RetentionInDays"]); diff != "" {
				t.Errorf("retention of %s (-want +got):\n%s", id, diff)
			}
			groups[r.Properties["LogGroupName"].(string)] = true
		}
	}
	want := map[string]bool{"/aws/vendedlogs/snout-prod-api": true}
	for _, f := range got.Functions {
		want["/aws/lambda/"+f.Name] = true
		logging, _ := got.Resources[f.LogicalID].Properties["LoggingConfig"].(map[string]any)
		if diff := cmp.Diff(map[string]any{"LogFormat": "JSON", "LogGroup": "/aws/lambda/" + f.Name}, logging); diff != "" {
			t.Errorf("logs of %s (-want +got):\n%s", f.LogicalID, diff)
		}
	}
	if diff := cmp.Diff(want, groups); diff != "" {
		t.Errorf("log groups (-want +got):\n%s", diff)
	}
}

func TestAccessLogsNameTheRouteAndNeverPathQueryAddressOrPerson(t *testing.T) {
	settings, _ := load(t).Resources["Api"].Properties["AccessLogSettings"].(map[string]any)
	format, _ := settings["Format"].(string)
	var line map[string]string
	if err := json.Unmarshal([]byte(format), &line); err != nil {
		t.Fatalf("access log lines are not JSON: %v\n%s", err, format)
	}
	var got []string
	for _, v := range regexp.MustCompile(`\$context\.[A-Za-z.]+`).FindAllString(format, -1) {
		got = append(got, strings.TrimPrefix(v, "$context."))
	}
	slices.Sort(got)
	want := []string{"authorizer.error", "integrationErrorMessage", "integrationLatency", "integrationStatus", "protocol", "requestId", "requestTime", "responseLatency",
		"responseLength", "routeKey", "status"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("variables of the access log (-want +got):\n%s", diff)
	}
}

func TestNobodySignsUpOrRaisesTheirOwnRole(t *testing.T) {
	got := load(t)
	pool := got.Resources["UserPool"].Properties
	if diff := cmp.Diff(map[string]any{"AllowAdminCreateUserOnly": true}, pool["AdminCreateUserConfig"]); diff != "" {
		t.Errorf("sign-up (-want +got):\n%s", diff)
	}
	clients := 0
	for id, r := range got.Resources {
		if r.Type != "AWS::Cognito::UserPoolClient" {
			continue
		}
		clients++
		if id == "MachineClient" { // no person signs in with it
			if diff := cmp.Diff([]any{"client_credentials"}, r.Properties["AllowedOAuthFlows"]); diff != "" {
				t.Errorf("flows of machines (-want +got):\n%s", diff)
			}
			continue
		}
		// Without a list of its own a client may write every mutable attribute, custom:role with it.
		if diff := cmp.Diff([]any{"email", "name"}, r.Properties["WriteAttributes"]); diff != "" {
			t.Errorf("what people may change about themselves with %s (-want +got):\n%s", id, diff)
		}
	}
	if clients != 2 {
		t.Errorf("%d clients, want the page's and the machines'", clients)
	}
}

func TestEveryAlarmTellsTheTopicAndEveryFunctionHasOneForErrors(t *testing.T) {
	got := load(t)
	alarmed := map[string]bool{}
	for id, r := range got.Resources {
		if r.Type != "AWS::CloudWatch::Alarm" {
			continue
		}
		if diff := cmp.Diff([]any{"arn:aws:sns:us-east-1:123456789012:snout-prod-alarms"}, r.Properties["AlarmActions"]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", id, diff)
		}
		if text, _ := r.Properties["AlarmDescription"].(string); !strings.Contains(text, "Runbook: README, Alarms, ") {
			t.Errorf("%s names no runbook entry", id)
		}
		if r.Properties["MetricName"] == "Errors" {
			alarmed[r.Properties["Dimensions"].([]any)[0].(map[string]any)["Value"].(string)] = true
		}
	}
	for _, f := range got.Functions {
		if !alarmed[f.Name] {
			t.Errorf("nobody is told when %s fails", f.LogicalID)
		}
	}
}

func TestQueuesAreEncryptedAndAReaderHasTimeEnough(t *testing.T) {
	got := load(t)
	byARN := map[string]template.Queue{}
	for _, q := range got.Queues {
		byARN[q.ARN] = q
		if got.Resources[q.LogicalID].Properties["SqsManagedSseEnabled"] != true {
			t.Errorf("%s is not encrypted", q.LogicalID)
		}
	}
	sources := 0
	for _, f := range got.Functions {
		for _, s := range f.QueueSources {
			sources++
			q, ok := byARN[s.QueueARN]
			if !ok || q.VisibilityTimeout < 6*f.Timeout || q.DeadLetterARN == "" || q.MaxReceives < 2 || !s.PartialBatch {
				t.Errorf("%s reads %+v with a time limit of %s", f.LogicalID, q, f.Timeout)
			}
		}
	}
	if sources != 1 {
		t.Errorf("%d queue sources, want the fallback queue's one", sources)
	}
}

func TestFlagsAndSecretsAreNotInTheTemplate(t *testing.T) {
	// CloudFormation writes the template's value back on any change of a parameter, tags included, and would flip a flag under the operators.
	for id, r := range load(t).Resources {
		if strings.HasPrefix(r.Type, "AWS::SSM::") || strings.HasPrefix(r.Type, "AWS::SecretsManager::") {
			t.Errorf("%s is a %s", id, r.Type)
		}
	}
}

func TestSamBuildsWithoutItsCacheInEveryStage(t *testing.T) {
	// The cache looks at functions/<name> only: a change in shared/ would not be deployed.
	text, err := fs.ReadFile(os.DirFS(projectRoot), "samconfig.toml")
	if err != nil {
		t.Fatal(err)
	}
	section, cached := "", map[string]string{}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			section = strings.Trim(line, "[]")
		}
		if key, value, ok := strings.Cut(line, "="); ok && strings.TrimSpace(key) == "cached" {
			cached[section] = strings.TrimSpace(value)
		}
	}
	want := map[string]string{"default.build.parameters": "false", "dev.build.parameters": "false", "staging.build.parameters": "false", "prod.build.parameters": "false"}
	if diff := cmp.Diff(want, cached); diff != "" {
		t.Errorf("cached (-want +got):\n%s", diff)
	}
}

func TestNobodyMayChangeWhatHasBeenAudited(t *testing.T) {
	loaded := load(t)
	for _, f := range loaded.Functions {
		changes, stays := false, false
		for _, s := range statements(t, loaded.Resources[strings.TrimSuffix(f.LogicalID, "Function")+"Role"]) {
			actions := words(s["Action"])
			if s["Effect"] == "Allow" {
				changes = changes || slices.Contains(actions, "dynamodb:UpdateItem") || slices.Contains(actions, "dynamodb:DeleteItem")
				continue
			}
			want := map[string]any{
				"Sid": "AuditStays", "Effect": "Deny", "Action": []any{"dynamodb:UpdateItem", "dynamodb:DeleteItem"}, "Resource": loaded.Table.ARN,
				"Condition": map[string]any{"ForAnyValue:StringLike": map[string]any{"dynamodb:LeadingKeys": []any{"O#*#AUDIT", "OPS#AUDIT"}}},
			}
			if diff := cmp.Diff(want, s); diff != "" {
				t.Errorf("%s (-want +got):\n%s", f.LogicalID, diff)
			}
			stays = true
		}
		if changes && !stays {
			t.Errorf("%s may change rows of the table, and those of the audit as well", f.LogicalID)
		}
	}
}

// A deployment that hurts is taken back by the alarms that would wake somebody.
func TestEveryFunctionIsTakenBackByItsOwnAlarms(t *testing.T) {
	want := map[string][]string{
		"AssignmentFunction":  {"AssignmentErrors", "AssignmentIteratorAge"},
		"BookingsFunction":    {"BookingsErrors"},
		"DiagnosticsFunction": {"DiagnosticsErrors"},
		"FallbackFunction":    {"FallbackErrors", "SignatureFailures"},
		"InboundFunction":     {"InboundErrors", "InboundDuration", "InboundThrottles", "SignatureFailures", "FlagsUnreadable"},
		"MessagesFunction":    {"MessagesErrors"},
		"OutboxFunction":      {"OutboxErrors", "OutboxIteratorAge", "UnknownDeliveries"},
		"ReconcileFunction":   {"ReconcileErrors", "FallbackAge", "ReconcileGaps"},
		"SendFunction":        {"SendErrors", "SendDuration", "UnknownDeliveries"},
		"StatusFunction":      {"StatusErrors", "SignatureFailures"},
		"WebFunction":         {"WebErrors"},
	}
	loaded := load(t)
	got := map[string][]string{}
	for _, f := range loaded.Functions {
		preference, _ := loaded.Resources[f.LogicalID].Properties["DeploymentPreference"].(map[string]any)
		for _, a := range words(preference["Alarms"]) {
			// A reference to an alarm is its name.
			for id, r := range loaded.Resources {
				if r.Type == "AWS::CloudWatch::Alarm" && (a == id || r.Properties["AlarmName"] == a) {
					got[f.LogicalID] = append(got[f.LogicalID], id)
				}
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("alarms that take a deployment back (-want +got):\n%s", diff)
	}
}

// What an alarm watches or the dashboard shows is counted by some function: a metric of
// ours that nobody sends is an alarm that never rings.
func TestEveryMetricOfOursIsSentBySomeFunction(t *testing.T) {
	sent := map[string]bool{}
	sources, err := filepath.Glob(filepath.Join(projectRoot, "shared", "lambdaio", "*.go"))
	if err != nil || len(sources) == 0 {
		t.Fatal(err)
	}
	for _, path := range sources {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`\.Count\("([A-Za-z]+)"`).FindAllStringSubmatch(string(b), -1) {
			sent[m[1]] = true
		}
	}
	used := map[string]string{}
	for id, r := range load(t).Resources {
		switch r.Type {
		case "AWS::CloudWatch::Alarm":
			if r.Properties["Namespace"] == "Snout" {
				used[r.Properties["MetricName"].(string)] = id
			}
		case "AWS::CloudWatch::Dashboard":
			for _, m := range regexp.MustCompile(`"Snout","([A-Za-z]+)"`).FindAllStringSubmatch(r.Properties["DashboardBody"].(string), -1) {
				used[m[1]] = id
			}
		}
	}
	if len(used) < 8 {
		t.Errorf("only %v are watched", used)
	}
	for name, by := range used {
		if !sent[name] {
			t.Errorf("%s goes by %s, which no function sends", by, name)
		}
	}
}
