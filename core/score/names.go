package score

import (
	"fmt"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/problem"
	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/survey"
)

// This file holds what is decided about the names of groupings, clients and
// waves.

// Canonical brings the names of groupings into one spelling: an attribute's
// id where one is meant, else the spelling used first; a grouping asked for
// twice, in any order of its columns, is kept once.
func Canonical(in *instrument.Instrument, by [][]string) [][]string {
	spelling := map[string]string{}
	for _, a := range in.Attributes {
		spelling[survey.Fold(a.ID)] = a.ID
		spelling[survey.Fold(a.Text)] = a.ID
	}
	var out [][]string
	seen := map[string]bool{}
	for _, names := range by {
		var canonical []string
		for _, n := range names {
			folded := survey.Fold(n)
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

// checkNames refuses ids of clients and names of waves that can't stand in a
// record. Those in columns have been checked by the reader.
func checkNames(sources []Source, opt Options) error {
	var faults problem.List
	check := func(file, what, name string) {
		if err := record.CheckName(name); err != nil {
			faults.Add(problem.Problem{File: file, What: fmt.Sprintf("%s %q can't be used: %v", what, name, err)})
		}
	}
	check("", "client", opt.Client)
	check("", "wave", opt.Wave)
	for _, s := range sources {
		if opt.ClientFrom != ClientFromNothing {
			check(s.Path, "client", opt.client(s))
		}
	}
	return faults.Err()
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

// mostNames is how many different values a column may have before it is looked
// at whether it tells people apart.
const mostNames = 10

// checkColumns refuses a grouping whose column tells people apart, as names
// and addresses do: one in which most people share their value with hardly
// anybody. The values of groups stand in the results, also of those withheld.
func checkColumns(by [][]string, assessments []*Assessment) error {
	var faults problem.List
	columns, places := lay(by)
	for i, column := range columns {
		people := map[string]int64{}
		for g := range by {
			at := slices.Index(places[g], i)
			if at < 0 || len(people) > 0 {
				continue
			}
			for _, a := range assessments {
				for _, group := range a.Groupings[g].Groups {
					people[group.Key[at]] += group.Sums.N
				}
			}
		}
		delete(people, "")
		var all, alone int64
		for _, n := range people {
			all += n
			if n < instrument.MinGroupFloor {
				alone += n
			}
		}
		if len(people) > mostNames && 2*alone > all {
			faults.Add(problem.Problem{What: fmt.Sprintf("column %q can't be a group: most of its %d values belong to one or two people", column, len(people)),
				Hint: "group by something that people share; values of a group stand in the results"})
		}
	}
	return faults.Err()
}

// Values lists the different values that the groups of a column have, in
// order, and whether it was asked to group by that column.
func (r *Result) Values(column string) (values []string, asked bool) {
	for _, a := range r.Assessments {
		for _, g := range a.Groupings {
			at := slices.IndexFunc(g.By, func(c string) bool { return survey.Fold(c) == survey.Fold(column) })
			if at < 0 {
				continue
			}
			asked = true
			for _, group := range g.Groups {
				values = append(values, group.Key[at])
			}
		}
	}
	slices.Sort(values)
	return slices.Compact(values), asked
}

// Lookalikes are values of one column that differ only in case or the like,
// and count as different groups all the same.
type Lookalikes struct {
	Column string
	Values []string // two or more, in order
}

// Lookalikes lists them by column, in the order of the groupings.
func (r *Result) Lookalikes() []Lookalikes {
	var out []Lookalikes
	seen := map[string]bool{}
	for _, a := range r.Assessments {
		for _, g := range a.Groupings {
			for _, column := range g.By {
				if seen[column] {
					continue
				}
				seen[column] = true
				values, _ := r.Values(column)
				slices.SortStableFunc(values, func(x, y string) int { return strings.Compare(survey.Fold(x), survey.Fold(y)) })
				for from := 0; from < len(values); {
					to := from + 1
					for to < len(values) && survey.Fold(values[to]) == survey.Fold(values[from]) {
						to++
					}
					if to-from > 1 {
						out = append(out, Lookalikes{column, values[from:to]})
					}
					from = to
				}
			}
		}
	}
	return out
}
