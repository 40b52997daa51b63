package disclosure

import "slices"

// leftOver finds sets of people that nobody asked for and that can be worked
// out all the same, by adding and subtracting several published cells: those
// of which d says that they must not be told of. A row of a table less its
// published cells is the simplest; "all managers and supervisors, less the
// departments that have both" is another.
//
// Two searches are made. The equations of the published cells are solved for
// the largest blocks, and what is left of one is such a set when it counts each
// of its people once. And of the small blocks those are put together, by up to
// four, that no change of answers can move which leaves the published cells as
// they are.
func (c *cells) leftOver(s *shape, _ []bool, d *demand) (sets []set) {
	found := map[string]bool{}
	for _, blocks := range append(s.solved.sets(), s.solved.unmoved(s.moves, d.min)...) {
		var people int64
		var atoms []int
		for _, b := range blocks {
			people += s.people[b]
			atoms = append(atoms, s.blocks[b].atoms...)
		}
		if people >= max(d.min, UnanimousFloor) {
			continue
		}
		slices.Sort(atoms)
		if key := keyOf(atoms); !found[key] && d.open(people, atoms) {
			found[key] = true
			sets = append(sets, set{atoms, -1})
		}
	}
	return sets
}

// solved is equations in reduced echelon form modulo prime.
type solved struct {
	columns []int      // the block of each column
	people  []int64    // of each column
	rows    [][]uint64 // those that say anything
	pivot   []int      // of each row: the column it is solved for
}

// solve solves each equation for its largest block.
func solve(rows [][]int, people []int64) *solved {
	s := &solved{}
	for _, r := range rows {
		s.columns = append(s.columns, r...)
	}
	slices.Sort(s.columns)
	s.columns = slices.Compact(s.columns)
	place := map[int]int{}
	for k, b := range s.columns {
		place[b] = k
		s.people = append(s.people, people[b])
	}
	for _, r := range rows {
		row := make([]uint64, len(s.columns))
		for _, b := range r {
			row[place[b]] = 1
		}
		for i, done := range s.rows {
			subtract(row, done, row[s.pivot[i]])
		}
		pivot := -1
		for k, x := range row {
			if x != 0 && (pivot < 0 || s.people[k] > s.people[pivot]) {
				pivot = k
			}
		}
		if pivot < 0 {
			continue
		}
		factor := inverse(row[pivot])
		for k := range row {
			row[k] = row[k] * factor % prime
		}
		for _, done := range s.rows {
			subtract(done, row, done[pivot])
		}
		s.rows, s.pivot = append(s.rows, row), append(s.pivot, pivot)
	}
	return s
}

// subtract takes a multiple of one row from another.
func subtract(from, row []uint64, times uint64) {
	if times == 0 {
		return
	}
	for k, x := range row {
		if x != 0 {
			from[k] = (from[k] + (prime-times)*x) % prime
		}
	}
}

// sets are the equations that count each of their blocks once.
func (s *solved) sets() (sets [][]int) {
	for _, r := range s.rows {
		var set []int
		once := true
		for k, x := range r {
			if x != 0 {
				set, once = append(set, s.columns[k]), once && x == 1
			}
		}
		if once {
			sets = append(sets, set)
		}
	}
	return sets
}

// moves gives for each block one number that says how it moves when the blocks
// that no equation is solved for move by different amounts: the same
// combination of a block's row in the null space. Sets of blocks do not move at
// all only if their numbers add up to 0; the converse may fail by chance.
func (s *solved) moves(blocks int, known []bool) []uint64 {
	by, x := make([]uint64, blocks), uint64(1)
	for b := range by {
		x = x * 48271 % prime // any numbers without a pattern
		if !known[b] {
			by[b] = x
		}
	}
	solvedFor := make([]bool, len(s.columns))
	for _, k := range s.pivot {
		solvedFor[k] = true
	}
	for i, row := range s.rows {
		sum := uint64(0)
		for k, y := range row {
			if y != 0 && !solvedFor[k] {
				sum = (sum + y*by[s.columns[k]]) % prime
			}
		}
		by[s.columns[s.pivot[i]]] = (prime - sum) % prime
	}
	return by
}

// mostMoved bounds the small blocks that are put together by four, mostPaired
// those by three.
const (
	mostMoved  = 80
	mostPaired = 2000
)

// still reports whether some columns together do not move, whatever else does.
func (s *solved) still(columns []int) bool {
	rowOf := map[int][]uint64{}
	for i, k := range s.pivot {
		rowOf[k] = s.rows[i]
	}
	for free := range s.columns {
		if rowOf[free] != nil {
			continue
		}
		moved := uint64(0)
		for _, k := range columns {
			if row := rowOf[k]; row != nil {
				moved += prime - row[free]
			} else if k == free {
				moved++
			}
		}
		if moved%prime != 0 {
			return false
		}
	}
	return true
}

// unmoved puts blocks together that are less than min people and do not move.
func (s *solved) unmoved(moves []uint64, min int64) (sets [][]int) {
	var small []int
	at := make([]uint64, len(s.columns))
	for k, n := range s.people {
		at[k] = moves[s.columns[k]]
		if n < min && at[k] != 0 { // one that does not move by itself makes a set with any other
			small = append(small, k)
		}
	}
	one := map[uint64][]int{}
	for _, k := range small {
		one[at[k]] = append(one[at[k]], k)
	}
	two := map[uint64][][2]int{}
	note := func(columns ...int) {
		if !s.still(columns) {
			return
		}
		set := make([]int, len(columns))
		for i, k := range columns {
			set[i] = s.columns[k]
		}
		slices.Sort(set)
		sets = append(sets, set)
	}
	opposite := func(sum uint64) uint64 { return (2*prime - sum) % prime }
	for i, a := range small {
		for _, b := range small[i+1:] {
			if s.people[a]+s.people[b] >= min {
				continue
			}
			sum := at[a] + at[b]
			if sum%prime == 0 {
				note(a, b)
			}
			if len(small) > mostPaired {
				continue
			}
			for _, k := range one[opposite(sum%prime)] {
				if k > b && s.people[a]+s.people[b]+s.people[k] < min {
					note(a, b, k)
				}
			}
			if len(small) > mostMoved {
				continue
			}
			for _, p := range two[opposite(sum%prime)] {
				if p[1] < a && s.people[a]+s.people[b]+s.people[p[0]]+s.people[p[1]] < min {
					note(p[0], p[1], a, b)
				}
			}
			two[sum%prime] = append(two[sum%prime], [2]int{a, b})
		}
	}
	return sets
}

// prime is the modulus of the elimination. The vectors have entries 0 and 1;
// that a minor of theirs is a multiple of it is out of the question.
const prime = 1<<31 - 1

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
