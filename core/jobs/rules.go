package jobs

import (
	"fmt"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/prose"
)

// Family is a family of rules.
type Family struct {
	Name  string // before the slash of an id
	Title string // the question its rules ask
	Part  string // of the staleness, that its findings speak of
}

// Families says what the families of rules are about, in the order of the
// documentation.
func Families() []Family {
	return []Family{
		{"review", "When was it last gone through?", partOf("review")},
		{"dated", "Does it name things that are out of use?", partOf("dated")},
		{"passed", "Are its days and deadlines over?", partOf("passed")},
		{"org", "Does it fit the organization as it is now?", partOf("org")},
		{"direction", "Does it carry where the organization is going?", partOf("direction")},
		{"customer", "Does it say what the job does for customers?", partOf("customer")},
		{"wording", "Does it shut anybody out?", partOf("wording")},
	}
}

// partOf gives the part of the staleness that a family's findings speak of; empty for
// families of the user's.
func partOf(family string) string {
	switch family {
	case "review":
		return PartReview
	case "dated", "passed":
		return PartContents
	case "org":
		return PartOrganization
	case "direction", "customer", "wording":
		return PartDirection
	}
	return ""
}

// Rules lists the built-in rules: by family, and by id within.
func Rules() []*lint.Rule {
	return slices.Concat(reviewRules(), datedRules(), passedRules(), orgRules(), directionRules(), serviceRules(), wordingRules())
}

// paperIn gives the document a rule looks at.
func paperIn(p *lint.Pass) *Paper { return p.Facts.(*Paper) }

// whole is a diagnostic of the whole document.
func whole(p *lint.Pass, format string, args ...any) {
	p.Report(prose.Span{}, format, args...)
}

// quoted puts words into quotation marks, on one line.
func quoted(words string) string { return "“" + clip(words, longestQuoted) + "”" }

// severe is a diagnostic with a severity of its own.
func severe(p *lint.Pass, s lint.Severity, span prose.Span, format string, args ...any) {
	if p.Enough() {
		p.Count()
		return
	}
	p.Diagnose(lint.Diagnostic{Severity: s, Span: span, Message: fmt.Sprintf(format, args...)})
}

// inUse says whether a document is one whose contents matter: not an advertisement
// that is over.
func inUse(p *Paper) bool { return p.ended == nil && !p.inactive }

// describes says whether a document is to say what the job does for customers: there
// must be enough text that is about the job.
func describes(p *Paper) bool { return inUse(p) && p.facts.Judged >= leastJudged }

// leastJudged is how many words about the job there must be for something to be
// missing in it.
const leastJudged = 40

// every joins phrases as a sentence does: a, b and c.
func every(phrases []string) string {
	switch n := len(phrases); n {
	case 0:
		return ""
	case 1:
		return phrases[0]
	default:
		return strings.Join(phrases[:n-1], ", ") + " and " + phrases[n-1]
	}
}
