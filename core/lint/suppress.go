package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/problem"
	"github.com/firstcall-cli/firstcall/core/prose"
)

// MaxDirectives is how many directives of one text are followed. More than
// that is not the work of a writer.
const MaxDirectives = 1000

// Comment is a comment in a text.
type Comment struct {
	Offset int    // where in the text it stands; the comment itself is no part of the text
	Text   string // with or without the marks around it: <!-- -->, #, //, /* */
}

// Notice tells of a directive, or a part of one, that means nothing.
type Notice struct {
	Comment int    // its index among the comments that were read
	Offset  int    // of the comment, which others may share
	What    string // lower case, no full stop
	Hint    string // may be empty
}

// Suppressions are what the directives in a text's comments ask for:
//
//	<!-- firstcall:disable clarity/buzzword, house/* -->
//	# firstcall:enable clarity/buzzword
//	// firstcall:disable-next -- the board insists
//
// disable holds until enable or the end of the text, disable-next for the
// paragraph that follows. Without rules all are meant, with "family/*" or
// "family/" those of a family. What follows -- is a remark. The zero value
// suppresses nothing.
type Suppressions struct {
	directives []directive // by offset
}

// directive is one comment that speaks to us.
type directive struct {
	verb   verb
	offset int
	next   prose.Span // what disable-next holds for
	all    bool
	rules  []string // ids, and families with their slash
}

type verb uint8

const (
	disable verb = iota
	enable
	disableNext
)

var verbs = [...]string{disable: "disable", enable: "enable", disableNext: "disable-next"}

// prefix is how directives begin.
const prefix = "firstcall:"

// IsDirective says whether a comment speaks to firstcall, though it may be
// misspelt.
func IsDirective(comment string) bool {
	return strings.HasPrefix(strings.ToLower(bare(comment)), prefix)
}

// ReadDirectives reads the directives among the comments of a text; others are
// left alone. known is the ids of all rules there are, whether they are used or
// not. next gives the paragraph that follows an offset; NextParagraph makes one.
func ReadDirectives(comments []Comment, known []string, next func(offset int) prose.Span) (*Suppressions, []Notice) {
	s := &Suppressions{}
	var notices []Notice
	for i, c := range comments {
		if !IsDirective(c.Text) {
			continue
		}
		if len(s.directives) == MaxDirectives {
			notices = append(notices, Notice{i, c.Offset, fmt.Sprintf("more than %d directives, the rest is left out", MaxDirectives), "disable a family, or the rule in firstcall.toml"})
			break
		}
		d, whats := readDirective(bare(c.Text)[len(prefix):], known)
		for _, w := range whats {
			w.Comment, w.Offset = i, c.Offset
			notices = append(notices, w)
		}
		if !d.all && len(d.rules) == 0 {
			continue
		}
		d.offset = c.Offset
		if d.verb == disableNext {
			d.next = next(c.Offset)
		}
		s.directives = append(s.directives, d)
	}
	slices.SortStableFunc(s.directives, func(a, b directive) int { return a.offset - b.offset })
	return s, notices
}

// readDirective reads what follows the prefix.
func readDirective(text string, known []string) (directive, []Notice) {
	text, _, _ = strings.Cut(text, "--")
	text, _, _ = strings.Cut(text, "—")
	text, _, _ = strings.Cut(text, " –") // what word processors make of --
	fields := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' || r == '\n' || r == '\r' })
	if len(fields) == 0 {
		return directive{}, []Notice{{What: "there is nothing after firstcall:", Hint: "write firstcall:disable, firstcall:enable or firstcall:disable-next"}}
	}
	at := slices.Index(verbs[:], strings.ToLower(fields[0]))
	if at < 0 {
		hint := problem.DidYouMean(fields[0], verbs[:], "write firstcall:disable, firstcall:enable or firstcall:disable-next")
		return directive{}, []Notice{{What: fmt.Sprintf("unknown directive %q", fields[0]), Hint: hint}}
	}
	d := directive{verb: verb(at), all: len(fields) == 1}
	var notices []Notice
	for _, name := range fields[1:] {
		if name == "*" {
			d.all = true
			continue
		}
		if rule := strings.TrimSuffix(name, "*"); knows(known, rule) {
			d.rules = append(d.rules, rule)
			continue
		}
		notices = append(notices, Notice{What: fmt.Sprintf("unknown rule %q in a directive", name), Hint: unknownHint(name, known)})
	}
	return d, notices
}

// bare takes the marks of a comment off.
func bare(comment string) string {
	s := strings.TrimSpace(comment)
	for _, marks := range [...][2]string{{"<!--", "-->"}, {"/*", "*/"}} {
		if rest, ok := strings.CutPrefix(s, marks[0]); ok {
			s = strings.TrimSuffix(rest, marks[1])
		}
	}
	return strings.TrimSpace(strings.TrimLeft(s, "#/; \t"))
}

// knows says whether there is a rule of that id, or any of a family, which ends
// in a slash.
func knows(known []string, name string) bool {
	family := strings.HasSuffix(name, "/")
	return slices.ContainsFunc(known, func(id string) bool {
		return id == name || family && strings.HasPrefix(id, name)
	})
}

// unknownHint says what may have been meant by the name of no rule.
func unknownHint(name string, known []string) string {
	if knows(known, name+"/") {
		return fmt.Sprintf("write %s/* for all rules of the family", name)
	}
	candidates := slices.Clone(known)
	for _, id := range known {
		if family, _, _ := strings.Cut(id, "/"); !slices.Contains(candidates, family+"/*") {
			candidates = append(candidates, family+"/*")
		}
	}
	return problem.DidYouMean(name, candidates, "firstcall rules list shows all rules")
}

// Covers says whether the directives ask for a diagnostic not to be told. One
// about the whole text is covered when the rule stays disabled up to the end of
// the text, wherever the directive stands.
func (s *Suppressions) Covers(d Diagnostic) bool {
	whole := d.Span.Start == d.Span.End
	for i := len(s.directives) - 1; i >= 0; i-- {
		dir := &s.directives[i]
		switch {
		case !dir.means(d.Rule.ID):
		case dir.verb == disableNext:
			if !whole && dir.next.Start <= d.Span.Start && d.Span.Start < dir.next.End {
				return true
			}
		case whole || dir.offset <= d.Span.Start:
			return dir.verb == disable
		}
	}
	return false
}

// means says whether a directive is about a rule.
func (d *directive) means(id string) bool {
	return d.all || slices.ContainsFunc(d.rules, func(name string) bool {
		return name == id || strings.HasSuffix(name, "/") && strings.HasPrefix(id, name)
	})
}

// NextParagraph makes the function that ReadDirectives wants for a text: it
// gives the rest of the paragraph around an offset, when the comment stands in
// one, or the paragraph after it.
func NextParagraph(t *prose.Text) func(offset int) prose.Span {
	return func(offset int) prose.Span {
		i, _ := slices.BinarySearchFunc(t.Paragraphs, offset, func(p prose.Paragraph, offset int) int {
			if p.End <= offset {
				return -1
			}
			return 1
		})
		if i == len(t.Paragraphs) {
			return prose.Span{Start: len(t.Source), End: len(t.Source)}
		}
		p := t.Paragraphs[i]
		return prose.Span{Start: max(p.Start, offset), End: p.End}
	}
}
