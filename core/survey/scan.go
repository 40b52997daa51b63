package survey

import (
	"bytes"
	"io"
)

// span is where a cell stands, without its quotes, as offsets from the start
// of its row: those still hold when the buffer is moved to read on.
type span struct {
	start, end int
	doubled    bool // quotes in it are doubled
}

// nextScanned returns the row at pos for lines that split cannot do: with
// quotes, with a zero byte, or very long ones.
func (r *Reader) nextScanned() (Row, error) {
	if err := r.scan(); err != nil {
		return Row{}, err
	}
	if n := len(r.spans); n < len(r.cells) {
		return Row{}, r.tooFew(r.line, n)
	}
	for i := range r.spans {
		cell := r.take(i)
		if i < len(r.cells) {
			r.cells[i] = cell
		} else if !isBlank(cell) {
			return Row{}, r.tooMany(r.line, i+1)
		}
	}
	row := Row{Line: r.line, Cells: r.cells}
	r.skipScanned()
	return row, nil
}

// scan finds the cells of the row at pos and leaves them in spans, and the
// size of the row in rowEnd and rowLines. It reads on until the row is
// complete.
func (r *Reader) scan() error {
	for {
		complete, err := r.scanBuffered()
		if err != nil {
			return err
		}
		if complete {
			break
		}
		if err := r.more(); err != nil {
			return err
		}
	}
	if nul := r.find(&r.nul, 0) - r.pos; nul < r.rowEnd {
		column := 1
		for column < len(r.spans) && r.spans[column].start <= nul {
			column++
		}
		return r.binary(r.line, column)
	}
	return nil
}

// scanBuffered is one attempt of scan with what is in the buffer. It changes
// nothing there, so that scan can start over.
func (r *Reader) scanBuffered() (complete bool, err error) {
	b, atEOF := r.buf[r.pos:r.end], r.readErr == io.EOF
	r.spans = r.spans[:0]
	line := r.line // on which the cell being looked at starts
	i := 0
	for {
		column := len(r.spans) + 1
		s, after, closed := nextSpan(b, i, r.delim)
		switch {
		case column > MaxColumns:
			return false, r.tooManyColumns(r.line)
		case s.end-s.start > MaxCell:
			return false, r.tooLongCell(line, column)
		case after == len(b) && !atEOF:
			return false, nil
		case !closed:
			return false, r.unterminated(line, column)
		}
		r.spans = append(r.spans, s)
		if after > s.end {
			line += lineEnds(b[s.start:s.end])
		}
		i = after + 1
		if after == len(b) {
			i = after
			break
		}
		if b[after] == r.delim {
			continue
		}
		if b[after] == '\r' {
			if i == len(b) && !atEOF {
				return false, nil
			}
			if i < len(b) && b[i] == '\n' {
				i++
			}
		} else if b[after] != '\n' {
			return false, r.textAfterQuote(line, column)
		}
		break
	}
	r.rowEnd, r.rowLines = i, line-r.line+1
	return true, nil
}

// nextSpan finds the cell that starts at i, and the offset of what stands
// after it, which is len(b) when the cell goes to the end of b or beyond. It
// is not closed when it begins with a quote and the closing one is missing.
func nextSpan(b []byte, i int, delim byte) (s span, after int, closed bool) {
	if i == len(b) || b[i] != '"' {
		end := i
		for end < len(b) && b[end] != delim && b[end] != '\n' && b[end] != '\r' {
			end++
		}
		return span{start: i, end: end}, end, true
	}
	s.start = i + 1
	for i = s.start; ; i += 2 {
		i = nextQuote(b, i)
		if i == len(b) {
			s.end = i
			return s, i, false
		}
		if i+1 == len(b) || b[i+1] != '"' {
			s.end = i
			return s, i + 1, true
		}
		s.doubled = true
	}
}

// nextQuote returns where the next quote stands in b at or after i, or len(b).
// It walks the first steps, which are mostly all it takes.
func nextQuote(b []byte, i int) int {
	for near := min(i+16, len(b)); i < near; i++ {
		if b[i] == '"' {
			return i
		}
	}
	if far := bytes.IndexByte(b[i:], '"'); far >= 0 {
		return i + far
	}
	return len(b)
}

// lineEnds counts the ends of physical lines in the text of a quoted cell.
func lineEnds(text []byte) int {
	n := bytes.Count(text, []byte{'\n'})
	if bytes.IndexByte(text, '\r') < 0 {
		return n
	}
	for i, c := range text {
		if c == '\r' && (i+1 == len(text) || text[i+1] != '\n') {
			n++
		}
	}
	return n
}

// take returns the text of a scanned cell. It undoubles quotes in place, so it
// is called once for each cell.
func (r *Reader) take(i int) []byte {
	s := r.spans[i]
	text := r.buf[r.pos+s.start : r.pos+s.end]
	if !s.doubled {
		return text
	}
	n := 0
	for i := 0; i < len(text); i++ {
		text[n] = text[i]
		n++
		if text[i] == '"' {
			i++
		}
	}
	return text[:n]
}

// skipScanned moves on to the row after the scanned one.
func (r *Reader) skipScanned() {
	r.pos += r.rowEnd
	r.line += r.rowLines
}
