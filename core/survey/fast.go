package survey

import "github.com/firstcall-cli/firstcall/core/instrument"

// This file is the fast path: rows whose answers are digits, perhaps in quotes.
// It leaves every other row to the scanner.

// step is what the fast path does with one or more neighboring columns.
type step struct {
	kind  stepKind
	count int // columns
	first int // stepItems: the first item; stepKeep: where the cell's span goes
	table *[256]int32
}

type stepKind uint8

const (
	stepSkip  stepKind = iota // nothing asks for the column
	stepItems                 // answers of one digit, to consecutive items on one scale
	stepKeep                  // the cell is looked at after the row
)

// plan lays out what the fast path does, column by column. The last column is
// a step of its own, since it ends with the line.
func (p *Parser) plan(items []instrument.Item) {
	m := p.rows.mapping
	itemAt, keep := p.columns(items)
	spanAt := map[int]int{}
	p.steps, p.odd = p.steps[:0], false
	for c, item := range itemAt {
		next := step{kind: stepSkip, count: 1}
		p.odd = p.odd || keep[c] && item >= 0 && !items[item].Continuous
		switch {
		case keep[c]:
			next.kind, next.first = stepKeep, len(spanAt)
			spanAt[c] = len(spanAt)
		case item >= 0:
			next.kind, next.first, next.table = stepItems, item, p.singles[item]
		}
		if n := len(p.steps); n > 0 && c < len(itemAt)-1 && p.steps[n-1].continues(next) {
			p.steps[n-1].count++
			continue
		}
		p.steps = append(p.steps, next)
	}
	p.spans = make([]span, len(spanAt))
	for i := range p.texts {
		p.texts[i].span = spanAt[p.texts[i].index]
	}
	p.filterSpans = p.filterSpans[:0]
	for _, f := range p.rows.layout.filters {
		p.filterSpans = append(p.filterSpans, spanAt[f.column])
	}
	for _, t := range p.ticks {
		for i := range t.options {
			t.options[i].span = spanAt[t.options[i].column]
		}
	}
	p.decimals = p.decimals[:0]
	for i, c := range m.Items {
		if items[i].Continuous {
			p.decimals = append(p.decimals, decimalColumn{item: i, column: c, span: spanAt[c]})
		}
	}
}

// columns says of each column which item's single column it is, or -1, and
// whether its cell is looked at after the row.
func (p *Parser) columns(items []instrument.Item) (itemAt []int, keep []bool) {
	m := p.rows.mapping
	itemAt, keep = make([]int, len(m.Columns)), make([]bool, len(m.Columns))
	for c := range itemAt {
		itemAt[c] = -1
	}
	for i, c := range m.Items {
		if len(m.choices[i]) == 0 {
			itemAt[c] = i
			keep[c] = items[i].Continuous
		}
		for _, o := range m.choices[i] {
			keep[o.column] = true
		}
	}
	for _, t := range p.texts {
		keep[t.index] = true
	}
	for _, f := range p.rows.layout.filters {
		keep[f.column] = true
	}
	return itemAt, keep
}

// decimalColumn is the column of a continuous item.
type decimalColumn struct{ item, column, span int }

// continues reports whether next can be done in one step with s.
func (s step) continues(next step) bool {
	switch {
	case s.kind != next.kind || s.kind == stepKeep:
		return false
	case s.kind == stepItems:
		return s.table == next.table && s.first+s.count == next.first
	}
	return true
}

// fast codes the row at the start of text and returns its length, with its line
// end, or 0 to leave the row to slow: when a cell is written in an unusual way
// or the row is not as wide as the header. Cells that steps keep are left to
// finish.
func (p *Parser) fast(text []byte) int {
	i := 0
	given := false
	p.blanks = p.blanks[:0]
	last := len(p.steps) - 1
	for s := range p.steps[:last] {
		st := &p.steps[s]
		if st.kind != stepItems {
			if i = p.pass(text, i, st); i < 0 {
				return 0
			}
			continue
		}
		var any bool
		if i, any = p.digits(text, i, st); i < 0 {
			return 0
		}
		given = given || any
	}
	end, any := p.lastCell(text, i, &p.steps[last])
	if end < 0 || !given && !any {
		return 0 // a row without answers may be blank, which slow can tell
	}
	if text[end] == '\r' && end+1 < len(text) && text[end+1] == '\n' {
		return end + 2
	}
	return end + 1
}

// digits codes the cells of a step from text[i] on, each a digit or empty, and
// returns the offset after their last delimiter, or -1.
func (p *Parser) digits(text []byte, i int, st *step) (after int, given bool) {
	delim := p.rows.delim
	answers := p.person.Answers[st.first : st.first+st.count]
	table := st.table
	for j := range answers {
		if uint(i+1) >= uint(len(text)) {
			return -1, false
		}
		c := text[i]
		if x := table[c]; text[i+1] == delim && x != needsCode {
			answers[j] = x
			given = true
			i += 2
			continue
		}
		switch {
		case c == delim:
			answers[j] = Missing
			p.blanks = append(p.blanks, st.first+j)
			i++
		case c == '"' && i+3 < len(text) && text[i+2] == '"' && text[i+3] == delim && table[text[i+1]] != needsCode:
			answers[j] = table[text[i+1]]
			given = true
			i += 4
		default:
			return -1, false
		}
	}
	return i, given
}

// pass goes over the cells of a step that are not coded now, and keeps where
// the one of a keeping step stands. It returns the offset after their last
// delimiter, or -1.
func (p *Parser) pass(text []byte, i int, st *step) int {
	delim := p.rows.delim
	for range st.count {
		start, end := i, i
		if i < len(text) && text[i] == '"' {
			start = i + 1
			end = start
			for end < len(text) && text[end] != '"' && text[end] != '\n' && text[end] != '\r' {
				end++
			}
			if end == len(text) || text[end] != '"' {
				return -1
			}
			i = end + 1
		} else {
			for end < len(text) && text[end] != delim && text[end] != '\n' && text[end] != '\r' {
				end++
			}
			i = end
		}
		if i >= len(text) || text[i] != delim {
			return -1
		}
		i++
		if st.kind == stepKeep {
			p.spans[st.first] = span{start: start, end: end}
		}
	}
	return i
}

// lastCell codes the last cell of a row, which ends with the line, and returns
// where that ends, or -1.
func (p *Parser) lastCell(text []byte, i int, st *step) (end int, given bool) {
	end = i
	for end < len(text) && text[end] != '\n' && text[end] != '\r' {
		if text[end] == p.rows.delim || text[end] == '"' {
			return -1, false
		}
		end++
	}
	if end == len(text) {
		return -1, false
	}
	switch {
	case st.kind == stepKeep:
		p.spans[st.first] = span{start: i, end: end}
	case st.kind == stepSkip:
	case end == i:
		p.person.Answers[st.first] = Missing
		p.blanks = append(p.blanks, st.first)
	case end == i+1 && st.table[text[i]] != needsCode:
		p.person.Answers[st.first] = st.table[text[i]]
		given = true
	default:
		return -1, false
	}
	return end, given
}
