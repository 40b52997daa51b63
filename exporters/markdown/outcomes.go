package markdown

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/firstcall-cli/firstcall/core/record"
)

// recommend shows the questions that give a net score: whether people would
// recommend the place.
func (w *writer) recommend() {
	var items []item
	for _, d := range w.dims {
		items = append(items, d.items()...)
	}
	items = slices.DeleteFunc(append(items, w.outcomes()...), func(it item) bool { return it.fig.ENPS == nil })
	if len(items) == 0 {
		return
	}
	w.section("Would people recommend this place?")
	w.para("People answered from 0 to 10. Those who gave 9 or 10 speak well of the place, those who gave 0 to 6 do not. " +
		"The net score (eNPS) is the share of the first less the share of the others; it runs from −100 to +100.")
	for _, it := range items {
		e := it.fig.ENPS
		text := fmt.Sprintf("**%s:** the net score is **%s**", it.quoted(), signed(signedRound(e.Score)))
		if e.Low != nil && e.High != nil {
			text += fmt.Sprintf(" (likely %s to %s)", signed(signedRound(*e.Low)), signed(signedRound(*e.High)))
		}
		if it.fig.N != nil {
			text += ", from " + things(*it.fig.N, "answer", "answers")
		}
		w.para(text + ".")
		w.block(w.promoters(e))
	}
}

// signedRound rounds to a whole number, halves away from none.
func signedRound(x float64) int {
	if x < 0 {
		return -roundHalfUp(-x)
	}
	return roundHalfUp(x)
}

// promoters draws the three kinds of answers.
func (w *writer) promoters(e *record.ENPS) string {
	text := "```text"
	for _, part := range []struct {
		name  string
		share float64
	}{{"9 or 10", e.Promoters}, {"7 or 8", max(0, 1-e.Promoters-e.Detractors)}, {"0 to 6", e.Detractors}} {
		p := percentOf(part.share)
		line := pad(part.name, 7, false) + "  " + pad(strconv.Itoa(p)+"%", 4, true)
		if w.opt.Bars {
			line += "  " + bar(p)
		}
		text += "\n" + line
	}
	return text + "\n```"
}

// drivers shows how much each dimension explains of each outcome.
func (w *writer) drivers() {
	if len(w.body.Drivers) == 0 {
		return
	}
	w.section("What drives the outcome")
	for _, x := range w.body.Drivers {
		if x.Text == "" {
			w.para("**" + w.quotedItem(x.Outcome) + "**")
		}
		known := without(x.Dimensions, func(d record.Driver) bool { return d.Share == nil || d.Weight == nil })
		if len(known) == 0 {
			w.para("What drives it can’t be said" + firstReason(x.Undefined) + ".")
			continue
		}
		w.para(esc(x.Text))
		w.driverTable(x.Outcome, known)
	}
	w.para("“Part” is a dimension’s part in all that the dimensions explain together; the parts add up to 100%. " +
		"“Likely range” says how far chance could move what the dimension explains of how people differ in the outcome.")
}

// firstReason words why there are no drivers: " (reason)", or nothing.
func firstReason(notes record.UndefinedNote) string {
	for _, name := range sortedKeys(notes) {
		return reason(notes, name)
	}
	return ""
}

// driverTable lists the dimensions by what they explain of an outcome.
func (w *writer) driverTable(outcome string, known []record.Driver) {
	known = slices.Clone(known)
	slices.SortStableFunc(known, func(a, b record.Driver) int { return cmp.Compare(*b.Share, *a.Share) })
	cols := []column{{"Dimension", false}}
	if w.opt.Bars {
		cols = append(cols, column{"0% to 100%", false})
	}
	cols = append(cols, column{"Part", true}, column{"Explains", true}, column{"Likely range", true},
		column{"Better scores go with", false}, column{"Score", true})
	var rows [][]string
	for _, x := range known {
		row := []string{w.titleOf(x.Dimension)}
		if w.opt.Bars {
			row = append(row, bar(percentOf(*x.Share)))
		}
		likely := notAvailable
		if x.Low != nil && x.High != nil {
			likely = fmt.Sprintf("%d%% to %d%%", percentOf(*x.Low), percentOf(*x.High))
		}
		d, _ := w.dim(x.Dimension)
		rows = append(rows, append(row, strconv.Itoa(percentOf(*x.Share))+"%", strconv.Itoa(percentOf(*x.Weight))+"%", likely,
			w.goesWith(outcome, x), w.cell(d.fig.Percent, d.fig.Withheld)))
	}
	w.table(cols, rows)
}

// goesWith says which outcome the better scores in a dimension go with.
func (w *writer) goesWith(outcome string, x record.Driver) string {
	switch toward := w.body.Toward(outcome, x); {
	case toward > 0:
		return "a better outcome"
	case toward < 0:
		return "a **worse** outcome"
	case x.R != nil:
		return "neither"
	}
	return notAvailable
}
