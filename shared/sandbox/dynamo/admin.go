package dynamo

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Names of nothing: there is one account and one region here.
const (
	region  = "us-east-1"
	account = "000000000000"
)

func tableARN(name string) string {
	return "arn:aws:dynamodb:" + region + ":" + account + ":table/" + name
}

func epoch(t time.Time) json.Number {
	return json.Number(fmt.Sprintf("%d.%03d", t.Unix(), t.Nanosecond()/1e6))
}

func (e *Engine) createTable(r *request) (*writer, *fault) {
	var def tableDefinition
	if f := r.decode(&def); f != nil {
		return nil, f
	}
	if f := def.check(); f != nil {
		return nil, f
	}
	e.mu.Lock()
	defer e.unlock()
	if e.tables[def.TableName] != nil {
		return nil, refuse("ResourceInUseException", "Table already exists: "+def.TableName)
	}
	at := e.cfg.Now()
	// Streams are told apart by their label, a time: two within a millisecond would be one.
	for e.streams[tableARN(def.TableName)+"/stream/"+at.UTC().Format("2006-01-02T15:04:05.000")] != nil {
		at = at.Add(time.Millisecond)
	}
	if e.journal != nil {
		if err := e.journal.write(line{At: at.UnixNano(), Create: &def, Shards: e.cfg.Shards}); err != nil {
			e.cfg.Logf("table engine: %v", err)
			return nil, internal("the log cannot be written")
		}
	}
	t := e.addTable(def, at, e.cfg.Shards)
	w := &writer{}
	w.open('{')
	t.describe(w.key("TableDescription"), "CREATING")
	w.close('}')
	return w, nil
}

func (e *Engine) addTable(def tableDefinition, at time.Time, shards int) *table {
	t := newTable(def, at)
	if s := def.StreamSpecification; s != nil && s.StreamEnabled {
		t.stream = newStream(t, at, shards, e.seq)
		e.streams[t.stream.arn] = t.stream
	}
	e.tables[def.TableName] = t
	return t
}

// check answers what is wrong with a definition, or not supported here.
func (d *tableDefinition) check() *fault {
	if d.TableName == "" {
		return invalid("The parameter 'TableName' is required but was not present in the request")
	}
	var s shape
	if s.name("tableName", &d.TableName, 3); s != nil {
		return s.fault()
	}
	if len(d.AttributeDefinitions) == 0 {
		s.missing("attributeDefinitions")
	}
	if len(d.KeySchema) == 0 {
		s.missing("keySchema")
	}
	s.oneOf("billingMode", d.BillingMode, "PROVISIONED", "PAY_PER_REQUEST")
	for n, a := range d.AttributeDefinitions {
		s.oneOf(fmt.Sprintf("attributeDefinitions.%d.member.attributeType", n+1), a.AttributeType, "B", "N", "S")
	}
	s.schema("keySchema", d.KeySchema)
	for n, x := range d.GlobalSecondaryIndexes {
		member := fmt.Sprintf("globalSecondaryIndexes.%d.member.", n+1)
		s.name(member+"indexName", &x.IndexName, 3)
		s.schema(member+"keySchema", x.KeySchema)
		s.oneOf(member+"projection.projectionType", x.Projection.ProjectionType, "ALL", "INCLUDE", "KEYS_ONLY")
	}
	if d.StreamSpecification != nil {
		s.oneOf("streamSpecification.streamViewType", d.StreamSpecification.StreamViewType, "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES", "KEYS_ONLY")
	}
	if s != nil {
		return s.fault()
	}
	switch {
	case d.BillingMode == "PAY_PER_REQUEST" && d.ProvisionedThroughput != nil:
		return invalidParameters("Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST")
	case d.BillingMode != "PAY_PER_REQUEST" && d.ProvisionedThroughput == nil:
		return invalidParameters("ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED")
	case len(d.LocalSecondaryIndexes) > 0:
		return unsupported("LocalSecondaryIndexes")
	}
	kinds := map[string]string{}
	for _, a := range d.AttributeDefinitions {
		if kinds[a.AttributeName] != "" {
			return invalidParameters("Cannot define two attributes with the same name: " + a.AttributeName)
		}
		kinds[a.AttributeName] = a.AttributeType
	}
	used := map[string]bool{}
	if f := checkSchema(d.KeySchema, kinds, used); f != nil {
		return f
	}
	names := map[string]bool{}
	for _, x := range d.GlobalSecondaryIndexes {
		if f := x.check(kinds, used); f != nil {
			return f
		}
		if names[x.IndexName] {
			return invalidParameters("Duplicate index name: " + x.IndexName)
		}
		names[x.IndexName] = true
	}
	if d.GlobalSecondaryIndexes != nil && len(names) == 0 {
		return invalidParameters("List of GlobalSecondaryIndexes is empty")
	}
	if len(names) > 20 {
		return invalidParameters("GlobalSecondaryIndex count exceeds the per-table limit of 20")
	}
	if len(used) != len(kinds) {
		return invalidParameters("Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions")
	}
	if s := d.StreamSpecification; s != nil {
		if s.StreamEnabled != (s.StreamViewType != "") {
			return invalidParameters("StreamViewType must be given when, and only when, StreamEnabled is true")
		}
	}
	return nil
}

func (x *indexDefinition) check(kinds map[string]string, used map[string]bool) *fault {
	if f := checkSchema(x.KeySchema, kinds, used); f != nil {
		return f
	}
	extra := len(x.Projection.NonKeyAttributes)
	switch p := x.Projection; {
	case p.ProjectionType == "":
		return invalidParameters("Unknown ProjectionType: null")
	case p.ProjectionType == "INCLUDE" && extra == 0:
		return invalidParameters("ProjectionType is INCLUDE, but NonKeyAttributes is not specified")
	case p.ProjectionType != "INCLUDE" && extra > 0:
		return invalidParameters("ProjectionType is " + p.ProjectionType + ", but NonKeyAttributes is specified")
	}
	return nil
}

func (s *shape) schema(member string, schema []keySchemaElement) {
	shown := make([]string, len(schema))
	for n, k := range schema {
		s.oneOf(fmt.Sprintf("%s.%d.member.keyType", member, n+1), k.KeyType, "HASH", "RANGE")
		shown[n] = "KeySchemaElement(attributeName=" + k.AttributeName + ", keyType=" + k.KeyType + ")"
	}
	if len(schema) > 2 {
		s.broken("'["+strings.Join(shown, ", ")+"]'", member, "Member must have length less than or equal to 2")
	}
}

func checkSchema(schema []keySchemaElement, kinds map[string]string, used map[string]bool) *fault {
	switch {
	case len(schema) == 0:
		return invalidParameters("The KeySchema is empty")
	case schema[0].KeyType != "HASH":
		return invalid("Invalid KeySchema: The first KeySchemaElement is not a HASH key type")
	case len(schema) == 2 && schema[1].KeyType != "RANGE":
		return invalid("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type")
	case len(schema) == 2 && schema[0].AttributeName == schema[1].AttributeName:
		return invalid("Invalid KeySchema: Some index key attribute have no definition")
	}
	for _, k := range schema {
		if kinds[k.AttributeName] == "" {
			return invalidParameters("Some index key attributes are not defined in AttributeDefinitions. Keys: [" + k.AttributeName + "], AttributeDefinitions: [" + strings.Join(slices.Sorted(maps.Keys(kinds)), ", ") + "]")
		}
		used[k.AttributeName] = true
	}
	return nil
}

func (t *table) describe(w *writer, status string) {
	d := t.def
	bytes := func(rows *ordered) (n int) {
		rows.walk("", top, false, func(_ string, r *row) bool { n += r.size; return true })
		return n
	}
	capacity := func(p *throughput) map[string]any {
		if p == nil {
			p = &throughput{}
		}
		return map[string]any{"NumberOfDecreasesToday": 0, "ReadCapacityUnits": p.ReadCapacityUnits, "WriteCapacityUnits": p.WriteCapacityUnits}
	}
	w.open('{')
	w.key("TableName").string(d.TableName)
	w.key("TableArn").string(tableARN(d.TableName))
	w.key("TableStatus").string(status)
	w.key("AttributeDefinitions").json(d.AttributeDefinitions)
	w.key("KeySchema").json(d.KeySchema)
	w.key("CreationDateTime").json(epoch(t.created))
	w.key("ItemCount").json(t.rows.size)
	w.key("TableSizeBytes").json(bytes(&t.rows))
	w.key("DeletionProtectionEnabled").json(d.DeletionProtectionEnabled)
	w.key("ProvisionedThroughput").json(capacity(d.ProvisionedThroughput))
	if d.BillingMode == "PAY_PER_REQUEST" {
		w.key("BillingModeSummary").json(map[string]string{"BillingMode": d.BillingMode})
	}
	if d.TableClass != "" {
		w.key("TableClassSummary").json(map[string]string{"TableClass": d.TableClass})
	}
	if s := t.stream; s != nil {
		w.key("StreamSpecification").json(d.StreamSpecification)
		w.key("LatestStreamArn").string(s.arn)
		w.key("LatestStreamLabel").string(s.label)
	}
	if len(t.indexes) > 0 {
		w.key("GlobalSecondaryIndexes").open('[')
		for _, x := range t.indexes {
			w.open('{')
			w.key("IndexName").string(x.def.IndexName)
			w.key("IndexArn").string(tableARN(d.TableName) + "/index/" + x.def.IndexName)
			w.key("IndexStatus").string(status)
			w.key("KeySchema").json(x.def.KeySchema)
			w.key("Projection").json(x.def.Projection)
			w.key("ItemCount").json(x.rows.size)
			w.key("IndexSizeBytes").json(bytes(&x.rows))
			w.key("ProvisionedThroughput").json(capacity(x.def.ProvisionedThroughput))
			w.close('}')
		}
		w.close(']')
	}
	w.close('}')
}

// named is the input of the operations that only name a table.
type named struct{ TableName *string }

// table finds the table; the caller holds the lock.
func (in *named) table(e *Engine) (*table, *fault) { return e.managed(*in.TableName) }

func (e *Engine) managed(name string) (*table, *fault) {
	if t := e.tables[name]; t != nil {
		return t, nil
	}
	return nil, refuse("ResourceNotFoundException", "Requested resource not found: Table: "+name+" not found")
}

func (e *Engine) describeTable(r *request) (*writer, *fault) {
	var in named
	if f := r.decode(&in); f != nil {
		return nil, f
	}
	if f := checkTableName(in.TableName); f != nil {
		return nil, f
	}
	e.mu.RLock()
	defer e.mu.RUnlock()
	t, f := in.table(e)
	if f != nil {
		return nil, f
	}
	w := &writer{}
	w.open('{')
	t.describe(w.key("Table"), "ACTIVE")
	w.close('}')
	return w, nil
}

func (e *Engine) deleteTable(r *request) (*writer, *fault) {
	var in named
	if f := r.decode(&in); f != nil {
		return nil, f
	}
	if f := checkTableName(in.TableName); f != nil {
		return nil, f
	}
	e.mu.Lock()
	defer e.unlock()
	t, f := in.table(e)
	if f != nil {
		return nil, f
	}
	if t.def.DeletionProtectionEnabled {
		return nil, invalid("Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.")
	}
	if e.journal != nil {
		if err := e.journal.write(line{At: e.cfg.Now().UnixNano(), Drop: *in.TableName}); err != nil {
			e.cfg.Logf("table engine: %v", err)
			return nil, internal("the log cannot be written")
		}
	}
	e.dropTable(*in.TableName)
	w := &writer{}
	w.open('{')
	t.describe(w.key("TableDescription"), "DELETING")
	w.close('}')
	return w, nil
}

func (e *Engine) dropTable(name string) {
	t := e.tables[name]
	if t.stream != nil {
		t.stream.closed = true
	}
	delete(e.tables, name)
}

func (e *Engine) listTables(r *request) (*writer, *fault) {
	var in struct {
		ExclusiveStartTableName string
		Limit                   *int
	}
	if f := r.decode(&in); f != nil {
		return nil, f
	}
	limit := 100
	if in.Limit != nil {
		var s shape
		if limit = *in.Limit; limit < 1 {
			s.broken(fmt.Sprintf("'%d'", limit), "limit", "Member must have value greater than or equal to 1")
		} else if limit > 100 {
			s.broken(fmt.Sprintf("'%d'", limit), "limit", "Member must have value less than or equal to 100")
		}
		if s != nil {
			return nil, s.fault()
		}
	}
	e.mu.RLock()
	defer e.mu.RUnlock()
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(e.tables)), func(n string) bool { return n <= in.ExclusiveStartTableName })
	w := &writer{}
	w.open('{')
	w.key("TableNames").open('[')
	for _, n := range names[:min(limit, len(names))] {
		w.string(n)
	}
	w.close(']')
	if len(names) > limit {
		w.key("LastEvaluatedTableName").string(names[limit-1])
	}
	w.close('}')
	return w, nil
}

func (e *Engine) updateTimeToLive(r *request) (*writer, *fault) {
	var in struct {
		named
		TimeToLiveSpecification *timeToLive
	}
	if f := r.decode(&in); f != nil {
		return nil, f
	}
	if f := checkTableName(in.TableName); f != nil {
		return nil, f
	}
	spec := in.TimeToLiveSpecification
	if spec == nil || spec.AttributeName == "" {
		return nil, shape{"Value null at 'timeToLiveSpecification.attributeName' failed to satisfy constraint: Member must not be null"}.fault()
	}
	e.mu.Lock()
	defer e.unlock()
	t, f := in.table(e)
	if f != nil {
		return nil, f
	}
	switch {
	case spec.Enabled && t.ttl.Enabled:
		return nil, invalid("TimeToLive is already enabled")
	case !spec.Enabled && !t.ttl.Enabled:
		return nil, invalid("TimeToLive is already disabled")
	case !spec.Enabled && t.ttl.AttributeName != spec.AttributeName:
		return nil, invalid("TimeToLive is active on a different AttributeName: current AttributeName is " + t.ttl.AttributeName)
	}
	if e.journal != nil {
		if err := e.journal.write(line{At: e.cfg.Now().UnixNano(), Expire: *in.TableName, TTL: spec}); err != nil {
			e.cfg.Logf("table engine: %v", err)
			return nil, internal("the log cannot be written")
		}
	}
	t.ttl = *spec
	w := &writer{}
	w.open('{')
	w.key("TimeToLiveSpecification").json(spec)
	w.close('}')
	return w, nil
}

func (e *Engine) describeTimeToLive(r *request) (*writer, *fault) {
	var in named
	if f := r.decode(&in); f != nil {
		return nil, f
	}
	if f := checkTableName(in.TableName); f != nil {
		return nil, f
	}
	e.mu.RLock()
	defer e.mu.RUnlock()
	t, f := in.table(e)
	if f != nil {
		return nil, f
	}
	w := &writer{}
	w.open('{')
	w.key("TimeToLiveDescription").open('{')
	if t.ttl.Enabled {
		w.key("TimeToLiveStatus").string("ENABLED")
		w.key("AttributeName").string(t.ttl.AttributeName)
	} else {
		w.key("TimeToLiveStatus").string("DISABLED")
	}
	w.close('}')
	w.close('}')
	return w, nil
}
