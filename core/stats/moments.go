package stats

import (
	"math"
	"math/big"
)

// Moments holds the sufficient statistics of n integer answers for their mean
// and variance. The zero value is empty and ready.
//
// Everything made from Moments is exact up to one rounding (two for SD), for
// any contents, while Σx² stays within 126 bits: 8·10^7 decimals of up to 1,000
// in units of 10^-12, or any number of whole answers.
type Moments struct {
	N          int64 `json:"n"`  // number of answers, n
	Sum        Int   `json:"x"`  // Σx
	SumSquares Int   `json:"xx"` // Σx²
}

// Add counts one more answer.
func (m *Moments) Add(x int64) {
	m.N++
	m.Sum = m.Sum.Plus(Whole(x))
	m.SumSquares = m.SumSquares.Plus(Product(x, x))
}

// Plus gives the moments of the answers of both.
func (m Moments) Plus(o Moments) Moments {
	return Moments{m.N + o.N, m.Sum.Plus(o.Sum), m.SumSquares.Plus(o.SumSquares)}
}

// Mean is Σx/n, in the unit of the answers, correctly rounded. It is
// undefined without answers (NoAnswers).
func (m Moments) Mean() (float64, Undefined) {
	return Ratio{m.Sum, m.N}.Float64()
}

// Variance is the sample variance, with n-1, in the squared unit of the
// answers, correctly rounded: (n·Σx² - (Σx)²) / (n(n-1)) over integers, so
// that nothing cancels. It is undefined for fewer than two answers
// (FewRespondents) and when Σx² < (Σx)²/n, which no answers can give
// (Contradiction).
func (m Moments) Variance() (float64, Undefined) {
	x, few := m.Sum.short()
	xx, small := m.SumSquares.short()
	if few && small && m.N >= 2 && m.N < 1<<26 && m.N*xx >= x*x { // the same without big numbers, as groups mostly are
		if v, ok := smallQuotient(m.N*xx-x*x, m.N*(m.N-1)); ok {
			return v, ""
		}
	}
	return variance(m.N, m.Sum.Big(), m.SumSquares.Big(), integer(1))
}

// SD is the sample standard deviation, with n-1, in the unit of the answers:
// the square root of Variance, undefined when that is.
func (m Moments) SD() (float64, Undefined) {
	return root(m.Variance())
}

// variance is the sample variance of n values that are given in units of
// 1/unit: sum and squares are the sums of the multiples and their squares.
func variance(n int64, sum, squares, unit *big.Int) (float64, Undefined) {
	if n < 2 {
		return 0, FewRespondents
	}
	num := new(big.Int).Mul(integer(n), squares)
	num.Sub(num, new(big.Int).Mul(sum, sum))
	if num.Sign() < 0 {
		return 0, Contradiction
	}
	den := product(n, n-1)
	den.Mul(den, unit).Mul(den, unit)
	return quotient(num, den), ""
}

// root turns a variance into a standard deviation.
func root(v float64, why Undefined) (float64, Undefined) { return math.Sqrt(v), why }
