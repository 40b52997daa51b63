package plan

import (
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/record"
)

func ptr[T any](v T) *T { return &v }

func builtin(t *testing.T, id string) *instrument.Instrument {
	t.Helper()
	in, err := instrument.Builtin(id)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// found is a body with these findings and scores of 30, 45 and so on.
func found(in *instrument.Instrument, scores ...float64) record.AssessmentBody {
	body := record.AssessmentBody{Instrument: in.Describe()}
	for i, x := range scores {
		body.Dimensions = append(body.Dimensions, record.Dimension{ID: in.Dimensions[i].ID, Percent: &x})
	}
	return body
}

func ids(p record.Plan) []string {
	var all []string
	for _, a := range p.Actions {
		all = append(all, a.ID)
	}
	return all
}

func TestMake(t *testing.T) {
	in := builtin(t, "purpose-centered")
	body := found(in, 64, 39, 45)
	body.Priorities = []record.Priority{{Rank: 1, Dimension: "staff", Text: "Staff first."}, {Rank: 2, Dimension: "strategy", Text: "Then strategy."}}
	body.Traces = []record.Trace{{Dimension: "success", Root: "success", Text: "Success alone."}, {Dimension: "systems", Root: "strategy", Links: make([]record.Link, 2), Text: "Far down."}, {Dimension: "staff", Root: "strategy", Links: make([]record.Link, 1), Text: "Down."}, {Dimension: "strategy", Root: "strategy", Text: "Starts here."}}
	by, both := []string{"department"}, []string{"department", "role"}
	body.Disconnects = []record.Disconnect{
		{By: both, Dimension: "staff", Best: []string{"Bar", "Manager"}, Worst: []string{"Spa", "Manager"}},
		{By: by, Dimension: "staff", Best: []string{"Bar"}, Worst: []string{"Spa & pool"}, Text: "Far apart."},
		{By: []string{"role"}, Dimension: "staff", Best: []string{"Manager"}, Worst: []string{"Front line"}, Text: "Manager and Front line."},
	}
	body.Leaders = []record.Leaders{{By: "role", Dimension: "strategy", Text: "No."}, {By: "role", Dimension: "staff", Text: "Leaders see it otherwise."}}
	got, ok := Make(body, in, "2026-09-30")
	if !ok || got.Title != "Action plan: Six levels from purpose to customers" || got.Of != "" {
		t.Errorf("%v, %q of %q", ok, got.Title, got.Of)
	}
	want := []string{"priority/strategy", "trace/success", "priority/staff", "disconnect/department/staff/Spa%20&%20pool", "disconnect/role/staff/Front%20line"}
	if !slices.Equal(ids(got), want) {
		t.Fatalf("actions %q, want %q", ids(got), want)
	}
	first := got.Actions[0]
	if first.Why != "Then strategy. The trouble in “Ways of working” seems to start here." || first.What != in.Dimensions[1].Action || first.Owner != "General manager" || first.Origin != "priority" {
		t.Errorf("%+v", first)
	}
	far := got.Actions[3]
	if far.Why != "Far apart." || far.Department != "Spa & pool" || far.Owner != "Whoever leads Spa & pool" || !slices.Equal(far.By, by) || far.Key[0] != "Spa & pool" ||
		far.What != "Have two people from “Spa & pool” spend a day with “Bar”, and write down what is done another way there in “People”. "+
			"Pick one thing, try it for a month, and check whether it helped." {
		t.Errorf("%+v", far)
	}
	if led := got.Actions[4]; led.Owner != anyOwner || led.Why != "Manager and Front line." || !strings.HasPrefix(led.What, "Bring people from “Front line” and “Manager” together") {
		t.Errorf("leaders and the others: %+v", led)
	}
	for _, a := range got.Actions {
		if a.Due != "2026-12-29" { // 90 days later
			t.Errorf("%s is due on %q", a.ID, a.Due)
		}
	}
}

func TestDueDay(t *testing.T) {
	in := builtin(t, "four-steps")
	in.Policy.ActWithin = 1
	body := found(in, 30)
	for asOf, want := range map[string]string{"2028-02-28": "2028-02-29", "": "", "soon": ""} {
		if got, _ := Make(body, in, asOf); got.Actions[0].Due != want {
			t.Errorf("as of %q it is due on %q, want %q", asOf, got.Actions[0].Due, want)
		}
	}
}

func TestWeaknessesWhereThereIsNothingElse(t *testing.T) {
	in := builtin(t, "four-steps")
	body := found(in, 45, 60, 30, 49.9)
	body.Dimensions[3].Withheld = true
	got, ok := Make(body, in, "")
	if want := []string{"weakness/competencies", "weakness/mission"}; !ok || !slices.Equal(ids(got), want) {
		t.Fatalf("%q, want %q", ids(got), want)
	}
	if why := got.Actions[0].Why; why != "“Skills for service” is weak: it scores 30 of 100." {
		t.Errorf("why: %s", why)
	}
	signs := builtin(t, "warning-signs")
	got, _ = Make(found(signs, 60, 40, 80), signs, "")
	if want := []string{"weakness/hear-no-evil", "weakness/smoke-and-mirrors"}; !slices.Equal(ids(got), want) {
		t.Fatalf("%q, want %q", ids(got), want)
	}
	if why := got.Actions[0].Why; why != "“Complaints we ignore” scores 80 of 100, where 0 would be best." {
		t.Errorf("why: %s", why)
	}
}

func TestNothingToDo(t *testing.T) {
	in := builtin(t, "four-steps")
	if got, ok := Make(found(in, 80, 90), in, ""); ok || len(got.Actions) > 0 {
		t.Errorf("all is well: %+v", got)
	}
	body := found(in, 10)
	body.Withheld = true
	if got, ok := Make(body, in, ""); ok || len(got.Actions) > 0 {
		t.Errorf("withheld: %+v", got)
	}
}

// An instrument that says nothing about actions, and a dimension it has not.
func TestWithoutAdvice(t *testing.T) {
	in, err := instrument.Read("x.toml", []byte("id = 'x'\nscale = {min = 1, max = 5}\ndimension = [{id = 'd', title = 'Care', item = [{id = 'a'}]}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	body := found(in, 80)
	body.Priorities = []record.Priority{{Dimension: "d"}, {Dimension: "gone"}}
	got, _ := Make(body, in, "")
	for i, title := range []string{"Care", "gone"} {
		want := "Ask a few people who do the work what lies behind the result in “" + title + "”. Agree with them on one change, try it for a month, and check whether it helped."
		if a := got.Actions[i]; a.What != want || a.Owner != anyOwner {
			t.Errorf("%+v", a)
		}
	}
}

// No two actions share an id, whatever groups are called, and there are few.
func TestIDsAreUnique(t *testing.T) {
	in := builtin(t, "four-steps")
	body := found(in, 80)
	for _, key := range [][]string{{"a*b", "c"}, {"a", "b*c"}, {"a/b", "c"}, {"a", "b/c"}, {"A", "b/c"}, {"x", "y"}} {
		body.Disconnects = append(body.Disconnects, record.Disconnect{By: []string{"site", "team"}, Dimension: "mission", Best: []string{"z", "z"}, Worst: key})
	}
	got, _ := Make(body, in, "")
	if seen := slices.Compact(slices.Sorted(slices.Values(ids(got)))); len(seen) != mostDisconnects || len(got.Actions) != mostDisconnects {
		t.Errorf("%q", ids(got))
	}
	rec := &record.Record{Kind: record.KindAssessment, Key: "acme/assessment/four-steps/q1", Client: record.Client{ID: "acme"}, Sources: []string{}}
	made, err := record.NewPlan(rec, got)
	if err != nil {
		t.Fatal(err)
	}
	if err := made.Check(); err != nil {
		t.Error(err)
	}
}

func TestWhatMakesUseOfNothingWithheld(t *testing.T) {
	in := builtin(t, "four-steps")
	body := found(in, 30, 20)
	body.Dimensions[1] = record.Dimension{ID: "climate", Withheld: true, Percent: ptr(20.0)}
	if got, _ := Make(body, in, ""); len(got.Actions) != 1 {
		t.Errorf("%q", ids(got))
	}
}
