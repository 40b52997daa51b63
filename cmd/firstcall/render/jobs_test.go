package render

import (
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
)

// jobRules are rules as check has them.
func jobRules() []RuleText {
	return []RuleText{
		{"dated/service", "Services that are closed or renamed", "Applicants see at once that nobody has read it for years.", "Name what is used now, or what it is for: “video calls”.", "", "warning"},
		{"dated/tool", "Machines that no office has any more", "Applicants see it at once.", "Take it out, or name what is used now.", "", "warning"},
		{"org/former-department", "Department that was renamed or dissolved", "The reader looks for a department that is not there.", "Use the present name. Where the department is gone, say who does its work now.", "", "warning"},
		{"org/two-titles", "Two titles for one job", "Pay goes by the title.", "Use one title throughout.", "", "hint"},
		{"passed/promise", "Promise whose time has come", "The text tells as future what is past.", "Say whether it came so.", "", "warning"},
		{"review/bumped", "Review date set anew without a change of the text", "The date alone does not say which.", "Ask who reviewed it and what was checked. Note in the document who that was.", "", "warning"},
		{"review/overdue", "Not gone through within its interval", "Nobody has looked whether it is right.", "Read it with somebody who does the job. Change what is no longer so and write down the day.", "", "warning"},
		{"review/undated", "No word of when it was last gone through", "Nobody is reminded to look.", "Add a line such as “Last reviewed: 2026-09-01, Head of Support”.", "", "hint"},
		{"service/no-goal", "No goal for customers", "The job is judged by its tasks alone.", "Name one thing that is to come out for customers, with a measure.", "", "hint"},
	}
}

// jobRemark is a finding of a document; no quote means that all of it is meant.
func jobRemark(rule, severity, message, quote string, at record.Place) record.Remark {
	f := record.Remark{Rule: rule, Severity: severity, Message: message, Quote: quote, Place: at}
	for _, r := range jobRules() {
		if r.ID == rule {
			f.Fix = r.Fix
		}
	}
	if quote != "" {
		f.Start = 100*at.Line + at.Column + 1
		f.End = f.Start + len(quote)
		if at.Line > 0 {
			f.EndLine, f.EndColumn = at.Line, at.Column+len([]rune(quote))
		}
	}
	return f
}

func staleness(points ...float64) *record.Staleness {
	s := &record.Staleness{}
	for i, part := range []record.StalenessPart{{Name: "review", Most: 40}, {Name: "contents", Most: 30}, {Name: "organization", Most: 20}, {Name: "direction", Most: 10}} {
		part.Points = points[i]
		s.Parts, s.Score = append(s.Parts, part), s.Score+part.Points
	}
	return s
}

func months(n int) *int { return &n }

// staleJob is a document with everything that a record may have.
func staleJob() record.Job {
	const file = "support/customer_support_representative.md"
	at := func(line, column int) record.Place { return record.Place{File: file, Line: line, Column: column} }
	hangouts := "“Google Hangouts”: discontinued in 2022; now used: Google Chat (Google Workspace updates)"
	promise := "“will move to Elm Street by July 2025” is told as future, and 2025-07-31 is over"
	j := record.Job{
		ID: file, Title: "Customer Support Representative", TitleFrom: "heading", DocKind: "description", Department: "Customer Support", Owner: "Head of Support", OwnerFrom: "reports-to",
		Review:    record.Review{Last: "2018-07-05", Evidence: "its text was last changed on 2018-07-05", Sure: "medium", Months: 12, From: "default", Next: "2019-07-05", AgeMonths: months(97), Severe: true},
		Staleness: staleness(33.1, 30, 18, 3), Verdict: "stale", Sure: "high", Accepted: 1, More: map[string]int{"dated/tool": 4},
		Place:     record.Place{File: file},
		Summary:   []string{"4 things in it are no longer so.", hangouts + ".", promise + ".", "“Help Desk” is now Customer Support.", "Its text was last changed on 2018-07-05; that is 8 years ago, and it is to be gone through every year."},
		Undefined: map[string]string{},
	}
	j.Findings = []record.Remark{
		jobRemark("review/bumped", "warning", "The review date was set anew on 2024-01-09 without a change of the text: commit 3f2a91c", "", record.Place{File: file}),
		jobRemark("service/no-goal", "hint", "It names no goal for customers", "", record.Place{File: file}),
		jobRemark("org/former-department", "warning", "“Help Desk” is now Customer Support", "Help Desk", at(3, 16)),
		jobRemark("dated/service", "warning", hangouts, "Google Hangouts", at(14, 31)),
		jobRemark("org/two-titles", "hint", "The job is called “Customer Support Representative” and “Support Agent”", "Support Agent", at(17, 4)),
		jobRemark("dated/tool", "warning", "“fax machine”: out of use since about 2010", "fax machine", at(20, 12)),
		jobRemark("org/former-department", "warning", "“Help Desk” is now Customer Support", "Help Desk", at(22, 40)),
		jobRemark("dated/service", "warning", hangouts, "Google Hangouts", at(31, 9)),
		jobRemark("passed/promise", "warning", promise, "will move to Elm Street by July 2025", at(35, 5)),
	}
	j.Change = []string{hangouts + ". " + j.Findings[3].Fix, promise + ". Say whether it came so.", "“Help Desk” is now Customer Support. " + j.Findings[2].Fix, "“fax machine”: out of use since about 2010. Take it out, or name what is used now.",
		j.Findings[0].Fix, j.Findings[4].Message + ". Use one title throughout.", j.Findings[1].Fix, "Agree with the team on what else is new."}
	return j
}

// jobSamples are documents of every verdict, one of them out to harm a terminal.
func jobSamples() []CheckedJob {
	none := map[string]string{}
	overdue := record.Job{
		ID: "front desk/Receptionist & Greeter — Main Building, Second Floor (old copy).docx", Title: "Receptionist & Greeter, Main Building, Second Floor, Including Weekend and Holiday Cover", DocKind: "description", Owner: "Office Manager",
		Review:    record.Review{Last: "2019-03-31", Evidence: "“Last reviewed: March 2019”", Sure: "high", Months: 12, From: "client-file", Next: "2020-03-31", AgeMonths: months(89), Severe: true},
		Staleness: staleness(32.4, 0, 2, 1), Verdict: "overdue", Sure: "high", Place: record.Place{File: "front desk/Receptionist & Greeter — Main Building, Second Floor (old copy).docx"}, Undefined: none,
		Summary: []string{"It is overdue for review; nothing in it was found to be wrong.", "“Last reviewed: March 2019”; that is 7 years ago, and it is to be gone through every year."},
	}
	part := record.Place{File: overdue.ID, Part: "page 2, footer"}
	overdue.Findings = []record.Remark{
		jobRemark("service/no-goal", "hint", "It names no goal for customers", "", record.Place{File: overdue.ID}),
		jobRemark("review/overdue", "error", "Last gone through 7 years ago by what it says (“Last reviewed: March 2019”); the interval is 1 year", "Last reviewed: March 2019", part),
	}
	overdue.Change = []string{overdue.Findings[1].Message + ". " + overdue.Findings[1].Fix, overdue.Findings[0].Fix}
	git := record.Job{
		ID: "sales/account-manager.md", Title: "Account Manager", DocKind: "description", Department: "Sales", Owner: "Head of Sales",
		Review:    record.Review{Last: "2024-11-02", Evidence: "its text was last changed on 2024-11-02, as git knows it", Sure: "low", Months: 12, From: "default", Next: "2025-11-02", AgeMonths: months(21)},
		Staleness: staleness(13.8, 0, 0, 2), Verdict: "overdue", Sure: "low", Place: record.Place{File: "sales/account-manager.md"}, Undefined: none,
		Summary:  []string{"It is overdue for review; nothing in it was found to be wrong.", "Its text was last changed on 2024-11-02, as git knows it; that is 21 months ago, and it is to be gone through every year. Such a date says little about a review."},
		Findings: []record.Remark{jobRemark("service/no-goal", "hint", "It names no goal for customers", "", record.Place{File: "sales/account-manager.md"})},
	}
	git.Change = []string{git.Findings[0].Fix}
	due := record.Job{
		ID: "sales/sales-assistant.odt", Title: "Sales Assistant", DocKind: "description", Department: "Sales", Owner: "Head of Sales",
		Review:    record.Review{Last: "2025-10-15", Evidence: "“Reviewed 15 October 2025”", Sure: "high", Months: 12, From: "client-file", Next: "2026-10-15", AgeMonths: months(10)},
		Staleness: staleness(0, 0, 0, 0), Verdict: "due", Sure: "high", Place: record.Place{File: "sales/sales-assistant.odt"}, Undefined: none,
		Summary: []string{"Its next review is near: 2026-10-15.", "“Reviewed 15 October 2025”; that is 10 months ago, and it is to be gone through every year."},
	}
	current := due
	current.ID, current.Title, current.Verdict, current.Sure, current.Place.File = "support/head-of-support.md", "Head of Support", "current", "medium", "support/head-of-support.md"
	current.Review.Last, current.Review.Next, current.Owner = "2026-03-01", "2027-03-01", "Managing Director"
	current.Summary = []string{"It was gone through in time, and nothing in it was found to be out of date.", "“Reviewed 1 March 2026”; that is 6 months ago, and it is to be gone through every year."}
	current.Findings = []record.Remark{jobRemark("service/no-goal", "hint", "It names no goal for customers", "", record.Place{File: current.ID})}
	current.Change = []string{current.Findings[0].Fix}
	closed := record.Job{
		ID: "ads/2021-05-clerk.txt", Title: "Clerk", DocKind: "advertisement", KindWhy: "How to apply", Verdict: "closed", Sure: "high", Place: record.Place{File: "ads/2021-05-clerk.txt"},
		Summary: []string{"It was open for applications until 2021-05-11."}, Change: []string{"Archive it, or take out what is only about applying and keep the rest."},
		Review: record.Review{Months: 12, From: "default"}, Undefined: map[string]string{"staleness": "the document is closed, so that nothing in it can grow stale"},
		Findings: []record.Remark{jobRemark("review/closed", "hint", "It was open for applications until 2021-05-11", "Closing Date: 5/11/2021", record.Place{File: "ads/2021-05-clerk.txt", Line: 4, Column: 1})},
	}
	bad := "=cmd\x1b[31m\u202e()\r\n::error::50%"
	unknown := record.Job{
		ID: bad, Title: bad, DocKind: "unknown", Verdict: "unknown", Sure: "low", Place: record.Place{File: bad}, Department: bad, Owner: bad, Review: record.Review{Months: 12, From: "default", Evidence: bad},
		Staleness: staleness(12, 0, 0, 0), Summary: []string{"Whether it still holds can't be told.", "Nothing tells when it was last gone through."}, Undefined: none,
		Findings: []record.Remark{jobRemark("review/undated", "hint", "Nothing in it says when it was written or last gone through", "", record.Place{File: bad}), jobRemark("house/"+bad, "warning", "do not write {0} [a](1)", bad, record.Place{File: bad, Line: 2, Column: 1})},
		Change:   []string{"Add a line such as “Last reviewed: 2026-09-01, Head of Support”."},
	}
	envelope := &record.Record{Client: record.Client{ID: "acme", Name: "Acme & Söhne"}, AsOf: "2026-09-01"}
	var all []CheckedJob
	for _, j := range []record.Job{closed, overdue, git, due, unknown, staleJob(), current} {
		all = append(all, CheckedJob{envelope, j})
	}
	return all
}

// checkedSample is a folder with all that one may have.
func checkedSample() Checked {
	all := jobSamples()
	share, middle := 0.4, 16.0
	goal := "6 of 7 documents: No goal for customers"
	folder := &record.Folder{
		ID: "jobs", Documents: 7, Unread: []record.Unread{{File: "sales/regional-lead.pdf", Reason: "it is encrypted: save it without a password"}, {File: "old\x1b[2J.doc", Reason: "Word 97 files are not read: save it as .docx"}},
		Verdicts: record.VerdictCounts{Current: 1, Due: 1, Overdue: 2, Stale: 1, Closed: 1, Unknown: 1}, Kinds: map[string]int{"description": 5, "advertisement": 1, "unknown": 1},
		Median: &middle, Reviewed: &share, Oldest: "2018-07-05",
		Parts: []record.FolderPart{
			{By: "folder", Name: ".", Documents: 1, Verdicts: record.VerdictCounts{Unknown: 1}}, {By: "folder", Name: "sales", Documents: 2, Verdicts: record.VerdictCounts{Overdue: 1, Due: 1}},
			{By: "department", Name: "Customer Support", Documents: 1, Verdicts: record.VerdictCounts{Stale: 1}}, {By: "department", Documents: 6, Verdicts: record.VerdictCounts{Current: 1, Due: 1, Overdue: 2, Closed: 1, Unknown: 1}},
		},
		Themes:    []record.Theme{{Rule: "service/no-goal", Files: 6, Share: 0.857, Text: goal, Fix: "Name one thing that is to come out for customers, with a measure."}},
		Values:    []record.Carried{{Value: "respect", Files: 3}, {Value: "speed"}},
		Uncovered: []string{"Accounting", "Field Service"}, Copies: []record.Copies{{Files: []string{"sales/account-manager.md", "sales/sales-assistant.odt"}, Overlap: 0.871}},
		Decisions: []record.RulePrecision{{Rule: "dated/tool", Accepted: 7, Rejected: 2, Share: 0.778, Low: 0.4526, High: 0.9368}},
		Since: &record.FolderChange{AsOf: "2025-09-01", Before: record.VerdictCounts{Current: 3, Overdue: 2}, Added: []string{"support/head-of-support.md"}, Gone: []string{"support/teamlead.md"},
			Better: []string{"sales/sales-assistant.odt"}, Worse: []string{"a.md", "b.md", "c.md", "d.md", "e.md", "f.md", "g.md"}, Resolved: 12, New: 4, Open: 9},
		Summary: []string{
			"7 documents: 1 stale, 2 overdue for review, 1 due soon, 1 current, 1 closed and 1 not to be told.", "2 more documents could not be read; whether it holds, nobody knows.",
			"40 % of those in use were gone through in time, as far as there is evidence.", goal + ".", "No document carries the value “speed”.", "No document is of Accounting and Field Service.",
			"1 group of documents that are nearly the same.", "Since 2025-09-01: 12 findings resolved, 4 new, 9 still open."},
	}
	plan := &record.Plan{Of: "acme/folder/jobs", Title: "Review of job descriptions", Actions: []record.Action{
		{ID: "folder/service/no-goal", What: "Name one thing that is to come out for customers, with a measure.", Why: goal + ".", Origin: "direction", Owner: "Human resources", Documents: []string{"a.md", "b.md"}, Effort: "hour", Due: "2026-09-15"},
	}}
	for _, at := range []int{5, 1, 2, 3, 4} {
		j := all[at].Job
		effort, what := "hour", "Review “"+j.Title+"” with somebody who does the job."
		if at == 5 {
			effort, what = "half-day", "Correct “"+j.Title+"” and review it."
		}
		due := map[int]string{5: "2026-09-15", 1: "2026-09-15", 2: "2026-09-15", 3: "2026-09-22", 4: "2026-09-15"}[at]
		plan.Actions = append(plan.Actions, record.Action{ID: "document/" + j.ID, What: what, Why: strings.Join(j.Summary, " "), Origin: "contents", Department: j.Department, Owner: j.Owner, Document: j.ID, Effort: effort, Changes: j.Change, Due: due})
	}
	plan.Actions = append(plan.Actions, record.Action{ID: "unread/x", What: "Save sales/regional-lead.pdf in a form that can be read, and check it again.", Why: "It is encrypted.", Origin: "review", Owner: "Human resources", Document: "sales/regional-lead.pdf", Effort: "minutes", Due: "2026-09-15"})
	return Checked{Jobs: all, Folder: folder, FolderRecord: all[0].Record, Plan: plan, Rules: jobRules(), Version: "1.2.3", AsOf: "2026-09-01"}
}

func drawJobsAs(t *testing.T, format string, c Checked, opt Options) string {
	t.Helper()
	var b strings.Builder
	if err := Jobs(&b, format, c, opt); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func schedule(t *testing.T, format string, c Checked, opt Options) string {
	t.Helper()
	var b strings.Builder
	if err := Schedule(&b, format, c, opt); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestJobs holds how job descriptions look in every format.
func TestJobs(t *testing.T) {
	for _, c := range []struct {
		name, format string
		opt          Options
	}{
		{"jobs-80.txt", "text", Options{Width: 80}},
		{"jobs-80-color.txt", "text", Options{Width: 80, Color: true}},
		{"jobs-60.txt", "text", Options{Width: 60}},
		{"jobs-table-60.txt", "table", Options{Width: 60}},
		{"jobs-table-80.txt", "table", Options{Width: 80}},
		{"jobs-table-120.txt", "table", Options{Width: 120}},
		{"jobs-table-200-color.txt", "table", Options{Width: 200, Color: true}},
		{"jobs.csv", "csv", Options{}},
		{"jobs.tsv", "tsv", Options{}},
		{"jobs.sarif", "sarif", Options{}},
		{"jobs.github", "github", Options{}},
		{"jobs.junit.xml", "junit", Options{}},
		{"jobs.checkstyle.xml", "checkstyle", Options{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			golden(t, c.name, drawJobsAs(t, c.format, checkedSample(), c.opt))
		})
	}
}

// TestSchedule holds how a schedule looks in every format.
func TestSchedule(t *testing.T) {
	for _, c := range []struct {
		name, format string
		opt          Options
	}{
		{"schedule-80.txt", "text", Options{Width: 80}},
		{"schedule-60.txt", "text", Options{Width: 60}},
		{"schedule.csv", "csv", Options{}},
		{"schedule.tsv", "tsv", Options{}},
		{"schedule.md", "md", Options{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			golden(t, c.name, schedule(t, c.format, checkedSample(), c.opt))
		})
	}
}
