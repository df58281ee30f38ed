// Package media keeps the pictures that were texted: in a bucket, without what they
// tell of where they were taken, reached only by links that soon stop working. It
// must never keep what Clean has not seen, and never make a link that lasts.
//
// It speaks to the bucket with the SDK's own signer and nothing else of the SDK's S3
// client: that client alone would make every function a third larger, for one PUT
// and one signature.
package media

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// Bucket is where pictures are kept.
type Bucket struct {
	name   string
	base   string // scheme, host and path before the key, without a slash at its end
	region string
	creds  aws.CredentialsProvider
	client *http.Client
	clock  func() time.Time
	signer *v4.Signer
}

// Config of New.
type Config struct {
	Name        string
	Region      string
	Endpoint    string // instead of AWS's own; the bucket's name then stands in the path
	Credentials aws.CredentialsProvider
	Transport   http.RoundTripper // nil: the default one
	Clock       func() time.Time
}

// New makes the door to a bucket.
func New(c Config) (*Bucket, error) {
	if c.Name == "" || c.Region == "" || c.Credentials == nil || c.Clock == nil {
		return nil, errors.New("media: a bucket needs a name, a region, credentials and a clock")
	}
	b := &Bucket{name: c.Name, region: c.Region, creds: c.Credentials, clock: c.Clock, client: &http.Client{Transport: c.Transport, Timeout: 20 * time.Second},
		signer: v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })}
	b.base = Origin(c.Name, c.Region, c.Endpoint)
	if c.Endpoint != "" {
		b.base += "/" + c.Name
	}
	return b, nil
}

// Origin is the scheme and host that links lead to, so that the page may show them.
func Origin(name, region, endpoint string) string {
	if endpoint != "" {
		return strings.TrimSuffix(endpoint, "/")
	}
	suffix := "amazonaws.com"
	if strings.HasPrefix(region, "cn-") {
		suffix += ".cn"
	}
	return "https://" + name + ".s3." + region + "." + suffix
}

// Put keeps an object, instead of what was kept under that key before.
func (b *Bucket) Put(ctx context.Context, key, kind string, data []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, b.base+"/"+path(key), bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("media: put: %w", err)
	}
	req.Header.Set("Content-Type", kind)
	req.Header.Set("Cache-Control", "private, max-age=600")
	if !inPage(kind) {
		// Cards, calendars and papers are saved, not opened: a browser would run some.
		req.Header.Set("Content-Disposition", "attachment")
	}
	sum := sha256.Sum256(data)
	hash := hex.EncodeToString(sum[:])
	req.Header.Set("X-Amz-Content-Sha256", hash)
	creds, err := b.creds.Retrieve(ctx)
	if err != nil {
		return fmt.Errorf("media: put: credentials: %w", err)
	}
	if err := b.signer.SignHTTP(ctx, creds, req, hash, "s3", b.region, b.clock()); err != nil {
		return fmt.Errorf("media: put: %w", err)
	}
	res, err := b.client.Do(req)
	if err != nil {
		return fmt.Errorf("media: put: %w", withoutURL(err))
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10))
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("media: put: status %d", res.StatusCode)
	}
	return nil
}

// Delete takes an object away for good: the bucket keeps no versions. One that is not
// there is deleted.
func (b *Bucket) Delete(ctx context.Context, key string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodDelete, b.base+"/"+path(key), nil)
	if err != nil {
		return fmt.Errorf("media: delete: %w", err)
	}
	sum := sha256.Sum256(nil)
	hash := hex.EncodeToString(sum[:])
	req.Header.Set("X-Amz-Content-Sha256", hash)
	creds, err := b.creds.Retrieve(ctx)
	if err != nil {
		return fmt.Errorf("media: delete: credentials: %w", err)
	}
	if err := b.signer.SignHTTP(ctx, creds, req, hash, "s3", b.region, b.clock()); err != nil {
		return fmt.Errorf("media: delete: %w", err)
	}
	res, err := b.client.Do(req)
	if err != nil {
		return fmt.Errorf("media: delete: %w", withoutURL(err))
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10))
	if res.StatusCode != http.StatusNoContent && res.StatusCode != http.StatusNotFound {
		return fmt.Errorf("media: delete: status %d", res.StatusCode)
	}
	return nil
}

// LinkFor is how long a link works at least, and at most twice as long: links made
// within the same span are the same, so that an answer with one in it does not look
// changed each time it is asked for.
const LinkFor = 10 * time.Minute

// Link makes one, that whoever has it may read the object by, for LinkFor or for
// longer. It asks nobody but the credentials.
func (b *Bucket) Link(ctx context.Context, key string, atLeast time.Duration) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.base+"/"+path(key), nil)
	if err != nil {
		return "", fmt.Errorf("media: link: %w", err)
	}
	q := req.URL.Query()
	q.Set("X-Amz-Expires", strconv.Itoa(int((atLeast + LinkFor).Seconds())))
	req.URL.RawQuery = q.Encode()
	creds, err := b.creds.Retrieve(ctx)
	if err != nil {
		return "", fmt.Errorf("media: link: credentials: %w", err)
	}
	link, _, err := b.signer.PresignHTTP(ctx, creds, req, "UNSIGNED-PAYLOAD", "s3", b.region, b.clock().Truncate(LinkFor))
	if err != nil {
		return "", fmt.Errorf("media: link: %w", err)
	}
	return link, nil
}

func path(key string) string {
	parts := strings.Split(key, "/")
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return strings.Join(parts, "/")
}

func inPage(kind string) bool {
	return strings.HasPrefix(kind, "image/") || strings.HasPrefix(kind, "video/") || strings.HasPrefix(kind, "audio/")
}

// withoutURL drops the address that net/http puts into its errors: it holds a key.
func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
