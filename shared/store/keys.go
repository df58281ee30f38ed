package store

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"time"

	"snout/shared/routing"
)

// key is where an item stands. Every key of the table is made in this file, from parsed
// ids that cannot hold the separator; a key that belongs to an org begins with the org.
// The package comment lists them all.
type key struct{ PK, SK string }

const meta = "META"

func numberKey(n routing.Phone) key     { return key{"N#" + n.E164(), meta} }
func routeKey(n, p routing.Phone) key   { return key{"N#" + n.E164(), "P#" + p.E164()} }
func heldPrefix(p routing.Phone) string { return "H#" + p.E164() + "#" }
func heldKey(n, p routing.Phone, o string) key {
	return key{"N#" + n.E164(), heldPrefix(p) + o}
}
func markKey(n routing.Phone) key { return key{numberKey(n).PK, "MARK"} }

func seenKey(sid string) key { return key{"M#" + sid, meta} }

// comparedIndex lists a number among those that can be texted.
func comparedIndex(n routing.Number) item {
	if n.Status == routing.NumberInactive {
		return nil
	}
	return index(1, numbersPK, n.Phone.E164())
}

func orgPK(o routing.OrgID) string                         { return "O#" + string(o) }
func orgKey(o routing.OrgID) key                           { return key{orgPK(o), meta} }
func orgNumberKey(o routing.OrgID, n routing.NumberID) key { return key{orgPK(o), "N#" + string(n)} }
func sitterKey(o routing.OrgID, s routing.SitterID) key    { return key{orgPK(o), "S#" + string(s)} }
func countKey(o routing.OrgID, shard int) key              { return key{countPK(o), fmt.Sprintf("COUNT#%d", shard)} }
func clientsPK(o routing.OrgID) string                     { return orgPK(o) + "#C" }
func clientKey(o routing.OrgID, c routing.ClientID) key    { return key{clientsPK(o), string(c)} }
func ledgerKey(o routing.OrgID, c routing.ClientID) key {
	return key{clientsPK(o) + "#" + string(c), "LEDGER"}
}
func phonePK(o routing.OrgID, p routing.Phone) string { return orgPK(o) + "#P#" + p.E164() }
func phoneKey(o routing.OrgID, p routing.Phone) key   { return key{phonePK(o, p), "CLIENT"} }
func consentKey(o routing.OrgID, p routing.Phone) key { return key{phonePK(o, p), "CONSENT"} }
func consentLineKey(o routing.OrgID, p routing.Phone, order string) key {
	return key{phonePK(o, p), "LINE#" + order}
}
func bookingPK(o routing.OrgID, b routing.BookingID) string { return orgPK(o) + "#B#" + string(b) }
func bookingKey(o routing.OrgID, b routing.BookingID) key   { return key{bookingPK(o, b), "BOOKING"} }
func hooksPK(o routing.OrgID) string                        { return orgPK(o) + "#HOOK" }
func hookKey(o routing.OrgID, n routing.NumberID) key       { return key{hooksPK(o), string(n)} }
func assignKey(o routing.OrgID, b routing.BookingID) key    { return key{bookingPK(o, b), "ASSIGN"} }
func attemptsPK(o routing.OrgID, s routing.SitterID) string { return orgPK(o) + "#S#" + string(s) }
func attemptKey(o routing.OrgID, s routing.SitterID, at string) key {
	return key{attemptsPK(o, s), "ATT#" + at}
}
func alertKey(a routing.AlertID) key                { return key{orgPK(a.Org()) + "#A", a.Order()} }
func auditKey(o routing.OrgID, order string) key    { return key{auditPK(o), order} }
func decisionsPK(o routing.OrgID) string            { return orgPK(o) + "#DEC" }
func decisionKey(o routing.OrgID, order string) key { return key{decisionsPK(o), order} }
func trendKey(o routing.OrgID, shard int) key {
	return key{decisionsPK(o), fmt.Sprintf("~TREND#%d", shard)} // behind every decision
}
func rateKey(o routing.OrgID, whom string, minute time.Time) key {
	return key{orgPK(o) + "#RATE#" + whom, stamp(minute)}
}
func idemKey(o routing.OrgID, hash string) key { return key{orgPK(o) + "#K", hash} }
func threadPK(t routing.ThreadID) string       { return "T#" + string(t) }
func threadKey(t routing.ThreadID) key         { return key{threadPK(t), meta} }
func eventKey(e routing.EventID) key           { return key{threadPK(e.Thread()), "E#" + e.Order()} }
func noticeKey(t routing.ThreadID) key         { return key{threadPK(t), "NOTE"} }
func foldKey(pk string) key                    { return key{pk, "FOLD"} }

// opsPK holds what belongs to no org, and numbersPK lists every number of every org
// for the job that compares them with the carrier's list. The stage's audit has a
// partition of its own, as an org's has: a role's policy can only go by the partition.
const (
	opsPK      = "OPS"
	numbersPK  = opsPK + "#N"
	opsAuditPK = opsPK + "#AUDIT"
)

// auditPK is where lines of the audit stand; with no org, the stage's.
func auditPK(o routing.OrgID) string {
	if o == "" {
		return opsAuditPK
	}
	return orgPK(o) + "#AUDIT"
}

func countPK(o routing.OrgID) string {
	if o == "" {
		return opsPK
	}
	return orgPK(o)
}

func unroutableKey(order string) key { return key{opsPK, "U#" + order} }
func parkedKey(order string) key     { return key{opsPK, "PARK#" + order} }
func reportKey(order string) key     { return key{opsPK, "REPORT#" + order} }

func duePK(shard int) string { return fmt.Sprintf("X#%d", shard) }
func dueKey(shard int, at time.Time, e routing.EventID) key {
	return key{duePK(shard), stamp(at) + "#" + string(e)}
}
func waitingKey(shard int, at time.Time, o routing.OrgID, b routing.BookingID) key {
	return key{duePK(shard), stamp(at) + "#" + string(o) + "#" + string(b)}
}

// Index partitions.
func listPK(o routing.OrgID, k routing.Kind) string {
	if k == routing.Billing {
		return orgPK(o) + "#LB"
	}
	return orgPK(o) + "#L"
}
func inboxPK(o routing.OrgID) string                             { return orgPK(o) + "#I" }
func openWindowsPK(o routing.OrgID) string                       { return orgPK(o) + "#W" }
func suggestedPK(o routing.OrgID) string                         { return orgPK(o) + "#D" }
func bookingsPK(o routing.OrgID) string                          { return orgPK(o) + "#B" }
func sitterWindowsPK(o routing.OrgID, s routing.SitterID) string { return attemptsPK(o, s) + "#W" }
func sitterBookingsPK(o routing.OrgID, s routing.SitterID) string {
	return attemptsPK(o, s) + "#B"
}

// bookingSort orders bookings by an instant of theirs.
func bookingSort(at time.Time, b routing.BookingID) string { return stamp(at) + "#" + string(b) }
func heldPK(shard int) string                              { return fmt.Sprintf("HELD#%d", shard) }

// A thread's windows stand behind its row, those that end last first, and its events
// before it, so that one Query backwards from the windows of some days ago reads what a
// page shows: those windows and all later ones, the row, and the newest events.
func windowKey(t routing.ThreadID, w routing.Window) key {
	return key{threadPK(t), windowPrefix + latestFirst(w.End) + "#" + string(w.Booking) + "#" + string(w.Visit)}
}

const (
	windowPrefix = "W#"
	eventPrefix  = "E#"
)

// windowsSince is the bound of the windows that end at an instant or later.
func windowsSince(t time.Time) string { return windowPrefix + latestFirst(t) + "~" }

// sitterWindowSort orders a sitter's windows by their end.
func sitterWindowSort(w routing.Window) string {
	return stamp(w.End) + "#" + string(w.Booking) + "#" + string(w.Visit)
}

// openWindowKey is a window in as few bytes as tell whether it is on and in which
// thread: diagnostics reads these by the hundred. The tail keeps two windows of the
// same thread and times apart.
func openWindowKey(o routing.OrgID, t routing.ThreadID, w routing.Window) key {
	h := fnv.New32a()
	h.Write([]byte(string(w.Booking) + "#" + string(w.Visit)))
	return key{openWindowsPK(o), stamp(w.End) + stamp(w.Start) + t.Local() + "#" + strconv.FormatUint(uint64(h.Sum32()), 36)}
}

// stamp is an instant as nine base-36 digits of milliseconds: it sorts, and it is
// short, because index entries of open windows are read by the hundred.
func stamp(t time.Time) string { return base36(max(t.UnixMilli(), 0)) }

// latestFirst is a stamp that sorts the other way round.
func latestFirst(t time.Time) string {
	const last = 101559956668415 // 36^9 - 1
	return base36(last - max(t.UnixMilli(), 0))
}

func base36(ms int64) string {
	const digits = "0123456789abcdefghijklmnopqrstuvwxyz"
	var b [9]byte
	for i := len(b) - 1; i >= 0; i-- {
		b[i] = digits[ms%36]
		ms /= 36
	}
	return string(b[:])
}

func unstamp(s string) time.Time {
	var ms int64
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
			ms = ms*36 + int64(c-'0')
		case c >= 'a' && c <= 'z':
			ms = ms*36 + int64(c-'a') + 10
		}
	}
	return time.UnixMilli(ms).UTC()
}
