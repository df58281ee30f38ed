package media_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snout/shared/media"
)

func square() image.Image {
	m := image.NewRGBA(image.Rect(0, 0, 24, 16))
	for i := range m.Pix {
		m.Pix[i] = byte(i * 7)
	}
	m.Set(3, 3, color.RGBA{200, 10, 10, 255})
	return m
}

func jpegOf(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, square(), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func segment(mark byte, body string) []byte {
	out := []byte{0xff, mark, 0, 0}
	binary.BigEndian.PutUint16(out[2:], uint16(len(body)+2))
	return append(out, body...)
}

// exif is an EXIF part with how to turn the picture and where it was taken.
func exif(order binary.AppendByteOrder, turn uint16) string {
	head := "II*\x00"
	if order.AppendUint16(nil, 1)[0] == 0 {
		head = "MM\x00*"
	}
	b := order.AppendUint32([]byte(head), 8)
	entry := func(tag, kind uint16, n, value uint32) {
		b = order.AppendUint16(b, tag)
		b = order.AppendUint16(b, kind)
		b = order.AppendUint32(b, n)
		if kind == 3 {
			b = order.AppendUint16(b, uint16(value))
			b = append(b, 0, 0)
			return
		}
		b = order.AppendUint32(b, value)
	}
	b = order.AppendUint16(b, 3)
	entry(0x010f, 2, 12, 50) // the maker of the phone
	entry(0x0112, 3, 1, uint32(turn))
	entry(0x8825, 4, 1, 62) // GPS
	b = order.AppendUint32(b, 0)
	return "Exif\x00\x00" + string(b) + "SECRETMAKER\x0034.0522N118.2437W"
}

// with puts parts behind the start of a JPEG.
func with(jpg []byte, parts ...[]byte) []byte {
	out := bytes.Clone(jpg[:2])
	for _, p := range parts {
		out = append(out, p...)
	}
	return append(out, jpg[2:]...)
}

func TestWhereAJPEGWasTakenIsTakenOut(t *testing.T) {
	plain := jpegOf(t)
	turned := []byte{0xff, 0xe1, 0, 34, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0}
	icc := segment(0xe2, "ICC_PROFILE\x00\x01\x01colours")
	adobe := segment(0xee, "Adobe\x00d\x00\x00\x00\x00\x01")
	for _, c := range []struct {
		name     string
		in, want []byte
	}{
		{"a picture with nothing to hide comes out as it is", plain, plain},
		{"EXIF with a place goes, little-endian", with(plain, segment(0xe1, exif(binary.LittleEndian, 1))), plain},
		{"EXIF with a place goes, big-endian", with(plain, segment(0xe1, exif(binary.BigEndian, 1))), plain},
		{"how to turn it stays, and only that", with(plain, segment(0xe1, exif(binary.LittleEndian, 6))), with(plain, turned)},
		{"how to turn it stays, big-endian", with(plain, segment(0xe1, exif(binary.BigEndian, 6))), with(plain, turned)},
		{"a second EXIF part says nothing more", with(plain, segment(0xe1, exif(binary.BigEndian, 6)), segment(0xe1, exif(binary.BigEndian, 8))), with(plain, turned)},
		{"EXIF that makes no sense goes", with(plain, segment(0xe1, "Exif\x00\x00MM\x00*\xff\xff\xff\xff34.0522N")), plain},
		{"XMP, IPTC, a maker's part and comments go", with(plain, segment(0xe1, "http://ns.adobe.com/xap/1.0/\x00<gps/>"), segment(0xed, "Photoshop 3.0\x0034.0522N"),
			segment(0xe5, "34.0522N"), segment(0xfe, "at 34.0522N")), plain},
		{"colours stay, a list of further pictures goes", with(plain, icc, segment(0xe2, "MPF\x00further"), adobe), with(plain, icc, adobe)},
		{"what stands behind the end goes", append(bytes.Clone(plain), "MotionPhoto 34.0522N"...), plain},
		{"a second picture behind the end goes", append(bytes.Clone(plain), with(plain, segment(0xe1, exif(binary.BigEndian, 1)))...), plain},
		{"bytes to fill up with are no harm", with(plain, []byte{0xff, 0xff}, segment(0xfe, "34.0522N")), plain},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := media.Clean("image/jpeg", c.in)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			if bytes.Contains(got, []byte("34.0522N")) || bytes.Contains(got, []byte("SECRETMAKER")) {
				t.Error("it still tells where it was taken")
			}
			if _, err := jpeg.Decode(bytes.NewReader(got)); err != nil {
				t.Errorf("it is no picture any more: %v", err)
			}
		})
	}
}

func TestWhatIsNoPictureIsNotKept(t *testing.T) {
	plain := jpegOf(t)
	var pic bytes.Buffer
	if err := png.Encode(&pic, square()); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, kind string
		in         []byte
	}{
		{"nothing", "image/jpeg", nil},
		{"a page that says it is a picture", "image/jpeg", []byte("<html><script>")},
		{"half a picture", "image/jpeg", plain[:len(plain)/2]},
		{"a part longer than the rest", "image/jpeg", append([]byte{0xff, 0xd8, 0xff, 0xe1, 0xff, 0xff}, "Exif"...)},
		{"a part of no length", "image/jpeg", with(plain, []byte{0xff, 0xe1, 0, 0})},
		{"no scan at all", "image/jpeg", []byte{0xff, 0xd8, 0xff, 0xd9}},
		{"a PNG that ends too soon", "image/png", pic.Bytes()[:pic.Len()-8]},
		{"a PNG that is none", "image/png", plain},
		{"a WebP that is none", "image/webp", plain},
		{"a WebP that ends too soon", "image/webp", []byte("RIFF\xff\x00\x00\x00WEBPVP8 ")},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, err := media.Clean(c.kind, c.in); !errors.Is(err, media.ErrDamaged) {
				t.Errorf("%d bytes, %v; want ErrDamaged", len(got), err)
			}
		})
	}
}

func TestWordsAndEXIFOfAPNGAreTakenOut(t *testing.T) {
	var b bytes.Buffer
	if err := png.Encode(&b, square()); err != nil {
		t.Fatal(err)
	}
	plain := b.Bytes()
	chunk := func(name, body string) []byte {
		out := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
		return append(append(append(out, name...), body...), 0, 0, 0, 0)
	}
	head := plain[:8+25] // the signature and the header chunk
	in := append(append(append(append(bytes.Clone(head), chunk("eXIf", "34.0522N")...), chunk("tEXt", "where\x0034.0522N")...), plain[len(head):]...), "behind 34.0522N"...)
	got, err := media.Clean("image/png", in)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(plain, got); diff != "" {
		t.Error(diff)
	}
}

func TestEXIFOfAWebPIsTakenOut(t *testing.T) {
	chunk := func(name, body string) string {
		out := name + string(binary.LittleEndian.AppendUint32(nil, uint32(len(body)))) + body
		if len(body)%2 == 1 {
			out += "\x00"
		}
		return out
	}
	riff := func(body string) []byte {
		return []byte("RIFF" + string(binary.LittleEndian.AppendUint32(nil, uint32(len(body)+4))) + "WEBP" + body)
	}
	in := riff(chunk("VP8X", "\x1c\x00\x00\x00\x00\x00\x00\x00\x00\x00") + chunk("VP8 ", "picture") + chunk("EXIF", "34.0522N") + chunk("XMP ", "<gps>"))
	want := riff(chunk("VP8X", "\x10\x00\x00\x00\x00\x00\x00\x00\x00\x00") + chunk("VP8 ", "picture"))
	got, err := media.Clean("image/webp", append(in, "behind"...))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Whatever comes in, nothing of a part that is to go comes out, and nothing panics.
func FuzzClean(f *testing.F) {
	plain := jpegOf(f)
	f.Add("image/jpeg", plain)
	f.Add("image/jpeg", with(plain, segment(0xe1, exif(binary.LittleEndian, 3))))
	f.Add("image/png", []byte("\x89PNG\r\n\x1a\n"))
	f.Add("video/mp4", []byte(boxed("ftyp", "isom\x00\x00\x00\x00")+boxed("moov", boxed("udta", place))))
	f.Add("image/heic", []byte(heic("Exif"+place, "xmp", true)))
	f.Add("image/gif", []byte("GIF89a\x01\x00\x01\x00\x00\x00\x00\x3b"))
	f.Add("image/webp", []byte("RIFF\x04\x00\x00\x00WEBP"))
	f.Fuzz(func(t *testing.T, kind string, data []byte) {
		out, err := media.Clean(kind, data)
		if err != nil {
			return
		}
		again, err := media.Clean(kind, out)
		if err != nil {
			t.Fatalf("cleaned once, it is damaged: %v", err)
		}
		if !bytes.Equal(out, again) {
			t.Fatal("cleaning it again changes it")
		}
	})
}
