package rollout

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Local is a local world's outside: its flags, phones, clock, logs and tokens.
type Local struct {
	Base string
	HTTP *http.Client
	// Fast moves the world's clock instead of waiting.
	Fast bool

	after int64 // the log line read last
	began bool
}

// LocalWorld is what GET /local/world says of who is there.
type LocalWorld struct {
	Org *struct {
		ID, Name, TimeZone, FrontDesk string
	} `json:"org"`
	Owners  []struct{ Sub string }     `json:"owners"`
	Sitters []struct{ ID, Sub string } `json:"sitters"`
	Carrier struct {
		AccountSid, AuthToken, PublicBaseURL string
	} `json:"carrier"`
}

func (l *Local) call(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, l.Base+path, body)
	if err != nil {
		return err
	}
	res, err := l.HTTP.Do(req)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("%w: %s", ErrUnreachable, plainNetError(err))
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, 16<<20))
	if err != nil {
		return fmt.Errorf("%w: %s", ErrUnreachable, plainNetError(err))
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("the local world answers %d to %s: %s", res.StatusCode, strings.SplitN(path, "+", 2)[0], redact(string(bytes.TrimSpace(b))))
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(b, out)
}

// World asks who is there. An error means that this is no local world.
func (l *Local) World(ctx context.Context) (LocalWorld, error) {
	var w LocalWorld
	err := l.call(ctx, "GET", "/local/world", nil, &w)
	return w, err
}

// Token mints a token of the local issuer.
func (l *Local) Token(sub string) Credential {
	return func(ctx context.Context) (string, error) {
		var t struct{ Token string }
		err := l.call(ctx, "POST", "/local/token", map[string]string{"sub": sub}, &t)
		return t.Token, err
	}
}

// Read, Set and Where make it Switches.
func (l *Local) Read(ctx context.Context) (map[string]string, error) {
	m := map[string]string{}
	err := l.call(ctx, "GET", "/local/flags", nil, &m)
	return m, err
}

func (l *Local) Set(ctx context.Context, name, value string) error {
	return l.call(ctx, "PUT", "/local/flags", map[string]string{name: value}, nil)
}

func (l *Local) Where() string { return "/local/flags" }

// Text and Received make it Phones.
func (l *Local) Text(ctx context.Context, from, to, body string) (string, error) {
	var got struct{ Sid string }
	err := l.call(ctx, "POST", "/local/phones/"+url.PathEscape(from)+"/texts", map[string]string{"to": to, "body": body}, &got)
	return got.Sid, err
}

func (l *Local) Received(ctx context.Context, phone string, since time.Time) ([]Text, error) {
	var got struct {
		Texts []struct {
			From, Body, Sid string
			At              time.Time
		}
	}
	if err := l.call(ctx, "GET", "/local/phones/"+url.PathEscape(phone)+"/texts", nil, &got); err != nil {
		return nil, err
	}
	var ts []Text
	for _, t := range got.Texts {
		if !t.At.Before(since) {
			ts = append(ts, Text{t.From, t.Body, t.Sid, t.At})
		}
	}
	return ts, nil
}

// Now is the world's clock.
func (l *Local) Now(ctx context.Context) (time.Time, error) {
	var c struct{ Now time.Time }
	err := l.call(ctx, "GET", "/local/clock", nil, &c)
	return c.Now, err
}

// Pass and Settle make it Time.
func (l *Local) Pass(ctx context.Context, d time.Duration) error {
	if !l.Fast {
		return Wait(ctx, d)
	}
	return l.call(ctx, "POST", "/local/clock", map[string]string{"advance": d.String()}, nil)
}

func (l *Local) Settle(ctx context.Context) error {
	return l.call(ctx, "POST", "/local/settle", nil, nil)
}

// Since makes it Logs.
func (l *Local) Since(ctx context.Context) ([]string, error) {
	var got struct {
		Lines []string
		Next  int64
	}
	if err := l.call(ctx, "GET", fmt.Sprintf("/local/logs?after=%d", l.after), nil, &got); err != nil {
		return nil, err
	}
	l.after = got.Next
	if !l.began {
		l.began = true
		return nil, nil // what was written before this run is not of it
	}
	return got.Lines, nil
}

// Wait lets real time pass.
func Wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// RealTime waits for real and settles by itself.
type RealTime struct{}

func (RealTime) Pass(ctx context.Context, d time.Duration) error { return Wait(ctx, d) }
func (RealTime) Settle(context.Context) error                    { return nil }
