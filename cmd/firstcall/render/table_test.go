package render

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
)

var update = flag.Bool("update", false, "rewrite golden files")

func ptr[T any](v T) *T { return &v }

// sample is an assessment of two dimensions by a column whose heading is longer
// than all that stands below it.
func sample(t *testing.T) *record.Record {
	t.Helper()
	dimensions := func(n int64, a, b float64) []record.Dimension {
		return []record.Dimension{
			{ID: "care", N: &n, Percent: &a, Favorable: &record.Share{Share: 0.5}},
			{ID: "tempo", N: &n, Percent: &b},
		}
	}
	body := record.AssessmentBody{
		Instrument: record.Instrument{
			ID: "x", Title: "Service", Direction: "high-is-good", WeakBelow: 50,
			Dimensions: []record.DimensionText{{ID: "care", Title: "Care"}, {ID: "tempo", Title: "Tempo"}},
		},
		Wave: "2026-q3", N: ptr(int64(12)), Index: ptr(55.0), Dimensions: dimensions(12, 70, 40),
		Groups: []record.Group{
			{By: []string{"place of work"}, Key: []string{"Bar"}, N: ptr(int64(6)), Index: ptr(50.0), Dimensions: dimensions(6, 80, 20)},
			{By: []string{"place of work"}, Key: []string{"Yard"}, Withheld: true},
		},
	}
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	a := new(record.Assessment)
	if err := a.UnmarshalJSON(text); err != nil {
		t.Fatal(err)
	}
	return &record.Record{Key: "acme/assessment/x/2026-q3", Client: record.Client{ID: "acme", Name: "Acme"}, Assessment: a}
}

// TestTable holds how the table looks, at the width of a terminal and at one
// that is less than a table needs, plain and in color.
func TestTable(t *testing.T) {
	for _, width := range []int{80, 40} {
		for _, color := range []bool{false, true} {
			name := fmt.Sprintf("table-%d.txt", width)
			if color {
				name = fmt.Sprintf("table-%d-color.txt", width)
			}
			t.Run(name, func(t *testing.T) {
				var b strings.Builder
				if err := Records(&b, "table", []*record.Record{sample(t)}, Options{Width: width, Color: color}); err != nil {
					t.Fatal(err)
				}
				golden(t, name, b.String())
				if !color && width >= leastTable {
					for line := range strings.Lines(b.String()) {
						if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > width {
							t.Errorf("%d columns: %s", n, line)
						}
					}
				}
			})
		}
	}
}

// A color changes nothing but the color.
func TestColorKeepsTheLayout(t *testing.T) {
	draw := func(color bool) string {
		var b strings.Builder
		if err := Records(&b, "table", []*record.Record{sample(t)}, Options{Width: 80, Color: color}); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	plain, colored := draw(false), draw(true)
	stripped := strings.NewReplacer("\x1b[1m", "", "\x1b[31m", "", "\x1b[32m", "", "\x1b[0m", "").Replace(colored)
	if stripped != plain {
		t.Errorf("without its colors:\n%s\nplain:\n%s", stripped, plain)
	}
	if strings.Count(colored, "\x1b[31m") != 1 || strings.Count(colored, "\x1b[32m") != 2 { // Tempo 40 is weak; Bar's 50 is not
		t.Errorf("colors of the bars: %q", colored)
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestAttention names the dimension that asks for attention: the lowest where
// high is good, the highest where high is bad, and of equals the first.
func TestAttention(t *testing.T) {
	titles := []record.DimensionText{{Title: "Care"}, {Title: "Tempo"}, {Title: "Trust"}}
	for _, tt := range []struct {
		direction string
		percents  []*float64
		want      string
	}{
		{"high-is-good", []*float64{ptr(60.0), ptr(20.0), ptr(80.0)}, "Tempo 20"},
		{"high-is-bad", []*float64{ptr(60.0), ptr(20.0), ptr(80.0)}, "Trust 80"},
		{"high-is-bad", []*float64{ptr(80.0), ptr(20.0), ptr(60.0)}, "Care 80"},
		{"high-is-good", []*float64{nil, ptr(40.0), ptr(40.0)}, "Tempo 40"},
		{"high-is-bad", []*float64{nil, ptr(40.0), ptr(40.0)}, "Tempo 40"},
		{"high-is-bad", []*float64{nil, nil, nil}, "–"},
	} {
		v := view{body: record.AssessmentBody{Instrument: record.Instrument{Direction: tt.direction, Dimensions: titles}}, opt: Options{Width: 80}}
		g := record.Group{}
		for _, p := range tt.percents {
			g.Dimensions = append(g.Dimensions, record.Dimension{Percent: p})
		}
		if got := v.attention(g); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.direction, got, tt.want)
		}
	}
}

func TestPrintable(t *testing.T) {
	for in, want := range map[string]string{
		"Küche 台所 – 5 €":                 "Küche 台所 – 5 €",
		"a\x1b[31mb":                     "a�[31mb",
		"a\nb\tc\rd\x7f":                 "a�b�c�d�",
		"a\u0085b\u009b":                 "a�b�",
		"\u202aa\u202bb\u202c\u202d":     "�a�b��",
		"\u202e\u2066\u2067\u2068\u2069": "�����",
		"\u2029\u202f\u2065\u206a":       "\u2029\u202f\u2065\u206a", // their neighbors
	} {
		if got := Printable(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// read is the sample with what a record says about its figures, among it words
// that are out to harm a terminal.
func read(t *testing.T) *record.Record {
	t.Helper()
	r := sample(t)
	body := r.Assessment.Body()
	surely := &record.Test{P: 0.001}
	body.Disconnects = []record.Disconnect{{By: []string{"place of work"}, Dimension: "tempo", Text: "In “Tempo” Bar scores 20 and \x1b[31mYard\x1b[0m 60. They are 40 points apart, which is hardly chance."}}
	body.Priorities = []record.Priority{{Dimension: "tempo", Percent: 40, Text: "“Tempo” scores 40, which leaves 60 points to gain."}, {Dimension: "care", Percent: 70}}
	body.Changes = []record.Change{{Since: "2026-q1", Dimension: "care", Test: surely, Text: "In “Care” the score went from 50 to 70 since 2026-q1, 20 points better. This is hardly chance."},
		{Since: "2026-q1", Dimension: "tempo", Test: &record.Test{P: 0.5}, Text: "unsure"}, {Since: "2026-q1", Key: []string{"Bar"}, Test: surely, Text: "a group"}}
	body.Rankings = []record.Ranking{{By: []string{"place of work"}, Text: "Bar comes first."}, {By: []string{"a", "b"}, Text: "crossed"}}
	body.ServiceCare = []record.ServiceCare{{Text: "Service scores 60 and care 50."}}
	body.Drivers = []record.Drivers{{Text: "The dimensions together explain 40% of how people differ in “I would stay”."}}
	body.Instrument.Outcomes = []record.ItemText{{ID: "stay", Text: "I would stay"}}
	body.Outcomes = []record.Item{{ID: "stay", ENPS: &record.ENPS{Score: -9.4, Low: ptr(-27.4), High: ptr(8.9)}}}
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	r.Assessment = new(record.Assessment)
	if err := r.Assessment.UnmarshalJSON(text); err != nil {
		t.Fatal(err)
	}
	return r
}

// TestReadingsAndPlan holds what stands below the tables, and how a plan
// looks.
func TestReadingsAndPlan(t *testing.T) {
	r := read(t)
	r.Kind = record.KindAssessment
	plan, err := record.NewPlan(r, record.Plan{Title: "Action plan: Service", Actions: []record.Action{
		{ID: "a", What: "Write down the steps of the ten most common tasks with the people who do them. Teach them to new staff.", Owner: "Head of operations", Due: "2026-12-29"},
		{ID: "b", What: "Meet \u202eonce a week.", Owner: "Whoever leads Bar"}, {ID: "c", What: "Ask."}}})
	if err != nil {
		t.Fatal(err)
	}
	empty, err := record.NewPlan(r, record.Plan{Title: "Action plan"})
	if err != nil {
		t.Fatal(err)
	}
	for _, width := range []int{80, 40} {
		var b strings.Builder
		if err := Records(&b, "table", []*record.Record{r, plan, empty}, Options{Width: width}); err != nil {
			t.Fatal(err)
		}
		golden(t, fmt.Sprintf("readings-%d.txt", width), b.String())
		for line := range strings.Lines(b.String()) {
			if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > max(width, leastTable) && !strings.Contains(line, "Favorable") {
				t.Errorf("%d columns: %s", n, line)
			}
		}
	}
}

func TestChangesInATable(t *testing.T) {
	surely := &record.Test{P: 0.001}
	var many []record.Change
	for i := range 6 {
		many = append(many, record.Change{Test: surely, Text: fmt.Sprint(i)})
	}
	for _, c := range []struct {
		changes []record.Change
		want    string
	}{
		{nil, ""},
		{[]record.Change{{Key: []string{"x"}, Test: surely, Text: "x"}}, ""},
		{[]record.Change{{Since: "q1", Text: "x"}}, "Nothing has changed since q1 by more than chance would easily explain."},
		{[]record.Change{{Text: "x"}}, "Nothing has changed by more than chance would easily explain."},
		{many[:4], "0|1|2|3"},
		{many, "0|1|2|3|2 more dimensions changed."},
	} {
		v := view{body: record.AssessmentBody{Changes: c.changes}}
		if got := strings.Join(v.changes(), "|"); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}
