package markdown

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
)

var update = flag.Bool("update", false, "write the golden reports anew")

// golden compares a report with its golden file.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden.md")
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs from the report; look at the difference and run go test -update when it is meant\n%s", path, firstDifference(want, got))
	}
}

func firstDifference(want, got []byte) string {
	w, g := bytes.Split(want, []byte("\n")), bytes.Split(got, []byte("\n"))
	for i := range min(len(w), len(g)) {
		if !bytes.Equal(w[i], g[i]) {
			return "want: " + string(w[i]) + "\ngot:  " + string(g[i])
		}
	}
	return "one is longer"
}

func TestGolden(t *testing.T) {
	for name, records := range cases(t) {
		t.Run(name, func(t *testing.T) {
			opt := DefaultOptions()
			opt.PreparedBy = "Rivera Consulting"
			reports := Render(records, opt)
			if len(reports) != 1 {
				t.Fatalf("%d reports, want 1", len(reports))
			}
			golden(t, name, reports[0].Body)
			reversed := slices.Clone(records)
			slices.Reverse(reversed)
			if again := Render(reversed, opt); !bytes.Equal(again[0].Body, reports[0].Body) {
				t.Error("the order of records changes the report")
			}
		})
	}
}

// small makes an assessment of a plain instrument that a case then changes.
func small(dims int) record.AssessmentBody {
	in := record.Instrument{ID: "short", Version: "2", Title: "Short survey", About: "Two questions a topic", Direction: "high-is-good",
		Scale: &record.Scale{Min: 1, Max: 5}, WeakBelow: 50}
	body := record.AssessmentBody{N: ptr(int64(20)), Method: record.Method{Missing: "complete_only", MinGroup: 5, Confidence: 0.95},
		Data: &record.DataQuality{Rows: 20, Answers: ptr(int64(40 * dims)), Missing: ptr(int64(0))}}
	for i := range dims {
		id := "d" + string(rune('a'+i%26)) + string(rune('a'+i/26))
		in.Dimensions = append(in.Dimensions, record.DimensionText{ID: id, Title: "Topic " + id,
			Items: []record.ItemText{{ID: id + "-1", Text: "First about " + id}, {ID: id + "-2", Text: "Second about " + id}}})
		percent := float64(40 + (i*7)%41)
		body.Dimensions = append(body.Dimensions, record.Dimension{ID: id, N: ptr(int64(20)), Mean: ptr(1 + percent/25), Percent: &percent,
			Items: []record.Item{{ID: id + "-1", N: ptr(int64(20)), Percent: ptr(percent - 3), Histogram: []int64{8, 1, 1, 2, 8}},
				{ID: id + "-2", N: ptr(int64(20)), Percent: ptr(percent + 3), Histogram: []int64{4, 4, 4, 4, 4}}}})
	}
	body.Instrument = in
	body.Index = index(body.Dimensions)
	return body
}

// cases are the golden reports.
func cases(t testing.TB) map[string][]*record.Record {
	q1, q3 := hotelWave(t, "2026-q1", 11, 0), hotelWave(t, "2026-q3", 12, 0.8)
	signs := loadInstrument(t, "warning-signs")
	signsBody := assess(signs, "2026-q3", answers(signs, 5, map[string]float64{"smoke-and-mirrors": 2.2, "keep-it-zipped": 3.6, "hear-no-evil": 1.8},
		hotelStaff), nil, []string{"department"})
	levels := loadInstrument(t, "purpose-centered")
	center := map[string]float64{}
	for i, d := range levels.Dimensions {
		center[d.ID] = []float64{3.6, 2.6, 3.1, 2.4, 3.4, 3.5}[i]
	}
	levelsBody := assess(levels, "2026-10", answers(levels, 7, center, hotelStaff), nil, []string{"role"})
	levels2 := assess(levels, "2026-9", answers(levels, 8, center, hotelStaff), nil)
	levels3 := assess(levels, "2025-12", answers(levels, 9, center, hotelStaff), nil)
	levels3.Instrument.Version = "0.9"

	withheld := record.AssessmentBody{Instrument: loadInstrument(t, "eight-qualities"), Withheld: true, Method: q1.Method}

	undefined := small(2)
	undefined.Index, undefined.Undefined = nil, record.UndefinedNote{"index": "a dimension has no score"}
	undefined.Dimensions[1] = record.Dimension{ID: undefined.Dimensions[1].ID, N: ptr(int64(0)),
		Undefined: record.UndefinedNote{"percent": "nobody answered enough questions", "ci": "nobody answered enough questions"}}
	undefined.Response = &record.Response{Headcount: 15, Undefined: record.UndefinedNote{"rate": "more people answered than were asked"}}

	allWithheld := small(3)
	allWithheld.Groups = []record.Group{{By: []string{"role"}, Key: []string{"Cook"}, Withheld: true}, {By: []string{"role"}, Key: []string{"Waiter"}, Withheld: true}}
	allWithheld.Dimensions[0].Withheld = true

	single := small(1)
	single.Groups = []record.Group{{By: []string{"role"}, Key: []string{"Cook"}, N: ptr(int64(20)), Index: single.Index, Dimensions: single.Dimensions}}

	many := small(40)
	many.Groups = []record.Group{
		{By: []string{"site"}, Key: []string{"North"}, N: ptr(int64(10)), Index: ptr(51.0), Dimensions: many.Dimensions},
		{By: []string{"site"}, Key: []string{"South"}, N: ptr(int64(10)), Index: ptr(49.0), Dimensions: mapped(many.Dimensions, func(d record.Dimension) record.Dimension {
			d.Percent = ptr(100 - *d.Percent)
			return d
		})}}

	return map[string][]*record.Record{
		"waves":        waves(t),
		"unusual":      {sealed(t, record.Client{ID: "grand", Name: "Grand"}, unusual())},
		"hotel":        {sealed(t, hotel, q3), sealed(t, hotel, q1)},
		"signs":        {sealed(t, hotel, signsBody)},
		"levels":       {sealed(t, hotel, levelsBody), sealed(t, hotel, levels2), sealed(t, hotel, levels3)},
		"two-surveys":  {sealed(t, hotel, small(3)), sealed(t, hotel, signsBody), other(t, hotel, record.KindJob, "cook.md"), other(t, hotel, record.KindStatement, "vision")},
		"withheld":     {sealed(t, hotel, withheld)},
		"undefined":    {sealed(t, record.Client{}, undefined)},
		"all-withheld": {sealed(t, hotel, allWithheld)},
		"single":       {sealed(t, hotel, single)},
		"many":         {sealed(t, record.Client{ID: "no-name"}, many)},
	}
}

// waves are three that differ in more than their figures: one has no name, the
// wording changes, a dimension comes and one goes, and one is withheld.
func waves(t testing.TB) []*record.Record {
	undated, old, latest := small(3), small(3), small(4)
	old.Wave, latest.Wave = "wave 2", "wave 10"
	old.Instrument.Version = "1"
	latest.Instrument.Dimensions = latest.Instrument.Dimensions[1:]
	latest.Dimensions = latest.Dimensions[1:]
	latest.Dimensions[1] = record.Dimension{ID: latest.Dimensions[1].ID, Withheld: true}
	latest.Dimensions[0].Percent = ptr(58.4)
	latest.Dimensions[0].CI = &record.Interval{Level: 0.95, Low: 3.1, High: 3.5}
	old.Dimensions[1].CI = &record.Interval{Level: 0.95, Low: 2.7, High: 3.05}
	return []*record.Record{sealed(t, hotel, latest), sealed(t, hotel, old), sealed(t, hotel, undated)}
}

// unusual has scales of its own for each dimension, an outcome, a long label,
// a low response rate and figures that are missing without a reason.
func unusual() record.AssessmentBody {
	body := small(3)
	body.Instrument.Scale = nil
	body.Instrument.About = ""
	long := strings.Repeat("very ", 12) + "much"
	scales := []*record.Scale{{Min: 0, Max: 19, Favorable: ptr(15)}, {Min: 0, Max: 1, Labels: []string{"Not", long}}, nil}
	histograms := [][]int64{{1, 0, 2, 1, 0, 1, 0, 1, 1, 0, 2, 1, 0, 3, 1, 1, 2, 1, 1, 1}, {9, 11}, {4, 4, 4, 4, 4}}
	dims := slices.Clone(body.Instrument.Dimensions)
	for i, d := range dims {
		d.Scale = scales[i]
		d.Items = slices.Clone(d.Items)
		d.Items[0].Reverse = i == 0
		dims[i] = d
		body.Dimensions[i].Items[0].Histogram = histograms[i]
	}
	body.Instrument.Dimensions = dims
	body.Dimensions[0].Items[0].Favorable = &record.Share{Share: 0.3}
	body.Dimensions[0].Favorable = &record.Share{Share: 0.42}
	body.Instrument.Outcomes = []record.ItemText{{ID: "nps", Text: "I would tell a friend to work here", Scale: &record.Scale{Min: 0, Max: 10}},
		{ID: "stay", Text: "I look for another job", Reverse: true}}
	body.Outcomes = []record.Item{{ID: "nps", N: ptr(int64(19)), Percent: ptr(71.2)}, {ID: "stay", Withheld: true}}
	body.Response = &record.Response{Headcount: 90, Rate: ptr(20.0 / 90)}
	body.Groups = []record.Group{
		{By: []string{"site"}, Key: []string{"North"}, N: ptr(int64(12)), Response: &record.Response{Headcount: 80, Rate: ptr(0.15)}, Dimensions: body.Dimensions},
		{By: []string{"site"}, Key: []string{"South"}, N: ptr(int64(8)), Response: &record.Response{Headcount: 7, Undefined: record.UndefinedNote{"rate": "more people answered than were asked"}}, Dimensions: body.Dimensions[:1]},
	}
	return body
}
