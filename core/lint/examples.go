package lint

import (
	"fmt"
	"iter"

	"github.com/firstcall-cli/firstcall/core/prose"
)

// Failure is an example that a rule does not keep.
type Failure struct {
	Rule  *Rule
	Bad   bool         // the example is one of Bad, and nothing was found; otherwise one of Good
	Index int          // among the Bad or the Good examples, from 0
	Text  string       // the example
	Found []Diagnostic // in a Good example
	Error error        // the rule could not look at the example
}

// String says what is wrong, a phrase.
func (f Failure) String() string {
	switch {
	case f.Error != nil:
		return fmt.Sprintf("%s: example could not be looked at: %v", f.Rule.ID, f.Error)
	case f.Bad:
		return fmt.Sprintf("%s: nothing found in bad example %d", f.Rule.ID, f.Index+1)
	}
	return fmt.Sprintf("%s: %s, in good example %d", f.Rule.ID, f.Found[0].Message, f.Index+1)
}

// Look makes of an example what Run makes of a text: the package of the built-in
// rules knows its facts.
type Look func(text string) (facts any, pieces iter.Seq[Piece])

// Plain looks at an example as English prose with no facts.
func Plain(text string) (facts any, pieces iter.Seq[Piece]) {
	return nil, Pieces(prose.Parse(text))
}

// TestExamples runs a rule against its own examples, and gives those it does not
// keep: bad ones first, in their order.
func TestExamples(rule *Rule, look Look) []Failure {
	var failures []Failure
	try := func(texts []string, bad bool) {
		for i, text := range texts {
			facts, pieces := look(text)
			result := Run([]*Rule{rule}, pieces, Options{Facts: facts})
			err := result.Failed.Err()
			if err == nil && bad == (len(result.Diagnostics) > 0) {
				continue
			}
			failures = append(failures, Failure{rule, bad, i, text, result.Diagnostics, err})
		}
	}
	try(rule.Examples.Bad, true)
	try(rule.Examples.Good, false)
	return failures
}
