package routing

import (
	"slices"
	"strings"
	"time"
)

// The records of the one table, as everybody but the table sees them. They carry
// no keys; shared/store knows where each stands.

// Org is one business.
type Org struct {
	ID       OrgID
	Name     string
	Zone     string // IANA
	Settings Settings
	Version  int64
}

// Settings are what an org may change. Zero values mean the defaults of domain.md.
type Settings struct {
	Buffers            map[string]Buffer
	CooldownDays       int    // a pool number's rest for a client; 0: 30
	QuarantineDays     int    // 0: 90
	QuietFrom, QuietTo string // wall clock, "21:00" and "08:00" if empty
	MismatchText       string // automatic answer to a stranger on a pool number
	ComingText         string // who's coming; {client} {sitter} {pets} {when} {org}
	HandoffText        string // who's coming at a handoff; also {from} {to}
	AfterHoursText     string // empty: none
	OfficeFrom         string // office hours for AfterHoursText
	OfficeTo           string
	HoldClientSwaps    bool     // hold a client's contact swap instead of delivering it flagged
	EscalateMinutes    int      // a client's wait until the owner is told; 0: 10
	OwnLinks           []string // hosts of the business's own pages: no contact swap
	OwnNumbers         []string // phones of the business that it does not rent here, such as the office's; E.164
	Canned             []string
	OwnerPhone         string // critical alerts by text; empty: none
}

// Cooldown is the rest of a pool number for one client.
func (s Settings) Cooldown() time.Duration {
	if s.CooldownDays > 0 {
		return time.Duration(s.CooldownDays) * 24 * time.Hour
	}
	return 30 * 24 * time.Hour
}

// Quarantine is how long a sitter's number rests after they left.
func (s Settings) Quarantine() time.Duration {
	if s.QuarantineDays > 0 {
		return time.Duration(s.QuarantineDays) * 24 * time.Hour
	}
	return 90 * 24 * time.Hour
}

// Number is one that the business rents. It also carries what routing needs to
// know of its org, since the org of an inbound text is unknown until this is read.
type Number struct {
	ID      NumberID
	Org     OrgID
	Phone   Phone
	Class   Class
	Status  NumberStatus
	Sitter  SitterID
	Reason  string    // of the quarantine
	Until   time.Time // of the quarantine
	Since   time.Time // of its being rented
	OrgName string
	Zone    string
	// MismatchText and HoldSwaps are copies of the org's settings.
	MismatchText string
	HoldSwaps    bool
	Version      int64
}

// Facts is the number as a decision sees it.
func (n *Number) Facts() *NumberFacts {
	if n == nil {
		return nil
	}
	return &NumberFacts{Class: n.Class, Status: n.Status, Sitter: n.Sitter}
}

// Route leads from (number texted, sender's phone) to one thread.
type Route struct {
	Number  Phone
	Phone   Phone
	Org     OrgID
	Thread  ThreadID // empty while the pair has only held texts
	Kind    Kind
	Client  ClientID
	Until   time.Time // a pool thread's OpenUntil
	Windows []Window  // those not over, soonest first, as many as fit
	More    bool      // there are more windows than the row carries
	Held    int       // texts of the pair that wait for messaging to come back
	// Rev is the thread's revision that this row was written with. A commit is
	// conditional on it: window and assignment changes raise it.
	Rev int64
	// Blocked is set while the carrier refuses texts on this pair (its error 21610).
	Blocked bool
	// Answered is when this phone last had an automatic answer from this number.
	Answered time.Time
}

// Facts is the thread the route leads to, as a decision sees it.
func (r *Route) Facts() *ThreadFacts {
	if r == nil || r.Thread == "" {
		return nil
	}
	return &ThreadFacts{ID: r.Thread, Kind: r.Kind, Client: r.Client, OpenUntil: r.Until}
}

// Thread is one conversation.
type Thread struct {
	ID      ThreadID
	Org     OrgID
	Kind    Kind
	Number  Phone
	NumID   NumberID
	Client  ClientID
	Name    string   // the client's
	Pets    []string // the client's
	Phones  []Phone  // the client's, or the one unknown phone; answers go to ReplyTo, else the first
	ReplyTo Phone
	Windows []Window // as on the route
	More    bool
	LastEnd time.Time // the end of the last window ever: what a pool number's rest counts from
	LastSit SitterID  // the sitter of that window
	Until   time.Time
	Links   []ThreadID
	Rev     int64

	LastAt      time.Time
	LastText    string // preview of the newest event
	LastDir     Direction
	LastAuthor  string
	LastRole    Role
	LastAllText string // preview of the newest event a sitter may see, and whose booking's
	LastAllAt   time.Time
	LastAllBk   BookingID

	Unread       int // for the owners, together
	SitterUnread int // for the sitter of the last routed text
	Open         int // routed to the owner and not done
	OpenReason   string
	OpenSince    time.Time // when the oldest of them was received
	OpenRule     int
	Choices      []SitterID
	Flagged      bool
	Failed       int
	NeedsReply   bool
	Asked        SitterID // who has asked the office here and awaits its note
	Question     AlertID  // by which the owner was told of that
	// Look is set once somebody of this thread may have opted out, or be refused by the
	// carrier: only then is the truth looked up to show it. What is sent never goes by it.
	Look bool
	// History is the newest lines of who was assigned here, and Older the instant of the
	// newest line that is not among them.
	History    []HandedOver
	Older      time.Time
	CreatedAt  time.Time
	Exceptions []string // texts allowed by the owner in this thread's screening
	Burst      Burst
}

// Burst counts what people sent in a thread since an instant.
type Burst struct {
	Since time.Time
	N     int
}

// Next is the count with one more message in it: a new one, where the span of the old
// one is over.
func (b Burst) Next(now time.Time, span time.Duration) Burst {
	if b.Since.IsZero() || now.Before(b.Since) || now.Sub(b.Since) >= span {
		return Burst{Since: now, N: 1}
	}
	return Burst{Since: b.Since, N: b.N + 1}
}

// Facts is the thread as a decision sees it.
func (t *Thread) Facts() *ThreadFacts {
	if t == nil {
		return nil
	}
	return &ThreadFacts{ID: t.ID, Kind: t.Kind, Client: t.Client, OpenUntil: t.Until}
}

// To is the phone an answer goes to.
func (t *Thread) To() Phone {
	if !t.ReplyTo.IsZero() {
		return t.ReplyTo
	}
	if len(t.Phones) > 0 {
		return t.Phones[0]
	}
	return Phone{}
}

// Direction of an event.
type Direction string

const (
	Inbound  Direction = "inbound"
	Outbound Direction = "outbound"
	Note     Direction = "note" // for the team: no code path leads from it to the carrier
)

// Author of an event.
type Author struct {
	Role Role
	ID   string // of the person
	Name string
}

// Media is one picture.
type Media struct {
	URL  string // where it is to be had from the carrier, while we have not kept it; of ours to send: any address
	Type string
	Key  string // where it is kept
	Gone bool   // it was not to be had, or is not of a kind that is kept
}

// Awaited tells whether a picture is still to be fetched.
func (m Media) Awaited() bool { return m.Key == "" && !m.Gone }

// Event is one message in a thread.
type Event struct {
	ID         EventID
	Dir        Direction
	Author     Author
	Text       string
	Media      []Media
	Booking    BookingID
	Visibility Visibility
	At         time.Time
	From, To   Phone
	Number     NumberID // ours, of From or To
	Late       bool
	Routing    *Routed // inbound
	Flags      []Flagged
	Hidden     string // the text as a sitter sees it, where that differs
	Open       bool   // routed to the owner, not yet done (a forwarded or answered one no longer)
	ForwardTo  []SitterID

	// Outbound:
	Status    Status
	Attempt   int
	Lease     time.Time // while sending: nobody else may try before
	DueAt     time.Time // while queued
	Sid       string
	Code      int    // the carrier's error code
	Error     string // a sentence for the owner
	Purpose   string // "", "coming", "auto", "notify", "alert", "after_hours"
	Window    Window // of a coming message: the visit it tells of
	Retries   int
	Waited    bool // it was due while messaging was off
	ReleaseBy string
	ReleaseOf string // the reason of the release
}

// Routed is a routing decision as it is kept.
type Routed struct {
	Rule   int
	Target Target
	Reason string
	Class  Class
	Facts  string // as kept; Trace tells the rules from them
}

// Flagged is one thing screening saw.
type Flagged struct {
	Family     string
	Start, End int // bytes of the text
}

// Alert tells the owner of something.
type Alert struct {
	ID       AlertID
	Kind     string
	Severity string // info, high, critical
	Text     string
	Thread   ThreadID
	Event    EventID
	Booking  BookingID
	Sitter   SitterID
	At       time.Time
	Open     bool
	Resolved string // by whom, with the note
}

// Client of the business.
type Client struct {
	ID        ClientID
	Name      string
	Phones    []Phone
	Recurring bool // the owner's mark
	Plan      string
	Pets      []string
	Zone      string
	OptedOut  bool
	Version   int64
}

// Sitter of the business.
type Sitter struct {
	ID      SitterID
	Name    string
	Active  bool
	Phone   Phone // their own, for notifications without content, if they asked for them
	Notify  bool
	Locked  bool
	Stopped int64 // messages of theirs ever stopped for a contact swap: two at one moment must not both be the first
	Number  NumberID
	Version int64
}

// Booking as the office keeps it.
type Booking struct {
	ID           BookingID
	Client       ClientID
	Sitter       SitterID
	Service      string
	Start, End   time.Time
	Visits       []Visit // at least one; the visit "v1" is the booking's own start and end if none were given
	Recurrence   string
	Status       string
	Pets         []string
	MeetAndGreet string // "", pending, approved
	// Knows is the sitter whom the client knows to be coming from elsewhere, such as the
	// booking system that an import takes over from: they are not told again.
	Knows   SitterID
	Version int64
	By      string // who changed it last, and why
	Reason  string
}

// Live tells whether a booking may hold windows.
func (b *Booking) Live() bool {
	return (b.Status == "pending" || b.Status == "confirmed") && b.MeetAndGreet != "pending"
}

// Assignment is what has been done about a booking: the version applied, where its
// windows stand, and whether the client was told.
type Assignment struct {
	Booking   BookingID
	Client    ClientID
	Version   int64
	Rev       int64 // raised by every write of this row, for conditions
	Sitter    SitterID
	Thread    ThreadID // where its windows stand; empty while it is only suggested
	Before    ThreadID // the thread before that one: what it is linked to
	Windows   []Window // standing, or due once there is a thread
	Extended  map[VisitID]time.Duration
	Told      SitterID // the sitter the client was last told of (or will be, by ToldEvent)
	ToldEvent EventID
	Suggested bool
	NoNumber  bool // suggested because no pool number was free
	Service   string
	History   []Handed
	// Loose are the windows that a change which ended half-way may have put or taken
	// away: the next change puts them right.
	Loose []Loose
}

// Loose are windows of one thread that nothing can be said of.
type Loose struct {
	Thread  ThreadID
	Windows []Window
}

// Handed is one line of the assignment history.
type Handed struct {
	At     time.Time
	From   SitterID
	To     SitterID
	By     string
	Reason string
}

// HandedOver is such a line with the booking that was handed over.
type HandedOver struct {
	Booking BookingID
	Handed
}

const (
	historyBytes = 320                 // of history on a thread's row, which every message writes
	HistoryShown = 30 * 24 * time.Hour // how long a line is of interest
)

// size is about what the line takes on a row; none, if it cannot stand there.
func (h HandedOver) size() (int, bool) {
	all := string(h.Booking) + string(h.From) + string(h.To) + h.By
	return len(all) + len(h.Reason) + 15, !strings.ContainsAny(all, ",\n") && !strings.Contains(h.Reason, "\n")
}

// CarryHistory is what a thread's row tells once a booking's history is hs: the newest
// lines of the last thirty days, oldest first, as many as fit, and the instant of the
// newest that did not.
func CarryHistory(had []HandedOver, older time.Time, b BookingID, hs []Handed, at time.Time) ([]HandedOver, time.Time) {
	all := slices.DeleteFunc(slices.Clone(had), func(h HandedOver) bool { return h.Booking == b })
	for _, h := range hs {
		all = append(all, HandedOver{b, h})
	}
	all = slices.DeleteFunc(all, func(h HandedOver) bool { return at.Sub(h.At) > HistoryShown })
	slices.SortStableFunc(all, func(a, b HandedOver) int { return a.At.Compare(b.At) })
	kept := []HandedOver{}
	room := historyBytes
	for i := len(all) - 1; i >= 0; i-- {
		n, ok := all[i].size()
		if room -= n; !ok || room < 0 {
			if all[i].At.After(older) {
				older = all[i].At
			}
			break
		}
		kept = append(kept, all[i])
	}
	slices.Reverse(kept)
	return kept, older
}

// Ledger is what is known of a client's conversations: every number they hold a
// thread on, and what is due to them. Its revision is where all assignments of one
// client meet, so that no two of them can make a thread for the same need.
type Ledger struct {
	Client  ClientID
	Rev     int64
	Threads []Held
	Due     []Due
}

// Held is one thread of a client's.
type Held struct {
	Thread ThreadID
	Kind   Kind
	Number Phone
	NumID  NumberID
	Sitter SitterID // last known to be served; on a sitter's number: theirs
}

// Due is a suggested conversation: a booking with a sitter and no thread yet.
type Due struct {
	Booking BookingID
	Sitter  SitterID
	Windows []Window
}

// Consent is what one person told the org about texts.
type Consent struct {
	OptedOut bool
	At       time.Time
	Word     string
}
