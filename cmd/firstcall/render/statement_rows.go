package render

import (
	"cmp"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"
	"github.com/olekukonko/tablewriter/tw"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/record/flat"
)

// findingRows gives the rows of a table for programs.
func findingRows(lint Lint) []flat.Row {
	var rows []flat.Row
	rules := lint.report().ruleTexts()
	for _, l := range lint.Statements {
		s := l.Statement
		s.Findings = withAdvice(s.Findings, rules)
		rows = append(rows, flat.Statement(l.Record, s).Rows...)
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
	leastClient  = 6
	mostClient   = 20
	verdictWidth = 53 // columns "Overall" to "Warnings" with the gaps before them
	leastChange  = 24 // a last column narrower than this goes below the row
)

// statementColumns are the widths of the columns of the table of statements that
// depend on what is in it and on the screen; 0 for a column that is not there.
type statementColumns struct{ client, name, kind, change int }

// statementWidths shares out a screen. There is a column for the client when
// there are several, and none for the kind where there is no room for both.
func statementWidths(statements []Linted, width int) statementColumns {
	c := statementColumns{name: len("Statement"), kind: len("Kind")}
	client := len("Client")
	for _, l := range statements {
		c.name = max(c.name, displaywidth.String(Printable(l.Statement.ID)))
		c.kind = max(c.kind, len(kindName(l.Statement.Kind)))
		client = max(client, displaywidth.String(Printable(l.clientID())))
		if l.clientID() != statements[0].clientID() {
			c.client = 1
		}
	}
	left := width - verdictWidth - c.kind - 2
	if c.client > 0 {
		c.client = min(client, mostClient)
		if left < c.client+2+leastName {
			left, c.kind = left+c.kind+2, 0
			c.client = max(min(c.client, left-2-leastName), leastClient)
		}
		left -= c.client + 2
	}
	c.name = min(c.name, mostName, max(left, leastName))
	if left -= c.name + 2; left >= leastChange {
		c.change = left
	}
	return c
}

// statementTable writes a row for each statement, with what to change first
// beside it or, on a narrow screen, below it.
func statementTable(w io.Writer, statements []Linted, opt Options) error {
	if len(statements) == 0 {
		_, err := io.WriteString(w, "No statements.\n")
		return err
	}
	width := max(opt.Width, leastTable)
	columns := statementWidths(statements, width)
	var head tableHead
	head.add(columns.client > 0, tw.AlignLeft, "Client")
	head.add(true, tw.AlignLeft, "Statement")
	head.add(columns.kind > 0, tw.AlignLeft, "Kind")
	head.add(true, tw.AlignRight, "Overall", "Simple", "Concrete", "True", "Credible", "Warnings")
	head.add(columns.change > 0, tw.AlignLeft, "Change first")
	rows := make([][]string, len(statements))
	provisional := false
	for i, l := range statements {
		rows[i] = statementRow(l, columns)
		provisional = provisional || l.Statement.Verdict != nil && len(l.Statement.Verdict.Provisional) > 0
	}
	drawn, err := Table(head.names, rows, head.aligns)
	if err != nil {
		return err
	}
	if columns.change == 0 {
		drawn = withLines(drawn, len(statements), width, func(i int) string { return firstChange(statements[i].Statement) })
	}
	if provisional {
		drawn += "\n" + guess + " provisional: it rests on the text alone.\n"
	}
	_, err = io.WriteString(w, drawn)
	return err
}

// statementRow is the row of a statement.
func statementRow(l Linted, columns statementColumns) []string {
	var row []string
	if columns.client > 0 {
		row = append(row, narrow(cmp.Or(l.clientID(), "–"), columns.client))
	}
	row = append(row, narrowStart(l.Statement.ID, columns.name))
	if columns.kind > 0 {
		row = append(row, kindName(l.Statement.Kind))
	}
	row = append(row, verdictCells(l.Statement)...)
	if columns.change > 0 {
		row = append(row, narrow(firstChange(l.Statement), columns.change))
	}
	return row
}

// guess marks a figure that is provisional.
const guess = "~"

// verdictCells are the figures of a statement and the number of warnings.
func verdictCells(s record.Statement) []string {
	warnings := strconv.Itoa(count(s.Findings, warning) + count(s.Findings, failure))
	v := s.Verdict
	if v == nil {
		return []string{"–", "–", "–", "–", "–", warnings}
	}
	var cells []string
	for _, p := range parts(v) {
		mark := ""
		if slices.Contains(v.Provisional, p.name) {
			mark = guess
		}
		cells = append(cells, mark+wholePoints(p.value))
	}
	return append(cells, warnings)
}

// withLines puts below each of the n rows of a table a line, if there is one for it.
func withLines(drawn string, n, width int, of func(row int) string) string {
	var b strings.Builder
	at := -1
	for line := range strings.Lines(drawn) {
		b.WriteString(line)
		if at >= 0 && at < n {
			if text := of(at); text != "" {
				b.WriteString("  " + narrow(text, width-2) + "\n")
			}
		}
		at++
	}
	return b.String()
}

// firstChange is the most pressing thing to do about a statement: what the
// summary says, or else the worst finding. Of a statement without a verdict it is
// why there is none.
func firstChange(s record.Statement) string {
	if s.Verdict == nil && s.Summary == nil {
		return strings.ToLower(notJudged(s)[:1]) + notJudged(s)[1:]
	}
	if s.Summary != nil && len(s.Summary.Change) > 0 {
		return s.Summary.Change[0]
	}
	return worstFinding(s.Findings, severities...)
}

// worstFinding is the message of the first finding of the first of some severities
// that there is a finding of.
func worstFinding(findings []record.Remark, severities ...string) string {
	for _, severity := range severities {
		for _, f := range findings {
			if f.Severity == severity {
				return f.Message
			}
		}
	}
	return ""
}

// kindName is a kind of statement as people write it.
func kindName(kind string) string { return strings.ReplaceAll(Printable(kind), "-", " ") }

// wholePoints is a part of a verdict as people see it.
func wholePoints(x float64) string { return strconv.Itoa(int(math.Round(x))) }

// narrowStart is narrow that cuts the beginning: names of files, and of statements in
// one file, differ at their ends.
func narrowStart(s string, most int) string {
	s = Printable(s)
	if displaywidth.String(s) <= most {
		return s
	}
	s = strings.ToValidUTF8(s[max(0, len(s)-8*most):], "") // no character is longer
	for displaywidth.String(s) > most-1 {
		_, size := utf8.DecodeRuneInString(s)
		s = s[size:]
	}
	return "…" + s
}

// narrow makes words safe for a terminal and cuts them to a number of columns.
func narrow(s string, most int) string {
	s = Printable(s)
	if displaywidth.String(s) <= most {
		return s
	}
	return strings.TrimRight(displaywidth.TruncateString(s, most-1, ""), " ") + "…"
}
