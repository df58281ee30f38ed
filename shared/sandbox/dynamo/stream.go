package dynamo

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	retention        = 24 * time.Hour
	iteratorLifetime = 15 * time.Minute
	maxRecords       = 1000
	maxPage          = 1 << 20
)

// stream is one stream of one table. It outlives the table by the retention.
type stream struct {
	arn, table, label string
	view              string
	keys              []keyAttribute
	schema            []keySchemaElement
	created           time.Time
	closed            bool
	shards            []*shard
}

type shard struct {
	id      string
	records []*record
	last    uint64 // sequence number of the newest record ever written, or of the shard's start
	trimmed uint64 // that of the newest record dropped
}

type record struct {
	seq      uint64
	at       time.Time
	old, new item
	expired  bool // deleted by the TTL sweep
}

func newStream(t *table, at time.Time, shards int, seq uint64) *stream {
	label := at.UTC().Format("2006-01-02T15:04:05.000")
	s := &stream{
		table: t.def.TableName, label: label, arn: tableARN(t.def.TableName) + "/stream/" + label,
		view: t.def.StreamSpecification.StreamViewType, keys: t.keys, schema: t.def.KeySchema, created: at,
	}
	for n := range max(1, shards) {
		s.shards = append(s.shards, &shard{
			id: fmt.Sprintf("shardId-%020d-%08x", at.UnixMilli(), n), last: seq, trimmed: seq,
		})
	}
	return s
}

// add appends the record of a change. The shard is chosen by the partition key's hash,
// which begins the row's key, so that all records of an item are in one shard, in order.
func (s *stream) add(seq uint64, at time.Time, c change, expired bool) {
	hash := uint64(c.key[0])<<24 | uint64(c.key[1])<<16 | uint64(c.key[2])<<8 | uint64(c.key[3])
	sh := s.shards[hash*uint64(len(s.shards))>>32]
	sh.trim(at)
	sh.records = append(sh.records, &record{seq: seq, at: at, old: c.old.attributes(), new: c.new.attributes(), expired: expired})
	sh.last = seq
}

// trim drops what is older than the retention.
func (sh *shard) trim(now time.Time) {
	n := 0
	for n < len(sh.records) && now.Sub(sh.records[n].at) > retention {
		sh.trimmed = sh.records[n].seq
		n++
	}
	sh.records = sh.records[n:]
}

// from answers where the records after seq begin.
func (sh *shard) from(seq uint64) int {
	n, _ := slices.BinarySearchFunc(sh.records, seq+1, func(r *record, seq uint64) int {
		switch {
		case r.seq < seq:
			return -1
		case r.seq > seq:
			return 1
		}
		return 0
	})
	return n
}

// sequence numbers are 21 digits wide at least, and order as text as they do as numbers.
func sequence(n uint64) string { return fmt.Sprintf("1%020d", n) }

func parseSequence(s string) (uint64, bool) {
	if len(s) != 21 || s[0] != '1' {
		return 0, false
	}
	n, err := strconv.ParseUint(s[1:], 10, 64)
	return n, err == nil
}

func (r *record) write(w *writer, s *stream) {
	name, image := "MODIFY", r.new
	switch {
	case r.old == nil:
		name = "INSERT"
	case r.new == nil:
		name, image = "REMOVE", r.old
	}
	id := md5.Sum([]byte(s.arn + sequence(r.seq)))
	key := keyOf(image, s.keys...)
	size := key.size()
	w.open('{')
	w.key("eventID").string(hex.EncodeToString(id[:]))
	w.key("eventName").string(name)
	w.key("eventVersion").string("1.1")
	w.key("eventSource").string("aws:dynamodb")
	w.key("awsRegion").string(region)
	if r.expired {
		w.key("userIdentity").open('{')
		w.key("PrincipalId").string("dynamodb.amazonaws.com")
		w.key("Type").string("Service")
		w.close('}')
	}
	w.key("dynamodb").open('{')
	w.key("ApproximateCreationDateTime").json(r.at.Unix())
	w.key("Keys").item(key)
	if r.new != nil && strings.HasPrefix(s.view, "NEW_") {
		w.key("NewImage").item(r.new)
		size += r.new.size()
	}
	if r.old != nil && strings.Contains(s.view, "OLD_IMAGE") {
		w.key("OldImage").item(r.old)
		size += r.old.size()
	}
	w.key("SequenceNumber").string(sequence(r.seq))
	w.key("SizeBytes").json(size)
	w.key("StreamViewType").string(s.view)
	w.close('}')
	w.close('}')
}

// iterator is a place in a shard; its text is opaque to callers.
type iterator struct {
	ARN   string
	Shard string
	After uint64 // records after this sequence number come next
	Issue int64  // unix milliseconds
}

func (i iterator) String() string {
	b, _ := json.Marshal(i) // strings and integers: cannot fail
	return base64.RawURLEncoding.EncodeToString(b)
}

func (e *Engine) findShard(arn, id string) (*stream, *shard, *fault) {
	s := e.streams[arn]
	if s == nil {
		return nil, nil, refuse("ResourceNotFoundException", "Requested resource not found: Stream: "+arn+" not found")
	}
	for _, sh := range s.shards {
		if sh.id == id {
			return s, sh, nil
		}
	}
	return nil, nil, refuse("ResourceNotFoundException", "Requested resource not found: Shard: "+id+" in Stream: "+arn+" not found")
}

func (e *Engine) listStreams(r *request) (*writer, *fault) {
	var in struct {
		TableName               string
		Limit                   *int
		ExclusiveStartStreamArn string
	}
	if f := r.decode(&in); f != nil {
		return nil, f
	}
	limit := 100
	if in.Limit != nil {
		if limit = *in.Limit; limit < 1 || limit > 100 {
			return nil, invalid("Limit must be between 1 and 100")
		}
	}
	e.mu.RLock()
	defer e.mu.RUnlock()
	var arns []string
	for arn, s := range e.streams {
		if (in.TableName == "" || s.table == in.TableName) && arn > in.ExclusiveStartStreamArn {
			arns = append(arns, arn)
		}
	}
	slices.Sort(arns)
	w := &writer{}
	w.open('{')
	w.key("Streams").open('[')
	for _, arn := range arns[:min(limit, len(arns))] {
		s := e.streams[arn]
		w.open('{')
		w.key("StreamArn").string(arn)
		w.key("TableName").string(s.table)
		w.key("StreamLabel").string(s.label)
		w.close('}')
	}
	w.close(']')
	if len(arns) > limit {
		w.key("LastEvaluatedStreamArn").string(arns[limit-1])
	}
	w.close('}')
	return w, nil
}

func (e *Engine) describeStream(r *request) (*writer, *fault) {
	var in struct {
		StreamArn             string
		Limit                 *int
		ExclusiveStartShardId string
		ShardFilter           any
	}
	if f := r.decode(&in); f != nil {
		return nil, f
	}
	if in.ShardFilter != nil {
		return nil, unsupported("ShardFilter")
	}
	e.mu.RLock()
	defer e.mu.RUnlock()
	s := e.streams[in.StreamArn]
	if s == nil {
		return nil, refuse("ResourceNotFoundException", "Requested resource not found: Stream: "+in.StreamArn+" not found")
	}
	status := "ENABLED"
	if s.closed {
		status = "DISABLED"
	}
	w := &writer{}
	w.open('{')
	w.key("StreamDescription").open('{')
	w.key("StreamArn").string(s.arn)
	w.key("StreamLabel").string(s.label)
	w.key("StreamStatus").string(status)
	w.key("StreamViewType").string(s.view)
	w.key("TableName").string(s.table)
	w.key("CreationRequestDateTime").json(epoch(s.created))
	w.key("KeySchema").json(s.schema)
	w.key("Shards").open('[')
	limit := 100
	if in.Limit != nil {
		limit = *in.Limit
	}
	last := ""
	for _, sh := range s.shards {
		if sh.id <= in.ExclusiveStartShardId {
			continue
		}
		if limit--; limit < 0 {
			last = "more"
			break
		}
		w.open('{')
		w.key("ShardId").string(sh.id)
		w.key("SequenceNumberRange").open('{')
		w.key("StartingSequenceNumber").string(sequence(sh.trimmed + 1))
		if s.closed {
			w.key("EndingSequenceNumber").string(sequence(sh.last))
		}
		w.close('}')
		w.close('}')
		in.ExclusiveStartShardId = sh.id
	}
	w.close(']')
	if last != "" {
		w.key("LastEvaluatedShardId").string(in.ExclusiveStartShardId)
	}
	w.close('}')
	w.close('}')
	return w, nil
}

func (e *Engine) getShardIterator(r *request) (*writer, *fault) {
	var in struct {
		StreamArn, ShardId, ShardIteratorType, SequenceNumber string
	}
	if f := r.decode(&in); f != nil {
		return nil, f
	}
	e.mu.Lock() // trimming changes the shard
	defer e.mu.Unlock()
	_, sh, f := e.findShard(in.StreamArn, in.ShardId)
	if f != nil {
		return nil, f
	}
	now := e.cfg.Now()
	sh.trim(now)
	at := iterator{ARN: in.StreamArn, Shard: in.ShardId, Issue: now.UnixMilli()}
	switch in.ShardIteratorType {
	case "TRIM_HORIZON":
		at.After = sh.trimmed
	case "LATEST":
		at.After = sh.last
	case "AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER":
		n, ok := parseSequence(in.SequenceNumber)
		switch {
		case !ok || n > sh.last:
			return nil, invalid("Invalid SequenceNumber " + in.SequenceNumber)
		case n <= sh.trimmed:
			return nil, refuse("TrimmedDataAccessException", "The requested data has been trimmed: "+in.SequenceNumber)
		}
		if at.After = n; in.ShardIteratorType == "AT_SEQUENCE_NUMBER" {
			at.After--
		}
	default:
		return nil, invalid("ShardIteratorType must be one of AFTER_SEQUENCE_NUMBER, LATEST, AT_SEQUENCE_NUMBER and TRIM_HORIZON")
	}
	w := &writer{}
	w.open('{')
	w.key("ShardIterator").string(at.String())
	w.close('}')
	return w, nil
}

func (e *Engine) getRecords(r *request) (*writer, *fault) {
	var in struct {
		ShardIterator string
		Limit         *int
	}
	if f := r.decode(&in); f != nil {
		return nil, f
	}
	limit := maxRecords
	if in.Limit != nil {
		if limit = *in.Limit; limit < 1 || limit > maxRecords {
			return nil, invalid("Limit must be between 1 and 1000")
		}
	}
	var at iterator
	b, err := base64.RawURLEncoding.DecodeString(in.ShardIterator)
	if err != nil || json.Unmarshal(b, &at) != nil {
		return nil, invalid("Invalid ShardIterator")
	}
	now := e.cfg.Now()
	if now.Sub(time.UnixMilli(at.Issue)) > iteratorLifetime {
		return nil, refuse("ExpiredIteratorException", "Iterator expired. The iterator was created at a time that is more than 15 minutes ago")
	}
	e.mu.Lock()
	s, sh, f := e.findShard(at.ARN, at.Shard)
	if f != nil {
		e.mu.Unlock()
		return nil, f
	}
	sh.trim(now)
	if at.After < sh.trimmed {
		e.mu.Unlock()
		return nil, refuse("TrimmedDataAccessException", "The requested data has been trimmed")
	}
	records := sh.records[sh.from(at.After):]
	records = slices.Clone(records[:min(limit, len(records))])
	closed, last := s.closed, sh.last
	e.mu.Unlock()

	w := &writer{}
	w.open('{')
	w.key("Records").open('[')
	for _, rec := range records {
		if len(w.buf) > maxPage {
			break
		}
		rec.write(w, s)
		at.After = rec.seq
	}
	w.close(']')
	if !closed || at.After < last {
		at.Issue = now.UnixMilli()
		w.key("NextShardIterator").string(at.String())
	}
	w.close('}')
	return w, nil
}
