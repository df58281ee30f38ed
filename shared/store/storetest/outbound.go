package storetest

import (
	"encoding/json"

	"snout/shared/routing"
	"snout/shared/store"
)

func (b *bench) event(id routing.EventID) routing.Event {
	b.Helper()
	e, err := b.table.Event(b.ctx, id)
	b.must(err)
	return e
}

// sent commits a message and answers it.
func (b *bench) sent(e routing.Event) routing.Event {
	b.Helper()
	b.must(b.table.CommitSend(b.ctx, store.SendCommit{Event: e, Touch: store.Touch{Event: e}, Rev: 1}))
	return e
}

func queued(th *routing.Thread, n int) routing.Event {
	e := message(th.ID, n, 1, 20, "Ana is coming")
	e.Status, e.Attempt, e.Lease = routing.Queued, 0, routing.Event{}.Lease
	return e
}

func claim(b *bench) {
	th := b.talk()
	e := queued(th, 1)
	e.DueAt = at(10)
	b.sent(e)
	b.must(b.table.Waited(b.ctx, e.ID))
	e.Waited = true
	_, err := b.table.Claim(b.ctx, e.ID, routing.Phone{}, at(9), at(11))
	b.is("before it is due", err, store.ErrConflict)
	got, err := b.table.Claim(b.ctx, e.ID, routing.Phone{}, at(10), at(11))
	b.must(err)
	e.Status, e.Attempt, e.Lease, e.DueAt = routing.Sending, 1, at(11), routing.Event{}.DueAt
	b.same("the message as claimed", e, got)
	b.same("the message in the table", e, b.event(e.ID))
	_, err = b.table.Claim(b.ctx, e.ID, routing.Phone{}, at(20), at(21))
	b.is("a second claim, though the lease is over", err, store.ErrConflict)
	_, err = b.table.Claim(b.ctx, routing.NewEventID(th.ID, order(77)), routing.Phone{}, at(10), at(11))
	b.is("a message withdrawn", err, store.ErrConflict)

	// Tried again later: a new attempt, a new claim.
	b.must(b.table.Record(b.ctx, e.ID, 1, store.Outcome{Status: routing.Queued, DueAt: at(30), Retries: 1, Code: 30001, Error: "busy"}))
	got, err = b.table.Claim(b.ctx, e.ID, routing.Phone{}, at(30), at(31))
	b.must(err)
	e.Attempt, e.Lease, e.Retries, e.Code, e.Error = 2, at(31), 1, 30001, "busy"
	b.same("the second attempt", e, got)

	// A person who has opted out meanwhile: the attempt is not begun.
	b.must(b.table.Record(b.ctx, e.ID, 2, store.Outcome{Status: routing.Queued, DueAt: at(40), Retries: 2}))
	before := b.event(e.ID)
	stop := kept(th, text(th.ID, 60, 20, 1, "STOP"))
	stop.Consent, stop.Person = &routing.Consent{OptedOut: true, At: at(35), Word: "stop"}, e.To
	b.must(b.table.CommitInbound(b.ctx, stop))
	_, err = b.table.Claim(b.ctx, e.ID, e.To, at(40), at(41))
	b.same("refused by consent", true, store.RefusedBy(err, "consent"))
	b.same("the message as it stood", before, b.event(e.ID))
}

func recordOutcome(b *bench) {
	th := b.talk()
	e := b.sent(message(th.ID, 1, 1, 20, "hi"))
	b.must(b.table.Record(b.ctx, e.ID, 1, store.Outcome{Status: routing.Sent, Sid: "SM1"}))
	e.Status, e.Sid, e.Lease = routing.Sent, "SM1", routing.Event{}.Lease
	b.same("taken", e, b.event(e.ID))
	b.is("an unknown outcome afterwards", b.table.Record(b.ctx, e.ID, 1, store.Outcome{Status: routing.Unknown}), store.ErrConflict)
	b.is("another attempt's outcome", b.table.Record(b.ctx, e.ID, 2, store.Outcome{Status: routing.Delivered}), store.ErrConflict)
	b.is("tried again though taken", b.table.Record(b.ctx, e.ID, 1, store.Outcome{Status: routing.Queued, DueAt: at(1)}), store.ErrConflict)
	b.same("still taken", e, b.event(e.ID))

	// A refusal, with its sentence; what the owner is told hangs on whether this was the write.
	f := b.sent(message(th.ID, 2, 1, 20, "hi"))
	b.must(b.table.Record(b.ctx, f.ID, 1, store.Outcome{Status: routing.Failed, Code: 21610, Error: "They have opted out."}))
	f.Status, f.Code, f.Error, f.Lease = routing.Failed, 21610, "They have opted out.", routing.Event{}.Lease
	b.same("refused", f, b.event(f.ID))

	// The report came before the answer: it stands, and the sid is added.
	g := b.sent(message(th.ID, 3, 1, 20, "hi"))
	b.must(b.table.Report(b.ctx, g.ID, store.Outcome{Status: routing.Delivered}))
	b.must(b.table.Record(b.ctx, g.ID, 1, store.Outcome{Status: routing.Sent, Sid: "SM3"}))
	g.Status, g.Sid, g.Lease = routing.Delivered, "SM3", routing.Event{}.Lease
	b.same("delivered before it was sent", g, b.event(g.ID))

	// An attempt whose outcome nobody knew is answered after the next has begun.
	h := b.sent(message(th.ID, 4, 1, 20, "hi"))
	b.must(b.table.Record(b.ctx, h.ID, 1, store.Outcome{Status: routing.Unknown, Error: "nobody knows"}))
	b.must(b.table.Again(b.ctx, b.event(h.ID), at(5), store.Audit{Order: order(50), At: at(5), What: "retry"}))
	second, err := b.table.Claim(b.ctx, h.ID, routing.Phone{}, at(5), at(6))
	b.must(err)
	b.is("the first attempt's answer", b.table.Record(b.ctx, h.ID, 1, store.Outcome{Status: routing.Sent, Sid: "SM4"}), store.ErrConflict)
	b.same("the second attempt", second, b.event(h.ID))
}

func report(b *bench) {
	th := b.talk()
	e := b.sent(message(th.ID, 1, 1, 20, "hi"))
	b.must(b.table.Record(b.ctx, e.ID, 1, store.Outcome{Status: routing.Sent, Sid: "SM1"}))
	b.is("of another message's sid", b.table.Report(b.ctx, e.ID, store.Outcome{Status: routing.Delivered, Sid: "SM9"}), store.ErrConflict)
	b.must(b.table.Report(b.ctx, e.ID, store.Outcome{Status: routing.Undelivered, Sid: "SM1", Code: 30003, Error: "off"}))
	e.Status, e.Sid, e.Lease, e.Code, e.Error = routing.Undelivered, "SM1", routing.Event{}.Lease, 30003, "off"
	b.same("reported", e, b.event(e.ID))
	b.is("a second end", b.table.Report(b.ctx, e.ID, store.Outcome{Status: routing.Delivered, Sid: "SM1"}), store.ErrConflict)
	b.is("an earlier status", b.table.Report(b.ctx, e.ID, store.Outcome{Status: routing.Sent, Sid: "SM1"}), store.ErrConflict)
	b.is("of a message we do not know", b.table.Report(b.ctx, routing.NewEventID(th.ID, order(9)), store.Outcome{Status: routing.Sent, Sid: "SM1"}), store.ErrConflict)
	in := text(th.ID, 2, 20, 1, "hello")
	b.must(b.table.CommitInbound(b.ctx, kept(th, in)))
	b.is("of a client's text", b.table.Report(b.ctx, in.ID, store.Outcome{Status: routing.Delivered, Sid: "SM2"}), store.ErrConflict)

	// Sent again: what is said of the first attempt is not said of the second.
	b.must(b.table.Again(b.ctx, b.event(e.ID), at(5), store.Audit{Order: order(50), At: at(5), What: "retry"}))
	before := b.event(e.ID)
	b.is("the first attempt's failure once more", b.table.Report(b.ctx, e.ID, store.Outcome{Status: routing.Failed, Sid: "SM1", Code: 30003}), store.ErrConflict)
	b.same("the second attempt", before, b.event(e.ID))
	second, err := b.table.Claim(b.ctx, e.ID, routing.Phone{}, at(5), at(6))
	b.must(err)
	b.must(b.table.Report(b.ctx, e.ID, store.Outcome{Status: routing.Delivered, Sid: "SM2"}))
	second.Status, second.Sid, second.Lease = routing.Delivered, "SM2", routing.Event{}.Lease
	b.same("the second attempt's own report", second, b.event(e.ID))
}

func release(b *bench) {
	th := b.talk()
	e := message(th.ID, 1, 1, 20, "call me")
	e.Author = routing.Author{Role: routing.RoleSitter, ID: string(ana), Name: "Ana Ruiz"}
	e.Status, e.Attempt, e.Lease, e.Visibility = routing.Blocked, 0, routing.Event{}.Lease, routing.VisibleOwner
	a := store.Attempt{Sitter: ana, Event: e.ID, Families: []string{"phone", "link"}, At: e.At}
	alert := routing.Alert{ID: routing.NewAlertID(org, order(1)), Kind: "contact_swap", Severity: "critical", Text: "stopped", Thread: th.ID, Event: e.ID, Sitter: ana, At: e.At, Open: true}
	c := store.SendCommit{Idem: "key", Use: store.Idem{Body: "digest", Event: e.ID, Answer: json.RawMessage(`{"c":"x"}`)}, Until: at(2880), Event: e, Rev: 1,
		Touch: store.Touch{Event: e, Quiet: true, Flagged: true}, Attempt: &a, Lock: true, Sitter: ana, Alerts: []routing.Alert{alert}}
	b.must(b.table.CommitSend(b.ctx, c))
	got, err := b.table.Attempts(b.ctx, org, ana, at(0))
	b.must(err)
	b.same("the attempts", []store.Attempt{a}, got)
	got, err = b.table.Attempts(b.ctx, org, ana, at(1))
	b.must(err)
	b.same("the attempts since", []store.Attempt(nil), got)
	_, _, sitter, _, err := b.table.SendFacts(b.ctx, th.ID, "", ana, at(0))
	b.must(err)
	b.same("the sitter", &routing.Sitter{ID: ana, Name: "Ana Ruiz", Active: true, Number: "n1", Locked: true, Stopped: 1, Version: 1}, sitter)
	same := c
	same.Idem, same.Event.ID, same.Alerts = "another", routing.NewEventID(th.ID, order(4)), nil
	twin := store.Attempt{Sitter: ana, Event: same.Event.ID, At: e.At}
	same.Attempt, same.Touch.Event = &twin, same.Event
	b.refused("a second one that was counted as the first", b.table.CommitSend(b.ctx, same), "sitter")
	used, err := b.table.Idem(b.ctx, org, "key")
	b.must(err)
	b.same("what the key was used for", &c.Use, used)

	line := store.Audit{Order: order(2), At: at(3), By: "owner olga", What: "release", On: string(e.ID), Reason: "it is the vet's"}
	b.must(b.table.Release(b.ctx, e, ana, line))
	e.Status, e.ReleaseBy, e.ReleaseOf = routing.Queued, "owner olga", "it is the vet's"
	b.same("the message", e, b.event(e.ID))
	a.Released = true
	got, err = b.table.Attempts(b.ctx, org, ana, at(0))
	b.must(err)
	b.same("the attempt, which no longer counts", []store.Attempt{a}, got)
	lines, err := b.table.Audits(b.ctx, org, 9)
	b.must(err)
	b.same("the line", []store.Audit{line}, lines)
	e.Status = routing.Blocked
	line.Order = order(3)
	b.refused("releasing it again", b.table.Release(b.ctx, e, ana, line), "event")
	lines, err = b.table.Audits(b.ctx, org, 9)
	b.must(err)
	b.same("lines of a refused release", 1, len(lines))
}

func exceptions(b *bench) {
	th := b.talk()
	line := store.Audit{Order: order(2), At: at(3), By: "owner olga", What: "exception.allow", On: string(th.ID), Reason: "it is the vet's"}
	b.must(b.table.SetExceptions(b.ctx, th.ID, nil, []string{"4155550133"}, line))
	b.same("what is allowed", []string{"4155550133"}, b.thread(th.ID).Exceptions)
	lines, err := b.table.Audits(b.ctx, org, 9)
	b.must(err)
	b.same("the line", []store.Audit{line}, lines)
	line.Order = order(3)
	b.refused("as if nothing were allowed yet", b.table.SetExceptions(b.ctx, th.ID, nil, []string{"x"}, line), "thread")
	b.refused("in no thread", b.table.SetExceptions(b.ctx, thread("nowhere"), nil, []string{"x"}, line), "thread")
	b.must(b.table.SetExceptions(b.ctx, th.ID, []string{"4155550133"}, nil, line))
	b.same("nothing again", []string(nil), b.thread(th.ID).Exceptions)
}

func again(b *bench) {
	th := b.talk()
	e := b.sent(queued(th, 1))
	b.must(b.table.Waited(b.ctx, e.ID))
	_, err := b.table.Claim(b.ctx, e.ID, routing.Phone{}, at(1), at(2))
	b.must(err)
	b.must(b.table.Waited(b.ctx, e.ID)) // it is queued no more
	b.must(b.table.Record(b.ctx, e.ID, 1, store.Outcome{Status: routing.Failed, Sid: "SM1", Code: 30003, Error: "off"}))
	e = b.event(e.ID)
	line := store.Audit{Order: order(2), At: at(3), By: "owner olga", What: "retry", On: string(e.ID)}
	b.must(b.table.Again(b.ctx, e, at(3), line))
	want := e
	want.Status, want.DueAt, want.Sid, want.Code, want.Error = routing.Queued, at(3), "", 0, ""
	want.Waited = false // what the owner sends again does not go stale by its first wait
	b.same("the message", want, b.event(e.ID))
	lines, err := b.table.Audits(b.ctx, org, 9)
	b.must(err)
	b.same("the line", []store.Audit{line}, lines)
	line.Order = order(3)
	b.refused("once more", b.table.Again(b.ctx, e, at(4), line), "event")
}

func failOnce(b *bench) {
	th := b.talk()
	a := routing.Alert{ID: routing.NewAlertID(org, order(1)), Kind: "not_delivered", Severity: "high", Text: "not delivered", Thread: th.ID, At: at(1), Open: true}
	b.must(b.table.FailThread(b.ctx, th.ID, a))
	b.must(b.table.FailThread(b.ctx, th.ID, a))
	b.same("how often the thread failed", 1, b.thread(th.ID).Failed)
	got, err := b.table.Alert(b.ctx, a.ID)
	b.must(err)
	b.same("the alert", a, got)
	_, err = b.table.Alert(b.ctx, routing.NewAlertID(other, order(1)))
	b.is("another org's alert of the same order", err, store.ErrNotFound)
}

func sendRefused(b *bench) {
	th := b.talk()
	e := message(th.ID, 1, 1, 20, "hi")
	c := store.SendCommit{Idem: "key", Use: store.Idem{Body: "digest", Event: e.ID, Answer: json.RawMessage(`{}`)}, Until: at(2880), Event: e, Touch: store.Touch{Event: e, Author: "Olga", SitterUnread: 1}, Rev: 1}
	b.must(b.table.CommitSend(b.ctx, c))
	after := *th
	after.LastAt, after.LastText, after.LastDir, after.LastRole, after.LastAuthor, after.LastAllText, after.LastAllAt, after.SitterUnread = e.At, "hi", routing.Outbound, routing.RoleOwner, "Olga", "hi", e.At, 1
	got, used, sitter, _, err := b.table.SendFacts(b.ctx, th.ID, "key", "", at(0))
	b.must(err)
	b.same("the thread", &after, got)
	b.same("what the key was used for", &c.Use, used)
	b.same("no sitter", (*routing.Sitter)(nil), sitter)
	n := b.count()
	b.refused("the same again", b.table.CommitSend(b.ctx, c), "idem", "event")
	c.Idem, c.Event = "key2", message(th.ID, 2, 1, 20, "hi")
	c.Rev = 9
	b.refused("a thread that has changed", b.table.CommitSend(b.ctx, c), "thread")
	c.Rev, c.Event = 1, message(thread("t7"), 2, 1, 20, "hi")
	b.refused("a thread that is not there", b.table.CommitSend(b.ctx, c), "thread")
	b.same("nothing of it is in the table", n, b.count())
	missing, none, _, _, err := b.table.SendFacts(b.ctx, thread("t7"), "key9", "nobody", at(0))
	b.must(err)
	if missing != nil || none != nil {
		b.Errorf("a thread that is not there: %v %v", missing, none)
	}
	unused, err := b.table.Idem(b.ctx, org, "key9")
	b.must(err)
	b.same("a key not used", (*store.Idem)(nil), unused)
}

func due(b *bench) {
	first, err := b.table.NextDue(b.ctx)
	b.must(err)
	if !first.IsZero() {
		b.Errorf("an empty table's next is due at %v", first)
	}
	var ids []routing.EventID
	for i := range 3 {
		id := routing.NewEventID(thread("t1"), order(i))
		ids = append(ids, id)
		b.must(b.table.LeaveBehind(b.ctx, id, at(30-10*i)))
		b.must(b.table.LeaveBehind(b.ctx, id, at(30-10*i)))
	}
	first, err = b.table.NextDue(b.ctx)
	b.must(err)
	b.same("the next", at(10), first)
	short := func(ls []store.Left) (got []routing.EventID) {
		for _, l := range ls {
			got = append(got, l.Event)
		}
		return got
	}
	ls, err := b.table.Due(b.ctx, at(20), 10)
	b.must(err)
	b.same("what is due, soonest first", []routing.EventID{ids[2], ids[1]}, short(ls))
	b.must(b.table.Forget(b.ctx, ls[0]))
	b.must(b.table.Forget(b.ctx, ls[0]))
	ls, err = b.table.Due(b.ctx, at(100), 1)
	b.must(err)
	b.same("the soonest that is left", ids[1:2], short(ls))
	b.must(b.table.LeaveWaiting(b.ctx, org, "b1", at(5)))
	ls, err = b.table.Due(b.ctx, at(5), 9)
	b.must(err)
	if len(ls) != 1 || ls[0].Org != org || ls[0].Booking != "b1" || ls[0].Event != "" || !ls[0].At.Equal(at(5)) {
		b.Errorf("a booking that waits is %+v", ls)
	}
}
