package render

import (
	"cmp"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/clipperhouse/displaywidth"
	"github.com/olekukonko/tablewriter/tw"

	"github.com/firstcall-cli/firstcall/core/record"
)

// The widths of the table of job descriptions.
const (
	jobFigures   = 43 // columns "Verdict", "Staleness", "Last review" and "Findings" with the gaps around them
	leastJobName = 10
	mostJobName  = 44
	leastText    = 16 // of a title or an owner that is worth a column
	mostText     = 36
	mostOwner    = 26
)

// jobColumns are the widths of the columns of the table of job descriptions that
// depend on what is in it and on the screen; 0 for a column that is not there.
type jobColumns struct{ name, title, owner, worst int }

// jobWidths shares out a screen: the name first, then the title, the owner and the
// first thing to do. What has no column goes below the row.
func jobWidths(jobs []CheckedJob, width int) jobColumns {
	name, title, owner := len("Document"), 0, 0
	for _, j := range jobs {
		name = max(name, displaywidth.String(Printable(j.Job.ID)))
		title = max(title, displaywidth.String(Printable(j.Job.Title)))
		owner = max(owner, displaywidth.String(Printable(j.Job.Owner)))
	}
	left := width - jobFigures
	c := jobColumns{name: min(name, mostJobName, max(left, leastJobName))}
	take := func(wanted, most int) int {
		wanted = min(wanted, most)
		if wanted == 0 || left < min(wanted, leastText)+2 {
			return 0
		}
		wanted = min(wanted, left-2)
		left -= wanted + 2
		return wanted
	}
	left -= c.name
	c.title = take(max(title, len("Title")), mostText)
	if c.title > 0 && owner > 0 {
		c.owner = take(max(owner, len("Owner")), mostOwner)
	}
	if (c.owner > 0 || owner == 0) && left-2 >= leastChange {
		c.worst = left - 2
	}
	return c
}

// jobTable writes a row for each document, the most urgent first, and below them what
// is to be said of the folder.
func jobTable(w io.Writer, c Checked, opt Options) error {
	s := sheet{opt: opt}
	s.opt.Width = min(max(opt.Width, leastTable), LineWidth)
	if len(c.Jobs) == 0 {
		s.b.WriteString("No job descriptions.\n")
	} else {
		drawn, err := drawJobs(urgent(c.Jobs), max(opt.Width, leastTable), opt)
		if err != nil {
			return err
		}
		s.b.WriteString(drawn)
	}
	if c.Folder != nil {
		s.gap()
		for _, sentence := range c.Folder.Summary {
			s.advise("- ", sentence)
		}
	}
	s.notRead(c.unread())
	_, err := io.WriteString(w, s.b.String())
	return err
}

func drawJobs(jobs []CheckedJob, width int, opt Options) (string, error) {
	columns := jobWidths(jobs, width)
	var head tableHead
	head.add(true, tw.AlignLeft, "Verdict")
	head.add(true, tw.AlignRight, "Staleness")
	head.add(true, tw.AlignLeft, "Document")
	head.add(columns.title > 0, tw.AlignLeft, "Title")
	head.add(true, tw.AlignRight, "Last review", "Findings")
	head.add(columns.owner > 0, tw.AlignLeft, "Owner")
	head.add(columns.worst > 0, tw.AlignLeft, "Most pressing")
	rows := make([][]string, len(jobs))
	for i, j := range jobs {
		rows[i] = jobRow(j.Job, columns, opt)
	}
	drawn, err := Table(head.names, rows, head.aligns)
	if err != nil {
		return "", err
	}
	drawn = withLines(drawn, len(jobs), width, func(i int) string { return belowRow(jobs[i].Job, columns) })
	if marks := legend(jobs); marks != "" {
		drawn += "\n" + point("", marks, opt)
	}
	return drawn, nil
}

func jobRow(j record.Job, columns jobColumns, opt Options) []string {
	staleness := "–"
	if j.Staleness != nil {
		staleness = wholePoints(j.Staleness.Score)
	}
	row := []string{opt.paint(verdictColor(j), Printable(j.Verdict)), staleness, narrowStart(j.ID, columns.name)}
	if columns.title > 0 {
		row = append(row, narrow(cmp.Or(j.Title, "–"), columns.title))
	}
	row = append(row, lastReview(j), strconv.Itoa(found(j)))
	if columns.owner > 0 {
		row = append(row, narrow(cmp.Or(j.Owner, "–"), columns.owner))
	}
	if columns.worst > 0 {
		row = append(row, narrow(worst(j), columns.worst))
	}
	return row
}

// belowRow is what the row of a document has no column for.
func belowRow(j record.Job, columns jobColumns) string {
	var parts []string
	if columns.title == 0 {
		parts = append(parts, j.Title)
	}
	if columns.owner == 0 && j.Owner != "" {
		parts = append(parts, "owner: "+j.Owner)
	}
	if columns.worst == 0 {
		parts = append(parts, worst(j))
	}
	return joined(parts, " · ")
}

// found is how many findings a document has, those that are not listed with them.
func found(j record.Job) int {
	n := len(j.Findings)
	for _, more := range j.More {
		n += more
	}
	return n
}

// worst is what most presses about a document; empty for what is said of nearly every
// one, and when its time is over.
func worst(j record.Job) string {
	if j.Verdict == "closed" {
		return ""
	}
	if j.Verdict == "stale" && len(j.Change) > 0 {
		return j.Change[0]
	}
	return worstFinding(j.Findings, failure, warning)
}

// The marks of a last review that is not sure.
const (
	fairly = "~"
	weakly = "?"
)

// lastReview is the last review with a mark of how sure that is.
func lastReview(j record.Job) string {
	switch {
	case j.Review.Last == "":
		return "–"
	case j.Review.Sure == "medium":
		return fairly + Printable(j.Review.Last)
	case j.Review.Sure == "low":
		return weakly + Printable(j.Review.Last)
	}
	return Printable(j.Review.Last)
}

// legend says what the marks mean that are in the table; empty when there are none.
func legend(jobs []CheckedJob) string {
	var lines []string
	for _, mark := range []struct{ sure, text string }{
		{"medium", fairly + " fairly sure"}, {"low", weakly + " not sure: a date that says little about a review"},
	} {
		if slices.ContainsFunc(jobs, func(j CheckedJob) bool { return j.Job.Review.Last != "" && j.Job.Review.Sure == mark.sure }) {
			lines = append(lines, mark.text)
		}
	}
	if lines == nil {
		return ""
	}
	return strings.Join(lines, "; ") + "."
}

// stalenessLines draws how far a document is out of date, and what that is made of.
func stalenessLines(s *record.Staleness, color string, opt Options) string {
	if s == nil {
		return ""
	}
	line := "Staleness " + wholePoints(s.Score) + " of 100"
	if s.Score == 0 {
		return line + "\n"
	}
	line += "  " + opt.paint(color, bar(s.Score, verdictBar))
	var parts []string
	for _, p := range s.Parts {
		parts = append(parts, p.Name+" "+wholePoints(p.Points)+"/"+wholePoints(p.Most))
	}
	return line + "\n" + point("  ", strings.Join(parts, " · "), opt)
}
