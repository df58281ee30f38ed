// Package sqs is the local queue service: standard queues behind the protocol the real SQS client and the AWS CLI speak, with
// visibility by the local clock, redrive to a dead-letter queue, and a log on disk.
//
// It must never lose a message that SendMessage has acknowledged, nor hand one out while it is invisible. As with AWS's standard
// queues nobody may count on order.
package sqs

import (
	"cmp"
	"context"
	"crypto/md5"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"snout/shared/sandbox/awsjson"
	"snout/shared/sandbox/clock"
)

// AWS's limits.
const (
	maxBody       = 1 << 20 // bytes of a message, and of a batch
	maxBatch      = 10
	maxVisibility = 12 * time.Hour
	maxDelay      = 15 * time.Minute
	maxWait       = 20 * time.Second
)

// Queue describes one queue, as template.yaml does.
type Queue struct {
	Name       string
	Visibility time.Duration // how long a received message is hidden; 0 is AWS's default of 30 seconds
	Delay      time.Duration // how long a sent message is hidden
	Retention  time.Duration // 0 is AWS's default of 4 days
	DeadLetter string        // name of the queue that messages received too often go to; "" for none
	MaxReceive int           // how often a message may be received before it goes there
}

// Service is the queues of one account and region.
type Service struct {
	*awsjson.Service
	clock           *clock.Clock
	region, account string

	mu     sync.Mutex
	queues map[string]*queue
	log    *journal // nil in memory
	notify []func(queue string)
}

type queue struct {
	Queue
	messages map[string]*message
	order    uint64        // of the last message that came
	arrived  chan struct{} // closed and replaced at each arrival: wakes long polls
}

type message struct {
	ID       string
	Order    uint64 // of arrival, for a fair pick among the visible
	Body     string
	Attrs    map[string]attribute `json:",omitempty"`
	Sent     time.Time
	Visible  time.Time // from when on
	First    time.Time // first receipt
	Received int
	From     string `json:",omitempty"` // the queue it was redriven from
	handle   string // of the last receipt; "" when not in flight
}

type attribute struct {
	DataType    string
	StringValue *string `json:",omitempty"`
	BinaryValue []byte  `json:",omitempty"`
}

// Options of New.
type Options struct {
	Clock           *clock.Clock
	Region, Account string
	Dir             string // where the messages are kept between runs; "" keeps them in memory
	Queues          []Queue
}

// New opens the queues. With a Dir, what an earlier run left is there again, received messages visible after their time.
func New(o Options) (*Service, error) {
	s := &Service{clock: o.Clock, region: o.Region, account: o.Account, queues: map[string]*queue{}}
	for _, q := range o.Queues {
		if q.Name == "" || strings.HasSuffix(q.Name, ".fifo") || s.queues[q.Name] != nil {
			return nil, fmt.Errorf("queue %q: want a name of its own, and no FIFO queue", q.Name)
		}
		if q.Visibility == 0 {
			q.Visibility = 30 * time.Second
		}
		if q.Retention == 0 {
			q.Retention = 4 * 24 * time.Hour
		}
		s.queues[q.Name] = &queue{Queue: q, messages: map[string]*message{}, arrived: make(chan struct{})}
	}
	for _, q := range s.queues {
		if q.DeadLetter != "" && (s.queues[q.DeadLetter] == nil || q.MaxReceive < 1) {
			return nil, fmt.Errorf("queue %q: its dead-letter queue must exist and its maximum receive count be 1 or more", q.Name)
		}
	}
	if o.Dir != "" {
		var err error
		if s.log, err = openJournal(o.Dir, s.queues); err != nil {
			return nil, fmt.Errorf("open queues: %w", err)
		}
	}
	s.Service = awsjson.New("AmazonSQS", "1.0", map[string]awsjson.Operation{
		"GetQueueUrl":             awsjson.Op(s.getQueueURL),
		"ListQueues":              awsjson.Op(s.listQueues),
		"GetQueueAttributes":      awsjson.Op(s.getQueueAttributes),
		"SendMessage":             awsjson.Op(s.sendMessage),
		"SendMessageBatch":        awsjson.Op(s.sendMessageBatch),
		"ReceiveMessage":          awsjson.Op(s.receiveMessage),
		"DeleteMessage":           awsjson.Op(s.deleteMessage),
		"DeleteMessageBatch":      awsjson.Op(s.deleteMessageBatch),
		"ChangeMessageVisibility": awsjson.Op(s.changeMessageVisibility),
	})
	return s, nil
}

// Close ends the log. Calls after it are refused.
func (s *Service) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.close()
}

// OnArrival calls f with a queue's name whenever a message may have become receivable there, other than by time passing. f must
// not block.
func (s *Service) OnArrival(f func(queue string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.notify = append(s.notify, f)
}

// ARN is a queue's ARN.
func (s *Service) ARN(queue string) string {
	return fmt.Sprintf("arn:aws:sqs:%s:%s:%s", s.region, s.account, queue)
}

// NextVisible is the instant at which a hidden message of the queue will be receivable, if there is one.
func (s *Service) NextVisible(name string) (time.Time, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.queues[name]
	if q == nil {
		return time.Time{}, false
	}
	now := s.clock.Now()
	var next time.Time
	for _, m := range q.messages {
		if m.Visible.After(now) && (next.IsZero() || m.Visible.Before(next)) {
			next = m.Visible
		}
	}
	return next, !next.IsZero()
}

// Depth counts a queue's messages: receivable now, and hidden.
func (s *Service) Depth(name string) (visible, hidden int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.queues[name]
	if q == nil {
		return 0, 0
	}
	now := s.clock.Now()
	s.sweep(q, now)
	for _, m := range q.messages {
		if m.Visible.After(now) {
			hidden++
		} else {
			visible++
		}
	}
	return visible, hidden
}

// sweep drops what is past its retention and moves what was received too often. AWS does the latter at the receive that would be
// one too many; doing it at every look shows the same and lets an operator see it. A log that cannot be written is no reason to
// stop here: the next run would sweep the same again. Callers hold mu.
func (s *Service) sweep(q *queue, now time.Time) {
	for id, m := range q.messages {
		switch {
		case !now.Before(m.Sent.Add(q.Retention)):
			delete(q.messages, id)
			s.log.remove(q.Name, id)
		case q.DeadLetter != "" && m.Received >= q.MaxReceive && !m.Visible.After(now):
			delete(q.messages, id)
			m.From, m.handle, m.Received = q.Name, "", 0
			m.Order = s.queues[q.DeadLetter].order + 1
			s.log.move(q.Name, q.DeadLetter, m)
			s.arrive(s.queues[q.DeadLetter], m)
		}
	}
}

// arrive puts a message into a queue and wakes who waits for it. Callers hold mu.
func (s *Service) arrive(q *queue, m *message) {
	q.messages[m.ID] = m
	q.order = max(q.order, m.Order)
	s.wake(q)
}

func (s *Service) wake(q *queue) {
	close(q.arrived)
	q.arrived = make(chan struct{})
	for _, f := range s.notify {
		f(q.Name)
	}
}

// byURL finds the queue a QueueUrl or a bare name means.
func (s *Service) byURL(url string) (*queue, error) {
	if q := s.queues[url[strings.LastIndexByte(url, '/')+1:]]; q != nil {
		return q, nil
	}
	return nil, &awsjson.Error{
		Code: "QueueDoesNotExist", Query: "AWS.SimpleQueueService.NonExistentQueue", Message: "The specified queue does not exist.",
	}
}

func (s *Service) url(r *http.Request, q *queue) string {
	return fmt.Sprintf("http://%s/%s/%s", r.Host, s.account, q.Name)
}

type queueURLInput struct{ QueueName, QueueOwnerAWSAccountId string }
type queueURLOutput struct{ QueueUrl string }

func (s *Service) getQueueURL(_ context.Context, r *http.Request, in queueURLInput) (queueURLOutput, error) {
	q, err := s.byURL(in.QueueName)
	if err != nil {
		return queueURLOutput{}, err
	}
	return queueURLOutput{s.url(r, q)}, nil
}

type listInput struct{ QueueNamePrefix string }
type listOutput struct {
	QueueUrls []string `json:",omitempty"`
}

func (s *Service) listQueues(_ context.Context, r *http.Request, in listInput) (listOutput, error) {
	var out listOutput
	for _, name := range slices.Sorted(maps.Keys(s.queues)) {
		if strings.HasPrefix(name, in.QueueNamePrefix) {
			out.QueueUrls = append(out.QueueUrls, s.url(r, s.queues[name]))
		}
	}
	return out, nil
}

type attributesInput struct {
	QueueUrl       string
	AttributeNames []string
}
type attributesOutput struct{ Attributes map[string]string }

func (s *Service) getQueueAttributes(_ context.Context, _ *http.Request, in attributesInput) (attributesOutput, error) {
	q, err := s.byURL(in.QueueUrl)
	if err != nil {
		return attributesOutput{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock.Now()
	s.sweep(q, now)
	visible, flying, delayed := 0, 0, 0
	for _, m := range q.messages {
		switch {
		case !m.Visible.After(now):
			visible++
		case m.Received > 0:
			flying++
		default:
			delayed++
		}
	}
	seconds := func(d time.Duration) string { return strconv.Itoa(int(d.Seconds())) }
	all := map[string]string{
		"QueueArn":                              s.ARN(q.Name),
		"ApproximateNumberOfMessages":           strconv.Itoa(visible),
		"ApproximateNumberOfMessagesNotVisible": strconv.Itoa(flying),
		"ApproximateNumberOfMessagesDelayed":    strconv.Itoa(delayed),
		"VisibilityTimeout":                     seconds(q.Visibility),
		"DelaySeconds":                          seconds(q.Delay),
		"MessageRetentionPeriod":                seconds(q.Retention),
		"MaximumMessageSize":                    strconv.Itoa(maxBody),
		"ReceiveMessageWaitTimeSeconds":         "0",
	}
	if q.DeadLetter != "" {
		all["RedrivePolicy"] = fmt.Sprintf(`{"deadLetterTargetArn":%q,"maxReceiveCount":%d}`, s.ARN(q.DeadLetter), q.MaxReceive)
	}
	if slices.Contains(in.AttributeNames, "All") {
		return attributesOutput{all}, nil
	}
	out := map[string]string{}
	for _, name := range in.AttributeNames {
		value, ok := all[name]
		if !ok && name != "RedrivePolicy" {
			return attributesOutput{}, awsjson.Fail("InvalidAttributeName", "Unknown Attribute %s.", name)
		}
		if ok {
			out[name] = value
		}
	}
	return attributesOutput{out}, nil
}

type sendInput struct {
	QueueUrl          string
	MessageBody       string
	DelaySeconds      *int
	MessageAttributes map[string]attribute
}
type sendOutput struct {
	MessageId              string
	MD5OfMessageBody       string
	MD5OfMessageAttributes string `json:",omitempty"`
}

func (s *Service) sendMessage(_ context.Context, _ *http.Request, in sendInput) (sendOutput, error) {
	q, err := s.byURL(in.QueueUrl)
	if err != nil {
		return sendOutput{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.send(q, in)
}

// send stores one message. Callers hold mu.
func (s *Service) send(q *queue, in sendInput) (sendOutput, error) {
	delay := q.Delay
	if in.DelaySeconds != nil {
		delay = time.Duration(*in.DelaySeconds) * time.Second
	}
	switch {
	case delay < 0 || delay > maxDelay:
		return sendOutput{}, awsjson.Fail("InvalidParameterValue", "Value for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.")
	case in.MessageBody == "":
		return sendOutput{}, &awsjson.Error{Code: "MissingParameter", Query: "MissingParameter", Message: "The request must contain the parameter MessageBody."}
	case size(in) > maxBody:
		return sendOutput{}, awsjson.Fail("InvalidParameterValue", "One or more parameters are invalid. Reason: Message must be shorter than %d bytes.", maxBody)
	case strings.ContainsFunc(in.MessageBody, unwritable):
		return sendOutput{}, awsjson.Fail("InvalidMessageContents", "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF")
	}
	for name, a := range in.MessageAttributes {
		if !a.sound() {
			return sendOutput{}, awsjson.Fail("InvalidParameterValue", "The message attribute '%s' has an invalid type or no value.", name)
		}
	}
	now := s.clock.Now()
	m := &message{ID: newID(), Body: in.MessageBody, Attrs: in.MessageAttributes, Sent: now, Visible: now.Add(delay)}
	m.Order = q.order + 1
	if err := s.log.add(q.Name, m); err != nil {
		return sendOutput{}, err
	}
	s.arrive(q, m)
	return sendOutput{MessageId: m.ID, MD5OfMessageBody: sum(m.Body), MD5OfMessageAttributes: sumAttributes(m.Attrs)}, nil
}

func size(in sendInput) int {
	n := len(in.MessageBody)
	for name, a := range in.MessageAttributes {
		n += len(name) + len(a.DataType) + len(a.BinaryValue)
		if a.StringValue != nil {
			n += len(*a.StringValue)
		}
	}
	return n
}

func unwritable(r rune) bool {
	return !(r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000)
}

func (a attribute) sound() bool {
	kind, _, _ := strings.Cut(a.DataType, ".")
	switch kind {
	case "String", "Number":
		return a.StringValue != nil && *a.StringValue != "" && a.BinaryValue == nil
	case "Binary":
		return len(a.BinaryValue) > 0 && a.StringValue == nil
	}
	return false
}

// newID is a random UUID, as message ids are.
func newID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func sum(body string) string {
	h := md5.Sum([]byte(body))
	return hex.EncodeToString(h[:])
}

// sumAttributes is AWS's digest of message attributes: by name, each part with its length in four bytes.
func sumAttributes(attrs map[string]attribute) string {
	if len(attrs) == 0 {
		return ""
	}
	h := md5.New()
	part := func(b []byte) {
		h.Write(binary.BigEndian.AppendUint32(nil, uint32(len(b))))
		h.Write(b)
	}
	for _, name := range slices.Sorted(maps.Keys(attrs)) {
		a := attrs[name]
		part([]byte(name))
		part([]byte(a.DataType))
		if a.StringValue != nil {
			h.Write([]byte{1})
			part([]byte(*a.StringValue))
		} else {
			h.Write([]byte{2})
			part(a.BinaryValue)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

type sendBatchInput struct {
	QueueUrl string
	Entries  []struct {
		Id                string
		MessageBody       string
		DelaySeconds      *int
		MessageAttributes map[string]attribute
	}
}
type batchFailure struct {
	Id, Code, Message string
	SenderFault       bool
}
type sendBatchSuccess struct {
	Id string
	sendOutput
}
type sendBatchOutput struct {
	Successful []sendBatchSuccess
	Failed     []batchFailure
}

func (s *Service) sendMessageBatch(_ context.Context, _ *http.Request, in sendBatchInput) (sendBatchOutput, error) {
	q, err := s.byURL(in.QueueUrl)
	if err != nil {
		return sendBatchOutput{}, err
	}
	ids := make([]string, len(in.Entries))
	total := 0
	for i, e := range in.Entries {
		ids[i] = e.Id
		total += size(sendInput{MessageBody: e.MessageBody, MessageAttributes: e.MessageAttributes})
	}
	if err := checkBatch(ids); err != nil {
		return sendBatchOutput{}, err
	}
	if total > maxBody {
		return sendBatchOutput{}, &awsjson.Error{Code: "BatchRequestTooLong", Query: "AWS.SimpleQueueService.BatchRequestTooLong",
			Message: fmt.Sprintf("Batch requests cannot be longer than %d bytes.", maxBody)}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out := sendBatchOutput{Successful: []sendBatchSuccess{}, Failed: []batchFailure{}}
	for _, e := range in.Entries {
		sent, err := s.send(q, sendInput{MessageBody: e.MessageBody, DelaySeconds: e.DelaySeconds, MessageAttributes: e.MessageAttributes})
		if err != nil {
			out.Failed = append(out.Failed, failed(e.Id, err))
			continue
		}
		out.Successful = append(out.Successful, sendBatchSuccess{e.Id, sent})
	}
	return out, nil
}

func failed(id string, err error) batchFailure {
	if e, ok := err.(*awsjson.Error); ok {
		return batchFailure{Id: id, Code: e.Code, Message: e.Message, SenderFault: true}
	}
	return batchFailure{Id: id, Code: "InternalError", Message: err.Error()}
}

func checkBatch(ids []string) error {
	switch {
	case len(ids) == 0:
		return &awsjson.Error{Code: "EmptyBatchRequest", Query: "AWS.SimpleQueueService.EmptyBatchRequest", Message: "There should be at least one entry in the request."}
	case len(ids) > maxBatch:
		return &awsjson.Error{Code: "TooManyEntriesInBatchRequest", Query: "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
			Message: fmt.Sprintf("Maximum number of entries per request are %d. You have sent %d.", maxBatch, len(ids))}
	}
	seen := map[string]bool{}
	for _, id := range ids {
		if seen[id] {
			return &awsjson.Error{Code: "BatchEntryIdsNotDistinct", Query: "AWS.SimpleQueueService.BatchEntryIdsNotDistinct", Message: "Id " + id + " repeated."}
		}
		seen[id] = true
	}
	return nil
}

type receiveInput struct {
	QueueUrl                    string
	AttributeNames              []string
	MessageSystemAttributeNames []string
	MessageAttributeNames       []string
	MaxNumberOfMessages         *int
	VisibilityTimeout           *int
	WaitTimeSeconds             *int
}
type received struct {
	MessageId, ReceiptHandle, Body, MD5OfBody string
	Attributes                                map[string]string    `json:",omitempty"`
	MessageAttributes                         map[string]attribute `json:",omitempty"`
	MD5OfMessageAttributes                    string               `json:",omitempty"`
}
type receiveOutput struct {
	Messages []received `json:",omitempty"`
}

func (s *Service) receiveMessage(ctx context.Context, _ *http.Request, in receiveInput) (receiveOutput, error) {
	q, err := s.byURL(in.QueueUrl)
	if err != nil {
		return receiveOutput{}, err
	}
	limit, hide, wait := 1, q.Visibility, time.Duration(0)
	if in.MaxNumberOfMessages != nil && *in.MaxNumberOfMessages != 0 { // the SDK writes 0 for unset
		limit = *in.MaxNumberOfMessages
	}
	if in.VisibilityTimeout != nil {
		hide = time.Duration(*in.VisibilityTimeout) * time.Second
	}
	if in.WaitTimeSeconds != nil {
		wait = time.Duration(*in.WaitTimeSeconds) * time.Second
	}
	switch {
	case limit < 1 || limit > maxBatch:
		return receiveOutput{}, awsjson.Fail("InvalidParameterValue", "Value %d for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and %d, if provided.", limit, maxBatch)
	case hide < 0 || hide > maxVisibility:
		return receiveOutput{}, awsjson.Fail("InvalidParameterValue", "Value for parameter VisibilityTimeout is invalid. Reason: Must be between 0 and 43200, if provided.")
	case wait < 0 || wait > maxWait:
		return receiveOutput{}, awsjson.Fail("InvalidParameterValue", "Value for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.")
	}
	until := s.clock.At(s.clock.Now().Add(wait))
	defer until.Stop()
	for over := wait == 0; ; {
		out, next, arrived, err := s.take(q, limit, hide, in)
		if err != nil || len(out.Messages) > 0 || over {
			return out, err
		}
		visible := &clock.Timer{}
		if !next.IsZero() {
			visible = s.clock.At(next)
		}
		select {
		case <-arrived:
		case <-visible.C: // nil, and so never, when nothing is hidden
		case <-until.C:
			over = true // one last look
		case <-ctx.Done():
			over = true
		}
		if !next.IsZero() {
			visible.Stop()
		}
	}
}

// take hands out what is visible. With nothing, next is when that may change by itself, and arrived closes when it does otherwise.
func (s *Service) take(q *queue, limit int, hide time.Duration, in receiveInput) (out receiveOutput, next time.Time, arrived chan struct{}, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock.Now()
	s.sweep(q, now)
	var visible []*message
	for _, m := range q.messages {
		if !m.Visible.After(now) {
			visible = append(visible, m)
		} else if next.IsZero() || m.Visible.Before(next) {
			next = m.Visible
		}
	}
	slices.SortFunc(visible, func(a, b *message) int { return cmp.Compare(a.Order, b.Order) })
	for _, m := range visible[:min(limit, len(visible))] {
		m.Received++
		if m.First.IsZero() {
			m.First = now
		}
		m.Visible = now.Add(hide)
		m.handle = m.ID + "." + rand.Text()
		if err := s.log.change(q.Name, m); err != nil {
			return receiveOutput{}, next, q.arrived, err
		}
		out.Messages = append(out.Messages, s.show(m, in))
	}
	return out, next, q.arrived, nil
}

func (s *Service) show(m *message, in receiveInput) received {
	ms := func(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }
	all := map[string]string{
		"SenderId": s.account, "SentTimestamp": ms(m.Sent),
		"ApproximateReceiveCount": strconv.Itoa(m.Received), "ApproximateFirstReceiveTimestamp": ms(m.First),
	}
	if m.From != "" {
		all["DeadLetterQueueSourceArn"] = s.ARN(m.From)
	}
	wanted := slices.Concat(in.AttributeNames, in.MessageSystemAttributeNames)
	if !slices.Contains(wanted, "All") {
		maps.DeleteFunc(all, func(name, _ string) bool { return !slices.Contains(wanted, name) })
	}
	attrs := map[string]attribute{}
	for name, a := range m.Attrs {
		if slices.ContainsFunc(in.MessageAttributeNames, func(w string) bool {
			prefix, any := strings.CutSuffix(w, "*")
			return w == "All" || w == name || any && strings.HasPrefix(name, strings.TrimSuffix(prefix, "."))
		}) {
			attrs[name] = a
		}
	}
	return received{
		MessageId: m.ID, ReceiptHandle: m.handle, Body: m.Body, MD5OfBody: sum(m.Body),
		Attributes: all, MessageAttributes: attrs, MD5OfMessageAttributes: sumAttributes(attrs),
	}
}

type deleteInput struct{ QueueUrl, ReceiptHandle string }

func (s *Service) deleteMessage(_ context.Context, _ *http.Request, in deleteInput) (struct{}, error) {
	q, err := s.byURL(in.QueueUrl)
	if err != nil {
		return struct{}{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return struct{}{}, s.remove(q, in.ReceiptHandle)
}

// remove deletes the message if the handle is that of its last receipt. An older handle is answered with success and does
// nothing, as AWS's does once somebody else has the message. Callers hold mu.
func (s *Service) remove(q *queue, handle string) error {
	id, err := handleID(handle)
	if err != nil {
		return err
	}
	if m := q.messages[id]; m != nil && m.handle == handle {
		if err := s.log.remove(q.Name, id); err != nil {
			return err
		}
		delete(q.messages, id)
	}
	return nil
}

func handleID(handle string) (string, error) {
	id, nonce, ok := strings.Cut(handle, ".")
	if !ok || len(id) != 36 || nonce == "" {
		return "", awsjson.Fail("ReceiptHandleIsInvalid", "The input receipt handle is not a valid receipt handle.")
	}
	return id, nil
}

type deleteBatchInput struct {
	QueueUrl string
	Entries  []struct{ Id, ReceiptHandle string }
}
type batchID struct{ Id string }
type deleteBatchOutput struct {
	Successful []batchID
	Failed     []batchFailure
}

func (s *Service) deleteMessageBatch(_ context.Context, _ *http.Request, in deleteBatchInput) (deleteBatchOutput, error) {
	q, err := s.byURL(in.QueueUrl)
	if err != nil {
		return deleteBatchOutput{}, err
	}
	ids := make([]string, len(in.Entries))
	for i, e := range in.Entries {
		ids[i] = e.Id
	}
	if err := checkBatch(ids); err != nil {
		return deleteBatchOutput{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out := deleteBatchOutput{Successful: []batchID{}, Failed: []batchFailure{}}
	for _, e := range in.Entries {
		if err := s.remove(q, e.ReceiptHandle); err != nil {
			out.Failed = append(out.Failed, failed(e.Id, err))
			continue
		}
		out.Successful = append(out.Successful, batchID{e.Id})
	}
	return out, nil
}

type visibilityInput struct {
	QueueUrl, ReceiptHandle string
	VisibilityTimeout       *int
}

func (s *Service) changeMessageVisibility(_ context.Context, _ *http.Request, in visibilityInput) (struct{}, error) {
	q, err := s.byURL(in.QueueUrl)
	if err != nil {
		return struct{}{}, err
	}
	if in.VisibilityTimeout == nil || *in.VisibilityTimeout < 0 || time.Duration(*in.VisibilityTimeout)*time.Second > maxVisibility {
		return struct{}{}, awsjson.Fail("InvalidParameterValue", "Value for parameter VisibilityTimeout is invalid. Reason: Must be between 0 and 43200, if provided.")
	}
	id, err := handleID(in.ReceiptHandle)
	if err != nil {
		return struct{}{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock.Now()
	m := q.messages[id]
	if m == nil || m.handle != in.ReceiptHandle || !m.Visible.After(now) {
		return struct{}{}, &awsjson.Error{Code: "MessageNotInflight", Query: "AWS.SimpleQueueService.MessageNotInflight", Message: "The specified message isn't in flight."}
	}
	m.Visible = now.Add(time.Duration(*in.VisibilityTimeout) * time.Second)
	if err := s.log.change(q.Name, m); err != nil {
		return struct{}{}, err
	}
	s.wake(q) // a long poll must look again at when the message returns
	return struct{}{}, nil
}
