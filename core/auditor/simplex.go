package auditor

import (
	"context"
	"math"
)

// program is a linear program over variables of at least 0 that must meet
// equations: a dense tableau at a vertex, from which any sum of the variables
// can be made as large as it gets.
type program struct {
	coefficients [][]float64 // as given, to test what comes out
	totals       []float64
	rows         [][]float64 // of the tableau; the last column is the value of the basis
	basis        []int       // the variable that each row gives
	vars         int
}

const (
	tiny   = 1e-9 // what counts as 0 in a tableau
	fits   = 1e-6 // how far from its total an equation may be, for each person in it
	stalls = 50   // steps that gain nothing before Bland's rule, which cannot go round in circles
)

// newProgram finds a vertex; nil when there is none, or ctx ends first.
func newProgram(ctx context.Context, coefficients [][]float64, totals []float64) *program {
	p := &program{coefficients: coefficients, totals: totals, vars: len(coefficients[0])}
	n, m := p.vars, len(totals)
	for i, from := range coefficients {
		row := make([]float64, n+m+1)
		sign := 1.0
		if totals[i] < 0 {
			sign = -1
		}
		for j, a := range from {
			row[j] = sign * a
		}
		row[n+i] = 1
		row[n+m] = sign * totals[i]
		p.rows = append(p.rows, row)
		p.basis = append(p.basis, n+i)
	}
	// Artificial variables start with all of the totals, and must lose them.
	cost := make([]float64, n+m)
	for i := range m {
		cost[n+i] = -1
	}
	if _, ok := p.climb(ctx, cost, math.Inf(1)); !ok {
		return nil
	}
	p.settle(ctx)
	if ctx.Err() != nil || !p.holds() {
		return nil
	}
	return p
}

// settle drops the artificial variables, and equations that say nothing new,
// unless ctx ends first.
func (p *program) settle(ctx context.Context) {
	kept := 0
	for i := range p.rows {
		if ctx.Err() != nil {
			return
		}
		if p.basis[i] >= p.vars {
			at := -1
			for j := range p.vars {
				if a := math.Abs(p.rows[i][j]); a > 1e-7 && (at < 0 || a > math.Abs(p.rows[i][at])) {
					at = j
				}
			}
			if at < 0 {
				continue
			}
			p.pivot(i, at, nil)
		}
		p.rows[kept], p.basis[kept] = p.rows[i], p.basis[i]
		kept++
	}
	p.rows, p.basis = p.rows[:kept], p.basis[:kept]
	for i, row := range p.rows {
		row[p.vars] = row[len(row)-1]
		p.rows[i] = row[:p.vars+1]
	}
}

// maximize makes the sum of cost times the variables as large as it gets, or
// stops once it has gained enough. It returns where it began and ended; false
// when it came to no end, or to one that does not hold.
func (p *program) maximize(ctx context.Context, cost []float64, enough float64) (from, to float64, ok bool) {
	from = p.value(cost)
	_, ok = p.climb(ctx, cost, from+enough+tiny) // rounding must not make it less
	return from, p.value(cost), ok && p.holds()
}

// climb is the simplex method from the vertex at hand.
func (p *program) climb(ctx context.Context, cost []float64, enough float64) (float64, bool) {
	width := len(cost)
	gain := make([]float64, width+1) // of each variable, and less the value so far
	copy(gain, cost)
	for i, b := range p.basis {
		if by := cost[b]; by != 0 {
			for j, a := range p.rows[i] {
				gain[j] -= float64(by * a)
			}
		}
	}
	stalled, limit := 0, 200*(width+len(p.rows))
	for step := 0; ; step++ {
		if -gain[width] >= enough {
			return -gain[width], true
		}
		enter := entering(gain[:width], stalled > stalls)
		if enter < 0 {
			return -gain[width], true
		}
		leave := p.leaving(enter)
		if leave < 0 || step > limit || ctx.Err() != nil {
			return 0, false
		}
		before := gain[width]
		p.pivot(leave, enter, gain)
		if stalled++; before-gain[width] > tiny {
			stalled = 0
		}
	}
}

// entering is the variable of the largest gain, or by Bland's rule the first.
func entering(gain []float64, bland bool) int {
	best := -1
	for j, g := range gain {
		if g > tiny && (best < 0 || g > gain[best]) {
			best = j
			if bland {
				break
			}
		}
	}
	return best
}

// leaving is the row that runs out first, by Bland's rule that of the lowest
// variable among equals; -1 when none does.
func (p *program) leaving(enter int) int {
	best, least := -1, 0.0
	for i, row := range p.rows {
		if row[enter] <= tiny {
			continue
		}
		r := row[len(row)-1] / row[enter]
		if best < 0 || r < least-tiny || r < least+tiny && p.basis[i] < p.basis[best] {
			best, least = i, r
		}
	}
	return best
}

func (p *program) pivot(leave, enter int, gain []float64) {
	row := p.rows[leave]
	by := 1 / row[enter]
	for j := range row {
		row[j] *= by
	}
	row[enter] = 1
	for i, other := range p.rows {
		if i != leave {
			eliminate(other, row, enter)
		}
	}
	if gain != nil {
		eliminate(gain, row, enter)
	}
	p.basis[leave] = enter
}

func eliminate(from, row []float64, at int) {
	by := from[at]
	if by == 0 {
		return
	}
	for j, a := range row {
		from[j] -= float64(by * a)
	}
	from[at] = 0
}

// point is the vertex at hand.
func (p *program) point() []float64 {
	x := make([]float64, p.vars)
	for i, b := range p.basis {
		if b < p.vars {
			x[b] = max(0, p.rows[i][len(p.rows[i])-1])
		}
	}
	return x
}

func (p *program) value(cost []float64) float64 {
	sum := 0.0
	for j, x := range p.point() {
		sum += float64(cost[j] * x)
	}
	return sum
}

// holds says whether the vertex meets the equations as given: rounding in the
// tableau must not pass for a proof.
func (p *program) holds() bool {
	x := p.point()
	for i, row := range p.coefficients {
		sum := -p.totals[i]
		for j, a := range row {
			sum += float64(a * x[j])
		}
		if math.Abs(sum) > fits*(1+math.Abs(p.totals[i])) {
			return false
		}
	}
	return true
}
