package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os/user"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"snout/shared/carrier"
	"snout/shared/media"
	"snout/shared/rollout"
	"snout/shared/routing"
	"snout/shared/store"
)

// stays is what no command can take back, said to whoever erases: they have to tell the
// person.
var stays = [...]string{
	"what the phones and the networks keep of the texts",
	"the carrier's own backups: bodies may be in them for up to 30 days",
	"the table's backups: any moment of the last 35 days can be restored",
	"webhooks that wait in the fallback's queues: up to 14 days",
	"log lines: ids and redacted numbers, never a text, for as long as logs are kept",
	"the audit: the client's id, and what people have given as reasons",
	"how often a sitter's messages were stopped, without the messages",
	"files that were exported before, and what the booking system itself keeps",
}

// erasure is the work of taking one client away, everywhere.
type erasure struct {
	*stage
	table   *store.Table
	carrier *carrier.Client
	bucket  *media.Bucket // nil: the configuration names none
	org     routing.OrgID
	id      routing.ClientID
	by      string
	reason  string
	gone    store.Erased
}

// belongings are where something of the client lies, as found.
type belongings struct {
	client   routing.Client
	ledger   routing.Ledger
	numbers  []routing.Phone // the org's, those of before as well
	routes   []routing.Route
	threads  []routing.ThreadID
	bookings []routing.BookingID
	live     []string // bookings that are not over
	events   int
	sids     []string // the carrier's
	pictures []string // keys in the bucket
	optedOut int
	parked   []string
}

func clientErase(o *options) *cobra.Command {
	var yes bool
	var reason, confirm string
	c := &cobra.Command{
		Use: "erase CLIENT", Short: "Take a client away everywhere: conversations, bookings, pictures, and the messages at the carrier", Args: cobra.ExactArgs(1),
		Long: "Takes a client away: their texts, notes, alerts, bookings, pictures and phones, here and in the carrier's log, and says what cannot be erased.\n\n" +
			"Without --yes it only says what there is. It may be run again: what is left is found again. A person's wish to get no texts stays on record,\n" +
			"with their phone alone, since it has to outlive everything else. A later text from the phone is a stranger's.",
		Example: "  snout client erase client-6 --target http://127.0.0.1:8787\n  snout client erase client-6 --config staging.yaml --org paws --reason 'asked by phone on 3 May' --yes",
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := o.reach(cmd.Context())
			if err != nil {
				return err
			}
			if yes && s.production() && confirm != s.Stage {
				return input("The stage %s is production: say so with --confirm %s.", s.Stage, s.Stage)
			}
			if yes && strings.TrimSpace(reason) == "" {
				return input("Say why, for the audit: --reason TEXT. It stays for good, so name nobody in it.")
			}
			e, err := s.erasure(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			e.reason = reason
			found, err := e.find(cmd.Context())
			if err != nil {
				return err
			}
			if len(found.live) > 0 {
				return input("The client has bookings that are not over: %s. Cancel them first, or a sitter will come.", strings.Join(found.live, ", "))
			}
			if len(found.pictures) > 0 && e.bucket == nil {
				return input("There are %d pictures, and nobody has said in which bucket: aws.mediaBucket in the configuration.", len(found.pictures))
			}
			out := cmd.OutOrStdout()
			if !yes {
				fmt.Fprintf(out, "%s has %d conversations with %d messages and notes, %d bookings, %d pictures; the carrier has %d of the messages.\n",
					e.id, len(found.threads), found.events, len(found.bookings), len(found.pictures), len(found.sids))
				tellStays(out, found.optedOut)
				fmt.Fprintln(out, "\nNothing has been changed. `snout client export` writes it all to a file; --yes erases it.")
				return nil
			}
			err = e.run(cmd.Context())
			if o.json {
				return errors.Join(err, printJSON(out, e.gone))
			}
			for _, what := range slices.Sorted(maps.Keys(e.gone)) {
				if n := e.gone[what]; n > 0 {
					fmt.Fprintf(out, "erased %6d  %s\n", n, what)
				}
			}
			if err != nil {
				return err
			}
			fmt.Fprintf(out, "%s is erased.\n", e.id)
			tellStays(out, found.optedOut)
			return nil
		},
	}
	f := c.Flags()
	f.BoolVar(&yes, "yes", false, "erase; without it nothing is changed")
	f.StringVar(&reason, "reason", "", "why, for the audit")
	f.StringVar(&confirm, "confirm", "", "the stage's name again, which production needs")
	return c
}

func tellStays(w io.Writer, optedOut int) {
	fmt.Fprintln(w, "\nThis cannot be erased:")
	for _, s := range stays {
		fmt.Fprintf(w, "  - %s\n", s)
	}
	if optedOut > 0 {
		fmt.Fprintf(w, "  - the wish of %d phone(s) to get no texts, with the phone alone\n", optedOut)
	}
}

// operator is who runs this command, for the audit: the account on their machine, as
// far as it can be told.
func operator() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return "ops:" + u.Username
	}
	return "ops:somebody"
}

func (s *stage) erasure(ctx context.Context, client string) (*erasure, error) {
	e := &erasure{stage: s, by: operator(), gone: store.Erased{}}
	err := s.identify(ctx)
	if err != nil {
		return nil, err
	}
	if e.org, err = routing.ParseOrgID(s.Org); err != nil {
		return nil, input("Name the org: --org ID.")
	}
	if e.id, err = routing.ParseClientID(client); err != nil {
		return nil, input("%q is no client's id.", client)
	}
	if e.table, err = s.table(ctx); err != nil {
		return nil, err
	}
	if e.carrier, err = s.carrier(); err != nil {
		return nil, err
	}
	if name := s.mediaBucket(); name != "" {
		cfg, err := s.aws(ctx)
		if err != nil {
			return nil, err
		}
		if e.bucket, err = media.New(media.Config{Name: name, Region: cfg.Region, Endpoint: s.AWS.Endpoint, Credentials: cfg.Credentials, Clock: s.api.Now}); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// identify makes sure that the target is the stage that is meant, and learns its clock.
func (s *stage) identify(ctx context.Context) error {
	return (&rollout.Runner{Config: rollout.Config{Target: s.Target, Stage: s.Stage}, API: s.api}).Identify(ctx)
}

// mediaBucket is the name of the bucket of pictures; a local world's follows from its stage.
func (s *stage) mediaBucket() string {
	if s.AWS.MediaBucket == "" && s.local != nil {
		return "snout-local-media-000000000000"
	}
	return s.AWS.MediaBucket
}

func (e *erasure) find(ctx context.Context) (*belongings, error) {
	b := &belongings{}
	var err error
	b.client, b.ledger, err = e.table.ClientFile(ctx, e.org, e.id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, input("The org has no client %s.", e.id)
	}
	if err != nil {
		return nil, err
	}
	roster, err := e.table.Roster(ctx, e.org, true)
	if err != nil {
		return nil, err
	}
	for _, n := range roster.Numbers {
		b.numbers = append(b.numbers, n.Phone)
	}
	for _, h := range b.ledger.Threads {
		b.threads = append(b.threads, h.Thread)
		if !slices.Contains(b.numbers, h.Number) {
			b.numbers = append(b.numbers, h.Number)
		}
	}
	if b.routes, err = e.table.RoutesOfPhones(ctx, e.org, b.numbers, b.client.Phones); err != nil {
		return nil, err
	}
	for _, r := range b.routes {
		if r.Thread != "" && !slices.Contains(b.threads, r.Thread) {
			b.threads = append(b.threads, r.Thread)
		}
	}
	for _, th := range b.threads {
		for before := ""; ; {
			es, next, err := e.table.Events(ctx, th, before, 100)
			if err != nil {
				return nil, err
			}
			for _, v := range es {
				b.events++
				if v.Sid != "" {
					b.sids = append(b.sids, v.Sid)
				}
				for _, m := range v.Media {
					if m.Key != "" {
						b.pictures = append(b.pictures, m.Key)
					}
				}
			}
			if before = next; next == "" {
				break
			}
		}
	}
	now := e.api.Now()
	for cursor := ""; ; {
		bs, next, err := e.table.Bookings(ctx, e.org, time.Time{}, time.Time{}, cursor, 100)
		if err != nil {
			return nil, err
		}
		for _, k := range bs {
			if k.Client != e.id {
				continue
			}
			b.bookings = append(b.bookings, k.ID)
			if (k.Status == "pending" || k.Status == "confirmed") && k.End.After(now) {
				b.live = append(b.live, string(k.ID))
			}
		}
		if cursor = next; next == "" {
			break
		}
	}
	for _, p := range b.client.Phones {
		told, err := e.table.Consent(ctx, e.org, p)
		if err != nil {
			return nil, err
		}
		if told.OptedOut {
			b.optedOut++
		}
	}
	parked, err := e.table.ParkedRecords(ctx, 1000)
	if err != nil {
		return nil, err
	}
	for _, p := range parked {
		if slices.ContainsFunc(b.threads, func(th routing.ThreadID) bool { return strings.Contains(p.Record, `"`+"T#"+string(th)+`"`) }) {
			b.parked = append(b.parked, p.Order)
		}
	}
	return b, nil
}

// passes bounds how often what has come meanwhile is gone after.
const passes = 8

// run erases from the outside in: first the carrier and the bucket, which only the
// events lead to, then the conversations, then what is known of the phones, and last
// the client's own row, from which all of it is found. So it may die anywhere and be
// run again.
func (e *erasure) run(ctx context.Context) error {
	if err := e.note(ctx, "client.erase", e.reason, "begun"); err != nil {
		return err
	}
	for range passes {
		b, err := e.find(ctx)
		if err != nil {
			return err
		}
		if err := e.deleteAtCarrier(ctx, b.sids); err != nil {
			return err
		}
		for _, k := range b.pictures {
			if err := e.bucket.Delete(ctx, k); err != nil {
				return err
			}
			e.gone["pictures in the bucket"]++
		}
		for _, th := range b.threads {
			gone, err := e.table.EraseThread(ctx, th)
			if err != nil {
				return err
			}
			e.add(gone)
		}
		conflict := false
		for _, r := range b.routes {
			gone, err := e.table.EraseRoute(ctx, r)
			if errors.Is(err, store.ErrConflict) {
				conflict = true // it leads elsewhere since it was read: the next pass goes after it
				continue
			}
			if err != nil {
				return err
			}
			e.add(gone)
		}
		gone, err := e.table.EraseAbout(ctx, e.org, b.threads, b.bookings, b.client.Phones)
		if err != nil {
			return err
		}
		e.add(gone)
		for _, o := range b.parked {
			if err := e.table.Unpark(ctx, o); err != nil {
				return err
			}
			e.gone["parked records"]++
		}
		left, err := e.listed(ctx, b)
		if err != nil {
			return err
		}
		if err := e.deleteAtCarrier(ctx, left); err != nil {
			return err
		}
		if conflict {
			continue
		}
		err = e.table.EraseClient(ctx, e.org, b.client, b.ledger, e.line("client.erase", e.reason, "done: "+e.told()))
		switch {
		case errors.Is(err, store.ErrConflict):
			continue // a text came, or somebody changed the client
		case err != nil:
			return err
		}
		e.gone["clients"]++
		return nil
	}
	return fmt.Errorf("texts keep coming: %s is not erased yet, run it again", e.id)
}

func (e *erasure) add(gone store.Erased) {
	for what, n := range gone {
		e.gone[what] += n
	}
}

// deleteAtCarrier deletes messages from the carrier's log. One that the carrier still
// works on stops the erasure before anything that leads to it is gone.
func (e *erasure) deleteAtCarrier(ctx context.Context, sids []string) error {
	underWay := 0
	for _, sid := range sids {
		err := e.carrier.Delete(ctx, sid)
		switch {
		case errors.Is(err, carrier.ErrUnderWay):
			underWay++
		case err != nil:
			return fmt.Errorf("the carrier's log is not erased yet, run it again: %w", err)
		default:
			e.gone["messages at the carrier"]++
		}
	}
	if underWay > 0 {
		return fmt.Errorf("the carrier still delivers %d of the messages and keeps them until then: run it again in some minutes", underWay)
	}
	return nil
}

// listed is what the carrier's log still has between the phones and the org's numbers:
// what we never heard of, or whose event is long gone. An account may serve several
// businesses, and the same person may text more than one.
func (e *erasure) listed(ctx context.Context, b *belongings) ([]string, error) {
	var sids []string
	since := time.Date(2008, 1, 1, 0, 0, 0, 0, time.UTC) // before the carrier's first message
	for _, p := range b.client.Phones {
		for _, q := range []carrier.Query{{To: p, Since: since}, {From: p, Since: since}} {
			all, err := e.carrier.List(ctx, q)
			if err != nil && !errors.Is(err, carrier.ErrListTruncated) {
				return nil, err
			}
			for _, m := range all {
				ours := m.From
				if ours == p {
					ours = m.To
				}
				if slices.Contains(b.numbers, ours) && !slices.Contains(sids, m.Sid) {
					sids = append(sids, m.Sid)
				}
			}
		}
	}
	return sids, nil
}

func (e *erasure) line(what, reason, detail string) store.Audit {
	now := e.api.Now()
	return store.Audit{Order: routing.Order(now.UnixMicro(), word()), At: now, By: e.by, What: what, On: string(e.id), Reason: reason, Detail: detail}
}

func (e *erasure) note(ctx context.Context, what, reason, detail string) error {
	return e.table.AddAudit(ctx, e.org, e.line(what, reason, detail))
}

// told is the counts in one line, for the audit.
func (e *erasure) told() string {
	var parts []string
	for _, what := range slices.Sorted(maps.Keys(e.gone)) {
		if n := e.gone[what]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", what, n))
		}
	}
	return strings.Join(parts, ", ")
}
