package dynamo

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// journal is the append-only log: a line for each commit, its checksum first. A commit
// is written before it is true. Lines reach the operating system, not the disk, before
// a call is answered: a killed process loses nothing, a power cut may lose the last ones.
type journal struct {
	file *os.File
	size int64
	torn error // set when a failed write could not be taken back; nothing may follow it
}

// line is one commit. One of its parts is there.
type line struct {
	At      int64            `json:"at"` // unix nanoseconds
	Create  *tableDefinition `json:"create,omitempty"`
	Shards  int              `json:"shards,omitempty"` // of a created table's stream
	Drop    string           `json:"drop,omitempty"`
	Expire  string           `json:"expire,omitempty"` // table whose TTL is set
	TTL     *timeToLive      `json:"ttl,omitempty"`
	Writes  []lineWrite      `json:"writes,omitempty"`
	Expired bool             `json:"expired,omitempty"` // deletions by the TTL sweep
	Token   string           `json:"token,omitempty"`
	Done    *idempotent      `json:"done,omitempty"`

	// Only in the compacted part.
	Stream *lineStream `json:"stream,omitempty"`
	Record *lineRecord `json:"record,omitempty"`
	Seq    uint64      `json:"seq,omitempty"`
}

type lineWrite struct {
	Table  string `json:"t"`
	Put    item   `json:"put,omitempty"`
	Delete item   `json:"del,omitempty"` // the key
}

// lineStream is a stream that has been: its table may be gone.
type lineStream struct {
	ARN, Table, Label, View string
	Keys                    [][2]string
	Schema                  []keySchemaElement
	Closed                  bool
	Shards                  []lineShard
}

type lineShard struct {
	ID            string
	Last, Trimmed uint64
}

type lineRecord struct {
	ARN      string
	Shard    string
	Seq      uint64
	Old, New item
	Expired  bool
}

func lineOf(at time.Time, changes []change, expired bool, token string, what idempotent) line {
	l := line{At: at.UnixNano(), Expired: expired, Token: token}
	if token != "" {
		l.Done = &what
	}
	for _, c := range changes {
		w := lineWrite{Table: c.table.def.TableName}
		if c.new != nil {
			w.Put = c.new.item
		} else {
			w.Delete = keyOf(c.old.item, c.table.keys...)
		}
		l.Writes = append(l.Writes, w)
	}
	return l
}

func (j *journal) write(l line) error {
	if j.torn != nil {
		return j.torn
	}
	b, err := encodeLine(l)
	if err != nil {
		return err
	}
	if _, err := j.file.Write(b); err != nil {
		// Take back what was written of the line, so that the next one does not follow half of it.
		if back := j.file.Truncate(j.size); back != nil {
			j.torn = fmt.Errorf("write log: %w, and taking the half line back: %w", err, back)
		}
		return fmt.Errorf("write log: %w", err)
	}
	j.size += int64(len(b))
	return nil
}

func encodeLine(l line) ([]byte, error) {
	b, err := json.Marshal(l)
	if err != nil {
		return nil, fmt.Errorf("write log: %w", err)
	}
	return append(fmt.Appendf(nil, "%08x ", crc32.ChecksumIEEE(b)), append(b, '\n')...), nil
}

func (j *journal) close() error {
	j.torn = errors.New("write log: closed")
	return errors.Join(j.file.Sync(), j.file.Close())
}

const logName = "tables.log"

// openJournal replays the log, writes what it amounts to as a new one, and goes on there.
func (e *Engine) openJournal() error {
	if err := os.MkdirAll(e.cfg.Dir, 0o700); err != nil {
		return err
	}
	name := filepath.Join(e.cfg.Dir, logName)
	if err := e.replay(name); err != nil {
		return fmt.Errorf("replay %s: %w", logName, err)
	}
	fresh := name + ".new"
	f, err := os.OpenFile(fresh, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	j := &journal{file: f}
	err = e.compact(j)
	if err == nil {
		err = f.Sync()
	}
	if err == nil {
		err = os.Rename(fresh, name)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("compact log: %w", err), f.Close())
	}
	e.journal = j
	return nil
}

func (e *Engine) replay(name string) error {
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close() // only read
	in := bufio.NewReaderSize(f, 1<<20)
	for n := 1; ; n++ {
		b, err := in.ReadBytes('\n')
		if err != nil && err != io.EOF {
			return err
		}
		if err == io.EOF && len(b) == 0 {
			return nil
		}
		l, bad := decodeLine(b)
		if bad != nil {
			if _, more := in.ReadByte(); more == io.EOF {
				e.cfg.Logf("table engine: line %d of the log is torn (%v) and was dropped: the call that wrote it was never answered", n, bad)
				return nil
			}
			return fmt.Errorf("line %d: %w, and lines follow it", n, bad)
		}
		if err := e.redo(l); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		e.fresh = false
	}
}

func decodeLine(b []byte) (l line, err error) {
	if len(b) < 10 || b[len(b)-1] != '\n' {
		return l, errors.New("cut short")
	}
	body := b[9 : len(b)-1]
	if !bytes.Equal(b[:9], fmt.Appendf(nil, "%08x ", crc32.ChecksumIEEE(body))) {
		return l, errors.New("wrong checksum")
	}
	return l, json.Unmarshal(body, &l)
}

// redo does again what a line says was done.
func (e *Engine) redo(l line) error {
	at := time.Unix(0, l.At).UTC()
	switch {
	case l.Create != nil:
		t := e.addTable(*l.Create, at, l.Shards)
		if l.TTL != nil {
			t.ttl = *l.TTL
		}
	case l.Drop != "":
		if e.tables[l.Drop] == nil {
			return fmt.Errorf("drops the unknown table %s", l.Drop)
		}
		e.dropTable(l.Drop)
	case l.Expire != "":
		t := e.tables[l.Expire]
		if t == nil || l.TTL == nil {
			return fmt.Errorf("sets the time to live of the unknown table %s", l.Expire)
		}
		t.ttl = *l.TTL
	case l.Stream != nil:
		e.redoStream(*l.Stream, at)
	case l.Record != nil:
		r := l.Record
		_, sh, f := e.findShard(r.ARN, r.Shard)
		if f != nil {
			return f
		}
		sh.records = append(sh.records, &record{seq: r.Seq, at: at, old: r.Old, new: r.New, expired: r.Expired})
	case l.Seq != 0:
		e.seq = l.Seq
	}
	var changes []change
	for _, w := range l.Writes {
		t := e.tables[w.Table]
		if t == nil {
			return fmt.Errorf("writes to the unknown table %s", w.Table)
		}
		c := change{table: t}
		if w.Put != nil {
			c.key, c.new = encodeKey(t.keys, w.Put), newRow(w.Put)
		} else {
			c.key = encodeKey(t.keys, w.Delete)
		}
		c.old = t.rows.get(c.key)
		changes = append(changes, c)
	}
	e.take(at, changes, l.Expired)
	if l.Token != "" && l.Done != nil {
		e.tokens[l.Token] = *l.Done
	}
	return nil
}

func (e *Engine) redoStream(l lineStream, at time.Time) {
	s := e.streams[l.ARN]
	if s == nil { // of a table that is gone
		s = &stream{arn: l.ARN, table: l.Table, label: l.Label, view: l.View, schema: l.Schema, created: at}
		for _, k := range l.Keys {
			s.keys = append(s.keys, keyAttribute{k[0], kindOf(k[1])})
		}
		e.streams[l.ARN] = s
	}
	s.closed, s.shards = l.Closed, nil
	for _, sh := range l.Shards {
		s.shards = append(s.shards, &shard{id: sh.ID, last: sh.Last, trimmed: sh.Trimmed})
	}
}

// compact writes the state as the shortest log that leads to it.
func (e *Engine) compact(j *journal) error {
	out := bufio.NewWriterSize(j.file, 1<<20)
	var err error
	put := func(l line) {
		b, bad := encodeLine(l)
		if bad == nil {
			_, bad = out.Write(b)
		}
		j.size += int64(len(b))
		err = errors.Join(err, bad)
	}
	now := e.cfg.Now()
	// Rows come before streams: replaying rows writes stream records that never were, and
	// a stream's own lines put those right.
	for _, t := range e.tables {
		ttl := t.ttl
		put(line{At: t.created.UnixNano(), Create: &t.def, TTL: &ttl})
		t.rows.walk("", top, false, func(_ string, r *row) bool {
			put(line{Writes: []lineWrite{{Table: t.def.TableName, Put: r.item}}})
			return err == nil
		})
	}
	for arn, s := range e.streams {
		if s.closed && now.Sub(s.created) > retention && s.empty(now) {
			delete(e.streams, arn)
			continue
		}
		put(line{At: s.created.UnixNano(), Stream: s.line(now)})
		for _, sh := range s.shards {
			for _, r := range sh.records {
				put(line{At: r.at.UnixNano(), Record: &lineRecord{ARN: arn, Shard: sh.id, Seq: r.seq, Old: r.old, New: r.new, Expired: r.expired}})
			}
		}
	}
	for token, t := range e.tokens {
		if now.Sub(t.At) <= tokenLifetime {
			put(line{At: t.At.UnixNano(), Token: token, Done: &t})
		}
	}
	put(line{Seq: e.seq})
	return errors.Join(err, out.Flush())
}

func (s *stream) line(now time.Time) *lineStream {
	l := &lineStream{ARN: s.arn, Table: s.table, Label: s.label, View: s.view, Schema: s.schema, Closed: s.closed}
	for _, k := range s.keys {
		l.Keys = append(l.Keys, [2]string{k.name, k.kind.String()})
	}
	for _, sh := range s.shards {
		sh.trim(now)
		l.Shards = append(l.Shards, lineShard{sh.id, sh.last, sh.trimmed})
	}
	return l
}

// empty answers whether the retention has taken every record.
func (s *stream) empty(now time.Time) bool {
	n := 0
	for _, sh := range s.shards {
		sh.trim(now)
		n += len(sh.records)
	}
	return n == 0
}
