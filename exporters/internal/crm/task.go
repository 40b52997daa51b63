package crm

import (
	"fmt"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

// Limits of a task.
const (
	mostLong  = 1000 // characters of a text
	mostSteps = 12
	mostFiles = 12
)

// tasksOf are the tasks of a plan, one for each action.
func tasksOf(p piece) []draft {
	var tasks []draft
	for _, a := range p.plan.Actions {
		title := cut(a.What, mostTitle)
		if title == "" { // nothing but spaces
			title = cut(p.plan.Title, mostTitle)
		}
		tasks = append(tasks, newDraft(p.at, TaskEntry, p.rec.Key, a.ID, title, taskBody(a, p.plan.Title), a.Due))
	}
	return tasks
}

// effortWords is how much work an action is.
func effortWords(effort string) string {
	switch effort {
	case "minutes":
		return "a few minutes"
	case "hour":
		return "about an hour"
	case "half-day":
		return "about half a day"
	}
	return ""
}

// taskBody says why, who might do it, and what is to be changed.
func taskBody(a record.Action, plan string) Text {
	var body Text
	if what := oneLine(a.What); what != cut(what, mostTitle) {
		body = append(body, Block{Words: cut(what, mostLong)})
	}
	facts := []string{}
	for _, fact := range [][2]string{
		{"Who might own it", a.Owner}, {"Department", a.Department}, {"Effort", effortWords(a.Effort)},
		{"Document", a.Document}, {"Documents", listed(a.Documents)}, {"From", plan},
	} {
		if words := cut(fact[1], mostLong); words != "" {
			facts = append(facts, fact[0]+": "+words)
		}
	}
	steps := []string{}
	for i, step := range a.Changes {
		if i == mostSteps {
			steps = append(steps, fmt.Sprintf("and %d more", len(a.Changes)-mostSteps))
			break
		}
		steps = append(steps, cut(step, mostText))
	}
	return kept(append(body,
		Block{Heading: "Why", Words: cut(a.Why, mostLong)},
		Block{Heading: "What to change", Items: steps},
		Block{Items: facts},
	))
}

// listed names some documents.
func listed(names []string) string {
	more := len(names) - mostFiles
	if more <= 0 {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:mostFiles], ", "), more)
}
