package relay

import (
	"context"
	"errors"
	"strings"
	"time"

	"snout/shared/routing"
	"snout/shared/store"
)

// Change is one record of the table's stream: what an item was and what it is.
type Change struct {
	Seq      string
	PK, SK   string
	Kind     string
	Old, New store.Image // nil where there was none, or is none
}

// Counted is what one image contributes to its org's counters; a change adds the
// difference. What only ever grows is kept in the image for good, so that no change
// takes it back.
func counted(c Change, im store.Image) (routing.OrgID, map[string]int64, error) {
	add := map[string]int64{}
	if im == nil {
		return "", add, nil
	}
	switch c.Kind {
	case "event":
		e, err := store.EventOf(im)
		if err != nil {
			return "", nil, err
		}
		if e.ID.Thread().Notices() {
			return e.ID.Org(), add, nil // to people's own phones: no messages of the business
		}
		if r := e.Routing; r != nil {
			if r.Target == routing.ToOwnerInbox {
				add["inbox"]++
			}
			if routing.Operational(r.Rule) {
				add["oper"]++
			}
		}
		if e.Status == routing.Blocked || e.ReleaseBy != "" {
			add["blocked"]++
		}
		if e.Dir == routing.Outbound && e.Status != routing.Blocked {
			add["o:"+string(e.Status)]++
			if e.Number != "" && (e.Status == routing.Failed || e.Status == routing.Undelivered) {
				add["fail:"+string(e.Number)+":"+e.At.UTC().Format("20060102")]++
			}
		}
		return e.ID.Org(), add, nil
	case "thread":
		t, err := store.ThreadOf(im)
		if err != nil {
			return "", nil, err
		}
		add["t:"+string(t.NumID)]++
		if t.Kind == routing.Service && t.LastSit != "" {
			add["sit"]++
		}
		return t.Org, add, nil
	case "alert":
		add["inbox"]++
		return orgOfPK(c.PK), add, nil
	case "held":
		add["held"]++
		return routing.OrgID(im.Text("org")), add, nil
	case "unroutable":
		add["unroutable"]++
		return "", add, nil
	}
	return "", add, nil
}

func orgOfPK(pk string) routing.OrgID {
	pk = strings.TrimPrefix(pk, "O#")
	org, _, _ := strings.Cut(pk, "#")
	return routing.OrgID(org)
}

// foldAtOnce bounds how many changes are counted in one transaction, which takes a
// hundred writes and needs one for each routing decision among them.
const foldAtOnce = 90

// Fold adds the changes of one partition, in their order, to the counters, once,
// however often they are delivered.
func (r *Relay) Fold(ctx context.Context, changes []Change) error {
	for len(changes) > 0 {
		part := changes[:min(len(changes), foldAtOnce)]
		changes = changes[len(part):]
		_, err := again(ctx, func(ctx context.Context) (struct{}, error) {
			mark, err := r.Table.FoldMark(ctx, part[0].PK)
			if err != nil {
				return struct{}{}, err
			}
			f, any, err := fold(part, mark)
			if err != nil || !any {
				return struct{}{}, err
			}
			f.At = r.Clock()
			return struct{}{}, r.Table.CommitFold(ctx, f)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func fold(changes []Change, mark string) (store.Fold, bool, error) {
	f := store.Fold{PK: changes[0].PK, Add: map[string]int64{}, Set: map[string]int64{}}
	any := false
	for _, c := range changes {
		if !store.SeqAfter(c.Seq, mark) {
			continue
		}
		any = true
		f.Seq = c.Seq
		was, before, err := counted(c, c.Old)
		if err != nil {
			return f, false, err
		}
		is, after, err := counted(c, c.New)
		if err != nil {
			return f, false, err
		}
		if f.Org = is; is == "" {
			f.Org = was
		}
		for n, v := range before {
			f.Add[n] -= v
		}
		for n, v := range after {
			f.Add[n] += v
		}
		if c.Kind == "alert" && c.New == nil || c.Kind == "event" && c.New == nil {
			// Taken out for good (a withdrawn message, an erased person): what only
			// ever grows stays.
			for _, n := range [...]string{"inbox", "oper", "blocked"} {
				f.Add[n] += before[n]
			}
		}
		if c.Kind == "event" && c.New != nil {
			e, err := store.EventOf(c.New)
			if err != nil {
				return f, false, err
			}
			if e.Number != "" {
				f.Set["used:"+string(e.Number)] = max(f.Set["used:"+string(e.Number)], e.At.UnixMilli())
			}
			if c.Old == nil && e.Routing != nil {
				f.Decisions = append(f.Decisions, decisionRow(e))
			}
		}
		if c.Kind == "held" && c.Old == nil && c.New != nil {
			h, err := store.HeldOfImage(c.New)
			if err != nil {
				return f, false, err
			}
			f.Decisions = append(f.Decisions, store.DecisionRow{Order: h.Order + "#held", Class: h.Class, Target: routing.ToHeld, Reason: routing.ReasonDisabled, Rule: 4,
				Sender: h.Phone, Recip: h.Number, At: h.Text.At})
		}
	}
	return f, any, nil
}

func decisionRow(e routing.Event) store.DecisionRow {
	return store.DecisionRow{
		Order: e.ID.Order() + "#" + e.ID.Thread().Local(), Thread: e.ID.Thread(), Class: e.Routing.Class, Target: e.Routing.Target, Reason: e.Routing.Reason,
		Rule: e.Routing.Rule, Sender: e.From, Recip: e.To, At: e.At,
	}
}

// Windows keeps the compact windows that diagnostics counts.
func (r *Relay) Windows(ctx context.Context, c Change) error {
	var th routing.ThreadID
	var seen []routing.Window
	for _, im := range [...]store.Image{c.Old, c.New} {
		if im == nil {
			continue
		}
		of, w, err := store.WindowOf(im)
		if err != nil {
			return err
		}
		th, seen = of, append(seen, w)
	}
	return r.Table.SettleWindow(ctx, th, seen...)
}

// Events of the stream: what a change asks of the outbox.
func (r *Relay) Follow(ctx context.Context, c Change) error {
	if c.Kind != "event" || c.New == nil {
		return nil
	}
	e, err := store.EventOf(c.New)
	if err != nil {
		return err
	}
	if e.Dir == routing.Inbound && c.Old == nil {
		return r.taken(ctx, e)
	}
	if e.Dir != routing.Outbound {
		return nil
	}
	if c.Old == nil && (e.Author.Role == routing.RoleSitter || e.Author.Role == routing.RoleOwner) {
		var sitter routing.SitterID
		if e.Author.Role == routing.RoleSitter {
			sitter = routing.SitterID(e.Author.ID)
		}
		if err := r.Table.CountSent(ctx, e.ID.Org(), sitter, e.At.Truncate(time.Minute)); err != nil {
			return err
		}
	}
	if c.Old != nil {
		was, err := store.EventOf(c.Old)
		if err != nil {
			return err
		}
		if was.Status == e.Status && was.Attempt == e.Attempt && was.DueAt.Equal(e.DueAt) {
			return nil // nothing that the outbox goes by
		}
	}
	// The record may be old: what counts is how the event stands now.
	switch e.Status {
	case routing.Queued, routing.Sending, routing.Unknown, routing.Failed, routing.Undelivered:
	default:
		return nil
	}
	now, err := r.Table.Event(ctx, e.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if now.Status == routing.Failed || now.Status == routing.Undelivered {
		// Whoever wrote that may have died before the owner was told.
		return r.failed(ctx, now, now.Code, now.Error)
	}
	return r.Queue(ctx, now)
}
