package jobs

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/core/document"
	"github.com/firstcall-cli/firstcall/core/prose"
	"github.com/firstcall-cli/firstcall/core/record"
)

// day is a day at midnight UTC, written as 2006-01-02.
func day(text string) time.Time {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return t
}

// asOf is the day of the check in tests that name no other.
var asOf = day("2026-09-01")

// factsIn reads a text under a name whose extension says what it is.
func factsIn(t testing.TB, name, text string) *Facts {
	t.Helper()
	return paperOf(t, nil, asOf, name, text).facts
}

func paperOf(t testing.TB, known *Known, asOf time.Time, name, text string) *Paper {
	t.Helper()
	doc, err := document.Read(name, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return NewReader(known, asOf).Read(name, doc)
}

// setOf settles documents: names and texts in turn.
func setOf(t testing.TB, known *Known, asOf time.Time, namesAndTexts ...string) *Set {
	t.Helper()
	s := NewSet(known, asOf)
	for i := 0; i+1 < len(namesAndTexts); i += 2 {
		s.Add(paperOf(t, known, asOf, namesAndTexts[i], namesAndTexts[i+1]))
	}
	s.Settle()
	return s
}

// judgedOne judges a single document without a client file.
func judgedOne(t testing.TB, asOf time.Time, name, text string) record.Job {
	t.Helper()
	return setOf(t, nil, asOf, name, text).Papers()[0].Judge(Options{}).Job
}

// judgeAll judges all documents of a settled set.
func judgeAll(s *Set) []*record.Job {
	var out []*record.Job
	for _, p := range s.Papers() {
		j := p.Judge(Options{})
		out = append(out, &j.Job)
	}
	return out
}

// ruleIDs lists the rules of findings, in order.
func ruleIDs(j record.Job) []string {
	var out []string
	for _, f := range j.Findings {
		out = append(out, f.Rule)
	}
	return out
}

// findingOf gives the first finding of a rule.
func findingOf(j record.Job, rule string) (record.Remark, bool) {
	for _, f := range j.Findings {
		if f.Rule == rule {
			return f, true
		}
	}
	return record.Remark{}, false
}

// lineNames joins the names of roles to which a document reports.
func lineNames(f *Facts) string {
	var out []string
	for _, l := range f.ReportsTo {
		out = append(out, l.Name)
	}
	return strings.Join(out, " | ")
}

func indexOf(t testing.TB, text, word string) int {
	t.Helper()
	at := strings.Index(text, word)
	if at < 0 {
		t.Fatalf("%q is not in the text", word)
	}
	return at
}

// checkSpan holds that a span lies in its text and cuts no character.
func checkSpan(t testing.TB, text string, s prose.Span, what string) {
	t.Helper()
	if s.Start < 0 || s.End < s.Start || s.End > len(text) {
		t.Fatalf("the span %v of %q lies outside of %d bytes", s, what, len(text))
	}
	for _, at := range []int{s.Start, s.End} {
		if at < len(text) && !utf8.RuneStart(text[at]) {
			t.Fatalf("the span %v of %q cuts a character: %q", s, what, s.In(text))
		}
	}
}

// judgedOneOf judges one document of an organization.
func judgedOneOf(t testing.TB, known *Known, text string) record.Job {
	t.Helper()
	p := paperOf(t, known, asOf, "a.md", text)
	s := NewSet(known, asOf)
	s.Add(p)
	s.Settle()
	return p.Judge(Options{}).Job
}
