package sandbox

import (
	"fmt"
	"testing"

	"snout/shared/office/demo"
)

// texting starts a world with the demo business for a benchmark.
func texting(b *testing.B) *World {
	b.Helper()
	w, err := Start(b.Context(), Options{Addr: "127.0.0.1:0"})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = w.Close() })
	return w
}

// BenchmarkInboundText is one text of a known pair from the phone to the webhook's
// answer: the carrier's signed form over HTTP, the gateway, the inbound function, one
// read and one transaction on the local engine.
func BenchmarkInboundText(b *testing.B) {
	w := texting(b)
	if _, err := w.Carrier.Text(b.Context(), "+13105550116", demo.FrontDesk, "the first makes the conversation", nil, ""); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		got, err := w.Carrier.Text(b.Context(), "+13105550116", demo.FrontDesk, fmt.Sprintf("text %d", i), nil, "")
		if err != nil || got.Status != 200 {
			b.Fatalf("status %d, %v", got.Status, err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "texts/s")
}

// BenchmarkTextsEndToEnd is texts from eight phones at once until everything they set
// off (stream, counters) has been dealt with.
func BenchmarkTextsEndToEnd(b *testing.B) {
	w := texting(b)
	b.ReportAllocs()
	b.SetParallelism(4)
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			from := fmt.Sprintf("+1310555011%d", 1+i%8)
			if got, err := w.Carrier.Text(b.Context(), from, demo.FrontDesk, fmt.Sprintf("text %d", i), nil, ""); err != nil || got.Status != 200 {
				b.Errorf("status %d, %v", got.Status, err)
			}
		}
	})
	if err := w.Settle(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "texts/s")
}
