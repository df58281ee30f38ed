package dynamo_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"snout/shared/sandbox/dynamo"
)

// thing is an item of the model: what the engine must amount to, said as plainly as can be.
type thing struct {
	pk, sk string
	v, n   *int
	g      string
}

func (i thing) key() string { return i.pk + "/" + i.sk }

func (i thing) json() string {
	s := `{"pk":` + quoted(i.pk) + `,"sk":` + quoted(i.sk)
	if i.v != nil {
		s += fmt.Sprintf(`,"v":%d`, *i.v)
	}
	if i.n != nil {
		s += fmt.Sprintf(`,"n":%d`, *i.n)
	}
	if i.g != "" {
		s += fmt.Sprintf(`,"g":%q`, i.g)
	}
	return s + "}"
}

// step is one write, and what it does to the model.
type step struct {
	verb      string // Put, Update, Delete, ConditionCheck
	item      thing
	update    string
	condition string
	x         int
}

// parameters is the step as an operation or an action of a transaction has it.
func (s step) parameters() string {
	p := `{"TableName":"things"`
	if s.verb == "Put" {
		p += `,"Item":` + attrs(s.item.json())
	} else {
		p += `,"Key":` + key(s.item.pk, s.item.sk)
	}
	if s.update != "" {
		p += `,"UpdateExpression":"` + s.update + `"`
	}
	if s.condition != "" {
		p += `,"ConditionExpression":"` + s.condition + `"`
	}
	values := map[string]any{}
	if strings.Contains(s.update+s.condition, ":x") {
		values[":x"] = map[string]string{"N": fmt.Sprint(s.x)}
	}
	if strings.Contains(s.update, ":g") {
		values[":g"] = map[string]string{"S": "G" + fmt.Sprint(s.x%2)}
	}
	if len(values) > 0 {
		b, err := json.Marshal(values)
		if err != nil {
			panic(err)
		}
		p += `,"ExpressionAttributeValues":` + string(b)
	}
	return p + "}"
}

// on answers the item after the step, and the error code the step meets, if any.
func (s step) on(old *thing) (after *thing, code string) {
	holds := true
	switch s.condition {
	case "attribute_not_exists(pk)":
		holds = old == nil
	case "attribute_exists(v)":
		holds = old != nil && old.v != nil
	case "v < :x":
		holds = old != nil && old.v != nil && *old.v < s.x
	case "NOT v = :x":
		holds = old == nil || old.v == nil || *old.v != s.x
	}
	if !holds {
		return old, "ConditionalCheckFailed"
	}
	switch s.verb {
	case "Put":
		return &s.item, ""
	case "Delete":
		return nil, ""
	case "ConditionCheck":
		return old, ""
	}
	to := thing{pk: s.item.pk, sk: s.item.sk}
	if old != nil {
		to = *old
	}
	plus := func(p *int, x int) *int {
		if p != nil {
			x += *p
		}
		return &x
	}
	switch s.update {
	case "ADD v :x":
		to.v = plus(to.v, s.x)
	case "SET v = if_not_exists(v, :x), n = :x":
		to.n = plus(nil, s.x)
		if to.v == nil {
			to.v = plus(nil, s.x)
		}
	case "SET n = v - :x":
		if to.v == nil {
			return old, "ValidationError"
		}
		to.n = plus(to.v, -s.x)
	case "SET g = :g REMOVE v":
		to.g, to.v = fmt.Sprint("G", s.x%2), nil
	case "REMOVE g, n":
		to.g, to.n = "", nil
	}
	return &to, ""
}

func drawKey(t *rapid.T) thing {
	return thing{pk: rapid.SampledFrom([]string{"a", "b", "ab"}).Draw(t, "pk"), sk: rapid.SampledFrom([]string{"1", "12", "2", "é", "1\x00", "1\x00\x00", "1\x01"}).Draw(t, "sk")}
}

func drawStep(t *rapid.T, verbs ...string) step {
	s := step{verb: rapid.SampledFrom(verbs).Draw(t, "verb"), item: drawKey(t), x: rapid.IntRange(-3, 12).Draw(t, "x")}
	conditions := []string{"attribute_not_exists(pk)", "attribute_exists(v)", "v < :x", "NOT v = :x"}
	if s.verb != "ConditionCheck" {
		conditions = append(conditions, "", "", "", "")
	}
	s.condition = rapid.SampledFrom(conditions).Draw(t, "condition")
	switch s.verb {
	case "Put":
		s.item.g = rapid.SampledFrom([]string{"", "G0", "G1"}).Draw(t, "g")
		for _, field := range []**int{&s.item.v, &s.item.n} {
			if rapid.Bool().Draw(t, "has") {
				x := rapid.IntRange(-12, 12).Draw(t, "field")
				*field = &x
			}
		}
	case "Update":
		s.update = rapid.SampledFrom([]string{"ADD v :x", "SET v = if_not_exists(v, :x), n = :x", "SET n = v - :x", "SET g = :g REMOVE v", "REMOVE g, n"}).Draw(t, "update")
	}
	return s
}

func TestTheEngineIsItsModel(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		dir, now := t.TempDir(), newClock()
		e := things(t, dynamo.Config{Dir: dir, Now: now.Now, Shards: rapid.IntRange(1, 3).Draw(r, "shards")})
		model := map[string]thing{}
		find := func(s step) *thing {
			if i, ok := model[s.item.key()]; ok {
				return &i
			}
			return nil
		}
		keep := func(s step, i *thing) {
			if delete(model, s.item.key()); i != nil {
				model[s.item.key()] = *i
			}
		}

		r.Repeat(map[string]func(*rapid.T){
			"a write": func(r *rapid.T) {
				s := drawStep(r, "Put", "Put", "Update", "Update", "Delete")
				after, code := s.on(find(s))
				want := map[string]string{"": "", "ConditionalCheckFailed": "ConditionalCheckFailedException", "ValidationError": "ValidationException"}[code]
				got, _, _ := strings.Cut(refusal(r, e, s.verb+"Item", s.parameters()), ":")
				if got != want {
					r.Fatalf("%+v answers %q, want %q", s, got, want)
				}
				keep(s, after)
			},
			"a transaction": func(r *rapid.T) {
				var actions, codes []string
				var steps []step
				var after []*thing
				seen := map[string]bool{}
				for range rapid.IntRange(1, 4).Draw(r, "actions") {
					s := drawStep(r, "Put", "Update", "Delete", "ConditionCheck")
					if seen[s.item.key()] {
						continue
					}
					seen[s.item.key()] = true
					to, code := s.on(find(s))
					if code == "" {
						code = "None"
					}
					actions, steps, after, codes = append(actions, fmt.Sprintf("{%q:%s}", s.verb, s.parameters())), append(steps, s), append(after, to), append(codes, code)
				}
				failed := slices.ContainsFunc(codes, func(c string) bool { return c != "None" })
				want := ""
				if failed {
					want = "TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for specific reasons [" + strings.Join(codes, ", ") + "]"
				}
				if got := refusal(r, e, "TransactWriteItems", `{"TransactItems":[`+strings.Join(actions, ",")+`]}`); got != want {
					r.Fatalf("%s answers %q, want %q", actions, got, want)
				}
				for n, s := range steps {
					if !failed {
						keep(s, after[n])
					}
				}
			},
			"a query": func(r *rapid.T) {
				at := drawKey(r)
				operator := rapid.SampledFrom([]string{"=", "<", "<=", ">", ">=", "begins_with", "BETWEEN", ""}).Draw(r, "operator")
				down := rapid.Bool().Draw(r, "down")
				limit := rapid.IntRange(1, 5).Draw(r, "limit")
				second := drawKey(r).sk
				condition, holds := "pk = :p AND sk "+operator+" :s", func(sk string) bool { return true }
				switch operator {
				case "":
					condition = "pk = :p"
				case "=":
					holds = func(sk string) bool { return sk == at.sk }
				case "<":
					holds = func(sk string) bool { return sk < at.sk }
				case "<=":
					holds = func(sk string) bool { return sk <= at.sk }
				case ">":
					holds = func(sk string) bool { return sk > at.sk }
				case ">=":
					holds = func(sk string) bool { return sk >= at.sk }
				case "begins_with":
					condition = "pk = :p AND begins_with(sk, :s)"
					holds = func(sk string) bool { return strings.HasPrefix(sk, at.sk) }
				case "BETWEEN":
					if second < at.sk {
						second, at.sk = at.sk, second
					}
					condition += " AND :e"
					holds = func(sk string) bool { return at.sk <= sk && sk <= second }
				}
				values := map[string]string{":p": at.pk}
				if operator != "" {
					values[":s"] = at.sk
				}
				if operator == "BETWEEN" {
					values[":e"] = second
				}
				var want []string
				for _, k := range slices.SortedFunc(maps.Keys(model), func(a, b string) int { return strings.Compare(model[a].sk, model[b].sk) }) {
					if i := model[k]; i.pk == at.pk && holds(i.sk) {
						want = append(want, compact(decode(t, attrs(i.json()))))
					}
				}
				if down {
					slices.Reverse(want)
				}
				b, err := json.Marshal(values)
				if err != nil {
					panic(err)
				}
				if d := diff(want, pages(r, e, fmt.Sprintf(`"KeyConditionExpression":%q,"ScanIndexForward":%v,"Limit":%d,"ExpressionAttributeValues":%s`, condition, !down, limit, attrs(string(b))))); d != "" {
					r.Fatalf("%s %v:\n%s", condition, values, d)
				}
			},
			"a query of an index": func(r *rapid.T) {
				x := rapid.IntRange(-12, 12).Draw(r, "x")
				var want []string
				for _, i := range model {
					if i.g == "G0" && i.n != nil && *i.n >= x {
						want = append(want, compact(decode(t, attrs(i.json()))))
					}
				}
				got := pages(r, e, fmt.Sprintf(`"IndexName":"by-g","Limit":2,"KeyConditionExpression":"g = :g AND n >= :n","ExpressionAttributeValues":{":g":{"S":"G0"},":n":{"N":"%d"}}`, x))
				last := -100
				for _, i := range got {
					var has struct{ N int }
					if err := json.Unmarshal([]byte(i), &has); err != nil || has.N < last {
						r.Fatalf("the index is out of order: %v", got)
					}
					last = has.N
				}
				slices.Sort(want)
				slices.Sort(got)
				if d := diff(want, got); d != "" {
					r.Fatal(d)
				}
			},
			"a restart": func(r *rapid.T) {
				if rapid.Bool().Draw(r, "cleanly") {
					if err := e.Close(); err != nil {
						r.Fatal(err)
					}
				}
				e = open(t, dynamo.Config{Dir: dir, Now: now.Now})
			},
		})

		var want []string
		for _, i := range model {
			want = append(want, compact(decode(t, attrs(i.json()))))
		}
		slices.Sort(want)
		if d := diff(want, everything(r, e, "things")); d != "" {
			r.Fatalf("the table is not its model:\n%s", d)
		}
		// Whoever follows the stream from its start arrives at the same state, and each
		// record begins where the one before it on that item ended.
		state := map[string]string{}
		for _, rec := range records(r, e, "things") {
			d := rec["dynamodb"].(map[string]any)
			image := func(name string) string {
				i, _ := d[name].(map[string]any)
				return compact(i)
			}
			at := image("Keys")
			if was := image("OldImage"); was != state[at] {
				r.Fatalf("a record of %s begins with %s, the one before ended with %s", at, was, state[at])
			}
			if is := image("NewImage"); is == state[at] {
				r.Fatalf("a record of %s says nothing: %s", at, is)
			} else if state[at] = is; is == "" {
				delete(state, at)
			}
		}
		if d := diff(want, slices.Sorted(maps.Values(state))); d != "" {
			r.Fatalf("the stream does not lead to the table:\n%s", d)
		}
	})
}

// pages reads a query to its end, page by page.
func pages(t tb, e *dynamo.Engine, query string) []string {
	t.Helper()
	var out []string
	start := ""
	for {
		answer := must(t, e, "Query", `{"TableName":"things",`+query+start+`}`)
		out = append(out, fieldItems(t, answer, "Items")...)
		last, more := decode(t, answer)["LastEvaluatedKey"]
		if !more {
			return out
		}
		b, err := json.Marshal(last)
		if err != nil {
			t.Fatal(err)
		}
		start = `,"ExclusiveStartKey":` + string(b)
	}
}
