package sandbox

import (
	"net/http"

	"snout/shared/office/demo"
	"snout/shared/routing"
)

// world answers the whole world as JSON: whole numbers included, since whoever may
// ask is at the machine itself.
func (w *World) world(rw http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	out := map[string]any{
		"carrier": map[string]string{"accountSid": carrierAccount, "authToken": carrierToken, "publicBaseURL": w.URL},
		"owners":  []any{}, "sitters": []any{}, "clients": []any{}, "numbers": []any{}, "bookings": []any{}, "org": nil,
	}
	roster, err := w.Table().Roster(ctx, demo.Org, true)
	if err != nil {
		reply(rw, http.StatusOK, out) // an empty world
		return
	}
	front := ""
	if n, ok := roster.FrontDesk(); ok {
		front = n.Phone.E164()
	}
	out["org"] = map[string]string{"id": string(roster.Org.ID), "name": roster.Org.Name, "timeZone": roster.Org.Zone, "frontDesk": front}
	out["owners"] = []any{map[string]string{"id": "owner-1", "sub": "owner-1", "name": demo.OwnerName}}
	byID := map[routing.NumberID]string{}
	numbers := []any{}
	for _, n := range roster.Numbers {
		byID[n.ID] = n.Phone.E164()
		numbers = append(numbers, map[string]any{"id": n.ID, "e164": n.Phone.E164(), "numberClass": n.Class, "status": n.Status, "sitterId": nilIfEmpty(string(n.Sitter))})
	}
	sitters := []any{}
	for _, s := range roster.Sitters {
		number := ""
		for _, n := range roster.Numbers {
			if n.Sitter == s.ID && n.Class == routing.SitterNum && n.Status == routing.NumberActive {
				number = n.Phone.E164()
			}
		}
		sitters = append(sitters, map[string]any{"id": s.ID, "sub": string(s.ID), "name": s.Name, "active": s.Active, "phone": nilIfEmpty(s.Phone.E164()), "number": nilIfEmpty(number)})
	}
	clients := []any{}
	cs, err := all(func(cursor string) ([]routing.Client, string, error) {
		return w.Office().Clients(ctx, demo.Org, cursor, 100)
	})
	if err != nil {
		fault(rw, http.StatusInternalServerError, err.Error())
		return
	}
	for _, c := range cs {
		phones := []string{}
		for _, p := range c.Phones {
			phones = append(phones, p.E164())
		}
		clients = append(clients, map[string]any{"id": c.ID, "name": c.Name, "phones": phones, "pets": c.Pets, "recurring": c.Recurring, "plan": nilIfEmpty(c.Plan), "optedOut": c.OptedOut})
	}
	bookings := []any{}
	bs, err := all(func(cursor string) ([]routing.Booking, string, error) {
		return w.Office().Bookings(ctx, demo.Org, "", "", cursor, 100)
	})
	if err != nil {
		fault(rw, http.StatusInternalServerError, err.Error())
		return
	}
	for _, b := range bs {
		bookings = append(bookings, map[string]any{
			"id": b.ID, "clientId": b.Client, "sitterId": nilIfEmpty(string(b.Sitter)), "service": b.Service, "startAt": routing.Stamp(b.Start), "endAt": routing.Stamp(b.End),
			"recurrence": nilIfEmpty(b.Recurrence), "status": b.Status, "pets": b.Pets, "version": b.Version,
		})
	}
	out["numbers"], out["sitters"], out["clients"], out["bookings"] = numbers, sitters, clients, bookings
	reply(rw, http.StatusOK, out)
}

func nilIfEmpty(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// all reads every page of a list.
func all[T any](page func(cursor string) ([]T, string, error)) ([]T, error) {
	var out []T
	cursor := ""
	for {
		some, next, err := page(cursor)
		if err != nil {
			return nil, err
		}
		out = append(out, some...)
		if next == "" {
			return out, nil
		}
		cursor = next
	}
}
