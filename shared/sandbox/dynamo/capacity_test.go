package dynamo_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"snout/shared/sandbox/dynamo"
)

// consumed tells a ConsumedCapacity shortly: "3 = table 1 + by-g 1 + keys 1".
func consumed(t *testing.T, answer string) string {
	t.Helper()
	type part struct{ CapacityUnits, ReadCapacityUnits, WriteCapacityUnits float64 }
	type all struct {
		part
		Table                  part
		GlobalSecondaryIndexes map[string]part
	}
	var one struct{ ConsumedCapacity all }
	var many struct{ ConsumedCapacity []all }
	if json.Unmarshal([]byte(answer), &many) != nil {
		if err := json.Unmarshal([]byte(answer), &one); err != nil {
			t.Fatal(err)
		}
		many.ConsumedCapacity = []all{one.ConsumedCapacity}
	}
	var s []string
	for _, c := range many.ConsumedCapacity {
		line := fmt.Sprintf("%v = table %v", c.CapacityUnits, c.Table.CapacityUnits)
		for _, name := range sortedKeys(c.GlobalSecondaryIndexes) {
			line += fmt.Sprintf(" + %s %v", name, c.GlobalSecondaryIndexes[name].CapacityUnits)
		}
		if c.ReadCapacityUnits+c.WriteCapacityUnits > 0 {
			line += fmt.Sprintf(", read %v, write %v", c.ReadCapacityUnits, c.WriteCapacityUnits)
		}
		s = append(s, line)
	}
	return strings.Join(s, "; ")
}

// filler is an attribute that brings an item with key a/1 (6 bytes) to a size.
func filler(size int) string { return `"v":"` + strings.Repeat("x", size-7) + `"` }

func TestConsumedCapacity(t *testing.T) {
	const indexes = `,"ReturnConsumedCapacity":"INDEXES"`
	putting := func(item string) [2]string {
		return [2]string{"PutItem", `{"TableName":"things","Item":` + attrs(item) + indexes + `}`}
	}
	updating := func(update, values string) [2]string {
		return [2]string{"UpdateItem", `{"TableName":"things","Key":` + key("a", "1") + `,"UpdateExpression":"` + update + `"` + with(values, "") + indexes + `}`}
	}
	getting := func(consistent bool) [2]string {
		return [2]string{"GetItem", fmt.Sprintf(`{"TableName":"things","Key":%s,"ConsistentRead":%v%s}`, key("a", "1"), consistent, indexes)}
	}
	querying := func(index, condition, values string) [2]string {
		if index != "" {
			index = `,"IndexName":"` + index + `"`
		}
		return [2]string{"Query", `{"TableName":"things"` + index + `,"KeyConditionExpression":"` + condition + `"` + with(values, "") + indexes + `}`}
	}
	deleting := [2]string{"DeleteItem", `{"TableName":"things","Key":` + key("a", "1") + indexes + `}`}
	transacting := func(actions string) [2]string {
		return [2]string{"TransactWriteItems", `{"TransactItems":[` + actions + `]` + indexes + `}`}
	}
	const indexed = `{"pk":"a","sk":"1","g":"x","n":1,"w":1}`
	big := fmt.Sprintf(`{"pk":"a","sk":"1",%s,"g":"x","n":1}`, filler(3000))

	rows := []struct {
		says   string
		before []string
		call   [2]string
		want   string
	}{
		{"a small item costs one", nil, putting(`{"pk":"a","sk":"1"}`), "1 = table 1"},
		{"1,024 bytes cost one", nil, putting(`{"pk":"a","sk":"1",` + filler(1024) + `}`), "1 = table 1"},
		{"1,025 bytes cost two", nil, putting(`{"pk":"a","sk":"1",` + filler(1025) + `}`), "2 = table 2"},
		{"overwriting costs the larger of the two", []string{`{"pk":"a","sk":"1",` + filler(3000) + `}`}, putting(`{"pk":"a","sk":"1"}`), "3 = table 3"},
		{"deleting costs what there was", []string{`{"pk":"a","sk":"1",` + filler(3000) + `}`}, deleting, "3 = table 3"},
		{"deleting nothing costs one", nil, deleting, "1 = table 1"},
		{"every index with the item pays", nil, putting(indexed), "4 = table 1 + by-g 1 + keys 1 + some 1"},
		{"an index without it does not", nil, putting(`{"pk":"a","sk":"1","g":"x"}`), "3 = table 1 + keys 1 + some 1"},
		{"the same again costs the table alone", []string{indexed}, putting(indexed), "1 = table 1"},
		{"what an index does not project does not touch it", []string{indexed}, updating("SET w = :w", `{":w":2}`), "2 = table 1 + by-g 1"},
		{"what it projects does", []string{indexed}, updating("SET v = :w", `{":w":2}`), "3 = table 1 + by-g 1 + some 1"},
		{"a changed index key costs a delete and a put", []string{indexed}, updating("SET g = :g", `{":g":"y"}`), "7 = table 1 + by-g 2 + keys 2 + some 2"},
		{"a changed sort key of one index moves it in that index alone", []string{indexed}, updating("SET n = :n", `{":n":2}`), "3 = table 1 + by-g 2"},
		{"leaving an index costs a delete there", []string{indexed}, updating("REMOVE g", ""), "4 = table 1 + by-g 1 + keys 1 + some 1"},
		{"entering one costs a put there", []string{`{"pk":"a","sk":"1","g":"x"}`}, updating("SET n = :n", `{":n":2}`), "2 = table 1 + by-g 1"},
		{"an index pays for the size of its own entry", nil, putting(big), "10 = table 3 + by-g 3 + keys 1 + some 3"},
		{"moving a large entry pays twice its size", []string{big}, updating("SET g = :g", `{":g":"y"}`), "17 = table 3 + by-g 6 + keys 2 + some 6"},

		{"reading 4,096 bytes consistently costs one", []string{`{"pk":"a","sk":"1",` + filler(4096) + `}`}, getting(true), "1 = table 1"},
		{"reading 4,097 bytes costs two", []string{`{"pk":"a","sk":"1",` + filler(4097) + `}`}, getting(true), "2 = table 2"},
		{"reading eventually costs half", []string{`{"pk":"a","sk":"1",` + filler(4097) + `}`}, getting(false), "1 = table 1"},
		{"reading nothing costs one read", nil, getting(false), "0.5 = table 0.5"},
		{"a query rounds over the sum", []string{`{"pk":"a","sk":"1",` + filler(3000) + `}`, `{"pk":"a","sk":"2",` + filler(3000) + `}`, `{"pk":"a","sk":"3",` + filler(3000) + `}`}, querying("", "pk = :p", `{":p":"a"}`), "1.5 = table 1.5"},
		{"a query that finds nothing costs one read", nil, querying("", "pk = :p", `{":p":"a"}`), "0.5 = table 0.5"},
		{"a query of an index costs the index, by its entries", []string{big}, querying("keys", "g = :p", `{":p":"x"}`), "0.5 = table 0 + keys 0.5"},
		{"a batch rounds for each item", []string{`{"pk":"a","sk":"1",` + filler(3000) + `}`, `{"pk":"a","sk":"2",` + filler(3000) + `}`}, [2]string{"BatchGetItem", `{"RequestItems":{"things":{"ConsistentRead":true,"Keys":[` + key("a", "1") + `,` + key("a", "2") + `,` + key("a", "3") + `]}}` + indexes + `}`}, "3 = table 3"},
		{"a batch of writes adds up", []string{indexed}, [2]string{"BatchWriteItem", `{"RequestItems":{"things":[{"DeleteRequest":{"Key":` + key("a", "1") + `}},{"PutRequest":{"Item":` + key("a", "2") + `}}]}` + indexes + `}`}, "5 = table 2 + by-g 1 + keys 1 + some 1"},

		{"a transaction pays twice for the table, once for indexes", nil, transacting(`{"Put":{"TableName":"things","Item":` + attrs(indexed) + `}}`), "5 = table 2 + by-g 1 + keys 1 + some 1, read 0, write 5"},
		{"a condition check costs as a write of what is there", []string{`{"pk":"a","sk":"1",` + filler(3000) + `}`}, transacting(`{"ConditionCheck":{"TableName":"things","Key":` + key("a", "1") + `,"ConditionExpression":"attribute_exists(pk)"}}`), "6 = table 6, read 0, write 6"},
		{"a transaction's actions are rounded one by one", nil, transacting(`{"Put":{"TableName":"things","Item":` + key("a", "1") + `}},{"Put":{"TableName":"things","Item":` + key("a", "2") + `}}`), "4 = table 4, read 0, write 4"},
		{"a transaction reads at twice the price", []string{`{"pk":"a","sk":"1",` + filler(4097) + `}`}, [2]string{"TransactGetItems", `{"TransactItems":[{"Get":{"TableName":"things","Key":` + key("a", "1") + `}},{"Get":{"TableName":"things","Key":` + key("a", "2") + `}}]` + indexes + `}`}, "6 = table 6, read 6, write 0"},
	}
	for _, row := range rows {
		t.Run(row.says, func(t *testing.T) {
			e := things(t, dynamo.Config{}, row.before...)
			if got := consumed(t, must(t, e, row.call[0], row.call[1])); got != row.want {
				t.Errorf("costs %s\nwant  %s", got, row.want)
			}
		})
	}

	t.Run("TOTAL includes the indexes without naming them, NONE is silent", func(t *testing.T) {
		e := things(t, dynamo.Config{})
		if got := must(t, e, "PutItem", `{"TableName":"things","Item":`+attrs(indexed)+`,"ReturnConsumedCapacity":"TOTAL"}`); got != `{"ConsumedCapacity":{"TableName":"things","CapacityUnits":4}}` {
			t.Errorf("TOTAL answers %s", got)
		}
		if got := must(t, e, "PutItem", `{"TableName":"things","Item":`+attrs(indexed)+`,"ReturnConsumedCapacity":"NONE"}`); got != `{}` {
			t.Errorf("NONE answers %s", got)
		}
	})
}

func TestItemsAreSizedToTheByte(t *testing.T) {
	// The costs of numbers are those measured against AWS by a public suite; the rest is
	// the developer guide's.
	for value, size := range map[string]int{
		`{"N":"0"}`: 1, `{"N":"1"}`: 2, `{"N":"-1"}`: 3, `{"N":"12"}`: 2, `{"N":"123"}`: 3, `{"N":"120"}`: 2, `{"N":"1200"}`: 2,
		`{"N":"123456"}`: 4, `{"N":"3.14159"}`: 5, `{"N":"1.5"}`: 3, `{"N":"0.012"}`: 2, `{"N":"1e125"}`: 2, `{"N":"-0.5"}`: 3,
		`{"S":""}`: 0, `{"S":"é😀"}`: 6, `{"B":"AQID"}`: 3, `{"BOOL":false}`: 1, `{"NULL":true}`: 1,
		`{"SS":["ab","c"]}`: 3, `{"NS":["1","12"]}`: 4, `{"BS":["AQ==","AgM="]}`: 3,
		`{"L":[]}`: 3, `{"L":[{"S":"ab"},{"N":"1"}]}`: 3 + 2 + 2 + 2, `{"M":{}}`: 3, `{"M":{"key":{"S":"ab"}}}`: 3 + 1 + 3 + 2,
	} {
		t.Run(value, func(t *testing.T) {
			e := things(t, dynamo.Config{})
			item := func(padding int) string {
				return fmt.Sprintf(`{"TableName":"things","Item":{"pk":{"S":"a"},"sk":{"S":"1"},"v":%s,"p":{"S":"%s"}}}`, value, strings.Repeat("x", padding))
			}
			room := 400*1024 - len("pka") - len("sk1") - len("v") - len("p") - size
			if got := refusal(t, e, "PutItem", item(room)); got != "" {
				t.Errorf("larger than %d bytes: %s", size, got)
			}
			if refusal(t, e, "PutItem", item(room+1)) == "" {
				t.Errorf("smaller than %d bytes", size)
			}
		})
	}
}

func TestMetricsCountWhatIsConsumed(t *testing.T) {
	e := things(t, dynamo.Config{}, `{"pk":"a","sk":"1","g":"x"}`)
	get(t, e, "a", "1")
	refusal(t, e, "PutItem", `{"TableName":"things","Item":`+attrs(`{"pk":"a","sk":"1"}`)+`,"ConditionExpression":"attribute_not_exists(pk)"}`)
	must(t, e, "Query", `{"TableName":"things","IndexName":"keys","KeyConditionExpression":"g = :g"`+with(`{":g":"x"}`, "")+`}`)
	must(t, e, "TransactGetItems", `{"TransactItems":[{"Get":{"TableName":"things","Key":`+key("a", "1")+`}}]}`)
	want := dynamo.Metrics{
		Operations: map[string]int{"CreateTable": 1, "PutItem": 1, "GetItem": 1, "Query": 1, "TransactGetItems": 1},
		Failures:   map[string]int{"ConditionalCheckFailedException": 1},
		Read:       map[string]float64{"things": 3, "things/keys": 0.5},
		Write:      map[string]float64{"things": 2, "things/keys": 1, "things/some": 1},
	}
	if d := diff(want, e.Metrics()); d != "" {
		t.Error(d)
	}
}
