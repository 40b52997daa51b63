package document

// odtPage is the layout of a page with its headers and footers.
type odtPage struct {
	name   string
	margin string // the element of the one that is being read
}

// odtMargin is a header or footer of a page.
type odtMargin struct {
	page, text string
	kind       MarginKind
}

// standardPage is the page that a text begins on unless it says otherwise.
const standardPage = "Standard"

// change counts a change that is tracked, and says whether an element may be one
// or hold one. What a change deleted is kept in it.
func (r *odtReader) change(name string) (enter bool) {
	if name == "deletion" || name == "insertion" {
		r.w.doc.Pending++
	}
	return name == "changed-region"
}

// used notes that the text asks for a page.
func (r *odtReader) used(page string) {
	if r.pages == nil {
		r.pages = map[string]bool{}
	}
	if len(r.pages) < maxMargins {
		r.pages[page] = true
	}
}

// beside enters a note, or a page and one of its margins. Elements with the names
// of margins are none outside of a page.
func (r *odtReader) beside(t tag) bool {
	switch {
	case t.name == "master-page":
		r.page = odtPage{name: or(t.attr("name"), standardPage)}
		if next := t.attr("next-style-name"); next != "" && r.page.name == standardPage {
			r.used(next)
		}
		return true
	case t.name == "note":
		r.page.margin = t.name
	case r.page.name == "" || t.attr("display") == "false":
		return r.page.name == ""
	default:
		r.page.margin = t.name
	}
	r.side = &odtReader{w: newWriter(&Document{}, r.w.clock, nil), styles: r.styles}
	return true
}

// leave hands the end of an element to the text that is kept apart, and says
// whether there is one, or ends it.
func (r *odtReader) leave(name string) bool {
	switch {
	case r.side == nil:
		if name == "master-page" {
			r.page = odtPage{}
		}
		return false
	case r.side.side != nil || name != r.page.margin:
		r.side.end(name)
		return true
	}
	text := r.side.w.besideText()
	r.w.doc.Pending += r.side.w.doc.Pending
	r.side = nil
	switch {
	case name == "note":
		if len(r.open) > 0 {
			p := r.open[len(r.open)-1]
			p.anchors = append(p.anchors, anchor{len(p.text), text, true})
		}
	case len(r.margins) < maxMargins:
		kind := Header
		if name[0] == 'f' {
			kind = Footer
		}
		r.margins = append(r.margins, odtMargin{r.page.name, text, kind})
	}
	return true
}

// pageMargins adds the headers and footers of the pages that the text has.
func (r *odtReader) pageMargins() {
	for _, m := range r.margins {
		if m.page == standardPage || r.pages[m.page] {
			r.w.margin(m.kind, m.text)
		}
	}
}
