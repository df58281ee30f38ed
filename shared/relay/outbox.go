package relay

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"snout/shared/routing"
	"snout/shared/store"
)

// staleAfter is how old a message may be when messaging comes back and still go out.
const staleAfter = time.Hour

// reconcileAfter is when an attempt of unknown outcome is looked up.
const reconcileAfter = time.Minute

// Queue looks at an outbound event that the stream shows as queued or being sent:
// what is due goes out now; what is not is left behind for the sweep.
func (r *Relay) Queue(ctx context.Context, e routing.Event) error {
	now := r.Clock()
	switch e.Status {
	case routing.Queued:
		if e.DueAt.After(now) {
			return r.Table.LeaveBehind(ctx, e.ID, e.DueAt)
		}
		return r.try(ctx, e, now)
	case routing.Sending:
		// The request that claimed it records the outcome; if it dies, this remains.
		return r.Table.LeaveBehind(ctx, e.ID, e.Lease)
	case routing.Unknown:
		return r.Table.LeaveBehind(ctx, e.ID, now.Add(reconcileAfter))
	}
	return nil
}

// try claims a queued message and hands it over. Flags and consent are asked again
// at every attempt.
func (r *Relay) try(ctx context.Context, e routing.Event, now time.Time) error {
	if !r.Flags.Flags(ctx).Messaging {
		if err := r.Table.Waited(ctx, e.ID); err != nil {
			return err
		}
		return r.Table.LeaveBehind(ctx, e.ID, now.Add(time.Minute))
	}
	told, err := r.Table.Consent(ctx, e.ID.Org(), e.To)
	if err != nil {
		return err
	}
	if unread, err := r.unread(ctx, e); err != nil {
		return err
	} else if !unread {
		return r.Table.Withdraw(ctx, e.ID)
	} else if e.ID.Thread().Notices() && e.Waited && now.Sub(e.At) > staleAfter {
		if err := r.Table.NoticeGone(ctx, e.ID); err != nil {
			return err
		}
		return r.Table.Withdraw(ctx, e.ID)
	}
	if until, err := r.quiet(ctx, e, now); err != nil {
		return err
	} else if !until.IsZero() {
		// Left behind before it is put off: dying in between looks at it once more often.
		if err := r.Table.LeaveBehind(ctx, e.ID, until); err != nil {
			return err
		}
		return r.Table.PutOff(ctx, e.ID, until)
	}
	lost, err := r.lostPhone(ctx, e)
	if err != nil {
		return err
	}
	asked := e.To
	if told.OptedOut {
		asked = routing.Phone{} // claimed all the same, to be recorded as refused
	}
	claimed, err := r.Table.Claim(ctx, e.ID, asked, now, now.Add(lease))
	if store.RefusedBy(err, "consent") && !store.RefusedBy(err, "event") {
		told.OptedOut = true // since it was read
		claimed, err = r.Table.Claim(ctx, e.ID, routing.Phone{}, now, now.Add(lease))
	}
	if errors.Is(err, store.ErrConflict) {
		return nil // somebody else has it
	}
	if err != nil {
		return err
	}
	no := ""
	switch {
	case told.OptedOut:
		no = errOptedOut.Sentence
	case lost:
		no = errLostPhone.Sentence
	case e.Waited && now.Sub(e.At) > staleAfter:
		no = "It had waited for over an hour when messaging came back, so it was not sent."
	case e.Purpose == "coming" && e.Window.Ended(now) && !e.Window.End.IsZero():
		no = "The visit was over before it could be sent."
	}
	if no == "" {
		r.deliver(ctx, claimed)
		return nil
	}
	r.record(ctx, claimed, Handed{Verdict: Refused, Sentence: no})
	return nil
}

// quiet tells until when a message that the system sends by itself has to wait, zero if
// it has not. It is asked at every attempt: what was queued in the evening may come to its
// turn, or to its second try, only at night.
func (r *Relay) quiet(ctx context.Context, e routing.Event, now time.Time) (time.Time, error) {
	switch e.Purpose {
	case "notify", "alert", "coming":
	default:
		return time.Time{}, nil // a person's message, or an answer to one
	}
	org, err := r.Table.Org(ctx, e.ID.Org())
	if err != nil {
		return time.Time{}, err
	}
	z := zone(org.Zone)
	if e.Purpose != "coming" {
		until, _ := quietUntil(org.Settings, now, z)
		return until, nil
	}
	th, err := r.Table.Thread(ctx, e.ID.Thread())
	if err != nil {
		return time.Time{}, err
	}
	if client, _, err := r.Table.ClientFile(ctx, org.ID, th.Client); err == nil && client.Zone != "" {
		z = zone(client.Zone)
	} else if err != nil && !errors.Is(err, store.ErrNotFound) {
		return time.Time{}, err
	}
	until, quiet := quietUntil(org.Settings, now, z)
	if !quiet {
		return time.Time{}, nil
	}
	b, err := r.Table.Booking(ctx, org.ID, e.Booking)
	if errors.Is(err, store.ErrNotFound) {
		return until, nil
	}
	if err != nil || !nextVisit(b, now).Start.After(until.Add(time.Hour)) {
		return time.Time{}, err
	}
	return until, nil
}

// lostPhone tells whether a message has outlived its phone: what has waited (for the end
// of quiet hours, for messaging, for another attempt) may find that the phone is not its
// client's any more, and somebody else's by now.
func (r *Relay) lostPhone(ctx context.Context, e routing.Event) (bool, error) {
	if e.ID.Thread().Notices() || e.DueAt.IsZero() && e.Attempt == 0 && !e.Waited {
		return false, nil
	}
	th, err := r.Table.Thread(ctx, e.ID.Thread())
	if err != nil {
		return false, err
	}
	return !slices.Contains(th.Phones, e.To), nil
}

// Swept is what one sweep did.
type Swept struct {
	Looked   int
	Released int
}

// sweepBatch bounds one sweep, so that it ends within its function's time.
const sweepBatch = 200

// Sweep looks after everything left behind: messages whose time has come, attempts
// whose lease ran out, attempts of unknown outcome; and it releases held texts once
// messaging is on. It may run as often as it likes.
func (r *Relay) Sweep(ctx context.Context) (Swept, error) {
	var done Swept
	now := r.Clock()
	left, err := r.Table.Due(ctx, now, sweepBatch)
	if err != nil {
		return done, err
	}
	var faults []error
	for _, l := range left {
		done.Looked++
		if err := r.lookAfter(ctx, l, now); err != nil {
			faults = append(faults, err)
		}
	}
	n, err := r.ReleaseHeld(ctx)
	done.Released = n
	return done, errors.Join(append(faults, err)...)
}

func (r *Relay) lookAfter(ctx context.Context, l store.Left, now time.Time) error {
	if l.Booking != "" {
		waits, err := r.lookForNumber(ctx, l.Org, l.Booking)
		if err != nil {
			return err
		}
		if waits {
			if err := r.Table.LeaveWaiting(ctx, l.Org, l.Booking, now.Add(poolAgain)); err != nil {
				return err
			}
		}
		return r.Table.Forget(ctx, l)
	}
	e, err := r.Table.Event(ctx, l.Event)
	if errors.Is(err, store.ErrNotFound) {
		return r.Table.Forget(ctx, l) // withdrawn
	}
	if err != nil {
		return err
	}
	switch e.Status {
	case routing.Received:
		if err := r.escalate(ctx, e); err != nil {
			return err
		}
		if err := r.Gather(ctx, e); err != nil {
			return err
		}
	case routing.Queued:
		if !e.DueAt.After(now) {
			if err := r.try(ctx, e, now); err != nil {
				return err
			}
		}
	case routing.Sending:
		if e.Lease.After(now) {
			return nil // somebody is at it; look again next time
		}
		// Whoever claimed it died between the claim and the record: nobody can tell
		// whether the carrier was asked.
		err := r.Table.Record(ctx, e.ID, e.Attempt, store.Outcome{Status: routing.Unknown, Error: "It is not known whether the carrier took this message. We are finding out."})
		if err != nil && !errors.Is(err, store.ErrConflict) {
			return err
		}
		if e, err = r.Table.Event(ctx, l.Event); err != nil {
			return err // what follows goes by how it stands now
		}
		if e.Status != routing.Unknown {
			break // the carrier's answer came at the last moment
		}
		fallthrough
	case routing.Unknown:
		if err := r.reconcile(ctx, e, now); err != nil {
			return err
		}
	}
	return r.Table.Forget(ctx, l)
}

// reconcile resolves an attempt of unknown outcome from the carrier's own list. A
// message that is not in it after a quarter of an hour is parked for the owner: it
// is never sent again blindly.
func (r *Relay) reconcile(ctx context.Context, e routing.Event, now time.Time) error {
	m := Outgoing{From: e.From, To: e.To, Text: e.Text, Event: e.ID}
	if e.Hidden != "" {
		m.Text = e.Hidden
	}
	var err error
	if m.Others, err = r.othersLike(ctx, e); err != nil {
		return err
	}
	h, found, err := r.Carrier.Find(ctx, m, e.At.Add(-time.Minute))
	if err != nil {
		return r.Table.LeaveBehind(ctx, e.ID, now.Add(reconcileAfter))
	}
	if found {
		o := store.Outcome{Status: h.Status, Sid: h.Sid, Code: h.Code, Error: h.Sentence}
		if o.Status.Rank() < routing.Sent.Rank() {
			o.Status = routing.Sent
		}
		err := r.Table.Report(ctx, e.ID, o)
		if errors.Is(err, store.ErrConflict) {
			return nil
		}
		return err
	}
	if now.Sub(latest(e.At, e.Lease)) < 15*time.Minute {
		return r.Table.LeaveBehind(ctx, e.ID, now.Add(reconcileAfter))
	}
	if e.ID.Thread().Notices() {
		return r.notTold(ctx, e, "It is not known whether it arrived.")
	}
	a := r.alert(e.ID.Org(), now, routing.Alert{Kind: "unknown_outcome", Severity: "high", Thread: e.ID.Thread(), Event: e.ID,
		Text: "It is not known whether a message reached the client. If you try again, they may get it twice; if you do not, they may not have it. Asking them is the third way."})
	a.ID = alertOf(e, "u")
	return r.Table.FailThread(ctx, e.ID.Thread(), a)
}

// othersLike are the carrier's ids of other messages between the same two numbers. People
// say the same thing twice: a text that is in the carrier's list may be another's.
func (r *Relay) othersLike(ctx context.Context, e routing.Event) (map[string]bool, error) {
	ids := []routing.ThreadID{e.ID.Thread()}
	if !ids[0].Notices() { // which stand in no conversation
		th, err := r.Table.Thread(ctx, ids[0])
		if err != nil {
			return nil, err
		}
		ids = append(ids, th.Links...)
	}
	all := map[string]bool{}
	for _, id := range ids {
		sids, err := r.Table.OtherSids(ctx, id, e.ID)
		if err != nil {
			return nil, err
		}
		maps.Copy(all, sids)
	}
	return all, nil
}

// ReleaseHeld takes up the texts that were held while messaging was off, in order of
// receipt for each pair. It stops where messaging is off again.
func (r *Relay) ReleaseHeld(ctx context.Context) (int, error) {
	if !r.Flags.Flags(ctx).Messaging {
		return 0, nil
	}
	held, err := r.Table.HeldTexts(ctx, sweepBatch)
	if err != nil {
		return 0, err
	}
	n := 0
	type pair struct{ number, phone routing.Phone }
	done := map[pair]bool{}
	for _, h := range held {
		p := pair{h.Number, h.Phone}
		if done[p] {
			continue
		}
		done[p] = true
		// The index may lag, and order may not: the pair's texts come from the table.
		texts, err := r.Table.HeldOf(ctx, h.Number, h.Phone)
		if err != nil {
			return n, err
		}
		for _, t := range texts {
			if _, err := r.Release(ctx, t); err != nil {
				if errors.Is(err, ErrStillOff) {
					return n, nil
				}
				return n, fmt.Errorf("release: %w", err)
			}
			n++
		}
	}
	return n, nil
}

// Report takes a status report of the carrier's in: forward only, never lost.
type ReportIn struct {
	Event  routing.EventID
	Sid    string
	Status routing.Status // empty where the carrier's word is not one of ours
	Word   string         // the carrier's
	Code   int
}

// Reported is what came of it.
type Reported string

const (
	ReportApplied Reported = "applied"
	ReportOld     Reported = "nothing new"
	ReportUnknown Reported = "unknown message"
	ReportIgnored Reported = "not a status of ours"
)

// Report applies a status report.
func (r *Relay) Report(ctx context.Context, in ReportIn) (Reported, error) {
	if in.Status == "" {
		// A word that the carrier has added since: it moves nothing, and is kept.
		return ReportIgnored, r.Table.KeepReport(ctx, r.order(r.Clock()), in.Sid, string(in.Event), in.Word[:min(len(in.Word), 64)], in.Code)
	}
	o := store.Outcome{Status: in.Status, Sid: in.Sid, Code: in.Code}
	failed := in.Status == routing.Failed || in.Status == routing.Undelivered
	if failed {
		o.Error = r.Sentence(in.Code)
	}
	err := r.Table.Report(ctx, in.Event, o)
	if errors.Is(err, store.ErrConflict) {
		e, err := r.Table.Event(ctx, in.Event)
		if errors.Is(err, store.ErrNotFound) {
			return ReportUnknown, r.Table.KeepReport(ctx, r.order(r.Clock()), in.Sid, string(in.Event), string(in.Status), in.Code)
		}
		if err != nil {
			return "", err
		}
		if e.Sid != "" && in.Sid != "" && e.Sid != in.Sid {
			return ReportOld, nil // of an earlier attempt
		}
		return ReportOld, nil
	}
	if err != nil {
		return "", fmt.Errorf("report: %w", err)
	}
	if failed {
		e, err := r.Table.Event(ctx, in.Event)
		if err != nil {
			return ReportApplied, err
		}
		if in.Code == 21610 {
			r.blocked(ctx, e)
		}
		_ = r.failed(ctx, e, o.Code, o.Error) // the stream tells the owner where this does not
	}
	return ReportApplied, nil
}
