package stats

import "math"

// The exponential and the logarithms of package math are assembly on some
// machines and may be contracted into fused multiply-adds on others, so that
// their last bit depends on the processor. A record's revision is a hash over
// its figures: a last bit is enough to make a record look changed. These
// three use nothing but operations that IEEE 754 fixes to the bit.

const (
	// ln 2 in two parts; the high part has 32 significant bits, so that its
	// product with any exponent of a float64 is exact.
	ln2High = 0x1.62e42feep-1
	ln2Low  = 0x1.a39ef35793c76p-33

	log2E = 1 / math.Ln2
)

// expTerms are 1/n! from n = 14 down to n = 2, the Taylor coefficients of
// exp(r) - 1 - r: enough for |r| <= ln(2)/2, where the next term is under
// 2^-60 of the result.
var expTerms = [...]float64{
	1.0 / 87178291200, 1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800,
	1.0 / 362880, 1.0 / 40320, 1.0 / 5040, 1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 1.0 / 2,
}

// exp is the exponential function, within about one unit in the last place.
func exp(x float64) float64 {
	switch {
	case math.IsNaN(x):
		return x
	case x > 710:
		return math.Inf(1)
	case x < -746:
		return 0
	}
	k := math.Round(x * log2E)
	r := x - float64(k*ln2High) - float64(k*ln2Low)
	q := 0.0
	for _, c := range expTerms {
		q = float64(q*r) + c
	}
	return math.Ldexp(1+(r+float64(float64(r*r)*q)), int(k))
}

// ln is the natural logarithm of x > 0, within about one unit in the last
// place. It gives -Inf for 0 and NaN for less.
func ln(x float64) float64 {
	switch {
	case x == 0:
		return math.Inf(-1)
	case x < 0 || math.IsNaN(x):
		return math.NaN()
	case math.IsInf(x, 1):
		return x
	}
	m, e := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m, e = 2*m, e-1
	}
	k := float64(e)
	f := m - 1
	return float64(k*ln2High) + (f + (log1pMinus(f) + float64(k*ln2Low)))
}

// log1pMinus is ln(1+f) - f without cancellation, for f > -1. It serves the
// logarithm itself and the exponents of densities, where the difference is
// multiplied by a large number.
func log1pMinus(f float64) float64 {
	if f < -0.4 || f > 0.7 {
		return ln(1+f) - f
	}
	// With s = f/(2+f), ln(1+f) = 2 (s + s^3/3 + s^5/5 + ...), of which
	// 2s - f = -f s is taken out by hand.
	s := f / (2 + f)
	s2 := float64(s * s)
	sum := 0.0
	for _, c := range logTerms {
		sum = float64(sum*s2) + c
	}
	return float64(s * (2*float64(s2*sum) - f))
}

// logTerms are 1/n for odd n from 27 down to 3; s^2 stays under 1/14, so the
// next term is under 2^-53 of the leading one.
var logTerms = [...]float64{
	1.0 / 27, 1.0 / 25, 1.0 / 23, 1.0 / 21, 1.0 / 19, 1.0 / 17, 1.0 / 15,
	1.0 / 13, 1.0 / 11, 1.0 / 9, 1.0 / 7, 1.0 / 5, 1.0 / 3,
}
