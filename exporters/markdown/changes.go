package markdown

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/firstcall-cli/firstcall/core/record"
)

// maxWaveCols is how many waves stand side by side in one table.
const maxWaveCols = 6

// unpairedNote says what comparing waves as wholes means.
const unpairedNote = "Different people may have answered each time, and no person’s answers were matched. So a change in a score " +
	"is not proof that the same people changed their minds."

// changes compares the survey with its earlier waves: in the record's own
// figures where it has them, else by the scores of both waves.
func (w *writer) changes() {
	if all := w.recorded(); len(all) > 0 {
		w.recordedChanges(all)
		return
	}
	if len(w.earlier) == 0 {
		return
	}
	before := w.earlier[len(w.earlier)-1]
	w.section("Change since " + waveName(before))
	w.para(unpairedNote)
	if before.bad != w.bad {
		w.para("The scores cannot be compared: a high score was the good one in one survey and the bad one in the other.")
		return
	}
	w.rewordedNote(before)
	w.changeTable(before)
	if len(w.earlier) > 1 {
		w.sub("All waves")
		w.waveTables()
	}
}

// rewordedNote warns when the questions were not the same.
func (w *writer) rewordedNote(before view) {
	if before.in.Version != w.in.Version {
		w.para("The wording of the survey changed in between, from version " + esc(before.in.Version) + " to version " +
			esc(w.in.Version) + ". Part of a change may come from that.")
	}
}

// waveName names a wave, fit to be printed.
func waveName(v view) string { return orElse(esc(v.body.Wave), "an earlier, undated survey") }

// waveHead is waveName for the head of a table.
func waveHead(v view) string { return orElse(esc(v.body.Wave), "undated") }

// changeTable shows both waves and what became of each score.
func (w *writer) changeTable(before view) {
	cols := []column{{"", false}, {waveHead(before), true}, {waveHead(w.view), true}, {"Change", true}, {"What it may mean", false}}
	rows := [][]string{w.changeRow("Overall score",
		before.body.Index, before.body.Withheld, w.body.Index, w.body.Withheld, before, "see the dimensions")}
	for _, d := range w.dims {
		old, ok := before.dim(d.text.ID)
		if !ok {
			rows = append(rows, []string{d.title(), "not asked", w.cell(d.fig.Percent, d.fig.Withheld || w.body.Withheld), "", ""})
			continue
		}
		meaning := "cannot tell"
		switch compareLikely(old, d) {
		case chanceUnlikely:
			meaning = "hardly chance"
		case chancePossible:
			meaning = "may be chance"
		}
		rows = append(rows, w.changeRow(d.title(), old.fig.Percent, old.fig.Withheld || before.body.Withheld,
			d.fig.Percent, d.fig.Withheld || w.body.Withheld, before, meaning))
	}
	w.table(cols, rows)
	for _, d := range before.dims {
		if _, ok := w.dim(d.text.ID); !ok {
			w.para("Asked in " + waveName(before) + " only: " + d.title() + ".")
		}
	}
	if w.withheldWhole() || before.withheldWhole() {
		w.para(withheldNote)
	}
	if w.bad {
		w.para("A plus sign means more warning signs than before.")
	}
}

// changeRow is one row of changeTable; the difference is that of the printed
// scores.
func (w *writer) changeRow(name string, old *float64, oldWithheld bool, now *float64, nowWithheld bool, before view, meaning string) []string {
	row := []string{name, before.cell(old, oldWithheld), w.cell(now, nowWithheld)}
	was, okOld := before.score(old)
	is, okNow := w.score(now)
	switch {
	case !okOld || !okNow || oldWithheld || nowWithheld:
		return append(row, "", "")
	case was == is:
		return append(row, "0", "no change")
	}
	return append(row, signed(is-was), meaning)
}

// dim finds a dimension by its id.
func (v view) dim(id string) (dim, bool) {
	at := slices.IndexFunc(v.dims, func(d dim) bool { return d.text.ID == id })
	if at < 0 {
		return dim{}, false
	}
	return v.dims[at], true
}

// waveTables shows the scores of all waves, earliest first.
func (w *writer) waveTables() {
	waves := append(slices.Clone(w.earlier), w.view)
	waves = slices.DeleteFunc(waves, func(v view) bool { return v.bad != w.bad })
	for part := range slices.Chunk(waves, maxWaveCols) {
		cols := []column{{"", false}}
		people, overall := []string{"Took part"}, []string{"Overall score"}
		for _, v := range part {
			cols = append(cols, column{waveHead(v), true})
			people = append(people, countCell(v.body.N, v.body.Withheld))
			overall = append(overall, v.cell(v.body.Index, v.body.Withheld))
		}
		rows := [][]string{people, overall}
		for _, d := range w.dims {
			row := []string{d.title()}
			for _, v := range part {
				row = append(row, v.waveCell(d.text.ID))
			}
			rows = append(rows, row)
		}
		w.table(cols, rows)
	}
}

func (v view) waveCell(id string) string {
	d, ok := v.dim(id)
	if !ok {
		return "not asked"
	}
	return v.cell(d.fig.Percent, d.fig.Withheld || v.body.Withheld)
}

const (
	highRate = 70 // percent of those asked: the results speak for the place
	lowRate  = 50 // below it, most stayed silent
)

// responseRate says how many of those asked took part, and what that means.
func (w *writer) responseRate() {
	rated := slices.ContainsFunc(w.body.Groups, func(g record.Group) bool { return g.Response != nil })
	if w.body.Response == nil && !rated {
		w.section("Response rate")
		w.para("How many people were asked is not on record, so there is no response rate. " +
			"Keep in mind that those who did not answer may see things differently.")
		return
	}
	w.section("Response rate")
	if r := w.body.Response; r != nil {
		w.para(w.rateSentence(r), rateMeaning(r))
	}
	if !rated {
		return
	}
	for _, g := range w.groupings() {
		w.rateTable(g)
	}
	var low []string
	for _, g := range w.body.Groups {
		if r := g.Response; r != nil && r.Rate != nil && percentOf(*r.Rate) < lowRate {
			low = append(low, groupName(g))
		}
	}
	if len(low) > 0 {
		w.para("Where less than half took part (" + list(low) + "), the picture may come from those who feel strongly, one way or the other.")
	}
}

func (w *writer) rateSentence(r *record.Response) string {
	if r.Rate == nil {
		return fmt.Sprintf("%s asked. There is no response rate%s.",
			things(r.Headcount, "person was", "people were"), reason(r.Undefined, "rate"))
	}
	return fmt.Sprintf("Of %s asked, **%d%%** took part.", things(r.Headcount, "person", "people"), percentOf(*r.Rate))
}

// rateMeaning says how far the results speak for everyone.
func rateMeaning(r *record.Response) string {
	if r.Rate == nil {
		return ""
	}
	switch p := percentOf(*r.Rate); {
	case p >= highRate:
		return "That is a good share: the results speak for most people here."
	case p >= lowRate:
		return "That is a fair share, but those who did not answer may see things differently."
	}
	return "That is a low share: more than half of the people did not answer, and they may see things differently. " +
		"Read the results as the view of those who did."
}

func (w *writer) rateTable(g grouping) {
	if !slices.ContainsFunc(g.groups, func(g record.Group) bool { return g.Response != nil }) {
		return
	}
	cols := []column{{upperFirst(byName(g.by)), false}, {"Asked", true}, {"Took part", true}, {"Response rate", true}}
	if w.opt.Bars {
		cols = append(cols, column{"0% to 100%", false})
	}
	var rows [][]string
	for _, x := range g.groups {
		row := []string{groupName(x), "not known", countCell(x.N, x.Withheld), ""}
		drawn := ""
		switch {
		case x.Withheld:
			row[1], row[3] = nothing, nothing
		case x.Response != nil:
			row[1], row[3] = count(x.Response.Headcount), notAvailable
			if x.Response.Rate != nil {
				p := percentOf(*x.Response.Rate)
				row[3], drawn = strconv.Itoa(p)+"%", bar(p)
			}
		}
		if w.opt.Bars {
			row = append(row, drawn)
		}
		rows = append(rows, row)
	}
	w.table(cols, rows)
}
