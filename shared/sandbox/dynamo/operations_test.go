package dynamo_test

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	streamtypes "github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"snout/shared/sandbox/dynamo"
)

func diff(want, got any) string { return cmp.Diff(want, got, cmpopts.EquateEmpty()) }

var ignoreMetadata = cmp.Options{cmpopts.IgnoreFields(dynamodb.GetItemOutput{}, "ResultMetadata"), cmpopts.IgnoreUnexported(
	dynamodb.GetItemOutput{}, types.AttributeValueMemberS{}, types.AttributeValueMemberN{}, types.AttributeValueMemberB{}, types.AttributeValueMemberBOOL{},
	types.AttributeValueMemberNULL{}, types.AttributeValueMemberSS{}, types.AttributeValueMemberNS{}, types.AttributeValueMemberBS{},
	types.AttributeValueMemberL{}, types.AttributeValueMemberM{})}

func TestEveryTypeComesBackAsItWent(t *testing.T) {
	e := things(t, dynamo.Config{})
	db, _ := clients(t, e, 0)
	ctx := context.Background()
	item := map[string]types.AttributeValue{
		"pk": str("a"), "sk": str("\x00é\u2028\"\\\n😀"),
		"empty": str(""), "n": &types.AttributeValueMemberN{Value: "-1.5"},
		"b": &types.AttributeValueMemberB{Value: []byte{0, 255, 1}}, "no": &types.AttributeValueMemberB{Value: []byte{}},
		"t": &types.AttributeValueMemberBOOL{Value: true}, "f": &types.AttributeValueMemberBOOL{}, "nil": &types.AttributeValueMemberNULL{Value: true},
		"ss": &types.AttributeValueMemberSS{Value: []string{"a", ""}}, "ns": &types.AttributeValueMemberNS{Value: []string{"1", "2"}},
		"bs": &types.AttributeValueMemberBS{Value: [][]byte{{1}, {2}}},
		"l":  &types.AttributeValueMemberL{Value: []types.AttributeValue{str("x"), &types.AttributeValueMemberL{Value: []types.AttributeValue{}}}},
		"m":  &types.AttributeValueMemberM{Value: map[string]types.AttributeValue{"": str("no name"), "deep": &types.AttributeValueMemberM{Value: map[string]types.AttributeValue{}}}},
	}
	if _, err := db.PutItem(ctx, &dynamodb.PutItemInput{TableName: aws.String("things"), Item: item}); err != nil {
		t.Fatal(err)
	}
	got, err := db.GetItem(ctx, &dynamodb.GetItemInput{TableName: aws.String("things"), Key: map[string]types.AttributeValue{"pk": item["pk"], "sk": item["sk"]}, ConsistentRead: aws.Bool(true)})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(&dynamodb.GetItemOutput{Item: item}, got, ignoreMetadata); d != "" {
		t.Error(d)
	}
}

func TestNumbersAreWrittenPlainly(t *testing.T) {
	e := things(t, dynamo.Config{})
	for given, want := range map[string]string{
		"1.50": "1.5", "007": "7", "-0": "0", "1e3": "1000", "1.5E-3": "0.0015", "+3": "3", "100": "100", ".5": "0.5",
		"0.00000000000000000000000000000000000001":     "0.00000000000000000000000000000000000001",
		"9.9999999999999999999999999999999999999E+125": strings.Repeat("9", 38) + strings.Repeat("0", 88),
		"1E-130": "0." + strings.Repeat("0", 129) + "1",
	} {
		t.Run(given, func(t *testing.T) {
			must(t, e, "PutItem", `{"TableName":"things","Item":{"pk":{"S":"a"},"sk":{"S":"1"},"v":{"N":"`+given+`"}}}`)
			if got := get(t, e, "a", "1"); got != `{"pk":"a","sk":"1","v":`+want+`}` {
				t.Errorf("%s is stored in %s", given, got)
			}
		})
	}
}

func TestRefusedItems(t *testing.T) {
	deep := strings.Repeat(`{"L":[`, 33) + strings.Repeat(`]}`, 33)
	const tooLong = "9999999999999999999999999999999999999999"
	rows := []struct{ says, item, want string }{
		{"no sort key", `{"pk":{"S":"a"}}`, "ValidationException: One or more parameter values were invalid: Missing the key sk in the item"},
		{"a key of another type", `{"pk":{"N":"1"},"sk":{"S":"1"}}`, "ValidationException: One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N"},
		{"an empty key", `{"pk":{"S":"a"},"sk":{"S":""}}`, "ValidationException: One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: sk"},
		{"a partition key too long", `{"pk":{"S":"` + strings.Repeat("x", 2049) + `"},"sk":{"S":"1"}}`, "ValidationException: One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes"},
		{"a sort key too long", `{"pk":{"S":"a"},"sk":{"S":"` + strings.Repeat("x", 1025) + `"}}`, "ValidationException: One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes"},
		{"an index key of another type", `{"pk":{"S":"a"},"sk":{"S":"1"},"n":{"S":"1"}}`, "ValidationException: One or more parameter values were invalid: Type mismatch for Index Key n Expected: N Actual: S IndexName: by-g"},
		{"an empty index key", `{"pk":{"S":"a"},"sk":{"S":"1"},"g":{"S":""}}`, "ValidationException: One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: by-g, IndexKey: g"},
		{"an empty set", `{"pk":{"S":"a"},"sk":{"S":"1"},"v":{"SS":[]}}`, "ValidationException: One or more parameter values were invalid: An string set  may not be empty"},
		{"a set with a member twice", `{"pk":{"S":"a"},"sk":{"S":"1"},"v":{"NS":["1","1.0"]}}`, "ValidationException: Input collection contains duplicates"},
		{"a value without a type", `{"pk":{"S":"a"},"sk":{"S":"1"},"v":{}}`, "ValidationException: Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"},
		{"a value of two types", `{"pk":{"S":"a"},"sk":{"S":"1"},"v":{"S":"1","N":"1"}}`, "ValidationException: Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"},
		{"a null that is not", `{"pk":{"S":"a"},"sk":{"S":"1"},"v":{"NULL":false}}`, "ValidationException: One or more parameter values were invalid: Null attribute value types must have the value of true"},
		{"a number that is none", `{"pk":{"S":"a"},"sk":{"S":"1"},"v":{"N":"1x"}}`, "ValidationException: The parameter cannot be converted to a numeric value: 1x"},
		{"a number of 40 digits", `{"pk":{"S":"a"},"sk":{"S":"1"},"v":{"N":"` + tooLong + `"}}`, "ValidationException: Attempting to store more than 38 significant digits in a Number"},
		{"a number too large", `{"pk":{"S":"a"},"sk":{"S":"1"},"v":{"N":"1e126"}}`, "ValidationException: Number overflow. Attempting to store a number with magnitude larger than supported range"},
		{"a number too small", `{"pk":{"S":"a"},"sk":{"S":"1"},"v":{"N":"1e-131"}}`, "ValidationException: Number underflow. Attempting to store a number with magnitude smaller than supported range"},
		{"more than 32 levels", `{"pk":{"S":"a"},"sk":{"S":"1"},"v":` + deep + `}`, "ValidationException: Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit"},
		{"a byte more than 400 KB", `{"pk":{"S":"a"},"sk":{"S":"1"},"v":{"S":"` + strings.Repeat("x", 400*1024-7+1) + `"}}`, "ValidationException: Item size has exceeded the maximum allowed size"},
		{"400 KB are not too much", `{"pk":{"S":"a"},"sk":{"S":"1"},"v":{"S":"` + strings.Repeat("x", 400*1024-7) + `"}}`, ""},
		{"a number outside of quotes", `{"pk":{"S":"a"},"sk":{"S":"1"},"v":{"N":1}}`, "SerializationException: NUMBER_VALUE cannot be converted to String"},
		{"a type nobody knows", `{"pk":{"S":"a"},"sk":{"S":"1"},"v":{"X":"1"}}`, "SerializationException: Unknown attribute value type"},
	}
	e := things(t, dynamo.Config{})
	for _, row := range rows {
		t.Run(row.says, func(t *testing.T) {
			if got := refusal(t, e, "PutItem", `{"TableName":"things","Item":`+row.item+`}`); got != row.want {
				t.Errorf("answers %s\nwant     %s", got, row.want)
			}
		})
	}
}

func TestRefusedRequests(t *testing.T) {
	e := things(t, dynamo.Config{}, `{"pk":"a","sk":"1","g":"x","n":1}`)
	q := func(s string) string {
		return `{"TableName":"things",` + s + `,"ExpressionAttributeValues":{":p":{"S":"a"}}}`
	}
	rows := []struct{ says, operation, request, want string }{
		{"an operation that is not spoken", "ExecuteStatement", `{}`, `UnknownOperationException: the local table engine does not know the operation "ExecuteStatement"`},
		{"a legacy parameter", "PutItem", `{"TableName":"things","Item":{},"Expected":{}}`, `ValidationException: the local table engine does not support the parameter "Expected"`},
		{"what is no JSON", "PutItem", `{"TableName":`, "SerializationException: the request is not JSON"},
		{"two requests in one", "ListTables", `{}{}`, "SerializationException: the request goes on after its end"},
		{"a parameter of the wrong type", "GetItem", `{"TableName":1}`, "SerializationException: NUMBER_VALUE cannot be converted to TableName"},
		{"no table name", "PutItem", `{"Item":{}}`, "ValidationException: 1 validation error detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null"},
		{"a table name that is none", "GetItem", `{"TableName":"no table!","Key":{}}`, "ValidationException: 1 validation error detected: Value 'no table!' at 'tableName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"},
		{"several broken parameters are named together", "PutItem", `{"TableName":"things","Item":{},"ReturnValues":"x","ReturnConsumedCapacity":"y"}`, "ValidationException: 2 validation errors detected: Value 'y' at 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]; Value 'x' at 'returnValues' failed to satisfy constraint: Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]"},
		{"new values of a put", "PutItem", `{"TableName":"things","Item":` + key("a", "1") + `,"ReturnValues":"ALL_NEW"}`, "ValidationException: ReturnValues can only be ALL_OLD or NONE"},
		{"an unknown table", "GetItem", `{"TableName":"nothing","Key":` + key("a", "1") + `}`, "ResourceNotFoundException: Requested resource not found"},
		{"an unknown table described", "DescribeTable", `{"TableName":"nothing"}`, "ResourceNotFoundException: Requested resource not found: Table: nothing not found"},
		{"half a key", "GetItem", `{"TableName":"things","Key":{"pk":{"S":"a"}}}`, "ValidationException: The provided key element does not match the schema"},
		{"a query without a key condition", "Query", `{"TableName":"things"}`, "ValidationException: Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."},
		{"a query for a range of partitions", "Query", q(`"KeyConditionExpression":"pk > :p"`), "ValidationException: Query key condition not supported"},
		{"a query without its partition", "Query", q(`"KeyConditionExpression":"sk = :p"`), "ValidationException: Query condition missed key schema element: pk"},
		{"a query by another attribute", "Query", q(`"KeyConditionExpression":"pk = :p AND v = :p"`), "ValidationException: Query condition missed key schema element: sk"},
		{"a query with OR", "Query", q(`"KeyConditionExpression":"pk = :p OR sk = :p"`), "ValidationException: Invalid operator used in KeyConditionExpression: OR"},
		{"a query with two ranges", "Query", q(`"KeyConditionExpression":"pk = :p AND sk > :p AND sk < :p"`), "ValidationException: Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key"},
		{"a query with three conditions", "Query", q(`"KeyConditionExpression":"pk = :p AND sk = :p AND v = :p"`), "ValidationException: The number of query conditions (3) exceeds the number of key attributes defined in the schema (2)"},
		{"a filter on a key", "Query", q(`"KeyConditionExpression":"pk = :p","FilterExpression":"sk = :p"`), "ValidationException: Filter Expression can only contain non-primary key attributes: Primary key attribute: sk"},
		{"a consistent read of an index", "Query", q(`"IndexName":"by-g","ConsistentRead":true,"KeyConditionExpression":"g = :p"`), "ValidationException: Consistent reads are not supported on global secondary indexes"},
		{"an index that is not there", "Query", q(`"IndexName":"by-x","KeyConditionExpression":"g = :p"`), "ValidationException: The table does not have the specified index: by-x"},
		{"all attributes of an index that has not all", "Query", q(`"IndexName":"keys","Select":"ALL_ATTRIBUTES","KeyConditionExpression":"g = :p"`), "ValidationException: One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index keys because its projection type is not ALL"},
		{"a limit of nothing", "Query", q(`"KeyConditionExpression":"pk = :p","Limit":0`), "ValidationException: 1 validation error detected: Value at 'Limit' failed to satisfy constraint: Member must have value greater than or equal to 1"},
		{"a start in another partition", "Query", q(`"KeyConditionExpression":"pk = :p","ExclusiveStartKey":` + key("b", "1")), "ValidationException: The provided starting key is outside query boundaries based on provided conditions"},
		{"a key twice in a batch of reads", "BatchGetItem", `{"RequestItems":{"things":{"Keys":[` + key("a", "1") + `,` + key("a", "1") + `]}}}`, "ValidationException: Provided list of item keys contains duplicates"},
		{"a key twice in a batch of writes", "BatchWriteItem", `{"RequestItems":{"things":[{"PutRequest":{"Item":` + key("a", "1") + `}},{"DeleteRequest":{"Key":` + key("a", "1") + `}}]}}`, "ValidationException: Provided list of item keys contains duplicates"},
		{"101 keys", "BatchGetItem", `{"RequestItems":{"things":{"Keys":[` + strings.Repeat(key("a", "1")+",", 100) + key("a", "1") + `]}}}`, "ValidationException: 1 validation error detected: Value at 'RequestItems.things.member.Keys' failed to satisfy constraint: Member must have length less than or equal to 100"},
		{"a table that is there already", "CreateTable", theTable, "ResourceInUseException: Table already exists: things"},
		{"a local index", "CreateTable", `{"TableName":"local","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"a","AttributeType":"S"}],"KeySchema":[{"AttributeName":"a","KeyType":"HASH"}],"LocalSecondaryIndexes":[{"IndexName":"lsi"}]}`, `ValidationException: the local table engine does not support the parameter "LocalSecondaryIndexes"`},
		{"a key attribute without a definition", "CreateTable", `{"TableName":"bad","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"a","AttributeType":"S"}],"KeySchema":[{"AttributeName":"b","KeyType":"HASH"}]}`, "ValidationException: One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [b], AttributeDefinitions: [a]"},
	}
	for _, row := range rows {
		t.Run(row.says, func(t *testing.T) {
			if got := refusal(t, e, row.operation, row.request); got != row.want {
				t.Errorf("answers %s\nwant     %s", got, row.want)
			}
		})
	}
}

func TestQuery(t *testing.T) {
	e := things(t, dynamo.Config{},
		`{"pk":"p","sk":"a"}`, `{"pk":"p","sk":"a1"}`, `{"pk":"p","sk":"b","v":1}`, `{"pk":"p","sk":"c","v":2}`, `{"pk":"p","sk":"é"}`, `{"pk":"other","sk":"b"}`,
		`{"pk":"i1","sk":"x","g":"G","n":2}`, `{"pk":"i2","sk":"x","g":"G","n":10}`, `{"pk":"i3","sk":"x","g":"G","n":-1.5,"v":1,"w":1}`, `{"pk":"i4","sk":"x","g":"G","n":2}`, `{"pk":"i5","sk":"x","g":"G"}`)
	rows := []struct{ says, condition, values, more, want string }{
		{"a partition comes in the order of its sort keys", "pk = :p", `{":p":"p"}`, "", "a a1 b c é"},
		{"backwards", "pk = :p", `{":p":"p"}`, `,"ScanIndexForward":false`, "é c b a1 a"},
		{"one key", "pk = :p AND sk = :s", `{":p":"p",":s":"a"}`, "", "a"},
		{"below", "pk = :p AND sk < :s", `{":p":"p",":s":"b"}`, "", "a a1"},
		{"up to", "pk = :p AND sk <= :s", `{":p":"p",":s":"b"}`, "", "a a1 b"},
		{"above", "pk = :p AND sk > :s", `{":p":"p",":s":"a"}`, "", "a1 b c é"},
		{"from", ":s <= sk AND pk = :p", `{":p":"p",":s":"b"}`, "", "b c é"},
		{"between", "pk = :p AND sk BETWEEN :s AND :e", `{":p":"p",":s":"a1",":e":"c"}`, "", "a1 b c"},
		{"beginning with", "pk = :p AND begins_with(sk, :s)", `{":p":"p",":s":"a"}`, "", "a a1"},
		{"a filter chooses after reading", "pk = :p", `{":p":"p",":v":1}`, `,"FilterExpression":"v > :v"`, "c"},
		{"the limit counts what was read, not what was found", "pk = :p", `{":p":"p",":v":1}`, `,"FilterExpression":"v > :v","Limit":3`, ""},
		{"another page starts after the key", "pk = :p", `{":p":"p"}`, `,"ExclusiveStartKey":` + key("p", "a1"), "b c é"},
		{"backwards, before it", "pk = :p", `{":p":"p"}`, `,"ScanIndexForward":false,"ExclusiveStartKey":` + key("p", "a1"), "a"},
		{"an unknown partition is empty", "pk = :p", `{":p":"nobody"}`, "", ""},
		{"an index holds only items with all of its keys, numbers in order", "g = :g", `{":g":"G"}`, `,"IndexName":"by-g"`, "i3 i1/4 i1/4 i2"},
		{"a range of an index with equal keys", "g = :g AND n = :n", `{":g":"G",":n":2}`, `,"IndexName":"by-g"`, "i1/4 i1/4"},
		{"a range of numbers", "g = :g AND n BETWEEN :n AND :m", `{":g":"G",":n":-2,":m":2.0}`, `,"IndexName":"by-g"`, "i3 i1/4 i1/4"},
	}
	for _, row := range rows {
		t.Run(row.says, func(t *testing.T) {
			answer := must(t, e, "Query", `{"TableName":"things","KeyConditionExpression":"`+row.condition+`"`+with(row.values, "")+row.more+`}`)
			var got []string
			for _, i := range decode(t, answer)["Items"].([]any) {
				name := plainItem(i.(map[string]any))["sk"]
				if name == "x" {
					name = plainItem(i.(map[string]any))["pk"]
				}
				if name == "i1" || name == "i4" { // equal keys: no order is promised
					name = "i1/4"
				}
				got = append(got, name.(string))
			}
			if s := strings.Join(got, " "); s != row.want {
				t.Errorf("answers %q, want %q", s, row.want)
			}
		})
	}

	t.Run("an index of keys holds keys alone, one that includes an attribute that too", func(t *testing.T) {
		ask := func(index string) []string {
			return fieldItems(t, must(t, e, "Query", `{"TableName":"things","IndexName":"`+index+`","KeyConditionExpression":"g = :g","FilterExpression":"attribute_not_exists(n) OR NOT n IN (:a,:b)"`+with(`{":g":"G",":a":2,":b":10}`, "")+`}`), "Items")
		}
		if d := diff([]string{`{"g":"G","pk":"i3","sk":"x"}`}, slices.DeleteFunc(ask("keys"), func(s string) bool { return !strings.Contains(s, "i3") })); d != "" {
			t.Error(d)
		}
		if d := diff([]string{`{"g":"G","pk":"i3","sk":"x","v":1}`}, slices.DeleteFunc(ask("some"), func(s string) bool { return !strings.Contains(s, "i3") })); d != "" {
			t.Error(d)
		}
	})
	t.Run("a count answers no items", func(t *testing.T) {
		got := decode(t, must(t, e, "Query", `{"TableName":"things","Select":"COUNT","KeyConditionExpression":"pk = :p","FilterExpression":"attribute_exists(v)"`+with(`{":p":"p"}`, "")+`}`))
		if d := diff(map[string]any{"Count": 2.0, "ScannedCount": 5.0}, got); d != "" {
			t.Error(d)
		}
	})
	t.Run("a full page names its last key, even where nothing follows", func(t *testing.T) {
		answer := must(t, e, "Query", `{"TableName":"things","Limit":5,"KeyConditionExpression":"pk = :p"`+with(`{":p":"p"}`, "")+`}`)
		if got := field(t, answer, "LastEvaluatedKey"); got != `{"pk":"p","sk":"é"}` {
			t.Errorf("the page ends at %q", got)
		}
	})
	t.Run("a page of an index names the index's key and the table's", func(t *testing.T) {
		answer := must(t, e, "Query", `{"TableName":"things","IndexName":"by-g","Limit":1,"KeyConditionExpression":"g = :g"`+with(`{":g":"G"}`, "")+`}`)
		if got := field(t, answer, "LastEvaluatedKey"); got != `{"g":"G","n":-1.5,"pk":"i3","sk":"x"}` {
			t.Errorf("the page ends at %q", got)
		}
	})
}

func TestAPageEndsAtOneMegabyte(t *testing.T) {
	e := things(t, dynamo.Config{})
	for n := range 30 {
		put(t, e, fmt.Sprintf(`{"pk":"p","sk":"%02d","v":"%s"}`, n, strings.Repeat("x", 100_000)))
	}
	db, _ := clients(t, e, 0)
	pages := dynamodb.NewQueryPaginator(db, &dynamodb.QueryInput{
		TableName: aws.String("things"), KeyConditionExpression: aws.String("pk = :p"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":p": str("p")},
	})
	var sizes []int
	for pages.HasMorePages() {
		page, err := pages.NextPage(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, len(page.Items))
	}
	if d := diff([]int{10, 10, 10}, sizes); d != "" {
		t.Error(d)
	}
}

func TestSegmentsOfAScanAreTheWholeTableOnce(t *testing.T) {
	e := things(t, dynamo.Config{})
	for n := range 200 {
		put(t, e, fmt.Sprintf(`{"pk":"%d","sk":"x"}`, n))
	}
	var got []string
	for segment := range 7 {
		part := fieldItems(t, must(t, e, "Scan", fmt.Sprintf(`{"TableName":"things","Segment":%d,"TotalSegments":7}`, segment)), "Items")
		if len(part) == 0 {
			t.Errorf("segment %d of 7 is empty", segment)
		}
		got = append(got, part...)
	}
	slices.Sort(got)
	if d := diff(everything(t, e, "things"), got); d != "" {
		t.Error(d)
	}
}

func TestBatches(t *testing.T) {
	ctx := context.Background()
	t.Run("what does not fit into 16 MB is left for another call", func(t *testing.T) {
		e := things(t, dynamo.Config{})
		db, _ := clients(t, e, 0)
		keys := make([]map[string]types.AttributeValue, 60)
		for n := range keys {
			put(t, e, fmt.Sprintf(`{"pk":"p","sk":"%02d","v":"%s"}`, n, strings.Repeat("x", 390_000)))
			keys[n] = map[string]types.AttributeValue{"pk": str("p"), "sk": str(fmt.Sprintf("%02d", n))}
		}
		ask := map[string]types.KeysAndAttributes{"things": {Keys: keys, ProjectionExpression: aws.String("sk")}}
		var rounds []int
		seen := map[string]bool{}
		for len(ask) > 0 {
			out, err := db.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: ask})
			if err != nil {
				t.Fatal(err)
			}
			for _, i := range out.Responses["things"] {
				seen[i["sk"].(*types.AttributeValueMemberS).Value] = true
			}
			rounds = append(rounds, len(out.Responses["things"]))
			ask = out.UnprocessedKeys
		}
		if d := diff([]int{43, 17}, rounds); d != "" || len(seen) != 60 {
			t.Errorf("%d items were seen; rounds: %s", len(seen), d)
		}
	})
	t.Run("a batch writes, deletes and reads in several tables", func(t *testing.T) {
		e := things(t, dynamo.Config{}, `{"pk":"a","sk":"1"}`)
		must(t, e, "CreateTable", `{"TableName":"more","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"id","AttributeType":"N"}],"KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]}`)
		must(t, e, "BatchWriteItem", `{"RequestItems":{"things":[{"DeleteRequest":{"Key":`+key("a", "1")+`}},{"PutRequest":{"Item":`+key("a", "2")+`}}],"more":[{"PutRequest":{"Item":{"id":{"N":"7.0"}}}}]}}`)
		got := decode(t, must(t, e, "BatchGetItem", `{"RequestItems":{"things":{"Keys":[`+key("a", "1")+`,`+key("a", "2")+`]},"more":{"Keys":[{"id":{"N":"7"}}]}}}`))
		want := decode(t, `{"Responses":{"things":[`+key("a", "2")+`],"more":[{"id":{"N":"7"}}]},"UnprocessedKeys":{}}`)
		if d := diff(want, got); d != "" {
			t.Error(d)
		}
	})
	t.Run("one bad request of a batch refuses it whole", func(t *testing.T) {
		e := things(t, dynamo.Config{})
		if got := refusal(t, e, "BatchWriteItem", `{"RequestItems":{"things":[{"PutRequest":{"Item":`+key("a", "1")+`}},{"PutRequest":{"Item":{"pk":{"S":"a"}}}}]}}`); got == "" {
			t.Error("the batch was taken")
		}
		if d := diff([]string(nil), everything(t, e, "things")); d != "" {
			t.Error(d)
		}
	})
}

func TestTransactions(t *testing.T) {
	ctx := context.Background()
	thing := func(pk string) map[string]types.AttributeValue {
		return map[string]types.AttributeValue{"pk": str(pk), "sk": str("1")}
	}
	table := aws.String("things")

	t.Run("a failed condition cancels all of it, with reasons in order and the item that failed", func(t *testing.T) {
		e := things(t, dynamo.Config{}, `{"pk":"a","sk":"1","v":1}`)
		db, _ := clients(t, e, 0)
		before := everything(t, e, "things")
		_, err := db.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{
			{Put: &types.Put{TableName: table, Item: thing("b")}},
			{ConditionCheck: &types.ConditionCheck{TableName: table, Key: thing("a"), ConditionExpression: aws.String("attribute_not_exists(pk)"), ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld}},
			{Update: &types.Update{TableName: table, Key: thing("c"), UpdateExpression: aws.String("SET v = nope")}},
			{Delete: &types.Delete{TableName: table, Key: thing("d"), ConditionExpression: aws.String("attribute_exists(pk)"), ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld}},
		}})
		var cancelled *types.TransactionCanceledException
		if !errors.As(err, &cancelled) {
			t.Fatalf("answers %v", err)
		}
		item := thing("a")
		item["v"] = &types.AttributeValueMemberN{Value: "1"}
		want := []types.CancellationReason{
			{Code: aws.String("None")},
			{Code: aws.String("ConditionalCheckFailed"), Message: aws.String("The conditional request failed"), Item: item},
			{Code: aws.String("ValidationError"), Message: aws.String("The provided expression refers to an attribute that does not exist in the item")},
			{Code: aws.String("ConditionalCheckFailed"), Message: aws.String("The conditional request failed")},
		}
		if d := cmp.Diff(want, cancelled.CancellationReasons, ignoreMetadata, cmpopts.IgnoreUnexported(types.CancellationReason{})); d != "" {
			t.Error(d)
		}
		if want := "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, ValidationError, ConditionalCheckFailed]"; cancelled.ErrorMessage() != want {
			t.Errorf("says %q", cancelled.ErrorMessage())
		}
		if d := diff(before, everything(t, e, "things")); d != "" {
			t.Errorf("a cancelled transaction changed the table:\n%s", d)
		}
	})

	t.Run("the same token does it once, answers alike for ten minutes, and means one request only", func(t *testing.T) {
		now := newClock()
		e := things(t, dynamo.Config{Now: now.Now})
		request := func(amount int) string {
			return fmt.Sprintf(`{"ClientRequestToken":"token","ReturnConsumedCapacity":"TOTAL","TransactItems":[{"Update":{"TableName":"things","Key":%s,"UpdateExpression":"ADD c :n","ExpressionAttributeValues":{":n":{"N":"%d"}}}}]}`, key("a", "1"), amount)
		}
		first := must(t, e, "TransactWriteItems", request(1))
		now.pass(10 * time.Minute)
		again := must(t, e, "TransactWriteItems", request(1))
		if got := get(t, e, "a", "1"); got != `{"c":1,"pk":"a","sk":"1"}` {
			t.Errorf("after the repetition: %s", got)
		}
		if want := `{"ConsumedCapacity":[{"TableName":"things","CapacityUnits":2,"WriteCapacityUnits":2}]}`; first != want {
			t.Errorf("first answer %s", first)
		}
		if want := `{"ConsumedCapacity":[{"TableName":"things","CapacityUnits":2,"ReadCapacityUnits":2}]}`; again != want {
			t.Errorf("second answer %s", again)
		}
		if got := refusal(t, e, "TransactWriteItems", request(2)); !strings.HasPrefix(got, "IdempotentParameterMismatchException") {
			t.Errorf("another request under the token answers %q", got)
		}
		now.pass(time.Millisecond)
		must(t, e, "TransactWriteItems", request(1))
		if got := get(t, e, "a", "1"); got != `{"c":2,"pk":"a","sk":"1"}` {
			t.Errorf("after the window: %s", got)
		}
	})

	t.Run("a token's request is the same in any order of its maps", func(t *testing.T) {
		e := things(t, dynamo.Config{})
		db, _ := clients(t, e, 0)
		big := thing("a")
		for n := range 20 {
			big[fmt.Sprint("a", n)] = &types.AttributeValueMemberM{Value: map[string]types.AttributeValue{"x": str("1"), "y": str("2")}}
		}
		for range 10 {
			if _, err := db.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{ClientRequestToken: aws.String("t"), TransactItems: []types.TransactWriteItem{{Put: &types.Put{TableName: table, Item: big}}}}); err != nil {
				t.Fatal(err)
			}
		}
		if n := len(records(t, e, "things")); n != 1 {
			t.Errorf("%d stream records", n)
		}
	})

	t.Run("a cancelled transaction does not use its token up", func(t *testing.T) {
		e := things(t, dynamo.Config{})
		request := `{"ClientRequestToken":"token","TransactItems":[{"Update":{"TableName":"things","Key":` + key("a", "1") + `,"UpdateExpression":"SET d = :n","ConditionExpression":"attribute_exists(pk)","ExpressionAttributeValues":{":n":{"N":"1"}}}}]}`
		if got := refusal(t, e, "TransactWriteItems", request); !strings.HasPrefix(got, "TransactionCanceledException") {
			t.Fatalf("answers %q", got)
		}
		put(t, e, `{"pk":"a","sk":"1"}`)
		must(t, e, "TransactWriteItems", request)
	})

	refusals := []struct{ says, items, want string }{
		{"one item twice", `{"Put":{"TableName":"things","Item":` + key("a", "1") + `}},{"Delete":{"TableName":"things","Key":` + key("a", "1") + `}}`, "ValidationException: Transaction request cannot include multiple operations on one item"},
		{"an empty action", `{}`, "ValidationException: Invalid Request: TransactWriteRequest should contain Delete or Put or Update request"},
		{"two actions in one", `{"Put":{"TableName":"things","Item":` + key("a", "1") + `},"Delete":{"TableName":"things","Key":` + key("a", "1") + `}}`, "ValidationException: TransactItems can only contain one of Check, Put, Update or Delete"},
		{"an unknown table", `{"Put":{"TableName":"nothing","Item":` + key("a", "1") + `}}`, "ResourceNotFoundException: Requested resource not found"},
		{"a key of another type", `{"Put":{"TableName":"things","Item":{"pk":{"N":"5"},"sk":{"S":"1"}}}}`, "TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for specific reasons [ValidationError]"},
		{"an empty key", `{"Delete":{"TableName":"things","Key":` + key("", "1") + `}}`, "ValidationException: One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk"},
		{"a bad table name in the second action", `{"Put":{"TableName":"things","Item":` + key("a", "1") + `}},{"Delete":{"TableName":"bad!name","Key":` + key("b", "1") + `}}`, "ValidationException: 1 validation error detected: Value 'bad!name' at 'transactItems.2.member.delete.tableName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"},
		{"101 actions", strings.Repeat(`{"Delete":{"TableName":"things","Key":`+key("a", "1")+`}},`, 100) + `{"Delete":{"TableName":"things","Key":` + key("a", "1") + `}}`, "ValidationException: 1 validation error detected: Value '[101 actions]' at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to 100"},
	}
	for _, row := range refusals {
		t.Run("refused: "+row.says, func(t *testing.T) {
			e := things(t, dynamo.Config{})
			if got := refusal(t, e, "TransactWriteItems", `{"TransactItems":[`+row.items+`]}`); got != row.want {
				t.Errorf("answers %s\nwant     %s", got, row.want)
			}
		})
	}

	t.Run("more than 4 MB are refused, and nothing is written", func(t *testing.T) {
		e := things(t, dynamo.Config{})
		var actions []string
		for n := range 12 {
			actions = append(actions, `{"Put":{"TableName":"things","Item":{"pk":{"S":"`+fmt.Sprint(n)+`"},"sk":{"S":"1"},"v":{"S":"`+strings.Repeat("x", 390_000)+`"}}}}`)
		}
		if got := refusal(t, e, "TransactWriteItems", `{"TransactItems":[`+strings.Join(actions, ",")+`]}`); !strings.HasPrefix(got, "ValidationException") {
			t.Errorf("answers %q", got)
		}
		if d := diff([]string(nil), everything(t, e, "things")); d != "" {
			t.Error("something was written")
		}
	})

	t.Run("reads come in order, a missing item as an empty answer", func(t *testing.T) {
		e := things(t, dynamo.Config{}, `{"pk":"b","sk":"1","v":1,"w":2}`)
		got := must(t, e, "TransactGetItems", `{"TransactItems":[{"Get":{"TableName":"things","Key":`+key("a", "1")+`}},{"Get":{"TableName":"things","Key":`+key("b", "1")+`,"ProjectionExpression":"w"}}]}`)
		if got != `{"Responses":[{},{"Item":{"w":{"N":"2"}}}]}` {
			t.Errorf("answers %s", got)
		}
	})

	t.Run("concurrent transfers keep the sum, and readers never see half of one", func(t *testing.T) {
		const accounts, workers, rounds = 5, 8, 60
		e := things(t, dynamo.Config{})
		db, _ := clients(t, e, 0)
		for n := range accounts {
			put(t, e, fmt.Sprintf(`{"pk":"%d","sk":"1","c":100}`, n))
		}
		var wg sync.WaitGroup
		for w := range workers {
			wg.Go(func() {
				for r := range rounds {
					from, to := (w+r)%accounts, (w+r*3+1)%accounts
					if from == to {
						continue
					}
					move := func(account int, amount string) types.TransactWriteItem {
						return types.TransactWriteItem{Update: &types.Update{
							TableName: table, Key: thing(fmt.Sprint(account)), UpdateExpression: aws.String("ADD c :n"), ConditionExpression: aws.String("c >= :min"),
							ExpressionAttributeValues: map[string]types.AttributeValue{":n": &types.AttributeValueMemberN{Value: amount}, ":min": &types.AttributeValueMemberN{Value: "1"}},
						}}
					}
					_, err := db.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{move(from, "-1"), move(to, "1")}})
					var cancelled *types.TransactionCanceledException
					if err != nil && !errors.As(err, &cancelled) {
						t.Error(err)
					}
					var gets []types.TransactGetItem
					for n := range accounts {
						gets = append(gets, types.TransactGetItem{Get: &types.Get{TableName: table, Key: thing(fmt.Sprint(n))}})
					}
					out, err := db.TransactGetItems(ctx, &dynamodb.TransactGetItemsInput{TransactItems: gets})
					if err != nil {
						t.Error(err)
						return
					}
					sum := 0
					for _, g := range out.Responses {
						var n int
						_, _ = fmt.Sscan(g.Item["c"].(*types.AttributeValueMemberN).Value, &n)
						sum += n
					}
					if sum != accounts*100 {
						t.Errorf("a reader saw %d", sum)
					}
				}
			})
		}
		wg.Wait()
	})
}

func TestFaults(t *testing.T) {
	ctx := context.Background()
	setup := func(t *testing.T, attempts int) (*dynamo.Engine, *dynamodb.Client) {
		e := things(t, dynamo.Config{}, `{"pk":"a","sk":"1","c":1}`)
		db, _ := clients(t, e, attempts)
		return e, db
	}
	bump := &dynamodb.UpdateItemInput{
		TableName: aws.String("things"), Key: map[string]types.AttributeValue{"pk": str("a"), "sk": str("1")},
		UpdateExpression: aws.String("ADD c :n"), ExpressionAttributeValues: map[string]types.AttributeValue{":n": &types.AttributeValueMemberN{Value: "1"}},
	}
	transaction := &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{{Update: &types.Update{
		TableName: bump.TableName, Key: bump.Key, UpdateExpression: bump.UpdateExpression, ExpressionAttributeValues: bump.ExpressionAttributeValues}}}}

	t.Run("each is used up by one call", func(t *testing.T) {
		e, db := setup(t, 1)
		if err := e.Inject("throttle", "500", "conflict"); err != nil {
			t.Fatal(err)
		}
		var throttled *types.ProvisionedThroughputExceededException
		var broken *types.InternalServerError
		var conflict *types.TransactionConflictException
		for _, want := range []any{&throttled, &broken, &conflict} {
			if _, err := db.UpdateItem(ctx, bump); !errors.As(err, want) {
				t.Errorf("answers %v, want %T", err, want)
			}
		}
		if _, err := db.UpdateItem(ctx, bump); err != nil {
			t.Error(err)
		}
		if got := get(t, e, "a", "1"); got != `{"c":2,"pk":"a","sk":"1"}` {
			t.Errorf("after one good call of four: %s", got)
		}
	})
	t.Run("the SDK's retries get over a throttle", func(t *testing.T) {
		e, db := setup(t, 3)
		if err := e.Inject("throttle", "500"); err != nil {
			t.Fatal(err)
		}
		if _, err := db.UpdateItem(ctx, bump); err != nil {
			t.Error(err)
		}
	})
	t.Run("a conflict waits for a call that can conflict, and gives a transaction its reasons", func(t *testing.T) {
		e, db := setup(t, 1)
		if err := e.Inject("conflict"); err != nil {
			t.Fatal(err)
		}
		get(t, e, "a", "1")
		_, err := db.TransactWriteItems(ctx, transaction)
		var cancelled *types.TransactionCanceledException
		if !errors.As(err, &cancelled) || aws.ToString(cancelled.CancellationReasons[0].Code) != "TransactionConflict" {
			t.Errorf("answers %v", err)
		}
	})
	t.Run("a fault can wait for one operation", func(t *testing.T) {
		e, db := setup(t, 1)
		if err := e.Inject("500:TransactWriteItems"); err != nil {
			t.Fatal(err)
		}
		if _, err := db.UpdateItem(ctx, bump); err != nil {
			t.Error(err)
		}
		if _, err := db.TransactWriteItems(ctx, transaction); err == nil {
			t.Error("the fault did not strike")
		}
	})
	t.Run("a lost answer's write is done: a plain retry does it twice, a transaction's token once", func(t *testing.T) {
		e, db := setup(t, 3)
		if err := e.Inject("timeout-after-commit"); err != nil {
			t.Fatal(err)
		}
		if _, err := db.UpdateItem(ctx, bump); err != nil {
			t.Error(err)
		}
		if got := get(t, e, "a", "1"); got != `{"c":3,"pk":"a","sk":"1"}` {
			t.Errorf("after the retried update: %s", got)
		}
		if err := e.Inject("timeout-after-commit"); err != nil {
			t.Fatal(err)
		}
		if _, err := db.TransactWriteItems(ctx, transaction); err != nil {
			t.Error(err)
		}
		if got := get(t, e, "a", "1"); got != `{"c":4,"pk":"a","sk":"1"}` {
			t.Errorf("after the retried transaction: %s", got)
		}
	})
	t.Run("an empty list clears, and what is no fault is refused", func(t *testing.T) {
		e, _ := setup(t, 1)
		for _, bad := range []string{"fire", "conflict:Query", "500:GetRecords"} {
			if err := e.Inject(bad); err == nil {
				t.Errorf("%q was taken", bad)
			}
		}
		if err := e.Inject("500"); err != nil {
			t.Fatal(err)
		}
		if err := e.Inject(); err != nil {
			t.Fatal(err)
		}
		get(t, e, "a", "1")
	})
}

func TestStreams(t *testing.T) {
	t.Run("every change is told once, in order, with both images; what changes nothing is not told", func(t *testing.T) {
		e := things(t, dynamo.Config{}, `{"pk":"a","sk":"1","v":1}`, `{"pk":"a","sk":"1","v":1.0}`, `{"pk":"a","sk":"1","v":2}`)
		must(t, e, "UpdateItem", `{"TableName":"things","Key":`+key("a", "1")+`,"UpdateExpression":"SET v = v"}`)
		must(t, e, "DeleteItem", `{"TableName":"things","Key":`+key("b", "1")+`}`)
		must(t, e, "TransactWriteItems", `{"TransactItems":[{"Delete":{"TableName":"things","Key":`+key("a", "1")+`}},{"Put":{"TableName":"things","Item":`+key("b", "1")+`}},{"ConditionCheck":{"TableName":"things","Key":`+key("c", "1")+`,"ConditionExpression":"attribute_not_exists(pk)"}}]}`)
		want := []string{
			`INSERT  -> {"pk":"a","sk":"1","v":1}`,
			`MODIFY {"pk":"a","sk":"1","v":1} -> {"pk":"a","sk":"1","v":2}`,
			`REMOVE {"pk":"a","sk":"1","v":2} -> `,
			`INSERT  -> {"pk":"b","sk":"1"}`,
		}
		got := records(t, e, "things")
		if d := diff(want, story(got)); d != "" {
			t.Error(d)
		}
		last := ""
		for _, r := range got {
			if n := r["dynamodb"].(map[string]any)["SequenceNumber"].(string); n <= last {
				t.Errorf("sequence number %s follows %s", n, last)
			} else {
				last = n
			}
		}
	})

	t.Run("a record has what a function needs of it", func(t *testing.T) {
		now := newClock()
		e := things(t, dynamo.Config{Now: now.Now}, `{"pk":"a","sk":"1","v":1}`)
		got := records(t, e, "things")[0]
		if len(got["eventID"].(string)) != 32 {
			t.Errorf("event id %v", got["eventID"])
		}
		delete(got, "eventID")
		want := decode(t, `{"eventName":"INSERT","eventVersion":"1.1","eventSource":"aws:dynamodb","awsRegion":"us-east-1","dynamodb":{
			"ApproximateCreationDateTime":1772366400,"Keys":`+key("a", "1")+`,"NewImage":{"pk":{"S":"a"},"sk":{"S":"1"},"v":{"N":"1"}},
			"SequenceNumber":"100000000000000000001","SizeBytes":15,"StreamViewType":"NEW_AND_OLD_IMAGES"}}`)
		if d := diff(want, got); d != "" {
			t.Error(d)
		}
	})

	for view, want := range map[string][2]bool{"KEYS_ONLY": {false, false}, "NEW_IMAGE": {true, false}, "OLD_IMAGE": {false, true}, "NEW_AND_OLD_IMAGES": {true, true}} {
		t.Run("a stream of "+view+" carries that", func(t *testing.T) {
			e := open(t, dynamo.Config{})
			must(t, e, "CreateTable", strings.Replace(theTable, "NEW_AND_OLD_IMAGES", view, 1))
			put(t, e, `{"pk":"a","sk":"1","v":1}`)
			put(t, e, `{"pk":"a","sk":"1","v":2}`)
			d := records(t, e, "things")[1]["dynamodb"].(map[string]any)
			if got := [2]bool{d["NewImage"] != nil, d["OldImage"] != nil}; got != want {
				t.Errorf("new and old image: %v, want %v", got, want)
			}
		})
	}

	t.Run("iterators begin where they are asked to, through the SDK", func(t *testing.T) {
		ctx := context.Background()
		now := newClock()
		e := things(t, dynamo.Config{Now: now.Now}, `{"pk":"a","sk":"1"}`, `{"pk":"b","sk":"1"}`)
		db, streams := clients(t, e, 1)
		table, err := db.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: aws.String("things")})
		if err != nil {
			t.Fatal(err)
		}
		stream, err := streams.DescribeStream(ctx, &dynamodbstreams.DescribeStreamInput{StreamArn: table.Table.LatestStreamArn})
		if err != nil {
			t.Fatal(err)
		}
		from := func(kind streamtypes.ShardIteratorType, sequence *string) *string {
			t.Helper()
			out, err := streams.GetShardIterator(ctx, &dynamodbstreams.GetShardIteratorInput{StreamArn: table.Table.LatestStreamArn, ShardId: stream.StreamDescription.Shards[0].ShardId, ShardIteratorType: kind, SequenceNumber: sequence})
			if err != nil {
				t.Fatal(err)
			}
			return out.ShardIterator
		}
		read := func(at *string) (names []string, sequences []*string, next *string) {
			t.Helper()
			out, err := streams.GetRecords(ctx, &dynamodbstreams.GetRecordsInput{ShardIterator: at})
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range out.Records {
				names = append(names, r.Dynamodb.Keys["pk"].(*streamtypes.AttributeValueMemberS).Value)
				sequences = append(sequences, r.Dynamodb.SequenceNumber)
			}
			return names, sequences, out.NextShardIterator
		}
		latest := from(streamtypes.ShardIteratorTypeLatest, nil)
		put(t, e, `{"pk":"c","sk":"1"}`)
		all, sequences, next := read(from(streamtypes.ShardIteratorTypeTrimHorizon, nil))
		at, _, _ := read(from(streamtypes.ShardIteratorTypeAtSequenceNumber, sequences[1]))
		behind, _, _ := read(from(streamtypes.ShardIteratorTypeAfterSequenceNumber, sequences[1]))
		new, _, _ := read(latest)
		put(t, e, `{"pk":"d","sk":"1"}`)
		then, _, _ := read(next)
		if d := diff([][]string{{"a", "b", "c"}, {"b", "c"}, {"c"}, {"c"}, {"d"}}, [][]string{all, at, behind, new, then}); d != "" {
			t.Error(d)
		}

		now.pass(16 * time.Minute)
		var expired *streamtypes.ExpiredIteratorException
		if _, err := streams.GetRecords(ctx, &dynamodbstreams.GetRecordsInput{ShardIterator: latest}); !errors.As(err, &expired) {
			t.Errorf("an old iterator answers %v", err)
		}
		now.pass(24 * time.Hour)
		if left, _, _ := read(from(streamtypes.ShardIteratorTypeTrimHorizon, nil)); left != nil {
			t.Errorf("after a day there is still %v", left)
		}
		var trimmed *streamtypes.TrimmedDataAccessException
		if _, err := streams.GetShardIterator(ctx, &dynamodbstreams.GetShardIteratorInput{StreamArn: table.Table.LatestStreamArn, ShardId: stream.StreamDescription.Shards[0].ShardId, ShardIteratorType: streamtypes.ShardIteratorTypeAtSequenceNumber, SequenceNumber: sequences[0]}); !errors.As(err, &trimmed) {
			t.Errorf("a trimmed record answers %v", err)
		}
	})

	t.Run("an item's records stay in one shard of several", func(t *testing.T) {
		e := things(t, dynamo.Config{Shards: 4})
		for v := range 5 {
			for n := range 40 {
				put(t, e, fmt.Sprintf(`{"pk":"%d","sk":"1","v":%d}`, n, v))
			}
		}
		next := map[string]int{}
		got := records(t, e, "things")
		for _, r := range got {
			i := plainItem(r["dynamodb"].(map[string]any)["NewImage"].(map[string]any))
			if fmt.Sprint(i["v"]) != fmt.Sprint(next[i["pk"].(string)]) {
				t.Errorf("%v has %v where %d was due", i["pk"], i["v"], next[i["pk"].(string)])
			}
			next[i["pk"].(string)]++
		}
		if len(got) != 200 {
			t.Errorf("%d records", len(got))
		}
	})

	t.Run("a reader gets to the end of a deleted table's stream", func(t *testing.T) {
		e := things(t, dynamo.Config{}, `{"pk":"a","sk":"1"}`)
		must(t, e, "DeleteTable", `{"TableName":"things"}`)
		if d := diff([]string{`INSERT  -> {"pk":"a","sk":"1"}`}, story(records(t, e, "things"))); d != "" {
			t.Error(d)
		}
		must(t, e, "CreateTable", theTable) // within the same millisecond: a stream of its own
		put(t, e, `{"pk":"b","sk":"1"}`)
		if n := len(records(t, e, "things")); n != 2 {
			t.Errorf("%d records in both streams", n)
		}
	})

	t.Run("whoever pumps is told of new records, and only of those", func(t *testing.T) {
		told := 0
		e := things(t, dynamo.Config{OnStream: func() { told++ }}, `{"pk":"a","sk":"1"}`, `{"pk":"a","sk":"1"}`, `{"pk":"a","sk":"2"}`)
		get(t, e, "a", "1")
		if told != 2 {
			t.Errorf("told %d times", told)
		}
	})
}

func TestTimeToLive(t *testing.T) {
	now := newClock()
	at := func(d time.Duration) int64 { return now.Now().Add(d).Unix() }
	e := things(t, dynamo.Config{Now: now.Now},
		fmt.Sprintf(`{"pk":"past","sk":"1","ttl":%d}`, at(-time.Second)), fmt.Sprintf(`{"pk":"now","sk":"1","ttl":%d}`, at(0)),
		fmt.Sprintf(`{"pk":"soon","sk":"1","ttl":%d}`, at(time.Second)), fmt.Sprintf(`{"pk":"text","sk":"1","ttl":"%d"}`, at(-time.Hour)),
		fmt.Sprintf(`{"pk":"years ago","sk":"1","ttl":%d}`, at(-6*365*24*time.Hour)), `{"pk":"never","sk":"1"}`)
	if n := e.Sweep(now.Now()); n != 0 {
		t.Errorf("%d items swept before there was a time to live", n)
	}
	must(t, e, "UpdateTimeToLive", `{"TableName":"things","TimeToLiveSpecification":{"AttributeName":"ttl","Enabled":true}}`)
	if got := must(t, e, "DescribeTimeToLive", `{"TableName":"things"}`); got != `{"TimeToLiveDescription":{"TimeToLiveStatus":"ENABLED","AttributeName":"ttl"}}` {
		t.Errorf("described as %s", got)
	}
	if n := e.Sweep(now.Now()); n != 2 {
		t.Errorf("%d items swept, want 2", n)
	}
	want := []string{
		fmt.Sprintf(`REMOVE {"pk":"now","sk":"1","ttl":%d} ->  by dynamodb.amazonaws.com`, at(0)),
		fmt.Sprintf(`REMOVE {"pk":"past","sk":"1","ttl":%d} ->  by dynamodb.amazonaws.com`, at(-time.Second)),
	}
	got := story(records(t, e, "things"))[6:]
	slices.Sort(got)
	if d := diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestTablesAreListedDescribedAndDeleted(t *testing.T) {
	ctx := context.Background()
	e := things(t, dynamo.Config{}, `{"pk":"a","sk":"1","g":"x","n":1}`, `{"pk":"b","sk":"1"}`)
	db, _ := clients(t, e, 0)
	out, err := db.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: aws.String("things")})
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		Status       types.TableStatus
		Items, Bytes int64
		Indexes      []string
	}
	got := row{out.Table.TableStatus, *out.Table.ItemCount, *out.Table.TableSizeBytes, nil}
	for _, x := range out.Table.GlobalSecondaryIndexes {
		got.Indexes = append(got.Indexes, fmt.Sprint(*x.IndexName, " ", x.IndexStatus, " ", *x.ItemCount, " ", x.Projection.ProjectionType))
	}
	if d := diff(row{types.TableStatusActive, 2, 17, []string{"by-g ACTIVE 1 ALL", "keys ACTIVE 1 KEYS_ONLY", "some ACTIVE 1 INCLUDE"}}, got); d != "" {
		t.Error(d)
	}
	if err := dynamodb.NewTableExistsWaiter(db).Wait(ctx, &dynamodb.DescribeTableInput{TableName: aws.String("things")}, time.Minute); err != nil {
		t.Error(err)
	}
	if got := must(t, e, "ListTables", `{}`); got != `{"TableNames":["things"]}` {
		t.Errorf("lists %s", got)
	}
	must(t, e, "DeleteTable", `{"TableName":"things"}`)
	if got := must(t, e, "ListTables", `{}`); got != `{"TableNames":[]}` {
		t.Errorf("lists %s", got)
	}
}

func TestAnswersCarryTheirChecksum(t *testing.T) {
	server := httptest.NewServer(things(t, dynamo.Config{}))
	defer server.Close()
	defer http.DefaultClient.CloseIdleConnections()
	for operation, request := range map[string]string{"ListTables": `{}`, "GetItem": `{}`} {
		r, err := http.NewRequest(http.MethodPost, server.URL, strings.NewReader(request))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Amz-Target", "DynamoDB_20120810."+operation)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		if err := errors.Join(err, answer.Body.Close()); err != nil {
			t.Fatal(err)
		}
		if want := fmt.Sprint(crc32.ChecksumIEEE(body)); answer.Header.Get("X-Amz-Crc32") != want {
			t.Errorf("%s: checksum %s, want %s", operation, answer.Header.Get("X-Amz-Crc32"), want)
		}
		if answer.Header.Get("Content-Type") != "application/x-amz-json-1.0" || answer.Header.Get("X-Amzn-Requestid") == "" {
			t.Errorf("%s: headers %v", operation, answer.Header)
		}
	}
}

func TestManyRowsStayInOrder(t *testing.T) {
	const rows = 3000
	for name, order := range map[string]func(int) int{
		"written upwards": func(n int) int { return n }, "written downwards": func(n int) int { return rows - 1 - n }, "written crosswise": func(n int) int { return n * 1543 % rows },
	} {
		t.Run(name, func(t *testing.T) {
			e := things(t, dynamo.Config{})
			each := func(request string) {
				for from := 0; from < rows; from += 25 {
					var requests []string
					for n := from; n < from+25; n++ {
						if k := order(n); !strings.HasPrefix(request, `{"Delete`) || k%3 != 0 {
							requests = append(requests, fmt.Sprintf(request, key("p", fmt.Sprintf("%04d", k))))
						}
					}
					must(t, e, "BatchWriteItem", `{"RequestItems":{"things":[`+strings.Join(requests, ",")+`]}}`)
				}
			}
			each(`{"PutRequest":{"Item":%s}}`)
			check := func(keep int) {
				var want []string
				for n := 0; n < rows; n += keep {
					want = append(want, fmt.Sprintf(`{"pk":"p","sk":"%04d"}`, n))
				}
				query := `"KeyConditionExpression":"pk = :p","ExpressionAttributeValues":{":p":{"S":"p"}},"Limit":700,"ScanIndexForward":`
				if d := diff(want, pages(t, e, query+"true")); d != "" {
					t.Errorf("upwards:\n%s", d)
				}
				slices.Reverse(want)
				if d := diff(want, pages(t, e, query+"false")); d != "" {
					t.Errorf("downwards:\n%s", d)
				}
			}
			check(1)
			each(`{"DeleteRequest":{"Key":%s}}`)
			check(3)
		})
	}
}
