package survey

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"slices"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/core/problem"
	"github.com/firstcall-cli/firstcall/core/survey/jsonrows"
	"github.com/firstcall-cli/firstcall/core/survey/sheet"
)

// This file opens exports whose rows are no delimited text: the sheets of
// workbooks, and JSON.

// sheetTable gives the rows of a sheet behind its headers.
type sheetTable struct {
	*sheet.Reader
	name  string
	first []Row // rows that were read to tell the headers
	width int
	cells [][]byte
}

func (s *source) openSheet(src io.ReaderAt, size int64, req Request) error {
	r, err := sheet.Open(s.name, src, size, sheet.Options{Sheet: req.Sheet})
	if err != nil {
		return err
	}
	s.closers = append(s.closers, r)
	t := &sheetTable{Reader: r, name: s.name}
	if err := t.readHead(); err != nil {
		return err
	}
	var rows [][]string
	for i, row := range t.first {
		var cells []string
		for c, text := range row.Cells {
			if i == 0 && !utf8.Valid(text) {
				return problem.Problem{File: s.name, What: r.Place(row.Line, c+1) + ": the name of this column is not UTF-8", Hint: "save the workbook again"}
			}
			cells = append(cells, string(bytes.ToValidUTF8(text, []byte("\uFFFD"))))
		}
		rows = append(rows, cells)
	}
	if s.layout, err = s.lay(rows, req); err != nil {
		return err
	}
	if err := checkHeaders(s.name, 0, s.layout); err != nil {
		return err
	}
	s.line = t.first[s.layout.headers-1].Line + 1
	t.first = t.first[s.layout.headers:]
	t.width = len(s.layout.columns)
	t.cells = make([][]byte, t.width)
	s.table = t
	s.format.Container, s.format.Sheet = containerXLSX, r.Sheet()
	return nil
}

// readHead keeps the first rows. A broken one after the first is met again when
// the rows are read.
func (t *sheetTable) readHead() error {
	for len(t.first) < headRows {
		row, err := t.Reader.Next()
		if errors.Is(err, io.EOF) && len(t.first) == 0 {
			return problem.Problem{File: t.name, What: "sheet " + quoted(t.Sheet()) + " is empty",
				Hint: "choose the sheet with the answers; there are " + someQuoted(t.Sheets())}
		}
		if err != nil && len(t.first) == 0 {
			return err
		}
		if err != nil {
			return nil
		}
		kept := Row{Line: row.Line}
		for _, c := range row.Cells {
			kept.Cells = append(kept.Cells, bytes.Clone(c))
		}
		t.first = append(t.first, kept)
	}
	return nil
}

func (t *sheetTable) Next() (Row, error) {
	var row Row
	if len(t.first) > 0 {
		row, t.first = t.first[0], t.first[1:]
	} else {
		next, err := t.Reader.Next()
		if err != nil {
			return Row{}, err
		}
		row = Row(next)
	}
	clear(t.cells)
	copy(t.cells, row.Cells)
	for i := t.width; i < len(row.Cells); i++ {
		if !isBlank(row.Cells[i]) {
			return Row{}, problem.Problem{File: t.name, What: t.Place(row.Line, i+1) + ": this cell stands beside the columns that the header names",
				Hint: "give the column a heading, or empty the cell"}
		}
	}
	return Row{Line: row.Line, Cells: t.cells}, nil
}

// jsonTable gives respondents that are written as JSON.
type jsonTable struct{ *jsonrows.Reader }

func (t jsonTable) Next() (Row, error) {
	row, err := t.Reader.Next()
	return Row(row), err
}

// openJSON opens answers in JSON. They are read twice, so that what comes
// through a pipe is kept meanwhile: in memory while it is short.
func (s *source) openJSON(r io.Reader, text *bufio.Reader, req Request) error {
	if err := s.noSheet(req); err != nil {
		return err
	}
	in, err := s.rewindable(r, text)
	if err != nil {
		return err
	}
	rows, err := jsonrows.Open(s.name, in)
	if err != nil {
		return err
	}
	if req.Dialect == "" {
		req.Dialect = vendorJSON().dialect
	}
	if s.layout, err = s.lay([][]string{slices.Clone(rows.Header())}, req); err != nil {
		return err
	}
	if err := checkHeaders(s.name, 1, s.layout); err != nil {
		return err
	}
	s.table = jsonTable{rows}
	s.format.Container = containerJSON
	return nil
}

// rewindable is the text from its beginning, in UTF-8, as something that can go
// back there.
func (s *source) rewindable(r io.Reader, text *bufio.Reader) (io.Reader, error) {
	if f, ok := r.(*os.File); ok && s.decoder.encoding == "" {
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			if _, err := f.Seek(0, io.SeekStart); err == nil {
				return f, nil
			}
		}
	}
	first, err := io.ReadAll(io.LimitReader(text, jsonrows.Window))
	if err != nil {
		return nil, readFault(s.name, err)
	}
	if len(first) < jsonrows.Window {
		return bytes.NewReader(first), nil
	}
	whole, _, err := s.seekable(nil, io.MultiReader(bytes.NewReader(first), text))
	if err != nil {
		return nil, err
	}
	f := whole.(spooled)
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, readFault(s.name, err)
	}
	return f, nil
}
