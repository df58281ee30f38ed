package carrier

import (
	"context"
	"errors"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"snout/shared/routing"
)

// Number is a phone number the account rents.
type Number struct {
	Sid      string // PN…
	Phone    routing.Phone
	Name     string // the friendly name
	SMS, MMS bool   // what it can send and receive
	Webhooks Webhooks
}

// Webhooks is where the carrier turns to when a number is texted: everything
// that has to be kept to put a number back as it was.
type Webhooks struct {
	URL            string
	Method         string // POST or GET
	FallbackURL    string // asked when URL fails; empty: the text stays in the log and nobody is told
	FallbackMethod string
	ApplicationSid string // if set, the carrier ignores all of the above
	// StatusCallback is the number's own, which the carrier asks about calls. A text's
	// reports go to the address that was given with the text.
	StatusCallback       string
	StatusCallbackMethod string
}

// WebhooksFor is how a number of ours is set up: repeated on failure, with a
// fallback that only stores.
func WebhooksFor(inboundURL, fallbackURL string) Webhooks {
	return Webhooks{
		URL: Retrying(inboundURL), Method: "POST",
		FallbackURL: Retrying(fallbackURL), FallbackMethod: "POST",
	}
}

// Numbers lists every number the account rents.
func (c *Client) Numbers(ctx context.Context) ([]Number, error) {
	var out []Number
	token, number := "", ""
	for range listPages {
		page, err := c.numbersPage(ctx, token, number)
		if err != nil {
			return nil, err
		}
		for _, n := range page.IncomingPhoneNumbers {
			out = append(out, rented(n))
		}
		if token, number = nextPage(value(page.NextPageUri)); token == "" && number == "" {
			return out, nil
		}
	}
	return out, ErrListTruncated
}

func (c *Client) numbersPage(ctx context.Context, token, number string) (*api.ListIncomingPhoneNumberResponse, error) {
	const op = "list numbers"
	k, service, done, fail := c.begin(ctx, op)
	if fail != nil {
		return nil, fail
	}
	defer done()
	page, err := service.PageIncomingPhoneNumber((&api.ListIncomingPhoneNumberParams{}).SetPageSize(listPage), token, number)
	if err != nil {
		return nil, k.failure(op)
	}
	return page, nil
}

// Number reads one rented number by its sid.
func (c *Client) Number(ctx context.Context, sid string) (Number, error) {
	const op = "fetch number"
	if !isSid(sid, "PN") {
		return Number{}, malformedNumberSid(op)
	}
	k, service, done, fail := c.begin(ctx, op)
	if fail != nil {
		return Number{}, fail
	}
	defer done()
	n, err := service.FetchIncomingPhoneNumber(sid, nil)
	if err != nil {
		return Number{}, k.failure(op)
	}
	return rented(*n), nil
}

// SetWebhooks points a number's webhooks at w and returns those it had before,
// read immediately before the change: calling SetWebhooks with them restores
// it. before is right even if the change itself failed. Repeating is harmless.
func (c *Client) SetWebhooks(ctx context.Context, sid string, w Webhooks) (before Webhooks, err error) {
	const op = "update number"
	was, err := c.Number(ctx, sid)
	if err != nil {
		return Webhooks{}, err
	}
	k, service, done, fail := c.begin(ctx, op)
	if fail != nil {
		return was.Webhooks, fail
	}
	defer done()
	params := &api.UpdateIncomingPhoneNumberParams{}
	// Empty values are sent too: they clear what was there. An application left
	// in place would make the carrier ignore every address here.
	params.SetSmsUrl(w.URL).SetSmsFallbackUrl(w.FallbackURL).SetSmsApplicationSid(w.ApplicationSid).SetStatusCallback(w.StatusCallback)
	if w.Method != "" {
		params.SetSmsMethod(w.Method)
	}
	if w.FallbackMethod != "" {
		params.SetSmsFallbackMethod(w.FallbackMethod)
	}
	if w.StatusCallbackMethod != "" {
		params.SetStatusCallbackMethod(w.StatusCallbackMethod)
	}
	now, err := service.UpdateIncomingPhoneNumber(sid, params)
	if err != nil {
		return was.Webhooks, k.failure(op)
	}
	if got := rented(*now).Webhooks; got.URL != w.URL || got.FallbackURL != w.FallbackURL || got.ApplicationSid != w.ApplicationSid || got.StatusCallback != w.StatusCallback {
		return was.Webhooks, &Error{Op: op, Outcome: OutcomeUnknown, HTTPStatus: k.status, cause: errors.New("the carrier did not take over the addresses")}
	}
	return was.Webhooks, nil
}

func malformedNumberSid(op string) *Error {
	return &Error{Op: op, Outcome: OutcomeNotCreated, Class: Permanent, cause: errors.New("malformed number sid")}
}

func rented(n api.ApiV2010IncomingPhoneNumber) Number {
	out := Number{
		Sid:  value(n.Sid),
		Name: value(n.FriendlyName),
		Webhooks: Webhooks{
			URL: value(n.SmsUrl), Method: value(n.SmsMethod),
			FallbackURL: value(n.SmsFallbackUrl), FallbackMethod: value(n.SmsFallbackMethod),
			ApplicationSid: value(n.SmsApplicationSid),
			StatusCallback: value(n.StatusCallback), StatusCallbackMethod: value(n.StatusCallbackMethod),
		},
	}
	out.Phone, _ = routing.ParsePhone(value(n.PhoneNumber))
	if n.Capabilities != nil {
		out.SMS, out.MMS = n.Capabilities.Sms, n.Capabilities.Mms
	}
	return out
}
