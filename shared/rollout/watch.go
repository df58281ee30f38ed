package rollout

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Progress is what a progress line shows.
type Progress struct {
	Step     int
	From     time.Time
	Now      time.Time
	Until    time.Time
	Sample   Sample
	Looks    int
	NextLook time.Time
}

// watching is what a watch remembers from one look to the next.
type watching struct {
	start    Sample
	last     *Sample
	held     int // looks in a row that saw texts held
	unknown  int // looks in a row that saw more unknown outcomes than at the start
	logLines int
	logged   bool // there is access to logs
}

// tries bounds how often one look is tried: a watch of a day meets a lost packet.
const tries = 3

// boxes of a watch by what they answer.
func (s Step) boxFor(what string) string {
	own := map[string]string{
		"1.figures": "1.watch-diagnostics", "1.errors": "1.watch-errors", "1.redaction": "1.watch-redaction",
		"3.threads": "3.watch-counts", "3.duplicates": "3.watch-duplicates", "3.windows": "3.watch-windows",
		"4.assigned": "4.watch-assigned", "4.gating": "4.watch-gating",
	}
	if id := own[fmt.Sprintf("%d.%s", s.Number, what)]; id != "" {
		return id
	}
	if s.Number == 1 {
		return "1.watch-diagnostics"
	}
	return fmt.Sprintf("%d.watch", s.Number)
}

// watchStep looks at the target until the watch is over, or something is not as it
// should be. A watch that was stopped goes on from the state file.
func (r *Runner) watchStep(ctx context.Context, s Step, f *stepRun, rec *StepRecord) error {
	if r.Config.DryRun {
		r.Out.Say("then watch for %s, looking every %s", r.Config.Watch, r.Config.Every)
		return nil
	}
	if rec.Status != StepWatching {
		rec.Status, rec.WatchFrom = StepWatching, r.now()
		rec.WatchUntil = rec.WatchFrom.Add(r.Config.Watch)
		rec.Samples = nil
		if err := r.save(); err != nil {
			return err
		}
	}
	r.watch = &watching{logged: r.Logs != nil}
	if n := len(rec.Samples); n > 0 {
		r.watch.start, r.watch.last, r.watch.logLines = rec.Samples[0], &rec.Samples[n-1], rec.Samples[n-1].LogLines
	}
	for {
		if err := r.look(ctx, s, f, rec); err != nil {
			return err
		}
		now := r.now()
		left := rec.WatchUntil.Sub(now)
		next := now.Add(min(r.Config.Every, max(left, 0)))
		r.Out.Watch(Progress{Step: s.Number, From: rec.WatchFrom, Now: now, Until: rec.WatchUntil, Sample: rec.Samples[len(rec.Samples)-1], Looks: len(rec.Samples), NextLook: next})
		if left <= 0 {
			break
		}
		if err := r.Time.Pass(ctx, min(r.Config.Every, left)); err != nil {
			return err
		}
	}
	for _, b := range Boxes() {
		if b.Step != s.Number || !b.Watch {
			continue
		}
		if !r.watch.logged && (b.ID == "1.watch-errors" || b.ID == "1.watch-redaction") {
			r.eyes(b.ID, "there was no access to the logs: look for errors and whole phone numbers in them")
			continue
		}
		e := &evidence{}
		e.add("watched", "%s to %s, %d looks", rec.WatchFrom.UTC().Format(time.RFC3339), now(r).Format(time.RFC3339), len(rec.Samples))
		if r.watch.logged {
			e.add("log lines", "%d", r.watch.logLines)
		}
		if err := r.conclude(b.ID, e, nil); err != nil {
			return err
		}
	}
	return nil
}

func now(r *Runner) time.Time { return r.now().UTC() }

// look is one look. A fault of the way there is tried again; what was seen and is not
// as it should be fails the box that it belongs to.
func (r *Runner) look(ctx context.Context, s Step, f *stepRun, rec *StepRecord) error {
	var what string
	var err error
	for try := 1; ; try++ {
		if err = r.Time.Settle(ctx); err == nil {
			what, err = r.lookOnce(ctx, s, f, rec)
		} else {
			what = "figures"
		}
		var no *notHeld
		if err == nil || ctx.Err() != nil || try == tries || errors.As(err, &no) {
			break
		}
		if perr := r.Time.Pass(ctx, 20*time.Second); perr != nil {
			return perr
		}
	}
	if err == nil {
		r.API.Trail()
		return r.save()
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return r.conclude(s.boxFor(what), &evidence{facts: []Fact{{"looks before this one", fmt.Sprint(len(rec.Samples))}}}, err)
}

func (r *Runner) lookOnce(ctx context.Context, s Step, f *stepRun, rec *StepRecord) (what string, err error) {
	fig, ans, err := r.API.Figures(ctx)
	if err != nil {
		return "figures", err
	}
	if err := whole(fig, ans.Raw); err != nil {
		return "figures", err
	}
	n := Sample{
		At: r.now(), Threads: fig.Threads(), Operational: num(fig.Summary.OwnerInboxRoutedOperational), Inbox: num(fig.Summary.OwnerInboxRouted), Blocked: num(fig.Summary.AntiPoachingBlocked),
		Held: fig.Summary.Held, Queued: fig.Summary.Outbound.Queued, Failed: fig.Summary.Outbound.Failed, Unknown: fig.Summary.Outbound.Unknown, Delivered: fig.Summary.Outbound.Delivered,
		NoWindow: num(fig.Summary.SitterNoActiveWindow), Windows: fig.Summary.AssignmentWindows.Active + fig.Summary.AssignmentWindows.Upcoming,
	}
	w := r.watch
	first := w.last == nil
	if first {
		w.start, w.last = n, &n
	}
	for i, name := range switched {
		if fig.FeatureFlags[name] != fmt.Sprint(s.Flags[i]) {
			return "figures", failed("%s is %s, and this step has it %v: somebody has flipped it", name, fig.FeatureFlags[name], s.Flags[i])
		}
	}
	if n.Threads < w.last.Threads {
		return "threads", failed("the count of threads fell from %d to %d", w.last.Threads, n.Threads)
	}
	if err := w.bands(n); err != nil {
		return "figures", err
	}
	if what, err := r.lookAtLogs(ctx); err != nil {
		return what, err
	}
	n.LogLines = w.logLines
	switch s.Number {
	case 3:
		what, err = f.lookAt3(ctx)
	case 4:
		what, err = f.lookAt4(ctx)
	}
	if err != nil {
		return what, err
	}
	rec.Samples = append(rec.Samples, n)
	w.last = &n
	return "", nil
}

// bands are what the figures must keep to, whatever the business does meanwhile.
func (w *watching) bands(n Sample) error {
	for _, c := range []struct {
		name    string
		was, is int
	}{{"antiPoachingBlocked", w.last.Blocked, n.Blocked}, {"ownerInboxRouted", w.last.Inbox, n.Inbox}, {"ownerInboxRoutedOperational", w.last.Operational, n.Operational}} {
		if c.is < c.was {
			return failed("%s fell from %d to %d, and never goes down", c.name, c.was, c.is)
		}
	}
	if n.Operational > n.Inbox {
		return failed("ownerInboxRoutedOperational is %d, and ownerInboxRouted, of which it is a part, %d", n.Operational, n.Inbox)
	}
	if n.Held > 0 {
		w.held++
	} else {
		w.held = 0
	}
	if w.held >= 2 {
		return failed("%d texts are held although messaging is on", n.Held)
	}
	if n.Unknown > w.start.Unknown {
		w.unknown++
	} else {
		w.unknown = 0
	}
	if w.unknown >= 3 {
		return failed("%d messages more than at the start are of unknown outcome, and nothing resolves them", n.Unknown-w.start.Unknown)
	}
	if bad, good := n.Failed-w.start.Failed, n.Delivered-w.start.Delivered; bad > 5 && bad*5 > good {
		return failed("%d messages failed while %d were delivered", bad, good)
	}
	if more := n.Queued - w.start.Queued; more > 50 {
		return failed("%d messages more than at the start wait to be sent", more)
	}
	return nil
}

// lookAtLogs reads what the functions have written since the last look.
func (r *Runner) lookAtLogs(ctx context.Context) (what string, err error) {
	if r.Logs == nil {
		return "", nil
	}
	lines, err := r.Logs.Since(ctx)
	if err != nil {
		return "errors", fmt.Errorf("the logs cannot be read: %w", err)
	}
	r.watch.logLines += len(lines)
	for _, l := range lines {
		if wholeNumber.MatchString(l) || r.holdsTestPhone(l) {
			return "redaction", failed("a log line holds a phone number that is not redacted: %s", cut(l, r.Config))
		}
	}
	for _, l := range lines {
		if logError(l) {
			return "errors", failed("a log line tells of an error: %s", cut(l, r.Config))
		}
	}
	return "", nil
}

func (r *Runner) holdsTestPhone(line string) bool {
	for _, p := range []string{r.Config.Client, r.Config.Second, r.Config.Stranger} {
		if d := strings.TrimPrefix(p, "+"); strings.Contains(line, d) || len(d) > 10 && strings.Contains(line, d[len(d)-10:]) {
			return true
		}
	}
	return false
}

// logError tells whether a line is one of the functions' about a fault, or the
// platform's about a function that ended badly.
func logError(line string) bool {
	var l struct {
		Outcome string `json:"outcome"`
		Failed  string `json:"failed"`
		Level   string `json:"level"`
	}
	if json.Unmarshal([]byte(line), &l) == nil {
		return l.Outcome == "fault" || l.Failed != "" || strings.EqualFold(l.Level, "error")
	}
	for _, sign := range []string{"Task timed out", "panic:", "Runtime.ExitError", "fatal error:"} {
		if strings.Contains(line, sign) {
			return true
		}
	}
	return false
}

// cut shortens a line for the report; digits of the test phones are masked in it.
func cut(l string, c Config) string {
	l = redact(l)
	for _, p := range []string{c.Client, c.Second, c.Stranger} {
		d := strings.TrimPrefix(p, "+")
		l = strings.ReplaceAll(l, d, "[REDACTED]")
		if len(d) > 10 {
			l = strings.ReplaceAll(l, d[len(d)-10:], "[REDACTED]")
		}
	}
	if len(l) > 300 {
		l = l[:300] + "…"
	}
	return l
}

// lookAt3: one thread for each client and number, and the test booking's window is
// where it was.
func (f *stepRun) lookAt3(ctx context.Context) (string, error) {
	ts, err := list[threadJSON](ctx, f.API, Owner, "/api/messages/threads?box=conversations&limit=100", "threads")
	if err != nil {
		return "duplicates", err
	}
	seen := map[string]string{}
	mine := 0
	for _, t := range ts {
		if t.Kind != "service" || t.ClientID == nil {
			continue
		}
		k := *t.ClientID + " " + t.Number
		if other := seen[k]; other != "" && other != t.ID {
			return "duplicates", failed("client %s has the threads %s and %s on one number", *t.ClientID, other, t.ID)
		}
		seen[k] = t.ID
		if *t.ClientID == f.fx.Second && t.ID == f.fx.ThreadSecond {
			mine++
		}
	}
	if mine != 1 {
		return "threads", failed("the thread %s that opened by itself is listed %d times", f.fx.ThreadSecond, mine)
	}
	var b bookingJSON
	if err := f.made(ctx, Owner, "GET", "/api/bookings/"+f.fx.WeeklySecond, nil, &b); err != nil {
		return "windows", err
	}
	start, err := time.Parse(time.RFC3339Nano, b.StartAt)
	if err != nil {
		return "windows", failed("the test booking has no start")
	}
	d, err := f.open(ctx, f.fx.ThreadSecond)
	if err != nil {
		return "windows", err
	}
	return "windows", f.windowOf(d, f.fx.WeeklySecond, start)
}

// lookAt4: the sitter still sees their own only, and still may not write outside.
func (f *stepRun) lookAt4(ctx context.Context) (string, error) {
	missing, err := f.onlyAssigned(ctx, &evidence{}, "")
	if err == nil && missing != "" {
		err = failed("%s", missing)
	}
	if err != nil {
		return "assigned", err
	}
	_, ans, err := f.sitterSends(ctx, f.body("the sitter writes outside their window"))
	if err != nil {
		return "gating", err
	}
	// A day after the window they do not even see the conversation.
	if !(ans.Status == 403 && ans.Code == "NO_ACTIVE_WINDOW" || ans.Status == 404 && ans.Code == "THREAD_NOT_FOUND") {
		return "gating", failed("a sitter's message outside their window answers %d%s", ans.Status, spaced(ans.Code))
	}
	return "", nil
}
