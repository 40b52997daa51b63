package document

import "bytes"

// tableHead makes the last line of the open paragraph the head of a table, if
// line is the row of dashes below one.
func (m *markdown) tableHead(line []byte) bool {
	columns := dashes(line)
	head := m.para[len(m.para)-1]
	if columns == 0 || countCells(m.src[head.from:head.to]) != columns {
		return false
	}
	m.para = m.para[:len(m.para)-1]
	if len(m.para) == 0 {
		for _, n := range m.notes {
			m.w.comment(n.text, n.at)
		}
		m.notes = m.notes[:0]
	}
	m.closeParagraph()
	m.table = columns
	m.item = false
	m.w.table()
	m.tableRow(int(head.from), int(head.to))
	return true
}

// dashes counts the columns of a row such as "|---|:--:|", 0 if it is none.
func dashes(line []byte) int {
	if bytes.IndexByte(line, '|') < 0 {
		return 0
	}
	n := 0
	for rest := trimPipes(line); ; {
		cell, after, more := bytes.Cut(rest, []byte("|"))
		cell = bytes.Trim(cell, " \t")
		cell = bytes.TrimPrefix(bytes.TrimSuffix(cell, []byte(":")), []byte(":"))
		if len(cell) == 0 || runLength(cell, '-') != len(cell) {
			return 0
		}
		n++
		if !more {
			return n
		}
		rest = after
	}
}

// trimPipes takes the pipes at the ends of a row away.
func trimPipes(row []byte) []byte {
	row = bytes.Trim(row, " \t")
	row = bytes.TrimPrefix(row, []byte("|"))
	if n := len(row); n > 0 && row[n-1] == '|' && (n < 2 || row[n-2] != '\\') {
		row = row[:n-1]
	}
	return row
}

func countCells(row []byte) int {
	n := 0
	eachCell(row, func(int, int) { n++ })
	return n
}

// eachCell calls do with the offsets of each cell of a row, without space at its
// ends.
func eachCell(row []byte, do func(from, to int)) {
	inner := trimPipes(row)
	base := bytes.Index(row, inner)
	for from, i := 0, 0; i <= len(inner); i++ {
		if i < len(inner) && inner[i] == '\\' {
			i++
			continue
		}
		if i < len(inner) && inner[i] != '|' {
			continue
		}
		to := min(i, len(inner))
		next := to + 1
		for from < to && isBlank(inner[from]) {
			from++
		}
		for to > from && isBlank(inner[to-1]) {
			to--
		}
		do(base+from, base+to)
		from = next
	}
}

// tableRow hands on the cells of a row.
func (m *markdown) tableRow(from, to int) {
	m.w.row()
	eachCell(m.src[from:to], func(start, end int) {
		m.w.cell()
		if start == end {
			return
		}
		m.w.begin(Cell, 0)
		m.inline.run([]piece{{int32(from + start), int32(from + end)}}, nil)
	})
}

func (m *markdown) endTable() {
	if m.table > 0 {
		m.table = 0
		m.w.endTable()
	}
}
