package scorm

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/exporters/internal/exporttest"
)

// TestFindings: the results of a department are those that the sample's assessment
// publishes for it, read there by hand.
func TestFindings(t *testing.T) {
	m := moduleOf(t, settings{version: version12, pass: 80}, exporttest.Records(t, sample)...)
	of := func(name string) (told string) {
		for _, f := range partNamed(t, m, name).Findings {
			told += fmt.Sprintf("own=%v people=%d of %s:", f.Own, f.People, f.When)
			for _, r := range f.Rows {
				told += fmt.Sprintf(" %d/%d", r.Shown, r.Everybody)
			}
			var gaps []string
			for _, r := range f.Gaps {
				gaps = append(gaps, r.Title)
			}
			told += " gaps: " + strings.Join(gaps, ", ")
			for _, r := range f.Best {
				told += " best: " + r.Title
			}
		}
		return told
	}
	for name, want := range map[string]string{
		"Front Desk":        "own=true people=55 of September 30, 2026: 67/64 84/81 60/58 60/59 66/69 71/61 49/44 55/54 gaps: Keeping everyone informed best: First impression",
		"Food and Beverage": "own=true people=0 of September 30, 2026: 65/64 82/81 61/58 60/59 82/69 40/61 46/44 56/54 gaps: Managers, Keeping everyone informed best: First impression best: Knowing our customers",
		"Maintenance":       "own=true people=23 of September 30, 2026: 61/64 55/59 69/61 37/44 gaps: Keeping everyone informed best: Managers",
		"":                  "own=true people=0 of September 30, 2026: 64/-1 81/-1 58/-1 59/-1 69/-1 61/-1 44/-1 54/-1 gaps: Keeping everyone informed best: First impression",
	} {
		if got := of(name); got != want {
			t.Errorf("%q: %s", name, got)
		}
	}
}

// TestHighIsBad: where a high score is bad, the highest is the one to work on.
func TestHighIsBad(t *testing.T) {
	f := finding{HighIsBad: true, Rows: []row{{Title: "a", Shown: 70, Weak: true}, {Title: "b", Shown: 20}, {Title: "c", Shown: 90, Weak: true}}}
	if weak := f.weak(); len(weak) != 2 || weak[0].Title != "c" {
		t.Errorf("%+v", weak)
	}
	if best := f.best(); len(best) != 1 || best[0].Title != "b" {
		t.Errorf("%+v", best)
	}
	f.Rows = []row{{Title: "a", Shown: 30}, {Title: "b", Shown: 20}, {Title: "c", Shown: 20}}
	if best := f.best(); len(best) != 2 || best[0].Title != "b" {
		t.Errorf("%+v", best)
	}
	f.Rows = f.Rows[1:]
	if best := f.best(); best != nil {
		t.Errorf("all are as good, and %+v stand out", best)
	}
}

// TestActions: a department reads what it has to do, everybody what all have to.
func TestActions(t *testing.T) {
	m := moduleOf(t, settings{version: version12, pass: 80}, exporttest.Records(t, sample)...)
	food, all := partNamed(t, m, "Food and Beverage").Actions, partNamed(t, m, "").Actions
	if len(food) == 0 || !strings.Contains(food[0].What, "Food and Beverage") || food[0].Due != "December 29, 2026" {
		t.Errorf("%+v", food)
	}
	if common := partNamed(t, m, "Food and Beverage").Common; !slices.Equal(common, all) {
		t.Errorf("of what is planned for everybody, a department sees %+v", common)
	}
	if alone := partNamed(t, m, "").Common; alone != nil {
		t.Errorf("twice: %+v", alone)
	}
	if page := string(only(t, `{}`, exporttest.Records(t, sample)...)[pageFile]); strings.Count(page, "Planned for everybody") != 5 {
		t.Error("not every department sees what is planned for everybody")
	}
	if len(all) == 0 || slices.ContainsFunc(all, func(a action) bool { return slices.Contains(food, a) }) {
		t.Errorf("%+v", all)
	}
}
