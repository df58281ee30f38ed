package events_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	lambdaevents "github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	sqsclient "github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/google/go-cmp/cmp"

	"snout/shared/sandbox/clock"
	"snout/shared/sandbox/events"
	"snout/shared/sandbox/sqs"
)

type queueWorld struct {
	clock  *clock.Clock
	queues *sqs.Service
	client *sqsclient.Client
	f      *function
	pump   *events.QueuePump
}

func startQueue(t *testing.T, m events.QueueMapping) queueWorld {
	t.Helper()
	c := heldClock()
	queues, client := newQueues(t, c)
	f := &function{}
	m.Name, m.Function, m.QueueARN = "fallback", "assignment", queues.ARN("work")
	p, err := events.NewQueuePump(m, events.QueueOptions{Client: client, Region: "us-east-1", Clock: c, Invoker: f, NextVisible: queues.NextVisible})
	if err != nil {
		t.Fatal(err)
	}
	return queueWorld{c, queues, client, f, p}
}

func (w queueWorld) send(t *testing.T, bodies ...string) {
	t.Helper()
	for _, body := range bodies {
		if _, err := w.client.SendMessage(t.Context(), &sqsclient.SendMessageInput{QueueUrl: aws.String("work"), MessageBody: &body}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAHandledMessageIsDeletedAndAFailedOneComesBackUntilItIsDead(t *testing.T) {
	w := startQueue(t, events.QueueMapping{})
	w.send(t, "a", "b")
	w.f.answer = func([]string) ([]byte, error) { return nil, errBroken }
	settle(t, w.pump)
	if diff := cmp.Diff([]string{"a b"}, w.f.seen()); diff != "" {
		t.Errorf("before the visibility timeout (-want +got):\n%s", diff)
	}
	w.clock.Advance(time.Minute)
	settle(t, w.pump)
	w.clock.Advance(time.Minute)
	settle(t, w.pump)
	if diff := cmp.Diff([]string{"a b", "a b"}, w.f.seen()); diff != "" {
		t.Errorf("a message received twice is dead (-want +got):\n%s", diff)
	}
	if visible, _ := w.queues.Depth("parked"); visible != 2 {
		t.Errorf("%d dead letters", visible)
	}
	w.f.answer = nil
	w.send(t, "c")
	settle(t, w.pump)
	if visible, hidden := w.queues.Depth("work"); visible+hidden != 0 {
		t.Error("a handled message is still there")
	}
}

func TestOnlyTheReportedMessagesComeBack(t *testing.T) {
	w := startQueue(t, events.QueueMapping{ReportFailures: true})
	w.send(t, "a", "b", "c")
	w.f.answer = func(keys []string) ([]byte, error) {
		var event lambdaevents.SQSEvent
		json.Unmarshal(w.f.payloads[len(w.f.payloads)-1], &event)
		var failed []string
		for _, r := range event.Records {
			if r.Body == "b" {
				failed = append(failed, r.MessageId)
			}
		}
		return reports(failed...), nil
	}
	settle(t, w.pump)
	w.clock.Advance(time.Minute)
	settle(t, w.pump)
	if diff := cmp.Diff([]string{"a b c", "b"}, w.f.seen()); diff != "" {
		t.Errorf("batches (-want +got):\n%s", diff)
	}
	want := map[string]int64{"invocations": 2, "failures": 2, "messages": 2, "failed": 2, "passed over": 0}
	if diff := cmp.Diff(want, w.pump.Metrics()); diff != "" {
		t.Errorf("metrics (-want +got):\n%s", diff)
	}
}

func TestBatchesOfAQueue(t *testing.T) {
	w := startQueue(t, events.QueueMapping{BatchSize: 12, Match: func(r []byte) bool { return !strings.Contains(string(r), `"body":{"skip":true}`) }})
	w.send(t, `{"skip": true}`)
	var want []string
	for i := range 14 {
		body := fmt.Sprintf("%02d", i)
		w.send(t, body)
		want = append(want, body)
	}
	settle(t, w.pump)
	if diff := cmp.Diff([]string{strings.Join(want[:11], " "), strings.Join(want[11:], " ")}, w.f.seen()); diff != "" {
		t.Errorf("batches of twelve, one of them filtered out (-want +got):\n%s", diff)
	}
	if visible, hidden := w.queues.Depth("work"); visible+hidden != 0 {
		t.Error("a message filtered out is still there")
	}
}

func TestTheQueueEventIsWhatLambdaSends(t *testing.T) {
	w := startQueue(t, events.QueueMapping{})
	sent, err := w.client.SendMessage(t.Context(), &sqsclient.SendMessageInput{QueueUrl: aws.String("work"), MessageBody: aws.String("x=1&y=<2>"), MessageAttributes: map[string]sqstypes.MessageAttributeValue{
		"kind": {DataType: aws.String("String"), StringValue: aws.String("form")},
	}})
	if err != nil {
		t.Fatal(err)
	}
	settle(t, w.pump)
	var got map[string][]map[string]any
	if err := json.Unmarshal(w.f.payloads[0], &got); err != nil {
		t.Fatal(err)
	}
	if handle, _ := got["Records"][0]["receiptHandle"].(string); handle == "" {
		t.Error("no receipt handle")
	}
	delete(got["Records"][0], "receiptHandle")
	want := map[string][]map[string]any{"Records": {{
		"messageId": *sent.MessageId, "body": "x=1&y=<2>", "md5OfBody": *sent.MD5OfMessageBody, "md5OfMessageAttributes": *sent.MD5OfMessageAttributes,
		"attributes":        map[string]any{"SenderId": "000000000000", "SentTimestamp": "1772971200000", "ApproximateFirstReceiveTimestamp": "1772971200000", "ApproximateReceiveCount": "1"},
		"messageAttributes": map[string]any{"kind": map[string]any{"stringValue": "form", "stringListValues": []any{}, "binaryListValues": []any{}, "dataType": "String"}},
		"eventSource":       "aws:sqs", "eventSourceARN": w.queues.ARN("work"), "awsRegion": "us-east-1",
	}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("event (-want +got):\n%s", diff)
	}
}

func TestAQueueRunsOnArrivalsAndOnTheClock(t *testing.T) {
	w := startQueue(t, events.QueueMapping{})
	w.f.invoked = make(chan struct{})
	w.queues.OnArrival(func(queue string) {
		if queue == "work" {
			w.pump.Notify()
		}
	})
	w.f.answer = func([]string) ([]byte, error) { return nil, errBroken }
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		w.pump.Run(ctx, func(err error) { t.Error(err) })
	}()
	w.send(t, "a")
	<-w.f.invoked
	w.clock.Advance(time.Minute)
	<-w.f.invoked
	cancel()
	<-ended
	if diff := cmp.Diff([]string{"a", "a"}, w.f.seen()); diff != "" {
		t.Errorf("batches (-want +got):\n%s", diff)
	}
	if w.clock.Waiting() != 0 {
		t.Error("a timer stayed behind")
	}
}

// tick runs schedules and records the event's time of each.
type tick struct {
	events []map[string]any
	raw    []string
	broken bool
}

func (f *tick) Invoke(_ context.Context, _ string, payload []byte) ([]byte, error) {
	f.raw = append(f.raw, string(payload))
	var event map[string]any
	json.Unmarshal(payload, &event)
	f.events = append(f.events, event)
	if f.broken {
		return nil, errBroken
	}
	return nil, nil
}

func (f *tick) times() []string {
	var all []string
	for _, e := range f.events {
		all = append(all, e["time"].(string))
	}
	return all
}

func TestSchedulesFireByTheClock(t *testing.T) {
	type step struct {
		by   time.Duration
		want []string // all firings so far
	}
	for name, row := range map[string]struct {
		expression string
		steps      []step
	}{
		"every minute": {"rate(1 minute)", []step{{0, nil}, {59 * time.Second, nil}, {time.Second, []string{"12:01:00"}}, {time.Minute, []string{"12:01:00", "12:02:00"}}}},
		"a jump over many fires once, for the last": {"rate(5 minutes)", []step{{63 * time.Minute, []string{"13:00:00"}}, {2 * time.Minute, []string{"13:00:00", "13:05:00"}}}},
		"a clock set back fires again from there":   {"rate(1 hour)", []step{{-90 * time.Minute, nil}, {30 * time.Minute, []string{"11:00:00"}}}},
		"hours and days":                               {"rate(2 days)", []step{{47 * time.Hour, nil}, {time.Hour, []string{"12:00:00"}}}},
		"every quarter of an hour by cron":             {"cron(0/15 * * * ? *)", []step{{14 * time.Minute, nil}, {time.Minute, []string{"12:15:00"}}}},
		"a cron's last firing of a jump":               {"cron(0/15 * * * ? *)", []step{{8 * time.Hour, []string{"20:00:00"}}}},
		"a cron's last firing of a long jump":          {"cron(30 10 * * ? *)", []step{{100 * 24 * time.Hour, []string{"10:30:00"}}}},
		"on weekdays at ten, which this Sunday is not": {"cron(0 10 ? * MON-FRI *)", []step{{12 * time.Hour, nil}, {10 * time.Hour, []string{"10:00:00"}}}},
		"on the first of some months":                  {"cron(5 0 1 APR,6 ? *)", []step{{23 * 24 * time.Hour, nil}, {24 * time.Hour, []string{"00:05:00"}}}},
		"a year that is over":                          {"cron(0 0 1 1 ? 2025)", []step{{1000 * 24 * time.Hour, nil}}},
		"a leap day":                                   {"cron(0 0 29 2 ? *)", []step{{700 * 24 * time.Hour, nil}, {24 * 24 * time.Hour, []string{"00:00:00"}}}},
	} {
		t.Run(name, func(t *testing.T) {
			c := heldClock()
			f := &tick{}
			s, err := events.NewSchedules(events.ScheduleOptions{Clock: c, Region: "us-east-1", Account: "000000000000", Invoker: f},
				events.Schedule{Name: "sweep", Expression: row.expression, Function: "outbox"})
			if err != nil {
				t.Fatal(err)
			}
			for _, step := range row.steps {
				c.Advance(step.by)
				settle(t, s)
				settle(t, s)
				var got []string
				for _, at := range f.times() {
					got = append(got, at[11:19])
				}
				if diff := cmp.Diff(step.want, got); diff != "" {
					t.Fatalf("at %v (-want +got):\n%s", c.Now(), diff)
				}
			}
		})
	}
}

func TestTheScheduledEventIsWhatEventBridgeSends(t *testing.T) {
	c := heldClock()
	f := &tick{}
	s, err := events.NewSchedules(events.ScheduleOptions{Clock: c, Region: "us-east-1", Account: "000000000000", Invoker: f},
		events.Schedule{Name: "sweep", Expression: "rate(1 minute)", Function: "outbox"},
		events.Schedule{Name: "own-input", Expression: "rate(1 minute)", Function: "outbox", Input: []byte(`{"do":"reconcile"}`)})
	if err != nil {
		t.Fatal(err)
	}
	c.Advance(90 * time.Second)
	settle(t, s)
	delete(f.events[0], "id")
	want := []map[string]any{
		{"version": "0", "detail-type": "Scheduled Event", "source": "aws.events", "account": "000000000000", "time": "2026-03-08T12:01:00Z", "region": "us-east-1",
			"resources": []any{"arn:aws:events:us-east-1:000000000000:rule/sweep"}, "detail": map[string]any{}},
		{"do": "reconcile"},
	}
	if diff := cmp.Diff(want, f.events); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	if next, ok := s.Next(t.Context()); !ok || !next.Equal(noon.Add(2*time.Minute)) {
		t.Errorf("next at %v, %v", next, ok)
	}
}

func TestAFailingScheduledRunIsTriedThreeTimesAndParked(t *testing.T) {
	c := heldClock()
	queues, client := newQueues(t, c)
	f := &tick{broken: true}
	s, err := events.NewSchedules(events.ScheduleOptions{Clock: c, Invoker: f, Parker: events.QueueParker{Client: client}},
		events.Schedule{Name: "sweep", Expression: "rate(1 minute)", Function: "outbox", DeadLetter: queues.ARN("parked")})
	if err != nil {
		t.Fatal(err)
	}
	c.Advance(time.Minute)
	settle(t, s)
	if diff := cmp.Diff(map[string]int64{"fired": 1, "failures": 3, "parked": 1}, s.Metrics()); diff != "" {
		t.Errorf("metrics (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(slices.Compact(f.raw), receive(t, client, "parked")); diff != "" {
		t.Errorf("parked is the event, the same in each try (-want +got):\n%s", diff)
	}
}

func TestSchedulesRunAndEndWithTheirContext(t *testing.T) {
	c := heldClock()
	f := &function{invoked: make(chan struct{})}
	s, err := events.NewSchedules(events.ScheduleOptions{Clock: c, Invoker: f}, events.Schedule{Name: "sweep", Expression: "rate(1 minute)", Function: "assignment"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.Run(ctx, func(err error) { t.Error(err) })
	}()
	for range 3 {
		c.Advance(time.Minute)
		<-f.invoked
	}
	cancel()
	<-ended
	if c.Waiting() != 0 {
		t.Error("a timer stayed behind")
	}
}

func TestExpressionsThatEventBridgeRefusesAreRefused(t *testing.T) {
	for _, expression := range []string{
		"", "rate", "rate()", "rate(0 minutes)", "rate(1 minutes)", "rate(5 minute)", "rate(1 week)", "rate(1.5 hours)", "rate(5 minutes", "every(5 minutes)",
		"cron(* * * * *)", "cron(0 10 * * * *)", "cron(0 10 ? * ? *)", "cron(60 10 * * ? *)", "cron(0 24 * * ? *)", "cron(0 10 L * ? *)", "cron(0 10 ? * 2#1 *)", "cron(0 10 9-2 * ? *)", "cron(0/0 10 * * ? *)", "cron(? 10 * * ? *)",
	} {
		t.Run(expression, func(t *testing.T) {
			_, err := events.NewSchedules(events.ScheduleOptions{Clock: heldClock()}, events.Schedule{Name: "s", Expression: expression, Function: "f"})
			if err == nil {
				t.Error("accepted")
			}
		})
	}
}
