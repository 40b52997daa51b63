package learning

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/exporters/internal/exporttest"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

const sample = "../../../testdata/learning/records.ndjson"

var options = Options{Exporter: "x", Column: "Department"}

func joined(t *testing.T, records []sdk.Record) map[string]*Client {
	t.Helper()
	clients, refused := Join(records, options)
	if len(refused) > 0 {
		t.Fatalf("%+v", refused)
	}
	by := map[string]*Client{}
	for _, c := range clients {
		by[c.ID] = c
	}
	return by
}

// hotel is the sample's client with a survey, whose Spa has too few answers.
func hotel(t *testing.T) *Client { return joined(t, exporttest.Records(t, sample))["wrenmoor"] }

func TestJoin(t *testing.T) {
	c := hotel(t)
	if c.Name != "Wrenmoor Hotels" || c.AsOf != "2026-09-30" || len(c.At) != 9 {
		t.Errorf("%q of %s, %d records", c.Name, c.AsOf, len(c.At))
	}
	var names []string
	for _, d := range c.Departments {
		names = append(names, d.ID)
	}
	if want := []string{"front-desk", "housekeeping", "food-and-beverage", "reservations-and-sales", "maintenance"}; !slices.Equal(names, want) {
		t.Errorf("departments %q, want those of the client file without the Spa", names)
	}
	var latest []bool
	for _, a := range c.Assessments {
		latest = append(latest, a.Latest)
	}
	if !slices.Equal(latest, []bool{false, true}) {
		t.Errorf("latest waves %v", latest)
	}
	front := c.Department("Reception") // its former name
	if front == nil || front.Name != "Front Desk" || front != c.Department("front desk") || front.Lead != "Front Desk Manager" || !slices.Equal(front.FormerIDs, []string{"reception"}) {
		t.Fatalf("%+v", front)
	}
	if want := []HandOff{{"Front Desk", "Maintenance", "repairs that a guest has asked for", "Front Desk Manager", "Chief Engineer"}, {From: "Front Desk", To: "Housekeeping"}}; !slices.Equal(front.HandsOn, want) {
		t.Errorf("hands on %+v", front.HandsOn)
	}
	if len(front.TakesOver) != 1 || front.TakesOver[0].From != "Reservations and Sales" {
		t.Errorf("takes over %+v", front.TakesOver)
	}
	if got := c.Of(nil); len(got) != 2 || got[0].Kind != "service-vision" || got[1].Kind != "mission" {
		t.Errorf("statements %+v: the record's vision stands for that of the client file", got)
	}
	if len(c.Standards) != 5 || len(c.Department("Housekeeping").Standards) != 1 {
		t.Errorf("%d standards", len(c.Standards))
	}
}

// TestScores holds figures against the record itself, read as plain JSON.
func TestScores(t *testing.T) {
	c := hotel(t)
	a := c.Assessments[1]
	if len(a.Scores) != 8+5*8-missing(t, a) || len(a.Everybody()) != 8 {
		t.Fatalf("%d scores, %d of everybody", len(a.Scores), len(a.Everybody()))
	}
	at := slices.IndexFunc(a.Scores, func(s Score) bool {
		return s.Department != nil && s.Department.Name == "Food and Beverage" && s.Dimension.ID == "managers"
	})
	s := a.Scores[at]
	// 40.2 percent of a scale of 1 to 5; see the sample's README: "rates its managers
	// worst of all (40)".
	if s.Percent < 39.5 || s.Percent >= 40.5 || s.Min != 1 || s.Max != 5 || !s.Weak {
		t.Errorf("%+v", s)
	}
	if got := 100 * (s.Mean - s.Min) / (s.Max - s.Min); got-s.Percent > 1e-9 || s.Percent-got > 1e-9 {
		t.Errorf("the mean is %v percent of scale, and the record says %v", got, s.Percent)
	}
	gaps := c.Department("Food and Beverage").Gaps()
	if len(gaps) == 0 || gaps[0].Dimension.ID != "managers" {
		t.Errorf("the widest gap is %+v", gaps)
	}
	for i := 1; i < len(gaps); i++ {
		if gaps[i].Percent < gaps[i-1].Percent {
			t.Error("gaps are not in order")
		}
	}
	if all := c.Gaps(); len(all) == 0 || all[0].Dimension.ID != "communication" || all[0].Department != nil {
		t.Errorf("gaps of everybody %+v", all)
	}
}

// missing counts the scores that a record does not publish for the five departments that
// are large enough.
func missing(t *testing.T, a *Assessment) int {
	t.Helper()
	text, err := json.Marshal(a.Record)
	if err != nil {
		t.Fatal(err)
	}
	var plain struct {
		Assessment struct {
			Groups []struct {
				Key        []string
				Withheld   bool
				Dimensions []struct{ Mean *float64 }
			}
		}
	}
	if err := json.Unmarshal(text, &plain); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, g := range plain.Assessment.Groups {
		for _, d := range g.Dimensions {
			if d.Mean == nil {
				n++
			}
		}
	}
	return n
}

// TestJobs: the papers of a department that is left out are there, without its name.
func TestJobs(t *testing.T) {
	records := exporttest.Records(t, sample)
	for i, r := range records {
		records[i].JSON = []byte(strings.ReplaceAll(string(r.JSON), `"department":"Reception"`, `"department":"spa"`))
	}
	jobs := joined(t, records)["wrenmoor"].Jobs
	if len(jobs) != 2 || jobs[0].Department != "Front Office" || jobs[1].Department != "" || jobs[1].Title != "Front Desk Agent" {
		t.Errorf("%+v", jobs)
	}
}

// TestDue: only what the assessment's own plan wants done gives a day to learn by.
func TestDue(t *testing.T) {
	c := hotel(t)
	if !slices.ContainsFunc(c.Actions, func(a Action) bool { return a.Of == "wrenmoor/folder/jobs" && a.Due == "2026-10-14" }) {
		t.Fatal("the sample has no action of a job description")
	}
	for i := range c.Actions {
		if c.Actions[i].Department == c.Department("Food and Beverage") {
			c.Actions[i].Due = "2026-11-30"
		}
	}
	for name, want := range map[string]string{"Food and Beverage": "2026-11-30", "Maintenance": "2026-12-29", "Nowhere": "2026-12-29"} {
		d := c.Department(name)
		if due := c.Due(nil, d); due != want || c.Due(c.Assessments[1], d) != want {
			t.Errorf("%s: due on %q, want %s", name, due, want)
		}
		if due := c.Due(c.Assessments[0], d); due != "" {
			t.Errorf("%s: the earlier wave has no plan, and is due on %s", name, due)
		}
	}
}

// altered changes the groups of the sample's latest assessment.
func altered(t *testing.T, change func(rec map[string]any, groups []any) []any) []sdk.Record {
	t.Helper()
	records := exporttest.Records(t, sample)
	for i, r := range records {
		if !strings.HasSuffix(r.Key, "assessment/eight-qualities/2026-q3") {
			continue
		}
		var rec map[string]any
		if err := json.Unmarshal(r.JSON, &rec); err != nil {
			t.Fatal(err)
		}
		body := rec["assessment"].(map[string]any)
		body["groups"] = change(rec, body["groups"].([]any))
		text, err := json.Marshal(rec)
		if err != nil {
			t.Fatal(err)
		}
		records[i].JSON = text
	}
	return records
}

// TestRefusedWithholds: an assessment that is refused withholds all the same, and one
// that can't be read takes its client's other records with it.
func TestRefusedWithholds(t *testing.T) {
	records := altered(t, func(rec map[string]any, groups []any) []any { delete(rec, "as_of"); return groups })
	records = slices.DeleteFunc(records, func(r sdk.Record) bool { return strings.HasSuffix(r.Key, "2026-q1") })
	with := options
	with.NeedDay = true
	clients, refused := Join(records, with)
	if len(refused) != 1 || len(clients) != 2 || clients[1].Department("Spa") != nil || len(clients[1].Standards) != 5 {
		t.Errorf("%d refused, %d clients", len(refused), len(clients))
	}
	for i, r := range records {
		if r.Kind == record.KindAssessment {
			records[i].JSON = []byte("{}")
		}
	}
	clients, refused = Join(records, options)
	if len(clients) != 1 || clients[0].ID != "søn & co" || len(refused) != len(records)-1 {
		t.Errorf("%d refused, %d clients", len(refused), len(clients))
	}
}

// TestColumn: a column that was named by mistake shows nobody, and is told.
func TestColumn(t *testing.T) {
	records := exporttest.Records(t, sample)
	clients, _ := Join(records, Options{Exporter: "x", Column: "deparment"})
	c := clients[1]
	if c.Department("Spa") != nil || len(c.Standards) != 5 || len(c.Assessments[1].Scores) != 8 {
		t.Errorf("%+v, %d scores", c.Department("Spa"), len(c.Assessments[1].Scores))
	}
	outcomes := make([]sdk.Outcome, len(records))
	Warn(clients, outcomes)
	if d := outcomes[2].Diagnostic; d == nil || d.Code != "x.column" || d.Severity != sdk.SeverityWarning || !strings.Contains(d.Summary, "groups by department") || outcomes[0].Diagnostic != nil {
		t.Errorf("%+v", d)
	}
	clients, _ = Join(records, options)
	outcomes = make([]sdk.Outcome, len(records))
	if Warn(clients, outcomes); slices.ContainsFunc(outcomes, func(o sdk.Outcome) bool { return o.Diagnostic != nil }) {
		t.Error("a warning, though all is well")
	}
}

// TestAlone: a client file under another id than the survey's is told.
func TestAlone(t *testing.T) {
	records := exporttest.Records(t, sample)
	outcomes := func(records []sdk.Record) []sdk.Outcome {
		out := make([]sdk.Outcome, len(records))
		clients, _ := Join(records, options)
		Warn(clients, out)
		return out
	}
	if out := outcomes(records); out[len(out)-1].Diagnostic != nil {
		t.Errorf("%+v: the other client has a client file of its own", out[len(out)-1].Diagnostic)
	}
	out := outcomes(slices.DeleteFunc(records, func(r sdk.Record) bool { return r.Key == "wrenmoor/organization/wrenmoor" }))
	at := slices.IndexFunc(out, func(o sdk.Outcome) bool { return o.Diagnostic != nil && o.Diagnostic.Code == "x.alone" })
	if at < 0 || records[at].Kind != record.KindOrganization || !strings.Contains(out[at].Diagnostic.Summary, "none like this one of wrenmoor") {
		t.Errorf("%+v", out)
	}
}

// TestFormerNameBeside: a group by a department's former name does not take the place of
// the one by its name.
func TestFormerNameBeside(t *testing.T) {
	records := altered(t, func(_ map[string]any, groups []any) []any {
		for _, g := range groups {
			if key := g.(map[string]any)["key"].([]any); key[0] == "Food and Beverage" {
				key[0] = "Reception" // which the Front Desk was called, and which sorts after it
			}
		}
		slices.Reverse(groups)
		return groups
	})
	c := joined(t, records)["wrenmoor"]
	a := c.Assessments[1]
	byID := map[string][]float64{}
	for _, s := range a.Scores {
		if s.Department != nil && s.Dimension.ID == "managers" {
			byID[s.Department.ID] = append(byID[s.Department.ID], s.Percent)
		}
	}
	if len(byID["front-desk"]) != 1 || byID["front-desk"][0] < 60 || len(byID["reception"]) != 1 || byID["reception"][0] > 45 {
		t.Errorf("%v: managers are at 71 at the Front Desk and at 40 in what is called Reception here", byID)
	}
}

// TestLeftOut: nothing that a client comes to holds the name of a department that an
// assessment withholds, though the client file names it.
func TestLeftOut(t *testing.T) {
	c := hotel(t)
	if c.Organization.Departments[5].Name != "Spa" {
		t.Fatal("the sample has no Spa")
	}
	for _, d := range c.Departments {
		if text := fmt.Sprintf("%+v", *d); strings.Contains(text, "Spa") || strings.Contains(text, "Treatments") {
			t.Error(text)
		}
	}
	if c.Department("Spa") != nil || c.Department("spa") != nil {
		t.Error("it is found")
	}
	if text := fmt.Sprintf("%+v %+v %+v", c.Standards, c.Statements, c.Framework()); strings.Contains(text, "Treatments") {
		t.Error(text)
	}
	for _, a := range c.Assessments {
		for _, s := range a.Scores {
			if s.N < 5 {
				t.Errorf("%+v", s)
			}
		}
	}
}

// TestOrder: the order of the records changes nothing but their indexes.
func TestOrder(t *testing.T) {
	records := exporttest.Records(t, sample)
	want := describe(t, records)
	for seed := range uint64(20) {
		mixed := slices.Clone(records)
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		if got := describe(t, mixed); got != want {
			t.Fatalf("seed %d:\n%s\nwant\n%s", seed, got, want)
		}
	}
}

// describe writes clients without indexes.
func describe(t *testing.T, records []sdk.Record) string {
	t.Helper()
	clients, refused := Join(records, options)
	var b strings.Builder
	for _, c := range clients {
		fmt.Fprintln(&b, c.ID, c.Name, c.AsOf, len(c.At), len(refused))
		for _, s := range c.Statements {
			fmt.Fprintln(&b, s.Kind, s.Text, name(s.Department))
		}
		for _, d := range c.Departments {
			fmt.Fprintln(&b, d.ID, d.Name, d.Vision, d.Standards, d.HandsOn, d.TakesOver, d.Lead, len(d.Scores))
		}
		for _, a := range c.Assessments {
			fmt.Fprintln(&b, a.Record.Key, a.Latest)
			for _, s := range a.Scores {
				fmt.Fprintln(&b, s.Instrument.ID, s.Dimension.ID, name(s.Department), s.N, s.Mean, s.Percent, s.Band, s.Weak)
			}
		}
		for _, a := range c.Actions {
			fmt.Fprintln(&b, a.Plan, a.ID, a.AsOf, a.Due, name(a.Department))
		}
		for _, j := range c.Jobs {
			fmt.Fprintln(&b, j.Key, j.AsOf, j.Title)
		}
		fmt.Fprintln(&b, c.Values, c.Standards, c.Policies)
	}
	return b.String()
}

func name(d *Department) string {
	if d == nil {
		return "-"
	}
	return d.Name
}

func TestRefused(t *testing.T) {
	records := exporttest.Records(t, sample)
	broken := records[0]
	broken.JSON = []byte("{")
	other := records[1]
	other.Key = records[2].Key
	clients, refused := Join([]sdk.Record{broken, other}, options)
	if len(clients) != 0 || len(refused) != 2 {
		t.Fatalf("%d clients, %+v", len(clients), refused)
	}
	for _, o := range refused {
		if o.Status != sdk.Rejected || o.Diagnostic.Code != "x.record" {
			t.Errorf("%+v", o)
		}
	}
}

func TestFramework(t *testing.T) {
	c := hotel(t)
	c.Values = append(slices.Clone(c.Values), record.Value{Name: "standards"})
	c.Standards = append(slices.Clone(c.Standards), record.Standard{Text: "We are on time."})
	twice := c.Standards[3]
	twice.Department = "maintenance" // keeps what Housekeeping does
	c.Standards = append(c.Standards, twice)
	groups := c.Framework()
	if len(groups) != 2 || groups[0].ID != "eight-qualities" || len(groups[0].Children) != 8 || groups[1].ID != "values" || len(groups[1].Children) != 5 {
		t.Fatalf("%+v", groups)
	}
	seen := map[string]bool{}
	var visit func(of []Competency)
	visit = func(of []Competency) {
		for _, c := range of {
			if seen[c.ID] {
				t.Errorf("%s is there twice", c.ID)
			}
			seen[c.ID] = true
			if c.Title == "" || c.Group() != (c.Dimension == nil && c.Standard == nil) {
				t.Errorf("%+v", c)
			}
			visit(c.Children)
		}
	}
	visit(groups)
	if prompt := groups[1].Children[2]; prompt.Title != "prompt" || len(prompt.Children) != 3 || !strings.HasPrefix(prompt.Children[0].About, "Say when it will be done") {
		t.Errorf("%+v", prompt)
	}
}

// TestFormerWave: what a wave says of a department rests on that wave. One that is
// withheld later keeps the scores it had, and is in nothing else; one that was withheld
// earlier, also under a former name, is there.
func TestFormerWave(t *testing.T) {
	records := exporttest.Records(t, sample)
	change := func(wave, group, to string, withheld bool) {
		for i, r := range records {
			if !strings.HasSuffix(r.Key, "assessment/eight-qualities/"+wave) {
				continue
			}
			var rec map[string]any
			if err := json.Unmarshal(r.JSON, &rec); err != nil {
				t.Fatal(err)
			}
			groups := rec["assessment"].(map[string]any)["groups"].([]any)
			for n, g := range groups {
				if key := g.(map[string]any)["key"].([]any); key[0] == group {
					if key[0] = to; withheld {
						groups[n] = map[string]any{"by": g.(map[string]any)["by"], "key": key, "withheld": true}
					}
				}
			}
			text, err := json.Marshal(rec)
			if err != nil {
				t.Fatal(err)
			}
			records[i].JSON = text
		}
	}
	change("2026-q3", "Maintenance", "Maintenance", true)
	change("2026-q1", "Front Desk", "Reception", true)
	c := joined(t, records)["wrenmoor"]
	if c.Department("Maintenance") != nil {
		t.Error("Maintenance is withheld, and is there")
	}
	front := c.Department("Front Desk")
	if front == nil || len(front.Scores) != 8 {
		t.Errorf("%+v: the Front Desk was withheld under its former name only", front)
	}
	of := func(a *Assessment, name string) int {
		n := 0
		for _, s := range a.Scores {
			if s.Department != nil && s.Department.Name == name {
				n++
			}
		}
		return n
	}
	if of(c.Assessments[0], "Maintenance") != 8 || of(c.Assessments[1], "Maintenance") != 0 || of(c.Assessments[0], "Front Desk") != 0 {
		t.Error("a wave's scores are not those that it publishes")
	}
	if text := fmt.Sprintf("%+v %+v", *front, c.Standards); strings.Contains(text, "Maintenance") {
		t.Errorf("a hand-off names the department that is left out: %s", text)
	}
}
