package stats

import "math"

// PairSums holds the sufficient statistics of the respondents who answered
// both items of a pair, for their covariance. X is the item with the lower
// number. The zero value is empty and ready; the bounds are those of Moments.
type PairSums struct {
	N     int64 `json:"n"`  // number of respondents who answered both
	SumX  Int   `json:"x"`  // Σx over them
	SumY  Int   `json:"y"`  // Σy over them
	SumXY Int   `json:"xy"` // Σxy over them
}

// Add counts one more respondent who answered both items.
func (p *PairSums) Add(x, y int64) {
	p.N++
	p.SumX = p.SumX.Plus(Whole(x))
	p.SumY = p.SumY.Plus(Whole(y))
	p.SumXY = p.SumXY.Plus(Product(x, y))
}

// Plus gives the sums of the respondents of both.
func (p PairSums) Plus(o PairSums) PairSums {
	return PairSums{p.N + o.N, p.SumX.Plus(o.SumX), p.SumY.Plus(o.SumY), p.SumXY.Plus(o.SumXY)}
}

// Covariance is the sample covariance, with n-1, in the squared unit of the
// answers, correctly rounded: (n·Σxy - Σx·Σy) / (n(n-1)) over integers. It is
// undefined when fewer than two respondents answered both items (Overlap).
func (p PairSums) Covariance() (float64, Undefined) {
	if p.N < 2 {
		return 0, Overlap
	}
	x, fewX := p.SumX.short()
	y, fewY := p.SumY.short()
	xy, few := p.SumXY.short()
	if few && fewX && fewY && p.N < 1<<26 { // the same without big numbers, as groups mostly are
		if c, ok := smallQuotient(p.N*xy-x*y, p.N*(p.N-1)); ok {
			return c, ""
		}
	}
	num := p.SumXY.Big()
	num.Mul(num, integer(p.N))
	crossed := p.SumX.Big()
	num.Sub(num, crossed.Mul(crossed, p.SumY.Big()))
	return quotient(num, product(p.N, p.N-1)), ""
}

// PairIndex is where the pair of items i and j (i < j) stands in a list of
// all pairs: (0,1), (0,2), (1,2), (0,3), ... The place does not depend on the
// number of items.
func PairIndex(i, j int) int { return j*(j-1)/2 + i }

// Symmetric is a symmetric k by k matrix, of covariances or correlations.
type Symmetric struct {
	k     int
	cells []float64 // the lower triangle with its diagonal, row by row
}

// NewSymmetric makes a k by k matrix of zeros.
func NewSymmetric(k int) Symmetric {
	return Symmetric{k, make([]float64, k*(k+1)/2)}
}

// Size is the number of rows, k.
func (s Symmetric) Size() int { return s.k }

// At is the value in row i and column j, 0 <= i, j < k.
func (s Symmetric) At(i, j int) float64 { return s.cells[cell(i, j)] }

// Set changes the value in row i and column j, and so in row j and column i.
func (s Symmetric) Set(i, j int, v float64) { s.cells[cell(i, j)] = v }

func cell(i, j int) int {
	i, j = max(i, j), min(i, j)
	return i*(i+1)/2 + j
}

// Without gives the matrix with one row and column left out.
func (s Symmetric) Without(item int) Symmetric {
	var kept []int
	for i := range s.k {
		if i != item {
			kept = append(kept, i)
		}
	}
	rest := NewSymmetric(len(kept))
	for to, from := range kept {
		for i, j := range kept[:to+1] {
			rest.Set(to, i, s.At(from, j))
		}
	}
	return rest
}

// Trace is the sum of the diagonal: of the items' variances.
func (s Symmetric) Trace() float64 {
	sum := 0.0
	for i := range s.k {
		sum += s.At(i, i)
	}
	return sum
}

// Sum is the sum of all k² values: of covariances, the variance of the total.
func (s Symmetric) Sum() float64 {
	off := 0.0
	for i := range s.k {
		for j := range i {
			off += s.At(i, j)
		}
	}
	return s.Trace() + 2*off
}

// Covariances makes the covariance matrix of k items. Items has the moments
// of each item; pairs has the sums of each pair at its PairIndex, k(k-1)/2 of
// them.
//
// Given each item's moments over all its answers and each pair's sums over
// all who answered both, the matrix is the pairwise one of R's
// cov(use = "pairwise"), which psych::alpha builds on; given both over complete
// respondents only, it is the listwise one. It is undefined when an item has
// fewer than two answers (FewRespondents), a pair fewer than two respondents
// (Overlap), or sums are impossible (Contradiction).
func Covariances(items []Moments, pairs []PairSums) (Symmetric, Undefined) {
	c := NewSymmetric(len(items))
	for j, m := range items {
		v, why := m.Variance()
		if why != "" {
			return Symmetric{}, why
		}
		c.Set(j, j, v)
	}
	for j := range items {
		for i := range j {
			v, why := pairs[PairIndex(i, j)].Covariance()
			if why != "" {
				return Symmetric{}, why
			}
			c.Set(i, j, v)
		}
	}
	return c, ""
}

// Correlations standardizes a covariance matrix by its diagonal, as R's
// cov2cor does. Under pairwise covariances single values may leave -1 to 1. It
// is undefined when an item has no variance (ConstantItem).
func (s Symmetric) Correlations() (Symmetric, Undefined) {
	sd := make([]float64, s.k)
	for i := range sd {
		sd[i] = math.Sqrt(s.At(i, i))
		if !(sd[i] > 0) {
			return Symmetric{}, ConstantItem
		}
	}
	r := NewSymmetric(s.k)
	for j := range s.k {
		for i := range j {
			r.Set(i, j, s.At(i, j)/sd[i]/sd[j])
		}
		r.Set(j, j, 1)
	}
	return r, ""
}
