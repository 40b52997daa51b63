package vale

import (
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/lint/internal/runs"
	"github.com/firstcall-cli/firstcall/core/prose"
)

// unit is what a rule gets to see at once.
type unit uint8

const (
	block    unit = iota // a paragraph, a heading, an item of a list
	sentence             // of them
	raw                  // all there is
	summary              // all paragraphs and items
)

// kinds is a set of prose.Block.
type kinds uint8

func kindsOf(list ...prose.Block) kinds {
	var k kinds
	for _, b := range list {
		k |= 1 << b
	}
	return k
}

// scope is where a rule looks.
type scope struct {
	unit  unit
	kinds kinds
}

// formats are the ends of scopes that only name a format. What has been read is
// the same in all of them.
var formats = [...]string{"md", "rst", "adoc", "html", "org", "txt", "text", "xml", "dita"}

// readScopes reads the scopes of a rule: any of them, each with all of its
// terms. It gives those that there is nothing like in a text of ours.
func readScopes(list []string) (scopes []scope, unknown []string) {
	for _, name := range list {
		s := scope{kinds: kindsOf(prose.Prose, prose.Item, prose.Heading)}
		ok := true
		for term := range strings.SplitSeq(name, "&") {
			ok = s.narrow(strings.TrimSpace(term)) && ok
		}
		switch {
		case !ok:
			unknown = append(unknown, name)
		case !slices.Contains(scopes, s):
			scopes = append(scopes, s)
		}
	}
	return scopes, unknown
}

// narrow narrows a scope by one term, and says whether it is understood.
func (s *scope) narrow(term string) bool {
	term, not := strings.CutPrefix(term, "~")
	parts := strings.Split(term, ".")
	for len(parts) > 1 && slices.Contains(formats[:], parts[len(parts)-1]) {
		parts = parts[:len(parts)-1]
	}
	if len(parts) > 1 && parts[0] == "text" {
		parts = parts[1:]
	}
	var k kinds
	switch strings.Join(parts, ".") {
	case "heading":
		k = kindsOf(prose.Heading)
	case "list":
		k = kindsOf(prose.Item)
	case "paragraph":
		k = kindsOf(prose.Prose)
	case "text":
		return !not
	case "sentence":
		s.unit = sentence
		return !not
	case "raw":
		s.unit = raw
		return !not
	case "summary":
		s.unit = summary
		s.kinds &^= kindsOf(prose.Heading)
		return !not
	default:
		// Levels of headings are not told apart; of all else there is none.
		return not && parts[0] != "heading"
	}
	if not {
		s.kinds &^= k
	} else {
		s.kinds &= k
	}
	return true
}

// whole says whether the scope is one for all pieces of a text.
func (s scope) whole() bool { return s.unit == raw || s.unit == summary }

// each calls f for what the scope has in a piece, in runs that are short enough
// to be matched at once.
func (s scope) each(t *prose.Text, f func(prose.Span)) {
	if s.unit == raw {
		s.eachRaw(t, f)
		return
	}
	for _, p := range t.Paragraphs {
		if s.kinds&kindsOf(p.Kind) == 0 {
			continue
		}
		if s.unit != sentence {
			runs.Of(t, p, f)
			continue
		}
		for _, sent := range t.Sentences[p.FirstSentence:p.EndSentence] {
			f(sent.Span)
		}
	}
}

// eachRaw calls f for all of the source, with all that is between paragraphs.
func (s scope) eachRaw(t *prose.Text, f func(prose.Span)) {
	from := 0
	for _, p := range t.Paragraphs {
		if p.End-from > runs.Max && p.Start > from {
			f(prose.Span{Start: from, End: p.Start})
			from = p.Start
		}
	}
	if from < len(t.Source) {
		f(prose.Span{Start: from, End: len(t.Source)})
	}
}

// each calls f for all that the check's scopes have in a piece. It stops when f
// gives an error, and tells it.
func (c *check) each(p *lint.Pass, f func(span prose.Span, text string, g *guard) error) {
	g := c.guardOf(p)
	for _, s := range c.scopes {
		s.each(p.Text, func(span prose.Span) {
			if g.failed {
				return
			}
			c.gave(p, f(span, span.In(p.Text.Source), g))
		})
	}
}
