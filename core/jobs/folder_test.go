package jobs

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
)

// alike makes a set of n documents with the same text and different titles; every
// one of them is found to lack a customer goal.
func alike(t *testing.T, n int, more ...string) *Set {
	t.Helper()
	var texts []string
	for i := range n {
		texts = append(texts, fmt.Sprintf("team%d/job%d.md", i%2, i), fmt.Sprintf("# Clerk of Kind %c\n\nLast reviewed: 2026-08-01\n\n%s\n", 'A'+i, exampleDuties))
	}
	return setOf(t, nil, asOf, append(texts, more...)...)
}

func TestThemes(t *testing.T) {
	s := alike(t, 5)
	jobs := judgeAll(s)
	if _, found := findingOf(*jobs[0], "customer/no-goal"); !found {
		t.Fatalf("findings are %q", ruleIDs(*jobs[0]))
	}
	folder := s.RollUp(jobs, Roll{ID: "."})
	var themes []string
	for _, theme := range folder.Themes {
		themes = append(themes, theme.Rule)
		if theme.Files != 5 || theme.Share != 1 || theme.Fix == "" || !strings.HasPrefix(theme.Text, "5 of 5 documents: ") {
			t.Errorf("%+v", theme)
		}
		for _, j := range jobs {
			if _, found := findingOf(*j, theme.Rule); found {
				t.Errorf("%s is told for %s as well", theme.Rule, j.ID)
			}
		}
		if folder.Rules[theme.Rule] != 5 {
			t.Errorf("%s is counted in %d documents", theme.Rule, folder.Rules[theme.Rule])
		}
	}
	want := []string{"customer/no-behavior", "customer/no-goal", "org/reports-to-missing", "customer/no-people-skill"}
	for _, rule := range want { // the more telling first
		if !slices.Contains(themes, rule) {
			t.Errorf("%s is no theme; themes are %q", rule, themes)
		}
	}
	if themes[0] != "customer/no-behavior" {
		t.Errorf("themes are %q", themes)
	}
}

func TestNoThemes(t *testing.T) {
	other := func(i int) []string {
		return []string{fmt.Sprintf("x%d.md", i), fmt.Sprintf("# Cook %d\n\nLast reviewed: 2026-08-01\n\nReports to: Chef\n", i)}
	}
	for _, c := range []struct {
		what  string
		alike int
		more  int
		theme bool
	}{
		{"too few", 4, 0, false}, {"four fifths", 8, 2, true}, {"less than four fifths", 8, 3, false},
	} {
		var more []string
		for i := range c.more {
			more = append(more, other(i)...)
		}
		s := alike(t, c.alike, more...)
		jobs := judgeAll(s)
		folder := s.RollUp(jobs, Roll{ID: "."})
		theme := slices.ContainsFunc(folder.Themes, func(theme record.Theme) bool { return theme.Rule == "customer/no-goal" })
		if theme != c.theme {
			t.Errorf("%s: %v", c.what, folder.Themes)
		}
		for _, j := range jobs {
			if _, found := findingOf(*j, "customer/no-goal"); strings.HasPrefix(j.ID, "team") && found == c.theme {
				t.Errorf("%s: %s has it: %v", c.what, j.ID, found)
			}
		}
	}
	s := alike(t, 6)
	if folder := s.RollUp(judgeAll(s), Roll{ID: ".", NewOnly: true}); len(folder.Themes) > 0 {
		t.Errorf("of new findings alone themes are made: %v", folder.Themes)
	}
}

// Documents that are closed are not in use, and themes are told of those in use.
func TestThemesOfDocumentsInUse(t *testing.T) {
	var texts []string
	for i := range 5 {
		texts = append(texts, fmt.Sprintf("job%d.md", i), fmt.Sprintf("# Clerk of Kind %c\n\nUses a typewriter.\n", 'A'+i))
		texts = append(texts, fmt.Sprintf("old%d.md", i), fmt.Sprintf("---\nactive: false\n---\n# Cook of Kind %c\n\nUses a typewriter.\n", 'A'+i))
	}
	s := setOf(t, nil, asOf, texts...)
	jobs := judgeAll(s)
	folder := s.RollUp(jobs, Roll{ID: "."})
	for _, theme := range folder.Themes {
		if theme.Files != 5 || theme.Share != 1 || !strings.HasPrefix(theme.Text, "5 of 5 ") {
			t.Errorf("%+v", theme)
		}
	}
	if len(folder.Themes) == 0 {
		t.Error("there are no themes")
	}
	// Of closed ones alone there is none.
	texts = slices.DeleteFunc(texts, func(text string) bool { return strings.HasPrefix(text, "job") || strings.HasPrefix(text, "# Clerk") })
	s = setOf(t, nil, asOf, texts...)
	if folder := s.RollUp(judgeAll(s), Roll{ID: "."}); len(folder.Themes) > 0 || folder.Median != nil || folder.Undefined["median_staleness"] == "" || folder.Verdicts.Closed != 5 {
		t.Errorf("%+v", folder)
	}
}

func TestRollUpCounts(t *testing.T) {
	known := NewKnown(testClient)
	s := setOf(t, known, asOf,
		"a/1.md", "# Clerk\n\nDepartment: Sales\n\nLast reviewed: 2026-08-01\n\nTreats all with respect.\n",
		"a/2.md", "# Cook\n\nDepartment: Sales\n\nLast reviewed: 2024-08-31\n",
		"b/3.md", "# Porter\n\nLast reviewed: 2026-08-01\n\nUses a typewriter.\n",
		"b/4.md", "# Guard\n",
		"b/5.md", "---\nactive: false\n---\n# Driver\n\nLast reviewed: 2001-01-01\n\nTreats all with respect.\n",
	)
	jobs := judgeAll(s)
	folder := s.RollUp(jobs, Roll{ID: ".", Unread: []record.Unread{{File: "x.pdf", Reason: "has no text"}}})
	if want := (record.VerdictCounts{Current: 1, Overdue: 1, Stale: 1, Closed: 1, Unknown: 1}); folder.Verdicts != want || folder.Documents != 5 {
		t.Errorf("verdicts of %d are %+v, want %+v", folder.Documents, folder.Verdicts, want)
	}
	if *folder.Reviewed != 0.5 || folder.Oldest != "2024-08-31" { // two of four in use; the closed one does not count
		t.Errorf("reviewed %v, oldest %s", *folder.Reviewed, folder.Oldest)
	}
	var scores []float64
	for _, j := range jobs {
		if j.Staleness != nil {
			scores = append(scores, j.Staleness.Score)
		}
	}
	slices.Sort(scores)
	if want := (scores[1] + scores[2]) / 2; *folder.Median < want-0.05 || *folder.Median > want+0.05 {
		t.Errorf("the median of %v is %v", scores, *folder.Median)
	}
	var parts []string
	for _, p := range folder.Parts {
		parts = append(parts, fmt.Sprint(p.By, " ", p.Name, " ", p.Documents, " ", p.Verdicts.Closed))
	}
	if want := []string{"folder a 2 0", "folder b 3 1", "department  3 1", "department Sales 2 0"}; !slices.Equal(parts, want) {
		t.Errorf("parts are %q, want %q", parts, want)
	}
	if want := []record.Carried{{Value: "respect", Files: 1}, {Value: "speed and care", Files: 0}}; !slices.Equal(folder.Values, want) {
		t.Errorf("values are %v, want %v", folder.Values, want)
	}
	if want := []string{"Customer Support", "Youth"}; !slices.Equal(folder.Uncovered, want) {
		t.Errorf("uncovered are %q, want %q", folder.Uncovered, want)
	}
	want := []string{
		"5 documents: 1 stale, 1 overdue for review, 1 current, 1 closed and 1 unknown.", "1 more document could not be read; whether it holds, nobody knows.",
		"50 % of those in use were gone through in time, as far as there is evidence.", "No document carries the value “speed and care”.", "No document is of Customer Support and Youth.",
	}
	if !slices.Equal(folder.Summary, want) {
		t.Errorf("\n got %q\nwant %q", folder.Summary, want)
	}
	if empty := NewSet(nil, asOf).RollUp(nil, Roll{ID: "."}); empty.Summary[0] != "0 documents: none." || empty.Median != nil || empty.Parts == nil {
		t.Errorf("of nothing: %+v", empty)
	}
}

func TestSince(t *testing.T) {
	remark := func(rule, quote string) record.Remark { return record.Remark{Rule: rule, Quote: quote} }
	job := func(id, verdict string, score float64, found ...record.Remark) *record.Job {
		return &record.Job{ID: id, Verdict: verdict, Staleness: &record.Staleness{Score: score}, Findings: found}
	}
	before := []record.Job{
		*job("a", "stale", 40, remark("dated/tool", "fax"), remark("dated/tool", "fax"), remark("dated/term", "x")), *job("b", "current", 5), *job("c", "due", 10, remark("dated/tool", "telex")), *job("d", "current", 10),
	}
	now := []*record.Job{
		job("a", "current", 35, remark("dated/tool", "fax"), remark("passed/promise", "soon")), job("b", "stale", 10, remark("dated/tool", "y")), job("d", "current", 14.9), job("e", "unknown", 12, remark("dated/tool", "z")),
	}
	got := change(now, Roll{Since: before, SinceDay: "2025-09-01"}, nil)
	want := &record.FolderChange{
		AsOf: "2025-09-01", Before: record.VerdictCounts{Stale: 1, Current: 2, Due: 1}, Added: []string{"e"}, Gone: []string{"c"}, Better: []string{"a"}, Worse: []string{"b"},
		Resolved: 2, // one fax and the term of a; c is gone, and nobody knows what became of its telex
		New:      3, // the promise of a, that of b and that of e
		Open:     1,
	}
	a, _ := json.Marshal(got)
	b, _ := json.Marshal(want)
	if string(a) != string(b) {
		t.Errorf("\n got %s\nwant %s", a, b)
	}
}

// Two visits that find the same differ in nothing, though themes were taken out of the
// records of the first.
func TestSinceTheSame(t *testing.T) {
	visit := func(since []record.Job) (record.Folder, []record.Job) {
		s := alike(t, 6)
		jobs := judgeAll(s)
		folder := s.RollUp(jobs, Roll{ID: ".", Since: since})
		var out []record.Job
		for _, j := range jobs {
			out = append(out, *j)
		}
		return folder, out
	}
	_, before := visit(nil)
	folder, _ := visit(before)
	if c := folder.Since; c == nil || c.New != 0 || c.Resolved != 0 || c.Better != nil || c.Worse != nil || c.Added != nil || c.Gone != nil {
		t.Errorf("%+v", c)
	}
}
