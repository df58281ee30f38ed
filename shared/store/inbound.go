package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"snout/shared/routing"
)

// Seen is what was done with a MessageSid, so that a repeat gets the same outcome.
type Seen struct {
	Rule   int              `json:"r"`
	Target routing.Target   `json:"t"`
	Reason string           `json:"w"`
	Thread routing.ThreadID `json:"th,omitempty"`
	Event  routing.EventID  `json:"e,omitempty"`
}

// Text is an inbound text as it arrived: what is held, or kept for ops.
type Text struct {
	Sid   string          `json:"sid"`
	To    string          `json:"to"`
	From  string          `json:"from"`
	Body  string          `json:"body"`
	Media []routing.Media `json:"media,omitempty"`
	At    time.Time       `json:"at"`
	Late  bool            `json:"late,omitempty"`
	Told  string          `json:"told,omitempty"` // STOP, START or HELP, where the carrier has taken it for one and answered
}

// HeldText is a text that waits for messaging to come back.
type HeldText struct {
	Org    routing.OrgID
	Number routing.Phone
	Phone  routing.Phone
	Order  string
	Class  routing.Class
	Text   Text
}

// InboundFacts reads what a decision about a text of a known pair needs, in one
// call: the number, the pair's route, and what was done with the MessageSid if it
// was seen before. Each is nil where there is none.
func (t *Table) InboundFacts(ctx context.Context, to, from routing.Phone, sid string) (*routing.Number, *routing.Route, *Seen, error) {
	keys := []key{numberKey(to), routeKey(to, from)}
	if sid != "" {
		keys = append(keys, seenKey(sid))
	}
	found, err := t.batch(ctx, true, keys...)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("inbound facts: %w", err)
	}
	var n *routing.Number
	var r *routing.Route
	var s *Seen
	if it, ok := found[numberKey(to)]; ok {
		if n, err = numberIn(it); err != nil {
			return nil, nil, nil, err
		}
	}
	if it, ok := found[routeKey(to, from)]; ok {
		if r, err = routeIn(it); err != nil {
			return nil, nil, nil, err
		}
	}
	if sid != "" {
		if it, ok := found[seenKey(sid)]; ok {
			s = &Seen{}
			if err := json.Unmarshal([]byte(str(it, "out")), s); err != nil {
				return nil, nil, nil, fmt.Errorf("inbound facts: outcome: %w", err)
			}
		}
	}
	return n, r, s, nil
}

// Claim is whose phone it is, with what a new conversation needs of that client, so that
// their first text need not read their file before it is decided on. Version is the
// client's when the copy was made; 0: there is no copy.
type Claim struct {
	Client  routing.ClientID
	Name    string
	Pets    []string
	Phones  []routing.Phone
	Version int64
}

type claimItem struct {
	Client  string   `dynamodbav:"client"`
	Name    string   `dynamodbav:"name,omitempty"`
	Pets    []string `dynamodbav:"pets,omitempty"`
	Phones  []string `dynamodbav:"ph,omitempty"`
	Version int64    `dynamodbav:"v,omitempty"`
}

// claimFields are the attributes of a phone's row that follow its client.
var claimFields = []string{"client", "name", "pets", "ph", "v"}

func claimOut(org routing.OrgID, p routing.Phone, c routing.Client) item {
	return record(phoneKey(org, p), "phone", claimItem{string(c.ID), c.Name, c.Pets, phonesOut(c.Phones), c.Version})
}

// SenderFacts reads whose phone it is and what its person told us, in one call.
func (t *Table) SenderFacts(ctx context.Context, org routing.OrgID, p routing.Phone) (Claim, routing.Consent, error) {
	found, err := t.batch(ctx, true, phoneKey(org, p), consentKey(org, p))
	if err != nil {
		return Claim{}, routing.Consent{}, fmt.Errorf("sender facts: %w", err)
	}
	i, err := parse[claimItem](found[phoneKey(org, p)])
	if err != nil {
		return Claim{}, routing.Consent{}, err
	}
	c, err := consentIn(found[consentKey(org, p)])
	return Claim{routing.ClientID(i.Client), i.Name, i.Pets, phonesIn(i.Phones), i.Version}, c, err
}

type consentItem struct {
	Out  bool   `dynamodbav:"out"`
	At   int64  `dynamodbav:"at"`
	Word string `dynamodbav:"word,omitempty"`
}

func consentIn(it item) (routing.Consent, error) {
	c, err := parse[consentItem](it)
	return routing.Consent{OptedOut: c.Out, At: moment(c.At), Word: c.Word}, err
}

// ClientFile reads a client and their ledger in one call. A client without a
// ledger has an empty one of revision 0.
func (t *Table) ClientFile(ctx context.Context, org routing.OrgID, c routing.ClientID) (routing.Client, routing.Ledger, error) {
	found, err := t.batch(ctx, true, clientKey(org, c), ledgerKey(org, c))
	if err != nil {
		return routing.Client{}, routing.Ledger{}, fmt.Errorf("client file: %w", err)
	}
	it, ok := found[clientKey(org, c)]
	if !ok {
		return routing.Client{}, routing.Ledger{}, ErrNotFound
	}
	client, err := clientIn(it)
	if err != nil {
		return client, routing.Ledger{}, err
	}
	l := routing.Ledger{Client: c}
	if it, ok := found[ledgerKey(org, c)]; ok {
		l, err = ledgerIn(it)
	}
	return client, l, err
}

// Touch is what a new event changes in its thread's row.
type Touch struct {
	Event        routing.Event
	Author       string // as the list shows it
	Unread       int
	SitterUnread int
	ReplyTo      routing.Phone // the phone that wrote last
	Opens        *routing.Routed
	Choices      []routing.SitterID
	Closes       bool // an owner's answer, or done: closes what was routed
	NeedsReply   *bool
	Flagged      bool
	Burst        routing.Burst // as it is with this message
	Look         bool          // the person has opted out
	// Quiet leaves the thread's place in the list alone (notes, system texts that
	// are not yet sent).
	Quiet bool
}

const previewLength = 80

// Preview is the beginning of a text as lists show it.
func Preview(text string) string {
	r := []rune(text)
	if len(r) > previewLength {
		return string(r[:previewLength-1]) + "…"
	}
	return text
}

func touch(c *change, th routing.ThreadID, tc Touch) *change {
	e := tc.Event
	if !tc.Quiet {
		text := Preview(e.Text)
		c.Set("at", micros(e.At)).Set("txt", text).Set("dir", string(e.Dir)).Set("by", tc.Author).Set("role", string(e.Author.Role)).Set("GSI1SK", e.ID.Order())
		if e.Visibility == routing.VisibleAll {
			if e.Hidden != "" {
				text = Preview(e.Hidden)
			}
			c.Set("atxt", text).Set("aat", micros(e.At)).SetOrRemove("abk", string(e.Booking), e.Booking == "")
		}
	}
	c.Add("un", tc.Unread).Add("sun", tc.SitterUnread)
	if !tc.ReplyTo.IsZero() {
		c.Set("to", tc.ReplyTo.E164())
	}
	if tc.Opens != nil {
		c.Add("open", 1).Set("owhy", tc.Opens.Reason).Set("orule", tc.Opens.Rule).SetOnce("osince", micros(e.At)).
			Set("GSI2PK", inboxPK(th.Org())).Set("GSI2SK", e.ID.Order())
		if len(tc.Choices) > 0 {
			c.Set("ch", words(tc.Choices))
		}
	}
	if tc.Closes {
		c.Remove("open", "owhy", "orule", "osince", "ch", "GSI2PK", "GSI2SK")
	}
	if tc.NeedsReply != nil {
		c.SetOrRemove("nr", true, !*tc.NeedsReply)
	}
	if tc.Flagged {
		c.Set("flag", true)
	}
	if tc.Look {
		c.Set("look", true)
	}
	if tc.Burst.N > 0 {
		c.Set("bat", millis(tc.Burst.Since)).Set("bn", tc.Burst.N)
	}
	return c
}

// InboundCommit is everything one inbound text writes, in one transaction.
type InboundCommit struct {
	Sid   string
	Seen  Seen
	SeenT time.Time // when to forget the MessageSid
	// Event goes into Thread (made new if Make) or into the thread of Rev.
	Event  *routing.Event
	Touch  Touch
	Thread routing.ThreadID
	Rev    int64 // of the existing thread, as the decision saw it

	Make   *routing.Thread
	Routes []RouteChange
	// A client's own thread: the line that their ledger gains, and the claim by which they
	// were known, which must still stand as it was read.
	Holds *routing.Held
	Claim *Claim

	Consent *routing.Consent
	// ConsentLate: the text is taken in after others may have come, and what its sender
	// told us since stands.
	ConsentLate bool
	Line        *ConsentLine // of the history
	Unblock     bool         // a START lifts the carrier's own block on the pair
	Person      routing.Phone
	Client      routing.ClientID // whose opted-out mark follows the consent

	Auto   *routing.Event // the automatic answer, queued
	AutoTo routing.Phone
	AutoOn routing.Phone
	AutoAt time.Time

	Held     *HeldText // to be kept
	Released *HeldText // being released: taken out in the same transaction
	Nowhere  *Text
	Order    string
	Alerts   []routing.Alert
}

// LateStop is by how much a STOP that is taken in late may be older than a START and yet
// stand: the carrier's list has no fractions of a second, and a doubt is a STOP.
const LateStop = time.Second

// RouteChange writes a route in place of what was read.
type RouteChange struct {
	Route routing.Route
	Was   *routing.Route
}

func (t *Table) routeChange(x *tx, rc RouteChange) {
	r := rc.Route
	cond := absent
	it := record(routeKey(r.Number, r.Phone), "route", routeOut(r))
	switch {
	case rc.Was == nil:
		x.put("route", t.name, it, cond)
		return
	}
	// A transaction's Put cannot bind values through the helper, so a replaced route
	// is an update of every field.
	c := update(routeKey(r.Number, r.Phone)).
		Set("org", string(r.Org)).Set("kind", "route").Set("thread", string(r.Thread)).Set("tk", string(r.Kind)).
		SetOrRemove("client", string(r.Client), r.Client == "").SetOrRemove("until", millis(r.Until), r.Until.IsZero()).
		SetOrRemove("w", windowsOut(r.Windows), len(r.Windows) == 0).SetOrRemove("more", true, !r.More).Set("rev", r.Rev)
	if !r.Answered.IsZero() && !r.Answered.Equal(rc.Was.Answered) {
		c.Set("auto", micros(r.Answered)).When("(attribute_not_exists(%n) OR %n <= %v)", []string{"auto", "auto"}, micros(r.Answered.Add(-answerEvery)))
	}
	if rc.Was.Thread == "" {
		c.When("attribute_not_exists(%n)", []string{"thread"})
	} else {
		c.When("%n = %v AND %n = %v", []string{"thread", "rev"}, string(rc.Was.Thread), rc.Was.Rev)
	}
	x.update("route", t.name, c)
}

// answerEvery is how often a phone may have an automatic answer from one number.
const answerEvery = 24 * time.Hour

// answered notes on a pair's route that the phone gets an automatic answer, unless it has
// had one within a day.
func answered(org routing.OrgID, number, p routing.Phone, at time.Time) *change {
	return update(routeKey(number, p)).Set("kind", "route").Set("org", string(org)).Set("auto", micros(at)).
		When("(attribute_not_exists(%n) OR %n <= %v)", []string{"auto", "auto"}, micros(at.Add(-answerEvery)))
}

func threadItemOut(th routing.Thread, order string) item {
	more := index(1, listPK(th.Org, th.Kind), order)
	if th.Open > 0 {
		for n, v := range index(2, inboxPK(th.Org), order) {
			more[n] = v
		}
	}
	return record(threadKey(th.ID), "thread", threadOut(th), more)
}

func (t *Table) ledgerChange(x *tx, org routing.OrgID, l routing.Ledger) {
	was := l.Rev
	l.Rev++
	it := ledgerOut(org, l)
	if was == 0 {
		x.put("ledger", t.name, it, absent)
		return
	}
	c := update(ledgerKey(org, l.Client)).Set("rev", l.Rev).Equals("rev", was)
	for _, n := range []string{"threads", "due"} {
		if v, ok := it[n]; ok {
			c.Set(n, v)
		} else {
			c.Remove(n)
		}
	}
	x.update("ledger", t.name, c)
}

func eventRecord(e routing.Event) item { return record(eventKey(e.ID), "event", eventOut(e)) }

// CommitInbound writes everything one text leads to, or nothing. It is refused by
// "seen" where the MessageSid was taken meanwhile, by "thread" or "route" where the
// facts have changed, and by "auto" where the sender has had an automatic answer
// from this number within a day, and by "consent" where the sender wants none, or has told us something newer.
func (t *Table) CommitInbound(ctx context.Context, c InboundCommit) error {
	x := &tx{}
	out := jsonOut(c.Seen)
	if c.Released == nil {
		x.put("seen", t.name, record(seenKey(c.Sid), "seen", struct {
			Out string `dynamodbav:"out"`
			TTL int64  `dynamodbav:"ttl"`
		}{out, c.SeenT.Unix()}), absent)
	} else {
		h := c.Released
		x.update("seen", t.name, update(seenKey(c.Sid)).Set("out", out).Set("ttl", c.SeenT.Unix()).Set("kind", "seen"))
		x.delete("held", t.name, update(heldKey(h.Number, h.Phone, h.Order)).Exists())
	}
	switch {
	case c.Nowhere != nil:
		x.put("unroutable", t.name, record(unroutableKey(c.Order), "unroutable", struct {
			Text string `dynamodbav:"text"`
		}{jsonOut(*c.Nowhere)}), absent)
	case c.Held != nil:
		h := c.Held
		x.put("held", t.name, record(heldKey(h.Number, h.Phone, h.Order), "held", struct {
			Org   string `dynamodbav:"org"`
			Class string `dynamodbav:"class"`
			Text  string `dynamodbav:"text"`
		}{string(h.Org), string(h.Class), jsonOut(h.Text)}, index(2, heldPK(t.shard(h.Number.E164()+h.Phone.E164())), h.Order)), absent)
		x.update("route", t.name, update(routeKey(h.Number, h.Phone)).Set("kind", "route").Set("org", string(h.Org)).Add("held", 1))
	}
	if c.Event != nil {
		x.put("event", t.name, eventRecord(*c.Event), absent)
		if c.Make != nil {
			x.put("thread", t.name, threadItemOut(*c.Make, c.Event.ID.Order()), absent)
			if c.Make.Client == "" && c.Auto == nil {
				// Somebody may be making this stranger a client at this moment: then the text
				// is decided on anew. On pool numbers, where an answer goes out in the same
				// transaction, a client is a guest all the same, and the office looks again.
				x.check("claim", t.name, update(phoneKey(c.Make.Org, c.Event.From)).When(absent, nil))
			}
		} else {
			x.update("thread", t.name, touch(update(threadKey(c.Thread)).Equals("rev", c.Rev), c.Thread, c.Touch))
		}
	}
	routed := false
	for _, rc := range c.Routes {
		if c.Released != nil && rc.Route.Number == c.Released.Number && rc.Route.Phone == c.Released.Phone {
			routed = true
		}
		t.routeChange(x, rc)
	}
	if h := c.Released; h != nil {
		if routed {
			// The same item cannot stand twice in a transaction: its count goes down in
			// the same update.
			last := x.items[len(x.items)-1].Update
			for i := range x.items {
				if u := x.items[i].Update; u != nil && x.what[i] == "route" && keyOf(u.Key) == routeKey(h.Number, h.Phone) {
					last = u
				}
			}
			last.ExpressionAttributeNames["#held"] = "held"
			last.ExpressionAttributeValues[":less"] = numberValue(-1)
			e := *last.UpdateExpression + " ADD #held :less"
			last.UpdateExpression = &e
		} else {
			x.update("route", t.name, update(routeKey(h.Number, h.Phone)).Less("held"))
		}
	}
	if c.Holds != nil {
		// Added blindly: the ledger was not read. That a client holds a thread once is kept
		// by the routes of their phones, and which phones and what name those are by the
		// claim; whoever has read the ledger is refused by its new revision.
		org := c.Event.ID.Org()
		x.update("ledger", t.name, update(ledgerKey(org, c.Claim.Client)).Set("kind", "ledger").Set("client", string(c.Claim.Client)).Add("rev", 1).Append("threads", heldLine(*c.Holds)))
		m := update(phoneKey(org, c.Event.From)).Equals("client", string(c.Claim.Client))
		if c.Claim.Version > 0 {
			m.Equals("v", c.Claim.Version)
		}
		x.check("claim", t.name, m)
	}
	if c.Consent != nil {
		org := c.Event.ID.Org()
		told := update(consentKey(org, c.Person)).Set("kind", "consent").Set("out", c.Consent.OptedOut).Set("at", micros(c.Consent.At)).SetOrRemove("word", c.Consent.Word, c.Consent.Word == "")
		if c.ConsentLate {
			upTo := c.Consent.At
			if c.Consent.OptedOut {
				upTo = upTo.Add(LateStop)
			}
			told.When("(attribute_not_exists(%n) OR %n <= %v)", []string{"at", "at"}, micros(upTo))
		}
		x.update("consent", t.name, told)
		if c.Client != "" {
			x.update("client", t.name, update(clientKey(org, c.Client)).Exists().SetOrRemove("out", true, !c.Consent.OptedOut))
		}
	}
	if l := c.Line; l != nil {
		x.put("line", t.name, consentLineOut(c.Event.ID.Org(), c.Event.From, *l), absent)
	}
	if c.Unblock {
		x.update("unblock", t.name, update(routeKey(c.Event.To, c.Event.From)).Exists().Remove("blocked"))
	}
	if c.Auto != nil {
		x.put("event", t.name, eventRecord(*c.Auto), absent)
		x.check("consent", t.name, notOptedOut(c.Auto.ID.Org(), c.AutoTo))
		// A route that is written anyway carries the instant (its own condition keeps two
		// answers apart); the same item cannot stand twice in a transaction.
		if !slices.ContainsFunc(c.Routes, func(rc RouteChange) bool { return rc.Route.Number == c.AutoOn && rc.Route.Phone == c.AutoTo }) {
			x.update("auto", t.name, answered(c.Auto.ID.Org(), c.AutoOn, c.AutoTo, c.AutoAt))
		}
	}
	for _, a := range c.Alerts {
		x.put("alert", t.name, alertOut(a), absent)
	}
	if err := t.transact(ctx, x); err != nil {
		return fmt.Errorf("commit inbound: %w", err)
	}
	return nil
}

// ThreadWindows reads the windows of a thread that end at an instant or later: the
// way to those that the route does not carry.
func (t *Table) ThreadWindows(ctx context.Context, th routing.ThreadID, from time.Time) ([]routing.Window, error) {
	items, err := t.queryAll(ctx, query{pk: threadPK(th), from: windowPrefix, to: windowsSince(from), strong: true})
	if err != nil {
		return nil, fmt.Errorf("thread windows: %w", err)
	}
	var ws []routing.Window
	for _, it := range items {
		w, err := windowItemIn(it)
		if err != nil {
			return nil, err
		}
		ws = append(ws, w)
	}
	routing.SortWindows(ws)
	return ws, nil
}

// Fresh makes a thread's carried windows current where it has more than its row
// carries and the clock has come to the last of those: the row is only written when
// something changes, and a series goes on without anything changing.
func (t *Table) Fresh(ctx context.Context, th *routing.Thread, now time.Time) error {
	if !th.More || len(th.Windows) > 0 && now.Before(th.Windows[len(th.Windows)-1].Start) {
		return nil
	}
	ws, err := t.ThreadWindows(ctx, th.ID, now)
	if err == nil {
		th.Windows = ws
	}
	return err
}

// HeldTexts lists what waits for messaging, in order of receipt.
func (t *Table) HeldTexts(ctx context.Context, limit int) ([]HeldText, error) {
	var hs []HeldText
	for i := range t.shards {
		items, _, err := t.query(ctx, query{index: "GSI2", pk: heldPK(i), limit: int32(limit)})
		if err != nil {
			return nil, fmt.Errorf("held texts: %w", err)
		}
		for _, it := range items {
			h, err := heldIn(it)
			if err != nil {
				return nil, err
			}
			hs = append(hs, h)
		}
	}
	slices.SortFunc(hs, func(a, b HeldText) int { return strings.Compare(a.Order, b.Order) })
	return hs[:min(len(hs), limit)], nil
}

// HeldOf lists the held texts of one pair in order of receipt, consistently: the
// index may lag, and order may not.
func (t *Table) HeldOf(ctx context.Context, number, p routing.Phone) ([]HeldText, error) {
	items, err := t.queryAll(ctx, query{pk: numberKey(number).PK, prefix: heldPrefix(p), strong: true})
	if err != nil {
		return nil, fmt.Errorf("held texts of a pair: %w", err)
	}
	var hs []HeldText
	for _, it := range items {
		h, err := heldIn(it)
		if err != nil {
			return nil, err
		}
		hs = append(hs, h)
	}
	return hs, nil
}

func heldIn(it item) (HeldText, error) {
	k := keyOf(it)
	h := HeldText{Org: routing.OrgID(str(it, "org")), Number: phone(k.PK[len("N#"):]), Class: routing.Class(str(it, "class"))}
	rest := k.SK[len("H#"):]
	for i := range len(rest) {
		if rest[i] == '#' {
			h.Phone, h.Order = phone(rest[:i]), rest[i+1:]
			break
		}
	}
	if err := json.Unmarshal([]byte(str(it, "text")), &h.Text); err != nil {
		return h, fmt.Errorf("held text: %w: %w", ErrItem, err)
	}
	return h, nil
}

// Routes reads the routes of several phones on one number.
func (t *Table) Routes(ctx context.Context, number routing.Phone, phones []routing.Phone) (map[routing.Phone]*routing.Route, error) {
	keys := make([]key, 0, len(phones))
	for _, p := range phones {
		keys = append(keys, routeKey(number, p))
	}
	found, err := t.batch(ctx, true, keys...)
	if err != nil {
		return nil, fmt.Errorf("routes: %w", err)
	}
	out := map[routing.Phone]*routing.Route{}
	for _, it := range found {
		r, err := routeIn(it)
		if err != nil {
			return nil, err
		}
		out[r.Phone] = r
	}
	return out, nil
}

// HeldOfImage reads a held text from an item of the stream.
func HeldOfImage(im Image) (HeldText, error) { return heldIn(item(im)) }

// NowhereOf reads a text to a number of no org from an item of the stream.
func NowhereOf(im Image) (Text, string, error) {
	var text Text
	err := json.Unmarshal([]byte(im.Text("text")), &text)
	return text, im.Text("SK")[len("U#"):], err
}
