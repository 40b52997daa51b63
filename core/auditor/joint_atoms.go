package auditor

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

// domain is the sets of people that cells are made of: those who share values of
// some columns and are in a population but not in a smaller one.
type domain struct {
	columns []string
	atoms   []atom
	people  []map[string]int64   // what each measure counts of an atom; nil when not known
	truth   []map[string]*Figure // nil when not known
}

// atom is people who share the values of all columns.
type atom struct {
	values []string
	layer  int // the smallest population they are in
}

// combinationsMost is how many sets of people are looked at together.
const combinationsMost = 200_000

// knownDomain is made of the people that the run counted.
func (a *audit) knownDomain(known *Known) *domain {
	w := &domain{columns: known.Columns}
	layers := len(a.populations)
	if len(known.Atoms)*layers > combinationsMost {
		a.tooMany(known.Columns)
		return nil
	}
	for layer := range layers {
		for _, k := range known.Atoms {
			w.atoms = append(w.atoms, atom{k.Values, layer})
		}
	}
	if layers > 1 {
		return w
	}
	for _, k := range known.Atoms {
		w.people = append(w.people, k.People)
		w.truth = append(w.truth, k.Figures)
	}
	return w
}

// tooMany says that columns can't be looked at together.
func (a *audit) tooMany(columns []string) {
	a.report(a.releases, Finding{Cell: "groups by " + list(columns), Measure: MeasurePeople,
		What: "has too many combinations to check"})
}

// labelDomains are made of what the names of groups tell: columns that are
// crossed, or of which one tells the other, make a domain; domains have nothing
// in common but everybody.
func (a *audit) labelDomains() []*domain {
	var out []*domain
	for _, columns := range a.components() {
		w := &domain{columns: columns}
		for layer := range a.populations {
			e := &enumeration{columns: columns, left: combinationsMost - len(w.atoms), visits: 10 * combinationsMost}
			e.learn(a.populations[layer:])
			e.run(a.ctx)
			if a.ctx.Err() != nil {
				return out
			}
			if e.left < 0 || e.visits < 0 {
				a.tooMany(columns)
				w = nil
				break
			}
			for _, values := range e.found {
				w.atoms = append(w.atoms, atom{values, layer})
			}
		}
		if w != nil {
			out = append(out, w)
		}
	}
	return out
}

// components sorts the columns of all releases by which are tied to which. There
// is always one, be it without columns.
func (a *audit) components() [][]string {
	root := map[string]string{}
	find := func(c string) string {
		for root[c] != c {
			root[c] = root[root[c]]
			c = root[c]
		}
		return c
	}
	for _, r := range a.releases {
		for _, c := range r.Cells {
			for _, column := range c.columns() {
				if _, known := root[column]; !known {
					root[column] = column
				}
				root[find(column)] = find(c.columns()[0])
			}
		}
	}
	sets := map[string][]string{}
	for column := range root {
		sets[find(column)] = append(sets[find(column)], column)
	}
	out := make([][]string, 0, len(sets))
	for _, columns := range sets {
		slices.SortFunc(columns, record.CompareNatural)
		out = append(out, columns)
	}
	slices.SortFunc(out, func(a, b []string) int { return slices.CompareFunc(a, b, record.CompareNatural) })
	if len(out) == 0 {
		out = append(out, nil)
	}
	return out
}

// columns are those that a cell says something of.
func (c Cell) columns() []string {
	out := slices.Clone(c.By[:min(len(c.By), len(c.Key))])
	for _, w := range c.Within {
		out = append(out, w.Column)
	}
	return out
}

// anyValue stands for whatever value people have in a column that no release
// of theirs groups by. Values of columns are never invalid UTF-8.
const anyValue = "\xff"

// enumeration lists the combinations of values that may have people.
type enumeration struct {
	columns []string
	values  [][]string // of each column
	rules   [][]rule   // by the last of the columns they are about
	found   [][]string
	left    int // how many more may be found
	visits  int // and how many looked at
}

// rule is a limit to which values go together.
type rule struct {
	places []int
	listed map[string]bool            // values of these places, where a record lists them all
	column int                        // else the column whose value a group's people share; -1
	shared map[string]map[string]bool // what records tell of that, by the group's values
}

// learn takes values and rules from releases.
func (e *enumeration) learn(populations [][]*Release) {
	values := make([]map[string]bool, len(e.columns))
	for i := range values {
		values[i] = map[string]bool{}
	}
	e.rules = make([][]rule, len(e.columns))
	rules := map[string]*rule{}
	for _, releases := range populations {
		for _, r := range releases {
			for _, c := range r.Cells {
				e.cell(c, values, rules)
			}
		}
	}
	for i := range e.columns {
		e.values = append(e.values, sorted(values[i]))
	}
	for _, id := range sorted(rules) {
		r := *rules[id]
		last := max(slices.Max(r.places), r.column)
		e.rules[last] = append(e.rules[last], r)
	}
}

// cell takes what one cell tells.
func (e *enumeration) cell(c Cell, values []map[string]bool, rules map[string]*rule) {
	by, key := e.ordered(c)
	if len(by) == 0 {
		return
	}
	for i, p := range by {
		values[p][key[i]] = true
	}
	at := func(column int) *rule {
		id := fmt.Sprint(by, column)
		if rules[id] == nil {
			rules[id] = &rule{places: by, column: column, listed: map[string]bool{}, shared: map[string]map[string]bool{}}
		}
		return rules[id]
	}
	if len(by) > 1 {
		at(-1).listed[joined(key)] = true
	}
	for _, w := range c.Within {
		column := slices.Index(e.columns, w.Column)
		if slices.Contains(by, column) {
			continue // the group's own value says it
		}
		values[column][w.Value] = true
		r := at(column)
		if r.shared[joined(key)] == nil {
			r.shared[joined(key)] = map[string]bool{}
		}
		r.shared[joined(key)][w.Value] = true
	}
}

// ordered returns the places of a cell's columns, ascending, and the values;
// nothing when the cell is of other columns.
func (e *enumeration) ordered(c Cell) (by []int, key []string) {
	type pair struct {
		place int
		value string
	}
	var pairs []pair
	for i := range min(len(c.By), len(c.Key)) {
		pairs = append(pairs, pair{slices.Index(e.columns, c.By[i]), c.Key[i]})
	}
	slices.SortStableFunc(pairs, func(a, b pair) int { return cmp.Compare(a.place, b.place) })
	for _, p := range slices.CompactFunc(pairs, func(a, b pair) bool { return a.place == b.place }) {
		if p.place < 0 {
			return nil, nil
		}
		by, key = append(by, p.place), append(key, p.value)
	}
	return by, key
}

// sorted lists the keys of a map.
func sorted[T any](m map[string]T) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.SortFunc(out, strings.Compare)
	return out
}

// run finds the combinations, column by column.
func (e *enumeration) run(ctx context.Context) { e.extend(ctx, make([]string, 0, len(e.columns))) }

func (e *enumeration) extend(ctx context.Context, values []string) {
	at := len(values)
	if at == len(e.columns) {
		e.found = append(e.found, slices.Clone(values))
		e.left--
		return
	}
	choices := e.values[at]
	if len(choices) == 0 {
		choices = []string{anyValue}
	}
	for _, v := range choices {
		if e.visits--; e.left < 0 || e.visits < 0 || ctx.Err() != nil {
			return
		}
		next := append(values, v)
		if !slices.ContainsFunc(e.rules[at], func(r rule) bool { return !r.allows(next) }) {
			e.extend(ctx, next)
		}
	}
}

// allows reports whether the values so far may go together.
func (r *rule) allows(values []string) bool {
	key := make([]string, len(r.places))
	for i, p := range r.places {
		key[i] = values[p]
	}
	if r.column < 0 {
		return r.listed[joined(key)]
	}
	shared := r.shared[joined(key)]
	return shared == nil || shared[values[r.column]]
}

// joined is values as one text, different for different ones.
func joined(values []string) string {
	var b strings.Builder
	for _, v := range values {
		b.WriteString(strconv.Itoa(len(v)))
		b.WriteByte(':')
		b.WriteString(v)
	}
	return b.String()
}
