package inbox

import (
	"context"
	"errors"
	"time"

	"snout/shared/routing"
	"snout/shared/store"
)

// Diagnostics is the answer of GET /api/messages/diagnostics.
type Diagnostics struct {
	Summary          Summary           `json:"summary"`
	RoutingDecisions Decisions         `json:"routingDecisions"`
	FeatureFlags     map[string]string `json:"featureFlags"`
	Trends           Trends            `json:"trends"`
	Health           Health            `json:"health"`
	GeneratedAt      string            `json:"generatedAt"`
	Stage            string            `json:"stage"`
	Version          string            `json:"version"`
}

// Summary is the figures.
type Summary struct {
	ThreadsByNumberClass        []ClassCount `json:"threadsByNumberClass"`
	AntiPoachingBlocked         int64        `json:"antiPoachingBlocked"`
	OwnerInboxRouted            int64        `json:"ownerInboxRouted"`
	OwnerInboxRoutedOperational int64        `json:"ownerInboxRoutedOperational"`
	SitterNoActiveWindow        int64        `json:"sitterNoActiveWindow"`
	AssignmentWindows           struct {
		Active   int `json:"active"`
		Upcoming int `json:"upcoming"`
	} `json:"assignmentWindows"`
	Outbound struct {
		Queued    int64 `json:"queued"`
		Sent      int64 `json:"sent"`
		Delivered int64 `json:"delivered"`
		Failed    int64 `json:"failed"`
		Unknown   int64 `json:"unknown"`
	} `json:"outbound"`
	Held       int64  `json:"held"`
	Unroutable *int64 `json:"unroutable,omitempty"` // for ops
}

// Trends are how figures changed in each of the last hours, the oldest first; the last
// two are how they stood at the end of each, by the windows and sitters of today.
type Trends struct {
	From                        string  `json:"from"` // where the first hour begins
	AntiPoachingBlocked         []int64 `json:"antiPoachingBlocked"`
	OwnerInboxRouted            []int64 `json:"ownerInboxRouted"`
	OwnerInboxRoutedOperational []int64 `json:"ownerInboxRoutedOperational"`
	OutboundFailed              []int64 `json:"outboundFailed"`
	Held                        []int64 `json:"held"`
	AssignmentWindowsActive     []int64 `json:"assignmentWindowsActive"`
	SitterNoActiveWindow        []int64 `json:"sitterNoActiveWindow"`
}

// Health is whether what works behind the page keeps up.
type Health struct {
	Carrier struct {
		Failures7d  int64 `json:"failures7d"`  // messages that it did not deliver in a week
		Unconfirmed int64 `json:"unconfirmed"` // nobody can tell yet whether it took them
	} `json:"carrier"`
	Stream struct {
		CountedUpTo *string `json:"countedUpTo"` // the newest message that the figures hold
	} `json:"stream"`
	Outbox struct {
		Waiting int64 `json:"waiting"`
	} `json:"outbox"`
}

// ClassCount is one bar.
type ClassCount struct {
	NumberClass routing.Class `json:"numberClass"`
	Count       int64         `json:"count"`
}

// Decisions is the newest routing decisions.
type Decisions struct {
	Count     int        `json:"count"`
	Decisions []Decision `json:"decisions"`
}

// Decision is one, its numbers redacted.
type Decision struct {
	Timestamp     string  `json:"timestamp"`
	ThreadID      *string `json:"threadId"`
	NumberClass   string  `json:"numberClass"`
	RoutingTarget string  `json:"routingTarget"`
	RoutingReason string  `json:"routingReason"`
	Rule          int     `json:"rule"`
	Sender        string  `json:"sender"`
	Recipient     string  `json:"recipient"`
}

// Diagnostics reads an org's figures from its counters and indexes: three calls
// side by side, whose cost does not grow with what is stored. Ops also get what
// belongs to no org.
func (x *Inbox) Diagnostics(ctx context.Context, org routing.OrgID, ops bool) (Diagnostics, error) {
	now := x.Clock()
	windows := parallel(func() (store.WindowCount, error) { return x.Table.CountWindows(ctx, org, now) })
	type newest struct {
		decisions []store.Decision
		trends    store.Trends
	}
	decisions := parallel(func() (newest, error) {
		ds, trends, err := x.Table.Newest(ctx, org, 50, now)
		return newest{ds, trends}, err
	})
	var nowhere func() (store.Counts, error)
	if ops {
		nowhere = parallel(func() (store.Counts, error) { return x.Table.OpsCounts(ctx) })
	}
	roster, err := x.Table.Roster(ctx, org, false)
	w, werr := windows()
	ds, derr := decisions()
	out := Diagnostics{GeneratedAt: routing.Stamp(now), RoutingDecisions: Decisions{Decisions: []Decision{}}}
	if nowhere != nil {
		c, oerr := nowhere()
		err = errors.Join(err, oerr)
		n := c["unroutable"]
		out.Summary.Unroutable = &n
	}
	if err = errors.Join(err, werr, derr); err != nil {
		if errors.Is(err, store.ErrNotFound) {
			return out, routing.Refuse(routing.CodeNotFound, "There is no such org.")
		}
		return out, err
	}
	c := roster.Counts
	s := &out.Summary
	for _, class := range routing.Classes {
		n := ClassCount{NumberClass: class}
		for _, number := range roster.Numbers {
			if number.Class == class {
				n.Count += c["t:"+string(number.ID)]
			}
		}
		s.ThreadsByNumberClass = append(s.ThreadsByNumberClass, n)
	}
	s.AntiPoachingBlocked, s.OwnerInboxRouted, s.OwnerInboxRoutedOperational, s.Held = c["blocked"], c["inbox"], c["oper"], c["held"]
	s.SitterNoActiveWindow = max(0, c["sit"]-int64(w.Threads))
	s.AssignmentWindows.Active, s.AssignmentWindows.Upcoming = w.Active, w.Upcoming
	s.Outbound.Queued = c["o:queued"] + c["o:sending"]
	s.Outbound.Sent, s.Outbound.Delivered, s.Outbound.Unknown = c["o:sent"], c["o:delivered"], c["o:unknown"]
	s.Outbound.Failed = c["o:failed"] + c["o:undelivered"]
	for _, d := range ds.decisions {
		out.RoutingDecisions.Decisions = append(out.RoutingDecisions.Decisions, Decision{
			Timestamp: routing.Stamp(d.At), ThreadID: orNil(d.Thread), NumberClass: d.Class, RoutingTarget: d.Target, RoutingReason: d.Reason, Rule: d.Rule, Sender: d.Sender, Recipient: d.Recipient,
		})
	}
	out.RoutingDecisions.Count = len(ds.decisions)
	hours := func(name string) []int64 {
		if h := ds.trends[name]; h != nil {
			return h
		}
		return make([]int64, store.TrendHours)
	}
	out.Trends = Trends{From: routing.Stamp(now.Truncate(time.Hour).Add((1 - store.TrendHours) * time.Hour)), AntiPoachingBlocked: hours("blocked"), OwnerInboxRouted: hours("inbox"),
		OwnerInboxRoutedOperational: hours("oper"), OutboundFailed: hours("failed"), Held: hours("held")}
	for _, at := range w.Hours {
		out.Trends.AssignmentWindowsActive = append(out.Trends.AssignmentWindowsActive, int64(at.Active))
		out.Trends.SitterNoActiveWindow = append(out.Trends.SitterNoActiveWindow, max(0, c["sit"]-int64(at.Threads)))
	}
	h := &out.Health
	h.Carrier.Unconfirmed, h.Outbox.Waiting = s.Outbound.Unknown, s.Outbound.Queued
	var newestMessage int64
	for _, n := range roster.Numbers {
		h.Carrier.Failures7d += c.Failures(n.ID, now)
		newestMessage = max(newestMessage, c["used:"+string(n.ID)])
	}
	if newestMessage > 0 {
		h.Stream.CountedUpTo = stamped(time.UnixMilli(newestMessage).UTC())
	}
	return out, nil
}

// Day is a time zone's calendar day.
func Day(t time.Time, zone *time.Location) string { return t.In(zone).Format("2006-01-02") }
