package custom

import (
	"fmt"
	"regexp"

	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/prose"
)

// maxNamed is how many phrases a message names.
const maxNamed = 3

// seen is what a rule that requires something has seen of a text.
type seen struct {
	words bool // any at all
	found bool
}

// requireRule makes a rule of require and require_pattern.
func (r reader) requireRule(rule *lint.Rule, raw rawRule, w words, p path) {
	r.checkMessage(w, p)
	var re *regexp.Regexp
	if raw.RequirePattern != nil {
		if re = r.pattern(*raw.RequirePattern, p.at("require_pattern")); re == nil {
			return
		}
	} else if len(raw.Require) == 0 {
		r.report(p.at("require"), "rule requires nothing", "write down at least one phrase")
	}
	index := r.phrases.rules
	r.phrases.rules++
	r.addPhrases(index, raw.Require, nil, p.at("require"))
	message := w.message
	if message == "" {
		message = w.title + ": " + missing(raw.Require)
	}
	all, key := r.phrases, new(seen)
	state := func(p *lint.Pass) *seen { return lint.PerText(p, key, func() *seen { return &seen{} }) }
	rule.Check = func(p *lint.Pass) {
		s := state(p)
		s.words = s.words || len(p.Text.Words) > 0
		s.found = s.found || len(all.of(p)[index]) > 0
		if re != nil && !s.found {
			eachRun(p.Text, func(run prose.Span) { s.found = s.found || re.MatchString(run.In(p.Text.Source)) })
		}
	}
	rule.Whole = func(p *lint.Pass) {
		if s := state(p); s.words && !s.found {
			p.Report(prose.Span{}, "%s", message)
		}
	}
}

// missing says in words that none of the phrases is there.
func missing(list []string) string {
	switch n := len(list); {
	case n == 0:
		return "nothing of it is there"
	case n == 1:
		return fmt.Sprintf("%q is not there", text(list[0]))
	case n <= maxNamed:
		return fmt.Sprintf("none of %s is there", quoted(list))
	default:
		return fmt.Sprintf("none of %s and %d more is there", quoted(list[:maxNamed]), n-maxNamed)
	}
}

// quoted lists texts in quotes.
func quoted(list []string) string {
	s := ""
	for i, item := range list {
		if i > 0 {
			s += ", "
		}
		s += fmt.Sprintf("%q", text(item))
	}
	return s
}
