package stats

import (
	"math/big"
	"math/rand/v2"
	"testing"
)

// exactVariance computes mean and variance of fractions from the definition,
// in rationals.
func exactVariance(values []*big.Rat) (mean, variance *big.Rat) {
	n := big.NewRat(int64(len(values)), 1)
	mean = new(big.Rat)
	for _, v := range values {
		mean.Add(mean, v)
	}
	mean.Quo(mean, n)
	variance = new(big.Rat)
	for _, v := range values {
		d := new(big.Rat).Sub(v, mean)
		variance.Add(variance, d.Mul(d, d))
	}
	return mean, variance.Quo(variance, n.Sub(n, big.NewRat(1, 1)))
}

func nearest(r *big.Rat) float64 {
	f, _ := r.Float64()
	return f
}

func TestMomentsAreExact(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var m Moments
		var values []*big.Rat
		base := r.Int64N(2001) - 1000
		for range 2 + r.IntN(60) {
			x := base + r.Int64N(3)
			m.Add(x)
			values = append(values, big.NewRat(x, 1))
		}
		mean, variance := exactVariance(values)
		if got, why := m.Mean(); why != "" || got != nearest(mean) {
			t.Fatalf("mean of %+v = %v (%s), want %v", m, got, why, nearest(mean))
		}
		if got, why := m.Variance(); why != "" || got != nearest(variance) {
			t.Fatalf("variance of %+v = %v (%s), want %v", m, got, why, nearest(variance))
		}
	}
}

// Ten thousand million answers near 1,000: floats would lose all digits of the
// variance here, and 64 bits overflow.
func TestMomentsOfManyLargeAnswers(t *testing.T) {
	const n = int64(1e10)
	// n-1 answers of 1,000 and one of 999: by hand, the mean is 1000 - 1/n
	// and the variance 1/n.
	m := Moments{N: n, Sum: Whole(1000*n - 1), SumSquares: Whole(1000*1000*(n-1) + 999*999)}
	if v, why := m.Variance(); why != "" || v != 1e-10 {
		t.Errorf("variance = %v (%s), want 1e-10", v, why)
	}
	if mean, why := m.Mean(); why != "" || mean != 1000-1e-10 {
		t.Errorf("mean = %v (%s), want %v", mean, why, 1000-1e-10)
	}
	// Half at -1,000, half at 1,000: n/(n-1) times a million.
	m = Moments{N: n, SumSquares: Whole(1e6 * n)}
	want := nearest(new(big.Rat).Mul(big.NewRat(1e6, 1), big.NewRat(n, n-1)))
	if v, why := m.Variance(); why != "" || v != want {
		t.Errorf("variance = %v (%s), want %v", v, why, want)
	}
}

func TestUndefinedMoments(t *testing.T) {
	mean := func(m Moments) (float64, Undefined) { return m.Mean() }
	variance := func(m Moments) (float64, Undefined) { return m.Variance() }
	sd := func(m Moments) (float64, Undefined) { return m.SD() }
	for name, c := range map[string]struct {
		f    func(Moments) (float64, Undefined)
		m    Moments
		want Undefined
	}{
		"mean of nothing":       {mean, Moments{}, NoAnswers},
		"mean of less":          {mean, Moments{N: -1}, NoAnswers},
		"variance of nothing":   {variance, Moments{}, FewRespondents},
		"variance of one":       {variance, Moments{1, Whole(4), Whole(16)}, FewRespondents},
		"sd of one":             {sd, Moments{1, Whole(4), Whole(16)}, FewRespondents},
		"impossible squares":    {variance, Moments{2, Whole(4), Whole(7)}, Contradiction},
		"sd of the same":        {sd, Moments{2, Whole(4), Whole(7)}, Contradiction},
		"two equal answers":     {sd, Moments{2, Whole(4), Whole(8)}, ""},
		"mean of a single zero": {mean, Moments{1, Whole(0), Whole(0)}, ""},
	} {
		got, why := c.f(c.m)
		if got != 0 || why != c.want {
			t.Errorf("%s = %v, %q; want 0, %q", name, got, why, c.want)
		}
	}
}

func TestScoresAreExact(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 100 {
		k := 1 + r.IntN(12)
		s := NewScoreSums(k)
		values := make([][]*big.Rat, k+1) // by number of items answered
		for range 3 + r.IntN(40) {
			m := r.IntN(k + 1)
			var total int64
			for range m {
				total += r.Int64N(7)
			}
			s.Add(m, total)
			if m > 0 {
				values[m] = append(values[m], big.NewRat(total, int64(m)))
			}
		}
		for least := range k + 2 {
			var kept []*big.Rat
			for m := max(least, 1); m <= k; m++ {
				kept = append(kept, values[m]...)
			}
			checkExactScores(t, s.AtLeast(least), kept)
		}
	}
}

func checkExactScores(t *testing.T, s ScoreSums, values []*big.Rat) {
	t.Helper()
	if s.N() != int64(len(values)) {
		t.Fatalf("n = %d, want %d", s.N(), len(values))
	}
	gotMean, whyMean := s.Mean()
	gotVariance, whyVariance := s.Variance()
	if len(values) == 0 {
		if whyMean != NoAnswers {
			t.Fatalf("mean of nobody: %q", whyMean)
		}
		return
	}
	if len(values) == 1 {
		if whyVariance != FewRespondents {
			t.Fatalf("variance of one score: %q", whyVariance)
		}
		return
	}
	mean, variance := exactVariance(values)
	if whyMean != "" || gotMean != nearest(mean) {
		t.Fatalf("mean = %v (%s), want %v", gotMean, whyMean, nearest(mean))
	}
	if whyVariance != "" || gotVariance != nearest(variance) {
		t.Fatalf("variance = %v (%s), want %v", gotVariance, whyVariance, nearest(variance))
	}
}

// Ten thousand million respondents in each of two groups: 1 of 2 items with a
// total of 1,000, and 2 of 2 with a total of 1,999. By hand: scores 1000 and
// 999.5, so the mean is 999.75 and the variance n/(n-1)/16 for n = 2·10^10.
func TestScoresOfMany(t *testing.T) {
	const n = int64(1e10)
	s := ScoreSums{{}, {n, Whole(1000 * n), Whole(1000 * 1000 * n)}, {n, Whole(1999 * n), Whole(1999 * 1999 * n)}}
	if mean, why := s.Mean(); why != "" || mean != 999.75 {
		t.Errorf("mean = %v (%s), want 999.75", mean, why)
	}
	want := nearest(big.NewRat(2*n, 16*(2*n-1)))
	if v, why := s.Variance(); why != "" || v != want {
		t.Errorf("variance = %v (%s), want %v", v, why, want)
	}
}

func TestImputedScoresAreExact(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 60 {
		k := 2 + r.IntN(5)
		s := newSums(k)
		var rows [][]int64
		for range 4 + r.IntN(20) {
			row := make([]int64, k)
			for j := range row {
				row[j] = 1 + r.Int64N(5)
				if r.IntN(4) == 0 {
					row[j] = missing
				}
			}
			s.add(row)
			rows = append(rows, row)
		}
		im := ImputedScores{Respondents: s.respondents, Items: s.items, Pairs: s.pairs}
		for range k {
			im.Fill = append(im.Fill, Ratio{Whole(r.Int64N(100) - 20), 1 + r.Int64N(30)})
		}
		var values []*big.Rat
		for _, row := range rows {
			sum := new(big.Rat)
			for j, x := range row {
				if x == missing {
					sum.Add(sum, new(big.Rat).SetFrac(im.Fill[j].Num.Big(), integer(im.Fill[j].Den)))
				} else {
					sum.Add(sum, big.NewRat(x, 1))
				}
			}
			values = append(values, sum.Quo(sum, big.NewRat(int64(k), 1)))
		}
		mean, variance := exactVariance(values)
		if got, why := im.Mean(); why != "" || got != nearest(mean) {
			t.Fatalf("mean = %v (%s), want %v", got, why, nearest(mean))
		}
		if got, why := im.Variance(); why != "" || got != nearest(variance) {
			t.Fatalf("variance = %v (%s), want %v", got, why, nearest(variance))
		}
	}
}

func TestUndefinedImputedScores(t *testing.T) {
	one := ImputedScores{1, []Moments{{1, Whole(3), Whole(9)}}, nil, []Ratio{{Whole(3), 1}}}
	if v, why := one.Mean(); v != 3 || why != "" {
		t.Errorf("mean of one = %v, %q; want 3", v, why)
	}
	for name, c := range map[string]struct {
		s              ImputedScores
		mean, variance Undefined
	}{
		"one respondent":        {one, "", FewRespondents},
		"nobody":                {ImputedScores{}, NoAnswers, NoAnswers},
		"an item never seen":    {ImputedScores{2, []Moments{{}}, nil, []Ratio{{}}}, NoAnswers, NoAnswers},
		"more answers than two": {ImputedScores{2, []Moments{{3, Whole(3), Whole(3)}}, nil, []Ratio{{Whole(1), 1}}}, Contradiction, Contradiction},
		"impossible squares":    {ImputedScores{2, []Moments{{2, Whole(4), Whole(7)}}, nil, []Ratio{{Whole(2), 1}}}, "", Contradiction},
	} {
		if _, why := c.s.Mean(); why != c.mean {
			t.Errorf("%s: mean is %q, want %q", name, why, c.mean)
		}
		if _, why := c.s.SD(); why != c.variance {
			t.Errorf("%s: SD is %q, want %q", name, why, c.variance)
		}
	}
}

func TestMedian(t *testing.T) {
	for name, c := range map[string]struct {
		lowest int64
		counts []int64
		want   Ratio
		why    Undefined
	}{
		"odd":          {1, []int64{2, 0, 3}, Ratio{Whole(6), 2}, ""},
		"even, apart":  {1, []int64{2, 0, 0, 2}, Ratio{Whole(5), 2}, ""},
		"even, inside": {-2, []int64{1, 2, 1}, Ratio{Whole(-2), 2}, ""},
		"one":          {0, []int64{0, 0, 0, 1}, Ratio{Whole(6), 2}, ""},
		"none":         {1, []int64{0, 0}, Ratio{}, NoAnswers},
		"no bins":      {1, nil, Ratio{}, NoAnswers},
		"less":         {1, []int64{3, -1}, Ratio{}, Contradiction},
	} {
		if got, why := Median(c.lowest, c.counts); got != c.want || why != c.why {
			t.Errorf("%s: %v, %q; want %v, %q", name, got, why, c.want, c.why)
		}
	}
}
