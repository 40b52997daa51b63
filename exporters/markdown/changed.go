package markdown

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/firstcall-cli/firstcall/core/record"
)

// recorded returns what the record itself says about changes of everyone: those
// since one earlier wave.
func (w *writer) recorded() []record.Change {
	all := without(w.body.Changes, func(x record.Change) bool { return len(x.Key) > 0 })
	if len(all) == 0 {
		return nil
	}
	return without(all, func(x record.Change) bool { return x.Since != all[0].Since })
}

// recordedChanges tells what changed in the record's own figures.
func (w *writer) recordedChanges(all []record.Change) {
	w.section("Change since " + orElse(esc(all[0].Since), "an earlier, undated survey"))
	paired := all[0].Paired
	if paired {
		w.para("The answers of " + matched(all) + " who took part both times were matched: the change is that of the same people. " +
			"The scores beside it are those of everyone who answered.")
	} else {
		w.para(unpairedNote)
	}
	at := slices.IndexFunc(w.earlier, func(v view) bool { return v.body.Wave == all[0].Since })
	var before *view
	if at >= 0 && w.earlier[at].bad == w.bad {
		before = &w.earlier[at]
		w.rewordedNote(*before)
	}
	w.recordedTable(all, before, paired)
	if w.bad {
		w.para("A plus sign means more warning signs than before.")
	}
	w.changedGroups(all[0].Since)
	if len(w.earlier) > 1 {
		w.sub("All waves")
		w.waveTables()
	}
}

// matched says how many people were matched: "41 people", or a range where it
// differs by dimension.
func matched(all []record.Change) string {
	low, high := int64(-1), int64(-1)
	for _, x := range all {
		if x.N == nil {
			continue
		}
		if high = max(high, *x.N); low < 0 || *x.N < low {
			low = *x.N
		}
	}
	switch {
	case low < 0:
		return "people"
	case low == high:
		return things(low, "person", "people")
	}
	return fmt.Sprintf("%s to %s (it differs by dimension)", count(low), things(high, "person", "people"))
}

func (w *writer) recordedTable(all []record.Change, before *view, paired bool) {
	change := "Change"
	if paired {
		change = "Change of the same people"
	}
	cols := []column{{"", false}, {orElse(esc(all[0].Since), "undated"), true}, {waveHead(w.view), true}, {change, true}, {"What it may mean", false}}
	var rows [][]string
	if before != nil {
		row := w.changeRow("Overall score", before.body.Index, before.body.Withheld, w.body.Index, w.body.Withheld, *before, "see the dimensions")
		if paired {
			row[3], row[4] = "", ""
		}
		rows = append(rows, row)
	}
	for _, d := range w.dims {
		at := slices.IndexFunc(all, func(x record.Change) bool { return x.Dimension == d.text.ID })
		if at < 0 {
			rows = append(rows, []string{d.title(), "", w.cell(d.fig.Percent, d.fig.Withheld || w.body.Withheld), "", "not compared"})
			continue
		}
		rows = append(rows, w.recordedRow(d, all[at]))
	}
	w.table(cols, rows)
}

// recordedRow is one dimension's change. Without matching it is the difference
// of the printed scores.
func (w *writer) recordedRow(d dim, x record.Change) []string {
	was, is := notAvailable, w.cell(d.fig.Percent, d.fig.Withheld)
	moved := signedRound(x.Points)
	if x.Before != nil {
		was = strconv.Itoa(w.in.Rounded(x.Before.Percent))
	}
	if x.After != nil {
		is = strconv.Itoa(w.in.Rounded(x.After.Percent))
	}
	if x.Before != nil && x.After != nil && !x.Paired {
		moved = w.in.Rounded(x.After.Percent) - w.in.Rounded(x.Before.Percent)
	}
	words := x.Test.Chance().String()
	if moved == 0 {
		words = "no change"
	}
	return []string{d.title(), was, is, signed(moved), words}
}

// changedGroups names the groups that changed beyond chance.
func (w *writer) changedGroups(since string) {
	wide := bySize(without(w.body.Changes, func(x record.Change) bool {
		return len(x.Key) == 0 || x.Since != since || !x.Test.Chance().Beyond() || max(x.Points, -x.Points) < leastStep
	}), func(x record.Change) float64 { return x.Points })
	if len(wide) == 0 {
		return
	}
	w.para(fmt.Sprintf("**Groups that changed by %d points or more, beyond chance:**", leastStep))
	var lines []string
	for _, x := range wide[:min(len(wide), maxGaps)] {
		line := fmt.Sprintf("%s, %s: %s", keyName(x.Key), w.titleOf(x.Dimension), things(int64(max(signedRound(x.Points), -signedRound(x.Points))), "point", "points"))
		if (x.Points > 0) == w.bad {
			line += " worse"
		} else {
			line += " better"
		}
		lines = append(lines, line+", "+x.Test.Chance().String())
	}
	w.bullets(lines)
	if more := len(wide) - maxGaps; more > 0 {
		w.para("There are " + things(int64(more), "more such change.", "more such changes."))
	}
}
