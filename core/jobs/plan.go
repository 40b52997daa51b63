package jobs

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/firstcall-cli/firstcall/core/record"
)

// The pace of a plan. A schedule that asks for everything at once is put away unread:
// each owner gets half a day a week. Our judgment.
const (
	hoursAWeek = 4.0
	firstDue   = 14 // days after the day of the check
)

// anyOwner owns a document where nothing says whose it is.
const anyOwner = "Human resources"

// Plan makes the list of what to do about the documents of a folder, the most urgent
// first, with a day for each: every owner gets about half a day a week. asOf is the day
// of the check.
func Plan(folder record.Folder, jobs []*record.Job, asOf time.Time) record.Plan {
	plan := record.Plan{Title: "Review of job descriptions", Actions: []record.Action{}}
	urgent := slices.DeleteFunc(slices.Clone(jobs), func(j *record.Job) bool { return !toDo(j) })
	slices.SortStableFunc(urgent, func(a, b *record.Job) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(score(b), score(a)), record.CompareNatural(a.ID, b.ID))
	})
	load := map[string]float64{}
	due := func(owner string, hours float64) string {
		week := int(load[owner] / hoursAWeek)
		load[owner] += hours
		return asOf.AddDate(0, 0, firstDue+7*week).Format(time.DateOnly)
	}
	for _, t := range folder.Themes {
		plan.Actions = append(plan.Actions, record.Action{
			ID: "folder/" + t.Rule + suffix(plan.Actions, "folder/"+t.Rule), What: cmp.Or(t.Fix, t.Text), Why: t.Text + ".", Origin: origin(t.Rule), Owner: anyOwner, Documents: t.Of, Effort: "hour", Due: due(anyOwner, 1),
		})
	}
	for _, j := range urgent {
		owner := cmp.Or(j.Owner, anyOwner)
		effort, hours := effortOf(j)
		changes := j.Change
		plan.Actions = append(plan.Actions, record.Action{
			ID: "document/" + j.ID, What: whatToDo(j), Why: strings.Join(j.Summary, " "), Origin: mainPart(j), Department: j.Department, Owner: owner, Document: j.ID,
			Effort: effort, Changes: changes, Due: due(owner, hours),
		})
	}
	for _, u := range folder.Unread {
		plan.Actions = append(plan.Actions, record.Action{
			ID: "unread/" + u.File, What: fmt.Sprintf("Save %s in a form that can be read, and check it again.", u.File), Why: sentence(u.Reason) + ".", Origin: "review", Owner: anyOwner, Document: u.File, Effort: "minutes", Due: due(anyOwner, 0.25),
		})
	}
	slices.SortStableFunc(plan.Actions, func(a, b record.Action) int { return strings.Compare(a.Due, b.Due) })
	return plan
}

// suffix tells actions of the same rule apart.
func suffix(actions []record.Action, id string) string {
	n := 0
	for _, a := range actions {
		if a.ID == id || strings.HasPrefix(a.ID, id+"#") {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("#%d", n+1)
}

// toDo says whether there is something to do about a document.
func toDo(j *record.Job) bool {
	return j.Verdict != "current" || len(j.Change) > 0 && score(j) >= 10
}

// rank orders documents by how pressing they are.
func rank(j *record.Job) int { return slices.Index(record.Verdicts(), j.Verdict) }

// whatToDo says what to do about a document in a sentence.
func whatToDo(j *record.Job) string {
	name := quoted(j.Title)
	switch j.Verdict {
	case "closed":
		return "Archive " + name + ", or keep what describes the job."
	case "overdue", "due":
		if j.DocKind == Advertisement.String() {
			return "Take " + name + " down if the job is filled; otherwise go through it."
		}
		return fmt.Sprintf("Review %s with somebody who does the job.", name)
	case "stale":
		return fmt.Sprintf("Correct %s and review it.", name)
	case "unknown":
		return fmt.Sprintf("Read %s, and note when that was.", name)
	case "current":
		return fmt.Sprintf("Complete %s.", name)
	}
	return fmt.Sprintf("Review %s with somebody who does the job.", name)
}

// effortOf estimates the work by what is to be changed.
func effortOf(j *record.Job) (effort string, hours float64) {
	switch n := len(j.Change); {
	case j.Verdict == "closed" || n <= 1 && j.Verdict == "current":
		return "minutes", 0.25
	case n <= 5:
		return "hour", 1
	}
	return "half-day", 4
}

// origin is the part of the staleness that a rule speaks of.
func origin(rule string) string {
	family, _, _ := strings.Cut(rule, "/")
	return cmp.Or(partOf(family), PartContents)
}

// mainPart is the part of the staleness that weighs most.
func mainPart(j *record.Job) string {
	best, most := PartReview, 0.0
	if j.Staleness != nil {
		for _, p := range j.Staleness.Parts {
			if share := p.Points / p.Most; share > most {
				best, most = p.Name, share
			}
		}
	}
	return best
}
