package flat

import (
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

// Jobs is the table of job descriptions.
var Jobs = newTable(Table{
	Kind: record.KindJob, Name: "jobs", Title: "Job descriptions",
	About: "One row for each finding in a job description, one for a description without findings, and one for a document that could not be read. What is said of the whole document stands in each of its rows.",
}, []Column{
	client(),
	{Name: "document", Title: "Document", Doc: "Path of the document as the user named it.", Identity: true},
	{Name: "title", Title: "Title", Doc: "The job's title as the document gives it."},
	{Name: "department", Title: "Department", Doc: "The department it is of."},
	{Name: "doc_kind", Title: "Sort of document", Doc: "What sort of document it is: description, advertisement, class-specification, unknown."},
	{Name: "verdict", Title: "Verdict", Doc: "stale, overdue, due, unknown, closed or current; empty for a document that could not be read."},
	{Name: "sure", Title: "Sure", Doc: "How sure the verdict is: high, medium or low."},
	{Name: "staleness", Title: "Staleness", Type: Decimal, Unit: points, Doc: "How far the document is out of date; empty when nothing can be told."},
	{Name: "last_review", Title: "Last review", Type: Date, Doc: "The last day on which it can have been gone through, by the best evidence."},
	{Name: "evidence", Title: "Evidence", Doc: "What says so, in words."},
	{Name: "next_review", Title: "Next review", Type: Date, Doc: "When it should be gone through next."},
	{Name: "owner", Title: "Owner", Doc: "Whose document it is: a role."},
	{Name: "rule", Title: "Rule", Doc: "Id of the rule that found something; empty in the row of a document without findings, unread for one that could not be read.", Identity: true},
	{Name: "severity", Title: "Severity", Doc: "How much the finding weighs: error, warning or hint."},
	{Name: "line", Title: "Line", Type: Whole, Doc: "Line that it stands in."},
	{Name: "column", Title: "Column", Type: Whole, Unit: "characters", Doc: "Place in the line."},
	{Name: "part", Title: "Part", Doc: "Where there are no lines: page 2, paragraph 14."},
	{Name: "quote", Title: "Words", Doc: "The words meant; of long ones the beginning.", Identity: true},
	{Name: "message", Title: "Finding", Doc: "What is there."},
	{Name: "fix", Title: "What to do", Doc: "What to do about it."},
}, []Column{
	summary("The verdict and its evidence in words."),
	unlisted(),
})

// Job gives the rows of a job description; rec, which carries it, may be nil.
func Job(rec *record.Record, j record.Job) Rows {
	rows := Rows{Table: Jobs}
	said := strings.Join(j.Summary, " ")
	for _, f := range findings(j.Findings, j.Place) {
		rows.Rows = append(rows.Rows, append(jobRow(rec, j, f), text(said), ordinal(j.More[f.Rule])))
	}
	return rows
}

// Unread gives a row for each document that could not be read, in the table of job
// descriptions: nobody knows whether they are clean. rec is the record of the folder,
// and may be nil.
func Unread(rec *record.Record, unread []record.Unread) Rows {
	rows := Rows{Table: Jobs}
	for _, u := range unread {
		f := record.Remark{Rule: UnreadRule, Severity: "error", Message: NotRead(u)}
		rows.Rows = append(rows.Rows, append(jobRow(rec, record.Job{ID: u.File}, f), Value{}, Value{}))
	}
	return rows
}

// UnreadRule is what stands in the place of a rule where a document could not be
// read.
const UnreadRule = "unread"

// NotRead says that a document could not be read, and why.
func NotRead(u record.Unread) string {
	return "Could not be read: " + strings.TrimSuffix(u.Reason, ".")
}

// jobRow is the row of a finding, but for what is for exporters alone.
func jobRow(rec *record.Record, j record.Job, f record.Remark) Row {
	var staleness *float64
	if j.Staleness != nil {
		staleness = &j.Staleness.Score
	}
	return append(Jobs.begin(rec),
		clientID(rec), text(j.ID), text(j.Title), text(j.Department), text(j.DocKind), text(j.Verdict), text(j.Sure),
		number(Decimal, staleness), date(j.Review.Last), text(j.Review.Evidence), date(j.Review.Next), text(j.Owner),
		text(f.Rule), text(f.Severity), ordinal(f.Place.Line), ordinal(f.Place.Column), text(f.Place.Part), text(f.Quote), text(f.Message), text(f.Fix))
}
