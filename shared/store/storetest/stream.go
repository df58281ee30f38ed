package storetest

import (
	"fmt"
	"time"

	"snout/shared/routing"
	"snout/shared/store"
)

func (b *bench) counts() store.Counts {
	b.Helper()
	r, err := b.table.Roster(b.ctx, org, true)
	b.must(err)
	return r.Counts
}

func folds(b *bench) {
	b.open()
	d := store.DecisionRow{Order: order(1) + "#t1", Thread: thread("t1"), Class: routing.SitterNum, Target: routing.ToSitter, Reason: routing.ReasonActive, Rule: 12, Sender: phone(20), Recip: phone(1), At: at(1)}
	f := store.Fold{PK: "T#t-pawsome-t1", Org: org, Seq: "900", Add: map[string]int64{"inbox": 2, "held": 0, "o:sent": -1}, Set: map[string]int64{"used:n1": at(1).UnixMilli()}, Decisions: []store.DecisionRow{d}}
	b.must(b.table.CommitFold(b.ctx, f))
	want := store.Counts{"inbox": 2, "o:sent": -1, "used:n1": at(1).UnixMilli()}
	b.same("the counts", want, b.counts())
	mark, err := b.table.FoldMark(b.ctx, f.PK)
	b.must(err)
	for seq, after := range map[string]bool{"900": false, "899": false, "901": true, "1000": true, "99": false} {
		if got := store.SeqAfter(seq, mark); got != after {
			b.Errorf("%s after 900: %v", seq, got)
		}
	}

	// Delivered again: whole, or a part that lies before the mark.
	b.refused("the same batch", b.table.CommitFold(b.ctx, f), "fold")
	part := f
	part.Seq = "850"
	b.refused("an earlier part of it", b.table.CommitFold(b.ctx, part), "fold")
	b.same("the counts after", want, b.counts())

	// Another partition is not behind this one's mark; a longer number is later.
	elsewhere := f
	elsewhere.PK, elsewhere.Seq = "T#t-pawsome-t2", "5"
	b.must(b.table.CommitFold(b.ctx, elsewhere))
	f.Seq, f.Add, f.Set, f.Decisions = "1000", map[string]int64{"inbox": 1}, nil, nil
	b.must(b.table.CommitFold(b.ctx, f))
	b.same("the counts at the end", store.Counts{"inbox": 5, "o:sent": -2, "used:n1": at(1).UnixMilli()}, b.counts())
	ds, err := b.table.Decisions(b.ctx, org, 50)
	b.must(err)
	b.same("the decision, redacted", []store.Decision{{Thread: string(d.Thread), Class: "sitter", Target: "sitter", Reason: d.Reason, Rule: 12, Sender: "+1555****0120", Recipient: "+1555****0101", At: at(1)}}, ds)

	b.must(b.table.CommitFold(b.ctx, store.Fold{PK: "OPS", Seq: "3", Add: map[string]int64{"unroutable": 4}}))
	ops, err := b.table.OpsCounts(b.ctx)
	b.must(err)
	b.same("what belongs to no org", store.Counts{"unroutable": 4}, ops)
	other, err := b.table.Decisions(b.ctx, other, 50)
	b.must(err)
	b.same("another org's decisions", []store.Decision(nil), other)
}

func openWindows(b *bench) {
	ws := []routing.Window{window("b1", 1, ana, 0, 60), window("b1", 2, ana, 0, 60), window("b2", 1, ben, 30, 90), window("b3", 1, ben, 100, 160)}
	for i := range 2 { // two threads, of which each has two of the windows
		th := service(fmt.Sprintf("t%d", i), 1+i, routing.ClientID(fmt.Sprintf("c%d", i)), ws[2*i:2*i+2], 20+i)
		b.must(b.table.CommitAssign(b.ctx, assigned(fmt.Sprintf("b%d", i), th)))
		for _, w := range th.Windows {
			b.must(b.table.SettleWindow(b.ctx, th.ID, w))
			b.must(b.table.SettleWindow(b.ctx, th.ID, w))
		}
	}
	for _, row := range [...]struct {
		says string
		at   int
		want store.WindowCount
	}{
		{"before all of them", -1, store.WindowCount{Upcoming: 4}},
		{"at the first instant", 0, store.WindowCount{Active: 2, Upcoming: 2, Threads: 1}},
		{"while two threads have one", 40, store.WindowCount{Active: 3, Upcoming: 1, Threads: 2}},
		{"at the last instant of two", 60, store.WindowCount{Active: 3, Upcoming: 1, Threads: 2}},
		{"between", 95, store.WindowCount{Upcoming: 1}},
		{"after all of them", 161, store.WindowCount{}},
	} {
		got, err := b.table.CountWindows(b.ctx, org, at(row.at))
		b.must(err)
		got.Hours = [store.TrendHours]store.WindowHour{}
		b.same(row.says, row.want, got)
	}
	// Back through the day, at the end of each hour, whatever is over by now.
	for _, row := range [...]struct {
		says string
		at   int
		want map[int]store.WindowHour // by how many hours before now, the present one 0
	}{
		{"in the first hour", 40, map[int]store.WindowHour{1: {Active: 2, Threads: 1}, 0: {Active: 3, Threads: 2}}},
		{"the next morning, before they leave the day", 22*60 + 30, map[int]store.WindowHour{23: {Active: 2, Threads: 1}, 22: {Active: 3, Threads: 2}, 21: {Active: 1, Threads: 1}}},
		{"two hours later", 24*60 + 30, map[int]store.WindowHour{23: {Active: 1, Threads: 1}}},
		{"a day after the last of them", 48 * 60, map[int]store.WindowHour{}},
	} {
		c, err := b.table.CountWindows(b.ctx, org, at(row.at))
		b.must(err)
		got := map[int]store.WindowHour{}
		for i, h := range c.Hours {
			if h != (store.WindowHour{}) {
				got[store.TrendHours-1-i] = h
			}
		}
		b.same(row.says, row.want, got)
	}

	// One moves within its row, another goes; the records of it come twice, and late.
	was, err := b.table.Assignment(b.ctx, org, "b0")
	b.must(err)
	moved := ws[0]
	moved.Start, moved.Sitter = at(50), ben
	next := was
	next.Version, next.Windows = 2, []routing.Window{moved}
	b.must(b.table.CommitAssign(b.ctx, store.AssignCommit{Org: org, Was: was, Next: next, Changes: []store.ThreadChange{{Thread: b.thread(thread("t0")), Shut: ws[:2], Stand: next.Windows, Windows: next.Windows}}}))
	for range 2 {
		b.must(b.table.SettleWindow(b.ctx, thread("t0"), ws[1]))
		b.must(b.table.SettleWindow(b.ctx, thread("t0"), ws[0], moved))
		b.must(b.table.SettleWindow(b.ctx, thread("t0"), ws[0]))
	}
	got, err := b.table.CountWindows(b.ctx, org, at(45))
	b.must(err)
	got.Hours = [store.TrendHours]store.WindowHour{}
	b.same("after one has moved and one is gone", store.WindowCount{Active: 1, Upcoming: 2, Threads: 1}, got)
	b.must(b.table.SettleWindow(b.ctx, thread("t0")))
}

func shards(b *bench) {
	th := b.talk()
	wide := *b
	wide.table = b.table.Sharded(5)
	var ids []routing.EventID
	for i := range 12 {
		id := routing.NewEventID(th.ID, order(i))
		ids = append(ids, id)
		b.must(wide.table.LeaveBehind(b.ctx, id, at(i)))
		c := holding(i)
		c.Held.Phone = phone(20 + i)
		b.must(wide.table.CommitInbound(b.ctx, c))
		b.must(wide.table.CommitFold(b.ctx, store.Fold{PK: fmt.Sprintf("T#%d", i), Org: org, Seq: "1", Add: map[string]int64{"inbox": 1}, Set: map[string]int64{"used:n1": int64(1000 + i)}}))
		b.must(wide.table.CommitFold(b.ctx, store.Fold{PK: fmt.Sprintf("OPS%d", i), Seq: "1", Add: map[string]int64{"unroutable": 1}}))
	}
	b.same("the counts", store.Counts{"inbox": 12, "used:n1": 1011}, b.counts())
	ops, err := wide.table.OpsCounts(b.ctx)
	b.must(err)
	b.same("what belongs to no org", store.Counts{"unroutable": 12}, ops)
	ls, err := wide.table.Due(b.ctx, at(9), 7)
	b.must(err)
	var got []routing.EventID
	for _, l := range ls {
		got = append(got, l.Event)
		b.must(wide.table.Forget(b.ctx, l))
	}
	b.same("what is due, soonest first", ids[:7], got)
	first, err := wide.table.NextDue(b.ctx)
	b.must(err)
	b.same("the next", at(7), first)
	hs, err := wide.table.HeldTexts(b.ctx, 8)
	b.must(err)
	var orders []string
	for _, h := range hs {
		orders = append(orders, h.Order)
	}
	var want []string
	for i := range 8 {
		want = append(want, order(i))
	}
	b.same("what waits, in order", want, orders)
	one, err := b.table.HeldTexts(b.ctx, 99)
	b.must(err)
	if len(one) == 12 {
		b.Error("everything lies in the first shard")
	}
}

func compared(b *bench) {
	b.open()
	b.must(b.table.MarkCompared(b.ctx, phone(1), at(1)))
	b.must(b.table.MarkCompared(b.ctx, phone(1), at(7)))
	was := number(3, routing.Pool, "")
	gone := was
	gone.Status = routing.NumberInactive
	b.must(b.table.CommitInventory(b.ctx, store.InventoryCommit{Org: business, Numbers: []store.NumberWrite{{Next: gone, Was: &was}}}))
	got, err := b.table.ComparedNumbers(b.ctx)
	b.must(err)
	b.same("the numbers that can be texted", []store.Compared{{Number: number(0, routing.FrontDesk, "")}, {Number: number(1, routing.SitterNum, ana), Mark: at(7)}, {Number: number(2, routing.Pool, "")}}, got)
	b.must(b.table.CommitInbound(b.ctx, holding(1)))
	seen, err := b.table.SeenSids(b.ctx, []string{"SM1", "SM2"})
	b.must(err)
	b.same("what was taken in", map[string]bool{"SM1": true}, seen)

	// A series goes on without anything being written.
	b.add(client1(cleo, 21))
	ws := series(9, ana, 0)
	th := service("t1", 1, cleo, ws[:6], 21)
	th.More = true
	c := assigned("b1", th)
	c.Next.Windows, c.Changes[0].Stand, c.Changes[0].More = ws, ws, true
	b.must(b.table.CommitAssign(b.ctx, c))
	for _, row := range [...]struct {
		says string
		day  int
		want []routing.Window
	}{{"before the last that the row carries", 4, ws[:6]}, {"at the last that it carries", 5, ws[5:]}, {"beyond it", 7, ws[7:]}} {
		now := b.thread(th.ID)
		b.must(b.table.Fresh(b.ctx, now, at(row.day*1440)))
		b.same(row.says, row.want, now.Windows)
	}
}

// The trends go by the hour of the fold: what happened in one, nothing in those
// without, and what is older than a day is no longer there though nobody took it out.
func trends(b *bench) {
	hour := time.Date(2026, 3, 2, 15, 30, 0, 0, time.UTC)
	seq := 0
	fold := func(pk string, at time.Time, add map[string]int64) {
		seq++
		b.must(b.table.CommitFold(b.ctx, store.Fold{PK: pk, Org: org, Seq: fmt.Sprint(seq), Add: add, At: at}))
	}
	of := func(now time.Time) map[string]map[int]int64 {
		b.Helper()
		_, ts, err := b.table.Newest(b.ctx, org, 50, now)
		b.must(err)
		moved := map[string]map[int]int64{}
		for name, hours := range ts {
			b.same("the hours of "+name, store.TrendHours, len(hours))
			for i, n := range hours {
				if n != 0 {
					if moved[name] == nil {
						moved[name] = map[int]int64{}
					}
					moved[name][i-store.TrendHours+1] = n
				}
			}
		}
		return moved
	}
	none, ts, err := b.table.Newest(b.ctx, org, 50, hour)
	b.must(err)
	b.same("before anything happened", []int{0, 0}, []int{len(none), len(ts)})

	fold("T#a", hour.Add(-30*time.Hour), map[string]int64{"oper": 4, "inbox": 4}) // the day before
	fold("T#a", hour.Add(-24*time.Hour), map[string]int64{"inbox": 1})            // in the hour before the first
	fold("T#b", hour.Add(-23*time.Hour), map[string]int64{"oper": 1, "inbox": 2})
	fold("T#a", hour.Add(-2*time.Hour), map[string]int64{"blocked": 1})
	fold("T#b", hour.Add(-2*time.Hour).Add(20*time.Minute), map[string]int64{"blocked": 1, "o:undelivered": 1, "o:sent": -1})
	fold("T#a", hour, map[string]int64{"o:sent": 7})                                                     // what goes its usual way
	fold("T#b", hour, map[string]int64{"o:undelivered": -1, "o:failed": 1, "held": 2})                   // one failure for another
	fold("T#b", hour.Add(time.Minute), map[string]int64{"held": -2, "oper": 3, "inbox": 3, "o:sent": 1}) // held and let go
	b.same("the day", map[string]map[int]int64{"oper": {-23: 1, 0: 3}, "inbox": {-23: 2, 0: 3}, "blocked": {-2: 2}, "failed": {-2: 1}}, of(hour))
	b.same("an hour later", map[string]map[int]int64{"oper": {-1: 3}, "inbox": {-1: 3}, "blocked": {-3: 2}, "failed": {-3: 1}}, of(hour.Add(time.Hour)))
	b.same("two days later", map[string]map[int]int64{}, of(hour.Add(48*time.Hour)))
	fold("T#a", hour.Add(48*time.Hour), map[string]int64{"oper": 1})
	b.same("and something happens again", map[string]map[int]int64{"oper": {0: 1}}, of(hour.Add(48*time.Hour)))
	_, other, err := b.table.Newest(b.ctx, other, 50, hour)
	b.must(err)
	b.same("another org's trends", store.Trends{}, other)
}
