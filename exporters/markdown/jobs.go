package markdown

import (
	"fmt"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

// Limits of the part about job descriptions.
const (
	maxRows      = 30 // of the table
	maxEvidenced = 10 // documents whose evidence is listed
	maxEvidence  = 3  // sentences for one of them
	leastMiddle  = 5  // documents that have a middle worth a word
)

// verdictWords are the verdicts on job descriptions, the most pressing first, each
// with what it means.
var verdictWords = []struct{ verdict, word, means string }{
	{"stale", "Stale", "something it says is no longer so."},
	{"overdue", "Overdue", "the day for its review is past."},
	{"due", "Due soon", "its next review is near."},
	{"unknown", "Unknown", "nothing tells whether it still holds."},
	{"closed", "Closed", "an advertisement whose time is over, or a document marked as no longer in use."},
	{"current", "Current", "gone through in time, and nothing in it speaks against it."},
}

// verdictWord is a job's verdict in words.
func verdictWord(j record.Job) string {
	if j.Verdict == "overdue" && j.Review.Severe {
		return "Long overdue"
	}
	for _, v := range verdictWords {
		if v.verdict == j.Verdict {
			return v.word
		}
	}
	return esc(j.Verdict)
}

// verdictList counts documents by verdict: "2 stale, 7 overdue and 1 current".
func verdictList(c record.VerdictCounts) string {
	var words []string
	for i, n := range []int{c.Stale, c.Overdue, c.Due, c.Unknown, c.Closed, c.Current} {
		if n > 0 {
			words = append(words, fmt.Sprintf("%d %s", n, strings.ToLower(verdictWords[i].word)))
		}
	}
	return list(words)
}

// jobsPart draws the job descriptions: what they are like together, all at a
// glance, what speaks against the most pressing ones, and what is missing.
func (d *dossier) jobsPart(depth int) {
	for _, line := range d.jobsLines() {
		d.para(line)
	}
	d.jobTable(depth)
	d.evidence(depth)
	for _, f := range d.folders {
		d.folder(f.body, depth)
	}
}

// jobsLines says what the documents are like together: in the words of the folders,
// or else by counting.
func (d *dossier) jobsLines() []string {
	var lines []string
	for _, f := range d.folders {
		line := d.folderLead(f.body)
		if len(d.folders) > 1 {
			line = "**" + esc(cut(f.body.ID, maxTitle)) + ".** " + line
		}
		lines = append(lines, line)
	}
	if len(lines) == 0 {
		lines = []string{d.jobsCount()}
	}
	return lines
}

// jobsCount counts the documents by verdict, as the folders do or else one by one.
func (d *dossier) jobsCount() string {
	var c record.VerdictCounts
	n := 0
	for _, f := range d.folders {
		v := f.body.Verdicts
		c.Stale, c.Overdue, c.Due, c.Unknown, c.Closed, c.Current = c.Stale+v.Stale, c.Overdue+v.Overdue, c.Due+v.Due, c.Unknown+v.Unknown, c.Closed+v.Closed, c.Current+v.Current
		n += f.body.Documents
	}
	if len(d.folders) == 0 {
		n = len(d.jobs)
		for _, j := range d.jobs {
			c.Add(j.body.Verdict)
		}
	}
	return counted(n, c)
}

// counted is a number of documents with their verdicts.
func counted(n int, c record.VerdictCounts) string {
	text := things(int64(n), "document", "documents")
	if verdicts := verdictList(c); verdicts != "" {
		text += ": " + verdicts
	}
	return text + "."
}

// jobTable shows the documents at a glance, the most pressing first.
func (d *dossier) jobTable(depth int) {
	if len(d.jobs) == 0 {
		d.para("The single documents are not among what this report was made from.")
		return
	}
	d.heading(depth, "The documents, the most pressing first")
	some, left := first(d.jobs, maxRows)
	var rows [][]string
	for _, j := range some {
		staleness := "–"
		if s := j.body.Staleness; s != nil {
			staleness = fmt.Sprint(roundHalfUp(s.Score))
		}
		rows = append(rows, []string{verdictWord(j.body), staleness, d.jobName(j.body), lastReview(j.body), orElse(esc(cut(j.body.Owner, maxTitle)), "–")})
	}
	d.table([]column{{"Verdict", false}, {"Staleness", true}, {"Job", false}, {"Last review", false}, {"Owner", false}}, rows)
	if left > 0 {
		var c record.VerdictCounts
		for _, j := range d.jobs[maxRows:] {
			c.Add(j.body.Verdict)
		}
		d.para(strings.TrimSuffix(notListed(left, "document", "documents", ""), ".") + ": " + verdictList(c) + ".")
	}
	d.legend()
}

// legend explains the words and figures of the table.
func (d *dossier) legend() {
	var words []string
	for _, v := range verdictWords {
		if slices.ContainsFunc(d.jobs, func(j paper[record.Job]) bool { return j.body.Verdict == v.verdict }) {
			words = append(words, "**"+v.word+":** "+v.means)
		}
		if v.verdict == "overdue" && slices.ContainsFunc(d.jobs, func(j paper[record.Job]) bool { return j.body.Verdict == v.verdict && j.body.Review.Severe }) {
			words = append(words, "**Long overdue:** nobody has gone through it for years.")
		}
	}
	d.para(words...)
	text := ""
	if slices.ContainsFunc(d.jobs, func(j paper[record.Job]) bool { return j.body.Staleness != nil }) {
		text = "**Staleness** runs from 0 (nothing speaks against the document) to 100."
		if len(d.folders) == 1 && d.folders[0].body.Median != nil && d.folders[0].body.Documents >= leastMiddle {
			text += fmt.Sprintf(" Half of the documents in use have %d or less.", roundHalfUp(*d.folders[0].body.Median))
		}
	}
	if slices.ContainsFunc(d.jobs, func(j paper[record.Job]) bool { return j.body.Review.Last != "" }) {
		text += " Behind the **last review** stands how sure that day is: a review that the document records is surer than the day it was written."
	}
	d.para(text)
}

// sureWords say how far evidence goes.
var sureWords = map[string]string{"high": "sure", "medium": "likely", "low": "a guess"}

// lastReview says when a document was last gone through, in as much detail as is
// known, and how sure that is.
func lastReview(j record.Job) string {
	last := j.Review.Last
	if last == "" {
		return "not known"
	}
	when := longDay(cut(last, maxTitle))
	for _, d := range j.Dates {
		if d.To == last && d.Ignored == "" && len(last) >= 7 {
			switch d.Precision {
			case "month":
				when = strings.Replace(when, " "+strings.TrimPrefix(last[8:], "0")+",", "", 1)
			case "year":
				when = esc(last[:4])
			}
			break
		}
	}
	if sure := sureWords[j.Review.Sure]; sure != "" {
		when += " (" + sure + ")"
	}
	return when
}

// pressing reports whether the evidence against a document is to be listed.
func pressing(j record.Job) bool { return j.Verdict == "stale" || j.Verdict == "overdue" }

// evidence says what speaks against the documents that are stale or overdue.
func (d *dossier) evidence(depth int) {
	var all []record.Job
	for _, j := range d.jobs {
		if pressing(j.body) {
			all = append(all, j.body)
		}
	}
	if len(all) == 0 {
		return
	}
	d.heading(depth, "What speaks against the stale and overdue ones")
	some, left := first(all, maxEvidenced)
	var lines []string
	for _, j := range some {
		lines = append(lines, d.evidenceOf(j))
		d.shown[j.ID] = true
	}
	d.bullets(lines)
	if left > 0 {
		d.para(things(int64(left), "more document is", "more documents are") + " stale or overdue.")
	}
}

// evidenceOf says what speaks against a document: in a word what it comes to, then
// what shows it, quoted passages first.
func (d *dossier) evidenceOf(j record.Job) string {
	rest := slices.Clone(j.Summary)
	head := "**" + d.jobName(j) + "** (" + strings.ToLower(verdictWord(j))
	if verbatim(j.Department) != "" {
		head += "; " + esc(cut(j.Department, maxTitle))
	}
	head += ")."
	if len(rest) > 0 && !quotes(rest[0]) {
		head += " " + asSentence(rest[0])
		rest = rest[1:]
	}
	if len(rest) == 0 {
		for _, f := range j.Findings {
			if f.Severity != "hint" {
				rest = append(rest, f.Message)
			}
		}
	}
	slices.SortStableFunc(rest, func(a, b string) int {
		switch {
		case quotes(a) == quotes(b):
			return 0
		case quotes(a):
			return -1
		}
		return 1
	})
	rest, more := first(rest, maxEvidence)
	lines := mapped(rest, asSentence)
	if more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", more))
	}
	if len(d.schedules) == 0 && len(j.Change) > 0 {
		lines = append(lines, "*To change first:* "+asSentence(j.Change[0]))
	}
	if len(lines) == 1 {
		return head + " " + lines[0]
	}
	return strings.Join(append([]string{head}, lines...), "\n  - ")
}

// quotes reports whether a sentence quotes the document.
func quotes(text string) bool { return strings.Contains(text, "“") }
