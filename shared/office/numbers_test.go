package office_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"snout/shared/office"
	"snout/shared/routing"
	"snout/shared/store"
)

func TestANumberStandsInTwoPlacesWithItsOrgsSettings(t *testing.T) {
	w := paws(t)
	w.sitter("s1")
	n := w.number(riley1, "sitter", "s1")
	want := routing.Number{
		ID: n.ID, Org: "paws", Phone: phone(riley1), Class: routing.SitterNum, Status: routing.NumberActive, Sitter: "s1", Since: noon,
		OrgName: "Happy Paws", Zone: "America/Los_Angeles", Version: 1,
	}
	same(t, "as answered", n, want)
	same(t, "as kept", w.both(n.ID), want)
	org, err := w.PatchSettings(w.ctx, w.who, 1, office.SettingsInput{
		Name: office.Is("Happier Paws"), TimeZone: office.Is("America/New_York"), HoldClientSwaps: office.Is(true),
		Texts: office.Is(office.TextsInput{Mismatch: office.Is("Please text our office. {org}")}),
	})
	w.must(err)
	same(t, "the settings' version", org.Version, int64(2))
	want.OrgName, want.Zone, want.HoldSwaps, want.MismatchText, want.Version = "Happier Paws", "America/New_York", true, "Please text our office. {org}", 2
	same(t, "after the settings changed", w.both(n.ID), want)
}

func TestSettingsReachMoreNumbersThanOneTransactionTakes(t *testing.T) {
	w := paws(t)
	for i := range 52 {
		w.number(fmt.Sprintf("+120255501%02d", i), "pool", "")
	}
	_, err := w.PatchSettings(w.ctx, w.who, 0, office.SettingsInput{Name: office.Is("Paws & Co")})
	w.must(err)
	r, err := w.Numbers(w.ctx, "paws")
	w.must(err)
	for _, n := range r.Numbers {
		if n.OrgName != "Paws & Co" {
			t.Fatalf("number %s still carries %q", n.ID, n.OrgName)
		}
		w.both(n.ID)
	}
}

// TestWhatANumberCannotBe are the refusals of the inventory, one each.
func TestWhatANumberCannotBe(t *testing.T) {

	for _, c := range []struct {
		name  string
		do    func(w *world) error
		code  routing.Code
		field string
	}{
		{"a number of another org", func(w *world) error {
			w.found("zen", "+15555550190")
			_, _, err := w.AddNumber(w.ctx, w.who, office.NumberInput{E164: "+15555550190", NumberClass: "pool"})
			return err
		}, routing.CodeConflict, "e164"},
		{"a number the org has", func(w *world) error {
			_, _, err := w.AddNumber(w.ctx, w.who, office.NumberInput{E164: desk, NumberClass: "pool"})
			return err
		}, routing.CodeConflict, "e164"},
		{"a client's phone", func(w *world) error {
			w.client("c1", dana)
			_, _, err := w.AddNumber(w.ctx, w.who, office.NumberInput{E164: dana, NumberClass: "pool"})
			return err
		}, routing.CodeInvalid, "e164"},
		{"no phone at all", func(w *world) error {
			_, _, err := w.AddNumber(w.ctx, w.who, office.NumberInput{E164: "555-0123", NumberClass: "pool"})
			return err
		}, routing.CodeInvalid, "e164"},
		{"of no class", func(w *world) error {
			_, _, err := w.AddNumber(w.ctx, w.who, office.NumberInput{E164: pool1, NumberClass: "spare"})
			return err
		}, routing.CodeInvalid, "numberClass"},
		{"a second front desk", func(w *world) error {
			_, _, err := w.AddNumber(w.ctx, w.who, office.NumberInput{E164: pool1, NumberClass: "front_desk"})
			return err
		}, routing.CodeConflict, "numberClass"},
		{"a front desk in place of another without a reason", func(w *world) error {
			_, _, err := w.AddNumber(w.ctx, w.who, office.NumberInput{E164: pool1, NumberClass: "front_desk", Replace: true})
			return err
		}, routing.CodeInvalid, "reason"},
		{"a pool number with a sitter", func(w *world) error {
			w.sitter("s1")
			_, _, err := w.AddNumber(w.ctx, w.who, office.NumberInput{E164: pool1, NumberClass: "pool", SitterID: office.Is("s1")})
			return err
		}, routing.CodeInvalid, "sitterId"},
		{"a second number of one sitter", func(w *world) error {
			w.sitter("s1")
			w.number(riley1, "sitter", "s1")
			_, _, err := w.AddNumber(w.ctx, w.who, office.NumberInput{E164: pool1, NumberClass: "sitter", SitterID: office.Is("s1")})
			return err
		}, routing.CodeConflict, "sitterId"},
		{"an unknown sitter's", func(w *world) error {
			_, _, err := w.AddNumber(w.ctx, w.who, office.NumberInput{E164: pool1, NumberClass: "sitter", SitterID: office.Is("nobody")})
			return err
		}, routing.CodeInvalid, "sitterId"},
		{"quarantined without a reason", func(w *world) error {
			_, _, err := w.Quarantine(w.ctx, w.who, string(w.number(pool1, "pool", "").ID), " ")
			return err
		}, routing.CodeInvalid, "reason"},
		{"quarantined, being the last front desk", func(w *world) error {
			_, _, err := w.Quarantine(w.ctx, w.who, string(w.desk.ID), "spam")
			return err
		}, routing.CodeConflict, ""},
		{"released, being the last front desk", func(w *world) error {
			_, _, err := w.Release(w.ctx, w.who, string(w.desk.ID), "too dear")
			return err
		}, routing.CodeConflict, ""},
		{"another org's to quarantine", func(w *world) error {
			other := w.found("zen", "+15555550190")
			_, _, err := w.Quarantine(w.ctx, other, string(w.number(pool1, "pool", "").ID), "mine now")
			return err
		}, routing.CodeNotFound, ""},
		{"the front desk brought back after it was replaced", func(w *world) error {
			_, _, err := w.AddNumber(w.ctx, w.who, office.NumberInput{E164: pool1, NumberClass: "front_desk", Replace: true, Reason: "marked as spam"})
			w.must(err)
			_, _, err = w.Restore(w.ctx, w.who, string(w.desk.ID), "fine again")
			return err
		}, routing.CodeConflict, ""},
		{"the front desk assigned to a sitter", func(w *world) error {
			w.sitter("s1")
			_, _, err := w.Assign(w.ctx, w.who, string(w.desk.ID), "s1", "")
			return err
		}, routing.CodeConflict, ""},
		{"a client's phone and a number of the business", func(w *world) error {
			_, err := w.CreateClient(w.ctx, w.who, office.ClientInput{Name: office.Is("Loop"), Phones: office.Is([]string{desk})})
			return err
		}, routing.CodeInvalid, "phones[0]"},
		{"founding an org on a number in use", func(w *world) error {
			_, _, err := w.Found(w.ctx, w.who, office.Founding{ID: "zen", Name: "Zen", Zone: "Europe/Berlin", FrontDesk: desk})
			return err
		}, routing.CodeConflict, "frontDesk"},
		{"founding an org twice", func(w *world) error {
			_, _, err := w.Found(w.ctx, w.who, office.Founding{ID: "paws", Name: "Zen", Zone: "Europe/Berlin", FrontDesk: pool1})
			return err
		}, routing.CodeConflict, "id"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := paws(t)
			w.no(c.do(w), c.code, c.field)
			n, err := w.Numbers(w.ctx, "paws")
			w.must(err)
			desks := 0
			for _, n := range n.Numbers {
				w.both(n.ID)
				if n.Class == routing.FrontDesk && n.Status == routing.NumberActive {
					desks++
				}
			}
			if desks != 1 {
				t.Errorf("%d active front desks after it", desks)
			}
		})
	}

}

// race runs many at once and answers how many were made and how many refused.
func race(t *testing.T, n int, do func(i int) error) (made, refused int) {
	t.Helper()
	var wg sync.WaitGroup
	var mu sync.Mutex
	for i := range n {
		wg.Go(func() {
			err := do(i)
			mu.Lock()
			defer mu.Unlock()
			var no *routing.Refusal
			switch {
			case err == nil:
				made++
			case errors.As(err, &no) && no.Code == routing.CodeConflict:
				refused++
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	return made, refused
}

func TestOnlyOneOfManyGetsWhatThereIsOneOf(t *testing.T) {
	w := paws(t)
	w.found("zen", "+15555550190")
	for i := range 8 {
		w.sitter(fmt.Sprintf("s%d", i))
	}
	zen := routing.Principal{Role: routing.RoleOwner, Org: "zen", Subject: "owner-zen"}
	check := func(what string, do func(i int) error) {
		t.Helper()
		made, refused := race(t, 8, do)
		same(t, what+": made and refused", []int{made, refused}, []int{1, 7})
	}
	check("two orgs and one number", func(i int) error {
		who := w.who
		if i%2 == 1 {
			who = zen
		}
		_, _, err := w.AddNumber(w.ctx, who, office.NumberInput{E164: pool1, NumberClass: "pool"})
		return err
	})
	check("eight numbers and one sitter", func(i int) error {
		_, _, err := w.AddNumber(w.ctx, w.who, office.NumberInput{E164: fmt.Sprintf("+1202555010%d", i), NumberClass: "sitter", SitterID: office.Is("s0")})
		return err
	})
	n := w.number("+12025550150", "pool", "")
	check("one number and eight sitters", func(i int) error {
		_, _, err := w.Assign(w.ctx, w.who, string(n.ID), fmt.Sprintf("s%d", i), "")
		if i == 0 && err == nil {
			t.Error("a sitter has two numbers")
		}
		return err
	})
	for i := range 8 {
		w.client(fmt.Sprintf("c%d", i), fmt.Sprintf("+1202555016%d", i))
	}
	check("one booking id", func(i int) error {
		in := walk(fmt.Sprintf("c%d", i))
		in.ID = office.Is("b1")
		_, _, err := w.CreateBooking(w.ctx, w.who, in)
		return err
	})
	r, err := w.Numbers(w.ctx, "paws")
	w.must(err)
	own := map[routing.SitterID]int{}
	for _, n := range r.Numbers {
		w.both(n.ID)
		if n.Sitter != "" {
			own[n.Sitter]++
			if s, _ := r.Sitter(n.Sitter); s.Number != n.ID {
				t.Errorf("number %s is %s's, whose number is %s", n.ID, n.Sitter, s.Number)
			}
		}
	}
	for s, k := range own {
		if k != 1 {
			t.Errorf("%s has %d numbers", s, k)
		}
	}
}

func TestAFrontDeskIsFoundedOnceByManyAtOnce(t *testing.T) {
	w := paws(t)
	made, refused := race(t, 8, func(i int) error {
		_, _, err := w.Found(w.ctx, w.who, office.Founding{ID: "zen", Name: "Zen", Zone: "Europe/Berlin", FrontDesk: fmt.Sprintf("+1202555010%d", i)})
		return err
	})
	same(t, "made and refused", []int{made, refused}, []int{1, 7})
	r, err := w.Numbers(w.ctx, "zen")
	w.must(err)
	same(t, "numbers", len(r.Numbers), 1)
}

func TestASittersNumberRestsAndComesBack(t *testing.T) {
	w, th := served(t)
	r, err := w.Numbers(w.ctx, "paws")
	w.must(err)
	n, _ := r.ByPhone(phone(riley1))
	id := string(n.ID)

	_, impact, _, err := w.Preview(w.ctx, "paws", id)
	w.must(err)
	same(t, "impact", impact, office.Impact{Threads: 1, Clients: 1, Active: 1, Sitter: "s1"})

	_, _, err = w.Release(w.ctx, w.who, id, "")
	w.no(err, routing.CodeConflict, "")

	q, _, err := w.Quarantine(w.ctx, w.who, id, "marked as spam")
	w.must(err)
	same(t, "as answered", []any{q.Status, q.Reason, q.Sitter}, []any{routing.NumberQuarantined, "marked as spam", routing.SitterID("s1")})
	same(t, "as kept", w.both(n.ID), q)
	same(t, "a text meanwhile, in the old conversation", w.outcome(dana, riley1, "Hello?"), outcome{5, th})
	s, err := w.table.Sitter(w.ctx, "paws", "s1")
	w.must(err)
	same(t, "the sitter's number meanwhile", s.Number, routing.NumberID(""))

	back, _, err := w.Restore(w.ctx, w.who, id, "cleared with the carrier")
	w.must(err)
	same(t, "back with the sitter", []any{back.Class, back.Status, back.Sitter, back.Reason}, []any{routing.SitterNum, routing.NumberActive, routing.SitterID("s1"), ""})
	same(t, "a text after it", w.outcome(dana, riley1, "Hello!"), outcome{12, th})

	_, _, err = w.Quarantine(w.ctx, w.who, id, "again")
	w.must(err)
	other := w.number("+12025550101", "sitter", "s1")
	pool, _, err := w.Restore(w.ctx, w.who, id, "cleared again")
	w.must(err)
	same(t, "to the pool, since the sitter has another", []any{pool.Class, pool.Sitter}, []any{routing.Pool, routing.SitterID("")})
	s, err = w.table.Sitter(w.ctx, "paws", "s1")
	w.must(err)
	same(t, "the sitter keeps the other", s.Number, other.ID)
	same(t, "the conversation rests as pool threads do", w.thread(th).Until, noon.Add(2*time.Hour+30*24*time.Hour))
	w.sound("c1")
	same(t, "a late text reaches it", w.outcome(dana, riley1, "One more thing"), outcome{12, th})
	w.clock.Advance(31 * 24 * time.Hour)
	same(t, "a text after the rest", w.outcome(dana, riley1, "Hello?").Rule, 6)
}

func TestANumberTakenOverByAnotherOrgLeadsNowhereOld(t *testing.T) {
	w := open(t)
	n := w.number(pool1, "pool", "")
	w.text(dana, pool1, "Hi")
	_, _, err := w.Release(w.ctx, w.who, string(n.ID), "not needed")
	w.must(err)
	same(t, "a text to a number given up", w.outcome(dana, pool1, "Hi").Rule, 2)
	zen := w.found("zen", "+15555550190")
	m, _, err := w.AddNumber(w.ctx, zen, office.NumberInput{E164: pool1, NumberClass: "pool"})
	w.must(err)
	same(t, "whose it is", []any{m.Org, m.Version}, []any{routing.OrgID("zen"), int64(3)})
	got := w.outcome(dana, pool1, "Hi")
	same(t, "the org of the conversation", got.Thread.Org(), routing.OrgID("zen"))
	_, _, err = w.AddNumber(w.ctx, w.who, office.NumberInput{E164: pool1, NumberClass: "pool"})
	w.no(err, routing.CodeConflict, "e164")
}

func TestANumberGivenUpIsTakenOnAgainAsItself(t *testing.T) {
	w := paws(t)
	n := w.number(pool1, "pool", "")
	_, _, err := w.Release(w.ctx, w.who, string(n.ID), "not needed")
	w.must(err)
	again := w.number(pool1, "pool", "")
	same(t, "id and version", []any{again.ID, again.Version}, []any{n.ID, int64(3)})
	same(t, "as kept", w.both(n.ID), again)
}

func TestAPoolNumberInUseIsNoSitters(t *testing.T) {
	w := open(t)
	w.sitter("s1")
	w.sitter("s2")
	n := w.number(pool1, "pool", "")
	w.client("c1", dana)
	b := w.booking(office.BookingInput{ClientID: office.Is("c1"), SitterID: office.Is("s1"), Service: office.Is("Drop-ins"), Recurrence: office.Is("weekly"),
		StartAt: office.Is(routing.Stamp(noon)), EndAt: office.Is(routing.Stamp(noon.Add(time.Hour)))})
	_, err := w.relay.Assign(w.ctx, "paws", b)
	w.must(err)
	_, _, err = w.Assign(w.ctx, w.who, string(n.ID), "s2", "")
	w.no(err, routing.CodeConflict, "")
	w.clock.Advance(40 * 24 * time.Hour)
	got, _, err := w.Assign(w.ctx, w.who, string(n.ID), "s2", "")
	w.must(err)
	same(t, "once the rest is over", []any{got.Class, got.Sitter}, []any{routing.SitterNum, routing.SitterID("s2")})
}

func TestHealthOfANumber(t *testing.T) {
	w := paws(t)
	id := w.desk.ID
	day := func(back int) string {
		return "fail:" + string(id) + ":" + noon.AddDate(0, 0, -back).Format("20060102")
	}
	w.must(w.table.CommitFold(w.ctx, store.Fold{PK: "T#t-paws-x", Org: "paws", Seq: "1", Add: map[string]int64{
		day(0): 2, day(6): 3, day(7): 50, "t:" + string(id): 4, "used:" + string(id): noon.UnixMilli(),
	}}))
	r, err := w.Numbers(w.ctx, "paws")
	w.must(err)
	same(t, "health", w.HealthOf(r, id), office.Health{Failures: 5, Threads: 4, LastUsed: noon})
}
