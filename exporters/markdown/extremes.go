package markdown

import (
	"cmp"
	"fmt"
	"slices"
)

// extremes describes the dimensions at both ends with their questions.
func (w *writer) extremes() {
	all := w.scored(w.dims)
	if len(all) < 2 || all[0].score == all[len(all)-1].score {
		w.single(all)
		return
	}
	titles := [3]string{"Strongest and weakest", "Strongest", "Weakest"}
	if w.bad {
		titles = [3]string{"Most and least visible warning signs", "Most visible", "Least visible"}
	}
	k := endSize(len(all))
	w.section(titles[0])
	w.sub(titles[1])
	for _, d := range all[:k] {
		w.describe(d)
	}
	w.sub(titles[2])
	lowest := slices.Clone(all)
	slices.SortFunc(lowest, func(a, b scoredDim) int {
		return cmp.Or(cmp.Compare(a.score, b.score), cmp.Compare(a.num, b.num))
	})
	for _, d := range lowest[:k] {
		w.describe(d)
	}
	if len(w.body.Traces) == 0 {
		w.firstLevel(all)
	}
}

// endSize is how many dimensions are described at each end.
func endSize(n int) int {
	switch {
	case n >= 12:
		return 3
	case n >= 6:
		return 2
	}
	return 1
}

// single describes dimensions none of which is stronger than the other.
func (w *writer) single(all []scoredDim) {
	if len(all) == 0 {
		return
	}
	w.section("A closer look")
	for _, d := range all[:min(len(all), 3)] {
		w.describe(d)
	}
	if more := len(all) - 3; more > 0 {
		w.para(fmt.Sprintf("The other %s the same score.", things(int64(more), "dimension has", "dimensions have")))
	}
}

// describe says what a dimension means and which of its questions stand out.
func (w *writer) describe(d scoredDim) {
	name := fmt.Sprintf("%s: %d", d.title(), d.score)
	if band := esc(d.fig.Band); band != "" {
		name += " (" + band + ")"
	}
	w.para("**"+name+".**", sentence(esc(d.text.About)))
	items := w.scoredItems(d.items())
	switch {
	case len(items) == 0:
		if len(d.items()) > 0 {
			w.para("Results of its single questions are " + w.absence(d.items()) + ".")
		}
		return
	case len(items) == 1 || items[0].score == items[len(items)-1].score:
		w.bullets([]string{fmt.Sprintf("%s scores %d", items[0].quoted(), items[0].score)})
		return
	}
	first, last := items[0], items[len(items)-1]
	w.bullets([]string{
		fmt.Sprintf("Highest score: %s (%d%s)", first.quoted(), first.score, w.turned(first.item)),
		fmt.Sprintf("Lowest score: %s (%d%s)", last.quoted(), last.score, w.turned(last.item)),
	})
}

// absence says why no item can be shown.
func (w *writer) absence(items []item) string {
	if slices.ContainsFunc(items, func(it item) bool { return it.fig.Withheld }) {
		return withheldWord
	}
	return "not available"
}

// turned points out a question whose answers count the other way around.
func (w *writer) turned(it item) string {
	if !it.text.Reverse {
		return ""
	}
	return "; here disagreeing is " + goodOrBad(w.bad)
}

// goodOrBad says what disagreeing with a reverse-keyed item is.
func goodOrBad(bad bool) string {
	if bad {
		return "the warning sign"
	}
	return "the good answer"
}

// firstLevel points to where to begin when the dimensions stand on each other.
func (w *writer) firstLevel(all []scoredDim) {
	weak := slices.DeleteFunc(slices.Clone(all), func(d scoredDim) bool {
		return d.text.Level == 0 || !w.weak(float64(d.score))
	})
	if len(weak) == 0 {
		return
	}
	low := slices.MinFunc(weak, func(a, b scoredDim) int { return cmp.Compare(a.text.Level, b.text.Level) })
	w.para(fmt.Sprintf("The dimensions build on each other from the bottom up, and trouble at one level often starts below it. "+
		"The lowest level that is weak is level %d, **%s** (%d): that is a good place to begin.", low.text.Level, low.title(), low.score))
}

// scoredItem is an item with its printed score.
type scoredItem struct {
	item
	score int
	place int // in the order asked
}

// scoredItems returns the items that have a score, highest first.
func (v view) scoredItems(items []item) []scoredItem {
	var all []scoredItem
	for i, it := range items {
		if s, ok := v.score(it.fig.Percent); ok {
			all = append(all, scoredItem{it, s, i})
		}
	}
	slices.SortFunc(all, func(a, b scoredItem) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.place, b.place))
	})
	return all
}

// sentence ends text with a full stop, if it has no other end.
func sentence(text string) string {
	if text == "" {
		return ""
	}
	switch text[len(text)-1] {
	case '.', '!', '?':
		return text
	}
	return text + "."
}

// outcomeQuestions is the table of the questions about results.
func (w *writer) outcomeQuestions() {
	// Those with a net score are shown with it.
	items := slices.DeleteFunc(w.outcomes(), func(it item) bool { return it.fig.ENPS != nil })
	if len(items) == 0 {
		return
	}
	w.section("Outcomes")
	w.para("These questions ask about what good service should lead to. They are not part of the overall score.")
	w.itemTable(items, false)
}

// itemTable lists items with their figures.
func (w *writer) itemTable(items []item, dims bool) {
	cols := []column{{"Question", false}}
	if dims {
		cols = append(cols, column{"Dimension", false})
	}
	cols = append(cols, column{"Score", true}, column{"Favorable", true}, column{"Answers", true})
	var rows [][]string
	for _, it := range items {
		row := []string{it.quoted()}
		if it.text.Reverse {
			row[0] += " *(here disagreeing is " + goodOrBad(w.bad) + ")*"
		}
		if dims {
			row = append(row, it.dim.title())
		}
		rows = append(rows, append(row, w.cell(it.fig.Percent, it.fig.Withheld),
			favorableCell(it.fig.Favorable, it.fig.Withheld), countCell(it.fig.N, it.fig.Withheld)))
	}
	w.table(cols, rows)
}
