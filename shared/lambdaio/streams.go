package lambdaio

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"snout/shared/carrier"
	"snout/shared/relay"
	"snout/shared/routing"
	"snout/shared/store"
)

// image turns a stream image into the form of the SDK's items.
func image(m map[string]events.DynamoDBAttributeValue) store.Image {
	if m == nil {
		return nil
	}
	it := store.Image{}
	for n, v := range m {
		it[n] = attribute(v)
	}
	return it
}

func attribute(v events.DynamoDBAttributeValue) types.AttributeValue {
	switch v.DataType() {
	case events.DataTypeString:
		return &types.AttributeValueMemberS{Value: v.String()}
	case events.DataTypeNumber:
		return &types.AttributeValueMemberN{Value: v.Number()}
	case events.DataTypeBoolean:
		return &types.AttributeValueMemberBOOL{Value: v.Boolean()}
	case events.DataTypeBinary:
		return &types.AttributeValueMemberB{Value: v.Binary()}
	case events.DataTypeList:
		l := &types.AttributeValueMemberL{Value: []types.AttributeValue{}}
		for _, x := range v.List() {
			l.Value = append(l.Value, attribute(x))
		}
		return l
	case events.DataTypeMap:
		m := &types.AttributeValueMemberM{Value: map[string]types.AttributeValue{}}
		for n, x := range v.Map() {
			m.Value[n] = attribute(x)
		}
		return m
	case events.DataTypeStringSet:
		return &types.AttributeValueMemberSS{Value: v.StringSet()}
	case events.DataTypeNumberSet:
		return &types.AttributeValueMemberNS{Value: v.NumberSet()}
	case events.DataTypeBinarySet:
		return &types.AttributeValueMemberBS{Value: v.BinarySet()}
	}
	return &types.AttributeValueMemberNULL{Value: true}
}

func changeOf(r events.DynamoDBEventRecord) relay.Change {
	c := relay.Change{Seq: r.Change.SequenceNumber, Old: image(r.Change.OldImage), New: image(r.Change.NewImage)}
	im := c.New
	if im == nil {
		im = c.Old
	}
	c.PK, c.SK, c.Kind = im.Text("PK"), im.Text("SK"), im.Text("kind")
	return c
}

// poison tells a record that no repeat will ever handle from a fault that passes.
type poison struct{ error }

func (p poison) Unwrap() error { return p.error }

// stream makes the handler of a function fed by the table's stream: records in
// order; the first that fails ends the batch and is named by its sequence number,
// so that what came before is not done again. A record that cannot ever be handled
// is parked where an operator sees it and can replay it, and the shard goes on.
func (p *parts) stream(name string, work func(context.Context, []events.DynamoDBEventRecord) (done int, err error)) func(context.Context, events.DynamoDBEvent) (events.DynamoDBEventResponse, error) {
	g := &logger{function: name, stage: p.stage, out: p.host.Log, clock: p.host.Clock}
	return func(ctx context.Context, e events.DynamoDBEvent) (events.DynamoDBEventResponse, error) {
		ctx, end := g.begin(ctx)
		lineOf(ctx).Set("records", len(e.Records))
		var res events.DynamoDBEventResponse
		rest := e.Records
		parked := 0
		for len(rest) > 0 {
			n, err := work(ctx, rest)
			if err == nil {
				break
			}
			rest = rest[n:]
			var bad poison
			if !errors.As(err, &bad) {
				res.BatchItemFailures = []events.DynamoDBBatchItemFailure{{ItemIdentifier: rest[0].Change.SequenceNumber}}
				lineOf(ctx).Set("parked", parked)
				end("retry", err)
				return res, nil
			}
			if perr := p.park(ctx, name, rest[0], err); perr != nil {
				res.BatchItemFailures = []events.DynamoDBBatchItemFailure{{ItemIdentifier: rest[0].Change.SequenceNumber}}
				end("retry", perr)
				return res, nil
			}
			parked++
			rest = rest[1:]
		}
		if parked > 0 {
			lineOf(ctx).Set("parked", parked)
			lineOf(ctx).Count("StreamParked", float64(parked))
		}
		end("ok", nil)
		return res, nil
	}
}

func (p *parts) park(ctx context.Context, source string, r events.DynamoDBEventRecord, cause error) error {
	b, err := json.Marshal(r)
	if err != nil {
		b = []byte(`{"sequenceNumber":"` + r.Change.SequenceNumber + `"}`)
	}
	now := p.host.Clock()
	return p.table.Park(ctx, routing.Order(now.UnixMicro(), p.host.Random(6)), source, redactError(cause), string(b), now)
}

// safely runs the handling of one record and makes a panic a poison record.
func safely(work func() error) (err error) {
	defer func() {
		if x := recover(); x != nil {
			err = poison{fmt.Errorf("panic: %v", x)}
		}
	}()
	err = work()
	// What cannot be read, and what the table refuses for how it is asked, will be no
	// better at the next attempt; it would only keep the shard from going on.
	var api interface {
		error
		ErrorCode() string
	}
	if errors.Is(err, store.ErrItem) || errors.As(err, &api) && api.ErrorCode() == "ValidationException" {
		return poison{err}
	}
	return err
}

// Assignment is the function behind booking changes.
func Assignment(ctx context.Context, h Host) (lambda.Handler, error) {
	p, err := build(ctx, h)
	if err != nil {
		return nil, err
	}
	p.warm(ctx)
	return lambda.NewHandler(p.stream("assignment", p.assign)), nil
}

func (p *parts) assign(ctx context.Context, rs []events.DynamoDBEventRecord) (int, error) {
	for i, r := range rs {
		err := safely(func() error {
			c := changeOf(r)
			if c.Kind == "org" {
				return p.refit(ctx, c)
			}
			if c.Kind != "booking" || c.New == nil {
				return nil
			}
			org, b, err := store.BookingOf(c.New)
			if err != nil {
				return poison{err}
			}
			if err := checkBooking(org, b); err != nil {
				return poison{err}
			}
			got, err := p.relay.Assign(ctx, org, b)
			if errors.Is(err, store.ErrNotFound) {
				return poison{err}
			}
			var refusal *routing.Refusal
			if errors.As(err, &refusal) {
				return poison{err}
			}
			if err == nil && len(rs) == 1 {
				lineOf(ctx).Set("thread", string(got.Thread))
				lineOf(ctx).Set("stale", got.Stale)
			}
			return err
		})
		if err != nil {
			return i, err
		}
	}
	return len(rs), nil
}

// refit follows a change of an org's buffers: the windows of its bookings to come.
func (p *parts) refit(ctx context.Context, c relay.Change) error {
	if c.Old == nil || c.New == nil {
		return nil
	}
	was, err := store.OrgOf(c.Old)
	if err != nil {
		return poison{err}
	}
	now, err := store.OrgOf(c.New)
	if err != nil {
		return poison{err}
	}
	if maps.Equal(was.Settings.Buffers, now.Settings.Buffers) {
		return nil
	}
	n, err := p.relay.Refit(ctx, now.ID)
	lineOf(ctx).Set("refitted", n)
	if errors.Is(err, store.ErrNotFound) {
		return poison{err}
	}
	return err
}

// checkBooking refuses a record that no code of ours can have written.
func checkBooking(org routing.OrgID, b routing.Booking) error {
	if _, err := routing.ParseOrgID(string(org)); err != nil {
		return errors.New("booking record: no org")
	}
	if _, err := routing.ParseBookingID(string(b.ID)); err != nil {
		return errors.New("booking record: no id")
	}
	if _, err := routing.ParseClientID(string(b.Client)); err != nil {
		return errors.New("booking record: no client")
	}
	if len(b.Visits) == 0 || b.Version < 1 {
		return errors.New("booking record: no visits or no version")
	}
	return nil
}

// Outbox is the function behind messages, alerts and windows in the stream, and a
// schedule: it sends what is queued, looks after what was left behind, and keeps
// the counters.
func Outbox(ctx context.Context, h Host) (lambda.Handler, error) {
	p, err := build(ctx, h)
	if err != nil {
		return nil, err
	}
	p.warm(ctx)
	stream := p.stream("outbox", p.follow)
	g := &logger{function: "outbox", stage: p.stage, out: p.host.Log, clock: p.host.Clock}
	return lambda.NewHandler(func(ctx context.Context, raw json.RawMessage) (any, error) {
		var kind struct {
			Records json.RawMessage `json:"Records"`
		}
		if err := json.Unmarshal(raw, &kind); err != nil {
			return nil, fmt.Errorf("outbox: %w", err)
		}
		if kind.Records != nil {
			var e events.DynamoDBEvent
			if err := json.Unmarshal(raw, &e); err != nil {
				return nil, fmt.Errorf("outbox: %w", err)
			}
			return stream(ctx, e)
		}
		ctx, end := g.begin(ctx)
		swept, err := p.relay.Sweep(ctx)
		lineOf(ctx).Set("looked", swept.Looked)
		lineOf(ctx).Set("released", swept.Released)
		if err != nil {
			end("fault", err)
			return nil, err
		}
		end("ok", nil)
		return nil, nil
	}), nil
}

// follow counts each partition's records together, in order, then lets the outbox
// act on each.
func (p *parts) follow(ctx context.Context, rs []events.DynamoDBEventRecord) (int, error) {
	changes := make([]relay.Change, len(rs))
	byPK := map[string][]relay.Change{}
	var order []string
	for i, r := range rs {
		c := changeOf(r)
		changes[i] = c
		switch c.Kind {
		case "event", "thread", "alert", "held", "unroutable":
			if byPK[c.PK] == nil {
				order = append(order, c.PK)
			}
			byPK[c.PK] = append(byPK[c.PK], c)
		}
	}
	for _, pk := range order {
		if err := safely(func() error { return p.relay.Fold(ctx, byPK[pk]) }); err != nil {
			var bad poison
			if len(rs) > 1 && errors.As(err, &bad) {
				// Which of the records it is shows when they are taken one by one.
				for i := range rs {
					if _, err := p.follow(ctx, rs[i:i+1]); err != nil {
						return i, err
					}
				}
				return len(rs), nil
			}
			return 0, err
		}
	}
	for i, c := range changes {
		err := safely(func() error {
			switch c.Kind {
			case "window":
				return p.relay.Windows(ctx, c)
			case "thread":
				if c.New == nil {
					return nil
				}
				return p.relay.Joined(ctx, c)
			case "alert":
				return p.relay.Alarm(ctx, c)
			case "event":
				if was := c.Old.Text("st"); c.New.Text("st") == string(routing.Unknown) && was != string(routing.Unknown) {
					lineOf(ctx).Count("UnknownDeliveries", 1)
				}
				return p.relay.Follow(ctx, c)
			}
			return nil
		})
		if err != nil {
			return i, err
		}
	}
	return len(rs), nil
}

// Stored is a webhook as the fallback function keeps it.
type Stored struct {
	Form []byte    `json:"form"`
	At   time.Time `json:"at"`
}

// Reconcile is the function that takes in what the webhook missed: the fallback's
// queue, and on a schedule the carrier's own list.
func Reconcile(ctx context.Context, h Host) (lambda.Handler, error) {
	p, err := build(ctx, h)
	if err != nil {
		return nil, err
	}
	g := &logger{function: "reconcile", stage: p.stage, out: p.host.Log, clock: p.host.Clock}
	return lambda.NewHandler(func(ctx context.Context, raw json.RawMessage) (any, error) {
		ctx, end := g.begin(ctx)
		var e events.SQSEvent
		if err := json.Unmarshal(raw, &e); err != nil {
			end("fault", err)
			return nil, err
		}
		if e.Records == nil {
			return nil, p.compare(ctx, end)
		}
		var res events.SQSEventResponse
		var last error
		for _, m := range e.Records {
			if err := p.takeStored(ctx, m.Body); err != nil {
				last = err
				res.BatchItemFailures = append(res.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: m.MessageId})
			}
		}
		lineOf(ctx).Set("records", len(e.Records))
		if last != nil {
			end("retry", last)
		} else {
			end("ok", nil)
		}
		return res, nil
	}), nil
}

// compare runs the scheduled comparison with the carrier's own list.
func (p *parts) compare(ctx context.Context, end func(string, error)) error {
	got, err := p.relay.Compare(ctx)
	lineOf(ctx).Set("numbers", got.Numbers)
	if got.Missed > 0 {
		lineOf(ctx).Count("ReconcileGaps", float64(got.Missed))
	}
	if err != nil {
		end("fault", err)
		return err
	}
	end("ok", nil)
	return nil
}

func (p *parts) takeStored(ctx context.Context, body string) error {
	var s Stored
	if err := json.Unmarshal([]byte(body), &s); err != nil {
		return err
	}
	in, err := carrier.ParseInbound(s.Form)
	if err != nil {
		return err
	}
	t := inboundText(in)
	t.At, t.Late = s.At, true
	got, err := p.relay.Receive(ctx, t)
	if err == nil {
		noteReceived(ctx, got)
	}
	return err
}
