package stats

import (
	"math"
	"os"
	"strings"
	"testing"
)

func TestChiSquareAgainstExactValues(t *testing.T) {
	text, err := os.ReadFile("testdata/chisquare.tsv")
	if err != nil {
		t.Fatal(err)
	}
	functions := map[string]func(x, df float64) float64{
		"cdf": ChiSquareCDF, "tail": ChiSquareTail, "quantile": ChiSquareQuantile,
	}
	worst, seen := map[string]float64{}, map[string]int{}
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.TrimSpace(line), "\t")
		x, df, want := number(t, cells[1]), number(t, cells[2]), number(t, cells[3])
		got := functions[cells[0]](x, df)
		off := apart(got, want)
		worst[cells[0]] = max(worst[cells[0]], off)
		seen[cells[0]]++
		if !(off <= 1e-13) {
			t.Errorf("%s(%v, %v) = %.17g, want %.17g (off by %.1e)", cells[0], x, df, got, want, off)
		}
	}
	for name := range functions {
		if seen[name] < 80 {
			t.Errorf("%d reference values for %s only", seen[name], name)
		}
		t.Logf("%-9s %3d values, largest relative error %.1e", name, seen[name], worst[name])
	}
}

func TestChiSquareByHand(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for name, c := range map[string]struct{ got, want float64 }{
		"2 df are exponential":     {ChiSquareTail(3, 2), exp(-1.5)},
		"far tail of 2 df":         {ChiSquareTail(200, 2), exp(-100)},
		"1 df is a normal squared": {ChiSquareTail(4, 1), 2 * NormalCDF(-2)},
		"the usual 3.84":           {ChiSquareQuantile(0.95, 1), math.Pow(NormalQuantile(0.975), 2)},
		"at 0":                     {ChiSquareCDF(0, 3), 0},
		"tail at 0":                {ChiSquareTail(0, 3), 1},
		"at infinity":              {ChiSquareCDF(inf, 3), 1},
		"tail at infinity":         {ChiSquareTail(inf, 3), 0},
		"quantile of 0":            {ChiSquareQuantile(0, 3), 0},
		"quantile of 1":            {ChiSquareQuantile(1, 3), inf},
	} {
		if off := apart(c.got, c.want); !(off <= 2e-14) {
			t.Errorf("%s: %.17g, want %.17g", name, c.got, c.want)
		}
	}
	for name, got := range map[string]float64{
		"0 df": ChiSquareTail(1, 0), "negative x": ChiSquareCDF(-1, 2), "NaN": ChiSquareTail(nan, 2),
		"infinite df": ChiSquareQuantile(0.5, inf), "p of 2": ChiSquareQuantile(2, 3),
	} {
		if !math.IsNaN(got) {
			t.Errorf("%s: %v, want NaN", name, got)
		}
	}
}

func TestChiSquareQuantilesInvertTheirCDF(t *testing.T) {
	for _, df := range []float64{0.02, 0.3, 0.81, 1, 1.7, 2, 7, 48.25, 3e3, 2e6} {
		last := -1.0
		for _, p := range []float64{1e-40, 1e-20, 1e-9, 0.003, 0.2, 0.4999, 0.5, 0.5001, 0.62, 0.97, 0.99999} {
			q := ChiSquareQuantile(p, df)
			if q < last || math.IsNaN(q) {
				t.Errorf("quantile of %v with %v df is %v, after %v", p, df, q, last)
			}
			last = q
			// Quantiles under 10^-300 have no digits left.
			if off := apart(ChiSquareCDF(q, df), p); q > 1e-300 && !(off <= 1e-11) {
				t.Errorf("%v df at p = %v: off by %.1e", df, p, off)
			}
		}
	}
}
