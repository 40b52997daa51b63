package survey

import (
	"bytes"
	"fmt"
	"strings"
)

// layout says how an export is written: all that has to be known before its
// rows are read.
type layout struct {
	vendor  *vendor
	headers int           // rows before the first respondent
	columns []columnNames // how many they are is the width of a row
	odd     []oddity      // parallel to columns
	filters []rowFilter
	// clean takes away from a cell what the tool has added; nil mostly. It is
	// for columns that are not items: a coder sees to that by itself.
	clean func(cell []byte) []byte
	// completed is the column that says when the respondent was done, or -1.
	completed int
	codes     []int // numbers that the tool writes for no answer
}

// rowFilter leaves out rows that are no respondents.
type rowFilter struct {
	column int
	drop   func(cell []byte) bool
	reason string // as in "12 rows left out: not finished"
}

// Reasons for leaving out a row.
const (
	reasonPreview    = "preview of the survey"
	reasonTest       = "generated test data"
	reasonUnfinished = "not finished"
)

// plainLayout is that of a table with one header row.
func plainLayout(header []string) *layout {
	return newLayout(vendorPlain(), [][]string{header}, 1)
}

// newLayout lays out an export of a tool's by its first rows, of which the
// first so many are headers.
func newLayout(v *vendor, rows [][]string, headers int) *layout {
	headers = min(headers, len(rows))
	if v.repair != nil {
		rows = v.repair(rows[:headers])
	}
	l := &layout{vendor: v, headers: headers, completed: -1, codes: v.codes, clean: v.clean}
	for i := range widthOf(rows[:headers]) {
		l.columns = append(l.columns, v.names(rows[:headers], i))
	}
	l.odd = l.oddities(rows[:headers])
	for _, f := range v.filters {
		if i := l.column(f.names...); i >= 0 {
			l.filters = append(l.filters, rowFilter{column: i, drop: f.drop, reason: f.reason})
		}
	}
	l.completed = l.column(v.completed...)
	return l
}

// widthOf is the number of columns that headers name: up to the last one that
// is not blank.
func widthOf(headers [][]string) int {
	width := 0
	for _, row := range headers {
		n := len(row)
		for n > width && isBlank([]byte(row[n-1])) {
			n--
		}
		width = max(width, n)
	}
	return width
}

// column returns the first column with the first of the names that there is,
// or -1.
func (l *layout) column(names ...string) int {
	for _, name := range names {
		for i, c := range l.columns {
			for _, n := range c.names {
				if strings.EqualFold(n, name) {
					return i
				}
			}
		}
	}
	return -1
}

// without drops the filters that have a reason, when the user wants those
// rows.
func (l *layout) without(reason string) {
	var kept []rowFilter
	for _, f := range l.filters {
		if f.reason != reason {
			kept = append(kept, f)
		}
	}
	l.filters = kept
}

// isOneOf tests a cell for being one of some words, whatever their case.
func isOneOf(words ...string) func([]byte) bool {
	list := make([][]byte, len(words))
	for i, w := range words {
		list[i] = []byte(w)
	}
	return func(cell []byte) bool {
		cell = bytes.TrimSpace(cell)
		for _, w := range list {
			if bytes.EqualFold(cell, w) {
				return true
			}
		}
		return false
	}
}

// belowHundred tests a cell for being a percentage short of 100.
func belowHundred(cell []byte) bool {
	cell = bytes.TrimSpace(cell)
	if len(cell) == 0 {
		return false
	}
	n, ok := parseNumber(cell)
	return ok && n.floor < 100
}

// Containers other than delimited text.
const (
	containerXLSX = "XLSX"
	containerJSON = "JSON"
)

// Format is how an export was found to be written.
type Format struct {
	Dialect    string // the tool's short name, as in Dialects
	Title      string // the tool's name
	Container  string // "XLSX" or "JSON"; "" for delimited text
	Sheet      string // of a workbook
	Encoding   string // of text
	Delimiter  string // "comma", "semicolon" or "tab"; "" when there is none
	HeaderRows int
	Compressed bool // with gzip, or the only file in a zip archive
}

// Plain reports whether nothing had to be decided: a table in UTF-8 with one
// header row.
func (f Format) Plain() bool {
	return f.Dialect == dialectPlain && f.Container == "" && f.Encoding == encodingUTF8
}

// String gives the format in words: "Qualtrics export, 3 heading rows,
// UTF-16LE, separated by tabs".
func (f Format) String() string {
	parts := []string{f.Title}
	if f.Container == containerXLSX {
		parts = append(parts, "workbook")
	}
	if f.Sheet != "" {
		parts = append(parts, fmt.Sprintf("sheet %q", f.Sheet))
	}
	if f.HeaderRows > 1 {
		parts = append(parts, fmt.Sprintf("%d heading rows", f.HeaderRows))
	}
	if f.Encoding != "" {
		parts = append(parts, f.Encoding)
	}
	if f.Delimiter != "" {
		parts = append(parts, "separated by "+f.Delimiter+"s")
	}
	return strings.Join(parts, ", ")
}
