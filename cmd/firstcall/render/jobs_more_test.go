package render

import (
	"encoding/csv"
	"encoding/xml"
	"slices"
	"strings"
	"testing"

	"github.com/clipperhouse/displaywidth"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/firstcall-cli/firstcall/core/record"
)

// jobOf is a document with a verdict and findings of these severities.
func jobOf(id, verdict string, severities ...string) CheckedJob {
	j := record.Job{ID: id, Title: "Clerk", Verdict: verdict, Sure: "high", Summary: []string{"First.", "Second.", "Third."}, Place: record.Place{File: id}}
	for _, s := range severities {
		j.Findings = append(j.Findings, record.Remark{Rule: "a/" + s, Severity: s, Message: "it is " + s, Place: record.Place{File: id}})
	}
	return CheckedJob{nil, j}
}

// TestJobsSarifIsValid by the standard's schema, and counts as no success when a
// document could not be read.
func TestJobsSarifIsValid(t *testing.T) {
	schema := sarifSchema(t)
	none := checkedSample()
	none.Folder = nil
	for name, c := range map[string]Checked{"sample": checkedSample(), "no folder": none, "nothing": {}, "bare": {Jobs: []CheckedJob{jobOf("a.md", "current")}}} {
		text := drawJobsAs(t, "sarif", c, Options{})
		document, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err == nil {
			err = schema.Validate(document)
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := strings.Contains(text, `"executionSuccessful": false`); got != (name == "sample") {
			t.Errorf("%s: not successful: %v", name, got)
		}
		if !strings.Contains(text, `"id": "firstcall/check/"`) || strings.Contains(text, `"statement"`) {
			t.Errorf("%s: it is told of statements", name)
		}
	}
	run := newSarifRun(checkedSample().report())
	seen := map[string]bool{}
	for _, r := range run.Results {
		seen[r.PartialFingerprints["firstcallFinding/v1"]] = true
		if r.Properties.Document == "" || r.Locations[0].Logical[0].Kind != "document" {
			t.Errorf("%+v has no document", r)
		}
	}
	if len(seen) != len(run.Results) || len(seen) != 16 {
		t.Errorf("%d results, %d fingerprints", len(run.Results), len(seen))
	}
}

// TestJobsJUnit: a document fails by its verdict or its findings, a closed one and a
// current one pass, one that nothing is known of is skipped, one that could not be
// read is an error.
func TestJobsJUnit(t *testing.T) {
	c := Checked{Folder: &record.Folder{Unread: []record.Unread{{File: "x.pdf", Reason: "it is encrypted."}}}, Jobs: []CheckedJob{
		jobOf("stale", "stale"), jobOf("stale, error", "stale", "hint", "error"), jobOf("overdue", "overdue", "hint"), jobOf("due", "due", "hint"), jobOf("due, warning", "due", "warning"),
		jobOf("unknown", "unknown", "hint"), jobOf("unknown, warning", "unknown", "warning"), jobOf("closed", "closed", "error", "warning"), jobOf("current", "current", "hint"), jobOf("current, warning", "current", "hint", "warning", "warning"),
	}}
	type outcome struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
	}
	var read struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Errors   int `xml:"errors,attr"`
		Suites   []struct {
			Name                             string `xml:"name,attr"`
			Tests, Failures, Errors, Skipped int    `xml:"-"`
			Cases                            []struct {
				Name    string   `xml:"name,attr"`
				Error   *outcome `xml:"error"`
				Failure *outcome `xml:"failure"`
				Skipped *outcome `xml:"skipped"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	text := drawJobsAs(t, "junit", c, Options{})
	if err := xml.Unmarshal([]byte(text), &read); err != nil {
		t.Fatal(err)
	}
	if read.Tests != 11 || read.Failures != 6 || read.Errors != 1 || len(read.Suites) != 1 || read.Suites[0].Name != "job descriptions" || !strings.Contains(text, `skipped="1"`) {
		t.Errorf("got %d tests, %d failures, %d errors, %d suites\n%s", read.Tests, read.Failures, read.Errors, len(read.Suites), text)
	}
	want := map[string]string{
		"stale": "failure verdict/stale: Stale, sure. First", "stale, error": "failure verdict/stale: Stale, sure. First, and 1 more", "overdue": "failure verdict/overdue: Overdue, sure. First",
		"due": "", "due, warning": "failure a/warning: it is warning", "unknown": "skipped : Unknown. First. Second", "unknown, warning": "failure a/warning: it is warning", "closed": "",
		"current": "", "current, warning": "failure a/warning: it is warning, and 1 more", "x.pdf": "error unread: Could not be read: it is encrypted",
	}
	for _, test := range read.Suites[0].Cases {
		got := ""
		for name, o := range map[string]*outcome{"error": test.Error, "failure": test.Failure, "skipped": test.Skipped} {
			if o != nil {
				got += name + " " + o.Type + ": " + o.Message
			}
		}
		if got != want[test.Name] {
			t.Errorf("%s: got %q, want %q", test.Name, got, want[test.Name])
		}
	}
}

// TestJobRows: each cell stands under its own name, and nobody falls out.
func TestJobRows(t *testing.T) {
	rows, err := csv.NewReader(strings.NewReader(drawJobsAs(t, "csv", checkedSample(), Options{}))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	documents := map[string]int{}
	for _, row := range rows[1:] {
		documents[row[1]]++
	}
	if len(rows) != 1+16+1+2 || len(documents) != 7+2 || documents["sales/sales-assistant.odt"] != 1 {
		t.Errorf("%d rows of %v", len(rows), documents)
	}
	at := slices.IndexFunc(rows, func(row []string) bool { return row[12] == "dated/service" })
	for column, want := range map[string]string{
		"client": "acme", "document": "support/customer_support_representative.md", "title": "Customer Support Representative", "department": "Customer Support", "doc_kind": "description",
		"verdict": "stale", "sure": "high", "staleness": "84.1", "last_review": "2018-07-05", "evidence": "its text was last changed on 2018-07-05", "next_review": "2019-07-05", "owner": "Head of Support",
		"rule": "dated/service", "severity": "warning", "line": "14", "column": "31", "part": "", "quote": "Google Hangouts",
		"message": "“Google Hangouts”: discontinued in 2022; now used: Google Chat (Google Workspace updates)", "fix": "Name what is used now, or what it is for: “video calls”.",
	} {
		if i := slices.Index(rows[0], column); i < 0 || rows[at][i] != want {
			t.Errorf("%s: want %q in %q", column, want, rows[at])
		}
	}
	if last := rows[len(rows)-1]; last[12] != "unread" || last[13] != "error" || last[18] != "Could not be read: Word 97 files are not read: save it as .docx" {
		t.Errorf("got %q", last)
	}
}

// TestJobsFit: no line is wider than the screen, but for words that are.
func TestJobsFit(t *testing.T) {
	c := checkedSample()
	for width := 56; width <= 200; width++ {
		for format, text := range map[string]string{
			"table": drawJobsAs(t, "table", c, Options{Width: width}), "text": drawJobsAs(t, "text", c, Options{Width: width}), "schedule": schedule(t, "text", c, Options{Width: width}),
		} {
			for line := range strings.Lines(text) {
				if n := displaywidth.String(strings.TrimSuffix(line, "\n")); n > width {
					t.Errorf("%s in %d: %d columns: %s", format, width, n, line)
				}
			}
		}
	}
	// As soon as there is room, nothing is below the rows.
	if got, _, _ := strings.Cut(drawJobsAs(t, "table", c, Options{Width: 200}), "\n\n"); strings.Contains(got, "\n  ") || !strings.Contains(got, "Most pressing") {
		t.Errorf("got\n%s", got)
	}
}

// TestJobsKeepControls off the screen, whatever field they stand in.
func TestJobsKeepControlsOffTheScreen(t *testing.T) {
	bad := "a\x1b[2Jb\x07\u009bc\u202ed\r\n"
	c := checkedSample()
	for _, verdict := range append(record.Verdicts(), bad) {
		j := staleJob()
		j.ID, j.Title, j.Owner, j.Department, j.DocKind, j.Verdict, j.Sure = bad, bad, bad, bad, bad, verdict, bad
		j.Review.Last, j.Review.Next, j.Review.Evidence = bad, bad, bad
		j.Summary, j.Change, j.More, j.Place = []string{bad, bad}, []string{bad}, map[string]int{bad: 1}, record.Place{File: bad, Part: bad}
		j.Staleness.Parts[0].Name = bad
		j.Findings = append(j.Findings, record.Remark{Rule: bad, Severity: "warning", Message: bad, Fix: bad, Quote: bad, Start: 1, End: 9, Place: j.Place}, record.Remark{Rule: bad, Severity: "error", Message: bad})
		c.Jobs = append(c.Jobs, CheckedJob{&record.Record{Client: record.Client{ID: bad}}, j})
	}
	f := c.Folder
	f.ID, f.Summary, f.Uncovered, f.Unread = bad, []string{bad, bad, bad}, []string{bad}, []record.Unread{{File: bad, Reason: bad}}
	f.Themes, f.Values, f.Copies = []record.Theme{{Rule: bad, Text: bad, Fix: bad}}, []record.Carried{{Value: bad}}, []record.Copies{{Files: []string{bad, bad}}}
	f.Decisions, f.Since.AsOf, f.Since.Added, f.Undefined = []record.RulePrecision{{Rule: bad}}, bad, []string{bad}, map[string]string{bad: bad}
	f.Parts = []record.FolderPart{{By: "folder", Name: bad}, {By: "department", Name: bad}}
	c.FolderRecord = &record.Record{Client: record.Client{Name: bad}}
	c.AsOf, c.Rules = bad, append(c.Rules, RuleText{ID: bad, Title: bad, Fix: bad})
	c.Plan.Title = bad
	c.Plan.Actions = append(c.Plan.Actions, record.Action{ID: bad, What: bad, Why: bad, Owner: bad, Document: bad, Effort: bad, Changes: []string{bad}, Due: bad})
	opt := Options{Width: 80}
	for name, text := range map[string]string{
		"text": drawJobsAs(t, "text", c, opt), "table": drawJobsAs(t, "table", c, opt), "github": drawJobsAs(t, "github", c, opt),
		"schedule": schedule(t, "text", c, opt), "md": schedule(t, "md", c, opt),
	} {
		for _, r := range text {
			if r != '\n' && Printable(string(r)) != string(r) {
				t.Errorf("%s: %q is written", name, r)
				break
			}
		}
	}
}

// TestJobsColor changes nothing else.
func TestJobsColor(t *testing.T) {
	c := checkedSample()
	plain := func(s string) string {
		for _, code := range []string{bold, dim, red, green, yellow, cyan, "0"} {
			s = strings.ReplaceAll(s, "\x1b["+code+"m", "")
		}
		return s
	}
	color := Options{Width: 80, Color: true}
	for _, format := range []string{"text", "table"} {
		if got := drawJobsAs(t, format, c, color); plain(got) != drawJobsAs(t, format, c, Options{Width: 80}) || !strings.Contains(got, "\x1b["+red+"m") {
			t.Errorf("%s: got\n%s", format, got)
		}
	}
	if got := schedule(t, "text", c, color); plain(got) != schedule(t, "text", c, Options{Width: 80}) || !strings.Contains(got, "\x1b["+bold+"m") {
		t.Errorf("got\n%s", got)
	}
}

// TestOneDocument has no word on the folder that it is alone in, whatever its verdict.
func TestOneDocument(t *testing.T) {
	for verdict, want := range map[string]string{
		"current": "Clerk\na.md\nCurrent, sure. First. Second. Third.\n",
		"closed":  "Clerk\na.md\nClosed, sure. First. Second. Third.\n",
		"stale":   "Clerk\na.md\nStale, sure. First. Second. Third.\n",
		"unknown": "Clerk\na.md\nUnknown. First. Second. Third.\n",
	} {
		c := Checked{Jobs: []CheckedJob{jobOf("a.md", verdict)}, Folder: &record.Folder{ID: "a.md", Documents: 1, Summary: []string{"1 document: 1 " + verdict + "."}}, AsOf: "2026-09-01"}
		if got := drawJobsAs(t, "text", c, Options{Width: 80}); got != want {
			t.Errorf("%s: got\n%s", verdict, got)
		}
	}
}

// TestWithoutFolder: documents are counted all the same, and no document is nothing.
func TestWithoutFolder(t *testing.T) {
	c := Checked{Jobs: []CheckedJob{jobOf("b.md", "current"), jobOf("a.md", "stale"), jobOf("c.md", "current", "warning")}}
	want := `Job descriptions
3 documents: 1 stale, 2 current.
Begin with Clerk (stale, sure): correct it
then       Clerk (current, sure): look at the warnings
`
	if got := drawJobsAs(t, "text", c, Options{Width: 80}); !strings.HasPrefix(got, want) || !strings.HasSuffix(got, "\n\nCurrent\n- b.md\n") {
		t.Errorf("got\n%s", got)
	}
	for format, want := range map[string]string{"text": "No job descriptions.\n", "table": "No job descriptions.\n", "github": ""} {
		if got := drawJobsAs(t, format, Checked{}, Options{Width: 80}); got != want {
			t.Errorf("%s: got %q", format, got)
		}
	}
	unread := Checked{Folder: &record.Folder{ID: "x", Unread: []record.Unread{{File: "x.pdf", Reason: "it is empty"}}}}
	for _, format := range []string{"text", "table", "csv", "github", "junit", "checkstyle", "sarif"} {
		if got := drawJobsAs(t, format, unread, Options{Width: 80}); !strings.Contains(got, "x.pdf") || !strings.Contains(got, "it is empty") {
			t.Errorf("%s: the document is lost:\n%s", format, got)
		}
	}
	if got := schedule(t, "text", Checked{AsOf: "2026-09-01"}, Options{}); got != "Review of job descriptions · as of 2026-09-01\nNothing to do.\n" {
		t.Errorf("got %q", got)
	}
}

// TestUrgent: by verdict, then by staleness, then by name, whatever the order before.
func TestUrgent(t *testing.T) {
	var jobs []CheckedJob
	for _, verdict := range []string{"current", "closed", "unknown", "due", "overdue", "stale"} {
		jobs = append(jobs, jobOf(verdict+" 10", verdict), jobOf(verdict+" 9", verdict))
	}
	worse := jobOf("worse", "overdue")
	worse.Job.Staleness = staleness(20, 0, 0, 0)
	jobs = append(jobs, worse)
	var got []string
	for _, j := range urgent(jobs) {
		got = append(got, j.Job.ID)
	}
	want := "stale 9, stale 10, worse, overdue 9, overdue 10, due 9, due 10, unknown 9, unknown 10, closed 9, closed 10, current 9, current 10"
	if strings.Join(got, ", ") != want {
		t.Errorf("got %q", got)
	}
}

// TestJobPlace: the file is named where it is not plain, and once.
func TestJobPlace(t *testing.T) {
	for _, c := range []struct {
		at    record.Place
		named bool
		want  string
	}{
		{record.Place{File: "a.md", Line: 4, Column: 2}, false, "a.md:4:2"},
		{record.Place{File: "a.md", Line: 4, Column: 2}, true, "line 4"},
		{record.Place{File: "a.md", Part: "page 2"}, false, "page 2"},
		{record.Place{File: "a.md"}, false, ""},
		{record.Place{}, false, ""},
		{record.Place{File: "b.md", Line: 4}, true, "b.md:4"},
		{record.Place{File: "b.docx", Part: "page 2"}, true, "b.docx, page 2"},
	} {
		if got := jobPlace(c.at, "a.md", c.named); got != c.want {
			t.Errorf("%+v: got %q, want %q", c.at, got, c.want)
		}
	}
}

// TestAdvisedOnce: what to do about a hint is told with the first document that has
// it, about a warning with each; what stands with a finding is not told again.
func TestAdvisedOnce(t *testing.T) {
	a, b := jobOf("a.md", "stale", hint, warning), jobOf("b.md", "stale", hint, warning)
	for i, j := range []CheckedJob{a, b} {
		f := j.Job.Findings
		f[0].Fix, f[1].Fix = "do this", "" // the advice of the warning is the rule's
		f[1].Quote, f[1].End, f[1].Place.Line, f[1].Place.Column = "words", 5, 3, 7+i
	}
	b.Job.Change = []string{"it is warning. do that", "do this", "rest"}
	c := Checked{Jobs: []CheckedJob{a, b}, Rules: []RuleText{{ID: "a/warning", Fix: "do that"}}}
	want := `Clerk
a.md
Stale, sure. First. Second. Third.

Findings: 1 warning, 1 hint
warning: a/warning
- “words”: it is warning (a.md:3:7)
  fix: do that
The document as a whole
- It is hint. Do this.


Clerk
b.md
Stale, sure. First. Second. Third.

Findings: 1 warning, 1 hint
warning: a/warning
- “words”: it is warning (b.md:3:8)
  fix: do that
The document as a whole
- It is hint.

Do
- rest
`
	if _, got, _ := strings.Cut(drawJobsAs(t, "text", c, Options{Width: 80}), "\n\n\n"); got != want {
		t.Errorf("got\n%s", got)
	}
}

// TestLoads adds up what each owner has to do.
func TestLoads(t *testing.T) {
	var got []string
	for _, l := range loads([]record.Action{
		{Owner: "A", Document: "x", Effort: "half-day", Due: "2026-09-22"}, {Owner: "B", Documents: []string{"x", "y"}, Effort: "minutes"},
		{Owner: "A", Document: "y", Effort: "hour", Due: "2026-09-15"}, {Owner: "A", Document: "y", Effort: "minutes", Due: "2026-10-06"}, {Document: "z", Effort: "hour", Due: "2026-09-15"}, {Owner: "A"},
	}) {
		got = append(got, l.owner+": "+joined([]string{l.what(), l.work(), l.days()}, ", "))
	}
	want := []string{
		"A: 2 documents and 1 step for several documents, about 5 hours, from 2026-09-15 to 2026-10-06", "B: 1 step for several documents, less than an hour", "Nobody named: 1 document, about an hour, by 2026-09-15"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

// TestWhyOf leaves out what the changes say.
func TestWhyOf(t *testing.T) {
	a := record.Action{Why: "2 things are no longer so. “a.b” is gone. “c” is now d. Last read in 2019.", Changes: []string{"“a.b” is gone. Say it. Then go.", "“c” is now d. Use d.", "Say who. When."}}
	if got := whyOf(a); got != "2 things are no longer so. Last read in 2019." {
		t.Errorf("got %q", got)
	}
}

// TestMarkdown: what input writes comes out as written.
func TestMarkdown(t *testing.T) {
	for text, want := range map[string]string{
		"plain, text.": "plain, text.", "1. one": `1\. one`, "12) x": `12\) x`, "a 1. b": "a 1. b", "- x": `\- x`, "# x": `\# x`, "a_b*c`d": "a\\_b\\*c\\`d", "<b> [x](y) |": `\<b\> \[x\](y) \|`,
		"A & B": "A & B", "&lt;": `\&lt;`, "a\nb": "a\ufffdb",
	} {
		if got := markdown(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// TestJobsFail: a failed write is told, and a format that is none; what is written is
// the same every time.
func TestJobsFail(t *testing.T) {
	for _, format := range []string{"text", "table", "csv", "tsv", "sarif", "github", "junit", "checkstyle", "nothing"} {
		if err := Jobs(failing{}, format, checkedSample(), Options{Width: 80}); err == nil {
			t.Errorf("%s: the failure is lost", format)
		}
		if format == "nothing" {
			continue
		}
		first := drawJobsAs(t, format, checkedSample(), Options{Width: 80})
		if again := drawJobsAs(t, format, checkedSample(), Options{Width: 80}); first != again {
			t.Errorf("%s: not the same bytes twice", format)
		}
	}
	for _, format := range []string{"text", "csv", "tsv", "md", "nothing"} {
		if err := Schedule(failing{}, format, checkedSample(), Options{Width: 80}); err == nil {
			t.Errorf("%s: the failure is lost", format)
		}
	}
}
