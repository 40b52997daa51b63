package stats

import (
	"math"
	"testing"
)

// moments checks mean and variance of what draw makes, and how much of it
// lies under some points.
func checkDrawn(t *testing.T, name string, draw func() float64, mean, variance float64, cdf func(x float64) float64) {
	t.Helper()
	const n = 200000
	sum, squares := 0.0, 0.0
	points := []float64{mean - 2*math.Sqrt(variance), mean - math.Sqrt(variance)/2, mean, mean + math.Sqrt(variance), mean + 3*math.Sqrt(variance)}
	under := make([]float64, len(points))
	for range n {
		x := draw()
		sum += x
		squares += (x - mean) * (x - mean)
		for i, p := range points {
			if x <= p {
				under[i]++
			}
		}
	}
	if off := math.Abs(sum/n-mean) / math.Sqrt(variance/n); off > 4 {
		t.Errorf("%s: the mean is %v, want %v (%.1f standard errors off)", name, sum/n, mean, off)
	}
	// The variance of a chi-squared variable with one df is known worst.
	if off := apart(squares/n, variance); off > 0.04 {
		t.Errorf("%s: the variance is %v, want %v", name, squares/n, variance)
	}
	for i, p := range points {
		want := cdf(p)
		if off := math.Abs(under[i]/n-want) / math.Sqrt(max(want*(1-want), 1e-9)/n); off > 4 {
			t.Errorf("%s: %v lie under %v, want %v (%.1f standard errors off)", name, under[i]/n, p, want, off)
		}
	}
}

func TestRandomVariables(t *testing.T) {
	s := newStream("random variables")
	checkDrawn(t, "normal", s.normal, 0, 1, NormalCDF)
	checkDrawn(t, "uniform", s.uniform, 0.5, 1.0/12, func(x float64) float64 { return min(1, max(0, x)) })
	for _, df := range []float64{1, 2, 3, 5, 24, 2799} {
		checkDrawn(t, "chi-squared", func() float64 { return s.chiSquare(df) }, df, 2*df,
			func(x float64) float64 { return ChiSquareCDF(max(0, x), df) })
	}
	for _, n := range []uint64{1, 2, 7, 1000} {
		counts := make([]float64, n)
		for range 100000 {
			counts[s.below(n)]++
		}
		chi := 0.0
		for _, c := range counts {
			expected := 100000 / float64(n)
			chi += (c - expected) * (c - expected) / expected
		}
		if n > 1 && ChiSquareTail(chi, float64(n-1)) < 1e-4 {
			t.Errorf("whole numbers below %d are uneven: chi-squared %v", n, chi)
		}
	}
}

// The method has seams at the layers' edges and in the tail.
func TestNormalVariablesCellByCell(t *testing.T) {
	const n, cells = 2_000_000, 200
	s := newStream("cell by cell")
	counts := make([]float64, cells+2)
	for range n {
		x := s.normal()
		counts[int(max(0, min(cells+1, math.Floor((x+4)*cells/8)+1)))]++
	}
	chi, under := 0.0, 0.0
	for i, c := range counts {
		to := 1.0
		if i <= cells {
			to = NormalCDF(-4 + 8*float64(i)/cells)
		}
		expected := n * (to - under)
		chi += (c - expected) * (c - expected) / expected
		under = to
	}
	if p := ChiSquareTail(chi, cells+1); p < 1e-3 {
		t.Errorf("chi-squared is %v with %v degrees of freedom, p = %v", chi, cells+1, p)
	}
	if top := s.edge[layers-1]; math.Abs(top*(1-bell(top))-(lastEdge*bell(lastEdge)+root2Pi*NormalCDF(-lastEdge))) > 1e-14 {
		t.Errorf("the top layer, %v wide, has another area than the tail", top)
	}
}

func TestStreamsDependOnTheirKey(t *testing.T) {
	if newStream("a").uniform() == newStream("b").uniform() {
		t.Error("keys make no difference")
	}
}
