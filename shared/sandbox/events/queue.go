package events

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"snout/shared/sandbox/clock"
)

// QueueParker parks in SQS queues, as on-failure destinations and dead-letter queues are.
type QueueParker struct{ Client *sqs.Client }

// Park sends body to the queue with this ARN.
func (p QueueParker) Park(ctx context.Context, arn string, body []byte) error {
	url, err := queueURL(ctx, p.Client, arn)
	if err != nil {
		return err
	}
	text := string(body)
	if _, err := p.Client.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: url, MessageBody: &text}); err != nil {
		return fmt.Errorf("send to %s: %w", arn, err)
	}
	return nil
}

func queueURL(ctx context.Context, client *sqs.Client, arn string) (*string, error) {
	name := arn[strings.LastIndexByte(arn, ':')+1:]
	out, err := client.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: &name})
	if err != nil {
		return nil, fmt.Errorf("find queue %s: %w", name, err)
	}
	return out.QueueUrl, nil
}

// QueueMapping is one event source mapping of an SQS queue, as template.yaml describes it.
type QueueMapping struct {
	Name           string
	Function       string
	QueueARN       string
	BatchSize      int               // most messages in an invocation; 0 is Lambda's 10
	Match          func([]byte) bool // of one message's JSON, its body as JSON where it is an object; what does not match is deleted, as Lambda does. nil matches all
	ReportFailures bool
}

// QueueOptions is what a QueuePump works with.
type QueueOptions struct {
	Client      *sqs.Client
	Region      string
	Clock       *clock.Clock
	Invoker     Invoker
	NextVisible func(queue string) (time.Time, bool) // of a queue's name: when a hidden message is receivable again; nil: Run is woken by notices and jumps alone
}

// QueuePump delivers one queue to one function. What fails comes back after the queue's visibility timeout, by the local clock,
// until the queue's redrive policy takes it away.
type QueuePump struct {
	QueueMapping
	o       QueueOptions
	wake    chan struct{}
	pumping chan struct{} // holds one token, taken for a pass
	url     *string       // found at the first pass
	handled atomic.Uint64

	mu    sync.Mutex
	count map[string]int64
}

// NewQueuePump checks the mapping. It calls nobody yet.
func NewQueuePump(m QueueMapping, o QueueOptions) (*QueuePump, error) {
	if m.Name == "" || m.Function == "" || m.QueueARN == "" || m.BatchSize < 0 {
		return nil, fmt.Errorf("queue mapping %q: want a name, a function, a queue and no negative batch size", m.Name)
	}
	if m.BatchSize == 0 {
		m.BatchSize = 10
	}
	p := &QueuePump{QueueMapping: m, o: o, wake: make(chan struct{}, 1), pumping: make(chan struct{}, 1), count: map[string]int64{}}
	p.pumping <- struct{}{}
	return p, nil
}

// Notify says that the queue may have something new. It never blocks.
func (p *QueuePump) Notify() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// Run delivers whenever it is notified or a hidden message's time has come, until ctx ends; failed, if not nil, hears why a pass
// stopped.
func (p *QueuePump) Run(ctx context.Context, failed func(error)) {
	jumps := p.o.Clock.Subscribe()
	defer jumps.Close()
	for {
		if err := p.pass(ctx); err != nil && ctx.Err() == nil && failed != nil {
			failed(err)
		}
		var due <-chan time.Time
		stop := func() bool { return false }
		if p.o.NextVisible != nil {
			if at, ok := p.o.NextVisible(p.queue()); ok {
				timer := p.o.Clock.At(at)
				due, stop = timer.C, timer.Stop
			}
		}
		select {
		case <-ctx.Done():
			stop()
			return
		case <-p.wake:
		case <-jumps.C:
		case <-due:
		}
		stop()
	}
}

func (p *QueuePump) queue() string { return p.QueueARN[strings.LastIndexByte(p.QueueARN, ':')+1:] }

// Settle delivers until nothing is receivable. Messages that failed and are hidden are due later, and not waited for.
func (p *QueuePump) Settle(ctx context.Context) error { return p.pass(ctx) }

// Handled counts messages delivered, failed or not: each may have caused something.
func (p *QueuePump) Handled() uint64 { return p.handled.Load() }

// Metrics counts since start: "invocations", "failures" of them, "messages" handled, "failed", "passed over".
func (p *QueuePump) Metrics() map[string]int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.count)
}

func (p *QueuePump) add(name string, n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.count[name] += int64(n)
}

func (p *QueuePump) pass(ctx context.Context) error {
	select {
	case <-p.pumping:
		defer func() { p.pumping <- struct{}{} }()
	case <-ctx.Done():
		return ctx.Err()
	}
	for {
		batch, err := p.receive(ctx)
		if err == nil && len(batch) > 0 {
			err = p.deliver(ctx, batch)
		}
		if err != nil {
			return fmt.Errorf("queue mapping %s: %w", p.Name, err)
		}
		if len(batch) == 0 {
			return nil
		}
	}
}

// receive gathers a batch from as many calls as it takes: one call gives ten messages at most.
func (p *QueuePump) receive(ctx context.Context) ([]types.Message, error) {
	if p.url == nil {
		url, err := queueURL(ctx, p.o.Client, p.QueueARN)
		if err != nil {
			return nil, err
		}
		p.url = url
	}
	var batch []types.Message
	for len(batch) < p.BatchSize {
		out, err := p.o.Client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
			QueueUrl: p.url, MaxNumberOfMessages: int32(min(10, p.BatchSize-len(batch))),
			MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameAll}, MessageAttributeNames: []string{"All"},
		})
		if err != nil {
			return nil, fmt.Errorf("receive: %w", err)
		}
		if len(out.Messages) == 0 {
			break
		}
		batch = append(batch, out.Messages...)
	}
	return batch, nil
}

// queueRecord is one message of an SQS event, member for member as Lambda writes it.
type queueRecord struct {
	MessageID      string                    `json:"messageId"`
	ReceiptHandle  string                    `json:"receiptHandle"`
	Body           any                       `json:"body"`
	Attributes     map[string]string         `json:"attributes"`
	MessageAttrs   map[string]queueAttribute `json:"messageAttributes"`
	MD5OfMessage   string                    `json:"md5OfMessageAttributes,omitempty"`
	MD5OfBody      string                    `json:"md5OfBody"`
	EventSource    string                    `json:"eventSource"`
	EventSourceARN string                    `json:"eventSourceARN"`
	AWSRegion      string                    `json:"awsRegion"`
}

type queueAttribute struct {
	StringValue      *string  `json:"stringValue,omitempty"`
	BinaryValue      []byte   `json:"binaryValue,omitempty"`
	StringListValues []string `json:"stringListValues"`
	BinaryListValues [][]byte `json:"binaryListValues"`
	DataType         string   `json:"dataType"`
}

func (p *QueuePump) record(m types.Message) queueRecord {
	attrs := make(map[string]queueAttribute, len(m.MessageAttributes))
	for name, a := range m.MessageAttributes {
		attrs[name] = queueAttribute{a.StringValue, a.BinaryValue, []string{}, [][]byte{}, value(a.DataType)}
	}
	return queueRecord{
		MessageID: value(m.MessageId), ReceiptHandle: value(m.ReceiptHandle), Body: value(m.Body), Attributes: m.Attributes, MessageAttrs: attrs,
		MD5OfMessage: value(m.MD5OfMessageAttributes), MD5OfBody: value(m.MD5OfBody), EventSource: "aws:sqs", EventSourceARN: p.QueueARN, AWSRegion: p.o.Region,
	}
}

// matches shows the filter the message with a JSON body opened, since that is what patterns on a body are written against.
func (p *QueuePump) matches(r queueRecord) (bool, error) {
	if p.Match == nil {
		return true, nil
	}
	var object map[string]any
	if text := r.Body.(string); json.Unmarshal([]byte(text), &object) == nil {
		r.Body = json.RawMessage(text)
	}
	raw, err := json.Marshal(r)
	return err == nil && p.Match(raw), err
}

func (p *QueuePump) deliver(ctx context.Context, batch []types.Message) error {
	var records []queueRecord
	var gone []types.Message // to delete: passed over or handled
	at := map[string]int{}
	sent := map[string]types.Message{}
	for _, m := range batch {
		r := p.record(m)
		match, err := p.matches(r)
		if err != nil {
			return err
		}
		if !match {
			gone = append(gone, m)
			continue
		}
		at[r.MessageID] = len(records)
		sent[r.MessageID] = m
		records = append(records, r)
	}
	p.add("passed over", len(gone))
	if len(records) > 0 {
		payload, err := json.Marshal(map[string]any{"Records": records})
		if err != nil {
			return err
		}
		p.add("invocations", 1)
		answer, err := p.o.Invoker.Invoke(ctx, p.Function, payload)
		if stopped := ctx.Err(); stopped != nil {
			return stopped
		}
		failed, ok := []string(nil), err == nil
		if ok && p.ReportFailures {
			failed, ok = failures(answer, at)
		}
		if ok {
			for _, id := range failed {
				delete(sent, id)
			}
			for _, m := range sent {
				gone = append(gone, m)
			}
		} else {
			clear(sent)
		}
		if len(sent) < len(records) {
			p.add("failures", 1)
		}
		p.add("messages", len(sent))
		p.add("failed", len(records)-len(sent))
	}
	if err := p.delete(ctx, gone); err != nil {
		return err
	}
	p.handled.Add(uint64(len(batch)))
	return nil
}

func (p *QueuePump) delete(ctx context.Context, messages []types.Message) error {
	for len(messages) > 0 {
		n := min(10, len(messages))
		entries := make([]types.DeleteMessageBatchRequestEntry, n)
		for i, m := range messages[:n] {
			id := strconv.Itoa(i)
			entries[i] = types.DeleteMessageBatchRequestEntry{Id: &id, ReceiptHandle: m.ReceiptHandle}
		}
		out, err := p.o.Client.DeleteMessageBatch(ctx, &sqs.DeleteMessageBatchInput{QueueUrl: p.url, Entries: entries})
		if err != nil {
			return fmt.Errorf("delete: %w", err)
		}
		if len(out.Failed) > 0 {
			return errors.New("delete: the queue refused " + value(out.Failed[0].Code))
		}
		messages = messages[n:]
	}
	return nil
}
