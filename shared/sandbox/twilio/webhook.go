package twilio

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// param keeps a form in the order in which the carrier writes it.
type param struct{ name, value string }

func encode(form []param) string {
	var out strings.Builder
	for i, p := range form {
		if i > 0 {
			out.WriteByte('&')
		}
		out.WriteString(url.QueryEscape(p.name) + "=" + url.QueryEscape(p.value))
	}
	return out.String()
}

// sign computes X-Twilio-Signature for a form posted to address.
func (c *Carrier) sign(address string, form []param) string {
	values := map[string][]string{}
	for _, p := range form {
		values[p.name] = append(values[p.name], p.value)
	}
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	mac := hmac.New(sha1.New, []byte(c.cfg.AuthToken))
	_, _ = io.WriteString(mac, address)
	for _, name := range names {
		slices.Sort(values[name])
		for _, value := range slices.Compact(values[name]) {
			_, _ = io.WriteString(mac, name+value)
		}
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// override is what a customer may ask for in a webhook address's fragment.
type override struct {
	address string // without the fragment
	repeats int
	on      []string // ct, rt, 4xx, 5xx, all
	read    time.Duration
	total   time.Duration
}

func overridesOf(address string) override {
	bare, fragment, _ := strings.Cut(address, "#")
	o := override{address: bare, repeats: 1, on: []string{"ct"}, read: 15 * time.Second, total: 15 * time.Second}
	for _, piece := range strings.Split(fragment, "&") {
		name, value, _ := strings.Cut(piece, "=")
		n, err := strconv.Atoi(value)
		switch {
		case name == "rc" && err == nil && n >= 0 && n <= 5:
			o.repeats = n
		case name == "rp" && value != "":
			o.on = strings.Split(value, ",")
		case name == "rt" && err == nil && n >= 100 && n <= 15000:
			o.read = time.Duration(n) * time.Millisecond
		case name == "tt" && err == nil && n >= 100 && n <= 15000:
			o.total = time.Duration(n) * time.Millisecond
		}
	}
	return o
}

// answer is what a webhook brought.
type answer struct {
	status   int // 0: none
	kind     string
	body     string
	failure  string // "", ct, rt, 4xx, 5xx
	attempts int
}

// code is what the carrier's debugger would call the failure; 0 if there is none.
func (a answer) code() int {
	switch a.failure {
	case "":
		return 0
	case "ct":
		return 11205
	}
	return 11200
}

// post delivers one form, repeating it as the address asks. late makes the
// first answer count as one that never came. count is called for each request.
func (c *Carrier) post(ctx context.Context, method, address string, form []param, late bool, count func(repeat bool)) answer {
	o := overridesOf(address)
	ctx, cancel := context.WithTimeout(ctx, o.total)
	defer cancel()
	defer context.AfterFunc(c.stop, cancel)()
	token := newToken() // the same for every repeat: it is what tells them apart from new requests
	var a answer
	for try := 0; ; try++ {
		count(try > 0)
		got := c.once(ctx, method, o, form, token)
		got.attempts = try + 1
		if late && try == 0 {
			got = answer{failure: "rt", attempts: 1}
		}
		a = got
		if a.failure == "" || try >= o.repeats || ctx.Err() != nil {
			return a
		}
		if !slices.Contains(o.on, a.failure) && !slices.Contains(o.on, "all") {
			return a
		}
	}
}

func (c *Carrier) once(ctx context.Context, method string, o override, form []param, token string) answer {
	ctx, cancel := context.WithTimeout(ctx, o.read)
	defer cancel()
	address, signed, body := o.address, form, encode(form)
	if method == http.MethodGet {
		joint := "?"
		if strings.Contains(address, "?") {
			joint = "&"
		}
		address, signed, body = address+joint+body, nil, ""
	}
	req, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(body))
	if err != nil {
		return answer{failure: "ct"}
	}
	withoutUser := address
	if req.URL.User != nil {
		withoutUser = strings.Replace(address, req.URL.User.String()+"@", "", 1)
		password, _ := req.URL.User.Password()
		req.SetBasicAuth(req.URL.User.Username(), password)
	}
	req.Header.Set("Accept", "*/*")
	req.Header.Set("User-Agent", "TwilioProxy/1.1")
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	}
	req.Header.Set("X-Twilio-Signature", c.sign(withoutUser, signed))
	req.Header.Set("I-Twilio-Idempotency-Token", token)
	req.Header.Set("X-Home-Region", "us1")
	res, err := c.cfg.HTTP.Do(req)
	if err != nil {
		var dial *net.OpError
		if errors.As(err, &dial) && dial.Op == "dial" {
			return answer{failure: "ct"}
		}
		return answer{failure: "rt"}
	}
	defer res.Body.Close()
	content, err := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	if err != nil {
		return answer{failure: "rt"}
	}
	a := answer{status: res.StatusCode, kind: res.Header.Get("Content-Type"), body: string(content)}
	switch {
	case res.StatusCode >= 500:
		a.failure = "5xx"
	case res.StatusCode >= 300:
		a.failure = "4xx"
	}
	return a
}

// ErrUnknownNumber is answered to a phone that texts a number nobody rents.
var ErrUnknownNumber = errors.New("no such number at the carrier")

// Text is a phone texting one of the customer's numbers. It returns once the
// webhook (or, after it, the fallback) has answered. sid may be empty; given
// again, it is the same message delivered once more. The error is only for
// what no phone could have done; a webhook that fails is in the result.
func (c *Carrier) Text(ctx context.Context, from, to, body string, media []string, sid string) (TextResult, error) {
	if !isE164(from) && !isShortCode(from) {
		return TextResult{}, errors.New("the texting phone is no phone")
	}
	if len(media) > 10 {
		return TextResult{}, errors.New("a message carries at most 10 media")
	}
	c.mu.Lock()
	n := c.rented(to)
	if n == nil && c.cfg.DefaultSMSURL != "" && isE164(to) {
		n = &number{phone: to, smsURL: c.cfg.DefaultSMSURL, fallbackURL: c.cfg.DefaultFallbackURL}
	}
	if n == nil {
		c.mu.Unlock()
		return TextResult{}, ErrUnknownNumber
	}
	if !c.begin() {
		c.mu.Unlock()
		return TextResult{}, errClosed
	}
	defer c.end()
	c.counts.TextsReceived++
	m, known := c.bySid[sid]
	keyword := ""
	if !known || m.direction != "inbound" {
		if known {
			c.mu.Unlock()
			return TextResult{}, errors.New("this sid belongs to a message of the customer's")
		}
		m = c.logInbound(from, to, body, media, sid)
		keyword = c.keyword(m)
	} else {
		keyword = keywordOf(m.body)
	}
	hook := *n
	fault := c.takeFault(onWebhook)
	c.mu.Unlock()

	if fault == "webhook-lost" {
		c.count(func(k *Metrics) { k.WebhooksLost++ })
		return TextResult{Sid: m.sid}, nil
	}
	result := c.notify(ctx, hook, m, keyword, fault == "webhook-timeout")
	if fault == "webhook-twice" {
		again := c.notify(ctx, hook, m, keyword, false)
		result.Attempts += again.Attempts
	}
	return result, nil
}

// logInbound writes a text into the log; the lock must be held.
func (c *Carrier) logInbound(from, to, body string, media []string, sid string) *message {
	if sid == "" {
		sid = c.sid("SM")
		if len(media) > 0 {
			sid = c.sid("MM")
		}
	}
	now := c.now()
	m := &message{sid: sid, from: from, to: to, body: body, direction: "inbound", status: "received", created: now, updated: now, dated: now}
	m.media = c.keepMedia(m.sid, media)
	c.log = append(c.log, m)
	c.bySid[m.sid] = m
	return m
}

// notify posts an inbound text to its number's webhook, then if need be to the
// fallback, and carries out the TwiML of whichever answered.
func (c *Carrier) notify(ctx context.Context, n number, m *message, keyword string, late bool) TextResult {
	form := c.inboundForm(m, keyword)
	posted := func(repeat bool) {
		c.count(func(k *Metrics) {
			k.WebhooksPosted++
			if repeat {
				k.WebhooksRepeated++
			}
		})
	}
	result := TextResult{Sid: m.sid}
	if n.smsURL == "" {
		return result
	}
	a := c.post(ctx, methodOr(n.smsMethod), n.smsURL, form, late, posted)
	result.Status, result.TwiML, result.Attempts = a.status, a.body, a.attempts
	code := a.code()
	var verbs []reply
	if code == 0 {
		verbs, code = repliesIn(a)
	}
	if code != 0 && n.fallbackURL != "" {
		c.count(func(k *Metrics) { k.Fallbacks++ })
		failed, _, _ := strings.Cut(n.smsURL, "#")
		form = append(form, param{"ErrorCode", strconv.Itoa(code)}, param{"ErrorUrl", failed})
		a = c.post(ctx, methodOr(n.fallbackMethod), n.fallbackURL, form, false, posted)
		result.Status, result.TwiML, result.Fallback = a.status, a.body, true
		result.Attempts += a.attempts
		if verbs = nil; a.code() == 0 {
			verbs, _ = repliesIn(a)
		}
	}
	for _, v := range verbs {
		c.reply(m, v)
	}
	return result
}

func methodOr(method string) string {
	if method == http.MethodGet {
		return http.MethodGet
	}
	return http.MethodPost
}

// inboundForm is the order and the content of real deliveries.
func (c *Carrier) inboundForm(m *message, keyword string) []param {
	country := func(phone string) string {
		if strings.HasPrefix(phone, "+1") {
			return "US"
		}
		return ""
	}
	form := []param{{"ToCountry", country(m.to)}}
	for i, item := range m.media {
		form = append(form, param{"MediaContentType" + strconv.Itoa(i), item.contentType})
	}
	form = append(form,
		param{"ToState", ""}, param{"SmsMessageSid", m.sid}, param{"NumMedia", strconv.Itoa(len(m.media))},
		param{"ToCity", ""}, param{"FromZip", ""}, param{"SmsSid", m.sid}, param{"FromState", ""},
		param{"SmsStatus", "received"}, param{"FromCity", ""}, param{"Body", m.body},
		param{"FromCountry", country(m.from)}, param{"To", m.to}, param{"ToZip", ""},
		param{"NumSegments", strconv.Itoa(segments(m.body))}, param{"MessageSid", m.sid},
		param{"AccountSid", c.cfg.AccountSid}, param{"From", m.from},
	)
	for i, item := range m.media {
		form = append(form, param{"MediaUrl" + strconv.Itoa(i), c.cfg.APIBaseURL + strings.TrimSuffix(c.mediaURI(item), ".json")})
	}
	form = append(form, param{"ApiVersion", "2010-04-01"})
	if c.cfg.AdvancedOptOut && keyword != "" {
		form = append(form, param{"OptOutType", keyword})
	}
	return form
}

// keywordOf answers STOP, START or HELP for the words to which the carrier
// itself reacts: one word, in any case, nothing else beside it.
func keywordOf(body string) string {
	switch strings.ToUpper(strings.TrimSpace(body)) {
	case "STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT":
		return "STOP"
	case "START", "YES", "UNSTOP":
		return "START"
	case "HELP", "INFO":
		return "HELP"
	}
	return ""
}

// keyword carries out what a keyword does at the carrier, and says which it
// was. A START word of somebody who is not opted out does nothing. The lock
// must be held.
func (c *Carrier) keyword(m *message) string {
	pair := pairKey{m.to, m.from}
	word := keywordOf(m.body)
	var say string
	switch {
	case word == "STOP" && !c.blocked[pair]:
		c.blocked[pair] = true
		say = "You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START to resubscribe."
	case word == "START" && c.blocked[pair]:
		delete(c.blocked, pair)
		say = "You have successfully been re-subscribed to messages from this number. Reply HELP for help. Reply STOP to unsubscribe. Msg&Data Rates May Apply."
	case word == "START":
		word = ""
	case word == "HELP":
		say = "Reply STOP to unsubscribe. Msg&Data Rates May Apply."
	}
	if say != "" {
		c.counts.KeywordReplies++
		c.inbox[m.from] = append(c.inbox[m.from], Text{From: m.to, Body: say, At: c.now(), Sid: c.sid("SM")})
	}
	return word
}

// reply is one <Message> of a TwiML answer.
type reply struct {
	To       string   `xml:"to,attr"`
	From     string   `xml:"from,attr"`
	Action   string   `xml:"action,attr"`
	Callback string   `xml:"statusCallback,attr"`
	Body     []string `xml:"Body"`
	Media    []string `xml:"Media"`
	Text     string   `xml:",chardata"`
}

// repliesIn reads TwiML, or answers the code with which the carrier refuses it.
func repliesIn(a answer) ([]reply, int) {
	if strings.TrimSpace(a.body) == "" {
		return nil, 0
	}
	kind, _, err := mime.ParseMediaType(a.kind)
	if err != nil {
		return nil, 12300
	}
	switch kind {
	case "text/xml", "application/xml", "text/html":
	case "text/plain":
		return []reply{{Text: a.body}}, 0
	default:
		return nil, 12300
	}
	var doc struct {
		XMLName xml.Name
		Message []reply `xml:"Message"`
	}
	decoder := xml.NewDecoder(bytes.NewReader([]byte(a.body)))
	if err := decoder.Decode(&doc); err != nil || doc.XMLName.Local != "Response" {
		return nil, 12100
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, 12100
	}
	return doc.Message, 0
}

// reply sends one <Message> of the answer to m.
func (c *Carrier) reply(m *message, v reply) {
	c.mu.Lock()
	defer c.mu.Unlock()
	from, to := v.From, v.To
	if from == "" {
		from = m.to
	}
	if to == "" {
		to = m.from
	}
	body := strings.TrimSpace(strings.Join(v.Body, ""))
	if len(v.Body) == 0 {
		body = strings.TrimSpace(v.Text)
	}
	rented := c.rented(from) != nil || from == m.to
	if from == to || !rented || c.blocked[pairKey{from, to}] || body == "" && len(v.Media) == 0 {
		c.counts.RepliesBlocked++
		return
	}
	c.counts.RepliesSent++
	callback := v.Callback
	if callback == "" {
		callback = v.Action
	}
	c.accept(from, to, body, v.Media, callback, "outbound-reply", "")
}

func (c *Carrier) count(f func(*Metrics)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f(&c.counts)
}

// segments counts what a body is billed as.
func segments(body string) int {
	septets, units, gsm := 0, 0, true
	for _, r := range body {
		units++
		if r > 0xFFFF {
			units++
		}
		switch {
		case strings.ContainsRune(gsmBasic, r):
			septets++
		case strings.ContainsRune(gsmExtended, r):
			septets += 2
		default:
			gsm = false
		}
	}
	one, many, n := 160, 153, septets
	if !gsm {
		one, many, n = 70, 67, units
	}
	if n <= one {
		return 1
	}
	return (n + many - 1) / many
}

const (
	gsmBasic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsmExtended = "\f^{}\\[~]|€"
)
