package disclosure

import (
	"math"
	"slices"
)

// trades are the ways in which answers can change places where cells cross:
// between two cells of a row, and the other way around between the two cells of
// another row that lie in the same columns. No row and no column shows it.
//
// What is withheld in one grouping takes part like one more group of it, of
// which nothing is told.
type trades struct {
	// pairs has, for two groups of a grouping, the pairs of blocks that are in the
	// same groups otherwise: the first is in the first.
	pairs map[[2]int][][2]int
	// partners has the same pairs by their first block.
	partners [][]partner
}

// partner is a block that differs from another in one grouping.
type partner struct {
	own, other int // the groups they differ in
	block      int
}

// mostAlike bounds how many blocks are set against each other for differing in
// one cell. A table has fewer columns than rows: it is the short way that
// counts.
const mostAlike = 48

func (c *cells) newTrades(blocks []block) *trades {
	x := &trades{pairs: map[[2]int][][2]int{}, partners: make([][]partner, len(blocks))}
	alike := map[string][][2]int{} // block and cell left out, by the other cells
	var order []string
	for b, bl := range blocks {
		groups := c.groupsOf(bl)
		for k, cell := range groups {
			rest := keyOf(slices.Concat(groups[:k], []int{-1 - len(c.groupings)}, groups[k+1:]))
			if alike[rest] == nil {
				order = append(order, rest)
			}
			alike[rest] = append(alike[rest], [2]int{b, cell})
		}
	}
	for _, rest := range order {
		set := alike[rest]
		if len(set) < 2 || len(set) > mostAlike {
			continue
		}
		for _, one := range set {
			for _, two := range set {
				if one[1] != two[1] {
					cells := [2]int{one[1], two[1]}
					x.pairs[cells] = append(x.pairs[cells], [2]int{one[0], two[0]})
					x.partners[one[0]] = append(x.partners[one[0]], partner{one[1], two[1], two[0]})
				}
			}
		}
	}
	return x
}

// groupsOf lists the published group of each grouping that a block is in; where
// there is none, a number that stands for those withheld.
func (c *cells) groupsOf(b block) []int {
	out := make([]int, len(c.groupings))
	for g := range out {
		out[g] = -1 - g
		if cell := c.groupOf[g][b.atoms[0]]; slices.Contains(b.cells, cell) {
			out[g] = cell
		}
	}
	return out
}

// exchanges finds out how far the sum of withheld cells can be moved by trades.
type exchanges struct {
	*trades
	pools   []pool // of each block
	answers *answers
}

func newExchanges(c *cells, s *shape, pools []pool, a *answers) *exchanges {
	if s.trades == nil {
		s.trades = c.newTrades(s.blocks)
	}
	return &exchanges{trades: s.trades, pools: pools, answers: a}
}

// reach is how far the sum of the people in some blocks can be moved, up and
// down together; it stops looking when that is enough.
func (x *exchanges) reach(parts []share, enough float64) float64 {
	in := map[int]int64{}
	var own []int
	for _, p := range parts {
		in[p.block] = p.n
		if p.n == x.pools[p.block].n {
			own = append(own, p.block)
		}
	}
	got := 0.0
	for _, up := range []bool{true, false} {
		now := map[int]pool{}
		for _, b := range own {
			got += x.push(b, in, up, enough-got, now)
			if got >= enough {
				return got
			}
		}
	}
	return got
}

// push moves the sum of block b one way, by all cycles that leave the other
// blocks of the same cell alone. now holds the answers as they have become.
func (x *exchanges) push(b int, in map[int]int64, up bool, enough float64, now map[int]pool) float64 {
	got := 0.0
	for _, p := range x.partners[b] {
		if in[p.block] > 0 {
			continue
		}
		for _, other := range x.pairs[[2]int{p.own, p.other}] {
			if other[0] == b || in[other[0]] > 0 || in[other[1]] > 0 {
				continue
			}
			got += x.exchange([4]int{b, other[1], p.block, other[0]}, up, enough-got, now)
			if got >= enough {
				return got
			}
		}
	}
	return got
}

func (x *exchanges) at(now map[int]pool, b int) pool {
	p, ok := now[b]
	if !ok {
		p = x.pools[b]
		p.steps = slices.Clone(p.steps)
	}
	return p
}

// exchange raises the first two blocks and lowers the last two by the same
// answers, or the other way around, and returns by how much the first one
// moved.
func (x *exchanges) exchange(cycle [4]int, up bool, enough float64, now map[int]pool) float64 {
	var p [4]pool
	for k, b := range cycle {
		p[k] = x.at(now, b)
	}
	raised, lowered := p[:2], p[2:]
	if !up {
		raised, lowered = p[2:], p[:2]
	}
	var got float64
	if x.answers.steps != nil {
		got = swapSteps(raised, lowered, enough)
	} else {
		got = x.swapSums(raised, lowered, enough)
	}
	if got > 0 {
		for k, b := range cycle {
			now[b] = p[k]
		}
	}
	return got
}

// swapSteps moves people of one answer to a higher one in two pools, and back
// in two others, the widest apart first.
func swapSteps(raised, lowered []pool, enough float64) float64 {
	k := len(raised[0].steps)
	got := 0.0
	for apart := k - 1; apart > 0; apart-- {
		for lo := 0; lo+apart < k && got < enough; lo++ {
			hi := lo + apart
			times := min(raised[0].steps[lo], raised[1].steps[lo], lowered[0].steps[hi], lowered[1].steps[hi])
			if times == 0 {
				continue
			}
			for i := range raised {
				raised[i].steps[lo] -= times
				raised[i].steps[hi] += times
				lowered[i].steps[hi] -= times
				lowered[i].steps[lo] += times
			}
			got += float64(float64(times) * float64(apart))
		}
	}
	return got
}

// swapSums moves sums from two pools to two others, and sums of squares with
// them, so far that people with such sums can still exist.
func (x *exchanges) swapSums(raised, lowered []pool, enough float64) float64 {
	most := math.Inf(1)
	for i := range raised {
		most = min(most, float64(x.answers.high*float64(raised[i].n))-raised[i].sum, lowered[i].sum-float64(x.answers.low*float64(lowered[i].n)))
	}
	most = max(0, min(most, enough*(1+tolerance)))
	if x.answers.squares == nil {
		for i := range raised {
			raised[i].sum, lowered[i].sum = raised[i].sum+most, lowered[i].sum-most
		}
		return most
	}
	const tries = 32
	for try := tries; try > 0; try-- {
		by := float64(most * float64(try) / tries)
		low, high := math.Inf(-1), math.Inf(1)
		for i := range raised {
			l, h := x.squares(raised[i].n, raised[i].sum+by)
			low, high = max(low, l-raised[i].squares), min(high, h-raised[i].squares)
			l, h = x.squares(lowered[i].n, lowered[i].sum-by)
			low, high = max(low, lowered[i].squares-h), min(high, lowered[i].squares-l)
		}
		if by <= 0 || low > high {
			continue
		}
		squares := float64((low + high) / 2)
		for i := range raised {
			raised[i].sum, raised[i].squares = raised[i].sum+by, raised[i].squares+squares
			lowered[i].sum, lowered[i].squares = lowered[i].sum-by, lowered[i].squares-squares
		}
		return by
	}
	return 0
}

// squares is between what the sum of the squares of n people lies when they
// have that sum on the scale.
func (x *exchanges) squares(n int64, sum float64) (low, high float64) {
	low = float64(sum*sum) / float64(n)
	if n == 1 {
		return low, low
	}
	return low, float64((x.answers.low+x.answers.high)*sum) - float64(x.answers.low*x.answers.high*float64(n))
}
