// Package s3 is the local object store for media: put, get, head and delete by the real S3 client, path-style, and presigned GET
// links that a browser or the carrier can follow.
//
// It must never serve an object to a caller without a signature that is still valid, since that is all that keeps a client's
// pictures private in the cloud, and it refuses what it does not carry out.
package s3

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// maxObject is the largest object taken, in bytes: ten pictures of a message are 5 MB.
const maxObject = 64 << 20

// Options of New.
type Options struct {
	Region                 string
	AccessKeyID, SecretKey string // of whoever may call; presigned links must be signed with them
	// Now is the clock that signatures are checked by. The SDK signs by the machine's, so this is time.Now outside tests, whatever
	// the local clock shows.
	Now     func() time.Time
	Buckets []string
	Dir     string // where the objects are kept between runs; "" keeps them in memory
}

// Store is the buckets of one account and region.
type Store struct {
	o       Options
	buckets map[string]bool

	mu      sync.RWMutex
	objects keep
	count   map[string]int64
}

// New opens the buckets.
func New(o Options) (*Store, error) {
	s := &Store{o: o, buckets: map[string]bool{}, objects: memory{}, count: map[string]int64{}}
	for _, b := range o.Buckets {
		if b == "" || strings.ContainsAny(b, "/\\") {
			return nil, fmt.Errorf("bucket %q: not a bucket's name", b)
		}
		s.buckets[b] = true
	}
	if o.Dir != "" {
		d, err := openDir(o.Dir)
		if err != nil {
			return nil, fmt.Errorf("open buckets: %w", err)
		}
		s.objects = d
	}
	return s, nil
}

// Metrics counts answers since start by method ("PUT") and refusals by code ("error NoSuchKey").
func (s *Store) Metrics() map[string]int64 {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return maps.Clone(s.count)
}

// Object is what is kept under a key, for whoever runs in the same process.
func (s *Store) Object(bucket, key string) ([]byte, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	_, body, err := s.objects.read(bucket + "/" + key)
	return body, err == nil
}

func (s *Store) add(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count[name]++
}

// object is what is stored beside the bytes.
type object struct {
	Header   map[string]string // Content-Type and its kin, x-amz-meta-…, and the checksum
	ETag     string
	Modified time.Time
}

// fault is an error answer.
type fault struct {
	status        int
	code, message string
}

func (f fault) Error() string { return f.code }

func refusal(status int, code, format string, args ...any) error {
	return fault{status, code, fmt.Sprintf(format, args...)}
}

// ServeHTTP answers one call. A path prefix that the handler is mounted under may be stripped from the URL, but not from the
// RequestURI, which is what was signed.
func (s *Store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Amz-Request-Id", "LOCAL")
	err := s.serve(w, r)
	var f fault
	switch {
	case err == nil:
		s.add(r.Method)
		return
	case !errors.As(err, &f):
		f = fault{http.StatusInternalServerError, "InternalError", "We encountered an internal error. Please try again."}
	}
	s.add("error " + f.code)
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(f.status)
	if r.Method == http.MethodHead {
		return
	}
	io.WriteString(w, xml.Header)
	xml.NewEncoder(w).Encode(struct {
		XMLName xml.Name `xml:"Error"`
		Code    string
		Message string
	}{Code: f.code, Message: f.message})
}

func (s *Store) serve(w http.ResponseWriter, r *http.Request) error {
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if err := s.authorize(r); err != nil {
		return err
	}
	if !s.buckets[bucket] {
		return refusal(http.StatusNotFound, "NoSuchBucket", "The specified bucket does not exist")
	}
	if key == "" {
		return refusal(http.StatusNotImplemented, "NotImplemented", "the sandbox carries out operations on objects only")
	}
	for name := range r.URL.Query() {
		if name != "x-id" && !strings.HasPrefix(strings.ToLower(name), "x-amz-") {
			return refusal(http.StatusNotImplemented, "NotImplemented", "the sandbox does not carry out ?%s", name)
		}
	}
	id := bucket + "/" + key
	switch r.Method {
	case http.MethodPut:
		return s.put(w, r, id)
	case http.MethodGet, http.MethodHead:
		return s.get(w, r, id)
	case http.MethodDelete:
		s.mu.Lock()
		defer s.mu.Unlock()
		if err := s.objects.remove(id); err != nil {
			return err
		}
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return refusal(http.StatusMethodNotAllowed, "MethodNotAllowed", "The specified method is not allowed against this resource.")
}

// authorize wants the SDK's Authorization header with our access key, or a presigned link's signature. The header's own signature
// is not computed again: whoever can reach the loopback port and knows the key is a function of ours. A link goes to strangers.
func (s *Store) authorize(r *http.Request) error {
	if auth := r.Header.Get("Authorization"); auth != "" {
		if !strings.HasPrefix(auth, "AWS4-HMAC-SHA256 Credential="+s.o.AccessKeyID+"/") {
			return refusal(http.StatusForbidden, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.")
		}
		return nil
	}
	q := r.URL.Query()
	given := q.Get("X-Amz-Signature")
	signed, dated := time.Parse("20060102T150405Z", q.Get("X-Amz-Date"))
	seconds, numbered := strconv.Atoi(q.Get("X-Amz-Expires"))
	if given == "" || dated != nil || numbered != nil || seconds < 1 || seconds > 7*24*3600 {
		return refusal(http.StatusForbidden, "AccessDenied", "Access Denied")
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return refusal(http.StatusForbidden, "AccessDenied", "the sandbox takes presigned links for reading only")
	}
	now := s.o.Now()
	if now.Before(signed.Add(-15*time.Minute)) || now.After(signed.Add(time.Duration(seconds)*time.Second)) {
		return refusal(http.StatusForbidden, "AccessDenied", "Request has expired")
	}
	want, err := s.sign(r, signed)
	if err != nil || subtle.ConstantTimeCompare([]byte(want), []byte(given)) != 1 {
		return refusal(http.StatusForbidden, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided. Check your key and signing method.")
	}
	return nil
}

// sign computes what the signature of a presigned link should be, with the SDK's own signer.
func (s *Store) sign(r *http.Request, at time.Time) (string, error) {
	u, err := url.ParseRequestURI(r.RequestURI)
	if err != nil {
		return "", err
	}
	q := u.Query()
	for _, ours := range []string{"X-Amz-Signature", "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-SignedHeaders"} {
		q.Del(ours)
	}
	u.RawQuery = q.Encode()
	u.Scheme, u.Host = "http", r.Host
	again, err := http.NewRequest(r.Method, u.String(), nil)
	if err != nil {
		return "", err
	}
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
	link, _, err := signer.PresignHTTP(context.Background(), aws.Credentials{AccessKeyID: s.o.AccessKeyID, SecretAccessKey: s.o.SecretKey}, again, "UNSIGNED-PAYLOAD", "s3", s.o.Region, at)
	if err != nil {
		return "", err
	}
	made, err := url.Parse(link)
	if err != nil {
		return "", err
	}
	return made.Query().Get("X-Amz-Signature"), nil
}

// storedHeader tells the headers of an object that come back as they were given.
func storedHeader(name string) bool {
	switch name {
	case "content-type", "content-disposition", "content-language", "cache-control", "expires":
		return true
	}
	return strings.HasPrefix(name, "x-amz-meta-")
}

// transportHeader tells the headers of a put that are understood, or that change nothing here.
func transportHeader(name string) bool {
	switch name {
	case "accept-encoding", "amz-sdk-invocation-id", "amz-sdk-request", "authorization", "connection", "content-encoding", "content-length", "content-md5", "expect",
		"host", "transfer-encoding", "user-agent", "x-amz-checksum-crc32", "x-amz-checksum-sha256", "x-amz-content-sha256", "x-amz-date", "x-amz-decoded-content-length",
		"x-amz-sdk-checksum-algorithm", "x-amz-security-token", "x-amz-server-side-encryption", "x-amz-trailer", "accept":
		return true
	}
	return false
}

func (s *Store) put(w http.ResponseWriter, r *http.Request, id string) error {
	o := object{Header: map[string]string{}, Modified: s.o.Now().UTC().Truncate(time.Second)}
	for name, values := range r.Header {
		switch name := strings.ToLower(name); {
		case storedHeader(name):
			o.Header[name] = strings.Join(values, ",")
		case !transportHeader(name):
			return refusal(http.StatusNotImplemented, "NotImplemented", "the sandbox does not carry out %s", name)
		}
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxObject))
	if err != nil {
		return refusal(http.StatusBadRequest, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed object size.")
	}
	sums := r.Header.Clone()
	if strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
		if raw, err = unchunk(raw, sums); err != nil {
			return err
		}
		if want := r.Header.Get("X-Amz-Decoded-Content-Length"); want != strconv.Itoa(len(raw)) {
			return refusal(http.StatusBadRequest, "IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header.")
		}
	} else if want := r.Header.Get("X-Amz-Content-Sha256"); want != "" && want != "UNSIGNED-PAYLOAD" {
		if got := sha256.Sum256(raw); hex.EncodeToString(got[:]) != want {
			return refusal(http.StatusBadRequest, "XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed.")
		}
	}
	crc, long, short := crc32.ChecksumIEEE(raw), sha256.Sum256(raw), md5.Sum(raw)
	for name, got := range map[string][]byte{
		"x-amz-checksum-crc32": {byte(crc >> 24), byte(crc >> 16), byte(crc >> 8), byte(crc)}, "x-amz-checksum-sha256": long[:], "content-md5": short[:],
	} {
		want := sums.Get(name)
		if want == "" {
			continue
		}
		if want != base64.StdEncoding.EncodeToString(got) {
			return refusal(http.StatusBadRequest, "BadDigest", "The %s you specified did not match the calculated checksum.", name)
		}
		if name != "content-md5" {
			o.Header[name] = want
			w.Header().Set(name, want)
		}
	}
	o.ETag = `"` + hex.EncodeToString(short[:]) + `"`
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.objects.write(id, o, raw); err != nil {
		return err
	}
	w.Header().Set("ETag", o.ETag)
	return nil
}

// unchunk reads an aws-chunked body, whose chunks are "size[;signature]\r\n…bytes…\r\n", and adds its trailers to sums.
func unchunk(raw []byte, sums http.Header) ([]byte, error) {
	broken := refusal(http.StatusBadRequest, "IncompleteBody", "The chunked body is not whole.")
	var whole []byte
	for {
		head, rest, ok := bytes.Cut(raw, []byte("\r\n"))
		size, _, _ := strings.Cut(string(head), ";")
		n, err := strconv.ParseUint(size, 16, 32)
		if !ok || err != nil || uint64(len(rest)) < n {
			return nil, broken
		}
		if n == 0 {
			raw = rest
			break
		}
		whole = append(whole, rest[:n]...)
		if raw, ok = bytes.CutPrefix(rest[n:], []byte("\r\n")); !ok {
			return nil, broken
		}
	}
	for line := range bytes.SplitSeq(raw, []byte("\r\n")) {
		if name, value, ok := strings.Cut(string(line), ":"); ok {
			sums.Set(name, strings.TrimSpace(value))
		}
	}
	return whole, nil
}

func (s *Store) get(w http.ResponseWriter, r *http.Request, id string) error {
	s.mu.RLock()
	o, raw, err := s.objects.read(id)
	s.mu.RUnlock()
	if err != nil {
		return err
	}
	h := w.Header()
	for name, value := range o.Header {
		if !strings.HasPrefix(name, "x-amz-checksum-") || r.Header.Get("X-Amz-Checksum-Mode") == "ENABLED" && r.Header.Get("Range") == "" {
			h.Set(name, value)
		}
	}
	if h.Get("Content-Type") == "" {
		h.Set("Content-Type", "binary/octet-stream")
	}
	h.Set("X-Content-Type-Options", "nosniff") // ours: an uploaded page must not run in the page's origin
	h.Set("ETag", o.ETag)
	http.ServeContent(w, r, "", o.Modified, bytes.NewReader(raw)) // ranges, If-None-Match, HEAD
	return nil
}

var errNoKey = fault{http.StatusNotFound, "NoSuchKey", "The specified key does not exist."}
