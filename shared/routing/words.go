package routing

import (
	"strings"
	"unicode"
)

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

// StopWish tells whether a text asks for no more texts in words of its own. The
// carriers do not act on it, and neither do we without a person: "please stop by at
// five" is none, and what is one can still be meant otherwise.
func StopWish(body string) bool {
	said := plainWords(body)
	switch said {
	case " stop please ", " please stop ", " stop it ", " stop this ", " stop now ", " please stop it ", " stop stop ", " stop stop stop ":
		return true
	}
	if strings.Contains(said, " dont stop ") || strings.Contains(said, " do not stop ") {
		return false
	}
	for _, wish := range [...]string{
		" stop texting ", " stop messaging ", " stop contacting ", " stop sending me ", " stop sending these ", " stop sending messages ", " stop sending texts ",
		" stop these texts ", " stop these messages ", " stop the texts ", " stop the messages ", " stop all texts ", " stop all messages ", " quit texting ", " quit messaging ",
		" cease texting ", " no more texts ", " no more messages ", " no more text messages ", " no more sms ", " dont text me ", " do not text me ", " dont message me ",
		" do not message me ", " dont contact me ", " do not contact me ", " never text me ", " never message me ", " never contact me ", " stop bothering me ", " leave me alone ",
		" unsubscribe me ", " unsubscribe please ", " please unsubscribe ", " want to unsubscribe ", " opt out ", " opt me out ", " opting out ", " take me off ", " remove me from ", " remove my number ",
		" delete my number ", " lose my number ", " dont want any more texts ", " dont want any more messages ", " dont want texts ", " dont want these texts ",
		" dont want these messages ", " dont want to get texts ", " dont want to receive ", " do not want to receive ", " dont want to be texted ", " no longer want to receive ",
		" no longer wish to receive ", " no me escriban ", " no me escriba ", " deje de escribirme ", " dejen de escribirme ", " no mas mensajes ", " no más mensajes ",
	} {
		if strings.Contains(said, wish) {
			return true
		}
	}
	return false
}

// plainWords are a text's words in lower case with one blank around each: apostrophes
// are dropped, everything else that is no letter or digit parts words.
func plainWords(body string) string {
	var b strings.Builder
	b.WriteByte(' ')
	gap := true
	for _, r := range strings.ToLower(body) {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
			gap = false
		case r == '\'' || r == '’' || r == '‘' || r == 'ʼ' || r == '`':
		case !gap:
			b.WriteByte(' ')
			gap = true
		}
	}
	if !gap {
		b.WriteByte(' ')
	}
	return b.String()
}

// Automatic tells whether a text was written by a machine in somebody's name: answered
// by another machine, the two would never stop.
func Automatic(body string) bool {
	said := plainWords(body)
	for _, mark := range [...]string{
		" auto reply ", " autoreply ", " automatic reply ", " automated reply ", " automatic response ", " automated response ", " auto response ", " autoresponse ", " automated message ",
		" automatic message ", " this is an automated ", " do not reply ", " donotreply ", " noreply ", " no reply ", " out of office ", " out of the office ",
		" im driving and ", " im driving right now ", " im driving with do not disturb ", " i am driving and ", " driving focus ", " will see your message when i get where im going ",
		" currently unavailable and will ", " this number is not monitored ", " this mailbox is not monitored ",
	} {
		if strings.Contains(said, mark) {
			return true
		}
	}
	return false
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
