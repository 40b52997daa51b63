// Package vale reads the rules of Vale (https://vale.sh) as they are: YAML
// files, a folder a style. What a rule finds is what Vale finds in plain text;
// where a style asks for something that a text of ours doesn't have, such as
// tables or parts of speech, the rule is left out, and a note says so.
//
// Most patterns run on Go's engine, in linear time. Those that need lookaround
// or that have letters beyond ASCII run on one that goes back. It is stopped
// when it takes too long, and the rule then says that it was.
package vale

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/problem"
)

// ReadRule makes one rule of a file. It is nil when the rule is left out, which a
// note says, or when there is an error, a problem.List.
func ReadRule(id, file string, src []byte) (*lint.Rule, problem.List, error) {
	d := decoder{file: file}
	d.decode(src)
	if len(d.faults) > 0 {
		return nil, nil, d.faults.Err()
	}
	c := &check{decoder: d, rule: &lint.Rule{ID: id}}
	made := c.build()
	if err := c.faults.Err(); err != nil {
		return nil, c.notes, err
	}
	if !made {
		return nil, c.notes, nil
	}
	return c.rule, c.notes, nil
}

// check is a rule in the making, and what its functions work with then.
type check struct {
	decoder
	rule       *lint.Rule
	scopes     []scope
	exceptions *pattern       // nil when there are none
	phrases    *pattern       // exceptions of several words
	edits      *regexp.Regexp // of the action, nil when it has none
}

// levels are Vale's names for severities.
func levels() map[string]lint.Severity {
	return map[string]lint.Severity{"suggestion": lint.Hint, "warning": lint.Warning, "error": lint.Error}
}

// build makes the rule, and says whether there is one.
func (c *check) build() bool {
	def := &c.def
	make, left := c.kind(), leftOut(def.extends)
	switch {
	case def.extends == "":
		c.fault(1, "rule does not say what it extends", "write extends: existence, for example")
	case left != "":
		c.note(def.line("extends"), "rule is left out: "+left, "")
		return false
	case make == nil:
		c.fault(def.line("extends"), fmt.Sprintf("unknown check %q", def.extends), problem.DidYouMean(def.extends, checks(), "known: "+strings.Join(checks(), ", ")))
	case def.message == "":
		c.fault(1, "rule has no message", `write message: "Don't use '%s'"`)
	}
	level, ok := levels()[cmp.Or(def.level, "warning")]
	if !ok {
		c.fault(def.line("level"), fmt.Sprintf("unknown level %q", def.level), "known: suggestion, warning, error")
	}
	if len(c.faults) > 0 || !c.findScopes() {
		return false
	}
	c.rule.Severity = level
	c.describe()
	c.rule.Source = def.link
	c.except()
	c.act()
	make()
	return c.rule.Check != nil
}

// checks lists the checks that are known.
func checks() []string {
	return []string{"existence", "substitution", "occurrence", "repetition", "consistency", "conditional", "capitalization", "metric", "readability"}
}

// kind gives what makes a rule of its kind, nil for one that is not known.
func (c *check) kind() func() {
	switch c.def.extends {
	case "existence":
		return c.existence
	case "substitution":
		return c.substitution
	case "occurrence":
		return c.occurrence
	case "repetition":
		return c.repetition
	case "consistency":
		return c.consistency
	case "conditional":
		return c.conditional
	case "capitalization":
		return c.capitalization
	case "metric":
		return c.metric
	case "readability":
		return c.readability
	}
	return nil
}

// leftOut says why rules of a kind are left out, nothing for others.
func leftOut(kind string) string {
	switch kind {
	case "spelling":
		return "spelling is not checked"
	case "sequence":
		return "sequences of parts of speech are not told"
	case "script":
		return "scripts are not run"
	}
	return ""
}

// findScopes reads the scopes, and says whether any is left to look at.
func (c *check) findScopes() bool {
	names := c.def.scope
	if len(names) == 0 {
		names = []string{"text"}
	}
	scopes, unknown := readScopes(names)
	c.scopes = scopes
	line := c.def.line("scope")
	switch {
	case len(unknown) == 0:
		return true
	case len(scopes) == 0:
		c.note(line, fmt.Sprintf("rule is left out: there is no scope %q here", strings.Join(unknown, ", ")), "known: text, paragraph, heading, list, sentence, summary, raw")
		return false
	}
	c.note(line, fmt.Sprintf("there is no scope %q here, the rule looks at its others", strings.Join(unknown, ", ")), "")
	return true
}

// act compiles what the action needs, and notes what is not done.
func (c *check) act() {
	a := &c.def.action
	line := c.def.line("action")
	switch a.name {
	case "", "replace", "remove":
	case "edit":
		if len(a.params) == 3 && a.params[0] == "regex" {
			re, err := regexp.Compile(a.params[1])
			if err != nil {
				c.note(line, "edit is not offered: its pattern is not a regular expression of Go's", "")
			}
			c.edits = re
		}
	case "suggest", "convert":
		c.note(line, fmt.Sprintf("action %q is not offered", a.name), "")
	default:
		c.note(line, fmt.Sprintf("unknown action %q", a.name), "known: replace, remove, edit")
	}
}

// except compiles the exceptions: longest first, each with its own case.
func (c *check) except() {
	if len(c.def.exceptions) == 0 {
		return
	}
	var all, long []string
	for _, e := range slices.SortedStableFunc(slices.Values(c.def.exceptions), longestFirst) {
		if strings.TrimSpace(e) == "" {
			continue
		}
		all = append(all, e)
		if strings.Contains(strings.TrimSpace(e), " ") {
			long = append(long, e)
		}
	}
	c.exceptions = c.compile("exceptions", all, `\b(?:`+strings.Join(all, "|")+`)\b`)
	if len(long) > 0 {
		c.phrases = c.compile("exceptions", long, `\b(?:`+strings.Join(long, "|")+`)\b`)
	}
}

func longestFirst(a, b string) int { return cmp.Compare(len(b), len(a)) }

// compile compiles an expression made of parts under a key, or reports the part
// that is at fault and gives nil.
func (c *check) compile(key string, parts []string, expression string, named ...string) *pattern {
	p, err := compile(expression, named...)
	if err == nil {
		return p
	}
	what := parts
	for _, part := range parts {
		if _, own := compile(part); own != nil {
			what, err = []string{part}, own
			break
		}
	}
	quoted := strings.Join(what, "|")
	if len(quoted) > 80 {
		quoted = quoted[:80] + "..."
	}
	c.fault(c.def.line(key), fmt.Sprintf("%q is not a regular expression: %s", strings.ToValidUTF8(quoted, "?"), plain(err)), "")
	return nil
}

// plain gives the cause of an engine's error, which quotes the pattern again.
func plain(err error) string {
	s := strings.TrimPrefix(err.Error(), "error parsing regexp: ")
	s, _, _ = strings.Cut(s, " in `")
	return s
}

// excepted says whether the words found are an exception, have one in them, or
// are within one of several words.
func (c *check) excepted(text string, start, end int, clock *clock) (bool, error) {
	if c.exceptions == nil {
		return false, nil
	}
	found, err := c.exceptions.in(text[start:end], clock)
	if found || err != nil || c.phrases == nil {
		return found, err
	}
	all, err := c.phrases.all(text, clock)
	return slices.ContainsFunc(all, func(m match) bool { return m.start <= start && end <= m.end }), err
}
