package stats

import (
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func parse(s string) float64 {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		panic(err)
	}
	return v
}

// anovaCase is one analysis in the reference cases.
type anovaCase struct {
	N, G             int64
	MSB, MSW, F, P   float64
	Eta2, Omega2, N0 float64
	Size             float64 `json:"mean_group_size"`
	ICC1Size         float64 `json:"icc1_multilevel"`
	ICC1             float64 `json:"icc1_n0"`
	ICC2             float64 `json:"icc2_multilevel"`
}

func checkANOVA(r *comparison, name string, groups []Sample, want anovaCase) {
	r.t.Helper()
	a, why := OneWay(groups)
	if why != "" {
		r.t.Fatalf("%s: %s", name, why)
	}
	if want.N != 0 && (a.N != want.N || a.Groups != want.G) {
		r.t.Errorf("%s: %d in %d groups, want %d in %d", name, a.N, a.Groups, want.N, want.G)
	}
	r.same(name+" msb", a.MSB, "", want.MSB)
	r.same(name+" msw", a.MSW, "", want.MSW)
	r.same(name+" size", a.MeanSize, "", want.Size)
	r.same(name+" n0", a.N0, "", want.N0)
	for _, figure := range []struct {
		name string
		f    func() (float64, Undefined)
		want float64
	}{
		{"f", a.F, want.F},
		{"p", a.P, want.P},
		{"eta2", a.EtaSquared, want.Eta2},
		{"omega2", a.OmegaSquared, want.Omega2},
		{"icc1", a.ICC1, want.ICC1},
		{"icc1 by mean size", a.ICC1MeanSize, want.ICC1Size},
		{"icc2", a.ICC2, want.ICC2},
	} {
		v, why := figure.f()
		r.same(name+" "+figure.name, v, why, figure.want)
		// p-values may be far below 1 and must have their digits all the same.
		if figure.want != 0 && !(apart(v, figure.want) <= 1e-10) {
			r.t.Errorf("%s %s = %v, want %v", name, figure.name, v, figure.want)
		}
	}
}

// scoreOf is the mean of the items a respondent answered, each reversed where
// its name begins with a minus.
func scoreOf(scale caseScale, header, row []string) (score float64, ok bool) {
	sum, m := 0.0, 0
	for _, item := range scale.Items {
		id, reversed := strings.CutPrefix(item, "-")
		s := row[slices.Index(header, id)]
		if s == "" {
			continue
		}
		x := parse(s)
		if reversed {
			x = float64(scale.Min+scale.Max) - x
		}
		sum += x
		m++
	}
	return sum / float64(max(m, 1)), m > 0
}

// groupedScores are the samples of scores by the values of a column.
func groupedScores(scale caseScale, header []string, rows [][]string, column string) (groups []Sample) {
	at := slices.Index(header, column)
	values := map[string][]float64{}
	for _, row := range rows {
		if score, ok := scoreOf(scale, header, row); ok && row[at] != "" {
			values[row[at]] = append(values[row[at]], score)
		}
	}
	for _, v := range values {
		groups = append(groups, sample(v))
	}
	return groups
}

func TestANOVAOfBFI(t *testing.T) {
	var want struct {
		Scales    map[string]caseScale
		Education map[string]anovaCase `json:"anova_by_education"`
		Gender    map[string]anovaCase `json:"anova_by_gender"`
	}
	decodeCase(t, "bfi", &want)
	_, header, rows := loadCase(t, "bfi")
	r := comparison{t: t, tolerance: 1e-11}
	for column, analyses := range map[string]map[string]anovaCase{"education": want.Education, "gender": want.Gender} {
		for name, a := range analyses {
			checkANOVA(&r, name+" by "+column, groupedScores(want.Scales[name], header, rows, column), a)
		}
	}
	r.report(110)
}

func TestANOVAOfLQ2002(t *testing.T) {
	var want struct {
		Sets map[string]struct {
			Scale caseScale
			ANOVA anovaCase
		}
	}
	decodeCase(t, "lq2002", &want)
	_, header, rows := loadCase(t, "lq2002")
	r := comparison{t: t, tolerance: 1e-11}
	for name, set := range want.Sets {
		checkANOVA(&r, name, groupedScores(set.Scale, header, rows, "COMPID"), set.ANOVA)
	}
	r.report(33)
}

func TestANOVAAgainstR(t *testing.T) {
	rows, want := readGroups(t)
	r := comparison{t: t, tolerance: 1e-11}
	scores := func(row []string) []string { // their mean, of those given
		s, m := 0.0, 0.0
		for _, cell := range row[1:5] {
			if cell != "" {
				s += parse(cell)
				m++
			}
		}
		if m == 0 {
			return []string{""}
		}
		return []string{strconv.FormatFloat(s/m, 'g', -1, 64)}
	}
	for name, value := range map[string]func(row []string) []string{
		"1":      func(row []string) []string { return row[1:2] },
		"2":      func(row []string) []string { return row[2:3] },
		"3":      func(row []string) []string { return row[3:4] },
		"4":      func(row []string) []string { return row[4:5] },
		"amount": func(row []string) []string { return row[5:6] },
		"score":  scores,
	} {
		groups := map[string][][]string{}
		for _, row := range rows {
			groups[row[0]] = append(groups[row[0]], value(row))
		}
		var all []Sample
		for _, cells := range groups {
			all = append(all, sample(collectGroup(cells).all[0]))
		}
		w := func(figure string) float64 { return want["anova."+name+"."+figure] }
		checkANOVA(&r, name, all, anovaCase{
			MSB: w("msb"), MSW: w("msw"), F: w("f"), P: w("p"), Eta2: w("eta2"), Omega2: w("omega2"),
			N0: w("n0"), Size: w("size"), ICC1: w("icc1"), ICC1Size: w("icc1size"), ICC2: w("icc2"),
		})
	}
	r.report(66)
}

// By hand: two groups of two, means 1 and 3, variances 2 and 2. MSB is
// 2·1+2·1 = 4, MSW 2.
func TestANOVAByHand(t *testing.T) {
	a, why := OneWay([]Sample{{2, 1, math.Sqrt2}, {2, 3, math.Sqrt2}, {}})
	if why != "" {
		t.Fatal(why)
	}
	r := comparison{t: t, tolerance: 1e-15}
	r.same("msb", a.MSB, "", 4)
	r.same("msw", a.MSW, "", 2)
	r.same("n0", a.N0, "", 2)
	icc1, why := a.ICC1()
	r.same("icc1", icc1, why, 1.0/3)
	icc2, why := a.ICC2()
	r.same("icc2", icc2, why, 0.5)
	eta, why := a.EtaSquared()
	r.same("eta2", eta, why, 0.5)
	omega, why := a.OmegaSquared()
	r.same("omega2", omega, why, 0.2)
	// F = 2 with 1 and 2 degrees of freedom: P = 1 - √(F/(F+2)).
	p, why := a.P()
	r.same("p", p, why, 1-math.Sqrt(0.5))
}

func TestUndefinedANOVA(t *testing.T) {
	nan := math.NaN()
	for name, c := range map[string]struct {
		groups []Sample
		want   Undefined
	}{
		"no groups":             {nil, FewGroups},
		"one group":             {[]Sample{{10, 3, 1}}, FewGroups},
		"one of them empty":     {[]Sample{{10, 3, 1}, {}}, FewGroups},
		"single respondents":    {[]Sample{{1, 3, 0}, {1, 4, 0}, {1, 2, nan}}, SingleMembers},
		"single and two":        {[]Sample{{1, 3, nan}, {2, 4, 1}}, ""},
		"fewer than none":       {[]Sample{{10, 3, 1}, {-1, 3, 1}}, Contradiction},
		"no mean":               {[]Sample{{10, 3, 1}, {10, nan, 1}}, Contradiction},
		"an infinite mean":      {[]Sample{{10, 3, 1}, {10, math.Inf(1), 1}}, Contradiction},
		"an infinite one first": {[]Sample{{10, math.Inf(1), 1}, {10, 3, 1}}, Contradiction},
		"no SD":                 {[]Sample{{10, 3, nan}, {10, 3, 1}}, Contradiction},
		"a negative SD":         {[]Sample{{10, 3, -1}, {10, 3, 1}}, Contradiction},
		"beyond squares":        {[]Sample{{10, 1e200, 1}, {10, -1e200, 1}}, Contradiction},
	} {
		a, why := OneWay(c.groups)
		if why != c.want || (why != "" && a != ANOVA{}) {
			t.Errorf("%s: %v (%s), want %q", name, a, why, c.want)
		}
	}
	for name, c := range map[string]struct {
		groups         []Sample
		f, share, icc2 Undefined
	}{
		"fine":              {[]Sample{{10, 3, 1}, {10, 4, 1}}, "", "", ""},
		"unanimous groups":  {[]Sample{{10, 3, 0}, {10, 4, 0}}, UniformGroups, "", ""},
		"alike groups":      {[]Sample{{10, 10.0 / 3, 1}, {7, 10.0 / 3, 1}, {99, 10.0 / 3, 1}}, "", "", EqualGroups},
		"everyone is alike": {[]Sample{{10, 10.0 / 3, 0}, {7, 10.0 / 3, 0}, {99, 10.0 / 3, 0}}, UniformGroups, NoVariation, EqualGroups},
	} {
		a, why := OneWay(c.groups)
		if why != "" {
			t.Fatalf("%s: %s", name, why)
		}
		for figure, f := range map[string]func() (float64, Undefined){"f": a.F, "p": a.P} {
			v, why := f()
			undefined(t, name+" "+figure, v, why, c.f)
		}
		for figure, f := range map[string]func() (float64, Undefined){
			"eta2": a.EtaSquared, "omega2": a.OmegaSquared, "icc1": a.ICC1, "icc1 by mean size": a.ICC1MeanSize,
		} {
			v, why := f()
			undefined(t, name+" "+figure, v, why, c.share)
		}
		v, why := a.ICC2()
		undefined(t, name+" icc2", v, why, c.icc2)
	}
}

func TestPreciseSumsLoseNothing(t *testing.T) {
	var p precise
	p.add(1)
	p.add(1e17)
	for range 1000 {
		p.add(1)
	}
	p.add(-1e17)
	if p.sum() != 1001 {
		t.Errorf("sum = %v, want 1001", p.sum())
	}
}

// exactANOVA computes the mean squares of groups in rational numbers, from
// variances that are exact squares of the SDs.
func exactANOVA(groups []Sample) (msb, msw float64) {
	rat := func(v float64) *big.Rat { return new(big.Rat).SetFloat64(v) }
	n, sum := new(big.Rat), new(big.Rat)
	for _, g := range groups {
		n.Add(n, rat(float64(g.N)))
		sum.Add(sum, new(big.Rat).Mul(rat(float64(g.N)), rat(g.Mean)))
	}
	mean := sum.Quo(sum, n)
	between, within := new(big.Rat), new(big.Rat)
	for _, g := range groups {
		d := new(big.Rat).Sub(rat(g.Mean), mean)
		between.Add(between, d.Mul(d, d).Mul(d, rat(float64(g.N))))
		v := new(big.Rat).Mul(rat(g.SD), rat(g.SD))
		within.Add(within, v.Mul(v, rat(float64(g.N-1))))
	}
	between.Quo(between, rat(float64(len(groups)-1)))
	within.Quo(within, n.Sub(n, rat(float64(len(groups)))))
	return nearest(between), nearest(within)
}

// manyGroups are 1,128 groups of up to ten million, with means that differ
// little or much.
func manyGroups(random *rand.Rand, differ float64) []Sample {
	groups := make([]Sample, 1128)
	for i := range groups {
		size := int64(1 + math.Pow(10, 7*random.Float64()))
		groups[i] = Sample{size, 3.7 + differ*random.NormFloat64(), 0.5 + random.Float64()}
	}
	return groups
}

func TestANOVAOfManyLargeGroups(t *testing.T) {
	random := rand.New(rand.NewPCG(13, 14))
	r := comparison{t: t, tolerance: 1e-14}
	for range 3 {
		for _, differ := range []float64{1, 1e-3, 1e-6, 1e-9} {
			groups := manyGroups(random, differ)
			a, why := OneWay(groups)
			msb, msw := exactANOVA(groups)
			// The deviations from the mean have the digits that the means
			// leave them.
			r.tolerance = max(1e-14, 1e-15/differ)
			r.same("msb", a.MSB/msb, why, 1)
			r.tolerance = 1e-14
			r.same("msw", a.MSW, why, msw)
		}
	}
	r.report(24)
}

func TestANOVADoesNotDependOnTheOrderOfGroups(t *testing.T) {
	random := rand.New(rand.NewPCG(15, 16))
	r := comparison{t: t, tolerance: 1e-13}
	for range 20 {
		groups := manyGroups(random, 0.2)
		want, _ := OneWay(groups)
		random.Shuffle(len(groups), func(i, j int) { groups[i], groups[j] = groups[j], groups[i] })
		got, why := OneWay(groups)
		if got.N != want.N || got.Groups != want.Groups || got.N0 != want.N0 || got.MeanSize != want.MeanSize {
			t.Errorf("%v, was %v", got, want)
		}
		r.same("msb", got.MSB, why, want.MSB)
		r.same("msw", got.MSW, why, want.MSW)
		for _, f := range []func(ANOVA) (float64, Undefined){
			ANOVA.F, ANOVA.EtaSquared, ANOVA.OmegaSquared, ANOVA.ICC1, ANOVA.ICC1MeanSize, ANOVA.ICC2,
		} {
			w, _ := f(want)
			v, why := f(got)
			r.same("figure", v, why, w)
		}
	}
	r.report(160)
}

// Whatever the groups, what is not undefined is a finite number in its range.
func TestANOVAFiguresAreFinite(t *testing.T) {
	random := rand.New(rand.NewPCG(17, 18))
	sizes := []int64{0, 1, 2, 3, 100, 1e7, 1e12}
	means := []float64{0, 3, 3, 10.0 / 3, -1e150, 1e150, 1e-300, 5}
	sds := []float64{0, 0, 1, 1e-200, 1e150, 0.5}
	for range 5000 {
		var groups []Sample
		for range random.IntN(5) {
			groups = append(groups, Sample{
				sizes[random.IntN(len(sizes))], means[random.IntN(len(means))], sds[random.IntN(len(sds))],
			})
		}
		a, why := OneWay(groups)
		if why != "" {
			continue
		}
		for name, f := range map[string]func() (float64, Undefined){
			"f": a.F, "p": a.P, "eta2": a.EtaSquared, "omega2": a.OmegaSquared,
			"icc1": a.ICC1, "icc1 by mean size": a.ICC1MeanSize, "icc2": a.ICC2,
		} {
			v, why := f()
			bad := math.IsNaN(v) || math.IsInf(v, 0) || (why != "" && v != 0)
			if bad || (name != "f" && v > 1+1e-12) || ((name == "f" || name == "p" || name == "eta2") && v < 0) {
				t.Errorf("%s of %v = %v (%s)", name, groups, v, why)
			}
		}
	}
}
