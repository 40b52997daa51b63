package document

import (
	"bytes"
	"strings"
)

// readODT reads an OpenDocument text, in an archive or as one XML file.
func (d *Document) readODT(c *clock, data []byte) error {
	w := newWriter(d, c, nil)
	r := odtReader{w: w, styles: styles{}}
	h := handler{r.start, r.end, r.text}
	if flat(data) {
		data = bytes.TrimPrefix(data, []byte(bomUTF8))
		r.meta = newMetaReader(w)
		if err := scanXML(c, "", data, h); err != nil {
			return err
		}
		r.meta.finish()
	} else if err := r.archive(c, data, h); err != nil {
		return err
	}
	if r.other != "" {
		return foreign("is an OpenDocument "+r.other+", not a text", hintFormats)
	}
	w.paragraphs()
	r.pageMargins()
	return nil
}

// archive reads the parts of a document.
func (r *odtReader) archive(c *clock, data []byte, h handler) error {
	p, err := openPack(c, data)
	if err != nil {
		return err
	}
	if f := p.find("META-INF/manifest.xml"); f != nil {
		b, err := p.read(f)
		if err != nil {
			return err
		}
		if bytes.Contains(b, []byte("encryption-data")) {
			return protected()
		}
	}
	content := p.find("content.xml")
	if content == nil {
		return damaged("is damaged: content.xml, which holds the text, is missing", hintAgain)
	}
	if err := p.readProperties(r.w, "meta.xml"); err != nil {
		return err
	}
	if f := p.find("styles.xml"); f != nil {
		if err := p.scan(f, handler{r.shared, r.end, r.text}); err != nil {
			return err
		}
	}
	return p.scan(content, h)
}

// shared reads the styles that have a part of their own. The automatic ones in
// it are those of headers and footers.
func (r *odtReader) shared(t tag) bool {
	switch {
	case r.side != nil, t.name == "master-page", r.page.name != "":
		return r.start(t)
	case t.name == "automatic-styles":
		return false
	case t.name == "style":
		r.define(t)
	}
	return true
}

// define reads the definition of a style.
func (r *odtReader) define(t tag) {
	if page := t.attr("master-page-name"); page != "" {
		r.used(page)
	}
	name := t.attr("name")
	if family := t.attr("family"); name == "" || family != "" && family != "paragraph" {
		return
	}
	s := odtStyle(or(t.attr("display-name"), name))
	s.based = t.attr("parent-style-name")
	r.known(s.based)
	if t.has("default-outline-level") {
		if n := t.number("default-outline-level", 0); n > 0 {
			s.outline = min(n-1, noOutline)
		} else if s.outline < 0 {
			s.outline = noOutline
		}
	}
	r.styles.add(name, s)
}

// known makes a style that has no definition of its name alone.
func (r *odtReader) known(name string) {
	if name != "" && r.styles[name] == nil {
		r.styles.add(name, odtStyle(name))
	}
}

// odtStyle makes a style of a name, in which _20_ may stand for a space.
func odtStyle(name string) *style {
	s := &style{outline: -1, list: -1}
	s.named(strings.ReplaceAll(name, "_20_", " "))
	return s
}

// odtReader reads the text of an OpenDocument.
type odtReader struct {
	w      *writer
	meta   *metaReader // nil when the properties are in a part of their own
	inMeta bool        // in them
	styles styles
	other  string // what the document is if not a text

	open    []*odtParagraph // the innermost last
	lists   int
	item    bool // a list item has no text yet
	tables  int
	spaces  int
	note    bool // in a comment
	comment strings.Builder

	tracked bool       // in the list of changes
	side    *odtReader // reads a text that is kept apart, nil outside of one
	page    odtPage    // that is being defined
	margins []odtMargin
	pages   map[string]bool // that the text asks for
}

// odtParagraph is a paragraph in the making.
type odtParagraph struct {
	flow
	space bool // white space came, for which a space stands if text follows
}

// start enters an element, or says that it is to be passed over.
func (r *odtReader) start(t tag) bool {
	if r.inMeta {
		return r.meta.start(t)
	}
	if r.side != nil {
		return r.side.start(t)
	}
	if r.tracked {
		return r.change(t.name)
	}
	name := t.name
	switch name {
	case "forms", "binary-data", "title", "desc", "covered-table-cell", "table-of-content-source", "ruby-text", "script", "scripts",
		"hidden-text", "hidden-paragraph", "note-citation":
		return false
	case "tracked-changes":
		r.tracked = true
	case "note", "master-page", "header", "header-left", "header-first", "footer", "footer-left", "footer-first":
		return r.beside(t)
	case "section":
		return t.attr("display") != "none"
	case "meta":
		r.inMeta = r.meta != nil && len(r.open) == 0
	case "style":
		r.define(t)
	case "spreadsheet", "presentation", "drawing", "chart":
		if strings.HasSuffix(t.space(), ":office:1.0") {
			r.other = name
		}
	case "annotation":
		r.note = true
		r.comment.Reset()
	case "p", "h":
		r.paragraph(t)
	default:
		if len(r.open) > 0 && !r.note {
			r.open[len(r.open)-1].detail(t, &r.spaces)
		}
		r.layout(name)
	}
	return true
}

// layout enters a list or a part of a table.
func (r *odtReader) layout(name string) {
	switch name {
	case "list":
		r.lists++
	case "list-item", "list-header":
		r.item = true
	case "table":
		if r.tables++; r.tables == 1 {
			r.w.table()
		}
	case "table-row":
		r.w.row()
	case "table-cell":
		r.w.cell()
	}
}

// paragraph begins a paragraph or heading.
func (r *odtReader) paragraph(t tag) {
	if r.note {
		return
	}
	p := &odtParagraph{}
	r.known(t.attr("style-name"))
	s := r.styles.resolve(t.attr("style-name"))
	switch {
	case t.name == "h":
		p.kind, p.level = Heading, t.number("outline-level", 1)
	case s.title:
		p.kind, p.level = Heading, 1
	case s.outline >= 0 && s.outline < noOutline: // LibreOffice writes the first heading as a paragraph
		p.kind, p.level = Heading, s.outline+1
	case r.item && r.lists > 0:
		p.kind, p.level = Item, r.lists
	case r.tables > 0:
		p.kind = Cell
	case s.quote:
		p.kind, p.level = Quote, 1
	}
	r.item = false
	r.open = append(r.open, p)
}

// detail reads an element within a paragraph. spaces counts those that single
// elements stand for, in all paragraphs.
func (p *odtParagraph) detail(t tag, spaces *int) {
	const mostSpaces, mostInAll = 1000, 1 << 20
	switch t.name {
	case "s":
		p.settle()
		n := 1
		if *spaces < mostInAll {
			n = min(max(t.number("c", 1), 1), mostSpaces)
		}
		*spaces += n
		p.add(strings.Repeat(" ", n))
	case "tab":
		p.settle()
		p.add("\t")
	case "line-break":
		p.space = false
		p.add("\n")
	}
}

// settle puts the space that is due.
func (p *odtParagraph) settle() {
	if p.space && len(p.text) > 0 {
		p.add(" ")
	}
	p.space = false
}

// end leaves an element.
func (r *odtReader) end(name string) {
	if r.inMeta {
		r.meta.end(name)
		r.inMeta = name != "meta"
		return
	}
	if r.leave(name) {
		return
	}
	switch name {
	case "list":
		r.lists--
	case "list-item", "list-header":
		r.item = false
	case "table":
		if r.tables--; r.tables == 0 {
			r.w.endTable()
		}
	case "tracked-changes":
		r.tracked = false
	case "annotation":
		r.note = false
		r.annotated()
	case "p", "h":
		if r.note {
			r.comment.WriteString(" ")
			return
		}
		if last := len(r.open) - 1; last >= 0 {
			p := r.open[last]
			r.open = r.open[:last]
			r.w.emit(&p.flow)
		}
	}
}

// annotated adds a comment if it is a directive. What stands before the text of
// the comment is who made it and when.
func (r *odtReader) annotated() {
	text := oneLine(r.comment.String())
	at := strings.Index(text, directive)
	if at < 0 {
		return
	}
	text = text[at:]
	if len(r.open) == 0 {
		r.w.comment(text, -1)
		return
	}
	p := r.open[len(r.open)-1]
	p.settle()
	p.anchors = append(p.anchors, anchor{len(p.text), text, false})
}

// text adds a text to the paragraph, with one space for any white space.
func (r *odtReader) text(s string) {
	switch {
	case r.side != nil:
		r.side.text(s)
	case r.inMeta:
		r.meta.text(s)
	case r.note:
		r.comment.WriteString(s)
	case len(r.open) > 0:
		p := r.open[len(r.open)-1]
		for s != "" {
			i := strings.IndexAny(s, " \t\r\n")
			if i == 0 {
				p.space = true
				s = s[1:]
				continue
			}
			if i < 0 {
				i = len(s)
			}
			p.settle()
			p.add(s[:i])
			s = s[i:]
		}
	}
}
