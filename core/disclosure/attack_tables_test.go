package disclosure_test

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/disclosure"
	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/record"
)

// This file attacks tables of figures: attacks 1, 2, 6 and 7. The attacker
// knows the source code, the scale, and who works where, and reads the JSON of
// records. What was really answered is looked at only to see whether an attack
// told the truth.

// attacker is at work on one wave of a survey.
type attacker struct {
	survey *villageSurvey
	wave   int
	body   record.AssessmentBody
	min    int64
	people []int64    // by finest group: headcounts
	atoms  [][]string // the finest groups: their values of attackColumns
	cells  []cell
	views  map[string]*view      // by the cells published
	ranges map[string][2]float64 // bounds found so far
	tables int                   // linear programs that may still be solved
	home   []int                 // of each person: the finest group
	actual map[asked][]tally     // the truth, by finest group
	found  []finding
	wrong  []string // where the attacker and the truth differ: a fault of this test
}

// cell is a set of people for which a record has a place.
type cell struct {
	name     string
	set      uint64 // of finest groups
	grouping int    // -1 is the total
	group    record.Group
}

// view is what follows from figures that stand in the same cells.
type view struct {
	cells      []int
	span       *span
	remainders []remainder
	sets       []uint64 // parallel to cells
	grouping   []int
	small      [][]int
}

// finding is a success of the attacker.
type finding struct{ attack, quantity, where, what string }

func newAttacker(v *villageSurvey, wave int, body record.AssessmentBody) *attacker {
	a := &attacker{survey: v, wave: wave, body: body, min: int64(body.Method.MinGroup), views: map[string]*view{}, ranges: map[string][2]float64{}, tables: 100, actual: map[asked][]tally{}}
	place := map[string]int{}
	for _, p := range v.waves[wave] {
		at, ok := place[a.finest(p)]
		if !ok {
			at = len(a.atoms)
			place[a.finest(p)] = at
			a.atoms, a.people = append(a.atoms, p.groups), append(a.people, 0)
		}
		a.people[at]++
		a.home = append(a.home, at)
	}
	if len(a.atoms) > 64 {
		panic("a set has 64 bits")
	}
	whole := record.Group{Withheld: body.Withheld, N: body.N, Dimensions: body.Dimensions, Outcomes: body.Outcomes, Index: body.Index}
	a.cells = []cell{{"everybody", 1<<len(a.atoms) - 1, -1, whole}}
	for _, g := range body.Groups {
		c := cell{name: strings.Join(g.By, "*") + "=" + strings.Join(g.Key, "*"), group: g}
		c.grouping = slices.IndexFunc(v.by, func(by []string) bool { return slices.Equal(by, g.By) })
		for i, groups := range a.atoms {
			if slices.Equal(keyOf(groups, g.By), g.Key) {
				c.set |= 1 << i
			}
		}
		a.cells = append(a.cells, c)
	}
	return a
}

// keyOf is the values of some columns.
func keyOf(groups, by []string) []string {
	var key []string
	for _, column := range by {
		key = append(key, groups[slices.Index(attackColumns, column)])
	}
	return key
}

// finest names the finest group of a person, by the columns grouped by.
func (a *attacker) finest(p villager) string {
	return strings.Join(keyOf(p.groups, a.survey.columns()), "|")
}

// read takes the figures of a quantity from a cell, if they are published.
func (a *attacker) read(c int, q asked) (t tally, ok bool) {
	g := a.cells[c].group
	if g.Withheld || g.N == nil {
		return t, false
	}
	if q.dim < 0 && q.item < 0 {
		return tally{n: *g.N}, true
	}
	first := 0
	for _, d := range a.body.Instrument.Dimensions[:max(0, q.dim)] {
		first += len(d.Items)
	}
	if q.item >= 0 {
		items := g.Outcomes
		if q.dim >= 0 {
			items = g.Dimensions[q.dim].Items
		} else {
			first = a.dimensionItems() // outcomes follow the items of dimensions
		}
		if len(items) == 0 || items[q.item-first].Withheld || items[q.item-first].N == nil {
			return t, false
		}
		it := items[q.item-first]
		t, ok = moments(it.N, it.Mean, it.SD, 1)
		if t.steps = slices.Clone(it.Histogram); a.reversed(q) {
			slices.Reverse(t.steps)
		}
		return t, ok
	}
	d := g.Dimensions[q.dim]
	if d.Withheld || d.N == nil {
		return t, false
	}
	t, ok = moments(d.N, d.Mean, d.SD, parts)
	if ok && d.Favorable != nil && a.everybody(q.dim) {
		t.answers = t.n * int64(len(a.body.Instrument.Dimensions[q.dim].Items))
		t.favorable = int64(math.Round(d.Favorable.Share * float64(t.answers)))
	}
	return t, ok
}

// look is read, for a record in which everything may be withheld, and with it
// its places.
func (a *attacker) look(c int, q asked) (tally, bool) {
	if c >= len(a.cells) {
		return tally{}, false
	}
	return a.read(c, q)
}

// moments turns figures back into whole sums.
func moments(n *int64, mean, sd *float64, unit float64) (tally, bool) {
	if *n == 0 {
		return tally{}, true
	}
	if mean == nil {
		return tally{}, false
	}
	x, m, dev := float64(*n), *mean*unit, 0.0
	if sd != nil {
		dev = *sd * unit
	}
	return tally{n: *n, sum: int64(math.Round(x * m)), squares: int64(math.Round((x-1)*dev*dev + x*m*m))}, true
}

// dimensionItems is how many items the dimensions have.
func (a *attacker) dimensionItems() int {
	n := 0
	for _, d := range a.body.Instrument.Dimensions {
		n += len(d.Items)
	}
	return n
}

func (a *attacker) reversed(q asked) bool { return a.survey.instrument.Items()[q.item].Reverse }

// everybody reports whether it is published that nobody left out an item of a
// dimension.
func (a *attacker) everybody(dim int) bool {
	if len(a.body.Dimensions) == 0 || a.body.N == nil {
		return false
	}
	d := a.body.Dimensions[dim]
	return !d.Withheld && !slices.ContainsFunc(d.Items, func(it record.Item) bool { return it.Withheld || *it.N != *a.body.N })
}

// facts are the published figures of a quantity, and what follows from there
// being figures in these cells.
func (a *attacker) facts(q asked) (*view, []tally) {
	var cells []int
	var facts []tally
	for c := range a.cells {
		if t, ok := a.read(c, q); ok {
			cells, facts = append(cells, c), append(facts, t)
		}
	}
	key := fmt.Sprint(cells)
	if a.views[key] == nil {
		v := &view{cells: cells}
		var vectors [][]int64
		for _, c := range cells {
			v.sets, v.grouping = append(v.sets, a.cells[c].set), append(v.grouping, a.cells[c].grouping)
			vectors = append(vectors, vectorOf(a.cells[c].set, len(a.atoms)))
		}
		v.span, v.remainders = newSpan(len(a.atoms), vectors), remainders(v.sets, v.grouping, len(a.survey.by))
		v.small = v.span.smallSets(a.people, a.min)
		a.views[key] = v
	}
	return a.views[key], facts
}

// of is what is left of a published set.
func (r remainder) of(facts []tally) tally {
	t := facts[r.whole]
	for _, k := range r.less {
		t = t.less(facts[k])
	}
	return t
}

func (a *attacker) heads(set uint64) int64 {
	var n int64
	for _, c := range columnsOf(set) {
		n += a.people[c]
	}
	return n
}

// name describes a set of finest groups.
func (a *attacker) name(set uint64) string {
	for _, c := range a.cells {
		if c.set == set {
			return c.name
		}
	}
	var all []string
	for _, c := range columnsOf(set) {
		all = append(all, a.finest(villager{groups: a.atoms[c]}))
	}
	return strings.Join(all, " + ")
}

func (q asked) String() string {
	switch {
	case q.item >= 0:
		return fmt.Sprintf("item %d", q.item)
	case q.dim >= 0:
		return fmt.Sprintf("dimension %d", q.dim)
	}
	return "people"
}

// truth is what the people of a set really answered.
func (a *attacker) truth(q asked, set uint64) tally {
	if a.actual[q] == nil {
		a.actual[q] = make([]tally, len(a.atoms))
		for i, p := range a.survey.waves[a.wave] {
			if x, ok := q.value(a.survey.instrument, p); ok {
				t := &a.actual[q][a.home[i]]
				t.n, t.sum, t.squares = t.n+1, t.sum+x, t.squares+x*x
				if low := a.body.Instrument.Scale.Min; q.item >= 0 {
					if t.steps == nil {
						t.steps = make([]int64, a.body.Instrument.Scale.Max-low+1)
					}
					t.steps[x-int64(low)]++
				}
			}
		}
	}
	var all tally
	for _, c := range columnsOf(set) {
		all = all.plus(a.actual[q][c])
	}
	return all
}

// report notes a success, once the truth bears it out.
func (a *attacker) report(attack string, q asked, set uint64, t tally, what string) {
	actual := a.truth(q, set)
	if actual.n != t.n || actual.sum != t.sum || q != (asked{-1, -1}) && t.n > 1 && actual.squares != t.squares {
		a.wrong = append(a.wrong, fmt.Sprintf("%s of %s in %s: thought %+v, but it is %+v", attack, q, a.name(set), t, actual))
		return
	}
	f := finding{attack, q.String(), a.name(set), fmt.Sprintf("%s: %d people, sum %d/%d", what, t.n, t.sum, q.unit())}
	a.found = append(a.found, f)
}

// linear makes the attacks on one quantity that add up and subtract.
func (a *attacker) linear(q asked) {
	v, facts := a.facts(q)
	if len(facts) == 0 {
		return
	}
	for _, r := range v.remainders {
		t := r.of(facts)
		if t.n > 0 && t.n < a.min {
			a.report("1 subtraction", q, r.set, t, "less than the minimum")
		}
		if why := a.oneMind(q, t); why != "" && t.n >= a.min {
			a.report("6 unanimous", q, r.set, t, why)
		}
	}
	whole := func(made []tally, set []int64) (tally, bool) {
		c, ok := v.span.solve(set)
		if !ok {
			return tally{}, false
		}
		pick := func(of func(tally) int64) int64 {
			return combine(c, func(k int) int64 { return of(made[k]) }).Num().Int64()
		}
		return tally{
			n: pick(func(t tally) int64 { return t.n }), sum: pick(func(t tally) int64 { return t.sum }),
			squares: pick(func(t tally) int64 { return t.squares }),
		}, true
	}
	for i, c := range a.cells {
		if slices.Contains(v.cells, i) {
			continue
		}
		if t, ok := whole(facts, vectorOf(c.set, len(a.atoms))); ok && t.n > 0 {
			a.report("2 system", q, c.set, t, "withheld and known")
		}
	}
	for _, columns := range v.small {
		var set uint64
		for _, c := range columns {
			set |= 1 << c
		}
		if t, ok := whole(facts, vectorOf(set, len(a.atoms))); ok && t.n > 0 {
			a.report("2 small set", q, set, t, "fewer than the minimum, and known")
		}
	}
}

// oneMind says in which way a few people answered alike, or "".
func (a *attacker) oneMind(q asked, t tally) string {
	if t.n == 0 || t.n >= disclosure.UnanimousFloor || q == (asked{-1, -1}) {
		return ""
	}
	if t.n*t.squares == t.sum*t.sum {
		return "no spread"
	}
	switch t = a.favors(t); {
	case t.answers > 0 && t.favorable == 0:
		return "nobody favorable"
	case t.answers > 0 && t.favorable == t.answers:
		return "all favorable"
	}
	return ""
}

// favors counts the favorable answers of a histogram.
func (a *attacker) favors(t tally) tally {
	favorable := a.body.Instrument.Scale.Favorable
	if t.steps == nil || favorable == nil {
		return t
	}
	t.answers, t.favorable = t.n, 0
	for i, n := range t.steps {
		if a.body.Instrument.Scale.Min+i >= *favorable {
			t.favorable += n
		}
	}
	return t
}

// incomplete takes a dimension of those who answered everything from its items:
// what is left are the answers of those who did not.
func (a *attacker) incomplete(dim int) {
	if a.survey.instrument.Policy.Missing != instrument.CompleteOnly {
		return
	}
	var items []asked
	for _, q := range quantities(a.survey.instrument) {
		if q.dim == dim && q.item >= 0 {
			items = append(items, q)
		}
	}
	v, facts := a.facts(items[0])
	scores := make([]tally, len(v.cells))
	rests := slices.Clone(facts)
	for k, c := range v.cells {
		scores[k], _ = a.read(c, asked{dim, -1})
		for _, q := range items[1:] {
			more, _ := a.read(c, q)
			rests[k].n, rests[k].sum = rests[k].n+more.n, rests[k].sum+more.sum
		}
		rests[k].steps = nil
	}
	for _, r := range v.remainders {
		all, full := r.of(rests), r.of(scores)
		answers := all.n - int64(len(items))*full.n
		people := min(answers, a.heads(r.set)-full.n)
		if answers > 0 && people < a.min {
			sum := all.sum - int64(len(items))*full.sum/parts
			a.found = append(a.found, finding{"7 incomplete", asked{dim, -1}.String(), a.name(r.set), fmt.Sprintf("%d answers of at most %d people add up to %d", answers, people, sum)})
		}
	}
}
