package dynamo

import (
	"fmt"
	"maps"
	"slices"
)

const (
	maxBatchGet   = 100
	maxBatchWrite = 25
	maxBatchBytes = 16 << 20
)

type keysAndAttributes struct {
	Keys           []item
	ConsistentRead bool
	readInput
}

func (e *Engine) batchGet(r *request) (*writer, *fault) {
	var in struct {
		RequestItems           map[string]*keysAndAttributes
		ReturnConsumedCapacity string
	}
	if f := r.decode(&in); f != nil {
		return nil, f
	}
	var sh shape
	sh.capacityDetail(in.ReturnConsumedCapacity)
	sh.requests(in.RequestItems == nil, len(in.RequestItems))
	if sh != nil {
		return nil, sh.fault()
	}
	names := slices.Sorted(maps.Keys(in.RequestItems))
	paths := map[string][]path{}
	total := 0
	for _, name := range names {
		ask := in.RequestItems[name]
		switch member := "Value at 'RequestItems." + name + ".member.Keys' failed to satisfy constraint: Member must have length "; {
		case ask == nil || len(ask.Keys) == 0:
			sh = append(sh, member+"greater than or equal to 1")
		case len(ask.Keys) > maxBatchGet:
			sh = append(sh, member+"less than or equal to 100")
		}
		if sh.name("tableName", &name, 1); sh != nil {
			return nil, sh.fault()
		}
		total += len(ask.Keys)
		var f *fault
		if paths[name], f = ask.parse(); f != nil {
			return nil, f
		}
		for _, k := range ask.Keys {
			if f := k.fault(); f != "" {
				return nil, invalid(f)
			}
		}
	}
	if total > maxBatchGet {
		return nil, invalid("Too many items requested for the BatchGetItem call")
	}

	b := &bill{detail: in.ReturnConsumedCapacity}
	found := map[string][]*row{}
	left := map[string][]item{}
	if f := e.lookUp(in.RequestItems, names, paths, found, left, b); f != nil {
		return nil, f
	}
	e.meterRead(b)
	w := &writer{}
	w.open('{')
	w.key("Responses").open('{')
	for _, name := range names {
		w.key(name).open('[')
		for _, r := range found[name] {
			w.picked(r, paths[name])
		}
		w.close(']')
	}
	w.close('}')
	w.key("UnprocessedKeys").open('{')
	for _, name := range names {
		if len(left[name]) == 0 {
			continue
		}
		ask := in.RequestItems[name]
		w.key(name).open('{')
		w.key("Keys").open('[')
		for _, k := range left[name] {
			w.item(k)
		}
		w.close(']')
		if ask.ConsistentRead {
			w.key("ConsistentRead").json(true)
		}
		if ask.ProjectionExpression != nil {
			w.key("ProjectionExpression").string(*ask.ProjectionExpression)
		}
		if ask.Names != nil {
			w.key("ExpressionAttributeNames").json(ask.Names)
		}
		w.close('}')
	}
	w.close('}')
	b.writeAll(w)
	w.close('}')
	return w, nil
}

func (s *shape) requests(missing bool, n int) {
	switch {
	case missing:
		s.missing("requestItems")
	case n == 0:
		*s = append(*s, "Value at 'RequestItems' failed to satisfy constraint: Member must have length greater than or equal to 1")
	}
}

func (e *Engine) lookUp(asks map[string]*keysAndAttributes, names []string, paths map[string][]path, found map[string][]*row, left map[string][]item, b *bill) *fault {
	e.mu.RLock()
	defer e.mu.RUnlock()
	size := 0
	for _, name := range names {
		t, f := e.find(name)
		if f != nil {
			return f
		}
		seen := map[string]bool{}
		for _, k := range asks[name].Keys {
			r, f := t.get(k, paths[name])
			if f != nil {
				return f
			}
			if encoded := encodeKey(t.keys, k); seen[encoded] {
				return invalid("Provided list of item keys contains duplicates")
			} else {
				seen[encoded] = true
			}
			if size > 0 && size+r.bytes() > maxBatchBytes {
				left[name] = append(left[name], k)
				continue
			}
			size += r.bytes()
			b.of(name).table += readUnits(r.bytes(), asks[name].ConsistentRead)
			if r != nil {
				found[name] = append(found[name], r)
			}
		}
	}
	return nil
}

type writeRequest struct {
	PutRequest    *struct{ Item item }
	DeleteRequest *struct{ Key item }
}

func (e *Engine) batchWrite(r *request) (*writer, *fault) {
	var in struct {
		RequestItems                map[string][]writeRequest
		ReturnConsumedCapacity      string
		ReturnItemCollectionMetrics string
	}
	if f := r.decode(&in); f != nil {
		return nil, f
	}
	var sh shape
	sh.capacityDetail(in.ReturnConsumedCapacity)
	sh.collectionMetrics(in.ReturnItemCollectionMetrics)
	sh.requests(in.RequestItems == nil, len(in.RequestItems))
	for name, list := range in.RequestItems {
		sh.name("tableName", &name, 1)
		if len(list) == 0 || len(list) > maxBatchWrite {
			sh.broken(fmt.Sprintf("'{%s=[%d requests]}'", name, len(list)), "requestItems", "Map value must satisfy constraint: [Member must have length less than or equal to 25, Member must have length greater than or equal to 1]")
		}
	}
	if sh != nil {
		return nil, sh.fault()
	}
	var writes []*write
	for _, name := range slices.Sorted(maps.Keys(in.RequestItems)) {
		list := in.RequestItems[name]
		for _, q := range list {
			if (q.PutRequest == nil) == (q.DeleteRequest == nil) {
				return nil, invalid("Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes")
			}
			input, verb := writeInput{TableName: &name}, "PutItem"
			if q.PutRequest != nil {
				input.Item = q.PutRequest.Item
			} else {
				input.Key, verb = q.DeleteRequest.Key, "DeleteItem"
			}
			if f := input.shape(&sh, verb, ""); f != nil {
				return nil, f
			}
			if sh != nil {
				return nil, sh.fault()
			}
			w, f := input.parse(verb)
			if f != nil {
				return nil, f
			}
			writes = append(writes, w)
		}
	}
	if len(writes) > maxBatchWrite {
		return nil, invalid("Too many items requested for the BatchWriteItem call")
	}
	if len(r.body) > maxBatchBytes {
		return nil, invalid("The total size of the items in the request exceeds 16 MB")
	}
	b := &bill{detail: in.ReturnConsumedCapacity}
	if f := e.writeMany(writes, b); f != nil {
		return nil, f
	}
	e.meterWrite(b)
	w := &writer{}
	w.open('{')
	w.key("UnprocessedItems").open('{')
	w.close('}')
	b.writeAll(w)
	w.close('}')
	return w, nil
}

func (e *Engine) writeMany(writes []*write, b *bill) *fault {
	e.mu.Lock()
	defer e.unlock()
	var changes []change
	type place struct{ table, key string }
	seen := map[place]bool{}
	for _, w := range writes {
		t, f := e.find(w.table)
		if f != nil {
			return f
		}
		key, f := w.bind(t)
		if f != nil {
			return f
		}
		if seen[place{w.table, key}] {
			return invalid("Provided list of item keys contains duplicates")
		}
		seen[place{w.table, key}] = true
		c, f := w.run(t, key)
		if f != nil {
			return f
		}
		changes = append(changes, c)
	}
	for _, c := range changes {
		b.of(c.table.def.TableName).addWrite(c, 1)
	}
	return e.commit(e.cfg.Now(), changes, false, "", idempotent{})
}
