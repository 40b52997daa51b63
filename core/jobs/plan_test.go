package jobs

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
)

// planned is a document with a verdict and so many changes to make.
func planned(id, owner, verdict string, score float64, changes int) *record.Job {
	j := &record.Job{ID: id, Title: id, Owner: owner, Verdict: verdict}
	for i := range changes {
		j.Change = append(j.Change, fmt.Sprint("change ", i))
	}
	if verdict != "closed" {
		j.Staleness = &record.Staleness{Score: score, Parts: []record.StalenessPart{{Name: PartReview, Points: score / 4, Most: 40}, {Name: PartContents, Points: score / 2, Most: 30}}}
	}
	return j
}

func TestPlanOrder(t *testing.T) {
	severe := planned("long overdue", "", "overdue", 40, 1)
	plan := Plan(record.Folder{}, []*record.Job{
		planned("closed", "", "closed", 0, 1), planned("unknown", "", "unknown", 12, 1), planned("due", "", "due", 5, 1), planned("overdue", "", "overdue", 20, 1),
		planned("stale10", "", "stale", 30, 1), planned("stale9", "", "stale", 30, 1), planned("staler", "", "stale", 50, 1), planned("fine", "", "current", 5, 2), planned("incomplete", "", "current", 10, 1), severe,
	}, asOf)
	var got []string
	for _, a := range plan.Actions {
		got = append(got, strings.TrimPrefix(a.ID, "document/"))
	}
	if want := []string{"staler", "stale9", "stale10", "long overdue", "overdue", "due", "unknown", "closed", "incomplete"}; !slices.Equal(got, want) {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
	for _, a := range plan.Actions {
		if a.Owner != "Human resources" || a.What == "" || a.Origin == "" || a.Due == "" {
			t.Errorf("%+v", a)
		}
	}
	if a := plan.Actions[0]; a.Origin != PartContents || a.What != "Correct “staler” and review it." {
		t.Errorf("%+v", a)
	}
}

// Each owner gets about four hours a week, from two weeks on.
func TestDueDates(t *testing.T) {
	plan := Plan(record.Folder{}, []*record.Job{
		planned("a", "Editor", "stale", 90, 6),                                                                                                                         // half a day: the first week is full
		planned("b", "Editor", "stale", 80, 2), planned("c", "Editor", "stale", 70, 2), planned("d", "Editor", "stale", 60, 5), planned("e", "Editor", "stale", 50, 3), // an hour each
		planned("f", "Editor", "stale", 40, 1),
		planned("g", "Cook", "stale", 30, 9), planned("h", "Cook", "closed", 0, 1),
	}, asOf)
	var got []string
	for _, a := range plan.Actions {
		got = append(got, fmt.Sprint(a.Document, " ", a.Effort, " ", a.Due))
	}
	want := []string{
		"a half-day 2026-09-15", "g half-day 2026-09-15", "b hour 2026-09-22", "c hour 2026-09-22", "d hour 2026-09-22", "e hour 2026-09-22", "h minutes 2026-09-22", "f hour 2026-09-29",
	}
	if !slices.Equal(got, want) {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
}

func TestPlanOfThemes(t *testing.T) {
	folder := record.Folder{
		Themes: []record.Theme{{Rule: "customer/no-goal", Text: "5 of 5 documents: No goal", Fix: "Name one.", Of: []string{"a"}}, {Rule: "dated/tool", Text: "5 of 5 documents: fax"}, {Rule: "dated/tool", Text: "5 of 5 documents: telex"}},
		Unread: []record.Unread{{File: "x.pdf", Reason: "has no text"}},
	}
	plan := Plan(folder, []*record.Job{planned("a", "", "current", 5, 0), planned("b", "", "closed", 0, 0)}, asOf)
	var got []string
	for _, a := range plan.Actions {
		got = append(got, strings.Join([]string{a.ID, a.What, a.Why, a.Origin}, " / "))
	}
	want := []string{
		"folder/customer/no-goal / Name one. / 5 of 5 documents: No goal. / direction", "folder/dated/tool / 5 of 5 documents: fax / 5 of 5 documents: fax. / contents",
		"folder/dated/tool#2 / 5 of 5 documents: telex / 5 of 5 documents: telex. / contents", "document/b / Archive “b”, or keep what describes the job. /  / review",
		"unread/x.pdf / Save x.pdf in a form that can be read, and check it again. / Has no text. / review",
	}
	if !slices.Equal(got, want) {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
	if of := plan.Actions[0].Documents; !slices.Equal(of, []string{"a"}) {
		t.Errorf("a theme is of %q", of)
	}
}

// Ids tell actions apart, and stay when something else is done.
func TestPlanIDs(t *testing.T) {
	s := alike(t, 6, "cook.md", "# Cook\n\nUses a typewriter.\n")
	ids := func(jobs []*record.Job) map[string]bool {
		out := map[string]bool{}
		for _, a := range Plan(s.RollUp(jobs, Roll{ID: "."}), jobs, asOf).Actions {
			if out[a.ID] {
				t.Errorf("%s stands twice", a.ID)
			}
			out[a.ID] = true
		}
		return out
	}
	all := ids(judgeAll(s))
	if !all["document/cook.md"] || !all["folder/customer/no-goal"] {
		t.Errorf("ids are %v", all)
	}
	for id := range ids(judgeAll(s)[:6]) {
		if !all[id] {
			t.Errorf("%s is new, though one is done", id)
		}
	}
}
