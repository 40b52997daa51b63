package survey

import (
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/core/problem"
)

// head is the first rows of a delimited text, as they stand in it.
type head struct {
	file  string
	text  []byte // what was read
	whole bool   // the text ends there
	delim byte
	rows  []rawRow
}

// rawRow is a row of the head.
type rawRow struct {
	cells    []string
	end      int // offset of what follows it in the text
	nextLine int // physical line, 1-based, that what follows it begins on
}

// readHead reads as much of a text as headRows rows take, or all of it. It
// fails only where the first row is broken: a later one that is may be none of
// the headers, and is told by whoever reads it.
func readHead(file string, r io.Reader) (*head, error) {
	h := &head{file: file}
	for want := bufferSize; ; want *= 2 {
		if err := h.read(r, want); err != nil {
			return nil, err
		}
		named, line, start := h.begin()
		h.delim = named
		if named == 0 {
			h.delim = guessDelimiter(h.text[start:])
		}
		if err := h.cut(start, line); err != nil {
			return nil, err
		}
		if h.whole || len(h.rows) == headRows {
			return h, nil
		}
		if len(h.text) > MaxRow {
			if len(h.rows) == 0 {
				return nil, h.tooLong(line)
			}
			return h, nil
		}
	}
}

// read reads on until there are so many bytes, or no more.
func (h *head) read(r io.Reader, want int) error {
	var b bytes.Buffer
	n, err := b.ReadFrom(io.LimitReader(r, int64(want-len(h.text))))
	if err != nil {
		return readFault(h.file, err)
	}
	h.whole = n < int64(want-len(h.text))
	h.text = append(h.text, b.Bytes()...)
	return nil
}

// begin looks for a first line that names the delimiter. It returns that, or 0,
// and where the rows begin.
func (h *head) begin() (delim byte, line, start int) {
	delim, start = namedDelimiter(h.text)
	if start == 0 {
		return 0, 1, 0
	}
	return delim, 2, start
}

// faults words what can be wrong with a row.
func (h *head) faults() *Reader { return &Reader{name: h.file, delim: h.delim} }

func (h *head) tooLong(line int) error {
	return h.faults().fault(line, 0, fmt.Sprintf("row is longer than %d MiB", MaxRow>>20), hintQuotes)
}

// cut cuts the text from an offset on into its first rows, blank lines left
// out. The error is that of the first row.
func (h *head) cut(start, line int) error {
	h.rows = h.rows[:0]
	for len(h.rows) < headRows {
		start, line = skipBlankLines(h.text, start, line)
		if start == len(h.text) {
			break
		}
		cells, after, lines, err := h.row(start, line)
		if err != nil && len(h.rows) == 0 {
			return err
		}
		if after-start > MaxRow && len(h.rows) == 0 {
			return h.tooLong(line)
		}
		if err != nil || cells == nil {
			break
		}
		start, line = after, line+lines
		h.rows = append(h.rows, rawRow{cells: cells, end: start, nextLine: line})
	}
	if len(h.rows) == 0 && h.whole {
		return problem.Problem{File: h.file, What: "the file is empty",
			Hint: "export the answers again: a line with the names of the columns, then a line for each respondent"}
	}
	return nil
}

func skipBlankLines(text []byte, start, line int) (int, int) {
	for i := start; i < len(text); i++ {
		switch text[i] {
		case ' ':
			continue
		case '\r':
			if i+1 < len(text) && text[i+1] == '\n' {
				i++
			}
		case '\n':
		default:
			return start, line
		}
		start, line = i+1, line+1
	}
	return len(text), line
}

// row cuts one row into its cells and returns the offset after it and how many
// physical lines it takes. Cells are nil when the row goes on behind what was
// read.
func (h *head) row(start, line int) (cells []string, after, lines int, err error) {
	b := h.text
	cellLine := line
	for i := start; ; i++ {
		s, end, closed := nextSpan(b, i, h.delim)
		text := b[s.start:s.end]
		column := len(cells) + 1
		switch {
		case column > MaxColumns:
			return nil, 0, 0, h.faults().tooManyColumns(line)
		case len(text) > MaxCell:
			return nil, 0, 0, h.faults().tooLongCell(cellLine, column)
		case end == len(b) && !h.whole:
			return nil, 0, 0, nil
		case !closed:
			return nil, 0, 0, h.faults().unterminated(cellLine, column)
		case bytes.IndexByte(text, 0) >= 0:
			return nil, 0, 0, h.faults().binary(cellLine, column)
		case !utf8.Valid(text):
			return nil, 0, 0, h.faults().fault(cellLine, column, "the name of this column is not UTF-8", hintUTF8)
		}
		if s.doubled {
			text = bytes.ReplaceAll(text, []byte(`""`), []byte(`"`))
		}
		cells = append(cells, string(text))
		if end > s.end {
			cellLine += lineEnds(b[s.start:s.end])
		}
		i = end
		switch {
		case end == len(b):
			return cells, end, cellLine - line + 1, nil
		case b[end] == h.delim:
			continue
		case b[end] == '\n':
			return cells, end + 1, cellLine - line + 1, nil
		case b[end] != '\r':
			return nil, 0, 0, h.faults().textAfterQuote(cellLine, column)
		case end+1 == len(b) && !h.whole:
			return nil, 0, 0, nil
		case end+1 < len(b) && b[end+1] == '\n':
			end++
		}
		return cells, end + 1, cellLine - line + 1, nil
	}
}

// raw returns the cells of the rows.
func (h *head) raw() [][]string {
	rows := make([][]string, len(h.rows))
	for i, r := range h.rows {
		rows[i] = r.cells
	}
	return rows
}

// checkHeaders refuses headers that name no column.
func checkHeaders(file string, line int, l *layout) error {
	if len(l.columns) > 0 {
		return nil
	}
	return problem.Problem{File: file, Line: line, What: "the first line names no column",
		Hint: "the first line must hold the names of the columns"}
}
