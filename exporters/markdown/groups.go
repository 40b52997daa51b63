package markdown

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/core/record"
)

const (
	wideGap    = 15 // points between two groups that are worth talking about
	wideSwing  = 10 // points between a group and everyone
	maxGaps    = 5  // gaps told about for each grouping
	maxDimCols = 10 // dimensions side by side in one table
	maxTitled  = 6  // with more dimensions, columns have numbers for titles
	titleRunes = 60 // the same, when the titles together are longer
	maxLegend  = 12 // dimensions that a legend lists
)

// groups shows the results by group.
func (w *writer) groups() {
	all := w.groupings()
	if len(all) == 0 {
		return
	}
	w.section("Results by group")
	if w.numbered() {
		w.para(w.legend())
	}
	if w.withheldGroups() {
		w.para(withheldNote)
	}
	for _, g := range all {
		w.sub("By " + byName(g.by))
		if !slices.ContainsFunc(g.groups, func(g record.Group) bool { return !g.Withheld }) {
			w.para("The results of all these groups are withheld to protect people’s answers: " + list(mapped(g.groups, groupName)) + ".")
			continue
		}
		w.groupTables(g)
		if w.hasReadings() {
			w.comparison(g)
		} else {
			w.disconnects(g)
		}
	}
}

// groupTables writes the groups in rows and the dimensions in columns, in as
// many tables as it takes.
func (w *writer) groupTables(g grouping) {
	short := w.numbered()
	weak := false
	for from := 0; from == 0 || from < len(w.dims); from += maxDimCols {
		to := min(from+maxDimCols, len(w.dims))
		cols := []column{{upperFirst(byName(g.by)), false}}
		if from == 0 {
			cols = append(cols, column{"Took part", true}, column{"Overall", true})
		}
		for _, d := range w.dims[from:to] {
			title := d.title()
			if short {
				title = fmt.Sprint(d.num)
			}
			cols = append(cols, column{title, true})
		}
		everyone := record.Group{N: w.body.N, Index: w.body.Index, Dimensions: w.body.Dimensions}
		rows := [][]string{w.groupRow("Everyone", everyone, from, to, &weak)}
		for _, group := range g.groups {
			rows = append(rows, w.groupRow(groupName(group), group, from, to, &weak))
		}
		w.table(cols, rows)
	}
	if weak && w.bad {
		w.para("Scores in bold are above " + esc(number(100-w.in.WeakBelow)) + ": they call for action.")
	} else if weak {
		w.para("Scores in bold are weak, that is below " + esc(number(w.in.WeakBelow)) + ".")
	}
}

// numbered reports whether columns are titled with the numbers of dimensions.
func (w *writer) numbered() bool {
	runes := 0
	for _, d := range w.dims {
		runes += utf8.RuneCountInString(d.title())
	}
	return len(w.dims) > maxTitled || runes > titleRunes
}

// legend explains the numbers; many dimensions can be looked up.
func (w *writer) legend() string {
	if len(w.dims) > maxLegend {
		return "The columns have the numbers of the dimensions in the table “" + w.dimensionsTitle() + "” above."
	}
	var words []string
	for _, d := range w.dims {
		words = append(words, fmt.Sprintf("**%d** %s", d.num, d.title()))
	}
	return "The columns stand for the dimensions: " + strings.Join(words, " · ")
}

// groupRow is one row of groupTables; weak becomes true when a score in it is.
func (w *writer) groupRow(name string, g record.Group, from, to int, weak *bool) []string {
	mark := func(percent *float64, withheld bool) string {
		text := w.cell(percent, withheld)
		if s, ok := w.score(percent); ok && !withheld && w.weak(float64(s)) {
			*weak = true
			return "**" + text + "**"
		}
		return text
	}
	row := []string{name}
	if g.Withheld {
		row = append(row, withheldWord)
		for range to - from + 1 {
			row = append(row, nothing)
		}
		if from > 0 {
			row = row[:len(row)-1]
		}
		return row
	}
	if from == 0 {
		row = append(row, countCell(g.N, false), mark(g.Index, false))
	}
	for _, d := range w.join(g.Dimensions)[from:to] {
		row = append(row, mark(d.fig.Percent, d.fig.Withheld))
	}
	return row
}

// gap is how far two groups are apart in a dimension.
type gap struct {
	high, low         scoredDim
	highName, lowName string
	points            int
	chance            chance
}

// gaps finds, for each dimension, the published groups furthest apart: widest
// gap first. Of groups with the same score the one named first counts.
func (w *writer) gaps(g grouping) []gap {
	widest := map[int]gap{}
	count := map[int]int{}
	for _, group := range g.groups {
		if unstated(group) {
			continue
		}
		for _, d := range w.scored(w.join(group.Dimensions)) {
			x, seen := widest[d.num]
			if !seen || d.score > x.high.score {
				x.high, x.highName = d, groupName(group)
			}
			if !seen || d.score < x.low.score {
				x.low, x.lowName = d, groupName(group)
			}
			widest[d.num] = x
			count[d.num]++
		}
	}
	var all []gap
	for num, x := range widest {
		if count[num] < 2 {
			continue
		}
		x.points = x.high.score - x.low.score
		x.chance = compareLikely(x.high.dim, x.low.dim)
		all = append(all, x)
	}
	slices.SortFunc(all, func(a, b gap) int {
		return cmp.Or(cmp.Compare(b.points, a.points), cmp.Compare(a.high.num, b.high.num))
	})
	return all
}

// disconnects tells where groups see things most differently.
func (w *writer) disconnects(g grouping) {
	all := w.gaps(g)
	if len(all) == 0 {
		w.para("Groups can only be compared when the results of at least two of them are shown.")
		return
	}
	wide := slices.DeleteFunc(slices.Clone(all), func(g gap) bool { return g.points < wideGap })
	if len(wide) == 0 {
		if all[0].points == 0 {
			w.para("The groups shown have the same scores in every dimension.")
			return
		}
		w.para(fmt.Sprintf("No two of the groups shown are far apart. The widest gap is %s, in **%s**: %s scores %d and %s %d.",
			things(int64(all[0].points), "point", "points"), all[0].high.title(),
			all[0].highName, all[0].high.score, all[0].lowName, all[0].low.score))
		return
	}
	w.para("**Where groups see things most differently.** The likely range in parentheses shows how far a score could be off by chance.")
	var lines []string
	for _, x := range wide[:min(len(wide), maxGaps)] {
		lines = append(lines, x.line())
	}
	w.bullets(lines)
	if more := len(wide) - maxGaps; more > 0 {
		w.para(fmt.Sprintf("In %s more the groups are also %d points or more apart.",
			things(int64(more), "dimension", "dimensions"), wideGap))
	}
	for _, s := range w.swings(g) {
		w.para(s.sentence())
	}
}

// line words a gap with its figures.
func (g gap) line() string {
	text := fmt.Sprintf("**%s:** %s scores %s, %s %s. ", g.high.title(),
		g.highName, withLikely(g.high.score, g.high.dim), g.lowName, withLikely(g.low.score, g.low.dim))
	text += fmt.Sprintf("They are %s apart", things(int64(g.points), "point", "points"))
	switch g.chance {
	case chanceUnlikely:
		return text + ", more than chance would easily explain."
	case chancePossible:
		return text + ", but the likely ranges overlap, so this may be chance."
	}
	return text + "; there is not enough to say whether this is chance."
}

// swing is a group that is well above everyone in one dimension and well below
// in another.
type swing struct {
	name               string
	above, below       scoredDim
	everyUp, everyDown int // scores of everyone in the two dimensions
}

func (s swing) points() int { return (s.above.score - s.everyUp) + (s.everyDown - s.below.score) }

func (s swing) sentence() string {
	return fmt.Sprintf("%s stands out in both directions: %d in **%s** (everyone: %d), but %d in **%s** (everyone: %d).",
		s.name, s.above.score, s.above.title(), s.everyUp, s.below.score, s.below.title(), s.everyDown)
}

// swings finds the groups that stand out in both directions. Only differences
// count that are wide and leave everyone's score outside the likely range.
func (w *writer) swings(g grouping) []swing {
	every := map[int]int{}
	for _, d := range w.scored(w.dims) {
		every[d.num] = d.score
	}
	var all []swing
	for _, group := range g.groups {
		if unstated(group) {
			continue
		}
		s := swing{name: groupName(group)}
		up, down := 0, 0
		for _, d := range w.scored(w.join(group.Dimensions)) {
			overall, ok := every[d.num]
			r, known := d.likely()
			if !ok || !known || overall >= r.low && overall <= r.high {
				continue
			}
			if diff := d.score - overall; diff >= wideSwing && diff > up {
				up, s.above, s.everyUp = diff, d, overall
			}
			if diff := overall - d.score; diff >= wideSwing && diff > down {
				down, s.below, s.everyDown = diff, d, overall
			}
		}
		if up > 0 && down > 0 {
			all = append(all, s)
		}
	}
	return all
}

// upperFirst makes the first letter a capital.
func upperFirst(text string) string {
	r, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(r)) + text[size:]
}
