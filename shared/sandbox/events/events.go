// Package events is what sits between the services and the functions in the cloud: event source mappings for streams and queues,
// and schedules. It reads with the real SDK clients and hands functions the very JSON that Lambda hands them.
//
// It must never be kinder than Lambda: order holds within a shard only, delivery is at least once, a batch that keeps failing is
// parked and the shard goes on. And it must never poll by the wall clock: it is woken by who wrote, or by the local clock.
package events

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"time"
)

// Invoker runs a function, in process or as a child process. An error is a failed invocation, whatever its cause.
type Invoker interface {
	Invoke(ctx context.Context, function string, payload []byte) ([]byte, error)
}

// Parker sends the body of a message to the queue or topic with this ARN: where discarded batches go.
type Parker interface {
	Park(ctx context.Context, arn string, body []byte) error
}

// Settler is one source of events: a StreamPump, a QueuePump, the Schedules.
type Settler interface {
	// Settle returns once all that was due when it was called has been handled or parked, or with an error naming what cannot be.
	Settle(ctx context.Context) error
	// Handled is how much has been handled or parked since start. It only grows.
	Handled() uint64
}

// Settle settles all sources until a whole round has found nothing to do: what one source's function wrote may be the next one's
// event.
func Settle(ctx context.Context, sources ...Settler) error {
	handled := func() (n uint64) {
		for _, s := range sources {
			n += s.Handled()
		}
		return n
	}
	for {
		before := handled()
		for _, s := range sources {
			if err := s.Settle(ctx); err != nil {
				return err
			}
		}
		if handled() == before {
			return nil
		}
	}
}

// failures reads a function's partial batch response. ok is false where Lambda takes the whole batch as failed: the answer is no
// JSON of that shape, or an identifier is empty or not one of the batch's. No answer, null, {} and an empty list are success.
func failures(answer []byte, of map[string]int) (failed []string, ok bool) {
	if len(answer) == 0 {
		return nil, true
	}
	var response struct {
		BatchItemFailures []struct {
			ItemIdentifier *string `json:"itemIdentifier"`
		} `json:"batchItemFailures"`
	}
	if json.Unmarshal(answer, &response) != nil {
		return nil, false
	}
	for _, f := range response.BatchItemFailures {
		if f.ItemIdentifier == nil {
			return nil, false
		}
		if _, known := of[*f.ItemIdentifier]; !known {
			return nil, false
		}
		failed = append(failed, *f.ItemIdentifier)
	}
	return failed, true
}

func newID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// stamp is an instant as Lambda's and EventBridge's own documents write it.
func stamp(t time.Time, layout string) string { return t.UTC().Format(layout) }

const (
	withMillis = "2006-01-02T15:04:05.000Z"
	toSeconds  = "2006-01-02T15:04:05Z"
)
