package dynamo

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// Config is what an engine needs from outside.
type Config struct {
	// Now is the one clock: of idempotency windows, stream records and their expiry.
	// nil is time.Now.
	Now func() time.Time
	// Dir keeps the log of an engine that is to survive its process; "" keeps
	// everything in memory.
	Dir string
	// OnStream is called after new stream records exist, from the goroutine that wrote
	// them and outside of any lock. It must not block: a channel of length one and a
	// select with a default is the way.
	OnStream func()
	// Shards is how many shards the streams of new tables have; 0 is one.
	Shards int
	// Logf is told what Open found wrong with the log and repaired; nil discards it.
	Logf func(format string, args ...any)
}

// Engine is the tables and the http.Handler that serves them.
type Engine struct {
	cfg     Config
	journal *journal // nil in memory

	// mu makes every operation one step: a transaction is serializable because nothing
	// else runs while it does. Answers are written after it is let go, from rows that
	// never change.
	mu      sync.RWMutex
	tables  map[string]*table
	streams map[string]*stream
	seq     uint64 // of the newest stream record
	tokens  map[string]idempotent
	fresh   bool // stream records were written under this hold of the lock

	meterMu sync.Mutex
	metrics Metrics
	faults  []injected
	serial  uint64 // of requests
}

// Metrics are counts since Open.
type Metrics struct {
	Operations map[string]int     // answered, by operation
	Failures   map[string]int     // answered with an error, by its type
	Read       map[string]float64 // read units, by "table" or "table/index"
	Write      map[string]float64 // write units, likewise
}

// Open starts an engine and reads back what an earlier one left in cfg.Dir.
func Open(cfg Config) (*Engine, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Logf == nil {
		cfg.Logf = func(string, ...any) {}
	}
	e := &Engine{
		cfg: cfg, tables: map[string]*table{}, streams: map[string]*stream{}, tokens: map[string]idempotent{},
		metrics: Metrics{Operations: map[string]int{}, Failures: map[string]int{}, Read: map[string]float64{}, Write: map[string]float64{}},
	}
	if cfg.Dir != "" {
		if err := e.openJournal(); err != nil {
			return nil, fmt.Errorf("open table engine: %w", err)
		}
	}
	return e, nil
}

// Close ends the log. Calls under way may still be answered from memory, with errors
// for those that write.
func (e *Engine) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.journal == nil {
		return nil
	}
	return e.journal.close()
}

// unlock lets go of the write lock and then tells whoever waits for stream records.
func (e *Engine) unlock() {
	fresh := e.fresh
	e.fresh = false
	e.mu.Unlock()
	if fresh && e.cfg.OnStream != nil {
		e.cfg.OnStream()
	}
}

// Metrics answers a copy.
func (e *Engine) Metrics() Metrics {
	e.meterMu.Lock()
	defer e.meterMu.Unlock()
	return Metrics{
		Operations: maps.Clone(e.metrics.Operations), Failures: maps.Clone(e.metrics.Failures),
		Read: maps.Clone(e.metrics.Read), Write: maps.Clone(e.metrics.Write),
	}
}

func (e *Engine) meter(b *bill, units map[string]float64) {
	e.meterMu.Lock()
	defer e.meterMu.Unlock()
	for name, u := range b.tables {
		if u.table > 0 {
			units[name] += u.table
		}
		for x, n := range u.indexes {
			units[name+"/"+x] += n
		}
	}
}

func (e *Engine) meterRead(b *bill)  { e.meter(b, e.metrics.Read) }
func (e *Engine) meterWrite(b *bill) { e.meter(b, e.metrics.Write) }

// ---- faults

type injected struct{ kind, operation string }

// Inject appends faults, each used up by the first call it fits; none clears the list.
// A fault is "throttle", "conflict", "timeout-after-commit" or "500", and may name the
// one operation it is meant for: "conflict:TransactWriteItems". Only calls on tables'
// items can be struck, never Streams or table management; "conflict" waits for a call
// that can conflict, "timeout-after-commit" for one that writes.
func (e *Engine) Inject(faults ...string) error {
	var list []injected
	for _, f := range faults {
		kind, operation, aimed := strings.Cut(f, ":")
		if !aimed && !strikes(kind, "TransactWriteItems") || aimed && !strikes(kind, operation) {
			return fmt.Errorf("inject fault: %q is none of throttle, conflict, timeout-after-commit and 500, or cannot strike that operation", f)
		}
		list = append(list, injected{kind, operation})
	}
	e.meterMu.Lock()
	defer e.meterMu.Unlock()
	if len(list) == 0 {
		e.faults = nil
	}
	e.faults = append(e.faults, list...)
	return nil
}

// strikes answers whether the operation can be struck so; TransactWriteItems can in every way.
func strikes(kind, operation string) bool {
	switch operation {
	case "PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems":
		return slices.Contains([]string{"throttle", "conflict", "timeout-after-commit", "500"}, kind)
	case "BatchWriteItem":
		return slices.Contains([]string{"throttle", "timeout-after-commit", "500"}, kind)
	case "TransactGetItems":
		return slices.Contains([]string{"throttle", "conflict", "500"}, kind)
	case "GetItem", "BatchGetItem", "Query", "Scan":
		return kind == "throttle" || kind == "500"
	}
	return false
}

// takeFault uses up the first fault that fits the operation.
func (e *Engine) takeFault(operation string) string {
	e.meterMu.Lock()
	defer e.meterMu.Unlock()
	for n, f := range e.faults {
		if (f.operation == "" || f.operation == operation) && strikes(f.kind, operation) {
			e.faults = slices.Delete(e.faults, n, n+1)
			return f.kind
		}
	}
	return ""
}

func (e *Engine) struck(kind string, r *request) *fault {
	switch kind {
	case "throttle":
		return refuse("ProvisionedThroughputExceededException", "The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.")
	case "500":
		return internal("Internal server error")
	case "conflict":
		if !strings.HasPrefix(r.operation, "Transact") {
			return refuse("TransactionConflictException", "Transaction is ongoing for the item")
		}
		var in struct{ TransactItems []json.RawMessage }
		if json.Unmarshal(r.body, &in) != nil || len(in.TransactItems) == 0 {
			return nil // nothing to conflict with: the operation itself says what is wrong
		}
		reasons := make([]cancellationCause, len(in.TransactItems))
		reasons[0] = cancellationCause{code: "TransactionConflict", message: "Transaction is ongoing for the item"}
		return cancelled(reasons)
	}
	return nil
}

// ---- HTTP

const maxBody = 32 << 20 // AWS takes 16 MB of items; base64 and JSON make more of them

type request struct {
	operation string
	body      []byte
}

type operation func(*request) (*writer, *fault)

func (e *Engine) operation(target string) (string, operation) {
	service, name, _ := strings.Cut(target, ".")
	switch service {
	case "DynamoDB_20120810":
		switch name {
		case "CreateTable":
			return name, e.createTable
		case "DescribeTable":
			return name, e.describeTable
		case "DeleteTable":
			return name, e.deleteTable
		case "ListTables":
			return name, e.listTables
		case "UpdateTimeToLive":
			return name, e.updateTimeToLive
		case "DescribeTimeToLive":
			return name, e.describeTimeToLive
		case "PutItem", "UpdateItem", "DeleteItem":
			return name, e.writeItem
		case "GetItem":
			return name, e.getItem
		case "Query":
			return name, e.query
		case "Scan":
			return name, e.scan
		case "BatchGetItem":
			return name, e.batchGet
		case "BatchWriteItem":
			return name, e.batchWrite
		case "TransactWriteItems":
			return name, e.transactWrite
		case "TransactGetItems":
			return name, e.transactGet
		}
	case "DynamoDBStreams_20120810":
		switch name {
		case "ListStreams":
			return name, e.listStreams
		case "DescribeStream":
			return name, e.describeStream
		case "GetShardIterator":
			return name, e.getShardIterator
		case "GetRecords":
			return name, e.getRecords
		}
	}
	return name, nil
}

func (e *Engine) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet { // what a wait-for-start loop asks
		fmt.Fprintln(w, "healthy: table engine")
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		e.answer(w, nil, &fault{status: http.StatusRequestEntityTooLarge, kind: model + "RequestEntityTooLargeException", message: "the request cannot be read"})
		return
	}
	name, do := e.operation(r.Header.Get("X-Amz-Target"))
	if do == nil {
		e.answer(w, nil, &fault{
			status: http.StatusBadRequest, kind: "com.amazon.coral.service#UnknownOperationException",
			message: "the local table engine does not know the operation " + strconv.Quote(name),
		})
		return
	}
	req := &request{operation: name, body: body}
	struck := e.takeFault(name)
	out, f := (*writer)(nil), e.struck(struck, req)
	if f == nil {
		out, f = do(req)
	}
	e.meterMu.Lock()
	if f == nil {
		e.metrics.Operations[name]++
	} else {
		_, kind, _ := strings.Cut(f.kind, "#")
		e.metrics.Failures[kind]++
	}
	e.meterMu.Unlock()
	if struck == "timeout-after-commit" {
		panic(http.ErrAbortHandler) // the connection ends without an answer; what was done stays done
	}
	e.answer(w, out, f)
}

func (e *Engine) answer(w http.ResponseWriter, out *writer, f *fault) {
	status := http.StatusOK
	var body []byte
	if f != nil {
		status, body = f.status, f.body()
	} else {
		body = out.buf
	}
	e.meterMu.Lock()
	e.serial++
	id := e.serial
	e.meterMu.Unlock()
	h := w.Header()
	h.Set("Content-Type", "application/x-amz-json-1.0")
	h.Set("X-Amzn-RequestId", fmt.Sprintf("LOCAL%047d", id))
	h.Set("X-Amz-Crc32", strconv.FormatUint(uint64(crc32.ChecksumIEEE(body)), 10))
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // the caller has gone: nobody is left to tell
}

// decode reads the operation's input and refuses what the operation does not speak,
// legacy parameters above all: ignoring one would answer a question nobody asked.
func (r *request) decode(into any) *fault {
	if !utf8.Valid(r.body) {
		return serialization("the request is not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(r.body))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err == nil {
		if _, err := d.Token(); err != io.EOF {
			return serialization("the request goes on after its end")
		}
		return nil
	}
	var f *fault
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &f):
		return f
	case errors.As(err, &wrong):
		return serialization(strings.ToUpper(wrong.Value) + "_VALUE cannot be converted to " + wrong.Field)
	case strings.HasPrefix(err.Error(), "json: unknown field "):
		name, _ := strconv.Unquote(strings.TrimPrefix(err.Error(), "json: unknown field "))
		return unsupported(name)
	}
	return serialization("the request is not JSON")
}

func unsupported(parameter string) *fault {
	return invalid("the local table engine does not support the parameter " + strconv.Quote(parameter))
}

// shape collects what is broken about a request before any of it is looked at more
// closely: DynamoDB names all of it in one message.
type shape []string

func (s *shape) broken(value, member, rule string) {
	*s = append(*s, "Value "+value+" at '"+member+"' failed to satisfy constraint: "+rule)
}

func (s *shape) missing(member string) { s.broken("null", member, "Member must not be null") }

// oneOf checks an enumeration; "" is the default.
func (s *shape) oneOf(member, value string, allowed ...string) {
	if value != "" && !slices.Contains(allowed, value) {
		s.broken("'"+value+"'", member, "Member must satisfy enum value set: ["+strings.Join(allowed, ", ")+"]")
	}
}

func (s *shape) capacityDetail(v string) {
	s.oneOf("returnConsumedCapacity", v, "INDEXES", "TOTAL", "NONE")
}

func (s *shape) collectionMetrics(v string) {
	s.oneOf("returnItemCollectionMetrics", v, "SIZE", "NONE")
}

// name checks a table's or an index's name, which is at least shortest bytes long.
func (s *shape) name(member string, name *string, shortest int) {
	switch {
	case name == nil:
		s.missing(member)
	case len(*name) < shortest:
		s.broken("'"+*name+"'", member, fmt.Sprintf("Member must have length greater than or equal to %d", shortest))
	case len(*name) > 255:
		s.broken("'"+*name+"'", member, "Member must have length less than or equal to 255")
	case !isResourceName(*name):
		s.broken("'"+*name+"'", member, "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+")
	}
}

func (s shape) fault() *fault {
	switch len(s) {
	case 0:
		return nil
	case 1:
		return invalid("1 validation error detected: " + s[0])
	}
	return invalid(fmt.Sprintf("%d validation errors detected: %s", len(s), strings.Join(s, "; ")))
}

// checkTableName stops at the name: nothing else about the request is looked at.
func checkTableName(name *string) *fault {
	var s shape
	s.name("tableName", name, 1)
	return s.fault()
}

func isResourceName(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; !isLetter(c) && !isDigit(c) && c != '_' && c != '.' && c != '-' {
			return false
		}
	}
	return s != ""
}

// find answers the table of a data operation.
func (e *Engine) find(name string) (*table, *fault) {
	if t := e.tables[name]; t != nil {
		return t, nil
	}
	return nil, refuse("ResourceNotFoundException", "Requested resource not found")
}

// commit makes changes lasting, then true, then known to the streams. The caller holds
// the lock. When the log cannot be written nothing happens at all.
func (e *Engine) commit(at time.Time, changes []change, expired bool, token string, what idempotent) *fault {
	changes = slices.DeleteFunc(changes, change.nothing)
	if len(changes) == 0 && token == "" {
		return nil
	}
	if e.journal != nil {
		if err := e.journal.write(lineOf(at, changes, expired, token, what)); err != nil {
			e.cfg.Logf("table engine: %v", err)
			return internal("the log cannot be written")
		}
	}
	e.take(at, changes, expired)
	if token != "" {
		e.tokens[token] = what
	}
	return nil
}

func (e *Engine) take(at time.Time, changes []change, expired bool) {
	for _, c := range changes {
		c.apply()
		if s := c.table.stream; s != nil {
			e.seq++
			s.add(e.seq, at, c, expired)
			e.fresh = true
		}
	}
}

// Sweep deletes the items whose time to live has passed at now, as DynamoDB does in the
// background, and answers how many. Their stream records carry DynamoDB's own identity.
func (e *Engine) Sweep(now time.Time) int {
	e.mu.Lock()
	defer e.unlock()
	var changes []change
	for _, t := range e.tables {
		if !t.ttl.Enabled {
			continue
		}
		t.rows.walk("", top, false, func(key string, r *row) bool {
			if v, ok := r.item[t.ttl.AttributeName]; ok && v.kind == kindN {
				// Times more than five years past are taken for mistakes and left alone.
				at, err := strconv.ParseInt(wholePart(v.s), 10, 64)
				if err == nil && at <= now.Unix() && at > now.AddDate(-5, 0, 0).Unix() {
					changes = append(changes, change{table: t, key: key, old: r})
				}
			}
			return true
		})
	}
	if f := e.commit(now, changes, true, "", idempotent{}); f != nil {
		return 0
	}
	return len(changes)
}

func wholePart(number string) string { whole, _, _ := strings.Cut(number, "."); return whole }

// top is above every row key.
const top = "\xFF\xFF\xFF\xFF\xFF"
