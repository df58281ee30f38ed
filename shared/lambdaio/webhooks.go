package lambdaio

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"snout/shared/carrier"
	"snout/shared/relay"
	"snout/shared/routing"
	"snout/shared/store"
)

// verified checks the carrier's signature over the request as it came.
func (p *parts) verified(v *carrier.Verifier, next Endpoint) Endpoint {
	return func(ctx context.Context, r *Request) (Response, error) {
		err := v.Verify(ctx, carrier.Webhook{Path: r.RawPath, RawQuery: r.RawQuery, Body: r.Body, Signature: r.Header("X-Twilio-Signature")})
		if errors.Is(err, carrier.ErrSignature) {
			lineOf(ctx).Count("SignatureFailures", 1)
			return Response{}, routing.Refuse(routing.CodeSignature, "The signature is missing or wrong.")
		}
		if err != nil {
			return Response{}, err
		}
		return next(ctx, r)
	}
}

func (p *parts) verifier() (*carrier.Verifier, error) {
	return carrier.NewVerifier(p.host.Env("PUBLIC_BASE_URL"), p.secrets.tokens)
}

func twiml(body string) Response {
	return Response{Status: 200, Body: body, Type: carrier.TwiMLType}
}

// inboundText turns the carrier's form into a text, as received at an instant.
func inboundText(in carrier.Inbound) store.Text {
	t := store.Text{Sid: in.MessageSid, To: in.To.E164(), From: in.From.E164(), Body: in.Body, Told: in.OptOutType}
	for _, m := range in.Media {
		t.Media = append(t.Media, routing.Media{URL: m.URL, Type: m.Type})
	}
	return t
}

// Arrived and Attached read texts from the carrier's own list, for what no webhook
// brought.
func (d *dialect) Arrived(ctx context.Context, number routing.Phone, since time.Time) ([]store.Text, error) {
	list, err := d.client.List(ctx, carrier.Query{To: number, Since: since})
	if err != nil {
		return nil, err
	}
	var ts []store.Text
	for _, l := range list {
		if !l.Inbound || l.From.IsZero() {
			continue
		}
		t := store.Text{Sid: l.Sid, To: l.To.E164(), From: l.From.E164(), Body: l.Body, At: l.CreatedAt}
		if l.NumMedia > 0 {
			t.Media = make([]routing.Media, l.NumMedia) // which ones, Attached tells
		}
		ts = append(ts, t)
	}
	return ts, nil
}

func (d *dialect) Attached(ctx context.Context, t store.Text) ([]routing.Media, error) {
	if len(t.Media) == 0 {
		return nil, nil
	}
	list, err := d.client.Media(ctx, t.Sid)
	if err != nil {
		return nil, err
	}
	var ms []routing.Media
	for _, m := range list {
		ms = append(ms, routing.Media{URL: m.URL, Type: m.Type})
	}
	return ms, nil
}

func fieldAtFault(err error) error {
	var f *carrier.FieldError
	if errors.As(err, &f) {
		return routing.Invalid(f.Field, "This is "+f.Problem+".")
	}
	return routing.Invalid("body", "The form cannot be read.")
}

// Inbound is the function behind the carrier's webhook for texts.
func Inbound(ctx context.Context, h Host) (lambda.Handler, error) {
	p, err := build(ctx, h)
	if err != nil {
		return nil, err
	}
	v, err := p.verifier()
	if err != nil {
		return nil, err
	}
	p.warmToScreen(ctx)
	return p.api("inbound", map[string]Endpoint{"POST /api/messages/webhook/twilio": p.verified(v, p.inbound)}), nil
}

func (p *parts) inbound(ctx context.Context, r *Request) (Response, error) {
	in, err := carrier.ParseInbound(r.Body)
	if err != nil {
		return Response{}, fieldAtFault(err)
	}
	t := inboundText(in)
	t.At = p.host.Clock()
	got, err := p.relay.Receive(ctx, t)
	if err != nil {
		return Response{}, err
	}
	noteReceived(ctx, got)
	return twiml(carrier.EmptyTwiML), nil
}

func noteReceived(ctx context.Context, got relay.Received) {
	l := lineOf(ctx)
	l.Set("rule", got.Rule)
	l.Set("target", string(got.Target))
	l.Set("thread", string(got.Thread))
	if got.Repeat {
		l.Set("repeat", true)
		return
	}
	l.Count("InboundTexts", 1)
	switch got.Target {
	case routing.ToOwnerInbox:
		l.Count("OwnerInboxRouted", 1)
		if routing.Operational(got.Rule) {
			l.Count("OwnerInboxRoutedOperational", 1)
		}
	case routing.ToHeld:
		l.Count("Held", 1)
	case routing.ToUnroutable:
		l.Count("Unroutable", 1)
	}
}

// Status is the function behind the carrier's delivery reports.
func Status(ctx context.Context, h Host) (lambda.Handler, error) {
	p, err := build(ctx, h)
	if err != nil {
		return nil, err
	}
	v, err := p.verifier()
	if err != nil {
		return nil, err
	}
	p.warm(ctx)
	return p.api("status", map[string]Endpoint{"POST /api/messages/webhook/twilio/status": p.verified(v, p.status)}), nil
}

func (p *parts) status(ctx context.Context, r *Request) (Response, error) {
	rep, err := carrier.ParseReport(r.RawQuery, r.Body)
	if err != nil {
		return Response{}, fieldAtFault(err)
	}
	s, _ := carrier.Status(rep.Status)
	in := relay.ReportIn{Sid: rep.MessageSid, Status: s, Word: rep.Status, Code: rep.ErrorCode}
	if in.Event, err = routing.ParseEventID(rep.EventID); err != nil {
		in.Event = ""
	}
	got, err := p.relay.Report(ctx, in)
	if err != nil {
		return Response{}, err
	}
	l := lineOf(ctx)
	l.Set("report", string(got))
	l.Set("status", string(s))
	if rep.ErrorCode != 0 {
		l.Set("code", strconv.Itoa(rep.ErrorCode))
	}
	return Response{Status: 204}, nil
}

// Fallback is the function behind the carrier's fallback URL: it stores the raw form
// where a failure of the table does not reach, and decides nothing.
func Fallback(ctx context.Context, h Host) (lambda.Handler, error) {
	p, err := build(ctx, h)
	if err != nil {
		return nil, err
	}
	v, err := p.verifier()
	if err != nil {
		return nil, err
	}
	queue := h.Env("FALLBACK_QUEUE_URL")
	if queue == "" {
		return nil, errors.New("environment variable FALLBACK_QUEUE_URL is missing")
	}
	client := sqs.NewFromConfig(p.aws)
	return p.api("fallback", map[string]Endpoint{"POST /api/messages/webhook/twilio/fallback": p.verified(v, func(ctx context.Context, r *Request) (Response, error) {
		// A form that could never be taken in is refused here, where the carrier still
		// shows it in its own error log.
		in, err := carrier.ParseInbound(r.Body)
		if err != nil {
			return Response{}, fieldAtFault(err)
		}
		body, err := json.Marshal(Stored{Form: r.Body, At: p.host.Clock()})
		if err != nil {
			return Response{}, err
		}
		if _, err := client.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &queue, MessageBody: aws.String(string(body))}); err != nil {
			return Response{}, fmt.Errorf("store fallback: %w", err)
		}
		lineOf(ctx).Count("Fallbacks", 1)
		lineOf(ctx).Set("code", in.ErrorCode)
		return twiml(carrier.EmptyTwiML), nil
	})}), nil
}
