package sandbox_test

import "strings"

// invariants are what every scenario leaves behind, whatever it did: nobody sees
// another's number, at most one send for each message, every text in exactly one
// recorded outcome, nothing in the log that must not be there, counters that a
// recount agrees with, statuses that never went back.
func (s *stage) invariants() {
	s.Helper()
	s.faults(fields{"carrier": fields{"next": []string{}}, "table": fields{"next": []string{}}, "ssm": fields{"next": []string{}}})
	s.settle()
	s.walkSitters()
	s.nobodySeesNumbers()
	s.logIsClean()
	events, held := 0, 0
	for _, o := range s.orgs {
		e, h := s.recount(o)
		events, held = events+e, held+h
	}
	s.oneOutcomeEach(events, held)
}

// walkSitters reads everything that every sitter can reach, so that the numbers are
// looked for in all of it.
func (s *stage) walkSitters() {
	s.Helper()
	for _, p := range []*person{s.sam, s.ivy, s.rosa} {
		p.get("/api/messages/me")
		a := p.get("/api/messages/threads?limit=100")
		for _, th := range a.list("threads") {
			p.opens(th.str("id"))
		}
		for _, th := range s.owner.get("/api/messages/threads?limit=100").list("threads") {
			p.get("/api/messages/threads/" + th.str("id"))
		}
	}
}

// forms are the ways in which a number may be written out.
func forms(e164 string) []string {
	d := strings.TrimPrefix(e164, "+1")
	if len(d) != 10 {
		return []string{e164, strings.TrimPrefix(e164, "+")}
	}
	return []string{d, d[:3] + "-" + d[3:6] + "-" + d[6:], "(" + d[:3] + ") " + d[3:6] + "-" + d[6:], d[:3] + " " + d[3:6] + " " + d[6:], d[:3] + "." + d[3:6] + "." + d[6:]}
}

// numbers are all numbers of the world: people's and the business's.
func (s *stage) numbers() []string {
	s.Helper()
	all := map[string]bool{}
	w := s.request("GET", "/local/world", "", nil).is(200)
	for _, c := range w.list("clients") {
		for _, p := range c.list("phones") {
			all[p.v.(string)] = true
		}
	}
	for _, x := range w.list("sitters") {
		if p := x.str("phone"); p != "" {
			all[p] = true
		}
	}
	for _, n := range w.list("numbers") {
		all[n.str("e164")] = true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for p := range s.phones {
		all[p] = true
	}
	out := make([]string, 0, len(all))
	for p := range all {
		if len(p) > 8 {
			out = append(out, p)
		}
	}
	return out
}

func (s *stage) nobodySeesNumbers() {
	s.Helper()
	for _, n := range s.numbers() {
		for _, form := range forms(n) {
			for _, x := range s.sitters {
				if strings.Contains(x.body, form) {
					s.Errorf("%s is shown a number by %s: %.400s", x.who, x.route, x.body)
				}
			}
		}
	}
}

func (s *stage) logIsClean() {
	s.Helper()
	all := s.log.String()
	for _, n := range s.numbers() {
		for _, form := range forms(n) {
			if i := strings.Index(all, form); i >= 0 {
				s.Errorf("a number in the log: %.300s", all[max(0, i-150):])
			}
		}
	}
	for b := range s.bodies {
		if i := strings.Index(all, b); i >= 0 {
			s.Errorf("a body in the log: %.300s", all[max(0, i-150):])
		}
	}
}

// walk reads every thread of an owner with all its events.
func (s *stage) walk(owner *person) []answer {
	s.Helper()
	var out []answer
	for _, box := range []string{"conversations", "billing"} {
		for _, th := range owner.list("limit=100&box=" + box) {
			out = append(out, owner.opens(th.str("id")).is(200))
		}
	}
	return out
}

var ranked = map[string]int{"blocked": 0, "queued": 1, "sending": 1, "unknown": 2, "sent": 3, "failed": 4, "undelivered": 4, "delivered": 5}

// forward notes each outbound event's status and fails where one went back.
func (s *stage) forward(th doc) {
	s.Helper()
	for _, e := range th.list("events") {
		if e.str("direction") != "outbound" {
			continue
		}
		now := rank{e.num("attempt"), ranked[e.str("status")], e.str("status")}
		was, ok := s.ranks[e.str("id")]
		if ok && (now.attempt < was.attempt || now.attempt == was.attempt && now.rank < was.rank && was.status != "sending" && !strings.HasPrefix(was.status, "fail") && was.status != "undelivered" && was.status != "unknown") {
			s.Errorf("the status of %s went back from %s (%d) to %s (%d)", e.str("id"), was.status, was.attempt, now.status, now.attempt)
		}
		s.ranks[e.str("id")] = now
	}
}

// recount compares diagnostics with what is there to be counted.
func (s *stage) recount(owner *person) (events, held int) {
	s.Helper()
	threads := s.walk(owner)
	d := owner.get("/api/messages/diagnostics").is(200).doc
	want := map[string]int{}
	type sendKey struct{ from, to, body string }
	sends := map[sendKey]int{}
	for _, th := range threads {
		s.forward(th.doc)
		want["class "+th.str("numberClass")]++
		if th.str("kind") == "service" && th.str("sitterId") != "" && th.str("window.state") != "active" {
			want["no window"]++
		}
		for _, w := range th.list("windows") {
			switch w.str("state") {
			case "active":
				want["active"]++
			case "upcoming":
				want["upcoming"]++
			}
		}
		for _, e := range th.list("events") {
			switch e.str("direction") {
			case "inbound":
				events++
				if e.str("routing.routingTarget") == "owner_inbox" {
					want["inbox"]++
				}
				if r := e.num("routing.rule"); r == 6 || r == 9 || r == 10 {
					want["oper"]++
				}
			case "outbound":
				st := e.str("status")
				switch st {
				case "queued", "sending":
					want["queued"]++
				case "failed", "undelivered":
					want["failed"]++
				default:
					want[st]++
				}
				text := e.str("text")
				if h := e.str("seenBySitter"); h != "" {
					text = h
				}
				if st != "blocked" {
					for _, p := range th.list("clientPhones") {
						sends[sendKey{th.str("number"), p.v.(string), text}] += 1 + s.again[e.str("text")]
					}
				}
			}
			if e.yes("blocked") || e.str("releasedBecause") != "" {
				want["stopped"]++
			}
		}
	}
	want["inbox"] += len(owner.alerts()) + s.resolved[owner.sub]
	got := map[string]int{
		"active": d.num("summary.assignmentWindows.active"), "upcoming": d.num("summary.assignmentWindows.upcoming"), "inbox": d.num("summary.ownerInboxRouted"),
		"oper": d.num("summary.ownerInboxRoutedOperational"), "no window": d.num("summary.sitterNoActiveWindow"), "stopped": d.num("summary.antiPoachingBlocked"),
	}
	for _, c := range d.list("summary.threadsByNumberClass") {
		got["class "+c.str("numberClass")] = c.num("count")
	}
	for _, o := range []string{"queued", "sent", "delivered", "failed", "unknown"} {
		got[o] = d.num("summary.outbound." + o)
	}
	for n, v := range got {
		if v != want[n] {
			s.Errorf("diagnostics of %s: %s is %d, a recount has %d", owner.sub, n, v, want[n])
		}
	}
	for _, n := range s.numbers() {
		if strings.Contains(d.String(), n) {
			s.Errorf("diagnostics shows a whole number")
		}
	}
	// At most one text on a phone for each message that was sent to it.
	seen := map[sendKey]int{}
	for p := range s.phones {
		for _, g := range s.request("GET", "/local/phones/"+p+"/texts", "", nil).is(200).list("texts") {
			k := sendKey{g.str("from"), p, g.str("body")}
			seen[k]++
			if allowed, ours := sends[k]; ours && seen[k] > allowed {
				s.Errorf("a message was sent %d times to one phone: %.60q", seen[k], k.body)
			}
		}
	}
	return events, d.num("summary.held")
}

func (s *stage) oneOutcomeEach(events, held int) {
	s.Helper()
	nowhere := s.ops.get("/api/messages/diagnostics?org=demo").is(200).num("summary.unroutable")
	n := 0
	for sid := range s.received {
		if !s.dropped[sid] {
			n++
		}
	}
	if events+held+nowhere != n {
		s.Errorf("%d texts were taken in: %d in threads, %d held, %d unroutable", n, events, held, nowhere)
	}
}
