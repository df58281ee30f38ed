package sandbox

import (
	"context"
	"fmt"
	"net/http"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"snout/shared/carrier"
	"snout/shared/office"
	"snout/shared/office/demo"
	"snout/shared/routing"
	"snout/shared/sandbox/issuer"
	"snout/shared/store"
	"snout/shared/web/localpage"
)

// seeded is what the seed has made.
type seeded struct {
	before bool // the table was kept from an earlier run
}

func localPage() http.Handler { return localpage.Handler() }

// people are who can sign in to a local world.
func people() []issuer.Person {
	ps := []issuer.Person{
		{Sub: "owner-1", Name: demo.OwnerName, Org: string(demo.Org), Role: "owner"},
		{Sub: "ops-1", Name: "Operator", Ops: true},
	}
	for _, s := range demo.Sitters() {
		ps = append(ps, issuer.Person{Sub: s.ID, Name: s.Name, Org: string(demo.Org), Role: "sitter", SitterID: s.ID})
	}
	return ps
}

// params writes the flags and the carrier's secrets where a stage has them. A world
// begins at the checklist's step 3.
func (w *World) params() error {
	step3 := map[string]string{
		"ENABLE_MESSAGING_V1": "true", "ENABLE_PROACTIVE_THREAD_CREATION": "true", "ENABLE_SITTER_MESSAGES_V1": "false", "SITTER_MESSAGES_ALLOWLIST": "*",
	}
	if w.o.FlagsOff {
		for n := range step3 {
			step3[n] = "false"
		}
		step3["SITTER_MESSAGES_ALLOWLIST"] = "none"
	}
	return w.SetFlags(step3)
}

// secrets are SecureStrings, which only the real client writes.
func (w *World) secrets(ctx context.Context) error {
	cfg, err := w.awsConfig(ctx)
	if err != nil {
		return err
	}
	client := ssm.NewFromConfig(cfg)
	overwrite := true
	for n, v := range map[string]string{"twilio_account_sid": carrierAccount, "twilio_auth_token": carrierToken} {
		name := "/snout/local/secrets/" + n
		if _, err := client.PutParameter(ctx, &ssm.PutParameterInput{Name: &name, Value: &v, Type: "SecureString", Overwrite: &overwrite}); err != nil {
			return fmt.Errorf("secrets: %w", err)
		}
	}
	return nil
}

// Table is the one table through the real client.
func (w *World) Table() *store.Table { return store.New(w.DB, w.template.Table.Name) }

// Office keeps the records of a world from outside its functions, for seeds and tools.
func (w *World) Office() *office.Office {
	return office.New(w.Table(), w.Host.Clock, func() string { return w.o.Random(12) })
}

func (w *World) seed(ctx context.Context) error {
	if err := w.secrets(ctx); err != nil {
		return err
	}
	switch w.o.Seed {
	case "none":
	case "demo", "":
		if !w.seeded.before {
			if err := demo.Seed(ctx, w.Office(), w.Clock.Now()); err != nil {
				return err
			}
		}
	default:
		return fmt.Errorf("there is no seed %q: demo or none", w.o.Seed)
	}
	if err := w.rent(ctx); err != nil {
		return err
	}
	if w.o.Seed != "none" {
		w.rentElsewhere()
	}
	return nil
}

// rent makes the carrier rent every number of the demo's org to this account, with
// its webhooks here.
func (w *World) rent(ctx context.Context) error {
	roster, err := w.Table().Roster(ctx, demo.Org, true)
	if err != nil {
		return nil // no such org: nothing to rent
	}
	hooks := carrier.WebhooksFor(w.URL+"/api/messages/webhook/twilio", w.URL+"/api/messages/webhook/twilio/fallback")
	for _, n := range roster.Numbers {
		if n.Status == routing.NumberInactive {
			continue
		}
		if w.rented.add(n.Phone.E164()) {
			w.Carrier.AddNumber(n.Phone.E164(), hooks.URL, hooks.FallbackURL)
		}
	}
	return nil
}

// rentElsewhere makes the carrier rent two numbers to the account that are not in the
// demo's inventory and lead to another system, so that an import can be tried. Nobody
// listens there.
func (w *World) rentElsewhere() {
	const before = "http://127.0.0.1:9/the-system-before/"
	for _, e164 := range [...]string{"+12135550121", "+12135550122"} {
		if w.rented.add(e164) {
			w.Carrier.AddNumber(e164, before+"sms", before+"lost")
		}
	}
}

// rented remembers which numbers the carrier has been told of.
type rented struct {
	mu  sync.Mutex
	has map[string]bool
}

func (r *rented) add(e164 string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.has[e164] {
		return false
	}
	if r.has == nil {
		r.has = map[string]bool{}
	}
	r.has[e164] = true
	return true
}

// TableName is the one table's name, for those who look at it from outside.
func (w *World) TableName() string { return w.template.Table.Name }
