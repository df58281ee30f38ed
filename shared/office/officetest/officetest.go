// Package officetest gives tests a table to stand on: the local table engine behind a
// loopback listener, spoken to by the real client. It must never be imported by
// anything but tests.
package officetest

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"snout/shared/sandbox/dynamo"
	"snout/shared/store"
)

// Table opens an engine with an empty table, closed when the test ends.
func Table(t testing.TB) *store.Table {
	t.Helper()
	table, _ := Open(t)
	return table
}

// Between runs something between two calls to the table, to show what happens when
// somebody else comes in between.
type Between struct {
	mu        sync.Mutex
	operation string
	run       func()
}

// Before runs f once, before the next call of an operation such as
// "TransactWriteItems" reaches the table.
func (b *Between) Before(operation string, f func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.operation, b.run = operation, f
}

func (b *Between) take(target string) func() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.run == nil || !strings.HasSuffix(target, "."+b.operation) {
		return nil
	}
	f := b.run
	b.run = nil
	return f
}

// Open is Table, with a way to come in between its calls.
func Open(t testing.TB) (*store.Table, *Between) {
	t.Helper()
	e, err := dynamo.Open(dynamo.Config{})
	if err != nil {
		t.Fatal(err)
	}
	between := &Between{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if f := between.take(r.Header.Get("X-Amz-Target")); f != nil {
			f()
		}
		e.ServeHTTP(w, r)
	}))
	hc := srv.Client()
	t.Cleanup(func() {
		hc.CloseIdleConnections()
		srv.Close()
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	db := dynamodb.New(dynamodb.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(srv.URL), HTTPClient: hc,
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
	})
	s := func(n string) types.AttributeDefinition {
		return types.AttributeDefinition{AttributeName: aws.String(n), AttributeType: types.ScalarAttributeTypeS}
	}
	key := func(pk, sk string) []types.KeySchemaElement {
		return []types.KeySchemaElement{{AttributeName: aws.String(pk), KeyType: types.KeyTypeHash}, {AttributeName: aws.String(sk), KeyType: types.KeyTypeRange}}
	}
	index := func(n string) types.GlobalSecondaryIndex {
		return types.GlobalSecondaryIndex{IndexName: aws.String(n), KeySchema: key(n+"PK", n+"SK"), Projection: &types.Projection{ProjectionType: types.ProjectionTypeAll}}
	}
	if _, err := db.CreateTable(context.Background(), &dynamodb.CreateTableInput{
		TableName: aws.String("snout"), BillingMode: types.BillingModePayPerRequest, KeySchema: key("PK", "SK"),
		AttributeDefinitions:   []types.AttributeDefinition{s("PK"), s("SK"), s("GSI1PK"), s("GSI1SK"), s("GSI2PK"), s("GSI2SK")},
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{index("GSI1"), index("GSI2")},
	}); err != nil {
		t.Fatal(err)
	}
	return store.New(db, "snout"), between
}

// Clock is a clock that only moves by hand.
type Clock struct {
	mu sync.Mutex
	at time.Time
}

// At starts a clock.
func At(at time.Time) *Clock { return &Clock{at: at} }

// Now is the clock's instant.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Advance moves it on.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// IDs makes ids that count up: the same run makes the same ids.
func IDs() func() string {
	var mu sync.Mutex
	n := 0
	return func() string {
		mu.Lock()
		defer mu.Unlock()
		n++
		return fmt.Sprintf("%06d", n)
	}
}
