package carrier

import "fmt"

// Report is one delivery status of one of our messages. Reports come in any
// order and more than once; only routing's ranks say whether one moves
// anything forward.
type Report struct {
	MessageSid string
	Status     string // the carrier's word as it came; Status maps it
	ErrorCode  int    // 0 unless the status is failed or undelivered
	From       string // as the carrier says them, not needed for anything but a check
	To         string
	EventID    string // ours, from the query of the callback URL; empty if it carried none
}

// ParseReport reads a status callback: the form, and the query in which our
// own event id came back. The query is covered by the signature.
func ParseReport(rawQuery string, form []byte) (Report, error) {
	pairs, err := parsePairs(string(form))
	if err != nil {
		return Report{}, fmt.Errorf("carrier report: %w", err)
	}
	query, err := parsePairs(rawQuery)
	if err != nil {
		return Report{}, fmt.Errorf("carrier report: query: %w", err)
	}
	var r Report
	if r.MessageSid, err = sidOf(pairs, "MessageSid"); err != nil {
		return Report{}, err
	}
	if r.Status = text(pairs, "MessageStatus"); r.Status == "" {
		return Report{}, &FieldError{"MessageStatus", "missing"}
	}
	r.ErrorCode = count(pairs, "ErrorCode")
	r.From, r.To = text(pairs, "From"), text(pairs, "To")
	r.EventID = text(query, "event")
	return r, nil
}

// Status maps the carrier's word for an outbound message to ours: queued,
// sending, sent, delivered, failed or undelivered. It answers false for a word
// that is not one of an outbound message's; such a report is kept, answered
// 200, and moves nothing.
func Status(word string) (status string, known bool) {
	switch word {
	case "accepted", "scheduled", "queued":
		return "queued", true
	case "sending":
		return "sending", true
	case "sent":
		return "sent", true
	case "delivered", "read": // read implies delivered, and we promise no more than that
		return "delivered", true
	case "failed", "canceled":
		return "failed", true
	case "undelivered":
		return "undelivered", true
	}
	return "", false
}
