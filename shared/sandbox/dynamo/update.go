package dynamo

import (
	"cmp"
	"maps"
	"slices"
)

const (
	badPath    = "The document path provided in the update expression is invalid for update"
	badOperand = "An operand in the update expression has an incorrect data type"
	noSuchPath = "The provided expression refers to an attribute that does not exist in the item"
)

// apply answers the item after the update. Every operand is read from the item as it
// was; list indexes mean positions in the list as it was, too.
func apply(actions []action, old item) (item, *fault) {
	type assignment struct {
		path  path
		value value
	}
	var sets []assignment
	var removals []path
	for _, a := range actions {
		v, keep, f := a.result(old)
		switch {
		case f != nil:
			return nil, f
		case keep:
			sets = append(sets, assignment{a.path, v})
		default:
			removals = append(removals, a.path)
		}
	}
	// Elements set beyond a list's end are appended in the order of their indexes, and
	// removals run from the back, so that an earlier one does not move a later one.
	slices.SortStableFunc(sets, func(a, b assignment) int { return a.path.compare(b.path) })
	slices.SortStableFunc(removals, func(a, b path) int { return b.compare(a) })
	whole := value{kind: kindM, m: old}
	for _, s := range sets {
		next, ok := whole.with(s.path, &s.value)
		if !ok {
			return nil, invalid(badPath)
		}
		whole = next
	}
	for _, p := range removals {
		if len(p) > 1 {
			if parent, ok := p[:len(p)-1].find(old); !ok || p[len(p)-1].list != (parent.kind == kindL) || !p[len(p)-1].list && parent.kind != kindM {
				return nil, invalid(badPath)
			}
		}
		if _, there := p.find(old); there {
			whole, _ = whole.with(p, nil)
		}
	}
	return whole.m, nil
}

func (p path) compare(o path) int {
	return slices.CompareFunc(p, o, func(a, b step) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.index, b.index))
	})
}

// with answers a copy that differs from v at the path alone; nil removes what is there.
func (v value) with(p path, to *value) (value, bool) {
	s := p[0]
	var child value
	there := false
	switch {
	case s.list && v.kind == kindL:
		if there = s.index < len(v.l); there {
			child = v.l[s.index]
		}
	case !s.list && v.kind == kindM:
		child, there = v.m[s.name]
	default:
		return v, false
	}
	if len(p) > 1 {
		if !there {
			return v, false
		}
		next, ok := child.with(p[1:], to)
		if !ok {
			return v, false
		}
		to = &next
	}
	if s.list {
		v.l = slices.Clone(v.l)
		switch {
		case to == nil:
			v.l = slices.Delete(v.l, s.index, s.index+1)
		case there:
			v.l[s.index] = *to
		default:
			v.l = append(v.l, *to)
		}
		return v, true
	}
	m := make(item, len(v.m)+1)
	maps.Copy(m, v.m)
	if v.m = m; to == nil {
		delete(m, s.name)
	} else {
		m[s.name] = *to
	}
	return v, true
}

// result of one action: the path's new value, or keep = false to remove it.
func (a action) result(old item) (v value, keep bool, f *fault) {
	switch a.verb {
	case "REMOVE":
		return value{}, false, nil
	case "SET":
		v, f = a.value.compute(old)
		return v, true, f
	}
	operand := a.value.value
	was, there := a.path.find(old)
	if there && was.kind != operand.kind {
		return value{}, false, invalid(badOperand)
	}
	if !there && len(a.path) > 1 {
		if _, ok := (value{kind: kindM, m: old}).with(a.path, &operand); !ok {
			return value{}, false, invalid(badPath)
		}
	}
	switch {
	case a.verb == "ADD" && !there:
		return operand, true, nil
	case a.verb == "ADD" && operand.kind == kindN:
		v, f = sum(was, operand, false)
		return v, true, f
	case a.verb == "ADD":
		v = value{kind: was.kind, l: slices.Clone(was.l)}
		for _, m := range operand.l {
			if !was.has(m) {
				v.l = append(v.l, m)
			}
		}
		return v, true, nil
	}
	// DELETE: a set that loses its last member goes.
	v = value{kind: was.kind}
	for _, m := range was.l {
		if !operand.has(m) {
			v.l = append(v.l, m)
		}
	}
	return v, len(v.l) > 0, nil
}

func sum(a, b value, minus bool) (value, *fault) {
	if a.kind != kindN || b.kind != kindN {
		return value{}, invalid(badOperand)
	}
	right := b.number()
	if minus {
		right = right.negated()
	}
	total := a.number().plus(right)
	if f := total.tooBig(); f != "" {
		return value{}, invalid(f)
	}
	return value{kind: kindN, s: total.String()}, nil
}

// compute evaluates a SET operand.
func (n *node) compute(old item) (value, *fault) {
	switch n.op {
	case opValue:
		return n.value, nil
	case opPath:
		v, ok := n.path.find(old)
		if !ok {
			return v, invalid(noSuchPath)
		}
		return v, nil
	case opFunction:
		if n.name == "if_not_exists" {
			if v, ok := n.args[0].path.find(old); ok {
				return v, nil
			}
			return n.args[1].compute(old)
		}
	}
	a, f := n.args[0].compute(old)
	if f != nil {
		return a, f
	}
	b, f := n.args[1].compute(old)
	if f != nil {
		return b, f
	}
	if n.op == opFunction { // list_append
		if a.kind != kindL || b.kind != kindL {
			return a, invalid(badOperand)
		}
		return value{kind: kindL, l: slices.Concat(a.l, b.l)}, nil
	}
	return sum(a, b, n.op == opMinus)
}
