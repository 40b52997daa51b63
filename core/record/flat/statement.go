package flat

import (
	"github.com/firstcall-cli/firstcall/core/record"
)

// Statements is the table of statements.
var Statements = newTable(Table{
	Kind: record.KindStatement, Name: "statements", Title: "Statements",
	About: "One row for each finding in a vision or mission statement, and one for a statement without findings. What is said of the whole statement stands in each of its rows.",
}, []Column{
	client(),
	{Name: "id", Title: "Statement", Doc: "Identifies the statement among the client's: its id in a table, or its path and heading."},
	{Name: "kind", Title: "Kind", Doc: "What sort of statement it is: vision, mission, service-vision, values, promise, slogan."},
	{Name: "department", Title: "Department", Doc: "The department it is for; empty when it is for everybody."},
	{Name: "overall", Title: "Overall", Type: Decimal, Unit: points, Doc: "Would it guide what employees do? 50 means somewhat."},
	{Name: "simple", Title: "Simple", Type: Decimal, Unit: points, Doc: "Can a new employee understand and repeat it?"},
	{Name: "concrete", Title: "Concrete", Type: Decimal, Unit: points, Doc: "Could one see or check who does what for whom?"},
	{Name: "true", Title: "True", Type: Decimal, Unit: points, Doc: "Does it fit this organization?"},
	{Name: "credible", Title: "Credible", Type: Decimal, Unit: points, Doc: "Can it be kept?"},
	{Name: "rule", Title: "Rule", Doc: "Id of the rule that found something; empty in the row of a statement without findings.", Identity: true},
	{Name: "severity", Title: "Severity", Doc: "How much the finding weighs: error, warning or hint."},
	{Name: "message", Title: "Finding", Doc: "What is there."},
	{Name: "quote", Title: "Words", Doc: "The words meant; of long ones the beginning.", Identity: true},
	{Name: "file", Title: "File", Doc: "File that it stands in; - is standard input."},
	{Name: "line", Title: "Line", Type: Whole, Doc: "Line, or row of a table."},
	{Name: "column", Title: "Column", Type: Whole, Unit: "characters", Doc: "Place in the line."},
	{Name: "fix", Title: "What to do", Doc: "What a writer can do about it."},
	{Name: "replacement", Title: "Replacement", Doc: "What could stand there instead."},
	{Name: "part", Title: "Part", Doc: "Where there are no lines: page 2, paragraph 14, Sheet1!C7."},
	{Name: "not_judged", Title: "Not judged", Doc: "Why there is no verdict; empty when there is one."},
}, []Column{
	summary("The verdict in a sentence or two."),
	unlisted(),
})

// Statement gives the rows of a statement; rec, which carries it, may be nil.
func Statement(rec *record.Record, s record.Statement) Rows {
	why := ""
	var verdict [5]Value
	if v := s.Verdict; v != nil {
		for i, x := range []*float64{&v.Overall, &v.Simple, &v.Concrete, &v.True, &v.Credible} {
			verdict[i] = number(Decimal, x)
		}
	} else if why = s.Undefined["verdict"]; why == "" {
		why = "not judged"
	}
	line := ""
	if s.Summary != nil {
		line = s.Summary.Line
	}
	rows := Rows{Table: Statements}
	for _, f := range findings(s.Findings, s.Place) {
		replacement := ""
		if f.Replacement != nil {
			replacement = *f.Replacement
		}
		row := append(Statements.begin(rec), clientID(rec), text(s.ID), text(s.Kind), text(s.Department))
		row = append(row, verdict[:]...)
		rows.Rows = append(rows.Rows, append(row,
			text(f.Rule), text(f.Severity), text(f.Message), text(f.Quote), text(f.Place.File), ordinal(f.Place.Line), ordinal(f.Place.Column),
			text(f.Fix), text(replacement), text(f.Place.Part), text(why),
			text(line), ordinal(s.More[f.Rule])))
	}
	return rows
}

// findings are the findings of a text that a row is made of, and for a text without
// any one that only says where it is. Each row stands alone, since users sort and
// filter them: the advice, which a record may have once for each rule, is in every
// one.
func findings(found []record.Remark, place record.Place) []record.Remark {
	if len(found) == 0 {
		return []record.Remark{{Place: place}}
	}
	advice := map[string]string{}
	out := make([]record.Remark, len(found))
	for i, f := range found {
		switch {
		case f.Fix == "":
			f.Fix = advice[f.Rule]
		case advice[f.Rule] == "":
			advice[f.Rule] = f.Fix
		}
		out[i] = f
	}
	return out
}

func summary(doc string) Column { return Column{Name: "summary", Title: "Summary", Doc: doc} }

func unlisted() Column {
	return Column{Name: "unlisted", Title: "Not listed", Type: Whole, Unit: "findings", Doc: "How many further findings of this rule the record does not list."}
}
