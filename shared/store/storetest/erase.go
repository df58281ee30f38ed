package storetest

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"snout/shared/routing"
	"snout/shared/store"
)

// mentions are the keys of all items in which any of some words stands.
func (b *bench) mentions(words ...string) []string {
	b.Helper()
	var found []string
	p := dynamodb.NewScanPaginator(b.db, &dynamodb.ScanInput{TableName: &b.stand.Name, ConsistentRead: aws.Bool(true)})
	for p.HasMorePages() {
		out, err := p.NextPage(b.ctx)
		b.must(err)
		for _, it := range out.Items {
			image := store.Image(it)
			all := ""
			for n := range it {
				all += fmt.Sprintf(" %s", image.Text(n))
			}
			for _, w := range words {
				if strings.Contains(all, w) {
					found = append(found, image.Text("PK")+" "+image.Text("SK"))
					break
				}
			}
		}
	}
	return found
}

// erasure takes a client away, step by step, and nothing of anybody else's.
func erasure(b *bench) {
	th := b.talk()
	b.add(routing.Client{ID: dora, Name: "Dora Moss", Phones: []routing.Phone{phone(30)}, Version: 1})
	others := service("t2", 1, dora, nil, 30)
	others.Name = "Dora Moss"
	b.must(b.table.CommitAssign(b.ctx, assigned("b2", others)))
	for i := range 30 { // more than a batch
		b.must(b.table.CommitInbound(b.ctx, kept(th, text(th.ID, 10+i, 20, 1, "where is Rex?"))))
	}
	b.must(b.table.CommitInbound(b.ctx, kept(others, text(others.ID, 50, 30, 1, "where is Tom?"))))
	b.must(b.table.CommitInbound(b.ctx, holding(2)))
	for i, on := range []*routing.Thread{th, others} {
		b.must(b.table.PutAlert(b.ctx, routing.Alert{ID: routing.NewAlertID(org, order(60+i)), Kind: "swap", Severity: "high", Text: "look", Thread: on.ID, At: at(1), Open: true}))
	}
	b.must(b.table.AddConsentLine(b.ctx, org, phone(20), store.ConsentLine{At: at(1), What: "opted_in", By: "client", Order: order(70)}))

	routes, err := b.table.RoutesOfPhones(b.ctx, org, []routing.Phone{phone(0), phone(1), phone(2)}, []routing.Phone{phone(20)})
	b.must(err)
	held := route(th, phone(20))
	held.Held = 1
	b.same("the routes", []routing.Route{held}, routes)
	b.same("routes of another org", 0, len(mustRoutes(b, other, phone(1), phone(20))))

	gone, err := b.table.EraseThread(b.ctx, th.ID)
	b.must(err)
	b.same("erased of the thread", store.Erased{"conversations": 1, "messages and notes": 30, "windows": 1}, gone)
	b.refused("a text that was on its way", b.table.CommitInbound(b.ctx, kept(th, text(th.ID, 99, 20, 1, "me again"))), "thread")
	_, err = b.table.EraseThread(b.ctx, th.ID)
	b.must(err)
	moved := routes[0]
	moved.Thread = others.ID
	_, err = b.table.EraseRoute(b.ctx, moved)
	b.is("a route that leads elsewhere", err, store.ErrConflict)
	gone, err = b.table.EraseRoute(b.ctx, routes[0])
	b.must(err)
	b.same("erased of the route", store.Erased{"held texts": 1, "ways to a conversation": 1}, gone)
	b.same("the route is away", (*routing.Route)(nil), b.facts(1, 20))

	_, err = b.table.EraseAbout(b.ctx, org, []routing.ThreadID{th.ID}, []routing.BookingID{"b1"}, []routing.Phone{phone(20)})
	b.must(err)
	c, ledger, err := b.table.ClientFile(b.ctx, org, cleo)
	b.must(err)
	line := store.Audit{Order: order(80), At: at(2), By: "ops someone", What: "client.erase", On: string(cleo), Reason: "asked"}
	late := ledger
	late.Rev++
	b.refused("a ledger that has changed", b.table.EraseClient(b.ctx, org, c, late, line), "ledger")
	stale := c
	stale.Version++
	b.refused("a client who has changed", b.table.EraseClient(b.ctx, org, stale, ledger, line), "client")
	b.must(b.table.EraseClient(b.ctx, org, c, ledger, line))

	// What is left says that somebody called cleo was erased, that MessageSids were
	// seen (until they expire), and who was told no.
	for _, k := range b.mentions(e164(20), "Cleo Park", "where is Rex", string(th.ID)) {
		if !strings.HasPrefix(k, "M#") {
			b.Errorf("still there: %s", k)
		}
	}
	b.same("the other client's thread", true, b.thread(others.ID) != nil)
	es, _, err := b.table.Events(b.ctx, others.ID, "", 10)
	b.must(err)
	b.same("the other client's text", 1, len(es))
	b.same("the other client's alert", 1, len(b.mentions("look")))
	lines, err := b.table.Audits(b.ctx, org, 5)
	b.must(err)
	b.same("the audit", []store.Audit{line}, lines)
}

func mustRoutes(b *bench, o routing.OrgID, n, p routing.Phone) []routing.Route {
	b.Helper()
	rs, err := b.table.RoutesOfPhones(b.ctx, o, []routing.Phone{n}, []routing.Phone{p})
	b.must(err)
	return rs
}

// optedOut erases what is known of two phones: a wish to get no texts outlives it.
func optedOut(b *bench) {
	b.talk()
	b.must(b.table.AddConsentLine(b.ctx, org, phone(20), store.ConsentLine{At: at(1), What: "opted_in", By: "client", Order: order(1)}))
	alert := routing.Alert{ID: routing.NewAlertID(org, order(2)), Kind: "wish", Severity: "info", Text: "wants none", At: at(1), Open: true}
	b.must(b.table.PutAlert(b.ctx, alert))
	b.must(b.table.CommitWish(b.ctx, alert, phone(40), "", store.ConsentLine{At: at(1), What: "wish", By: "owner:olga", Order: order(3)}, store.Audit{Order: order(3), At: at(1), By: "owner:olga", What: "wish"}))
	_, err := b.table.EraseAbout(b.ctx, org, nil, nil, []routing.Phone{phone(20), phone(40)})
	b.must(err)
	for p, want := range map[int]bool{20: false, 40: true} {
		told, history, err := b.table.ConsentHistory(b.ctx, org, phone(p))
		b.must(err)
		b.same(fmt.Sprintf("phone %d is still opted out", p), want, told.OptedOut)
		b.same(fmt.Sprintf("phone %d still has its history", p), want, len(history) > 0)
	}
}
