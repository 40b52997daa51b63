package markdown

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
)

// envelope is that of a record of the hotel's.
func envelope(source string) record.Record {
	return record.Record{Client: hotel, AsOf: "2026-09-01", Sources: []string{source}, Tool: record.Tool{Name: "firstcall", Version: "0.1.0"}}
}

// must makes a record ready, or fails.
func must(t testing.TB, r *record.Record, err error) *record.Record {
	t.Helper()
	if err == nil {
		err = r.Check()
	}
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func jobRecord(t testing.TB, j record.Job) *record.Record {
	t.Helper()
	r, err := record.NewJob(envelope(j.ID), j)
	return must(t, r, err)
}

func folderRecord(t testing.TB, f record.Folder) *record.Record {
	t.Helper()
	r, err := record.NewFolder(envelope("cook.md"), f)
	return must(t, r, err)
}

func scheduleRecord(t testing.TB, of *record.Record, actions ...record.Action) *record.Record {
	t.Helper()
	r, err := record.NewPlan(of, record.Plan{Title: "Review of job descriptions", Actions: actions})
	return must(t, r, err)
}

func statementRecord(t testing.TB, s record.Statement) *record.Record {
	t.Helper()
	r, err := record.NewStatement(envelope("statements.md"), s)
	return must(t, r, err)
}

// job makes a job description with a verdict and a staleness, below 0 for none.
func job(id, title, verdict string, score float64, summary ...string) record.Job {
	j := record.Job{ID: id, Title: title, Verdict: verdict, Summary: summary, Review: record.Review{Months: 12, From: "default"}}
	if score >= 0 {
		j.Staleness = &record.Staleness{Score: score, Parts: []record.StalenessPart{}}
	}
	return j
}

// kitchenJobs are job descriptions of every verdict.
func kitchenJobs() []record.Job {
	desk := job("jobs/front/desk.md", "Front Desk Agent", "stale", 54.5, "4 things it says are no longer so.",
		"Nothing tells when it was last gone through.", "“Reception” is now Front Office.", "“fax machine”: out of common use since about 2022.",
		"“Lotus Notes”: discontinued in 2024.", "“pagers”: out of common use since about 2010.")
	desk.Department, desk.Owner = "Front Office", "Front Office Manager"
	desk.Change = []string{"“fax machine”: out of common use since about 2022. Name what is used now.", "Name one thing that is to come out for customers, with a measure.", "Use the present name.", "Say what may be decided."}
	cook := job("jobs/kitchen/cook.md", "Cook", "overdue", 25.4, "Nothing in it was found to be wrong, but nobody has looked in time.", "The text says “Revised: 2019”; that is 7 years ago, and it is to be gone through every year.")
	cook.Review.Last, cook.Review.Sure, cook.Review.Severe = "2019-12-31", "medium", true
	cook.Dates = []record.JobDate{{Kind: "revised", Source: "text", From: "2019-01-01", To: "2019-12-31", Precision: "year"}}
	cook.Department = "Kitchen"
	second := job("jobs/kitchen/cook-2.md", "Cook", "overdue", 12, "Nothing in it was found to be wrong, but nobody has looked in time.", "It says “Last reviewed: March 2025”.")
	second.Review.Last, second.Review.Sure = "2025-03-31", "high"
	second.Dates = []record.JobDate{{Kind: "reviewed", Source: "text", From: "2025-03-01", To: "2025-03-31", Precision: "month"}}
	second.Department, second.Change = "Kitchen", []string{"Read it with somebody who does the job."}
	due := job("jobs/front/concierge.md", "Concierge", "due", 4, "The next review is near.")
	due.Review.Last, due.Review.Sure, due.Department = "2025-10-02", "high", "Front Office"
	unknown := job("jobs/porter.txt", "", "unknown", 19, "Whether it still holds can't be told.")
	closed := job("jobs/night.txt", "Night Auditor", "closed", -1, "It was open for applications until 2026-05-15.")
	closed.Change = []string{"Archive it, or take out what is only about applying and keep the rest."}
	current := job("jobs/front/manager.md", "Front Office Manager", "current", 0, "It was gone through in time.")
	current.Review.Last, current.Review.Sure, current.Department = "2026-07-20", "low", "Front Office"
	return []record.Job{current, closed, unknown, due, second, cook, desk}
}

// kitchenFolder rolls them up.
func kitchenFolder() record.Folder {
	median, reviewed := 15.5, 0.33
	return record.Folder{ID: "jobs", Documents: 7, Kinds: map[string]int{}, Rules: map[string]int{}, Median: &median, Reviewed: &reviewed,
		Verdicts: record.VerdictCounts{Current: 1, Due: 1, Overdue: 2, Stale: 1, Closed: 1, Unknown: 1},
		Parts: []record.FolderPart{
			{By: "folder", Name: "jobs", Documents: 7},
			{By: "department", Name: "", Documents: 2, Verdicts: record.VerdictCounts{Closed: 1, Unknown: 1}},
			{By: "department", Name: "Front Office", Documents: 3, Verdicts: record.VerdictCounts{Current: 1, Due: 1, Stale: 1}},
			{By: "department", Name: "Kitchen", Documents: 2, Verdicts: record.VerdictCounts{Overdue: 2}}},
		Themes:    []record.Theme{{Rule: "customer/no-goal", Files: 6, Share: 1, Text: "6 of 6 documents: It names no goal for customers", Fix: "Name one thing that is to come out for customers, with a measure."}},
		Values:    []record.Carried{{Value: "warmth", Files: 0}, {Value: "initiative", Files: 2}, {Value: "candor", Files: 0}},
		Uncovered: []string{"Housekeeping", "Spa"},
		HandOffs: []record.HandOffGap{{From: "Front Office", To: "Housekeeping", What: "rooms to be ready early", Gap: "no document describes the Head Housekeeper"},
			{From: "Kitchen", To: "Front Office", What: "allergies", Gap: "“Cook” does not speak of it"},
			{From: "Front Office", To: "Housekeeping", What: "rooms to be ready early", Gap: "“Front Office Manager” does not speak of it"}},
		Copies: []record.Copies{{Files: []string{"jobs/kitchen/cook.md", "jobs/kitchen/cook-2.md"}, Overlap: 0.874}},
		Unread: []record.Unread{{File: "jobs/old.pdf", Reason: "has no text: it may be a scan"}},
		Since: &record.FolderChange{AsOf: "2026-03-01", Before: record.VerdictCounts{Stale: 2, Overdue: 1, Current: 3}, Added: []string{"jobs/front/concierge.md"},
			Gone: []string{"jobs/bellboy.md"}, Better: []string{"jobs/front/manager.md"}, Worse: []string{"jobs/kitchen/cook.md", "jobs/kitchen/cook-2.md"}, Resolved: 4, New: 1, Open: 9},
		Summary: []string{"7 documents: 1 stale, 2 overdue for review, 1 due soon, 1 current, 1 closed and 1 unknown.", "1 more document could not be read; whether it holds, nobody knows.",
			"33 % of those in use were gone through in time, as far as there is evidence.", "6 of 6 documents: It names no goal for customers.", "No document carries the values “warmth” and “candor”.",
			"No document is of Housekeeping and Spa.", "Front Office hands “rooms to be ready early” to Housekeeping, but no document describes the Head Housekeeper.",
			"1 group of documents that are nearly the same.", "Since 2026-03-01: 4 findings resolved, 1 new, 9 still open."}}
}

// kitchenActions are a plan of them.
func kitchenActions() []record.Action {
	jobs := kitchenJobs()
	desk, cook, closed := jobs[6], jobs[5], jobs[1]
	return []record.Action{
		{ID: "folder/customer/no-goal", What: "Name one thing that is to come out for customers, with a measure.", Why: "6 of 6 documents: It names no goal for customers.", Origin: "direction", Owner: "Human resources", Documents: []string{"a", "b", "c"}, Effort: "hour", Due: "2026-09-15"},
		{ID: "document/desk", What: "Correct “Front Desk Agent” and review it.", Why: strings.Join(desk.Summary, " "), Origin: "contents", Owner: "Front Office Manager", Document: desk.ID, Effort: "hour", Changes: desk.Change, Due: "2026-09-15"},
		{ID: "document/cook", What: "Review “Cook” with somebody who does the job.", Why: strings.Join(cook.Summary, " "), Origin: "review", Owner: "Human resources", Document: cook.ID, Effort: "half-day", Due: "2026-09-22"},
		{ID: "document/night", What: "Archive “Night Auditor”, or keep what describes the job.", Why: closed.Summary[0], Origin: "review", Owner: "Human resources", Document: closed.ID, Effort: "minutes", Changes: closed.Change, Due: "2026-09-29"},
	}
}

// kitchen is the records of all of it.
func kitchen(t testing.TB) []*record.Record {
	t.Helper()
	folder := folderRecord(t, kitchenFolder())
	records := []*record.Record{scheduleRecord(t, folder, kitchenActions()...), folder}
	for _, j := range kitchenJobs() {
		records = append(records, jobRecord(t, j))
	}
	return records
}

// words are statements of several kinds.
func words() []record.Statement {
	summary := &record.Summary{Line: "Words on a wall: nobody could act on it.", Keep: []string{"Few vague words."},
		Change: []string{"Any organization could sign it.", "Buzzwords (“leverage”). Say what somebody does instead.", "Praise and fashion instead of facts.", "Hype and praise of oneself."}}
	standing := &record.Standing{CorpusMedian: 39.9, CorpusN: 140}
	test := []string{"Without warning, ask five people to say it in their own words.", "How would a customer notice that we keep it?"}
	return []record.Statement{
		{ID: "statements.md#vision", Kind: "vision", Scope: "company", Language: "en", Text: "To leverage excellence.", StaffTest: test, Summary: summary, Standing: standing,
			Verdict: &record.Verdict{Overall: 15.6, Simple: 37.1, Concrete: 1.5, True: 5.3, Credible: 16.7, Provisional: []string{"true"}}},
		{ID: "statements.md#mission", Kind: "mission", Scope: "company", Language: "en", Text: "We greet every guest within a minute.", StaffTest: test, Standing: standing,
			Summary: &record.Summary{Line: "A statement that would guide people.", Keep: []string{"Spends its words on what people do.", "A standard one can check.", "Few vague words.", "Short."}},
			Verdict: &record.Verdict{Overall: 73.7, Simple: 86.4, Concrete: 65.1, True: 76.7, Credible: 70.4}},
		{ID: "statements.md#kitchen", Kind: "vision", Scope: "department", Department: "Kitchen", Language: "de", Text: "Wir kochen gern.",
			Undefined: map[string]string{"verdict": "the text is not in English"}},
	}
}

func statementRecords(t testing.TB) []*record.Record {
	t.Helper()
	return mapped(words(), func(s record.Statement) *record.Record { return statementRecord(t, s) })
}

// paperCases are the golden reports of statements and job descriptions.
func paperCases(t testing.TB) map[string][]*record.Record {
	t.Helper()
	jobs := kitchen(t)
	survey := sealed(t, hotel, small(3))
	planned, err := record.NewPlan(survey, record.Plan{Title: "Short survey", Actions: []record.Action{{ID: "a", What: "Talk about “Topic db”.", Why: "It scores 40.", Owner: "Manager", Due: "2026-11-30"}}})
	must(t, planned, err)
	withheld := small(1)
	withheld.Withheld = true
	closed := record.Folder{ID: "jobs", Documents: 1, Verdicts: record.VerdictCounts{Closed: 1}, Kinds: map[string]int{}, Rules: map[string]int{},
		Summary: []string{"1 document: 1 closed."}, Undefined: map[string]string{"median_staleness": "no document is in use"}}
	return map[string][]*record.Record{
		"jobs":          jobs,
		"jobs-alone":    jobs[2:],
		"folder-alone":  {jobs[1]},
		"jobs-closed":   {folderRecord(t, closed), jobRecord(t, kitchenJobs()[1]), scheduleRecord(t, folderRecord(t, closed))},
		"schedule":      {jobs[0]},
		"statements":    statementRecords(t),
		"whole":         slices.Concat([]*record.Record{survey, planned}, statementRecords(t), jobs),
		"withheld-jobs": slices.Concat([]*record.Record{sealed(t, hotel, withheld)}, jobs[1:]),
	}
}

func TestGoldenPapers(t *testing.T) {
	for name, records := range paperCases(t) {
		t.Run(name, func(t *testing.T) {
			records := slices.Clone(records) // cases share them
			reports := Render(records, DefaultOptions())
			if len(reports) != 1 {
				t.Fatalf("%d reports, want 1", len(reports))
			}
			golden(t, name, reports[0].Body)
			random := rand.New(rand.NewPCG(1, 2))
			for range 5 {
				random.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
				if again := Render(records, DefaultOptions()); !bytes.Equal(again[0].Body, reports[0].Body) {
					t.Fatalf("the order of records changes the report: %s", firstDifference(reports[0].Body, again[0].Body))
				}
			}
		})
	}
}

// The parts stand in the order in which a client asks for them.
func TestOrderOfParts(t *testing.T) {
	report := string(Render(paperCases(t)["whole"], DefaultOptions())[0].Body)
	at := -1
	for _, heading := range []string{"# Acme Hotels: Service culture report\n", "## In brief\n", "## Short survey\n", "### The dimensions\n", "## Vision and mission statements\n",
		"## Job descriptions\n", "## What to do\n", "### Short survey\n", "### Review of job descriptions\n"} {
		next := strings.Index(report, "\n"+heading)
		if strings.HasPrefix(report, heading) {
			next = 0
		}
		if next <= at {
			t.Errorf("%q stands at %d, what is to stand before it at %d", heading, next, at)
		}
		at = next
	}
	if strings.Contains(report, "What to do next") {
		t.Error("the plan of the survey stands in two places")
	}
	if strings.Contains(report, "not shown in this report") {
		t.Error("something is said not to be shown")
	}
}

// Long lists are cut, with a word about how many more there are.
func TestManyDocuments(t *testing.T) {
	var records []*record.Record
	var actions []record.Action
	var folder record.Folder
	folder.ID, folder.Documents = "jobs", 45
	for i := range 45 {
		j := job(fmt.Sprintf("jobs/%02d.md", i), fmt.Sprint("Job ", i), "overdue", float64(i), "Nobody has looked in time.", "It says “2020”.")
		folder.Verdicts.Overdue++
		if i < 5 {
			j.Verdict = "current"
		}
		records = append(records, jobRecord(t, j))
		actions = append(actions, record.Action{ID: j.ID, What: "Review it.", Why: "It says “2020”.", Owner: fmt.Sprint("Owner ", i%3), Document: j.ID, Effort: "hour"})
	}
	top := folderRecord(t, folder)
	records = append(records, top, scheduleRecord(t, top, actions...))
	report := string(Render(records, DefaultOptions())[0].Body)
	for _, c := range []struct {
		what string
		n    int
	}{
		{"| Overdue ", 30 + 0}, {"(overdue). Nobody has looked in time. It says “2020”.", 10}, {"30 more documents are stale or overdue.", 1},
		{"15 more documents are not listed here: 10 overdue and 5 current.", 1}, {"- [ ] **Review it.**", 15}, {"30 more suggestions, less pressing, are not listed here.", 1},
		{"| Owner 1 |    15 |    15 hours | – ", 1}, {"No day is set", 1},
		// Of the first 15 documents of the plan none is among the ten whose evidence is told.
		{"  - Why: It says “2020”.", 15},
	} {
		if n := strings.Count(report, c.what); n != c.n {
			t.Errorf("%q stands %d times, want %d", c.what, n, c.n)
		}
	}
	if !strings.Contains(report, "| Overdue |        44 | Job 44 |") || strings.Contains(report, "| Job 14 ") {
		t.Error("the table does not have the most pressing ones")
	}
}

// Of many statements those that need most are gone into.
func TestManyStatements(t *testing.T) {
	var records []*record.Record
	for i := range 33 {
		s := words()[0]
		s.ID, s.StaffTest = fmt.Sprintf("s.csv#%d", i), nil
		v := *s.Verdict
		v.Overall = float64((i * 7) % 33)
		s.Verdict = &v
		records = append(records, statementRecord(t, s))
	}
	report := string(Render(records, DefaultOptions())[0].Body)
	if n := strings.Count(report, "\n## Vision (s.csv"); n != 12 || !strings.Contains(report, "\n**11 of 100.**") || strings.Contains(report, "\n**12 of 100.**") {
		t.Errorf("%d statements are gone into, want those with 0 to 11", n)
	}
	if !strings.Contains(report, "3 more statements are not listed here.") || !strings.Contains(report, "These are the 12 statements with the lowest") {
		t.Error("the report does not say that it leaves statements out")
	}
}

func TestLastReview(t *testing.T) {
	of := func(last, sure, precision, ignored string) record.Job {
		return record.Job{Review: record.Review{Last: last, Sure: sure}, Dates: []record.JobDate{{To: last, Precision: precision, Ignored: ignored}}}
	}
	for _, c := range []struct {
		job  record.Job
		want string
	}{
		{record.Job{}, "not known"},
		{of("2024-03-09", "high", "day", ""), "March 9, 2024 (sure)"},
		{of("2024-02-29", "medium", "month", ""), "February 2024 (likely)"},
		{of("2024-12-31", "low", "year", ""), "2024 (a guess)"},
		{of("2024-03-31", "high", "quarter", ""), "March 31, 2024 (sure)"},
		{of("2024-12-31", "", "year", "it lies after the day of this check"), "December 31, 2024"},
		{of("*", "high", "year", ""), "\\* (sure)"},
	} {
		if got := lastReview(c.job); got != c.want {
			t.Errorf("%+v: %q, want %q", c.job.Review, got, c.want)
		}
	}
}

// What ids begin with is left out, but never a part of a name.
func TestShortIDs(t *testing.T) {
	for _, c := range []struct {
		ids  []string
		want string // of the last
	}{
		{[]string{"jobs/cook.md"}, "cook.md"},
		{[]string{"jobs/a/x.md", "jobs/a/y.md"}, "y.md"},
		{[]string{"jobs/ab/x.md", "jobs/ac/y.md"}, "ac/y.md"},
		{[]string{"/a/x.md", "b/y.md"}, "b/y.md"},
		{[]string{"x.md", "b/y.md"}, "b/y.md"},
		{[]string{"/a/x.md", "/b/y.md"}, "b/y.md"},
		{[]string{"-"}, "\\-"},
	} {
		var p papers
		for _, id := range c.ids {
			p.jobs = append(p.jobs, paper[record.Job]{body: record.Job{ID: id}})
		}
		p.arrange()
		if got := p.short(c.ids[len(c.ids)-1]); got != c.want {
			t.Errorf("%q: %q, want %q", c.ids, got, c.want)
		}
	}
}

// The most pressing documents come first; the id decides between equal ones.
func TestOrderOfJobs(t *testing.T) {
	severe := job("severe", "", "overdue", 30)
	severe.Review.Severe = true
	var p papers
	for _, j := range []record.Job{job("current", "", "current", 90), job("closed", "", "closed", -1), job("unknown", "", "unknown", 50), job("due", "", "due", 50),
		job("overdue10", "", "overdue", 20), job("overdue9", "", "overdue", 20), job("stale", "", "stale", 20), severe, job("staler", "", "stale", 40)} {
		p.jobs = append(p.jobs, paper[record.Job]{body: j})
	}
	p.arrange()
	got := mapped(p.jobs, func(j paper[record.Job]) string { return j.body.ID })
	if want := []string{"staler", "severe", "stale", "overdue9", "overdue10", "due", "unknown", "closed", "current"}; !slices.Equal(got, want) {
		t.Errorf("order is %q, want %q", got, want)
	}
}

// Reports on several folders say of which one they speak.
func TestSeveralFolders(t *testing.T) {
	a, b := kitchenFolder(), kitchenFolder()
	a.ID, b.ID = "hr/north", "hr/south"
	top := []*record.Record{folderRecord(t, a), folderRecord(t, b)}
	records := append(top, scheduleRecord(t, top[0], kitchenActions()...), scheduleRecord(t, top[1]))
	report := string(Render(records, DefaultOptions())[0].Body)
	for _, want := range []string{"\n**hr/north.** 7 documents", "\n**hr/south.** 7 documents", "## What is missing (hr/north)\n", "## What is missing (hr/south)\n",
		"### Review of job descriptions (hr/north)\n", "### Review of job descriptions (hr/south)\n\nNothing is to be done"} {
		if !strings.Contains(report, want) {
			t.Errorf("the report does not have %q", want)
		}
	}
}

// A plan that answers nothing in the report is counted and reported.
func TestPlansThatAreLeftOut(t *testing.T) {
	jobs := kitchen(t)
	survey := sealed(t, hotel, small(1))
	orphan, err := record.NewPlan(survey, record.Plan{Title: "x", Actions: []record.Action{{ID: "a", What: "Do it."}}})
	must(t, orphan, err)
	report := string(Render(append(jobs, orphan), DefaultOptions())[0].Body)
	if !strings.Contains(report, "Also examined, but not shown in this report: 1 action plan.") || strings.Contains(report, "Do it.") {
		t.Error("a plan without its assessment is shown, or not counted")
	}
	_, outcomes := read(wire(t, append(jobs, orphan)...))
	for i, o := range outcomes {
		if last := i == len(outcomes)-1; (o.Diagnostic != nil) != last {
			t.Errorf("record %d: %+v", i, o)
		}
	}
	if reports := Render([]*record.Record{orphan}, DefaultOptions()); len(reports) != 0 {
		t.Error("a plan without its assessment makes a report")
	}
}

// hostile puts a text wherever records of documents have one. What decides between
// other words keeps its value.
func hostile(t testing.TB, text string) []*record.Record {
	t.Helper()
	client := record.Client{ID: text, Name: text}
	env := record.Record{Client: client, AsOf: "2026-09-01", Sources: []string{text}, Tool: record.Tool{Name: text, Version: text}}
	long := []string{text, text}
	j := job(text, text, "stale", 50, text+" “a”", text, text)
	j.Department, j.Owner, j.Change, j.Review.Last, j.Review.Sure = text, text, long, text, "low"
	other := job(text+"/2", text, "closed", -1, long...)
	other.Change = long
	f := kitchenFolder()
	f.ID, f.Summary, f.Uncovered = text, []string{text + "0"}, long
	f.Themes = []record.Theme{{Rule: text, Text: text + "1", Fix: text}}
	f.Values = []record.Carried{{Value: text}}
	f.HandOffs = []record.HandOffGap{{From: text, To: text, What: text, Gap: text}}
	f.Copies = []record.Copies{{Files: []string{text, text + "/2", text + "/3"}, Overlap: 1}}
	f.Unread = []record.Unread{{File: text, Reason: text}}
	f.Parts = []record.FolderPart{{By: "department", Name: text, Documents: 1}, {By: "department", Name: text + "2", Documents: 1}}
	f.Since = &record.FolderChange{AsOf: text, Added: long, Gone: long, Better: long, Worse: long}
	f.Undefined = map[string]string{"median_staleness": text}
	s := words()[0]
	s.ID, s.Text, s.Kind, s.Scope, s.Department, s.StaffTest = text, text, text, "department", text, long
	s.Summary = &record.Summary{Line: text, Keep: long, Change: long}
	unjudged := words()[2]
	unjudged.ID, unjudged.Text, unjudged.Department, unjudged.Undefined = text+"2", text, text, map[string]string{"verdict": text}
	folder, err := record.NewFolder(env, f)
	must(t, folder, err)
	plan, err := record.NewPlan(folder, record.Plan{Title: text, Actions: []record.Action{
		{ID: "a", What: text, Why: text, Owner: text, Document: "x" + text, Changes: long, Effort: "hour"}, {ID: "b", What: text, Why: text + " “a” " + text, Owner: text, Document: text, Changes: long}}})
	must(t, plan, err)
	records := []*record.Record{folder, plan}
	for _, x := range []record.Job{j, other} {
		r, err := record.NewJob(env, x)
		records = append(records, must(t, r, err))
	}
	for _, x := range []record.Statement{s, unjudged} {
		r, err := record.NewStatement(env, x)
		records = append(records, must(t, r, err))
	}
	return records
}

// Text from documents must not add a block, a table cell or a tag.
func TestHostileDocumentsAddNothing(t *testing.T) {
	render := func(text string) []string {
		return strings.Split(string(Render(hostile(t, text), DefaultOptions())[0].Body), "\n")
	}
	plain, spoiled := render("text"), render(nasty)
	if len(plain) != len(spoiled) {
		t.Fatalf("%d lines with plain text, %d with nasty text", len(plain), len(spoiled))
	}
	told := 0
	for i := range plain {
		told += strings.Count(spoiled[i], esc(nasty))
		p, s := bare.ReplaceAllString(plain[i], ""), bare.ReplaceAllString(spoiled[i], "")
		for _, mark := range []string{"|", "<", "`", "[", "*", "_", "$", "#", "\x1b"} {
			if strings.Count(p, mark) != strings.Count(s, mark) {
				t.Errorf("line %d has another number of %q:\n%s\n%s", i+1, mark, plain[i], spoiled[i])
			}
		}
	}
	if told < 40 {
		t.Errorf("only %d of the texts are told", told)
	}
}

func TestHostileDocumentsInPandoc(t *testing.T) {
	if _, err := exec.LookPath("pandoc"); err != nil {
		t.Skip("pandoc is not installed")
	}
	tags := regexp.MustCompile(`<(script|img|a |b>|math|span class="math)`)
	items := map[string]int{}
	for _, text := range []string{"text", nasty, "1. x", "- [ ] y", "> z", "    code", "<b>x</b> https://x.yz www.x.yz", "# h", "| a | b |\n|---|---|", "\x1b[31m\u202e***"} {
		report := Render(hostile(t, text), DefaultOptions())[0].Body
		for _, dialect := range []string{"gfm", "markdown-smart"} {
			cmd := exec.Command("pandoc", "-f", dialect, "-t", "html", "--wrap=none", "--mathml")
			cmd.Stdin = bytes.NewReader(report)
			out, err := cmd.Output()
			if err != nil {
				t.Fatal(err)
			}
			if found := tags.Find(out); found != nil {
				t.Errorf("%s: %q makes %s", dialect, text, found)
			}
			n := 0
			for _, tag := range []string{"<li", "<h", "<td", "<tr", "<code", "<pre", "<blockquote"} {
				n += bytes.Count(out, []byte(tag))
			}
			if text == "text" {
				items[dialect] = n
			} else if n != items[dialect] {
				t.Errorf("%s: %q makes %d blocks, plain text %d", dialect, text, n, items[dialect])
			}
		}
	}
}

// Titles and quotes of any length leave a report readable.
func TestLongTextsAreCut(t *testing.T) {
	records := hostile(t, strings.Repeat("long ", 2000))
	for line := range strings.Lines(string(Render(records, DefaultOptions())[0].Body)) {
		// A line has a handful of texts at most; the client and the tool are no documents.
		if len(line) > 3000 && !strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "*Generated by") {
			t.Errorf("a line has %d bytes: %.80s", len(line), line)
		}
	}
}
