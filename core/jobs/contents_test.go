package jobs

import (
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/prose"
)

func TestKinds(t *testing.T) {
	for _, c := range []struct {
		what, text string
		want       Kind
	}{
		{"a closing date", "Clerk\nClosing Date: 5/11/2021\nHow to apply: send a letter.\n", Advertisement},
		{"duties", "Clerk\nDuties:\nAnswers calls from residents.\n", Description},
		{"a class", "Clerk II\nClass specification\nDistinguishing characteristics\nThis class differs from Clerk I in its scope.\n", ClassSpec},
		{"nothing", "Some words about the weather of the year.\n", UnknownKind},
		{"an act for customers", "The holder answers calls from residents.\n", Description},
	} {
		f := factsIn(t, "a.txt", c.text)
		if f.Kind != c.want {
			t.Errorf("%s: %v, want %v (by %q)", c.what, f.Kind, c.want, f.KindWhy.In(f.Text))
		}
	}
}

func TestBehaviorLevels(t *testing.T) {
	duties := func(text string) string { return "# Clerk\n\n## Duties\n\n" + text }
	wants := func(text string) string { return "# Clerk\n\n## Requirements\n\n" + text }
	for _, c := range []struct {
		what, text string
		want       Level
	}{
		{"an act", duties("Answers calls from residents."), Activity},
		{"an act as a list entry", duties("- Greet visitors at the door\n"), Activity},
		{"within a time", duties("Answers calls from residents within three rings."), Standard},
		{"with a manner", duties("You should stay calm and treat customers politely."), Standard},
		{"the one to turn to", duties("Is the first point of contact for residents."), Activity},
		{"an ability", wants("Ability to deal tactfully with the public."), Trait},
		{"a skill", wants("Excellent customer service skills."), Trait},
		{"an ability among duties", duties("Has the ability to assist customers."), Trait},
		{"a duty among requirements", wants("Provides information to the public."), Activity},
		{"no customers", duties("Counts the stock twice a year."), NoBehavior},
		{"things of customers", duties("Analyzes customer data."), NoBehavior},
		{"research about users", duties("Provides insights about users to the team."), NoBehavior},
		{"managing", duties("Supervises two clerks."), NoBehavior},
		{"what is done by others", duties("The goods delivered by vendors are counted."), NoBehavior},
		{"role of another kind", duties("Serves as a member of the board."), NoBehavior},
		{"about the company", "# Clerk\n\n## About us\n\nWe help residents every day.", NoBehavior},
		{"a notice", "# Clerk\n\n## Equal Opportunity\n\nWe assist all customers.", NoBehavior},
		{"how to apply", "# Clerk\n\n## How to apply\n\nTell us how you helped customers.", NoBehavior},
		{"questions with them", duties("Assists staff with questions."), Activity},
		{"complaints", duties("Resolves complaints."), Activity},
	} {
		f := factsIn(t, "a.md", c.text)
		got := NoBehavior
		for _, b := range f.Behaviors {
			checkSpan(t, f.Text, b.Span, c.what)
			got = max(got, b.level)
		}
		if got != c.want {
			t.Errorf("%s: %q is %v, want %v", c.what, c.text, got, c.want)
		}
	}
}

func TestGoals(t *testing.T) {
	for _, c := range []struct{ what, text, want string }{
		{"a share", "Keeps customer satisfaction at 95 %.", "measured"},
		{"a share without a blank", "Keeps customer satisfaction at 95%.", "measured"},
		{"a time", "Answers calls from customers within 24 hours.", "measured"},
		{"a frequency", "Assists each customer at least every fortnight.", "measured"},
		{"a service level", "The SLA for response times is met.", "measured"},
		{"an aim", "Ensures the satisfaction of all customers.", "aspired"},
		{"felt", "Works to enhance the visitor experience.", "aspired"},
		{"a duty with praise", "Provides excellent assistance to customers.", "none"},
		{"hours of work", "Serves customers 40 hours a week in shifts.", "none"},
		{"a goal of the house", "Ensures that all invoices are paid.", "none"},
		{"no customers", "Counts the stock twice a year.", "none"},
		{"years of experience", "Has 5 years of experience in customer satisfaction.", "none"},
	} {
		got := judgedOne(t, asOf, "a.md", "# Clerk\n\n## Duties\n\n"+c.text).Measures.Goal
		if got != c.want {
			t.Errorf("%s: the goal of %q is %s, want %s", c.what, c.text, got, c.want)
		}
	}
	for what, text := range map[string]string{"asked": "# Clerk\n\n## Requirements\n\nThe wish to ensure the satisfaction of customers.", "told of the company": "# Clerk\n\n## About us\n\nWe ensure the satisfaction of all customers."} {
		if got := judgedOne(t, asOf, "a.md", text).Measures.Goal; got != "none" {
			t.Errorf("%s: %s", what, got)
		}
	}
	// A measured goal is told before one that is only wished.
	j := judgedOne(t, asOf, "a.md", "# Clerk\n\n## Duties\n\nEnsures the satisfaction of all customers. Keeps customer satisfaction at 95 %.")
	if j.Measures.GoalQuote != "Keeps customer satisfaction at 95 %." {
		t.Errorf("the goal is %q", j.Measures.GoalQuote)
	}
	if _, found := findingOf(j, "customer/goal-without-measure"); found {
		t.Error("a goal that is measured stands beside the other")
	}
}

func TestWords(t *testing.T) {
	words := func(f *Facts, spans []prose.Span) []string {
		var out []string
		for _, s := range spans {
			checkSpan(t, f.Text, s, "")
			out = append(out, s.In(f.Text))
		}
		return out
	}
	for _, c := range []struct {
		what, text string
		of         func(*Facts) []prose.Span
		want       []string
	}{
		{"authority", "You may approve refunds up to $100.", func(f *Facts) []prose.Span { return f.Authority }, []string{"may approve"}},
		{"no authority", "Has no authority to sign.", func(f *Facts) []prose.Span { return f.Authority }, nil},
		{"people", "Listens with patience and tact.", func(f *Facts) []prose.Span { return f.People }, []string{"Listens", "patience", "tact"}},
		{"no people", "Keeps the books.", func(f *Facts) []prose.Span { return f.People }, nil},
		{"mission", "The job serves our mission.", func(f *Facts) []prose.Span { return f.Purpose }, []string{"mission"}},
		{"exclusionary", "We want a digital native.", func(f *Facts) []prose.Span {
			var out []prose.Span
			for _, e := range f.Excluding {
				out = append(out, e.Span)
			}
			return out
		}, []string{"digital native"}},
		{"denied", "You need not be a digital native.", func(f *Facts) []prose.Span {
			var out []prose.Span
			for _, e := range f.Excluding {
				out = append(out, e.Span)
			}
			return out
		}, nil},
	} {
		f := factsIn(t, "a.md", c.text)
		if got := words(f, c.of(f)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q gives %q, want %q", c.what, c.text, got, c.want)
		}
	}
}

// What is out of date is told at each place, and counted once.
func TestDated(t *testing.T) {
	j := judgedOne(t, asOf, "a.md", "# Clerk\n\nKnows Lotus Notes. Writes in Lotus Notes. Takes part in calls on Google Hangouts. We no longer use typewriters.")
	var quotes []string
	for _, f := range j.Findings {
		if f.Rule == "dated/product" || f.Rule == "dated/service" || f.Rule == "dated/tool" {
			quotes = append(quotes, f.Quote)
		}
	}
	if want := []string{"Lotus Notes", "Lotus Notes", "Google Hangouts"}; !slices.Equal(quotes, want) {
		t.Errorf("found %q, want %q", quotes, want)
	}
	if j.Measures.Dated != 2 || j.Verdict != "stale" || j.Sure != "high" {
		t.Errorf("%d dated, %s, %s", j.Measures.Dated, j.Verdict, j.Sure)
	}
}

func TestHas(t *testing.T) {
	const set = " a an and/or "
	for word, want := range map[string]bool{"a": true, "an": true, "and/or": true, "and": false, "n": false, "": false, "or": false, "a an": true} {
		if got := has(set, word); got != want {
			t.Errorf("has(%q) is %v", word, got)
		}
	}
}

func TestClip(t *testing.T) {
	for _, c := range []struct {
		text string
		most int
		want string
	}{
		{"short", 10, "short"}, {"two\n  lines", 10, "two lines"}, {"a long row of words", 10, "a long…"}, {"a long rows of words", 10, "a long…"},
		{"unbrokenwords", 5, "unbro…"}, {"éééé", 3, "é…"},
	} {
		if got := clip(c.text, c.most); got != c.want {
			t.Errorf("clip(%q, %d) is %q, want %q", c.text, c.most, got, c.want)
		}
	}
}

// A text may be one sentence without end. Its reading takes time that grows with its
// length, and not with a power of it: then these texts would take minutes to years.
func TestEndlessSentences(t *testing.T) {
	for _, words := range []string{"ability skills ", "ability calls ", "help answer ", "ensure trust ", "help satisfaction ", "assist staff with ", "reports to the head of support and "} {
		f := factsIn(t, "a.txt", "Clerk\nDuties:\nAnswers "+strings.Repeat(words, 30000)+"\n")
		if f.Words < 60000 {
			t.Errorf("%q: %d words are read", words, f.Words)
		}
	}
}
