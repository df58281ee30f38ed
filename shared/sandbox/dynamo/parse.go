package dynamo

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

type op uint8

const (
	opPath op = iota
	opValue
	opFunction   // name, args
	opComparison // name (=, <>, <, <=, >, >=), two args
	opBetween
	opIn
	opAnd
	opOr
	opNot
	opPlus
	opMinus
)

// node is a part of a parsed expression: names and values are already put in.
type node struct {
	op    op
	name  string
	path  path
	value value
	args  []*node
}

// step of a document path: a map key, or a list index.
type step struct {
	name  string
	index int
	list  bool
}

type path []step

func (p path) String() string {
	parts := make([]string, len(p))
	for i, s := range p {
		if parts[i] = s.name; s.list {
			parts[i] = "[" + strconv.Itoa(s.index) + "]"
		}
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

func (n *node) isCondition() bool {
	switch n.op {
	case opComparison, opBetween, opIn, opAnd, opOr, opNot:
		return true
	}
	return n.op == opFunction && n.name != "size"
}

// resultKind is what the operand is known to be before any item is seen.
func (n *node) resultKind() kind {
	switch n.op {
	case opValue:
		return n.value.kind
	case opFunction:
		switch n.name {
		case "size":
			return kindN
		case "list_append":
			return kindL
		case "if_not_exists":
			if len(n.args) == 2 {
				return n.args[1].resultKind()
			}
			return kindNone
		}
		return kindBOOL
	case opPlus, opMinus:
		return kindN
	}
	return kindNone
}

// The faults an expression can have beside bad syntax, in the order in which DynamoDB
// complains. One parse may find several; only the first by this order is answered.
type rank uint8

const (
	rankParens rank = iota
	rankUnknownFunction
	rankMisused
	rankReserved
	rankSection
	rankUndefined
	rankOverlap
	rankConflict
	rankOperands
	rankDistinct
	rankFunction
	ranks
)

// substitutions are an operation's ExpressionAttributeNames and -Values, and which of
// them its expressions have used.
type substitutions struct {
	Names  map[string]string `json:"ExpressionAttributeNames"`
	Values item              `json:"ExpressionAttributeValues"`

	used map[string]bool
}

// check looks at the names and values themselves. present are the names of the
// expression parameters the request has, all those it could have.
func (s *substitutions) check(present bool, all ...string) *fault {
	if s.Names != nil && !present {
		return invalid("ExpressionAttributeNames can only be specified when using expressions")
	}
	if s.Values != nil && !present {
		verb := "is"
		if len(all) > 1 {
			verb = "are"
		}
		return invalid("ExpressionAttributeValues can only be specified when using expressions: " + strings.Join(all, " and ") + " " + verb + " null")
	}
	if s.Names != nil && len(s.Names) == 0 {
		return invalid("ExpressionAttributeNames must not be empty")
	}
	for name := range s.Names {
		if !isPlaceholder(name, '#') {
			return invalid(`ExpressionAttributeNames contains invalid key: Syntax error; key: "` + name + `"`)
		}
	}
	if s.Values != nil && len(s.Values) == 0 {
		return invalid("ExpressionAttributeValues must not be empty")
	}
	for name, v := range s.Values {
		if !isPlaceholder(name, ':') {
			return invalid(`ExpressionAttributeValues contains invalid key: Syntax error; key: "` + name + `"`)
		}
		if f := v.fault(); f != "" {
			return invalid("ExpressionAttributeValues contains invalid value: " + f + " for key " + name)
		}
	}
	s.used = map[string]bool{}
	return nil
}

func isPlaceholder(s string, mark byte) bool {
	return len(s) > 1 && s[0] == mark && wordEnd(s, 1) == len(s)
}

func (s *substitutions) allUsed() *fault {
	unused := func(which string, names []string) *fault {
		names = slices.DeleteFunc(names, func(n string) bool { return s.used[n] })
		if len(names) == 0 {
			return nil
		}
		return invalid("Value provided in " + which + " unused in expressions: keys: {" + strings.Join(names, ", ") + "}")
	}
	if f := unused("ExpressionAttributeNames", slices.Sorted(maps.Keys(s.Names))); f != nil {
		return f
	}
	return unused("ExpressionAttributeValues", slices.Sorted(maps.Keys(s.Values)))
}

type parser struct {
	source string
	tokens []token
	pos    int
	subs   *substitutions
	update bool
	depth  int
	faults [ranks]string
	first  string // the faults of the leftmost faulty condition win over those of later ones
	syntax string
}

const maxExpression = 4096

// parse runs one grammar over one expression and words what is wrong with it.
func parse[T any](which, source string, subs *substitutions, grammar func(*parser) T) (T, *fault) {
	var none T
	complain := func(what string) *fault { return invalid("Invalid " + which + ": " + what) }
	if source == "" {
		return none, complain("The expression can not be empty;")
	}
	if len(source) > maxExpression {
		return none, complain("Expression size has exceeded the maximum allowed size; expression size: " + strconv.Itoa(len(source)))
	}
	p := &parser{source: source, tokens: lex(source), subs: subs, update: which == "UpdateExpression"}
	result := grammar(p)
	if p.peek().kind != tokenEnd {
		p.unexpected()
	}
	if p.syntax != "" {
		return none, complain(p.syntax)
	}
	for r := range ranks {
		if r == rankUndefined && p.first != "" {
			return none, complain(p.first)
		}
		if p.faults[r] != "" {
			return none, complain(p.faults[r])
		}
	}
	return result, nil
}

func (p *parser) peek() token { return p.tokens[p.pos] }

func (p *parser) next() token {
	t := p.tokens[p.pos]
	if p.pos < len(p.tokens)-1 {
		p.pos++
	}
	return t
}

// punct takes the punctuation if it is next.
func (p *parser) punct(text string) bool {
	if t := p.peek(); t.kind == tokenPunct && t.text == text {
		p.pos++
		return true
	}
	return false
}

func (p *parser) word(text string) bool {
	if t := p.peek(); t.kind == tokenWord && strings.EqualFold(t.text, text) {
		p.pos++
		return true
	}
	return false
}

func (p *parser) expect(text string) {
	if !p.punct(text) {
		p.unexpected()
	}
}

// unexpected notes the first syntax error, with the tokens around it, and ends the parse.
func (p *parser) unexpected() {
	if p.syntax == "" {
		at := p.pos
		t := p.tokens[at]
		from, to := max(at-1, 0), at+1
		if at >= len(p.tokens)-2 { // the end itself is no text
			to = len(p.tokens) - 2
		}
		near := ""
		if to >= from {
			near = p.source[p.tokens[from].start:p.tokens[to].end]
		}
		p.syntax = `Syntax error; token: "` + t.text + `", near: "` + near + `"`
	}
	p.pos = len(p.tokens) - 1
}

func (p *parser) note(r rank, message string) {
	if p.faults[r] == "" {
		p.faults[r] = message
	}
}

// endOfCondition fixes the leftmost faulty condition's fault.
func (p *parser) endOfCondition() {
	for r := rankUndefined; r < ranks && p.first == ""; r++ {
		p.first = p.faults[r]
	}
}

// ---- conditions

func (p *parser) condition() *node { n := p.or(); p.mustBeCondition(n); return n }

func (p *parser) mustBeCondition(n *node) {
	if n != nil && !n.isCondition() && p.syntax == "" {
		if n.op == opFunction {
			p.note(rankMisused, "The function is not allowed to be used this way in an expression; function: "+n.name)
			return
		}
		p.unexpected()
	}
}

func (p *parser) or() *node {
	n := p.and()
	for p.word("OR") {
		p.mustBeCondition(n)
		right := p.and()
		p.mustBeCondition(right)
		n = &node{op: opOr, args: []*node{n, right}}
	}
	return n
}

func (p *parser) and() *node {
	n := p.not()
	for p.word("AND") {
		p.mustBeCondition(n)
		right := p.not()
		p.mustBeCondition(right)
		n = &node{op: opAnd, args: []*node{n, right}}
	}
	return n
}

const maxDepth = 300 // of nested expression parts, so that no request can exhaust the stack

func (p *parser) not() *node {
	if p.depth++; p.depth > maxDepth {
		p.syntax = "The expression is nested too deeply"
		p.unexpected()
	}
	defer func() { p.depth-- }()
	if p.word("NOT") {
		n := p.not()
		p.mustBeCondition(n)
		return &node{op: opNot, args: []*node{n}}
	}
	return p.comparison()
}

func (p *parser) comparison() *node {
	left := p.operand()
	t := p.peek()
	switch {
	case t.kind == tokenPunct && strings.Contains(" = <> < <= > >= ", " "+t.text+" "):
		p.pos++
		right := p.operand()
		p.noNesting(left, right)
		n := &node{op: opComparison, name: t.text, args: []*node{left, right}}
		p.distinct(t.text, n.args)
		if t.text != "=" && t.text != "<>" {
			p.ordered(t.text, n.args)
		}
		p.endOfCondition()
		return n
	case p.word("BETWEEN"):
		low := p.operand()
		if !p.word("AND") {
			p.unexpected()
		}
		high := p.operand()
		p.noNesting(left, low, high)
		p.ordered("BETWEEN", []*node{left, low, high})
		p.bounds(low, high)
		p.endOfCondition()
		return &node{op: opBetween, args: []*node{left, low, high}}
	case p.word("IN"):
		args := []*node{left}
		p.expect("(")
		for {
			args = append(args, p.operand())
			if !p.punct(",") {
				break
			}
		}
		p.expect(")")
		p.noNesting(args...)
		if len(args) > 101 {
			p.note(rankOperands, "Invalid operand count for IN; number of operands: "+strconv.Itoa(len(args)-1))
		}
		p.endOfCondition()
		return &node{op: opIn, args: args}
	}
	p.endOfCondition()
	return left
}

func (p *parser) noNesting(args ...*node) {
	for _, a := range args {
		switch {
		case a == nil:
		case a.op == opFunction && a.name != "size" && !p.update:
			p.note(rankMisused, "The function is not allowed to be used this way in an expression; function: "+a.name)
		case a.isCondition() && a.op != opFunction:
			p.unexpected()
		}
	}
}

func (p *parser) distinct(name string, args []*node) {
	if len(args) == 2 && args[0] != nil && args[1] != nil && args[0].op == opPath && args[1].op == opPath && slices.Equal(args[0].path, args[1].path) {
		p.note(rankDistinct, "The first operand must be distinct from the remaining operands for this operator or function; operator: "+name+", first operand: "+args[0].path.String())
	}
}

// ordered refuses what has no order as an operand of <, <=, >, >= and BETWEEN.
func (p *parser) ordered(name string, args []*node) {
	for _, a := range args {
		if a == nil {
			continue
		}
		switch k := a.resultKind(); k {
		case kindNone, kindS, kindN, kindB:
		default:
			p.note(rankFunction, "Incorrect operand type for operator or function; operator or function: "+name+", operand type: "+k.String())
		}
	}
}

func (p *parser) bounds(low, high *node) {
	if low == nil || high == nil || low.op != opValue || high.op != opValue {
		return
	}
	show := func(v value) string {
		var w writer
		w.value(v)
		inner := strings.Replace(string(w.buf[2:len(w.buf)-1]), `":`, ":", 1)
		return "AttributeValue: {" + strings.ReplaceAll(inner, `"`, "") + "}"
	}
	operands := "; lower bound operand: " + show(low.value) + ", upper bound operand: " + show(high.value)
	if low.value.kind != high.value.kind {
		p.note(rankFunction, "The BETWEEN operator requires same data type for lower and upper bounds"+operands)
	} else if c, ok := low.value.compare(high.value); ok && c > 0 {
		p.note(rankFunction, "The BETWEEN operator requires upper bound to be greater than or equal to lower bound"+operands)
	}
}

// operand is a path, a value, a function call, or anything in parentheses.
func (p *parser) operand() *node {
	switch t := p.peek(); {
	case t.kind == tokenPunct && t.text == "(" && !p.update:
		p.pos++
		double := p.peek().text == "("
		n := p.or()
		if p.punct(")") {
			if inner := p.tokens[p.pos-2]; double && inner.text == ")" && p.wraps(t) {
				p.note(rankParens, "The expression has redundant parentheses;")
			}
		} else {
			p.unexpected()
		}
		return n
	case t.kind == tokenPunct && t.text == "(":
		p.pos++
		n := p.sum()
		p.expect(")")
		return n
	case t.kind == tokenValue:
		p.pos++
		v, ok := p.subs.Values[t.text]
		if !ok {
			p.note(rankUndefined, "An expression attribute value used in expression is not defined; attribute value: "+t.text)
		}
		p.subs.used[t.text] = true
		return &node{op: opValue, value: v}
	case t.kind == tokenWord && p.tokens[p.pos+1].text == "(":
		return p.call()
	case t.kind == tokenWord || t.kind == tokenName:
		return &node{op: opPath, path: p.path()}
	}
	p.unexpected()
	return nil
}

// wraps answers whether the parenthesis just closed held nothing but another pair.
func (p *parser) wraps(open token) bool {
	start := slices.IndexFunc(p.tokens, func(t token) bool { return t.start == open.start }) + 1
	depth := 0
	for i := start; i < p.pos-1; i++ {
		switch p.tokens[i].text {
		case "(":
			depth++
		case ")":
			if depth--; depth == 0 {
				return i == p.pos-2
			}
		}
	}
	return false
}

func (p *parser) call() *node {
	name := p.next().text
	p.expect("(")
	n := &node{op: opFunction, name: name}
	for {
		if p.update {
			n.args = append(n.args, p.sum())
		} else {
			n.args = append(n.args, p.operand())
		}
		if !p.punct(",") {
			break
		}
	}
	p.expect(")")
	if p.syntax != "" {
		return n
	}
	p.noNesting(n.args...)
	p.checkCall(n)
	return n
}

func (p *parser) checkCall(n *node) {
	counts := map[string]int{"attribute_exists": 1, "attribute_not_exists": 1, "attribute_type": 2, "begins_with": 2, "contains": 2, "size": 1}
	if p.update {
		counts = map[string]int{"if_not_exists": 2, "list_append": 2}
	}
	want, known := counts[n.name]
	if !known {
		p.note(rankUnknownFunction, "Invalid function name; function: "+n.name)
		return
	}
	if want != len(n.args) {
		p.note(rankOperands, "Incorrect number of operands for operator or function; operator or function: "+n.name+", number of operands: "+strconv.Itoa(len(n.args)))
		return
	}
	p.distinct(n.name, n.args)
	wrongKind := func(k string) {
		p.note(rankFunction, "Incorrect operand type for operator or function; operator or function: "+n.name+", operand type: "+k)
	}
	switch n.name {
	case "attribute_exists", "attribute_not_exists", "if_not_exists":
		if n.args[0].op != opPath {
			p.note(rankFunction, "Operator or function requires a document path; operator or function: "+n.name)
		}
	case "begins_with":
		for _, a := range n.args {
			if k := a.resultKind(); k != kindNone && k != kindS && k != kindB {
				wrongKind(k.String())
			}
		}
	case "attribute_type":
		switch k := n.args[1].resultKind(); {
		case k == kindNone:
			wrongKind("{NS,SS,L,BS,N,M,B,BOOL,NULL,S}")
		case k != kindS:
			wrongKind(k.String())
		case kindOf(n.args[1].value.s) == kindNone:
			p.note(rankFunction, "Invalid attribute type name found; type: "+n.args[1].value.s+", valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}")
		}
	case "size":
		if k := n.args[0].resultKind(); k == kindN || k == kindBOOL || k == kindNULL {
			wrongKind(k.String())
		}
	case "list_append":
		for _, a := range n.args {
			if k := a.resultKind(); k != kindNone && k != kindL {
				wrongKind(k.String())
			}
		}
	}
}

func (p *parser) path() path {
	steps := path{p.step()}
	for p.syntax == "" {
		switch {
		case p.punct("."):
			steps = append(steps, p.step())
		case p.punct("["):
			t := p.peek()
			n, err := strconv.Atoi(t.text)
			if t.kind != tokenIndex {
				p.unexpected()
				return steps
			}
			p.pos++
			if err != nil || n > 1<<31-1 {
				p.note(rankOperands, "List index is not within the allowable range; index: ["+t.text+"]")
			}
			steps = append(steps, step{index: n, list: true})
			p.expect("]")
		default:
			return steps
		}
	}
	return steps
}

func (p *parser) step() step {
	switch t := p.peek(); t.kind {
	case tokenWord:
		p.pos++
		if isReserved(t.text) {
			p.note(rankReserved, "Attribute name is a reserved keyword; reserved keyword: "+t.text)
		}
		return step{name: t.text}
	case tokenName:
		p.pos++
		name, ok := p.subs.Names[t.text]
		if !ok {
			p.note(rankUndefined, "An expression attribute name used in the document path is not defined; attribute name: "+t.text)
		}
		p.subs.used[t.text] = true
		return step{name: name}
	}
	p.unexpected()
	return step{}
}

// ---- projections

func (p *parser) projection() []path {
	var paths []path
	for {
		paths = append(paths, p.path())
		p.overlaps(paths)
		if !p.punct(",") {
			return paths
		}
	}
}

// overlaps compares the last path with those before it.
func (p *parser) overlaps(paths []path) {
	last := paths[len(paths)-1]
next:
	for _, other := range paths[:len(paths)-1] {
		pair := "; must remove or rewrite one of these paths; path one: " + other.String() + ", path two: " + last.String()
		for i := range min(len(other), len(last)) {
			if other[i].list != last[i].list {
				p.note(rankConflict, "Two document paths conflict with each other"+pair)
				continue next
			}
			if other[i] != last[i] {
				continue next
			}
		}
		p.note(rankOverlap, "Two document paths overlap with each other"+pair)
	}
}

// ---- updates

type action struct {
	verb  string // SET, REMOVE, ADD, DELETE
	path  path
	value *node
}

func (p *parser) updates() []action {
	var actions []action
	var paths []path
	seen := map[string]bool{}
	for p.syntax == "" {
		t := p.peek()
		verb := strings.ToUpper(t.text)
		if t.kind != tokenWord || !slices.Contains([]string{"SET", "REMOVE", "ADD", "DELETE"}, verb) {
			if t.kind != tokenEnd || len(actions) == 0 {
				p.unexpected()
			}
			break
		}
		p.pos++
		if seen[verb] {
			p.note(rankSection, `The "`+verb+`" section can only be used once in an update expression;`)
		}
		seen[verb] = true
		for p.syntax == "" {
			a := action{verb: verb, path: p.path()}
			switch verb {
			case "SET":
				p.expect("=")
				a.value = p.sum()
				p.assignable(a.value)
			case "ADD", "DELETE":
				if p.peek().kind != tokenValue {
					p.unexpected()
					break
				}
				a.value = p.operand()
				p.addable(verb, a.value.value.kind)
			}
			actions = append(actions, a)
			paths = append(paths, a.path)
			p.overlaps(paths)
			if !p.punct(",") {
				break
			}
		}
	}
	return actions
}

func (p *parser) assignable(n *node) {
	if n != nil && n.op == opFunction && n.name == "size" {
		p.note(rankMisused, "The function is not allowed to be used this way in an expression; function: size")
	}
}

func (p *parser) addable(verb string, k kind) {
	switch {
	case k == kindNone, k.member() != kindNone, verb == "ADD" && k == kindN:
	default:
		p.note(rankOperands, "Incorrect operand type for operator or function; operator: "+verb+", operand type: "+k.longName())
	}
}

// sum is a SET operand: one operand, or two joined by + or -.
func (p *parser) sum() *node {
	if p.depth++; p.depth > maxDepth {
		p.syntax = "The expression is nested too deeply"
		p.unexpected()
	}
	defer func() { p.depth-- }()
	n := p.operand()
	for _, sign := range []string{"+", "-"} {
		if !p.punct(sign) {
			continue
		}
		right := p.operand()
		if p.syntax != "" {
			return n
		}
		for _, a := range []*node{n, right} {
			if k := a.resultKind(); k != kindNone && k != kindN {
				p.note(rankFunction, "Incorrect operand type for operator or function; operator or function: "+sign+", operand type: "+k.String())
			}
		}
		o := opPlus
		if sign == "-" {
			o = opMinus
		}
		return &node{op: o, args: []*node{n, right}}
	}
	return n
}
