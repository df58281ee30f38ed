package dynamo_test

import (
	"encoding/json"
	"strings"
	"testing"

	"snout/shared/sandbox/dynamo"
)

// Whatever is asked, the engine answers, in JSON, and what it refuses changes nothing.
func FuzzRequests(f *testing.F) {
	for _, operation := range []string{"PutItem", "UpdateItem", "DeleteItem", "GetItem", "Query", "Scan", "TransactWriteItems", "BatchGetItem", "CreateTable", "GetRecords"} {
		f.Add(operation, `{"TableName":"things","Key":`+key("a", "1")+`,"UpdateExpression":"SET l[0].x = if_not_exists(a, :v) + :v REMOVE b","ExpressionAttributeValues":{":v":{"N":"1"}}}`)
		f.Add(operation, `{"TableName":"things","Item":{"pk":{"S":"a\\\"\u00e9"},"sk":{"S":"1"},"l":{"L":[{"M":{"x":{"NS":["1","2"]}}}]},"b":{"B":"AA=="}}}`)
		f.Add(operation, `{"TransactItems":[{"Put":{"TableName":"things","Item":`+key("a", "1")+`,"ConditionExpression":"not (a[0] = b or contains(c, d))"}}]}`)
	}
	for _, expression := range []string{"a[", "a.", "((a", "a in (", "a between b and", "size(", "begins_with(a,", "#", ":", "a[99999999999999999999] = b", "not not a = b", "()", "a = (b)", strings.Repeat("(", 999)} {
		f.Add("DeleteItem", `{"TableName":"things","Key":`+key("a", "1")+`,"ConditionExpression":"`+expression+`"}`)
		f.Add("UpdateItem", `{"TableName":"things","Key":`+key("a", "1")+`,"UpdateExpression":"SET a = `+expression+`"}`)
		f.Add("Query", `{"TableName":"things","KeyConditionExpression":"`+expression+`"}`)
		f.Add("GetItem", `{"TableName":"things","Key":`+key("a", "1")+`,"ProjectionExpression":"`+expression+`"}`)
	}
	f.Fuzz(func(t *testing.T, operation, body string) {
		e := things(t, dynamo.Config{}, `{"pk":"a","sk":"1","a":[1,{"x":2}],"b":2,"c":"x"}`)
		before := everything(t, e, "things")
		status, answer := send(e, operation, body)
		if !json.Valid([]byte(answer)) {
			t.Fatalf("answers %q", answer)
		}
		if status != 200 {
			if d := diff(before, everything(t, e, "things")); d != "" {
				t.Fatalf("a refusal (%s) changed the table:\n%s", answer, d)
			}
		}
	})
}
