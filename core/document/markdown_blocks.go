package document

import (
	"bytes"
)

// block reads the line at the cursor, which may open a block. The first matched
// containers go on in it. It returns where the next line begins.
func (m *markdown) block(c *cursor, matched, next int) int {
	for {
		at := c.at()
		if at == c.end {
			return next
		}
		lazy := matched < len(m.containers)
		if c.indent() >= 4 && m.table == 0 {
			m.indented(c, at, matched)
			return next
		}
		if len(m.para) > 0 && !lazy && m.underlined(at, c.end) {
			return next
		}
		if m.leaf(at, c.end, matched) {
			return next
		}
		if m.src[at] == '<' {
			if after, took := m.markup(at, c.end, matched); took {
				return after
			}
		}
		if !m.opened(c, at, matched, lazy) {
			m.prose(at, c.end, matched, lazy)
			return next
		}
		matched = len(m.containers)
	}
}

// indented reads a line that stands too far in to be anything but code or the
// rest of a paragraph.
func (m *markdown) indented(c *cursor, at, matched int) {
	if len(m.para) > 0 {
		m.continued(at, c.end)
		return
	}
	if !m.code || matched < len(m.containers) {
		m.settle(matched)
		m.w.begin(Code, 0)
		m.code, m.skipped = true, 0
	}
	for ; m.skipped > 0; m.skipped-- {
		m.w.put("\n", c.pos)
	}
	c.skip(4)
	m.codeLine(c)
}

// codeLine adds a line to the block of code.
func (m *markdown) codeLine(c *cursor) {
	if m.w.open {
		m.w.put("\n", max(c.pos-1, 0))
	}
	m.w.copy(c.pos, c.end)
}

func (m *markdown) endCode() {
	if m.code {
		m.code = false
		m.w.end()
	}
}

// fenced reads a line within fences.
func (m *markdown) fenced(c *cursor) {
	if at := c.at(); c.indent() < 4 && at < c.end && m.src[at] == m.fence.char {
		n := runLength(m.src[at:c.end], m.fence.char)
		if n >= m.fence.length && blankBytes(m.src[at+n:c.end]) {
			m.fence = fence{}
			m.w.end()
			return
		}
	}
	c.skip(m.fence.indent)
	m.codeLine(c)
}

// underlined reads what makes the open paragraph a heading or its last line the
// head of a table.
func (m *markdown) underlined(at, end int) bool {
	line := bytes.TrimRight(m.src[at:end], " \t")
	switch c := line[0]; {
	case (c == '=' || c == '-') && runLength(line, c) == len(line):
		m.kind, m.level = Heading, 1
		if c == '-' {
			m.level = 2
		}
		m.closeParagraph()
		return true
	case c == '|' || c == ':' || c == '-':
		return m.tableHead(line)
	}
	return false
}

// leaf reads a heading, a rule, the start of a fence or a definition.
func (m *markdown) leaf(at, end, matched int) bool {
	line := m.src[at:end]
	switch c := line[0]; c {
	case '#':
		n := runLength(line, c)
		if n > 6 || n < len(line) && !isBlank(line[n]) {
			return false
		}
		m.settle(matched)
		m.heading(at+n, end, n)
		return true
	case '`', '~':
		n := runLength(line, c)
		if n < 3 || c == '`' && bytes.IndexByte(line[n:], '`') >= 0 {
			return false
		}
		indent := 0
		for at-indent > 0 && m.src[at-indent-1] == ' ' && indent < 3 {
			indent++
		}
		m.settle(matched)
		m.w.begin(Code, 0)
		m.fence = fence{c, n, indent}
		return true
	case '-', '*', '_':
		if !isRule(line, c) {
			return false
		}
		m.settle(matched)
		return true
	case '[':
		return len(m.para) == 0 && m.definition(at, end, matched)
	}
	return false
}

// heading hands on a heading that begins with #.
func (m *markdown) heading(from, end, level int) {
	for end > from && isBlank(m.src[end-1]) {
		end--
	}
	closing := end
	for closing > from && m.src[closing-1] == '#' {
		closing--
	}
	if closing == from || isBlank(m.src[closing-1]) {
		end = closing
	}
	for from < end && isBlank(m.src[from]) {
		from++
	}
	m.item = false
	if from < end {
		m.kind, m.level = Heading, level
		m.continued(from, end)
		m.closeParagraph()
	}
}

// isRule tells a line that only divides.
func isRule(line []byte, c byte) bool {
	n := 0
	for _, b := range line {
		if b == c {
			n++
		} else if !isBlank(b) {
			return false
		}
	}
	return n >= 3
}

// definition passes the definition of a link. That of a footnote is a paragraph.
func (m *markdown) definition(at, end, matched int) bool {
	line := m.src[at:end]
	i := bytes.Index(line[:min(len(line), maxLabel)], []byte("]:"))
	if i < 2 || bytes.ContainsAny(line[1:i], "[]") {
		return false
	}
	if line[1] == '^' {
		m.settle(matched)
		if from := at + i + 2; !blankBytes(m.src[from:end]) {
			c := cursor{src: m.src, pos: from, end: end}
			m.paragraph(c.at(), end)
		}
		return true
	}
	if _, is := definedLabel(line[:i+1]); !is || !isTarget(bytes.Trim(line[i+2:], " \t")) {
		return false
	}
	m.settle(matched)
	return true
}

// isTarget tells what a link is defined as: an address, and perhaps a title.
func isTarget(b []byte) bool {
	address, title, _ := bytes.Cut(b, []byte(" "))
	title = bytes.TrimSpace(title)
	if len(title) == 0 {
		return len(address) > 0 || len(b) == 0
	}
	first, last := title[0], title[len(title)-1]
	return len(title) > 1 && (first == last && (first == '"' || first == '\'') || first == '(' && last == ')')
}

// opened opens a quote or a list item if there is the mark of one.
func (m *markdown) opened(c *cursor, at, matched int, lazy bool) bool {
	if m.src[at] == '>' {
		m.settle(matched)
		quoteMark(c)
		m.push(container{quote: true})
		return true
	}
	width := m.listMark(at, c.end, len(m.para) > 0 && !lazy)
	if width == 0 {
		return false
	}
	m.settle(matched)
	outer := c.indent()
	c.skip(outer)
	c.mark(width)
	space := c.indent()
	if space > 4 || c.done() {
		space = 1
	}
	c.skip(space)
	m.push(container{indent: outer + width + space})
	m.item = true
	if rest := m.src[c.at():c.end]; len(rest) > 3 && rest[0] == '[' && rest[2] == ']' && isBlank(rest[3]) &&
		bytes.IndexByte([]byte(" xX"), rest[1]) >= 0 {
		c.pos = c.at() + 3 // the box of a task
	}
	return true
}

// listMark gives the length of a bullet or number at an offset, 0 if there is
// none. In the middle of a paragraph only what cannot be part of it is one.
func (m *markdown) listMark(at, end int, within bool) int {
	line := m.src[at:end]
	width := 1
	switch c := line[0]; {
	case c == '-' || c == '+' || c == '*':
	case c >= '0' && c <= '9':
		digits := 1
		for digits < len(line) && line[digits] >= '0' && line[digits] <= '9' {
			digits++
		}
		if digits > 9 || digits == len(line) || line[digits] != '.' && line[digits] != ')' ||
			within && string(line[:digits]) != "1" {
			return 0
		}
		width = digits + 1
	default:
		return 0
	}
	if width < len(line) && !isBlank(line[width]) || within && blankBytes(line[width:]) {
		return 0
	}
	return width
}

// prose reads a line of a table or a paragraph.
func (m *markdown) prose(at, end, matched int, lazy bool) {
	switch {
	case m.table > 0 && !lazy:
		m.tableRow(at, end)
	case len(m.para) > 0:
		m.continued(at, end)
	default:
		m.settle(matched)
		m.paragraph(at, end)
	}
}

// runLength counts how often a byte stands at the start.
func runLength(b []byte, c byte) int {
	n := 0
	for n < len(b) && b[n] == c {
		n++
	}
	return n
}

// endings are what ends a part that is not to be read as Markdown. What comes
// before the last of them is not searched for twice.
var endings = [...]string{commentEnd, "</script>", "</style>", "?>", "]]>"}

const (
	endComment = iota
	endScript
	endStyle
	endInstruction
	endData
)

// ending gives the offset after the next one of the endings.
func (m *markdown) ending(which, from int) (after int, found bool) {
	if m.never[which] {
		return 0, false
	}
	i := bytes.Index(m.src[from:], []byte(endings[which]))
	if i < 0 {
		m.never[which] = true
		return 0, false
	}
	return from + i + len(endings[which]), true
}

// markup reads a line that begins with a comment or a tag, and returns where to
// read on. It takes none that is part of a paragraph's text.
func (m *markdown) markup(at, end, matched int) (after int, took bool) {
	line := m.src[at:end]
	switch {
	case bytes.HasPrefix(line, []byte(commentStart)):
		after, found := m.ending(endComment, at+len(commentStart))
		if !found {
			return 0, false
		}
		rest, next := m.lines.next(after)
		if !blankBytes(m.src[after:rest]) {
			return 0, false // part of a line
		}
		m.comment(string(m.src[at+len(commentStart):after-len(commentEnd)]), at)
		return next, true
	case hasPrefixFold(line, "<script"), hasPrefixFold(line, "<style"):
		which := endScript
		if line[2]|0x20 == 't' {
			which = endStyle
		}
		after, found := m.ending(which, at)
		if !found {
			return 0, false
		}
		m.settle(matched)
		return after, true
	}
	name := tagName(line)
	if !isBlockTag(name) {
		return 0, false
	}
	m.settle(matched)
	kind, level, is := taggedKind(name)
	if !is || line[1] == '/' {
		return 0, false
	}
	m.paragraph(at, end)
	m.kind, m.level = kind, level
	_, next := m.lines.next(at)
	return next, true
}

// taggedKind tells what a paragraph is that begins with a tag of HTML.
func taggedKind(name string) (kind BlockKind, level int, is bool) {
	switch name {
	case "h1", "h2", "h3", "h4", "h5", "h6":
		return Heading, int(name[1] - '0'), true
	case "li":
		return Item, 1, true
	case "td", "th":
		return Cell, 0, true
	case "pre":
		return Code, 0, true
	}
	return 0, 0, false
}

func hasPrefixFold(b []byte, prefix string) bool {
	return len(b) >= len(prefix) && bytes.EqualFold(b[:len(prefix)], []byte(prefix))
}
