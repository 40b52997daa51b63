package document

import (
	"strings"
)

// docxMargin is a header or footer that a section of a Word document refers to.
type docxMargin struct {
	kind  MarginKind
	id    string // of the relation to its part
	pages string // that it is for: default, first or even
}

// section notes what the properties of a section refer to.
func (r *docxReader) section(t tag) {
	switch {
	case t.name == "titlePg":
		r.titlePage = r.titlePage || isOn(t)
	case len(r.margins) < maxMargins:
		kind := Header
		if t.name == "footerReference" {
			kind = Footer
		}
		r.margins = append(r.margins, docxMargin{kind, t.attr("id"), t.attr("type")})
	}
}

// isOn gives the value of an element that is true by being there.
func isOn(t tag) bool {
	v := t.attr("val")
	return v != "0" && v != "false" && v != "off"
}

// apart reads the parts that the text of a document refers to.
func (r *docxReader) apart(p *pack, its relations) (err error) {
	if r.styles, err = p.docxStyles(or(its.byKind["styles"], "word/styles.xml")); err != nil {
		return err
	}
	if r.comments, err = p.docxComments(or(its.byKind["comments"], "word/comments.xml")); err != nil {
		return err
	}
	r.notes = map[string]string{}
	if err = r.readNotes(p, or(its.byKind["footnotes"], "word/footnotes.xml")); err != nil {
		return err
	}
	return r.readNotes(p, or(its.byKind["endnotes"], "word/endnotes.xml"))
}

// beside makes a reader of a text that is kept apart from that of the document.
func (r *docxReader) beside() *docxReader {
	return &docxReader{w: newWriter(&Document{}, r.w.clock, nil), styles: r.styles}
}

// readNotes reads the notes in a part. Those that have a type are the lines that
// part notes from the text.
func (r *docxReader) readNotes(p *pack, part string) error {
	f := p.find(part)
	if f == nil {
		return nil
	}
	var one *docxReader
	key := ""
	return p.scan(f, handler{
		start: func(t tag) bool {
			switch {
			case t.name == "footnote" || t.name == "endnote":
				key, one = t.name+t.attr("id"), r.beside()
				return !t.has("type") || t.attr("type") == "normal"
			case one != nil:
				return one.start(t)
			}
			return true
		},
		end: func(name string) {
			switch {
			case one == nil:
			case name == "footnote" || name == "endnote":
				r.notes[key] = one.w.besideText()
				r.w.doc.Pending += one.w.doc.Pending
				one = nil
			default:
				one.end(name)
			}
		},
		text: func(s string) {
			if one != nil {
				one.text(s)
			}
		},
	})
}

// note notes where the mark of a note stands.
func (r *docxReader) note(key string) {
	text := r.notes[key]
	if text == "" || len(r.open) == 0 || r.hidden {
		return
	}
	delete(r.notes, key)
	p := r.open[len(r.open)-1]
	p.anchors = append(p.anchors, anchor{len(p.text), text, true})
}

// pageMargins reads the headers and footers that are shown.
func (r *docxReader) pageMargins(p *pack, its relations) error {
	evenPages, err := r.evenPages(p, or(its.byKind["settings"], "word/settings.xml"))
	if err != nil {
		return err
	}
	read := map[string]bool{}
	for _, m := range r.margins {
		part := its.byID[m.id]
		f := p.find(part)
		if f == nil || read[part] || m.pages == "first" && !r.titlePage || m.pages == "even" && !evenPages {
			continue
		}
		read[part] = true
		one := r.beside()
		if err := p.scan(f, handler{one.start, one.end, one.text}); err != nil {
			return err
		}
		r.w.margin(m.kind, one.w.besideText())
		r.w.doc.Pending += one.w.doc.Pending
	}
	return nil
}

// evenPages says whether even pages have margins of their own.
func (r *docxReader) evenPages(p *pack, part string) (is bool, err error) {
	f := p.find(part)
	asked := false
	for _, m := range r.margins {
		asked = asked || m.pages == "even"
	}
	if f == nil || !asked {
		return false, nil
	}
	err = p.scan(f, handler{start: func(t tag) bool {
		is = is || t.name == "evenAndOddHeaders" && isOn(t)
		return true
	}})
	return is, err
}

// besideText gives the text that a writer of a margin has got, as far as it is
// kept.
func (w *writer) besideText() string {
	w.finish()
	return cut(strings.ReplaceAll(w.doc.Text, "\n\n", "\n"), maxMargin)
}
