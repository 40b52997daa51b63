package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestCorrelationAgainstR(t *testing.T) {
	c := &closeness{t: t, tolerance: 2e-13}
	for _, l := range reference(t, "cor", 12) {
		n := int64(l[0])
		sum := func(i int) Int { return Whole(int64(l[i])) }
		x, y := Moments{n, sum(1), sum(2)}, Moments{n, sum(3), sum(4)}
		r, why := PairSums{n, x.Sum, y.Sum, sum(5)}.Correlation(x, y)
		defined(t, why)
		a, why := Associate(r, n, 0.95)
		defined(t, why)
		c.all("correlation", []float64{a.R, a.Interval.Low, a.Interval.High}, l[6:9])
		c.relative("p", a.P, l[9])
	}
	c.log()
}

func TestCorrelationOfPerfectRelations(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 2000 {
		var x, y, z Moments
		var up, down PairSums
		factor := 1 + r.Int64N(6)
		x.Add(1)
		y.Add(factor)
		z.Add(-factor)
		up.Add(1, factor)
		down.Add(1, -factor)
		for range 1 + r.IntN(9) {
			v := 2 + r.Int64N(9)
			x.Add(v)
			y.Add(v * factor)
			z.Add(-v * factor)
			up.Add(v, v*factor)
			down.Add(v, -v*factor)
		}
		a, why := up.Correlation(x, y)
		b, whyNot := down.Correlation(x, z)
		if why != "" || whyNot != "" || a > 1 || a < 1-4e-16 || b != -a {
			t.Fatalf("%v %q and %v %q, want 1 and -1", a, why, b, whyNot)
		}
	}
}

func TestAssociations(t *testing.T) {
	r := rand.New(rand.NewPCG(19, 21))
	for range 5000 {
		v, n, level := math.Tanh(4*r.NormFloat64()), 4+r.Int64N(1<<r.IntN(30)), 0.5+0.499*r.Float64()
		a, why := Associate(v, n, level)
		b, whyNot := Associate(-v, n, level)
		if why != "" || whyNot != "" || a.Interval.Low != -b.Interval.High || a.P != b.P || a.R != -b.R {
			t.Fatalf("r = %v: %v, turned %v", v, a, b)
		}
		ends := a.Interval
		if !(ends.Low >= -1 && ends.Low <= v+1e-15 && v <= ends.High+1e-15 && ends.High <= 1 && a.P >= 0 && a.P <= 1) {
			t.Fatalf("r = %v, n = %d: %v", v, n, a)
		}
	}
	for _, v := range []float64{1e-300, 1e-9, 1e-3, 0.2, 0.26, 0.5, 0.9, 0.999999} {
		if off := apart(artanh(v), math.Atanh(v)); off > 5e-16 {
			t.Errorf("artanh(%v) is off by %.1e", v, off)
		}
		if off := math.Abs(tanh(artanh(v)) - v); off > 4e-16 {
			t.Errorf("tanh(artanh(%v)) is off by %.1e", v, off)
		}
	}
	a, why := Associate(-1, 9, 0.9)
	if why != "" || a != (Association{-1, Interval{-1, -1}, 0}) {
		t.Errorf("perfect relation: %v %q", a, why)
	}
}

func TestUndefinedCorrelations(t *testing.T) {
	for name, c := range map[string]struct {
		r     float64
		n     int64
		level float64
		want  Undefined
	}{
		"three respondents": {0.5, 3, 0.95, UnderFour},
		"more than 1":       {1.01, 9, 0.95, Overlap},
		"nothing":           {math.NaN(), 9, 0.95, Overlap},
		"rounded 1":         {1 + 1e-15, 9, 0.95, ""},
		"level of 1":        {0.5, 9, 1, BadLevel},
	} {
		if a, why := Associate(c.r, c.n, c.level); why != c.want || why != "" && a != (Association{}) {
			t.Errorf("%s: %v %q, want %q", name, a, why, c.want)
		}
	}
	var x, flat Moments
	var p, one PairSums
	one.Add(1, 2)
	for v := range int64(4) {
		x.Add(v)
		flat.Add(2)
		p.Add(v, 2)
	}
	if _, why := p.Correlation(x, flat); why != ConstantItem {
		t.Errorf("constant item: %q", why)
	}
	if _, why := one.Correlation(x, x); why != Overlap {
		t.Errorf("one respondent: %q", why)
	}
	p.Add(9, 9)
	if _, why := p.Correlation(x, x); why != Contradiction {
		t.Errorf("sums of other respondents: %q", why)
	}
}
