package stats

import "math"

// leastEigenvalue is the eigenvalue of a correlation matrix under which the
// matrix counts as singular. A predictor's standardized beta may then be 10^4
// times as uncertain as it would be alone; answers on a scale come near that
// only if one predictor is made of the others.
const leastEigenvalue = 1e-8

// Drivers says how an outcome goes with k predictors, such as intention to
// stay with the dimensions of a survey.
type Drivers struct {
	R2      float64   // share of the outcome's variance that the predictors explain together, 0 to 1
	Betas   []float64 // standardized regression coefficients
	Weights []float64 // relative weights, 0 or more; their sum is R2
}

// RelativeWeights divides the explained variance of an outcome among its
// predictors (Johnson 2000): predictors that go together share what they
// explain together, where betas give it to one of them, at times with the
// sign turned. Predictors holds the correlations among the predictors, outcome
// those of each with the outcome.
//
// It is undefined without predictors (NoDrivers), when a predictor is constant
// and has a 0 on the diagonal (ConstantItem), when predictors follow from each
// other (Dependent), when correlations contradict each other, as pairwise ones
// may (Overlap), and for what are no correlations (Contradiction).
func RelativeWeights(predictors Symmetric, outcome []float64) (Drivers, Undefined) {
	if why := correlated(predictors, outcome); why != "" {
		return Drivers{}, why
	}
	w := newWeigher(predictors.rotate())
	copy(w.outcome, outcome)
	if why := w.weigh(); why != "" {
		return Drivers{}, why
	}
	if w.r2 > 1+1e-9 {
		return Drivers{}, Overlap
	}
	return Drivers{min(w.r2, 1), w.betas, w.weights}, ""
}

// ExplainedByChance is the p-value of r2, the share of an outcome's variance
// that k predictors explain together among n respondents, against nothing
// explained: that of F = (r2/k) / ((1-r2)/(n-k-1)) with k and n-k-1 degrees of
// freedom.
//
// It is undefined without predictors (NoDrivers), for n < k+2 (Dependent) and
// for an r2 outside 0 to 1 (Contradiction).
func ExplainedByChance(r2 float64, k int, n int64) (float64, Undefined) {
	switch {
	case k < 1:
		return 0, NoDrivers
	case !(r2 >= 0 && r2 <= 1):
		return 0, Contradiction
	case n < int64(k)+2:
		return 0, Dependent
	case r2 == 1:
		return 0, ""
	}
	df := float64(n - int64(k) - 1)
	return FTail(r2/float64(k)/((1-r2)/df), float64(k), df), ""
}

// Shares are the weights as shares of R2, 0 to 1, which add up to 1. They are
// undefined when nothing is explained (NoRelation).
func (d Drivers) Shares() ([]float64, Undefined) {
	sum := 0.0
	for _, w := range d.Weights {
		sum += w
	}
	if !(sum > rounding) {
		return nil, NoRelation
	}
	shares := make([]float64, len(d.Weights))
	for j, w := range d.Weights {
		shares[j] = w / sum
	}
	return shares, ""
}

// correlated says why matrix and vector are no correlations.
func correlated(predictors Symmetric, outcome []float64) Undefined {
	k := predictors.k
	if k == 0 {
		return NoDrivers
	}
	if len(outcome) != k {
		return Contradiction
	}
	for j := range k {
		own := predictors.At(j, j)
		switch {
		case own == 0:
			return ConstantItem
		case !(math.Abs(own-1) <= rounding):
			return Contradiction
		case !(math.Abs(outcome[j]) <= 1+rounding):
			return notWithinOne(outcome[j])
		}
		for i := range j {
			if r := predictors.At(i, j); !(math.Abs(r) <= 1+rounding) {
				return notWithinOne(r)
			}
		}
	}
	return ""
}

func notWithinOne(r float64) Undefined {
	if math.IsNaN(r) || math.IsInf(r, 0) {
		return Contradiction
	}
	return Overlap
}

// weigher computes betas and relative weights from the diagonal form of the
// predictors' correlations. The bootstrap uses one for all its replicates.
type weigher struct {
	*rotations
	outcome                []float64 // correlations with the outcome
	root                   []float64 // √ of the eigenvalues
	turned, orthogonal     []float64 // the outcome in eigenvectors, and in Johnson's variables
	r2                     float64
	betas, weights, square []float64
}

func newWeigher(e *rotations) *weigher {
	row := func() []float64 { return make([]float64, e.k) }
	return &weigher{
		rotations: e, outcome: row(), root: row(), turned: row(), orthogonal: row(),
		betas: row(), weights: row(), square: row(),
	}
}

// weigh computes r2, betas and weights. Johnson's variables are the
// uncorrelated ones nearest to the predictors: with S the symmetric square root
// of the correlations among these, S_jm is the correlation of predictor j and
// variable m, and S^-1 times the correlations with the outcome is that of the
// variables with the outcome. The weight of j is Σ over m of the squares of both.
func (w *weigher) weigh() Undefined {
	k := w.k
	for m := range k {
		value := w.a[m*k+m]
		switch {
		case value < -leastEigenvalue:
			return Overlap
		case !(value > leastEigenvalue):
			return Dependent
		}
		w.root[m] = math.Sqrt(value)
		w.turned[m] = dot(w.v[m*k:m*k+k], w.outcome) / w.root[m]
	}
	w.r2 = 0
	for m := range k {
		w.orthogonal[m], w.betas[m], w.weights[m] = 0, 0, 0
		w.r2 += float64(w.turned[m] * w.turned[m])
	}
	for m := range k {
		inBeta := w.turned[m] / w.root[m]
		for j, v := range w.v[m*k : m*k+k] {
			w.orthogonal[j] += float64(v * w.turned[m])
			w.betas[j] += float64(v * inBeta)
		}
	}
	w.divide()
	return ""
}

// divide gives each predictor the share of each of Johnson's variables that
// their squared correlation says.
func (w *weigher) divide() {
	k := w.k
	for m, z := range w.orthogonal {
		w.orthogonal[m] = float64(z * z)
	}
	for j := range k {
		row := w.square
		clear(row)
		for m := range k {
			f := w.v[m*k+j] * w.root[m]
			for i, v := range w.v[m*k : m*k+k] {
				row[i] += float64(f * v)
			}
		}
		for m, s := range row {
			w.weights[j] += float64(float64(s*s) * w.orthogonal[m])
		}
	}
}
