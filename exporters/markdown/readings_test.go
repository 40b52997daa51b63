package markdown

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/plan"
	"github.com/firstcall-cli/firstcall/core/reading"
	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// builtin is a built-in instrument.
func builtin(t testing.TB, id string) *instrument.Instrument {
	t.Helper()
	in, err := instrument.Builtin(id)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// inFull gives the published groups the figures of their items, which say how
// far they agree.
func inFull(body record.AssessmentBody, people []respondent) {
	in := body.Instrument
	for i, g := range body.Groups {
		if g.Withheld {
			continue
		}
		members := slices.DeleteFunc(slices.Clone(people), func(p respondent) bool {
			for c, column := range g.By {
				if p.groups[column] != g.Key[c] {
					return true
				}
			}
			return false
		})
		for d, text := range in.Dimensions {
			full := figures(in, text, members, true)
			for k, it := range text.Items {
				var xs []float64
				for _, p := range members {
					if a := keyed(in, p, it); a > 0 {
						xs = append(xs, float64(a))
					}
				}
				_, sd := moments(xs)
				full.Items[k].SD = &sd
			}
			body.Groups[i].Dimensions[d] = full
		}
	}
}

// readings fills in what core/reading makes of a body.
func readings(body *record.AssessmentBody, leaders ...string) {
	body.Agreement, body.Gaps, body.Rankings = reading.Agreement(*body), reading.Gaps(*body), reading.Rankings(*body)
	body.Disconnects, body.Leaders = reading.Disconnects(*body), reading.Leaders(*body, "role", leaders)
	body.Priorities = reading.Priorities(*body)
}

// hotelReadings is the hotel with everything that a record can say, but for
// levels.
func hotelReadings(t testing.TB) (now, before record.AssessmentBody) {
	in := builtin(t, "eight-qualities").Describe()
	in.Outcomes = []record.ItemText{{ID: "recommend", Text: "How likely are you to tell a friend to work here?", Scale: &record.Scale{Min: 0, Max: 10}}}
	center := map[string]float64{}
	for id, x := range hotelCenter {
		center[id] = x
	}
	before = assess(in, "2026-q1", answers(in, 11, center, hotelStaff), hotelHeadcounts, []string{"department"})
	center["measurement"] += 0.8
	people := answers(in, 12, center, hotelStaff)
	now = assess(in, "2026-q3", people, hotelHeadcounts, []string{"department"}, []string{"role"}, []string{"department", "role"})
	inFull(now, people)
	now.Outcomes = []record.Item{{ID: "recommend", N: ptr(int64(76)), Percent: ptr(64.0), Histogram: []int64{1, 1, 2, 3, 4, 7, 9, 14, 15, 12, 8},
		ENPS: &record.ENPS{Promoters: 20.0 / 76, Detractors: 27.0 / 76, Score: -700.0 / 76, Low: ptr(-27.4), High: ptr(8.9)}}}
	d := record.Drivers{Outcome: "recommend", N: ptr(int64(74)), RSq: ptr(0.42), Interval: "bootstrap"}
	for i, text := range in.Dimensions {
		share := []float64{0.08, 0.05, 0.12, 0.31, 0.04, 0.24, 0.1, 0.06}[i]
		weight := share * 0.42
		d.Dimensions = append(d.Dimensions, record.Driver{Dimension: text.ID, R: ptr(share), Share: &share, Weight: &weight, Low: ptr(weight / 2), High: ptr(weight * 1.7)})
	}
	d.Dimensions[4].R = ptr(-0.1)
	d.Text = reading.DriversText(now, d)
	now.Drivers = []record.Drivers{d}
	for i := range now.Dimensions {
		now.Dimensions[i].Omega = ptr(0.7 + float64(i)/50)
		now.Dimensions[i].Alpha.Complete = &record.Alpha{Raw: ptr(0.69 + float64(i)/50)}
	}
	now.Data.Careless = &record.Careless{LongRun: 10, LongRuns: ptr(int64(3)), LongestRun: ptr(int64(21)), MeanIRV: ptr(0.94)}
	readings(&now, "manager")
	now.Changes = reading.Changes(now, before)
	return now, before
}

// planRecordOf is the plan record of an assessment.
func planRecordOf(t testing.TB, of *record.Record, in *instrument.Instrument) *record.Record {
	t.Helper()
	body, ok := plan.Make(of.Assessment.Body(), in, of.AsOf)
	if !ok {
		t.Fatal("there is nothing to do")
	}
	rec, err := record.NewPlan(of, body)
	if err != nil {
		t.Fatal(err)
	}
	return rec
}

// pairOf is a comparison within people.
func pairOf(first, second, p float64) record.Pair {
	return record.Pair{N: 60, First: first, Second: second, Points: first - second, Difference: (first - second) / 25, Test: &record.Test{P: p, PHolm: &p}}
}

// said is an improvement plan with ideals against practice and service against
// care.
func said(t testing.TB) record.AssessmentBody {
	in := builtin(t, "improvement-plan").Describe()
	center := map[string]float64{}
	for i, d := range in.Dimensions {
		center[d.ID] = []float64{3.9, 3.6, 3.4, 2.9, 3.5, 2.6, 3.3, 3.1}[i]
	}
	body := assess(in, "", answers(in, 21, center, hotelStaff), nil, []string{"department"})
	for i, p := range []record.Pair{pairOf(78, 45, 0.0002), pairOf(66, 61, 0.2), pairOf(60, 64, 0.03), pairOf(71, 40, 0.001), pairOf(55, 55, 1)} {
		x := record.IdealPractice{Ideal: []string{"culture-1", "vision-2", "communication-1", "empowerment-1", "hiring-1"}[i],
			Practice: []string{"culture-2", "vision-3", "communication-2", "empowerment-2", "hiring-2"}[i], Pair: p}
		x.Text = reading.IdealPracticeText(body, x)
		body.IdealPractice = append(body.IdealPractice, x)
	}
	kitchen := record.IdealPractice{Ideal: "culture-1", Practice: "culture-2", By: []string{"department"}, Key: []string{"Kitchen"}, Pair: pairOf(80, 30, 0.001)}
	kitchen.Text = reading.IdealPracticeText(body, kitchen)
	body.IdealPractice = append(body.IdealPractice, kitchen)
	for i, key := range [][]string{nil, {"Kitchen"}, {"Housekeeping"}} {
		pair := pairOf(60, 52, []float64{0.001, 0.3, 0.02}[i])
		x := record.ServiceCare{Key: key, Service: record.Side{N: 60, Percent: 60.2}, Care: record.Side{N: 60, Percent: 52.1}, Pair: &pair}
		if key != nil {
			x.By = []string{"department"}
		}
		x.Text = reading.ServiceCareText(body, x)
		body.ServiceCare = append(body.ServiceCare, x)
	}
	return body
}

// traced is a survey of six levels, three of them weak, and paired changes.
func traced(t testing.TB) record.AssessmentBody {
	in := builtin(t, "purpose-centered").Describe()
	center := map[string]float64{}
	for i, d := range in.Dimensions {
		center[d.ID] = []float64{3.6, 2.6, 2.7, 2.4, 3.4, 2.7}[i]
	}
	people := answers(in, 7, center, hotelStaff)
	body := assess(in, "2026-10", people, nil, []string{"department"})
	inFull(body, people)
	readings(&body)
	body.Traces = reading.Traces(body, []record.Link{
		{Upper: "systems", Lower: "staff", R: ptr(0.55), CI: &record.Interval{Low: 0.37, High: 0.69}},
		{Upper: "staff", Lower: "strategy", R: ptr(0.34), CI: &record.Interval{Low: 0.13, High: 0.52}},
	})
	body.Method.Waves = "paired"
	for i, d := range body.Dimensions {
		moved := []float64{0.3, -6.4, 12.2, 3, 2.6, -15}[i]
		p := []float64{0.9, 0.03, 0.0004, 0.3, 0.4, 0.002}[i]
		c := record.Change{Since: "2025-12", Dimension: d.ID, Paired: true, N: ptr(int64(41 - i%2)), Points: moved, Difference: moved / 25, Test: &record.Test{P: p, PHolm: &p},
			Before: &record.Side{N: 70, Percent: *d.Percent - moved + 1}, After: &record.Side{N: *d.N, Mean: *d.Mean, Percent: *d.Percent}}
		c.Text = reading.ChangeText(body, c)
		body.Changes = append(body.Changes, c)
	}
	return body
}

// readCases are golden reports of records that say all they can.
func readCases(t testing.TB) map[string][]*record.Record {
	now, before := hotelReadings(t)
	main := sealed(t, hotel, now)
	signs := builtin(t, "warning-signs").Describe()
	people := answers(signs, 5, map[string]float64{"smoke-and-mirrors": 2.2, "keep-it-zipped": 3.6, "hear-no-evil": 1.8}, []staff{
		{"Front desk", "Front line", 17, map[string]float64{"keep-it-zipped": 0.8, "hear-no-evil": -0.4}}, {"Front desk", "Manager", 6, nil},
		{"Kitchen", "Front line", 20, map[string]float64{"keep-it-zipped": -0.9, "smoke-and-mirrors": 0.9}}})
	bad := assess(signs, "2026-q3", people, nil, []string{"department"}, []string{"role"})
	inFull(bad, people)
	readings(&bad, "Manager")
	badRecord := sealed(t, hotel, bad)
	return map[string][]*record.Record{
		"readings":        {main, sealed(t, hotel, before), planRecordOf(t, main, builtin(t, "eight-qualities"))},
		"readings-levels": {sealed(t, hotel, traced(t))},
		"readings-said":   {sealed(t, hotel, said(t))},
		"readings-signs":  {badRecord, planRecordOf(t, badRecord, builtin(t, "warning-signs"))},
	}
}

func TestGoldenReadings(t *testing.T) {
	for name, records := range readCases(t) {
		t.Run(name, func(t *testing.T) {
			reports := Render(records, DefaultOptions())
			if len(reports) != 1 {
				t.Fatalf("%d reports, want 1", len(reports))
			}
			golden(t, name, reports[0].Body)
			reversed := slices.Clone(records)
			slices.Reverse(reversed)
			if again := Render(reversed, DefaultOptions()); !bytes.Equal(again[0].Body, reports[0].Body) {
				t.Error("the order of records changes the report")
			}
		})
	}
}

// What a record says in sentences stands in a report once.
func TestNothingIsToldTwice(t *testing.T) {
	seen := 0
	for name, records := range readCases(t) {
		report := string(Render(records, DefaultOptions())[0].Body)
		body := records[0].Assessment.Body()
		var texts []string
		for _, x := range body.Disconnects {
			texts = append(texts, x.Text)
		}
		for _, x := range body.Rankings {
			texts = append(texts, x.Text)
		}
		for _, x := range body.Leaders {
			texts = append(texts, x.Text)
		}
		for _, x := range body.Traces {
			texts = append(texts, x.Text)
		}
		for _, x := range body.Priorities {
			texts = append(texts, x.Text)
		}
		for _, text := range texts {
			n := strings.Count(report, esc(text))
			if seen += n; n > 1 {
				t.Errorf("%s: told %d times: %s", name, n, text)
			}
		}
	}
	if seen < 10 {
		t.Errorf("only %d sentences of the records are told", seen)
	}
}

// Text of a record is never Markdown.
func TestReadingsAreEscaped(t *testing.T) {
	body := hotelWave(t, "2026-q3", 12, 0.8)
	const evil = "<b>*x*</b> [a](http://x.y) `c` | d"
	p := &record.Test{P: 0.001}
	side := record.Side{N: 20, Percent: 50}
	key, by := []string{evil}, []string{"department"}
	pair := pairOf(60, 40, 0.001)
	body.Disconnects = []record.Disconnect{{By: by, Dimension: "training", Best: key, Worst: key, Points: 30, Test: p, Text: evil + "1"}}
	body.Gaps = []record.Gap{{By: by, Key: key, Dimension: evil, Points: 20, Test: p}}
	body.Rankings = []record.Ranking{{By: by, Text: evil + "2"}}
	body.Leaders = []record.Leaders{{By: evil, Dimension: evil, Leaders: side, FrontLine: side, Points: 10, Test: p, Text: evil + "3"}}
	body.IdealPractice = []record.IdealPractice{{Ideal: evil, Practice: evil, Pair: pair, Text: evil + "4"}, {Ideal: evil, Practice: evil, By: by, Key: key, Pair: pair, Text: evil + "5"}}
	body.ServiceCare = []record.ServiceCare{{By: by, Key: key, Service: side, Care: side, Pair: &pair, Text: evil}, {Service: side, Care: side, Text: evil + "6"}}
	body.Changes = []record.Change{{Since: evil, Dimension: "training", Points: 10, Test: p, Text: evil}, {Since: evil, Dimension: evil, By: by, Key: key, Points: 20, Test: p, Text: evil}}
	body.Drivers = []record.Drivers{{Outcome: evil, Text: evil + "7", Dimensions: []record.Driver{{Dimension: evil, Share: ptr(1.0), Weight: ptr(0.5)}}}, {Outcome: evil, Undefined: record.UndefinedNote{evil: evil}}}
	body.Priorities = []record.Priority{{Dimension: evil, Text: evil + "8"}, {Dimension: evil}}
	body.Agreement = []record.Agreement{{By: key, Dimension: evil, Groups: 2, ICC1: ptr(0.3), F: p}}
	body.Traces = []record.Trace{{Dimension: "training", Root: "training", Text: evil + "9"}}
	rec := sealed(t, hotel, body)
	planned, err := record.NewPlan(rec, record.Plan{Title: evil, Actions: []record.Action{{ID: "a", What: evil, Why: evil + "10", Owner: evil}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, records := range [][]*record.Record{{rec}, {rec, planned}} {
		report := string(Render(records, DefaultOptions())[0].Body)
		for _, raw := range []string{"<b>", "*x*</b>", "[a]", " | d1", "`c` |"} {
			for line := range strings.Lines(report) {
				if strings.Contains(strings.NewReplacer(`\<`, "", `\*`, "", `\[`, "", "\\`", "", `\|`, "").Replace(line), raw) {
					t.Errorf("%q is not escaped in: %s", raw, line)
				}
			}
		}
		if strings.Count(report, esc(evil)) < 15 {
			t.Errorf("only %d of the texts are shown", strings.Count(report, esc(evil)))
		}
	}
}

// What a broken record says about withheld cells is not told.
func TestReadingsOfWithheldCellsAreNotUsed(t *testing.T) {
	now, before := hotelReadings(t)
	kitchen := func(b record.AssessmentBody) record.AssessmentBody {
		b.Groups = mapped(b.Groups, func(g record.Group) record.Group {
			if g.Key[0] == "Kitchen" {
				g.Withheld = true
			}
			return g
		})
		return b
	}
	report := string(Render([]*record.Record{sealed(t, hotel, kitchen(now)), sealed(t, hotel, before)}, DefaultOptions())[0].Body)
	for line := range strings.Lines(report) {
		if strings.Contains(line, "Kitchen") && !strings.HasPrefix(line, "| Kitchen") {
			t.Errorf("a withheld group is spoken of: %s", line)
		}
	}
	now.Dimensions[3].Withheld = true
	v := newView(sealed(t, hotel, now))
	if len(v.body.Drivers) > 0 || slices.ContainsFunc(v.body.Priorities, func(p record.Priority) bool { return p.Dimension == "training" }) ||
		slices.ContainsFunc(v.body.Changes, func(c record.Change) bool { return len(c.Key) == 0 && c.Dimension == "training" }) {
		t.Error("a withheld dimension is a driver, a priority or a change")
	}
}

// A plan stands in the report of its assessment; one of another wave does not,
// and is named as not shown.
func TestPlanIsJoined(t *testing.T) {
	now, before := hotelReadings(t)
	later, earlier := sealed(t, hotel, now), sealed(t, hotel, before)
	in := builtin(t, "eight-qualities")
	current, old := planRecordOf(t, later, in), planRecordOf(t, later, in)
	key, _ := record.ParseKey(earlier.Key)
	key.Kind = record.KindPlan
	old.Other = bytes.ReplaceAll(old.Other, []byte("Give each team two hours"), []byte("Of another wave"))
	if err := old.Seal(key); err != nil {
		t.Fatal(err)
	}
	lost := other(t, record.Client{ID: "zeta"}, record.KindPlan, "p")
	records := wire(t, later, current, earlier, old, lost)
	var report string
	outcomes, err := Exporter{}.Render(context.Background(), settings(t, `{}`), records, func(a sdk.Artifact) error { report = string(a.Body); return nil })
	if err != nil {
		t.Fatal(err)
	}
	for i, shown := range []bool{true, true, true, false, false} {
		if (outcomes[i].Diagnostic == nil) != shown {
			t.Errorf("record %d: %+v", i, outcomes[i])
		}
	}
	if strings.Count(report, "## What to do next") != 1 || !strings.Contains(report, "not shown in this report: 1 action plan.") {
		t.Errorf("plans in the report: %d, and at its end: %s", strings.Count(report, "## What to do next"), report[len(report)-300:])
	}
	if strings.Contains(report, "Of another wave") || !strings.Contains(report, "Give each team two hours") {
		t.Error("the report has the plan of another wave")
	}
	if a, b := strings.Index(report, "## What to do next"), strings.Index(report, "## How to read"); a < 0 || a > b {
		t.Error("the plan does not stand before how to read the report")
	}
}
