package markdown

import (
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

// maxRoots is how many ways down are drawn.
const maxRoots = 2

// standOut tells what is told first, in the record's own sentences. What is
// said here is not said again further down.
func (w *writer) standOut() {
	var lines []string
	for _, f := range w.body.StandOut() {
		if f.About == record.WhereToBegin && w.plan != nil || !w.tell(f.Sentences[0]) {
			continue // a plan says where to begin
		}
		line := "**" + esc(f.About) + ".**"
		for _, text := range f.Sentences {
			line += " " + esc(text)
		}
		lines = append(lines, line)
	}
	if len(lines) > 0 {
		w.section("What stands out")
		w.bullets(lines)
	}
}

// told is what stands in a report already.
type told struct{ sentences []string }

// tell notes that a sentence of the record is told, and reports whether it is
// told for the first time.
func (t *told) tell(text string) bool {
	if slices.Contains(t.sentences, text) {
		return false
	}
	t.sentences = append(t.sentences, text)
	return true
}

// untold is a text without the sentences that are told already.
func (t *told) untold(text string) string {
	for _, s := range t.sentences {
		text = strings.ReplaceAll(text, s, "")
	}
	return strings.TrimSpace(text)
}

// trace draws the way down from each weak level to where the trouble seems to
// start.
func (w *writer) trace() {
	traces := without(w.body.LongestTraces(), func(t record.Trace) bool { return len(t.Links) == 0 })
	if len(traces) == 0 {
		return
	}
	w.section("Where the trouble starts")
	w.para("The dimensions build on each other from the bottom up, and trouble at one level often starts below it. " +
		"From the highest weak level the way leads down for as long as the next level is weak too. " +
		"The words between two levels say how closely people’s scores in them go together.")
	for _, t := range traces[:min(len(traces), maxRoots)] {
		w.block(w.path(t))
		if w.tell(t.Text) {
			w.para(esc(t.Text))
		}
	}
}

// path draws a trace as a code block.
func (w *writer) path(t record.Trace) string {
	score := func(id string) string {
		d, _ := w.dim(id)
		return orElse(verbatim(d.text.Title), verbatim(id)) + " " + w.cell(d.fig.Percent, d.fig.Withheld)
	}
	text := "```text\n" + score(t.Dimension)
	for _, l := range t.Links {
		text += "\n  ↓ " + orElse(l.Strength(), "not known how closely they go together") + "\n" + score(l.Lower)
	}
	return text + "  ← the trouble seems to start here\n```"
}
