package jobs

import (
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/lint"
)

// TestExamples holds every rule to its own examples.
func TestExamples(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range Rules() {
		if seen[r.ID] {
			t.Errorf("%s stands twice", r.ID)
		}
		seen[r.ID] = true
		for _, text := range []string{r.Title, r.Why, r.Fix, r.Source} {
			if strings.TrimSpace(text) == "" {
				t.Errorf("%s says too little of itself", r.ID)
			}
		}
		for _, f := range lint.TestExamples(r, Look) {
			t.Errorf("%v\n%s", f, f.Text)
		}
	}
	for id := range points {
		if !seen[id] {
			t.Errorf("points are given for %s, which is no rule", id)
		}
	}
}
