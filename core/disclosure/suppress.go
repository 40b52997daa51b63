package disclosure

import (
	"slices"
	"strings"
)

// cells are the places of one assessment in which figures may stand: the
// total, and each group of each grouping. The same cells serve every quantity
// that adds up over people.
type cells struct {
	count     int
	equations []equation
}

// equation says that the figures of cell whole are the sums of those of the
// cells parts, for every quantity that adds up.
type equation struct {
	whole int
	parts []int
}

// total is the index of the cell of all respondents.
const total = 0

// grouping lists the groups of one --by: the keys of each, parallel to by.
type grouping struct {
	by   []string
	keys [][]string
}

// newCells numbers the cells, the total first and then the groups in order,
// and finds every way in which they add up: each grouping to the total, and a
// crossed grouping to each coarser one.
func newCells(groupings []grouping) *cells {
	c := &cells{count: 1}
	first := make([]int, len(groupings))
	for i, g := range groupings {
		first[i] = c.count
		c.count += len(g.keys)
		parts := make([]int, len(g.keys))
		for j := range g.keys {
			parts[j] = first[i] + j
		}
		c.equations = append(c.equations, equation{total, parts})
	}
	for i, coarse := range groupings {
		for j, fine := range groupings {
			at := positions(coarse.by, fine.by)
			if at == nil || len(coarse.by) == len(fine.by) {
				continue
			}
			parts := map[string][]int{}
			for k, key := range fine.keys {
				p := project(key, at)
				parts[p] = append(parts[p], first[j]+k)
			}
			for k, key := range coarse.keys {
				c.equations = append(c.equations, equation{first[i] + k, parts[joinKey(key)]})
			}
		}
	}
	return c
}

// positions tells where each column of coarse stands in fine, or nil when one
// is missing there.
func positions(coarse, fine []string) []int {
	at := make([]int, len(coarse))
	for i, column := range coarse {
		if at[i] = slices.Index(fine, column); at[i] < 0 {
			return nil
		}
	}
	return at
}

func project(key []string, at []int) string {
	part := make([]string, len(at))
	for i, k := range at {
		part[i] = key[k]
	}
	return joinKey(part)
}

// joinKey makes one comparable text of a key. Values hold no control
// characters.
func joinKey(key []string) string { return strings.Join(key, "\x1f") }

// protect withholds further cells until no withheld cell follows from the
// published ones, and no group of withheld cells that can be summed holds
// fewer than min people. n is the number of people in each cell for the
// quantity in question; withheld is changed in place.
//
// The cells chosen are the smallest that help, the total last of all. A
// respondent's employer knows who works where, so cells without anybody are
// taken as known to be empty.
func (c *cells) protect(withheld []bool, n []int64, min int64) {
	for {
		if at, ok := c.exposed(withheld, n, min); ok {
			withheld[at] = true
			continue
		}
		at, ok := c.determined(withheld, n)
		if !ok {
			return
		}
		withheld[c.companion(at, withheld, n)] = true
	}
}

// exposed finds an equation that gives a withheld cell, or a sum of withheld
// cells over too few people, away, and the cell to withhold against it.
func (c *cells) exposed(withheld []bool, n []int64, min int64) (at int, ok bool) {
	for _, e := range c.equations {
		hidden, people := 0, int64(0)
		for _, p := range e.parts {
			if withheld[p] && n[p] > 0 {
				hidden++
				people += n[p]
			}
		}
		secret := hidden
		if withheld[e.whole] && n[e.whole] > 0 {
			secret++
		}
		if secret == 1 || (hidden > 0 && !withheld[e.whole] && people < min) {
			if at, ok := smallest(e, withheld, n); ok {
				return at, true
			}
		}
	}
	return 0, false
}

// smallest is the published part of the equation with the fewest people, or
// the whole when no part is left.
func smallest(e equation, withheld []bool, n []int64) (at int, ok bool) {
	at = -1
	for _, p := range e.parts {
		if !withheld[p] && n[p] > 0 && (at < 0 || n[p] < n[at]) {
			at = p
		}
	}
	if at < 0 && !withheld[e.whole] {
		at = e.whole
	}
	return at, at >= 0
}

// companion picks what to withhold so that the determined cell at is no
// longer determined: the smallest published cell that shares an equation with
// it. When all of those are withheld already, the cell follows from equations
// further away; the smallest published cell of any equation with a withheld
// one is taken then. There is one: equations without a published cell can't
// determine anything.
func (c *cells) companion(at int, withheld []bool, n []int64) int {
	near, far := -1, -1
	better := func(than, s int) bool {
		return than < 0 || than == total || (s != total && n[s] < n[than])
	}
	for _, e := range c.equations {
		s, ok := smallest(e, withheld, n)
		if !ok {
			continue
		}
		if (e.whole == at || slices.Contains(e.parts, at)) && better(near, s) {
			near = s
		}
		hides := func(p int) bool { return withheld[p] && n[p] > 0 }
		if (hides(e.whole) || slices.ContainsFunc(e.parts, hides)) && better(far, s) {
			far = s
		}
	}
	if near >= 0 {
		return near
	}
	return far
}

// prime is the modulus of the rank test. The systems have coefficients 0 and
// 1; that one of their minors is a multiple of it is out of the question.
const prime = 1<<31 - 1

// determined finds a withheld cell that follows from the published ones by
// any linear combination of the equations: one whose unit vector lies in the
// row space of the equations restricted to the withheld cells.
func (c *cells) determined(withheld []bool, n []int64) (at int, ok bool) {
	var unknown []int
	column := make([]int, c.count)
	for i := range withheld {
		if withheld[i] && n[i] > 0 {
			column[i] = len(unknown)
			unknown = append(unknown, i)
		}
	}
	var rows [][]uint64
	for _, e := range c.equations {
		row := make([]uint64, len(unknown))
		any := false
		if withheld[e.whole] && n[e.whole] > 0 {
			row[column[e.whole]], any = prime-1, true
		}
		for _, p := range e.parts {
			if withheld[p] && n[p] > 0 {
				row[column[p]], any = 1, true
			}
		}
		if any {
			rows = append(rows, row)
		}
	}
	for _, row := range reduce(rows, len(unknown)) {
		if i, single := onlyEntry(row); single {
			return unknown[i], true
		}
	}
	return 0, false
}

// reduce brings the rows into reduced echelon form modulo prime and returns
// those that are not zero. A unit vector lies in the row space just when it is
// one of them.
func reduce(rows [][]uint64, columns int) [][]uint64 {
	rank := 0
	for col := 0; col < columns && rank < len(rows); col++ {
		pivot := slices.IndexFunc(rows[rank:], func(r []uint64) bool { return r[col] != 0 })
		if pivot < 0 {
			continue
		}
		rows[rank], rows[rank+pivot] = rows[rank+pivot], rows[rank]
		scale(rows[rank], inverse(rows[rank][col]))
		for i, r := range rows {
			if i != rank && r[col] != 0 {
				subtract(r, rows[rank], r[col])
			}
		}
		rank++
	}
	return rows[:rank]
}

func scale(row []uint64, by uint64) {
	for i := range row {
		row[i] = row[i] * by % prime
	}
}

// subtract takes times the other row from row.
func subtract(row, other []uint64, times uint64) {
	for i, x := range other {
		if x != 0 {
			row[i] = (row[i] + (prime-times)*x) % prime
		}
	}
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

func onlyEntry(row []uint64) (at int, single bool) {
	for i, x := range row {
		if x == 0 {
			continue
		}
		if single {
			return 0, false
		}
		at, single = i, true
	}
	return at, single
}
