package routing

import (
	"errors"
	"hash/fnv"
	"strconv"
	"strings"
	"time"
)

// Ids are opaque to everybody outside. Inside, an id of a thread, event or alert
// carries its org, so that a caller's org can be held against it before a single
// byte is read, and a foreign id can only ever miss.
type (
	// OrgID names one business: 1 to 24 lower-case letters and digits.
	OrgID string
	// ClientID, SitterID, BookingID and NumberID are unique within their org.
	ClientID  string
	SitterID  string
	BookingID string
	NumberID  string
	// VisitID is unique within its booking.
	VisitID string
	// ThreadID is t-<org>-<local>.
	ThreadID string
	// EventID is e-<org>-<thread's local>-<order>: it names its thread, and sorts
	// by the microsecond at which the event was made.
	EventID string
	// AlertID is a-<org>-<order>.
	AlertID string
)

// ErrID is returned for text that is no id of the kind asked for.
var ErrID = errors.New("not an id of this kind")

const maxID = 64

func idWord(s string, alphabet func(byte) bool) bool {
	if s == "" || len(s) > maxID {
		return false
	}
	for i := range len(s) {
		if !alphabet(s[i]) {
			return false
		}
	}
	return true
}

func lowerAlnum(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' }
func plainID(c byte) bool {
	return lowerAlnum(c) || c >= 'A' && c <= 'Z' || c == '-' || c == '_' || c == '.'
}

func isOrg(s string) bool { return len(s) <= 24 && idWord(s, lowerAlnum) }

// ParseOrgID accepts 1 to 24 lower-case letters and digits.
func ParseOrgID(s string) (OrgID, error) {
	if !isOrg(s) {
		return "", ErrID
	}
	return OrgID(s), nil
}

// ParseClientID, ParseSitterID, ParseBookingID, ParseNumberID and ParseVisitID
// accept 1 to 64 letters, digits, dots, hyphens and underscores: no separator of
// the table's keys can be smuggled in.
func ParseClientID(s string) (ClientID, error)   { return parsePlain[ClientID](s) }
func ParseSitterID(s string) (SitterID, error)   { return parsePlain[SitterID](s) }
func ParseBookingID(s string) (BookingID, error) { return parsePlain[BookingID](s) }
func ParseNumberID(s string) (NumberID, error)   { return parsePlain[NumberID](s) }
func ParseVisitID(s string) (VisitID, error)     { return parsePlain[VisitID](s) }

func parsePlain[T ~string](s string) (T, error) {
	if !idWord(s, plainID) {
		return "", ErrID
	}
	return T(s), nil
}

// NewThreadID makes the id of a thread from its org and a local part of lower-case
// letters and digits that is unique within the org.
func NewThreadID(org OrgID, local string) ThreadID {
	return ThreadID("t-" + string(org) + "-" + local)
}

// ParseThreadID accepts what NewThreadID makes.
func ParseThreadID(s string) (ThreadID, error) {
	p := strings.SplitN(s, "-", 4)
	if len(p) != 3 || p[0] != "t" || !isOrg(p[1]) || !idWord(p[2], lowerAlnum) {
		return "", ErrID
	}
	return ThreadID(s), nil
}

// Org is the business the thread belongs to.
func (t ThreadID) Org() OrgID { return OrgID(part(string(t), 1)) }

// Local is the part that is unique within the org.
func (t ThreadID) Local() string { return part(string(t), 2) }

// noticesMark begins the local part of a notices thread; with its hash it is longer
// than that of any conversation.
const noticesMark = "notices"

// NoticesThread is where the events live that go to the own phone of somebody who
// works for the business: a sitter by their id, the owner as "owner". It is a place
// among the events and no conversation: it has no row of its own, so no list, search
// or client's thread can ever show what is in it.
func NoticesThread(org OrgID, whom string) ThreadID {
	h := fnv.New64a()
	h.Write([]byte(whom))
	sum := strconv.FormatUint(h.Sum64(), 16)
	return NewThreadID(org, noticesMark+strings.Repeat("0", 16-len(sum))+sum)
}

// Notices tells whether a thread is one of those places.
func (t ThreadID) Notices() bool {
	local := t.Local()
	return len(local) == len(noticesMark)+16 && strings.HasPrefix(local, noticesMark)
}

// NewEventID makes the id of an event from its thread and an order that sorts by time.
func NewEventID(t ThreadID, order string) EventID {
	return EventID("e-" + string(t.Org()) + "-" + t.Local() + "-" + order)
}

// ParseEventID accepts what NewEventID makes.
func ParseEventID(s string) (EventID, error) {
	p := strings.SplitN(s, "-", 5)
	if len(p) != 4 || p[0] != "e" || !isOrg(p[1]) || !idWord(p[2], lowerAlnum) || !idWord(p[3], lowerAlnum) {
		return "", ErrID
	}
	return EventID(s), nil
}

// Thread is the thread the event stands in.
func (e EventID) Thread() ThreadID {
	return NewThreadID(OrgID(part(string(e), 1)), part(string(e), 2))
}

// Org is the business the event belongs to.
func (e EventID) Org() OrgID { return OrgID(part(string(e), 1)) }

// Order sorts the events of a thread by time.
func (e EventID) Order() string { return part(string(e), 3) }

// NewAlertID makes the id of an alert.
func NewAlertID(org OrgID, order string) AlertID { return AlertID("a-" + string(org) + "-" + order) }

// ParseAlertID accepts what NewAlertID makes.
func ParseAlertID(s string) (AlertID, error) {
	p := strings.SplitN(s, "-", 4)
	if len(p) != 3 || p[0] != "a" || !isOrg(p[1]) || !idWord(p[2], lowerAlnum) {
		return "", ErrID
	}
	return AlertID(s), nil
}

// Org is the business the alert belongs to.
func (a AlertID) Org() OrgID { return OrgID(part(string(a), 1)) }

// Order sorts alerts by time.
func (a AlertID) Order() string { return part(string(a), 2) }

func part(s string, n int) string {
	for ; n > 0; n-- {
		_, s, _ = strings.Cut(s, "-")
	}
	s, _, _ = strings.Cut(s, "-")
	return s
}

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz" // Crockford's base 32

// MomentOf is the instant at which an id's order was made.
func MomentOf(order string) time.Time {
	var us int64
	for i := range min(len(order), 11) {
		us = us<<5 | int64(max(strings.IndexByte(alphabet, order[i]), 0))
	}
	return time.UnixMicro(us).UTC()
}

// Order makes the time-ordered part of an id: eleven characters of Crockford's
// base 32 for the microseconds since 1970, then the random part given (lower-case
// letters and digits). Two events of one microsecond sort by the random part.
func Order(unixMicro int64, random string) string {
	var b [11]byte
	for i := len(b) - 1; i >= 0; i-- {
		b[i] = alphabet[unixMicro&31]
		unixMicro >>= 5
	}
	return string(b[:]) + random
}
