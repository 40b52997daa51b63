package stats

import "math"

// betaShape is a beta distribution with parameters a and b, both positive,
// with what its density has in common at all points. Student's t and F
// are its relatives: they meet it through the odds x/(1-x).
//
// A point is never only a share x: near 1, or for large parameters near the
// mean, rounding x would lose what matters.
type betaShape struct {
	a, b  float64
	scale float64 // ln of √(ab/(2π(a+b))) and the Stirling errors, see logDensity
}

// betaPoint is a point of a beta distribution.
type betaPoint struct {
	x, y  float64 // the share and 1 minus it, each to full precision
	below float64 // a·y - b·x: how far x lies below the mean a/(a+b), times a+b
}

func newBetaShape(a, b float64) betaShape {
	return betaShape{a, b, ln(a/(a+b)*b/(2*math.Pi))/2 +
		(stirlingError(a+b) - stirlingError(a) - stirlingError(b))}
}

// swap is the distribution of 1-x.
func (s betaShape) swap() betaShape { return betaShape{s.b, s.a, s.scale} }

func (p betaPoint) swap() betaPoint { return betaPoint{p.y, p.x, -p.below} }

// atOdds is the point with x/(1-x) = w, 0 <= w <= +Inf.
func (s betaShape) atOdds(w float64) betaPoint {
	if w > 1 {
		return s.swap().atOdds(1 / w).swap()
	}
	n := 1 + float64(w)
	return betaPoint{w / n, 1 / n, (s.a - float64(s.b*w)) / n}
}

// atShare is the point x, 0 <= x <= 1.
func (s betaShape) atShare(x float64) betaPoint {
	if x > 0.5 {
		// 1-x is exact here.
		return s.swap().atShare(1 - x).swap()
	}
	return betaPoint{x, 1 - x, math.FMA(-(s.a + s.b), x, s.a)}
}

// tails are the probabilities under and over the point. Each is accurate on
// its own, also where it is tiny.
func (s betaShape) tails(p betaPoint) (lower, upper float64) {
	if p.below < 0 {
		upper, lower = s.swap().tails(p.swap())
		return lower, upper
	}
	if p.x == 0 {
		return 0, 1
	}
	lower = exp(s.logDensity(p)) / s.fraction(p)
	return lower, 1 - lower
}

// logDensity is the logarithm of x^a y^b / B(a,b), the density of the log
// odds at the point. It is summed from deviations from the mean and from
// Stirling's errors (Loader 2000): differences of log gamma functions would
// lose every digit for large parameters.
func (s betaShape) logDensity(p betaPoint) float64 {
	n := s.a + s.b
	inX := s.a * logRatioMinus(p.x*(n/s.a), -p.below/s.a)
	inY := s.b * logRatioMinus(p.y*(n/s.b), p.below/s.b)
	return float64(inX) + float64(inY) + s.scale
}

// logRatioMinus is ln(r) - e, where r = 1+e; e is the accurate one of the two
// near r = 1, r elsewhere.
func logRatioMinus(r, e float64) float64 {
	if e < -0.4 || e > 0.7 {
		return ln(r) - e
	}
	return log1pMinus(e)
}

// fraction is the continued fraction of DiDonato and Morris (1992) for points
// at or below the mean: the density of the log odds divided by it is the
// probability under the point. It is evaluated from the front after Lentz
// (1976); near the mean that takes some √min(a,b)/5 steps, elsewhere few.
func (s betaShape) fraction(p betaPoint) float64 {
	a, b := s.a, s.b
	f := a / (a + 1) * (p.below + 1)
	c, d := f, 0.0
	for n := 1.0; n < 1e7; n++ {
		m := a + 2*n
		alpha := (a + n - 1) / (m - 1) * ((a + b + n - 1) / (m - 1)) * n * p.x * (b - n) * p.x
		beta := n + float64(n*(b-n)*p.x/(m-1)) + float64((a+n)/(m+1)*(p.below+1+float64(n*(1+p.y))))
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

// oddsAt is the odds w with the probability lower under them and upper over
// them, where lower + upper = 1; the smaller of the two is the one believed.
//
// The logarithm of the probability under a point is a concave function of the
// log odds, because their density is (Bagnoli and Bergstrom 2005). On
// such a function Newton's method converges from any start, without brackets,
// and from the second step on from one side. Its slope is density over
// probability, which is the continued fraction itself.
func (s betaShape) oddsAt(lower, upper float64) float64 {
	switch {
	case lower > upper:
		return 1 / s.swap().oddsAt(upper, lower)
	case lower == 0:
		return 0
	}
	target := ln(lower)
	w := s.a / s.b * exp(NormalQuantile(lower)*math.Sqrt(1/s.a+1/s.b))
	for range 100 {
		log, slope := s.logLower(s.atOdds(w))
		step := (target - log) / slope
		w *= exp(step)
		// The slope's own slope is at most its square, so that a step leaves
		// no more than half of this.
		if slope*step*step < 1e-17 || w == 0 {
			break
		}
	}
	return w
}

// logLower is the logarithm of the probability under the point, and its
// derivative by the log odds.
func (s betaShape) logLower(p betaPoint) (log, slope float64) {
	density := s.logDensity(p)
	if p.below >= 0 {
		slope = s.fraction(p)
		return density - ln(slope), slope
	}
	d := exp(density)
	lower := 1 - d/s.swap().fraction(p.swap())
	return ln(lower), d / lower
}

// stirlingError is what Stirling's formula √(2π/z)·(z/e)^z leaves of ln Γ(z),
// for z > 0: its asymptotic series from 16 up, under that by the recurrence
// Γ(z+1) = zΓ(z).
func stirlingError(z float64) float64 {
	sum := 0.0
	for ; z < 16; z++ {
		r := 1 / z
		log := ln(1 + r)
		if r <= 0.7 {
			log = r + log1pMinus(r)
		}
		sum += float64((z+0.5)*log) - 1
	}
	inverse2 := 1 / z / z
	series := 0.0
	for _, c := range stirlingTerms {
		series = float64(series*inverse2) + c
	}
	return sum + series/z
}

// stirlingTerms are B(2n)/(2n(2n-1)) from n = 6 down to 1, B being Bernoulli's
// numbers; at 16 the next term is under 10^-17.
var stirlingTerms = [...]float64{
	-691.0 / 360360, 1.0 / 1188, -1.0 / 1680, 1.0 / 1260, -1.0 / 360, 1.0 / 12,
}
