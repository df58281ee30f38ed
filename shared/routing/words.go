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
	if KeywordOf(body) != NoKeyword || Automatic(body) {
		return false // the word itself is no wish, and a machine has none
	}
	said := plainWords(body)
	if strings.Contains(said, " dont stop ") || strings.Contains(said, " do not stop ") {
		return false
	}
	for _, wish := range [...]string{
		" stop contacting ", " quit contacting ", " stop bothering me ", " unsubscribe me ", " unsubscribe please ", " please unsubscribe ", " want to unsubscribe ", " opt out ", " opt me out ",
		" opting out ", " take me off ", " remove me from ", " please remove me ", " remove my number ", " remove this number ", " delete my number ", " lose my number ", " leave me alone ",
		" revoke my consent ", " revoke consent ", " no me escriban ", " no me escriba ", " deje de escribirme ", " dejen de escribirme ", " no mas mensajes ", " no más mensajes ",
		" dont want to receive ", " do not want to receive ", " no longer want to receive ",
		" no longer wish to receive ", " no quiero mas mensajes ", " no quiero más mensajes ", " no quiero recibir ",
	} {
		if strings.Contains(said, wish) {
			return true
		}
	}
	words := strings.Fields(said)
	return loneStop(words) || unwanted(words)
}

// loneStop finds a consent word that the carrier does not take for one: with a full
// stop, in quotes, spelled out, said twice, said politely. CANCEL and END count with
// nothing but signs around them, since "please cancel" is about a visit.
func loneStop(words []string) bool {
	if len(words) == 1 {
		return KeywordOf(words[0]) == KeyStop
	}
	if KeywordOf(strings.Join(words, "")) == KeyStop && len(words[0]) == 1 {
		return true
	}
	found := false
	for _, w := range words {
		switch w {
		case "stop", "stopall", "unsubscribe", "optout", "quit", "revoke":
			found = true
		case "please", "pls", "plz", "just", "now", "ok", "okay", "thanks", "thank", "you", "can", "could", "would", "kindly", "it", "this", "all", "i", "said", "to":
		default:
			return false
		}
	}
	return found
}

// unwanted finds words against texts: "stop sending me these messages", "no more texts",
// "don't text us", "I'd rather not get texts".
func unwanted(words []string) bool {
	for i, w := range words {
		rest := words[i+1:]
		switch w {
		case "stop", "quit", "cease", "enough":
			if texts(rest) {
				return true
			}
		case "no":
			if len(rest) > 1 && (rest[0] == "more" && texts(rest) || rest[0] == "longer" && wants(rest[1]) && texts(rest[1:])) {
				return true
			}
			if len(rest) > 1 && isText(rest[0]) && rest[1] == "please" {
				return true
			}
		case "dont", "not", "never":
			// "I am not getting your texts" wants more of them.
			if len(rest) > 1 && (wants(rest[0]) || rest[0] == "send" || i > 0 && words[i-1] == "rather") && texts(rest) {
				return true
			}
			if len(rest) > 1 {
				switch rest[0] {
				case "text", "txt", "message", "msg", "contact", "sms":
					switch rest[1] {
					case "me", "us", "this", "here", "anymore", "again":
						return true
					}
				}
			}
		}
	}
	return false
}

func wants(w string) bool { return w == "want" || w == "wish" || w == "like" || w == "need" }

// texts tells whether some words come to speak of texts with nothing between that leads
// elsewhere.
func texts(words []string) bool {
	for _, w := range words {
		if isText(w) {
			return true
		}
		switch w {
		case "send", "sending", "getting", "get", "receive", "receiving", "be", "being", "want", "wish", "like", "need", "to", "it", "with", "of", "all", "any", "more", "the", "these", "those", "this", "your", "me", "us",
			"anymore", "annoying", "automated", "text":
		default:
			return false
		}
	}
	return false
}

func isText(w string) bool {
	switch w {
	case "texts", "texting", "texted", "txts", "messages", "messaging", "messaged", "msgs", "msging", "sms", "notifications", "communication", "communications", "contacted":
		return true
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
