package disclosure

import (
	"cmp"
	"slices"
)

// cells are the sets of people of one assessment for which figures may stand:
// all of them, and each group of each grouping. Each is a union of atoms, the
// finest groups there are, so that every way in which cells overlap, nest and
// add up is seen, whatever the groupings are called. The same cells serve
// every quantity that adds up over people.
type cells struct {
	atoms     int
	members   [][]int // of each cell: its atoms, ascending
	groupings [][]int // the cells of each grouping, which do not overlap
	groupOf   [][]int // for each grouping and atom: the cell of the grouping that holds it, or -1
}

// total is the index of the cell of all respondents.
const total = 0

// newCells numbers the cells: the total first, then the groups of each
// grouping in order. groupings holds the atoms of each group.
func newCells(atoms int, groupings [][][]int) *cells {
	all := make([]int, atoms)
	for i := range all {
		all[i] = i
	}
	c := &cells{atoms: atoms, members: [][]int{all}}
	for _, groups := range groupings {
		var g []int
		of := slices.Repeat([]int{-1}, atoms)
		for _, members := range groups {
			for _, a := range members {
				of[a] = len(c.members)
			}
			g = append(g, len(c.members))
			c.members = append(c.members, members)
		}
		c.groupings, c.groupOf = append(c.groupings, g), append(c.groupOf, of)
	}
	return c
}

// protect withholds further cells until no withheld cell follows from the
// published ones, and nothing that is left of a published cell, when the
// published groups within it are subtracted, must be withheld itself, as open
// says of that many people in those atoms. people counts those of each atom
// for the quantity in question; withheld is changed in place.
//
// The cells chosen are the smallest that help, the total last of all. Who
// works where is no secret, so atoms without anybody count as known.
func (c *cells) protect(withheld []bool, people []int64, open func(people int64, atoms []int) bool) {
	n := c.count(people)
	for {
		at, ok := c.remainder(withheld, people, n, open)
		if !ok {
			at, ok = c.determined(withheld, people, n)
		}
		if !ok {
			return
		}
		withheld[at] = true
	}
}

// count gives the people of each cell.
func (c *cells) count(people []int64) []int64 {
	n := make([]int64, len(c.members))
	for i, members := range c.members {
		for _, a := range members {
			n[i] += people[a]
		}
	}
	return n
}

// remainder finds a published cell of which the published groups of one
// grouping leave some people over who are open to see, and the cell to
// withhold against it: the smallest of these groups.
func (c *cells) remainder(withheld []bool, people, n []int64, open func(people int64, atoms []int) bool) (at int, ok bool) {
	peopled := c.peopled(people)
	inside := make([]int, len(c.members)) // of a group: how many of its peopled atoms lie within the cell
	for whole := range c.members {
		if withheld[whole] {
			continue
		}
		for g := range c.groupings {
			left, smallest := n[whole], -1
			groups := c.touched(g, whole, people, inside)
			known := func(a int) bool {
				i := c.groupOf[g][a]
				return i >= 0 && i != whole && !withheld[i] && inside[i] == peopled[i]
			}
			for _, i := range groups {
				if i == whole || withheld[i] || inside[i] != peopled[i] {
					continue
				}
				left -= n[i]
				if smallest < 0 || n[i] < n[smallest] {
					smallest = i
				}
			}
			found := false
			if left > 0 && smallest >= 0 {
				found = open(left, slices.DeleteFunc(slices.Clone(c.members[whole]), func(a int) bool { return known(a) || people[a] == 0 }))
			}
			for _, i := range groups {
				inside[i] = 0
			}
			if found {
				return smallest, true
			}
		}
	}
	return 0, false
}

// peopled counts the atoms of each cell that hold people.
func (c *cells) peopled(people []int64) []int {
	out := make([]int, len(c.members))
	for i, members := range c.members {
		for _, a := range members {
			if people[a] > 0 {
				out[i]++
			}
		}
	}
	return out
}

// touched lists the groups of grouping g that share peopled atoms with a cell,
// ascending, and leaves in inside how many.
func (c *cells) touched(g, cell int, people []int64, inside []int) []int {
	var groups []int
	for _, a := range c.members[cell] {
		i := c.groupOf[g][a]
		if i < 0 || people[a] == 0 {
			continue
		}
		if inside[i] == 0 {
			groups = append(groups, i)
		}
		inside[i]++
	}
	slices.Sort(groups)
	return groups
}

// determined finds a withheld cell that is a linear combination of published
// ones, and the cell to withhold against it: the smallest that enters into the
// combination, the total only when nothing else does.
//
// As vectors over the atoms that hold people, the withheld cell lies in the
// span of the published ones then. The span is brought into echelon form
// modulo a prime, each row with a note of which cells it is made of.
func (c *cells) determined(withheld []bool, people, n []int64) (at int, ok bool) {
	var published []int
	for i := range c.members {
		if !withheld[i] && n[i] > 0 {
			published = append(published, i)
		}
	}
	// Small cells first: they are the simplest to eliminate with.
	slices.SortStableFunc(published, func(a, b int) int { return cmp.Compare(len(c.members[a]), len(c.members[b])) })
	span := newEchelon(c.atoms, len(published))
	for k, i := range published {
		span.load(c.members[i], people)
		span.carry(k)
		span.keep()
	}
	for i := range c.members {
		if !withheld[i] || n[i] == 0 {
			continue
		}
		span.load(c.members[i], people)
		used, spanned := span.combination()
		if !spanned {
			continue
		}
		best := -1
		for _, k := range used {
			if p := published[k]; best < 0 || best == total || p != total && (n[p] < n[best] || n[p] == n[best] && p < best) {
				best = p
			}
		}
		return best, true
	}
	return 0, false
}

// prime is the modulus of the elimination. The vectors have entries 0 and 1;
// that a minor of theirs is a multiple of it is out of the question.
const prime = 1<<31 - 1

// echelon is a basis of a space of vectors modulo prime, each with a note of
// what it is made of. Vectors are sparse where groups nest, so that only their
// entries are kept.
type echelon struct {
	rows []echelonRow
	lead []int // for each column: the row that leads there, or -1

	// The vector at hand, in full.
	vector, made  []uint64
	first, last   int // columns outside of these are zero
	marked        []int
	markedAlready []bool
}

// echelonRow is one where it leads.
type echelonRow struct{ entries, made []entry }

type entry struct {
	at    int
	value uint64
}

func newEchelon(columns, notes int) *echelon {
	return &echelon{
		lead: slices.Repeat([]int{-1}, columns), vector: make([]uint64, columns),
		made: make([]uint64, notes), markedAlready: make([]bool, notes),
	}
}

// load takes up the vector that is one at the atoms which hold people.
func (e *echelon) load(atoms []int, people []int64) {
	clear(e.vector)
	for _, k := range e.marked {
		e.made[k], e.markedAlready[k] = 0, false
	}
	e.marked = e.marked[:0]
	e.first, e.last = len(e.vector), -1
	for _, a := range atoms {
		if people[a] > 0 {
			e.vector[a] = 1
			e.first, e.last = min(e.first, a), max(e.last, a)
		}
	}
}

// carry notes that the vector is made of number k.
func (e *echelon) carry(k int) { e.note(k, 1) }

func (e *echelon) note(k int, value uint64) {
	if !e.markedAlready[k] {
		e.markedAlready[k] = true
		e.marked = append(e.marked, k)
	}
	e.made[k] = (e.made[k] + value) % prime
}

// reduce subtracts from the vector what lies in the space, and returns the
// first column that is left, or -1.
func (e *echelon) reduce() int {
	left := -1
	for col := e.first; col <= e.last; col++ {
		times := e.vector[col]
		if times == 0 {
			continue
		}
		if e.lead[col] < 0 {
			if left < 0 {
				left = col
			}
			continue
		}
		row := e.rows[e.lead[col]]
		for _, x := range row.entries {
			e.vector[x.at] = (e.vector[x.at] + (prime-times)*x.value) % prime
			e.last = max(e.last, x.at)
		}
		for _, x := range row.made {
			e.note(x.at, (prime-times)*x.value%prime)
		}
	}
	return left
}

// keep takes the vector into the space.
func (e *echelon) keep() {
	lead := e.reduce()
	if lead < 0 {
		return
	}
	factor := inverse(e.vector[lead])
	var row echelonRow
	for col := lead; col <= e.last; col++ {
		if x := e.vector[col]; x != 0 {
			row.entries = append(row.entries, entry{col, x * factor % prime})
		}
	}
	for _, k := range e.marked {
		if x := e.made[k]; x != 0 {
			row.made = append(row.made, entry{k, x * factor % prime})
		}
	}
	e.lead[lead] = len(e.rows)
	e.rows = append(e.rows, row)
}

// combination tells whether the vector lies in the space, and the numbers of
// what it is made of then.
func (e *echelon) combination() (used []int, spanned bool) {
	if e.reduce() >= 0 {
		return nil, false
	}
	for _, k := range e.marked {
		if e.made[k] != 0 {
			used = append(used, k)
		}
	}
	return used, true
}

// inverse is a^(prime-2), by Fermat's little theorem.
func inverse(a uint64) uint64 {
	result := uint64(1)
	for e := uint64(prime - 2); e > 0; e >>= 1 {
		if e&1 == 1 {
			result = result * a % prime
		}
		a = a * a % prime
	}
	return result
}
