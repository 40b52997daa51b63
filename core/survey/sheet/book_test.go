package sheet

import (
	"archive/zip"
	"bytes"
	"fmt"
	"html"
	"maps"
	"slices"
	"strings"
	"testing"
)

// The parts of a workbook that most tests leave as they are.
const (
	rootRels = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	relType  = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	bookRels = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="` + relType + `worksheet" Target="worksheets/sheet1.xml"/>` +
		`<Relationship Id="rId2" Type="` + relType + `worksheet" Target="worksheets/sheet2.xml"/>` +
		`<Relationship Id="rId3" Type="` + relType + `chartsheet" Target="chartsheets/sheet1.xml"/>` +
		`<Relationship Id="rId8" Type="` + relType + `styles" Target="styles.xml"/>` +
		`<Relationship Id="rId9" Type="` + relType + `sharedStrings" Target="sharedStrings.xml"/></Relationships>`
	contentTypes = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="` + mainType + `sheet.main+xml"/>` +
		`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="` + mainType + `worksheet+xml"/>` +
		`<Override PartName="/xl/styles.xml" ContentType="` + mainType + `styles+xml"/>` +
		`<Override PartName="/xl/sharedStrings.xml" ContentType="` + mainType + `sharedStrings+xml"/></Types>`
	mainType   = `application/vnd.openxmlformats-officedocument.spreadsheetml.`
	sheetStart = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`
	sheetEnd   = `</sheetData></worksheet>`
)

func workbookXML(sheets string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" ` +
		`xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>` + sheets + `</sheets></workbook>`
}

// sst is a table of shared texts.
func sst(texts ...string) string {
	var b strings.Builder
	b.WriteString(`<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`)
	for _, text := range texts {
		fmt.Fprintf(&b, `<si><t>%s</t></si>`, html.EscapeString(text))
	}
	b.WriteString(`</sst>`)
	return b.String()
}

// parts are the files in a workbook.
type parts map[string]string

// book is a workbook with one sheet of the rows given, and other parts in
// place of those that it would have; "-" leaves one out.
func book(rows string, other parts) parts {
	p := parts{
		"[Content_Types].xml":        contentTypes,
		"_rels/.rels":                rootRels,
		"xl/workbook.xml":            workbookXML(`<sheet name="Sheet1" sheetId="1" r:id="rId1"/>`),
		"xl/_rels/workbook.xml.rels": bookRels,
		"xl/worksheets/sheet1.xml":   sheetStart + rows + sheetEnd,
	}
	maps.Copy(p, other)
	maps.DeleteFunc(p, func(_, text string) bool { return text == "-" })
	return p
}

// zipped is the parts as a file.
func zipped(t testing.TB, p parts) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(p)) {
		f, err := z.Create(name)
		if err == nil {
			_, err = f.Write([]byte(p[name]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// merge is the parts of both; those of the second count.
func merge(a, b parts) parts {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}
