package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLogsShowALineOfAFunctionAndPassOnWhatIsNone(t *testing.T) {
	const in = `2026-06-10T17:00:00 {"function":"inbound","outcome":"ok","durationMs":1.54,"route":"POST /api/messages/webhook/twilio","rule":8,"time":"2026-06-10T17:00:00.25Z","requestId":"r-1","_aws":{"x":1},"Stage":"dev"}
{"function":"messages","outcome":"fault","error":"commit: refused","durationMs":72.4,"traceId":"1-abc-def","time":"2026-06-10T17:00:01Z"}
panic: something
{"not":"ours"}
`
	for _, row := range []struct{ name, only, trace, want string }{
		{"everything", "", "", `2026-06-10 17:00:00.250  inbound     ok           1.5 ms  POST /api/messages/webhook/twilio  rule=8  request=r-1
2026-06-10 17:00:01.000  messages    fault       72.4 ms  traceId=1-abc-def
    commit: refused
panic: something
{"not":"ours"}
`},
		{"one outcome alone", "fault", "", `2026-06-10 17:00:01.000  messages    fault       72.4 ms  traceId=1-abc-def
    commit: refused
`},
		{"one trace alone", "", "1-abc-def", `2026-06-10 17:00:01.000  messages    fault       72.4 ms  traceId=1-abc-def
    commit: refused
`},
		{"one request alone", "", "r-1", `2026-06-10 17:00:00.250  inbound     ok           1.5 ms  POST /api/messages/webhook/twilio  rule=8  request=r-1
`},
	} {
		t.Run(row.name, func(t *testing.T) {
			var out strings.Builder
			if err := logs(strings.NewReader(in), &out, row.only, row.trace); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(row.want, out.String()); diff != "" {
				t.Errorf("shown (-want +got):\n%s", diff)
			}
		})
	}
}
