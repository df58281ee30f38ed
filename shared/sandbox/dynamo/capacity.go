package dynamo

import (
	"maps"
	"math"
	"slices"
)

const (
	readUnit  = 4 * 1024
	writeUnit = 1024
)

func units(bytes, unit int) float64 {
	return math.Max(1, math.Ceil(float64(bytes)/float64(unit)))
}

// readUnits of one rounded read: one item, or everything one Query page went through.
func readUnits(bytes int, consistent bool) float64 {
	if consistent {
		return units(bytes, readUnit)
	}
	return units(bytes, readUnit) / 2
}

// usage is what one request has consumed of one table.
type usage struct {
	table   float64
	indexes map[string]float64
}

func (u *usage) addIndex(name string, n float64) {
	if u.indexes == nil {
		u.indexes = map[string]float64{}
	}
	u.indexes[name] += n
}

func (u *usage) total() float64 {
	n := u.table
	for _, x := range u.indexes {
		n += x
	}
	return n
}

// addWrite counts a change. The table's own write costs the larger of the two rows.
// An index pays only for entries that change: a put, a delete, or both if the entry's
// key moved. factor is 2 for the table's part of a transaction; index entries follow
// asynchronously, outside of it, and so cost the same there as anywhere.
func (u *usage) addWrite(c change, factor float64) {
	u.table += factor * units(max(c.old.bytes(), c.new.bytes()), writeUnit)
	for _, x := range c.table.indexes {
		from, to := x.entryKey(c.old.attributes(), c.key), x.entryKey(c.new.attributes(), c.key)
		var was, is *row
		if from != "" {
			was = x.project(c.old)
		}
		if to != "" {
			is = x.project(c.new)
		}
		switch {
		case was == nil && is == nil:
		case from != to && was != nil && is != nil:
			u.addIndex(x.def.IndexName, units(was.size, writeUnit)+units(is.size, writeUnit))
		case was == nil || is == nil || !was.item.equal(is.item):
			u.addIndex(x.def.IndexName, units(max(was.bytes(), is.bytes()), writeUnit))
		}
	}
}

// bill is what one request has consumed, by table.
type bill struct {
	detail string // ReturnConsumedCapacity
	tables map[string]*usage
	// In transactions the two kinds of units are told apart in the answer.
	transaction string // "", "Read" or "Write"
}

func (b *bill) of(table string) *usage {
	if b.tables == nil {
		b.tables = map[string]*usage{}
	}
	u := b.tables[table]
	if u == nil {
		u = &usage{}
		b.tables[table] = u
	}
	return u
}

func (b *bill) amount(w *writer, n float64) {
	w.key("CapacityUnits").json(n)
	if b.transaction != "" {
		w.key(b.transaction + "CapacityUnits").json(n)
	}
}

func (b *bill) wanted() bool { return b.detail == "TOTAL" || b.detail == "INDEXES" }

// write answers one table's ConsumedCapacity.
func (b *bill) write(w *writer, name string) {
	u := b.of(name)
	w.open('{')
	w.key("TableName").string(name)
	b.amount(w, u.total())
	if b.detail == "INDEXES" {
		w.key("Table").open('{')
		b.amount(w, u.table)
		w.close('}')
		if len(u.indexes) > 0 {
			w.key("GlobalSecondaryIndexes").open('{')
			for _, x := range slices.Sorted(maps.Keys(u.indexes)) {
				w.key(x).open('{')
				b.amount(w, u.indexes[x])
				w.close('}')
			}
			w.close('}')
		}
	}
	w.close('}')
}

// writeOne answers the ConsumedCapacity field of an operation on a single table.
func (b *bill) writeOne(w *writer, name string) {
	if b.wanted() {
		w.key("ConsumedCapacity")
		b.write(w, name)
	}
}

// writeAll answers that of an operation on several.
func (b *bill) writeAll(w *writer) {
	if !b.wanted() {
		return
	}
	w.key("ConsumedCapacity").open('[')
	for _, name := range slices.Sorted(maps.Keys(b.tables)) {
		b.write(w, name)
	}
	w.close(']')
}
