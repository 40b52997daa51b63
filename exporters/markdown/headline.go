package markdown

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

// headline says the main finding and how many answered.
func (w *writer) headline() {
	if w.body.Withheld {
		w.para("**The results of this survey are withheld to protect people’s answers.**")
		return
	}
	finding := w.overall()
	if extremes := w.extremesSentence(); extremes != "" {
		finding += " " + extremes
	}
	if w.hasReadings() {
		w.para(finding)
	} else {
		w.para(finding, w.contrastSentence(), w.bothWays())
	}
	w.para(w.answered())
}

// overall words the index.
func (w *writer) overall() string {
	index, ok := w.score(w.body.Index)
	if !ok {
		return "There is no overall score for this survey" + reason(w.body.Undefined, "index") + "."
	}
	text := fmt.Sprintf("The overall score is **%d of 100**", index)
	if band := esc(w.body.Band); band != "" {
		text += ", which counts as **" + band + "**"
	}
	if w.bad {
		text += " (lower is better)"
	}
	return text + "."
}

// reason words why a figure is missing: " (reason)", or nothing.
func reason(notes record.UndefinedNote, figure string) string {
	if text := esc(notes[figure]); text != "" {
		return " (" + text + ")"
	}
	return ""
}

// scoredDim is a dimension with its printed score.
type scoredDim struct {
	dim
	score int
}

// scored returns the dimensions that have a score, highest first.
func (v view) scored(dims []dim) []scoredDim {
	var all []scoredDim
	for _, d := range dims {
		if s, ok := v.score(d.fig.Percent); ok {
			all = append(all, scoredDim{d, s})
		}
	}
	slices.SortFunc(all, func(a, b scoredDim) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.num, b.num))
	})
	return all
}

// extremesSentence names the strongest and the weakest dimension.
func (w *writer) extremesSentence() string {
	all := w.scored(w.dims)
	if len(all) < 2 {
		return ""
	}
	top, bottom := all[0].score, all[len(all)-1].score
	if top == bottom {
		return fmt.Sprintf("All dimensions that can be shown have the same score, %d.", top)
	}
	the := "The"
	if len(all) < len(w.dims) {
		the = "Among those that can be shown, the"
	}
	if w.bad {
		return fmt.Sprintf("%s most visible %s; the least visible %s.", the, tied(all, top, "warning sign"), tied(all, bottom, ""))
	}
	return fmt.Sprintf("%s strongest %s; the weakest %s.", the, tied(all, top, "dimension"), tied(all, bottom, ""))
}

// tied names the dimensions with a score: "dimension is **Culture** (74)", or
// "dimensions are **Culture** and **Managers** (74 each)". Without a noun it
// begins with the verb.
func tied(all []scoredDim, score int, noun string) string {
	var names []string
	for _, d := range all {
		if d.score == score {
			names = append(names, "**"+d.title()+"**")
		}
	}
	if len(names) == 1 {
		return strings.TrimPrefix(noun+" is ", " ") + fmt.Sprintf("%s (%d)", names[0], score)
	}
	if noun != "" {
		noun += "s "
	}
	if len(names) > 3 {
		names = append(names[:2], fmt.Sprintf("%d others", len(names)-2))
	}
	return fmt.Sprintf("%sare %s (%d each)", noun, list(names), score)
}

// contrastSentence names the largest gap between two groups, a clear one if
// there is any.
func (w *writer) contrastSentence() string {
	g, ok := w.sharpest()
	if !ok {
		return ""
	}
	text := fmt.Sprintf("The sharpest contrast between groups is in **%s**: %s scores %d and %s only %d",
		g.high.title(), g.highName, g.high.score, g.lowName, g.low.score)
	if w.bad {
		text = fmt.Sprintf("The sharpest contrast between groups is in **%s**: %s scores %d, %s %d",
			g.high.title(), g.highName, g.high.score, g.lowName, g.low.score)
	}
	switch g.chance {
	case chancePossible:
		text += ", though a gap like this can also be chance"
	case chanceUnknown:
		text += ", though there is not enough to say whether this is chance"
	}
	return text + "."
}

// simplest returns the groupings that the headline speaks of: those by one
// column, or all of them when there are only crossed ones.
func (v view) simplest() []grouping {
	all := v.groupings()
	single := slices.DeleteFunc(slices.Clone(all), func(g grouping) bool { return len(g.by) != 1 })
	if len(single) > 0 {
		return single
	}
	return all
}

// sharpest finds the gap for the headline. A gap that is hardly chance goes
// before a wider one that may be.
func (w *writer) sharpest() (gap, bool) {
	var all []gap
	for _, g := range w.simplest() {
		all = append(all, slices.DeleteFunc(w.gaps(g), func(g gap) bool { return g.points < wideGap })...)
	}
	if len(all) == 0 {
		return gap{}, false
	}
	// Stable: ties go to the grouping and dimension named first.
	slices.SortStableFunc(all, func(a, b gap) int {
		return cmp.Or(cmp.Compare(b.chance, a.chance), cmp.Compare(b.points, a.points))
	})
	return all[0], true
}

// bothWays names the group that is furthest above everyone in one dimension
// and below in another, when both are hardly chance.
func (w *writer) bothWays() string {
	var best swing
	for _, g := range w.simplest() {
		for _, s := range w.swings(g) {
			if s.points() > best.points() {
				best = s
			}
		}
	}
	if best.points() == 0 {
		return ""
	}
	return best.sentence()
}

// answered says how many took part.
func (w *writer) answered() string {
	if w.body.N == nil {
		return ""
	}
	n := *w.body.N
	r := w.body.Response
	if r == nil || r.Rate == nil {
		return things(n, "person", "people") + " took part."
	}
	return fmt.Sprintf("%s of the %s who were asked took part, a response rate of %d%%%s.",
		count(n), things(r.Headcount, "person", "people"), percentOf(*r.Rate), spoken(*r.Rate))
}

// spoken words a share: " (about two in three)". It is empty for shares near
// none or all, where the percentage says it better.
func spoken(share float64) string {
	fractions := []struct {
		of   float64
		word string
	}{{0.1, "one in ten"}, {0.2, "one in five"}, {0.25, "one in four"}, {1.0 / 3, "one in three"}, {0.4, "two in five"},
		{0.5, "half"}, {0.6, "three in five"}, {2.0 / 3, "two in three"}, {0.75, "three in four"}, {0.8, "four in five"}, {0.9, "nine in ten"}}
	if share < 0.07 || share > 0.94 {
		return ""
	}
	best := fractions[0]
	for _, f := range fractions {
		if math.Abs(share-f.of) < math.Abs(share-best.of) {
			best = f
		}
	}
	return " (about " + best.word + ")"
}

// dimensions is the table of all dimensions.
func (w *writer) dimensions() {
	w.section(w.dimensionsTitle())
	cols := []column{{"#", true}, {"Dimension", false}}
	if w.opt.Bars {
		cols = append(cols, column{barHeading, false})
	}
	cols = append(cols, column{"Score", true})
	bands := slices.ContainsFunc(w.dims, func(d dim) bool { return d.fig.Band != "" })
	if bands {
		cols = append(cols, column{"Band", false})
	}
	if w.anyFavorable() {
		cols = append(cols, column{"Favorable", true})
	}
	cols = append(cols, column{"Answered", true})
	var rows [][]string
	for _, d := range w.dims {
		row := []string{fmt.Sprint(d.num), d.title()}
		if w.opt.Bars {
			row = append(row, w.barCell(d.fig.Percent))
		}
		row = append(row, w.cell(d.fig.Percent, d.fig.Withheld))
		if bands {
			row = append(row, esc(d.fig.Band))
		}
		if w.anyFavorable() {
			row = append(row, favorableCell(d.fig.Favorable, d.fig.Withheld))
		}
		rows = append(rows, append(row, countCell(d.fig.N, d.fig.Withheld)))
	}
	w.table(cols, rows)
	w.para(w.bandWords(), "“Answered” counts the people who answered enough questions of the dimension to be scored.")
}

func (w *writer) dimensionsTitle() string {
	if w.bad {
		return "The warning signs"
	}
	return "The dimensions"
}

func (v view) barCell(percent *float64) string {
	if s, ok := v.score(percent); ok {
		return bar(s)
	}
	return ""
}

// bandWords names the bands: "Weak below 50, Mixed from 50, Good from 65."
func (w *writer) bandWords() string {
	var words []string
	for i, b := range w.in.Bands {
		switch {
		case i > 0:
			words = append(words, fmt.Sprintf("%s from %s", esc(b.Name), number(b.At)))
		case len(w.in.Bands) > 1:
			words = append(words, fmt.Sprintf("%s below %s", esc(b.Name), number(w.in.Bands[1].At)))
		}
	}
	if len(words) == 0 {
		return ""
	}
	return "Bands: " + strings.Join(words, ", ") + "."
}
