package carrier

import (
	"fmt"

	"snout/shared/routing"
)

// Report is one delivery status of one of our messages. Reports come in any
// order and more than once; only routing's ranks say whether one moves
// anything forward.
type Report struct {
	MessageSid string
	Status     string        // the carrier's word as it came; Status maps it
	ErrorCode  int           // 0 unless the status is failed or undelivered
	From       routing.Phone // ours; zero if the carrier did not say
	To         routing.Phone // theirs; zero if the carrier did not say
	EventID    string        // ours, from the query of the callback URL; empty if it carried none
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
	// A report is kept whoever it names: the event id and the sid identify it.
	r.From, _ = phone(pairs, "From")
	r.To, _ = phone(pairs, "To")
	r.EventID = text(query, "event")
	return r, nil
}

// Status maps the carrier's word for an outbound message to ours, whose
// ranks are routing's. It answers false for a word
// that is not one of an outbound message's; such a report is kept, answered
// 200, and moves nothing.
func Status(word string) (status routing.Status, known bool) {
	switch word {
	case "accepted", "scheduled", "queued":
		return routing.Queued, true
	case "sending":
		return routing.Sending, true
	case "sent":
		return routing.Sent, true
	case "delivered", "read": // read implies delivered, and we promise no more than that
		return routing.Delivered, true
	case "failed", "canceled":
		return routing.Failed, true
	case "undelivered":
		return routing.Undelivered, true
	}
	return "", false
}
