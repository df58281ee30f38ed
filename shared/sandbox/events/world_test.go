package events_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	lambdaevents "github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	sqsclient "github.com/aws/aws-sdk-go-v2/service/sqs"
	"go.uber.org/goleak"

	"snout/shared/sandbox/awsjson"
	"snout/shared/sandbox/clock"
	"snout/shared/sandbox/sqs"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 3, 8, 12, 0, 0, 0, time.UTC)

func heldClock() *clock.Clock {
	c := clock.New(func() time.Time { return noon })
	c.Hold(true)
	return c
}

func credentials(context.Context) (aws.Credentials, error) {
	return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
}

const streamARN = "arn:aws:dynamodb:us-east-1:000000000000:table/snout/stream/2026-03-08T12:00:00.000"

// stream serves the DynamoDB Streams protocol over shards that the test writes. The table engine is proved elsewhere; what a pump
// must survive (shards that close, pages that end early, iterators that expire, data that is trimmed) is easier to ask for here.
type stream struct {
	mu     sync.Mutex
	clock  *clock.Clock
	shards []*testShard
	page   int // most records in a page
	age    int // of iterators: older ones have expired
	calls  map[string]int
}

type testShard struct {
	id, parent string
	closed     bool
	trimmed    int // records that are gone
	records    []map[string]any
}

func newStream(t *testing.T, c *clock.Clock) (*stream, *dynamodbstreams.Client) {
	t.Helper()
	s := &stream{clock: c, page: 1000, calls: map[string]int{}, shards: []*testShard{{id: "shard-1"}}}
	srv := httptest.NewServer(awsjson.New("DynamoDBStreams_20120810", "1.0", map[string]awsjson.Operation{
		"DescribeStream": awsjson.Op(s.describe), "GetShardIterator": awsjson.Op(s.iterator), "GetRecords": awsjson.Op(s.records),
	}))
	t.Cleanup(srv.Close)
	return s, dynamodbstreams.New(dynamodbstreams.Options{
		Region: "us-east-1", BaseEndpoint: &srv.URL, HTTPClient: srv.Client(), Credentials: aws.CredentialsProviderFunc(credentials),
	})
}

func (s *stream) shard(id string) *testShard {
	for _, one := range s.shards {
		if one.id == id {
			return one
		}
	}
	panic("no shard " + id)
}

// write appends records with these keys; their sequence numbers are the shard's number, and their place: 100, 101, …
func (s *stream) write(shard string, keys ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	to := s.shard(shard)
	for _, key := range keys {
		sequence := fmt.Sprintf("%s%02d", strings.TrimPrefix(shard, "shard-"), len(to.records))
		to.records = append(to.records, map[string]any{
			"eventID": "id-" + sequence, "eventName": "INSERT", "eventVersion": "1.1", "eventSource": "aws:dynamodb", "awsRegion": "us-east-1",
			"dynamodb": map[string]any{
				"ApproximateCreationDateTime": s.clock.Now().Unix(), "SequenceNumber": sequence, "SizeBytes": 26, "StreamViewType": "NEW_AND_OLD_IMAGES",
				"Keys":     map[string]any{"PK": map[string]any{"S": key}},
				"NewImage": map[string]any{"PK": map[string]any{"S": key}},
			},
		})
	}
}

func (s *stream) change(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

type describeIn struct {
	StreamArn             string
	ExclusiveStartShardId string
}

func (s *stream) describe(_ context.Context, _ *http.Request, in describeIn) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls["DescribeStream"]++
	from := 0
	for i, one := range s.shards {
		if one.id == in.ExclusiveStartShardId {
			from = i + 1
		}
	}
	d := map[string]any{"StreamArn": in.StreamArn, "StreamStatus": "ENABLED"} // one shard a page
	one := s.shards[from]
	d["Shards"] = []any{map[string]any{"ShardId": one.id, "ParentShardId": one.parent, "SequenceNumberRange": map[string]any{"StartingSequenceNumber": "0"}}}
	if from+1 < len(s.shards) {
		d["LastEvaluatedShardId"] = one.id
	}
	return map[string]any{"StreamDescription": d}, nil
}

type position struct {
	Shard string
	Index int
	Age   int
}

type iteratorIn struct{ StreamArn, ShardId, ShardIteratorType, SequenceNumber string }

func (s *stream) iterator(_ context.Context, _ *http.Request, in iteratorIn) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls["GetShardIterator "+in.ShardIteratorType]++
	one := s.shard(in.ShardId)
	at := position{in.ShardId, one.trimmed, s.age}
	if in.ShardIteratorType != "TRIM_HORIZON" {
		at.Index = -1
		for i, r := range one.records {
			if r["dynamodb"].(map[string]any)["SequenceNumber"] == in.SequenceNumber {
				at.Index = i
			}
		}
		if at.Index < one.trimmed {
			return nil, &awsjson.Error{Code: "TrimmedDataAccessException", Message: "trimmed"}
		}
		if in.ShardIteratorType == "AFTER_SEQUENCE_NUMBER" {
			at.Index++
		}
	}
	raw, _ := json.Marshal(at)
	return map[string]any{"ShardIterator": string(raw)}, nil
}

type recordsIn struct{ ShardIterator string }

func (s *stream) records(_ context.Context, _ *http.Request, in recordsIn) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls["GetRecords"]++
	var at position
	if err := json.Unmarshal([]byte(in.ShardIterator), &at); err != nil {
		return nil, err
	}
	if at.Age < s.age {
		return nil, &awsjson.Error{Code: "ExpiredIteratorException", Message: "expired"}
	}
	one := s.shard(at.Shard)
	to := min(len(one.records), at.Index+s.page)
	out := map[string]any{"Records": one.records[at.Index:to]}
	if !(one.closed && to == len(one.records)) {
		raw, _ := json.Marshal(position{at.Shard, to, s.age})
		out["NextShardIterator"] = string(raw)
	}
	return out, nil
}

// function records what it is invoked with and answers as the test says.
type function struct {
	mu       sync.Mutex
	batches  []string // the keys of each invocation, in order
	payloads [][]byte
	answer   func(keys []string) ([]byte, error)
	invoked  chan struct{} // told of each invocation, if not nil
}

func (f *function) Invoke(ctx context.Context, name string, payload []byte) ([]byte, error) {
	if name != "assignment" {
		return nil, fmt.Errorf("no function %s", name)
	}
	var keys []string
	var event struct {
		Records []struct {
			Body     string
			DynamoDB struct {
				Keys map[string]lambdaevents.DynamoDBAttributeValue
			}
		}
	}
	if err := json.Unmarshal(payload, &event); err != nil {
		return nil, err
	}
	for _, r := range event.Records {
		if r.DynamoDB.Keys == nil {
			keys = append(keys, r.Body)
			continue
		}
		keys = append(keys, r.DynamoDB.Keys["PK"].String())
	}
	f.mu.Lock()
	f.batches = append(f.batches, strings.Join(keys, " "))
	f.payloads = append(f.payloads, payload)
	answer := f.answer
	f.mu.Unlock()
	if f.invoked != nil {
		defer func() { f.invoked <- struct{}{} }()
	}
	if answer == nil {
		return nil, nil
	}
	return answer(keys)
}

func (f *function) seen() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.batches...)
}

func newQueues(t *testing.T, c *clock.Clock) (*sqs.Service, *sqsclient.Client) {
	t.Helper()
	service, err := sqs.New(sqs.Options{Clock: c, Region: "us-east-1", Account: "000000000000", Queues: []sqs.Queue{
		{Name: "parked"}, {Name: "work", Visibility: time.Minute, DeadLetter: "parked", MaxReceive: 2},
	}})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(service)
	t.Cleanup(srv.Close)
	return service, sqsclient.New(sqsclient.Options{
		Region: "us-east-1", BaseEndpoint: &srv.URL, HTTPClient: srv.Client(), Credentials: aws.CredentialsProviderFunc(credentials),
	})
}

func receive(t *testing.T, client *sqsclient.Client, queue string) []string {
	t.Helper()
	out, err := client.ReceiveMessage(t.Context(), &sqsclient.ReceiveMessageInput{QueueUrl: &queue, MaxNumberOfMessages: 10})
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, m := range out.Messages {
		all = append(all, *m.Body)
	}
	return all
}
