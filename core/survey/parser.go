package survey

import (
	"encoding/binary"
	"fmt"
	"io"
	"unicode"
	"unicode/utf8"
)

// Parser codes rows. One worker has one Parser, for one file after the other;
// it remembers the names of groups and gives each a number, which costs less
// than comparing names. It is for one goroutine.
type Parser struct {
	names   map[string]name // by the way they are written in a file
	numbers map[string]int32
	recent  [recentNames]name

	rows    *Rows
	reader  Reader // of the block at hand, for the rows that the fast path leaves
	steps   []step
	coders  []*coder // parallel to items
	singles []*[256]int32
	decimal []*decimalCoder // parallel to items; nil for whole steps
	texts   []textColumn
	spans   []span // of the cells that steps keep
	blanks  []int  // items of the row at hand that are left empty

	filterSpans []int // parallel to the layout's filters
	decimals    []decimalColumn
	ticks       []ticks
	later       []bool // parallel to items: those that rest reads

	cells  [][]byte
	person Respondent
	said   []saying // of the row at hand, for the count of labels
	slowly bool     // the fast path is off, so that tests can compare the two
	odd    bool     // a column is looked at twice, which the fast path does not do
	tally
}

// name is a value of a text column.
type name struct {
	raw    string // as written
	text   string
	number int32
}

// tally counts what a parser met in one file.
type tally struct {
	read, blank int
	dropped     []int // by filter
	missing     []int // by item: cells that say there is no answer
	bad         [][faults]int
	answerID    []bool // by item: one of the bad cells looked like a code such as A1
	first       []BadCell
	labels      labelCounts
}

// NewParser returns a Parser that knows no name yet.
func NewParser() *Parser {
	return &Parser{names: map[string]name{}, numbers: map[string]int32{}}
}

// textColumn is a column whose values are names, or a person's id or the time
// of the row.
type textColumn struct {
	index   int // in the file
	span    int // in Parser.spans
	rule    *textRule
	private bool // its values are not remembered
	value   string
	number  int32
}

// bind gets the parser ready for a file.
func (p *Parser) bind(rows *Rows) {
	p.rows = rows
	// What a spelling means depends on the tool that wrote the file.
	clear(p.names)
	clear(p.recent[:])
	m := rows.mapping
	items := rows.req.Instrument.Items()
	p.coders, p.singles, p.decimal = make([]*coder, len(items)), make([]*[256]int32, len(items)), make([]*decimalCoder, len(items))
	clones := map[*coder]*coder{}
	for i, it := range items {
		if it.Continuous {
			p.decimal[i] = newDecimalCoder(it.Scale, rows.layout.codes)
			p.decimal[i].told = rows.req.Map.answersTo(it.ID)
			continue
		}
		c := rows.coders[i]
		if clones[c] == nil {
			clones[c] = c.clone()
		}
		p.coders[i], p.singles[i] = clones[c], &clones[c].single
	}
	p.ticksOf(items)
	p.texts = p.texts[:0]
	for _, t := range rows.texts {
		p.texts = append(p.texts, textColumn{index: t.index, private: t.private, rule: t.rule})
	}
	p.person = Respondent{
		Groups: make([][]string, len(m.Groups)), Answers: make([]int32, len(items)), Decimals: make([]int64, len(items)),
		Keys: make([]int32, len(rows.keys)),
	}
	for g := range m.Groups {
		p.person.Groups[g] = make([]string, len(m.Groups[g]))
	}
	p.tally = tally{
		dropped: make([]int, len(rows.layout.filters)), missing: make([]int, len(items)),
		bad: make([][faults]int, len(items)), answerID: make([]bool, len(items)),
		labels: newLabelCounts(rows.req, rows.id >= 0),
	}
	p.cells = make([][]byte, len(rows.layout.columns))
	p.plan(items)
}

// parse codes the rows of a block and hands each to visit.
func (p *Parser) parse(b *block, visit func(*Respondent) error) error {
	r := &p.reader
	*r = Reader{name: p.rows.name, buf: b.text, end: len(b.text), readErr: io.EOF, line: b.line, delim: p.rows.delim, cells: p.cells, spans: r.spans}
	r.forget()
	plain := !p.slowly && !p.odd && !b.cutOff && r.find(&r.nul, 0) == r.end
	for r.pos < r.end {
		if plain {
			// A row that is longer than one cell may be is looked at cell by cell.
			if n := p.fast(b.text[r.pos:]); n > 0 && n <= MaxCell {
				text := b.text[r.pos : r.pos+n]
				p.person.Line = r.line
				r.pos += n
				r.line++
				if err := p.finish(text, visit); err != nil {
					return err
				}
				continue
			}
		}
		row, err := r.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if b.cutOff {
			return r.fault(row.Line, 0, fmt.Sprintf("row is longer than %d MiB", MaxRow>>20), hintQuotes)
		}
		if err := p.slow(row, visit); err != nil {
			return err
		}
	}
	return nil
}

// kept is a cell that the fast path left: of text when there are no cells.
func (p *Parser) kept(text []byte, cells [][]byte, column, at int) []byte {
	if cells != nil {
		return cells[column]
	}
	return text[p.spans[at].start:p.spans[at].end]
}

// slow codes any row.
func (p *Parser) slow(row Row, visit func(*Respondent) error) error {
	if allBlank(row.Cells) {
		p.blank++
		return nil
	}
	p.person.Line = row.Line
	p.person.Bad, p.said = 0, p.said[:0]
	if p.drop(nil, row.Cells) {
		return nil
	}
	for i, column := range p.rows.mapping.Items {
		if p.later[i] {
			continue
		}
		var err error
		if p.person.Answers[i], err = p.answer(i, row.Cells[column], row.Line); err != nil {
			return err
		}
	}
	return p.rest(nil, row.Cells, visit)
}

// finish does for a row that fast coded what is left to do.
func (p *Parser) finish(text []byte, visit func(*Respondent) error) error {
	p.person.Bad, p.said = 0, p.said[:0]
	if p.drop(text, nil) {
		return nil
	}
	for _, item := range p.blanks {
		p.missing[item]++
	}
	return p.rest(text, nil, visit)
}

// drop reports whether a filter leaves the row out, and counts it.
func (p *Parser) drop(text []byte, cells [][]byte) bool {
	for i, f := range p.rows.layout.filters {
		if f.drop(p.kept(text, cells, f.column, p.filterSpans[i])) {
			p.dropped[i]++
			return true
		}
	}
	return false
}

// rest reads names and decimals, and hands the respondent over.
func (p *Parser) rest(text []byte, cells [][]byte, visit func(*Respondent) error) error {
	person := &p.person
	for i := range p.texts {
		t := &p.texts[i]
		if fault := p.set(t, p.kept(text, cells, t.index, t.span)); fault != "" {
			return p.rows.fault(person.Line, t.index, fault)
		}
	}
	for _, d := range p.decimals {
		if err := p.decimalAnswer(d.item, p.kept(text, cells, d.column, d.span)); err != nil {
			return err
		}
	}
	for i := range p.ticks {
		if err := p.tickedAnswer(&p.ticks[i], text, cells); err != nil {
			return err
		}
	}
	m := p.rows
	person.Client, person.Wave = p.value(m.client), p.value(m.wave)
	person.ID, person.Time = p.value(m.id), p.value(m.time)
	for g, group := range m.groups {
		for k, at := range group {
			person.Groups[g][k] = p.value(at)
		}
	}
	for i, at := range m.keys {
		person.Keys[i] = p.texts[at].number
	}
	p.countLabels()
	p.read++
	return visit(person)
}

// saying is a cell of the row at hand that is no answer.
type saying struct {
	item int
	cell []byte
}

// countLabels counts what the row has instead of answers, when it is known whose
// row it is.
func (p *Parser) countLabels() {
	for _, s := range p.said {
		p.labels.add(giver{p.person.Line, p.person.ID, p.person.Wave}, s.item, s.cell)
	}
}

// value returns the current value of a text column, "" for -1.
func (p *Parser) value(text int) string {
	if text < 0 {
		return ""
	}
	return p.texts[text].value
}

// answer codes any cell of an item, and keeps count.
func (p *Parser) answer(item int, cell []byte, line int) (int32, error) {
	answer, fault := p.coders[item].code(cell)
	switch {
	case fault != 0:
		return Missing, p.noteBad(item, p.rows.mapping.Items[item], cell, line, fault)
	case answer == Missing:
		p.missing[item]++
	}
	return answer, nil
}

// decimalAnswer codes the cell of a continuous item.
func (p *Parser) decimalAnswer(item int, cell []byte) error {
	p.person.Answers[item] = Missing
	units, given, fault := p.decimal[item].code(cell)
	switch {
	case fault != 0:
		return p.noteBad(item, p.rows.mapping.Items[item], cell, p.person.Line, fault)
	case !given:
		p.missing[item]++
	default:
		p.person.Answers[item], p.person.Decimals[item] = 0, units
	}
	return nil
}

// noteBad keeps count of a cell that is no answer. It fails when the cell is
// not even text.
func (p *Parser) noteBad(item, column int, cell []byte, line int, fault Fault) error {
	if fault == NotAnAnswer {
		if !utf8.Valid(cell) {
			return p.rows.fault(line, column, notUTF8)
		}
		p.answerID[item] = p.answerID[item] || isAnswerID(cell)
		p.said = append(p.said, saying{item, cell})
	}
	p.bad[item][fault]++
	p.person.Bad++
	// The cells of a row are kept together: which of them are the first in the
	// file is seen when all parsers are done.
	if n := len(p.first); n < maxBadCells || p.first[n-1].Line == line {
		p.first = append(p.first, BadCell{
			File: p.rows.name, Line: line, Column: column + 1, Item: p.rows.req.Instrument.Items()[item].ID, Fault: fault, Place: p.rows.place(line, column+1),
		})
	}
	return nil
}

// A parser remembers names of up to this length by the way they are written.
const maxSpelledName = 256 // bytes

// recentNames is how many names are found without the map. It is a power of 2.
const recentNames = 512

// spelled looks up a name by the way it is written: first among those that came
// last with the same ending, which tell apart most names of groups.
func (p *Parser) spelled(cell []byte) (name, bool) {
	var end uint64
	if len(cell) >= 8 {
		end = binary.LittleEndian.Uint64(cell[len(cell)-8:])
	} else {
		for _, c := range cell {
			end = end<<8 | uint64(c)
		}
	}
	const golden = 0x9E3779B97F4A7C15 // spreads the bits (Knuth 1998, 6.4)
	recent := &p.recent[end*golden>>55%recentNames]
	if len(cell) > 0 && recent.raw == string(cell) {
		return *recent, true
	}
	known, ok := p.names[string(cell)]
	if ok {
		*recent = known
	}
	return known, ok
}

// set reads the value of a cell, or says what is wrong with it.
func (p *Parser) set(t *textColumn, cell []byte) (fault string) {
	if !t.private && t.rule == nil {
		if known, ok := p.spelled(cell); ok {
			t.value, t.number = known.text, known.number
			return ""
		}
	}
	if !utf8.Valid(cell) {
		return notUTF8
	}
	raw := cell
	if p.rows.layout.clean != nil {
		cell = p.rows.layout.clean(cell)
	}
	t.value = t.rule.value(folded(string(cell)))
	for _, c := range t.value {
		if unicode.IsControl(c) {
			return fmt.Sprintf("a control character (%U) stands in this cell", c)
		}
	}
	if t.private {
		return ""
	}
	number, ok := p.numbers[t.value]
	if !ok {
		if number = int32(len(p.numbers)); number == maxNames {
			return tooManyNames
		}
		p.numbers[t.value] = number
	}
	t.number = number
	if t.rule == nil && len(raw) <= maxSpelledName && len(p.names) < maxNames {
		written := string(raw)
		p.names[written] = name{written, t.value, number}
	}
	return ""
}

// maxNames is how many different clients, waves and groups a run may have: the
// sums of each take memory.
const (
	maxNames     = 1 << 15
	tooManyNames = "this column has too many different values to group by"
)
