package auditor

import (
	"cmp"
	"context"
	"slices"
)

// echelon is shown cells as vectors over blocks of people, in reduced echelon
// form and exact. Places from width on say how a row is made of shown cells.
type echelon struct {
	width int
	rows  []vector // each 1 at its pivot, and 0 at the pivots of the others
	pivot []int    // the row with its pivot at a block, or -1
	users [][]int  // rows that hold a block, or held it once
	space *workspace
}

func newEchelon(width, cells int) *echelon {
	e := &echelon{width: width, pivot: make([]int, width), users: make([][]int, width), space: newWorkspace(width + cells)}
	for i := range e.pivot {
		e.pivot[i] = -1
	}
	return e
}

// reduce takes away from v what the rows explain of it.
func (e *echelon) reduce(v vector) vector {
	e.space.subtract(v, ratio{n: -1})
	for _, t := range v {
		if t.at < e.width && e.pivot[t.at] >= 0 {
			e.space.subtract(e.rows[e.pivot[t.at]], t.by)
		}
	}
	return e.space.take()
}

// add takes in the blocks of a shown cell, unless other cells tell them
// already.
func (e *echelon) add(blocks vector, cell int) bool {
	v := e.reduce(append(slices.Clone(blocks), term{e.width + cell, ratio{n: 1}}))
	at := -1 // the place fewest rows hold, for few of them to change
	for i, t := range v {
		if t.at < e.width && (at < 0 || len(e.users[t.at]) < len(e.users[v[at].at])) {
			at = i
		}
	}
	if at < 0 {
		return false
	}
	place, by := v[at].at, v[at].by
	for i := range v {
		v[i].by = v[i].by.over(by)
	}
	for _, r := range e.users[place] {
		e.clear(r, place, v)
	}
	e.users[place] = nil
	e.pivot[place] = len(e.rows)
	e.rows = append(e.rows, v)
	e.note(len(e.rows)-1, v, place)
	return true
}

// clear makes row r 0 at the place where v has its pivot.
func (e *echelon) clear(r, place int, v vector) {
	i, found := slices.BinarySearchFunc(e.rows[r], place, func(t term, at int) int { return cmp.Compare(t.at, at) })
	if !found {
		return
	}
	e.space.subtract(e.rows[r], ratio{n: -1})
	e.space.subtract(v, e.rows[r][i].by)
	e.rows[r] = e.space.take()
	e.note(r, v, place)
}

// note remembers that row r may hold the places of v.
func (e *echelon) note(r int, v vector, but int) {
	for _, t := range v {
		if t.at < e.width && t.at != but {
			e.users[t.at] = append(e.users[t.at], r)
		}
	}
}

// made says how v is made of shown cells; false when it is not.
func (e *echelon) made(v vector) (vector, bool) {
	left := e.reduce(v)
	if len(left) > 0 && left[0].at < e.width {
		return nil, false
	}
	for i := range left {
		left[i] = term{left[i].at - e.width, left[i].by.negative()}
	}
	return left, true
}

// split is the blocks of a row, and the cells it is made of.
func (e *echelon) split(v vector) (blocks, cells vector) {
	n, _ := slices.BinarySearchFunc(v, e.width, func(t term, at int) int { return cmp.Compare(t.at, at) })
	cells = slices.Clone(v[n:])
	for i := range cells {
		cells[i].at -= e.width
	}
	return v[:n], cells
}

// pattern is what follows from which cells are shown and where people may be,
// whatever the figures.
type pattern struct {
	table  *Table
	shown  []bool
	live   []bool   // atoms that may hold people
	block  []int    // of each atom: those in the same shown cells; -1 when empty
	size   []int    // atoms of each block
	cells  []vector // blocks of each shown cell
	solved *echelon
	told   []int // withheld cells with people that shown ones tell
	sets   []set
	layout *layout // made when first needed
}

// pattern is nil when ctx ends before it is made.
func (t *Table) pattern(ctx context.Context, shown, live []bool) *pattern {
	p := &pattern{table: t, shown: shown, live: live, cells: make([]vector, len(t.Cells))}
	var sets [][]int
	for c, atoms := range t.Cells {
		if shown[c] {
			sets = append(sets, atoms)
		}
	}
	p.block, p.size = blocks(live, sets)
	p.solved = newEchelon(len(p.size), len(t.Cells))
	for _, c := range p.sparsest() {
		if ctx.Err() != nil {
			return nil
		}
		p.solved.add(p.cells[c], c)
	}
	for c, atoms := range t.Cells {
		if shown[c] {
			continue
		}
		if ctx.Err() != nil {
			return nil
		}
		if v, whole := p.vector(atoms); whole && len(v) > 0 {
			if _, told := p.solved.made(v); told {
				p.told = append(p.told, c)
			}
		}
	}
	p.sets = p.remainders(ctx)
	if ctx.Err() != nil {
		return nil
	}
	return p
}

// sparsest is the shown cells with people, those of few blocks first.
func (p *pattern) sparsest() []int {
	var order []int
	for c, atoms := range p.table.Cells {
		if p.shown[c] {
			p.cells[c], _ = p.vector(atoms)
			if len(p.cells[c]) > 0 {
				order = append(order, c)
			}
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(len(p.cells[a]), len(p.cells[b])) })
	return order
}

// vector is a set of people over the blocks; false when it cuts one, and so is
// not made of shown cells.
func (p *pattern) vector(atoms []int) (vector, bool) {
	held := make(map[int]int)
	var places []int
	for _, a := range atoms {
		if b := p.block[a]; b >= 0 {
			if held[b] == 0 {
				places = append(places, b)
			}
			held[b]++
		}
	}
	slices.Sort(places)
	for _, b := range places {
		if held[b] < p.size[b] {
			return nil, false
		}
	}
	return ones(places...), true
}

// blocks numbers the atoms so that those in the same sets share a number, in
// order of their first atoms, -1 for atoms without people, and counts them.
func blocks(live []bool, sets [][]int) (block, size []int) {
	block = make([]int, len(live))
	next := 1
	for _, set := range sets {
		into := make(map[int]int)
		for _, a := range set {
			to, known := into[block[a]]
			if !known {
				to = next
				into[block[a]] = to
				next++
			}
			block[a] = to
		}
	}
	number := make(map[int]int)
	for a := range block {
		if !live[a] {
			block[a] = -1
			continue
		}
		n, known := number[block[a]]
		if !known {
			n = len(size)
			number[block[a]] = n
			size = append(size, 0)
		}
		block[a] = n
		size[n]++
	}
	return block, size
}
