package render

import (
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/clipperhouse/displaywidth"
	"github.com/olekukonko/tablewriter/tw"

	"github.com/firstcall-cli/firstcall/core/record"
)

// findingHeader names the columns of statements as a table for programs: a row
// for each finding, and one for a statement without any. New columns come last.
var findingHeader = []string{
	"client", "id", "kind", "department", "overall", "simple", "concrete", "true", "credible",
	"rule", "severity", "message", "quote", "file", "line", "column", "fix", "replacement",
}

func findingRows(statements []Linted) [][]string {
	var rows [][]string
	for _, l := range statements {
		s := l.Statement
		head := []string{l.clientID(), s.ID, s.Kind, s.Department, "", "", "", "", ""}
		if v := s.Verdict; v != nil {
			for i, x := range []*float64{&v.Overall, &v.Simple, &v.Concrete, &v.True, &v.Credible} {
				head[4+i] = decimal(x)
			}
		}
		if len(s.Findings) == 0 {
			p := s.Place
			rows = append(rows, slices.Concat(head, []string{"", "", "", "", p.File, ordinal(p.Line), ordinal(p.Column), "", ""}))
		}
		for _, f := range s.Findings {
			replacement := ""
			if f.Replacement != nil {
				replacement = *f.Replacement
			}
			rows = append(rows, slices.Concat(head, []string{
				f.Rule, f.Severity, f.Message, f.Quote, f.Place.File, ordinal(f.Place.Line), ordinal(f.Place.Column), f.Fix, replacement,
			}))
		}
	}
	return rows
}

// ordinal is a line or column, empty where there is none.
func ordinal(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// The widths of the table of statements.
const (
	leastName    = 12 // characters of the id at least
	mostName     = 40
	verdictWidth = 53 // columns "Overall" to "Warnings" with the gaps before them
	leastChange  = 24 // a last column narrower than this goes below the row
)

// statementTable writes a row for each statement, with what to change first
// beside it or, on a narrow screen, below it.
func statementTable(w io.Writer, statements []Linted, opt Options) error {
	if len(statements) == 0 {
		_, err := io.WriteString(w, "No statements.\n")
		return err
	}
	width := max(opt.Width, leastTable)
	name, kind := len("Statement"), len("Kind")
	for _, l := range statements {
		name = max(name, displaywidth.String(Printable(l.Statement.ID)))
		kind = max(kind, len(kindName(l.Statement.Kind)))
	}
	name = min(name, mostName, max(width-verdictWidth-kind-2, leastName))
	room := width - name - kind - 2 - verdictWidth - 2
	header := []string{"Statement", "Kind", "Overall", "Simple", "Concrete", "True", "Credible", "Warnings"}
	aligns := []tw.Align{tw.AlignLeft, tw.AlignLeft, tw.AlignRight, tw.AlignRight, tw.AlignRight, tw.AlignRight, tw.AlignRight, tw.AlignRight}
	beside := room >= leastChange
	if beside {
		header, aligns = append(header, "Change first"), append(aligns, tw.AlignLeft)
	}
	var rows [][]string
	provisional := false
	for _, l := range statements {
		row := verdictRow(l.Statement, name)
		provisional = provisional || strings.Contains(strings.Join(row[2:], ""), guess)
		if beside {
			row = append(row, narrow(firstChange(l.Statement), room))
		}
		rows = append(rows, row)
	}
	drawn, err := Table(header, rows, aligns)
	if err != nil {
		return err
	}
	if !beside {
		drawn = withChanges(drawn, statements, width)
	}
	if provisional {
		drawn += "\n" + guess + " provisional: it rests on the text alone.\n"
	}
	_, err = io.WriteString(w, drawn)
	return err
}

// guess marks a figure that is provisional.
const guess = "~"

func verdictRow(s record.Statement, most int) []string {
	row := []string{narrow(s.ID, most), kindName(s.Kind)}
	warnings := strconv.Itoa(count(s.Findings, warning) + count(s.Findings, failure))
	v := s.Verdict
	if v == nil {
		return append(row, "–", "–", "–", "–", "–", warnings)
	}
	for _, p := range parts(v) {
		mark := ""
		if slices.Contains(v.Provisional, p.name) {
			mark = guess
		}
		row = append(row, mark+wholePoints(p.value))
	}
	return append(row, warnings)
}

// withChanges puts below each row of a table what to change first.
func withChanges(drawn string, statements []Linted, width int) string {
	var b strings.Builder
	at := -1
	for line := range strings.Lines(drawn) {
		b.WriteString(line)
		if at >= 0 && at < len(statements) {
			if change := firstChange(statements[at].Statement); change != "" {
				b.WriteString("  " + narrow(change, width-2) + "\n")
			}
		}
		at++
	}
	return b.String()
}

// firstChange is the most pressing thing to do about a statement: what the
// summary says, or else the worst finding, or why there is no verdict.
func firstChange(s record.Statement) string {
	if s.Summary != nil && len(s.Summary.Change) > 0 {
		return s.Summary.Change[0]
	}
	for _, severity := range []string{failure, warning, hint} {
		for _, f := range s.Findings {
			if f.Severity == severity {
				return f.Message
			}
		}
	}
	if s.Verdict == nil {
		return s.Undefined["verdict"]
	}
	return ""
}

// kindName is a kind of statement as people write it.
func kindName(kind string) string { return strings.ReplaceAll(Printable(kind), "-", " ") }

// wholePoints is a part of a verdict as people see it.
func wholePoints(x float64) string { return strconv.Itoa(int(math.Round(x))) }

// narrow makes words safe for a terminal and cuts them to a number of columns.
func narrow(s string, most int) string {
	s = Printable(s)
	if displaywidth.String(s) <= most {
		return s
	}
	return strings.TrimRight(displaywidth.TruncateString(s, most-1, ""), " ") + "…"
}
