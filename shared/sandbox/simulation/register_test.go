package simulation

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/anishathalye/porcupine"

	"snout/shared/routing"
	"snout/shared/store"
)

// An attempt to send is a register that many want: the request that made the message,
// the stream, the sweep, an owner's retry. Whatever the table does to their calls,
// what they are told must be explained by one order of what they did.

type ask struct {
	do      string // claim, later, sent, read
	attempt int    // later and sent
}

type told struct {
	how     string // ok, or nobody knows
	status  routing.Status
	attempt int
}

type register struct {
	status  routing.Status
	attempt int
}

// registerModel is what one message allows, told twice: a call of which nobody knows
// may have been made or not.
var registerModel = porcupine.NondeterministicModel{
	Init: func() []any { return []any{register{routing.Queued, 0}} },
	Step: func(state, input, output any) []any {
		s, in, out := state.(register), input.(ask), output.(told)
		next, may := s, false
		switch in.do {
		case "claim":
			may, next = s.status == routing.Queued, register{routing.Sending, s.attempt + 1}
		case "later":
			may, next = s.status == routing.Sending && s.attempt == in.attempt, register{routing.Queued, s.attempt}
		case "sent":
			may, next = s.attempt == in.attempt && s.status.Rank() < routing.Sent.Rank(), register{routing.Sent, s.attempt}
		case "read":
			if out.how == "ok" && (out.status != s.status || out.attempt != s.attempt) {
				return nil
			}
			return []any{s}
		}
		same := s.attempt == in.attempt && (in.do == "later" && s.status == routing.Queued || in.do == "sent" && s.status == routing.Sent)
		switch {
		case out.how == "nobody knows" && may:
			return []any{s, next}
		case out.how == "nobody knows":
			return []any{s}
		case out.how == "ok" && may && (in.do != "claim" || out.attempt == next.attempt):
			return []any{next}
		case out.how == "ok" && same: // recorded before, by this very call's lost first try or by a twin
			return []any{s}
		}
		return nil
	},
	DescribeOperation: func(input, output any) string { return fmt.Sprintf("%v: %v", input, output) },
}

func TestAnAttemptIsClaimedByOne(t *testing.T) { synctest.Test(t, anAttemptIsClaimedByOne) }

func anAttemptIsClaimedByOne(t *testing.T) {
	tm, err := Load("../../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(60) {
		s, err := New(tm, seed+1, nil, true, 0)
		if err != nil {
			t.Fatal(err)
		}
		s.told(func() { s.phoneTexts(1, phones[0], samNumber, "m1q hello") })
		ctx := context.Background()
		th, err := s.table().Thread(ctx, routing.ThreadID(s.threads()[0]))
		if err != nil {
			t.Fatal(err)
		}
		e := routing.Event{ID: routing.NewEventID(th.ID, routing.Order(s.clock.Now().UnixMicro(), "00000000")), Dir: routing.Outbound, Author: routing.Author{Role: routing.RoleOwner}, Text: "x", At: s.clock.Now(),
			Visibility: routing.VisibleOwner, From: th.Number, To: th.To(), Number: th.NumID, Status: routing.Queued}
		if err := s.table().CommitSend(ctx, store.SendCommit{Event: e, Touch: store.Touch{Event: e}, Rev: th.Rev}); err != nil {
			t.Fatal(err)
		}
		s.chaos = chaos{Table: 250}
		var ops []porcupine.Operation
		moment := int64(0)
		for client := range 4 {
			table := s.table()
			s.spawn("rival", func() {
				attempt := 1
				for range 5 {
					in := ask{do: []string{"claim", "claim", "later", "sent", "read"}[s.rng.IntN(5)], attempt: attempt}
					moment++
					op := porcupine.Operation{ClientId: client, Input: in, Call: moment}
					var out told
					var err error
					var got routing.Event
					switch in.do {
					case "claim":
						got, err = table.Claim(ctx, e.ID, e.To, s.clock.Now(), s.now().Add(time.Duration(client+1)*time.Minute+time.Duration(moment)*time.Second))
					case "later":
						err = table.Record(ctx, e.ID, in.attempt, store.Outcome{Status: routing.Queued})
					case "sent":
						err = table.Record(ctx, e.ID, in.attempt, store.Outcome{Status: routing.Sent})
					case "read":
						got, err = table.Event(ctx, e.ID)
					}
					switch {
					case err == nil:
						out = told{"ok", got.Status, got.Attempt}
						if got.Attempt > 0 {
							attempt = got.Attempt
						}
					default:
						// A conflict may be a claim of ours that is over by now, or a table that was
						// busy: it says nothing for certain.
						out.how = "nobody knows"
					}
					moment++
					op.Output, op.Return = out, moment
					ops = append(ops, op)
				}
			})
		}
		for len(s.tasks) > 0 {
			s.turn(s.tasks[s.rng.IntN(len(s.tasks))])
		}
		if !porcupine.CheckOperations(registerModel.ToModel(), ops) {
			t.Errorf("seed %d: no order explains %v", seed+1, ops)
		}
		s.close()
	}
}

// A MessageSid is a register too: the first delivery decides, every other one learns
// what was decided, whichever of them the carrier gives up waiting for.
func TestATextIsDecidedOnce(t *testing.T) { synctest.Test(t, aTextIsDecidedOnce) }

func aTextIsDecidedOnce(t *testing.T) {
	tm, err := Load("../../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	model := porcupine.NondeterministicModel{
		Init: func() []any { return []any{""} },
		Step: func(state, input, output any) []any {
			s, out := state.(string), output.(string)
			switch {
			case out == "": // nobody knows
				if s == "" {
					return []any{"", "?"}
				}
				return []any{s}
			case s == "" || s == "?":
				return []any{out}
			case s == out:
				return []any{s}
			}
			return nil
		},
	}
	for seed := range uint64(60) {
		s, err := New(tm, seed+1, nil, true, 0)
		if err != nil {
			t.Fatal(err)
		}
		s.settle(turns)
		s.chaos = chaos{Table: 200, Crash: 50}
		ctx := context.Background()
		text := store.Text{Sid: "SM00000000000000000000000000000001", To: samNumber, From: phones[0], Body: "m1q hello", At: s.clock.Now()}
		s.texts = append(s.texts, &sentText{sid: text.Sid, body: text.Body})
		var ops []porcupine.Operation
		moment := int64(0)
		for client := range 4 {
			s.spawn("delivery", func() {
				for range 2 {
					moment++
					op := porcupine.Operation{ClientId: client, Input: text.Sid, Call: moment}
					got, err := s.carrier.Text(ctx, text.From, text.To, text.Body, nil, text.Sid)
					out := ""
					if err == nil && got.Status == 200 && !got.Fallback {
						// What was decided is in the row that a repeat would be answered from.
						out = s.mirror.items[key{"M#" + text.Sid, "META"}].text("out")
						if out == "" {
							t.Errorf("seed %d: a text is answered that nobody has decided about", seed+1)
						}
					}
					moment++
					op.Output, op.Return = out, moment
					ops = append(ops, op)
				}
			})
		}
		for len(s.tasks) > 0 {
			s.turn(s.tasks[s.rng.IntN(len(s.tasks))])
		}
		if !porcupine.CheckOperations(model.ToModel(), ops) {
			t.Errorf("seed %d: no order explains %v", seed+1, ops)
		}
		if len(s.faults) > 0 {
			t.Errorf("seed %d: %v", seed+1, s.faults)
		}
		s.close()
	}
}
