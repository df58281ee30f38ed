package sandbox_test

import (
	"strings"
	"testing"
	"time"
)

// missed sends a text whose webhook the carrier loses, and the fallback with it.
func (p phone) missed(to, body string, media ...string) string {
	p.s.Helper()
	p.s.faults(fields{"carrier": fields{"next": []string{"webhook-lost"}}})
	a := p.tries(to, body, "", media...)
	if a.num("status") == 200 {
		p.s.Fatalf("the webhook was to be lost: %s", a.Raw)
	}
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.s.received[a.str("sid")]++ // from now on it has to be somewhere
	return a.str("sid")
}

// logged adds up a metric of the functions' log lines.
func (s *stage) counted(metric string) (n float64) {
	for _, l := range s.log.lines() {
		if v, ok := l.get(metric).v.(float64); ok {
			n += v
		}
	}
	return n
}

func TestTextsTheWebhookNeverBrought(t *testing.T) {
	t.Parallel()
	s := open(t)
	stranger := s.phone("+13105550177")
	s.dana.missed(s.frontDesk, "First: is anybody in the office today?")
	s.advance(time.Second)
	s.dana.missed(s.frontDesk, "Second: and can I come by at noon?")
	s.advance(time.Second)
	stranger.missed(s.pools[0], "Wrong number perhaps, who is this please?")
	s.dana.texts(s.frontDesk, "Third, which arrives by itself.")
	s.settle()
	equal(s, "known before the comparison", len(s.owner.opens(s.thread(s.dana, s.frontDesk).str("id")).list("events")), 1)

	s.advance(6 * time.Minute)
	s.settle()
	th := s.thread(s.dana, s.frontDesk).str("id")
	var got []string
	for _, e := range s.owner.opens(th).list("events") {
		if e.str("direction") == "inbound" {
			got = append([]string{e.str("text")}, got...)
		}
	}
	equal(s, "texts in the order in which they are taken in", strings.Join(got, " | "),
		"Third, which arrives by itself. | First: is anybody in the office today? | Second: and can I come by at noon?")
	first := s.owner.mustSee(th, "First: is anybody in the office today?")
	if !first.yes("late") {
		t.Errorf("not marked as late: %s", first)
	}
	guest := s.thread(stranger, s.pools[0])
	equal(s, "a stranger's text is routed all the same", s.owner.mustSee(guest.str("id"), "Wrong number perhaps, who is this please?").num("routing.rule"), 6)
	equal(s, "automatic answers to what is late", len(stranger.got()), 0)
	equal(s, "gaps counted", s.counted("ReconcileGaps"), 3)

	s.advance(6 * time.Minute)
	s.settle()
	equal(s, "gaps counted by the next comparison", s.counted("ReconcileGaps"), 3)
}

func TestTheComparisonKeepsToWhatMessagingAllows(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.flags(messaging, "false")
	s.dana.missed(s.frontDesk, "Said while everything was off")
	s.advance(6 * time.Minute)
	s.settle()
	s.flags(messaging, "true")
	s.advance(2 * time.Minute)
	s.settle()
	e := s.owner.mustSee(s.thread(s.dana, s.frontDesk).str("id"), "Said while everything was off")
	equal(s, "rule", e.num("routing.rule"), 8)
	equal(s, "late", e.yes("late"), true)
}

func TestAFaultOfTheListLosesNothing(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.dana.missed(s.frontDesk, "Missed while the list was down too")
	s.advance(3 * time.Minute)
	s.faults(fields{"carrier": fields{"next": []string{"list-500"}}, "table": fields{"next": []string{"throttle", "timeout-after-commit", "throttle"}}})
	s.advance(3 * time.Minute)
	s.settle()
	s.advance(5 * time.Minute)
	s.settle()
	s.owner.mustSee(s.thread(s.dana, s.frontDesk).str("id"), "Missed while the list was down too")
}
