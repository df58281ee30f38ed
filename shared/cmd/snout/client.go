package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"snout/shared/routing"
	"snout/shared/store"
)

// kept is all that is kept of one client: whole numbers and texts, since it is theirs.
type kept struct {
	ID            string             `json:"id"`
	Name          string             `json:"name"`
	Phones        []string           `json:"phones"`
	Pets          []string           `json:"pets"`
	Recurring     bool               `json:"recurring"`
	Plan          string             `json:"plan,omitempty"`
	OptedOut      []string           `json:"optedOut"` // phones
	Consents      []keptConsent      `json:"consents"` // oldest first, of each phone
	Bookings      []keptBooking      `json:"bookings"`
	Conversations []keptConversation `json:"conversations"`
}

type keptConsent struct {
	At     string `json:"at"`
	Phone  string `json:"phone"`
	What   string `json:"what"`
	Word   string `json:"word,omitempty"`
	Number string `json:"number"` // of ours that it was about
	By     string `json:"by"`
}

type keptBooking struct {
	ID      string `json:"id"`
	Service string `json:"service"`
	StartAt string `json:"startAt"`
	EndAt   string `json:"endAt"`
	Status  string `json:"status"`
}

type keptConversation struct {
	ID     string      `json:"id"`
	Kind   string      `json:"kind"`
	Number string      `json:"number"`
	Events []keptEvent `json:"events"` // newest first
}

type keptEvent struct {
	At        string   `json:"at"`
	Direction string   `json:"direction"`
	From      string   `json:"from,omitempty"`
	To        string   `json:"to,omitempty"`
	Text      string   `json:"text"`
	Pictures  []string `json:"pictures,omitempty"` // names in the bucket
	Status    string   `json:"status,omitempty"`
	CarrierID string   `json:"carrierId,omitempty"`
}

func clientCommand() *cobra.Command {
	o := &options{}
	c := &cobra.Command{
		Use: "client", Short: "Hand out what is kept of a client, and erase it",
		Example: "  snout client export --config staging.yaml --org paws client-1 --out client-1.json\n  snout client erase --config staging.yaml --org paws client-1 --reason 'asked on 3 May' --yes",
	}
	o.add(c)
	var to string
	export := &cobra.Command{
		Use: "export CLIENT", Short: "Write everything kept of a client to a file, as JSON", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := o.reach(cmd.Context())
			if err != nil {
				return err
			}
			if to == "" {
				return input("Name a file: --out FILE. What is in it belongs in no terminal's scrollback.")
			}
			org, err := routing.ParseOrgID(s.Org)
			if err != nil {
				return input("Name the org: --org ID.")
			}
			id, err := routing.ParseClientID(args[0])
			if err != nil {
				return input("%q is no client's id.", args[0])
			}
			t, err := s.table(cmd.Context())
			if err != nil {
				return err
			}
			if err := s.identify(cmd.Context()); err != nil {
				return err
			}
			all, err := everythingOf(cmd.Context(), t, org, id)
			if err != nil {
				return err
			}
			// Who takes data out is on record before they have it.
			now := s.api.Now()
			if err := t.AddAudit(cmd.Context(), org, store.Audit{Order: routing.Order(now.UnixMicro(), word()), At: now, By: operator(), What: "client.export", On: string(id)}); err != nil {
				return err
			}
			b, err := json.MarshalIndent(all, "", "  ")
			if err != nil {
				return err
			}
			// An earlier export is not written over: it may have been handed out already.
			f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
			if err != nil {
				return err
			}
			if _, err := f.Write(append(b, '\n')); err != nil {
				return errors.Join(err, f.Close())
			}
			n := 0
			for _, c := range all.Conversations {
				n += len(c.Events)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s: %d conversations, %d messages and notes, %d bookings\n", to, len(all.Conversations), n, len(all.Bookings))
			return f.Close()
		},
	}
	export.Flags().StringVar(&to, "out", "", "file to write; it must not be there yet")
	c.AddCommand(export, clientErase(o))
	return c
}

func everythingOf(ctx context.Context, t *store.Table, org routing.OrgID, id routing.ClientID) (*kept, error) {
	client, ledger, err := t.ClientFile(ctx, org, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, input("The org has no client %s.", id)
	}
	if err != nil {
		return nil, err
	}
	k := &kept{ID: string(client.ID), Name: client.Name, Phones: []string{}, Pets: client.Pets, Recurring: client.Recurring, Plan: client.Plan, OptedOut: []string{}, Consents: []keptConsent{},
		Bookings: []keptBooking{}, Conversations: []keptConversation{}}
	for _, p := range client.Phones {
		k.Phones = append(k.Phones, p.E164())
		consent, lines, err := t.ConsentHistory(ctx, org, p)
		if err != nil {
			return nil, err
		}
		for _, l := range lines {
			k.Consents = append(k.Consents, keptConsent{routing.Stamp(l.At), p.E164(), l.What, l.Word, l.Number.E164(), l.By})
		}
		if consent.OptedOut {
			k.OptedOut = append(k.OptedOut, p.E164())
		}
	}
	for _, held := range ledger.Threads {
		c := keptConversation{ID: string(held.Thread), Kind: string(held.Kind), Number: held.Number.E164(), Events: []keptEvent{}}
		for before := ""; ; {
			es, next, err := t.Events(ctx, held.Thread, before, 100)
			if err != nil {
				return nil, err
			}
			for _, e := range es {
				one := keptEvent{At: routing.Stamp(e.At), Direction: string(e.Dir), From: e.From.E164(), To: e.To.E164(), Text: e.Text, Status: string(e.Status), CarrierID: e.Sid}
				for _, m := range e.Media {
					one.Pictures = append(one.Pictures, m.Key)
				}
				c.Events = append(c.Events, one)
			}
			if next == "" {
				break
			}
			before = next
		}
		k.Conversations = append(k.Conversations, c)
	}
	for cursor := ""; ; {
		bs, next, err := t.Bookings(ctx, org, time.Time{}, time.Time{}, cursor, 100)
		if err != nil {
			return nil, err
		}
		for _, b := range bs {
			if b.Client == id {
				k.Bookings = append(k.Bookings, keptBooking{string(b.ID), b.Service, routing.Stamp(b.Start), routing.Stamp(b.End), b.Status})
			}
		}
		if next == "" {
			return k, nil
		}
		cursor = next
	}
}
