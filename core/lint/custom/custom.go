// Package custom makes rules out of the TOML files that people write for their
// own house style.
//
//	[[rule]]
//	id = "house/leverage"
//	title = "Say use"
//	why = "Nobody says it aloud."
//	severity = "warning"
//	swap = { leverage = "use", "in order to" = "to" }
//	safe = true
//	examples = { bad = ["We leverage it."], good = ["We use it."] }
//
// A rule looks for one of these:
//
//   - phrases, a list, or swap, a table from phrases to what to write instead:
//     whole words in any case, with any white space between them;
//   - pattern, a regular expression of Go's, in any case, paragraph by paragraph;
//   - threshold, a measure of the text that is above or below a limit;
//   - require, a list of phrases, or require_pattern: a text with none of them is
//     reported.
//
// Its message may name {found}, {replacement}, {value} and {limit}.
package custom

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/problem"
	"github.com/firstcall-cli/firstcall/core/tomlfile"
)

// The raw types are the file as written.

type rawFile struct {
	Rules []rawRule `toml:"rule"`
}

type rawRule struct {
	ID             string            `toml:"id"`
	Title          string            `toml:"title"`
	Why            string            `toml:"why"`
	Fix            string            `toml:"fix"`
	Source         string            `toml:"source"`
	Severity       string            `toml:"severity"`
	Message        string            `toml:"message"`
	Phrases        []string          `toml:"phrases"`
	Swap           map[string]string `toml:"swap"`
	Pattern        *string           `toml:"pattern"`
	Replacement    *string           `toml:"replacement"`
	Safe           bool              `toml:"safe"`
	Threshold      *rawThreshold     `toml:"threshold"`
	Require        []string          `toml:"require"`
	RequirePattern *string           `toml:"require_pattern"`
	Examples       rawExamples       `toml:"examples"`
}

type rawThreshold struct {
	Measure string   `toml:"measure"`
	Above   *float64 `toml:"above"`
	Below   *float64 `toml:"below"`
}

type rawExamples struct {
	Bad  []string `toml:"bad"`
	Good []string `toml:"good"`
}

// Read makes the rules of a file, in its order. The name file appears in
// problems only. taken is the ids of all rules there are already, which the file
// must not have. The error is a problem.List with every fault of the file.
//
// The phrases of all rules of the file are looked up in one walk over the words
// of a text, however many there are.
func Read(file string, src []byte, taken []string) ([]*lint.Rule, error) {
	var raw rawFile
	doc, err := tomlfile.Decode(file, src, &raw)
	if doc == nil {
		return nil, err
	}
	r := reader{doc: doc, taken: taken, lines: map[string]int{}, phrases: &phrases{}}
	var rules []*lint.Rule
	for i, rule := range raw.Rules {
		rules = append(rules, r.rule(rule, path{"rule", i}))
	}
	if len(raw.Rules) == 0 {
		r.doc.Report("file has no rules", "add [[rule]] with an id and phrases below it")
	}
	if err := doc.Err(); err != nil {
		return nil, err
	}
	return rules, nil
}

// reader turns the raw types into rules and reports faults to doc.
type reader struct {
	doc     *tomlfile.Doc
	taken   []string
	lines   map[string]int // of the ids so far
	phrases *phrases       // of all rules
}

// path names a place in the file, as for tomlfile.Doc.
type path []any

// at extends p without sharing memory with other extensions of it.
func (p path) at(steps ...any) path { return append(slices.Clip(p), steps...) }

func (r reader) report(p path, what, hint string) { r.doc.Report(what, hint, p...) }

// idForm is the form of the ids of rules.
var idForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9]+(-[a-z0-9]+)*$`) })

func (r reader) rule(raw rawRule, p path) *lint.Rule {
	rule := &lint.Rule{
		ID:       raw.ID,
		Title:    text(raw.Title),
		Why:      text(raw.Why),
		Fix:      text(raw.Fix),
		Source:   text(raw.Source),
		Severity: r.severity(raw.Severity, p.at("severity")),
		Examples: lint.Examples{Bad: raw.Examples.Bad, Good: raw.Examples.Good},
	}
	r.id(raw.ID, p.at("id"))
	if rule.Title == "" {
		rule.Title = raw.ID
	}
	w := words{title: rule.Title, message: text(raw.Message)}
	switch kind := r.kind(raw, p); kind {
	case "phrases":
		r.phraseRule(rule, raw, w, p)
	case "pattern":
		r.patternRule(rule, raw, w, p)
	case "threshold":
		r.thresholdRule(rule, *raw.Threshold, w, p.at("threshold"))
	case "require":
		r.requireRule(rule, raw, w, p)
	}
	return rule
}

// text takes the line breaks out of text that may be written over several lines.
func text(s string) string { return strings.Join(strings.Fields(s), " ") }

func (r reader) id(id string, p path) {
	switch line := r.doc.Problem("", "", p...).Line; {
	case id == "":
		r.report(p, "rule has no id", `write id = "house/name"`)
	case !idForm().MatchString(id):
		r.report(p, fmt.Sprintf("%q is not the id of a rule", id), "an id is a family and a name in lower case, as in house/plain-words")
	case r.lines[id] > 0:
		r.report(p, fmt.Sprintf("rule %q is there already, in line %d", id, r.lines[id]), "give each rule an id of its own")
	case slices.Contains(r.taken, id):
		r.report(p, fmt.Sprintf("there is a rule %q already", id), "give it an id of its own; firstcall rules list shows all rules")
	default:
		r.lines[id] = line
	}
}

func (r reader) severity(name string, p path) lint.Severity {
	if name == "" {
		return lint.Warning
	}
	s, ok := lint.ParseSeverity(name)
	if !ok {
		known := strings.Join(lint.Severities(), ", ")
		r.report(p, fmt.Sprintf("unknown severity %q", name), problem.DidYouMean(name, lint.Severities(), "known: "+known))
	}
	return s
}

// kind says what sort of rule it is, the empty one after a fault, and reports
// keys that don't go with it.
func (r reader) kind(raw rawRule, p path) string {
	var kinds []string
	add := func(kind string, keys ...string) {
		for _, key := range keys {
			if r.doc.Defined(p.at(key)...) {
				kinds = append(kinds, kind)
				return
			}
		}
	}
	add("phrases", "phrases", "swap")
	add("pattern", "pattern")
	add("threshold", "threshold")
	add("require", "require", "require_pattern")
	const hint = "give it one of phrases or swap, pattern, threshold, require"
	switch len(kinds) {
	case 0:
		r.report(p.at("phrases"), "rule looks for nothing", hint)
		return ""
	case 1:
	default:
		r.report(p.at(kinds[1]), fmt.Sprintf("rule has %s and %s", kinds[0], kinds[1]), "make two rules of it")
		return ""
	}
	r.replacing(kinds[0], raw, p)
	for _, key := range []string{"phrases", "swap", "pattern", "threshold", "require", "require_pattern"} {
		if r.doc.Faulty(p.at(key)...) {
			return ""
		}
	}
	return kinds[0]
}

// replacing checks the keys about what to write instead.
func (r reader) replacing(kind string, raw rawRule, p path) {
	finds := kind == "phrases" || kind == "pattern"
	if raw.Replacement != nil && !finds {
		r.report(p.at("replacement"), "replacement goes with phrases or a pattern only", "delete it; fix says in words what to do")
	}
	if raw.Replacement != nil && len(raw.Phrases) == 0 && len(raw.Swap) > 0 {
		r.report(p.at("replacement"), "replacement is for phrases, and swap has its own", "delete it")
	}
	replaces := raw.Replacement != nil || len(raw.Swap) > 0
	switch {
	case raw.Safe && !(finds && replaces):
		r.report(p.at("safe"), "rule is safe to apply but has nothing to write instead", "add a replacement or swap, or delete safe")
	case raw.Safe && len(raw.Phrases) > 0 && raw.Replacement == nil:
		r.report(p.at("safe"), "phrases have nothing to write instead", "move them into swap, or add a replacement")
	}
}
