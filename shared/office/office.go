// Package office keeps the records that a business's owner keeps: bookings, clients,
// sitters, numbers and settings. It checks what is asked, says which field is at
// fault, and writes each change whole or not at all; what a booking's change means
// for conversations is not decided here but by whoever reads the table's stream. It
// must never send anything to anybody, and never put a phone or a text into an error.
package office

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"snout/shared/routing"
	"snout/shared/store"
)

// Office is the use cases over one table.
type Office struct {
	table *store.Table
	now   func() time.Time
	id    func() string
}

// New returns them. id makes the random part of ids: lower-case letters and digits,
// enough of them never to meet again.
func New(table *store.Table, now func() time.Time, id func() string) *Office {
	return &Office{table: table, now: now, id: id}
}

// Field is one field of a request, which may be absent (then nothing is changed),
// null (then it is cleared) or a value.
type Field[T any] struct {
	Set   bool
	Null  bool
	Value T
}

// Is is a field with a value.
func Is[T any](v T) Field[T] { return Field[T]{Set: true, Value: v} }

// Null is a field that clears.
func Null[T any]() Field[T] { return Field[T]{Set: true, Null: true} }

// UnmarshalJSON reads a value or null, as strictly as the document around it.
func (f *Field[T]) UnmarshalJSON(b []byte) error {
	f.Set = true
	if string(b) == "null" {
		f.Null = true
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	return d.Decode(&f.Value)
}

// tries bounds how often a change is decided anew because somebody else was faster.
const tries = 24

// again runs a change until nobody else has come in between. Every run reads anew.
func again(ctx context.Context, f func() error) error {
	for range tries {
		err := f()
		if !errors.Is(err, store.ErrConflict) {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return routing.Refuse(routing.CodeUnavailable, "Others are changing the same records. Nothing was done; please try again.")
}

// line is one line of the audit.
func (o *Office) line(who routing.Principal, what, on, reason, detail string) store.Audit {
	now := o.now()
	return store.Audit{Order: routing.Order(now.UnixMicro(), o.id()), At: now, By: who.Who(), What: what, On: on, Reason: reason, Detail: detail}
}

// NoteFlags writes a flip of the stage's flags into the stage's audit.
func (o *Office) NoteFlags(ctx context.Context, who routing.Principal, what, detail string) error {
	return o.table.AddAudit(ctx, "", o.line(who, what, "", "", detail))
}

// missing turns a record that is not there, or is another org's, into the refusal
// that says no more than that.
func missing(err error, sentence string) error {
	if errors.Is(err, store.ErrNotFound) {
		return routing.Refuse(routing.CodeNotFound, sentence)
	}
	return err
}

func conflict(sentence string) *routing.Refusal {
	return routing.Refuse(routing.CodeConflict, sentence)
}

func conflictOn(field, sentence string) *routing.Refusal {
	return &routing.Refusal{Code: routing.CodeConflict, Sentence: sentence, Field: field}
}

// matches holds an If-Match against a version; 0 is none given.
func matches(ifMatch, version int64) error {
	if ifMatch != 0 && ifMatch != version {
		return routing.Refuse(routing.CodePrecondition, "This was changed by somebody else meanwhile. Look at it again, then decide.")
	}
	return nil
}

// words checks a text: trimmed, not longer than max characters, no control
// characters but line breaks, and not empty unless it may be.
func words(field, s string, max int, empty bool) (string, error) {
	s = strings.TrimSpace(s)
	switch {
	case s == "" && !empty:
		return "", routing.Invalid(field, "This must not be empty.")
	case !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' && r != '\n' || r == 0x7f }):
		return "", routing.Invalid(field, "This holds characters that cannot be shown.")
	case utf8.RuneCountInString(s) > max:
		return "", routing.Invalid(field, "This is too long.")
	}
	return s, nil
}

// text applies a field of text that cannot be null.
func text(f Field[string], field string, into *string, max int, empty bool) error {
	if !f.Set {
		return nil
	}
	if f.Null {
		return routing.Invalid(field, "This must not be null.")
	}
	s, err := words(field, f.Value, max, empty)
	if err != nil {
		return err
	}
	*into = s
	return nil
}

// optional applies a field of text that null clears.
func optional(f Field[string], field string, into *string, max int) error {
	if f.Set && f.Null {
		*into = ""
		return nil
	}
	return text(f, field, into, max, true)
}

// list applies a list of short texts; null empties it.
func list(f Field[[]string], field string, into *[]string, most, max int) error {
	if !f.Set {
		return nil
	}
	if len(f.Value) > most {
		return routing.Invalid(field, "These are too many.")
	}
	var out []string
	for _, s := range f.Value {
		s, err := words(field, s, max, false)
		if err != nil {
			return err
		}
		out = append(out, s)
	}
	*into = out
	return nil
}

// why checks the reason of a step that needs one.
func why(s string) (string, error) { return words("reason", s, 300, false) }

// phoneOf reads a phone of a person or a number: short codes cannot be one.
func phoneOf(field, s string) (routing.Phone, error) {
	p, err := routing.ParsePhone(strings.TrimSpace(s))
	if err != nil || !strings.HasPrefix(p.E164(), "+") {
		return routing.Phone{}, routing.Invalid(field, "This must be a phone number with its country code, such as +15555550123.")
	}
	return p, nil
}

// zone reads an IANA time zone.
func zone(field, s string) (*time.Location, error) {
	if s == "" || s == "Local" || len(s) > 64 {
		return nil, routing.Invalid(field, "This must be a time zone's name, such as America/New_York.")
	}
	l, err := time.LoadLocation(s)
	if err != nil {
		return nil, routing.Invalid(field, "There is no such time zone; a name such as America/New_York is needed.")
	}
	return l, nil
}
