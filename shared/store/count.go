package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"snout/shared/routing"
)

// Counts are an org's figures, kept by folding the table's stream. Names are the
// attributes of the counter row:
//
//	t:<number id>   threads on that number       sit        service threads with a sitter
//	blocked         messages stopped or held     inbox      ever put into the owner inbox
//	oper            of those, rules 6, 9, 10     held       texts waiting now
//	o:<status>      outbound messages by status  fail:<number id>:<day>  failures on a number that day
//	used:<number id> (milliseconds, the newest use)
type Counts map[string]int64

func (c *Counts) add(it item) {
	if *c == nil {
		*c = Counts{}
	}
	for n, v := range it {
		num, ok := v.(*types.AttributeValueMemberN)
		if !ok {
			continue
		}
		i, err := strconv.ParseInt(num.Value, 10, 64)
		switch {
		case err != nil:
		case strings.HasPrefix(n, "used:"):
			(*c)[n] = max((*c)[n], i)
		default:
			(*c)[n] += i
		}
	}
}

// Failures are the messages that failed on a number in the last seven days, today
// included.
func (c Counts) Failures(n routing.NumberID, now time.Time) int64 {
	var sum int64
	for day := range 7 {
		sum += c["fail:"+string(n)+":"+now.UTC().AddDate(0, 0, -day).Format("20060102")]
	}
	return sum
}

// Fold is what the stream's records of one partition add to the counters.
type Fold struct {
	PK  string
	Org routing.OrgID // empty: what belongs to no org
	Seq string        // the sequence number of the last record in it
	Add map[string]int64
	Set map[string]int64 // newest instants, in milliseconds
	// Decisions are the routing decisions among the records.
	Decisions []DecisionRow
	At        time.Time // when it is folded: the hour of the day's trends that it falls into
}

// DecisionRow is a routing decision as diagnostics lists it. Both numbers are whole
// here and redacted in every answer.
type DecisionRow struct {
	Order  string
	Thread routing.ThreadID
	Class  routing.Class
	Target routing.Target
	Reason string
	Rule   int
	Sender routing.Phone
	Recip  routing.Phone
	At     time.Time
}

type decisionItem struct {
	Thread string `dynamodbav:"t,omitempty"`
	Class  string `dynamodbav:"c,omitempty"`
	Target string `dynamodbav:"g"`
	Reason string `dynamodbav:"w"`
	Rule   int    `dynamodbav:"r"`
	Sender string `dynamodbav:"f"` // redacted
	Recip  string `dynamodbav:"n"` // redacted
	At     int64  `dynamodbav:"a"`
	TTL    int64  `dynamodbav:"ttl"`
}

// CommitFold adds a partition's records to the counters, once: its sequence mark
// must lie before the last of them. ErrConflict means that they were counted
// before, or that a part of them was (then the caller counts the rest).
func (t *Table) CommitFold(ctx context.Context, f Fold) error {
	x := &tx{}
	seq := paddedSeq(f.Seq)
	x.update("fold", t.name, update(foldKey(f.PK)).Set("kind", "fold").Set("seq", seq).
		When("(attribute_not_exists(%n) OR %n < %v)", []string{"seq", "seq"}, seq))
	c := update(countKey(f.Org, t.shard(f.PK))).Set("kind", "count")
	names := make([]string, 0, len(f.Add))
	for n, by := range f.Add {
		if by != 0 {
			names = append(names, n)
		}
	}
	slices.Sort(names)
	for _, n := range names {
		c.Add(n, int(f.Add[n]))
	}
	sets := make([]string, 0, len(f.Set))
	for n := range f.Set {
		sets = append(sets, n)
	}
	slices.Sort(sets)
	for _, n := range sets {
		c.Set(n, f.Set[n])
	}
	if len(names)+len(sets) > 0 {
		x.update("count", t.name, c)
	}
	if tr, any := trend(f, t.shard(f.PK)); any {
		x.update("trend", t.name, tr)
	}
	for _, d := range f.Decisions {
		x.put("decision", t.name, record(decisionKey(f.Org, d.Order), "decision", decisionItem{
			string(d.Thread), string(d.Class), string(d.Target), d.Reason, d.Rule, d.Sender.String(), d.Recip.String(), millis(d.At), d.At.Add(30 * 24 * time.Hour).Unix(),
		}), "")
	}
	if err := t.transact(ctx, x); err != nil {
		return fmt.Errorf("fold: %w", err)
	}
	return nil
}

// FoldMark is the sequence number up to which a partition has been counted.
func (t *Table) FoldMark(ctx context.Context, pk string) (string, error) {
	found, err := t.batch(ctx, true, foldKey(pk))
	if err != nil {
		return "", err
	}
	return str(found[foldKey(pk)], "seq"), nil
}

// paddedSeq makes sequence numbers of the stream comparable as strings: they are
// decimal and of varying length.
func paddedSeq(seq string) string {
	if len(seq) >= 40 {
		return seq
	}
	return strings.Repeat("0", 40-len(seq)) + seq
}

// SeqAfter tells whether a record lies after a mark.
func SeqAfter(seq, mark string) bool { return paddedSeq(seq) > mark }

// SettleWindow makes the compact row of a window what the window's own row says, given
// what has been seen of that row: it may have moved to another start or sitter since, or
// be gone. It goes by how the row stands now, so it may be repeated, and asked in any
// order.
func (t *Table) SettleWindow(ctx context.Context, th routing.ThreadID, seen ...routing.Window) error {
	if len(seen) == 0 {
		return nil
	}
	var now key
	it, err := t.get(ctx, windowKey(th, seen[0]))
	switch {
	case errors.Is(err, ErrNotFound):
	case err != nil:
		return fmt.Errorf("settle window: %w", err)
	default:
		w, err := windowItemIn(it)
		if err != nil {
			return err
		}
		now = openWindowKey(th.Org(), th, w)
		if err := t.put(ctx, now.item()); err != nil {
			return fmt.Errorf("settle window: %w", err)
		}
	}
	for _, w := range seen {
		if k := openWindowKey(th.Org(), th, w); k != now {
			if err := t.delete(ctx, k); err != nil {
				return fmt.Errorf("settle window: %w", err)
			}
		}
	}
	return nil
}

// WindowCount is what is on now and what is to come.
type WindowCount struct {
	Active   int
	Upcoming int
	Threads  int // threads with a window on now
	// Hours is the same as it stood at the end of each of the day's hours, the oldest
	// first and the last of them now, as the windows are today: one that was closed or
	// moved since does not count where it was.
	Hours [TrendHours]WindowHour
}

// WindowHour is how many windows were on at one instant, and in how many threads.
type WindowHour struct{ Active, Threads int }

// CountWindows counts the windows that are not over, and those that were on in the last
// day, from their compact rows.
func (t *Table) CountWindows(ctx context.Context, org routing.OrgID, now time.Time) (WindowCount, error) {
	var instants [TrendHours]string
	hour := now.Truncate(time.Hour)
	for i := range instants {
		instants[i] = stamp(hour.Add(time.Duration(i+2-TrendHours) * time.Hour))
	}
	instants[TrendHours-1] = stamp(now)
	items, err := t.queryAll(ctx, query{pk: openWindowsPK(org), from: instants[0]})
	if err != nil {
		return WindowCount{}, fmt.Errorf("count windows: %w", err)
	}
	var c WindowCount
	type place struct {
		hour   int
		thread string
	}
	on := map[place]bool{}
	for _, it := range items {
		sk := str(it, "SK")
		if len(sk) < 18 {
			continue
		}
		end, start := sk[:9], sk[9:18]
		th, _, _ := strings.Cut(sk[18:], "#")
		if start > instants[TrendHours-1] {
			c.Upcoming++
		}
		for i, at := range instants {
			if start > at || at > end {
				continue
			}
			h := &c.Hours[i]
			h.Active++
			if p := (place{i, th}); !on[p] {
				on[p] = true
				h.Threads++
			}
		}
	}
	last := c.Hours[TrendHours-1]
	c.Active, c.Threads = last.Active, last.Threads
	return c, nil
}

// Decision is a routing decision as it is shown: its numbers are redacted already.
type Decision struct {
	Thread            string
	Class, Target     string
	Reason            string
	Rule              int
	Sender, Recipient string
	At                time.Time
}

// Decisions lists the newest routing decisions.
func (t *Table) Decisions(ctx context.Context, org routing.OrgID, limit int) ([]Decision, error) {
	ds, _, err := t.Newest(ctx, org, limit, time.Time{})
	return ds, err
}

// Newest lists the newest routing decisions, and what became of the figures in the
// hours before now: the rows of both lie side by side, so that it is one call.
func (t *Table) Newest(ctx context.Context, org routing.OrgID, limit int, now time.Time) ([]Decision, Trends, error) {
	items, _, err := t.query(ctx, query{pk: decisionsPK(org), desc: true, limit: int32(limit + t.shards), from: "0"})
	if err != nil {
		return nil, nil, fmt.Errorf("decisions: %w", err)
	}
	trends := Trends{}
	ds := make([]Decision, 0, len(items))
	for _, it := range items {
		if str(it, "kind") == "trend" {
			trends.add(it, now)
			continue
		}
		if len(ds) == limit {
			break
		}
		d, err := parse[decisionItem](it)
		if err != nil {
			return nil, nil, err
		}
		ds = append(ds, Decision{d.Thread, d.Class, d.Target, d.Reason, d.Rule, d.Sender, d.Recip, instant(d.At)})
	}
	return ds, trends, nil
}

// OpsCounts are the counters of what belongs to no org.
func (t *Table) OpsCounts(ctx context.Context) (Counts, error) {
	keys := make([]key, t.shards)
	for i := range keys {
		keys[i] = countKey("", i)
	}
	found, err := t.batch(ctx, false, keys...)
	if err != nil {
		return nil, fmt.Errorf("ops counts: %w", err)
	}
	c := Counts{}
	for _, it := range found {
		c.add(it)
	}
	return c, nil
}

// Image is an item as the stream shows it.
type Image item

// Text is a string attribute, empty if there is none.
func (im Image) Text(name string) string { return str(item(im), name) }
