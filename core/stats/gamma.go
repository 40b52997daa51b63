package stats

import "math"

// ChiSquareCDF is the probability that a variable of the chi-squared
// distribution with df degrees of freedom (positive and finite, whole or not)
// is at most x >= 0. It is accurate in the lower tail however small it gets.
func ChiSquareCDF(x, df float64) float64 {
	lower, _ := chiSquareTails(x, df)
	return lower
}

// ChiSquareTail is the probability that such a variable exceeds x: the
// p-value of a chi-squared test. It is accurate however small it gets, where
// 1-ChiSquareCDF is not.
func ChiSquareTail(x, df float64) float64 {
	_, upper := chiSquareTails(x, df)
	return upper
}

func chiSquareTails(x, df float64) (lower, upper float64) {
	if !positive(df) || !(x >= 0) {
		return math.NaN(), math.NaN()
	}
	return newGammaShape(df / 2).tails(x / 2)
}

// ChiSquareQuantile is the inverse of ChiSquareCDF: the x under which a
// variable with df degrees of freedom lies with probability p, 0 to 1. It is
// +Inf at 1.
func ChiSquareQuantile(p, df float64) float64 {
	switch {
	case !positive(df) || !(p >= 0 && p <= 1):
		return math.NaN()
	case p == 1:
		return math.Inf(1)
	}
	return 2 * newGammaShape(df/2).quantile(p)
}

// gammaShape is a gamma distribution with the parameter a, positive, and unit
// rate; half a chi-squared variable with 2a degrees of freedom has it.
type gammaShape struct {
	a     float64
	scale float64 // ln of √(a/2π) less Stirling's error, see logDensity
}

func newGammaShape(a float64) gammaShape {
	return gammaShape{a, ln(a/(2*math.Pi))/2 - stirlingError(a)}
}

// tails are the probabilities under and over x >= 0. Only the one that is
// computed as the complement of the other, the larger one as a rule, knows no
// more digits than 1 has.
func (g gammaShape) tails(x float64) (lower, upper float64) {
	switch {
	case x == 0:
		return 0, 1
	case math.IsInf(x, 1):
		return 1, 0
	case x < g.a+1:
		lower = float64(exp(g.logDensity(x)) * g.series(x))
		return lower, 1 - lower
	}
	upper = exp(g.logDensity(x)) / g.fraction(x)
	return 1 - upper, upper
}

// logDensity is the logarithm of x^a e^-x / Γ(a), the density of ln x, summed
// like that of the beta distribution (Loader 2000): from the deviation from
// the mean, which is a, and Stirling's error.
func (g gammaShape) logDensity(x float64) float64 {
	return float64(g.a*logRatioMinus(x/g.a, (x-g.a)/g.a)) + g.scale
}

// series is the probability under x over the density there, for x < a+1:
// 1/a + x/(a(a+1)) + x²/(a(a+1)(a+2)) + ...
func (g gammaShape) series(x float64) float64 {
	term := 1 / g.a
	sum := term
	for n := g.a + 1; term > 0x1p-54*sum; n++ {
		term = float64(term * (x / n))
		sum += term
	}
	return sum
}

// fraction is the density over the probability above x, for x >= a+1, by
// Legendre's continued fraction x+1-a - 1(1-a)/(x+3-a - 2(2-a)/(x+5-a - ...)),
// evaluated from the front after Lentz (1976).
func (g gammaShape) fraction(x float64) float64 {
	beta := x + 1 - g.a
	f, c, d := beta, beta, 0.0
	for n := 1.0; n < 1e7; n++ {
		alpha := float64(n * (g.a - n))
		beta += 2
		d = 1 / (beta + float64(alpha*d))
		c = beta + alpha/c
		step := float64(c * d)
		f *= step
		if math.Abs(step-1) <= 0x1p-52 {
			break
		}
	}
	return f
}

// quantile is the x under which lies the probability p, 0 <= p < 1. As for
// the beta distribution it is Newton's method on the logarithm of the smaller
// tail as a function of ln x, which is concave.
func (g gammaShape) quantile(p float64) float64 {
	if p == 0 {
		return 0
	}
	upper, target := p > 0.5, ln(min(p, 1-p))
	x := g.near(p)
	for range 100 {
		log, slope := g.logTail(x, upper)
		step := (target - log) / slope
		x = float64(x * exp(step))
		if math.Abs(slope)*step*step < 1e-17 || x == 0 {
			break
		}
	}
	return x
}

// near is a first guess at the quantile of p: that of Wilson and Hilferty
// (1931), or where that fails what the first term of the series makes of it.
func (g gammaShape) near(p float64) float64 {
	s := 1 / (9 * g.a)
	cube := 1 - s + float64(NormalQuantile(p)*math.Sqrt(s))
	if g.a > 0.4 && cube > 0.1 {
		return float64(g.a * cube * cube * cube)
	}
	// x^a/Γ(a+1) is p: the density at a is e^scale, and x^a/Γ(a) so many
	// times e^a/a^a.
	x := float64(g.a * exp((ln(p)+ln(g.a)-g.scale)/g.a-1))
	return max(min(x, g.a+1), math.SmallestNonzeroFloat64)
}

// logTail is the logarithm of one of the tails at x, and its derivative by
// ln x.
func (g gammaShape) logTail(x float64, upper bool) (log, slope float64) {
	density := g.logDensity(x)
	below := x < g.a+1
	ratio := 0.0
	if below {
		ratio = g.series(x)
	} else {
		ratio = 1 / g.fraction(x)
	}
	slope = 1 / ratio
	log = density - ln(slope)
	if below == upper {
		// The wanted tail is the complement.
		d := exp(density)
		rest := 1 - float64(d*ratio)
		log, slope = ln(rest), d/rest
	}
	if upper {
		slope = -slope
	}
	return log, slope
}
