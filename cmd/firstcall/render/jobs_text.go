package render

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/clipperhouse/displaywidth"

	"github.com/firstcall-cli/firstcall/core/record"
)

// mostFirst is how many documents the beginning of a text names.
const mostFirst = 3

// jobText writes job descriptions for reading: what the folder is like and where to
// begin, then each document that needs something, then the others in a line each, then
// what is true of the folder.
func jobText(c Checked, opt Options) string {
	s := &sheet{opt: opt}
	s.opt.Width = min(max(opt.Width, leastTable), LineWidth)
	jobs := urgent(c.Jobs)
	several := len(jobs)+len(c.unread()) > 1
	if several {
		s.opening(c, jobs)
	}
	told := &advised{rules: c.report().ruleTexts(), said: map[string]bool{}}
	var closed, fine []record.Job
	for _, j := range jobs {
		switch {
		case several && j.Job.Verdict == "closed":
			closed = append(closed, j.Job)
		case several && isFine(j.Job):
			fine = append(fine, j.Job)
		default:
			s.job(j.Job, told)
		}
	}
	rest := &sheet{opt: s.opt}
	rest.notRead(c.unread())
	rest.closed(closed)
	rest.fine(fine)
	if c.Folder != nil {
		rest.folder(*c.Folder, several)
	}
	if rest.b.Len() > 0 {
		s.apart()
		s.b.WriteString(rest.b.String())
	}
	if s.b.Len() == 0 {
		return "No job descriptions.\n"
	}
	return s.b.String()
}

// isFine says whether nothing presses about a document.
func isFine(j record.Job) bool {
	return j.Verdict == "current" && count(j.Findings, warning)+count(j.Findings, failure) == 0
}

// opening says whose documents these are, what they are like and where to begin: who
// reads no further knows what to do.
func (s *sheet) opening(c Checked, jobs []CheckedJob) {
	folder, day := "", ""
	if c.Folder != nil && c.Folder.ID != "." {
		folder = c.Folder.ID
	}
	if c.AsOf != "" {
		day = "as of " + c.AsOf
	}
	s.begin(bold, joined([]string{clientName(c.envelope()), "Job descriptions"}, " · "),
		after(joined([]string{folder, day}, " · ")))
	var said []string
	if c.Folder != nil {
		said = c.Folder.Summary[:min(lead, len(c.Folder.Summary))]
	} else {
		var verdicts record.VerdictCounts
		for _, j := range jobs {
			verdicts.Add(j.Job.Verdict)
		}
		said = []string{plural(len(jobs), "document") + ": " + verdictCounts(verdicts) + "."}
	}
	s.advise("", strings.Join(said[:min(1, len(said))], " "))
	mark := "Begin with "
	named := 0
	for _, j := range jobs {
		what := toDo(j.Job)
		if what == "" || named == mostFirst {
			continue
		}
		named++
		tail := fmt.Sprintf(" (%s): %s", strings.ToLower(verdictWords(j.Job)), what)
		s.b.WriteString(point(mark, narrow(jobName(j.Job), max(s.opt.Width-len(mark)-len(tail), leastBegin))+tail, s.opt))
		mark = "then       "
	}
	if len(said) > 1 {
		s.advise("", strings.Join(said[1:], " "))
	}
}

// after is a text as it follows another one in a line.
func after(text string) string {
	if text == "" {
		return ""
	}
	return " · " + text
}

// lead is how many sentences about the folder stand at the beginning; the others
// stand at its end.
const lead = 2

// leastBegin is how many columns of a title the beginning has at least.
const leastBegin = 24

// toDo is what to do about a document in a few words; empty for nothing that presses.
func toDo(j record.Job) string {
	switch {
	case j.Verdict == "stale":
		return "correct it"
	case j.Verdict == "overdue":
		return "review it"
	case j.Verdict == "due" && j.Review.Next != "":
		return "review it by " + j.Review.Next
	case j.Verdict == "unknown":
		return "read it, note the day"
	case j.Verdict == "closed" || isFine(j):
		return ""
	}
	return "look at the warnings"
}

// job writes a document: what it is, the verdict with its evidence, what was found,
// and what else is to be done.
func (s *sheet) job(j record.Job, told *advised) {
	s.apart()
	s.colored(bold, jobName(j))
	kind := ""
	if j.DocKind != "description" && j.DocKind != "unknown" {
		kind = strings.ReplaceAll(j.DocKind, "-", " ")
	}
	id, owner := j.ID, ""
	if j.Title == "" {
		id = ""
	}
	if j.Owner != "" {
		owner = "owner: " + j.Owner
	}
	s.advise("", joined([]string{id, kind, j.Department, owner}, " · "))
	said := func(sentence string) bool {
		return slices.ContainsFunc(j.Findings, func(f record.Remark) bool { return sentence == f.Message+"." })
	}
	summary := j.Summary
	if j.Verdict != "closed" { // of others, what was found is told below, with its place
		summary = slices.DeleteFunc(slices.Clone(summary), said)
	}
	s.begin(verdictColor(j), verdictWords(j)+".", strings.TrimRight(" "+strings.Join(summary, " "), " "))
	s.b.WriteString(stalenessLines(j.Staleness, verdictColor(j), s.opt))
	if j.Verdict != "closed" {
		s.jobFindings(j, told)
	}
	s.unlisted(j.More, j.Accepted, "rejected or switched-off finding")
	if rest := leftToDo(j, told); len(rest) > 0 {
		s.list("Do", rest, false)
	}
}

// jobFindings writes what was found in a document by rule, the worst first, and in one
// list the hints that concern all of it: mostly what it lacks.
func (s *sheet) jobFindings(j record.Job, told *advised) {
	counts := map[string]int{}
	var lacks, others []int
	for i, f := range j.Findings {
		counts[f.Severity]++
		if f.Start == f.End && f.Severity == hint {
			lacks = append(lacks, i)
		} else {
			others = append(others, i)
		}
	}
	if found := tally(counts); found != "" {
		s.heading("Findings: " + found)
	}
	for _, g := range grouped(j.Findings, others) {
		s.jobGroup(j, g, told)
	}
	if len(lacks) == 0 {
		return
	}
	if len(others) > 0 {
		s.b.WriteString("The document as a whole\n")
	}
	for _, i := range lacks {
		f := j.Findings[i]
		s.advise("- ", joined([]string{capital(f.Message), capital(told.once(f))}, " "))
	}
}

// jobGroup writes the findings of a rule: each thing once with its places, then what
// to do.
func (s *sheet) jobGroup(j record.Job, g group, told *advised) {
	findings := make([]record.Remark, len(g.findings))
	for i, at := range g.findings {
		findings[i] = j.Findings[at]
		if f := &findings[i]; f.Quote != "" && !strings.Contains(strings.ToLower(f.Message), strings.ToLower(f.Quote)) {
			f.Message = "“" + f.Quote + "”: " + f.Message
		}
	}
	first := findings[0]
	title := first.Rule
	if text := told.rules[first.Rule].Title; text != "" {
		title = text + " [" + first.Rule + "]"
	}
	s.graded("", first.Severity, title)
	named := false
	for _, line := range sayings(findings, func(f record.Remark) string {
		at := jobPlace(f.Place, j.Place.File, named || displaywidth.String(f.Place.File) > s.opt.Width/2)
		named = true
		return at
	}) {
		s.b.WriteString(point("- ", line, s.opt))
	}
	s.advise("  fix: ", told.once(first))
}

// jobPlace writes a place as compilers do, or only where it is in the document's own
// file: when that is named already, or so long that one would see nothing else.
func jobPlace(at record.Place, file string, named bool) string {
	switch {
	case at.File != file && at.File != "":
	case at.Line == 0:
		return at.Part
	case named:
		return fmt.Sprintf("line %d", at.Line)
	}
	return place(at)
}

// advised is the advice of rules in a text about several documents.
type advised struct {
	rules map[string]RuleText
	said  map[string]bool
}

// fix is what to do about a finding: its own advice, or else that of the rule.
func (a *advised) fix(f record.Remark) string { return cmp.Or(f.Fix, a.rules[f.Rule].Fix) }

// once is fix, but of hints, which nearly every document has, only for the first that
// has it.
func (a *advised) once(f record.Remark) string {
	fix := a.fix(f)
	if f.Severity == hint && a.said[fix] {
		return ""
	}
	a.said[fix] = true
	return fix
}

// leftToDo is what is to be changed in a document but for what stands with its
// findings.
func leftToDo(j record.Job, told *advised) []string {
	if j.Verdict == "closed" {
		return j.Change
	}
	return slices.DeleteFunc(slices.Clone(j.Change), func(change string) bool {
		return slices.ContainsFunc(j.Findings, func(f record.Remark) bool {
			fix := told.fix(f)
			return change == fix || change == f.Message+". "+fix || change == f.Message+"."
		})
	})
}

// closed writes documents that are no longer in use, a line each, and once what to do
// about them.
func (s *sheet) closed(jobs []record.Job) {
	if len(jobs) == 0 {
		return
	}
	var lines, change []string
	for _, j := range jobs {
		lines = append(lines, j.ID+": "+strings.Join(j.Summary, " "))
		for _, what := range j.Change {
			if !slices.Contains(change, what) {
				change = append(change, what)
			}
		}
	}
	s.list("Closed", lines, false)
	for _, what := range change {
		s.advise("  do: ", what)
	}
}

// fine writes documents that nothing presses about, a line each.
func (s *sheet) fine(jobs []record.Job) {
	if len(jobs) == 0 {
		return
	}
	s.heading("Current")
	for _, j := range jobs {
		counts := map[string]int{}
		for _, f := range j.Findings {
			counts[f.Severity]++
		}
		next := ""
		if j.Review.Next != "" {
			next = "next review " + j.Review.Next
		}
		sure := ""
		if j.Sure != "high" {
			sure = sureWords(j.Sure)
		}
		rest := after(joined([]string{sure, next, tally(counts)}, " · "))
		s.advise("- ", j.ID+rest)
	}
}

// notRead lists the documents that could not be read.
func (s *sheet) notRead(unread []record.Unread) {
	if len(unread) == 0 {
		return
	}
	s.gap()
	s.b.WriteString(s.opt.paint(red, "Could not be read") + "\n")
	for _, u := range unread {
		s.b.WriteString(point("- ", u.File+": "+strings.TrimSuffix(u.Reason, ".")+".", s.opt))
	}
}
