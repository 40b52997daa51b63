// Package lint holds what every rule about text is made of: the documented
// Rule, the Pass it looks through, the Diagnostic it reports and the Fix that
// may be applied without asking. It knows no rule of its own and no subject:
// rules for statements are in core/vision, rules for job descriptions in
// core/jobs, rules of the user's in core/lint/custom and core/lint/vale.
package lint

import (
	"fmt"
	"strings"

	"github.com/firstcall-cli/firstcall/core/problem"
	"github.com/firstcall-cli/firstcall/core/prose"
)

// Severity says how much a diagnostic weighs.
type Severity uint8

// The severities, from the least. A hint says what a reader might look at, and
// may be wrong; a warning should be acted on; an error makes the text unfit.
const (
	Hint Severity = iota + 1
	Warning
	Error
)

// severities are the names in files, records and on the command line.
var severities = [...]string{Hint: "hint", Warning: "warning", Error: "error"}

// Severities lists the names of the severities, from the least.
func Severities() []string { return severities[Hint:] }

// String gives the name of the severity.
func (s Severity) String() string {
	if s < Hint || s > Error {
		return fmt.Sprintf("severity(%d)", uint8(s))
	}
	return severities[s]
}

// ParseSeverity reads what String wrote; ok is false for any other name.
func ParseSeverity(name string) (s Severity, ok bool) {
	for i, n := range severities {
		if n != "" && n == name {
			return Severity(i), true
		}
	}
	return 0, false
}

// Rule is one documented rule. Rules are values that nobody changes once made.
type Rule struct {
	ID       string   // family/name, lower case with hyphens: "clarity/buzzword"
	Title    string   // what it looks for, a phrase: "Buzzwords"
	Why      string   // why it matters to a reader, a sentence or two
	Fix      string   // what a writer can do, a sentence
	Source   string   // author, year and title of the guidance or research it rests on
	Severity Severity // of its diagnostics, unless they say otherwise
	// Level, when it is set, is the severity of all its diagnostics, whatever they
	// say: what a user made of the rule.
	Level    Severity
	Examples Examples // its tests and its documentation
	// Check looks at one piece of the text; a text of ordinary length is one
	// piece. Whole, when there is one, is called once after the last piece.
	// Either may be nil.
	Check func(*Pass)
	Whole func(*Pass)
}

// Examples are whole texts: the rule reports something in each Bad one and
// nothing in any Good one.
type Examples struct {
	Bad  []string
	Good []string
}

// Family is the part of the id before the slash.
func (r *Rule) Family() string {
	family, _, _ := strings.Cut(r.ID, "/")
	return family
}

// Pass is what a rule sees of one text.
type Pass struct {
	// Text is the piece of the text that is looked at, nil in Whole.
	Text *prose.Text
	// Facts is what the package of the built-in rules knows of the text beyond
	// its words; its own rules know the type. Nil for texts of no subject.
	Facts any

	rule      *Rule
	base      int // offset of the piece in the whole text
	reported  []Diagnostic
	failed    *problem.Problem
	enough    bool        // nothing more of the rule will be listed
	uncounted int         // diagnostics that were only counted
	piece     map[any]any // what PerPiece made
	whole     map[any]any // what PerText made
}

// Diagnostic is one place where a rule has something to say.
type Diagnostic struct {
	Rule     *Rule
	Severity Severity
	Message  string     // what is there, a sentence without a full stop, quoting the text
	Span     prose.Span // in the whole text; empty when the whole text is meant
	Fix      *Fix       // nil when only the writer can know
}

// Fix is a replacement of the diagnostic's span.
type Fix struct {
	Replacement string // may be empty: delete
	Safe        bool   // keeps the meaning whatever stands around it, so that it may be applied unseen
}

// Report reports the span of the piece, as offsets into p.Text.Source (in Whole:
// into the whole text), with the rule's severity.
func (p *Pass) Report(span prose.Span, format string, args ...any) {
	if p.Enough() {
		p.Count()
		return
	}
	p.Diagnose(Diagnostic{Message: fmt.Sprintf(format, args...), Span: span})
}

// Enough says that no further diagnostic of the rule will be listed, so that it
// need not be worded: Count tells that there is one.
func (p *Pass) Enough() bool { return p.enough }

// Count counts a diagnostic that is not worded, because there are Enough.
func (p *Pass) Count() { p.uncounted++ }

// Diagnose is Report for a diagnostic that carries a fix or a severity of its
// own. The rule is filled in, the severity when it is zero; the span is as for
// Report.
func (p *Pass) Diagnose(d Diagnostic) {
	d.Rule = p.rule
	if d.Severity == 0 {
		d.Severity = p.rule.Severity
	}
	if p.rule.Level != 0 {
		d.Severity = p.rule.Level
	}
	if d.Span.Start == d.Span.End {
		d.Span = prose.Span{} // the whole text, whatever piece the rule was looking at
	} else {
		d.Span.Start += p.base
		d.Span.End += p.base
	}
	p.reported = append(p.reported, d)
}

// Base is the offset of the piece in the whole text, for rules that remember a
// place until Whole; 0 in Whole.
func (p *Pass) Base() int { return p.base }

// Fail says that the rule could not look at the text, and why: a limit was
// reached, say. The problem is about the rule's own file where it has one. What
// the rule reports besides stays.
func (p *Pass) Fail(why problem.Problem) {
	if p.failed == nil {
		p.failed = &why
	}
}

// PerPiece gives what make makes of the piece. It is made once for all rules
// that ask with the same key: thus many rules look up their words in one walk.
// Keys are compared as keys of a map are; give them a type of your own.
func PerPiece[T any](p *Pass, key any, make func() T) T { return once(&p.piece, key, make) }

// PerText is PerPiece for the whole text. It is where a rule that must not be
// changed keeps what it needs to remember from piece to piece: give a pointer.
func PerText[T any](p *Pass, key any, make func() T) T { return once(&p.whole, key, make) }

func once[T any](made *map[any]any, key any, make func() T) T {
	if v, ok := (*made)[key]; ok {
		return v.(T)
	}
	v := make()
	if *made == nil {
		*made = map[any]any{}
	}
	(*made)[key] = v
	return v
}
