package lambdaio

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"

	"snout/shared/office"
	"snout/shared/screening"
	"snout/shared/segments"
)

// Bookings is the function behind the office's records.
func Bookings(ctx context.Context, h Host) (lambda.Handler, error) {
	p, err := build(ctx, h)
	if err != nil {
		return nil, err
	}
	p.warm(ctx)
	o := office.New(p.table, h.Clock, func() string { return h.Random(12) })
	return p.api("bookings", officeRoutes(o, p.flags, tried)), nil
}

// triedText is what screening would do with a text.
type triedText struct {
	Swap        bool     `json:"swap"`
	Emergency   bool     `json:"emergency"`
	Families    []string `json:"families"`
	Confidence  float64  `json:"confidence"`
	Explanation string   `json:"explanation"`
	Preview     string   `json:"preview"`
	Action      string   `json:"action"` // delivered, stopped, delivered_flagged, held
	Segments    counted  `json:"segments"`
}

// counted is what a text costs to send: carriers bill its parts.
type counted struct {
	Encoding segments.Encoding `json:"encoding"`
	Units    int               `json:"units"`
	Parts    int               `json:"parts"`
}

// tried is what becomes of a text in an org that holds clients' contact swaps back, or not.
func tried(m screening.Message, hold bool) any {
	v, text := screening.Screen(m), m.Text.Body
	t := triedText{Swap: v.Swap, Emergency: v.Emergency, Families: []string{}, Confidence: v.Confidence, Explanation: v.Explanation, Preview: v.Preview(text), Action: "delivered"}
	t.Segments.Encoding, t.Segments.Units, t.Segments.Parts = segments.Count(text)
	for _, f := range v.Families {
		t.Families = append(t.Families, string(f))
	}
	switch {
	case v.Swap && !v.Emergency && m.Text.Author == screening.Client && hold:
		t.Action = "held"
	case v.Swap && (v.Emergency || m.Text.Author == screening.Client):
		t.Action = "delivered_flagged"
	case v.Swap:
		t.Action = "stopped"
	}
	return t
}
