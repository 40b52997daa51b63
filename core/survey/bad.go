package survey

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/problem"
)

// maxBadCells is how many bad cells are located one by one.
const maxBadCells = 20

// BadCell is a cell that is no answer and counts as missing. What stands in it
// is not kept.
type BadCell struct {
	File   string
	Line   int // physical line, 1-based, on which the row starts
	Column int // 1-based
	Item   string
	Fault  Fault
	Place  string // how a spreadsheet calls the cell; "" but in a workbook
}

// Problem words the cell as a fault of its file.
func (b BadCell) Problem() problem.Problem {
	what := fmt.Sprintf("the cell for item %q is %s", b.Item, b.Fault)
	if b.Place != "" {
		return problem.Problem{File: b.File, What: b.Place + ": " + what}
	}
	return problem.Problem{File: b.File, Line: b.Line, Column: b.Column, What: what}
}

// BadItem counts the bad cells of one item. Contradictions are among those that
// are no answers.
type BadItem struct {
	Item                              string
	OutOfRange, NotAnAnswer, Fraction int
}

// Bad tells of the cells of a file that are no answers and count as missing.
type Bad struct {
	Total int
	Items []BadItem // those that have some, in the order of the instrument
	First []BadCell // the first 20 in the order of the file
	// Labels are texts that many respondents gave and no scale knows; see
	// UnknownLabel.
	Labels []UnknownLabel
	// Hint is what to do when more than half of the answers to an item are
	// none of its labels, or more than a tenth off its scale, since it is then
	// not a matter of single cells; "" otherwise.
	Hint string
}

// offScale is the part of an item's answers, one in so many, from which on being
// off the scale is no matter of single cells.
const (
	offScale = 10
	fewOff   = 5 // fewer than these are single cells all the same
)

// Bad tells of the bad cells among the respondents read so far.
func (rows *Rows) Bad() Bad {
	t := &rows.tally
	bad := Bad{First: slices.Clone(t.first), Labels: t.labels.report(rows.req, rows.coders)}
	for i, item := range rows.req.Instrument.Items() {
		if i >= len(t.bad) {
			break
		}
		it := BadItem{Item: item.ID, OutOfRange: t.bad[i][OutOfRange], NotAnAnswer: t.bad[i][NotAnAnswer] + t.bad[i][Contradiction], Fraction: t.bad[i][Fraction]}
		if n := it.OutOfRange + it.NotAnAnswer + it.Fraction; n > 0 {
			bad.Total += n
			bad.Items = append(bad.Items, it)
		}
		if given := t.read - t.missing[i]; bad.Hint == "" && t.bad[i][NotAnAnswer]*2 > given {
			bad.Hint = hint(item, t.answerID[i])
		} else if bad.Hint == "" && it.OutOfRange >= fewOff && it.OutOfRange*offScale > given {
			bad.Hint = fmt.Sprintf("many answers to item %q are off its scale from %d to %d: were they coded in another way, such as from 0?", item.ID, item.Scale.Min, item.Scale.Max)
		}
	}
	return bad
}

// hint says which answers the item's scale has.
func hint(item instrument.Item, answerID bool) string {
	s := item.Scale
	hint := fmt.Sprintf("item %q is answered by a number from %d to %d; its scale has no labels, so words cannot be read until the instrument gives some", item.ID, s.Min, s.Max)
	if len(s.Labels) > 0 {
		hint = fmt.Sprintf("item %q is answered by a number from %d to %d or by one of its scale's labels: ", item.ID, s.Min, s.Max)
		for i, label := range s.Labels {
			if i > 0 {
				hint += ", "
			}
			hint += fmt.Sprintf("%q", label)
		}
	}
	if answerID {
		hint += "; codes such as A1 are not read, since they may run either way: export the full answers instead, or say what the codes stand for under [answers] in a mapping file"
	}
	return hint
}

// isAnswerID reports whether a cell looks like the code that a survey tool
// gives to an answer: letters and then digits.
func isAnswerID(cell []byte) bool {
	cell = bytes.TrimSpace(cell)
	digits := bytes.TrimLeftFunc(cell, func(c rune) bool { return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' })
	if len(digits) == 0 || len(digits) == len(cell) {
		return false
	}
	for _, c := range digits {
		if !isDigit(c) {
			return false
		}
	}
	return true
}

func sameScale(a, b instrument.Scale) bool {
	return a.Min == b.Min && a.Max == b.Max && slices.Equal(a.Labels, b.Labels) && slices.Equal(a.MissingCodes, b.MissingCodes)
}
