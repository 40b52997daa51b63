package render

import (
	"bufio"
	"fmt"
	"io"
	"net/url"
	"path"
	"path/filepath"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

// Lint is what a look at statements brought to light.
type Lint struct {
	Statements []Linted
	Rules      []RuleText // the rules that were looked for, in the order of their documentation
	Root       string     // folder that absolute file names are told from, where a format wants relative ones
	Version    string     // of the program
}

// Linted is one statement: its body, and the record that carries it.
type Linted struct {
	Record    *record.Record
	Statement record.Statement
}

// RuleText is what a rule says of itself.
type RuleText struct {
	ID       string `json:"id"`       // clarity/buzzword
	Title    string `json:"title"`    // a phrase
	Why      string `json:"why"`      // why it matters
	Fix      string `json:"fix"`      // what a writer can do
	Source   string `json:"source"`   // what the rule rests on
	Severity string `json:"severity"` // hint, warning or error
}

// Statements writes statements in one of the formats text (annotated), table,
// csv, tsv, sarif, github, junit and checkstyle. It returns the error of the
// first write that fails.
func Statements(w io.Writer, format string, lint Lint, opt Options) error {
	switch format {
	case "csv", "tsv":
		return Delimited(w, format, findingHeader, findingRows(lint))
	case "sarif":
		return sarif(w, lint)
	}
	out := bufio.NewWriter(w)
	var err error
	switch format {
	case "text":
		annotated(out, lint, opt)
	case "table":
		err = statementTable(out, lint.Statements, opt)
	case "github":
		github(out, lint)
	case "junit":
		err = junit(out, lint)
	case "checkstyle":
		err = checkstyle(out, lint)
	default:
		err = fmt.Errorf("no renderer for format %q", format)
	}
	if err != nil {
		return err
	}
	return out.Flush()
}

// ruleTexts gives what the rules say of themselves, by id. Findings of rules that
// lint has no text of say it, the first of a rule in each statement.
func (l Lint) ruleTexts() map[string]RuleText {
	texts := map[string]RuleText{}
	for _, r := range l.Rules {
		texts[r.ID] = r
	}
	for _, s := range l.Statements {
		for _, f := range s.Statement.Findings {
			if _, known := texts[f.Rule]; !known && (f.Why != "" || f.Fix != "") {
				texts[f.Rule] = RuleText{ID: f.Rule, Why: f.Why, Fix: f.Fix}
			}
		}
	}
	return texts
}

// client is whom the statement is of, for people.
func (l Linted) client() string {
	if l.Record == nil {
		return ""
	}
	if l.Record.Client.Name != "" {
		return l.Record.Client.Name
	}
	return l.Record.Client.ID
}

// clientID is whom the statement is of, for programs.
func (l Linted) clientID() string {
	if l.Record == nil {
		return ""
	}
	return l.Record.Client.ID
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

// fileName is a file as programs that run in root name it: relative, with
// forward slashes. Of a file elsewhere it is the base name, since where the
// user keeps it concerns nobody; of standard input it is empty.
func (l Lint) fileName(name string) string {
	if name == stdin || name == "" {
		return ""
	}
	if filepath.IsAbs(name) {
		relative, err := filepath.Rel(l.Root, name)
		if err != nil || l.Root == "" || relative == ".." || strings.HasPrefix(relative, ".."+string(filepath.Separator)) {
			relative = filepath.Base(name)
		}
		name = relative
	}
	return path.Clean(filepath.ToSlash(name))
}

// uri is fileName as a relative reference.
func (l Lint) uri(name string) string {
	name = l.fileName(name)
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
