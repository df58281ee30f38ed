package twilio

import (
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// fault is an error answer of the REST API.
type fault struct {
	Code     int    `json:"code"`
	Message  string `json:"message"`
	MoreInfo string `json:"more_info"`
	Status   int    `json:"status"`
}

func refuse(status, code int, message string) *fault {
	return &fault{code, message, "https://www.twilio.com/docs/errors/" + strconv.Itoa(code), status}
}

// ServeHTTP is the REST API. Where a fault says so it drops the connection by
// panicking with http.ErrAbortHandler, as net/http provides for.
func (c *Carrier) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Twilio-Concurrent-Requests", "1")
	w.Header().Set("Twilio-Request-Id", c.sid("RQ"))
	rest, ok := strings.CutPrefix(r.URL.Path, "/2010-04-01/")
	if !ok {
		c.answerFault(w, notFound(r))
		return
	}
	if name, ok := strings.CutPrefix(rest, "MediaStore/"); ok {
		c.serveStored(w, r, name)
		return
	}
	user, password, _ := r.BasicAuth()
	if subtle.ConstantTimeCompare([]byte(user+":"+password), []byte(c.cfg.AccountSid+":"+c.cfg.AuthToken)) != 1 {
		w.Header().Set("WWW-Authenticate", `Basic realm="Twilio API"`)
		c.answerFault(w, refuse(http.StatusUnauthorized, 20003, "Authenticate"))
		return
	}
	rest, ok = strings.CutPrefix(rest, "Accounts/"+c.cfg.AccountSid+"/")
	if !ok {
		c.answerFault(w, notFound(r))
		return
	}
	if err := r.ParseForm(); err != nil {
		c.answerFault(w, refuse(http.StatusBadRequest, 20001, "The request cannot be parsed"))
		return
	}
	if rest == "Messages.json" && r.Method == http.MethodPost {
		c.create(w, r)
		return
	}
	c.mu.Lock()
	misbehave := c.takeFault(onRead)
	c.mu.Unlock()
	switch misbehave {
	case "list-500":
		c.answerFault(w, refuse(http.StatusInternalServerError, 20500, "Internal Server Error"))
		return
	case "list-429":
		c.answerFault(w, refuse(http.StatusTooManyRequests, 20429, "Too Many Requests"))
		return
	case "list-timeout":
		// The answer begins and never ends. Where not a byte of it came on a connection that
		// was kept, net/http asks again by itself, which it does after no real timeout.
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			_, _ = conn.Write([]byte("HTTP/1.1 2"))
			_ = conn.Close()
			return
		}
		panic(http.ErrAbortHandler)
	}
	piece := strings.Split(rest, "/")
	switch {
	case rest == "Messages.json":
		c.method(w, r, map[string]http.HandlerFunc{http.MethodGet: c.listMessages})
	case rest == "IncomingPhoneNumbers.json":
		c.method(w, r, map[string]http.HandlerFunc{http.MethodGet: c.listNumbers, http.MethodPost: c.rentNumber})
	case len(piece) == 2 && piece[0] == "IncomingPhoneNumbers":
		c.numberResource(w, r, strings.TrimSuffix(piece[1], ".json"))
	case len(piece) == 2 && piece[0] == "Messages":
		c.messageResource(w, r, strings.TrimSuffix(piece[1], ".json"))
	case len(piece) == 3 && piece[0] == "Messages" && piece[2] == "Media.json":
		c.listMedia(w, r, piece[1])
	case len(piece) == 4 && piece[0] == "Messages" && piece[2] == "Media":
		c.mediaResource(w, r, piece[1], piece[3])
	default:
		c.answerFault(w, notFound(r))
	}
}

func (c *Carrier) method(w http.ResponseWriter, r *http.Request, by map[string]http.HandlerFunc) {
	if h, ok := by[r.Method]; ok {
		h(w, r)
		return
	}
	c.answerFault(w, refuse(http.StatusMethodNotAllowed, 20004, "Method not allowed"))
}

func notFound(r *http.Request) *fault {
	return refuse(http.StatusNotFound, 20404, "The requested resource "+r.URL.Path+" was not found")
}

func (c *Carrier) answerFault(w http.ResponseWriter, f *fault) { c.answerJSON(w, f.Status, f) }

func (c *Carrier) answerJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the customer has gone; nothing can be done
}

// create is POST Messages.json.
func (c *Carrier) create(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	misbehave := c.takeFault(onCreate)
	code, _ := strconv.Atoi(misbehave)
	later := "" // a code with which the message will fail after it was taken
	switch {
	case misbehave == "timeout-before-accept":
		c.counts.MessagesRefused++
		c.mu.Unlock()
		panic(http.ErrAbortHandler)
	case misbehave == "500", misbehave == "503":
		c.counts.MessagesRefused++
		c.mu.Unlock()
		c.answerFault(w, refuse(code, 20000+code, "Internal Server Error"))
		return
	case misbehave == "429":
		c.counts.MessagesRefused++
		c.mu.Unlock()
		c.answerFault(w, refuse(http.StatusTooManyRequests, 20429, "Too Many Requests"))
		return
	case isLate(code):
		later = misbehave
	case code >= 10000:
		c.counts.MessagesRefused++
		c.mu.Unlock()
		c.answerFault(w, refusal(code, r.PostForm))
		return
	}
	if f := c.refuses(r.PostForm); f != nil {
		c.counts.MessagesRefused++
		c.mu.Unlock()
		c.answerFault(w, f)
		return
	}
	f := r.PostForm
	if c.closed {
		c.mu.Unlock()
		c.answerFault(w, refuse(http.StatusServiceUnavailable, 20503, "Service Unavailable"))
		return
	}
	m := c.accept(f.Get("From"), f.Get("To"), f.Get("Body"), f["MediaUrl"], f.Get("StatusCallback"), "outbound-api", later)
	c.counts.MessagesCreated++
	lost := strings.HasSuffix(misbehave, "-after-accept")
	if lost {
		c.counts.AnswersLost++
	}
	// The answer says queued whatever the reports, already on their way, have
	// made of it.
	answer := c.messageJSON(m)
	answer["status"], answer["date_sent"] = "queued", nil
	answer["error_code"], answer["error_message"] = nil, nil
	c.mu.Unlock()
	switch misbehave {
	case "timeout-after-accept":
		panic(http.ErrAbortHandler)
	case "500-after-accept":
		c.answerFault(w, refuse(http.StatusInternalServerError, 20500, "Internal Server Error"))
	case "garbage-after-accept":
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write([]byte("<html>created"))
	default:
		c.answerJSON(w, http.StatusCreated, answer)
	}
}

// isLate tells whether a code comes in a status report and not in the answer
// to the create.
func isLate(code int) bool {
	return code >= 30000 && code < 30600 || code >= 63000 && code < 64000
}

// refuses checks a create as the carrier does; the lock must be held.
func (c *Carrier) refuses(f url.Values) *fault {
	to, from := f.Get("To"), f.Get("From")
	switch {
	case to == "":
		return refusal(21604, f)
	case from == "":
		return refusal(21603, f)
	case !isE164(to):
		return refusal(21211, f)
	case !isE164(from) && !isShortCode(from):
		return refusal(21212, f)
	case to == from:
		return refusal(21266, f)
	}
	n := c.rented(from)
	switch {
	case n == nil:
		return refuse(http.StatusBadRequest, 21660, "Mismatch between the 'From' number "+from+" and the account "+c.cfg.AccountSid)
	case !n.sms:
		return refusal(21606, f)
	}
	body, media := f.Get("Body"), f["MediaUrl"]
	switch {
	case body == "" && len(media) == 0:
		return refusal(21602, f)
	case utf8.RuneCountInString(body) > 1600:
		return refusal(21617, f)
	case len(media) > 10:
		return refusal(21623, f)
	case slices.ContainsFunc(media, func(u string) bool { return !isWebURL(u) }):
		return refusal(21620, f)
	}
	if callback, given := f["StatusCallback"]; given && !c.validCallback(callback[0]) {
		return refusal(21609, f)
	}
	if period, given := f["ValidityPeriod"]; given {
		if n, err := strconv.Atoi(period[0]); err != nil || n < 1 || n > 36000 {
			return refusal(21624, f)
		}
	}
	if c.blocked[pairKey{from, to}] {
		return refusal(21610, f)
	}
	return nil
}

// refusal words a code as the carrier does, numbers and addresses included.
func refusal(code int, f url.Values) *fault {
	to, from := f.Get("To"), f.Get("From")
	status, message := http.StatusBadRequest, "The request was refused for "+from+" to "+to
	switch code {
	case 20003:
		status, message = http.StatusUnauthorized, "Authenticate"
	case 20404:
		status, message = http.StatusNotFound, "The requested resource was not found"
	case 20429:
		status, message = http.StatusTooManyRequests, "Too Many Requests"
	case 20500, 20503:
		status, message = code-20000, "Internal Server Error"
	case 21211:
		message = "The 'To' number " + to + " is not a valid phone number."
	case 21212:
		message = "The 'From' number " + from + " is not a valid phone number, shortcode, or alphanumeric sender ID."
	case 21266:
		message = "'To' and 'From' number cannot be the same: " + to
	case 21408:
		message = "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: " + to
	case 21602:
		message = "Message body is required."
	case 21603:
		message = "A 'From' phone number is required."
	case 21604:
		message = "A 'To' phone number is required."
	case 21606:
		message = "The 'From' phone number " + from + " is not a valid, SMS-capable inbound phone number or short code for your account."
	case 21609:
		message = "The 'StatusCallback' URL " + f.Get("StatusCallback") + " is not a valid URL."
	case 21610:
		message = "Attempt to send to unsubscribed recipient"
	case 21611:
		message = "The 'From' number " + from + " has exceeded the maximum number of queued messages"
	case 21612:
		message = "Message cannot be sent with the current combination of 'To' (" + to + ") and/or 'From' (" + from + ") parameters"
	case 21614:
		message = "'To' number: " + to + ", is not a mobile number"
	case 21617:
		message = "The concatenated message body exceeds the 1600 character limit"
	case 21620:
		message = "Invalid media URL(s): " + strings.Join(f["MediaUrl"], ", ")
	case 21623:
		message = "Number of media files exceeds allowed limit"
	case 21624:
		message = "Invalid validity period value"
	}
	return refuse(status, code, message)
}

func (c *Carrier) path(format string, args ...any) string {
	return "/2010-04-01/Accounts/" + c.cfg.AccountSid + "/" + fmt.Sprintf(format, args...)
}

func rfc2822(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format(time.RFC1123Z)
}

// messageJSON is the whole message resource; the lock must be held.
func (c *Carrier) messageJSON(m *message) map[string]any {
	var code, words any
	if m.errorCode != 0 {
		code, words = m.errorCode, "Message delivery failed"
	}
	return map[string]any{
		"account_sid": c.cfg.AccountSid, "api_version": "2010-04-01", "body": m.body,
		"date_created": rfc2822(m.created), "date_updated": rfc2822(m.updated), "date_sent": rfc2822(m.dated),
		"direction": m.direction, "error_code": code, "error_message": words,
		"from": m.from, "to": m.to, "messaging_service_sid": nil,
		"num_media": strconv.Itoa(len(m.media)), "num_segments": strconv.Itoa(segments(m.body)),
		"price": nil, "price_unit": "USD", "sid": m.sid, "status": m.status,
		"subresource_uris": map[string]any{"media": c.path("Messages/%s/Media.json", m.sid)},
		"uri":              c.path("Messages/%s.json", m.sid),
	}
}

func (c *Carrier) messageResource(w http.ResponseWriter, r *http.Request, sid string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	m, ok := c.bySid[sid]
	if !ok || m.deleted {
		c.answerFault(w, notFound(r))
		return
	}
	c.method(w, r, map[string]http.HandlerFunc{
		http.MethodGet: func(w http.ResponseWriter, _ *http.Request) {
			c.answerJSON(w, http.StatusOK, c.messageJSON(m))
		},
		http.MethodDelete: func(w http.ResponseWriter, r *http.Request) {
			if m.direction != "inbound" && (m.status == "queued" || m.status == "sending") {
				c.answerFault(w, refuse(http.StatusConflict, 20009, "Cannot delete message because delivery has not been completed."))
				return
			}
			m.deleted = true
			for _, item := range m.media { // the carrier takes them away with their message
				item.deleted = true
			}
			w.WriteHeader(http.StatusNoContent)
		},
	})
}

func (c *Carrier) listMessages(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	c.mu.Lock()
	defer c.mu.Unlock()
	var found []*message
	for _, m := range slices.Backward(c.log) {
		if m.deleted || q.Get("To") != "" && q.Get("To") != m.to || q.Get("From") != "" && q.Get("From") != m.from {
			continue
		}
		if !sentWithin(q, m.dated) {
			continue
		}
		found = append(found, m)
	}
	slices.SortStableFunc(found, func(a, b *message) int { return b.created.Compare(a.created) })
	c.page(w, r, "messages", found, func(m *message) string { return m.sid }, func(m *message) any { return c.messageJSON(m) })
}

// sentWithin applies the three DateSent filters. A message that still waits has
// no date and fits none of them. The filters go by the day where a day is
// given, else by the second.
func sentWithin(q url.Values, sent time.Time) bool {
	for _, filter := range []struct {
		name string
		fits func(from, to time.Time) bool
	}{
		{"DateSent", func(from, to time.Time) bool { return !sent.Before(from) && sent.Before(to) }},
		{"DateSent>", func(from, _ time.Time) bool { return !sent.Before(from) }},
		{"DateSent<", func(_, to time.Time) bool { return sent.Before(to) }},
	} {
		value := q.Get(filter.name)
		if value == "" {
			continue
		}
		from, err := time.Parse(time.RFC3339, value)
		to := from.Add(time.Second)
		if err != nil {
			if from, err = time.Parse(time.DateOnly, value); err != nil {
				return false
			}
			to = from.AddDate(0, 0, 1)
		}
		if sent.IsZero() || !filter.fits(from, to) {
			return false
		}
	}
	return true
}

// page answers one page of a list. Its token names the last element of the page
// before, so that what is added meanwhile neither repeats nor hides anything.
func (c *Carrier) pageOf(q url.Values, sids []string) (start, end, size, number int) {
	size, err := strconv.Atoi(q.Get("PageSize"))
	if err != nil || size < 1 {
		size = 50
	}
	size = min(size, 1000)
	number, _ = strconv.Atoi(q.Get("Page"))
	start = min(max(number, 0)*size, len(sids))
	if last, ok := strings.CutPrefix(q.Get("PageToken"), "PA"); ok {
		if i := slices.Index(sids, last); i >= 0 {
			start = i + 1
		}
	}
	return start, min(start+size, len(sids)), size, number
}

func (c *Carrier) page(w http.ResponseWriter, r *http.Request, key string, found []*message, sid func(*message) string, body func(*message) any) {
	sids := make([]string, len(found))
	for i, m := range found {
		sids[i] = sid(m)
	}
	items := make([]any, len(found))
	for i, m := range found {
		items[i] = body(m)
	}
	c.answerPage(w, r, key, sids, items)
}

func (c *Carrier) answerPage(w http.ResponseWriter, r *http.Request, key string, sids []string, items []any) {
	q := r.URL.Query()
	start, end, size, number := c.pageOf(q, sids)
	link := func(number int, token string) string {
		next := url.Values{}
		for name, values := range q {
			if name != "Page" && name != "PageToken" {
				next[name] = values
			}
		}
		next.Set("PageSize", strconv.Itoa(size))
		next.Set("Page", strconv.Itoa(number))
		if token != "" {
			next.Set("PageToken", token)
		}
		return r.URL.Path + "?" + next.Encode()
	}
	var next, previous any
	if end < len(sids) {
		next = link(number+1, "PA"+sids[end-1])
	}
	if number > 0 {
		previous = link(number-1, "")
	}
	c.answerJSON(w, http.StatusOK, map[string]any{
		key: append([]any{}, items[start:end]...), "page": number, "page_size": size, "start": start, "end": max(start, end-1),
		"uri": r.URL.RequestURI(), "first_page_uri": link(0, ""), "next_page_uri": next, "previous_page_uri": previous,
	})
}

// numberJSON is the whole number resource; the lock must be held.
func (c *Carrier) numberJSON(n *number) map[string]any {
	return map[string]any{
		"account_sid": c.cfg.AccountSid, "sid": n.sid, "phone_number": n.phone, "friendly_name": n.name,
		"api_version": "2010-04-01", "beta": false, "origin": "twilio", "status": "in-use", "type": "local",
		"capabilities": map[string]bool{"sms": n.sms, "mms": n.mms, "voice": n.voice, "fax": false},
		"date_created": rfc2822(n.created), "date_updated": rfc2822(n.updated),
		"sms_url": n.smsURL, "sms_method": n.smsMethod,
		"sms_fallback_url": n.fallbackURL, "sms_fallback_method": n.fallbackMethod,
		"sms_application_sid": n.applicationSid, "status_callback": n.statusURL, "status_callback_method": n.statusMethod, "uri": c.path("IncomingPhoneNumbers/%s.json", n.sid),
	}
}

func (c *Carrier) listNumbers(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	want := r.URL.Query().Get("PhoneNumber")
	var sids []string
	var items []any
	for _, n := range c.numbers {
		if want == "" || strings.Contains(n.phone, strings.TrimPrefix(want, "+")) {
			sids, items = append(sids, n.sid), append(items, c.numberJSON(n))
		}
	}
	c.answerPage(w, r, "incoming_phone_numbers", sids, items)
}

// rentNumber is POST IncomingPhoneNumbers.json: a number for the customer, by itself;
// every number is for rent here.
func (c *Carrier) rentNumber(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e164 := r.PostForm.Get("PhoneNumber")
	switch {
	case !isE164(e164):
		c.answerFault(w, refuse(http.StatusBadRequest, 21421, "PhoneNumber is not valid: "+e164))
		return
	case c.rented(e164) != nil:
		c.answerFault(w, refuse(http.StatusBadRequest, 21422, "PhoneNumber is not available: "+e164))
		return
	}
	n := &number{sid: c.sid("PN"), phone: e164, name: e164, created: c.now(), updated: c.now(), sms: true, mms: true, voice: true,
		smsMethod: "POST", fallbackMethod: "POST", statusMethod: "POST"}
	if f := n.set(r.PostForm); f != nil {
		c.answerFault(w, f)
		return
	}
	c.numbers = append(c.numbers, n)
	c.answerJSON(w, http.StatusCreated, c.numberJSON(n))
}

// set takes over what a form says of a number, all of it or nothing.
func (n *number) set(form url.Values) *fault {
	for _, name := range []string{"SmsUrl", "SmsFallbackUrl", "StatusCallback"} {
		if u := form.Get(name); u != "" && !isWebURL(u) {
			return refuse(http.StatusBadRequest, 21502, name+" is not valid: "+u)
		}
	}
	for _, name := range []string{"SmsMethod", "SmsFallbackMethod", "StatusCallbackMethod"} {
		if v, given := form[name]; given && v[0] != "GET" && v[0] != "POST" {
			return refuse(http.StatusBadRequest, 21503, name+" is not valid: "+v[0])
		}
	}
	for name, field := range map[string]*string{
		"SmsUrl": &n.smsURL, "SmsMethod": &n.smsMethod, "SmsFallbackUrl": &n.fallbackURL,
		"SmsFallbackMethod": &n.fallbackMethod, "SmsApplicationSid": &n.applicationSid, "FriendlyName": &n.name,
		"StatusCallback": &n.statusURL, "StatusCallbackMethod": &n.statusMethod,
	} {
		if v, given := form[name]; given {
			*field = v[0]
		}
	}
	return nil
}

func (c *Carrier) numberResource(w http.ResponseWriter, r *http.Request, sid string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.IndexFunc(c.numbers, func(n *number) bool { return n.sid == sid })
	if i < 0 {
		c.answerFault(w, notFound(r))
		return
	}
	n := c.numbers[i]
	c.method(w, r, map[string]http.HandlerFunc{
		http.MethodGet: func(w http.ResponseWriter, _ *http.Request) {
			c.answerJSON(w, http.StatusOK, c.numberJSON(n))
		},
		http.MethodPost: func(w http.ResponseWriter, r *http.Request) {
			if f := n.set(r.PostForm); f != nil {
				c.answerFault(w, f)
				return
			}
			n.updated = c.now()
			c.answerJSON(w, http.StatusOK, c.numberJSON(n))
		},
	})
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
