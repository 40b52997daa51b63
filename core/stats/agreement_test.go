package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// sample is what is known of values.
func sample(values []float64) Sample {
	s := Sample{N: int64(len(values))}
	for _, v := range values {
		s.Mean += v / float64(len(values))
	}
	if s.N < 2 {
		return s
	}
	squares := 0.0
	for _, v := range values {
		squares += (v - s.Mean) * (v - s.Mean)
	}
	s.SD = math.Sqrt(squares / float64(s.N-1))
	return s
}

// itemAnswers are the answers of a group to the items of a dimension: those of
// each item's respondents, and those of respondents to all items.
type itemAnswers struct{ all, complete [][]float64 }

func collectGroup(rows [][]string) (a itemAnswers) {
	k := len(rows[0])
	a.all, a.complete = make([][]float64, k), make([][]float64, k)
	for _, row := range rows {
		for j, s := range row {
			if s == "" {
				continue
			}
			x := parse(s)
			a.all[j] = append(a.all[j], x)
			if !slices.Contains(row, "") {
				a.complete[j] = append(a.complete[j], x)
			}
		}
	}
	return a
}

func samples(items [][]float64) []Sample {
	var s []Sample
	for _, values := range items {
		s = append(s, sample(values))
	}
	return s
}

// histograms count whole answers from 0 up.
func histograms(items [][]float64) [][]int64 {
	var all [][]int64
	for _, values := range items {
		counts := make([]int64, 8)
		for _, v := range values {
			counts[int(v)]++
		}
		all = append(all, counts)
	}
	return all
}

// groupedBy gives the cells of some columns by the value of a key.
func groupedBy(rows [][]string, key func([]string) string, columns []int) map[string][][]string {
	groups := map[string][][]string{}
	for _, row := range rows {
		var cells []string
		for _, c := range columns {
			cells = append(cells, row[c])
		}
		groups[key(row)] = append(groups[key(row)], cells)
	}
	return groups
}

type agreementCase struct {
	Group          string
	N              int64
	RWGJ, AWG, ADM float64
	Lindell        float64 `json:"rwgj_lindell"`
}

func checkAgreement(r *comparison, name string, a itemAnswers, low, high float64, want agreementCase) float64 {
	r.t.Helper()
	items := samples(a.complete)
	if items[0].N != want.N {
		r.t.Errorf("%s: n = %d, want %d", name, items[0].N, want.N)
	}
	null, why := NullVarianceOptions(int64(high-low) + 1)
	if why != "" || null != 2 {
		r.t.Fatalf("null variance %v (%s)", null, why)
	}
	rwgj, why := RWGJ(items, null)
	r.same(name+" rwg.j", rwgj.Value, why, want.RWGJ)
	lindell, why := RWGJLindell(items, null)
	r.same(name+" r*wg.j", lindell, why, want.Lindell)
	if rwgj.Capped != (lindell < -1e-12) {
		r.t.Errorf("%s: capped %v, r*wg.j %v", name, rwgj.Capped, lindell)
	}
	awg, why := AWGJ(items, low, high)
	r.same(name+" awg", awg.Value, why, want.AWG)
	ad, why := MeanDeviationJ(histograms(a.complete))
	r.same(name+" ad", ad, why, want.ADM)
	return rwgj.Value
}

func TestAgreementOfLQ2002(t *testing.T) {
	var want struct {
		Sets map[string]struct {
			Scale     caseScale
			Agreement struct {
				Mean   float64         `json:"mean_rwgj"`
				Groups []agreementCase `json:"per_group"`
			}
		}
	}
	decodeCase(t, "lq2002", &want)
	_, header, rows := loadCase(t, "lq2002")
	r := comparison{t: t, tolerance: 1e-12}
	for name, set := range want.Sets {
		var columns []int
		for _, item := range set.Scale.Items {
			columns = append(columns, slices.Index(header, item))
		}
		groups := groupedBy(rows, func(row []string) string { return row[0] }, columns)
		sum := 0.0
		for _, g := range set.Agreement.Groups {
			sum += checkAgreement(&r, name+" "+g.Group, collectGroup(groups[g.Group]),
				float64(set.Scale.Min), float64(set.Scale.Max), g)
		}
		r.same(name+" mean rwg.j", sum/float64(len(set.Agreement.Groups)), "", set.Agreement.Mean)
	}
	r.report(4 * 49 * 3)
}

func TestAgreementOfCohesion(t *testing.T) {
	var want struct {
		Groups []agreementCase `json:"rwgj"`
		Items  map[string][]struct {
			Group string `json:"grpid"`
			RWG   float64
			N     int64 `json:"gsize"`
		} `json:"rwg_per_item"`
	}
	decodeCase(t, "cohesion", &want)
	_, header, rows := loadCase(t, "cohesion")
	groups := groupedBy(rows, func(row []string) string { return row[0] + " " + row[1] }, []int{2, 3, 4, 5, 6})
	r := comparison{t: t, tolerance: 1e-12}
	for _, g := range want.Groups {
		checkAgreement(&r, g.Group, collectGroup(groups[g.Group]), 1, 5, g)
	}
	for item, perGroup := range want.Items {
		for _, g := range perGroup {
			s := sample(collectGroup(groups[g.Group]).all[slices.Index(header, item)-2])
			if s.N != g.N {
				t.Errorf("%s %s: n = %d, want %d", item, g.Group, s.N, g.N)
			}
			a, why := RWG(s, 2)
			r.same(item+" "+g.Group, a.Value, why, g.RWG)
		}
	}
	r.report(36)
}

// readGroups reads testdata/groups.csv and R's figures for it.
func readGroups(t *testing.T) (rows [][]string, want map[string]float64) {
	t.Helper()
	_, rows, ok := table(t, "testdata/groups.csv")
	if !ok {
		t.Fatal("testdata/groups.csv is missing")
	}
	return rows, readFigures(t, "testdata/groups.tsv")
}

func TestAgreementAgainstR(t *testing.T) {
	rows, want := readGroups(t)
	r := comparison{t: t, tolerance: 1e-12}
	// R has no value (or, of two members, one at each end, a 0/0) where the
	// figure is undefined.
	check := func(name string, got float64, why Undefined) {
		t.Helper()
		value, ok := want[name]
		if !ok {
			if why == "" {
				t.Errorf("%s = %v, but R has none", name, got)
			}
			return
		}
		delete(want, name)
		r.same(name, got, why, value)
	}
	first := func(row []string) string { return row[0] }
	for group, cells := range groupedBy(rows, first, []int{1, 2, 3, 4}) {
		a := collectGroup(cells)
		for j, s := range samples(a.all) {
			rwg, why := RWG(s, 2)
			check(indexed(group+".rwg", j), rwg.Value, why)
			awg, why := AWG(s, 1, 5)
			check(indexed(group+".awg", j), awg, why)
			ad, why := MeanDeviation(histograms(a.all)[j])
			check(indexed(group+".ad", j), ad, why)
		}
		items := samples(a.complete)
		rwgj, why := RWGJ(items, 2)
		check(group+".rwgj", rwgj.Value, why)
		if capped := group == "camps"; capped != rwgj.Capped {
			t.Errorf("%s: capped %v, want %v", group, rwgj.Capped, capped)
		}
		lindell, why := RWGJLindell(items, 2)
		check(group+".lindell", lindell, why)
		awgj, why := AWGJ(items, 1, 5)
		check(group+".awgj", awgj.Value, why)
		adj, why := MeanDeviationJ(histograms(a.complete))
		check(group+".adj", adj, why)
	}
	null, why := NullVarianceContinuous(0, 10)
	if why != "" {
		t.Fatal(why)
	}
	for group, cells := range groupedBy(rows, first, []int{5}) {
		s := sample(collectGroup(cells).all[0])
		rwg, why := RWG(s, null)
		check(group+".rwg.amount", rwg.Value, why)
		awg, why := AWG(s, 0, 10)
		check(group+".awg.amount", awg, why)
	}
	for name := range want {
		if !strings.HasPrefix(name, "anova.") {
			t.Errorf("nothing was compared with %s", name)
		}
	}
	r.report(185)
}

// By hand, and as a table would print it: five options, null variance 2.
func TestAgreementOfPublishedFigures(t *testing.T) {
	item := Sample{N: 12, Mean: 3.5, SD: 0.8}
	rwg, why := RWG(item, 2)
	if why != "" || rwg.Capped || !(apart(rwg.Value, 0.68) <= 4e-16) {
		t.Errorf("rwg = %v (%s), want 0.68", rwg, why)
	}
	// The largest variance is 2.5·1.5·12/11.
	awg, why := AWG(item, 1, 5)
	if want := 1 - 1.28/(3.75*12/11); why != "" || !(apart(awg, want) <= 4e-16) {
		t.Errorf("awg = %v (%s), want %v", awg, why, want)
	}
	// Ten items of v = 0.32: 6.8/7.12.
	rwgj, why := RWGJ(slices.Repeat([]Sample{item}, 10), 2)
	if why != "" || !(apart(rwgj.Value, 6.8/7.12) <= 4e-16) {
		t.Errorf("rwg.j = %v (%s), want %v", rwgj, why, 6.8/7.12)
	}
	// A variance of just 2 that was an SD in between is not beyond random.
	if a, why := RWG(Sample{N: 9, SD: math.Sqrt2}, 2); why != "" || a.Capped || a.Value != 0 {
		t.Errorf("agreement of random answers = %v (%s)", a, why)
	}
	if a, why := RWG(Sample{N: 9, SD: 1.42}, 2); why != "" || !a.Capped || a.Value != 0 {
		t.Errorf("agreement of camps = %v (%s)", a, why)
	}
	// Means of thirds lie on the bounds for three members.
	for _, s := range []Sample{{3, 7.0 / 3, 0}, {3, 11.0 / 3, 0}} {
		if v, why := AWG(s, 1, 5); why != "" || v != 1 {
			t.Errorf("awg of %v = %v (%s)", s, v, why)
		}
	}
	// 98 fives and a one: the SD of a table rounds up.
	if v, why := AWG(Sample{N: 99, Mean: 4.96, SD: 0.41}, 1, 5); why != ExtremeMean && !(v < -1) {
		t.Errorf("awg of rounded figures = %v (%s)", v, why)
	}
}

func TestNullVariances(t *testing.T) {
	for options, want := range map[int64]float64{2: 0.25, 5: 2, 7: 4, 11: 10, 1: 0, 0: 0, -5: 0} {
		v, why := NullVarianceOptions(options)
		if v != want || (why == "") != (want > 0) {
			t.Errorf("of %d options: %v (%s), want %v", options, v, why, want)
		}
	}
	inf := math.Inf(1)
	for ends, want := range map[[2]float64]float64{
		{0, 10}: 100.0 / 12, {-1, 1}: 1.0 / 3, {1, 1}: 0, {2, 1}: 0, {0, inf}: 0, {-inf, inf}: 0, {0, 1e200}: 0, {0, 1e-200}: 0,
	} {
		v, why := NullVarianceContinuous(ends[0], ends[1])
		if v != want || (why == "") != (want > 0) {
			t.Errorf("of %v: %v (%s), want %v", ends, v, why, want)
		}
	}
}

func TestUndefinedAgreement(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	fine := Sample{10, 3, 1}
	for name, c := range map[string]struct {
		items     []Sample
		null      float64
		low, high float64
		rwg, awg  Undefined
	}{
		"fine":                     {[]Sample{fine, fine}, 2, 1, 5, "", ""},
		"no items":                 {nil, 2, 1, 5, NoAnswers, NoAnswers},
		"nobody":                   {[]Sample{{}}, 2, 1, 5, FewRespondents, FewRespondents},
		"one respondent":           {[]Sample{{1, 3, 0}}, 2, 1, 5, FewRespondents, FewRespondents},
		"one answer to an item":    {[]Sample{fine, {1, 3, 0}}, 2, 1, 5, FewRespondents, FewRespondents},
		"a negative SD":            {[]Sample{{10, 3, -1}}, 2, 1, 5, Contradiction, ""},
		"no SD":                    {[]Sample{{10, 3, nan}}, 2, 1, 5, Contradiction, Contradiction},
		"an infinite SD":           {[]Sample{{10, 3, inf}}, 2, 1, 5, Contradiction, Contradiction},
		"an SD beyond squares":     {[]Sample{{10, 3, 1e200}}, 2, 1, 5, Contradiction, Contradiction},
		"no random variance":       {[]Sample{fine}, 0, 1, 1, Contradiction, Contradiction},
		"a negative one":           {[]Sample{fine}, -2, 5, 1, Contradiction, Contradiction},
		"no number for it":         {[]Sample{fine}, nan, nan, 5, Contradiction, Contradiction},
		"an infinite scale":        {[]Sample{fine}, inf, 1, inf, "", Contradiction},
		"a mean over the scale":    {[]Sample{{10, 5.5, 1}}, 2, 1, 5, "", Contradiction},
		"a mean under the scale":   {[]Sample{{10, 0.5, 1}}, 2, 1, 5, "", Contradiction},
		"no mean":                  {[]Sample{{10, nan, 1}}, 2, 1, 5, "", Contradiction},
		"more spread than fits":    {[]Sample{{10, 3, 3}}, 2, 1, 5, "", Contradiction},
		"too near the top":         {[]Sample{{10, 4.7, 0.4}}, 2, 1, 5, "", ExtremeMean},
		"too near the bottom":      {[]Sample{{10, 1.1, 0.3}}, 2, 1, 5, "", ExtremeMean},
		"all at the top":           {[]Sample{{10, 5, 0}}, 2, 1, 5, "", ""},
		"at the top with a spread": {[]Sample{{10, 5, 0.4}}, 2, 1, 5, "", ExtremeMean},
	} {
		a, why := RWGJ(c.items, c.null)
		undefined(t, name+", rwg.j", a.Value, why, c.rwg)
		v, why := RWGJLindell(c.items, c.null)
		undefined(t, name+", r*wg.j", v, why, c.rwg)
		d, why := AWGJ(c.items, c.low, c.high)
		undefined(t, name+", awg", d.Value, why, c.awg)
	}
	d, why := AWGJ([]Sample{fine, {10, 4.7, 0.4}, fine}, 1, 5)
	if one, _ := AWG(fine, 1, 5); why != "" || d.Dropped != 1 || d.Value != one {
		t.Errorf("awg with an item dropped: %v (%s)", d, why)
	}
	for name, c := range map[string]struct {
		counts []int64
		want   Undefined
	}{
		"nothing": {nil, FewRespondents}, "nobody": {make([]int64, 5), FewRespondents},
		"one": {[]int64{0, 1}, FewRespondents}, "two": {[]int64{1, 1}, ""}, "less than none": {[]int64{3, -1}, Contradiction},
	} {
		v, why := MeanDeviation(c.counts)
		undefined(t, name, v, why, c.want)
		v, why = MeanDeviationJ([][]int64{{2, 2}, c.counts})
		undefined(t, name+" to one item", v, why, c.want)
	}
	v, why := MeanDeviationJ(nil)
	undefined(t, "deviation of no items", v, why, NoAnswers)
}

func TestMeanDeviationIsExact(t *testing.T) {
	// 10^10 answers at 0 and twice as many at 1: 2·(1/3)·(2/3).
	if v, why := MeanDeviation([]int64{1e10, 2e10}); why != "" || v != 4.0/9 {
		t.Errorf("deviation = %.17g (%s), want 4/9", v, why)
	}
	// Options that nobody took change nothing, at either end.
	a, _ := MeanDeviation([]int64{3, 0, 5, 9})
	b, _ := MeanDeviation([]int64{0, 0, 3, 0, 5, 9, 0})
	if a != b || a == 0 {
		t.Errorf("deviations %v and %v", a, b)
	}
}

func TestAgreementDoesNotDependOnTheOrderOfItems(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 12))
	r := comparison{t: t, tolerance: 1e-14}
	for range 200 {
		var items []Sample
		var counts [][]int64
		for range 1 + random.IntN(12) {
			h := make([]int64, 5)
			var values []float64
			for range 2 + random.IntN(9) {
				x := random.IntN(5)
				h[x]++
				values = append(values, float64(x+1))
			}
			items, counts = append(items, sample(values)), append(counts, h)
		}
		rwgj, _ := RWGJ(items, 2)
		lindell, _ := RWGJLindell(items, 2)
		awg, whyNot := AWGJ(items, 1, 5)
		ad, _ := MeanDeviationJ(counts)
		random.Shuffle(len(items), func(i, j int) {
			items[i], items[j], counts[i], counts[j] = items[j], items[i], counts[j], counts[i]
		})
		a, why := RWGJ(items, 2)
		r.same("rwg.j", a.Value, why, rwgj.Value)
		v, why := RWGJLindell(items, 2)
		r.same("r*wg.j", v, why, lindell)
		v, why = MeanDeviationJ(counts)
		r.same("ad", v, why, ad)
		d, why := AWGJ(items, 1, 5)
		if why != whyNot || d.Dropped != awg.Dropped {
			t.Errorf("awg %v (%s), was %v (%s)", d, why, awg, whyNot)
		} else if why == "" {
			r.same("awg", d.Value, why, awg.Value)
		}
		if a.Value < 0 || a.Value > 1 || d.Value < -1-1e-12 || d.Value > 1 || ad < 0 || ad > 2 {
			t.Errorf("out of range: %v %v %v", a, d, ad)
		}
	}
	r.report(700)
}
