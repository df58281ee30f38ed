package events_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	lambdaevents "github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"snout/shared/sandbox/events"
)

var errBroken = errors.New("broken")

// reports answers that those keys failed, by the sequence numbers the stream gave them.
func reports(sequences ...string) []byte {
	type item struct {
		ItemIdentifier string `json:"itemIdentifier"`
	}
	items := []item{}
	for _, s := range sequences {
		items = append(items, item{s})
	}
	raw, _ := json.Marshal(map[string]any{"batchItemFailures": items})
	return raw
}

func TestABatchIsSeenThrough(t *testing.T) {
	// The stream holds a b c d, with the sequence numbers 100 to 103.
	poison := func(bad string) func([]string) ([]byte, error) {
		return func(keys []string) ([]byte, error) {
			if slices.Contains(keys, bad) {
				return nil, errBroken
			}
			return nil, nil
		}
	}
	reporting := func(bad ...string) func([]string) ([]byte, error) {
		return func(keys []string) ([]byte, error) {
			var failed []string
			for _, k := range keys {
				if slices.Contains(bad, k) {
					failed = append(failed, "10"+string('0'+k[0]-'a'))
				}
			}
			slices.Reverse(failed) // Lambda takes the lowest, not the first
			return reports(failed...), nil
		}
	}
	once := func(first []byte, err error) func([]string) ([]byte, error) {
		called := false
		return func([]string) ([]byte, error) {
			if called {
				return nil, nil
			}
			called = true
			return first, err
		}
	}
	for name, row := range map[string]struct {
		mapping events.StreamMapping
		answer  func([]string) ([]byte, error)
		faults  []string
		want    []string // batches delivered
		parked  []string // "first-last xcount condition"
	}{
		"all at once when the function is well":             {want: []string{"a b c d"}},
		"no more at once than the batch size":               {mapping: events.StreamMapping{BatchSize: 3}, want: []string{"a b c", "d"}},
		"an error brings the whole batch again":             {mapping: events.StreamMapping{MaxRetries: 1}, answer: once(nil, errBroken), want: []string{"a b c d", "a b c d"}},
		"a report without the mapping's leave is ignored":   {answer: once(reports("101"), nil), want: []string{"a b c d"}},
		"a report brings back the lowest and what follows":  {mapping: events.StreamMapping{ReportFailures: true, MaxRetries: 1}, answer: once(reports("103", "101", "102"), nil), want: []string{"a b c d", "b c d"}},
		"an empty report is success":                        {mapping: events.StreamMapping{ReportFailures: true}, answer: once([]byte(`{"batchItemFailures":[]}`), nil), want: []string{"a b c d"}},
		"null is success":                                   {mapping: events.StreamMapping{ReportFailures: true}, answer: once([]byte(`null`), nil), want: []string{"a b c d"}},
		"an empty identifier fails the whole batch":         {mapping: events.StreamMapping{ReportFailures: true, MaxRetries: 1}, answer: once(reports(""), nil), want: []string{"a b c d", "a b c d"}},
		"a null identifier fails the whole batch":           {mapping: events.StreamMapping{ReportFailures: true, MaxRetries: 1}, answer: once([]byte(`{"batchItemFailures":[{"itemIdentifier":null}]}`), nil), want: []string{"a b c d", "a b c d"}},
		"an identifier that is not there fails it all":      {mapping: events.StreamMapping{ReportFailures: true, MaxRetries: 1}, answer: once(reports("999"), nil), want: []string{"a b c d", "a b c d"}},
		"an answer that is no report fails the whole batch": {mapping: events.StreamMapping{ReportFailures: true, MaxRetries: 1}, answer: once([]byte(`"fine"`), nil), want: []string{"a b c d", "a b c d"}},
		"retries used up park the batch":                    {mapping: events.StreamMapping{MaxRetries: 2}, answer: poison("b"), want: []string{"a b c d", "a b c d", "a b c d"}, parked: []string{"100-103 x4 RetryAttemptsExhausted"}},
		"no retries park it at once, and the shard goes on": {mapping: events.StreamMapping{BatchSize: 2}, answer: poison("a"), want: []string{"a b", "c d"}, parked: []string{"100-101 x2 RetryAttemptsExhausted"}},
		"with reports what came before the poison is done":  {mapping: events.StreamMapping{ReportFailures: true, MaxRetries: 1}, answer: reporting("c"), want: []string{"a b c d", "c d"}, parked: []string{"102-103 x2 RetryAttemptsExhausted"}},
		"bisecting parks the poison alone":                  {mapping: events.StreamMapping{Bisect: true, MaxRetries: 1}, answer: poison("b"), want: []string{"a b c d", "a b", "a", "b", "b", "c d"}, parked: []string{"101-101 x1 RetryAttemptsExhausted"}},
		"bisecting and reports park the poison alone":       {mapping: events.StreamMapping{Bisect: true, ReportFailures: true, MaxRetries: 1}, answer: reporting("b"), want: []string{"a b c d", "b", "b", "c d"}, parked: []string{"101-101 x1 RetryAttemptsExhausted"}},
		"two poisons are parked each":                       {mapping: events.StreamMapping{Bisect: true, ReportFailures: true}, answer: reporting("a", "d"), want: []string{"a b c d", "a b", "a", "b", "c d"}, parked: []string{"100-100 x1 RetryAttemptsExhausted", "103-103 x1 RetryAttemptsExhausted"}},
		"what does not match is passed over":                {mapping: events.StreamMapping{Match: func(r []byte) bool { return !bytes.Contains(r, []byte(`{"S":"b"}`)) }}, want: []string{"a c d"}},
		"a batch counts matching records only":              {mapping: events.StreamMapping{BatchSize: 2, Match: func(r []byte) bool { return !bytes.Contains(r, []byte(`{"S":"b"}`)) }}, want: []string{"a c", "d"}},
		"a batch delivered once more, by fault":             {faults: []string{"redeliver"}, want: []string{"a b c d", "a b c d"}},
		"a batch cut in two, by fault":                      {faults: []string{"cut"}, want: []string{"a b", "c d"}},
		"an answer lost, by fault, though the function ran": {mapping: events.StreamMapping{MaxRetries: 1}, faults: []string{"lose-answer"}, want: []string{"a b c d", "a b c d"}},
		"faults come one after the other, not all at once":  {faults: []string{"cut", "redeliver"}, want: []string{"a b", "a b", "c d"}},
	} {
		t.Run(name, func(t *testing.T) {
			c := heldClock()
			s, streams := newStream(t, c)
			queues, client := newQueues(t, c)
			s.write("shard-1", "a", "b", "c", "d")
			f := &function{answer: row.answer}
			m := row.mapping
			m.Name, m.Function, m.StreamARN, m.OnFailure = "assignment-bookings", "assignment", streamARN, queues.ARN("parked")
			p, err := events.NewStreamPump(m, events.StreamOptions{Client: streams, Region: "us-east-1", Clock: c, Invoker: f, Parker: events.QueueParker{Client: client}})
			if err != nil {
				t.Fatal(err)
			}
			if err := p.Inject(row.faults...); err != nil {
				t.Fatal(err)
			}
			if err := p.Settle(t.Context()); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(row.want, f.seen()); diff != "" {
				t.Errorf("batches (-want +got):\n%s", diff)
			}
			var parked []string
			for _, body := range receive(t, client, "parked") {
				var m struct {
					RequestContext struct{ Condition string }
					Batch          struct {
						Start string `json:"startSequenceNumber"`
						End   string `json:"endSequenceNumber"`
						Size  int    `json:"batchSize"`
					} `json:"DDBStreamBatchInfo"`
				}
				if err := json.Unmarshal([]byte(body), &m); err != nil {
					t.Fatal(err)
				}
				parked = append(parked, m.Batch.Start+"-"+m.Batch.End+" x"+string(rune('0'+m.Batch.Size))+" "+m.RequestContext.Condition)
			}
			if diff := cmp.Diff(row.parked, parked); diff != "" {
				t.Errorf("parked (-want +got):\n%s", diff)
			}
			if at, err := p.Checkpoint(t.Context(), "shard-1"); err != nil || at != "103" {
				t.Errorf("checkpoint %q, %v; want the last record's", at, err)
			}
			if err := p.Settle(t.Context()); err != nil || len(f.seen()) != len(row.want) {
				t.Errorf("settling again delivered more: %v, %v", f.seen(), err)
			}
		})
	}
}

func pump(t *testing.T, m events.StreamMapping, o events.StreamOptions) *events.StreamPump {
	t.Helper()
	m.Name, m.Function, m.StreamARN, o.Region = "assignment-bookings", "assignment", streamARN, "us-east-1"
	p, err := events.NewStreamPump(m, o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func settle(t *testing.T, s events.Settler) {
	t.Helper()
	if err := s.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestTheEventIsWhatLambdaSends(t *testing.T) {
	c := heldClock()
	s, streams := newStream(t, c)
	s.write("shard-1", "a")
	change := s.shards[0].records[0]["dynamodb"].(map[string]any)
	change["OldImage"] = map[string]any{
		"s": map[string]any{"S": "é<&>"}, "n": map[string]any{"N": "12345678901234567890.5"}, "b": map[string]any{"B": "AAEC"},
		"yes": map[string]any{"BOOL": true}, "nil": map[string]any{"NULL": true},
		"ss": map[string]any{"SS": []string{"x", "y"}}, "ns": map[string]any{"NS": []string{"1"}}, "bs": map[string]any{"BS": []string{"AQ=="}},
		"l": map[string]any{"L": []any{map[string]any{"S": "in"}}}, "m": map[string]any{"M": map[string]any{"deep": map[string]any{"L": []any{}}}},
		"empty": map[string]any{"S": ""},
	}
	delete(change, "NewImage")
	s.shards[0].records[0]["eventName"] = "REMOVE"
	s.shards[0].records[0]["userIdentity"] = map[string]any{"Type": "Service", "PrincipalId": "dynamodb.amazonaws.com"}
	f := &function{}
	settle(t, pump(t, events.StreamMapping{}, events.StreamOptions{Client: streams, Clock: c, Invoker: f}))

	want := `{"Records":[{"eventID":"id-100","eventName":"REMOVE","eventVersion":"1.1","eventSource":"aws:dynamodb","awsRegion":"us-east-1",
		"dynamodb":{"ApproximateCreationDateTime":1772971200,"Keys":{"PK":{"S":"a"}},"OldImage":{
			"b":{"B":"AAEC"},"bs":{"BS":["AQ=="]},"empty":{"S":""},"l":{"L":[{"S":"in"}]},"m":{"M":{"deep":{"L":[]}}},"n":{"N":"12345678901234567890.5"},
			"nil":{"NULL":true},"ns":{"NS":["1"]},"s":{"S":"é<&>"},"ss":{"SS":["x","y"]},"yes":{"BOOL":true}},
			"SequenceNumber":"100","SizeBytes":26,"StreamViewType":"NEW_AND_OLD_IMAGES"},
		"userIdentity":{"type":"Service","principalId":"dynamodb.amazonaws.com"},
		"eventSourceARN":"` + streamARN + `"}]}`
	if len(f.payloads) != 1 {
		t.Fatalf("invoked %d times", len(f.payloads))
	}
	parse := cmp.Transformer("json", func(raw []byte) (v any) { json.Unmarshal(raw, &v); return v })
	if diff := cmp.Diff([]byte(want), f.payloads[0], parse); diff != "" {
		t.Errorf("event (-want +got):\n%s", diff)
	}
	var event lambdaevents.DynamoDBEvent
	if err := json.Unmarshal(f.payloads[0], &event); err != nil {
		t.Fatalf("aws-lambda-go cannot read the event: %v", err)
	}
	if got := event.Records[0].Change.ApproximateCreationDateTime.Time; !got.Equal(noon) {
		t.Errorf("aws-lambda-go reads the time as %v", got)
	}
}

func TestTheParkedMessageIsLambdasAndCanBeReplayed(t *testing.T) {
	c := heldClock()
	s, streams := newStream(t, c)
	queues, client := newQueues(t, c)
	s.write("shard-1", "a")
	c.Advance(time.Second)
	s.write("shard-1", "b", "skipped", "c")
	f := &function{answer: func(keys []string) ([]byte, error) { return nil, errBroken }}
	p := pump(t, events.StreamMapping{
		FunctionARN: "arn:aws:lambda:us-east-1:000000000000:function:assignment", MaxRetries: 1, OnFailure: queues.ARN("parked"),
		Match: func(r []byte) bool { return !bytes.Contains(r, []byte("skipped")) },
	}, events.StreamOptions{Client: streams, Clock: c, Invoker: f, Parker: events.QueueParker{Client: client}})
	settle(t, p)
	parked := receive(t, client, "parked")
	if len(parked) != 1 {
		t.Fatalf("parked %d messages", len(parked))
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(parked[0]), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"requestContext":  map[string]any{"functionArn": "arn:aws:lambda:us-east-1:000000000000:function:assignment", "condition": "RetryAttemptsExhausted", "approximateInvokeCount": 2.0},
		"responseContext": map[string]any{"statusCode": 200.0, "executedVersion": "$LATEST", "functionError": "Unhandled"},
		"version":         "1.0", "timestamp": "2026-03-08T12:00:01.000Z",
		"DDBStreamBatchInfo": map[string]any{
			"shardId": "shard-1", "startSequenceNumber": "100", "endSequenceNumber": "103", "batchSize": 3.0, "streamArn": streamARN,
			"approximateArrivalOfFirstRecord": "2026-03-08T12:00:00Z", "approximateArrivalOfLastRecord": "2026-03-08T12:00:01Z",
		},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreMapEntries(func(k string, _ any) bool { return k == "requestId" })); diff != "" {
		t.Errorf("message (-want +got):\n%s", diff)
	}
	replay, err := p.Parked(t.Context(), []byte(parked[0]))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(f.payloads[0]), string(replay)); diff != "" {
		t.Errorf("event to replay (-want +got):\n%s", diff)
	}
	s.change(func() { s.shards[0].trimmed = 1 })
	if _, err := p.Parked(t.Context(), []byte(parked[0])); err == nil {
		t.Error("records that are gone were found")
	}
}

func TestOldRecordsAreParkedUntried(t *testing.T) {
	c := heldClock()
	s, streams := newStream(t, c)
	queues, client := newQueues(t, c)
	s.write("shard-1", "a", "b")
	c.Advance(time.Hour)
	s.write("shard-1", "c")
	c.Advance(time.Second)
	f := &function{}
	p := pump(t, events.StreamMapping{MaxAge: time.Hour, OnFailure: queues.ARN("parked")}, events.StreamOptions{Client: streams, Clock: c, Invoker: f, Parker: events.QueueParker{Client: client}})
	settle(t, p)
	if diff := cmp.Diff([]string{"c"}, f.seen()); diff != "" {
		t.Errorf("batches (-want +got):\n%s", diff)
	}
	if parked := receive(t, client, "parked"); len(parked) != 1 || !strings.Contains(parked[0], `"RecordAgeExceeded"`) || !strings.Contains(parked[0], `"endSequenceNumber":"101"`) {
		t.Errorf("parked %v", parked)
	}
}

func TestARecordOfExactlyTheMaximumAgeIsStillTried(t *testing.T) {
	c := heldClock()
	s, streams := newStream(t, c)
	s.write("shard-1", "a")
	c.Advance(time.Hour)
	f := &function{}
	settle(t, pump(t, events.StreamMapping{MaxAge: time.Hour}, events.StreamOptions{Client: streams, Clock: c, Invoker: f}))
	if diff := cmp.Diff([]string{"a"}, f.seen()); diff != "" {
		t.Errorf("batches (-want +got):\n%s", diff)
	}
}

func TestABatchWithoutARetryLimitBlocksItsShardUntilItIsTooOld(t *testing.T) {
	c := heldClock()
	s, streams := newStream(t, c)
	s.shards = append(s.shards, &testShard{id: "shard-2"})
	s.write("shard-1", "fine", "bad")
	s.write("shard-2", "good")
	f := &function{answer: func(keys []string) ([]byte, error) {
		if keys[0] == "bad" {
			return nil, errBroken
		}
		return nil, nil
	}}
	p := pump(t, events.StreamMapping{MaxRetries: -1, BatchSize: 1}, events.StreamOptions{Client: streams, Clock: c, Invoker: f})
	if err := p.Settle(t.Context()); !errors.Is(err, errBroken) || !strings.Contains(err.Error(), "shard-1") {
		t.Fatalf("got %v, want the cause and the shard", err)
	}
	if !slices.Contains(f.seen(), "good") {
		t.Error("the other shard was held up")
	}
	if p.Settle(t.Context()) == nil {
		t.Fatal("the shard is not blocked any more")
	}
	if n := len(slices.DeleteFunc(f.seen(), func(keys string) bool { return keys != "fine" })); n != 1 {
		t.Errorf("what was handled before the blocked batch came %d times", n)
	}
	s.write("shard-1", "after")
	c.Advance(24*time.Hour + time.Second)
	s.write("shard-1", "fresh")
	settle(t, p)
	if got := f.seen(); got[len(got)-1] != "fresh" {
		t.Errorf("after a day: %v", got)
	}
	if diff := cmp.Diff(int64(2), p.Metrics()["dropped"]); diff != "" {
		t.Errorf("dropped, for want of a destination (-want +got):\n%s", diff)
	}
}

func TestNothingIsGivenUpWhileItCannotBeParked(t *testing.T) {
	c := heldClock()
	s, streams := newStream(t, c)
	queues, client := newQueues(t, c)
	s.write("shard-1", "a")
	f := &function{answer: func([]string) ([]byte, error) { return nil, errBroken }}
	p := pump(t, events.StreamMapping{OnFailure: "arn:aws:sqs:us-east-1:000000000000:nowhere"}, events.StreamOptions{Client: streams, Clock: c, Invoker: f, Parker: events.QueueParker{Client: client}})
	if p.Settle(t.Context()) == nil {
		t.Fatal("a batch that nobody took was given up")
	}
	if at, _ := p.Checkpoint(t.Context(), "shard-1"); at != "" {
		t.Errorf("the checkpoint moved to %s", at)
	}
	p.OnFailure = queues.ARN("parked")
	settle(t, p)
	if visible, _ := queues.Depth("parked"); visible != 1 {
		t.Errorf("%d messages parked", visible)
	}
}

func TestChildrenWaitForTheirParentsAndStrangersDoNot(t *testing.T) {
	c := heldClock()
	s, streams := newStream(t, c)
	s.shards = []*testShard{{id: "shard-3", parent: "shard-1"}, {id: "shard-1"}, {id: "shard-4", parent: "shard-3"}}
	s.write("shard-1", "parent")
	s.write("shard-3", "child")
	s.write("shard-4", "grandchild")
	f := &function{}
	p := pump(t, events.StreamMapping{}, events.StreamOptions{Client: streams, Clock: c, Invoker: f})
	settle(t, p)
	if diff := cmp.Diff([]string{"parent"}, f.seen()); diff != "" {
		t.Errorf("while the parent is open (-want +got):\n%s", diff)
	}
	s.write("shard-1", "last of the parent")
	s.change(func() { s.shards[0].closed, s.shards[1].closed = true, true })
	settle(t, p)
	if diff := cmp.Diff([]string{"parent", "last of the parent", "child", "grandchild"}, f.seen()); diff != "" {
		t.Errorf("once the parents are closed (-want +got):\n%s", diff)
	}
}

func TestShardsAreReadBesideEachOther(t *testing.T) {
	c := heldClock()
	s, streams := newStream(t, c)
	s.shards = append(s.shards, &testShard{id: "shard-2"})
	s.write("shard-1", "a")
	s.write("shard-2", "b")
	met := make(chan struct{})
	f := &function{answer: func(keys []string) ([]byte, error) { // each waits for the other
		select {
		case met <- struct{}{}:
		case <-met:
		}
		return nil, nil
	}}
	settle(t, pump(t, events.StreamMapping{}, events.StreamOptions{Client: streams, Clock: c, Invoker: f}))
	if got := f.seen(); len(got) != 2 {
		t.Errorf("batches %v", got)
	}
}

func TestARestartGoesOnWhereTheLastRunStopped(t *testing.T) {
	dir := t.TempDir()
	c := heldClock()
	s, streams := newStream(t, c)
	f := &function{answer: func(keys []string) ([]byte, error) { return reports("102"), nil }}
	run := func() error {
		checkpoints, err := events.OpenDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		return pump(t, events.StreamMapping{ReportFailures: true, MaxRetries: -1}, events.StreamOptions{Client: streams, Clock: c, Invoker: f, Checkpoints: checkpoints}).Settle(t.Context())
	}
	s.write("shard-1", "a", "b", "c", "d")
	if run() == nil {
		t.Fatal("a blocked shard settled")
	}
	f.answer, f.batches = nil, nil
	if err := run(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"c d"}, f.seen()); diff != "" {
		t.Errorf("after the restart (-want +got):\n%s", diff)
	}
	if err := run(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"c d"}, f.seen()); diff != "" {
		t.Errorf("after another (-want +got):\n%s", diff)
	}
}

func TestWhatTheStreamDoesToItsReaderIsSurvived(t *testing.T) {
	c := heldClock()
	s, streams := newStream(t, c)
	f := &function{}
	p := pump(t, events.StreamMapping{}, events.StreamOptions{Client: streams, Clock: c, Invoker: f})
	s.page = 2
	s.write("shard-1", "a", "b", "c")
	settle(t, p) // pages
	s.write("shard-1", "d")
	s.change(func() { s.age++ }) // iterators expire
	settle(t, p)
	s.write("shard-1", "e", "f")
	s.change(func() { s.age++; s.shards[0].trimmed = 5 }) // what follows the checkpoint is gone, and e with it
	settle(t, p)
	if diff := cmp.Diff([]string{"a b", "c", "d", "f"}, f.seen()); diff != "" {
		t.Errorf("batches (-want +got):\n%s", diff)
	}
	if s.calls["DescribeStream"] != 1 {
		t.Errorf("an unchanged list of shards was read %d times", s.calls["DescribeStream"])
	}
}

func TestRunDeliversWhenNotifiedAndEndsWithItsContext(t *testing.T) {
	c := heldClock()
	s, streams := newStream(t, c)
	f := &function{invoked: make(chan struct{})}
	p := pump(t, events.StreamMapping{}, events.StreamOptions{Client: streams, Clock: c, Invoker: f})
	s.write("shard-1", "before")
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		p.Run(ctx, func(err error) { t.Error(err) })
	}()
	<-f.invoked
	for _, key := range []string{"one", "two"} {
		s.write("shard-1", key)
		p.Notify()
		p.Notify()
		<-f.invoked
	}
	cancel()
	<-ended
	if diff := cmp.Diff([]string{"before", "one", "two"}, f.seen()); diff != "" {
		t.Errorf("batches (-want +got):\n%s", diff)
	}
}

func TestSettlingGoesOnUntilNothingCausesAnythingMore(t *testing.T) {
	c := heldClock()
	s, streams := newStream(t, c)
	queues, client := newQueues(t, c)
	parker := events.QueueParker{Client: client}
	f := &function{}
	f.answer = func(keys []string) ([]byte, error) { // a → queue: b → stream: c → queue: d
		switch next := map[string]string{"a": "b", "b": "c", "c": "d"}[keys[0]]; next {
		case "b", "d":
			return nil, parker.Park(t.Context(), queues.ARN("work"), []byte(next))
		case "c":
			s.write("shard-1", "c")
		}
		return nil, nil
	}
	fromStream := pump(t, events.StreamMapping{}, events.StreamOptions{Client: streams, Clock: c, Invoker: f})
	fromQueue, err := events.NewQueuePump(events.QueueMapping{Name: "work", Function: "assignment", QueueARN: queues.ARN("work")}, events.QueueOptions{Client: client, Region: "us-east-1", Clock: c, Invoker: f})
	if err != nil {
		t.Fatal(err)
	}
	s.write("shard-1", "a")
	if err := events.Settle(t.Context(), fromQueue, fromStream); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a", "b", "c", "d"}, f.seen()); diff != "" {
		t.Errorf("batches (-want +got):\n%s", diff)
	}
}

func TestMappingsThatCannotBeAreRefused(t *testing.T) {
	ok := events.StreamMapping{Name: "n", Function: "f", StreamARN: streamARN}
	for name, spoil := range map[string]func(*events.StreamMapping){
		"no name": func(m *events.StreamMapping) { m.Name = "" }, "no function": func(m *events.StreamMapping) { m.Function = "" },
		"no stream": func(m *events.StreamMapping) { m.StreamARN = "" }, "a negative batch size": func(m *events.StreamMapping) { m.BatchSize = -1 },
		"a destination and nobody to send there": func(m *events.StreamMapping) { m.OnFailure = "arn:aws:sqs:us-east-1:000000000000:q" },
	} {
		t.Run(name, func(t *testing.T) {
			m := ok
			spoil(&m)
			if _, err := events.NewStreamPump(m, events.StreamOptions{Clock: heldClock()}); err == nil {
				t.Error("accepted")
			}
		})
	}
	p, err := events.NewStreamPump(ok, events.StreamOptions{Clock: heldClock()})
	if err != nil {
		t.Fatal(err)
	}
	if p.Inject("reorder") == nil {
		t.Error("an unknown fault was taken")
	}
}
