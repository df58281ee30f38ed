package dynamo

import "slices"

// write is one item's write, parsed: on its own, or an action of a transaction.
type write struct {
	verb      string // PutItem, UpdateItem, DeleteItem, ConditionCheck
	table     string
	item      item // PutItem
	key       item // the others
	actions   []action
	condition *node
	showOld   bool // answer with the item if the condition fails
}

// writeInput is what the writes' parameters have in common.
type writeInput struct {
	TableName           *string
	Item                item
	Key                 item
	ConditionExpression *string
	UpdateExpression    *string
	substitutions
	ReturnValuesOnConditionCheckFailure string
}

// shape checks the parameters' presence and form; member is what comes before their
// names in messages.
func (in *writeInput) shape(s *shape, verb, member string) *fault {
	s.name(member+"tableName", in.TableName, 1)
	switch {
	case verb == "PutItem" && in.Item == nil:
		s.missing(member + "item")
	case verb != "PutItem" && in.Key == nil:
		s.missing(member + "key")
	case verb == "ConditionCheck" && in.ConditionExpression == nil:
		s.missing(member + "conditionExpression")
	case verb == "PutItem" && in.Key != nil:
		return unsupported("Key")
	case verb != "PutItem" && in.Item != nil:
		return unsupported("Item")
	case verb != "UpdateItem" && in.UpdateExpression != nil:
		return unsupported("UpdateExpression")
	}
	s.oneOf(member+"returnValuesOnConditionCheckFailure", in.ReturnValuesOnConditionCheckFailure, "ALL_OLD", "NONE")
	return nil
}

// parse checks everything else that can be checked without the table.
func (in *writeInput) parse(verb string) (*write, *fault) {
	w := &write{verb: verb, table: *in.TableName, item: in.Item, key: in.Key}
	w.showOld = in.ReturnValuesOnConditionCheckFailure == "ALL_OLD"
	for _, i := range []item{in.Item, in.Key} {
		if f := i.fault(); f != "" {
			return nil, invalid(f)
		}
	}
	for _, v := range in.Item {
		if v.depth() > 32 {
			return nil, invalid("Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit")
		}
	}
	if in.Item.size() > maxItemSize {
		return nil, invalid("Item size has exceeded the maximum allowed size")
	}
	parameters := []string{"ConditionExpression"}
	if verb == "UpdateItem" {
		parameters = []string{"UpdateExpression", "ConditionExpression"}
	}
	if f := in.check(in.UpdateExpression != nil || in.ConditionExpression != nil, parameters...); f != nil {
		return nil, f
	}
	var f *fault
	if in.UpdateExpression != nil {
		if w.actions, f = parse("UpdateExpression", *in.UpdateExpression, &in.substitutions, (*parser).updates); f != nil {
			return nil, f
		}
	}
	if in.ConditionExpression != nil {
		if w.condition, f = parse("ConditionExpression", *in.ConditionExpression, &in.substitutions, (*parser).condition); f != nil {
			return nil, f
		}
	}
	return w, in.allUsed()
}

// bind checks the write against its table and answers the item's row key.
func (w *write) bind(t *table) (string, *fault) {
	key := w.key
	if w.verb == "PutItem" {
		key = w.item
		if f := t.checkItem(w.item); f != nil {
			return "", f
		}
	} else if f := t.checkKey(w.key); f != nil {
		return "", f
	}
	for _, a := range w.actions {
		if len(a.path) == 1 && slices.ContainsFunc(t.keys, func(k keyAttribute) bool { return k.name == a.path[0].name }) {
			return "", invalidParameters("Cannot update attribute " + a.path[0].name + ". This attribute is part of the key")
		}
		if f := t.checkScalarKeys([]path{a.path}); f != nil {
			return "", f
		}
	}
	return encodeKey(t.keys, key), nil
}

// run answers the change the write makes to the row there is.
func (w *write) run(t *table, key string) (change, *fault) {
	c := change{table: t, key: key, old: t.rows.get(key)}
	if w.condition != nil && !w.condition.holds(c.old.attributes()) {
		var shown item
		if w.showOld {
			shown = c.old.attributes()
		}
		return c, conditionFailed(shown)
	}
	switch w.verb {
	case "ConditionCheck":
		c.new = c.old
	case "PutItem":
		c.new = newRow(w.item)
	case "UpdateItem":
		from := c.old.attributes()
		if from == nil {
			from = w.key
		}
		to, f := apply(w.actions, from)
		if f != nil {
			return c, f
		}
		if f := t.checkIndexKeys(to); f != nil {
			return c, f
		}
		if c.new = newRow(to); c.new.size > maxItemSize {
			return c, invalid("Item size to update has exceeded the maximum allowed size")
		}
	}
	return c, nil
}

func (w *write) paths() []path {
	paths := make([]path, len(w.actions))
	for n, a := range w.actions {
		paths[n] = a.path
	}
	return paths
}

// returned is what ReturnValues asks for.
func (w *write) returned(c change, which string) item {
	switch which {
	case "ALL_OLD":
		return c.old.attributes()
	case "ALL_NEW":
		return c.new.attributes()
	case "UPDATED_OLD":
		if c.old != nil {
			return pick(c.old.item, w.paths())
		}
	case "UPDATED_NEW":
		return pick(c.new.item, w.paths())
	}
	return nil
}

// writeItem is PutItem, UpdateItem and DeleteItem.
func (e *Engine) writeItem(r *request) (*writer, *fault) {
	var in struct {
		writeInput
		ReturnValues                string
		ReturnConsumedCapacity      string
		ReturnItemCollectionMetrics string
	}
	if f := r.decode(&in); f != nil {
		return nil, f
	}
	if f := checkTableName(in.TableName); f != nil {
		return nil, f
	}
	var sh shape
	sh.capacityDetail(in.ReturnConsumedCapacity)
	sh.collectionMetrics(in.ReturnItemCollectionMetrics)
	sh.oneOf("returnValues", in.ReturnValues, "ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW")
	if f := in.shape(&sh, r.operation, ""); f != nil {
		return nil, f
	}
	if sh != nil {
		return nil, sh.fault()
	}
	if r.operation != "UpdateItem" && !slices.Contains([]string{"", "NONE", "ALL_OLD"}, in.ReturnValues) {
		return nil, invalid("ReturnValues can only be ALL_OLD or NONE")
	}
	w, f := in.parse(r.operation)
	if f != nil {
		return nil, f
	}
	b := &bill{detail: in.ReturnConsumedCapacity}
	c, f := e.writeOne(w, b)
	e.meterWrite(b)
	if f != nil {
		return nil, f
	}
	out := &writer{}
	out.open('{')
	if i := w.returned(c, in.ReturnValues); len(i) > 0 {
		out.key("Attributes").item(i)
	}
	b.writeOne(out, w.table)
	out.close('}')
	return out, nil
}

func (e *Engine) writeOne(w *write, b *bill) (change, *fault) {
	e.mu.Lock()
	defer e.unlock()
	t, f := e.find(w.table)
	if f != nil {
		return change{}, f
	}
	key, f := w.bind(t)
	if f != nil {
		return change{}, f
	}
	c, f := w.run(t, key)
	if f != nil {
		if f.kind == model+"ConditionalCheckFailedException" { // looking costs what writing would have
			b.of(w.table).table += units(c.old.bytes(), writeUnit)
		}
		return c, f
	}
	b.of(w.table).addWrite(c, 1)
	return c, e.commit(e.cfg.Now(), []change{c}, false, "", idempotent{})
}

// readInput is what reads by key have in common.
type readInput struct {
	ProjectionExpression *string
	Names                map[string]string `json:"ExpressionAttributeNames"`
}

func (in *readInput) parse() ([]path, *fault) {
	subs := substitutions{Names: in.Names}
	if f := subs.check(in.ProjectionExpression != nil, "ProjectionExpression"); f != nil {
		return nil, f
	}
	if in.ProjectionExpression == nil {
		return nil, nil
	}
	paths, f := parse("ProjectionExpression", *in.ProjectionExpression, &subs, (*parser).projection)
	if f != nil {
		return nil, f
	}
	return paths, subs.allUsed()
}

// get answers the row under a Key parameter, or nil.
func (t *table) get(key item, paths []path) (*row, *fault) {
	if f := t.checkKey(key); f != nil {
		return nil, f
	}
	if f := t.checkScalarKeys(paths); f != nil {
		return nil, f
	}
	return t.rows.get(encodeKey(t.keys, key)), nil
}

func (w *writer) picked(r *row, paths []path) {
	if paths == nil {
		w.item(r.item)
		return
	}
	w.item(pick(r.item, paths))
}

func (e *Engine) getItem(r *request) (*writer, *fault) {
	var in struct {
		TableName              *string
		Key                    item
		ConsistentRead         bool
		ReturnConsumedCapacity string
		readInput
	}
	if f := r.decode(&in); f != nil {
		return nil, f
	}
	if f := checkTableName(in.TableName); f != nil {
		return nil, f
	}
	var sh shape
	sh.capacityDetail(in.ReturnConsumedCapacity)
	if in.Key == nil {
		sh.missing("key")
	}
	if sh != nil {
		return nil, sh.fault()
	}
	if f := in.Key.fault(); f != "" {
		return nil, invalid(f)
	}
	paths, f := in.parse()
	if f != nil {
		return nil, f
	}
	e.mu.RLock()
	t, f := e.find(*in.TableName)
	var found *row
	if f == nil {
		found, f = t.get(in.Key, paths)
	}
	e.mu.RUnlock()
	if f != nil {
		return nil, f
	}
	b := &bill{detail: in.ReturnConsumedCapacity}
	b.of(*in.TableName).table = readUnits(found.bytes(), in.ConsistentRead)
	e.meterRead(b)
	w := &writer{}
	w.open('{')
	if found != nil {
		w.key("Item").picked(found, paths)
	}
	b.writeOne(w, *in.TableName)
	w.close('}')
	return w, nil
}
