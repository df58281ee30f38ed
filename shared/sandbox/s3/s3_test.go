package s3_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"snout/shared/sandbox/s3"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type world struct {
	*client.Client
	store *s3.Store
	http  *http.Client
	now   time.Time // what the store takes for the time
}

func start(t *testing.T, dir string) *world {
	t.Helper()
	w := &world{now: time.Now()}
	store, err := s3.New(s3.Options{Region: "us-east-1", AccessKeyID: "local", SecretKey: "local-secret", Now: func() time.Time { return w.now }, Buckets: []string{"media"}, Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	// Mounted under a prefix, as beside other services on one listener.
	srv := httptest.NewServer(http.StripPrefix("/s3", store))
	t.Cleanup(srv.Close)
	w.store, w.http = store, srv.Client()
	w.Client = w.as(srv.URL+"/s3", "local", "local-secret")
	return w
}

func (w *world) as(endpoint, key, secret string) *client.Client {
	return client.New(client.Options{
		Region: "us-east-1", BaseEndpoint: &endpoint, HTTPClient: w.http, UsePathStyle: true,
		// As config.LoadDefaultConfig sets them.
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenSupported, ResponseChecksumValidation: aws.ResponseChecksumValidationWhenSupported,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: key, SecretAccessKey: secret}, nil
		}),
	})
}

var picture = append([]byte("\x89PNG\r\n\x1a\n"), bytes.Repeat([]byte{0, 13, 10, 255}, 50_000)...)

const key = "org-1/ä dog & +cat/1.png"

func (w *world) put(t *testing.T, body io.Reader) {
	t.Helper()
	_, err := w.PutObject(t.Context(), &client.PutObjectInput{
		Bucket: aws.String("media"), Key: aws.String(key), Body: body, ContentType: aws.String("image/png"), Metadata: map[string]string{"event": "e-1"},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) get(t *testing.T) (*client.GetObjectOutput, []byte) {
	t.Helper()
	out, err := w.GetObject(t.Context(), &client.GetObjectInput{Bucket: aws.String("media"), Key: aws.String(key)})
	if err != nil {
		t.Fatal(err)
	}
	defer out.Body.Close()
	raw, err := io.ReadAll(out.Body)
	if err != nil {
		t.Fatal(err) // a wrong checksum shows here
	}
	return out, raw
}

func TestAnObjectComesBackAsItWasPut(t *testing.T) {
	for name, dir := range map[string]string{"in memory": "", "in a directory": t.TempDir()} {
		t.Run(name, func(t *testing.T) {
			w := start(t, dir)
			w.put(t, bytes.NewReader(picture))
			if dir != "" {
				w = start(t, dir) // another run
			}
			out, raw := w.get(t)
			if !bytes.Equal(picture, raw) {
				t.Errorf("%d bytes differ from the %d put", len(raw), len(picture))
			}
			head, err := w.HeadObject(t.Context(), &client.HeadObjectInput{Bucket: aws.String("media"), Key: aws.String(key)})
			if err != nil {
				t.Fatal(err)
			}
			type facts struct {
				Type, ETag string
				Length     int64
				Meta       map[string]string
			}
			want := facts{"image/png", *out.ETag, int64(len(picture)), map[string]string{"event": "e-1"}}
			got := []facts{{*out.ContentType, *out.ETag, *out.ContentLength, out.Metadata}, {*head.ContentType, *head.ETag, *head.ContentLength, head.Metadata}}
			if diff := cmp.Diff([]facts{want, want}, got); diff != "" {
				t.Errorf("get and head (-want +got):\n%s", diff)
			}
			if out.ChecksumCRC32 == nil {
				t.Error("the SDK's checksum did not come back")
			}
			for range 2 { // deleting twice is no error
				if _, err := w.DeleteObject(t.Context(), &client.DeleteObjectInput{Bucket: aws.String("media"), Key: aws.String(key)}); err != nil {
					t.Fatal(err)
				}
			}
			_, err = w.GetObject(t.Context(), &client.GetObjectInput{Bucket: aws.String("media"), Key: aws.String(key)})
			if gone := (*types.NoSuchKey)(nil); !errors.As(err, &gone) {
				t.Errorf("after deletion: %v", err)
			}
		})
	}
}

func TestAPresignedLinkIsGoodUntilItExpires(t *testing.T) {
	w := start(t, "")
	w.put(t, bytes.NewReader(picture))
	in := &client.GetObjectInput{Bucket: aws.String("media"), Key: aws.String(key)}
	link, err := client.NewPresignClient(w.Client).PresignGetObject(t.Context(), in, client.WithPresignExpires(10*time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	signed := w.now
	endpoint, _, _ := strings.Cut(link.URL, "/media/")
	forged, err := client.NewPresignClient(w.as(endpoint, "local", "guessed")).PresignGetObject(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	spoil := func(change func(url.Values)) string {
		u, err := url.Parse(link.URL)
		if err != nil {
			t.Fatal(err)
		}
		q := u.Query()
		change(q)
		u.RawQuery = q.Encode()
		return u.String()
	}
	bare, _, _ := strings.Cut(link.URL, "?")
	for name, row := range map[string]struct {
		url, method, part string
		after             time.Duration
		want              int
		code              string
	}{
		"fresh":                      {url: link.URL, want: 200},
		"asked for its head":         {url: link.URL, method: http.MethodHead, want: 403, code: ""}, // signed for GET alone, as on AWS; a HEAD has no body
		"a part of it":               {url: link.URL, part: "bytes=0-7", want: 206},
		"nine minutes old":           {url: link.URL, after: 9 * time.Minute, want: 200},
		"eleven minutes old":         {url: link.URL, after: 11 * time.Minute, want: 403, code: "AccessDenied"},
		"from tomorrow":              {url: link.URL, after: -24 * time.Hour, want: 403, code: "AccessDenied"},
		"with its time stretched":    {url: spoil(func(q url.Values) { q.Set("X-Amz-Expires", "86400") }), want: 403, code: "SignatureDoesNotMatch"},
		"for another key":            {url: strings.Replace(link.URL, "1.png", "2.png", 1), want: 403, code: "SignatureDoesNotMatch"},
		"without a signature":        {url: bare, want: 403, code: "AccessDenied"},
		"signed with another secret": {url: forged.URL, want: 403, code: "SignatureDoesNotMatch"},
		"used to overwrite":          {url: link.URL, method: http.MethodPut, want: 403, code: "AccessDenied"},
		"used to delete":             {url: link.URL, method: http.MethodDelete, want: 403, code: "AccessDenied"},
	} {
		t.Run(name, func(t *testing.T) {
			w.now = signed.Add(row.after)
			defer func() { w.now = signed }()
			r, err := http.NewRequest(row.method, row.url, nil)
			if err != nil {
				t.Fatal(err)
			}
			if row.part != "" {
				r.Header.Set("Range", row.part)
			}
			resp, err := w.http.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			raw, err := io.ReadAll(resp.Body)
			if err != nil {
				t.Fatal(err)
			}
			switch {
			case resp.StatusCode != row.want:
				t.Fatalf("answered %d, want %d: %.300s", resp.StatusCode, row.want, raw)
			case row.want == 200 && !bytes.Equal(raw, picture):
				t.Error("other bytes")
			case row.want == 206 && !bytes.Equal(raw, picture[:8]):
				t.Errorf("part %q", raw)
			case row.want == 403 && !strings.Contains(string(raw), row.code):
				t.Errorf("answered %s, want %s", raw, row.code)
			}
			if row.want == 200 && resp.Header.Get("Content-Type") != "image/png" {
				t.Errorf("type %s", resp.Header.Get("Content-Type"))
			}
		})
	}
	if _, raw := w.get(t); !bytes.Equal(raw, picture) {
		t.Error("the object was changed")
	}
}

func TestChunkedUploadsAreReadAndChecked(t *testing.T) {
	w := start(t, "")
	send := func(body, length string) int {
		link, err := client.NewPresignClient(w.Client).PresignGetObject(t.Context(), &client.GetObjectInput{Bucket: aws.String("media"), Key: aws.String("a")})
		if err != nil {
			t.Fatal(err)
		}
		base, _, _ := strings.Cut(link.URL, "?")
		r, err := http.NewRequest(http.MethodPut, base, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=local/20260308/us-east-1/s3/aws4_request")
		r.Header.Set("X-Amz-Content-Sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
		r.Header.Set("X-Amz-Decoded-Content-Length", length)
		r.Header.Set("X-Amz-Trailer", "x-amz-checksum-crc32")
		resp, err := w.http.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp.StatusCode
	}
	const whole = "5\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n" // CRC-32 of "hello world"
	for name, row := range map[string]struct {
		body, length string
		want         int
	}{
		"whole":                  {whole, "11", 200},
		"with a wrong checksum":  {strings.Replace(whole, "DUoRhQ", "DUoRhA", 1), "11", 400},
		"with a wrong length":    {whole, "12", 400},
		"cut off in a chunk":     {whole[:7], "11", 400},
		"cut off between chunks": {whole[:10], "11", 400},
		"with no size":           {"zz\r\nhello\r\n0\r\n\r\n", "5", 400},
	} {
		t.Run(name, func(t *testing.T) {
			if got := send(row.body, row.length); got != row.want {
				t.Errorf("answered %d, want %d", got, row.want)
			}
		})
	}
	out, err := w.GetObject(t.Context(), &client.GetObjectInput{Bucket: aws.String("media"), Key: aws.String("a")})
	if err != nil {
		t.Fatal(err)
	}
	defer out.Body.Close()
	if raw, err := io.ReadAll(out.Body); err != nil || string(raw) != "hello world" {
		t.Errorf("read %q, %v", raw, err)
	}
}

func TestWhatAWSOrTheSandboxRefuses(t *testing.T) {
	w := start(t, "")
	ctx := t.Context()
	_, noBucket := w.GetObject(ctx, &client.GetObjectInput{Bucket: aws.String("other"), Key: aws.String("a")})
	_, noKey := w.GetObject(ctx, &client.GetObjectInput{Bucket: aws.String("media"), Key: aws.String("a")})
	_, noHead := w.HeadObject(ctx, &client.HeadObjectInput{Bucket: aws.String("media"), Key: aws.String("a")})
	_, list := w.ListObjectsV2(ctx, &client.ListObjectsV2Input{Bucket: aws.String("media")})
	_, acl := w.PutObject(ctx, &client.PutObjectInput{Bucket: aws.String("media"), Key: aws.String("a"), ACL: types.ObjectCannedACLPublicRead, Body: strings.NewReader("x")})
	link, err := client.NewPresignClient(w.Client).PresignGetObject(ctx, &client.GetObjectInput{Bucket: aws.String("media"), Key: aws.String("a")})
	if err != nil {
		t.Fatal(err)
	}
	endpoint, _, _ := strings.Cut(link.URL, "/media/")
	_, stranger := w.as(endpoint, "stranger", "x").GetObject(ctx, &client.GetObjectInput{Bucket: aws.String("media"), Key: aws.String("a")})
	for name, row := range map[string]struct {
		err  error
		code string
	}{
		"a bucket that is not there":             {noBucket, "NoSuchBucket"},
		"a key that is not there":                {noKey, "NoSuchKey"},
		"the head of a key that is not there":    {noHead, "NotFound"},
		"an operation the sandbox does not have": {list, "NotImplemented"},
		"an option the sandbox does not have":    {acl, "NotImplemented"},
		"an access key that is not ours":         {stranger, "InvalidAccessKeyId"},
	} {
		t.Run(name, func(t *testing.T) {
			var api smithy.APIError
			if !errors.As(row.err, &api) || api.ErrorCode() != row.code {
				t.Errorf("got %v, want %s", row.err, row.code)
			}
		})
	}
	if _, err := s3.New(s3.Options{Buckets: []string{"a/b"}}); err == nil {
		t.Error("a bucket with a slash was taken")
	}
}
