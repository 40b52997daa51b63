package scorm

import (
	"slices"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/exporters/internal/learning"
)

// finding is what one assessment says about a department, or about everybody.
type finding struct {
	Title     string
	When      string // "September 30, 2026"; may be empty
	HighIsBad bool
	Own       bool  // of the department itself; otherwise of everybody, for want of such
	People    int64 // who answered, as far as each result goes the same; 0 when not
	Rows      []row
	Gaps      []row // to work on, the most pressing first
	Best      []row // what stands out as good
	Compared  bool  // rows say where everybody stands
}

// row is one result.
type row struct {
	ID           string // of the dimension
	Title, About string
	Shown        int // percent of scale, as people read it
	Band         string
	Weak         bool
	Everybody    int // percent of scale of all people; -1: not known
}

// findings are what the latest assessments found for a department, nil for everybody.
func findings(c *learning.Client, d *learning.Department) []finding {
	var made []finding
	for _, a := range c.Assessments {
		if !a.Latest {
			continue
		}
		everybody := a.Everybody()
		of, own := everybody, true
		if d != nil {
			of = slices.DeleteFunc(slices.Clone(a.Scores), func(s learning.Score) bool { return s.Department != d })
			if own = len(of) > 0; !own {
				of = everybody
			}
		}
		if len(of) > 0 {
			made = append(made, newFinding(a, of, everybody, own, d != nil && own))
		}
	}
	return made
}

func newFinding(a *learning.Assessment, of, everybody []learning.Score, own, compare bool) finding {
	in := &a.Body.Instrument
	f := finding{Title: line(in.Title), When: day(a.Record.AsOf), HighIsBad: in.HighIsBad(), Own: own, People: of[0].N}
	for _, s := range of {
		r := row{ID: s.Dimension.ID, Title: line(s.Dimension.Title), About: line(s.Dimension.About), Shown: in.Rounded(s.Percent), Band: line(s.Band), Weak: s.Weak, Everybody: -1}
		if compare {
			r.Everybody = shownOf(in, everybody, s.Dimension.ID)
		}
		f.Compared = f.Compared || r.Everybody >= 0
		f.Rows = append(f.Rows, r)
		if s.N != f.People {
			f.People = 0
		}
	}
	f.Gaps = f.weak()
	f.Best = f.best()
	return f
}

func shownOf(in *record.Instrument, all []learning.Score, dimension string) int {
	for _, s := range all {
		if s.Dimension.ID == dimension {
			return in.Rounded(s.Percent)
		}
	}
	return -1
}

// good is how good a result is, from 0 to 100, whichever way the scale runs.
func (f finding) good(r row) int {
	if f.HighIsBad {
		return 100 - r.Shown
	}
	return r.Shown
}

func (f finding) weak() []row {
	var weak []row
	for _, r := range f.Rows {
		if r.Weak {
			weak = append(weak, r)
		}
	}
	slices.SortStableFunc(weak, func(a, b row) int { return f.good(a) - f.good(b) })
	return weak
}

// best are the results that are as good as it gets here, unless all are, or are weak.
func (f finding) best() []row {
	var best []row
	for _, r := range f.Rows {
		switch {
		case r.Weak || len(best) > 0 && f.good(r) < f.good(best[0]):
			continue
		case len(best) > 0 && f.good(r) > f.good(best[0]):
			best = nil
		}
		best = append(best, r)
	}
	if len(best) == len(f.Rows) {
		return nil
	}
	return best
}
