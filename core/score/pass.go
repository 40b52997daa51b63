package score

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/problem"
	"github.com/firstcall-cli/firstcall/core/survey"
)

// run is a pass under way.
type run struct {
	opt    Options
	layout *layout
	cells  map[cellKey]*building
	rows   int64

	columns []string // the different columns of all groupings
	places  [][]int  // for each grouping and column of it: index in columns

	key   []string // of the current row, parallel to columns
	id    []byte   // the same as one text
	keyed []int32
}

// lay finds the different columns of the groupings.
func (r *run) lay() {
	for _, by := range r.opt.By {
		var at []int
		for _, column := range by {
			i := slices.Index(r.columns, column)
			if i < 0 {
				i = len(r.columns)
				r.columns = append(r.columns, column)
			}
			at = append(at, i)
		}
		r.places = append(r.places, at)
	}
	r.key = make([]string, len(r.columns))
	r.keyed = make([]int32, len(r.layout.items))
}

type cellKey struct{ client, wave string }

// building is an assessment under way. Respondents are counted in their atom
// only; groups and total are added up at the end.
type building struct {
	a       *Assessment
	atoms   map[string]*atom
	sources map[string]int64
}

// atom is one of the finest groups.
type atom struct {
	key  []string // parallel to run.columns
	sums *Sums
}

func (r *run) at(key cellKey) *building {
	b, ok := r.cells[key]
	if !ok {
		b = &building{
			a:       &Assessment{Client: key.client, Wave: key.wave},
			atoms:   map[string]*atom{},
			sources: map[string]int64{},
		}
		r.cells[key] = b
	}
	return b
}

// progressEvery is how many rows pass between two looks at the context.
const progressEvery = 4096

// file reads one source to its end.
func (r *run) file(ctx context.Context, src Source, client string) (*FileReport, error) {
	f, err := src.Open()
	if err != nil {
		return nil, fmt.Errorf("read answers: %w", err)
	}
	defer f.Close()
	rows, err := survey.Open(src.Path, f, survey.Request{
		Instrument: r.opt.Instrument, By: r.opt.By, ClientColumn: r.opt.ClientColumn, WaveColumn: r.opt.WaveColumn,
	})
	if err != nil {
		return nil, err
	}
	rep := &FileReport{Path: src.Path}
	for {
		person, err := rows.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		rep.Rows++
		if r.rows++; r.rows%progressEvery == 0 {
			if ctx.Err() != nil {
				return nil, context.Cause(ctx)
			}
			if r.opt.Progress != nil {
				r.opt.Progress(r.rows)
			}
		}
		if err := r.person(src, client, rows.Mapping(), person, rep); err != nil {
			return nil, err
		}
	}
	if rep.Rows == 0 {
		return nil, problem.Problem{File: src.Path, What: "holds a heading row and no answers", Hint: "was the survey exported before anybody answered?"}
	}
	if err := rep.allLeftOut(); err != nil {
		return nil, err
	}
	rep.Unused, rep.Bad = rows.Mapping().Unused, rows.Bad()
	return rep, nil
}

// allLeftOut reports a file of which no row counts, because a column that
// should tell them apart is blank throughout.
func (rep *FileReport) allLeftOut() error {
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

// person counts one row.
func (r *run) person(src Source, client string, m *survey.Mapping, p *survey.Respondent, rep *FileReport) error {
	key := cellKey{client, r.opt.Wave}
	for _, part := range []struct {
		what, row string
		has       bool
		fixed     *string
		blank     *int64
	}{
		{"client", p.Client, m.Client >= 0, &key.client, &rep.NoClient},
		{"wave", p.Wave, m.Wave >= 0, &key.wave, &rep.NoWave},
	} {
		switch {
		case !part.has, part.row == "" && *part.fixed != "", part.row == *part.fixed && part.row != "":
		case part.row == "":
			*part.blank++
			return nil
		case *part.fixed != "":
			return problem.Problem{File: src.Path, Line: p.Line,
				What: fmt.Sprintf("this row names another %s than %q, which holds for the whole file", part.what, *part.fixed),
				Hint: fmt.Sprintf("leave --%s out and let the column tell, or name the right column with --%s-column", part.what, part.what)}
		default:
			*part.fixed = part.row
		}
	}
	b := r.at(key)
	b.a.Rows++
	if !slices.ContainsFunc(p.Answers, func(x int32) bool { return x != survey.Missing }) {
		b.a.NoAnswers++
		return nil
	}
	b.sources[src.Name()]++
	b.a.Unusable += int64(p.Bad)
	b.atom(r, p).add(r.layout, p.Answers, r.keyed)
	return nil
}

// atom finds the sums of the row's finest group.
func (b *building) atom(r *run, p *survey.Respondent) *Sums {
	for g, at := range r.places {
		for k, i := range at {
			r.key[i] = p.Groups[g][k]
		}
	}
	r.id = r.id[:0]
	for _, value := range r.key {
		r.id = append(append(r.id, value...), '\x1f') // values hold no control characters
	}
	if a, ok := b.atoms[string(r.id)]; ok {
		return a.sums
	}
	a := &atom{key: slices.Clone(r.key), sums: r.layout.newSums()}
	b.atoms[string(r.id)] = a
	return a.sums
}

// finish puts the assessments in order, without the spoiled clients.
func (r *run) finish(spoiled map[string]bool) []*Assessment {
	var out []*Assessment
	for _, b := range r.cells {
		if spoiled[b.a.Client] {
			continue
		}
		r.addUp(b)
		for name, people := range b.sources {
			b.a.Sources = append(b.a.Sources, SourceCount{name, people})
		}
		slices.SortFunc(b.a.Sources, func(x, y SourceCount) int { return cmp.Compare(x.Name, y.Name) })
		out = append(out, b.a)
	}
	slices.SortFunc(out, func(x, y *Assessment) int {
		return cmp.Or(cmp.Compare(x.Client, y.Client), cmp.Compare(x.Wave, y.Wave))
	})
	return out
}

// addUp makes the total and the groups of the atoms.
func (r *run) addUp(b *building) {
	atoms := make([]*atom, 0, len(b.atoms))
	for _, a := range b.atoms {
		atoms = append(atoms, a)
	}
	slices.SortFunc(atoms, func(x, y *atom) int { return slices.Compare(x.key, y.key) })
	b.a.Total = r.layout.newSums()
	for _, a := range atoms {
		b.a.Atoms = append(b.a.Atoms, a.sums)
		b.a.Total.Merge(a.sums)
	}
	for g, by := range r.opt.By {
		groups := map[string]*Group{}
		for i, a := range atoms {
			key := make([]string, len(by))
			for k, at := range r.places[g] {
				key[k] = a.key[at]
			}
			id := strings.Join(key, "\x1f")
			if groups[id] == nil {
				groups[id] = &Group{Key: key, Sums: r.layout.newSums()}
			}
			groups[id].Sums.Merge(a.sums)
			groups[id].Atoms = append(groups[id].Atoms, i)
		}
		out := Grouping{By: by}
		for _, group := range groups {
			out.Groups = append(out.Groups, *group)
		}
		slices.SortFunc(out.Groups, func(x, y Group) int { return slices.Compare(x.Key, y.Key) })
		b.a.Groupings = append(b.a.Groupings, out)
	}
}
