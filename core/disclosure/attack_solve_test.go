package disclosure_test

import (
	"math"
	"math/big"
	"math/bits"
	"slices"
)

// This file is the attacker's arithmetic. It shares nothing with the code that
// it attacks: fractions in place of a prime, and a linear program.

// tally is what is known of the answers of a set of people to one quantity, in
// its unit.
type tally struct {
	n, sum, squares    int64
	steps              []int64 // how many gave each answer, after reverse keying; items only
	favorable, answers int64   // of a dimension; answers is 0 when it is not known how many there were
}

// plus takes two sets of people together.
func (t tally) plus(o tally) tally { return t.with(o, 1) }

// less takes away what is known of a part.
func (t tally) less(part tally) tally { return t.with(part, -1) }

func (t tally) with(o tally, times int64) tally {
	t.n, t.sum, t.squares = t.n+times*o.n, t.sum+times*o.sum, t.squares+times*o.squares
	t.favorable, t.answers = t.favorable+times*o.favorable, t.answers+times*o.answers
	if t.steps = slices.Clone(t.steps); t.steps == nil {
		t.steps = make([]int64, len(o.steps))
	}
	for i, n := range o.steps {
		t.steps[i] += times * n
	}
	if len(t.steps) == 0 {
		t.steps = nil
	}
	return t
}

// span is what follows from sums over known sets of people: the reduced row
// echelon form of the sets, each row with a note of how it is made of them.
type span struct {
	columns int
	rows    []spanRow
}

// spanRow is a sum that is known. A nil fraction is zero.
type spanRow struct {
	pivot        int
	vector, made []*big.Rat
}

func newSpan(columns int, sets [][]int64) *span {
	s := &span{columns: columns}
	for k, set := range sets {
		row := spanRow{pivot: -1, vector: make([]*big.Rat, columns), made: make([]*big.Rat, len(sets))}
		for c, x := range set {
			if x != 0 {
				row.vector[c] = big.NewRat(x, 1)
			}
		}
		row.made[k] = big.NewRat(1, 1)
		for _, r := range s.rows {
			row.subtract(r, row.vector[r.pivot])
		}
		row.pivot = slices.IndexFunc(row.vector, func(x *big.Rat) bool { return x != nil })
		if row.pivot < 0 {
			continue
		}
		row.divide(row.vector[row.pivot])
		for i := range s.rows {
			s.rows[i].subtract(row, s.rows[i].vector[row.pivot])
		}
		s.rows = append(s.rows, row)
	}
	return s
}

func (r *spanRow) subtract(o spanRow, times *big.Rat) {
	if times == nil {
		return
	}
	times = new(big.Rat).Set(times)
	for _, pair := range [][2][]*big.Rat{{r.vector, o.vector}, {r.made, o.made}} {
		for c, x := range pair[1] {
			if x == nil {
				continue
			}
			left := new(big.Rat).Mul(x, times)
			if left.Neg(left); pair[0][c] != nil {
				left.Add(left, pair[0][c])
			}
			if pair[0][c] = left; left.Sign() == 0 {
				pair[0][c] = nil
			}
		}
	}
}

func (r *spanRow) divide(by *big.Rat) {
	by = new(big.Rat).Inv(by)
	for _, side := range [][]*big.Rat{r.vector, r.made} {
		for c, x := range side {
			if x != nil {
				side[c] = new(big.Rat).Mul(x, by)
			}
		}
	}
}

// solve says how the sum over a set is made of those that are known, if it is.
func (s *span) solve(set []int64) (made []*big.Rat, ok bool) {
	var left spanRow
	left.vector = make([]*big.Rat, s.columns)
	for c, x := range set {
		if x != 0 {
			left.vector[c] = big.NewRat(x, 1)
		}
	}
	if len(s.rows) > 0 {
		left.made = make([]*big.Rat, len(s.rows[0].made))
	}
	for _, r := range s.rows {
		left.subtract(r, left.vector[r.pivot])
	}
	if slices.ContainsFunc(left.vector, func(x *big.Rat) bool { return x != nil }) {
		return nil, false
	}
	for _, x := range left.made {
		if x != nil {
			x.Neg(x)
		}
	}
	return left.made, true
}

// combine adds up known values as the fractions say.
func combine(made []*big.Rat, value func(k int) int64) *big.Rat {
	sum := new(big.Rat)
	for k, x := range made {
		if x != nil {
			sum.Add(sum, new(big.Rat).Mul(x, big.NewRat(value(k), 1)))
		}
	}
	return sum
}

// rest gives each column what it leaves open: columns whose rests add up to
// nothing have a sum that is known.
func (s *span) rest() [][]float64 {
	pivots := map[int]spanRow{}
	for _, r := range s.rows {
		pivots[r.pivot] = r
	}
	var free []int
	for c := range s.columns {
		if _, ok := pivots[c]; !ok {
			free = append(free, c)
		}
	}
	all := make([][]float64, s.columns)
	for c := range all {
		all[c] = make([]float64, len(free))
		for i, f := range free {
			if r, ok := pivots[c]; !ok && c == f {
				all[c][i] = -1
			} else if ok && r.vector[f] != nil {
				all[c][i], _ = r.vector[f].Float64()
			}
		}
	}
	return all
}

// smallSets looks for sets of columns with fewer than so many people whose sum
// is known. It gives up after a while: there may be very many.
func (s *span) smallSets(people []int64, below int64) [][]int {
	rest := s.rest()
	var found [][]int
	tries := 0
	var extend func(from int, chosen []int, n int64, sum []float64)
	extend = func(from int, chosen []int, n int64, sum []float64) {
		if tries++; len(chosen) > 0 && !slices.ContainsFunc(sum, func(x float64) bool { return math.Abs(x) > 1e-9 }) {
			found = append(found, slices.Clone(chosen))
			return
		}
		for c := from; c < s.columns && tries < 20_000; c++ {
			if people[c] == 0 || n+people[c] >= below {
				continue
			}
			next := slices.Clone(sum)
			for i, x := range rest[c] {
				next[i] += x
			}
			extend(c+1, append(chosen, c), n+people[c], next)
		}
	}
	if s.columns > 0 {
		extend(0, nil, 0, make([]float64, len(rest[0])))
	}
	return found
}

// remainder is a published set without published sets within it, each once.
type remainder struct {
	set   uint64
	whole int
	less  []int
}

// remainders takes the groups of one grouping after another away from each
// published set, in every order of the groupings. Sets are bits of the finest
// groups; grouping tells of each which grouping it belongs to, -1 is the total.
// The published sets come first.
func remainders(sets []uint64, grouping []int, groupings int) []remainder {
	var all []remainder
	seen := map[uint64]bool{}
	for i, set := range sets {
		if !seen[set] {
			seen[set] = true
			all = append(all, remainder{set, i, nil})
		}
	}
	for i, set := range sets {
		for _, r := range without(set, sets, grouping, groupings) {
			if !seen[r.set] {
				seen[r.set] = true
				r.whole = i
				all = append(all, r)
			}
		}
	}
	return all
}

// without takes the groups of one grouping after another away from a set that
// need not be published, and gives each thing that is left on the way.
func without(set uint64, sets []uint64, grouping []int, groupings int) []remainder {
	var all []remainder
	for _, order := range orders(groupings) {
		r := remainder{set, -1, nil}
		for _, g := range order {
			for k, part := range sets {
				if grouping[k] == g && part&^r.set == 0 {
					r.set, r.less = r.set&^part, append(r.less, k)
				}
			}
			if r.set != 0 && r.set != set {
				all = append(all, remainder{r.set, -1, slices.Clone(r.less)})
			}
		}
	}
	return all
}

// orders lists the orders of n things.
func orders(n int) [][]int {
	if n == 0 {
		return [][]int{nil}
	}
	var all [][]int
	for _, o := range orders(n - 1) {
		for at := range n {
			all = append(all, slices.Insert(slices.Clone(o), at, n-1))
		}
	}
	return all
}

// columnsOf lists the finest groups of a set.
func columnsOf(set uint64) []int {
	var all []int
	for ; set != 0; set &= set - 1 {
		all = append(all, bits.TrailingZeros64(set))
	}
	return all
}

func vectorOf(set uint64, columns int) []int64 {
	v := make([]int64, columns)
	for _, c := range columnsOf(set) {
		v[c] = 1
	}
	return v
}
