package vision

import (
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/lint"
)

func TestRulesKeepTheirExamples(t *testing.T) {
	if n := len(Rules()); n < 40 {
		t.Errorf("%d rules", n)
	}
	seen := map[string]bool{}
	for _, r := range Rules() {
		if seen[r.ID] {
			t.Errorf("%s stands twice", r.ID)
		}
		seen[r.ID] = true
		if r.Title == "" || r.Why == "" || r.Fix == "" || r.Source == "" || len(r.Examples.Bad) == 0 || len(r.Examples.Good) == 0 || r.Severity == 0 {
			t.Errorf("%s is not documented", r.ID)
		}
		if !strings.HasSuffix(r.Why, ".") || !strings.HasSuffix(r.Fix, ".") || strings.HasSuffix(r.Title, ".") {
			t.Errorf("%s: why and fix are sentences, the title is none", r.ID)
		}
		for _, f := range lint.TestExamples(r, Example) {
			t.Errorf("%v: %q", f, f.Text)
		}
	}
}

// TestVerdictStandsOnNoRule holds that switching rules off changes no figure.
func TestVerdictStandsOnNoRule(t *testing.T) {
	texts := []string{"By 2015 we at Acme Brothers listen, and reply within 5 days."}
	for _, r := range Rules() {
		texts = append(append(texts, r.Examples.Bad...), r.Examples.Good...)
	}
	figures := func(text string, rules []*lint.Rule) [5]float64 {
		v := Judge(Statement{ID: "x", Text: text}, Options{Rules: rules, Organization: exampleOrganization()}).Body.Verdict
		if v == nil {
			return [5]float64{-1}
		}
		return [5]float64{v.Overall, v.Simple, v.Concrete, v.True, v.Credible}
	}
	for _, text := range texts {
		if with, without := figures(text, Rules()), figures(text, []*lint.Rule{}); with != without {
			t.Errorf("%q: %v with the rules, %v without", text, with, without)
		}
	}
}
