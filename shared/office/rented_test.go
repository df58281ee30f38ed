package office_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"testing"

	"snout/shared/carrier"
	"snout/shared/lambdaio"
	"snout/shared/office"
	"snout/shared/routing"
	"snout/shared/sandbox/twilio"
)

// cutOff is a carrier that cannot be reached any more when something is to be pointed.
type cutOff struct{ lambdaio.Renter }

var errCut = errors.New("cut off")

func (cutOff) Point(context.Context, string, office.Webhooks) error { return errCut }

func TestRentedNumbersAreTakenInAndGivenBack(t *testing.T) {
	w := paws(t)
	w.sitter("s1")
	const sid, token = "AC00000000000000000000000000000000", "00000000000000000000000000000000"
	tw := twilio.New(twilio.Config{AccountSid: sid, AuthToken: token, Now: w.clock.Now})
	t.Cleanup(tw.Close)
	for i, e164 := range []string{pool1, riley1, "+15555550133"} {
		tw.AddNumber(e164, fmt.Sprintf("https://old.example.com/sms/%d", i), "https://old.example.com/lost")
	}
	srv := httptest.NewServer(tw)
	t.Cleanup(srv.Close)
	client, err := carrier.NewClient(carrier.ClientConfig{BaseURL: srv.URL, Credentials: func(context.Context) (carrier.Credentials, error) {
		return carrier.Credentials{AccountSid: sid, Secret: token}, nil
	}})
	w.must(err)
	c := lambdaio.Renter{Client: client}
	hooks := func() map[string]string {
		rs, err := c.Rented(w.ctx)
		w.must(err)
		out := map[string]string{}
		for _, r := range rs {
			out[r.Phone.E164()] = r.Webhooks.URL + " " + r.Webhooks.FallbackURL + " " + r.Webhooks.StatusCallback
		}
		return out
	}
	before := hooks()
	ours := office.Webhooks(carrier.WebhooksFor("https://snout.example.com/in", "https://snout.example.com/fallback"))
	ours.StatusCallback = "https://snout.example.com/status"
	pointed := ours.URL + " " + ours.FallbackURL + " " + ours.StatusCallback
	ask := []office.ImportNumber{{E164: pool1, NumberClass: "pool"}, {E164: riley1, NumberClass: "sitter", SitterID: office.Is("s1")}, {E164: "+15555550177", NumberClass: "pool"}}

	// The carrier goes away after the inventory is written and before it is pointed.
	if _, err := w.ImportNumbers(w.ctx, w.who, cutOff{c}, ours, ask); !errors.Is(err, errCut) {
		t.Fatalf("an import cut short answered %v", err)
	}
	same(t, "webhooks after an import cut short", hooks(), before)
	got, err := w.ImportNumbers(w.ctx, w.who, c, ours, ask)
	w.must(err)
	same(t, "answers", len(got), 3)
	w.no(got[2].Refused, routing.CodeInvalid, "e164")
	same(t, "taken in", []any{got[0].Number.Class, got[1].Number.Class, got[1].Number.Sitter}, []any{routing.Pool, routing.SitterNum, routing.SitterID("s1")})
	same(t, "webhooks", hooks(), map[string]string{pool1: pointed, riley1: pointed, "+15555550133": before["+15555550133"]})
	if _, err := w.ImportNumbers(w.ctx, w.who, c, ours, ask[:2]); err != nil {
		t.Fatal(err)
	}

	// The same on the way back.
	if _, err := w.UndoImport(w.ctx, w.who, cutOff{c}, nil, "changed our minds"); !errors.Is(err, errCut) {
		t.Fatalf("an undoing cut short answered %v", err)
	}
	_, err = w.UndoImport(w.ctx, w.who, c, nil, "changed our minds")
	w.must(err)
	same(t, "webhooks after undoing it", hooks(), before)
	r, err := w.Numbers(w.ctx, "paws")
	w.must(err)
	for _, e164 := range []string{pool1, riley1} {
		n, _ := r.ByPhone(phone(e164))
		same(t, "status of a number given back", w.both(n.ID).Status, routing.NumberInactive)
	}
	again, err := w.UndoImport(w.ctx, w.who, c, nil, "once more")
	w.must(err)
	same(t, "nothing is left to undo", len(again), 0)
	back, err := w.ImportNumbers(w.ctx, w.who, c, ours, ask[:1])
	w.must(err)
	same(t, "imported anew", []any{back[0].Number.ID, back[0].Number.Status}, []any{got[0].Number.ID, routing.NumberActive})
}
