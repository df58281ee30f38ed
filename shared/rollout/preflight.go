package rollout

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"snout/shared/flags"
	"snout/shared/routing"
)

// world is what the preflight has read of the target.
type world struct {
	numbers  []numberJSON
	sitters  []sitterJSON
	settings settingsJSON
	zone     *time.Location
	desk     string // the front desk number
	client   *clientJSON
	second   *clientJSON
	buffer   routing.Buffer
}

// preflight reads everything that has to be right before anything is written.
func (r *Runner) preflight(ctx context.Context, steps []int) (*world, error) {
	c := &r.Config
	if c.Watch < 0 || c.Every <= 0 || c.Every > 24*time.Hour {
		return nil, bad("The watch must not be negative, and --every must lie between a moment and a day.")
	}
	if c.Service == "" {
		c.Service = "Dog Walking"
	}
	if err := r.Identify(ctx); err != nil {
		return nil, err
	}
	if c.Production && c.Confirm != c.Stage {
		return nil, bad("The stage %s is production: say so with --confirm %s.", c.Stage, c.Stage)
	}
	if err := r.signIn(ctx, steps); err != nil {
		return nil, err
	}
	now, err := r.flagsWhole(ctx)
	if err != nil {
		return nil, err
	}
	if at := furthest(now); at > steps[0] && !(at == 2 && steps[0] <= 2) && !c.Local && !c.FromStart && r.State.Step(steps[0]).Status == StepNew {
		return nil, bad("The stage stands at step %d already; step %d would take it back. Say --from-start if that is meant.", at, steps[0])
	}
	if err := r.gateOpen(steps); err != nil {
		return nil, err
	}
	return r.survey(ctx, steps)
}

// gateOpen tells, before anything is written, whether a run that begins past the gate may.
func (r *Runner) gateOpen(steps []int) error {
	if steps[0] < 3 || r.Config.DryRun {
		return nil
	}
	if r.State.Report != nil && r.State.Report.Ready {
		return nil // whether it is accepted is looked at once --accept is recorded
	}
	return r.State.Gate()
}

// Identify tells whether the target is Snout, and the stage that is meant.
func (r *Runner) Identify(ctx context.Context) error {
	var health struct {
		Stage  string `json:"stage"`
		Status string `json:"status"`
	}
	ans, err := r.API.Call(ctx, Nobody, "GET", "/healthz", nil, nil)
	if errors.Is(err, ErrUnreachable) {
		return bad("%s: %v.", r.Config.Target, err)
	}
	if err != nil {
		return err
	}
	var spec struct {
		Info struct {
			Title string `json:"title"`
		} `json:"info"`
	}
	if ans.Status == 200 && json.Unmarshal(ans.Raw, &health) == nil && health.Status == "ok" {
		if ans, err = r.API.Call(ctx, Nobody, "GET", "/api/openapi.json", nil, nil); err != nil {
			return bad("%s: %v.", r.Config.Target, err)
		}
		_ = json.Unmarshal(ans.Raw, &spec)
	}
	if spec.Info.Title != "Snout" {
		return bad("%s answers, but it is not Snout.", r.Config.Target)
	}
	if r.Config.Stage == "" {
		return bad("The target says that it is stage %q: say with --stage that this is meant.", health.Stage)
	}
	if health.Stage != r.Config.Stage {
		return bad("The target says that it is stage %q, and %q was meant.", health.Stage, r.Config.Stage)
	}
	return nil
}

func (r *Runner) signIn(ctx context.Context, steps []int) error {
	want := []struct {
		who  Person
		role string
	}{{Owner, "owner"}}
	if r.API.Can(TestSitter) || slices.Contains(steps, 4) {
		want = append(want, struct {
			who  Person
			role string
		}{TestSitter, "sitter"})
	}
	for _, w := range want {
		if !r.API.Can(w.who) {
			return bad("Step 4 signs in as the test sitter, and there are no credentials for the %s.", w.who)
		}
		token, err := r.API.Token(ctx, w.who, false)
		if err != nil {
			return bad("%v.", err)
		}
		var me meJSON
		ans, err := r.API.Call(ctx, w.who, "GET", "/api/messages/me", nil, &me)
		switch {
		case errors.Is(err, ErrToken):
			when := ""
			if c, cerr := ClaimsOf(token); cerr == nil && c.Exp > 0 && time.Unix(c.Exp, 0).Before(r.now()) {
				when = ": it expired at " + time.Unix(c.Exp, 0).UTC().Format(time.RFC3339)
			}
			return bad("The token of the %s was refused%s. Fetch a new one.", w.who, when)
		case err != nil:
			return bad("%v.", err)
		case ans.Status != 200:
			return bad("The target does not know the %s: %d%s.", w.who, ans.Status, spaced(ans.Code))
		case me.Role != w.role:
			return bad("The token given for the %s is that of a person with the role %q.", w.who, me.Role)
		case w.who == TestSitter && r.Config.Sitter != "" && str(me.SitterID) != r.Config.Sitter:
			return bad("The token given for the test sitter is that of %s, and %s was meant.", str(me.SitterID), r.Config.Sitter)
		}
		if w.who == TestSitter {
			r.Config.Sitter = str(me.SitterID)
		}
		if c, cerr := ClaimsOf(token); cerr == nil && r.Config.Org != "" && c.Org != "" && c.Org != r.Config.Org {
			return bad("The token of the %s is of the org %s, and %s was meant.", w.who, c.Org, r.Config.Org)
		}
	}
	if r.Config.Sitter == "" {
		return bad("Name the test sitter, or give their credentials.")
	}
	return nil
}

// flagsWhole reads the flags and refuses a set that no step leaves behind.
func (r *Runner) flagsWhole(ctx context.Context) (map[string]string, error) {
	now, err := r.Switches.Read(ctx)
	if err != nil {
		return nil, bad("The flags cannot be read from %s: %v.", r.Switches.Where(), err)
	}
	for _, n := range flags.Names {
		if now[n] == "" {
			return nil, bad("The flags are half set: %s is missing in %s. Create the missing ones with `snout flags init`.", n, r.Switches.Where())
		}
	}
	for _, n := range switched {
		if v := now[n]; v != "true" && v != "false" {
			return nil, bad("The flags are half set: %s is %q, which is neither true nor false, and counts as off.", n, v)
		}
	}
	if furthest(now) < 0 {
		return nil, bad("The flags are half set: %s. No step of the checklist leaves them so; set them with `snout flags set`.", flagLine(now))
	}
	// What operators flip must be what the functions read.
	err = r.eventually(ctx, 10*time.Second, func() (string, error) {
		f, _, err := r.API.Figures(ctx)
		if err != nil {
			return "", err
		}
		for _, n := range flags.Names {
			if f.FeatureFlags[n] != now[n] {
				return fmt.Sprintf("%s is %s in %s and %s in the target", n, now[n], r.Switches.Where(), f.FeatureFlags[n]), nil
			}
		}
		return "", nil
	})
	var no *notHeld
	if errors.As(err, &no) {
		return nil, bad("The flags that would be set are not those that the target reads, or it cannot say: %s.", no.Said)
	}
	return now, err
}

// furthest is the last step whose flags these are: 0 for all off, -1 for none.
func furthest(now map[string]string) int {
	on := [3]bool{}
	for i, n := range switched {
		on[i] = now[n] == "true"
	}
	if on == [3]bool{} {
		return 0
	}
	at := -1
	for _, s := range Steps() {
		if s.Flags == on {
			at = s.Number
		}
	}
	return at
}

func flagLine(now map[string]string) string {
	s := ""
	for _, n := range switched {
		s += n + "=" + now[n] + " "
	}
	return s[:max(len(s)-1, 0)]
}

// survey reads the org's numbers, people and settings, and checks the test phones
// against them.
func (r *Runner) survey(ctx context.Context, steps []int) (*world, error) {
	c := &r.Config
	w := &world{}
	unreadable := func(err error) error { return bad("The org cannot be read: %v.", err) }
	ans, err := r.API.Call(ctx, Owner, "GET", "/api/settings", nil, &w.settings)
	if err == nil && ans.Status != 200 {
		err = fmt.Errorf("settings answer %d%s", ans.Status, spaced(ans.Code))
	}
	if err != nil {
		return nil, unreadable(err)
	}
	if w.zone, err = time.LoadLocation(w.settings.TimeZone); err != nil {
		return nil, unreadable(err)
	}
	if w.numbers, err = list[numberJSON](ctx, r.API, Owner, "/api/numbers?limit=100", "numbers"); err != nil {
		return nil, unreadable(err)
	}
	if w.sitters, err = list[sitterJSON](ctx, r.API, Owner, "/api/sitters?limit=100", "sitters"); err != nil {
		return nil, unreadable(err)
	}
	clients, err := list[clientJSON](ctx, r.API, Owner, "/api/clients?limit=100", "clients")
	if err != nil {
		return nil, unreadable(err)
	}
	b := w.settings.Buffers[c.Service]
	w.buffer = routing.Buffer{Before: time.Duration(b.Before) * time.Minute, After: time.Duration(b.After) * time.Minute}
	if _, named := w.settings.Buffers[c.Service]; !named {
		w.buffer = routing.DefaultBuffer(c.Service)
	}
	pool := false
	for _, n := range w.numbers {
		if n.Status == "active" && n.NumberClass == "front_desk" {
			w.desk = n.E164
		}
		pool = pool || n.Status == "active" && n.NumberClass == "pool"
	}
	if w.desk == "" {
		return nil, bad("The org has no active front desk number.")
	}
	if !pool && slices.Contains(steps, 2) {
		return nil, bad("Step 2 needs an active pool number, and the org has none.")
	}
	if !slices.ContainsFunc(w.sitters, func(s sitterJSON) bool { return s.ID == c.Sitter && s.Active }) {
		return nil, bad("There is no active sitter %s.", c.Sitter)
	}
	seen := map[string]string{}
	for _, p := range []struct{ name, phone string }{{"client", c.Client}, {"second", c.Second}, {"stranger", c.Stranger}} {
		if wholeNumber.FindString(p.phone) != p.phone || p.phone == "" {
			return nil, bad("The test phone %q must be a number such as +15555550123.", p.name)
		}
		if other := seen[p.phone]; other != "" {
			return nil, bad("The test phones %q and %q are the same.", other, p.name)
		}
		seen[p.phone] = p.name
		for _, n := range w.numbers {
			if n.E164 == p.phone {
				return nil, bad("The test phone %q is one of the org's own numbers.", p.name)
			}
		}
		for _, cl := range clients {
			if !slices.Contains(cl.Phones, p.phone) {
				continue
			}
			switch {
			case p.name == "stranger":
				return nil, bad("The stranger's test phone belongs to the client %s: check 3 needs a phone of nobody's.", cl.ID)
			case cl.OptedOut:
				return nil, bad("The test phone %q has opted out: text START from it first.", p.name)
			case p.name == "client":
				w.client = &cl
			default:
				w.second = &cl
			}
		}
	}
	return w, nil
}

// sortedFlags is a map of flags as facts.
func sortedFlags(m map[string]string) string {
	s := ""
	for _, n := range slices.Sorted(maps.Keys(m)) {
		s += n + "=" + m[n] + " "
	}
	return s
}
