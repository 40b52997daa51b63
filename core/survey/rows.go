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
// A Table reads the same formats as a table of something else.
//
// What a respondent answered is never part of an error or a report; these say
// where a cell is and what is wrong with it.
package survey

import (
	"context"
	"errors"
	"io"
	"math"
	"slices"
	"sync"
)

// Rows gives the respondents of one file.
type Rows struct {
	*source
	req     Request
	mapping *Mapping
	coders  []*coder // parallel to the instrument's items

	// The columns that names are read from, each once, and which of them is
	// what: an index in texts, or -1.
	texts                  []textSource
	client, wave, id, time int
	groups                 [][]int // shaped like Request.By
	keys                   []int   // those that a person's cell is told by: client, wave, each column of the groupings

	blocks *blocks // of delimited text
	tally  tally
}

// textSource is a column of names.
type textSource struct {
	index   int
	private bool
	rule    *textRule
}

// Respondent is one row, coded. It and its slices are reused for the next one.
type Respondent struct {
	Client, Wave string     // "" when not stated, or when there is no such column
	Groups       [][]string // a value for each name in Request.By, then of Also; "" when not stated
	Answers      []int32    // parallel to Instrument.Items(), not reversed; Missing where there is none, 0 for a decimal
	Decimals     []int64    // parallel to Answers: for continuous items, in their Unit
	Bad          int        // how many of the answers are missing because the cell is no answer
	Line         int        // physical line, 1-based, on which the row starts

	ID, Time string  // who answered and when, when the request asks for it; never to be published
	Keys     []int32 // a number for the client, the wave and each different grouping column: the same for the same value, in one Parser
}

// Open reads the head of an export, decides what it is, and maps its columns.
// The file is how the user calls it and only stands in errors, which are
// problems where the file is at fault. Close the Rows after use.
func Open(file string, r io.Reader, req Request) (*Rows, error) {
	src, err := openSource(file, r, req)
	if err != nil {
		return nil, err
	}
	mapping, err := mapLayout(file, src.layout, req)
	if err != nil {
		return nil, errors.Join(err, src.Close())
	}
	rows := &Rows{source: src, req: req, mapping: mapping, coders: newCoders(req, src.layout)}
	rows.client, rows.wave = rows.text(mapping.Client, false), rows.text(mapping.Wave, false)
	rows.id, rows.time = rows.text(mapping.Respondent, true), rows.text(mapping.Time, true)
	rows.keys = []int{rows.client, rows.wave}
	for _, indexes := range mapping.Groups {
		group := make([]int, len(indexes))
		for k, index := range indexes {
			group[k] = rows.text(index, false)
		}
		rows.groups = append(rows.groups, group)
	}
	rows.keys = slices.DeleteFunc(rows.keys, func(at int) bool { return at < 0 })
	for _, group := range rows.groups {
		for _, at := range group {
			if at >= 0 && !slices.Contains(rows.keys, at) {
				rows.keys = append(rows.keys, at)
			}
		}
	}
	if src.table == nil {
		rows.blocks = &blocks{name: file, src: src.text, delim: src.delim, size: req.Block, line: src.line}
	}
	return rows, nil
}

// text returns where the values of a column of the file will be found in
// texts, or -1 when there is no such column.
func (rows *Rows) text(index int, private bool) int {
	if index < 0 {
		return -1
	}
	for i, t := range rows.texts {
		if t.index == index {
			return i
		}
	}
	rows.texts = append(rows.texts, textSource{index, private, newTextRule(rows.req, rows.layout, rows.mapping, index)})
	return len(rows.texts) - 1
}

// Mapping returns what the columns are taken for.
func (rows *Rows) Mapping() *Mapping { return rows.mapping }

// Read is the number of respondents handed out so far.
func (rows *Rows) Read() int { return rows.tally.read }

// Blank is the number of rows left out because all their cells are blank, as
// spreadsheets leave them behind.
func (rows *Rows) Blank() int { return rows.tally.blank }

// LeftOut counts rows that a survey tool marks as no answers to count.
type LeftOut struct {
	Reason string // "not finished"
	Rows   int
}

// LeftOut lists the reasons for which rows were left out.
func (rows *Rows) LeftOut() []LeftOut {
	var out []LeftOut
	for i, f := range rows.layout.filters {
		if i >= len(rows.tally.dropped) || rows.tally.dropped[i] == 0 {
			continue
		}
		at := slices.IndexFunc(out, func(l LeftOut) bool { return l.Reason == f.reason })
		if at < 0 {
			at, out = len(out), append(out, LeftOut{Reason: f.reason})
		}
		out[at].Rows += rows.tally.dropped[i]
	}
	return out
}

// Visit takes one respondent; it must not keep what that points to, but may
// keep strings. An error ends the reading.
type Visit func(*Respondent) error

// Each hands every respondent to a visit, from as many goroutines as there are
// parsers; visits is parallel to parsers. Rows come in any order, but those of
// one visit in the order of the file. It returns when all is done.
//
// A cell that is no answer counts as missing and is kept count of, see Bad.
// The error is that of the first row in the file that has one: a problem when
// the row is broken, when a cell that is used is not UTF-8, or when a control
// character stands in a name; the visit's own; or that of the source.
func (rows *Rows) Each(ctx context.Context, parsers []*Parser, visits []Visit) error {
	bound := 0
	defer func() {
		for _, p := range parsers[:bound] {
			rows.tally.merge(&p.tally, len(rows.layout.filters))
			p.rows = nil
		}
	}()
	bind := func(i int) *Parser {
		parsers[i].bind(rows)
		bound++
		return parsers[i]
	}
	if rows.blocks == nil {
		return rows.eachOfTable(ctx, bind(0), visits[0])
	}
	var first, second block
	if err := rows.blocks.next(&first); err != nil {
		return unlessEOF(err)
	}
	err := rows.blocks.next(&second)
	if err != nil || len(parsers) == 1 {
		return rows.eachAlone(ctx, bind(0), visits[0], first, second, err)
	}
	for i := range parsers {
		bind(i)
	}
	return rows.eachTogether(ctx, parsers, visits, first, second)
}

func unlessEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// eachAlone reads everything with one parser. nextErr is what came instead of
// the second block.
func (rows *Rows) eachAlone(ctx context.Context, p *Parser, visit Visit, first, second block, nextErr error) error {
	if err := p.parse(&first, visit); err != nil {
		return err
	}
	for nextErr == nil {
		if err := p.parse(&second, visit); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		nextErr = rows.blocks.next(&second)
	}
	return unlessEOF(nextErr)
}

// eachOfTable reads a source that has rows of its own.
func (rows *Rows) eachOfTable(ctx context.Context, p *Parser, visit Visit) error {
	for n := 1; ; n++ {
		row, err := rows.table.Next()
		if err != nil {
			return unlessEOF(err)
		}
		if err := p.slow(row, visit); err != nil {
			return err
		}
		if n%4096 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
}

// eachTogether shares out the blocks among the parsers.
func (rows *Rows) eachTogether(ctx context.Context, parsers []*Parser, visits []Visit, first, second block) error {
	full := make(chan *block, len(parsers))
	empty := make(chan *block, len(parsers)+2)
	for range len(parsers) {
		empty <- &block{}
	}
	var (
		group sync.WaitGroup
		lock  sync.Mutex
		fault error
		at    = math.MaxInt // the number of the block that fault is in
	)
	const afterAll = math.MaxInt - 1
	fail := func(number int, err error) {
		lock.Lock()
		defer lock.Unlock()
		if number < at {
			fault, at = err, number
		}
	}
	failed := func() bool {
		lock.Lock()
		defer lock.Unlock()
		return fault != nil
	}
	for i, p := range parsers {
		group.Go(func() {
			for b := range full {
				// Blocks before a broken one are read to their end: the first
				// fault in the file is the one to tell.
				if err := p.parse(b, visits[i]); err != nil {
					fail(b.number, err)
				}
				empty <- b
			}
		})
	}
	full <- &first
	full <- &second
	for !failed() && ctx.Err() == nil {
		b := <-empty
		if err := rows.blocks.next(b); err != nil {
			if err = unlessEOF(err); err != nil {
				fail(afterAll, err)
			}
			break
		}
		full <- b
	}
	close(full)
	group.Wait()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return fault
}

// merge adds up what two parsers met in different rows of one file.
func (t *tally) merge(o *tally, filters int) {
	if t.bad == nil {
		*t = tally{dropped: make([]int, filters), missing: make([]int, len(o.missing)), bad: make([][faults]int, len(o.bad)), answerID: make([]bool, len(o.bad))}
	}
	t.read += o.read
	t.blank += o.blank
	for i, n := range o.dropped {
		t.dropped[i] += n
	}
	for i := range o.bad {
		t.missing[i] += o.missing[i]
		t.answerID[i] = t.answerID[i] || o.answerID[i]
		for f, n := range o.bad[i] {
			t.bad[i][f] += n
		}
	}
	t.first = append(t.first, o.first...)
	slices.SortStableFunc(t.first, func(a, b BadCell) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	t.first = t.first[:min(len(t.first), maxBadCells)]
	t.labels.merge(&o.labels)
	*o = tally{}
}

const notUTF8 = "this cell is not UTF-8"

func (rows *Rows) fault(line, index int, what string) error {
	hint := "remove the character; a name holds only letters, digits, signs and spaces"
	switch what {
	case notUTF8:
		hint = hintUTF8
	case tooManyNames:
		hint = "group by something that people share"
	}
	return rows.problem(line, index+1, what, hint)
}

func allBlank(cells [][]byte) bool {
	for _, c := range cells {
		if !isBlank(c) {
			return false
		}
	}
	return true
}
