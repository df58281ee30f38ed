package dynamo

import (
	"hash/fnv"
	"math"
	"slices"
	"time"
)

// The shapes of CreateTable, kept as the table's definition.
type (
	attributeDefinition struct {
		AttributeName string
		AttributeType string
	}
	keySchemaElement struct {
		AttributeName string
		KeyType       string
	}
	projection struct {
		ProjectionType   string   `json:",omitempty"`
		NonKeyAttributes []string `json:",omitempty"`
	}
	throughput struct {
		ReadCapacityUnits  int64
		WriteCapacityUnits int64
	}
	indexDefinition struct {
		IndexName             string
		KeySchema             []keySchemaElement
		Projection            projection
		ProvisionedThroughput *throughput `json:",omitempty"`
		OnDemandThroughput    any         `json:",omitempty"`
		WarmThroughput        any         `json:",omitempty"`
	}
	streamSpecification struct {
		StreamEnabled  bool
		StreamViewType string `json:",omitempty"`
	}
	timeToLive struct {
		AttributeName string `json:",omitempty"`
		Enabled       bool
	}
	tableDefinition struct {
		TableName                 string
		AttributeDefinitions      []attributeDefinition
		KeySchema                 []keySchemaElement
		GlobalSecondaryIndexes    []indexDefinition    `json:",omitempty"`
		LocalSecondaryIndexes     []indexDefinition    `json:",omitempty"`
		BillingMode               string               `json:",omitempty"`
		ProvisionedThroughput     *throughput          `json:",omitempty"`
		OnDemandThroughput        any                  `json:",omitempty"`
		WarmThroughput            any                  `json:",omitempty"`
		StreamSpecification       *streamSpecification `json:",omitempty"`
		DeletionProtectionEnabled bool                 `json:",omitempty"`
		TableClass                string               `json:",omitempty"`
		SSESpecification          any                  `json:",omitempty"`
		Tags                      any                  `json:",omitempty"`
	}
)

// keyAttribute is one part of a key.
type keyAttribute struct {
	name string
	kind kind
}

// table is a table and its indexes. Everything in it is guarded by the engine's lock.
type table struct {
	def     tableDefinition
	keys    []keyAttribute // partition key, and sort key if there is one
	rows    ordered
	indexes []*index
	created time.Time
	stream  *stream
	ttl     timeToLive
}

// index is a global secondary index.
type index struct {
	def       indexDefinition
	keys      []keyAttribute
	projected []string // nil: every attribute
	rows      ordered
}

// row is an item as stored. It is never changed, only replaced.
type row struct {
	item item
	size int
}

func newRow(i item) *row { return &row{item: i, size: i.size()} }

func (r *row) attributes() item {
	if r == nil {
		return nil
	}
	return r.item
}

func (r *row) bytes() int {
	if r == nil {
		return 0
	}
	return r.size
}

func newTable(def tableDefinition, created time.Time) *table {
	t := &table{def: def, created: created, keys: keysOf(def, def.KeySchema)}
	for _, d := range def.GlobalSecondaryIndexes {
		x := &index{def: d, keys: keysOf(def, d.KeySchema)}
		if d.Projection.ProjectionType != "ALL" {
			for _, k := range slices.Concat(x.keys, t.keys) {
				x.projected = append(x.projected, k.name)
			}
			x.projected = append(x.projected, d.Projection.NonKeyAttributes...)
		}
		t.indexes = append(t.indexes, x)
	}
	return t
}

// keysOf answers the key in the order partition key, sort key.
func keysOf(def tableDefinition, schema []keySchemaElement) []keyAttribute {
	var keys []keyAttribute
	for _, role := range []string{"HASH", "RANGE"} {
		for _, k := range schema {
			for _, a := range def.AttributeDefinitions {
				if k.KeyType == role && a.AttributeName == k.AttributeName {
					keys = append(keys, keyAttribute{a.AttributeName, kindOf(a.AttributeType)})
				}
			}
		}
	}
	return keys
}

func (t *table) index(name string) *index {
	for _, x := range t.indexes {
		if x.def.IndexName == name {
			return x
		}
	}
	return nil
}

// partition is where all rows of a partition key lie together: behind a hash, so that
// a Scan answers in no useful order, as the real one does.
func partition(v value) []byte {
	encoded := v.appendSortable(make([]byte, 4, 64))
	h := fnv.New32a()
	h.Write(encoded[4:])
	sum := h.Sum32()
	// FNV leaves similar keys close together; spread them.
	sum ^= sum >> 16
	sum *= 0x85ebca6b
	sum ^= sum >> 13
	// The top value is left out: bounds of whole-table walks need room above every key.
	sum = uint32(uint64(sum) * math.MaxUint32 >> 32)
	encoded[0], encoded[1], encoded[2], encoded[3] = byte(sum>>24), byte(sum>>16), byte(sum>>8), byte(sum)
	return encoded
}

func encodeKey(keys []keyAttribute, i item) string {
	b := partition(i[keys[0].name])
	for _, k := range keys[1:] {
		b = i[k.name].appendSortable(b)
	}
	return string(b)
}

// entryKey is the index's key for an item of the table, or "" if the item is not in it.
func (x *index) entryKey(i item, tableKey string) string {
	if i == nil {
		return ""
	}
	for _, k := range x.keys {
		if i[k.name].kind != k.kind {
			return ""
		}
	}
	return encodeKey(x.keys, i) + tableKey
}

// project answers the row the index holds for a row of the table.
func (x *index) project(r *row) *row {
	if x.projected == nil {
		return r
	}
	i := make(item, len(x.projected))
	for _, name := range x.projected {
		if v, ok := r.item[name]; ok {
			i[name] = v
		}
	}
	return newRow(i)
}

// change is one item's old and new row; nil is absence.
type change struct {
	table    *table
	key      string
	old, new *row
}

func (c change) nothing() bool {
	return c.old == nil && c.new == nil || c.old != nil && c.new != nil && c.old.item.equal(c.new.item)
}

// apply makes the change in the table and its indexes.
func (c change) apply() {
	put := func(rows *ordered, from, to string, r *row) {
		if from != "" && from != to {
			rows.remove(from)
		}
		if to != "" {
			rows.set(to, r)
		}
	}
	for _, x := range c.table.indexes {
		to := x.entryKey(c.new.attributes(), c.key)
		var r *row
		if to != "" {
			r = x.project(c.new)
		}
		put(&x.rows, x.entryKey(c.old.attributes(), c.key), to, r)
	}
	if c.new == nil {
		c.table.rows.remove(c.key)
	} else {
		c.table.rows.set(c.key, c.new)
	}
}

// ---- keys and items as requests give them

func (k kind) emptyName() string {
	if k == kindB {
		return "binary"
	}
	return "string"
}

// checkKey answers what is wrong with a Key parameter.
func (t *table) checkKey(key item) *fault {
	const mismatch = "The provided key element does not match the schema"
	if len(key) != len(t.keys) {
		return invalid(mismatch)
	}
	for n, k := range t.keys {
		v, ok := key[k.name]
		if !ok || v.kind != k.kind {
			return invalid(mismatch)
		}
		if f := k.checkSize(v, n == 0); f != nil {
			return f
		}
	}
	return nil
}

func (k keyAttribute) checkSize(v value, partitionKey bool) *fault {
	switch {
	case k.kind == kindN:
	case v.s == "":
		return emptyKey(k)
	case partitionKey && len(v.s) > 2048:
		return invalidParameters("Size of hashkey has exceeded the maximum size limit of2048 bytes")
	case !partitionKey && len(v.s) > 1024:
		return invalidParameters("Aggregated size of all range keys has exceeded the size limit of 1024 bytes")
	}
	return nil
}

const maxItemSize = 400 * 1024

// checkItem answers what is wrong with an Item parameter.
func (t *table) checkItem(i item) *fault {
	for n, k := range t.keys {
		v, ok := i[k.name]
		if !ok {
			return invalidParameters("Missing the key " + k.name + " in the item")
		}
		if v.kind != k.kind {
			return invalidParameters("Type mismatch for key " + k.name + " expected: " + k.kind.String() + " actual: " + v.kind.String())
		}
		if f := k.checkSize(v, n == 0); f != nil {
			return f
		}
	}
	return t.checkIndexKeys(i)
}

func (t *table) checkIndexKeys(i item) *fault {
	for _, x := range t.indexes {
		for n, k := range x.keys {
			v, ok := i[k.name]
			if !ok {
				continue
			}
			if v.kind != k.kind {
				return invalidParameters("Type mismatch for Index Key " + k.name + " Expected: " + k.kind.String() + " Actual: " + v.kind.String() + " IndexName: " + x.def.IndexName)
			}
			switch {
			case k.kind == kindN:
			case v.s == "":
				return invalid("One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty " + k.kind.emptyName() + " value. IndexName: " + x.def.IndexName + ", IndexKey: " + k.name)
			case n == 0 && len(v.s) > 2048:
				return invalidParameters("Size of hashkey has exceeded the maximum size limit of2048 bytes")
			case n > 0 && len(v.s) > 1024:
				return invalidParameters("Aggregated size of all range keys has exceeded the size limit of 1024 bytes")
			}
		}
	}
	return nil
}

// checkScalarKeys refuses paths into a key attribute: keys are scalars.
func (t *table) checkScalarKeys(paths []path) *fault {
	const text = "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: "
	for _, p := range paths {
		if len(p) == 1 {
			continue
		}
		named := func(k keyAttribute) bool { return k.name == p[0].name }
		if slices.ContainsFunc(t.keys, named) {
			return invalid(text + "Key: " + p[0].name)
		}
		for _, x := range t.indexes {
			if slices.ContainsFunc(x.keys, named) {
				return invalid(text + "IndexKey: " + p[0].name)
			}
		}
	}
	return nil
}

// keyOf is the item's primary key, for stream records and start keys.
func keyOf(i item, keys ...keyAttribute) item {
	key := make(item, len(keys))
	for _, k := range keys {
		key[k.name] = i[k.name]
	}
	return key
}
