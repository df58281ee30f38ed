package office_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.uber.org/goleak"

	"snout/shared/office"
	"snout/shared/office/officetest"
	"snout/shared/routing"
	"snout/shared/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is one org with its office.
type world struct {
	*office.Office
	t     *testing.T
	ctx   context.Context
	table *store.Table
	clock *officetest.Clock
	// between comes in between two calls to the table.
	between *officetest.Between
	who     routing.Principal
	desk    routing.Number
}

var noon = time.Date(2026, 3, 4, 20, 0, 0, 0, time.UTC)

// paws is an org in Los Angeles with a front desk number.
func paws(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, ctx: t.Context(), clock: officetest.At(noon)}
	w.table, w.between = officetest.Open(t)
	w.Office = office.New(w.table, w.clock.Now, officetest.IDs())
	w.who = w.found("paws", "+15555550100")
	n, err := w.Numbers(w.ctx, "paws")
	w.must(err)
	w.desk = n.Numbers[0]
	return w
}

func (w *world) found(org, desk string) routing.Principal {
	w.t.Helper()
	who := routing.Principal{Role: routing.RoleOwner, Org: routing.OrgID(org), Subject: "owner-" + org}
	_, _, err := w.Found(w.ctx, who, office.Founding{ID: org, Name: "Happy Paws", Zone: "America/Los_Angeles", FrontDesk: desk})
	w.must(err)
	return who
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// no checks that an error is the refusal asked for, of the field asked for.
func (w *world) no(err error, code routing.Code, field string) {
	w.t.Helper()
	var r *routing.Refusal
	if !errors.As(err, &r) || r.Code != code || r.Field != field {
		w.t.Fatalf("answer %v, want %s of field %q", err, code, field)
	}
}

func (w *world) sitter(id string) routing.Sitter {
	w.t.Helper()
	s, err := w.CreateSitter(w.ctx, w.who, office.SitterInput{ID: office.Is(id), Name: office.Is("Sam " + id)})
	w.must(err)
	return s
}

func (w *world) client(id string, phones ...string) routing.Client {
	w.t.Helper()
	c, err := w.CreateClient(w.ctx, w.who, office.ClientInput{ID: office.Is(id), Name: office.Is("Dana " + id), Phones: office.Is(phones), Pets: office.Is([]string{"Biscuit"})})
	w.must(err)
	return c
}

func (w *world) number(e164, class, sitter string) routing.Number {
	w.t.Helper()
	in := office.NumberInput{E164: e164, NumberClass: class}
	if sitter != "" {
		in.SitterID = office.Is(sitter)
	}
	n, _, err := w.AddNumber(w.ctx, w.who, in)
	w.must(err)
	return n
}

func (w *world) booking(in office.BookingInput) routing.Booking {
	w.t.Helper()
	b, _, err := w.CreateBooking(w.ctx, w.who, in)
	w.must(err)
	return b
}

func walk(client string) office.BookingInput {
	return office.BookingInput{ClientID: office.Is(client), Service: office.Is("Dog Walking"), StartAt: office.Is("2026-03-05T10:00"), EndAt: office.Is("2026-03-05T10:30")}
}

var phones = cmp.Comparer(func(a, b routing.Phone) bool { return a == b })

// same compares whole values.
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got, phones, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func phone(s string) routing.Phone {
	p, err := routing.ParsePhone(s)
	if err != nil {
		panic(err)
	}
	return p
}

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

// both checks that a number's two rows are the same, and answers it.
func (w *world) both(id routing.NumberID) routing.Number {
	w.t.Helper()
	r, err := w.Numbers(w.ctx, w.who.Org)
	w.must(err)
	n, there := r.Number(id)
	if !there {
		w.t.Fatalf("number %s is not in the list", id)
	}
	truth, err := w.table.TruthOf(w.ctx, n.Phone)
	w.must(err)
	same(w.t, "the number's own row and the list's", truth[n.Phone], n)
	return n
}

func TestABookingIsKeptAsItIsAskedFor(t *testing.T) {
	w := paws(t)
	w.client("c1", "+15555550121")
	w.sitter("s1")
	in := walk("c1")
	in.ID, in.SitterID, in.Recurrence = office.Is("b1"), office.Is("s1"), office.Is("weekly")
	b, warnings, err := w.CreateBooking(w.ctx, w.who, in)
	w.must(err)
	want := routing.Booking{
		ID: "b1", Client: "c1", Sitter: "s1", Service: "Dog Walking", Start: at("2026-03-05T18:00:00Z"), End: at("2026-03-05T18:30:00Z"),
		Visits:     []routing.Visit{{ID: "v1", Start: at("2026-03-05T18:00:00Z"), End: at("2026-03-05T18:30:00Z")}},
		Recurrence: "weekly", Status: "confirmed", Pets: []string{"Biscuit"}, Version: 1, By: "owner:owner-paws",
	}
	same(t, "as answered", b, want)
	same(t, "warnings", warnings, []office.Warning(nil))
	kept, err := w.Booking(w.ctx, "paws", "b1")
	w.must(err)
	same(t, "as kept", kept, want)

	next, _, err := w.PatchBooking(w.ctx, w.who, "b1", 1, office.BookingInput{SitterID: office.Null[string](), EndAt: office.Is("2026-03-05T11:00"), Reason: office.Is("Sam is ill")})
	w.must(err)
	want.Sitter, want.End, want.Version, want.Reason = "", at("2026-03-05T19:00:00Z"), 2, "Sam is ill"
	want.Visits[0].End = want.End
	same(t, "as changed", next, want)
	kept, err = w.Booking(w.ctx, "paws", "b1")
	w.must(err)
	same(t, "as kept after the change", kept, want)
}

func TestConcurrentFrontDesks(t *testing.T) {
	w := paws(t)
	// The front desk is replaced by many at once: exactly one is active after each.
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			_, _, err := w.AddNumber(w.ctx, w.who, office.NumberInput{E164: fmt.Sprintf("+1555555013%d", i), NumberClass: "front_desk", Replace: true, Reason: "a better one"})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	r, err := w.Numbers(w.ctx, "paws")
	w.must(err)
	active := 0
	for _, n := range r.Numbers {
		w.both(n.ID)
		if n.Class == routing.FrontDesk && n.Status == routing.NumberActive {
			active++
		}
	}
	if len(r.Numbers) != 9 || active != 1 {
		t.Errorf("%d numbers, %d of them active front desks; want 9 and 1", len(r.Numbers), active)
	}
}
