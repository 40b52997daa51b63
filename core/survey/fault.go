package survey

import (
	"fmt"

	"github.com/firstcall-cli/firstcall/core/problem"
)

func (r *Reader) fault(line, column int, what, hint string) error {
	return problem.Problem{File: r.name, Line: line, Column: column, What: what, Hint: hint}
}

const (
	hintUTF8   = `save the file as "CSV UTF-8" and try again`
	hintQuotes = "a quote that opens a cell and is never closed has this effect; look for one here"
)

func (r *Reader) tooFew(line, n int) error {
	return r.fault(line, n+1,
		fmt.Sprintf("this row ends after %s, but the header names %d", cellsOf(n), len(r.cells)),
		"a cell with a line break in it must stand in quotes")
}

func (r *Reader) tooMany(line, column int) error {
	return r.fault(line, column,
		fmt.Sprintf("this row goes on after the %s that the header names", cellsOf(len(r.cells))),
		fmt.Sprintf("a cell with a %s in it must stand in quotes", delimiterName(r.delim)))
}

func (r *Reader) tooManyColumns(line int) error {
	return r.fault(line, 0, fmt.Sprintf("more than %d cells in one row", MaxColumns),
		"the file does not look like answers to a survey; is it the right one?")
}

func (r *Reader) tooLongCell(line, column int) error {
	return r.fault(line, column, fmt.Sprintf("this cell is longer than %d MiB", MaxCell>>20), hintQuotes)
}

func (r *Reader) binary(line, column int) error {
	return r.fault(line, column, "a zero byte stands here, which no text has; the file seems to be binary or damaged",
		"export the answers again as CSV, or save the file as \"CSV UTF-8\"")
}

func cellsOf(n int) string {
	if n == 1 {
		return "1 cell"
	}
	return fmt.Sprintf("%d cells", n)
}

func delimiterName(delim byte) string {
	switch delim {
	case '\t':
		return "tab"
	case ';':
		return "semicolon"
	default:
		return "comma"
	}
}

func (r *Reader) unterminated(line, column int) error {
	return r.fault(line, column, "the quote that opens this cell is never closed",
		"close it, or double every quote that is part of the text")
}

func (r *Reader) textAfterQuote(line, column int) error {
	return r.fault(line, column, "text follows the closing quote of this cell",
		"double every quote that is part of the text")
}
