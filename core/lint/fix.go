package lint

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
)

// Source is the file that a text was taken from.
type Source struct {
	Bytes []byte
	Text  string // what the diagnostics' spans are in
	// At gives the offset in Bytes of the byte of Text at an offset; a negative
	// one when there is no such place. Nil when Text is Bytes.
	At func(offset int) int
	// Escape writes a replacement as the format of the file wants it. Nil when
	// nothing needs to be escaped.
	Escape func(replacement string) string
}

// Reason says why a safe fix was not applied.
type Reason uint8

// The reasons.
const (
	Overlaps Reason = iota // another fix has changed the same words
	NoPlace                // the words have no place in the file of their own
	Markup                 // the file writes the words in another way, with marks in between or escapes
)

var reasons = [...]string{
	Overlaps: "another fix changes the same words",
	NoPlace:  "the words have no place of their own in the file",
	Markup:   "there are marks or escapes between the words in the file",
}

// String gives the reason as part of a sentence.
func (r Reason) String() string {
	if int(r) >= len(reasons) {
		return fmt.Sprintf("reason(%d)", uint8(r))
	}
	return reasons[r]
}

// Skipped is a diagnostic whose safe fix was not applied.
type Skipped struct {
	Diagnostic Diagnostic
	Reason     Reason
}

// Fixed is a file with fixes applied.
type Fixed struct {
	Bytes   []byte
	Applied []Diagnostic // in the order of the file
	Skipped []Skipped    // those with no place or with marks first
}

// edit is a fix at its place in the file.
type edit struct {
	start, end  int
	replacement string
	diagnostic  Diagnostic
}

// Apply applies the safe fixes among diagnostics, which are sorted as Run sorts
// them; others are left alone. Of two that touch the same words the first wins.
// A fix is only applied where the file has exactly the words of the span. What is
// deleted takes one of the two spaces around it along.
func Apply(src Source, diagnostics []Diagnostic) Fixed {
	var f Fixed
	var edits []edit
	for _, d := range diagnostics {
		if d.Fix == nil || !d.Fix.Safe {
			continue
		}
		start, end, ok := src.place(d)
		switch {
		case !ok:
			f.Skipped = append(f.Skipped, Skipped{d, NoPlace})
			continue
		case string(src.Bytes[start:end]) != d.Span.In(src.Text):
			f.Skipped = append(f.Skipped, Skipped{d, Markup})
			continue
		}
		e := edit{start, end, d.Fix.Replacement, d}
		if src.Escape != nil {
			e.replacement = src.Escape(e.replacement)
		}
		if e.replacement == "" && spaceBefore(src.Bytes, start) && end < len(src.Bytes) && src.Bytes[end] == ' ' {
			e.end++
		}
		edits = append(edits, e)
	}
	slices.SortStableFunc(edits, func(a, b edit) int { return cmp.Compare(a.start, b.start) })
	f.apply(src.Bytes, edits)
	return f
}

// apply makes the edits, which are sorted by start.
func (f *Fixed) apply(src []byte, edits []edit) {
	var out bytes.Buffer
	done := 0
	for _, e := range edits {
		if e.start < done {
			f.Skipped = append(f.Skipped, Skipped{e.diagnostic, Overlaps})
			continue
		}
		out.Write(src[done:e.start])
		out.WriteString(e.replacement)
		done = e.end
		f.Applied = append(f.Applied, e.diagnostic)
	}
	out.Write(src[done:])
	f.Bytes = out.Bytes()
}

// place finds the span of a diagnostic in the file.
func (s *Source) place(d Diagnostic) (start, end int, ok bool) {
	if d.Span.Start < 0 || d.Span.Start >= d.Span.End || d.Span.End > len(s.Text) {
		return 0, 0, false
	}
	if s.At == nil {
		start, end = d.Span.Start, d.Span.End
	} else {
		// What follows the span may stand anywhere: its last byte counts.
		start, end = s.At(d.Span.Start), s.At(d.Span.End-1)+1
	}
	return start, end, start >= 0 && start < end && end <= len(s.Bytes)
}

// spaceBefore says whether a line or a space ends at i.
func spaceBefore(src []byte, i int) bool {
	return i == 0 || src[i-1] == ' ' || src[i-1] == '\n'
}

// Diff gives what has changed in a file as a unified diff that patch and git
// apply take, empty when nothing has. The name is relative to where they are
// called, with slashes.
func Diff(name string, before, after []byte) []byte {
	text := diff.Diff("before", before, "after", after)
	// Three lines of header come first, with names of which we write our own.
	for range min(len(text), 3) {
		_, text, _ = bytes.Cut(text, []byte("\n"))
	}
	if len(text) == 0 {
		return nil
	}
	return append(fmt.Appendf(nil, "--- %s\n+++ %s\n", diffName("a/"+name), diffName("b/"+name)), text...)
}

// diffName writes a name as git does: one with spaces has a tab after it, one
// with characters that would break the line is quoted.
func diffName(name string) string {
	quoted := false
	var b strings.Builder
	for i := range len(name) {
		switch c := name[i]; {
		case c == '"' || c == '\\':
			quoted = true
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < ' ' || c == 0x7f:
			quoted = true
			fmt.Fprintf(&b, "\\%03o", c)
		default:
			b.WriteByte(c)
		}
	}
	switch {
	case quoted:
		return `"` + b.String() + `"`
	case strings.Contains(name, " "):
		return name + "\t"
	}
	return name
}
