package stats

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

// reliabilityCase is what the reference cases have on one scale.
type reliabilityCase struct {
	caseScale
	Rows     int64 `json:"n_rows"`
	Complete int64 `json:"n_complete"`
	Alpha    struct {
		Pairwise struct {
			Raw, G6, ASE float64
			Average      float64  `json:"average_r"`
			Feldt        caseEnds `json:"feldt95_n_rows"`
		}
		Complete struct {
			Raw   float64
			Feldt caseEnds `json:"feldt95"`
		}
	}
	Stats map[string]struct {
		Pairwise    float64 `json:"raw_alpha_if_dropped_pairwise"`
		PairwiseStd float64 `json:"std_alpha_if_dropped_pairwise"`
		Complete    float64 `json:"raw_alpha_if_dropped_complete"`
	} `json:"items_stats"`
	Omega struct {
		Total        float64            `json:"omega_total"`
		Standardized float64            `json:"omega_total_std"`
		Loadings     map[string]float64 `json:"loadings_std"`
		Uniquenesses map[string]float64 `json:"uniqueness_std"`
		Heywood      bool
	}
}

type caseEnds struct{ Lo, Hi float64 }

// reliabilityCases calls f with every scale of the reference cases and its
// covariances, pairwise and complete.
func reliabilityCases(t *testing.T, f func(t *testing.T, name string, want reliabilityCase, pairwise, complete Symmetric)) {
	for _, file := range []string{"bfi", "cohesion", "lq2002"} {
		t.Run(file, func(t *testing.T) {
			var want struct {
				Scales map[string]reliabilityCase
				Scale  *reliabilityCase
				Sets   map[string]struct{ Scale reliabilityCase }
			}
			decodeCase(t, file, &want)
			scales := want.Scales
			if scales == nil {
				scales = map[string]reliabilityCase{}
			}
			if want.Scale != nil {
				scales[file] = *want.Scale
			}
			for name, set := range want.Sets {
				scales[name] = set.Scale
			}
			_, header, rows := loadCase(t, file)
			for name, scale := range scales {
				s := collectScale(t, scale.caseScale, header, rows, everyone)
				pairwise, why := Covariances(s.items, s.pairs)
				if why != "" {
					t.Fatal(why)
				}
				complete, why := Covariances(s.completeItems, s.completePairs)
				if why != "" {
					t.Fatal(why)
				}
				f(t, name, scale, pairwise, complete)
			}
		})
	}
}

func TestReliabilityOfCases(t *testing.T) {
	total := 0
	reliabilityCases(t, func(t *testing.T, name string, want reliabilityCase, pairwise, complete Symmetric) {
		r := comparison{t: t, tolerance: 1e-12}
		v, why := Lambda6(pairwise)
		r.same(name+" g6", v, why, want.Alpha.Pairwise.G6)
		v, why = AverageCorrelation(pairwise)
		r.same(name+" average r", v, why, want.Alpha.Pairwise.Average)
		v, why = AlphaStandardError(pairwise, want.Rows)
		r.same(name+" ase", v, why, want.Alpha.Pairwise.ASE)
		ends := func(which string, m Symmetric, n int64, want caseEnds) {
			alpha, why := RawAlpha(m)
			if why != "" {
				t.Fatal(why)
			}
			ci, why := AlphaInterval(alpha, n, m.Size(), 0.95)
			r.same(name+" low, "+which, ci.Low, why, want.Lo)
			r.same(name+" high, "+which, ci.High, why, want.Hi)
		}
		ends("pairwise", pairwise, want.Rows, want.Alpha.Pairwise.Feldt)
		ends("complete", complete, want.Complete, want.Alpha.Complete.Feldt)
		for j, item := range want.Items {
			item = strings.TrimPrefix(item, "-")
			v, why = AlphaIfDropped(pairwise, j)
			r.same(name+" without "+item, v, why, want.Stats[item].Pairwise)
			v, why = StandardizedAlphaIfDropped(pairwise, j)
			r.same(name+" standardized without "+item, v, why, want.Stats[item].PairwiseStd)
			v, why = AlphaIfDropped(complete, j)
			r.same(name+" complete without "+item, v, why, want.Stats[item].Complete)
		}
		r.report(16)
		total += r.compared
	})
	t.Logf("%d figures in all", total)
}

// matrices reads the matrices of testdata/reliability.tsv by their names.
func matrices(t *testing.T) (byName map[string]Symmetric, want map[string]float64) {
	t.Helper()
	want = readFigures(t, "testdata/reliability.tsv")
	byName = map[string]Symmetric{}
	for name, k := range want {
		name, ok := strings.CutSuffix(name, ".k")
		if !ok {
			continue
		}
		m := NewSymmetric(int(k))
		for i := range m.Size() {
			for j := range i + 1 {
				m.Set(i, j, want[indexed(name+".cov", i, j)])
			}
		}
		byName[name] = m
	}
	return byName, want
}

// indexed is a name in R, which counts from 1.
func indexed(name string, at ...int) string {
	for _, i := range at {
		name += "." + strconv.Itoa(i+1)
	}
	return name
}

func TestReliabilityAgainstR(t *testing.T) {
	byName, want := matrices(t)
	r := comparison{t: t, tolerance: 1e-11}
	for name, m := range byName {
		n := int64(want[name+".n"])
		alpha, why := RawAlpha(m)
		r.same(name+" raw", alpha, why, want[name+".raw"])
		v, why := StandardizedAlpha(m)
		r.same(name+" std", v, why, want[name+".std"])
		v, why = Lambda6(m)
		r.same(name+" g6", v, why, want[name+".g6"])
		v, why = AverageCorrelation(m)
		r.same(name+" average r", v, why, want[name+".average"])
		v, why = AlphaStandardError(m, n)
		r.same(name+" ase", v, why, want[name+".ase"])
		for _, percent := range []int{90, 95, 99} {
			ci, why := AlphaInterval(alpha, n, m.Size(), float64(percent)/100)
			r.same(name+" low", ci.Low, why, want[name+".low"+strconv.Itoa(percent)])
			r.same(name+" high", ci.High, why, want[name+".high"+strconv.Itoa(percent)])
		}
		for j := range m.Size() {
			if m.Size() < 3 {
				v, why = AlphaIfDropped(m, j)
				undefined(t, name+" dropped", v, why, FewItems)
				continue
			}
			v, why = AlphaIfDropped(m, j)
			r.same(name+" dropped", v, why, want[indexed(name+".dropped", j)])
			v, why = StandardizedAlphaIfDropped(m, j)
			r.same(name+" dropped std", v, why, want[indexed(name+".droppedstd", j)])
		}
	}
	r.report(1500)
	if raw := want["negative.raw"]; !(raw < 0) {
		t.Errorf("the matrix with a negative alpha has %v", raw)
	}
}

func TestUndefinedAlphaFigures(t *testing.T) {
	one := symmetric([]float64{2})
	flat := symmetric([]float64{0}, []float64{0, 1})
	twins := symmetric([]float64{1}, []float64{1, 1}, []float64{0.5, 0.5, 1})
	opposed := symmetric([]float64{1}, []float64{-1, 1})
	// Pairs of few respondents can say that a and b are opposed, and that c
	// goes with both.
	contradicting := symmetric([]float64{1}, []float64{-0.9, 1}, []float64{0.9, 0.9, 1})
	ase := func(m Symmetric) (float64, Undefined) { return AlphaStandardError(m, 10) }
	for name, c := range map[string]struct {
		m                    Symmetric
		ase, average, lambda Undefined
	}{
		"none":          {NewSymmetric(0), FewItems, FewItems, FewItems},
		"one":           {one, FewItems, FewItems, FewItems},
		"flat":          {flat, "", ConstantItem, ConstantItem},
		"twins":         {twins, "", "", Dependent},
		"opposed":       {opposed, NoVariation, "", NoVariation},
		"contradicting": {contradicting, "", "", Overlap},
		"impossible":    {symmetric([]float64{1.1}, []float64{0.6, 0.3}), Overlap, "", Overlap},
	} {
		v, why := ase(c.m)
		undefined(t, name+", standard error", v, why, c.ase)
		v, why = AverageCorrelation(c.m)
		undefined(t, name+", average correlation", v, why, c.average)
		v, why = Lambda6(c.m)
		undefined(t, name+", lambda 6", v, why, c.lambda)
	}
	v, why := AlphaStandardError(twins, 1)
	undefined(t, "standard error of one respondent", v, why, FewRespondents)
	// Three perfectly parallel items: nothing is uncertain, but for rounding.
	v, why = ase(symmetric([]float64{0.7}, []float64{0.7, 0.7}, []float64{0.7, 0.7, 0.7}))
	if why != "" || !(v < 1e-7) {
		t.Errorf("standard error of a perfect alpha = %v (%s)", v, why)
	}
}

func TestUndefinedAlphaIntervals(t *testing.T) {
	for name, c := range map[string]struct {
		alpha float64
		n     int64
		k     int
		level float64
		want  Undefined
	}{
		"fine":               {0.8, 20, 4, 0.95, ""},
		"smallest":           {0.8, 2, 2, 0.95, ""},
		"far below zero":     {-1e6, 20, 4, 0.95, ""},
		"one item":           {0.8, 20, 1, 0.95, FewItems},
		"one respondent":     {0.8, 1, 4, 0.95, FewRespondents},
		"alpha over one":     {1.1, 20, 4, 0.95, Contradiction},
		"no number":          {math.NaN(), 20, 4, 0.95, Contradiction},
		"bottomless":         {math.Inf(-1), 20, 4, 0.95, Contradiction},
		"beyond all numbers": {-1e308, 2, 2, 0.99, Contradiction},
		"level 0":            {0.8, 20, 4, 0, BadLevel},
		"level 1":            {0.8, 20, 4, 1, BadLevel},
	} {
		ci, why := AlphaInterval(c.alpha, c.n, c.k, c.level)
		if why != c.want || (why != "" && ci != Interval{}) || (why == "" && !(ci.Low < c.alpha && c.alpha < ci.High && ci.High <= 1)) {
			t.Errorf("%s: %v (%s), want %q", name, ci, why, c.want)
		}
	}
	if ci, why := AlphaInterval(1, 20, 4, 0.95); why != "" || ci.Low != 1 || ci.High != 1 {
		t.Errorf("interval of a perfect alpha: %v (%s)", ci, why)
	}
	// Ten thousand million respondents leave little doubt.
	ci, why := AlphaInterval(0.8, 1e10, 50, 0.95)
	if why != "" || !(ci.High-ci.Low < 2e-5) || !(ci.Low < 0.8 && 0.8 < ci.High) {
		t.Errorf("interval of ten thousand million: %v (%s)", ci, why)
	}
}

// permuted has the rows and columns of m in another order.
func permuted(m Symmetric, order []int) Symmetric {
	p := NewSymmetric(m.Size())
	for i, from := range order {
		for j, and := range order {
			p.Set(i, j, m.At(from, and))
		}
	}
	return p
}

func TestReliabilityDoesNotDependOnTheOrderOfItems(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	byName, _ := matrices(t)
	r := comparison{t: t, tolerance: 1e-10}
	for name, m := range byName {
		order := random.Perm(m.Size())
		other := permuted(m, order)
		for what, f := range map[string]func(Symmetric) (float64, Undefined){
			"lambda 6": Lambda6, "average r": AverageCorrelation,
			"ase":       func(m Symmetric) (float64, Undefined) { return AlphaStandardError(m, 100) },
			"omega":     func(m Symmetric) (float64, Undefined) { o, why := Omega(m); return o.Total, why },
			"omega std": func(m Symmetric) (float64, Undefined) { o, why := Omega(m); return o.Standardized, why },
		} {
			want, whyNot := f(m)
			got, why := f(other)
			if why != whyNot {
				t.Errorf("%s of %s in another order: %q, was %q", what, name, why, whyNot)
			} else if why == "" {
				r.same(name+" "+what, got, why, want)
			}
		}
	}
	r.report(250)
}
