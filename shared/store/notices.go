package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"snout/shared/routing"
)

// Notices is where somebody's notifications stand.
type Notices struct {
	At   time.Time // when they were last told, or will be
	Open bool      // and have not read since
	Read time.Time // when they last read something
	Last string    // the order of the notification that is open
	rev  int64
}

type noticesItem struct {
	At   int64  `dynamodbav:"at"`
	Open bool   `dynamodbav:"open"`
	Read int64  `dynamodbav:"read"`
	Last string `dynamodbav:"last,omitempty"`
	Rev  int64  `dynamodbav:"v"`
}

// Notices reads it; nobody was ever told where there is nothing.
func (t *Table) Notices(ctx context.Context, th routing.ThreadID) (Notices, error) {
	it, err := t.get(ctx, noticeKey(th))
	if errors.Is(err, ErrNotFound) {
		return Notices{}, nil
	}
	if err != nil {
		return Notices{}, fmt.Errorf("notices: %w", err)
	}
	n, err := parse[noticesItem](it)
	return Notices{At: moment(n.At), Open: n.Open, Read: moment(n.Read), Last: n.Last, rev: n.Rev}, err
}

// Notify queues a notification, once, unless the state has changed since it was read
// ("notices"), the same was queued before ("event"), or its reader wants no texts
// ("consent").
func (t *Table) Notify(ctx context.Context, e routing.Event, was Notices, due time.Time) error {
	th := e.ID.Thread()
	x := &tx{}
	x.put("event", t.name, eventRecord(e), absent)
	x.check("consent", t.name, notOptedOut(e.ID.Org(), e.To))
	c := update(noticeKey(th)).Set("kind", "notices").Set("at", micros(due)).Set("open", true).Set("last", e.ID.Order()).Add("v", 1)
	if was.rev == 0 {
		c.When("attribute_not_exists(%n)", []string{"v"})
	} else {
		c.Equals("v", was.rev)
	}
	x.update("notices", t.name, c)
	if err := t.transact(ctx, x); err != nil {
		return fmt.Errorf("notify: %w", err)
	}
	return nil
}

// NoticesRead notes that somebody has read something: they may be told of the next.
func (t *Table) NoticesRead(ctx context.Context, th routing.ThreadID, at time.Time) error {
	return t.write(ctx, update(noticeKey(th)).Set("kind", "notices").Set("open", false).Set("read", micros(at)).Add("v", 1))
}

// NoticeGone notes that a notification will never reach its reader: they may be told of
// the next, though they have read nothing.
func (t *Table) NoticeGone(ctx context.Context, id routing.EventID) error {
	err := t.write(ctx, update(noticeKey(id.Thread())).Set("open", false).Add("v", 1).Equals("last", id.Order()))
	if errors.Is(err, ErrConflict) {
		return nil // another has followed it
	}
	return err
}

// QueueOnce queues a message of the system's own, unless it was queued before
// ("event") or its reader wants no texts ("consent"). With daily, an automatic answer:
// at most one within a day to a phone from a number ("auto").
func (t *Table) QueueOnce(ctx context.Context, e routing.Event, daily bool) error {
	x := &tx{}
	x.put("event", t.name, eventRecord(e), absent)
	x.check("consent", t.name, notOptedOut(e.ID.Org(), e.To))
	if daily {
		x.update("auto", t.name, answered(e.ID.Org(), e.From, e.To, e.At))
	}
	if err := t.transact(ctx, x); err != nil {
		return fmt.Errorf("queue once: %w", err)
	}
	return nil
}

// Withdraw takes a queued message back before anybody has tried to send it.
func (t *Table) Withdraw(ctx context.Context, id routing.EventID) error {
	c := update(eventKey(id)).Equals("st", string(routing.Queued))
	names, values := c.bound()
	_, err := t.db.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: &t.name, Key: c.key.item(), ConditionExpression: c.condition(),
		ExpressionAttributeNames: names, ExpressionAttributeValues: values})
	if err != nil {
		if err = conditional(err); errors.Is(err, ErrConflict) {
			return nil // it is gone, or on its way
		}
		return fmt.Errorf("withdraw: %w", err)
	}
	return nil
}

// AlertOf reads an alert from an item of the stream.
func AlertOf(im Image) (routing.Alert, error) { return alertIn(item(im)) }
