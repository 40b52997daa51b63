package score

import (
	"math"
	"math/big"
	"slices"

	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/stats"
)

// This file counts answers in the plainest way there is: for each sum a loop
// over all people, in integers of any size. It shares types with the package,
// and of its code nothing but which dimensions have compact counters.

// naive counts the people of a world.
type naive struct {
	*world
	items []instrument.Item
	first []int // of each dimension, among items
	l     *layout
}

func newNaive(w *world) *naive {
	n := &naive{world: w, items: w.in.Items()}
	at := 0
	for _, d := range w.in.Dimensions {
		n.first = append(n.first, at)
		at += len(d.Items)
	}
	opt := w.opt.withDefaults()
	n.l = newLayout(w.in, opt.Missing, opt.LongRun)
	return n
}

// whole turns a number of any size into one of 128 bits.
func whole(x *big.Int) stats.Int {
	var out stats.Int
	if err := out.UnmarshalJSON([]byte(x.String())); err != nil {
		panic(err)
	}
	return out
}

func (n *naive) unit(i int) int64 {
	switch {
	case !n.items[i].Continuous:
		return 1
	case n.items[i].Scale.Max > 1000 || n.items[i].Scale.Min < -1000:
		return 1_000_000
	}
	return 1_000_000_000_000
}

// keyed is a person's answer to an item after reverse keying, in units of
// 1/unit.
func (n *naive) keyed(p person, i int, unit int64) (*big.Int, bool) {
	a := p.answers[i]
	if !a.ok {
		return nil, false
	}
	x := big.NewInt(a.x)
	if s := n.items[i].Scale; n.items[i].Reverse {
		x.Sub(new(big.Int).Mul(big.NewInt(int64(s.Min+s.Max)), big.NewInt(n.unit(i))), x)
	}
	return x.Mul(x, big.NewInt(unit/n.unit(i))), true
}

// of lists the items of a dimension and their common unit.
func (n *naive) of(d int) (items []int, unit int64) {
	unit = 1
	for i := range n.in.Dimensions[d].Items {
		items = append(items, n.first[d]+i)
		unit = max(unit, n.unit(n.first[d]+i))
	}
	return items, unit
}

// total adds up a person's answers to some items.
func (n *naive) total(p person, items []int, unit int64) (answered int, total *big.Int) {
	total = new(big.Int)
	for _, i := range items {
		if x, ok := n.keyed(p, i, unit); ok {
			answered++
			total.Add(total, x)
		}
	}
	return answered, total
}

// need is how many of k items make a score.
func (n *naive) need(k int) int {
	switch n.opt.Missing {
	case instrument.MinHalf:
		return (k + 1) / 2
	case instrument.Min80Pct:
		return int(math.Ceil(0.8*float64(k) - 1e-9))
	case instrument.CompleteOnly:
		return k
	}
	return 1
}

// bits is how fine scores on the scale of an item are counted.
func (n *naive) bits(i int) uint {
	if s := n.items[i].Scale; s.Min < -1000 || s.Max > 1000 {
		return 30
	}
	return 40
}

// score is a person's score in units of 2^-40 or 2^-30, or nil.
func (n *naive) score(p person, items []int, unit int64) *big.Int {
	m, total := n.total(p, items, unit)
	if m < n.need(len(items)) || m == 0 {
		return nil
	}
	scaled := new(big.Rat).SetFrac(new(big.Int).Lsh(total, n.bits(items[0])), big.NewInt(int64(m)*unit))
	return roundHalfAway(scaled)
}

func roundHalfAway(x *big.Rat) *big.Int {
	twice := new(big.Rat).Mul(new(big.Rat).Abs(x), big.NewRat(2, 1))
	twice.Add(twice, big.NewRat(1, 1))
	out := new(big.Int).Quo(twice.Num(), new(big.Int).Mul(twice.Denom(), big.NewInt(2)))
	if x.Sign() < 0 {
		out.Neg(out)
	}
	return out
}

func moments(values []*big.Int) stats.Moments {
	sum, squares := new(big.Int), new(big.Int)
	for _, x := range values {
		sum.Add(sum, x)
		squares.Add(squares, new(big.Int).Mul(x, x))
	}
	return stats.Moments{N: int64(len(values)), Sum: whole(sum), SumSquares: whole(squares)}
}

func products(x, y []*big.Int) stats.PairSums {
	sum := new(big.Int)
	for i := range x {
		sum.Add(sum, new(big.Int).Mul(x[i], y[i]))
	}
	return stats.PairSums{N: int64(len(x)), SumX: moments(x).Sum, SumY: moments(y).Sum, SumXY: whole(sum)}
}

// sums counts some people.
func (n *naive) sums(people []person) *Sums {
	s := &Sums{N: int64(len(people)), Pairs: []Differences{}}
	for i, it := range n.items {
		var out ItemSums
		var values []*big.Int
		if !it.Continuous {
			out.Histogram = n.histogram(people, i)
		}
		for _, p := range people {
			if x, ok := n.keyed(p, i, n.unit(i)); ok {
				values = append(values, x)
			}
		}
		if it.Continuous {
			m := moments(values)
			out.Decimals = &m
		}
		s.Items = append(s.Items, out)
	}
	for d := range n.in.Dimensions {
		s.Dimensions = append(s.Dimensions, n.dimension(people, d))
	}
	n.beyond(s, people)
	return s
}

func (n *naive) dimension(people []person, d int) DimensionSums {
	items, unit := n.of(d)
	k := len(items)
	out := DimensionSums{Pairs: make([]stats.PairSums, k*(k-1)/2), Complete: CompleteSums{make([]stats.Moments, k), make([]stats.PairSums, k*(k-1)/2), make([][]int64, k)}}
	totals := make([][]*big.Int, k+1)
	var complete []person
	for _, p := range people {
		m, total := n.total(p, items, unit)
		totals[m] = append(totals[m], total)
		if m == k {
			complete = append(complete, p)
		}
		n.share(&out.Shares, p, items, m)
	}
	for _, t := range totals {
		out.Scores = append(out.Scores, moments(t))
	}
	at := 0
	for j := range k {
		for i := range j {
			out.Pairs[at] = n.pairOf(people, items[i], items[j], unit)
			out.Complete.Pairs[at] = n.pairOf(complete, items[i], items[j], unit)
			at++
		}
		var values []*big.Int
		for _, p := range complete {
			x, _ := n.keyed(p, items[j], unit)
			values = append(values, x)
		}
		out.Complete.Items[j] = moments(values)
		out.Complete.Histograms[j] = n.histogram(complete, items[j])
	}
	return out
}

// histogram counts the answers to an item as given.
func (n *naive) histogram(people []person, i int) []int64 {
	if n.items[i].Continuous {
		return []int64{}
	}
	out := make([]int64, n.items[i].Scale.Options())
	for _, p := range people {
		if p.answers[i].ok {
			out[p.answers[i].x-int64(n.items[i].Scale.Min)]++
		}
	}
	return out
}

// share counts a person's favorable answers among m.
func (n *naive) share(s *stats.ShareSums, p person, items []int, m int) {
	if m == 0 {
		return
	}
	var f int64
	for _, i := range items {
		scale := n.items[i].Scale
		x, ok := n.keyed(p, i, n.unit(i))
		if !ok || !scale.FavorableSet {
			continue
		}
		c := x.Cmp(new(big.Int).Mul(big.NewInt(int64(scale.Favorable)), big.NewInt(n.unit(i))))
		if c == 0 || (c > 0) == (n.in.Direction != instrument.HighIsBad) {
			f++
		}
	}
	a := int64(m)
	*s = stats.ShareSums{Respondents: s.Respondents + 1, Favorable: s.Favorable + f, Answers: s.Answers + a,
		FavorableSquares: s.FavorableSquares + f*f, Products: s.Products + f*a, AnswerSquares: s.AnswerSquares + a*a}
}

func (n *naive) pairOf(people []person, i, j int, unit int64) stats.PairSums {
	if unit == 1 {
		return n.smallPair(people, i, j)
	}
	var xs, ys []*big.Int
	for _, p := range people {
		x, okX := n.keyed(p, i, unit)
		y, okY := n.keyed(p, j, unit)
		if okX && okY {
			xs, ys = append(xs, x), append(ys, y)
		}
	}
	return products(xs, ys)
}

// smallPair is pairOf for whole answers, which need no big integers.
func (n *naive) smallPair(people []person, i, j int) stats.PairSums {
	var count, sumX, sumY, sumXY int64
	a, b := n.items[i], n.items[j]
	for _, p := range people {
		x, y := p.answers[i].x, p.answers[j].x
		if a.Reverse {
			x = int64(a.Scale.Min+a.Scale.Max) - x
		}
		if b.Reverse {
			y = int64(b.Scale.Min+b.Scale.Max) - y
		}
		if p.answers[i].ok && p.answers[j].ok {
			count, sumX, sumY, sumXY = count+1, sumX+x, sumY+y, sumXY+x*y
		}
	}
	return stats.PairSums{N: count, SumX: whole(big.NewInt(sumX)), SumY: whole(big.NewInt(sumY)), SumXY: whole(big.NewInt(sumXY))}
}

func differences(x, y []*big.Int) Differences {
	var d []*big.Int
	for i := range x {
		d = append(d, new(big.Int).Sub(x[i], y[i]))
	}
	return Differences{N: int64(len(x)), First: moments(x).Sum, Second: moments(y).Sum, SquaredDiff: moments(d).SumSquares}
}

// beyond counts ideals against practices, and service against care.
func (n *naive) beyond(s *Sums, people []person) {
	for i, a := range n.items {
		for j, b := range n.items {
			if a.Aspect != "ideal" || a.Pair != b.ID || n.unit(i) != n.unit(j) {
				continue
			}
			p := n.pairOf(people, i, j, n.unit(i))
			var xs, ys []*big.Int
			for _, who := range people {
				x, okX := n.keyed(who, i, n.unit(i))
				y, okY := n.keyed(who, j, n.unit(j))
				if okX && okY {
					xs, ys = append(xs, x), append(ys, y)
				}
			}
			d := differences(xs, ys)
			if d.N != p.N {
				panic("counted differently")
			}
			s.Pairs = append(s.Pairs, d)
		}
	}
	facets, unit, ok := n.facets()
	if !ok {
		return
	}
	var x, y []*big.Int
	for f, items := range facets {
		totals := make([][]*big.Int, len(items)+1)
		for _, p := range people {
			m, total := n.total(p, items, unit[f])
			totals[m] = append(totals[m], total)
		}
		var scores stats.ScoreSums
		for _, t := range totals {
			scores = append(scores, moments(t))
		}
		s.Facets = append(s.Facets, scores)
	}
	for _, p := range people {
		a, b := n.score(p, facets[0], unit[0]), n.score(p, facets[1], unit[1])
		if a != nil && b != nil {
			x, y = append(x, a), append(y, b)
		}
	}
	between := differences(x, y)
	s.Between = &between
}

// facets are the items about service and about care.
func (n *naive) facets() (items [2][]int, unit [2]int64, ok bool) {
	unit = [2]int64{1, 1}
	low, high := []int{}, []int{}
	for i, it := range n.items[:len(n.items)-len(n.in.Outcomes)] {
		for f, name := range []string{"service", "care"} {
			if it.Facet == name {
				items[f], unit[f] = append(items[f], i), max(unit[f], n.unit(i))
				low, high = append(low, it.Scale.Min), append(high, it.Scale.Max)
			}
		}
	}
	if len(items[0]) == 0 || len(items[1]) == 0 {
		return items, unit, false
	}
	return items, unit, slices.Min(low) == slices.Max(low) && slices.Min(high) == slices.Max(high)
}

// cross counts products of scores in dimensions and the answer to an outcome,
// or of scores alone where that is -1.
func (n *naive) cross(people []person, dims []int, outcome int) Cross {
	variables := len(dims)
	if outcome >= 0 {
		variables++
	}
	var complete, partly [][]*big.Int
	for _, p := range people {
		isComplete := outcome < 0 || !n.items[outcome].Continuous
		var raw, scores []*big.Int
		usable := outcome < 0 || p.answers[outcome].ok
		for _, d := range dims {
			items, unit := n.of(d)
			m, total := n.total(p, items, unit)
			isComplete = isComplete && m == len(items) && n.l.dims[d].compact
			raw = append(raw, new(big.Int).Sub(total, big.NewInt(int64(len(items)*n.in.Dimensions[d].Scale().Min))))
			score := n.score(p, items, unit)
			usable = usable && score != nil
			scores = append(scores, score)
		}
		if !usable {
			continue
		}
		if outcome >= 0 {
			x, _ := n.keyed(p, outcome, n.unit(outcome))
			raw = append(raw, new(big.Int).Sub(x, big.NewInt(int64(n.items[outcome].Scale.Min))))
			scores = append(scores, roundHalfAway(new(big.Rat).SetFrac(new(big.Int).Lsh(x, n.bits(outcome)), big.NewInt(n.unit(outcome)))))
		}
		if isComplete {
			complete = append(complete, raw)
		} else {
			partly = append(partly, scores)
		}
	}
	return Cross{crossed(complete, variables), crossed(partly, variables)}
}

func crossed(rows [][]*big.Int, variables int) CrossSums {
	out := CrossSums{N: int64(len(rows)), Sums: []stats.Int{}, Products: []stats.Int{}}
	for i := range variables {
		sum := new(big.Int)
		for _, r := range rows {
			sum.Add(sum, r[i])
		}
		out.Sums = append(out.Sums, whole(sum))
		for j := range i + 1 {
			sum := new(big.Int)
			for _, r := range rows {
				sum.Add(sum, new(big.Int).Mul(r[i], r[j]))
			}
			out.Products = append(out.Products, whole(sum))
		}
	}
	return out
}

// whole counts what is told of everybody together. Of those left out for a long
// run, it knows that run.
func (n *naive) whole(people []person, runs []int) *Whole {
	w := &Whole{}
	for _, run := range runs {
		w.Careless.Longest = max(w.Careless.Longest, int32(run))
		if run >= n.opt.withDefaults().LongRun {
			w.Careless.LongRuns++
		}
	}
	all := []int{}
	level := map[int]int{}
	for d, dim := range n.in.Dimensions {
		all = append(all, d)
		level[dim.Level] = d
	}
	asked := len(n.items) - len(n.in.Outcomes)
	for o := range n.in.Outcomes {
		w.Drivers = append(w.Drivers, n.cross(people, all, asked+o))
	}
	if n.in.Dimensions[0].Level > 0 {
		for l := len(all); l > 1; l-- {
			w.Links = append(w.Links, n.cross(people, []int{level[l], level[l-1]}, -1))
		}
	}
	n.irv(w, people)
	return w
}

// irv adds up everybody's SD, where all answer on one range.
func (n *naive) irv(w *Whole, people []person) {
	asked := n.items[:len(n.items)-len(n.in.Outcomes)]
	sum := new(big.Int)
	for _, it := range asked {
		if it.Continuous || it.Scale.Min != asked[0].Scale.Min || it.Scale.Max != asked[0].Scale.Max {
			return
		}
	}
	for _, p := range people {
		var m, total, squares int64
		for i := range asked {
			if a := p.answers[i]; a.ok {
				m, total, squares = m+1, total+a.x, squares+a.x*a.x
			}
		}
		if m > 1 {
			w.Careless.Varied++
			sd := math.Sqrt(float64(m*squares-total*total) / float64(m*(m-1)))
			sum.Add(sum, big.NewInt(int64(math.Round(sd*(1<<40)))))
		}
	}
	w.Careless.IRV = whole(sum)
}
