package template

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Filter is one pattern of an event source mapping's FilterCriteria. A record passes a mapping if any of its filters matches.
type Filter struct {
	Pattern string
	root    pattern
}

// pattern is either nested fields, all of which must match, or the alternatives for one value.
type pattern struct {
	fields map[string]pattern
	leaf   []alternative
	or     []pattern
}

// alternative matches one value of a record; exists tells whether the field is there at all.
type alternative func(value any, exists bool) bool

// ParseFilter reads a pattern in EventBridge's rule language, as far as Lambda's stream and queue filters use it: literals, prefix, suffix, exists,
// anything-but, equals-ignore-case and $or. Anything else is an error, never a pattern that quietly matches nothing.
func ParseFilter(text string) (Filter, error) {
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return Filter{}, fmt.Errorf("filter pattern is not JSON: %w", err)
	}
	m, ok := v.(map[string]any)
	if !ok || len(m) == 0 {
		return Filter{}, errors.New("filter pattern is not an object with fields")
	}
	root, err := parsePattern(m, "")
	return Filter{Pattern: text, root: root}, err
}

func parsePattern(m map[string]any, at string) (pattern, error) {
	p := pattern{fields: map[string]pattern{}}
	for key, v := range m {
		where := strings.TrimPrefix(at+"."+key, ".")
		if key == "$or" {
			list, ok := v.([]any)
			if !ok || len(list) < 2 {
				return p, fmt.Errorf("filter pattern: %s needs a list of two or more", where)
			}
			for _, alt := range list {
				m, ok := alt.(map[string]any)
				if !ok {
					return p, fmt.Errorf("filter pattern: %s holds something that is not an object", where)
				}
				sub, err := parsePattern(m, where)
				if err != nil {
					return p, err
				}
				p.or = append(p.or, sub)
			}
			continue
		}
		switch v := v.(type) {
		case map[string]any:
			sub, err := parsePattern(v, where)
			if err != nil {
				return p, err
			}
			p.fields[key] = sub
		case []any:
			if len(v) == 0 {
				return p, fmt.Errorf("filter pattern: %s is an empty list and would match nothing", where)
			}
			leaf := pattern{}
			for _, a := range v {
				alt, err := parseAlternative(a, where)
				if err != nil {
					return p, err
				}
				leaf.leaf = append(leaf.leaf, alt)
			}
			p.fields[key] = leaf
		default:
			return p, fmt.Errorf("filter pattern: %s must be a list of values or an object", where)
		}
	}
	return p, nil
}

func parseAlternative(v any, where string) (alternative, error) {
	m, ok := v.(map[string]any)
	if !ok {
		if _, list := v.([]any); list {
			return nil, fmt.Errorf("filter pattern: %s holds a list in a list", where)
		}
		return func(value any, exists bool) bool { return exists && value == v }, nil
	}
	if len(m) != 1 {
		return nil, fmt.Errorf("filter pattern: %s has a comparison with more or less than one operator", where)
	}
	for op, arg := range m {
		s, isText := arg.(string)
		switch {
		case op == "exists":
			want, ok := arg.(bool)
			if !ok {
				return nil, fmt.Errorf("filter pattern: %s: exists takes true or false", where)
			}
			return func(_ any, exists bool) bool { return exists == want }, nil
		case op == "prefix" && isText:
			return ofText(func(t string) bool { return strings.HasPrefix(t, s) }), nil
		case op == "suffix" && isText:
			return ofText(func(t string) bool { return strings.HasSuffix(t, s) }), nil
		case op == "equals-ignore-case" && isText:
			return ofText(func(t string) bool { return strings.EqualFold(t, s) }), nil
		case op == "anything-but":
			return anythingBut(arg, where)
		}
		return nil, fmt.Errorf("filter pattern: %s: %q is unknown to this loader", where, op)
	}
	panic("unreachable: a map of one key has a key")
}

func ofText(test func(string) bool) alternative {
	return func(value any, exists bool) bool {
		t, ok := value.(string)
		return exists && ok && test(t)
	}
}

func anythingBut(arg any, where string) (alternative, error) {
	list, ok := arg.([]any)
	if m, isMap := arg.(map[string]any); isMap {
		prefix, isText := m["prefix"].(string)
		if !isText || len(m) != 1 {
			return nil, fmt.Errorf("filter pattern: %s: anything-but takes values or one prefix", where)
		}
		return ofText(func(t string) bool { return !strings.HasPrefix(t, prefix) }), nil
	}
	if !ok {
		list = []any{arg}
	}
	for _, v := range list {
		switch v.(type) {
		case string, float64:
		default:
			return nil, fmt.Errorf("filter pattern: %s: anything-but takes texts and numbers", where)
		}
	}
	return func(value any, exists bool) bool { return exists && !slices.Contains(list, value) }, nil
}

// Match tells whether a record, as the JSON that Lambda would deliver, passes. A record that is not a JSON object is an error.
func (f Filter) Match(record []byte) (bool, error) {
	var m map[string]any
	if err := json.Unmarshal(record, &m); err != nil {
		return false, fmt.Errorf("match filter: record is not a JSON object: %w", err)
	}
	return f.root.match(m), nil
}

// MatchAny tells whether a record passes a mapping: any filter matches, or there is none.
func MatchAny(filters []Filter, record []byte) (bool, error) {
	for _, f := range filters {
		if ok, err := f.Match(record); ok || err != nil {
			return ok, err
		}
	}
	return len(filters) == 0, nil
}

func (p pattern) match(m map[string]any) bool {
	for key, sub := range p.fields {
		v, exists := m[key]
		if sub.leaf != nil {
			if !sub.matchLeaf(v, exists) {
				return false
			}
			continue
		}
		// A missing object is an empty one: only {"exists": false} further down can match in it.
		inner, _ := v.(map[string]any)
		if !sub.match(inner) {
			return false
		}
	}
	return len(p.or) == 0 || slices.ContainsFunc(p.or, func(alt pattern) bool { return alt.match(m) })
}

// matchLeaf compares each alternative with the value, or with each element if the value is a list.
func (p pattern) matchLeaf(v any, exists bool) bool {
	values := []any{v}
	switch v := v.(type) {
	case []any:
		values = v
		if len(v) == 0 {
			return slices.ContainsFunc(p.leaf, func(a alternative) bool { return a(nil, false) })
		}
	case map[string]any:
		return false // a pattern compares leaves, never objects
	}
	return slices.ContainsFunc(p.leaf, func(a alternative) bool {
		return slices.ContainsFunc(values, func(v any) bool { return a(v, exists) })
	})
}
