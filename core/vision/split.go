package vision

import (
	"strings"

	"github.com/firstcall-cli/firstcall/core/document"
	"github.com/firstcall-cli/firstcall/core/prose"
)

// Found is a statement of a document, and where it begins in the document's text.
type Found struct {
	Statement
	Start int
}

// longestSplit is how many bytes of a text without marked headings are searched
// for headings: what is longer is one statement.
const longestSplit = 1 << 20

// Split finds the statements of a document: the sections whose headings announce
// one ("Our mission", "Billing: service vision"), and paragraphs that begin with
// such a label and a colon. Where there is neither, all of it is one statement. The
// ids are name, and name#heading where a heading or label marks the statement. Words
// tells how many words outside the statements are left out.
func Split(name string, doc *document.Document) (found []Found, words int) {
	s := splitter{name: name, text: doc.Text, ids: map[string]int{}}
	for _, b := range layoutOf(doc) {
		s.block(b)
	}
	s.flush()
	if len(s.parts) == 0 {
		whole := Found{Statement: Statement{ID: name, Text: doc.Text}}
		if doc.Blocks != nil {
			whole.Blocks = s.all
		}
		return []Found{whole}, 0
	}
	for _, span := range s.outside {
		words += len(strings.Fields(span.In(doc.Text)))
	}
	return s.parts, words
}

// layoutOf gives the blocks of a document that are to be read, headings with
// their levels.
func layoutOf(doc *document.Document) []section {
	var out []section
	if doc.Blocks == nil {
		if len(doc.Text) > longestSplit {
			return nil
		}
		for _, p := range prose.Parse(doc.Text).Paragraphs {
			out = append(out, section{Block: Block{p.Span, p.Kind}, level: 1})
		}
		return out
	}
	for _, b := range doc.Blocks {
		kind := prose.Prose
		switch b.Kind {
		case document.Code:
			continue
		case document.Heading:
			kind = prose.Heading
		case document.Item:
			kind = prose.Item
		}
		out = append(out, section{Block: Block{b.Span, kind}, level: max(1, b.Level)})
	}
	return out
}

// section is a block, with its level when it is a heading.
type section struct {
	Block
	level int
}

// splitter goes through the blocks of a document.
type splitter struct {
	name string
	text string
	ids  map[string]int
	all  []Block

	parts   []Found
	outside []prose.Span // of paragraphs that belong to no statement
	open    bool
	level   int // of the heading the open statement stands under
	now     Found
	inner   []Block // of it, as spans of the document
}

func (s *splitter) block(b section) {
	s.all = append(s.all, b.Block)
	text := b.In(s.text)
	if b.Kind == prose.Heading {
		if kind, department, ok := KindOfHeading(text); ok {
			s.begin(text, kind, department, b.level)
			return
		}
		if s.open && b.level <= s.level {
			s.flush()
		}
		if s.open {
			s.inner = append(s.inner, b.Block)
		}
		return
	}
	if label, rest, ok := strings.Cut(text[:min(len(text), 80)], ":"); ok && len(strings.Fields(label)) <= 6 && !strings.ContainsAny(label, ".!?,") {
		if kind, department, ok := KindOfHeading(label); ok && strings.TrimSpace(rest) != "" {
			s.begin(label, kind, department, 9)
			b.Start += len(label) + 1
			b.Start += len(s.text[b.Start:b.End]) - len(strings.TrimLeft(s.text[b.Start:b.End], " \t\n*_"))
		}
	}
	if !s.open {
		s.outside = append(s.outside, b.Span)
		return
	}
	s.inner = append(s.inner, b.Block)
}

// begin ends the open statement and opens one.
func (s *splitter) begin(heading, kind, department string, level int) {
	s.flush()
	s.open, s.level = true, level
	id := s.name + "#" + slug(heading)
	if s.ids[id]++; s.ids[id] > 1 {
		id += "-" + number(s.ids[id])
	}
	s.now = Found{Statement: Statement{ID: id, Kind: kind, KindFrom: FromHeading, Department: department}}
}

// flush ends the open statement. A heading with nothing under it announces none.
func (s *splitter) flush() {
	if !s.open {
		return
	}
	s.open = false
	if len(s.inner) > 0 {
		start, end := s.inner[0].Start, s.inner[len(s.inner)-1].End
		s.now.Start, s.now.Text = start, s.text[start:end]
		s.now.Blocks = make([]Block, len(s.inner))
		for i, b := range s.inner {
			s.now.Blocks[i] = Block{prose.Span{Start: b.Start - start, End: b.End - start}, b.Kind}
		}
		s.parts = append(s.parts, s.now)
	}
	s.inner = s.inner[:0]
}

// slug makes an id of a heading: lower-case words with hyphens.
func slug(heading string) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.ToLower(heading) {
		if r == '\'' || r == '’' {
			continue
		}
		if r < 0x80 && !isLetter(byte(r)) && (r < '0' || r > '9') {
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteByte('-')
			gap = false
		}
		b.WriteRune(r)
	}
	return b.String()
}
