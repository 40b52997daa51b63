package disclosure

import "math"

// Spread is the part of the scale over which the mean of a withheld cell stays
// uncertain, for somebody who knows how many people each group holds.
const Spread = 0.25

// margin is how much more is asked for where few people's answers are at stake.
// Each quantity is looked at by itself; somebody who holds a dimension against
// its items can know a little more.
const margin = 1.3

// answers are what the people of each atom gave in one quantity, as far as it
// shows in what is published: either how many gave each answer, or the sums of
// values and of their squares.
type answers struct {
	low, high    float64   // the ends of the scale
	steps        [][]int64 // by atom: how many gave each answer, one end first; nil where only sums are told
	sum, squares []float64 // by atom; no squares where only means count
}

// plain is the same for somebody who looks at means only, in steps above the
// lower end.
func (a *answers) plain(people []int64) *answers {
	out := &answers{high: a.high - a.low}
	for at := range people {
		sum := 0.0
		if a.steps == nil {
			sum = a.sum[at] - float64(a.low*float64(people[at]))
		} else {
			for k, c := range a.steps[at] {
				sum += float64(float64(k) * float64(c))
			}
		}
		out.sum = append(out.sum, sum)
	}
	return out
}

// pool is the answers of some people taken together.
type pool struct {
	n            int64
	steps        []int64
	sum, squares float64
}

func (a *answers) pool(atoms []int, people []int64) pool {
	var p pool
	for _, at := range atoms {
		p.n += people[at]
		if a.steps == nil {
			p.sum += a.sum[at]
			if a.squares != nil {
				p.squares += a.squares[at]
			}
			continue
		}
		if p.steps == nil {
			p.steps = make([]int64, len(a.steps[at]))
		}
		for k, c := range a.steps[at] {
			p.steps[k] += c
		}
	}
	return p
}

// reach is how far the sum of some m of the people can be moved when nothing is
// known but the pool: the m highest answers less the m lowest; or, where only
// the sums are known, m times what the spread (Samuelson, 1968) and the ends of
// the scale allow.
func (p pool) reach(a *answers, m int64) float64 {
	if m <= 0 || m >= p.n {
		return 0
	}
	if p.steps != nil {
		return float64(highest(p.steps, m, -1) - highest(p.steps, m, 1))
	}
	n, part := float64(p.n), float64(m)
	mean := p.sum / n
	others := (n - part) / part
	most := a.high - a.low
	if a.squares != nil {
		most = math.Sqrt(max(0, p.squares/n-float64(mean*mean)) * others)
	}
	up := min(most, a.high-mean, float64((mean-a.low)*others))
	down := min(most, mean-a.low, float64((a.high-mean)*others))
	return part * max(0, up+down)
}

// highest adds up the m answers at the upper end, in steps; those at the lower
// end when dir is 1.
func highest(steps []int64, m int64, dir int) int64 {
	at := 0
	if dir < 0 {
		at = len(steps) - 1
	}
	var sum int64
	for ; m > 0 && at >= 0 && at < len(steps); at += dir {
		take := min(m, steps[at])
		sum += take * int64(at)
		m -= take
	}
	return sum
}

// narrow finds the withheld cells whose mean is known too well.
//
// A cell that must not be told of is to stay uncertain for somebody who uses
// everything that is published. Others are withheld for its sake only: for
// them it is enough that their mean does not follow from other means, the
// numbers of people and the ends of the scale, unless they are so large a part
// of a published cell, or hold so large published ones, that these alone say as
// much.
func (c *cells) narrow(s *shape, withheld []bool, d *demand) (found []set) {
	if d.answers == nil {
		return nil
	}
	known := map[int]*pool{}
	inside, peopled := make([]int, len(c.members)), c.peopled(d.people)
	own, others := c.newView(s, d.answers), c.newView(s, d.plain)
	// alone is what the mean of a larger published cell leaves open by itself, or
	// those of the published cells within.
	alone := func(i int) float64 {
		least := c.besides(withheld, d, i, inside, peopled) * (d.plain.high - d.plain.low)
		for _, whole := range c.wholes(s, d, c.members[i]) {
			if known[whole] == nil {
				p := d.plain.pool(c.members[whole], d.people)
				known[whole] = &p
			}
			least = min(least, known[whole].reach(d.plain, d.n[i]))
		}
		return least
	}
	for i := range c.members {
		if !withheld[i] || d.n[i] == 0 || (i == total || i >= c.asked) && !d.primary[i] {
			continue
		}
		view := others
		need := Spread * (d.plain.high - d.plain.low) * float64(d.n[i])
		if d.primary[i] {
			view = own
			if i < c.asked {
				need *= margin
			}
		} else {
			need = min(need, alone(i))
		}
		if view.reach(c.parts(s, d, c.members[i]), need-tolerance) < need-tolerance {
			found = append(found, set{c.members[i], i})
		}
	}
	return found
}

// besides is how many people of cell i are not in those published cells of one
// grouping that lie in it: the least there are in any grouping.
// inside is zero for each cell, and left so; peopled is that of c.
func (c *cells) besides(withheld []bool, d *demand, i int, inside, peopled []int) float64 {
	least := d.n[i]
	for g := range c.groupings {
		left := d.n[i]
		groups := c.touched(g, i, d.people, inside)
		for _, j := range groups {
			if j != i && !withheld[j] && inside[j] == peopled[j] {
				left -= d.n[j]
			}
			inside[j] = 0
		}
		least = min(least, left)
	}
	return float64(least)
}

// view is the blocks as somebody sees them who knows some of their figures.
type view struct {
	cells   *cells
	shape   *shape
	pools   []pool
	answers *answers
	cycles  *exchanges // nil until it is asked for
}

func (c *cells) newView(s *shape, a *answers) *view {
	v := &view{cells: c, shape: s, answers: a}
	for _, b := range s.blocks {
		v.pools = append(v.pools, a.pool(b.atoms, s.counted))
	}
	return v
}

// reach is how far the sum of some people can be moved; it stops looking when
// that is enough.
func (v *view) reach(parts []share, enough float64) float64 {
	got := 0.0
	for _, p := range parts {
		if len(v.shape.blocks[p.block].cells) == 0 { // nothing is told of them
			got += float64(float64(p.n) * (v.answers.high - v.answers.low))
			continue
		}
		got += v.pools[p.block].reach(v.answers, p.n)
	}
	if got >= enough {
		return got
	}
	if v.cycles == nil {
		v.cycles = newExchanges(v.cells, v.shape, v.pools, v.answers)
	}
	return max(got, v.cycles.reach(parts, enough))
}

// tolerance is for sums of floating-point numbers.
const tolerance = 1e-9
