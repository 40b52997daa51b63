package stats

import (
	"math"
	"math/big"
)

// Agreement is an index of agreement within a group. It is 1 where everyone
// answered alike and 0 where answers vary as much as random ones would.
type Agreement struct {
	Value float64 // 0 to 1
	// Capped says that answers vary more than random ones, as they do where a
	// group falls into camps: the index would be negative and is given as 0.
	Capped bool
}

// ExtremeMean is about AWG: near an end of the scale few respondents cannot
// disagree enough to be compared with the most they could.
const ExtremeMean Undefined = "the mean is too near an end of the scale for so few respondents"

// NullVarianceOptions is the variance of random answers to an item with A
// options, all equally likely: (A²-1)/12 (James, Demaree and Wolf 1984), 2
// for five options. It is undefined for A < 2 (Contradiction).
func NullVarianceOptions(options int64) (float64, Undefined) {
	if options < 2 {
		return 0, Contradiction
	}
	square := product(options, options)
	return quotient(square.Sub(square, integer(1)), integer(12)), ""
}

// NullVarianceContinuous is the variance of random answers on a continuous
// scale from low to high: (H-L)²/12, in the squared unit of the answers. It is
// undefined unless low < high, both finite (Contradiction).
func NullVarianceContinuous(low, high float64) (float64, Undefined) {
	v := (high - low) * (high - low) / 12
	if !(high > low && v > 0) || math.IsInf(v, 1) {
		return 0, Contradiction
	}
	return v, ""
}

// RWG is the agreement of a group on one item (James, Demaree and Wolf 1984):
// 1 less the variance of the answers over null, the variance of random ones
// (NullVarianceOptions, NullVarianceContinuous), which is in the same unit.
// The mean of the sample is not used.
//
// It is undefined for fewer than two answers (FewRespondents) and for
// figures that no answers can have (Contradiction).
func RWG(item Sample, null float64) (Agreement, Undefined) {
	return RWGJ([]Sample{item}, null)
}

// RWGJ is the agreement of a group on a dimension of J items, rwg.j (James,
// Demaree and Wolf 1984): with v the mean of the items' variances over null,
// the variance of random answers, J(1-v) / (J(1-v) + v). It rises with the
// number of items for the same agreement on each; RWGJLindell does not. The
// means of the samples are not used.
//
// R's multilevel makes it from respondents who answered all items; other
// samples of an item's answers are possible.
//
// It is undefined without items (NoAnswers), when an item has fewer than two
// answers (FewRespondents) and for figures that no answers can have
// (Contradiction).
func RWGJ(items []Sample, null float64) (Agreement, Undefined) {
	v, why := relativeVariance(items, null)
	if why != "" {
		return Agreement{}, why
	}
	if v > 1+rounding {
		return Agreement{Capped: true}, ""
	}
	agreed := float64(float64(len(items)) * max(1-v, 0))
	return Agreement{Value: agreed / (agreed + v)}, ""
}

// RWGJLindell is the agreement of a group on a dimension, r*wg.j (Lindell and
// Brandt 1997; Lindell, Brandt and Whitney 1999): 1 less the mean of the
// items' variances over null, the variance of random answers. It is at most 1
// and not capped; negative values say that answers vary more than random ones.
// It is undefined where RWGJ is.
func RWGJLindell(items []Sample, null float64) (float64, Undefined) {
	v, why := relativeVariance(items, null)
	if why != "" {
		return 0, why
	}
	return 1 - v, ""
}

// relativeVariance is the mean of the items' variances over null.
func relativeVariance(items []Sample, null float64) (float64, Undefined) {
	if len(items) == 0 {
		return 0, NoAnswers
	}
	sum := 0.0
	for _, item := range items {
		if item.N < 2 {
			return 0, FewRespondents
		}
		if !(item.SD >= 0) {
			return 0, Contradiction
		}
		sum += float64(item.SD * item.SD)
	}
	v := sum / float64(len(items)) / null
	if !(v >= 0 && null > 0) || math.IsInf(v, 1) {
		return 0, Contradiction
	}
	return v, ""
}

// AWG is the agreement of a group on one item relative to the most that it
// could disagree with the mean it has (Brown and Hauenstein 2005): 1 less
// twice the variance over the largest possible one, for a scale from low to
// high. It is 1 where everyone answered alike, 0 halfway and -1 where
// everyone took one end or the other. Published figures are rounded and may
// lead a little under -1.
//
// A group of k members whose mean lies outside (L(k-1)+H)/k to (H(k-1)+L)/k
// could not have one member at each end; its index is undefined (ExtremeMean),
// but for all at one end, who agree. It is also undefined for fewer than two
// answers (FewRespondents) and for figures that no answers on the scale can
// have (Contradiction).
func AWG(item Sample, low, high float64) (float64, Undefined) {
	width, variance := high-low, float64(item.SD*item.SD)
	// slack lets a mean that is a rounded quotient lie on its bound.
	slack := float64(rounding * width)
	below, above := item.Mean-low, high-item.Mean
	switch {
	case item.N < 2:
		return 0, FewRespondents
	case !(width > 0) || math.IsInf(width, 1) || !(variance >= 0 && below >= -slack && above >= -slack):
		return 0, Contradiction
	}
	k := float64(item.N)
	if min(below, above) < width/k-slack {
		if min(below, above) <= slack && variance <= float64(slack*width) {
			return 1, ""
		}
		return 0, ExtremeMean
	}
	largest := below * above * (k / (k - 1))
	value := 1 - float64(2*variance)/largest
	// Half as much again as possible is more than rounding a mean and an SD
	// to a table's two digits can do.
	if !(value >= -2) {
		return 0, Contradiction
	}
	return value, ""
}

// DimensionAWG is AWG for a dimension.
type DimensionAWG struct {
	Value   float64 // mean over the items that count, -1 to 1
	Dropped int     // items left out for a mean too near an end of the scale
}

// AWGJ is the mean of AWG over the items of a dimension for which it is
// defined (Brown and Hauenstein 2005). R's multilevel makes it from
// respondents who answered all items; other samples of an item's answers are
// possible.
//
// It is undefined without items (NoAnswers), when all items are dropped
// (ExtremeMean), and for the other reasons of AWG when any item is.
func AWGJ(items []Sample, low, high float64) (DimensionAWG, Undefined) {
	if len(items) == 0 {
		return DimensionAWG{}, NoAnswers
	}
	dropped, sum := 0, 0.0
	for _, item := range items {
		v, why := AWG(item, low, high)
		switch why {
		case "":
			sum += v
		case ExtremeMean:
			dropped++
		default:
			return DimensionAWG{}, why
		}
	}
	if dropped == len(items) {
		return DimensionAWG{}, ExtremeMean
	}
	return DimensionAWG{sum / float64(len(items)-dropped), dropped}, ""
}

// MeanDeviation is the mean absolute deviation of answers from their mean, AD
// (Burke, Finkelstein and Dusig 1999), in the unit of the answers, correctly
// rounded. It is 0 where everyone answered alike; up to a sixth of the number
// of options is taken for agreement (Burke and Dunlap 2002). Counts is the
// histogram: the numbers of answers to options that lie 1 apart, from any
// lowest one.
//
// It is undefined for fewer than two answers (FewRespondents), and when a
// count is negative (Contradiction).
func MeanDeviation(counts []int64) (float64, Undefined) {
	n, sum := new(big.Int), new(big.Int)
	for x, c := range counts {
		if c < 0 {
			return 0, Contradiction
		}
		n.Add(n, integer(c))
		sum.Add(sum, product(int64(x), c))
	}
	if n.Cmp(integer(2)) < 0 {
		return 0, FewRespondents
	}
	deviations := new(big.Int) // Σ|x-mean|, in units of 1/n
	for x, c := range counts {
		d := new(big.Int).Mul(n, integer(int64(x)))
		d.Sub(d, sum).Abs(d)
		deviations.Add(deviations, d.Mul(d, integer(c)))
	}
	return quotient(deviations, n.Mul(n, n)), ""
}

// MeanDeviationJ is the mean of MeanDeviation over the items of a dimension
// (Burke, Finkelstein and Dusig 1999; ad.m of R's multilevel, which makes it
// from respondents who answered all items). Items has the histogram of each
// item. It is undefined without items (NoAnswers), and where MeanDeviation is
// for any item.
func MeanDeviationJ(items [][]int64) (float64, Undefined) {
	if len(items) == 0 {
		return 0, NoAnswers
	}
	sum := 0.0
	for _, counts := range items {
		d, why := MeanDeviation(counts)
		if why != "" {
			return 0, why
		}
		sum += d
	}
	return sum / float64(len(items)), ""
}
