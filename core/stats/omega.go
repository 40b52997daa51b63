package stats

import "math"

// OmegaTotal is the share of a total's variance that the items owe to one
// common factor (McDonald 1999), with the model it comes from: each item is a
// loading times the factor, plus something of its own.
type OmegaTotal struct {
	Total        float64 // of the sum of the items as answered, 0 to 1
	Standardized float64 // of the sum of the items brought to equal variances, 0 to 1

	// Loadings and Uniquenesses are those of the items brought to variance 1,
	// in the order of the matrix: a loading is the item's correlation with
	// the factor, a uniqueness the share of its variance that is its own. For
	// the items as answered they are to be multiplied by the standard
	// deviation and the variance.
	Loadings, Uniquenesses []float64
}

// The reasons for which one common factor cannot be had.
const (
	// FewItemsForFactor is about the factor of Omega: two items have but one
	// correlation, and that does not determine two loadings.
	FewItemsForFactor Undefined = "needs at least three items"
	// Heywood is a solution in which an item's own variance is zero or would
	// have to be negative (Heywood 1931). Few respondents, or items that hang
	// together in pairs, lead to it.
	Heywood Undefined = "an item would have no variance of its own, so one common factor does not fit"
	// Unidentified means that different loadings fit equally well, as they do
	// when only two of the items, or none, are correlated, or so nearly that
	// the search for the best ones does not settle.
	Unidentified Undefined = "the items have too little in common to find one common factor"
)

// Omega is omega total of k >= 3 items, from the covariance matrix of complete
// respondents: (Σ loadings)² / ((Σ loadings)² + Σ unique variances) for the
// loadings and unique variances of the one-factor (congeneric) model that
// maximum likelihood fits to the matrix (Jöreskog 1971; McDonald 1999). Unlike
// alpha it does not take the items for equally good. It is from 0 to 1.
//
// The fit does not depend on the items' units, so it is made on correlations.
// Few respondents often have several fits that are each the best around, with
// quite another omega. So it is searched for from several starts, among them
// one at each item (of many items, only at some or none), and the best of all
// counts. Where that leaves an item without variance of its own, so that it is
// a Heywood case, no worse fit is taken in its place.
//
// It is undefined for fewer than three items (FewItemsForFactor), when an
// item has no variance (ConstantItem), when an item follows from others or
// there are not more respondents than items (Dependent), when a pairwise
// matrix contradicts itself (Overlap), and for the reasons Heywood and
// Unidentified.
func Omega(covariances Symmetric) (OmegaTotal, Undefined) {
	if covariances.k < 3 {
		return OmegaTotal{}, FewItemsForFactor
	}
	correlations, why := covariances.Correlations()
	if why != "" {
		return OmegaTotal{}, why
	}
	if _, why := independent(correlations); why != "" {
		return OmegaTotal{}, why
	}
	fit, why := factorFit(correlations)
	if why != "" {
		return OmegaTotal{}, why
	}
	o := OmegaTotal{Loadings: fit.loadings, Uniquenesses: make([]float64, fit.k)}
	largest := 0.0 // the unit of variances, so that nothing can overflow
	for i := range fit.k {
		largest = max(largest, covariances.At(i, i))
	}
	var raw, standard commonPart
	for i, loading := range fit.loadings {
		variance := covariances.At(i, i) / largest
		own := float64(fit.roots[i] * fit.roots[i])
		o.Uniquenesses[i] = own
		raw.add(float64(loading*math.Sqrt(variance)), float64(own*variance))
		standard.add(loading, own)
	}
	o.Total, o.Standardized = raw.share(), standard.share()
	// Loadings all with the other sign fit as well. Where they cancel each
	// other out, the first one decides.
	if raw.sum() < 0 || (raw.sum() == 0 && o.Loadings[0] < 0) {
		for i := range o.Loadings {
			o.Loadings[i] = -o.Loadings[i]
		}
	}
	return o, ""
}

// commonPart adds up loadings, their absolute values and unique variances.
type commonPart struct{ loadings, size, own float64 }

func (c *commonPart) add(loading, own float64) {
	c.loadings += loading
	c.size += math.Abs(loading)
	c.own += own
}

// sum is the sum of the loadings, told apart from what rounding leaves of
// none.
func (c *commonPart) sum() float64 {
	if math.Abs(c.loadings) <= rounding*c.size {
		return 0
	}
	return c.loadings
}

// share is the share of the common part in the variance of the total.
func (c *commonPart) share() float64 {
	v := float64(c.sum() * c.sum())
	return v / (v + c.own)
}
