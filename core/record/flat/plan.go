package flat

import (
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

// Plans is the table of plans.
var Plans = newTable(Table{
	Kind: record.KindPlan, Name: "plans", Title: "Plans",
	About: "One row for each action of a plan, the most pressing first. A plan without actions has none.",
}, []Column{
	client(),
	{Name: "due", Title: "Due", Type: Date, Doc: "When it should be done."},
	{Name: "owner", Title: "Owner", Doc: "Who might own it: a role, not a person."},
	{Name: "document", Title: "Document", Doc: "The job description that is to be changed, when it is one."},
	{Name: "documents", Title: "Documents", Doc: "The job descriptions, with semicolons between them, when it is one action for several."},
	{Name: "effort", Title: "Effort", Doc: "About how much work it is: minutes, hour, half-day."},
	{Name: "what", Title: "What to do", Doc: "What to do, in plain words."},
	{Name: "changes", Title: "Changes", Doc: "What to change, with semicolons between them."},
	{Name: "why", Title: "Why", Doc: "The finding that it answers, with its figure."},
	{Name: "department", Title: "Department", Doc: "The group that acts; empty for everybody."},
	{Name: "about", Title: "About", Doc: "The kind of finding: priority, disconnect, trace, weakness, review, contents, organization, direction."},
	{Name: "id", Title: "Action", Doc: "Identifies the action within the plan; the same finding gives the same id in every run.", Identity: true},
}, []Column{
	{Name: "dimension", Title: "Dimension id", Doc: "Id of the dimension that it is about."},
	{Name: "by", Title: "Grouped by", Doc: "The columns of the group that acts, with * between them."},
	{Name: "group", Title: "Group", Doc: "That group's values, with * between them."},
	{Name: "plan", Title: "Plan", Doc: "Title of the plan."},
	{Name: "of", Title: "Answers", Doc: "Key of the record whose findings the actions answer."},
})

// Plan gives a row for each action; rec, which carries the plan, may be nil.
func Plan(rec *record.Record, p record.Plan) Rows {
	rows := Rows{Plans, make([]Row, len(p.Actions))}
	for i, a := range p.Actions {
		changes := make([]string, len(a.Changes))
		for j, change := range a.Changes {
			changes[j] = strings.TrimSuffix(change, ".")
		}
		rows.Rows[i] = append(Plans.begin(rec),
			clientID(rec), date(a.Due), text(a.Owner), text(a.Document), text(strings.Join(a.Documents, "; ")), text(a.Effort),
			text(a.What), text(strings.Join(changes, "; ")), text(a.Why), text(a.Department), text(a.Origin), text(a.ID),
			text(a.Dimension), text(strings.Join(a.By, "*")), text(GroupName(a.Key)), text(p.Title), text(p.Of))
	}
	return rows
}
