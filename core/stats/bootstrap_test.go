package stats

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
)

func TestQuantileAgainstR(t *testing.T) {
	c := &closeness{t: t, tolerance: 1e-15}
	for _, l := range reference(t, "quantile", 4) {
		n := int(l[0])
		var got []float64
		for _, p := range []float64{0.025, 0.25, 0.5, 0.975} {
			got = append(got, quantile(slices.Clone(l[1:1+n]), p))
		}
		c.all("quantile", got, l[1+n:])
	}
	c.log()
}

func TestPartition(t *testing.T) {
	r := rand.New(rand.NewPCG(1961, 1))
	for range 5000 {
		values := make([]float64, 1+r.IntN(40))
		for i := range values {
			values[i] = float64(r.IntN(1 + r.IntN(30)))
		}
		sorted, rank := slices.Sorted(slices.Values(values)), r.IntN(len(values))
		given := slices.Clone(values)
		partition(values, rank)
		if values[rank] != sorted[rank] || rank+1 < len(values) && slices.Min(values[rank+1:]) < values[rank] {
			t.Fatalf("rank %d of %v: %v", rank, given, values)
		}
		if slices.Sort(values); !slices.Equal(values, sorted) {
			t.Fatalf("%v became %v", given, values)
		}
	}
}

type caseBootstrap struct {
	First50 struct {
		Values    []float64
		B         int
		FiveSeeds []struct{ Lo, Mid, Hi float64 } `json:"five_seeds"`
		Mean      float64
	} `json:"first50_agree_available"`
	First7 struct {
		Values []float64
		Lo, Hi float64
		SD     float64 `json:"boot_sd"`
	} `json:"exact_first7"`
}

func TestBootstrapOfBFI(t *testing.T) {
	loadCase(t, "bfi") // or skip
	text, err := os.ReadFile(cases + "bfi.expected.json")
	if err != nil {
		t.Fatal(err)
	}
	var want struct{ Bootstrap caseBootstrap }
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	seven := want.Bootstrap.First7
	all, why := BootstrapMean(seven.Values, Resampling{Level: 0.95})
	defined(t, why)
	if !all.Exact || len(seven.Values) != 7 {
		t.Errorf("%d values, exact: %v", len(seven.Values), all.Exact)
	}
	c := &closeness{t: t, tolerance: 1e-14}
	c.all("seven values", []float64{all.Interval.Low, all.Interval.High}, []float64{seven.Lo, seven.Hi})
	c.tolerance = 1e-12
	c.all("seven values", []float64{all.SD}, []float64{seven.SD})
	c.log()

	fifty := want.Bootstrap.First50
	if len(fifty.Values) != 50 || len(fifty.FiveSeeds) != 5 {
		t.Fatalf("%d values and %d seeds, want 50 and 5", len(fifty.Values), len(fifty.FiveSeeds))
	}
	lows, highs := Interval{9, 0}, Interval{9, 0}
	for _, s := range fifty.FiveSeeds {
		lows = Interval{min(lows.Low, s.Lo), max(lows.High, s.Lo)}
		highs = Interval{min(highs.Low, s.Hi), max(highs.High, s.Hi)}
	}
	// Five seeds spread over some two standard errors; one of their steps is
	// 0.004, the means' own.
	for _, key := range []string{"a", "b", "c", "d"} {
		got, why := BootstrapMean(fifty.Values, Resampling{Key: key, Replicates: fifty.B, Level: 0.95})
		defined(t, why)
		ends := got.Interval
		const step = 0.004 + 1e-9
		if ends.Low < lows.Low-step || ends.Low > lows.High+step || ends.High < highs.Low-step || ends.High > highs.High+step {
			t.Errorf("key %s: %v, want about %v to %v", key, ends, lows, highs)
		}
	}
}

func TestSpread(t *testing.T) {
	values := []float64{1, 2, 6}
	if some, all := spread(values, false), spread(values, true); apart(some, math.Sqrt(7)) > 1e-15 || apart(all, math.Sqrt(14.0/3)) > 1e-15 {
		t.Errorf("%v and %v", some, all)
	}
	if one := spread(values[:1], false); one != 0 {
		t.Errorf("of one replicate: %v", one)
	}
}

// All resamples of few values have the mean of the values and, by hand, a
// variance of Σ(x-mean)²/n².
func TestAllResamples(t *testing.T) {
	b, why := BootstrapMean([]float64{5, 1, 3}, Resampling{Level: 0.5})
	defined(t, why)
	// 27 means: 1, 3 × 5/3, 6 × 7/3, 7 × 3, 6 × 11/3, 3 × 13/3, 5; ranks 6.5 and 19.5
	if !b.Exact || apart(b.Interval.Low, 7.0/3) > 1e-15 || apart(b.Interval.High, 11.0/3) > 1e-15 ||
		apart(b.SD, math.Sqrt(8.0/9)) > 1e-14 {
		t.Errorf("%v", b)
	}
}

func TestBootstrapMeans(t *testing.T) {
	r := rand.New(rand.NewPCG(1979, 1))
	for range 200 {
		values := make([]float64, 1+r.IntN(30))
		if len(values) == 6 || len(values) == 7 {
			continue // slow
		}
		for i := range values {
			values[i] = 1 + 4*r.Float64()
		}
		how := Resampling{Key: "k", Replicates: 1 + r.IntN(300), Level: 0.9}
		b, why := BootstrapMean(values, how)
		defined(t, why)
		low, high := slices.Min(values), slices.Max(values)
		if !(low <= b.Interval.Low+1e-12 && b.Interval.Low <= b.Interval.High && b.Interval.High <= high+1e-12) || !finite(b.SD) {
			t.Fatalf("%v: %v", values, b)
		}
		r.Shuffle(len(values), func(i, j int) { values[i], values[j] = values[j], values[i] })
		if other, _ := BootstrapMean(values, how); other != b {
			t.Fatalf("%v in another order: %v", b, other)
		}
	}
	// Many replicates agree with the mean's standard error.
	values := make([]float64, 100)
	m := Moments{}
	for i := range values {
		values[i] = float64(i % 5)
		m.Add(int64(i % 5))
	}
	b, _ := BootstrapMean(values, Resampling{Key: "x", Replicates: 20000, Level: 0.95})
	v, _ := m.Variance()
	if off := apart(b.SD, math.Sqrt(v*0.99/100)); b.Exact || off > 0.02 {
		t.Errorf("%v, off by %v", b, off)
	}
}

func TestUndefinedBootstraps(t *testing.T) {
	good := Resampling{Key: "k", Level: 0.95}
	for name, c := range map[string]struct {
		values []float64
		how    Resampling
		want   Undefined
	}{
		"no values":   {nil, good, NoAnswers},
		"NaN":         {[]float64{1, math.NaN()}, good, Contradiction},
		"infinite":    {[]float64{1, math.Inf(-1)}, good, Contradiction},
		"level of 1":  {[]float64{1, 2}, Resampling{Level: 1}, BadLevel},
		"no level":    {[]float64{1, 2}, Resampling{}, BadLevel},
		"single is 5": {[]float64{5}, good, ""},
	} {
		b, why := BootstrapMean(c.values, c.how)
		if why != c.want || why != "" && b != (MeanBootstrap{}) {
			t.Errorf("%s: %v %q, want %q", name, b, why, c.want)
		}
	}
}
