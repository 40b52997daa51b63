package render

import (
	"encoding/xml"
	"io"
	"strings"
)

type (
	checkstyleReport struct {
		XMLName xml.Name `xml:"checkstyle"`
		Version string   `xml:"version,attr"`
		Files   []*checkstyleFile
	}
	checkstyleFile struct {
		XMLName xml.Name `xml:"file"`
		Name    string   `xml:"name,attr"`
		Errors  []checkstyleError
	}
	checkstyleError struct {
		XMLName  xml.Name `xml:"error"`
		Line     int      `xml:"line,attr"` // 0 where there are no lines: readers want a number
		Column   int      `xml:"column,attr,omitempty"`
		Severity string   `xml:"severity,attr"`
		Message  string   `xml:"message,attr"`
		Source   string   `xml:"source,attr"`
	}
)

// checkstyle writes findings by file, as Checkstyle 4.3 and the many tools that
// read its reports do.
func checkstyle(w io.Writer, r report) error {
	out := checkstyleReport{Version: "4.3"}
	files := map[string]*checkstyleFile{}
	file := func(name string) *checkstyleFile {
		name = r.root.fileName(name)
		if name == "" {
			name = "stdin"
		}
		if files[name] == nil {
			files[name] = &checkstyleFile{Name: name}
			out.Files = append(out.Files, files[name])
		}
		return files[name]
	}
	for _, t := range r.texts {
		file(t.place.File)
		for _, f := range t.told() {
			severity := f.Severity
			if severity == hint {
				severity = "info"
			}
			at := file(f.Place.File)
			at.Errors = append(at.Errors, checkstyleError{
				Line: f.Place.Line, Column: f.Place.Column, Severity: severity, Message: located(f),
				Source: "firstcall." + strings.ReplaceAll(f.Rule, "/", "."),
			})
		}
	}
	return writeXML(w, out)
}
