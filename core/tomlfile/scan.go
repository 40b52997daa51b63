package tomlfile

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/BurntSushi/toml"

	"github.com/firstcall-cli/firstcall/core/problem"
)

// kind says how a node came to be, on which depends what may be added to it.
type kind int

const (
	implied    kind = iota // table named on the way to another: a in [a.b] and in a.b = 1
	headed                 // table with a [header] of its own, or an entry of [[header]]s
	tableList              // list of tables, made by [[header]]s
	inlineList             // list in square brackets
	inline                 // table in braces
	scalar                 // text, number, true or false, date
)

// node is one key of a file, or one entry of a list.
type node struct {
	line, column int // of the key's first character; of the value for an entry of a list
	kind         kind
	depth        int
	raw          string // the value as written, for scalars

	keys  map[string]*node
	order []string // of keys
	elems []*node

	unusable bool             // the value has been reported as wrong
	misspelt map[string]*node // key that was probably meant -> key that stands there
}

// child returns the node one step down, or nil.
func (n *node) child(step any) *node {
	switch step := step.(type) {
	case string:
		return n.keys[step]
	case int:
		if step >= 0 && step < len(n.elems) {
			return n.elems[step]
		}
	}
	return nil
}

func (n *node) add(name string, c *node) {
	if n.keys == nil {
		n.keys = map[string]*node{}
	}
	n.keys[name] = c
	n.order = append(n.order, name)
}

// scanner maps the keys of a TOML text to their places. It knows just enough of
// the grammar for that, and leaves it to the parser to say what is no TOML: on
// anything it does not understand it stops and keeps quiet.
//
// It runs before the parser to keep it from input nested so deeply that its
// stack would overflow, and to find keys that stand twice, where the parser can
// name only the second place and in some cases drops the first one's value.
type scanner struct {
	text   string
	off    int
	root   *node
	faults problem.List
	stuck  bool // met something that is no TOML, or too deep

	// The place counted up to so far; place only ever moves forward, which
	// keeps a long line from being counted again for each of its keys.
	counted, line, column int
}

// scan maps text, which is valid UTF-8 without a byte order mark.
func scan(text string) *scanner {
	s := &scanner{text: text, root: &node{kind: headed}, line: 1, column: 1}
	table := s.root
	for !s.stuck {
		s.skipBlank(true)
		switch s.peek() {
		case 0:
			return s
		case '[':
			table = s.header()
		default:
			s.keyValue(table)
		}
		s.skipBlank(false)
		if c := s.peek(); c != '\n' && c != '\r' && c != 0 {
			s.stuck = true
		}
	}
	return s
}

// peek returns the next byte, or 0 at the end; the text holds no NUL.
func (s *scanner) peek() byte {
	if s.off < len(s.text) {
		return s.text[s.off]
	}
	return 0
}

// skip moves over prefix if it is next, and reports whether it was.
func (s *scanner) skip(prefix string) bool {
	if strings.HasPrefix(s.text[s.off:], prefix) {
		s.off += len(prefix)
		return true
	}
	return false
}

// skipBlank moves over spaces and a comment, and with newlines over any number
// of blank lines and comments.
func (s *scanner) skipBlank(newlines bool) {
	for {
		switch c := s.peek(); {
		case c == ' ' || c == '\t', newlines && (c == '\n' || c == '\r'):
			s.off++
		case c == '#':
			end := strings.IndexByte(s.text[s.off:], '\n')
			if end < 0 {
				end = len(s.text) - s.off
			}
			s.off += end
		default:
			return
		}
	}
}

// here makes a node for what stands at the current offset.
func (s *scanner) here(k kind, depth int) *node {
	for _, r := range s.text[s.counted:s.off] {
		s.column++
		if r == '\n' {
			s.line++
			s.column = 1
		}
	}
	s.counted = s.off
	if depth > MaxDepth && !s.stuck {
		s.stuck = true
		s.faults.Add(problem.Problem{
			Line: s.line, Column: s.column,
			What: fmt.Sprintf("tables and lists stand more than %d deep in each other", MaxDepth),
		})
	}
	return &node{line: s.line, column: s.column, kind: k, depth: depth}
}

// part is one piece of a dotted key.
type part struct {
	name string
	node *node
}

// dottedKey reads a key such as a."b c".d and makes a node for each piece, the
// first one at the given depth.
func (s *scanner) dottedKey(depth int) []part {
	var parts []part
	for !s.stuck {
		s.skipSpaces()
		n := s.here(implied, depth+len(parts))
		name := s.keyName()
		if name == "" && !s.stuck {
			// The parser loses what stands under it in places.
			s.faults.Add(problem.Problem{Line: n.line, Column: n.column, What: "key without a name"})
		}
		parts = append(parts, part{name, n})
		s.skipSpaces()
		if !s.skip(".") {
			break
		}
	}
	return parts
}

func (s *scanner) skipSpaces() {
	for c := s.peek(); c == ' ' || c == '\t'; c = s.peek() {
		s.off++
	}
}

func (s *scanner) keyName() string {
	start := s.off
	switch s.peek() {
	case '"':
		s.off++
		s.oneLine('"')
		quoted := s.text[start:s.off]
		if s.stuck || !strings.Contains(quoted, `\`) {
			return strings.Trim(quoted, `"`)
		}
		// The parser knows the escapes; it gets to say what the key is.
		var key struct{ K string }
		if _, err := toml.Decode("K="+quoted, &key); err != nil {
			s.stuck = true
		}
		return key.K
	case '\'':
		s.off++
		s.oneLine('\'')
		return strings.Trim(s.text[start:s.off], "'")
	}
	for bareKey(s.peek()) {
		s.off++
	}
	if s.off == start {
		s.stuck = true
	}
	return s.text[start:s.off]
}

func bareKey(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-'
}

// header reads [a.b] or [[a.b]] and returns the table it opens.
func (s *scanner) header() *node {
	opening, closing := "[", "]"
	if strings.HasPrefix(s.text[s.off:], "[[") {
		opening, closing = "[[", "]]"
	}
	s.skip(opening)
	parts := s.dottedKey(1)
	if !s.skip(closing) {
		s.stuck = true
	}
	if s.stuck {
		return s.root
	}
	last := parts[len(parts)-1]
	table := s.descend(s.root, parts[:len(parts)-1])
	if opening == "[[" {
		return s.openEntry(table, last)
	}
	return s.openTable(table, last)
}

// openTable enters the table that [header] names last.
func (s *scanner) openTable(in *node, p part) *node {
	p.node.kind = headed
	old := in.keys[p.name]
	switch {
	case old == nil:
		in.add(p.name, p.node)
	case old.kind == implied:
		old.kind = headed
		return old
	default:
		s.clash(p, old)
	}
	return p.node
}

// openEntry adds an entry to the list of tables that [[header]] names last.
func (s *scanner) openEntry(in *node, p part) *node {
	p.node.kind = headed
	list := in.keys[p.name]
	if list == nil {
		list = &node{line: p.node.line, column: p.node.column, kind: tableList, depth: p.node.depth}
		in.add(p.name, list)
	}
	if list.kind == tableList {
		list.elems = append(list.elems, p.node)
	} else {
		s.clash(p, list)
	}
	return p.node
}

// descend walks down the pieces of a dotted key, making the tables it implies,
// and entering the latest entry of a list of tables.
func (s *scanner) descend(table *node, parts []part) *node {
	for _, p := range parts {
		next := table.keys[p.name]
		switch {
		case next == nil:
			table.add(p.name, p.node)
			next = p.node
		case next.kind == tableList:
			next = next.elems[len(next.elems)-1]
		case next.kind == inlineList || next.kind == inline || next.kind == scalar:
			s.clash(p, next)
			next = p.node
		}
		table = next
	}
	return table
}

// clash reports a key that stands twice. What is under the second one goes to a
// node of its own, outside of the tree.
func (s *scanner) clash(p part, first *node) {
	hint := fmt.Sprintf("it first stands on line %d; keep one", first.line)
	if p.node.kind == headed && (first.kind == headed || first.kind == tableList) {
		hint += fmt.Sprintf(", or write [[%s]] each time if there are several", p.name)
	}
	s.faults.Add(problem.Problem{
		Line: p.node.line, Column: p.node.column,
		What: fmt.Sprintf("%q stands twice in the same table", p.name),
		Hint: hint,
	})
}

// keyValue reads key = value into table.
func (s *scanner) keyValue(table *node) {
	parts := s.dottedKey(table.depth + 1)
	if !s.skip("=") {
		s.stuck = true
	}
	if s.stuck {
		return
	}
	last := parts[len(parts)-1]
	in := s.descend(table, parts[:len(parts)-1])
	if first := in.keys[last.name]; first != nil {
		s.clash(last, first)
	} else {
		in.add(last.name, last.node)
	}
	s.skipSpaces()
	s.value(last.node)
}

// value reads a value into n.
func (s *scanner) value(n *node) {
	start := s.off
	n.kind = scalar
	switch s.peek() {
	case '[':
		n.kind = inlineList
		s.list(n)
		return
	case '{':
		n.kind = inline
		s.inlineTable(n)
		return
	case '"', '\'':
		s.quoted()
	default:
		// Numbers, dates, true and false hold none of these.
		end := strings.IndexAny(s.text[s.off:], ",]}#\r\n")
		if end < 0 {
			end = len(s.text) - s.off
		}
		s.off += end
		s.stuck = s.stuck || end == 0
	}
	n.raw = strings.TrimRight(s.text[start:s.off], " \t")
}

func (s *scanner) list(n *node) {
	s.off++
	for s.skipBlank(true); !s.stuck && !s.skip("]"); s.skipBlank(true) {
		e := s.here(scalar, n.depth+1)
		n.elems = append(n.elems, e)
		s.value(e)
		s.skipBlank(true)
		if !s.skip(",") && s.peek() != ']' {
			s.stuck = true
		}
	}
}

func (s *scanner) inlineTable(n *node) {
	s.off++
	for s.skipBlank(true); !s.stuck && !s.skip("}"); s.skipBlank(true) {
		s.keyValue(n)
		s.skipBlank(true)
		if !s.skip(",") && s.peek() != '}' {
			s.stuck = true
		}
	}
}

// quoted moves over a string of any of the four sorts.
func (s *scanner) quoted() {
	quote := s.peek()
	if triple := strings.Repeat(string(quote), 3); s.skip(triple) {
		s.manyLines(quote)
		return
	}
	s.off++
	s.oneLine(quote)
}

// oneLine moves behind the closing quote of a string on one line.
func (s *scanner) oneLine(quote byte) {
	for c := s.peek(); c != quote; c = s.peek() {
		if c == 0 || c == '\n' {
			s.stuck = true
			return
		}
		s.next(quote)
	}
	s.off++
}

// manyLines moves behind the closing quotes of a string that may span lines.
// They are the last three of the first run of three to five.
func (s *scanner) manyLines(quote byte) {
	start := s.off
	for run := 0; s.peek() != 0; {
		if s.peek() == quote {
			s.off++
			run++
			continue
		}
		if run >= 3 {
			return
		}
		run = 0
		s.next(quote)
	}
	s.stuck = !strings.HasSuffix(s.text[start:], strings.Repeat(string(quote), 3))
}

// next moves over one character, and over an escaped one with its backslash.
func (s *scanner) next(quote byte) {
	escaped := quote == '"' && s.peek() == '\\'
	_, size := utf8.DecodeRuneInString(s.text[s.off:])
	s.off += size
	if escaped && s.peek() != 0 {
		_, size = utf8.DecodeRuneInString(s.text[s.off:])
		s.off += size
	}
}
