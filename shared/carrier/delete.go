package carrier

import (
	"context"
	"errors"
	"net/http"
)

// ErrUnderWay says that the carrier still works on a message, and keeps it until then.
var ErrUnderWay = errors.New("the carrier still works on this message")

// codeNotCompleted is the carrier's word for that.
const codeNotCompleted = 20009

// Delete takes one message out of the carrier's log for good, with its pictures (the
// carrier deletes those with it since October 2020). One that is not there, or not any
// more, is deleted. What the carrier cannot take back are its own backups, which may
// hold a body for 30 days more, and what the networks and the phones keep.
func (c *Client) Delete(ctx context.Context, sid string) error {
	const op = "delete message"
	if !isSid(sid, "SM") && !isSid(sid, "MM") {
		return errors.New("carrier: delete message: no sid of a message")
	}
	k, service, done, fail := c.begin(ctx, op)
	if fail != nil {
		return fail
	}
	defer done()
	if err := service.DeleteMessage(sid, nil); err != nil {
		e := k.failure(op)
		switch {
		case e.HTTPStatus == http.StatusNotFound:
			return nil
		case e.Code == codeNotCompleted || e.HTTPStatus == http.StatusConflict:
			return ErrUnderWay
		}
		return e
	}
	return nil
}
