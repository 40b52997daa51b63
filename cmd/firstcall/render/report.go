package render

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

// report is texts with what was found in them, as formats for programs know them:
// statements and job descriptions alike.
type report struct {
	command string // that made it: lint, check
	noun    string // what a text is called: statement, document
	texts   []text
	rules   []RuleText // those that were looked for
	root    root
	version string
}

// text is one text with what was found in it.
type text struct {
	id, kind string
	client   string // id of whom it is of
	suite    string // what JUnit has it under
	place    record.Place
	findings []record.Remark
	notice   *notice // nil for none
	passes   bool    // whether findings are no failure, since nothing is to be done about the text
}

// notice says something of a whole text that no finding does.
type notice struct {
	// severity is hint for what is told to those who ask, and no fault; a failure
	// means that the text could not be looked at.
	severity string
	rule     string // what stands where a finding has its rule
	message  string // a sentence without a full stop
}

// remark is the notice as a finding about the whole of a file, for formats that
// know nothing else.
func (n notice) remark(at record.Place) record.Remark {
	return record.Remark{Rule: n.rule, Severity: n.severity, Message: n.message, Place: record.Place{File: at.File}}
}

// write writes the report in one of the formats sarif, github, junit and
// checkstyle.
func (r report) write(w io.Writer, format string) error {
	switch format {
	case "sarif":
		return sarif(w, r)
	case "junit":
		return junit(w, r)
	case "checkstyle":
		return checkstyle(w, r)
	case "github":
		out := bufio.NewWriter(w)
		github(out, r)
		return out.Flush()
	}
	return fmt.Errorf("no renderer for format %q", format)
}

// complete says whether every text could be looked at.
func (r report) complete() bool {
	return !slices.ContainsFunc(r.texts, func(t text) bool { return t.notice != nil && t.notice.severity == failure })
}

// told are the findings of a text, and before them its notice if that is more than
// a hint.
func (t text) told() []record.Remark {
	if t.notice == nil || t.notice.severity == hint {
		return t.findings
	}
	return slices.Concat([]record.Remark{t.notice.remark(t.place)}, t.findings)
}

// ruleTexts gives what the rules say of themselves, by id. Findings of rules that
// the report has no text of say it, the first of a rule in each text.
func (r report) ruleTexts() map[string]RuleText {
	texts := map[string]RuleText{}
	for _, rule := range r.rules {
		texts[rule.ID] = rule
	}
	for _, t := range r.texts {
		for _, f := range t.findings {
			if _, known := texts[f.Rule]; !known && (f.Why != "" || f.Fix != "") {
				texts[f.Rule] = RuleText{ID: f.Rule, Why: f.Why, Fix: f.Fix}
			}
		}
	}
	return texts
}

// withAdvice gives findings with the advice of their rules, which a record may have
// once for each rule.
func withAdvice(findings []record.Remark, rules map[string]RuleText) []record.Remark {
	out := slices.Clone(findings)
	for i, f := range out {
		out[i].Fix = cmp.Or(f.Fix, rules[f.Rule].Fix)
	}
	return out
}

// clientName is whom a record is of, for people.
func clientName(r *record.Record) string {
	if r == nil {
		return ""
	}
	if r.Client.Name != "" {
		return r.Client.Name
	}
	return r.Client.ID
}

// clientID is whom a record is of, for programs.
func clientID(r *record.Record) string {
	if r == nil {
		return ""
	}
	return r.Client.ID
}

// The severities of findings.
const (
	hint    = "hint"
	warning = "warning"
	failure = "error"
)

// severities are the severities of findings, the worst first.
var severities = []string{failure, warning, hint}

// count gives the number of findings of a severity.
func count(findings []record.Remark, severity string) int {
	n := 0
	for _, f := range findings {
		if f.Severity == severity {
			n++
		}
	}
	return n
}

// plural is a number with its noun.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// stdin is how a user names standard input.
const stdin = "-"

// root is a folder that absolute file names are told from, where a format wants
// relative ones. It may be empty.
type root string

// fileName is a file as programs that run in root name it: relative, with
// forward slashes. Of a file elsewhere it is the base name, since where the
// user keeps it concerns nobody; of standard input it is empty.
func (r root) fileName(name string) string {
	if name == stdin || name == "" {
		return ""
	}
	if filepath.IsAbs(name) {
		relative, err := filepath.Rel(string(r), name)
		if err != nil || r == "" || relative == ".." || strings.HasPrefix(relative, ".."+string(filepath.Separator)) {
			relative = filepath.Base(name)
		}
		name = relative
	}
	return path.Clean(filepath.ToSlash(name))
}

// uri is fileName as a relative reference.
func (r root) uri(name string) string {
	name = r.fileName(name)
	if name == "" {
		return ""
	}
	return (&url.URL{Path: name}).String()
}

// located is a finding's message with its place in front, for formats that know
// only lines, when the file has none.
func located(f record.Remark) string {
	if f.Place.Part != "" {
		return f.Place.Part + ": " + f.Message
	}
	return f.Message
}

// place writes a place as compilers do: file:line:column, or the file and the
// part of it.
func place(p record.Place) string {
	name := p.File
	if name == stdin {
		name = "standard input"
	}
	switch {
	case p.Line > 0 && p.Column > 0:
		return fmt.Sprintf("%s:%d:%d", name, p.Line, p.Column)
	case p.Line > 0:
		return fmt.Sprintf("%s:%d", name, p.Line)
	}
	return joined([]string{name, p.Part}, ", ")
}
