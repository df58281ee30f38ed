package carrier

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"snout/shared/routing"
)

// Query selects messages of the carrier's log. At least one of To and From must
// be given.
type Query struct {
	To    routing.Phone
	From  routing.Phone
	Since time.Time // created or sent at or after this instant
}

// Listed is one message as the carrier's log has it.
type Listed struct {
	Sid       string
	From      routing.Phone // zero if it is no phone (a name as a sender)
	To        routing.Phone
	Body      string
	Status    string // the carrier's word
	ErrorCode int
	Inbound   bool
	NumMedia  int
	CreatedAt time.Time
	SentAt    time.Time // zero while it waits
}

// ErrListTruncated says that there was more than List is willing to read; what
// it returns beside this error is the newest part.
var ErrListTruncated = errors.New("the carrier's list was longer than is read")

const (
	listPage  = 200
	listPages = 50
)

// List reads the carrier's message log, newest first, for reconciliation. A
// message that still waits has no sent date and is missing from a filter by
// it, so where From is given (then it may be ours that waits) a second pass
// looks without that filter until it is past Since.
func (c *Client) List(ctx context.Context, q Query) ([]Listed, error) {
	if q.To.IsZero() && q.From.IsZero() {
		return nil, errors.New("carrier: list messages: neither To nor From is given")
	}
	since := q.Since.UTC().Truncate(time.Second) // the log's times have no fractions
	params := &api.ListMessageParams{}
	params.SetPageSize(listPage)
	if !q.To.IsZero() {
		params.SetTo(q.To.E164())
	}
	if !q.From.IsZero() {
		params.SetFrom(q.From.E164())
	}
	var out []Listed
	seen := map[string]bool{}
	pass := func(untilOlder bool) error {
		token, number := "", ""
		for range listPages {
			page, err := c.page(ctx, params, token, number)
			if err != nil {
				return err
			}
			young := false
			for _, m := range page.Messages {
				l := listed(m)
				if l.CreatedAt.Before(since) && l.SentAt.Before(since) {
					continue
				}
				young = true
				if !seen[l.Sid] {
					seen[l.Sid] = true
					out = append(out, l)
				}
			}
			token, number = nextPage(value(page.NextPageUri))
			if token == "" && number == "" || untilOlder && !young {
				return nil
			}
		}
		return ErrListTruncated
	}
	if !q.From.IsZero() {
		if err := pass(true); err != nil {
			return out, err
		}
	}
	// The filter's documented grain is a day, so what comes back is also
	// compared with Since above.
	params.SetDateSentAfter(since)
	err := pass(false)
	slices.SortStableFunc(out, func(a, b Listed) int { return b.CreatedAt.Compare(a.CreatedAt) })
	return out, err
}

func (c *Client) page(ctx context.Context, params *api.ListMessageParams, token, number string) (*api.ListMessageResponse, error) {
	const op = "list messages"
	k, service, done, fail := c.begin(ctx, op)
	if fail != nil {
		return nil, fail
	}
	defer done()
	page, err := service.PageMessage(params, token, number)
	if err != nil {
		return nil, k.failure(op)
	}
	return page, nil
}

// nextPage reads the two parameters that lead on from the carrier's relative
// address. The address itself is not followed: credentials go only where
// configuration says.
func nextPage(uri string) (token, number string) {
	_, query, _ := strings.Cut(uri, "?")
	pairs, err := url.ParseQuery(query)
	if err != nil {
		return "", ""
	}
	return pairs.Get("PageToken"), pairs.Get("Page")
}

func listed(m api.ApiV2010Message) Listed {
	l := Listed{
		Sid:       value(m.Sid),
		Body:      value(m.Body),
		Status:    value(m.Status),
		ErrorCode: value(m.ErrorCode),
		Inbound:   value(m.Direction) == "inbound",
		CreatedAt: date(m.DateCreated),
		SentAt:    date(m.DateSent),
	}
	l.From, _ = routing.ParsePhone(value(m.From))
	l.To, _ = routing.ParsePhone(value(m.To))
	l.NumMedia, _ = strconv.Atoi(value(m.NumMedia))
	return l
}

// date reads RFC 2822; the carrier always says it in UTC.
func date(s *string) time.Time {
	at, err := time.Parse(time.RFC1123Z, value(s))
	if err != nil {
		return time.Time{}
	}
	return at.UTC()
}

// Media lists what is attached to a message of the log, so that one whose
// webhook never came can be taken in with its pictures.
func (c *Client) Media(ctx context.Context, sid string) ([]Media, error) {
	const op = "list media"
	if !isSid(sid, "SM", "MM") {
		return nil, &Error{Op: op, Outcome: OutcomeNotCreated, Class: Permanent, cause: errors.New("malformed message sid")}
	}
	k, service, done, fail := c.begin(ctx, op)
	if fail != nil {
		return nil, fail
	}
	defer done()
	page, err := service.PageMedia(sid, (&api.ListMediaParams{}).SetPageSize(maxMedia), "", "")
	if err != nil {
		return nil, k.failure(op)
	}
	var out []Media
	for _, m := range page.MediaList {
		out = append(out, Media{
			URL:  c.base.String() + strings.TrimSuffix(value(m.Uri), ".json"),
			Type: value(m.ContentType),
		})
	}
	return out, nil
}

// Fetch reads one message of the log by its sid; found is false if the carrier
// has none.
func (c *Client) Fetch(ctx context.Context, sid string) (l Listed, found bool, err error) {
	const op = "fetch message"
	if !isSid(sid, "SM", "MM") {
		return Listed{}, false, nil
	}
	k, service, done, fail := c.begin(ctx, op)
	if fail != nil {
		return Listed{}, false, fail
	}
	defer done()
	m, err := service.FetchMessage(sid, nil)
	if err == nil {
		return listed(*m), true, nil
	}
	if k.status == http.StatusNotFound {
		return Listed{}, false, nil
	}
	return Listed{}, false, k.failure(op)
}
