package stats

import "math/big"

// Percent places the mean answer on a scale, from 0 at its lowest answer low
// to 100 at its highest answer high: 100·(mean-low)/(high-low), computed
// exactly and rounded once, so that a mean on the edge of a band is on it. It
// is undefined where Mean is.
func (m Moments) Percent(low, high int64) (float64, Undefined) {
	if m.N <= 0 {
		return 0, NoAnswers
	}
	return percent(m.Sum.Big(), integer(m.N), low, high), ""
}

// Percent places the mean score on a scale; see [Moments.Percent].
func (s ScoreSums) Percent(low, high int64) (float64, Undefined) {
	n := s.N()
	if n <= 0 {
		return 0, NoAnswers
	}
	sum, _, unit := s.common()
	return percent(sum, unit.Mul(unit, integer(n)), low, high), ""
}

// Percent places the mean score on a scale; see [Moments.Percent].
func (s ImputedScores) Percent(low, high int64) (float64, Undefined) {
	mean, why := s.mean()
	if why != "" {
		return 0, why
	}
	return percent(mean.Num(), mean.Denom(), low, high), ""
}

// percent is that of the mean num/den.
func percent(num, den *big.Int, low, high int64) float64 {
	above := new(big.Int).Mul(den, integer(low))
	above.Sub(num, above)
	return quotient(above.Mul(above, integer(100)), new(big.Int).Mul(den, integer(high-low)))
}
