// Package problem holds the one type in which every reader of the user's
// files says what is wrong, where, and what to do about it.
//
// A problem never quotes a respondent's answer. Names the user chose for
// columns, keys and files may be quoted.
package problem

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// Problem is one fault in a file of the user's.
type Problem struct {
	File   string // as the user named it; "-" is standard input
	Line   int    // 1-based; 0 when the whole file is meant
	Column int    // 1-based, in characters (text) or cells (tables); 0 when unknown
	What   string // lower case, no full stop: "unknown key \"titel\""
	Hint   string // what to do next, a phrase or a sentence without a full stop; may be empty
}

// Error gives "file:line:column: what", with the parts that are known.
func (p Problem) Error() string {
	var b strings.Builder
	if p.File != "" {
		b.WriteString(p.File)
		if p.Line > 0 {
			fmt.Fprintf(&b, ":%d", p.Line)
			if p.Column > 0 {
				fmt.Fprintf(&b, ":%d", p.Column)
			}
		}
		b.WriteString(": ")
	}
	b.WriteString(p.What)
	return b.String()
}

// List is several problems of one run. The zero value is empty and ready.
type List []Problem

// Add appends one problem.
func (l *List) Add(p Problem) { *l = append(*l, p) }

// Error gives one line a problem.
func (l List) Error() string {
	lines := make([]string, len(l))
	for i, p := range l {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// Err returns the list ordered by file, line and column as an error, or nil
// when it is empty.
func (l List) Err() error {
	if len(l) == 0 {
		return nil
	}
	sorted := slices.Clone(l)
	slices.SortStableFunc(sorted, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return sorted
}

// Nearest returns the candidate that looks most like name, ignoring case and
// the difference between space, hyphen and underscore, or "" when none is
// near enough to be what was meant (more than a third of the characters, and
// more than two, would have to change). Ties go to the first candidate.
func Nearest(name string, candidates []string) string {
	folded := fold(name)
	limit := max(2, len([]rune(folded))/3)
	best, bestAt := "", limit+1
	for _, c := range candidates {
		f := fold(c)
		d := levenshtein.ComputeDistance(folded, f)
		// A short name is near everything; insist that something is shared.
		if d < bestAt && d < max(len([]rune(folded)), len([]rune(f))) {
			best, bestAt = c, d
		}
	}
	return best
}

// DidYouMean words Nearest as a hint, or gives fallback when nothing is near.
func DidYouMean(name string, candidates []string, fallback string) string {
	if near := Nearest(name, candidates); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return fallback
}

var separators = strings.NewReplacer("-", " ", "_", " ", ".", " ")

func fold(s string) string {
	return strings.Join(strings.Fields(separators.Replace(strings.ToLower(s))), " ")
}
