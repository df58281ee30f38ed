package dynamo

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// find follows a document path.
func (p path) find(i item) (value, bool) {
	v, ok := i[p[0].name]
	for _, s := range p[1:] {
		if !ok {
			break
		}
		switch {
		case s.list && v.kind == kindL && s.index < len(v.l):
			v = v.l[s.index]
		case !s.list && v.kind == kindM:
			v, ok = v.m[s.name]
		default:
			ok = false
		}
	}
	return v, ok
}

// holds answers whether the condition is true of the item; an absent item is an empty one.
func (n *node) holds(i item) bool {
	switch n.op {
	case opAnd:
		return n.args[0].holds(i) && n.args[1].holds(i)
	case opOr:
		return n.args[0].holds(i) || n.args[1].holds(i)
	case opNot:
		return !n.args[0].holds(i)
	case opComparison:
		a, aok := n.args[0].operand(i)
		b, bok := n.args[1].operand(i)
		return compares(n.name, a, b, aok, bok)
	case opBetween:
		v, ok := n.args[0].operand(i)
		low, lok := n.args[1].operand(i)
		high, hok := n.args[2].operand(i)
		return compares(">=", v, low, ok, lok) && compares("<=", v, high, ok, hok)
	case opIn:
		v, ok := n.args[0].operand(i)
		return ok && slices.ContainsFunc(n.args[1:], func(a *node) bool {
			o, there := a.operand(i)
			return there && v.equal(o)
		})
	}
	return n.predicate(i)
}

func compares(operator string, a, b value, aok, bok bool) bool {
	switch operator {
	case "=":
		return aok && bok && a.equal(b)
	case "<>": // what is not there differs from everything, even from what is not there either
		return !(aok && bok && a.equal(b))
	}
	if !aok || !bok {
		return false
	}
	c, ok := a.compare(b)
	switch operator {
	case "<":
		return ok && c < 0
	case "<=":
		return ok && c <= 0
	case ">":
		return ok && c > 0
	}
	return ok && c >= 0
}

func (n *node) predicate(i item) bool {
	v, ok := n.args[0].operand(i)
	switch n.name {
	case "attribute_exists":
		return ok
	case "attribute_not_exists":
		return !ok
	}
	o, there := n.args[1].operand(i)
	if !ok || !there {
		return false
	}
	switch n.name {
	case "attribute_type":
		return v.kind.String() == o.s
	case "begins_with":
		return v.kind == o.kind && (v.kind == kindS || v.kind == kindB) && strings.HasPrefix(v.s, o.s)
	}
	// contains
	if v.kind == kindS || v.kind == kindB {
		return v.kind == o.kind && strings.Contains(v.s, o.s)
	}
	return v.has(o)
}

func (n *node) operand(i item) (value, bool) {
	switch n.op {
	case opPath:
		return n.path.find(i)
	case opValue:
		return n.value, true
	}
	v, ok := n.args[0].operand(i) // size
	if !ok {
		return value{}, false
	}
	length := len(v.l)
	switch v.kind {
	case kindS: // in UTF-16 code units, unlike every other length here
		length = 0
		for _, r := range v.s {
			length += utf16.RuneLen(r)
		}
	case kindB:
		length = len(v.s)
	case kindM:
		length = len(v.m)
	case kindN, kindBOOL, kindNULL:
		return value{}, false
	}
	return value{kind: kindN, s: strconv.Itoa(length)}, true
}

// pick answers the parts of the item the paths name. Elements picked out of one list
// close ranks, in the list's order.
func pick(i item, paths []path) item {
	tree := &picked{}
	for _, p := range paths {
		if _, ok := p.find(i); ok {
			tree.add(p)
		}
	}
	if tree.names == nil {
		return item{}
	}
	return tree.of(value{kind: kindM, m: i}).m
}

// picked is a set of paths as a tree; a node without children is taken whole.
type picked struct {
	names   map[string]*picked
	indexes map[int]*picked
}

func (t *picked) add(p path) {
	if len(p) == 0 {
		return
	}
	var child *picked
	if p[0].list {
		if t.indexes == nil {
			t.indexes = map[int]*picked{}
		}
		if child = t.indexes[p[0].index]; child == nil {
			child = &picked{}
			t.indexes[p[0].index] = child
		}
	} else {
		if t.names == nil {
			t.names = map[string]*picked{}
		}
		if child = t.names[p[0].name]; child == nil {
			child = &picked{}
			t.names[p[0].name] = child
		}
	}
	child.add(p[1:])
}

func (t *picked) of(v value) value {
	switch {
	case t.names != nil:
		m := make(item, len(t.names))
		for name, child := range t.names {
			m[name] = child.of(v.m[name])
		}
		return value{kind: kindM, m: m}
	case t.indexes != nil:
		l := make([]value, 0, len(t.indexes))
		for _, index := range slices.Sorted(maps.Keys(t.indexes)) {
			l = append(l, t.indexes[index].of(v.l[index]))
		}
		return value{kind: kindL, l: l}
	}
	return v
}
