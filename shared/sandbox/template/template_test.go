package template_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"snout/shared/sandbox/template"
)

const head = `
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: {Type: String}
  Edge: {Type: String, Default: ""}
Conditions:
  HasEdge: !Not [!Equals [!Ref Edge, ""]]
  NoEdge: {Fn::Not: [{Condition: HasEdge}]}
Globals:
  Function:
    Runtime: provided.al2023
    Architectures: [arm64]
    Handler: bootstrap
    Timeout: 7
    MemorySize: 512
    Environment:
      Variables:
        STAGE: !Ref Stage
        TABLE_NAME: {Ref: Table}
        EDGE: !If [HasEdge, !Ref Edge, !Ref AWS::NoValue]
        QUEUE: !Ref Late
Resources:
`

const rest = `
  Table:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: Retain
    Properties:
      TableName: !Sub snout-${Stage}
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: PK, AttributeType: S}, {AttributeName: SK, AttributeType: S}, {AttributeName: G, AttributeType: N}]
      KeySchema: [{AttributeName: PK, KeyType: HASH}, {AttributeName: SK, KeyType: RANGE}]
      GlobalSecondaryIndexes:
        - IndexName: GSI1
          KeySchema: [{AttributeName: G, KeyType: HASH}]
          Projection: {ProjectionType: INCLUDE, NonKeyAttributes: [a, b]}
      StreamSpecification: {StreamViewType: NEW_AND_OLD_IMAGES}
      TimeToLiveSpecification: {AttributeName: ttl, Enabled: true}
  Late:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Join ["-", [late, !Ref Stage]]
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 3}
  Dead:
    Type: AWS::SQS::Queue
  Pictures:
    Type: AWS::S3::Bucket
    Properties: {BucketName: !Sub "p-${Stage}-${AWS::AccountId}-${!kept}"}
  Edge1:
    Type: AWS::S3::Bucket
    Condition: HasEdge
  Role:
    Type: AWS::IAM::Role
`

const worker = `
  Worker:
    Type: AWS::Serverless::Function
    Metadata: {BuildMethod: go1.x}
    Properties:
      FunctionName: !Sub ${Stage}-worker
      CodeUri: functions/worker/
      Role: !GetAtt Role.Arn
      Timeout: 30
      Environment: {Variables: {STAGE: other, OWN: !GetAtt [Table, StreamArn]}}
      Events:
        Get: {Type: HttpApi, Properties: {ApiId: x, Method: get, Path: "/a/{id}"}}
        Hook: {Type: HttpApi, Properties: {ApiId: x, Method: POST, Path: /hook, Auth: {Authorizer: NONE}}}
        Rows:
          Type: DynamoDB
          Properties:
            Stream: !GetAtt Table.StreamArn
            StartingPosition: TRIM_HORIZON
            BatchSize: 25
            MaximumBatchingWindowInSeconds: 2
            MaximumRetryAttempts: 4
            MaximumRecordAgeInSeconds: 60
            BisectBatchOnFunctionError: true
            FunctionResponseTypes: [ReportBatchItemFailures]
            DestinationConfig: {OnFailure: {Type: SQS, Destination: !GetAtt Dead.Arn}}
            FilterCriteria: {Filters: [{Pattern: '{"dynamodb":{"Keys":{"SK":{"S":[{"prefix":"BOOKING"}]}}}}'}]}
        Queue: {Type: SQS, Properties: {Queue: !GetAtt Late.Arn, BatchSize: 5}}
        Tick: {Type: Schedule, Properties: {Schedule: rate(5 minutes)}}
`

func written(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "template.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func here() template.Pseudo {
	return template.Pseudo{Region: "us-east-1", AccountID: "123456789012", StackName: "snout-test", QueueEndpoint: "http://127.0.0.1:8787/local/sqs"}
}

func TestLoadResolvesEveryReferenceOfATemplate(t *testing.T) {
	got, err := template.Load(written(t, head+rest+worker), map[string]string{"Stage": "test"}, here())
	if err != nil {
		t.Fatal(err)
	}
	const arn = "arn:aws:dynamodb:us-east-1:123456789012:table/snout-test"
	filter, err := template.ParseFilter(`{"dynamodb":{"Keys":{"SK":{"S":[{"prefix":"BOOKING"}]}}}}`)
	if err != nil {
		t.Fatal(err)
	}
	want := &template.Template{
		Functions: []template.Function{{
			LogicalID: "Worker", Name: "test-worker", CodeDir: "functions/worker/", Handler: "bootstrap", Runtime: "provided.al2023", Architecture: "arm64",
			BuildMethod: "go1.x", Role: "arn:aws:iam::123456789012:role/Role", Timeout: 30 * time.Second, MemoryMB: 512,
			Environment: map[string]string{"STAGE": "other", "TABLE_NAME": "snout-test", "QUEUE": "http://127.0.0.1:8787/local/sqs/123456789012/late-test",
				"OWN": arn + "/stream/local"},
			Routes: []template.Route{{Event: "Get", Method: "GET", Path: "/a/{id}", Authorized: true}, {Event: "Hook", Method: "POST", Path: "/hook"}},
			Streams: []template.Stream{{Event: "Rows", StreamARN: arn + "/stream/local", StartingPosition: "TRIM_HORIZON", BatchSize: 25, BatchingWindow: 2 * time.Second,
				Retries: 4, MaxRecordAge: time.Minute, Bisect: true, PartialBatch: true, FailureDestination: "arn:aws:sqs:us-east-1:123456789012:Dead",
				Filters: []template.Filter{filter}}},
			QueueSources: []template.QueueSource{{Event: "Queue", QueueARN: "arn:aws:sqs:us-east-1:123456789012:late-test", BatchSize: 5}},
			Schedules:    []template.Schedule{{Event: "Tick", Every: 5 * time.Minute, Enabled: true}},
		}},
		Table: template.Table{LogicalID: "Table", Name: "snout-test", ARN: arn, StreamARN: arn + "/stream/local", StreamView: "NEW_AND_OLD_IMAGES",
			Keys: template.Keys{Hash: "PK", Range: "SK"}, Indexes: []template.Index{{Name: "GSI1", Keys: template.Keys{Hash: "G"}, Projection: "INCLUDE", Included: []string{"a", "b"}}},
			AttributeTypes: map[string]string{"PK": "S", "SK": "S", "G": "N"}, TTLAttribute: "ttl", BillingMode: "PAY_PER_REQUEST"},
		Queues: []template.Queue{
			{LogicalID: "Dead", Name: "Dead", ARN: "arn:aws:sqs:us-east-1:123456789012:Dead", URL: "http://127.0.0.1:8787/local/sqs/123456789012/Dead",
				VisibilityTimeout: 30 * time.Second, Retention: 96 * time.Hour},
			{LogicalID: "Late", Name: "late-test", ARN: "arn:aws:sqs:us-east-1:123456789012:late-test", URL: "http://127.0.0.1:8787/local/sqs/123456789012/late-test",
				VisibilityTimeout: 30 * time.Second, Retention: 96 * time.Hour, DeadLetterARN: "arn:aws:sqs:us-east-1:123456789012:Dead", MaxReceives: 3},
		},
		Buckets:    []template.Bucket{{LogicalID: "Pictures", Name: "p-test-123456789012-${kept}"}},
		Parameters: map[string]string{"Stage": "test", "Edge": ""},
	}
	resources := got.Resources
	got.Resources = nil
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b template.Filter) bool { return a.Pattern == b.Pattern })); diff != "" {
		t.Errorf("template (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(template.Resource{Type: "AWS::DynamoDB::Table", DeletionPolicy: "Retain"}, resources["Table"], cmp.FilterPath(func(p cmp.Path) bool {
		return p.String() == "Properties"
	}, cmp.Ignore())); diff != "" {
		t.Errorf("table resource (-want +got):\n%s", diff)
	}
}

func TestAConditionThatHoldsBringsItsResourceAndItsBranch(t *testing.T) {
	got, err := template.Load(written(t, head+rest+worker), map[string]string{"Stage": "test", "Edge": "http://127.0.0.1:1"}, here())
	if err != nil {
		t.Fatal(err)
	}
	worker, _ := got.Function("Worker")
	if diff := cmp.Diff("http://127.0.0.1:1", worker.Environment["EDGE"]); diff != "" {
		t.Errorf("EDGE (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]template.Bucket{{LogicalID: "Edge1", Name: "Edge1"}, {LogicalID: "Pictures", Name: "p-test-123456789012-${kept}"}}, got.Buckets); diff != "" {
		t.Errorf("buckets (-want +got):\n%s", diff)
	}
}

func TestLoadRefusesWhatItWouldOtherwiseHaveToGuess(t *testing.T) {
	in := func(old, new string) string { return strings.Replace(head+rest+worker, old, new, 1) }
	rows := map[string]struct{ text, want string }{
		"a Ref that leads nowhere":                       {in("{Ref: Table}", "{Ref: Tabel}"), `reference to "Tabel" leads nowhere`},
		"a Sub that leads nowhere":                       {in("${Stage}-worker", "${Stag}-worker"), `reference to "Stag" leads nowhere`},
		"a GetAtt of an attribute nobody knows":          {in("!GetAtt Late.Arn", "!GetAtt Late.Colour"), `attribute "Colour" of a AWS::SQS::Queue is unknown`},
		"a Ref to a resource its condition leaves out":   {in("QUEUE: !Ref Late", "QUEUE: !Ref Edge1"), `reference to "Edge1", which its condition HasEdge leaves out`},
		"a condition that does not exist":                {in("[HasEdge, !Ref Edge,", "[HasEgde, !Ref Edge,"), `condition "HasEgde" does not exist`},
		"a condition that needs itself":                  {in("!Not [!Equals [!Ref Edge, \"\"]]", "!Not [!Condition NoEdge]"), `depends on itself`},
		"a function such as ImportValue":                 {in("!Ref Late\nRes", "!ImportValue Late\nRes"), `function "ImportValue" is unknown`},
		"an event source nobody runs here":               {in("Type: Schedule,", "Type: Kinesis,"), `event source "Kinesis" is unknown`},
		"a property of an event that would be ignored":   {in("BatchSize: 25", "TumblingWindowInSeconds: 25"), `property TumblingWindowInSeconds is unknown`},
		"a property of a function that would be ignored": {in("Timeout: 30", "Layers: [x]"), `property Layers is unknown`},
		"a route without its API":                        {in("{ApiId: x, Method: get,", "{Method: get,"), `ApiId is missing`},
		"another authorizer":                             {in("{Authorizer: NONE}", "{Authorizer: Other}"), `authorizer "Other" is unknown`},
		"a filter that is no pattern":                    {in(`[{"prefix":"BOOKING"}]`, `"BOOKING"`), `must be a list of values or an object`},
		"a filter with an operator nobody knows":         {in(`{"prefix":"BOOKING"}`, `{"wildcard":"B*"}`), `"wildcard" is unknown`},
		"a rate that AWS refuses":                        {in("rate(5 minutes)", "rate(5 minute)"), `has the wrong unit`},
		"a key given twice":                              {in("Timeout: 30", "Timeout: 30\n      Timeout: 31"), `key "Timeout" is given twice`},
		"a key attribute without definition":             {in("{AttributeName: G, AttributeType: N}", "{AttributeName: H, AttributeType: N}"), `key attribute G has no definition`},
		"a second table":                                 {in("  Dead:\n    Type: AWS::SQS::Queue", "  Dead:\n    Type: AWS::DynamoDB::Table"), `there is one table`},
		"a YAML alias":                                   {in("STAGE: other", "STAGE: &a other, B: *a"), `aliases`},
		"a section nobody reads":                         {in("Conditions:", "Mappings: {}\nConditions:"), `section "Mappings" is unknown`},
		"a name that depends on itself":                  {in("!Sub ${Stage}-worker", "!Sub ${Worker}-worker"), `depends on itself`},
		"an output that leads nowhere":                   {head + rest + worker + "\nOutputs: {X: {Value: !Ref Nobody}}\n", `reference to "Nobody" leads nowhere`},
		"a dependency that leads nowhere":                {in("  Dead:\n", "  Dead:\n    DependsOn: Nobody\n"), `reference to "Nobody" leads nowhere`},
		"a function without its folder":                  {in("CodeUri: functions/worker/\n", "\n"), `CodeUri is missing`},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			_, err := template.Load(written(t, row.text), map[string]string{"Stage": "test"}, here())
			if err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("error %v, want one with %q", err, row.want)
			}
			if err != nil && !strings.Contains(err.Error(), "template.yaml") {
				t.Errorf("error %q does not say where", err)
			}
		})
	}
}

func TestParametersAreCheckedBothWays(t *testing.T) {
	rows := map[string]struct {
		given map[string]string
		want  string
	}{
		"one without a value":         {nil, `parameter "Stage" has no value`},
		"one that the template lacks": {map[string]string{"Stage": "test", "Stege": "x"}, `parameter "Stege" does not exist`},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			_, err := template.Load(written(t, head+rest), row.given, here())
			if err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("error %v, want one with %q", err, row.want)
			}
		})
	}
}

func TestFiltersMatchAsEventBridgeRulesDo(t *testing.T) {
	const booking = `{"eventName":"MODIFY","dynamodb":{"Keys":{"PK":{"S":"O#1"},"SK":{"S":"BOOKING#7"}},"NewImage":{"kind":{"S":"booking"},"n":{"N":"3"},"tags":{"SS":["a","b"]}}}}`
	const removed = `{"eventName":"REMOVE","dynamodb":{"Keys":{"PK":{"S":"O#1"}},"OldImage":{"kind":{"S":"event"}}}}`
	rows := map[string]struct {
		pattern, record string
		want            bool
	}{
		"one of several literals":                    {`{"dynamodb":{"NewImage":{"kind":{"S":["event","booking"]}}}}`, booking, true},
		"none of the literals":                       {`{"dynamodb":{"NewImage":{"kind":{"S":["event","thread"]}}}}`, booking, false},
		"the image is missing":                       {`{"dynamodb":{"NewImage":{"kind":{"S":["event"]}}}}`, removed, false},
		"the old image and the name":                 {`{"eventName":["REMOVE"],"dynamodb":{"OldImage":{"kind":{"S":["event"]}}}}`, removed, true},
		"one of two fields fails":                    {`{"eventName":["INSERT"],"dynamodb":{"NewImage":{"kind":{"S":["booking"]}}}}`, booking, false},
		"a prefix":                                   {`{"dynamodb":{"Keys":{"SK":{"S":[{"prefix":"BOOKING#"}]}}}}`, booking, true},
		"another prefix":                             {`{"dynamodb":{"Keys":{"SK":{"S":[{"prefix":"EVENT#"}]}}}}`, booking, false},
		"a suffix":                                   {`{"dynamodb":{"Keys":{"SK":{"S":[{"suffix":"#7"}]}}}}`, booking, true},
		"whatever the case":                          {`{"eventName":[{"equals-ignore-case":"modify"}]}`, booking, true},
		"a field that exists":                        {`{"dynamodb":{"NewImage":{"n":{"N":[{"exists":true}]}}}}`, booking, true},
		"a field that should not exist":              {`{"dynamodb":{"NewImage":{"n":{"N":[{"exists":false}]}}}}`, booking, false},
		"an absent field that should not exist":      {`{"dynamodb":{"NewImage":{"n":{"N":[{"exists":false}]}}}}`, removed, true},
		"exists does not hold of an object":          {`{"dynamodb":{"NewImage":[{"exists":true}]}}`, booking, false},
		"a number in a record is text, not a number": {`{"dynamodb":{"NewImage":{"n":{"N":[3]}}}}`, booking, false},
		"a number as text":                           {`{"dynamodb":{"NewImage":{"n":{"N":["3"]}}}}`, booking, true},
		"an element of a list":                       {`{"dynamodb":{"NewImage":{"tags":{"SS":["b"]}}}}`, booking, true},
		"anything but a value":                       {`{"eventName":[{"anything-but":"REMOVE"}]}`, booking, true},
		"anything but one of several":                {`{"eventName":[{"anything-but":["MODIFY","REMOVE"]}]}`, booking, false},
		"anything but a prefix":                      {`{"dynamodb":{"Keys":{"SK":{"S":[{"anything-but":{"prefix":"EVENT"}}]}}}}`, booking, true},
		"anything but needs the field":               {`{"dynamodb":{"Keys":{"SK":{"S":[{"anything-but":"x"}]}}}}`, removed, false},
		"one side of an or":                          {`{"$or":[{"eventName":["REMOVE"]},{"dynamodb":{"NewImage":{"kind":{"S":["booking"]}}}}]}`, booking, true},
		"no side of an or":                           {`{"$or":[{"eventName":["REMOVE"]},{"eventName":["INSERT"]}]}`, booking, false},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			f, err := template.ParseFilter(row.pattern)
			if err != nil {
				t.Fatal(err)
			}
			got, err := f.Match([]byte(row.record))
			if err != nil || got != row.want {
				t.Errorf("match = %v, %v, want %v", got, err, row.want)
			}
		})
	}
}

func TestAMappingWithoutFiltersTakesEverythingAndWithSeveralAnyThatMatches(t *testing.T) {
	filter := func(p string) template.Filter {
		f, err := template.ParseFilter(p)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	a, b := filter(`{"eventName":["INSERT"]}`), filter(`{"eventName":["REMOVE"]}`)
	rows := map[string]struct {
		filters []template.Filter
		want    bool
	}{
		"no filter":              {nil, true},
		"the second one matches": {[]template.Filter{a, b}, true},
		"none matches":           {[]template.Filter{a}, false},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			got, err := template.MatchAny(row.filters, []byte(`{"eventName":"REMOVE"}`))
			if err != nil || got != row.want {
				t.Errorf("match = %v, %v, want %v", got, err, row.want)
			}
		})
	}
}
