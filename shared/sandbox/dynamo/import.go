package dynamo

import (
	"encoding/json"
	"fmt"
	"iter"
)

// Import puts items, each as JSON, into a table as DynamoDB's own import does: whatever
// stood under their keys, at no capacity, and without a stream record. It is for filling
// a table of this machine, and for nothing that the log of Config.Dir has to survive.
func (e *Engine) Import(table string, items iter.Seq[[]byte]) (int, error) {
	n := 0
	for raw := range items {
		var i item
		if err := json.Unmarshal(raw, &i); err != nil {
			return n, fmt.Errorf("import: %w", err)
		}
		if err := e.importOne(table, i); err != nil {
			return n, fmt.Errorf("import: %w", err)
		}
		n++
	}
	return n, nil
}

func (e *Engine) importOne(table string, i item) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	t, f := e.find(table)
	if f != nil {
		return fmt.Errorf("%s", f.message)
	}
	if f := t.checkItem(i); f != nil {
		return fmt.Errorf("%s", f.message)
	}
	if e.journal != nil {
		return fmt.Errorf("the table is kept in a log")
	}
	c := change{table: t, key: encodeKey(t.keys, i), new: newRow(i)}
	c.old = t.rows.get(c.key)
	c.apply()
	return nil
}
