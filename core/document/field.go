package document

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// How much a document may have beside its text.
const (
	maxFields     = 256
	maxFieldKey   = 200  // bytes
	maxFieldValue = 1000 // bytes
	maxMargins    = 256
	maxMargin     = 10_000 // bytes
)

// addField adds a field that stands at an offset into the source, negative where
// there is none.
func (d *Document) addField(key, value string, at int) {
	key = strings.ToLower(cut(oneLine(key), maxFieldKey))
	if key == "" || len(d.Fields) == maxFields {
		return
	}
	d.Fields = append(d.Fields, Field{strings.Clone(key), strings.Clone(cut(oneLine(value), maxFieldValue)), Place{Offset: at}})
}

// cut gives the beginning of a text that is longer than n bytes.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return strings.TrimSpace(s[:n])
}

// locateAll finds the places of what is beside the text, once the text is there.
func (d *Document) locateAll() {
	for i := range d.Comments {
		d.Comments[i].locate(d)
	}
	for i := range d.Fields {
		p := &d.Fields[i].Place
		if p.Offset >= 0 && d.origin.part == "" {
			*p = d.origin.place(p.Offset)
		} else {
			*p = Place{Offset: -1}
		}
	}
	slices.SortStableFunc(d.Margins, func(a, b Margin) int { return cmp.Compare(a.Kind, b.Kind) })
	for i := range d.Margins {
		if m := &d.Margins[i]; m.Kind == Note {
			m.Offset = min(m.Offset, len(d.Text))
			m.Place = d.Place(m.Offset)
		}
	}
}
