package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/cmd/firstcall/render"
	"github.com/firstcall-cli/firstcall/core/jobs"
	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/problem"
	"github.com/firstcall-cli/firstcall/core/vision"
)

func runRulesList(_ context.Context, in *invocation) error {
	book, err := openRules(in, builtInRules())
	if err != nil {
		return err
	}
	rules := book.all()
	if format := in.format(); format != "table" {
		return writeRules(in, format, rules)
	}
	var b strings.Builder
	family := ""
	for _, r := range rules {
		if r.Family() != family {
			family = r.Family()
			title := ""
			if question := familyQuestion(family); question != "" {
				title = ": " + question
			}
			if b.Len() > 0 {
				b.WriteString("\n")
			}
			fmt.Fprintf(&b, "%s%s\n", family, title)
		}
		fmt.Fprintf(&b, "  %-26s %-8s %s\n", r.ID, r.Severity, render.Printable(r.Title))
	}
	return writeAll(in.out, b.String())
}

// builtInRules are the rules for statements and those for job descriptions.
func builtInRules() []*lint.Rule { return slices.Concat(vision.Rules(), jobs.Rules()) }

// familyQuestion is the question that the rules of a family ask; empty for families of
// the user's.
func familyQuestion(name string) string {
	for _, f := range vision.Families() {
		if f.Name == name {
			return f.Title
		}
	}
	for _, f := range jobs.Families() {
		if f.Name == name {
			return f.Title + " (job descriptions)"
		}
	}
	return ""
}

// lookFor gives what makes of an example what a rule looks at.
func lookFor(r *lint.Rule) lint.Look {
	if slices.ContainsFunc(jobs.Families(), func(f jobs.Family) bool { return f.Name == r.Family() }) {
		return jobs.Look
	}
	return vision.Example
}

// writeRules writes rules for programs.
func writeRules(in *invocation, format string, rules []*lint.Rule) error {
	if err := render.Rules(in.out, format, ruleTexts(rules)); err != nil {
		return fmt.Errorf("write output: %w", err)
	}
	return nil
}

func runRulesShow(_ context.Context, in *invocation) error {
	if len(in.args) == 0 {
		return usagef("firstcall rules list shows the rules", "rules show needs the name of a rule")
	}
	book, err := openRules(in, builtInRules())
	if err != nil {
		return err
	}
	var shown []string
	for _, name := range in.args {
		at := slices.IndexFunc(book.all(), func(r *lint.Rule) bool { return r.ID == name })
		if at < 0 {
			return usagef(problem.DidYouMean(name, book.ids(), "firstcall rules list shows them"), "unknown rule %q", name)
		}
		shown = append(shown, ruleText(book.all()[at]))
	}
	return writeAll(in.out, strings.Join(shown, "\n"))
}

// ruleText is the documentation of a rule, for people.
func ruleText(r *lint.Rule) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s (%s)\n\n", r.ID, render.Printable(r.Title), r.Severity)
	for _, p := range []struct{ name, text string }{{"Why", r.Why}, {"Fix", r.Fix}, {"Source", r.Source}} {
		if p.text != "" {
			b.WriteString(render.Wrap(p.name+": "+render.Printable(p.text), ""))
		}
	}
	for _, set := range []struct {
		name  string
		texts []string
	}{{"Bad", r.Examples.Bad}, {"Good", r.Examples.Good}} {
		for _, text := range set.texts {
			b.WriteString("\n" + render.Wrap(set.name+": "+clipWords(render.Printable(strings.ReplaceAll(text, "\n", " ")), 50), "  "))
		}
	}
	return b.String()
}

// clipWords gives at most so many words of a text.
func clipWords(text string, most int) string {
	words := strings.Fields(text)
	if len(words) <= most {
		return text
	}
	return strings.Join(words[:most], " ") + " …"
}

func runRulesTest(_ context.Context, in *invocation) error {
	book, err := openRules(in, builtInRules())
	if err != nil {
		return err
	}
	rules := book.all()
	for _, name := range in.args {
		if !slices.ContainsFunc(rules, func(r *lint.Rule) bool {
			return r.ID == name || strings.HasSuffix(name, "/") && strings.HasPrefix(r.ID, name)
		}) {
			return usagef(problem.DidYouMean(name, slices.Concat(book.ids(), book.families()), "firstcall rules list shows them"), "unknown rule %q", name)
		}
	}
	if len(in.args) > 0 {
		rules = slices.DeleteFunc(rules, func(r *lint.Rule) bool {
			return !slices.ContainsFunc(in.args, func(name string) bool {
				return r.ID == name || strings.HasSuffix(name, "/") && strings.HasPrefix(r.ID, name)
			})
		})
	}
	examples, without := 0, 0
	var failed []error
	for _, r := range rules {
		n := len(r.Examples.Bad) + len(r.Examples.Good)
		examples += n
		if n == 0 {
			without++
		}
		for _, f := range lint.TestExamples(r, lookFor(r)) {
			failed = append(failed, &gateError{what: f.String()})
		}
	}
	if without > 0 {
		in.note("%s without examples", count(without, "rule"))
	}
	if len(failed) > 0 {
		return errors.Join(failed...)
	}
	return writeAll(in.out, fmt.Sprintf("%s tested by %s: all keep to them\n", count(len(rules)-without, "rule"), count(examples, "example")))
}
