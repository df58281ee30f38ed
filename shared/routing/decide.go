package routing

import (
	"fmt"
	"slices"
	"time"
)

// Facts is everything a decision about one inbound text needs. The webhook reads
// them in one round trip; the dry run, the diagnostics and a test fill in the same.
type Facts struct {
	At     time.Time // the instant of receipt; windows are looked at as of then
	Flags  Flags     // as they are at the decision (for a held text: at its release)
	Number *NumberFacts
	Word   Keyword
	// OptedOut is whether the sender has opted out of the org's texts. It is looked
	// at for START words only.
	OptedOut bool
	// Waiting is whether earlier texts of this pair (number, phone) are still held;
	// a later one may not overtake them. False for a text that is being released.
	Waiting bool
	// Released is when a held text is let through; zero for one that is decided as it
	// arrives. Windows are looked at as of At all the same, but one that has closed
	// since then gives no right any more, and nothing answers by itself.
	Released time.Time
	// Client is the org's client who has the sender's phone, if one has.
	Client ClientID
	// Thread is where the pair's route leads, if it has one.
	Thread *ThreadFacts
	// Windows are the service thread's; without one, those due to the client's first
	// text on a sitter's number. Their order does not matter.
	Windows []Window
}

// NumberFacts is the number that was texted.
type NumberFacts struct {
	Class  Class
	Status NumberStatus
	Sitter SitterID // whose number it is, on a sitter's
}

// ThreadFacts is the thread that a pair's route leads to.
type ThreadFacts struct {
	ID   ThreadID
	Kind Kind
	// Client is whose thread it is, where that is known. A phone that has gone over to
	// another client must not reach the old one's conversation.
	Client ClientID
	// OpenUntil is the end of a pool thread's cool-down; zero never closes.
	OpenUntil time.Time
}

// Open tells whether a late text still reaches the thread.
func (t *ThreadFacts) Open(at time.Time) bool {
	return t != nil && (t.OpenUntil.IsZero() || at.UnixMilli() <= t.OpenUntil.UnixMilli())
}

// Place is where an inbound text is kept.
type Place string

const (
	InThread  Place = "thread"     // in the thread of the pair's route
	InNew     Place = "new_thread" // in a thread made for it, of the decision's NewKind
	InHeld    Place = "held"       // among the texts that wait for messaging to come back
	InNowhere Place = "unroutable" // among what has no org, for ops
)

// Decision is what is done with an inbound text, and why.
type Decision struct {
	Rule   int // its number in domain.md
	Target Target
	Reason string

	Place   Place
	NewKind Kind // with InNew

	// Sitter and Booking are of the window the text fell into (rules 11 and 12).
	Sitter  SitterID
	Booking BookingID
	// Choices are the sitters between whom the owner chooses (rule 10).
	Choices []SitterID
	// Next is the thread's next window (rule 9), zero if none.
	Next Window
	// AutoAnswer asks for the automatic answer, once per sender and number in a day.
	AutoAnswer bool
}

// Visibility is who may see the text: what was routed to the owner stays between
// the client and the owner.
func (d Decision) Visibility() Visibility {
	if d.Target == ToSitter {
		return VisibleAll
	}
	return VisibleOwner
}

// OwnerInbox tells whether the text is put into the owner inbox (rules 5, 6, 7,
// 9, 10, 11).
func (d Decision) OwnerInbox() bool { return d.Target == ToOwnerInbox }

// Operational tells whether it was routed to the owner for an operational reason
// (rules 6, 9, 10): the figure that is the real signal.
func (d Decision) Operational() bool { return Operational(d.Rule) }

// Operational tells it of a rule's number.
func Operational(rule int) bool { return rule == 6 || rule == 9 || rule == 10 }

// Step is one rule as it was looked at.
type Step struct {
	Rule   int    `json:"rule"`
	Fact   string `json:"fact"`
	Result string `json:"result"` // "no", or what the rule did
}

// The inbound rules that are decided here, by their numbers in domain.md, which are
// also their order: the first that fires wins, and the last always does. Rules 0
// (signature) and 1 (a MessageSid seen before) are facts about the request, not
// about the text, and stand in the shell.
const (
	firstRule = 2
	lastRule  = 12
)

// fire looks at the facts by one rule and, if it fires, writes its decision. A switch
// and not a table of functions: calls through a table would move every caller's
// facts to the heap.
func fire(rule int, f *Facts, d *Decision) bool {
	switch rule {
	case 2:
		return unknownNumber(f, d)
	case 3:
		return keyword(f, d)
	case 4:
		return held(f, d)
	case 5:
		return quarantined(f, d)
	case 6:
		return poolMismatch(f, d)
	case 7:
		return unknownSender(f, d)
	case 8:
		return frontDesk(f, d)
	case 9:
		return noWindow(f, d)
	case 10:
		return overlap(f, d)
	case 11:
		return sitterOff(f, d)
	}
	return active(f, d)
}

// fact words what a rule saw. It is only asked for by a trace, so that a decision
// allocates nothing for words.
func fact(rule int, f *Facts) string {
	switch rule {
	case 2:
		if f.Number == nil {
			return "the number belongs to no org"
		}
		return "the number is " + string(f.Number.Status) + ", class " + string(f.Number.Class)
	case 3:
		switch {
		case f.Word == NoKeyword:
			return "the text is no consent word"
		case f.Word == KeyStart && !f.OptedOut:
			return "a START word, but the sender is not opted out"
		}
		return "the whole text is a " + string(f.Word) + " word"
	case 4:
		switch {
		case !f.Flags.Messaging:
			return "ENABLE_MESSAGING_V1 is off"
		case f.Waiting:
			return "earlier texts of this sender to this number are still held"
		}
		return "ENABLE_MESSAGING_V1 is on"
	case 5:
		return "the number's status is " + string(f.Number.Status)
	case 6:
		t := f.theirs()
		switch {
		case f.Number.Class != Pool:
			return "not a pool number"
		case t == nil:
			return "a pool number; the sender has no thread on it"
		}
		return fmt.Sprintf("a pool number; the sender's thread on it is %s, open: %t", t.Kind, t.Open(f.At))
	case 7:
		if f.Client == "" {
			return "no client has the sender's phone"
		}
		return "the sender is a client"
	case 8:
		t := f.theirs()
		if t == nil {
			return "class " + string(f.Number.Class) + ", no thread yet"
		}
		return "class " + string(f.Number.Class) + ", the thread is " + string(t.Kind)
	case 9:
		w, n := f.on()
		if n == 1 && f.closed(&w) {
			return "the window that was active at receipt has closed since"
		}
		if n := len(Current(f.Windows, f.At)); n > 0 {
			return fmt.Sprintf("windows active: %d", n)
		}
		if w, ok := Next(f.Windows, f.At); ok {
			return "none active, the next begins " + w.Start.UTC().Format(time.RFC3339)
		}
		return "none active, none to come"
	case 10:
		return fmt.Sprintf("sitters with an active window: %d", len(f.sittersOn()))
	case 11:
		w, _ := f.on()
		return fmt.Sprintf("sitter messaging for %s: %t", w.Sitter, f.Flags.SitterMay(w.Sitter))
	}
	return "one sitter's window is active"
}

// Decide says where a text goes and why. Every set of facts has exactly one answer.
func Decide(f Facts) (d Decision) {
	d.Rule = firstRule
	for !fire(d.Rule, &f, &d) {
		d.Rule++
	}
	return d
}

// Explain decides the same, and tells every rule that was looked at with its fact.
func Explain(f Facts) (d Decision, trace []Step) {
	d.Rule = firstRule
	for !fire(d.Rule, &f, &d) {
		trace = append(trace, Step{Rule: d.Rule, Fact: fact(d.Rule, &f), Result: "no"})
		d.Rule++
	}
	return d, append(trace, Step{Rule: d.Rule, Fact: fact(d.Rule, &f), Result: string(d.Target) + ": " + d.Reason})
}

// theirs is the pair's thread if it is the sender's: a guest's, or that of the client
// who has the sender's phone. A phone that left its client leaves the conversation
// too; whoever has it now is somebody else.
func (f *Facts) theirs() *ThreadFacts {
	t := f.Thread
	if t == nil || t.Kind == Guest {
		return t
	}
	if f.Client == "" || t.Client != "" && t.Client != f.Client {
		return nil
	}
	return t
}

func (d *Decision) set(target Target, reason string) { d.Target, d.Reason = target, reason }

func unknownNumber(f *Facts, d *Decision) bool {
	// What is neither active nor quarantined is not in use, whatever the word is.
	if f.Number != nil && (f.Number.Status == NumberActive || f.Number.Status == NumberQuarantined) {
		return false
	}
	d.set(ToUnroutable, ReasonUnknownNumber)
	d.Place = InNowhere
	return true
}

func keyword(f *Facts, d *Decision) bool {
	switch {
	case f.Word == KeyStop:
		d.set(ToConsent, ReasonOptOut)
	case f.Word == KeyHelp:
		d.set(ToConsent, ReasonHelp)
	case f.Word == KeyStart && f.OptedOut:
		d.set(ToConsent, ReasonOptIn)
	default:
		return false
	}
	f.keep(d)
	return true
}

func held(f *Facts, d *Decision) bool {
	switch {
	case !f.Flags.Messaging:
		d.set(ToHeld, ReasonDisabled)
	case f.Waiting:
		d.set(ToHeld, ReasonWaiting)
	default:
		return false
	}
	d.Place = InHeld
	return true
}

func quarantined(f *Facts, d *Decision) bool {
	if f.Number.Status != NumberQuarantined {
		return false
	}
	d.set(ToOwnerInbox, ReasonQuarantined)
	f.keep(d)
	return true
}

func poolMismatch(f *Facts, d *Decision) bool {
	t := f.theirs()
	if f.Number.Class != Pool || t.Open(f.At) && t.Kind == Service {
		return false
	}
	d.set(ToOwnerInbox, ReasonPoolMismatch)
	d.AutoAnswer = f.Released.IsZero()
	f.keep(d)
	return true
}

func unknownSender(f *Facts, d *Decision) bool {
	if f.Client != "" {
		return false
	}
	d.set(ToOwnerInbox, ReasonUnknownSender)
	f.keep(d)
	return true
}

// frontDesk fires for every thread on a front desk number and for every thread of its
// kinds: even a row that fell out of step must not lead from there to a sitter.
func frontDesk(f *Facts, d *Decision) bool {
	t := f.theirs()
	if f.Number.Class != FrontDesk && (t == nil || t.Kind != FrontDeskTalk && t.Kind != Billing) {
		return false
	}
	d.set(ToOwner, ReasonFrontDesk)
	f.keep(d)
	return true
}

// keep puts a text into the sender's thread, or into a new one of the kind that the
// number and the sender call for.
func (f *Facts) keep(d *Decision) {
	kind := Service
	switch {
	case f.Client == "" || f.Number.Class == Pool || f.Number.Status == NumberQuarantined:
		kind = Guest
	case f.Number.Class == FrontDesk:
		kind = FrontDeskTalk
	}
	d.Place = InThread
	t := f.theirs()
	switch {
	case t == nil:
	case f.Number.Status == NumberQuarantined:
		return // the old thread, closed or not
	case t.Kind == Guest && kind != Service:
		// A stranger who became a client goes on where they began; but on a sitter's
		// number they get the service thread, since no sitter can be in a guest's.
		return
	case t.Kind != Guest && t.Open(f.At):
		return
	}
	d.Place, d.NewKind = InNew, kind
}

// on is the window in which a sitter is on at the instant of receipt, and how many
// different sitters are (two stands for more). Of one sitter's several windows it is
// the first in the order of windows that has not closed since.
func (f *Facts) on() (on Window, sitters int) {
	for i := range f.Windows {
		w := &f.Windows[i]
		switch {
		case !w.Active(f.At):
		case sitters == 0:
			on, sitters = *w, 1
		case w.Sitter != on.Sitter:
			return on, 2
		case f.closed(&on) && !f.closed(w), f.closed(&on) == f.closed(w) && compareWindows(*w, on) < 0:
			on = *w
		}
	}
	return on, sitters
}

// closed tells whether a held text's window has closed before the text was let through.
func (f *Facts) closed(w *Window) bool { return !f.Released.IsZero() && w.Ended(f.Released) }

// sittersOn are the sitters who are on at the instant of receipt, each once, in the
// order of their windows.
func (f *Facts) sittersOn() []SitterID {
	ws := Current(f.Windows, f.At)
	SortWindows(ws)
	var on []SitterID
	for _, w := range ws {
		if !slices.Contains(on, w.Sitter) {
			on = append(on, w.Sitter)
		}
	}
	return on
}

func noWindow(f *Facts, d *Decision) bool {
	w, sitters := f.on()
	at := f.At
	switch {
	case sitters == 0:
		d.set(ToOwnerInbox, ReasonNoWindow)
	case sitters == 1 && f.closed(&w):
		d.set(ToOwnerInbox, ReasonClosedSince)
		at = f.Released
	default:
		return false
	}
	d.Next, _ = Next(f.Windows, at)
	f.keep(d)
	return true
}

func overlap(f *Facts, d *Decision) bool {
	if _, sitters := f.on(); sitters < 2 {
		return false
	}
	d.set(ToOwnerInbox, ReasonOverlap)
	d.Choices = f.sittersOn()
	f.keep(d)
	return true
}

func sitterOff(f *Facts, d *Decision) bool {
	w, _ := f.on()
	if f.Flags.SitterMay(w.Sitter) {
		return false
	}
	d.set(ToOwnerInbox, ReasonSitterOff)
	d.Sitter, d.Booking = w.Sitter, w.Booking
	f.keep(d)
	return true
}

func active(f *Facts, d *Decision) bool {
	w, _ := f.on()
	d.set(ToSitter, ReasonActive)
	d.Sitter, d.Booking = w.Sitter, w.Booking
	f.keep(d)
	return true
}
