package auditor

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
)

// readings adds what compares groups, computed from the answers of the people
// in them.
func readings(p poll, b *record.AssessmentBody) {
	text := b.Instrument.Dimensions[0]
	sets := map[string][]float64{}
	var all []float64
	for _, r := range p.people {
		x, _ := score(r, text)
		sets[r.values["department"]] = append(sets[r.values["department"]], x)
		all = append(all, x)
	}
	n, mean, _ := momentsOf(all)
	between, within, squares := 0.0, 0.0, 0.0
	for _, xs := range sets {
		_, m, _ := momentsOf(xs)
		for _, x := range xs {
			within += (x - *m) * (x - *m)
			between += (*m - *mean) * (*m - *mean)
		}
		squares += float64(len(xs) * len(xs))
	}
	groups := float64(len(sets))
	n0 := (float64(*n) - squares/float64(*n)) / (groups - 1)
	msb, msw := between/(groups-1), within/(float64(*n)-groups)
	b.Agreement = []record.Agreement{{By: []string{"department"}, Dimension: "first", Groups: 3, N: *n,
		ICC1: ptr((msb - msw) / (msb + (n0-1)*msw)), ICC2: ptr((msb - msw) / msb), EtaSq: ptr(between / (between + within)), F: &record.Test{Statistic: msb / msw},
		RWGJ: []record.GroupFigure{{Key: []string{"Bar"}, Value: ptr(0.5)}, {Key: []string{"Spa"}, Value: ptr(0.7)}}, MeanRWGJ: ptr(0.6)}}
	rest := slices.Concat(sets["Kitchen"], sets["Spa"])
	_, own, sd := momentsOf(sets["Bar"])
	nRest, other, sdRest := momentsOf(rest)
	diff := *own - *other
	b.Gaps = []record.Gap{{By: []string{"department"}, Key: []string{"Bar"}, Dimension: "first", N: 20, NRest: *nRest, Difference: diff, Points: 25 * diff}}
	b.Rankings = []record.Ranking{{By: []string{"department"}, Entries: []record.Ranked{{Rank: 1, Key: []string{"Spa"}, Index: *b.Groups[2].Index}}}}
	bar, front := record.Side{N: 20, Mean: *own, SD: *sd}, record.Side{N: *nRest, Mean: *other, SD: *sdRest}
	spa := b.Groups[2].Dimensions[0]
	b.Disconnects = []record.Disconnect{{By: []string{"department"}, Dimension: "first", Best: []string{"Bar"}, Worst: []string{"Spa"},
		BestSide: bar, WorstSide: record.Side{N: *spa.N, Mean: *spa.Mean, SD: *spa.SD}}}
	b.Leaders = []record.Leaders{{By: "department", Dimension: "first", Leaders: bar, FrontLine: front}}
	b.IdealPractice = []record.IdealPractice{{Ideal: "a", Practice: "c", Pair: record.Pair{N: 60}}}
	b.ServiceCare = []record.ServiceCare{{By: []string{"department"}, Key: []string{"Spa"}, Service: record.Side{N: 18}, Care: record.Side{N: 18}, Pair: &record.Pair{N: 18}}}
	b.Changes = []record.Change{{Since: "2025", Dimension: "first", By: []string{"department"}, Key: []string{"Bar"}, After: &bar, Before: &record.Side{N: 30, Mean: 3, SD: 1}}}
	b.Drivers = []record.Drivers{{Outcome: "o", N: ptr(int64(60)), RSq: ptr(0.5), Dimensions: []record.Driver{{Dimension: "first", R: ptr(0.5)}}}}
	b.Traces = []record.Trace{{Dimension: "second", Root: "first", Links: []record.Link{{Upper: "second", Lower: "first", N: ptr(int64(60))}}}}
	b.Priorities = []record.Priority{{Rank: 1, Dimension: "first", Percent: *b.Dimensions[0].Percent}}
}

func cleanBody() record.AssessmentBody {
	p := departments()
	b := p.body()
	readings(p, &b)
	return b
}

func TestFormOfCleanBody(t *testing.T) {
	_, findings := ReleaseOf("a", cleanBody(), "acme")
	for _, f := range findings {
		t.Error(f)
	}
	// Records of earlier versions have fewer fields.
	b := cleanBody()
	b.Data, b.Agreement[0].ICC1, b.Agreement[0].F, b.Agreement[0].RWGJ, b.Agreement[0].MeanRWGJ = nil, nil, nil, nil, nil
	b.Dimensions[0].N, b.Dimensions[0].Mean, b.Dimensions[0].SD, b.Dimensions[0].Percent = ptr(int64(0)), nil, nil, nil
	for i := range b.Dimensions[0].Items {
		b.Dimensions[0].Items[i] = record.Item{ID: b.Dimensions[0].Items[i].ID, N: ptr(int64(0))} // nobody answered
	}
	b.Priorities = nil
	_, findings = ReleaseOf("a", b, "acme")
	for _, f := range findings {
		t.Error(f)
	}
}

// breach breaks one thing in a clean body.
type breach struct {
	name                string
	change              func(b *record.AssessmentBody)
	cell, measure, what string
}

func (c breach) run(t *testing.T) {
	b := cleanBody()
	c.change(&b)
	_, findings := ReleaseOf("a", b, "acme")
	if !slices.ContainsFunc(findings, func(f Finding) bool {
		return f.Release == "a" && f.Cell == c.cell && f.Measure == c.measure && strings.Contains(f.What, c.what)
	}) {
		t.Errorf("%s: %s, %s: %q not found among %v", c.name, c.cell, c.measure, c.what, findings)
	}
}

func TestFormOfCells(t *testing.T) {
	spa := func(b *record.AssessmentBody) *record.Group { return &b.Groups[2] }
	for _, c := range []breach{
		{"withheld group with n", func(b *record.AssessmentBody) {
			*spa(b) = record.Group{By: spa(b).By, Key: spa(b).Key, Withheld: true, N: ptr(int64(9))}
		},
			"department Spa", "people", "marked as withheld"},
		{"withheld group with figures", func(b *record.AssessmentBody) { spa(b).Withheld, spa(b).N, spa(b).Index = true, nil, nil }, "department Spa", "item a", "marked as withheld"},
		{"withheld group with a rate", func(b *record.AssessmentBody) {
			*spa(b) = record.Group{By: spa(b).By, Key: spa(b).Key, Withheld: true, Response: &record.Response{Headcount: 9, Rate: ptr(0.5)}}
		}, "department Spa", "people", "marked as withheld"},
		{"withheld dimension with alpha", func(b *record.AssessmentBody) {
			spa(b).Dimensions[0] = record.Dimension{ID: "first", Withheld: true, Alpha: &record.Alphas{}}
		}, "department Spa", "dimension first", "marked as withheld"},
		{"withheld outcome with a net score", func(b *record.AssessmentBody) {
			spa(b).Outcomes[0] = record.Item{ID: "o", Withheld: true, ENPS: &record.ENPS{}}
		},
			"department Spa", "item o", "marked as withheld"},
		{"few people", func(b *record.AssessmentBody) { spa(b).N = ptr(int64(4)) }, "department Spa", "people", "is of 4 people, fewer than the 5"},
		{"few in a dimension", func(b *record.AssessmentBody) { spa(b).Dimensions[0].N = ptr(int64(4)) }, "department Spa", "dimension first", "is of 4 people"},
		{"never fewer than three", func(b *record.AssessmentBody) { b.Method.MinGroup, b.Dimensions[0].Items[0].N = 1, ptr(int64(2)) }, everybody, "item a", "fewer than the 3"},
		{"few in alpha", func(b *record.AssessmentBody) {
			spa(b).Dimensions[0].Alpha = &record.Alphas{Complete: &record.Alpha{N: ptr(int64(2))}}
		}, "department Spa", "dimension first", "alpha of 2 people"},
		{"all favorable", func(b *record.AssessmentBody) { spa(b).Dimensions[1].Favorable = &record.Share{Share: 1} }, "department Spa", "dimension second", "answered alike"},
		{"no spread", func(b *record.AssessmentBody) { spa(b).Dimensions[1].SD = ptr(0.0) }, "department Spa", "dimension second", "answered alike"},
		{"end of the scale", func(b *record.AssessmentBody) { spa(b).Outcomes[0].Mean = ptr(1.0) }, "department Spa", "item o", "answered alike"},
		{"one step", func(b *record.AssessmentBody) { spa(b).Outcomes[0].Histogram = []int64{0, 18, 0, 0, 0} }, "department Spa", "item o", "answered alike"},
		{"all promoters", func(b *record.AssessmentBody) { spa(b).Outcomes[0].ENPS = &record.ENPS{Promoters: 1} }, "department Spa", "item o", "answered alike"},
		{"histogram of others", func(b *record.AssessmentBody) { spa(b).Outcomes[0].Histogram[0]++ }, "department Spa", "item o", "counts other people"},
		{"no n", func(b *record.AssessmentBody) { spa(b).Outcomes[0].N = nil }, "department Spa", "item o", "does not say of how many"},
		{"index", func(b *record.AssessmentBody) { spa(b).Dimensions[0] = record.Dimension{ID: "first", Withheld: true} }, "department Spa", "people", "overall score though"},
		{"all items but one", func(b *record.AssessmentBody) { spa(b).Dimensions[0].Items[1] = record.Item{ID: "b", Withheld: true} }, "department Spa", "item b", "all other items"},
		{"all items", func(b *record.AssessmentBody) {
			spa(b).Dimensions[0] = record.Dimension{ID: "first", Withheld: true, Items: spa(b).Dimensions[0].Items}
		}, "department Spa", "dimension first", "everybody answered all its items"},
		{"people in no group", func(b *record.AssessmentBody) { b.N = ptr(int64(62)) }, everybody, "people", "2 people more than the groups by department"},
		{"answers", func(b *record.AssessmentBody) { b.Outcomes[0] = record.Item{ID: "o", Withheld: true} }, everybody, "item o", "how many answers there are"},
		{"rows", func(b *record.AssessmentBody) { b.Withheld = true }, everybody, "people", "how many rows"},
		{"longest run", func(b *record.AssessmentBody) { b.Data.Careless.LongRuns = ptr(int64(2)) }, everybody, "people", "longest run"},
	} {
		c.run(t)
	}
}

func TestFormOfReadings(t *testing.T) {
	made := "is not made of the published groups alone"
	few := "is of 4 people, fewer than the 5"
	for _, c := range []breach{
		{"groups", func(b *record.AssessmentBody) { b.Agreement[0].Groups = 4 }, "groups by department", "dimension first", made},
		{"people", func(b *record.AssessmentBody) { b.Agreement[0].N = 63 }, "groups by department", "dimension first", made},
		{"icc1", func(b *record.AssessmentBody) { *b.Agreement[0].ICC1 += 1e-4 }, "groups by department", "dimension first", made},
		{"icc2", func(b *record.AssessmentBody) { *b.Agreement[0].ICC2 += 1e-4 }, "groups by department", "dimension first", made},
		{"eta", func(b *record.AssessmentBody) { *b.Agreement[0].EtaSq *= 1.0001 }, "groups by department", "dimension first", made},
		{"f", func(b *record.AssessmentBody) { b.Agreement[0].F.Statistic *= 1.0001 }, "groups by department", "dimension first", made},
		{"rwg", func(b *record.AssessmentBody) { b.Agreement[0].RWGJ[0].Key[0] = "Attic" }, "department Attic", "dimension first", made},
		{"rwg of withheld", func(b *record.AssessmentBody) { b.Groups[0].Dimensions[0].Withheld = true }, "department Bar", "dimension first", made},
		{"mean rwg", func(b *record.AssessmentBody) { b.Agreement[0].MeanRWGJ = ptr(0.61) }, "groups by department", "dimension first", "mean agreement"},
		{"gap", func(b *record.AssessmentBody) { b.Gaps[0].NRest++ }, "department Bar", "dimension first", "the gap to the rest " + made},
		{"gap difference", func(b *record.AssessmentBody) { b.Gaps[0].Difference += 1e-4 }, "department Bar", "dimension first", "the gap to the rest " + made},
		{"gap points", func(b *record.AssessmentBody) { b.Gaps[0].Points += 0.1 }, "department Bar", "dimension first", "the gap to the rest " + made},
		{"ranking", func(b *record.AssessmentBody) { b.Rankings[0].Entries[0].Index++ }, "department Spa", "people", "the ranking by department " + made},
		{"ranking of withheld", func(b *record.AssessmentBody) { b.Groups[2].Withheld = true }, "department Spa", "people", "the ranking by department " + made},
		{"disconnect", func(b *record.AssessmentBody) { b.Disconnects[0].WorstSide.N++ }, "department Spa", "dimension first", "the disconnect " + made},
		{"leaders", func(b *record.AssessmentBody) { b.Leaders[0].FrontLine.Mean += 0.1 }, "groups by department", "dimension first", "leaders"},
		{"ideal", func(b *record.AssessmentBody) { b.IdealPractice[0].Pair.N = 4 }, everybody, "item a", few},
		{"ideal of withheld", func(b *record.AssessmentBody) { b.Dimensions[1].Items[0].Withheld = true }, everybody, "item c", "ideal against practice"},
		{"service", func(b *record.AssessmentBody) { b.ServiceCare[0].Care.N = 4 }, "department Spa", "people", few},
		{"service of withheld", func(b *record.AssessmentBody) { b.Groups[2].Dimensions[1].Withheld = true }, "department Spa", "dimension second", "service against care"},
		{"service of nobody", func(b *record.AssessmentBody) { b.ServiceCare[0].Key = []string{"Attic"} }, "department Attic", "people", "not published"},
		{"change", func(b *record.AssessmentBody) { b.Changes[0].After.Mean++ }, "department Bar", "dimension first", "the change since 2025 " + made},
		{"change of few", func(b *record.AssessmentBody) { b.Changes[0].N = ptr(int64(4)) }, "department Bar", "dimension first", few},
		{"drivers", func(b *record.AssessmentBody) { b.Drivers[0].N = ptr(int64(4)) }, everybody, "item o", few},
		{"drivers of withheld", func(b *record.AssessmentBody) { b.Outcomes[0].Withheld = true }, everybody, "item o", "what drives"},
		{"link", func(b *record.AssessmentBody) { b.Traces[0].Links[0].N = ptr(int64(4)) }, everybody, "dimension second", few},
		{"link of withheld", func(b *record.AssessmentBody) { b.Dimensions[1].Withheld = true }, everybody, "dimension second", "the tie between"},
		{"priority", func(b *record.AssessmentBody) { b.Priorities[0].Percent++ }, everybody, "dimension first", "priorities"},
	} {
		c.run(t)
	}
}

// People who did not state their group take no part in comparisons.
func TestFormLeavesOutNotStated(t *testing.T) {
	p := departments()
	b := p.body()
	readings(p, &b)
	p.people = append(p.people, staff(seeded(), 9, "department", "")...)
	with := p.body()
	with.Agreement, with.Gaps, with.Leaders = b.Agreement, b.Gaps, b.Leaders
	_, findings := ReleaseOf("a", with, "acme")
	for _, f := range findings {
		t.Error(f)
	}
}

func TestPool(t *testing.T) {
	xs, ys := []float64{1, 2, 4, 4}, []float64{3, 5, 5}
	one := func(xs []float64) member {
		n, mean, sd := momentsOf(xs)
		return member{n: *n, mean: *mean, sd: *sd}
	}
	got, want := pool([]member{one(xs), one(ys)}), one(slices.Concat(xs, ys))
	if got.n != want.n || math.Abs(got.mean-want.mean) > 1e-12 || math.Abs(got.sd-want.sd) > 1e-12 {
		t.Errorf("pooled %+v, want %+v", got, want)
	}
}

// TestFormOfItemsLeftOut makes nothing of items that no group is told of, for
// there are too many groups, unless they are withheld.
func TestFormOfItemsLeftOut(t *testing.T) {
	slim := func() record.AssessmentBody {
		b := cleanBody()
		b.IdealPractice = append(b.IdealPractice, record.IdealPractice{By: b.Groups[2].By, Key: b.Groups[2].Key, Ideal: "a", Practice: "c", Pair: record.Pair{N: 18}})
		for g := range b.Groups {
			for d := range b.Groups[g].Dimensions {
				b.Groups[g].Dimensions[d].Items = nil
			}
		}
		b.Undefined = record.UndefinedNote{"groups.items": "there are too many groups"}
		return b
	}
	findings := func(b record.AssessmentBody) []Finding {
		_, out := ReleaseOf("a", b, "acme")
		return out
	}
	expect(t, findings(slim()))
	b := slim()
	b.Undefined = nil // nothing says why
	if len(findings(b)) != 4 {
		t.Error(findings(b))
	}
	b = slim()
	b.Groups[2].Dimensions[0].Items = []record.Item{{ID: "a", Withheld: true}}
	expect(t, findings(b), "a: department Spa, item a: is not published, and ideal against practice is made of it")
	b = slim()
	b.Groups[2].Dimensions[0] = record.Dimension{ID: "first", Withheld: true}
	b.Groups[2].Index, b.Gaps, b.Rankings, b.Disconnects, b.Leaders, b.Agreement = nil, nil, nil, nil, nil, nil
	found := findings(b)
	if !slices.ContainsFunc(found, func(f Finding) bool { return f.Measure == "item a" }) {
		t.Error(found)
	}
	b = slim()
	b.Dimensions[0].Items = nil // everybody's are never left out
	if found = findings(b); !slices.ContainsFunc(found, func(f Finding) bool { return f.Cell == everybody && f.Measure == "item a" }) {
		t.Error(found)
	}
}
