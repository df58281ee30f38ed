package dynamo

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

type kind uint8

const (
	kindNone kind = iota
	kindS
	kindN
	kindB
	kindBOOL
	kindNULL
	kindSS
	kindNS
	kindBS
	kindL
	kindM
	kindBad // an attribute value that can be read but not stored; s says why
)

var kindNames = [...]string{"", "S", "N", "B", "BOOL", "NULL", "SS", "NS", "BS", "L", "M", ""}

func (k kind) String() string { return kindNames[k] }

// longName is what update expressions call the type in their errors.
func (k kind) longName() string {
	switch k {
	case kindS:
		return "STRING"
	case kindN:
		return "NUMBER"
	case kindB:
		return "BINARY"
	case kindBOOL:
		return "BOOLEAN"
	case kindL:
		return "LIST"
	case kindM:
		return "MAP"
	}
	return k.String()
}

func kindOf(name string) kind {
	for k := kindS; k <= kindM; k++ {
		if kindNames[k] == name {
			return k
		}
	}
	return kindNone
}

// value is an attribute value. It is never changed once made: rows, index entries,
// stream images and answers share the same ones, outside of any lock.
type value struct {
	kind kind
	bool bool
	s    string  // S; N in plain notation; B as raw bytes
	l    []value // L, and the members of SS, NS, BS
	m    item
}

type item map[string]value

func (v value) number() decimal { d, _ := parseDecimal(v.s); return d }

func (k kind) member() kind {
	switch k {
	case kindSS:
		return kindS
	case kindNS:
		return kindN
	case kindBS:
		return kindB
	}
	return kindNone
}

func (v value) equal(o value) bool {
	if v.kind != o.kind {
		return false
	}
	switch v.kind {
	case kindBOOL:
		return v.bool == o.bool
	case kindNULL:
		return true
	case kindSS, kindNS, kindBS:
		return len(v.l) == len(o.l) && !slices.ContainsFunc(v.l, func(m value) bool { return !o.has(m) })
	case kindL:
		return slices.EqualFunc(v.l, o.l, value.equal)
	case kindM:
		return v.m.equal(o.m)
	}
	return v.s == o.s
}

func (i item) equal(o item) bool { return maps.EqualFunc(i, o, value.equal) }

// has looks for a member of a set or an element of a list.
func (v value) has(member value) bool { return slices.ContainsFunc(v.l, member.equal) }

// compare orders two scalars of the same kind; the kinds that have no order answer false.
func (v value) compare(o value) (int, bool) {
	if v.kind != o.kind {
		return 0, false
	}
	switch v.kind {
	case kindS, kindB:
		return strings.Compare(v.s, o.s), true
	case kindN:
		return v.number().compare(o.number()), true
	}
	return 0, false
}

// size in bytes, as the item size limit and the capacity units count it.
func (v value) size() int {
	switch v.kind {
	case kindS, kindB:
		return len(v.s)
	case kindN:
		return v.number().size()
	case kindSS, kindNS, kindBS:
		n := 0
		for _, m := range v.l {
			n += m.size()
		}
		return n
	case kindL:
		n := 3
		for _, e := range v.l {
			n += 1 + e.size()
		}
		return n
	case kindM:
		return 3 + len(v.m) + v.m.size()
	}
	return 1
}

func (i item) size() int {
	n := 0
	for name, v := range i {
		n += len(name) + v.size()
	}
	return n
}

// depth of nesting below the value; 32 levels are allowed in an item.
func (v value) depth() int {
	n := 0
	for _, e := range v.l {
		n = max(n, e.depth())
	}
	for _, e := range v.m {
		n = max(n, e.depth())
	}
	if v.kind == kindL || v.kind == kindM {
		n++
	}
	return n
}

// fault answers why the value may not be stored or compared with, or "".
func (v value) fault() string {
	switch v.kind {
	case kindNone:
		return "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
	case kindBad:
		return v.s
	case kindL:
		for _, e := range v.l {
			if f := e.fault(); f != "" {
				return f
			}
		}
	case kindM:
		return v.m.fault()
	}
	return ""
}

func (i item) fault() string {
	for _, v := range i {
		if f := v.fault(); f != "" {
			return f
		}
	}
	return ""
}

// appendSortable writes bytes that order as values of one key attribute do, and that
// end themselves, so that what is appended after them cannot change the order.
func (v value) appendSortable(dst []byte) []byte {
	if v.kind == kindN {
		return v.number().appendSortable(dst)
	}
	return append(appendEscaped(dst, v.s), 0, 0)
}

func appendEscaped(dst []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		dst = append(dst, s[i])
		if s[i] == 0 {
			dst = append(dst, 0xFF)
		}
	}
	return dst
}

// ---- JSON in

// UnmarshalJSON reads a whole attribute map in one pass. What cannot be stored (an
// empty set, a bad number) is kept as kindBad: DynamoDB complains about it only after
// it has complained about everything in the request's outer shape.
func (i *item) UnmarshalJSON(data []byte) error {
	r := reader{data: data}
	if r.null() {
		*i = nil
		return nil
	}
	m, err := r.attributes()
	*i = m
	return err
}

func (v *value) UnmarshalJSON(data []byte) error {
	r := reader{data: data}
	var err error
	*v, err = r.attribute()
	return err
}

// reader walks JSON that encoding/json has already found well-formed.
type reader struct {
	data []byte
	pos  int
}

func (r *reader) peek() byte {
	for {
		switch c := r.data[r.pos]; c {
		case ' ', '\t', '\n', '\r', ',', ':':
			r.pos++
		default:
			return c
		}
	}
}

func (r *reader) null() bool {
	if r.peek() == 'n' {
		r.pos += 4
		return true
	}
	return false
}

func (r *reader) string() (string, error) {
	if c := r.peek(); c != '"' {
		return "", serialization(tokenText(c) + " cannot be converted to String")
	}
	start := r.pos
	for r.pos++; ; r.pos++ {
		switch r.data[r.pos] {
		case '"':
			r.pos++
			return string(r.data[start+1 : r.pos-1]), nil
		case '\\':
			// A backslash was met: let the library undo the escapes.
			end := stringEnd(r.data, start)
			r.pos = end
			var s string
			err := json.Unmarshal(r.data[start:end], &s)
			return s, err
		}
	}
}

func stringEnd(data []byte, start int) int {
	for i := start + 1; ; i++ {
		switch data[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
}

func tokenText(c byte) string {
	switch c {
	case 't':
		return "TRUE_VALUE"
	case 'f':
		return "FALSE_VALUE"
	case '{', '[':
		return "START_OF_STRUCTURE"
	case '"':
		return "STRING_VALUE"
	case 'n':
		return "NULL_VALUE"
	}
	return "NUMBER_VALUE"
}

func (r *reader) object(each func(name string) error) error {
	if c := r.peek(); c != '{' {
		return serialization("Unexpected field type: " + tokenText(c))
	}
	r.pos++
	for r.peek() != '}' {
		name, err := r.string()
		if err != nil {
			return err
		}
		if err := each(name); err != nil {
			return err
		}
	}
	r.pos++
	return nil
}

func (r *reader) array(each func() error) error {
	if c := r.peek(); c != '[' {
		return serialization("Unexpected field type: " + tokenText(c))
	}
	r.pos++
	for r.peek() != ']' {
		if err := each(); err != nil {
			return err
		}
	}
	r.pos++
	return nil
}

func (r *reader) attributes() (item, error) {
	m := item{}
	err := r.object(func(name string) error {
		v, err := r.attribute()
		m[name] = v
		return err
	})
	return m, err
}

func (r *reader) attribute() (value, error) {
	var v value
	fields := 0
	err := r.object(func(name string) error {
		if r.null() {
			return nil
		}
		fields++
		var err error
		v, err = r.typed(kindOf(name))
		return err
	})
	if fields > 1 && v.kind != kindBad {
		v = value{kind: kindBad, s: "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"}
	}
	return v, err
}

func (r *reader) typed(k kind) (v value, err error) {
	v.kind = k
	switch k {
	case kindS, kindN, kindB:
		return r.scalar(k)
	case kindBOOL, kindNULL:
		c := r.peek()
		if c != 't' && c != 'f' {
			return v, serialization(tokenText(c) + " cannot be converted to Boolean")
		}
		v.bool = c == 't'
		if r.pos += 4; c == 'f' {
			r.pos++
		}
		if k == kindNULL && !v.bool {
			v = value{kind: kindBad, s: "One or more parameter values were invalid: Null attribute value types must have the value of true"}
		}
	case kindSS, kindNS, kindBS:
		return r.set(k)
	case kindL:
		v.l = []value{}
		err = r.array(func() error {
			e, err := r.attribute()
			v.l = append(v.l, e)
			return err
		})
	case kindM:
		v.m, err = r.attributes()
	default:
		err = serialization("Unknown attribute value type")
	}
	return v, err
}

func (r *reader) scalar(k kind) (value, error) {
	s, err := r.string()
	v := value{kind: k, s: s}
	if err != nil {
		return v, err
	}
	switch k {
	case kindB:
		raw, err := base64.StdEncoding.DecodeString(s)
		if err != nil {
			return v, serialization("only base-64-encoded strings are convertible to bytes")
		}
		v.s = string(raw)
	case kindN:
		d, fault := parseDecimal(s)
		if fault != "" {
			return value{kind: kindBad, s: fault}, nil
		}
		v.s = d.String()
	}
	return v, nil
}

func (r *reader) set(k kind) (value, error) {
	v := value{kind: k}
	var bad *value
	seen := map[string]bool{}
	var raw []string
	twice := false
	err := r.array(func() error {
		m, err := r.scalar(k.member())
		if m.kind == kindBad && bad == nil {
			bad = &m
		}
		raw = append(raw, m.s)
		twice = twice || seen[m.s]
		seen[m.s] = true
		v.l = append(v.l, m)
		return err
	})
	invalid := "One or more parameter values were invalid: "
	switch {
	case err != nil:
		return v, err
	case bad != nil:
		return *bad, nil
	case len(v.l) == 0 && k == kindSS:
		return value{kind: kindBad, s: invalid + "An string set  may not be empty"}, nil
	case len(v.l) == 0 && k == kindNS:
		return value{kind: kindBad, s: invalid + "An number set  may not be empty"}, nil
	case len(v.l) == 0:
		return value{kind: kindBad, s: invalid + "Binary sets should not be empty"}, nil
	case twice && k == kindNS:
		return value{kind: kindBad, s: "Input collection contains duplicates"}, nil
	case twice && k == kindSS:
		return value{kind: kindBad, s: invalid + "Input collection [" + strings.Join(raw, ", ") + "] contains duplicates."}, nil
	case twice:
		for i, b := range raw {
			raw[i] = base64.StdEncoding.EncodeToString([]byte(b))
		}
		return value{kind: kindBad, s: invalid + "Input collection [" + strings.Join(raw, ", ") + "]of type BS contains duplicates."}, nil
	}
	return v, nil
}

// ---- JSON out

// writer builds an answer. It exists because encoding/json would scan every item once
// more only to check what was just written.
type writer struct {
	buf    []byte
	sorted bool // attributes in order of their names, so that requests can be compared by their bytes
}

func (w *writer) comma() {
	if n := len(w.buf); n > 0 {
		switch w.buf[n-1] {
		case '{', '[', ':':
		default:
			w.buf = append(w.buf, ',')
		}
	}
}

func (w *writer) open(c byte)  { w.comma(); w.buf = append(w.buf, c) }
func (w *writer) close(c byte) { w.buf = append(w.buf, c) }

func (w *writer) key(name string) *writer {
	w.comma()
	w.buf = append(appendString(w.buf, name), ':')
	return w
}

func (w *writer) string(s string) { w.comma(); w.buf = appendString(w.buf, s) }

func (w *writer) json(v any) {
	w.comma()
	b, err := json.Marshal(v)
	if err != nil {
		panic("dynamo: an answer cannot be written: " + err.Error()) // a value of ours, so a fault of ours
	}
	w.buf = append(w.buf, b...)
}

func (w *writer) item(i item) {
	w.open('{')
	if w.sorted {
		for _, name := range slices.Sorted(maps.Keys(i)) {
			w.key(name).value(i[name])
		}
	} else {
		for name, v := range i {
			w.key(name).value(v)
		}
	}
	w.close('}')
}

func (w *writer) value(v value) {
	w.open('{')
	w.key(v.kind.String())
	switch v.kind {
	case kindS, kindN:
		w.string(v.s)
	case kindB:
		w.string(base64.StdEncoding.EncodeToString([]byte(v.s)))
	case kindBOOL, kindNULL:
		w.json(v.bool)
	case kindM:
		w.item(v.m)
	default:
		w.open('[')
		for _, e := range v.l {
			switch v.kind {
			case kindL:
				w.value(e)
			case kindBS:
				w.string(base64.StdEncoding.EncodeToString([]byte(e.s)))
			default:
				w.string(e.s)
			}
		}
		w.close(']')
	}
	w.close('}')
}

// MarshalJSON is for the log, whose lines are written by encoding/json.
func (i item) MarshalJSON() ([]byte, error) {
	if i == nil {
		return []byte("null"), nil
	}
	var w writer
	w.item(i)
	return w.buf, nil
}

func appendString(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' {
			continue
		}
		dst = append(dst, s[start:i]...)
		start = i + 1
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		default:
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	return append(append(dst, s[start:]...), '"')
}
