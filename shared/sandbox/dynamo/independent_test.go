package dynamo_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"snout/shared/sandbox/dynamo"
)

// The ways in which the independent engine is known to differ. What can be put right in
// an answer is put right; what would lead the two tables apart is not asked (see
// drawRequest, which names it there).
func tolerances() []tolerance {
	envelope := regexp.MustCompile(`^\d+ validation errors? detected: `)
	return []tolerance{
		{"its sentences about values and expressions are its own, and come in an envelope or not by operation and region", func(q request, a map[string]any) {
			for _, name := range []string{"message", "Message"} {
				if s, ok := a[name].(string); ok && strings.HasSuffix(a["__type"].(string), "ValidationException") {
					a[name] = wording(envelope.ReplaceAllString(s, ""))
				}
			}
			reasons, _ := a["CancellationReasons"].([]any)
			for _, r := range reasons {
				if r := r.(map[string]any); r["Code"] == "ValidationError" {
					r["Message"] = wording(r["Message"].(string))
				}
			}
		}},
		{"it answers an update that made its item with the key for ALL_OLD, AWS with nothing", func(q request, a map[string]any) {
			if i, ok := a["Attributes"].(map[string]any); ok && len(i) == 2 && strings.Contains(q.body, `"ReturnValues":"ALL_OLD"`) && q.operation == "UpdateItem" {
				delete(a, "Attributes")
			}
		}},
		{"sets have no order", func(_ request, a map[string]any) { sortSets(a) }},
		{"a scan has no order, nor have the items of a batch or of one index key", func(q request, a map[string]any) {
			if items, ok := a["Items"].([]any); ok {
				sortAny(items)
			}
			if responses, ok := a["Responses"].(map[string]any); ok {
				for _, items := range responses {
					sortAny(items.([]any))
				}
			}
		}},
	}
}

type tolerance struct {
	says  string
	apply func(q request, answer map[string]any)
}

// wording keeps of a sentence what callers could act on: which family it is of.
func wording(s string) string {
	for _, family := range []string{
		"Invalid UpdateExpression", "Invalid ConditionExpression", "Invalid FilterExpression", "Invalid ProjectionExpression",
		"The provided expression refers to an attribute that does not exist in the item",
		"The document path provided in the update expression is invalid for update",
		"Transaction request cannot include multiple operations on one item", "Provided list of item keys contains duplicates",
		"The provided key element does not match the schema", "Value provided in ExpressionAttribute",
	} {
		if strings.HasPrefix(s, family) {
			return family
		}
	}
	return "another sentence"
}

func sortAny(l []any) {
	slices.SortFunc(l, func(a, b any) int { return strings.Compare(canonical(a), canonical(b)) })
}

func canonical(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func sortSets(v any) {
	switch v := v.(type) {
	case map[string]any:
		for name, e := range v {
			if l, ok := e.([]any); ok && (name == "SS" || name == "NS" || name == "BS") {
				sortAny(l)
			}
			sortSets(e)
		}
	case []any:
		for _, e := range v {
			sortSets(e)
		}
	}
}

// request is one generated call; %T stands for the table's name.
type request struct{ operation, body string }

const diffTable = `{"TableName":"%T","BillingMode":"PAY_PER_REQUEST",
	"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"N"},{"AttributeName":"g","AttributeType":"S"},{"AttributeName":"n","AttributeType":"N"}],
	"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],
	"GlobalSecondaryIndexes":[
		{"IndexName":"by-g","KeySchema":[{"AttributeName":"g","KeyType":"HASH"},{"AttributeName":"n","KeyType":"RANGE"}],"Projection":{"ProjectionType":"ALL"}},
		{"IndexName":"some","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],"Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["v"]}}],
	"StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_AND_OLD_IMAGES"}}`

var placeholder = regexp.MustCompile(`:[a-z]+`)

func drawValue(t *rapid.T) string {
	return rapid.SampledFrom([]string{
		`{"N":"1"}`, `{"N":"-2.50"}`, `{"N":"1e3"}`, `{"N":"99999999999999999999999999999999999999"}`, `{"N":"0"}`, `{"S":""}`, `{"S":"x"}`, `{"S":"xy"}`, `{"S":"é"}`,
		`{"BOOL":true}`, `{"NULL":true}`, `{"B":"eHk="}`, `{"SS":["x","y"]}`, `{"SS":["y"]}`, `{"NS":["1","2"]}`, `{"L":[]}`, `{"L":[{"N":"1"},{"S":"x"}]}`,
		`{"M":{}}`, `{"M":{"x":{"N":"1"},"l":{"L":[{"S":"x"}]}}}`,
	}).Draw(t, "value")
}

func drawNumber(t *rapid.T) string {
	return fmt.Sprintf(`{"N":"%d"}`, rapid.IntRange(-2, 4).Draw(t, "number"))
}

// fill puts attributes and values into a template: A is some attribute or path, :v any
// value, :n a number, :s a set.
func fill(t *rapid.T, template string) (expression string, values map[string]string) {
	for strings.Contains(template, "A") {
		template = strings.Replace(template, "A", rapid.SampledFrom([]string{"v", "w", "g", "n", "l", "m", "m.x", "l[0]", "m.l[0]", "m.l", "s"}).Draw(t, "attribute"), 1)
	}
	values = map[string]string{}
	for _, p := range placeholder.FindAllString(template, -1) {
		switch p[1] {
		case 'v':
			values[p] = drawValue(t)
		case 'n':
			values[p] = drawNumber(t)
			if p == ":nb" && strings.Contains(strings.ToLower(template), "between") {
				values[p] = `{"N":"5"}` // bounds upside down: it looks at them only if there is an item
			}
		case 's':
			values[p] = rapid.SampledFrom([]string{`{"SS":["x"]}`, `{"SS":["y","z"]}`, `{"NS":["1"]}`}).Draw(t, "set")
		case 'l':
			values[p] = rapid.SampledFrom([]string{`{"L":[]}`, `{"L":[{"N":"7"},{"S":"x"}]}`}).Draw(t, "list")
		case 'b': // only what begins_with takes: in a transaction it does not look at operands beforehand
			values[p] = rapid.SampledFrom([]string{`{"S":""}`, `{"S":"x"}`, `{"B":"eA=="}`}).Draw(t, "beginning")
		case 'g':
			values[p] = `{"S":"G"}`
		case 't':
			values[p] = fmt.Sprintf(`{"S":%q}`, rapid.SampledFrom([]string{"S", "N", "L", "M", "SS"}).Draw(t, "type"))
		}
	}
	return strings.NewReplacer("AND", "AND", "OR", "OR").Replace(template), values
}

func drawCondition(t *rapid.T) (string, map[string]string) {
	// Not asked: an attribute compared with itself, which AWS refuses.
	return fill(t, rapid.SampledFrom([]string{
		"attribute_exists(A)", "attribute_not_exists(A)", "A = :va", "A <> :va", "A < :n", "A >= :n", "A BETWEEN :na and :nb", "A in (:va, :vb)",
		"begins_with(A, :b)", "contains(A, :va)", "size(A) > :n", "attribute_type(A, :t)", "not A = :va", "A = :va and attribute_exists(A)", "A = :va or size(A) = :n",
		"not (A = :va or A < :n) and attribute_exists(pk)", "pk <> A", "size(A) <= size(pk)", ":va = A",
	}).Draw(t, "condition"))
}

func drawUpdate(t *rapid.T) (string, map[string]string) {
	// Not asked: SET beyond a list's end (it pads with NULL where AWS appends), and REMOVE
	// through a path that is not there (it answers nothing where AWS refuses).
	return fill(t, rapid.SampledFrom([]string{
		"set v = :va", "set w = :va, v = w", "set n = :n", "set n = if_not_exists(n, :na) + :nb", "set w = v - :n", "set g = :g", "remove g", "remove g, n", "set m.x = :va",
		"set m.x = m.x + :n", "set l = list_append(if_not_exists(l, :la), :lb)", "set l = list_append(l, :la)", "add n :n", "add v :n", "add s :s", "delete s :s", "add w :s",
		"remove v, w", "set m = :va", "set l = :va remove v", "set v = if_not_exists(A, :va)", "set s = :s add n :n", "set g = :va", "set v = A",
	}).Draw(t, "update"))
}

// merged writes ExpressionAttributeValues, or nothing.
func merged(maps ...map[string]string) string {
	var parts []string
	for _, m := range maps {
		for _, name := range sortedKeys(m) {
			parts = append(parts, fmt.Sprintf("%q:%s", name, m[name]))
		}
	}
	if parts == nil {
		return ""
	}
	return `,"ExpressionAttributeValues":{` + strings.Join(parts, ",") + `}`
}

// prefixed makes the values of one expression different from those of another.
func prefixed(expression string, values map[string]string) (string, map[string]string) {
	renamed := map[string]string{}
	for name, v := range values {
		renamed[":c"+name[1:]] = v
	}
	return placeholder.ReplaceAllStringFunc(expression, func(p string) string { return ":c" + p[1:] }), renamed
}

func drawDiffKey(t *rapid.T) string {
	return fmt.Sprintf(`"pk":{"S":"%s"},"sk":{"N":"%s"}`, rapid.SampledFrom([]string{"a", "b"}).Draw(t, "pk"), rapid.SampledFrom([]string{"1", "2", "-10", "1.50", "1e2"}).Draw(t, "sk"))
}

func drawItem(t *rapid.T) string {
	s := drawDiffKey(t)
	for _, name := range []string{"v", "w"} {
		if rapid.Bool().Draw(t, "has "+name) {
			s += fmt.Sprintf(`,%q:%s`, name, drawValue(t))
		}
	}
	for name, v := range map[string]string{"n": drawNumber(t), "g": `{"S":"G"}`, "s": `{"SS":["x","y"]}`, "l": `{"L":[{"N":"5"},{"M":{"k":{"S":"v"}}}]}`, "m": `{"M":{"x":{"N":"1"},"l":{"L":[{"S":"x"}]}}}`} {
		if rapid.Bool().Draw(t, "has "+name) {
			s += fmt.Sprintf(`,%q:%s`, name, v)
		}
	}
	return "{" + s + "}"
}

// drawWrite answers the parameters of one write.
func drawWrite(t *rapid.T, verb string) string {
	condition, values := "", map[string]string{}
	if verb == "ConditionCheck" || rapid.Bool().Draw(t, "conditional") {
		condition, values = prefixed(drawCondition(t))
		condition = fmt.Sprintf(`,"ConditionExpression":%q,"ReturnValuesOnConditionCheckFailure":"ALL_OLD"`, condition)
	}
	switch verb {
	case "Put":
		return `"Item":` + drawItem(t) + condition + merged(values)
	case "Update":
		update, more := drawUpdate(t)
		return fmt.Sprintf(`"Key":{%s},"UpdateExpression":%q`, drawDiffKey(t), update) + condition + merged(values, more)
	}
	return `"Key":{` + drawDiffKey(t) + `}` + condition + merged(values)
}

func drawRequest(t *rapid.T) request {
	const table = `{"TableName":"%T",`
	capacity := `,"ReturnConsumedCapacity":"INDEXES"`
	switch kind := rapid.SampledFrom([]string{"Put", "Put", "Update", "Update", "Update", "Delete", "Get", "Query", "Query index", "Scan", "BatchGet", "BatchWrite", "Transact", "Transact", "TransactGet"}).Draw(t, "kind"); kind {
	case "Put", "Delete":
		return request{kind + "Item", table + drawWrite(t, kind) + `,"ReturnValues":"ALL_OLD"` + capacity + `}`}
	case "Update":
		which := rapid.SampledFrom([]string{"NONE", "ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"}).Draw(t, "return")
		return request{"UpdateItem", table + drawWrite(t, kind) + `,"ReturnValues":"` + which + `"` + capacity + `}`}
	case "Get":
		return request{"GetItem", table + `"Key":{` + drawDiffKey(t) + `},"ProjectionExpression":"` + rapid.SampledFrom([]string{"pk, v", "m.x, m.l[0]", "l[1], n", "l[1].k, l[0]", "nope"}).Draw(t, "projection") + `"` + capacity + `}`}
	case "Query":
		// Not asked: the sort key's condition before the partition key's (it refuses that), and
		// operands of a type the key has not (it finds nothing where AWS refuses).
		condition, values := fill(t, rapid.SampledFrom([]string{"pk = :p", "pk = :p and sk > :n", "pk = :p and sk <= :n", "pk = :p and sk between :na and :nb", "pk = :p and sk = :n", "pk > :p", "sk = :n"}).Draw(t, "key condition"))
		if strings.Contains(condition, ":p") {
			values[":p"] = `{"S":"a"}`
		}
		more := ""
		if rapid.Bool().Draw(t, "filtered") {
			filter, its := prefixed(drawCondition(t))
			if strings.Contains(filter, "pk") {
				filter, its = "attribute_exists(v)", nil
			}
			more = fmt.Sprintf(`,"FilterExpression":%q`, filter)
			for name, v := range its {
				values[name] = v
			}
		}
		return request{"Query", table + fmt.Sprintf(`"KeyConditionExpression":%q,"Limit":%d,"ScanIndexForward":%v`, condition, rapid.IntRange(1, 6).Draw(t, "limit"), rapid.Bool().Draw(t, "forward")) + more + merged(values) + capacity + `}`}
	case "Query index":
		index := rapid.SampledFrom([]string{"by-g", "some"}).Draw(t, "index")
		return request{"Query", table + `"IndexName":"` + index + `","KeyConditionExpression":"g = :g","ExpressionAttributeValues":{":g":{"S":"G"}}` + capacity + `}`}
	case "Scan":
		filter, values := drawCondition(t)
		return request{"Scan", table + fmt.Sprintf(`"FilterExpression":%q`, filter) + merged(values) + capacity + `}`}
	case "BatchGet":
		return request{"BatchGetItem", `{"RequestItems":{"%T":{"Keys":[{` + drawDiffKey(t) + `},{` + drawDiffKey(t) + `}],"ConsistentRead":true}}` + capacity + `}`}
	case "BatchWrite":
		return request{"BatchWriteItem", `{"RequestItems":{"%T":[{"PutRequest":{"Item":` + drawItem(t) + `}},{"DeleteRequest":{"Key":{` + drawDiffKey(t) + `}}}]}` + capacity + `}`}
	case "TransactGet":
		return request{"TransactGetItems", `{"TransactItems":[{"Get":{"TableName":"%T","Key":{` + drawDiffKey(t) + `}}},{"Get":{"TableName":"%T","Key":{` + drawDiffKey(t) + `}}}]` + capacity + `}`}
	}
	var actions []string
	for range rapid.IntRange(1, 3).Draw(t, "actions") {
		verb := rapid.SampledFrom([]string{"Put", "Update", "Delete", "ConditionCheck"}).Draw(t, "verb")
		actions = append(actions, fmt.Sprintf(`{%q:{"TableName":"%%T",%s}}`, verb, drawWrite(t, verb)))
	}
	return request{"TransactWriteItems", `{"TransactItems":[` + strings.Join(actions, ",") + `]` + capacity + `}`}
}

// TestTheIndependentEngineAgrees runs the same generated operations against this engine
// and an independent one; a difference is this one's fault until shown otherwise.
func TestTheIndependentEngineAgrees(t *testing.T) {
	endpoint := os.Getenv("STORE_TEST_ENDPOINT")
	if endpoint == "" {
		t.Skip("STORE_TEST_ENDPOINT names no independent engine; the package comment says how to start one")
	}
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, Timeout: time.Minute}
	theirs := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		out, err := http.NewRequestWithContext(r.Context(), r.Method, endpoint, r.Body)
		if err != nil {
			t.Fatal(err)
		}
		out.Header = r.Header
		out.Header.Set("Content-Type", "application/x-amz-json-1.0")
		out.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=local/20260301/us-east-1/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=0")
		out.Header.Set("X-Amz-Date", "20260301T120000Z")
		answer, err := client.Do(out)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		w.WriteHeader(answer.StatusCode)
		if _, err := io.Copy(w, answer.Body); err != nil {
			t.Fatal(err)
		}
	})
	runs := 0
	rapid.Check(t, func(r *rapid.T) {
		runs++
		table := fmt.Sprintf("differential-%d-%d", time.Now().UnixNano(), runs)
		ours := open(t, dynamo.Config{})
		ask := func(h http.Handler, q request) map[string]any {
			recorder := httptest.NewRecorder()
			in := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(strings.ReplaceAll(q.body, "%T", table)))
			in.Header.Set("X-Amz-Target", "DynamoDB_20120810."+q.operation)
			h.ServeHTTP(recorder, in)
			answer := decode(r, recorder.Body.String())
			answer["status"] = recorder.Code
			for _, tolerated := range tolerances() {
				tolerated.apply(q, answer)
			}
			return answer
		}
		both := func(q request) {
			want, got := ask(theirs, q), ask(ours, q)
			if d := cmp.Diff(want, got); d != "" {
				r.Fatalf("%s %s\ndiffers (-theirs +ours):\n%s", q.operation, q.body, d)
			}
		}
		ask(theirs, request{"CreateTable", diffTable})
		ask(ours, request{"CreateTable", diffTable})
		defer ask(theirs, request{"DeleteTable", `{"TableName":"%T"}`})
		for range rapid.IntRange(1, 40).Draw(r, "requests") {
			both(drawRequest(r))
		}
		both(request{"Scan", `{"TableName":"%T","ConsistentRead":true}`})
		if d := diff(itemStories(records(r, theirs, table)), itemStories(records(r, ours, table))); d != "" {
			r.Fatalf("the streams differ (-theirs +ours):\n%s", d)
		}
	})
}

// itemStories are a stream's records by item, without those that change nothing: it
// writes one for an identical overwrite, AWS does not.
func itemStories(records []map[string]any) map[string][]string {
	stories := map[string][]string{}
	for _, r := range records {
		sortSets(r)
		d := r["dynamodb"].(map[string]any)
		if cmp.Equal(d["OldImage"], d["NewImage"]) {
			continue
		}
		at := canonical(d["Keys"])
		stories[at] = append(stories[at], fmt.Sprint(r["eventName"], " ", canonical(d["OldImage"]), " ", canonical(d["NewImage"])))
	}
	return stories
}
