package office_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"snout/shared/office"
	"snout/shared/relay"
	"snout/shared/routing"
	"snout/shared/screening"
	"snout/shared/store"
)

type flagsOf func() routing.Flags

func (f flagsOf) Flags(context.Context) routing.Flags { return f() }

// town is a world with its messages: the real receiving and assigning over the same
// table.
type town struct {
	*world
	relay *relay.Relay
	flags routing.Flags
	sids  int
	mu    sync.Mutex
}

func open(t *testing.T) *town {
	w := &town{world: paws(t), flags: routing.Flags{Messaging: true, Proactive: true, SitterMessages: true, Allowlist: "*"}}
	n := 0
	w.relay = &relay.Relay{
		Table: w.table, Flags: flagsOf(func() routing.Flags { return w.flags }), Screen: screening.Screen, Clock: w.clock.Now,
		Random: func(k int) string {
			w.mu.Lock()
			defer w.mu.Unlock()
			n++
			return fmt.Sprintf("%0*d", k, n)
		},
	}
	return w
}

func (w *town) text(from, to, body string) relay.Received {
	w.t.Helper()
	got, err := w.try(from, to, body)
	w.must(err)
	return got
}

func (w *town) try(from, to, body string) (relay.Received, error) {
	w.mu.Lock()
	w.sids++
	sid := fmt.Sprintf("SM%032d", w.sids)
	w.mu.Unlock()
	return w.relay.Receive(w.ctx, store.Text{Sid: sid, From: from, To: to, Body: body, At: w.clock.Now()})
}

// outcome is what a test asks about a text: the rule, and where it went.
type outcome struct {
	Rule   int
	Thread routing.ThreadID
}

func (w *town) outcome(from, to, body string) outcome {
	w.t.Helper()
	got := w.text(from, to, body)
	return outcome{got.Rule, got.Thread}
}

func (w *town) thread(id routing.ThreadID) *routing.Thread {
	w.t.Helper()
	th, err := w.table.Thread(w.ctx, id)
	w.must(err)
	return th
}

func (w *town) patch(id string, in office.ClientInput) routing.Client {
	w.t.Helper()
	c, err := w.PatchClient(w.ctx, w.who, id, 0, in)
	w.must(err)
	w.sound(id)
	return c
}

// sound holds a client's conversations to what must always be true: a thread and every
// route that leads to it are of one revision and one kind, each of the client's phones
// has its way into each open thread's number, and nobody else's has.
func (w *town) sound(id string) {
	w.t.Helper()
	c, l, err := w.table.ClientFile(w.ctx, w.who.Org, routing.ClientID(id))
	w.must(err)
	var pairs []store.Pair
	var ids []routing.ThreadID
	for _, h := range l.Threads {
		ids = append(ids, h.Thread)
		for _, p := range c.Phones {
			pairs = append(pairs, store.Pair{Number: h.Number, Phone: p})
		}
	}
	routes, ths, err := w.table.Conversations(w.ctx, pairs, ids)
	w.must(err)
	for _, h := range l.Threads {
		th := ths[h.Thread]
		if th == nil {
			w.t.Errorf("the ledger of %s holds %s, which is not there", id, h.Thread)
			continue
		}
		if th.Client != c.ID || th.Name != c.Name || th.Kind != h.Kind {
			w.t.Errorf("thread %s is %s's (%s, %s), the ledger's is %s's (%s, %s)", th.ID, th.Client, th.Name, th.Kind, c.ID, c.Name, h.Kind)
		}
		if th.Kind == routing.Guest {
			continue
		}
		same(w.t, "phones of "+string(th.ID), th.Phones, c.Phones)
		for _, p := range c.Phones {
			r := routes[store.Pair{Number: h.Number, Phone: p}]
			to := ths[r.Thread]
			if to == nil || to.Client != c.ID || to.Kind == routing.Guest {
				w.t.Errorf("%s's phone %s has no way into their conversation on %s", id, p, h.Number)
				continue
			}
			if r.Rev != to.Rev || r.Kind != to.Kind || r.Client != c.ID || !r.Until.Equal(to.Until) || len(r.Windows) != len(to.Windows) {
				w.t.Errorf("route of %s on %s is (rev %d, %s), its thread (rev %d, %s)", p, h.Number, r.Rev, r.Kind, to.Rev, to.Kind)
			}
		}
	}
}

const (
	desk   = "+15555550100"
	dana   = "+15555550121"
	tom    = "+15555550122"
	priya  = "+15555550123"
	pool1  = "+15555550131"
	riley1 = "+15555550111"
)

func TestAStrangerAtTheFrontDeskBecomesAClientInTheSameConversation(t *testing.T) {
	w := open(t)
	first := w.outcome(dana, desk, "Do you walk dogs?")
	c := w.client("c1", dana)
	same(t, "the stranger's text", first.Rule, 7)
	same(t, "the client's next text", w.outcome(dana, desk, "My name is Dana"), outcome{8, first.Thread})
	th := w.thread(first.Thread)
	same(t, "the thread's kind, client, name and pets", []any{th.Kind, th.Client, th.Name, th.Pets}, []any{routing.FrontDeskTalk, c.ID, "Dana c1", []string{"Biscuit"}})
	w.sound("c1")
}

func TestAHouseholdsSecondPhoneIsClaimedInOneStep(t *testing.T) {
	w := open(t)
	w.client("c1", dana)
	home := w.outcome(dana, desk, "Hello")
	guest := w.outcome(tom, desk, "This is Tom, Dana's husband")
	if guest.Thread == home.Thread || guest.Rule != 7 {
		t.Fatalf("a stranger's text went to %+v", guest)
	}
	w.patch("c1", office.ClientInput{Phones: office.Is([]string{dana, tom})})
	same(t, "the second phone's next text", w.outcome(tom, desk, "Me again"), outcome{8, home.Thread})
	same(t, "the first phone's next text", w.outcome(dana, desk, "And me"), outcome{8, home.Thread})
	same(t, "answers go to the phone that wrote last", w.thread(home.Thread).To(), phone(dana))
	g := w.thread(guest.Thread)
	same(t, "the stranger's thread as history", []any{g.Kind, g.Client, g.Name, g.Links}, []any{routing.Guest, routing.ClientID("c1"), "Dana c1", []routing.ThreadID{home.Thread}})
}

func TestTwoPhonesGainedAtOnceThatBothWroteAsStrangers(t *testing.T) {
	w := open(t)
	a := w.outcome(dana, desk, "Hello")
	b := w.outcome(tom, desk, "Hello too")
	w.client("c1", dana, tom)
	w.sound("c1")
	x, y := w.outcome(dana, desk, "1"), w.outcome(tom, desk, "2")
	if x.Thread != y.Thread || x.Rule != 8 || y.Rule != 8 || (x.Thread != a.Thread && x.Thread != b.Thread) {
		t.Errorf("the household's texts went to %+v and %+v, the strangers' had been %+v and %+v", x, y, a, b)
	}
}

func TestAStrangerOnAPoolNumberStaysAGuestButIsKnown(t *testing.T) {
	w := open(t)
	w.number(pool1, "pool", "")
	first := w.outcome(dana, pool1, "Hi")
	w.client("c1", dana)
	same(t, "the next text", w.outcome(dana, pool1, "Hi again"), outcome{6, first.Thread})
	th := w.thread(first.Thread)
	same(t, "kind, client and name", []any{th.Kind, th.Client, th.Name}, []any{routing.Guest, routing.ClientID("c1"), "Dana c1"})
	w.patch("c1", office.ClientInput{Name: office.Is("Dana Whitfield"), Pets: office.Is([]string{"Biscuit", "Nori"})})
	th = w.thread(first.Thread)
	same(t, "name and pets after a change", []any{th.Name, th.Pets}, []any{"Dana Whitfield", []string{"Biscuit", "Nori"}})
}

// served is a recurring client who talks with a sitter on the sitter's number, in an
// active window.
func served(t *testing.T) (*town, routing.ThreadID) {
	w := open(t)
	w.sitter("s1")
	w.number(riley1, "sitter", "s1")
	w.client("c1", dana)
	b := w.booking(office.BookingInput{
		ID: office.Is("b1"), ClientID: office.Is("c1"), SitterID: office.Is("s1"), Service: office.Is("Drop-ins"), Recurrence: office.Is("weekly"),
		StartAt: office.Is(routing.Stamp(noon)), EndAt: office.Is(routing.Stamp(noon.Add(time.Hour))),
	})
	_, err := w.relay.Assign(w.ctx, "paws", b)
	w.must(err)
	got := w.outcome(dana, riley1, "Is Biscuit fine?")
	if got.Rule != 12 {
		t.Fatalf("a text in the window fired rule %d", got.Rule)
	}
	return w, got.Thread
}

func TestANewPhoneReachesTheSitterWhoIsThere(t *testing.T) {
	w, th := served(t)
	w.patch("c1", office.ClientInput{Phones: office.Is([]string{dana, tom})})
	same(t, "a text of the new phone", w.outcome(tom, riley1, "Tom here"), outcome{12, th})
	same(t, "a text of the old one", w.outcome(dana, riley1, "Dana here"), outcome{12, th})
}

func TestAGuestOnTheSittersNumberJoinsTheClientsConversation(t *testing.T) {
	w, th := served(t)
	guest := w.outcome(tom, riley1, "Who is this?")
	same(t, "the stranger's rule", guest.Rule, 7)
	w.patch("c1", office.ClientInput{Phones: office.Is([]string{dana, tom})})
	same(t, "the next text", w.outcome(tom, riley1, "Tom here"), outcome{12, th})
	same(t, "links", w.thread(th).Links, []routing.ThreadID{guest.Thread})
}

func TestAPhoneThatIsTakenAwayIsAStrangersAgain(t *testing.T) {
	w, th := served(t)
	w.patch("c1", office.ClientInput{Phones: office.Is([]string{dana, tom})})
	w.text(tom, riley1, "Tom here")
	w.patch("c1", office.ClientInput{Phones: office.Is([]string{dana})})
	got := w.outcome(tom, riley1, "Tom's old phone")
	if got.Rule != 7 || got.Thread == th {
		t.Errorf("a text of a phone taken away went to %+v", got)
	}
	same(t, "the phone that stayed", w.outcome(dana, riley1, "Dana"), outcome{12, th})
	same(t, "answers go to a phone of the client's", w.thread(th).To(), phone(dana))
	events, _, err := w.table.Events(w.ctx, th, "", 50)
	w.must(err)
	same(t, "history", len(events) >= 3, true)
}

func TestARecycledPhoneBelongsToSomebodyElseNow(t *testing.T) {
	w, th := served(t)
	_, err := w.CreateClient(w.ctx, w.who, office.ClientInput{Name: office.Is("Ben"), Phones: office.Is([]string{dana})})
	w.no(err, routing.CodeConflict, "phones[0]")
	w.patch("c1", office.ClientInput{Phones: office.Is([]string{})})
	ben := w.client("c2", dana)
	got := w.outcome(dana, riley1, "This is Ben")
	if got.Thread == th {
		t.Error("a text of the new owner of a phone reached the old owner's conversation")
	}
	same(t, "whose the new conversation is", w.thread(got.Thread).Client, ben.ID)
	same(t, "whose the old one is", w.thread(th).Client, routing.ClientID("c1"))
}

func TestTheSamePhoneInTwoOrgs(t *testing.T) {
	w := open(t)
	w.client("c1", dana)
	other := w.found("zen", "+15555550190")
	c, err := w.CreateClient(w.ctx, other, office.ClientInput{ID: office.Is("c1"), Name: office.Is("Another Dana"), Phones: office.Is([]string{dana})})
	w.must(err)
	a, b := w.outcome(dana, desk, "Hello"), w.outcome(dana, "+15555550190", "Hello")
	same(t, "the other org's client", c.Name, "Another Dana")
	if a.Thread.Org() != "paws" || b.Thread.Org() != "zen" {
		t.Errorf("texts went to %s and %s", a.Thread, b.Thread)
	}
	same(t, "names", []string{w.thread(a.Thread).Name, w.thread(b.Thread).Name}, []string{"Dana c1", "Another Dana"})
}

func TestTextsThatWaitAreNotLostWithAPhone(t *testing.T) {
	w, th := served(t)
	w.patch("c1", office.ClientInput{Phones: office.Is([]string{dana, tom})})
	w.flags.Messaging = false
	same(t, "rule while messaging is off", w.text(tom, riley1, "Is anybody there?").Rule, 4)
	w.patch("c1", office.ClientInput{Phones: office.Is([]string{dana})})
	w.flags.Messaging = true
	held, err := w.table.HeldOf(w.ctx, phone(riley1), phone(tom))
	w.must(err)
	if len(held) != 1 {
		t.Fatalf("%d texts wait", len(held))
	}
	got, err := w.relay.Release(w.ctx, held[0])
	w.must(err)
	if got.Rule != 7 || got.Thread == th {
		t.Errorf("the held text went to rule %d, %s", got.Rule, got.Thread)
	}
	same(t, "the text after it", w.text(tom, riley1, "Hello?").Rule, 7)
}

func TestAStrangersTextThatIsDecidedOnWhileTheirPhoneIsClaimed(t *testing.T) {
	for _, c := range []struct {
		name  string
		claim func(w *town)
	}{
		{"by a new client", func(w *town) {
			w.between.Before("TransactWriteItems", func() { w.text(tom, desk, "Hello") })
			w.client("c1", tom)
		}},
		{"by a client who is there", func(w *town) {
			w.client("c1", dana)
			w.text(dana, riley1, "Hello")
			w.between.Before("TransactWriteItems", func() { w.text(tom, desk, "Hello") })
			w.patch("c1", office.ClientInput{Phones: office.Is([]string{dana, tom})})
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := open(t)
			w.sitter("s1")
			w.number(riley1, "sitter", "s1")
			c.claim(w)
			w.sound("c1")
			got := w.outcome(tom, desk, "Hello again")
			same(t, "the rule of the next text", got.Rule, 8)
			th := w.thread(got.Thread)
			same(t, "its thread", []any{th.Kind, th.Client}, []any{routing.FrontDeskTalk, routing.ClientID("c1")})
		})
	}
}

func TestOptedOutFollowsThePhones(t *testing.T) {
	w := open(t)
	w.text(tom, desk, "STOP")
	same(t, "a client with a phone that has opted out", w.client("c1", dana, tom).OptedOut, true)
	same(t, "without it", w.patch("c1", office.ClientInput{Phones: office.Is([]string{dana})}).OptedOut, false)
}

func TestTwoClientsClaimOnePhoneAtOnce(t *testing.T) {
	w := open(t)
	for round := range 5 {
		p := fmt.Sprintf("+1555555017%d", round)
		var wg sync.WaitGroup
		var mu sync.Mutex
		won := map[routing.ClientID]bool{}
		for i := range 8 {
			wg.Go(func() {
				c, err := w.CreateClient(w.ctx, w.who, office.ClientInput{ID: office.Is(fmt.Sprintf("r%d-%d", round, i)), Name: office.Is("X"), Phones: office.Is([]string{p})})
				var no *routing.Refusal
				switch {
				case err == nil:
					mu.Lock()
					won[c.ID] = true
					mu.Unlock()
				case !errors.As(err, &no) || no.Code != routing.CodeConflict:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		owned, err := w.table.PhoneOwners(w.ctx, "paws", phone(p))
		w.must(err)
		if len(won) != 1 || !won[owned.Client[phone(p)]] {
			t.Errorf("round %d: %v won, the phone is %s's", round, won, owned.Client[phone(p)])
		}
	}
}

// TestAPhoneIsGainedWhileItWrites runs a stranger's texts against the claim of their
// phone, and an assignment against a change of phones: whoever is first, in the end
// everything fits.
func TestAPhoneIsGainedWhileItWrites(t *testing.T) {
	w := open(t)
	w.sitter("s1")
	w.number(riley1, "sitter", "s1")
	for i := range 6 {
		id, a, b := fmt.Sprintf("c%d", i), fmt.Sprintf("+155555501%d", 20+i), fmt.Sprintf("+155555501%d", 40+i)
		w.client(id, a)
		bk := w.booking(office.BookingInput{
			ID: office.Is("b-" + id), ClientID: office.Is(id), SitterID: office.Is("s1"), Service: office.Is("Drop-ins"), Recurrence: office.Is("weekly"),
			StartAt: office.Is(routing.Stamp(noon)), EndAt: office.Is(routing.Stamp(noon.Add(time.Hour))),
		})
		var wg sync.WaitGroup
		run := func(f func() error) {
			wg.Go(func() {
				if err := f(); err != nil {
					t.Error(err)
				}
			})
		}
		run(func() error { _, err := w.try(b, desk, "Hello"); return err })
		run(func() error { _, err := w.try(a, desk, "Hello"); return err })
		run(func() error {
			_, err := w.PatchClient(w.ctx, w.who, id, 0, office.ClientInput{Phones: office.Is([]string{a, b}), Name: office.Is("Renamed")})
			return err
		})
		run(func() error { _, err := w.relay.Assign(w.ctx, "paws", bk); return err })
		wg.Wait()
		w.sound(id)
		x, y := w.outcome(a, desk, "1"), w.outcome(b, desk, "2")
		if x.Rule != 8 || y.Rule != 8 || x.Thread != y.Thread {
			t.Errorf("%s: texts of the two phones went to %+v and %+v", id, x, y)
		}
		same(t, "the second phone in the window", w.outcome(b, riley1, "3").Rule, 12)
	}
}
