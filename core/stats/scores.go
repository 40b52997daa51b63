package stats

import "math/big"

// ScoreSums holds the sufficient statistics of dimension scores, where a
// respondent who answered m items with the total T scores T/m. The entry at m
// has the moments of the totals of those who answered m items; the entry at 0
// counts those who answered none, and never enters a figure.
//
// Kept apart by m, the totals stay integers, and which respondents count (all
// with any answer, only those with half of the items, ...) can be decided
// after the counting.
type ScoreSums []Moments

// NewScoreSums makes empty sums for a dimension of k items.
func NewScoreSums(k int) ScoreSums { return make(ScoreSums, k+1) }

// Add counts one more respondent, who answered m of the k items (0 <= m <= k)
// with that total.
func (s ScoreSums) Add(m int, total int64) { s[m].Add(total) }

// Plus gives the sums of the respondents of both, which must be of the same k.
func (s ScoreSums) Plus(o ScoreSums) ScoreSums {
	both := make(ScoreSums, len(s))
	for m := range s {
		both[m] = s[m].Plus(o[m])
	}
	return both
}

// AtLeast keeps the respondents who answered m items or more.
func (s ScoreSums) AtLeast(m int) ScoreSums {
	kept := make(ScoreSums, len(s))
	from := min(max(m, 0), len(s))
	copy(kept[from:], s[from:])
	return kept
}

// N is the number of respondents with a score: those who answered any item.
func (s ScoreSums) N() int64 {
	var n int64
	for m := 1; m < len(s); m++ {
		n += s[m].N
	}
	return n
}

// Mean is the mean score, in the unit of the answers, correctly rounded. It is
// undefined when nobody has a score (NoAnswers).
func (s ScoreSums) Mean() (float64, Undefined) {
	n := s.N()
	if n <= 0 {
		return 0, NoAnswers
	}
	sum, _, unit := s.common()
	return quotient(sum, unit.Mul(unit, integer(n))), ""
}

// Variance is the sample variance of the scores, with n-1, in the squared
// unit of the answers, correctly rounded. It is undefined for fewer than two
// scores (FewRespondents) and for sums that no answers can have
// (Contradiction).
func (s ScoreSums) Variance() (float64, Undefined) {
	sum, squares, unit := s.common()
	return variance(s.N(), sum, squares, unit)
}

// SD is the sample standard deviation of the scores: the square root of
// Variance, undefined when that is.
func (s ScoreSums) SD() (float64, Undefined) { return root(s.Variance()) }

// common brings all scores on one denominator, unit, the least common
// multiple of the numbers of items answered: sum and squares are Σ and Σ² of
// unit·T/m.
func (s ScoreSums) common() (sum, squares, unit *big.Int) {
	unit = integer(1)
	for m := 1; m < len(s); m++ {
		if s[m].N != 0 {
			gcd := new(big.Int).GCD(nil, nil, unit, integer(int64(m)))
			unit.Mul(unit, integer(int64(m))).Quo(unit, gcd)
		}
	}
	sum, squares = new(big.Int), new(big.Int)
	for m := 1; m < len(s); m++ {
		if s[m].N == 0 {
			continue
		}
		weight := new(big.Int).Quo(unit, integer(int64(m)))
		t := new(big.Int).Mul(s[m].Sum.Big(), weight)
		sum.Add(sum, t)
		t.Mul(s[m].SumSquares.Big(), weight)
		squares.Add(squares, t.Mul(t, weight))
	}
	return sum, squares, unit
}
