package events_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	lambdaevents "github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/google/go-cmp/cmp"

	"snout/shared/sandbox/dynamo"
	"snout/shared/sandbox/events"
	"snout/shared/sandbox/template"
)

// history is a stream function that keeps, for each key, the versions it was told of.
type history struct {
	mu       sync.Mutex
	versions map[string][]int
	removed  map[string]string // who removed a key: the principal of TTL, or nobody
	enough   chan struct{}     // closed when want records have come
	want     int
}

func (h *history) Invoke(_ context.Context, _ string, payload []byte) ([]byte, error) {
	var event lambdaevents.DynamoDBEvent
	if err := json.Unmarshal(payload, &event); err != nil {
		return nil, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, r := range event.Records {
		key := r.Change.Keys["PK"].String()
		if r.EventName == "REMOVE" {
			h.removed[key] = ""
			if r.UserIdentity != nil {
				h.removed[key] = r.UserIdentity.PrincipalID
			}
		} else {
			n, err := strconv.Atoi(r.Change.NewImage["version"].Number())
			if err != nil {
				return nil, err
			}
			h.versions[key] = append(h.versions[key], n)
		}
		if h.want--; h.want == 0 {
			close(h.enough)
		}
	}
	return nil, nil
}

func newHistory(want int) *history {
	return &history{versions: map[string][]int{}, removed: map[string]string{}, enough: make(chan struct{}), want: want}
}

func TestTheTableEnginesStreamReachesAFunctionInOrderAndOnceOverARestart(t *testing.T) {
	dir := t.TempDir()
	c := heldClock()
	run := func(h *history, use func(*dynamodb.Client, *dynamo.Engine, *events.StreamPump)) {
		t.Helper()
		var pump *events.StreamPump
		var ready sync.RWMutex
		engine, err := dynamo.Open(dynamo.Config{Now: c.Now, Dir: filepath.Join(dir, "table"), Shards: 4, OnStream: func() {
			ready.RLock()
			defer ready.RUnlock()
			if pump != nil {
				pump.Notify()
			}
		}})
		if err != nil {
			t.Fatal(err)
		}
		defer engine.Close()
		srv := httptest.NewServer(engine)
		defer srv.Close()
		table := dynamodb.New(dynamodb.Options{Region: "us-east-1", BaseEndpoint: &srv.URL, HTTPClient: srv.Client(), Credentials: aws.CredentialsProviderFunc(credentials)})
		described, err := table.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: aws.String("snout")})
		if err != nil {
			if _, err := table.CreateTable(t.Context(), &dynamodb.CreateTableInput{
				TableName: aws.String("snout"), BillingMode: types.BillingModePayPerRequest,
				AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("PK"), AttributeType: types.ScalarAttributeTypeS}},
				KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("PK"), KeyType: types.KeyTypeHash}},
				StreamSpecification:  &types.StreamSpecification{StreamEnabled: aws.Bool(true), StreamViewType: types.StreamViewTypeNewAndOldImages},
			}); err != nil {
				t.Fatal(err)
			}
			if _, err := table.UpdateTimeToLive(t.Context(), &dynamodb.UpdateTimeToLiveInput{TableName: aws.String("snout"), TimeToLiveSpecification: &types.TimeToLiveSpecification{AttributeName: aws.String("ttl"), Enabled: aws.Bool(true)}}); err != nil {
				t.Fatal(err)
			}
			if described, err = table.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: aws.String("snout")}); err != nil {
				t.Fatal(err)
			}
		}
		checkpoints, err := events.OpenDir(filepath.Join(dir, "checkpoints"))
		if err != nil {
			t.Fatal(err)
		}
		filter, err := template.ParseFilter(`{"dynamodb":{"Keys":{"PK":{"S":[{"prefix":"booking-"}]}}}}`)
		if err != nil {
			t.Fatal(err)
		}
		made, err := events.NewStreamPump(events.StreamMapping{
			Name: "assignment", Function: "assignment", StreamARN: *described.Table.LatestStreamArn, BatchSize: 7, ReportFailures: true, Bisect: true, MaxRetries: 3,
			Match: func(r []byte) bool { ok, err := filter.Match(r); return ok && err == nil },
		}, events.StreamOptions{
			Client: dynamodbstreams.New(dynamodbstreams.Options{Region: "us-east-1", BaseEndpoint: &srv.URL, HTTPClient: srv.Client(), Credentials: aws.CredentialsProviderFunc(credentials)}),
			Region: "us-east-1", Clock: c, Invoker: h, Checkpoints: checkpoints,
		})
		if err != nil {
			t.Fatal(err)
		}
		ready.Lock()
		pump = made
		ready.Unlock()
		use(table, engine, made)
	}
	put := func(table *dynamodb.Client, key string, version int, ttl time.Time) {
		if _, err := table.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("snout"), Item: map[string]types.AttributeValue{
			"PK": &types.AttributeValueMemberS{Value: key}, "version": &types.AttributeValueMemberN{Value: strconv.Itoa(version)},
			"ttl": &types.AttributeValueMemberN{Value: strconv.FormatInt(ttl.Unix(), 10)},
		}}); err != nil {
			t.Error(err)
		}
	}
	const keys, versions = 6, 20
	later := noon.Add(time.Hour)
	want := map[string][]int{}
	for k := range keys {
		for v := range versions {
			want[fmt.Sprint("booking-", k)] = append(want[fmt.Sprint("booking-", k)], v)
		}
	}

	first := newHistory(keys * versions)
	run(first, func(table *dynamodb.Client, _ *dynamo.Engine, p *events.StreamPump) {
		ctx, cancel := context.WithCancel(t.Context())
		var running, writing sync.WaitGroup
		running.Go(func() { p.Run(ctx, func(err error) { t.Error(err) }) })
		for k := range keys {
			writing.Go(func() {
				for v := range versions {
					put(table, fmt.Sprint("booking-", k), v, later)
					put(table, fmt.Sprint("event-", k), v, later) // filtered out
				}
			})
		}
		writing.Wait()
		<-first.enough // through the engine's notices alone
		cancel()
		running.Wait()
		put(table, "booking-0", versions, later) // for the next run
	})
	if diff := cmp.Diff(want, first.versions); diff != "" {
		t.Errorf("told of (-want +got):\n%s", diff)
	}

	second := newHistory(-1)
	run(second, func(table *dynamodb.Client, engine *dynamo.Engine, p *events.StreamPump) {
		settle(t, p)
		c.Advance(2 * time.Hour)
		if n := engine.Sweep(c.Now()); n != 2*keys {
			t.Errorf("swept %d items", n)
		}
		settle(t, p)
	})
	if diff := cmp.Diff(map[string][]int{"booking-0": {versions}}, second.versions); diff != "" {
		t.Errorf("told of after the restart (-want +got):\n%s", diff)
	}
	gone := map[string]string{}
	for k := range keys {
		gone[fmt.Sprint("booking-", k)] = "dynamodb.amazonaws.com"
	}
	if diff := cmp.Diff(gone, second.removed); diff != "" {
		t.Errorf("removed by (-want +got):\n%s", diff)
	}

	third := newHistory(-1)
	run(third, func(_ *dynamodb.Client, _ *dynamo.Engine, p *events.StreamPump) { settle(t, p) })
	if len(third.versions)+len(third.removed) != 0 {
		t.Errorf("told again: %v %v", third.versions, third.removed)
	}
}
