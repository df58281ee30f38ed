package relay

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"snout/shared/routing"
	"snout/shared/store"
)

// Pictures keeps what is texted beside words.
type Pictures interface {
	// Fetch gets a picture from the carrier and keeps it under a key, without what it
	// tells of where it was taken; it answers its type. ErrNoPicture: it never will.
	Fetch(ctx context.Context, address, key string) (kind string, err error)
	// Keep keeps one that was handed in.
	Keep(ctx context.Context, key, kind string, data []byte) error
	// Link makes an address that works for a while.
	Link(ctx context.Context, key string, atLeast time.Duration) (string, error)
}

// ErrNoPicture says that asking again will not help.
var ErrNoPicture = errors.New("not a picture that is kept")

// again is when a picture that could not be had is asked for once more.
var askAgain = [...]time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 6 * time.Hour}

// fetching bounds one picture, so that a slow one does not hold up the messages
// behind it in the stream.
const fetching = 8 * time.Second

// Gather fetches the pictures of an inbound event that are not kept yet. It runs
// behind the webhook, and may be repeated: a picture's key follows from its event.
func (r *Relay) Gather(ctx context.Context, e routing.Event) error {
	if !awaits(e) {
		return nil
	}
	media := slices.Clone(e.Media)
	left := false
	for i, m := range media {
		if !m.Awaited() {
			continue
		}
		kind, key, err := "", pictureKey(e.ID, i), error(nil)
		if busy(ctx) {
			left = true
			continue
		}
		one, cancel := context.WithTimeout(ctx, fetching)
		kind, err = r.Pictures.Fetch(one, m.URL, key)
		cancel()
		switch {
		case err == nil:
			media[i] = routing.Media{Type: kind, Key: key}
		case errors.Is(err, ErrNoPicture) || e.Retries >= len(askAgain):
			media[i] = routing.Media{Type: m.Type, Gone: true}
		default:
			left = true
		}
	}
	tries := e.Retries
	if left {
		// Left behind before the count goes up: dying in between asks once more often.
		if err := r.Table.LeaveBehind(ctx, e.ID, r.Clock().Add(askAgain[min(tries, len(askAgain)-1)])); err != nil {
			return err
		}
		tries++
	}
	err := r.Table.KeepMedia(ctx, e.ID, media, tries)
	if errors.Is(err, store.ErrConflict) {
		return nil // the event is gone: its person was erased
	}
	return err
}

func awaits(e routing.Event) bool {
	return e.Dir == routing.Inbound && slices.ContainsFunc(e.Media, routing.Media.Awaited)
}

// busy tells that too little time is left for another picture.
func busy(ctx context.Context) bool {
	end, ok := ctx.Deadline()
	return ok && time.Until(end) < 2*fetching
}

func pictureKey(e routing.EventID, i int) string {
	return fmt.Sprintf("%s/%s/%d", e.Org(), e, i)
}

// MaxPicture is how large a picture that is handed in may be, in bytes. The carrier
// takes 5 MB; what a function can be handed, encoded, is a little less.
const MaxPicture = 4 << 20

var errPictureKind = routing.Invalid("type", "This must be image/jpeg, image/png or image/gif.")

// Upload keeps a picture that somebody is about to send, and names it.
func (r *Relay) Upload(ctx context.Context, who routing.Principal, kind string, data []byte) (string, error) {
	if _, err := r.Open(ctx, who); err != nil {
		return "", err
	}
	end, ok := strings.CutPrefix(kind, "image/")
	if !ok || end != "jpeg" && end != "png" && end != "gif" {
		return "", errPictureKind
	}
	if len(data) == 0 || len(data) > MaxPicture {
		return "", routing.Invalid("data", "A picture has at most 4 MB.")
	}
	name := "m-" + string(who.Org) + "-" + r.Random(20) + "-" + end
	err := r.Pictures.Keep(ctx, uploadKey(who.Org, name), kind, data)
	if errors.Is(err, ErrNoPicture) {
		return "", routing.Invalid("data", "This picture cannot be read.")
	}
	return name, err
}

func uploadKey(org routing.OrgID, name string) string { return string(org) + "/sent/" + name }

// attached turns what a request names as pictures into what is sent: pictures that were
// handed in, by their names, or, for an owner, addresses that the carrier fetches (we never
// call an address that a caller named). A sitter's address would go round screening: it is
// a link like any other.
func attached(who routing.Principal, names []string) ([]routing.Media, error) {
	var out []routing.Media
	for _, n := range names {
		if strings.Contains(n, "://") {
			if who.Role != routing.RoleOwner {
				return nil, routing.Invalid("media", "Hand the picture in first (POST /api/messages/media) and name it here.")
			}
			if u, err := url.Parse(n); err != nil || u.Scheme != "https" || u.User != nil || !strings.Contains(u.Hostname(), ".") || len(n) > 2000 {
				return nil, routing.Invalid("media", "This must be the name of a picture that was handed in, or an https address.")
			}
			out = append(out, routing.Media{URL: n})
			continue
		}
		part := strings.Split(n, "-")
		if len(part) != 4 || part[0] != "m" || part[1] != string(who.Org) || strings.Contains(n, "/") {
			return nil, routing.Invalid("media", "There is no such picture.")
		}
		out = append(out, routing.Media{Type: "image/" + part[3], Key: uploadKey(who.Org, n)})
	}
	return out, nil
}

// ValidFor is how long a text may wait at the carrier: a message that arrives after
// the visit it speaks of is worse than one that is reported as not delivered.
const ValidFor = 4 * time.Hour

// forCarrier is how long a link works that the carrier is given: it fetches at once,
// or when its own queue lets it.
const forCarrier = ValidFor + time.Hour

// addresses are where the carrier gets a message's pictures.
func (r *Relay) addresses(ctx context.Context, e routing.Event) ([]string, error) {
	var out []string
	for _, m := range e.Media {
		if m.Key == "" {
			out = append(out, m.URL)
			continue
		}
		link, err := r.Pictures.Link(ctx, m.Key, forCarrier)
		if err != nil {
			return nil, err
		}
		out = append(out, link)
	}
	return out, nil
}
