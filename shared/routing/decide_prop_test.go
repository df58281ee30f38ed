package routing_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	. "snout/shared/routing"
)

// anyFacts is an ordinary text of which anything may differ, also into what should
// not be: a thread of any kind on a number of any class, windows without a sitter,
// windows that end before they begin. Each part differs one time in four, so that
// all depths of the rules are reached.
func anyFacts(t *rapid.T) Facts {
	f := ordinary()
	differs := func(part string) bool { return rapid.IntRange(0, 3).Draw(t, part+" differs") == 0 }
	if differs("at") {
		f.At = instant(t, "at")
	}
	if differs("messaging") {
		f.Flags.Messaging = rapid.Bool().Draw(t, "messaging")
	}
	if differs("sitter messages") {
		f.Flags.SitterMessages = rapid.Bool().Draw(t, "sitterMessages")
	}
	if differs("allowlist") {
		f.Flags.Allowlist = rapid.SampledFrom([]string{"", "none", "ann", "ann, bob", "zoe", " * ", "bob,*"}).Draw(t, "allowlist")
	}
	f.Flags.Proactive = rapid.Bool().Draw(t, "proactive")
	if differs("word") {
		f.Word = rapid.SampledFrom([]Keyword{KeyStop, KeyHelp, KeyStart}).Draw(t, "word")
	}
	f.OptedOut = rapid.Bool().Draw(t, "optedOut")
	if differs("waiting") {
		f.Waiting = rapid.Bool().Draw(t, "waiting")
	}
	if differs("released") {
		f.Released = f.At.Add(time.Duration(rapid.Int64Range(0, 8*3600_000).Draw(t, "later")) * time.Millisecond)
	}
	if differs("client") {
		f.Client = rapid.SampledFrom([]ClientID{"", "carla", "dora"}).Draw(t, "client")
	}
	if differs("windows") {
		f.Windows = rapid.SliceOfN(rapid.Custom(anyWindow), 0, 5).Draw(t, "windows")
	}
	if differs("number's class") {
		f.Number.Class = rapid.SampledFrom(Classes[:]).Draw(t, "class")
	}
	if differs("number's status") {
		f.Number.Status = rapid.SampledFrom([]NumberStatus{NumberQuarantined, NumberInactive, ""}).Draw(t, "status")
	}
	if rapid.IntRange(0, 19).Draw(t, "no number") == 0 {
		f.Number = nil
	}
	if differs("thread's kind") {
		f.Thread.Kind = rapid.SampledFrom([]Kind{FrontDeskTalk, Billing, Guest}).Draw(t, "kind")
	}
	if differs("thread's client") {
		f.Thread.Client = ""
	}
	if differs("thread's end") {
		f.Thread.OpenUntil = instant(t, "openUntil")
	}
	if differs("thread") {
		f.Thread = nil
	}
	return f
}

// often checks a property two thousand times: the default hundred is too few for
// facts that have some twenty parts.
func often(t *testing.T, prop func(*rapid.T)) {
	t.Helper()
	for range 20 {
		rapid.Check(quiet{t}, prop)
	}
}

// quiet drops the line that every passed check prints, and keeps what a failed one
// tells of its draws.
type quiet struct{ *testing.T }

func (q quiet) Logf(format string, args ...any) {
	q.Helper()
	if !strings.HasPrefix(format, "[rapid] OK") {
		q.T.Logf(format, args...)
	}
}

// instant is a moment of one day, mostly on the hour, so that edges meet.
func instant(t *rapid.T, label string) time.Time {
	at := hour(rapid.IntRange(0, 23).Draw(t, label))
	return at.Add(rapid.SampledFrom([]time.Duration{0, 0, 0, -time.Millisecond, time.Millisecond, time.Microsecond, -time.Microsecond}).Draw(t, label+" off by"))
}

func anyWindow(t *rapid.T) Window {
	return Window{
		Booking: rapid.SampledFrom([]BookingID{"b1", "b2", "b3"}).Draw(t, "booking"),
		Visit:   "v1",
		Sitter:  rapid.SampledFrom([]SitterID{"ann", "ann", "bob", ""}).Draw(t, "sitter"),
		Start:   instant(t, "start"),
		End:     instant(t, "end"),
	}
}

// Every set of facts has exactly one outcome, told in full and explained alike.
func TestEveryFactSetHasOneOutcome(t *testing.T) {
	reached := map[int]int{}
	often(t, func(t *rapid.T) {
		f := anyFacts(t)
		d := Decide(f)
		explained, trace := Explain(f)
		if diff := cmp.Diff(d, explained); diff != "" {
			t.Fatalf("Explain decides otherwise:\n%s", diff)
		}
		checkTrace(t, d, trace)
		if diff := cmp.Diff(trace, Trace(f.Keep(), f.At)); diff != "" {
			t.Fatalf("told again from what is kept:\n%s", diff)
		}
		if d.Rule < 2 || d.Rule > 12 || d.Target == "" || d.Reason == "" {
			t.Fatalf("no whole outcome: %+v", d)
		}
		places := map[Target][]Place{ToUnroutable: {InNowhere}, ToHeld: {InHeld}, ToConsent: {InThread, InNew}, ToOwnerInbox: {InThread, InNew}, ToOwner: {InThread, InNew}, ToSitter: {InThread, InNew}}
		if !slices.Contains(places[d.Target], d.Place) {
			t.Fatalf("%s is kept in %q", d.Target, d.Place)
		}
		if (d.Place == InNew) != (d.NewKind != "") {
			t.Fatalf("place %q with the new kind %q", d.Place, d.NewKind)
		}
		if d.Place == InThread && f.Thread == nil {
			t.Fatal("kept in a thread that is not there")
		}
		if d.NewKind == Guest && f.Number.Class == SitterNum && f.Number.Status == NumberActive && f.Client != "" {
			t.Fatal("a client becomes a guest on a sitter's number")
		}
		reached[d.Rule]++
	})
	for rule := 2; rule <= 12; rule++ {
		if reached[rule] == 0 {
			t.Errorf("no facts reached rule %d", rule)
		}
	}
}

// There are no facts under which a text reaches a sitter without all of: messaging on,
// sitter messaging on for that very sitter, an active number, the sender's own open
// service thread or a first text to a sitter's number, and a window of that sitter,
// and of no other, that is on at receipt and, if the text was held, not yet over.
// The conditions are written here a second time and not taken from the rules.
func TestNoSitterIsReachedOutsideTheirWindow(t *testing.T) {
	reached := 0
	often(t, func(t *rapid.T) {
		f := anyFacts(t)
		d := Decide(f)
		on := map[SitterID]bool{}
		still := false
		for _, w := range f.Windows {
			if !f.At.Truncate(time.Millisecond).Before(w.Start.Truncate(time.Millisecond)) && !f.At.Truncate(time.Millisecond).After(w.End.Truncate(time.Millisecond)) {
				on[w.Sitter] = true
				still = still || f.Released.IsZero() || !f.Released.Truncate(time.Millisecond).After(w.End.Truncate(time.Millisecond))
			}
		}
		allowed := map[string][]SitterID{"*": {"ann", "bob"}, " * ": {"ann", "bob"}, "ann": {"ann"}, "ann, bob": {"ann", "bob"}, "bob,*": {"bob"}}[f.Flags.Allowlist]
		own := f.Thread != nil && f.Thread.Kind == Service && f.Client != "" && (f.Thread.Client == "" || f.Thread.Client == f.Client) &&
			(f.Thread.OpenUntil.IsZero() || !f.At.After(f.Thread.OpenUntil))
		elsewhere := f.Thread != nil && f.Client != "" && (f.Thread.Kind == FrontDeskTalk || f.Thread.Kind == Billing) && (f.Thread.Client == "" || f.Thread.Client == f.Client)
		wanted := f.Number != nil && f.Number.Status == NumberActive &&
			(f.Number.Class == Pool && own || f.Number.Class == SitterNum && f.Client != "" && !elsewhere) &&
			(f.Word == NoKeyword || f.Word == KeyStart && !f.OptedOut) &&
			f.Flags.Messaging && !f.Waiting && len(on) == 1 && still
		for s := range on {
			wanted = wanted && f.Flags.SitterMessages && slices.Contains(allowed, s)
		}
		if got := d.Target == ToSitter; got != wanted {
			t.Fatalf("reaches a sitter: %t, should: %t: %+v", got, wanted, d)
		}
		if d.Target == ToSitter {
			reached++
			if !on[d.Sitter] || d.Booking == "" {
				t.Fatalf("reaches %q of booking %q, who is not the one on", d.Sitter, d.Booking)
			}
		}
		if (d.Visibility() == VisibleAll) != (d.Target == ToSitter) {
			t.Fatalf("a text routed to %s is visible to %s", d.Target, d.Visibility())
		}
	})
	if reached == 0 {
		t.Error("no facts reached a sitter at all: the property says nothing")
	}
}

// What a decision must not depend on: each of these changes of the facts leaves it
// as it is.
func TestDecisionsDoNotDependOn(t *testing.T) {
	independent := []struct {
		name   string
		change func(*rapid.T, *Facts) bool // false where the sentence does not apply
	}{
		{"the order of windows", func(t *rapid.T, f *Facts) bool {
			f.Windows = rapid.Permutation(f.Windows).Draw(t, "order")
			return true
		}},
		{"the proactive flag", func(t *rapid.T, f *Facts) bool { f.Flags.Proactive = !f.Flags.Proactive; return true }},
		{"consent, for any but START words", func(t *rapid.T, f *Facts) bool { f.OptedOut = !f.OptedOut; return f.Word != KeyStart }},
		{"flags, for a consent word", func(t *rapid.T, f *Facts) bool {
			f.Flags, f.Waiting = Flags{}, !f.Waiting
			return f.Word == KeyStop || f.Word == KeyHelp || f.Word == KeyStart && f.OptedOut
		}},
		{"who the sender is, while messaging is off", func(t *rapid.T, f *Facts) bool {
			f.Client, f.Thread, f.Windows = "", nil, nil
			return f.Word == NoKeyword && !f.Flags.Messaging
		}},
		{"being a client or having windows, on a pool number without a thread", func(t *rapid.T, f *Facts) bool {
			f.Thread = nil
			f.Client, f.Windows = "", nil
			return f.Number != nil && f.Number.Class == Pool
		}},
		{"windows, for a stranger", func(t *rapid.T, f *Facts) bool { f.Windows = nil; return f.Client == "" }},
		{"windows, at the front desk", func(t *rapid.T, f *Facts) bool {
			f.Windows = nil
			return f.Number != nil && f.Number.Class == FrontDesk
		}},
		{"whose number it is: windows alone give rights", func(t *rapid.T, f *Facts) bool {
			if f.Number != nil {
				f.Number = &NumberFacts{Class: f.Number.Class, Status: f.Number.Status, Sitter: "bob"}
			}
			return true
		}},
		{"the sitter flags, where no single window is on", func(t *rapid.T, f *Facts) bool {
			f.Flags.SitterMessages, f.Flags.Allowlist = true, "*"
			r := Decide(*f).Rule
			return r != 11 && r != 12
		}},
	}
	for _, c := range independent {
		t.Run(c.name, func(t *testing.T) {
			applied := 0
			often(t, func(t *rapid.T) {
				f := anyFacts(t)
				if c.name == "being a client or having windows, on a pool number without a thread" {
					f.Thread = nil
				}
				g := f
				if !c.change(t, &g) {
					return
				}
				applied++
				if d := cmp.Diff(Decide(f), Decide(g)); d != "" {
					t.Fatalf("(-before +after):\n%s", d)
				}
			})
			if applied == 0 {
				t.Error("never applied")
			}
		})
	}
}

// Held texts of a pair are let through in order: while one waits, no later one gets
// past it, and only a consent word is acted on at once.
func TestHeldTextsKeepTheirOrder(t *testing.T) {
	often(t, func(t *rapid.T) {
		pair := anyFacts(t)
		pair.Waiting, pair.Released = false, time.Time{}
		var queue, decided []int
		for i := range rapid.IntRange(1, 12).Draw(t, "texts") {
			f := pair
			f.Flags.Messaging = rapid.Bool().Draw(t, "messaging now")
			if rapid.Bool().Draw(t, "a release runs") {
				for len(queue) > 0 {
					held := f
					held.Word, held.Released = NoKeyword, f.At
					if Decide(held).Target == ToHeld {
						break
					}
					decided, queue = append(decided, queue[0]), queue[1:]
				}
			}
			f.Word, f.Waiting = NoKeyword, len(queue) > 0
			if Decide(f).Target == ToHeld {
				queue = append(queue, i)
			} else {
				decided = append(decided, i)
			}
		}
		if !slices.IsSorted(decided) {
			t.Fatalf("decided in the order %v", decided)
		}
	})
}

// A text gives the same decision as a held text that is released at once, but for
// the automatic answer.
func TestReleasedAtOnceIsLikeOnArrival(t *testing.T) {
	often(t, func(t *rapid.T) {
		f := anyFacts(t)
		f.Released = time.Time{}
		g := f
		g.Released = f.At
		if d := cmp.Diff(Decide(f), Decide(g), cmpopts.IgnoreFields(Decision{}, "AutoAnswer")); d != "" {
			t.Fatalf("(-arrived +released):\n%s", d)
		}
	})
}
