package document

import (
	"encoding/xml"
	"strings"
)

// docxStyle is what a style says of a paragraph.
type docxStyle struct {
	based   string
	outline int // 0 for a top heading; -1 when the style it is based on says
	list    int // as in docxParagraph
	title   bool
	quote   bool
}

// docxStyles are the styles of a document by id.
type docxStyles map[string]*docxStyle

// resolve gives a style with what it has from those it is based on.
func (s docxStyles) resolve(id string) docxStyle {
	const deepest = 16
	all := docxStyle{outline: -1, list: -1}
	for range deepest {
		one := s[id]
		if one == nil {
			break
		}
		if all.outline < 0 {
			all.outline = one.outline
		}
		if all.list < 0 {
			all.list = one.list
		}
		all.title = all.title || one.title
		all.quote = all.quote || one.quote
		id = one.based
	}
	return all
}

// docxStyles reads the styles of a document, which has none if the part is
// missing.
func (p *pack) docxStyles(part string) (docxStyles, error) {
	styles := docxStyles{}
	f := p.find(part)
	if f == nil {
		return styles, nil
	}
	one := &docxStyle{}
	err := p.scan(f, handler{start: func(e xml.StartElement) bool {
		switch e.Name.Local {
		case "style":
			one = &docxStyle{outline: -1, list: -1}
			styles[attr(e, "styleId")] = one
		case "name":
			one.named(attr(e, "val"))
		case "basedOn":
			one.based = attr(e, "val")
		case "outlineLvl":
			if one.outline < 0 {
				one.outline = number(e, "val", 9)
			}
		case "numId":
			one.list = number(e, "val", 0)
		case "docDefaults", "latentStyles", "tblStylePr":
			return false
		}
		return true
	}})
	return styles, err
}

// named learns from the name of a style, which Word keeps in English whatever
// language it speaks.
func (s *docxStyle) named(name string) {
	name = strings.ToLower(name)
	switch level, heading := strings.CutPrefix(name, "heading "); {
	case heading && len(level) == 1 && level[0] >= '1' && level[0] <= '9':
		s.outline = int(level[0] - '1')
	case name == "title":
		s.title = true
	case name == "quote" || name == "intense quote" || name == "quotations":
		s.quote = true
	}
}

// docxComments reads the comments that are directives, by id.
func (p *pack) docxComments(part string) (map[string]string, error) {
	comments := map[string]string{}
	f := p.find(part)
	if f == nil {
		return comments, nil
	}
	id, inText := "", false
	var text strings.Builder
	err := p.scan(f, handler{
		start: func(e xml.StartElement) bool {
			switch e.Name.Local {
			case "comment":
				id = attr(e, "id")
				text.Reset()
			case "t":
				inText = true
			}
			return true
		},
		end: func(name string) {
			switch name {
			case "t":
				inText = false
			case "comment":
				if s := oneLine(text.String()); strings.HasPrefix(s, directive) {
					comments[id] = s
				}
			}
		},
		text: func(s string) {
			if inText {
				text.WriteString(s)
			}
		},
	})
	return comments, err
}
