package main

const (
	outbox   = "shared/relay/outbox.go"
	send     = "shared/relay/send.go"
	receive  = "shared/relay/receive.go"
	fold     = "shared/relay/fold.go"
	outbound = "shared/store/outbound.go"
	inbound  = "shared/store/inbound.go"
	count    = "shared/store/count.go"
	assign   = "shared/store/assign.go"
	streams  = "shared/lambdaio/streams.go"
	webhooks = "shared/lambdaio/webhooks.go"
	host     = "shared/lambdaio/host.go"
	after    = "shared/relay/after.go"
	table    = "shared/store/table.go"
	pictures = "shared/lambdaio/pictures.go"
	gather   = "shared/relay/pictures.go"
	compare  = "shared/relay/reconcile.go"
	act      = "shared/relay/consent.go"
)

func mutants() []mutant {
	one := func(name, by, file, old, new string) mutant { return mutant{name, by, "", []edit{{file, old, new}}} }
	return []mutant{
		one("skip the claim", "the carrier refuses, twice", outbound, `		When("%n = %v AND (attribute_not_exists(%n) OR %n <= %v)", []string{"st", "due", "due"}, string(routing.Queued), millis(now)))
	if !to.IsZero()`, `		Exists())
	if !to.IsZero()`),
		one("resend what nobody can tell of", "the carrier takes a message", send, `		o.Status, o.Error = routing.Unknown, "It is not known whether`, `		o.Status, o.DueAt, o.Retries, o.Error = routing.Queued, now.Add(time.Minute), e.Retries+1, "It is not known whether`),
		one("take a lost answer for a refusal", "the carrier takes a message", host, `	if !errors.As(err, &e) || e.Outcome != carrier.OutcomeNotCreated {`, `	if !errors.As(err, &e) {`),
		{"forget the dedupe", "a client texts", "", []edit{
			{receive, "	if seen != nil {", "	if false {"},
			{inbound, `		}{out, c.SeenT.Unix()}), absent)`, `		}{out, c.SeenT.Unix()}), "")`},
		}},
		one("dedupe by looking alone", "", inbound, `		}{out, c.SeenT.Unix()}), absent)`, `		}{out, c.SeenT.Unix()}), "")`),
		one("the last writer wins a status", "reports come twice", outbound, `		When("%n = %v AND %n < %v", []string{"dir", "rank"}, string(routing.Outbound), o.Status.Rank())`, `		When("%n = %v AND %n < %v", []string{"dir", "rank"}, string(routing.Outbound), 100)`),
		one("the carrier's answer overwrites a report", "reports come twice", outbound, `			When("%n = %v AND %n < %v", []string{"try", "rank"}, attempt, o.Status.Rank())`, `			When("%n = %v AND %n < %v", []string{"try", "rank"}, attempt, 100)`),
		{"ignore consent at a retry", "STOP while a message waits", "", []edit{
			{outbox, "	asked := e.To\n", "	asked := routing.Phone{}\n"},
			{outbox, "	case told.OptedOut:\n", "	case false:\n"},
		}},
		one("look at consent before the claim alone", "STOP comes at the moment", outbox, "	asked := e.To\n", "	asked := routing.Phone{}\n"),
		one("send without asking for consent", "STOP on one number", outbound, `	if e.Dir == routing.Outbound && e.Status != routing.Blocked {
		x.check("consent"`, `	if false {
		x.check("consent"`),
		{"count a redelivered record twice", "a client texts", "", []edit{
			{fold, "		if !store.SeqAfter(c.Seq, mark) {", "		if false {"},
			{count, `		When("(attribute_not_exists(%n) OR %n < %v)", []string{"seq", "seq"}, seq))`, `		Exists().When("attribute_exists(%n) OR attribute_not_exists(%n)", []string{"seq", "seq"}))`},
		}},
		one("release held texts last first", "texts held", outbox, "		for _, t := range texts {\n", "		for i := range texts {\n			t := texts[len(texts)-1-i]\n"),
		one("a new text overtakes those held", "texts held", receive, "	f.Waiting = x.held == nil && route != nil && route.Held > 0", "	f.Waiting = false"),
		one("release a held text whether or not somebody has", "texts held are released", inbound, `update(heldKey(h.Number, h.Phone, h.Order)).Exists())`, `update(heldKey(h.Number, h.Phone, h.Order)))`),
		one("hand over before the commit", "a client texts", send, "	if err := s.Table.CommitSend(ctx, c); err != nil {\n		if store.RefusedBy(err, \"consent\")", "	s.deliver(ctx, e)\n	if err := s.Table.CommitSend(ctx, c); err != nil {\n		if store.RefusedBy(err, \"consent\")"),
		one("never look after who died while sending", "a client texts", outbox, "		return r.Table.LeaveBehind(ctx, e.ID, e.Lease)\n", "		return nil\n"),
		one("never look up what nobody can tell of", "the carrier takes a message", outbox, "	case routing.Unknown:\n		return r.Table.LeaveBehind(ctx, e.ID, now.Add(reconcileAfter))\n", "	case routing.Unknown:\n		return nil\n"),
		one("forget what is to be tried later", "the carrier refuses, twice", outbox, "			return r.Table.LeaveBehind(ctx, e.ID, e.DueAt)\n", "			return nil\n"),
		one("take a busy table for somebody else's claim", "the carrier refuses, twice", outbound, `	if errors.Is(err, ErrConflict) && !RefusedBy(err, "event") && !RefusedBy(err, "consent") {`, "	if false {"),
		one("a lease ends before its function must", "the outbox looks around", send, "const lease = 40 * time.Second", "const lease = time.Millisecond"),
		one("a household's thread replaces the one just opened", "two phones", receive, "	was[x.from] = route\n", "	if fresh, err := x.Table.Routes(ctx, number.Phone, th.Phones); err == nil {\n		was = fresh\n	}\n"),
		{"forget what an idempotency key was used for", "a client texts", "", []edit{
			{send, "	if used != nil {\n		if used.Event == s.tried.ID", "	if false {\n		if used.Event == s.tried.ID"},
			{outbound, `		}{jsonOut(c.Use), c.Until.Unix()}), absent)`, `		}{jsonOut(c.Use), c.Until.Unix()}), "")`},
		}},
		one("send while messaging is off, at a retry", "a message waits while", outbox, "	if !r.Flags.Flags(ctx).Messaging {\n		if err := r.Table.Waited", "	if false {\n		if err := r.Table.Waited"),
		one("windows change and the route keeps its revision", "a booking goes", assign, `.Equals("thread", string(th.ID)).Set("rev", after.Rev).`, `.Equals("thread", string(th.ID)).`),
		one("nobody tells the owner of a failure", "the carrier refuses until", send, "	a.ID = alertOf(e, \"f\")\n	return r.Table.FailThread(ctx, e.ID.Thread(), a)", "	a.ID = alertOf(e, \"f\")\n	return nil"),
		one("nobody tells the owner that nobody can tell", "nobody can tell", outbox, "	a.ID = alertOf(e, \"u\")\n	return r.Table.FailThread(ctx, e.ID.Thread(), a)", "	a.ID = alertOf(e, \"u\")\n	return nil"),
		one("call a failed batch done", "the owner's first message", streams, "				res.BatchItemFailures = []events.DynamoDBBatchItemFailure{{ItemIdentifier: rest[0].Change.SequenceNumber}}\n				lineOf", "				lineOf"),
		{"drop what cannot be taken from the fallback's queue, and trust the carrier's list no more", "the table is still down", "", []edit{
			{streams, "				res.BatchItemFailures = append(res.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: m.MessageId})\n", ""},
			{compare, "		if seen[t.Sid] {", "		if seen[t.Sid] || true {"},
		}},
		one("compare nothing with the carrier's list", "neither a text", compare, "		if seen[t.Sid] {", "		if seen[t.Sid] || true {"),
		one("answer the carrier 200 whatever happened", "a text while the table", webhooks, "	got, err := p.relay.Receive(ctx, t)\n	if err != nil {\n		return Response{}, err\n	}", "	got, err := p.relay.Receive(ctx, t)\n	if err != nil {\n		return twiml(carrier.EmptyTwiML), nil\n	}"),
		{"answer a stranger every time", "a stranger writes", "", []edit{
			{inbound, "const answerEvery = 24 * time.Hour\n", "const answerEvery = time.Nanosecond\n"},
			{receive, "now.Before(route.Answered.Add(24*time.Hour))", "now.Before(route.Answered)"},
		}},
		one("tell a sitter of every text", "a client waits", after, "	if err != nil || was.Open {\n", "	if err != nil {\n"),
		one("a notification says what was written", "a client waits", after, `"New message from "+shortName(th.Name)+`, `e.Text+"New message from "+shortName(th.Name)+`),
		one("the night is asked about once, when a notification is queued", "a sitter's own phone", outbox, `	case "notify", "alert", "coming":`, `	case "coming":`),
		one("answer a machine", "somebody writes to the front desk", after, "	if e.Late || routing.Automatic(e.Text) ||", "	if e.Late ||"),
		one("nobody is told who waits", "a client waits", after, "	if first != e.ID {\n", "	if first != e.ID || true {\n"),
		one("look a moment too early at who waits, and forget them", "a client waits", after, ".Truncate(time.Millisecond)\n", "\n"),
		one("tell of every text of one wait", "a client waits", after, "	if first != e.ID {\n", "	if first != e.ID && false {\n"),
		one("keep a picture with its place", "pictures are texted", pictures, "	clean, err := media.Clean(kind, data)\n", "	clean, err := data, error(nil)\n	_ = media.Clean\n"),
		one("forget a picture that could not be had", "a picture cannot", gather, "			left = true\n		}\n	}", "		}\n	}"),
		{"take a busy item for one that has changed", "pictures are texted", "conflict", []edit{
			{table, "	if errors.As(err, &failed) {\n		return ErrConflict", "	var busy *types.TransactionConflictException\n	if errors.As(err, &failed) || errors.As(err, &busy) {\n		return ErrConflict"},
			{table, "		o.Retryer = retry.AddWithErrorCodes(o.Retryer, (*types.TransactionConflictException)(nil).ErrorCode())\n", "		_ = retry.AddWithErrorCodes\n"},
		}},
		one("a critical alert stays on the page", "a third contact swap", after, `a.Severity != "critical" || !a.Open {`, `true {`),
		one("a wish in words of one's own goes unseen", "a client waits", act, "	case routing.StopWish(x.in.Body):\n", "	case false:\n"),
		one("a report that the table could not take is called taken", "reports come while", webhooks, "	got, err := p.relay.Report(ctx, in)\n	if err != nil {\n		return Response{}, err\n	}", "	got, err := p.relay.Report(ctx, in)\n	if err != nil {\n		return Response{Status: 204}, nil\n	}"),
	}
}
