package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
)

// upperTriangle makes a correlation matrix from R's upper.tri, whose order is
// that of PairIndex.
func upperTriangle(k int, values []float64) Symmetric {
	s := NewSymmetric(k)
	for j := range k {
		s.Set(j, j, 1)
		for i := range j {
			s.Set(i, j, values[PairIndex(i, j)])
		}
	}
	return s
}

func TestDriversAgainstR(t *testing.T) {
	c := &closeness{t: t, tolerance: 1e-12}
	for _, l := range reference(t, "drivers", 15) {
		k := int(l[0])
		p := k * (k - 1) / 2
		d, why := RelativeWeights(upperTriangle(k, l[1:1+p]), l[1+p:1+p+k])
		defined(t, why)
		c.all(strconv.Itoa(k)+" drivers", append(append([]float64{d.R2}, d.Betas...), d.Weights...), l[1+p+k:])
	}
	c.log()
}

// By hand: predictors that correlate 0.6 have the square root with √0.9+√0.1
// on the diagonal and √0.9-√0.1 beside it, each halved times √2.
func TestDriversByHand(t *testing.T) {
	d, why := RelativeWeights(symmetric([]float64{1}, []float64{0.6, 1}), []float64{0.5, 0.3})
	defined(t, why)
	beta1, beta2 := (0.5-0.6*0.3)/0.64, (0.3-0.6*0.5)/0.64
	own, other := (math.Sqrt(1.6)+math.Sqrt(0.4))/2, (math.Sqrt(1.6)-math.Sqrt(0.4))/2
	z1, z2 := own*beta1+other*beta2, other*beta1+own*beta2
	c := &closeness{t: t, tolerance: 1e-15}
	c.all("by hand", append(append([]float64{d.R2}, d.Betas...), d.Weights...), []float64{
		0.5*beta1 + 0.3*beta2, beta1, beta2,
		own*own*z1*z1 + other*other*z2*z2, other*other*z1*z1 + own*own*z2*z2,
	})
	shares, why := d.Shares()
	defined(t, why)
	c.all("shares", []float64{shares[0] + shares[1], shares[0] * d.R2}, []float64{1, d.Weights[0]})
}

// randomCorrelations are those of n respondents to k+1 questions.
func randomCorrelations(r *rand.Rand, k int) (Symmetric, []float64) {
	common := r.Float64()
	items, pairs := make([]Moments, k+1), make([]PairSums, k*(k+1)/2)
	for range 3*k + 20 {
		shared, row := r.NormFloat64(), make([]int64, k+1)
		for j := range row {
			row[j] = int64(math.Round(1000 * (common*shared + (1.05-common)*r.NormFloat64())))
			items[j].Add(row[j])
			for i := range j {
				pairs[PairIndex(i, j)].Add(row[i], row[j])
			}
		}
	}
	c, _ := Covariances(items, pairs)
	all, _ := c.Correlations()
	outcome := make([]float64, k)
	for j := range outcome {
		outcome[j] = all.At(k, j)
	}
	return all.Without(k), outcome
}

// Weights add up to R², do not depend on the order of the predictors or on
// their direction, which turns the betas only.
func TestDriversDoNotDependOnOrderAndDirection(t *testing.T) {
	r := rand.New(rand.NewPCG(2000, 1))
	for range 400 {
		k := 1 + r.IntN(12)
		predictors, outcome := randomCorrelations(r, k)
		d, why := RelativeWeights(predictors, outcome)
		defined(t, why)
		sum, product := 0.0, 0.0
		for j, w := range d.Weights {
			sum += w
			product += d.Betas[j] * outcome[j]
			if w < 0 || !finite(w, d.Betas[j]) {
				t.Fatalf("%v", d)
			}
		}
		if !(math.Abs(sum-d.R2) <= 1e-13) || !(math.Abs(product-d.R2) <= 1e-11) || d.R2 < 0 || d.R2 > 1 {
			t.Fatalf("weights add up to %v, betas to %v, R² is %v", sum, product, d.R2)
		}
		order, signs := r.Perm(k), make([]float64, k)
		mixed, other := NewSymmetric(k), make([]float64, k)
		for to, from := range order {
			signs[to] = float64(1 - 2*r.IntN(2))
			other[to] = outcome[from] * signs[to]
			for i := range to + 1 {
				mixed.Set(to, i, predictors.At(from, order[i])*signs[to]*signs[i])
			}
		}
		e, why := RelativeWeights(mixed, other)
		defined(t, why)
		for to, from := range order {
			if math.Abs(e.Weights[to]-d.Weights[from]) > 1e-12 || math.Abs(e.Betas[to]*signs[to]-d.Betas[from]) > 1e-9 {
				t.Fatalf("%v, but in another order %v", d, e)
			}
		}
	}
}

func TestEigenvectors(t *testing.T) {
	r := rand.New(rand.NewPCG(1846, 1))
	for range 300 {
		k := 1 + r.IntN(12)
		s := NewSymmetric(k)
		for i := range k {
			for j := range i + 1 {
				s.Set(i, j, float64(r.IntN(7)-3)*math.Pow(10, float64(-r.IntN(4))))
			}
		}
		e, size := s.rotate(), 0.0
		for _, v := range s.cells {
			size += math.Abs(v)
		}
		for i := range k {
			for j := range k {
				back, square := 0.0, 0.0
				for m := range k {
					back += e.v[m*k+i] * e.a[m*k+m] * e.v[m*k+j]
					square += e.v[i*k+m] * e.v[j*k+m]
				}
				unit := 0.0
				if i == j {
					unit = 1
				}
				if math.Abs(back-s.At(i, j)) > 1e-14*(1+size) || math.Abs(square-unit) > 1e-14 {
					t.Fatalf("%v: V'AV has %v at %d, %d and VV' %v", s, back, i, j, square)
				}
			}
		}
	}
}

func TestUndefinedDrivers(t *testing.T) {
	two := func(r float64) Symmetric { return symmetric([]float64{1}, []float64{r, 1}) }
	flat := symmetric([]float64{1}, []float64{0, 0})
	opposed := symmetric([]float64{1}, []float64{-0.9, 1}, []float64{-0.9, -0.9, 1})
	for name, c := range map[string]struct {
		predictors Symmetric
		outcome    []float64
		want       Undefined
	}{
		"no predictors":             {NewSymmetric(0), nil, NoDrivers},
		"constant predictor":        {flat, []float64{0.5, 0}, ConstantItem},
		"the same predictor twice":  {two(1), []float64{0.5, 0.5}, Dependent},
		"nearly the same":           {two(1 - 1e-9), []float64{0.5, 0.5}, Dependent},
		"nearly opposites":          {two(-1 + 1e-9), []float64{0.5, -0.5}, Dependent},
		"close but apart":           {two(0.9999), []float64{0.5, 0.5}, ""},
		"contradicting predictors":  {opposed, []float64{0.1, 0.1, 0.1}, Overlap},
		"contradicting outcome":     {two(0), []float64{0.9, 0.9}, Overlap},
		"correlation over 1":        {two(1.2), []float64{0.9, 0.9}, Overlap},
		"outcome over 1":            {two(0), []float64{0.9, -1.2}, Overlap},
		"NaN":                       {two(math.NaN()), []float64{0.9, 0.9}, Contradiction},
		"outcome of other length":   {two(0), []float64{0.9}, Contradiction},
		"variances on the diagonal": {symmetric([]float64{2}), []float64{0.9}, Contradiction},
		"all explained":             {two(0), []float64{0.6, 0.8}, ""},
		"nothing explained":         {two(0.3), []float64{0, 0}, ""},
	} {
		d, why := RelativeWeights(c.predictors, c.outcome)
		if why != c.want || why != "" && (d.R2 != 0 || d.Betas != nil || d.Weights != nil) {
			t.Errorf("%s: %v %q, want %q", name, d, why, c.want)
		}
	}
	none, _ := RelativeWeights(two(0.3), []float64{0, 0})
	if shares, why := none.Shares(); why != NoRelation || shares != nil {
		t.Errorf("shares of nothing: %v %q", shares, why)
	}
}

func TestUndefinedDriverIntervals(t *testing.T) {
	two, half := symmetric([]float64{1}, []float64{0.3, 1}), []float64{0.5, 0.4}
	good := Resampling{Key: "k", Level: 0.95}
	for name, c := range map[string]struct {
		outcome []float64
		n       int64
		how     Resampling
		want    Undefined
	}{
		"three respondents": {half, 3, good, Dependent},
		"nothing explained": {[]float64{0, 0}, 99, good, NoRelation},
		"contradiction":     {[]float64{1.5, 0}, 99, good, Overlap},
		"level of 95":       {half, 99, Resampling{Level: 95}, BadLevel},
		"four respondents":  {half, 4, good, ""},
	} {
		if d, why := BootstrapDrivers(two, c.outcome, c.n, c.how); why != c.want || why != "" && d.Betas != nil {
			t.Errorf("%s: %v %q, want %q", name, d, why, c.want)
		}
	}
	// All is explained in every sample, too.
	d, why := BootstrapDrivers(symmetric([]float64{1}, []float64{0, 1}), []float64{0.6, 0.8}, 50, good)
	if why != "" || math.Abs(d.R2.Low-1) > 1e-12 || math.Abs(d.R2.High-1) > 1e-12 {
		t.Errorf("all explained: %v %q", d, why)
	}
}

// Percentiles of R's rWishart with 200,000 replicates and the standard error
// that they have; ours are made from half as many.
func TestDriverIntervalsAgainstR(t *testing.T) {
	intervals := map[string]DriverIntervals{}
	compared, worst := 0, 0.0
	for _, l := range reference(t, "wishart", 12) {
		k, n, p := int(l[0]), int64(l[1]), l[2]
		rest := l[3:]
		pairs := k * (k + 1) / 2
		all := upperTriangle(k+1, rest[:pairs])
		outcome := make([]float64, k)
		for j := range outcome {
			outcome[j] = all.At(k, j)
		}
		key := strconv.Itoa(k) + " of " + strconv.FormatInt(n, 10)
		d, ok := intervals[key]
		if !ok {
			var why Undefined
			d, why = BootstrapDrivers(all.Without(k), outcome, n, Resampling{Key: key, Replicates: 100000, Level: 0.95})
			defined(t, why)
			intervals[key] = d
		}
		figures := slices.Concat([]Interval{d.R2}, d.Betas, d.Weights, d.Shares)
		want, se := rest[pairs:pairs+len(figures)], rest[pairs+len(figures):]
		for i, f := range figures {
			got := f.Low
			if p > 0.5 {
				got = f.High
			}
			off := math.Abs(got-want[i]) / max(se[i]*math.Sqrt(3), 1e-9)
			compared++
			worst = max(worst, off)
			if !(off <= 4) {
				t.Errorf("%s: end %v of figure %d is %v, want %v (%.1f standard errors off)", key, p, i, got, want[i], off)
			}
		}
	}
	t.Logf("%d ends, largest deviation %.1f standard errors", compared, worst)
}

func TestDriverIntervals(t *testing.T) {
	r := rand.New(rand.NewPCG(1928, 1))
	for range 30 {
		k := 1 + r.IntN(9)
		predictors, outcome := randomCorrelations(r, k)
		n, how := int64(k)+2+r.Int64N(300), Resampling{Key: "acme", Replicates: 200, Level: 0.9}
		d, why := BootstrapDrivers(predictors, outcome, n, how)
		defined(t, why)
		again, _ := BootstrapDrivers(predictors, outcome, n, how)
		if !slices.Equal(d.Weights, again.Weights) || !slices.Equal(d.Betas, again.Betas) || d.R2 != again.R2 || !slices.Equal(d.Shares, again.Shares) {
			t.Fatal("the same key gives other intervals")
		}
		how.Key = "acme "
		if other, _ := BootstrapDrivers(predictors, outcome, n, how); other.R2 == d.R2 {
			t.Fatal("another key gives the same intervals")
		}
		for _, i := range slices.Concat(d.Weights, d.Betas, d.Shares, []Interval{d.R2}) {
			if !finite(i.Low, i.High) || i.Low > i.High {
				t.Fatalf("interval %v", i)
			}
		}
		for _, i := range append(d.Shares, d.R2) {
			if i.Low < 0 || i.High > 1+1e-12 {
				t.Fatalf("interval %v", i)
			}
		}
		if d.Replicates < 180 || d.Replicates > 200 {
			t.Fatalf("%d replicates", d.Replicates)
		}
	}
}

func BenchmarkBootstrapDrivers(b *testing.B) {
	for _, k := range []int{3, 8, 15} {
		predictors, outcome := randomCorrelations(rand.New(rand.NewPCG(1, 2)), k)
		b.Run(strconv.Itoa(k), func(b *testing.B) {
			for b.Loop() {
				d, _ := BootstrapDrivers(predictors, outcome, 400, Resampling{Key: "k", Level: 0.95})
				sink = d.R2.Low
			}
		})
	}
}

// R: pf((r2/k)/((1-r2)/(n-k-1)), k, n-k-1, lower.tail = FALSE)
func TestExplainedByChance(t *testing.T) {
	r := comparison{t: t, tolerance: 1e-12}
	for _, c := range []struct {
		r2   float64
		k    int
		n    int64
		want float64
	}{
		{0.3, 4, 200, 2.3866255210374845e-14},
		{0.04734, 4, 200, 0.049641884898790241},
		{0.45, 8, 20, 0.41679732957811472},
		{0.9, 1, 3, 0.20483276469913339},
		{0.02, 12, 900, 0.11506910137542836},
		{0, 3, 20, 1}, {1, 3, 20, 0},
	} {
		p, why := ExplainedByChance(c.r2, c.k, c.n)
		r.same("p", p, why, c.want)
	}
	r.report(7)
	for want, c := range map[Undefined][3]float64{NoDrivers: {0.1, 0, 20}, Contradiction: {1.1, 2, 20}, Dependent: {0.9, 3, 4}} {
		p, why := ExplainedByChance(c[0], int(c[1]), int64(c[2]))
		undefined(t, "p", p, why, want)
	}
	if _, why := ExplainedByChance(math.NaN(), 2, 20); why != Contradiction {
		t.Error("NaN is a share")
	}
}
