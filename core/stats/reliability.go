package stats

import "math"

// rounding is the share of the items' summed variance under which a total's
// variance is taken for what rounding left of zero. It is far above what k²
// roundings can leave for any real number of items, and far below what
// answers on a scale can have.
const rounding = 1e-12

// RawAlpha is Cronbach's alpha (Cronbach 1951) of the k items behind a
// covariance matrix: k/(k-1) · (1 - Σ variances / variance of the total). It
// is at most 1 and has no lower bound; negative values mean that items run
// against each other. Pairwise and complete alpha differ in the matrix only,
// see Covariances.
//
// It is undefined for fewer than two items (FewItems), when the total does
// not vary (NoVariation), and when pairwise covariances give it a negative
// variance (Overlap).
func RawAlpha(covariances Symmetric) (float64, Undefined) {
	if covariances.k < 2 {
		return 0, FewItems
	}
	total, why := totalVariance(covariances)
	if why != "" {
		return 0, why
	}
	k := float64(covariances.k)
	return k / (k - 1) * (1 - covariances.Trace()/total), ""
}

// StandardizedAlpha is Cronbach's alpha of the same items brought to equal
// variances, that is of their correlations: k·r̄ / (1 + (k-1)·r̄) for the mean
// correlation r̄. Correlations are made from the matrix by Correlations, as
// psych::alpha does it also in the pairwise case.
//
// It is undefined where RawAlpha is, and when an item has no variance
// (ConstantItem).
func StandardizedAlpha(covariances Symmetric) (float64, Undefined) {
	if covariances.k < 2 {
		return 0, FewItems
	}
	correlations, why := covariances.Correlations()
	if why != "" {
		return 0, why
	}
	return RawAlpha(correlations)
}

// ItemRest is the correlation of one item with the sum of the others, from
// their covariances (the corrected item-total correlation, psych's r.drop when
// the matrix is that of complete respondents). It lies within -1 and 1, but
// for pairwise matrices, where it may leave them.
//
// It is undefined for fewer than two items (FewItems), when the item does not
// vary (ConstantItem) or the sum of the others does not (NoVariation), and
// when pairwise covariances give that sum a negative variance (Overlap).
func ItemRest(covariances Symmetric, item int) (float64, Undefined) {
	if covariances.k < 2 {
		return 0, FewItems
	}
	own := covariances.At(item, item)
	if !(own > 0) {
		return 0, ConstantItem
	}
	rest, why := totalVariance(covariances.Without(item))
	if why != "" {
		return 0, why
	}
	shared := 0.0
	for i := range covariances.k {
		if i != item {
			shared += covariances.At(i, item)
		}
	}
	return shared / math.Sqrt(own) / math.Sqrt(rest), ""
}

// totalVariance is the variance of the sum of the items, told apart from what
// rounding leaves of none.
func totalVariance(covariances Symmetric) (float64, Undefined) {
	total, noise := covariances.Sum(), rounding*covariances.Trace()
	switch {
	case total < -noise:
		return 0, Overlap
	case !(total > noise):
		return 0, NoVariation
	}
	return total, ""
}
