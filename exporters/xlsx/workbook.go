package xlsx

import (
	"archive/zip"
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/record/flat"
	"github.com/firstcall-cli/firstcall/exporters/internal/rows"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// mostRows is how many rows a sheet of Excel takes, with its header.
const mostRows = 1 << 20

// workbook is a workbook that is being written: a zip archive of XML. Nothing in it
// stands for the time. Each sheet is written as its rows are made, so that memory does
// not grow with them; the first sheet comes last, when all is known that it says.
type workbook struct {
	zip      *zip.Writer
	mostRows int
	about    *about
	sheets   []*sheet
	cut      int // rows of which a text was cut
}

// write writes a workbook, and into outcomes what is to be said of single records.
func write(ctx context.Context, w io.Writer, records []sdk.Record, outcomes []sdk.Outcome, mostRows int) error {
	b := &workbook{zip: zip.NewWriter(w), mostRows: mostRows, about: newAbout()}
	// Programs tell by the name of the first part that it is a workbook.
	for _, part := range []struct{ name, text string }{
		{"_rels/.rels", packageRelations}, {"docProps/app.xml", properties}, {"docProps/core.xml", coreProperties}, {"xl/styles.xml", styleSheet()},
	} {
		if err := b.part(part.name, part.text); err != nil {
			return err
		}
	}
	for _, table := range rows.Tables(records) {
		if err := b.table(ctx, table, records, outcomes); err != nil {
			return err
		}
	}
	out, err := b.zip.Create(sheetPart(0))
	if err != nil {
		return err
	}
	if err := b.about.write(out, b); err != nil {
		return err
	}
	for _, part := range []struct{ name, text string }{
		{"xl/workbook.xml", b.contents()}, {"xl/_rels/workbook.xml.rels", b.relations()}, {"[Content_Types].xml", b.types()},
	} {
		if err := b.part(part.name, part.text); err != nil {
			return err
		}
	}
	return b.zip.Close()
}

func (b *workbook) part(name, text string) error {
	out, err := b.zip.Create(name)
	if err != nil {
		return err
	}
	_, err = io.WriteString(out, text)
	return err
}

// table writes the rows of one table, on as many sheets as they need.
func (b *workbook) table(ctx context.Context, table *flat.Table, records []sdk.Record, outcomes []sdk.Outcome) error {
	s := b.begin(table, 1)
	want := func(r sdk.Record) bool {
		return r.Kind == table.Kind || table == flat.Jobs && r.Kind == record.KindFolder
	}
	err := rows.Each(ctx, records, want, func(d rows.Decoded) error {
		if d.Err != nil {
			outcomes[d.Index] = rows.Refused(Name, d.Err)
			return nil
		}
		if d.Record.Kind == table.Kind {
			b.about.note(d.Record)
		}
		for _, made := range d.Rows {
			if made.Table != table {
				continue
			}
			for _, row := range made.Rows {
				if s.rows >= b.mostRows {
					if err := s.end(); err != nil {
						return err
					}
					s = b.begin(table, s.number+1)
				}
				cut, err := s.add(row)
				if err != nil {
					return err
				}
				if cut != "" {
					b.cut++
					outcomes[d.Index] = tooLong(cut)
				}
			}
		}
		return nil
	})
	return cmp.Or(err, s.end())
}

// begin begins a sheet; number is 1 for the first of its table.
func (b *workbook) begin(table *flat.Table, number int) *sheet {
	s := &sheet{book: b, table: table, number: number, name: table.Title, columns: order(table), rows: 1}
	if number > 1 {
		s.name = fmt.Sprintf("%s %d", table.Title, number)
	}
	b.sheets = append(b.sheets, s)
	s.part = sheetPart(len(b.sheets))
	return s
}

// has reports whether there is a sheet of a table.
func (b *workbook) has(table *flat.Table) bool {
	for _, s := range b.sheets {
		if s.table == table {
			return true
		}
	}
	return false
}

// sheetPart is the name of the part that a sheet is; 0 is the first.
func sheetPart(at int) string { return fmt.Sprintf("xl/worksheets/sheet%d.xml", at+1) }

const (
	relationships    = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packageRelations = xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="` + relationships + `/officeDocument" Target="xl/workbook.xml"/>` +
		`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/>` +
		`<Relationship Id="rId3" Type="` + relationships + `/extended-properties" Target="docProps/app.xml"/></Relationships>`
	properties = xmlHead + `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>firstcall</Application></Properties>`

	coreProperties = xmlHead + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">` +
		`<dc:creator>firstcall</dc:creator></cp:coreProperties>`
)

// contents is the part that lists the sheets, with what they repeat on paper.
func (b *workbook) contents() string {
	var sheets, names strings.Builder
	fmt.Fprintf(&sheets, `<sheet name="%s" sheetId="1" r:id="rId1"/>`, aboutName)
	for i, s := range b.sheets {
		fmt.Fprintf(&sheets, `<sheet name="%s" sheetId="%d" r:id="rId%[2]d"/>`, s.name, i+2)
		fmt.Fprintf(&names, `<definedName name="_xlnm._FilterDatabase" localSheetId="%d" hidden="1">'%s'!$A$1:$%s$%d</definedName>`, i+1, s.name, columnName(len(s.columns)-1), s.rows)
		fmt.Fprintf(&names, `<definedName name="_xlnm.Print_Titles" localSheetId="%d">'%s'!$1:$1</definedName>`, i+1, s.name)
	}
	return xmlHead + `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="` + relationships + `">` +
		`<bookViews><workbookView xWindow="0" yWindow="0" windowWidth="24000" windowHeight="12000" activeTab="0"/></bookViews>` +
		`<sheets>` + sheets.String() + `</sheets><definedNames>` + names.String() + `</definedNames></workbook>`
}

// relations is the part that says where the sheets are.
func (b *workbook) relations() string {
	var all strings.Builder
	for i := range len(b.sheets) + 1 {
		fmt.Fprintf(&all, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%[1]d.xml"/>`, i+1, relationships)
	}
	return xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + all.String() +
		fmt.Sprintf(`<Relationship Id="rId%d" Type="%s/styles" Target="styles.xml"/></Relationships>`, len(b.sheets)+2, relationships)
}

// types is the part that says what the others are.
func (b *workbook) types() string {
	const spreadsheet = "application/vnd.openxmlformats-officedocument.spreadsheetml."
	var sheets strings.Builder
	for i := range len(b.sheets) + 1 {
		fmt.Fprintf(&sheets, `<Override PartName="/%s" ContentType="%sworksheet+xml"/>`, sheetPart(i), spreadsheet)
	}
	return xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="` + spreadsheet + `sheet.main+xml"/>` + sheets.String() +
		`<Override PartName="/xl/styles.xml" ContentType="` + spreadsheet + `styles+xml"/>` +
		`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>` +
		`<Override PartName="/docProps/app.xml" ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/></Types>`
}
