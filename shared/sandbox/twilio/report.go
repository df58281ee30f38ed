package twilio

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// accept takes a message: into the log, to the phone, and its reports on their
// way. failCode, if not empty, is the code with which it will not be delivered.
// The lock must be held.
func (c *Carrier) accept(from, to, body string, media []string, callback, direction, failCode string) *message {
	now := c.now()
	sid := c.sid("SM")
	if len(media) > 0 {
		sid = c.sid("MM")
	}
	m := &message{
		sid: sid, from: from, to: to, body: body, direction: direction, status: "queued",
		callback: callback, created: now, updated: now,
	}
	m.media = c.keepMedia(sid, media)
	c.log = append(c.log, m)
	c.bySid[sid] = m
	code, _ := strconv.Atoi(failCode)
	if code == 0 {
		c.deliver(m, media)
	}
	steps := stepsOf(code)
	manner := c.takeFault(onSending)
	if c.begin() {
		c.cfg.Spawn(func() {
			defer c.end()
			c.report(m, steps, code, manner)
		})
	}
	return m
}

// stepsOf lists the statuses after queued. A message that its own account or
// queue stops fails before it is sent; one that the other network refuses is
// undelivered after it.
func stepsOf(code int) []string {
	switch code {
	case 0:
		return []string{"sending", "sent", "delivered"}
	case 30003, 30004, 30005, 30006, 30007, 30008, 30011, 30017, 30019, 30410, 63018:
		return []string{"sending", "sent", "undelivered"}
	}
	return []string{"sending", "failed"}
}

// deliver puts a message on the phone it was sent to, or, where that is a
// number of the customer's own, texts it to its webhook. The lock must be held.
func (c *Carrier) deliver(m *message, media []string) {
	n := c.rented(m.to)
	if n == nil {
		c.inbox[m.to] = append(c.inbox[m.to], Text{From: m.from, Body: m.body, At: c.now(), Sid: m.sid, Media: slices.Clone(media)})
		return
	}
	if !c.begin() {
		return
	}
	in, hook := c.logInbound(m.from, m.to, m.body, media, ""), *n
	c.counts.TextsReceived++
	c.cfg.Spawn(func() {
		defer c.end()
		c.notify(c.stop, hook, in, "", false)
	})
}

// report moves a message through its statuses and tells the customer of each.
func (c *Carrier) report(m *message, steps []string, code int, manner string) {
	select {
	case c.reporters <- struct{}{}:
		defer func() { <-c.reporters }()
	case <-c.stop.Done():
		return
	}
	tell := func(step string) {
		if m.callback == "" || c.stop.Err() != nil {
			return
		}
		c.mu.Lock()
		fault := c.takeFault(onReport)
		if manner == "reports-lost" || fault == "report-lost" {
			c.counts.ReportsLost++
			c.mu.Unlock()
			return
		}
		c.mu.Unlock()
		c.postReport(c.stop, m, step, code)
		if fault == "report-twice" {
			c.postReport(c.stop, m, step, code)
		}
	}
	if manner == "reports-reordered" {
		for _, step := range steps {
			c.advance(m, step, code)
		}
		for _, step := range slices.Backward(steps) {
			tell(step)
		}
		return
	}
	for _, step := range steps {
		c.advance(m, step, code)
		tell(step)
	}
}

func (c *Carrier) advance(m *message, step string, code int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	m.status, m.updated = step, now
	switch step {
	case "sent":
		m.dated = now
	case "failed", "undelivered":
		m.errorCode = code
	}
}

func (c *Carrier) postReport(ctx context.Context, m *message, step string, code int) {
	form := []param{{"SmsSid", m.sid}, {"SmsStatus", step}, {"MessageStatus", step}}
	if code != 0 && (step == "failed" || step == "undelivered") {
		form = append(form, param{"ErrorCode", strconv.Itoa(code)})
	}
	if step == "delivered" || step == "undelivered" {
		form = append(form, param{"RawDlrDoneDate", c.now().Format("0601021504")})
	}
	form = append(form,
		param{"To", m.to}, param{"MessageSid", m.sid}, param{"AccountSid", c.cfg.AccountSid},
		param{"From", m.from}, param{"ApiVersion", "2010-04-01"})
	a := c.post(ctx, http.MethodPost, m.callback, form, false, func(bool) {
		c.count(func(k *Metrics) { k.ReportsPosted++ })
	})
	if a.failure != "" {
		c.count(func(k *Metrics) { k.ReportsFailed++ })
	}
}

// validCallback is the carrier's rule for a StatusCallback: a web address whose
// host is a real name without underscores. Loopback is allowed only where the
// customer's own public address is there.
func (c *Carrier) validCallback(address string) bool {
	if !isWebURL(address) {
		return false
	}
	host := hostOf(address)
	if host == hostOf(c.cfg.PublicBaseURL) {
		return true
	}
	return strings.Contains(host, ".") && !strings.Contains(host, "_") && !strings.HasPrefix(host, "127.")
}
