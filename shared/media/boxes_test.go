package media_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image/gif"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snout/shared/media"
)

func boxed(kind string, parts ...string) string {
	body := strings.Join(parts, "")
	return string(binary.BigEndian.AppendUint32(nil, uint32(8+len(body)))) + kind + body
}

// freed is what is left of a box whose words are taken out.
func freed(parts ...string) string {
	return boxed("free", strings.Repeat("\x00", len(strings.Join(parts, ""))))
}

const place = "34.0522N118.2437W"

func TestWhereAVideoWasTakenIsTakenOut(t *testing.T) {
	ftyp, mdat := boxed("ftyp", "qt  \x00\x00\x00\x00qt  "), boxed("mdat", "the film itself")
	words := boxed("\xa9xyz", "\x00\x12\x15\xc7"+place)
	apple := "\x00\x00\x00\x00" + boxed("keys", "com.apple.quicktime.location.ISO6709") + boxed("ilst", place)
	track := boxed("tkhd", "turned")
	long := "\x00\x00\x00\x01mdat" + string(binary.BigEndian.AppendUint64(nil, 16+5)) + "frame"
	for _, c := range []struct{ name, in, want string }{
		{"a film with nothing to hide comes out as it is", ftyp + mdat + boxed("moov", boxed("mvhd", "x"), boxed("trak", track)), ftyp + mdat + boxed("moov", boxed("mvhd", "x"), boxed("trak", track))},
		{"a phone's user data goes", ftyp + boxed("moov", boxed("mvhd", "x"), boxed("udta", words)) + mdat, ftyp + boxed("moov", boxed("mvhd", "x"), freed(words)) + mdat},
		{"Apple's words go", ftyp + mdat + boxed("moov", boxed("meta", apple)), ftyp + mdat + boxed("moov", freed(apple))},
		{"a track's own words go", ftyp + mdat + boxed("moov", boxed("trak", track, boxed("udta", words), boxed("mdia", boxed("meta", apple)))),
			ftyp + mdat + boxed("moov", boxed("trak", track, freed(words), boxed("mdia", freed(apple))))},
		{"XMP beside the film goes", ftyp + boxed("uuid", "\xbe\x7a\xcf\xcb"+place) + boxed("moov", "") + mdat, ftyp + freed("\xbe\x7a\xcf\xcb"+place) + boxed("moov", "") + mdat},
		{"a film longer than a box can say", ftyp + boxed("moov", boxed("udta", words)) + long, ftyp + boxed("moov", freed(words)) + long},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, kind := range []string{"video/mp4", "video/quicktime", "video/3gpp"} {
				got, err := media.Clean(kind, []byte(c.in))
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(c.want, string(got)); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
}

// heic is a picture of item 1, with EXIF in item 2 and XMP in item 3.
func heic(exif, xmp string, own bool) string {
	info := func(id byte, kind string) string {
		return boxed("infe", "\x02\x00\x00\x00\x00"+string(id)+"\x00\x00"+kind+"\x00")
	}
	way := byte(0)
	if own {
		way = 1
	}
	build := func(picture, exifFrom, xmpFrom int) string {
		item := func(id, way byte, from, size int) string {
			b := []byte{0, id, 0, way, 0, 0, 0, 1}
			b = binary.BigEndian.AppendUint32(b, uint32(from))
			return string(binary.BigEndian.AppendUint32(b, uint32(size)))
		}
		iloc := boxed("iloc", "\x01\x00\x00\x00\x44\x00\x00\x03", item(1, 0, picture, 7), item(2, way, exifFrom, len(exif)), item(3, way, xmpFrom, len(xmp)))
		iinf := boxed("iinf", "\x00\x00\x00\x00\x00\x03", info(1, "hvc1"), info(2, "Exif"), info(3, "mime"))
		idat := ""
		if own {
			idat = boxed("idat", exif, xmp)
		}
		meta := boxed("meta", "\x00\x00\x00\x00", boxed("hdlr", "pict"), iinf, boxed("iprp", "irot"), iloc, idat)
		film := "picture"
		if !own {
			film += exif + xmp
		}
		return boxed("ftyp", "heic\x00\x00\x00\x00mif1") + meta + boxed("mdat", film)
	}
	whole := build(0, 0, 0)
	at := strings.LastIndex(whole, "picture")
	if own {
		return build(at, 0, len(exif))
	}
	return build(at, at+7, at+7+len(exif))
}

func TestWhereAHEICWasTakenIsTakenOut(t *testing.T) {
	for _, c := range []struct {
		name string
		own  bool
	}{{"its words lie behind the picture", false}, {"its words lie with its numbers", true}} {
		t.Run(c.name, func(t *testing.T) {
			exif, xmp := "\x00\x00\x00\x06Exif\x00\x00MM"+place, "<x:xmpmeta>"+place
			got, err := media.Clean("image/heic", []byte(heic(exif, xmp, c.own)))
			if err != nil {
				t.Fatal(err)
			}
			want := heic(strings.Repeat("\x00", len(exif)), strings.Repeat("\x00", len(xmp)), c.own)
			if diff := cmp.Diff(want, string(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWordsInAGIFAreTakenOut(t *testing.T) {
	var b bytes.Buffer
	if err := gif.Encode(&b, square(), nil); err != nil {
		t.Fatal(err)
	}
	plain := b.Bytes()
	head := 13 + 3<<(plain[10]&7+1)
	if plain[10]&0x80 == 0 {
		head = 13
	}
	loop, comment, xmp := "\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00", "\x21\xfe\x11"+place+"\x00", "\x21\xff\x0bXMP DataXMP\x11"+place+"\x00"
	in := string(plain[:head]) + loop + comment + xmp + string(plain[head:]) + "behind " + place
	got, err := media.Clean("image/gif", []byte(in))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(plain[:head])+loop+string(plain[head:]), string(got)); diff != "" {
		t.Error(diff)
	}
	if _, err := gif.DecodeAll(bytes.NewReader(got)); err != nil {
		t.Error(err)
	}
}

func TestWhatCannotBeLookedThroughIsNotKept(t *testing.T) {
	whole := heic("Exif"+place, "xmp", false)
	for _, c := range []struct{ name, kind, in string }{
		{"a TIFF", "image/tiff", "II*\x00"},
		{"a video that is none", "video/mp4", "<html><script>alert(1)</script>"},
		{"a video without its description", "video/mp4", boxed("ftyp", "isom\x00\x00\x00\x00") + boxed("mdat", "film")},
		{"a video that ends too soon", "video/mp4", boxed("ftyp", "isom\x00\x00\x00\x00") + boxed("moov", boxed("udta", place))[:20]},
		{"a box longer than its parent", "video/quicktime", boxed("ftyp", "qt  \x00\x00\x00\x00") + boxed("moov", "\x00\x00\xff\xffudta"+place)},
		{"a HEIC that is none", "image/heic", "\xff\xd8\xff\xe0 a JPEG"},
		{"a HEIC that ends too soon", "image/heic", whole[:len(whole)-3]},
		{"a HEIC whose EXIF lies outside of it", "image/heic", strings.Replace(whole, "\x00\x00\x00\x15", "\x00\x00\xff\xff", 1)},
		{"a HEIC without a list of items", "image/heif", boxed("ftyp", "heic\x00\x00\x00\x00") + boxed("meta", "\x00\x00\x00\x00", boxed("hdlr", "pict"))},
		{"a GIF that ends too soon", "image/gif", "GIF89a\x01\x00\x01\x00\x00\x00\x00\x21\xfe\x20" + place},
		{"a GIF that is none", "image/gif", "<svg>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, err := media.Clean(c.kind, []byte(c.in)); !errors.Is(err, media.ErrDamaged) {
				t.Errorf("%d bytes, %v; want ErrDamaged", len(got), err)
			}
		})
	}
}
