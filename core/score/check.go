package score

import (
	"math/big"
	"slices"

	"github.com/firstcall-cli/firstcall/core/stats"
)

// This file looks at sums that were read from a file: whether they have the
// shape that the instrument asks for, and whether people's answers can have
// given them. It finds what a slip of the hand or a broken disk does to a
// number, not what somebody makes up with care.

// mostPeople keeps sums of parts within 128 bits.
const mostPeople = 1 << 40

// bounds are those of a value, in its unit.
type bounds struct{ low, high int64 }

// hold reports whether n values within the bounds can have that sum.
func (b bounds) hold(n int64, sum stats.Int) bool {
	x := sum.Big()
	return n >= 0 && n <= mostPeople && x.Cmp(stats.Product(n, b.low).Big()) >= 0 && x.Cmp(stats.Product(n, b.high).Big()) <= 0
}

// of are the bounds of the sum of so many values.
func (b bounds) of(values int) bounds { return bounds{b.low * int64(values), b.high * int64(values)} }

// moments reports whether n values within the bounds can have such moments.
func (b bounds) moments(m stats.Moments) bool {
	if !b.hold(m.N, m.Sum) {
		return false
	}
	squares, most := m.SumSquares.Big(), big.NewInt(max(b.high, -b.high, b.low, -b.low))
	most.Mul(most, most).Mul(most, big.NewInt(m.N))
	least := m.Sum.Big() // Σx² is at least (Σx)²/n
	return squares.Sign() >= 0 && squares.Cmp(most) <= 0 && least.Mul(least, least).Cmp(squares.Mul(squares, big.NewInt(m.N))) <= 0
}

// pairHolds reports whether so many pairs of values, each within its bounds,
// can have such sums.
func pairHolds(x, y bounds, p stats.PairSums) bool {
	most := new(big.Int).Mul(big.NewInt(max(x.high, -x.high, x.low, -x.low)), big.NewInt(max(y.high, -y.high, y.low, -y.low)))
	most.Mul(most, big.NewInt(p.N))
	return x.hold(p.N, p.SumX) && y.hold(p.N, p.SumY) && p.SumXY.Big().CmpAbs(most) <= 0
}

// goTogether reports whether a sum of products can be that of values with such
// moments: no correlation is beyond 1 (Cauchy and Schwarz).
func goTogether(x, y stats.Moments, products stats.Int) bool {
	if x.N == 0 {
		return products == stats.Int{}
	}
	n := big.NewInt(x.N)
	centered := func(products, x, y stats.Int) *big.Int {
		p, xy := products.Big(), x.Big()
		return p.Mul(p, n).Sub(p, xy.Mul(xy, y.Big()))
	}
	xx, yy := centered(x.SumSquares, x.Sum, x.Sum), centered(y.SumSquares, y.Sum, y.Sum)
	xy := centered(products, x.Sum, y.Sum)
	return xy.Mul(xy, xy).Cmp(xx.Mul(xx, yy)) <= 0
}

// bounds are those of an item's answers in a unit.
func (l *layout) bounds(i int, unit int64) bounds {
	return bounds{int64(l.items[i].low) * unit, int64(l.items[i].high) * unit}
}

// consistent reports whether sums of the right shape can be those of people's
// answers.
func (s *Sums) consistent(l *layout) bool {
	if s.N < 0 || s.N > mostPeople {
		return false
	}
	for i := range l.items {
		if !s.Items[i].consistent(l.bounds(i, l.items[i].unit), s.N) {
			return false
		}
	}
	for d := range l.dims {
		if !s.consistentDimension(l, d) {
			return false
		}
	}
	for i, p := range l.pairs {
		unit := l.items[p.ideal].unit
		if !s.Pairs[i].consistent(l.bounds(p.ideal, unit), l.bounds(p.practice, unit), s.N) {
			return false
		}
	}
	for f, facet := range l.facets {
		if !scoresHold(s.Facets[f], l.bounds(facet.items[0], facet.unit), s.N) {
			return false
		}
	}
	if s.Between == nil {
		return true
	}
	b := l.bounds(l.facets[service].items[0], l.facets[service].score)
	return s.Between.consistent(b, b, s.N)
}

func (it *ItemSums) consistent(b bounds, people int64) bool {
	if it.Decimals != nil {
		return it.Decimals.N <= people && b.moments(*it.Decimals)
	}
	for _, n := range it.Histogram {
		if n < 0 || n > people {
			return false
		}
		people -= n
	}
	return true
}

// scoresHold reports whether everybody is in one of the entries, and whether
// the totals can be theirs.
func scoresHold(s stats.ScoreSums, b bounds, people int64) bool {
	for m := range s {
		if !b.of(m).moments(s[m]) || s[m].N > people {
			return false
		}
		people -= s[m].N
	}
	return people == 0
}

// consistent reports whether such differences can be those of people.
func (d *Differences) consistent(x, y bounds, people int64) bool {
	between := bounds{x.low - y.high, x.high - y.low}
	return d.N <= people && x.hold(d.N, d.First) && y.hold(d.N, d.Second) && between.moments(d.Moments())
}

// consistentDimension sets a dimension's sums against those of its items and
// against each other.
func (s *Sums) consistentDimension(l *layout, at int) bool {
	d, own := &l.dims[at], &s.Dimensions[at]
	b := l.bounds(d.first, d.unit)
	if !scoresHold(own.Scores, b, s.N) || !own.sharesHold(d) {
		return false
	}
	var answers int64
	total := stats.Int{}
	for j := range d.k {
		m := l.momentsIn(s, d.first+j, d.unit)
		answers, total = answers+m.N, total.Plus(m.Sum)
		for i := range j {
			if p := own.Pairs[stats.PairIndex(i, j)]; !pairHolds(b, b, p) || p.N > m.N {
				return false
			}
		}
	}
	for m, scores := range own.Scores {
		answers, total = answers-int64(m)*scores.N, total.Minus(scores.Sum)
	}
	return answers == 0 && total == stats.Int{} && own.completeHolds(l.items[d.first:d.first+d.k], b, d.unit)
}

// sharesHold sets the favorable answers against the number of answers.
func (s *DimensionSums) sharesHold(d *dimLayout) bool {
	var people, answers, squares int64
	for m := int64(1); m <= int64(d.k); m++ {
		people, answers, squares = people+s.Scores[m].N, answers+m*s.Scores[m].N, squares+m*m*s.Scores[m].N
	}
	h, k := s.Shares, int64(d.k)
	return h.Respondents == people && h.Answers == answers && h.AnswerSquares == squares &&
		h.Favorable >= 0 && h.Favorable <= answers && h.FavorableSquares >= h.Favorable && h.FavorableSquares <= k*h.Favorable &&
		h.Products >= h.FavorableSquares && h.Products <= k*h.Favorable
}

// completeHolds sets what is known of those who answered everything against
// their totals.
func (s *DimensionSums) completeHolds(items []itemLayout, b bounds, unit int64) bool {
	k := len(items)
	sum, squares := stats.Int{}, stats.Int{}
	for j, m := range s.Complete.Items {
		if m.N != s.Scores[k].N || !b.moments(m) {
			return false
		}
		histogram := ItemSums{Histogram: s.Complete.Histograms[j]}
		if items[j].unit == 1 && (!histogram.consistent(b, m.N) || multiplied(items[j].moments(histogram.Histogram), unit) != m) {
			return false
		}
		sum, squares = sum.Plus(m.Sum), squares.Plus(m.SumSquares)
		for i := range j {
			p := s.Complete.Pairs[stats.PairIndex(i, j)]
			if p.N != m.N || p.SumX != s.Complete.Items[i].Sum || p.SumY != m.Sum || !goTogether(s.Complete.Items[i], m, p.SumXY) {
				return false
			}
			squares = squares.Plus(p.SumXY).Plus(p.SumXY)
		}
	}
	return sum == s.Scores[k].Sum && squares == s.Scores[k].SumSquares
}

// consistent reports whether such sums can be those of so many people.
func (w *Whole) consistent(l *layout, rows, people int64) bool {
	c := w.Careless
	if c.LongRuns < 0 || c.LongRuns > rows || c.Longest < 0 || int(c.Longest) > l.asked || c.Varied < 0 || c.Varied > people ||
		!l.bounds(0, scoreUnit).spreads(c.Varied, c.IRV) {
		return false
	}
	for o := range w.Drivers {
		if !w.Drivers[o].consistent(l, l.allDims, l.asked+o, people) {
			return false
		}
	}
	for i := range w.Links {
		if !w.Links[i].consistent(l, l.links[i][:], -1, people) {
			return false
		}
	}
	return true
}

// spreads reports whether n SDs of values within the bounds can have that sum.
func (b bounds) spreads(n int64, sum stats.Int) bool {
	return bounds{0, b.high - b.low}.hold(n, sum)
}

func (c *Cross) consistent(l *layout, dims []int, outcome int, people int64) bool {
	var complete, partly []bounds
	for _, d := range dims {
		it := l.items[l.dims[d].first]
		complete = append(complete, bounds{0, int64(it.high-it.low) * int64(l.dims[d].k)})
		partly = append(partly, l.bounds(l.dims[d].first, l.dims[d].score))
	}
	if outcome >= 0 {
		complete = append(complete, bounds{0, int64(l.items[outcome].high - l.items[outcome].low)})
		partly = append(partly, l.bounds(outcome, l.items[outcome].score))
	}
	return c.Complete.consistent(complete) && c.Partly.consistent(partly) && c.Complete.N+c.Partly.N <= people
}

func (c *CrossSums) consistent(b []bounds) bool {
	moments := make([]stats.Moments, len(b))
	for i := range b {
		moments[i] = stats.Moments{N: c.N, Sum: c.Sums[i], SumSquares: c.Products[i*(i+3)/2]}
		if !b[i].moments(moments[i]) {
			return false
		}
		for j := range i {
			if !goTogether(moments[i], moments[j], c.Products[i*(i+1)/2+j]) {
				return false
			}
		}
	}
	return true
}

// fits reports whether sums have the shape of others.
func (s *Sums) fits(o *Sums) bool {
	if len(s.Items) != len(o.Items) || len(s.Dimensions) != len(o.Dimensions) || len(s.Pairs) != len(o.Pairs) ||
		len(s.Facets) != len(o.Facets) || (s.Between == nil) != (o.Between == nil) {
		return false
	}
	for i := range s.Items {
		a, b := s.Items[i], o.Items[i]
		if len(a.Histogram) != len(b.Histogram) || (a.Decimals == nil) != (b.Decimals == nil) {
			return false
		}
	}
	for i := range s.Dimensions {
		a, b := &s.Dimensions[i], &o.Dimensions[i]
		if len(a.Scores) != len(b.Scores) || len(a.Pairs) != len(b.Pairs) ||
			len(a.Complete.Items) != len(b.Complete.Items) || len(a.Complete.Pairs) != len(b.Complete.Pairs) ||
			!slices.EqualFunc(a.Complete.Histograms, b.Complete.Histograms, func(a, b []int64) bool { return len(a) == len(b) }) {
			return false
		}
	}
	for i := range s.Facets {
		if len(s.Facets[i]) != len(o.Facets[i]) {
			return false
		}
	}
	return true
}

func (w *Whole) fits(o *Whole) bool {
	same := func(a, b []Cross) bool {
		return slices.EqualFunc(a, b, func(a, b Cross) bool { return a.Complete.fits(&b.Complete) && a.Partly.fits(&b.Partly) })
	}
	return same(w.Drivers, o.Drivers) && same(w.Links, o.Links)
}

func (c *CrossSums) fits(o *CrossSums) bool {
	return len(c.Sums) == len(o.Sums) && len(c.Products) == len(o.Products)
}
