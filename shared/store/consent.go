package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"snout/shared/routing"
)

// ConsentLine is one line of what is on record about a phone's consent. Lines are
// only ever added: whoever asks years later is shown all of them.
type ConsentLine struct {
	At     time.Time
	What   string        // opted_out, opted_in, help, wish, carrier_block
	Word   string        // as it was written, of a keyword
	Number routing.Phone // of ours that it was about
	By     string        // client, owner:…, carrier
	Event  routing.EventID
	Order  string
}

// AddConsentLine adds a line.
func (t *Table) AddConsentLine(ctx context.Context, org routing.OrgID, p routing.Phone, l ConsentLine) error {
	return t.create(ctx, consentLineOut(org, p, l))
}

// ConsentHistory is what one phone told an org, oldest first, and what holds now.
func (t *Table) ConsentHistory(ctx context.Context, org routing.OrgID, p routing.Phone) (routing.Consent, []ConsentLine, error) {
	items, err := t.queryAll(ctx, query{pk: phonePK(org, p), prefix: "LINE#", strong: true})
	if err != nil {
		return routing.Consent{}, nil, fmt.Errorf("consent history: %w", err)
	}
	var ls []ConsentLine
	for _, it := range items {
		l, err := parse[consentLineItem](it)
		if err != nil {
			return routing.Consent{}, nil, err
		}
		ls = append(ls, ConsentLine{At: moment(l.At), What: l.What, Word: l.Word, Number: phone(l.Number), By: l.By, Event: routing.EventID(l.Event), Order: str(it, "SK")[len("LINE#"):]})
	}
	now, err := t.Consent(ctx, org, p)
	return now, ls, err
}

// Reach tells what stands between the business and a phone: what its person told us,
// and whether the carrier refuses texts on that pair.
func (t *Table) Reach(ctx context.Context, org routing.OrgID, number, p routing.Phone) (routing.Consent, bool, error) {
	found, err := t.batch(ctx, true, consentKey(org, p), routeKey(number, p))
	if err != nil {
		return routing.Consent{}, false, fmt.Errorf("reach: %w", err)
	}
	c, err := consentIn(found[consentKey(org, p)])
	if err != nil {
		return c, false, err
	}
	r, err := parse[routeItem](found[routeKey(number, p)])
	return c, r.Blocked, err
}

// CommitWish records at an owner's word that a person wants no more texts, and closes
// the alert that suggested it. ErrConflict: it was closed before.
func (t *Table) CommitWish(ctx context.Context, a routing.Alert, p routing.Phone, c routing.ClientID, line ConsentLine, audit Audit) error {
	org := a.ID.Org()
	x := &tx{}
	x.put("consent", t.name, record(consentKey(org, p), "consent", consentItem{true, micros(line.At), line.Word}), "")
	x.put("line", t.name, consentLineOut(org, p, line), absent)
	x.update("alert", t.name, update(alertKey(a.ID)).Equals("open", true).Set("open", false).Set("done", a.Resolved).Remove("GSI2PK", "GSI2SK"))
	x.put("audit", t.name, auditOut(org, audit), absent)
	if c != "" {
		x.update("client", t.name, update(clientKey(org, c)).Exists().Set("out", true))
	}
	if err := t.transact(ctx, x); err != nil {
		return fmt.Errorf("commit wish: %w", err)
	}
	return nil
}

// CreateAlert adds an alert, once: the same again changes nothing, and does not open
// one that was resolved.
func (t *Table) CreateAlert(ctx context.Context, a routing.Alert) error {
	err := t.create(ctx, alertOut(a))
	if errors.Is(err, ErrExists) || errors.Is(err, ErrConflict) {
		return nil
	}
	return err
}
