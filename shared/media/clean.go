package media

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// ErrDamaged says that a picture is not built as its type is, so that nobody can
// tell what it would show or tell. It is not kept.
var ErrDamaged = errors.New("the picture is damaged")

// Clean takes out of a picture or a recording what its maker did not mean to send:
// where and when and with what it was taken (EXIF, XMP, IPTC, comments, a recording's
// user data), and whatever stands behind its end, where phones put further pictures with
// all of that again. How it is to be turned and its colours stay.
//
// TIFF, whose words about a picture lie among the picture's own, is not kept. What else
// is texted (sound that is not MP4 or 3GPP, old kinds of video, cards, PDF) holds no
// place that a phone put there unasked, and comes out as it is.
func Clean(kind string, data []byte) ([]byte, error) {
	switch kind {
	case "image/jpeg", "image/jpg":
		return cleanJPEG(data)
	case "image/png":
		return cleanPNG(data)
	case "image/webp":
		return cleanWebP(data)
	case "image/gif":
		return cleanGIF(data)
	case "image/heic", "image/heif":
		return cleanHEIC(data)
	case "video/mp4", "video/quicktime", "video/3gpp", "video/3gpp2", "audio/mp4", "audio/3gpp", "audio/3gpp2":
		return cleanVideo(data)
	case "image/tiff":
		return nil, ErrDamaged
	}
	return data, nil
}

// Markers of a JPEG that matter here (ITU T.81, table B.1).
const (
	markTEM  = 0x01
	markRST0 = 0xd0
	markRST7 = 0xd7
	markSOI  = 0xd8
	markEOI  = 0xd9
	markSOS  = 0xda
	markAPP0 = 0xe0 // JFIF
	markAPP1 = 0xe1 // EXIF, XMP
	markAPP2 = 0xe2 // colour profile; also further pictures
	markAPPE = 0xee // how the colours are coded (Adobe)
	markAPPF = 0xef
	markCOM  = 0xfe
)

func cleanJPEG(data []byte) ([]byte, error) {
	if len(data) < 4 || data[0] != 0xff || data[1] != markSOI {
		return nil, ErrDamaged
	}
	out := make([]byte, 0, len(data))
	out = append(out, 0xff, markSOI)
	turned := false
	scans := 0
	for i := 2; ; {
		if i+1 >= len(data) || data[i] != 0xff {
			return nil, ErrDamaged
		}
		mark := data[i+1]
		switch {
		case mark == 0xff: // a byte to fill up with
			i++
			continue
		case mark == markEOI:
			if scans == 0 {
				return nil, ErrDamaged
			}
			return append(out, 0xff, markEOI), nil // and nothing behind it
		case mark == markTEM || mark >= markRST0 && mark <= markRST7:
			out = append(out, 0xff, mark)
			i += 2
			continue
		case mark == markSOI || mark == 0:
			return nil, ErrDamaged
		}
		if i+4 > len(data) {
			return nil, ErrDamaged
		}
		size := int(binary.BigEndian.Uint16(data[i+2:]))
		if size < 2 || i+2+size > len(data) {
			return nil, ErrDamaged
		}
		body := data[i+4 : i+2+size]
		keep := true
		switch {
		case mark == markAPP0 || mark == markAPPE:
		case mark == markAPP1:
			keep = false
			if o := orientation(body); o > 1 && !turned {
				turned = true
				out = append(out, onlyOrientation(o)...)
			}
		case mark == markAPP2:
			keep = bytes.HasPrefix(body, []byte("ICC_PROFILE\x00"))
		case mark > markAPP0 && mark <= markAPPF || mark == markCOM:
			keep = false
		}
		if keep {
			out = append(out, data[i:i+2+size]...)
		}
		i += 2 + size
		if mark != markSOS {
			continue
		}
		// The picture's own bytes run up to the next marker that is neither a stuffed
		// byte nor a restart.
		scans++
		begin := i
		for ; ; i++ {
			if i+1 >= len(data) {
				return nil, ErrDamaged // it ends before its end
			}
			if data[i] == 0xff && data[i+1] != 0 && (data[i+1] < markRST0 || data[i+1] > markRST7) && data[i+1] != 0xff {
				break
			}
		}
		out = append(out, data[begin:i]...)
	}
}

const tagOrientation = 0x0112

// orientation reads how a picture is to be turned from its EXIF part: 1 to 8, or 0
// where it does not say.
func orientation(body []byte) uint16 {
	tiff, ok := bytes.CutPrefix(body, []byte("Exif\x00\x00"))
	if !ok || len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder
	switch string(tiff[:2]) {
	case "II":
		order = binary.LittleEndian
	case "MM":
		order = binary.BigEndian
	default:
		return 0
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return 0
	}
	n := uint64(order.Uint16(tiff[at:]))
	for k := range n {
		e := at + 2 + 12*k
		if e+12 > uint64(len(tiff)) {
			return 0
		}
		if order.Uint16(tiff[e:]) == tagOrientation {
			if v := order.Uint16(tiff[e+8:]); v >= 1 && v <= 8 {
				return v
			}
			return 0
		}
	}
	return 0
}

// onlyOrientation is an EXIF part that says how to turn the picture and nothing else.
func onlyOrientation(o uint16) []byte {
	return []byte{0xff, markAPP1, 0, 34, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1,
		tagOrientation >> 8, tagOrientation & 0xff, 0, 3, 0, 0, 0, 1, byte(o >> 8), byte(o), 0, 0, 0, 0, 0, 0}
}

const pngHead = "\x89PNG\r\n\x1a\n"

// cleanPNG drops the chunks of words, of EXIF and of the time.
func cleanPNG(data []byte) ([]byte, error) {
	if !bytes.HasPrefix(data, []byte(pngHead)) {
		return nil, ErrDamaged
	}
	out := append(make([]byte, 0, len(data)), pngHead...)
	for i := len(pngHead); ; {
		if i+12 > len(data) {
			return nil, ErrDamaged
		}
		size := int64(binary.BigEndian.Uint32(data[i:]))
		end := int64(i) + 12 + size
		if end > int64(len(data)) {
			return nil, ErrDamaged
		}
		name := string(data[i+4 : i+8])
		switch name {
		case "tEXt", "zTXt", "iTXt", "eXIf", "tIME":
		default:
			out = append(out, data[i:end]...)
		}
		if name == "IEND" {
			return out, nil
		}
		i = int(end)
	}
}

// cleanWebP drops the EXIF and XMP chunks and their marks in the header.
func cleanWebP(data []byte) ([]byte, error) {
	if len(data) < 12 || string(data[:4]) != "RIFF" || string(data[8:12]) != "WEBP" {
		return nil, ErrDamaged
	}
	whole := int64(binary.LittleEndian.Uint32(data[4:])) + 8
	if whole > int64(len(data)) {
		return nil, ErrDamaged
	}
	out := append(make([]byte, 0, len(data)), data[:12]...)
	for i := int64(12); i < whole; {
		if i+8 > whole {
			return nil, ErrDamaged
		}
		size := int64(binary.LittleEndian.Uint32(data[i+4:]))
		end := i + 8 + size + size&1
		if end > whole {
			return nil, ErrDamaged
		}
		switch string(data[i : i+4]) {
		case "EXIF", "XMP ":
		case "VP8X":
			begin := len(out)
			out = append(out, data[i:end]...)
			if size > 0 {
				out[begin+8] &^= 0x08 | 0x04
			}
		default:
			out = append(out, data[i:end]...)
		}
		i = end
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out, nil
}
