package document

import "strings"

// style is what a style of a word processor says of a paragraph.
type style struct {
	based   string
	outline int // 0 for a top heading, 9 for none; -1 when the style it is based on says
	list    int // as in docxParagraph
	title   bool
	quote   bool
}

// noOutline is the outline of a style that makes no heading.
const noOutline = 9

// styles are the styles of a document by id.
type styles map[string]*style

// maxStyles is how many styles a document may have. Word has 376 of its own.
const maxStyles = 1 << 14

// add adds a style, or another of the same id.
func (s styles) add(id string, one *style) {
	if len(s) < maxStyles || s[id] != nil {
		s[id] = one
	}
}

// resolve gives a style with what it has from those it is based on.
func (s styles) resolve(id string) style {
	const deepest = 16
	all := style{outline: -1, list: -1}
	for range deepest {
		one := s[id]
		if one == nil {
			break
		}
		all.title = all.title || one.title && all.outline < 0
		all.quote = all.quote || one.quote
		if all.outline < 0 {
			all.outline = one.outline
		}
		if all.list < 0 {
			all.list = one.list
		}
		id = one.based
	}
	return all
}

// named learns from the name of a style, which Word and LibreOffice keep in
// English whatever language they speak.
func (s *style) named(name string) {
	name = strings.ToLower(name)
	switch level, heading := strings.CutPrefix(name, "heading "); {
	case heading && len(level) == 1 && level[0] >= '1' && level[0] <= '9':
		s.outline = int(level[0] - '1')
	case name == "title":
		s.title = true
	case name == "subtitle":
		s.outline = 1
	case name == "quote" || name == "intense quote" || name == "quotations":
		s.quote = true
	}
}
