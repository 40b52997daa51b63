package disclosure

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// block is the people who are in the same published cells: nothing published
// changes when their answers change places.
type block struct {
	cells []int // published cells that hold them, ascending
	atoms []int
}

// shape is what the choice of published cells leaves unknown, whatever people
// answered. Several quantities share it when they are of the same people.
type shape struct {
	counted []int64 // people of each atom
	blocks  []block
	people  []int64 // of each block
	of      []int   // the block of each atom, -1 when it holds nobody
	in      [][]int // the published cells of each atom
	solved  *solved
	moves   []uint64 // of each block, see solved.moves
	trades  *trades  // nil until it is asked for

	smallest []int // see cells.smallest
}

// mostHeld bounds how many numbers are kept in shapes for other quantities.
const mostHeld = 1 << 20

// shape works out what is unknown of the people counted when some cells are
// withheld.
func (c *cells) shape(withheld []bool, people []int64) *shape {
	key := make([]byte, 0, len(withheld)+8)
	for _, w := range withheld {
		key = append(key, '0')
		if w {
			key[len(key)-1] = '1'
		}
	}
	sum := uint64(0)
	for _, n := range people {
		sum = sum*31 + uint64(n)
	}
	key = binary.LittleEndian.AppendUint64(key, sum)
	if s := c.shapes[string(key)]; s != nil && slices.Equal(s.counted, people) {
		return s
	}
	s := &shape{counted: people}
	s.divide(c, withheld)
	equations, known := s.equations()
	s.solved = solve(equations, s.people)
	s.moves = s.solved.moves(len(s.blocks), known)
	if c.held += len(s.solved.rows) * len(s.solved.columns); c.held > mostHeld {
		clear(c.shapes)
		c.held = 0
	}
	c.shapes[string(key)] = s
	return s
}

// divide takes the atoms that hold people apart by the published cells they are
// in.
func (s *shape) divide(c *cells, withheld []bool) {
	s.in = make([][]int, c.atoms)
	for i, members := range c.members {
		if withheld[i] {
			continue
		}
		for _, a := range members {
			s.in[a] = append(s.in[a], i)
		}
	}
	s.of = slices.Repeat([]int{-1}, c.atoms)
	known := map[string]int{}
	for a := range s.in {
		if s.counted[a] == 0 {
			continue
		}
		k := keyOf(s.in[a])
		at, ok := known[k]
		if !ok {
			at = len(s.blocks)
			known[k] = at
			s.blocks, s.people = append(s.blocks, block{cells: s.in[a]}), append(s.people, 0)
		}
		s.of[a] = at
		s.blocks[at].atoms = append(s.blocks[at].atoms, a)
		s.people[at] += s.counted[a]
	}
}

func keyOf(cells []int) string {
	key := make([]byte, 0, 4*len(cells))
	for _, i := range cells {
		key = binary.LittleEndian.AppendUint32(key, uint32(i))
	}
	return string(key)
}

// share is so many people of a block.
type share struct {
	block int
	n     int64
}

// parts takes the people of some atoms apart by block.
func (c *cells) parts(s *shape, d *demand, atoms []int) []share {
	var out []share
	for _, a := range atoms {
		b := s.of[a]
		if b < 0 {
			continue
		}
		at, found := slices.BinarySearchFunc(out, b, func(x share, b int) int { return cmp.Compare(x.block, b) })
		if !found {
			out = slices.Insert(out, at, share{block: b})
		}
		out[at].n += d.people[a]
	}
	return out
}

// equations has a row for each published cell with the blocks it holds, those
// left out that are known by themselves.
func (s *shape) equations() (rows [][]int, known []bool) {
	row := map[int]int{}
	for b, bl := range s.blocks {
		for _, cell := range bl.cells {
			at, ok := row[cell]
			if !ok {
				at = len(rows)
				row[cell] = at
				rows = append(rows, nil)
			}
			rows[at] = append(rows[at], b)
		}
	}
	known = make([]bool, len(s.blocks))
	for _, r := range rows {
		if len(r) == 1 {
			known[r[0]] = true
		}
	}
	for i, r := range rows {
		rows[i] = slices.DeleteFunc(r, func(b int) bool { return known[b] })
	}
	rows = slices.DeleteFunc(rows, func(r []int) bool { return len(r) == 0 })
	slices.SortStableFunc(rows, func(a, b []int) int { return cmp.Compare(len(a), len(b)) })
	return rows, known
}

// against is a published cell to withhold so that less is known of the people
// in some atoms: the smallest group that shares the smallest published group
// with them, or else that one; without any, the smallest of the same grouping,
// if the atoms are those of a cell, or of all.
func (c *cells) against(s *shape, withheld []bool, d *demand, open set) (at int, ok bool) {
	if wholes := c.wholes(s, d, open.atoms); len(wholes) > 0 && wholes[0] != total {
		if j := c.smallestIn(s, d, wholes[0]); j >= 0 {
			return j, true
		}
		return wholes[0], true
	}
	if s.smallest == nil {
		s.smallest = c.smallest(withheld, d)
	}
	if open.cell > 0 && s.smallest[1+c.grouping[open.cell]] > 0 {
		return s.smallest[1+c.grouping[open.cell]], true
	}
	if s.smallest[0] > 0 {
		return s.smallest[0], true
	}
	return total, !withheld[total]
}

// smallest lists the smallest published group, and then that of each grouping;
// 0 where there is none.
func (c *cells) smallest(withheld []bool, d *demand) []int {
	out := make([]int, 1+len(c.groupings))
	for j := range c.members {
		if withheld[j] || d.n[j] == 0 || j == total {
			continue
		}
		for _, k := range []int{0, 1 + c.grouping[j]} {
			if out[k] == 0 || d.n[j] < d.n[out[k]] {
				out[k] = j
			}
		}
	}
	return out
}

// set is people that something can be worked out of.
type set struct {
	atoms []int
	cell  int // the cell that they are, or -1
}

// smallestIn is the smallest published cell that lies in another one, or -1.
func (c *cells) smallestIn(s *shape, d *demand, whole int) int {
	held := map[int]int64{}
	best := -1
	for _, a := range c.members[whole] {
		if d.people[a] == 0 {
			continue
		}
		for _, j := range s.in[a] {
			held[j] += d.people[a]
			if j == whole || j == total || held[j] < d.n[j] {
				continue
			}
			if best < 0 || cmp.Or(cmp.Compare(d.n[j], d.n[best]), cmp.Compare(j, best)) < 0 {
				best = j
			}
		}
	}
	return best
}

// wholes lists the published cells that hold all people of some atoms, the
// smallest first.
func (c *cells) wholes(s *shape, d *demand, atoms []int) []int {
	var all []int
	first := true
	for _, a := range atoms {
		if d.people[a] == 0 {
			continue
		}
		if first {
			all, first = slices.Clone(s.in[a]), false
			continue
		}
		all = slices.DeleteFunc(all, func(j int) bool { return !slices.Contains(s.in[a], j) })
	}
	slices.SortStableFunc(all, func(a, b int) int { return cmp.Compare(d.n[a], d.n[b]) })
	return all
}
