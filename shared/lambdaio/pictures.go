package lambdaio

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"snout/shared/carrier"
	"snout/shared/media"
	"snout/shared/relay"
	"snout/shared/routing"
)

// pictures fetches from the carrier and keeps in the bucket.
type pictures struct {
	bucket  *media.Bucket
	fetcher carrier.MediaFetcher
}

// endpoint is where the bucket is, if not where AWS has it.
func endpoint(h Host, cfg aws.Config) string {
	if e := h.Env("AWS_ENDPOINT_URL_S3"); e != "" {
		return e
	}
	return aws.ToString(cfg.BaseEndpoint)
}

func (p *pictures) Fetch(ctx context.Context, address, key string) (string, error) {
	got, err := p.fetcher.Fetch(ctx, address)
	if errors.Is(err, carrier.ErrMediaRefused) {
		return "", fmt.Errorf("%w: %w", relay.ErrNoPicture, err)
	}
	if err != nil {
		return "", err
	}
	return got.Type, p.Keep(ctx, key, got.Type, got.Data)
}

func (p *pictures) Keep(ctx context.Context, key, kind string, data []byte) error {
	clean, err := media.Clean(kind, data)
	if err != nil {
		return fmt.Errorf("%w: %w", relay.ErrNoPicture, err)
	}
	return p.bucket.Put(ctx, key, kind, clean)
}

func (p *pictures) Link(ctx context.Context, key string, atLeast time.Duration) (string, error) {
	return p.bucket.Link(ctx, key, atLeast)
}

// seen makes a link for a person who looks at a picture now.
func (p *pictures) seen(ctx context.Context, key string) (string, error) {
	return p.bucket.Link(ctx, key, media.LinkFor)
}

// upload takes in a picture that somebody is about to send.
func (p *parts) upload(ctx context.Context, r *Request) (Response, error) {
	// Decode's bound is for words; a picture has its own.
	if len(r.Body) > base64.StdEncoding.EncodedLen(relay.MaxPicture)+1024 {
		return Response{}, routing.Invalid("data", "A picture has at most 4 MB.")
	}
	q, err := decode[struct {
		Type string `json:"type"`
		Data string `json:"data"`
	}](r, len(r.Body))
	if err != nil {
		return Response{}, err
	}
	data, err := base64.StdEncoding.DecodeString(q.Data)
	if err != nil {
		return Response{}, routing.Invalid("data", "This must be the picture's bytes in base64.")
	}
	name, err := p.relay.Upload(ctx, r.Who, q.Type, data)
	if err != nil {
		return Response{}, err
	}
	return Response{Status: 201, Body: map[string]string{"media": name, "type": q.Type}}, nil
}
