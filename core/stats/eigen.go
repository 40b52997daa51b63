package stats

import "math"

// rotations brings a symmetric k by k matrix to diagonal form by plane
// rotations (Jacobi 1846): at any time the matrix is V'·A·V, with V orthogonal.
// Both are kept in full, row by row; in the end A has the eigenvalues on its
// diagonal and the rows of V are the eigenvectors.
//
// Eigenvectors are known up to their sign only, and those of equal eigenvalues
// not even to that; callers use them in V'·f(A)·V, which is the same whichever
// they are.
type rotations struct {
	k    int
	a, v []float64
}

// rotate diagonalizes s.
func (s Symmetric) rotate() *rotations {
	k := s.k
	e := &rotations{k, make([]float64, k*k), make([]float64, k*k)}
	for i := range k {
		e.v[i*k+i] = 1
		for j := range k {
			e.a[i*k+j] = s.At(i, j)
		}
	}
	e.diagonalize(0x1p-53)
	return e
}

// diagonalize sweeps over all pairs of rows, in a fixed order, until nothing
// off the diagonal is larger than precision times the largest value on it.
// What is off the diagonal shrinks quadratically: to some 6 to 10 sweeps.
func (e *rotations) diagonalize(precision float64) {
	least := 0.0
	for i := range e.k {
		least = max(least, math.Abs(e.a[i*e.k+i]))
	}
	least = max(least*precision, math.SmallestNonzeroFloat64)
	for range 60 {
		left := false
		for q := 1; q < e.k; q++ {
			for p := range q {
				if math.Abs(e.a[p*e.k+q]) > least {
					e.clear(p, q)
					left = true
				}
			}
		}
		if !left {
			return
		}
	}
}

// clear rotates the plane of p and q so that the value in row p and column q
// becomes zero, by the smaller of the two angles that do so (Rutishauser
// 1966).
func (e *rotations) clear(p, q int) {
	k := e.k
	rowP, rowQ := e.a[p*k:p*k+k], e.a[q*k:q*k+k]
	off := rowP[q]
	// With the difference of the diagonal, tan² + tan·difference/off = 1.
	difference := rowQ[q] - rowP[p]
	tan := 2 * off / (math.Abs(difference) + math.Sqrt(float64(difference*difference)+float64(4*off*off)))
	if difference < 0 {
		tan = -tan
	}
	cos := 1 / math.Sqrt(float64(tan*tan)+1)
	sin := float64(tan * cos)
	pp, qq := rowP[p]-float64(tan*off), rowQ[q]+float64(tan*off)
	turn(rowP, rowQ, cos, sin)
	for r := range k {
		e.a[r*k+p], e.a[r*k+q] = rowP[r], rowQ[r]
	}
	rowP[p], rowQ[q], rowP[q], rowQ[p] = pp, qq, 0, 0
	turn(e.v[p*k:p*k+k], e.v[q*k:q*k+k], cos, sin)
}

// turn rotates the pairs (x, y) by an angle.
func turn(x, y []float64, cos, sin float64) {
	y = y[:len(x)]
	for r, v := range x {
		w := y[r]
		x[r] = float64(cos*v) - float64(sin*w)
		y[r] = float64(sin*v) + float64(cos*w)
	}
}
