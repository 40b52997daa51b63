package document

import (
	"strings"
	"time"
)

// metaReader collects the properties of a word processor's document under the
// names that propertiesOf knows, and those that its user defined.
type metaReader struct {
	w      *writer
	fields map[string]string
	name   string // of the property that is open
	user   string // of one that its user defined
	value  strings.Builder
}

func newMetaReader(w *writer) *metaReader {
	return &metaReader{w: w, fields: map[string]string{}}
}

func (m *metaReader) start(t tag) bool {
	switch t.name {
	case "title":
		m.name = "title"
	case "initial-creator":
		m.name = "author"
	case "creator":
		m.name = "creator"
	case "created", "creation-date":
		m.name = "created"
	case "modified":
		m.name = "modified"
	case "date": // of OpenDocument: when it was last changed
		m.name = "modified"
	case "user-defined", "property": // of OpenDocument, of Word
		m.name, m.user = "", t.attr("name")
		m.value.Reset()
	default:
		m.name = ""
	}
	return true
}

func (m *metaReader) end(name string) {
	m.name = ""
	if name == "user-defined" || name == "property" {
		m.w.doc.addField(m.user, m.value.String(), -1)
		m.user = ""
	}
}

func (m *metaReader) text(s string) {
	switch {
	case m.name != "":
		m.fields[m.name] += s
	case m.user != "" && m.value.Len() < maxFieldValue:
		m.value.WriteString(s)
	}
}

// finish sets the properties.
func (m *metaReader) finish() {
	m.w.finishProperties(m.fields)
	m.w.doc.Properties.dropDefaults()
}

// dropDefaults takes away what some programs write into every file. The times
// are those of the template of python-docx (default.docx) and the ones from
// which computers count: of Unix, of zip archives, of Windows and of OLE. The
// names are those of python-docx, Apache POI and docx (of JavaScript).
func (p *Properties) dropDefaults() {
	for _, t := range [...]*time.Time{&p.Created, &p.Modified} {
		switch t.UTC().Format(time.DateTime) {
		case "2013-12-23 23:15:00", "1970-01-01 00:00:00", "1980-01-01 00:00:00", "1601-01-01 00:00:00", "1899-12-30 00:00:00":
			*t = time.Time{}
		}
	}
	switch p.Author {
	case "python-docx", "Apache POI", "Un-named":
		p.Author = ""
	}
}
