package disclosure_test

import (
	"fmt"
	"math"
	"slices"

	"github.com/firstcall-cli/firstcall/core/disclosure"
	"github.com/firstcall-cli/firstcall/core/instrument"
)

// This file is attack 3: the means of withheld cells are bounded by the scale
// and by what is known around them.

// bound is where the mean of a withheld cell must lie, by what is known of sets
// that it is a part of, and of its own parts. With plain, only means are looked
// at, and neither histograms nor spreads.
func (a *attacker) bound(q asked, set uint64, plain bool) (lowest, highest float64) {
	key := fmt.Sprint(q, set, plain)
	if known, ok := a.ranges[key]; ok {
		return known[0], known[1]
	}
	lowest, highest = a.scale()
	narrow := func(l, h float64) { lowest, highest = max(lowest, l), min(highest, h) }
	v, facts := a.facts(q)
	if plain {
		facts = onlyMeans(facts)
	}
	narrow(a.within(q, v, facts, remainder{set: set}))
	full := len(facts) > 0 && v.cells[0] == 0 && facts[0].n == a.heads(a.cells[0].set)
	if full {
		for _, r := range without(set, v.sets, v.grouping, len(a.survey.by)) {
			narrow(a.within(q, v, facts, r))
		}
		if l, h, ok := a.table(q, v, facts, set); ok {
			narrow(l, h)
		}
	}
	if q.item < 0 && !plain && a.everybody(q.dim) {
		l, h, k := 0.0, 0.0, 0.0
		for _, i := range quantities(a.survey.instrument) {
			if i.dim == q.dim && i.item >= 0 {
				x, y := a.bound(i, set, false)
				l, h, k = l+x, h+y, k+1
			}
		}
		narrow(l/k, h/k)
	}
	if l, h, ok := a.fromDimension(q, set); ok {
		narrow(l, h)
	}
	a.ranges[key] = [2]float64{lowest, highest}
	return lowest, highest
}

// fromDimension bounds the mean of an item by that of its dimension, where this
// is published and everybody answered all of it.
func (a *attacker) fromDimension(q asked, set uint64) (lowest, highest float64, ok bool) {
	at := slices.IndexFunc(a.cells, func(c cell) bool { return c.set == set })
	if q.item < 0 || q.dim < 0 || at < 0 {
		return 0, 0, false
	}
	t, ok := a.read(at, asked{q.dim, -1})
	answered := a.everybody(q.dim) || a.survey.instrument.Policy.Missing == instrument.CompleteOnly && t.n == a.heads(set)
	if !ok || !answered || t.n == 0 {
		return 0, 0, false
	}
	low, high := a.scale()
	k := float64(len(a.body.Instrument.Dimensions[q.dim].Items))
	all := k * float64(t.sum) / float64(t.n) / parts
	return all - (k-1)*high, all - (k-1)*low, true
}

// onlyMeans forgets all but the means.
func onlyMeans(facts []tally) []tally {
	var out []tally
	for _, t := range facts {
		out = append(out, tally{n: t.n, sum: t.sum, squares: -1})
	}
	return out
}

// table bounds a mean by a linear program, where groupings cross.
func (a *attacker) table(q asked, v *view, facts []tally, set uint64) (lowest, highest float64, ok bool) {
	if a.tables == 0 || len(a.survey.by)+len(a.survey.by[0]) == 2 {
		return 0, 0, false
	}
	if _, known := v.span.solve(vectorOf(set, len(a.atoms))); known {
		return 0, 0, false
	}
	a.tables--
	low, high := a.scale()
	if facts[0].steps != nil {
		return tableRange(v.span, facts, a.people, set, low)
	}
	// Of a sum alone a table with two answers says as much: each point of the
	// sum above the lowest is a point at the upper end.
	points := int64(high-low) * q.unit()
	var people []int64
	for _, n := range a.people {
		people = append(people, n*points)
	}
	ends := make([]tally, len(facts))
	for k, t := range facts {
		above := t.sum - t.n*int64(low)*q.unit()
		ends[k] = tally{sum: int64(low)*t.n*points + above, steps: []int64{t.n*points - above, above}}
	}
	lowest, highest, ok = tableRange(v.span, ends, people, set, low)
	return low + (lowest-low)*(high-low), low + (highest-low)*(high-low), ok
}

// within bounds the mean of a set of which some parts are published: r.less are
// these, and r.set is what is left. That of the rest is bounded by each known
// set around it.
func (a *attacker) within(q asked, v *view, facts []tally, r remainder) (lowest, highest float64) {
	low, high := a.scale()
	lowest, highest = low, high
	for _, around := range v.remainders {
		if t := around.of(facts); r.set&^around.set == 0 && t.n > 0 {
			if facts[around.whole].squares < 0 {
				t.squares = -1
			}
			l, h := t.spread(a.members(r.set, around.set, t.n), low, high, float64(q.unit()))
			lowest, highest = max(lowest, l), min(highest, h)
		}
	}
	var known tally
	for _, k := range r.less {
		known.n, known.sum = known.n+facts[k].n, known.sum+facts[k].sum
	}
	left, sum := float64(a.heads(r.set)), float64(known.sum)/float64(q.unit())
	n := left + float64(known.n)
	return (sum + left*lowest) / n, (sum + left*highest) / n
}

// scale is the range of answers.
func (a *attacker) scale() (low, high float64) {
	return float64(a.body.Instrument.Scale.Min), float64(a.body.Instrument.Scale.Max)
}

// members is how many of a set count, at least, when so many of one around it do.
func (a *attacker) members(set, around uint64, n int64) int64 {
	return max(1, n-a.heads(around)+a.heads(set))
}

// bounding tries to pin down the means of withheld cells to less than a quarter
// of the scale.
func (a *attacker) bounding(q asked) {
	v, _ := a.facts(q)
	for i, c := range a.cells {
		actual := a.truth(q, c.set)
		if slices.Contains(v.cells, i) || actual.n == 0 {
			continue
		}
		mean := float64(actual.sum) / float64(actual.n) / float64(q.unit())
		for _, plain := range []bool{true, false} {
			lowest, highest := a.bound(q, c.set, plain)
			if mean < lowest-1e-6 || mean > highest+1e-6 {
				a.wrong = append(a.wrong, fmt.Sprintf("bound of %s in %s: %v is not from %v to %v", q, c.name, mean, lowest, highest))
			}
			low, high := a.scale()
			width, alone := highest-lowest, a.alone(q, c.set, plain)
			if width >= (high-low)/4-1e-6 || actual.n >= a.min && width > alone-1e-6 {
				continue
			}
			a.report(a.boundingBy(q, c.set, plain, width > alone-1e-6), q, c.set, actual,
				fmt.Sprintf("from %.3g to %.3g on %g to %g, by everybody alone %.3g wide", lowest, highest, low, high, alone))
			break
		}
	}
}

// alone is how widely the figures of everybody bound the mean of a set; for
// somebody who looks at means only, those of any published cell around it, or of
// the cells of a grouping inside of it.
func (a *attacker) alone(q asked, set uint64, plain bool) float64 {
	low, high := a.scale()
	v, facts := a.facts(q)
	least := high - low
	for k, i := range v.cells {
		whole := facts[k]
		if set&^a.cells[i].set != 0 || i != 0 && !plain {
			continue
		}
		if plain {
			whole = onlyMeans(facts[k : k+1])[0]
		}
		l, h := whole.spread(a.members(set, a.cells[i].set, whole.n), low, high, float64(q.unit()))
		least = min(least, h-l)
	}
	inside := map[int]int64{}
	for k, i := range v.cells {
		if plain && a.cells[i].set&^set == 0 {
			inside[a.cells[i].grouping] += facts[k].n
		}
	}
	n := a.truth(q, set).n
	for _, known := range inside {
		least = min(least, (high-low)*float64(n-known)/float64(n))
	}
	return least
}

// boundingBy names an attack. Cells that are withheld only to cover others are
// told apart: their figures would be published but for that.
func (a *attacker) boundingBy(q asked, set uint64, plain, alone bool) string {
	switch {
	case a.truth(q, set).n < a.min && alone:
		return "3 bounding, by everybody alone"
	case a.truth(q, set).n < a.min:
		return "3 bounding"
	case a.truth(q, set).n >= disclosure.UnanimousFloor:
		return "3 bounding, of many people"
	case a.ofOneMind(q, set):
		return "3 bounding, of one mind"
	case plain:
		return "3 bounding, of a cover, by means"
	}
	return "3 bounding, of a cover"
}

// ofOneMind reports whether the people of a set really answered alike.
func (a *attacker) ofOneMind(q asked, set uint64) bool {
	t := a.truth(q, set)
	if a.oneMind(q, t) != "" {
		return true
	}
	pooled := tally{n: a.truth(asked{-1, -1}, set).n, squares: -1} // a share is of all who answered anything
	for _, i := range quantities(a.survey.instrument) {
		if i.dim == q.dim && i.item >= 0 && q.item < 0 {
			part := a.favors(a.truth(i, set))
			pooled.answers, pooled.favorable = pooled.answers+part.answers, pooled.favorable+part.favorable
		}
	}
	return a.oneMind(q, pooled) != ""
}

// spread bounds the mean of m people of a set of which a tally is known, on a
// scale: by the lowest and the highest answers where their numbers are known,
// and otherwise by the spread of the set (Samuelson, 1968).
func (t tally) spread(m int64, low, high, unit float64) (lowest, highest float64) {
	if t.steps != nil {
		return t.end(m, low, 1), t.end(m, low, -1)
	}
	n, k := float64(t.n), float64(m)
	mean := float64(t.sum) / n / unit
	variance := max(0, float64(t.squares)/n/unit/unit-mean*mean)
	if t.squares < 0 {
		variance = math.Inf(1) // not looked at
		if n == k {
			variance = 0
		}
	}
	reach := math.Sqrt(variance * (n - k) / k)
	lowest = max(low, mean-reach, (n*mean-(n-k)*high)/k)
	return lowest, min(high, mean+reach, (n*mean-(n-k)*low)/k)
}

// end is the mean of the m lowest answers, or of the highest for direction -1.
func (t tally) end(m int64, low float64, direction int) float64 {
	left, sum := m, 0.0
	for i := range t.steps {
		s := i
		if direction < 0 {
			s = len(t.steps) - 1 - i
		}
		take := min(left, t.steps[s])
		left, sum = left-take, sum+float64(take)*(low+float64(s))
	}
	return sum / float64(m)
}

// tableRange bounds the mean of a set of finest groups of an item that everybody
// answered, by a linear program: how many people of each finest group gave each
// answer. facts are the tallies that the span is made of.
func tableRange(s *span, facts []tally, people []int64, set uint64, low float64) (lowest, highest float64, ok bool) {
	steps := len(facts[0].steps)
	place := s.connected(set)
	if len(place) == 0 || len(place)*steps > 300 {
		return 0, 0, false
	}
	var left [][]float64
	var right []float64
	for c, at := range place {
		row := make([]float64, len(place)*steps)
		for x := range steps {
			row[at*steps+x] = 1
		}
		left, right = append(left, row), append(right, float64(people[c]))
	}
	known := 0.0
	for _, r := range s.rows {
		if _, open := place[r.pivot]; !open {
			if set>>r.pivot&1 == 1 {
				sum, _ := combine(r.made, func(k int) int64 { return facts[k].sum }).Float64()
				known += sum
			}
			continue
		}
		for x := range steps - 1 {
			row := make([]float64, len(place)*steps)
			for c, at := range place {
				if r.vector[c] != nil {
					row[at*steps+x], _ = r.vector[c].Float64()
				}
			}
			value, _ := combine(r.made, func(k int) int64 { return facts[k].steps[x] }).Float64()
			left, right = append(left, row), append(right, value)
		}
	}
	cost := make([]float64, len(place)*steps)
	n := 0.0
	for _, c := range columnsOf(set) {
		n += float64(people[c])
		if at, open := place[c]; open {
			for x := range steps {
				cost[at*steps+x] = low + float64(x)
			}
		}
	}
	p, ok := newProgram(left, right)
	if !ok {
		return 0, 0, false
	}
	least, okLeast := p.least(cost)
	for i := range cost {
		cost[i] = -cost[i]
	}
	most, okMost := p.least(cost)
	return (known + least) / n, (known - most) / n, okLeast && okMost
}

// connected numbers the columns that are not known and hang together with those
// of the set.
func (s *span) connected(set uint64) map[int]int {
	in := set
	for before := uint64(0); before != in; {
		before = in
		for _, r := range s.rows {
			var touched uint64
			for c, x := range r.vector {
				if x != nil {
					touched |= 1 << c
				}
			}
			if touched&in != 0 && touched&(touched-1) != 0 {
				in |= touched
			}
			if touched&(touched-1) == 0 {
				in &^= touched
			}
		}
	}
	place := map[int]int{}
	for i, c := range columnsOf(in) {
		place[c] = i
	}
	return place
}

// program is a linear program in the making: a feasible tableau.
type program struct {
	rows  [][]float64 // the right side last
	basis []int
}

// newProgram finds a feasible point of left·x = right, x >= 0.
func newProgram(left [][]float64, right []float64) (*program, bool) {
	p := &program{}
	n, m := len(left[0]), len(left)
	cost := make([]float64, n+m)
	for i, row := range left {
		full := append(slices.Clone(row), make([]float64, m+1)...)
		full[n+m] = right[i]
		if right[i] < 0 {
			for c := range full {
				full[c] = -full[c]
			}
		}
		full[n+i], cost[n+i] = 1, 1
		p.rows, p.basis = append(p.rows, full), append(p.basis, n+i)
	}
	size := 1.0
	for _, x := range right {
		size += math.Abs(x)
	}
	if missed, ok := p.least(cost); !ok || missed > 1e-9*size {
		return nil, false
	}
	out := &program{}
	for i := range p.rows {
		if p.basis[i] >= n {
			at := slices.IndexFunc(p.rows[i][:n], func(x float64) bool { return math.Abs(x) > 1e-7 })
			if at < 0 {
				continue // the equation follows from the others
			}
			p.pivot(i, at, nil)
		}
	}
	for i, row := range p.rows {
		if p.basis[i] < n {
			out.rows, out.basis = append(out.rows, append(row[:n:n], row[n+m])), append(out.basis, p.basis[i])
		}
	}
	return out, true
}

// least minimizes a cost by the simplex method. It fails when it takes too long.
func (p *program) least(cost []float64) (float64, bool) {
	price := append(slices.Clone(cost), 0)
	for i, row := range p.rows {
		if times := price[p.basis[i]]; times != 0 {
			for c, x := range row {
				price[c] -= times * x
			}
		}
	}
	for turn := range 3000 {
		enter, best := -1, -1e-9
		for c, x := range price[:len(price)-1] {
			if x < best {
				enter = c
				if best = x; turn > 500 {
					break // Bland's rule, which does not go in circles
				}
			}
		}
		if enter < 0 {
			return -price[len(price)-1], true
		}
		leave, ratio := -1, math.Inf(1)
		for i, row := range p.rows {
			if x := row[enter]; x > 1e-9 {
				r := row[len(row)-1] / x
				if r < ratio-1e-12 || r < ratio+1e-12 && p.basis[i] < p.basis[leave] {
					leave, ratio = i, r
				}
			}
		}
		if leave < 0 {
			return 0, false
		}
		p.pivot(leave, enter, price)
	}
	return 0, false
}

func (p *program) pivot(leave, enter int, price []float64) {
	row := p.rows[leave]
	by := row[enter]
	for c := range row {
		row[c] /= by
	}
	drop := func(other []float64) {
		times := other[enter]
		if times == 0 {
			return
		}
		for c, x := range row {
			if x != 0 {
				other[c] -= times * x
			}
		}
	}
	for i, other := range p.rows {
		if i != leave {
			drop(other)
		}
	}
	if price != nil {
		drop(price)
	}
	p.basis[leave] = enter
}
