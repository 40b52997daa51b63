package vision

import (
	"strings"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/core/record"
)

// longestQuoted is how many bytes of a text a finding quotes.
const longestQuoted = 120

// longestMessage is how many bytes a message has at most: one that quotes a match of
// a user's pattern may be as long as the text.
const longestMessage = 400

// Locate fills in the findings of the body: at gives the place of a byte of the
// statement's text in the user's file, and is asked in ascending order.
func (j *Judged) Locate(text string, at func(offset int) record.Place) {
	b := &j.Body
	b.Place = at(0)
	b.Findings = make([]record.Remark, 0, len(j.Result.Diagnostics))
	said := map[string]bool{}
	for _, d := range j.Result.Diagnostics {
		r := record.Remark{Rule: d.Rule.ID, Severity: d.Severity.String(), Message: clip(d.Message, longestMessage), Start: d.Span.Start, End: d.Span.End}
		// What a rule says of itself stands with its first finding.
		if !said[d.Rule.ID] {
			said[d.Rule.ID] = true
			r.Why, r.Fix = d.Rule.Why, d.Rule.Fix
		}
		r.Place = at(d.Span.Start)
		if d.Span.End > d.Span.Start {
			r.Quote = clip(text[d.Span.Start:d.Span.End], longestQuoted)
			// The end is told from the last character: behind it the file may go on
			// with markup, or end.
			_, size := utf8.DecodeLastRuneInString(text[:d.Span.End])
			if last := at(d.Span.End - size); last.Line > 0 {
				r.EndLine, r.EndColumn = last.Line, last.Column+1
			}
		}
		if d.Fix != nil {
			replacement := d.Fix.Replacement
			r.Replacement, r.Safe = &replacement, d.Fix.Safe
		}
		b.Findings = append(b.Findings, r)
	}
}

// clip gives text on one line, of at most so many bytes.
func clip(text string, most int) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}
