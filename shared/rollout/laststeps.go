package rollout

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// step3: a weekly booking opens its thread by itself, once.
func (f *stepRun) step3(ctx context.Context) error {
	var before *Figures
	var had []threadJSON
	var err error
	if !f.Config.DryRun {
		if before, _, err = f.API.Figures(ctx); err == nil {
			had, err = f.serviceThreads(ctx, f.fx.Second)
		}
		if err != nil {
			return f.broken(ctx, "3.assign", err)
		}
	}
	start := f.tomorrow()
	booking, err := f.book(ctx, f.fx.Second, "weekly", start)
	if err != nil {
		return f.broken(ctx, "3.assign", err)
	}
	f.fx.WeeklySecond = booking
	since := f.now().Add(-time.Second)
	assign := func() error {
		return f.patch(ctx, booking, "assign "+f.Config.Sitter+" to the weekly booking", map[string]any{"sitterId": f.Config.Sitter})
	}
	aerr := assign()
	if err := f.check(ctx, "3.assign", func(e *evidence) error {
		e.add("booking", "%s to %s", booking, f.Config.Sitter)
		return aerr
	}); err != nil {
		return err
	}
	if f.Config.DryRun {
		return assign()
	}
	var d *detailJSON
	if err := f.check(ctx, "3.thread-created", func(e *evidence) error {
		if err := f.eventually(ctx, immediately, func() (string, error) {
			ts, err := f.serviceThreads(ctx, f.fx.Second)
			if err != nil {
				return "", err
			}
			for _, t := range ts {
				if slices.Contains(t.BookingIDs, booking) {
					f.fx.ThreadSecond = t.ID
					return "", nil
				}
			}
			return "no thread opened for the booking although proactive threads are on", nil
		}); err != nil {
			return err
		}
		if d, err = f.open(ctx, f.fx.ThreadSecond); err != nil {
			return err
		}
		for _, ev := range d.Events {
			at, _ := time.Parse(time.RFC3339Nano, ev.At)
			if ev.Author.Role != "system" && at.After(since) {
				return failed("the conversation holds a message of the %s's already", ev.Author.Role)
			}
		}
		e.add("thread", "%s on a %s number, before anybody wrote", d.ID, d.NumberClass)
		return nil
	}); err != nil {
		return err
	}
	if err := f.check(ctx, "3.window", func(e *evidence) error {
		from, to := f.due(start)
		e.add("expected", "%s to %s: %s before and %s after", stamp(from), stamp(to), f.buffer.Before, f.buffer.After)
		return f.eventually(ctx, immediately, func() (string, error) {
			if d, err = f.open(ctx, f.fx.ThreadSecond); err != nil {
				return "", err
			}
			if err := f.windowOf(d, booking, start); err != nil {
				return err.Error(), nil
			}
			return "", nil
		})
	}); err != nil {
		return err
	}
	again := assign()
	if err := f.check(ctx, "3.no-duplicate", func(e *evidence) error {
		if again != nil {
			return again
		}
		if err := f.Time.Settle(ctx); err != nil {
			return err
		}
		ts, err := f.serviceThreads(ctx, f.fx.Second)
		if err != nil {
			return err
		}
		e.add("threads", "%d before, %d after the assignment was made twice", len(had), len(ts))
		if len(ts) > max(1, len(had)) {
			return failed("the client has %d service threads with the test sitter after the assignment was made twice, and had %d", len(ts), len(had))
		}
		if d, err = f.open(ctx, f.fx.ThreadSecond); err != nil {
			return err
		}
		return f.windowOf(d, booking, start)
	}); err != nil {
		return err
	}
	if err := f.check(ctx, "3.window-status", func(e *evidence) error {
		d, err := f.open(ctx, f.fx.ThreadSecond)
		if err != nil {
			return err
		}
		want := f.header(d, "")
		if d.Window.Text != want.Text || d.Window.State != string(want.State) {
			return failed("the header says %q (%s), and by its windows it must say %q (%s)", d.Window.Text, d.Window.State, want.Text, want.State)
		}
		e.add("header", "%s", d.Window.Text)
		return nil
	}); err != nil {
		return err
	}
	return f.check(ctx, "3.counts", func(e *evidence) error {
		more := 1
		if len(had) > 0 {
			more = 0 // the class rules reuse the thread that serves this sitter
		}
		return f.eventually(ctx, time.Minute, func() (string, error) {
			now, _, err := f.API.Figures(ctx)
			if err != nil {
				return "", err
			}
			class := d.NumberClass
			was, is := before.class(class), now.class(class)
			wasW := before.Summary.AssignmentWindows.Active + before.Summary.AssignmentWindows.Upcoming
			isW := now.Summary.AssignmentWindows.Active + now.Summary.AssignmentWindows.Upcoming
			switch {
			case is < was+more:
				return fmt.Sprintf("the count of %s threads went from %d to %d, and %d more was expected", class, was, is, more), nil
			case isW < wasW+1:
				return fmt.Sprintf("the count of windows went from %d to %d, and one more was expected", wasW, isW), nil
			}
			e.facts = nil
			e.add("threads on "+class+" numbers", "%d → %d (%d expected)", was, is, more)
			e.add("windows", "%d → %d", wasW, isW)
			return "", nil
		})
	})
}

// sitterListJSON is a sitter's list.
type sitterListJSON struct {
	Threads   []threadJSON      `json:"threads"`
	Suggested []json.RawMessage `json:"suggested"`
}

// step4: what the test sitter sees and may.
func (f *stepRun) step4(ctx context.Context) error {
	start := f.tomorrow()
	if err := f.standing(ctx, start); err != nil {
		return f.broken(ctx, "4.list", err)
	}
	if f.Config.DryRun {
		return f.dry4(ctx)
	}
	if err := f.check(ctx, "4.sign-in", func(e *evidence) error {
		var me meJSON
		if err := f.made(ctx, TestSitter, "GET", "/api/messages/me", nil, &me); err != nil {
			return err
		}
		if me.Role != "sitter" || str(me.SitterID) != f.Config.Sitter || !me.SitterMessagesEnabled {
			return failed("the test sitter signs in as %q %s, messages on: %v", me.Role, str(me.SitterID), me.SitterMessagesEnabled)
		}
		e.add("signed in", "%s as %s", str(me.SitterID), me.Role)
		return nil
	}); err != nil {
		return err
	}
	if err := f.check(ctx, "4.tabs", func(e *evidence) error {
		return f.refused(ctx, e, TestSitter, "/api/messages/threads?box=owner_inbox")
	}); err != nil {
		return err
	}
	if err := f.check(ctx, "4.list", func(e *evidence) error {
		return f.eventually(ctx, immediately, func() (string, error) { return f.onlyAssigned(ctx, e, f.fx.Thread) })
	}); err != nil {
		return err
	}
	if err := f.check(ctx, "4.no-owner-inbox", func(e *evidence) error { return f.noOwnerInbox(ctx, e) }); err != nil {
		return err
	}
	if err := f.billing(ctx); err != nil {
		return err
	}
	if err := f.check(ctx, "4.no-numbers", func(e *evidence) error { return f.noNumbers(ctx, e) }); err != nil {
		return err
	}
	if err := f.check(ctx, "4.header-next", func(e *evidence) error {
		return f.headerSays(ctx, e, "upcoming", regexp.MustCompile(`^Next window: \S.* – \S.*$`))
	}); err != nil {
		return err
	}
	if err := f.check(ctx, "4.outside", func(e *evidence) error { return f.sendOutside(ctx, e, start) }); err != nil {
		return err
	}
	if err := f.patch(ctx, f.fx.Weekly, "move the test booking to now, so that its window is active", f.times(f.now().Add(-10*time.Minute))); err != nil {
		return f.broken(ctx, "4.header-active", err)
	}
	if err := f.check(ctx, "4.header-active", func(e *evidence) error {
		return f.headerSays(ctx, e, "active", regexp.MustCompile(`^Active Window: \S.* – \S.*$`))
	}); err != nil {
		return err
	}
	if err := f.check(ctx, "4.no-window-count", func(e *evidence) error { return f.noWindowCount(ctx, e) }); err != nil {
		return err
	}
	if err := f.inside(ctx); err != nil {
		return err
	}
	if err := f.poaching(ctx); err != nil {
		return err
	}
	if err := f.patch(ctx, f.fx.Weekly, "move the test booking to this morning, so that its window is over", f.times(f.now().Add(-5*time.Hour))); err != nil {
		return f.broken(ctx, "4.header-none", err)
	}
	return f.check(ctx, "4.header-none", func(e *evidence) error {
		return f.headerSays(ctx, e, "none", regexp.MustCompile(`^No active window – messaging disabled$`))
	})
}

func (f *stepRun) times(start time.Time) map[string]any {
	return map[string]any{"startAt": stamp(start), "endAt": stamp(start.Add(time.Hour))}
}

// dry4 says the writes of step 4 that depend on nothing that was read.
func (f *stepRun) dry4(ctx context.Context) error {
	if err := f.billing(ctx); err != nil {
		return err
	}
	for _, w := range []Write{
		{What: "api", Where: "PATCH /api/bookings/{id}", Text: "move the test booking to now, so that its window is active"},
		{What: "api", Where: "POST /api/messages/send", Text: "the test sitter writes within their window"},
		{What: "api", Where: "POST /api/messages/send", Text: "the test sitter writes a phone number, which must be stopped"},
		{What: "api", Where: "PATCH /api/bookings/{id}", Text: "move the test booking to this morning, so that its window is over"},
	} {
		if err := f.write(ctx, w, nil); err != nil {
			return err
		}
	}
	return nil
}

// standing makes the first client's weekly booking with the test sitter be tomorrow,
// in an open conversation.
func (f *stepRun) standing(ctx context.Context, start time.Time) (err error) {
	if f.fx.Weekly == "" || f.Config.DryRun {
		if f.fx.Weekly, err = f.book(ctx, f.fx.Client, "weekly", start); err != nil {
			return err
		}
		err = f.patch(ctx, f.fx.Weekly, "assign "+f.Config.Sitter+" to the weekly booking", map[string]any{"sitterId": f.Config.Sitter})
	} else {
		err = f.patch(ctx, f.fx.Weekly, "move the test booking to tomorrow, so that its window is to come", f.times(start))
	}
	if err != nil || f.Config.DryRun {
		return err
	}
	if !slices.Contains(f.fx.Bookings, f.fx.Weekly) {
		f.fx.Bookings = append(f.fx.Bookings, f.fx.Weekly)
	}
	return f.eventually(ctx, immediately, func() (string, error) {
		ts, err := f.serviceThreads(ctx, f.fx.Client)
		if err != nil {
			return "", err
		}
		for _, t := range ts {
			if slices.Contains(t.BookingIDs, f.fx.Weekly) {
				f.fx.Thread = t.ID
				return "", nil
			}
		}
		return "the test booking stands in no conversation", nil
	})
}

// refused: an address that a sitter must not have answers 404.
func (f *stepRun) refused(ctx context.Context, e *evidence, p Person, path string) error {
	ans, err := f.API.Call(ctx, p, "GET", path, nil, nil)
	if err != nil {
		return err
	}
	if ans.Status != 404 {
		return failed("GET %s answers the sitter %d, and must be 404", shortPath(path), ans.Status)
	}
	return nil
}

func (f *stepRun) sitterList(ctx context.Context) (sitterListJSON, Answer, error) {
	var l sitterListJSON
	ans, err := f.API.Call(ctx, TestSitter, "GET", "/api/messages/threads?limit=100", nil, &l)
	if err == nil && ans.Status != 200 {
		err = failed("the sitter's list answers %d%s", ans.Status, spaced(ans.Code))
	}
	return l, ans, err
}

// onlyAssigned: every row of the sitter's list is a thread in which they hold a window
// that is on or to come, by what the owner sees.
func (f *stepRun) onlyAssigned(ctx context.Context, e *evidence, must string) (string, error) {
	l, _, err := f.sitterList(ctx)
	if err != nil {
		return "", err
	}
	now := f.now()
	found := must == ""
	for _, t := range l.Threads {
		found = found || t.ID == must
		if t.Window.State != "active" && t.Window.State != "upcoming" {
			return fmt.Sprintf("the sitter's list shows thread %s, whose window is %q", t.ID, t.Window.State), nil
		}
		d, err := f.open(ctx, t.ID)
		if err != nil {
			return "", err
		}
		if !slices.ContainsFunc(d.Windows, func(w struct {
			BookingID string `json:"bookingId"`
			SitterID  string `json:"sitterId"`
			StartAt   string `json:"startAt"`
			EndAt     string `json:"endAt"`
			State     string `json:"state"`
		}) bool {
			end, _ := time.Parse(time.RFC3339Nano, w.EndAt)
			return w.SitterID == f.Config.Sitter && !end.Before(now)
		}) {
			return fmt.Sprintf("the sitter's list shows thread %s, in which they hold no window", t.ID), nil
		}
	}
	if !found {
		return "the sitter's list does not show their own conversation " + must, nil
	}
	if len(l.Suggested) > 0 {
		return "the sitter's list shows suggested conversations, which are the owner's", nil
	}
	e.facts = nil
	e.add("list", "%d conversations, each with a window of %s", len(l.Threads), f.Config.Sitter)
	return "", nil
}

// noOwnerInbox: no guest, no front desk, and nothing that was routed to the owner.
func (f *stepRun) noOwnerInbox(ctx context.Context, e *evidence) error {
	l, _, err := f.sitterList(ctx)
	if err != nil {
		return err
	}
	for _, t := range l.Threads {
		if t.Kind != "service" {
			return failed("the sitter's list shows thread %s of the kind %s", t.ID, t.Kind)
		}
	}
	for _, id := range []string{f.fx.Desk, f.fx.Guest} {
		if id == "" {
			continue
		}
		if err := f.refused(ctx, e, TestSitter, "/api/messages/threads/"+url.PathEscape(id)); err != nil {
			return err
		}
	}
	whole, err := f.open(ctx, f.fx.Thread)
	if err != nil {
		return err
	}
	theirs, ans, err := f.thread(ctx, TestSitter, f.fx.Thread)
	if err != nil {
		return err
	}
	if ans.Status != 200 {
		return failed("the sitter's own conversation answers %d%s", ans.Status, spaced(ans.Code))
	}
	hidden := 0
	for _, ev := range whole.Events {
		if ev.Visibility != "owner" {
			continue
		}
		hidden++
		if theirs.event(ev.Text) != nil || slices.ContainsFunc(theirs.Events, func(x eventJSON) bool { return x.ID == ev.ID }) {
			return failed("the sitter sees event %s, which is the owner's alone", ev.ID)
		}
	}
	e.add("hidden", "%d events of the conversation are the owner's alone; front desk and guest conversations answer 404", hidden)
	return nil
}

func (f *stepRun) billing(ctx context.Context) error {
	w := Write{What: "api", Where: "POST /api/messages/threads", Text: "the owner writes to the test client about billing"}
	var out sent
	var ans Answer
	if err := f.write(ctx, w, func() (err error) {
		out, ans, err = f.say(ctx, Owner, "/api/messages/threads", map[string]any{"clientId": f.fx.Client, "kind": "billing", "text": f.body("the owner writes about billing")})
		return err
	}); err != nil {
		return f.broken(ctx, "4.no-billing", err)
	}
	return f.check(ctx, "4.no-billing", func(e *evidence) error {
		if ans.Status != 202 {
			return failed("a billing message answers %d%s", ans.Status, spaced(ans.Code))
		}
		f.fx.Billing = out.ThreadID
		if err := f.refused(ctx, e, TestSitter, "/api/messages/threads?box=billing"); err != nil {
			return err
		}
		if err := f.refused(ctx, e, TestSitter, "/api/messages/threads/"+url.PathEscape(out.ThreadID)); err != nil {
			return err
		}
		l, _, err := f.sitterList(ctx)
		if err != nil {
			return err
		}
		for _, t := range l.Threads {
			if t.ID == out.ThreadID || t.Kind == "billing" {
				return failed("the sitter's list shows the billing thread %s", t.ID)
			}
		}
		e.add("billing thread", "%s answers the sitter 404", out.ThreadID)
		return nil
	})
}

// noNumbers: what the sitter gets holds nobody's number, whole or in digits.
func (f *stepRun) noNumbers(ctx context.Context, e *evidence) error {
	_, list, err := f.sitterList(ctx)
	if err != nil {
		return err
	}
	_, detail, err := f.thread(ctx, TestSitter, f.fx.Thread)
	if err != nil {
		return err
	}
	for _, raw := range [][]byte{list.Raw, detail.Raw} {
		if wholeNumber.Match(raw) {
			return failed("the sitter's answers hold a whole phone number")
		}
		for _, p := range f.knownNumbers() {
			digits := strings.TrimPrefix(p, "+")
			if bytes.Contains(raw, []byte(digits)) || bytes.Contains(raw, []byte(digits[max(0, len(digits)-10):])) {
				return failed("the sitter's answers hold the digits of %s", p)
			}
		}
	}
	e.add("looked through", "%d bytes for %d known numbers and any other", len(list.Raw)+len(detail.Raw), len(f.knownNumbers()))
	return nil
}

func (f *stepRun) knownNumbers() []string {
	ps := []string{f.Config.Client, f.Config.Second, f.Config.Stranger}
	for _, n := range f.numbers {
		ps = append(ps, n.E164)
	}
	return ps
}

// headerSays: the sitter's header is in a state and in the checklist's words.
func (f *stepRun) headerSays(ctx context.Context, e *evidence, state string, words *regexp.Regexp) error {
	return f.eventually(ctx, immediately, func() (string, error) {
		d, ans, err := f.thread(ctx, TestSitter, f.fx.Thread)
		if err != nil {
			return "", err
		}
		if ans.Status != 200 {
			return fmt.Sprintf("the sitter's conversation answers %d%s", ans.Status, spaced(ans.Code)), nil
		}
		whole, err := f.open(ctx, f.fx.Thread)
		if err != nil {
			return "", err
		}
		want := f.header(whole, f.Config.Sitter)
		if d.Window.State != state || !words.MatchString(d.Window.Text) || d.Window.Text != want.Text {
			return fmt.Sprintf("the sitter's header says %q (%s), and must say %q (%s)", d.Window.Text, d.Window.State, want.Text, state), nil
		}
		e.facts = nil
		e.add("header", "%s", d.Window.Text)
		return "", nil
	})
}

// sitterSends makes the test sitter write.
func (f *stepRun) sitterSends(ctx context.Context, text string) (sent, Answer, error) {
	return f.say(ctx, TestSitter, "/api/messages/send", map[string]any{"threadId": f.fx.Thread, "text": text})
}

func (f *stepRun) sendOutside(ctx context.Context, e *evidence, start time.Time) error {
	text := f.body("the sitter writes outside their window")
	_, ans, err := f.sitterSends(ctx, text)
	if err != nil {
		return err
	}
	if ans.Status != 403 || ans.Code != "NO_ACTIVE_WINDOW" {
		return failed("a sitter's message outside their window answers %d%s, and must be 403 NO_ACTIVE_WINDOW", ans.Status, spaced(ans.Code))
	}
	var next struct {
		StartAt string `json:"startAt"`
		EndAt   string `json:"endAt"`
	}
	_ = json.Unmarshal(ans.Next, &next)
	from, to := f.due(start)
	a, aerr := time.Parse(time.RFC3339Nano, next.StartAt)
	b, berr := time.Parse(time.RFC3339Nano, next.EndAt)
	if aerr != nil || berr != nil || !a.Equal(from) || !b.Equal(to) {
		return failed("the refusal names the next window %q to %q, and it is %s to %s", next.StartAt, next.EndAt, stamp(from), stamp(to))
	}
	if strings.TrimSpace(ans.Detail) == "" {
		return failed("the refusal has no sentence for the sitter")
	}
	d, err := f.open(ctx, f.fx.Thread)
	if err != nil {
		return err
	}
	if d.event(text) != nil {
		return failed("a message outside the window was kept in the conversation")
	}
	e.add("refused", "%s, next window %s", ans.Code, next.StartAt)
	return nil
}

// noWindowCount: the figure is the number of service threads with a sitter and no
// active window, counted one by one.
func (f *stepRun) noWindowCount(ctx context.Context, e *evidence) error {
	return f.eventually(ctx, time.Minute, func() (string, error) {
		ts, err := list[threadJSON](ctx, f.API, Owner, "/api/messages/threads?box=conversations&limit=100", "threads")
		if err != nil {
			return "", err
		}
		want := 0
		for _, t := range ts {
			if t.Kind == "service" && t.SitterID != nil && t.Window.State != "active" {
				want++
			}
		}
		fig, _, err := f.API.Figures(ctx)
		if err != nil {
			return "", err
		}
		if got := num(fig.Summary.SitterNoActiveWindow); got != want {
			return fmt.Sprintf("sitterNoActiveWindow is %d, and %d threads of the list have a sitter and no active window", got, want), nil
		}
		e.facts = nil
		e.add("sitterNoActiveWindow", "%d, as counted in the list", want)
		return "", nil
	})
}

func (f *stepRun) inside(ctx context.Context) error {
	text := f.body("the sitter writes within their window")
	since := f.now().Add(-time.Minute)
	var out sent
	var ans Answer
	w := Write{What: "api", Where: "POST /api/messages/send", Text: "the test sitter writes within their window"}
	if err := f.write(ctx, w, func() (err error) {
		out, ans, err = f.sitterSends(ctx, text)
		return err
	}); err != nil {
		return f.broken(ctx, "4.inside", err)
	}
	return f.check(ctx, "4.inside", func(e *evidence) error {
		if ans.Status != 202 {
			return failed("a sitter's message within their window answers %d%s: %s", ans.Status, spaced(ans.Code), ans.Detail)
		}
		d, err := f.open(ctx, f.fx.Thread)
		if err != nil {
			return err
		}
		t, err := f.got(ctx, f.Config.Client, d.Number, text, since, delivery)
		if err != nil {
			return err
		}
		e.add("received", "by %s from %s (%s)", f.Config.Client, t.From, t.Sid)
		return f.eventually(ctx, delivery, func() (string, error) {
			d, _, err := f.thread(ctx, TestSitter, f.fx.Thread)
			if err != nil {
				return "", err
			}
			ev := d.event(text)
			switch {
			case ev == nil:
				return "the sitter's own message is not in their conversation", nil
			case ev.Status != "delivered":
				return "the sitter's message is " + ev.Status + ", not delivered", nil
			}
			e.add("event", "%s %s", out.EventID, ev.Status)
			return "", nil
		})
	})
}

// swap is a message that must be stopped.
const swap = "Please text me directly at 555-555-0123, that is easier."

func (f *stepRun) poaching(ctx context.Context) error {
	fig, _, err := f.API.Figures(ctx)
	if err != nil {
		return f.broken(ctx, "4.anti-poaching", err)
	}
	before := num(fig.Summary.AntiPoachingBlocked)
	since := f.now().Add(-time.Minute)
	var ans Answer
	w := Write{What: "api", Where: "POST /api/messages/send", Text: "the test sitter writes a phone number, which must be stopped"}
	if err := f.write(ctx, w, func() (err error) {
		_, ans, err = f.sitterSends(ctx, swap)
		return err
	}); err != nil {
		return f.broken(ctx, "4.anti-poaching", err)
	}
	if err := f.check(ctx, "4.anti-poaching", func(e *evidence) error {
		e.add("answer", "%d%s [%s]", ans.Status, spaced(ans.Code), ans.Request)
		if ans.Status != 403 || ans.Code != "ANTI_POACHING_BLOCKED" {
			return failed("a sitter's message with a phone number answers %d%s, and must be 403 ANTI_POACHING_BLOCKED", ans.Status, spaced(ans.Code))
		}
		if err := f.eventually(ctx, time.Minute, func() (string, error) {
			fig, _, err := f.API.Figures(ctx)
			if err != nil {
				return "", err
			}
			if now := num(fig.Summary.AntiPoachingBlocked); now <= before {
				return fmt.Sprintf("antiPoachingBlocked was %d before the message and is %d after it", before, now), nil
			}
			e.add("antiPoachingBlocked", "%d → %d", before, num(fig.Summary.AntiPoachingBlocked))
			return "", nil
		}); err != nil {
			return err
		}
		ts, err := f.Phones.Received(ctx, f.Config.Client, since)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(ts, func(t Text) bool { return strings.Contains(t.Body, "555-555-0123") }) {
			return failed("the stopped message reached the client")
		}
		return nil
	}); err != nil {
		return err
	}
	if err := f.check(ctx, "4.friendly-warning", func(e *evidence) error { return f.friendly(e, ans) }); err != nil {
		return err
	}
	return f.unlock(ctx)
}

// friendly: a sentence, and nothing of what was matched or of the client.
func (f *stepRun) friendly(e *evidence, ans Answer) error {
	var fields map[string]any
	if err := json.Unmarshal(ans.Raw, &fields); err != nil {
		return failed("the warning cannot be read")
	}
	known := []string{"type", "title", "status", "code", "detail", "instance"}
	for n := range fields {
		if !slices.Contains(known, n) {
			return failed("the warning carries %q beside its sentence", n)
		}
	}
	if strings.TrimSpace(ans.Detail) == "" {
		return failed("the warning has no sentence")
	}
	raw := string(ans.Raw)
	tells := []string{"0123", "555-", "regex", "pattern", "plain_phone", "matched", "violation"}
	if f.client != nil {
		tells = append(tells, f.client.Name, f.client.ID)
	}
	for _, p := range f.knownNumbers() {
		tells = append(tells, p[max(0, len(p)-4):])
	}
	for _, tell := range tells {
		if strings.Contains(raw, tell) {
			return failed("the warning gives details of what was matched or of the client")
		}
	}
	e.add("warning", "%s", ans.Detail)
	return nil
}

// unlock lifts the lock that a third stopped message within a month puts on the test
// sitter: it would be the checks' own doing.
func (f *stepRun) unlock(ctx context.Context) error {
	ss, err := list[sitterJSON](ctx, f.API, Owner, "/api/sitters?limit=100", "sitters")
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(ss, func(s sitterJSON) bool { return s.ID == f.Config.Sitter && s.Locked }) {
		return nil
	}
	w := Write{What: "api", Where: "POST /api/sitters/{id}/unlock", Text: "let the test sitter write again, whom the checks have locked"}
	return f.write(ctx, w, func() error {
		return f.made(ctx, Owner, "POST", "/api/sitters/"+url.PathEscape(f.Config.Sitter)+"/unlock", map[string]any{"reason": "Stopped messages of the rollout checks"}, nil)
	})
}
