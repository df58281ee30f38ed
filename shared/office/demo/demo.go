// Package demo is one believable business for trying the product out: an owner,
// three sitters, eight clients, numbers of every class, and a week of bookings
// around now. It is made through the office's own use cases, so that it can hold
// nothing that the office would refuse. It must never be linked into a deployed
// function.
package demo

import (
	"context"
	"fmt"
	"time"

	"snout/shared/office"
	"snout/shared/routing"
)

// Org is the demo business.
const Org routing.OrgID = "demo"

// OwnerName is who runs it.
const OwnerName = "Olivia Park"

const zone = "America/Los_Angeles"

// Person is one of the team.
type Person struct{ ID, Name, Phone string }

// Sitters are the team. The third has no number of their own.
func Sitters() []Person {
	return []Person{
		{"sitter-1", "Sam Patel", "+12135550161"},
		{"sitter-2", "Ivy Chen", "+12135550162"},
		{"sitter-3", "Rosa Delgado", "+12135550163"},
	}
}

type client struct {
	id, name  string
	phones    []string
	pets      []string
	recurring bool
	plan      string
}

func clients() []client {
	return []client{
		{"client-1", "Dana Whitfield", []string{"+13105550111"}, []string{"Biscuit"}, false, "weekly"},
		{"client-2", "Marcus Lee", []string{"+13105550112"}, []string{"Rex"}, true, ""},
		{"client-3", "Priya Nair", []string{"+13105550113"}, []string{"Luna"}, false, ""},
		{"client-4", "Jonas Weber", []string{"+13105550114", "+13105550124"}, []string{"Miso", "Tofu"}, false, "weekly"},
		{"client-5", "Alicia Gómez", []string{"+13105550115"}, []string{"Coco"}, false, ""},
		{"client-6", "Ben Okafor", []string{"+13105550116"}, []string{"Pepper"}, false, ""},
		{"client-7", "Hannah Schmidt", []string{"+13105550117"}, []string{"Whiskers", "Shadow"}, false, ""},
		{"client-8", "Theo Martin", []string{"+13105550118"}, []string{"Ziggy"}, true, ""},
	}
}

type number struct{ e164, class, sitter string }

// FrontDesk is the demo business's front desk number.
const FrontDesk = "+12135550100"

func numbers() []number {
	return []number{
		{"+12135550101", "sitter", "sitter-1"},
		{"+12135550102", "sitter", "sitter-2"},
		{"+12135550103", "pool", ""},
		{"+12135550104", "pool", ""},
		{"+12135550105", "pool", ""},
	}
}

type booking struct {
	id, client, sitter, service, recurrence, status string
	day                                             int // from today
	from, to                                        string
	days                                            int // further days until its end
}

// bookings are a week around today, by the org's wall clock.
func bookings() []booking {
	return []booking{
		{"booking-1", "client-1", "sitter-1", "Dog Walking", "weekly", "confirmed", 0, "12:00", "13:00", 0},
		{"booking-2", "client-1", "sitter-1", "Dog Walking", "weekly", "confirmed", 2, "12:00", "13:00", 0},
		{"booking-3", "client-2", "sitter-2", "Drop-ins", "", "confirmed", 1, "09:00", "09:30", 0},
		{"booking-4", "client-3", "sitter-1", "Pet Taxi", "", "confirmed", 1, "15:00", "16:00", 0},
		{"booking-5", "client-4", "", "Dog Walking", "weekly", "pending", 3, "08:00", "09:00", 0},
		{"booking-6", "client-5", "sitter-2", "Housesitting", "", "confirmed", 2, "17:00", "10:00", 3},
		{"booking-7", "client-6", "", "Drop-ins", "", "pending", 4, "18:00", "18:30", 0},
		{"booking-8", "client-7", "sitter-3", "24/7 Care", "", "confirmed", 5, "08:00", "20:00", 1},
		{"booking-9", "client-8", "sitter-3", "Drop-ins", "", "confirmed", 0, "07:00", "21:00", 0},
		{"booking-10", "client-2", "sitter-2", "Drop-ins", "", "completed", -2, "09:00", "09:30", 0},
		{"booking-11", "client-3", "sitter-1", "Dog Walking", "", "cancelled", -1, "10:00", "11:00", 0},
	}
}

// Seed makes the demo business around an instant.
func Seed(ctx context.Context, o *office.Office, now time.Time) error {
	who := routing.Principal{Role: routing.RoleOwner, Org: Org, Subject: "owner-1", Name: OwnerName}
	if _, _, err := o.Found(ctx, who, office.Founding{ID: string(Org), Name: "Happy Paws", Zone: zone, FrontDesk: FrontDesk}); err != nil {
		return fmt.Errorf("found: %w", err)
	}
	for _, s := range Sitters() {
		in := office.SitterInput{ID: office.Is(s.ID), Name: office.Is(s.Name), Phone: office.Is(s.Phone)}
		if _, err := o.CreateSitter(ctx, who, in); err != nil {
			return fmt.Errorf("%s: %w", s.ID, err)
		}
	}
	for i, n := range numbers() {
		in := office.NumberInput{E164: n.e164, NumberClass: n.class}
		if n.sitter != "" {
			in.SitterID = office.Is(n.sitter)
		}
		if _, _, err := o.AddNumber(ctx, who, in); err != nil {
			return fmt.Errorf("number %d: %w", i+1, err)
		}
	}
	for _, c := range clients() {
		in := office.ClientInput{ID: office.Is(c.id), Name: office.Is(c.name), Phones: office.Is(c.phones), Pets: office.Is(c.pets), Recurring: office.Is(c.recurring)}
		if c.plan != "" {
			in.Plan = office.Is(c.plan)
		}
		if _, err := o.CreateClient(ctx, who, in); err != nil {
			return fmt.Errorf("%s: %w", c.id, err)
		}
	}
	l, err := time.LoadLocation(zone)
	if err != nil {
		return err
	}
	today := now.In(l)
	for _, b := range bookings() {
		at := func(day int, clock string) string {
			return today.AddDate(0, 0, day).Format("2006-01-02") + "T" + clock + ":00"
		}
		in := office.BookingInput{
			ID: office.Is(b.id), ClientID: office.Is(b.client), Service: office.Is(b.service), Status: office.Is("confirmed"),
			StartAt: office.Is(at(b.day, b.from)), EndAt: office.Is(at(b.day+b.days, b.to)),
		}
		if b.sitter != "" {
			in.SitterID = office.Is(b.sitter)
		}
		if b.recurrence != "" {
			in.Recurrence = office.Is(b.recurrence)
		}
		if _, _, err := o.CreateBooking(ctx, who, in); err != nil {
			return fmt.Errorf("%s: %w", b.id, err)
		}
		if b.status != "confirmed" {
			if _, _, err := o.PatchBooking(ctx, who, b.id, 0, office.BookingInput{Status: office.Is(b.status)}); err != nil {
				return fmt.Errorf("%s: %w", b.id, err)
			}
		}
	}
	return nil
}
