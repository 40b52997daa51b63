package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/clipperhouse/displaywidth"

	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/record"
)

// Instrument writes an instrument for reading: what is asked, how answers are
// scored, and what to do about a weak dimension.
func Instrument(it *instrument.Instrument) string {
	in := it.Describe()
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s, version %s)\n", Printable(in.Title), in.ID, Printable(in.Version))
	if in.About != "" {
		b.WriteString(Wrap(Printable(in.About), "") + "\n")
	}
	b.WriteString("\n")
	if in.Scale != nil {
		b.WriteString(Wrap("Answers: "+scaleText(in.Scale)+".", ""))
	}
	if in.Direction == "high-is-bad" {
		b.WriteString("A high score is a bad sign.\n")
	}
	if len(in.Bands) > 0 {
		bands := make([]string, len(in.Bands))
		for i, band := range in.Bands {
			bands[i] = fmt.Sprintf("%s from %g", Printable(band.Name), band.At)
		}
		b.WriteString(Wrap("Bands of 100: "+strings.Join(bands, ", ")+".", ""))
	}
	fmt.Fprintf(&b, "Groups under %d people are withheld. Missing answers: %s.\n", it.Policy.MinGroup, it.Policy.Missing)
	if slices.ContainsFunc(it.Dimensions, func(d instrument.Dimension) bool { return d.Action != "" }) {
		fmt.Fprintf(&b, "Actions are due within %d days.\n", it.Policy.ActWithin)
	}
	b.WriteString("(R) marks reverse-keyed items: there, agreement counts against the score.\n")
	for i, d := range in.Dimensions {
		head := fmt.Sprintf("\n%s (%s", Printable(d.Title), d.ID)
		if d.Level > 0 {
			head += fmt.Sprintf(", level %d", d.Level)
		}
		b.WriteString(head + ")\n")
		if d.About != "" {
			b.WriteString(Wrap(Printable(d.About), "  "))
		}
		if d.Scale != nil {
			b.WriteString(Wrap("Answers: "+scaleText(d.Scale)+".", "  "))
		}
		items(&b, d.Items)
		b.WriteString(advice(it.Dimensions[i]))
	}
	if len(in.Outcomes) > 0 {
		b.WriteString("\nOutcomes\n")
		items(&b, in.Outcomes)
	}
	return b.String()
}

// advice says what to do when a dimension is weak, and who might do it.
func advice(d instrument.Dimension) string {
	var text string
	if d.Action != "" {
		text = Wrap("When weak: "+Printable(d.Action), "  ")
	}
	if d.Owner != "" {
		text += Wrap("Owner: "+Printable(d.Owner), "  ")
	}
	return text
}

func items(b *strings.Builder, list []record.ItemText) {
	width := 0
	for _, it := range list {
		width = max(width, len([]rune(it.ID)))
	}
	for _, it := range list {
		text := Printable(it.Text)
		if it.Reverse {
			text += " (R)"
		}
		if it.Scale != nil {
			text += " [" + scaleText(it.Scale) + "]"
		}
		indent := strings.Repeat(" ", width+4)
		fmt.Fprintf(b, "  %-*s  %s", width, Printable(it.ID), strings.TrimPrefix(Wrap(text, indent), indent))
	}
}

func scaleText(s *record.Scale) string {
	if len(s.Labels) == 0 {
		return fmt.Sprintf("%d to %d", s.Min, s.Max)
	}
	words := make([]string, len(s.Labels))
	for i, l := range s.Labels {
		words[i] = fmt.Sprintf("%d %s", s.Min+i, Printable(l))
	}
	return strings.Join(words, ", ")
}

// LineWidth is where text for reading is broken.
const LineWidth = 80

// Wrap breaks text into lines of at most LineWidth characters, each begun with
// indent and ended by a line feed.
func Wrap(text, indent string) string { return wrapTo(text, indent, LineWidth) }

// wrapTo is Wrap for another width.
func wrapTo(text, indent string, most int) string {
	var b strings.Builder
	b.Grow(len(text) + len(indent) + len(text)/most*(len(indent)+1) + 1)
	b.WriteString(indent)
	begin := len([]rune(indent))
	width, empty := begin, true
	for word := range strings.FieldsSeq(text) {
		letters := displaywidth.String(word)
		if !empty && width+1+letters > most {
			b.WriteString("\n" + indent)
			width, empty = begin, true
		}
		if !empty {
			b.WriteByte(' ')
			width++
		}
		b.WriteString(word)
		width, empty = width+letters, false
	}
	b.WriteByte('\n')
	return b.String()
}
