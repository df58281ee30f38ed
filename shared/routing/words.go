package routing

import "strings"

// Class says what a number is used for.
type Class string

const (
	FrontDesk Class = "front_desk"
	SitterNum Class = "sitter"
	Pool      Class = "pool"
)

// Classes in the order in which diagnostics shows them.
var Classes = [...]Class{FrontDesk, SitterNum, Pool}

// ParseClass accepts the three classes.
func ParseClass(s string) (Class, bool) {
	for _, c := range Classes {
		if string(c) == s {
			return c, true
		}
	}
	return "", false
}

// NumberStatus says whether a number is in use.
type NumberStatus string

const (
	NumberActive      NumberStatus = "active"
	NumberQuarantined NumberStatus = "quarantined"
	NumberInactive    NumberStatus = "inactive"
)

// Kind says what a thread is for.
type Kind string

const (
	Service       Kind = "service"
	FrontDeskTalk Kind = "front_desk"
	Billing       Kind = "billing"
	Guest         Kind = "guest"
)

// Target is where a text was routed.
type Target string

const (
	ToUnroutable Target = "unroutable"
	ToConsent    Target = "consent"
	ToHeld       Target = "held"
	ToOwnerInbox Target = "owner_inbox"
	ToOwner      Target = "owner"
	ToSitter     Target = "sitter"
)

// Visibility says who may see an event.
type Visibility string

const (
	VisibleAll   Visibility = "all"
	VisibleOwner Visibility = "owner"
)

// Role is what somebody may do.
type Role string

const (
	RoleOwner  Role = "owner"
	RoleSitter Role = "sitter"
	RoleOps    Role = "ops"
	RoleClient Role = "client"
	RoleSystem Role = "system"
)

// The routing reasons, word for word; details may follow after a colon.
const (
	ReasonUnknownNumber = "Unknown destination number"
	ReasonOptOut        = "Opt-out keyword"
	ReasonHelp          = "Help keyword"
	ReasonOptIn         = "Opt-in keyword"
	ReasonDisabled      = "Messaging is disabled"
	ReasonQuarantined   = "Number is quarantined"
	ReasonPoolMismatch  = "Pool number mismatch"
	ReasonUnknownSender = "Unknown sender"
	ReasonFrontDesk     = "Front desk conversation"
	ReasonNoWindow      = "No active assignment window"
	ReasonOverlap       = "Overlapping assignment windows"
	ReasonSitterOff     = "Sitter messaging is disabled"
	ReasonActive        = "Active assignment window"

	// With details: a text behind a held one, and a held text whose window closed.
	ReasonWaiting     = ReasonDisabled + ": earlier texts of this sender are still waiting"
	ReasonClosedSince = ReasonNoWindow + ": it closed while the text was held"
)

// Keyword is a consent word of the carriers.
type Keyword string

const (
	NoKeyword Keyword = ""
	KeyStop   Keyword = "stop"
	KeyHelp   Keyword = "help"
	KeyStart  Keyword = "start"
)

// KeywordOf tells whether the whole trimmed text is one of the carriers' consent
// words. "STOP PLEASE" is not: the carrier does not act on it, so it is a wish
// for people to read, not a switch.
func KeywordOf(body string) Keyword {
	word := strings.TrimSpace(body)
	if len(word) > len("UNSUBSCRIBE") {
		return NoKeyword
	}
	switch strings.ToUpper(word) {
	case "STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT":
		return KeyStop
	case "HELP", "INFO":
		return KeyHelp
	case "START", "YES", "UNSTOP":
		return KeyStart
	}
	return NoKeyword
}

// Flags is a snapshot of the stage's switches. The zero value is everything off,
// which is what an unreadable flag means.
type Flags struct {
	Messaging      bool
	Proactive      bool
	SitterMessages bool
	// Allowlist is SITTER_MESSAGES_ALLOWLIST as it stands: "*", "none", empty, or
	// sitter ids separated by commas.
	Allowlist string
}

// SitterMay tells whether sitter messaging is on for one sitter. It does not ask
// whether messaging as a whole is on; that is asked first, elsewhere.
func (f Flags) SitterMay(id SitterID) bool {
	if !f.SitterMessages || id == "" {
		return false
	}
	list := strings.TrimSpace(f.Allowlist)
	switch list {
	case "", "none":
		return false
	case "*":
		return true
	}
	for s := range strings.SplitSeq(list, ",") {
		if strings.TrimSpace(s) == string(id) {
			return true
		}
	}
	return false
}

// Recurring tells whether a booking's client counts as recurring: the booking
// carries a recurrence, or the client has an active weekly plan, or the owner has
// marked the client. Nothing else counts; past bookings do not.
func Recurring(recurrence, activePlan string, marked bool) bool {
	label := strings.TrimSpace(recurrence)
	return label != "" && !strings.EqualFold(label, "none") || strings.EqualFold(strings.TrimSpace(activePlan), "weekly") || marked
}
