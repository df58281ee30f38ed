package store

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"snout/shared/routing"
)

// The items as they lie in the table. Attribute names are short because every
// read and write pays for them; what they mean stands in routing's records.

type numberItem struct {
	ID        string `dynamodbav:"id"`
	Org       string `dynamodbav:"org"`
	Phone     string `dynamodbav:"num"`
	Class     string `dynamodbav:"class"`
	Status    string `dynamodbav:"status"`
	Sitter    string `dynamodbav:"sitter,omitempty"`
	Reason    string `dynamodbav:"reason,omitempty"`
	Until     int64  `dynamodbav:"until,omitempty"`
	Since     int64  `dynamodbav:"since,omitempty"`
	OrgName   string `dynamodbav:"orgName,omitempty"`
	Zone      string `dynamodbav:"zone,omitempty"`
	Mismatch  string `dynamodbav:"mismatch,omitempty"`
	HoldSwaps bool   `dynamodbav:"hold,omitempty"`
	Version   int64  `dynamodbav:"v"`
}

func numberOut(n routing.Number) numberItem {
	return numberItem{
		ID: string(n.ID), Org: string(n.Org), Phone: n.Phone.E164(), Class: string(n.Class), Status: string(n.Status), Sitter: string(n.Sitter),
		Reason: n.Reason, Until: millis(n.Until), Since: millis(n.Since), OrgName: n.OrgName, Zone: n.Zone, Mismatch: n.MismatchText, HoldSwaps: n.HoldSwaps, Version: n.Version,
	}
}

func numberIn(it item) (*routing.Number, error) {
	n, err := parse[numberItem](it)
	if err != nil {
		return nil, err
	}
	return &routing.Number{
		ID: routing.NumberID(n.ID), Org: routing.OrgID(n.Org), Phone: phone(n.Phone), Class: routing.Class(n.Class), Status: routing.NumberStatus(n.Status),
		Sitter: routing.SitterID(n.Sitter), Reason: n.Reason, Until: instant(n.Until), Since: instant(n.Since), OrgName: n.OrgName, Zone: n.Zone,
		MismatchText: n.Mismatch, HoldSwaps: n.HoldSwaps, Version: n.Version,
	}, nil
}

type routeItem struct {
	Org     string `dynamodbav:"org"`
	Thread  string `dynamodbav:"thread,omitempty"`
	Kind    string `dynamodbav:"tk,omitempty"`
	Client  string `dynamodbav:"client,omitempty"`
	Until   int64  `dynamodbav:"until,omitempty"`
	Windows string `dynamodbav:"w,omitempty"`
	More    bool   `dynamodbav:"more,omitempty"`
	Held    int    `dynamodbav:"held,omitempty"`
	Rev     int64  `dynamodbav:"rev,omitempty"`
	Blocked bool   `dynamodbav:"blocked,omitempty"`
	Auto    int64  `dynamodbav:"auto,omitempty"`
}

func routeOut(r routing.Route) routeItem {
	return routeItem{
		Org: string(r.Org), Thread: string(r.Thread), Kind: string(r.Kind), Client: string(r.Client), Until: millis(r.Until),
		Windows: windowsOut(r.Windows), More: r.More, Held: r.Held, Rev: r.Rev, Blocked: r.Blocked, Auto: micros(r.Answered),
	}
}

func routeIn(it item) (*routing.Route, error) {
	r, err := parse[routeItem](it)
	if err != nil {
		return nil, err
	}
	k := keyOf(it)
	return &routing.Route{
		Number: phone(strings.TrimPrefix(k.PK, "N#")), Phone: phone(strings.TrimPrefix(k.SK, "P#")),
		Org: routing.OrgID(r.Org), Thread: routing.ThreadID(r.Thread), Kind: routing.Kind(r.Kind), Client: routing.ClientID(r.Client),
		Until: instant(r.Until), Windows: windowsIn(r.Windows), More: r.More, Held: r.Held, Rev: r.Rev, Blocked: r.Blocked, Answered: moment(r.Auto),
	}, nil
}

type threadItem struct {
	ID      string   `dynamodbav:"id"`
	Org     string   `dynamodbav:"org"`
	Kind    string   `dynamodbav:"tk"`
	Number  string   `dynamodbav:"num"`
	NumID   string   `dynamodbav:"nid"`
	Client  string   `dynamodbav:"client,omitempty"`
	Name    string   `dynamodbav:"name,omitempty"`
	Pets    []string `dynamodbav:"pets,omitempty"`
	Phones  []string `dynamodbav:"ph,omitempty"`
	ReplyTo string   `dynamodbav:"to,omitempty"`
	Windows string   `dynamodbav:"w,omitempty"`
	More    bool     `dynamodbav:"more,omitempty"`
	LastEnd int64    `dynamodbav:"lend,omitempty"`
	LastSit string   `dynamodbav:"lsit,omitempty"`
	Until   int64    `dynamodbav:"until,omitempty"`
	Links   []string `dynamodbav:"links,omitempty"`
	Rev     int64    `dynamodbav:"rev"`

	LastAt      int64  `dynamodbav:"at,omitempty"`
	LastText    string `dynamodbav:"txt,omitempty"`
	LastDir     string `dynamodbav:"dir,omitempty"`
	LastAuthor  string `dynamodbav:"by,omitempty"`
	LastRole    string `dynamodbav:"role,omitempty"`
	LastAllText string `dynamodbav:"atxt,omitempty"`
	LastAllAt   int64  `dynamodbav:"aat,omitempty"`
	LastAllBk   string `dynamodbav:"abk,omitempty"`

	Unread       int      `dynamodbav:"un,omitempty"`
	SitterUnread int      `dynamodbav:"sun,omitempty"`
	Open         int      `dynamodbav:"open,omitempty"`
	OpenReason   string   `dynamodbav:"owhy,omitempty"`
	OpenSince    int64    `dynamodbav:"osince,omitempty"`
	OpenRule     int      `dynamodbav:"orule,omitempty"`
	Choices      []string `dynamodbav:"ch,omitempty"`
	Flagged      bool     `dynamodbav:"flag,omitempty"`
	Failed       int      `dynamodbav:"fail,omitempty"`
	NeedsReply   bool     `dynamodbav:"nr,omitempty"`
	Asked        string   `dynamodbav:"asked,omitempty"`
	Question     string   `dynamodbav:"q,omitempty"`
	Look         bool     `dynamodbav:"look,omitempty"`

	History    string   `dynamodbav:"h,omitempty"`
	Older      int64    `dynamodbav:"ho,omitempty"`
	CreatedAt  int64    `dynamodbav:"c,omitempty"`
	Exceptions []string `dynamodbav:"exc,omitempty"`
	BurstAt    int64    `dynamodbav:"bat,omitempty"`
	BurstN     int      `dynamodbav:"bn,omitempty"`
}

func threadOut(t routing.Thread) threadItem {
	return threadItem{
		ID: string(t.ID), Org: string(t.Org), Kind: string(t.Kind), Number: t.Number.E164(), NumID: string(t.NumID), Client: string(t.Client), Name: t.Name, Pets: t.Pets,
		Phones: phonesOut(t.Phones), ReplyTo: t.ReplyTo.E164(), Windows: windowsOut(t.Windows), More: t.More, LastEnd: millis(t.LastEnd), LastSit: string(t.LastSit),
		Until: millis(t.Until), Links: words(t.Links), Rev: t.Rev, LastAt: micros(t.LastAt), LastText: t.LastText, LastDir: string(t.LastDir), LastAuthor: t.LastAuthor, LastRole: string(t.LastRole),
		LastAllText: t.LastAllText, LastAllAt: micros(t.LastAllAt), LastAllBk: string(t.LastAllBk), Unread: t.Unread, SitterUnread: t.SitterUnread, Open: t.Open,
		OpenReason: t.OpenReason, OpenSince: micros(t.OpenSince), OpenRule: t.OpenRule, Choices: words(t.Choices), Flagged: t.Flagged, Failed: t.Failed,
		NeedsReply: t.NeedsReply, Asked: string(t.Asked), Question: string(t.Question), Look: t.Look, History: historyOut(t.History), Older: micros(t.Older), CreatedAt: micros(t.CreatedAt), Exceptions: t.Exceptions, BurstAt: millis(t.Burst.Since), BurstN: t.Burst.N,
	}
}

func threadIn(it item) (*routing.Thread, error) {
	t, err := parse[threadItem](it)
	if err != nil {
		return nil, err
	}
	return &routing.Thread{
		ID: routing.ThreadID(t.ID), Org: routing.OrgID(t.Org), Kind: routing.Kind(t.Kind), Number: phone(t.Number), NumID: routing.NumberID(t.NumID),
		Client: routing.ClientID(t.Client), Name: t.Name, Pets: t.Pets, Phones: phonesIn(t.Phones), ReplyTo: phone(t.ReplyTo), Windows: windowsIn(t.Windows), More: t.More,
		LastEnd: instant(t.LastEnd), LastSit: routing.SitterID(t.LastSit), Until: instant(t.Until), Links: ids[routing.ThreadID](t.Links), Rev: t.Rev,
		LastAt: moment(t.LastAt), LastText: t.LastText, LastDir: routing.Direction(t.LastDir), LastAuthor: t.LastAuthor, LastRole: routing.Role(t.LastRole), LastAllText: t.LastAllText, LastAllAt: moment(t.LastAllAt),
		LastAllBk: routing.BookingID(t.LastAllBk), Unread: t.Unread, SitterUnread: t.SitterUnread, Open: t.Open, OpenReason: t.OpenReason, OpenSince: moment(t.OpenSince),
		OpenRule: t.OpenRule, Choices: ids[routing.SitterID](t.Choices), Flagged: t.Flagged, Failed: t.Failed, NeedsReply: t.NeedsReply, Asked: routing.SitterID(t.Asked), Question: routing.AlertID(t.Question), Look: t.Look, History: historyIn(t.History), Older: moment(t.Older), CreatedAt: moment(t.CreatedAt),
		Exceptions: t.Exceptions, Burst: routing.Burst{Since: instant(t.BurstAt), N: t.BurstN},
	}, nil
}

type mediaItem struct {
	URL  string `dynamodbav:"u,omitempty"`
	Type string `dynamodbav:"t,omitempty"`
	Key  string `dynamodbav:"k,omitempty"`
	Gone bool   `dynamodbav:"x,omitempty"`
}

type eventItem struct {
	Dir        string      `dynamodbav:"dir"`
	Role       string      `dynamodbav:"role"`
	AuthorID   string      `dynamodbav:"aid,omitempty"`
	Author     string      `dynamodbav:"by,omitempty"`
	Text       string      `dynamodbav:"txt,omitempty"`
	Media      []mediaItem `dynamodbav:"media,omitempty"`
	Booking    string      `dynamodbav:"bk,omitempty"`
	Visibility string      `dynamodbav:"vis"`
	At         int64       `dynamodbav:"at"`
	From       string      `dynamodbav:"from,omitempty"`
	To         string      `dynamodbav:"to,omitempty"`
	Number     string      `dynamodbav:"nid,omitempty"`
	Late       bool        `dynamodbav:"late,omitempty"`
	Rule       int         `dynamodbav:"rule,omitempty"`
	Target     string      `dynamodbav:"tgt,omitempty"`
	Reason     string      `dynamodbav:"why,omitempty"`
	Class      string      `dynamodbav:"class,omitempty"`
	Facts      string      `dynamodbav:"facts,omitempty"`
	Flags      string      `dynamodbav:"flags,omitempty"` // JSON
	Hidden     string      `dynamodbav:"hid,omitempty"`
	Open       bool        `dynamodbav:"open,omitempty"`
	ForwardTo  []string    `dynamodbav:"fwd,omitempty"`
	Status     string      `dynamodbav:"st,omitempty"`
	Rank       int         `dynamodbav:"rank,omitempty"`
	Attempt    int         `dynamodbav:"try,omitempty"`
	Lease      int64       `dynamodbav:"lease,omitempty"`
	DueAt      int64       `dynamodbav:"due,omitempty"`
	Sid        string      `dynamodbav:"sid,omitempty"`
	Code       int         `dynamodbav:"code,omitempty"`
	Error      string      `dynamodbav:"err,omitempty"`
	Purpose    string      `dynamodbav:"for,omitempty"`
	Window     string      `dynamodbav:"w,omitempty"`
	Retries    int         `dynamodbav:"retries,omitempty"`
	Waited     bool        `dynamodbav:"waited,omitempty"`
	ReleaseBy  string      `dynamodbav:"relBy,omitempty"`
	ReleaseOf  string      `dynamodbav:"relWhy,omitempty"`
}

func eventOut(e routing.Event) eventItem {
	i := eventItem{
		Dir: string(e.Dir), Role: string(e.Author.Role), AuthorID: e.Author.ID, Author: e.Author.Name, Text: e.Text, Booking: string(e.Booking), Visibility: string(e.Visibility),
		At: micros(e.At), From: e.From.E164(), To: e.To.E164(), Number: string(e.Number), Late: e.Late, Hidden: e.Hidden, Open: e.Open, ForwardTo: words(e.ForwardTo), Status: string(e.Status),
		Rank: e.Status.Rank(), Attempt: e.Attempt, Lease: millis(e.Lease), DueAt: millis(e.DueAt), Sid: e.Sid, Code: e.Code, Error: e.Error, Purpose: e.Purpose,
		Retries: e.Retries, Waited: e.Waited, ReleaseBy: e.ReleaseBy, ReleaseOf: e.ReleaseOf,
	}
	for _, m := range e.Media {
		i.Media = append(i.Media, mediaItem(m))
	}
	if r := e.Routing; r != nil {
		i.Rule, i.Target, i.Reason, i.Class = r.Rule, string(r.Target), r.Reason, string(r.Class)
		i.Facts = r.Facts
	}
	if len(e.Flags) > 0 {
		i.Flags = jsonOut(e.Flags)
	}
	if !e.Window.Start.IsZero() {
		i.Window = windowsOut([]routing.Window{e.Window})
	}
	return i
}

func eventIn(it item) (routing.Event, error) {
	i, err := parse[eventItem](it)
	if err != nil {
		return routing.Event{}, err
	}
	k := keyOf(it)
	e := routing.Event{
		ID:  routing.NewEventID(routing.ThreadID(strings.TrimPrefix(k.PK, "T#")), strings.TrimPrefix(k.SK, "E#")),
		Dir: routing.Direction(i.Dir), Author: routing.Author{Role: routing.Role(i.Role), ID: i.AuthorID, Name: i.Author}, Text: i.Text, Booking: routing.BookingID(i.Booking),
		Visibility: routing.Visibility(i.Visibility), At: moment(i.At), From: phone(i.From), To: phone(i.To), Number: routing.NumberID(i.Number), Late: i.Late, Hidden: i.Hidden, Open: i.Open,
		ForwardTo: ids[routing.SitterID](i.ForwardTo), Status: routing.Status(i.Status), Attempt: i.Attempt, Lease: instant(i.Lease), DueAt: instant(i.DueAt), Sid: i.Sid, Code: i.Code,
		Error: i.Error, Purpose: i.Purpose, Retries: i.Retries, Waited: i.Waited, ReleaseBy: i.ReleaseBy, ReleaseOf: i.ReleaseOf,
	}
	for _, m := range i.Media {
		e.Media = append(e.Media, routing.Media(m))
	}
	if i.Rule != 0 {
		e.Routing = &routing.Routed{Rule: i.Rule, Target: routing.Target(i.Target), Reason: i.Reason, Class: routing.Class(i.Class), Facts: i.Facts}
	}
	if i.Flags != "" {
		if err := json.Unmarshal([]byte(i.Flags), &e.Flags); err != nil {
			return e, fmt.Errorf("event's flags: %w: %w", ErrItem, err)
		}
	}
	if ws := windowsIn(i.Window); len(ws) == 1 {
		e.Window = ws[0]
	}
	return e, nil
}

type windowItem struct {
	Booking string `dynamodbav:"bk"`
	Visit   string `dynamodbav:"vi"`
	Sitter  string `dynamodbav:"sitter"`
	Start   int64  `dynamodbav:"start"`
	End     int64  `dynamodbav:"end"`
}

func windowItemOut(t routing.ThreadID, w routing.Window) item {
	return record(windowKey(t, w), "window", windowItem{string(w.Booking), string(w.Visit), string(w.Sitter), millis(w.Start), millis(w.End)},
		index(1, sitterWindowsPK(t.Org(), w.Sitter), sitterWindowSort(w)))
}

func windowItemIn(it item) (routing.Window, error) {
	w, err := parse[windowItem](it)
	return routing.Window{Booking: routing.BookingID(w.Booking), Visit: routing.VisitID(w.Visit), Sitter: routing.SitterID(w.Sitter), Start: instant(w.Start), End: instant(w.End)}, err
}

type alertItem struct {
	Kind     string `dynamodbav:"ak"`
	Severity string `dynamodbav:"sev"`
	Text     string `dynamodbav:"txt"`
	Thread   string `dynamodbav:"thread,omitempty"`
	Event    string `dynamodbav:"event,omitempty"`
	Booking  string `dynamodbav:"bk,omitempty"`
	Sitter   string `dynamodbav:"sitter,omitempty"`
	At       int64  `dynamodbav:"at"`
	Open     bool   `dynamodbav:"open"`
	Resolved string `dynamodbav:"done,omitempty"`
}

func alertOut(a routing.Alert) item {
	var more item
	if a.Open {
		more = index(2, inboxPK(a.ID.Org()), a.ID.Order())
	}
	return record(alertKey(a.ID), "alert", alertItem{
		Kind: a.Kind, Severity: a.Severity, Text: a.Text, Thread: string(a.Thread), Event: string(a.Event), Booking: string(a.Booking), Sitter: string(a.Sitter),
		At: micros(a.At), Open: a.Open, Resolved: a.Resolved,
	}, more)
}

func alertIn(it item) (routing.Alert, error) {
	a, err := parse[alertItem](it)
	k := keyOf(it)
	org := strings.TrimSuffix(strings.TrimPrefix(k.PK, "O#"), "#A")
	return routing.Alert{
		ID: routing.NewAlertID(routing.OrgID(org), k.SK), Kind: a.Kind, Severity: a.Severity, Text: a.Text, Thread: routing.ThreadID(a.Thread), Event: routing.EventID(a.Event),
		Booking: routing.BookingID(a.Booking), Sitter: routing.SitterID(a.Sitter), At: moment(a.At), Open: a.Open, Resolved: a.Resolved,
	}, err
}

type consentLineItem struct {
	At     int64  `dynamodbav:"at"`
	What   string `dynamodbav:"what"`
	Word   string `dynamodbav:"word,omitempty"`
	Number string `dynamodbav:"num,omitempty"`
	By     string `dynamodbav:"by"`
	Event  string `dynamodbav:"event,omitempty"`
}

func consentLineOut(org routing.OrgID, p routing.Phone, l ConsentLine) item {
	return record(consentLineKey(org, p, l.Order), "consent_line", consentLineItem{micros(l.At), l.What, l.Word, l.Number.E164(), l.By, string(l.Event)})
}

type clientItem struct {
	ID        string   `dynamodbav:"id"`
	Name      string   `dynamodbav:"name"`
	Phones    []string `dynamodbav:"ph,omitempty"`
	Recurring bool     `dynamodbav:"rec,omitempty"`
	Plan      string   `dynamodbav:"plan,omitempty"`
	Pets      []string `dynamodbav:"pets,omitempty"`
	Zone      string   `dynamodbav:"zone,omitempty"`
	OptedOut  bool     `dynamodbav:"out,omitempty"`
	Search    string   `dynamodbav:"search,omitempty"`
	Version   int64    `dynamodbav:"v"`
}

func clientOut(o routing.OrgID, c routing.Client) item {
	return record(clientKey(o, c.ID), "client", clientItem{
		ID: string(c.ID), Name: c.Name, Phones: phonesOut(c.Phones), Recurring: c.Recurring, Plan: c.Plan, Pets: c.Pets, Zone: c.Zone, OptedOut: c.OptedOut,
		Search: strings.ToLower(c.Name + "\n" + strings.Join(c.Pets, "\n") + "\n" + strings.Join(phonesOut(c.Phones), "\n")), Version: c.Version,
	})
}

func clientIn(it item) (routing.Client, error) {
	c, err := parse[clientItem](it)
	return routing.Client{
		ID: routing.ClientID(c.ID), Name: c.Name, Phones: phonesIn(c.Phones), Recurring: c.Recurring, Plan: c.Plan, Pets: c.Pets, Zone: c.Zone, OptedOut: c.OptedOut, Version: c.Version,
	}, err
}

type sitterItem struct {
	ID      string `dynamodbav:"id"`
	Name    string `dynamodbav:"name"`
	Active  bool   `dynamodbav:"active"`
	Phone   string `dynamodbav:"ph,omitempty"`
	Notify  bool   `dynamodbav:"notify,omitempty"`
	Locked  bool   `dynamodbav:"locked,omitempty"`
	Stopped int64  `dynamodbav:"stop,omitempty"`
	Number  string `dynamodbav:"nid,omitempty"`
	Version int64  `dynamodbav:"v"`
}

func sitterOut(o routing.OrgID, s routing.Sitter) item {
	return record(sitterKey(o, s.ID), "sitter", sitterItem{string(s.ID), s.Name, s.Active, s.Phone.E164(), s.Notify, s.Locked, s.Stopped, string(s.Number), s.Version})
}

func sitterIn(it item) (routing.Sitter, error) {
	s, err := parse[sitterItem](it)
	return routing.Sitter{ID: routing.SitterID(s.ID), Name: s.Name, Active: s.Active, Phone: phone(s.Phone), Notify: s.Notify, Locked: s.Locked, Stopped: s.Stopped, Number: routing.NumberID(s.Number), Version: s.Version}, err
}

type visitItem struct {
	ID    string `dynamodbav:"i"`
	Start int64  `dynamodbav:"s"`
	End   int64  `dynamodbav:"e"`
}

type bookingItem struct {
	ID         string      `dynamodbav:"id"`
	Org        string      `dynamodbav:"org"`
	Client     string      `dynamodbav:"client"`
	Sitter     string      `dynamodbav:"sitter,omitempty"`
	Service    string      `dynamodbav:"service"`
	Start      int64       `dynamodbav:"start"`
	End        int64       `dynamodbav:"end"`
	Visits     []visitItem `dynamodbav:"visits,omitempty"`
	Recurrence string      `dynamodbav:"rec,omitempty"`
	Status     string      `dynamodbav:"status"`
	Pets       []string    `dynamodbav:"pets,omitempty"`
	Meet       string      `dynamodbav:"meet,omitempty"`
	Knows      string      `dynamodbav:"knows,omitempty"`
	Version    int64       `dynamodbav:"v"`
	By         string      `dynamodbav:"by,omitempty"`
	Reason     string      `dynamodbav:"why,omitempty"`
}

func bookingOut(o routing.OrgID, b routing.Booking) item {
	i := bookingItem{
		ID: string(b.ID), Org: string(o), Client: string(b.Client), Sitter: string(b.Sitter), Service: b.Service, Start: millis(b.Start), End: millis(b.End), Recurrence: b.Recurrence,
		Status: b.Status, Pets: b.Pets, Meet: b.MeetAndGreet, Knows: string(b.Knows), Version: b.Version, By: b.By, Reason: b.Reason,
	}
	for _, v := range b.Visits {
		i.Visits = append(i.Visits, visitItem{string(v.ID), millis(v.Start), millis(v.End)})
	}
	more := index(1, bookingsPK(o), bookingSort(b.Start, b.ID))
	if b.Sitter != "" && b.Live() {
		// Whoever leaves, or is booked twice, is found without reading every booking.
		for n, v := range index(2, sitterBookingsPK(o, b.Sitter), bookingSort(b.End, b.ID)) {
			more[n] = v
		}
	}
	return record(bookingKey(o, b.ID), "booking", i, more)
}

func bookingIn(it item) (routing.OrgID, routing.Booking, error) {
	i, err := parse[bookingItem](it)
	b := routing.Booking{
		ID: routing.BookingID(i.ID), Client: routing.ClientID(i.Client), Sitter: routing.SitterID(i.Sitter), Service: i.Service, Start: instant(i.Start), End: instant(i.End),
		Recurrence: i.Recurrence, Status: i.Status, Pets: i.Pets, MeetAndGreet: i.Meet, Knows: routing.SitterID(i.Knows), Version: i.Version, By: i.By, Reason: i.Reason,
	}
	for _, v := range i.Visits {
		b.Visits = append(b.Visits, routing.Visit{ID: routing.VisitID(v.ID), Start: instant(v.Start), End: instant(v.End)})
	}
	return routing.OrgID(i.Org), b, err
}

type handedItem struct {
	At     int64  `dynamodbav:"at"`
	From   string `dynamodbav:"f,omitempty"`
	To     string `dynamodbav:"t,omitempty"`
	By     string `dynamodbav:"by,omitempty"`
	Reason string `dynamodbav:"why,omitempty"`
}

// historyOut packs lines of the history into one string, as windows are. Only a reason may
// hold the separator, and it comes last.
func historyOut(hs []routing.HandedOver) string {
	var lines []string
	for _, h := range hs {
		lines = append(lines, strings.Join([]string{strconv.FormatInt(micros(h.At), 36), string(h.Booking), string(h.From), string(h.To), h.By, h.Reason}, ","))
	}
	return strings.Join(lines, "\n")
}

func historyIn(s string) []routing.HandedOver {
	var hs []routing.HandedOver
	for line := range strings.SplitSeq(s, "\n") {
		f := strings.SplitN(line, ",", 6)
		if len(f) != 6 {
			continue
		}
		at, err := strconv.ParseInt(f[0], 36, 64)
		if err != nil {
			continue
		}
		hs = append(hs, routing.HandedOver{Booking: routing.BookingID(f[1]), Handed: routing.Handed{At: moment(at), From: routing.SitterID(f[2]), To: routing.SitterID(f[3]), By: f[4], Reason: f[5]}})
	}
	return hs
}

type assignItem struct {
	Booking   string           `dynamodbav:"bk"`
	Client    string           `dynamodbav:"client"`
	Version   int64            `dynamodbav:"v"`
	Rev       int64            `dynamodbav:"rev"`
	Sitter    string           `dynamodbav:"sitter,omitempty"`
	Thread    string           `dynamodbav:"thread,omitempty"`
	Before    string           `dynamodbav:"before,omitempty"`
	Windows   string           `dynamodbav:"w,omitempty"`
	Extended  map[string]int64 `dynamodbav:"ext,omitempty"`
	Told      string           `dynamodbav:"told,omitempty"`
	ToldEvent string           `dynamodbav:"toldEv,omitempty"`
	Suggested bool             `dynamodbav:"sug,omitempty"`
	NoNumber  bool             `dynamodbav:"nonum,omitempty"`
	Service   string           `dynamodbav:"service,omitempty"`
	History   []handedItem     `dynamodbav:"hist,omitempty"`
	Loose     []looseItem      `dynamodbav:"loose,omitempty"`
}

type looseItem struct {
	Thread  string `dynamodbav:"t"`
	Windows string `dynamodbav:"w"`
}

func assignOut(o routing.OrgID, a routing.Assignment) item {
	i := assignItem{
		Booking: string(a.Booking), Client: string(a.Client), Version: a.Version, Rev: a.Rev, Sitter: string(a.Sitter), Thread: string(a.Thread), Before: string(a.Before), Windows: windowsOut(a.Windows),
		Told: string(a.Told), ToldEvent: string(a.ToldEvent), Suggested: a.Suggested, NoNumber: a.NoNumber, Service: a.Service,
	}
	for v, d := range a.Extended {
		if i.Extended == nil {
			i.Extended = map[string]int64{}
		}
		i.Extended[string(v)] = d.Milliseconds()
	}
	for _, h := range a.History {
		i.History = append(i.History, handedItem{micros(h.At), string(h.From), string(h.To), h.By, h.Reason})
	}
	for _, l := range a.Loose {
		i.Loose = append(i.Loose, looseItem{string(l.Thread), windowsOut(l.Windows)})
	}
	var more item
	if a.Suggested {
		start := time.Time{}
		if len(a.Windows) > 0 {
			start = a.Windows[0].Start
		}
		more = index(2, suggestedPK(o), stamp(start)+"#"+string(a.Booking))
	}
	return record(assignKey(o, a.Booking), "assignment", i, more)
}

func assignIn(it item) (routing.Assignment, error) {
	i, err := parse[assignItem](it)
	a := routing.Assignment{
		Booking: routing.BookingID(i.Booking), Client: routing.ClientID(i.Client), Version: i.Version, Rev: i.Rev, Sitter: routing.SitterID(i.Sitter), Thread: routing.ThreadID(i.Thread),
		Before: routing.ThreadID(i.Before), Windows: windowsIn(i.Windows), Told: routing.SitterID(i.Told), ToldEvent: routing.EventID(i.ToldEvent), Suggested: i.Suggested, NoNumber: i.NoNumber, Service: i.Service,
	}
	for v, ms := range i.Extended {
		if a.Extended == nil {
			a.Extended = map[routing.VisitID]time.Duration{}
		}
		a.Extended[routing.VisitID(v)] = time.Duration(ms) * time.Millisecond
	}
	for _, h := range i.History {
		a.History = append(a.History, routing.Handed{At: moment(h.At), From: routing.SitterID(h.From), To: routing.SitterID(h.To), By: h.By, Reason: h.Reason})
	}
	for _, l := range i.Loose {
		a.Loose = append(a.Loose, routing.Loose{Thread: routing.ThreadID(l.Thread), Windows: windowsIn(l.Windows)})
	}
	return a, err
}

type heldItem struct {
	Thread string `dynamodbav:"t"`
	Kind   string `dynamodbav:"k"`
	Number string `dynamodbav:"n"`
	NumID  string `dynamodbav:"i"`
	Sitter string `dynamodbav:"s,omitempty"`
}

type dueItem struct {
	Booking string `dynamodbav:"b"`
	Sitter  string `dynamodbav:"s"`
	Windows string `dynamodbav:"w"`
}

type ledgerItem struct {
	Client  string     `dynamodbav:"client"`
	Rev     int64      `dynamodbav:"rev"`
	Threads []heldItem `dynamodbav:"threads,omitempty"`
	Due     []dueItem  `dynamodbav:"due,omitempty"`
}

func heldLine(t routing.Held) []heldItem {
	return []heldItem{{string(t.Thread), string(t.Kind), t.Number.E164(), string(t.NumID), string(t.Sitter)}}
}

func ledgerOut(o routing.OrgID, l routing.Ledger) item {
	i := ledgerItem{Client: string(l.Client), Rev: l.Rev}
	for _, t := range l.Threads {
		i.Threads = append(i.Threads, heldLine(t)...)
	}
	for _, d := range l.Due {
		i.Due = append(i.Due, dueItem{string(d.Booking), string(d.Sitter), windowsOut(d.Windows)})
	}
	return record(ledgerKey(o, l.Client), "ledger", i)
}

func ledgerIn(it item) (routing.Ledger, error) {
	i, err := parse[ledgerItem](it)
	l := routing.Ledger{Client: routing.ClientID(i.Client), Rev: i.Rev}
	for _, t := range i.Threads {
		l.Threads = append(l.Threads, routing.Held{Thread: routing.ThreadID(t.Thread), Kind: routing.Kind(t.Kind), Number: phone(t.Number), NumID: routing.NumberID(t.NumID), Sitter: routing.SitterID(t.Sitter)})
	}
	for _, d := range i.Due {
		l.Due = append(l.Due, routing.Due{Booking: routing.BookingID(d.Booking), Sitter: routing.SitterID(d.Sitter), Windows: windowsIn(d.Windows)})
	}
	return l, err
}

// windowsOut packs windows into one string, which costs a third of a list of maps.
// Ids cannot hold the separators.
func windowsOut(ws []routing.Window) string {
	var b strings.Builder
	for i, w := range ws {
		if i > 0 {
			b.WriteByte(';')
		}
		b.WriteString(string(w.Booking) + "," + string(w.Visit) + "," + string(w.Sitter) + "," + stamp(w.Start) + "," + stamp(w.End))
	}
	return b.String()
}

func windowsIn(s string) []routing.Window {
	if s == "" {
		return nil
	}
	var ws []routing.Window
	for part := range strings.SplitSeq(s, ";") {
		f := strings.Split(part, ",")
		if len(f) != 5 {
			continue
		}
		ws = append(ws, routing.Window{Booking: routing.BookingID(f[0]), Visit: routing.VisitID(f[1]), Sitter: routing.SitterID(f[2]), Start: unstamp(f[3]), End: unstamp(f[4])})
	}
	return ws
}

func phone(s string) routing.Phone {
	p, _ := routing.ParsePhone(s)
	return p
}

func phonesOut(ps []routing.Phone) []string {
	var out []string
	for _, p := range ps {
		out = append(out, p.E164())
	}
	return out
}

func phonesIn(ss []string) []routing.Phone {
	var out []routing.Phone
	for _, s := range ss {
		out = append(out, phone(s))
	}
	return out
}

func words[T ~string](ts []T) []string {
	var out []string
	for _, t := range ts {
		out = append(out, string(t))
	}
	return out
}

func ids[T ~string](ss []string) []T {
	var out []T
	for _, s := range ss {
		out = append(out, T(s))
	}
	return out
}

func jsonOut(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic("store: " + err.Error())
	}
	return string(b)
}

// millis and instant keep instants that people chose (windows, due times); micros
// and moment keep those that order what happened.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func moment(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}
