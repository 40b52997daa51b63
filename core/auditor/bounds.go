package auditor

import (
	"math"
	"slices"
)

// kind is what is published of a measure's answers.
type kind int

const (
	mixed   kind = iota // not the same of all cells
	counted             // how many gave each answer
	squared             // Σx and Σx²
	summed              // Σx only
)

// near is a difference in a mean, on a scale from 0 to 1, that is rounding.
const near = 1e-7

// scaled is a figure on a scale from 0 to 1.
type scaled struct {
	moments
	counts []float64 // by step
}

// bounds is what can be concluded about withheld means of one measure.
type bounds struct {
	*check
	layout  *layout
	kind    kind
	truth   []scaled // of each class, nil when unknown
	people  []float64
	parts   []*bounded
	holding [][]int // see wholes
	within  [][]int // see groupOf
	strict  bool    // whether what a larger cell tells alone is too much as well
}

// bounded is a part and what is known of it in one measure.
type bounded struct {
	*part
	people  []float64 // by place
	figures []scaled  // of each equation
	points  []float64 // answers that people may have given
	search  *exchange // nil when no answers are known that fit
	tableau *program  // see bounds.program; nil when the part is too large
	tried   bool      // to make one
	places  []int     // in the part, of what the tableau is of
	held    bool      // whether it leaves out some, see bounds.small
}

// bounds looks at every withheld mean that cannot be computed.
//
// A set of few people, or of people who all answered the same, is to stay
// uncertain for somebody who uses everything that is told. The others could have
// been told of; for them it is enough that their mean does not follow from
// other means, the numbers of people and the ends of the scale.
func (c *check) bounds() {
	p := c.pattern(c.hasSum)
	var l *layout
	if p != nil {
		l = p.lay(c.ctx)
	}
	if l == nil {
		c.unproven()
		return
	}
	means := *c
	means.m = c.m.meansOnly()
	own, others := c.newBounds(l), means.newBounds(l)
	own.strict = true
	for cell := range c.table.Cells {
		if p.shown[cell] || len(own.layout.cells[cell]) == 0 || c.seen[[2]int{cell, -1}] {
			continue
		}
		b := others
		if own.sensitive(cell) {
			b = own
		} else if cell == 0 {
			continue // what the groups say together is no secret
		}
		if what := b.narrow(cell); what != "" {
			c.fault(cell, -1, c.table.name(cell), what)
		}
	}
}

// meansOnly is the measure for somebody who reckons with means alone.
func (m *Measure) meansOnly() *Measure {
	only := func(figures []*Figure) []*Figure {
		if figures == nil {
			return nil
		}
		out := make([]*Figure, len(figures))
		for i, f := range figures {
			if f == nil {
				continue
			}
			out[i] = &Figure{N: f.N, Sum: f.Sum}
			if m.Steps > 1 && len(f.Histogram) == m.Steps {
				sum := 0.0
				for k, n := range f.Histogram {
					sum += float64(float64(n) * (m.Low + float64(k)*(m.High-m.Low)/float64(m.Steps-1)))
				}
				out[i].Sum = &sum
			}
		}
		return out
	}
	out := *m
	out.Shown, out.Truth = only(m.Shown), only(m.Truth)
	return &out
}

// sensitive says whether a cell must not be told of for its own sake: it has
// too few people, or few who are known to have answered the same.
func (b *bounds) sensitive(cell int) bool {
	n := int64(0)
	var truth []*Figure
	for _, a := range b.table.Cells[cell] {
		n += b.m.People[a]
		if b.m.Truth != nil && b.m.Truth[a] != nil {
			truth = append(truth, b.m.Truth[a])
		}
	}
	if n < b.rules.Min {
		return true
	}
	if n >= b.rules.Alike || len(truth) == 0 {
		return false
	}
	all := add(truth)
	return all.N == n && b.alike(all)
}

func (c *check) newBounds(l *layout) *bounds {
	b := &bounds{check: c, layout: l, kind: c.kind()}
	b.parts = make([]*bounded, len(l.parts))
	b.people = make([]float64, len(l.part))
	for a, class := range l.class {
		if class >= 0 {
			b.people[class] += float64(c.m.People[a])
		}
	}
	b.truth = b.truths()
	return b
}

func (c *check) hasSum(f *Figure) bool { return f != nil && (f.Sum != nil || c.hasCounts(f)) }

func (c *check) hasCounts(f *Figure) bool { return c.m.Steps > 1 && len(f.Histogram) == c.m.Steps }

// kind is the same for all cells that tell a mean, or mixed.
func (c *check) kind() kind {
	k := mixed
	for _, f := range c.m.Shown {
		if !c.hasSum(f) || f.N == 0 {
			continue
		}
		this := summed
		if c.hasCounts(f) {
			this = counted
		} else if f.Squares != nil {
			this = squared
		}
		if k != mixed && k != this {
			return mixed
		}
		k = this
	}
	return k
}

// truths adds the true figures up by class, as far as they are known. They
// also settle what to work with when cells tell different things: to keep more
// as it is than is published proves no less.
func (b *bounds) truths() []scaled {
	if b.m.Truth == nil {
		return nil
	}
	of := make([][]*Figure, len(b.people))
	counts, squares := true, true
	for a, class := range b.layout.class {
		if class < 0 {
			continue
		}
		f := b.m.Truth[a]
		if f == nil || f.N != b.m.People[a] || !b.hasSum(f) {
			return nil
		}
		of[class] = append(of[class], f)
		counts = counts && b.hasCounts(f)
		squares = squares && (f.Squares != nil || b.hasCounts(f))
	}
	if b.kind == mixed && counts {
		b.kind = counted
	} else if b.kind == mixed && squares && !slices.ContainsFunc(b.m.Shown, func(f *Figure) bool { return f != nil && b.hasCounts(f) }) {
		b.kind = squared
	}
	if b.kind == counted && !counts || b.kind == squared && !squares {
		return nil
	}
	truth := make([]scaled, len(of))
	for class, figures := range of {
		truth[class] = b.scale(add(figures))
	}
	return truth
}

// scale brings a figure to the scale from 0 to 1.
func (c *check) scale(f *Figure) scaled {
	t := scaled{moments: moments{n: float64(f.N)}}
	if c.hasCounts(f) {
		t.counts = make([]float64, c.m.Steps)
		for i, n := range f.Histogram {
			x := float64(i) / float64(c.m.Steps-1)
			t.counts[i] = float64(n)
			t.sum += float64(x * t.counts[i])
			t.squares += float64(x * x * t.counts[i])
		}
		return t
	}
	width := c.m.High - c.m.Low
	if f.Sum != nil {
		t.sum = (*f.Sum - float64(t.n*c.m.Low)) / width
	}
	if f.Squares != nil && f.Sum != nil {
		t.squares = (*f.Squares - float64(2*c.m.Low**f.Sum) + float64(t.n*c.m.Low*c.m.Low)) / (width * width)
	}
	return t
}

// narrow says what is wrong with a withheld cell, or nothing.
func (b *bounds) narrow(cell int) string {
	n := 0.0
	places := make(map[int][]int) // by part
	var pools, ties []int
	for _, class := range b.layout.cells[cell] {
		n += b.people[class]
		i := b.layout.part[class]
		if places[i] == nil && len(b.layout.parts[i].equations) < 2 {
			pools = append(pools, i)
		} else if places[i] == nil {
			ties = append(ties, i)
		}
		places[i] = append(places[i], b.layout.place[class])
	}
	if b.ctx.Err() != nil || b.kind == mixed && len(b.layout.parts) > 0 && b.anyTold() {
		return faultUnproven
	}
	need := (b.rules.Spread - near) * n
	if !b.strict {
		need = min(need, b.alone(cell, n)-float64(near*n))
	}
	found, most := 0.0, 0.0
	for _, i := range append(pools, ties...) { // easy ones first
		if found >= need {
			return ""
		}
		least, limit := b.room(b.part(i), places[i], need-found)
		found += least
		most += limit
	}
	switch {
	case found >= need:
		return ""
	case most < need:
		return faultNarrow
	}
	return faultUnproven
}

func (b *bounds) anyTold() bool { return slices.ContainsFunc(b.m.Shown, b.hasSum) }

// alone is the range that a larger cell leaves to the sum of a cell when
// nothing else is told, or the cells of a grouping inside of it: the least that
// any does.
func (b *bounds) alone(cell int, n float64) float64 {
	classes := b.layout.cells[cell]
	least := n
	for g := range b.table.Groupings {
		in := b.groupOf(g)
		left := n
		held := make(map[int]int) // classes of the cell, by group
		for _, class := range classes {
			part := in[class]
			if part < 0 || part == cell {
				continue
			}
			if held[part]++; held[part] == len(b.layout.cells[part]) && b.hasSum(b.m.Shown[part]) {
				left -= float64(b.m.Shown[part].N)
			}
		}
		least = min(least, left)
	}
	for _, whole := range b.wholes()[classes[0]] {
		if !contains(b.layout.cells[whole], classes) {
			continue
		}
		t := b.scale(b.m.Shown[whole])
		_, most := b.pool(&t, n, math.Inf(1))
		least = min(least, most)
	}
	return least
}

// groupOf is, for each class, the cell of a grouping that it lies in, or -1.
func (b *bounds) groupOf(grouping int) []int {
	if b.within == nil {
		b.within = make([][]int, len(b.table.Groupings))
	}
	if b.within[grouping] != nil {
		return b.within[grouping]
	}
	in := slices.Repeat([]int{-1}, len(b.people))
	for _, cell := range b.table.Groupings[grouping] {
		for _, class := range b.layout.cells[cell] {
			in[class] = cell
		}
	}
	b.within[grouping] = in
	return in
}

// wholes lists for each class the cells with a mean that hold it.
func (b *bounds) wholes() [][]int {
	if b.holding != nil {
		return b.holding
	}
	b.holding = make([][]int, len(b.people))
	for cell, classes := range b.layout.cells {
		if !b.hasSum(b.m.Shown[cell]) {
			continue
		}
		for _, class := range classes {
			b.holding[class] = append(b.holding[class], cell)
		}
	}
	return b.holding
}

// part is part i in this measure.
func (b *bounds) part(i int) *bounded {
	if b.parts[i] != nil {
		return b.parts[i]
	}
	p := &bounded{part: b.layout.parts[i]}
	b.parts[i] = p
	for place, class := range p.classes {
		p.people = append(p.people, b.people[class])
		p.places = append(p.places, place)
	}
	for _, e := range p.equations {
		if b.truth == nil {
			f, _ := combine(e.made, b.m.Shown)
			p.figures = append(p.figures, b.scale(f))
			continue
		}
		var classes []int
		for _, place := range e.places {
			classes = append(classes, p.classes[place])
		}
		p.figures = append(p.figures, b.sumOf(classes))
	}
	if len(p.equations) > 1 {
		b.prepare(p)
	}
	return p
}

// sumOf is the true figures of several classes.
func (b *bounds) sumOf(classes []int) scaled {
	var t scaled
	for _, class := range classes {
		of := b.truth[class]
		t.n += of.n
		t.sum += of.sum
		t.squares += of.squares
		if t.counts == nil {
			t.counts = make([]float64, len(of.counts))
		}
		for i, n := range of.counts {
			t.counts[i] += n
		}
	}
	return t
}

// prepare sets up the search of a part of several equations, from the true
// answers or else from any that fit.
func (b *bounds) prepare(p *bounded) {
	p.points = b.points(p.figures)
	of := make([]scaled, len(p.classes))
	switch {
	case b.truth != nil:
		for place, class := range p.classes {
			of[place] = b.truth[class]
		}
	case b.tableau(p) != nil:
		b.start(p)
		for j, n := range p.tableau.point() {
			t, at := &of[j/len(p.points)], j%len(p.points)
			if t.counts == nil {
				t.counts = make([]float64, len(p.points))
			}
			t.counts[at] = n
			t.n += n
			t.sum += float64(n * p.points[at])
			t.squares += float64(n * p.points[at] * p.points[at])
		}
	default:
		return
	}
	if stock := b.stock(of); stock != nil {
		p.search = newExchange(b.ctx, &p.net, stock, len(p.classes))
	}
}

// stock is the answers of classes in the form in which they are exchanged; nil
// when they are not those of whole people.
func (b *bounds) stock(of []scaled) stock {
	if b.m.Steps > 1 && !slices.ContainsFunc(of, func(t scaled) bool { return t.counts == nil }) {
		counts := make([][]float64, len(of))
		for i := range of {
			for _, n := range of[i].counts {
				if math.Abs(n-math.Round(n)) > fits {
					return nil
				}
				counts[i] = append(counts[i], math.Round(n))
			}
		}
		return newCounts(counts, b.m.Steps)
	}
	m := make([]moments, len(of))
	for i := range of {
		m[i] = of[i].moments
	}
	return newSpreads(m, b.kind == summed)
}

// points is the answers to reckon with: the steps of the scale, or a grid with
// the means and spreads that are known, which must be reachable.
func (b *bounds) points(figures []scaled) []float64 {
	if b.m.Steps > 1 {
		return grid(b.m.Steps)
	}
	points := grid(1 + int(min(64, max(16, 4*(b.m.High-b.m.Low)))))
	for _, f := range figures {
		mean := f.sum / f.n
		sd := math.Sqrt(max(0, f.squares/f.n-float64(mean*mean)))
		points = append(points, clamp(mean-sd), clamp(mean), clamp(mean+sd))
	}
	slices.Sort(points)
	return slices.Compact(points)
}

func grid(n int) []float64 {
	points := make([]float64, n)
	for i := range points {
		points[i] = float64(i) / float64(n-1)
	}
	return points
}

func clamp(x float64) float64 { return min(1, max(0, x)) }
