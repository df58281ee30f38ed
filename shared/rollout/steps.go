package rollout

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"snout/shared/flags"
	"snout/shared/routing"
)

// immediately is what the checklist calls immediately: no longer than a flip may take.
const immediately = 10 * time.Second

// delivery is how long a carrier may take to hand a text over.
const delivery = 2 * time.Minute

// stepRun is one step being run.
type stepRun struct {
	*Runner
	*world
	fx *Fixture
}

func (w *world) forStep(r *Runner, _ Step) *stepRun { return &stepRun{r, w, &r.State.Fixture} }

// flagsInEffect: what was set is what every function goes by, and what is off is off.
func (f *stepRun) flagsInEffect(ctx context.Context, s Step) error {
	return f.check(ctx, fmt.Sprintf("%d.flags", s.Number), func(e *evidence) error {
		return f.eventually(ctx, immediately, func() (string, error) {
			fig, _, err := f.API.Figures(ctx)
			if err != nil {
				return "", err
			}
			for i, n := range switched {
				if fig.FeatureFlags[n] != fmt.Sprint(s.Flags[i]) {
					return fmt.Sprintf("diagnostics show %s=%s, and it was set to %v", n, fig.FeatureFlags[n], s.Flags[i]), nil
				}
			}
			var me meJSON
			if _, err := f.API.Call(ctx, Owner, "GET", "/api/messages/me", nil, &me); err != nil {
				return "", err
			}
			if !me.MessagingEnabled {
				return "messaging is on by the flag and off for the owner", nil
			}
			if missing, err := f.sitterDoor(ctx, TestSitter, s.Flags[2]); missing != "" || err != nil {
				return missing, err
			}
			if s.Number == 4 && f.mayWrite(OtherSitter) {
				if missing, err := f.sitterDoor(ctx, OtherSitter, false); missing != "" || err != nil {
					return missing, err
				}
			}
			e.facts = nil
			e.add("flags in effect", "%s", sortedFlags(fig.FeatureFlags))
			return "", nil
		})
	})
}

// mayWrite tells whether there is another sitter at hand who is not on the list.
func (f *stepRun) mayWrite(p Person) bool {
	return f.API.Can(p) && len(f.Config.Sitters) <= 1
}

// sitterDoor: a sitter's list answers as the flags say.
func (f *stepRun) sitterDoor(ctx context.Context, p Person, open bool) (string, error) {
	if !f.API.Can(p) {
		return "", nil
	}
	ans, err := f.API.Call(ctx, p, "GET", "/api/messages/threads", nil, nil)
	switch {
	case err != nil:
		return "", err
	case open && ans.Status != 200:
		return fmt.Sprintf("the %s's list answers %d%s although sitter messages are on for them", p, ans.Status, spaced(ans.Code)), nil
	case !open && (ans.Status != 404 || ans.Code != "SITTER_MESSAGES_DISABLED"):
		return fmt.Sprintf("the %s's list answers %d%s although sitter messages are off for them", p, ans.Status, spaced(ans.Code)), nil
	}
	return "", nil
}

// people makes the test clients if they are not there.
func (f *stepRun) people(ctx context.Context) error {
	for _, p := range []struct {
		name, phone string
		have        *clientJSON
		id          *string
	}{{"Robin Rollout", f.Config.Client, f.client, &f.fx.Client}, {"Riley Rollout", f.Config.Second, f.second, &f.fx.Second}} {
		if p.have != nil {
			*p.id = p.have.ID
			continue
		}
		in := map[string]any{"name": p.name, "phones": []string{p.phone}, "pets": []string{"Pixel"}}
		w := Write{What: "api", Where: "POST /api/clients", Text: fmt.Sprintf("test client %s with the phone %s", p.name, p.phone)}
		err := f.write(ctx, w, func() error {
			var made clientJSON
			if err := f.made(ctx, Owner, "POST", "/api/clients", in, &made); err != nil {
				return err
			}
			*p.id = made.ID
			if p.phone == f.Config.Client {
				f.client = &made
			} else {
				f.second = &made
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// made is a call that must answer 2xx.
func (f *stepRun) made(ctx context.Context, p Person, method, path string, in, out any, headers ...string) error {
	ans, err := f.API.Call(ctx, p, method, path, in, out, headers...)
	if err != nil {
		return err
	}
	if ans.Status >= 300 {
		return failed("%s %s answers %d%s: %s", method, shortPath(path), ans.Status, spaced(ans.Code), ans.Detail)
	}
	return nil
}

// body is a text that says which check it belongs to, in letters only: digits and
// names would be a contact swap to the screening.
func (f *stepRun) body(what string) string {
	return "Rollout check " + f.Random() + ": " + what + "."
}

type sent struct {
	EventID  string `json:"eventId"`
	ThreadID string `json:"threadId"`
	Status   string `json:"status"`
}

// say makes the owner or a sitter write.
func (f *stepRun) say(ctx context.Context, p Person, path string, in map[string]any) (sent, Answer, error) {
	var out sent
	ans, err := f.API.Call(ctx, p, "POST", path, in, &out, "Idempotency-Key", "rollout-"+f.Random()+f.Random())
	return out, ans, err
}

// text makes a phone write.
func (f *stepRun) text(ctx context.Context, from, to, body string) (sid string, err error) {
	w := Write{What: "text", Where: "the carrier", Text: fmt.Sprintf("%s texts %s", from, to)}
	err = f.write(ctx, w, func() error {
		sid, err = f.Phones.Text(ctx, from, to, body)
		return err
	})
	return sid, err
}

// got waits until a phone has received a text.
func (f *stepRun) got(ctx context.Context, phone, from, body string, since time.Time, within time.Duration) (Text, error) {
	var found Text
	err := f.eventually(ctx, within, func() (string, error) {
		ts, err := f.Phones.Received(ctx, phone, since)
		if err != nil {
			return "", err
		}
		for _, t := range ts {
			if (body == "" || t.Body == body) && t.From == from {
				found = t
				return "", nil
			}
		}
		for _, t := range ts {
			if body != "" && t.Body == body {
				return fmt.Sprintf("the test phone received the text from %s, not from %s", t.From, from), nil
			}
		}
		return "the test phone has not received the text", nil
	})
	return found, err
}

func (f *stepRun) thread(ctx context.Context, p Person, id string) (*detailJSON, Answer, error) {
	d := &detailJSON{}
	ans, err := f.API.Call(ctx, p, "GET", "/api/messages/threads/"+url.PathEscape(id), nil, d)
	return d, ans, err
}

func (f *stepRun) open(ctx context.Context, id string) (*detailJSON, error) {
	d, ans, err := f.thread(ctx, Owner, id)
	if err == nil && ans.Status != 200 {
		err = failed("the owner's conversation answers %d%s", ans.Status, spaced(ans.Code))
	}
	return d, err
}

func (d *detailJSON) event(text string) *eventJSON {
	for i := range d.Events {
		if d.Events[i].Text == text {
			return &d.Events[i]
		}
	}
	return nil
}

// decided waits for the routing decision about a text to a thread.
func (f *stepRun) decided(ctx context.Context, since time.Time, fits func(decisionJSON) bool) (decisionJSON, error) {
	var found decisionJSON
	err := f.eventually(ctx, time.Minute, func() (string, error) {
		fig, _, err := f.API.Figures(ctx)
		if err != nil {
			return "", err
		}
		for _, d := range fig.RoutingDecisions.Decisions {
			if at, terr := time.Parse(time.RFC3339Nano, d.Timestamp); terr == nil && at.Before(since) {
				continue
			}
			if fits(d) {
				found = d
				return "", nil
			}
		}
		return "diagnostics show no routing decision about the text", nil
	})
	return found, err
}

func (e *evidence) decision(d decisionJSON) {
	e.add("decision", "%s rule %d: %s, %s (thread %s, from %s to %s)", d.Timestamp, d.Rule, d.RoutingTarget, d.RoutingReason, str(d.ThreadID), d.Sender, d.Recipient)
}

// step1: the owner writes and is written to, and sees both.
func (f *stepRun) step1(ctx context.Context) error {
	if err := f.people(ctx); err != nil {
		return err
	}
	outText, inText := f.body("the owner writes from the front desk"), f.body("the client answers the front desk")
	since := f.now().Add(-time.Minute)
	w := Write{What: "api", Where: "POST /api/messages/threads", Text: "the owner writes to the test client from the front desk"}
	var out sent
	var ans Answer
	if err := f.write(ctx, w, func() (err error) {
		out, ans, err = f.say(ctx, Owner, "/api/messages/threads", map[string]any{"clientId": f.fx.Client, "kind": "front_desk", "text": outText})
		return err
	}); err != nil {
		return f.broken(ctx, "1.owner-sends", err)
	}
	if err := f.check(ctx, "1.owner-sends", func(e *evidence) error {
		if ans.Status != 202 {
			return failed("sending answers %d%s: %s", ans.Status, spaced(ans.Code), ans.Detail)
		}
		f.fx.Desk = out.ThreadID
		t, err := f.got(ctx, f.Config.Client, f.desk, outText, since, delivery)
		e.add("sent", "event %s in thread %s [%s]", out.EventID, out.ThreadID, ans.Request)
		e.add("received", "by %s from %s at %s (%s)", f.Config.Client, t.From, t.At.UTC().Format(time.RFC3339), t.Sid)
		return err
	}); err != nil {
		return err
	}
	before := f.now().Add(-time.Second)
	sid, err := f.text(ctx, f.Config.Client, f.desk, inText)
	if err != nil {
		return f.broken(ctx, "1.owner-receives", err)
	}
	if err := f.check(ctx, "1.owner-receives", func(e *evidence) error {
		d, err := f.decided(ctx, before, func(d decisionJSON) bool { return str(d.ThreadID) == f.fx.Desk })
		e.add("text", "%s texted the front desk (%s)", f.Config.Client, sid)
		if err != nil {
			return err
		}
		e.decision(d)
		if d.RoutingTarget != "owner" {
			return failed("the text to the front desk was routed to %s (%s), not to the owner", d.RoutingTarget, d.RoutingReason)
		}
		return nil
	}); err != nil {
		return err
	}
	if err := f.check(ctx, "1.thread-list", func(e *evidence) error {
		return f.eventually(ctx, immediately, func() (string, error) {
			ts, err := f.conversations(ctx)
			if err != nil {
				return "", err
			}
			i := slices.IndexFunc(ts, func(t threadJSON) bool { return t.ID == f.fx.Desk })
			if i < 0 {
				return "the owner's list does not show the conversation", nil
			}
			if ts[i].LastMessage != preview(inText) {
				return "the owner's list does not show the conversation's last message", nil
			}
			e.add("list", "%d conversations, place %d: thread %s", len(ts), i+1, f.fx.Desk)
			return "", nil
		})
	}); err != nil {
		return err
	}
	if err := f.check(ctx, "1.thread-detail", func(e *evidence) error {
		return f.eventually(ctx, delivery, func() (string, error) {
			d, err := f.open(ctx, f.fx.Desk)
			if err != nil {
				return "", err
			}
			mine, theirs := d.event(outText), d.event(inText)
			switch {
			case mine == nil:
				return "the conversation does not show what the owner wrote", nil
			case theirs == nil:
				return "the conversation does not show what the client wrote", nil
			case theirs.Direction != "inbound" || mine.Direction != "outbound":
				return "the conversation shows messages in the wrong direction", nil
			case mine.Status != "delivered":
				return "the owner's message is " + mine.Status + ", not delivered", nil
			}
			e.add("events", "%s %s, %s %s", mine.ID, mine.Status, theirs.ID, theirs.Direction)
			return "", nil
		})
	}); err != nil {
		return err
	}
	return f.check(ctx, "1.diagnostics", func(e *evidence) error {
		fig, ans, err := f.API.Figures(ctx)
		if err != nil {
			return err
		}
		if err := whole(fig, ans.Raw); err != nil {
			return err
		}
		if n := fig.class("front_desk"); n < 1 {
			return failed("threadsByNumberClass counts %d front desk threads, and there is one at least", n)
		}
		e.figures(fig)
		return nil
	})
}

// preview is a text as lists show it.
func preview(s string) string {
	r := []rune(s)
	if len(r) > 80 {
		return string(r[:79]) + "…"
	}
	return s
}

func (e *evidence) figures(f *Figures) {
	s := f.Summary
	e.add("threads", "front_desk %d, sitter %d, pool %d", f.class("front_desk"), f.class("sitter"), f.class("pool"))
	e.add("counters", "antiPoachingBlocked %d, ownerInboxRouted %d, ownerInboxRoutedOperational %d, sitterNoActiveWindow %d", num(s.AntiPoachingBlocked), num(s.OwnerInboxRouted), num(s.OwnerInboxRoutedOperational), num(s.SitterNoActiveWindow))
	e.add("windows", "%d active, %d upcoming", s.AssignmentWindows.Active, s.AssignmentWindows.Upcoming)
	e.add("decisions", "%d shown", len(f.RoutingDecisions.Decisions))
}

var masked = regexp.MustCompile(`^(\+\d{1,6}\*\*\*\*\d{4}|\[REDACTED\])$`)

// whole tells whether diagnostics show all that the checklist names, with every
// number redacted.
func whole(f *Figures, raw []byte) error {
	var classes []string
	for _, c := range f.Summary.ThreadsByNumberClass {
		classes = append(classes, c.NumberClass)
	}
	switch s := f.Summary; {
	case !slices.Equal(classes, []string{"front_desk", "sitter", "pool"}):
		return failed("threadsByNumberClass shows the classes %v", classes)
	case s.AntiPoachingBlocked == nil:
		return failed("antiPoachingBlocked is missing")
	case s.OwnerInboxRouted == nil:
		return failed("ownerInboxRouted is missing")
	case s.OwnerInboxRoutedOperational == nil:
		return failed("ownerInboxRoutedOperational is missing")
	case s.SitterNoActiveWindow == nil:
		return failed("sitterNoActiveWindow is missing")
	}
	ds := f.RoutingDecisions.Decisions
	if len(ds) > 50 || f.RoutingDecisions.Count != len(ds) {
		return failed("%d routing decisions are shown, and the count says %d", len(ds), f.RoutingDecisions.Count)
	}
	for i, d := range ds {
		if d.RoutingReason == "" || d.RoutingTarget == "" {
			return failed("a routing decision has no target or no reason")
		}
		if i > 0 && d.Timestamp > ds[i-1].Timestamp {
			return failed("routing decisions are not the newest first")
		}
		if !masked.MatchString(d.Sender) || !masked.MatchString(d.Recipient) {
			return failed("a routing decision shows a phone number that is not redacted")
		}
	}
	if wholeNumber.Match(raw) {
		return failed("diagnostics show a phone number that is not redacted")
	}
	return nil
}

// broken fails a check over something that went wrong before it could be looked at.
func (f *stepRun) broken(ctx context.Context, id string, err error) error {
	return f.check(ctx, id, func(*evidence) error { return err })
}

// instant in JSON.
func stamp(t time.Time) string { return t.UTC().Truncate(time.Second).Format(time.RFC3339) }

// book makes a weekly booking without a sitter.
func (f *stepRun) book(ctx context.Context, client string, recurrence any, start time.Time) (id string, err error) {
	in := map[string]any{"clientId": client, "service": f.Config.Service, "startAt": stamp(start), "endAt": stamp(start.Add(time.Hour)), "status": "confirmed"}
	kind := "one-time"
	if recurrence != nil {
		in["recurrence"], kind = recurrence, fmt.Sprint(recurrence)
	}
	w := Write{What: "api", Where: "POST /api/bookings", Text: fmt.Sprintf("a %s booking (%s) for a test client, %s, no sitter", kind, f.Config.Service, stamp(start))}
	err = f.write(ctx, w, func() error {
		var b bookingJSON
		if err := f.made(ctx, Owner, "POST", "/api/bookings", in, &b); err != nil {
			return err
		}
		id = b.ID
		f.fx.Bookings = append(f.fx.Bookings, id)
		return f.save()
	})
	return id, err
}

func (f *stepRun) patch(ctx context.Context, booking, what string, in map[string]any) error {
	w := Write{What: "api", Where: "PATCH /api/bookings/{id}", Text: what}
	return f.write(ctx, w, func() error {
		return f.made(ctx, Owner, "PATCH", "/api/bookings/"+url.PathEscape(booking), in, nil)
	})
}

// due is the window that a booking beginning at start must have.
func (f *stepRun) due(start time.Time) (from, to time.Time) {
	start = start.UTC().Truncate(time.Second)
	return start.Add(-f.buffer.Before), start.Add(time.Hour).Add(f.buffer.After)
}

// tomorrow is a time at which a booking has no window yet, and will have one while
// the step is watched.
func (f *stepRun) tomorrow() time.Time { return f.now().Add(20 * time.Hour).Truncate(15 * time.Minute) }

// windowOf finds a booking's windows in a thread and compares them with what is due.
func (f *stepRun) windowOf(d *detailJSON, booking string, start time.Time) error {
	from, to := f.due(start)
	n := 0
	for _, w := range d.Windows {
		if w.BookingID != booking {
			continue
		}
		n++
		a, aerr := time.Parse(time.RFC3339Nano, w.StartAt)
		b, berr := time.Parse(time.RFC3339Nano, w.EndAt)
		if aerr != nil || berr != nil || !a.Equal(from) || !b.Equal(to) {
			return failed("the window is %s to %s, and by the buffers it must be %s to %s", w.StartAt, w.EndAt, stamp(from), stamp(to))
		}
		if w.SitterID != f.Config.Sitter {
			return failed("the window is that of %s, not of the test sitter", w.SitterID)
		}
	}
	if n != 1 {
		return failed("the booking has %d windows in the conversation, and must have one", n)
	}
	return nil
}

// header is what a thread's header must say, from the windows it lists.
func (f *stepRun) header(d *detailJSON, sitter string) routing.Header {
	var ws []routing.Window
	for _, w := range d.Windows {
		a, _ := time.Parse(time.RFC3339Nano, w.StartAt)
		b, _ := time.Parse(time.RFC3339Nano, w.EndAt)
		if sitter == "" || w.SitterID == sitter {
			ws = append(ws, routing.Window{Booking: routing.BookingID(w.BookingID), Sitter: routing.SitterID(w.SitterID), Start: a, End: b})
		}
	}
	return routing.HeaderOf(ws, f.now(), f.zone)
}

// conversations are the newest of the owner's, all classes.
func (f *stepRun) conversations(ctx context.Context) ([]threadJSON, error) {
	return list[threadJSON](ctx, f.API, Owner, "/api/messages/threads?box=conversations&limit=100", "threads")
}

// serviceThreads are the client's service threads that serve the test sitter.
func (f *stepRun) serviceThreads(ctx context.Context, client string) ([]threadJSON, error) {
	ts, err := f.conversations(ctx)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(ts, func(t threadJSON) bool {
		return str(t.ClientID) != client || t.Kind != "service" || str(t.SitterID) != f.Config.Sitter
	}), nil
}

func (f *stepRun) suggestions(ctx context.Context) ([]suggestionJSON, error) {
	var l listJSON
	ans, err := f.API.Call(ctx, Owner, "GET", "/api/messages/threads?box=conversations&limit=100", nil, &l)
	if err == nil && ans.Status != 200 {
		err = failed("the owner's list answers %d%s", ans.Status, spaced(ans.Code))
	}
	return l.Suggested, err
}

// step2: the three manual checks.
func (f *stepRun) step2(ctx context.Context) error {
	if !f.Config.DryRun {
		fig, _, err := f.API.Figures(ctx)
		if err != nil {
			return f.broken(ctx, "2.4.counts", err)
		}
		f.fx.OperationalFrom, f.fx.DecisionsFrom = num(fig.Summary.OwnerInboxRoutedOperational), f.now()
	}
	if err := f.weekly(ctx); err != nil {
		return err
	}
	if err := f.outside(ctx); err != nil {
		return err
	}
	if err := f.mismatch(ctx); err != nil {
		return err
	}
	return f.report(ctx)
}

// weekly is check 1.
func (f *stepRun) weekly(ctx context.Context) error {
	had, err := f.serviceThreadsUnlessDry(ctx, f.fx.Client)
	if err != nil {
		return f.broken(ctx, "2.1.thread-appears", err)
	}
	start := f.tomorrow()
	booking, err := f.book(ctx, f.fx.Client, "weekly", start)
	if err != nil {
		return f.broken(ctx, "2.1.thread-appears", err)
	}
	f.fx.Weekly = booking
	if err := f.patch(ctx, booking, "assign "+f.Config.Sitter+" to the weekly booking", map[string]any{"sitterId": f.Config.Sitter}); err != nil {
		return f.broken(ctx, "2.1.thread-appears", err)
	}
	var shown suggestionJSON // as the list shows it, whichever way
	opened := ""
	if err := f.check(ctx, "2.1.thread-appears", func(e *evidence) error {
		return f.eventually(ctx, immediately, func() (string, error) {
			ss, err := f.suggestions(ctx)
			if err != nil {
				return "", err
			}
			for _, s := range ss {
				if s.BookingID == booking {
					shown = s
					e.add("shown", "as a suggested conversation of booking %s", booking)
					return "", nil
				}
			}
			ts, err := f.conversations(ctx)
			if err != nil {
				return "", err
			}
			for _, t := range ts {
				if slices.Contains(t.BookingIDs, booking) {
					shown = suggestionJSON{booking, str(t.ClientID), t.ClientName, str(t.SitterID)}
					opened = t.ID
					e.add("shown", "in thread %s of booking %s", t.ID, booking)
					return "", nil
				}
			}
			return "the owner's messages do not show the booking's conversation", nil
		})
	}); err != nil {
		return err
	}
	if err := f.check(ctx, "2.1.client-and-booking", func(e *evidence) error {
		e.add("shown", "client %s, sitter %s, booking %s", shown.ClientID, shown.SitterID, shown.BookingID)
		if shown.ClientID != f.fx.Client || shown.SitterID != f.Config.Sitter || f.client != nil && shown.ClientName != f.client.Name {
			return failed("the conversation is shown for client %s and sitter %s, and the booking is that of %s with %s", shown.ClientID, shown.SitterID, f.fx.Client, f.Config.Sitter)
		}
		return nil
	}); err != nil {
		return err
	}
	if err := f.check(ctx, "2.1.proactive-gated", func(e *evidence) error {
		if len(had) == 0 && opened != "" {
			return failed("a new thread opened by itself although %s is off", flags.Proactive)
		}
		e.add("before", "%d service threads of this client with the test sitter", len(had))
		return nil
	}); err != nil {
		return err
	}
	text := f.body("the owner writes about the weekly booking")
	since := f.now().Add(-time.Minute)
	var out sent
	var ans Answer
	w := Write{What: "api", Where: "POST /api/messages/threads", Text: "the owner writes about the weekly booking, which opens its conversation"}
	if err := f.write(ctx, w, func() (err error) {
		out, ans, err = f.say(ctx, Owner, "/api/messages/threads", map[string]any{"bookingId": booking, "text": text})
		return err
	}); err != nil {
		return f.broken(ctx, "2.1.owner-sends", err)
	}
	if err := f.check(ctx, "2.1.owner-sends", func(e *evidence) error {
		e.add("sent", "event %s in thread %s, answer %d [%s]", out.EventID, out.ThreadID, ans.Status, ans.Request)
		if ans.Status != 202 {
			return failed("sending answers %d%s: %s", ans.Status, spaced(ans.Code), ans.Detail)
		}
		f.fx.Thread = out.ThreadID
		return nil
	}); err != nil {
		return err
	}
	var number string
	if err := f.check(ctx, "2.1.window-in-header", func(e *evidence) error {
		return f.eventually(ctx, immediately, func() (string, error) {
			d, err := f.open(ctx, f.fx.Thread)
			if err != nil {
				return "", err
			}
			number = d.Number
			if err := f.windowOf(d, booking, start); err != nil {
				return err.Error(), nil
			}
			want := f.header(d, "")
			if d.Window.Text != want.Text || d.Window.State != string(want.State) {
				return fmt.Sprintf("the header says %q (%s), and by its windows it must say %q (%s)", d.Window.Text, d.Window.State, want.Text, want.State), nil
			}
			e.add("header", "%s", d.Window.Text)
			return "", nil
		})
	}); err != nil {
		return err
	}
	return f.check(ctx, "2.1.routes-correctly", func(e *evidence) error {
		t, err := f.got(ctx, f.Config.Client, number, text, since, delivery)
		if err != nil {
			return err
		}
		e.add("received", "by %s from %s (%s)", f.Config.Client, t.From, t.Sid)
		return f.eventually(ctx, delivery, func() (string, error) {
			d, err := f.open(ctx, f.fx.Thread)
			if err != nil {
				return "", err
			}
			ev := d.event(text)
			switch {
			case ev == nil:
				return "the conversation does not show the owner's message", nil
			case ev.Status != "delivered":
				return "the owner's message is " + ev.Status + ", not delivered", nil
			case d.LastMessage != preview(text):
				return "the conversation's last message is not the owner's", nil
			}
			e.add("event", "%s %s", ev.ID, ev.Status)
			return "", nil
		})
	})
}

func (f *stepRun) serviceThreadsUnlessDry(ctx context.Context, client string) ([]threadJSON, error) {
	if f.Config.DryRun {
		return nil, nil
	}
	return f.serviceThreads(ctx, client)
}

// operational reads the counter that is the real signal.
func (f *stepRun) operational(ctx context.Context) (int, error) {
	fig, _, err := f.API.Figures(ctx)
	if err != nil {
		return 0, err
	}
	return num(fig.Summary.OwnerInboxRoutedOperational), nil
}

// counted waits until the operational counter has moved.
func (f *stepRun) counted(ctx context.Context, e *evidence, before int) error {
	return f.eventually(ctx, time.Minute, func() (string, error) {
		now, err := f.operational(ctx)
		if err != nil {
			return "", err
		}
		if now <= before {
			return fmt.Sprintf("ownerInboxRoutedOperational was %d before the text and is %d after it", before, now), nil
		}
		e.facts = nil
		e.add("ownerInboxRoutedOperational", "%d → %d", before, now)
		return "", nil
	})
}

// outside is check 2: a client's text while no window is on.
func (f *stepRun) outside(ctx context.Context) error {
	var before int
	var number string
	if !f.Config.DryRun {
		d, err := f.open(ctx, f.fx.Thread)
		if err == nil && d.Window.State == "active" {
			err = failed("a window is active in the test conversation, so a text outside a window cannot be tried")
		}
		if err == nil {
			number = d.Number
			before, err = f.operational(ctx)
		}
		if err != nil {
			return f.broken(ctx, "2.2.owner-inbox", err)
		}
	}
	since := f.now().Add(-time.Second)
	text := f.body("the client writes outside any window")
	sid, err := f.text(ctx, f.Config.Client, orPlaceholder(number, "the conversation's number"), text)
	if err != nil {
		return f.broken(ctx, "2.2.owner-inbox", err)
	}
	if err := f.check(ctx, "2.2.owner-inbox", func(e *evidence) error {
		e.add("text", "%s texted %s (%s)", f.Config.Client, number, sid)
		return f.eventually(ctx, time.Minute, func() (string, error) {
			d, err := f.open(ctx, f.fx.Thread)
			if err != nil {
				return "", err
			}
			ev := d.event(text)
			switch {
			case ev == nil:
				return "the text is not in the conversation", nil
			case ev.Routing == nil || ev.Routing.Target != "owner_inbox":
				target := "nowhere"
				if ev.Routing != nil {
					target = ev.Routing.Target
				}
				return "the text was routed to " + target + ", not to the owner inbox", nil
			case ev.Visibility != "owner":
				return "the text that was routed to the owner inbox is visible to the sitter", nil
			}
			e.add("event", "%s: %s, visible to the owner only", ev.ID, ev.Routing.Target)
			return "", nil
		})
	}); err != nil {
		return err
	}
	if err := f.check(ctx, "2.2.inbox-shows", func(e *evidence) error {
		return f.inInbox(ctx, e, text, func(t threadJSON) bool { return t.ID == f.fx.Thread })
	}); err != nil {
		return err
	}
	if err := f.check(ctx, "2.2.counter", func(e *evidence) error { return f.counted(ctx, e, before) }); err != nil {
		return err
	}
	return f.check(ctx, "2.2.decision", func(e *evidence) error {
		d, err := f.decided(ctx, since, func(d decisionJSON) bool { return str(d.ThreadID) == f.fx.Thread })
		if err != nil {
			return err
		}
		e.decision(d)
		return rightly(d, "No active assignment window")
	})
}

func rightly(d decisionJSON, reason string) error {
	if d.RoutingTarget != "owner_inbox" || !strings.Contains(d.RoutingReason, reason) {
		return failed("the decision says %q because of %q, and it must be owner_inbox because of %q", d.RoutingTarget, d.RoutingReason, reason)
	}
	if !masked.MatchString(d.Sender) || !masked.MatchString(d.Recipient) {
		return failed("the decision shows a phone number that is not redacted")
	}
	return nil
}

func (f *stepRun) inInbox(ctx context.Context, e *evidence, text string, fits func(threadJSON) bool) error {
	return f.eventually(ctx, immediately, func() (string, error) {
		ts, err := list[threadJSON](ctx, f.API, Owner, "/api/messages/threads?box=owner_inbox&limit=100", "threads")
		if err != nil {
			return "", err
		}
		for _, t := range ts {
			if fits(t) && t.LastMessage == preview(text) && t.Open > 0 {
				e.add("owner inbox", "thread %s (%s), %d open", t.ID, t.Kind, t.Open)
				return "", nil
			}
		}
		return "the owner inbox does not show the message", nil
	})
}

func orPlaceholder(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// mismatch is check 3: a stranger texts a pool number.
func (f *stepRun) mismatch(ctx context.Context) error {
	pool, err := f.poolThread(ctx)
	if err != nil {
		return f.broken(ctx, "2.3.owner-inbox", err)
	}
	var before int
	var earlier []Text
	since := f.now()
	if !f.Config.DryRun {
		if before, err = f.operational(ctx); err == nil {
			earlier, err = f.Phones.Received(ctx, f.Config.Stranger, since.Add(-24*time.Hour))
		}
		if err != nil {
			return f.broken(ctx, "2.3.owner-inbox", err)
		}
	}
	text := f.body("a stranger writes to a pool number")
	sid, err := f.text(ctx, f.Config.Stranger, orPlaceholder(pool.Number, "a pool number"), text)
	if err != nil {
		return f.broken(ctx, "2.3.owner-inbox", err)
	}
	if err := f.check(ctx, "2.3.owner-inbox", func(e *evidence) error {
		e.add("text", "%s texted %s (%s)", f.Config.Stranger, pool.Number, sid)
		err := f.inInbox(ctx, e, text, func(t threadJSON) bool {
			if t.Number != pool.Number {
				return false
			}
			f.fx.Guest = t.ID
			return true
		})
		if err != nil {
			return err
		}
		d, err := f.open(ctx, pool.ID)
		if err != nil {
			return err
		}
		if d.event(text) != nil {
			return failed("the stranger's text was put into the client's conversation %s", pool.ID)
		}
		return nil
	}); err != nil {
		return err
	}
	if err := f.check(ctx, "2.3.auto-response", func(e *evidence) error {
		// One answer for each sender and number in 24 hours is the rule: on the second run
		// of a day there is none, and there must be none.
		for _, t := range earlier {
			if t.From == pool.Number {
				e.add("answered today", "%s has had the automatic answer at %s (%s); the rule is once in 24 hours", f.Config.Stranger, t.At.UTC().Format(time.RFC3339), t.Sid)
				return nil
			}
		}
		t, err := f.got(ctx, f.Config.Stranger, pool.Number, "", since.Add(-time.Second), delivery)
		if err != nil {
			return failed("no automatic answer came to the sender: %v", err)
		}
		e.add("answered", "by %s at %s (%s)", t.From, t.At.UTC().Format(time.RFC3339), t.Sid)
		return nil
	}); err != nil {
		return err
	}
	if err := f.check(ctx, "2.3.counter", func(e *evidence) error { return f.counted(ctx, e, before) }); err != nil {
		return err
	}
	return f.check(ctx, "2.3.decision", func(e *evidence) error {
		d, err := f.decided(ctx, since.Add(-time.Second), func(d decisionJSON) bool {
			return d.NumberClass == "pool" && d.Sender == routing.Redact(f.Config.Stranger)
		})
		if err != nil {
			return err
		}
		e.decision(d)
		return rightly(d, "Pool number mismatch")
	})
}

// poolThread finds a conversation on a pool number, or makes one: a one-time booking
// of the test client with another sitter.
func (f *stepRun) poolThread(ctx context.Context) (threadJSON, error) {
	ts, err := f.conversations(ctx)
	if err != nil && !f.Config.DryRun {
		return threadJSON{}, err
	}
	for _, t := range ts {
		if t.NumberClass == "pool" && t.Kind == "service" && f.active(t.Number) {
			return t, nil
		}
	}
	other := ""
	for _, s := range f.sitters {
		if s.Active && s.ID != f.Config.Sitter {
			other = s.ID
		}
	}
	if other == "" {
		return threadJSON{}, failed("there is no conversation on a pool number, and no second sitter to make one with")
	}
	booking, err := f.book(ctx, f.fx.Client, nil, f.tomorrow())
	if err != nil {
		return threadJSON{}, err
	}
	f.fx.PoolBooking = booking
	if err := f.patch(ctx, booking, "assign "+other+" to the one-time booking", map[string]any{"sitterId": other}); err != nil {
		return threadJSON{}, err
	}
	var out sent
	w := Write{What: "api", Where: "POST /api/messages/threads", Text: "the owner writes about the one-time booking, which opens a conversation on a pool number"}
	err = f.write(ctx, w, func() error {
		return f.eventually(ctx, immediately, func() (string, error) {
			var ans Answer
			var err error
			out, ans, err = f.say(ctx, Owner, "/api/messages/threads", map[string]any{"bookingId": booking, "text": f.body("the owner writes about a one-time booking")})
			if err == nil && ans.Status != 202 {
				return fmt.Sprintf("starting the conversation answers %d%s", ans.Status, spaced(ans.Code)), nil
			}
			return "", err
		})
	})
	if err != nil || f.Config.DryRun {
		return threadJSON{}, err
	}
	d, err := f.open(ctx, out.ThreadID)
	if err == nil && d.NumberClass != "pool" {
		err = failed("a one-time booking was given a %s number, not one of the pool", d.NumberClass)
	}
	return d.threadJSON, err
}

func (f *stepRun) active(e164 string) bool {
	return slices.ContainsFunc(f.numbers, func(n numberJSON) bool { return n.E164 == e164 && n.Status == "active" })
}

// report makes the checklist's own boxes of the report after step 2.
func (f *stepRun) report(ctx context.Context) error {
	if err := f.check(ctx, "2.4.all-passed", func(e *evidence) error {
		for _, name := range []string{"2.1", "2.2", "2.3"} {
			n := 0
			for _, res := range f.State.Step(2).Results {
				if strings.HasPrefix(res.ID, name+".") {
					n++
					if res.Outcome == Broken {
						return failed("%s has failed", res.ID)
					}
				}
			}
			e.add("check "+name[2:], "%d boxes, all passed", n)
		}
		return nil
	}); err != nil {
		return err
	}
	var ours []decisionJSON
	if err := f.check(ctx, "2.4.counts", func(e *evidence) error {
		return f.eventually(ctx, time.Minute, func() (string, error) {
			fig, ans, err := f.API.Figures(ctx)
			if err != nil {
				return "", err
			}
			if err := whole(fig, ans.Raw); err != nil {
				return "", err
			}
			ours = nil
			operational := 0
			for _, d := range fig.RoutingDecisions.Decisions {
				if at, _ := time.Parse(time.RFC3339Nano, d.Timestamp); at.Before(f.fx.DecisionsFrom) {
					continue
				}
				ours = append(ours, d)
				if routing.Operational(d.Rule) {
					operational++
				}
			}
			rose := num(fig.Summary.OwnerInboxRoutedOperational) - f.fx.OperationalFrom
			// Beyond fifty the list no longer shows them all.
			if rose != operational && len(fig.RoutingDecisions.Decisions) < 50 || rose < 2 {
				return fmt.Sprintf("ownerInboxRoutedOperational rose by %d, and %d decisions since then were operational", rose, operational), nil
			}
			if num(fig.Summary.OwnerInboxRouted) < num(fig.Summary.OwnerInboxRoutedOperational) {
				return "ownerInboxRouted is below ownerInboxRoutedOperational, which is a part of it", nil
			}
			e.facts = nil
			e.add("expected", "ownerInboxRoutedOperational up by %d since the three checks began: %d decisions by rules 6, 9 and 10", rose, operational)
			e.figures(fig)
			return "", nil
		})
	}); err != nil {
		return err
	}
	if err := f.check(ctx, "2.4.reasons", func(e *evidence) error {
		reasons := map[int]string{2: "Unknown destination number", 4: "Messaging is disabled", 5: "Number is quarantined", 6: "Pool number mismatch", 7: "Unknown sender", 8: "Front desk conversation",
			9: "No active assignment window", 10: "Overlapping assignment windows", 11: "Sitter messaging is disabled", 12: "Active assignment window"}
		for _, d := range ours {
			if want := reasons[d.Rule]; want != "" && !strings.HasPrefix(d.RoutingReason, want) {
				return failed("a decision by rule %d gives the reason %q", d.Rule, d.RoutingReason)
			}
			e.decision(d)
		}
		return nil
	}); err != nil {
		return err
	}
	f.eyes("2.4.issues", "")
	return nil
}

// cleanUp cancels the bookings that the step has made, so that their windows do not
// stand in anybody's way. What cannot be cancelled is said and left.
func (f *stepRun) cleanUp(ctx context.Context) {
	keep := []string{}
	for _, b := range f.fx.Bookings {
		if b == f.fx.Weekly && f.step < 4 {
			keep = append(keep, b) // a later step goes on with it
			continue
		}
		if err := f.patch(ctx, b, "cancel the test booking "+b, map[string]any{"status": "cancelled"}); err != nil {
			f.Out.Say("the test booking %s could not be cancelled: %v", b, err)
			keep = append(keep, b)
		}
	}
	f.fx.Bookings = keep
	if f.step == 4 {
		f.fx.Weekly = ""
	}
}
