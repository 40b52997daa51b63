package survey

import (
	"bytes"
	"slices"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/core/instrument"
)

// This file reads the answers to items that have a column for each answer: it
// is the one whose cell is not blank.

// ticks is such an item.
type ticks struct {
	item    int
	coder   *coder
	options []tickable
}

// tickable is one of its columns.
type tickable struct {
	option
	span int // in Parser.spans
}

// ticksOf lists such items of a file.
func (p *Parser) ticksOf(items []instrument.Item) {
	p.ticks, p.later = p.ticks[:0], make([]bool, len(items))
	for i := range items {
		options := p.rows.mapping.choices[i]
		p.later[i] = items[i].Continuous || len(options) > 0
		if len(options) == 0 {
			continue
		}
		t := ticks{item: i, coder: p.coders[i]}
		for _, o := range options {
			t.options = append(t.options, tickable{option: o})
		}
		p.ticks = append(p.ticks, t)
	}
}

// tick is what the cell of an option says.
type tick uint8

const (
	notTicked tick = iota
	ticked
	zero         // not ticked either, or ticked where the tool writes what an option is worth
	otherWords   // ticked, with the words of another option
	notEvenWords // it is not UTF-8
)

// tickedAnswer reads the cells of an item with a column for each answer.
// Several ticks that come to the same are fine.
func (p *Parser) tickedAnswer(t *ticks, text []byte, cells [][]byte) error {
	p.person.Answers[t.item] = Missing
	answer, zeros, nought := Missing, 0, -1
	for i := range t.options {
		o := &t.options[i]
		cell := p.kept(text, cells, o.column, o.span)
		said := t.coder.tick(cell, o.option)
		switch {
		case said == notTicked:
			continue
		case said == notEvenWords:
			return p.rows.fault(p.person.Line, o.column, notUTF8)
		case said == zero:
			zeros++
			if o.answer == 0 {
				nought = i
			}
			continue
		case said == otherWords, answer != Missing && answer != o.answer:
			return p.noteBad(t.item, o.column, cell, p.person.Line, Contradiction)
		}
		answer = o.answer
	}
	// A lone zero is what the answer 0 is worth; where zeros stand for boxes
	// that are not ticked, the other columns have them, too.
	if answer == Missing && zeros == 1 && nought >= 0 {
		answer = 0
	}
	if answer == Missing {
		p.missing[t.item]++
	}
	p.person.Answers[t.item] = answer
	return nil
}

// tick reads the cell of an option. A number says no more than that the option
// was chosen: it may be 1, the option's place in the list, or its weight.
func (c *coder) tick(cell []byte, o option) tick {
	cell = bytes.TrimSpace(cell)
	switch {
	case len(cell) == 0:
		return notTicked
	case string(cell) == o.label:
		return ticked
	case !utf8.Valid(cell):
		return notEvenWords
	}
	c.scratch = appendFolded(c.scratch[:0], cell, true)
	word := bytes.TrimRight(c.scratch, " ;")
	if len(word) == 0 {
		return notTicked
	}
	if n, ok := parseNumber(word); ok {
		return c.tickByNumber(n)
	}
	answer, known, fault := c.word(word)
	switch {
	case known && answer == Missing, notGiven[string(word)], string(word) == "n", slices.Contains(noWords, string(word)):
		return notTicked
	case known && answer != o.answer, fault != 0:
		return otherWords
	}
	return ticked
}

func (c *coder) tickByNumber(n number) tick {
	switch {
	case n.floor == 0 && !n.fraction:
		return zero
	case n.floor < 0 && (slices.Contains(c.codes, int(n.floor)) || slices.Contains(c.scale.MissingCodes, int(n.floor))):
		return notTicked
	}
	return ticked
}
