package dynamo

import (
	"fmt"
	"slices"
	"strings"
)

// page is what Query and Scan have in common: a walk over rows in key order that ends at
// the limit, at 1 MB, or at the end.
type page struct {
	TableName              *string
	IndexName              *string
	Select                 string
	Limit                  *int
	ConsistentRead         bool
	ExclusiveStartKey      item
	FilterExpression       *string
	ProjectionExpression   *string
	ReturnConsumedCapacity string
	substitutions

	filter *node
	paths  []path

	table *table
	index *index
	rows  *ordered
	keys  []keyAttribute // of the rows walked
}

// check is the request's shape; tooLow words a limit below one, which the two operations
// do in their own ways.
func (p *page) check(tooLow string) *fault {
	if f := checkTableName(p.TableName); f != nil {
		return f
	}
	var s shape
	if p.IndexName != nil {
		s.name("indexName", p.IndexName, 3)
	}
	if p.Limit != nil && *p.Limit < 1 {
		s = append(s, tooLow+" failed to satisfy constraint: Member must have value greater than or equal to 1")
	}
	s.capacityDetail(p.ReturnConsumedCapacity)
	s.oneOf("select", p.Select, "SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES")
	if s != nil {
		return s.fault()
	}
	if f := p.ExclusiveStartKey.fault(); f != "" {
		return invalid("The provided starting key is invalid: " + f)
	}
	return nil
}

func (p *page) parse() *fault {
	var f *fault
	if p.FilterExpression != nil {
		if p.filter, f = parse("FilterExpression", *p.FilterExpression, &p.substitutions, (*parser).condition); f != nil {
			return f
		}
	}
	if p.ProjectionExpression != nil {
		if p.paths, f = parse("ProjectionExpression", *p.ProjectionExpression, &p.substitutions, (*parser).projection); f != nil {
			return f
		}
	}
	if f := p.allUsed(); f != nil {
		return f
	}
	switch {
	case p.paths != nil && p.Select != "" && p.Select != "SPECIFIC_ATTRIBUTES":
		if p.Select == "COUNT" {
			return invalid("Cannot specify the ProjectionExpression when choosing to get only the Count")
		}
		return invalid("Cannot specify the ProjectionExpression when choosing to get " + p.Select)
	case p.paths == nil && p.Select == "SPECIFIC_ATTRIBUTES":
		return invalid("Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES")
	case p.Select == "ALL_PROJECTED_ATTRIBUTES" && p.IndexName == nil:
		return invalid("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName")
	}
	return nil
}

// bind finds the table or index.
func (p *page) bind(e *Engine) *fault {
	t, f := e.find(*p.TableName)
	if f != nil {
		return f
	}
	p.table, p.rows, p.keys = t, &t.rows, t.keys
	if p.IndexName != nil {
		x := t.index(*p.IndexName)
		switch {
		case x == nil:
			return invalid("The table does not have the specified index: " + *p.IndexName)
		case p.ConsistentRead:
			return invalid("Consistent reads are not supported on global secondary indexes")
		case p.Select == "ALL_ATTRIBUTES" && x.projected != nil:
			return invalidParameters("Select type ALL_ATTRIBUTES is not supported for global secondary index " + *p.IndexName + " because its projection type is not ALL")
		}
		p.index, p.rows, p.keys = x, &x.rows, x.keys
		if x.projected != nil {
			var missing []string
			for _, path := range p.paths {
				if !slices.Contains(x.projected, path[0].name) {
					missing = append(missing, path[0].name)
				}
			}
			if missing != nil {
				return invalidParameters("Global secondary index " + *p.IndexName + " does not project [" + strings.Join(missing, ", ") + "]")
			}
		}
	}
	if f := t.checkScalarKeys(p.paths); f != nil {
		return f
	}
	return t.checkScalarKeys(p.filter.allPaths(nil))
}

// allPaths are the document paths a condition mentions.
func (n *node) allPaths(paths []path) []path {
	if n == nil {
		return paths
	}
	if n.op == opPath {
		paths = append(paths, n.path)
	}
	for _, a := range n.args {
		paths = a.allPaths(paths)
	}
	return paths
}

// startKeys are the attributes of a LastEvaluatedKey.
func (p *page) startKeys() []keyAttribute {
	keys := slices.Clone(p.table.keys)
	for _, k := range p.keys {
		if !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	return keys
}

// startKey is the row key of ExclusiveStartKey.
func (p *page) startKey() (string, *fault) {
	keys := p.startKeys()
	const bad = "The provided starting key is invalid"
	if len(p.ExclusiveStartKey) != len(keys) {
		return "", invalid(bad)
	}
	for _, k := range keys {
		v, ok := p.ExclusiveStartKey[k.name]
		if !ok {
			return "", invalid(bad)
		}
		if v.kind != k.kind || v.kind != kindN && v.s == "" {
			return "", invalid(bad + ": The provided key element does not match the schema")
		}
	}
	key := encodeKey(p.table.keys, p.ExclusiveStartKey)
	if p.index != nil {
		key = p.index.entryKey(p.ExclusiveStartKey, key)
	}
	return key, nil
}

// result of a walk, and what writing it needs.
type result struct {
	found   []*row
	scanned int
	bytes   int
	last    item
}

// walk goes through low <= key < high; the caller holds the lock.
func (p *page) walk(low, high string, down bool) (res result) {
	limit := -1
	if p.Limit != nil {
		limit = *p.Limit
	}
	var last *row
	p.rows.walk(low, high, down, func(_ string, r *row) bool {
		if res.scanned == limit || res.scanned > 0 && res.bytes+r.size > maxPage {
			res.last = keyOf(last.item, p.startKeys()...)
			return false
		}
		res.scanned++
		res.bytes += r.size
		last = r
		if p.filter == nil || p.filter.holds(r.item) {
			res.found = append(res.found, r)
		}
		return true
	})
	// DynamoDB does not look ahead: a page that is full names its last key, even if
	// nothing follows it.
	if res.scanned == limit {
		res.last = keyOf(last.item, p.startKeys()...)
	}
	return res
}

func (p *page) answer(e *Engine, res result) *writer {
	b := &bill{detail: p.ReturnConsumedCapacity}
	n := readUnits(res.bytes, p.ConsistentRead)
	if p.index != nil {
		b.of(*p.TableName).addIndex(*p.IndexName, n)
	} else {
		b.of(*p.TableName).table = n
	}
	e.meterRead(b)
	w := &writer{}
	if p.Select != "COUNT" {
		w.buf = make([]byte, 0, 256+res.bytes*3/2)
	}
	w.open('{')
	w.key("Count").json(len(res.found))
	w.key("ScannedCount").json(res.scanned)
	if p.Select != "COUNT" {
		w.key("Items").open('[')
		for _, r := range res.found {
			w.picked(r, p.paths)
		}
		w.close(']')
	}
	if res.last != nil {
		w.key("LastEvaluatedKey").item(res.last)
	}
	b.writeOne(w, *p.TableName)
	w.close('}')
	return w
}

func (e *Engine) query(r *request) (*writer, *fault) {
	var in struct {
		page
		KeyConditionExpression *string
		ScanIndexForward       *bool
	}
	if f := r.decode(&in); f != nil {
		return nil, f
	}
	if f := in.page.check("Value at 'Limit'"); f != nil {
		return nil, f
	}
	if in.KeyConditionExpression == nil {
		return nil, invalid("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.")
	}
	if f := in.substitutions.check(true); f != nil {
		return nil, f
	}
	conditions, f := parse("KeyConditionExpression", *in.KeyConditionExpression, &in.substitutions, (*parser).condition)
	if f != nil {
		return nil, f
	}
	if f := in.parse(); f != nil {
		return nil, f
	}
	tests := map[string]*keyTest{}
	if f := conditions.keyTests(tests); f != nil {
		return nil, f
	}
	e.mu.RLock()
	res, f := in.run(e, tests, in.ScanIndexForward != nil && !*in.ScanIndexForward)
	e.mu.RUnlock()
	if f != nil {
		return nil, f
	}
	return in.answer(e, res), nil
}

// run is a Query; the caller holds the lock.
func (p *page) run(e *Engine, tests map[string]*keyTest, down bool) (result, *fault) {
	if f := p.bind(e); f != nil {
		return result{}, f
	}
	low, high, f := p.bounds(tests)
	if f != nil {
		return result{}, f
	}
	if p.ExclusiveStartKey != nil {
		start, f := p.startKey()
		if f != nil {
			return result{}, f
		}
		if start < low || start >= high {
			if sort := p.sortTest(tests); sort != nil {
				return result{}, invalid("The provided starting key does not match the range key predicate")
			}
			return result{}, invalid("The provided starting key is outside query boundaries based on provided conditions")
		}
		if down {
			high = start
		} else {
			low = start + "\x00"
		}
	}
	for _, path := range p.filter.allPaths(nil) {
		if slices.ContainsFunc(p.keys, func(k keyAttribute) bool { return k.name == path[0].name }) {
			return result{}, invalid("Filter Expression can only contain non-primary key attributes: Primary key attribute: " + path[0].name)
		}
	}
	return p.walk(low, high, down), nil
}

func (p *page) sortTest(tests map[string]*keyTest) *keyTest {
	if len(p.keys) < 2 {
		return nil
	}
	return tests[p.keys[1].name]
}

// keyTest is one key attribute's condition.
type keyTest struct {
	operator string // =, <, <=, >, >=, BETWEEN, begins_with
	values   []value
}

// keyTests takes a key condition apart, and refuses what an index cannot do.
func (n *node) keyTests(tests map[string]*keyTest) *fault {
	name, args := n.name, n.args
	switch n.op {
	case opAnd:
		if f := args[0].keyTests(tests); f != nil {
			return f
		}
		return args[1].keyTests(tests)
	case opOr:
		name = "OR"
	case opNot:
		name = "NOT"
	case opIn:
		name = "IN"
	case opBetween:
		name = "BETWEEN"
	}
	if n.op != opComparison && n.op != opBetween && name != "begins_with" || name == "<>" {
		return invalid("Invalid operator used in KeyConditionExpression: " + name)
	}
	for _, a := range args {
		if a.op == opFunction {
			return invalid("KeyConditionExpressions cannot contain nested operations")
		}
	}
	at := slices.IndexFunc(args, func(a *node) bool { return a.op == opPath })
	switch {
	case at < 0:
		return invalid("Invalid condition in KeyConditionExpression: No key attribute specified")
	case at > 0 && n.op != opComparison:
		return invalid("Invalid condition in KeyConditionExpression: " + name + " operator must have the key attribute as its first operand")
	case slices.ContainsFunc(args[at+1:], func(a *node) bool { return a.op == opPath }):
		return invalid("Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition")
	case len(args[at].path) > 1:
		return invalid("Invalid KeyConditionExpression: KeyConditionExpressions cannot have conditions on nested attributes")
	}
	t := &keyTest{operator: name}
	for n, a := range args {
		if n != at {
			t.values = append(t.values, a.value)
		}
	}
	if at == 1 { // the value came first
		t.operator = map[string]string{"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}[name]
	}
	key := args[at].path[0].name
	if tests[key] != nil {
		return invalid("Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key")
	}
	tests[key] = t
	return nil
}

// bounds answers the range of row keys that the key condition selects.
func (p *page) bounds(tests map[string]*keyTest) (low, high string, f *fault) {
	if len(tests) > len(p.keys) {
		return "", "", invalid(fmt.Sprintf("The number of query conditions (%d) exceeds the number of key attributes defined in the schema (%d)", len(tests), len(p.keys)))
	}
	for n, k := range p.keys {
		t := tests[k.name]
		if t == nil {
			if n == 0 || len(tests) > 1 {
				return "", "", invalid("Query condition missed key schema element: " + k.name)
			}
			continue
		}
		for _, v := range t.values {
			if v.kind != k.kind || t.operator == "begins_with" && k.kind == kindN {
				return "", "", invalidParameters("Condition parameter type does not match schema type")
			}
			if v.s == "" && k.kind != kindN && (n == 0 || t.operator != "begins_with") {
				return "", "", emptyKey(k)
			}
		}
		if n == 0 && t.operator != "=" {
			return "", "", invalid("Query key condition not supported")
		}
	}
	base := string(partition(tests[p.keys[0].name].values[0]))
	low, high = base, after(base)
	t := p.sortTest(tests)
	if t == nil {
		return low, high, nil
	}
	at := func(v value) string { return string(v.appendSortable([]byte(base))) }
	switch v := t.values[0]; t.operator {
	case "=":
		low, high = at(v), after(at(v))
	case "<":
		high = at(v)
	case "<=":
		high = after(at(v))
	case ">":
		low = after(at(v))
	case ">=":
		low = at(v)
	case "BETWEEN":
		low, high = at(v), after(at(t.values[1]))
	default: // begins_with
		low = string(appendEscaped([]byte(base), v.s))
		high = after(low)
	}
	return low, high, nil
}

func (e *Engine) scan(r *request) (*writer, *fault) {
	var in struct {
		page
		Segment, TotalSegments *int
	}
	if f := r.decode(&in); f != nil {
		return nil, f
	}
	if f := in.page.check("Value '0' at 'limit'"); f != nil {
		return nil, f
	}
	if f := in.substitutions.check(in.FilterExpression != nil || in.ProjectionExpression != nil, "FilterExpression"); f != nil {
		return nil, f
	}
	if f := in.parse(); f != nil {
		return nil, f
	}
	low, high := "", top
	switch {
	case in.Segment == nil && in.TotalSegments != nil:
		return nil, invalid("The Segment parameter is required but was not present in the request when parameter TotalSegments is present")
	case in.Segment != nil && in.TotalSegments == nil:
		return nil, invalid("The TotalSegments parameter is required but was not present in the request when Segment parameter is present")
	case in.Segment != nil:
		n, of := *in.Segment, *in.TotalSegments
		if of < 1 || of > 1000000 {
			return nil, invalid("TotalSegments must be between 1 and 1000000")
		}
		if n < 0 || n >= of {
			return nil, invalid(fmt.Sprintf("The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: %d is not less than TotalSegments: %d", n, of))
		}
		edge := func(n int) string {
			h := uint32((uint64(n)<<32 + uint64(of) - 1) / uint64(of))
			return string([]byte{byte(h >> 24), byte(h >> 16), byte(h >> 8), byte(h)})
		}
		if low = edge(n); n < of-1 {
			high = edge(n + 1)
		}
	}
	e.mu.RLock()
	res, f := in.runScan(e, low, high)
	e.mu.RUnlock()
	if f != nil {
		return nil, f
	}
	return in.answer(e, res), nil
}

func (p *page) runScan(e *Engine, low, high string) (result, *fault) {
	if f := p.bind(e); f != nil {
		return result{}, f
	}
	if p.ExclusiveStartKey != nil {
		start, f := p.startKey()
		if f != nil {
			return result{}, f
		}
		if start < low || start >= high {
			return result{}, invalid("The provided starting key is outside the segment")
		}
		low = start + "\x00"
	}
	return p.walk(low, high, false), nil
}
