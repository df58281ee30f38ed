package events

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"

	"snout/shared/sandbox/clock"
)

// StreamMapping is one event source mapping of a DynamoDB stream, as template.yaml describes it.
type StreamMapping struct {
	Name           string // its own; the checkpoints are kept under it
	Function       string
	FunctionARN    string // shown in what is parked; the function's name if empty
	StreamARN      string
	BatchSize      int               // most records in an invocation; 0 is Lambda's 100
	Match          func([]byte) bool // of one record's JSON; a record that does not match is passed over. nil matches all
	ReportFailures bool              // FunctionResponseTypes: ReportBatchItemFailures
	Bisect         bool              // BisectBatchOnFunctionError
	MaxRetries     int               // after the first attempt; negative is without end
	MaxAge         time.Duration     // of a record; 0 or negative is as long as the stream keeps it, 24 hours
	OnFailure      string            // ARN of the queue for what is given up; "" drops it
}

// StreamOptions is what a StreamPump works with.
type StreamOptions struct {
	Client      *dynamodbstreams.Client
	Region      string
	Clock       *clock.Clock
	Invoker     Invoker
	Parker      Parker      // needed where a mapping has OnFailure
	Checkpoints Checkpoints // nil: Memory
}

// StreamPump delivers one stream to one function: TRIM_HORIZON, every shard, parents before their children, shards beside each
// other, order within each.
type StreamPump struct {
	StreamMapping
	o       StreamOptions
	wake    chan struct{}
	handled atomic.Uint64

	pumping chan struct{} // holds one token; taken for a pass, so that it can be waited for with a context
	shards  map[string]*shard
	stale   bool // the list of shards must be read again

	mu     sync.Mutex
	faults []string
	count  map[string]int64
}

type shard struct {
	id, parent string
	done       bool   // closed, and read to its end
	checkpoint string // "" before the first record
	iterator   string // "" when it must be asked for anew, from the checkpoint
}

// retriesAtOnce is how often a batch without a retry limit is tried in one pass. In the cloud it blocks its shard until the
// records expire; here Settle says so instead of spinning.
const retriesAtOnce = 3

// NewStreamPump takes up the mapping where its checkpoints say.
func NewStreamPump(m StreamMapping, o StreamOptions) (*StreamPump, error) {
	if m.Name == "" || m.Function == "" || m.StreamARN == "" || m.BatchSize < 0 {
		return nil, fmt.Errorf("stream mapping %q: want a name, a function, a stream and no negative batch size", m.Name)
	}
	if m.OnFailure != "" && o.Parker == nil {
		return nil, fmt.Errorf("stream mapping %q: nobody to park with", m.Name)
	}
	if m.BatchSize == 0 {
		m.BatchSize = 100
	}
	if m.MaxAge <= 0 {
		m.MaxAge = 24 * time.Hour
	}
	if m.Match == nil {
		m.Match = func([]byte) bool { return true }
	}
	if m.FunctionARN == "" {
		m.FunctionARN = m.Function
	}
	if o.Checkpoints == nil {
		o.Checkpoints = &Memory{}
	}
	p := &StreamPump{
		StreamMapping: m, o: o, wake: make(chan struct{}, 1), pumping: make(chan struct{}, 1),
		shards: map[string]*shard{}, stale: true, count: map[string]int64{},
	}
	p.pumping <- struct{}{}
	return p, nil
}

// Notify says that the stream has something new. It never blocks.
func (p *StreamPump) Notify() {
	select {
	case p.wake <- struct{}{}:
	default: // somebody has said so already
	}
}

// Run delivers whenever it is notified, until ctx ends; it reports why a pass stopped to failed, if that is not nil, and goes on
// at the next notice. It delivers first what was there before it ran.
func (p *StreamPump) Run(ctx context.Context, failed func(error)) {
	jumps := p.o.Clock.Subscribe()
	defer jumps.Close()
	for {
		if err := p.pass(ctx); err != nil && ctx.Err() == nil && failed != nil {
			failed(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-p.wake:
		case <-jumps.C: // a blocked batch may be too old now
		}
	}
}

// Settle delivers until the stream is read to its end, whether or not Run runs.
func (p *StreamPump) Settle(ctx context.Context) error {
	for {
		before := p.handled.Load()
		if err := p.pass(ctx); err != nil {
			return err
		}
		if p.handled.Load() == before {
			return nil
		}
	}
}

// Handled counts records handled, passed over or parked.
func (p *StreamPump) Handled() uint64 { return p.handled.Load() }

// Inject appends faults, used up one each at the next deliveries: "redeliver" (a batch that was handled comes once more), "cut"
// (half of what is there comes as a batch of its own) and "lose-answer" (the function ran and its answer is lost, so Lambda takes
// it as failed). Without arguments it clears what is left.
func (p *StreamPump) Inject(faults ...string) error {
	for _, f := range faults {
		if f != "redeliver" && f != "cut" && f != "lose-answer" {
			return fmt.Errorf("inject into stream mapping %s: no fault %q; there are redeliver, cut and lose-answer", p.Name, f)
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(faults) == 0 {
		p.faults = nil
	}
	p.faults = append(p.faults, faults...)
	return nil
}

// fault uses up the first fault if it is the one asked for.
func (p *StreamPump) fault(kind string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.faults) == 0 || p.faults[0] != kind {
		return false
	}
	p.faults = p.faults[1:]
	p.count["fault "+kind]++
	return true
}

// Metrics counts since start: "invocations", "failures" of them, "records" handled, "passed over", "parked", "dropped", "fault …".
func (p *StreamPump) Metrics() map[string]int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.count)
}

func (p *StreamPump) add(name string, n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.count[name] += int64(n)
}

// Checkpoint is the sequence number of the last record of a shard that was handled, passed over or parked.
func (p *StreamPump) Checkpoint(ctx context.Context, shard string) (string, error) {
	select {
	case <-p.pumping:
		defer func() { p.pumping <- struct{}{} }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	if s := p.shards[shard]; s != nil {
		return s.checkpoint, nil
	}
	return "", nil
}

// pass reads every shard to its end once, parents first, those without an open parent beside each other.
func (p *StreamPump) pass(ctx context.Context) error {
	select {
	case <-p.pumping:
		defer func() { p.pumping <- struct{}{} }()
	case <-ctx.Done():
		return ctx.Err()
	}
	visited := map[string]bool{}
	for {
		if err := p.describe(ctx); err != nil {
			return err
		}
		var ready []*shard
		for _, s := range p.shards {
			parent := p.shards[s.parent]
			if !s.done && !visited[s.id] && (parent == nil || parent.done) {
				visited[s.id] = true
				ready = append(ready, s)
			}
		}
		if len(ready) == 0 {
			return nil
		}
		errs := make([]error, len(ready))
		var all sync.WaitGroup
		for i, s := range ready[1:] {
			all.Go(func() { errs[i+1] = p.drain(ctx, s) })
		}
		errs[0] = p.drain(ctx, ready[0]) // most streams here have one shard
		all.Wait()
		for _, s := range ready {
			p.stale = p.stale || s.done // only a shard that has ended has children that we do not know
		}
		if err := errors.Join(errs...); err != nil {
			return err
		}
	}
}

// describe reads the list of shards if it may have changed.
func (p *StreamPump) describe(ctx context.Context) error {
	if !p.stale {
		return nil
	}
	saved, err := p.o.Checkpoints.Load(p.Name)
	if err != nil {
		return err
	}
	found := map[string]*shard{}
	in := &dynamodbstreams.DescribeStreamInput{StreamArn: &p.StreamARN}
	for {
		out, err := p.o.Client.DescribeStream(ctx, in)
		if err != nil {
			return fmt.Errorf("stream mapping %s: describe stream: %w", p.Name, err)
		}
		for _, s := range out.StreamDescription.Shards {
			id := value(s.ShardId)
			if known := p.shards[id]; known != nil {
				found[id] = known
				continue
			}
			found[id] = &shard{id: id, parent: value(s.ParentShardId), checkpoint: saved[id]}
		}
		if in.ExclusiveStartShardId = out.StreamDescription.LastEvaluatedShardId; in.ExclusiveStartShardId == nil {
			break
		}
	}
	p.shards, p.stale = found, len(found) == 0
	return nil
}

// drain reads a shard to its end and delivers what it finds.
func (p *StreamPump) drain(ctx context.Context, s *shard) (err error) {
	defer func() {
		if err != nil {
			s.iterator = "" // what was read and not handled must be read again
			err = fmt.Errorf("stream mapping %s, shard %s: %w", p.Name, s.id, err)
		}
	}()
	for {
		if s.iterator == "" {
			if s.iterator, err = p.seek(ctx, s); err != nil {
				return err
			}
		}
		out, err := p.o.Client.GetRecords(ctx, &dynamodbstreams.GetRecordsInput{ShardIterator: &s.iterator})
		if expired := (*types.ExpiredIteratorException)(nil); errors.As(err, &expired) {
			s.iterator = ""
			continue
		}
		if trimmed := (*types.TrimmedDataAccessException)(nil); errors.As(err, &trimmed) {
			s.iterator, s.checkpoint = "", ""
			continue
		}
		if err != nil {
			return fmt.Errorf("get records: %w", err)
		}
		if err := p.deliver(ctx, s, out.Records); err != nil {
			return err
		}
		s.iterator = value(out.NextShardIterator)
		if s.iterator == "" {
			s.done = true
			return nil
		}
		if len(out.Records) == 0 { // the engine's end of an open shard; the cloud may send an empty page earlier
			return nil
		}
	}
}

func (p *StreamPump) seek(ctx context.Context, s *shard) (string, error) {
	in := &dynamodbstreams.GetShardIteratorInput{StreamArn: &p.StreamARN, ShardId: &s.id, ShardIteratorType: types.ShardIteratorTypeTrimHorizon}
	if s.checkpoint != "" {
		in.ShardIteratorType, in.SequenceNumber = types.ShardIteratorTypeAfterSequenceNumber, &s.checkpoint
	}
	out, err := p.o.Client.GetShardIterator(ctx, in)
	if trimmed := (*types.TrimmedDataAccessException)(nil); errors.As(err, &trimmed) && s.checkpoint != "" {
		s.checkpoint = "" // what followed the checkpoint is gone; go on with the oldest that is left
		return p.seek(ctx, s)
	}
	if err != nil {
		return "", fmt.Errorf("get shard iterator: %w", err)
	}
	return value(out.ShardIterator), nil
}

// deliver filters records, cuts them into batches and sees each through.
func (p *StreamPump) deliver(ctx context.Context, s *shard, records []types.Record) error {
	var batch []record
	passed, count := "", 0
	flush := func() error {
		for len(batch) > 0 {
			n := len(batch)
			if n > 1 && p.fault("cut") {
				n /= 2
			}
			if err := p.see(ctx, s, batch[:n]); err != nil {
				return err
			}
			batch = batch[n:]
		}
		return nil
	}
	for _, raw := range records {
		r, err := newRecord(raw, p.StreamARN, p.o.Region)
		if err != nil {
			return err
		}
		if !p.Match(r.json) {
			passed = r.sequence
			count++
			p.add("passed over", 1)
			continue
		}
		if batch = append(batch, r); len(batch) == p.BatchSize {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := flush(); err != nil {
		return err
	}
	// Records passed over are behind us once those before them are. One save for the page is enough: to pass them over again is
	// no harm.
	if len(records) > 0 && passed == value(records[len(records)-1].Dynamodb.SequenceNumber) {
		return p.save(s, passed, count)
	}
	return nil
}

func (p *StreamPump) save(s *shard, sequence string, n int) error {
	if err := p.o.Checkpoints.Save(p.Name, s.id, sequence); err != nil {
		return err
	}
	s.checkpoint = sequence
	p.handled.Add(uint64(n))
	return nil
}

// segment is a batch, or what is left of one, with the retries it has used.
type segment struct {
	records []record
	retries int
}

// see delivers a batch until every record of it is handled or parked.
func (p *StreamPump) see(ctx context.Context, s *shard, records []record) error {
	todo := []segment{{records: records}} // the first is next; order within the shard is the order here
	tries := 0                            // in this pass, of the segment at the front
	for len(todo) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		now := todo[0]
		// Records over their age are given up before they are tried, as Lambda does.
		old := 0
		for old < len(now.records) && p.o.Clock.Now().Sub(now.records[old].at) > p.MaxAge {
			old++
		}
		if old > 0 {
			if err := p.park(ctx, s, now.records[:old], "RecordAgeExceeded", now.retries+1); err != nil {
				return err
			}
			if todo[0].records = now.records[old:]; len(todo[0].records) == 0 {
				todo = todo[1:]
			}
			tries = 0
			continue
		}
		done, cause := p.invoke(ctx, now.records)
		if done == len(now.records) && p.fault("redeliver") {
			continue // as if the checkpoint had been lost: the same batch comes once more
		}
		if done > 0 { // progress: the rest is a batch of its own, and this was the first attempt at it
			if err := p.save(s, now.records[done-1].sequence, done); err != nil {
				return err
			}
			p.add("records", done)
			if done == len(now.records) {
				todo, tries = todo[1:], 0
				continue
			}
			now = segment{records: now.records[done:]}
			todo[0], tries = now, 0
		}
		// A stop of ours is no failure of the function's. What it had handled by then is behind us all the same: the checkpoint
		// above is saved first, or a stop would tell the function of a whole batch twice.
		if err := ctx.Err(); err != nil {
			return err
		}
		switch {
		case p.Bisect && len(now.records) > 1: // costs no retry
			half := len(now.records) / 2
			todo = append([]segment{{now.records[:half], now.retries}, {now.records[half:], now.retries}}, todo[1:]...)
			tries = 0
		case p.MaxRetries >= 0 && now.retries >= p.MaxRetries:
			if err := p.park(ctx, s, now.records, "RetryAttemptsExhausted", now.retries+1); err != nil {
				return err
			}
			todo, tries = todo[1:], 0
		default:
			if tries++; p.MaxRetries < 0 && tries > retriesAtOnce {
				return fmt.Errorf("blocked at record %s, whose batch has no retry limit and failed %d times: %w", now.records[0].sequence, tries, cause)
			}
			todo[0].retries++
		}
	}
	return nil
}

// invoke runs the function on a batch and returns how many of its records, from the first on, are handled. Fewer than all come
// with the cause.
func (p *StreamPump) invoke(ctx context.Context, records []record) (done int, cause error) {
	all := make([]json.RawMessage, len(records))
	at := map[string]int{}
	for i, r := range records {
		all[i], at[r.sequence] = r.json, i
	}
	payload, err := json.Marshal(map[string]any{"Records": all})
	if err != nil {
		return 0, err
	}
	p.add("invocations", 1)
	answer, err := p.o.Invoker.Invoke(ctx, p.Function, payload)
	if err == nil && p.fault("lose-answer") {
		err = errors.New("the function's answer was lost")
	}
	if err != nil {
		p.add("failures", 1)
		return 0, err
	}
	done = len(records)
	if p.ReportFailures {
		failed, ok := failures(answer, at)
		if !ok {
			p.add("failures", 1)
			return 0, errors.New("the function's answer names records that are not in the batch, or is no batch response")
		}
		for _, sequence := range failed {
			done = min(done, at[sequence]) // the lowest is the checkpoint, whatever else succeeded
		}
	}
	if done < len(records) {
		p.add("failures", 1)
		return done, errors.New("the function reported failed records")
	}
	return done, nil
}

// parked is what Lambda sends to an on-failure destination of a stream: where the records are, not the records.
type parked struct {
	RequestContext struct {
		RequestID              string `json:"requestId"`
		FunctionARN            string `json:"functionArn"`
		Condition              string `json:"condition"`
		ApproximateInvokeCount int    `json:"approximateInvokeCount"`
	} `json:"requestContext"`
	ResponseContext struct {
		StatusCode      int    `json:"statusCode"`
		ExecutedVersion string `json:"executedVersion"`
		FunctionError   string `json:"functionError"`
	} `json:"responseContext"`
	Version   string          `json:"version"`
	Timestamp string          `json:"timestamp"`
	Batch     streamBatchInfo `json:"DDBStreamBatchInfo"`
}

type streamBatchInfo struct {
	ShardID       string `json:"shardId"`
	StartSequence string `json:"startSequenceNumber"`
	EndSequence   string `json:"endSequenceNumber"`
	ArrivalFirst  string `json:"approximateArrivalOfFirstRecord"`
	ArrivalLast   string `json:"approximateArrivalOfLastRecord"`
	BatchSize     int    `json:"batchSize"`
	StreamARN     string `json:"streamArn"`
}

// park gives records up: to the on-failure destination, and if that cannot take them not at all.
func (p *StreamPump) park(ctx context.Context, s *shard, records []record, condition string, invoked int) error {
	first, last := records[0], records[len(records)-1]
	if p.OnFailure != "" {
		var m parked
		m.RequestContext.RequestID, m.RequestContext.FunctionARN = newID(), p.FunctionARN
		m.RequestContext.Condition, m.RequestContext.ApproximateInvokeCount = condition, invoked
		m.ResponseContext.StatusCode, m.ResponseContext.ExecutedVersion, m.ResponseContext.FunctionError = 200, "$LATEST", "Unhandled"
		m.Version, m.Timestamp = "1.0", stamp(p.o.Clock.Now(), withMillis)
		m.Batch = streamBatchInfo{
			ShardID: s.id, StartSequence: first.sequence, EndSequence: last.sequence,
			ArrivalFirst: stamp(first.at, toSeconds), ArrivalLast: stamp(last.at, toSeconds), BatchSize: len(records), StreamARN: p.StreamARN,
		}
		body, err := json.Marshal(m)
		if err != nil {
			return err
		}
		if err := p.o.Parker.Park(ctx, p.OnFailure, body); err != nil {
			return fmt.Errorf("park records %s to %s: %w", first.sequence, last.sequence, err)
		}
		p.add("parked", len(records))
	} else {
		p.add("dropped", len(records))
	}
	return p.save(s, last.sequence, len(records))
}

// Parked reads the records that a parked message names, as the JSON of the event that was given up: what an operator replays. It
// is an error if the stream does not hold them any more.
func (p *StreamPump) Parked(ctx context.Context, message []byte) (payload []byte, err error) {
	var m parked
	if err := json.Unmarshal(message, &m); err != nil || m.Batch.StreamARN != p.StreamARN {
		return nil, fmt.Errorf("stream mapping %s: not a message parked from its stream", p.Name)
	}
	b := m.Batch
	it, err := p.o.Client.GetShardIterator(ctx, &dynamodbstreams.GetShardIteratorInput{
		StreamArn: &b.StreamARN, ShardId: &b.ShardID, ShardIteratorType: types.ShardIteratorTypeAtSequenceNumber, SequenceNumber: &b.StartSequence,
	})
	if err != nil {
		return nil, fmt.Errorf("stream mapping %s: find parked records: %w", p.Name, err)
	}
	var all []json.RawMessage
	for iterator := it.ShardIterator; aws.ToString(iterator) != ""; {
		out, err := p.o.Client.GetRecords(ctx, &dynamodbstreams.GetRecordsInput{ShardIterator: iterator})
		if err != nil {
			return nil, fmt.Errorf("stream mapping %s: read parked records: %w", p.Name, err)
		}
		for _, raw := range out.Records {
			r, err := newRecord(raw, p.StreamARN, p.o.Region)
			if err != nil {
				return nil, err
			}
			if p.Match(r.json) {
				all = append(all, r.json)
			}
			if r.sequence == b.EndSequence {
				return json.Marshal(map[string]any{"Records": all})
			}
		}
		if len(out.Records) == 0 {
			break
		}
		iterator = out.NextShardIterator
	}
	return nil, fmt.Errorf("stream mapping %s: the stream does not hold all of the parked records any more", p.Name)
}
