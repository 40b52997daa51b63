package render

import (
	"cmp"
	"io"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/record/flat"
)

// Checked is what a look at job descriptions brought to light.
type Checked struct {
	Jobs         []CheckedJob
	Folder       *record.Folder // nil when there is none
	FolderRecord *record.Record // its envelope
	Plan         *record.Plan   // nil when there is none
	Rules        []RuleText     // the rules that were looked for, in the order of their documentation
	Root         string         // folder that absolute file names are told from, where a format wants relative ones
	Version      string         // of the program
	AsOf         string         // the day on which they were looked at: 2026-09-01
}

// CheckedJob is one job description: its body, and the record that carries it.
type CheckedJob struct {
	Record *record.Record
	Job    record.Job
}

// Jobs writes job descriptions in one of the formats text, table, csv, tsv, sarif,
// github, junit and checkstyle. Documents of the folder that could not be read are in
// every one. It returns the error of the first write that fails.
func Jobs(w io.Writer, format string, c Checked, opt Options) error {
	switch format {
	case "csv", "tsv":
		return printed(w, format, flat.Jobs, jobRows(c))
	case "text":
		_, err := io.WriteString(w, jobText(c, opt))
		return err
	case "table":
		return jobTable(w, c, opt)
	}
	return c.report().write(w, format)
}

// report is the documents as formats for programs know them, and after them those
// that could not be read. A verdict that asks for work is told of the whole document,
// whatever was found in it; of a closed one nothing is to be corrected, so that it
// passes.
func (c Checked) report() report {
	r := report{command: "check", noun: "document", rules: c.Rules, root: root(c.Root), version: c.Version}
	for _, j := range c.Jobs {
		t := text{id: j.Job.ID, kind: j.Job.DocKind, client: clientID(j.Record), place: j.Job.Place, findings: j.Job.Findings}
		t.suite = cmp.Or(t.client, "job descriptions")
		switch verdict := j.Job.Verdict; verdict {
		case "stale", "overdue":
			t.notice = &notice{severity: warning, rule: "verdict/" + verdict, message: verdictLine(j.Job, 1)}
		case "unknown":
			t.notice = &notice{severity: hint, rule: "verdict/unknown", message: verdictLine(j.Job, 2)}
		case "closed":
			t.passes = true
		}
		r.texts = append(r.texts, t)
	}
	for _, u := range c.unread() {
		t := text{id: u.File, client: c.clientID(), place: record.Place{File: u.File}}
		t.suite = cmp.Or(t.client, "job descriptions")
		t.notice = &notice{severity: failure, rule: flat.UnreadRule, message: flat.NotRead(u)}
		r.texts = append(r.texts, t)
	}
	return r
}

// unread are the documents that could not be read.
func (c Checked) unread() []record.Unread {
	if c.Folder == nil {
		return nil
	}
	return c.Folder.Unread
}

// clientID is whom the documents are of, for programs; of several clients it is that
// of the folder.
func (c Checked) clientID() string { return clientID(c.envelope()) }

// envelope is the record of the folder, or else of the first document; nil for none.
func (c Checked) envelope() *record.Record {
	if c.FolderRecord == nil && len(c.Jobs) > 0 {
		return c.Jobs[0].Record
	}
	return c.FolderRecord
}

// verdictLine is the verdict with the first sentences of the summary, without a full
// stop.
func verdictLine(j record.Job, sentences int) string {
	said := j.Summary[:min(sentences, len(j.Summary))]
	return strings.TrimSuffix(joined([]string{verdictWords(j) + ".", strings.Join(said, " ")}, " "), ".")
}

// verdictWords is a verdict with how sure it is: a verdict alone would pass for a
// fact.
func verdictWords(j record.Job) string {
	words := map[string]string{
		"stale": "Stale", "overdue": "Overdue", "due": "Due soon", "closed": "Closed", "current": "Current", "unknown": "Unknown",
	}[j.Verdict]
	if j.Verdict == "unknown" || j.Sure == "" { // “unknown, not sure” says nothing more
		return words
	}
	return words + ", " + sureWords(j.Sure)
}

func sureWords(sure string) string {
	switch sure {
	case "high":
		return "sure"
	case "medium":
		return "fairly sure"
	}
	return "not sure"
}

// verdictColor is the color of a verdict.
func verdictColor(j record.Job) string {
	switch j.Verdict {
	case "stale":
		return red
	case "overdue":
		if j.Review.Severe {
			return red
		}
		return yellow
	case "current":
		return green
	case "closed":
		return dim
	}
	return cyan
}

// urgent gives documents in the order in which they ask for work: by verdict, the
// stalest first.
func urgent(jobs []CheckedJob) []CheckedJob {
	sorted := slices.Clone(jobs)
	rank := func(j record.Job) int { return slices.Index(record.Verdicts(), j.Verdict) }
	slices.SortStableFunc(sorted, func(a, b CheckedJob) int {
		return cmp.Or(cmp.Compare(rank(a.Job), rank(b.Job)), cmp.Compare(points(b.Job), points(a.Job)), record.CompareNatural(a.Job.ID, b.Job.ID))
	})
	return sorted
}

// points is the staleness of a document; below 0 when it has none.
func points(j record.Job) float64 {
	if j.Staleness == nil {
		return -1
	}
	return j.Staleness.Score
}

// jobRows gives the rows of a table for programs.
func jobRows(c Checked) []flat.Row {
	var rows []flat.Row
	rules := c.report().ruleTexts()
	for _, j := range c.Jobs {
		job := j.Job
		job.Findings = withAdvice(job.Findings, rules)
		rows = append(rows, flat.Job(j.Record, job).Rows...)
	}
	return append(rows, flat.Unread(c.envelope(), c.unread()).Rows...)
}

// jobName is a document by its title, or by its id where it has none.
func jobName(j record.Job) string { return cmp.Or(j.Title, j.ID) }
