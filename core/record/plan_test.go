package record

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// samplePlan is a plan that says all a plan can say.
func samplePlan() Plan {
	return Plan{Title: "Action plan: X", Actions: []Action{
		{ID: "priority/care", What: "Call back.", Why: "Care scores 40.", Origin: "priority", Dimension: "care", Owner: "Head of care", Due: "2026-12-29"},
		{ID: "disconnect/site/care/Bar", What: "Meet.", Why: "Far apart.", Origin: "disconnect", Dimension: "care", Department: "Bar",
			By: []string{"site"}, Key: []string{"Bar"}, Owner: "Whoever leads Bar"},
	}}
}

func TestNewPlan(t *testing.T) {
	of := sample(t, "acme")
	of.AsOf = "2026-09-30"
	rec, err := NewPlan(of, samplePlan())
	if err != nil {
		t.Fatal(err)
	}
	if rec.Key != "acme/plan/x/2026-q3" || rec.AsOf != of.AsOf || rec.Client != of.Client || rec.Tool != of.Tool {
		t.Errorf("envelope: %+v", rec)
	}
	if err := rec.Check(); err != nil {
		t.Error(err)
	}
	body, err := rec.Plan()
	if err != nil || body.Of != of.Key || len(body.Actions) != 2 || body.Actions[1].Key[0] != "Bar" {
		t.Errorf("body: %+v, %v", body, err)
	}
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(rec); err != nil {
		t.Fatal(err)
	}
	var doc any
	if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if err := compile(t).Validate(doc); err != nil {
		t.Errorf("the schema refuses it: %v", err)
	}
	delete(doc.(map[string]any)["plan"].(map[string]any)["actions"].([]any)[0].(map[string]any), "what")
	if err := compile(t).Validate(doc); err == nil {
		t.Error("the schema takes an action that says nothing")
	}
	if _, err := NewPlan(rec, samplePlan()); err == nil {
		t.Error("a plan was made of a plan")
	}
}

// A plan goes through with fields of a later version and without being
// rewritten.
func TestPlanIsPassedOnAsItCame(t *testing.T) {
	const line = `{"schema":"firstcall/1","kind":"plan","key":"-/plan/y","client":{"id":""},"plan":{"of":"-/assessment/y","new":1, "actions":[]}}`
	rec, err := NewReader("in", strings.NewReader(line+"\n")).Next()
	if err != nil {
		t.Fatal(err)
	}
	if got := string(rec.Other); got != `{"of":"-/assessment/y","new":1, "actions":[]}` {
		t.Errorf("body became %s", got)
	}
	if p, err := rec.Plan(); err != nil || p.Of != "-/assessment/y" {
		t.Errorf("%+v, %v", p, err)
	}
	if _, err := sample(t, "acme").Plan(); err == nil {
		t.Error("an assessment was read as a plan")
	}
}

func TestBadPlans(t *testing.T) {
	for _, c := range []struct{ body, want string }{
		{`{}`, "plan does not say of which record it is"},
		{`{"of":"a","actions":[{"what":"x"}]}`, "action 1 of the plan has no id"},
		{`{"of":"a","actions":[{"id":"i"}]}`, `action "i" does not say what to do`},
		{`{"of":"a","actions":[{"id":"i","what":"x"},{"id":"i","what":"x"}]}`, `action "i" stands twice in the plan`},
		{`{"of":"a","actions":[{"id":"i","what":"x","by":["site"]}]}`, `action "i" has 1 columns and 0 values`},
		{`{"of":"a","actions":[{"id":"i","what":"x","due":"2026-02-30"}]}`, `action "i" is due on "2026-02-30", which is not a date`},
		{`{"of":"a","actions":7}`, "plan: actions is a number and should be a list"},
		{`[]`, "plan: it is a list and should be an object"},
	} {
		line := `{"schema":"firstcall/1","kind":"plan","key":"-/plan/y","client":{"id":""},"plan":` + c.body + "}\n"
		_, err := NewReader("in", strings.NewReader(line)).Next()
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.body, err, c.want)
		}
	}
}

func TestChanceOfATest(t *testing.T) {
	p := func(x float64) *float64 { return &x }
	for _, c := range []struct {
		test *Test
		want Chance
		says string
	}{
		{nil, ChanceUnknown, "There is not enough to say whether this is chance."},
		{&Test{P: 0.0099}, ChanceHardly, "This is hardly chance."},
		{&Test{P: 0.01}, ChanceUnlikely, "This is more than chance would easily explain."},
		{&Test{P: 0.05}, ChancePossible, "This may be chance."},
		{&Test{P: 0.001, PHolm: p(0.2)}, ChancePossible, "This may be chance."},
		{&Test{P: 0.001, PHolm: p(0.002)}, ChanceHardly, "This is hardly chance."},
	} {
		beyond := c.want != ChanceUnknown && c.want != ChancePossible
		if got := c.test.Chance(); got != c.want || got.Sentence() != c.says || got.Beyond() != beyond {
			t.Errorf("%+v: %v, %q", c.test, got, got.Sentence())
		}
	}
}

func TestStrengthOfALink(t *testing.T) {
	for r, want := range map[float64]string{0.5: "go closely together", 0.49: "go together", 0.3: "go together", 0.29: "go together a little",
		0.1: "go together a little", 0.09: "hardly go together", -0.09: "hardly go together", -0.1: "go opposite ways"} {
		if got := (Link{R: &r}).Strength(); got != want {
			t.Errorf("%v: %q, want %q", r, got, want)
		}
	}
	if got := (Link{}).Strength(); got != "" {
		t.Errorf("unknown: %q", got)
	}
}
