package auditor

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// lecturers is a survey of students about lecturers in four years, by lecturer,
// by year and by both, with cells withheld the way a publisher would: the small
// ones, and more until no row or column withholds one alone.
func lecturers() (*Table, []Measure) {
	const rows, cols, steps = 1128, 4, 5
	r := rand.New(rand.NewPCG(5, 6))
	people := students(r, rows*cols)
	w, number := answering(r, people, steps)
	held := make([]bool, rows*cols)
	for a, n := range people {
		held[a] = 0 < n && n < 5
	}
	complement(people, held, cols)
	var hold []string
	line := func(g int, name string, from, step, count int) {
		var atoms []int
		n := 0
		for i := range count {
			if a := from + i*step; people[a] > 0 {
				atoms = append(atoms, number[a])
				n += people[a]
			}
		}
		if len(atoms) == 0 {
			return
		}
		w.cell(g, name, atoms)
		if count == 1 && held[from] || n < 5 {
			hold = append(hold, name)
		}
	}
	for i := range rows {
		line(0, fmt.Sprint("lecturer ", i), i*cols, 1, cols)
	}
	for j := range cols {
		line(1, fmt.Sprint("year ", j), j, cols, rows)
	}
	for a := range people {
		line(2, fmt.Sprint("lecturer ", a/cols, " year ", a%cols), a, 1, 1)
	}
	item, scores := w.measure(counted, hold...), w.measure(squared, hold...)
	scores.Steps = 0
	for i := range scores.Truth {
		scores.Truth[i].Histogram = nil
	}
	return &w.table, []Measure{item, scores}
}

// students is how many there are in each of so many courses, often none or few.
func students(r *rand.Rand, courses int) []int {
	people := make([]int, courses)
	for i, a := range r.Perm(courses)[:3499] {
		people[a] = 5 + int(30*r.ExpFloat64())
		if i < 907 {
			people[a] = 1 + r.IntN(4)
		}
	}
	return people
}

// answering is everybody with answers, and the number of each atom that has
// people.
func answering(r *rand.Rand, people []int, steps int) (*world, map[int]int) {
	w := &world{steps: steps}
	var all []int
	number := make(map[int]int)
	for a, n := range people {
		if n == 0 {
			continue
		}
		number[a] = len(all)
		all = append(all, len(all))
		mean := 1 + r.IntN(3)
		var g []int
		for range n {
			g = append(g, min(steps, mean+r.IntN(4)))
		}
		w.answers = append(w.answers, g)
	}
	w.table.Atoms = len(all)
	w.cell(-1, "everybody", all)
	return w, number
}

// complement withholds the smallest further cell of each row of which what is
// withheld alone is one cell, or few people.
func complement(people []int, held []bool, cols int) {
	for row := 0; row < len(people); row += cols {
		for {
			n, cells, best := 0, 0, -1
			for a := row; a < row+cols; a++ {
				switch {
				case held[a]:
					n += people[a]
					cells++
				case people[a] > 0 && (best < 0 || people[a] < people[best]):
					best = a
				}
			}
			if cells == 0 || cells > 1 && n >= 10 || best < 0 {
				break
			}
			held[best] = true
		}
	}
}

// TestLarge decides about every withheld cell.
func TestLarge(t *testing.T) {
	table, measures := lecturers()
	withheld, count := 0, make(map[string]int)
	for _, f := range measures[0].Shown {
		withheld += int(bit(f == nil))
	}
	for _, f := range table.Check(t.Context(), measures, standard) {
		count[f.What]++
	}
	t.Log(len(table.Cells), "cells,", withheld, "withheld:", count)
	if count[faultUnproven] > 0 || count[faultTold] > 0 {
		t.Error(count)
	}
	// To show one cell of two that are withheld in a row tells the other.
	for c := 1; c < len(table.Cells); c++ {
		if n, cell := hidden(table, &measures[0], table.Cells[c]); n == 2 && len(table.Cells[c]) <= 4 {
			measures[0].Shown[cell] = measures[0].Truth[table.Cells[cell][0]]
			break
		}
	}
	told := 0
	for _, f := range table.Check(t.Context(), measures[:1], standard) {
		told += int(bit(f.What == faultTold))
	}
	if told != 1 {
		t.Error("told", told)
	}
}

// hidden counts the withheld cells of single atoms among some, and returns one.
func hidden(table *Table, m *Measure, atoms []int) (n, cell int) {
	for c, f := range m.Shown {
		if f == nil && len(table.Cells[c]) == 1 && slices.Contains(atoms, table.Cells[c][0]) {
			n++
			cell = c
		}
	}
	return n, cell
}

func BenchmarkLarge(b *testing.B) {
	table, measures := lecturers()
	for b.Loop() {
		table.Check(b.Context(), measures, standard)
	}
}

// BenchmarkRank is of the large table when people are not known.
func BenchmarkRank(b *testing.B) {
	table, measures := lecturers()
	measures = measures[:1]
	measures[0].People = nil
	for b.Loop() {
		table.Check(b.Context(), measures, standard)
	}
}

func BenchmarkFlat(b *testing.B) {
	for _, groups := range []int{10, 50, 200} {
		b.Run(fmt.Sprint(groups), func(b *testing.B) {
			r := rand.New(rand.NewPCG(7, 8))
			var answers [][]int
			for range groups {
				answers = append(answers, group(2+r.IntN(30), 1+r.IntN(5), 1+r.IntN(5), 5, 1+r.IntN(5)))
			}
			w := flat(5, answers...)
			var hold []string
			for i, g := range answers {
				if len(g) < 10 {
					hold = append(hold, fmt.Sprint("group ", i))
				}
			}
			measures := slices.Repeat([]Measure{w.measure(counted, hold...)}, 40)
			scores := w.measure(squared, hold...)
			scores.Steps = 0
			measures = append(measures, slices.Repeat([]Measure{scores}, 8)...)
			for b.Loop() {
				w.table.Check(b.Context(), measures, standard)
			}
		})
	}
}
