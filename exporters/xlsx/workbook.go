package xlsx

import (
	"cmp"
	"errors"
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"github.com/firstcall-cli/firstcall/core/record/flat"
)

// mostRows is how many rows a sheet has at most, with its header.
const mostRows = excelize.TotalRows

// workbook is a workbook that is being made.
type workbook struct {
	file     *excelize.File
	styles   styles
	mostRows int
	about    *about
	sheets   map[*flat.Table][]*sheet // the last of a table takes its rows
	cut      int                      // texts that were too long
}

// newWorkbook begins a workbook with a sheet for each table. Only those that are begun
// later, because one is full, stand behind the sheets of other tables.
func newWorkbook(tables []*flat.Table, mostRows int) (*workbook, error) {
	b := &workbook{file: excelize.NewFile(), mostRows: mostRows, about: newAbout(), sheets: map[*flat.Table][]*sheet{}}
	if err := b.file.SetSheetName("Sheet1", aboutName); err != nil {
		return nil, err
	}
	var err error
	if b.styles, err = newStyles(b.file); err != nil {
		return nil, err
	}
	for _, table := range tables {
		if err := b.begin(table); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// close removes temporary files.
func (b *workbook) close() { _ = b.file.Close() }

// add appends rows to the sheet of their table, and begins another where it is full.
// It returns the title of a column in which a text was cut, or "".
func (b *workbook) add(rows flat.Rows) (cut string, err error) {
	for _, row := range rows.Rows {
		s := b.last(rows.Table)
		if s.rows >= b.mostRows {
			if err := errors.Join(s.flush(), b.begin(rows.Table)); err != nil {
				return "", err
			}
			s = b.last(rows.Table)
		}
		column, err := s.add(row)
		if err != nil {
			return "", err
		}
		if column != "" {
			b.cut++
			cut = cmp.Or(cut, column)
		}
	}
	return cut, nil
}

func (b *workbook) last(table *flat.Table) *sheet {
	all := b.sheets[table]
	return all[len(all)-1]
}

// begin begins the next sheet of a table.
func (b *workbook) begin(table *flat.Table) error {
	name := table.Title
	if n := len(b.sheets[table]); n > 0 {
		name = fmt.Sprintf("%s %d", table.Title, n+1)
	}
	b.sheets[table] = append(b.sheets[table], newSheet(b, table, name))
	_, err := b.file.NewSheet(name)
	return err
}

// write completes the workbook and writes it.
func (b *workbook) write(w io.Writer) error {
	for _, table := range flat.Tables() {
		if len(b.sheets[table]) == 0 {
			continue
		}
		if err := b.last(table).flush(); err != nil {
			return err
		}
	}
	if err := b.about.write(b); err != nil {
		return err
	}
	b.properties()
	out := newArchive(w)
	b.file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return out })
	_, err := b.file.WriteToBuffer() // which stays empty
	return err
}

// properties says what made the workbook. It names no day: same records, same bytes.
func (b *workbook) properties() {
	const head = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	b.file.Pkg.Store("docProps/core.xml", []byte(head+
		`<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">`+
		`<dc:creator>firstcall</dc:creator></cp:coreProperties>`))
	b.file.Pkg.Store("docProps/app.xml", []byte(head+
		`<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>firstcall</Application></Properties>`))
}
