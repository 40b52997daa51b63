package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/lint/custom"
	"github.com/firstcall-cli/firstcall/core/lint/vale"
	"github.com/firstcall-cli/firstcall/core/problem"
)

// ruleBook is all rules there are: the built-in ones and the user's.
type ruleBook struct {
	rules []*lint.Rule
	vale  []valeRules
}

// valeRules are rules whose configuration says which files they are for.
type valeRules struct {
	config *vale.Config
	rules  []*lint.Rule
}

// ids gives the ids of all rules.
func (b *ruleBook) ids() []string {
	var ids []string
	for _, r := range b.all() {
		ids = append(ids, r.ID)
	}
	return ids
}

// known gives the ids that a comment in a text may name: of rules for other texts too,
// since a file may be looked at by lint and by check.
func (b *ruleBook) known() []string {
	ids := b.ids()
	for _, r := range builtInRules() {
		if !slices.Contains(ids, r.ID) {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// families gives the families of all rules, each with its slash.
func (b *ruleBook) families() []string {
	var families []string
	for _, r := range b.all() {
		if f := r.Family() + "/"; !slices.Contains(families, f) {
			families = append(families, f)
		}
	}
	return families
}

// all gives all rules, those of styles last.
func (b *ruleBook) all() []*lint.Rule {
	rules := slices.Clone(b.rules)
	for _, v := range b.vale {
		rules = append(rules, v.rules...)
	}
	return rules
}

// forFile gives the rules that a file is checked with.
func (b *ruleBook) forFile(path string) []*lint.Rule {
	rules := b.rules
	for _, v := range b.vale {
		rules = append(slices.Clip(rules), v.config.For(path, v.rules)...)
	}
	return rules
}

// openRules reads the user's rules and puts them beside built-in ones.
func openRules(in *invocation, builtIn []*lint.Rule) (*ruleBook, error) {
	b := &ruleBook{rules: builtIn}
	for _, path := range in.list("rules") {
		src, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("read rules: %w", err)
		}
		more, err := custom.Read(path, src, b.ids())
		if err != nil {
			return nil, err
		}
		b.rules = append(b.rules, more...)
	}
	for _, path := range in.list("vale") {
		if err := b.openVale(in, path); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// openVale reads styles written for Vale.
func (b *ruleBook) openVale(in *invocation, path string) error {
	config, rules, notes, err := vale.Open(path, b.ids())
	if err != nil {
		return err
	}
	tellNotes(in, notes)
	if config != nil {
		b.vale = append(b.vale, valeRules{config, rules})
	} else {
		b.rules = append(b.rules, rules...)
	}
	return nil
}

// tellNotes tells what of a user's file is left out.
func tellNotes(in *invocation, notes problem.List) {
	for _, n := range notes {
		in.note("%v", n)
	}
}

// severityOff switches a rule off.
const severityOff = "off"

// choose leaves out rules that are switched off, and gives others the severity the
// user wants: "clarity/buzzword=hint", "form/=off".
func (b *ruleBook) choose(in *invocation) error {
	names := b.ids()
	levels := map[string]string{}
	for _, setting := range in.list("severity") {
		name, level, ok := strings.Cut(setting, "=")
		if _, known := lint.ParseSeverity(level); !ok || !known && level != severityOff {
			return usagef("write it as clarity/buzzword=hint, with off, hint, warning or error", "--severity: %q does not give a rule its level", setting)
		}
		family, all := strings.CutSuffix(strings.TrimSuffix(name, "*"), "/")
		matched := false
		for _, id := range names {
			if id == name || all && strings.HasPrefix(id, family+"/") {
				levels[id], matched = level, true
			}
		}
		if !matched {
			return usagef(problem.DidYouMean(name, slices.Concat(names, b.families()), "firstcall rules list shows them"), "--severity: unknown rule %q", name)
		}
	}
	b.rules = chosen(b.rules, levels)
	for i := range b.vale {
		b.vale[i].rules = chosen(b.vale[i].rules, levels)
	}
	return nil
}

// chosen gives rules their levels.
func chosen(rules []*lint.Rule, levels map[string]string) []*lint.Rule {
	var out []*lint.Rule
	for _, r := range rules {
		level := levels[r.ID]
		if level == severityOff {
			continue
		}
		if level != "" {
			changed := *r
			changed.Level, _ = lint.ParseSeverity(level)
			r = &changed
		}
		out = append(out, r)
	}
	return out
}
