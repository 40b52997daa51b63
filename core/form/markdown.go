package form

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/firstcall-cli/firstcall/core/instrument"
)

// Spaces that keep their width where Markdown is turned into something else.
const (
	noBreak = "\u00a0" // between a box and its word
	wide    = "\u2003" // between two boxes
)

// Markdown writes the questionnaire for printing: how to answer, what the
// answers mean, the items by dimension with boxes to mark, and the group
// attributes at the end. Attributes and items ask the same as the form that
// HTML writes.
//
// An option that does not fit the instrument is a problem.Problem; nothing is
// written then.
func Markdown(w io.Writer, in *instrument.Instrument, opt Options) error {
	s, err := newSheet(in, opt)
	if err != nil {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n", EscapeMarkdown(s.Title))
	if s.Intro != "" {
		fmt.Fprintf(&b, "\n%s\n", EscapeMarkdown(s.Intro))
	}
	if len(s.Constants) > 0 {
		var values []string
		for _, c := range s.Constants {
			values = append(values, EscapeMarkdown(c.Value))
		}
		fmt.Fprintf(&b, "\nFor: %s\n", strings.Join(values, ", "))
	}
	b.WriteString(`
## How to answer

- There are no right or wrong answers. Choose the one that fits best.
- Leave out any question that you cannot or do not want to answer.
- Please do not write your name on this sheet. Results are reported for
  groups, never for one person.
`)
	writeScales(&b, s)
	for _, sec := range s.Sections {
		fmt.Fprintf(&b, "\n## %s\n", EscapeMarkdown(sec.Title))
		for _, q := range sec.Questions {
			marker := strconv.Itoa(q.Number) + ". "
			writeQuestion(&b, q, marker, strings.Repeat(" ", len(marker)))
		}
	}
	if len(s.AboutYou) > 0 {
		b.WriteString("\n## About you\n")
		for _, q := range s.AboutYou {
			writeQuestion(&b, q, "- ", "  ")
		}
	}
	b.WriteString("\nThank you.\n")
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("write the questionnaire: %w", err)
	}
	return nil
}

// writeScales says which number stands for which words, for whoever types the
// sheets in later. Numbers that are answered as numbers need no saying.
func writeScales(b *strings.Builder, s *sheet) {
	var keys []string
	numbers := map[string][]int{}
	for _, sec := range s.Sections {
		for _, q := range sec.Questions {
			key := scaleKey(q)
			if key != "" && len(numbers[key]) == 0 {
				keys = append(keys, key)
			}
			numbers[key] = append(numbers[key], q.Number)
		}
	}
	if len(keys) == 1 && len(numbers[keys[0]]) == s.Items {
		fmt.Fprintf(b, "\nThe answers: %s.\n", keys[0])
		return
	}
	for _, key := range keys {
		noun := "questions"
		if len(numbers[key]) == 1 {
			noun = "question"
		}
		fmt.Fprintf(b, "\nThe answers to %s %s: %s.\n", noun, ranges(numbers[key]), key)
	}
}

func scaleKey(q question) string {
	if q.Layout == steps || q.Kind == number {
		return ""
	}
	var words []string
	for _, c := range q.Choices {
		if c.Value != "" {
			words = append(words, fmt.Sprintf("%s = %s", c.Value, EscapeMarkdown(c.Label)))
		}
	}
	return strings.Join(words, ", ")
}

// ranges shortens ascending numbers: 1, 2, 3, 5 becomes "1–3, 5".
func ranges(ascending []int) string {
	var parts []string
	for len(ascending) > 0 {
		n := 1
		for n < len(ascending) && ascending[n] == ascending[n-1]+1 {
			n++
		}
		part := strconv.Itoa(ascending[0])
		if n > 1 {
			part = fmt.Sprintf("%d–%d", ascending[0], ascending[n-1])
		}
		parts = append(parts, part)
		ascending = ascending[n:]
	}
	return strings.Join(parts, ", ")
}

func writeQuestion(b *strings.Builder, q question, marker, indent string) {
	fmt.Fprintf(b, "\n%s%s\n", marker, EscapeMarkdown(q.Text))
	if q.Hint != "" {
		fmt.Fprintf(b, "\n%s*%s*\n", indent, q.Hint)
	}
	if q.Kind == number || q.Kind == text {
		fmt.Fprintf(b, "\n%sAnswer: %s\n", indent, strings.Repeat(`\_`, 24))
		return
	}
	boxes := []string{}
	for _, c := range q.Choices {
		if q.Number > 0 && c.Value == "" {
			continue // on paper, no answer is no mark
		}
		boxes = append(boxes, "☐"+noBreak+EscapeMarkdown(c.Label))
	}
	if q.Kind == pick && q.Number == 0 {
		boxes = append(boxes[1:], boxes[0]) // the way out comes last on paper
	}
	fmt.Fprintf(b, "\n%s%s\n", indent, strings.Join(boxes, wide))
}

// EscapeMarkdown makes any single line of text come out as it is written,
// wherever it stands in a line.
func EscapeMarkdown(s string) string {
	var b strings.Builder
	runes := []rune(s)
	for i, r := range runes {
		// These mean something in the middle of a line. The first is a start
		// of an entity only before a letter or "#".
		special := r == '&' && i+1 < len(runes) && (runes[i+1] == '#' || isLetter(runes[i+1])) ||
			slices.Contains([]rune("\\`*_[]<>#|~$"), r)
		// These mean something at the start of a line: a bullet, a rule, or the
		// number of a list.
		special = special || i == 0 && slices.Contains([]rune("-+="), r) ||
			(r == '.' || r == ')') && i > 0 && allDigits(runes[:i])
		if special {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func isLetter(r rune) bool { return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' }

func allDigits(runes []rune) bool {
	return !slices.ContainsFunc(runes, func(r rune) bool { return r < '0' || r > '9' })
}
