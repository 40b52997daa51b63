package stats

import (
	"math"
	"testing"
)

// The elementary functions must be as good as those of package math.
func TestElementaryFunctions(t *testing.T) {
	for x := -740.0; x < 709; x += 0.37 {
		if off := apart(exp(x), math.Exp(x)); off > 5e-16 && exp(x) > 1e-300 {
			t.Errorf("exp(%v) is off by %.1e", x, off)
		}
	}
	for x := 1e-307; x < 1e308; x *= 1.7 {
		if off := apart(ln(x), math.Log(x)); off > 3e-16 {
			t.Errorf("ln(%v) is off by %.1e", x, off)
		}
	}
	for f := -0.95; f < 3; f += 0.0131 {
		if off := math.Abs(log1pMinus(f) - (math.Log1p(f) - f)); off > 4e-16 {
			t.Errorf("log1pMinus(%v) is off by %.1e", f, off)
		}
	}
	for name, c := range map[string]struct{ got, want float64 }{
		"exp(0)":     {exp(0), 1},
		"exp(-1000)": {exp(-1000), 0},
		"exp(1000)":  {exp(1000), math.Inf(1)},
		"ln(0)":      {ln(0), math.Inf(-1)},
		// By mpmath; math.Log itself errs here on some machines.
		"ln(1e-320)":     {ln(1e-320), -736.8272408909739},
		"ln(1)":          {ln(1), 0},
		"ln(Inf)":        {ln(math.Inf(1)), math.Inf(1)},
		"tiny deviation": {log1pMinus(1e-9), -5e-19 + 1e-27/3},
	} {
		if c.got != c.want {
			t.Errorf("%s = %v, want %v", name, c.got, c.want)
		}
	}
	if !math.IsNaN(ln(-1)) || !math.IsNaN(ln(math.NaN())) || !math.IsNaN(exp(math.NaN())) {
		t.Error("NaN is expected outside the domain")
	}
}
