package markdown

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/core/record"
)

const (
	maxHighItems = 3
	// splitShare is the share of answers that must lie at either end of the
	// scale, an end being two fifths of it, for opinions to count as split.
	splitShare = 1.0 / 3
)

// questions shows the items that deserve a conversation.
func (w *writer) questions() {
	var items []item
	for _, d := range w.dims {
		items = append(items, d.items()...)
	}
	if len(items) == 0 {
		return
	}
	w.section("Questions to discuss")
	all := w.scoredItems(items)
	if len(all) == 0 {
		w.para("Results of single questions are " + w.absence(items) + ".")
		return
	}
	if !w.bad {
		slices.SortFunc(all, func(a, b scoredItem) int {
			return cmp.Or(cmp.Compare(a.score, b.score), cmp.Compare(a.place, b.place))
		})
	}
	k := min(w.opt.Items, len(all))
	w.worst(all[:k])
	w.best(all[k:])
	w.split(items)
}

// worst shows the questions with the least favorable scores, each with the
// spread of its answers.
func (w *writer) worst(items []scoredItem) {
	if w.bad {
		w.sub("Warning signs people see most")
	} else {
		w.sub("Lowest scores")
	}
	if w.opt.Bars && slices.ContainsFunc(items, func(it scoredItem) bool { return w.spread(it.item) != "" }) {
		w.para("The bars show how many people gave each answer.")
	}
	for i, it := range items {
		text := fmt.Sprintf("%d. **%s**", i+1, it.quoted())
		if len(w.dims) > 1 {
			text += " (" + it.dim.title() + ")"
		}
		text += "\n\n   " + w.figures(it)
		if spread := w.spread(it.item); spread != "" {
			text += "\n\n" + indent(spread, "   ")
		}
		w.block(text)
	}
}

// figures says an item's figures in a line.
func (w *writer) figures(it scoredItem) string {
	parts := []string{fmt.Sprintf("Score %d", it.score)}
	if f := it.fig.Favorable; f != nil {
		text := favorableCell(f, false) + " favorable"
		if words := favorableAnswers(it.scale, it.text.Reverse, w.bad); words != "" {
			text += " (" + words + ")"
		}
		parts = append(parts, text)
	} else if it.text.Reverse {
		parts = append(parts, "disagreeing is "+goodOrBad(w.bad))
	}
	if it.fig.N != nil {
		parts = append(parts, things(*it.fig.N, "answer", "answers"))
	}
	return strings.Join(parts, " · ")
}

// best lists the questions at the other end.
func (w *writer) best(rest []scoredItem) {
	if len(rest) == 0 {
		return
	}
	if w.bad {
		w.sub("Warning signs people see least")
	} else {
		w.sub("Highest scores")
	}
	var items []item
	for i := range min(maxHighItems, len(rest)) {
		items = append(items, rest[len(rest)-1-i].item)
	}
	w.itemTable(items, len(w.dims) > 1)
}

// splitItem is an item that people see very differently.
type splitItem struct {
	item
	low, high  float64 // shares of the answers at both ends
	lows, tops string  // what the ends are called
}

// split lists the questions on which both ends were often chosen.
func (w *writer) split(items []item) {
	var all []splitItem
	for _, it := range items {
		if s, ok := splitOf(it); ok {
			all = append(all, s)
		}
	}
	if len(all) == 0 {
		return
	}
	slices.SortStableFunc(all, func(a, b splitItem) int {
		return cmp.Compare(min(b.low, b.high), min(a.low, a.high))
	})
	w.sub("Split opinions")
	w.para("On these questions at least a third of the people chose one end of the scale and at least a third the other. " +
		"An average hides that; it is worth asking who sees it which way, and why.")
	var lines []string
	for _, s := range all[:min(len(all), w.opt.Items)] {
		lines = append(lines, fmt.Sprintf("%s: %d%% chose %s, %d%% chose %s",
			s.quoted(), percentOf(s.low), s.lows, percentOf(s.high), s.tops))
	}
	w.bullets(lines)
	if more := len(all) - w.opt.Items; more > 0 {
		w.para("The same holds for " + things(int64(more), "more question.", "more questions."))
	}
}

// splitOf looks at both ends of an item's answers.
func splitOf(it item) (splitItem, bool) {
	s := splitItem{item: it}
	h := it.fig.Histogram
	if !drawable(it) || len(h) < 2 {
		return s, false
	}
	ends := max(1, 2*len(h)/5)
	total := sum(h)
	if total == 0 {
		return s, false
	}
	s.low = float64(sum(h[:ends])) / float64(total)
	s.high = float64(sum(h[len(h)-ends:])) / float64(total)
	s.lows = answerRange(it.scale, 0, ends)
	s.tops = answerRange(it.scale, len(h)-ends, len(h))
	return s, s.low >= splitShare && s.high >= splitShare
}

// drawable reports whether an item's counts belong to its scale.
func drawable(it item) bool {
	return it.scale != nil && len(it.fig.Histogram) == it.scale.Max-it.scale.Min+1 &&
		!slices.ContainsFunc(it.fig.Histogram, func(n int64) bool { return n < 0 })
}

func sum(counts []int64) int64 {
	var total int64
	for _, n := range counts {
		total += n
	}
	return total
}

// answerRange names the answers from one place of the scale up to another.
func answerRange(s *record.Scale, from, to int) string {
	if labeled(s) && to-from <= 3 {
		return joinWith(mapped(s.Labels[from:to], func(l string) string { return "“" + esc(l) + "”" }), ", ", " or ")
	}
	if to-from == 1 {
		return fmt.Sprint(s.Min + from)
	}
	if to-from == 2 {
		return fmt.Sprintf("%d or %d", s.Min+from, s.Min+from+1)
	}
	return fmt.Sprintf("%d to %d", s.Min+from, s.Min+to-1)
}

// spread draws how an item was answered as a code block, or gives nothing when
// the record has no counts.
func (w *writer) spread(it item) string {
	if !drawable(it) || sum(it.fig.Histogram) == 0 {
		return ""
	}
	labels, counts := answerCounts(it)
	width, numbers, most := 0, 0, int64(0)
	for i, l := range labels {
		width = max(width, utf8.RuneCountInString(l))
		numbers = max(numbers, len(count(counts[i])))
		most = max(most, counts[i])
	}
	lines := []string{"```text"}
	for i, l := range labels {
		line := pad(l, width, false) + "  " + pad(count(counts[i]), numbers, true)
		if w.opt.Bars && counts[i] > 0 {
			cells := roundHalfUp(float64(float64(counts[i]) / float64(most) * spreadCells))
			line += "  " + strings.Repeat(fullBlock, max(1, cells))
		}
		lines = append(lines, line)
	}
	return strings.Join(append(lines, "```"), "\n")
}

// answerCounts names the answers and counts them, in ranges when there are
// many.
func answerCounts(it item) (labels []string, counts []int64) {
	h := it.fig.Histogram
	step := (len(h) + maxSpread - 1) / maxSpread
	for from := 0; from < len(h); from += step {
		to := min(from+step, len(h))
		label := fmt.Sprint(it.scale.Min + from)
		switch {
		case step == 1 && labeled(it.scale):
			label = shorten(verbatim(it.scale.Labels[from]))
		case to-from > 1:
			label = fmt.Sprintf("%d to %d", it.scale.Min+from, it.scale.Min+to-1)
		}
		labels, counts = append(labels, label), append(counts, sum(h[from:to]))
	}
	return labels, counts
}

// shorten cuts a label that would not leave room for a bar.
func shorten(label string) string {
	if utf8.RuneCountInString(label) <= maxLabelRune {
		return label
	}
	return string([]rune(label)[:maxLabelRune-1]) + "…"
}

func indent(text, by string) string {
	return by + strings.ReplaceAll(text, "\n", "\n"+by)
}
