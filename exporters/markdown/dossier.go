package markdown

import (
	"fmt"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

// dossier writes the report of a client of whom there is more than assessments: the
// assessments first, then the statements, the job descriptions, and what to do.
type dossier struct {
	*page
	client
	opt   Options
	name  string          // of the client, fit to be printed; may be empty
	shown map[string]bool // ids of the jobs whose evidence stands in the report
	plans []surveyPlan    // of the assessments, which stand at the end
}

// surveyPlan is the plan that answers an assessment, with what the report on it has
// told already.
type surveyPlan struct {
	title string
	plan  *record.Plan
	told  told
}

// The titles of the parts.
const (
	statementsTitle = "Vision and mission statements"
	jobsTitle       = "Job descriptions"
	wholeTitle      = "Service culture report"
)

func (d *dossier) write() {
	d.shown = map[string]bool{}
	parts := len(d.surveys)
	if len(d.statements) > 0 {
		parts++
	}
	if d.hasJobs() || len(d.schedules) > 0 {
		parts++
	}
	if parts == 1 {
		d.single()
		return
	}
	d.heading(0, orElse(esc(d.opt.Title), titled(d.name, wholeTitle)))
	if by := esc(d.opt.PreparedBy); by != "" {
		d.para("Prepared by " + by)
	}
	d.para("This report covers " + list(d.covers()) + ".")
	d.brief()
	for _, s := range d.surveys {
		d.survey(s)
	}
	if len(d.statements) > 0 {
		d.heading(1, statementsTitle)
		d.para(latestDay(d.statements))
		d.statementsPart(2)
	}
	if d.hasJobs() {
		d.heading(1, jobsTitle)
		d.para(d.jobsDay())
		d.jobsPart(2)
	}
	d.todo()
}

// single writes a report on statements or on job descriptions alone.
func (d *dossier) single() {
	title, day := jobsTitle, d.jobsDay()
	if len(d.statements) > 0 {
		title, day = statementsTitle, latestDay(d.statements)
	}
	d.heading(0, orElse(esc(d.opt.Title), titled(d.name, title)))
	var by []string
	if d.opt.Title != "" {
		if d.name != "" {
			by = append(by, d.name)
		}
		by = append(by, title)
	}
	if day != "" {
		by = append(by, day)
	}
	if prepared := esc(d.opt.PreparedBy); prepared != "" {
		by = append(by, "Prepared by "+prepared)
	}
	d.para(strings.Join(by, " · "))
	if len(d.statements) > 0 {
		d.statementsPart(1)
	}
	if d.hasJobs() {
		d.jobsPart(1)
	}
	d.todo()
}

// jobsDay is the day on which the job descriptions were looked at.
func (d *dossier) jobsDay() string {
	return orElse(latestDay(d.folders), orElse(latestDay(d.jobs), latestDay(d.schedules)))
}

// survey writes the part on a survey but for its plan, which is kept for the end.
func (d *dossier) survey(s survey) {
	d.heading(1, s.latest().title())
	w := newWriter(d.page, s, d.opt, d.name, 2)
	w.plan, w.later = d.planOf(w.view), true
	w.para(w.byline(false, ""))
	w.write()
	if w.plan != nil {
		d.plans = append(d.plans, surveyPlan{w.title(), w.plan, w.told})
	}
}

// covers names what the report is made of.
func (d *dossier) covers() []string {
	var all []string
	for _, s := range d.surveys {
		all = append(all, "the survey “"+s.latest().title()+"”")
	}
	if n := len(d.statements); n > 0 {
		all = append(all, things(int64(n), kindNames[record.KindStatement][0], kindNames[record.KindStatement][1]))
	}
	if n := d.documents(); n > 0 {
		all = append(all, things(int64(n), kindNames[record.KindJob][0], kindNames[record.KindJob][1]))
	} else if len(d.schedules) > 0 {
		all = append(all, "what to do about job descriptions")
	}
	return all
}

// documents is how many job descriptions were read.
func (d *dossier) documents() int {
	n := 0
	for _, f := range d.folders {
		n += f.body.Documents
	}
	return max(n, len(d.jobs))
}

// brief says the main finding of each part in a sentence or two, for those who read
// no further.
func (d *dossier) brief() {
	d.heading(1, "In brief")
	var lines []string
	for _, s := range d.surveys {
		w := newWriter(d.page, s, d.opt, d.name, 2)
		said := "The results are withheld to protect people’s answers."
		if !w.body.Withheld {
			said = strings.TrimSpace(w.overall() + " " + w.extremesSentence())
		}
		lines = append(lines, "**"+w.title()+":** "+said)
	}
	if len(d.statements) > 0 {
		lines = append(lines, "**Statements:** "+d.statementsLine())
	}
	if d.hasJobs() {
		lines = append(lines, "**"+jobsTitle+":** "+d.jobsCount())
	}
	if todo := d.todoLine(); todo != "" {
		lines = append(lines, "**What to do:** "+todo)
	}
	d.bullets(lines)
}

// todoLine says how much there is to do, and by when the first of it.
func (d *dossier) todoLine() string {
	n, due := 0, ""
	for _, p := range d.allPlans() {
		n += len(p.Actions)
		for _, a := range p.Actions {
			if a.Due != "" && (due == "" || a.Due < due) {
				due = a.Due
			}
		}
	}
	if n == 0 {
		return ""
	}
	text := things(int64(n), "suggestion", "suggestions")
	if due != "" {
		text += ", the first of them for " + longDay(due)
	}
	return text + fmt.Sprintf(". %s at the end of this report.", map[bool]string{true: "It stands", false: "They stand"}[n == 1])
}

// allPlans are the plans that the report shows.
func (d *dossier) allPlans() []*record.Plan {
	var all []*record.Plan
	for _, s := range d.surveys {
		if p := d.planOf(s.latest()); p != nil {
			all = append(all, p)
		}
	}
	for i := range d.schedules {
		all = append(all, &d.schedules[i].body)
	}
	return all
}
