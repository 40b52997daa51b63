package stats

import "math"

// dependent is the share of an item's variance under which what others leave
// of it is taken for rounding: the item follows from them. Ten million
// respondents of whom all but one answer two items alike leave a thousand
// times as much.
const dependent = 1e-10

// cholesky is the lower triangle L of a positive definite matrix LL', row by
// row like the cells of Symmetric.
type cholesky struct {
	k int
	l []float64
}

// decompose makes the Cholesky factor of a matrix. What remains of each
// diagonal value must exceed floor times that value; where it does not, or is
// no number, the factor ends and pivot tells what remained, as a share of the
// value. Otherwise pivot is the smallest such share.
func decompose(s Symmetric, floor float64) (c cholesky, pivot float64, ok bool) {
	c = cholesky{s.k, make([]float64, len(s.cells))}
	pivot = 1
	for i := range s.k {
		row := c.row(i)
		for j := range i {
			row[j] = (s.At(i, j) - dot(row[:j], c.row(j)[:j])) / c.row(j)[j]
		}
		own := s.At(i, i)
		rest := own - dot(row[:i], row[:i])
		if !(rest > floor*own) || !(own > 0) {
			return c, rest / own, false
		}
		pivot = min(pivot, rest/own)
		row[i] = math.Sqrt(rest)
	}
	return c, pivot, true
}

// independent makes the Cholesky factor of a correlation matrix in which no
// item follows from others (else Dependent). Pairwise correlations may
// contradict each other (Overlap).
func independent(correlations Symmetric) (cholesky, Undefined) {
	c, pivot, ok := decompose(correlations, dependent)
	switch {
	case ok:
		return c, ""
	case pivot < -dependent:
		return c, Overlap
	}
	return c, Dependent
}

func (c cholesky) row(i int) []float64 { return c.l[i*(i+1)/2 : (i+1)*(i+2)/2] }

// logDeterminant is the logarithm of the determinant of LL'.
func (c cholesky) logDeterminant() float64 {
	sum := 0.0
	for i := range c.k {
		sum += ln(c.row(i)[i])
	}
	return 2 * sum
}

// solve replaces b by the solution x of LL'x = b.
func (c cholesky) solve(b []float64) {
	for i := range c.k {
		row := c.row(i)
		b[i] = (b[i] - dot(row[:i], b[:i])) / row[i]
	}
	for i := c.k - 1; i >= 0; i-- {
		row := c.row(i)
		b[i] /= row[i]
		for j := range i {
			b[j] -= float64(row[j] * b[i])
		}
	}
}

// inverse is the inverse of LL'.
func (c cholesky) inverse() Symmetric {
	inverse, column := NewSymmetric(c.k), make([]float64, c.k)
	for j := range c.k {
		clear(column)
		column[j] = 1
		c.solve(column)
		for i := j; i < c.k; i++ {
			inverse.Set(i, j, column[i])
		}
	}
	return inverse
}

// dot is the inner product of two vectors of one length.
func dot(a, b []float64) float64 {
	sum := 0.0
	for i, v := range a {
		sum += float64(v * b[i])
	}
	return sum
}
