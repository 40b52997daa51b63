package survey

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/core/problem"
)

// Limits of a table. They bound the memory a reader takes, whatever it is fed.
const (
	MaxCell    = 1 << 20  // bytes in one cell
	MaxColumns = 100_000  // cells in one row
	MaxRow     = 16 << 20 // bytes in one row
)

// bufferSize is what a Reader asks its source for at once; rows longer than
// that make the buffer grow, up to MaxRow.
const bufferSize = 128 << 10

// Reader reads a table of delimited text row by row. It is made for survey
// exports: UTF-8 with or without byte order mark; lines that end in LF, CRLF
// or CR, also mixed; cells in double quotes, which may hold delimiters, line
// ends and doubled quotes. A quote inside a cell that does not begin with one
// is an ordinary character. Lines that are empty or hold only spaces are
// skipped.
//
// The delimiter is the comma, semicolon or tab that the header and the first
// row after it share most often outside quotes: each candidate counts as often
// as it stands in the poorer of the two. Looking at both keeps a file with
// semicolons readable whose questions are full of commas. When that leaves a
// tie, or there is no row, the header decides alone; then a tab wins over a
// semicolon and that over a comma, since this is how seldom they are part of a
// text. A first line such as "sep=;", which spreadsheets write, settles it.
//
// Blank cells at the end of the header name no column. A row must have a cell
// for every named column; more cells are fine while they are blank.
//
// The text of cells is handed out as it stands in the file. Only the header is
// checked for being UTF-8; whoever uses a cell checks it.
type Reader struct {
	name    string
	src     io.Reader
	readErr error // what src ended with; io.EOF at the end
	err     error // what Next answers from now on

	buf      []byte
	pos, end int // buf[pos:end] is read from src and not yet handed out
	line     int // physical line, 1-based, that pos stands on

	// Where the next of these bytes stands at or after pos, end when there is
	// none in the buffer. A value below pos is stale. They are kept between
	// rows because a file without quotes, or without carriage returns, would
	// otherwise be searched to the end of the buffer for every row.
	lf, cr, quote, nul int

	delim  byte
	header []string
	cells  [][]byte // of the row handed out, one for each named column

	// What scan found: the cells of the row at pos, how many bytes it takes
	// and how many physical lines.
	spans            []span
	rowEnd, rowLines int
}

// Row is one row of a table.
type Row struct {
	Line  int      // physical line, 1-based, on which the row starts
	Cells [][]byte // one for each column of the header; valid until the next call of Next
}

// NewReader reads the header of a table. The name is how the user calls the
// file and only stands in errors.
//
// The error is a problem.Problem when the file is empty, is no text or not
// UTF-8, or has a broken header, and else that of r, wrapped.
func NewReader(name string, r io.Reader) (*Reader, error) {
	return newReader(name, r, bufferSize)
}

func newReader(name string, r io.Reader, size int) (*Reader, error) {
	rd := &Reader{name: name, src: r, buf: make([]byte, size), line: 1}
	rd.forget()
	rd.fill(size)
	start := rd.buf[:rd.end]
	if p, bad := foreign(start); bad {
		p.File = name
		return nil, p
	}
	if bytes.HasPrefix(start, utf8BOM) {
		rd.pos = len(utf8BOM)
	}
	rd.delim = rd.delimiter()
	if err := rd.readHeader(); err != nil {
		return nil, err
	}
	return rd, nil
}

// Header returns the names of the columns as they stand in the file, without
// the blank ones at the end.
func (r *Reader) Header() []string { return r.header }

// Next returns the next row, or io.EOF after the last one. Its cells are valid
// until the next call. A broken row is a problem.Problem that gives its line
// and cell; any other error is the source's, wrapped. Errors are final: the
// next call returns the same.
func (r *Reader) Next() (Row, error) {
	if r.err != nil {
		return Row{}, r.err
	}
	row, err := r.next()
	if err != nil {
		r.err = err
		return Row{}, err
	}
	return row, nil
}

func (r *Reader) next() (Row, error) {
	for {
		eol, after, err := r.endOfLine()
		if err != nil {
			return Row{}, err
		}
		if r.find(&r.quote, '"') < eol || r.find(&r.nul, 0) < eol || eol-r.pos > MaxCell {
			return r.nextScanned()
		}
		line := r.buf[r.pos:eol]
		row := Row{Line: r.line, Cells: r.cells}
		r.pos = after
		r.line++
		if isBlankLine(line) {
			continue
		}
		n, rest := split(r.cells, line, r.delim)
		if n == len(r.cells) && rest == nil {
			return row, nil
		}
		return row, r.checkWidth(row.Line, n, rest)
	}
}

// split cuts a line without quotes at the delimiters into cells. It returns
// how many of the cells it could fill, and the rest of the line beyond the
// last one, nil when there is none.
//
// It looks at eight bytes at a time, which pays for cells of one digit already
// and more so for answers in words.
func split(cells [][]byte, line []byte, delim byte) (n int, rest []byte) {
	const ones, sevens = 0x0101010101010101, 0x7F7F7F7F7F7F7F7F
	pattern := uint64(delim) * ones
	start, i := 0, 0
	for ; i+8 <= len(line); i += 8 {
		x := binary.LittleEndian.Uint64(line[i:]) ^ pattern
		// The top bit of each byte of hits says that x is zero there. The
		// sum cannot carry into the next byte, so that no hit is false.
		hits := ^((x&sevens + sevens) | x | sevens)
		for ; hits != 0; hits &= hits - 1 {
			at := i + bits.TrailingZeros64(hits)>>3
			cells[n] = line[start:at]
			start = at + 1
			if n++; n == len(cells) {
				return n, line[start:]
			}
		}
	}
	for ; i < len(line); i++ {
		if line[i] != delim {
			continue
		}
		cells[n] = line[start:i]
		start = i + 1
		if n++; n == len(cells) {
			return n, line[start:]
		}
	}
	cells[n] = line[start:]
	return n + 1, nil
}

// checkWidth says what is wrong with a row of n cells that end before the
// header does, or that go on with rest after it. A rest of blank cells is
// nothing wrong.
func (r *Reader) checkWidth(line, n int, rest []byte) error {
	if n < len(r.cells) {
		return r.tooFew(line, n)
	}
	for column := n + 1; ; column++ {
		cell, more, found := bytes.Cut(rest, []byte{r.delim})
		switch {
		case column > MaxColumns:
			return r.tooManyColumns(line)
		case !isBlank(cell):
			return r.tooMany(line, column)
		case !found:
			return nil
		}
		rest = more
	}
}

// endOfLine returns where the line at pos ends and where the next one starts.
// At the end of the file both are its end; with nothing left it is io.EOF.
func (r *Reader) endOfLine() (eol, after int, err error) {
	for {
		eol = min(r.find(&r.lf, '\n'), r.find(&r.cr, '\r'))
		switch {
		case eol == r.end && r.readErr == io.EOF:
			if r.pos == r.end {
				return 0, 0, io.EOF
			}
			return eol, eol, nil
		case eol < r.end && r.buf[eol] == '\n':
			return eol, eol + 1, nil
		case eol+1 < r.end:
			if r.buf[eol+1] == '\n' {
				return eol, eol + 2, nil
			}
			return eol, eol + 1, nil
		case eol < r.end && r.readErr == io.EOF:
			return eol, eol + 1, nil
		case r.longCell(eol):
			// No line end in sight: which cell it is, the scan tells.
			return eol, eol, nil
		}
		// Either no line end is in the buffer, or a CR is its last byte and
		// an LF may follow.
		if err := r.more(); err != nil {
			return 0, 0, err
		}
	}
}

// longCell reports whether there is more between pos and eol than one cell may
// hold, so that the line has to be looked at cell by cell before more of it is
// read.
func (r *Reader) longCell(eol int) bool { return eol == r.end && eol-r.pos > MaxCell }

// find brings a cached position up to date and returns it.
func (r *Reader) find(at *int, c byte) int {
	if *at < r.pos {
		*at = r.end
		if i := bytes.IndexByte(r.buf[r.pos:r.end], c); i >= 0 {
			*at = r.pos + i
		}
	}
	return *at
}

// forget makes the cached positions stale.
func (r *Reader) forget() { r.lf, r.cr, r.quote, r.nul = -1, -1, -1, -1 }

// more reads on, so that the row at pos becomes complete: at least as much as
// there is already, so that starting the row over costs no more than twice the
// work in all. It fails when the row is too long or the source is broken.
func (r *Reader) more() error {
	if r.readErr != nil {
		return fmt.Errorf("read %s: %w", r.name, r.readErr)
	}
	have := r.end - r.pos
	if have > MaxRow {
		return r.fault(r.line, 0, fmt.Sprintf("row is longer than %d MiB", MaxRow>>20), hintQuotes)
	}
	r.forget()
	want := min(max(2*have, 1), MaxRow+1)
	if want > len(r.buf) {
		grown := make([]byte, want)
		copy(grown, r.buf[r.pos:r.end])
		r.buf = grown
	} else {
		copy(r.buf, r.buf[r.pos:r.end])
	}
	r.pos, r.end = 0, have
	r.fill(want)
	if r.end == have && r.readErr != io.EOF {
		return fmt.Errorf("read %s: %w", r.name, r.readErr)
	}
	return nil
}

// fill reads until the buffer holds want bytes or the source ends, and keeps
// what it ended with.
func (r *Reader) fill(want int) {
	idle := 0
	for r.end < want && r.readErr == nil {
		n, err := r.src.Read(r.buf[r.end:])
		r.end += n
		r.readErr = err
		if n > 0 {
			idle = 0
		} else if idle++; idle == 100 && err == nil {
			r.readErr = io.ErrNoProgress
		}
	}
}

func (r *Reader) readHeader() error {
	for {
		eol, after, err := r.endOfLine()
		if errors.Is(err, io.EOF) {
			return problem.Problem{File: r.name, What: "the file is empty",
				Hint: "export the answers again: a line with the names of the columns, then a line for each respondent"}
		}
		if err != nil {
			return err
		}
		if !isBlankLine(r.buf[r.pos:eol]) {
			break
		}
		r.pos = after
		r.line++
	}
	line := r.line
	if err := r.scan(); err != nil {
		return err
	}
	for i := range r.spans {
		cell := r.take(i)
		if !utf8.Valid(cell) {
			return r.fault(line, i+1, "the name of this column is not UTF-8", hintUTF8)
		}
		r.header = append(r.header, string(cell))
	}
	r.skipScanned()
	for n := len(r.header); n > 0 && isBlank([]byte(r.header[n-1])); n-- {
		r.header = r.header[:n-1]
	}
	if len(r.header) == 0 {
		return r.fault(line, 0, "the first line names no column",
			"the first line must hold the names of the columns")
	}
	r.cells = make([][]byte, len(r.header))
	return nil
}

// isBlankLine reports whether a line is to be skipped. A line too long to be
// looked at in one piece is not.
func isBlankLine(line []byte) bool {
	if len(line) > MaxCell {
		return false
	}
	for _, c := range line {
		if c != ' ' {
			return false
		}
	}
	return true
}

// isBlank reports whether a cell holds nothing but white space.
func isBlank(cell []byte) bool {
	return len(cell) == 0 || (cell[0] <= ' ' || cell[0] >= utf8.RuneSelf) && len(bytes.TrimSpace(cell)) == 0
}
