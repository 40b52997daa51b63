package score

import (
	"math"
	"math/bits"
	"slices"

	"github.com/firstcall-cli/firstcall/core/stats"
	"github.com/firstcall-cli/firstcall/core/survey"
)

// Sums are the sufficient statistics of a set of respondents: every figure of
// a group follows from them. They are exact integers, so that adding
// respondents in any order, or adding up Sums of parts, gives the same Sums.
type Sums struct {
	N          int64           `json:"n"`          // respondents
	Items      []ItemSums      `json:"items"`      // parallel to the instrument's Items: dimensions' items, then outcomes
	Dimensions []DimensionSums `json:"dimensions"` // parallel to the instrument's Dimensions
	// Pairs compares each ideal with its practice, in the order of the ideals.
	Pairs []Differences `json:"pairs,omitempty"`
	// Facets has the scores of service and of care, or is empty.
	Facets []stats.ScoreSums `json:"facets,omitempty"`
	// Between compares them, in units of 2^-40, or 2^-30 on a wide scale.
	Between *Differences `json:"between,omitempty"`
}

// ItemSums counts the answers to one item.
type ItemSums struct {
	// Histogram has one count for each step of the scale, lowest first, of
	// answers as given: before reverse keying. Decimals have none.
	Histogram []int64 `json:"histogram,omitempty"`
	// Decimals sums up the answers to a continuous item after reverse keying,
	// in the item's unit.
	Decimals *stats.Moments `json:"decimals,omitempty"`
}

// DimensionSums holds what the figures of one dimension need beyond its items'
// histograms, over answers after reverse keying.
type DimensionSums struct {
	Scores   stats.ScoreSums  `json:"scores"`   // totals by how many items were answered
	Pairs    []stats.PairSums `json:"pairs"`    // of the respondents who answered both, at their stats.PairIndex
	Complete CompleteSums     `json:"complete"` // of the respondents who answered every item
	Shares   stats.ShareSums  `json:"shares"`   // of favorable answers, by respondent
}

// CompleteSums are over the respondents who answered every item.
type CompleteSums struct {
	Items []stats.Moments  `json:"items"`
	Pairs []stats.PairSums `json:"pairs"` // at their stats.PairIndex
	// Histograms has one count for each step of an item's scale, as given; none
	// for decimals.
	Histograms [][]int64 `json:"histograms"`
}

// Differences sums up two figures of the same people and how they differ.
type Differences struct {
	N           int64     `json:"n"`  // people who have both
	First       stats.Int `json:"x"`  // Σx
	Second      stats.Int `json:"y"`  // Σy
	SquaredDiff stats.Int `json:"dd"` // Σ(x-y)²
}

func (d *Differences) add(x, y int64) {
	d.N++
	d.First, d.Second = d.First.Plus(stats.Whole(x)), d.Second.Plus(stats.Whole(y))
	d.SquaredDiff = d.SquaredDiff.Plus(stats.Product(x-y, x-y))
}

// Plus gives the sums of the people of both.
func (d Differences) Plus(o Differences) Differences {
	return Differences{d.N + o.N, d.First.Plus(o.First), d.Second.Plus(o.Second), d.SquaredDiff.Plus(o.SquaredDiff)}
}

// Moments are those of the differences x-y.
func (d Differences) Moments() stats.Moments {
	return stats.Moments{N: d.N, Sum: d.First.Minus(d.Second), SumSquares: d.SquaredDiff}
}

func (l *layout) newSums() *Sums {
	s := &Sums{Items: make([]ItemSums, len(l.items)), Dimensions: make([]DimensionSums, len(l.dims))}
	for i, it := range l.items {
		if it.unit > 1 {
			s.Items[i].Decimals = &stats.Moments{}
			continue
		}
		s.Items[i].Histogram = make([]int64, it.options)
	}
	for i, d := range l.dims {
		pairs := d.k * (d.k - 1) / 2
		s.Dimensions[i] = DimensionSums{
			Scores: stats.NewScoreSums(d.k), Pairs: make([]stats.PairSums, pairs),
			Complete: CompleteSums{make([]stats.Moments, d.k), make([]stats.PairSums, pairs), make([][]int64, d.k)},
		}
		for j := range d.k {
			s.Dimensions[i].Complete.Histograms[j] = make([]int64, l.items[d.first+j].options)
		}
	}
	s.Pairs = make([]Differences, len(l.pairs))
	for _, f := range l.facets {
		s.Facets = append(s.Facets, stats.NewScoreSums(len(f.items)))
		s.Between = &Differences{}
	}
	return s
}

// notGiven is a missing answer among answers after reverse keying.
const notGiven = math.MinInt64

// keyedAnswers fills dst with a person's answers after reverse keying, in each
// item's unit.
func (l *layout) keyedAnswers(dst []int64, p *survey.Respondent) {
	for i := range l.items {
		it := &l.items[i]
		switch {
		case p.Answers[i] == survey.Missing:
			dst[i] = notGiven
		case it.unit > 1:
			dst[i] = it.keyed(p.Decimals[i])
		default:
			dst[i] = it.keyed(int64(p.Answers[i]))
		}
	}
}

// add counts one respondent, whose answers after reverse keying are r.keyed.
func (s *Sums) add(l *layout, p *survey.Respondent, r *row) {
	s.N++
	r.packed = false
	for i := range l.items {
		s.addItem(l, i, p.Answers[i], r.keyed[i])
	}
	for i := range l.dims {
		d := &l.dims[i]
		r.answered[i], r.totals[i] = s.Dimensions[i].add(d, l.items[d.first:d.first+d.k], r.keyed[d.first:d.first+d.k])
	}
	s.addBeyond(l, r.keyed)
}

func (s *Sums) addItem(l *layout, i int, given int32, keyed int64) {
	switch {
	case given == survey.Missing:
	case l.items[i].unit > 1:
		s.Items[i].Decimals.Add(keyed)
	default:
		s.Items[i].Histogram[int(given)-l.items[i].min]++
	}
}

// addBeyond counts what reaches across dimensions.
func (s *Sums) addBeyond(l *layout, keyed []int64) {
	for i, p := range l.pairs {
		if x, y := keyed[p.ideal], keyed[p.practice]; x != notGiven && y != notGiven {
			s.Pairs[i].add(x, y)
		}
	}
	if len(l.facets) == 0 {
		return
	}
	var scores [2]int64
	for f := range l.facets {
		scores[f] = s.addFacet(l, f, keyed)
	}
	if scores[service] != notGiven && scores[care] != notGiven {
		s.Between.add(scores[service], scores[care])
	}
}

// addFacet counts a person's answers to the items of a facet and returns the
// score in its unit, or notGiven.
func (s *Sums) addFacet(l *layout, f int, keyed []int64) int64 {
	facet := &l.facets[f]
	var m, total int64
	for _, i := range facet.items {
		if x := keyed[i]; x != notGiven {
			m++
			total += x * (facet.unit / l.items[i].unit)
		}
	}
	s.Facets[f].Add(int(m), total)
	return scoreOf(total, m, facet.need, facet.unit, facet.score)
}

// scoreOf is total/m, where totals are in units of 1/unit, in units of 1/score,
// rounded to the nearest; notGiven
// when fewer than need items are answered.
func scoreOf(total, m int64, need int, unit, score int64) int64 {
	if m < int64(need) || m == 0 {
		return notGiven
	}
	// Decimals are counted in units of up to 10^-12: the whole part stays in 63
	// bits, as their scale is not wide then.
	of := m * unit
	return total/of*score + fraction(total%of, of, score)
}

// fraction is a/b in units of 1/score for -b < a < b, rounded to the nearest,
// halves away from zero.
func fraction(a, b, score int64) int64 {
	if a < 0 {
		return -fraction(-a, b, score)
	}
	hi, lo := bits.Mul64(uint64(a), uint64(score))
	lo, carry := bits.Add64(lo, uint64(b/2), 0)
	q, _ := bits.Div64(hi+carry, lo, uint64(b))
	return int64(q)
}

// add counts one respondent's answers to the items of the dimension, and
// returns how many there are and their total.
func (s *DimensionSums) add(d *dimLayout, items []itemLayout, keyed []int64) (answered int, total int64) {
	var m, favorable int64
	for j, y := range keyed {
		if y == notGiven {
			continue
		}
		m++
		y *= d.unit / items[j].unit
		total += y
		if items[j].favors(keyed[j]) {
			favorable++
		}
		for i, x := range keyed[:j] {
			if x != notGiven {
				s.Pairs[stats.PairIndex(i, j)].Add(x*(d.unit/items[i].unit), y)
			}
		}
	}
	s.Scores.Add(int(m), total)
	s.Shares.Add(favorable, m)
	if int(m) == len(keyed) {
		s.Complete.add(d, items, keyed)
	}
	return int(m), total
}

func (s *CompleteSums) add(d *dimLayout, items []itemLayout, keyed []int64) {
	for j, y := range keyed {
		if it := &items[j]; it.unit == 1 {
			s.Histograms[j][it.keyed(y)-int64(it.min)]++ // turned around again
		}
		y *= d.unit / items[j].unit
		s.Items[j].Add(y)
		for i, x := range keyed[:j] {
			s.Pairs[stats.PairIndex(i, j)].Add(x*(d.unit/items[i].unit), y)
		}
	}
}

// Merge adds another part's sums; both must be of the same instrument.
func (s *Sums) Merge(o *Sums) {
	s.N += o.N
	for i := range s.Items {
		for j, c := range o.Items[i].Histogram {
			s.Items[i].Histogram[j] += c
		}
		if s.Items[i].Decimals != nil {
			*s.Items[i].Decimals = s.Items[i].Decimals.Plus(*o.Items[i].Decimals)
		}
	}
	for i := range s.Dimensions {
		s.Dimensions[i].merge(&o.Dimensions[i])
	}
	for i := range s.Pairs {
		s.Pairs[i] = s.Pairs[i].Plus(o.Pairs[i])
	}
	for i := range s.Facets {
		s.Facets[i] = s.Facets[i].Plus(o.Facets[i])
	}
	if s.Between != nil {
		*s.Between = s.Between.Plus(*o.Between)
	}
}

func (s *DimensionSums) merge(o *DimensionSums) {
	s.Scores, s.Shares = s.Scores.Plus(o.Scores), s.Shares.Plus(o.Shares)
	for j, p := range o.Pairs {
		s.Pairs[j] = s.Pairs[j].Plus(p)
		s.Complete.Pairs[j] = s.Complete.Pairs[j].Plus(o.Complete.Pairs[j])
	}
	for j, m := range o.Complete.Items {
		s.Complete.Items[j] = s.Complete.Items[j].Plus(m)
		for step, n := range o.Complete.Histograms[j] {
			s.Complete.Histograms[j][step] += n
		}
	}
}

// Union adds up the sums of parts, of which there must be one, without changing
// them.
func Union(parts []*Sums) *Sums {
	all := parts[0].clone()
	for _, p := range parts[1:] {
		all.Merge(p)
	}
	return all
}

func (s *Sums) clone() *Sums {
	c := &Sums{N: s.N, Items: slices.Clone(s.Items), Dimensions: slices.Clone(s.Dimensions), Pairs: slices.Clone(s.Pairs), Facets: slices.Clone(s.Facets)}
	for i := range c.Items {
		c.Items[i].Histogram = slices.Clone(s.Items[i].Histogram)
		if d := s.Items[i].Decimals; d != nil {
			c.Items[i].Decimals = &stats.Moments{N: d.N, Sum: d.Sum, SumSquares: d.SumSquares}
		}
	}
	for i := range c.Dimensions {
		d := &c.Dimensions[i]
		d.Scores, d.Pairs = slices.Clone(d.Scores), slices.Clone(d.Pairs)
		d.Complete = CompleteSums{slices.Clone(d.Complete.Items), slices.Clone(d.Complete.Pairs), slices.Clone(d.Complete.Histograms)}
		for j, h := range d.Complete.Histograms {
			d.Complete.Histograms[j] = slices.Clone(h)
		}
	}
	if s.Between != nil {
		between := *s.Between
		c.Between = &between
	}
	return c
}
