package stats

import "math"

// Correlation is the product-moment correlation (Pearson 1895) of two items
// over the respondents who answered both, -1 to 1, where x and y are the
// moments of the items over the same respondents.
//
// It is undefined for fewer than two respondents (Overlap), when an item has
// no variance among them (ConstantItem), and for sums that no answers can have,
// or that are not of the same respondents (Contradiction).
func (p PairSums) Correlation(x, y Moments) (float64, Undefined) {
	both, why := p.Covariance()
	if why != "" {
		return 0, why
	}
	if x.N != p.N || y.N != p.N {
		return 0, Contradiction
	}
	inX, why := x.Variance()
	if why != "" {
		return 0, why
	}
	inY, why := y.Variance()
	if why != "" {
		return 0, why
	}
	if inX == 0 || inY == 0 {
		return 0, ConstantItem
	}
	r := both / math.Sqrt(float64(inX*inY))
	if math.Abs(r) > 1+rounding {
		return 0, Contradiction
	}
	return max(-1, min(1, r)), ""
}

// Association is a correlation with what can be said about it.
type Association struct {
	R        float64  // -1 to 1
	Interval Interval // of R, within -1 to 1
	P        float64  // two-sided, against no correlation, 0 to 1
}

// Associate gives the correlation r of two variables over n respondents its
// interval, by the z transformation (Fisher 1921), and its p-value, by
// Student's t with n-2 degrees of freedom, as R's cor.test does. Level is the
// confidence, 0 to 1 exclusive. At 1 and -1 the interval has no width.
//
// It is undefined for n < 4 (UnderFour), an r outside -1 to 1, as pairwise
// covariances can give (Overlap), and an impossible level (BadLevel).
func Associate(r float64, n int64, level float64) (Association, Undefined) {
	switch {
	case !(level > 0 && level < 1):
		return Association{}, BadLevel
	case n < 4:
		return Association{}, UnderFour
	case !(math.Abs(r) <= 1+rounding):
		return Association{}, Overlap
	}
	if math.Abs(r) >= 1 {
		r = math.Copysign(1, r)
		return Association{r, Interval{r, r}, 0}, ""
	}
	z := artanh(r)
	half := -NormalQuantile((1-level)/2) / math.Sqrt(float64(n-3))
	t := math.Abs(r) * math.Sqrt(float64(n-2)/((1-r)*(1+r)))
	return Association{
		R:        r,
		Interval: Interval{tanh(z - half), tanh(z + half)},
		P:        2 * StudentTCDF(-t, float64(n-2)),
	}, ""
}

// artanh is the inverse hyperbolic tangent of r, -1 < r < 1.
func artanh(r float64) float64 {
	// ½·ln((1+r)/(1-r)), whose argument is 1+f.
	f := 2 * math.Abs(r) / (1 - math.Abs(r))
	log := ln(1 + f)
	if f <= 0.7 {
		log = f + log1pMinus(f)
	}
	return math.Copysign(log/2, r)
}

// tanh is the hyperbolic tangent, to within some units of the 16th decimal.
func tanh(x float64) float64 {
	e := exp(-2 * math.Abs(x))
	return math.Copysign((1-e)/(1+e), x)
}
