package jobs

import (
	"fmt"
	"strings"

	"github.com/firstcall-cli/firstcall/core/dated"
	"github.com/firstcall-cli/firstcall/core/dates"
	"github.com/firstcall-cli/firstcall/core/lint"
)

func datedRules() []*lint.Rule {
	const (
		why    = "Applicants and staff see at once that nobody has read the document for years, and doubt the rest of it."
		source = "The source of each entry of the catalogue is given with the finding's advice; see docs/dated.md"
	)
	of := func(kind dated.Kind) func(*lint.Pass) {
		return func(p *lint.Pass) {
			for _, d := range paperIn(p).facts.Dated {
				if d.entry.Kind == kind && !d.soft {
					reportDated(p, d, "")
				}
			}
		}
	}
	return []*lint.Rule{
		{
			ID: "dated/fading", Title: "Things that are going out of use", Severity: lint.Hint,
			Why:      "Here and there it is still used. Whether it is in this job, only those who do it know.",
			Fix:      "Ask whether it is still so, and say what is used instead.",
			Source:   source,
			Examples: lint.Examples{Bad: []string{"Duties include filing, copying and fax."}, Good: []string{"Duties include filing and copying."}},
			Check: func(p *lint.Pass) {
				for _, d := range paperIn(p).facts.Dated {
					if d.soft {
						reportDated(p, d, "may be out of use: ")
					}
				}
			},
		},
		{
			ID: "dated/product", Title: "Products that are discontinued or renamed", Severity: lint.Warning, Why: why, Source: source,
			Fix:      "Name what is used now, or better the skill: “a spreadsheet”, not a brand.",
			Examples: lint.Examples{Bad: []string{"Knows Lotus Notes."}, Good: []string{"Helps to migrate from Lotus Notes.", "Takes notes."}},
			Check:    of(dated.Product),
		},
		{
			ID: "dated/service", Title: "Services that are closed or renamed", Severity: lint.Warning, Why: why, Source: source,
			Fix:      "Name what is used now, or what it is for: “video calls”.",
			Examples: lint.Examples{Bad: []string{"Takes part in video calls on Google Hangouts."}, Good: []string{"Takes part in video calls."}},
			Check:    of(dated.Service),
		},
		{
			ID: "dated/term", Title: "Words that are no longer used for people and offices", Severity: lint.Warning,
			Why:    "The word has been given up by the law or by those it is about.",
			Source: source, Fix: "Use the present word.",
			Examples: lint.Examples{Bad: []string{"No one is refused for a mental handicap."}, Good: []string{"No one is refused for a mental disability."}},
			Check:    of(dated.Term),
		},
		{
			ID: "dated/tool", Title: "Machines that no office has any more", Severity: lint.Warning, Why: why, Source: source,
			Fix:      "Take it out, or name what is used now.",
			Examples: lint.Examples{Bad: []string{"Uses a typewriter and a calculator."}, Good: []string{"Uses a computer.", "We no longer use typewriters."}},
			Check:    of(dated.Tool),
		},
		{
			ID: "dated/version", Title: "Versions that are no longer supported", Severity: lint.Warning, Why: why, Source: source,
			Fix:      "Leave the version out, or name the one in use.",
			Examples: lint.Examples{Bad: []string{"Experience with Windows XP."}, Good: []string{"Experience with Windows.", "Migrates Windows XP estates to Windows 11."}},
			Check:    of(dated.Version),
		},
	}
}

// reportDated reports something that is out of date in the world.
func reportDated(p *lint.Pass, d outOfDate, doubt string) {
	if p.Enough() {
		p.Count()
		return
	}
	e := d.entry
	words := quoted(d.In(p.Text.Source))
	var b strings.Builder
	fmt.Fprintf(&b, "%s: ", words)
	b.WriteString(doubt)
	name := ""
	if !strings.EqualFold(e.Name, strings.Trim(words, "“”")) {
		name = e.Name + " "
	}
	switch e.State {
	case dated.Renamed:
		fmt.Fprintf(&b, "%srenamed in %s", name, e.Since)
	case dated.Unsupported:
		fmt.Fprintf(&b, "%swithout support since %s", name, e.Since)
	case dated.OldTerm:
		if e.Kind == dated.Term {
			fmt.Fprintf(&b, "%ssaid otherwise since %s", name, e.Since)
		} else {
			fmt.Fprintf(&b, "%sout of common use since about %d", name, e.Since.Year)
		}
	default:
		fmt.Fprintf(&b, "%sdiscontinued in %s", name, e.Since)
	}
	switch {
	case e.Replacement == "":
	case e.State == dated.Renamed || e.State == dated.OldTerm && e.Kind == dated.Term:
		fmt.Fprintf(&b, ", now %s", e.Replacement)
	default:
		fmt.Fprintf(&b, "; now used: %s", e.Replacement)
	}
	fmt.Fprintf(&b, " (%s)", e.Source)
	found := lint.Diagnostic{Span: d.Span, Message: b.String()}
	if d.mild {
		found.Severity = lint.Hint
	}
	p.Diagnose(found)
}

func passedRules() []*lint.Rule {
	const source = "Federal Plain Language Guidelines (2011): keep content current; ISO 9001:2015, 7.5.3"
	check := func(say string, kinds ...dates.Kind) func(*lint.Pass) {
		return func(p *lint.Pass) {
			eachPassed(paperIn(p), func(s stamp, last dates.Date) {
				for _, k := range kinds {
					switch {
					case passedAs(paperIn(p), s) != k:
					case s.source == "text":
						p.Report(s.Span, say, quoted(around(p.Text.Source, s.Stamp)), last)
					default:
						whole(p, say, quoted(s.words), last)
					}
				}
			})
		}
	}
	return []*lint.Rule{
		{
			ID: "passed/closing", Title: "Closing date that is over", Severity: lint.Hint,
			Why: "Whoever reads on learns at the end that it is too late.", Source: source,
			Fix:      "Take the advertisement down, or set a new day.",
			Examples: lint.Examples{Bad: []string{"Closing Date: 5/31/2021"}, Good: []string{"Closing Date: 5/31/2031"}},
			Check:    check("%s: over since %s", dates.Closing),
		},
		{
			ID: "passed/deadline", Title: "Deadline that is over", Severity: lint.Warning,
			Why: "What was to be done by then is done or forgotten; the text does not say which.", Source: source,
			Fix:      "Say how it is now, and leave the day out.",
			Examples: lint.Examples{Bad: []string{"The new system is to be introduced by the end of July 2025."}, Good: []string{"Founded in 1962, we serve three counties."}},
			Check:    check("%s: that day is over (%s)", dates.Deadline),
		},
		{
			ID: "passed/promise", Title: "Promise whose time has come", Severity: lint.Warning,
			Why: "The text tells as future what is past.", Source: source,
			Fix:      "Say whether it came so.",
			Examples: lint.Examples{Bad: []string{"They will be placed back here by the end of July 2025."}, Good: []string{"They were placed back here in 2025."}},
			Check:    check("%s is told as future, and %s is over", dates.Promise),
		},
		{
			ID: "passed/reference", Title: "Span of time that is over", Severity: lint.Hint,
			Why: "A plan for a year that is over is no guide for this one.", Source: source,
			Fix:      "Name the present one, or say it without a year.",
			Examples: lint.Examples{Bad: []string{"Carries out the goals for the 2018-2019 school year."}, Good: []string{"Carries out the goals of each school year."}},
			Check:    check("%s: %s is over", dates.Period, dates.AsOf, dates.Event, dates.Start),
		},
	}
}

// passedAs says as what a date is told that is over: the day up to which something holds
// or is open is one of the document itself only where it stands like a label, or where
// the document looks for somebody; in a sentence it is that of a licence or a camp.
func passedAs(p *Paper, s stamp) dates.Kind {
	if s.Kind != dates.Expires && (s.Kind != dates.Closing || p.facts.offered) {
		return s.Kind
	}
	start := s.Start
	if s.Label.Start < s.Label.End {
		start = min(start, s.Label.Start)
	}
	if s.source != "text" || p.facts.label(start) {
		return dates.Closing
	}
	return dates.Deadline
}

// around gives the words of a date with those that say what it is.
func around(text string, s dates.Stamp) string {
	start, end := s.Start, s.End
	if s.Label.Start < s.Label.End {
		start, end = min(start, s.Label.Start), max(end, s.Label.End)
	}
	return text[start:end]
}

// eachPassed calls f with each date that makes the text out of date because its days
// are over.
func eachPassed(paper *Paper, f func(s stamp, d dates.Date)) {
	for _, s := range paper.facts.Stamps {
		if !s.Kind.Passes() || s.Kind == dates.NextReview {
			continue
		}
		d := s.Mention.In(paper.set.Order)
		if s.Kind == dates.AsOf && months(d.Last, paper.set.AsOf) < 24 {
			continue // a fact as of last year is still news
		}
		if d.Last.Before(paper.set.AsOf) {
			f(s, d)
		}
	}
}
