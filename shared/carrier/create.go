package carrier

import (
	"context"
	"net/url"
	"strings"
	"time"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"snout/shared/routing"
)

// Message is one text to send.
type Message struct {
	From           routing.Phone // one of our numbers
	To             routing.Phone
	Body           string        // at most 1600 characters; may be empty if there is media
	MediaURLs      []string      // at most 10, readable by the carrier without a password
	StatusCallback string        // see StatusCallback
	ValidityPeriod time.Duration // how long it may wait at the carrier, 1 s to 10 h in whole seconds; 0: the carrier's 10 h
}

// Created is what the carrier said of a message it took.
type Created struct {
	Sid    string
	Status string // the carrier's word, as a rule queued; Status maps it
}

// Create hands one message to the carrier. It tries once and never again. A nil
// error means created; otherwise OutcomeOf tells whether the message certainly
// was not created or whether nobody knows.
func (c *Client) Create(ctx context.Context, m Message) (Created, error) {
	const op = "create message"
	k, service, done, fail := c.begin(ctx, op)
	if fail != nil {
		return Created{}, fail
	}
	defer done()
	params := &api.CreateMessageParams{}
	params.SetFrom(m.From.E164()).SetTo(m.To.E164())
	if m.Body != "" {
		params.SetBody(m.Body)
	}
	if len(m.MediaURLs) > 0 {
		params.SetMediaUrl(m.MediaURLs)
	}
	if m.StatusCallback != "" {
		params.SetStatusCallback(m.StatusCallback)
	}
	if m.ValidityPeriod > 0 {
		params.SetValidityPeriod(int(m.ValidityPeriod / time.Second))
	}
	// The library's error is not used: it hides the status, and it calls a
	// message that exists an error if the rest of the answer is odd.
	res, err := service.CreateMessage(params)
	if err != nil || !isSid(value(res.Sid), "SM", "MM") {
		return Created{}, k.failure(op)
	}
	return Created{Sid: *res.Sid, Status: value(res.Status)}, nil
}

// StatusCallback adds our event's id to the address of the status webhook, and
// asks the carrier to try again where we are down. The id makes a report find
// its event even if the answer to Create was lost. The fragment is an order to
// the carrier; it is neither sent to us nor signed.
func StatusCallback(address, eventID string) string {
	address, _, _ = strings.Cut(address, "#")
	joint := "?"
	if strings.Contains(address, "?") {
		joint = "&"
	}
	return Retrying(address + joint + "event=" + url.QueryEscape(eventID))
}

// Retrying asks the carrier to repeat a webhook to this address up to twice,
// whatever went wrong; by itself it repeats only when it could not connect.
// All tries together have its 15 seconds.
func Retrying(address string) string {
	address, _, _ = strings.Cut(address, "#")
	return address + "#rc=2&rp=all"
}

func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
