package dynamo

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"time"
)

const (
	maxActions          = 100
	maxTransactionBytes = 4 << 20
	tokenLifetime       = 10 * time.Minute
)

// idempotent is a transaction that has been done under a client's token.
type idempotent struct {
	Hash [sha256.Size]byte
	At   time.Time
	// Read is what answering the same again costs, by table: reading the items.
	Read map[string]float64
}

// cancellationCause is one action's entry in CancellationReasons; the zero one is None.
type cancellationCause struct {
	code, message string
	item          item
}

func (c cancellationCause) write(w *writer) {
	w.open('{')
	if c.code == "" {
		w.key("Code").string("None")
	} else {
		w.key("Code").string(c.code)
		w.key("Message").string(c.message)
	}
	if c.item != nil {
		w.key("Item").item(c.item)
	}
	w.close('}')
}

func cancelled(reasons []cancellationCause) *fault {
	codes := make([]string, len(reasons))
	for n, r := range reasons {
		if codes[n] = r.code; r.code == "" {
			codes[n] = "None"
		}
	}
	f := refuse("TransactionCanceledException", "Transaction cancelled, please refer cancellation reasons for specific reasons ["+strings.Join(codes, ", ")+"]")
	f.reasons = reasons
	return f
}

// cause answers the reason a fault is within a transaction.
func (f *fault) cause() cancellationCause {
	if f.kind == model+"ConditionalCheckFailedException" {
		return cancellationCause{"ConditionalCheckFailed", f.message, f.item}
	}
	return cancellationCause{"ValidationError", f.message, nil}
}

type transactWriteItem struct {
	ConditionCheck, Put, Update, Delete *writeInput
}

// action is the one of the four that is there.
func (i *transactWriteItem) action() (verb, member string, in *writeInput, f *fault) {
	for _, a := range []struct {
		verb, member string
		in           *writeInput
	}{
		{"ConditionCheck", "conditionCheck", i.ConditionCheck}, {"PutItem", "put", i.Put},
		{"UpdateItem", "update", i.Update}, {"DeleteItem", "delete", i.Delete},
	} {
		if a.in == nil {
			continue
		}
		if in != nil {
			return "", "", nil, invalid("TransactItems can only contain one of Check, Put, Update or Delete")
		}
		verb, member, in = a.verb, a.member, a.in
	}
	if in == nil {
		f = invalid("Invalid Request: TransactWriteRequest should contain Delete or Put or Update request")
	}
	return verb, member, in, f
}

// actions checks the list's length.
func (s *shape) actions(n int, missing bool) {
	switch {
	case missing:
		s.missing("transactItems")
	case n == 0:
		s.broken("'[]'", "transactItems", "Member must have length greater than or equal to 1")
	case n > maxActions:
		s.broken(fmt.Sprintf("'[%d actions]'", n), "transactItems", "Member must have length less than or equal to 100")
	}
}

func (e *Engine) transactWrite(r *request) (*writer, *fault) {
	var in struct {
		TransactItems               []transactWriteItem
		ClientRequestToken          string
		ReturnConsumedCapacity      string
		ReturnItemCollectionMetrics string
	}
	if f := r.decode(&in); f != nil {
		return nil, f
	}
	var sh shape
	if n := len(in.ClientRequestToken); n > 36 {
		sh.broken("'"+in.ClientRequestToken+"'", "clientRequestToken", "Member must have length less than or equal to 36")
	}
	sh.capacityDetail(in.ReturnConsumedCapacity)
	sh.collectionMetrics(in.ReturnItemCollectionMetrics)
	if sh.actions(len(in.TransactItems), in.TransactItems == nil); sh != nil {
		return nil, sh.fault()
	}
	verbs := make([]string, len(in.TransactItems))
	inputs := make([]*writeInput, len(in.TransactItems))
	for n := range in.TransactItems {
		verb, member, input, f := in.TransactItems[n].action()
		if f != nil {
			return nil, f
		}
		verbs[n], inputs[n] = verb, input
		member = fmt.Sprintf("transactItems.%d.member.%s.", n+1, member)
		if f := input.shape(&sh, verb, member); f != nil {
			return nil, f
		}
		if verb == "UpdateItem" && input.UpdateExpression == nil {
			sh.missing(member + "updateExpression")
		}
	}
	if sh != nil {
		return nil, sh.fault()
	}
	writes := make([]*write, len(inputs))
	for n, input := range inputs {
		var f *fault
		if writes[n], f = input.parse(verbs[n]); f != nil {
			return nil, f
		}
	}
	b := &bill{detail: in.ReturnConsumedCapacity, transaction: "Write"}
	if f := e.transact(writes, in.ClientRequestToken, in.TransactItems, b); f != nil {
		e.meterWrite(b)
		return nil, f
	}
	if b.transaction == "Read" {
		e.meterRead(b)
	} else {
		e.meterWrite(b)
	}
	w := &writer{}
	w.open('{')
	b.writeAll(w)
	w.close('}')
	return w, nil
}

func (e *Engine) transact(writes []*write, token string, items []transactWriteItem, b *bill) *fault {
	what := idempotent{}
	if token != "" {
		what.Hash = digest(items)
	}
	e.mu.Lock()
	defer e.unlock()
	now := e.cfg.Now()
	if done, ok := e.tokens[token]; ok && token != "" && now.Sub(done.At) <= tokenLifetime {
		if done.Hash != what.Hash {
			return refuse("IdempotentParameterMismatchException", "Transaction with the same client request token but different parameters has been performed")
		}
		b.transaction = "Read"
		for name, n := range done.Read {
			b.of(name).table = n
		}
		return nil
	}

	changes := make([]change, len(writes))
	reasons := make([]cancellationCause, len(writes))
	type place struct {
		table *table
		key   string
	}
	seen := map[place]bool{}
	failed := false
	fail := func(n int, f *fault) { failed = true; reasons[n] = f.cause() }
	for n, w := range writes {
		t, f := e.find(w.table)
		if f != nil {
			return f
		}
		key, f := w.bind(t)
		if f != nil && f.early {
			return f
		}
		changes[n] = change{table: t, key: key}
		if f != nil {
			fail(n, f)
			continue
		}
		if seen[place{t, key}] {
			return invalid("Transaction request cannot include multiple operations on one item")
		}
		seen[place{t, key}] = true
	}
	size := 0
	for n, w := range writes {
		if reasons[n].code != "" {
			continue
		}
		c, f := w.run(changes[n].table, changes[n].key)
		changes[n] = c
		if f != nil {
			fail(n, f)
		}
		size += max(c.old.bytes(), c.new.bytes())
	}
	if failed {
		// What was looked at is paid for all the same.
		for _, c := range changes {
			b.of(c.table.def.TableName).table += 2 * units(c.old.bytes(), writeUnit)
		}
		return cancelled(reasons)
	}
	if size > maxTransactionBytes {
		return invalid("Transaction payload size has exceeded the maximum allowed size of 4 MB")
	}
	what.At, what.Read = now, map[string]float64{}
	for _, c := range changes {
		name := c.table.def.TableName
		b.of(name).addWrite(c, 2)
		what.Read[name] += 2 * units(c.new.bytes(), readUnit)
	}
	e.forget(now)
	return e.commit(now, changes, false, token, what)
}

// forget drops the tokens whose window has passed, now and then.
func (e *Engine) forget(now time.Time) {
	if len(e.tokens)%1024 != 1023 {
		return
	}
	for token, t := range e.tokens {
		if now.Sub(t.At) > tokenLifetime {
			delete(e.tokens, token)
		}
	}
}

// digest is equal for requests that mean the same: SDKs write maps in any order.
func digest(items []transactWriteItem) [sha256.Size]byte {
	w := writer{sorted: true}
	text := func(s *string) {
		if s == nil {
			w.json(nil)
		} else {
			w.string(*s)
		}
	}
	w.open('[')
	for _, i := range items {
		for _, in := range []*writeInput{i.ConditionCheck, i.Put, i.Update, i.Delete} {
			if in == nil {
				w.json(nil)
				continue
			}
			w.string(*in.TableName)
			w.item(in.Item)
			w.item(in.Key)
			text(in.ConditionExpression)
			text(in.UpdateExpression)
			w.json(in.Names)
			w.item(in.Values)
			w.string(in.ReturnValuesOnConditionCheckFailure)
		}
	}
	w.close(']')
	return sha256.Sum256(w.buf)
}

func (e *Engine) transactGet(r *request) (*writer, *fault) {
	var in struct {
		TransactItems []struct {
			Get *struct {
				TableName *string
				Key       item
				readInput
			}
		}
		ReturnConsumedCapacity string
	}
	if f := r.decode(&in); f != nil {
		return nil, f
	}
	var sh shape
	sh.capacityDetail(in.ReturnConsumedCapacity)
	if sh.actions(len(in.TransactItems), in.TransactItems == nil); sh != nil {
		return nil, sh.fault()
	}
	for n, i := range in.TransactItems {
		member := fmt.Sprintf("transactItems.%d.member.get", n+1)
		if i.Get == nil {
			sh.missing(member)
			continue
		}
		sh.name(member+".tableName", i.Get.TableName, 1)
		if i.Get.Key == nil {
			sh.missing(member + ".key")
		}
	}
	if sh != nil {
		return nil, sh.fault()
	}
	paths := make([][]path, len(in.TransactItems))
	for n, i := range in.TransactItems {
		if f := i.Get.Key.fault(); f != "" {
			return nil, invalid(f)
		}
		var f *fault
		if paths[n], f = i.Get.parse(); f != nil {
			return nil, f
		}
	}
	b := &bill{detail: in.ReturnConsumedCapacity, transaction: "Read"}
	rows := make([]*row, len(in.TransactItems))
	read := func() *fault {
		e.mu.RLock()
		defer e.mu.RUnlock()
		type place struct {
			table *table
			key   string
		}
		seen := map[place]bool{}
		reasons := make([]cancellationCause, len(rows))
		failed := false
		size := 0
		for n, i := range in.TransactItems {
			t, f := e.find(*i.Get.TableName)
			if f != nil {
				return f
			}
			if rows[n], f = t.get(i.Get.Key, paths[n]); f != nil {
				if f.early {
					return f
				}
				failed, reasons[n] = true, f.cause()
				continue
			}
			p := place{t, encodeKey(t.keys, i.Get.Key)}
			if seen[p] {
				return invalid("Transaction request cannot include multiple operations on one item")
			}
			seen[p] = true
			size += rows[n].bytes()
			b.of(*i.Get.TableName).table += 2 * units(rows[n].bytes(), readUnit)
		}
		switch {
		case failed:
			return cancelled(reasons)
		case size > maxTransactionBytes:
			return invalid("Transaction payload size has exceeded the maximum allowed size of 4 MB")
		}
		return nil
	}
	if f := read(); f != nil {
		return nil, f
	}
	e.meterRead(b)
	w := &writer{}
	w.open('{')
	w.key("Responses").open('[')
	for n, r := range rows {
		w.open('{')
		if r != nil {
			w.key("Item").picked(r, paths[n])
		}
		w.close('}')
	}
	w.close(']')
	b.writeAll(w)
	w.close('}')
	return w, nil
}
