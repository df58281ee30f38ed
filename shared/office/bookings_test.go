package office_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"snout/shared/office"
	"snout/shared/routing"
)

// TestWhatABookingCannotBe names the field at fault, and leaves nothing half done.
func TestWhatABookingCannotBe(t *testing.T) {
	for _, c := range []struct {
		name  string
		bad   func(in *office.BookingInput)
		code  routing.Code
		field string
	}{
		{"end before start", func(in *office.BookingInput) { in.EndAt = office.Is("2026-03-05T09:00") }, routing.CodeInvalid, "endAt"},
		{"end at its start", func(in *office.BookingInput) { in.EndAt = in.StartAt }, routing.CodeInvalid, "endAt"},
		{"no start", func(in *office.BookingInput) { in.StartAt = office.Field[string]{} }, routing.CodeInvalid, "startAt"},
		{"no end", func(in *office.BookingInput) { in.EndAt = office.Field[string]{} }, routing.CodeInvalid, "endAt"},
		{"a start that is no time", func(in *office.BookingInput) { in.StartAt = office.Is("tomorrow") }, routing.CodeInvalid, "startAt"},
		{"a start in the year 20266", func(in *office.BookingInput) { in.StartAt = office.Is("2206-03-05T09:00:00Z") }, routing.CodeInvalid, "startAt"},
		{"no client", func(in *office.BookingInput) { in.ClientID = office.Field[string]{} }, routing.CodeInvalid, "clientId"},
		{"an unknown client", func(in *office.BookingInput) { in.ClientID = office.Is("nobody") }, routing.CodeInvalid, "clientId"},
		{"another org's client", func(in *office.BookingInput) { in.ClientID = office.Is("zen-client") }, routing.CodeInvalid, "clientId"},
		{"a client's id that is none", func(in *office.BookingInput) { in.ClientID = office.Is("a#b") }, routing.CodeInvalid, "clientId"},
		{"an unknown sitter", func(in *office.BookingInput) { in.SitterID = office.Is("nobody") }, routing.CodeInvalid, "sitterId"},
		{"another org's sitter", func(in *office.BookingInput) { in.SitterID = office.Is("zen-sitter") }, routing.CodeInvalid, "sitterId"},
		{"a sitter who left", func(in *office.BookingInput) { in.SitterID = office.Is("gone") }, routing.CodeInvalid, "sitterId"},
		{"no service", func(in *office.BookingInput) { in.Service = office.Is(" ") }, routing.CodeInvalid, "service"},
		{"a service of a thousand letters", func(in *office.BookingInput) { in.Service = office.Is(strings.Repeat("x", 1000)) }, routing.CodeInvalid, "service"},
		{"a status of no booking", func(in *office.BookingInput) { in.Status = office.Is("done") }, routing.CodeInvalid, "status"},
		{"cancelled from the start", func(in *office.BookingInput) { in.Status = office.Is("cancelled") }, routing.CodeInvalid, "status"},
		{"a meet and greet of no kind", func(in *office.BookingInput) { in.MeetAndGreet = office.Is("maybe") }, routing.CodeInvalid, "meetAndGreet"},
		{"two visits of one id", func(in *office.BookingInput) {
			v := office.VisitInput{ID: "a", StartAt: "2026-03-05T10:00", EndAt: "2026-03-05T10:30"}
			in.Visits = office.Is([]office.VisitInput{v, v})
		}, routing.CodeInvalid, "visits[1].id"},
		{"a visit that ends before it starts", func(in *office.BookingInput) {
			in.Visits = office.Is([]office.VisitInput{{StartAt: "2026-03-05T10:20", EndAt: "2026-03-05T10:00"}})
		}, routing.CodeInvalid, "visits[0].endAt"},
		{"a visit outside of the booking", func(in *office.BookingInput) {
			in.Visits = office.Is([]office.VisitInput{{StartAt: "2026-03-05T12:00", EndAt: "2026-03-05T12:30"}})
		}, routing.CodeInvalid, "visits"},
		{"an id with a separator", func(in *office.BookingInput) { in.ID = office.Is("a#b") }, routing.CodeInvalid, "id"},
		{"an id that is taken", func(in *office.BookingInput) { in.ID = office.Is("taken") }, routing.CodeConflict, "id"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := paws(t)
			zen := w.found("zen", "+15555550190")
			_, err := w.CreateClient(w.ctx, zen, office.ClientInput{ID: office.Is("zen-client"), Name: office.Is("Z"), Phones: office.Is([]string{tom})})
			w.must(err)
			_, err = w.CreateSitter(w.ctx, zen, office.SitterInput{ID: office.Is("zen-sitter"), Name: office.Is("Z")})
			w.must(err)
			w.client("c1", dana)
			w.sitter("gone")
			_, err = w.Offboard(w.ctx, w.who, "gone", "moved away")
			w.must(err)
			in := walk("c1")
			in.ID = office.Is("taken")
			w.booking(in)
			in.ID = office.Field[string]{}
			c.bad(&in)
			_, _, err = w.CreateBooking(w.ctx, w.who, in)
			w.no(err, c.code, c.field)
			bs, _, err := w.Bookings(w.ctx, "paws", "", "", "", 50)
			w.must(err)
			same(t, "bookings there after it", len(bs), 1)
		})
	}
}

func TestLocalTimesAreTheOrgs(t *testing.T) {
	w := paws(t)
	w.client("c1", dana)
	for _, c := range []struct{ name, given, want string }{
		{"an ordinary day", "2026-03-05T10:00", "2026-03-05T18:00:00Z"},
		{"with seconds", "2026-03-05T10:00:30", "2026-03-05T18:00:30Z"},
		{"an hour that does not exist", "2026-03-08T02:30", "2026-03-08T10:30:00Z"},
		{"an hour that comes twice is the first", "2026-11-01T01:30", "2026-11-01T08:30:00Z"},
		{"an instant", "2026-03-05T10:00:00.250Z", "2026-03-05T10:00:00.25Z"},
		{"an instant elsewhere", "2026-03-05T10:00:00+01:00", "2026-03-05T09:00:00Z"},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := walk("c1")
			in.StartAt, in.EndAt = office.Is(c.given), office.Is("2026-12-01T00:00")
			in.Visits = office.Is([]office.VisitInput{{StartAt: c.given, EndAt: routing.Stamp(at(c.want).Add(time.Hour))}})
			b, _, err := w.CreateBooking(w.ctx, w.who, in)
			w.must(err)
			same(t, "start", b.Start, at(c.want))
		})
	}
}

func TestVisitsGetTheirIdsAndOrder(t *testing.T) {
	w := paws(t)
	w.client("c1", dana)
	b := w.booking(office.BookingInput{ClientID: office.Is("c1"), Service: office.Is("Drop-ins"), Visits: office.Is([]office.VisitInput{
		{StartAt: "2026-03-06T10:00", EndAt: "2026-03-06T10:30"},
		{ID: "early", StartAt: "2026-03-05T10:00", EndAt: "2026-03-05T10:30"},
	})})
	same(t, "visits", b.Visits, []routing.Visit{
		{ID: "early", Start: at("2026-03-05T18:00:00Z"), End: at("2026-03-05T18:30:00Z")}, {ID: "v1", Start: at("2026-03-06T18:00:00Z"), End: at("2026-03-06T18:30:00Z")},
	})
	same(t, "start and end", []time.Time{b.Start, b.End}, []time.Time{at("2026-03-05T18:00:00Z"), at("2026-03-06T18:30:00Z")})
	_, _, err := w.PatchBooking(w.ctx, w.who, string(b.ID), 0, office.BookingInput{EndAt: office.Is("2026-03-09T10:00")})
	w.no(err, routing.CodeInvalid, "visits")
}

func TestAChangeIsMeantForAVersion(t *testing.T) {
	w := paws(t)
	w.client("c1", dana)
	in := walk("c1")
	in.ID = office.Is("b1")
	w.booking(in)
	_, _, err := w.PatchBooking(w.ctx, w.who, "b1", 2, office.BookingInput{Service: office.Is("Drop-ins")})
	w.no(err, routing.CodePrecondition, "")
	b, _, err := w.PatchBooking(w.ctx, w.who, "b1", 1, office.BookingInput{Service: office.Is("Drop-ins")})
	w.must(err)
	same(t, "version", b.Version, int64(2))
	b, _, err = w.PatchBooking(w.ctx, w.who, "b1", 2, office.BookingInput{Service: office.Is("Drop-ins")})
	w.must(err)
	same(t, "the version after a change of nothing", b.Version, int64(2))

	// Of many who mean the same version one wins.
	var wg sync.WaitGroup
	var mu sync.Mutex
	won := 0
	for i := range 8 {
		wg.Go(func() {
			_, _, err := w.PatchBooking(w.ctx, w.who, "b1", 2, office.BookingInput{Service: office.Is(fmt.Sprintf("Service %d", i))})
			var no *routing.Refusal
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won++
			} else if !errors.As(err, &no) || no.Code != routing.CodePrecondition {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	same(t, "winners", won, 1)

	// Of many who do not, all do, one after the other.
	for i := range 8 {
		wg.Go(func() {
			if _, _, err := w.PatchBooking(w.ctx, w.who, "b1", 0, office.BookingInput{Service: office.Is(fmt.Sprintf("Walk %d", i))}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	b, err = w.Booking(w.ctx, "paws", "b1")
	w.must(err)
	same(t, "version after eight changes", b.Version, int64(11))
}

func TestABookingThatIsOver(t *testing.T) {
	w := paws(t)
	w.client("c1", dana)
	in := walk("c1")
	in.ID = office.Is("b1")
	w.booking(in)
	patch := func(in office.BookingInput) (routing.Booking, error) {
		b, _, err := w.PatchBooking(w.ctx, w.who, "b1", 0, in)
		return b, err
	}
	_, err := patch(office.BookingInput{Status: office.Is("cancelled")})
	w.must(err)
	_, err = patch(office.BookingInput{Service: office.Is("Drop-ins")})
	w.no(err, routing.CodeConflict, "")
	_, err = patch(office.BookingInput{Status: office.Is("completed")})
	w.no(err, routing.CodeConflict, "")
	b, err := patch(office.BookingInput{Status: office.Is("cancelled")})
	w.must(err)
	same(t, "cancelled again", b.Version, int64(2))
	b, err = patch(office.BookingInput{Status: office.Is("confirmed"), Service: office.Is("Drop-ins")})
	w.must(err)
	same(t, "opened again", []any{b.Status, b.Service, b.Version}, []any{"confirmed", "Drop-ins", int64(3)})
	_, err = w.Booking(w.ctx, "zen", "b1")
	w.no(err, routing.CodeNotFound, "")
}

func TestASitterBookedTwiceIsAllowedAndSaid(t *testing.T) {
	w := paws(t)
	w.client("c1", dana)
	w.client("c2", tom)
	w.sitter("s1")
	in := walk("c1")
	in.ID, in.SitterID = office.Is("b1"), office.Is("s1")
	w.booking(in)
	in = walk("c2")
	in.ID, in.SitterID = office.Is("b2"), office.Is("s1")
	in.StartAt, in.EndAt = office.Is("2026-03-05T10:15"), office.Is("2026-03-05T10:45")
	_, ws, err := w.CreateBooking(w.ctx, w.who, in)
	w.must(err)
	same(t, "warnings", ws, []office.Warning{{Kind: "overlapping_bookings", Booking: "b1", Text: "The sitter has another visit at that time, Thu Mar 5, 10:15 AM."}})
	_, ws, err = w.PatchBooking(w.ctx, w.who, "b2", 0, office.BookingInput{StartAt: office.Is("2026-03-05T10:30"), EndAt: office.Is("2026-03-05T11:00")})
	w.must(err)
	same(t, "warnings once one begins when the other ends", ws, []office.Warning(nil))
	_, _, err = w.PatchBooking(w.ctx, w.who, "b1", 0, office.BookingInput{Status: office.Is("cancelled")})
	w.must(err)
	_, ws, err = w.PatchBooking(w.ctx, w.who, "b2", 0, office.BookingInput{StartAt: office.Is("2026-03-05T10:00")})
	w.must(err)
	same(t, "warnings of a cancelled booking", ws, []office.Warning(nil))
}

func TestBookingsInPages(t *testing.T) {
	w := paws(t)
	w.client("c1", dana)
	var want []routing.BookingID
	for i := range 7 {
		in := walk("c1")
		in.ID = office.Is(fmt.Sprintf("b%d", i))
		in.StartAt, in.EndAt = office.Is(fmt.Sprintf("2026-03-0%dT10:00", i+1)), office.Is(fmt.Sprintf("2026-03-0%dT11:00", i+1))
		want = append(want, w.booking(in).ID)
	}
	var got []routing.BookingID
	cursor, pages := "", 0
	for {
		bs, next, err := w.Bookings(w.ctx, "paws", "", "", cursor, 3)
		w.must(err)
		pages++
		for _, b := range bs {
			got = append(got, b.ID)
		}
		if cursor = next; cursor == "" {
			break
		}
	}
	same(t, "bookings over pages", got, want)
	same(t, "pages", pages, 3)
	bs, _, err := w.Bookings(w.ctx, "paws", "2026-03-03T00:00", "2026-03-04T23:59", "", 50)
	w.must(err)
	same(t, "within two days", []routing.BookingID{bs[0].ID, bs[1].ID}, want[2:4])
	same(t, "how many", len(bs), 2)
	for _, bad := range []string{"x", "!!", "YWJj", "MDAwMDAwMDAwI2EjYg"} {
		_, _, err := w.Bookings(w.ctx, "paws", "", "", bad, 3)
		w.no(err, routing.CodeInvalid, "cursor")
	}
}

func TestOffboardingASitter(t *testing.T) {
	w, th := served(t)
	w.sitter("s2")
	in := walk("c1")
	in.ID, in.SitterID, in.StartAt, in.EndAt = office.Is("later"), office.Is("s1"), office.Is("2026-04-01T10:00"), office.Is("2026-04-01T11:00")
	w.booking(in)
	in.ID, in.StartAt, in.EndAt = office.Is("just-over"), office.Is(routing.Stamp(noon.Add(-time.Hour))), office.Is(routing.Stamp(noon.Add(-30*time.Minute)))
	w.booking(in)
	in.ID, in.StartAt, in.EndAt = office.Is("long-ago"), office.Is("2026-01-05T10:00"), office.Is("2026-01-05T11:00")
	w.booking(in)
	in.ID, in.SitterID, in.StartAt, in.EndAt = office.Is("others"), office.Is("s2"), office.Is("2026-04-01T10:00"), office.Is("2026-04-01T11:00")
	w.booking(in)

	_, err := w.Offboard(w.ctx, w.who, "s1", "")
	w.no(err, routing.CodeInvalid, "reason")
	done, err := w.Offboard(w.ctx, w.who, "s1", "moved to Portland")
	w.must(err)
	same(t, "cleared and completed", []any{done.Cleared, done.Completed}, []any{[]routing.BookingID{"b1", "later"}, []routing.BookingID{"just-over"}})
	same(t, "the sitter", []any{done.Sitter.Active, done.Sitter.Number}, []any{false, routing.NumberID("")})
	n := w.both(done.Number.ID)
	same(t, "the number as kept", n, *done.Number)
	same(t, "the number rests", []any{n.Status, n.Until, n.Class}, []any{routing.NumberQuarantined, noon.Add(90 * 24 * time.Hour), routing.SitterNum})

	b, err := w.Booking(w.ctx, "paws", "b1")
	w.must(err)
	same(t, "a booking given back", []any{b.Sitter, b.Version, b.By, b.Reason}, []any{routing.SitterID(""), int64(2), "owner:owner-paws", "The sitter has left: moved to Portland"})
	_, err = w.relay.Assign(w.ctx, "paws", b)
	w.must(err)
	ws, err := w.table.SitterWindows(w.ctx, "paws", "s1", noon)
	w.must(err)
	same(t, "windows left once the stream has gone by", len(ws), 0)
	same(t, "a text reaches the owner in the old conversation", w.outcome(dana, riley1, "Where is Sam?"), outcome{5, th})

	again, err := w.Offboard(w.ctx, w.who, "s1", "twice")
	w.must(err)
	same(t, "done again, nothing is left to do", []any{again.Cleared, again.Completed, again.Number == nil}, []any{[]routing.BookingID(nil), []routing.BookingID(nil), true})

	_, _, err = w.Restore(w.ctx, w.who, string(n.ID), "needed")
	w.no(err, routing.CodeConflict, "")
	_, _, err = w.PatchSitter(w.ctx, w.who, "s1", 0, office.SitterInput{Active: office.Is(true)})
	w.must(err)
	w.clock.Advance(91 * 24 * time.Hour)
	back, _, err := w.Restore(w.ctx, w.who, string(n.ID), "rested")
	w.must(err)
	same(t, "it comes back to the pool alone, even once the sitter is back", []any{back.Class, back.Status, back.Sitter}, []any{routing.Pool, routing.NumberActive, routing.SitterID("")})
	audits, err := w.table.Audits(w.ctx, "paws", 100)
	w.must(err)
	told := map[string]int{}
	for _, a := range audits {
		told[a.What]++
	}
	same(t, "audit", []int{told["sitter.offboard"], told["number.quarantine"], told["number.restore"]}, []int{1, 1, 1})
}

// TestNothingBecomesTheirsWhileTheyLeave runs bookings against the offboarding.
func TestNothingBecomesTheirsWhileTheyLeave(t *testing.T) {
	w := paws(t)
	w.client("c1", dana)
	for round := range 4 {
		s := fmt.Sprintf("s%d", round)
		w.sitter(s)
		var wg sync.WaitGroup
		for i := range 6 {
			wg.Go(func() {
				in := walk("c1")
				in.SitterID = office.Is(s)
				_, _, err := w.CreateBooking(w.ctx, w.who, in)
				var no *routing.Refusal
				if err != nil && (!errors.As(err, &no) || no.Field != "sitterId") {
					t.Error(fmt.Sprint(i, err))
				}
			})
		}
		wg.Go(func() {
			if _, err := w.Offboard(w.ctx, w.who, s, "leaves"); err != nil {
				t.Error(err)
			}
		})
		wg.Wait()
		left, err := w.table.SitterBookings(w.ctx, "paws", routing.SitterID(s), time.Time{})
		w.must(err)
		same(t, "bookings of somebody who left", len(left), 0)
	}
}

func TestSittersAreUnlockedWithAReason(t *testing.T) {
	w := paws(t)
	s := w.sitter("s1")
	_, _, err := w.Unlock(w.ctx, w.who, "s1", "")
	w.no(err, routing.CodeInvalid, "reason")
	_, _, err = w.Unlock(w.ctx, w.who, "nobody", "why not")
	w.no(err, routing.CodeNotFound, "")
	got, _, err := w.Unlock(w.ctx, w.who, "s1", "we have talked")
	w.must(err)
	same(t, "one who was not locked", got, s)
	_, _, err = w.PatchSitter(w.ctx, w.who, "s1", 0, office.SitterInput{Active: office.Is(false)})
	w.no(err, routing.CodeInvalid, "active")
	_, _, err = w.PatchSitter(w.ctx, w.who, "s1", 0, office.SitterInput{Notify: office.Is(true)})
	w.no(err, routing.CodeInvalid, "notify")
	_, _, err = w.PatchSitter(w.ctx, w.who, "s1", 0, office.SitterInput{Phone: office.Is(desk)})
	w.no(err, routing.CodeInvalid, "phone")
	got, _, err = w.PatchSitter(w.ctx, w.who, "s1", 1, office.SitterInput{Phone: office.Is("+15555550141"), Notify: office.Is(true)})
	w.must(err)
	same(t, "the phone", []any{got.Phone, got.Notify, got.Version}, []any{phone("+15555550141"), true, int64(2)})
}

func TestSettingsThatCannotBe(t *testing.T) {
	w := paws(t)
	for _, c := range []struct {
		name  string
		in    office.SettingsInput
		field string
	}{
		{"no name", office.SettingsInput{Name: office.Is("")}, "name"},
		{"an unknown zone", office.SettingsInput{TimeZone: office.Is("America/Nowhere")}, "timeZone"},
		{"the machine's zone", office.SettingsInput{TimeZone: office.Is("Local")}, "timeZone"},
		{"a buffer that goes backwards", office.SettingsInput{Buffers: office.Is(map[string]office.BufferInput{"Drop-ins": {BeforeMinutes: -1}})}, "buffers.Drop-ins"},
		{"a buffer of two days", office.SettingsInput{Buffers: office.Is(map[string]office.BufferInput{"Drop-ins": {AfterMinutes: 2880}})}, "buffers.Drop-ins"},
		{"no rest at all", office.SettingsInput{CooldownDays: office.Is(0)}, "cooldownDays"},
		{"a rest of ten years", office.SettingsInput{QuarantineDays: office.Is(3650)}, "quarantineDays"},
		{"quiet hours of no clock", office.SettingsInput{QuietHours: office.Is(office.ClockInput{From: "9pm", To: "08:00"})}, "quietHours.from"},
		{"quiet hours without an end", office.SettingsInput{QuietHours: office.Is(office.ClockInput{From: "21:00", To: "21:00"})}, "quietHours"},
		{"a blank nobody fills in", office.SettingsInput{Texts: office.Is(office.TextsInput{Coming: office.Is("Hi {name}")})}, "texts.coming"},
		{"a blank without an end", office.SettingsInput{Texts: office.Is(office.TextsInput{Coming: office.Is("Hi {client")})}, "texts.coming"},
		{"a text of ten parts", office.SettingsInput{Texts: office.Is(office.TextsInput{Mismatch: office.Is(strings.Repeat("x", 1600))})}, "texts.mismatch"},
		{"a link that is no host", office.SettingsInput{OwnLinks: office.Is([]string{"https://pay.example.com/x"})}, "ownLinks"},
		{"an owner's phone that is the front desk", office.SettingsInput{OwnerPhone: office.Is(desk)}, "ownerPhone"},
		{"an owner's phone that is none", office.SettingsInput{OwnerPhone: office.Is("12345")}, "ownerPhone"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := w.PatchSettings(w.ctx, w.who, 0, c.in)
			w.no(err, routing.CodeInvalid, c.field)
			org, err := w.Org(w.ctx, "paws")
			w.must(err)
			same(t, "version", org.Version, int64(1))
		})
	}
	org, err := w.PatchSettings(w.ctx, w.who, 1, office.SettingsInput{
		Buffers: office.Is(map[string]office.BufferInput{"Drop-ins": {BeforeMinutes: 30, AfterMinutes: 45}}), QuarantineDays: office.Is(10),
		Texts: office.Is(office.TextsInput{Coming: office.Is("{sitter} comes to {pets} {when}. {org}")}), OwnLinks: office.Is([]string{"Pay.Example.com"}),
	})
	w.must(err)
	same(t, "settings", org.Settings, routing.Settings{
		Buffers: map[string]routing.Buffer{"Drop-ins": {Before: 30 * time.Minute, After: 45 * time.Minute}}, QuarantineDays: 10,
		ComingText: "{sitter} comes to {pets} {when}. {org}", OwnLinks: []string{"pay.example.com"},
	})
	org, err = w.PatchSettings(w.ctx, w.who, 0, office.SettingsInput{Buffers: office.Null[map[string]office.BufferInput](), QuarantineDays: office.Null[int]()})
	w.must(err)
	same(t, "defaults again", []any{len(org.Settings.Buffers), org.Settings.Quarantine()}, []any{0, 90 * 24 * time.Hour})
}

func TestAnImportCanBeRunAgain(t *testing.T) {
	w := paws(t)
	w.sitter("s1")
	for i := range 10 {
		w.client(fmt.Sprintf("c%d", i), fmt.Sprintf("+1202555010%d", i))
	}
	var file bytes.Buffer
	const n = 500
	for i := range n {
		fmt.Fprintf(&file, `{"id":"b%d","clientId":"c%d","sitterId":"s1","service":"Drop-ins","startAt":"2026-05-%02dT%02d:00","endAt":"2026-05-%02dT%02d:30"}`+"\n",
			i, i%10, 1+i%28, i%24, 1+i%28, i%24)
	}
	fmt.Fprintln(&file, `{"id":"bad-1","clientId":"nobody","service":"Drop-ins","startAt":"2026-05-01T10:00","endAt":"2026-05-01T11:00"}`)
	fmt.Fprintln(&file, `{"id":"b7","clientId":"c1","service":"Drop-ins","startAt":"2026-05-01T10:00","endAt":"2026-05-01T11:00"}`)
	fmt.Fprintln(&file, `{"id":"bad-2","clientID":7}`)
	fmt.Fprintln(&file, ``)
	fmt.Fprintln(&file, `not json`)
	fmt.Fprintln(&file, `{"clientId":"c1","service":"Drop-ins","startAt":"2026-05-01T10:00","endAt":"2026-05-01T11:00"}`)
	faults := []office.LineFault{
		{Line: n + 1, ID: "bad-1", Field: "clientId", Text: "There is no such client."},
		{Line: n + 2, ID: "b7", Field: "id", Text: "Line 8 has this id already."},
		{Line: n + 3, Text: "This line is no booking: the field clientId is of a wrong type."},
		{Line: n + 5, Text: "This line is no booking: it is not valid JSON."},
		{Line: n + 6, Field: "id", Text: "An imported booking needs its id: 1 to 64 letters, digits, dots, hyphens and underscores."},
	}
	text := file.String()
	var seen []int
	// Cut short half way: the context ends while the file is being read.
	ctx, cancel := context.WithCancel(w.ctx)
	_, err := w.ImportBookings(ctx, w.who, strings.NewReader(text), false, func(lines int) {
		if seen = append(seen, lines); lines >= n/2 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("an import cut short answered %v", err)
	}
	first := 0
	for cursor, more := "", true; more; more = cursor != "" {
		var bs []routing.Booking
		bs, cursor, err = w.Bookings(w.ctx, "paws", "", "", cursor, 100)
		w.must(err)
		first += len(bs)
	}
	if first == 0 || first == n {
		t.Fatalf("%d bookings after an import cut short", first)
	}
	_, _, err = w.PatchBooking(w.ctx, w.who, "b0", 0, office.BookingInput{SitterID: office.Null[string]()})
	w.must(err)
	done, err := w.ImportBookings(w.ctx, w.who, strings.NewReader(text), false, nil)
	w.must(err)
	same(t, "the second run", done, office.ImportedBookings{Lines: n + 6, Created: n - first, Present: first, Faults: faults})
	done, err = w.ImportBookings(w.ctx, w.who, strings.NewReader(text), false, nil)
	w.must(err)
	same(t, "the third run", done, office.ImportedBookings{Lines: n + 6, Present: n, Faults: faults})
	b, err := w.Booking(w.ctx, "paws", "b0")
	w.must(err)
	same(t, "what was changed since is left", []any{b.Sitter, b.Version}, []any{routing.SitterID(""), int64(2)})
	pool, err := w.PoolBookings(w.ctx, "paws")
	w.must(err)
	same(t, "bookings with a sitter for the plan", len(pool), n-1)
}
