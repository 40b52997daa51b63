package jobs

import (
	"fmt"
	"strings"

	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/prose"
)

func reviewRules() []*lint.Rule {
	const source = "SHRM, How to Develop a Job Description: review at set times and whenever the job changes; ISO 9001:2015, 7.5.3: control of documented information"
	return []*lint.Rule{
		{
			ID: "review/bumped", Title: "Review date set anew without a change of the text", Severity: lint.Warning,
			Why:    "A new date with the same words may mean that all was found right, or that nobody read it. The date alone does not say which.",
			Fix:    "Ask who reviewed it and what was checked. Note in the document who that was.",
			Source: source,
			Check:  checkBumped,
		},
		{
			ID: "review/closed", Title: "Document that is no longer in use", Severity: lint.Hint,
			Why:      "It is not stale but done with. Left among the others it is taken for a description of the job.",
			Fix:      "Archive it.",
			Source:   source,
			Examples: lint.Examples{Bad: []string{"---\nactive: false\n---\n# Clerk\n\nAnswers the phone and greets visitors."}, Good: []string{"Clerk\nAnswers the phone and greets visitors."}},
			Check:    checkClosed,
		},
		{
			ID: "review/in-future", Title: "Review or revision dated in the future", Severity: lint.Hint,
			Why: "Nobody can have gone through it on a day that is still to come: the day is a mistake, or was entered in advance.", Fix: "Write down the day on which it was last gone through.",
			Source:   source,
			Examples: lint.Examples{Bad: []string{"Clerk\nRevised: 2027-01-04"}, Good: []string{"Clerk\nRevised: 2026-01-04"}},
			Check: func(p *lint.Pass) {
				for _, e := range paperIn(p).evidence {
					if e.Ignored != "" && e.Source != "file" && e.Source != "git" && e.Source != "properties" {
						p.Report(prose.Span{Start: e.start, End: e.end}, "%s lies after the day of this check", quoted(e.Quote))
					}
				}
			},
		},
		{
			ID: "review/next-passed", Title: "Review that was planned and is past", Severity: lint.Warning,
			Why:      "The document itself says when it was to be gone through.",
			Fix:      "Go through it now, and set a new day.",
			Source:   source,
			Examples: lint.Examples{Bad: []string{"Clerk\nNext review: June 2020"}, Good: []string{"Clerk\nLast reviewed: 3 August 2026\nNext review: August 2027"}},
			Check:    checkNextPassed,
		},
		{
			ID: "review/overdue", Title: "Not gone through within its interval", Severity: lint.Warning,
			Why:      "Duties, tools and customers change faster than paper. Age alone makes nothing wrong, but nobody has looked whether it is right.",
			Fix:      "Read it with somebody who does the job. Change what is no longer so and write down the day.",
			Source:   source,
			Examples: lint.Examples{Bad: []string{"Clerk\nLast reviewed: March 2019"}, Good: []string{"Clerk\nLast reviewed: 3 August 2026"}},
			Check:    checkOverdue,
		},
		{
			ID: "review/unclear-date", Title: "Date that can be read in two ways", Severity: lint.Hint,
			Why:      "3/4/21 is in March or in April, and nothing else says how dates are written here.",
			Fix:      "Write the month as a word, or the date as 2021-03-04.",
			Source:   "ISO 8601-1:2019",
			Examples: lint.Examples{Bad: []string{"Clerk\nRevised: 3/4/21"}, Good: []string{"Clerk\nRevised: 3/14/21"}},
			Check:    checkUnclear,
		},
		{
			ID: "review/undated", Title: "No word of when it was last gone through", Severity: lint.Hint,
			Why:      "Nobody can tell whether it still holds, and nobody is reminded to look.",
			Fix:      "Add a line such as “Last reviewed: 2026-09-01, Head of Support”.",
			Source:   source,
			Examples: lint.Examples{Bad: []string{"Clerk\nAnswers the phone."}, Good: []string{"Clerk\nLast reviewed: 3 August 2026"}},
			Check:    checkUndated,
		},
	}
}

func checkBumped(p *lint.Pass) {
	paper := paperIn(p)
	if paper.History == nil || !inUse(paper) {
		return
	}
	for _, b := range paper.History.Bumps {
		note := ""
		if b.Note != "" {
			note = " (" + b.Note + ")"
		}
		whole(p, "The review date was set anew on %s%s without a change of the text: commit %s", b.When.Format("2006-01-02"), note, shortHash(b.Hash))
	}
}

func checkClosed(p *lint.Pass) {
	if paper := paperIn(p); paper.inactive {
		whole(p, "It is marked as no longer in use: %s", quoted(paper.facts.Inactive))
	}
}

func checkNextPassed(p *lint.Pass) {
	paper := paperIn(p)
	if !inUse(paper) {
		return
	}
	for _, e := range paper.evidence {
		if e.Kind == "next-review" && e.last.Before(paper.set.AsOf) && !paper.lastReview().After(e.last) {
			p.Report(prose.Span{Start: e.start, End: e.end}, "The next review was planned for %s", e.When())
			return
		}
	}
}

func checkOverdue(p *lint.Pass) {
	paper := paperIn(p)
	r := paper.review
	if !inUse(paper) || r.AgeMonths == nil || paper.evidence[0].tier > tierDocument {
		return // what git and the file know is no review, and said in the summary
	}
	if !paper.past() {
		return
	}
	e := paper.evidence[0]
	s := lint.Warning
	if r.Severe {
		s = lint.Error
	}
	span := prose.Span{Start: e.start, End: e.end}
	if e.tier == tierDocument {
		severe(p, s, span, "It is dated %s ago (%s), and nothing says that it was gone through since; that is to be done every %s", age(*r.AgeMonths), quoted(e.Quote), everyMonths(r.Months))
		return
	}
	said := map[string]string{"reviewed": "reviewed", "revised": "revised"}[e.Kind]
	severe(p, s, span, "It was last %s %s ago (%s), and is to be gone through every %s", said, age(*r.AgeMonths), quoted(e.Quote), everyMonths(r.Months))
}

// everyMonths words an interval after "every".
func everyMonths(months int) string { return strings.TrimPrefix(age(months), "1 ") }

// age words a number of months.
func age(months int) string {
	unit := func(n int, one string) string {
		if n == 1 {
			return "1 " + one
		}
		return fmt.Sprintf("%d %ss", n, one)
	}
	switch years, rest := months/12, months%12; {
	case months == 0:
		return "less than a month"
	case months < 24 && months != 12:
		return unit(months, "month")
	case rest == 0 || years >= 5:
		return unit(years, "year")
	default:
		return unit(years, "year") + " and " + unit(rest, "month")
	}
}

func checkUnclear(p *lint.Pass) {
	for _, e := range paperIn(p).evidence {
		if e.Ambiguous {
			p.Report(prose.Span{Start: e.start, End: e.end}, "%s can mean %s or %s", quoted(e.Quote), e.From, e.To)
		}
	}
}

func checkUndated(p *lint.Pass) {
	paper := paperIn(p)
	if !inUse(paper) {
		return
	}
	for _, e := range paper.evidence {
		if e.tier <= tierDocument || e.Ignored != "" && e.Kind != "changed" {
			return
		}
	}
	whole(p, "Nothing in it says when it was written or last gone through")
}
