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
	// Client is the org's client who has the sender's phone, if one has.
	Client ClientID
	// Thread is where the pair's route leads, if it has one.
	Thread *ThreadFacts
	// Windows are the thread's; without a thread, those due to the client's first
	// text on a sitter's number.
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
	// OpenUntil is the end of a pool thread's cool-down; zero never closes.
	OpenUntil time.Time
}

// Open tells whether a late text still reaches the thread.
func (t *ThreadFacts) Open(at time.Time) bool {
	return t != nil && (t.OpenUntil.IsZero() || !at.After(t.OpenUntil))
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

// A rule looks at the facts and either fires or does not. fact words what it saw;
// it is only called for a trace, so that a decision allocates nothing for words.
type rule struct {
	number int
	fire   func(*Facts) (Decision, bool)
	fact   func(*Facts) string
}

// rules is domain.md's order; the first that fires wins. Rules 0 (signature) and 1
// (a MessageSid seen before) are facts about the request, not about the text, and
// stand in the shell. The last rule always fires.
var rules = [...]rule{
	{2, unknownNumber, func(f *Facts) string {
		if f.Number == nil {
			return "the number belongs to no org"
		}
		return "the number is " + string(f.Number.Status) + ", class " + string(f.Number.Class)
	}},
	{3, keyword, func(f *Facts) string {
		switch {
		case f.Word == NoKeyword:
			return "the text is no consent word"
		case f.Word == KeyStart && !f.OptedOut:
			return "a START word, but the sender is not opted out"
		}
		return "the whole text is a " + string(f.Word) + " word"
	}},
	{4, held, func(f *Facts) string {
		switch {
		case !f.Flags.Messaging:
			return "ENABLE_MESSAGING_V1 is off"
		case f.Waiting:
			return "earlier texts of this sender to this number are still held"
		}
		return "ENABLE_MESSAGING_V1 is on"
	}},
	{5, quarantined, func(f *Facts) string { return "the number's status is " + string(f.Number.Status) }},
	{6, poolMismatch, func(f *Facts) string {
		if f.Number.Class != Pool {
			return "not a pool number"
		}
		if f.Thread == nil {
			return "a pool number; the sender has no thread on it"
		}
		return fmt.Sprintf("a pool number; the sender's thread on it is %s, open: %t", f.Thread.Kind, f.Thread.Open(f.At))
	}},
	{7, unknownSender, func(f *Facts) string {
		if f.Client == "" && f.guestOrNone() {
			return "no client has the sender's phone"
		}
		return "the sender is a client"
	}},
	{8, frontDesk, func(f *Facts) string {
		if f.Thread == nil {
			return "class " + string(f.Number.Class) + ", no thread yet"
		}
		return "the thread is " + string(f.Thread.Kind)
	}},
	{9, noWindow, func(f *Facts) string {
		if n := len(Current(f.Windows, f.At)); n > 0 {
			return fmt.Sprintf("%d active", n)
		}
		if w, ok := Next(f.Windows, f.At); ok {
			return "none active, the next begins " + w.Start.UTC().Format(time.RFC3339)
		}
		return "none active, none to come"
	}},
	{10, overlap, func(f *Facts) string {
		return fmt.Sprintf("%d sitters have an active window", len(sittersOn(f)))
	}},
	{11, sitterOff, func(f *Facts) string {
		return fmt.Sprintf("sitter messaging for %s: %t", sittersOn(f)[0], f.Flags.SitterMay(sittersOn(f)[0]))
	}},
	{12, active, func(*Facts) string { return "one sitter's window is active" }},
}

// Decide says where a text goes and why. Every set of facts has exactly one answer.
func Decide(f Facts) Decision {
	for i := range rules {
		if d, fired := rules[i].fire(&f); fired {
			d.Rule = rules[i].number
			return d
		}
	}
	panic("routing: no rule fired, and the last one always does")
}

// Explain decides the same, and tells every rule that was looked at with its fact.
func Explain(f Facts) (Decision, []Step) {
	var steps []Step
	for i := range rules {
		r := &rules[i]
		d, fired := r.fire(&f)
		step := Step{Rule: r.number, Fact: r.fact(&f), Result: "no"}
		if fired {
			d.Rule = r.number
			step.Result = string(d.Target) + ": " + d.Reason
			return d, append(steps, step)
		}
		steps = append(steps, step)
	}
	panic("routing: no rule fired, and the last one always does")
}

func unknownNumber(f *Facts) (Decision, bool) {
	if f.Number != nil && f.Number.Status != NumberInactive {
		return Decision{}, false
	}
	return Decision{Target: ToUnroutable, Reason: ReasonUnknownNumber, Place: InNowhere}, true
}

func keyword(f *Facts) (Decision, bool) {
	d := Decision{Target: ToConsent}
	switch f.Word {
	case KeyStop:
		d.Reason = ReasonOptOut
	case KeyHelp:
		d.Reason = ReasonHelp
	case KeyStart:
		if !f.OptedOut {
			return d, false
		}
		d.Reason = ReasonOptIn
	default:
		return d, false
	}
	return f.keep(d), true
}

func held(f *Facts) (Decision, bool) {
	switch {
	case !f.Flags.Messaging:
		return Decision{Target: ToHeld, Reason: ReasonDisabled, Place: InHeld}, true
	case f.Waiting:
		return Decision{Target: ToHeld, Reason: ReasonDisabled + ": earlier texts of this sender are still waiting", Place: InHeld}, true
	}
	return Decision{}, false
}

func quarantined(f *Facts) (Decision, bool) {
	if f.Number.Status != NumberQuarantined {
		return Decision{}, false
	}
	d := Decision{Target: ToOwnerInbox, Reason: ReasonQuarantined, Place: InThread}
	if f.Thread == nil {
		d.Place, d.NewKind = InNew, Guest
	}
	return d, true
}

func poolMismatch(f *Facts) (Decision, bool) {
	if f.Number.Class != Pool || f.Thread.Open(f.At) && f.Thread.Kind == Service {
		return Decision{}, false
	}
	d := Decision{Target: ToOwnerInbox, Reason: ReasonPoolMismatch, Place: InNew, NewKind: Guest, AutoAnswer: true}
	if f.Thread != nil && f.Thread.Kind == Guest {
		d.Place, d.NewKind = InThread, ""
	}
	return d, true
}

func (f *Facts) guestOrNone() bool { return f.Thread == nil || f.Thread.Kind == Guest }

func unknownSender(f *Facts) (Decision, bool) {
	if f.Client != "" || !f.guestOrNone() {
		return Decision{}, false
	}
	return f.keep(Decision{Target: ToOwnerInbox, Reason: ReasonUnknownSender}), true
}

func frontDesk(f *Facts) (Decision, bool) {
	if f.Thread == nil && f.Number.Class != FrontDesk || f.Thread != nil && f.Thread.Kind != FrontDeskTalk && f.Thread.Kind != Billing &&
		!(f.Thread.Kind == Guest && f.Number.Class == FrontDesk) {
		return Decision{}, false
	}
	return f.keep(Decision{Target: ToOwner, Reason: ReasonFrontDesk}), true
}

// keep puts a text into the pair's thread, or into a new one of the kind that the
// number and the sender call for.
func (f *Facts) keep(d Decision) Decision {
	d.Place = InThread
	if f.Thread.Open(f.At) {
		return d
	}
	d.Place = InNew
	switch {
	case f.Client == "" || f.Number.Class == Pool || f.Number.Status == NumberQuarantined:
		d.NewKind = Guest
	case f.Number.Class == FrontDesk:
		d.NewKind = FrontDeskTalk
	default:
		d.NewKind = Service
	}
	return d
}

func noWindow(f *Facts) (Decision, bool) {
	for _, w := range f.Windows {
		if w.Active(f.At) {
			return Decision{}, false
		}
	}
	d := Decision{Target: ToOwnerInbox, Reason: ReasonNoWindow}
	if w, ok := Next(f.Windows, f.At); ok {
		d.Next = w
	}
	return f.keep(d), true
}

// sittersOn are the sitters who have a window on, each once, in the order of
// their windows.
func sittersOn(f *Facts) []SitterID {
	var on []SitterID
	for _, w := range f.Windows {
		if w.Active(f.At) && !slices.Contains(on, w.Sitter) {
			on = append(on, w.Sitter)
		}
	}
	return on
}

func (f *Facts) oneSitterOn() (w Window, others bool) {
	for _, x := range f.Windows {
		if !x.Active(f.At) {
			continue
		}
		if w.Sitter == "" {
			w = x
		} else if x.Sitter != w.Sitter {
			return w, true
		}
	}
	return w, false
}

func overlap(f *Facts) (Decision, bool) {
	if _, others := f.oneSitterOn(); !others {
		return Decision{}, false
	}
	return f.keep(Decision{Target: ToOwnerInbox, Reason: ReasonOverlap, Choices: sittersOn(f)}), true
}

func sitterOff(f *Facts) (Decision, bool) {
	w, _ := f.oneSitterOn()
	if f.Flags.SitterMay(w.Sitter) {
		return Decision{}, false
	}
	return f.keep(Decision{Target: ToOwnerInbox, Reason: ReasonSitterOff, Sitter: w.Sitter, Booking: w.Booking}), true
}

func active(f *Facts) (Decision, bool) {
	w, _ := f.oneSitterOn()
	return f.keep(Decision{Target: ToSitter, Reason: ReasonActive, Sitter: w.Sitter, Booking: w.Booking}), true
}
