package markdown

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

// planOf returns the plan that answers an assessment: of the same client,
// instrument and wave.
func (c client) planOf(v view) *record.Plan {
	of, err := record.ParseKey(v.rec.Key)
	if err != nil {
		return nil
	}
	of.Kind = record.KindPlan
	for _, p := range c.plans {
		if p.key != of {
			continue
		}
		return &p.body
	}
	return nil
}

// planRecord is a plan with its key.
type planRecord struct {
	key  record.Key
	body record.Plan
}

// planFrom reads a plan record, if it can be joined to an assessment by its key.
func planFrom(r *record.Record) (planRecord, bool) {
	key, err := record.ParseKey(r.Key)
	if err != nil || r.Kind != record.KindPlan {
		return planRecord{}, false
	}
	body, err := r.Plan()
	return planRecord{key, body}, err == nil && len(body.Actions) > 0
}

// shownPlans returns the keys of the plans that reports of these records show:
// those that answer a survey's latest wave or job descriptions.
func shownPlans(records []*record.Record) map[string]bool {
	shown := map[string]bool{}
	for _, c := range gather(records) {
		for _, p := range c.schedules {
			shown[p.rec.Key] = true
		}
		for _, s := range c.surveys {
			if key, err := record.ParseKey(s.latest().rec.Key); err == nil && c.planOf(s.latest()) != nil {
				key.Kind = record.KindPlan
				shown[key.String()] = true
			}
		}
	}
	return shown
}

// Limits of a plan of job descriptions, which can be of hundreds.
const (
	maxActions = 15
	maxSteps   = 3 // of one action
)

// suggestion introduces a plan.
const suggestion = "A suggestion to start from: change it as you see fit, and put a name to each role."

// todo is the plan as a list to tick off.
func (w *writer) todo() {
	if w.plan == nil || w.later {
		return
	}
	w.section("What to do next")
	w.para(suggestion)
	w.bullets(mapped(w.plan.Actions, func(a record.Action) string { return actionLine(a, w.untold(a.Why), "", a.Changes) }))
	w.undated(w.plan.Actions, "the results do not say what day they are of")
}

// undated says why no action has a day.
func (p *page) undated(actions []record.Action, why string) {
	if len(actions) > 0 && !slices.ContainsFunc(actions, func(a record.Action) bool { return a.Due != "" }) {
		p.para("No day is set: " + why + ".")
	}
}

// effortWords is how much work an action is.
var effortWords = map[string]string{"minutes": "A few minutes", "hour": "About an hour", "half-day": "About half a day"}

// effortHours is the same in hours.
var effortHours = map[string]float64{"minutes": 0.25, "hour": 1, "half-day": 4}

// actionLine is an action to tick off: what to do, why, who and when, and the first
// of the steps. about is what it concerns, fit to be printed; empty for what needs no
// word.
func actionLine(a record.Action, why, about string, steps []string) string {
	line := "[ ] **" + esc(cut(a.What, maxQuote)) + "**"
	if why != "" {
		line += "\n  - Why: " + esc(why)
	}
	var who []string
	if owner := esc(cut(a.Owner, maxQuote)); owner != "" {
		who = append(who, "Owner: "+owner)
	}
	if a.Due != "" {
		who = append(who, "Due: "+longDay(a.Due))
	}
	if effort := effortWords[a.Effort]; effort != "" {
		who = append(who, effort)
	}
	if about != "" {
		who = append(who, about)
	}
	if len(who) > 0 {
		line += "\n  - " + strings.Join(who, " · ")
	}
	steps, more := first(steps, maxSteps)
	for _, s := range steps {
		line += "\n  - " + asSentence(s)
	}
	if more > 0 {
		line += fmt.Sprintf("\n  - and %d more", more)
	}
	return line
}

// todo writes what to do: about the surveys first, then about the job descriptions.
func (d *dossier) todo() {
	if len(d.plans)+len(d.schedules) == 0 {
		return
	}
	d.heading(1, "What to do")
	if slices.ContainsFunc(d.allPlans(), func(p *record.Plan) bool { return len(p.Actions) > 0 }) {
		d.para(suggestion)
	}
	several := len(d.plans)+len(d.schedules) > 1
	for _, p := range d.plans {
		if several {
			d.heading(2, p.title)
		}
		d.bullets(mapped(p.plan.Actions, func(a record.Action) string { return actionLine(a, p.told.untold(a.Why), "", a.Changes) }))
		d.undated(p.plan.Actions, "the results do not say what day they are of")
	}
	for _, s := range d.schedules {
		if several {
			d.heading(2, orElse(esc(cut(s.body.Title, maxTitle)), jobsTitle)+d.ofFolder(s.body))
		}
		d.schedule(s.body)
	}
}

// ofFolder names the folder that a plan answers, where there are several.
func (d *dossier) ofFolder(p record.Plan) string {
	of, err := record.ParseKey(p.Of)
	if err != nil || len(d.schedules) < 2 {
		return ""
	}
	return " (" + esc(cut(of.Subject, maxTitle)) + ")"
}

// schedule writes what to do about job descriptions.
func (d *dossier) schedule(p record.Plan) {
	if len(p.Actions) == 0 {
		d.para("Nothing is to be done about the job descriptions for now.")
		return
	}
	d.owners(p.Actions)
	some, left := first(p.Actions, maxActions)
	d.bullets(mapped(some, func(a record.Action) string { return actionLine(a, d.why(a), d.about(a), d.steps(a)) }))
	if left > 0 {
		d.para(notListed(left, "suggestion", "suggestions", ", less pressing,"))
	}
	d.undated(p.Actions, "the records do not say what day they are of")
}

// why is the reason of an action, unless the report has given it already.
func (d *dossier) why(a record.Action) string {
	if d.shown[a.Document] {
		return ""
	}
	for _, f := range d.folders {
		if slices.ContainsFunc(f.body.Themes, func(t record.Theme) bool { return strings.TrimSuffix(a.Why, ".") == strings.TrimSuffix(t.Text, ".") }) {
			return ""
		}
	}
	return cut(a.Why, maxQuote)
}

// steps are what to change in a document; of one that is to be put away, nothing.
func (d *dossier) steps(a record.Action) []string {
	if at, ok := d.at[a.Document]; ok && d.jobs[at].body.Verdict == "closed" {
		return nil
	}
	return a.Changes
}

// about names the documents of an action.
func (d *dossier) about(a record.Action) string {
	switch {
	case len(a.Documents) > 0:
		return "For " + things(int64(len(a.Documents)), "document", "documents")
	case a.Document != "":
		return d.short(a.Document)
	}
	return ""
}

// owners is the table of who has how much to do, where there are several.
func (d *dossier) owners(actions []record.Action) {
	type load struct {
		owner       string
		actions     int
		hours       float64
		first, last string
	}
	var loads []*load
	at := map[string]*load{}
	for _, a := range actions {
		l := at[a.Owner]
		if l == nil {
			l = &load{owner: a.Owner, first: a.Due}
			at[a.Owner], loads = l, append(loads, l)
		}
		l.actions++
		l.hours += effortHours[a.Effort]
		if a.Due != "" && (l.first == "" || a.Due < l.first) {
			l.first = a.Due
		}
		l.last = max(l.last, a.Due)
	}
	if len(loads) < 2 || len(actions) <= maxActions/2 {
		return
	}
	some, left := first(loads, maxRows)
	var rows [][]string
	for _, l := range some {
		work, due := "–", "–"
		if l.hours > 0 {
			work = things(max(1, int64(math.Round(l.hours))), "hour", "hours")
		}
		if l.first != "" {
			due = longDay(l.first)
		}
		if l.last != l.first {
			due += " to " + longDay(l.last)
		}
		rows = append(rows, []string{orElse(esc(cut(l.owner, maxTitle)), "Nobody named"), fmt.Sprint(l.actions), work, due})
	}
	d.table([]column{{"Owner", false}, {"To do", true}, {"Work, about", true}, {"Due", false}}, rows)
	if left > 0 {
		d.para(notListed(left, "owner", "owners", ""))
	}
}
