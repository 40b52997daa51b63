package render

import (
	"bufio"
	"cmp"
	"io"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/record/flat"
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
		return printed(w, format, flat.Statements, findingRows(lint))
	case "table":
		return statementTable(w, lint.Statements, opt)
	case "text":
		out := bufio.NewWriter(w)
		annotated(out, lint, opt)
		return out.Flush()
	}
	return lint.report().write(w, format)
}

// report is the statements as formats for programs know them. One without a verdict
// has a notice of it.
func (l Lint) report() report {
	r := report{command: "lint", noun: "statement", rules: l.Rules, root: root(l.Root), version: l.Version}
	for _, s := range l.Statements {
		t := text{id: s.Statement.ID, kind: s.Statement.Kind, client: s.clientID(), place: s.Statement.Place, findings: s.Statement.Findings}
		t.suite = cmp.Or(r.root.fileName(t.place.File), "standard input")
		if s.Statement.Verdict == nil {
			t.notice = &notice{severity: hint, rule: "not-judged", message: notJudged(s.Statement)}
		}
		r.texts = append(r.texts, t)
	}
	return r
}

// client is whom the statement is of, for people.
func (l Linted) client() string { return clientName(l.Record) }

// clientID is whom the statement is of, for programs.
func (l Linted) clientID() string { return clientID(l.Record) }
