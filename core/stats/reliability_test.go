package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func symmetric(rows ...[]float64) Symmetric {
	s := NewSymmetric(len(rows))
	for i, row := range rows {
		for j, v := range row {
			s.Set(i, j, v)
		}
	}
	return s
}

// By hand: variances 4 and 9, covariance 3: the total has 19, alpha is
// 2·(1 - 13/19) = 12/19; the correlation is 1/2, so standardized it is 2/3.
func TestAlphaByHand(t *testing.T) {
	c := symmetric([]float64{4}, []float64{3, 9})
	for name, f := range map[string]struct {
		alpha func(Symmetric) (float64, Undefined)
		want  float64
	}{
		"raw": {RawAlpha, 12.0 / 19}, "standardized": {StandardizedAlpha, 2.0 / 3},
	} {
		if got, why := f.alpha(c); why != "" || !(apart(got, f.want) <= 4e-16) {
			t.Errorf("%s alpha = %v (%s), want %v", name, got, why, f.want)
		}
	}
	if r, why := ItemRest(c, 1); why != "" || r != 0.5 {
		t.Errorf("item-rest correlation = %v (%s), want 0.5", r, why)
	}
	// Items that run against each other: 2·(1 - 2/1) = -2.
	if got, why := RawAlpha(symmetric([]float64{1}, []float64{-0.5, 1})); why != "" || got != -2 {
		t.Errorf("alpha of opposites = %v (%s), want -2", got, why)
	}
}

func TestUndefinedReliability(t *testing.T) {
	// Three answers that always make the same total, in thirds, so that
	// rounding leaves something.
	third := 1.0 / 3
	constant := symmetric([]float64{2 * third}, []float64{-third, 2 * third}, []float64{-third, -third, 2 * third})
	opposed := symmetric([]float64{1}, []float64{-1, 1})
	impossible := symmetric([]float64{1}, []float64{-1, 1}, []float64{-1, -1, 1})
	flat := symmetric([]float64{0}, []float64{0, 1})
	for name, c := range map[string]struct {
		m                   Symmetric
		raw, standard, rest Undefined
	}{
		"no items":               {NewSymmetric(0), FewItems, FewItems, FewItems},
		"one item":               {symmetric([]float64{1}), FewItems, FewItems, FewItems},
		"constant total":         {constant, NoVariation, NoVariation, ""},
		"two opposed items":      {opposed, NoVariation, NoVariation, ""},
		"contradicting pairs":    {impossible, Overlap, Overlap, NoVariation},
		"one item without width": {flat, "", ConstantItem, ConstantItem},
		"no width at all":        {NewSymmetric(2), NoVariation, ConstantItem, ConstantItem},
	} {
		v, why := RawAlpha(c.m)
		undefined(t, name+", raw alpha", v, why, c.raw)
		v, why = StandardizedAlpha(c.m)
		undefined(t, name+", standardized alpha", v, why, c.standard)
		v, why = ItemRest(c.m, 0)
		undefined(t, name+", item-rest", v, why, c.rest)
	}
	if _, why := ItemRest(flat, 1); why != NoVariation {
		t.Errorf("rest without width: %q", why)
	}
}

// These totals are all 12; rounding leaves the sum of the covariances a little
// over 0, of which alpha must not make minus millions.
func TestConstantTotalIsSeenThroughRounding(t *testing.T) {
	s := collect([][]int64{{3, 2, 3, 4}, {3, 3, 3, 3}, {2, 1, 1, 8}, {2, 3, 3, 4}})
	m, why := Covariances(s.items, s.pairs)
	if why != "" || !(m.Sum() > 0) {
		t.Fatalf("sum is %v (%s); it was expected over 0", m.Sum(), why)
	}
	v, why := RawAlpha(m)
	undefined(t, "raw alpha", v, why, NoVariation)
}

func undefined(t *testing.T, name string, v float64, why, want Undefined) {
	t.Helper()
	if why != want || (why != "" && v != 0) || math.IsNaN(v) {
		t.Errorf("%s = %v, %q; want %q", name, v, why, want)
	}
}

func TestUndefinedCovariances(t *testing.T) {
	two := Moments{2, Whole(3), Whole(5)}
	for name, c := range map[string]struct {
		items []Moments
		pairs []PairSums
		want  Undefined
	}{
		"fine":                  {[]Moments{two, two}, []PairSums{{2, Whole(3), Whole(3), Whole(5)}}, ""},
		"an item answered once": {[]Moments{two, {1, Whole(1), Whole(1)}}, []PairSums{{1, Whole(1), Whole(1), Whole(1)}}, FewRespondents},
		"never together":        {[]Moments{two, two}, []PairSums{{}}, Overlap},
		"once together":         {[]Moments{two, two}, []PairSums{{1, Whole(1), Whole(1), Whole(1)}}, Overlap},
		"impossible item":       {[]Moments{two, {2, Whole(4), Whole(7)}}, []PairSums{{2, Whole(3), Whole(3), Whole(5)}}, Contradiction},
	} {
		if _, why := Covariances(c.items, c.pairs); why != c.want {
			t.Errorf("%s: %q, want %q", name, why, c.want)
		}
	}
}

func TestCovarianceIsExact(t *testing.T) {
	// n-1 respondents answer 1000 twice, one 999 twice: by hand 1/n.
	const n = int64(1e10)
	p := PairSums{n, Whole(1000*n - 1), Whole(1000*n - 1), Whole(1000*1000*(n-1) + 999*999)}
	if c, why := p.Covariance(); why != "" || c != 1e-10 {
		t.Errorf("covariance = %v (%s), want 1e-10", c, why)
	}
}

func TestSymmetricWithout(t *testing.T) {
	s := symmetric([]float64{1}, []float64{2, 3}, []float64{4, 5, 6})
	for item, want := range [][]float64{{3, 5, 6}, {1, 4, 6}, {1, 2, 3}} {
		if got := s.Without(item); got.Size() != 2 || !slices.Equal(got.cells, want) {
			t.Errorf("without %d: %v, want %v", item, got.cells, want)
		}
	}
	if s.At(0, 2) != 4 || s.Sum() != 32 || s.Trace() != 10 {
		t.Errorf("cell %v, sum %v, trace %v; want 4, 32, 10", s.At(0, 2), s.Sum(), s.Trace())
	}
}

func TestPairIndexCountsEveryPairOnce(t *testing.T) {
	next := 0
	for j := range 9 {
		for i := range j {
			if PairIndex(i, j) != next {
				t.Fatalf("pair %d, %d is at %d, want %d", i, j, PairIndex(i, j), next)
			}
			next++
		}
	}
}

// Whatever the order of the respondents and wherever they are split into
// parts, the figures are the same to the last bit.
func TestFiguresDoNotDependOnOrderOrSplit(t *testing.T) {
	answers, _ := fixture(t)
	want := everyFigure(t, collect(answers))
	r := rand.New(rand.NewPCG(7, 8))
	for range 50 {
		rows := slices.Clone(answers)
		r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		parts := make([]*sums, 1+r.IntN(6))
		for i := range parts {
			parts[i] = newSums(len(rows[0]))
		}
		for _, row := range rows {
			parts[r.IntN(len(parts))].add(row)
		}
		all := newSums(len(rows[0]))
		for _, part := range parts {
			all = part.plus(all)
		}
		if got := everyFigure(t, all); !slices.Equal(got, want) {
			t.Fatalf("figures differ:\n%v\n%v", got, want)
		}
	}
}

func everyFigure(t *testing.T, s *sums) (figures []float64) {
	t.Helper()
	add := func(v float64, why Undefined) {
		t.Helper()
		if why != "" {
			t.Fatal(why)
		}
		figures = append(figures, v)
	}
	add(s.scores.Mean())
	add(s.scores.SD())
	add(s.imputed(t, true).SD())
	add(s.pooled.Share())
	ci, why := s.pooled.Interval(0.9)
	add(ci.Low, why)
	add(ci.High, why)
	for _, parts := range []struct {
		items []Moments
		pairs []PairSums
	}{{s.items, s.pairs}, {s.completeItems, s.completePairs}} {
		m, why := Covariances(parts.items, parts.pairs)
		if why != "" {
			t.Fatal(why)
		}
		add(RawAlpha(m))
		add(StandardizedAlpha(m))
		add(ItemRest(m, 2))
	}
	return figures
}
