package sandbox_test

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/jpeg"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// photo is a JPEG whose EXIF part tells where it was taken.
func photo(t *testing.T) (data, plain []byte) {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewRGBA(image.Rect(0, 0, 16, 16)), nil); err != nil {
		t.Fatal(err)
	}
	plain = b.Bytes()
	exif := "Exif\x00\x00II*\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00 taken at 34.0522N 118.2437W"
	data = append(append([]byte{0xff, 0xd8, 0xff, 0xe1, 0, byte(len(exif) + 2)}, exif...), plain[2:]...)
	return data, plain
}

func dataURL(kind string, b []byte) string {
	return "data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(b)
}

// follows gets what a link leads to.
func (s *stage) follows(link string) (int, string, []byte) {
	s.Helper()
	res, err := s.http.Get(link)
	if err != nil {
		s.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		s.Fatal(err)
	}
	return res.StatusCode, res.Header.Get("Content-Type"), b
}

func TestAPictureIsKeptWithoutItsPlace(t *testing.T) {
	t.Parallel()
	s := open(t)
	taken, plain := photo(t)
	s.dana.texts(s.frontDesk, "Look at Mochi today, so proud", dataURL("image/jpeg", taken))
	s.settle()
	th := s.thread(s.dana, s.frontDesk).str("id")
	m := s.owner.mustSee(th, "Look at Mochi today, so proud").get("media.0")
	equal(s, "type", m.str("type"), "image/jpeg")
	link := m.str("url")
	if strings.Contains(link, "2010-04-01") || strings.Contains(link, "AC0000") {
		t.Errorf("the carrier's own address is shown: %s", link)
	}
	code, kind, got := s.follows(link)
	if code != http.StatusOK || kind != "image/jpeg" || !bytes.Equal(got, plain) {
		t.Errorf("the link answers %d, %s, %d bytes; want 200, image/jpeg, the picture without its place (%d bytes)", code, kind, len(got), len(plain))
	}
	equal(s, "the same link while it is young", s.owner.mustSee(th, "Look at Mochi today, so proud").str("media.0.url"), link)
	if code, _, _ := s.follows(strings.Replace(link, "image", "x", 1) + "&more=1"); code != http.StatusForbidden {
		t.Errorf("a link that was changed answers %d", code)
	}
	s.advance(21 * time.Minute)
	if code, _, _ := s.follows(link); code != http.StatusForbidden {
		t.Errorf("an old link answers %d, want 403", code)
	}
	if code, _, _ := s.follows(s.owner.mustSee(th, "Look at Mochi today, so proud").str("media.0.url")); code != http.StatusOK {
		t.Errorf("a new link answers %d", code)
	}
}

// A phone's photo has some megabytes. One that is larger than the carrier's own bound is
// not kept, and the words beside it are.
func TestPicturesOfAPhonesSize(t *testing.T) {
	t.Parallel()
	s := open(t)
	_, plain := photo(t)
	of := func(size int) string {
		b := slices.Clone(plain[:2])
		for len(b) < size {
			b = append(append(b, 0xff, 0xe2, 0xff, 0xff), make([]byte, 0xfffd)...)
		}
		return dataURL("image/jpeg", append(b, plain[2:]...))
	}
	s.dana.texts(s.frontDesk, "A good one and one of a giant", of(3<<20), of(6<<20))
	s.settle()
	e := s.owner.mustSee(s.thread(s.dana, s.frontDesk).str("id"), "A good one and one of a giant")
	if code, _, _ := s.follows(e.str("media.0.url")); code != 200 || !e.yes("media.1.gone") || e.has("media.1.url") {
		t.Errorf("%d: %s", code, e)
	}
}

func TestPicturesThatAreNotKept(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.dana.texts(s.frontDesk, "Three things not to keep, and a paper", dataURL("text/html", []byte("<script>alert(1)</script>")), dataURL("image/svg+xml", []byte("<svg/>")),
		dataURL("image/jpeg", []byte("not a picture")), dataURL("application/pdf", []byte("%PDF-1.7 a paper")))
	s.settle()
	e := s.owner.mustSee(s.thread(s.dana, s.frontDesk).str("id"), "Three things not to keep, and a paper")
	for i, m := range e.list("media")[:3] {
		if m.has("url") || !m.yes("gone") {
			t.Errorf("media %d: %s", i, m)
		}
	}
	code, _, got := s.follows(e.str("media.3.url"))
	equal(s, "a paper is kept", code, 200)
	equal(s, "as it was", string(got), "%PDF-1.7 a paper")
}

// A webhook's own answer never waits for a picture, and a carrier that cannot give it
// now is asked again.
func TestAPictureThatComesLater(t *testing.T) {
	t.Parallel()
	s := open(t)
	taken, plain := photo(t)
	s.faults(fields{"carrier": fields{"next": []string{"list-500", "list-timeout"}}})
	s.dana.texts(s.frontDesk, "A picture that takes three tries", dataURL("image/jpeg", taken))
	s.settle()
	th := s.thread(s.dana, s.frontDesk).str("id")
	for _, wait := range []time.Duration{time.Minute, 5 * time.Minute} {
		m := s.owner.mustSee(th, "A picture that takes three tries").get("media.0")
		if m.has("url") || m.yes("gone") {
			t.Errorf("before it was fetched: %s", m)
		}
		s.advance(wait + time.Second)
		s.settle()
	}
	code, _, got := s.follows(s.owner.mustSee(th, "A picture that takes three tries").str("media.0.url"))
	if code != 200 || !bytes.Equal(got, plain) {
		t.Errorf("the third try: %d, %d bytes", code, len(got))
	}
}

func TestOnlyTheCarriersAddressesAreFetched(t *testing.T) {
	t.Parallel()
	s := open(t)
	v := sms(s.dana.e164, s.frontDesk, "The picture is on its way", "MM00000000000000000000000000000077")
	v.Set("NumMedia", "1")
	v.Set("MediaContentType0", "image/jpeg")
	v.Set("MediaUrl0", "https://example.com/stranger.jpg")
	code, _ := s.form(webhook, v, s.secret())
	equal(s, "webhook", code, 200)
	s.received["MM00000000000000000000000000000077"]++
	s.settle()
	m := s.owner.mustSee(s.thread(s.dana, s.frontDesk).str("id"), "The picture is on its way").get("media.0")
	if m.has("url") || !m.yes("gone") {
		t.Errorf("an address that is not the carrier's: %s", m)
	}
}

func TestAPictureGoesOutByALinkOfOurs(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.dana.texts(s.frontDesk, "Could you send me the form, please?")
	th := s.thread(s.dana, s.frontDesk).str("id")
	taken, plain := photo(t)
	name := s.owner.post("/api/messages/media", fields{"type": "image/jpeg", "data": base64.StdEncoding.EncodeToString(taken)}).is(201).str("media")
	s.owner.sendsAs(th, "Here it is, with a picture", s.key(), fields{"media": []string{name}}).is(202)
	s.settle()
	link := s.dana.last().str("media.0")
	code, _, got := s.follows(link)
	if code != 200 || !bytes.Equal(got, plain) {
		t.Errorf("the carrier was given %s: %d, %d bytes", link, code, len(got))
	}
	code, _, _ = s.follows(s.owner.mustSee(th, "Here it is, with a picture").str("media.0.url"))
	equal(s, "and people see it", code, 200)

	s.owner.post("/api/messages/media", fields{"type": "image/svg+xml", "data": "PHN2Zy8+"}).refused(400, "INVALID_REQUEST")
	s.owner.post("/api/messages/media", fields{"type": "image/jpeg", "data": "PHN2Zy8+"}).refused(400, "INVALID_REQUEST")
	s.owner.post("/api/messages/media", fields{"type": "image/jpeg", "data": "%%"}).refused(400, "INVALID_REQUEST")
	s.owner.sendsAs(th, "A picture of another business", s.key(), fields{"media": []string{"m-second-" + strings.Repeat("x", 20) + "-jpeg"}}).refused(400, "INVALID_REQUEST")
	s.owner.sendsAs(th, "A picture out of the folder", s.key(), fields{"media": []string{"m-demo-../../x-jpeg"}}).refused(400, "INVALID_REQUEST")
	for _, address := range []string{"http://example.com/cat.jpg", "ftp://example.com/cat.jpg", "https://user:secret@example.com/cat.jpg", "https://localhost/cat.jpg", "file:///etc/passwd"} {
		s.owner.sendsAs(th, "An address nobody should call", s.key(), fields{"media": []string{address}}).refused(400, "INVALID_REQUEST")
	}
	s.owner.sendsAs(th, "An address for the carrier to call", s.key(), fields{"media": []string{"https://example.com/cat.jpg"}}).is(202)
	s.settle()
	equal(s, "the carrier was given it", s.dana.last().str("media.0"), "https://example.com/cat.jpg")
}

// A sitter's address would be a link that no screening has seen.
func TestASitterHandsPicturesIn(t *testing.T) {
	t.Parallel()
	s := open(t)
	th := s.visit()
	a := s.sam.sendsAs(th, "Look who is happy", s.key(), fields{"media": []string{"https://example.com/call-me-4155550147.jpg"}})
	a.refused(400, "INVALID_REQUEST")
	equal(s, "at fault", a.str("field"), "media")
	equal(s, "on the phone", s.hannah.count("Look who is happy"), 0)
	taken, _ := photo(t)
	name := s.sam.post("/api/messages/media", fields{"type": "image/jpeg", "data": base64.StdEncoding.EncodeToString(taken)}).is(201).str("media")
	s.sam.sendsAs(th, "Look who is happy", s.key(), fields{"media": []string{name}}).is(202)
	s.settle()
	equal(s, "on the phone", s.hannah.count("Look who is happy"), 1)
}
