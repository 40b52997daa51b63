package score

import (
	"cmp"
	"context"
	"slices"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
)

// This file puts together what is counted in naive_test.go.

// run is a person's longest run of one answer.
func (n *naive) run(p person) (longest int) {
	asked := len(n.items) - len(n.in.Outcomes)
	for i := range asked {
		if n.items[i].Continuous {
			return 0 // no runs are counted at all
		}
	}
	for i := range asked {
		for j := i; j < asked && p.answers[j].ok && p.answers[j].x == p.answers[i].x; j++ {
			longest = max(longest, j-i+1)
		}
	}
	return longest
}

// assessments is what score.Run should come to, for files that are all called
// answers.csv.
func (n *naive) assessments() []*Assessment {
	by := Canonical(n.in, n.opt.By)
	columns := []string{}
	for _, names := range by {
		for _, name := range names {
			if !slices.Contains(columns, name) {
				columns = append(columns, name)
			}
		}
	}
	var keys []cellKey
	cells := map[cellKey][]person{}
	for _, p := range n.people {
		if p.client == "" && slices.ContainsFunc(n.people, func(o person) bool { return o.client != "" }) ||
			p.wave == "" && slices.ContainsFunc(n.people, func(o person) bool { return o.wave != "" }) {
			continue
		}
		key := cellKey{p.client, p.wave}
		if cells[key] == nil {
			keys = append(keys, key)
		}
		cells[key] = append(cells[key], p)
	}
	slices.SortFunc(keys, func(a, b cellKey) int {
		return cmp.Or(cmp.Compare(a.client, b.client), record.CompareNatural(a.wave, b.wave))
	})
	var out []*Assessment
	for _, key := range keys {
		out = append(out, n.assessment(key, cells[key], by, columns))
	}
	return out
}

func (p person) value(column string) string {
	if column == "role" {
		return p.role
	}
	return p.department
}

func (n *naive) assessment(key cellKey, people []person, by [][]string, columns []string) *Assessment {
	a := &Assessment{Client: key.client, Wave: key.wave}
	var counted []person
	var runs []int
	for _, p := range people {
		a.Rows++
		run := n.run(p)
		switch {
		case !slices.ContainsFunc(p.answers, func(g given) bool { return g.ok }):
			a.NoAnswers++
			continue
		case n.opt.ExcludeCareless && run >= n.opt.withDefaults().LongRun:
			a.Excluded++
		default:
			counted = append(counted, p)
			for _, g := range p.answers {
				if g.bad {
					a.Unusable++
				}
			}
		}
		runs = append(runs, run)
	}
	a.Total, a.Whole = n.sums(counted), n.whole(counted, runs)
	split := func(names []string) (keys [][]string, parts [][]person) {
		for _, p := range counted {
			key := []string{}
			for _, name := range names {
				key = append(key, p.value(name))
			}
			at := slices.IndexFunc(keys, func(k []string) bool { return slices.Equal(k, key) })
			if at < 0 {
				at, keys, parts = len(keys), append(keys, key), append(parts, nil)
			}
			parts[at] = append(parts[at], p)
		}
		order := slices.Clone(keys)
		slices.SortFunc(order, slices.Compare)
		var sorted [][]person
		for _, key := range order {
			sorted = append(sorted, parts[slices.IndexFunc(keys, func(k []string) bool { return slices.Equal(k, key) })])
		}
		return order, sorted
	}
	atoms, parts := split(columns)
	if a.AtomKeys = atoms; len(columns) > 0 {
		a.Columns = columns
	}
	for _, part := range parts {
		a.Atoms = append(a.Atoms, n.sums(part))
	}
	for _, names := range by {
		g := Grouping{By: names}
		keys, parts := split(names)
		for i, key := range keys {
			group := Group{Key: key, Sums: n.sums(parts[i])}
			for at, atom := range atoms {
				same := true
				for k, name := range names {
					same = same && atom[slices.Index(columns, name)] == key[k]
				}
				if same {
					group.Atoms = append(group.Atoms, at)
				}
			}
			g.Groups = append(g.Groups, group)
		}
		a.Groupings = append(a.Groupings, g)
	}
	if len(counted) > 0 {
		a.Sources = []SourceCount{{"answers.csv", int64(len(counted))}}
	}
	return a
}

// runWith is Run with compact cells that are emptied after so many rows.
func runWith(t *testing.T, opt Options, most uint32, sources []Source) []*Assessment {
	t.Helper()
	opt.By = Canonical(opt.Instrument, opt.By)
	opt = opt.withDefaults()
	r := newRun(opt)
	r.layout.most = most
	for _, src := range sources {
		if _, err := r.file(context.Background(), src, opt.client(src)); err != nil {
			t.Fatal(err)
		}
	}
	return r.collect().assessments(r.layout, opt.By, r.columns, nil)
}
