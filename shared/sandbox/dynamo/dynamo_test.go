package dynamo_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"go.uber.org/goleak"

	"snout/shared/sandbox/dynamo"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// clock stands still until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// tb is what the tests' own and the property tests' T have in common.
type tb interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

func open(t testing.TB, cfg dynamo.Config) *dynamo.Engine {
	t.Helper()
	if cfg.Now == nil {
		cfg.Now = newClock().Now
	}
	if cfg.Logf == nil {
		cfg.Logf = t.Logf
	}
	e, err := dynamo.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() }) // some tests have closed it by then
	return e
}

// clients are the real SDK's, over HTTP.
func clients(t testing.TB, e *dynamo.Engine, attempts int) (*dynamodb.Client, *dynamodbstreams.Client) {
	t.Helper()
	server := httptest.NewServer(e)
	transport := &http.Transport{MaxIdleConnsPerHost: 16}
	t.Cleanup(func() { transport.CloseIdleConnections(); server.Close() })
	cfg := aws.Config{
		Region: "us-east-1", BaseEndpoint: &server.URL, HTTPClient: &http.Client{Transport: transport},
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) {
				o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
				if attempts > 0 {
					o.MaxAttempts = attempts
				}
			})
		},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
		}),
	}
	return dynamodb.NewFromConfig(cfg), dynamodbstreams.NewFromConfig(cfg)
}

// send sends one request as JSON, without a network.
func send(h http.Handler, operation, body string) (int, string) {
	service := "DynamoDB_20120810."
	if slices.Contains([]string{"ListStreams", "DescribeStream", "GetShardIterator", "GetRecords"}, operation) {
		service = "DynamoDBStreams_20120810."
	}
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("X-Amz-Target", service+operation)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// must is call for requests that cannot be refused.
func must(t tb, h http.Handler, operation, body string) string {
	t.Helper()
	status, answer := send(h, operation, body)
	if status != http.StatusOK {
		t.Fatalf("%s %s\nanswers %d %s", operation, body, status, answer)
	}
	return answer
}

// refusal answers "Type: message" of a refused request, or "".
func refusal(t tb, h http.Handler, operation, body string) string {
	t.Helper()
	status, answer := send(h, operation, body)
	if status == http.StatusOK {
		return ""
	}
	var f struct {
		Type    string `json:"__type"`
		Message string
	}
	if err := json.Unmarshal([]byte(answer), &f); err != nil {
		t.Fatalf("%s answers %s: %v", operation, answer, err)
	}
	_, kind, _ := strings.Cut(f.Type, "#")
	return kind + ": " + f.Message
}

// attrs writes an item as a request carries it from plain JSON: {"pk":"a","n":1}. A set
// is {"$SS":["a"]}, binary {"$B":"YQ=="}.
func attrs(plain string) string {
	d := json.NewDecoder(strings.NewReader(plain))
	d.UseNumber()
	var v map[string]any
	if err := d.Decode(&v); err != nil {
		panic(fmt.Sprintf("%s: %v", plain, err))
	}
	b, err := json.Marshal(typed(v).(map[string]any)["M"])
	if err != nil {
		panic(err)
	}
	return string(b)
}

func typed(v any) any {
	switch v := v.(type) {
	case string:
		return map[string]any{"S": v}
	case json.Number:
		return map[string]any{"N": v.String()}
	case bool:
		return map[string]any{"BOOL": v}
	case nil:
		return map[string]any{"NULL": true}
	case []any:
		l := make([]any, len(v))
		for i, e := range v {
			l[i] = typed(e)
		}
		return map[string]any{"L": l}
	}
	m := map[string]any{}
	for name, e := range v.(map[string]any) {
		if strings.HasPrefix(name, "$") {
			return map[string]any{name[1:]: e}
		}
		m[name] = typed(e)
	}
	return map[string]any{"M": m}
}

// plain is the other way round, for reading results; sets are sorted.
func plain(v map[string]any) any {
	for kind, v := range v {
		switch kind {
		case "N":
			return json.Number(v.(string))
		case "NULL":
			return nil
		case "L":
			l := []any{}
			for _, e := range v.([]any) {
				l = append(l, plain(e.(map[string]any)))
			}
			return l
		case "M":
			return plainItem(v.(map[string]any))
		case "SS", "NS", "BS":
			l := slices.SortedFunc(slices.Values(v.([]any)), func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
			return map[string]any{"$" + kind: l}
		case "B":
			return map[string]any{"$B": v}
		}
		return v
	}
	return "nothing"
}

func plainItem(i map[string]any) map[string]any {
	m := map[string]any{}
	for name, v := range i {
		m[name] = plain(v.(map[string]any))
	}
	return m
}

// compact answers an attribute map of an answer as plain JSON with sorted names.
func compact(i map[string]any) string {
	if i == nil {
		return ""
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(plainItem(i)); err != nil {
		panic(err)
	}
	return strings.TrimSpace(b.String())
}

func decode(t tb, answer string) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal([]byte(answer), &m); err != nil {
		t.Fatalf("%s: %v", answer, err)
	}
	return m
}

// field answers an attribute map inside an answer, compact.
func field(t tb, answer, name string) string {
	t.Helper()
	i, _ := decode(t, answer)[name].(map[string]any)
	return compact(i)
}

// fieldItems answers a list of them.
func fieldItems(t tb, answer, name string) []string {
	t.Helper()
	var out []string
	list, _ := decode(t, answer)[name].([]any)
	for _, i := range list {
		out = append(out, compact(i.(map[string]any)))
	}
	return out
}

// theTable is what most tests use: a composite key, an index on everything, a sparse one
// of keys alone, one that includes an attribute, and a stream.
const theTable = `{"TableName":"things","BillingMode":"PAY_PER_REQUEST",
	"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"S"},
		{"AttributeName":"g","AttributeType":"S"},{"AttributeName":"n","AttributeType":"N"}],
	"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],
	"GlobalSecondaryIndexes":[
		{"IndexName":"by-g","KeySchema":[{"AttributeName":"g","KeyType":"HASH"},{"AttributeName":"n","KeyType":"RANGE"}],"Projection":{"ProjectionType":"ALL"}},
		{"IndexName":"keys","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],"Projection":{"ProjectionType":"KEYS_ONLY"}},
		{"IndexName":"some","KeySchema":[{"AttributeName":"g","KeyType":"HASH"},{"AttributeName":"pk","KeyType":"RANGE"}],"Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["v"]}}],
	"StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_AND_OLD_IMAGES"}}`

// things opens an engine with theTable and the items given as plain JSON.
func things(t testing.TB, cfg dynamo.Config, items ...string) *dynamo.Engine {
	t.Helper()
	e := open(t, cfg)
	must(t, e, "CreateTable", theTable)
	for _, i := range items {
		put(t, e, i)
	}
	return e
}

func put(t tb, h http.Handler, item string) {
	t.Helper()
	must(t, h, "PutItem", `{"TableName":"things","Item":`+attrs(item)+`}`)
}

// get answers the item under pk and sk, compact, or "".
func get(t tb, h http.Handler, pk, sk string) string {
	t.Helper()
	return field(t, must(t, h, "GetItem", `{"TableName":"things","ConsistentRead":true,"Key":`+key(pk, sk)+`}`), "Item")
}

func key(pk, sk string) string {
	return `{"pk":{"S":` + quoted(pk) + `},"sk":{"S":` + quoted(sk) + `}}`
}

// quoted is a JSON string.
func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// with adds a request's optional parameters: expression values and names as plain JSON.
func with(values, names string) string {
	s := ""
	if values != "" {
		s += `,"ExpressionAttributeValues":` + attrs(values)
	}
	if names != "" {
		s += `,"ExpressionAttributeNames":` + names
	}
	return s
}

// everything is the whole table, sorted, for comparing states.
func everything(t tb, h http.Handler, table string) []string {
	t.Helper()
	var out []string
	start := ""
	for {
		answer := must(t, h, "Scan", `{"TableName":"`+table+`","ConsistentRead":true`+start+`}`)
		out = append(out, fieldItems(t, answer, "Items")...)
		last, more := decode(t, answer)["LastEvaluatedKey"]
		if !more {
			slices.Sort(out)
			return out
		}
		b, err := json.Marshal(last)
		if err != nil {
			t.Fatal(err)
		}
		start = `,"ExclusiveStartKey":` + string(b)
	}
}

// records reads all of a table's stream through the protocol.
func records(t tb, h http.Handler, table string) []map[string]any {
	t.Helper()
	var out []map[string]any
	streams, _ := decode(t, must(t, h, "ListStreams", `{"TableName":"`+table+`"}`))["Streams"].([]any)
	for _, s := range streams {
		arn := s.(map[string]any)["StreamArn"].(string)
		description := decode(t, must(t, h, "DescribeStream", `{"StreamArn":"`+arn+`"}`))["StreamDescription"].(map[string]any)
		for _, sh := range description["Shards"].([]any) {
			id := sh.(map[string]any)["ShardId"].(string)
			at := decode(t, must(t, h, "GetShardIterator", `{"StreamArn":"`+arn+`","ShardId":"`+id+`","ShardIteratorType":"TRIM_HORIZON"}`))["ShardIterator"]
			for at != nil {
				answer := decode(t, must(t, h, "GetRecords", fmt.Sprintf(`{"ShardIterator":%q,"Limit":7}`, at)))
				list, _ := answer["Records"].([]any)
				for _, r := range list {
					out = append(out, r.(map[string]any))
				}
				if at = answer["NextShardIterator"]; len(list) == 0 {
					break
				}
			}
		}
	}
	return out
}

// story tells stream records shortly: "INSERT a/1  -> {...}".
func story(records []map[string]any) []string {
	var out []string
	for _, r := range records {
		d := r["dynamodb"].(map[string]any)
		image := func(name string) string {
			i, _ := d[name].(map[string]any)
			return compact(i)
		}
		line := fmt.Sprint(r["eventName"], " ", image("OldImage"), " -> ", image("NewImage"))
		if who, ok := r["userIdentity"].(map[string]any); ok {
			line += fmt.Sprint(" by ", who["PrincipalId"])
		}
		out = append(out, line)
	}
	return out
}

func str(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
