package sheet

import (
	"bytes"
)

// cellType is what a cell holds.
type cellType uint8

const (
	number cellType = iota
	sharedText
	plainText // of a formula, a date in words, and types that are not known
	truth
	failure // such as #N/A
)

// cell is what the start tag of a cell says.
type cell struct {
	kind   cellType
	format format
}

const notAvailable = "#N/A"

// findRows moves into the table of the sheet.
func (r *Reader) findRows() error {
	err := r.xml.root("worksheet")
	for err == nil {
		var t token
		if t, err = r.xml.inner("worksheet"); err != nil || t == endTag {
			break
		}
		if t != startTag {
			continue
		}
		if string(r.xml.name) == "sheetData" {
			return nil
		}
		err = r.xml.skip()
	}
	if err == nil {
		err = broken("it has no table")
	}
	return r.located(err)
}

// nextRow reads the next row there is. It is false at the end of the table.
func (r *Reader) nextRow() (bool, error) {
	s := &r.xml
	r.column = 0
	for {
		t, err := s.inner("sheetData")
		if err != nil || t == endTag {
			return false, err
		}
		if t != startTag {
			continue
		}
		if string(s.name) != "row" {
			if err := s.skip(); err != nil {
				return false, err
			}
			continue
		}
		return true, r.readRow()
	}
}

// readRow reads the row whose start tag was the last token.
func (r *Reader) readRow() error {
	clear(r.cells[:r.width])
	r.width, r.column, r.scratch = 0, 0, r.scratch[:0]
	stated, err := r.rowNumber()
	if err != nil {
		return err
	}
	for {
		t, err := r.xml.inner("row")
		if err != nil || t == endTag {
			r.column = 0
			return err
		}
		if t != startTag {
			continue
		}
		if string(r.xml.name) != "c" {
			if err := r.xml.skip(); err != nil {
				return err
			}
			continue
		}
		c, err := r.cellTag(&stated)
		if err != nil {
			return err
		}
		if err := r.readCell(c); err != nil {
			return err
		}
	}
}

// rowNumber takes the number of a row from its tag. A row that states none
// comes after the one before, unless its cells say otherwise.
func (r *Reader) rowNumber() (stated bool, err error) {
	before := r.row
	r.row++
	a := r.xml.attrs
	for {
		name, value, err := a.cut()
		if err == errNoMore {
			return stated, nil
		}
		if err != nil {
			return false, err
		}
		if len(name) != 1 || name[0] != 'r' {
			continue
		}
		n, ok := parseIndex(value, MaxLine)
		if !ok || n == 0 {
			return false, r.damage("the workbook is damaged: this row says a number that no row can have")
		}
		if n <= before {
			return false, r.damage("the workbook is damaged: row %d comes after row %d", n, before)
		}
		r.row, stated = n, true
	}
}

// parseIndex reads a whole number of digits alone that is at most limit.
func parseIndex(b []byte, limit int) (n int, ok bool) {
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		if n = n*10 + int(c-'0'); n > limit {
			return 0, false
		}
	}
	return n, len(b) > 0
}

// cellTag takes the place, type and format of a cell from its start tag. A
// cell without a place stands after the one before it.
func (r *Reader) cellTag(stated *bool) (c cell, err error) {
	r.column++
	a := r.xml.attrs
	for {
		name, value, err := a.cut()
		if err == errNoMore {
			break
		}
		if err != nil {
			return c, err
		}
		if len(name) != 1 {
			continue
		}
		switch name[0] {
		case 'r':
			if err := r.moveTo(value, stated); err != nil {
				return c, err
			}
		case 's':
			// A style that the workbook lacks is none, as in Excel.
			if n, ok := parseIndex(value, MaxLine); ok && n < len(r.styles) {
				c.format = r.styles[n]
			}
		case 't':
			c.kind = typeOf(value)
		}
	}
	if r.column > MaxColumns {
		return c, r.damage("this row has more than %d cells", MaxColumns)
	}
	return c, nil
}

// typeOf is the type of a cell by its name in the file.
func typeOf(name []byte) cellType {
	switch string(name) {
	case "s":
		return sharedText
	case "n", "":
		return number
	case "b":
		return truth
	case "e":
		return failure
	default:
		return plainText
	}
}

// moveTo goes to the cell with a reference such as "AB12". When the row has
// not stated its number, the first such cell does.
func (r *Reader) moveTo(ref []byte, stated *bool) error {
	column, i := 0, 0
	for ; i < len(ref); i++ {
		c := ref[i] | 0x20
		if c < 'a' || c > 'z' {
			break
		}
		if column = column*26 + int(c-'a') + 1; column > MaxColumns {
			return r.damage("the workbook is damaged: a cell in this row lies beyond column %s", columnName(MaxColumns))
		}
	}
	line, ok := parseIndex(ref[i:], MaxLine)
	if !ok || column == 0 || line == 0 {
		return r.damage("the workbook is damaged: a cell says no place that a cell can have")
	}
	if line != r.row {
		if *stated || line < r.row {
			return r.damage("the workbook is damaged: a cell of row %d stands in this row", line)
		}
		r.row = line
	}
	r.column, *stated = column, true
	return nil
}

// readCell reads the cell whose start tag was the last token, and puts what it
// holds in its place.
func (r *Reader) readCell(c cell) error {
	s := &r.xml
	start := len(r.scratch)
	formula, inline := false, false
	for {
		t, err := s.inner("c")
		if err == nil && t == endTag {
			break
		}
		if err == nil && t == startTag {
			switch string(s.name) {
			case "v":
				r.scratch, err = s.appendPlain(r.scratch, "v", start)
			case "is":
				inline = true
				r.scratch, err = s.appendRich(r.scratch[:start], "is")
			case "f":
				formula = true
				err = s.skip()
			default:
				err = s.skip()
			}
		}
		if err != nil {
			return err
		}
	}
	if inline || c.kind == plainText {
		if !inline {
			r.scratch = r.scratch[:start+len(unescape(r.scratch[start:]))]
		}
		return r.put(r.scratch[start:])
	}
	raw := r.scratch[start:]
	if len(raw) > 0 && (isSpace(raw[0]) || isSpace(raw[len(raw)-1])) {
		raw = bytes.TrimSpace(raw)
	}
	switch {
	case len(raw) > 0:
		return r.putValue(c, raw)
	case formula:
		return r.keep(notAvailable)
	}
	return nil
}

// putValue puts the value of a cell that is no text of its own in its place.
// The raw value is the end of scratch; what is made of it comes behind it.
func (r *Reader) putValue(c cell, raw []byte) error {
	switch {
	case c.kind == sharedText:
		i, ok := parseIndex(raw, MaxLine)
		if ok {
			raw, ok = r.shared.get(i)
		}
		if !ok {
			return r.damage("the workbook is damaged: this cell refers to a shared text that is not there; there are %d", len(r.shared.ends))
		}
		return r.put(raw)
	case c.kind == truth && (string(raw) == "1" || string(raw) == "true"):
		return r.keep("TRUE")
	case c.kind == truth && (string(raw) == "0" || string(raw) == "false"):
		return r.keep("FALSE")
	case c.kind != number, c.format == 0 && isPlain(raw):
		return r.put(raw)
	}
	start, ok := len(r.scratch), false
	if c.format != 0 {
		r.scratch, ok = appendDate(r.scratch, raw, c.format, r.book.date1904)
	}
	if !ok {
		r.scratch = appendNumber(r.scratch, raw)
	}
	return r.put(r.scratch[start:])
}

// keep puts a text that is not in scratch yet in its place.
func (r *Reader) keep(text string) error {
	start := len(r.scratch)
	r.scratch = append(r.scratch, text...)
	return r.put(r.scratch[start:])
}

// isPlain reports whether a number is written as it is handed out: digits, the
// first of them not a needless zero.
func isPlain(b []byte) bool {
	if b[0] == '0' && len(b) > 1 {
		return false
	}
	return digitsEnd(b, 0) == len(b)
}

// put sets the current cell. Texts in scratch stay where they are when it
// grows, since it then moves and leaves them behind.
func (r *Reader) put(text []byte) error {
	if len(text) == 0 {
		return nil
	}
	if len(r.scratch) > MaxRow {
		return errLongRow
	}
	for len(r.cells) < r.column {
		r.cells = append(r.cells, nil)
	}
	if r.cells[r.column-1] != nil {
		return r.damage("the workbook is damaged: this cell is there twice")
	}
	r.cells[r.column-1] = text[:len(text):len(text)]
	r.width = max(r.width, r.column)
	return nil
}
