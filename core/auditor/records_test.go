package auditor

import (
	"context"
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
)

// respondent is one person of a survey made by hand.
type respondent struct {
	values  map[string]string // by column
	answers map[string]int    // by item, as given
}

// poll is a survey and what is published of it.
type poll struct {
	people []respondent
	by     []string // columns grouped by, one grouping each; "a*b" crosses
	hide   []string // cells that are withheld, "department Kitchen"
	min    int
}

// staff makes so many people with values of columns, of mixed answers.
func staff(random *rand.Rand, n int, pairs ...string) []respondent {
	out := make([]respondent, n)
	for i := range out {
		out[i] = respondent{values: map[string]string{}, answers: map[string]int{}}
		for j := 0; j < len(pairs); j += 2 {
			out[i].values[pairs[j]] = pairs[j+1]
		}
		for _, item := range []string{"a", "b", "c", "d", "o"} {
			out[i].answers[item] = 1 + (i+random.IntN(4))%5
		}
	}
	return out
}

func pollInstrument() record.Instrument {
	favorable := 4
	return record.Instrument{
		ID: "x", Version: "1", Title: "X", Direction: "high-is-good", WeakBelow: 50,
		Scale: &record.Scale{Min: 1, Max: 5, Favorable: &favorable},
		Dimensions: []record.DimensionText{
			{ID: "first", Title: "First", Items: []record.ItemText{{ID: "a"}, {ID: "b", Reverse: true}}},
			{ID: "second", Title: "Second", Items: []record.ItemText{{ID: "c", Facet: "service"}, {ID: "d", Facet: "care"}}},
		},
		Outcomes: []record.ItemText{{ID: "o"}},
	}
}

func ptr[T any](x T) *T { return &x }

// moments are those of the raw answers.
func momentsOf(xs []float64) (n *int64, mean, sd *float64) {
	sum, squares := 0.0, 0.0
	for _, x := range xs {
		sum += x
	}
	m := sum / float64(len(xs))
	for _, x := range xs {
		squares += (x - m) * (x - m)
	}
	return ptr(int64(len(xs))), &m, ptr(math.Sqrt(squares / float64(len(xs)-1)))
}

func pollItem(id string, reverse bool, people []respondent) record.Item {
	it := record.Item{ID: id, Histogram: make([]int64, 5)}
	var xs []float64
	for _, p := range people {
		x := p.answers[id]
		if x == 0 {
			continue
		}
		it.Histogram[x-1]++
		if reverse {
			x = 6 - x
		}
		xs = append(xs, float64(x))
	}
	it.N, it.Mean, it.SD = momentsOf(xs)
	it.Percent = ptr((*it.Mean - 1) * 25)
	return it
}

func score(p respondent, t record.DimensionText) (float64, bool) {
	sum, n := 0.0, 0.0
	for _, it := range t.Items {
		if x := float64(p.answers[it.ID]); x > 0 {
			if it.Reverse {
				x = 6 - x
			}
			sum += x
			n++
		}
	}
	return sum / n, n > 0
}

func pollDimension(t record.DimensionText, people []respondent) record.Dimension {
	d := record.Dimension{ID: t.ID}
	var xs []float64
	for _, p := range people {
		if x, ok := score(p, t); ok {
			xs = append(xs, x)
		}
	}
	d.N, d.Mean, d.SD = momentsOf(xs)
	d.Percent = ptr((*d.Mean - 1) * 25)
	for _, it := range t.Items {
		d.Items = append(d.Items, pollItem(it.ID, it.Reverse, people))
	}
	return d
}

func pollCell(people []respondent) record.Group {
	g := record.Group{N: ptr(int64(len(people)))}
	index := 0.0
	for _, t := range pollInstrument().Dimensions {
		d := pollDimension(t, people)
		index += *d.Percent / 2
		g.Dimensions = append(g.Dimensions, d)
	}
	g.Index = &index
	g.Outcomes = []record.Item{pollItem("o", false, people)}
	return g
}

// body publishes the survey.
func (p poll) body() record.AssessmentBody {
	b := record.AssessmentBody{Instrument: pollInstrument(), Wave: "2026",
		Method: record.Method{Missing: "available_mean", MinGroup: max(p.min, 5), Confidence: 0.95}}
	if slices.Contains(p.hide, everybody) {
		b.Withheld = true
	} else {
		all := pollCell(p.people)
		b.N, b.Index, b.Dimensions, b.Outcomes = all.N, all.Index, all.Dimensions, all.Outcomes
		b.Data = &record.DataQuality{Rows: *all.N, Answers: ptr(5 * *all.N), Missing: ptr(int64(0)),
			Careless: &record.Careless{LongRun: 4, LongRuns: ptr(int64(0)), LongestRun: ptr(int64(3))}}
	}
	for _, by := range p.by {
		columns := strings.Split(by, "*")
		members := map[string][]respondent{}
		for _, r := range p.people {
			var key []string
			for _, c := range columns {
				key = append(key, r.values[c])
			}
			id := strings.Join(key, "\x00")
			members[id] = append(members[id], r)
		}
		for _, id := range sorted(members) {
			key := strings.Split(id, "\x00")
			g := record.Group{Withheld: true}
			if !slices.Contains(p.hide, cellName(columns, key)) {
				g = pollCell(members[id])
			}
			g.By, g.Key = columns, key
			b.Groups = append(b.Groups, g)
		}
	}
	return b
}

// testRules are those of a run.
var testRules = Rules{Min: 5, Alike: 20, Spread: 0.1}

// release is what the body of a survey tells, without a fault of its form.
func (p poll) release(t *testing.T, name string) *Release {
	t.Helper()
	r, findings := ReleaseOf(name, p.body(), "acme")
	for _, f := range findings {
		t.Errorf("a clean body: %v", f)
	}
	return r
}

func seeded() *rand.Rand { return rand.New(rand.NewPCG(1, 2)) }

// departments are 60 people in three of them.
func departments() poll {
	random := seeded()
	return poll{by: []string{"department"}, people: slices.Concat(
		staff(random, 20, "department", "Bar", "role", "lead"), staff(random, 22, "department", "Kitchen", "role", "staff"),
		staff(random, 18, "department", "Spa", "role", "staff"))}
}

// recordOf wraps a body as read from a file.
func recordOf(t testing.TB, body record.AssessmentBody) *record.Record {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	r := &record.Record{Schema: record.Schema, Kind: record.KindAssessment, Key: "acme/assessment/x/2026",
		Client: record.Client{ID: "acme"}, Assessment: &record.Assessment{}}
	if err := r.Assessment.UnmarshalJSON(text); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestReleaseOfSums(t *testing.T) {
	r := departments().release(t, "a")
	want := []string{"people", "dimension first", "item a", "item b", "dimension second", "item c", "item d", "item o"}
	if !slices.Equal(r.Measures, want) {
		t.Fatalf("measures %q, want %q", r.Measures, want)
	}
	if len(r.Cells) != 4 || cellName(r.Cells[2].By, r.Cells[2].Key) != "department Kitchen" {
		t.Fatalf("cells %+v", r.Cells)
	}
	people := departments().people[20:42]
	sum, squares := 0.0, 0.0
	histogram := make([]int64, 5)
	for _, p := range people {
		x := 6 - p.answers["b"] // reverse-keyed
		sum += float64(x)
		squares += float64(x * x)
		histogram[x-1]++
	}
	f := r.figure(2, "item b")
	if f.N != 22 || *f.Sum != sum || *f.Squares != squares || !slices.Equal(f.Histogram, histogram) {
		t.Errorf("item b is %+v, want sums %v, %v and answers %v", f, sum, squares, histogram)
	}
	if s := r.scale("item b"); s != (Scale{1, 5, true}) {
		t.Errorf("scale %+v", s)
	}
	if s := r.scale("dimension first"); s != (Scale{1, 5, false}) {
		t.Errorf("scale %+v", s)
	}
}

// A mean in few decimals tells the sum of whole numbers all the same.
func TestReleaseOfRoundedMeans(t *testing.T) {
	body := departments().body()
	body.Dimensions[0].Items[0] = record.Item{ID: "a", N: ptr(int64(7)), Mean: ptr(3.43), SD: ptr(0.98)} // 24, from 3 3 5 3 2 4 4
	for _, cell := range append(body.Groups, record.Group{Dimensions: body.Dimensions}) {
		for i := range cell.Dimensions {
			round := func(x *float64) *float64 { return ptr(math.Round(*x*100) / 100) }
			d := &cell.Dimensions[i]
			d.Mean, d.SD = round(d.Mean), round(d.SD)
			for j := range d.Items {
				d.Items[j].Mean, d.Items[j].SD = round(d.Items[j].Mean), round(d.Items[j].SD)
			}
		}
		for j := range cell.Outcomes {
			cell.Outcomes[j].Mean, cell.Outcomes[j].SD = ptr(3.0), ptr(1.0)
		}
	}
	body.Outcomes[0].Mean, body.Outcomes[0].SD = ptr(3.0), ptr(1.0)
	r, _ := ReleaseOf("a", body, "acme")
	f := r.figure(0, "item a")
	if r.Decimals != 2 || *f.Sum != 24 || *f.Squares != 88 {
		t.Errorf("%d decimals, sum %v, squares %v; want 2, 24 and 88", r.Decimals, *f.Sum, *f.Squares)
	}
}

func TestRecordsOfCleanSurvey(t *testing.T) {
	rec := recordOf(t, departments().body())
	other := &record.Record{Kind: record.KindPlan, Key: "acme/plan/x", Other: json.RawMessage(`{}`)}
	for _, f := range Records(context.Background(), []Source{{"a.ndjson", rec}, {"b.ndjson", rec}, {"c.ndjson", other}, {}}, testRules) {
		t.Error(f)
	}
}

// Files of several records are told apart by the key.
func TestRecordsNames(t *testing.T) {
	body := departments().body()
	body.Groups[1].Withheld = true
	got := Records(context.Background(), []Source{{"a.ndjson", recordOf(t, body)}, {"a.ndjson", recordOf(t, body)}, {"", recordOf(t, body)}}, testRules)
	names := map[string]bool{}
	for _, f := range got {
		names[f.Release] = true
	}
	if len(names) != 2 || !names["acme/assessment/x/2026"] || !names["a.ndjson (acme/assessment/x/2026)"] {
		t.Errorf("names %v", names)
	}
}
