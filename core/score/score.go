// Package score turns survey answers into raw results: for each client and
// wave the exact sums of all respondents and of each group, and every figure
// that follows from them.
//
// Raw results name small groups. They stay inside the process: only
// core/disclosure makes of them what may be published.
package score

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/problem"
	"github.com/firstcall-cli/firstcall/core/survey"
)

// Source is one file of answers.
type Source struct {
	Path string // as the user named it; "-" is standard input
	Open func() (io.ReadCloser, error)
}

// Name is the source's base name, for records.
func (s Source) Name() string { return filepath.Base(s.Path) }

// ClientFrom says which part of a file's path is its client.
type ClientFrom string

const (
	ClientFromNothing ClientFrom = ""     // the column, or Options.Client
	ClientFromDir     ClientFrom = "dir"  // the name of the folder that holds the file
	ClientFromStem    ClientFrom = "stem" // the name of the file without its ending
)

// Options say what is scored and how.
type Options struct {
	Instrument *instrument.Instrument
	// By lists the groupings: each one column, or several that are crossed.
	By [][]string
	// Client and Wave hold for all rows when not empty; a row that names
	// another is an error.
	Client, Wave string
	ClientFrom   ClientFrom
	// ClientColumn and WaveColumn replace the columns that are taken
	// automatically; see survey.Request.
	ClientColumn, WaveColumn string
	// Progress, when set, is called now and then with the rows read so far.
	Progress func(rows int64)
}

// Assessment is the raw result of one client and wave.
type Assessment struct {
	Client, Wave string
	Total        *Sums
	Groupings    []Grouping // parallel to Options.By, after Canonical
	Sources      []string   // base names, sorted, each once
	Rows         int64      // rows read
	NoAnswers    int64      // rows left out because no item is answered
	Unusable     int64      // answers of the respondents that are off the scale, counted as missing
}

// Grouping holds the groups of one entry of Options.By.
type Grouping struct {
	By     []string
	Groups []Group // sorted by key
}

// Group is the people who share a key.
type Group struct {
	Key  []string // parallel to By; "" means not stated
	Sums *Sums
}

// Result is the outcome of a run.
type Result struct {
	Assessments []*Assessment // sorted by client, then wave
	Files       []FileReport  // in the order of the sources, those that were read
}

// FileReport says what was found in one file.
type FileReport struct {
	Path     string
	Rows     int64
	Unused   []string // headers of columns that nothing asked for
	Bad      survey.Bad
	NoClient int64 // rows left out because their client is blank
	NoWave   int64 // rows left out because their wave is blank
}

// Canonical brings the names of groupings into one spelling: an attribute's
// id where one is meant, else the spelling used first; a grouping asked for
// twice, in any order of its columns, is kept once.
func Canonical(in *instrument.Instrument, by [][]string) [][]string {
	spelling := map[string]string{}
	for _, a := range in.Attributes {
		spelling[strings.ToLower(a.ID)] = a.ID
		spelling[strings.ToLower(a.Text)] = a.ID
	}
	var out [][]string
	seen := map[string]bool{}
	for _, names := range by {
		var canonical []string
		for _, n := range names {
			folded := strings.ToLower(strings.Join(strings.Fields(n), " "))
			if spelling[folded] == "" {
				spelling[folded] = n
			}
			if s := spelling[folded]; !slices.Contains(canonical, s) {
				canonical = append(canonical, s)
			}
		}
		id := strings.Join(slices.Sorted(slices.Values(canonical)), "\x1f")
		if !seen[id] {
			seen[id] = true
			out = append(out, canonical)
		}
	}
	return out
}

// Run reads all sources in one pass and sums them up. The result does not
// depend on the order of sources or rows.
//
// When a file can't be read, the figures of the clients it may belong to
// would be wrong: with ClientFrom its own client is left out of the result,
// otherwise all are. The error then joins what is wrong with each file, as
// problems or wrapped errors of the file system.
func Run(ctx context.Context, sources []Source, opt Options) (*Result, error) {
	opt.By = Canonical(opt.Instrument, opt.By)
	r := &run{opt: opt, layout: newLayout(opt.Instrument), cells: map[cellKey]*building{}}
	if err := checkStems(sources, opt.ClientFrom); err != nil {
		return nil, err
	}
	res := &Result{}
	spoiled := map[string]bool{}
	var faults []error
	for _, src := range sources {
		client := opt.client(src)
		rep, err := r.file(ctx, src, client)
		if err := context.Cause(ctx); err != nil {
			return nil, err
		}
		if err != nil {
			faults = append(faults, err)
			spoiled[client] = true
			continue
		}
		res.Files = append(res.Files, *rep)
	}
	if len(faults) == 0 || opt.ClientFrom != ClientFromNothing {
		res.Assessments = r.finish(spoiled)
	}
	return res, errors.Join(faults...)
}

// client is the client of all rows of a source, or "" when a column tells.
func (o Options) client(src Source) string {
	switch o.ClientFrom {
	case ClientFromStem:
		name := src.Name()
		return strings.TrimSuffix(name, filepath.Ext(name))
	case ClientFromDir:
		abs, err := filepath.Abs(src.Path)
		if err != nil {
			abs = src.Path
		}
		return filepath.Base(filepath.Dir(abs))
	default:
		return o.Client
	}
}

// checkStems refuses two files that would become the same client by accident.
func checkStems(sources []Source, from ClientFrom) error {
	if from != ClientFromStem {
		return nil
	}
	first := map[string]string{}
	var faults problem.List
	for _, s := range sources {
		client := Options{ClientFrom: from}.client(s)
		if other, taken := first[client]; taken {
			faults.Add(problem.Problem{File: s.Path, What: fmt.Sprintf("client %q is already the name of %s", client, other),
				Hint: "rename one of the files, or use --client-from dir"})
			continue
		}
		first[client] = s.Path
	}
	return faults.Err()
}

// run is a pass under way.
type run struct {
	opt    Options
	layout *layout
	cells  map[cellKey]*building
	keyed  []int32
}

type cellKey struct{ client, wave string }

// building is an assessment under way.
type building struct {
	a       *Assessment
	groups  []map[string]*Group // parallel to By
	sources map[string]bool
}

func (r *run) at(key cellKey) *building {
	if b, ok := r.cells[key]; ok {
		return b
	}
	b := &building{
		a:       &Assessment{Client: key.client, Wave: key.wave, Total: r.layout.newSums()},
		sources: map[string]bool{},
	}
	for range r.opt.By {
		b.groups = append(b.groups, map[string]*Group{})
	}
	r.cells[key] = b
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
		if rep.Rows++; rep.Rows%progressEvery == 0 {
			if ctx.Err() != nil {
				return nil, context.Cause(ctx)
			}
			if r.opt.Progress != nil {
				r.opt.Progress(rep.Rows)
			}
		}
		if err := r.person(src, client, rows.Mapping(), person, rep); err != nil {
			return nil, err
		}
	}
	if rep.Rows == 0 {
		return nil, problem.Problem{File: src.Path, What: "holds a heading row and no answers", Hint: "was the survey exported before anybody answered?"}
	}
	rep.Unused, rep.Bad = rows.Mapping().Unused, rows.Bad()
	return rep, nil
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
	b.sources[src.Name()] = true
	b.a.Rows++
	if !slices.ContainsFunc(p.Answers, func(x int32) bool { return x != survey.Missing }) {
		b.a.NoAnswers++
		return nil
	}
	if r.keyed == nil {
		r.keyed = make([]int32, len(p.Answers))
	}
	b.a.Unusable += int64(p.Bad)
	b.a.Total.add(r.layout, p.Answers, r.keyed)
	for i, groups := range b.groups {
		id := strings.Join(p.Groups[i], "\x1f")
		g, ok := groups[id]
		if !ok {
			g = &Group{Key: slices.Clone(p.Groups[i]), Sums: r.layout.newSums()}
			groups[id] = g
		}
		g.Sums.add(r.layout, p.Answers, r.keyed)
	}
	return nil
}

// finish puts the assessments in order, without the spoiled clients.
func (r *run) finish(spoiled map[string]bool) []*Assessment {
	var out []*Assessment
	for _, b := range r.cells {
		if spoiled[b.a.Client] {
			continue
		}
		for i, by := range r.opt.By {
			g := Grouping{By: by}
			for _, group := range b.groups[i] {
				g.Groups = append(g.Groups, *group)
			}
			slices.SortFunc(g.Groups, func(x, y Group) int { return slices.Compare(x.Key, y.Key) })
			b.a.Groupings = append(b.a.Groupings, g)
		}
		for name := range b.sources {
			b.a.Sources = append(b.a.Sources, name)
		}
		slices.Sort(b.a.Sources)
		out = append(out, b.a)
	}
	slices.SortFunc(out, func(x, y *Assessment) int {
		return cmp.Or(cmp.Compare(x.Client, y.Client), cmp.Compare(x.Wave, y.Wave))
	})
	return out
}
