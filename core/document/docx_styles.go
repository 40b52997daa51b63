package document

import (
	"strings"
)

// docxStyles reads the styles of a document, which has none if the part is
// missing.
func (p *pack) docxStyles(part string) (styles, error) {
	all := styles{}
	f := p.find(part)
	if f == nil {
		return all, nil
	}
	one := &style{}
	err := p.scan(f, handler{start: func(t tag) bool {
		switch t.name {
		case "style":
			one = &style{outline: -1, list: -1}
			all.add(t.attr("styleId"), one)
		case "name":
			one.named(t.attr("val"))
		case "basedOn":
			one.based = t.attr("val")
		case "outlineLvl":
			if one.outline < 0 {
				one.outline = t.number("val", noOutline)
			}
		case "numId":
			one.list = t.number("val", 0)
		case "docDefaults", "latentStyles", "tblStylePr":
			return false
		}
		return true
	}})
	return all, err
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
		start: func(t tag) bool {
			switch t.name {
			case "comment":
				id = t.attr("id")
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
