package measure

import (
	"fmt"
	"math"
	"time"
)

// Prices in US dollars, us-east-1 and US numbers, as the price pages had them when this
// was written (PricesOf); nothing here asks anybody. Free tiers are left out.
const (
	PricesOf = "November 2026 at the latest, AWS and Twilio price lists for us-east-1 and US numbers"

	writeUnit   = 0.625 / 1e6  // DynamoDB, on demand
	readUnit    = 0.125 / 1e6  // DynamoDB, on demand
	request     = 0.20 / 1e6   // Lambda
	gbSecond    = 0.0000133334 // Lambda, arm64
	apiRequest  = 1.00 / 1e6   // API Gateway, HTTP API
	logByte     = 0.50 / 1e9   // CloudWatch Logs, taken in
	accessLine  = 400          // bytes of an access log line, about
	segment     = 0.0083       // Twilio, SMS in or out, a segment
	networksFee = 0.003        // what US networks add to a segment from a registered long code, about
)

// Bill is what a million messages of a kind cost, in dollars.
type Bill struct {
	Name                                  string
	Table, Lambda, Gateway, Logs, OurPart float64
	Carrier                               float64
	OwnShare                              float64 // of ours in the whole
	WRU, RRU                              float64
	Calls                                 int
}

// Bills computes what a million texts in, and a million out, cost by themselves: one at
// a time, with nothing folded together, which is the dearest way.
func Bills(costs []Cost, started []Started, memory map[string]int) ([]Bill, error) {
	warm := map[string]time.Duration{}
	for _, s := range started {
		// The share of the memory that the function is deployed with, or the least above it.
		if s.MemoryMB >= memory[s.Function] && (warm[s.Function] == 0 || s.Warm > warm[s.Function]) {
			warm[s.Function] = s.Warm
		}
	}
	var bills []Bill
	for _, row := range []struct {
		name, of string
		carrier  float64
	}{
		{"a text in", "text in, known pair", segment + networksFee},
		{"a text out, with its reports", "text out, sitter's, to the carrier's answer", segment + networksFee},
	} {
		b := Bill{Name: row.name, Carrier: row.carrier * 1e6}
		for _, c := range costs {
			if c.Name != row.of {
				continue
			}
			b.WRU, b.RRU = c.WRU+c.AfterWRU, c.RRU+c.AfterRRU
			gateway := 0
			for f, n := range c.Calls {
				ms := math.Ceil(float64(warm[f].Microseconds()) / 1000)
				b.Lambda += float64(n) * (request + ms/1000*float64(memory[f])/1024*gbSecond)
				b.Calls += n
				switch f {
				case "inbound", "send", "status": // the others hang on the stream
					gateway += n
				}
			}
			b.Table = b.WRU*writeUnit + b.RRU*readUnit
			b.Gateway = float64(gateway) * apiRequest
			b.Logs = float64(c.LogBytes+gateway*accessLine) * logByte
		}
		if b.Calls == 0 {
			return nil, fmt.Errorf("no operation is called %q", row.of)
		}
		b.Table, b.Lambda, b.Gateway, b.Logs = b.Table*1e6, b.Lambda*1e6, b.Gateway*1e6, b.Logs*1e6
		b.OurPart = b.Table + b.Lambda + b.Gateway + b.Logs
		b.OwnShare = b.OurPart / (b.OurPart + b.Carrier)
		bills = append(bills, b)
	}
	return bills, nil
}
