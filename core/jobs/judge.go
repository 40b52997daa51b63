package jobs

import (
	"cmp"
	"fmt"
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/core/dated"
	"github.com/firstcall-cli/firstcall/core/dates"
	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/record"
)

// Options say how documents are judged. The zero value is ready: the built-in rules.
type Options struct {
	Rules   []*lint.Rule // built-in rules; nil for Rules()
	PerRule int          // findings of a rule that are listed for a document; 0 for MostListed
	// Accept says whether a finding is known or rejected, so that it is neither told
	// nor counted. The quote is what the finding covers, or its message where it is
	// about the whole document. Nil for never.
	Accept func(id string, rule *lint.Rule, quote string) bool
}

// MostListed is how many findings of a rule are listed for a document.
const MostListed = 25

// Judged is a document with what was found.
type Judged struct {
	Job    record.Job
	Result lint.Result
}

// Judge looks through one document of a settled set. It is safe for concurrent use.
func (p *Paper) Judge(opt Options) Judged {
	rules := opt.Rules
	if rules == nil {
		rules = Rules()
	}
	all := append(slices.Clip(rules), p.Rules...)
	run := lint.Options{Facts: p, PerRule: cmp.Or(opt.PerRule, MostListed), Suppress: p.Suppress}
	if opt.Accept != nil {
		run.Accept = func(d lint.Diagnostic, quote string) bool {
			if quote == "" {
				quote = d.Message
			}
			return opt.Accept(p.ID, d.Rule, oneLine(quote))
		}
	}
	j := Judged{Result: lint.Run(all, lint.Pieces(p.piece(len(p.Rules) > 0)), run)}
	j.Job = p.describe(j.Result)
	return j
}

// describe makes the body of the record.
func (p *Paper) describe(result lint.Result) record.Job {
	f := p.facts
	title := f.Titles[0]
	j := record.Job{
		ID: p.ID, Title: clip(title.Name, longestQuoted), TitleFrom: title.From.String(), DocKind: f.Kind.String(), KindWhy: clip(f.KindWhy.In(f.Text), longestQuoted),
		Review: p.review, More: result.More, Place: record.Place{File: p.ID}, Undefined: map[string]string{},
		ReportsTo: []record.ReportingLine{}, Dates: []record.JobDate{}, Summary: []string{},
	}
	for _, t := range f.otherTitles() {
		j.OtherTitle = append(j.OtherTitle, clip(t.Name, longestQuoted))
	}
	j.Department = p.department()
	j.Owner, j.OwnerFrom = p.owner()
	for _, l := range p.lines {
		j.ReportsTo = append(j.ReportsTo, record.ReportingLine{Role: clip(l.Name, longestQuoted), Known: l.known, Quote: clip(l.In(f.Text), longestQuoted), Start: l.Start, End: l.End, Place: p.at(l.Start)})
	}
	for _, e := range p.evidence {
		j.Dates = append(j.Dates, e.JobDate)
	}
	for _, counts := range []map[string]int{result.Suppressed, result.Accepted} {
		for _, n := range counts {
			j.Accepted += n
		}
	}
	j.Measures = p.measures()
	j.Findings = p.remarks(result.Diagnostics)
	j.Verdict, j.Sure = p.verdict(result.Diagnostics)
	if j.Verdict == "closed" {
		j.Review.Next = "" // nobody is to go through it again
		j.Undefined["staleness"] = "the document is closed, so that nothing in it can grow stale"
	} else {
		j.Staleness = p.staleness(result.Diagnostics)
	}
	if j.Review.Last == "" {
		j.Undefined["review.last"] = "nothing tells when the document was last gone through"
	}
	j.Summary = p.summary(j, result.Diagnostics)
	j.Change = changes(j, result.Diagnostics)
	return j
}

// department is the department's name, the client file's where that knows it.
func (p *Paper) department() string {
	if len(p.facts.Department) == 0 {
		return ""
	}
	name := p.facts.Department[0].Name
	if c := p.set.client(); c != nil {
		if d := c.Department(name); d != nil {
			return d.Name
		}
	}
	return clip(name, longestQuoted)
}

// owner is whose document it is, and who says so.
func (p *Paper) owner() (owner, from string) {
	switch {
	case len(p.facts.Owners) > 0:
		return clip(p.facts.Owners[0].Name, longestQuoted), "document"
	case p.policy.Owner != "" && p.policy.From == FromClientFile:
		return p.policy.Owner, "client-file"
	case p.policy.Owner != "":
		return p.policy.Owner, "settings"
	case len(p.lines) > 0 && !p.lines[0].Person:
		return clip(cmp.Or(p.lines[0].now, p.lines[0].Name), longestQuoted), "reports-to"
	}
	if c := p.set.client(); c != nil && len(p.facts.Department) > 0 {
		if d := c.Department(p.facts.Department[0].Name); d != nil && d.Lead != "" {
			return d.Lead, "department"
		}
	}
	return "", ""
}

// measures are the figures of the document.
func (p *Paper) measures() record.JobMeasures {
	f := p.facts
	m := record.JobMeasures{Words: f.Words, Judged: f.Judged, Behavior: p.level().String(), BehaviorQuote: clip(p.shown(p.level()), longestQuoted),
		Goal: "none", Mission: p.mission(), Authority: len(f.Authority) > 0, People: len(f.People) > 0}
	for _, b := range f.Behaviors {
		if b.level >= Activity {
			m.Behaviors++
		}
	}
	for _, g := range f.Goals {
		if m.Goal == "none" || g.measured && m.Goal == "aspired" {
			m.GoalQuote = clip(g.In(f.Text), longestQuoted)
			m.Goal = map[bool]string{true: "measured", false: "aspired"}[g.measured]
		}
	}
	different := map[*dated.Entry]bool{}
	for _, d := range f.Dated {
		if !d.soft {
			different[d.entry] = true
		}
	}
	m.Dated = len(different)
	eachPassed(p, func(stamp, dates.Date) { m.Passed++ })
	return m
}

// remarks are the findings for the record.
func (p *Paper) remarks(found []lint.Diagnostic) []record.Remark {
	out := make([]record.Remark, 0, len(found))
	text := p.facts.Text
	for _, d := range found {
		r := record.Remark{Rule: d.Rule.ID, Severity: d.Severity.String(), Message: clip(d.Message, longestMessage), Fix: d.Rule.Fix, Start: d.Span.Start, End: d.Span.End}
		r.Place = p.at(d.Span.Start)
		if d.Span.End > d.Span.Start {
			r.Quote = clip(text[d.Span.Start:d.Span.End], longestQuoted)
			// The end is told from the last character: behind it the file may go on
			// with markup, or end.
			_, size := utf8.DecodeLastRuneInString(text[:d.Span.End])
			if last := p.at(d.Span.End - size); last.Line > 0 {
				r.EndLine, r.EndColumn = last.Line, last.Column+1
			}
		} else {
			r.Place = record.Place{File: p.ID}
		}
		if d.Fix != nil {
			replacement := d.Fix.Replacement
			r.Replacement = &replacement
		}
		out = append(out, r)
	}
	return out
}

// longestMessage is how many bytes a message has at most.
const longestMessage = 400

// summary says the verdict and its evidence in words.
func (p *Paper) summary(j record.Job, found []lint.Diagnostic) []string {
	var out []string
	r := j.Review
	reviewed := ""
	switch {
	case r.AgeMonths != nil:
		reviewed = fmt.Sprintf("%s; that is %s ago, and it is to be gone through every %s", sentence(r.Evidence), age(*r.AgeMonths), everyMonths(r.Months))
		if r.Sure == "low" {
			reviewed += ". Such a date says little about a review"
		}
	case r.Next != "":
		reviewed = "Its next review is planned for " + r.Next
	default:
		reviewed = "Nothing tells when it was last gone through"
	}
	const told = 5
	var wrong []string
	all := 0
	for _, d := range different(found) {
		if points[d.Rule.ID].wrong && d.Severity > lint.Hint {
			if all++; all <= told {
				wrong = append(wrong, d.Message)
			}
		}
	}
	switch j.Verdict {
	case "closed":
		return []string{p.whyClosed()}
	case "stale":
		out = append(out, fmt.Sprintf("%s no longer so.", countOf(all, "thing it says is", "things it says are")))
		for _, w := range wrong {
			out = append(out, w+".")
		}
	case "overdue":
		out = append(out, "Nothing in it was found to be wrong, but nobody has looked in time.")
	case "due":
		out = append(out, "Its next review is near: "+r.Next+".")
	case "current":
		if len(p.evidence) > 0 && p.evidence[0].tier > tierDocument {
			out = append(out, "Its text was changed in time, which is no review; nothing in it was found to be out of date.")
		} else {
			out = append(out, "It was gone through in time, and nothing in it was found to be out of date.")
		}
	default:
		out = append(out, "Whether it still holds can't be told.")
	}
	return append(out, reviewed+".")
}

// whyClosed says why a document is closed, in a sentence.
func (p *Paper) whyClosed() string {
	switch {
	case p.ended != nil && p.ended.Kind == "expires":
		return fmt.Sprintf("It was valid until %s.", p.ended.When())
	case p.ended != nil:
		return fmt.Sprintf("It was open for applications until %s.", p.ended.When())
	}
	return fmt.Sprintf("It is marked as no longer in use: %s.", quoted(p.facts.Inactive))
}

func countOf(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// sentence gives a phrase a capital.
func sentence(phrase string) string {
	r, size := utf8.DecodeRuneInString(phrase)
	return string(unicode.ToUpper(r)) + phrase[size:]
}

// changes says what to change, the most pressing first: what the document says that is
// no longer so, then what it lacks.
func changes(j record.Job, found []lint.Diagnostic) []string {
	if j.Verdict == "closed" {
		return []string{"Archive it, or take out what is only about applying and keep the rest."}
	}
	order := slices.Clone(found)
	slices.SortStableFunc(order, func(a, b lint.Diagnostic) int { return cmp.Compare(pressing(b.Rule.ID), pressing(a.Rule.ID)) })
	var out []string
	for _, d := range order {
		what := d.Rule.Fix
		if d.Span.End > d.Span.Start || d.Severity > lint.Hint {
			what = d.Message + ". " + d.Rule.Fix
		}
		if what != "" && !slices.Contains(out, what) {
			out = append(out, what)
		}
	}
	return out
}

// pressing says how soon something is to be done about a finding: first what is wrong,
// then the review, then what is missing.
func pressing(rule string) float64 {
	w := points[rule]
	switch {
	case w.wrong:
		return 100 + w.each
	case rule == "review/overdue" || rule == "review/next-passed":
		return 50
	}
	return w.each
}
