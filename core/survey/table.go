package survey

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/core/problem"
)

// TableOptions says how to read a Table, where the file does not tell.
type TableOptions struct {
	Sheet    string // of a workbook, in any case; "" is the first that is not hidden
	Encoding string // of a text: one of Encodings; "" to find out
}

// Table reads a table of something other than answers, such as statements,
// row by row, in every format in which answers are read: text separated by
// commas, semicolons or tabs, a sheet of an Excel workbook, JSON objects in a
// list or one after the other, and each of these compressed with gzip or alone
// in a zip archive. Text may have any of the Encodings.
//
// Its first row is the headings, and every one after it is handed out: what
// survey tools do to their exports is not looked for. Only rows without
// anything but white space are passed over. Cells of text and of JSON are as
// the Reader and jsonrows describe them, those of a workbook as the package
// sheet does.
//
// A Table is for one goroutine.
type Table struct {
	src    *source
	rows   table
	header []string
	read   int // rows handed out
	blank  int
	err    error // what Next answers from now on
}

// OpenTable reads the headings of a table. The file is how the user calls it
// and only stands in errors. Close the Table after use; r stays open.
//
// The error is a problem.Problem when the file is empty, is in no format that
// can be read, names no column or has two headings that are the same, whatever
// their case. Any other error is that of r, wrapped.
func OpenTable(file string, r io.Reader, opt TableOptions) (*Table, error) {
	src, err := openSource(file, r, Request{Dialect: dialectPlain, Sheet: opt.Sheet, Encoding: opt.Encoding})
	if err != nil {
		return nil, ofTable(err)
	}
	t := &Table{src: src, rows: src.table}
	for _, c := range src.layout.columns {
		t.header = append(t.header, c.header())
	}
	if err := t.checkHeadings(); err != nil {
		return nil, errors.Join(err, src.Close())
	}
	if t.rows == nil {
		text := &Reader{name: file, src: src.text, buf: make([]byte, bufferSize), line: src.line, delim: src.delim, cells: make([][]byte, len(t.header))}
		text.forget()
		t.rows = text
	}
	return t, nil
}

// checkHeadings refuses headings that are the same. Blank ones name nothing
// that could be mistaken for something else.
func (t *Table) checkHeadings() error {
	columns := map[string]int{}
	for i, heading := range t.header {
		key := strings.ToLower(heading)
		if first, twice := columns[key]; twice && heading != "" {
			// JSON has no line of headings.
			line := max(0, t.src.line-1)
			return t.src.problem(line, i+1, fmt.Sprintf("columns %d and %d have the same heading %s", first+1, i+1, quoted(heading)),
				"rename one of the two, so that it is clear which is meant")
		}
		columns[key] = i
	}
	return nil
}

// Header returns the headings in the order of the columns, with white space
// made single spaces. They are up to the last one that is not blank; of the
// others each may be blank. Those of JSON are the keys of all objects in the
// order in which they first appear.
func (t *Table) Header() []string { return t.header }

// Next returns the next row, or io.EOF after the last one: a cell for each
// heading, in UTF-8, with its white space, and "" where there is none. The
// line is the physical one, 1-based, on which the row or the JSON object
// starts, or the number of the row in a workbook.
//
// A broken row is a problem.Problem: one of a text that has fewer cells than
// there are headings, one with a cell beside the headings, a cell that is not
// UTF-8 or has a quote that is not closed. So is the end when there was no
// row. Any other error is the source's, wrapped. Errors are final: the next
// call returns the same.
func (t *Table) Next() (line int, cells []string, err error) {
	for t.err == nil {
		row, err := t.rows.Next()
		switch {
		case errors.Is(err, io.EOF):
			t.err = t.end()
		case err != nil:
			t.err = ofTable(err)
		case allBlank(row.Cells):
			t.blank++
		default:
			if cells, t.err = t.texts(row); t.err == nil {
				t.read++
				return row.Line, cells, nil
			}
		}
	}
	return 0, nil, t.err
}

// end is how a table ends.
func (t *Table) end() error {
	if t.read > 0 {
		return io.EOF
	}
	return problem.Problem{File: t.src.name, What: "has headings, but no row under them", Hint: "export the table again, with its rows"}
}

// texts are the cells of a row.
func (t *Table) texts(row Row) ([]string, error) {
	cells := make([]string, len(t.header))
	for i, c := range row.Cells {
		switch {
		case i >= len(cells) && !isBlank(c):
			// Only JSON gets here, by a key that is blank.
			return nil, t.src.problem(row.Line, i+1, "a text stands here under a key that is blank", "give the key a name")
		case i >= len(cells):
		case !utf8.Valid(c):
			return nil, t.src.problem(row.Line, i+1, notUTF8, hintUTF8)
		default:
			cells[i] = string(c)
		}
	}
	return cells, nil
}

// Blank is the number of rows passed over so far that have cells, but nothing
// in them. Blank lines of a text and rows that a workbook says nothing of are
// no such rows.
func (t *Table) Blank() int { return t.blank }

// Place is how a spreadsheet calls a cell of a workbook, "Sheet1!C7", or the
// row when column is 0, "Sheet1!7:7". It is "" where the file is none.
func (t *Table) Place(line, column int) string { return t.src.place(line, column) }

// Format says how the table was found to be written. The encoding of a text is
// known for certain only when all of it has been read.
func (t *Table) Format() Format { return t.src.Format() }

// Close gives back what the Table holds. It may be called again.
func (t *Table) Close() error {
	if t.err == nil {
		t.err = problem.Problem{File: t.src.name, What: "was read on after it was closed"}
	}
	return t.src.Close()
}

// ofTable words a fault for somebody who has no survey at hand: what reads the
// formats takes every file for one.
func ofTable(err error) error {
	var p problem.Problem
	if !errors.As(err, &p) {
		return err
	}
	words := strings.NewReplacer(
		"does not look like answers to a survey", "does not look like such a table",
		"export the answers", "export the table",
		"save the answers", "save the table",
		"the sheet with the answers", "the sheet with the table",
		"a line for each respondent", "a line for each row",
		"an object for each respondent", "an object for each row",
		`a list called "responses"`, `a list called "rows"`,
		"an object that holds one respondent's answers", "an object that holds one row",
		"holds no respondent", "holds no row",
		"the list of respondents", "the list of rows",
		"which of them are the respondents", "which of them are the rows",
		"a respondent with this key", "an object with this key",
		"where there is no answer", "where there is no value",
		"--sheet is for Excel workbooks alone; score other files without it", "only Excel workbooks have sheets; read other files without naming one",
	)
	p.What, p.Hint = words.Replace(p.What), words.Replace(p.Hint)
	return p
}
