package document

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
)

// readHTML reads HTML tag by tag. It builds no tree: of what browsers do to set
// wrong nesting right, little changes the text.
func readHTML(w *writer) {
	w.reserve(len(w.source) / 4)
	h := htmlReader{w: w, fields: map[string]string{}}
	z := html.NewTokenizer(bytes.NewReader(w.source))
	for h.pos < len(w.source) {
		kind := z.Next()
		raw := len(z.Raw())
		if kind == html.ErrorToken {
			break
		}
		if w.clock.up(raw) {
			return
		}
		end := min(h.pos+raw, len(w.source))
		h.token(z, kind, end)
		h.pos = end
	}
	w.finishProperties(h.fields)
}

// finishProperties sets the properties that fields name.
func (w *writer) finishProperties(fields map[string]string) {
	p := propertiesOf(fields)
	p.Title, p.Author = strings.Clone(oneLine(p.Title)), strings.Clone(oneLine(p.Author))
	w.doc.Properties = p
}

// oneLine makes a property out of a text.
func oneLine(s string) string {
	return strings.Join(strings.Fields(plainText(s)), " ")
}

// htmlReader knows where in the document the next text stands.
type htmlReader struct {
	w      *writer
	fields map[string]string // properties
	pos    int               // offset of the token

	skipping string // the element that is left out, "" for none
	nested   int    // elements of that name that are open
	title    bool
	posting  bool // in a script that may tell of a job posting

	heading, lists, quotes, cells, pre int // levels, and elements that are open
	tables                             int
	item                               bool // a list item has no text yet
	fresh                              bool // the next text begins a block
	space                              bool // white space came, for which a space stands if text follows
	lineStart                          bool // a line has just begun
}

// token reads one token, which ends at an offset.
func (h *htmlReader) token(z *html.Tokenizer, kind html.TokenType, end int) {
	switch kind {
	case html.TextToken:
		switch {
		case h.posting:
			h.w.jobPosting(h.w.source[h.pos:end], h.pos)
		case h.title:
			h.fields["title"] += " " + html.UnescapeString(string(h.w.source[h.pos:end]))
		case h.skipping == "":
			h.text(h.pos, end)
		}
	case html.CommentToken:
		if h.skipping == "" && bytes.HasPrefix(h.w.source[h.pos:end], []byte(commentStart)) {
			if h.fresh {
				h.w.end()
			}
			h.w.comment(plainText(string(z.Text())), h.pos)
		}
	case html.StartTagToken, html.SelfClosingTagToken:
		name, more := z.TagName()
		h.start(z, string(name), more)
	case html.EndTagToken:
		name, _ := z.TagName()
		h.posting = false
		h.end(string(name))
	}
}

// leftOut tells the elements whose content is not shown, or only leads around
// the site.
func leftOut(name string) bool {
	switch name {
	case "nav", "script", "style", "template", "noscript", "svg", "iframe", "noframes", "noembed":
		return true
	}
	return false
}

// isVoid tells the elements that have no content and no end tag.
func isVoid(name string) bool {
	switch name {
	case "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr":
		return true
	}
	return false
}

// start reads a start tag.
func (h *htmlReader) start(z *html.Tokenizer, name string, more bool) {
	if h.skipping != "" {
		switch {
		case h.skipping == "p" && isBlockTag(name), // which ends a paragraph
			h.skipping == "nav" && name == "main": // which is in none that has been ended
			h.skipping = ""
		case name == h.skipping:
			h.nested++
			return
		default:
			return
		}
	}
	h.title = false
	if name == "meta" {
		h.meta(z)
		return
	}
	if name == "script" && more {
		h.posting = isJSONLD(z)
		more = false
	}
	if leftOut(name) || !isVoid(name) && more && hidden(z) {
		h.skipping, h.nested = name, 1
		if isBlockTag(name) {
			h.fresh = true
		}
		return
	}
	switch {
	case name == "br":
		h.lineBreak()
	case name == "title":
		h.title = true
	case isBlockTag(name):
		h.open(name)
	}
}

// hidden says whether a tag hides its element.
func hidden(z *html.Tokenizer) bool {
	is := false
	for {
		key, value, more := z.TagAttr()
		switch string(key) {
		case "hidden":
			is = true
		case "style":
			is = is || strings.Contains(strings.ReplaceAll(strings.ToLower(string(value)), " ", ""), "display:none")
		}
		if !more {
			return is
		}
	}
}

// meta reads a property.
func (h *htmlReader) meta(z *html.Tokenizer) {
	var name, content string
	for {
		key, value, more := z.TagAttr()
		switch string(key) {
		case "name", "property", "itemprop", "http-equiv":
			name = strings.ToLower(string(value))
		case "content":
			content = string(value)
		}
		if !more {
			break
		}
	}
	if name == "" {
		return
	}
	if name != "title" && h.fields[name] == "" {
		h.fields[name] = content
	}
	if content != "" {
		h.w.doc.addField(name, content, h.pos)
	}
}

// open enters an element that is a block.
func (h *htmlReader) open(name string) {
	h.fresh = true
	switch name {
	case "h1", "h2", "h3", "h4", "h5", "h6":
		h.heading = int(name[1] - '0')
	case "ul", "ol", "menu", "dir":
		h.lists++
		h.item = false
	case "li":
		h.item = true
	case "blockquote":
		h.quotes++
	case "pre":
		h.pre++
	case "table":
		if h.tables++; h.tables == 1 {
			h.w.table()
		}
	case "tr":
		if h.tables > 0 {
			h.w.row()
		}
	case "td", "th":
		if h.tables > 0 {
			h.w.cell()
			h.cells = h.tables
		}
	}
}

// end reads an end tag.
func (h *htmlReader) end(name string) {
	if h.skipping != "" {
		if name == h.skipping {
			if h.nested--; h.nested == 0 {
				h.skipping = ""
			}
		}
		return
	}
	if name == "title" {
		h.title = false
		return
	}
	if !isBlockTag(name) {
		return
	}
	h.fresh = true
	switch name {
	case "h1", "h2", "h3", "h4", "h5", "h6":
		h.heading = 0
	case "ul", "ol", "menu", "dir":
		h.lists = max(h.lists-1, 0)
	case "li":
		h.item = false
	case "blockquote":
		h.quotes = max(h.quotes-1, 0)
	case "pre":
		h.pre = max(h.pre-1, 0)
	case "td", "th":
		h.cells = max(h.tables-1, 0)
	case "table":
		h.tables = max(h.tables-1, 0)
		h.cells = min(h.cells, h.tables)
		if h.tables == 0 {
			h.w.endTable()
		}
	}
}

// begin begins the block that a text belongs to.
func (h *htmlReader) begin() {
	h.fresh, h.space, h.lineStart = false, false, false
	switch {
	case h.heading > 0:
		h.item = false
		h.w.begin(Heading, h.heading)
	case h.pre > 0:
		h.w.begin(Code, 0)
	case h.item:
		h.item = false
		h.w.begin(Item, max(h.lists, 1))
	case h.cells > 0:
		h.w.begin(Cell, 0)
	case h.quotes > 0:
		h.w.begin(Quote, h.quotes)
	default:
		h.w.begin(Paragraph, 0)
	}
}

// lineBreak ends a line within a block.
func (h *htmlReader) lineBreak() {
	if h.w.open && !h.fresh {
		h.w.put("\n", h.pos)
		h.space, h.lineStart = false, true
	}
}

// text hands a text on. White space that is not preformatted counts as one
// space, and as none at the ends of a line.
func (h *htmlReader) text(from, to int) {
	src := h.w.source
	for i := from; i < to; {
		if c := src[i]; h.pre == 0 && isHTMLSpace(c) {
			h.space = true
			i++
			continue
		}
		if h.fresh {
			if h.pre > 0 && isHTMLSpace(src[i]) {
				i++
				continue
			}
			h.begin()
		}
		if h.space && !h.lineStart && h.w.open {
			h.w.put(" ", max(i-1, h.pos))
		}
		h.space, h.lineStart = false, false
		i = h.stretch(i, to)
	}
}

// stretch hands on what can be copied from an offset on, at least one
// character, and returns where it ends.
func (h *htmlReader) stretch(from, to int) int {
	src := h.w.source
	if n := entityLength(src[from:to]); src[from] == '&' && n > 0 {
		h.w.put(entity(src[from:from+n]), from)
		return from + n
	}
	if bytes.HasPrefix(src[from:to], []byte("\u00AD")) {
		return from + len("\u00AD")
	}
	if src[from] == '\r' { // in preformatted text
		if !follows(src, from, '\n') {
			h.w.put("\n", from)
		}
		return from + 1
	}
	i := from
	for {
		i++
		if i >= to || src[i] == '&' || src[i] == '\r' || src[i] == 0xC2 && follows(src, i, 0xAD) {
			break
		}
		if h.pre > 0 || !isHTMLSpace(src[i]) {
			continue
		}
		// A single space is copied with the words around it.
		if src[i] != ' ' || i+1 >= to || isHTMLSpace(src[i+1]) || src[i+1] == '&' {
			break
		}
	}
	h.w.copy(from, min(i, to))
	return min(i, to)
}

func isHTMLSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\t' || c == '\r'
}
