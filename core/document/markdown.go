package document

import (
	"bytes"
)

// readMarkdown reads Markdown as CommonMark and GitHub write it, as far as the
// text that a reader sees goes. It keeps the lines of one paragraph at a time
// and builds no tree, so that a long file costs little.
func readMarkdown(w *writer) {
	w.reserve(len(w.source))
	w.doc.Blocks = make([]Block, 0, bytes.Count(w.source, []byte("\n\n"))*3/2+8)
	m := markdown{w: w, src: w.source, lines: newLines(w.source)}
	m.inline.m = &m
	m.definitions()
	pos := m.frontMatter()
	if pos > 0 && blankBytes(m.src[pos:]) && m.tells(pos) {
		_, pos = m.lines.next(0)
	}
	for pos < len(m.src) {
		end, next := m.lines.next(pos)
		if w.clock.up(next - pos) {
			return
		}
		pos = m.line(pos, end, next)
	}
	m.close()
}

// maxNesting is how many lists and quotes may stand in each other. Marks beyond
// it are passed over.
const maxNesting = 32

// markdown goes through the lines of a file.
type markdown struct {
	w      *writer
	src    []byte
	lines  lines
	refs   map[string]bool    // labels of links that are defined somewhere
	never  [len(endings)]bool // endings that do not come any more
	inline inline

	containers []container // that are open, the outermost first
	quotes     int         // of them
	item       bool        // a list item has begun and has no text yet
	para       []piece     // the lines of the open paragraph
	kind       BlockKind   // of the open paragraph
	level      int
	notes      []note // comments on lines of their own in the open paragraph

	fence   fence
	code    bool // a block of indented code is open
	skipped int  // empty lines in it that count only if code follows
	table   int  // columns of the open table
}

// container is a quote or a list item that a line may continue.
type container struct {
	quote  bool
	indent int // of the text of a list item
}

// piece is what a line adds to a paragraph, without marks and space around it.
type piece struct{ from, to int32 }

// note is a comment before a line of the paragraph.
type note struct {
	line, at int
	text     string
}

// fence is an open block of code between fences.
type fence struct {
	char   byte // 0 when there is none
	length int
	indent int
}

// cursor goes through the marks at the start of a line, with tabs as the
// columns they fill.
type cursor struct {
	src      []byte
	pos, end int
	col      int
	owed     int // columns of a tab that are left
}

// indent counts the columns of space at the cursor.
func (c *cursor) indent() int {
	n, col := c.owed, c.col
	for _, b := range c.src[c.pos:c.end] {
		switch b {
		case ' ':
			n++
			col++
		case '\t':
			w := 4 - col%4
			n += w
			col += w
		default:
			return n
		}
	}
	return n
}

// skip passes up to n columns of space.
func (c *cursor) skip(n int) {
	for n > 0 {
		if c.owed > 0 {
			step := min(n, c.owed)
			c.owed -= step
			n -= step
			continue
		}
		if c.pos == c.end || !isBlank(c.src[c.pos]) {
			return
		}
		w := 1
		if c.src[c.pos] == '\t' {
			w = 4 - c.col%4
		}
		c.pos++
		c.col += w
		c.owed = w
	}
}

// mark passes n bytes that are no space.
func (c *cursor) mark(n int) {
	c.pos += n
	c.col += n
}

// at is the offset of the first byte that is no space, or the end of the line.
func (c *cursor) at() int {
	i := c.pos
	for i < c.end && isBlank(c.src[i]) {
		i++
	}
	return i
}

// done says that only space is left.
func (c *cursor) done() bool { return c.at() == c.end }

// line reads one line and returns where the next begins.
func (m *markdown) line(from, end, next int) int {
	c := cursor{src: m.src, pos: from, end: end}
	matched := m.match(&c)
	if m.fence.char != 0 {
		if matched == len(m.containers) {
			m.fenced(&c)
			return next
		}
		m.fence = fence{}
		m.w.end()
	}
	at := c.at()
	if at == end {
		m.blank(matched)
		return next
	}
	if text, is := directiveIn(m.src[at:end]); is {
		m.comment(text, at)
		return next
	}
	if len(m.para) > 0 && !starter[m.src[at]] {
		m.continued(at, end)
		return next
	}
	return m.block(&c, matched, next)
}

// starter marks the bytes that a block other than a paragraph may begin with.
var starter = func() (is [256]bool) {
	for _, c := range []byte("#>-+*=_`~<[|:0123456789") {
		is[c] = true
	}
	return is
}()

// match passes the marks of the open containers and returns how many the line
// continues.
func (m *markdown) match(c *cursor) int {
	for i, k := range m.containers {
		indent := c.indent()
		switch {
		case k.quote:
			if indent > 3 || !quoteMark(c) {
				return i
			}
		case indent >= k.indent:
			c.skip(k.indent)
		case !c.done():
			return i
		}
	}
	return len(m.containers)
}

// quoteMark passes a > and the space after it.
func quoteMark(c *cursor) bool {
	if at := c.at(); at == c.end || c.src[at] != '>' {
		return false
	}
	c.skip(c.indent())
	c.mark(1)
	c.skip(1)
	return true
}

// blank reads an empty line.
func (m *markdown) blank(matched int) {
	m.closeParagraph()
	m.endTable()
	if m.code {
		m.skipped++
	}
	for i := matched; i < len(m.containers); i++ {
		if m.containers[i].quote {
			m.truncate(i)
			return
		}
	}
}

// comment adds a comment that has lines of its own.
func (m *markdown) comment(text string, at int) {
	if len(m.para) > 0 {
		m.notes = append(m.notes, note{len(m.para), at, text})
		return
	}
	m.w.comment(text, at)
}

// continued adds a line to the open paragraph.
func (m *markdown) continued(from, end int) {
	for end > from && isBlank(m.src[end-1]) {
		end--
	}
	m.para = append(m.para, piece{int32(from), int32(end)})
}

// paragraph opens one.
func (m *markdown) paragraph(from, end int) {
	m.kind, m.level = Paragraph, 0
	switch {
	case m.item:
		m.kind, m.level = Item, len(m.containers)-m.quotes
	case m.quotes > 0:
		m.kind, m.level = Quote, m.quotes
	}
	m.item = false
	m.continued(from, end)
}

// closeParagraph hands on the open paragraph.
func (m *markdown) closeParagraph() {
	if len(m.para) == 0 {
		return
	}
	m.w.begin(m.kind, m.level)
	m.inline.run(m.para, m.notes)
	m.para, m.notes = m.para[:0], m.notes[:0]
}

// settle ends what is open in the containers from matched on, and in the last of
// the others.
func (m *markdown) settle(matched int) {
	m.closeParagraph()
	m.endTable()
	m.endCode()
	m.truncate(matched)
}

// truncate ends the containers from n on.
func (m *markdown) truncate(n int) {
	for _, k := range m.containers[n:] {
		if k.quote {
			m.quotes--
		}
		m.item = false
	}
	m.containers = m.containers[:n]
}

// push opens a container. Of those beyond maxNesting only the marks are passed.
func (m *markdown) push(k container) {
	if len(m.containers) == maxNesting {
		return
	}
	if k.quote {
		m.quotes++
	}
	m.containers = append(m.containers, k)
}

// close ends everything.
func (m *markdown) close() {
	m.settle(0)
	m.w.end()
}

// definitions collects the labels that links may refer to.
func (m *markdown) definitions() {
	for pos := 0; ; {
		i := bytes.Index(m.src[pos:], []byte("]:"))
		if i < 0 {
			return
		}
		line := m.src[pos : pos+i+1]
		line = bytes.TrimLeft(line[bytes.LastIndexAny(line, "\r\n")+1:], " \t>")
		if label, is := definedLabel(line); is {
			if m.refs == nil {
				m.refs = map[string]bool{}
			}
			m.refs[label] = true
		}
		pos += i + 2
	}
}

// definedLabel gives the label in "[label]".
func definedLabel(b []byte) (label string, is bool) {
	if len(b) < 3 || len(b) > maxLabel || b[0] != '[' || bytes.ContainsAny(b[1:len(b)-1], "[]") {
		return "", false
	}
	return foldLabel(b[1 : len(b)-1]), true
}

// maxLabel is how long the label of a link may be.
const maxLabel = 1000

// foldLabel makes labels equal that are meant to be.
func foldLabel(b []byte) string {
	return string(bytes.Join(bytes.Fields(bytes.ToLower(b)), []byte(" ")))
}
