package score

import (
	"slices"

	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/stats"
)

// This file says of sums what is revealed by the figures that are made of them.

// OneSided reports whether all answers to dimension d are favorable, or none
// is: a share of 0 or 1 says of each person what they answered.
func (s *Scorer) OneSided(sums *Sums, d int) bool {
	shares := sums.Dimensions[d].Shares
	return s.layout.dims[d].favorable && shares.Answers > 0 && (shares.Favorable == 0 || shares.Favorable == shares.Answers)
}

// ItemOneSided reports the same of item i; of an employee net promoter score
// also whether all or none are promoters, or detractors.
func (s *Scorer) ItemOneSided(sums *Sums, i int) bool {
	it, histogram := &s.layout.items[i], sums.Items[i].Histogram
	var n, favorable int64
	for step, c := range histogram {
		n += c
		if it.favors(it.keyed(int64(it.min + step))) {
			favorable += c
		}
	}
	if n == 0 {
		return false
	}
	if s.items[i].Type == instrument.ENPS {
		if score, why := stats.ENPS(histogram, Confidence); why == "" {
			extreme := func(k int64) bool { return k == 0 || k == n }
			return extreme(score.Promoters) || extreme(score.Detractors)
		}
	}
	return it.sign != 0 && (favorable == 0 || favorable == n)
}

// Values are the number of people with a score in dimension d from answers of
// their own, and the sums of the scores and of their squares on the answer
// scale.
func (s *Scorer) Values(sums *Sums, d int) (n int64, sum, squares float64) {
	scores := s.scored(sums, d)
	unit := float64(s.layout.dims[d].unit)
	for m := 1; m < len(scores); m++ {
		of := float64(m) * unit
		n += scores[m].N
		sum += scores[m].Sum.Float64() / of
		squares += scores[m].SumSquares.Float64() / (of * of)
	}
	return n, sum, squares
}

// ItemValues are the same of the answers to item i after reverse keying.
func (s *Scorer) ItemValues(sums *Sums, i int) (n int64, sum, squares float64) {
	m := s.layout.moments(sums, i)
	unit := float64(s.layout.items[i].unit)
	return m.N, m.Sum.Float64() / unit, m.SumSquares.Float64() / (unit * unit)
}

// Steps are how many gave each answer to item i, as given; nil for decimals.
func (s *Scorer) Steps(sums *Sums, i int) []int64 { return sums.Items[i].Histogram }

// Reveal calls each with the sums behind the figures of every dimension and
// item: how many people, Σx and Σx² on the answer scale after reverse keying,
// and for items how many gave each answer, lowest first. For a dimension item
// is empty.
func (s *Scorer) Reveal(sums *Sums, each func(dimension, item string, n int64, sum, squares float64, steps []int64)) {
	for d, dim := range s.in.Dimensions {
		n, sum, squares := s.Values(sums, d)
		each(dim.ID, "", n, sum, squares, nil)
	}
	for i, item := range s.items {
		n, sum, squares := s.ItemValues(sums, i)
		steps := slices.Clone(sums.Items[i].Histogram)
		if s.layout.items[i].reversed {
			slices.Reverse(steps)
		}
		each("", item.ID, n, sum, squares, steps)
	}
}
