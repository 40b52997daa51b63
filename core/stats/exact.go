package stats

import (
	"math/big"
)

// Ratio is an exact fraction, such as an item's mean (Σx over n) or its
// median (in halves). Den must be positive.
type Ratio struct {
	Num Int
	Den int64
}

// Float64 is the float64 nearest to the fraction. A fraction whose Den is not
// positive is undefined (NoAnswers: there was nothing to divide by).
func (r Ratio) Float64() (float64, Undefined) {
	if r.Den <= 0 {
		return 0, NoAnswers
	}
	return quotient(r.Num.Big(), integer(r.Den)), ""
}

func integer(x int64) *big.Int { return big.NewInt(x) }

// product is the exact product of its factors.
func product(factors ...int64) *big.Int {
	p := big.NewInt(1)
	for _, f := range factors {
		p.Mul(p, big.NewInt(f))
	}
	return p
}

// quotient is the float64 nearest to num/den: the one rounding of a figure
// that is computed in integers up to here. den must not be zero.
func quotient(num, den *big.Int) float64 {
	if num.IsInt64() && den.IsInt64() {
		if q, ok := smallQuotient(num.Int64(), den.Int64()); ok {
			return q
		}
	}
	q, _ := new(big.Rat).SetFrac(num, den).Float64()
	return q
}

// smallQuotient is num/den, correctly rounded, for numbers that a float64 holds
// exactly: the division itself is the one rounding then.
func smallQuotient(num, den int64) (q float64, ok bool) {
	const exact = 1 << 53
	if num < -exact || num > exact || den < -exact || den > exact || den == 0 {
		return 0, false
	}
	return float64(num) / float64(den), true
}

// Median is the exact median of integer answers from their histogram, where
// counts[i] is the number of answers lowest+i. With an even number of answers
// it is the mean of the two in the middle. It is undefined when there are
// none (NoAnswers) or a count is negative (Contradiction).
func Median(lowest int64, counts []int64) (Ratio, Undefined) {
	var n int64
	for _, c := range counts {
		if c < 0 {
			return Ratio{}, Contradiction
		}
		n += c
	}
	if n == 0 {
		return Ratio{}, NoAnswers
	}
	low, high := ranked(counts, (n-1)/2), ranked(counts, n/2)
	return Ratio{Num: Whole(2*lowest + low + high), Den: 2}, ""
}

// ranked is the index of the bin that holds the answer with that rank,
// counted from 0.
func ranked(counts []int64, rank int64) int64 {
	var below int64
	for i, c := range counts {
		below += c
		if rank < below {
			return int64(i)
		}
	}
	return int64(len(counts)) - 1
}
