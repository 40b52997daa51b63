package score

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/firstcall-cli/firstcall/core/problem"
	"github.com/firstcall-cli/firstcall/core/survey"
)

// run is a pass under way.
type run struct {
	opt     Options
	layout  *layout
	columns []string // the different columns of all groupings, then those of Options.Also
	lacking []string // see Result.Lacking
	places  [][]int  // for each grouping and column of it: index in columns
	workers []*worker
	parsers []*survey.Parser // parallel to workers
	visits  []survey.Visit   // parallel to workers
	rows    atomic.Int64
	roster  *roster // when people are matched across waves; there is one worker then
}

func newRun(opt Options) *run {
	r := &run{opt: opt, layout: newLayout(opt.Instrument, opt.Missing, opt.LongRun)}
	r.columns, r.places = lay(opt.by())
	for i := range max(1, opt.Workers) {
		w := &worker{run: r, parts: parts{}, row: r.layout.newRow(), first: i == 0}
		r.workers = append(r.workers, w)
		r.parsers = append(r.parsers, survey.NewParser())
		r.visits = append(r.visits, w.visit)
	}
	return r
}

// by is the groupings and then each further column, like a grouping.
func (o Options) by() [][]string {
	by := slices.Clone(o.By)
	for _, column := range o.Also {
		by = append(by, []string{column})
	}
	return by
}

// lay finds the different columns of the groupings, and where those of each
// stand among them.
func lay(by [][]string) (columns []string, places [][]int) {
	for _, names := range by {
		var at []int
		for _, column := range names {
			i := slices.Index(columns, column)
			if i < 0 {
				i = len(columns)
				columns = append(columns, column)
			}
			at = append(at, i)
		}
		places = append(places, at)
	}
	return columns, places
}

// worker counts the rows that one parser codes.
type worker struct {
	run   *run
	parts parts
	row   *row
	first bool // tells the progress of all

	// Of the file at hand.
	src     Source
	client  string // of all its rows, or ""
	mapping *survey.Mapping
	root    node
	leaves  []*leaf
	seen    int64
	read    survey.Respondent // of the roster
}

// node finds a leaf by the numbers of a row's names, one after the other.
type node struct {
	few  []*node
	many map[int32]*node // numbers that would make few too long
	leaf *leaf
}

// mostFew bounds what a node takes when numbers are large.
const mostFew = 1024

// child returns the node for a number, a new one when it is not there.
func (n *node) child(number int32) *node {
	if number >= mostFew {
		if n.many == nil {
			n.many = map[int32]*node{}
		}
		c := n.many[number]
		if c == nil {
			c = &node{}
			n.many[number] = c
		}
		return c
	}
	if int(number) >= len(n.few) {
		n.few = append(n.few, make([]*node, int(number)+1-len(n.few))...)
	}
	if n.few[number] == nil {
		n.few[number] = &node{}
	}
	return n.few[number]
}

// leaf is where the rows of a file with the same names are counted.
type leaf struct {
	key    cellKey
	part   *part
	cell   *cell
	source *int64 // respondents of the file
	number int    // in the roster
	blank  blank
	rows   int64 // that do not count because of blank
}

// blank says what a row does not name although it must.
type blank uint8

const (
	nothingBlank blank = iota
	clientBlank
	waveBlank
)

// begin gets the workers ready for a file.
func (r *run) begin(src Source, client string, m *survey.Mapping) {
	if r.roster != nil {
		r.roster.files = append(r.roster.files, src.Path)
	}
	for _, w := range r.workers {
		w.src, w.client, w.mapping = src, client, m
		w.root, w.leaves = node{}, w.leaves[:0]
	}
}

// file reads one source to its end.
func (r *run) file(ctx context.Context, src Source, client string) (*FileReport, error) {
	f, err := src.Open()
	if err != nil {
		return nil, fmt.Errorf("read answers: %w", err)
	}
	defer f.Close()
	rows, err := survey.Open(src.Path, f, r.opt.request())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	if r.roster != nil && rows.Mapping().Respondent < 0 {
		return nil, problem.Problem{File: src.Path, What: "has no column of people's ids, by which they could be matched",
			Hint: "name it with --respondent-column, or as an attribute of kind respondent in the instrument"}
	}
	rep := &FileReport{Path: src.Path}
	for i, column := range r.opt.Also {
		if rows.Mapping().Groups[len(r.opt.By)+i][0] < 0 && !slices.Contains(r.lacking, column) {
			r.lacking = append(r.lacking, column)
		}
	}
	r.begin(src, client, rows.Mapping())
	if err := rows.Each(ctx, r.parsers, r.visits); err != nil {
		return nil, err
	}
	for _, w := range r.workers {
		for _, l := range w.leaves {
			switch l.blank {
			case clientBlank:
				rep.NoClient += l.rows
			case waveBlank:
				rep.NoWave += l.rows
			}
		}
	}
	rep.Rows, rep.LeftOut, rep.Format = int64(rows.Read()), rows.LeftOut(), rows.Format()
	rep.Unused, rep.Bad = rows.Mapping().Unused, rows.Bad()
	if err := rep.check(); err != nil {
		return nil, err
	}
	return rep, nil
}

// request is what the reader of a file is asked for.
func (o Options) request() survey.Request {
	req := o.Reading
	req.Respondent, req.Time = o.Match, o.Match
	req.Instrument, req.By, req.Also, req.ClientColumn, req.WaveColumn = o.Instrument, o.By, o.Also, o.ClientColumn, o.WaveColumn
	return req
}

// check reports a file that holds nothing to count.
func (rep *FileReport) check() error {
	if rep.Rows == 0 {
		p := problem.Problem{File: rep.Path, What: "holds a heading row and no answers", Hint: "was the survey exported before anybody answered?"}
		if len(rep.LeftOut) > 0 {
			p.What = fmt.Sprintf("holds no row that counts: all are left out (%s)", rep.LeftOut[0].Reason)
			p.Hint = "export the survey again once people have finished it"
		}
		return p
	}
	if rep.NoClient+rep.NoWave < rep.Rows {
		return nil
	}
	what, flag := "client", "--client"
	if rep.NoClient == 0 {
		what, flag = "wave", "--wave"
	}
	return problem.Problem{File: rep.Path, What: fmt.Sprintf("the %s is blank in the rows, so that none of them counts", what),
		Hint: fmt.Sprintf("name it with %s, or remove the column", flag)}
}

// progressEvery is how many rows pass between two looks at the progress.
const progressEvery = 4096

// visit counts one row.
func (w *worker) visit(p *survey.Respondent) error {
	if w.seen++; w.seen%progressEvery == 0 {
		rows := w.run.rows.Add(progressEvery)
		if w.first && w.run.opt.Progress != nil {
			w.run.opt.Progress(rows)
		}
	}
	n := &w.root
	for _, number := range p.Keys {
		n = n.child(number)
	}
	if n.leaf == nil {
		leaf, err := w.grow(p)
		if err != nil {
			return err
		}
		n.leaf = leaf
	}
	if w.run.roster != nil && n.leaf.blank == nothingBlank {
		return w.run.roster.keep(n.leaf, n.leaf.key.client, p)
	}
	n.leaf.count(w, p)
	return nil
}

// grow finds out where rows with the names of p are counted.
func (w *worker) grow(p *survey.Respondent) (*leaf, error) {
	l := &leaf{}
	w.leaves = append(w.leaves, l)
	if r := w.run.roster; r != nil {
		l.number = len(r.leaves)
		r.leaves, r.owners = append(r.leaves, l), append(r.owners, w)
	}
	key := cellKey{w.client, w.run.opt.Wave}
	for _, part := range []struct {
		what, row string
		has       bool
		fixed     *string
		blank     blank
	}{
		{"client", p.Client, w.mapping.Client >= 0, &key.client, clientBlank},
		{"wave", p.Wave, w.mapping.Wave >= 0, &key.wave, waveBlank},
	} {
		switch {
		case !part.has, part.row == "" && *part.fixed != "", part.row == *part.fixed && part.row != "":
		case part.row == "":
			l.blank = part.blank
			return l, nil
		case *part.fixed != "":
			return nil, problem.Problem{File: w.src.Path, Line: p.Line,
				What: fmt.Sprintf("this row names another %s than %q, which holds for the whole file", part.what, *part.fixed),
				Hint: fmt.Sprintf("leave --%s out and let the column tell, or name the right column with --%s-column", part.what, part.what)}
		default:
			*part.fixed = part.row
		}
	}
	values := make([]string, len(w.run.columns))
	for g, at := range w.run.places {
		for k, i := range at {
			values[i] = p.Groups[g][k]
		}
	}
	l.key, l.part = key, w.parts.at(w.run.layout, key)
	l.cell, l.source = l.part.atom(values), l.part.source(w.src.Name())
	return l, nil
}
