package storetest

import (
	"errors"
	"fmt"
	"sync"

	"snout/shared/routing"
	"snout/shared/store"
)

// atOnce runs n works side by side and answers what each answered.
func atOnce(n int, work func(i int) error) []error {
	errs := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { errs[i] = work(i) })
	}
	all.Wait()
	return errs
}

// won counts those that were made, and ends the test where one failed for another
// reason than being beaten.
func (b *bench) won(errs []error) int {
	b.Helper()
	n := 0
	for _, err := range errs {
		switch {
		case err == nil:
			n++
		case !errors.Is(err, store.ErrConflict):
			b.Fatal(err)
		}
	}
	return n
}

func raceRoute(b *bench) {
	th := b.talk()
	// Texts in one thread, each tried until it is kept, while its windows change.
	const texts, changes = 6, 5
	errs := atOnce(texts+1, func(i int) error {
		if i == texts {
			for v := range changes {
				if err := b.rewindow(th.ID, v); err != nil {
					return err
				}
			}
			return nil
		}
		for range 200 {
			r := b.facts(1, 20)
			now := *th
			now.Rev = r.Rev
			err := b.table.CommitInbound(b.ctx, kept(&now, text(th.ID, i+1, 20, 1, fmt.Sprintf("text %d", i))))
			if !errors.Is(err, store.ErrConflict) {
				return err
			}
		}
		return errors.New("never kept")
	})
	for _, err := range errs {
		b.must(err)
	}
	got := b.thread(th.ID)
	b.same("unread and revision", [2]int64{texts, 1 + changes}, [2]int64{int64(got.Unread), got.Rev})
	es, _, err := b.table.Events(b.ctx, th.ID, "", 50)
	b.must(err)
	b.same("how many texts are kept", texts, len(es))
	b.steady(got)

	// Two first texts of one pair: one thread.
	errs = atOnce(4, func(i int) error {
		g := &routing.Thread{ID: thread(fmt.Sprintf("g%d", i)), Org: org, Kind: routing.Guest, Number: phone(0), NumID: "n0", Phones: []routing.Phone{phone(50)}, Rev: 1}
		e := text(g.ID, i+1, 50, 0, "hello")
		return b.table.CommitInbound(b.ctx, store.InboundCommit{Sid: fmt.Sprintf("SMg%d", i), SeenT: at(1), Event: &e, Thread: g.ID, Make: g, Routes: []store.RouteChange{{Route: route(g, phone(50))}}})
	})
	if n := b.won(errs); n != 1 {
		b.Errorf("%d threads were made for one pair", n)
	}
	// Two bookings of a client who has no thread yet: one thread.
	b.add(client1(dora, 30))
	errs = atOnce(4, func(i int) error {
		return b.table.CommitAssign(b.ctx, assigned(fmt.Sprintf("d%d", i), service(fmt.Sprintf("s%d", i), 2, dora, nil, 30)))
	})
	if n := b.won(errs); n != 1 {
		b.Errorf("%d threads were made for one client", n)
	}
}

// rewindow changes a thread's windows, as a booking's change does.
func (b *bench) rewindow(id routing.ThreadID, v int) error {
	for range 200 {
		th, err := b.table.Thread(b.ctx, id)
		if err != nil {
			return err
		}
		was, err := b.table.Assignment(b.ctx, org, "b1")
		if err != nil {
			return err
		}
		ws := []routing.Window{window("b1", 1, ana, 0, 100+v)}
		next := was
		next.Version, next.Windows = was.Version+1, ws
		err = b.table.CommitAssign(b.ctx, store.AssignCommit{Org: org, Was: was, Next: next, Changes: []store.ThreadChange{{Thread: th, Shut: was.Windows, Stand: ws, Windows: ws, LastEnd: ws[0].End, LastSit: ana}}})
		if !errors.Is(err, store.ErrConflict) {
			return err
		}
	}
	return errors.New("never changed")
}

func raceClaim(b *bench) {
	th := b.talk()
	e := b.sent(queued(th, 1))
	errs := atOnce(8, func(int) error {
		_, err := b.table.Claim(b.ctx, e.ID, routing.Phone{}, at(1), at(2))
		return err
	})
	if n := b.won(errs); n != 1 {
		b.Errorf("%d claims won", n)
	}
	b.same("attempts", 1, b.event(e.ID).Attempt)
}

func raceHeld(b *bench) {
	th := b.talk()
	h := holding(1)
	b.must(b.table.CommitInbound(b.ctx, h))
	errs := atOnce(6, func(i int) error {
		c := kept(th, text(th.ID, i+1, 20, 1, "hello"))
		c.Sid, c.Released = h.Sid, h.Held
		return b.table.CommitInbound(b.ctx, c)
	})
	if n := b.won(errs); n != 1 {
		b.Errorf("%d releases won", n)
	}
	b.same("how many wait", 0, b.facts(1, 20).Held)
	es, _, err := b.table.Events(b.ctx, th.ID, "", 50)
	b.must(err)
	b.same("how many texts are kept", 1, len(es))
	// Folds of one batch side by side count it once.
	errs = atOnce(6, func(int) error {
		return b.table.CommitFold(b.ctx, store.Fold{PK: "T#x", Org: org, Seq: "7", Add: map[string]int64{"inbox": 3}})
	})
	if n := b.won(errs); n != 1 {
		b.Errorf("%d folds of one batch won", n)
	}
	b.same("the count", store.Counts{"inbox": 3}, b.counts())
}
