package markdown

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/firstcall-cli/firstcall/core/record"
)

const (
	leastStep = 10 // points that a difference must have to be told about in words
	maxListed = 3  // sentences listed below a table
)

// comparison tells what the record says about the groups of a grouping: their
// order, which stand out from the rest, and where two are far apart.
func (w *writer) comparison(g grouping) {
	same := func(by []string) bool { return slices.Equal(by, g.by) }
	for _, r := range w.body.Rankings {
		if same(r.By) && w.tell(r.Text) {
			w.para(esc(r.Text))
		}
	}
	gaps := without(w.body.Gaps, func(x record.Gap) bool { return !same(x.By) })
	if len(gaps) == 0 {
		w.para("Groups can only be compared when the results of at least two of them are shown.")
		return
	}
	if pair := !slices.ContainsFunc(gaps, func(x record.Gap) bool {
		return !slices.Equal(x.Key, gaps[0].Key) && !slices.Equal(x.Key, gaps[len(gaps)-1].Key)
	}); pair {
		w.twoGroups(gaps)
	} else {
		w.standsApart(gaps)
	}
	var lines []string
	for _, x := range w.body.Disconnects {
		if same(x.By) && !w.body.OfLeaders(x) && w.tell(x.Text) {
			lines = append(lines, esc(x.Text))
		}
	}
	if len(lines) > 0 {
		w.para("**Where two groups are far apart.**")
		w.bullets(lines[:min(len(lines), maxGaps)])
		if more := len(lines) - maxGaps; more > 0 {
			w.para(fmt.Sprintf("The same holds in %s more.", things(int64(more), "dimension", "dimensions")))
		}
	}
}

// twoGroups tells that two groups do not differ. Where they do, their
// disconnects tell it, or the section on leaders.
func (w *writer) twoGroups(gaps []record.Gap) {
	if !slices.ContainsFunc(gaps, func(x record.Gap) bool { return x.Test.Chance().Beyond() && max(x.Points, -x.Points) >= leastStep }) {
		w.para(fmt.Sprintf("In no dimension do the two differ by %d points or more beyond chance.", leastStep))
	}
}

// standsApart tells which groups differ from the rest by more than chance would
// easily explain.
func (w *writer) standsApart(gaps []record.Gap) {
	wide := bySize(without(gaps, func(x record.Gap) bool {
		return !x.Test.Chance().Beyond() || max(x.Points, -x.Points) < leastStep
	}), func(x record.Gap) float64 { return x.Points })
	if len(wide) == 0 {
		w.para(fmt.Sprintf("No group differs from the others together by %d points or more beyond chance.", leastStep))
		return
	}
	w.para("**Which groups differ from the rest.** Each group is compared with all others together; only differences that chance would not easily explain are listed.")
	var lines []string
	for _, x := range wide[:min(len(wide), maxGaps)] {
		lines = append(lines, w.gapLine(x))
	}
	w.bullets(lines)
	if more := len(wide) - maxGaps; more > 0 {
		w.para("There are " + things(int64(more), "more such difference.", "more such differences."))
	}
}

// gapLine words a gap: "Spa in **Training:** 35, the others together 65; …".
func (w *writer) gapLine(x record.Gap) string {
	mine := 0.0
	for _, g := range w.body.Groups {
		if slices.Equal(g.By, x.By) && slices.Equal(g.Key, x.Key) {
			for _, d := range w.join(g.Dimensions) {
				if d.text.ID == x.Dimension && d.fig.Percent != nil {
					mine = *d.fig.Percent
				}
			}
		}
	}
	score, rest := w.in.Rounded(mine), w.in.Rounded(mine-x.Points)
	side := "above"
	if score < rest {
		side = "below"
	}
	text := fmt.Sprintf("**%s** scores %d in **%s** and the others together %d: %s %s them", keyName(x.Key), score, w.titleOf(x.Dimension), rest,
		things(int64(max(score-rest, rest-score)), "point", "points"), side)
	if r, ok := w.points(x.Dimension, x.CI); ok {
		if x.Points < 0 {
			r = span{-r.high, -r.low}
		}
		text += fmt.Sprintf(" (likely %d to %d)", r.low, r.high)
	}
	return text + ", " + x.Test.Chance().String() + "."
}

// leaders compares those who lead with the front line.
func (w *writer) leaders() {
	all := w.body.Leaders
	if len(all) == 0 {
		return
	}
	w.section("Leaders and the front line")
	first := all[0]
	intro := fmt.Sprintf("The answers of %s who lead others are set against those of %s of the front line.",
		things(first.Leaders.N, "person", "people"), things(first.FrontLine.N, "person", "people"))
	none := ""
	if !slices.ContainsFunc(all, func(x record.Leaders) bool { return x.Test.Chance().Beyond() }) {
		none = "Nowhere do the two differ by more than chance would easily explain."
	}
	w.para(intro, none)
	rows := make([][]string, len(all))
	for i, x := range all {
		lead, line := w.in.Rounded(x.Leaders.Percent), w.in.Rounded(x.FrontLine.Percent)
		rows[i] = []string{w.titleOf(x.Dimension), strconv.Itoa(lead), strconv.Itoa(line), signed(lead - line), meaning(x.Test, lead == line)}
	}
	w.table([]column{{"Dimension", false}, {"Leaders", true}, {"Front line", true}, {"Difference", true}, {"What it may mean", false}}, rows)
	var lines []string
	apart := w.body.LeadersApart()
	for _, x := range apart[:min(len(apart), maxListed)] {
		if w.tell(x.Text) {
			lines = append(lines, esc(x.Text))
		}
	}
	w.bullets(lines)
}

// meaning words a test for a table.
func meaning(t *record.Test, same bool) string {
	if same {
		return "no difference"
	}
	return t.Chance().String()
}

// idealPractice compares what is said with what is done.
func (w *writer) idealPractice() {
	all := without(w.body.IdealPractice, func(x record.IdealPractice) bool { return len(x.Key) > 0 })
	if len(all) == 0 {
		return
	}
	w.section("What is said and what is done")
	w.para("These pairs of questions ask for the ideal and for the practice of one thing. " +
		"Where practice lags far behind, people hear one thing and live another, and customers notice.")
	var rows [][]string
	for _, x := range bySize(all, func(x record.IdealPractice) float64 { return x.Pair.Points }) {
		ideal, practice := w.in.Rounded(x.Pair.First), w.in.Rounded(x.Pair.Second)
		rows = append(rows, []string{w.quotedItem(x.Ideal), strconv.Itoa(ideal), w.quotedItem(x.Practice), strconv.Itoa(practice),
			signed(practice - ideal), meaning(x.Pair.Test, ideal == practice)})
	}
	w.table([]column{{"What is said", false}, {"Score", true}, {"What is done", false}, {"Score", true}, {"Gap", true}, {"What it may mean", false}}, rows)
	w.idealGroups()
}

// idealGroups names the groups in which what is said is furthest from what is
// done.
func (w *writer) idealGroups() {
	wide := bySize(without(w.body.IdealPractice, func(x record.IdealPractice) bool {
		return len(x.Key) == 0 || !x.Pair.Test.Chance().Beyond() || (x.Pair.First > x.Pair.Second) == w.bad || max(x.Pair.Points, -x.Pair.Points) < leastStep
	}), func(x record.IdealPractice) float64 { return x.Pair.Points })
	if len(wide) == 0 {
		return
	}
	w.para("**The groups in which it is furthest apart:**")
	var lines []string
	for _, x := range wide[:min(len(wide), maxListed)] {
		if w.tell(x.Text) {
			lines = append(lines, esc(x.Text))
		}
	}
	w.bullets(lines)
}

// serviceCare reports service and care apart.
func (w *writer) serviceCare() {
	all := without(w.body.ServiceCare, func(x record.ServiceCare) bool { return len(x.By) > 1 })
	if len(all) == 0 {
		return
	}
	w.section("Service and care")
	said := "Service helps people to choose, to use and to complain. Care listens, finds the right solution and follows up."
	for _, x := range all {
		if len(x.Key) == 0 && x.Text != "" && w.tell(x.Text) {
			said = esc(x.Text)
		}
	}
	w.para(said, "A place can be good at one and poor at the other.")
	var rows [][]string
	for _, x := range all {
		name := "Everyone"
		if len(x.Key) > 0 {
			name = keyName(x.Key)
		}
		service, care := w.in.Rounded(x.Service.Percent), w.in.Rounded(x.Care.Percent)
		var test *record.Test
		if x.Pair != nil {
			test = x.Pair.Test
		}
		rows = append(rows, []string{name, strconv.Itoa(service), strconv.Itoa(care), signed(care - service), meaning(test, service == care)})
	}
	w.table([]column{{"", false}, {"Service", true}, {"Care", true}, {"Difference", true}, {"What it may mean", false}}, rows)
}
