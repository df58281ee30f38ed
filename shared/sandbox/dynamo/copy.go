package dynamo

import (
	"maps"
	"slices"
	"strconv"
)

// What follows is for whoever runs many worlds in one process: nobody outside could ask
// for it, and nothing deployed may.

// Copy is a new engine in memory that begins where this one stands. Rows never change,
// so the two share them.
func (e *Engine) Copy(cfg Config) *Engine {
	fresh, _ := Open(Config{Now: cfg.Now, OnStream: cfg.OnStream, Shards: cfg.Shards, Logf: cfg.Logf}) // in memory: cannot fail
	e.mu.RLock()
	defer e.mu.RUnlock()
	fresh.seq, fresh.tokens = e.seq, maps.Clone(e.tokens)
	for arn, s := range e.streams {
		c := *s
		c.shards = make([]*shard, len(s.shards))
		for i, sh := range s.shards {
			one := *sh
			one.records = slices.Clone(sh.records)
			c.shards[i] = &one
		}
		fresh.streams[arn] = &c
	}
	for name, t := range e.tables {
		c := *t
		c.rows = t.rows.copy()
		c.indexes = make([]*index, len(t.indexes))
		for i, x := range t.indexes {
			one := *x
			one.rows = x.rows.copy()
			c.indexes[i] = &one
		}
		if t.stream != nil {
			c.stream = fresh.streams[t.stream.arn]
		}
		fresh.tables[name] = &c
	}
	return fresh
}

func (o *ordered) copy() ordered {
	c := ordered{runs: make([][]entry, len(o.runs)), size: o.size}
	for i, r := range o.runs {
		c.runs[i] = slices.Clone(r)
	}
	return c
}

// StreamRecord is one record of a stream, without the way through JSON: strings stay
// strings, numbers are int64 (0 where one is not whole), sets are lists.
type StreamRecord struct {
	Shard          int
	Sequence       string
	Keys, Old, New map[string]any // nil: there is no such image

	stream *stream
	record *record
	after  uint64
}

// JSON is the record as GetRecords answers it.
func (r StreamRecord) JSON() []byte {
	w := &writer{}
	r.record.write(w, r.stream)
	return w.buf
}

// After are a stream's records of all shards behind the place given, in the order in
// which they came to be, and the place behind the last of them. The first place is 0.
func (e *Engine) After(arn string, place uint64) ([]StreamRecord, uint64) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	s := e.streams[arn]
	if s == nil {
		return nil, place
	}
	var out []StreamRecord
	for i, sh := range s.shards {
		for _, r := range sh.records[sh.from(place):] {
			image := r.new
			if image == nil {
				image = r.old
			}
			out = append(out, StreamRecord{Shard: i, Sequence: sequence(r.seq), Keys: keyOf(image, s.keys...).plain(), Old: r.old.plain(), New: r.new.plain(), stream: s, record: r, after: r.seq})
		}
	}
	slices.SortFunc(out, func(a, b StreamRecord) int { return int(int64(a.after) - int64(b.after)) })
	if n := len(out); n > 0 {
		place = out[n-1].after
	}
	return out, place
}

func (i item) plain() map[string]any {
	if i == nil {
		return nil
	}
	m := make(map[string]any, len(i))
	for name, v := range i {
		m[name] = v.plain()
	}
	return m
}

func (v value) plain() any {
	switch v.kind {
	case kindN:
		n, _ := strconv.ParseInt(v.s, 10, 64)
		return n
	case kindBOOL:
		return v.bool
	case kindNULL:
		return nil
	case kindM:
		return v.m.plain()
	case kindL, kindSS, kindNS, kindBS:
		l := make([]any, len(v.l))
		for i, x := range v.l {
			l[i] = x.plain()
		}
		return l
	}
	return v.s
}
