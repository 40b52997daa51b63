package stats

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
)

// reference reads the lines of testdata/effect.tsv that have that name.
func reference(t testing.TB, name string, least int) [][]float64 {
	t.Helper()
	text, err := os.ReadFile("testdata/effect.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var lines [][]float64
	for line := range strings.Lines(string(text)) {
		n, values, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if n != name {
			continue
		}
		var numbers []float64
		for _, v := range strings.Fields(values) {
			numbers = append(numbers, number(t, strings.ReplaceAll(v, "NA", "NaN")))
		}
		lines = append(lines, numbers)
	}
	if len(lines) < least {
		t.Fatalf("%d lines of reference values for %s, want %d", len(lines), name, least)
	}
	return lines
}

// closeness compares figures with R's and remembers the largest deviation.
type closeness struct {
	t         testing.TB
	tolerance float64
	compared  int
	worst     float64
}

func (c *closeness) all(name string, got, want []float64) {
	c.t.Helper()
	if len(got) != len(want) {
		c.t.Fatalf("%s: %d figures, want %d", name, len(got), len(want))
	}
	for i := range got {
		// Figures near 0 are differences of larger ones.
		off := min(apart(got[i], want[i]), math.Abs(got[i]-want[i])*10)
		if math.IsNaN(got[i]) && math.IsNaN(want[i]) {
			off = 0
		}
		if !(off <= c.tolerance) {
			c.t.Errorf("%s: figure %d is %.17g, want %.17g", name, i, got[i], want[i])
		}
		c.compared++
		c.worst = max(c.worst, off)
	}
}

// relative is for figures that are accurate however small they are.
func (c *closeness) relative(name string, got, want float64) {
	c.t.Helper()
	off := apart(got, want)
	if !(off <= c.tolerance) {
		c.t.Errorf("%s is %.17g, want %.17g", name, got, want)
	}
	c.compared++
	c.worst = max(c.worst, off)
}

func (c *closeness) log() {
	c.t.Helper()
	c.t.Logf("%d figures, largest deviation %.1e", c.compared, c.worst)
}

func defined(t testing.TB, why Undefined) {
	t.Helper()
	if why != "" {
		t.Fatal(why)
	}
}

func TestTwoSamplesAgainstR(t *testing.T) {
	c := &closeness{t: t, tolerance: 1e-13}
	for _, l := range reference(t, "two", 18) {
		a, b := Sample{int64(l[0]), l[1], l[2]}, Sample{int64(l[3]), l[4], l[5]}
		w, why := Welch(a, b, l[6])
		defined(t, why)
		e, why := EffectSize(a, b, l[6])
		defined(t, why)
		c.all("two samples", []float64{w.Difference, w.Interval.Low, w.Interval.High, w.T, w.DF}, l[7:12])
		c.relative("p", w.P, l[12])
		c.all("effect", []float64{e.D, e.G, e.SE, e.Interval.Low, e.Interval.High}, l[13:])
	}
	c.log()
}

func TestPairsAgainstR(t *testing.T) {
	c := &closeness{t: t, tolerance: 1e-13}
	for _, l := range reference(t, "paired", 12) {
		s := Sample{int64(l[0]), l[1], l[2]}
		w, why := PairedT(s, 0.95)
		defined(t, why)
		e, why := PairedEffect(s, 0.95)
		defined(t, why)
		if w.Difference != s.Mean || w.DF != l[0]-1 {
			t.Errorf("difference %v with %v df", w.Difference, w.DF)
		}
		c.all("pairs", []float64{w.Interval.Low, w.Interval.High, w.T}, l[3:6])
		c.relative("p", w.P, l[6])
		c.all("effect", []float64{e.D, e.G, e.SE, e.Interval.Low, e.Interval.High}, l[7:])
	}
	c.log()
}

// By mpmath in 60 digits.
func TestHedgesFactor(t *testing.T) {
	for df, want := range map[float64]float64{
		2: 0.5641895835477563, 3: 0.7236012545582676, 4: 0.7978845608028654, 5: 0.8407486824596893,
		10: 0.9227456080530871, 33.5: 0.9774151733803973, 100: 0.9924780549814448, 2798: 0.9997319234489552,
		1e5: 0.9999924999781249, 1e7: 0.9999999249999978, 1e9: 0.99999999925, 1e15: 0.9999999999999992,
	} {
		if got := hedgesFactor(df); !(apart(got, want) <= 3e-16) {
			t.Errorf("factor with %v df = %.17g, want %.17g", df, got, want)
		}
	}
	// Γ(z+½)/Γ(z-½) = z-½, so that two neighbors multiply to this.
	for df := 2.0; df < 1e12; df = math.Ceil(df * 1.07) {
		got, want := hedgesFactor(df)*hedgesFactor(df+1), (df-1)/math.Sqrt(df)/math.Sqrt(df+1)
		if off := apart(got, want); !(off <= 1e-15) {
			t.Errorf("factors with %v and %v df multiply to %.17g, want %.17g", df, df+1, got, want)
		}
	}
}

func TestHolmAgainstR(t *testing.T) {
	c := &closeness{t: t, tolerance: 1e-15}
	for _, l := range reference(t, "holm", 8) {
		n := int(l[0])
		c.all("holm", Holm(l[1:1+n]), l[1+n:])
	}
	c.log()
	if got := Holm([]float64{0.01, 2, -1, 0.04, math.Inf(1)}); got[0] != 0.02 || got[3] != 0.04 ||
		!math.IsNaN(got[1]) || !math.IsNaN(got[2]) || !math.IsNaN(got[4]) {
		t.Errorf("values that are no probabilities: %v", got)
	}
	if got := Holm(nil); len(got) != 0 {
		t.Errorf("no tests: %v", got)
	}
}

// Whatever the order of the tests, each gets the same; adjusted values keep
// the order of the given ones.
func TestHolmDoesNotDependOnOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		p := make([]float64, 1+r.IntN(12))
		for i := range p {
			p[i] = float64(r.IntN(20)) / 100
		}
		adjusted, order := Holm(p), r.Perm(len(p))
		mixed := make([]float64, len(p))
		for to, from := range order {
			mixed[to] = p[from]
		}
		for to, v := range Holm(mixed) {
			if v != adjusted[order[to]] {
				t.Fatalf("%v gives %v, but %v in another order", p, adjusted, v)
			}
		}
		for i := range p {
			for j := range p {
				if p[i] <= p[j] && !(adjusted[i] <= adjusted[j]) || adjusted[i] < p[i] || adjusted[i] > 1 {
					t.Fatalf("%v gives %v", p, adjusted)
				}
			}
		}
	}
}

func randomSample(r *rand.Rand) Sample {
	s := Sample{N: 2 + r.Int64N(10), Mean: 1 + 4*r.Float64(), SD: 2 * r.Float64()}
	if r.IntN(3) == 0 {
		s.N = 1 + int64(math.Exp(20*r.Float64())) + 1
	}
	if r.IntN(8) == 0 {
		s.SD *= math.Exp(20 * r.NormFloat64())
		s.Mean *= math.Exp(10 * r.NormFloat64())
	}
	if r.IntN(8) == 0 {
		s.SD = 0
	}
	return s
}

func finite(values ...float64) bool {
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}

// Swapping the samples turns all signs, to the last bit; figures are finite
// and where they belong.
func TestComparisonsAreSymmetricAndFinite(t *testing.T) {
	r := rand.New(rand.NewPCG(1908, 1947))
	for range 20000 {
		a, b, level := randomSample(r), randomSample(r), 0.5+0.4999*r.Float64()
		w, why := Welch(a, b, level)
		v, whyNot := Welch(b, a, level)
		if why != whyNot {
			t.Fatalf("%v and %v: %q, but swapped %q", a, b, why, whyNot)
		}
		if why != "" {
			continue
		}
		if w.T != -v.T || w.P != v.P || w.DF != v.DF || w.Interval.Low != -v.Interval.High || w.Difference != -v.Difference {
			t.Fatalf("%v and %v: %v, but swapped %v", a, b, w, v)
		}
		e, why := EffectSize(a, b, level)
		defined(t, why)
		f, why := EffectSize(b, a, level)
		defined(t, why)
		if e.D != -f.D || e.G != -f.G || e.SE != f.SE || e.Interval.Low != -f.Interval.High {
			t.Fatalf("%v and %v: %v, but swapped %v", a, b, e, f)
		}
		if !finite(w.T, w.P, w.DF, w.Interval.Low, w.Interval.High, e.D, e.G, e.SE, e.Interval.Low, e.Interval.High) {
			t.Fatalf("%v and %v: %v %v", a, b, w, e)
		}
		least, most := float64(min(a.N, b.N)-1), float64(a.N+b.N-2)
		if w.P < 0 || w.P > 1 || w.DF < least*(1-1e-12) || w.DF > most*(1+1e-12) || math.Abs(e.G) > math.Abs(e.D) ||
			w.Interval.Low > w.Difference || w.Interval.High < w.Difference {
			t.Fatalf("%v and %v: %v %v", a, b, w, e)
		}
		// The test and the interval agree on whether there is a difference.
		if beyond := w.Interval.Low > 0 || w.Interval.High < 0; beyond != (w.P < 1-level) && apart(w.P, 1-level) > 1e-9 {
			t.Fatalf("%v and %v: p = %v and interval %v at %v", a, b, w.P, w.Interval, level)
		}
		pairedIsFinite(t, a, level)
	}
}

func pairedIsFinite(t *testing.T, s Sample, level float64) {
	t.Helper()
	w, why := PairedT(s, level)
	if why != "" {
		return
	}
	opposite, _ := PairedT(Sample{s.N, -s.Mean, s.SD}, level)
	if !finite(w.T, w.P, w.Interval.Low, w.Interval.High) || opposite.T != -w.T || opposite.P != w.P {
		t.Fatalf("%v: %v, and %v for the opposite", s, w, opposite)
	}
	e, why := PairedEffect(s, level)
	if (why == UnderThree) != (s.N < 3) || !finite(e.D, e.G, e.SE, e.Interval.Low, e.Interval.High) {
		t.Fatalf("%v: %v %q", s, e, why)
	}
}

// Another unit of measurement changes no effect and no test.
func TestComparisonsDoNotDependOnTheUnit(t *testing.T) {
	a, b := Sample{7, 3.25, 0.75}, Sample{12, 2.5, 1.25}
	w, _ := Welch(a, b, 0.95)
	e, _ := EffectSize(a, b, 0.95)
	for _, unit := range []float64{0x1p-400, 0x1p-30, 8, 0x1p400} {
		x, y := Sample{a.N, a.Mean * unit, a.SD * unit}, Sample{b.N, b.Mean * unit, b.SD * unit}
		v, why := Welch(x, y, 0.95)
		defined(t, why)
		f, why := EffectSize(x, y, 0.95)
		defined(t, why)
		if v.T != w.T || v.DF != w.DF || v.P != w.P || v.Interval.Low != w.Interval.Low*unit || f != e {
			t.Errorf("in units of 1/%v: %v %v, want %v %v", unit, v, f, w, e)
		}
	}
}

func TestUndefinedComparisons(t *testing.T) {
	good, nan := Sample{5, 3, 1}, math.NaN()
	for name, c := range map[string]struct {
		a, b  Sample
		level float64
		want  Undefined
	}{
		"one value":             {Sample{1, 3, 1}, good, 0.95, FewRespondents},
		"no values":             {good, Sample{}, 0.95, FewRespondents},
		"no spread":             {Sample{5, 3, 0}, Sample{9, 4, 0}, 0.95, NoVariation},
		"spread of rounding":    {Sample{5, 3, 1e-16}, Sample{9, 4, 0}, 0.95, NoVariation},
		"spread of one":         {Sample{5, 3, 0}, good, 0.95, ""},
		"negative sd":           {Sample{5, 3, -1}, good, 0.95, Contradiction},
		"NaN sd":                {Sample{5, 3, nan}, good, 0.95, Contradiction},
		"NaN mean":              {good, Sample{5, nan, 1}, 0.95, Contradiction},
		"infinite mean":         {good, Sample{5, math.Inf(1), 1}, 0.95, Contradiction},
		"level of 0":            {good, good, 0, BadLevel},
		"level of 1":            {good, good, 1, BadLevel},
		"level that is nothing": {good, good, nan, BadLevel},
	} {
		w, why := Welch(c.a, c.b, c.level)
		if why != c.want || why != "" && w != (TTest{}) {
			t.Errorf("%s: %v %q, want %q", name, w, why, c.want)
		}
		e, why := EffectSize(c.a, c.b, c.level)
		if why != c.want || why != "" && e != (Effect{}) {
			t.Errorf("%s: %v %q, want %q", name, e, why, c.want)
		}
	}
	if _, why := PairedT(Sample{1, 2, 3}, 0.9); why != FewRespondents {
		t.Errorf("one pair: %q", why)
	}
	if _, why := PairedT(Sample{9, 2, 0}, 0.9); why != NoVariation {
		t.Errorf("differences all alike: %q", why)
	}
	if _, why := PairedEffect(Sample{2, 2, 3}, 0.9); why != UnderThree {
		t.Errorf("effect of two pairs: %q", why)
	}
	if _, why := PairedEffect(Sample{2, 2, 3}, 9); why != BadLevel {
		t.Errorf("level of 9: %q", why)
	}
}

func TestGapsOfBFI(t *testing.T) {
	scales, header, rows := loadCase(t, "bfi")
	text, err := os.ReadFile(cases + "bfi.expected.json")
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		Gaps map[string]struct {
			N1, N2        int64
			Diff, P       float64
			Lo, Hi        float64
			T             float64 `json:"welch_t"`
			DF            float64 `json:"welch_df"`
			D             float64 `json:"cohen_d"`
			G             float64 `json:"hedges_g_exact"`
			StandardError float64 `json:"d_se"`
		} `json:"gap_gender_1_minus_2"`
	}
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	if len(want.Gaps) != 5 {
		t.Fatalf("%d gaps, want 5", len(want.Gaps))
	}
	gender := slices.Index(header, "gender")
	sample := func(scale, value string) Sample {
		s := collectScale(t, scales.Scales[scale], header, rows, func(r []string) bool { return r[gender] == value })
		mean, why := s.scores.Mean()
		defined(t, why)
		sd, why := s.scores.SD()
		defined(t, why)
		return Sample{s.scores.N(), mean, sd}
	}
	c := &closeness{t: t, tolerance: 2e-12} // the expected g has 12 digits: R's lgamma
	for scale, g := range want.Gaps {
		a, b := sample(scale, "1"), sample(scale, "2")
		if a.N != g.N1 || b.N != g.N2 {
			t.Errorf("%s: n = %d and %d, want %d and %d", scale, a.N, b.N, g.N1, g.N2)
		}
		w, why := Welch(a, b, 0.95)
		defined(t, why)
		e, why := EffectSize(a, b, 0.95)
		defined(t, why)
		c.all(scale, []float64{w.Difference, w.T, w.DF, w.Interval.Low, w.Interval.High, e.D, e.G, e.SE},
			[]float64{g.Diff, g.T, g.DF, g.Lo, g.Hi, g.D, g.G, g.StandardError})
		c.relative(scale+": p", w.P, g.P) // down to 10^-27
	}
	c.log()
}
