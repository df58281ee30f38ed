package store_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"go.uber.org/goleak"

	"snout/shared/sandbox"
	"snout/shared/sandbox/dynamo"
	"snout/shared/sandbox/template"
	"snout/shared/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The store on the local engine, with the table of template.yaml.
func TestStoreOnTheLocalEngine(t *testing.T) {
	table := ofTemplate(t)
	storetest.Run(t, func(t testing.TB) storetest.Stand {
		e, err := dynamo.Open(dynamo.Config{})
		if err != nil {
			t.Fatal(err)
		}
		srv := httptest.NewServer(e)
		t.Cleanup(func() {
			srv.Close()
			if err := e.Close(); err != nil {
				t.Error(err)
			}
		})
		return create(t, srv.URL, table)
	})
}

// The same on the engine named by STORE_TEST_ENDPOINT, which knows nothing of us.
func TestStoreOnAnIndependentEngine(t *testing.T) {
	endpoint := os.Getenv("STORE_TEST_ENDPOINT")
	if endpoint == "" {
		t.Skip("STORE_TEST_ENDPOINT is not set: only the local engine was tried (.ci/engines starts independent ones)")
	}
	table := ofTemplate(t)
	storetest.Run(t, func(t testing.TB) storetest.Stand {
		s := create(t, endpoint, table)
		s.Unpriced = os.Getenv("STORE_TEST_BUDGETS") == "off"
		return s
	})
}

// tables keeps the names of tables apart on an engine that outlives a test.
var tables atomic.Int64 // a counter, and the one thing that tests share

// ofTemplate is the table as template.yaml describes it.
func ofTemplate(t testing.TB) template.Table {
	t.Helper()
	tmpl, err := template.Load(filepath.Join("..", "..", "template.yaml"), map[string]string{
		"Stage": "test", "PublicBaseUrl": "", "Issuer": "https://issuer.invalid", "IssuerClientId": "web", "IssuerMachineClientId": "machine", "Version": "test",
	}, template.Pseudo{Region: "us-east-1", AccountID: "000000000000", StackName: "snout-test", QueueEndpoint: "http://127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	return tmpl.Table
}

// create makes an empty table on an engine, taken away with the test.
func create(t testing.TB, endpoint string, table template.Table) storetest.Stand {
	t.Helper()
	table.Name = fmt.Sprintf("%s-%d-%d", table.Name, os.Getpid(), tables.Add(1))
	transport := &http.Transport{}
	db := dynamodb.New(dynamodb.Options{Region: "us-east-1", BaseEndpoint: &endpoint, HTTPClient: &http.Client{Transport: transport}, Credentials: credentials.NewStaticCredentialsProvider("local", "local", "")})
	if _, err := db.CreateTable(t.Context(), sandbox.CreateTable(table)); err != nil {
		t.Fatal(err)
	}
	w := dynamodb.NewTableExistsWaiter(db, func(o *dynamodb.TableExistsWaiterOptions) { o.MinDelay = 10 * time.Millisecond })
	if err := w.Wait(t.Context(), &dynamodb.DescribeTableInput{TableName: &table.Name}, time.Minute); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := db.DeleteTable(context.Background(), &dynamodb.DeleteTableInput{TableName: &table.Name}); err != nil {
			t.Error(err)
		}
		transport.CloseIdleConnections()
	})
	return storetest.Stand{Endpoint: endpoint, Name: table.Name}
}
