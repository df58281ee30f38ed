package store

import (
	"context"
	"fmt"
	"time"

	"snout/shared/routing"
)

// Compared is a number whose texts are compared with the carrier's list.
type Compared struct {
	routing.Number
	Mark time.Time // up to when they have been; zero: never
}

// ComparedNumbers lists the numbers of every org that can be texted, by their phones.
func (t *Table) ComparedNumbers(ctx context.Context) ([]Compared, error) {
	items, err := t.queryAll(ctx, query{index: "GSI1", pk: numbersPK})
	if err != nil {
		return nil, fmt.Errorf("compared numbers: %w", err)
	}
	ns := make([]Compared, 0, len(items))
	keys := make([]key, 0, len(items))
	for _, it := range items {
		n, err := numberIn(it)
		if err != nil {
			return nil, err
		}
		ns, keys = append(ns, Compared{Number: *n}), append(keys, markKey(n.Phone))
	}
	marks, err := t.batch(ctx, false, keys...)
	if err != nil {
		return nil, fmt.Errorf("compared numbers: %w", err)
	}
	for i, n := range ns {
		m, err := parse[struct {
			At int64 `dynamodbav:"at"`
		}](marks[markKey(n.Phone)])
		if err != nil {
			return nil, err
		}
		ns[i].Mark = moment(m.At)
	}
	return ns, nil
}

// MarkCompared notes up to when a number's texts have been compared.
func (t *Table) MarkCompared(ctx context.Context, n routing.Phone, at time.Time) error {
	return t.put(ctx, record(markKey(n), "mark", struct {
		At int64 `dynamodbav:"at"`
	}{micros(at)}))
}

// SeenSids tells which of some MessageSids have been taken in.
func (t *Table) SeenSids(ctx context.Context, sids []string) (map[string]bool, error) {
	keys := make([]key, 0, len(sids))
	for _, s := range sids {
		keys = append(keys, seenKey(s))
	}
	found, err := t.batch(ctx, true, keys...)
	if err != nil {
		return nil, fmt.Errorf("seen sids: %w", err)
	}
	seen := make(map[string]bool, len(found))
	for k := range found {
		seen[k.PK[len("M#"):]] = true
	}
	return seen, nil
}
