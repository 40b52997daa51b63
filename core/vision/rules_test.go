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
