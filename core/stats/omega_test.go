package stats

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestOmegaOfCases(t *testing.T) {
	total := 0
	reliabilityCases(t, func(t *testing.T, name string, want reliabilityCase, _, complete Symmetric) {
		if want.Omega.Heywood {
			t.Fatalf("%s is a Heywood case; this test knows none", name)
		}
		r := comparison{t: t, tolerance: 1e-12}
		o, why := Omega(complete)
		r.same(name+" omega", o.Total, why, want.Omega.Total)
		r.same(name+" standardized omega", o.Standardized, why, want.Omega.Standardized)
		for j, item := range want.Items {
			item = strings.TrimPrefix(item, "-")
			r.same(name+" loading of "+item, o.Loadings[j], why, want.Omega.Loadings[item])
			r.same(name+" uniqueness of "+item, o.Uniquenesses[j], why, want.Omega.Uniquenesses[item])
		}
		r.report(8)
		total += r.compared
	})
	t.Logf("%d figures in all", total)
}

func TestOmegaAgainstR(t *testing.T) {
	byName, want := matrices(t)
	r := comparison{t: t, tolerance: 1e-10}
	heywood := 0
	for name, m := range byName {
		o, why := Omega(m)
		switch {
		case m.Size() < 3:
			undefined(t, name, o.Total, why, FewItemsForFactor)
			continue
		case want[name+".heywood"] == 1:
			heywood++
			undefined(t, name, o.Total, why, Heywood)
			continue
		}
		r.same(name+" omega", o.Total, why, want[name+".omega"])
		r.same(name+" standardized omega", o.Standardized, why, want[name+".omegastd"])
		for j := range o.Loadings {
			r.same(indexed(name+".loading", j), o.Loadings[j], why, want[indexed(name+".loading", j)])
			r.same(indexed(name+".unique", j), o.Uniquenesses[j], why, want[indexed(name+".unique", j)])
		}
	}
	r.report(600)
	if heywood < 15 {
		t.Errorf("%d Heywood cases, want 15 or more", heywood)
	}
}

// By hand: three items determine their loadings, λ1² = r12·r13/r23.
func TestOmegaByHand(t *testing.T) {
	o, why := Omega(symmetric([]float64{4}, []float64{0.48 * 2 * 3, 9}, []float64{0.4 * 2, 0.3 * 3, 1}))
	if why != "" {
		t.Fatal(why)
	}
	r := comparison{t: t, tolerance: 1e-14}
	for j, want := range []float64{0.8, 0.6, 0.5} {
		r.same("loading", o.Loadings[j], "", want)
		r.same("uniqueness", o.Uniquenesses[j], "", 1-want*want)
	}
	r.same("standardized omega", o.Standardized, "", 3.61/(3.61+0.36+0.64+0.75))
	r.same("omega", o.Total, "", 15.21/(15.21+4*0.36+9*0.64+0.75))
	r.report(8)
}

// Items in other units, as small and large as floats can be, have the same
// omega.
func TestOmegaDoesNotDependOnTheUnit(t *testing.T) {
	byName, _ := matrices(t)
	m := byName["unreversed"]
	want, _ := Omega(m)
	for _, unit := range []float64{1e-320, 1e-300, 1e-10, 1e10, 1e300} {
		other := NewSymmetric(m.Size())
		for i, v := range m.cells {
			other.cells[i] = v * unit
		}
		// So near to zero, floats have few digits left.
		digits := 1e-12
		if unit == 1e-320 {
			digits = 0.01
		}
		got, why := Omega(other)
		if why != "" || !(apart(got.Total, want.Total) <= digits) || !(apart(got.Standardized, want.Standardized) <= digits) {
			t.Errorf("in units of %v: %v (%s), want %v", unit, got, why, want)
		}
	}
}

// oneFactor makes the covariances that loadings imply, of items with variance
// 1.
func oneFactor(loadings ...float64) Symmetric {
	m := NewSymmetric(len(loadings))
	for i, l := range loadings {
		for j := range i {
			m.Set(i, j, l*loadings[j])
		}
		m.Set(i, i, 1)
	}
	return m
}

func TestUndefinedOmega(t *testing.T) {
	sum := symmetric([]float64{1}, []float64{0, 1}, []float64{0.7, 0.7, 0.98})
	flat := oneFactor(0.7, 0.6, 0.5)
	for i := range 3 {
		flat.Set(i, 1, 0)
	}
	pair := oneFactor(0.7, 0.6, 0, 0)
	negative := oneFactor(0.7, 0.6, 0.5)
	negative.Set(0, 1, -0.2)
	double := oneFactor(0.8, 0.9, 0.7)
	double.Set(0, 2, 0.9)
	overlapping := symmetric([]float64{1}, []float64{-0.9, 1}, []float64{0.9, 0.9, 1})
	tiny := oneFactor(1e-5, 1e-5, 1e-5)
	for name, c := range map[string]struct {
		m    Symmetric
		want Undefined
	}{
		"no items":                  {NewSymmetric(0), FewItemsForFactor},
		"two items":                 {oneFactor(0.7, 0.6), FewItemsForFactor},
		"an item without width":     {flat, ConstantItem},
		"no variance at all":        {NewSymmetric(4), ConstantItem},
		"an item that is a sum":     {sum, Dependent},
		"identical items":           {oneFactor(1, 1, 0.5), Dependent},
		"contradicting pairs":       {overlapping, Overlap},
		"unrelated items":           {oneFactor(0, 0, 0, 0), Unidentified},
		"hardly related items":      {tiny, Unidentified},
		"one pair of related items": {pair, Unidentified},
		"one of three runs against": {negative, Heywood},
		"a loading of exactly 1":    {oneFactor(1, 0.7, 0.6, 0.5), Heywood},
		"the same of three items":   {symmetric([]float64{3}, []float64{2, 10.0 / 3}, []float64{0.5, 1.0 / 3, 10.0 / 3}), Heywood},
		"a loading over 1":          {double, Heywood},
	} {
		o, why := Omega(c.m)
		undefined(t, name, o.Total, why, c.want)
		if o.Loadings != nil || o.Uniquenesses != nil {
			t.Errorf("%s: %v", name, o)
		}
	}
}

// From loadings that are all positive the search for these ends at an item
// without variance of its own, or where it is symmetric and could still go
// down to either side. The second start finds an answer that fits better; only
// if no start finds a better one the first end stands.
func TestOmegaStartsTwice(t *testing.T) {
	for name, c := range map[string]struct {
		m    Symmetric
		want Undefined
	}{
		"better":    {symmetric([]float64{1}, []float64{0.04, 1}, []float64{-0.21, -0.18, 1}, []float64{0.16, -0.27, 0.07, 1}), ""},
		"symmetric": {symmetric([]float64{1}, []float64{-0.26, 1}, []float64{-0.19, -0.08, 1}, []float64{-0.08, -0.19, 0.29, 1}), ""},
		"worse": {symmetric([]float64{1}, []float64{0.16, 1}, []float64{0.21, -0.28, 1}, []float64{0.16, 0.64, -0.59, 1},
			[]float64{0.52, -0.74, 0.3, -0.46, 1}), Heywood},
	} {
		starts := factorStarts(c.m)
		first, second := searchFactor(c.m, starts[0]), searchFactor(c.m, starts[1])
		if first.proper() == "" || second.proper() != "" || (second.misfit < first.misfit) != (c.want == "") {
			t.Errorf("%s is no example: %q %v, %q %v", name, first.proper(), first.misfit, second.proper(), second.misfit)
		}
		o, why := Omega(c.m)
		undefined(t, name, o.Total, why, c.want)
	}
}

// The even start finds a proper answer for these eight people (they are in
// reliability.R), but R's factanal, given many starts, finds a better one.
func TestOmegaIsTheBestOfAllFits(t *testing.T) {
	byName, want := matrices(t)
	m := byName["hidden"]
	correlations, _ := m.Correlations()
	factor, _, _ := decompose(correlations, 0)
	misfit := func(p factorPoint) float64 { return p.misfit - factor.logDeterminant() } // factanal's
	starts := factorStarts(correlations)
	first := searchFactor(correlations, starts[0])
	if len(starts) != 7 || first.proper() != "" || !(math.Abs(misfit(first)-0.785) < 0.001) {
		t.Errorf("%d starts; the first ends with %v (%s), so this is no example", len(starts), misfit(first), first.proper())
	}
	o, why := Omega(m)
	best := newFactorModel(5)
	for i := range best.k {
		best.loadings[i], best.roots[i] = o.Loadings[i], math.Sqrt(o.Uniquenesses[i])
	}
	p, _ := factorAt(correlations, best)
	// 200 random starts of factanal, R 4.
	if why != "" || !(math.Abs(misfit(p)-0.67777734977) < 1e-9) || !(math.Abs(o.Total-0.504259317) < 1e-8) {
		t.Errorf("omega %v (%s) of misfit %v", o.Total, why, misfit(p))
	}
	r := comparison{t: t, tolerance: 1e-10}
	r.same("omega", o.Total, why, want["hidden.omega"])
	r.report(1)
}

// No random start finds a better fit than the starts that are tried, but for
// one matrix in a thousand.
func TestOmegaStartsSuffice(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 12))
	worse := 0
	for round := range 300 {
		correlations, _ := wildCovariances(random, 3+round%6).Correlations()
		if _, why := independent(correlations); why != "" {
			continue
		}
		fit, _ := factorFit(correlations)
		best, ok := factorAt(correlations, fit)
		if !ok {
			t.Fatalf("%v has no fit", correlations.cells)
		}
		for range 10 {
			start := newFactorModel(correlations.k)
			for i := range start.k {
				start.loadings[i] = 1.9*random.Float64() - 0.95
				start.roots[i] = math.Sqrt(1 - start.loadings[i]*start.loadings[i])
			}
			if searchFactor(correlations, start).misfit < best.misfit-1e-7 {
				worse++
				break
			}
		}
	}
	if worse > 1 {
		t.Errorf("%d matrices of 300 have a better fit", worse)
	}
}

// Loadings that cancel each other out leave nothing in common to the total.
func TestOmegaOfBalancedItems(t *testing.T) {
	m := symmetric([]float64{1}, []float64{0.5, 1}, []float64{-0.4, -0.5, 1}, []float64{-0.45, -0.4, 0.5, 1})
	for range 4 {
		o, why := Omega(m)
		if why != "" || o.Total != 0 || o.Standardized != 0 || !(o.Loadings[0] > 0.6) {
			t.Errorf("omega = %v (%s), want 0", o, why)
		}
		m = permuted(m, []int{2, 0, 3, 1})
	}
}

// A model that holds exactly is found again, whatever signs and sizes its
// loadings have, and omega is the best possible: alpha is never above it.
func TestOmegaFindsTheModel(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	r := comparison{t: t, tolerance: 1e-9}
	for range 300 {
		loadings := make([]float64, 3+random.IntN(12))
		sum := 0.0
		for i := range loadings {
			loadings[i] = 0.15 + 0.84*random.Float64()
			if random.IntN(4) == 0 {
				loadings[i] *= -1
			}
			sum += loadings[i]
		}
		m := oneFactor(loadings...)
		o, why := Omega(m)
		sign := math.Copysign(1, sum)
		for i, l := range loadings {
			if len(o.Loadings) > i {
				r.same("loading", o.Loadings[i], why, sign*l)
			}
		}
		alpha, undefinedAlpha := RawAlpha(m)
		if why != "" || (undefinedAlpha == "" && alpha > o.Total+1e-9) {
			t.Errorf("loadings %v: omega %v (%s), alpha %v", loadings, o, why, alpha)
		}
	}
	r.report(1500)
}

// For correlations of all sorts, the search ends, and where it has an answer
// no small change of it fits better.
func TestOmegaIsABestFit(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	reasons := map[Undefined]int{}
	steepest := 0.0
	for round := range 3000 {
		m := wildCovariances(random, 3+round%6)
		o, why := Omega(m)
		reasons[why]++
		if why != "" {
			continue
		}
		fit := newFactorModel(m.Size())
		for i := range fit.k {
			fit.loadings[i], fit.roots[i] = o.Loadings[i], math.Sqrt(o.Uniquenesses[i])
		}
		correlations, _ := m.Correlations()
		p, ok := factorAt(correlations, fit)
		if !ok || !(p.slope < 1e-12) || p.proper() != "" {
			t.Fatalf("%v: slope %v", m.cells, p.slope)
		}
		steepest = max(steepest, p.slope)
		if !(o.Total >= 0 && o.Total < 1 && o.Standardized >= 0 && o.Standardized < 1) {
			t.Errorf("%v: %v", m.cells, o)
		}
	}
	t.Logf("steepest slope %.2g; %v", steepest, reasons)
	if reasons[""] < 500 || reasons[Heywood] < 500 || reasons[Unidentified] > 30 {
		t.Errorf("reasons: %v", reasons)
	}
}

// wildCovariances are those of few to many draws with as much or little in
// common as may be.
func wildCovariances(random *rand.Rand, k int) Symmetric {
	n := k + 2 + random.IntN(1<<(1+random.IntN(8)))
	strength := random.Float64()
	loadings := make([]float64, k)
	for i := range loadings {
		loadings[i] = strength * random.NormFloat64()
	}
	rows := make([][]float64, n)
	means := make([]float64, k)
	for r := range rows {
		rows[r] = make([]float64, k)
		f := random.NormFloat64()
		for i, l := range loadings {
			rows[r][i] = l*f + random.NormFloat64()
			means[i] += rows[r][i] / float64(n)
		}
	}
	m := NewSymmetric(k)
	for i := range k {
		for j := range i + 1 {
			sum := 0.0
			for _, row := range rows {
				sum += (row[i] - means[i]) * (row[j] - means[j])
			}
			m.Set(i, j, sum/float64(n-1))
		}
	}
	return m
}

// The derivatives that the search steers by, against differences.
func TestFactorDerivatives(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 10))
	correlations, _ := wildCovariances(random, 4).Correlations()
	m := factorModel{4, []float64{0.5, -0.3, 0.8, 0.1}, []float64{0.7, 0.9, 0.4, 1.1}}
	at, _ := factorAt(correlations, m)
	const h = 1e-5
	moved := func(i int, by float64) factorPoint {
		move := make([]float64, 8)
		move[i] = -by
		p, _ := factorAt(correlations, m.minus(move))
		return p
	}
	for i := range 8 {
		up, down := moved(i, h), moved(i, -h)
		if d := (up.misfit - down.misfit) / (2 * h); !(math.Abs(d-at.gradient[i]) < 1e-7) {
			t.Errorf("gradient %d is %v, differences say %v", i, at.gradient[i], d)
		}
		for j := range 8 {
			if d := (up.gradient[j] - down.gradient[j]) / (2 * h); !(math.Abs(d-at.hessian.At(i, j)) < 1e-6) {
				t.Errorf("hessian %d, %d is %v, differences say %v", i, j, at.hessian.At(i, j), d)
			}
		}
	}
}

func BenchmarkOmega(b *testing.B) {
	for _, k := range []int{3, 5, 10, 20, 40} {
		m := wildCovariances(rand.New(rand.NewPCG(uint64(k), 1)), k)
		for i := range k { // something in common, so that there is an answer
			for j := range i + 1 {
				m.Set(i, j, m.At(i, j)+1)
			}
		}
		b.Run(indexed("k", k-1), func(b *testing.B) {
			for b.Loop() {
				Omega(m)
			}
		})
	}
}
