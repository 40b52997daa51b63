package auditor

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// world is made-up people with one whole-number answer each, from 1, in atoms.
type world struct {
	table   Table
	steps   int
	answers [][]int // of each atom
}

// crossed is a world of rows times columns: everybody, rows, columns, crossed.
func crossed(steps int, answers [][][]int) *world {
	rows, cols := len(answers), len(answers[0])
	w := &world{steps: steps}
	w.table.Atoms = rows * cols
	all := make([]int, rows*cols)
	for a := range all {
		all[a] = a
		w.answers = append(w.answers, answers[a/cols][a%cols])
	}
	w.cell(-1, "everybody", all)
	for r := range rows {
		w.cell(0, fmt.Sprint("row ", r), all[r*cols:(r+1)*cols])
	}
	for c := range cols {
		var atoms []int
		for r := range rows {
			atoms = append(atoms, r*cols+c)
		}
		w.cell(1, fmt.Sprint("column ", c), atoms)
	}
	for a := range all {
		w.cell(2, fmt.Sprint("row ", a/cols, " column ", a%cols), all[a:a+1])
	}
	return w
}

// flat is a world of groups.
func flat(steps int, groups ...[]int) *world {
	w := &world{steps: steps, answers: groups}
	w.table.Atoms = len(groups)
	var all []int
	for a := range groups {
		all = append(all, a)
	}
	w.cell(-1, "everybody", all)
	for a := range groups {
		w.cell(0, fmt.Sprint("group ", a), all[a:a+1])
	}
	return w
}

func (w *world) cell(grouping int, name string, atoms []int) {
	for len(w.table.Groupings) <= grouping {
		w.table.Groupings = append(w.table.Groupings, nil)
	}
	if grouping >= 0 {
		w.table.Groupings[grouping] = append(w.table.Groupings[grouping], len(w.table.Cells))
	}
	w.table.Cells = append(w.table.Cells, atoms)
	w.table.Names = append(w.table.Names, name)
}

// figure is what is told of atoms.
func (w *world) figure(kind kind, atoms ...int) *Figure {
	f := &Figure{Histogram: make([]int64, w.steps)}
	var sum, squares float64
	for _, a := range atoms {
		for _, x := range w.answers[a] {
			f.N++
			sum += float64(x)
			squares += float64(x * x)
			f.Histogram[x-1]++
		}
	}
	f.Sum, f.Squares = &sum, &squares
	if kind != counted {
		f.Histogram = nil
	}
	if kind == summed {
		f.Squares = nil
	}
	return f
}

// measure shows all cells but those withheld, by name.
func (w *world) measure(kind kind, withheld ...string) Measure {
	m := Measure{Name: "item", Low: 1, High: float64(w.steps), Steps: w.steps, Shown: make([]*Figure, len(w.table.Cells))}
	for c, atoms := range w.table.Cells {
		if !slices.Contains(withheld, w.table.Names[c]) {
			m.Shown[c] = w.figure(kind, atoms...)
		}
	}
	for a := range w.answers {
		m.People = append(m.People, int64(len(w.answers[a])))
		m.Truth = append(m.Truth, w.figure(counted, a))
	}
	return m
}

func (w *world) check(t *testing.T, rules Rules, measures ...Measure) string {
	t.Helper()
	var lines []string
	for _, f := range w.table.Check(t.Context(), measures, rules) {
		lines = append(lines, f.Name+": "+f.What)
	}
	return strings.Join(lines, "\n")
}

// group is n people who give the answers in turn.
func group(n int, answers ...int) []int {
	var g []int
	for i := range n {
		g = append(g, answers[i%len(answers)])
	}
	return g
}

var standard = Rules{Min: 5, Alike: 20, Spread: 0.25}

func TestCheckPasses(t *testing.T) {
	w := flat(5, group(30, 1, 3, 5), group(9, 2, 4), group(4, 1, 5, 3), group(4, 2, 5, 1))
	for _, k := range []kind{counted, squared, summed} {
		m := w.measure(k, "group 2", "group 3")
		if got := w.check(t, standard, m); got != "" {
			t.Errorf("kind %d: %s", k, got)
		}
		m.Truth = nil
		if got := w.check(t, standard, m); got != "" {
			t.Errorf("kind %d without truth: %s", k, got)
		}
		m.People = nil
		if got := w.check(t, standard, m); got != "" {
			t.Errorf("kind %d without people: %s", k, got)
		}
	}
}

// TestCheckFinds breaks one thing at a time.
func TestCheckFinds(t *testing.T) {
	w := flat(5, group(30, 1, 3, 5), group(9, 2, 4), group(4, 1, 5, 3), group(4, 2, 5, 1), group(6, 4))
	hold := []string{"group 2", "group 3", "group 4"}
	square := crossed(5, [][][]int{
		{group(9, 1, 2, 3), group(4, 1, 5), group(4, 1, 5)},
		{group(8, 3, 4, 5), group(4, 1, 5), group(4, 5, 1)},
		{group(9, 1, 3, 5), group(9, 1, 4, 5), group(9, 1, 2, 5)},
	})
	two := []string{"row 0 column 1", "row 0 column 2", "row 1 column 1", "row 1 column 2"}
	for _, test := range []struct {
		name  string
		world *world
		hold  []string
		alter func(*Table, *Measure)
		want  string
	}{
		{"nothing", w, hold, nil, ""},
		{"rank", w, []string{"group 2"}, nil, "everybody without group 0, group 1, group 3, group 4"},
		{"square", square, two, nil, ""},
		{"square rank", square, two[:3], nil, "row 0 column 1: can be computed"},
		{"few", w, append(hold[1:3:3], "group 0"), nil, "group 2: can be worked out, and are too few people"},
		{"alike", w, hold[:2], nil, "group 4: can be worked out, and are few people who all answered the same"},
		{"alike remainder", flat(5, group(30, 1, 3, 5), group(4, 2), group(3, 2)), []string{"group 1", "group 2"}, nil,
			"everybody without group 0: can be worked out, and are few people who all answered the same"},
		{"alike by flag", w, hold, func(_ *Table, m *Measure) {
			m.Shown[2] = &Figure{N: 9, Alike: true}
		}, "group 1: can be worked out, and are few people"},
		{"watched", w, hold, func(t *Table, _ *Measure) {
			t.Watched = []Watched{{"late", []int{1}}, {"later", []int{2, 3}}, {"hidden", []int{4}}}
		}, ""},
		{"watched few", w, []string{"group 1", "group 2"}, func(t *Table, _ *Measure) {
			t.Watched = []Watched{{"the last", []int{3}}}
		}, "the last: can be worked out, and are too few people"},
		{"narrow", flat(5, group(30, 1, 3, 5), group(4, 1, 1, 2), group(4, 1)), []string{"group 1", "group 2"}, nil,
			"group 1: the published figures leave too little doubt"},
		{"conflict", w, hold, func(_ *Table, m *Measure) { m.Shown[0].N = 20; m.People = nil }, "contradict"},
		{"count", w, hold, func(_ *Table, m *Measure) { m.People[0]++ }, "number of people"},
		{"answers", w, hold, func(_ *Table, m *Measure) { *m.Shown[1].Sum += 2 }, "does not follow from the answers"},
	} {
		table := test.world.table
		m := test.world.measure(counted, test.hold...)
		if test.alter != nil {
			test.alter(&table, &m)
		}
		v := &world{table: table}
		got := v.check(t, standard, m)
		if !strings.Contains(got, test.want) || test.want == "" && got != "" {
			t.Errorf("%s: got\n%s\nwant %s", test.name, got, test.want)
		}
	}
}

// TestCheckEmpty withholds a cell without people, and one whose row is empty
// but for it.
func TestCheckEmpty(t *testing.T) {
	w := crossed(5, [][][]int{
		{nil, group(4, 1, 5, 3)},
		{group(9, 1, 2, 5), group(9, 1, 3)},
	})
	m := w.measure(counted, "row 0 column 0", "row 0 column 1")
	if got := w.check(t, standard, m); !strings.Contains(got, "row 0 column 1: can be computed") || strings.Contains(got, "row 0 column 0") {
		t.Error(got)
	}
}

// TestCheckLarge passes a large cell of which no more is known than from
// everybody's figures, and not one of which the published groups tell more.
func TestCheckLarge(t *testing.T) {
	w := flat(5, group(60, 1, 3, 5), group(6, 2, 4))
	m := w.measure(counted, "group 0", "group 1")
	if got := w.check(t, standard, m); got != "" {
		t.Error(got)
	}
	w = flat(5, group(60, 1, 3, 5), group(6, 2, 4), group(50, 1, 5))
	m = w.measure(counted, "group 0", "group 1")
	if got, want := w.check(t, standard, m), "group 0: "+faultNarrow; got != want {
		t.Error(got)
	}
}

// TestCheckMixed does not guess where cells tell different things.
func TestCheckMixed(t *testing.T) {
	w := flat(5, group(30, 1, 3, 5), group(9, 2, 4), group(4, 1, 5, 3), group(4, 2, 5, 1))
	m := w.measure(counted, "group 2", "group 3")
	m.Shown[1].Histogram = nil
	if got := w.check(t, standard, m); got != "" {
		t.Error(got)
	}
	m.Truth = nil
	if got := w.check(t, standard, m); !strings.Contains(got, faultUnproven) {
		t.Error(got)
	}
}

// TestCheckEnds proves nothing once its time is up.
func TestCheckEnds(t *testing.T) {
	w := flat(5, group(30, 1, 3, 5), group(9, 2, 4), group(4, 1, 5, 3), group(4, 2, 5, 1))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	faults := w.table.Check(ctx, []Measure{w.measure(counted, "group 2", "group 3")}, standard)
	if len(faults) != 2 || faults[0].What != faultUnproven {
		t.Error(faults)
	}
}

// TestCheckOrder returns the same faults in the same order each time.
func TestCheckOrder(t *testing.T) {
	table, measures := lecturers()
	first := table.Check(t.Context(), measures, standard)
	if again := table.Check(t.Context(), measures, standard); !slices.Equal(first, again) {
		t.Error("differs")
	}
}
