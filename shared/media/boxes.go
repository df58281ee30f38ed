package media

import (
	"bytes"
	"encoding/binary"
)

// Videos and HEIC pictures are trees of boxes (ISO/IEC 14496-12). Where they were taken
// stands in boxes of their own, or in a HEIC picture in items. Other boxes tell by the
// byte where the pictures' own data lies, so nothing is cut out: what is to go is
// overwritten with zeros where it stands.

// box is one of them, by where it stands in the file.
type box struct {
	kind            string
	at, body, until int
}

// boxesIn lists the boxes that fill data[from:until] exactly.
func boxesIn(data []byte, from, until int) ([]box, error) {
	var out []box
	for i := from; i < until; {
		if until-i < 8 {
			return nil, ErrDamaged
		}
		b := box{kind: string(data[i+4 : i+8]), at: i, body: i + 8}
		size := uint64(binary.BigEndian.Uint32(data[i:]))
		switch size {
		case 0: // up to the end
			size = uint64(until - i)
		case 1:
			if until-i < 16 {
				return nil, ErrDamaged
			}
			size, b.body = binary.BigEndian.Uint64(data[i+8:]), i+16
		}
		if size < uint64(b.body-i) || size > uint64(until-i) {
			return nil, ErrDamaged
		}
		b.until = i + int(size)
		out = append(out, b)
		i = b.until
	}
	return out, nil
}

// blank makes a box one that every reader skips.
func blank(data []byte, b box) {
	copy(data[b.at+4:], "free")
	clear(data[b.body:b.until])
}

func isBoxes(data []byte) bool {
	return len(data) >= 12 && (string(data[4:8]) == "ftyp" || string(data[4:8]) == "moov" || string(data[4:8]) == "wide" || string(data[4:8]) == "mdat")
}

// cleanVideo blanks what a recording says of itself: user data (the place among it),
// QuickTime's and Apple's words, and boxes of nobody's standard (XMP among them).
func cleanVideo(data []byte) ([]byte, error) {
	if !isBoxes(data) {
		return nil, ErrDamaged
	}
	out := bytes.Clone(data)
	whole := false
	var walk func(from, until, deep int) error
	walk = func(from, until, deep int) error {
		bs, err := boxesIn(out, from, until)
		if err != nil || deep > 8 {
			return ErrDamaged
		}
		for _, b := range bs {
			switch b.kind {
			case "udta", "meta", "uuid":
				blank(out, b)
			case "moov", "trak", "mdia", "moof", "traf":
				whole = whole || b.kind == "moov"
				if err := walk(b.body, b.until, deep+1); err != nil {
					return err
				}
			}
		}
		return nil
	}
	if err := walk(0, len(out), 0); err != nil {
		return nil, err
	}
	if !whole {
		return nil, ErrDamaged
	}
	return out, nil
}

// cleanHEIC overwrites the items of a HEIC picture that hold EXIF and XMP. How it is to
// be turned is a property of the picture and stays.
func cleanHEIC(data []byte) ([]byte, error) {
	if len(data) < 12 || string(data[4:8]) != "ftyp" {
		return nil, ErrDamaged
	}
	out := bytes.Clone(data)
	top, err := boxesIn(out, 0, len(out))
	if err != nil {
		return nil, err
	}
	found := false
	for _, b := range top {
		switch b.kind {
		case "meta":
			found = true
			if err := blankItems(out, b); err != nil {
				return nil, err
			}
		case "uuid", "udta":
			blank(out, b)
		case "moov": // pictures in a row
			return nil, ErrDamaged
		}
	}
	if !found {
		return nil, ErrDamaged
	}
	return out, nil
}

// reading takes numbers from a box, and remembers that it ran out of them.
type reading struct {
	b   []byte
	bad bool
}

func (r *reading) n(bytes int) uint64 {
	if bytes > len(r.b) {
		r.bad = true
		return 0
	}
	var v uint64
	for _, c := range r.b[:bytes] {
		v = v<<8 | uint64(c)
	}
	r.b = r.b[bytes:]
	return v
}

func blankItems(data []byte, meta box) error {
	if meta.until-meta.body < 4 {
		return ErrDamaged
	}
	bs, err := boxesIn(data, meta.body+4, meta.until) // behind version and flags
	if err != nil {
		return err
	}
	var infos, places, own box
	for _, b := range bs {
		switch b.kind {
		case "iinf":
			infos = b
		case "iloc":
			places = b
		case "idat":
			own = b
		}
	}
	if infos.kind == "" || places.kind == "" {
		return ErrDamaged
	}
	secret, err := tellingItems(data, infos)
	if err != nil || len(secret) == 0 {
		return err
	}
	return eachExtent(data, places, func(item uint64, way, offset, length uint64) error {
		if !secret[item] {
			return nil
		}
		from, until := uint64(0), uint64(len(data))
		switch way {
		case 0:
		case 1:
			if own.kind == "" {
				return ErrDamaged
			}
			from, until = uint64(own.body), uint64(own.until)
		default:
			return ErrDamaged
		}
		if offset > until-from || length > until-from-offset {
			return ErrDamaged
		}
		if length == 0 { // all that is there
			length = until - from - offset
		}
		clear(data[from+offset : from+offset+length])
		return nil
	})
}

// tellingItems are the numbers of the items that hold words about the picture: all but
// the pictures themselves.
func tellingItems(data []byte, infos box) (map[uint64]bool, error) {
	head := &reading{b: data[infos.body:infos.until]}
	wide := head.n(4)>>24 != 0
	if head.n(2); wide {
		head.n(2)
	}
	if head.bad {
		return nil, ErrDamaged
	}
	bs, err := boxesIn(data, infos.until-len(head.b), infos.until)
	if err != nil {
		return nil, err
	}
	secret := map[uint64]bool{}
	for _, b := range bs {
		if b.kind != "infe" {
			continue
		}
		r := &reading{b: data[b.body:b.until]}
		version := r.n(4) >> 24
		if version < 2 {
			return nil, ErrDamaged // of a time before HEIC
		}
		size := 2
		if version > 2 {
			size = 4
		}
		id := r.n(size)
		r.n(2)
		if r.bad || len(r.b) < 4 {
			return nil, ErrDamaged
		}
		switch string(r.b[:4]) {
		case "Exif", "mime", "uri ":
			secret[id] = true
		}
	}
	return secret, nil
}

// eachExtent tells where the items lie.
func eachExtent(data []byte, places box, visit func(item, way, offset, length uint64) error) error {
	r := &reading{b: data[places.body:places.until]}
	version := r.n(4) >> 24
	sizes := r.n(2)
	offsetSize, lengthSize, baseSize, indexSize := int(sizes>>12), int(sizes>>8&15), int(sizes>>4&15), int(sizes&15)
	idSize := 2
	if version > 1 {
		idSize = 4
	}
	if version == 0 {
		indexSize = 0
	}
	for range r.n(idSize) {
		id, way := r.n(idSize), uint64(0)
		if version > 0 {
			way = r.n(2) & 15
		}
		r.n(2) // of this file
		base := r.n(baseSize)
		for range r.n(2) {
			r.n(indexSize)
			offset, length := r.n(offsetSize), r.n(lengthSize)
			if r.bad {
				return ErrDamaged
			}
			if err := visit(id, way, base+offset, length); err != nil {
				return err
			}
		}
		if r.bad {
			return ErrDamaged
		}
	}
	if r.bad {
		return ErrDamaged
	}
	return nil
}

// cleanGIF drops comments and what applications added, all but how often it is to be
// shown again.
func cleanGIF(data []byte) ([]byte, error) {
	if len(data) < 13 || string(data[:6]) != "GIF87a" && string(data[:6]) != "GIF89a" {
		return nil, ErrDamaged
	}
	table := func(flags byte) int {
		if flags&0x80 == 0 {
			return 0
		}
		return 3 << (flags&7 + 1)
	}
	i := 13 + table(data[10])
	if i > len(data) {
		return nil, ErrDamaged
	}
	out := append(make([]byte, 0, len(data)), data[:i]...)
	// blocks answers where the row of blocks that begins at i ends.
	blocks := func(i int) int {
		for i < len(data) {
			n := int(data[i])
			if i++; n == 0 {
				return i
			}
			i += n
		}
		return len(data) + 1
	}
	for i < len(data) {
		end := 0
		keep := true
		switch data[i] {
		case 0x3b:
			return append(out, 0x3b), nil // and nothing behind it
		case 0x2c:
			if i+10 > len(data) {
				return nil, ErrDamaged
			}
			end = blocks(i + 10 + table(data[i+9]) + 1)
		case 0x21:
			if i+2 > len(data) {
				return nil, ErrDamaged
			}
			end = blocks(i + 2)
			switch data[i+1] {
			case 0xf9: // how long a picture stays
			case 0xff:
				keep = bytes.HasPrefix(data[i+2:], []byte("\x0bNETSCAPE2.0\x03")) || bytes.HasPrefix(data[i+2:], []byte("\x0bANIMEXTS1.0\x03"))
			default:
				keep = false
			}
		default:
			return nil, ErrDamaged
		}
		if end > len(data) {
			return nil, ErrDamaged
		}
		if keep {
			out = append(out, data[i:end]...)
		}
		i = end
	}
	return nil, ErrDamaged
}
