package crm

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/core/record"
)

// tasked are the tasks of a plan for the folder jobs of the client inn.
func tasked(t *testing.T, actions ...record.Action) []draft {
	t.Helper()
	r := planned(t, folder(t, "inn", "jobs", record.VerdictCounts{}), "Review of job descriptions", actions...)
	c := aJoin(t, joinOptions{}, r)
	if len(c.entries) != len(actions) {
		t.Fatalf("%d tasks of %d actions", len(c.entries), len(actions))
	}
	return c.entries
}

func TestTask(t *testing.T) {
	tasks := tasked(t,
		record.Action{ID: "full", What: "Correct “Cook” and review it.", Why: "It speaks of\na fax.", Owner: "Head cook", Department: "Kitchen", Document: "jobs/cook.md",
			Effort: "half-day", Changes: []string{"Take out the fax.", "Note the day."}, Due: "2026-10-14", Origin: "contents"},
		record.Action{ID: "bare", What: "Talk."})
	first, second := tasks[0], tasks[1]
	if first.kind != TaskEntry || first.record != 0 || first.label != "Correct “Cook” and review it." {
		t.Errorf("%+v", first)
	}
	golden(t, "task.txt", shown(first.entry))
	if got, want := shown(second.entry), "Title: Talk.\nDay: \n\n- From: Review of job descriptions\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestLongTask(t *testing.T) {
	what := strings.Repeat("seven 7 ", 40) + "the end."
	files := []string{}
	steps := []string{}
	for i := range 30 {
		files, steps = append(files, fmt.Sprintf("jobs/%d.md", i)), append(steps, fmt.Sprintf("Step %d.", i))
	}
	e := tasked(t, record.Action{ID: "1", What: what, Documents: files, Changes: steps})[0].entry
	if n := utf8.RuneCountInString(e.Title); n > 200 || n < 190 || !strings.HasSuffix(e.Title, "seven 7…") {
		t.Errorf("%d characters: %s", n, e.Title)
	}
	body := e.Body.Plain()
	for _, want := range []string{what + "\n\n", "- Step 11.\n- and 18 more\n", "jobs/11.md and 18 more\n"} {
		if !strings.Contains(body, want) {
			t.Errorf("%q is not in\n%s", want, body)
		}
	}
	exact := strings.Repeat("x", 200)
	if e := tasked(t, record.Action{ID: "1", What: exact})[0].entry; e.Title != exact || strings.Contains(e.Body.Plain(), "x") {
		t.Errorf("%s\n%s", e.Title, e.Body.Plain())
	}
}

func TestTaskWithoutWords(t *testing.T) {
	if e := tasked(t, record.Action{ID: "1", What: " \n "})[0].entry; e.Title != "Review of job descriptions" {
		t.Errorf("title %q", e.Title)
	}
}

func TestEffortOfATask(t *testing.T) {
	for effort, want := range map[string]string{"minutes": "- Effort: a few minutes\n", "hour": "- Effort: about an hour\n", "half-day": "- Effort: about half a day\n", "": "- From: "} {
		if got := tasked(t, record.Action{ID: "1", What: "Talk.", Effort: effort})[0].entry.Body.Plain(); !strings.HasPrefix(got, want) {
			t.Errorf("%q: %s", effort, got)
		}
	}
}

func TestMarkOfATask(t *testing.T) {
	base := record.Action{ID: "1", What: "Talk.", Why: "So.", Due: "2026-10-14"}
	mark := func(change func(*record.Action)) Mark {
		a := base
		change(&a)
		return tasked(t, a)[0].entry.Mark
	}
	first := mark(func(*record.Action) {})
	for name, change := range map[string]func(*record.Action){
		"title": func(a *record.Action) { a.What = "Walk." },
		"body":  func(a *record.Action) { a.Why = "Thus." },
		"day":   func(a *record.Action) { a.Due = "2026-10-15" },
	} {
		if got := mark(change); got.ID != first.ID || got.Content == first.Content {
			t.Errorf("%s changes: %v after %v", name, got, first)
		}
	}
	if got := mark(func(a *record.Action) { a.ID = "2" }); got.ID == first.ID {
		t.Error("two actions have one mark")
	}
}
