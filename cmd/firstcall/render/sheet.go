package render

import (
	"fmt"
	"slices"
	"strings"
)

// sheet is text for reading that is being written, to a width.
type sheet struct {
	b   strings.Builder
	opt Options
}

// gap leaves a line empty.
func (s *sheet) gap() {
	if s.b.Len() > 0 && !strings.HasSuffix(s.b.String(), "\n\n") {
		s.b.WriteString("\n")
	}
}

// apart leaves two lines empty, as between documents.
func (s *sheet) apart() {
	if s.gap(); s.b.Len() > 0 && !strings.HasSuffix(s.b.String(), "\n\n\n") {
		s.b.WriteString("\n")
	}
}

// colored writes a paragraph that has a color, line by line.
func (s *sheet) colored(code, text string) {
	for line := range strings.Lines(point("", text, s.opt)) {
		s.b.WriteString(s.opt.paint(code, strings.TrimSuffix(line, "\n")) + "\n")
	}
}

// begin writes a paragraph whose first words have a color, if they fit a line.
func (s *sheet) begin(code, words, rest string) {
	text := point("", words+rest, s.opt)
	if bare := Printable(words); strings.HasPrefix(text, bare) {
		text = s.opt.paint(code, bare) + text[len(bare):]
	}
	s.b.WriteString(text)
}

func (s *sheet) paragraph(text string) {
	if text != "" {
		s.gap()
		s.b.WriteString(point("", text, s.opt))
	}
}

// list writes entries below a heading.
func (s *sheet) list(title string, entries []string, numbered bool) {
	if len(entries) == 0 {
		return
	}
	s.heading(title)
	for i, entry := range entries {
		mark := "- "
		if numbered {
			mark = fmt.Sprintf("%d. ", i+1)
		}
		s.b.WriteString(point(mark, entry, s.opt))
	}
}

func (s *sheet) heading(title string) {
	s.gap()
	s.b.WriteString(s.opt.paint(bold, title) + "\n")
}

// marked writes a text after a mark that has a color.
func (s *sheet) marked(code, mark, text string) {
	s.b.WriteString(s.opt.paint(code, mark) + strings.TrimPrefix(point(mark, text, s.opt), mark))
}

// graded writes a text after a mark and its severity.
func (s *sheet) graded(mark, severity, text string) {
	text = strings.TrimPrefix(point(mark, severity+": "+text, s.opt), mark+severity)
	s.b.WriteString(mark + s.opt.paint(colorOf(severity), severity) + text)
}

// advise writes a text after a mark; of no text it writes nothing.
func (s *sheet) advise(mark, text string) {
	if text != "" {
		s.b.WriteString(point(mark, text, s.opt))
	}
}

// unlisted says which findings are not listed: more by rule, and how many are left out,
// by what they are called.
func (s *sheet) unlisted(more map[string]int, accepted int, called string) {
	if len(more) == 0 && accepted == 0 {
		return
	}
	s.gap()
	var rules []string
	for rule, n := range more {
		rules = append(rules, fmt.Sprintf("%s (%d)", rule, n))
	}
	slices.Sort(rules)
	if len(rules) > 0 {
		s.b.WriteString(point("", "More findings, not listed: "+strings.Join(rules, ", ")+".", s.opt))
	}
	if accepted > 0 {
		s.b.WriteString(point("", plural(accepted, called)+" not listed.", s.opt))
	}
}
