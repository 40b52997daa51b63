package score

import (
	"fmt"
	"math"
	"math/big"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/stats"
)

// This file makes the figures that reach across dimensions.

// N is how many people the sums are of.
func (c *Cross) N() int64 { return c.Complete.N + c.Partly.N }

// Drivers explains outcome o by the dimensions. The key makes the bootstrap
// repeatable; it should name what is explained.
func (s *Scorer) Drivers(w *Whole, o int, key string) record.Drivers {
	outcome := s.layout.asked + o
	out := record.Drivers{Outcome: s.items[outcome].ID}
	n := w.Drivers[o].N()
	out.N = &n
	r, why := s.correlations(&w.Drivers[o], s.layout.allDims, outcome)
	if why != "" {
		undefined(&out.Undefined, "r_sq", ofDrivers(why))
		return out
	}
	k := len(s.layout.dims)
	predictors, with := stats.NewSymmetric(k), make([]float64, k)
	for i := range k {
		with[i] = r.At(i, k)
		for j := range i + 1 {
			predictors.Set(i, j, r.At(i, j))
		}
	}
	for d, dim := range s.in.Dimensions {
		out.Dimensions = append(out.Dimensions, record.Driver{Dimension: dim.ID, R: &with[d]})
	}
	found, why := stats.RelativeWeights(predictors, with)
	if why == "" && n <= int64(k)+1 {
		why = fewForDrivers
	}
	if why != "" {
		undefined(&out.Undefined, "r_sq", ofDrivers(why))
		return out
	}
	out.RSq = &found.R2
	shares, whyShares := found.Shares()
	ends, whyEnds := stats.BootstrapDrivers(predictors, with, n, stats.Resampling{Key: key, Level: Confidence})
	for d := range out.Dimensions {
		driver := &out.Dimensions[d]
		driver.Beta, driver.Weight = &found.Betas[d], &found.Weights[d]
		if whyShares == "" {
			driver.Share = &shares[d]
		}
		if whyEnds == "" {
			driver.Low, driver.High = &ends.Weights[d].Low, &ends.Weights[d].High
		}
	}
	if whyEnds != "" {
		undefined(&out.Undefined, "interval", whyEnds)
		return out
	}
	out.Interval = fmt.Sprintf("parametric (Wishart) bootstrap, %d replicates", ends.Replicates)
	return out
}

// ofDrivers words a reason for drivers: the statistics speak of items.
func ofDrivers(why stats.Undefined) stats.Undefined {
	switch why {
	case stats.ConstantItem:
		return "everybody has the same score in a dimension, or gave the same answer to the outcome"
	case stats.Dependent, stats.Overlap:
		return "a dimension follows from the others, or too few people answered everything"
	}
	return why
}

const fewForDrivers stats.Undefined = "too few people answered everything to tell the dimensions apart"

// Links computes how neighboring levels go together, from the highest level
// down; none in an instrument without levels.
func (s *Scorer) Links(w *Whole) []record.Link {
	var out []record.Link
	for i, dims := range s.layout.links {
		link := record.Link{Upper: s.in.Dimensions[dims[0]].ID, Lower: s.in.Dimensions[dims[1]].ID}
		n := w.Links[i].N()
		link.N = &n
		r, why := s.correlations(&w.Links[i], dims[:], -1)
		var found stats.Association
		if why == "" {
			link.R = new(float64)
			*link.R = r.At(0, 1)
			found, why = stats.Associate(*link.R, n, Confidence)
		}
		if why != "" {
			undefined(&link.Undefined, "r", why)
		} else {
			link.CI = &record.Interval{Level: Confidence, Low: found.Interval.Low, High: found.Interval.High}
		}
		out = append(out, link)
	}
	return out
}

// correlations are those of the variables of a cross. Sums of both sorts of
// people are brought to one unit as whole numbers and rounded once.
func (s *Scorer) correlations(c *Cross, dims []int, outcome int) (stats.Symmetric, stats.Undefined) {
	n := c.N()
	if n < 2 {
		return stats.Symmetric{}, stats.FewRespondents
	}
	var times, low, unit []int64 // a score, in units, is counted times as much, from low on
	add := func(k int, it *itemLayout) {
		times, low, unit = append(times, int64(k)), append(low, int64(it.low)*it.score), append(unit, it.score)
	}
	for _, d := range dims {
		add(s.layout.dims[d].k, &s.layout.items[s.layout.dims[d].first])
	}
	if outcome >= 0 {
		add(1, &s.layout.items[outcome])
	}
	v := len(times)
	sums := make([]*big.Int, v)
	for i := range v {
		partly := above(c.Partly.Sums[i].Big(), c.Partly.N, low[i])
		sums[i] = new(big.Int).Mul(c.Complete.Sums[i].Big(), big.NewInt(unit[i]))
		sums[i].Add(sums[i], partly.Mul(partly, big.NewInt(times[i])))
	}
	cov := stats.NewSymmetric(v)
	at := 0
	for i := range v {
		for j := range i + 1 {
			product := new(big.Int).Mul(c.Complete.Products[at].Big(), big.NewInt(unit[i]))
			product.Mul(product, big.NewInt(unit[j]))
			partly := c.aboveBoth(at, i, j, low)
			partly.Mul(partly, big.NewInt(times[i])).Mul(partly, big.NewInt(times[j]))
			product.Add(product, partly).Mul(product, big.NewInt(n))
			product.Sub(product, new(big.Int).Mul(sums[i], sums[j]))
			x, _ := new(big.Float).SetInt(product).Float64()
			// Exact up to here; the unit is taken out again to stay in range.
			cov.Set(i, j, x/float64(unit[i])/float64(unit[j]))
			at++
		}
	}
	return cov.Correlations()
}

// above is Σ(p - low) for n scores p, both in units.
func above(sum *big.Int, n, low int64) *big.Int {
	return sum.Sub(sum, new(big.Int).Mul(big.NewInt(n), big.NewInt(low)))
}

// aboveBoth is Σ(p - low)(q - low) over the people not complete.
func (c *Cross) aboveBoth(at, i, j int, low []int64) *big.Int {
	li, lj := big.NewInt(low[i]), big.NewInt(low[j])
	sum := c.Partly.Products[at].Big()
	x, y := c.Partly.Sums[i].Big(), c.Partly.Sums[j].Big()
	sum.Sub(sum, x.Mul(x, lj))
	sum.Sub(sum, y.Mul(y, li))
	both := li.Mul(li, lj)
	return sum.Add(sum, both.Mul(both, big.NewInt(c.Partly.N)))
}

// Pairs is how many ideals have a practice that they can be compared with.
func (s *Scorer) Pairs() int { return len(s.layout.pairs) }

// PairItems are the indexes of ideal i and of its practice among the
// instrument's Items.
func (s *Scorer) PairItems(i int) (ideal, practice int) {
	return s.layout.pairs[i].ideal, s.layout.pairs[i].practice
}

// FacetAlike reports whether all who have a score in service (0) or care (1)
// have the same.
func (s *Scorer) FacetAlike(sums *Sums, f int) bool {
	scores := sums.Facets[f].AtLeast(s.layout.facets[f].need)
	sd, why := scores.SD()
	return scores.N() == 1 || why == "" && sd == 0
}

// IdealPractice compares ideal i with its practice. It is nil when nobody
// answered both.
func (s *Scorer) IdealPractice(sums *Sums, i int) *record.IdealPractice {
	p := s.layout.pairs[i]
	ideal := s.items[p.ideal]
	pair := s.pair(sums.Pairs[i], s.layout.items[p.ideal].unit, ideal.Scale.Min, ideal.Scale.Max)
	if pair == nil {
		return nil
	}
	return &record.IdealPractice{Ideal: ideal.ID, Practice: s.items[p.practice].ID, Pair: *pair}
}

// HasFacets reports whether the instrument tells service from care.
func (s *Scorer) HasFacets() bool { return len(s.layout.facets) > 0 }

// FacetPeople is how many people have a score in service, in care and in both.
func (s *Scorer) FacetPeople(sums *Sums) [3]int64 {
	var n [3]int64
	for f, facet := range s.layout.facets {
		n[f] = sums.Facets[f].AtLeast(facet.need).N()
	}
	n[2] = sums.Between.N
	return n
}

// ServiceCare reports service and care apart. It is nil when one of them has
// no figures.
func (s *Scorer) ServiceCare(sums *Sums) *record.ServiceCare {
	out := &record.ServiceCare{}
	service, serviceCI := s.facet(sums, service)
	care, careCI := s.facet(sums, care)
	if service == nil || care == nil {
		return nil
	}
	out.Service, out.Care = *service, *care
	out.CIs = record.FacetCIs{Service: serviceCI, Care: careCI}
	scale := s.items[s.layout.facets[0].items[0]].Scale
	out.Pair = s.pair(*sums.Between, s.layout.facets[0].score, scale.Min, scale.Max)
	return out
}

func (s *Scorer) facet(sums *Sums, f int) (*record.Side, *record.Interval) {
	l := s.layout.facets[f]
	scores := sums.Facets[f].AtLeast(l.need)
	mean, why := scores.Mean()
	if why != "" {
		return nil, nil
	}
	sd, why := scores.SD()
	if why != "" {
		return nil, nil
	}
	scale := s.items[l.items[0]].Scale
	percent, _ := scores.Percent(int64(scale.Min)*l.unit, int64(scale.Max)*l.unit)
	side := &record.Side{N: scores.N(), Mean: inUnits(mean, l.unit), SD: inUnits(sd, l.unit), Percent: percent}
	var none record.UndefinedNote
	return side, s.interval(&none, &side.Mean, &side.SD, side.N)
}

// pair makes the figures of differences within people, whose values are in
// units of a scale from low to high. It is nil for fewer than two people.
func (s *Scorer) pair(d Differences, unit int64, low, high int) *record.Pair {
	m := d.Moments()
	sd, why := m.SD()
	if why != "" {
		return nil
	}
	mean, _ := m.Mean()
	mean, sd = inUnits(mean, unit), inUnits(sd, unit)
	percent := func(sum stats.Int) float64 {
		p, _ := stats.Moments{N: d.N, Sum: sum}.Percent(int64(low)*unit, int64(high)*unit)
		return math.Min(100, math.Max(0, p)) // scores of facets are rounded one by one
	}
	out := &record.Pair{
		N: d.N, First: percent(d.First), Second: percent(d.Second),
		Difference: mean, Points: 100 * mean / float64(high-low), SD: sd,
	}
	Paired(out)
	return out
}

// Paired adds interval, effect and test to a pair that has n, difference and
// SD, where these are defined.
func Paired(p *record.Pair) {
	differences := stats.Sample{N: p.N, Mean: p.Difference, SD: p.SD}
	test, why := stats.PairedT(differences, Confidence)
	if why != "" {
		return
	}
	p.CI = &record.Interval{Level: Confidence, Low: test.Interval.Low, High: test.Interval.High}
	p.Test = &record.Test{Statistic: test.T, DF: test.DF, P: test.P}
	if effect, why := stats.PairedEffect(differences, Confidence); why == "" {
		p.DZ = &effect.D
	}
}

// Careless counts answers that look as if given without reading; nil where the
// instrument has decimals, for which no such count is made.
func (s *Scorer) Careless(w *Whole, longRun int) *record.Careless {
	if !s.layout.runs {
		return nil
	}
	runs, longest := w.Careless.LongRuns, int64(w.Careless.Longest)
	out := &record.Careless{LongRun: longRun, LongRuns: &runs, LongestRun: &longest}
	if s.layout.irv && w.Careless.Varied > 0 {
		mean, _ := stats.Moments{N: w.Careless.Varied, Sum: w.Careless.IRV}.Mean()
		mean /= scoreUnit
		out.MeanIRV = &mean
	}
	return out
}
