// Package org reads what a client knows about its own organization, as far as
// firstcall needs it: a client file with its names, statements, departments, roles
// and policies, and a table of how many people were asked, by whatever the
// organization is divided by.
package org

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/problem"
	"github.com/firstcall-cli/firstcall/core/survey"
)

// Headcounts says how many people were asked, in which groups. The zero value
// knows nothing.
type Headcounts struct {
	file    string
	columns []string // what the counts are divided by, as named in the file
	rows    []headcountRow
}

type headcountRow struct {
	values []string // parallel to columns; "" stands for all
	people int64
	line   int
}

// Columns of a headcount file that are not groups.
const (
	columnClient = ClientColumn
	columnWave   = WaveColumn
	columnCount  = "headcount"
)

// ClientColumn and WaveColumn are what Strange calls the columns of clients
// and waves.
const (
	ClientColumn = "client"
	WaveColumn   = "wave"
)

// ReadHeadcounts reads a CSV or TSV table with a column of headcounts and one
// column for each thing they are divided by: client, wave, and attributes or
// columns of the survey such as department. A blank cell stands for all. The
// columns client, wave and headcount may be called by the instrument's
// attributes of those kinds. Errors are problems with line and cell.
func ReadHeadcounts(file string, r io.Reader, in *instrument.Instrument) (*Headcounts, error) {
	reader, err := survey.NewReader(file, r)
	if err != nil {
		return nil, err
	}
	h := &Headcounts{file: file}
	count := -1
	for i, name := range reader.Header() {
		name = canonicalColumn(strings.Join(strings.Fields(name), " "), in)
		if name == columnCount && count < 0 {
			count = i
		} else if slices.Contains(h.columns, name) || name == columnCount {
			return nil, problem.Problem{File: file, Line: 1, Column: i + 1, What: fmt.Sprintf("a second column is called %q", name), Hint: "remove or rename one of them"}
		}
		h.columns = append(h.columns, name)
	}
	if count < 0 {
		return nil, problem.Problem{File: file, Line: 1, What: "no column is called headcount", Hint: problem.DidYouMean(columnCount, h.columns, "the file needs a column headcount and one for each thing it is counted by, such as department")}
	}
	h.columns = slices.Delete(h.columns, count, count+1)
	if err := h.read(file, reader, count); err != nil {
		return nil, err
	}
	return h, nil
}

// canonicalColumn names an attribute's column by its kind or id.
func canonicalColumn(name string, in *instrument.Instrument) string {
	for _, a := range in.Attributes {
		if survey.Fold(name) != survey.Fold(a.ID) && survey.Fold(name) != survey.Fold(a.Text) {
			continue
		}
		switch a.Kind {
		case instrument.KindClient:
			return columnClient
		case instrument.KindWave:
			return columnWave
		case instrument.KindHeadcount:
			return columnCount
		default:
			return a.ID
		}
	}
	for _, known := range []string{columnClient, columnWave, columnCount} {
		if survey.Fold(name) == known {
			return known
		}
	}
	return name
}

func (h *Headcounts) read(file string, reader *survey.Reader, count int) error {
	var faults problem.List
	seen := map[string]int{}
	for {
		row, err := reader.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		people, err := strconv.ParseInt(string(bytes.TrimSpace(row.Cells[count])), 10, 32)
		if err != nil || people < 0 {
			faults.Add(problem.Problem{File: file, Line: row.Line, Column: count + 1, What: "a headcount must be a whole number, 0 or more"})
			continue
		}
		var values []string
		for i, cell := range row.Cells[:len(h.columns)+1] {
			if i != count {
				values = append(values, strings.Join(strings.Fields(string(cell)), " "))
			}
		}
		id := strings.Join(values, "\x1f")
		if first, twice := seen[id]; twice {
			faults.Add(problem.Problem{File: file, Line: row.Line, What: fmt.Sprintf("counts the same people as line %d", first), Hint: "keep one of the two rows"})
			continue
		}
		seen[id] = row.Line
		h.rows = append(h.rows, headcountRow{values, people, row.Line})
	}
	return faults.Err()
}

// Count returns how many people of a client were asked in a wave, in the group
// whose columns by have the values key; all people when by is empty. It is not
// known, and ok is false, when the file does not count by one of the columns
// or has no such row.
//
// A row with a blank cell counts everybody, so it is used where nothing finer
// is asked, and never added to its own parts.
func (h *Headcounts) Count(client, wave string, by, key []string) (people int64, ok bool) {
	if h == nil {
		return 0, false
	}
	want := make([]string, len(h.columns)) // "" where nothing is asked
	for i, column := range h.columns {
		switch column {
		case columnClient:
			want[i] = client
		case columnWave:
			want[i] = wave
		}
	}
	for i, column := range by {
		at := slices.IndexFunc(h.columns, func(c string) bool { return survey.Fold(c) == survey.Fold(column) })
		if at < 0 || key[i] == "" {
			return 0, false
		}
		want[at] = key[i]
	}
	return h.sum(want)
}

// sum adds up the rows that agree with want in every column that is asked for,
// leaving out those that another of them counts already.
func (h *Headcounts) sum(want []string) (people int64, ok bool) {
	rows := h.rows
	for i, column := range h.columns {
		rows = h.matching(rows, i, column, want[i])
	}
	for i, r := range rows {
		part := slices.ContainsFunc(rows, func(o headcountRow) bool { return o.counts(r) })
		if !part {
			people += rows[i].people
		}
	}
	return people, len(rows) > 0
}

// matching keeps the rows that fit what is asked of one column. Waves and
// clients are never added up: without one to ask for, the count is known only
// when the file has just one.
func (h *Headcounts) matching(rows []headcountRow, at int, column, want string) []headcountRow {
	single := column == columnClient || column == columnWave
	switch {
	case want == "" && !single:
		return rows
	case want == "" && single:
		if all := withValue(rows, at, ""); len(all) > 0 {
			return all
		}
		if len(rows) > 0 && len(withValue(rows, at, rows[0].values[at])) == len(rows) {
			return rows
		}
		return nil
	}
	exact := withValue(rows, at, want)
	if len(exact) == 0 && single {
		return withValue(rows, at, "")
	}
	return exact
}

// counts reports whether the people of row o are among those of row r: r is
// blank, for all, in some columns and the same in the others.
func (r headcountRow) counts(o headcountRow) bool {
	wider := false
	for i, v := range r.values {
		switch {
		case v == o.values[i]:
		case v == "":
			wider = true
		default:
			return false
		}
	}
	return wider
}

func withValue(rows []headcountRow, column int, value string) []headcountRow {
	var out []headcountRow
	for _, r := range rows {
		if r.values[column] == value {
			out = append(out, r)
		}
	}
	return out
}

// Strange lists the rows whose people nobody in the survey belongs to: a name
// that is spelled in another way, or a group from which nobody answered. known
// gives the values that the survey has in a column (client, wave, or an
// attribute's id or column's name), and whether the survey was asked for it.
func (h *Headcounts) Strange(known func(column string) (values []string, asked bool)) []problem.Problem {
	if h == nil {
		return nil
	}
	var out []problem.Problem
	for _, r := range h.rows {
		for i, v := range r.values {
			values, asked := known(h.columns[i])
			if v == "" || !asked || slices.Contains(values, v) {
				continue
			}
			out = append(out, problem.Problem{File: h.file, Line: r.line,
				What: fmt.Sprintf("nobody answered from %s %q", h.columns[i], v), Hint: problem.DidYouMean(v, values, "")})
			break
		}
	}
	return out
}
