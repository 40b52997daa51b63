package auditor

import (
	"math"
	"slices"
)

// room is how far apart the sums over some classes of a part can be: at least,
// as far as it can be proven and up to enough, and at most.
func (b *bounds) room(p *bounded, places []int, enough float64) (least, most float64) {
	for _, place := range places {
		most += p.people[place]
	}
	n := most
	switch len(p.equations) {
	case 0:
		return n, n
	case 1:
		return b.pool(&p.figures[0], n, enough)
	}
	if p.search != nil {
		if least = p.search.spread(places, enough); least >= enough {
			return least, most
		}
	}
	for i := range p.equations {
		if contains(p.equations[i].places, places) {
			_, limit := b.pool(&p.figures[i], n, 0)
			most = min(most, limit)
		}
	}
	if most < enough {
		return least, most
	}
	if p = b.small(p); p == nil {
		return least, most
	}
	low, high := b.optimize(p, p.cost(places), enough)
	if p.held {
		high = most
	}
	return max(least, low), min(most, high)
}

// cost is what each variable of the tableau adds to the sum over some places.
func (p *bounded) cost(places []int) []float64 {
	cost := make([]float64, p.tableau.vars)
	for i, place := range p.places {
		if slices.Contains(places, place) {
			copy(cost[i*len(p.points):], p.points)
		}
	}
	return cost
}

// small is a part small enough for a tableau: the part itself, or of a larger
// one the classes that the search moved, while all others keep the answers that
// they truly gave. Nil when there is none.
func (b *bounds) small(p *bounded) *bounded {
	const large = 60
	if b.tableau(p) != nil {
		return p
	}
	if b.truth == nil || p.search == nil || len(p.search.moved) > large {
		return nil
	}
	s := &bounded{part: p.part, places: p.search.moved, held: true}
	var equations []equation
	var classes []int
	for _, place := range s.places {
		classes = append(classes, p.classes[place])
		s.people = append(s.people, p.people[place])
	}
	for _, e := range p.equations {
		var in, of []int
		for i, place := range s.places {
			if contains(e.places, []int{place}) {
				in, of = append(in, i), append(of, classes[i])
			}
		}
		if len(in) > 0 {
			equations = append(equations, equation{places: in})
			s.figures = append(s.figures, b.sumOf(of))
		}
	}
	s.points = b.points(s.figures)
	s.tableau = b.program(s.people, equations, s.figures, s.points)
	if s.tableau == nil {
		return nil
	}
	return s
}

// contains says whether all of some are among all; both ascend.
func contains(all, some []int) bool {
	for _, place := range some {
		if _, found := slices.BinarySearch(all, place); !found {
			return false
		}
	}
	return true
}

// tableau is the linear program of a part, at the vertex that the last use of
// it ended with.
func (b *bounds) tableau(p *bounded) *program {
	const large = 150 // classes, beyond which it takes too long
	if !p.tried && len(p.classes) <= large {
		p.tableau = b.program(p.people, p.equations, p.figures, p.points)
	}
	p.tried = true
	return p.tableau
}

// start goes to a vertex that people can have answered, from which answers can
// be exchanged, if it finds one.
func (b *bounds) start(p *bounded) {
	const tries = 20
	cost := make([]float64, p.tableau.vars)
	for i := 1; i <= tries && !b.possible(p); i++ {
		for j := range cost {
			cost[j] = float64((i*j*j + 7*j) % 31) // anything that differs
		}
		p.tableau.maximize(b.ctx, cost, math.Inf(1))
	}
}

// optimize is the range of a sum of the variables: what is proven of it, which
// may be enough, and what it cannot exceed.
func (b *bounds) optimize(p *bounded, cost []float64, enough float64) (least, most float64) {
	t := p.tableau
	down := make([]float64, len(cost))
	for j := range cost {
		down[j] = -cost[j]
	}
	// Where answers must be whole, the very ends may be so and others not.
	for _, stop := range []float64{enough, math.Inf(1)} {
		bottom := b.possible(p)
		low, high, ok := t.maximize(b.ctx, cost, stop)
		top := b.possible(p)
		if ok && high-low < stop {
			_, low, ok = t.maximize(b.ctx, down, stop)
			low, bottom = -low, b.possible(p)
		}
		if !ok {
			break
		}
		if bottom && top {
			least = high - low
		}
		if least >= enough {
			return least, math.Inf(1)
		}
		if high-low < stop {
			if b.m.Steps < 2 { // a grid leaves answers out
				break
			}
			return least, high - low
		}
	}
	return least, math.Inf(1)
}

// possible says whether people can have given the answers at a vertex, as far
// as that is known of whole-number answers: how many gave each must be whole,
// or their sum where no more is told. With Σx² told a vertex hardly ever is, and
// unless the true answers can be exchanged it is taken for an answer as it is.
func (b *bounds) possible(p *bounded) bool {
	if b.m.Steps < 2 || b.kind == squared && b.truth == nil {
		return true
	}
	sum := 0.0
	for j, n := range p.tableau.point() {
		at := j % len(p.points)
		if b.kind != summed {
			sum = n
		} else {
			sum += float64(n * float64(at))
		}
		if (b.kind != summed || at == len(p.points)-1) && math.Abs(sum-math.Round(sum)) > fits {
			return false
		}
		if at == len(p.points)-1 {
			sum = 0
		}
	}
	return true
}

// program is the linear program of a part: how many people of each class gave
// each answer, class by class.
func (b *bounds) program(people []float64, equations []equation, figures []scaled, points []float64) *program {
	vars := len(people) * len(points)
	var rows [][]float64
	var totals []float64
	add := func(places []int, total float64, by func(point int) float64) {
		row := make([]float64, vars)
		for _, place := range places {
			for i := range points {
				row[place*len(points)+i] = by(i)
			}
		}
		rows, totals = append(rows, row), append(totals, total)
	}
	for place, n := range people {
		add([]int{place}, n, func(int) float64 { return 1 })
	}
	for i, e := range equations {
		if b.kind == counted {
			for step, n := range figures[i].counts {
				add(e.places, n, func(at int) float64 { return float64(bit(at == step)) })
			}
			continue
		}
		add(e.places, figures[i].sum, func(at int) float64 { return points[at] })
		if b.kind == squared {
			add(e.places, figures[i].squares, func(at int) float64 { return points[at] * points[at] })
		}
	}
	return newProgram(b.ctx, rows, totals)
}
