// Package runs keeps the cost of regular expressions of the user's in bounds:
// it cuts texts into runs that are short enough to be matched at once, and says
// how large a pattern is with its repetitions written out.
package runs

import (
	"regexp/syntax"

	"github.com/firstcall-cli/firstcall/core/prose"
)

// Max is the longest run of text, in bytes. A search that looks far ahead for
// each match takes the square of it.
const Max = 8 << 10

// Of calls f for a paragraph of a text; for one that is longer than Max, for as
// many of its sentences as are short enough together, or for parts of a
// sentence, cut between words.
func Of(t *prose.Text, p prose.Paragraph, f func(prose.Span)) {
	if p.End-p.Start <= Max {
		f(p.Span)
		return
	}
	run := prose.Span{Start: p.Start, End: p.Start}
	extend := func(end int) {
		if end-run.Start > Max && run.End > run.Start {
			f(run)
			run.Start = run.End
		}
		run.End = end
	}
	for _, s := range t.Sentences[p.FirstSentence:p.EndSentence] {
		if s.End-s.Start > Max {
			for _, w := range t.Words[s.FirstWord:s.EndWord] {
				extend(w.End)
			}
		}
		extend(s.End)
	}
	f(run)
}

// Size counts the characters of a pattern with its repetitions written out:
// matching may take that many steps for each byte of the text.
func Size(re *syntax.Regexp) int {
	n := 1
	if re.Op == syntax.OpLiteral {
		n = len(re.Rune)
	}
	for _, sub := range re.Sub {
		n += Size(sub)
	}
	if re.Op == syntax.OpRepeat {
		n *= max(re.Min, re.Max, 1)
	}
	return n
}
