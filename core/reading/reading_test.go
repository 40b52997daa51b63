package reading

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
)

// Expected values are R's: t.test of a site's scores against all others',
// p.adjust over the six tests.
func TestGapsAgainstR(t *testing.T) {
	want := []struct {
		key, dimension               string
		n, rest                      int64
		difference, t, df, p, lo, hi float64
		holm                         float64
	}{
		{"Bar", "care", 10, 17, 1.68470588235294, 7.61693148192781, 24.7974804054965, 5.99374266049996e-08, 1.22899033163186, 2.14042143307402, 3.59624559629998e-07},
		{"Bar", "tempo", 10, 17, -0.27764705882353, -1.77906294795489, 20.7694244960768, 0.0898702229003921, -0.602418718480058, 0.0471246008329989, 0.269610668701176},
		{"Desk", "care", 8, 19, -0.0842105263157893, -0.27001255165644, 24.3322628834314, 0.789427482912793, -0.727426837085129, 0.55900578445355, 0.902721050910401},
		{"Desk", "tempo", 8, 19, -0.127631578947368, -0.772333668886492, 15.7373598568376, 0.4513605254552, -0.478431137457733, 0.223167979562997, 0.902721050910401},
		{"Spa", "care", 9, 18, -1.68888888888889, -7.1714446912965, 21.7333004281045, 3.70645739918451e-07, -2.17763767489752, -1.20014010288026, 1.85322869959225e-06},
		{"Spa", "tempo", 9, 18, 0.411111111111111, 2.58679132550388, 14.7537707957721, 0.0208408490599772, 0.0718730659862082, 0.750349156236014, 0.0833633962399089},
	}
	got := Gaps(sites())
	if len(got) != len(want) {
		t.Fatalf("%d gaps, want %d: %s", len(got), len(want), text(t, got))
	}
	for i, w := range want {
		g := got[i]
		if g.Key[0] != w.key || g.Dimension != w.dimension || g.N != w.n || g.NRest != w.rest {
			t.Fatalf("gap %d is of %v, %s, %d against %d", i, g.Key, g.Dimension, g.N, g.NRest)
		}
		for name, pair := range map[string][2]float64{
			"difference": {g.Difference, w.difference}, "points": {g.Points, 25 * w.difference}, "t": {g.Test.Statistic, w.t},
			"df": {g.Test.DF, w.df}, "p": {g.Test.P, w.p}, "low": {g.CI.Low, w.lo}, "high": {g.CI.High, w.hi}, "holm": {*g.Test.PHolm, w.holm},
		} {
			if !near(pair[0], pair[1]) {
				t.Errorf("%s, %s: %s is %v, R has %v", w.key, w.dimension, name, pair[0], pair[1])
			}
		}
	}
}

func TestGapOfUniformGroups(t *testing.T) {
	body := sites()
	body.Groups = []record.Group{site("A", exactly("care", 30, 80, 0)), site("B", exactly("care", 30, 20, 0))}
	got := Gaps(body)
	if len(got) != 2 || got[0].Test != nil || got[0].CI != nil || got[0].G != nil || !near(got[0].Points, 60) {
		t.Fatalf("%s", text(t, got))
	}
	for _, name := range []string{"test", "ci", "g"} {
		if got[0].Undefined[name] == "" {
			t.Errorf("no reason for %s", name)
		}
	}
	body.Groups = body.Groups[:1]
	if got := Gaps(body); len(got) > 0 {
		t.Errorf("a group has a gap with nobody: %s", text(t, got))
	}
}

// All figures but AD come from R: aov for the share between groups, by hand
// for what is within. In two items of SD 1 and 0.5 on five steps (random
// variance 2) the mean variance is 0.625, so v = 0.3125, r*wg(j) = 0.6875 and
// rwg(j) = 2·0.6875/(2·0.6875+0.3125).
func TestAgreement(t *testing.T) {
	body := sites()
	items := []record.Item{
		{ID: "care-1", N: ptr(int64(10)), Mean: ptr(3.0), SD: ptr(1.0), Histogram: []int64{1, 2, 4, 2, 1}},
		{ID: "care-2", N: ptr(int64(10)), Mean: ptr(4.0), SD: ptr(0.5), Histogram: []int64{0, 0, 1, 8, 1}},
	}
	body.Groups[1].Dimensions[0].Items = items
	body.Groups[2].Dimensions[0].Items = []record.Item{items[0], {ID: "care-2", Withheld: true, SD: ptr(9.0)}}
	got := Agreement(body)
	if len(got) != 2 || got[0].Dimension != "care" || got[0].Groups != 3 || got[0].N != 27 {
		t.Fatalf("%s", text(t, got))
	}
	a := got[0]
	for name, pair := range map[string][2]float64{
		"icc1": {*a.ICC1, 0.859014633143327}, "icc2": {*a.ICC2, 0.982017864605098}, "eta": {*a.EtaSq, 0.822513426423201},
		"f": {a.F.Statistic, 55.610748002905}, "p": {a.F.P, 9.77205862790461e-10}, "df": {a.F.DF, 24}, "df1": {*a.F.DF1, 2},
		"rwg": {*a.RWGJ[0].Value, 1.375 / 1.6875}, "star": {*a.RWGStar[0].Value, 0.6875},
		// 2·1/((6·3-9-5)·10/9) and 2·0.25/((6·4-16-5)·10/9) off 1.
		"awg": {*a.AWG[0].Value, (1 - 2/(4*10.0/9) + 1 - 0.5/(3*10.0/9)) / 2},
		// (2+2+0+2+2)/10 and 2/10: mean deviations from 3 and 4.
		"ad": {*a.AD[0].Value, (0.8 + 0.2) / 2}, "mean": {*a.MeanRWGJ, 1.375 / 1.6875},
	} {
		if !near(pair[0], pair[1]) {
			t.Errorf("%s is %v, want %v", name, pair[0], pair[1])
		}
	}
	if w := a.RWGJ[1]; w.Value != nil || w.Undefined != string(itemsWithheld) || w.Key[0] != "Desk" {
		t.Errorf("a group with a withheld item: %s", text(t, w))
	}
	if a.Undefined["mean_rwg_j"] != "" {
		t.Errorf("there is a mean, and a reason for none: %s", text(t, a))
	}
	body.Groups[1].Dimensions[0].Items = nil
	if a := Agreement(body)[0]; a.MeanRWGJ != nil || a.Undefined["mean_rwg_j"] != "no group has a value" || len(a.Undefined) != 1 {
		t.Errorf("for different reasons: %s", text(t, a))
	}
	if w := a.AD[2]; w.Value != nil || w.Undefined != string(itemsMissing) {
		t.Errorf("a group without items: %s", text(t, w))
	}
}

func TestAgreementOfFewAndOdd(t *testing.T) {
	body := sites()
	body.Groups = body.Groups[1:2]
	decimals := []record.Item{{ID: "care-1", N: ptr(int64(10)), Mean: ptr(3.0), SD: ptr(1.0)}, {ID: "care-2", N: ptr(int64(10)), Mean: ptr(4.0), SD: ptr(0.5)}}
	body.Groups[0].Dimensions[0].Items = decimals
	a := Agreement(body)[0]
	if a.ICC1 != nil || a.Undefined["icc1"] == "" || a.Undefined["f"] == "" {
		t.Errorf("one group: %s", text(t, a))
	}
	// Random answers over 1-5 have the variance 16/12, so v = 0.625/(4/3).
	if got := *a.RWGStar[0].Value; !near(got, 1-0.46875) {
		t.Errorf("decimals: r*wg(j) is %v", got)
	}
	if a.AD[0].Undefined != string(inDecimals) {
		t.Errorf("decimals: AD %s", text(t, a.AD[0]))
	}
	decimals[0].Histogram = []int64{2, 2, 2, 2, 2}
	if a := Agreement(body)[0]; a.RWGJ[0].Undefined != string(someDecimals) || a.MeanRWGJ != nil ||
		a.Undefined["mean_rwg_j"] != "no group has a value: some items are answered in decimals and others are not" {
		t.Errorf("some decimals: %s", text(t, a))
	}
	decimals[1].Histogram, decimals[1].SD, decimals[0].SD = []int64{5, 0, 0, 0, 5}, ptr(2.1), ptr(1.9)
	if a := Agreement(body)[0]; a.Capped != 1 || *a.RWGJ[0].Value != 0 || *a.RWGStar[0].Value >= 0 {
		t.Errorf("camps: %s", text(t, a))
	}
	body.Instrument.Scale = nil
	if a := Agreement(body)[0]; a.RWGJ[0].Undefined != string(noScale) {
		t.Errorf("no scale: %s", text(t, a))
	}
}

// The p-value is R's of Bar against Spa, times the three pairs of sites and the
// two dimensions.
func TestDisconnects(t *testing.T) {
	got := Disconnects(sites())
	if len(got) != 1 { // tempo: 11 points, but 0.0228 times 3 pairs
		t.Fatalf("%s", text(t, got))
	}
	x := got[0]
	if x.Dimension != "care" || x.Best[0] != "Bar" || x.Worst[0] != "Spa" || x.BestSide.N != 10 || x.WorstSide.N != 9 {
		t.Errorf("%s", text(t, x))
	}
	for name, pair := range map[string][2]float64{
		"points": {x.Points, 25 * (4.32 - 19.2/9)}, "t": {x.Test.Statistic, 10.0319415033885}, "p": {x.Test.P, 2.39780798554541e-08},
		"holm": {*x.Test.PHolm, 2 * 7.19342395663623e-08}, "g": {x.G.Value, 4.43144261007798},
	} {
		if !near(pair[0], pair[1]) {
			t.Errorf("%s is %v, want %v", name, pair[0], pair[1])
		}
	}
	want := "In “Care” Bar scores 83 and Spa 28. They are 55 points apart, which is hardly chance. " +
		"Few people stand behind it (9 in Spa), so it could look different next time."
	if x.Text != want {
		t.Errorf("got  %s\nwant %s", x.Text, want)
	}
}

func TestDisconnectsAreWideAndTurnAround(t *testing.T) {
	body := sites()
	body.Groups = []record.Group{
		site("A", exactly("care", 400, 80, 0.5), exactly("tempo", 400, 30, 0.5)),
		site("B", exactly("care", 400, 60, 0.5), exactly("tempo", 400, 65, 0.5)),
		site("C", exactly("care", 400, 70.5, 0.5), exactly("tempo", 400, 64, 0.5)),
	}
	got := Disconnects(body)
	if len(got) != 2 || got[0].Dimension != "tempo" || got[1].Dimension != "care" {
		t.Fatalf("the widest is not first: %s", text(t, got))
	}
	want := "In “Tempo” B scores 65 and A 30. They are 35 points apart, which is hardly chance. " +
		"A stands out in both directions: it comes first in “Care”. Look at how its work is set up, not at its people."
	if got[0].Text != want {
		t.Errorf("got  %s\nwant %s", got[0].Text, want)
	}
	body.Groups[0].Dimensions[0].Percent = ptr(49.9) // the best of all, and weak
	body.Groups[1].Dimensions[0].Percent = ptr(30.0)
	body.Groups[2].Dimensions[0].Percent = ptr(40.0)
	if got := Disconnects(body); len(got) != 2 || strings.Contains(got[0].Text, "both directions") {
		t.Errorf("a weak score is held up as an example: %s", got[0].Text)
	}
	body.Groups[0].Dimensions[0].Percent, body.Groups[1].Dimensions[0].Percent, body.Groups[2].Dimensions[0].Percent = ptr(80.0), ptr(60.0), ptr(70.5)
	body.Instrument.Direction = "high-is-bad"
	if got = Disconnects(body); got[0].Best[0] != "A" || got[0].Points != 35 || !strings.Contains(got[0].Text, "A scores 30 and B 65 (lower is better).") {
		t.Errorf("high is bad: %s", text(t, got[0]))
	}
	body.Groups = body.Groups[:2]
	body.Groups[0].Dimensions[0] = exactly("care", 400, 69.9, 0.5)
	for _, x := range Disconnects(body) {
		if x.Dimension == "care" {
			t.Errorf("less than 10 points are a disconnect: %s", text(t, x))
		}
	}
}

func TestRankings(t *testing.T) {
	body := sites()
	body.Groups = []record.Group{site("A", exactly("care", 50, 60, 0.5), exactly("tempo", 40, 50, 0.7)), site("B", exactly("care", 50, 20, 0.5), exactly("tempo", 60, 30, 0.7)),
		site("C", exactly("care", 50, 30, 0.5), exactly("tempo", 60, 80, 0.7)), site("D", record.Dimension{ID: "care", Withheld: true})}
	got := Rankings(body)
	if len(got) != 1 || len(got[0].Entries) != 3 {
		t.Fatalf("%s", text(t, got))
	}
	var order []string
	for _, e := range got[0].Entries {
		order = append(order, e.Key[0])
	}
	if e := got[0].Entries; !slices.Equal(order, []string{"A", "C", "B"}) || e[0].Rank != 1 || e[1].Rank != 1 || e[2].Rank != 3 {
		t.Errorf("%s", text(t, e))
	}
	want := "A comes first with an overall score of 55, B last with 25. The 30 points between them are hardly chance. " +
		"Groups that stand next to each other may still differ by chance alone."
	if got[0].Text != want {
		t.Errorf("got  %s\nwant %s", got[0].Text, want)
	}
	// The spread of the index is at most the mean of 12.5 and 17.5 points.
	sample, ok := newSurvey(body).indexSample(newSurvey(body).groupings()[0].groups[0])
	if !ok || sample.N != 40 || !near(sample.SD, 15) || sample.Mean != 55 {
		t.Errorf("index as a sample: %+v", sample)
	}
	body.Instrument.Direction = "high-is-bad"
	if got := Rankings(body)[0]; got.Entries[0].Key[0] != "B" || !strings.HasPrefix(got.Text, "B comes first with an overall score of 25 (lower is better), C last with 55.") {
		t.Errorf("high is bad: %s", text(t, got))
	}
	body.Groups = body.Groups[:1]
	if got := Rankings(body); len(got) > 0 {
		t.Errorf("one group is ranked: %s", text(t, got))
	}
}

func TestRankingThatMayBeChance(t *testing.T) {
	body := sites()
	body.Groups = []record.Group{site("A", exactly("care", 9, 60, 1.2), exactly("tempo", 9, 50, 1.2)), site("B", exactly("care", 9, 50, 1.2), exactly("tempo", 9, 40, 1.2))}
	if got, want := Rankings(body)[0].Text, "A comes first with an overall score of 55, B last with 45. The 10 points between them may be chance, so do not read much into the order."; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	body.Groups[0].Dimensions[0].SD = nil
	if got := Rankings(body)[0].Text; !strings.HasSuffix(got, "There is not enough to say whether the order is chance.") {
		t.Errorf("without an SD: %s", got)
	}
	body.Groups[0].Index = ptr(44.8)
	if got := Rankings(body)[0].Text; got != "Both groups have the same overall score, 45." {
		t.Errorf("the same: %s", got)
	}
}

// Values are R's: t.test of Bar and Desk together against Spa.
func TestLeaders(t *testing.T) {
	got := Leaders(sites(), "site", []string{"bar", " DESK", "Hall", ""})
	if len(got) != 2 {
		t.Fatalf("%s", text(t, got))
	}
	x := got[0]
	for name, pair := range map[string][2]float64{
		"mean": {x.Leaders.Mean, 3.82222222222222}, "sd": {x.Leaders.SD, 0.70590413909735}, "percent": {x.Leaders.Percent, 25 * 2.82222222222222},
		"t": {x.Test.Statistic, 7.1714446912965}, "df": {x.Test.DF, 21.7333004281045}, "low": {x.CI.Low, 1.20014010288026},
		"holm": {*x.Test.PHolm, 2 * 3.70645739918451e-07}, "holm of tempo": {*got[1].Test.PHolm, 0.0208408490599772},
	} {
		if !near(pair[0], pair[1]) {
			t.Errorf("%s is %v, want %v", name, pair[0], pair[1])
		}
	}
	if x.Leaders.N != 18 || x.FrontLine.N != 9 || x.By != "site" {
		t.Errorf("%s", text(t, x))
	}
	for i, want := range []string{
		"In “Care” leaders score 71 and the front line 28, 43 points apart. This is hardly chance. Those who lead may not see what the front line meets every day. " +
			"Few people stand behind it (9 in the front line), so it could look different next time.",
		"In “Tempo” leaders score 52 and the front line 62, 10 points apart. This is more than chance would easily explain. The front line sees this in a better light than those who lead. " +
			"Few people stand behind it (9 in the front line), so it could look different next time.",
	} {
		if got[i].Text != want {
			t.Errorf("got  %s\nwant %s", got[i].Text, want)
		}
	}
	for _, none := range [][]string{{"Bar", "Desk", "Spa"}, {"Yard"}, nil} {
		if got := Leaders(sites(), "site", none); len(got) > 0 {
			t.Errorf("leaders %q: %s", none, text(t, got))
		}
	}
	if got := Leaders(sites(), "role", []string{"Bar"}); len(got) > 0 {
		t.Errorf("another column: %s", text(t, got))
	}
}

// With two groups, what is said of gaps, disconnects and leaders is one test
// for each dimension.
func TestTwoGroupsAreOneTest(t *testing.T) {
	body := sites()
	body.Groups = []record.Group{body.Groups[1], body.Groups[5]} // Bar, Spa
	gaps, leaders, apart := Gaps(body), Leaders(body, "site", []string{"Bar"}), Disconnects(body)
	if len(gaps) != 4 || len(leaders) != 2 || len(apart) != 2 {
		t.Fatalf("%d gaps, %d of leaders, %d disconnects", len(gaps), len(leaders), len(apart))
	}
	for d := range 2 {
		p := *leaders[d].Test.PHolm
		if *gaps[d].Test.PHolm != p || *gaps[2+d].Test.PHolm != p || *apart[d].Test.PHolm != p {
			t.Errorf("%s: %v, %v, %v, %v", leaders[d].Dimension, p, *gaps[d].Test.PHolm, *gaps[2+d].Test.PHolm, *apart[d].Test.PHolm)
		}
	}
	if got := *leaders[1].Test.PHolm; !near(got, 0.0227849497609493) { // R's, the larger of the two
		t.Errorf("p of tempo is %v", got)
	}
}

// The order of groups changes nothing, and nothing is changed.
func TestOrderOfGroupsDoesNotMatter(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 30 {
		body := sites()
		body.Groups = nil
		for i := range 3 + random.IntN(12) {
			key := string(rune('A'+i%5)) + string(rune('a'+i))
			body.Groups = append(body.Groups, site(key, exactly("care", 5+random.Int64N(40), 100*random.Float64(), random.Float64()),
				exactly("tempo", 5+random.Int64N(40), float64(10*random.IntN(4)), random.Float64())))
		}
		before := text(t, body)
		all := func() string {
			return text(t, []any{Agreement(body), Gaps(body), Rankings(body), Disconnects(body), Leaders(body, "site", []string{"Aa", "Bb"}), Changes(body, body)})
		}
		want := all()
		if text(t, body) != before {
			t.Fatal("the body was changed")
		}
		random.Shuffle(len(body.Groups), func(i, j int) { body.Groups[i], body.Groups[j] = body.Groups[j], body.Groups[i] })
		if got := all(); got != want {
			t.Fatalf("another order gives\n%s\nnot\n%s", got, want)
		}
	}
}

// Pooling parts gives what the people together have.
func TestPoolingIsThatOfAllPeople(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 50 {
		var whole pooled
		var scores []float64
		for range 1 + random.IntN(6) {
			var part []float64
			for range 2 + random.IntN(9) {
				part = append(part, 1+4*random.Float64())
			}
			f, _ := published(dimension("care", part...))
			whole = whole.plus(pool(f))
			scores = append(scores, part...)
		}
		want, _ := published(dimension("care", scores...))
		got := whole.figures()
		if got.n != want.n || math.Abs(got.mean-want.mean) > 1e-12 || math.Abs(got.sd-want.sd) > 1e-12 || math.Abs(got.percent-want.percent) > 1e-10 {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
}

// many is a survey of a large company.
func many() record.AssessmentBody {
	body := sites()
	body.Groups = nil
	random := rand.New(rand.NewPCG(5, 6))
	for d := range 6 {
		id := "more" + string(rune('a'+d))
		body.Instrument.Dimensions = append(body.Instrument.Dimensions, record.DimensionText{ID: id, Title: id, Items: []record.ItemText{{ID: id + "-1"}, {ID: id + "-2"}}})
	}
	for i := range 1128 {
		var dims []record.Dimension
		for _, text := range body.Instrument.Dimensions {
			d := exactly(text.ID, 5+random.Int64N(60), 30+40*random.Float64(), 0.4+random.Float64())
			for _, it := range text.Items {
				d.Items = append(d.Items, record.Item{ID: it.ID, N: d.N, Mean: d.Mean, SD: d.SD, Histogram: []int64{1, 2, 3, 2, 1}})
			}
			dims = append(dims, d)
		}
		g := site("", dims...)
		g.By, g.Key = []string{"site", "team"}, []string{string(rune('A' + i%26)), string(rune('a' + i))}
		body.Groups = append(body.Groups, g)
	}
	return body
}

func BenchmarkManyGroups(b *testing.B) {
	body := many()
	for name, run := range map[string]func(){
		"agreement": func() { Agreement(body) }, "gaps": func() { Gaps(body) }, "rankings": func() { Rankings(body) },
		"disconnects": func() { Disconnects(body) }, "changes": func() { Changes(body, body) },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				run()
			}
		})
	}
}
