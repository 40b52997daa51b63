// Package survey turns the bytes of a survey export into rows of coded
// answers.
//
// It works in three layers, each of which can be used alone: a Reader cuts
// delimited text into cells, Map finds the columns that an instrument and the
// groupings ask for, and Rows codes the cells of one respondent after the
// other. Memory does not grow with the number of rows. An export with a
// layout of its own, such as several header lines, differs only in what comes
// before Map: where the rows start and what the columns are called.
//
// What a respondent answered is never part of an error or a report; these say
// where a cell is and what is wrong with it.
package survey

import (
	"fmt"
	"io"
	"unicode"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/core/instrument"
)

// Rows gives the respondents of one file, in its order.
type Rows struct {
	reader  *Reader
	mapping *Mapping
	err     error // what Next answers from now on

	answers    []answerColumn // parallel to Instrument.Items()
	digits     []digitColumn  // parallel to answers
	texts      []textColumn   // those that client, wave and groupings are read from, each once
	client     int            // index in texts, or -1
	wave       int            // index in texts, or -1
	groups     [][]int        // indexes in texts, shaped like Request.By
	respondent Respondent

	read, blank int
	firstBad    []BadCell
}

// Respondent is one row, coded. It and its slices are reused for the next one.
type Respondent struct {
	Client, Wave string     // "" when not stated, or when there is no such column
	Groups       [][]string // a value for each name in Request.By; "" when not stated
	Answers      []int32    // parallel to Instrument.Items(), not reversed; Missing where there is none
	Bad          int        // how many of the answers are missing because the cell is no answer
	Line         int        // physical line, 1-based, on which the row starts
}

// answerColumn is the column of one item.
type answerColumn struct {
	index int
	item  instrument.Item
	coder *coder

	missing  int // cells that say there is no answer
	bad      [faults]int
	answerID bool // one of the bad cells looked like a code such as A1
}

// digitColumn is what it takes to code the cells of one byte, which most are,
// close together in memory.
type digitColumn struct {
	index  int
	single *[256]int32
}

// Open reads the header of an export and maps its columns. The file is how the
// user calls it and only stands in errors, which are those of NewReader and
// Map.
func Open(file string, r io.Reader, req Request) (*Rows, error) {
	reader, err := NewReader(file, r)
	if err != nil {
		return nil, err
	}
	mapping, err := Map(file, reader.Header(), req)
	if err != nil {
		return nil, err
	}
	rows := &Rows{reader: reader, mapping: mapping}
	items := req.Instrument.Items()
	rows.answers = make([]answerColumn, len(items))
	rows.digits = make([]digitColumn, len(items))
	for i, it := range items {
		a := answerColumn{index: mapping.Items[i], item: it, coder: rows.coderFor(it.Scale, i)}
		rows.answers[i] = a
		rows.digits[i] = digitColumn{index: a.index, single: &a.coder.single}
	}
	rows.client, rows.wave = rows.text(mapping.Client), rows.text(mapping.Wave)
	rows.groups = make([][]int, len(mapping.Groups))
	rows.respondent = Respondent{
		Groups:  make([][]string, len(mapping.Groups)),
		Answers: make([]int32, len(items)),
	}
	for g, indexes := range mapping.Groups {
		rows.groups[g] = make([]int, len(indexes))
		rows.respondent.Groups[g] = make([]string, len(indexes))
		for k, index := range indexes {
			rows.groups[g][k] = rows.text(index)
		}
	}
	return rows, nil
}

// coderFor returns a coder for a scale, the one of an item before i if that
// has the same.
func (rows *Rows) coderFor(s instrument.Scale, i int) *coder {
	for _, c := range rows.answers[:i] {
		if sameScale(c.item.Scale, s) {
			return c.coder
		}
	}
	return newCoder(s)
}

// text returns where the values of a column of the file will be found in
// texts, or -1 when there is no such column.
func (rows *Rows) text(index int) int {
	if index < 0 {
		return -1
	}
	for i := range rows.texts {
		if rows.texts[i].index == index {
			return i
		}
	}
	rows.texts = append(rows.texts, textColumn{index: index, known: map[string]string{}})
	return len(rows.texts) - 1
}

// Mapping returns what the columns are taken for.
func (rows *Rows) Mapping() *Mapping { return rows.mapping }

// Read is the number of respondents that Next has returned.
func (rows *Rows) Read() int { return rows.read }

// Blank is the number of rows left out because all their cells are blank, as
// spreadsheets leave them behind.
func (rows *Rows) Blank() int { return rows.blank }

// Next returns the next respondent, or io.EOF after the last. What it points
// to is valid until the next call; strings may be kept.
//
// A cell that is no answer counts as missing and is kept count of, see Bad.
// The error is a problem.Problem when a row is broken, when a cell that is
// used is not UTF-8, or when a control character stands in the value of a
// grouping, the client or the wave. It is final: the next call returns the
// same.
func (rows *Rows) Next() (*Respondent, error) {
	if rows.err != nil {
		return nil, rows.err
	}
	if err := rows.next(); err != nil {
		rows.err = err
		return nil, err
	}
	rows.read++
	return &rows.respondent, nil
}

func (rows *Rows) next() error {
	row, err := rows.reader.Next()
	for ; err == nil && allBlank(row.Cells); row, err = rows.reader.Next() {
		rows.blank++
	}
	if err != nil {
		return err
	}
	r := &rows.respondent
	r.Line, r.Bad = row.Line, 0
	for i := range rows.texts {
		t := &rows.texts[i]
		if fault := t.set(row.Cells[t.index]); fault != "" {
			return rows.fault(row.Line, t.index, fault)
		}
	}
	r.Client, r.Wave = rows.value(rows.client), rows.value(rows.wave)
	for g, group := range rows.groups {
		for k, text := range group {
			r.Groups[g][k] = rows.value(text)
		}
	}
	for i, d := range rows.digits {
		cell := row.Cells[d.index]
		if len(cell) == 1 {
			if answer := d.single[cell[0]]; answer != needsCode {
				r.Answers[i] = answer
				continue
			}
		}
		if r.Answers[i], err = rows.answer(&rows.answers[i], cell, row.Line); err != nil {
			return err
		}
	}
	return nil
}

// value returns the current value of a text column, "" for -1.
func (rows *Rows) value(text int) string {
	if text < 0 {
		return ""
	}
	return rows.texts[text].value
}

// answer codes the cells that are more than one plain digit, and keeps count.
func (rows *Rows) answer(a *answerColumn, cell []byte, line int) (int32, error) {
	answer, fault := a.coder.code(cell)
	if fault == NotAnAnswer && !utf8.Valid(cell) {
		return Missing, rows.fault(line, a.index, notUTF8)
	}
	if answer == Missing {
		a.missing++
	}
	if fault != 0 {
		a.missing--
		a.bad[fault]++
		rows.respondent.Bad++
		a.answerID = a.answerID || fault == NotAnAnswer && isAnswerID(cell)
		if len(rows.firstBad) < maxBadCells {
			rows.firstBad = append(rows.firstBad, BadCell{
				File: rows.reader.name, Line: line, Column: a.index + 1, Item: a.item.ID, Fault: fault,
			})
		}
	}
	return answer, nil
}

const notUTF8 = "this cell is not UTF-8"

func (rows *Rows) fault(line, index int, what string) error {
	hint := "remove the character; a name holds only letters, digits, signs and spaces"
	if what == notUTF8 {
		hint = hintUTF8
	}
	return rows.reader.fault(line, index+1, what, hint)
}

func allBlank(cells [][]byte) bool {
	for _, c := range cells {
		if !isBlank(c) {
			return false
		}
	}
	return true
}

// textColumn is a column whose values are names: of a client, a wave or a
// group.
type textColumn struct {
	index int
	value string // of the current row

	// known has the value for each way of writing it that was met, so that
	// a row costs no allocation.
	known map[string]string
}

// A text column remembers this many values, up to this length. What goes
// beyond is made anew for each row.
const (
	maxKnown  = 1 << 14
	maxLength = 256 // bytes
)

// set reads the value of a cell, or says what is wrong with it.
func (t *textColumn) set(cell []byte) (fault string) {
	if value, ok := t.known[string(cell)]; ok {
		t.value = value
		return ""
	}
	if !utf8.Valid(cell) {
		return notUTF8
	}
	raw := string(cell)
	t.value = folded(raw)
	for _, c := range t.value {
		if unicode.IsControl(c) {
			return fmt.Sprintf("a control character (%U) stands in this cell", c)
		}
	}
	if len(t.known) < maxKnown && len(raw) <= maxLength {
		t.known[raw] = t.value
	}
	return ""
}
