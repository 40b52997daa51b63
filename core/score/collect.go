package score

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/stats"
	"github.com/firstcall-cli/firstcall/core/survey"
)

// cellKey tells assessments apart.
type cellKey struct{ client, wave string }

// parts holds what was counted of each client and wave, by one worker or by
// all.
type parts map[cellKey]*part

// part is what was counted of one client and wave. Respondents are counted in
// their atom only; groups and total are added up at the end.
type part struct {
	atoms   map[string]*atom
	whole   *Whole
	sources map[string]*int64 // respondents by file
	tally   Tally
}

// Tally counts the rows of a client and wave.
type Tally struct {
	Rows      int64 `json:"rows"`       // rows read
	NoAnswers int64 `json:"no_answers"` // rows left out because no item is answered
	Excluded  int64 `json:"excluded"`   // rows left out because they look careless, on request
	Repeated  int64 `json:"repeated"`   // rows left out because the same person answered again later
	Unusable  int64 `json:"unusable"`   // answers of the respondents that are off the scale, counted as missing
}

func (t *Tally) merge(o Tally) {
	t.Rows += o.Rows
	t.NoAnswers += o.NoAnswers
	t.Excluded += o.Excluded
	t.Repeated += o.Repeated
	t.Unusable += o.Unusable
}

// atom is one of the finest groups.
type atom struct {
	key  []string // parallel to run.columns
	cell cell
}

func (ps parts) at(l *layout, key cellKey) *part {
	p, ok := ps[key]
	if !ok {
		p = &part{atoms: map[string]*atom{}, whole: l.newWhole(), sources: map[string]*int64{}}
		ps[key] = p
	}
	return p
}

// source finds the number of respondents from a file.
func (p *part) source(name string) *int64 {
	if p.sources[name] == nil {
		p.sources[name] = new(int64)
	}
	return p.sources[name]
}

// atom finds the cell of a finest group.
func (p *part) atom(key []string) *cell {
	id := strings.Join(key, "\x1f") // values hold no control characters
	a, ok := p.atoms[id]
	if !ok {
		a = &atom{key: append([]string{}, key...)}
		p.atoms[id] = a
	}
	return &a.cell
}

// count counts one row, and reports whether it is among the respondents.
func (l *leaf) count(w *worker, p *survey.Respondent) bool {
	if l.blank != nothingBlank {
		l.rows++
		return false
	}
	layout, part := w.run.layout, l.part
	part.tally.Rows++
	if !slices.ContainsFunc(p.Answers, func(x int32) bool { return x != survey.Missing }) {
		part.tally.NoAnswers++
		return false
	}
	if layout.runs && part.careless(layout, p) && w.run.opt.ExcludeCareless {
		part.tally.Excluded++
		return false
	}
	*l.source++
	part.tally.Unusable += int64(p.Bad)
	l.cell.add(layout, p, w.row)
	part.whole.add(layout, p, w.row)
	return true
}

// careless reports whether a respondent gave a long run of one answer, and
// keeps count of it.
func (p *part) careless(l *layout, who *survey.Respondent) bool {
	c := &p.whole.Careless
	run := int32(stats.LongestRun(who.Answers[:l.asked], survey.Missing, int(min(c.Longest, l.longRun-1))))
	c.Longest = max(c.Longest, run)
	if run < l.longRun {
		return false
	}
	c.LongRuns++
	return true
}

// merge adds what another worker counted, and leaves that unfit for use.
func (ps parts) merge(l *layout, o parts) {
	for key, from := range o {
		to := ps.at(l, key)
		to.tally.merge(from.tally)
		to.whole.Merge(from.whole)
		for name, people := range from.sources {
			*to.source(name) += *people
		}
		for id, a := range from.atoms {
			a.cell.empty(l)
			if have, ok := to.atoms[id]; !ok || have.cell.sums == nil {
				to.atoms[id] = a
			} else if a.cell.sums != nil {
				have.cell.sums.Merge(a.cell.sums)
			}
		}
	}
}

// collect adds up what the workers counted.
func (r *run) collect() parts {
	all := parts{}
	for _, w := range r.workers {
		all.merge(r.layout, w.parts)
	}
	return all
}

// assessments puts them in order, without the spoiled clients.
func (ps parts) assessments(l *layout, by [][]string, columns []string, spoiled map[string]bool) []*Assessment {
	var out []*Assessment
	for key, p := range ps {
		if spoiled[key.client] {
			continue
		}
		a := &Assessment{Client: key.client, Wave: key.wave, Columns: columns, Whole: p.whole, Tally: p.tally}
		p.addUp(l, by, a)
		for _, name := range slices.Sorted(maps.Keys(p.sources)) {
			if people := *p.sources[name]; people > 0 {
				a.Sources = append(a.Sources, SourceCount{name, people})
			}
		}
		out = append(out, a)
	}
	slices.SortFunc(out, func(x, y *Assessment) int {
		return cmp.Or(cmp.Compare(x.Client, y.Client), record.CompareWaves(x.Wave, y.Wave))
	})
	return out
}

// addUp makes the total and the groups of the atoms.
func (p *part) addUp(l *layout, by [][]string, a *Assessment) {
	atoms := slices.SortedFunc(maps.Values(p.atoms), func(x, y *atom) int { return slices.Compare(x.key, y.key) })
	atoms = slices.DeleteFunc(atoms, func(x *atom) bool { return x.cell.sums == nil }) // rows without answers only
	a.Total = l.newSums()
	for _, atom := range atoms {
		a.Atoms = append(a.Atoms, atom.cell.sums)
		a.AtomKeys = append(a.AtomKeys, atom.key)
		a.Total.Merge(atom.cell.sums)
	}
	_, places := lay(by)
	for g, names := range by {
		groups := map[string]*Group{}
		for i, atom := range atoms {
			key := make([]string, len(names))
			for k, at := range places[g] {
				key[k] = atom.key[at]
			}
			id := strings.Join(key, "\x1f")
			if groups[id] == nil {
				groups[id] = &Group{Key: key, Sums: l.newSums()}
			}
			groups[id].Sums.Merge(atom.cell.sums)
			groups[id].Atoms = append(groups[id].Atoms, i)
		}
		out := Grouping{By: names}
		for _, group := range groups {
			out.Groups = append(out.Groups, *group)
		}
		slices.SortFunc(out.Groups, func(x, y Group) int { return slices.Compare(x.Key, y.Key) })
		a.Groupings = append(a.Groupings, out)
	}
}
