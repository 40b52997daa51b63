package disclosure

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/org"
	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/score"
)

func questionnaire(outcome bool) *instrument.Instrument {
	s := instrument.Scale{Min: 1, Max: 5, Favorable: 4, FavorableSet: true}
	item := func(id string) instrument.Item { return instrument.Item{ID: id, Text: id, Scale: s} }
	in := &instrument.Instrument{ID: "q", Version: "1", Title: "Q", Direction: instrument.HighIsGood, Scale: s,
		Policy: instrument.Policy{Missing: instrument.AvailableMean, MinGroup: 5, WeakBelow: 50},
		Dimensions: []instrument.Dimension{
			{ID: "x", Title: "X", Items: []instrument.Item{item("x1"), item("x2")}},
			{ID: "y", Title: "Y", Items: []instrument.Item{item("y1")}},
		}}
	if outcome {
		in.Outcomes = []instrument.Item{item("o")}
	}
	return in
}

// rows makes a survey: for each department so many people whose answers vary.
type rows struct{ strings.Builder }

func (r *rows) add(department string, people int, answers func(i int) string) *rows {
	if r.Len() == 0 {
		r.WriteString("department,role,x1,x2,y1,o\n")
	}
	for i := range people {
		role := "Staff"
		if i%3 == 2 {
			role = "Lead"
		}
		fmt.Fprintf(r, "%s,%s,%s\n", department, role, answers(i))
	}
	return r
}

func varied(i int) string { return fmt.Sprintf("%d,%d,%d,%d", 1+i%5, 1+(i+2)%5, 1+(2*i)%5, 1+i%4) }

func publish(t *testing.T, in *instrument.Instrument, text string, req Request, by ...[]string) record.AssessmentBody {
	t.Helper()
	rec := publishRecord(t, in, text, req, by...)
	return rec.Assessment.Body()
}

func sourceOf(text string) score.Source {
	return score.Source{Path: "survey.csv", Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}
}

func publishRecord(t *testing.T, in *instrument.Instrument, text string, req Request, by ...[]string) *record.Record {
	t.Helper()
	res := scored(t, in, text, by...)
	req.Instrument, req.Missing, req.Tool = in, in.Policy.Missing, record.Tool{Name: "firstcall", Version: "test"}
	if req.MinGroup == 0 {
		req.MinGroup = 5
	}
	rec, err := Publish(context.Background(), res.Assessments[0], req)
	if err != nil {
		t.Fatal(err)
	}
	return rec
}

// state draws a body as one line: groups with the cells that are withheld.
func state(body record.AssessmentBody) string {
	var parts []string
	one := func(name string, withheld bool, dims []record.Dimension, outcomes []record.Item, index *float64) {
		if withheld {
			parts = append(parts, name+" withheld")
			return
		}
		var gone []string
		for _, d := range dims {
			if d.Withheld {
				gone = append(gone, d.ID)
				continue
			}
			for _, it := range d.Items {
				if it.Withheld {
					gone = append(gone, it.ID)
				}
			}
		}
		for _, o := range outcomes {
			if o.Withheld {
				gone = append(gone, o.ID)
			}
		}
		if index == nil {
			gone = append(gone, "index")
		}
		parts = append(parts, strings.TrimSpace(name+" "+strings.Join(gone, ",")))
	}
	one("all", body.Withheld, body.Dimensions, body.Outcomes, body.Index)
	for _, g := range body.Groups {
		one(strings.Join(g.Key, "*"), g.Withheld, g.Dimensions, g.Outcomes, g.Index)
	}
	return strings.Join(parts, "; ")
}

func TestWithholds(t *testing.T) {
	for _, test := range []struct {
		name, text, want string
	}{
		{"nothing when all are large", new(rows).add("A", 12, varied).add("B", 9, varied).String(),
			"all; A; B"},
		{"a small group and its smallest sibling", new(rows).add("A", 12, varied).add("B", 3, varied).add("C", 9, varied).String(),
			"all; A; B withheld; C withheld"},
		{"people who did not say count as a group", new(rows).add("A", 12, varied).add("", 2, varied).add("C", 9, varied).String(),
			"all; withheld; A x,y,o,index; C withheld"}, // the mean of 9 would hardly differ from that of 11
		{"everything when few answered", new(rows).add("A", 4, varied).String(), "all withheld"},
		{"a dimension that too few of a group answered, with its index", new(rows).add("A", 12, varied).add("B", 8, func(i int) string {
			if i < 4 {
				return fmt.Sprintf("%d,%d,,%d", 1+i, 2+i/2, 1+i%4)
			}
			return varied(i)
		}).add("C", 9, varied).String(), "all; A; B y,index; C y,index"},
		{"all items of a dimension when one is answered by too few", new(rows).add("A", 12, varied).add("B", 8, func(i int) string {
			if i < 4 {
				return fmt.Sprintf("%d,,%d,%d", 1+i, 1+i, 1+i%4)
			}
			return varied(i)
		}).add("C", 9, varied).String(), "all; A; B x1,x2; C x1,x2"},
		{"one answer from everybody in a group", new(rows).add("A", 12, varied).add("B", 8, func(i int) string {
			return fmt.Sprintf("%d,%d,4,%d", 1+i%5, 1+(i+1)%5, 1+i%4)
		}).add("C", 9, varied).String(), "all; A; B y,index; C y,index"},
		{"an outcome", new(rows).add("A", 12, varied).add("B", 8, func(i int) string {
			if i < 4 {
				return fmt.Sprintf("%d,%d,%d,", 1+i, 2+i/2, 1+i)
			}
			return varied(i)
		}).add("C", 9, varied).String(), "all; A; B o; C o"},
	} {
		got := state(publish(t, questionnaire(true), test.text, Request{}, []string{"department"}))
		if strings.ReplaceAll(got, ";  ", "; ") != test.want {
			t.Errorf("%s:\ngot  %s\nwant %s", test.name, got, test.want)
		}
	}
}

func TestUnanimousLargeGroupIsPublished(t *testing.T) {
	same := func(int) string { return "4,3,5,2" }
	text := new(rows).add("A", 20, same).add("B", 19, same).String()
	if got, want := state(publish(t, questionnaire(false), text, Request{}, []string{"department"})),
		"all x,y,index; A; B x,y,index"; got != want { // if all answered alike, so did B
		t.Errorf("got %s, want %s", got, want)
	}
	text = new(rows).add("A", 20, same).add("B", 20, same).String()
	if got, want := state(publish(t, questionnaire(false), text, Request{}, []string{"department"})), "all; A; B"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestFloorHoldsAgainstAnyRequest(t *testing.T) {
	text := new(rows).add("A", 12, varied).add("B", 2, varied).add("C", 2, varied).String()
	body := publish(t, questionnaire(false), text, Request{MinGroup: 1}, []string{"department"})
	if got, want := state(body), "all; A x,y,index; B withheld; C withheld"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if body.Method.MinGroup != instrument.MinGroupFloor {
		t.Errorf("the record says %d", body.Method.MinGroup)
	}
}

// A withheld cell holds its name and nothing else: no size, no reason.
func TestWithheldSaysNothing(t *testing.T) {
	text := new(rows).add("A", 12, varied).add("B", 3, varied).add("C", 9, varied).String()
	counts, err := org.ReadHeadcounts("h.csv", strings.NewReader("department,headcount\nA,20\nB,4\nC,11\n"), questionnaire(false))
	if err != nil {
		t.Fatal(err)
	}
	body := publish(t, questionnaire(false), text, Request{Headcounts: counts}, []string{"department"})
	text2, err := json.Marshal(body.Groups[1])
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"by":["department"],"key":["B"],"withheld":true}`; string(text2) != want {
		t.Errorf("got %s, want %s", text2, want)
	}
	if r := body.Groups[0].Response; r == nil || *r.Rate != 12.0/20 {
		t.Errorf("response of A: %+v", r)
	}
	if r := body.Response; r == nil || *r.Rate != 24.0/35 {
		t.Errorf("response of all: %+v", r)
	}
	whole, err := json.Marshal(publish(t, questionnaire(false), new(rows).add("A", 4, varied).String(), Request{}, []string{"department"}))
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{`"n"`, `"data"`, `"rows"`, `"groups"`, `"index"`, `"response"`} {
		if bytes.Contains(whole, []byte(key)) {
			t.Errorf("a withheld assessment has %s: %s", key, whole)
		}
	}
}

func TestMoreAnswersThanPeople(t *testing.T) {
	counts, err := org.ReadHeadcounts("h.csv", strings.NewReader("headcount\n5\n"), questionnaire(false))
	if err != nil {
		t.Fatal(err)
	}
	body := publish(t, questionnaire(false), new(rows).add("A", 12, varied).String(), Request{Headcounts: counts})
	if body.Response.Rate != nil || body.Response.Undefined["rate"] == "" {
		t.Errorf("response %+v", body.Response)
	}
}

// Every withheld pattern gives a record that an independent validator accepts
// and that keeps its revision through the codec.
func TestRecordsAreValid(t *testing.T) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(record.JSONSchema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("urn:firstcall:record:1", doc); err != nil {
		t.Fatal(err)
	}
	schema := c.MustCompile("urn:firstcall:record:1")
	for _, people := range []int{1, 3, 5, 6, 40} {
		for _, other := range []int{0, 1, 4, 7} {
			text := new(rows).add("A", people, varied).add("B", other, func(i int) string { return "5,5,,5" }).String()
			rec := publishRecord(t, questionnaire(true), text, Request{AsOf: "2026-09-30", ClientName: "Acme <&>"}, []string{"department"}, []string{"role"}, []string{"department", "role"})
			var b bytes.Buffer
			w := record.NewWriter(&b)
			if err := w.Write(rec); err != nil {
				t.Fatal(err)
			}
			_ = w.Flush()
			v, err := jsonschema.UnmarshalJSON(bytes.NewReader(b.Bytes()))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(v); err != nil {
				t.Errorf("%d and %d people: %v", people, other, err)
			}
			r := record.NewReader("x", &b)
			if _, err := r.Next(); err != nil || r.Stale() {
				t.Errorf("%d and %d people: reads back as %v, changed %v", people, other, err, r.Stale())
			}
		}
	}
}

// The sample engagement crossed by department and role is a real shape: an
// attacker who knows who belongs where finds nothing, for any quantity.
func TestSampleEngagement(t *testing.T) {
	in, err := instrument.Builtin("eight-qualities")
	if err != nil {
		t.Fatal(err)
	}
	path := "../../testdata/engagement/survey.csv"
	src := score.Source{Path: path, Open: func() (io.ReadCloser, error) { return os.Open(path) }}
	res, err := score.Run(context.Background(), []score.Source{src}, score.Options{Instrument: in, By: [][]string{{"department"}, {"role"}, {"department", "role"}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range res.Assessments {
		p := newPublisher(context.Background(), a, Request{Instrument: in, Missing: instrument.MinHalf, MinGroup: 5})
		open, places := 0, 0
		check := func(what string, withheld []bool, people func(*score.Sums) int64) {
			var atoms []int64
			for _, s := range a.Atoms {
				atoms = append(atoms, people(s))
			}
			for i, s := range p.sums {
				places++
				if !withheld[i] {
					open++
				}
				if people(s) < 5 && !withheld[i] {
					t.Errorf("%s: %s of a cell of %d people is published", a.Wave, what, people(s))
				}
			}
			if got := attack(p.cells, withheld, atoms, 5); got != "" {
				t.Errorf("%s: %s: %s", a.Wave, what, got)
			}
		}
		check("n", p.people, func(s *score.Sums) int64 { return s.N })
		for d, dim := range in.Dimensions {
			check(dim.ID, p.dimensions[d], func(s *score.Sums) int64 { return p.scorer.Scored(s, d) })
			check(dim.ID+" answered", p.dimensions[d], func(s *score.Sums) int64 { return p.scorer.Answered(s, d) })
			for i := range dim.Items {
				item := p.scorer.FirstItem(d) + i
				check(dim.Items[i].ID, p.items[d], func(s *score.Sums) int64 { return p.scorer.ItemPeople(s, item) })
			}
		}
		if open < places/6 { // most crossed groups are small, and one one-sided answer takes a dimension's items
			t.Errorf("%s: only %d of %d cells are published", a.Wave, open, places)
		}
	}
}

// Two withheld groups cover each other, but not when everybody in both gave the
// same answer: the total without the others would say so.
func TestWithheldGroupsTogetherUnanimous(t *testing.T) {
	same := func(int) string { return "1,1,1,1" }
	text := new(rows).add("A", 25, varied).add("B", 22, varied).add("C", 4, same).add("D", 3, same).String()
	got := state(publish(t, questionnaire(false), text, Request{}, []string{"department"}))
	if want := "all; A; B x,y,index; C withheld; D withheld"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	text = new(rows).add("A", 25, varied).add("B", 22, varied).add("C", 4, varied).add("D", 3, varied).String()
	if got := state(publish(t, questionnaire(false), text, Request{}, []string{"department"})); got != "all; A; B; C withheld; D withheld" {
		t.Errorf("groups that differ: %s", got)
	}
}

// Imputation fills in answers nobody gave; it must not make one respondent
// look like many.
func TestImputedAnswersAreNotPeople(t *testing.T) {
	text := new(rows).add("A", 12, varied).add("B", 22, func(i int) string {
		if i == 0 {
			return "5,4,3,2"
		}
		return fmt.Sprintf(",,%d,2", 1+i%5)
	}).add("C", 9, varied).String()
	in := questionnaire(false)
	in.Policy.Missing = instrument.ItemMeanImputed
	if got, want := state(publish(t, in, text, Request{}, []string{"department"})), "all; A x,index; B x,index; C x,index"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Favorable shares rest on everyone who answered anything, scores on those who
// answered enough: one person with an answer and no score is protected too. As
// a dimension's figures go together, here the total goes as well: its scores
// are those of A.
func TestAnswersWithoutAScore(t *testing.T) {
	in := questionnaire(false)
	in.Policy.Missing = instrument.CompleteOnly
	text := new(rows).add("A", 12, varied).add("B", 6, func(i int) string {
		if i == 0 {
			return "5,,3,2"
		}
		return fmt.Sprintf(",,%d,2", 1+i%5)
	}).String()
	if got, want := state(publish(t, in, text, Request{}, []string{"department"})), "all x,index; A x,index; B x,index"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func BenchmarkPublishSample(b *testing.B) {
	in, err := instrument.Builtin("eight-qualities")
	if err != nil {
		b.Fatal(err)
	}
	path := "../../testdata/engagement/survey.csv"
	src := score.Source{Path: path, Open: func() (io.ReadCloser, error) { return os.Open(path) }}
	res, err := score.Run(context.Background(), []score.Source{src}, score.Options{Instrument: in, By: [][]string{{"department"}}})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		for _, a := range res.Assessments {
			if _, err := Publish(context.Background(), a, Request{Instrument: in, Missing: instrument.MinHalf, MinGroup: 5}); err != nil {
				b.Fatal(err)
			}
		}
	}
}
