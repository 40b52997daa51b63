package stats

import "math/big"

// ImputedScores holds the sufficient statistics of dimension scores in which
// a missing answer counts as a fixed value of its item, such as the item's
// mean or median. A score is then a mean over all k items.
type ImputedScores struct {
	Respondents int64      // all who are scored, whether or not they answered every item
	Items       []Moments  // of the answers given to each item
	Pairs       []PairSums // of those who answered both, at their PairIndex
	Fill        []Ratio    // what a missing answer counts as, for each item
}

// Mean is the mean score, in the unit of the answers, correctly rounded. It is
// undefined without respondents or items, or when an item has no value to
// fill in (NoAnswers).
func (s ImputedScores) Mean() (float64, Undefined) {
	exact, why := s.mean()
	if why != "" {
		return 0, why
	}
	mean, _ := exact.Float64()
	return mean, ""
}

func (s ImputedScores) mean() (*big.Rat, Undefined) {
	if why := s.check(); why != "" {
		return nil, why
	}
	sum := new(big.Rat)
	for j, m := range s.Items {
		filled := new(big.Rat).SetInt64(s.Respondents - m.N)
		sum.Add(sum, filled.Mul(filled, s.fill(j)))
		sum.Add(sum, new(big.Rat).SetInt(m.Sum.Big()))
	}
	return sum.Quo(sum, new(big.Rat).SetInt(product(s.Respondents, int64(len(s.Items))))), ""
}

// Variance is the sample variance of the scores, with n-1, in the squared
// unit of the answers, correctly rounded. It is undefined where Mean is, for
// fewer than two respondents (FewRespondents) and for sums that no answers can
// have (Contradiction).
func (s ImputedScores) Variance() (float64, Undefined) {
	if why := s.check(); why != "" {
		return 0, why
	}
	if s.Respondents < 2 {
		return 0, FewRespondents
	}
	// An answer's distance from its item's fill is zero where it is missing,
	// so the scores vary as the sums of the distances over those who answered.
	sum, squares := new(big.Rat), new(big.Rat)
	for j := range s.Items {
		d, own := s.distances(j)
		sum.Add(sum, d)
		squares.Add(squares, own)
		for i := range j {
			both := s.crossDistances(i, j)
			squares.Add(squares, both.Add(both, both))
		}
	}
	n := new(big.Rat).SetInt64(s.Respondents)
	squares.Sub(squares, sum.Quo(sum.Mul(sum, sum), n))
	if squares.Sign() < 0 {
		return 0, Contradiction
	}
	k := int64(len(s.Items))
	squares.Quo(squares, new(big.Rat).SetInt(product(s.Respondents-1, k, k)))
	v, _ := squares.Float64()
	return v, ""
}

// SD is the sample standard deviation of the scores: the square root of
// Variance, undefined when that is.
func (s ImputedScores) SD() (float64, Undefined) { return root(s.Variance()) }

// distances is Σ(x-c) and Σ(x-c)² over the answers to one item filled with c.
func (s ImputedScores) distances(j int) (sum, squares *big.Rat) {
	m, c := s.Items[j], s.fill(j)
	n, x := new(big.Rat).SetInt64(m.N), new(big.Rat).SetInt(m.Sum.Big())
	sum = new(big.Rat).Mul(n, c)
	sum.Sub(x, sum)
	// Σx² - 2cΣx + nc² = Σx² - c(Σx + Σ(x-c))
	squares = new(big.Rat).Add(x, sum)
	squares.Sub(new(big.Rat).SetInt(m.SumSquares.Big()), squares.Mul(squares, c))
	return sum, squares
}

// crossDistances is Σ(x-c)(y-d) over those who answered both items.
func (s ImputedScores) crossDistances(i, j int) *big.Rat {
	p, c, d := s.Pairs[PairIndex(i, j)], s.fill(i), s.fill(j)
	// Σxy - dΣx - cΣy + ncd = Σxy - dΣx - c(Σy - nd)
	rest := new(big.Rat).SetInt64(p.N)
	rest.Mul(rest, d)
	rest.Sub(new(big.Rat).SetInt(p.SumY.Big()), rest)
	rest.Mul(rest, c)
	d.Mul(d, new(big.Rat).SetInt(p.SumX.Big()))
	sum := new(big.Rat).SetInt(p.SumXY.Big())
	return sum.Sub(sum.Sub(sum, d), rest)
}

func (s ImputedScores) fill(j int) *big.Rat {
	return new(big.Rat).SetFrac(s.Fill[j].Num.Big(), integer(s.Fill[j].Den))
}

func (s ImputedScores) check() Undefined {
	if s.Respondents < 1 || len(s.Items) == 0 {
		return NoAnswers
	}
	for j, f := range s.Fill {
		if f.Den <= 0 {
			return NoAnswers
		}
		if s.Items[j].N > s.Respondents {
			return Contradiction
		}
	}
	return ""
}
