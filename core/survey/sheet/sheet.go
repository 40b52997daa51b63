// Package sheet reads the rows of one sheet of an Excel workbook (.xlsx).
//
// It reads the sheet as a stream, with a scanner of its own that knows just
// the XML that workbooks are made of. Memory does not grow with the number of
// rows: only the texts that the workbook shares between cells are kept, up to
// MaxShared. A workbook made to use up memory or time ends in an error.
//
// What a cell holds is handed out as text, like a cell of a CSV file. It is
// never part of an error.
package sheet

import (
	"errors"
	"io"

	"github.com/firstcall-cli/firstcall/core/problem"
)

// Limits of a workbook. They bound the memory and the time that reading takes,
// whatever the reader is fed.
const (
	MaxCell    = 1 << 20    // bytes in one cell
	MaxColumns = 16_384     // cells in one row, as in Excel: the last is XFD
	MaxRow     = 16 << 20   // bytes in one row, shared texts not counted
	MaxShared  = 256 << 20  // bytes in all shared texts together
	MaxTexts   = 10_000_000 // shared texts
	MaxSheets  = 10_000     // sheets in one workbook
	MaxLine    = 1 << 30    // the highest number that a row may have
)

// Options says what to read of a workbook.
type Options struct {
	Sheet string // its name in any case; "" is the first worksheet that is not hidden
}

// Reader reads the rows of one sheet, from top to bottom.
//
// Cells become text like this:
//
//   - Numbers are plain decimals without needless digits: "5", "4.5", "0.001".
//     Whole numbers keep all their digits.
//   - Numbers shown as dates are "2026-03-01", and "2026-03-01T09:00:00" when
//     they have a time of day or their format shows one. Numbers shown as a
//     time alone are "09:00:00", and those shown as an amount of time are its
//     hours, which may be more than 23. Seconds are rounded to whole ones
//     unless the format shows fractions. Dates that Excel can't show, such as
//     negative ones, stay numbers.
//   - Truth values are "TRUE" and "FALSE", errors their usual text: "#N/A".
//   - Formulas are what they gave when the workbook was saved. A formula
//     without a result, as programs leave it that cannot calculate, is "#N/A".
//   - Texts are without formatting and without reading aids (furigana); white
//     space is kept.
//
// Hidden and filtered rows and columns are read like others. Of merged cells
// the first holds the value, the others are empty, as in the file.
//
// Texts are handed out as they stand in the file: whoever uses a cell checks
// that it is UTF-8.
type Reader struct {
	pack   *pack
	book   *workbook
	sheet  string // its name as the workbook spells it
	part   *part
	xml    scanner
	shared *shared
	styles []format // how numbers are shown, by the style of the cell

	row     int      // number of the row being read
	column  int      // number of the cell being read, 1-based; 0 outside cells
	cells   [][]byte // of the row being read
	width   int      // cells up to the last one that holds something
	scratch []byte   // texts of the row that are not shared
	err     error    // what Next answers from now on
}

// Row is one row of a sheet.
type Row struct {
	Line  int      // number of the row in the sheet, 1-based
	Cells [][]byte // from column A to the last cell that holds something; not to be changed; valid until the next call of Next
}

// Open opens a workbook and finds the sheet that opt asks for. The name is how
// the user calls the file and only stands in errors; size is how many bytes
// src has. The source is not closed by the Reader.
//
// The error is a problem.Problem when the file is no workbook, is encrypted or
// damaged, has no such sheet, or goes beyond a limit, and else that of src,
// wrapped.
func Open(name string, src io.ReaderAt, size int64, opt Options) (*Reader, error) {
	p, err := openPack(name, src, size)
	if err != nil {
		return nil, err
	}
	book, err := readWorkbook(p)
	if err != nil {
		return nil, err
	}
	chosen, err := book.choose(p, opt.Sheet)
	if err != nil {
		return nil, err
	}
	r := &Reader{pack: p, book: book, sheet: chosen.name}
	if r.styles, err = readStyles(p, book.styles); err != nil {
		return nil, err
	}
	if r.shared, err = readShared(p, book.shared, MaxShared, MaxTexts); err != nil {
		return nil, err
	}
	if r.part, err = p.open(chosen.part, maxSheetPart); err != nil {
		return nil, err
	}
	r.xml.reset(r.part)
	if err := r.findRows(); err != nil {
		return nil, errors.Join(err, r.part.Close())
	}
	return r, nil
}

// Sheet is the name of the sheet being read, as the workbook spells it.
func (r *Reader) Sheet() string { return r.sheet }

// Sheets returns the names of all worksheets, hidden ones too, in the order of
// the workbook.
func (r *Reader) Sheets() []string { return r.book.names() }

// Place is how a spreadsheet calls a cell: "Sheet1!C5". Line and column count
// from 1; without a column it is the row, "Sheet1!5:5", and without a line the
// sheet alone.
func (r *Reader) Place(line, column int) string { return place(r.sheet, line, column) }

// Close gives back what the Reader holds. The source stays open.
func (r *Reader) Close() error {
	if r.err == nil {
		r.err = problem.Problem{File: r.pack.name, What: "was read on after it was closed"}
	}
	return r.part.Close()
}

// Next returns the next row that holds something, or io.EOF after the last
// one. Its cells are valid until the next call. Rows without any text are
// passed over.
//
// A broken sheet is a problem.Problem that begins with the place, such as
// "Sheet1!C5: "; any other error is that of the source, wrapped. Errors are
// final: the next call returns the same.
func (r *Reader) Next() (Row, error) {
	if r.err != nil {
		return Row{}, r.err
	}
	for {
		more, err := r.nextRow()
		switch {
		case err != nil:
			r.err = r.located(err)
		case !more:
			r.err = io.EOF
			// Reading to the end is what has the checksum looked at.
			if err := r.part.drain(); err != nil {
				r.row, r.column = 0, 0
				r.err = r.located(err)
			}
		case r.width == 0:
			continue
		default:
			return Row{Line: r.row, Cells: r.cells[:r.width:r.width]}, nil
		}
		return Row{}, r.err
	}
}
