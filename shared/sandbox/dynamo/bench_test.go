package dynamo_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"snout/shared/sandbox/dynamo"
)

// The engine alone, without HTTP and SDK, on items of about 500 bytes.

func benchmarkItem(n int) string {
	return fmt.Sprintf(`{"pk":"p%d","sk":"s%06d","g":"g%d","n":%d,"v":"%s","m":{"a":1,"b":[true,"x"]}}`, n%100, n, n%10, n, strings.Repeat("x", 400))
}

func serve(b *testing.B, h http.Handler, operation, body string) {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("X-Amz-Target", "DynamoDB_20120810."+operation)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		b.Fatalf("answers %s", w.Body)
	}
}

func BenchmarkPutItem(b *testing.B) {
	for name, dir := range map[string]string{"in memory": "", "with a log": b.TempDir()} {
		b.Run(name, func(b *testing.B) {
			e := things(b, dynamo.Config{Dir: dir})
			bodies := make([]string, 1000)
			for n := range bodies {
				bodies[n] = `{"TableName":"things","Item":` + attrs(benchmarkItem(n)) + `,"ConditionExpression":"attribute_not_exists(pk) OR n <= :n","ExpressionAttributeValues":{":n":{"N":"999999"}}}`
			}
			b.ReportAllocs()
			for n := 0; b.Loop(); n++ {
				serve(b, e, "PutItem", bodies[n%len(bodies)])
			}
		})
	}
}

func BenchmarkQuery(b *testing.B) {
	e := things(b, dynamo.Config{})
	for n := range 5000 {
		put(b, e, benchmarkItem(n))
	}
	body := `{"TableName":"things","Limit":50,"KeyConditionExpression":"pk = :p AND begins_with(sk, :s)","ExpressionAttributeValues":{":p":{"S":"p7"},":s":{"S":"s"}}}`
	b.ReportAllocs()
	for b.Loop() {
		serve(b, e, "Query", body)
	}
}

func BenchmarkTransactWrite(b *testing.B) {
	e := things(b, dynamo.Config{})
	var actions []string
	for n := range 4 {
		actions = append(actions, `{"Put":{"TableName":"things","Item":`+attrs(benchmarkItem(n))+`}}`)
	}
	actions = append(actions, `{"Update":{"TableName":"things","Key":`+key("c", "1")+`,"UpdateExpression":"ADD c :n","ExpressionAttributeValues":{":n":{"N":"1"}}}}`,
		`{"ConditionCheck":{"TableName":"things","Key":`+key("d", "1")+`,"ConditionExpression":"attribute_not_exists(pk)"}}`)
	body := `","TransactItems":[` + strings.Join(actions, ",") + `]}`
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		serve(b, e, "TransactWriteItems", fmt.Sprintf(`{"ClientRequestToken":"%d`, n)+body)
	}
}

// BenchmarkPutItemOfTheSDK is a put through the real client and a socket.
func BenchmarkPutItemOfTheSDK(b *testing.B) {
	e := things(b, dynamo.Config{})
	db, _ := clients(b, e, 0)
	item := map[string]types.AttributeValue{"pk": str("a"), "sk": str("1"), "v": str(strings.Repeat("x", 400))}
	for b.Loop() {
		if _, err := db.PutItem(context.Background(), &dynamodb.PutItemInput{TableName: aws.String("things"), Item: item}); err != nil {
			b.Fatal(err)
		}
	}
}
