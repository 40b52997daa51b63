package survey

import (
	"slices"
	"strings"
	"unicode"
)

// columnNames are what a column may be called by.
type columnNames struct {
	// names are those that the export gives the column as a whole: a code,
	// the text of the question, an id. The first one is shown to the user.
	names []string
	// parts are pieces of these that may be the name of what is asked: the
	// statement behind the question it is a line of. The longest come first.
	parts []string
}

// header is what the user sees as the column's heading.
func (c columnNames) header() string {
	if len(c.names) == 0 {
		return ""
	}
	return folded(c.names[0])
}

// newNames keeps the names that are not blank, and finds their parts.
func newNames(names ...string) columnNames {
	var c columnNames
	for _, n := range names {
		if n = folded(n); n != "" && !slices.Contains(c.names, n) {
			c.names = append(c.names, n)
		}
	}
	for _, n := range c.names {
		for _, p := range partsOf(n) {
			if !slices.Contains(c.names, p) && !slices.Contains(c.parts, p) {
				c.parts = append(c.parts, p)
			}
		}
	}
	slices.SortStableFunc(c.parts, func(a, b string) int { return len(b) - len(a) })
	return c
}

// A heading is taken apart in this many places at most.
const maxParts = 16

// partsOf takes a heading apart at the marks that survey tools put between a
// question and one of its lines: "2. How far do you agree? - We are told why"
// and "How far do you agree? [We are told why]". A statement may hold such a
// mark itself, so that every place is tried.
func partsOf(name string) []string {
	var parts []string
	add := func(p string) {
		if p = strings.TrimSpace(p); p != "" && p != name && len(parts) < maxParts && !slices.Contains(parts, p) {
			parts = append(parts, p)
		}
	}
	bare := withoutNumber(name)
	add(bare)
	for _, mark := range []string{" - ", " – "} {
		for rest := bare; ; {
			_, after, found := strings.Cut(rest, mark)
			if !found {
				break
			}
			add(after)
			rest = after
		}
	}
	if inside, ok := strings.CutSuffix(bare, "]"); ok {
		for rest := inside; ; {
			_, after, found := strings.Cut(rest, "[")
			if !found {
				break
			}
			add(after)
			rest = after
		}
	}
	return parts
}

// withoutNumber cuts the number of a question off: "12. My department".
func withoutNumber(name string) string {
	digits := strings.TrimLeft(name, "0123456789")
	if rest, ok := strings.CutPrefix(digits, ". "); ok && len(digits) < len(name) {
		return strings.TrimSpace(rest)
	}
	return name
}

// codeNames are the ways to write a question's code: LimeSurvey's own, and the
// one in its exports for statistics programs, which can be an item's id.
func codeNames(code string) []string {
	if !strings.HasSuffix(code, "]") {
		return []string{code}
	}
	return []string{code, strings.ReplaceAll(strings.ReplaceAll(code, "][", "_"), "[", "_")[:len(code)-strings.Count(code, "][")-1]}
}

// splitCodeText takes a heading apart that is a code and then a text:
// "CULT[SQ001]. How far do you agree? [We are told why]".
func splitCodeText(heading string) (code, text string, ok bool) {
	code, text, ok = strings.Cut(heading, ". ")
	if !ok || !isQuestionCode(code) {
		return "", "", false
	}
	return code, strings.TrimSpace(text), true
}

// isQuestionCode reports whether a name looks like a code of LimeSurvey's:
// letters and digits that begin with a letter, and codes of lines in brackets.
func isQuestionCode(s string) bool {
	for i, c := range s {
		switch {
		case c > unicode.MaxASCII:
			return false
		case unicode.IsLetter(c):
		case i > 0 && (unicode.IsDigit(c) || c == '_' || c == '[' || c == ']'):
		default:
			return false
		}
	}
	return s != ""
}

// cutShort returns the beginning of a text that LimeSurvey has abbreviated
// ("We are told wh.."), and whether it has.
func cutShort(name string) (beginning string, is bool) {
	beginning, is = strings.CutSuffix(name, "..")
	return strings.TrimSpace(beginning), is && len(beginning) >= leastBeginning
}

// leastBeginning is how much of a text must be left for it to be recognized.
// LimeSurvey leaves fifteen characters when not told otherwise.
const leastBeginning = 8
