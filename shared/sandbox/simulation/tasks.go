package simulation

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing/synctest"
	"time"

	"snout/shared/sandbox/template"
)

// task is one thread of control: a phone's text, somebody's request, a batch of the
// stream, a scheduled run, the reports of one message. Only one of them runs at a
// time, from one effect to its next.
type task struct {
	name   string
	work   func()
	worker *worker
	done   bool
	quiet  bool
	hushed bool // what it reads, it reads in parallel: no turn ends there
	in     *invocation
	report bool
	before string // the effect it stands before
}

// worker is a goroutine that tasks are run in, one after the other: its stack has
// grown once, to what a call through the AWS clients takes.
type worker struct {
	resume chan *task // a task to begin, or nil to go on with the one under way
}

// spawn makes a task; its first turn comes when the scheduler says so.
func (s *Sim) spawn(name string, work func()) *task {
	t := &task{name: name, work: work}
	s.tasks = append(s.tasks, t)
	return t
}

func (s *Sim) hire() *worker {
	if n := len(s.idle); n > 0 {
		w := s.idle[n-1]
		s.idle = s.idle[:n-1]
		return w
	}
	w := &worker{resume: make(chan *task)}
	s.hired = append(s.hired, w)
	go func() {
		for t := range w.resume {
			t.work()
			t.done = true
			s.yielded <- struct{}{}
		}
	}()
	return w
}

// close lets the workers go. What is still under way in one of them, which can only be
// where a run has failed, finds nobody to talk to any more and comes to its end.
func (s *Sim) close() {
	s.carrier.Close()
	s.closing = true
	for _, t := range slices.Clone(s.tasks) {
		if t.in != nil && !t.in.dead {
			t.in.dead = true
			t.in.cancel()
		}
		if t.worker != nil {
			s.turn(t)
		}
	}
	for _, w := range s.idle {
		close(w.resume)
	}
}

// pause ends the turn of the task that runs, until the scheduler gives it another.
func (s *Sim) pause(before string) {
	if s.closing {
		return
	}
	t := s.current
	t.before = before
	s.yielded <- struct{}{}
	<-t.worker.resume
}

// turn lets a task run to its next effect, and what it has begun beside itself (a read, the
// compiling of rules) to its end, before anybody else's turn: else the machine would
// choose what such a read finds. Hence every world lives in a bubble of testing/synctest,
// which also keeps the machine's clock out of it.
func (s *Sim) turn(t *task) {
	s.current = t
	if t.worker == nil {
		t.worker = s.hire()
		t.worker.resume <- t
	} else {
		t.worker.resume <- nil
	}
	<-s.yielded
	synctest.Wait()
	s.current = nil
	if t.done {
		s.idle = append(s.idle, t.worker)
		for i := range s.tasks {
			if s.tasks[i] == t {
				s.tasks = append(s.tasks[:i], s.tasks[i+1:]...)
				break
			}
		}
		if t.report {
			s.reports--
		}
	}
	s.mirror.catchUp()
}

// quietly runs a task to its end at once: a request that only reads.
func (s *Sim) quietly(work func()) {
	t := s.spawn("read", work)
	t.quiet = true
	s.turn(t)
}

// source is an event source mapping, on one shard of the stream or on a queue.
type source struct {
	fn       string
	stream   template.Stream
	shard    int
	at       int // records of the shard dealt with
	queue    string
	batch    int
	busy     bool
	failures int
}

type schedule struct {
	fn    string
	every time.Duration
	next  time.Time
	busy  int
}

// step gives somebody the next turn: a task under way, or something that can begin.
// It answers false where nothing is left to be done now.
func (s *Sim) step() bool {
	var begin []func()
	for _, src := range s.sources {
		if !src.busy && s.ready(src) {
			begin = append(begin, func() { s.pump(src) })
		}
	}
	for _, sc := range s.schedules {
		if !sc.next.After(s.clock.Now()) && sc.busy < 2 {
			begin = append(begin, func() { s.run(sc) })
		}
	}
	if len(s.parked) > 0 && s.reports < 8 && !s.mute {
		begin = append(begin, func() {
			i := s.rng.IntN(len(s.parked))
			work := s.parked[i]
			s.parked = append(s.parked[:i], s.parked[i+1:]...)
			s.reports++
			s.spawn("reports", work).report = true
		})
	}
	tasks := s.tasks
	if s.held != nil {
		tasks = slices.DeleteFunc(slices.Clone(tasks), func(t *task) bool { return t == s.held })
	}
	n := len(tasks) + len(begin)
	if n == 0 {
		return false
	}
	i := s.rng.IntN(n)
	if i < len(tasks) {
		s.turn(tasks[i])
		return true
	}
	had := len(s.tasks)
	begin[i-len(tasks)]()
	if len(s.tasks) > had {
		s.turn(s.tasks[len(s.tasks)-1])
	}
	return true
}

func (s *Sim) ready(src *source) bool {
	if src.queue != "" {
		visible, _ := s.queues.Depth(src.queue)
		return visible > 0
	}
	// Records that the mapping's filters leave out cost nothing.
	rs := s.mirror.shards[src.shard]
	for src.at < len(rs) {
		if s.mirror.wants(src, rs[src.at]) {
			return true
		}
		src.at++
	}
	return false
}

// pump delivers one batch, as Lambda's poller does: in order, again and again until
// it is dealt with, sometimes once more, in batches of any size.
func (s *Sim) pump(src *source) {
	src.busy = true
	if src.queue != "" {
		s.spawn("queue "+src.queue, func() { defer func() { src.busy = false }(); s.drain(src) })
		return
	}
	rs := s.mirror.shards[src.shard]
	size := 1 + s.rng.IntN(max(1, src.stream.BatchSize))
	if s.rng.IntN(3) == 0 {
		size = src.stream.BatchSize
	}
	var batch []*record
	var ends []int
	for i := src.at; i < len(rs) && len(batch) < size; i++ {
		if s.mirror.wants(src, rs[i]) {
			batch, ends = append(batch, rs[i]), append(ends, i)
		}
	}
	s.spawn(fmt.Sprintf("stream of %s, shard %d, %d records", src.fn, src.shard, len(batch)), func() {
		defer func() { src.busy = false }()
		var b strings.Builder
		b.WriteString(`{"Records":[`)
		for i, r := range batch {
			if i > 0 {
				b.WriteByte(',')
			}
			b.Write(r.json(s.mirror.arn))
		}
		b.WriteString(`]}`)
		out, err := s.invoke(context.Background(), src.fn, []byte(b.String()))
		to := ends[len(ends)-1] + 1
		if err != nil {
			s.failed(src, err)
			return
		}
		var res struct {
			BatchItemFailures []struct {
				ItemIdentifier string `json:"itemIdentifier"`
			} `json:"batchItemFailures"`
		}
		if err := json.Unmarshal(out, &res); err != nil {
			s.violate("%s answered a batch with %q", src.fn, out)
		}
		if len(res.BatchItemFailures) > 0 {
			s.failed(src, nil)
			for i, r := range batch {
				if r.seq == res.BatchItemFailures[0].ItemIdentifier {
					to = ends[i]
				}
			}
		} else {
			src.failures = 0
		}
		if s.chance(s.chaos.Redeliver) {
			s.fault("batch delivered again")
			return
		}
		if _, err := s.effect("checkpoint of "+src.fn, true, func() (*http.Response, error) { return nil, nil }); err == nil {
			src.at = to
		}
		if s.chance(s.chaos.Redeliver / 4) {
			// Another poller takes the shard over from a checkpoint of some time ago: what was
			// dealt with comes again, behind what came after it.
			s.fault("stream goes back")
			src.at -= s.rng.IntN(min(src.at, 12) + 1)
		}
	})
}

func (s *Sim) failed(src *source, err error) {
	src.failures++
	if src.failures > 200 {
		s.violate("%s cannot get past a record of its stream (%v)", src.fn, err)
		src.at = len(s.mirror.shards[src.shard])
	}
}

// drain takes messages from a queue, as Lambda's poller does.
func (s *Sim) drain(src *source) {
	url := fmt.Sprintf("%s/%s/%s", base, account, src.queue)
	var got struct {
		Messages []struct{ MessageId, ReceiptHandle, Body string }
	}
	if err := s.sqs("ReceiveMessage", map[string]any{"QueueUrl": url, "MaxNumberOfMessages": 1 + s.rng.IntN(max(1, min(10, src.batch)))}, &got); err != nil || len(got.Messages) == 0 {
		return
	}
	type record struct {
		MessageID      string            `json:"messageId"`
		ReceiptHandle  string            `json:"receiptHandle"`
		Body           string            `json:"body"`
		Attributes     map[string]string `json:"attributes"`
		EventSource    string            `json:"eventSource"`
		EventSourceARN string            `json:"eventSourceARN"`
		AWSRegion      string            `json:"awsRegion"`
	}
	var batch struct {
		Records []record `json:"Records"`
	}
	for _, m := range got.Messages {
		batch.Records = append(batch.Records, record{m.MessageId, m.ReceiptHandle, m.Body, map[string]string{}, "aws:sqs", s.queues.ARN(src.queue), region})
	}
	payload, _ := json.Marshal(batch)
	out, err := s.invoke(context.Background(), src.fn, payload)
	if err != nil {
		return // visible again after its time
	}
	var res struct {
		BatchItemFailures []struct {
			ItemIdentifier string `json:"itemIdentifier"`
		} `json:"batchItemFailures"`
	}
	if err := json.Unmarshal(out, &res); err != nil {
		s.violate("%s answered a batch with %q", src.fn, out)
	}
	for _, m := range got.Messages {
		kept := false
		for _, f := range res.BatchItemFailures {
			kept = kept || f.ItemIdentifier == m.MessageId
		}
		if kept || s.chance(s.chaos.Redeliver) {
			continue
		}
		_ = s.sqs("DeleteMessage", map[string]any{"QueueUrl": url, "ReceiptHandle": m.ReceiptHandle}, nil)
	}
}

func (s *Sim) sqs(op string, in map[string]any, out any) error {
	body, _ := json.Marshal(in)
	r, err := http.NewRequest(http.MethodPost, base+"/", strings.NewReader(string(body)))
	if err != nil {
		return err
	}
	r.Header.Set("X-Amz-Target", "AmazonSQS."+op)
	res, err := s.effect("poller "+op, op != "ReceiveMessage", func() (*http.Response, error) { return serve(s.queues, r) })
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("sqs %s: %s", op, res.Status)
	}
	if out == nil {
		return nil
	}
	return json.NewDecoder(res.Body).Decode(out)
}

// run makes a scheduled invocation; what was missed while the clock jumped is one.
func (s *Sim) run(sc *schedule) {
	for !sc.next.After(s.clock.Now()) {
		sc.next = sc.next.Add(sc.every * time.Duration(1+s.clock.Now().Sub(sc.next)/sc.every))
	}
	times := 1
	if s.twice || s.chance(s.chaos.Redeliver) { // EventBridge: at least once
		s.fault("schedule comes twice")
		times = 2
	}
	for range times {
		sc.busy++
		s.spawn("schedule of "+sc.fn, func() {
			defer func() { sc.busy-- }()
			event := fmt.Sprintf(`{"version":"0","source":"aws.events","detail-type":"Scheduled Event","time":%q,"detail":{}}`, s.clock.Now().Format(time.RFC3339))
			_, _ = s.invoke(context.Background(), sc.fn, []byte(event))
		})
	}
}

// settle gives turns until nothing is left to be done at this instant.
func (s *Sim) settle(limit int) {
	for range limit {
		if !s.step() {
			return
		}
	}
	s.violate("the world does not come to rest")
}
