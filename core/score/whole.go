package score

import (
	"math"

	"github.com/firstcall-cli/firstcall/core/stats"
	"github.com/firstcall-cli/firstcall/core/survey"
)

// Whole sums up what is told of everybody together and never of a group.
type Whole struct {
	// Drivers has, for each outcome, the scores of all dimensions and then the
	// outcome, over those who have all of them.
	Drivers []Cross `json:"drivers,omitempty"`
	// Links has the two scores of each pair of neighboring levels, the upper
	// one first, from the highest level down.
	Links    []Cross      `json:"links,omitempty"`
	Careless CarelessSums `json:"careless"`
}

// Cross is the sums of several variables and of their products, over the
// people who have all of them. People who answered every item are summed up
// apart: their scores need no rounding.
type Cross struct {
	// Complete is in steps above the lowest possible total of a dimension, and
	// above the lowest answer to the outcome.
	Complete CrossSums `json:"complete"`
	// Partly is in units of 2^-40 of the answer scale, or 2^-30 where that is
	// wide.
	Partly CrossSums `json:"partly"`
}

// CrossSums are the sums of v variables.
type CrossSums struct {
	N        int64       `json:"n"`
	Sums     []stats.Int `json:"x"`  // v of them
	Products []stats.Int `json:"xy"` // of each variable with itself and those before it, row by row: v(v+1)/2
}

func newCross(variables int) Cross {
	sums := func() CrossSums {
		return CrossSums{Sums: make([]stats.Int, variables), Products: make([]stats.Int, variables*(variables+1)/2)}
	}
	return Cross{sums(), sums()}
}

func (c *CrossSums) add(x []int64) {
	c.N++
	at := 0
	for i, xi := range x {
		c.Sums[i] = c.Sums[i].Plus(stats.Whole(xi))
		for _, xj := range x[:i+1] {
			c.Products[at] = c.Products[at].Plus(stats.Product(xi, xj))
			at++
		}
	}
}

func (c *CrossSums) merge(o *CrossSums) {
	c.N += o.N
	for i := range c.Sums {
		c.Sums[i] = c.Sums[i].Plus(o.Sums[i])
	}
	for i := range c.Products {
		c.Products[i] = c.Products[i].Plus(o.Products[i])
	}
}

// CarelessSums counts answers that look as if given without reading.
type CarelessSums struct {
	LongRuns int64     `json:"long_runs"` // respondents with at least so many same answers in a row
	Longest  int32     `json:"longest"`   // the longest run of all
	Varied   int64     `json:"irv_n"`     // respondents who gave two answers or more
	IRV      stats.Int `json:"irv"`       // Σ of the SD of a person's answers as given, in units of 2^-40
}

func (l *layout) newWhole() *Whole {
	w := &Whole{}
	for range l.outcomes() {
		w.Drivers = append(w.Drivers, newCross(len(l.dims)+1))
	}
	for range l.links {
		w.Links = append(w.Links, newCross(2))
	}
	return w
}

// Merge adds another part's sums; both must be of the same instrument.
func (w *Whole) Merge(o *Whole) {
	for i := range w.Drivers {
		w.Drivers[i].Complete.merge(&o.Drivers[i].Complete)
		w.Drivers[i].Partly.merge(&o.Drivers[i].Partly)
	}
	for i := range w.Links {
		w.Links[i].Complete.merge(&o.Links[i].Complete)
		w.Links[i].Partly.merge(&o.Links[i].Partly)
	}
	w.Careless.LongRuns += o.Careless.LongRuns
	w.Careless.Longest = max(w.Careless.Longest, o.Careless.Longest)
	w.Careless.Varied += o.Careless.Varied
	w.Careless.IRV = w.Careless.IRV.Plus(o.Careless.IRV)
}

// add counts one respondent, of whom the cell left r.
func (w *Whole) add(l *layout, p *survey.Respondent, r *row) {
	if l.irv {
		w.Careless.addIRV(l, p, r)
	}
	for o := range w.Drivers {
		w.addDrivers(l, o, p, r)
	}
	for i, link := range l.links {
		w.Links[i].add(l, link[:], -1, p, r)
	}
}

func (w *Whole) addDrivers(l *layout, o int, p *survey.Respondent, r *row) {
	if p.Answers[l.asked+o] != survey.Missing {
		w.Drivers[o].add(l, l.allDims, l.asked+o, p, r)
	}
}

// add counts a respondent's scores in some dimensions and the answer to an
// outcome, which was given; outcome is -1 for none.
func (c *Cross) add(l *layout, dims []int, outcome int, p *survey.Respondent, r *row) {
	x := r.variables[:0]
	complete := outcome < 0 || l.items[outcome].unit == 1
	for _, d := range dims {
		complete = complete && l.dims[d].compact && r.answered[d] == l.dims[d].k
	}
	for _, d := range dims {
		switch dl := &l.dims[d]; {
		case complete:
			x = append(x, r.totals[d]-int64(dl.k)*int64(dl.low))
		default:
			score := scoreOf(r.totals[d], int64(r.answered[d]), dl.need, dl.unit, dl.score)
			if score == notGiven {
				return
			}
			x = append(x, score)
		}
	}
	if outcome >= 0 {
		it := &l.items[outcome]
		switch {
		case complete:
			x = append(x, it.keyed(int64(p.Answers[outcome]))-int64(it.min))
		case it.unit > 1:
			x = append(x, scoreOf(it.keyed(p.Decimals[outcome]), 1, 1, it.unit, it.score))
		default:
			x = append(x, it.keyed(int64(p.Answers[outcome]))*it.score)
		}
	}
	if complete {
		c.Complete.add(x)
	} else {
		c.Partly.add(x)
	}
}

// addIRV counts the SD of a person's answers as given, with n-1.
func (c *CarelessSums) addIRV(l *layout, p *survey.Respondent, r *row) {
	n, sum, squares := r.given, r.steps, r.squares
	if !r.packed {
		n, sum, squares = 0, 0, 0
		for _, x := range p.Answers[:l.asked] {
			if x != survey.Missing {
				step := int64(x) - int64(l.items[0].min)
				n++
				sum += step
				squares += step * step
			}
		}
	}
	if n < 2 {
		return
	}
	c.Varied++
	c.IRV = c.IRV.Plus(stats.Whole(r.spread(n, n*squares-sum*sum)))
}

// spread is the SD of n answers in units of 2^-40, from n·Σx² - (Σx)². For the
// n that is met most, each is computed once.
func (r *row) spread(n, deviation int64) int64 {
	compute := func() int64 {
		return int64(math.Round(math.Sqrt(float64(deviation)/float64(n*(n-1))) * scoreUnit))
	}
	if int(n) != r.spreadOf || deviation < 0 || deviation >= int64(len(r.spreads)) {
		return compute()
	}
	if r.spreads[deviation] == 0 {
		r.spreads[deviation] = 1 + compute()
	}
	return r.spreads[deviation] - 1
}
