package stats

import "math"

// Sample describes a sample of n values by what is usually published of it:
// the mean and the standard deviation with n-1, both in the unit of the
// values and below 10^150.
type Sample struct {
	N        int64
	Mean, SD float64
}

// TTest is a difference of means and its test against no difference.
type TTest struct {
	Difference float64  // in the unit of the values
	Interval   Interval // of the difference
	T, DF      float64  // Student's t and its degrees of freedom
	P          float64  // two-sided, 0 to 1; it may be as small as to be 0
}

// Welch compares the means of two independent samples that may spread
// differently, after Welch (1947). The difference is a's mean minus b's; the
// degrees of freedom are those of Satterthwaite, between the smaller n-1 and
// n1+n2-2. Level is the confidence of the interval, 0 to 1 exclusive.
//
// It is undefined when a sample has fewer than two values (FewRespondents),
// when neither varies (NoVariation), for means and standard deviations that no
// sample can have (Contradiction) and an impossible level (BadLevel).
func Welch(a, b Sample, level float64) (TTest, Undefined) {
	if why := testable(level, a, b); why != "" {
		return TTest{}, why
	}
	// The spreads are taken in units of the larger one, whose square could
	// leave the range of floats.
	unit := max(a.SD, b.SD)
	inA, inB := a.squaredError(unit), b.squaredError(unit)
	sum := inA + inB
	shareA, shareB := inA/sum, inB/sum
	df := 1 / (float64(shareA*shareA)/float64(a.N-1) + float64(shareB*shareB)/float64(b.N-1))
	return studentTest(a.Mean-b.Mean, unit*math.Sqrt(sum), df, level), ""
}

// PairedT tests the mean of differences within pairs, such as between two
// answers of the same respondents, with n-1 degrees of freedom (Student 1908).
// Level is the confidence of the interval, 0 to 1 exclusive.
//
// It is undefined for fewer than two pairs (FewRespondents), when all
// differences are alike (NoVariation), for figures that no differences can
// have (Contradiction) and an impossible level (BadLevel).
func PairedT(differences Sample, level float64) (TTest, Undefined) {
	if why := testable(level, differences); why != "" {
		return TTest{}, why
	}
	n := float64(differences.N)
	return studentTest(differences.Mean, differences.SD/math.Sqrt(n), n-1, level), ""
}

func studentTest(difference, se, df, level float64) TTest {
	t := difference / se
	half := float64(-StudentTQuantile((1-level)/2, df) * se)
	return TTest{
		Difference: difference,
		Interval:   Interval{difference - half, difference + half},
		T:          t,
		DF:         df,
		P:          2 * StudentTCDF(-math.Abs(t), df),
	}
}

// Effect is a standardized difference of means: how many standard deviations
// lie between them.
type Effect struct {
	D        float64  // as observed; it overstates the effect in small samples
	G        float64  // D with that corrected by Hedges' exact factor
	SE       float64  // the standard error of D
	Interval Interval // of G
}

// EffectSize is the standardized difference between two independent samples,
// a's mean minus b's, in units of their pooled standard deviation (Cohen
// 1988): D as it is, G unbiased (Hedges 1981). Level is the confidence of the
// interval, 0 to 1 exclusive.
//
// The standard error is √((n1+n2)/(n1·n2) + D²/(2(n1+n2))) (Hedges and Olkin
// 1985), and the interval D ± z standard errors, times the same factor as G
// (Borenstein et al. 2009). In simulations with 5 to 1,000 values a group,
// normal and equally spread, and true effects from 0 to 1.5, intervals at 0.95
// covered the true effect in 93 to 95 % of the samples.
//
// It is undefined where Welch is.
func EffectSize(a, b Sample, level float64) (Effect, Undefined) {
	if why := testable(level, a, b); why != "" {
		return Effect{}, why
	}
	unit := max(a.SD, b.SD)
	n1, n2 := float64(a.N), float64(b.N)
	df := n1 - 1 + (n2 - 1)
	squares := float64((n1-1)*a.variance(unit)) + float64((n2-1)*b.variance(unit))
	d := (a.Mean - b.Mean) / (unit * math.Sqrt(squares/df))
	square := 1/n1 + 1/n2 + d*d/(2*(n1+n2))
	return newEffect(d, math.Sqrt(square), df, level), ""
}

// PairedEffect is the mean of differences within pairs in units of their own
// standard deviation, dz (Cohen 1988), and the same corrected for small
// samples (Hedges 1981, with n-1 degrees of freedom). It is not comparable to
// EffectSize, whose unit is the standard deviation between respondents. Level
// is the confidence of the interval, 0 to 1 exclusive.
//
// The standard error is √(1/n + D²/2n), and the interval is made from it as
// in EffectSize. In simulations with 10 to 100 pairs, normal, and true effects
// from 0 to 1.5, intervals at 0.95 covered the true effect in 93 to 95 % of the
// samples; with 5 pairs in 93 % for small effects, but in 88 % for 1.5.
//
// It is undefined where PairedT is, and for two pairs (UnderThree), for which
// no correction exists.
func PairedEffect(differences Sample, level float64) (Effect, Undefined) {
	if why := testable(level, differences); why != "" {
		return Effect{}, why
	}
	if differences.N < 3 {
		return Effect{}, UnderThree
	}
	n := float64(differences.N)
	d := differences.Mean / differences.SD
	return newEffect(d, math.Sqrt(1/n+d*d/(2*n)), n-1, level), ""
}

func newEffect(d, se, df, level float64) Effect {
	factor := hedgesFactor(df)
	half := float64(-NormalQuantile((1-level)/2) * se)
	return Effect{
		D: d, G: factor * d, SE: se,
		Interval: Interval{factor * (d - half), factor * (d + half)},
	}
}

// hedgesFactor is the factor that makes a standardized difference unbiased,
// for df > 1 (Hedges 1981): Γ(df/2) / (√(df/2) Γ((df-1)/2)), between 0 and 1.
// With z = df/2 its logarithm is -1/2z - (z-1)·(ln(1-1/2z) + 1/2z) and the
// difference of Stirling's errors, in which nothing cancels however large df
// is; log gamma functions would lose all digits.
func hedgesFactor(df float64) float64 {
	z := df / 2
	return exp(stirlingError(z) - stirlingError(z-0.5) - 1/df - float64((z-1)*log1pMinus(-1/df)))
}

// variance is that of the sample in squared units, given the unit.
func (s Sample) variance(unit float64) float64 { return float64(s.SD / unit * (s.SD / unit)) }

// squaredError is the squared standard error of the mean in such units.
func (s Sample) squaredError(unit float64) float64 { return s.variance(unit) / float64(s.N) }

// testable says why means of samples can't be compared.
func testable(level float64, samples ...Sample) Undefined {
	if !(level > 0 && level < 1) {
		return BadLevel
	}
	spread, noise := 0.0, 0.0
	for _, s := range samples {
		switch {
		case s.N < 2:
			return FewRespondents
		case !(math.Abs(s.Mean) < 1e150) || !(s.SD >= 0 && s.SD < 1e150):
			return Contradiction
		}
		spread = max(spread, s.SD)
		noise = max(noise, rounding*math.Abs(s.Mean))
	}
	if !(spread > noise) {
		return NoVariation
	}
	return ""
}
