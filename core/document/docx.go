package document

import (
	"strconv"
	"strings"
)

// readDOCX reads a Word document.
func (d *Document) readDOCX(c *clock, data []byte) error {
	p, err := openPack(c, data)
	if err != nil {
		return err
	}
	all, err := p.related("")
	if err != nil {
		return err
	}
	name := or(all.byKind["officeDocument"], "word/document.xml")
	main := p.find(name)
	if main == nil {
		return damaged("is damaged: "+printable(name)+", which holds the text, is missing", hintAgain)
	}
	w := newWriter(d, c, nil)
	err = p.readProperties(w, or(all.byKind["core-properties"], "docProps/core.xml"), or(all.byKind["custom-properties"], "docProps/custom.xml"))
	if err != nil {
		return err
	}
	its, err := p.related(name)
	if err != nil {
		return err
	}
	r := docxReader{w: w}
	if err := r.apart(p, its); err != nil {
		return err
	}
	if err := p.scan(main, handler{r.start, r.end, r.text}); err != nil {
		return err
	}
	w.paragraphs()
	return r.pageMargins(p, its)
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// docxReader reads the text of a Word document.
type docxReader struct {
	w        *writer
	styles   styles
	comments map[string]string // that are still to come, by id
	open     []*docxParagraph  // the innermost last
	tables   int
	props    bool // in the properties of a paragraph
	run      bool // in a run, not in its properties
	hidden   bool // the run is not shown
	inText   bool
	choices  []bool // of alternatives that are open: one has been taken

	notes     map[string]string // by kind and id
	margins   []docxMargin
	titlePage bool // a section has margins of its own for its first page
}

// docxParagraph is a paragraph with what decides what it is.
type docxParagraph struct {
	flow
	style   string
	list    int // id of its numbering, 0 for none; -1 when the style says
	depth   int // in the list
	outline int // 0 for a top heading; -1 when the style says
}

// start enters an element, or says that it is to be passed over.
func (r *docxReader) start(t tag) bool {
	switch t.name {
	case "instrText", "delText", "delInstrText", "pPrChange", "rPrChange", "sectPrChange", "sdtPr", "tblPr", "trPr", "tcPr", "tblGrid", "rt":
		return false
	case "del", "moveFrom":
		r.w.doc.Pending++
		return false
	case "ins", "moveTo":
		r.w.doc.Pending++
	case "headerReference", "footerReference", "titlePg":
		r.section(t)
	case "AlternateContent":
		r.choices = append(r.choices, false)
	case "Choice", "Fallback":
		return r.choose()
	case "tbl":
		if r.tables++; r.tables == 1 {
			r.w.table()
		}
	case "tr":
		r.w.row()
	case "tc":
		r.w.cell()
	case "p":
		r.open = append(r.open, &docxParagraph{list: -1, outline: -1})
		r.run, r.props = false, false
	case "commentRangeStart", "commentReference":
		r.comment(t.attr("id"))
	case "footnoteReference", "endnoteReference":
		r.note(strings.TrimSuffix(t.name, "Reference") + t.attr("id"))
	case "pPr":
		r.props = true
	case "r":
		r.run, r.hidden = true, false
	case "vanish":
		v := t.attr("val")
		r.hidden = r.hidden || r.run && v != "0" && v != "false" && v != "off"
	case "t":
		r.inText = true
	default:
		if len(r.open) > 0 {
			r.detail(r.open[len(r.open)-1], t)
		}
	}
	return true
}

// choose says whether an alternative is taken: the first is.
func (r *docxReader) choose() bool {
	n := len(r.choices)
	if n == 0 || r.choices[n-1] {
		return n == 0
	}
	r.choices[n-1] = true
	return true
}

// detail reads an element within a paragraph.
func (r *docxReader) detail(p *docxParagraph, t tag) {
	if r.props {
		switch t.name {
		case "pStyle":
			p.style = t.attr("val")
		case "numId":
			p.list = t.number("val", 0)
		case "ilvl":
			p.depth = t.number("val", 0)
		case "outlineLvl":
			p.outline = t.number("val", noOutline)
		}
		return
	}
	if !r.run || r.hidden {
		return
	}
	switch t.name {
	case "tab", "ptab":
		p.add("\t")
	case "br", "cr":
		p.add("\n")
	case "noBreakHyphen":
		p.add("-")
	case "sym":
		p.add(docxSymbol(t.attr("char")))
	}
}

// docxSymbol gives the character that a symbol of Word's own fonts looks like,
// "" where it is but decoration.
func docxSymbol(code string) string {
	n, err := strconv.ParseUint(code, 16, 32)
	if err != nil {
		return ""
	}
	switch n &^ 0xF000 {
	case 0xE0, 0xE8:
		return "→"
	case 0xFC, 0xFE:
		return "✓"
	case 0xB7, 0xA7, 0x6C, 0x6E:
		return "•"
	}
	if n >= 0xE000 && n < 0xF900 {
		return ""
	}
	return string(rune(n))
}

// end leaves an element.
func (r *docxReader) end(name string) {
	switch name {
	case "AlternateContent":
		r.choices = r.choices[:len(r.choices)-1]
	case "tbl":
		if r.tables--; r.tables == 0 {
			r.w.endTable()
		}
	case "pPr":
		r.props = false
	case "r":
		r.run = false
	case "t":
		r.inText = false
	case "p":
		r.paragraph()
	}
}

// text adds a text to the paragraph.
func (r *docxReader) text(s string) {
	if r.inText && !r.hidden && len(r.open) > 0 {
		r.open[len(r.open)-1].add(strings.ReplaceAll(s, "\n", " "))
	}
}

// comment notes where a comment stands.
func (r *docxReader) comment(id string) {
	text, is := r.comments[id]
	if !is {
		return
	}
	delete(r.comments, id)
	if len(r.open) == 0 {
		r.w.comment(text, -1)
		return
	}
	p := r.open[len(r.open)-1]
	p.anchors = append(p.anchors, anchor{len(p.text), text, false})
}

// paragraph hands on the paragraph that has come to its end.
func (r *docxReader) paragraph() {
	if len(r.open) == 0 {
		return
	}
	p := r.open[len(r.open)-1]
	r.open = r.open[:len(r.open)-1]
	// What stood around a text box goes on.
	r.run, r.hidden = len(r.open) > 0, false
	s := r.styles.resolve(p.style)
	if p.outline < 0 {
		p.outline = s.outline
	}
	if p.list < 0 {
		p.list = s.list
	}
	switch {
	case s.title:
		p.kind, p.level = Heading, 1
	case p.outline >= 0 && p.outline < noOutline:
		p.kind, p.level = Heading, p.outline+1
	case p.list > 0:
		p.kind, p.level = Item, max(p.depth, 0)+1
	case r.tables > 0:
		p.kind = Cell
	case s.quote:
		p.kind, p.level = Quote, 1
	}
	r.w.emit(&p.flow)
}
