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
	grouping  []int   // of each cell, -1 for the total and for those that nobody asked for
	asked     int     // cells that were asked for; the others follow
	groupOf   [][]int // for each grouping and atom: the cell of the grouping that holds it, or -1
	shapes    map[string]*shape
	held      int             // numbers that the shapes hold
	done      <-chan struct{} // closed when nobody waits for a choice any more
}

// stopped reports whether nobody waits for a choice any more.
func (c *cells) stopped() bool {
	select {
	case <-c.done:
		return true
	default:
		return false
	}
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
	c := &cells{atoms: atoms, members: [][]int{all}, grouping: []int{-1}, shapes: map[string]*shape{}}
	for k, groups := range groupings {
		var g []int
		of := slices.Repeat([]int{-1}, atoms)
		for _, members := range groups {
			for _, a := range members {
				of[a] = len(c.members)
			}
			g = append(g, len(c.members))
			c.members, c.grouping = append(c.members, members), append(c.grouping, k)
		}
		c.groupings, c.groupOf = append(c.groupings, g), append(c.groupOf, of)
	}
	c.asked = len(c.members)
	return c
}

// guard adds the atoms of few people that are no group of any grouping: the one
// manager of a department, where departments and roles are told apart. They are
// never published, and must not follow from what is.
func (c *cells) guard(people []int64, min int64) {
	alone := make([]bool, c.atoms)
	for _, members := range c.members {
		peopled := slices.DeleteFunc(slices.Clone(members), func(a int) bool { return people[a] == 0 })
		if len(peopled) == 1 {
			alone[peopled[0]] = true
		}
	}
	for a, n := range people {
		if n > 0 && n < min && !alone[a] {
			c.members, c.grouping = append(c.members, []int{a}), append(c.grouping, -1)
		}
	}
}

// demand is what one quantity asks of its cells.
type demand struct {
	min    int64
	people []int64 // of each atom
	n      []int64 // of each cell
	// open reports whether so many people in those atoms must not be told of.
	open    func(people int64, atoms []int) bool
	rest    bool     // only sets of few people matter
	primary []bool   // of each cell: it must not be told of for its own sake
	answers *answers // nil for quantities without a mean
	plain   *answers // the same for somebody who looks at means only
}

// violated counts what can be worked out though it must not be, with those
// cells withheld. further are cells to withhold against it, where that is easy
// to tell. When any is set the first thing found is enough.
//
// Who works where is no secret, so atoms without anybody count as known.
func (c *cells) violated(withheld []bool, d *demand, any bool) (count int, further []int) {
	if at, ok := c.remainder(withheld, d.people, d.n, d.open); ok {
		count, further = count+1, append(further, at)
	}
	if any && count > 0 {
		return count, further
	}
	s := c.shape(withheld, d.people)
	finds := []func(*shape, []bool, *demand) []set{c.determined, c.leftOver}
	if !d.rest {
		finds = append(finds, c.narrow)
	}
	for _, find := range finds {
		for _, open := range find(s, withheld, d) {
			count++
			if at, ok := c.against(s, withheld, d, open); ok {
				further = append(further, at)
			}
			if any {
				return count, further
			}
		}
	}
	return count, further
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

// determined finds the withheld cells that are a linear combination of published
// ones, as vectors over the people: those that do not move however answers are
// exchanged. Of those that nobody asked for, and of rests, the primary ones count.
func (c *cells) determined(s *shape, withheld []bool, d *demand) (found []set) {
	for i, members := range c.members {
		if !withheld[i] || d.n[i] == 0 || (i >= c.asked || d.rest) && !(i >= c.asked && d.primary[i]) {
			continue
		}
		moved, whole := uint64(0), true
		for _, p := range c.parts(s, d, members) {
			moved = (moved + s.moves[p.block]) % prime
			whole = whole && p.n == s.people[p.block]
		}
		if whole && moved == 0 {
			found = append(found, set{members, i})
		}
	}
	return found
}
