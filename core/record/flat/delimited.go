package flat

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
)

// Writer writes rows as delimited text, quoted where needed and with every cell
// guarded against spreadsheets.
type Writer struct {
	out   *csv.Writer
	cells []string
}

// NewWriter returns a Writer that puts separator between cells. Call Flush at the
// end; nothing is known to be written before it returns nil.
func NewWriter(w io.Writer, separator rune) *Writer {
	out := csv.NewWriter(w)
	out.Comma = separator
	return &Writer{out: out}
}

// Strings writes a row of texts, such as a header.
func (w *Writer) Strings(cells []string) error {
	w.cells = w.cells[:0]
	for _, s := range cells {
		w.cells = append(w.cells, Guard(s))
	}
	return w.out.Write(w.cells)
}

// Row writes a row.
func (w *Writer) Row(row Row) error {
	w.cells = w.cells[:0]
	for _, v := range row {
		s := v.String()
		if v.typ == Text || v.typ == Date {
			s = Guard(s)
		}
		w.cells = append(w.cells, s)
	}
	return w.out.Write(w.cells)
}

// Flush hands everything to the underlying writer.
func (w *Writer) Flush() error {
	w.out.Flush()
	return w.out.Error()
}

// Guard makes a text fit for a cell of delimited text. A spreadsheet runs what begins
// like a formula, so that an apostrophe goes before it. Numbers may begin with their
// sign, and a minus sign alone, as standard input is called, is none. Characters that
// take over a terminal are replaced; see [Harmless].
func Guard(s string) string {
	s = Harmless(s)
	if s == "" || s == "-" || !strings.ContainsRune("=+-@\t\r\n", rune(s[0])) || isNumber(s) {
		return s
	}
	return "'" + s
}

func isNumber(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil && strings.Trim(s, "+-.0123456789eE") == "" // neither words nor hexadecimal
}

// Harmless replaces control characters and the controls of bidirectional text, but
// leaves tabs and line ends.
func Harmless(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' || r == '\t' || !Control(r) {
			return r
		}
		return '\ufffd'
	}, s)
}

// Control reports whether input could use a character to take over a terminal, forge
// a line or reorder what is read: control characters, line feeds among them, and the
// controls of bidirectional text.
func Control(r rune) bool {
	return r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}
