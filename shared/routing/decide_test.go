package routing_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	. "snout/shared/routing"
)

// A Tuesday in January. Windows in these tests are named by their hours that day.
var noon = time.Date(2025, 1, 7, 12, 0, 0, 0, time.UTC)

func hour(h int) time.Time { return noon.Add(time.Duration(h-12) * time.Hour) }

func window(sitter SitterID, booking BookingID, from, to int) Window {
	return Window{Booking: booking, Visit: "v1", Sitter: sitter, Start: hour(from), End: hour(to)}
}

var allOn = Flags{Messaging: true, Proactive: true, SitterMessages: true, Allowlist: "*"}

// ordinary is a client's text to their sitter's number while that sitter's window is
// on: every row below changes what its sentence says and nothing else.
func ordinary() Facts {
	return Facts{
		At:      noon,
		Flags:   allOn,
		Number:  &NumberFacts{Class: SitterNum, Status: NumberActive, Sitter: "ann"},
		Client:  "carla",
		Thread:  &ThreadFacts{ID: "t-org-1", Kind: Service, Client: "carla"},
		Windows: []Window{window("ann", "b1", 10, 14)},
	}
}

func onPool(f *Facts) {
	f.Number = &NumberFacts{Class: Pool, Status: NumberActive}
	f.Thread.OpenUntil = noon.Add(30 * 24 * time.Hour)
}

func onFrontDesk(f *Facts) {
	f.Number = &NumberFacts{Class: FrontDesk, Status: NumberActive}
	f.Thread = &ThreadFacts{ID: "t-org-2", Kind: FrontDeskTalk, Client: "carla"}
	f.Windows = nil
}

func stranger(f *Facts) { f.Client, f.Thread, f.Windows = "", nil, nil }

func asGuest(f *Facts) {
	f.Thread, f.Windows = &ThreadFacts{ID: "t-org-9", Kind: Guest}, nil
}

var (
	unroutable   = Decision{Rule: 2, Target: ToUnroutable, Reason: "Unknown destination number", Place: InNowhere}
	heldBack     = Decision{Rule: 4, Target: ToHeld, Reason: "Messaging is disabled", Place: InHeld}
	toSitter     = Decision{Rule: 12, Target: ToSitter, Reason: "Active assignment window", Place: InThread, Sitter: "ann", Booking: "b1"}
	sitterOffFor = Decision{Rule: 11, Target: ToOwnerInbox, Reason: "Sitter messaging is disabled", Place: InThread, Sitter: "ann", Booking: "b1"}
	noWindowOn   = Decision{Rule: 9, Target: ToOwnerInbox, Reason: "No active assignment window", Place: InThread}
	toFrontDesk  = Decision{Rule: 8, Target: ToOwner, Reason: "Front desk conversation", Place: InThread}
)

func optOut(place Place, kind Kind) Decision {
	return Decision{Rule: 3, Target: ToConsent, Reason: "Opt-out keyword", Place: place, NewKind: kind}
}

func quarantine(place Place, kind Kind) Decision {
	return Decision{Rule: 5, Target: ToOwnerInbox, Reason: "Number is quarantined", Place: place, NewKind: kind}
}

func mismatch(place Place, kind Kind) Decision {
	return Decision{Rule: 6, Target: ToOwnerInbox, Reason: "Pool number mismatch", Place: place, NewKind: kind, AutoAnswer: true}
}

func unknown(place Place, kind Kind) Decision {
	return Decision{Rule: 7, Target: ToOwnerInbox, Reason: "Unknown sender", Place: place, NewKind: kind}
}

func with(d Decision, change func(*Decision)) Decision {
	change(&d)
	return d
}

type row struct {
	name string
	f    func(*Facts)
	want Decision
}

var inbound = []row{
	{"rule 2: a number that belongs to no org is for ops", func(f *Facts) { f.Number = nil }, unroutable},
	{"rule 2: so is an inactive one", func(f *Facts) { f.Number.Status = NumberInactive }, unroutable},
	{"rule 2: so is one whose status is no word we know", func(f *Facts) { f.Number.Status = "" }, unroutable},
	{"rule 2 comes before rule 3: STOP to an inactive number is for ops", func(f *Facts) { f.Number.Status, f.Word = NumberInactive, KeyStop }, unroutable},
	{"rule 2 comes before rule 4", func(f *Facts) { f.Number, f.Flags = nil, Flags{} }, unroutable},

	{"rule 3: STOP is consent, kept in the thread", func(f *Facts) { f.Word = KeyStop }, optOut(InThread, "")},
	{"rule 3: HELP", func(f *Facts) { f.Word = KeyHelp }, with(optOut(InThread, ""), func(d *Decision) { d.Reason = "Help keyword" })},
	{"rule 3: START from somebody who is opted out", func(f *Facts) { f.Word, f.OptedOut = KeyStart, true }, with(optOut(InThread, ""), func(d *Decision) { d.Reason = "Opt-in keyword" })},
	{"rule 3: YES from somebody who is not is an ordinary text", func(f *Facts) { f.Word = KeyStart }, toSitter},
	{"rule 3: an ordinary text of somebody who is opted out is routed", func(f *Facts) { f.OptedOut = true }, toSitter},
	{"rule 3 comes before rule 4: STOP counts while messaging is off", func(f *Facts) { f.Word, f.Flags = KeyStop, Flags{} }, optOut(InThread, "")},
	{"rule 3: STOP does not wait behind held texts", func(f *Facts) { f.Word, f.Waiting = KeyStop, true }, optOut(InThread, "")},
	{"rule 3 comes before rule 5, and goes into the old thread", func(f *Facts) { f.Word, f.Number.Status = KeyStop, NumberQuarantined }, optOut(InThread, "")},
	{"rule 3: a stranger's STOP on a pool number is a guest's", func(f *Facts) { onPool(f); stranger(f); f.Word = KeyStop }, optOut(InNew, Guest)},
	{"rule 3: a client's STOP on a pool number they hold nothing on is a guest's", func(f *Facts) { onPool(f); f.Thread, f.Word = nil, KeyStop }, optOut(InNew, Guest)},
	{"rule 3: a client's first text to the front desk may be STOP", func(f *Facts) { onFrontDesk(f); f.Thread, f.Word = nil, KeyStop }, optOut(InNew, FrontDeskTalk)},
	{"rule 3: a client's STOP after the cool-down is a guest's", func(f *Facts) { onPool(f); f.Thread.OpenUntil, f.Word = noon.Add(-1), KeyStop }, optOut(InNew, Guest)},

	{"rule 4: with messaging off a text is held", func(f *Facts) { f.Flags.Messaging = false }, heldBack},
	{"rule 4: also to a quarantined number", func(f *Facts) { f.Flags.Messaging, f.Number.Status = false, NumberQuarantined }, heldBack},
	{"rule 4: also a stranger's on a pool number", func(f *Facts) { onPool(f); stranger(f); f.Flags.Messaging = false }, heldBack},
	{"rule 4: YES from somebody not opted out is held too", func(f *Facts) { f.Word, f.Flags.Messaging = KeyStart, false }, heldBack},
	{"rule 4: a new text waits behind held ones of its pair", func(f *Facts) { f.Waiting = true }, with(heldBack, func(d *Decision) { d.Reason = "Messaging is disabled: earlier texts of this sender are still waiting" })},
	{"rule 4: a held text is let through once messaging is on", func(f *Facts) { f.Released = hour(13) }, toSitter},
	{"rule 4: and held again if it went off meanwhile", func(f *Facts) { f.Released, f.Flags.Messaging = hour(13), false }, heldBack},

	{"rule 5: a quarantined number leads to the owner in the old thread", func(f *Facts) { f.Number.Status = NumberQuarantined }, quarantine(InThread, "")},
	{"rule 5: even if the old thread's cool-down is over", func(f *Facts) { onPool(f); f.Number.Status, f.Thread.OpenUntil = NumberQuarantined, noon.Add(-1) }, quarantine(InThread, "")},
	{"rule 5: a sender without a thread there is a guest", func(f *Facts) { f.Number.Status, f.Thread = NumberQuarantined, nil }, quarantine(InNew, Guest)},
	{"rule 5 comes before rule 7: so is a stranger", func(f *Facts) { stranger(f); f.Number.Status = NumberQuarantined }, quarantine(InNew, Guest)},
	{"rule 5: a guest stays in their thread", func(f *Facts) { asGuest(f); f.Number.Status = NumberQuarantined }, quarantine(InThread, "")},
	{"rule 5 comes before rule 6, without an automatic answer", func(f *Facts) { onPool(f); stranger(f); f.Number.Status = NumberQuarantined }, quarantine(InNew, Guest)},
	{"rule 5: whoever has the phone now is not in the old thread", func(f *Facts) { f.Number.Status, f.Client = NumberQuarantined, "dora" }, quarantine(InNew, Guest)},

	{"rule 6: a stranger on a pool number", func(f *Facts) { onPool(f); stranger(f) }, mismatch(InNew, Guest)},
	{"rule 6: again, in the guest thread", func(f *Facts) { onPool(f); stranger(f); asGuest(f) }, mismatch(InThread, "")},
	{"rule 6: being a client does not help", func(f *Facts) { onPool(f); f.Thread = nil }, mismatch(InNew, Guest)},
	{"rule 6: nor having become one, with windows due", func(f *Facts) { onPool(f); f.Thread = &ThreadFacts{ID: "t-org-9", Kind: Guest, Client: "carla"} }, mismatch(InThread, "")},
	{"rule 6: on day 31 the thread is closed", func(f *Facts) { onPool(f); f.Thread.OpenUntil = noon.Add(-time.Nanosecond) }, mismatch(InNew, Guest)},
	{"rule 6: at its last instant it is open", func(f *Facts) { onPool(f); f.Thread.OpenUntil = noon }, toSitter},
	{"rule 6: the phone is another client's now", func(f *Facts) { onPool(f); f.Client = "dora" }, mismatch(InNew, Guest)},
	{"rule 6: the phone is nobody's now", func(f *Facts) { onPool(f); f.Client = "" }, mismatch(InNew, Guest)},
	{"rule 6: a held text is not answered by itself", func(f *Facts) { onPool(f); stranger(f); f.Released = hour(13) }, with(mismatch(InNew, Guest), func(d *Decision) { d.AutoAnswer = false })},
	{"rule 6: a client with an open service thread is no mismatch", onPool, toSitter},

	{"rule 7: a stranger's first text to the front desk", func(f *Facts) { onFrontDesk(f); stranger(f) }, unknown(InNew, Guest)},
	{"rule 7: and a later one", func(f *Facts) { onFrontDesk(f); stranger(f); asGuest(f) }, unknown(InThread, "")},
	{"rule 7: a stranger's first text to a sitter's number, window or not", func(f *Facts) { f.Client, f.Thread = "", nil }, unknown(InNew, Guest)},
	{"rule 7: and a later one", func(f *Facts) { f.Client = ""; asGuest(f) }, unknown(InThread, "")},
	{"rule 7: a phone that left its client leaves the service thread", func(f *Facts) { f.Client = "" }, unknown(InNew, Guest)},
	{"rule 7: and the front desk thread", func(f *Facts) { onFrontDesk(f); f.Client = "" }, unknown(InNew, Guest)},

	{"rule 8: the front desk thread", onFrontDesk, toFrontDesk},
	{"rule 8: the billing thread", func(f *Facts) { onFrontDesk(f); f.Thread.Kind = Billing }, toFrontDesk},
	{"rule 8: a known client's first text makes a front desk thread", func(f *Facts) { onFrontDesk(f); f.Thread = nil }, with(toFrontDesk, func(d *Decision) { d.Place, d.NewKind = InNew, FrontDeskTalk })},
	{"rule 8: a stranger who became a client goes on where they began", func(f *Facts) { onFrontDesk(f); asGuest(f) }, toFrontDesk},
	{"rule 8: no window on, none asked for", func(f *Facts) { onFrontDesk(f); f.Windows = []Window{window("ann", "b1", 10, 14)} }, toFrontDesk},
	{"rule 8: no thread on a front desk number leads to a sitter", func(f *Facts) {
		onFrontDesk(f)
		f.Thread.Kind, f.Windows = Service, []Window{window("ann", "b1", 10, 14)}
	}, toFrontDesk},

	{"rule 9: no window at all", func(f *Facts) { f.Windows = nil }, noWindowOn},
	{"rule 9: the window is over", func(f *Facts) { f.Windows = []Window{window("ann", "b1", 8, 11)} }, noWindowOn},
	{"rule 9: the next window is named", func(f *Facts) {
		f.Windows = []Window{window("ann", "b3", 18, 20), window("bob", "b2", 15, 16), window("ann", "b1", 8, 11)}
	}, with(noWindowOn, func(d *Decision) { d.Next = window("bob", "b2", 15, 16) })},
	{"rule 9: a millisecond before it begins", func(f *Facts) { f.At = hour(10).Add(-time.Millisecond) }, with(noWindowOn, func(d *Decision) { d.Next = window("ann", "b1", 10, 14) })},
	{"rule 9: a millisecond after it ends", func(f *Facts) { f.At = hour(14).Add(time.Millisecond) }, noWindowOn},
	{"rule 9: a late text in the cool-down reaches the pool thread", func(f *Facts) { onPool(f); f.At = hour(15) }, noWindowOn},
	{"rule 9: comes before rule 11", func(f *Facts) { f.Windows, f.Flags.SitterMessages = nil, false }, noWindowOn},
	{"rule 9: a client's first text to a sitter's number makes the service thread", func(f *Facts) { f.Thread, f.Windows = nil, nil }, with(noWindowOn, func(d *Decision) { d.Place, d.NewKind = InNew, Service })},
	{"rule 9: so does the first one of a stranger who became a client", func(f *Facts) { asGuest(f) }, with(noWindowOn, func(d *Decision) { d.Place, d.NewKind = InNew, Service })},
	{"rule 9: a held text whose window closed meanwhile", func(f *Facts) {
		f.Released = hour(16)
		f.Windows = append(f.Windows, window("bob", "b2", 15, 17), window("bob", "b3", 18, 19))
	}, with(noWindowOn, func(d *Decision) {
		d.Reason, d.Next = "No active assignment window: it closed while the text was held", window("bob", "b3", 18, 19)
	})},
	{"rule 9: a held text that no window was on for, though one is now", func(f *Facts) { f.At, f.Released = hour(9), hour(11) }, with(noWindowOn, func(d *Decision) { d.Next = window("ann", "b1", 10, 14) })},

	{"rule 10: windows of two sitters", func(f *Facts) { f.Windows = append(f.Windows, window("bob", "b2", 12, 13)) },
		Decision{Rule: 10, Target: ToOwnerInbox, Reason: "Overlapping assignment windows", Place: InThread, Choices: []SitterID{"ann", "bob"}}},
	{"rule 10: of three, each named once", func(f *Facts) {
		f.Windows = []Window{window("cleo", "b4", 12, 13), window("ann", "b2", 11, 13), window("bob", "b3", 9, 12), window("ann", "b1", 10, 14)}
	}, Decision{Rule: 10, Target: ToOwnerInbox, Reason: "Overlapping assignment windows", Place: InThread, Choices: []SitterID{"bob", "ann", "cleo"}}},
	{"rule 10 comes before rule 11: even if neither may write", func(f *Facts) {
		f.Windows, f.Flags.SitterMessages = append(f.Windows, window("bob", "b2", 12, 13)), false
	}, Decision{Rule: 10, Target: ToOwnerInbox, Reason: "Overlapping assignment windows", Place: InThread, Choices: []SitterID{"ann", "bob"}}},
	{"rule 10: the handoff's shared instant belongs to both", func(f *Facts) {
		f.Windows = []Window{window("ann", "b1", 10, 12), window("bob", "b2", 12, 14)}
	}, Decision{Rule: 10, Target: ToOwnerInbox, Reason: "Overlapping assignment windows", Place: InThread, Choices: []SitterID{"ann", "bob"}}},
	{"rule 10: a window without a sitter is not the other's", func(f *Facts) { f.Windows = append(f.Windows, window("", "b2", 9, 13)) },
		Decision{Rule: 10, Target: ToOwnerInbox, Reason: "Overlapping assignment windows", Place: InThread, Choices: []SitterID{"", "ann"}}},
	{"rule 10: another's window that is over is no overlap", func(f *Facts) { f.Windows = append(f.Windows, window("bob", "b2", 8, 11)) }, toSitter},
	{"rule 10: a held text's overlap is as at receipt", func(f *Facts) {
		f.Released, f.Windows = hour(13), []Window{window("ann", "b1", 10, 12), window("bob", "b2", 12, 14)}
	}, Decision{Rule: 10, Target: ToOwnerInbox, Reason: "Overlapping assignment windows", Place: InThread, Choices: []SitterID{"ann", "bob"}}},

	{"rule 11: sitter messaging is off", func(f *Facts) { f.Flags.SitterMessages = false }, sitterOffFor},
	{"rule 11: the list names nobody", func(f *Facts) { f.Flags.Allowlist = "none" }, sitterOffFor},
	{"rule 11: the list is empty", func(f *Facts) { f.Flags.Allowlist = "" }, sitterOffFor},
	{"rule 11: the list names others", func(f *Facts) { f.Flags.Allowlist = "bob, anna" }, sitterOffFor},
	{"rule 11: a star among names is no star", func(f *Facts) { f.Flags.Allowlist = "bob,*" }, sitterOffFor},
	{"rule 11: a window without a sitter is nobody's", func(f *Facts) { f.Windows = []Window{window("", "b1", 10, 14)} }, with(sitterOffFor, func(d *Decision) { d.Sitter = "" })},

	{"rule 12: the sitter whose window is on", func(*Facts) {}, toSitter},
	{"rule 12: named in the list", func(f *Facts) { f.Flags.Allowlist = "bob, ann" }, toSitter},
	{"rule 12: at the first millisecond", func(f *Facts) { f.At = hour(10) }, toSitter},
	{"rule 12: at the last", func(f *Facts) { f.At = hour(14) }, toSitter},
	{"rule 12: within the last", func(f *Facts) { f.At = hour(14).Add(999 * time.Microsecond) }, toSitter},
	{"rule 12: a cover's window on the sitter's number", func(f *Facts) { f.Windows = []Window{window("bob", "b2", 10, 14)} }, with(toSitter, func(d *Decision) { d.Sitter, d.Booking = "bob", "b2" })},
	{"rule 12: of one sitter's two windows the earlier", func(f *Facts) { f.Windows = []Window{window("ann", "b2", 11, 13), window("ann", "b1", 10, 14)} }, toSitter},
	{"rule 12: of two that begin together the one that ends first", func(f *Facts) { f.Windows = []Window{window("ann", "b1", 10, 14), window("ann", "b2", 10, 13)} }, with(toSitter, func(d *Decision) { d.Booking = "b2" })},
	{"rule 12: of two that are on for the same time the lesser booking", func(f *Facts) { f.Windows = []Window{window("ann", "b2", 10, 14), window("ann", "b1", 10, 14)} }, toSitter},
	{"rule 12: a client's first text makes the service thread", func(f *Facts) { f.Thread = nil }, with(toSitter, func(d *Decision) { d.Place, d.NewKind = InNew, Service })},
	{"rule 12: so does the first one of a stranger who became a client", func(f *Facts) { f.Thread = &ThreadFacts{ID: "t-org-9", Kind: Guest} }, with(toSitter, func(d *Decision) { d.Place, d.NewKind = InNew, Service })},
	{"rule 12: a held text whose window is still on", func(f *Facts) { f.Released = hour(14) }, toSitter},
	{"rule 12: a held text, one of the sitter's two windows closed", func(f *Facts) {
		f.Released, f.Windows = hour(15), []Window{window("ann", "b1", 10, 14), window("ann", "b2", 11, 16)}
	}, with(toSitter, func(d *Decision) { d.Booking = "b2" })},
	{"rule 12: the proactive flag has no say", func(f *Facts) { f.Flags.Proactive = false }, toSitter},
}

func TestInboundRules(t *testing.T) {
	rulesSeen := map[int]bool{}
	for _, r := range inbound {
		t.Run(r.name, func(t *testing.T) {
			f := ordinary()
			r.f(&f)
			if !strings.HasPrefix(r.name, "rule ") {
				t.Fatal("a row names its rule")
			}
			before := f
			before.Windows = slices.Clone(f.Windows)
			got := Decide(f)
			if d := cmp.Diff(r.want, got); d != "" {
				t.Errorf("Decide (-want +got):\n%s", d)
			}
			rulesSeen[got.Rule] = true
			for _, ws := range permutations(f.Windows) {
				g := f
				g.Windows = ws
				if d := cmp.Diff(got, Decide(g)); d != "" {
					t.Errorf("the order of windows decides (-given +%v):\n%s", ws, d)
				}
			}
			explained, trace := Explain(f)
			if d := cmp.Diff(got, explained); d != "" {
				t.Errorf("Explain decides otherwise (-Decide +Explain):\n%s", d)
			}
			checkTrace(t, got, trace)
			if d := cmp.Diff(trace, Trace(f.Keep(), f.At)); d != "" {
				t.Errorf("told again from what is kept (-Explain +Trace):\n%s", d)
			}
			if d := cmp.Diff(before, f); d != "" {
				t.Errorf("the facts were changed (-before +after):\n%s", d)
			}
		})
	}
	for rule := 2; rule <= 12; rule++ {
		if !rulesSeen[rule] {
			t.Errorf("no row ends in rule %d", rule)
		}
	}
}

// checkTrace: every rule from 2 to the one that fired, in order, each with a fact;
// only the last did anything.
func checkTrace(t interface{ Errorf(string, ...any) }, d Decision, trace []Step) {
	if len(trace) != d.Rule-1 {
		t.Errorf("the trace has %d steps for rule %d", len(trace), d.Rule)
		return
	}
	for i, s := range trace {
		want := "no"
		if i == len(trace)-1 {
			want = string(d.Target) + ": " + d.Reason
		}
		if s.Rule != i+2 || s.Fact == "" || s.Result != want {
			t.Errorf("step %d is %+v, want rule %d with a fact and result %q", i, s, i+2, want)
		}
	}
}

func TestTraceNamesTheFactsOfEachRule(t *testing.T) {
	f := ordinary()
	f.Flags.Allowlist = "bob"
	_, got := Explain(f)
	want := []Step{
		{2, "the number is active, class sitter", "no"},
		{3, "the text is no consent word", "no"},
		{4, "ENABLE_MESSAGING_V1 is on", "no"},
		{5, "the number's status is active", "no"},
		{6, "not a pool number", "no"},
		{7, "the sender is a client", "no"},
		{8, "class sitter, the thread is service", "no"},
		{9, "windows active: 1", "no"},
		{10, "sitters with an active window: 1", "no"},
		{11, "sitter messaging for ann: false", "owner_inbox: Sitter messaging is disabled"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// What was routed to the owner stays between the client and the owner, and only
// rules 6, 9 and 10 are the signal.
func TestWhoSeesAndWhatIsCounted(t *testing.T) {
	type sight struct {
		Visible            Visibility
		Inbox, Operational bool
	}
	want := map[int]sight{
		2: {VisibleOwner, false, false}, 3: {VisibleOwner, false, false}, 4: {VisibleOwner, false, false},
		5: {VisibleOwner, true, false}, 6: {VisibleOwner, true, true}, 7: {VisibleOwner, true, false},
		8: {VisibleOwner, false, false}, 9: {VisibleOwner, true, true}, 10: {VisibleOwner, true, true},
		11: {VisibleOwner, true, false}, 12: {VisibleAll, false, false},
	}
	got := map[int]sight{}
	for _, r := range inbound {
		f := ordinary()
		r.f(&f)
		d := Decide(f)
		got[d.Rule] = sight{d.Visibility(), d.OwnerInbox(), d.Operational()}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// A decision is made for every inbound text of every org: it allocates nothing, but
// for the list of sitters that an overlap hands to the owner.
func TestDecideAllocatesNothing(t *testing.T) {
	for _, r := range inbound {
		f := ordinary()
		r.f(&f)
		got := Decide(f)
		if got.Rule == 10 {
			continue
		}
		if n := testing.AllocsPerRun(100, func() { got = Decide(f) }); n != 0 {
			t.Errorf("%s: %v allocations", r.name, n)
		}
	}
}

func BenchmarkDecide(b *testing.B) {
	for _, c := range []struct {
		name string
		f    func(*Facts)
	}{
		{"active window (rule 12)", func(*Facts) {}},
		{"six windows, none active (rule 9)", func(f *Facts) {
			f.Windows = nil
			for h := range Compact {
				f.Windows = append(f.Windows, window("ann", "b1", 13+h, 14+h))
			}
		}},
		{"stranger on a pool number (rule 6)", func(f *Facts) { onPool(f); stranger(f) }},
		{"overlap (rule 10)", func(f *Facts) { f.Windows = append(f.Windows, window("bob", "b2", 12, 13)) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			f := ordinary()
			c.f(&f)
			b.ReportAllocs()
			for b.Loop() {
				Decide(f)
			}
		})
	}
}
