package jobs

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/core/document"
	"github.com/firstcall-cli/firstcall/core/history"
	"github.com/firstcall-cli/firstcall/core/org"
	"github.com/firstcall-cli/firstcall/core/record"
)

// changed is what git knows of a file whose text last changed on a day.
func changed(on string) *history.File {
	return &history.File{Tracked: true, Changed: &history.Commit{Hash: "0123456789abcdef", When: day(on)}}
}

// settled puts one paper into a set of its own and settles it.
func settled(p *Paper, asOf time.Time) *Paper {
	s := NewSet(nil, asOf)
	s.Add(p)
	s.Settle()
	return p
}

func TestOrderOfEvidence(t *testing.T) {
	p := paperOf(t, nil, asOf, "a.md", "---\nlast_updated: 2025-02-01\n---\n# Clerk\n\nLast reviewed: 2024-03-01\n\nEffective: 2026-01-01\n\nNext review: 2027-01-01\n")
	p.doc.Properties.Modified = day("2026-05-05")
	p.History = changed("2026-06-06")
	p.Modified = day("2026-07-07")
	settled(p, asOf)
	var got []string
	for _, e := range p.evidence {
		got = append(got, e.Kind+" "+e.Source+" "+e.To)
	}
	// What the document says of its review, the newest first; other dates of its own;
	// the file's; git's. The file's own time says nothing where git knows it.
	want := []string{"revised front-matter 2025-02-01", "reviewed text 2024-03-01", "effective text 2026-01-01", "changed properties 2026-05-05", "changed git 2026-06-06", "next-review text 2027-01-01"}
	if !slices.Equal(got, want) {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
	if p.review.Last != "2025-02-01" || p.review.Sure != "high" {
		t.Errorf("last %s, %s", p.review.Last, p.review.Sure)
	}
}

func TestSureness(t *testing.T) {
	for _, c := range []struct {
		what, text string
		prepare    func(*Paper)
		last, sure string
	}{
		{"reviewed", "Last reviewed: 2026-03-01", nil, "2026-03-01", "high"},
		{"reviewed in a month", "Last reviewed: March 2026", nil, "2026-03-31", "high"},
		{"reviewed in a year", "Last reviewed: 2025", nil, "2025-12-31", "medium"},
		{"reviewed this year", "Last reviewed: 2026", nil, "2026-09-01", "medium"}, // not after the day of the check
		{"ambiguous", "Last reviewed: 3/4/26", nil, "2026-04-03", "medium"},
		{"ambiguous, told by another date", "Last reviewed: 3/4/26\nEffective: 3/14/25", nil, "2026-03-04", "high"},
		{"approved", "Approved: 2026-03-01", nil, "2026-03-01", "medium"},
		{"git", "Answers calls.", func(p *Paper) { p.History = changed("2026-02-03") }, "2026-02-03", "medium"},
		{"properties", "Answers calls.", func(p *Paper) { p.doc.Properties.Modified = day("2026-02-03") }, "2026-02-03", "low"},
		{"properties that only say when it was made", "Answers calls.", func(p *Paper) { p.doc.Properties.Created = day("2026-02-03") }, "2026-02-03", "low"},
		{"file", "Answers calls.", func(p *Paper) { p.Modified = day("2026-02-03") }, "2026-02-03", "low"},
		{"file that git knows", "Answers calls.", func(p *Paper) { p.History = &history.File{Tracked: true}; p.Modified = day("2026-02-03") }, "", ""},
		{"file that git does not know", "Answers calls.", func(p *Paper) { p.History = &history.File{Why: history.Untracked}; p.Modified = day("2026-02-03") }, "2026-02-03", "low"},
		{"git that is cut off", "Answers calls.", func(p *Paper) {
			p.History = &history.File{Tracked: true, Why: history.Cut, Stood: &history.Commit{Hash: "abc", When: day("2026-02-03")}}
		}, "", ""},
		{"bumped", "Last reviewed: 2026-03-01", func(p *Paper) {
			p.History = changed("2020-02-03")
			p.History.Bumps = []history.Bump{{Commit: history.Commit{Hash: "abcdef", When: day("2026-03-01")}, Note: "2025-03-01 to 2026-03-01"}}
		}, "2026-03-01", "medium"},
		{"nothing", "Answers calls.", nil, "", ""},
		{"in the future", "Last revised: 2027-03-01", nil, "", ""},
		{"a file from the future", "Answers calls.", func(p *Paper) { p.Modified = day("2026-09-02") }, "", ""},
		{"a file of today", "Answers calls.", func(p *Paper) { p.Modified = time.Date(2026, 9, 1, 23, 59, 0, 0, time.UTC) }, "2026-09-01", "low"},
	} {
		p := paperOf(t, nil, asOf, "a.txt", "Clerk\n"+c.text+"\n")
		if c.prepare != nil {
			c.prepare(p)
		}
		r := settled(p, asOf).review
		if r.Last != c.last || r.Sure != c.sure {
			t.Errorf("%s: last %q, %q; want %q, %q", c.what, r.Last, r.Sure, c.last, c.sure)
		}
	}
}

func TestFutureDates(t *testing.T) {
	p := settled(paperOf(t, nil, asOf, "a.txt", "Clerk\nReview date: 2027-03-01\n"), asOf)
	if e := p.evidence[0]; e.Kind != "next-review" || e.tier != noEvidence || p.review.Next != "2027-03-01" || p.review.Last != "" {
		t.Errorf("a review date ahead is %s, next %q, last %q", e.Kind, p.review.Next, p.review.Last)
	}
	p = settled(paperOf(t, nil, asOf, "a.txt", "Clerk\nLast revised: 2027-03-01\n"), asOf)
	if e := p.evidence[0]; e.Kind != "revised" || e.Ignored == "" {
		t.Errorf("a revision ahead is %s, ignored for %q", e.Kind, e.Ignored)
	}
	p = settled(paperOf(t, nil, asOf, "a.txt", "Clerk\nReview date: 2026-09-01\n"), asOf)
	if e := p.evidence[0]; e.Kind != "reviewed" || p.review.Last != "2026-09-01" {
		t.Errorf("a review date of the day of the check is %s, last %q", e.Kind, p.review.Last)
	}
}

func TestIntervals(t *testing.T) {
	settings := org.Reviews{{Folder: "support", Every: 24, Severe: 48, Owner: "Editor"}}
	client := &org.Client{ID: "acme", Name: "Acme", Reviews: org.Reviews{{Title: "*Clerk*", Every: 18, Severe: 36, Owner: "HR Manager"}}}
	for _, c := range []struct {
		what, id, text string
		months         int
		from, owner    string
	}{
		{"default", "a/cook.txt", "Cook\n", 12, FromDefault, ""},
		{"document", "a/cook.txt", "Cook\nThis document is reviewed every two years.\n", 24, FromDocument, ""},
		{"client file", "a/clerk.txt", "Billing Clerk\nThis document is reviewed every two years.\n", 18, FromClientFile, "HR Manager"},
		{"settings before the client file", "support/clerk.txt", "Billing Clerk\nThis document is reviewed every three years.\n", 24, FromSettings, "Editor"},
		{"by the path below the folder", "x/y/support/clerk.txt", "Billing Clerk\n", 24, FromSettings, "Editor"},
	} {
		known := NewKnown(client)
		s := NewSet(known, asOf)
		s.Reviews = settings
		s.InFolder = func(id string) string { return strings.TrimPrefix(id, "x/y/") }
		p := paperOf(t, known, asOf, c.id, c.text)
		s.Add(p)
		s.Settle()
		j := p.Judge(Options{}).Job
		if j.Review.Months != c.months || j.Review.From != c.from || j.Owner != c.owner {
			t.Errorf("%s: every %d months from %s, owner %q; want %d from %s, %q", c.what, j.Review.Months, j.Review.From, j.Owner, c.months, c.from, c.owner)
		}
	}
}

// A document reviewed a year before is due from two months before on, and overdue
// from the day after.
func TestVerdictEdges(t *testing.T) {
	for _, c := range []struct{ asOf, verdict, sure string }{
		{"2025-09-15", "current", "high"},
		{"2026-07-15", "current", "high"}, // two months on, 15 September: not before
		{"2026-07-16", "due", "high"},
		{"2026-09-14", "due", "high"},
		{"2026-09-15", "due", "high"},
		{"2026-09-16", "overdue", "high"},
		{"2030-09-14", "overdue", "high"},
	} {
		j := judgedOne(t, day(c.asOf), "a.txt", "Clerk\nLast reviewed: 2025-09-15\n")
		if j.Verdict != c.verdict || j.Sure != c.sure {
			t.Errorf("on %s it is %s (%s), want %s (%s)", c.asOf, j.Verdict, j.Sure, c.verdict, c.sure)
		}
		// The finding, the verdict and the points agree.
		_, found := findingOf(j, "review/overdue")
		if overdue := c.verdict == "overdue"; found != overdue {
			t.Errorf("on %s it is %s, and the finding says otherwise", c.asOf, j.Verdict)
		}
	}
}

func TestSevere(t *testing.T) {
	for on, severe := range map[string]bool{"2030-09-14": false, "2030-09-15": true} {
		j := judgedOne(t, day(on), "a.txt", "Clerk\nLast reviewed: 2025-09-15\n")
		f, _ := findingOf(j, "review/overdue")
		if j.Review.Severe != severe || (f.Severity == "error") != severe {
			t.Errorf("on %s severe is %v, the finding's severity %s", on, j.Review.Severe, f.Severity)
		}
	}
}

// The day that a document names for its next review counts where nobody else says how
// often, and nothing else may say that it is overdue then.
func TestNamedNextReview(t *testing.T) {
	for _, c := range []struct{ what, text, next, verdict string }{
		{"later than a year", "Last reviewed: 2024-06-10\nNext review: 2027-06-01\n", "2027-06-01", "current"},
		{"earlier than a year", "Last reviewed: 2026-06-10\nNext review: 2026-08-01\n", "2026-08-01", "overdue"},
		{"near", "Last reviewed: 2025-01-15\nNext review: 2026-09-20\n", "2026-09-20", "due"},
		{"some days after a whole number of months", "Last reviewed: 2025-07-20\nNext review: 2026-09-10\n", "2026-09-10", "due"},
		{"before the last review", "Last reviewed: 2026-06-10\nNext review: 2026-01-01\n", "2027-06-10", "current"},
		{"alone", "Next review: 2027-06-01\n", "2027-06-01", "current"},
		{"alone and over", "Next review: 2026-06-01\n", "2026-06-01", "overdue"},
	} {
		j := judgedOne(t, asOf, "a.txt", "Clerk\n"+c.text)
		if j.Review.Next != c.next || j.Verdict != c.verdict {
			t.Errorf("%s: next %s, %s; want %s, %s", c.what, j.Review.Next, j.Verdict, c.next, c.verdict)
		}
		if _, found := findingOf(j, "review/overdue"); found && c.verdict != "overdue" {
			t.Errorf("%s: it is %s and overdue", c.what, j.Verdict)
		}
		if _, found := findingOf(j, "review/next-passed"); found != (c.verdict == "overdue") {
			t.Errorf("%s: %q", c.what, ruleIDs(j))
		}
		if j.Verdict == "current" && j.Staleness.Parts[0].Points > 0 && j.Review.Last != "" {
			t.Errorf("%s: it is current and has %v points for its review", c.what, j.Staleness.Parts[0].Points)
		}
	}
}

func TestClosed(t *testing.T) {
	for _, c := range []struct{ what, name, text, verdict, sure string }{
		{"an advertisement that is over", "a.txt", "Clerk\nClosing Date: 5/13/2021\nHow to apply: send a letter.\n", "closed", "high"},
		{"on its last day", "a.txt", "Clerk\nClosing Date: 2026-09-01\nHow to apply: send a letter.\n", "unknown", "low"},
		{"the day after", "a.txt", "Clerk\nClosing Date: 2026-08-31\nHow to apply: send a letter.\n", "closed", "high"},
		{"a later closing date", "a.txt", "Clerk\nClosing Date: 2021-05-13\nHow to apply: send a letter.\nClosing Date: 2027-05-13\n", "unknown", "low"},
		{"an ambiguous day", "a.txt", "Clerk\nClosing Date: 3/4/21\nHow to apply: send a letter.\n", "closed", "medium"},
		{"a document that ran out", "a.txt", "Clerk\nDuties:\nAnswers calls.\nExpires: 2021-05-13\n", "closed", "high"},
		{"a description without an end", "a.txt", "Clerk\nDuties:\nAnswers calls.\nLast reviewed: 2026-08-01\n", "current", "high"},
		{"inactive", "a.md", "---\nactive: false\n---\n# Clerk\n", "closed", "high"},
		{"archived", "a.md", "---\nstatus: Archived\n---\n# Clerk\n", "closed", "high"},
		{"active", "a.md", "---\nactive: true\nstatus: open\n---\n# Clerk\n", "unknown", "low"},
	} {
		j := judgedOne(t, asOf, c.name, c.text)
		if j.Verdict != c.verdict || j.Sure != c.sure {
			t.Errorf("%s: %s (%s), want %s (%s); %s", c.what, j.Verdict, j.Sure, c.verdict, c.sure, j.DocKind)
		}
		_, said := findingOf(j, "review/closed")
		_, over := findingOf(j, "passed/closing")
		if closed := c.verdict == "closed"; closed && !said && !over || said && !closed {
			t.Errorf("%s: findings %q", c.what, ruleIDs(j))
		}
		if (j.Staleness == nil) != (c.verdict == "closed") || (j.Undefined["staleness"] != "") != (c.verdict == "closed") {
			t.Errorf("%s: staleness %v, %v", c.what, j.Staleness, j.Undefined)
		}
	}
}

// A closing date in a description is one of a task of the job, or of a form that was
// kept: the description goes on.
func TestDescriptionDoesNotClose(t *testing.T) {
	p := paperOf(t, nil, asOf, "a.txt", "Clerk\nDuties:\nAnswers calls from residents.\nClosing Date: 5/11/2021\n")
	p.facts.Kind = Description
	if settled(p, asOf); p.ended != nil {
		t.Error("a description with a closing date is over")
	}
}

func TestInactive(t *testing.T) {
	for _, c := range []struct{ key, value, want string }{
		{"active", "false", "active: false"}, {"active", " No ", "active: no"}, {"params.open", "false", "open: false"}, {"archived", "true", "archived: true"}, {"status", "Filled", "status: filled"},
		{"active", "true", ""}, {"archived", "false", ""}, {"status", "open", ""}, {"status", "", ""}, {"title", "closed", ""}, {"status", "not closed", ""},
	} {
		if got := inactive(c.key, c.value); got != c.want {
			t.Errorf("inactive(%q, %q) is %q, want %q", c.key, c.value, got, c.want)
		}
	}
}

func TestMonths(t *testing.T) {
	for _, c := range []struct {
		from, to string
		want     int
	}{
		{"2025-09-15", "2026-09-14", 11}, {"2025-09-15", "2026-09-15", 12}, {"2026-01-31", "2026-02-28", 0}, {"2026-01-31", "2026-03-31", 2}, {"2026-09-15", "2025-09-15", 0}, {"2026-09-15", "2026-09-15", 0},
	} {
		if got := months(day(c.from), day(c.to)); got != c.want {
			t.Errorf("from %s to %s are %d months, want %d", c.from, c.to, got, c.want)
		}
	}
}

func TestAge(t *testing.T) {
	for months, want := range map[int]string{0: "less than a month", 1: "1 month", 11: "11 months", 12: "1 year", 13: "13 months", 23: "23 months", 24: "2 years", 25: "2 years and 1 month", 59: "4 years and 11 months", 60: "5 years", 71: "5 years"} {
		if got := age(months); got != want {
			t.Errorf("age(%d) is %q, want %q", months, got, want)
		}
	}
	for months, want := range map[int]string{1: "month", 12: "year", 18: "18 months", 24: "2 years"} {
		if got := everyMonths(months); got != want {
			t.Errorf("everyMonths(%d) is %q, want %q", months, got, want)
		}
	}
}

// Dates of a margin are places in no text: a finding about one covers nothing.
func TestMarginDates(t *testing.T) {
	doc, err := document.Read("a.txt", []byte("Clerk\nAnswers calls.\n"))
	if err != nil {
		t.Fatal(err)
	}
	doc.Margins = []document.Margin{{Kind: document.Footer, Text: "Rev. 3/2019", Offset: -1, Place: document.Place{Part: "footer", Offset: -1}}}
	p := settled(NewReader(nil, asOf).Read("a.txt", doc), asOf)
	j := p.Judge(Options{}).Job
	f, found := findingOf(j, "review/overdue")
	if !found || f.Start != f.End || f.Place != (record.Place{File: "a.txt"}) || j.Dates[0].Source != "margin" || j.Dates[0].Place.Part != "footer" {
		t.Errorf("the finding is %+v, the date %+v", f, j.Dates[0])
	}
}
