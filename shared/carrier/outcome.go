package carrier

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Outcome is what is known about a message after Create, in exactly three kinds.
type Outcome int

const (
	// OutcomeUnknown: nobody can tell whether the carrier took it. It is reconciled by
	// its status callback or the carrier's list, and never sent again blindly.
	OutcomeUnknown Outcome = iota
	// OutcomeCreated: the carrier has it and has told us its sid.
	OutcomeCreated
	// OutcomeNotCreated: it certainly does not have it. Sending again doubles nothing.
	OutcomeNotCreated
)

func (o Outcome) String() string {
	switch o {
	case OutcomeCreated:
		return "created"
	case OutcomeNotCreated:
		return "not created"
	}
	return "unknown"
}

// Error is a call that did not succeed. It holds no phone number, no body, no
// address and no credential, so it may be logged as it is.
type Error struct {
	Op         string        // what was tried, such as "create message"
	Outcome    Outcome       // OutcomeNotCreated or OutcomeUnknown; of a change to a number likewise: not made, or unknown
	Class      Class         // what to do about it; empty while the outcome is unknown
	Code       int           // the carrier's, 0 if it gave none
	HTTPStatus int           // 0 if no answer came
	RetryAfter time.Duration // how long the carrier asked us to wait; 0 if it did not
	Detail     string        // the carrier's own words, phone numbers masked

	cause error
}

func (e *Error) Error() string {
	var out strings.Builder
	fmt.Fprintf(&out, "carrier: %s: outcome %s", e.Op, e.Outcome)
	if e.Class != "" {
		fmt.Fprintf(&out, ", %s", e.Class)
	}
	if e.HTTPStatus != 0 {
		fmt.Fprintf(&out, ", status %d", e.HTTPStatus)
	}
	if e.Code != 0 {
		fmt.Fprintf(&out, ", code %d", e.Code)
	}
	if e.Detail != "" {
		fmt.Fprintf(&out, ": %s", e.Detail)
	}
	if e.cause != nil {
		fmt.Fprintf(&out, ": %v", e.cause)
	}
	return out.String()
}

// Unwrap gives the transport's or the context's error.
func (e *Error) Unwrap() error { return e.cause }

// OutcomeOf reads the outcome off Create's error. An error that is not ours
// proves nothing, so its outcome is unknown.
func OutcomeOf(err error) Outcome {
	if err == nil {
		return OutcomeCreated
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Outcome
	}
	return OutcomeUnknown
}
