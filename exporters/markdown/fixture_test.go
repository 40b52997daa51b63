package markdown

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
)

// respondent is a made-up person: groups by column and one answer an item, 0
// for none.
type respondent struct {
	groups  map[string]string
	answers map[string]int
}

// staff is how many made-up people of a department and role answer, and by how
// much each dimension's answers are moved.
type staff struct {
	department, role string
	n                int
	shift            map[string]float64
}

// loadInstrument reads an instrument in its wire form.
func loadInstrument(t testing.TB, id string) record.Instrument {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", id+".instrument.json"))
	if err != nil {
		t.Fatal(err)
	}
	var in record.Instrument
	if err := json.Unmarshal(data, &in); err != nil {
		t.Fatal(err)
	}
	return in
}

// sequence is a small generator of its own, so that fixtures never change with
// a library: Park and Miller's minimal standard (1988).
type sequence uint64

func (s *sequence) next() float64 {
	*s = *s * 48271 % 2147483647
	return float64(*s) / 2147483647
}

// answers makes people up. center is where the answers of a dimension lie, on
// the answer scale after reverse keying.
func answers(in record.Instrument, seed uint64, center map[string]float64, all []staff) []respondent {
	s := sequence(seed)
	var people []respondent
	for _, st := range all {
		for range st.n {
			p := respondent{map[string]string{"department": st.department, "role": st.role}, map[string]int{}}
			own := s.next() + s.next() - 1
			for _, d := range in.Dimensions {
				for i, it := range d.Items {
					x := center[d.ID] + st.shift[d.ID] + own + 0.25*float64(i%5-2) + 2.2*(s.next()-0.5)
					a := int(min(float64(in.Scale.Max), max(float64(in.Scale.Min), math.Round(x))))
					if it.Reverse {
						a = in.Scale.Min + in.Scale.Max - a
					}
					if s.next() < 0.02 {
						a = 0
					}
					p.answers[it.ID] = a
				}
			}
			people = append(people, p)
		}
	}
	return people
}

func ptr[T any](x T) *T { return &x }

// moments gives mean and standard deviation.
func moments(xs []float64) (mean, sd float64) {
	for _, x := range xs {
		mean += x / float64(len(xs))
	}
	for _, x := range xs {
		sd += (x - mean) * (x - mean) / float64(len(xs)-1)
	}
	return mean, math.Sqrt(sd)
}

// figures fills in what a test needs of one dimension; intervals use 2 in
// place of Student's t, and alpha is made up: the exporter only draws them.
func figures(in record.Instrument, d record.DimensionText, people []respondent, items bool) record.Dimension {
	out := record.Dimension{ID: d.ID}
	var scores []float64
	favorable, given := 0, 0
	for _, p := range people {
		sum, n := 0, 0
		for _, it := range d.Items {
			if a := keyed(in, p, it); a > 0 {
				sum, n, given = sum+a, n+1, given+1
				if good(in, a) {
					favorable++
				}
			}
		}
		if 2*n >= len(d.Items) {
			scores = append(scores, float64(sum)/float64(n))
		}
	}
	mean, sd := moments(scores)
	half := 2 * sd / math.Sqrt(float64(len(scores)))
	out.N, out.Mean, out.SD, out.Percent = ptr(int64(len(scores))), &mean, &sd, percentOfScale(in, mean)
	out.CI = &record.Interval{Level: 0.95, Low: mean - half, High: mean + half}
	out.Favorable = &record.Share{Share: float64(favorable) / float64(given)}
	out.Band = bandOf(in, *out.Percent)
	if !items {
		return out
	}
	out.Alpha = &record.Alphas{Pairwise: &record.Alpha{N: out.N, Raw: ptr(0.62 + 0.04*float64(len(d.ID)%8))}}
	for _, it := range d.Items {
		out.Items = append(out.Items, itemFigures(in, it, people))
	}
	return out
}

func itemFigures(in record.Instrument, it record.ItemText, people []respondent) record.Item {
	fig := record.Item{ID: it.ID, Histogram: make([]int64, in.Scale.Max-in.Scale.Min+1)}
	var xs []float64
	favorable := 0
	for _, p := range people {
		if a := keyed(in, p, it); a > 0 {
			xs = append(xs, float64(a))
			fig.Histogram[p.answers[it.ID]-in.Scale.Min]++
			if good(in, a) {
				favorable++
			}
		}
	}
	mean, _ := moments(xs)
	fig.N, fig.Mean, fig.Percent = ptr(int64(len(xs))), &mean, percentOfScale(in, mean)
	fig.Favorable = &record.Share{Share: float64(favorable) / float64(len(xs))}
	return fig
}

func percentOfScale(in record.Instrument, mean float64) *float64 {
	return ptr(100 * (mean - float64(in.Scale.Min)) / float64(in.Scale.Max-in.Scale.Min))
}

// keyed is a person's answer after reverse keying, 0 for none.
func keyed(in record.Instrument, p respondent, it record.ItemText) int {
	a := p.answers[it.ID]
	if a > 0 && it.Reverse {
		a = in.Scale.Min + in.Scale.Max - a
	}
	return a
}

func good(in record.Instrument, answer int) bool {
	if in.Direction == "high-is-bad" {
		return answer <= *in.Scale.Favorable
	}
	return answer >= *in.Scale.Favorable
}

func bandOf(in record.Instrument, percent float64) string {
	name := ""
	for _, b := range in.Bands {
		if percent >= b.At {
			name = b.Name
		}
	}
	return name
}

func index(dims []record.Dimension) *float64 {
	sum := 0.0
	for _, d := range dims {
		sum += *d.Percent / float64(len(dims))
	}
	return &sum
}

// assess makes the body of an assessment from made-up people. Groups of fewer
// than five are withheld.
func assess(in record.Instrument, wave string, people []respondent, headcounts map[string]int64, by ...[]string) record.AssessmentBody {
	body := record.AssessmentBody{
		Instrument: in, Wave: wave, N: ptr(int64(len(people))),
		Method: record.Method{Missing: "min_half", MinGroup: 5, Confidence: 0.95},
		Data: &record.DataQuality{Rows: int64(len(people)) + 3, Answers: ptr(int64(0)), Missing: ptr(int64(31)), Unusable: 2,
			LeftOut: []record.LeftOut{{Reason: "no answer to any question", Rows: 2}, {Reason: "the same row twice", Rows: 1}}},
	}
	for _, d := range in.Dimensions {
		dim := figures(in, d, people, true)
		for _, it := range dim.Items {
			*body.Data.Answers += *it.N
		}
		body.Dimensions = append(body.Dimensions, dim)
	}
	body.Index = index(body.Dimensions)
	body.Band = bandOf(in, *body.Index)
	body.Response = response(headcounts["all"], len(people))
	for _, columns := range by {
		body.Groups = append(body.Groups, groupsBy(in, people, headcounts, columns)...)
	}
	return body
}

func response(headcount int64, n int) *record.Response {
	if headcount == 0 {
		return nil
	}
	return &record.Response{Headcount: headcount, Rate: ptr(float64(n) / float64(headcount))}
}

func groupsBy(in record.Instrument, people []respondent, headcounts map[string]int64, columns []string) []record.Group {
	members := map[string][]respondent{}
	for _, p := range people {
		key := make([]string, len(columns))
		for i, c := range columns {
			key[i] = p.groups[c]
		}
		name := strings.Join(key, "\x00")
		members[name] = append(members[name], p)
	}
	var names []string
	for name := range members {
		names = append(names, name)
	}
	slices.Sort(names)
	var groups []record.Group
	for _, name := range names {
		g := record.Group{By: columns, Key: strings.Split(name, "\x00")}
		if len(members[name]) < 5 {
			g.Withheld = true
			groups = append(groups, g)
			continue
		}
		g.N = ptr(int64(len(members[name])))
		for _, d := range in.Dimensions {
			g.Dimensions = append(g.Dimensions, figures(in, d, members[name], false))
		}
		g.Index = index(g.Dimensions)
		g.Band = bandOf(in, *g.Index)
		g.Response = response(headcounts[name], len(members[name]))
		groups = append(groups, g)
	}
	return groups
}

// sealed makes the record of a body by way of its JSON, as an exporter gets it.
func sealed(t testing.TB, client record.Client, body record.AssessmentBody) *record.Record {
	t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	r := &record.Record{Kind: record.KindAssessment, Client: client, AsOf: "2026-09-30", Sources: []string{"survey.csv"},
		Tool: record.Tool{Name: "firstcall", Version: "0.1.0"}, Assessment: new(record.Assessment)}
	if err := json.Unmarshal(data, r.Assessment); err != nil {
		t.Fatal(err)
	}
	key := record.Key{Client: client.ID, Kind: record.KindAssessment, Subject: body.Instrument.ID, Wave: body.Wave}
	if err := r.Seal(key); err != nil {
		t.Fatal(err)
	}
	if err := r.Check(); err != nil {
		t.Fatal(err)
	}
	return r
}

// other makes a record that reports do not show: it lacks what its kind needs, or, of
// a plan, what it answers and actions.
func other(t testing.TB, client record.Client, kind record.Kind, subject string) *record.Record {
	t.Helper()
	r := &record.Record{Client: client, Sources: []string{"other.md"}, Tool: record.Tool{Name: "firstcall", Version: "0.1.0"},
		Kind: kind, Other: json.RawMessage(`{"title":"x","of":"y","actions":[]}`)}
	if err := r.Seal(record.Key{Client: client.ID, Kind: kind, Subject: subject}); err != nil {
		t.Fatal(err)
	}
	return r
}

var (
	hotel = record.Client{ID: "acme", Name: "Acme Hotels"}

	hotelStaff = []staff{
		{"Front desk", "Front line", 17, map[string]float64{"training": 0.9, "managers": 0.3}},
		{"Front desk", "Manager", 6, map[string]float64{"training": 0.9, "communication": 0.7}},
		{"Housekeeping", "Front line", 22, map[string]float64{"training": -0.9, "customers": 0.8}},
		{"Housekeeping", "Manager", 5, map[string]float64{"training": -0.6}},
		{"Kitchen", "Front line", 14, map[string]float64{"communication": -0.8}},
		{"Kitchen", "Manager", 2, nil},
		{"Night audit", "Front line", 3, nil},
		{"", "Front line", 9, nil},
	}
	hotelHeadcounts = map[string]int64{"all": 120, "Front desk": 30, "Housekeeping": 52, "Kitchen": 31}
	hotelCenter     = map[string]float64{"culture": 4.1, "impression": 3.9, "implementation": 2.9, "training": 3.2,
		"customers": 3.8, "managers": 3.7, "communication": 3.0, "measurement": 2.7}
)

// hotelWave is the main fixture: eight dimensions, three groupings.
func hotelWave(t testing.TB, wave string, seed uint64, lift float64) record.AssessmentBody {
	in := loadInstrument(t, "eight-qualities")
	center := map[string]float64{}
	for id, x := range hotelCenter {
		center[id] = x
	}
	center["measurement"] += lift
	center["culture"] += lift / 10
	return assess(in, wave, answers(in, seed, center, hotelStaff), hotelHeadcounts,
		[]string{"department"}, []string{"role"}, []string{"department", "role"})
}
