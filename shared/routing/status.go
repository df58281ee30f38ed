package routing

// Status is how far an attempt to send has come.
type Status string

const (
	Queued      Status = "queued"
	Sending     Status = "sending"
	Sent        Status = "sent"
	Delivered   Status = "delivered"
	Failed      Status = "failed"
	Undelivered Status = "undelivered"
	Unknown     Status = "unknown"
	Blocked     Status = "blocked" // never attempted: stopped by screening
	Received    Status = "received"
)

// rank orders statuses; what ranks lower never replaces what ranks higher.
// unknown stands just above sending: any report from the carrier resolves it.
func (s Status) rank() int {
	switch s {
	case Queued:
		return 1
	case Sending:
		return 2
	case Unknown:
		return 3
	case Sent:
		return 4
	case Delivered, Failed, Undelivered:
		return 5
	case Blocked, Received:
		return 6 // no attempt of ours: a report that names such an event is mistaken
	}
	return 0
}

// Rank is the status's place on the way from queued to its end, for conditions in
// the table. Equal ranks never replace each other: the first end stands.
func (s Status) Rank() int { return s.rank() }

// Final tells whether no report can change the attempt any more.
func (s Status) Final() bool { return s.rank() >= 5 }

// Advance is the status after a report: forward only.
func (s Status) Advance(to Status) (Status, bool) {
	if to.rank() > s.rank() && to.rank() <= 5 {
		return to, true
	}
	return s, false
}
