package stats

import "math"

// BetaCDF is the regularized incomplete beta function I_x(a,b): the
// probability that a beta variable with parameters a and b, both positive and
// finite, is at most x, 0 to 1. The method is the continued fraction of
// DiDonato and Morris (1992) with the density of Loader (2000).
func BetaCDF(x, a, b float64) float64 {
	if !positive(a, b) || !(x >= 0 && x <= 1) {
		return math.NaN()
	}
	s := newBetaShape(a, b)
	lower, _ := s.tails(s.atShare(x))
	return lower
}

// BetaQuantile is the inverse of BetaCDF: the x, 0 to 1, under which a
// variable with those parameters lies with probability p, 0 to 1.
func BetaQuantile(p, a, b float64) float64 {
	if !positive(a, b) || !(p >= 0 && p <= 1) {
		return math.NaN()
	}
	s := newBetaShape(a, b)
	return s.atOdds(s.oddsAt(p, 1-p)).x
}

// StudentTCDF is the probability that a variable of Student's t distribution
// with df degrees of freedom (positive and finite, whole or not) is at most
// t. It is accurate in the lower tail however small it gets, for |t| up to
// 10^150; the two-sided p-value of a statistic t is twice its value at -|t|.
func StudentTCDF(t, df float64) float64 {
	if !positive(df) || math.IsNaN(t) {
		return math.NaN()
	}
	// t² over df has the odds of a beta variable with ½ and df/2.
	s := newBetaShape(0.5, df/2)
	within, beyond := s.tails(s.atOdds(t / df * t))
	if t < 0 {
		return beyond / 2
	}
	return 0.5 + within/2
}

// StudentTQuantile is the inverse of StudentTCDF: the t under which a variable
// with df degrees of freedom lies with probability p, 0 to 1. It is -Inf at 0
// and +Inf at 1, and already where |t| would exceed some 10^150.
func StudentTQuantile(p, df float64) float64 {
	if !positive(df) || !(p >= 0 && p <= 1) {
		return math.NaN()
	}
	// 1-p and, where it decides, 1 minus twice the tail are exact.
	beyond := 2 * min(p, 1-p)
	t := math.Sqrt(newBetaShape(0.5, df/2).oddsAt(1-beyond, beyond)) * math.Sqrt(df)
	return math.Copysign(t, p-0.5)
}

// FCDF is the probability that a variable of the F distribution with d1 and
// d2 degrees of freedom (positive and finite, whole or not) is at most f >= 0.
func FCDF(f, d1, d2 float64) float64 {
	lower, _ := fTails(f, d1, d2)
	return lower
}

// FTail is the probability that such a variable exceeds f: the p-value of an
// F test. It is accurate however small it gets, where 1-FCDF is not.
func FTail(f, d1, d2 float64) float64 {
	_, upper := fTails(f, d1, d2)
	return upper
}

func fTails(f, d1, d2 float64) (lower, upper float64) {
	if !positive(d1, d2) || !(f >= 0) {
		return math.NaN(), math.NaN()
	}
	if math.IsInf(f, 1) {
		return 1, 0
	}
	// f·d1/d2 has the odds of a beta variable with d1/2 and d2/2. How far it
	// lies from the mean is known better from f than from the rounded odds.
	s := newBetaShape(d1/2, d2/2)
	w := float64(f * (d1 / d2))
	p := s.atOdds(w)
	p.below = s.a * (1 - f) / (1 + w)
	return s.tails(p)
}

// FQuantile is the inverse of FCDF: the f under which a variable with d1 and
// d2 degrees of freedom lies with probability p, 0 to 1. It is +Inf at 1.
func FQuantile(p, d1, d2 float64) float64 {
	if !positive(d1, d2) || !(p >= 0 && p <= 1) {
		return math.NaN()
	}
	return newBetaShape(d1/2, d2/2).oddsAt(p, 1-p) * (d2 / d1)
}

// NormalCDF is the probability that a standard normal variable is at most x.
// It is accurate in the lower tail however small it gets.
func NormalCDF(x float64) float64 {
	switch {
	case math.IsNaN(x):
		return x
	case math.Abs(x) < normalTail:
		return 0.5 + normalBody(x)
	case x > 0:
		return 1 - NormalCDF(-x)
	case x < -40:
		return 0
	}
	return normalDensity(x) / normalFraction(-x)
}

// NormalQuantile is the inverse of NormalCDF: the x under which a standard
// normal variable lies with probability p, 0 to 1. It is -Inf at 0 and +Inf at
// 1. Like oddsAt it is Newton's method on a concave function.
func NormalQuantile(p float64) float64 {
	switch {
	case !(p >= 0 && p <= 1):
		return math.NaN()
	case p > 0.5:
		return -NormalQuantile(1 - p)
	case p == 0:
		return math.Inf(-1)
	}
	if p > 0.25 {
		// The part between x and 0, which keeps x accurate near 0.
		x := float64((p - 0.5) * root2Pi)
		for range 20 {
			step := (p - 0.5 - normalBody(x)) / normalDensity(x)
			x += step
			if math.Abs(step) <= 1e-9*math.Abs(x) {
				break
			}
		}
		return x
	}
	target := ln(p)
	x := -math.Sqrt(-2 * target)
	for range 20 {
		log, slope := normalLogLower(x)
		step := (target - log) / slope
		x += step
		if math.Abs(step) <= 1e-9*math.Abs(x) {
			break
		}
	}
	return x
}

// normalLogLower is the logarithm of NormalCDF at x < 0, and its derivative.
func normalLogLower(x float64) (log, slope float64) {
	if x > -normalTail {
		lower := 0.5 + normalBody(x)
		return ln(lower), normalDensity(x) / lower
	}
	slope = normalFraction(-x)
	return -float64(x*x)/2 - ln(slope*root2Pi), slope
}

// normalTail is where the series of the body gives way to the continued
// fraction of the tail; both are good there.
const normalTail = 1.5

// root2Pi is √(2π).
const root2Pi = 2.50662827463100050241576528481104525300698674060993831663

// normalBody is NormalCDF(x) - 1/2 by the series x + x³/3 + x⁵/(3·5) + ...
// times the density (Marsaglia 2004), all of whose terms have one sign.
func normalBody(x float64) float64 {
	x2 := float64(x * x)
	sum, term := x, x
	for n := 3.0; math.Abs(term) > 0x1p-55*math.Abs(sum); n += 2 {
		term = float64(term * (x2 / n))
		sum += term
	}
	return sum * normalDensity(x)
}

// normalFraction is density over tail probability at x > 0, by Laplace's
// continued fraction x + 1/(x + 2/(x + 3/(x + ...))), evaluated from the back.
// So many terms leave less than 10^-17 for x from 1.5 up, when the rest is put
// at the value at which it would repeat itself.
func normalFraction(x float64) float64 {
	x2 := float64(x * x)
	n := math.Ceil(8 + 300/x2)
	f := (x + math.Sqrt(x2+4*n)) / 2
	for ; n > 0; n-- {
		f = x + n/f
	}
	return f
}

// normalDensity is the density of the standard normal distribution. The
// square is carried in two parts: in the tails its rounding would show.
func normalDensity(x float64) float64 {
	square := float64(x * x)
	rest := math.FMA(x, x, -square)
	return exp(-square/2) * (1 - rest/2) / root2Pi
}

// positive reports whether all parameters are positive and finite.
func positive(parameters ...float64) bool {
	for _, v := range parameters {
		if !(v > 0) || math.IsInf(v, 1) {
			return false
		}
	}
	return true
}
