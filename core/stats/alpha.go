package stats

import "math"

// AlphaIfDropped is the raw alpha (Cronbach 1951) that the scale would have
// without one of its items: RawAlpha of the matrix without that item. An alpha
// above that of the whole scale says that the item does not fit the others.
//
// It is undefined where RawAlpha of the remaining items is; of two items only
// one remains (FewItems).
func AlphaIfDropped(covariances Symmetric, item int) (float64, Undefined) {
	return RawAlpha(covariances.Without(item))
}

// StandardizedAlphaIfDropped is StandardizedAlpha without one of the items,
// and undefined where that is for the remaining ones.
func StandardizedAlphaIfDropped(covariances Symmetric, item int) (float64, Undefined) {
	return StandardizedAlpha(covariances.Without(item))
}

// AlphaInterval is the confidence interval of a raw alpha after Feldt (1965),
// from the F distribution with n-1 and (n-1)(k-1) degrees of freedom, as
// psych::alpha.ci gives it. Alpha is at most 1, n is the number of respondents
// and k that of items; level is the confidence, 0 to 1 exclusive, such as
// 0.95. Both ends are at most 1, and either may be negative.
//
// The n is the caller's choice where answers are missing: psych takes all rows
// also for a pairwise alpha, the number of complete respondents goes with a
// complete one.
//
// It is undefined for k < 2 (FewItems), n < 2 (FewRespondents), an impossible
// alpha (Contradiction) and an impossible level (BadLevel).
func AlphaInterval(alpha float64, n int64, k int, level float64) (Interval, Undefined) {
	return NewCritical(level).AlphaInterval(alpha, n, k)
}

// AlphaInterval is the function AlphaInterval at the level of c.
func (c *Critical) AlphaInterval(alpha float64, n int64, k int) (Interval, Undefined) {
	switch {
	case c.bad():
		return Interval{}, BadLevel
	case k < 2:
		return Interval{}, FewItems
	case n < 2:
		return Interval{}, FewRespondents
	case !(alpha <= 1) || math.IsInf(alpha, -1):
		return Interval{}, Contradiction
	}
	d1, d2 := float64(n-1), float64(n-1)*float64(k-1)
	// The upper quantile is taken from the lower tail of 1/F, so that 1-tail
	// is never rounded.
	upper := 1 / FQuantile(c.tail, d2, d1)
	lower := FQuantile(c.tail, d1, d2)
	ends := Interval{1 - float64((1-alpha)*upper), 1 - float64((1-alpha)*lower)}
	if math.IsInf(ends.Low, -1) {
		return Interval{}, Contradiction
	}
	return ends, ""
}

// AlphaStandardError is the asymptotic standard error of a raw alpha of normal
// answers (van Zyl, Neudecker and Nel 2000; Duhachek and Iacobucci 2004), the
// ase of psych::alpha. It is 0 or more; n is the number of respondents, as for
// AlphaInterval. For few respondents or an alpha near 1 AlphaInterval is the
// better measure: it knows that alpha ends at 1.
//
// It is undefined where RawAlpha is, for n < 2 (FewRespondents) and when
// pairwise covariances contradict each other (Overlap).
func AlphaStandardError(covariances Symmetric, n int64) (float64, Undefined) {
	if covariances.k < 2 {
		return 0, FewItems
	}
	if n < 2 {
		return 0, FewRespondents
	}
	total, why := totalVariance(covariances)
	if why != "" {
		return 0, why
	}
	// The variance is 2/n times the trace of (GC)², where G is the derivative
	// of alpha by the covariances C, k/(k-1) · (trace/total² - 1/total on the
	// diagonal). psych's formula is this one multiplied out, and loses digits
	// near an alpha of 1. In units of the total nothing can overflow.
	trace := covariances.Trace() / total
	rows := make([]float64, covariances.k)
	for i := range rows {
		for j := range rows {
			rows[i] += covariances.At(i, j) / total
		}
		rows[i] = float64(rows[i] * trace)
	}
	var q, size float64
	for i := range rows {
		for j := range rows {
			own := covariances.At(i, j) / total
			v := float64((rows[i] - own) * (rows[j] - own))
			q += v
			size += math.Abs(v)
		}
	}
	if q < -rounding*size {
		return 0, Overlap
	}
	k := float64(covariances.k)
	return k / (k - 1) * math.Sqrt(2*max(q, 0)/float64(n)), ""
}

// AverageCorrelation is the mean of the correlations between the items, one
// for each pair, from -1/(k-1) to 1 (psych's average_r). Between .15 and .50
// is usual for a scale of broad content (Clark and Watson 1995).
//
// It is undefined for fewer than two items (FewItems) and when an item has no
// variance (ConstantItem).
func AverageCorrelation(covariances Symmetric) (float64, Undefined) {
	if covariances.k < 2 {
		return 0, FewItems
	}
	correlations, why := covariances.Correlations()
	if why != "" {
		return 0, why
	}
	k := float64(covariances.k)
	return (correlations.Sum() - k) / (k * (k - 1)), ""
}

// Lambda6 is the reliability bound lambda 6 of Guttman (1945) for standardized
// items, psych's G6(smc): 1 less the share of the total's variance that the
// items have on their own, where an item's own variance is what the multiple
// regression on all other items leaves of it. It is at most 1.
//
// It is undefined where StandardizedAlpha is, when an item follows from others
// (Dependent), so that regression is without meaning, and when pairwise
// covariances contradict each other (Overlap).
func Lambda6(covariances Symmetric) (float64, Undefined) {
	if covariances.k < 2 {
		return 0, FewItems
	}
	correlations, why := covariances.Correlations()
	if why != "" {
		return 0, why
	}
	total, why := totalVariance(correlations)
	if why != "" {
		return 0, why
	}
	factor, why := independent(correlations)
	if why != "" {
		return 0, why
	}
	inverse := factor.inverse()
	own := 0.0
	for i := range inverse.k {
		own += 1 / inverse.At(i, i)
	}
	return 1 - own/total, ""
}
