package dynamo_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"snout/shared/sandbox/dynamo"
)

// state is everything an engine can be asked about the table things.
type state struct {
	Items, Index, Stream []string
	Sequences            []any
	TTL                  string
}

func stateOf(t *testing.T, e *dynamo.Engine) state {
	t.Helper()
	s := state{Items: everything(t, e, "things"), TTL: must(t, e, "DescribeTimeToLive", `{"TableName":"things"}`)}
	s.Index = fieldItems(t, must(t, e, "Query", `{"TableName":"things","IndexName":"some","KeyConditionExpression":"g = :g"`+with(`{":g":"x"}`, "")+`}`), "Items")
	got := records(t, e, "things")
	s.Stream = story(got)
	for _, r := range got {
		s.Sequences = append(s.Sequences, r["dynamodb"].(map[string]any)["SequenceNumber"])
	}
	return s
}

// lived writes something of every kind.
func lived(t *testing.T, dir string, now *clock) *dynamo.Engine {
	e := things(t, dynamo.Config{Dir: dir, Now: now.Now, Shards: 2}, `{"pk":"a","sk":"1","g":"x","n":1}`, `{"pk":"b","sk":"\u0000","g":"x","l":[1,{"$SS":["é"]},{"$B":"AP8="}]}`, `{"pk":"c","sk":"1"}`)
	must(t, e, "UpdateTimeToLive", `{"TableName":"things","TimeToLiveSpecification":{"AttributeName":"ttl","Enabled":true}}`)
	must(t, e, "TransactWriteItems", `{"ClientRequestToken":"token","TransactItems":[{"Delete":{"TableName":"things","Key":`+key("c", "1")+`}},{"Update":{"TableName":"things","Key":`+key("a", "1")+`,"UpdateExpression":"ADD c :n","ExpressionAttributeValues":{":n":{"N":"1"}}}}]}`)
	must(t, e, "BatchWriteItem", `{"RequestItems":{"things":[{"PutRequest":{"Item":`+attrs(fmt.Sprintf(`{"pk":"d","sk":"1","ttl":%d}`, now.Now().Unix()))+`}}]}}`)
	e.Sweep(now.Now())
	return e
}

func TestAnEngineComesBackAsItWas(t *testing.T) {
	dir, now := t.TempDir(), newClock()
	e := lived(t, dir, now)
	want := stateOf(t, e)
	if len(want.Stream) != 7 {
		t.Fatalf("the story is %q", want.Stream)
	}
	for _, way := range []string{"closed", "killed", "closed again"} {
		if way != "killed" {
			if err := e.Close(); err != nil {
				t.Fatal(err)
			}
		}
		e = open(t, dynamo.Config{Dir: dir, Now: now.Now})
		if d := diff(want, stateOf(t, e)); d != "" {
			t.Errorf("after it was %s:\n%s", way, d)
		}
	}

	// What had to be remembered beside the rows.
	must(t, e, "TransactWriteItems", `{"ClientRequestToken":"token","TransactItems":[{"Delete":{"TableName":"things","Key":`+key("c", "1")+`}},{"Update":{"TableName":"things","Key":`+key("a", "1")+`,"UpdateExpression":"ADD c :n","ExpressionAttributeValues":{":n":{"N":"1"}}}}]}`)
	if d := diff(want, stateOf(t, e)); d != "" {
		t.Errorf("a token was forgotten:\n%s", d)
	}
	put(t, e, `{"pk":"e","sk":"1"}`)
	after := stateOf(t, e)
	for _, old := range want.Sequences {
		if last := after.Sequences[len(after.Sequences)-1]; fmt.Sprint(last) == fmt.Sprint(old) {
			t.Errorf("sequence number %v was given out twice", old)
		}
	}
}

func TestATornLineIsDroppedAtEveryByte(t *testing.T) {
	dir, now := t.TempDir(), newClock()
	e := lived(t, dir, now)
	before := stateOf(t, e)
	log := filepath.Join(dir, "tables.log")
	whole, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	put(t, e, `{"pk":"last","sk":"1","g":"x"}`)
	after := stateOf(t, e)
	longer, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	for cut := len(whole); cut <= len(longer); cut++ {
		again := t.TempDir()
		if err := os.WriteFile(filepath.Join(again, "tables.log"), longer[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		said := ""
		e := open(t, dynamo.Config{Dir: again, Now: now.Now, Logf: func(f string, a ...any) { said += fmt.Sprintf(f, a...) }})
		want, torn := before, cut > len(whole)
		if cut == len(longer) {
			want, torn = after, false
		}
		if d := diff(want, stateOf(t, e)); d != "" {
			t.Fatalf("cut at byte %d of %d:\n%s", cut, len(longer), d)
		}
		if strings.Contains(said, "is torn") != torn {
			t.Fatalf("cut at byte %d of %d it says %q", cut, len(longer), said)
		}
	}
}

func TestADamagedLogIsRefused(t *testing.T) {
	dir, now := t.TempDir(), newClock()
	if err := lived(t, dir, now).Close(); err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(dir, "tables.log")
	b, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)/2] ^= 1
	if err := os.WriteFile(log, b, 0o600); err != nil {
		t.Fatal(err)
	}
	e, err := dynamo.Open(dynamo.Config{Dir: dir, Now: now.Now})
	if err == nil || !strings.Contains(err.Error(), "wrong checksum, and lines follow it") {
		t.Errorf("opens with %v, %v", e, err)
	}
}

func TestTheLogIsCompactedAtStart(t *testing.T) {
	dir, now := t.TempDir(), newClock()
	e := things(t, dynamo.Config{Dir: dir, Now: now.Now})
	for n := range 500 {
		put(t, e, fmt.Sprintf(`{"pk":"a","sk":"1","v":%d}`, n))
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	now.pass(25 * time.Hour) // the stream's records are gone by then
	e = open(t, dynamo.Config{Dir: dir, Now: now.Now})
	info, err := os.Stat(filepath.Join(dir, "tables.log"))
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > 2500 {
		t.Errorf("one item's log has %d bytes", info.Size())
	}
	if got := get(t, e, "a", "1"); got != `{"pk":"a","sk":"1","v":499}` {
		t.Errorf("the item is %s", got)
	}
}

func TestWhatCannotBeLoggedIsNotDone(t *testing.T) {
	dir := t.TempDir()
	e := things(t, dynamo.Config{Dir: dir}, `{"pk":"a","sk":"1","v":1}`)
	if err := e.Close(); err != nil { // its file is closed, as good as a full disk
		t.Fatal(err)
	}
	if got := refusal(t, e, "PutItem", `{"TableName":"things","Item":`+attrs(`{"pk":"a","sk":"1","v":2}`)+`}`); got != "InternalServerError: the log cannot be written" {
		t.Errorf("answers %q", got)
	}
	if got := get(t, e, "a", "1"); got != `{"pk":"a","sk":"1","v":1}` {
		t.Errorf("the item is %s", got)
	}
}
