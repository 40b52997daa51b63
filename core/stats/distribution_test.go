package stats

import (
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"testing"
)

// grid reads testdata/distribution.tsv: for each function its arguments, the
// exact value (by R's Rmpfr in 320 bits, see distribution.R) and what base R
// gives.
func grid(t testing.TB) []gridRow {
	t.Helper()
	f, err := os.Open("testdata/distribution.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma = '\t'
	lines, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []gridRow
	for _, l := range lines[1:] {
		row := gridRow{function: l[0]}
		for i := range row.arg {
			if l[1+i] != "-" {
				row.arg[i] = number(t, l[1+i])
			}
		}
		row.exact, row.r = number(t, l[4]), number(t, l[5])
		rows = append(rows, row)
	}
	return rows
}

type gridRow struct {
	function string
	arg      [3]float64
	exact, r float64
}

func number(t testing.TB, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// apart is the relative distance of got from want, or the absolute one where
// want is 0.
func apart(got, want float64) float64 {
	if got == want {
		return 0
	}
	if want == 0 {
		return math.Abs(got)
	}
	return math.Abs(got-want) / math.Abs(want)
}

var distributions = map[string]func(a, b, c float64) float64{
	"t.quantile":      func(p, df, _ float64) float64 { return StudentTQuantile(p, df) },
	"t.cdf":           func(t, df, _ float64) float64 { return StudentTCDF(t, df) },
	"f.quantile":      FQuantile,
	"f.cdf":           FCDF,
	"f.tail":          FTail,
	"beta.quantile":   BetaQuantile,
	"beta.cdf":        BetaCDF,
	"normal.quantile": func(p, _, _ float64) float64 { return NormalQuantile(p) },
	"normal.cdf":      func(x, _, _ float64) float64 { return NormalCDF(x) },
}

func TestDistributionsAgainstExactValues(t *testing.T) {
	worst, seen := map[string]float64{}, map[string]int{}
	for _, row := range grid(t) {
		got := distributions[row.function](row.arg[0], row.arg[1], row.arg[2])
		off := apart(got, row.exact)
		worst[row.function] = max(worst[row.function], off)
		seen[row.function]++
		if !(off <= 2.5e-14) {
			t.Errorf("%s%v = %.17g, want %.17g (off by %.1e; base R %.17g)",
				row.function, row.arg, got, row.exact, off, row.r)
		}
	}
	for f := range distributions {
		if seen[f] == 0 {
			t.Errorf("no reference values for %s", f)
		}
		t.Logf("%-16s %4d values, largest relative error %.1e", f, seen[f], worst[f])
	}
}

// Base R errs by up to 1e-9 where one of the degrees of freedom is small, and
// returns nonsense for a few extreme F quantiles; where it can be trusted to
// 1e-13 the two must agree that well.
func TestDistributionsAgainstBaseR(t *testing.T) {
	agree, rows := 0, grid(t)
	for _, row := range rows {
		if apart(row.r, row.exact) > 1e-13 {
			continue
		}
		agree++
		got := distributions[row.function](row.arg[0], row.arg[1], row.arg[2])
		if off := apart(got, row.r); !(off <= 2e-13) {
			t.Errorf("%s%v = %.17g, base R %.17g (off by %.1e)", row.function, row.arg, got, row.r, off)
		}
	}
	if agree < len(rows)*3/4 {
		t.Errorf("base R agrees with the reference on %d of %d values only", agree, len(rows))
	}
	t.Logf("base R agrees with the reference on %d of %d values", agree, len(rows))
}

// Values known in closed form.
func TestDistributionsByHand(t *testing.T) {
	for name, c := range map[string]struct{ got, want float64 }{
		// By mpmath in 40 digits: a and b whose sum is no float64.
		"unequal parameters":             {BetaCDF(1-0x1p-30, 5e8, 0.1), 0.06288891278436305},
		"t with 1 df is Cauchy":          {StudentTQuantile(0.75, 1), 1},
		"t with 2 df":                    {StudentTQuantile(0.9, 2), 0.8 * math.Sqrt(1/(2*0.9*0.1))},
		"t is symmetric":                 {StudentTQuantile(0.0625, 7), -StudentTQuantile(0.9375, 7)},
		"t at 0":                         {StudentTCDF(0, 3), 0.5},
		"median of t":                    {StudentTQuantile(0.5, 3), 0},
		"F is t squared":                 {FQuantile(0.5, 1, 12), math.Pow(StudentTQuantile(0.75, 12), 2)},
		"F with 2 and 2 df":              {FCDF(3, 2, 2), 0.75},
		"upper tail of it":               {FTail(3, 2, 2), 0.25},
		"F in reverse":                   {FTail(2.5, 3, 8), FCDF(0.4, 8, 3)},
		"uniform":                        {BetaCDF(0.3, 1, 1), 0.3},
		"power":                          {BetaCDF(0.5, 3, 1), 0.125},
		"arcsine":                        {BetaQuantile(0.25, 0.5, 0.5), math.Pow(math.Sin(math.Pi/8), 2)},
		"normal at 0":                    {NormalCDF(0), 0.5},
		"normal by erfc":                 {NormalCDF(-1), math.Erfc(1/math.Sqrt2) / 2},
		"t with many df is nearly that":  {StudentTCDF(-1, 1e15), NormalCDF(-1)},
		"the usual 1.96":                 {NormalQuantile(0.975), 1.9599639845400545},
		"symmetric normal":               {NormalQuantile(0.125), -NormalQuantile(0.875)},
		"far tail that underflows for t": {StudentTCDF(-1e5, 1e9), 0},
	} {
		if off := apart(c.got, c.want); !(off <= 2e-14) {
			t.Errorf("%s: %.17g, want %.17g", name, c.got, c.want)
		}
	}
}

func TestDistributionsAtTheirEnds(t *testing.T) {
	inf := math.Inf(1)
	for name, c := range map[string]struct{ got, want float64 }{
		"t quantile of 0":      {StudentTQuantile(0, 5), -inf},
		"t quantile of 1":      {StudentTQuantile(1, 5), inf},
		"t CDF at -Inf":        {StudentTCDF(-inf, 5), 0},
		"t CDF at +Inf":        {StudentTCDF(inf, 5), 1},
		"F quantile of 0":      {FQuantile(0, 5, 6), 0},
		"F quantile of 1":      {FQuantile(1, 5, 6), inf},
		"F CDF at 0":           {FCDF(0, 5, 6), 0},
		"F CDF at +Inf":        {FCDF(inf, 5, 6), 1},
		"F tail at +Inf":       {FTail(inf, 5, 6), 0},
		"beta CDF at 0":        {BetaCDF(0, 2, 3), 0},
		"beta CDF at 1":        {BetaCDF(1, 2, 3), 1},
		"beta quantile of 0":   {BetaQuantile(0, 2, 3), 0},
		"beta quantile of 1":   {BetaQuantile(1, 2, 3), 1},
		"normal quantile of 0": {NormalQuantile(0), -inf},
		"normal quantile of 1": {NormalQuantile(1), inf},
		"normal CDF at -Inf":   {NormalCDF(-inf), 0},
		"normal CDF at +Inf":   {NormalCDF(inf), 1},
	} {
		if c.got != c.want {
			t.Errorf("%s = %v, want %v", name, c.got, c.want)
		}
	}
	nan := math.NaN()
	for name, got := range map[string]float64{
		"t with 0 df":          StudentTQuantile(0.5, 0),
		"t with infinite df":   StudentTCDF(0.5, inf),
		"t quantile of 2":      StudentTQuantile(2, 3),
		"t CDF at NaN":         StudentTCDF(nan, 3),
		"F at less than 0":     FCDF(-1, 2, 3),
		"F quantile of NaN":    FQuantile(nan, 2, 3),
		"beta over 1":          BetaCDF(1.5, 2, 3),
		"beta with negative b": BetaQuantile(0.5, 2, -3),
		"normal at NaN":        NormalCDF(nan),
		"normal quantile of 2": NormalQuantile(2),
	} {
		if !math.IsNaN(got) {
			t.Errorf("%s = %v, want NaN", name, got)
		}
	}
}

// Quantile and CDF are each other's inverse, also off the reference grid.
func TestQuantilesInvertTheirCDF(t *testing.T) {
	for _, p := range []float64{1e-40, 1e-30, 1e-9, 0.003, 0.2, 0.4999999, 0.5, 0.62, 0.97} {
		for _, df := range []float64{0.3, 1, 1.7, 6, 48.25, 3e3, 2e7} {
			if off := apart(StudentTCDF(StudentTQuantile(p, df), df), p); off > 2e-12 {
				t.Errorf("t with %v df at p = %v: off by %.1e", df, p, off)
			}
			for _, d2 := range []float64{0.7, 5, 900} {
				if off := apart(FCDF(FQuantile(p, df, d2), df, d2), p); off > 2e-12 {
					t.Errorf("F with %v and %v df at p = %v: off by %.1e", df, d2, p, off)
				}
			}
		}
		if off := apart(NormalCDF(NormalQuantile(p)), p); off > 1e-12 {
			t.Errorf("normal at p = %v: off by %.1e", p, off)
		}
	}
}

func TestQuantilesRise(t *testing.T) {
	for _, df := range []float64{1, 2.5, 30, 1e7} {
		lastT, lastF, lastN := math.Inf(-1), -1.0, math.Inf(-1)
		for i := 1; i < 4000; i++ {
			p := float64(i) / 4000
			q, f, n := StudentTQuantile(p, df), FQuantile(p, df, 7), NormalQuantile(p)
			if !(q > lastT && f > lastF && n > lastN) {
				t.Fatalf("a quantile does not rise at p = %v, df = %v", p, df)
			}
			lastT, lastF, lastN = q, f, n
		}
	}
}

var sink float64

func BenchmarkStudentTQuantile(b *testing.B) {
	for _, df := range []float64{4, 2799, 1e9} {
		b.Run(strconv.FormatFloat(df, 'g', -1, 64), func(b *testing.B) {
			for b.Loop() {
				sink = StudentTQuantile(0.975, df)
			}
		})
	}
}

func BenchmarkFQuantile(b *testing.B) {
	for _, df := range []float64{10, 2799, 1e6, 1e9} {
		b.Run(strconv.FormatFloat(df, 'g', -1, 64), func(b *testing.B) {
			for b.Loop() {
				sink = FQuantile(0.975, df, 4*df)
			}
		})
	}
}

func BenchmarkBetaQuantile(b *testing.B) {
	for b.Loop() {
		sink = BetaQuantile(0.975, 2.5, 40)
	}
}

func BenchmarkNormalQuantile(b *testing.B) {
	for b.Loop() {
		sink = NormalQuantile(0.975)
	}
}
