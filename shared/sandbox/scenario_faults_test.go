package sandbox_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"snout/shared/sandbox"
)

// Whatever the table does, a text is taken in once, and a message goes out once.
func TestTableFaults(t *testing.T) {
	t.Parallel()
	s, id := inDanasWindow(t)
	n := 0
	for _, faults := range [][]string{
		{"throttle"}, {"throttle", "throttle"}, {"conflict"}, {"conflict", "conflict", "throttle"}, {"timeout-after-commit"},
		{"timeout-after-commit", "conflict"}, {"500"}, {"timeout-after-commit", "timeout-after-commit"},
	} {
		n++
		// No figures: one a text, they would be a phone number in pieces, and stopped.
		what := []string{"amber", "blue", "coral", "denim", "ebony", "fawn", "green", "hazel"}[n-1]
		in, out := "Inbound under fault "+what, "Outbound under fault "+what
		s.faults(fields{"table": fields{"next": faults}})
		s.dana.texts(s.samsNumber, in)
		s.faults(fields{"table": fields{"next": []string{}}})
		s.settle()
		s.faults(fields{"table": fields{"next": faults}})
		s.sam.sendsAs(id, out, fmt.Sprintf("fault-%d", n), nil).is(202)
		s.faults(fields{"table": fields{"next": []string{}}})
		s.sam.sendsAs(id, out, fmt.Sprintf("fault-%d", n), nil).is(202) // as somebody would who saw no answer
		s.settle()
		s.faults(fields{"table": fields{"next": faults}})
		s.dana.texts(s.samsNumber, in+" again") // the stream's turn
		s.settle()
		equal(s, out, s.dana.count(out), 1)
		seen := 0
		for _, e := range s.owner.opens(id).list("events") {
			if e.str("text") == in || e.str("text") == in+" again" || e.str("text") == out {
				seen++
			}
		}
		equal(s, what, seen, 3)
	}
	// A booking's change, too.
	for i, fault := range []string{"throttle", "conflict", "timeout-after-commit", "500"} {
		s.faults(fields{"table": fields{"next": []string{}}})
		b := s.owner.post("/api/bookings", fields{"clientId": "client-4", "sitterId": "sitter-2", "service": "Dog Walking", "recurrence": "weekly",
			"startAt": fmt.Sprintf("2026-06-%02dT12:00:00", 15+i), "endAt": fmt.Sprintf("2026-06-%02dT13:00:00", 15+i)}).is(201)
		s.faults(fields{"table": fields{"next": []string{fault}}})
		s.settle()
		s.faults(fields{"table": fields{"next": []string{}}})
		ws := s.owner.opens(s.thread(s.jonas, s.ivysNumber).str("id")).list("windows")
		if _, ok := find(ws, "bookingId", b.str("id")); !ok {
			t.Errorf("no window under %s", fault)
		}
	}
}

// Whatever the carrier does, nothing is sent twice, and what it certainly did not
// take is tried again.
func TestCarrierFaults(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.ben.texts(s.frontDesk, "Hello from Ben, to begin with")
	s.settle()
	id := s.thread(s.ben, s.frontDesk).str("id")
	status := func(text string) string { return s.owner.mustSee(id, text).str("status") }

	// Taken, and the answer lost: found again, never sent again.
	for i, fault := range []string{"timeout-after-accept", "500-after-accept", "garbage-after-accept"} {
		text := fmt.Sprintf("Under %s, number %d", fault, i)
		s.faults(fields{"carrier": fields{"next": []string{fault}}})
		s.owner.sends(id, text).is(202)
		s.settle()
		s.advance(20 * time.Minute)
		s.settle()
		equal(s, text, s.ben.count(text), 1)
		equal(s, fault, status(text), "delivered")
	}
	// Even when no report comes: by the carrier's list.
	s.faults(fields{"carrier": fields{"next": []string{"timeout-after-accept", "reports-lost"}}})
	s.owner.sends(id, "No answer and no report of this").is(202)
	s.settle()
	equal(s, "before", status("No answer and no report of this"), "unknown")
	equal(s, "counted", s.diagnostics().num("summary.outbound.unknown"), 1)
	s.advance(2 * time.Minute)
	s.settle()
	if st := status("No answer and no report of this"); st != "delivered" && st != "sent" {
		t.Errorf("found in the carrier's list: %s", st)
	}
	equal(s, "once", s.ben.count("No answer and no report of this"), 1)
	// Nobody can tell, and it is not in the list: never sent blindly, the owner is told.
	s.faults(fields{"carrier": fields{"next": []string{"500"}}})
	s.owner.sends(id, "A text that nobody has heard of").is(202)
	s.settle()
	for range 20 {
		s.advance(time.Minute)
		s.settle()
	}
	equal(s, "not there", s.ben.count("A text that nobody has heard of"), 0)
	equal(s, "unknown", status("A text that nobody has heard of"), "unknown")
	told := false
	for _, a := range s.owner.get("/api/messages/threads?box=owner_inbox").list("alerts") {
		told = told || a.str("kind") == "unknown_outcome"
	}
	equal(s, "the owner is told", told, true)
	e := s.owner.mustSee(id, "A text that nobody has heard of")
	s.owner.post("/api/messages/events/"+e.str("id")+"/retry", fields{}).is(202)
	s.settle()
	equal(s, "by hand", s.ben.count("A text that nobody has heard of"), 1)
	equal(s, "by hand", status("A text that nobody has heard of"), "delivered")
	s.owner.post("/api/messages/events/"+e.str("id")+"/retry", fields{}).refused(409, "CONFLICT")
	// Certainly not taken: again after 1, 5 and 15 minutes.
	s.faults(fields{"carrier": fields{"next": []string{"429", "429"}}})
	s.owner.sends(id, "The carrier is too busy for this").is(202)
	s.settle()
	equal(s, "queued", status("The carrier is too busy for this"), "queued")
	s.advance(59 * time.Second)
	s.settle()
	equal(s, "not yet", s.ben.count("The carrier is too busy for this"), 0)
	s.advance(2 * time.Second)
	s.settle()
	equal(s, "second refusal", status("The carrier is too busy for this"), "queued")
	s.advance(5*time.Minute + time.Second)
	s.settle()
	equal(s, "third time", s.ben.count("The carrier is too busy for this"), 1)
	equal(s, "third time", status("The carrier is too busy for this"), "delivered")
	// At most three times.
	s.faults(fields{"carrier": fields{"next": []string{"429", "429", "429", "429"}}})
	s.owner.sends(id, "Far too busy for this one").is(202)
	for range 25 {
		s.settle()
		s.advance(time.Minute)
	}
	s.settle()
	equal(s, "given up", status("Far too busy for this one"), "failed")
	equal(s, "given up", s.ben.count("Far too busy for this one"), 0)
	// Reports twice, out of order, lost.
	for _, fault := range []string{"report-twice", "reports-reordered", "report-lost"} {
		s.faults(fields{"carrier": fields{"next": []string{fault}}})
		s.owner.sends(id, "With "+fault+" on its way").is(202)
		s.settle()
		if st := status("With " + fault + " on its way"); st != "delivered" {
			t.Errorf("%s: %s", fault, st)
		}
	}
	// Blocked at the carrier: remembered, explained, and not what the person told us.
	s.faults(fields{"carrier": fields{"next": []string{"21610"}}})
	s.owner.sends(id, "The carrier says they opted out").is(202)
	s.settle()
	equal(s, "21610", status("The carrier says they opted out"), "failed")
	equal(s, "what the person told us", optedOut(s, "client-6"), false)
	if tx := s.owner.mustSee(id, "The carrier says they opted out").str("statusText"); !strings.HasPrefix(tx, "Not delivered") || strings.Contains(tx, "21610") {
		t.Errorf("explained as %q", tx)
	}
	s.owner.sends(id, "And this one goes out again").is(202)
	s.settle()
	equal(s, "tried all the same", s.ben.count("And this one goes out again"), 1)
	// The webhook's way: twice, or too late to count.
	for _, fault := range []string{"webhook-twice", "webhook-timeout"} {
		s.faults(fields{"carrier": fields{"next": []string{fault}}})
		s.ben.tries(s.frontDesk, "A text under "+fault+" faults", "")
		s.settle()
		n := 0
		for _, e := range s.owner.opens(id).list("events") {
			if e.str("text") == "A text under "+fault+" faults" {
				n++
			}
		}
		equal(s, fault, n, 1)
		s.mu.Lock()
		for sid := range s.received {
			s.received[sid] = 1
		}
		s.mu.Unlock()
	}
}

// The table is down for every attempt of the webhook: the fallback keeps the text.
func TestFallback(t *testing.T) {
	t.Parallel()
	s := open(t)
	var down []string
	for range 60 {
		down = append(down, "throttle:BatchGetItem")
	}
	s.faults(fields{"table": fields{"next": down}})
	a := s.ben.tries(s.frontDesk, "A text while the table is down", "")
	s.faults(fields{"table": fields{"next": []string{}}})
	s.settle()
	s.advance(5 * time.Minute)
	s.settle()
	e := s.owner.mustSee(s.thread(s.ben, s.frontDesk).str("id"), "A text while the table is down")
	equal(s, "late", e.yes("late"), true)
	s.received[a.str("sid")] = 1
}

// A flip reaches every warm function in ten seconds; unreadable flags keep their last
// value for a minute, then texts are stored and nothing is sent.
func TestFlagsUnderFaults(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.flags(sitting, "true")
	id := s.service(s.dana).str("id")
	s.set(noon.Add(2 * time.Hour))
	everything := func(on bool) {
		s.Helper()
		if on {
			s.owner.get("/api/messages/threads").is(200)
			s.sam.sends(id, "A text with everything on").is(202)
			return
		}
		s.owner.get("/api/messages/threads").refused(404, "MESSAGING_DISABLED")
		s.sam.sends(id, "A text with everything off").refused(404, "MESSAGING_DISABLED")
	}
	everything(true)
	s.flags(messaging, "false")
	everything(false)
	for _, v := range []string{"True", "1", "yes", "TRUE", " true"} {
		s.flags(messaging, v)
		everything(false)
	}
	s.flags(messaging, "true")
	everything(true)
	s.dana.texts(s.samsNumber, "A text to warm the webhook up")
	// Throttled and down: a minute of the last value.
	var bad []string
	for i := range 400 {
		bad = append(bad, []string{"throttle", "down"}[i%2])
	}
	s.faults(fields{"ssm": fields{"next": bad}})
	s.advance(30 * time.Second)
	everything(true)
	s.advance(25 * time.Second)
	everything(true)
	s.advance(30 * time.Second)
	everything(false)
	n := len(s.dana.got())
	s.dana.texts(s.samsNumber, "A text while SSM is down")
	equal(s, "nothing sent", len(s.dana.got()), n)
	d := s.owner.get("/api/messages/diagnostics").is(200)
	if d.str("featureFlags."+messaging) == "true" {
		t.Error("unreadable flags are shown as on")
	}
	s.faults(fields{"ssm": fields{"next": []string{}}})
	s.advance(11 * time.Second)
	s.settle()
	everything(true)
	s.sam.mustSee(id, "A text while SSM is down")
	// With messaging off for longer than an hour, what waits fails, and the owner is told.
}

// Messaging off while something is queued: what is younger than an hour goes out, the
// rest does not.
func TestQueuedWhileOff(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.flags(messaging, "false")
	s.owner.patch("/api/bookings/booking-5", fields{"sitterId": "sitter-1"}).is(200)
	s.settle()
	equal(s, "nothing sent", len(s.jonas.got()), 0)
	s.advance(40 * time.Minute)
	s.flags(messaging, "true")
	s.advance(2 * time.Minute)
	s.settle()
	equal(s, "within an hour", s.jonas.coming("Sam Patel"), 1)
	s.flags(messaging, "false")
	s.owner.patch("/api/bookings/booking-5", fields{"sitterId": "sitter-2"}).is(200)
	s.settle()
	s.advance(2 * time.Hour)
	s.flags(messaging, "true")
	s.advance(2 * time.Minute)
	s.settle()
	equal(s, "too old", s.jonas.coming("Ivy Chen"), 0)
	failed := false
	for _, e := range s.owner.opens(s.thread(s.jonas, s.ivysNumber).str("id")).list("events") {
		failed = failed || e.str("status") == "failed"
	}
	equal(s, "failed", failed, true)
}

// A record that nobody can handle is parked by its sequence number, and the shard
// goes on.
func TestPoisonRecord(t *testing.T) {
	t.Parallel()
	s := open(t)
	put := func(pk, sk string, it map[string]types.AttributeValue) {
		s.Helper()
		it["PK"], it["SK"] = &types.AttributeValueMemberS{Value: pk}, &types.AttributeValueMemberS{Value: sk}
		name := s.w.TableName()
		if _, err := s.w.DB.PutItem(context.Background(), &dynamodb.PutItemInput{TableName: aws.String(name), Item: it}); err != nil {
			t.Fatal(err)
		}
	}
	text := func(v string) types.AttributeValue { return &types.AttributeValueMemberS{Value: v} }
	put("O#demo#B#broken", "BOOKING", map[string]types.AttributeValue{"kind": text("booking"), "id": text("broken"), "org": text("demo"), "client": text("client-1"), "v": text("not a number")})
	put("T#t-demo-broken", "E#broken", map[string]types.AttributeValue{"kind": text("event"), "dir": text("outbound"), "at": text("never"), "st": text("queued")})
	s.patched("booking-5", fields{"sitterId": "sitter-1"})
	s.ben.texts(s.frontDesk, "The shard goes on behind it")
	s.settle()
	s.thread(s.jonas, s.samsNumber)
	s.expect(8, "owner", "Front desk conversation")
	if !strings.Contains(s.log.String(), `"StreamParked":1`) {
		t.Error("nothing was counted as parked")
	}
	parked, err := s.w.Table().ParkedRecords(context.Background(), 10)
	if err != nil || len(parked) != 2 {
		t.Fatalf("parked: %v %v", parked, err)
	}
	for _, p := range parked {
		if !strings.Contains(p.Record, `"SequenceNumber"`) {
			t.Errorf("no sequence number in %.200s", p.Record)
		}
	}
	s.broken = true // a thread's partition holds an event that no answer can show
}

// The world is kept over a restart where a folder is given.
func TestKeptOverARestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	keep := func(o *sandbox.Options) { o.Data = dir }
	one := open(t, keep)
	one.dana.texts(one.frontDesk, "Remember me after the restart")
	one.settle()
	id := one.thread(one.dana, one.frontDesk).str("id")
	before := one.diagnostics().get("summary").String()
	if err := one.close(); err != nil {
		t.Fatal(err)
	}
	one.broken = true
	two := open(t, keep)
	two.advance(30 * time.Second)
	two.received["from before"] = 1
	two.owner.mustSee(id, "Remember me after the restart")
	equal(two, "summary", two.diagnostics().get("summary").String(), before)
	two.owner.sends(id, "We do remember you, of course").is(202)
	two.dana.texts(two.samsNumber, "And is the route still there?")
	two.expect(9, "owner_inbox", "No active assignment window")
}
