package auditor

import (
	"fmt"
	"slices"
	"strings"
)

// domain checks all that is made of the sets of people of one domain.
func (a *audit) domain(w *domain) {
	if w == nil {
		return
	}
	index := w.index()
	live := a.live(w, index)
	for _, b := range a.boards {
		t := &sheet{audit: a, board: b, domain: w}
		t.build(index, live)
		if a.ctx.Err() != nil {
			return
		}
		measures := t.measures()
		for _, f := range t.table.Check(a.ctx, measures, a.rules) {
			t.fault(f)
		}
		t.nearly(measures)
	}
}

// columnIndex finds the atoms with a value of a column.
type columnIndex []map[string][]int

func (w *domain) index() columnIndex {
	out := make(columnIndex, len(w.columns))
	for i := range w.columns {
		out[i] = map[string][]int{}
		for a, at := range w.atoms {
			if i < len(at.values) {
				out[i][at.values[i]] = append(out[i][at.values[i]], a)
			}
		}
	}
	return out
}

// members lists the atoms of a cell, ascending; ok is false where the cell is
// of other columns.
func (w *domain) members(index columnIndex, by, key []string) (atoms []int, ok bool) {
	if len(by) == 0 {
		for a := range w.atoms {
			atoms = append(atoms, a)
		}
		return atoms, true
	}
	places := make([]int, len(by))
	for i, column := range by {
		if places[i] = slices.Index(w.columns, column); places[i] < 0 {
			return nil, false
		}
	}
	rarest := 0 // the value that the fewest atoms have
	for i, place := range places {
		if len(index[place][key[i]]) < len(index[places[rarest]][key[rarest]]) {
			rarest = i
		}
	}
	for _, a := range index[places[rarest]][key[rarest]] {
		if holds(places, key, w.atoms[a].values) {
			atoms = append(atoms, a)
		}
	}
	return atoms, true
}

// live says which atoms may have people: where a cell is of as many people in a
// smaller population as in a larger one, nobody was added to it.
func (a *audit) live(w *domain, index columnIndex) []bool {
	live := slices.Repeat([]bool{true}, len(w.atoms))
	for _, b := range a.boards {
		people := slices.Index(b.measures, MeasurePeople)
		if people < 0 || len(b.layers) < 2 {
			continue
		}
		for _, p := range b.places {
			for upper := p.layer + 1; upper < len(b.layers); upper++ {
				q := b.byID[pairing{cell: p.id, lower: upper}]
				if q == nil || p.figures[people] == nil || q.figures[people] == nil || p.figures[people].N != q.figures[people].N {
					continue
				}
				atoms, _ := w.members(index, p.by, p.key)
				for _, at := range atoms {
					if l := w.atoms[at].layer; l > b.layers[p.layer].population && l <= b.layers[upper].population {
						live[at] = false
					}
				}
			}
		}
	}
	return live
}

// sheet is one board as a table over the atoms of a domain.
type sheet struct {
	*audit
	board   *board
	domain  *domain
	table   *Table
	cells   []*place // of the table's cells
	atoms   []int    // of the domain, of the table's atoms
	added   []addition
	columns []string // of each grouping, see columnsID
	said    map[string]bool
}

// addition is where a watched set comes from.
type addition struct {
	place        *place
	lower, upper int // layers
}

// build makes the table.
func (t *sheet) build(index columnIndex, live []bool) {
	b, w := t.board, t.domain
	layerOf := make([]int, len(w.atoms)) // the board's layer, or that beyond the last
	number := make([]int, len(w.atoms))
	for i, at := range w.atoms {
		layerOf[i] = slices.IndexFunc(b.layers, func(l layer) bool { return l.population >= at.layer })
		if number[i] = -1; layerOf[i] >= 0 && live[i] {
			number[i] = len(t.atoms)
			t.atoms = append(t.atoms, i)
		}
	}
	take := func(atoms []int, above, upTo int) []int {
		var out []int
		for _, i := range atoms {
			if number[i] >= 0 && layerOf[i] > above && layerOf[i] <= upTo {
				out = append(out, number[i])
			}
		}
		return out
	}
	t.table = &Table{Atoms: len(t.atoms)}
	groupings := map[pairing]int{}
	watched := map[pairing]bool{}
	for _, p := range b.places {
		if t.ctx.Err() != nil {
			return
		}
		atoms, ok := w.members(index, p.by, p.key)
		if !ok {
			continue
		}
		t.cell(p, take(atoms, -1, p.layer), groupings)
		for upper := 1; upper < len(b.layers); upper++ {
			for lower := range upper {
				at := pairing{p.id, b.layers[lower].population, b.layers[upper].population}
				if watched[at] || t.told[at] {
					continue
				}
				watched[at] = true
				if set := take(atoms, lower, upper); len(set) > 0 {
					t.watch(p, set, lower, upper)
				}
			}
		}
	}
	t.guard()
}

// guard adds the sets of few people that are known to be there and that nobody
// named, such as the one manager of a department: their answers are withheld
// like those of a group.
func (t *sheet) guard() {
	if t.domain.people == nil {
		return
	}
	named := make([]bool, len(t.atoms))
	for _, atoms := range t.table.Cells {
		if len(atoms) == 1 {
			named[atoms[0]] = true
		}
	}
	last := len(t.board.layers) - 1
	for i, at := range t.atoms {
		if n := t.domain.people[at][MeasurePeople]; named[i] || n == 0 || n >= t.rules.Min {
			continue
		}
		p := &place{layer: last, by: t.domain.columns, key: t.domain.atoms[at].values, owners: t.board.layers[last].releases, figures: make([]*Figure, len(t.board.measures))}
		t.cells = append(t.cells, p)
		t.table.Cells = append(t.table.Cells, []int{i})
		t.table.Names = append(t.table.Names, cellName(p.by, p.key))
	}
}

// cell adds a place to the table.
func (t *sheet) cell(p *place, atoms []int, groupings map[pairing]int) {
	i := len(t.cells)
	t.cells = append(t.cells, p)
	t.table.Cells = append(t.table.Cells, atoms)
	name := cellName(p.by, p.key)
	if len(t.board.layers) > 1 {
		name += in(t.board.namer(p))
	}
	t.table.Names = append(t.table.Names, name)
	if len(p.by) == 0 {
		return
	}
	at := pairing{cell: p.columns, lower: p.layer}
	g, known := groupings[at]
	if !known {
		g = len(t.table.Groupings)
		groupings[at] = g
		t.table.Groupings = append(t.table.Groupings, nil)
		t.columns = append(t.columns, at.cell)
	}
	t.table.Groupings[g] = append(t.table.Groupings[g], i)
}

// watch adds the people of a cell who are in one population and not in a
// smaller one.
func (t *sheet) watch(p *place, set []int, lower, upper int) {
	more, less := t.board.layers[upper].releases, t.board.layers[lower].releases
	name := fmt.Sprintf("%s in %s and not in %s", cellName(p.by, p.key), more[len(more)-1].Name, less[len(less)-1].Name)
	t.table.Watched = append(t.table.Watched, Watched{Name: name, Atoms: set})
	t.added = append(t.added, addition{p, lower, upper})
}

// measures is what the board shows of the table's cells.
func (t *sheet) measures() []Measure {
	out := make([]Measure, len(t.board.measures))
	for i, name := range t.board.measures {
		scale := t.board.scales[i]
		m := Measure{Name: name, Low: scale.Low, High: scale.High, Shown: make([]*Figure, len(t.cells))}
		filled := strings.HasPrefix(name, MeasureDimension) && t.board.filledIn()
		if filled {
			m.Low, m.High = 0, 0
		}
		if scale.Whole {
			m.Steps = int(scale.High-scale.Low) + 1
		}
		for j, p := range t.cells {
			m.Shown[j] = p.figures[i]
			if m.Shown[j] == nil && len(p.by) == 0 {
				m.Shown[j] = t.elsewhere(p.layer, i)
			}
			if f := m.Shown[j]; filled && f != nil {
				m.Shown[j] = &Figure{N: f.N}
			}
		}
		t.count(&m)
		out[i] = m
	}
	return out
}

// elsewhere is everybody's figure where it is withheld but all groups of a
// grouping are told that is not in this table.
func (t *sheet) elsewhere(layer, measure int) *Figure {
	var order []string
	parts := map[string][]*Figure{}
	for _, p := range t.board.places {
		id := p.columns
		if p.layer != layer || len(p.by) == 0 || slices.Contains(t.columns, id) {
			continue
		}
		if parts[id] == nil {
			order = append(order, id)
		}
		parts[id] = append(parts[id], p.figures[measure])
	}
	for _, id := range order {
		if !slices.Contains(parts[id], nil) {
			return add(parts[id])
		}
	}
	return nil
}

// count fills in what is known of the people of each atom. In an audit of
// several releases it may be of others than the board: then it is left out.
func (t *sheet) count(m *Measure) {
	if t.domain.people == nil {
		return
	}
	known, sure := false, true
	people, truth := make([]int64, len(t.atoms)), make([]*Figure, len(t.atoms))
	for i, at := range t.atoms {
		n, counted := t.domain.people[at][m.Name]
		people[i], truth[i] = n, t.domain.truth[at][m.Name]
		known = known || counted
		sure = sure && (n == 0 || truth[i] != nil)
		if truth[i] == nil {
			truth[i] = &Figure{}
		}
	}
	for j, f := range m.Shown {
		if f == nil || !t.joint() {
			continue
		}
		n := int64(0)
		for _, i := range t.table.Cells[j] {
			n += people[i]
		}
		known = known && n == f.N
	}
	if known {
		m.People = people
		if sure {
			m.Truth = truth
		}
	}
}

// fault reports what the engine found.
func (t *sheet) fault(f Fault) {
	owners := t.releases
	if t.saidBefore(f.Name) {
		return
	}
	switch {
	case f.Cell >= 0:
		owners = t.cells[f.Cell].owners
	case f.Watched >= 0:
		w := t.added[f.Watched]
		owners = slices.Concat(t.board.layers[w.lower].releases, t.board.layers[w.upper].releases)
	}
	t.report(owners, Finding{Cell: f.Name, Measure: t.board.measures[f.Measure], What: f.What})
}

// saidBefore reports whether a set in words is a cell of one population without
// the same cell of another, whose difference was told already.
func (t *sheet) saidBefore(name string) bool {
	if t.said == nil {
		t.said = make(map[string]bool, len(t.told))
		for at := range t.told {
			p, q := t.board.at(at.cell, at.lower), t.board.at(at.cell, at.upper)
			if p != nil && q != nil {
				t.said[cellName(q.by, q.key)+in(t.board.namer(q))+" without "+cellName(p.by, p.key)+in(t.board.namer(p))] = true
			}
		}
	}
	return t.said[name]
}
