package relay_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"snout/shared/office/officetest"
	"snout/shared/relay"
	"snout/shared/routing"
	"snout/shared/sandbox"
	"snout/shared/sandbox/dynamo"
	"snout/shared/sandbox/template"
	"snout/shared/store"
)

const org = routing.OrgID("pawsome")

func phone(t testing.TB, n int) routing.Phone {
	t.Helper()
	p, err := routing.ParsePhone(fmt.Sprintf("+155555501%02d", n))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

type flagsOn struct{}

func (flagsOn) Flags(context.Context) routing.Flags { return routing.Flags{Messaging: true} }

// lostCarrier takes nothing and knows nothing.
type lostCarrier struct{ handed int }

func (c *lostCarrier) Hand(context.Context, relay.Outgoing) relay.Handed {
	c.handed++
	return relay.Handed{Verdict: relay.Nobody}
}

func (c *lostCarrier) Arrived(context.Context, routing.Phone, time.Time) ([]store.Text, error) {
	return nil, nil
}

func (c *lostCarrier) Find(context.Context, relay.Outgoing, time.Time) (relay.Handed, bool, error) {
	return relay.Handed{}, false, nil
}

func (c *lostCarrier) Attached(context.Context, store.Text) ([]routing.Media, error) { return nil, nil }

type stage struct {
	*relay.Relay
	t       *testing.T
	ctx     context.Context
	db      *dynamodb.Client
	clock   *officetest.Clock
	carrier *lostCarrier
	thread  *routing.Thread
}

// open is a table of template.yaml's shape on the local engine, and the client behind it.
func open(t *testing.T) (*store.Table, *dynamodb.Client) {
	e, err := dynamo.Open(dynamo.Config{})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(e)
	hc := srv.Client()
	t.Cleanup(func() {
		hc.CloseIdleConnections()
		srv.Close()
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	tmpl, err := template.Load(filepath.Join("..", "..", "template.yaml"), map[string]string{
		"Stage": "test", "PublicBaseUrl": "", "Issuer": "https://issuer.invalid", "IssuerClientId": "web", "IssuerMachineClientId": "machine", "Version": "test",
	}, template.Pseudo{Region: "us-east-1", AccountID: "000000000000", StackName: "snout-test", QueueEndpoint: srv.URL})
	if err != nil {
		t.Fatal(err)
	}
	db := dynamodb.New(dynamodb.Options{Region: "us-east-1", BaseEndpoint: &srv.URL, HTTPClient: hc, Credentials: credentials.NewStaticCredentialsProvider("local", "local", "")})
	if _, err := db.CreateTable(t.Context(), sandbox.CreateTable(tmpl.Table)); err != nil {
		t.Fatal(err)
	}
	return store.New(db, tmpl.Table.Name), db
}

// newStage is a thread t1 of a stranger on the front desk of one business, over the real table.
func newStage(t *testing.T) *stage {
	table, db := open(t)
	clock := officetest.At(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	n := 0
	s := &stage{t: t, ctx: t.Context(), db: db, clock: clock, carrier: &lostCarrier{}}
	s.Relay = &relay.Relay{Table: table, Flags: flagsOn{}, Carrier: s.carrier, Clock: clock.Now, Sentence: func(code int) string { return fmt.Sprint(code) }, OurFault: func(int) bool { return false },
		Random: func(k int) string { n++; return fmt.Sprintf("%0*d", k, n) }}
	o := routing.Org{ID: org, Name: "Pawsome", Zone: "UTC"}
	s.must(table.CommitInventory(s.ctx, store.InventoryCommit{Org: o, OrgNext: &o, Found: true, Desk: &store.DeskMove{To: "n0"},
		Numbers: []store.NumberWrite{{Next: routing.Number{ID: "n0", Org: org, Phone: phone(t, 0), Class: routing.FrontDesk, Status: routing.NumberActive}}}}))
	s.thread = &routing.Thread{ID: routing.NewThreadID(org, "t1"), Org: org, Kind: routing.Guest, Number: phone(t, 0), NumID: "n0", Phones: []routing.Phone{phone(t, 20)}, Rev: 1}
	s.must(table.MakeThread(s.ctx, store.ThreadCommit{Thread: s.thread, Order: routing.Order(1, "a"), Routes: []store.RouteChange{{
		Route: routing.Route{Number: phone(t, 0), Phone: phone(t, 20), Org: org, Thread: s.thread.ID, Kind: routing.Guest, Rev: 1}}}}))
	return s
}

func (s *stage) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// sending commits a message that is being handed over.
func (s *stage) sending(order string) routing.Event {
	s.t.Helper()
	e := routing.Event{ID: routing.NewEventID(s.thread.ID, routing.Order(s.clock.Now().UnixMicro(), order)), Dir: routing.Outbound, Text: "hi", At: s.clock.Now(), Visibility: routing.VisibleOwner,
		From: phone(s.t, 0), To: phone(s.t, 20), Number: "n0", Status: routing.Sending, Attempt: 1, Lease: s.clock.Now().Add(40 * time.Second)}
	s.must(s.Table.CommitSend(s.ctx, store.SendCommit{Event: e, Rev: 1, Touch: store.Touch{Event: e}}))
	return e
}

// change is the stream's record of an event as it stands now.
func (s *stage) change(seq string, e routing.EventID) relay.Change {
	s.t.Helper()
	out, err := s.db.Query(s.ctx, &dynamodb.QueryInput{TableName: aws.String("snout-test"), KeyConditionExpression: aws.String("PK = :p AND SK = :s"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":p": &types.AttributeValueMemberS{Value: "T#" + string(e.Thread())}, ":s": &types.AttributeValueMemberS{Value: "E#" + e.Order()}}})
	s.must(err)
	im := store.Image(out.Items[0])
	return relay.Change{Seq: seq, PK: im.Text("PK"), SK: im.Text("SK"), Kind: im.Text("kind"), New: im}
}

func (s *stage) alerts() []string {
	s.t.Helper()
	_, as, _, err := s.Table.OwnerInbox(s.ctx, org, "", 100)
	s.must(err)
	var kinds []string
	for _, a := range as {
		kinds = append(kinds, a.Kind)
	}
	return kinds
}

// The process that recorded a failure dies before it tells the owner: the stream does,
// once, however often the record comes.
func TestAFailureIsToldThoughItsProcessDied(t *testing.T) {
	s := newStage(t)
	e := s.sending("a")
	s.must(s.Table.Record(s.ctx, e.ID, 1, store.Outcome{Status: routing.Failed, Code: 30003, Error: "The phone is off."}))
	if got := s.alerts(); len(got) != 0 {
		t.Fatalf("told already: %v", got)
	}
	for range 3 {
		s.must(s.Follow(s.ctx, s.change("1", e.ID)))
	}
	if d := cmp.Diff([]string{"not_delivered"}, s.alerts()); d != "" {
		t.Errorf("the owner's alerts (-want +got):\n%s", d)
	}
	th, err := s.Table.Thread(s.ctx, s.thread.ID)
	s.must(err)
	if th.Failed != 1 {
		t.Errorf("the thread failed %d times", th.Failed)
	}
	// A report of the same failure, and the same report again, tell nothing new.
	for range 2 {
		_, err := s.Report(s.ctx, relay.ReportIn{Event: e.ID, Sid: "SM1", Status: routing.Undelivered, Code: 30003})
		s.must(err)
	}
	if got := s.alerts(); len(got) != 1 {
		t.Errorf("told %d times", len(got))
	}
}

// A message whose process died between the claim and the answer: the owner is asked
// once, the note is taken away, and no sweep afterwards stumbles over it.
func TestAnUnknownOutcomeIsAskedAboutOnce(t *testing.T) {
	s := newStage(t)
	e := s.sending("a")
	s.must(s.Follow(s.ctx, s.change("1", e.ID)))
	for range 40 {
		s.clock.Advance(time.Minute)
		if _, err := s.Sweep(s.ctx); err != nil {
			t.Fatal(err)
		}
		// The record comes once more, as if the sweep's own forgetting had been lost.
		s.must(s.Table.LeaveBehind(s.ctx, e.ID, s.clock.Now()))
	}
	if d := cmp.Diff([]string{"unknown_outcome"}, s.alerts()); d != "" {
		t.Errorf("the owner's alerts (-want +got):\n%s", d)
	}
	if s.carrier.handed != 0 {
		t.Errorf("handed over %d times, blindly", s.carrier.handed)
	}
}

// Batches cut anywhere, and delivered again from anywhere before, count each record once.
func TestEveryRecordIsCountedOnce(t *testing.T) {
	s := newStage(t)
	var all []relay.Change
	for i := range 120 { // more than one transaction counts
		e := routing.Event{ID: routing.NewEventID(s.thread.ID, routing.Order(s.clock.Now().UnixMicro(), fmt.Sprintf("e%03d", i))), Dir: routing.Inbound, Text: "hi", At: s.clock.Now(), Status: routing.Received,
			Visibility: routing.VisibleOwner, From: phone(t, 20), To: phone(t, 0), Number: "n0", Routing: &routing.Routed{Rule: 9, Target: routing.ToOwnerInbox, Reason: routing.ReasonNoWindow}}
		s.must(s.Table.CommitInbound(s.ctx, store.InboundCommit{Sid: fmt.Sprintf("SM%d", i), SeenT: s.clock.Now(), Event: &e, Thread: s.thread.ID, Rev: 1, Touch: store.Touch{Event: e}}))
		all = append(all, s.change(fmt.Sprint(95+i), e.ID)) // the numbers grow longer on the way
	}
	for _, cut := range [...][2]int{{0, 3}, {1, 3}, {0, 5}, {4, 5}, {3, 110}, {100, 110}, {0, 120}, {119, 120}, {50, 120}} {
		s.must(s.Fold(s.ctx, all[cut[0]:cut[1]]))
	}
	r, err := s.Table.Roster(s.ctx, org, true)
	s.must(err)
	want := store.Counts{"inbox": 120, "oper": 120, "used:n0": s.clock.Now().UnixMilli()}
	if d := cmp.Diff(want, r.Counts); d != "" {
		t.Errorf("the counts (-want +got):\n%s", d)
	}
}

// A number goes to another business while texts to the old one wait.
func TestAHeldTextDoesNotReachAnotherBusiness(t *testing.T) {
	s := newStage(t)
	in := store.Text{Sid: "SM1", To: "+15555550100", From: "+15555550120", Body: "the key is under the mat", At: s.clock.Now()}
	h := &store.HeldText{Org: "oldorg", Number: phone(t, 0), Phone: phone(t, 20), Order: routing.Order(s.clock.Now().UnixMicro(), "h"), Class: routing.Pool, Text: in}
	s.must(s.Table.CommitInbound(s.ctx, store.InboundCommit{Sid: in.Sid, SeenT: s.clock.Now(), Held: h}))
	got, err := s.Release(s.ctx, *h)
	s.must(err)
	if got.Rule != 2 || got.Target != routing.ToUnroutable {
		t.Errorf("released as rule %d, %s", got.Rule, got.Target)
	}
	es, _, err := s.Table.Events(s.ctx, s.thread.ID, "", 10)
	s.must(err)
	for _, e := range es {
		if strings.Contains(e.Text, "mat") {
			t.Error("another business has the text")
		}
	}
	if hs, err := s.Table.HeldTexts(s.ctx, 10); err != nil || len(hs) != 0 {
		t.Errorf("still held: %d, %v", len(hs), err)
	}
}
