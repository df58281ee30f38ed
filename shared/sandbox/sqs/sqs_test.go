package sqs_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.uber.org/goleak"

	"snout/shared/sandbox/clock"
	"snout/shared/sandbox/sqs"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 3, 8, 12, 0, 0, 0, time.UTC)

var queues = []sqs.Queue{
	{Name: "work", Visibility: time.Minute, DeadLetter: "dead", MaxReceive: 2},
	{Name: "slow", Delay: 5 * time.Minute},
	{Name: "dead", Retention: 14 * 24 * time.Hour},
}

type world struct {
	*client.Client
	service *sqs.Service
	clock   *clock.Clock
	url     string
}

func start(t *testing.T, dir string) world {
	t.Helper()
	c := clock.New(func() time.Time { return noon })
	c.Hold(true)
	service, err := sqs.New(sqs.Options{Clock: c, Region: "us-east-1", Account: "000000000000", Dir: dir, Queues: queues})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(service)
	t.Cleanup(srv.Close)
	return world{client.New(client.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(srv.URL), HTTPClient: srv.Client(),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
		}),
	}), service, c, srv.URL + "/000000000000/"}
}

func (w world) send(t *testing.T, queue, body string) {
	t.Helper()
	url := w.url + queue
	if _, err := w.SendMessage(t.Context(), &client.SendMessageInput{QueueUrl: &url, MessageBody: &body}); err != nil {
		t.Fatal(err)
	}
}

func (w world) receive(t *testing.T, queue string) []types.Message {
	t.Helper()
	url := w.url + queue
	out, err := w.ReceiveMessage(t.Context(), &client.ReceiveMessageInput{
		QueueUrl: &url, MaxNumberOfMessages: 10, MessageSystemAttributeNames: []types.MessageSystemAttributeName{"All"}, MessageAttributeNames: []string{"All"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.Messages
}

func bodies(messages []types.Message) []string {
	var all []string
	for _, m := range messages {
		all = append(all, *m.Body)
	}
	slices.Sort(all)
	return all
}

func (w world) attributes(t *testing.T, queue string, names ...types.QueueAttributeName) map[string]string {
	t.Helper()
	url := w.url + queue
	out, err := w.GetQueueAttributes(t.Context(), &client.GetQueueAttributesInput{QueueUrl: &url, AttributeNames: names})
	if err != nil {
		t.Fatal(err)
	}
	return out.Attributes
}

func TestAMessageArrivesAsItWasSent(t *testing.T) {
	w := start(t, "")
	found, err := w.GetQueueUrl(t.Context(), &client.GetQueueUrlInput{QueueName: aws.String("work")})
	if err != nil {
		t.Fatal(err)
	}
	body := "a <form>&=%20 line\n🐕"
	sent, err := w.SendMessage(t.Context(), &client.SendMessageInput{QueueUrl: found.QueueUrl, MessageBody: &body, MessageAttributes: map[string]types.MessageAttributeValue{
		"kind":  {DataType: aws.String("String"), StringValue: aws.String("form")},
		"bytes": {DataType: aws.String("Binary.png"), BinaryValue: []byte{0, 1, 255}},
		"count": {DataType: aws.String("Number"), StringValue: aws.String("3")},
	}})
	if err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(time.Second)
	got := w.receive(t, "work")
	if len(got) != 1 {
		t.Fatalf("received %d messages", len(got))
	}
	want := types.Message{
		MessageId: sent.MessageId, Body: &body, MD5OfBody: sent.MD5OfMessageBody,
		// computed outside this program
		MD5OfMessageAttributes: aws.String("8cc0f9c98d8c44eaa39939e3637ac81d"),
		Attributes: map[string]string{
			"SenderId": "000000000000", "SentTimestamp": "1772971200000", "ApproximateFirstReceiveTimestamp": "1772971201000", "ApproximateReceiveCount": "1",
		},
		MessageAttributes: map[string]types.MessageAttributeValue{
			"kind":  {DataType: aws.String("String"), StringValue: aws.String("form")},
			"bytes": {DataType: aws.String("Binary.png"), BinaryValue: []byte{0, 1, 255}},
			"count": {DataType: aws.String("Number"), StringValue: aws.String("3")},
		},
	}
	if diff := cmp.Diff(want, got[0], cmpopts.IgnoreUnexported(types.Message{}, types.MessageAttributeValue{}), cmpopts.IgnoreFields(types.Message{}, "ReceiptHandle")); diff != "" {
		t.Errorf("message (-want +got):\n%s", diff)
	}
}

func TestAReceivedMessageIsHiddenUntilItsTimeIsOver(t *testing.T) {
	w := start(t, "")
	w.send(t, "work", "one")
	first := w.receive(t, "work")
	w.clock.Advance(59 * time.Second)
	if got := w.receive(t, "work"); len(got) != 0 {
		t.Fatalf("a hidden message was handed out: %v", bodies(got))
	}
	if at, ok := w.service.NextVisible("work"); !ok || !at.Equal(noon.Add(time.Minute)) {
		t.Errorf("next visible at %v, %v", at, ok)
	}
	w.clock.Advance(time.Second)
	second := w.receive(t, "work")
	if diff := cmp.Diff([]string{"one"}, bodies(second)); diff != "" {
		t.Fatalf("after the visibility timeout (-want +got):\n%s", diff)
	}
	if second[0].Attributes["ApproximateReceiveCount"] != "2" {
		t.Errorf("receive count is %s", second[0].Attributes["ApproximateReceiveCount"])
	}
	url := w.url + "work"
	if _, err := w.DeleteMessage(t.Context(), &client.DeleteMessageInput{QueueUrl: &url, ReceiptHandle: first[0].ReceiptHandle}); err != nil {
		t.Errorf("deleting with an older receipt is answered with success: %v", err)
	}
	if visible, hidden := w.service.Depth("work"); visible != 0 || hidden != 1 {
		t.Errorf("an older receipt deleted the message: %d visible, %d hidden", visible, hidden)
	}
	if _, err := w.DeleteMessage(t.Context(), &client.DeleteMessageInput{QueueUrl: &url, ReceiptHandle: second[0].ReceiptHandle}); err != nil {
		t.Fatal(err)
	}
	if visible, hidden := w.service.Depth("work"); visible+hidden != 0 {
		t.Error("a deleted message is still there")
	}
}

func TestAMessageReceivedTooOftenGoesToTheDeadLetterQueue(t *testing.T) {
	w := start(t, "")
	w.send(t, "work", "poison")
	for range 2 {
		if got := w.receive(t, "work"); len(got) != 1 {
			t.Fatalf("received %d messages, want 1", len(got))
		}
		w.clock.Advance(time.Minute)
	}
	if got := w.receive(t, "work"); len(got) != 0 {
		t.Fatal("a message was received more often than the redrive policy allows")
	}
	dead := w.receive(t, "dead")
	if diff := cmp.Diff([]string{"poison"}, bodies(dead)); diff != "" {
		t.Fatalf("dead letters (-want +got):\n%s", diff)
	}
	want := map[string]string{
		"SenderId": "000000000000", "SentTimestamp": "1772971200000", "ApproximateFirstReceiveTimestamp": "1772971200000",
		"ApproximateReceiveCount": "1", "DeadLetterQueueSourceArn": "arn:aws:sqs:us-east-1:000000000000:work",
	}
	if diff := cmp.Diff(want, dead[0].Attributes); diff != "" {
		t.Errorf("its attributes (-want +got):\n%s", diff)
	}
}

func TestVisibilityCanBeChangedWhileAMessageIsInFlight(t *testing.T) {
	w := start(t, "")
	w.send(t, "work", "one")
	got := w.receive(t, "work")
	url := w.url + "work"
	change := func(seconds int32) error {
		_, err := w.ChangeMessageVisibility(t.Context(), &client.ChangeMessageVisibilityInput{QueueUrl: &url, ReceiptHandle: got[0].ReceiptHandle, VisibilityTimeout: seconds})
		return err
	}
	if err := change(600); err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(599 * time.Second)
	if len(w.receive(t, "work")) != 0 {
		t.Error("the longer time was not kept")
	}
	if err := change(0); err != nil {
		t.Fatal(err)
	}
	var inFlight *types.MessageNotInflight
	if err := change(10); !errors.As(err, &inFlight) {
		t.Errorf("got %v, want that the message is not in flight", err)
	}
	if len(w.receive(t, "work")) != 1 {
		t.Error("the message given back is not there")
	}
}

func TestDelayAndRetentionFollowTheClock(t *testing.T) {
	w := start(t, "")
	w.send(t, "slow", "later")
	count := func() map[string]string {
		return w.attributes(t, "slow", "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesDelayed", "ApproximateNumberOfMessagesNotVisible")
	}
	counts := func(visible, delayed, flying string) map[string]string {
		return map[string]string{"ApproximateNumberOfMessages": visible, "ApproximateNumberOfMessagesDelayed": delayed, "ApproximateNumberOfMessagesNotVisible": flying}
	}
	if diff := cmp.Diff(counts("0", "1", "0"), count()); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
	w.clock.Advance(5 * time.Minute)
	if diff := cmp.Diff(counts("1", "0", "0"), count()); diff != "" {
		t.Errorf("after the delay (-want +got):\n%s", diff)
	}
	w.receive(t, "slow")
	if diff := cmp.Diff(counts("0", "0", "1"), count()); diff != "" {
		t.Errorf("received (-want +got):\n%s", diff)
	}
	w.clock.Advance(4 * 24 * time.Hour)
	if diff := cmp.Diff(counts("0", "0", "0"), count()); diff != "" {
		t.Errorf("after four days (-want +got):\n%s", diff)
	}
}

func TestAQueueDescribesItself(t *testing.T) {
	w := start(t, "")
	want := map[string]string{
		"QueueArn": "arn:aws:sqs:us-east-1:000000000000:work", "VisibilityTimeout": "60", "DelaySeconds": "0", "MessageRetentionPeriod": "345600",
		"MaximumMessageSize": "1048576", "ReceiveMessageWaitTimeSeconds": "0",
		"ApproximateNumberOfMessages": "0", "ApproximateNumberOfMessagesDelayed": "0", "ApproximateNumberOfMessagesNotVisible": "0",
		"RedrivePolicy": `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":2}`,
	}
	if diff := cmp.Diff(want, w.attributes(t, "work", "All")); diff != "" {
		t.Errorf("attributes (-want +got):\n%s", diff)
	}
	listed, err := w.ListQueues(t.Context(), &client.ListQueuesInput{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{w.url + "dead", w.url + "slow", w.url + "work"}, listed.QueueUrls); diff != "" {
		t.Errorf("queues (-want +got):\n%s", diff)
	}
}

func TestBatchesTellEachEntrysFate(t *testing.T) {
	w := start(t, "")
	url := w.url + "work"
	sent, err := w.SendMessageBatch(t.Context(), &client.SendMessageBatchInput{QueueUrl: &url, Entries: []types.SendMessageBatchRequestEntry{
		{Id: aws.String("a"), MessageBody: aws.String("one")},
		{Id: aws.String("b"), MessageBody: aws.String("bad \x00")},
		{Id: aws.String("c"), MessageBody: aws.String("three")},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if len(sent.Successful) != 2 || len(sent.Failed) != 1 || *sent.Failed[0].Id != "b" || *sent.Failed[0].Code != "InvalidMessageContents" || !sent.Failed[0].SenderFault {
		t.Errorf("sent %d, failed %+v", len(sent.Successful), sent.Failed)
	}
	got := w.receive(t, "work")
	if diff := cmp.Diff([]string{"one", "three"}, bodies(got)); diff != "" {
		t.Fatalf("received (-want +got):\n%s", diff)
	}
	gone, err := w.DeleteMessageBatch(t.Context(), &client.DeleteMessageBatchInput{QueueUrl: &url, Entries: []types.DeleteMessageBatchRequestEntry{
		{Id: aws.String("a"), ReceiptHandle: got[0].ReceiptHandle}, {Id: aws.String("b"), ReceiptHandle: aws.String("nonsense")},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if len(gone.Successful) != 1 || *gone.Successful[0].Id != "a" || len(gone.Failed) != 1 || *gone.Failed[0].Code != "ReceiptHandleIsInvalid" {
		t.Errorf("deleted %+v, failed %+v", gone.Successful, gone.Failed)
	}
	if visible, hidden := w.service.Depth("work"); visible+hidden != 1 {
		t.Errorf("%d messages left, want 1", visible+hidden)
	}
}

func TestWhatAWSRefusesIsRefusedInItsWords(t *testing.T) {
	w := start(t, "")
	work, none := w.url+"work", w.url+"none"
	send := func(url, body string, delay int32) error {
		_, err := w.SendMessage(t.Context(), &client.SendMessageInput{QueueUrl: &url, MessageBody: &body, DelaySeconds: delay})
		return err
	}
	batch := func(ids ...string) error {
		entries := []types.SendMessageBatchRequestEntry{}
		for _, id := range ids {
			entries = append(entries, types.SendMessageBatchRequestEntry{Id: &id, MessageBody: aws.String("x")})
		}
		_, err := w.SendMessageBatch(t.Context(), &client.SendMessageBatchInput{QueueUrl: &work, Entries: entries})
		return err
	}
	_, noHandle := w.DeleteMessage(t.Context(), &client.DeleteMessageInput{QueueUrl: &work, ReceiptHandle: aws.String("nonsense")})
	_, eleven := w.ReceiveMessage(t.Context(), &client.ReceiveMessageInput{QueueUrl: &work, MaxNumberOfMessages: 11})
	_, purge := w.PurgeQueue(t.Context(), &client.PurgeQueueInput{QueueUrl: &work})
	_, group := w.SendMessage(t.Context(), &client.SendMessageInput{QueueUrl: &work, MessageBody: aws.String("x"), MessageGroupId: aws.String("g")})
	for name, row := range map[string]struct {
		err  error
		code string
		as   any
	}{
		"a queue that is not there":                   {send(none, "x", 0), "AWS.SimpleQueueService.NonExistentQueue", new(*types.QueueDoesNotExist)},
		"a body with a control character":             {send(work, "a\x01", 0), "InvalidMessageContents", new(*types.InvalidMessageContents)},
		"a body over 1 MiB":                           {send(work, strings.Repeat("x", 1<<20+1), 0), "InvalidParameterValue", nil},
		"a delay over 15 minutes":                     {send(work, "x", 901), "InvalidParameterValue", nil},
		"an empty batch":                              {batch(), "AWS.SimpleQueueService.EmptyBatchRequest", new(*types.EmptyBatchRequest)},
		"the same id twice in a batch":                {batch("a", "a"), "AWS.SimpleQueueService.BatchEntryIdsNotDistinct", new(*types.BatchEntryIdsNotDistinct)},
		"eleven entries":                              {batch(strings.Split("abcdefghijk", "")...), "AWS.SimpleQueueService.TooManyEntriesInBatchRequest", new(*types.TooManyEntriesInBatchRequest)},
		"a receipt handle that is none":               {noHandle, "ReceiptHandleIsInvalid", new(*types.ReceiptHandleIsInvalid)},
		"eleven messages at once":                     {eleven, "InvalidParameterValue", nil},
		"an operation that the sandbox does not have": {purge, "UnknownOperationException", nil},
		"an option that the sandbox does not have":    {group, "ValidationException", nil},
	} {
		t.Run(name, func(t *testing.T) {
			var api smithy.APIError
			if !errors.As(row.err, &api) || api.ErrorCode() != row.code {
				t.Fatalf("got %v, want %s", row.err, row.code)
			}
			if row.as != nil && !errors.As(row.err, row.as) {
				t.Errorf("the SDK does not know %v as a %T", row.err, row.as)
			}
		})
	}
	if visible, hidden := w.service.Depth("work"); visible+hidden != 0 {
		t.Error("a refused call left a message")
	}
}

func TestALongPollEndsWithAMessageOrWithItsTime(t *testing.T) {
	w := start(t, "")
	url := w.url + "work"
	poll := func() <-chan []string {
		got := make(chan []string, 1)
		go func() {
			out, err := w.ReceiveMessage(t.Context(), &client.ReceiveMessageInput{QueueUrl: &url, WaitTimeSeconds: 20})
			if err != nil {
				t.Error(err)
				got <- nil
				return
			}
			got <- bodies(out.Messages)
		}()
		for w.clock.Waiting() == 0 { // until the service waits
			runtime.Gosched()
		}
		return got
	}
	waiting := poll()
	w.send(t, "work", "one")
	if diff := cmp.Diff([]string{"one"}, <-waiting); diff != "" {
		t.Errorf("a message came (-want +got):\n%s", diff)
	}
	for w.clock.Waiting() != 0 {
		runtime.Gosched()
	}
	waiting = poll()
	w.clock.Advance(20 * time.Second)
	if got := <-waiting; got != nil {
		t.Errorf("time over, received %v", got)
	}
}

func TestArrivalsAreTold(t *testing.T) {
	w := start(t, "")
	var told []string
	w.service.OnArrival(func(queue string) { told = append(told, queue) })
	w.send(t, "work", "one")
	w.send(t, "dead", "two")
	if diff := cmp.Diff([]string{"work", "dead"}, told); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

func TestNothingIsLostOverARestart(t *testing.T) {
	dir := t.TempDir()
	w := start(t, dir)
	for _, body := range []string{"waits", "in flight", "done"} {
		w.send(t, "work", body)
	}
	url := w.url + "work"
	for _, m := range w.receive(t, "work") {
		switch *m.Body {
		case "waits":
			w.ChangeMessageVisibility(t.Context(), &client.ChangeMessageVisibilityInput{QueueUrl: &url, ReceiptHandle: m.ReceiptHandle})
		case "done":
			w.DeleteMessage(t.Context(), &client.DeleteMessageInput{QueueUrl: &url, ReceiptHandle: m.ReceiptHandle})
		}
	}
	if err := w.service.Close(); err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(dir, "queues.jsonl")
	f, err := os.OpenFile(log, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	f.WriteString(`{"Queue":"work","Message":{"ID":"cut o`) // as a killed process leaves it
	f.Close()

	w = start(t, dir)
	if diff := cmp.Diff([]string{"waits"}, bodies(w.receive(t, "work"))); diff != "" {
		t.Errorf("receivable after the restart (-want +got):\n%s", diff)
	}
	w.clock.Advance(time.Minute)
	if diff := cmp.Diff([]string{"in flight"}, bodies(w.receive(t, "work"))); diff != "" {
		t.Errorf("receivable a minute later (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"waits"}, bodies(w.receive(t, "dead"))); diff != "" { // its second receipt was the last allowed
		t.Errorf("dead letters (-want +got):\n%s", diff)
	}
	w.service.Close()

	w = start(t, dir) // the move to the dead-letter queue is kept too
	w.clock.Advance(time.Hour)
	if diff := cmp.Diff([][]string{nil, {"in flight", "waits"}}, [][]string{bodies(w.receive(t, "work")), bodies(w.receive(t, "dead"))}); diff != "" {
		t.Errorf("work and dead letters (-want +got):\n%s", diff)
	}
	w.service.Close()

	raw, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(log, append([]byte("{broken\n"), raw...), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := sqs.New(sqs.Options{Clock: w.clock, Dir: dir, Queues: queues}); err == nil {
		t.Error("a damaged log was opened, and would have been overwritten")
	}
}

func TestQueuesThatCannotBeAreRefused(t *testing.T) {
	for name, all := range map[string][]sqs.Queue{
		"a FIFO queue":                          {{Name: "a.fifo"}},
		"the same name twice":                   {{Name: "a"}, {Name: "a"}},
		"no name":                               {{}},
		"a dead-letter queue that is not there": {{Name: "a", DeadLetter: "b", MaxReceive: 3}},
		"a dead-letter queue without a number":  {{Name: "a", DeadLetter: "b"}, {Name: "b"}},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := sqs.New(sqs.Options{Clock: clock.New(time.Now), Queues: all}); err == nil {
				t.Error("accepted")
			}
		})
	}
}
