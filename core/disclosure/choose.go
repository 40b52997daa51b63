package disclosure

import (
	"cmp"
	"math"
	"slices"
)

// choose withholds further cells until nothing that is withheld follows from
// what is published: as few as it finds, and of as few people as possible.
//
// The cells that nobody asked for are withheld all along.
func (c *cells) choose(primary []bool, demands []demand) []bool {
	primary = slices.Clone(primary)
	for range c.members[c.asked:] {
		primary = append(primary, true)
	}
	return c.chosen(primary, demands)[:c.asked]
}

func (c *cells) chosen(primary []bool, demands []demand) []bool {
	best := c.stepByStep(primary, demands)
	if slices.Equal(best, primary) || !c.tried(demands) {
		return best
	}
	best = c.publishAgain(best, primary, demands)
	if len(c.members) <= mostTwice {
		if other := c.largestFirst(primary, demands); c.cheaper(other, best, demands[0].n) {
			best = other
		}
		best = c.publishTogether(best, primary, demands)
	}
	return best
}

// mostTried bounds the cells of a table in which each is asked whether it can
// be published after all, mostTwice those of one for which two ways are tried,
// mostTogether those of one in which three are asked together.
const (
	mostTried    = 150
	mostWork     = 100_000 // cells times atoms times quantities
	mostTwice    = 40
	mostTogether = 20
)

// tried reports whether a table is small enough to try every cell.
func (c *cells) tried(demands []demand) bool {
	return len(c.members) <= mostTried && len(c.members)*c.atoms*len(demands) <= mostWork
}

// publishTogether changes withheld: it publishes again two or three cells that
// can't be one by one, as each may be withheld for another's sake.
func (c *cells) publishTogether(withheld, primary []bool, demands []demand) []bool {
	var further []int
	for i := range withheld {
		if withheld[i] && !primary[i] {
			further = append(further, i)
		}
	}
	try := func(cells ...int) bool {
		if c.stopped() {
			return false
		}
		for _, i := range cells {
			withheld[i] = false
		}
		if c.safe(withheld, demands) {
			return true
		}
		for _, i := range cells {
			withheld[i] = true
		}
		return false
	}
	threes := len(c.members) <= mostTogether
	for a, i := range further {
		for b, j := range further[:a] {
			if try(i, j) {
				return c.publishTogether(withheld, primary, demands)
			}
			for _, k := range further[:b] {
				if threes && try(i, j, k) {
					return c.publishTogether(withheld, primary, demands)
				}
			}
		}
	}
	return withheld
}

// cheaper reports whether one choice withholds fewer cells than another, or as
// many of fewer people. What everybody said is asked for most: it is withheld
// only where there is no other way.
func (c *cells) cheaper(a, b []bool, n []int64) bool {
	if a[total] != b[total] {
		return b[total]
	}
	cost := func(w []bool) (cells int, people int64) {
		for i := range w {
			if w[i] {
				cells++
				people += n[i]
			}
		}
		return cells, people
	}
	cellsA, peopleA := cost(a)
	cellsB, peopleB := cost(b)
	return cmp.Or(cmp.Compare(cellsA, cellsB), cmp.Compare(peopleA, peopleB)) < 0
}

// stepByStep withholds the cell that leaves the least to be worked out, the
// smallest of those, again and again. In a large table it takes the cells that
// are easy to tell.
func (c *cells) stepByStep(primary []bool, demands []demand) []bool {
	withheld, tried := slices.Clone(primary), c.tried(demands)
	enough := 0 // in a large table one quantity after the other is faster
	if tried {
		enough = math.MaxInt
	}
	for {
		open, further := c.violations(withheld, demands, enough)
		if open == 0 {
			return withheld
		}
		if len(further) == 0 || c.stopped() { // nothing helps but silence
			return slices.Repeat([]bool{true}, len(withheld))
		}
		if tried {
			further = c.next(withheld, demands, open, further)
		}
		for _, i := range further {
			withheld[i] = true
		}
	}
}

// next is the cell to withhold next: the first of those that come to mind if it
// helps, or else the best there is.
func (c *cells) next(withheld []bool, demands []demand, open int, further []int) []int {
	withheld[further[0]] = true
	left, _ := c.violations(withheld, demands, open)
	withheld[further[0]] = false
	if left < open {
		return further[:1]
	}
	if best, ok := c.best(withheld, demands, open); ok {
		return []int{best}
	}
	if at := slices.IndexFunc(further, func(i int) bool { return i != total }); at >= 0 {
		return further[at : at+1]
	}
	return further[:1]
}

// violations adds up what is violated in all demands. It stops counting beyond
// enough.
func (c *cells) violations(withheld []bool, demands []demand, enough int) (count int, further []int) {
	for k := range demands {
		n, at := c.violated(withheld, &demands[k], false)
		count += n
		further = append(further, at...)
		if count > enough {
			break
		}
	}
	return count, further
}

// best is the published group without which the least can be worked out, and
// less than now.
func (c *cells) best(withheld []bool, demands []demand, open int) (at int, ok bool) {
	least := open
	n := demands[0].n
	try := func(i int) {
		if withheld[i] || n[i] == 0 || c.stopped() {
			return
		}
		withheld[i] = true
		left, _ := c.violations(withheld, demands, least)
		withheld[i] = false
		if left < least || ok && left == least && n[i] < n[at] {
			at, ok, least = i, true, left
		}
	}
	for i := range c.members {
		if i != total {
			try(i)
		}
	}
	return at, ok
}

// largestFirst begins with everything withheld but the total, and publishes the
// largest cells first.
func (c *cells) largestFirst(primary []bool, demands []demand) []bool {
	all := slices.Repeat([]bool{true}, len(primary))
	all[total] = primary[total]
	if !c.safe(all, demands) {
		all[total] = true
	}
	return c.publishAgain(all, primary, demands)
}

// publishAgain changes withheld: it publishes, the largest first, each cell that
// was not withheld for its own sake and without which all stays safe.
func (c *cells) publishAgain(withheld, primary []bool, demands []demand) []bool {
	var order []int
	for i := range withheld {
		if withheld[i] && !primary[i] {
			order = append(order, i)
		}
	}
	n := demands[0].n
	slices.SortStableFunc(order, func(a, b int) int {
		if a == total || b == total { // what everybody said is asked for most
			return cmp.Compare(min(a, 1), min(b, 1))
		}
		return cmp.Compare(n[b], n[a])
	})
	for _, i := range order {
		if c.stopped() {
			break
		}
		withheld[i] = false
		withheld[i] = !c.safe(withheld, demands)
	}
	return withheld
}

// safe reports whether nothing that is withheld can be worked out.
func (c *cells) safe(withheld []bool, demands []demand) bool {
	return !slices.ContainsFunc(demands, func(d demand) bool { n, _ := c.violated(withheld, &d, true); return n > 0 })
}
