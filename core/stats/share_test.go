package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

func checkInterval(t *testing.T, name string, got Interval, why Undefined, low, high, tolerance float64) {
	t.Helper()
	if why != "" || !(apart(got.Low, low) <= tolerance) || !(apart(got.High, high) <= tolerance) {
		t.Errorf("%s = %v (%s), want %v to %v", name, got, why, low, high)
	}
}

// The ends at 0 and 1 have closed forms: z²/(n+z²) from there.
func TestWilsonByHand(t *testing.T) {
	const z = 1.9599639845400545
	ci, why := Wilson(0, 10, 0.95)
	checkInterval(t, "0 of 10", ci, why, 0, z*z/(10+z*z), 1e-15)
	ci, why = Wilson(10, 10, 0.95)
	checkInterval(t, "10 of 10", ci, why, 10/(10+z*z), 1, 1e-15)
	// R: prop.test(1, 10, correct = FALSE)
	ci, why = Wilson(1, 10, 0.95)
	checkInterval(t, "1 of 10", ci, why, 0.017876213095072892, 0.40415002679523837, 1e-15)
	// By mpmath in 30 digits.
	ci, why = Wilson(3, 1e9, 0.95)
	checkInterval(t, "3 of 10^9", ci, why, 1.0202707288769236e-9, 8.8211880540116437e-9, 1e-15)
}

func TestWilsonIsSymmetricAndContainsTheShare(t *testing.T) {
	for n := int64(1); n < 60; n++ {
		lastLow, lastHigh := -1.0, -1.0
		for k := int64(0); k <= n; k++ {
			ci, _ := Wilson(k, n, 0.9)
			mirror, _ := Wilson(n-k, n, 0.9)
			p := float64(k) / float64(n)
			if !(0 <= ci.Low && ci.Low <= p && p <= ci.High && ci.High <= 1) || !(ci.High-ci.Low > 0) {
				t.Fatalf("%d of %d: %v", k, n, ci)
			}
			if math.Abs(ci.Low-(1-mirror.High)) > 1e-15 {
				t.Fatalf("%d of %d: %v against %v", k, n, ci, mirror)
			}
			if !(ci.Low > lastLow && ci.High > lastHigh) {
				t.Fatalf("%d of %d: %v does not rise", k, n, ci)
			}
			lastLow, lastHigh = ci.Low, ci.High
		}
	}
}

func TestUndefinedIntervals(t *testing.T) {
	var one, two, wrong ShareSums
	one.Add(1, 2)
	two.Add(1, 2)
	two.Add(2, 2)
	wrong.Add(3, 2)
	odd := two
	odd.Products = 9
	mean := func(sd float64, n int64, level float64) func() (Interval, Undefined) {
		return func() (Interval, Undefined) { return MeanInterval(3, sd, n, level) }
	}
	wilson := func(k, n int64, level float64) func() (Interval, Undefined) {
		return func() (Interval, Undefined) { return Wilson(k, n, level) }
	}
	pooled := func(s ShareSums, level float64) func() (Interval, Undefined) {
		return func() (Interval, Undefined) { return s.Interval(level) }
	}
	for name, c := range map[string]struct {
		f    func() (Interval, Undefined)
		want Undefined
	}{
		"mean of one":            {mean(1, 1, 0.95), FewRespondents},
		"mean at level 1":        {mean(1, 9, 1), BadLevel},
		"mean at level 95":       {mean(1, 9, 95), BadLevel},
		"mean at no level":       {mean(1, 9, math.NaN()), BadLevel},
		"mean with negative sd":  {mean(-1, 9, 0.95), Contradiction},
		"mean without sd":        {mean(math.NaN(), 9, 0.95), Contradiction},
		"wilson of nothing":      {wilson(0, 0, 0.95), NoAnswers},
		"wilson of more":         {wilson(3, 2, 0.95), Contradiction},
		"wilson of less":         {wilson(-1, 2, 0.95), Contradiction},
		"wilson at level 0":      {wilson(1, 2, 0), BadLevel},
		"pooled over one":        {pooled(one, 0.95), FewRespondents},
		"pooled over nobody":     {pooled(ShareSums{}, 0.95), NoAnswers},
		"pooled at level 2":      {pooled(two, 2), BadLevel},
		"pooled over impossible": {pooled(wrong, 0.95), Contradiction},
		"pooled over odd sums":   {pooled(odd, 0.95), Contradiction},
	} {
		if ci, why := c.f(); why != c.want || ci != (Interval{}) {
			t.Errorf("%s: %v, %q; want %q", name, ci, why, c.want)
		}
	}
	if _, why := (ShareSums{}).Share(); why != NoAnswers {
		t.Errorf("share of nothing: %q", why)
	}
}

// By hand with t(4) = 2.7764451051977934: mean 3 ± t·1.5/√5.
func TestMeanIntervalByHand(t *testing.T) {
	const half = 2.7764451051977934 * 1.5 / 2.23606797749979
	ci, why := MeanInterval(3, 1.5, 5, 0.95)
	checkInterval(t, "mean", ci, why, 3-half, 3+half, 1e-15)
	ci, why = MeanInterval(3, 0, 5, 0.95)
	checkInterval(t, "mean of equal answers", ci, why, 3, 3, 0)
}

func TestRespondentsWithoutAnswersAreLeftOut(t *testing.T) {
	var s ShareSums
	s.Add(0, 0)
	if s != (ShareSums{}) {
		t.Errorf("%+v, want nothing", s)
	}
}

// Where all agree, each respondent counts as one answer.
func TestUnanimousShareIsWilsonOfRespondents(t *testing.T) {
	for _, f := range []int64{0, 4} {
		var s ShareSums
		for range 7 {
			s.Add(f, 4)
		}
		got, why := s.Interval(0.95)
		want, _ := Wilson(f/4*7, 7, 0.95)
		checkInterval(t, "unanimous", got, why, want.Low, want.High, 1e-15)
	}
}

// Every respondent favors one of two: the variance is zero, but ten answers
// are worth ten at most. By hand ½ ± t/2/√(n+t²) with n = 10, t = t(4).
func TestEvenShareIsWorthNoMoreThanItsAnswers(t *testing.T) {
	var s ShareSums
	for range 5 {
		s.Add(1, 2)
	}
	const t4 = 2.7764451051977934
	half := t4 / 2 / math.Sqrt(10+t4*t4)
	got, why := s.Interval(0.95)
	checkInterval(t, "even", got, why, 0.5-half, 0.5+half, 1e-14)
}

// For many respondents the interval is the linearized one.
func TestSharesOfManyRespondentsAreLinear(t *testing.T) {
	var s ShareSums
	r := rand.New(rand.NewPCG(9, 10))
	var fs, ms []float64
	for range 200000 {
		m := 1 + r.Int64N(5)
		f := r.Int64N(m + 1)
		s.Add(f, m)
		fs, ms = append(fs, float64(f)), append(ms, float64(m))
	}
	p, _ := s.Share()
	var residual, answers float64
	for i := range fs {
		residual += (fs[i] - p*ms[i]) * (fs[i] - p*ms[i])
		answers += ms[i]
	}
	half := 1.96 * math.Sqrt(residual) / answers
	got, why := s.Interval(0.95)
	checkInterval(t, "many", got, why, p-half, p+half, 1e-5)
}

// Surveys are drawn from Pólya's urn, so that a respondent's answers resemble
// each other; the interval must hold the true share about as often as it says.
func TestShareIntervalCoversTheTruth(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for _, respondents := range []int{5, 20, 50} {
		for _, truth := range []float64{0.02, 0.1, 0.5, 0.95} {
			for _, alike := range []float64{0.01, 0.3, 0.8} {
				const surveys = 500
				covered := 0
				for range surveys {
					ci, why := urnSurvey(r, respondents, truth, alike).Interval(0.95)
					if why != "" {
						t.Fatal(why)
					}
					if ci.Low <= truth && truth <= ci.High {
						covered++
					}
				}
				// 0.92 is the least seen in long simulations; 500 surveys
				// may miss that by three standard errors, 0.036.
				if share := float64(covered) / surveys; share < 0.88 {
					t.Errorf("%d respondents, share %v, likeness %v: covered in %v of the surveys",
						respondents, truth, alike, share)
				}
			}
		}
	}
}

func urnSurvey(r *rand.Rand, respondents int, truth, alike float64) (s ShareSums) {
	for range respondents {
		favorable, other := truth*(1/alike-1), (1-truth)*(1/alike-1)
		var f, m int64
		for range 4 + r.IntN(3) {
			m++
			if r.Float64()*(favorable+other) < favorable {
				f++
				favorable++
			} else {
				other++
			}
		}
		s.Add(f, m)
	}
	return s
}
