package disclosure

import "slices"

// cells are the sets of people of one assessment for which figures may stand:
// all of them, and each group of each grouping. Each is a union of atoms, the
// finest groups there are, so that every way in which cells overlap, nest and
// add up is seen, whatever the groupings are called. The same cells serve
// every quantity that adds up over people.
type cells struct {
	atoms     int
	members   [][]int // of each cell: its atoms, ascending
	groupings [][]int // the cells of each grouping, which do not overlap
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
		for _, members := range groups {
			g = append(g, len(c.members))
			c.members = append(c.members, members)
		}
		c.groupings = append(c.groupings, g)
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
	for whole := range c.members {
		if withheld[whole] {
			continue
		}
		for _, groups := range c.groupings {
			left, smallest := n[whole], -1
			known := make([]bool, c.atoms)
			for _, g := range groups {
				if g == whole || withheld[g] || n[g] == 0 || !c.within(g, whole, people) {
					continue
				}
				left -= n[g]
				if smallest < 0 || n[g] < n[smallest] {
					smallest = g
				}
				for _, a := range c.members[g] {
					known[a] = true
				}
			}
			if left <= 0 || smallest < 0 {
				continue
			}
			rest := slices.DeleteFunc(slices.Clone(c.members[whole]), func(a int) bool { return known[a] || people[a] == 0 })
			if open(left, rest) {
				return smallest, true
			}
		}
	}
	return 0, false
}

// within reports whether the people of cell part all belong to cell whole.
func (c *cells) within(part, whole int, people []int64) bool {
	for _, a := range c.members[part] {
		if people[a] > 0 {
			if _, found := slices.BinarySearch(c.members[whole], a); !found {
				return false
			}
		}
	}
	return true
}

// determined finds a withheld cell that is a linear combination of published
// ones, and the cell to withhold against it: the smallest that enters into the
// combination, the total only when nothing else does.
//
// As vectors over the atoms that hold people, the withheld cell lies in the
// span of the published ones then. The span is brought into echelon form
// modulo a prime, each row with a note of which cells it is made of.
func (c *cells) determined(withheld []bool, people, n []int64) (at int, ok bool) {
	column := make([]int, c.atoms)
	atoms := 0
	for a, count := range people {
		column[a] = -1
		if count > 0 {
			column[a] = atoms
			atoms++
		}
	}
	var published []int
	for i := range c.members {
		if !withheld[i] && n[i] > 0 {
			published = append(published, i)
		}
	}
	vector := func(cell int) []uint64 {
		row := make([]uint64, atoms+len(published))
		for _, a := range c.members[cell] {
			if column[a] >= 0 {
				row[column[a]] = 1
			}
		}
		return row
	}
	span := &echelon{width: atoms}
	for k, i := range published {
		row := vector(i)
		row[atoms+k] = 1
		span.add(row)
	}
	for i := range c.members {
		if !withheld[i] || n[i] == 0 {
			continue
		}
		rest := span.reduce(vector(i))
		if slices.ContainsFunc(rest[:atoms], func(x uint64) bool { return x != 0 }) {
			continue
		}
		best := -1
		for k, used := range rest[atoms:] {
			if p := published[k]; used != 0 && (best < 0 || best == total || (p != total && n[p] < n[best])) {
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

// echelon is a basis of a space of vectors modulo prime. Each row is one where
// it leads, and what follows after width entries is carried along.
type echelon struct {
	width int
	rows  [][]uint64
	leads []int
}

// add takes a vector into the space.
func (e *echelon) add(row []uint64) {
	row = e.reduce(row)
	lead := slices.IndexFunc(row[:e.width], func(x uint64) bool { return x != 0 })
	if lead < 0 {
		return
	}
	factor := inverse(row[lead])
	for i := range row {
		row[i] = row[i] * factor % prime
	}
	e.rows, e.leads = append(e.rows, row), append(e.leads, lead)
}

// reduce subtracts from a vector, which it changes, what lies in the space. It
// leaves zeros in the first width entries just when all of it does.
func (e *echelon) reduce(row []uint64) []uint64 {
	for k, other := range e.rows {
		times := row[e.leads[k]]
		if times == 0 {
			continue
		}
		for i, x := range other {
			if x != 0 {
				row[i] = (row[i] + (prime-times)*x) % prime
			}
		}
	}
	return row
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
