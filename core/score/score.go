// Package score turns survey answers into raw results: for each client and
// wave the exact sums of all respondents and of each group, and every figure
// that follows from them.
//
// Raw results name small groups. They stay inside the process: only
// core/disclosure makes of them what may be published.
package score

import (
	"context"
	"errors"
	"io"
	"maps"
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
	// Also lists further columns by which people are told apart where the files
	// have them, so that what they add up to can be compared with other groups.
	// No group is made of them.
	Also []string
	// Client and Wave hold for all rows when not empty; a row that names
	// another is an error.
	Client, Wave string
	ClientFrom   ClientFrom
	// ClientColumn and WaveColumn replace the columns that are taken
	// automatically; see survey.Request.
	ClientColumn, WaveColumn string
	// Reading says how files are read: dialect, encoding, sheet, mapping and
	// the like. What the other options say goes before what stands in it.
	Reading survey.Request
	// Missing is the policy by which scores are made where one person's scores
	// are set against each other. The figures of a dimension can follow another
	// policy later.
	Missing instrument.MissingPolicy
	// LongRun is from how many same answers in a row a respondent counts as
	// careless; DefaultLongRun gives one.
	LongRun int
	// ExcludeCareless leaves such respondents out.
	ExcludeCareless bool
	// Match brings the rows of one person together, by the respondent's id: the
	// latest counts where there are several in a wave, and waves are compared by
	// the people who answered in both. It takes memory for each row, see
	// MatchBytes, and one worker.
	Match bool
	// Part says that what is read is a part of a survey: what can be judged of
	// the whole only is left to MergePartials.
	Part bool
	// Workers is how many goroutines count rows. The result does not depend on
	// it.
	Workers int
	// Progress, when set, is called now and then with the rows of all files
	// read so far.
	Progress func(rows int64)
}

// Assessment is the raw result of one client and wave.
type Assessment struct {
	Client, Wave string
	Total        *Sums
	Groupings    []Grouping // parallel to Options.By, after Canonical
	// Atoms are the finest groups: the people who share the values of every
	// column of every grouping. Each group, and the total, is a union of them.
	Atoms    []*Sums
	Columns  []string      // the different columns of all groupings, in order, then those of Options.Also
	AtomKeys [][]string    // parallel to Atoms; a value for each of Columns
	Whole    *Whole        // what is told of everybody together only
	Sources  []SourceCount // sorted by name, each once
	Panel    *Panel        // against the wave before, when people are matched
	Tally
}

// SourceCount says how many respondents of an assessment a file of that base
// name holds. A file of one person may be called like them.
type SourceCount struct {
	Name   string
	People int64
}

// Grouping holds the groups of one entry of Options.By.
type Grouping struct {
	By     []string
	Groups []Group // sorted by key
}

// Group is the people who share a key.
type Group struct {
	Key   []string // parallel to By; "" means not stated
	Sums  *Sums
	Atoms []int // indexes in Assessment.Atoms, ascending
}

// Result is the outcome of a run.
type Result struct {
	Assessments []*Assessment // sorted by client, then wave
	Files       []FileReport  // in the order of the sources, those that were read
	// Lacking lists those of Options.Also that some file has no column for.
	Lacking []string
}

// FileReport says what was found in one file.
type FileReport struct {
	Path     string
	Format   survey.Format
	Rows     int64
	LeftOut  []survey.LeftOut // rows that the survey tool marks as not to be counted
	Unused   []string         // headers of columns that nothing asked for
	Bad      survey.Bad
	NoClient int64 // rows left out because their client is blank
	NoWave   int64 // rows left out because their wave is blank
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
	opt = opt.withDefaults()
	if opt.Match {
		opt.Workers = 1
	}
	r := newRun(opt)
	if opt.Match {
		roster, err := newRoster(r.layout)
		if err != nil {
			return nil, err
		}
		r.roster = roster
		defer roster.sorter.close()
	}
	if err := checkNames(sources, opt); err != nil {
		return nil, err
	}
	if err := checkStems(sources, opt.ClientFrom); err != nil {
		return nil, err
	}
	res := &Result{}
	spoiled := map[string]bool{}
	faults, err := r.files(ctx, sources, res, spoiled)
	if err != nil {
		return nil, err
	}
	var panels map[cellKey]*Panel
	if r.roster != nil {
		var twice map[string]problem.Problem
		if panels, twice, err = r.roster.settle(ctx); err != nil {
			return nil, errors.Join(append(faults, err)...)
		}
		for _, client := range slices.Sorted(maps.Keys(twice)) {
			if !spoiled[client] {
				faults = append(faults, twice[client])
			}
			spoiled[client] = true
		}
	}
	if len(faults) == 0 || opt.ClientFrom != ClientFromNothing {
		res.Assessments = r.collect().assessments(r.layout, opt.By, r.columns, spoiled)
		res.Lacking = r.lacking
		addPanels(r, res.Assessments, panels)
	}
	if opt.Part {
		return res, errors.Join(faults...)
	}
	if err := checkColumns(opt.By, res.Assessments); err != nil {
		return nil, errors.Join(append(faults, err)...)
	}
	return res, errors.Join(faults...)
}

// files reads all sources. It returns what is wrong with each and marks the
// clients it may belong to as spoiled; the error is that of the context.
func (r *run) files(ctx context.Context, sources []Source, res *Result, spoiled map[string]bool) (faults []error, err error) {
	for _, src := range sources {
		client := r.opt.client(src)
		rep, err := r.file(ctx, src, client)
		if cause := context.Cause(ctx); cause != nil {
			return nil, cause
		}
		if err != nil {
			faults = append(faults, err)
			spoiled[client] = true
			continue
		}
		res.Files = append(res.Files, *rep)
	}
	return faults, nil
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
