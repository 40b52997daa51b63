package survey

import (
	"bytes"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/core/problem"
)

var utf8BOM = []byte("\xEF\xBB\xBF")

// magics are the first bytes of files that are taken for a survey export by
// mistake. The first that fits counts.
var magics = []struct {
	prefix, within string // the first bytes, and what must stand somewhere after them
	what, hint     string
	readable       bool // Open reads it, though not a Reader
}{
	{"\xFF\xFE", "", "is in UTF-16, not UTF-8", hintUTF8, true},
	{"\xFE\xFF", "", "is in UTF-16, not UTF-8", hintUTF8, true},
	{"PK\x03\x04", "xl/", "is an Excel workbook, not a text file", hintSheet, true},
	{"PK\x03\x04", "opendocument.spreadsheet", "is an OpenDocument spreadsheet, not a text file", hintSheet, true},
	{"PK\x03\x04", "", "is a zip archive, not a text file", "unpack it and give the CSV file in it", true},
	{"PK\x05\x06", "", "is an empty zip archive, not a text file", "export the answers again as CSV", false},
	{"\xD0\xCF\x11\xE0", "", "is an old Excel workbook or another Office file, not a text file", hintSheet, false},
	{"\x1F\x8B", "", "is compressed with gzip", "unpack it with gunzip and give the CSV file in it", true},
	{"%PDF-", "", "is a PDF, not a table", "export the answers as CSV", false},
	{"$FL2", "", "is an SPSS file, not a text file", "export the answers as CSV", false},
	{"$FL3", "", "is an SPSS file, not a text file", "export the answers as CSV", false},
}

const (
	hintSheet  = `open it in a spreadsheet and save the sheet with the answers as "CSV UTF-8"`
	hintBinary = "export the answers as CSV"
)

// foreign says what a file seems to be that is no UTF-8 text, judged by its
// first bytes.
func foreign(start []byte) (p problem.Problem, is bool) {
	for _, m := range magics {
		if bytes.HasPrefix(start, []byte(m.prefix)) && bytes.Contains(start, []byte(m.within)) {
			return problem.Problem{What: m.what, Hint: m.hint}, true
		}
	}
	if len(start) >= 4 && (start[0] == 0 && start[2] == 0 || start[1] == 0 && start[3] == 0) {
		return problem.Problem{What: "seems to be in UTF-16, not UTF-8", Hint: hintUTF8}, true
	}
	if bytes.IndexByte(start, 0) >= 0 && !utf8.Valid(start) {
		return problem.Problem{What: "seems to be a binary file, not a text file", Hint: hintBinary}, true
	}
	return problem.Problem{}, false
}

// delimiters are the candidates, the likeliest first when counts are equal.
var delimiters = [...]byte{'\t', ';', ','}

// delimiter finds out what separates the cells, as the documentation of Reader
// says, and skips the line that names it if there is one. It judges by what is
// in the buffer.
func (r *Reader) delimiter() byte {
	b := r.buf[r.pos:r.end]
	if named, after := namedDelimiter(b); after > 0 {
		r.pos += after
		r.line++
		return named
	}
	return guessDelimiter(b)
}

// guessDelimiter finds out what separates the cells of a text.
func guessDelimiter(text []byte) byte {
	header, rest := countDelimiters(text)
	row, _ := countDelimiters(rest)
	best, bestShared, bestAlone := byte(','), 0, 0
	for i, d := range delimiters {
		shared, alone := min(header[i], row[i]), header[i]
		if shared > bestShared || shared == bestShared && alone > bestAlone {
			best, bestShared, bestAlone = d, shared, alone
		}
	}
	return best
}

// namedDelimiter reads a first line such as "sep=;" and returns the offset of
// the line after it, or 0 when there is none.
func namedDelimiter(b []byte) (delim byte, after int) {
	line := b
	if i := bytes.IndexAny(b, "\r\n"); i >= 0 {
		line, after = b[:i], i+1
		if b[i] == '\r' && after < len(b) && b[after] == '\n' {
			after++
		}
	}
	name, ok := bytes.CutPrefix(bytes.Trim(line, `"`), []byte("sep="))
	if !ok || len(name) != 1 || bytes.IndexByte(delimiters[:], name[0]) < 0 {
		return 0, 0
	}
	return name[0], after
}

// countDelimiters counts each of the candidates outside quotes in the first
// row of b that is not blank, and returns what follows that row.
func countDelimiters(b []byte) (counts [len(delimiters)]int, rest []byte) {
	b = bytes.TrimLeft(b, " \r\n")
	cellStarts := true
	for i := 0; i < len(b); i++ {
		switch c := b[i]; c {
		case '\n', '\r':
			return counts, b[i:]
		case '"':
			if cellStarts {
				_, after, _ := nextSpan(b, i, 0)
				i = after - 1
			}
			cellStarts = false
		default:
			d := bytes.IndexByte(delimiters[:], c)
			cellStarts = d >= 0
			if cellStarts {
				counts[d]++
			}
		}
	}
	return counts, nil
}
